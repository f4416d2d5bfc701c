package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

const taskCols = `id, version, region, org, year, serial, number, source, ground, plan, line, planned, terms, name, from_day, until_day,
	kind, no_notice, sealed, sublibs, ratio, reserve, officers, assistants, note, reason, parts, parties, state, handed_in,
	drafted_by, drafted_at, submitted_by, submitted_at, approved_by, approved_at, opinion, opinion_org, filed_by, filed_at, filing_no,
	cancelled_by, cancelled_at, cancel_note, batch, package`

func scanTask(s scanner) (t inspect.Task, err error) {
	var line *int
	var parties []inspect.OrgID
	err = s.Scan(&t.ID, &t.Version, &t.Region, &t.Org, &t.Year, &t.Serial, &t.Number, &t.Source, &t.Ground,
		nullCol[inspect.PlanID]{&t.Line.Plan}, &line, jsonCol[inspect.TaskPlanned]{&t.Planned}, jsonCol[inspect.TaskTerms]{&t.TaskTerms},
		&t.Name, dayCol{&t.From}, dayCol{&t.Until}, &t.Kind, &t.NoNotice, &t.Sealed, setCol[inspect.SublibraryID]{&t.Sublibs}, &t.Ratio,
		&t.Reserve, &t.Officers, &t.Assistants, &t.Note, &t.Reason, jsonCol[[]inspect.TaskPart]{&t.Parts}, setCol[inspect.OrgID]{&parties},
		&t.State, &t.Terms, &t.DraftedBy, instantCol{&t.DraftedAt}, &t.SubmittedBy, instantCol{&t.SubmittedAt},
		&t.ApprovedBy, instantCol{&t.ApprovedAt}, &t.Opinion, &t.OpinionOrg, &t.FiledBy, instantCol{&t.FiledAt}, &t.FilingNo,
		&t.CancelledBy, instantCol{&t.CancelledAt}, &t.CancelNote, &t.Batch, &t.Package)
	if line != nil {
		t.Line.No = *line
	}
	if err == nil && !slices.Equal(parties, t.Parties()) {
		err = fmt.Errorf("task %s: its parties do not follow from its parts", t.ID)
	}
	return t, err
}

// PutTask stores a task, new if it has no version, or replaces the version that t
// was made from. Was is the state before.
func (t *Tx) PutTask(ctx context.Context, was inspect.TaskState, x inspect.Task) error {
	var line any
	if x.Line.Plan != "" {
		line = int64(x.Line.No)
	}
	return t.write(ctx, "task", string(x.ID), x.Version, []column{
		{"region", x.Region}, {"org", x.Org}, {"year", int64(x.Year)}, {"serial", int64(x.Serial)}, {"number", x.Number}, {"source", x.Source},
		{"ground", x.Ground}, {"plan", null(x.Line.Plan)}, {"line", line}, {"planned", asJSON(x.Planned)}, {"terms", asJSON(x.TaskTerms)},
		{"name", x.Name}, {"from_day", day(x.From)}, {"until_day", day(x.Until)}, {"kind", x.Kind}, {"no_notice", x.NoNotice}, {"sealed", x.Sealed},
		{"sublibs", set(x.Sublibs)}, {"ratio", x.Ratio}, {"reserve", int64(x.Reserve)}, {"officers", int64(x.Officers)},
		{"assistants", int64(x.Assistants)}, {"note", x.Note}, {"reason", x.Reason}, {"parts", asJSON(x.Parts)}, {"parties", set(x.Parties())},
		{"state", x.State}, {"handed_in", x.Terms}, {"drafted_by", x.DraftedBy}, {"drafted_at", instant(x.DraftedAt)},
		{"submitted_by", x.SubmittedBy}, {"submitted_at", instant(x.SubmittedAt)}, {"approved_by", x.ApprovedBy},
		{"approved_at", instant(x.ApprovedAt)}, {"opinion", x.Opinion}, {"opinion_org", x.OpinionOrg}, {"filed_by", x.FiledBy},
		{"filed_at", instant(x.FiledAt)}, {"filing_no", x.FilingNo}, {"cancelled_by", x.CancelledBy},
		{"cancelled_at", instant(x.CancelledAt)}, {"cancel_note", x.CancelNote}, {"batch", x.Batch}, {"package", x.Package},
	}, string(was), string(x.State))
}

