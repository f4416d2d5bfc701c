// Package office holds the pages of those who work with Suicha: clerks and
// leaders of departments, the conference office, conveners, oversight and the
// three administrators.
//
// One noun, one file: plan.go beside plan.html. A handler reads within the
// asker's scope, fills a view and shows it; what may be done comes from the
// tables of package inspect, what is done goes to the desk. Start with plan.go.
package office

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/blob"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

//go:embed *.html
var files embed.FS

// Options is what the pages need from the program.
type Options struct {
	DB        *store.DB
	Personal  *store.Personal
	Queue     *store.Queue
	Desk      *act.Desk
	Now       func() time.Time
	Calendar  *workday.Calendar
	Deadlines inspect.Deadlines
	Security  SecurityLog
	Imports   stage.Folder // where files for the libraries wait
	Evidence  *blob.Folder // evidence files
	Gate      *auth.Gate   // hands out the invitations of a sheet of staff
	From      func(*http.Request) auth.From
	Base      string // of the site's addresses on paper
}

// SecurityLog notes what was refused and what was granted: package auth keeps
// it apart from the official record.
type SecurityLog interface {
	Note(ctx context.Context, e auth.Event, by inspect.Actor, whom inspect.PersonID, from auth.From, detail string) error
}

type server struct {
	Options
	db *store.DB
}

// Register adds the office's pages to the registry of routes.
func Register(m *web.Mux, o Options) {
	s := &server{Options: o, db: o.DB}
	m.Acts(desk{o.Desk, o.Security})
	m.Mine("GET /office", s.home)
	m.Page("GET /office/plans", inspect.PlanRead, s.plans)
	m.Page("GET /office/plans/{id}", inspect.PlanRead, s.plan)
	m.Page("GET /office/plans/{id}/plan.xlsx", inspect.PlanRead, s.planFile)
	m.Page("GET /office/plans/{id}/lines/new", inspect.PlanPutLine, s.newLine)
	s.registerPlanSheet(m)
	m.Page("GET /office/plans/{id}/lines/{no}", inspect.PlanRead, s.line)
	m.Page("GET /office/coverage", inspect.PlanRead, s.coverage)
	m.Page("GET /office/items", inspect.ItemRead, s.items)
	m.Page("GET /office/items.csv", inspect.ItemRead, s.itemsCSV)
	m.Page("GET /office/items/new", inspect.ItemList, s.newItem)
	m.Page("GET /office/items/{id}", inspect.ItemRead, s.item)
	m.Page("GET /office/items/template.xlsx", inspect.ItemRead, s.itemTemplate)
	m.Page("GET /office/items/{id}/checklist", inspect.ItemRead, s.checklist)
	m.Page("GET /office/items/{id}/checklist.xlsx", inspect.ItemRead, s.checklistFile)
	m.Page("POST /office/items/{id}/checklist/upload", inspect.ChecklistPut, s.uploadChecklist)
	m.Page("GET /office/upstreams", inspect.ItemRead, s.upstreams)
	m.Page("GET /office/upstreams/{id}", inspect.ItemRead, s.upstream)
	m.Page("POST /office/upstreams/upload", inspect.UpstreamPut, s.uploadUpstream)
	m.Page("POST /office/upstreams/{id}/upload", inspect.UpstreamPut, s.uploadUpstream)
	m.Page("GET /office/joint", inspect.JointRead, s.jointLists)
	m.Page("GET /office/joint/{id}", inspect.JointRead, s.jointList)
	m.Page("GET /office/joint/{id}/lines/{no}", inspect.JointPutLine, s.jointLine)
	m.Page("GET /office/sublibraries", inspect.ItemRead, s.sublibraries)
	s.registerTasks(m)
	s.registerProgress(m)
	s.registerBatches(m)
	s.registerTeams(m)
	s.registerVisits(m)
	s.registerResults(m)
	s.registerFollowUps(m)
	s.registerAppeals(m)
	s.registerRecusals(m)
	s.registerDeliveries(m)
	s.registerUpstream(m)
	s.registerFilters(m)
	s.registerObjects(m)
	s.registerInspectors(m)
	s.registerImports(m)
	s.registerUploads(m)
	s.registerFeedback(m)
	m.Page("GET /office/orgs", inspect.PeopleRead, s.orgs)
	m.Page("GET /office/orgs/{id}", inspect.PeopleRead, s.org)
	m.Page("GET /office/people", inspect.PeopleRead, s.people)
	m.Page("GET /office/people/{id}", inspect.PeopleRead, s.person)
	m.Page("GET /office/people/staff", inspect.PersonAdd, s.newStaff)
	m.Page("GET /office/people/staff.xlsx", inspect.PersonAdd, s.staffTemplate)
	m.Page("POST /office/people/staff", inspect.PersonAdd, s.checkStaff)
	m.Page("POST /office/people/staff/register", inspect.PersonAdd, s.registerStaff)
	m.Page("POST /office/people/staff/grant", inspect.PostGrant, s.grantStaff)
	m.Page("GET /office/record", inspect.RecordRead, s.record)
	m.Page("GET /office/record.csv", inspect.RecordRead, s.recordCSV)
}

