package act_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R66, R67, R68, R71, 海政办发〔2020〕2号 二(五)2: a batch is announced, locked, drawn and
// disclosed, and everything that was drawn can be recomputed from its files.
func TestBatchFromDraftToDisclosure(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		r := o.Batch(task)
		if got := o.Task(task).State; got != inspect.TaskBatched {
			t.Errorf("the task is %s, want %s", got, inspect.TaskBatched)
		}
		r.Announce().Lock().Commit().Reveal().Event().Unseal()
		if got := r.Stands().State; got != inspect.BatchOpened {
			t.Fatalf("the batch is %s, want %s", got, inspect.BatchOpened)
		}
		r.Draw()
		b := r.Stands()
		if b.State != inspect.BatchDisclosed || o.Task(task).State != inspect.TaskDrawn {
			t.Errorf("the batch is %s, its task %s", b.State, o.Task(task).State)
		}
		rows, err := o.Store.DB.Drawn(o.Context(), inspect.Scope{}, b)
		if err != nil {
			t.Fatal(err)
		}
		seats, err := o.Store.DB.Seats(o.Context(), inspect.Scope{}, b)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || len(seats) != 4 {
			t.Errorf("drawn %v, seats %v, want one object with two inspectors of each department", rows, seats)
		}
		r.Recomputed()
		o.Verified()
	})
}

// INV-09: nobody announces the batch they drafted, and nobody locks a list whose
// libraries they confirmed.
func TestNobodyLocksWhatTheyConfirmed(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙科员", "scjg")
		r := o.BatchOf(li, o.Leader("王局长", "scjg"), task)
		b := r.Stands()
		own := o.Someone("李科长", inspect.Leader, "scjg")
		o.Refused(own, act.AnnounceBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number}, inspect.ErrOwnWork)
		o.Refused(r.Zou, act.AnnounceBatch{Batch: r.ID, Seen: b.Version, Confirm: "370687"}, inspect.ErrConfirm.With(b.Number))
		r.Announce()
		o.Refused(li, act.LockBatch{Batch: r.ID, Seen: r.Stands().Version}, inspect.ErrBatchSigner)
		r.Zhou = sun
		r.Lock()
	})
}

// R36, R66: a list is locked when every condition of every task is met in that
// moment; a library that changed since it was confirmed is confirmed again.
func TestLockAsksEveryCondition(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady()).Announce()
		keeper := o.Clerk("库管员scjg", "scjg")
		object := rig.Object("SITE-scjg-1", "海阳市改名餐馆")
		object.Kind, object.Object, object.Seen = inspect.Site, o.ObjectNo("SITE-scjg-1"), 1
		o.Done(keeper, object)
		_, err := o.Do(r.Zhou, act.LockBatch{Batch: r.ID, Seen: r.Stands().Version})
		if err == nil || !strings.Contains(err.Error(), "须再次确认") {
			t.Fatalf("the list was locked on a library that changed: %v", err)
		}
		for _, by := range []inspect.Actor{o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")} {
			o.Done(by, o.Confirmed(by, r.Stands().Tasks[0], inspect.ObjectLibrary))
		}
		r.Lock()
	})
}

// What is handed in must be signed by its contributor, in time, and once; the last
// document ends the phase.
func TestContributorsDocuments(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady()).Announce()
		o.Refused(r.Zhou, act.CommitBatch{BatchDocument: r.Secret(r.Parties[0])}, inspect.ErrStep.With(inspect.BatchCommit.Text()))
		r.Lock()
		first := r.Commitment(r.Parties[0])
		forged := first
		forged.Document = strings.Replace(first.Document, "公证处", "纪检组", 1)
		for _, bad := range []string{forged.Document, "", "{}", `{"name":"公证处","name":"公证处"}`, strings.Repeat("[", 100), "\x00"} {
			_, err := o.Do(r.Zhou, act.CommitBatch{BatchDocument: act.BatchDocument{Batch: r.ID, Document: bad}})
			if problem := new(inspect.Problem); !errors.As(err, problem) || problem.Code != inspect.ErrBatchDocument.Code {
				t.Errorf("the commitment %.40q was answered by %v", bad, err)
			}
		}
		o.Done(r.Zhou, first)
		o.Refused(r.Zhou, first, inspect.ErrBatchGiven.With("公证处的承诺"))
		o.Refused(o.Clerk("韩科长", "wjw"), r.Commitment(r.Parties[1]), inspect.ErrDenied.With(inspect.BatchCommit.Text()))
		o.Done(o.Clerk("孙警官", "gaj"), r.Commitment(r.Parties[1])) // a participant brings its own
		for _, p := range r.Parties[2:] {
			o.Done(r.Zhou, r.Commitment(p))
		}
		if got := r.Stands().State; got != inspect.BatchCommitted {
			t.Fatalf("with all commitments the batch is %s", got)
		}
		wrong := r.Parties[1]
		wrong.Secret = draw.NewSecret()
		_, err := o.Do(r.Zhou, act.RevealBatch{BatchDocument: r.Secret(wrong)})
		if problem := new(inspect.Problem); !errors.As(err, problem) || problem.Code != inspect.ErrBatchDocument.Code {
			t.Errorf("a wrong secret was answered by %v", err)
		}
		if _, err := o.Do(r.Zhou, act.RevealBatch{BatchDocument: r.Secret(r.Parties[0])}); err == nil {
			t.Error("a sealed contributor revealed before the event")
		}
		r.Later(4 * time.Hour)
		o.Refused(r.Zhou, act.RevealBatch{BatchDocument: r.Secret(r.Parties[1])}, inspect.ErrBatchLate.With("2026-03-02T04:00:00Z"))
	})
}

