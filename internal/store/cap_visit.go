package store

import (
	"context"
	"fmt"

	"suicha/internal/inspect"
)

// bodyVisits is how the visits of bodies are written.
var bodyVisits = libraryKind[inspect.BodyVisit]{
	name: "body_visit", table: "body_visit", cols: []string{"org", "object", "year", "exempt", "n", "most", "ground", "batch", "run"}, keys: 5,
	scan: func(s scanner) (v inspect.BodyVisit, err error) {
		return v, s.Scan(&v.Org, &v.Object, &v.Year, &v.Exempt, &v.N, &v.Most, &v.Ground, nullCol[inspect.BatchID]{&v.Batch}, &v.Run)
	},
	values: func(v inspect.BodyVisit) []any {
		return []any{string(v.Org), int64(v.Object), int64(v.Year), v.Exempt, int64(v.N), int64(v.Most), v.Ground, null(v.Batch), int64(v.Run)}
	},
}

var scanBodyVisit = versioned(bodyVisits, func(v *inspect.BodyVisit, version int64) { v.Version = version })

// BodyVisitsOf returns the visits of a year that bodies have counted at the objects,
// free ones too.
func (t *Tx) BodyVisitsOf(ctx context.Context, year int, objects []inspect.ObjectNo) ([]inspect.BodyVisit, error) {
	return inParts(objects, 2, func(marks string, args []any) ([]inspect.BodyVisit, error) {
		return list(ctx, t.tx, scanBodyVisit, bodyVisits.selects()+`WHERE year = $1 AND object IN `+marks+` ORDER BY org, object, exempt, n`,
			append([]any{int64(year)}, args...)...)
	})
}

// BodyVisitsTaken returns the visits that a batch has counted.
func (t *Tx) BodyVisitsTaken(ctx context.Context, batch inspect.BatchID) ([]inspect.BodyVisit, error) {
	return list(ctx, t.tx, scanBodyVisit, bodyVisits.selects()+`WHERE batch = $1 ORDER BY org, object, exempt, n`, string(batch))
}

// PutBodyVisits stores visits, new ones if their version is 0.
func (t *Tx) PutBodyVisits(ctx context.Context, b inspect.Batch, rows []inspect.BodyVisit) (RowsImage, error) {
	return putVisits(ctx, t, bodyVisits, b, rows, func(v inspect.BodyVisit) int64 { return v.Version })
}

// putVisits stores what a draw counts, or gives back. Seen is the version of a row that
// is there; 0 is a new one.
func putVisits[T libraryRow](ctx context.Context, t *Tx, k libraryKind[T], b inspect.Batch, rows []T, seen func(T) int64) (RowsImage, error) {
	var fresh []T
	var changed []replaced[T]
	for _, row := range rows {
		if v := seen(row); v == 0 {
			fresh = append(fresh, row)
		} else {
			changed = append(changed, replaced[T]{row, v})
		}
	}
	image, err := k.write(ctx, t, fresh, changed)
	if err != nil {
		return image, fmt.Errorf("store the %s rows of %s: %w", k.name, b.Number, err)
	}
	return image, t.touch(ctx, k.name, string(b.ID), b.Version+1, "", "")
}

// Limits returns the yearly caps of bodies, and what those have counted toward them.
func (t *Tx) Limits(ctx context.Context, orgs []inspect.OrgID, year int) (inspect.Limits, error) {
	l := inspect.Limits{Visited: map[inspect.ObjectNo]map[inspect.OrgID]int{}}
	marks, args := in(2, orgs)
	var err error
	if l.Caps, err = list(ctx, t.tx, scanCap, `SELECT `+capCols+` FROM body_cap WHERE year = $1 AND org IN `+marks+` ORDER BY org`, append([]any{int64(year)}, args...)...); err != nil {
		return l, fmt.Errorf("read the caps of %d: %w", year, err)
	}
	_, err = list(ctx, t.tx, func(s scanner) (none struct{}, err error) {
		var org inspect.OrgID
		var no inspect.ObjectNo
		var n int
		err = s.Scan(&org, &no, &n)
		if l.Visited[no] == nil {
			l.Visited[no] = map[inspect.OrgID]int{}
		}
		l.Visited[no][org] = n
		return none, err
	}, `
		SELECT v.org, v.object, count(*)
		FROM   body_visit v
		JOIN   body_cap c ON c.org = v.org AND c.year = v.year
		WHERE  v.year = $1 AND v.org IN `+marks+` AND NOT v.exempt AND v.batch IS NOT NULL
		GROUP  BY v.org, v.object`, append([]any{int64(year)}, args...)...)
	return l, err
}

// WaiversOf returns the waivers granted for a year, by object.
func (t *Tx) WaiversOf(ctx context.Context, year int, objects []inspect.ObjectNo) (map[inspect.ObjectNo]inspect.WaiverID, error) {
	all, err := inParts(objects, 2, func(marks string, args []any) ([]inspect.Waiver, error) {
		return list(ctx, t.tx, scanWaiver, `SELECT `+waiverCols+` FROM waiver WHERE year = $1 AND state = 'granted' AND object IN `+marks, append([]any{int64(year)}, args...)...)
	})
	found := make(map[inspect.ObjectNo]inspect.WaiverID, len(all))
	for _, w := range all {
		found[w.Object] = w.ID
	}
	return found, err
}

// ListsLocked returns the batches whose list is locked and whose visits are not counted
// for everybody to see.
func (t *Tx) ListsLocked(ctx context.Context) ([]inspect.Batch, error) {
	return list(ctx, t.tx, scanBatch, `
		SELECT `+batchCols+` FROM batch WHERE state IN ('locked', 'committed', 'revealed', 'evented', 'opened', 'drawn') ORDER BY number`)
}
