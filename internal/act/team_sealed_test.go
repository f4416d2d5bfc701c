package act_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// sealedTeams is a sealed batch of one department that has three inspectors, one drawn
// object and one in reserve; its list is hidden.
func sealedTeams(o *rig.Office) (*rig.Run, inspect.Actor, inspect.Actor) {
	o.Helper()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	o.Line(o.Drafted(o.Clerk("周主任", "lhb"), inspect.PlanJoint, 2026), "scjg", "gaj") // the item is listed
	return o.SealedBatch(o.TaskOutside(li, wang, 1)).Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide(), li, wang
}

// R69, R73, R74, R81, INV-05: the teams of a sealed list are there from its draw on, are
// scheduled, dispatched and acknowledged before its day by those who may, with a reading
// on record; and on the day everything can be read.
func TestTeamsOfASealedListBeforeItsDay(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchHidden()
		b, li, sun, zou := r.Stands(), o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj"), r.Zou
		x := r.Teams()[0]
		if x.State != inspect.TeamFormed || x.Whole() != nil || x.Org != rig.Org("scjg") || x.Object == 0 {
			t.Fatalf("the team is %+v: %v", x, x.Whole())
		}
		put := r.Days(x.Days.From, x)
		o.Refused(sun, put, inspect.ErrMissing)
		o.Refused(r.Qian(), put, inspect.ErrDenied)
		o.Refused(li, put, inspect.ErrBatchReading)
		r.Read(li)
		o.Done(li, put)
		r.Later(11 * time.Minute)
		put.Seen[0]++
		o.Refused(li, put, inspect.ErrBatchReading)

		send := act.DispatchBatch{Batch: r.ID, Seen: b.Version, Due: workday.On(r.Now).AddDays(3), Confirm: b.Number}
		o.Refused(zou, send, inspect.ErrBatchReading)
		peek := act.PeekBatch{Reading: rig.ID[inspect.ReadingID](o.Name() + "sun"), Batch: r.ID, Ground: "组织检查"}
		o.Refused(sun, peek, inspect.ErrDenied) // it leads nothing, and nothing was sent to it
		r.Read(zou)
		o.Done(zou, send)
		for _, id := range b.Tasks {
			if got := o.Task(id).State; got != inspect.TaskDispatched {
				t.Errorf("task %s is %s", id, got)
			}
		}
		o.Refused(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "x"}, inspect.ErrBatchStanding)
		for _, who := range []inspect.Actor{li, sun} {
			o.Done(who, act.ReceiveBatch{Batch: r.ID})
		}
		o.Refused(sun, asked(o, r, x, "early", inspect.SubstInspector), inspect.ErrBatchReading)
		o.Done(sun, peek)
		mine := o.Someone("高检查员", inspect.InspectorPost, "scjg")
		ack := act.AcknowledgeTeams{Teams: []inspect.TeamID{x.ID}}
		o.Done(li, act.PutInspector{Code: "SPARE", Name: "外勤检查员", Category: inspect.CivilServant, Source: "人事档案", Sourced: workday.MustParse("2026-02-01")})
		staff := o.Inspectors("scjg")
		other := staff[slices.IndexFunc(staff, func(no inspect.InspectorNo) bool { return !x.Has(no) })]
		o.Account(li, other, mine)
		o.Refused(mine, ack, inspect.ErrMissing) // somebody else's visit is none
		o.Account(li, other, inspect.Actor{})
		o.Account(li, x.Leader().Inspector, mine)
		o.Done(mine, ack)
		shownTo(t, r, x, other, li, sun, mine)
		closedInTheRecord(t, r, x)
		o.Verified()

		was := r.Teams()
		r.Disclose()
		stored, err := o.Store.DB.Teams(o.Context(), inspect.Scope{}, store.TeamFilter{Batch: r.ID})
		if err != nil || len(stored) != 1 || stored[0].Sealed || stored[0].Object != x.Object || stored[0].Day != x.Days.From || stored[0].Leader().At != was[0].Leader().At {
			t.Errorf("on its day the team is %+v, %v", stored, err)
		}
		r.Recomputed()
		o.Verified()
	})
}

