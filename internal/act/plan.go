package act

import (
	"context"

	"suicha/internal/inspect"
)

// plan loads a plan for the act under way. It is the only way an act gets one:
// a stranger's plan does not exist, a post that may not is denied, and a plan
// that changed since it was seen is stale.
func (t *tx) plan(ctx context.Context, id inspect.PlanID, seen int64) (inspect.Plan, error) {
	plan, err := t.Plan(ctx, id)
	if err != nil {
		return plan, err
	}
	has := plan.Relations(t.by.Org)
	if t.by.MayTo(inspect.PlanRead, has...) != nil {
		return plan, inspect.ErrMissing
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return plan, err
	}
	if plan.Version != seen {
		return plan, inspect.ErrStale
	}
	return plan, nil
}

// savePlan replaces was by plan, row and entry together.
func (t *tx) savePlan(ctx context.Context, was, plan inspect.Plan) error {
	if err := t.PutPlan(ctx, was, plan); err != nil {
		return err
	}
	return t.planSaved(ctx, plan.ID)
}

// planSaved notes the plan as it is stored now: with the versions that its
// consents have, which a change of a line makes.
func (t *tx) planSaved(ctx context.Context, id inspect.PlanID) error {
	plan, err := t.Plan(ctx, id)
	if err != nil {
		return err
	}
	t.saved("plan", string(id), plan.Version, plan)
	return nil
}

// addPlan stores a new edition.
func (t *tx) addPlan(ctx context.Context, plan inspect.Plan) error {
	taken, err := t.PlanInWork(ctx, plan)
	switch {
	case err != nil:
		return err
	case taken:
		return inspect.ErrPlanExists
	}
	if _, err := t.Plan(ctx, plan.ID); err == nil {
		return inspect.ErrTaken
	}
	if err := t.AddPlan(ctx, plan); err != nil {
		return err
	}
	return t.planSaved(ctx, plan.ID)
}

// DraftPlan begins a plan of the actor's organisation: R43, 海政办发〔2020〕2号 二(四).
type DraftPlan struct {
	Plan inspect.PlanID   `json:"plan"` // made by the asker
	Kind inspect.PlanKind `json:"kind" label:"计划种类"`
	Year int              `json:"year" label:"年度"`
}

// Verb is what the act is called.
func (DraftPlan) Verb() inspect.Verb { return inspect.PlanDraft }

func (c DraftPlan) do(ctx context.Context, t *tx) error {
	org, err := t.Org(ctx, t.by.Org.ID)
	if err != nil {
		return err
	}
	plan, err := inspect.NewPlan(c.Plan, c.Kind, org, c.Year, t.by.Person, t.now)
	if err != nil {
		return err
	}
	return t.addPlan(ctx, plan)
}

// PutLine adds a task to a draft, or changes it: R46. No 0 is a new one.
type PutLine struct {
	Plan      inspect.PlanID         `json:"plan"`
	Seen      int64                  `json:"seen"`
	No        int                    `json:"no"`
	Name      string                 `json:"name" label:"任务名称"`
	Field     string                 `json:"field" label:"行业领域" hint:"例如：餐饮服务、学校食堂、建筑工地"`
	Lead      inspect.OrgID          `json:"lead" label:"牵头部门"`
	Partners  []inspect.OrgID        `json:"partners" label:"配合部门"`
	Items     []inspect.ItemID       `json:"items" label:"抽查事项"`
	Scope     string                 `json:"scope" label:"抽查对象范围"`
	Sublibs   []inspect.SublibraryID `json:"sublibs" label:"检查对象分库" hint:"用于测算每户全年被抽查的次数"`
	Pool      int64                  `json:"pool" label:"抽查基数（户）"`
	Ratio     string                 `json:"ratio" label:"抽查比例" hint:"可以写：5%；20户；A 1%，B 3%，C 10%，D 50%，不少于5户；不超过10户：2户；超过10户：50%"`
	Frequency int                    `json:"frequency" label:"抽查频次（次/年）"`
	Months    []string               `json:"months" label:"实施检查时间"`
	Areas     []string               `json:"areas" label:"实施区域" hint:"不选即为全域"`
	Type      inspect.TaskType       `json:"type" label:"抽查类型"`
	Targeted  string                 `json:"targeted" label:"是否定向"`
	Methods   []inspect.Method       `json:"methods" label:"检查方式"`
	Mode      inspect.DrawMode       `json:"mode" label:"抽查检查模式"`
	Remark    string                 `json:"remark" label:"备注"`
}

