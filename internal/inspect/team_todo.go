package inspect

import (
	"slices"

	"suicha/internal/workday"
)

// A TeamTodo is one thing that the teams of a drawn batch ask of somebody: R69, R73.
type TeamTodo struct {
	Verb  Verb
	Count int // teams it is about; 0 where that is not the question, or not to be told
	Due   workday.Date
}

// Todos lists what the teams of the scene ask of who. Teams may be nil once they are
// dispatched.
func (s TeamScene) Todos(who Actor, teams []Team) (todos []TeamTodo) {
	if s.Batch.State != BatchDrawn && s.Batch.State != BatchDisclosed {
		return nil
	}
	has := s.BatchRelations(who.Org)
	if s.Dispatch.Done() {
		owes := slices.ContainsFunc(s.Dispatch.Receipts, func(r DispatchReceipt) bool { return r.Org == who.Org.ID && r.By == "" })
		if owes && who.MayTo(BatchReceive, has...) == nil {
			todos = append(todos, TeamTodo{Verb: BatchReceive, Due: s.Dispatch.Due})
		}
		return todos
	}
	var first workday.Date
	for _, t := range s.Tasks {
		if first.IsZero() || t.From.Before(first) {
			first = t.From
		}
	}
	formed, standing, closed := 0, 0, 0
	for _, t := range teams {
		if !t.Stands() {
			continue
		}
		standing++
		if t.Closed != "" && t.State == TeamFormed && s.leads(who.Org.ID, s.Batch.Tasks) && who.MayTo(TeamSchedule, Owner) == nil {
			closed++ // of a sealed list: whose it is, is read with an entry
		}
		if t.State == TeamFormed && len(t.Members) > 0 && who.MayTo(TeamSchedule, s.Relations(who.Org, t)...) == nil {
			formed++
		}
	}
	if formed+closed > 0 {
		todos = append(todos, TeamTodo{TeamSchedule, formed, first})
	}
	if standing > 0 && who.MayTo(BatchDispatch, has...) == nil {
		todos = append(todos, TeamTodo{BatchDispatch, standing, first})
	}
	return todos
}
