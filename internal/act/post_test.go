package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R10, R117, R119, R134: who speaks for a department and for the city: the
// principal answers for a plan as its leader does, the liaison for the
// department's part in others' plans, the convener for the joint plan, and none
// of them in another's place.
func TestWhoSpeaksForWhom(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		principal := o.Someone("秦局长", inspect.Principal, "scjg")
		liaison, convener := o.Liaison("郑联络", "gaj"), o.Someone("梁市长", inspect.Convener, "zf")

		own := o.Filled(li, 2026)
		o.Done(li, act.SubmitPlan{Plan: own, Seen: o.Plan(own).Version})
		approve := act.ApprovePlan{Plan: own, Seen: o.Plan(own).Version, Opinion: "同意"}
		o.Refused(liaison, approve, inspect.ErrDenied)
		o.Refused(convener, approve, inspect.ErrDenied)
		o.Done(principal, approve)
		o.Done(li, act.FilePlan{Plan: own, Seen: o.Plan(own).Version})
		o.Done(principal, act.PublishPlan{Plan: own, Seen: o.Plan(own).Version, Number: "370687-2026-scjg"})

		led := o.Drafted(li, inspect.PlanLed, 2026)
		o.Done(li, o.Line(led, "scjg", "gaj"))
		o.Done(li, act.InvitePlan{Plan: led, Seen: o.Plan(led).Version})
		answer := act.Answer{Plan: led, No: 1, Seen: o.Consent(led, 1, rig.Org("gaj")).Version, Note: "避开六月"}
		o.Refused(liaison, act.DeclineLine{Answer: answer}, inspect.ErrDenied)
		o.Refused(o.Liaison("冯联络", "wjw"), act.ProposeLine{Answer: answer}, inspect.ErrMissing)
		o.Done(liaison, act.ProposeLine{Answer: answer})
		answer.Seen++
		o.Done(sun, act.AcceptLine{Answer: answer})
		o.Done(li, act.SubmitPlan{Plan: led, Seen: o.Plan(led).Version})
		o.Done(principal, act.ApprovePlan{Plan: led, Seen: o.Plan(led).Version, Opinion: "同意"})
		o.Done(li, act.FilePlan{Plan: led, Seen: o.Plan(led).Version})

		// Merging is the office's, for its joint draft; a department is not offered
		// it for its own plan, and the move it makes there is nobody's to ask for.
		for _, verb := range o.Plan(led).Verbs() {
			if verb == inspect.PlanMerge || li.MayTo(verb, o.Plan(led).Relations(li.Org)...) == nil {
				o.Errorf("a clerk is offered %s for a reported plan", verb)
			}
		}
		zhou := o.Clerk("周主任", "lhb")
		joint := o.Drafted(zhou, inspect.PlanJoint, 2026)
		o.Done(zhou, act.MergePlans{Plan: joint, Seen: 1})
		o.Done(zhou, act.SubmitPlan{Plan: joint, Seen: o.Plan(joint).Version})
		ratify := act.RatifyPlan{Plan: joint, Seen: o.Plan(joint).Version, Opinion: "同意"}
		o.Refused(o.Someone("秦局长", inspect.Principal, "lhb"), ratify, inspect.ErrDenied)
		o.Done(convener, ratify)
	})
}

// One administrator alone cannot invent the two persons that a plan takes.
func TestNobodyAppointsWhomTheyRegistered(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		invented := rig.ID[inspect.PersonID]("invented")
		o.Done(o.Security(), act.AddPerson{ID: invented, Name: "查无此人"})
		grant := act.GrantPost{ID: rig.ID[inspect.PostID]("invented"), Person: invented, Org: rig.Org("scjg"), Kind: inspect.Clerk}
		o.Refused(o.Security(), grant, inspect.ErrOwnPerson)
		o.Done(o.Someone("安二", inspect.SecurityAdmin, "zf"), grant)
	})
}

// R134, 附件2 二(五): 分别确定一名联络员. A new one begins when the old one ends.
func TestOneLiaison(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		zheng, feng := o.Liaison("郑联络", "gaj"), o.Clerk("冯联络", "gaj")
		today := workday.On(o.Now)
		grant := act.GrantPost{ID: rig.ID[inspect.PostID]("second"), Person: feng.Person, Org: rig.Org("gaj"), Kind: inspect.Liaison, From: today}
		o.Refused(o.Security(), grant, inspect.ErrLiaison)
		grant.From = today.AddDays(30)
		o.Refused(o.Security(), grant, inspect.ErrLiaison)
		other := grant
		other.ID, other.Org = rig.ID[inspect.PostID]("elsewhere"), rig.Org("wjw")
		o.Done(o.Security(), other)

		o.Done(o.Security(), act.EndPost{Post: zheng.Post.ID, Seen: 1})
		o.Done(o.Security(), grant)
		third := act.GrantPost{ID: rig.ID[inspect.PostID]("third"), Person: zheng.Person, Org: rig.Org("gaj"), Kind: inspect.Liaison, From: today, Until: grant.From}
		o.Done(o.Security(), third) // until the other begins
		third.ID, third.Until = rig.ID[inspect.PostID]("fourth"), grant.From.AddDays(1)
		third.Person = o.Clerk("周联络", "gaj").Person
		o.Refused(o.Security(), third, inspect.ErrLiaison)

		o.Done(o.Security(), act.EndPost{Post: grant.ID, Seen: 1}) // before it begins
		third.From = grant.From
		third.Until = workday.Date{}
		o.Done(o.Security(), third)
	})
}
