package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

const approvalCols = `id, version, region, result, no, decided, org, post, digest, by_whom, at, opinion`

func scanApproval(s scanner) (a inspect.Approval, err error) {
	return a, s.Scan(&a.ID, &a.Version, &a.Region, &a.Result, &a.No, &a.Decided, &a.Org, &a.Post, &a.Digest, &a.By, instantCol{&a.At}, &a.Opinion)
}

// AddApproval stores a decision, for good: INV-12.
func (t *Tx) AddApproval(ctx context.Context, a inspect.Approval) error {
	return t.write(ctx, "approval", a.ID, 0, []column{
		{"region", a.Region}, {"result", string(a.Result)}, {"no", int64(a.No)}, {"decided", a.Decided}, {"org", string(a.Org)}, {"post", string(a.Post)},
		{"digest", a.Digest}, {"by_whom", string(a.By)}, {"at", instant(a.At)}, {"opinion", a.Opinion},
	}, "", "")
}

// ApprovalOf returns the newest decision on the first edition of a result.
func (t *Tx) ApprovalOf(ctx context.Context, r inspect.ResultID) (inspect.Approval, error) {
	return row(ctx, t.tx, scanApproval, `SELECT `+approvalCols+` FROM approval WHERE result = $1 AND no = 1 ORDER BY decided DESC LIMIT 1`, string(r))
}

const publicationCols = `id, version, region, result, no, kind, org, text, digest, approval, correction, appeal, ground, by_whom, signed_by, day, at`

// publicationFinds are the columns by which editions are found: they follow from text.
const publicationFinds = `name, code, done, tasks`

func scanPublication(s scanner) (p inspect.Publication, err error) {
	return p, s.Scan(&p.ID, &p.Version, &p.Region, &p.Result, &p.No, &p.Kind, &p.Org, &p.Text, &p.Digest, &p.Approval,
		nullCol[inspect.CorrectionID]{&p.Correction}, &p.Appeal, &p.Ground, &p.By, &p.SignedBy, dayCol{&p.Day}, instantCol{&p.At})
}

// scanKeptPublication also holds the text against its digest and against the columns
// by which it is found.
func scanKeptPublication(s scanner) (p inspect.Publication, err error) {
	var name, code, done, tasks string
	if p, err = scanPublication(tailScanner{s, []any{&name, &code, &done, &tasks}}); err != nil {
		return p, err
	}
	body, err := p.Public()
	switch {
	case err != nil:
	case body.Write() != p.Text || body.Digest() != p.Digest:
		err = Fault{"publication", string(p.ID), "its text is not of its digest: INV-12"}
	case name != body.Name || code != body.Code || done != day(body.Date) || tasks != publishedTasks(body):
		err = Fault{"publication", string(p.ID), "it is found by what its text does not say"}
	}
	return p, err
}

// publishedTasks are the numbers of the tasks, set apart by blanks.
func publishedTasks(body inspect.PublicResult) string {
	var numbers []string
	for _, t := range body.Tasks {
		numbers = append(numbers, t.Number)
	}
	return strings.Join(numbers, " ")
}

// AddPublication stores an edition, for good: R101.
func (t *Tx) AddPublication(ctx context.Context, p inspect.Publication) error {
	body, err := p.Public()
	if err != nil {
		return fmt.Errorf("publish edition %d of %s: %w", p.No, p.Result, err)
	}
	return t.write(ctx, "publication", string(p.ID), 0, []column{
		{"region", p.Region}, {"result", string(p.Result)}, {"no", int64(p.No)}, {"kind", string(p.Kind)}, {"org", string(p.Org)},
		{"name", body.Name}, {"code", body.Code}, {"done", day(body.Date)}, {"tasks", publishedTasks(body)},
		{"text", p.Text}, {"digest", p.Digest}, {"approval", p.Approval}, {"correction", null(p.Correction)}, {"appeal", string(p.Appeal)}, {"ground", p.Ground},
		{"by_whom", string(p.By)}, {"signed_by", string(p.SignedBy)}, {"day", day(p.Day)}, {"at", instant(p.At)},
	}, "", "")
}

