package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

const resultCols = `id, version, region, visit, batch, team, org, orgs, object, code, name, kind, done, ended, found, inspected, entered, entered_by, state,
	submitted_by, submitted_at, approved_by, approved_at, opinion, digest, published_by, published_at, edition`

// resultFound is what a row of result has in its column found, resultEntered in entered.
type (
	resultFound struct {
		Body    string
		Tasks   []inspect.ResultTask
		Items   []inspect.ResultItem
		Revisit bool      `json:",omitempty"`
		Again   time.Time `json:",omitzero"`
	}
	resultEntered struct {
		Follow    []string
		FollowDue string
		Dishonest string
		Remark    string
		At        string
	}
)

func scanResult(s scanner) (r inspect.Result, err error) {
	var f resultFound
	var e resultEntered
	err = s.Scan(&r.ID, &r.Version, &r.Region, &r.Visit, &r.Batch, &r.Team, &r.Org, setCol[inspect.OrgID]{&r.Orgs}, &r.Object, &r.Code, &r.Name, &r.Kind,
		dayCol{&r.Done}, instantCol{&r.Ended}, jsonCol[resultFound]{&f}, setCol[inspect.PersonID]{&r.Inspected}, jsonCol[resultEntered]{&e}, &r.EnteredBy, &r.State,
		&r.SubmittedBy, instantCol{&r.SubmittedAt}, &r.ApprovedBy, instantCol{&r.ApprovedAt}, &r.Opinion, &r.Digest,
		&r.PublishedBy, instantCol{&r.PublishedAt}, &r.Edition)
	if err != nil {
		return r, err
	}
	r.Body, r.Tasks, r.Items, r.Revisit, r.Again = f.Body, f.Tasks, f.Items, f.Revisit, f.Again
	r.Follow, r.Dishonest, r.Remark = e.Follow, e.Dishonest, e.Remark
	if err = (dayCol{&r.FollowDue}).Scan(e.FollowDue); err == nil {
		err = instantCol{&r.EnteredAt}.Scan(e.At)
	}
	return r, err
}

// PutResult stores a result, new if it has no version, or replaces the version that r
// was made from. Was is the state before.
func (t *Tx) PutResult(ctx context.Context, was inspect.ResultState, r inspect.Result) error {
	found := resultFound{r.Body, r.Tasks, r.Items, r.Revisit, r.Again}
	entered := resultEntered{r.Follow, day(r.FollowDue), r.Dishonest, r.Remark, instant(r.EnteredAt)}
	return t.write(ctx, "result", string(r.ID), r.Version, []column{
		{"region", r.Region}, {"visit", string(r.Visit)}, {"batch", string(r.Batch)}, {"team", string(r.Team)}, {"org", string(r.Org)}, {"orgs", set(r.Orgs)},
		{"object", int64(r.Object)}, {"code", r.Code}, {"name", r.Name}, {"kind", string(r.Kind)}, {"done", day(r.Done)}, {"ended", instant(r.Ended)},
		{"found", asJSON(found)}, {"inspected", set(r.Inspected)}, {"entered", asJSON(entered)}, {"entered_by", string(r.EnteredBy)}, {"state", string(r.State)},
		{"submitted_by", string(r.SubmittedBy)}, {"submitted_at", instant(r.SubmittedAt)}, {"approved_by", string(r.ApprovedBy)}, {"approved_at", instant(r.ApprovedAt)},
		{"opinion", r.Opinion}, {"digest", r.Digest}, {"published_by", string(r.PublishedBy)}, {"published_at", instant(r.PublishedAt)}, {"edition", int64(r.Edition)},
	}, string(was), string(r.State))
}

// Result returns one result.
func (t *Tx) Result(ctx context.Context, id inspect.ResultID) (inspect.Result, error) {
	return row(ctx, t.tx, scanResult, `SELECT `+resultCols+` FROM result WHERE id = $1`, string(id))
}

// ResultsOfVisit returns the results of a visit.
func (t *Tx) ResultsOfVisit(ctx context.Context, visit inspect.VisitID) ([]inspect.Result, error) {
	return list(ctx, t.tx, scanResult, `SELECT `+resultCols+` FROM result WHERE visit = $1 ORDER BY id`, string(visit))
}

