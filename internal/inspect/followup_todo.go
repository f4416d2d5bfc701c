package inspect

import (
	"cmp"
	"slices"
	"time"

	"suicha/internal/workday"
)

// followTurns are what each state asks for first, of the kinds that have it.
var followTurns = map[FollowState][]Verb{
	FollowOpen:     {FollowUpPass, FollowUpSend, FollowUpReport, FollowUpClose},
	FollowMended:   {FollowUpPass},
	FollowSent:     {FollowUpAccept},
	FollowAccepted: {FollowUpAnswer},
	FollowReturned: {FollowUpSend},
	FollowAnswered: {FollowUpClose},
	FollowReported: {FollowUpApprove},
	FollowApproved: {FollowUpHand},
	FollowHanded:   {FollowUpReceipt},
	FollowReceived: {FollowUpFile},
	FollowUnfiled:  {FollowUpObject},
	FollowObjected: {FollowUpFile},
	FollowFiled:    {FollowUpArticles},
}

// Turn is what the follow-up asks for next; nothing once it has ended.
func (f FollowUp) Turn() Verb {
	verbs := f.Verbs()
	for _, verb := range followTurns[f.State] {
		if slices.Contains(verbs, verb) {
			return verb
		}
	}
	return ""
}

// MayNow returns what who can do with the follow-up now: the buttons of its page. Who
// answers for a clue is its receiver; who decides on a case is not who reported it.
func (f FollowUp) MayNow(who Actor) []Verb {
	return slices.DeleteFunc(who.Among(f.Verbs(), f.Relations(who.Org)...), func(verb Verb) bool {
		switch verb {
		case FollowUpAccept, FollowUpReturn, FollowUpAnswer:
			return f.answers(FollowBy{Org: who.Org.ID}) != nil
		case FollowUpApprove, FollowUpRefuse:
			return who.Person == f.ReportedBy || slices.Contains(f.GroupOf, who.Person)
		}
		return false
	})
}

// A FollowUpTodo is one thing that a follow-up asks of somebody.
type FollowUpTodo struct {
	Verb  Verb
	Of    FollowUp
	Clock FollowClock
}

// FollowUpTodos lists what the follow-ups ask of who, the nearest term first, and how
// many of those that who only watches over are late: of the own department for its
// leaders, of the region for oversight. No step whose term has run out is dropped
// unseen: R98, R122.
func FollowUpTodos(who Actor, all []FollowUp, cal *workday.Calendar, now time.Time) (todos []FollowUpTodo, late int) {
	for _, f := range all {
		clock, turn := f.Clock(cal), f.Turn()
		switch {
		case turn != "" && slices.Contains(f.MayNow(who), turn):
			todos = append(todos, FollowUpTodo{turn, f, clock})
		case clock.Overdue(now) && f.WatchedBy(who):
			late++
		}
	}
	slices.SortStableFunc(todos, func(a, b FollowUpTodo) int {
		return cmp.Or(compareBool(a.Clock.End.IsZero(), b.Clock.End.IsZero()), a.Clock.End.Compare(b.Clock.End))
	})
	return todos, late
}

// WatchedBy reports whether who is told that the follow-up is late: the department's
// leaders, and who watches over the region.
func (f FollowUp) WatchedBy(who Actor) bool {
	has := f.Relations(who.Org)
	switch who.Post.Kind {
	case Principal, Leader:
		return slices.Contains(has, Owner)
	case Supervisor:
		return slices.Contains(has, Oversight)
	}
	return false
}

// A Suggestion is a department that a clue may be for, and why.
type Suggestion struct {
	Org    OrgID
	Ground string
}

// SuggestReceivers names the departments that a clue about an object may be for: R97,
// 海政办发〔2020〕2号 二(六) "谁审批、谁监管，谁主管、谁监管". First come those that licensed
// the object, then those whose lists have items of the fields that were inspected. A
// case stays with the department itself, if that is where the item belongs.
func SuggestReceivers(f FollowUp, r Result, licences []Licence, facts Facts) (all []Suggestion) {
	add := func(org OrgID, ground string) {
		o, ok := facts.Orgs[org]
		if !ok || !o.Until.IsZero() || !o.Inspects() || o.Region != f.Region || org == f.Org && f.Kind != FollowCase ||
			slices.ContainsFunc(all, func(s Suggestion) bool { return s.Org == org }) {
			return
		}
		all = append(all, Suggestion{org, ground})
	}
	if f.Kind == FollowCase {
		add(f.Org, "抽查事项的检查主体")
	}
	for _, l := range licences {
		if !l.Ended {
			add(l.Org, "登记了该对象的“"+l.Name+"”：谁审批、谁监管")
		}
	}
	for _, item := range r.Items {
		field := facts.Items[item.Item].Field
		if field == "" || len(item.Codes) == 0 {
			continue
		}
		for _, id := range sortedItems(facts) {
			if other := facts.Items[id]; other.Field == field {
				add(other.Org, "“"+field+"”领域的监管部门：谁主管、谁监管")
			}
		}
	}
	return all
}

// sortedItems are the items of the facts by code.
func sortedItems(facts Facts) []ItemID {
	ids := make([]ItemID, 0, len(facts.Items))
	for id := range facts.Items {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b ItemID) int {
		return cmp.Or(cmp.Compare(facts.Items[a].Code, facts.Items[b].Code), cmp.Compare(a, b))
	})
	return ids
}
