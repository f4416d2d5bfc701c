package store

import (
	"context"
	"fmt"

	"suicha/internal/inspect"
)

const batchCols = `id, version, region, org, year, serial, number, state, run, title, tasks, terms, typed, drafted_by, drafted_at,
	announced_by, announced_at, locked_by, locked_at, typed_by, event_by, event_at, entrusted_at, drawn_at, disclosed_at, ended_by, ended_at, ended_org, ground`

func scanBatch(s scanner) (b inspect.Batch, err error) {
	return b, s.Scan(&b.ID, &b.Version, &b.Region, &b.Org, &b.Year, &b.Serial, &b.Number, &b.State, &b.Run, &b.Title,
		setCol[inspect.TaskID]{&b.Tasks}, jsonCol[inspect.BatchTerms]{&b.Terms}, jsonCol[inspect.TypedEvent]{&b.Typed},
		&b.DraftedBy, instantCol{&b.DraftedAt}, &b.AnnouncedBy, instantCol{&b.AnnouncedAt}, &b.LockedBy, instantCol{&b.LockedAt},
		&b.TypedBy, &b.EventBy, instantCol{&b.EventAt}, instantCol{&b.EntrustedAt}, instantCol{&b.DrawnAt}, instantCol{&b.DisclosedAt},
		&b.EndedBy, instantCol{&b.EndedAt}, &b.EndedOrg, &b.Ground)
}

// PutBatch stores a batch, new if it has no version, or replaces the version that b
// was made from. Was is the state before.
func (t *Tx) PutBatch(ctx context.Context, was inspect.BatchState, b inspect.Batch) error {
	return t.write(ctx, "batch", string(b.ID), b.Version, []column{
		{"region", b.Region}, {"org", b.Org}, {"year", int64(b.Year)}, {"serial", int64(b.Serial)}, {"number", b.Number}, {"state", b.State},
		{"run", int64(b.Run)}, {"title", b.Title}, {"tasks", set(b.Tasks)}, {"terms", asJSON(b.Terms)}, {"typed", asJSON(b.Typed)},
		{"drafted_by", b.DraftedBy}, {"drafted_at", instant(b.DraftedAt)}, {"announced_by", b.AnnouncedBy}, {"announced_at", instant(b.AnnouncedAt)},
		{"locked_by", b.LockedBy}, {"locked_at", instant(b.LockedAt)}, {"typed_by", b.TypedBy}, {"event_by", b.EventBy},
		{"event_at", instant(b.EventAt)}, {"entrusted_at", instant(b.EntrustedAt)}, {"drawn_at", instant(b.DrawnAt)}, {"disclosed_at", instant(b.DisclosedAt)},
		{"ended_by", b.EndedBy}, {"ended_at", instant(b.EndedAt)}, {"ended_org", b.EndedOrg}, {"ground", b.Ground},
	}, string(was), string(b.State))
}

// batchSeen returns the condition under which a batch is within scope, over the
// batch b, and its arguments from number first on: the same rule as
// inspect.Batch.Relations.
func batchSeen(scope inspect.Scope, first int) (string, []any) {
	public := fmt.Sprintf(`b.region = $%d AND b.announced_at <> ''`, first)
	switch scope.Reach {
	case inspect.ReachPublic:
		return "(b.announced_at <> '')", nil
	case inspect.ReachOversight:
		return "(" + public + ")", []any{scope.Region}
	}
	return fmt.Sprintf("(%s OR b.org = $%d)", public, first+1), []any{scope.Region, string(scope.Org)}
}

// A BatchFilter narrows a list of batches; zero fields do not.
type BatchFilter struct {
	Year  int
	State inspect.BatchState
	Open  bool // leave out what is over: disclosed, annulled, discarded
	Most  int  // rows; 0 is 200
}