// taskSeen returns the condition under which a task is within scope, over the task
// t, and its arguments from number first on: the same rule as
// inspect.Task.Relations, which acts are checked by.
func taskSeen(scope inspect.Scope, first int) (string, []any) {
	own := fmt.Sprintf(`t.org = $%[1]d OR (t.handed_in > 0 AND t.state <> 'discarded' AND ' ' || t.parties || ' ' LIKE '%% ' || $%[1]d || ' %%')`, first)
	switch scope.Reach {
	case inspect.ReachOwn:
		return "(" + own + ")", []any{string(scope.Org)}
	case inspect.ReachOffice, inspect.ReachGovernment:
		return fmt.Sprintf(`(%s OR t.region = $%d AND t.filed_at <> '')`, own, first+1), []any{string(scope.Org), scope.Region}
	case inspect.ReachOversight:
		return fmt.Sprintf(`(t.region = $%d AND t.handed_in > 0)`, first), []any{scope.Region}
	}
	return "(1 = 0)", nil
}

// A TaskFilter narrows a list of tasks; zero fields do not.
type TaskFilter struct {
	Year   int
	State  inspect.TaskState
	Source inspect.TaskSource
	Org    inspect.OrgID // the initiator
	Plan   inspect.PlanID
	Text   string // part of the name, the number or the filing number
	Open   bool   // leave out what is over: dispatched, cancelled, discarded
	Filed  bool   // only what the office's register has, in its order: R16
	After  string // TaskKey of the last row of the page before; nonsense is the first page
	Most   int    // rows; 0 is 200
}

// Tasks returns the tasks within scope that match the filter, the newest year first.
func (db *DB) Tasks(ctx context.Context, scope inspect.Scope, f TaskFilter) ([]inspect.Task, error) {
	where, args := taskSeen(scope, 1)
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.Year != 0 {
		and("t.year = $%d", f.Year)
	}
	if f.State != "" {
		and("t.state = $%d", f.State)
	}
	if f.Source != "" {
		and("t.source = $%d", f.Source)
	}
	if f.Org != "" {
		and("t.org = $%d", f.Org)
	}
	if f.Plan != "" {
		and("t.plan = $%d", f.Plan)
	}
	if f.Text != "" {
		and(`t.name || ' ' || t.number || ' ' || t.filing_no LIKE $%d ESCAPE '\'`, "%"+likeEscape.Replace(f.Text)+"%")
	}
	if f.Open {
		where += ` AND t.state NOT IN ('dispatched', 'cancelled', 'discarded')`
	}
	order := `-t.year, t.number`
	if f.Filed {
		where, order = where+` AND t.filing_no <> ''`, `-t.year, t.filing_no`
	}
	if year, number, ok := taskKey(f.After); ok {
		args = append(args, -year, number)
		where += fmt.Sprintf(" AND (%s) > ($%d, $%d)", order, len(args)-1, len(args))
	}
	most := f.Most
	if most == 0 {
		most = 200
	}
	args = append(args, most)
	return list(ctx, db.db, scanTask, `
		SELECT `+taskCols+`
		FROM   task t
		WHERE  `+where+`
		ORDER  BY `+order+`
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// TaskKey is the place of t in the order of Tasks, FilingKey that in the register.
func TaskKey(t inspect.Task) string { return fmt.Sprintf("%d.%s", t.Year, t.Number) }

// FilingKey is the place of t in the office's register.
func FilingKey(t inspect.Task) string { return fmt.Sprintf("%d.%s", t.Year, t.FilingNo) }

func taskKey(key string) (year int, number string, ok bool) {
	first, number, ok := strings.Cut(key, ".")
	year, err := strconv.Atoi(first)
	return year, number, ok && err == nil
}

// Task returns one task within scope.
func (db *DB) Task(ctx context.Context, scope inspect.Scope, id inspect.TaskID) (inspect.Task, error) {
	where, args := taskSeen(scope, 2)
	return row(ctx, db.db, scanTask, `SELECT `+taskCols+` FROM task t WHERE t.id = $1 AND `+where, append([]any{string(id)}, args...)...)
}

// Task returns one task.
func (t *Tx) Task(ctx context.Context, id inspect.TaskID) (inspect.Task, error) {
	return row(ctx, t.tx, scanTask, `SELECT `+taskCols+` FROM task WHERE id = $1`, string(id))
}

// LastTask is the highest serial number of a department's tasks of a year.
func (t *Tx) LastTask(ctx context.Context, org inspect.OrgID, year int) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT coalesce(max(serial), 0) FROM task WHERE org = $1 AND year = $2`, org, year)
}

