package act

import (
	"context"

	"suicha/internal/inspect"
)

// DraftCorrection begins the correction of a published result that is wrong, or its
// withdrawal: R102, 海政办发〔2020〕2号 二(六). Nothing changes before the principal leader
// of the department signs.
type DraftCorrection struct {
	ID     inspect.CorrectionID    `json:"id"` // made by the asker
	Result inspect.ResultID        `json:"result"`
	Seen   int64                   `json:"seen"`
	Kind   inspect.PublicationKind `json:"kind" label:"办理方式"`
	Ground string                  `json:"ground" label:"更正理由" hint:"将与更正一并公示，请勿写入个人信息"`
	Codes  []string                `json:"codes" label:"更正后的检查结果" hint:"逐项选择：事项序号和结果代码，如 1:no_problem"`
}

// Verb is what the act is called.
func (DraftCorrection) Verb() inspect.Verb { return inspect.CorrectionDraft }

func (c DraftCorrection) do(ctx context.Context, t *tx) error {
	r, err := t.result(ctx, c.Result)
	switch {
	case err != nil:
		return err
	case r.Version != c.Seen:
		return inspect.ErrStale
	}
	if _, err := t.Correction(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	if open, err := t.CorrectionOpen(ctx, r.ID); err != nil || open {
		return orTaken(err, inspect.ErrResultOpen)
	}
	x, err := r.DraftCorrection(c.ID, c.Kind, c.Codes, c.Ground, t.by.Person, t.now)
	if err != nil {
		return err
	}
	return t.saveCorrection(ctx, "", x)
}

func (t *tx) saveCorrection(ctx context.Context, was inspect.CorrectionState, c inspect.Correction) error {
	if err := t.PutCorrection(ctx, was, c); err != nil {
		return err
	}
	c.Version++
	t.saved("correction", string(c.ID), c.Version, c)
	return nil
}

// correction is a correction as it was seen, with its result, if the actor may do the
// act to them.
func (t *tx) correction(ctx context.Context, id inspect.CorrectionID, seen int64) (inspect.Correction, inspect.Result, error) {
	c, err := t.Correction(ctx, id)
	if err != nil {
		return c, inspect.Result{}, err
	}
	r, err := t.result(ctx, c.Result)
	if err == nil && c.Version != seen {
		err = inspect.ErrStale
	}
	return c, r, err
}

// A CorrectionDecision is the answer of the department's principal leader.
type CorrectionDecision struct {
	ID      inspect.CorrectionID `json:"id"`
	Seen    int64                `json:"seen"`
	Opinion string               `json:"opinion" label:"意见"`
}

// SignCorrection is the signature of the department's principal leader, which makes
// the next edition public: R102 "经本部门主要负责人签字确认后应当予以更正", INV-13.
type SignCorrection struct{ CorrectionDecision }

// DropCorrection leaves the publication as it is.
type DropCorrection struct{ CorrectionDecision }

// Verb is what the act is called.
func (SignCorrection) Verb() inspect.Verb { return inspect.CorrectionSign }

// Verb is what the act is called.
func (DropCorrection) Verb() inspect.Verb { return inspect.CorrectionDrop }

func (c SignCorrection) do(ctx context.Context, t *tx) error {
	was, r, err := t.correction(ctx, c.ID, c.Seen)
	if err != nil {
		return err
	}
	next, x, a, p, err := r.SignCorrection(was, t.by.Person, c.Opinion, t.now)
	if err != nil {
		return err
	}
	if err := t.saveCorrection(ctx, was.State, x); err != nil {
		return err
	}
	if err := t.addEdition(ctx, r.State, next, a, p); err != nil {
		return err
	}
	return t.correctAppeal(ctx, x)
}

func (c DropCorrection) do(ctx context.Context, t *tx) error {
	was, _, err := t.correction(ctx, c.ID, c.Seen)
	if err != nil {
		return err
	}
	x, err := was.Drop(t.by.Person, c.Opinion, t.now)
	if err != nil {
		return err
	}
	return t.saveCorrection(ctx, was.State, x)
}
