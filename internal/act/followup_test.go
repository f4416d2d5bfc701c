package act_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// followUps are those within somebody's scope.
func followUps(o *rig.Office, who inspect.Actor, f store.FollowUpFilter) []inspect.FollowUp {
	o.Helper()
	all, err := o.Store.DB.FollowUps(o.Context(), who.Scope(), f)
	if err != nil {
		o.Fatal(err)
	}
	return all
}

// R99: the publication of a result opens a follow-up for each measure, and none where
// nothing follows.
func TestPublicationOpensFollowUps(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.Followed("rectify", "crime", "daily")
		all := followUps(o, v.Li, store.FollowUpFilter{})
		if len(all) != 3 {
			t.Fatalf("the publication opened %d follow-ups", len(all))
		}
		for _, f := range all {
			if f.State != inspect.FollowOpen || f.Org != rig.Org("scjg") || f.Result != v.Result().ID || f.Name != v.Result().Name {
				t.Errorf("opened %+v", f)
			}
		}
		if got := followUps(o, o.Clerk("孙警官", "gaj"), store.FollowUpFilter{}); len(got) != 0 {
			t.Errorf("another department of the visit sees %d", len(got))
		}
		if got := followUps(o, o.Leader("邹主任", "lhb"), store.FollowUpFilter{}); len(got) != 2 {
			t.Errorf("the office sees %d, want all but the suspected crime", len(got))
		}
		if got := followUps(o, o.Someone("司监督", inspect.Supervisor, "sfj"), store.FollowUpFilter{}); len(got) != 3 {
			t.Errorf("oversight sees %d", len(got))
		}
	})
	o := rig.Open(t, rig.SQLite(t))
	if v := o.ResultPublished(); len(followUps(o, v.Li, store.FollowUpFilter{})) != 0 {
		t.Error("something follows from a result that nothing follows from")
	}
}

// R99: what was ordered to be mended is checked again by two inspectors; it is closed,
// or has a new date, or becomes a case.
func TestRectificationIsCheckedAgain(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.Followed("rectify")
		kind := inspect.FollowRectify
		one := v.Recheck(kind)
		one.Officers = one.Officers[:1]
		o.Refused(v.Li, act.PassFollowUp{FollowUpRecheck: one}, inspect.ErrFollowTwo)
		one.Officers = append(one.Officers, one.Officers[0])
		o.Refused(v.Li, act.PassFollowUp{FollowUpRecheck: one}, inspect.ErrFollowTwo)
		one.Officers = slices.DeleteFunc(v.Officers(), func(no inspect.InspectorNo) bool { return slices.Contains(v.Two(), no) })
		o.Refused(v.Li, act.PassFollowUp{FollowUpRecheck: one}, inspect.ErrChoice)
		off := v.Recheck(kind)
		off.Way = "offsite"
		o.Refused(v.Li, act.PassFollowUp{FollowUpRecheck: off}, inspect.ErrFollowOffsite)
		late := v.Recheck(kind)
		late.Day = late.Day.AddDays(1)
		o.Refused(v.Li, act.PassFollowUp{FollowUpRecheck: late}, inspect.ErrFollowDay)
		o.Refused(v.Li, act.FailFollowUp{FollowUpRecheck: v.Recheck(kind)}, inspect.ErrFollowDue)
		o.Refused(v.Wang, act.PassFollowUp{FollowUpRecheck: v.Recheck(kind)}, inspect.ErrDenied)
		o.Refused(o.Clerk("孙警官", "gaj"), act.PassFollowUp{FollowUpRecheck: v.Recheck(kind)}, inspect.ErrMissing)
		v.FollowOn(kind, inspect.FollowUpMend, inspect.FollowUpFail)
		f := v.FollowUp(kind)
		if f.State != inspect.FollowOpen || f.Due != workday.On(o.Now).AddDays(10) {
			t.Errorf("after a failed re-check: %s until %s", f.State, f.Due)
		}
		v.FollowOn(kind, inspect.FollowUpMend)
		off = v.Recheck(kind)
		off.Way = "offsite"
		o.Done(v.Li, act.PassFollowUp{FollowUpRecheck: off})
		if f = v.FollowUp(kind); !f.State.Ended() || len(f.Steps) != 4 || len(f.Steps[3].Officers) != 2 {
			t.Errorf("after a re-check: %+v", f)
		}
	})
	o := rig.Open(t, rig.SQLite(t))
	v := o.Followed("rectify").FollowOn(inspect.FollowRectify, inspect.FollowUpEscalate)
	if f := v.FollowUp(inspect.FollowCase); f.State != inspect.FollowOpen || !v.FollowUp(inspect.FollowRectify).State.Ended() {
		t.Errorf("handed on as %+v", f)
	}
	o.Extend()
	o.Verified()
}

