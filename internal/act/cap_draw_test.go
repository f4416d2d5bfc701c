package act_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// campaign is a task outside the plan that draws from the libraries of another one,
// ready to be drawn. Its item may be drawn whole.
func campaign(o *rig.Office, like inspect.TaskID, name, ratio string, source inspect.TaskSource) inspect.TaskID {
	o.Helper()
	return campaignOf(o, like, name, ratio, source, o.WholeItem())
}

func campaignOf(o *rig.Office, like inspect.TaskID, name, ratio string, source inspect.TaskSource, item inspect.ItemID) inspect.TaskID {
	o.Helper()
	li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
	id, was := rig.ID[inspect.TaskID](o.Name()+name), o.Task(like)
	o.Done(li, act.DraftTask{Task: id, Source: source, Ground: "省局部署", Name: name, Copy: like})
	o.Done(li, act.ScopeTask{Task: id, Seen: 1, Field: "餐饮", Scope: "餐饮单位", Items: []inspect.ItemID{item}, Type: "campaign",
		Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county"})
	o.Done(li, act.PutTask{Task: id, Seen: 2, Name: name, From: was.From, Until: was.Until, Kind: "special", Sublibs: was.Sublibs, Ratio: ratio, Officers: 2})
	o.Done(li, act.SubmitTask{Task: id, Seen: 3})
	o.Done(wang, act.ApproveTask{Task: id, Seen: 4, Opinion: "同意"})
	o.Done(li, act.FileTask{Task: id, Seen: 5})
	for _, library := range inspect.Libraries {
		o.Done(li, o.Confirmed(li, id, inspect.Library(library.Value)))
	}
	return id
}

// drawnBy takes a batch of the task through its draw, and returns who was drawn.
func drawnBy(o *rig.Office, task inspect.TaskID) (*rig.Run, []inspect.ObjectNo) {
	o.Helper()
	r := o.Batch(task).Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
	rows, err := o.Store.DB.Drawn(o.Context(), inspect.Scope{}, r.Stands())
	if err != nil {
		o.Fatal(err)
	}
	var nos []inspect.ObjectNo
	for _, row := range rows {
		if !row.Reserve {
			nos = append(nos, row.Object)
		}
	}
	slices.Sort(nos)
	return r, nos
}

// counted are the taken visits of the year, by object and, with a body before it, of
// each body.
func counted(o *rig.Office) map[string]int {
	o.Helper()
	all := map[string]int{}
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
		var nos []inspect.ObjectNo
		for no := range inspect.ObjectNo(20) {
			nos = append(nos, no)
		}
		slots, err := t.SlotsOf(o.Context(), 2026, nos)
		if err != nil {
			return err
		}
		for _, s := range slots {
			if s.Batch != "" {
				all[fmt.Sprint(s.Object)]++
			}
		}
		visits, err := t.BodyVisitsOf(o.Context(), 2026, nos)
		for _, v := range visits {
			if v.Batch != "" {
				all[fmt.Sprint(v.Org, " ", v.Object, " ", v.Exempt)]++
			}
		}
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return all
}

// R52, R53, INV-06: an object that was drawn twice this year is drawn a third time only
// with a waiver, which serves once; a draw that is annulled gives it back.
func TestWaiversReachTheDraw(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first := o.TaskReady()
		waived := o.ObjectNo("SITE-scjg-2")
		for _, name := range []string{"第一次", "第二次"} {
			if _, nos := drawnBy(o, campaign(o, first, name, "5户", inspect.FromCampaign)); len(nos) != 5 {
				t.Fatalf("%s drew %v", name, nos)
			}
		}
		if _, nos := drawnBy(o, campaign(o, first, "没有许可", "5户", inspect.FromCampaign)); len(nos) != 0 {
			t.Fatalf("without a waiver %v were drawn a third time", nos)
		}
		li, zou, id := o.Clerk("李科长", "scjg"), o.Leader("邹主任", "lhb"), rig.ID[inspect.WaiverID](o.Name())
		o.Done(li, act.AskWaiver{ID: id, Object: waived, Year: 2026, Kind: "other", Ground: "整改复查"})
		third := campaign(o, first, "第三次", "5户", inspect.FromCampaign)
		o.Done(zou, act.GrantWaiver{WaiverDecision: act.WaiverDecision{ID: id, Seen: 1, Opinion: "同意"}})
		r, nos := drawnBy(o, third)
		if !slices.Equal(nos, []inspect.ObjectNo{waived}) || counted(o)[fmt.Sprint(waived)] != 3 {
			t.Fatalf("with a waiver for %d, %v were drawn", waived, nos)
		}
		if got, want := string(r.Files()["waived.tsv"]), fmt.Sprintf("OBJECT-NO-%d\t2\t%s\n", waived, id); got != want {
			t.Errorf("the lock keeps %q, want %q", got, want)
		}
		r.Recomputed()
		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入有误"})
		if got := counted(o)[fmt.Sprint(waived)]; got != 2 {
			t.Errorf("an annulled draw leaves %d visits", got)
		}
		if _, nos := drawnBy(o, third); !slices.Equal(nos, []inspect.ObjectNo{waived}) {
			t.Errorf("the waiver that was given back draws %v", nos)
		}
		if _, nos := drawnBy(o, campaign(o, first, "第四次", "5户", inspect.FromCampaign)); len(nos) != 0 {
			t.Errorf("a waiver served twice: %v", nos)
		}
		o.Verified()
	})
}