// shownTo fails unless the team is shown to each who may see it and to nobody else.
func shownTo(t *testing.T, r *rig.Run, x inspect.Team, other inspect.InspectorNo, li, sun, mine inspect.Actor) {
	t.Helper()
	for _, test := range []struct {
		who  inspect.Actor
		want error
	}{
		{li, inspect.ErrBatchReading}, {sun, nil}, {r.Zhou, inspect.ErrBatchReading}, {mine, inspect.ErrMissing}, {r.Qian(), inspect.ErrMissing},
		{r.Clerk("韩科长", "wjw"), inspect.ErrMissing},
	} {
		teams, _, err := r.Desk.ReadTeams(r.Context(), test.who, r.ID)
		if !errors.Is(err, test.want) || test.want == nil && (len(teams) != 1 || teams[0].Object != x.Object) {
			t.Errorf("to %s the teams are %v, %v; want %v", test.who.Name, teams, err, test.want)
		}
	}
	closed, err := r.Store.DB.Teams(r.Context(), inspect.Scope{}, store.TeamFilter{Batch: r.ID})
	if err != nil || len(closed) != 1 || closed[0].Object != 0 || closed[0].Org != "" || closed[0].Closed == "" {
		t.Errorf("the stored team is %+v, %v", closed, err)
	}
	for no, want := range map[inspect.InspectorNo]int{x.Leader().Inspector: 1, other: 0} {
		if got, err := r.Desk.MyTeams(r.Context(), no, closed); err != nil || len(got) != want {
			t.Errorf("inspector %d has the visits %v, %v", no, got, err)
		}
	}
}

// closedInTheRecord fails if an entry, a row or a file tells what is sealed: days,
// inspectors, the object.
func closedInTheRecord(t *testing.T, r *rig.Run, x inspect.Team) {
	t.Helper()
	hidden(t, r)
	for _, body := range r.Bodies() {
		if strings.Contains(body, `"days":["`) || strings.Contains(body, `"Object":`) && strings.Contains(body, `"Members"`) {
			t.Errorf("an entry tells what is sealed: %.400s", body)
		}
	}
	files := r.Files()
	if files[draw.SubstitutionsFile] != nil {
		t.Error("substitutions are there before the day")
	}
	for name, text := range files {
		if strings.HasSuffix(name, ".sealed") && bytes.Contains(text, []byte(x.Drawn)) {
			t.Errorf("%s tells the object", name)
		}
	}
}

// R68, R81, INV-05: an object and inspectors of a sealed list are replaced in order
// before its day; question, answer and the line of substitutions.tsv are encrypted until
// then. On the day the bundle has the line, the substitute has its visit of the year, and
// everything goes on as in an open list.
func TestSubstitutionInASealedList(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r, li, wang := sealedTeams(o)
		x := r.Teams()[0]
		o.Refused(li, asked(o, r, x, "0", inspect.SubstRecusal), inspect.ErrBatchReading)
		r.Read(li, wang)
		recusal := asked(o, r, x, "1", inspect.SubstRecusal)
		o.Done(li, recusal)
		o.Done(wang, grant(recusal, 1))
		if now := r.Teams()[0]; now.Whole() != nil || now.Leader().Inspector == recusal.Out || len(now.Members) != 3 {
			t.Errorf("the team is %+v, %v", now, now.Whole())
		}
		r.Dispatch().Read(li, wang)
		ask := asked(o, r, x, "2", inspect.SubstObject)
		ask.Text = "门店已经搬走"
		o.Done(li, ask)
		yes := grant(ask, 1)
		yes.Opinion = "经核实已经注销"
		o.Done(wang, yes)
		teams := r.Teams()
		next := teams[len(teams)-1]
		if len(teams) != 5 || teams[0].State != inspect.TeamReplaced || next.State != inspect.TeamDispatched || next.Object == x.Object || next.Instead != 1 {
			o.Fatalf("the teams are %+v", teams)
		}
		substs := r.Substs()
		if len(substs) != 2 || !slices.ContainsFunc(substs, func(s inspect.Subst) bool {
			return s.Opinion == "经核实已经注销" && s.Text == "门店已经搬走"
		}) {
			t.Errorf("the substitutions are %+v", substs)
		}
		for _, body := range r.Bodies() {
			for _, secret := range []string{"门店已经搬走", "某餐馆", "与组长有诉讼", "经核实已经注销"} {
				if strings.Contains(body, secret) {
					t.Errorf("an entry tells %s: %.300s", secret, body)
				}
			}
		}
		closedInTheRecord(t, r, next)
		o.Verified()

		r.Disclose()
		lines := strings.Split(strings.TrimSuffix(string(r.Files()[draw.SubstitutionsFile]), "\n"), "\n")
		if len(lines) != 1 || !strings.Contains(lines[0], x.Drawn) || !strings.HasSuffix(lines[0], "\t"+next.Drawn) {
			t.Errorf("substitutions.tsv is %q", lines)
		}
		stored, err := o.Store.DB.Substs(o.Context(), inspect.Scope{}, r.ID)
		if err != nil || len(stored) != 2 || stored[0].Closed != "" || stored[1].Ground == "" {
			t.Errorf("on its day the substitutions are %+v, %v", stored, err)
		}
		for _, no := range []inspect.ObjectNo{x.Object, next.Object} {
			if n := visits(o, no); n != 1 {
				t.Errorf("object %d has %d visits", no, n)
			}
		}
		more := asked(o, r, next, "3", inspect.SubstObject)
		o.Done(li, more)
		o.Done(wang, grant(more, 1))
		if got := r.Files()[draw.SubstitutionsFile]; bytes.Count(got, []byte("\n")) != 2 {
			t.Errorf("substitutions.tsv is %q", got)
		}
		o.Verified()
	})
}

