package store_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R69: the first page reads of drawn batches those that still need something. One that
// is dispatched and received is not read again in later years.
func TestFinishedBatchesAreNotRead(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		reads := func(who inspect.Actor) int {
			t.Helper()
			all, err := o.Store.DB.BatchesOfTeams(o.Context(), who.Scope())
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		has := func(when string, zou, scjg, gaj, wjw int) {
			t.Helper()
			for _, c := range []struct {
				who  inspect.Actor
				want int
			}{{r.Zou, zou}, {li, scjg}, {sun, gaj}, {o.Clerk("安干事", "wjw"), wjw}} {
				if got := reads(c.who); got != c.want {
					t.Errorf("%s %s reads %d batches, want %d", when, c.who.Name, got, c.want)
				}
			}
		}
		has("before the dispatch", 1, 1, 1, 1) // whose teams they are, the rules tell
		r.Dispatch()
		has("after the dispatch", 0, 1, 1, 0)
		o.Done(li, act.ReceiveBatch{Batch: r.ID})
		has("after one receipt", 0, 0, 1, 0)
		o.Done(sun, act.ReceiveBatch{Batch: r.ID})
		has("after all receipts", 0, 0, 0, 0)
		r.Later(3 * 366 * 24 * 3600e9)
		has("in a later year", 0, 0, 0, 0)
	})
}