// Verb is what the act is called.
func (PutLine) Verb() inspect.Verb { return inspect.PlanPutLine }

func (c PutLine) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	line, err := c.line()
	if err != nil {
		return err
	}
	plan, no, err := was.PutLine(line)
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, plan.Region)
	if err != nil {
		return err
	}
	line, _ = plan.Line(no)
	if err := plan.CheckLine(line, facts, t.today()).Err(); err != nil {
		return err
	}
	return t.savePlan(ctx, was, plan)
}

// line is the command's fields as a line of a plan.
func (c PutLine) line() (inspect.PlanLine, error) {
	months, err := inspect.MonthsOf(c.Months)
	return inspect.PlanLine{
		No: c.No, Name: c.Name, Field: c.Field, Items: c.Items, Scope: c.Scope, Sublibs: c.Sublibs, Pool: c.Pool,
		Ratio: c.Ratio, Frequency: c.Frequency, Months: months, Areas: c.Areas, Lead: c.Lead, Partners: c.Partners,
		Type: c.Type, Targeted: c.Targeted, Methods: c.Methods, Mode: c.Mode, Remark: c.Remark,
	}, err
}

// DropLine takes a task out of a draft.
type DropLine struct {
	Plan inspect.PlanID `json:"plan"`
	Seen int64          `json:"seen"`
	No   int            `json:"no"`
}

// Verb is what the act is called.
func (DropLine) Verb() inspect.Verb { return inspect.PlanDropLine }

func (c DropLine) do(ctx context.Context, t *tx) error {
	return t.changePlan(ctx, c.Plan, c.Seen, func(p inspect.Plan) (inspect.Plan, error) { return p.DropLine(c.No) })
}

// changePlan loads a plan, decides and saves.
func (t *tx) changePlan(ctx context.Context, id inspect.PlanID, seen int64, decide func(inspect.Plan) (inspect.Plan, error)) error {
	was, err := t.plan(ctx, id, seen)
	if err != nil {
		return err
	}
	plan, err := decide(was)
	if err != nil {
		return err
	}
	return t.savePlan(ctx, was, plan)
}

// decidePlan is changePlan for an approval. A plan keeps who drafted and who
// submitted it; who wrote its tasks is on record only, and does not approve it
// either: INV-09.
func (t *tx) decidePlan(ctx context.Context, id inspect.PlanID, seen int64, decide func(inspect.Plan) (inspect.Plan, error)) error {
	return t.changePlan(ctx, id, seen, func(p inspect.Plan) (inspect.Plan, error) {
		next, err := decide(p)
		if err != nil {
			return p, err
		}
		wrote, err := t.Wrote(ctx, t.by.Person, string(id), inspect.PlanPutLine, inspect.PlanDropLine, inspect.PlanMerge)
		if err == nil && wrote {
			err = inspect.ErrOwnWork
		}
		return next, err
	})
}

