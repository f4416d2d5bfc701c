package act_test

import (
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// signatures are all of a visit, void ones too.
func signatures(v *rig.Visited) (live, void int) {
	v.Helper()
	all, err := v.Store.DB.Signatures(v.Context(), inspect.Scope{}, inspect.VisitIDOf(v.Team))
	if err != nil {
		v.Fatal(err)
	}
	for _, s := range all {
		if s.Void {
			void++
		} else {
			live++
		}
	}
	return live, void
}

// wrong has the leader of scjg return its result because the visit is wrong.
func wrong(v *rig.Visited) {
	v.Helper()
	r := v.Result()
	v.Done(v.Wang, act.ReturnResult{Result: r.ID, Seen: r.Version, Opinion: "漏查一间仓库", Revisit: true})
}

// R91, INV-10: a department that finds the visit itself wrong returns its result for
// that. Then the team's leader opens the visit again: no signature survives, the results
// of all departments go back, and new signatures make them anew.
func TestSignedVisitIsOpenedAgain(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultsDrafted().Enter().Approve()
		sun, other := o.Clerk("孙警官", "gaj"), v.Results()[1]
		o.Done(sun, act.PutResult{Result: other.ID, Seen: other.Version, Follow: []string{"none"}})
		o.Done(sun, act.SubmitResult{Result: other.ID, Seen: other.Version + 1})
		reopen := func() act.ReopenVisit {
			return act.ReopenVisit{Team: v.Team, Seen: v.Found().Version, Reason: "补查仓库"}
		}
		o.Refused(v.Crew[0], reopen(), inspect.ErrVisitUnasked)
		wrong(v)
		o.Refused(v.Li, act.SubmitResult{Result: v.Result().ID, Seen: v.Result().Version}, inspect.ErrResultRevisit)
		o.Refused(v.Crew[1], reopen(), inspect.ErrVisitLeader)
		o.Refused(v.Wang, reopen(), inspect.ErrVisitNotYours)
		before, first := v.Found(), v.Result()
		o.Done(v.Crew[0], reopen())

		found := v.Found()
		if found.State != inspect.VisitBegun || found.Digest != "" || !found.EndedAt.IsZero() || found.Reopened[0].Digest != before.Digest {
			t.Errorf("opened again: %+v", found)
		}
		if live, void := signatures(v); live != 0 || void != 5 {
			t.Errorf("%d signatures survive, %d are void", live, void)
		}
		for _, r := range v.Results() {
			if r.State != inspect.ResultDrafted || !r.Revisit || r.Digest != "" || r.SubmittedBy != "" || r.EnteredBy != "" {
				t.Errorf("the result of %s did not go back: %+v", r.Body, r)
			}
		}
		r := v.Result()
		o.Refused(v.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"none"}}, inspect.ErrResultReopened)

		o.Now = o.Now.Add(72 * time.Hour)
		item := found.Findings[0]
		o.Done(v.Of("scjg"), act.FillVisit{Team: v.Team, Item: item.Item, Seen: item.Edition, Methods: item.Methods, Codes: []inspect.ResultCode{inspect.NoProblem}})
		v.Conclude()
		v.SignAgain()
		again := v.Result()
		if again.Revisit || again.ID != r.ID || again.Items[0].Codes[0] != inspect.NoProblem || workday.On(again.Again) != workday.On(o.Now) {
			t.Errorf("signed again: %+v", again)
		}
		// R92, C5: the clock is that of the first time.
		if was, is := first.Clock(workday.Official(), workday.On(o.Now)), again.Clock(workday.Official(), workday.On(o.Now)); !again.Ended.Equal(first.Ended) || is != was {
			t.Errorf("the clock began anew: %+v, it was %+v", is, was)
		}
		if v.Found().ClockFrom() != first.Ended {
			t.Errorf("the visit's clock began at %s", v.Found().ClockFrom())
		}
		v.Enter().Approve().Publish()
		wrongOther := v.Results()[1]
		o.Done(sun, act.PutResult{Result: wrongOther.ID, Seen: wrongOther.Version, Follow: []string{"none"}})
		o.Done(sun, act.SubmitResult{Result: wrongOther.ID, Seen: wrongOther.Version + 1})
		o.Done(o.Leader("胡局长", "gaj"), act.ReturnResult{Result: wrongOther.ID, Seen: wrongOther.Version + 2, Opinion: "有误", Revisit: true})
		o.Refused(v.Crew[0], reopen(), inspect.ErrVisitPublic) // R102: what is public is corrected
		o.Extend()
		o.Verified()
	})
}

// A department that asked for a new visit in error enters its result again, and the
// visit stays as it is.
func TestRevisitIsTakenBack(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.ResultsDrafted().Enter()
	wrong(v)
	v.Enter()
	o.Refused(v.Crew[0], act.ReopenVisit{Team: v.Team, Seen: v.Found().Version, Reason: "补查"}, inspect.ErrVisitUnasked)
	v.Approve().Publish()
}
