package inspect

import (
	"fmt"
	"slices"
	"time"

	"suicha/internal/workday"
)

// Ids of a task, and of the batch that it is drawn in.
type (
	TaskID  string
	BatchID string
)

// A TaskState is how far a task has come.
type TaskState string

// The states of a task, in the order of the regulation: R61, 海政办发〔2020〕2号 二(五).
const (
	TaskDrafting   TaskState = "draft"
	TaskSubmitted  TaskState = "submitted"
	TaskApproved   TaskState = "approved"
	TaskFiled      TaskState = "filed"
	TaskBatched    TaskState = "batched"
	TaskDrawn      TaskState = "drawn"
	TaskDispatched TaskState = "dispatched"
	TaskCancelled  TaskState = "cancelled"
	TaskDiscarded  TaskState = "discarded"
)

// TaskStates lists the states in the order of filters.
var TaskStates = []Choice{
	{string(TaskDrafting), "编制中"}, {string(TaskSubmitted), "待审批"}, {string(TaskApproved), "待备案"}, {string(TaskFiled), "待抽取"},
	{string(TaskBatched), "已列入批次"}, {string(TaskDrawn), "已抽取"}, {string(TaskDispatched), "已派发"},
	{string(TaskCancelled), "已取消"}, {string(TaskDiscarded), "已作废"},
}

// Text is the state as users read it.
func (s TaskState) Text() string { return ChoiceText(TaskStates, string(s)) }

// taskLife is every move a task can make. Join, leave, draw and dispatch are no
// acts of their own: they are what acts on a batch do to its tasks.
var taskLife = Life[TaskState]{
	{TaskPut, TaskDrafting, TaskDrafting},
	{TaskScope, TaskDrafting, TaskDrafting},
	{TaskSubmit, TaskDrafting, TaskSubmitted},
	{TaskDiscard, TaskDrafting, TaskDiscarded},
	{TaskAgree, TaskSubmitted, TaskSubmitted}, // each participating department: R51
	{TaskDecline, TaskSubmitted, TaskDrafting},
	{TaskRecall, TaskSubmitted, TaskDrafting},
	{TaskReturn, TaskSubmitted, TaskDrafting},
	{TaskApprove, TaskSubmitted, TaskApproved}, // 国办发〔2024〕54号: approved before the inspection
	{TaskFile, TaskApproved, TaskFiled},        // R16
	{ConfirmSign, TaskApproved, TaskApproved},  // R36
	{ConfirmSign, TaskFiled, TaskFiled},
	{ConfirmSign, TaskBatched, TaskBatched},
	{TaskCancel, TaskApproved, TaskCancelled},
	{TaskCancel, TaskFiled, TaskCancelled},
	{TaskJoin, TaskFiled, TaskBatched},
	{TaskLeave, TaskBatched, TaskFiled},
	{TaskDraw, TaskBatched, TaskDrawn},
	{TaskLeave, TaskDrawn, TaskFiled}, // when the draw is annulled
	{TaskDispatch, TaskDrawn, TaskDispatched},
}

// TaskLife returns the moves of a task.
func TaskLife() Life[TaskState] { return taskLife }

// A TaskSource (任务来源) is why there is a task.
type TaskSource string

// The sources. All but the plan need a ground and the leader's approval: R62.
const (
	FromPlan      TaskSource = "plan"
	FromSuperior  TaskSource = "superior"
	FromCampaign  TaskSource = "campaign"
	FromComplaint TaskSource = "complaint"
	FromIncident  TaskSource = "incident"
	FromUpstream  TaskSource = "upstream" // a list dispatched from above: R64
)

// TaskSources lists the sources, UnplannedSources those of tasks outside the plan that
// somebody here begins.
var (
	TaskSources = []Choice{
		{string(FromPlan), "年度抽查计划"}, {string(FromSuperior), "上级部署"}, {string(FromCampaign), "专项整治"},
		{string(FromComplaint), "投诉举报"}, {string(FromIncident), "突发事件"}, {string(FromUpstream), "上级派发名单"},
	}
	UnplannedSources = TaskSources[1:5]
)

