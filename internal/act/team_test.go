package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R69, R71–R74, INV-05, INV-07, INV-08: a draw makes a team for each object; the lead
// department arranges the days; the organiser's leader dispatches; departments and
// members acknowledge; and the record verifies.
func TestTeamsFromDrawToReceipts(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		b, li, sun := r.Stands(), o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		teams := r.Teams()
		if len(teams) == 0 {
			t.Fatal("the draw made no team")
		}
		for i, x := range teams {
			if x.No != i+1 || x.State != inspect.TeamFormed || x.Whole() != nil || x.Org != rig.Org("scjg") || len(x.Standing()) != 4 {
				t.Errorf("team %d is %+v: %v", i+1, x, x.Whole())
			}
		}
		x := teams[0]
		put := act.ScheduleTeams{Batch: r.ID, Teams: []inspect.TeamID{x.ID}, Seen: []int64{x.Version}, Days: []workday.Date{x.Days.From}}
		o.Refused(sun, put, inspect.ErrMissing) // nobody but the leads sees teams before the dispatch
		o.Refused(o.Clerk("卫科员", "wjw"), put, inspect.ErrMissing)
		o.Refused(r.Zhou, put, inspect.ErrDenied)
		o.Done(li, put)
		o.Refused(li, put, inspect.ErrStale)
		late := put
		late.Seen, late.Days = []int64{x.Version + 1}, []workday.Date{x.Days.Until.AddDays(1)}
		o.Refused(li, late, inspect.ErrTeamDay)
		late.Days = nil
		o.Refused(li, late, inspect.ErrTeamRows)

		due := workday.On(r.Now).AddDays(3)
		send := act.DispatchBatch{Batch: r.ID, Seen: b.Version, Due: due, Confirm: b.Number}
		o.Refused(r.Zhou, send, inspect.ErrDenied)
		o.Refused(o.Leader("王局长", "scjg"), send, inspect.ErrDenied) // it did not organise the draw
		o.Refused(r.Zou, act.ReceiveBatch{Batch: r.ID}, inspect.ErrDenied)
		o.Refused(li, act.ReceiveBatch{Batch: r.ID}, inspect.ErrStep)
		wrong := send
		wrong.Confirm = "x"
		o.Refused(r.Zou, wrong, inspect.ErrConfirm)
		wrong = send
		wrong.Due = due.AddDays(90)
		o.Refused(r.Zou, wrong, inspect.ErrTeamDue)
		o.Done(r.Zou, send)
		o.Refused(r.Zou, send, inspect.ErrStep)
		for _, id := range b.Tasks {
			if got := o.Task(id).State; got != inspect.TaskDispatched {
				t.Errorf("task %s is %s", id, got)
			}
		}
		o.Refused(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "x"}, inspect.ErrBatchStanding)
		for _, who := range []inspect.Actor{li, sun} {
			o.Done(who, act.ReceiveBatch{Batch: r.ID})
			o.Refused(who, act.ReceiveBatch{Batch: r.ID}, inspect.ErrStep)
		}
		acknowledge(t, o, r)
		o.Verified()
	})
}

// acknowledge has one inspector acknowledge, who has an account: R74.
func acknowledge(t *testing.T, o *rig.Office, r *rig.Run) {
	t.Helper()
	li, x := o.Clerk("李科长", "scjg"), r.Teams()[0]
	me := o.Someone("高检查员", inspect.InspectorPost, "scjg")
	ack := act.AcknowledgeTeams{Teams: []inspect.TeamID{x.ID}}
	o.Refused(me, ack, inspect.ErrTeamNobody)
	no := x.Leader().Inspector
	o.Account(li, no, me)
	o.Done(me, ack)
	o.Refused(me, ack, inspect.ErrTeamAgain)
	if x = r.Teams()[0]; x.Leader().At.IsZero() {
		t.Error("the leader's receipt is not there")
	}
	// Once dispatched, a day changes with a reason only: R73.
	put := act.ScheduleTeams{Batch: r.ID, Teams: []inspect.TeamID{x.ID}, Seen: []int64{x.Version}, Days: []workday.Date{x.Days.Until}}
	o.Refused(li, put, inspect.ErrTeamReason)
	put.Reason = "企业当天停电"
	o.Done(li, put)
	// Nobody is sent on a day on which they are away: R70.
	o.Done(li, act.PutAway{Away: rig.ID[inspect.AwayID](o.Name() + "away"), Inspector: no, Kind: "leave", From: x.Days.From, Until: x.Days.From})
	put.Seen[0], put.Days[0] = x.Version+1, x.Days.From
	o.Refused(li, put, inspect.ErrTeamAway)
}

// C18: with a draw that is annulled its teams end.
func TestAnnulledDrawEndsItsTeams(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入不符"})
		for _, x := range r.Teams() {
			if x.State != inspect.TeamAnnulled {
				t.Errorf("%s is %s", x.Name(), x.State)
			}
		}
		o.Refused(r.Zou, act.DispatchBatch{Batch: r.ID, Seen: r.Stands().Version, Due: workday.On(r.Now), Confirm: b.Number}, inspect.ErrStep)
		o.Verified()
	})
}
