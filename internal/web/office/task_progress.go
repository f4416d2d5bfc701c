package office

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var progressPage = web.NewPage[progressView](files, "task_progress.html")

type progressView struct {
	Year    int
	Views   []web.Tab
	Filter  web.Filter
	Numbers []web.Number
	Stages  []string // heads of the table
	Rows    []progressRow
	Pager   web.Pager
	Files   web.Exports
	Here    string // the address of the view, for its refresh
	Stamp   string // when it was read
	Lines   []lineDueRow
	Whose   string // whose tasks are shown
}

// A progressRow is how far one task has come.
type progressRow struct {
	Href, Name, Number, Org, Partners string
	Stages                            []stageCell
	Days                              string
	Due                               web.Due
	State                             web.State
	Wait, Late                        string
	key                               string
	over                              bool // nothing is left to wait for
}

// A stageCell is when a stage was done, or that it is the next one.
type stageCell struct {
	Label, On string
	Next      bool
}

// A lineDueRow is a line of a plan that tasks are missing of.
type lineDueRow struct {
	Href, Name, Plan, Org, Months, Text string
	State                               web.State
}

// registerProgress adds the live view of tasks and its files.
func (s *server) registerProgress(m *web.Mux) {
	m.Page("GET /office/progress", inspect.TaskRead, s.progress)
	m.Page("GET /office/progress.xlsx", inspect.TaskRead, s.progressFile)
	m.Page("GET /office/progress.csv", inspect.TaskRead, s.progressFile)
}

// progress shows how far every task of a year has come that the reader may see, who
// is awaited, and what is late: R17, R18, 海政办发〔2020〕2号 二(一).
func (s *server) progress(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	v, tasks, facts, err := s.progressOf(r)
	if err != nil {
		return err
	}
	v.Views = taskViews("/office/progress")
	v.Whose = map[inspect.Reach]string{
		inspect.ReachOffice: "已备案的任务", inspect.ReachGovernment: "已备案的任务", inspect.ReachOversight: "已报审的任务", inspect.ReachOwn: "本单位发起和参与的任务",
	}[who.Scope().Reach]
	after, size := web.PageOf(r)
	from := 0
	if after != "" {
		from = slices.IndexFunc(v.Rows, func(row progressRow) bool { return row.key == after }) + 1
	}
	shown, next := v.Rows[from:], ""
	if len(shown) > size {
		shown = shown[:size]
		next = shown[size-1].key
	}
	v.Pager = web.NewPager(r, "progress", fmt.Sprintf("共 %d 项，本页 %d 项", len(v.Rows), len(shown)), next)
	v.Rows, v.Files, v.Here, v.Stamp = shown, web.NewExports(r), r.URL.RequestURI(), web.Stamp(s.Now())
	if q := r.URL.Query(); q.Get("year") == "" { // the chip shows the year that is read
		q.Set("year", strconv.Itoa(v.Year))
		r = r.Clone(r.Context())
		r.URL.RawQuery = q.Encode()
	}
	v.Filter = web.NewFilter(r, "任务名称、编号或者备案号", "progress", append(s.taskChips(r, facts), web.NewChip(r, "时限", "late", web.Option{Value: "1", Text: "已超时限"}))...)
	if err := s.linesDue(r, &v, tasks, facts); err != nil {
		return err
	}
	return progressPage.Show(w, r, v)
}

// progressMost is how many tasks of a year the view and its files take.
const progressMost = 10_000

// progressOf reads the tasks that the address asks for, those that are late first.
func (s *server) progressOf(r *http.Request) (v progressView, tasks []inspect.Task, facts inspect.Facts, err error) {
	who, q := web.Actor(r), r.URL.Query()
	if v.Year, err = strconv.Atoi(q.Get("year")); err != nil {
		v.Year = s.today().Year()
	}
	tasks, err = s.db.Tasks(r.Context(), who.Scope(), store.TaskFilter{Year: v.Year, Most: progressMost})
	if err == nil {
		facts, err = s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	}
	if err != nil {
		return v, nil, facts, err
	}
	batches, err := s.batchesOf(r, v.Year)
	if err != nil {
		return v, nil, facts, err
	}
	sent, err := s.sentOf(r)
	if err != nil {
		return v, nil, facts, err
	}
	count := map[string]int{}
	for _, t := range tasks {
		row := s.progressRowOf(t, batches[t.Batch], sent[t.Batch], facts)
		if !row.over {
			count[string(t.State)]++
		}
		if row.Late != "" {
			count["late"]++
		}
		if progressWanted(t, row, q.Get) {
			v.Rows = append(v.Rows, row)
		}
	}
	slices.SortStableFunc(v.Rows, func(a, b progressRow) int { return cmp.Compare(a.rank(), b.rank()) })
	for _, stage := range (inspect.Task{}).Stages(inspect.Batch{}, time.Time{}) {
		v.Stages = append(v.Stages, stage.Text)
	}
	number := func(label string, n int) {
		v.Numbers = append(v.Numbers, web.Number{Label: label, Value: strconv.Itoa(n), Unit: "项"})
	}
	number("全部任务", len(tasks))
	number("报批和备案", count[string(inspect.TaskDrafting)]+count[string(inspect.TaskSubmitted)]+count[string(inspect.TaskApproved)])
	number("待列入批次", count[string(inspect.TaskFiled)])
	number("抽取中", count[string(inspect.TaskBatched)])
	number("已抽取", count[string(inspect.TaskDrawn)]+count[string(inspect.TaskDispatched)])
	number("已超时限", count["late"])
	return v, tasks, facts, nil
}

