package job_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// drawArg is the first argument that makes this test program draw what there is to
// draw until it is killed.
const drawArg = "job-draw-until-killed"

func init() {
	if len(os.Args) != 3 || os.Args[1] != drawArg {
		return
	}
	s, err := store.Open(context.Background(), os.Args[2])
	if err == nil {
		desk := act.NewDesk(s.Writer, time.Now, inspect.Regulation)
		desk.KeepSealed(rig.SealKeys())
		fmt.Println("ready")
		for err == nil {
			err = (&job.Drawer{DB: s.DB, Desk: desk, Now: time.Now}).Step(context.Background())
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// KILL, INV-04: a process that is killed while it draws, at any moment, and another
// that draws beside it, leave one result: the one that the documents give.
func TestKilledWhileDrawing(t *testing.T) {
	rounds := 6
	if !rig.WithPostgres() {
		rounds = 4
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); killedDrawing(t, rounds, (*rig.Office).Batch, rig.SQLite) })
	t.Run("sqlite sealed", func(t *testing.T) { t.Parallel(); killedDrawing(t, rounds, (*rig.Office).SealedBatch, rig.SQLite) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); killedDrawing(t, 2, (*rig.Office).Batch, rig.County) })
		t.Run("postgres sealed", func(t *testing.T) { t.Parallel(); killedDrawing(t, 2, (*rig.Office).SealedBatch, rig.County) })
	}
}

func killedDrawing(t *testing.T, rounds int, batch func(*rig.Office, ...inspect.TaskID) *rig.Run, database func(testing.TB) string) {
	for round := range rounds {
		url := database(t)
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			o := rig.Open(t, url)
			r := batch(o, o.TaskReady()).Announce().Lock().Commit().Reveal().Event()
			victims := []*exec.Cmd{victim(t, url), victim(t, url)}
			if r.Unseal(); r.Stands().Sealed() {
				r.Entrust()
			}
			for range round * 20 { // so many looks at it, or until somebody has drawn
				b, err := o.Store.DB.Batch(t.Context(), inspect.Scope{}, r.ID)
				if err != nil {
					t.Fatal(err)
				}
				if b.State != inspect.BatchOpened {
					break
				}
			}
			for _, v := range victims {
				v.Process.Kill()
				v.Wait()
			}
			at := r.Stands().State
			o.Now = time.Now().Truncate(time.Second)
			if opening, ok := inspect.Moment(r.Stands().Terms.Opening); ok && o.Now.Before(opening) {
				o.Now = opening
			}
			d := &job.Drawer{DB: o.Store.DB, Desk: o.Desk, Now: func() time.Time { return o.Now }}
			for range 2 { // a sealed batch is drawn in one step and disclosed in the next
				if err := d.Step(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if got := r.Stands().State; got != inspect.BatchDisclosed {
				t.Errorf("killed while it was %s, the batch is %s", at, got)
			}
			t.Logf("killed while the batch was %s", at)
			r.Recomputed()
			o.Verified()
		})
	}
}

// victim is a program that draws until it is killed.
func victim(t *testing.T, url string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, drawArg, url)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatalf("the victim did not begin: %v", err)
	}
	return cmd
}

// R81, INV-05: the platform discloses a sealed list by itself, in the moment that was
// announced and not before, annulled or not.
func TestSealedListOpensByItself(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.SealedBatch(o.TaskReady()).Announce().Lock().Commit().Reveal().Event().Unseal()
		d := &job.Drawer{DB: o.Store.DB, Desk: o.Desk, Now: func() time.Time { return o.Now }}
		step := func(want inspect.BatchState) {
			t.Helper()
			if err := d.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := r.Stands().State; got != want {
				t.Fatalf("at %s the batch is %s, want %s", o.Now, got, want)
			}
		}
		step(inspect.BatchOpened) // it waits for the custodian
		r.Entrust()
		step(inspect.BatchDrawn)
		opening, _ := inspect.Moment(r.Stands().Terms.Opening)
		o.Now = opening.Add(-time.Second)
		step(inspect.BatchDrawn)
		b := r.Stands()
		o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入有误"})
		step(inspect.BatchAnnulled)
		if !r.Stands().DisclosedAt.IsZero() {
			t.Error("an annulled list was disclosed before its moment")
		}
		o.Now = opening
		step(inspect.BatchAnnulled)
		if r.Stands().DisclosedAt.IsZero() {
			t.Error("an annulled list was not disclosed")
		}
		r.Recomputed()
		o.Verified()
	})
}
