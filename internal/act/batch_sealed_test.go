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
	"suicha/internal/match"
	"suicha/internal/rig"
)

// lists are the files that tell who was drawn.
var lists = []string{draw.ResultList, draw.ReserveList, match.DemandsFile, match.AssignmentFile, match.BalanceFile, draw.OpeningFile}

// R81, INV-05, docs/design/draw.md §2: a sealed batch is drawn once its custodian has
// entrusted its secret; until the announced day nothing tells who was drawn, and on it
// everything is as its documents give.
func TestSealedBatchFromDraftToDisclosure(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		r := o.SealedBatch(task).Announce().Lock().Commit().Reveal().Event().Unseal()
		system, secret := inspect.System(rig.Region), r.Secret(r.Of("custodian")[0])
		drawing, disclose := act.DrawBatch{Batch: r.ID, Run: 1}, act.DiscloseBatch{Batch: r.ID, Run: 1}
		o.Refused(system, drawing, inspect.ErrBatchUntrusted.With("执法监督"))
		o.Refused(r.Zhou, act.EntrustBatch{BatchDocument: secret}, inspect.ErrDenied.With(inspect.BatchEntrust.Text()))
		o.Refused(o.Clerk("孙警官", "gaj"), act.EntrustBatch{BatchDocument: secret}, inspect.ErrBatchCustodian.With("执法监督"))
		for _, bad := range []string{"", "{}", r.Secret(r.Parties[0]).Document, strings.Replace(secret.Document, `"secret":"`, `"secret":"0`, 1)} {
			_, err := o.Do(r.Qian(), act.EntrustBatch{BatchDocument: act.BatchDocument{Batch: r.ID, Document: bad}})
			if problem := new(inspect.Problem); !errors.As(err, problem) || problem.Code != inspect.ErrBatchDocument.Code {
				t.Errorf("the secret %.40q was answered by %v", bad, err)
			}
		}
		o.Refused(system, disclose, inspect.ErrStep.With(inspect.BatchDisclose.Text()))
		r.Entrust()
		o.Refused(r.Qian(), act.EntrustBatch{BatchDocument: secret}, inspect.ErrBatchGiven.With("执法监督的随机数"))
		r.Hide()
		b := r.Stands()
		if b.State != inspect.BatchDrawn || !b.Hidden() || o.Task(task).State != inspect.TaskDrawn {
			t.Errorf("the batch is %s, its task %s", b.State, o.Task(task).State)
		}
		files := r.Files()
		for _, name := range lists {
			if files[name] != nil {
				t.Errorf("%s is there before its day", name)
			}
		}
		hidden(t, r)
		o.Refused(system, disclose, inspect.ErrBatchEarlyList.With(b.Terms.Opening))
		r.Disclose()
		if b = r.Stands(); b.State != inspect.BatchDisclosed || b.Hidden() {
			t.Errorf("on its day the batch is %s", b.State)
		}
		rows, seats := drawnOf(t, r)
		if len(rows) != 1 || len(seats) != 4 {
			t.Errorf("drawn %v, seats %v, want one object with two inspectors of each department", rows, seats)
		}
		r.Recomputed()
		o.Refused(system, disclose, inspect.ErrStep.With(inspect.BatchDisclose.Text()))
		o.Verified()
	})
}

// drawnOf are the rows of a run.
func drawnOf(t *testing.T, r *rig.Run) ([]inspect.DrawnRow, []inspect.Seat) {
	t.Helper()
	rows, err1 := r.Store.DB.Drawn(r.Context(), inspect.Scope{}, r.Stands())
	seats, err2 := r.Store.DB.Seats(r.Context(), inspect.Scope{}, r.Stands())
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return rows, seats
}

// hidden fails if a row, or the record's own text, gives away what is sealed.
func hidden(t *testing.T, r *rig.Run) {
	t.Helper()
	if rows, seats := drawnOf(t, r); len(rows)+len(seats) > 0 {
		t.Errorf("rows %v and seats %v are there before the day", rows, seats)
	}
	secret := r.Of("custodian")[0].Secret
	for name, text := range r.Files() {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s holds the custodian's secret", name)
		}
	}
	for _, body := range r.Bodies() {
		if strings.Contains(body, secret) {
			t.Error("an entry holds the custodian's secret")
		}
	}
}

