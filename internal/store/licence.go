package store

import (
	"context"

	"suicha/internal/inspect"
)

// licences is how licences of objects are written.
var licences = libraryKind[inspect.Licence]{
	name: "licence", table: "object_licence", cols: []string{"no", "name", "number", "issued", "valid_to", "authority", "org", "ended", "source", "sourced"}, keys: 3,
	scan: func(s scanner) (l inspect.Licence, err error) {
		return l, s.Scan(&l.No, &l.Name, &l.Number, dayCol{&l.Issued}, dayCol{&l.ValidTo}, &l.Authority, &l.Org, &l.Ended, &l.Source, dayCol{&l.Sourced})
	},
	values: func(l inspect.Licence) []any {
		return []any{int64(l.No), l.Name, l.Number, day(l.Issued), day(l.ValidTo), l.Authority, string(l.Org), l.Ended, l.Source, day(l.Sourced)}
	},
}

func scanLicence(s scanner) (inspect.Licence, error) {
	var version int64
	l, err := licences.scan(tailScanner{scanner: s, tail: []any{&version}})
	l.Version = version
	return l, err
}

const selectLicence = `SELECT no, name, number, issued, valid_to, authority, org, ended, source, sourced, version FROM object_licence `

// Licences returns the licences of an object, for readers who may see the object.
func (db *DB) Licences(ctx context.Context, _ inspect.Scope, no inspect.ObjectNo) ([]inspect.Licence, error) {
	return list(ctx, db.db, scanLicence, selectLicence+`WHERE no = $1 ORDER BY ended, name, number`, int64(no))
}

// LicencesHeld returns all licences of objects of the scope's region, each with its
// object: what a file of licences is compared with.
func (db *DB) LicencesHeld(ctx context.Context, scope inspect.Scope) ([]inspect.HeldLicence, error) {
	return list(ctx, db.db, scanHeldLicence, selectHeld+`WHERE o.region = $1`, scope.Region)
}

// LicencesInForce returns the licences that objects of the scope's region have, without
// those that were ended, in the order of objects.
func (db *DB) LicencesInForce(ctx context.Context, scope inspect.Scope, nos []inspect.ObjectNo) ([]inspect.HeldLicence, error) {
	return inParts(nos, 2, func(marks string, args []any) ([]inspect.HeldLicence, error) {
		return list(ctx, db.db, scanHeldLicence, selectHeld+`
			WHERE  o.region = $1 AND NOT l.ended AND l.no IN `+marks+`
			ORDER  BY l.no, l.name, l.number`, append([]any{scope.Region}, args...)...)
	})
}

const selectHeld = `
	SELECT l.no, l.name, l.number, l.issued, l.valid_to, l.authority, l.org, l.ended, l.source, l.sourced, l.version, o.code, o.name
	FROM   object_licence l
	JOIN   object o ON o.no = l.no
	`

func scanHeldLicence(s scanner) (l inspect.HeldLicence, err error) {
	l.Licence, err = scanLicence(tailScanner{scanner: s, tail: []any{&l.Code, &l.Holder}})
	return l, err
}

// ObjectsCoded returns the object of the scope's region with a code; if there is none,
// those that were registered under that number before, two at most.
func (db *DB) ObjectsCoded(ctx context.Context, scope inspect.Scope, code string) ([]inspect.Object, error) {
	all, err := list(ctx, db.db, scanObject, selectObject+`WHERE region = $1 AND code = $2`, scope.Region, code)
	if err != nil || len(all) > 0 {
		return all, err
	}
	return list(ctx, db.db, scanObject, selectObject+`WHERE region = $1 AND reg_no = $2 AND reg_no <> '' ORDER BY no LIMIT 2`, scope.Region, code)
}

// ObjectsNotBearing returns the objects of the scope's region that are no longer
// objects of their own: inspect.Object.Bears.
func (db *DB) ObjectsNotBearing(ctx context.Context, scope inspect.Scope) (map[inspect.ObjectNo]bool, error) {
	nos, err := list(ctx, db.db, scanCount, `SELECT no FROM object WHERE region = $1 AND status IN ('merged', 'withdrawn')`, scope.Region)
	not := make(map[inspect.ObjectNo]bool, len(nos))
	for _, no := range nos {
		not[inspect.ObjectNo(no)] = true
	}
	return not, err
}

// Licence returns one licence.
func (t *Tx) Licence(ctx context.Context, no inspect.ObjectNo, name, number string) (inspect.Licence, error) {
	return row(ctx, t.tx, scanLicence, selectLicence+`WHERE no = $1 AND name = $2 AND number = $3`, int64(no), name, number)
}

// LicencesOf returns the licences of a name that objects have or had, by number.
func (t *Tx) LicencesOf(ctx context.Context, name string, nos []inspect.ObjectNo) ([]inspect.Licence, error) {
	return inParts(nos, 2, func(marks string, args []any) ([]inspect.Licence, error) {
		return list(ctx, t.tx, scanLicence, selectLicence+`WHERE name = $1 AND no IN `+marks+` ORDER BY no, number`, append([]any{name}, args...)...)
	})
}

// PutLicences replaces licences of several objects. It returns what the entry
// commits to.
func (t *Tx) PutLicences(ctx context.Context, all []inspect.Licence) (RowsImage, error) {
	if err := t.indexLicences(ctx, all); err != nil {
		return RowsImage{}, err
	}
	return putRows(ctx, t, licences, all, func(l inspect.Licence) int64 { return l.Version }, all[0].No.String())
}

// ImportLicences writes licences of a batch: new ones if their version is 0. The entry
// is about the batch. It returns what the entry commits to.
func (t *Tx) ImportLicences(ctx context.Context, all []inspect.Licence) (RowsImage, error) {
	if err := t.indexLicences(ctx, all); err != nil {
		return RowsImage{}, err
	}
	return writeRows(ctx, t, licences, all, func(l inspect.Licence) int64 { return l.Version })
}

// PutLicence writes a licence: a new one if its version is 0. It returns what the
// entry commits to.
func (t *Tx) PutLicence(ctx context.Context, l inspect.Licence) (RowsImage, error) {
	if err := t.indexLicences(ctx, []inspect.Licence{l}); err != nil {
		return RowsImage{}, err
	}
	return putRow(ctx, t, licences, l, l.Version, l.No.String())
}
