package store

import (
	"context"

	"suicha/internal/inspect"
)

const correctionCols = `id, version, region, result, org, base, kind, ground, items, state, drafted_by, drafted_at, signed_by, signed_at, opinion`

func scanCorrection(s scanner) (c inspect.Correction, err error) {
	return c, s.Scan(&c.ID, &c.Version, &c.Region, &c.Result, &c.Org, &c.Base, &c.Kind, &c.Ground, jsonCol[[]inspect.ResultItem]{&c.Items}, &c.State,
		&c.DraftedBy, instantCol{&c.DraftedAt}, &c.SignedBy, instantCol{&c.SignedAt}, &c.Opinion)
}

// PutCorrection stores a correction, new if it has no version, or replaces the version
// that c was made from. Was is the state before.
func (t *Tx) PutCorrection(ctx context.Context, was inspect.CorrectionState, c inspect.Correction) error {
	return t.write(ctx, "correction", string(c.ID), c.Version, []column{
		{"region", c.Region}, {"result", string(c.Result)}, {"org", string(c.Org)}, {"base", int64(c.Base)}, {"kind", string(c.Kind)}, {"ground", c.Ground},
		{"items", asJSON(c.Items)}, {"state", string(c.State)}, {"drafted_by", string(c.DraftedBy)}, {"drafted_at", instant(c.DraftedAt)},
		{"signed_by", string(c.SignedBy)}, {"signed_at", instant(c.SignedAt)}, {"opinion", c.Opinion},
	}, string(was), string(c.State))
}

// Correction returns one correction.
func (t *Tx) Correction(ctx context.Context, id inspect.CorrectionID) (inspect.Correction, error) {
	return row(ctx, t.tx, scanCorrection, `SELECT `+correctionCols+` FROM correction WHERE id = $1`, string(id))
}

// CorrectionOpen reports whether a result has a correction that waits.
func (t *Tx) CorrectionOpen(ctx context.Context, result inspect.ResultID) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM correction WHERE result = $1 AND state = 'drafted'`, string(result))
	return n > 0, err
}

// Corrections returns the corrections of a result, newest first, for readers who may
// see it.
func (db *DB) Corrections(ctx context.Context, _ inspect.Scope, result inspect.ResultID) ([]inspect.Correction, error) {
	return list(ctx, db.db, scanCorrection, `SELECT `+correctionCols+` FROM correction WHERE result = $1 ORDER BY drafted_at DESC, id`, string(result))
}

// OpenCorrections returns the corrections that wait for a department's principal
// leader, the oldest first.
func (db *DB) OpenCorrections(ctx context.Context, _ inspect.Scope, org inspect.OrgID) ([]inspect.Correction, error) {
	return list(ctx, db.db, scanCorrection, `
		SELECT `+correctionCols+`
		FROM   correction
		WHERE  org = $1 AND state = 'drafted'
		ORDER  BY drafted_at, id`, string(org))
}
