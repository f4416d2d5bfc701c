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
	if err := t.indexFlags(ctx, []inspect.Flag{f}); err != nil {
		return RowsImage{}, err
	}
	return putRow(ctx, t, flags, f, f.Version, f.No.String())
}

// FlagsOf returns the marks of a kind on objects, by number.
func (t *Tx) FlagsOf(ctx context.Context, kind inspect.FlagKind, nos []inspect.ObjectNo) ([]inspect.Flag, error) {
	return inParts(nos, 2, func(marks string, args []any) ([]inspect.Flag, error) {
		return list(ctx, t.tx, scanFlag, selectFlag+`WHERE kind = $1 AND no IN `+marks+` ORDER BY no, since`, append([]any{string(kind)}, args...)...)
	})
}

// PutFlags writes marks of several objects: new ones if their version is 0. It
// returns what the entry commits to.
func (t *Tx) PutFlags(ctx context.Context, all []inspect.Flag) (RowsImage, error) {
	if err := t.indexFlags(ctx, all); err != nil {
		return RowsImage{}, err
	}
	return putRows(ctx, t, flags, all, func(f inspect.Flag) int64 { return f.Version }, all[0].No.String())
}

// putRows writes rows of a library: new ones if their version is 0. The entry is
// about the first of them, with their number.
func putRows[T libraryRow](ctx context.Context, t *Tx, k libraryKind[T], all []T, version func(T) int64, id string) (RowsImage, error) {
	image, err := writeRows(ctx, t, k, all, version)
	if err != nil {
		return image, err
	}
	return image, t.touch(ctx, k.name, id, int64(len(all)), "", "")
}

// writeRows is putRows for an entry that is about something else: a batch.
func writeRows[T libraryRow](ctx context.Context, t *Tx, k libraryKind[T], all []T, version func(T) int64) (RowsImage, error) {
	var fresh []T
	var changed []replaced[T]
	for _, r := range all {
		if v := version(r); v == 0 {
			fresh = append(fresh, r)
		} else {
			changed = append(changed, replaced[T]{r, v})
		}
	}
	return k.write(ctx, t, fresh, changed)
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