// R97, R113: a clue goes to who is responsible, who takes it with the case's number or
// sends it back with the reason; nobody answers for another.
func TestClueIsTransferred(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v, kind := o.Followed("notify"), inspect.FollowNotify
		send := act.SendFollowUp{FollowUpSeen: v.Saw(kind), Days: 5, Text: "线索"}
		o.Refused(v.Li, send, inspect.ErrFollowReceiver)
		send.Receiver, send.Outside = rig.Org("gaj"), "烟台市消防救援支队"
		o.Refused(v.Li, send, inspect.ErrFollowReceiver)
		send.Receiver, send.Outside = rig.Org("nobody"), ""
		o.Refused(v.Li, send, inspect.ErrChoice)
		send.Receiver, send.Days = rig.Org("gaj"), 0
		o.Refused(v.Li, send, inspect.ErrFollowTerm)
		v.FollowOn(kind, inspect.FollowUpSend)
		sun := o.Clerk("孙警官", "gaj")
		if got := followUps(o, sun, store.FollowUpFilter{Receiver: rig.Org("gaj")}); len(got) != 1 {
			t.Fatalf("the receiver sees %d clues", len(got))
		}
		o.Refused(v.Li, act.AcceptFollowUp{FollowUpSeen: v.Saw(kind)}, inspect.ErrFollowSide)
		o.Refused(sun, act.ReturnFollowUp{FollowUpSeen: v.Saw(kind)}, inspect.ErrEmpty)
		o.Refused(sun, act.CloseFollowUp{FollowUpSeen: v.Saw(kind), Text: "办结"}, inspect.ErrDenied)
		v.FollowOn(kind, inspect.FollowUpReturn, inspect.FollowUpSend, inspect.FollowUpAccept, inspect.FollowUpAnswer, inspect.FollowUpClose)
		if f := v.FollowUp(kind); f.State != inspect.FollowClosed || f.CaseNo != "海公消罚字〔2026〕9号" {
			t.Errorf("closed as %+v", f)
		}
	})
	o := rig.Open(t, rig.SQLite(t))
	v, kind := o.Followed("case"), inspect.FollowCase
	o.Done(v.Li, act.SendFollowUp{FollowUpSeen: v.Saw(kind), Outside: "烟台市消防救援支队", Days: 5, Text: "线索"})
	o.Done(v.Li, act.AcceptFollowUp{FollowUpSeen: v.Saw(kind)})
	o.Done(v.Li, act.AnswerFollowUp{FollowUpSeen: v.Saw(kind), Text: "已立案"})
}

// R98, INV-09: a suspected crime goes to the police after the report of two inspectors
// and on the principal leader's word, with its papers, and not by who investigated.
func TestSuspectedCrimeGoesToThePolice(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v, kind := o.Followed("crime"), inspect.FollowCrime
		o.Refused(v.Li, act.ReportFollowUp{FollowUpSeen: v.Saw(kind), Officers: v.Two()[:1], Text: "报告"}, inspect.ErrFollowTwo)
		o.Refused(v.Qin, act.ApproveFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: v.Saw(kind), Opinion: "同意"}}, inspect.ErrStep)
		v.FollowOn(kind, inspect.FollowUpReport)
		yes := act.ApproveFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: v.Saw(kind), Opinion: "同意"}}
		o.Refused(v.Wang, yes, inspect.ErrDenied)
		o.Refused(o.Someone("李科长", inspect.Principal, "scjg"), yes, inspect.ErrFollowOwn)
		o.Refused(o.Someone(v.Of("scjg").Name, inspect.Principal, "scjg"), yes, inspect.ErrFollowOwn)
		o.Refused(v.Qin, act.RefuseFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: v.Saw(kind)}}, inspect.ErrOpinion)
		v.FollowOn(kind, inspect.FollowUpApprove)
		clock := v.FollowUp(kind).Clock(workday.Official())
		if !clock.Hours || clock.End != v.FollowUp(kind).Since.Add(24*time.Hour) {
			t.Errorf("after the approval the clock ends at %s", clock.End)
		}
		o.Refused(v.Li, act.HandFollowUp{FollowUpSeen: v.Saw(kind), Police: "海阳市公安局", Number: "1号", Papers: []string{"letter", "report"}}, inspect.ErrFollowPapers)
		v.FollowOn(kind, inspect.FollowUpHand)
		o.Refused(v.Li, act.ReceiptFollowUp{FollowUpSeen: v.Saw(kind), Name: "郑警官"}, inspect.ErrFollowDay)
		v.FollowOn(kind, inspect.FollowUpReceipt, inspect.FollowUpUnfile, inspect.FollowUpObject, inspect.FollowUpFile)
		o.Refused(v.Li, act.ArticlesFollowUp{FollowUpSeen: v.Saw(kind), Day: workday.On(o.Now)}, inspect.ErrEmpty)
		v.FollowOn(kind, inspect.FollowUpArticles)
		o.Extend()
		o.Verified()
	})
}