// SubmitPlan hands a draft to the leader.
type SubmitPlan struct {
	Plan inspect.PlanID `json:"plan"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (SubmitPlan) Verb() inspect.Verb { return inspect.PlanSubmit }

func (c SubmitPlan) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, was.Region)
	if err != nil {
		return err
	}
	plan, err := was.Submit(t.by.Person, was.Gaps(facts, t.today()), t.now)
	if err != nil {
		return err
	}
	return t.savePlan(ctx, was, plan)
}

// RecallPlan takes a submitted plan back before it is decided on.
type RecallPlan struct {
	Plan inspect.PlanID `json:"plan"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (RecallPlan) Verb() inspect.Verb { return inspect.PlanRecall }

func (c RecallPlan) do(ctx context.Context, t *tx) error {
	return t.changePlan(ctx, c.Plan, c.Seen, inspect.Plan.Recall)
}

// ReturnPlan hands a submitted plan back to its drafter.
type ReturnPlan struct {
	Plan    inspect.PlanID `json:"plan"`
	Seen    int64          `json:"seen"`
	Opinion string         `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (ReturnPlan) Verb() inspect.Verb { return inspect.PlanReturn }

func (c ReturnPlan) do(ctx context.Context, t *tx) error {
	return t.changePlan(ctx, c.Plan, c.Seen, func(p inspect.Plan) (inspect.Plan, error) { return p.Return(c.Opinion) })
}

// ApprovePlan is the leader's approval of a department's plan.
type ApprovePlan struct {
	Plan    inspect.PlanID `json:"plan"`
	Seen    int64          `json:"seen"` // the version on the leader's screen
	Opinion string         `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (ApprovePlan) Verb() inspect.Verb { return inspect.PlanApprove }

func (c ApprovePlan) do(ctx context.Context, t *tx) error {
	return t.decidePlan(ctx, c.Plan, c.Seen, func(p inspect.Plan) (inspect.Plan, error) {
		return p.Approve(t.by.Person, c.Opinion, t.now)
	})
}

// RatifyPlan is the city government's approval of the joint plan: R41.
type RatifyPlan struct {
	Plan    inspect.PlanID `json:"plan"`
	Seen    int64          `json:"seen"`
	Opinion string         `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (RatifyPlan) Verb() inspect.Verb { return inspect.PlanRatify }

func (c RatifyPlan) do(ctx context.Context, t *tx) error {
	return t.decidePlan(ctx, c.Plan, c.Seen, func(p inspect.Plan) (inspect.Plan, error) {
		return p.Ratify(t.by.Person, c.Opinion, t.now)
	})
}

// FilePlan reports an approved plan to the conference office: R44.
type FilePlan struct {
	Plan inspect.PlanID `json:"plan"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (FilePlan) Verb() inspect.Verb { return inspect.PlanFile }

func (c FilePlan) do(ctx context.Context, t *tx) error {
	return t.changePlan(ctx, c.Plan, c.Seen, func(p inspect.Plan) (inspect.Plan, error) {
		return p.File(t.by.Person, t.now)
	})
}

// AmendPlan begins the next edition of a published plan: R48.
type AmendPlan struct {
	Plan   inspect.PlanID `json:"plan"`
	Seen   int64          `json:"seen"`
	Next   inspect.PlanID `json:"next"` // the new edition, made by the asker
	Reason string         `json:"reason" label:"调整理由"`
}

// Verb is what the act is called.
func (AmendPlan) Verb() inspect.Verb { return inspect.PlanAmend }

func (c AmendPlan) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	next, err := was.Amend(c.Next, c.Reason, t.by.Person, t.now)
	if err != nil {
		return err
	}
	return t.addPlan(ctx, next)
}

// PublishPlan makes a plan public: R45, R47. An adjustment replaces the edition
// it amends in the same act.
type PublishPlan struct {
	Plan   inspect.PlanID `json:"plan"`
	Seen   int64          `json:"seen"`
	Number string         `json:"number" label:"计划编号"` // typed by hand
}

// Verb is what the act is called.
func (PublishPlan) Verb() inspect.Verb { return inspect.PlanPublish }

func (c PublishPlan) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	plan, err := was.Publish(t.by.Person, c.Number, t.now)
	if err != nil {
		return err
	}
	if err := t.savePlan(ctx, was, plan); err != nil || plan.Amends == "" {
		return err
	}
	before, err := t.Plan(ctx, plan.Amends)
	if err != nil {
		return err
	}
	replaced, err := before.Replace(t.now)
	if err != nil {
		return err
	}
	return t.savePlan(ctx, before, replaced)
}