// docs/design/draw.md §14: a run without a secret is void after its deadline, names who
// failed, and is followed by a run that cites it. Once everybody can compute the
// result, nothing is void.
func TestVoidRunIsFollowedByTheNext(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady()).Announce().Lock().Commit()
		o.Done(r.Zhou, act.RevealBatch{BatchDocument: r.Secret(r.Of("open")[0])})
		void := func() act.VoidBatch {
			return act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Ground: "到期未亮出"}
		}
		o.Refused(r.Zou, void(), inspect.ErrBatchDue.With("2026-03-02T04:00:00Z"))
		r.Later(4 * time.Hour)
		o.Done(r.Zou, void())
		first := r.Tree()
		record, err := fs.ReadFile(first, draw.VoidFile)
		if err != nil || !bytes.Contains(record, []byte(`"defaulters":["市场监管局"]`)) || !bytes.Contains(record, []byte(`"phase":"reveal"`)) {
			t.Errorf("the record of the void run is %s, %v", record, err)
		}
		o.Done(r.Zhou, r.Put(r.Stands().Tasks...))
		r.Announce().Lock().Commit().Reveal().Event().Unseal()
		o.Refused(r.Zou, void(), inspect.ErrStep.With(inspect.BatchVoid.Text()))
		r.Draw()
		c, err := draw.Load(r.Tree())
		if err == nil {
			err = draw.CheckRuns(c.Manifest, r.Tree())
		}
		if err != nil || c.Manifest.Run != 2 || c.Lock.Difference.Previous == "" {
			t.Errorf("run %d does not follow the void one: %v", c.Manifest.Run, err)
		}
		r.Recomputed()
		o.Verified()
	})
}

// Whoever organises the draw does not void a run that it may know the result of: from
// the event's time on another department does, and before that only the organiser.
func TestNobodyVoidsTheirOwnKnownResult(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		for _, evented := range []bool{false, true} {
			r := o.Batch(task).Announce().Lock().Commit().Reveal()
			ma := o.Someone("马局长", inspect.Principal, "gaj")
			void := func() act.VoidBatch {
				return act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "设备故障"}
			}
			o.Refused(ma, void(), inspect.ErrBatchEarly)
			if r.Later(6 * time.Hour); evented {
				r.Event()
			}
			o.Refused(r.Zou, void(), inspect.ErrBatchKnown)
			o.Refused(o.Someone("于主任", inspect.Principal, "lhb"), void(), inspect.ErrBatchKnown)
			o.Done(ma, void())
			if got := r.Stands(); got.State != inspect.BatchVoided || got.EndedOrg != rig.Org("gaj") {
				t.Errorf("the batch is %s by %s", got.State, got.EndedOrg)
			}
			o.Done(r.Zhou, act.DiscardBatch{Batch: r.ID, Seen: r.Stands().Version})
		}
		o.Verified()
	})
}

