package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var plansPage = web.NewPage[plansView](files, "plan_list.html")

type plansView struct {
	Views   []web.Tab
	Year    int
	Filter  web.Filter
	Saved   web.Saved
	Rows    []planRow
	Pager   web.Pager
	Draft   *web.Form
	Kinds   []web.Option
	Years   []web.Option
	Reports []reportRow
	Missing int
	Filing  web.Due
	Begin   web.Due // until when a plan begun now is to be reported or published
	Rule    string  // the same in the words of the regulation
}

// A planRow is one plan of the list.
type planRow struct {
	Href, Title, Number, Org string
	Lines                    int
	Planned                  int64
	State                    web.State
	Due                      web.Due
	Late                     bool
}

// A reportRow is how far a department has come with reporting: R44.
type reportRow struct {
	Org      string
	Own, Led web.State
	When     string
	Late     bool
	Urged    string
	Urge     *web.Form
}

// plans lists the plans within the reader's scope; for the office also which
// departments have reported.
func (s *server) plans(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	after, size := web.PageOf(r)
	year, _ := strconv.Atoi(q.Get("year")) // not a number means every year
	filter := store.PlanFilter{
		Region: who.Org.Region, Year: year, Kind: inspect.PlanKind(q.Get("kind")), State: inspect.PlanState(q.Get("state")),
		Org: inspect.OrgID(q.Get("org")), Text: q.Get("q"), After: after, Most: size + 1,
	}
	own := s.planViews(r, &filter)
	plans, err := s.db.Plans(r.Context(), who.Scope(), filter)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	next := ""
	if own {
		slices.SortStableFunc(plans, func(a, b inspect.Plan) int { return b.Year - a.Year })
		plans, next = pageOf(r, plans, store.PlanKey)
	} else if len(plans) > size {
		plans = plans[:size]
		next = store.PlanKey(plans[size-1])
	}
	v := plansView{Views: s.planTabs(who, own, filter), Year: s.planYear(), Filing: s.due(s.Deadlines.FilingDue(s.planYear()))}
	for _, p := range plans {
		v.Rows = append(v.Rows, s.planRow(p, facts))
	}
	v.Pager = web.NewPager(r, "plans", fmt.Sprintf("本页 %d 份", len(v.Rows)), next)
	if v.Saved, err = s.saved(r, "plans"); err != nil {
		return err
	}
	v.Filter = web.NewFilter(r, "计划编号、任务名称或者对象范围", "plans", s.planChips(r, facts, own)...)
	if who.MayTo(inspect.PlanDraft, inspect.Owner) == nil {
		s.drafting(r, &v)
	}
	if who.Org.Kind == inspect.OrgOffice {
		if err := s.reporting(r, &v); err != nil {
			return err
		}
	}
	return plansPage.Show(w, r, v)
}

// planViews settles which plans the list begins with, and reports whether they
// are the reader's department's own: those come first for whoever inspects, the
// planning year for the others.
func (s *server) planViews(r *http.Request, f *store.PlanFilter) (own bool) {
	who, q := web.Actor(r), r.URL.Query()
	if q.Has("all") || f.Year != 0 || f.Org != "" {
		return false
	}
	if own = who.Org.Inspects(); own {
		f.Org, f.After, f.Most = who.Org.ID, "", 0
	} else {
		f.Year = s.planYear()
	}
	return own
}

// planTabs are the views beside the one that is shown.
func (s *server) planTabs(who inspect.Actor, own bool, f store.PlanFilter) []web.Tab {
	var tabs []web.Tab
	if who.Org.Inspects() {
		tabs = append(tabs, web.Tab{Text: "本单位计划", Href: "/office/plans", Current: own})
	}
	for y := s.planYear(); y > s.planYear()-2; y-- {
		tabs = append(tabs, web.Tab{Text: fmt.Sprintf("%d 年度", y), Href: fmt.Sprintf("/office/plans?year=%d", y), Current: f.Year == y})
	}
	return append(tabs, web.Tab{Text: "各年度", Href: "/office/plans?all=1", Current: !own && f.Year == 0})
}

