package job

import (
	"cmp"
	"context"
	"slices"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A listNoun compares a file with a list that fits into memory: the inspectors or
// the items of one department, the licences of a region. What its rows would do is weighed together at the
// end, since some of their rules are about the whole list.
type listNoun[T any] struct {
	*importCheck
	kind    listKind[T]
	list    map[string]T // what the department has, by code
	met     map[string]bool
	code    string // found last
	planned []plannedRow[T]
}

// A listKind is what one such list does in its own way.
type listKind[T any] struct {
	rowKind[T]
	code    func(exchange.Row) (string, error)                          // what tells the row apart; nil: its column of codes
	row     func(*keyed, exchange.Row) (T, error)                       // by the rules of one row
	encode  func(T) string                                              // for the comparison
	decode  func(string) (T, error)                                     // what encode wrote
	next    func(old, row T, isNew bool) (next T, same bool, err error) // what the row makes of it
	gone    func(T) (T, bool)                                           // what becomes of one that the file lacks
	unfit   func([]T) map[string]error                                  // which may not be written together
	diff    func(old, next T) []inspect.FieldChange
	back    func(old T) bool // it was off the list
	sourced func(old T) workday.Date
	staged  func(T) (no, version int64, text string)
}

// A plannedRow is what a row of the file, or its absence, would do.
type plannedRow[T any] struct {
	r        candidate
	old      T
	next     T
	new, off bool
}

func newListNoun[T any](c *importCheck, kind listKind[T], all []T) *listNoun[T] {
	n := &listNoun[T]{importCheck: c, kind: kind, list: map[string]T{}, met: map[string]bool{}}
	for _, x := range all {
		n.list[kind.named(x).Code] = x
	}
	return n
}

// has tells which columns feed a field.
func (c *importCheck) has() map[string]bool {
	has := map[string]bool{}
	for key := range c.head {
		has[key] = true
	}
	return has
}

func (n *listNoun[T]) read(row exchange.Row) (keyed, error) {
	k := keyed{line: row.Line, code: row.Value("code"), failed: row.Failed(), warned: len(row.Faults) > 0}
	if n.kind.code != nil {
		var err error
		if k.code, err = n.kind.code(row); err != nil {
			return k, err
		}
	}
	if k.failed {
		return k, nil
	}
	x, err := n.kind.row(&k, row)
	if err == nil && !k.failed {
		k.code, k.text = n.kind.named(x).Code, n.kind.encode(x)
	}
	return k, err
}

func (n *listNoun[T]) find(_ context.Context, code string) error {
	n.code, n.met[code] = code, true
	return nil
}

func (n *listNoun[T]) decide(r candidate) error {
	row, err := n.kind.decode(r.text)
	if err != nil {
		return err
	}
	old, known := n.list[n.code]
	next, same, err := n.kind.next(old, row, !known)
	switch ps := problemsOf(err); {
	case len(ps) > 0:
		return n.late(r, exchange.Error, ps...)
	case err != nil:
		return err
	case same:
		n.rows.Same++
		return nil
	}
	n.planned = append(n.planned, plannedRow[T]{r: r, old: old, next: next, new: !known})
	return nil
}

// rest weighs all rows together, reports what may not be written, and stages the
// rest in the order of codes.
func (n *listNoun[T]) rest(context.Context) error {
	for code, x := range n.list {
		if next, off := n.kind.gone(x); off && !n.met[code] {
			n.planned = append(n.planned, plannedRow[T]{old: x, next: next, off: true})
		}
	}
	codeOf := func(p plannedRow[T]) string { return n.kind.named(p.next).Code }
	slices.SortFunc(n.planned, func(a, b plannedRow[T]) int { return cmp.Compare(codeOf(a), codeOf(b)) })
	_, out := fitting(n.planned, codeOf, func(some []plannedRow[T]) map[string]error {
		rows := make([]T, len(some))
		for k, p := range some {
			rows[k] = p.next
		}
		return n.kind.unfit(rows)
	})
	for _, p := range n.planned {
		if err := out[codeOf(p)]; err != nil {
			if err := n.late(p.r, exchange.Error, problemsOf(err)...); err != nil {
				return err
			}
			continue
		}
		if err := n.plan(p); err != nil {
			return err
		}
	}
	return nil
}

// plan counts, shows and stages what would be written.
func (n *listNoun[T]) plan(p plannedRow[T]) error {
	name := n.kind.named(p.next)
	switch {
	case p.new:
		n.rows.New++
		show(&n.report.New, name, nil)
	case p.off:
		n.rows.Gone++
		show(&n.report.Gone, name, nil)
	default:
		if err := n.older(p.r, n.kind.sourced(p.old)); err != nil {
			return err
		}
		if n.kind.back(p.old) {
			n.report.Revived++
		}
		n.rows.Changed++
		show(&n.report.Changed, name, n.kind.diff(p.old, p.next))
	}
	return n.stage(n.kind.staged(p.next))
}
