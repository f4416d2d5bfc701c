package office

import (
	"fmt"
	"net/http"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var taskFormPage = web.NewPage[taskFormView](files, "task_form.html")

type taskFormView struct {
	Task    inspect.Task
	Crumbs  []web.Link
	Back    string
	Form    web.Form
	Scope   *web.Form // of a task outside the plan
	Planned []web.Fact
	Kinds   []web.Option
	Sublibs []web.Option

	Partners, Items, Areas           []web.Option
	Types, Targeting, Modes, Methods []web.Option
}

// taskForm settles a draft: R65. What a planned task is about stands beside it.
func (s *server) taskForm(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	task, err := s.taskOf(r)
	if err != nil {
		return err
	}
	if err := who.MayTo(inspect.TaskPut, task.Relations(who.Org)...); err != nil {
		return err
	}
	if task.State != inspect.TaskDrafting {
		return inspect.ErrStep.With(inspect.TaskPut.Text())
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), task.Region)
	if err != nil {
		return err
	}
	v := taskFormView{Task: task, Back: taskPath(task), Kinds: web.Options(inspect.InspectionKinds)}
	v.Crumbs = []web.Link{{Text: "抽查任务", Href: "/office/tasks"}, {Text: task.Number, Href: v.Back}, {Text: "填写任务"}}
	v.Form = web.FormOf(r, act.PutTask{
		Task: task.ID, Seen: task.Version, Name: task.Name, From: task.From, Until: task.Until, Kind: task.Kind, Sublibs: task.Sublibs, Ratio: task.Ratio,
		Reserve: task.Reserve, Officers: task.Officers, Assistants: task.Assistants, NoNotice: task.NoNotice, Sealed: task.Sealed, Note: task.Note, Reason: task.Reason,
	}, "task", "seen")
	v.Form.Then = v.Back
	for _, org := range task.Parties() {
		for _, l := range sortedSublibs(facts, org) {
			v.Sublibs = append(v.Sublibs, web.Option{Value: string(l.ID), Text: l.Name, Note: fmt.Sprintf("%s　%d 户", facts.Orgs[org].Short, l.Size)})
		}
	}
	if task.Unplanned() {
		if err := s.scopeForm(r, &v, facts); err != nil {
			return err
		}
	} else {
		v.Planned = plannedFacts(task, facts)
	}
	return taskFormPage.Show(w, r, v)
}

// plannedFacts is what the plan says, beside what is settled.
func plannedFacts(t inspect.Task, facts inspect.Facts) []web.Fact {
	list := []web.Fact{
		{Label: "年度计划", Value: t.Planned.Number, Note: fmt.Sprintf("第 %d 项", t.Line.No)}, {Label: "抽查比例", Value: t.Planned.Ratio},
		{Label: "实施检查时间", Value: t.Planned.Months.Text()},
	}
	for _, f := range t.Describe(facts) {
		switch f.Label {
		case "行业领域", "抽查对象范围", "实施区域", "检查方式", "参与部门":
			if f.After != "" {
				list = append(list, web.Fact{Label: f.Label, Value: f.After})
			}
		}
	}
	return list
}

// scopeForm is the form of what a task outside the plan is about.
func (s *server) scopeForm(r *http.Request, v *taskFormView, facts inspect.Facts) error {
	who, t := web.Actor(r), v.Task
	c := act.ScopeTask{Task: t.ID, Seen: t.Version, Field: t.Field, Scope: t.Scope, Type: t.Type, Targeted: t.Targeted, Methods: t.Methods, Mode: t.Mode, Areas: t.Areas}
	if t.Field == "" {
		c.Type, c.Targeted, c.Methods, c.Mode = "campaign", "targeted", []inspect.Method{"onsite"}, "county"
	}
	for _, p := range t.Parts {
		if p.Org != t.Org {
			c.Partners = append(c.Partners, p.Org)
		}
		for _, pin := range p.Items {
			c.Items = append(c.Items, pin.Item)
		}
	}
	form := web.FormOf(r, c, "task", "seen")
	v.Scope = &form
	others := slices.DeleteFunc(sortedOrgs(facts), func(o inspect.Org) bool { return o.ID == t.Org })
	orgs := append([]inspect.Org{facts.Orgs[t.Org]}, others...) // the own items first
	v.Types, v.Targeting = web.Options(inspect.TaskTypes), web.Options(inspect.Targeting)
	v.Modes, v.Methods = web.Options(inspect.DrawModes), web.Options(inspect.Methods)
	for _, o := range orgs {
		if !o.Inspects() || !o.Until.IsZero() {
			continue
		}
		if o.ID != t.Org {
			v.Partners = append(v.Partners, web.Option{Value: string(o.ID), Text: o.Short})
		}
		for _, i := range sortedItems(facts, o.ID) {
			if i.Drawable(s.today()) {
				v.Items = append(v.Items, web.Option{Value: string(i.ID), Text: i.Name, Note: o.Short + itemLimit(i)})
			}
		}
	}
	areas, err := s.db.Areas(r.Context(), who.Scope(), t.Region)
	v.Areas = web.Options(areas)
	return err
}