// Text is the source in Chinese.
func (s TaskSource) Text() string { return ChoiceText(TaskSources, string(s)) }

// InspectionKinds are the kinds of inspection that yearly caps and statistics tell
// apart: 国办发〔2024〕54号.
var InspectionKinds = []Choice{{"daily", "日常检查"}, {"special", "专项检查"}, {"case", "个案检查"}}

// A Task (抽查任务) is one random inspection: who draws from what, which items are
// checked, when, and which departments take part: R54–R59, R61–R66, 海政办发〔2020〕2号 二(五).
// Its number is permanent; its initiator leads it: R13, R63.
type Task struct {
	ID      TaskID
	Version int64
	Region  string
	Org     OrgID // 发起部门: R13, R62, R63
	Year    int
	Serial  int    // within the year of the department, never used again
	Number  string // 370687-2026-scjg-r01

	Source  TaskSource
	Ground  string            // of a task outside the plan: R62
	Package UpstreamPackageID // of a list from above
	Line    LineRef
	Planned TaskPlanned // what the line says; zero outside the plan
	TaskTerms
	TaskSettings
	Parts []TaskPart // the lead first

	State       TaskState
	Terms       int64 // the version that was handed in last: what departments agree to
	DraftedBy   PersonID
	DraftedAt   time.Time
	SubmittedBy PersonID
	SubmittedAt time.Time
	ApprovedBy  PersonID
	ApprovedAt  time.Time
	Opinion     string // of who approved, returned or declined it last
	OpinionOrg  OrgID  // the participating department that declined
	FiledBy     PersonID
	FiledAt     time.Time
	FilingNo    string // of the office's register: R16
	CancelledBy PersonID
	CancelledAt time.Time
	CancelNote  string
	Batch       BatchID
}

// A TaskPlanned is what the plan's line had fixed when the task began: a change of
// it needs a reason: R67.
type TaskPlanned struct {
	Number  string // of the plan
	Edition int
	Ratio   string
	Pool    int64
	Months  Months
	Sublibs []SublibraryID
	Items   []ItemID
}

// TaskTerms are what a line of the plan fixes: a task outside the plan says it
// itself: R57, R58, R65.
type TaskTerms struct {
	Field    string
	Scope    string // 抽查对象范围, in words
	Type     TaskType
	Targeted string
	Methods  []Method
	Mode     DrawMode
	Areas    []string // none is the whole county
}

// TaskSettings are what the initiator settles for this one inspection.
type TaskSettings struct {
	Name       string
	From       workday.Date // 执行时间: R65
	Until      workday.Date
	Kind       string
	NoNotice   bool // 不提前告知: R81
	Sealed     bool // the list is opened on the day only
	Sublibs    []SublibraryID
	Ratio      string // in the form of type Ratio: R67
	Reserve    int    // further ranks that stand ready
	Officers   int    // of each department at each object: C9
	Assistants int    // 协助人员, their number fixed beforehand: 国办发〔2024〕54号
	Note       string // 检查安排
	Reason     string // why it is not as planned: R67
}

// A TaskPart is one department of a task, with its items in the versions that are
// in force: R14, R23, R65.
type TaskPart struct {
	Org      OrgID
	Items    []ItemPin
	AgreedBy PersonID // the leader's approval of its own inspection; of the lead it is the task's
	AgreedAt time.Time
	Opinion  string
}

// Days are the days of the task.
func (t Task) Days() Days { return Days{t.From, t.Until} }

// Joint reports whether more than one department takes part.
func (t Task) Joint() bool { return len(t.Parts) > 1 }

// Unplanned reports whether the task is outside the year's plan.
func (t Task) Unplanned() bool { return t.Source != FromPlan }

// Parties returns the departments, the lead first.
func (t Task) Parties() []OrgID {
	all := make([]OrgID, len(t.Parts))
	for i, p := range t.Parts {
		all[i] = p.Org
	}
	return all
}