// TasksOfLine counts the tasks of a line in all editions of its plan that were not
// given up: R46.
func (t *Tx) TasksOfLine(ctx context.Context, number string, no int) (int64, error) {
	return row(ctx, t.tx, scanCount, `
		SELECT count(*)
		FROM   task t
		JOIN   plan p ON p.id = t.plan
		WHERE  p.number = $1 AND t.line = $2 AND t.state NOT IN ('discarded', 'cancelled')`, number, no)
}

// Filings counts the filings of the office's register whose numbers begin so: R16.
func (t *Tx) Filings(ctx context.Context, prefix string) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT count(*) FROM task WHERE filing_no LIKE $1 ESCAPE '\'`, likeEscape.Replace(prefix)+"%")
}

// PinItems stores which items were approved to be inspected, in which versions: R23.
func (t *Tx) PinItems(ctx context.Context, task inspect.TaskID, pins []inspect.ItemPin) error {
	return t.bulk(ctx, "task_item", []string{"task", "item", "kind", "version", "org", "cseq"}, len(pins), func(i int) []any {
		return []any{string(task), string(pins[i].Item), "item", pins[i].Version, string(pins[i].Org), t.n}
	})
}

// ItemsInForce returns those of the items that are listed on a day, in the versions
// that hold then: R23.
func (t *Tx) ItemsInForce(ctx context.Context, ids []inspect.ItemID, on workday.Date) (map[inspect.ItemID]inspect.Item, error) {
	found := map[inspect.ItemID]inspect.Item{}
	for _, id := range ids {
		all, err := versions(ctx, t.tx, "item", string(id), itemNumber)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(v inspect.Item) bool { return !v.Effective.After(on) }) // the newest first
		if i >= 0 && all[i].Listed(on) {
			found[id] = all[i]
		}
	}
	return found, nil
}

// TaskFacts returns what a task's gates are decided by, as it stands now, for
// readers who may see the task. It names no object.
func (db *DB) TaskFacts(ctx context.Context, _ inspect.Scope, x inspect.Task, today workday.Date) (inspect.TaskFacts, error) {
	return taskFacts(ctx, db.db, x, today)
}

// TaskFacts returns what a task's gates are decided by.
func (t *Tx) TaskFacts(ctx context.Context, x inspect.Task, today workday.Date) (inspect.TaskFacts, error) {
	return taskFacts(ctx, t.tx, x, today)
}

func taskFacts(ctx context.Context, q queryer, x inspect.Task, today workday.Date) (inspect.TaskFacts, error) {
	f := inspect.TaskFacts{Today: today, Staff: map[inspect.OrgID]int64{}}
	var err error
	if f.Facts, err = facts(ctx, q, x.Region); err != nil {
		return f, err
	}
	if x.Package != "" {
		f.Pool, f.Strays, err = listedCount(ctx, q, x)
	} else {
		f.Pool, err = poolCount(ctx, q, x)
	}
	if err != nil {
		return f, fmt.Errorf("count the pool of %s: %w", x.Number, err)
	}
	days := x.Days()
	if days.From.IsZero() {
		days = inspect.Days{From: today, Until: today}
	}
	marks, args := in(1, x.Parties())
	files, err := inspectorFiles(ctx, q, days.From, `org IN `+marks, args...)
	if err != nil {
		return f, fmt.Errorf("read the inspectors for %s: %w", x.Number, err)
	}
	for _, file := range files {
		if file.Drawable(days).Kind == "" {
			f.Staff[file.Org]++
		}
	}
	f.Confirmed, err = libraryStates(ctx, q, x, f.Sublibs)
	return f, err
}

// poolCount counts what the task can draw from: confirmed members of its
// sub-libraries that are in business and not outside of random inspection (R111), in
// its areas.
func poolCount(ctx context.Context, q queryer, x inspect.Task) (inspect.PoolCount, error) {
	var c inspect.PoolCount
	marks, args := in(1, x.Sublibs)
	where := ""
	if len(x.Areas) > 0 {
		areas, more := in(len(args)+1, x.Areas)
		where, args = ` AND o.town IN `+areas, append(args, more...)
	}
	_, err := list(ctx, q, func(s scanner) (none struct{}, err error) {
		var risk string
		var n int64
		err = s.Scan(&risk, &n)
		if i := strings.Index(inspect.RiskClasses, risk); risk != "" && i >= 0 {
			c.Classes[i] = n
		}
		c.Total += n
		return none, err
	}, `
		SELECT o.risk, count(DISTINCT o.no)
		FROM   member m
		JOIN   object o ON o.no = m.no
		WHERE  m.sublib IN `+marks+` AND m.state = 'confirmed' AND o.status = 'active' AND o.outside = ''`+where+`
		GROUP  BY o.risk`, args...)
	return c, err
}
