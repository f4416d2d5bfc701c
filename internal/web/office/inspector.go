package office

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var inspectorsPage = web.NewPage[inspectorsView](files, "inspector.html")

// registerInspectors adds the pages of the inspector library.
func (s *server) registerInspectors(m *web.Mux) {
	m.Page("GET /office/inspectors", inspect.InspectorRead, s.inspectors)
	m.Page("GET /office/inspectors.xlsx", inspect.InspectorRead, s.inspectorFile)
	m.Page("GET /office/inspectors.csv", inspect.InspectorRead, s.inspectorFile)
	m.Page("GET /office/inspectors/new", inspect.InspectorPut, s.newInspector)
	m.Page("GET /office/inspectors/{no}", inspect.InspectorRead, s.inspector)
	m.Page("GET /office/inspectors/{no}/edit", inspect.InspectorPut, s.editInspector)
}

type inspectorsView struct {
	Whose     []web.Tab
	Numbers   []web.Number
	Filter    web.Filter
	Saved     web.Saved
	Columns   web.Columns
	Rows      []inspectorRow
	Pager     web.Pager
	Files     web.Exports
	All       bool // rows of several departments
	MayAdd    bool
	None      bool
	Staff     []staffRow
	Workforce *web.Form
}

// An inspectorRow is one person of the list.
type inspectorRow struct {
	Href, Name, Code, Org string
	Until                 web.Due // of the certificates
	State                 web.State
	Why                   string
	Cells                 []web.ListCell
}

// inspectorColumns are the columns beside name, certificates and draw.
var inspectorColumns = []web.Column{
	{Key: "division", Text: "科室、职务", On: true}, {Key: "category", Text: "人员类别", On: true}, {Key: "quals", Text: "岗位资质资格", On: true},
	{Key: "gender", Text: "性别"}, {Key: "duty", Text: "从事工作"}, {Key: "units", Text: "检查单位范围"}, {Key: "areas", Text: "检查区域范围"},
	{Key: "source", Text: "数据来源"}, {Key: "sourced", Text: "数据日期"},
}

// inspectorCell is what a column says of a person.
func inspectorCell(f inspect.InspectorFile, key string, areas map[string]string) string {
	switch key {
	case "division":
		return strings.Trim(f.Division+"　"+f.Position, "　")
	case "category":
		return f.Category.Text()
	case "quals":
		return strings.Join(f.Quals, "、")
	case "gender":
		return inspect.ChoiceText(inspect.Genders, f.Gender)
	case "duty":
		return f.Duty
	case "units":
		return strings.Join(f.Units, "、")
	case "areas":
		var names []string
		for _, code := range f.Areas {
			names = append(names, cmp.Or(areas[code], code))
		}
		return strings.Join(names, "、")
	case "source":
		return f.Source
	}
	return f.Sourced.String()
}

// A staffRow compares what a department declared with what the library has.
type staffRow struct {
	Org, Href string
	Shares    []string // by category
	Missing   int64
	Drawable  int64
	Counted   string
}

// inspectors shows the library of the reader's department, or of all: R38–R40.
func (s *server) inspectors(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, facts, err := s.inspectorFiles(r)
	if err != nil {
		return err
	}
	own := ownList(r)
	v := inspectorsView{
		All: !own, MayAdd: s.keepsInspectors(who), Files: web.NewExports(r),
	}
	if v.Columns, err = s.columns(r, "inspectors", inspectorColumns); err != nil {
		return err
	}
	if v.Saved, err = s.saved(r, "inspectors"); err != nil {
		return err
	}
	if who.Org.Inspects() {
		v.Whose = []web.Tab{
			{Text: "本单位", Href: "/office/inspectors", Current: own}, {Text: "全部部门", Href: "/office/inspectors?all=1", Current: !own},
		}
	}
	v.None = len(all) == 0 && r.URL.Query().Get("q") == ""
	v.Filter = web.NewFilter(r, "姓名、拼音首字母或工号", "inspectors", s.inspectorChips(r, all, facts, own)...)
	shown := slices.DeleteFunc(slices.Clone(all), func(f inspect.InspectorFile) bool { return !s.inspectorFits(r, f) })
	v.Numbers = s.inspectorNumbers(shown)
	page, next := pageOf(r, shown, func(f inspect.InspectorFile) string { return f.No.String() })
	for _, f := range page {
		v.Rows = append(v.Rows, s.inspectorRow(f, facts, v.Columns))
	}
	v.Pager = web.NewPager(r, "inspectors", fmt.Sprintf("共 %d 人，本页 %d 人", len(shown), len(page)), next)
	if err := s.staff(r, &v, facts, own); err != nil {
		return err
	}
	return inspectorsPage.Show(w, r, v)
}

