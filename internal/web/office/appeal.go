package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var appealsPage = web.NewPage[appealsView](files, "appeal_list.html")

type appealsView struct {
	Views  []web.Tab
	Filter web.Filter
	Files  web.Exports
	Rows   []appealRow
	Pager  web.Pager
}

// An appealRow is one appeal of the register.
type appealRow struct {
	Href, Name, Code, Kind, Way, Org, Received, What, Day string
	Due                                                   web.Due
	Late                                                  bool
	State                                                 web.State
}

// registerAppeals adds the register of appeals, the page of one and the form for those on
// paper.
func (s *server) registerAppeals(m *web.Mux) {
	m.Page("GET /office/appeals", inspect.AppealRead, s.appeals)
	m.Page("GET /office/appeals.xlsx", inspect.AppealRead, s.appealFile)
	m.Page("GET /office/appeals.csv", inspect.AppealRead, s.appealFile)
	m.Page("GET /office/appeals/{id}", inspect.AppealRead, s.appeal)
	m.Page("GET /office/appeals/{id}/paper.pdf", inspect.AppealRead, s.appealPaper)
	m.Page("GET /office/appeals/{id}/paper.docx", inspect.AppealRead, s.appealPaper)
	m.Page("GET /office/appeals/{id}/files/{digest}", inspect.AppealRead, s.appealAttached)
	m.Page("GET /office/appeals/{id}/files/{digest}/copy", inspect.AppealRead, s.appealAttached)
	m.Page("GET /office/results/{id}/appeal", inspect.AppealEnter, s.newAppeal)
}

// appealTabs are the ways to look at the register.
var appealTabs = []inspect.Choice{{Value: "", Text: "办理中"}, {Value: "late", Text: "已逾期"}, {Value: "closed", Text: "已办结"}}

// appealsMost is how many appeals one file takes.
const appealsMost = 10_000

// appeals is the register of objections, replies and repairs.
func (s *server) appeals(w http.ResponseWriter, r *http.Request) error {
	after, size := web.PageOf(r)
	found, facts, err := s.appealsOf(r, after, size+1)
	if err != nil {
		return err
	}
	v, next := appealsView{Files: web.NewExports(r)}, ""
	if len(found) > size {
		found = found[:size]
		next = store.AppealKey(found[size-1])
	}
	for _, a := range found {
		v.Rows = append(v.Rows, s.appealRow(a, facts))
	}
	v.Views = registerTabs(r, "/office/appeals", appealTabs)
	chips := []web.Chip{web.NewChip(r, "申请种类", "kind", web.Options(inspect.AppealKinds)...), web.NewChip(r, "状态", "state", web.Options(inspect.AppealStates)...)}
	if web.Actor(r).Scope().Reach != inspect.ReachOwn {
		chips = append(chips, web.NewChip(r, "部门", "org", inspectingOrgs(facts)...))
	}
	v.Filter = web.NewFilter(r, "检查对象或者代码", "appeals", chips...)
	v.Pager = web.NewPager(r, "appeals", fmt.Sprintf("本页 %d 件", len(v.Rows)), next)
	return appealsPage.Show(w, r, v)
}

// appealsOf reads what the address asks for, at most so many behind a key. What is late
// is computed, and so read page by page until there is enough of it.
func (s *server) appealsOf(r *http.Request, after string, most int) ([]inspect.Appeal, inspect.Facts, error) {
	who, q := web.Actor(r), r.URL.Query()
	f := store.AppealFilter{
		Org: inspect.OrgID(q.Get("org")), Kind: inspect.AppealKind(q.Get("kind")), State: inspect.AppealState(q.Get("state")),
		Text: strings.TrimSpace(q.Get("q")),
	}
	tab := q.Get("tab")
	f.Open, f.Ended = tab != "closed", tab == "closed"
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, facts, err
	}
	page := func(after string, most int) ([]inspect.Appeal, error) {
		f.After, f.Most = after, most
		return s.db.Appeals(r.Context(), who.Scope(), f)
	}
	if tab != "late" {
		found, err := page(after, most)
		return found, facts, err
	}
	found, err := store.Sift(after, most, page, store.AppealKey, func(a inspect.Appeal) bool { return a.Clock(s.Calendar).Overdue(s.Now()) })
	return found, facts, err
}

