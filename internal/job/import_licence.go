package job

import (
	"context"
	"fmt"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A licenceNoun finds the objects that the rows of a file of licences name.
type licenceNoun struct {
	*importCheck
	org     inspect.Org
	asked   string // the code asked for last: files have an object's licences together
	objects []inspect.Object
	spared  map[string]bool // name and number of rows whose object is not known
}

func newLicenceNoun(ctx context.Context, c *importCheck) (noun, error) {
	held, err := c.DB.LicencesHeld(ctx, c.scope())
	if err != nil {
		return nil, fmt.Errorf("read the licences of the region: %w", err)
	}
	facts, err := c.DB.Facts(ctx, c.scope(), c.i.Region)
	if err != nil {
		return nil, err
	}
	l, has := &licenceNoun{importCheck: c, org: facts.Orgs[c.i.Org], spared: map[string]bool{}}, c.has()
	return newListNoun(c, listKind[inspect.HeldLicence]{
		rowKind: licenceRows(c.importWork),
		code:    func(row exchange.Row) (string, error) { return l.code(ctx, row) },
		row:     func(k *keyed, row exchange.Row) (inspect.HeldLicence, error) { return l.row(ctx, k, row) },
		encode:  inspect.HeldLicence.Staged,
		decode:  func(text string) (inspect.HeldLicence, error) { return inspect.ParseHeldLicence(0, text) },
		next: func(old, row inspect.HeldLicence, isNew bool) (inspect.HeldLicence, bool, error) {
			if isNew {
				return row, false, nil
			}
			x, err := c.i.OverlayLicence(old, row, has)
			if err == nil {
				x.Licence, err = x.Tidy(c.today)
			}
			return x, x.Text() == old.Text(), err
		},
		gone: func(x inspect.HeldLicence) (inspect.HeldLicence, bool) {
			off := c.i.WouldEndLicence(x.Licence) && !l.spared[inspect.LicenceCode("", x.Name, x.Number)]
			x.Licence = x.Vanish(c.i.Sourced)
			return x, off
		},
		unfit: func([]inspect.HeldLicence) map[string]error { return nil }, // each row is weighed by itself
		diff: func(old, next inspect.HeldLicence) []inspect.FieldChange {
			return inspect.DiffLicence(old.Licence, next.Licence)
		},
		back:    func(old inspect.HeldLicence) bool { return old.Ended },
		sourced: func(old inspect.HeldLicence) workday.Date { return old.Sourced },
		staged:  func(x inspect.HeldLicence) (int64, int64, string) { return int64(x.No), x.Version, x.Staged() },
	}, held), nil
}

// object returns the one object that the row names, or says why there is none.
func (l *licenceNoun) object(ctx context.Context, code string) (o inspect.Object, err error) {
	if l.objects == nil || l.asked != code {
		if l.objects, err = l.DB.ObjectsCoded(ctx, l.scope(), code); err != nil {
			return o, err
		}
		l.asked = code
	}
	switch len(l.objects) {
	case 0:
		return o, inspect.ErrLicenceObject.With(code)
	case 1:
		return l.objects[0], nil
	}
	return o, inspect.ErrLicenceObjects.With(code)
}

// code tells the row's licence apart, also if the rest of the row is faulty: the
// licence has not vanished. Where the object is not known, no licence of that name
// and number has.
func (l *licenceNoun) code(ctx context.Context, row exchange.Row) (string, error) {
	x, _ := row.Licence(l.org)
	x, _ = x.Tidy(l.today)
	if x.Name == "" || x.Number == "" {
		return "", nil
	}
	o, err := l.object(ctx, row.Value("code"))
	switch {
	case len(problemsOf(err)) > 0:
		l.spared[inspect.LicenceCode("", x.Name, x.Number)] = true
		return "", nil
	case err != nil:
		return "", err
	}
	return inspect.LicenceCode(o.Code, x.Name, x.Number), nil
}

// row reads a row by the rules of one licence. The object was looked up for its code.
func (l *licenceNoun) row(ctx context.Context, k *keyed, row exchange.Row) (held inspect.HeldLicence, err error) {
	x, bad := row.Licence(l.org)
	x, fault := x.Tidy(l.today)
	o, missing := l.object(ctx, row.Value("code"))
	if missing != nil {
		return held, l.problems(k, nil, inspect.Together(bad, fault, missing))
	}
	held, unfit := l.i.LicenceOf(x, o)
	var warnings inspect.Problems
	if name := row.Value("holder"); name != "" && name != o.Name {
		warnings = append(warnings, inspect.ErrLicenceName.With(o.Name))
	}
	return held, l.problems(k, warnings, inspect.Together(bad, fault, unfit))
}

// licenceRows is how staged licences are read and written.
func licenceRows(w *importWork) rowKind[inspect.HeldLicence] {
	return rowKind[inspect.HeldLicence]{
		parse: func(no, version int64, text string) (inspect.HeldLicence, error) {
			l, err := inspect.ParseHeldLicence(version, text)
			if err == nil && int64(l.No) != no {
				err = errStaged
			}
			return l, err
		},
		named: inspect.HeldLicence.Named,
		rows:  func(all []inspect.HeldLicence) act.Rows { return act.LicenceRows(all) },
		now: func(ctx context.Context) (func([]inspect.HeldLicence) map[string]error, error) {
			not, err := w.DB.ObjectsNotBearing(ctx, w.scope())
			return func(rows []inspect.HeldLicence) map[string]error {
				unfit := map[string]error{}
				for _, l := range rows {
					if not[l.No] && !l.Ended {
						unfit[l.Named().Code] = inspect.ErrLicenceHolder
					}
				}
				return unfit
			}, err
		},
	}
}