// keepsInspectors reports whether who keeps a library of inspectors: C3.
func (s *server) keepsInspectors(who inspect.Actor) bool {
	return who.MayTo(inspect.InspectorPut, inspect.Owner) == nil && who.Org.Inspects()
}

// inspectorFiles reads the persons that the address asks for, before what
// follows from today is looked at, and the departments.
func (s *server) inspectorFiles(r *http.Request) (all []inspect.InspectorFile, facts inspect.Facts, err error) {
	q := r.URL.Query()
	f := store.InspectorFilter{Org: inspect.OrgID(q.Get("org")), Category: inspect.StaffCategory(q.Get("category")), Text: q.Get("q"), Since: s.today()}
	if ownList(r) {
		f.Org = web.Actor(r).Org.ID
	}
	scope := web.Actor(r).Scope()
	if all, err = s.db.Inspectors(r.Context(), scope, f); err == nil {
		facts, err = s.db.Facts(r.Context(), scope, scope.Region)
	}
	return all, facts, err
}

// Values of the chip 抽取 besides the obstacles, and of the chip 执法证.
const (
	chipDrawable = "yes"
	chipSoon     = "soon"
)

func (s *server) inspectorFits(r *http.Request, f inspect.InspectorFile) bool {
	q := r.URL.Query()
	obstacle := s.obstacle(f).Kind
	switch draw := q.Get("draw"); {
	case draw == chipDrawable && obstacle != "":
		return false
	case draw != chipDrawable && !fits(draw, obstacle):
		return false
	case draw == "" && obstacle == inspect.HasLeft:
		return false // found through the filter only
	}
	if _, soon := f.ExpiresWithin(s.today(), inspect.ExpiryWarning); q.Get("paper") == chipSoon && !soon {
		return false
	}
	return q.Get("qual") == "" || slices.Contains(f.Quals, q.Get("qual"))
}

// obstacle is what keeps somebody from a draw of today.
func (s *server) obstacle(f inspect.InspectorFile) inspect.Obstacle {
	return f.Drawable(inspect.Days{From: s.today(), Until: s.today()})
}

func (s *server) inspectorChips(r *http.Request, all []inspect.InspectorFile, facts inspect.Facts, own bool) []web.Chip {
	var orgs, quals []web.Option
	for _, o := range s.inspecting(facts) {
		orgs = append(orgs, web.Option{Value: string(o.ID), Text: o.Short})
	}
	for _, f := range all {
		for _, q := range f.Quals {
			if !slices.ContainsFunc(quals, func(x web.Option) bool { return x.Value == q }) {
				quals = append(quals, web.Option{Value: q, Text: q})
			}
		}
	}
	slices.SortFunc(quals, func(a, b web.Option) int { return cmp.Compare(a.Text, b.Text) })
	chips := []web.Chip{
		web.NewChip(r, "类别", "category", web.Options(inspect.AllCategories)...),
		web.NewChip(r, "抽取", "draw", append([]web.Option{{Value: chipDrawable, Text: "今天可以抽取"}}, web.Options(inspect.ObstacleKinds)...)...),
		web.NewChip(r, "资质", "qual", quals...),
		web.NewChip(r, "执法证", "paper", web.Option{Value: chipSoon, Text: fmt.Sprintf("%d 天内到期", inspect.ExpiryWarning)}),
	}
	if own {
		return chips
	}
	return append([]web.Chip{web.NewChip(r, "部门", "org", orgs...)}, chips...)
}