// Publications returns all editions of a result, the newest first. Whoever reads them
// may not read what a withdrawal took away: Standing tells.
func (db *DB) Publications(ctx context.Context, _ inspect.Scope, result inspect.ResultID) ([]inspect.Publication, error) {
	return list(ctx, db.db, scanPublication, `SELECT `+publicationCols+` FROM publication WHERE result = $1 ORDER BY no DESC`, string(result))
}

// A PublicFilter narrows the list of published results; zero fields do not.
type PublicFilter struct {
	Region      string
	Org         inspect.OrgID
	Code        string       // of the object, whole
	Text        string       // part of the object's name
	Task        string       // number of a task
	From, Until workday.Date // first and last day of publication
	After       string       // PublicationKey of the last row of the page before
	Most        int
}

// PublicationKey is the place of p in the order of Published.
func PublicationKey(p inspect.Publication) string { return day(p.Day) + "_" + string(p.ID) }

// Published returns the editions that stand now and match the filter, the newest
// first. Results that were withdrawn are not among them.
//
// A code is looked up in an index. A part of a name is looked for among the objects of
// the library, which are far fewer than their results, and as a whole among the names
// that were published.
func (db *DB) Published(ctx context.Context, _ inspect.Scope, f PublicFilter) ([]inspect.Publication, error) {
	where, args, of := `1 = 1`, []any{}, ""
	and := func(cond string, value any) {
		args = append(args, value)
		where += " AND " + strings.ReplaceAll(cond, "$?", fmt.Sprintf("$%d", len(args)))
	}
	if f.Region != "" {
		and("p.region = $?", f.Region)
	}
	if f.Org != "" {
		and("p.org = $?", string(f.Org))
	}
	if f.Code != "" {
		and("p.code = $?", f.Code)
	}
	if f.Text != "" {
		args = append(args, f.Text, "%"+likeEscape.Replace(f.Text)+"%")
		n := len(args)
		where += fmt.Sprintf(` AND (p.name = $%[1]d OR p.name LIKE $%[2]d ESCAPE '\' AND p.result IN (SELECT x.id FROM result x WHERE x.object IN (
			SELECT o.no FROM object o WHERE o.name LIKE $%[2]d ESCAPE '\' LIMIT 1000)))`, n-1, n)
	}
	if f.Task != "" {
		and("' ' || p.tasks || ' ' LIKE '% ' || $? || ' %'", f.Task)
		of = fmt.Sprintf(` AND r.batch IN (SELECT k.batch FROM task k WHERE k.number = $%d AND k.batch <> '')`, len(args))
	}
	if !f.From.IsZero() {
		and("p.day >= $?", day(f.From))
	}
	if !f.Until.IsZero() {
		and("p.day <= $?", day(f.Until))
	}
	if at, id, ok := strings.Cut(f.After, "_"); ok {
		args = append(args, at, id)
		where += fmt.Sprintf(" AND (p.day, p.id) < ($%d, $%d)", len(args)-1, len(args))
	}
	args = append(args, f.Most)
	// Asked for with EXISTS, the result is looked up for each edition in its order: as a
	// join, SQLite would sort all of them first.
	return list(ctx, db.db, scanPublication, `
		SELECT `+prefixed("p", strings.Split(publicationCols, ", "))+`
		FROM   publication p
		WHERE  `+where+`
		AND    EXISTS (SELECT 1 FROM result r WHERE r.id = p.result AND r.edition = p.no AND r.state = 'published'`+of+`)
		ORDER  BY p.day DESC, p.id DESC
		LIMIT  `+fmt.Sprintf("$%d", len(args)), args...)
}

