package store

import (
	"context"

	"suicha/internal/inspect"
)

// licences is how licences of objects are written.
var licences = libraryKind[inspect.Licence]{
	name: "licence", table: "object_licence", cols: []string{"no", "name", "number", "issued", "valid_to", "authority", "org", "ended"}, keys: 3,
	scan: func(s scanner) (l inspect.Licence, err error) {
		return l, s.Scan(&l.No, &l.Name, &l.Number, dayCol{&l.Issued}, dayCol{&l.ValidTo}, &l.Authority, &l.Org, &l.Ended)
	},
	values: func(l inspect.Licence) []any {
		return []any{int64(l.No), l.Name, l.Number, day(l.Issued), day(l.ValidTo), l.Authority, string(l.Org), l.Ended}
	},
}

func scanLicence(s scanner) (inspect.Licence, error) {
	var version int64
	l, err := licences.scan(tailScanner{scanner: s, tail: []any{&version}})
	l.Version = version
	return l, err
}

const selectLicence = `SELECT no, name, number, issued, valid_to, authority, org, ended, version FROM object_licence `

// Licences returns the licences of an object, for readers who may see the object.
func (db *DB) Licences(ctx context.Context, _ inspect.Scope, no inspect.ObjectNo) ([]inspect.Licence, error) {
	return list(ctx, db.db, scanLicence, selectLicence+`WHERE no = $1 ORDER BY ended, name, number`, int64(no))
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

// PutLicence writes a licence: a new one if its version is 0. It returns what the
// entry commits to.
func (t *Tx) PutLicence(ctx context.Context, l inspect.Licence) (RowsImage, error) {
	if err := t.indexLicences(ctx, []inspect.Licence{l}); err != nil {
		return RowsImage{}, err
	}
	return putRow(ctx, t, licences, l, l.Version, l.No.String())
}
