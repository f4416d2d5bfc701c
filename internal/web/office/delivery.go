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

var deliveriesPage = web.NewPage[deliveriesView](files, "delivery_list.html")

type deliveriesView struct {
	Views   []web.Tab
	Targets []checkRow
	Check   string // the page of comparisons, for who sees all
	Filter  web.Filter
	Files   web.Exports
	Rows    []deliveryRow
	Pager   web.Pager
}

// A deliveryRow is one delivery of the register.
type deliveryRow struct {
	Href, Result, Name, Code, Edition, Target, No, Org, Opened, Note string
	Due                                                              web.Due
	State                                                            web.State
	Late                                                             bool
}

// registerDeliveries adds the pages of targets and of what they get.
func (s *server) registerDeliveries(m *web.Mux) {
	m.Page("GET /office/targets", inspect.TargetRead, s.targets)
	m.Page("GET /office/deliveries", inspect.DeliverRead, s.deliveries)
	m.Page("GET /office/deliveries.xlsx", inspect.DeliverRead, s.deliveryFile)
	m.Page("GET /office/deliveries.csv", inspect.DeliverRead, s.deliveryFile)
	m.Page("GET /office/deliveries/check", inspect.TargetRead, s.deliveryCheck)
	m.Page("GET /office/deliveries/check.csv", inspect.TargetRead, s.deliveryCheckFile)
	m.Page("GET /office/deliveries/targets/{id}", inspect.DeliverRead, s.deliveryTarget)
	m.Page("GET /office/deliveries/targets/{id}/packages/{no}/{file}", inspect.DeliverPack, s.packageFile)
	m.Page("POST /office/deliveries/targets/{id}/packages/{no}/refused", inspect.DeliverRefuse, s.uploadRefused)
	m.Page("GET /office/deliveries/{id}", inspect.DeliverRead, s.delivery)
}

// deliveryTabs are the ways to look at the register.
var deliveryTabs = []inspect.Choice{{Value: "", Text: "未完成"}, {Value: "late", Text: "逾期无回执"}, {Value: "stuck", Text: "未成功"}, {Value: "all", Text: "全部"}}

// deliveriesMost is how many deliveries one file takes.
const deliveriesMost = 10_000

// seesAll reports whether the reader sees the deliveries of all departments.
func seesAll(who inspect.Actor) bool {
	reach := who.Scope().Reach
	return reach == inspect.ReachOffice || reach == inspect.ReachOversight
}

// deliveries is the register of what published results became of elsewhere: R94,
// 海政办发〔2020〕2号 二(五)5.
func (s *server) deliveries(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	after, size := web.PageOf(r)
	targets, found, facts, err := s.deliveriesOf(r, after, size+1)
	if err != nil {
		return err
	}
	v, next := deliveriesView{Files: web.NewExports(r)}, ""
	if len(found) > size {
		found = found[:size]
		next = store.DeliveryKey(found[size-1].Delivery)
	}
	for _, x := range found {
		v.Rows = append(v.Rows, s.deliveryRow(x, targets, facts))
	}
	v.Views = registerTabs(r, "/office/deliveries", deliveryTabs)
	var options []web.Option
	for _, t := range targets {
		options = append(options, web.Option{Value: string(t.ID), Text: t.Name})
	}
	chips := []web.Chip{web.NewChip(r, "渠道", "target", options...), web.NewChip(r, "状态", "state", web.Options(inspect.DeliveryStates)...)}
	if seesAll(who) {
		chips = append(chips, web.NewChip(r, "部门", "org", inspectingOrgs(facts)...))
		if err := s.deliveryTargets(r, &v); err != nil {
			return err
		}
	}
	v.Filter = web.NewFilter(r, "检查对象、代码或者回执编号", "deliveries", chips...)
	v.Pager = web.NewPager(r, "deliveries", fmt.Sprintf("本页 %d 条", len(v.Rows)), next)
	return deliveriesPage.Show(w, r, v)
}

// deliveryTargets are the targets in use, above the register.
func (s *server) deliveryTargets(r *http.Request, v *deliveriesView) error {
	all, counts, err := s.countedTargets(r)
	for _, t := range all {
		if t.State == inspect.TargetActive {
			v.Targets = append(v.Targets, checkRowOf(r, t, counts[t.ID]))
		}
	}
	v.Check = "/office/deliveries/check"
	return err
}

// deliveriesOf reads what the address asks for, at most so many behind a key.
func (s *server) deliveriesOf(r *http.Request, after string, most int) ([]inspect.Target, []store.DeliveryRow, inspect.Facts, error) {
	who, q := web.Actor(r), r.URL.Query()
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, nil, facts, err
	}
	targets, err := s.db.Targets(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, nil, facts, err
	}
	f := store.DeliveryFilter{
		Target: inspect.TargetID(q.Get("target")), Org: inspect.OrgID(q.Get("org")), State: inspect.DeliveryState(q.Get("state")),
		Text: strings.TrimSpace(q.Get("q")), After: after, Most: most,
	}
	switch q.Get("tab") {
	case "":
		f.Open = f.State == ""
	case "stuck":
		f.Stuck = true
	case "late":
		return s.lateDeliveries(r, f, targets, facts)
	}
	found, err := s.db.Deliveries(r.Context(), who.Scope(), f)
	return targets, found, facts, err
}