// R81: who is not told beforehand is on a sealed list, in a sealed batch, that is not
// public before the inspection is over; and its custodian has its own way in.
func TestNoNoticeAsksForASealedBatch(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskBeside(o.TaskReady(), act.PutTask{NoNotice: true})
		open := o.Batch(task)
		announce := func(r *rig.Run) act.AnnounceBatch {
			return act.AnnounceBatch{Batch: r.ID, Seen: r.Stands().Version, Confirm: r.Stands().Number}
		}
		o.Refused(open.Zou, announce(open), inspect.ErrBatchMode.With(o.Task(task).Name))
		o.Done(open.Zhou, act.DiscardBatch{Batch: open.ID, Seen: open.Stands().Version})
		r := o.SealedBatch(task)
		early := r.Put(task)
		early.Opening = o.Task(task).Until.Start().Add(9 * time.Hour).Format(time.RFC3339)
		o.Refused(r.Zhou, early, inspect.ErrBatchOpening.With(o.Task(task).Name, o.Task(task).Until).At("opening"))
		early = r.Put(task)
		early.Contributors = slices.Clone(early.Contributors)
		early.Contributors[4].Org = ""
		o.Refused(r.Zhou, early, inspect.ErrBatchKeeper.At("contributors"))
		o.Desk.KeepSealed(nil)
		o.Refused(r.Zou, announce(r), inspect.ErrBatchSealed)
		o.Desk.KeepSealed(rig.SealKeys())
		r.Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide().Disclose()
		o.Verified()
	})
}

// A custodian that does not entrust its secret makes the run void, in another
// department's name, and is named; nothing is void once it has.
func TestCustodianThatDoesNotDeliver(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		r := o.SealedBatch(task).Announce().Lock().Commit().Reveal().Event().Unseal()
		ma := o.Someone("马局长", inspect.Principal, "gaj")
		void := func() act.VoidBatch {
			return act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Ground: "到期未交存"}
		}
		o.Refused(ma, void(), inspect.ErrBatchDue.With(r.Stands().Terms.Envelopes))
		r.Later(6 * time.Hour)
		o.Refused(r.Zou, void(), inspect.ErrBatchKnown)
		o.Refused(r.Qian(), act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "设备故障"}, inspect.ErrBatchKnown)
		o.Done(ma, void())
		if record := r.Files()[draw.VoidFile]; !bytes.Contains(record, []byte(`"defaulters":["执法监督"]`)) {
			t.Errorf("the record of the void run is %s", record)
		}
		o.Done(r.Zhou, r.Put(task))
		r.Announce().Lock().Commit().Reveal().Event().Unseal().Entrust()
		o.Refused(ma, void(), inspect.ErrStep.With(inspect.BatchVoid.Text()))
		r.Hide().Disclose()
		r.Recomputed()
		o.Verified()
	})
}

