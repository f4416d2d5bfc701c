package inspect

import (
	"slices"

	"suicha/internal/workday"
)

// A Todo is one thing that waits for somebody: what, of which plan and line,
// until when, and what comes after it.
type Todo struct {
	Verb Verb
	Plan Plan
	Line PlanLine     // zero unless the answer to an invitation waits
	Note string       // what comes next, or why it waits
	Due  workday.Date // zero if there is no date
	Mine bool         // it waits for this actor; else the actor waits for others
}

// Todos lists what waits for who in the given plans, the most pressing first.
// The dates are those of the regulation: R44, R45.
func Todos(who Actor, plans []Plan, d Deadlines) []Todo {
	var todos []Todo
	for _, p := range plans {
		if p.State == PlanDiscarded || p.State == PlanReplaced {
			continue
		}
		has := p.Relations(who.Org)
		todo := func(verb Verb, note string) {
			if who.MayTo(verb, has...) == nil && slices.Contains(p.Verbs(), verb) {
				todos = append(todos, Todo{Verb: verb, Plan: p, Note: note, Due: p.dueNow(d), Mine: true})
			}
		}
		switch p.State {
		case PlanDrafting:
			if slices.Contains(has, Owner) {
				todos = append(todos, p.drafting(who, d)...)
			}
			todos = append(todos, p.invitations(who, d)...)
		case PlanSubmitted:
			todo(PlanApprove, "批准后由经办人报送联席会议办公室")
			todo(PlanRatify, "批准后由联席会议办公室公布")
		case PlanApproved:
			todo(PlanFile, "报送后等待联席会议办公室汇总")
			todo(PlanPublish, "公布后社会可见")
		case PlanFiled:
			if p.Kind == PlanOwn {
				todo(PlanPublish, "公布后社会可见")
			}
		}
	}
	slices.SortStableFunc(todos, func(a, b Todo) int {
		if a.Mine != b.Mine {
			if a.Mine {
				return -1
			}
			return 1
		}
		return a.rank().Compare(b.rank())
	})
	return todos
}

// rank puts what has no date last.
func (t Todo) rank() workday.Date {
	if t.Due.IsZero() {
		return workday.MustParse("9999-12-31")
	}
	return t.Due
}

// dueNow is until when the plan's next step should be made.
func (p Plan) dueNow(d Deadlines) workday.Date {
	switch {
	case p.Edition > 0:
		return workday.Date{}
	case p.Kind == PlanJoint:
		return d.publication(p.Year)
	}
	return d.filing(p.Year)
}

// drafting is what a draft asks of its own department.
func (p Plan) drafting(who Actor, d Deadlines) []Todo {
	if who.MayTo(PlanSubmit, Owner) != nil {
		return nil
	}
	todo := Todo{Verb: PlanSubmit, Plan: p, Due: p.dueNow(d), Mine: true, Note: "填写完毕后报审"}
	waiting := 0
	for _, w := range p.Waiting() {
		switch w.Consent.State {
		case ConsentPlanned:
			todo.Verb, todo.Note = PlanInvite, "有任务尚未征求参与部门意见"
			return []Todo{todo}
		case ConsentProposed, ConsentDeclined:
			todo.Verb, todo.Note = PlanPutLine, "有部门提出意见，修改后重新征求"
			return []Todo{todo}
		case ConsentInvited:
			waiting++
		}
	}
	if waiting > 0 {
		todo.Verb, todo.Mine, todo.Note = PlanInvite, false, "等待参与部门会签"
	}
	if p.Opinion != "" {
		todo.Verb, todo.Mine, todo.Note = PlanPutLine, true, "已退回："+p.Opinion
	}
	return []Todo{todo}
}

// invitations are the lines that who's organisation has not answered: R51.
func (p Plan) invitations(who Actor, d Deadlines) []Todo {
	if who.MayTo(PlanAccept, Participant) != nil {
		return nil
	}
	var todos []Todo
	for _, l := range p.Standing() {
		if c, ok := l.Consent(who.Org.ID); ok && c.State == ConsentInvited {
			todos = append(todos, Todo{Verb: PlanAccept, Plan: p, Line: l, Due: p.dueNow(d), Mine: true, Note: "答复后由牵头部门报审"})
		}
	}
	return todos
}

// A Report is how far a department has come with a year's plans: R44.
type Report struct {
	Org  Org
	Own  Plan // zero if there is none within the asker's scope
	Led  Plan
	Late bool
}

// Reports lists the inspecting departments of a region with the plans of a year
// that they have reported, those that are missing first.
func Reports(orgs []Org, plans []Plan, d Deadlines, year int, today workday.Date) []Report {
	var reports []Report
	for _, o := range orgs {
		if o.Kind != OrgDepartment || !o.Until.IsZero() {
			continue
		}
		r := Report{Org: o}
		for _, p := range plans {
			if p.Org != o.ID || p.Year != year || p.Edition > 0 || p.State == PlanDiscarded {
				continue
			}
			switch p.Kind {
			case PlanOwn:
				r.Own = p
			case PlanLed:
				r.Led = p
			}
		}
		r.Late = r.Missing() && d.filing(year).Before(today) || !r.Missing() && r.Own.Late(d, today)
		reports = append(reports, r)
	}
	slices.SortStableFunc(reports, func(a, b Report) int {
		switch {
		case a.Missing() == b.Missing():
			return 0
		case a.Missing():
			return -1
		}
		return 1
	})
	return reports
}

// Missing reports whether the department's own plan has not been reported. A
// led plan is not asked of everybody: R50 is met by taking part, too.
func (r Report) Missing() bool { return !r.Own.reported() }

// Reported reports whether the plan has left its department for the office.
func (p Plan) Reported() bool { return p.reported() }
