package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
)

// ReceiveFeedback takes in what somebody sent by the public form: the platform does it,
// for the sender needs no account. The words are no part of the record.
type ReceiveFeedback struct {
	ID     inspect.FeedbackID   `json:"id"`
	Kind   string               `json:"kind"`
	About  string               `json:"about"`
	Ref    string               `json:"ref"`
	Lookup string               `json:"lookup"` // digest of the code for the answer
	Digest string               `json:"digest"` // of the words as they were sent
	Words  inspect.FeedbackText `json:"-"`
}

// Verb is what the act is called.
func (ReceiveFeedback) Verb() inspect.Verb { return inspect.FeedbackReceive }

// FeedbackForm is the act that takes in a public form with a random number, and its
// request: a form that is sent twice is one.
func FeedbackForm(form string, f inspect.Feedback, words inspect.FeedbackText) (request string, c ReceiveFeedback) {
	words.Salt = inspect.OwnID(form, "salt")
	return inspect.OwnID(form, "request"), ReceiveFeedback{
		ID: inspect.FeedbackID(inspect.OwnID(form, "feedback")), Kind: f.Kind, About: f.About, Ref: f.Ref,
		Lookup: inspect.FeedbackLookup(inspect.FeedbackCode(form)), Digest: words.Digest(), Words: words,
	}
}

func (c ReceiveFeedback) do(ctx context.Context, t *tx) error {
	if _, err := t.Feedback(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	office, err := t.ConferenceOffice(ctx, t.by.Org.Region)
	if err != nil {
		return err
	}
	today, err := t.FeedbackSince(ctx, t.by.Org.Region, t.now.AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	f := inspect.Feedback{ID: c.ID, Region: t.by.Org.Region, Kind: c.Kind, About: c.About, Ref: c.Ref, Lookup: c.Lookup}
	f, words, err := inspect.ReceiveFeedback(f, c.Words, office, today, t.now)
	if err != nil {
		return err
	}
	if err := t.AddFeedbackText(ctx, f.ID, words); err != nil {
		return err
	}
	return t.saveFeedback(ctx, "", f)
}

func (t *tx) saveFeedback(ctx context.Context, was inspect.FeedbackState, f inspect.Feedback) error {
	if err := t.PutFeedback(ctx, was, f); err != nil {
		return err
	}
	f.Version++
	t.saved("feedback", string(f.ID), f.Version, f)
	return nil
}

// changeFeedback loads feedback as it was seen, decides and saves.
func (t *tx) changeFeedback(ctx context.Context, id inspect.FeedbackID, seen int64, decide func(inspect.Feedback) (inspect.Feedback, error)) error {
	was, err := t.Feedback(ctx, id)
	has := was.Relations(t.by.Org)
	if err := asSeen(err, t.by.MayTo(inspect.FeedbackRead, has...) == nil, was.Version, seen); err != nil {
		return err
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return err
	}
	f, err := decide(was)
	if err != nil {
		return err
	}
	return t.saveFeedback(ctx, was.State, f)
}

// PassFeedback hands feedback to the department that it concerns.
type PassFeedback struct {
	ID   inspect.FeedbackID `json:"id"`
	Seen int64              `json:"seen"`
	Org  inspect.OrgID      `json:"org" label:"承办部门"`
	Note string             `json:"note" label:"转办要求"`
}

// Verb is what the act is called.
func (PassFeedback) Verb() inspect.Verb { return inspect.FeedbackPass }

func (c PassFeedback) do(ctx context.Context, t *tx) error {
	return t.changeFeedback(ctx, c.ID, c.Seen, func(f inspect.Feedback) (inspect.Feedback, error) {
		to, err := t.Org(ctx, c.Org)
		if errors.Is(err, inspect.ErrMissing) {
			return f, inspect.ErrFeedbackOrg.At("org")
		}
		if err != nil {
			return f, err
		}
		return f.Pass(to, c.Note, t.by.Person, t.now)
	})
}

// AnswerFeedback is the department's answer, which whoever has the code reads.
type AnswerFeedback struct {
	ID     inspect.FeedbackID `json:"id"`
	Seen   int64              `json:"seen"`
	Answer string             `json:"answer" label:"答复" hint:"凭查询码可以看到，不要写个人信息"`
}

// Verb is what the act is called.
func (AnswerFeedback) Verb() inspect.Verb { return inspect.FeedbackAnswer }

func (c AnswerFeedback) do(ctx context.Context, t *tx) error {
	return t.changeFeedback(ctx, c.ID, c.Seen, func(f inspect.Feedback) (inspect.Feedback, error) {
		return f.Reply(c.Answer, t.by.Person, t.now)
	})
}

// EraseFeedback removes the sender's words and keeps what was done.
type EraseFeedback struct {
	ID     inspect.FeedbackID `json:"id"`
	Seen   int64              `json:"seen"`
	Reason string             `json:"reason" label:"删除理由" hint:"例如 来信人要求删除"`
}

// Verb is what the act is called.
func (EraseFeedback) Verb() inspect.Verb { return inspect.FeedbackErase }

func (c EraseFeedback) do(ctx context.Context, t *tx) error {
	return t.changeFeedback(ctx, c.ID, c.Seen, func(f inspect.Feedback) (inspect.Feedback, error) {
		f, err := f.Erase(c.Reason, t.by.Person, t.now)
		if err != nil {
			return f, err
		}
		return f, t.EraseFeedbackText(ctx, f.ID)
	})
}
