package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// task loads a task for the act under way: a stranger's task does not exist, a post
// that may not is denied, and a task that changed since it was seen is stale.
func (t *tx) task(ctx context.Context, id inspect.TaskID, seen int64) (inspect.Task, error) {
	task, err := t.taskNow(ctx, id)
	if err == nil && task.Version != seen {
		err = inspect.ErrStale
	}
	return task, err
}

// taskNow is task in whatever version it stands.
func (t *tx) taskNow(ctx context.Context, id inspect.TaskID) (inspect.Task, error) {
	task, err := t.Task(ctx, id)
	if err != nil {
		return task, err
	}
	has := task.Relations(t.by.Org)
	if t.by.MayTo(inspect.TaskRead, has...) != nil {
		return task, inspect.ErrMissing
	}
	return task, t.by.MayTo(t.verb, has...)
}

// saveTask stores the task, row and entry together. Was is the state before.
func (t *tx) saveTask(ctx context.Context, was inspect.TaskState, task inspect.Task) error {
	if err := t.PutTask(ctx, was, task); err != nil {
		return err
	}
	task.Version++
	t.saved("task", string(task.ID), task.Version, task)
	return nil
}

// changeTask loads a task, decides and saves.
func (t *tx) changeTask(ctx context.Context, id inspect.TaskID, seen int64, decide func(inspect.Task) (inspect.Task, error)) error {
	was, err := t.task(ctx, id, seen)
	if err != nil {
		return err
	}
	task, err := decide(was)
	if err != nil {
		return err
	}
	return t.saveTask(ctx, was.State, task)
}

// pinned gives the task's departments their items, as they are listed on its first
// day: R23.
func (t *tx) pinned(ctx context.Context, task inspect.Task, ids []inspect.ItemID) (inspect.Task, error) {
	day := task.From
	if day.Before(t.today()) {
		day = t.today()
	}
	wanted := ids
	if !task.Unplanned() {
		wanted = task.Planned.Items
	}
	inForce, err := t.ItemsInForce(ctx, wanted, day)
	if err != nil {
		return task, err
	}
	return task.Pin(ids, inForce)
}

// itemsOf are the items that a task has now.
func itemsOf(task inspect.Task) []inspect.ItemID {
	var ids []inspect.ItemID
	for _, pin := range task.Items() {
		ids = append(ids, pin.Item)
	}
	return ids
}

// DraftTask begins a task of the actor's department: of a line of a published plan,
// or with a source and a ground of its own: R62, 海政办发〔2020〕2号 二(五)1. Copy is an
// older task whose settings it takes over.
type DraftTask struct {
	Task   inspect.TaskID     `json:"task"` // made by the asker
	Plan   inspect.PlanID     `json:"plan"`
	Line   int                `json:"line"`
	Source inspect.TaskSource `json:"source" label:"任务来源"`
	Ground string             `json:"ground" label:"任务依据" hint:"写明部署文件、投诉举报或者事件的情况，由负责人审批"`
	Name   string             `json:"name" label:"任务名称"`
	Copy   inspect.TaskID     `json:"copy" label:"沿用以前任务的设置"`

	Package inspect.UpstreamPackageID `json:"package" label:"上级派发的名单"` // R64
}

// Verb is what the act is called.
func (DraftTask) Verb() inspect.Verb { return inspect.TaskDraft }

func (c DraftTask) do(ctx context.Context, t *tx) error {
	task, err := c.begin(ctx, t)
	if err != nil {
		return err
	}
	if _, err := t.Task(ctx, c.Task); err == nil {
		return inspect.ErrTaken
	}
	if c.Copy != "" {
		old, err := t.Task(ctx, c.Copy)
		if err := asSeen(err, old.Org == t.by.Org.ID, old.Version, old.Version); err != nil {
			return err
		}
		task = task.Like(old)
	}
	if task, err = t.pinned(ctx, task, itemsOf(task)); err != nil {
		return err
	}
	return t.saveTask(ctx, "", task)
}