// The event is typed by one person and confirmed by another, who types the same.
func TestEventIsTypedByTwoPersons(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady()).Announce().Lock().Commit().Reveal()
		seen := func() int64 { return r.Stands().Version }
		o.Refused(r.Zou, act.ConfirmEvent{Batch: r.ID, Seen: seen(), Sources: rig.Numbers}, inspect.ErrBatchUntyped)
		early := act.TypeEvent{Batch: r.ID, Seen: seen(), Sources: r.Typed()}
		if _, err := o.Do(r.Zhou, early); err == nil {
			t.Error("an event before its announced time was taken down")
		}
		r.Later(6 * time.Hour)
		wrong := r.Typed()
		wrong[0].Numbers = "3 7 12 19 25 34+8"
		if _, err := o.Do(r.Zhou, act.TypeEvent{Batch: r.ID, Seen: seen(), Sources: wrong}); err == nil {
			t.Error("a number that the lottery does not have was taken down")
		}
		o.Done(r.Zhou, act.TypeEvent{Batch: r.ID, Seen: seen(), Sources: r.Typed()})
		o.Refused(r.Zhou, act.ConfirmEvent{Batch: r.ID, Seen: seen(), Sources: rig.Numbers}, inspect.ErrBatchTypist)
		wrong[0].Numbers = "3 7 12 19 25 32+8"
		if _, err := o.Do(r.Zou, act.ConfirmEvent{Batch: r.ID, Seen: seen(), Sources: wrong}); err == nil || !strings.Contains(err.Error(), "两次录入不一致") {
			t.Errorf("two typings that differ were answered by %v", err)
		}
		o.Done(o.Someone("钱监督", inspect.Supervisor, "sfj"), act.ConfirmEvent{Batch: r.ID, Seen: seen(), Sources: rig.Numbers})
		if got := r.Stands().State; got != inspect.BatchEvented {
			t.Errorf("after the event the batch is %s", got)
		}
	})
}

// C18: only another department annuls a draw; its tasks and the visits it counted are
// free again, and what was drawn stays on record.
func TestAnotherDepartmentAnnuls(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		b := r.Stands()
		annul := act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入有误"}
		o.Refused(o.Someone("于主任", inspect.Principal, "lhb"), annul, inspect.ErrBatchForeign)
		o.Refused(o.Someone("韩局长", inspect.Principal, "wjw"), annul, inspect.ErrDenied.With(inspect.BatchAnnul.Text()))
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), annul)
		if got := o.Task(b.Tasks[0]); got.State != inspect.TaskFiled || got.Batch != "" {
			t.Errorf("the task is %s in batch %q", got.State, got.Batch)
		}
		rows, err := o.Store.DB.Drawn(o.Context(), inspect.Scope{}, r.Stands())
		if err != nil || len(rows) == 0 {
			t.Errorf("what was drawn is gone: %v, %v", rows, err)
		}
		again := o.Batch(b.Tasks[0]).Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
		if got := again.Stands(); got.State != inspect.BatchDisclosed || got.Serial != b.Serial+1 {
			t.Errorf("the task was not drawn again: %s %s", got.Number, got.State)
		}
		for line := range strings.Lines(string(again.Files()[draw.PopulationFile])) {
			if strings.Split(line, "\t")[3] != "0" {
				t.Errorf("an annulled draw still counts: %s", line)
			}
		}
		o.Verified()
	})
}

// R52, INV-06: two batches do not hold the same objects at once, and what one has
// drawn is a visit in the list of the next.
func TestVisitsAreCountedAcrossBatches(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first := o.TaskReady()
		second := campaign(o, first, "专项抽查", "5户", inspect.FromCampaign)
		a := o.Batch(first).Announce().Lock().Commit()
		b := o.Batch(second).Announce()
		o.Refused(b.Zhou, act.LockBatch{Batch: b.ID, Seen: b.Stands().Version}, inspect.ErrBatchHeld.With(a.Stands().Number, 5))
		a.Reveal().Event().Unseal().Draw()
		o.Done(b.Zou, act.VoidBatch{Batch: b.ID, Seen: b.Stands().Version, Technical: true, Ground: "等待前一批次"})
		o.Done(b.Zhou, b.Put(second))
		b.Announce().Lock()
		visits := map[string]int{}
		for line := range strings.Lines(string(b.Files()[draw.PopulationFile])) {
			visits[strings.Split(line, "\t")[3]]++
		}
		if visits["1"] != 1 || visits["0"] != 4 {
			t.Errorf("after one draw of one object the visits of the five are %v", visits)
		}
		b.Commit().Reveal().Event().Unseal().Draw()
		b.Recomputed()
		o.Verified()
	})
}

// INV-04: of fifty who draw at once, with requests of their own, one does.
func TestFiftyDrawOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady()).Announce().Lock().Commit().Reveal().Event().Unseal()
		var wg sync.WaitGroup
		var done atomic.Int64
		for range 50 {
			wg.Go(func() {
				if _, err := o.Do(inspect.System(rig.Region), act.DrawBatch{Batch: r.ID, Run: 1}); err == nil {
					done.Add(1)
				} else if !errors.Is(err, inspect.ErrStep.With(inspect.BatchDraw.Text())) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("%d of 50 drew", done.Load())
		}
		r.Recomputed()
		o.Verified()
	})
}
