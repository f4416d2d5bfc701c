package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// splitVisit makes the results of a visit that has just been signed, anew if it was
// signed before: R93. Each department has its own from then on.
func (t *tx) splitVisit(ctx context.Context, v inspect.Visit) error {
	teams, err := t.Teams(ctx, store.TeamFilter{ID: v.Team})
	if err != nil {
		return err
	}
	if len(teams) != 1 {
		return inspect.ErrMissing
	}
	tasks, err := t.tasks(ctx, teams[0].Tasks)
	if err != nil {
		return err
	}
	facts, err := t.Facts(ctx, v.Region)
	if err != nil {
		return err
	}
	files, err := t.filesOf(ctx, teams)
	if err != nil {
		return err
	}
	accounts := map[inspect.InspectorNo]inspect.PersonID{}
	for no, f := range files {
		accounts[no] = f.Person
	}
	results, err := v.Results(facts.Orgs, tasks, accounts)
	if err != nil {
		return err
	}
	for _, r := range results {
		was, err := t.Result(ctx, r.ID) // there is one if the visit was signed before
		if err != nil && !errors.Is(err, inspect.ErrMissing) {
			return err
		}
		r.Version = was.Version
		if err := t.saveResult(ctx, was.State, r); err != nil {
			return err
		}
	}
	return nil
}

// result is a result that the actor may see, if he may do the act to it.
func (t *tx) result(ctx context.Context, id inspect.ResultID) (inspect.Result, error) {
	r, err := t.Result(ctx, id)
	if err != nil {
		return r, err
	}
	has := r.Relations(t.by.Org)
	if t.by.MayTo(inspect.ResultRead, has...) != nil {
		return r, inspect.ErrMissing
	}
	return r, t.by.MayTo(t.verb, has...)
}

func (t *tx) saveResult(ctx context.Context, was inspect.ResultState, r inspect.Result) error {
	if err := t.PutResult(ctx, was, r); err != nil {
		return err
	}
	r.Version++
	t.saved("result", string(r.ID), r.Version, r)
	return nil
}

// changeResult loads a result as it was seen, decides and saves.
func (t *tx) changeResult(ctx context.Context, id inspect.ResultID, seen int64, decide func(inspect.Result) (inspect.Result, error)) (inspect.Result, error) {
	was, err := t.result(ctx, id)
	if err == nil && was.Version != seen {
		err = inspect.ErrStale
	}
	if err == nil && was.Revisit {
		err = t.revisited(ctx, was)
	}
	if err != nil {
		return was, err
	}
	r, err := decide(was)
	if err != nil {
		return was, err
	}
	return r, t.saveResult(ctx, was.State, r)
}

// revisited fails if the team has opened the visit of a result again.
func (t *tx) revisited(ctx context.Context, r inspect.Result) error {
	v, err := t.Visit(ctx, r.Visit)
	if err == nil && !v.Done() {
		err = inspect.ErrResultReopened
	}
	return err
}

// PutResult enters what follows from a result: R93, R99, R103. What was found is the
// visit's, and is not changed here.
type PutResult struct {
	Result    inspect.ResultID `json:"result"`
	Seen      int64            `json:"seen"`
	Follow    []string         `json:"follow" label:"后续处理" hint:"可以选择多项"`
	FollowDue workday.Date     `json:"follow_due" label:"后续处理期限" hint:"没有期限的可以不填"`
	Dishonest string           `json:"dishonest" label:"失信记录" hint:"适用一般程序的行政处罚、法定抽查检查未通过的，应当作为失信记录共享"`
	Remark    string           `json:"remark" label:"备注" hint:"供本单位和参与部门查看，不公示"`
}

// Verb is what the act is called.
func (PutResult) Verb() inspect.Verb { return inspect.ResultPut }

func (c PutResult) do(ctx context.Context, t *tx) error {
	_, err := t.changeResult(ctx, c.Result, c.Seen, func(r inspect.Result) (inspect.Result, error) {
		return r.Put(inspect.ResultEntry{Follow: c.Follow, FollowDue: c.FollowDue, Dishonest: c.Dishonest, Remark: c.Remark}, t.by.Person, t.now)
	})
	return err
}

// SubmitResult hands a result to the department's own leader: R91.
type SubmitResult struct {
	Result inspect.ResultID `json:"result"`
	Seen   int64            `json:"seen"`
}

// Verb is what the act is called.
func (SubmitResult) Verb() inspect.Verb { return inspect.ResultSubmit }

func (c SubmitResult) do(ctx context.Context, t *tx) error {
	_, err := t.changeResult(ctx, c.Result, c.Seen, func(r inspect.Result) (inspect.Result, error) { return r.Submit(t.by.Person, t.now) })
	return err
}

// ReturnResult hands a result back with an opinion, to the clerk or, if the visit itself
// is wrong, to the team: R91.
type ReturnResult struct {
	Result  inspect.ResultID `json:"result"`
	Seen    int64            `json:"seen"`
	Opinion string           `json:"opinion" label:"意见"`
	Revisit bool             `json:"revisit" label:"检查本身有误，须由检查小组补充检查" hint:"检查小组组长退回补充检查后，各部门的检查结果一并退回，全体重新签字"`
}

// Verb is what the act is called.
func (ReturnResult) Verb() inspect.Verb { return inspect.ResultReturn }

func (c ReturnResult) do(ctx context.Context, t *tx) error {
	_, err := t.changeResult(ctx, c.Result, c.Seen, func(r inspect.Result) (inspect.Result, error) {
		if c.Revisit {
			return r.ReturnVisit(c.Opinion)
		}
		return r.Return(c.Opinion)
	})
	return err
}

// ApproveResult is the decision of the department's leader, on exactly the text that
// will be published: R91, INV-12.
type ApproveResult struct {
	Result  inspect.ResultID `json:"result"`
	Seen    int64            `json:"seen"`
	Opinion string           `json:"opinion" label:"意见"`
}

// Verb is what the act is called.
func (ApproveResult) Verb() inspect.Verb { return inspect.ResultApprove }

func (c ApproveResult) do(ctx context.Context, t *tx) error {
	r, err := t.changeResult(ctx, c.Result, c.Seen, func(r inspect.Result) (inspect.Result, error) {
		return r.Approve(t.by.Person, c.Opinion, t.now)
	})
	if err != nil {
		return err
	}
	return t.addApproval(ctx, r.Approval(inspect.Leader))
}

func (t *tx) addApproval(ctx context.Context, a inspect.Approval) error {
	if err := t.AddApproval(ctx, a); err != nil {
		return err
	}
	a.Version++
	t.saved("approval", a.ID, a.Version, a)
	return nil
}
