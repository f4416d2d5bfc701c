package store

import (
	"context"
	"fmt"
	"strings"

	"suicha/internal/inspect"
)

const followUpCols = `id, version, region, result, kind, org, receiver, object, code, name, state, due, opened_at, since, from_day, case_no,
	reported_by, grouped, decided_by, body`

// followUpBody is what a row of followup has in its body.
type followUpBody struct {
	Outside    string
	AcceptDays int
	Group      []inspect.InspectorNo
	Steps      []inspect.FollowStep
}

func scanFollowUp(s scanner) (f inspect.FollowUp, err error) {
	var b followUpBody
	err = s.Scan(&f.ID, &f.Version, &f.Region, &f.Result, &f.Kind, &f.Org, nullCol[inspect.OrgID]{&f.Receiver}, &f.Object, &f.Code, &f.Name, &f.State,
		dayCol{&f.Due}, instantCol{&f.OpenedAt}, instantCol{&f.Since}, dayCol{&f.From}, &f.CaseNo,
		&f.ReportedBy, setCol[inspect.PersonID]{&f.GroupOf}, &f.DecidedBy, jsonCol[followUpBody]{&b})
	f.Outside, f.AcceptDays, f.Group, f.Steps = b.Outside, b.AcceptDays, b.Group, b.Steps
	return f, err
}

// PutFollowUp stores a follow-up, new if it has no version, or replaces the version that
// f was made from. Was is the state before.
func (t *Tx) PutFollowUp(ctx context.Context, was inspect.FollowState, f inspect.FollowUp) error {
	return t.write(ctx, "followup", string(f.ID), f.Version, []column{
		{"region", f.Region}, {"result", string(f.Result)}, {"kind", string(f.Kind)}, {"org", string(f.Org)}, {"receiver", null(f.Receiver)},
		{"object", int64(f.Object)}, {"code", f.Code}, {"name", f.Name}, {"state", string(f.State)}, {"due", day(f.Due)},
		{"opened_at", instant(f.OpenedAt)}, {"since", instant(f.Since)}, {"from_day", day(f.From)}, {"case_no", f.CaseNo},
		{"reported_by", string(f.ReportedBy)}, {"grouped", set(f.GroupOf)}, {"decided_by", string(f.DecidedBy)},
		{"body", asJSON(followUpBody{f.Outside, f.AcceptDays, f.Group, f.Steps})},
	}, string(was), string(f.State))
}

// FollowUp returns one follow-up.
func (t *Tx) FollowUp(ctx context.Context, id inspect.FollowUpID) (inspect.FollowUp, error) {
	return row(ctx, t.tx, scanFollowUp, `SELECT `+followUpCols+` FROM followup WHERE id = $1`, string(id))
}

// seenFollowUp returns the condition under which a follow-up is within scope, over the
// follow-up f, and its arguments from number first on: the same rule as
// inspect.FollowUp.Relations, which acts are checked by.
func seenFollowUp(scope inspect.Scope, first int) (string, []any) {
	own := fmt.Sprintf("f.org = $%d OR f.receiver = $%d", first, first)
	switch scope.Reach {
	case inspect.ReachOwn:
		return "(" + own + ")", []any{string(scope.Org)}
	case inspect.ReachOffice:
		return fmt.Sprintf("(%s OR f.region = $%d AND f.kind <> 'crime')", own, first+1), []any{string(scope.Org), scope.Region}
	case inspect.ReachOversight:
		return fmt.Sprintf("f.region = $%d", first), []any{scope.Region}
	}
	return "1 = 0", nil
}

// A FollowUpFilter narrows a list of follow-ups; zero fields do not.
type FollowUpFilter struct {
	Org      inspect.OrgID // who sees to it
	Receiver inspect.OrgID // who got the clue
	Result   inspect.ResultID
	Kind     inspect.FollowKind
	State    inspect.FollowState
	Open     bool   // not ended
	Ended    bool   // ended
	Text     string // part of the object's name, its code or the case number
	After    string // FollowUpKey of the last row of the page before
	Most     int    // rows; 0 is 200
}

// FollowUpKey is the place of f in the order of FollowUps.
func FollowUpKey(f inspect.FollowUp) string { return instant(f.OpenedAt) + "_" + string(f.ID) }

// FollowUps returns the follow-ups within scope that match the filter, the oldest first.
func (db *DB) FollowUps(ctx context.Context, scope inspect.Scope, f FollowUpFilter) ([]inspect.FollowUp, error) {
	where, args := seenFollowUp(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(cond, "$?", fmt.Sprintf("$%d", len(args)))
	}
	for _, c := range []struct{ column, value string }{
		{"org", string(f.Org)}, {"receiver", string(f.Receiver)}, {"result", string(f.Result)}, {"kind", string(f.Kind)}, {"state", string(f.State)},
	} {
		if c.value != "" {
			and("f."+c.column+" = $?", c.value)
		}
	}
	if f.Open {
		where += " AND f.state NOT IN ('closed', 'refused')"
	}
	if f.Ended {
		where += " AND f.state IN ('closed', 'refused')"
	}
	if f.Text != "" {
		args = append(args, f.Text, "%"+likeEscape.Replace(f.Text)+"%")
		where += fmt.Sprintf(` AND (f.code = $%d OR f.name LIKE $%d ESCAPE '\' OR f.case_no LIKE $%d ESCAPE '\')`, len(args)-1, len(args), len(args))
	}
	if opened, id, ok := strings.Cut(f.After, "_"); ok {
		args = append(args, opened, id)
		where += fmt.Sprintf(" AND (f.opened_at, f.id) > ($%d, $%d)", len(args)-1, len(args))
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	return list(ctx, db.db, scanFollowUp, `
		SELECT `+followUpCols+`
		FROM   followup f
		WHERE  `+where+`
		ORDER  BY f.opened_at, f.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// FollowUp returns one follow-up within scope.
func (db *DB) FollowUp(ctx context.Context, scope inspect.Scope, id inspect.FollowUpID) (inspect.FollowUp, error) {
	where, args := seenFollowUp(scope, 2)
	return row(ctx, db.db, scanFollowUp, `SELECT `+followUpCols+` FROM followup f WHERE f.id = $1 AND `+where, append([]any{string(id)}, args...)...)
}
