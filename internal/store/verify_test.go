package store_test

import (
	"testing"

	"suicha/internal/rig"
)

// INV-01, INV-02, INV-24: a record in which one of everything was done verifies,
// before and after its log is extended.
func TestWholeRecordVerifies(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Verified()
		o.Lived()
		o.Verified()
		o.Extend()
		o.Verified()
		o.Done(o.Clerk("吴科长", "wjw"), o.Line(o.Drafted(o.Clerk("吴科长", "wjw"), "led", 2027), "wjw", "gaj"))
		o.Verified()
	})
}
