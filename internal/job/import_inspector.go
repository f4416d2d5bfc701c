package job

import (
	"context"
	"fmt"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// staff reads everybody of the region, and what their rows can refer to.
func (w *importWork) staff(ctx context.Context) (all []inspect.Inspector, facts inspect.Facts, err error) {
	if facts, err = w.DB.Facts(ctx, w.scope(), w.i.Region); err != nil {
		return nil, facts, err
	}
	files, err := w.DB.Inspectors(ctx, w.scope(), store.InspectorFilter{Since: workday.On(w.Now())})
	for _, f := range files {
		all = append(all, f.Inspector)
	}
	return all, facts, err
}

func newInspectorNoun(ctx context.Context, c *importCheck) (noun, error) {
	all, facts, err := c.staff(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the library of inspectors: %w", err)
	}
	var own []inspect.Inspector
	for _, x := range all {
		if x.Org == c.i.Org {
			own = append(own, x)
		}
	}
	towns, err := c.DB.Areas(ctx, c.scope(), c.i.Region)
	if err != nil {
		return nil, err
	}
	has := c.has()
	return newListNoun(c, listKind[inspect.Inspector]{
		rowKind: inspectorRows(c.importWork),
		row: func(k *keyed, row exchange.Row) (inspect.Inspector, error) {
			x, bad := row.Inspector(facts.Orgs[c.i.Org], towns)
			x, fault := c.i.FillInspector(x).Tidy(c.today)
			return x, c.problems(k, nil, inspect.Together(bad, fault))
		},
		encode: inspect.Inspector.Text,
		decode: func(text string) (inspect.Inspector, error) { return inspect.ParseInspector(0, 0, text) },
		next: func(old, row inspect.Inspector, isNew bool) (inspect.Inspector, bool, error) {
			x, err := c.i.OverlayInspector(old, row, has)
			if err == nil {
				x, err = x.Tidy(c.today)
			}
			return x, !isNew && x.Text() == old.Text(), err
		},
		gone:  func(x inspect.Inspector) (inspect.Inspector, bool) { return x.Vanish(c.i.Sourced), c.i.WouldEnd(x) },
		unfit: func(rows []inspect.Inspector) map[string]error { return inspect.UnfitInspectors(rows, all, facts) },
		diff: func(old, next inspect.Inspector) []inspect.FieldChange {
			return inspect.DiffInspector(old, next, facts.Areas)
		},
		back:    func(old inspect.Inspector) bool { return !old.Ended.IsZero() },
		sourced: func(old inspect.Inspector) workday.Date { return old.Sourced },
		staged:  func(x inspect.Inspector) (int64, int64, string) { return int64(x.No), x.Version, x.Text() },
	}, own), nil
}

// inspectorRows is how staged inspectors are read and written.
func inspectorRows(w *importWork) rowKind[inspect.Inspector] {
	return rowKind[inspect.Inspector]{
		parse: func(no, version int64, text string) (inspect.Inspector, error) {
			return inspect.ParseInspector(inspect.InspectorNo(no), version, text)
		},
		named: func(x inspect.Inspector) inspect.ImportNamed { return inspect.ImportNamed{Code: x.Code, Name: x.Name} },
		rows:  func(all []inspect.Inspector) act.Rows { return act.InspectorRows(all) },
		now: func(ctx context.Context) (func([]inspect.Inspector) map[string]error, error) {
			all, facts, err := w.staff(ctx)
			return func(rows []inspect.Inspector) map[string]error { return inspect.UnfitInspectors(rows, all, facts) }, err
		},
	}
}