// seenResult returns the condition under which a result is within scope, over the
// result r, and its arguments from number first on: the same rule as
// inspect.Result.Relations, which acts are checked by.
func seenResult(scope inspect.Scope, first int) (string, []any) {
	public := `r.state IN ('published', 'withdrawn', 'ended')`
	switch scope.Reach {
	case inspect.ReachOwn, inspect.ReachGovernment:
		return fmt.Sprintf(`(%s OR r.org = $%d OR r.region = $%d AND ' ' || r.orgs || ' ' LIKE '%% ' || $%d || ' %%')`, public, first, first+1, first),
			[]any{string(scope.Org), scope.Region}
	case inspect.ReachOffice, inspect.ReachOversight:
		return fmt.Sprintf(`(%s OR r.region = $%d)`, public, first), []any{scope.Region}
	}
	return "(" + public + ")", nil
}

// A ResultFilter narrows a list of results; zero fields do not.
type ResultFilter struct {
	Region      string
	Org         inspect.OrgID
	State       inspect.ResultState
	Open        bool         // not public yet
	From, Until workday.Date // ended on or after From and before Until
	Batch       inspect.BatchID
	Visit       inspect.VisitID
	Text        string // part of the object's name, or its code
	After       string // ResultKey of the last row of the page before
	Most        int    // rows; 0 is 200
}

func (f ResultFilter) where(scope inspect.Scope) (string, []any) {
	where, args := seenResult(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(cond, "$?", fmt.Sprintf("$%d", len(args)))
	}
	if f.Region != "" {
		and("r.region = $?", f.Region)
	}
	if f.Org != "" {
		and("r.org = $?", string(f.Org))
	}
	if f.State != "" {
		and("r.state = $?", string(f.State))
	}
	if f.Open {
		where += " AND r.state IN ('drafted', 'submitted', 'approved')"
	}
	if !f.From.IsZero() {
		and("r.ended >= $?", instant(f.From.Start()))
	}
	if !f.Until.IsZero() {
		and("r.ended < $?", instant(f.Until.Start()))
	}
	if f.Batch != "" {
		and("r.batch = $?", string(f.Batch))
	}
	if f.Visit != "" {
		and("r.visit = $?", string(f.Visit))
	}
	if f.Text != "" {
		args = append(args, f.Text, "%"+likeEscape.Replace(f.Text)+"%")
		where += fmt.Sprintf(` AND (r.code = $%d OR r.name LIKE $%d ESCAPE '\')`, len(args)-1, len(args))
	}
	return where, args
}

// ResultKey is the place of r in the order of Results.
func ResultKey(r inspect.Result) string { return instant(r.Ended) + "_" + string(r.ID) }

// Results returns the results within scope that match the filter, those whose visit
// ended first at the top: their clocks are the nearest.
func (db *DB) Results(ctx context.Context, scope inspect.Scope, f ResultFilter) ([]inspect.Result, error) {
	where, args := f.where(scope)
	if ended, id, ok := strings.Cut(f.After, "_"); ok {
		args = append(args, ended, id)
		where += fmt.Sprintf(" AND (r.ended, r.id) > ($%d, $%d)", len(args)-1, len(args))
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	return list(ctx, db.db, scanResult, `
		SELECT `+resultCols+`
		FROM   result r
		WHERE  `+where+`
		ORDER  BY r.ended, r.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// ResultCount counts what Results would return on all pages.
func (db *DB) ResultCount(ctx context.Context, scope inspect.Scope, f ResultFilter) (int64, error) {
	where, args := f.where(scope)
	return row(ctx, db.db, scanCount, `SELECT count(*) FROM result r WHERE `+where, args...)
}

// Result returns one result within scope.
func (db *DB) Result(ctx context.Context, scope inspect.Scope, id inspect.ResultID) (inspect.Result, error) {
	where, args := seenResult(scope, 2)
	return row(ctx, db.db, scanResult, `SELECT `+resultCols+` FROM result r WHERE r.id = $1 AND `+where, append([]any{string(id)}, args...)...)
}