// Part returns the part of a department.
func (t Task) Part(org OrgID) (TaskPart, bool) {
	i := slices.IndexFunc(t.Parts, func(p TaskPart) bool { return p.Org == org })
	if i < 0 {
		return TaskPart{}, false
	}
	return t.Parts[i], true
}

// Items returns the pins of all departments.
func (t Task) Items() []ItemPin {
	var all []ItemPin
	for _, p := range t.Parts {
		all = append(all, p.Items...)
	}
	return all
}

// Verbs returns what can be done with the task now, by whoever may.
func (t Task) Verbs() []Verb { return taskLife.Verbs(t.State) }

// Relations returns what org has to do with the task. The departments of a task
// see that there is one from its first submission on; it names no object. The
// office and the government see what was filed: R16, R17, R54.
func (t Task) Relations(org Org) []Relation {
	var has []Relation
	if org.ID == t.Org {
		has = append(has, Owner)
	}
	if org.Region != t.Region {
		return has
	}
	_, part := t.Part(org.ID)
	if part && org.ID != t.Org && t.Terms > 0 && t.State != TaskDiscarded {
		has = append(has, Participant)
	}
	switch {
	case org.Kind == OrgOffice && !t.FiledAt.IsZero():
		has = append(has, Office)
	case org.Kind == OrgGovernment && !t.FiledAt.IsZero():
		has = append(has, Government)
	case org.Kind == OrgOversight && t.Terms > 0:
		has = append(has, Oversight)
	}
	return has
}

func (t Task) step(verb Verb) (Task, error) {
	next, err := taskLife.Next(t.State, verb)
	if err != nil {
		return t, err
	}
	t.State = next
	return t, nil
}

// Submit hands the task in. Gaps are what still is missing, from Gaps.
func (t Task) Submit(by PersonID, gaps Problems, now time.Time) (Task, error) {
	next, err := t.step(TaskSubmit)
	if err != nil {
		return t, err
	}
	if err := gaps.Err(); err != nil {
		return t, err
	}
	next.SubmittedBy, next.SubmittedAt, next.Terms = by, now, t.Version+1
	next.Opinion, next.OpinionOrg = "", ""
	return next, nil
}

// Agree is the approval of a participating department's leader for its own
// inspection: R51, 国办发〔2024〕54号. Nobody agrees to what they wrote, through
// whatever post: INV-09.
func (t Task) Agree(org OrgID, by PersonID, opinion string, now time.Time) (Task, error) {
	next, err := t.step(TaskAgree)
	if err != nil {
		return t, err
	}
	i := slices.IndexFunc(t.Parts, func(p TaskPart) bool { return p.Org == org })
	switch {
	case i < 1:
		return t, ErrMissing
	case t.Parts[i].AgreedBy != "":
		return t, ErrStep.With(TaskAgree.Text())
	case by == t.DraftedBy || by == t.SubmittedBy:
		return t, ErrOwnWork
	}
	var ps Problems
	opinion = opinionText(&ps, opinion)
	next.Parts = slices.Clone(t.Parts)
	next.Parts[i].AgreedBy, next.Parts[i].AgreedAt, next.Parts[i].Opinion = by, now, opinion
	return next, ps.Err()
}

// Decline hands the task back with the reason of a participating department.
func (t Task) Decline(org OrgID, opinion string) (Task, error) {
	if _, part := t.Part(org); !part || org == t.Org {
		return t, ErrMissing
	}
	next, err := t.back(TaskDecline, opinion)
	if err == nil {
		next.OpinionOrg = org
	}
	return next, err
}

// Recall takes the task back before it is decided on.
func (t Task) Recall() (Task, error) {
	next, err := t.step(TaskRecall)
	if err != nil {
		return t, err
	}
	return next.undecided(), nil
}

// Return hands the task back to its drafter with an opinion.
func (t Task) Return(opinion string) (Task, error) { return t.back(TaskReturn, opinion) }

