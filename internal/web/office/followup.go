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

var followUpsPage = web.NewPage[followUpsView](files, "followup_list.html")

type followUpsView struct {
	Views  []web.Tab
	Filter web.Filter
	Files  web.Exports
	Rows   []followUpRow
	Pager  web.Pager
}

// A followUpRow is one follow-up of the register.
type followUpRow struct {
	Href, Name, Code, Kind, Org, Receiver, Opened, What, CaseNo string
	Due                                                         web.Due
	Day                                                         string
	Late                                                        bool
	State                                                       web.State
}

// registerFollowUps adds the register of follow-ups and the page of one.
func (s *server) registerFollowUps(m *web.Mux) {
	m.Page("GET /office/followups", inspect.FollowUpRead, s.followUps)
	m.Page("GET /office/followups.xlsx", inspect.FollowUpRead, s.followUpFile)
	m.Page("GET /office/followups.csv", inspect.FollowUpRead, s.followUpFile)
	m.Page("GET /office/followups/{id}", inspect.FollowUpRead, s.followUp)
}

// followUpTabs are the ways to look at the register.
var followUpTabs = []inspect.Choice{{Value: "", Text: "办理中"}, {Value: "late", Text: "已逾期"}, {Value: "inbox", Text: "移交我单位"}, {Value: "closed", Text: "已办结"}}

// followUpsMost is how many follow-ups one file takes.
const followUpsMost = 10_000

// followUps is the register of what follows from published results, until each is
// closed: R97–R99, 海政办发〔2020〕2号 二(六).
func (s *server) followUps(w http.ResponseWriter, r *http.Request) error {
	after, size := web.PageOf(r)
	found, facts, err := s.followUpsOf(r, after, size+1)
	if err != nil {
		return err
	}
	v, next := followUpsView{Files: web.NewExports(r)}, ""
	if len(found) > size {
		found = found[:size]
		next = store.FollowUpKey(found[size-1])
	}
	for _, f := range found {
		v.Rows = append(v.Rows, s.followUpRow(f, facts))
	}
	v.Views = registerTabs(r, "/office/followups", followUpTabs)
	chips := []web.Chip{web.NewChip(r, "后续处理", "kind", web.Options(inspect.FollowKinds)...), web.NewChip(r, "状态", "state", web.Options(inspect.FollowStates)...)}
	if web.Actor(r).Scope().Reach != inspect.ReachOwn {
		chips = append(chips, web.NewChip(r, "部门", "org", inspectingOrgs(facts)...))
	}
	v.Filter = web.NewFilter(r, "检查对象、代码或者案号", "followups", chips...)
	v.Pager = web.NewPager(r, "followups", fmt.Sprintf("本页 %d 件", len(v.Rows)), next)
	return followUpsPage.Show(w, r, v)
}

