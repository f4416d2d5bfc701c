package act

import (
	"context"

	"suicha/internal/inspect"
)

// AddAppeal takes in what the sender of an appeal adds by the public form: the platform
// does it. The password and the words are no part of the record.
type AddAppeal struct {
	Appeal inspect.AppealID     `json:"appeal"`
	ID     string               `json:"id"`
	Digest string               `json:"digest"` // of the words as they were sent
	Files  []inspect.AppealFile `json:"files,omitempty"`
	Typed  string               `json:"-"`
	Words  inspect.FeedbackText `json:"-"`
}

// RetractAppeal ends an appeal on the word of its sender, who has the password.
type RetractAppeal struct {
	Appeal inspect.AppealID `json:"appeal"`
	Typed  string           `json:"-"`
}

// Verb is what the act is called.
func (AddAppeal) Verb() inspect.Verb { return inspect.AppealAdd }

// Verb is what the act is called.
func (RetractAppeal) Verb() inspect.Verb { return inspect.AppealRetract }

// AddForm is the act that takes in what was added by a public form, and its request: a
// form that is sent twice is one.
func AddForm(s inspect.AppealSent) (request string, c AddAppeal) {
	s.Words.Salt = inspect.OwnID(s.Form, "salt")
	return inspect.OwnID(s.Form, "request"), AddAppeal{
		Appeal: s.Appeal, ID: inspect.OwnID(s.Form, "added"), Digest: s.Words.Digest(), Files: s.Files, Typed: s.Secret, Words: s.Words,
	}
}

// RetractForm is the act that withdraws an appeal by a public form, and its request.
func RetractForm(s inspect.AppealSent) (request string, c RetractAppeal) {
	return inspect.OwnID(s.Form, "request"), RetractAppeal{Appeal: s.Appeal, Typed: s.Secret}
}

func (c AddAppeal) do(ctx context.Context, t *tx) error {
	was, err := t.Appeal(ctx, c.Appeal)
	if err != nil {
		return err
	}
	before, err := t.AppealAdded(ctx, was.ID)
	if err != nil {
		return err
	}
	a, x, words, err := was.Add(inspect.AppealAdded{ID: c.ID, Files: c.Files}, len(before), c.Words, c.Typed, t.stepBy())
	if err != nil {
		return err
	}
	if err := t.AddFeedbackText(ctx, inspect.FeedbackID(x.ID), words); err != nil {
		return err
	}
	if err := t.saveAppeal(ctx, was.State, a); err != nil {
		return err
	}
	return t.addAppealed(ctx, x)
}

// addAppealed stores what was added, if the platform holds its files as they are said to
// be.
func (t *tx) addAppealed(ctx context.Context, x inspect.AppealAdded) error {
	for _, f := range x.Files {
		held, ok, err := t.blob(ctx, f.SHA256)
		if err != nil {
			return err
		}
		if !ok || held.Size != f.Size || held.Type != f.Type {
			return inspect.ErrUploadEmpty
		}
	}
	if err := t.AddAppealAdded(ctx, x); err != nil {
		return err
	}
	x.Version++
	t.saved("appeal_added", x.ID, x.Version, x)
	return nil
}

func (c RetractAppeal) do(ctx context.Context, t *tx) error {
	was, err := t.Appeal(ctx, c.Appeal)
	if err != nil {
		return err
	}
	a, err := was.Retract(c.Typed, t.stepBy())
	if err != nil {
		return err
	}
	return t.saveAppeal(ctx, was.State, a)
}