// 国办发〔2024〕54号, C4, INV-06: what a body has inspected as often as its cap allows is
// kept out of its tasks, but for those whose source the cap excepts.
func TestBodyCapsReachTheDraw(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first := o.TaskReady()
		zou := o.Leader("邹主任", "lhb")
		put := act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 1, Grounds: "上级部署\n投诉举报"}
		o.Done(zou, put)
		one := campaign(o, first, "第一次", "5户", inspect.FromCampaign)
		a := o.Batch(one).Announce().Lock()
		put.Seen, put.Most = 1, 2
		o.Refused(zou, put, inspect.ErrCapHeld.With(a.Stands().Number))
		a.Commit().Reveal().Event().Unseal().Draw()
		r, nos := drawnBy(o, campaign(o, first, "第二次", "5户", inspect.FromCampaign))
		if len(nos) != 0 || strings.Count(string(r.Files()["excluded.tsv"]), "\tbodycap\n") != 5 {
			t.Errorf("beyond the cap %v were drawn; kept out %q", nos, r.Files()["excluded.tsv"])
		}
		if _, nos := drawnBy(o, campaign(o, first, "第三次", "5户", inspect.FromSuperior)); len(nos) != 5 {
			t.Errorf("on a ground that the cap excepts %v were drawn", nos)
		}
		for key, n := range counted(o) {
			if strings.HasPrefix(key, string(rig.Org("scjg"))) && n != 1 {
				t.Errorf("%s: %d visits", key, n)
			}
		}
		b := a.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: a.ID, Seen: b.Version, Confirm: b.Number, Ground: "名单有误"})
		if got := counted(o)[fmt.Sprint(rig.Org("scjg"), " ", o.ObjectNo("SITE-scjg-1"), " false")]; got != 0 {
			t.Errorf("an annulled draw leaves %d visits of the body", got)
		}
		if _, nos := drawnBy(o, one); len(nos) != 5 {
			t.Errorf("after the annulment %v were drawn", nos)
		}
		o.Verified()
	})
}

