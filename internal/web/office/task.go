package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var taskPage = web.NewPage[taskView](files, "task.html", "act_part.html")

type taskView struct {
	Task    inspect.Task
	Org     string
	Crumbs  []web.Link
	State   web.State
	Steps   []web.Step
	Gates   []gateRow
	Missing int
	Facts   []web.Fact
	Plan    string // path of the plan that the task is of
	Batch   string // path of its batch; empty for readers who do not see one
	Parts   []partRow
	Diff    []web.Change // what is not as planned
	Acts    []plainAct
	Gaps    []string
	Answer  *answerForm
	Cancel  *web.Form
	Course  []web.Fact
	Signed  []signedRow
	Log     []web.Entry
	Edit    string // path of the form; empty for readers who cannot change it
}

// A gateRow is one condition of the draw.
type gateRow struct {
	Text  string
	Turn  string // whose turn it is; empty once it is met
	State web.State
	Href  string // where this reader can meet it
}

// A partRow is one department of the task.
type partRow struct {
	Org, Role string
	Items     []web.Link
	State     web.State
	Note      string
}

// A signedRow is one confirmation of a library.
type signedRow struct {
	Org, Library, When, Who string
	No                      int
	Rows                    int64
	Changes, Oldest, Hash   string
}

// task shows one task: what it is, how far it has come, what keeps it from being
// drawn and whose turn it is, and what this reader can do now.
func (s *server) task(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	task, err := s.taskOf(r)
	if err != nil {
		return err
	}
	facts, err := s.db.TaskFacts(r.Context(), who.Scope(), task, s.today())
	if err != nil {
		return err
	}
	v := taskView{Task: task, Org: facts.Orgs[task.Org].Short, State: taskState(task)}
	v.Crumbs = []web.Link{{Text: "抽查任务", Href: "/office/tasks"}, {Text: task.Number}}
	if !task.Unplanned() {
		v.Plan = "/office/plans/" + string(task.Line.Plan)
	}
	if b, err := s.db.Batch(r.Context(), who.Scope(), task.Batch); err == nil {
		v.Batch = batchPath(b)
	} else if !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	for _, f := range task.Describe(facts.Facts) {
		if f.After != "" {
			v.Facts = append(v.Facts, web.Fact{Label: f.Label, Value: f.After})
		}
	}
	for _, c := range task.Deviations(facts.Facts) {
		v.Diff = append(v.Diff, web.Change{Kind: "改", Text: c.Label, Parts: []web.Part{{Old: c.Before, New: c.After}}})
	}
	s.taskGates(who, &v, facts)
	if err := s.taskParts(r, &v, facts.Facts); err != nil {
		return err
	}
	s.taskActs(r, &v, facts.Facts)
	if err := s.taskHistory(r, &v, facts.Facts); err != nil {
		return err
	}
	v.Steps = taskSteps(v)
	return taskPage.Show(w, r, v)
}

// taskOf is the task that the address names, within the reader's scope.
func (s *server) taskOf(r *http.Request) (inspect.Task, error) {
	return s.db.Task(r.Context(), web.Actor(r).Scope(), inspect.TaskID(r.PathValue("id")))
}

func taskPath(t inspect.Task) string { return "/office/tasks/" + string(t.ID) }

func taskState(t inspect.Task) web.State {
	shape := map[inspect.TaskState]web.Shape{
		inspect.TaskSubmitted: web.Waiting, inspect.TaskApproved: web.Going, inspect.TaskFiled: web.Going, inspect.TaskBatched: web.Going,
		inspect.TaskDrawn: web.Happy, inspect.TaskDispatched: web.Happy, inspect.TaskCancelled: web.Bad, inspect.TaskDiscarded: web.Bad,
	}[t.State]
	return web.State{Shape: shape, Text: t.State.Text()}
}

// taskGates fills in the conditions of the draw, while there is one to come.
func (s *server) taskGates(who inspect.Actor, v *taskView, facts inspect.TaskFacts) {
	switch v.Task.State {
	case inspect.TaskDrawn, inspect.TaskDispatched, inspect.TaskCancelled, inspect.TaskDiscarded:
		return
	}
	for _, g := range v.Task.Gates(facts) {
		row := gateRow{Text: g.Text, State: web.State{Shape: web.Happy, Text: "已具备", Bare: true}}
		if !g.Done {
			v.Missing++
			row.Turn, row.State = g.Turn(facts.Facts), web.State{Shape: web.Waiting, Text: "待办理", Bare: true}
			if g.MayMeet(who) {
				row.Turn = "您"
			}
		}
		if g.MayMeet(who) || g.Done && g.Kind == inspect.GateConfirmed && g.Org == who.Org.ID {
			row.Href = gatePath(v.Task, g)
		}
		v.Gates = append(v.Gates, row)
	}
}

