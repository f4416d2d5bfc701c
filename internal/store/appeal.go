package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

const appealCols = `id, version, region, result, org, kind, way, code, name, state, digest, lookup, received_by, received_at, since,
	accepted_by, decided_by, public, correction, erased_by, erased_at, body`

// appealBody is what a row of appeal has in its body.
type appealBody struct {
	Secret  string `json:",omitempty"`
	Summary string
	AskDays int
	Check   string
	Answer  string
	Steps   []inspect.Step
}

func scanAppeal(s scanner) (a inspect.Appeal, err error) {
	var b appealBody
	err = s.Scan(&a.ID, &a.Version, &a.Region, &a.Result, &a.Org, &a.Kind, &a.Way, &a.Code, &a.Name, &a.State, &a.Digest, &a.Lookup,
		&a.ReceivedBy, instantCol{&a.ReceivedAt}, instantCol{&a.Since}, &a.AcceptedBy, &a.DecidedBy, &a.Public, nullCol[inspect.CorrectionID]{&a.Correction},
		&a.ErasedBy, instantCol{&a.ErasedAt}, jsonCol[appealBody]{&b})
	a.Secret, a.Summary, a.AskDays, a.Check, a.Answer, a.Steps = b.Secret, b.Summary, b.AskDays, b.Check, b.Answer, b.Steps
	return a, err
}

// PutAppeal stores an appeal, new if it has no version, or replaces the version that a
// was made from. Was is the state before.
func (t *Tx) PutAppeal(ctx context.Context, was inspect.AppealState, a inspect.Appeal) error {
	return t.write(ctx, "appeal", string(a.ID), a.Version, []column{
		{"region", a.Region}, {"result", string(a.Result)}, {"org", string(a.Org)}, {"kind", string(a.Kind)}, {"way", a.Way}, {"code", a.Code}, {"name", a.Name},
		{"state", string(a.State)}, {"digest", a.Digest}, {"lookup", a.Lookup}, {"received_by", string(a.ReceivedBy)}, {"received_at", instant(a.ReceivedAt)},
		{"since", instant(a.Since)}, {"accepted_by", string(a.AcceptedBy)}, {"decided_by", string(a.DecidedBy)}, {"public", a.Public},
		{"correction", null(a.Correction)}, {"erased_by", string(a.ErasedBy)}, {"erased_at", instant(a.ErasedAt)},
		{"body", asJSON(appealBody{a.Secret, a.Summary, a.AskDays, a.Check, a.Answer, a.Steps})},
	}, string(was), string(a.State))
}

// Appeal returns one appeal.
func (t *Tx) Appeal(ctx context.Context, id inspect.AppealID) (inspect.Appeal, error) {
	return row(ctx, t.tx, scanAppeal, `SELECT `+appealCols+` FROM appeal WHERE id = $1`, string(id))
}

// AppealTaken returns the appeal of a kind about a result that was taken up and has not
// ended: there is at most one.
func (t *Tx) AppealTaken(ctx context.Context, result inspect.ResultID, kind inspect.AppealKind) (inspect.Appeal, error) {
	return row(ctx, t.tx, scanAppeal, `
		SELECT `+appealCols+`
		FROM   appeal a
		WHERE  a.result = $1 AND a.kind = $2 AND a.state IN ('accepted', 'upheld')`, string(result), string(kind))
}

