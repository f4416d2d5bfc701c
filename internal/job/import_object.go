package job

import (
	"context"
	"fmt"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// Marks of a row of objects: what was not in the file.
const (
	markKind   = 'k'
	markStatus = 's'
	markRiskOn = 'r'
)

// An objectNoun compares a file with the library of objects, which may have
// millions: both are gone through side by side.
type objectNoun struct {
	*importCheck
	has     []inspect.ObjectField // fields that a column feeds
	library *libraryCursor
	old     *inspect.Object // of the code found last
}

func newObjectNoun(c *importCheck) *objectNoun {
	n := &objectNoun{importCheck: c, library: &libraryCursor{db: c.DB, scope: c.scope(), whole: c.i.Whole}}
	for _, f := range inspect.ObjectFields {
		if _, ok := c.head[f.Key]; ok {
			n.has = append(n.has, f)
		}
	}
	return n
}

func (n *objectNoun) read(row exchange.Row) (k keyed, err error) {
	o, err := row.Object()
	if err != nil {
		return k, err // the values are in normal form
	}
	o, filled := n.i.Fill(o)
	k = keyed{line: row.Line, failed: row.Failed(), warned: len(row.Faults) > 0, marks: objectMarks(filled)}
	switch {
	case k.failed:
	case o.Kind == "":
		err = n.problems(&k, nil, inspect.KindProblem(o.Code))
	default:
		var warnings inspect.Problems
		var bad error
		o, warnings, bad = o.Tidy(n.today)
		err = n.problems(&k, warnings, bad)
	}
	if k.code = o.Code; !k.failed {
		k.text = o.Text()
	}
	return k, err
}

// objectMarks are the marks of a row; a file has millions, and so they are made
// once.
func objectMarks(f inspect.Filled) string {
	at := 0
	for k, is := range [...]bool{f.Kind, f.Status, f.RiskOn} {
		if is {
			at |= 1 << k
		}
	}
	return [...]string{"", "k", "s", "ks", "r", "kr", "sr", "ksr"}[at]
}

func (n *objectNoun) find(ctx context.Context, code string) (err error) {
	n.old, err = n.library.find(ctx, code, n.vanish)
	return err
}

func (n *objectNoun) decide(r candidate) error {
	switch {
	case n.old == nil:
		return n.added(r)
	case n.old.Owner != n.i.Org:
		return n.late(r, exchange.Error, inspect.ErrObjectForeign.At("code"))
	case n.old.Status == inspect.ObjectMerged:
		return n.late(r, exchange.Error, inspect.Problem{
			Code: "merged_object", Field: "code", Text: "这个代码的对象已合并到序号 %d 的对象。请改用保留对象的代码，或者删去本行。", Args: []any{n.old.Into},
		})
	}
	return n.changed(*n.old, r)
}

// added stages a new object as the file has it.
func (n *objectNoun) added(r candidate) error {
	n.rows.New++
	if room(n.report.New) {
		o, err := inspect.ParseObject(0, 0, r.text)
		if err != nil {
			return err
		}
		show(&n.report.New, namedObject(o), nil)
	}
	return n.stage(0, 0, r.text)
}

func (n *objectNoun) changed(old inspect.Object, r candidate) error {
	row, err := inspect.ParseObject(0, 0, r.text)
	if err != nil {
		return err
	}
	next := n.i.Overlay(old, row, n.has, inspect.Filled{Kind: r.has(markKind), Status: r.has(markStatus), RiskOn: r.has(markRiskOn)})
	if next == old {
		n.rows.Same++
		return nil
	}
	if err := n.older(r, old.Sourced); err != nil {
		return err
	}
	if old.Status == inspect.ObjectWithdrawn || old.Status == inspect.ObjectVanished {
		n.report.Revived++
	}
	if n.rows.Changed++; room(n.report.Changed) {
		show(&n.report.Changed, namedObject(next), objectDiff(old, next))
	}
	return n.stage(int64(next.No), next.Version, next.Text())
}

// vanish takes an object of the library that the file does not have.
func (n *objectNoun) vanish(o inspect.Object) error {
	if !n.i.WouldVanish(o) {
		return nil
	}
	n.rows.Gone++
	show(&n.report.Gone, namedObject(o), nil)
	o = o.Vanish(n.i.Sourced)
	return n.stage(int64(o.No), o.Version, o.Text())
}

func (n *objectNoun) rest(ctx context.Context) error {
	if !n.i.Whole {
		return nil
	}
	return n.library.rest(ctx, n.vanish)
}

func objectDiff(old, next inspect.Object) (diff []inspect.FieldChange) {
	for _, f := range inspect.ObjectFields {
		if f.Value(&next) != f.Value(&old) {
			diff = append(diff, inspect.FieldChange{Label: f.Label, Before: f.Text(&old), After: f.Text(&next)})
		}
	}
	return diff
}

func namedObject(o inspect.Object) inspect.ImportNamed {
	return inspect.ImportNamed{Code: o.Code, Name: o.Name}
}

// objectRows is how staged objects are read and written.
var objectRows = rowKind[inspect.Object]{
	parse: func(no, version int64, text string) (inspect.Object, error) {
		return inspect.ParseObject(inspect.ObjectNo(no), version, text)
	},
	named: namedObject,
	rows:  func(all []inspect.Object) act.Rows { return act.ObjectRows(all) },
}

// A libraryCursor goes through the library in the order of codes. Where a file
// is not the whole of its source, it skips what the file does not ask for.
type libraryCursor struct {
	db    *store.DB
	scope inspect.Scope
	whole bool
	page  []inspect.Object
	at    int
	hits  int    // rows of the page that the file has
	most  int    // rows of the next page
	last  string // the last code read
	ended bool
}

const (
	pageLeast = 16
	pageMost  = 4096
)

// find returns the object with the code, if there is one, after it gave those
// before it to passed.
func (l *libraryCursor) find(ctx context.Context, code string, passed func(inspect.Object) error) (*inspect.Object, error) {
	for {
		for l.at < len(l.page) {
			o := &l.page[l.at]
			if o.Code > code {
				return nil, nil
			}
			l.at++
			if o.Code == code {
				l.hits++
				return o, nil
			}
			if err := passed(*o); err != nil {
				return nil, err
			}
		}
		if l.ended {
			return nil, nil
		}
		from := code
		if l.whole {
			from = l.last
		}
		if err := l.next(ctx, from); err != nil {
			return nil, err
		}
	}
}

// next reads the page that begins with from, without what was read before.
func (l *libraryCursor) next(ctx context.Context, from string) error {
	switch {
	case l.whole:
		l.most = pageMost
	case l.hits*4 >= len(l.page):
		l.most = min(max(2*l.most, pageLeast), pageMost)
	default:
		l.most = max(l.most/2, pageLeast)
	}
	page, err := l.db.ObjectsByCode(ctx, l.scope, from, l.most)
	if err != nil {
		return fmt.Errorf("read the library from code %s: %w", from, err)
	}
	l.ended = len(page) < l.most
	if len(page) > 0 && page[0].Code == l.last {
		page = page[1:]
	}
	l.page, l.at, l.hits = page, 0, 0
	if len(page) > 0 {
		l.last = page[len(page)-1].Code
	}
	return nil
}

// rest gives all that is left to passed.
func (l *libraryCursor) rest(ctx context.Context, passed func(inspect.Object) error) error {
	for {
		for ; l.at < len(l.page); l.at++ {
			if err := passed(l.page[l.at]); err != nil {
				return err
			}
		}
		if l.ended {
			return nil
		}
		if err := l.next(ctx, l.last); err != nil {
			return err
		}
	}
}