// inspectingOrgs are the departments that may be chosen.
func inspectingOrgs(facts inspect.Facts) (all []web.Option) {
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() && o.Until.IsZero() {
			all = append(all, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	return all
}

// followUpsOf reads what the address asks for, at most so many behind a key. What is
// late is computed, and so read page by page until there is enough of it.
func (s *server) followUpsOf(r *http.Request, after string, most int) ([]inspect.FollowUp, inspect.Facts, error) {
	who, q := web.Actor(r), r.URL.Query()
	f := store.FollowUpFilter{
		Org: inspect.OrgID(q.Get("org")), Kind: inspect.FollowKind(q.Get("kind")), State: inspect.FollowState(q.Get("state")),
		Text: strings.TrimSpace(q.Get("q")),
	}
	tab := q.Get("tab")
	if f.Open, f.Ended = tab != "closed", tab == "closed"; tab == "inbox" {
		f.Receiver = who.Org.ID
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, facts, err
	}
	page := func(after string, most int) ([]inspect.FollowUp, error) {
		f.After, f.Most = after, most
		return s.db.FollowUps(r.Context(), who.Scope(), f)
	}
	if tab != "late" {
		found, err := page(after, most)
		return found, facts, err
	}
	found, err := store.Sift(after, most, page, store.FollowUpKey, func(x inspect.FollowUp) bool { return x.Late(s.Calendar, s.Now()) })
	return found, facts, err
}

func followUpPath(f inspect.FollowUp) string { return "/office/followups/" + string(f.ID) }

func (s *server) followUpRow(f inspect.FollowUp, facts inspect.Facts) followUpRow {
	clock := f.Clock(s.Calendar)
	row := followUpRow{
		Href: followUpPath(f), Name: f.Name, Code: f.Code, Kind: f.Kind.Text(), Org: facts.Orgs[f.Org].Short, Receiver: receiverText(f, facts),
		Opened: web.Stamp(f.OpenedAt), What: clock.What, CaseNo: f.CaseNo, State: followUpState(f), Late: clock.Overdue(s.Now()),
	}
	if !f.State.Ended() {
		row.Due, row.Day = s.followDue(clock), clock.Day.String()
	}
	return row
}

// followDue is until when the next step is to be made. A term in hours names the hour.
func (s *server) followDue(c inspect.FollowClock) web.Due {
	d := s.due(c.Day)
	if !c.Hours {
		return d
	}
	d.Date = web.Stamp(c.End)
	left := c.End.Sub(s.Now())
	if left <= 0 {
		d.Left, d.Tone = fmt.Sprintf("超 %d 小时", int(-left.Hours())+1), web.Late
		return d
	}
	d.Left, d.Tone = fmt.Sprintf("剩 %d 小时", int(left.Hours())), web.Soon
	return d
}

func receiverText(f inspect.FollowUp, facts inspect.Facts) string {
	if f.Receiver != "" {
		return facts.Orgs[f.Receiver].Short
	}
	return f.Outside
}

func followUpState(f inspect.FollowUp) web.State {
	shape := map[inspect.FollowState]web.Shape{
		inspect.FollowOpen: web.Idle, inspect.FollowSent: web.Waiting, inspect.FollowReported: web.Waiting, inspect.FollowReturned: web.Bad,
		inspect.FollowUnfiled: web.Bad, inspect.FollowRefused: web.Bad, inspect.FollowClosed: web.Happy,
	}
	if at, ok := shape[f.State]; ok {
		return web.State{Shape: at, Text: f.State.Text()}
	}
	return web.State{Shape: web.Going, Text: f.State.Text()}
}

// followUpFile sends all rows that the filter finds.
func (s *server) followUpFile(w http.ResponseWriter, r *http.Request) error {
	found, facts, err := s.followUpsOf(r, "", followUpsMost)
	if err != nil {
		return err
	}
	heads := []string{"检查对象", "统一社会信用代码", "后续处理", "承办部门", "接收单位", "案号", "状态", "期限", "是否逾期", "开始时间", "最近办理时间"}
	file, err := s.sendTable(w, r, "followups", shownTable("后续处理登记簿", heads))
	if err != nil {
		return err
	}
	for _, f := range found {
		row := s.followUpRow(f, facts)
		err = errors.Join(err, file.Write([]string{
			row.Name, row.Code, row.Kind, row.Org, row.Receiver, row.CaseNo, row.State.Text, row.Day, yesNo(row.Late), row.Opened, web.Stamp(f.Since),
		}))
	}
	return errors.Join(err, file.Close())
}

// followUpTurn is what a step is called before its outcome is known.
func followUpTurn(verb inspect.Verb) string {
	if verb == inspect.FollowUpPass {
		return "复查整改情况"
	}
	return verb.Text()
}

// followUpJobs are what follow-ups ask of the reader, and what is late that the reader
// watches over: R98, R122.
func (s *server) followUpJobs(r *http.Request) (jobs []datedJob, err error) {
	who := web.Actor(r)
	if who.May(inspect.FollowUpRead) != nil {
		return nil, nil
	}
	all, err := s.db.FollowUps(r.Context(), who.Scope(), store.FollowUpFilter{Open: true, Most: followUpsMost})
	todos, late := inspect.FollowUpTodos(who, all, s.Calendar, s.Now())
	for _, t := range todos {
		jobs = append(jobs, datedJob{Job: web.Job{
			Text: followUpTurn(t.Verb) + "：" + t.Of.Name, Note: t.Of.Kind.Text() + "　" + t.Of.State.Text(), Href: followUpPath(t.Of) + "#next", Action: "去办理", Due: s.followDue(t.Clock),
		}, On: t.Clock.Day})
	}
	if late > 0 {
		jobs = slices.Insert(jobs, 0, s.lateJob(fmt.Sprintf("后续处理逾期 %d 件", late), "/office/followups?tab=late"))
	}
	return jobs, err
}
