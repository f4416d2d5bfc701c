package inspect

import "slices"

// A VisitTodo is what a visit asks of a member of its team next: R76–R89.
type VisitTodo struct {
	Verb  Verb
	Count int  // items or signatures that are missing
	Mine  bool // else others have to do it first
}

// Todo is what the visit asks of me next; the verb is empty if that is nothing. Live are
// the signatures that hold. Revisit says that a department returned its result because
// the visit is wrong. A visit that nobody has prepared yet may be the zero visit.
func (v Visit) Todo(me VisitMember, live []Signature, revisit bool) VisitTodo {
	switch v.State {
	case "", VisitPrepared:
		if me.Leader {
			return VisitTodo{VisitBegin, 0, true}
		}
	case VisitBegun, VisitAside:
		return v.openTodo(me)
	case VisitConcluded:
		return v.signTodo(me, live)
	case VisitSigned:
		if me.Leader && revisit {
			return VisitTodo{VisitReopen, 0, true} // R91
		}
	}
	return VisitTodo{}
}

// MayNow returns what a member of the team, who has a post, can do with the visit now:
// the buttons of its page. Live are the signatures that hold; revisit says that a
// department returned its result because the visit is wrong, and none is public.
func (v Visit) MayNow(who Actor, me VisitMember, live []Signature, revisit bool) []Verb {
	return slices.DeleteFunc(who.Among(v.Verbs(), Crew), func(verb Verb) bool {
		switch verb {
		case VisitNotify:
			return v.NoNotice // R81
		case VisitConclude:
			return !me.Leader // R89
		case VisitReopen:
			return !me.Leader || v.Done() && !revisit // R91
		case VisitParty:
			_, signed := partySigned(live)
			return signed || v.Special.Kind != ""
		case VisitSign:
			return slices.ContainsFunc(live, func(s Signature) bool { return s.Inspector == me.Inspector })
		}
		return false
	})
}

// Revisited reports, of the results of one visit, whether a department returned its own
// because the visit is wrong, and none is public: R91.
func Revisited(results []Result) bool {
	return slices.ContainsFunc(results, func(r Result) bool { return r.Revisit }) && !slices.ContainsFunc(results, Result.Public)
}

// openTodo is what a visit asks for until its conclusion. Each department fills in its
// own items: R78. The leader concludes.
func (v Visit) openTodo(me VisitMember) VisitTodo {
	gaps := v.Gaps()
	mine := 0
	for _, g := range gaps {
		if g.Org == me.Org {
			mine++
		}
	}
	fill := VisitFill
	if v.State == VisitAside {
		fill = VisitAttach // what is missing is evidence: R100
	}
	switch {
	case mine > 0:
		return VisitTodo{fill, mine, true}
	case me.Leader && len(gaps) > 0:
		return VisitTodo{fill, len(gaps), false}
	case me.Leader:
		return VisitTodo{VisitConclude, 0, true} // R89
	}
	return VisitTodo{}
}

// signTodo is what a concluded visit asks for: the party signs first, then everybody of
// the team: R85, R88.
func (v Visit) signTodo(me VisitMember, live []Signature) VisitTodo {
	if _, ok := partySigned(live); !ok && v.Special.Kind == "" {
		if me.Leader {
			return VisitTodo{VisitParty, 0, true}
		}
		return VisitTodo{}
	}
	if slices.ContainsFunc(live, func(s Signature) bool { return s.Kind == MemberSigns && !s.Void && s.Inspector == me.Inspector }) {
		return VisitTodo{}
	}
	return VisitTodo{VisitSign, 1, true}
}
