package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/pinyin"
	"suicha/internal/workday"
)

var inspectorCols = []string{
	"no", "region", "org", "code", "name", "gender", "category", "division", "position", "phone", "duty", "duty_from", "education", "major",
	"title", "certificates", "quals", "items", "units", "areas", "person", "ended", "source", "sourced",
}

// inspectors is how the library of inspectors is written: R38–R40.
var inspectors = libraryKind[inspect.Inspector]{
	name: "inspector", table: "inspector", cols: inspectorCols, keys: 1, scan: scanInspectorRow,
	values: func(i inspect.Inspector) []any {
		return []any{int64(i.No), i.Region, string(i.Org), i.Code, i.Name, i.Gender, string(i.Category), i.Division, i.Position, i.Phone, i.Duty,
			day(i.DutyFrom), i.Education, i.Major, i.Title, inspect.CertificatesText(i.Certificates), set(i.Quals), set(i.Items), set(i.Units),
			set(i.Areas), null(i.Person), day(i.Ended), i.Source, day(i.Sourced)}
	},
}

// scanInspectorRow scans inspectorCols.
func scanInspectorRow(s scanner) (i inspect.Inspector, err error) {
	var certificates string
	err = s.Scan(&i.No, &i.Region, &i.Org, &i.Code, &i.Name, &i.Gender, &i.Category, &i.Division, &i.Position, &i.Phone, &i.Duty,
		dayCol{&i.DutyFrom}, &i.Education, &i.Major, &i.Title, &certificates, setCol[string]{&i.Quals}, setCol[string]{&i.Items},
		setCol[string]{&i.Units}, setCol[string]{&i.Areas}, nullCol[inspect.PersonID]{&i.Person}, dayCol{&i.Ended}, &i.Source, dayCol{&i.Sourced})
	if err == nil {
		i.Certificates, err = inspect.ParseCertificates(certificates)
	}
	return i, err
}

// scanInspector scans inspectorCols and the version.
func scanInspector(s scanner) (i inspect.Inspector, err error) {
	var version int64
	i, err = scanInspectorRow(tailScanner{scanner: s, tail: []any{&version}})
	i.Version = version
	return i, err
}

var selectInspector = `SELECT ` + strings.Join(inspectorCols, ", ") + `, version FROM inspector `

// aways, ties, trainings and workforces are how the rest is written.
var (
	aways = libraryKind[inspect.Away]{
		name: "inspector.away", table: "inspector_away", cols: []string{"id", "inspector", "kind", "from_day", "until_day", "note", "dropped"}, keys: 1,
		scan: func(s scanner) (a inspect.Away, err error) {
			return a, s.Scan(&a.ID, &a.Inspector, &a.Kind, dayCol{&a.Days.From}, dayCol{&a.Days.Until}, &a.Note, &a.Dropped)
		},
		values: func(a inspect.Away) []any {
			return []any{string(a.ID), int64(a.Inspector), string(a.Kind), day(a.Days.From), day(a.Days.Until), a.Note, a.Dropped}
		},
	}
	ties = libraryKind[inspect.Tie]{
		name: "inspector.tie", table: "inspector_tie", keys: 1,
		cols: []string{"id", "inspector", "code", "name", "kind", "since", "until", "ground", "by_whom", "at", "dropped", "reason"},
		scan: func(s scanner) (r inspect.Tie, err error) {
			return r, s.Scan(&r.ID, &r.Inspector, &r.Code, &r.Name, &r.Kind, dayCol{&r.Since}, dayCol{&r.Until}, &r.Ground, &r.By,
				instantCol{&r.At}, &r.Dropped, &r.Reason)
		},
		values: func(r inspect.Tie) []any {
			return []any{string(r.ID), int64(r.Inspector), r.Code, r.Name, string(r.Kind), day(r.Since), day(r.Until), r.Ground, string(r.By),
				instant(r.At), r.Dropped, r.Reason}
		},
	}
	trainings = libraryKind[inspect.Training]{
		name: "inspector.training", table: "inspector_training", cols: []string{"id", "inspector", "topic", "hours", "exam", "day"}, keys: 1,
		scan: func(s scanner) (r inspect.Training, err error) {
			return r, s.Scan(&r.ID, &r.Inspector, &r.Topic, &r.Hours, &r.Exam, dayCol{&r.Day})
		},
		values: func(r inspect.Training) []any {
			return []any{string(r.ID), int64(r.Inspector), r.Topic, r.Hours, r.Exam, day(r.Day)}
		},
	}
	workforces = libraryKind[inspect.Workforce]{
		name: "workforce", table: "workforce", cols: []string{"org", "civil_servant", "qualified", "daily", "hours", "exam", "counted"}, keys: 1,
		scan: func(s scanner) (w inspect.Workforce, err error) {
			return w, s.Scan(&w.Org, &w.Staff[0], &w.Staff[1], &w.Staff[2], &w.Rule.Hours, &w.Rule.Exam, dayCol{&w.Counted})
		},
		values: func(w inspect.Workforce) []any {
			return []any{string(w.Org), w.Staff[0], w.Staff[1], w.Staff[2], w.Rule.Hours, w.Rule.Exam, day(w.Counted)}
		},
	}
)

