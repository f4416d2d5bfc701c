package store

import (
	"context"
	"fmt"
	"slices"

	"suicha/internal/inspect"
)

// BatchesHidden returns the other batches of a region and year that are drawn and whose
// list is not public yet.
func (t *Tx) BatchesHidden(ctx context.Context, b inspect.Batch) ([]inspect.Batch, error) {
	return list(ctx, t.tx, scanBatch, `
		SELECT `+batchCols+`
		FROM   batch
		WHERE  region = $1 AND year = $2 AND id <> $3 AND state = 'drawn' AND entrusted_at <> ''
		ORDER  BY number`, b.Region, b.Year, string(b.ID))
}

// SealedRuns counts the runs whose lists are or were encrypted: while there is one, the
// key that protects them is needed.
func (db *DB) SealedRuns(ctx context.Context) (int64, error) {
	return row(ctx, db.db, scanCount, `SELECT count(*) FROM batch_file WHERE name = 'key.sealed'`)
}

const readingCols = `id, version, batch, run, org, by_whom, at, ground`

func scanReading(s scanner) (r inspect.Reading, err error) {
	return r, s.Scan(&r.ID, &r.Version, &r.Batch, &r.Run, &r.Org, &r.By, instantCol{&r.At}, &r.Ground)
}

// AddReading stores a reading of a sealed list.
func (t *Tx) AddReading(ctx context.Context, r inspect.Reading) error {
	return t.write(ctx, "reading", string(r.ID), 0, []column{
		{"batch", r.Batch}, {"run", int64(r.Run)}, {"org", r.Org}, {"by_whom", r.By}, {"at", instant(r.At)}, {"ground", r.Ground},
	}, "", "")
}

// Readings returns who was shown the list of a batch's present run.
func (t *Tx) Readings(ctx context.Context, b inspect.Batch) ([]inspect.Reading, error) {
	return readings(ctx, t.tx, b)
}

// Readings returns who was shown the list of a batch's present run, the last first, for
// readers who may see the register.
func (db *DB) Readings(ctx context.Context, _ inspect.Scope, b inspect.Batch) ([]inspect.Reading, error) {
	return readings(ctx, db.db, b)
}

func readings(ctx context.Context, q queryer, b inspect.Batch) ([]inspect.Reading, error) {
	return list(ctx, q, scanReading, `SELECT `+readingCols+` FROM reading WHERE batch = $1 AND run = $2 ORDER BY cseq DESC`, string(b.ID), int64(b.Run))
}

// A NamedRow is what an object or an inspector is called, in a list that holds numbers.
type NamedRow struct{ Name, Code, Place string }

// ObjectsNamed returns names, codes and addresses of objects, for readers who may see
// the list that they are on.
func (db *DB) ObjectsNamed(ctx context.Context, _ inspect.Scope, nos []inspect.ObjectNo) (map[inspect.ObjectNo]NamedRow, error) {
	return named(ctx, db.db, nos, `SELECT no, name, code, address FROM object WHERE no IN `)
}

// InspectorsNamed returns names and codes of inspectors, likewise.
func (db *DB) InspectorsNamed(ctx context.Context, _ inspect.Scope, nos []inspect.InspectorNo) (map[inspect.InspectorNo]NamedRow, error) {
	return named(ctx, db.db, nos, `SELECT no, name, code, '' FROM inspector WHERE no IN `)
}

func named[N ~int64](ctx context.Context, q queryer, nos []N, query string) (map[N]NamedRow, error) {
	found := map[N]NamedRow{}
	for part := range slices.Chunk(nos, namesAtOnce) {
		marks, args := in(1, part)
		_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
			var no N
			var row NamedRow
			err = s.Scan(&no, &row.Name, &row.Code, &row.Place)
			found[no] = row
			return none, err
		}, query+marks, args...)
		if err != nil {
			return nil, fmt.Errorf("read the names of a list: %w", err)
		}
	}
	return found, nil
}
