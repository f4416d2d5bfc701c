package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var linePage = web.NewPage[lineView](files, "plan_line.html")

type lineView struct {
	Plan   inspect.Plan
	Crumbs []web.Link
	Title  string
	Back   string
	Form   *web.Form // nil for readers who cannot change it
	Drop   *web.Form
	Facts  []web.Fact
	Joint  bool
	From   string     // the task that this new one begins as a copy of
	Copy   string     // path of a new task that begins as a copy of this one
	Past   []pastTask // tasks that a new one can begin as a copy of

	Orgs, Partners, Items, Sublibs, Areas []web.Option
	Types, Targeting, Modes, Methods      []web.Option
}

// newLine shows the empty form of a task.
func (s *server) newLine(w http.ResponseWriter, r *http.Request) error {
	plan, err := s.db.Plan(r.Context(), web.Actor(r).Scope(), inspect.PlanID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := web.Actor(r).MayTo(inspect.PlanPutLine, plan.Relations(web.Actor(r).Org)...); err != nil {
		return err
	}
	if from := r.URL.Query().Get("from"); from != "" {
		line, err := s.copied(r, plan, inspect.PlanID(from))
		if err != nil {
			return err
		}
		return s.showLine(w, r, plan, line)
	}
	return s.showLine(w, r, plan, inspect.PlanLine{
		Lead: plan.Org, Frequency: 1, Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	})
}

// line shows one task: as a form to those who may change it now, else to read.
func (s *server) line(w http.ResponseWriter, r *http.Request) error {
	plan, err := s.db.Plan(r.Context(), web.Actor(r).Scope(), inspect.PlanID(r.PathValue("id")))
	if err != nil {
		return err
	}
	no, err := strconv.Atoi(r.PathValue("no"))
	if err != nil {
		return inspect.ErrMissing
	}
	line, ok := plan.Line(no)
	if !ok {
		return inspect.ErrMissing
	}
	return s.showLine(w, r, plan, line)
}

func (s *server) showLine(w http.ResponseWriter, r *http.Request, p inspect.Plan, l inspect.PlanLine) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), p.Region)
	if err != nil {
		return err
	}
	v := lineView{Plan: p, Title: "添加任务", Back: "/office/plans/" + string(p.ID), Joint: p.Kind != inspect.PlanOwn}
	if l.No > 0 {
		v.Title = l.Name
		for _, f := range l.Describe(facts) {
			v.Facts = append(v.Facts, web.Fact{Label: f.Label, Value: f.After})
		}
	}
	v.Crumbs = []web.Link{{Text: "年度计划", Href: "/office/plans"}, {Text: p.Number, Href: v.Back}, {Text: v.Title}}
	may := who.Among(p.Verbs(), p.Relations(who.Org)...)
	if slices.Contains(may, inspect.PlanPutLine) {
		s.lineForm(r, &v, l, facts)
		if err := s.lineAreas(r, &v); err != nil {
			return err
		}
		if err := s.copies(r, &v, l); err != nil {
			return err
		}
	}
	if l.No > 0 && slices.Contains(may, inspect.PlanDropLine) {
		drop := web.FormOf(r, act.DropLine{Plan: p.ID, Seen: p.Version, No: l.No}, "plan", "seen", "no")
		drop.Then = v.Back
		v.Drop = &drop
	}
	return linePage.Show(w, r, v)
}

// lineForm fills in the form and the options of its fields.
func (s *server) lineForm(r *http.Request, v *lineView, l inspect.PlanLine, facts inspect.Facts) {
	p := v.Plan
	var months []string
	for _, m := range l.Months.List() {
		months = append(months, strconv.Itoa(m))
	}
	form := web.FormOf(r, act.PutLine{
		Plan: p.ID, Seen: p.Version, No: l.No, Name: l.Name, Field: l.Field, Lead: l.Lead, Partners: l.Partners, Items: l.Items,
		Scope: l.Scope, Sublibs: l.Sublibs, Pool: l.Pool, Ratio: l.Ratio, Frequency: l.Frequency, Months: months, Areas: l.Areas,
		Type: l.Type, Targeted: l.Targeted, Methods: l.Methods, Mode: l.Mode, Remark: l.Remark,
	}, "plan", "seen", "no")
	form.Then = v.Back
	v.Form = &form
	v.Types, v.Targeting = web.Options(inspect.TaskTypes), web.Options(inspect.Targeting)
	v.Modes, v.Methods = web.Options(inspect.DrawModes), web.Options(inspect.Methods)
	today := s.today()
	for _, o := range sortedOrgs(facts) {
		if !o.Inspects() || !o.Until.IsZero() {
			continue
		}
		if p.Kind == inspect.PlanJoint { // who makes another plan leads its tasks: R13, R43
			v.Orgs = append(v.Orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
		if v.Joint && o.ID != p.Org {
			v.Partners = append(v.Partners, web.Option{Value: string(o.ID), Text: o.Short})
		}
		for _, i := range sortedItems(facts, o.ID) {
			if (v.Joint || o.ID == p.Org) && i.Listed(today) {
				v.Items = append(v.Items, web.Option{Value: string(i.ID), Text: i.Name, Note: o.Short + itemLimit(i)})
			}
		}
		for _, lib := range sortedSublibs(facts, o.ID) {
			if v.Joint || o.ID == p.Org {
				v.Sublibs = append(v.Sublibs, web.Option{Value: string(lib.ID), Text: lib.Name, Note: fmt.Sprintf("%s　%d 户", o.Short, lib.Size)})
			}
		}
	}
}

func itemLimit(i inspect.Item) string {
	if i.Category == inspect.KeyItem {
		return "　重点"
	}
	return "　一般，不超过 " + inspect.PercentText(i.MaxShare)
}

func (s *server) lineAreas(r *http.Request, v *lineView) error {
	areas, err := s.db.Areas(r.Context(), web.Actor(r).Scope(), v.Plan.Region)
	v.Areas = web.Options(areas)
	return err
}

func sortedOrgs(facts inspect.Facts) []inspect.Org {
	return sorted(facts.Orgs, func(inspect.Org) bool { return true }, func(o inspect.Org) string { return o.Code })
}

func sortedItems(facts inspect.Facts, org inspect.OrgID) []inspect.Item {
	return sorted(facts.Items, func(i inspect.Item) bool { return i.Org == org }, func(i inspect.Item) string { return i.Code })
}

func sortedSublibs(facts inspect.Facts, org inspect.OrgID) []inspect.Sublibrary {
	return sorted(facts.Sublibs, func(l inspect.Sublibrary) bool { return l.Org == org }, func(l inspect.Sublibrary) string { return l.Name })
}

// sorted returns the values of a map that keep allows, in the order of key.
func sorted[K comparable, V any](all map[K]V, keep func(V) bool, key func(V) string) []V {
	var list []V
	for _, v := range all {
		if keep(v) {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b V) int {
		switch {
		case key(a) < key(b):
			return -1
		case key(a) > key(b):
			return 1
		}
		return 0
	})
	return list
}
