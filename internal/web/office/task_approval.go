package office

import (
	"fmt"
	"net/http"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/web"
)

var approvalPage = web.NewPage[approvalView](files, "task_approval.html")

type approvalView struct {
	Task    inspect.Task
	Org     string
	Crumbs  []web.Link
	Printed string
	Facts   []web.Fact
	Items   []approvalItem
	Signs   []approvalSign
}

// An approvalItem is an item with its legal basis.
type approvalItem struct {
	Org, Name, Basis string
	Version          int64
}

// An approvalSign is one box of the form: whose opinion it is, and what it says.
type approvalSign struct{ Label, Text, Who, When string }

// approval shows the form of the approval before the inspection, to print: legal
// basis, bodies, source and frequency stand in it: 国办发〔2024〕54号.
func (s *server) approval(w http.ResponseWriter, r *http.Request) error {
	v, err := s.approvalOf(r)
	if err != nil {
		return err
	}
	return approvalPage.Show(w, r, v)
}

func (s *server) approvalOf(r *http.Request) (v approvalView, err error) {
	who := web.Actor(r)
	task, err := s.taskOf(r)
	if err != nil {
		return v, err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), task.Region)
	if err != nil {
		return v, err
	}
	v = approvalView{Task: task, Org: facts.Orgs[task.Org].NameOn(s.today()), Printed: web.Stamp(s.Now())}
	v.Crumbs = []web.Link{{Text: "抽查任务", Href: "/office/tasks"}, {Text: task.Number, Href: taskPath(task)}, {Text: "审批表"}}
	for _, f := range task.Describe(facts) {
		if f.After != "" && f.Label != "任务名称" {
			v.Facts = append(v.Facts, web.Fact{Label: f.Label, Value: f.After})
		}
	}
	caps, err := s.db.BodyCaps(r.Context(), who.Scope(), task.Year)
	if err != nil {
		return v, err
	}
	for _, org := range task.Parties() {
		text := "尚未公布年度检查频次上限"
		if limit, ok := inspect.CapOf(caps, org, task.Year); ok {
			text = limit.Headline()
		}
		v.Facts = append(v.Facts, web.Fact{Label: facts.Orgs[org].Short + "检查频次", Value: text})
	}
	for _, d := range task.Deviations(facts) {
		v.Facts = append(v.Facts, web.Fact{Label: d.Label + "与计划不同", Value: fmt.Sprintf("计划为 %s，本次为 %s", d.Before, d.After), Note: task.Reason})
	}
	for _, pin := range task.Items() {
		item, err := s.db.ItemVersion(r.Context(), who.Scope(), pin.Item, pin.Version)
		if err != nil {
			return v, fmt.Errorf("read item %s of task %s: %w", pin.Item, task.Number, err)
		}
		v.Items = append(v.Items, approvalItem{Org: facts.Orgs[pin.Org].Short, Name: item.Name, Basis: item.Basis, Version: pin.Version})
	}
	v.Signs, err = s.approvalSigns(r, task, facts)
	return v, err
}

func (s *server) approvalSigns(r *http.Request, t inspect.Task, facts inspect.Facts) ([]approvalSign, error) {
	people := []inspect.PersonID{t.SubmittedBy, t.ApprovedBy, t.FiledBy}
	for _, p := range t.Parts {
		people = append(people, p.AgreedBy)
	}
	names, err := s.db.Names(r.Context(), web.Actor(r).Scope(), people...)
	sign := func(label, text string, by inspect.PersonID, at time.Time) approvalSign {
		if by == "" {
			return approvalSign{Label: label}
		}
		return approvalSign{Label: label, Text: text, Who: names[by], When: web.Stamp(at)}
	}
	signs := []approvalSign{sign("承办人", "报请审批。", t.SubmittedBy, t.SubmittedAt)}
	for _, p := range t.Parts {
		if p.Org != t.Org {
			signs = append(signs, sign(facts.Orgs[p.Org].Short+"负责人意见", p.Opinion, p.AgreedBy, p.AgreedAt))
		}
	}
	opinion := t.Opinion
	if t.ApprovedBy == "" {
		opinion = ""
	}
	return append(signs, sign(facts.Orgs[t.Org].Short+"负责人审批意见", opinion, t.ApprovedBy, t.ApprovedAt),
		sign("联席会议办公室备案", "备案号 "+t.FilingNo, t.FiledBy, t.FiledAt)), err
}
