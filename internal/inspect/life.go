package inspect

import (
	"fmt"
	"strings"
)

// A Move is one step of a life: the verb that makes it, and the states before
// and after.
type Move[S ~string] struct {
	Verb     Verb
	From, To S
}

// A Life is every move a thing can make. A move that is not listed is refused.
// The table has four readers: the rules, the buttons on a page, the verbs the
// API offers, and docs/design/lives.golden.md.
type Life[S ~string] []Move[S]

// Next returns the state that verb leads to from s. It fails with ErrStep if s
// has no such move.
func (l Life[S]) Next(s S, verb Verb) (S, error) {
	for _, m := range l {
		if m.Verb == verb && m.From == s {
			return m.To, nil
		}
	}
	return s, ErrStep.With(verb.Text())
}

// Verbs returns what can be done in state s, in the order of the table.
func (l Life[S]) Verbs(s S) []Verb {
	var verbs []Verb
	for _, m := range l {
		if m.From == s {
			verbs = append(verbs, m.Verb)
		}
	}
	return verbs
}

// States returns every state of the table, in order of first mention.
func (l Life[S]) States() []S {
	var states []S
	seen := map[S]bool{}
	for _, m := range l {
		for _, s := range []S{m.From, m.To} {
			if !seen[s] {
				seen[s] = true
				states = append(states, s)
			}
		}
	}
	return states
}

// Mermaid draws the life as a state diagram for docs/design/lives.golden.md.
// Name gives the word a user reads for a state.
func (l Life[S]) Mermaid(name func(S) string) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range l.States() {
		fmt.Fprintf(&b, "  %s: %s\n", s, name(s))
	}
	for _, m := range l {
		fmt.Fprintf(&b, "  %s --> %s: %s\n", m.From, m.To, m.Verb.Text())
	}
	return b.String()
}