func (c DraftTask) begin(ctx context.Context, t *tx) (inspect.Task, error) {
	org, err := t.Org(ctx, t.by.Org.ID)
	if err != nil {
		return inspect.Task{}, err
	}
	if c.Plan == "" {
		last, err := t.LastTask(ctx, org.ID, t.today().Year())
		if err != nil {
			return inspect.Task{}, err
		}
		if c.Package != "" {
			p, err := t.UpstreamPackage(ctx, c.Package)
			if err != nil {
				return inspect.Task{}, err
			}
			return inspect.UpstreamTask(c.Task, org, int(last)+1, p, c.Name, t.by.Person, t.now)
		}
		return inspect.UnplannedTask(c.Task, org, int(last)+1, c.Source, c.Ground, c.Name, t.by.Person, t.now)
	}
	plan, err := t.Plan(ctx, c.Plan)
	if err != nil {
		return inspect.Task{}, err
	}
	if plan.Region != org.Region || t.by.MayTo(inspect.PlanRead, plan.Relations(t.by.Org)...) != nil {
		return inspect.Task{}, inspect.ErrMissing
	}
	begun, err := t.TasksOfLine(ctx, plan.Number, c.Line)
	if err != nil {
		return inspect.Task{}, err
	}
	last, err := t.LastTask(ctx, org.ID, plan.Year)
	if err != nil {
		return inspect.Task{}, err
	}
	return inspect.PlannedTask(c.Task, org, plan, c.Line, int(begun), int(last)+1, t.by.Person, t.now)
}

// PutTask settles a draft: R65. What differs from the plan needs a reason: R67.
type PutTask struct {
	Task       inspect.TaskID         `json:"task"`
	Seen       int64                  `json:"seen"`
	Name       string                 `json:"name" label:"任务名称"`
	From       workday.Date           `json:"from" label:"检查开始日期"`
	Until      workday.Date           `json:"until" label:"检查结束日期"`
	Kind       string                 `json:"kind" label:"检查类型" hint:"用于年度检查频次上限和执法统计"`
	Sublibs    []inspect.SublibraryID `json:"sublibs" label:"检查对象分库" hint:"从这些分库的已确认成员中抽取"`
	Ratio      string                 `json:"ratio" label:"抽查比例" hint:"可以写：5%；20户；A 1%，B 3%，C 10%，D 50%，不少于5户；不超过10户：2户；超过10户：50%"`
	Reserve    int                    `json:"reserve" label:"备选户数" hint:"检查对象停业、迁走时按顺序替补，没有的留空"`
	Officers   int                    `json:"officers" label:"每个部门到场执法人员数" hint:"不少于 2 人"`
	Assistants int                    `json:"assistants" label:"协助人员数" hint:"检查前确定，没有的留空"`
	NoNotice   bool                   `json:"no_notice" label:"不提前告知检查对象"`
	Sealed     bool                   `json:"sealed" label:"抽取名单封存至检查当日开启"`
	Note       string                 `json:"note" label:"检查安排"`
	Reason     string                 `json:"reason" label:"与计划不同的理由" hint:"比例、时间、分库或者事项与年度计划不同时填写"`
}

// Verb is what the act is called.
func (PutTask) Verb() inspect.Verb { return inspect.TaskPut }

func (c PutTask) do(ctx context.Context, t *tx) error {
	was, err := t.task(ctx, c.Task, c.Seen)
	if err != nil {
		return err
	}
	task, err := was.Put(inspect.TaskSettings{
		Name: c.Name, From: c.From, Until: c.Until, Kind: c.Kind, NoNotice: c.NoNotice, Sealed: c.Sealed, Sublibs: c.Sublibs, Ratio: c.Ratio,
		Reserve: c.Reserve, Officers: c.Officers, Assistants: c.Assistants, Note: c.Note, Reason: c.Reason,
	})
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, task.Region)
	if err != nil {
		return err
	}
	if err := task.KnownSublibs(facts).Err(); err != nil {
		return err
	}
	if task, err = t.pinned(ctx, task, itemsOf(task)); err != nil {
		return err
	}
	return t.saveTask(ctx, was.State, task)
}