// AppealsSince counts what a region received by the public form since an instant.
func (t *Tx) AppealsSince(ctx context.Context, region string, since time.Time) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT count(*) FROM appeal WHERE region = $1 AND received_at > $2 AND way = 'online'`, region, instant(since))
}

// seenAppeal returns the condition under which an appeal is within scope, over the
// appeal a, and its arguments from number first on: the same rule as
// inspect.Appeal.Relations, which acts are checked by.
func seenAppeal(scope inspect.Scope, first int) (string, []any) {
	switch scope.Reach {
	case inspect.ReachOwn:
		return fmt.Sprintf("a.org = $%d", first), []any{string(scope.Org)}
	case inspect.ReachOffice:
		return fmt.Sprintf("(a.org = $%d OR a.region = $%d)", first, first+1), []any{string(scope.Org), scope.Region}
	case inspect.ReachOversight:
		return fmt.Sprintf("a.region = $%d", first), []any{scope.Region}
	}
	return "1 = 0", nil
}

// An AppealFilter narrows a list of appeals; zero fields do not.
type AppealFilter struct {
	Org    inspect.OrgID
	Result inspect.ResultID
	Kind   inspect.AppealKind
	State  inspect.AppealState
	Open   bool   // not ended
	Ended  bool   // ended
	Text   string // part of the object's name, or its code
	After  string // AppealKey of the last row of the page before
	Most   int    // rows; 0 is 200
}

// AppealKey is the place of a in the order of Appeals.
func AppealKey(a inspect.Appeal) string { return instant(a.ReceivedAt) + "_" + string(a.ID) }

const openAppeal = `a.state IN ('received', 'incomplete', 'accepted', 'upheld')`

// Appeals returns the appeals within scope that match the filter, the oldest first.
func (db *DB) Appeals(ctx context.Context, scope inspect.Scope, f AppealFilter) ([]inspect.Appeal, error) {
	where, args := seenAppeal(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(cond, "$?", fmt.Sprintf("$%d", len(args)))
	}
	for _, c := range []struct{ column, value string }{
		{"org", string(f.Org)}, {"result", string(f.Result)}, {"kind", string(f.Kind)}, {"state", string(f.State)},
	} {
		if c.value != "" {
			and("a."+c.column+" = $?", c.value)
		}
	}
	if f.Open {
		where += " AND " + openAppeal
	}
	if f.Ended {
		where += " AND NOT (" + openAppeal + ")"
	}
	if f.Text != "" {
		args = append(args, f.Text, "%"+likeEscape.Replace(f.Text)+"%")
		where += fmt.Sprintf(` AND (a.code = $%d OR a.name LIKE $%d ESCAPE '\')`, len(args)-1, len(args))
	}
	if received, id, ok := strings.Cut(f.After, "_"); ok {
		args = append(args, received, id)
		where += fmt.Sprintf(" AND (a.received_at, a.id) > ($%d, $%d)", len(args)-1, len(args))
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	return list(ctx, db.db, scanAppeal, `
		SELECT `+appealCols+`
		FROM   appeal a
		WHERE  `+where+`
		ORDER  BY a.received_at, a.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// Appeal returns one appeal within scope.
func (db *DB) Appeal(ctx context.Context, scope inspect.Scope, id inspect.AppealID) (inspect.Appeal, error) {
	where, args := seenAppeal(scope, 2)
	return row(ctx, db.db, scanAppeal, `SELECT `+appealCols+` FROM appeal a WHERE a.id = $1 AND `+where, append([]any{string(id)}, args...)...)
}

// AppealByCode returns what the holder of a receipt number may know: not the words.
func (db *DB) AppealByCode(ctx context.Context, _ inspect.Scope, code string) (inspect.Appeal, error) {
	return row(ctx, db.db, scanAppeal, `SELECT `+appealCols+` FROM appeal WHERE lookup = $1`, inspect.AppealLookup(code))
}

// PublicAppeals returns the appeals about a result that were accepted, the oldest first.
// Which of them its page tells of says inspect.Appeal.Shown.
func (db *DB) PublicAppeals(ctx context.Context, _ inspect.Scope, result inspect.ResultID) ([]inspect.Appeal, error) {
	return list(ctx, db.db, scanAppeal, `
		SELECT `+appealCols+`
		FROM   appeal
		WHERE  result = $1 AND accepted_by <> ''
		ORDER  BY received_at, id`, string(result))
}

// AppealText returns the words that came by the public form, for the department that
// answers. There are none of an appeal on paper, and once they were erased.
func (db *DB) AppealText(ctx context.Context, scope inspect.Scope, id inspect.AppealID) (inspect.FeedbackText, error) {
	a, err := db.Appeal(ctx, scope, id)
	if err != nil || a.Org != scope.Org {
		return inspect.FeedbackText{}, err
	}
	text, err := row(ctx, db.db, scanFeedbackText, `SELECT salt, text, name, contact FROM feedback_text WHERE id = $1`, string(id))
	if errors.Is(err, inspect.ErrMissing) {
		err = nil
	}
	return text, err
}

// ResultsEnding returns results of a region that were first published on a day after
// from and not after until, and still stand, with the day. Whether their term is over is
// computed from what they say: inspect.Result.PublicUntil.
func (db *DB) ResultsEnding(ctx context.Context, region string, from, until workday.Date, after string, most int) (ids []inspect.ResultID, next string, err error) {
	type ending struct{ id, key string }
	found, err := list(ctx, db.db, func(s scanner) (e ending, err error) { return e, s.Scan(&e.id, &e.key) }, `
		SELECT p.result, p.day || '_' || p.id
		FROM   publication p
		JOIN   result r ON r.id = p.result AND r.state = 'published'
		WHERE  p.region = $1 AND p.no = 1 AND p.day > $2 AND p.day <= $3 AND p.day || '_' || p.id > $4
		ORDER  BY p.day, p.id
		LIMIT  $5`, region, day(from), day(until), after, most)
	for _, e := range found {
		ids, next = append(ids, inspect.ResultID(e.id)), e.key
	}
	return ids, next, err
}
