package office

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	tasksPage   = web.NewPage[tasksView](files, "task_list.html")
	filingsPage = web.NewPage[filingsView](files, "task_filing.html")
)

type tasksView struct {
	Views   []web.Tab
	Filter  web.Filter
	Rows    []taskRow
	Pager   web.Pager
	Lines   []beginRow // lines of published plans that this department can begin a task of
	Begin   *web.Form  // a task outside the plan; nil for readers who begin none
	Sources []web.Option
	Copies  []web.Option
}

// A taskRow is one task of the list.
type taskRow struct {
	Href, Name, Number, Org, Partners string
	Source, Days, Wait                string
	State                             web.State
	Secret                            bool
}

// A beginRow is a line of a published plan with the form that begins its task.
type beginRow struct {
	Name, Plan, Months, Partners string
	Times                        string
	Form                         *web.Form // nil when all its tasks are begun
	Copy                         string    // the task of last year whose settings it takes over
}

// tasks lists the tasks within the reader's scope, and lets a department begin those
// that the plan gives it: R62.
func (s *server) tasks(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	after, size := web.PageOf(r)
	year, _ := strconv.Atoi(q.Get("year")) // not a number means every year
	filter := store.TaskFilter{
		Year: year, State: inspect.TaskState(q.Get("state")), Source: inspect.TaskSource(q.Get("source")), Org: inspect.OrgID(q.Get("org")),
		Text: q.Get("q"), After: after, Most: size + 1,
	}
	all := q.Has("all") || year != 0 || filter.State != ""
	filter.Open = !all
	found, err := s.db.Tasks(r.Context(), who.Scope(), filter)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	next := ""
	if len(found) > size {
		found = found[:size]
		next = store.TaskKey(found[size-1])
	}
	v := tasksView{Views: taskViews(map[bool]string{false: "/office/tasks", true: "/office/tasks?all=1"}[all])}
	for _, t := range found {
		v.Rows = append(v.Rows, taskRowOf(t, facts))
	}
	v.Pager = web.NewPager(r, "tasks", fmt.Sprintf("本页 %d 项", len(v.Rows)), next)
	v.Filter = web.NewFilter(r, "任务名称、编号或者备案号", "tasks", s.taskChips(r, facts)...)
	if who.MayTo(inspect.TaskDraft, inspect.Owner) == nil && who.Org.Inspects() {
		if err := s.beginnings(r, &v, facts); err != nil {
			return err
		}
	}
	return tasksPage.Show(w, r, v)
}

