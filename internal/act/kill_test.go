package act_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"suicha/internal/rig"
)

// KILL, INV-18: a process that is killed while it acts loses no act that it has
// acknowledged, and leaves no half of one: after each restart every invariant
// holds, the record verifies, and its log goes on from where it was signed.
func TestKilledWhileActing(t *testing.T) {
	rounds := 100
	if !rig.WithPostgres() {
		rounds = 12 // the quick check has ten seconds for this
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); killed(t, rig.SQLite(t), rounds) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); killed(t, rig.County(t), 10) })
	}
}

func killed(t *testing.T, url string, rounds int) {
	t.Run("before", func(t *testing.T) { rig.Open(t, url).Victims() })
	random := rand.New(rand.NewPCG(1, 2))
	told, signed := map[int64]string{}, int64(0)
	for round := range rounds {
		for _, a := range rig.Kill(t, url, round, 1+random.IntN(40)) {
			if old, ok := told[a.N]; ok && old != a.Code {
				t.Fatalf("round %d: entry %d was acknowledged twice, as %s and as %s", round, a.N, old, a.Code)
			}
			told[a.N] = a.Code
		}
		// Nobody else has the database open: it is mended by whoever comes first.
		if !t.Run("round", func(t *testing.T) { signed = restarted(t, url, signed) }) {
			t.Fatalf("after round %d", round)
		}
	}
	t.Run("after", func(t *testing.T) {
		o := rig.Open(t, url)
		o.Now = time.Now().Truncate(time.Second)
		for n, code := range told {
			if now, err := o.Leaf(n); err != nil || now != code {
				t.Errorf("entry %d, acknowledged as %s, is now %s: %v", n, code, now, err)
			}
		}
		o.Extend()
		o.Verified()
	})
	t.Logf("%d kills, %d acts acknowledged", rounds, len(told))
}

// restarted opens the database after a kill and returns to where its log is
// signed.
func restarted(t *testing.T, url string, signed int64) int64 {
	o := rig.Open(t, url)
	o.Now = time.Now().Truncate(time.Second) // the clock of those who were killed
	_, open, err := rig.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	seen, err := o.Store.Verify(t.Context(), open)
	if err != nil {
		t.Fatal(err)
	}
	if seen.Head.Size < signed {
		t.Fatalf("the log was signed to %d and is now signed to %d", signed, seen.Head.Size)
	}
	o.DiscardVictims()
	return seen.Head.Size
}