// visits is how many visits of the year an object has.
func visits(o *rig.Office, no inspect.ObjectNo) (n int) {
	o.Helper()
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
		slots, err := t.SlotsOf(o.Context(), 2026, []inspect.ObjectNo{no})
		n = len(slots)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return n
}

// C18, INV-05: the teams of a sealed draw that is annulled end, and can be read on the
// day of its list.
func TestAnnulledSealedDrawEndsItsTeams(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r, li, wang := sealedTeams(o)
		x := r.Teams()[0]
		r.Read(li, wang)
		ask := asked(o, r, x, "1", inspect.SubstObject)
		o.Done(li, ask)
		o.Done(wang, grant(ask, 1))
		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入不符"})
		closedInTheRecord(t, r, x)
		o.Verified()
		r.Disclose()
		teams, err := o.Store.DB.Teams(o.Context(), inspect.Scope{}, store.TeamFilter{Batch: r.ID})
		if err != nil || len(teams) != 5 || teams[0].State != inspect.TeamReplaced || teams[1].State != inspect.TeamAnnulled || teams[1].Sealed || teams[1].Object == 0 {
			t.Errorf("the teams are %+v, %v", teams, err)
		}
		o.Verified()
	})
}

// INV-05: a request that was sent twice is one act, though its command is encrypted;
// another one under the same id is refused.
func TestVeiledCommandIsDoneOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchHidden()
		li, x := o.Clerk("李科长", "scjg"), r.Teams()[0]
		r.Read(li)
		request, put := rig.ID[string](o.Name()+"request"), r.Days(x.Days.From, x)
		first, err := o.Desk.Do(o.Context(), request, li, put)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := o.Desk.Do(o.Context(), request, li, put); err != nil || again.N != first.N {
			t.Errorf("the second time the answer is %v, %v", again, err)
		}
		put.Days[0] = x.Days.Until
		if _, err := o.Desk.Do(o.Context(), request, li, put); !errors.Is(err, inspect.ErrReplayed) {
			t.Errorf("another command under the id is answered by %v", err)
		}
	})
}

// R69, R81: a task that is not announced to who is inspected is dispatched before its
// list is public, and inspected meanwhile.
func TestNoNoticeIsDispatchedBeforeItsListIsPublic(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskBeside(o.TaskReady(), act.PutTask{NoNotice: true})
		r := o.SealedBatch(task).Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide().Send()
		opening, _ := inspect.Moment(r.Stands().Terms.Opening)
		if got := o.Task(task); got.State != inspect.TaskDispatched || !r.Now.Before(opening) || !r.Stands().Hidden() {
			t.Errorf("the task is %s, its list hidden: %t", got.State, r.Stands().Hidden())
		}
		if teams := r.Teams(); len(teams) != 5 || slices.ContainsFunc(teams, func(x inspect.Team) bool { return x.State != inspect.TeamDispatched }) {
			t.Errorf("the teams are %+v", teams)
		}
		o.Verified()
		r.Disclose()
		o.Verified()
	})
}
