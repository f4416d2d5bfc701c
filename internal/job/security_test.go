package job_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"suicha/internal/job"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// 等保 2.0 三级 安全审计: an hour after a line was written, or when a thousand wait, the
// security log is on record, once.
func TestSecurityLogIsSealedInTime(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, n := context.Background(), 0
		k := &job.SecurityKeeper{Sessions: o.Store.Sessions, Desk: o.Desk, Region: rig.Region, Now: func() time.Time { return o.Now },
			NewID: func() string { n++; return rig.ID[string](fmt.Sprint("seal ", n)) }}
		note := func(name string) {
			o.Helper()
			if err := o.Store.Sessions.Note(ctx, store.SecurityEvent{ID: rig.ID[string](name), At: o.Now, Kind: "sign_in"}); err != nil {
				o.Fatal(err)
			}
		}
		sealed := func(last, open int64) {
			o.Helper()
			for range 2 {
				if err := k.Step(ctx); err != nil {
					o.Fatal(err)
				}
			}
			l, err := o.Store.Sessions.Sealed(ctx)
			if err != nil || l.Last != last || l.Open != open {
				o.Errorf("sealed up to %d, %d open, %v; want %d, %d", l.Last, l.Open, err, last, open)
			}
		}
		sealed(0, 0)
		note("first")
		sealed(0, 1)
		o.Now = o.Now.Add(59 * time.Minute)
		note("second")
		sealed(0, 2)
		o.Now = o.Now.Add(time.Minute)
		sealed(2, 0)
		for i := range store.SealMost {
			note(fmt.Sprint("many ", i))
		}
		note("one more")
		sealed(store.SealMost+2, 1) // a thousand at a time
	})
}