// inspecting are the bodies that keep a library, by code.
func (s *server) inspecting(facts inspect.Facts) []inspect.Org {
	var orgs []inspect.Org
	for _, o := range facts.Orgs {
		if o.Inspects() && o.Until.IsZero() {
			orgs = append(orgs, o)
		}
	}
	slices.SortFunc(orgs, func(a, b inspect.Org) int { return cmp.Compare(a.Code, b.Code) })
	return orgs
}

func (s *server) inspectorNumbers(shown []inspect.InspectorFile) []web.Number {
	drawable, soon, helpers := 0, 0, 0
	for _, f := range shown {
		if s.obstacle(f).Kind == "" {
			drawable++
		}
		if _, ends := f.ExpiresWithin(s.today(), inspect.ExpiryWarning); ends {
			soon++
		}
		if f.Category.Helper() {
			helpers++
		}
	}
	return []web.Number{
		{Label: "执法检查人员", Value: fmt.Sprint(len(shown) - helpers), Unit: "人"}, {Label: "今天可以抽取", Value: fmt.Sprint(drawable), Unit: "人"},
		{Label: fmt.Sprintf("执法证 %d 天内到期", inspect.ExpiryWarning), Value: fmt.Sprint(soon), Unit: "人"},
		{Label: "协助人员", Value: fmt.Sprint(helpers), Unit: "人"},
	}
}

func (s *server) inspectorRow(f inspect.InspectorFile, facts inspect.Facts, columns web.Columns) inspectorRow {
	row := inspectorRow{
		Href: "/office/inspectors/" + f.No.String(), Name: f.Name, Code: f.Code, Org: facts.Orgs[f.Org].Short,
		State: s.drawState(f), Why: s.obstacle(f).Text,
	}
	for _, c := range columns.Shown() {
		row.Cells = append(row.Cells, web.ListCell{Label: c.Text, Text: inspectorCell(f, c.Key, facts.Areas)})
	}
	until, ok := f.CertifiedUntil(s.today())
	switch {
	case f.Category.Helper():
		row.Until = web.Due{Left: "—"}
	case !ok:
		row.Until = web.Due{Left: "无有效证件", Tone: web.Late}
	case until.Year() == 9999:
		row.Until = web.Due{Left: "长期"}
	default:
		row.Until = web.Due{Left: until.String()}
		if _, soon := f.ExpiresWithin(s.today(), inspect.ExpiryWarning); soon {
			row.Until.Date, row.Until.Tone = fmt.Sprintf("还有 %d 天", until.DaysSince(s.today())), web.Soon
		}
	}
	return row
}

// drawState says whether somebody can be drawn today.
func (s *server) drawState(f inspect.InspectorFile) web.State {
	switch s.obstacle(f).Kind {
	case "":
		return web.State{Shape: web.Happy, Text: "可以抽取"}
	case inspect.IsHelper:
		return web.State{Text: "只协助检查"}
	case inspect.HasLeft:
		return web.State{Text: "已移出"}
	case inspect.IsAway:
		return web.State{Shape: web.Waiting, Text: "暂不抽取"}
	}
	return web.State{Shape: web.Bad, Text: "不得抽取"}
}