// gatePath is where a gate is met; empty for what is done on the task's own page.
func gatePath(t inspect.Task, g inspect.Gate) string {
	switch {
	case g.Verb == inspect.TaskPut || g.Verb == inspect.TaskScope:
		if t.State == inspect.TaskDrafting {
			return taskPath(t) + "/edit"
		}
	case g.Kind == inspect.GateItems:
		return "/office/items"
	case g.Kind == inspect.GatePool:
		return "/office/sublibraries"
	case g.Kind == inspect.GateStaff:
		return "/office/inspectors?org=" + string(g.Org)
	case g.Kind == inspect.GateConfirmed && slices.Contains(t.Verbs(), inspect.ConfirmSign):
		return taskPath(t) + "/confirm/" + string(g.Library)
	}
	return ""
}

// taskParts fills in the departments with their items, in the versions pinned.
func (s *server) taskParts(r *http.Request, v *taskView, facts inspect.Facts) error {
	t := v.Task
	for i, p := range t.Parts {
		row := partRow{Org: facts.Orgs[p.Org].Short, Role: "参与"}
		for _, pin := range p.Items {
			item, err := s.db.ItemVersion(r.Context(), web.Actor(r).Scope(), pin.Item, pin.Version)
			if err != nil {
				return fmt.Errorf("read item %s of task %s: %w", pin.Item, t.Number, err)
			}
			row.Items = append(row.Items, web.Link{Text: fmt.Sprintf("%s（第 %d 版）", item.Name, pin.Version), Href: fmt.Sprintf("/items/%s/%d", pin.Item, pin.Version)})
		}
		switch {
		case i == 0:
			row.Role = "发起、牵头"
			if row.State = (web.State{Text: "尚未批准"}); t.State == inspect.TaskSubmitted {
				row.State = web.State{Shape: web.Waiting, Text: "等待批准"}
			}
			if t.ApprovedBy != "" {
				row.State, row.Note = web.State{Shape: web.Happy, Text: "已批准"}, t.Opinion
			}
		case p.AgreedBy != "":
			row.State, row.Note = web.State{Shape: web.Happy, Text: "已同意"}, p.Opinion
		case t.State == inspect.TaskSubmitted:
			row.State = web.State{Shape: web.Waiting, Text: "等待同意"}
		case t.OpinionOrg == p.Org:
			row.State, row.Note = web.State{Shape: web.Bad, Text: "不同意"}, t.Opinion
		default:
			row.State = web.State{Text: "尚未征求"}
		}
		v.Parts = append(v.Parts, row)
	}
	return nil
}

// taskActs fills in what this reader can do with the task now.
func (s *server) taskActs(r *http.Request, v *taskView, facts inspect.Facts) {
	who, t := web.Actor(r), v.Task
	may := map[inspect.Verb]bool{}
	for _, verb := range who.Among(t.Verbs(), t.Relations(who.Org)...) {
		may[verb] = true
	}
	id, seen := t.ID, t.Version
	form := func(c web.Command) web.Form { return web.FormOf(r, c, "task", "seen") }
	add := func(verb inspect.Verb, c web.Command, button, ask string, main bool) {
		if may[verb] {
			v.Acts = append(v.Acts, plainAct{Form: form(c), Button: button, Ask: ask, Main: main})
		}
	}
	if may[inspect.TaskPut] {
		v.Edit = taskPath(t) + "/edit"
		for _, gap := range t.Gaps(facts, s.today()) {
			v.Gaps = append(v.Gaps, gap.Error())
		}
	}
	if len(v.Gaps) == 0 {
		button := "报审"
		if t.Joint() {
			button = "报审并征求参与部门意见"
		}
		add(inspect.TaskSubmit, act.SubmitTask{Task: id, Seen: seen}, button, "报审后不能再修改，直到审批或者撤回。", true)
	}
	add(inspect.TaskRecall, act.RecallTask{Task: id, Seen: seen}, "撤回", "撤回后各部门的意见作废，须重新征求。", false)
	add(inspect.TaskFile, act.FileTask{Task: id, Seen: seen}, "报联席会议办公室备案", "", true)
	add(inspect.TaskDiscard, act.DiscardTask{Task: id, Seen: seen}, "作废草稿", "作废后不能恢复，任务编号不再使用。", false)
	v.Answer = taskAnswer(r, t, may)
	if may[inspect.TaskCancel] {
		cancel := form(act.CancelTask{Task: id, Seen: seen})
		v.Cancel = &cancel
	}
}

// taskAnswer is the decision of the initiator's leader, or of a participating
// department's about its own part.
func taskAnswer(r *http.Request, t inspect.Task, may map[inspect.Verb]bool) *answerForm {
	who := web.Actor(r)
	a := &answerForm{Title: "审批", YesText: "批准", NoText: "退回修改", NoLabel: "退回理由"}
	switch {
	case may[inspect.TaskApprove]:
		a.Yes = web.FormOf(r, act.ApproveTask{Task: t.ID, Seen: t.Version, Opinion: "同意"}, "task", "seen")
		a.No = web.FormOf(r, act.ReturnTask{Task: t.ID, Seen: t.Version}, "task", "seen")
		if n := len(t.Waiting()); n > 0 {
			a.Why = inspect.ErrTaskWaiting.With(n).Error()
		}
	case may[inspect.TaskAgree]:
		a.Title, a.NoText, a.NoLabel = "本部门意见", "不同意参加", "不同意的理由"
		a.No = web.FormOf(r, act.DeclineTask{TaskAnswer: act.TaskAnswer{Task: t.ID, Terms: t.Terms}}, "task", "terms")
		if a.YesText = "同意参加检查"; agreed(t, who.Org.ID) {
			a.YesText = ""
		} else {
			a.Yes = web.FormOf(r, act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: t.ID, Terms: t.Terms, Opinion: "同意"}}, "task", "terms")
		}
	default:
		return nil
	}
	if who.Person == t.DraftedBy || who.Person == t.SubmittedBy {
		a.Why = inspect.ErrOwnWork.Error()
	}
	return a
}

