package store

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// flags is how marks on objects are written: R53.
var flags = libraryKind[inspect.Flag]{
	name: "flag", table: "object_flag", cols: []string{"no", "kind", "since", "until", "source", "note", "org"}, keys: 3,
	scan: func(s scanner) (f inspect.Flag, err error) {
		return f, s.Scan(&f.No, &f.Kind, dayCol{&f.Since}, dayCol{&f.Until}, &f.Source, &f.Note, &f.Org)
	},
	values: func(f inspect.Flag) []any {
		return []any{int64(f.No), string(f.Kind), day(f.Since), day(f.Until), f.Source, f.Note, string(f.Org)}
	},
}

func scanFlag(s scanner) (inspect.Flag, error) {
	var version int64
	f, err := flags.scan(tailScanner{scanner: s, tail: []any{&version}})
	f.Version = version
	return f, err
}

const selectFlag = `SELECT no, kind, since, until, source, note, org, version FROM object_flag `

// Flags returns the marks on an object, the newest first, for readers who may
// see the object.
func (db *DB) Flags(ctx context.Context, _ inspect.Scope, no inspect.ObjectNo) ([]inspect.Flag, error) {
	return list(ctx, db.db, scanFlag, selectFlag+`WHERE no = $1 ORDER BY since DESC, kind`, int64(no))
}

// Flag returns one mark.
func (t *Tx) Flag(ctx context.Context, no inspect.ObjectNo, kind inspect.FlagKind, since workday.Date) (inspect.Flag, error) {
	return row(ctx, t.tx, scanFlag, selectFlag+`WHERE no = $1 AND kind = $2 AND since = $3`, int64(no), string(kind), day(since))
}

// PutFlag writes a mark: a new one if its version is 0. It returns what the
// entry commits to.
func (t *Tx) PutFlag(ctx context.Context, f inspect.Flag) (RowsImage, error) {
	if err := t.indexFlag(ctx, f); err != nil {
		return RowsImage{}, err
	}
	return putRow(ctx, t, flags, f, f.Version, f.No.String())
}

// putRow writes one row of a library, and names what the entry is about.
func putRow[T libraryRow](ctx context.Context, t *Tx, k libraryKind[T], r T, version int64, id string) (image RowsImage, err error) {
	if version == 0 {
		image, err = k.write(ctx, t, []T{r}, nil)
	} else {
		image, err = k.write(ctx, t, nil, []replaced[T]{{r, version}})
	}
	if err != nil {
		return image, err
	}
	return image, t.touch(ctx, k.name, id, version+1, "", "")
}
