package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

const planCols = `id, version, kind, org, region, year, number, edition, amends, reason, state,
	drafted_by, drafted_at, submitted_by, submitted_at, approved_by, approved_at, opinion,
	filed_by, filed_at, merged_into, published_by, published_at, replaced_at`

func scanPlan(s scanner) (p inspect.Plan, err error) {
	return p, s.Scan(&p.ID, &p.Version, &p.Kind, &p.Org, &p.Region, &p.Year, &p.Number, &p.Edition,
		nullCol[inspect.PlanID]{&p.Amends}, &p.Reason, &p.State,
		&p.DraftedBy, instantCol{&p.DraftedAt}, &p.SubmittedBy, instantCol{&p.SubmittedAt},
		&p.ApprovedBy, instantCol{&p.ApprovedAt}, &p.Opinion, &p.FiledBy, instantCol{&p.FiledAt},
		nullCol[inspect.PlanID]{&p.MergedInto}, &p.PublishedBy, instantCol{&p.PublishedAt}, instantCol{&p.ReplacedAt})
}

const lineCols = `plan, no, name, field, items, scope, sublibs, pool, ratio, frequency, months, areas, lead, partners,
	type, targeted, methods, mode, remark, from_plan, from_no, dropped`

// A planLine is a line with the plan it belongs to.
type planLine struct {
	plan inspect.PlanID
	inspect.PlanLine
}

func scanLine(s scanner) (l planLine, err error) {
	return l, s.Scan(&l.plan, &l.No, &l.Name, &l.Field, setCol[inspect.ItemID]{&l.Items}, &l.Scope,
		setCol[inspect.SublibraryID]{&l.Sublibs}, &l.Pool, &l.Ratio, &l.Frequency, &l.Months, setCol[string]{&l.Areas},
		&l.Lead, setCol[inspect.OrgID]{&l.Partners}, &l.Type, &l.Targeted, setCol[inspect.Method]{&l.Methods}, &l.Mode,
		&l.Remark, nullCol[inspect.PlanID]{&l.From.Plan}, &l.From.No, &l.Dropped)
}

const consentCols = `plan, no, org, version, state, note, by_whom, at, asked_at`

// A lineConsent is a consent with the line it belongs to.
type lineConsent struct {
	plan inspect.PlanID
	no   int
	inspect.Consent
}

func scanConsent(s scanner) (c lineConsent, err error) {
	return c, s.Scan(&c.plan, &c.no, &c.Org, &c.Version, &c.State, &c.Note, &c.By, instantCol{&c.At}, instantCol{&c.AskedAt})
}

// seen returns the condition under which a plan is within scope, over the plan
// p, and its arguments from number first on: the same rule as
// inspect.Plan.Relations, which acts are checked by.
func seen(scope inspect.Scope, first int) (string, []any) {
	public := `p.state IN ('published', 'replaced')`
	own := fmt.Sprintf(`p.org = $%d OR EXISTS (
		SELECT 1 FROM consent c JOIN plan_line l ON l.plan = c.plan AND l.no = c.no
		WHERE  c.plan = p.id AND c.org = $%d AND c.state <> 'planned' AND NOT l.dropped)`, first, first)
	within := fmt.Sprintf(`p.region = $%d`, first+1)
	switch scope.Reach {
	case inspect.ReachOwn:
		return "(" + public + " OR " + own + ")", []any{scope.Org}
	case inspect.ReachGovernment:
		return "(" + public + " OR " + own + " OR " + within + ` AND p.kind = 'joint' AND p.state IN ('submitted', 'approved'))`,
			[]any{scope.Org, scope.Region}
	case inspect.ReachOffice:
		return "(" + public + " OR " + own + " OR " + within + ` AND p.state IN ('filed', 'merged'))`, []any{scope.Org, scope.Region}
	case inspect.ReachOversight:
		within = `p.region = $` + fmt.Sprint(first)
		return "(" + public + " OR " + within + ` AND p.state <> 'draft')`, []any{scope.Region}
	}
	return "(" + public + ")", nil
}

// A PlanFilter narrows a list of plans; zero fields do not.
type PlanFilter struct {
	Region  string
	Year    int
	Kind    inspect.PlanKind
	State   inspect.PlanState
	Org     inspect.OrgID
	Text    string // part of the number, or of a line's name, scope or field
	Number  string
	NotDone bool   // leave out what was thrown away or replaced
	After   string // PlanKey of the last row of the page before; nonsense is the first page
	Most    int    // rows; 0 is 200
}