// ScopeTask says what a task outside the plan is about: R57, R58, R65. The scope of a
// planned task is the plan's.
type ScopeTask struct {
	Task     inspect.TaskID   `json:"task"`
	Seen     int64            `json:"seen"`
	Field    string           `json:"field" label:"行业领域"`
	Scope    string           `json:"scope" label:"抽查对象范围"`
	Partners []inspect.OrgID  `json:"partners" label:"配合部门"`
	Items    []inspect.ItemID `json:"items" label:"抽查事项"`
	Type     inspect.TaskType `json:"type" label:"抽查类型"`
	Targeted string           `json:"targeted" label:"是否定向"`
	Methods  []inspect.Method `json:"methods" label:"检查方式"`
	Mode     inspect.DrawMode `json:"mode" label:"抽查检查模式"`
	Areas    []string         `json:"areas" label:"实施区域" hint:"不选即为全域"`
}

// Verb is what the act is called.
func (ScopeTask) Verb() inspect.Verb { return inspect.TaskScope }

func (c ScopeTask) do(ctx context.Context, t *tx) error {
	was, err := t.task(ctx, c.Task, c.Seen)
	if err != nil {
		return err
	}
	task, err := was.Rescope(inspect.TaskTerms{
		Field: c.Field, Scope: c.Scope, Type: c.Type, Targeted: c.Targeted, Methods: c.Methods, Mode: c.Mode, Areas: c.Areas,
	}, c.Partners)
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, task.Region)
	if err != nil {
		return err
	}
	if err := task.Known(facts).Err(); err != nil {
		return err
	}
	if task, err = t.pinned(ctx, task, c.Items); err != nil {
		return err
	}
	return t.saveTask(ctx, was.State, task)
}

