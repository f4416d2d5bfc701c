package portal

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var planPage = web.NewPage[planView](files, "plan.html", "part.html")

type planView struct {
	Crumbs    []web.Link
	Org       string
	Title     string
	Phrases   []string // of the title, which breaks between them
	Number    string
	Path      string // of this edition, for good
	URL       string
	Current   string // path of the edition in force, if this is not it
	Replaced  time.Time
	State     web.State
	Published time.Time
	Numbers   []web.Number
	Tasks     []taskView
	Visits    int64
	Matrix    web.Matrix
	Reason    string
	Before    string // what the edition before is called
	Diff      []web.Change
	Facts     []web.Fact
	Editions  []editionView
	Files     []fileView
	Log       []web.Entry
	Receipt   *web.Receipt
	Verify    web.QR
	Link      web.QR
	Site      string
}

// A taskView is one task of a plan, as the table and the full text show it.
type taskView struct {
	No             int
	Anchor         string
	Name, Field    string
	Lead, Partners string
	Ratio          string
	Frequency      int
	Planned        int64
	Months         string
	Facts          []web.Fact
}

// An editionView is one edition in the list of a plan's editions.
type editionView struct {
	Text, Href, Note string
	Here             bool
}

// A fileView is one file to download.
type fileView struct{ Text, Note, Href string }

// numberForm is the form of plan numbers; anything else is not asked of the
// database.
var numberForm = regexp.MustCompile(`^[0-9]{6}-[0-9]{4}(-[a-z][a-z0-9]{1,11})?(-lh)?$`)

// A request for a plan: its number, its edition, -1 for the one in force, and
// the form it is wanted in, empty for the page.
type planAsk struct {
	number  string
	edition int
	form    string
}

// parsePlanAsk reads 370687-2026-scjg.json, or number and edition, 370687-2026
// and 1.xlsx.
func parsePlanAsk(number, edition string) (planAsk, error) {
	ask := planAsk{number: number, edition: -1}
	last := &ask.number
	if edition != "" {
		last = &edition
	}
	if name, form, ok := strings.Cut(*last, "."); ok {
		*last, ask.form = name, form
		if form == "" || form == "html" {
			return ask, inspect.ErrMissing
		}
	}
	if edition != "" {
		n, err := strconv.Atoi(edition)
		if err != nil || n < 0 || n > 9999 || strconv.Itoa(n) != edition {
			return ask, inspect.ErrMissing
		}
		ask.edition = n
	}
	if !numberForm.MatchString(ask.number) {
		return ask, inspect.ErrMissing
	}
	return ask, nil
}

// A dossier is a public edition with everything that pages and files tell of it.
type dossier struct {
	plan     inspect.Plan
	editions []inspect.Plan // all public ones, newest first
	facts    inspect.Facts
	acts     []store.PublicAct
}

func (s *server) dossier(ctx context.Context, ask planAsk) (d dossier, err error) {
	if d.editions, err = s.db.Plans(ctx, public, store.PlanFilter{Number: ask.number}); err != nil {
		return d, err
	}
	i := slices.IndexFunc(d.editions, func(p inspect.Plan) bool {
		return p.Edition == ask.edition || ask.edition < 0 && p.State == inspect.PlanPublished
	})
	if i < 0 {
		return d, inspect.ErrMissing
	}
	d.plan = d.editions[i]
	if d.facts, err = s.db.Facts(ctx, public, d.plan.Region); err != nil {
		return d, err
	}
	d.acts, err = s.db.PublicActs(ctx, public, d.plan.ID)
	return d, err
}

// publication is the act that made the edition public.
func (d dossier) publication() (store.PublicAct, bool) {
	i := slices.IndexFunc(d.acts, func(a store.PublicAct) bool {
		return a.Verb == inspect.PlanPublish && a.Becomes == inspect.PlanPublished
	})
	if i < 0 {
		return store.PublicAct{}, false
	}
	return d.acts[i], true
}

// approver is the organisation that approved the plan: the department itself,
// or the government for the joint plan, R41. Never the person.
func (d dossier) approver() string {
	for _, a := range d.acts {
		if a.Verb == inspect.PlanApprove || a.Verb == inspect.PlanRatify {
			return d.facts.Orgs[a.Org].Name
		}
	}
	return ""
}

func planPath(p inspect.Plan) string { return fmt.Sprintf("/plans/%s/%d", p.Number, p.Edition) }

// editionText is what people call an edition.
func editionText(p inspect.Plan) string {
	if p.Edition == 0 {
		return "首次公布"
	}
	return fmt.Sprintf("第 %d 次调整", p.Edition)
}

// plan shows a public edition, or gives it as a file: R47, R48.
func (s *server) plan(w http.ResponseWriter, r *http.Request) error {
	ask, err := parsePlanAsk(r.PathValue("number"), r.PathValue("edition"))
	if err != nil {
		return err
	}
	d, err := s.dossier(r.Context(), ask)
	if err != nil {
		return err
	}
	modified(w, d.changed())
	if ask.form != "" {
		return s.planFile(w, ask, d)
	}
	v, err := s.planView(d)
	if err != nil {
		return err
	}
	return planPage.Show(w, r, v)
}

