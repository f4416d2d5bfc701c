package inspect

import (
	"slices"
	"time"

	"suicha/internal/workday"
)

// A SubstTodo is what the substitutions of one batch ask of somebody: R68. Of State
// asked they wait for a decision; refused ones, and granted ones for which there was
// no substitute, are news for who asked.
type SubstTodo struct {
	State  SubstState
	Substs []Subst
	Due    workday.Date // the first visit that they are about
	Mine   bool         // it waits for this actor; else the actor waits for others
}

// substNews is how long who asked is told of a refusal or an exhausted reserve.
const substNews = 14

// SubstNews is since when decisions are news.
func SubstNews(now time.Time) time.Time { return now.AddDate(0, 0, -substNews) }

// SubstTodos lists what substitutions ask of who, by batch in their order. Teams are
// those that they are about. A decision is due before the visit, which an application
// for recusal does not stop: 行政处罚法第四十三条; on such an application it is due in
// its own term, too: C19.
func SubstTodos(who Actor, substs []Subst, teams map[TeamID]Team) (todos []SubstTodo) {
	for _, s := range substs {
		x := teams[s.Team]
		decides := x.Org == who.Org.ID && who.MayTo(SubstGrant, Owner) == nil && s.AskedBy != who.Person && s.Concerned != who.Person // INV-09
		asks := s.Org == who.Org.ID && who.MayTo(SubstAsk, Owner) == nil
		switch {
		case s.State == SubstAsked && (!decides && !asks || !x.Stands()), // its draw was annulled
			s.State != SubstAsked && !asks,
			s.State == SubstGranted && !s.Exhausted,
			s.State == SubstWithdrawn:
			continue
		}
		todo := SubstTodo{State: s.State, Mine: decides || s.State != SubstAsked}
		if s.State == SubstAsked {
			todo.Due = s.DueBefore(x)
		}
		n := len(todos) - 1
		for n >= 0 && (todos[n].Substs[0].Batch != s.Batch || todos[n].State != todo.State || todos[n].Mine != todo.Mine) {
			n--
		}
		if n < 0 {
			n, todos = len(todos), append(todos, todo)
		}
		todos[n].Substs = append(todos[n].Substs, s)
		if todo.Due.Before(todos[n].Due) {
			todos[n].Due = todo.Due
		}
	}
	return todos
}

// For returns those of the substitution's verbs that are not refused to who for what
// they are: nobody decides on what they asked for or on themselves (INV-09), and only
// who asked takes it back.
func (s Subst) For(who Actor) []Verb {
	return slices.DeleteFunc(s.Verbs(), func(v Verb) bool {
		return v == SubstWithdraw && s.Org != who.Org.ID || v != SubstWithdraw && (s.AskedBy == who.Person || s.Concerned == who.Person)
	})
}
