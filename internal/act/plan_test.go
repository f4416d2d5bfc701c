package act_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R43, R44, R47: a department's plan goes from draft through its leader to the
// office and the public.
func TestOwnPlanFromDraftToPublic(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		id := o.Filed(li, wang, 2026)
		o.Refused(wang, act.PublishPlan{Plan: id, Seen: o.Plan(id).Version, Number: "370687-2025-scjg"}, inspect.ErrConfirm)
		o.Done(wang, act.PublishPlan{Plan: id, Seen: o.Plan(id).Version, Number: "370687-2026-scjg"})
		if got := o.Plan(id).State; got != inspect.PlanPublished {
			t.Errorf("state is %s", got)
		}
		want := []inspect.Verb{"plan.draft", "plan.put_line", "plan.submit", "plan.approve", "plan.file", "plan.publish"}
		if got := o.Verbs(string(id)); !slices.Equal(got, want) {
			t.Errorf("the record tells %v, want %v", got, want)
		}
		public, err := o.Store.DB.PlanEdition(t.Context(), inspect.Scope{}, "370687-2026-scjg", -1)
		if err != nil || len(public.Lines) != 1 {
			t.Errorf("the public reads %v, %v", public, err)
		}
	})
}

// INV-09: nobody approves what they drafted or submitted, through whatever post.
func TestNobodyApprovesOwnPlan(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, zhao := o.Clerk("李科长", "scjg"), o.Clerk("赵科员", "scjg")
		id := o.Filled(zhao, 2026)
		o.Done(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		seen := o.Plan(id).Version
		approve := act.ApprovePlan{Plan: id, Seen: seen, Opinion: "同意"}
		o.Refused(li, approve, inspect.ErrDenied)
		o.Refused(o.Leader("李科长", "scjg"), approve, inspect.ErrOwnWork)
		o.Refused(o.Leader("赵科员", "scjg"), approve, inspect.ErrOwnWork)
		o.Refused(o.Leader("王局长", "scjg"), act.ApprovePlan{Plan: id, Seen: seen}, inspect.ErrOpinion)
		o.Done(o.Leader("王局长", "scjg"), approve)
	})
}

// A stranger's plan does not exist; a post that may not is denied.
func TestStrangersSeeNothing(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		id := o.Filled(li, 2026)
		seen := o.Plan(id).Version
		o.Refused(o.Clerk("孙警官", "gaj"), act.SubmitPlan{Plan: id, Seen: seen}, inspect.ErrMissing)
		o.Refused(o.Clerk("周主任", "lhb"), act.SubmitPlan{Plan: id, Seen: seen}, inspect.ErrMissing)
		o.Refused(o.Leader("王局长", "scjg"), act.SubmitPlan{Plan: id, Seen: seen}, inspect.ErrDenied)
		o.Refused(li, act.SubmitPlan{Plan: id, Seen: seen - 1}, inspect.ErrStale)
		for _, who := range []inspect.Actor{o.Clerk("孙警官", "gaj"), o.Clerk("周主任", "lhb"), o.Someone("督察", inspect.Supervisor, "sfj"), {}} {
			if _, err := o.Store.DB.Plan(t.Context(), who.Scope(), id); !errors.Is(err, inspect.ErrMissing) {
				t.Errorf("%s reads a stranger's draft: %v", who.Name, err)
			}
		}
	})
}

// R51: participants accept, propose or decline; the plan waits for all of them,
// and a changed line asks again.
func TestParticipantsAgreeBeforeSubmission(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		id := o.Drafted(li, inspect.PlanLed, 2026)
		line := o.Line(id, "scjg", "gaj")
		o.Done(li, line)
		accept := func(note string) act.Answer {
			return act.Answer{Plan: id, No: 1, Seen: o.Consent(id, 1, rig.Org("gaj")).Version, Note: note}
		}
		o.Refused(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version}, inspect.ErrWaiting)
		o.Done(li, act.InvitePlan{Plan: id, Seen: o.Plan(id).Version})
		o.Refused(li, act.InvitePlan{Plan: id, Seen: o.Plan(id).Version}, inspect.ErrNobodyToAsk)
		o.Refused(o.Clerk("吴医生", "wjw"), act.AcceptLine{Answer: accept("")}, inspect.ErrMissing)
		o.Refused(sun, act.ProposeLine{Answer: accept("")}, inspect.ErrConsentNote)
		o.Done(sun, act.ProposeLine{Answer: accept("避开六月")})
		o.Refused(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version}, inspect.ErrWaiting)
		o.Refused(sun, act.DeclineLine{Answer: accept("人手不足")}, inspect.ErrDenied)
		o.Done(o.Leader("钱局长", "gaj"), act.DeclineLine{Answer: accept("人手不足")})
		o.Done(sun, act.AcceptLine{Answer: accept("")})

		line.No, line.Seen, line.Months = 1, o.Plan(id).Version, []string{"7"}
		o.Done(li, line)
		if got := o.Consent(id, 1, rig.Org("gaj")).State; got != inspect.ConsentPlanned {
			t.Errorf("after a change the consent is %s, want planned", got)
		}
		o.Done(li, act.InvitePlan{Plan: id, Seen: o.Plan(id).Version})
		o.Done(sun, act.AcceptLine{Answer: accept("")})
		o.Done(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		o.Refused(sun, act.AcceptLine{Answer: accept("")}, inspect.ErrStep)
	})
}