// rank puts what is late first, and what is over last.
func (row progressRow) rank() int {
	switch {
	case row.Late != "":
		return 0
	case row.over:
		return 2
	}
	return 1
}

// batchesOf are the batches of a year within the reader's scope, by id.
func (s *server) batchesOf(r *http.Request, year int) (map[inspect.BatchID]inspect.Batch, error) {
	all, err := s.db.Batches(r.Context(), web.Actor(r).Scope(), store.BatchFilter{Year: year, Most: progressMost})
	by := map[inspect.BatchID]inspect.Batch{}
	for _, b := range all {
		by[b.ID] = b
	}
	return by, err
}

// sentOf is when the teams of batches were dispatched: R69.
func (s *server) sentOf(r *http.Request) (map[inspect.BatchID]time.Time, error) {
	all, err := s.db.Dispatches(r.Context(), web.Actor(r).Scope(), progressMost)
	sent := map[inspect.BatchID]time.Time{}
	for _, d := range all {
		sent[d.Batch] = d.At
	}
	return sent, err
}

// progressWanted reports whether the filter lets a task through.
func progressWanted(t inspect.Task, row progressRow, get func(string) string) bool {
	text := strings.TrimSpace(get("q"))
	return (get("state") == "" || get("state") == string(t.State)) && (get("source") == "" || get("source") == string(t.Source)) &&
		(get("org") == "" || get("org") == string(t.Org)) && (get("late") == "" || row.Late != "") &&
		(text == "" || strings.Contains(t.Name+" "+t.Number+" "+t.FilingNo, text))
}

func (s *server) progressRowOf(t inspect.Task, b inspect.Batch, sent time.Time, facts inspect.Facts) progressRow {
	list := taskRowOf(t, facts)
	row := progressRow{
		Href: list.Href, Name: list.Name, Number: list.Number, Org: list.Org, Partners: list.Partners, Days: list.Days, State: list.State, Wait: list.Wait,
		Late: t.Late(b, s.Now()), key: store.TaskKey(t),
		over: slices.Contains([]inspect.TaskState{inspect.TaskDispatched, inspect.TaskCancelled, inspect.TaskDiscarded}, t.State),
	}
	if t.State == inspect.TaskBatched && b.ID != "" {
		row.Wait = b.State.Text()
		if turn := batchTurn(b, nil); turn.Who != "" {
			row.Wait += "，轮到" + turn.Who
		}
	}
	next := !row.over
	for _, stage := range t.Stages(b, sent) {
		cell := stageCell{Label: stage.Text}
		if !stage.At.IsZero() {
			cell.On = stage.At.In(beijing).Format(time.DateOnly)[5:]
		} else if next {
			cell.Next, next = true, false
		}
		row.Stages = append(row.Stages, cell)
	}
	if !row.over && !t.From.IsZero() {
		row.Due = s.due(t.From)
	}
	return row
}

// linesDue lists what the published plans of the year ask for by now, and is not
// there.
func (s *server) linesDue(r *http.Request, v *progressView, tasks []inspect.Task, facts inspect.Facts) error {
	who := web.Actor(r)
	plans, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{Region: who.Org.Region, Year: v.Year, State: inspect.PlanPublished})
	if err != nil {
		return err
	}
	own := who.Scope().Reach == inspect.ReachOwn
	for _, d := range inspect.LinesDue(plans, tasks, s.today()) {
		if own && d.Line.Lead != who.Org.ID {
			continue
		}
		row := lineDueRow{
			Href: "/office/plans/" + string(d.Plan.ID), Name: d.Line.Name, Plan: d.Plan.Title(), Org: facts.Orgs[d.Line.Lead].Short, Months: d.Line.Months.Text(),
			Text: fmt.Sprintf("全年 %d 次，已有 %d 次", d.Line.Frequency, d.Begun), State: web.State{Shape: web.Waiting, Text: "时间已到"},
		}
		if d.Late {
			row.State = web.State{Shape: web.Bad, Text: "已过计划月份"}
		}
		v.Lines = append(v.Lines, row)
	}
	return nil
}

// progressFile sends all rows that the filter finds.
func (s *server) progressFile(w http.ResponseWriter, r *http.Request) error {
	v, _, _, err := s.progressOf(r)
	if err != nil {
		return err
	}
	heads := slices.Concat([]string{"任务名称", "任务编号", "发起部门", "参与部门", "执行时间"}, v.Stages, []string{"状态", "等待", "时限"})
	file, err := s.sendTable(w, r, "progress", shownTable("任务进度", heads))
	if err != nil {
		return err
	}
	for _, row := range v.Rows {
		cells := []string{row.Name, row.Number, row.Org, row.Partners, row.Days}
		for _, stage := range row.Stages {
			cells = append(cells, stage.On)
		}
		err = errors.Join(err, file.Write(append(cells, row.State.Text, row.Wait, row.Late)))
	}
	return errors.Join(err, file.Close())
}

// taskViews are the ways to look at tasks.
func taskViews(current string) []web.Tab {
	tabs := []web.Tab{
		{Text: "办理中", Href: "/office/tasks"}, {Text: "全部任务", Href: "/office/tasks?all=1"}, {Text: "办理进度", Href: "/office/progress"},
		{Text: "备案登记簿", Href: "/office/filings"},
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == current
	}
	return tabs
}