// INV-06: of a hundred draws that race for the same objects, none takes a visit more
// than the year's limit or a body's cap allows.
func TestHundredRacesTakeNoVisitTooMany(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		task := o.TaskReady()
		o.Done(o.Leader("邹主任", "lhb"), act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 1, Grounds: "上级部署"})
		r := o.Batch(task).Announce().Lock()
		b, x := r.Stands(), o.Task(task)
		rows := []inspect.DrawnRow{{Run: 1, Task: task, ID: "A", Object: o.ObjectNo("SITE-scjg-1")}}
		nos := []inspect.ObjectNo{rows[0].Object}
		batches := []inspect.Batch{b} // each counts an object once, however often it tries
		for i := range 4 {
			other := b
			other.ID = rig.ID[inspect.BatchID](fmt.Sprint(o.Name(), "race", i))
			o.Done(r.Zhou, act.DraftBatch{Batch: other.ID, Year: 2026})
			batches = append(batches, other)
		}
		var wg sync.WaitGroup
		var slots, visits atomic.Int64
		for i := range 100 {
			wg.Go(func() {
				b := batches[i%len(batches)]
				err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
					ctx := o.Context()
					entry := store.Entry{At: o.Now, Request: rig.ID[string](fmt.Sprint(o.Name(), "race", i)), Actor: "system", Post: inspect.SystemPost, Verb: inspect.BatchDraw}
					if err := t.Begin(ctx, entry); err != nil {
						return err
					}
					taken, err := t.SlotsOf(ctx, 2026, nos)
					if err != nil {
						return err
					}
					if fresh, refused := b.TakeSlots(rows, taken, nil); refused == nil && len(fresh) > 0 {
						if _, err := t.PutSlots(ctx, b, fresh); err != nil {
							return err
						}
						slots.Add(1)
					}
					limits, err := t.Limits(ctx, x.Parties(), 2026)
					if err != nil {
						return err
					}
					counted, err := t.BodyVisitsOf(ctx, 2026, nos)
					if err != nil {
						return err
					}
					if fresh, refused := b.BodyVisits([]inspect.Task{x}, rows, limits, counted); refused == nil && len(fresh) > 0 {
						if _, err := t.PutBodyVisits(ctx, b, fresh); err != nil {
							return err
						}
						visits.Add(1)
					}
					_, err = t.Close(ctx, string(b.ID), b.Version, ledger.Salt{byte(i + 1)}, []byte("{}"))
					return err
				})
				if err != nil && !strings.Contains(err.Error(), "whole") && !strings.Contains(err.Error(), "effect") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got := counted(o)
		if slots.Load() != 2 || visits.Load() != 1 || got[fmt.Sprint(nos[0])] != 2 || got[fmt.Sprint(rig.Org("scjg"), " ", nos[0], " false")] != 1 {
			t.Errorf("%d slots and %d visits of bodies were taken: %v", slots.Load(), visits.Load(), got)
		}
	})
}

// INV-06: of a hundred who lock lists with the same objects at once, one does; and
// whatever is drawn after it finds the visits that were taken.
func TestHundredLocksOfTheSameObjects(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first := o.TaskReady()
		o.Done(o.Leader("邹主任", "lhb"), act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 1, Grounds: "上级部署"})
		var runs []*rig.Run
		for i := range 4 {
			runs = append(runs, o.Batch(campaign(o, first, fmt.Sprint("第", i), "5户", inspect.FromCampaign)).Announce())
		}
		seen := map[inspect.BatchID]int64{}
		for _, r := range runs {
			seen[r.ID] = r.Stands().Version
		}
		var wg sync.WaitGroup
		for i := range 100 {
			r := runs[i%len(runs)]
			wg.Go(func() {
				_, err := o.Do(r.Zhou, act.LockBatch{Batch: r.ID, Seen: seen[r.ID]})
				if err != nil && !errors.Is(err, inspect.ErrBatchHeld) && !errors.Is(err, inspect.ErrStale) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		i := slices.IndexFunc(runs, func(r *rig.Run) bool { return r.Stands().State == inspect.BatchLocked })
		if i < 0 {
			t.Fatal("nobody locked a list")
		}
		runs[i].Commit().Reveal().Event().Unseal().Draw()
		for _, r := range slices.Delete(runs, i, i+1) {
			o.Done(r.Zou, act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "等待前一批次"})
			o.Done(r.Zhou, r.Put(r.Stands().Tasks...))
			r.Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
		}
		for key, n := range counted(o) {
			if n > 1 {
				t.Errorf("%s has %d visits", key, n)
			}
		}
		o.Verified()
	})
}

// R26: a general item is not drawn for a larger share of the true pool than it may be.
func TestLockChecksTheShareOfTheTruePool(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		first := o.TaskReady()
		item := o.Task(first).Parts[0].Items[0].Item
		id := campaignOf(o, first, "小范围", "2户", inspect.FromCampaign, item) // of five, where the library said four hundred
		r := o.Batch(id).Announce()
		if _, err := o.Do(r.Zhou, act.LockBatch{Batch: r.ID, Seen: r.Stands().Version}); err == nil || !strings.Contains(err.Error(), "超过一般检查事项") {
			t.Errorf("two of five were locked: %v", err)
		}
		facts, err := o.Store.DB.Facts(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		for pool, want := range map[int64]string{20: "", 10: "20%"} { // at most a tenth
			p := &inspect.Pool{Counts: []inspect.StratumCount{{0, 0, 0, 0, pool}}}
			if ps := p.Overdrawn([]inspect.Task{o.Task(id)}, facts); len(ps) > 0 != (want != "") || want != "" && !strings.Contains(ps.Error(), want) {
				t.Errorf("two of %d: %v", pool, ps)
			}
		}
	})
}