// versioned scans a kind's columns and the version, which put sets.
func versioned[T libraryRow](k libraryKind[T], put func(*T, int64)) func(scanner) (T, error) {
	return func(s scanner) (T, error) {
		var version int64
		r, err := k.scan(tailScanner{scanner: s, tail: []any{&version}})
		put(&r, version)
		return r, err
	}
}

func (k libraryKind[T]) selects() string {
	return `SELECT ` + strings.Join(k.cols, ", ") + `, version FROM ` + k.table + ` `
}

var (
	scanAway      = versioned(aways, func(r *inspect.Away, v int64) { r.Version = v })
	scanTie       = versioned(ties, func(r *inspect.Tie, v int64) { r.Version = v })
	scanTraining  = versioned(trainings, func(r *inspect.Training, v int64) { r.Version = v })
	scanWorkforce = versioned(workforces, func(r *inspect.Workforce, v int64) { r.Version = v })
)

// An InspectorFilter narrows the list of inspectors.
type InspectorFilter struct {
	Org      inspect.OrgID
	Category inspect.StaffCategory
	Text     string       // part of the name, its initials, or the beginning of the number
	Since    workday.Date // periods that end before it are left out; trainings a year before it
}

// Inspectors returns the inspectors of the scope's region by name. Those of
// other departments come without what is personal: no phone, no reason of an
// absence. A library has some hundreds of persons, so it is read whole.
func (db *DB) Inspectors(ctx context.Context, scope inspect.Scope, f InspectorFilter) ([]inspect.InspectorFile, error) {
	if scope.Reach == inspect.ReachPublic {
		return nil, nil
	}
	where, args := `region = $1`, []any{scope.Region}
	and := func(cond string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+cond, len(args))
	}
	if f.Org != "" {
		and("org = $%d", f.Org)
	}
	if f.Category != "" {
		and("category = $%d", f.Category)
	}
	files, err := inspectorFiles(ctx, db.db, f.Since, where, args...)
	if err != nil {
		return nil, fmt.Errorf("read the inspectors of %s: %w", scope.Region, err)
	}
	text := strings.ToLower(strings.Join(strings.Fields(f.Text), ""))
	files = slices.DeleteFunc(files, func(i inspect.InspectorFile) bool {
		return !strings.Contains(strings.ToLower(i.Name), text) && !strings.HasPrefix(strings.ToLower(i.Code), text) &&
			!strings.HasPrefix(pinyin.Initials(i.Name), text)
	})
	for k := range files {
		foreign(&files[k], scope)
	}
	return byNames(files), nil
}

// byNames sorts by the sound of the name.
func byNames(files []inspect.InspectorFile) []inspect.InspectorFile {
	keys := make(map[string]string, len(files))
	for _, f := range files {
		keys[f.Name] = pinyin.Key(f.Name)
	}
	slices.SortFunc(files, func(a, b inspect.InspectorFile) int {
		return cmp.Or(cmp.Compare(keys[a.Name], keys[b.Name]), cmp.Compare(a.No, b.No))
	})
	return files
}

// foreign takes out what other departments do not learn.
func foreign(f *inspect.InspectorFile, scope inspect.Scope) {
	if f.Foreign = f.Org != scope.Org; !f.Foreign {
		return
	}
	f.Phone = ""
	for k := range f.Away {
		f.Away[k].Kind, f.Away[k].Note = "", ""
	}
	for k := range f.Trainings {
		f.Trainings[k].Topic = ""
	}
}

// Inspector returns one inspector of the scope's region, with everything since
// the day that is not personal to another department.
func (db *DB) Inspector(ctx context.Context, scope inspect.Scope, no inspect.InspectorNo, since workday.Date) (inspect.InspectorFile, error) {
	if scope.Reach == inspect.ReachPublic {
		return inspect.InspectorFile{}, inspect.ErrMissing
	}
	files, err := inspectorFiles(ctx, db.db, since, `region = $1 AND no = $2`, scope.Region, int64(no))
	if err == nil && len(files) == 0 {
		err = inspect.ErrMissing
	}
	if err != nil {
		return inspect.InspectorFile{}, err
	}
	foreign(&files[0], scope)
	return files[0], nil
}