// Plans returns the plans within scope that match the filter, with their lines
// and consents, by number, newest edition first.
func (db *DB) Plans(ctx context.Context, scope inspect.Scope, f PlanFilter) ([]inspect.Plan, error) {
	where, args := seen(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.Region != "" {
		and("p.region = $%d", f.Region)
	}
	if f.Year != 0 {
		and("p.year = $%d", f.Year)
	}
	if f.Kind != "" {
		and("p.kind = $%d", f.Kind)
	}
	if f.State != "" {
		and("p.state = $%d", f.State)
	}
	if f.Org != "" {
		and("p.org = $%d", f.Org)
	}
	if f.Number != "" {
		and("p.number = $%d", f.Number)
	}
	if f.Text != "" {
		and(`(p.number LIKE $%[1]d ESCAPE '\' OR EXISTS (SELECT 1 FROM plan_line l WHERE l.plan = p.id AND NOT l.dropped
			AND l.name || ' ' || l.field || ' ' || l.scope LIKE $%[1]d ESCAPE '\'))`, "%"+likeEscape.Replace(f.Text)+"%")
	}
	if f.NotDone {
		where += ` AND p.state NOT IN ('discarded', 'replaced')`
	}
	if number, edition, id, ok := planKey(f.After); ok {
		args = append(args, number, -edition, id)
		where += fmt.Sprintf(" AND (p.number, -p.edition, p.id) > ($%d, $%d, $%d)", len(args)-2, len(args)-1, len(args))
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	plans, err := list(ctx, db.db, scanPlan, `
		SELECT `+planCols+`
		FROM   plan p
		WHERE  `+where+`
		ORDER  BY p.number, p.edition DESC, p.id
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
	if err != nil {
		return nil, err
	}
	return plans, fill(ctx, db.db, plans)
}

// PlanKey is the place of p in the order of Plans. Drafts that were thrown away
// have number and edition of the plan that stands, so its id is part of it.
func PlanKey(p inspect.Plan) string { return fmt.Sprintf("%s.%d.%s", p.Number, p.Edition, p.ID) }

func planKey(key string) (number string, edition int, id inspect.PlanID, ok bool) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 {
		return "", 0, "", false
	}
	edition, err := strconv.Atoi(parts[1])
	return parts[0], edition, inspect.PlanID(parts[2]), err == nil
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Plan returns one plan within scope, with its lines and consents.
func (db *DB) Plan(ctx context.Context, scope inspect.Scope, id inspect.PlanID) (inspect.Plan, error) {
	where, args := seen(scope, 2)
	p, err := row(ctx, db.db, scanPlan, `SELECT `+planCols+` FROM plan p WHERE p.id = $1 AND `+where, append([]any{id}, args...)...)
	if err != nil {
		return p, err
	}
	one := []inspect.Plan{p}
	err = fill(ctx, db.db, one)
	return one[0], err
}

// PlanEdition returns the edition of a plan number within scope; edition -1 is
// the newest that is published.
func (db *DB) PlanEdition(ctx context.Context, scope inspect.Scope, number string, edition int) (inspect.Plan, error) {
	plans, err := db.Plans(ctx, scope, PlanFilter{Number: number})
	if err != nil {
		return inspect.Plan{}, err
	}
	for _, p := range plans {
		if p.Edition == edition && p.State != inspect.PlanDiscarded || edition < 0 && p.State == inspect.PlanPublished {
			return p, nil
		}
	}
	return inspect.Plan{}, inspect.ErrMissing
}

// Plan returns one plan with its lines and consents.
func (t *Tx) Plan(ctx context.Context, id inspect.PlanID) (inspect.Plan, error) {
	p, err := row(ctx, t.tx, scanPlan, `SELECT `+planCols+` FROM plan WHERE id = $1`, id)
	if err != nil {
		return p, err
	}
	one := []inspect.Plan{p}
	err = fill(ctx, t.tx, one)
	return one[0], err
}

// PlansOf returns a region's plans of a kind and year in a state.
func (t *Tx) PlansOf(ctx context.Context, region string, year int, kind inspect.PlanKind, state inspect.PlanState) ([]inspect.Plan, error) {
	plans, err := list(ctx, t.tx, scanPlan, `
		SELECT `+planCols+`
		FROM   plan
		WHERE  region = $1 AND year = $2 AND kind = $3 AND state = $4
		ORDER  BY number`, region, year, kind, state)
	if err != nil {
		return nil, err
	}
	return plans, fill(ctx, t.tx, plans)
}

// PlanInWork reports whether a number has an edition that is being worked on,
// or, for the first edition, any that was not thrown away.
func (t *Tx) PlanInWork(ctx context.Context, p inspect.Plan) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `
		SELECT count(*)
		FROM   plan
		WHERE  number = $1 AND state <> 'discarded' AND id <> $2 AND (edition = $3 OR state NOT IN ('published', 'replaced'))`,
		p.Number, p.ID, p.Edition)
	return n > 0, err
}

// fill loads lines and consents into plans, with two queries for all.
func fill(ctx context.Context, q queryer, plans []inspect.Plan) error {
	if len(plans) == 0 {
		return nil
	}
	at := map[inspect.PlanID]int{}
	ids := make([]inspect.PlanID, len(plans))
	for i, p := range plans {
		at[p.ID], ids[i] = i, p.ID
	}
	marks, args := in(1, ids)
	lines, err := list(ctx, q, scanLine, `SELECT `+lineCols+` FROM plan_line WHERE plan IN `+marks+` ORDER BY plan, no`, args...)
	if err != nil {
		return err
	}
	consents, err := list(ctx, q, scanConsent, `SELECT `+consentCols+` FROM consent WHERE plan IN `+marks+` ORDER BY plan, no, org`, args...)
	if err != nil {
		return err
	}
	of := map[inspect.PlanID]map[int][]inspect.Consent{}
	for _, c := range consents {
		if of[c.plan] == nil {
			of[c.plan] = map[int][]inspect.Consent{}
		}
		of[c.plan][c.no] = append(of[c.plan][c.no], c.Consent)
	}
	for _, l := range lines {
		l.Consents = of[l.plan][l.No]
		p := &plans[at[l.plan]]
		p.Lines = append(p.Lines, l.PlanLine)
	}
	return nil
}

// AddPlan stores a new plan or a new edition with all its lines.
func (t *Tx) AddPlan(ctx context.Context, p inspect.Plan) error {
	_, err := exec(ctx, t.tx, `
		INSERT INTO plan (id, version, kind, org, region, year, number, edition, amends, reason, state,
		                  drafted_by, drafted_at, submitted_by, submitted_at, approved_by, approved_at, opinion,
		                  filed_by, filed_at, merged_into, published_by, published_at, replaced_at, cseq)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', '', '', '', '', '', NULL, '', '', '', $13)`,
		p.ID, p.Kind, p.Org, p.Region, p.Year, p.Number, p.Edition, null(p.Amends), p.Reason, p.State,
		p.DraftedBy, instant(p.DraftedAt), t.n)
	if err != nil {
		return err
	}
	for _, l := range p.Lines {
		if err := t.putLine(ctx, p.ID, l); err != nil {
			return err
		}
	}
	return t.touch(ctx, "plan."+string(p.Kind), string(p.ID), 1, "", string(p.State))
}

// PutPlan replaces the plan that p was made from, was, and those of its lines
// that differ. It fails with inspect.ErrStale if someone else replaced that one
// first.
func (t *Tx) PutPlan(ctx context.Context, was, p inspect.Plan) error {
	err := t.swap(ctx, `
		UPDATE plan
		SET    version = version + 1, state = $3, submitted_by = $4, submitted_at = $5, approved_by = $6, approved_at = $7,
		       opinion = $8, filed_by = $9, filed_at = $10, merged_into = $11, published_by = $12, published_at = $13,
		       replaced_at = $14, cseq = $15
		WHERE  id = $1 AND version = $2`,
		p.ID, p.Version, p.State, p.SubmittedBy, instant(p.SubmittedAt), p.ApprovedBy, instant(p.ApprovedAt),
		p.Opinion, p.FiledBy, instant(p.FiledAt), null(p.MergedInto), p.PublishedBy, instant(p.PublishedAt), instant(p.ReplacedAt), t.n)
	if err != nil {
		return err
	}
	for i, l := range p.Lines {
		if i < len(was.Lines) && sameLine(was.Lines[i], l) {
			continue
		}
		if err := t.putLine(ctx, p.ID, l); err != nil {
			return err
		}
	}
	return t.touch(ctx, "plan."+string(p.Kind), string(p.ID), p.Version+1, string(was.State), string(p.State))
}

func (t *Tx) putLine(ctx context.Context, plan inspect.PlanID, l inspect.PlanLine) error {
	args := []any{plan, l.No, l.Name, l.Field, set(l.Items), l.Scope, set(l.Sublibs), l.Pool, l.Ratio, l.Frequency, int64(l.Months),
		set(l.Areas), l.Lead, set(l.Partners), l.Type, l.Targeted, set(l.Methods), l.Mode, l.Remark, null(l.From.Plan), l.From.No, l.Dropped, t.n}
	n, err := exec(ctx, t.tx, `
		UPDATE plan_line
		SET    name = $3, field = $4, items = $5, scope = $6, sublibs = $7, pool = $8, ratio = $9, frequency = $10, months = $11,
		       areas = $12, lead = $13, partners = $14, type = $15, targeted = $16, methods = $17, mode = $18, remark = $19,
		       from_plan = $20, from_no = $21, dropped = $22, cseq = $23
		WHERE  plan = $1 AND no = $2`, args...)
	if err == nil && n == 0 {
		_, err = exec(ctx, t.tx, `
			INSERT INTO plan_line (plan, no, name, field, items, scope, sublibs, pool, ratio, frequency, months, areas, lead, partners,
			                       type, targeted, methods, mode, remark, from_plan, from_no, dropped, cseq)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`, args...)
	}
	if err != nil {
		return err
	}
	for _, c := range l.Consents {
		if err := t.setConsent(ctx, plan, l.No, c); err != nil {
			return err
		}
	}
	return nil
}

// PutConsent stores a department's answer to a line. It fails with
// inspect.ErrStale if the consent is no longer the one that c was made from.
func (t *Tx) PutConsent(ctx context.Context, plan inspect.PlanID, no int, was inspect.ConsentState, c inspect.Consent) error {
	err := t.swap(ctx, `
		UPDATE consent
		SET    version = version + 1, state = $5, note = $6, by_whom = $7, at = $8, cseq = $9
		WHERE  plan = $1 AND no = $2 AND org = $3 AND version = $4`,
		plan, no, c.Org, c.Version, c.State, c.Note, c.By, instant(c.At), t.n)
	if err != nil {
		return err
	}
	return t.touch(ctx, "consent", string(plan), c.Version+1, string(was), string(c.State))
}

// setConsent stores a consent as its line's change left it.
func (t *Tx) setConsent(ctx context.Context, plan inspect.PlanID, no int, c inspect.Consent) error {
	args := []any{plan, no, c.Org, c.State, c.Note, c.By, instant(c.At), instant(c.AskedAt), t.n}
	n, err := exec(ctx, t.tx, `
		UPDATE consent
		SET    version = version + 1, state = $4, note = $5, by_whom = $6, at = $7, asked_at = $8, cseq = $9
		WHERE  plan = $1 AND no = $2 AND org = $3`, args...)
	if err == nil && n == 0 {
		_, err = exec(ctx, t.tx, `
			INSERT INTO consent (plan, no, org, version, state, note, by_whom, at, asked_at, cseq)
			VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)`, args...)
	}
	return err
}

// sameLine reports whether a line needs no writing.
func sameLine(a, b inspect.PlanLine) bool { return canonical(a) == canonical(b) }

const urgeCols = `id, version, office, org, year, note, by_whom, at`

func scanUrge(s scanner) (u inspect.Urge, err error) {
	return u, s.Scan(&u.ID, &u.Version, &u.Office, &u.Org, &u.Year, &u.Note, &u.By, instantCol{&u.At})
}

// AddUrge stores a reminder.
func (t *Tx) AddUrge(ctx context.Context, u inspect.Urge) error {
	_, err := exec(ctx, t.tx, `
		INSERT INTO urge (id, version, office, org, year, note, by_whom, at, cseq) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)`,
		u.ID, u.Office, u.Org, u.Year, u.Note, u.By, instant(u.At), t.n)
	if err != nil {
		return err
	}
	return t.touch(ctx, "urge", u.ID, 1, "", "")
}

// Urges returns the reminders to an organisation, or with ReachOffice and wider
// those to all of the scope's region, newest first.
func (db *DB) Urges(ctx context.Context, scope inspect.Scope, year int) ([]inspect.Urge, error) {
	cond, arg := `org = $2`, any(scope.Org)
	if scope.Reach >= inspect.ReachOffice { // the government is not among them: reminders are the office's
		cond, arg = `org IN (SELECT id FROM org WHERE region = $2)`, scope.Region
	}
	return list(ctx, db.db, scanUrge, `
		SELECT `+urgeCols+`
		FROM   urge
		WHERE  year = $1 AND `+cond+`
		ORDER  BY at DESC, id
		LIMIT  200`, year, arg)
}
