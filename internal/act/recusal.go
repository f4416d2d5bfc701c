package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// ReceiveRecusal takes in an application for recusal that came by the public form, from
// who has the code of the visit: the platform does it, for the sender needs no account.
// The words and the code that was typed are no part of the record.
type ReceiveRecusal struct {
	ID     inspect.SubstID      `json:"id"`
	Team   inspect.TeamID       `json:"team"`
	Out    inspect.InspectorNo  `json:"out"`
	Cause  string               `json:"cause"`
	Digest string               `json:"digest"` // of the words as they were sent
	Typed  string               `json:"-"`
	Words  inspect.FeedbackText `json:"-"`
}

// Verb is what the act is called.
func (ReceiveRecusal) Verb() inspect.Verb { return inspect.SubstReceive }

// RecusalForm is the act that takes in a public form with a random number, and its
// request: a form that is sent twice is one.
func RecusalForm(form string, team inspect.TeamID, typed string, out inspect.InspectorNo, cause string, words inspect.FeedbackText) (request string, c ReceiveRecusal) {
	words.Salt = inspect.OwnID(form, "salt")
	return inspect.OwnID(form, "request"), ReceiveRecusal{
		ID: inspect.SubstID(inspect.OwnID(form, "recusal")), Team: team, Out: out, Cause: cause, Digest: words.Digest(), Typed: typed, Words: words,
	}
}

func (c ReceiveRecusal) do(ctx context.Context, t *tx) error {
	v, b, x, err := t.takesRecusal(ctx, c.Team)
	if err != nil {
		return err
	}
	if _, err := t.Subst(ctx, c.ID); !errors.Is(err, inspect.ErrMissing) {
		return orTaken(err, inspect.ErrTaken)
	}
	open, err := t.OpenSubsts(ctx, x.ID)
	if err != nil {
		return err
	}
	today, err := t.RecusalsSince(ctx, v.Region, t.now.AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	s := inspect.Subst{ID: c.ID, SubstBody: inspect.SubstBody{Out: c.Out, Cause: c.Cause}}
	s, words, err := inspect.ReceiveRecusal(s, c.Words, c.Typed, x, v, open, today, t.stepBy())
	if err != nil {
		return err
	}
	if err := t.AddFeedbackText(ctx, inspect.FeedbackID(s.ID), words); err != nil {
		return err
	}
	return t.saveSubst(ctx, b, "", s.Timed(t.deadlines, workday.Official()))
}

// takesRecusal is the visit of a team about which applications are taken in now.
func (t *tx) takesRecusal(ctx context.Context, team inspect.TeamID) (v inspect.Visit, b inspect.Batch, x inspect.Team, err error) {
	if v, err = t.Visit(ctx, inspect.VisitIDOf(team)); err == nil {
		b, err = t.Batch(ctx, v.Batch)
	}
	if err == nil && !b.Hidden() { // INV-05: what is sealed is not opened for the public
		var found []inspect.Team
		if found, err = t.teams(ctx, store.TeamFilter{ID: team}); err == nil && len(found) > 0 {
			x = found[0]
		}
	}
	if errors.Is(err, inspect.ErrMissing) || err == nil && (v.Region != t.by.Org.Region || !v.TakesRecusal(x, b)) {
		err = inspect.ErrRecusalVisit.At("visit")
	}
	return v, b, x, err
}

// EraseRecusal removes the words that came by the public form, and keeps what was done.
type EraseRecusal struct {
	ID   inspect.SubstID `json:"id"`
	Seen int64           `json:"seen"`
	Text string          `json:"text" label:"删除理由" hint:"例如 申请人要求删除"`
}

// Verb is what the act is called.
func (EraseRecusal) Verb() inspect.Verb { return inspect.SubstErase }

func (c EraseRecusal) do(ctx context.Context, t *tx) error {
	return t.changeSubst(ctx, c.ID, c.Seen, func(_ inspect.TeamScene, _ inspect.Team, s inspect.Subst) (inspect.Subst, error) {
		s, err := s.Erase(c.Text, t.stepBy())
		if err != nil {
			return s, err
		}
		return s, t.EraseFeedbackText(ctx, inspect.FeedbackID(s.ID))
	})
}
