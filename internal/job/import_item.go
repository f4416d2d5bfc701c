package job

import (
	"context"
	"fmt"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// listed reads what the batch's department has on its list, and the limits.
func (w *importWork) listed(ctx context.Context) ([]inspect.Item, []inspect.ItemLimit, error) {
	all, err := w.DB.Items(ctx, w.scope(), w.i.Region)
	if err != nil {
		return nil, nil, err
	}
	limits, err := w.DB.ItemLimits(ctx, w.scope())
	return inspect.ItemsOf(all, w.i.Org), limits, err
}

func newItemNoun(ctx context.Context, c *importCheck) (noun, error) {
	list, limits, err := c.listed(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the list of items: %w", err)
	}
	back, err := c.DB.ItemsTakenBack(ctx, c.scope(), c.i.Org)
	if err != nil {
		return nil, err
	}
	has := c.has()
	return newListNoun(c, listKind[inspect.Item]{
		rowKind: itemRows(c.importWork),
		row:     c.itemRow,
		encode:  inspect.StagedItem,
		decode:  inspect.ParseStagedItem,
		next: func(old, row inspect.Item, isNew bool) (inspect.Item, bool, error) {
			if isNew {
				old.ID = row.ID
			} else if !old.Retired.IsZero() && !back[old.Code] {
				return old, false, inspect.ErrItemBack.With(old.Code)
			}
			x, err := c.i.OverlayItem(old, row, has).Tidy()
			same := !isNew && old.Retired.IsZero() && len(inspect.DiffItem(old, x)) == 0
			x.Retired = workday.Date{}
			return x, same, err
		},
		gone: func(x inspect.Item) (inspect.Item, bool) {
			off := c.i.WouldRetire(x)
			x.Retired = c.today
			return x, off
		},
		unfit:   func(rows []inspect.Item) map[string]error { return inspect.UnfitItems(limits, c.i.Org, rows, list) },
		diff:    inspect.DiffItem,
		back:    func(old inspect.Item) bool { return !old.Retired.IsZero() },
		sourced: func(inspect.Item) workday.Date { return workday.Date{} }, // lists do not keep it
		staged:  func(x inspect.Item) (int64, int64, string) { return 0, x.Version, inspect.StagedItem(x) },
	}, list), nil
}

// itemRow reads a row of a list. Its rules are asked once the columns that the file
// lacks are known from the list. A new item's id follows from batch and code.
func (c *importCheck) itemRow(k *keyed, row exchange.Row) (x inspect.Item, err error) {
	text, faults := exchange.ItemRow(row)
	for _, f := range faults {
		k.failed = k.failed || f.Severity == exchange.Error
		if err := c.fault(f); err != nil {
			return x, err
		}
	}
	if k.failed {
		return x, nil
	}
	x.ID, x.Org = inspect.ItemID(inspect.OwnID(string(c.i.ID), "item", k.code)), c.i.Org
	x.ItemTerms, err = inspect.ParseTerms(text)
	return x, err
}

// itemRows is how staged items are read and written.
func itemRows(w *importWork) rowKind[inspect.Item] {
	return rowKind[inspect.Item]{
		parse: func(_, version int64, text string) (inspect.Item, error) {
			x, err := inspect.ParseStagedItem(text)
			if err == nil && x.Version != version {
				err = errStaged
			}
			return x, err
		},
		named: func(x inspect.Item) inspect.ImportNamed { return inspect.ImportNamed{Code: x.Code, Name: x.Name} },
		rows:  func(all []inspect.Item) act.Rows { return act.ItemRows(all) },
		now: func(ctx context.Context) (func([]inspect.Item) map[string]error, error) {
			list, limits, err := w.listed(ctx)
			return func(rows []inspect.Item) map[string]error { return inspect.UnfitItems(limits, w.i.Org, rows, list) }, err
		},
	}
}