// lateDeliveries are those whose receipt is missed: each target has a term of its own.
func (s *server) lateDeliveries(r *http.Request, f store.DeliveryFilter, targets []inspect.Target, facts inspect.Facts) ([]inspect.Target, []store.DeliveryRow, inspect.Facts, error) {
	var all []store.DeliveryRow
	for _, t := range targets {
		if t.Days == 0 || f.Target != "" && f.Target != t.ID || t.State != inspect.TargetActive {
			continue
		}
		of := f
		of.Target, of.Before = t.ID, inspect.LateBefore(t.Days, s.Calendar, s.Now())
		found, err := s.db.Deliveries(r.Context(), web.Actor(r).Scope(), of)
		if err != nil {
			return nil, nil, facts, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b store.DeliveryRow) int {
		return strings.Compare(store.DeliveryKey(b.Delivery), store.DeliveryKey(a.Delivery))
	})
	return targets, all[:min(len(all), f.Most)], facts, nil
}

func deliveryPath(d inspect.Delivery) string { return "/office/deliveries/" + string(d.ID) }

func (s *server) deliveryRow(x store.DeliveryRow, targets []inspect.Target, facts inspect.Facts) deliveryRow {
	d := x.Delivery
	row := deliveryRow{
		Href: deliveryPath(d), Result: "/office/results/" + string(d.Result), Edition: x.Published.Title(), No: fmt.Sprint(d.No), Org: facts.Orgs[d.Org].Short,
		Opened: web.Stamp(d.OpenedAt), Note: d.Receipt + d.Reason, State: deliveryState(d),
	}
	if body, err := x.Published.Public(); err == nil {
		row.Name, row.Code = body.Name, body.Code
	}
	if row.Name == "" {
		row.Name = "（已撤下）"
	}
	if i := slices.IndexFunc(targets, func(t inspect.Target) bool { return t.ID == d.Target }); i >= 0 {
		row.Target = targets[i].Name
		if due := d.Due(targets[i].Days, s.Calendar); !due.IsZero() && targets[i].State == inspect.TargetActive {
			row.Due, row.Late = s.due(due), due.Before(s.today())
		}
	}
	return row
}

func deliveryState(d inspect.Delivery) web.State {
	shape := map[inspect.DeliveryState]web.Shape{
		inspect.DeliveryWaiting: web.Waiting, inspect.DeliverySent: web.Going, inspect.DeliveryReceived: web.Happy, inspect.DeliveryOffered: web.Happy, inspect.DeliveryFailed: web.Bad,
	}
	state := web.State{Shape: shape[d.State], Text: d.State.Text()}
	if !d.Next.IsZero() {
		state.Shape, state.Text = web.Going, "未成功，将自动重试"
	}
	return state
}

// deliveryFile sends all rows that the filter finds.
func (s *server) deliveryFile(w http.ResponseWriter, r *http.Request) error {
	targets, found, facts, err := s.deliveriesOf(r, "", deliveriesMost)
	if err != nil {
		return err
	}
	heads := []string{"报送序号", "检查对象", "统一社会信用代码", "版次", "部门", "渠道", "状态", "回执或者原因", "列入时间", "最近办理时间", "是否逾期"}
	file, err := s.sendTable(w, r, "deliveries", shownTable("报送登记簿", heads))
	if err != nil {
		return err
	}
	for _, x := range found {
		row := s.deliveryRow(x, targets, facts)
		err = errors.Join(err, file.Write([]string{
			row.No, row.Name, row.Code, row.Edition, row.Org, row.Target, row.State.Text, row.Note, row.Opened, web.Stamp(x.Since), yesNo(row.Late),
		}))
	}
	return errors.Join(err, file.Close())
}

// deliveryJobs are what deliveries ask of the reader: R94, INV-20.
func (s *server) deliveryJobs(r *http.Request) (jobs []datedJob, err error) {
	who := web.Actor(r)
	if who.May(inspect.DeliverPack) != nil || !seesAll(who) {
		return nil, nil
	}
	targets, err := s.db.Targets(r.Context(), who.Scope(), who.Org.Region)
	if err != nil || len(targets) == 0 {
		return nil, err
	}
	counts, err := s.db.OpenDeliveries(r.Context(), who.Scope(), targets, s.Calendar, s.Now())
	for _, t := range inspect.DeliveryTodos(who, targets, counts, s.Calendar) {
		text := map[inspect.Verb]string{
			inspect.DeliverPack: "%d 条检查结果待报送", inspect.DeliverRetry: "%d 条报送未成功", inspect.DeliverReceipt: "%d 条报送逾期没有回执",
		}[t.Verb]
		jobs = append(jobs, datedJob{Job: web.Job{
			Text: fmt.Sprintf(text, t.N), Note: t.Target.Name, Href: targetPath(t.Target.ID), Action: "去办理", Due: s.due(t.Due),
		}, On: t.Due})
	}
	return jobs, err
}
