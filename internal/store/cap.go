package store

import (
	"context"

	"suicha/internal/inspect"
)

const capCols = `id, version, region, org, year, most, grounds, by_whom, at`

func scanCap(s scanner) (c inspect.BodyCap, err error) {
	return c, s.Scan(&c.ID, &c.Version, &c.Region, &c.Org, &c.Year, &c.Most, &c.Grounds, &c.By, instantCol{&c.At})
}

// BodyCaps returns the yearly caps of a region's bodies since a year, the newest year
// first. They are public: 国办发〔2024〕54号.
func (db *DB) BodyCaps(ctx context.Context, scope inspect.Scope, since int) ([]inspect.BodyCap, error) {
	return list(ctx, db.db, scanCap, `
		SELECT `+capCols+` FROM body_cap WHERE region = $1 AND year >= $2
		ORDER BY year DESC, (SELECT `+byPinyin("o.name")+` FROM org o WHERE o.id = body_cap.org), org`, scope.Region, since)
}

// BodyCap returns the cap of a body for a year.
func (t *Tx) BodyCap(ctx context.Context, org inspect.OrgID, year int) (inspect.BodyCap, error) {
	return row(ctx, t.tx, scanCap, `SELECT `+capCols+` FROM body_cap WHERE org = $1 AND year = $2`, string(org), year)
}

// PutCap stores a cap, new if it has no version, or replaces the version that c was
// made from.
func (t *Tx) PutCap(ctx context.Context, c inspect.BodyCap) error {
	return t.write(ctx, "body_cap", c.ID, c.Version, []column{
		{"region", c.Region}, {"org", c.Org}, {"year", int64(c.Year)}, {"most", int64(c.Most)}, {"grounds", c.Grounds}, {"by_whom", c.By}, {"at", instant(c.At)},
	}, "", "")
}

const waiverCols = `id, version, region, org, object, year, kind, ground, state, asked_by, asked_at, decided_by, decided_at, opinion`

func scanWaiver(s scanner) (w inspect.Waiver, err error) {
	return w, s.Scan(&w.ID, &w.Version, &w.Region, &w.Org, &w.Object, &w.Year, &w.Kind, &w.Ground, &w.State, &w.AskedBy, instantCol{&w.AskedAt},
		&w.DecidedBy, instantCol{&w.DecidedAt}, &w.Opinion)
}

// Waivers returns the newest waivers of the scope's region, those that wait first.
func (db *DB) Waivers(ctx context.Context, scope inspect.Scope, most int) ([]inspect.Waiver, error) {
	if scope.Reach == inspect.ReachPublic {
		return nil, nil
	}
	return list(ctx, db.db, scanWaiver, `
		SELECT `+waiverCols+` FROM waiver WHERE region = $1
		ORDER BY CASE state WHEN 'asked' THEN 0 ELSE 1 END, asked_at DESC, id LIMIT $2`, scope.Region, most)
}

// Waiver returns one waiver.
func (t *Tx) Waiver(ctx context.Context, id inspect.WaiverID) (inspect.Waiver, error) {
	return row(ctx, t.tx, scanWaiver, `SELECT `+waiverCols+` FROM waiver WHERE id = $1`, string(id))
}

// WaiverOpen reports whether an object has a waiver for a year, asked for or granted.
func (t *Tx) WaiverOpen(ctx context.Context, no inspect.ObjectNo, year int) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM waiver WHERE object = $1 AND year = $2 AND state IN ('asked', 'granted')`, int64(no), year)
	return n > 0, err
}

// PutWaiver stores a waiver, new if it has no version, or replaces the version that w
// was made from. Was is the state before.
func (t *Tx) PutWaiver(ctx context.Context, was inspect.WaiverState, w inspect.Waiver) error {
	return t.write(ctx, "waiver", string(w.ID), w.Version, []column{
		{"region", w.Region}, {"org", w.Org}, {"object", int64(w.Object)}, {"year", int64(w.Year)}, {"kind", w.Kind}, {"ground", w.Ground},
		{"state", w.State}, {"asked_by", w.AskedBy}, {"asked_at", instant(w.AskedAt)}, {"decided_by", w.DecidedBy},
		{"decided_at", instant(w.DecidedAt)}, {"opinion", w.Opinion},
	}, string(was), string(w.State))
}
