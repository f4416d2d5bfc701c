package job_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// R66, R71, 海政办发〔2020〕2号 二(五)3: before the announcement and after the lock a draw can be
// rehearsed. It tells where inspectors are missing and what can be done, and leaves no
// trace on the record.
func TestRehearsalTellsWhatIsMissing(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady())
		before, err := o.Store.Verify(o.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		found := rehearsed(t, o, r.ID)
		if found.Locked || found.Runs != 5 || found.Matching.Impossible != 0 || len(found.Matching.Loads) != 4 || found.Matching.Few == 0 {
			t.Errorf("before the announcement: %+v", found)
		}
		if after, err := o.Store.Verify(o.Context(), nil); err != nil || after.Entries != before.Entries || after.Things != before.Things {
			t.Errorf("a rehearsal changed the record: %+v, was %+v; %v", after, before, err)
		}
		gone := o.Inspectors("gaj")[0]
		o.Done(o.Clerk("库管员gaj", "gaj"), act.PutAway{Away: rig.ID[inspect.AwayID]("away"), Inspector: gone, Kind: "leave",
			From: workday.MustParse("2026-01-01"), Until: workday.MustParse("2026-12-31")})
		found = rehearsed(t, o, r.ID)
		if found.Matching.Impossible != 5 || len(found.Matching.Shortages) != 1 || found.Matching.Shortages[0].Department != "公安局" || found.Matching.Shortages[0].More() != 1 {
			t.Errorf("with one inspector where two are needed: %+v", found.Matching)
		}
	})
}

// A rehearsal of a locked list is done on its files, and only once by two processes.
func TestRehearsalOfALockedList(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.Batch(o.TaskReady()).Announce().Lock()
		if found := rehearsed(t, o, r.ID); !found.Locked || found.Matching.Impossible != 0 {
			t.Errorf("after the lock: %+v", found)
		}
		r.Commit().Reveal().Event().Unseal().Draw()
		ask(t, o, r.ID)
		step(t, o, "one")
		if j := jobOf(t, o, r.ID); j.State != store.JobFailed || j.Fault == "" {
			t.Errorf("a rehearsal of what is drawn is %+v", j)
		}
	})
}

func ask(t *testing.T, o *rig.Office, id inspect.BatchID) {
	t.Helper()
	if err := o.Store.Queue.Ask(o.Context(), act.RehearsalJob(id), act.RehearsalKind, string(id), o.Now); err != nil {
		t.Fatal(err)
	}
}

func step(t *testing.T, o *rig.Office, worker string) {
	t.Helper()
	r := &job.Rehearser{Queue: o.Store.Queue, Desk: o.Desk, Now: func() time.Time { return o.Now }, Worker: worker, Runs: 5}
	if err := r.Step(o.Context()); err != nil {
		t.Error(err)
	}
}

func jobOf(t *testing.T, o *rig.Office, id inspect.BatchID) store.Job {
	t.Helper()
	j, err := o.Store.Queue.Job(o.Context(), act.RehearsalJob(id))
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func rehearsed(t *testing.T, o *rig.Office, id inspect.BatchID) act.Rehearsal {
	t.Helper()
	ask(t, o, id)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { step(t, o, fmt.Sprint("worker ", i)) })
	}
	wg.Wait()
	j := jobOf(t, o, id)
	var found act.Rehearsal
	if err := json.Unmarshal([]byte(j.Result), &found); err != nil || j.State != store.JobDone {
		t.Fatalf("the job is %+v: %v", j, err)
	}
	return found
}
