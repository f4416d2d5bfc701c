package store

import (
	"context"
	"fmt"

	"suicha/internal/inspect"
)

// A PublicBatchFilter narrows the list of public batches; zero fields do not.
type PublicBatchFilter struct {
	Region string
	Year   int
	Text   string // in the announcement: its title, tasks and items
	After  string // number of the last batch of the page before
	Most   int
}

// PublicBatches returns the batches that were announced, the newest first: R55.
func (db *DB) PublicBatches(ctx context.Context, _ inspect.Scope, f PublicBatchFilter) ([]inspect.Batch, error) {
	where, args := `b.announced_at <> '' AND b.region = $1`, []any{f.Region}
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + fmt.Sprintf(cond, len(args))
	}
	if f.Year != 0 {
		and("b.year = $%d", int64(f.Year))
	}
	if f.Text != "" {
		and(`EXISTS (SELECT 1 FROM batch_file m WHERE m.batch = b.id AND m.run = b.run AND m.name = 'manifest.json'
			AND lower(m.text) LIKE lower($%d) ESCAPE '\')`, "%"+likeEscape.Replace(f.Text)+"%")
	}
	if f.After != "" {
		and(`(b.year, b.serial) < (SELECT year, serial FROM batch WHERE number = $%d)`, f.After)
	}
	args = append(args, int64(f.Most))
	return list(ctx, db.db, scanBatch, `
		SELECT `+batchCols+`
		FROM   batch b
		WHERE  `+where+`
		ORDER  BY b.year DESC, b.serial DESC
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// PublicBatch returns the announced batch of a number.
func (db *DB) PublicBatch(ctx context.Context, _ inspect.Scope, number string) (inspect.Batch, error) {
	return row(ctx, db.db, scanBatch, `SELECT `+batchCols+` FROM batch b WHERE b.number = $1 AND b.announced_at <> ''`, number)
}

// A BatchDocument is a document of a run, and the act that it came about by. Whether
// it lists who was drawn is for the reader to know: its name says so.
type BatchDocument struct {
	Run  int
	Name string
	Act  PublicAct
}

// BatchDocuments are the documents of all runs of a batch, in the order they came
// about.
func (db *DB) BatchDocuments(ctx context.Context, _ inspect.Scope, id inspect.BatchID) ([]BatchDocument, error) {
	return list(ctx, db.db, func(s scanner) (d BatchDocument, err error) {
		return d, s.Scan(&d.Run, &d.Name, &d.Act.N, instantCol{&d.Act.At}, &d.Act.Verb, &d.Act.Org, &d.Act.Leaf)
	}, `
		SELECT f.run, f.name, e.n, e.at, e.verb, e.org, e.leaf
		FROM   batch_file f
		JOIN   entry e ON e.n = f.cseq
		WHERE  f.batch = $1 AND f.part = 0
		ORDER  BY e.n, f.name`, string(id))
}

// BatchAct is the act that the batch came by into its present state.
func (db *DB) BatchAct(ctx context.Context, _ inspect.Scope, id inspect.BatchID) (PublicAct, error) {
	return row(ctx, db.db, func(s scanner) (a PublicAct, err error) {
		return a, s.Scan(&a.N, instantCol{&a.At}, &a.Verb, &a.Org, &a.Leaf)
	}, `
		SELECT e.n, e.at, e.verb, e.org, e.leaf
		FROM   batch b
		JOIN   entry e ON e.n = b.cseq
		WHERE  b.id = $1 AND b.announced_at <> ''`, string(id))
}

// namesAtOnce is how many names are asked for in one query.
const namesAtOnce = 500

// ObjectNames returns the names of the objects of a region that have these codes. It
// is for lists that are public: that an enterprise is registered is no secret, that
// it is on a list may be.
func (db *DB) ObjectNames(ctx context.Context, _ inspect.Scope, region string, codes []string) (map[string]string, error) {
	type named struct{ code, name string }
	names := map[string]string{}
	for len(codes) > 0 {
		part := codes[:min(namesAtOnce, len(codes))]
		codes = codes[len(part):]
		marks, args := in(2, part)
		some, err := list(ctx, db.db, func(s scanner) (x named, err error) { return x, s.Scan(&x.code, &x.name) },
			`SELECT code, name FROM object WHERE region = $1 AND code IN `+marks, append([]any{region}, args...)...)
		if err != nil {
			return nil, fmt.Errorf("read the names of objects: %w", err)
		}
		for _, x := range some {
			names[x.code] = x.name
		}
	}
	return names, nil
}
