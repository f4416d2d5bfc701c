package store

import (
	"context"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// CountDeliveries counts the deliveries of the targets and compares them with what is
// public, at now: INV-20, INV-21.
func (db *DB) CountDeliveries(ctx context.Context, scope inspect.Scope, targets []inspect.Target, cal *workday.Calendar, now time.Time) ([]inspect.DeliveryCount, error) {
	if scope.Reach == inspect.ReachOwn || scope.Reach == inspect.ReachGovernment {
		return nil, nil // the counts are of all departments
	}
	return countDeliveries(ctx, db.db, targets, cal, now)
}

// CountDeliveries counts the deliveries of the targets, as DB.CountDeliveries does.
func (t *Tx) CountDeliveries(ctx context.Context, targets []inspect.Target, cal *workday.Calendar, now time.Time) ([]inspect.DeliveryCount, error) {
	return countDeliveries(ctx, t.tx, targets, cal, now)
}

// OpenDeliveries counts what of the targets is still to come: the counts that ask
// something of somebody, without reading what has arrived.
func (db *DB) OpenDeliveries(ctx context.Context, scope inspect.Scope, targets []inspect.Target, cal *workday.Calendar, now time.Time) (all []inspect.DeliveryCount, err error) {
	if scope.Reach == inspect.ReachOwn || scope.Reach == inspect.ReachGovernment {
		return nil, nil // as CountDeliveries
	}
	for _, t := range targets {
		c, err := openDeliveries(ctx, db.db, t, cal, now)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func openDeliveries(ctx context.Context, q queryer, t inspect.Target, cal *workday.Calendar, now time.Time) (inspect.DeliveryCount, error) {
	late := ""
	if t.Days > 0 {
		late = instant(inspect.LateBefore(t.Days, cal, now))
	}
	return row(ctx, q, func(s scanner) (c inspect.DeliveryCount, err error) {
		var oldest time.Time
		err = s.Scan(&c.Waiting, &c.Sent, &c.Failed, &c.Stuck, &c.Late, instantCol{&oldest})
		if !oldest.IsZero() {
			c.Oldest = workday.On(oldest)
		}
		c.Target = t.ID
		return c, err
	}, `
		SELECT count(CASE WHEN state = 'waiting' THEN 1 END), count(CASE WHEN state = 'sent' THEN 1 END), count(CASE WHEN state = 'failed' THEN 1 END),
			count(CASE WHEN state = 'failed' AND next_try = '' THEN 1 END),
			count(CASE WHEN (state <> 'failed' OR next_try <> '') AND opened_at < $2 THEN 1 END), coalesce(min(opened_at), '')
		FROM   delivery
		WHERE  target = $1 AND state IN ('waiting', 'sent', 'failed')`, string(t.ID), late)
}

func countDeliveries(ctx context.Context, q queryer, targets []inspect.Target, cal *workday.Calendar, now time.Time) (all []inspect.DeliveryCount, err error) {
	for _, t := range targets {
		c, err := openDeliveries(ctx, q, t, cal, now)
		if err != nil {
			return nil, err
		}
		if _, err = row(ctx, q, func(s scanner) (none struct{}, err error) {
			return none, s.Scan(&c.Received, &c.Offered, &c.Left, &c.Other)
		}, `
			SELECT count(CASE WHEN d.state = 'received' THEN 1 END), count(CASE WHEN d.state = 'offered' THEN 1 END),
				count(CASE WHEN d.state IN ('replaced', 'abandoned') THEN 1 END), count(CASE WHEN d.digest <> p.digest THEN 1 END)
			FROM   delivery d
			JOIN   publication p ON p.id = d.publication
			WHERE  d.target = $1`, string(t.ID)); err != nil {
			return nil, err
		}
		if c.Missing, err = row(ctx, q, scanCount, `SELECT count(*)`+missingEditions, string(t.ID)); err != nil {
			return nil, err
		}
		c.Editions, err = row(ctx, q, scanCount, `
			SELECT count(DISTINCT p.result) FROM publication p WHERE p.region = $1 AND p.day >= $2`, t.Region, day(t.From))
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

const deliveryCheckCols = `id, version, region, day, at, body`

func scanDeliveryCheck(s scanner) (c inspect.DeliveryCheck, err error) {
	return c, s.Scan(&c.ID, &c.Version, &c.Region, dayCol{&c.Day}, instantCol{&c.At}, jsonCol[[]inspect.DeliveryCount]{&c.Counts})
}

// AddDeliveryCheck stores what a night's comparison found, for good.
func (t *Tx) AddDeliveryCheck(ctx context.Context, c inspect.DeliveryCheck) error {
	return t.write(ctx, "delivery_check", c.ID, 0, []column{{"region", c.Region}, {"day", day(c.Day)}, {"at", instant(c.At)}, {"body", asJSON(c.Counts)}}, "", "")
}

// DeliveryCheck returns the comparison of that id.
func (t *Tx) DeliveryCheck(ctx context.Context, id string) (inspect.DeliveryCheck, error) {
	return row(ctx, t.tx, scanDeliveryCheck, `SELECT `+deliveryCheckCols+` FROM delivery_check WHERE id = $1`, id)
}

// DeliveryChecks returns the newest comparisons of a region, for whoever sees all of it.
func (db *DB) DeliveryChecks(ctx context.Context, scope inspect.Scope, most int) ([]inspect.DeliveryCheck, error) {
	if scope.Reach != inspect.ReachOffice && scope.Reach != inspect.ReachOversight {
		return nil, nil
	}
	return list(ctx, db.db, scanDeliveryCheck, `SELECT `+deliveryCheckCols+` FROM delivery_check WHERE region = $1 ORDER BY day DESC LIMIT $2`, scope.Region, most)
}

// A PackageRow is one file that was handed over, and how what it holds stands.
type PackageRow struct {
	inspect.DeliveryPackage
	Sent, Received, Refused int64
	Receipt                 string // one of those it has
}

// Packages returns the newest files of a target, for whoever sees all of it.
func (db *DB) Packages(ctx context.Context, scope inspect.Scope, target inspect.TargetID, most int) ([]PackageRow, error) {
	if scope.Reach != inspect.ReachOffice && scope.Reach != inspect.ReachOversight {
		return nil, nil
	}
	return list(ctx, db.db, func(s scanner) (r PackageRow, err error) {
		r.DeliveryPackage, err = scanPackaged(tailScanner{s, []any{&r.Sent, &r.Received, &r.Refused, &r.Receipt}})
		return r, err
	}, `
		SELECT `+prefixed("k", strings.Split(packagedCols, ", "))+`, count(CASE WHEN d.state = 'sent' THEN 1 END), count(CASE WHEN d.state = 'received' THEN 1 END),
			count(CASE WHEN d.state = 'failed' THEN 1 END), coalesce(max(d.receipt), '')
		FROM   delivery_package k
		LEFT   JOIN delivery d ON d.target = k.target AND d.package = k.no
		WHERE  k.target = $1 AND k.region = $2
		GROUP  BY `+prefixed("k", strings.Split(packagedCols, ", "))+`
		ORDER  BY k.no DESC
		LIMIT  $3`, string(target), scope.Region, most)
}

// A PackedRow is a delivery in a file, with the number of what was handed over of its
// result before; 0 is nothing.
type PackedRow struct {
	DeliveryRow
	Earlier int64
}

// Package returns a file of a target and what it held, in its order.
func (db *DB) Package(ctx context.Context, scope inspect.Scope, target inspect.TargetID, number int64) (p inspect.DeliveryPackage, rows []PackedRow, err error) {
	if scope.Reach != inspect.ReachOffice && scope.Reach != inspect.ReachOversight {
		return p, nil, inspect.ErrMissing
	}
	p, err = row(ctx, db.db, scanPackaged, `SELECT `+packagedCols+` FROM delivery_package WHERE target = $1 AND no = $2 AND region = $3`, string(target), number, scope.Region)
	if err != nil {
		return p, nil, err
	}
	rows, err = inParts(p.Nos, 2, func(marks string, args []any) ([]PackedRow, error) {
		return list(ctx, db.db, func(s scanner) (r PackedRow, err error) {
			r.DeliveryRow, err = scanDeliveryRow(tailScanner{s, []any{&r.Earlier}})
			return r, err
		}, `
			SELECT `+deliveryAndEdition+`,
				coalesce((SELECT max(x.no) FROM delivery x WHERE x.result = d.result AND x.target = d.target AND x.no < d.no AND x.package > 0), 0)
			FROM   delivery d
			JOIN   publication p ON p.id = d.publication
			WHERE  d.target = $1 AND d.no IN `+marks+`
			ORDER  BY d.no`, append([]any{string(target)}, args...)...)
	})
	return p, rows, err
}
