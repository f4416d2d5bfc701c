package act_test

import (
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// substituted is a drawn batch of one department that has three inspectors and one
// object in reserve.
func substituted(o *rig.Office) (*rig.Run, inspect.Actor, inspect.Actor) {
	o.Helper()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	o.Line(o.Drafted(o.Clerk("周主任", "lhb"), inspect.PlanJoint, 2026), "scjg", "gaj") // the item is listed
	return o.Batch(o.TaskOutside(li, wang, 1)).Announce().Lock().Commit().Reveal().Event().Unseal().Draw(), li, wang
}

func asked(o *rig.Office, r *rig.Run, x inspect.Team, n string, kind inspect.SubstKind) act.AskSubst {
	ask := act.AskSubst{ID: rig.ID[inspect.SubstID](o.Name() + n), Batch: r.ID, Team: x.ID, Kind: kind}
	switch kind {
	case inspect.SubstObject:
		ask.Ground, ask.Evidence = "cancelled", strings.Repeat("ab", 32)
	case inspect.SubstInspector:
		ask.Ground, ask.Out = "ill", x.Leader().Inspector
	case inspect.SubstRecusal:
		ask.Out, ask.Cause, ask.Channel, ask.Applicant, ask.Applied, ask.Text = x.Leader().Inspector, "interest", "written", "某餐馆", workday.On(r.Now), "与组长有诉讼"
	}
	return ask
}

func grant(ask act.AskSubst, seen int64) act.GrantSubst {
	return act.GrantSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: seen, Opinion: "同意"}}
}

// R68, INV-09: an inspector who cannot come is replaced by the next in order, at the
// request of one person, by the decision of another; the team keeps its leader from
// the lead department. If there is nobody, it says so.
func TestInspectorIsReplaced(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r, li, wang := substituted(o)
		x := r.Teams()[0]
		ask := asked(o, r, x, "1", inspect.SubstInspector)
		o.Refused(o.Clerk("孙警官", "gaj"), ask, inspect.ErrMissing)
		o.Refused(wang, ask, inspect.ErrDenied)
		wrong := ask
		wrong.Out = 999
		o.Refused(li, wrong, inspect.ErrChoice)
		o.Done(li, ask)
		o.Refused(li, asked(o, r, x, "2", inspect.SubstObject), inspect.ErrSubstOpen)
		o.Refused(li, grant(ask, 1), inspect.ErrDenied)
		o.Refused(wang, grant(ask, 2), inspect.ErrStale)
		o.Done(wang, grant(ask, 1))
		o.Refused(wang, grant(ask, 2), inspect.ErrStep)
		now := r.Teams()[0]
		if err := now.Whole(); err != nil || len(now.Standing()) != 2 || len(now.Members) != 3 || now.Leader().Inspector == ask.Out {
			t.Errorf("the team is %+v, %v", now, err)
		}
		again := asked(o, r, now, "3", inspect.SubstRecusal)
		bad := again
		bad.Applicant = ""
		o.Refused(li, bad, inspect.ErrEmpty)
		o.Done(li, again)
		o.Refused(wang, grant(again, 1), inspect.ErrSubstNobody)
		o.Done(wang, act.RefuseSubst{SubstDecision: act.SubstDecision{ID: again.ID, Seen: 1, Opinion: "理由不成立"}})
		third := asked(o, r, now, "4", inspect.SubstInspector)
		o.Done(li, third)
		o.Done(li, act.WithdrawSubst{ID: third.ID, Seen: 1})
		o.Verified()
	})
}

// R52, R68: an object that cannot be inspected is replaced by the next of the reserve;
// the list of substitutions is a file of the draw, to which lines are only added; with
// the reserve used up there is no substitute.
func TestObjectIsReplaced(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r, li, wang := substituted(o)
		r.Dispatch()
		x := r.Teams()[0]
		ask := asked(o, r, x, "1", inspect.SubstObject)
		bad := ask
		bad.Evidence = ""
		o.Refused(li, bad, inspect.ErrSubstEvidence)
		o.Done(li, ask)
		o.Done(wang, grant(ask, 1))
		teams := r.Teams()
		next := teams[len(teams)-1]
		if teams[0].State != inspect.TeamReplaced || next.State != inspect.TeamDispatched || next.Object == x.Object || next.Instead != 1 {
			o.Fatalf("the teams are %+v", teams)
		}
		if err := next.Whole(); err != nil || next.Leader().Inspector != x.Leader().Inspector {
			t.Errorf("the inspectors did not stay together: %+v, %v", next, err)
		}
		o.Refused(li, asked(o, r, teams[0], "2", inspect.SubstObject), inspect.ErrStep)
		more := asked(o, r, next, "3", inspect.SubstObject)
		o.Done(li, more)
		o.Done(wang, grant(more, 1))
		lines := strings.Split(strings.TrimSuffix(string(r.Files()[draw.SubstitutionsFile]), "\n"), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], next.Drawn) || !strings.HasSuffix(lines[1], "\t-") {
			t.Errorf("substitutions.tsv is %q", lines)
		}
		substs, err := o.Store.DB.Substs(o.Context(), inspect.Scope{}, r.ID)
		if err != nil || len(substs) != 2 || !substs[0].Exhausted && !substs[1].Exhausted {
			t.Errorf("the substitutions are %+v, %v", substs, err)
		}
		o.Verified()
	})
}
