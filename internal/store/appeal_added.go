package store

import (
	"context"
	"slices"

	"suicha/internal/inspect"
)

const addedCols = `id, version, region, appeal, no, digest, files, at`

func scanAdded(s scanner) (x inspect.AppealAdded, err error) {
	return x, s.Scan(&x.ID, &x.Version, &x.Region, &x.Appeal, &x.No, &x.Digest, jsonCol[[]inspect.AppealFile]{&x.Files}, instantCol{&x.At})
}

// AddAppealAdded stores what a sender added to an appeal, for good.
func (t *Tx) AddAppealAdded(ctx context.Context, x inspect.AppealAdded) error {
	return t.write(ctx, "appeal_added", x.ID, 0, []column{
		{"region", x.Region}, {"appeal", string(x.Appeal)}, {"no", int64(x.No)}, {"digest", x.Digest}, {"files", asJSON(x.Files)}, {"at", instant(x.At)},
	}, "", "")
}

// AppealAdded returns what was added to an appeal, the first first.
func (t *Tx) AppealAdded(ctx context.Context, id inspect.AppealID) ([]inspect.AppealAdded, error) {
	return list(ctx, t.tx, scanAdded, `SELECT `+addedCols+` FROM appeal_added WHERE appeal = $1 ORDER BY no`, string(id))
}

// An Added is what was added to an appeal, with its words.
type Added struct {
	inspect.AppealAdded
	Text string
}

// AppealAdded returns what was added to an appeal, for the department that answers, the
// first first. There is nothing once the words were erased.
func (db *DB) AppealAdded(ctx context.Context, scope inspect.Scope, id inspect.AppealID) ([]Added, error) {
	a, err := db.Appeal(ctx, scope, id)
	if err != nil || a.Org != scope.Org || !a.ErasedAt.IsZero() {
		return nil, err
	}
	return list(ctx, db.db, func(s scanner) (x Added, err error) {
		x.AppealAdded, err = scanAdded(tailScanner{scanner: s, tail: []any{&x.Text}})
		return x, err
	}, `
		SELECT d.id, d.version, d.region, d.appeal, d.no, d.digest, d.files, d.at, coalesce(w.text, '')
		FROM   appeal_added d
		LEFT   JOIN feedback_text w ON w.id = d.id
		WHERE  d.appeal = $1
		ORDER  BY d.no`, string(id))
}

// ErasedFiles returns the files that came with appeals whose words were erased, and that
// neither another appeal nor a visit has: 个人信息保护法 四十七.
func (db *DB) ErasedFiles(ctx context.Context, _ inspect.Scope) (erased []string, err error) {
	type added struct {
		files []inspect.AppealFile
		gone  bool
	}
	all, err := list(ctx, db.db, func(s scanner) (x added, err error) {
		return x, s.Scan(jsonCol[[]inspect.AppealFile]{&x.files}, &x.gone)
	}, `SELECT d.files, a.erased_at <> '' FROM appeal_added d JOIN appeal a ON a.id = d.appeal ORDER BY d.id`)
	if err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for _, x := range all {
		for _, f := range x.files {
			kept[f.SHA256] = kept[f.SHA256] || !x.gone
		}
	}
	for digest, stays := range kept {
		if stays {
			continue
		}
		n, err := row(ctx, db.db, scanCount, `SELECT count(*) FROM visit WHERE body LIKE $1`, "%"+digest+"%")
		if err != nil {
			return nil, err
		}
		if n == 0 {
			erased = append(erased, digest)
		}
	}
	slices.Sort(erased)
	return erased, nil
}