// R41, R45: the office merges the led plans, the city government approves the
// joint plan, and it is published.
func TestJointPlanFromMergeToPublic(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang, sun := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), o.Clerk("孙警官", "gaj")
		zhou, head := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
		mayor := o.Someone("梁市长", inspect.Convener, "zf")
		joint := o.Drafted(zhou, inspect.PlanJoint, 2026)
		o.Refused(zhou, act.MergePlans{Plan: joint, Seen: 1}, inspect.ErrNothingNew)
		led := o.LedFiled(li, wang, 2026, sun)
		o.Done(zhou, act.MergePlans{Plan: joint, Seen: 1})
		if got := o.Plan(led).State; got != inspect.PlanMerged {
			t.Errorf("the led plan is %s", got)
		}
		o.Done(zhou, act.SubmitPlan{Plan: joint, Seen: o.Plan(joint).Version})
		decide := act.RatifyPlan{Plan: joint, Seen: o.Plan(joint).Version, Opinion: "同意"}
		o.Refused(head, act.ApprovePlan{Plan: joint, Seen: decide.Seen, Opinion: "同意"}, inspect.ErrStep)
		o.Refused(head, decide, inspect.ErrDenied)
		o.Refused(zhou, act.SendBackPlan{Plan: led, Seen: o.Plan(led).Version, Opinion: "调整月份"}, inspect.ErrMergeDone)
		o.Done(mayor, decide)
		o.Done(head, act.PublishPlan{Plan: joint, Seen: o.Plan(joint).Version, Number: "370687-2026"})
	})
}

// R42: the office returns a merged plan; its lines leave the joint draft, and a
// thrown-away joint draft frees what it had taken up.
func TestOfficeReturnsMergedPlan(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang, sun := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), o.Clerk("孙警官", "gaj")
		zhou := o.Clerk("周主任", "lhb")
		joint := o.Drafted(zhou, inspect.PlanJoint, 2026)
		led := o.LedFiled(li, wang, 2026, sun)
		o.Done(zhou, act.MergePlans{Plan: joint, Seen: 1})
		o.Done(zhou, act.SendBackPlan{Plan: led, Seen: o.Plan(led).Version, Opinion: "六月任务过于集中，请错开"})
		if plan := o.Plan(led); plan.State != inspect.PlanDrafting || plan.ApprovedBy != "" || plan.MergedInto != "" {
			t.Errorf("sent back, the plan is %s, approved by %q, in %q", plan.State, plan.ApprovedBy, plan.MergedInto)
		}
		if n := len(o.Plan(joint).Standing()); n != 0 {
			t.Errorf("the joint draft still has %d lines", n)
		}
		o.Done(li, act.SubmitPlan{Plan: led, Seen: o.Plan(led).Version})
		o.Done(wang, act.ApprovePlan{Plan: led, Seen: o.Plan(led).Version, Opinion: "同意"})
		o.Done(li, act.FilePlan{Plan: led, Seen: o.Plan(led).Version})
		o.Done(zhou, act.MergePlans{Plan: joint, Seen: o.Plan(joint).Version})
		o.Done(zhou, act.DiscardPlan{Plan: joint, Seen: o.Plan(joint).Version})
		if got := o.Plan(led).State; got != inspect.PlanFiled {
			t.Errorf("after the joint draft is thrown away the led plan is %s", got)
		}
	})
}

