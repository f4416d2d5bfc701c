package store

import (
	"context"

	"suicha/internal/inspect"
)

const targetCols = `id, version, region, kind, name, slug, url, inside, from_day, days, state, by_whom, at, ended_by, ended_at, reason`

func scanTarget(s scanner) (t inspect.Target, err error) {
	return t, s.Scan(&t.ID, &t.Version, &t.Region, &t.Kind, &t.Name, nullCol[string]{&t.Slug}, &t.URL, &t.Inner, dayCol{&t.From}, &t.Days, &t.State,
		&t.By, instantCol{&t.At}, &t.EndedBy, instantCol{&t.EndedAt}, &t.Reason)
}

// PutTarget stores a target, new if it has no version, or replaces the version that x was
// made from. Was is the state before.
func (t *Tx) PutTarget(ctx context.Context, was inspect.TargetState, x inspect.Target) error {
	return t.write(ctx, "target", string(x.ID), x.Version, []column{
		{"region", x.Region}, {"kind", string(x.Kind)}, {"name", x.Name}, {"slug", null(x.Slug)}, {"url", x.URL}, {"inside", x.Inner},
		{"from_day", day(x.From)}, {"days", int64(x.Days)}, {"state", string(x.State)}, {"by_whom", string(x.By)}, {"at", instant(x.At)},
		{"ended_by", string(x.EndedBy)}, {"ended_at", instant(x.EndedAt)}, {"reason", x.Reason},
	}, string(was), string(x.State))
}

// Target returns one target.
func (t *Tx) Target(ctx context.Context, id inspect.TargetID) (inspect.Target, error) {
	return row(ctx, t.tx, scanTarget, `SELECT `+targetCols+` FROM target WHERE id = $1`, string(id))
}

// TargetBySlug returns the feed of an address, in use or not.
func (t *Tx) TargetBySlug(ctx context.Context, slug string) (inspect.Target, error) {
	return row(ctx, t.tx, scanTarget, `SELECT `+targetCols+` FROM target WHERE slug = $1`, slug)
}

// Targets returns the targets in use of a region.
func (t *Tx) Targets(ctx context.Context, region string) ([]inspect.Target, error) {
	return list(ctx, t.tx, scanTarget, `SELECT `+targetCols+` FROM target WHERE region = $1 AND state = 'active' ORDER BY id`, region)
}

// Targets returns the targets of a region, those in use first. That there are feeds is
// public; whoever shows the others asks who may read them.
func (db *DB) Targets(ctx context.Context, _ inspect.Scope, region string) ([]inspect.Target, error) {
	return list(ctx, db.db, scanTarget, `SELECT `+targetCols+` FROM target WHERE region = $1 ORDER BY state, at, id`, region)
}

// Feed returns the feed of an address, in use or not.
func (db *DB) Feed(ctx context.Context, _ inspect.Scope, slug string) (inspect.Target, error) {
	return row(ctx, db.db, scanTarget, `SELECT `+targetCols+` FROM target WHERE slug = $1`, slug)
}

// TargetsMade counts all targets that there ever were.
func (db *DB) TargetsMade(ctx context.Context) (int64, error) {
	return row(ctx, db.db, scanCount, `SELECT count(*) FROM target`)
}
