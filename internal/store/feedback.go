package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

const feedbackCols = `id, version, region, org, kind, about, ref, state, digest, lookup, at, passed_by, passed_at, note, answer, answered_by, answered_at, erased_by, erased_at, reason`

func scanFeedback(s scanner) (f inspect.Feedback, err error) {
	return f, s.Scan(&f.ID, &f.Version, &f.Region, &f.Org, &f.Kind, &f.About, &f.Ref, &f.State, &f.Digest, &f.Lookup, instantCol{&f.At},
		&f.PassedBy, instantCol{&f.PassedAt}, &f.Note, &f.Answer, &f.AnsweredBy, instantCol{&f.AnsweredAt}, &f.ErasedBy, instantCol{&f.ErasedAt}, &f.Reason)
}

// A FeedbackFilter chooses feedback. Its zero value is all that the scope sees.
type FeedbackFilter struct {
	ID    inspect.FeedbackID
	State inspect.FeedbackState
	Most  int
}

// Feedbacks returns feedback within scope, what waits longest first and what is done
// last: the office and oversight see all of their region, a department what it answers.
func (db *DB) Feedbacks(ctx context.Context, scope inspect.Scope, f FeedbackFilter) ([]inspect.Feedback, error) {
	org := scope.Org
	switch scope.Reach {
	case inspect.ReachPublic:
		return nil, nil
	case inspect.ReachOffice, inspect.ReachOversight:
		org = ""
	}
	return list(ctx, db.db, scanFeedback, `
		SELECT `+feedbackCols+`
		FROM   feedback
		WHERE  region = $1 AND ($2 = '' OR org = $2) AND ($3 = '' OR id = $3) AND ($4 = '' OR state = $4)
		ORDER  BY CASE WHEN state = 'answered' OR erased_at <> '' THEN 1 ELSE 0 END, at, id
		LIMIT  $5`, scope.Region, string(org), string(f.ID), string(f.State), f.Most)
}

// FeedbackByCode returns what the holder of a code may know: not the words.
func (db *DB) FeedbackByCode(ctx context.Context, _ inspect.Scope, code string) (inspect.Feedback, error) {
	return row(ctx, db.db, scanFeedback, `SELECT `+feedbackCols+` FROM feedback WHERE lookup = $1`, inspect.FeedbackLookup(code))
}

// FeedbackText returns the sender's words, for readers who may see the feedback. There
// are none once they were erased.
func (db *DB) FeedbackText(ctx context.Context, scope inspect.Scope, id inspect.FeedbackID) (inspect.FeedbackText, error) {
	if all, err := db.Feedbacks(ctx, scope, FeedbackFilter{ID: id, Most: 1}); err != nil || len(all) == 0 {
		return inspect.FeedbackText{}, err
	}
	text, err := row(ctx, db.db, scanFeedbackText, `SELECT salt, text, name, contact FROM feedback_text WHERE id = $1`, string(id))
	if errors.Is(err, inspect.ErrMissing) {
		err = nil
	}
	return text, err
}

func scanFeedbackText(s scanner) (t inspect.FeedbackText, err error) {
	return t, s.Scan(&t.Salt, &t.Text, &t.Name, &t.Contact)
}

// Feedback returns one piece of feedback.
func (t *Tx) Feedback(ctx context.Context, id inspect.FeedbackID) (inspect.Feedback, error) {
	return row(ctx, t.tx, scanFeedback, `SELECT `+feedbackCols+` FROM feedback WHERE id = $1`, string(id))
}

// FeedbackSince counts what a region received since an instant.
func (t *Tx) FeedbackSince(ctx context.Context, region string, since time.Time) (int64, error) {
	return row(ctx, t.tx, scanCount, `SELECT count(*) FROM feedback WHERE region = $1 AND at > $2`, region, instant(since))
}

// ConferenceOffice is the office of the joint conference of a region.
func (t *Tx) ConferenceOffice(ctx context.Context, region string) (id inspect.OrgID, err error) {
	return row(ctx, t.tx, func(s scanner) (id inspect.OrgID, err error) { return id, s.Scan(&id) }, `
		SELECT id FROM org WHERE region = $1 AND kind = 'office' ORDER BY id LIMIT 1`, region)
}

