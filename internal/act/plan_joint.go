package act

import (
	"context"

	"suicha/internal/inspect"
)

// InvitePlan asks the departments of a draft's joint lines for their consent:
// R51, 海政办发〔2020〕2号 二(四) "发起部门与参与部门协商沟通".
type InvitePlan struct {
	Plan inspect.PlanID `json:"plan"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (InvitePlan) Verb() inspect.Verb { return inspect.PlanInvite }

func (c InvitePlan) do(ctx context.Context, t *tx) error {
	return t.changePlan(ctx, c.Plan, c.Seen, func(p inspect.Plan) (inspect.Plan, error) { return p.Invite(t.now) })
}

// An Answer is a department's answer to an invitation to one line. Seen is the
// version of the consent, not of the plan: answers of several departments do
// not get into each other's way.
type Answer struct {
	Plan inspect.PlanID `json:"plan"`
	No   int            `json:"no"`
	Seen int64          `json:"seen"`
	Note string         `json:"note" label:"意见"`
}

// AcceptLine agrees to take part as the line says.
type AcceptLine struct{ Answer }

// ProposeLine asks for a change of the line.
type ProposeLine struct{ Answer }

// DeclineLine refuses to take part, with a reason.
type DeclineLine struct{ Answer }

// Verb is what the act is called.
func (AcceptLine) Verb() inspect.Verb { return inspect.PlanAccept }

// Verb is what the act is called.
func (ProposeLine) Verb() inspect.Verb { return inspect.PlanPropose }

// Verb is what the act is called.
func (DeclineLine) Verb() inspect.Verb { return inspect.PlanDecline }

func (a Answer) do(ctx context.Context, t *tx) error {
	plan, err := t.Plan(ctx, a.Plan)
	if err != nil {
		return err
	}
	if plan, err = t.plan(ctx, a.Plan, plan.Version); err != nil {
		return err
	}
	line, ok := plan.Line(a.No)
	if !ok {
		return inspect.ErrMissing
	}
	was, ok := line.Consent(t.by.Org.ID)
	switch {
	case !ok || was.State == inspect.ConsentPlanned:
		return inspect.ErrMissing
	case was.Version != a.Seen:
		return inspect.ErrStale
	case plan.State != inspect.PlanDrafting:
		return inspect.ErrStep.With(t.verb.Text())
	}
	consent, err := was.Answer(t.verb, a.Note, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if err := t.PutConsent(ctx, plan.ID, a.No, was.State, consent); err != nil {
		return err
	}
	t.saved("consent", string(plan.ID), consent.Version+1, struct {
		No int
		inspect.Consent
	}{a.No, consent})
	return nil
}

// MergePlans takes all filed led plans of the year into the office's joint
// draft: R45, 海政办发〔2020〕2号 二(四) "联席会议办公室汇总".
type MergePlans struct {
	Plan inspect.PlanID `json:"plan"` // the joint draft
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (MergePlans) Verb() inspect.Verb { return inspect.PlanMerge }

func (c MergePlans) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	filed, err := t.PlansOf(ctx, was.Region, was.Year, inspect.PlanLed, inspect.PlanFiled)
	if err != nil {
		return err
	}
	if len(filed) == 0 {
		return inspect.ErrNothingNew
	}
	joint := was
	after := make([]inspect.Plan, len(filed))
	for i, led := range filed {
		if joint, after[i], err = joint.Merge(led); err != nil {
			return err
		}
	}
	if err := t.savePlan(ctx, was, joint); err != nil {
		return err
	}
	for i := range filed {
		if err := t.savePlan(ctx, filed[i], after[i]); err != nil {
			return err
		}
	}
	return nil
}

// SendBackPlan is the office's return of a filed plan to its department. If the
// plan is already merged, its lines leave the joint draft too.
type SendBackPlan struct {
	Plan    inspect.PlanID `json:"plan"`
	Seen    int64          `json:"seen"`
	Opinion string         `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (SendBackPlan) Verb() inspect.Verb { return inspect.PlanSendBack }

func (c SendBackPlan) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	plan, err := was.SendBack(c.Opinion)
	if err != nil {
		return err
	}
	if err := t.savePlan(ctx, was, plan); err != nil || was.MergedInto == "" {
		return err
	}
	joint, err := t.Plan(ctx, was.MergedInto)
	if err != nil {
		return err
	}
	without, _, err := joint.Unmerge(was)
	if err != nil {
		return err
	}
	return t.savePlan(ctx, joint, without)
}

// DiscardPlan throws a draft away. Led plans that a joint draft had taken up
// are free again.
type DiscardPlan struct {
	Plan inspect.PlanID `json:"plan"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (DiscardPlan) Verb() inspect.Verb { return inspect.PlanDiscard }

func (c DiscardPlan) do(ctx context.Context, t *tx) error {
	was, err := t.plan(ctx, c.Plan, c.Seen)
	if err != nil {
		return err
	}
	plan, err := was.Discard()
	if err != nil {
		return err
	}
	if err := t.savePlan(ctx, was, plan); err != nil || was.Kind != inspect.PlanJoint {
		return err
	}
	merged, err := t.PlansOf(ctx, was.Region, was.Year, inspect.PlanLed, inspect.PlanMerged)
	if err != nil {
		return err
	}
	for _, led := range merged {
		if led.MergedInto != was.ID {
			continue
		}
		_, freed, err := was.Unmerge(led)
		if err != nil {
			return err
		}
		if err := t.savePlan(ctx, led, freed); err != nil {
			return err
		}
	}
	return nil
}

// UrgeOrg is the office's reminder to a department that has not reported: R18,
// 海政办发〔2020〕2号 二(一).
type UrgeOrg struct {
	ID   string        `json:"id"` // made by the asker
	Org  inspect.OrgID `json:"org"`
	Year int           `json:"year"`
	Note string        `json:"note" label:"提醒内容"`
}

// Verb is what the act is called.
func (UrgeOrg) Verb() inspect.Verb { return inspect.PlanUrge }

func (c UrgeOrg) do(ctx context.Context, t *tx) error {
	if t.by.Org.Kind != inspect.OrgOffice {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	org, err := t.Org(ctx, c.Org)
	if err != nil {
		return err
	}
	if org.Region != t.by.Org.Region || !org.Inspects() {
		return inspect.ErrMissing
	}
	urge, err := inspect.NewUrge(c.ID, t.by.Org.ID, org.ID, c.Year, c.Note, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if err := t.AddUrge(ctx, urge); err != nil {
		return err
	}
	t.saved("urge", urge.ID, 1, urge)
	return nil
}