// R98, R122: a case that the principal leader leaves lying is late on the fourth day, and
// is shown to the leader himself and to oversight, and to nobody else.
func TestLateDecisionIsSeenFromAbove(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.Followed("crime").FollowOn(inspect.FollowCrime, inspect.FollowUpReport)
	o.Now = o.Now.Add(8 * 24 * time.Hour)
	for _, test := range []struct {
		who   inspect.Actor
		todos int
		late  int
	}{
		{v.Qin, 1, 0}, {v.Wang, 0, 1}, {v.Li, 0, 0}, {o.Someone("司监督", inspect.Supervisor, "sfj"), 0, 1}, {o.Leader("邹主任", "lhb"), 0, 0},
	} {
		todos, late := inspect.FollowUpTodos(test.who, followUps(o, test.who, store.FollowUpFilter{Open: true}), workday.Official(), o.Now)
		if len(todos) != test.todos || late != test.late {
			t.Errorf("%s of %s has %d to do and %d late, want %d and %d", test.who.Post.Kind, test.who.Org.Code, len(todos), late, test.todos, test.late)
		}
		for _, x := range todos {
			if !x.Clock.Overdue(o.Now) {
				t.Error("the decision is not overdue")
			}
		}
	}
}

// R97–R99: every verb of follow-ups by every post of every organisation, in every state
// that one reaches: whoever the table of permissions does not name is refused, and
// learns nothing.
func TestEveryFollowUpVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	kinds := []inspect.FollowKind{inspect.FollowRectify, inspect.FollowNotify, inspect.FollowCrime, inspect.FollowDaily}
	v := o.Followed("rectify", "notify", "crime", "daily")
	check := func(kind inspect.FollowKind) {
		t.Helper()
		f := v.FollowUp(kind)
		var commands []act.Command
		for _, a := range v.FollowUpActs(kind) {
			commands = append(commands, a.Does)
		}
		everyVerb(t, "followup.", commands)
		for _, c := range commands {
			for _, who := range people {
				has := f.Relations(who.Org)
				if who.MayTo(c.Verb(), has...) == nil || who.May(c.Verb()) != nil && f.State != inspect.FollowOpen {
					continue // the stories tell what happens then; who never may is asked once
				}
				_, err := o.Do(who, c)
				if !errors.Is(err, inspect.ErrDenied) && !errors.Is(err, inspect.ErrMissing) {
					t.Errorf("%s by %s of %s in %s: %v", c.Verb(), who.Post.Kind, who.Org.Code, f.State, err)
				}
				if who.MayTo(inspect.FollowUpRead, has...) != nil && who.May(c.Verb()) == nil && errors.Is(err, inspect.ErrDenied) {
					t.Errorf("%s by %s of %s in %s: a stranger learns that there is one", c.Verb(), who.Post.Kind, who.Org.Code, f.State)
				}
			}
		}
		if v.FollowUp(kind).Version != f.Version {
			t.Fatal("a refused act changed the follow-up")
		}
	}
	ways := map[inspect.FollowKind][]inspect.Verb{
		inspect.FollowRectify: {inspect.FollowUpMend, inspect.FollowUpPass},
		inspect.FollowNotify:  {inspect.FollowUpSend, inspect.FollowUpReturn, inspect.FollowUpSend, inspect.FollowUpAccept, inspect.FollowUpAnswer, inspect.FollowUpClose},
		inspect.FollowCrime: {inspect.FollowUpReport, inspect.FollowUpApprove, inspect.FollowUpHand, inspect.FollowUpReceipt, inspect.FollowUpUnfile,
			inspect.FollowUpObject, inspect.FollowUpFile, inspect.FollowUpArticles},
		inspect.FollowDaily: {inspect.FollowUpClose},
	}
	for _, kind := range kinds {
		check(kind)
		for _, verb := range ways[kind] {
			if !slices.Contains(v.FollowUp(kind).Verbs(), verb) {
				t.Errorf("%s is not offered in %s", verb, v.FollowUp(kind).State)
			}
			v.FollowOn(kind, verb)
			check(kind)
		}
		if !v.FollowUp(kind).State.Ended() {
			t.Errorf("%s has not ended", kind)
		}
	}
}