// R48: a published plan is adjusted by a new edition, which needs a reason and
// goes the whole way; the old one stays readable.
func TestAdjustmentIsANewEdition(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		first := o.Filed(li, wang, 2026)
		o.Done(wang, act.PublishPlan{Plan: first, Seen: o.Plan(first).Version, Number: "370687-2026-scjg"})
		next := rig.ID[inspect.PlanID](o.Name() + "next")
		amend := act.AmendPlan{Plan: first, Seen: o.Plan(first).Version, Next: next}
		o.Refused(li, amend, inspect.ErrEmpty)
		amend.Reason = "旅游旺季提前，增加抽查比例"
		o.Done(li, amend)
		again := amend
		again.Next = rig.ID[inspect.PlanID](o.Name() + "third")
		o.Refused(li, again, inspect.ErrPlanExists)
		line := o.Line(next, "scjg")
		line.No, line.Ratio = 1, "8%"
		o.Done(li, line)
		facts, err := o.Store.DB.Facts(t.Context(), inspect.Scope{}, rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		changes := inspect.Diff(o.Plan(first), o.Plan(next), facts)
		if len(changes) != 1 || changes[0].Kind != "改" || changes[0].Fields[0] != (inspect.FieldChange{Label: "抽查比例", Before: "5%", After: "8%"}) {
			t.Errorf("the difference reads %v", changes)
		}
		o.Done(li, act.SubmitPlan{Plan: next, Seen: o.Plan(next).Version})
		o.Done(wang, act.ApprovePlan{Plan: next, Seen: o.Plan(next).Version, Opinion: "同意"})
		o.Done(li, act.FilePlan{Plan: next, Seen: o.Plan(next).Version})
		o.Done(wang, act.PublishPlan{Plan: next, Seen: o.Plan(next).Version, Number: "370687-2026-scjg"})
		if got := o.Plan(first).State; got != inspect.PlanReplaced {
			t.Errorf("the old edition is %s", got)
		}
		if old, err := o.Store.DB.PlanEdition(t.Context(), inspect.Scope{}, "370687-2026-scjg", 0); err != nil || old.ID != first {
			t.Errorf("the public cannot read the old edition: %v", err)
		}
	})
}

// R26: a general item is not drawn more often than its list allows.
func TestGeneralItemRatioIsHeldDown(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		id := o.Drafted(li, inspect.PlanOwn, 2026)
		line := o.Line(id, "scjg")
		line.Ratio = "A 1%，D 20%"
		o.Refused(li, line, inspect.ErrShare)
		line.Ratio = "10%"
		o.Done(li, line)
	})
}

// R46: a line names everything the regulation asks for.
func TestLineNamesEverything(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		id := o.Drafted(li, inspect.PlanOwn, 2026)
		o.Refused(li, act.SubmitPlan{Plan: id, Seen: 1}, inspect.ErrNoLines)
		for name, spoil := range map[string]func(*act.PutLine){
			"name":      func(l *act.PutLine) { l.Name = " " },
			"field":     func(l *act.PutLine) { l.Field = "" },
			"scope":     func(l *act.PutLine) { l.Scope = "餐饮\u202e" },
			"items":     func(l *act.PutLine) { l.Items = nil },
			"pool":      func(l *act.PutLine) { l.Pool = 0 },
			"ratio":     func(l *act.PutLine) { l.Ratio = "一半" },
			"frequency": func(l *act.PutLine) { l.Frequency = 13 },
			"months":    func(l *act.PutLine) { l.Months = nil },
			"partners":  func(l *act.PutLine) { l.Partners = []inspect.OrgID{rig.Org("gaj")} },
			"type":      func(l *act.PutLine) { l.Type = "other" },
			"targeted":  func(l *act.PutLine) { l.Targeted = "" },
			"methods":   func(l *act.PutLine) { l.Methods = nil },
			"mode":      func(l *act.PutLine) { l.Mode = "moon" },
			"areas":     func(l *act.PutLine) { l.Areas = []string{"370600001"} },
			"sublibs":   func(l *act.PutLine) { l.Sublibs = []inspect.SublibraryID{"x"} },
		} {
			line := o.Line(id, "scjg")
			spoil(&line)
			_, err := o.Do(li, line)
			if got := fieldOf(err); got != name {
				t.Errorf("a bad %s is reported at %q: %v", name, got, err)
			}
		}
	})
}

func fieldOf(err error) string {
	switch e := err.(type) {
	case inspect.Problem:
		return e.Field
	case inspect.Problems:
		return e[0].Field
	}
	return ""
}

// R18, R44: the office reminds a department whose plan is late.
func TestOfficeUrgesLateDepartment(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		o.Now = time.Date(2026, 1, 20, 15, 59, 0, 0, time.UTC) // 23:59 in China
		inTime := o.Filed(li, wang, 2026)
		today := o.Plan(inTime).Due(inspect.Regulation)
		if o.Plan(inTime).Late(inspect.Regulation, today.AddDays(40)) {
			t.Error("a plan reported on 20 January is marked late")
		}
		o.Now = o.Now.Add(time.Minute)
		late := o.Filed(o.Clerk("孙警官", "gaj"), o.Leader("钱局长", "gaj"), 2026)
		if !o.Plan(late).Late(inspect.Regulation, today) {
			t.Error("a plan reported on 21 January is not marked late")
		}
		urge := act.UrgeOrg{ID: rig.ID[string](o.Name()), Org: rig.Org("wjw"), Year: 2026, Note: "请尽快报送"}
		o.Refused(li, urge, inspect.ErrDenied)
		o.Done(o.Clerk("周主任", "lhb"), urge)
	})
}