// Ties returns what an inspector of the scope's own department has declared, the
// newest first. Who of the department may read it, Inspector.SeesTies says.
func (db *DB) Ties(ctx context.Context, scope inspect.Scope, no inspect.InspectorNo) ([]inspect.Tie, error) {
	return list(ctx, db.db, scanTie, ties.selects()+`
		WHERE  inspector = $1 AND inspector IN (SELECT no FROM inspector WHERE org = $2)
		ORDER  BY at DESC, id`, int64(no), scope.Org)
}

// Workforces returns what the departments of the scope's region have declared of
// their staff: numbers only.
func (db *DB) Workforces(ctx context.Context, scope inspect.Scope) ([]inspect.Workforce, error) {
	return workforcesOf(ctx, db.db, `region = $1`, scope.Region)
}

func workforcesOf(ctx context.Context, q queryer, where string, args ...any) ([]inspect.Workforce, error) {
	return list(ctx, q, scanWorkforce, workforces.selects()+`WHERE org IN (SELECT id FROM org WHERE `+where+`) ORDER BY org`, args...)
}

// InspectorTimeline returns the newest most entries about an inspector, newest
// first: those that name the person, and those of batches that wrote the row.
func (db *DB) InspectorTimeline(ctx context.Context, _ inspect.Scope, no inspect.InspectorNo, most int) ([]TimelineEntry, error) {
	return db.timeline(ctx, `
		SELECT cseq, was, becomes FROM touch WHERE id = $2 AND (kind = 'inspector' OR kind LIKE 'inspector.%')
		UNION
		SELECT cseq, '', '' FROM past WHERE kind = 'inspector' AND key = $2
		UNION
		SELECT cseq, '', '' FROM inspector WHERE no = $3`, most, no.String(), int64(no))
}

// inspectorFiles reads inspectors with their periods since a day, the trainings
// of the year before it, and the rules of their departments.
func inspectorFiles(ctx context.Context, q queryer, since workday.Date, where string, args ...any) ([]inspect.InspectorFile, error) {
	all, err := list(ctx, q, scanInspector, selectInspector+`WHERE `+where+` ORDER BY no`, args...)
	if err != nil {
		return nil, err
	}
	files, at := make([]inspect.InspectorFile, len(all)), map[inspect.InspectorNo]int{}
	for k, i := range all {
		files[k].Inspector, at[i.No] = i, k
	}
	of := fmt.Sprintf(`WHERE inspector IN (SELECT no FROM inspector WHERE %s) AND `, where)
	next := fmt.Sprintf("$%d", len(args)+1)
	away, err := list(ctx, q, scanAway, aways.selects()+of+`until_day >= `+next+` ORDER BY from_day, id`, append(slices.Clone(args), day(since))...)
	if err != nil {
		return nil, err
	}
	for _, a := range away {
		files[at[a.Inspector]].Away = append(files[at[a.Inspector]].Away, a)
	}
	learnt, err := list(ctx, q, scanTraining, trainings.selects()+of+`day >= `+next+` ORDER BY day DESC, id`,
		append(slices.Clone(args), day(since.AddDays(-366)))...)
	if err != nil {
		return nil, err
	}
	for _, r := range learnt {
		files[at[r.Inspector]].Trainings = append(files[at[r.Inspector]].Trainings, r)
	}
	staff, err := workforcesOf(ctx, q, `id IN (SELECT org FROM inspector WHERE `+where+`)`, args...)
	if err != nil {
		return nil, err
	}
	for k := range files {
		if w := slices.IndexFunc(staff, func(w inspect.Workforce) bool { return w.Org == files[k].Org }); w >= 0 {
			files[k].Rule = staff[w].Rule
		}
	}
	return files, nil
}

// Roster returns who of the departments can be drawn on the days, whom they must
// not meet, and who cannot be drawn and why: what a matching starts from. History
// are the visits of the last 24 months. It is for acts, which see everything.
func (t *Tx) Roster(ctx context.Context, orgs []inspect.OrgID, days inspect.Days, history []inspect.Met) (inspect.Roster, error) {
	marks, args := in(1, orgs)
	files, err := inspectorFiles(ctx, t.tx, days.From, `org IN `+marks, args...)
	if err != nil {
		return inspect.Roster{}, fmt.Errorf("read the inspectors of a roster: %w", err)
	}
	declared, err := list(ctx, t.tx, scanTie, ties.selects()+`WHERE NOT dropped AND inspector IN (SELECT no FROM inspector WHERE org IN `+marks+`)`, args...)
	return inspect.NewRoster(days, files, declared, history), err
}

// Inspector returns one inspector.
func (t *Tx) Inspector(ctx context.Context, no inspect.InspectorNo) (inspect.Inspector, error) {
	return row(ctx, t.tx, scanInspector, selectInspector+`WHERE no = $1`, int64(no))
}

