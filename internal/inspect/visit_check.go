package inspect

// Checkable reports whether who has the code of a visit may know of it: at once if it is
// announced, and from its beginning if it must not be: R81, 海政办发〔2020〕2号 二(五)4(2).
// A team that was replaced makes no visit.
func (v Visit) Checkable(x Team) bool {
	if x.State != TeamDispatched {
		return false
	}
	return v.State != VisitPrepared || !v.NoNotice && !x.Sealed
}
