package act

import (
	"context"

	"suicha/internal/inspect"
)

// Rows are what one act of a batch writes, all of one library, in the order of
// their codes. Version 0 is a new row.
type Rows interface {
	noun() inspect.ImportNoun
	count() int64
	// write writes the rows of a batch, unless the record has moved on since the
	// check so that one of them may no longer be written.
	write(context.Context, *tx, inspect.Import) error
}

// ObjectRows are rows of the library of objects.
type ObjectRows []inspect.Object

// InspectorRows are rows of the library of inspectors.
type InspectorRows []inspect.Inspector

// ItemRows are items of a department's list; those with a day of retirement go off
// it.
type ItemRows []inspect.Item

// LicenceRows are licences of objects, each with its object.
type LicenceRows []inspect.HeldLicence

func (ObjectRows) noun() inspect.ImportNoun    { return inspect.ImportObjects }
func (InspectorRows) noun() inspect.ImportNoun { return inspect.ImportInspectors }
func (ItemRows) noun() inspect.ImportNoun      { return inspect.ImportItems }
func (LicenceRows) noun() inspect.ImportNoun   { return inspect.ImportLicences }

func (r ObjectRows) count() int64    { return int64(len(r)) }
func (r InspectorRows) count() int64 { return int64(len(r)) }
func (r ItemRows) count() int64      { return int64(len(r)) }
func (r LicenceRows) count() int64   { return int64(len(r)) }

// unchanged refuses a code, of those from first to last, that another act has
// written since the check.
func (t *tx) unchanged(ctx context.Context, i inspect.Import, codes []string) error {
	changed, err := t.ImportChanged(ctx, i, codes[0], codes[len(codes)-1])
	if err != nil {
		return err
	}
	for _, code := range codes {
		if changed[code] {
			return inspect.ErrStale
		}
	}
	return nil
}

func codesOf[T any](rows []T, code func(T) string) []string {
	codes := make([]string, len(rows))
	for k, r := range rows {
		codes[k] = code(r)
	}
	return codes
}

func (r ObjectRows) write(ctx context.Context, t *tx, i inspect.Import) error {
	if err := t.unchanged(ctx, i, codesOf(r, func(o inspect.Object) string { return o.Code })); err != nil {
		return err
	}
	for _, o := range r {
		if o.Region != i.Region || o.Owner != i.Org {
			return inspect.ErrObjectForeign
		}
	}
	return r.save(ctx, t, i)
}

// save writes library rows of a batch, which is what the act is about.
func (r ObjectRows) save(ctx context.Context, t *tx, i inspect.Import) error {
	image, err := t.PutObjects(ctx, r)
	if err == nil {
		t.saved("rows.object", string(i.ID), i.Version, image)
	}
	return err
}

func (r InspectorRows) write(ctx context.Context, t *tx, i inspect.Import) error {
	if err := t.unchanged(ctx, i, codesOf(r, func(x inspect.Inspector) string { return x.Code })); err != nil {
		return err
	}
	for _, x := range r {
		if x.Region != i.Region || x.Org != i.Org {
			return inspect.ErrInspectorForeign
		}
	}
	library, err := t.InspectorsOf(ctx, i.Region)
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, i.Region)
	if err != nil {
		return err
	}
	if len(inspect.UnfitInspectors(r, library, facts)) > 0 {
		return inspect.ErrStale
	}
	return r.save(ctx, t, i)
}

func (r InspectorRows) save(ctx context.Context, t *tx, i inspect.Import) error {
	_, image, err := t.PutInspectors(ctx, r)
	if err == nil {
		t.saved("rows.inspector", string(i.ID), i.Version, image)
	}
	return err
}

// R27, R31: a department writes only licences of its own, of objects that stand.
func (r LicenceRows) write(ctx context.Context, t *tx, i inspect.Import) error {
	if err := t.unchanged(ctx, i, codesOf(r, func(l inspect.HeldLicence) string { return l.Named().Code })); err != nil {
		return err
	}
	var nos []inspect.ObjectNo
	for _, l := range r {
		if l.Org != i.Org {
			return inspect.ErrMissing
		}
		nos = append(nos, l.No)
	}
	objects, err := t.ObjectsOf(ctx, i.Region, inOrder(nos))
	if err != nil {
		return err
	}
	bears := map[inspect.ObjectNo]bool{}
	for _, o := range objects {
		bears[o.No] = o.Bears()
	}
	rows := make([]inspect.Licence, len(r))
	for k, l := range r {
		if stands, known := bears[l.No]; !known || !stands && !l.Ended {
			return inspect.ErrStale
		}
		rows[k] = l.Licence
	}
	return t.saveLicences(ctx, rows, i)
}