// changed is when the edition last changed: published, or replaced.
func (d dossier) changed() time.Time {
	if d.plan.ReplacedAt.After(d.plan.PublishedAt) {
		return d.plan.ReplacedAt
	}
	return d.plan.PublishedAt
}

// planFile sends the edition as a file. A current edition's file is named after
// the edition all the same, so that two downloads do not get mixed up.
func (s *server) planFile(w http.ResponseWriter, ask planAsk, d dossier) error {
	file := s.exchanged(d)
	kind, write := "", file.JSON
	switch ask.form {
	case "json":
		kind = "application/json"
	case "xlsx":
		kind, write = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", file.XLSX
	case "csv":
		kind, write = "text/csv; charset=utf-8", file.CSV
	default:
		return inspect.ErrMissing
	}
	body, err := write()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-v%d.%s", d.plan.Number, d.plan.Edition, ask.form)
	if ask.form == "json" {
		name = "" // programs and browsers read it in place
	}
	return send(w, kind, name, d.changed(), body)
}

func (s *server) exchanged(d dossier) exchange.Plan {
	pub := exchange.Publication{
		Publisher: d.facts.Orgs[d.plan.Org].Name, Approver: d.approver(), Place: s.Place, URL: s.Base + planPath(d.plan),
	}
	if a, ok := d.publication(); ok {
		hash := a.LeafHash()
		receipt := receiptOf(a)
		pub.Receipt = &exchange.Receipt{N: a.N, Code: receipt.Code, LeafHash: hex.EncodeToString(hash[:]), URL: s.Base + receipt.Href()}
	}
	return exchange.NewPlan(d.plan, d.facts, pub)
}

func (s *server) planView(d dossier) (planView, error) {
	p, facts := d.plan, d.facts
	v := planView{
		Org: facts.Orgs[p.Org].Name, Title: p.Title(), Phrases: phrases(p.Title()), Number: p.Number, Path: planPath(p), URL: s.Base + planPath(p),
		Published: p.PublishedAt, Replaced: p.ReplacedAt, Reason: p.Reason, Site: s.Place + "双随机抽查公开平台",
		State:  web.State{Shape: web.Happy, Text: "现行"},
		Crumbs: []web.Link{{Text: "计划", Href: "/plans"}, {Text: fmt.Sprintf("%d 年", p.Year), Href: fmt.Sprintf("/plans?year=%d", p.Year)}, {Text: p.Number}},
	}
	if p.State == inspect.PlanReplaced {
		v.State = web.State{Text: "已被新版代替"}
		v.Current = "/plans/" + p.Number
	}
	for _, l := range p.Standing() {
		v.Tasks = append(v.Tasks, newTaskView(l, facts))
		v.Visits += l.Planned() * int64(l.Frequency)
	}
	v.Numbers = planNumbers(p)
	v.Matrix = coverage(p, facts)
	v.Facts = []web.Fact{
		{Label: "编号", Value: p.Number}, {Label: "版次", Value: fmt.Sprintf("第 %d 版（%s）", p.Edition, editionText(p))},
		{Label: "种类", Value: p.Kind.Text()}, {Label: "公布", Value: v.Org, Note: web.Stamp(p.PublishedAt)},
	}
	if approver := d.approver(); approver != "" {
		v.Facts = append(v.Facts, web.Fact{Label: "批准", Value: approver, Note: web.Stamp(p.ApprovedAt)})
	}
	s.editions(&v, d)
	s.planFiles(&v)
	return v, s.record(&v, d)
}

// phrases cuts a title where a line may end: 2026 年度, 抽查工作计划, （第 1 次调整）.
func phrases(title string) []string {
	year, rest, _ := strings.Cut(title, "年度")
	name, adjusted, ok := strings.Cut(rest, "（")
	parts := []string{year + "年度", name}
	if ok {
		parts = append(parts, "（"+adjusted)
	}
	return parts
}

// planNumbers are the three numbers of a plan: tasks, departments, visits.
func planNumbers(p inspect.Plan) []web.Number {
	orgs := map[inspect.OrgID]bool{}
	var visits int64
	for _, l := range p.Standing() {
		for _, id := range l.Parties() {
			orgs[id] = true
		}
		visits += l.Planned() * int64(l.Frequency)
	}
	return []web.Number{
		{Label: "任务", Value: web.Thousands(int64(len(p.Standing()))), Unit: "项"}, {Label: "部门", Value: web.Thousands(int64(len(orgs))), Unit: "个"},
		{Label: "计划抽查", Value: web.Thousands(visits), Unit: "户次"},
	}
}