func (t Task) back(verb Verb, opinion string) (Task, error) {
	next, err := t.step(verb)
	if err != nil {
		return t, err
	}
	var ps Problems
	opinion = opinionText(&ps, opinion)
	if err := ps.Err(); err != nil {
		return t, err
	}
	next = next.undecided()
	next.Opinion = opinion
	return next, nil
}

// undecided forgets the submission and what departments said to it: they belong to
// a text that is about to change.
func (t Task) undecided() Task {
	t.SubmittedBy, t.SubmittedAt = "", time.Time{}
	t.ApprovedBy, t.ApprovedAt = "", time.Time{}
	t.Opinion, t.OpinionOrg = "", ""
	t.Parts = slices.Clone(t.Parts)
	for i := range t.Parts {
		t.Parts[i].AgreedBy, t.Parts[i].AgreedAt, t.Parts[i].Opinion = "", time.Time{}, ""
	}
	return t
}

// Waiting returns the participating departments that have not agreed.
func (t Task) Waiting() []OrgID {
	var all []OrgID
	for _, p := range t.Parts {
		if p.Org != t.Org && p.AgreedBy == "" {
			all = append(all, p.Org)
		}
	}
	return all
}

// Approve is the decision of the initiator's leader, once all departments agree:
// without it nothing is inspected (国办发〔2024〕54号). Gaps are what the passing of
// time made wrong. Nobody approves what they wrote: INV-09.
func (t Task) Approve(by PersonID, opinion string, gaps Problems, now time.Time) (Task, error) {
	next, err := t.step(TaskApprove)
	if err != nil {
		return t, err
	}
	if by == t.SubmittedBy || by == t.DraftedBy {
		return t, ErrOwnWork
	}
	if n := len(t.Waiting()); n > 0 {
		return t, ErrTaskWaiting.With(n)
	}
	var ps Problems
	opinion = opinionText(&ps, opinion)
	if err := append(ps, gaps...).Err(); err != nil {
		return t, err
	}
	next.ApprovedBy, next.ApprovedAt, next.Opinion = by, now, opinion
	return next, nil
}

// FilingPrefix begins the numbers of a region's filings of a year.
func FilingPrefix(region string, year int) string { return fmt.Sprintf("%s-%d-ba", region, year) }

// File reports the task to the conference office, and takes the next number of its
// register: R16, 海政办发〔2020〕2号 二(一) "应报联席会议办公室备案". Filed are how many
// the register of the year has.
func (t Task) File(by PersonID, filed int64, now time.Time) (Task, error) {
	next, err := t.step(TaskFile)
	if err != nil {
		return t, err
	}
	next.FiledBy, next.FiledAt = by, now
	next.FilingNo = fmt.Sprintf("%s%03d", FilingPrefix(t.Region, workday.On(now).Year()), filed+1)
	return next, nil
}

// Cancel ends a task that is not drawn yet. It stays readable with its ground.
func (t Task) Cancel(by PersonID, reason string, now time.Time) (Task, error) {
	next, err := t.step(TaskCancel)
	if err != nil {
		return t, err
	}
	var ps Problems
	next.CancelNote = Paragraph(&ps, "reason", "取消理由", reason, 500)
	next.CancelledBy, next.CancelledAt = by, now
	return next, ps.Err()
}

// Discard throws a draft away. Its number is not used again.
func (t Task) Discard() (Task, error) { return t.step(TaskDiscard) }

// Join takes the task into a batch that will be drawn.
func (t Task) Join(batch BatchID) (Task, error) {
	next, err := t.step(TaskJoin)
	if err != nil {
		return t, err
	}
	next.Batch = batch
	return next, nil
}

// Leave frees the task of its batch, which was withdrawn or whose draw was
// annulled: C18.
func (t Task) Leave() (Task, error) {
	next, err := t.step(TaskLeave)
	if err != nil {
		return t, err
	}
	next.Batch = ""
	return next, nil
}

// Draw notes that the task's objects are drawn.
func (t Task) Draw() (Task, error) { return t.step(TaskDraw) }

// Dispatch notes that the list went to the departments: R69.
func (t Task) Dispatch() (Task, error) { return t.step(TaskDispatch) }