// Batches returns the batches within scope, the newest first.
func (db *DB) Batches(ctx context.Context, scope inspect.Scope, f BatchFilter) ([]inspect.Batch, error) {
	where, args := batchSeen(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.Year != 0 {
		and("b.year = $%d", f.Year)
	}
	if f.State != "" {
		and("b.state = $%d", f.State)
	}
	if f.Open {
		where += ` AND b.state NOT IN ('disclosed', 'annulled', 'discarded')`
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	return list(ctx, db.db, scanBatch, `
		SELECT `+batchCols+`
		FROM   batch b
		WHERE  `+where+`
		ORDER  BY b.year DESC, b.serial DESC, b.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// Batch returns one batch within scope.
func (db *DB) Batch(ctx context.Context, scope inspect.Scope, id inspect.BatchID) (inspect.Batch, error) {
	where, args := batchSeen(scope, 2)
	return row(ctx, db.db, scanBatch, `SELECT `+batchCols+` FROM batch b WHERE b.id = $1 AND `+where, append([]any{string(id)}, args...)...)
}

// BatchesInWork returns the batches that the platform may have something to do for, in
// the order of their numbers: those to be drawn, and those to be disclosed.
func (db *DB) BatchesInWork(ctx context.Context) ([]inspect.Batch, error) {
	return list(ctx, db.db, scanBatch, `
		SELECT `+batchCols+`
		FROM   batch
		WHERE  state IN ('opened', 'drawn') OR state = 'annulled' AND disclosed_at = ''
		ORDER  BY number`)
}

// Batch returns one batch.
func (t *Tx) Batch(ctx context.Context, id inspect.BatchID) (inspect.Batch, error) {
	return row(ctx, t.tx, scanBatch, `SELECT `+batchCols+` FROM batch WHERE id = $1`, string(id))
}

// LastBatch is the highest serial number of a region's batches of a year.
func (t *Tx) LastBatch(ctx context.Context, region string, year int) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT coalesce(max(serial), 0) FROM batch WHERE region = $1 AND year = $2`, region, year)
}

// BatchesHolding returns the other batches of a region and year that hold a locked
// list which is not drawn yet.
func (t *Tx) BatchesHolding(ctx context.Context, b inspect.Batch) ([]inspect.Batch, error) {
	return list(ctx, t.tx, scanBatch, `
		SELECT `+batchCols+`
		FROM   batch
		WHERE  region = $1 AND year = $2 AND id <> $3 AND state IN ('locked', 'committed', 'revealed', 'evented', 'opened')
		ORDER  BY number`, b.Region, b.Year, string(b.ID))
}

// LastLock returns the batch and run of an organisation that was locked last before
// the present run of b: what the next population is compared with. Run 0 is none.
func (t *Tx) LastLock(ctx context.Context, b inspect.Batch) (batch inspect.BatchID, run int, err error) {
	type lock struct {
		batch inspect.BatchID
		run   int
	}
	all, err := list(ctx, t.tx, func(s scanner) (l lock, err error) { return l, s.Scan(&l.batch, &l.run) }, `
		SELECT f.batch, f.run
		FROM   batch_file f
		JOIN   batch b ON b.id = f.batch
		WHERE  b.org = $1 AND b.region = $2 AND f.name = 'lock.json' AND f.part = 0
		ORDER  BY f.cseq DESC
		LIMIT  1`, string(b.Org), b.Region)
	if err != nil || len(all) == 0 {
		return "", 0, err
	}
	return all[0].batch, all[0].run, nil
}

// Signers are the persons whose confirmations of the tasks' libraries stand.
func (t *Tx) Signers(ctx context.Context, tasks []inspect.TaskID) ([]inspect.PersonID, error) {
	marks, args := in(1, tasks)
	return list(ctx, t.tx, func(s scanner) (p inspect.PersonID, err error) { return p, s.Scan(&p) }, `
		SELECT DISTINCT by_whom
		FROM   confirmation c
		WHERE  task IN `+marks+` AND no = (SELECT max(d.no) FROM confirmation d WHERE d.task = c.task AND d.org = c.org AND d.library = c.library)
		ORDER  BY by_whom`, args...)
}

// PoolObjects returns the confirmed members of sub-libraries, each object once, with
// its visits of the year.
func (t *Tx) PoolObjects(ctx context.Context, sublibs []inspect.SublibraryID, year int) ([]inspect.PoolObject, error) {
	marks, args := in(2, sublibs)
	var objects []inspect.PoolObject
	_, err := list(ctx, t.tx, func(s scanner) (none struct{}, err error) {
		var o inspect.PoolObject
		var lib inspect.SublibraryID
		if err := s.Scan(&o.No, &o.Code, &o.Name, &o.Status, &o.Outside, &o.Region, &o.Town, &o.Station, &o.Risk, &lib, &o.Visits, nullCol[inspect.WaiverID]{&o.Waiver}); err != nil {
			return none, err
		}
		if n := len(objects); n == 0 || objects[n-1].No != o.No {
			objects = append(objects, o)
		}
		last := &objects[len(objects)-1]
		last.Sublibs = append(last.Sublibs, lib)
		return none, nil
	}, `
		SELECT o.no, o.code, o.name, o.status, o.outside, o.region, o.town, o.station, o.risk, m.sublib,
		       (SELECT count(*) FROM slot s WHERE s.object = o.no AND s.year = $1 AND s.batch IS NOT NULL),
		       (SELECT max(w.id) FROM waiver w WHERE w.object = o.no AND w.year = $1 AND w.state = 'granted')
		FROM   member m
		JOIN   object o ON o.no = m.no
		WHERE  m.sublib IN `+marks+` AND m.state = 'confirmed'
		ORDER  BY o.no, m.sublib`, append([]any{int64(year)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read the pool: %w", err)
	}
	return objects, nil
}

// Met returns who was matched to which object since a day, by draws that stand, for
// the roster of the next one: R56.
func (t *Tx) Met(ctx context.Context, region string, since string) ([]inspect.Met, error) {
	return list(ctx, t.tx, func(s scanner) (m inspect.Met, err error) { return m, s.Scan(&m.Inspector, &m.Object, dayCol{&m.On}) }, `
		SELECT s.inspector, o.code, substr(b.drawn_at, 1, 10)
		FROM   seat s
		JOIN   batch b ON b.id = s.batch AND b.run = s.run
		JOIN   object o ON o.no = s.object
		WHERE  b.region = $1 AND b.state IN ('drawn', 'disclosed') AND b.drawn_at >= $2
		ORDER  BY s.inspector, o.code`, region, since)
}

// BatchParties are the departments of a batch's tasks, for readers who may see the
// batch.
func (db *DB) BatchParties(ctx context.Context, _ inspect.Scope, b inspect.Batch) ([]inspect.OrgID, error) {
	marks, args := in(1, b.Tasks)
	tasks, err := list(ctx, db.db, scanTask, `SELECT `+taskCols+` FROM task WHERE id IN `+marks, args...)
	return inspect.BatchParties(tasks), err
}