// staff compares the library with the staff that departments declare: R38, 全部纳入.
func (s *server) staff(r *http.Request, v *inspectorsView, facts inspect.Facts, own bool) error {
	who := web.Actor(r)
	declared, err := s.db.Workforces(r.Context(), who.Scope())
	if err != nil {
		return err
	}
	f := store.InspectorFilter{Since: s.today()}
	var ids []inspect.OrgID
	for _, o := range s.inspecting(facts) {
		if !own || o.ID == who.Org.ID {
			ids = append(ids, o.ID)
		}
	}
	if own {
		f.Org = who.Org.ID
	}
	files, err := s.db.Inspectors(r.Context(), who.Scope(), f)
	if err != nil {
		return err
	}
	for _, c := range inspect.CountStaff(ids, files, declared, s.today()) {
		row := staffRow{Org: facts.Orgs[c.Org].Short, Href: "/office/inspectors?org=" + string(c.Org), Missing: c.Missing(), Drawable: c.Drawable, Counted: c.Counted.String()}
		for i := range c.Included {
			text := fmt.Sprint(c.Included[i])
			if share, ok := c.Share(i); ok {
				text = fmt.Sprintf("%d / %d（%s）", c.Included[i], c.Declared[i], inspect.PercentText(share))
			}
			row.Shares = append(row.Shares, text)
		}
		v.Staff = append(v.Staff, row)
	}
	if own && who.MayTo(inspect.WorkforcePut, inspect.Owner) == nil {
		var mine inspect.Workforce
		for _, w := range declared {
			if w.Org == who.Org.ID {
				mine = w
			}
		}
		form := web.FormOf(r, act.PutWorkforce{
			Seen: mine.Version, CivilServant: mine.Staff[0], Qualified: mine.Staff[1], Daily: mine.Staff[2], Hours: mine.Rule.Hours, Exam: mine.Rule.Exam,
		}, "seen")
		v.Workforce = &form
	}
	return nil
}

// inspectorFile sends all persons that the filter lets through, in the columns that
// the list shows; or, with as=import, in those that can be imported. Phones of other
// departments are in neither.
func (s *server) inspectorFile(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, facts, err := s.inspectorFiles(r)
	if err != nil {
		return err
	}
	towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	columns, err := s.columns(r, "inspectors", inspectorColumns)
	if err != nil {
		return err
	}
	again := r.URL.Query().Get("as") == "import"
	table := shownTable("执法检查人员", append([]string{"姓名", "工号", "部门", "执法证有效期至", "抽取", "说明"}, columns.Heads()...))
	if again {
		table = exchange.InspectorTable()
	}
	e, err := s.sendTable(w, r, "inspectors", table)
	if err != nil {
		return err
	}
	for _, f := range all {
		if !s.inspectorFits(r, f) {
			continue
		}
		values := exchange.InspectorValues(f.Inspector, facts.Orgs[f.Org].Name, towns)
		if !again {
			row := s.inspectorRow(f, facts, columns)
			values = append([]string{row.Name, row.Code, row.Org, row.Until.Left, row.State.Text, row.Why}, texts(row.Cells)...)
		}
		if err := e.Write(values); err != nil {
			return err
		}
	}
	return e.Close()
}

// expiring is what the home page says of certificates that end within 90 days.
func (s *server) expiring(r *http.Request) ([]datedJob, error) {
	who := web.Actor(r)
	if who.MayTo(inspect.InspectorCertify, inspect.Owner) != nil || !who.Org.Inspects() {
		return nil, nil
	}
	all, err := s.db.Inspectors(r.Context(), who.Scope(), store.InspectorFilter{Org: who.Org.ID, Since: s.today()})
	if err != nil {
		return nil, err
	}
	var names []string
	var first dateOf
	for _, f := range all {
		if until, soon := f.ExpiresWithin(s.today(), inspect.ExpiryWarning); soon {
			names = append(names, f.Name)
			if first.IsZero() || until.Before(first) {
				first = until
			}
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	note := strings.Join(names[:min(3, len(names))], "、")
	if len(names) > 3 {
		note += " 等"
	}
	return []datedJob{{On: first, Job: web.Job{
		Text: fmt.Sprintf("%d 名执法检查人员的执法证将在 %d 天内到期", len(names), inspect.ExpiryWarning),
		Note: note + "　到期后不再参加抽取", Href: "/office/inspectors?paper=" + chipSoon, Action: "去登记", Due: s.due(first),
	}}}, nil
}
