package office

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var resultsPage = web.NewPage[resultsView](files, "result_list.html")

type resultsView struct {
	Views   []web.Tab
	Overdue bool // the register of what is overdue
	Filter  web.Filter
	Rows    []resultRow
	Pager   web.Pager
	Files   web.Exports
}

// A resultRow is one result of a list.
type resultRow struct {
	Href, Name, Code, Org, Task, Done string
	Results                           []web.State
	State                             web.State
	Light                             web.State
	Due                               web.Due
	Wait                              string
	Dishonest                         string
}

// registerResults adds the pages of results.
func (s *server) registerResults(m *web.Mux) {
	m.Page("GET /office/results", inspect.ResultRead, s.results)
	m.Page("GET /office/results.xlsx", inspect.ResultRead, s.resultFile)
	m.Page("GET /office/results.csv", inspect.ResultRead, s.resultFile)
	m.Page("GET /office/results/{id}", inspect.ResultRead, s.result)
	m.Page("GET /office/results/{id}/correct", inspect.CorrectionDraft, s.correct)
}

func resultPath(id inspect.ResultID) string { return "/office/results/" + string(id) }

// resultState is the state of a result as lists show it.
func resultState(r inspect.Result) web.State {
	shape := map[inspect.ResultState]web.Shape{
		inspect.ResultDrafted: web.Going, inspect.ResultSubmitted: web.Waiting, inspect.ResultApproved: web.Going, inspect.ResultPublished: web.Happy,
	}[r.State]
	text := r.State.Text()
	if r.State == inspect.ResultPublished && r.Edition > 1 {
		text += "，已更正"
	}
	return web.State{Shape: shape, Text: text}
}

// lightState is the colour of a clock, with its word: R92.
func lightState(c inspect.Clock) web.State {
	state := map[inspect.Light]web.State{
		inspect.LightRed: {Shape: web.Bad, Text: "已逾期"}, inspect.LightYellow: {Shape: web.Waiting, Text: "即将到期"},
		inspect.LightGreen: {Shape: web.Happy, Text: "期限内"}, inspect.LightNone: {Text: "按期公示"},
	}[c.Light()]
	if c.Stopped && c.Overdue() {
		state.Text = "逾期公示"
	}
	return state
}

// resultDue says until when a result is to be public; once it is, when that was.
func (s *server) resultDue(c inspect.Clock) web.Due {
	d := s.due(c.Due)
	if c.Stopped {
		d.Left, d.Tone = "期限 ", web.Calm
	}
	return d
}

// codeStates are results as lists show them.
func codeStates(items []inspect.ResultItem) (all []web.State) {
	seen := map[inspect.ResultCode]bool{}
	for _, i := range items {
		for _, c := range i.Codes {
			if seen[c] {
				continue
			}
			seen[c] = true
			shape := web.Idle
			switch {
			case c.Negative():
				shape = web.Bad
			case c == inspect.NoProblem:
				shape = web.Happy
			}
			all = append(all, web.State{Shape: shape, Text: c.Text(), Bare: true})
		}
	}
	return all
}

// resultFilter is what the address of the list asks for. Without a choice it is what
// is not public yet.
func (s *server) resultFilter(r *http.Request) (f store.ResultFilter, view string) {
	q := r.URL.Query()
	f = store.ResultFilter{
		State: inspect.ResultState(q.Get("state")), Org: inspect.OrgID(q.Get("org")), Batch: inspect.BatchID(q.Get("batch")), Visit: inspect.VisitID(q.Get("visit")), Text: q.Get("q"),
	}
	light := inspect.Light(q.Get("light"))
	switch view = q.Get("view"); {
	case view == "overdue":
		light, f.Open = inspect.LightRed, true
	case view == "all" || f.State != "" || f.Visit != "":
		view = "all"
	default:
		view, f.Open = "", true
	}
	if light != "" {
		f.From, f.Until = inspect.LightDays(s.Calendar, s.today(), light)
		f.Open = true
	}
	return f, view
}