// SubmitTask hands a task in: to its leader, and to the leaders of all departments.
type SubmitTask struct {
	Task inspect.TaskID `json:"task"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (SubmitTask) Verb() inspect.Verb { return inspect.TaskSubmit }

func (c SubmitTask) do(ctx context.Context, t *tx) error {
	return t.changeTask(ctx, c.Task, c.Seen, func(task inspect.Task) (inspect.Task, error) {
		task, err := t.pinned(ctx, task, itemsOf(task))
		if err != nil {
			return task, err
		}
		facts, err := t.Facts(ctx, task.Region)
		if err != nil {
			return task, err
		}
		return task.Submit(t.by.Person, task.Gaps(facts, t.today()), t.now)
	})
}

// A TaskAnswer is a participating department's answer. Terms is what it answers to,
// not the task's version: answers of several departments do not get into each
// other's way.
type TaskAnswer struct {
	Task    inspect.TaskID `json:"task"`
	Terms   int64          `json:"terms"`
	Opinion string         `json:"opinion" label:"意见"`
}

// AgreeTask is the approval of a participating department's leader for its part:
// R51, 国办发〔2024〕54号.
type AgreeTask struct{ TaskAnswer }

// DeclineTask hands the task back, with a reason.
type DeclineTask struct{ TaskAnswer }

// Verb is what the act is called.
func (AgreeTask) Verb() inspect.Verb { return inspect.TaskAgree }

// Verb is what the act is called.
func (DeclineTask) Verb() inspect.Verb { return inspect.TaskDecline }

func (c AgreeTask) do(ctx context.Context, t *tx) error {
	return c.answer(ctx, t, func(task inspect.Task) (inspect.Task, error) {
		return task.Agree(t.by.Org.ID, t.by.Person, c.Opinion, t.now)
	})
}

func (c DeclineTask) do(ctx context.Context, t *tx) error {
	return c.answer(ctx, t, func(task inspect.Task) (inspect.Task, error) { return task.Decline(t.by.Org.ID, c.Opinion) })
}

func (a TaskAnswer) answer(ctx context.Context, t *tx, decide func(inspect.Task) (inspect.Task, error)) error {
	now, err := t.taskNow(ctx, a.Task)
	if err == nil && now.Terms != a.Terms {
		err = inspect.ErrStale
	}
	if err != nil {
		return err
	}
	return t.decideTask(ctx, a.Task, now.Version, decide)
}

// decideTask is changeTask for an approval. A task keeps who drafted and who
// submitted it; who settled it is on record only, and does not approve it either:
// INV-09.
func (t *tx) decideTask(ctx context.Context, id inspect.TaskID, seen int64, decide func(inspect.Task) (inspect.Task, error)) error {
	return t.changeTask(ctx, id, seen, func(task inspect.Task) (inspect.Task, error) {
		next, err := decide(task)
		if err != nil || t.verb == inspect.TaskDecline {
			return next, err
		}
		wrote, err := t.Wrote(ctx, t.by.Person, string(id), inspect.TaskPut, inspect.TaskScope)
		if err == nil && wrote {
			err = inspect.ErrOwnWork
		}
		return next, err
	})
}

// RecallTask takes a task back before it is decided on.
type RecallTask struct {
	Task inspect.TaskID `json:"task"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (RecallTask) Verb() inspect.Verb { return inspect.TaskRecall }

func (c RecallTask) do(ctx context.Context, t *tx) error {
	return t.changeTask(ctx, c.Task, c.Seen, inspect.Task.Recall)
}

// ReturnTask hands a task back to its drafter.
type ReturnTask struct {
	Task    inspect.TaskID `json:"task"`
	Seen    int64          `json:"seen"`
	Opinion string         `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (ReturnTask) Verb() inspect.Verb { return inspect.TaskReturn }

func (c ReturnTask) do(ctx context.Context, t *tx) error {
	return t.changeTask(ctx, c.Task, c.Seen, func(task inspect.Task) (inspect.Task, error) { return task.Return(c.Opinion) })
}

// ApproveTask is the approval before the inspection, by the initiator's leader:
// 国办发〔2024〕54号. What may be inspected is fixed with it: INV-29.
type ApproveTask struct {
	Task    inspect.TaskID `json:"task"`
	Seen    int64          `json:"seen"` // the version on the leader's screen
	Opinion string         `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (ApproveTask) Verb() inspect.Verb { return inspect.TaskApprove }

func (c ApproveTask) do(ctx context.Context, t *tx) error {
	return t.decideTask(ctx, c.Task, c.Seen, func(task inspect.Task) (inspect.Task, error) {
		facts, err := t.Facts(ctx, task.Region)
		if err != nil {
			return task, err
		}
		next, err := task.Approve(t.by.Person, c.Opinion, task.Gaps(facts, t.today()), t.now)
		if err != nil {
			return task, err
		}
		return next, t.PinItems(ctx, next.ID, next.Items())
	})
}

// FileTask reports an approved task to the conference office: R16.
type FileTask struct {
	Task inspect.TaskID `json:"task"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (FileTask) Verb() inspect.Verb { return inspect.TaskFile }

func (c FileTask) do(ctx context.Context, t *tx) error {
	return t.changeTask(ctx, c.Task, c.Seen, func(task inspect.Task) (inspect.Task, error) {
		filed, err := t.Filings(ctx, inspect.FilingPrefix(task.Region, t.today().Year()))
		if err != nil {
			return task, err
		}
		return task.File(t.by.Person, filed, t.now)
	})
}

// CancelTask ends a task before its draw.
type CancelTask struct {
	Task   inspect.TaskID `json:"task"`
	Seen   int64          `json:"seen"`
	Reason string         `json:"reason" label:"取消理由"`
}

// Verb is what the act is called.
func (CancelTask) Verb() inspect.Verb { return inspect.TaskCancel }

func (c CancelTask) do(ctx context.Context, t *tx) error {
	return t.changeTask(ctx, c.Task, c.Seen, func(task inspect.Task) (inspect.Task, error) {
		return task.Cancel(t.by.Person, c.Reason, t.now)
	})
}

// DiscardTask throws a draft away.
type DiscardTask struct {
	Task inspect.TaskID `json:"task"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (DiscardTask) Verb() inspect.Verb { return inspect.TaskDiscard }

func (c DiscardTask) do(ctx context.Context, t *tx) error {
	return t.changeTask(ctx, c.Task, c.Seen, inspect.Task.Discard)
}
