package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/pinyin"
)

var objectCols = []string{
	"no", "region", "kind", "code", "reg_no", "name", "status", "legal_rep", "phone", "liaison", "liaison_phone", "address", "town",
	"scope", "industry", "established", "authority", "station", "owner", "risk", "risk_source", "risk_on", "source", "sourced", "into_no", "initials", "outside",
}

// objects is how the library of objects is written.
var objects = libraryKind[inspect.Object]{
	name: "object", table: "object", cols: objectCols, keys: 1, scan: scanObjectRow,
	values: func(o inspect.Object) []any { return objectValues(o, pinyin.Initials(o.Name)) },
}

// objectValues are those of objectCols; initials are the object's name's.
func objectValues(o inspect.Object, initials string) []any {
	var into any
	if o.Into > 0 {
		into = int64(o.Into)
	}
	return []any{int64(o.No), o.Region, string(o.Kind), o.Code, o.RegNo, o.Name, string(o.Status), o.LegalRep, o.Phone, o.Liaison, o.LiaisonPhone,
		o.Address, o.Town, o.Scope, o.Industry, day(o.Established), o.Authority, o.Station, string(o.Owner), o.Risk, o.RiskSource, day(o.RiskOn),
		o.Source, day(o.Sourced), into, initials, o.Outside}
}

// scanObjectRow scans objectCols.
func scanObjectRow(s scanner) (o inspect.Object, err error) {
	var into *int64
	var initials string
	err = s.Scan(&o.No, &o.Region, &o.Kind, &o.Code, &o.RegNo, &o.Name, &o.Status, &o.LegalRep, &o.Phone, &o.Liaison, &o.LiaisonPhone,
		&o.Address, &o.Town, &o.Scope, &o.Industry, dayCol{&o.Established}, &o.Authority, &o.Station, &o.Owner, &o.Risk, &o.RiskSource,
		dayCol{&o.RiskOn}, &o.Source, dayCol{&o.Sourced}, &into, &initials, &o.Outside)
	if into != nil {
		o.Into = inspect.ObjectNo(*into)
	}
	return o, err
}

// scanObject scans objectCols and the version.
func scanObject(s scanner) (o inspect.Object, err error) {
	var version int64
	o, err = scanObjectRow(tailScanner{scanner: s, tail: []any{&version}})
	o.Version = version
	return o, err
}

var selectObject = `SELECT ` + strings.Join(objectCols, ", ") + `, version FROM object `

// Object returns one object of the scope's region.
func (db *DB) Object(ctx context.Context, scope inspect.Scope, no inspect.ObjectNo) (inspect.Object, error) {
	return row(ctx, db.db, scanObject, selectObject+`WHERE no = $1 AND region = $2`, int64(no), scope.Region)
}

// ObjectsOf returns those of the objects that are of the scope's region, by number.
func (db *DB) ObjectsOf(ctx context.Context, scope inspect.Scope, nos []inspect.ObjectNo) ([]inspect.Object, error) {
	return objectsOf(ctx, db.db, scope.Region, nos)
}

func objectsOf(ctx context.Context, q queryer, region string, nos []inspect.ObjectNo) ([]inspect.Object, error) {
	return inParts(nos, 2, func(marks string, args []any) ([]inspect.Object, error) {
		return list(ctx, q, scanObject, selectObject+`WHERE region = $1 AND no IN `+marks+` ORDER BY no`, append([]any{region}, args...)...)
	})
}

// Object returns one object.
func (t *Tx) Object(ctx context.Context, no inspect.ObjectNo) (inspect.Object, error) {
	return row(ctx, t.tx, scanObject, selectObject+`WHERE no = $1`, int64(no))
}

// ObjectsOf returns those of the objects that are of a region, by number.
func (t *Tx) ObjectsOf(ctx context.Context, region string, nos []inspect.ObjectNo) ([]inspect.Object, error) {
	return objectsOf(ctx, t.tx, region, nos)
}

// ObjectByCode returns the object of a region with this code.
func (t *Tx) ObjectByCode(ctx context.Context, region, code string) (inspect.Object, error) {
	return row(ctx, t.tx, scanObject, selectObject+`WHERE region = $1 AND code = $2`, region, code)
}

// PutObjects writes objects: those of version 0 are new and get the next
// numbers, in the order given; the others replace the version they were made
// from, which fails with inspect.ErrStale if it is no longer the newest. It
// makes all what they are now, and returns what the entry commits to.
func (t *Tx) PutObjects(ctx context.Context, all []inspect.Object) (RowsImage, error) {
	last, err := row(ctx, t.tx, scanCount, `SELECT coalesce(max(no), 0) FROM object`)
	if err != nil {
		return RowsImage{}, err
	}
	var fresh []inspect.Object
	var changed []replaced[inspect.Object]
	for i := range all {
		o := &all[i]
		if o.Version == 0 {
			last++
			o.No = inspect.ObjectNo(last)
			fresh = append(slices.Grow(fresh, len(all)-i), *o)
		} else {
			changed = append(changed, replaced[inspect.Object]{*o, o.Version})
		}
		o.Version++
	}
	index, err := t.findChanges(ctx, changed)
	if err != nil {
		return RowsImage{}, err
	}
	index.room = len(fresh)
	indexed := objects
	indexed.values = func(o inspect.Object) []any {
		initials := pinyin.Initials(o.Name)
		index.add(o, initials)
		return objectValues(o, initials)
	}
	d := rowDigests{all: make([]rowDigest, 0, len(all))}
	if err := indexed.add(ctx, t, fresh, &d); err != nil {
		return RowsImage{}, err
	}
	if err := objects.put(ctx, t, changed, &d); err != nil {
		return RowsImage{}, err
	}
	return d.image(), index.write(ctx, t.tx) // last, see there
}

// TouchObjects names the first of several objects as what the entry is about, with
// their number.
func (t *Tx) TouchObjects(ctx context.Context, all []inspect.Object) error {
	return t.touch(ctx, "object", all[0].Key(), int64(len(all)), "", "")
}

// TouchObject names one object as what the entry is about.
func (t *Tx) TouchObject(ctx context.Context, o inspect.Object) error {
	return t.touch(ctx, "object", strconv.FormatInt(int64(o.No), 10), o.Version, "", "")
}