// results lists the results within the reader's scope, those with the nearest clocks
// first: R92. One view is the register of what is overdue.
func (s *server) results(w http.ResponseWriter, r *http.Request) error {
	after, size := web.PageOf(r)
	f, view := s.resultFilter(r)
	f.After, f.Most = after, size+1
	v := resultsView{Overdue: view == "overdue", Files: web.NewExports(r)}
	var next string
	var err error
	if v.Rows, next, err = s.resultRows(r, f, size); err != nil {
		return err
	}
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, x := range []struct{ view, text string }{{"", "未公示"}, {"overdue", "逾期登记"}, {"all", "全部"}} {
		href := "/office/results"
		if x.view != "" {
			href += "?view=" + x.view
		}
		v.Views = append(v.Views, web.Tab{Text: x.text, Href: href, Current: x.view == view})
	}
	var orgs []web.Option
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() {
			orgs = append(orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	v.Filter = web.NewFilter(r, "检查对象名称或者代码", "results",
		web.NewChip(r, "状态", "state", web.Options(inspect.ResultStates)...), web.NewChip(r, "期限", "light", web.Options(inspect.Lights)...), web.NewChip(r, "检查机关", "org", orgs...))
	v.Pager = web.NewPager(r, "results", fmt.Sprintf("本页 %d 条", len(v.Rows)), next)
	return resultsPage.Show(w, r, v)
}

func (s *server) resultRows(r *http.Request, f store.ResultFilter, size int) (rows []resultRow, next string, err error) {
	who := web.Actor(r)
	found, err := s.db.Results(r.Context(), who.Scope(), f)
	if err != nil {
		return nil, "", err
	}
	if len(found) > size {
		found = found[:size]
		next = store.ResultKey(found[size-1])
	}
	for _, x := range found {
		clock := x.Clock(s.Calendar, s.today())
		row := resultRow{
			Href: resultPath(x.ID), Name: x.Name, Code: x.Code, Org: x.Body, Done: x.Done.Short(), Results: codeStates(x.Items), State: resultState(x),
			Light: lightState(clock), Due: s.resultDue(clock), Wait: resultWait(x), Dishonest: inspect.ChoiceText(inspect.DishonestKinds, x.Dishonest),
		}
		for n, t := range x.Tasks {
			if n > 0 {
				row.Task += "、"
			}
			row.Task += t.Name
		}
		rows = append(rows, row)
	}
	return rows, next, nil
}

// resultWait says what a result waits for.
func resultWait(r inspect.Result) string {
	switch r.State {
	case inspect.ResultDrafted:
		if r.Revisit {
			return "等待检查小组补充检查：" + r.Opinion
		}
		if r.Opinion != "" {
			return "已退回：" + r.Opinion
		}
		return "录入后续处理后报审"
	case inspect.ResultSubmitted:
		return "等待负责人审批"
	case inspect.ResultApproved:
		return "审批通过，等待公示"
	}
	return ""
}

// resultsFileMost is how many results one file takes.
const resultsFileMost = 10_000

// resultFile sends all rows that the filter finds.
func (s *server) resultFile(w http.ResponseWriter, r *http.Request) error {
	f, _ := s.resultFilter(r)
	f.Most = resultsFileMost
	rows, _, err := s.resultRows(r, f, resultsFileMost)
	if err != nil {
		return err
	}
	heads := []string{"检查对象", "统一社会信用代码", "检查机关", "抽查任务", "检查日期", "检查结果", "状态", "期限", "期限状态", "等待"}
	file, err := s.sendTable(w, r, "results", shownTable("检查结果登记簿", heads))
	if err != nil {
		return err
	}
	for _, x := range rows {
		var codes []string
		for _, c := range x.Results {
			codes = append(codes, c.Text)
		}
		err = errors.Join(err, file.Write([]string{x.Name, x.Code, x.Org, x.Task, x.Done, strings.Join(codes, "；"), x.State.Text, x.Due.Date, x.Light.Text, x.Wait}))
	}
	return errors.Join(err, file.Close())
}

// resultJobs are what results and corrections ask of the reader, one line for each
// kind: R92, R102.
func (s *server) resultJobs(r *http.Request) (jobs []datedJob, err error) {
	who := web.Actor(r)
	if !who.Org.Inspects() || who.May(inspect.ResultRead) != nil {
		return nil, nil
	}
	for _, ask := range []struct {
		state        inspect.ResultState
		verb         inspect.Verb
		text, action string
	}{
		{inspect.ResultDrafted, inspect.ResultPut, "录入检查结果", "去录入"},
		{inspect.ResultSubmitted, inspect.ResultApprove, "审批检查结果", "去审批"},
		{inspect.ResultApproved, inspect.ResultPublish, "公示检查结果", "去公示"},
	} {
		if who.MayTo(ask.verb, inspect.Owner) != nil {
			continue
		}
		f := store.ResultFilter{Org: who.Org.ID, State: ask.state, Most: 1}
		first, err := s.db.Results(r.Context(), who.Scope(), f)
		if err != nil {
			return nil, err
		}
		if len(first) == 0 {
			continue
		}
		n, err := s.db.ResultCount(r.Context(), who.Scope(), f)
		if err != nil {
			return nil, err
		}
		due := first[0].Clock(s.Calendar, s.today()).Due
		job := web.Job{Text: ask.text + "：" + first[0].Name, Note: "检查结束后 20 个工作日内公示", Href: resultPath(first[0].ID), Action: ask.action, Due: s.due(due)}
		if n > 1 {
			job.Text, job.Href = fmt.Sprintf("%s：%d 件", ask.text, n), "/office/results?state="+string(ask.state)+"&org="+string(who.Org.ID)
			job.Note = "最早到期：" + first[0].Name
		}
		waits := n == 1 && first[0].Revisit
		if waits {
			job.Text, job.Action, job.Note = "等待补充检查："+first[0].Name, "查看", "检查小组重新签字后再录入"
		}
		jobs = append(jobs, datedJob{Job: job, On: due, Waits: waits})
	}
	if who.MayTo(inspect.CorrectionSign, inspect.Owner) != nil {
		return jobs, nil
	}
	open, err := s.db.OpenCorrections(r.Context(), who.Scope(), who.Org.ID)
	for _, c := range open {
		jobs = append(jobs, datedJob{Job: web.Job{
			Text: "签发" + c.Kind.Text() + "：已公示的检查结果", Note: c.Ground, Href: resultPath(c.Result) + "#correction", Action: "去签字", Due: s.due(dateOf{}),
		}})
	}
	return jobs, err
}
