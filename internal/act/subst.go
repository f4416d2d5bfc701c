package act

import (
	"context"
	"errors"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// AskSubst asks that the object of a team, or one of its members, be replaced by the
// next in order: R68. The object's is asked for by the department that leads the team,
// an inspector's by that department or the inspector's own; an enterprise's
// application for recusal is recorded so.
type AskSubst struct {
	ID        inspect.SubstID     `json:"id"` // made by the asker
	Batch     inspect.BatchID     `json:"batch"`
	Team      inspect.TeamID      `json:"team" label:"检查小组"`
	Kind      inspect.SubstKind   `json:"kind" label:"替换内容"`
	Out       inspect.InspectorNo `json:"out" label:"被替换的检查人员"`
	Ground    string              `json:"ground" label:"事由"`
	Text      string              `json:"text" label:"说明"`
	Evidence  string              `json:"evidence" label:"证明材料摘要" hint:"材料文件的摘要，64 位十六进制"`
	Cause     string              `json:"cause" label:"回避事由"`
	Channel   string              `json:"channel" label:"申请方式"`
	Applicant string              `json:"applicant" label:"申请人" hint:"提出回避申请的检查对象或者个人"`
	Applied   workday.Date        `json:"applied" label:"申请日期"`
}

// Verb is what the act is called.
func (AskSubst) Verb() inspect.Verb { return inspect.SubstAsk }

func (c AskSubst) do(ctx context.Context, t *tx) error {
	g, x, err := t.teamOf(ctx, c.Batch, c.Team)
	if err != nil {
		return err
	}
	if _, err := t.Subst(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	open, err := t.OpenSubsts(ctx, x.ID)
	if err != nil || slices.ContainsFunc(open, func(o inspect.Subst) bool { return o.Digest == "" }) {
		return orTaken(err, inspect.ErrSubstOpen.With(x.No))
	}
	if m, _ := x.Member(c.Out); t.by.Org.ID != x.Org && (c.Kind == inspect.SubstObject || m.Org != t.by.Org.ID) {
		return inspect.ErrSubstMember
	}
	s := inspect.Subst{
		ID: c.ID, Region: g.Batch.Region, Org: t.by.Org.ID, Kind: c.Kind, SubstBody: inspect.SubstBody{
			Out: c.Out, Ground: c.Ground, Text: c.Text, Evidence: c.Evidence, Cause: c.Cause, Channel: c.Channel, Applicant: c.Applicant, Applied: c.Applied,
		},
	}
	if s, err = inspect.AskSubst(s, x, t.by.Person, t.now); err != nil {
		return err
	}
	return t.saveSubst(ctx, g.Batch, "", s.Timed(t.deadlines, workday.Official()))
}

// teamOf is a team with what it is seen in, if the actor may see it and do the act.
func (t *tx) teamOf(ctx context.Context, batch inspect.BatchID, id inspect.TeamID) (inspect.TeamScene, inspect.Team, error) {
	s, err := t.opened(ctx, batch)
	if err != nil {
		return s, inspect.Team{}, err
	}
	all, err := t.teams(ctx, store.TeamFilter{ID: id, Batch: batch})
	if err != nil {
		return s, inspect.Team{}, err
	}
	if all = s.Sees(t.by, all); len(all) == 0 {
		return s, inspect.Team{}, inspect.ErrMissing
	}
	return s, all[0], t.by.MayTo(t.verb, s.Relations(t.by.Org, all[0])...)
}

// saveSubst stores the substitution that the entry is about.
func (t *tx) saveSubst(ctx context.Context, b inspect.Batch, was inspect.SubstState, s inspect.Subst) error {
	stored, err := t.putSubst(ctx, b, was, s)
	if err == nil {
		t.after = slices.Insert(t.after, 0, stored)
	}
	return err
}

func (t *tx) putSubst(ctx context.Context, b inspect.Batch, was inspect.SubstState, s inspect.Subst) (image, error) {
	s, err := t.concerned(ctx, s)
	if err != nil {
		return image{}, err
	}
	if s, err = t.shutSubst(ctx, b.Hidden(), s); err != nil {
		return image{}, err
	}
	if err := t.PutSubst(ctx, was, s); err != nil {
		return image{}, err
	}
	s.Version++
	return image{"subst", string(s.ID), s.Version, s}, nil
}

// concerned notes the account of the inspector who is to go, as it is now: INV-09.
func (t *tx) concerned(ctx context.Context, s inspect.Subst) (inspect.Subst, error) {
	if s.Out == 0 || s.State != inspect.SubstAsked {
		return s, nil // no inspector goes, or it is decided on
	}
	person, err := t.Inspector(ctx, s.Out)
	if errors.Is(err, inspect.ErrMissing) {
		return s, nil
	}
	s.Concerned = person.Person
	return s, err
}

// changeSubst loads a substitution as it was seen, decides and saves.
func (t *tx) changeSubst(ctx context.Context, id inspect.SubstID, seen int64, decide func(inspect.TeamScene, inspect.Team, inspect.Subst) (inspect.Subst, error)) error {
	was, err := t.Subst(ctx, id)
	if err != nil {
		return err
	}
	scene, x, err := t.teamOf(ctx, was.Batch, was.Team)
	switch {
	case err != nil:
		return err
	case was.Version != seen:
		return inspect.ErrStale
	}
	if was, err = t.openSubst(ctx, was); err != nil {
		return err
	}
	if was, err = t.concerned(ctx, was); err != nil {
		return err
	}
	s, err := decide(scene, x, was)
	if err != nil {
		return err
	}
	return t.saveSubst(ctx, scene.Batch, was.State, s)
}

// A SubstDecision is the answer of the leader of the department that leads the team.
type SubstDecision struct {
	ID      inspect.SubstID `json:"id"`
	Seen    int64           `json:"seen"`
	Opinion string          `json:"opinion" label:"意见" hint:"回避申请的，申请人凭受理编号可以看到"`
}

// GrantSubst carries the substitution out: the next in order comes in. R68.
type GrantSubst struct{ SubstDecision }

// RefuseSubst leaves everything as it was drawn.
type RefuseSubst struct{ SubstDecision }

// Verb is what the act is called.
func (GrantSubst) Verb() inspect.Verb { return inspect.SubstGrant }

// Verb is what the act is called.
func (RefuseSubst) Verb() inspect.Verb { return inspect.SubstRefuse }

func (c GrantSubst) do(ctx context.Context, t *tx) error {
	return t.changeSubst(ctx, c.ID, c.Seen, func(scene inspect.TeamScene, x inspect.Team, s inspect.Subst) (inspect.Subst, error) {
		s, err := s.Decide(t.verb, t.by.Person, c.Opinion, t.now)
		if err != nil {
			return s, err
		}
		if err := t.unvisited(ctx, s.Kind, x); err != nil {
			return s, err
		}
		if err := t.settle(ctx, scene.Batch, s); err != nil {
			return s, err
		}
		b, err := t.bench(ctx, scene, s.ID)
		if err != nil {
			return s, err
		}
		if s.Kind == inspect.SubstObject {
			return b.replaceObject(ctx, s, x)
		}
		return b.replaceInspector(ctx, s, x)
	})
}

func (c RefuseSubst) do(ctx context.Context, t *tx) error {
	return t.changeSubst(ctx, c.ID, c.Seen, func(_ inspect.TeamScene, _ inspect.Team, s inspect.Subst) (inspect.Subst, error) {
		return s.Decide(t.verb, t.by.Person, c.Opinion, t.now)
	})
}

// settle ends what else waits about the team and is answered by a substitution.
func (t *tx) settle(ctx context.Context, b inspect.Batch, by inspect.Subst) error {
	open, err := t.OpenSubsts(ctx, by.Team)
	if err != nil {
		return err
	}
	for _, s := range open {
		if s, err = t.openSubst(ctx, s); err != nil {
			return err
		}
		if !s.SettledBy(by) {
			continue
		}
		if s, err = s.Settled(by); err != nil {
			return err
		}
		stored, err := t.putSubst(ctx, b, inspect.SubstAsked, s)
		if err != nil {
			return err
		}
		t.later = append(t.later, stored)
	}
	return nil
}

// WithdrawSubst takes a question back before it is decided on; an application for recusal
// on the word of who made it.
type WithdrawSubst struct {
	ID   inspect.SubstID `json:"id"`
	Seen int64           `json:"seen"`
	Text string          `json:"text" label:"撤回情况" hint:"谁、以什么方式提出撤回，申请人凭受理编号可以看到"`
}

// Verb is what the act is called.
func (WithdrawSubst) Verb() inspect.Verb { return inspect.SubstWithdraw }

func (c WithdrawSubst) do(ctx context.Context, t *tx) error {
	return t.changeSubst(ctx, c.ID, c.Seen, func(_ inspect.TeamScene, _ inspect.Team, s inspect.Subst) (inspect.Subst, error) {
		if s.Org != t.by.Org.ID {
			return s, inspect.ErrDenied.With(t.verb.Text())
		}
		return s.Withdraw(c.Text)
	})
}