// PutFeedback stores feedback, new if it has no version. Was is the state before.
func (t *Tx) PutFeedback(ctx context.Context, was inspect.FeedbackState, f inspect.Feedback) error {
	return t.write(ctx, "feedback", string(f.ID), f.Version, []column{
		{"region", f.Region}, {"org", f.Org}, {"kind", f.Kind}, {"about", f.About}, {"ref", f.Ref}, {"state", f.State}, {"digest", f.Digest},
		{"lookup", f.Lookup}, {"at", instant(f.At)}, {"passed_by", f.PassedBy}, {"passed_at", instant(f.PassedAt)}, {"note", f.Note}, {"answer", f.Answer},
		{"answered_by", f.AnsweredBy}, {"answered_at", instant(f.AnsweredAt)}, {"erased_by", f.ErasedBy}, {"erased_at", instant(f.ErasedAt)}, {"reason", f.Reason},
	}, string(was), string(f.State))
}

// AddFeedbackText keeps the sender's words beside the record.
func (t *Tx) AddFeedbackText(ctx context.Context, id inspect.FeedbackID, w inspect.FeedbackText) error {
	_, err := exec(ctx, t.tx, `INSERT INTO feedback_text (id, salt, text, name, contact) VALUES ($1, $2, $3, $4, $5)`, string(id), w.Salt, w.Text, w.Name, w.Contact)
	return err
}

// EraseFeedbackText removes them.
func (t *Tx) EraseFeedbackText(ctx context.Context, id inspect.FeedbackID) error {
	_, err := exec(ctx, t.tx, `DELETE FROM feedback_text WHERE id = $1`, string(id))
	return err
}

// verifyFeedback compares the words beside the record, of feedback, of appeals, of what
// was added to these and of applications for recusal, with their digests in it: each that
// was not erased is there as it came, and none that was erased.
func verifyFeedback(ctx context.Context, q queryer) error {
	type kept struct {
		id, digest, erased string
		there              bool
		words              inspect.FeedbackText
	}
	all, err := list(ctx, q, func(s scanner) (k kept, err error) {
		return k, s.Scan(&k.id, &k.digest, &k.erased, &k.there, &k.words.Salt, &k.words.Text, &k.words.Name, &k.words.Contact)
	}, `
		SELECT f.id, f.digest, f.erased_at, w.id IS NOT NULL, coalesce(w.salt, ''), coalesce(w.text, ''), coalesce(w.name, ''), coalesce(w.contact, '')
		FROM   (SELECT id, digest, erased_at FROM feedback UNION ALL SELECT id, digest, erased_at FROM appeal WHERE digest <> ''
			UNION ALL SELECT d.id, d.digest, a.erased_at FROM appeal_added d JOIN appeal a ON a.id = d.appeal WHERE d.digest <> ''
			UNION ALL SELECT id, digest, erased_at FROM subst WHERE digest <> '') f
		LEFT   JOIN feedback_text w ON w.id = f.id
		ORDER  BY f.id`)
	if err != nil {
		return fmt.Errorf("read the words of feedback: %w", err)
	}
	for _, k := range all {
		switch {
		case k.there == (k.erased != ""):
			return Fault{"feedback_text", k.id, "it is there though it was erased, or gone though it was not"}
		case k.there && k.words.Digest() != k.digest:
			return Fault{"feedback_text", k.id, "it is not what was sent"}
		}
	}
	stray, err := list(ctx, q, func(s scanner) (id string, err error) { return id, s.Scan(&id) }, `
		SELECT id FROM feedback_text WHERE id NOT IN (SELECT id FROM feedback UNION ALL SELECT id FROM appeal UNION ALL SELECT id FROM appeal_added UNION ALL SELECT id FROM subst WHERE digest <> '') ORDER BY id`)
	if err == nil && len(stray) > 0 {
		err = Fault{"feedback_text", stray[0], "the record knows nothing of it"}
	}
	return err
}
