package inspect

import (
	"cmp"
	"slices"
	"time"

	"suicha/internal/workday"
)

// appealTurns are what each state asks for first, of the kinds that have it.
var appealTurns = map[AppealState][]Verb{
	AppealReceived:   {AppealAccept},
	AppealIncomplete: {AppealSupply},
	AppealAccepted:   {AppealGrant, AppealRepair},
	AppealUpheld:     {CorrectionDraft},
}

// MayNow returns what who can do with the appeal now, what it asks for first: the buttons
// of its page. Nobody decides about his own work: INV-09.
func (a Appeal) MayNow(who Actor, r Result) []Verb {
	may := slices.DeleteFunc(who.Among(a.Verbs(), a.Relations(who.Org)...), func(v Verb) bool { return v.Decides() && a.Barred(who.Person, r) })
	slices.SortStableFunc(may, func(v, w Verb) int {
		return compareBool(!slices.Contains(appealTurns[a.State], v), !slices.Contains(appealTurns[a.State], w))
	})
	return may
}

// Decides reports whether a verb is a leader's decision about an appeal.
func (v Verb) Decides() bool {
	return slices.Contains([]Verb{AppealReject, AppealRefuse, AppealGrant, AppealRepair}, v)
}

// An AppealTodo is one thing that an appeal asks of somebody.
type AppealTodo struct {
	Verb  Verb
	Of    Appeal
	Clock FollowClock
}

// AppealTodos lists what the appeals ask of who, the nearest term first, and how many of
// those that who only watches over are late. An objection that is upheld asks for the
// draft of its correction.
func AppealTodos(who Actor, all []Appeal, results map[ResultID]Result, cal *workday.Calendar, now time.Time) (todos []AppealTodo, late int) {
	for _, a := range all {
		has, clock, turn := a.Relations(who.Org), a.Clock(cal), Verb("")
		for _, verb := range appealTurns[a.State] {
			if who.MayTo(verb, has...) == nil && (verb == CorrectionDraft || slices.Contains(a.MayNow(who, results[a.Result]), verb)) {
				turn = verb
			}
		}
		switch {
		case a.State == AppealIncomplete && !clock.Overdue(now): // it is the applicant's turn
		case turn != "":
			todos = append(todos, AppealTodo{turn, a, clock})
		case clock.Overdue(now) && a.WatchedBy(who):
			late++
		}
	}
	slices.SortStableFunc(todos, func(a, b AppealTodo) int {
		return cmp.Or(a.Clock.End.Compare(b.Clock.End), cmp.Compare(a.Of.ID, b.Of.ID))
	})
	return todos, late
}

// WatchedBy reports whether who is told that the appeal is late: the department's
// leaders, the office and who watches over the region.
func (a Appeal) WatchedBy(who Actor) bool {
	has := a.Relations(who.Org)
	switch who.Post.Kind {
	case Principal, Leader:
		return slices.Contains(has, Owner) || slices.Contains(has, Office)
	case Supervisor:
		return slices.Contains(has, Oversight)
	}
	return false
}
