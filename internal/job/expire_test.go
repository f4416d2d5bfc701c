package job_test

import (
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
)

// C19: the platform ends a publication on the day after its term, once, and leaves alone
// what has none.
func TestExpirerEndsWhatIsOver(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		expirer := &job.Expirer{DB: o.Store.DB, Desk: o.Desk, Region: rig.Region, Deadlines: inspect.Regulation, Now: func() time.Time { return o.Now }}
		step := func(want inspect.ResultState) {
			t.Helper()
			if err := expirer.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := v.Result().State; got != want {
				t.Errorf("on %s it is %s, want %s", o.Now, got, want)
			}
		}
		step(inspect.ResultPublished)
		last, _ := v.Result().PublicUntil(inspect.Regulation)
		o.Now = last.Start().Add(20 * time.Hour)
		step(inspect.ResultPublished)
		o.Now = last.AddDays(1).Start()
		step(inspect.ResultEnded)
		before := v.Result().Version
		step(inspect.ResultEnded)
		o.Now = o.Now.AddDate(1, 0, 0)
		step(inspect.ResultEnded)
		if v.Result().Version != before {
			t.Error("it was ended again")
		}
	})
}
