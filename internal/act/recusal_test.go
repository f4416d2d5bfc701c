package act_test

import (
	"slices"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// 行政处罚法 四十三, INV-09: who has the code of a visit applies for the recusal of an
// officer; the department that leads decides in two working days (C19), never the officer
// or the platform; if it is granted, the next in order comes.
func TestRecusalIsAppliedForAndGranted(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r, li, wang := substituted(o)
		r.Dispatch()
		v := r.Crewed(0)
		system, x := inspect.System(rig.Region), v.Group()
		o.Refused(system, act.ReceiveRecusal{ID: rig.Own[inspect.SubstID](v, "early"), Team: v.Team, Out: x.Leader().Inspector, Cause: "interest"}, inspect.ErrRecusalVisit)
		v.Arrive()
		v.Begin()
		wrong := v.RecusalForm(x.Leader().Inspector)
		wrong.Typed = "0000-0000-0000-0000"
		o.Refused(system, wrong, inspect.ErrRecusalVisit)
		wrong.Typed = ""
		o.Refused(system, wrong, inspect.ErrRecusalVisit)
		wrong = v.RecusalForm(999)
		o.Refused(system, wrong, inspect.ErrChoice)
		wrong = v.RecusalForm(x.Leader().Inspector)
		wrong.Words.Contact = " "
		o.Refused(system, wrong, inspect.ErrEmpty)
		wrong = v.RecusalForm(x.Leader().Inspector)
		wrong.Cause = "x"
		o.Refused(system, wrong, inspect.ErrChoice)
		o.Refused(li, v.RecusalForm(x.Leader().Inspector), inspect.ErrDenied)

		first := v.Applied(0)
		o.Refused(system, v.RecusalForm(first.Out), inspect.ErrRecusalOpen)
		second := v.Applied(1)
		got := r.Subst(first.ID)
		if got.State != inspect.SubstAsked || got.Applicant != v.Found().Party.Name || got.Org != x.Org || got.Text != "" || got.Due.String() != "2026-07-08" || got.Concerned != v.Crew[0].Person {
			t.Errorf("the application is %+v, begun on %s", got, o.Now)
		}
		decide := act.SubstDecision{ID: first.ID, Seen: 1, Opinion: "同意回避"}
		himself := o.Someone(v.Crew[0].Name, inspect.Leader, "scjg")
		o.Refused(himself, act.GrantSubst{SubstDecision: decide}, inspect.ErrSubstConcerned)
		o.Refused(himself, act.RefuseSubst{SubstDecision: decide}, inspect.ErrSubstConcerned)
		o.Refused(wang, act.EraseRecusal{ID: first.ID, Seen: 1, Text: "要求删除"}, inspect.ErrStep)
		internal := asked(o, r, x, "own", inspect.SubstInspector) // the department's own question does not stand in the way
		o.Done(li, internal)
		o.Done(wang, act.GrantSubst{SubstDecision: decide})
		now := v.Group()
		if err := now.Whole(); err != nil || now.Leader().Inspector == first.Out || len(now.Standing()) != 2 {
			t.Errorf("the team is %+v, %v", now, err)
		}
		if s := r.Subst(internal.ID); s.State != inspect.SubstWithdrawn || s.Note == "" {
			t.Errorf("who has gone is still to be replaced: %+v", s)
		}
		o.Refused(li, act.WithdrawSubst{ID: second.ID, Seen: 1}, inspect.ErrEmpty)
		o.Done(li, act.WithdrawSubst{ID: second.ID, Seen: 1, Text: "负责人来电提出撤回"})
		o.Done(wang, act.EraseRecusal{ID: first.ID, Seen: 2, Text: "申请人要求删除"})
		o.Refused(wang, act.EraseRecusal{ID: first.ID, Seen: 3, Text: "再删"}, inspect.ErrSubstGone)
		o.Extend()
		o.Verified()
	})
}

// INV-05: while a list is sealed the public site takes nothing in about it, whoever has the
// code of a visit; nor once the officers have concluded.
func TestNoRecusalOnlineWhileSealed(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.VisitConcluded()
	o.Refused(inspect.System(rig.Region), v.RecusalForm(v.Officers()[0]), inspect.ErrRecusalVisit)
	other := inspect.System("110000")
	o.Refused(other, v.RecusalForm(v.Officers()[0]), inspect.ErrRecusalVisit)
	for _, test := range []struct {
		state                  inspect.VisitState
		out                    time.Time // when the list became public
		sealed, noNotice, want bool
	}{
		{inspect.VisitBegun, time.Time{}, false, true, true},
		{inspect.VisitPrepared, time.Time{}, false, true, false},
		{inspect.VisitPrepared, time.Time{}, false, false, true},
		{inspect.VisitBegun, time.Time{}, true, false, false},
		{inspect.VisitBegun, o.Now, true, false, true},
		{inspect.VisitSigned, time.Time{}, false, false, false},
	} {
		visit := inspect.Visit{State: test.state}
		visit.NoNotice = test.noNotice
		b := inspect.Batch{DrawnAt: o.Now, DisclosedAt: test.out}
		if test.sealed {
			b.Terms.Mode = "sealed"
		}
		if got := visit.TakesRecusal(inspect.Team{State: inspect.TeamDispatched}, b); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// An application ends with the visit: if the object is replaced, nobody waits for it.
func TestRecusalEndsWithItsVisit(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	r, li, wang := substituted(o)
	r.Dispatch()
	v := r.Crewed(0)
	v.Arrive()
	o.Done(v.Crew[0], act.PrecheckVisit{Team: v.Team})
	application := v.Applied(0)
	ask := asked(o, r, v.Group(), "object", inspect.SubstObject)
	o.Done(li, ask)
	o.Done(wang, grant(ask, 1))
	if s := r.Subst(application.ID); s.State != inspect.SubstWithdrawn || s.Note == "" {
		t.Errorf("the application is %+v", s)
	}
	if todos := inspect.SubstTodos(wang, slices.DeleteFunc(r.Substs(), func(s inspect.Subst) bool { return s.ID != application.ID }), nil); len(todos) > 0 {
		t.Errorf("it is still to be done: %+v", todos)
	}
	o.Extend()
	o.Verified()
}