// saveLicences writes licences of a batch, which is what the act is about.
func (t *tx) saveLicences(ctx context.Context, rows []inspect.Licence, i inspect.Import) error {
	image, err := t.ImportLicences(ctx, rows)
	if err == nil {
		t.saved("rows.licence", string(i.ID), i.Version, image)
	}
	return err
}

func (r ItemRows) write(ctx context.Context, t *tx, i inspect.Import) error {
	if err := t.unchanged(ctx, i, codesOf(r, func(x inspect.Item) string { return x.Code })); err != nil {
		return err
	}
	list, limits, err := t.listOf(ctx, i)
	if err != nil {
		return err
	}
	back, err := t.ItemsTakenBack(ctx, i.Org)
	if err != nil {
		return err
	}
	if len(inspect.UnfitItems(limits, i.Org, r, list)) > 0 {
		return inspect.ErrStale
	}
	byID, byCode := map[inspect.ItemID]inspect.Item{}, map[string]inspect.Item{}
	for _, x := range list {
		byID[x.ID], byCode[x.Code] = x, x
	}
	for _, row := range r {
		was, ok := byID[row.ID]
		switch other, taken := byCode[row.Code]; {
		case row.Org != i.Org:
			return inspect.ErrMissing
		case row.Version != was.Version, taken && other.ID != row.ID, !was.Retired.IsZero() && !back[was.Code]:
			return inspect.ErrStale
		case !ok:
			was = inspect.Item{ID: row.ID, Org: i.Org}
		}
		item, err := i.Written(was, row, t.now)
		if err != nil {
			return err
		}
		if err := t.saveItem(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// listOf is what the batch's department has listed, with the limits that hold.
func (t *tx) listOf(ctx context.Context, i inspect.Import) ([]inspect.Item, []inspect.ItemLimit, error) {
	all, err := t.Items(ctx, i.Region)
	if err != nil {
		return nil, nil, err
	}
	limits, err := t.ItemLimits(ctx, i.Region)
	return inspect.ItemsOf(all, i.Org), limits, err
}

// takeBack writes what the rows of the batch's chunk k were before. A row that
// another act has changed since stays as it is; one that was new leaves the
// library: R29.
func (t *tx) takeBack(ctx context.Context, i inspect.Import, k int64) error {
	switch i.Noun {
	case inspect.ImportInspectors:
		now, before, err := t.ImportedInspectors(ctx, i.ID, k)
		for n, x := range now {
			now[n] = x.Restore(before[n], t.today())
		}
		if err != nil || len(now) == 0 {
			return err
		}
		return InspectorRows(now).save(ctx, t, i)
	case inspect.ImportItems:
		return t.takeBackItems(ctx, i, k)
	case inspect.ImportLicences:
		now, before, err := t.ImportedLicences(ctx, i.ID, k)
		for n, l := range now {
			now[n] = l.Restore(before[n])
		}
		if err != nil || len(now) == 0 {
			return err
		}
		return t.saveLicences(ctx, now, i)
	}
	now, before, err := t.ImportedObjects(ctx, i.ID, k)
	for n, o := range now {
		now[n] = o.Restore(before[n])
	}
	if err != nil || len(now) == 0 {
		return err
	}
	return ObjectRows(now).save(ctx, t, i)
}

// takeBackItems leaves items that, as they were, the limits of key items no longer
// allow: a reversal is no way around them, R25.
func (t *tx) takeBackItems(ctx context.Context, i inspect.Import, k int64) error {
	now, before, err := t.ImportedItems(ctx, i.ID, k)
	if err != nil {
		return err
	}
	list, limits, err := t.listOf(ctx, i)
	if err != nil {
		return err
	}
	for n, x := range now {
		if now[n], err = i.TakenBack(x, before[n], t.now); err != nil {
			return err
		}
	}
	unfit := inspect.UnfitItems(limits, i.Org, now, list)
	for _, x := range now {
		if unfit[x.Code] != nil {
			continue
		}
		if err := t.saveItem(ctx, x); err != nil {
			return err
		}
	}
	return nil
}