// registerTasks adds the pages of tasks, their confirmations and the caps.
func (s *server) registerTasks(m *web.Mux) {
	m.Page("GET /office/tasks", inspect.TaskRead, s.tasks)
	m.Page("GET /office/tasks/{id}", inspect.TaskRead, s.task)
	m.Page("GET /office/tasks/{id}/edit", inspect.TaskPut, s.taskForm)
	m.Page("GET /office/tasks/{id}/approval", inspect.TaskRead, s.approval)
	m.Page("GET /office/tasks/{id}/approval.pdf", inspect.TaskRead, s.approvalPDF)
	m.Page("GET /office/tasks/{id}/approval.docx", inspect.TaskRead, s.approvalWord)
	m.Page("GET /office/tasks/{id}/confirm/{library}", inspect.TaskRead, s.confirm)
	m.Page("GET /office/tasks/{id}/confirm/{library}/changes.csv", inspect.TaskRead, s.confirmFile)
	m.Page("GET /office/filings", inspect.TaskRead, s.filings)
	m.Page("GET /office/filings.csv", inspect.TaskRead, s.filingsCSV)
	m.Page("GET /office/caps", inspect.CapRead, s.caps)
}

func (s *server) today() workday.Date { return workday.On(s.Now()) }

// due says until when something is to be done, in working days.
func (s *server) due(on workday.Date) web.Due {
	if on.IsZero() {
		return web.Due{Left: "未定期限"}
	}
	left, provisional := s.Calendar.Left(s.today(), on)
	d := web.Due{Date: on.Short()}
	if on.Year() != s.today().Year() {
		d.Date = on.Full()
	}
	if provisional {
		d.Date += "，暂定"
	}
	switch {
	case left < 0:
		d.Left, d.Tone = fmt.Sprintf("超 %d 个工作日", -left), web.Late
	case left == 0:
		d.Left, d.Tone = "今天下班前", web.Soon
	default:
		d.Left = fmt.Sprintf("剩 %d 个工作日", left)
		if left <= 3 {
			d.Tone = web.Soon
		}
	}
	return d
}

// desk lets the one handler of all forms carry out acts.
type desk struct {
	*act.Desk
	security SecurityLog
}

// Command returns the zero command of verb.
func (d desk) Command(verb inspect.Verb) (any, bool) { return act.New(verb) }

// Do carries out a command.
func (d desk) Do(ctx context.Context, request string, by inspect.Actor, cmd any) (web.Receipt, error) {
	c := cmd.(act.Command)
	receipt, err := d.Desk.Do(ctx, request, by, c)
	if errors.Is(err, inspect.ErrDenied) {
		d.note(ctx, auth.Denied, by, "", c)
	}
	if err != nil {
		return web.Receipt{}, err
	}
	switch c := c.(type) {
	case *act.GrantPost:
		d.note(ctx, auth.Granted, by, c.Person, c)
	case *act.EndPost:
		d.note(ctx, auth.Granted, by, "", c)
	}
	return Receipt(receipt), nil
}

// note writes into the security log. The act is decided and on record by then,
// so a failure here is the operator's to see and not the user's.
func (d desk) note(ctx context.Context, e auth.Event, by inspect.Actor, whom inspect.PersonID, c act.Command) {
	if err := d.security.Note(ctx, e, by, whom, auth.From{}, string(c.Verb())); err != nil {
		slog.ErrorContext(ctx, "write the security log", "event", string(e), "error", err.Error())
	}
}

// Receipt is an act's receipt as pages show it.
func Receipt(r act.Receipt) web.Receipt {
	return web.Receipt{N: r.N, Code: r.Code, Text: "已办理：" + r.Verb.Text()}
}

// Toast returns the receipt of the act that led to r's page, if it did.
func Toast(r *http.Request, db *store.DB) (*web.Receipt, error) {
	who, n := web.Actor(r), web.Done(r)
	if !r.URL.Query().Has("done") || who.Person == "" {
		return nil, nil
	}
	entry, err := db.EntryOf(r.Context(), who.Scope(), who.Person, n)
	if err != nil {
		return nil, nil // an old or foreign number in the address shows nothing
	}
	receipt := Receipt(act.Receipt{N: entry.N, Code: entry.Code(), Verb: entry.Verb})
	return &receipt, nil
}

// beijing is the zone all times are shown in.
var beijing = workday.Beijing

