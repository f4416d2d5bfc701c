package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// RecusalsSince counts the applications for recusal that a region received by the public
// form since an instant.
func (t *Tx) RecusalsSince(ctx context.Context, region string, since time.Time) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT count(*) FROM subst WHERE region = $1 AND kind = 'recusal' AND asked_at > $2 AND digest <> ''`, region, instant(since))
}

// seenRecusal returns the condition under which an application is within scope, over the
// substitution s and its team t, and its arguments from number first on: that of the
// team, inspect.TeamScene.Relations, for departments that lead or that asked, the office
// from the dispatch on, and who watches over the region. What is sealed is in no list.
func seenRecusal(scope inspect.Scope, first int) (string, []any) {
	const open = `s.kind = 'recusal' AND s.body LIKE '{%' AND `
	switch scope.Reach {
	case inspect.ReachOwn:
		return open + fmt.Sprintf("$%d IN (t.org, s.org)", first), []any{string(scope.Org)}
	case inspect.ReachOffice:
		return open + fmt.Sprintf("($%d IN (t.org, s.org) OR s.region = $%d AND EXISTS (SELECT 1 FROM dispatch d WHERE d.id = s.batch))", first, first+1),
			[]any{string(scope.Org), scope.Region}
	case inspect.ReachOversight:
		return open + fmt.Sprintf("s.region = $%d", first), []any{scope.Region}
	}
	return "1 = 0", nil
}

// A RecusalFilter narrows a list of applications for recusal; zero fields do not.
type RecusalFilter struct {
	Org   inspect.OrgID // that leads the team
	State inspect.SubstState
	Open  bool   // waits for a decision
	Ended bool   // does not
	After string // RecusalKey of the last row of the page before
	Most  int    // rows
}

// A Recusal is an application for recusal with the department that leads its team.
type Recusal struct {
	inspect.Subst
	Lead inspect.OrgID
}

// RecusalKey is the place of s in the order of Recusals.
func RecusalKey(s Recusal) string { return instant(s.AskedAt) + "_" + string(s.ID) }

func scanRecusal(s scanner) (x Recusal, err error) {
	x.Subst, err = scanSubst(tailScanner{s, []any{&x.Lead}})
	return x, err
}

// Recusals returns the applications within scope that match the filter, the oldest first.
func (db *DB) Recusals(ctx context.Context, scope inspect.Scope, f RecusalFilter) ([]Recusal, error) {
	where, args := seenRecusal(scope, 1)
	and := func(cond string, values ...any) {
		marks := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = len(args)
		}
		where += " AND " + fmt.Sprintf(cond, marks...)
	}
	if f.Org != "" {
		and("t.org = $%d", string(f.Org))
	}
	if f.State != "" {
		and("s.state = $%d", string(f.State))
	}
	if f.Open {
		and("s.state = 'asked'")
	}
	if f.Ended {
		and("s.state <> 'asked'")
	}
	if at, id, ok := strings.Cut(f.After, "_"); ok {
		and("(s.asked_at, s.id) > ($%d, $%d)", at, id)
	}
	args = append(args, f.Most)
	return list(ctx, db.db, scanRecusal, `
		SELECT `+prefixed("s", strings.Split(substCols, ", "))+`, t.org
		FROM   subst s
		JOIN   team t ON t.id = s.team
		WHERE  `+where+`
		ORDER  BY s.asked_at, s.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// RecusalByCode returns what the holder of a receipt number may know: not the words. Of
// a sealed list that is only how far it is.
func (db *DB) RecusalByCode(ctx context.Context, _ inspect.Scope, code string) (Recusal, error) {
	return row(ctx, db.db, scanRecusal, `
		SELECT `+prefixed("s", strings.Split(substCols, ", "))+`, t.org
		FROM   subst s
		JOIN   team t ON t.id = s.team
		WHERE  s.lookup = $1`, inspect.RecusalLookup(code))
}

// RecusalText returns the words that came by the public form, for the department that
// leads the team. There are none of an application on paper, and once they were erased.
func (db *DB) RecusalText(ctx context.Context, scope inspect.Scope, s inspect.Subst, lead inspect.OrgID) (inspect.FeedbackText, error) {
	if s.Digest == "" || lead != scope.Org {
		return inspect.FeedbackText{}, nil
	}
	text, err := row(ctx, db.db, scanFeedbackText, `SELECT salt, text, name, contact FROM feedback_text WHERE id = $1`, string(s.ID))
	if errors.Is(err, inspect.ErrMissing) {
		err = nil
	}
	return text, err
}
