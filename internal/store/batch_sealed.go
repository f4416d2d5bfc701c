package store

import (
	"context"

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