func (s *server) taskChips(r *http.Request, facts inspect.Facts) []web.Chip {
	var years, orgs []web.Option
	for y := s.today().Year() + 1; y >= s.today().Year()-3; y-- {
		years = append(years, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
	}
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() {
			orgs = append(orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	return []web.Chip{
		web.NewChip(r, "年度", "year", years...), web.NewChip(r, "状态", "state", web.Options(inspect.TaskStates)...),
		web.NewChip(r, "来源", "source", web.Options(inspect.TaskSources)...), web.NewChip(r, "发起部门", "org", orgs...),
	}
}

func taskRowOf(t inspect.Task, facts inspect.Facts) taskRow {
	row := taskRow{
		Href: taskPath(t), Name: t.Name, Number: t.Number, Org: facts.Orgs[t.Org].Short, Partners: partnersOf(t, facts), Source: t.Source.Text(),
		Days: "尚未确定", Wait: taskWait(t, facts), State: taskState(t), Secret: t.Sealed,
	}
	if !t.From.IsZero() {
		row.Days = t.Days().Text()
	}
	return row
}

func partnersOf(t inspect.Task, facts inspect.Facts) string {
	var names []string
	for _, p := range t.Parts {
		if p.Org != t.Org {
			names = append(names, facts.Orgs[p.Org].Short)
		}
	}
	return strings.Join(names, "、")
}

// taskWait says what a task waits for.
func taskWait(t inspect.Task, facts inspect.Facts) string {
	switch t.State {
	case inspect.TaskDrafting:
		if t.Opinion != "" {
			return "已退回：" + opinionOf(t, facts)
		}
		return "填写完整后报审"
	case inspect.TaskSubmitted:
		if waiting := t.Waiting(); len(waiting) > 0 {
			var names []string
			for _, org := range waiting {
				names = append(names, facts.Orgs[org].Short)
			}
			return "等待" + strings.Join(names, "、") + "同意"
		}
		return "等待" + facts.Orgs[t.Org].Short + "负责人批准"
	case inspect.TaskApproved:
		return "等待报联席会议办公室备案"
	case inspect.TaskFiled:
		return "确认名录库后列入批次抽取"
	case inspect.TaskDrawn:
		return "安排检查日程，由组织抽取的单位派发"
	}
	return ""
}

// beginnings offers the lines of published plans that the department leads, and a
// task outside the plan.
func (s *server) beginnings(r *http.Request, v *tasksView, facts inspect.Facts) error {
	who, year := web.Actor(r), s.today().Year()
	own, err := s.db.Tasks(r.Context(), who.Scope(), store.TaskFilter{Org: who.Org.ID, Most: 1000})
	if err != nil {
		return err
	}
	for _, y := range []int{year, year + 1} {
		plans, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{Region: who.Org.Region, Year: y, State: inspect.PlanPublished})
		if err != nil {
			return err
		}
		for _, p := range plans {
			for _, l := range p.Standing() {
				if l.Lead == who.Org.ID {
					v.Lines = append(v.Lines, beginRowOf(r, p, l, own, facts))
				}
			}
		}
	}
	task := inspect.TaskID(web.NewID())
	form := web.FormOf(r, act.DraftTask{Task: task}, "task", "plan", "line")
	form.Then = "/office/tasks/" + string(task) + "/edit"
	v.Begin, v.Sources = &form, web.Options(inspect.UnplannedSources)
	for _, t := range own {
		if t.Year >= year-1 && t.State != inspect.TaskDiscarded && len(v.Copies) < 30 {
			v.Copies = append(v.Copies, web.Option{Value: string(t.ID), Text: t.Title()})
		}
	}
	return nil
}

func beginRowOf(r *http.Request, p inspect.Plan, l inspect.PlanLine, own []inspect.Task, facts inspect.Facts) beginRow {
	begun := 0
	var last inspect.Task // of the year before, by name: R2
	for _, t := range own {
		switch {
		case t.Planned.Number == p.Number && t.Line.No == l.No && t.State != inspect.TaskDiscarded && t.State != inspect.TaskCancelled:
			begun++
		case t.Name == l.Name && t.Year == p.Year-1 && t.State != inspect.TaskDiscarded && last.ID == "":
			last = t
		}
	}
	row := beginRow{Name: l.Name, Plan: p.Title(), Months: l.Months.Text(), Times: fmt.Sprintf("全年 %d 次，已发起 %d 次", l.Frequency, begun)}
	for _, org := range l.Partners {
		row.Partners = strings.TrimPrefix(row.Partners+"、"+facts.Orgs[org].Short, "、")
	}
	if begun < l.Frequency {
		task := inspect.TaskID(web.NewID())
		form := web.FormFor(r, fmt.Sprintf("%s-%d", p.Number, l.No), act.DraftTask{Task: task, Plan: p.ID, Line: l.No, Copy: last.ID},
			"task", "plan", "line", "source", "ground", "name", "copy")
		form.Then = "/office/tasks/" + string(task)
		row.Form = &form
		if last.ID != "" {
			row.Copy = last.Number
		}
	}
	return row
}

type filingsView struct {
	Views []web.Tab
	Year  int
	Years []web.Tab
	Rows  []filingRow
	Pager web.Pager
	File  string
}

// A filingRow is one filing of the office's register.
type filingRow struct {
	Number, When, Href, Name, Task, Org, Partners, Days string
	State                                               web.State
}

// filings shows the register of filed tasks: R16, 海政办发〔2020〕2号 二(一). The office
// sees all of the region, a department its own.
func (s *server) filings(w http.ResponseWriter, r *http.Request) error {
	rows, year, next, err := s.filed(r, 0)
	if err != nil {
		return err
	}
	v := filingsView{Year: year, Rows: rows, File: fmt.Sprintf("/office/filings.csv?year=%d", year)}
	v.Views = taskViews("/office/filings")
	for y := s.today().Year(); y > s.today().Year()-3; y-- {
		v.Years = append(v.Years, web.Tab{Text: fmt.Sprintf("%d 年", y), Href: fmt.Sprintf("/office/filings?year=%d", y), Current: y == year})
	}
	v.Pager = web.NewPager(r, "filings", fmt.Sprintf("本页 %d 项", len(rows)), next)
	return filingsPage.Show(w, r, v)
}

// filed reads the register of the year that the address names, a page of it, or the
// first most rows.
func (s *server) filed(r *http.Request, most int) (rows []filingRow, year int, next string, err error) {
	who := web.Actor(r)
	after, size := web.PageOf(r)
	if year, err = strconv.Atoi(r.URL.Query().Get("year")); err != nil {
		year = s.today().Year()
	}
	filter := store.TaskFilter{Year: year, Filed: true, After: after, Most: size + 1}
	if most > 0 {
		filter.After, filter.Most, size = "", most, most
	}
	found, err := s.db.Tasks(r.Context(), who.Scope(), filter)
	if err != nil {
		return nil, year, "", err
	}
	if len(found) > size {
		found = found[:size]
		next = store.FilingKey(found[size-1])
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	for _, t := range found {
		rows = append(rows, filingRow{
			Number: t.FilingNo, When: web.Stamp(t.FiledAt), Href: taskPath(t), Name: t.Name, Task: t.Number, Org: facts.Orgs[t.Org].Short,
			Partners: partnersOf(t, facts), Days: t.Days().Text(), State: taskState(t),
		})
	}
	return rows, year, next, err
}

// filingsMost is how many filings one file takes.
const filingsMost = 10_000

// filingsCSV sends the register of a year as a table.
func (s *server) filingsCSV(w http.ResponseWriter, r *http.Request) error {
	rows, year, _, err := s.filed(r, filingsMost)
	if err != nil {
		return err
	}
	table := [][]string{{"备案号", "备案时间", "任务名称", "任务编号", "发起部门", "参与部门", "执行时间", "状态"}}
	for _, f := range rows {
		table = append(table, []string{f.Number, f.When, f.Name, f.Task, f.Org, f.Partners, f.Days, f.State.Text})
	}
	return sendRows(w, fmt.Sprintf("filings-%d.csv", year), table)
}

// sendRows sends rows as a file that Excel opens as it is.
func sendRows(w http.ResponseWriter, name string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename=%q`, name))
	return writeTable(w, rows)
}