func newTaskView(l inspect.PlanLine, facts inspect.Facts) taskView {
	t := taskView{
		No: l.No, Anchor: fmt.Sprintf("task-%d", l.No), Name: l.Name, Field: l.Field, Lead: facts.Orgs[l.Lead].Short,
		Ratio: l.Ratio, Frequency: l.Frequency, Planned: l.Planned(), Months: l.Months.Text(),
	}
	t.Facts, t.Partners = taskFacts(l, facts)
	return t
}

// taskFacts tells a task in full, in fewer lines than the form has: what belongs
// together stands together. Files have each field on its own.
func taskFacts(l inspect.PlanLine, facts inspect.Facts) (told []web.Fact, partners string) {
	is := map[string]string{}
	for _, f := range l.Describe(facts) {
		is[f.Label] = f.After
	}
	together := func(labels ...string) string {
		var words []string
		for _, label := range labels {
			if is[label] != "" {
				words = append(words, is[label])
			}
		}
		return strings.Join(words, "　")
	}
	for _, f := range []web.Fact{
		{Label: "抽查事项", Value: is["抽查事项"]},
		{Label: "抽查对象范围", Value: is["抽查对象范围"]},
		{Label: "检查对象分库", Value: is["检查对象分库"]},
		{Label: "抽查比例、频次", Value: together("抽查比例", "抽查频次"), Note: fmt.Sprintf("抽查基数 %s 户，每次 %s 户", web.Thousands(l.Pool), web.Thousands(l.Planned()))},
		{Label: "实施检查时间", Value: is["实施检查时间"]},
		{Label: "实施区域", Value: is["实施区域"]},
		{Label: "牵头部门", Value: is["牵头部门"]},
		{Label: "配合部门", Value: is["配合部门"]},
		{Label: "抽查类型、方式", Value: together("抽查类型", "是否定向", "检查方式", "抽查检查模式")},
		{Label: "备注", Value: is["备注"]},
	} {
		if f.Value != "" {
			told = append(told, f)
		}
	}
	return told, is["配合部门"]
}

// coverage is which items the plan checks in which months: R42, R49.
func coverage(p inspect.Plan, facts inspect.Facts) web.Matrix {
	var items []inspect.Item
	for _, l := range p.Standing() {
		for _, id := range l.Items {
			if !slices.ContainsFunc(items, func(i inspect.Item) bool { return i.ID == id }) {
				items = append(items, facts.Items[id])
			}
		}
	}
	m := web.Matrix{Caption: "各抽查事项按月安排的任务数", Head: "抽查事项"}
	for month := 1; month <= 12; month++ {
		m.Columns = append(m.Columns, strconv.Itoa(month)+"月")
	}
	for _, row := range inspect.Cover([]inspect.Plan{p}, items, nil, nil, nil).Items {
		text := row.Name
		if p.Kind != inspect.PlanOwn {
			text += "（" + facts.Orgs[row.Org].Short + "）"
		}
		m.Rows = append(m.Rows, web.MatrixRow{Text: text, Counts: row.Months[:]})
	}
	return m
}

// editions fills in the list of editions and the difference to the one before.
func (s *server) editions(v *planView, d dossier) {
	for _, p := range d.editions {
		e := editionView{Text: editionText(p), Href: planPath(p), Here: p.ID == d.plan.ID, Note: p.PublishedAt.In(china).Format(time.DateOnly)}
		if p.State == inspect.PlanPublished {
			e.Note += "　现行"
		}
		v.Editions = append(v.Editions, e)
		if p.ID == d.plan.Amends {
			v.Before = editionText(p)
			v.Diff = web.Changes(inspect.Diff(p, d.plan, d.facts))
		}
	}
}

func (s *server) planFiles(v *planView) {
	v.Files = []fileView{
		{"Excel 表格", "可排序、打印", v.Path + ".xlsx"},
		{"CSV 表格", "UTF-8，各种软件通用", v.Path + ".csv"},
		{"JSON 数据", "全部字段，供程序读取", v.Path + ".json"},
	}
}

// record fills in the acts with their receipts, and the codes to scan.
func (s *server) record(v *planView, d dossier) (err error) {
	for _, a := range d.acts {
		receipt := receiptOf(a)
		text := a.Verb.Text()
		if a.Verb == inspect.PlanPublish && a.Becomes == inspect.PlanReplaced {
			text = inspect.PlanReplace.Text()
		}
		v.Log = append(v.Log, web.Entry{At: web.Past, Text: text, When: web.Stamp(a.At), Who: d.facts.Orgs[a.Org].Short, Receipt: &receipt})
	}
	if a, ok := d.publication(); ok {
		receipt := receiptOf(a)
		v.Receipt = &receipt
		if v.Verify, err = web.NewQR("扫码查验这次公布的存证回执", s.Base+receipt.Href()); err != nil {
			return err
		}
	}
	v.Link, err = web.NewQR("本页的永久链接", v.URL)
	return err
}