// PublicationActs returns the acts that made the editions of a result public, the
// oldest first: who publishes is public as a department, never as a person.
func (db *DB) PublicationActs(ctx context.Context, _ inspect.Scope, result inspect.ResultID) ([]PublicAct, error) {
	return list(ctx, db.db, func(s scanner) (a PublicAct, err error) {
		return a, s.Scan(&a.N, instantCol{&a.At}, &a.Verb, &a.Org, &a.Leaf)
	}, `
		SELECT e.n, e.at, e.verb, e.org, e.leaf
		FROM   publication p
		JOIN   entry e ON e.n = p.cseq
		WHERE  p.result = $1
		ORDER  BY p.no`, string(result))
}

// A PublicCount is how many results stand whose visit ended, and which were published,
// on the same two days.
type PublicCount struct {
	Ended, Published workday.Date
	N                int64
}

// PublishedCounts counts the results that stand and were published first within a
// year, by the days of their clocks; and by result code, a result under each of its
// codes.
func (db *DB) PublishedCounts(ctx context.Context, _ inspect.Scope, region string, year int) (clocks []PublicCount, codes map[inspect.ResultCode]int64, err error) {
	from, until := fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-12-31", year)
	clocks, err = list(ctx, db.db, func(s scanner) (c PublicCount, err error) {
		var hour string
		if err = s.Scan(&hour, dayCol{&c.Published}, &c.N); err == nil {
			c.Ended, err = dayOfHour(hour)
		}
		return c, err
	}, `
		SELECT substr(r.ended, 1, 13), f.day, count(*)
		FROM   publication f
		JOIN   result r ON r.id = f.result AND r.state = 'published'
		WHERE  f.region = $1 AND f.no = 1 AND f.day >= $2 AND f.day <= $3
		GROUP  BY substr(r.ended, 1, 13), f.day`, region, from, until)
	if err != nil {
		return nil, nil, fmt.Errorf("count the published results: %w", err)
	}
	query := "SELECT ''"
	for _, c := range inspect.ResultCodes { // the codes are our own words
		query += fmt.Sprintf(`, count(CASE WHEN p.text LIKE '%%"%s"%%' THEN 1 END)`, c.Value)
	}
	codes = map[inspect.ResultCode]int64{}
	_, err = row(ctx, db.db, func(s scanner) (none struct{}, err error) {
		counts := make([]int64, len(inspect.ResultCodes))
		var blank string
		dest := []any{&blank}
		for i := range counts {
			dest = append(dest, &counts[i])
		}
		err = s.Scan(dest...)
		for i, c := range inspect.ResultCodes {
			codes[inspect.ResultCode(c.Value)] = counts[i]
		}
		return none, err
	}, query+`
		FROM   publication f
		JOIN   result r ON r.id = f.result AND r.state = 'published'
		JOIN   publication p ON p.result = r.id AND p.no = r.edition
		WHERE  f.region = $1 AND f.no = 1 AND f.day >= $2 AND f.day <= $3`, region, from, until)
	if err != nil {
		return nil, nil, fmt.Errorf("count the results by code: %w", err)
	}
	return clocks, codes, nil
}

// dayOfHour is the day in China of an instant's first 13 characters.
func dayOfHour(text string) (workday.Date, error) {
	at, err := time.Parse("2006-01-02T15", text)
	return workday.On(at), err
}

// PublicationYears returns the years in which results were published, the newest first.
// Each end is asked for by itself: of both at once SQLite reads the whole index.
func (db *DB) PublicationYears(ctx context.Context, _ inspect.Scope, region string) (years []int, err error) {
	var first, last workday.Date
	_, err = row(ctx, db.db, func(s scanner) (none struct{}, err error) { return none, s.Scan(dayCol{&first}, dayCol{&last}) },
		`SELECT coalesce((SELECT min(day) FROM publication WHERE region = $1), ''), coalesce((SELECT max(day) FROM publication WHERE region = $1), '')`, region)
	for y := last.Year(); err == nil && !last.IsZero() && y >= first.Year(); y-- {
		years = append(years, y)
	}
	return years, err
}