// INV-05: a sealed list is shown to the organiser and to those who lead its tasks, each
// time with an entry before; nobody else, and not for longer than the entry serves.
func TestReadingASealedListIsOnRecord(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchHidden()
		li := o.Clerk("李科长", "scjg")
		peek := func(name string) act.PeekBatch {
			return act.PeekBatch{Reading: rig.ID[inspect.ReadingID](o.Name() + name), Batch: r.ID, Ground: "制作检查通知"}
		}
		look := func(who inspect.Actor) (inspect.SealedList, error) { return o.Desk.Peek(o.Context(), who, r.ID) }
		if _, err := look(li); !errors.Is(err, inspect.ErrBatchReading) {
			t.Errorf("without a reading on record the list is answered by %v", err)
		}
		blank := peek("a")
		blank.Ground = " "
		o.Refused(li, blank, inspect.ErrEmpty.With("查阅事由").At("ground"))
		denied := inspect.ErrDenied.With(inspect.BatchPeek.Text())
		o.Refused(o.Clerk("孙警官", "gaj"), peek("a"), denied) // it takes part, and leads nothing
		o.Refused(o.Clerk("韩科长", "wjw"), peek("a"), denied)
		o.Refused(r.Qian(), peek("a"), denied)
		o.Refused(r.Zhou, peek("a"), denied)
		o.Done(li, peek("a"))
		got, err := look(li)
		if err != nil || len(got.Rows) != 1 || len(got.Seats) != 4 {
			t.Errorf("the list is %v, %v", got, err)
		}
		if _, err := look(o.Clerk("王科员", "scjg")); !errors.Is(err, inspect.ErrBatchReading) {
			t.Errorf("a colleague's reading serves: %v", err)
		}
		r.Later(11 * time.Minute)
		if _, err := look(li); !errors.Is(err, inspect.ErrBatchReading) {
			t.Errorf("the reading still serves after eleven minutes: %v", err)
		}
		o.Done(r.Zou, peek("b"))
		again, err := look(r.Zou)
		if err != nil || !slices.Equal(again.Rows, got.Rows) {
			t.Errorf("the organiser reads %v, %v", again, err)
		}
		register, err := o.Store.DB.Readings(o.Context(), inspect.Scope{}, r.Stands())
		if err != nil || len(register) != 2 || register[0].By != r.Zou.Person || register[1].Ground != "制作检查通知" {
			t.Errorf("the register is %v, %v", register, err)
		}
		hidden(t, r)
		r.Disclose()
		if rows, _ := drawnOf(t, r); !slices.Equal(rows, got.Rows) {
			t.Errorf("disclosed is %v, read was %v", rows, got.Rows)
		}
		o.Refused(li, peek("c"), inspect.ErrBatchUnsealed)
		if _, err := look(li); !errors.Is(err, inspect.ErrBatchUnsealed) {
			t.Errorf("after the day the sealed list is answered by %v", err)
		}
		o.Verified()
	})
}

// R52, INV-06: what a sealed batch may have drawn counts as visited in every later
// list, whoever was drawn; so nobody is visited once too often, and nothing is told.
func TestSealedDrawsCountForLaterOnes(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first, second := o.TwoTasks()
		a := o.SealedBatch(first).Announce().Lock().Commit().Reveal().Event().Unseal().Entrust()
		b := o.Batch(second).Announce()
		o.Refused(b.Zhou, act.LockBatch{Batch: b.ID, Seen: b.Stands().Version}, inspect.ErrBatchHeld.With(a.Stands().Number, 5))
		a.Hide()
		b.Lock()
		for line := range strings.Lines(string(b.Files()[draw.PopulationFile])) {
			if strings.Split(line, "\t")[3] != "1" {
				t.Errorf("beside the sealed draw stands %s", line)
			}
		}
		b.Commit().Reveal().Event().Unseal().Draw()
		drawn, _ := drawnOf(t, b)
		a.Disclose()
		rows, _ := drawnOf(t, a)
		if len(drawn) != 5 || len(rows) != 1 {
			t.Fatalf("drawn %v and %v", drawn, rows)
		}
		o.Verified() // the object that both drew has two visits
	})
}

// C18: a sealed draw that is annulled before its day is public on it all the same, and
// nobody has a visit because of it.
func TestAnnulledSealedDrawIsDisclosed(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchHidden()
		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入有误"})
		hidden(t, r)
		r.Disclose()
		if got := r.Stands(); got.State != inspect.BatchAnnulled || got.DisclosedAt.IsZero() {
			t.Errorf("on its day the batch is %s", got.State)
		}
		r.Recomputed()
		if rows, _ := drawnOf(t, r); len(rows) > 0 {
			t.Errorf("an annulled draw has the rows %v", rows)
		}
		again := o.Batch(b.Tasks[0]).Announce().Lock()
		if strings.Contains(strings.ReplaceAll(string(again.Files()[draw.PopulationFile]), "\t0\t", ""), "\t1\t370687") {
			t.Error("an annulled draw still counts")
		}
		o.Verified()
	})
}
