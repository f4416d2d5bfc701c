package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
)

// PutCap sets how often a body may inspect one object in a year: 国办发〔2024〕54号.
// Seen 0 is a new cap.
type PutCap struct {
	Org     inspect.OrgID `json:"org" label:"检查主体"`
	Year    int           `json:"year" label:"年度"`
	Seen    int64         `json:"seen"`
	Most    int           `json:"most" label:"每户每年最多检查次数"`
	Grounds string        `json:"grounds" label:"例外情形" hint:"每行一种，例如 投诉举报、上级部署、整改复查"`
}

// Verb is what the act is called.
func (PutCap) Verb() inspect.Verb { return inspect.CapPut }

func (c PutCap) do(ctx context.Context, t *tx) error {
	if err := t.by.MayTo(c.Verb(), inspect.CapRelations(t.by.Org)...); err != nil {
		return err
	}
	org, err := t.Org(ctx, c.Org)
	if err != nil || org.Region != t.by.Org.Region || !org.Inspects() {
		return inspect.ErrChoice.With("检查主体").At("org")
	}
	limit, err := t.BodyCap(ctx, org.ID, c.Year)
	if errors.Is(err, inspect.ErrMissing) {
		limit, err = inspect.BodyCap{ID: inspect.CapID(org.ID, c.Year), Region: org.Region, Org: org.ID, Year: c.Year}, nil
	}
	switch {
	case err != nil:
		return err
	case limit.Version != c.Seen:
		return inspect.ErrStale
	}
	locked, err := t.ListsLocked(ctx)
	if err != nil {
		return err
	}
	if err := limit.Unchangeable(locked, func(b inspect.Batch) ([]inspect.Task, error) { return t.tasks(ctx, b.Tasks) }); err != nil {
		return err
	}
	limit.Most, limit.Grounds, limit.By, limit.At = c.Most, c.Grounds, t.by.Person, t.now
	if limit, err = limit.Tidy(t.today()); err != nil {
		return err
	}
	if err := t.PutCap(ctx, limit); err != nil {
		return err
	}
	limit.Version++
	t.saved("body_cap", limit.ID, limit.Version, limit)
	return nil
}

// AskWaiver asks that one object may be drawn more often than twice in a year: R52,
// R53.
type AskWaiver struct {
	ID     inspect.WaiverID `json:"id"` // made by the asker
	Object inspect.ObjectNo `json:"object" label:"检查对象序号" hint:"检查对象名录库中的序号"`
	Year   int              `json:"year" label:"年度"`
	Kind   string           `json:"kind" label:"许可情形"`
	Ground string           `json:"ground" label:"理由"`
}

// Verb is what the act is called.
func (AskWaiver) Verb() inspect.Verb { return inspect.WaiverAsk }

func (c AskWaiver) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	object, err := t.Object(ctx, c.Object)
	if err != nil || object.Region != t.by.Org.Region {
		return inspect.ErrChoice.With("检查对象").At("object")
	}
	if _, err := t.Waiver(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	if open, err := t.WaiverOpen(ctx, object.No, c.Year); err != nil || open {
		return orTaken(err, inspect.ErrWaiverOpen)
	}
	flags, err := t.FlagsOf(ctx, inspect.FlagKind(c.Kind), []inspect.ObjectNo{object.No})
	if err != nil {
		return err
	}
	w := inspect.Waiver{ID: c.ID, Region: object.Region, Org: t.by.Org.ID, Year: c.Year, Kind: c.Kind, Ground: c.Ground}
	if w, err = inspect.AskWaiver(w, object, flags, t.by.Person, t.now); err != nil {
		return err
	}
	return t.saveWaiver(ctx, "", w)
}

func (t *tx) saveWaiver(ctx context.Context, was inspect.WaiverState, w inspect.Waiver) error {
	if err := t.PutWaiver(ctx, was, w); err != nil {
		return err
	}
	w.Version++
	t.saved("waiver", string(w.ID), w.Version, w)
	return nil
}

// changeWaiver loads a waiver as it was seen, decides and saves.
func (t *tx) changeWaiver(ctx context.Context, id inspect.WaiverID, seen int64, decide func(inspect.Waiver) (inspect.Waiver, error)) error {
	was, err := t.Waiver(ctx, id)
	has := was.Relations(t.by.Org)
	if err := asSeen(err, len(has) > 0, was.Version, seen); err != nil {
		return err
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return err
	}
	w, err := decide(was)
	if err != nil {
		return err
	}
	return t.saveWaiver(ctx, was.State, w)
}

// A WaiverDecision is the office's answer.
type WaiverDecision struct {
	ID      inspect.WaiverID `json:"id"`
	Seen    int64            `json:"seen"`
	Opinion string           `json:"opinion" label:"意见"`
}

// GrantWaiver lets the object be drawn again.
type GrantWaiver struct{ WaiverDecision }

// RefuseWaiver does not.
type RefuseWaiver struct{ WaiverDecision }

// Verb is what the act is called.
func (GrantWaiver) Verb() inspect.Verb { return inspect.WaiverGrant }

// Verb is what the act is called.
func (RefuseWaiver) Verb() inspect.Verb { return inspect.WaiverRefuse }

func (c WaiverDecision) do(ctx context.Context, t *tx) error {
	return t.changeWaiver(ctx, c.ID, c.Seen, func(w inspect.Waiver) (inspect.Waiver, error) {
		return w.Decide(t.verb, t.by.Person, c.Opinion, t.now)
	})
}

// WithdrawWaiver takes a question back before it is decided on.
type WithdrawWaiver struct {
	ID   inspect.WaiverID `json:"id"`
	Seen int64            `json:"seen"`
}

// Verb is what the act is called.
func (WithdrawWaiver) Verb() inspect.Verb { return inspect.WaiverWithdraw }

func (c WithdrawWaiver) do(ctx context.Context, t *tx) error {
	return t.changeWaiver(ctx, c.ID, c.Seen, inspect.Waiver.Withdraw)
}
