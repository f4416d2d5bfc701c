package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

// seenVisit returns the condition under which a visit is within scope, over its team t
// and its batch b, and its arguments from number first on: the same rule as
// inspect.TeamScene.Relations once the batch is dispatched, as it is where there are
// visits. Those of a sealed list nobody lists until the list is public: INV-05.
func seenVisit(scope inspect.Scope, first int) (string, []any) {
	own := fmt.Sprintf("t.org = $%d OR b.org = $%d", first, first)
	switch scope.Reach {
	case inspect.ReachOwn, inspect.ReachGovernment:
		return fmt.Sprintf("NOT t.sealed AND (%s OR b.region = $%d AND ' ' || t.orgs || ' ' LIKE '%% ' || $%d || ' %%')", own, first+1, first), []any{string(scope.Org), scope.Region}
	case inspect.ReachOffice, inspect.ReachOversight:
		return fmt.Sprintf("NOT t.sealed AND (%s OR b.region = $%d)", own, first+1), []any{string(scope.Org), scope.Region}
	}
	return "1 = 0", nil
}

// A VisitFilter narrows a list of visits; zero fields do not.
type VisitFilter struct {
	ID     inspect.VisitID
	Batch  inspect.BatchID
	Object inspect.ObjectNo
	Org    inspect.OrgID // that leads
	State  inspect.VisitState
	Teams  []inspect.TeamID // one of these, if not nil
	After  string           // VisitKey of the last row of the page before
	Most   int              // rows; 0 is 200
}

// A VisitRow is a visit with the number of its team.
type VisitRow struct {
	inspect.Visit
	No int
}

func scanVisitRow(s scanner) (r VisitRow, err error) {
	r.Visit, err = scanVisit(headScanner{s, []any{&r.No}})
	return r, err
}

// VisitKey is the place of r in the order of Visits.
func VisitKey(r VisitRow) string { return fmt.Sprintf("%s_%06d", r.Batch, r.No) }

// Visits returns the visits within scope that match the filter, by batch and number.
func (db *DB) Visits(ctx context.Context, scope inspect.Scope, f VisitFilter) ([]VisitRow, error) {
	where, args := seenVisit(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	for _, c := range []struct{ column, value string }{
		{"id", string(f.ID)}, {"batch", string(f.Batch)}, {"org", string(f.Org)}, {"state", string(f.State)},
	} {
		if c.value != "" {
			and("v."+c.column+" = $%d", c.value)
		}
	}
	if f.Object != 0 {
		and("v.object = $%d", int64(f.Object))
	}
	if f.Teams != nil {
		of := make([]string, len(f.Teams))
		for i, id := range f.Teams {
			args = append(args, string(id))
			of[i] = fmt.Sprintf("$%d", len(args))
		}
		where += " AND v.team IN (" + strings.Join(of, ", ") + ")"
	}
	if batch, no, ok := strings.Cut(f.After, "_"); ok {
		n, _ := strconv.ParseInt(no, 10, 64) // of nonsense nothing is left out
		args = append(args, batch, n)
		where += fmt.Sprintf(" AND (v.batch, t.no) > ($%d, $%d)", len(args)-1, len(args))
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	return list(ctx, db.db, scanVisitRow, `
		SELECT t.no, `+prefixed("v", strings.Split(visitCols, ", "))+`
		FROM   visit v
		JOIN   team t ON t.id = v.team
		JOIN   batch b ON b.id = v.batch
		WHERE  `+where+`
		ORDER  BY v.batch, t.no
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}