// InspectorsOf returns everybody in the libraries of a region.
func (t *Tx) InspectorsOf(ctx context.Context, region string) ([]inspect.Inspector, error) {
	return list(ctx, t.tx, scanInspector, selectInspector+`WHERE region = $1 ORDER BY no`, region)
}

// InspectorByCode returns the inspector of a department with this number.
func (t *Tx) InspectorByCode(ctx context.Context, org inspect.OrgID, code string) (inspect.Inspector, error) {
	return row(ctx, t.tx, scanInspector, selectInspector+`WHERE org = $1 AND code = $2`, org, code)
}

// InspectorOf returns the inspector of a department whose account it is.
func (t *Tx) InspectorOf(ctx context.Context, org inspect.OrgID, person inspect.PersonID) (inspect.Inspector, error) {
	return row(ctx, t.tx, scanInspector, selectInspector+`WHERE org = $1 AND person = $2`, org, person)
}

// CertificateHolders returns the inspectors of a region who may hold a
// certificate of this number.
func (t *Tx) CertificateHolders(ctx context.Context, region, number string) ([]inspect.Inspector, error) {
	quoted, err := json.Marshal(number) // as it stands in the list
	if err != nil {
		return nil, err
	}
	return list(ctx, t.tx, scanInspector, selectInspector+`WHERE region = $1 AND certificates LIKE $2 ESCAPE '\' ORDER BY no`,
		region, "%"+likeEscape.Replace(string(quoted))+"%")
}

// PutInspectors writes inspectors: those of version 0 are new and get the next
// numbers, in the order given; the others replace the version they were made
// from: see PutObjects.
func (t *Tx) PutInspectors(ctx context.Context, all []inspect.Inspector) ([]inspect.Inspector, RowsImage, error) {
	last, err := row(ctx, t.tx, scanCount, `SELECT coalesce(max(no), 0) FROM inspector`)
	if err != nil {
		return nil, RowsImage{}, err
	}
	var fresh []inspect.Inspector
	var changed []replaced[inspect.Inspector]
	written := make([]inspect.Inspector, len(all))
	for k, i := range all {
		if i.Version == 0 {
			last++
			i.No = inspect.InspectorNo(last)
			fresh = append(fresh, i)
		} else {
			changed = append(changed, replaced[inspect.Inspector]{i, i.Version})
		}
		i.Version++
		written[k] = i
	}
	image, err := inspectors.write(ctx, t, fresh, changed)
	return written, image, err
}

// TouchInspector names one inspector as what the entry is about.
func (t *Tx) TouchInspector(ctx context.Context, i inspect.Inspector) error {
	return t.touch(ctx, inspectors.name, i.No.String(), i.Version, "", "")
}

// Away returns one period.
func (t *Tx) Away(ctx context.Context, id inspect.AwayID) (inspect.Away, error) {
	return row(ctx, t.tx, scanAway, aways.selects()+`WHERE id = $1`, id)
}

// PutAway writes a period: a new one if its version is 0.
func (t *Tx) PutAway(ctx context.Context, a inspect.Away) (RowsImage, error) {
	return putRow(ctx, t, aways, a, a.Version, a.Inspector.String())
}

// Tie returns one tie.
func (t *Tx) Tie(ctx context.Context, id inspect.TieID) (inspect.Tie, error) {
	return row(ctx, t.tx, scanTie, ties.selects()+`WHERE id = $1`, id)
}

// PutTie writes a tie: a new one if its version is 0.
func (t *Tx) PutTie(ctx context.Context, r inspect.Tie) (RowsImage, error) {
	return putRow(ctx, t, ties, r, r.Version, r.Inspector.String())
}

// Training returns one training record.
func (t *Tx) Training(ctx context.Context, id inspect.TrainingID) (inspect.Training, error) {
	return row(ctx, t.tx, scanTraining, trainings.selects()+`WHERE id = $1`, id)
}

// PutTraining writes a training record: a new one if its version is 0.
func (t *Tx) PutTraining(ctx context.Context, r inspect.Training) (RowsImage, error) {
	return putRow(ctx, t, trainings, r, r.Version, r.Inspector.String())
}

// Workforce returns what a department has declared.
func (t *Tx) Workforce(ctx context.Context, org inspect.OrgID) (inspect.Workforce, error) {
	return row(ctx, t.tx, scanWorkforce, workforces.selects()+`WHERE org = $1`, org)
}

// PutWorkforce writes a declaration: a new one if its version is 0.
func (t *Tx) PutWorkforce(ctx context.Context, w inspect.Workforce) (RowsImage, error) {
	return putRow(ctx, t, workforces, w, w.Version, string(w.Org))
}