func (s *server) planChips(r *http.Request, facts inspect.Facts, own bool) []web.Chip {
	var years, kinds, states, orgs []web.Option
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() || o.Kind == inspect.OrgOffice {
			orgs = append(orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	for y := s.planYear() + 1; y >= s.planYear()-3; y-- {
		years = append(years, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
	}
	for _, k := range inspect.PlanKinds {
		kinds = append(kinds, web.Option{Value: string(k), Text: k.Text()})
	}
	for _, st := range []inspect.PlanState{inspect.PlanDrafting, inspect.PlanSubmitted, inspect.PlanApproved, inspect.PlanFiled, inspect.PlanMerged, inspect.PlanPublished} {
		states = append(states, web.Option{Value: string(st), Text: st.Text()})
	}
	chips := []web.Chip{web.NewChip(r, "种类", "kind", kinds...), web.NewChip(r, "状态", "state", states...)}
	if own {
		return chips
	}
	return append([]web.Chip{web.NewChip(r, "年度", "year", years...), web.NewChip(r, "单位", "org", orgs...)}, chips...)
}

func (s *server) planRow(p inspect.Plan, facts inspect.Facts) planRow {
	row := planRow{
		Href: "/office/plans/" + string(p.ID), Title: p.Title(), Number: p.Number, Org: facts.Orgs[p.Org].Short,
		Lines: len(p.Standing()), State: planState(p), Due: s.due(planDue(p, s.Deadlines)), Late: p.Late(s.Deadlines, s.today()),
	}
	for _, l := range p.Standing() {
		row.Planned += l.Planned() * int64(l.Frequency)
	}
	if p.Reported() {
		row.Due = web.Due{Left: "已报送", Date: web.Stamp(p.FiledAt)[:10]}
		if p.Kind == inspect.PlanJoint {
			row.Due = web.Due{Left: "已公布", Date: web.Stamp(p.PublishedAt)[:10]}
		}
		if row.Late {
			row.Due.Tone = web.Late
			row.Due.Left += "（迟报）"
		}
	}
	return row
}

// drafting offers the form that begins a plan.
func (s *server) drafting(r *http.Request, v *plansView) {
	who := web.Actor(r)
	kind := inspect.PlanOwn
	for _, k := range inspect.PlanKinds {
		if (k == inspect.PlanJoint) == (who.Org.Kind == inspect.OrgOffice) {
			v.Kinds = append(v.Kinds, web.Option{Value: string(k), Text: k.Text()})
		}
	}
	filing, publishing := s.Deadlines.FilingDue(s.planYear()), s.Deadlines.PublicationDue(s.planYear())
	v.Begin, v.Rule = v.Filing, fmt.Sprintf("部门计划于每年%d月%d日前报送联席会议办公室。", filing.Month(), filing.Day()) // R44
	if who.Org.Kind == inspect.OrgOffice {
		kind = inspect.PlanJoint
		v.Begin, v.Rule = s.due(publishing), fmt.Sprintf("汇总各部门报送的计划后，于每年%d月制定并公布。", publishing.Month()) // R45
	}
	for y := s.planYear() - 1; y <= s.planYear()+1; y++ {
		if this := s.today().Year(); y >= this-1 && y <= this+1 {
			v.Years = append(v.Years, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
		}
	}
	plan := inspect.PlanID(web.NewID())
	form := web.FormOf(r, act.DraftPlan{Plan: plan, Kind: kind, Year: s.planYear()}, "plan")
	form.Then = "/office/plans/" + string(plan)
	v.Draft = &form
}

// reporting shows the office which departments are missing, with a reminder for
// each: R18, R44.
func (s *server) reporting(r *http.Request, v *plansView) error {
	who := web.Actor(r)
	plans, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{Region: who.Org.Region, Year: v.Year})
	if err != nil {
		return err
	}
	reports, err := s.reports(r, plans, v.Year)
	if err != nil {
		return err
	}
	urges, err := s.db.Urges(r.Context(), who.Scope(), v.Year)
	if err != nil {
		return err
	}
	for _, report := range reports {
		row := reportRow{Org: report.Org.Short, Own: reportState(report.Own), Led: reportState(report.Led), Late: report.Late}
		for _, u := range urges {
			if u.Org == report.Org.ID && row.Urged == "" {
				row.Urged = "已提醒　" + web.Stamp(u.At)
			}
		}
		if report.Missing() {
			v.Missing++
			if who.MayTo(inspect.PlanUrge, inspect.Office) == nil {
				form := web.FormFor(r, report.Org.Code, act.UrgeOrg{ID: web.NewID(), Org: report.Org.ID, Year: v.Year}, "id", "org", "year", "note")
				row.Urge = &form
			}
		} else {
			row.When = web.Stamp(report.Own.FiledAt)
		}
		v.Reports = append(v.Reports, row)
	}
	return nil
}

// reportState hides how far a plan has come inside its department: the office
// learns of it when it is reported.
func reportState(p inspect.Plan) web.State {
	if !p.Reported() {
		return web.State{Text: "未报送"}
	}
	return planState(p)
}