func appealPath(id inspect.AppealID) string { return "/office/appeals/" + string(id) }

func (s *server) appealRow(a inspect.Appeal, facts inspect.Facts) appealRow {
	clock := a.Clock(s.Calendar)
	row := appealRow{
		Href: appealPath(a.ID), Name: a.Name, Code: a.Code, Kind: a.Kind.Text(), Way: inspect.ChoiceText(inspect.AppealWays, a.Way), Org: facts.Orgs[a.Org].Short,
		Received: web.Stamp(a.ReceivedAt), What: clock.What, State: appealState(a.State), Late: clock.Overdue(s.Now()),
	}
	if !a.State.Ended() {
		row.Due, row.Day = s.followDue(clock), clock.Day.String()
	}
	if clock.Provisional {
		row.What += "（暂定）"
	}
	return row
}

func appealState(state inspect.AppealState) web.State {
	shape, ok := map[inspect.AppealState]web.Shape{
		inspect.AppealReceived: web.Idle, inspect.AppealIncomplete: web.Waiting, inspect.AppealUpheld: web.Waiting, inspect.AppealAccepted: web.Going,
		inspect.AppealRefused: web.Bad, inspect.AppealRejected: web.Bad, inspect.AppealWithdrawn: web.Idle,
	}[state]
	if !ok {
		shape = web.Happy
	}
	return web.State{Shape: shape, Text: state.Text()}
}

// appealFile sends all rows that the filter finds.
func (s *server) appealFile(w http.ResponseWriter, r *http.Request) error {
	found, facts, err := s.appealsOf(r, "", appealsMost)
	if err != nil {
		return err
	}
	heads := []string{"检查对象", "统一社会信用代码", "申请种类", "提交方式", "承办部门", "状态", "期限", "是否逾期", "收到时间", "最近办理时间"}
	file, err := s.sendTable(w, r, "appeals", shownTable("异议、申辩和信用修复登记簿", heads))
	if err != nil {
		return err
	}
	for _, a := range found {
		row := s.appealRow(a, facts)
		err = errors.Join(err, file.Write([]string{row.Name, row.Code, row.Kind, row.Way, row.Org, row.State.Text, row.Day, yesNo(row.Late), row.Received, web.Stamp(a.Since)}))
	}
	return errors.Join(err, file.Close())
}

// appealJobs are what appeals ask of the reader, and what is late that the reader watches
// over.
func (s *server) appealJobs(r *http.Request) (jobs []datedJob, err error) {
	who := web.Actor(r)
	if who.May(inspect.AppealRead) != nil {
		return nil, nil
	}
	all, err := s.db.Appeals(r.Context(), who.Scope(), store.AppealFilter{Open: true, Most: appealsMost})
	if err != nil {
		return nil, err
	}
	results := map[inspect.ResultID]inspect.Result{}
	for _, a := range all {
		if a.Org != who.Org.ID || who.MayTo(inspect.AppealGrant, inspect.Owner) != nil {
			continue // the result says only who must not decide
		}
		if results[a.Result], err = s.db.Result(r.Context(), who.Scope(), a.Result); err != nil {
			return nil, err
		}
	}
	todos, late := inspect.AppealTodos(who, all, results, s.Calendar, s.Now())
	for _, t := range todos {
		job := web.Job{Text: t.Of.Kind.Text() + "：" + t.Of.Name, Note: t.Clock.What, Href: appealPath(t.Of.ID) + "#next", Action: "去办理", Due: s.followDue(t.Clock)}
		jobs = append(jobs, datedJob{Job: job, On: t.Clock.Day})
	}
	if late > 0 {
		jobs = slices.Insert(jobs, 0, s.lateJob(fmt.Sprintf("异议、申辩和信用修复逾期 %d 件", late), "/office/appeals?tab=late"))
	}
	return jobs, nil
}
