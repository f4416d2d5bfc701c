package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
)

func (c RepairAppeal) do(ctx context.Context, t *tx) error {
	was, r, err := t.appeal(ctx, c.AppealSeen)
	if err != nil {
		return err
	}
	if err := t.noneUpheld(ctx, r.ID); err != nil {
		return err
	}
	var mended []inspect.FollowUp
	if f, err := t.FollowUp(ctx, inspect.FollowUpIDOf(r.ID, inspect.FollowRectify)); err == nil {
		mended = append(mended, f)
	} else if !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	next, a, approval, p, err := r.Repair(was, mended, c.Text, t.deadlines, t.stepBy())
	if err != nil {
		return err
	}
	if err := t.saveAppeal(ctx, was.State, a); err != nil {
		return err
	}
	return t.addEdition(ctx, r.State, next, approval, p)
}

// addEdition stores a further edition with what it stands on: the decision, and the
// result as it leaves it.
func (t *tx) addEdition(ctx context.Context, was inspect.ResultState, r inspect.Result, a inspect.Approval, p inspect.Publication) error {
	if err := t.addApproval(ctx, a); err != nil {
		return err
	}
	if err := t.saveResult(ctx, was, r); err != nil {
		return err
	}
	return t.addPublication(ctx, p)
}

// noneUpheld fails while an objection to a result was found right and the result is not
// corrected: once its publication has ended, nobody could.
func (t *tx) noneUpheld(ctx context.Context, id inspect.ResultID) error {
	a, err := t.AppealTaken(ctx, id, inspect.AppealObjection)
	switch {
	case errors.Is(err, inspect.ErrMissing):
		return nil
	case err == nil && a.State == inspect.AppealUpheld:
		return inspect.ErrAppealUpheld
	}
	return err
}

// correctAppeal ends the objection that a signed correction answers: R102.
func (t *tx) correctAppeal(ctx context.Context, c inspect.Correction) error {
	was, err := t.AppealTaken(ctx, c.Result, inspect.AppealObjection)
	if errors.Is(err, inspect.ErrMissing) || err == nil && was.State != inspect.AppealUpheld {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := was.Correct(c, t.stepBy())
	if err != nil {
		return err
	}
	return t.saveAppeal(ctx, was.State, a)
}

// ExpireResult ends the publication of a result whose term is over: C19. The platform
// does it.
type ExpireResult struct {
	Result inspect.ResultID `json:"result"`
}

// Verb is what the act is called.
func (ExpireResult) Verb() inspect.Verb { return inspect.ResultExpire }

func (c ExpireResult) do(ctx context.Context, t *tx) error {
	r, err := t.Result(ctx, c.Result)
	if err != nil {
		return err
	}
	next, a, p, err := r.Expire(t.deadlines, t.stepBy())
	if err == nil {
		err = t.noneUpheld(ctx, r.ID)
	}
	if err != nil {
		return err
	}
	return t.addEdition(ctx, r.State, next, a, p)
}