// dateOf shortens a civil date's type in signatures.
type dateOf = workday.Date

// Menu is what the side menu offers who asks: the pages that their post may read. Their
// own visits stand there for inspectors only, by their post or by their account: R74.
func Menu(r *http.Request, db *store.DB) ([]web.MenuGroup, error) {
	who := web.Actor(r)
	inspects := who.Post.Kind == inspect.InspectorPost
	if !inspects && who.May(inspect.TeamMine) == nil {
		_, err := db.InspectorOf(r.Context(), who.Scope(), who.Person)
		if inspects = err == nil; err != nil && !errors.Is(err, inspect.ErrMissing) {
			return nil, err
		}
	}
	return menuOf(who, inspects), nil
}

func menuOf(who inspect.Actor, inspects bool) []web.MenuGroup {
	item := func(verb inspect.Verb, text, href, icon string, short ...string) []web.MenuItem {
		if who.May(verb) != nil {
			return nil
		}
		return []web.MenuItem{{Text: text, Short: strings.Join(short, ""), Href: href, Icon: icon, Tab: true}}
	}
	alone := func(items []web.MenuItem) []web.MenuItem {
		for n := range items {
			items[n].Alone = true
		}
		return items
	}
	with := func(items []web.MenuItem, also string) []web.MenuItem {
		for n := range items {
			items[n].Also = also
		}
		return items
	}
	var first, visits []web.MenuItem
	if inspects {
		visits = item(inspect.TeamMine, "我的检查", "/office/visits", "user-check")
	}
	if who.Post.Kind == inspect.InspectorPost { // it is what they come for, on the telephone
		first, visits = visits, nil
	}
	all := []web.MenuGroup{
		{Items: slices.Concat(
			alone(item(inspect.PlanRead, "首页", "/office", "home")),
			first,
			item(inspect.PlanRead, "年度计划", "/office/plans", "calendar-event"),
			with(item(inspect.TaskRead, "抽查任务", "/office/tasks", "clipboard-list"), "/office/progress"),
			item(inspect.BatchRead, "抽取批次", "/office/batches", "draw"),
			visits,
			item(inspect.TeamRead, "回避申请", "/office/recusals", "user-check"),
			item(inspect.PlanRead, "覆盖与均衡", "/office/coverage", "chart-bar"),
			item(inspect.UpstreamRead, "上级派发名单", "/office/dispatched", "upload", "上级名单"),
			item(inspect.CapRead, "检查频次上限", "/office/caps", "hourglass", "频次上限"),
		)},
		{Title: "结果与处理", Items: slices.Concat(
			item(inspect.ResultRead, "检查结果", "/office/results", "circle-check"),
			item(inspect.FollowUpRead, "后续处理", "/office/followups", "list"),
			item(inspect.AppealRead, "异议和修复", "/office/appeals", "history"),
			item(inspect.DeliverRead, "报送", "/office/deliveries", "send"),
			item(inspect.FeedbackRead, "意见反馈", "/office/feedback", "message"),
		)},
		{Title: "名录与清单", Items: slices.Concat(
			item(inspect.ObjectRead, "检查对象名录库", "/office/objects", "building", "对象名录"),
			with(item(inspect.ItemRead, "抽查事项清单", "/office/items", "book"), "/office/upstreams"),
			item(inspect.JointRead, "联合清单", "/office/joint", "list"),
			item(inspect.ItemRead, "检查对象分库", "/office/sublibraries", "archive"),
			item(inspect.InspectorRead, "执法检查人员名录库", "/office/inspectors", "user-check"),
			item(inspect.ImportRead, "名录导入", "/office/imports", "download"),
		)},
	}
	return slices.DeleteFunc(append(all, menuBehind(item)...), func(g web.MenuGroup) bool { return len(g.Items) == 0 })
}

// menuBehind is what stands behind the work: people, and the record of everything.
func menuBehind(item func(verb inspect.Verb, text, href, icon string, short ...string) []web.MenuItem) []web.MenuGroup {
	return []web.MenuGroup{
		{Title: "单位与人员", Items: slices.Concat(
			item(inspect.PeopleRead, "单位", "/office/orgs", "building-community"),
			item(inspect.PeopleRead, "人员与岗位", "/office/people", "users"),
			item(inspect.PostGrant, "账号", "/office/accounts", "key"),
		)},
		{Title: "共享", Items: item(inspect.TargetRead, "报送渠道", "/office/targets", "link")},
		{Title: "监督", Items: slices.Concat(
			item(inspect.RecordRead, "存证记录", "/office/record", "shield-check"),
			item(inspect.SecurityRead, "安全日志", "/office/security-log", "shield-lock"),
		)},
	}
}

// From says where a request comes from, behind a proxy or not.
func (e *Entrance) From(r *http.Request) auth.From { return e.from(r) }