func agreed(t inspect.Task, org inspect.OrgID) bool {
	part, ok := t.Part(org)
	return ok && part.AgreedBy != ""
}

// taskHistory fills in who did what when, the confirmations, and the record.
func (s *server) taskHistory(r *http.Request, v *taskView, facts inspect.Facts) error {
	who, t := web.Actor(r), v.Task
	signed, err := s.db.Confirmations(r.Context(), who.Scope(), t.ID)
	if err != nil {
		return err
	}
	people := []inspect.PersonID{t.DraftedBy, t.SubmittedBy, t.ApprovedBy, t.FiledBy, t.CancelledBy}
	for _, p := range t.Parts {
		people = append(people, p.AgreedBy)
	}
	for _, c := range signed {
		people = append(people, c.By)
	}
	names, err := s.db.Names(r.Context(), who.Scope(), people...)
	if err != nil {
		return err
	}
	fact := func(label string, by inspect.PersonID, at time.Time) {
		if by != "" {
			v.Course = append(v.Course, web.Fact{Label: label, Value: names[by], Note: web.Stamp(at)})
		}
	}
	fact("编制", t.DraftedBy, t.DraftedAt)
	fact("报审", t.SubmittedBy, t.SubmittedAt)
	for _, p := range t.Parts {
		fact(facts.Orgs[p.Org].Short+"同意", p.AgreedBy, p.AgreedAt)
	}
	fact("批准", t.ApprovedBy, t.ApprovedAt)
	fact("备案", t.FiledBy, t.FiledAt)
	fact("取消", t.CancelledBy, t.CancelledAt)
	for _, f := range []web.Fact{{Label: "备案号", Value: t.FilingNo}, {Label: "意见", Value: opinionOf(t, facts)}, {Label: "取消理由", Value: t.CancelNote}} {
		if f.Value != "" {
			v.Course = append(v.Course, f)
		}
	}
	for _, c := range signed {
		v.Signed = append(v.Signed, signedRow{
			Org: facts.Orgs[c.Org].Short, Library: c.Library.Text(), When: web.Stamp(c.At), Who: names[c.By], No: c.No, Rows: c.Rows,
			Changes: sinceText(c), Oldest: c.Oldest.String(), Hash: c.Hash,
		})
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "task", string(t.ID), 30)
	v.Log = Log(entries)
	return err
}

func opinionOf(t inspect.Task, facts inspect.Facts) string {
	if t.OpinionOrg != "" {
		return facts.Orgs[t.OpinionOrg].Short + "：" + t.Opinion
	}
	return t.Opinion
}

func sinceText(c inspect.Confirmation) string {
	if c.Since == 0 {
		return "本部门首次确认"
	}
	return "较上次确认" + c.Changes.Text()
}

// taskSteps is the course of the task, as far as it is known.
func taskSteps(v taskView) []web.Step {
	t := v.Task
	texts := []string{"编制", "审批", "备案", "确认名录库", "抽取", "派发"}
	dates := []time.Time{t.SubmittedAt, t.ApprovedAt, t.FiledAt}
	done := map[inspect.TaskState]int{
		inspect.TaskSubmitted: 1, inspect.TaskApproved: 2, inspect.TaskFiled: 3, inspect.TaskBatched: 3, inspect.TaskDrawn: 5, inspect.TaskDispatched: 6,
	}[t.State]
	if done == 3 && v.Missing == 0 {
		done = 4
	}
	over := t.State == inspect.TaskCancelled || t.State == inspect.TaskDiscarded
	steps := make([]web.Step, len(texts))
	for i, text := range texts {
		steps[i] = web.Step{Text: text, At: web.Future}
		switch {
		case i < done || i < len(dates) && over && !dates[i].IsZero():
			steps[i].At = web.Past
			if i < len(dates) {
				steps[i].Note = dates[i].In(beijing).Format(time.DateOnly)
			}
		case i == done && !over:
			steps[i].At, steps[i].Note = web.Now, taskStepNote(v, i)
		}
	}
	return steps
}

func taskStepNote(v taskView, i int) string {
	t := v.Task
	switch {
	case i == 0 && t.Opinion != "":
		return "已退回"
	case i == 1 && len(t.Waiting()) > 0:
		return fmt.Sprintf("还差 %d 个部门同意", len(t.Waiting()))
	case i == 3 && v.Missing > 0:
		return fmt.Sprintf("还差 %d 项", v.Missing)
	}
	return strings.TrimPrefix(t.State.Text(), "编制中")
}
