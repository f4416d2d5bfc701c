package inspect

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// FeedbackID names one piece of feedback.
type FeedbackID string

// A FeedbackState is how far feedback has come.
type FeedbackState string

// The states of feedback. Erased feedback keeps the state that it had.
const (
	FeedbackReceived FeedbackState = "received"
	FeedbackPassed   FeedbackState = "passed"
	FeedbackAnswered FeedbackState = "answered"
)

// FeedbackStates lists the states in the order of filters.
var FeedbackStates = []Choice{{string(FeedbackReceived), "待转办"}, {string(FeedbackPassed), "办理中"}, {string(FeedbackAnswered), "已答复"}}

// Text is the state as users read it.
func (s FeedbackState) Text() string { return ChoiceText(FeedbackStates, string(s)) }

// feedbackLife is every move of feedback.
var feedbackLife = Life[FeedbackState]{
	{FeedbackPass, FeedbackReceived, FeedbackPassed},
	{FeedbackPass, FeedbackPassed, FeedbackPassed}, // to another department
	{FeedbackAnswer, FeedbackReceived, FeedbackAnswered},
	{FeedbackAnswer, FeedbackPassed, FeedbackAnswered},
	{FeedbackErase, FeedbackReceived, FeedbackReceived},
	{FeedbackErase, FeedbackPassed, FeedbackPassed},
	{FeedbackErase, FeedbackAnswered, FeedbackAnswered},
}

// FeedbackLife returns the moves of feedback.
func FeedbackLife() Life[FeedbackState] { return feedbackLife }

// FeedbackKinds are what feedback is, FeedbackAbouts what it is about.
var (
	FeedbackKinds  = []Choice{{"opinion", "意见建议"}, {"complaint", "投诉"}, {"praise", "表扬"}}
	FeedbackAbouts = []Choice{{"visit", "一次检查"}, {"result", "一条公示结果"}, {"other", "其他"}}
)

// FeedbackDays is how many working days there are for the answer.
const FeedbackDays = 15

// FeedbackMost is how much feedback a region takes in a day: more is a flood, behind
// which what matters would not be seen.
const FeedbackMost = 500

// Feedback (意见反馈、投诉) is what a citizen or an enterprise says of a visit, of a
// published result or of the work. Nobody has to say who they are. The office passes it
// to the department it concerns, and somebody there answers.
type Feedback struct {
	ID      FeedbackID
	Version int64
	Region  string
	Org     OrgID // who answers: the office, until it passes it on
	Kind    string
	About   string
	Ref     string // code of the visit or number of the result, as the sender typed it
	State   FeedbackState
	Digest  string // of the sender's words, with a salt that is kept beside them
	Lookup  string // digest of the code by which the sender finds the answer
	At      time.Time

	PassedBy   PersonID
	PassedAt   time.Time
	Note       string
	Answer     string
	AnsweredBy PersonID
	AnsweredAt time.Time
	ErasedBy   PersonID
	ErasedAt   time.Time
	Reason     string
}

// A FeedbackText is the sender's own words, and who they are if they say so. It is no
// part of the record, and can be erased.
type FeedbackText struct{ Salt, Text, Name, Contact string }

// Digest is what the record keeps of the words.
func (t FeedbackText) Digest() string {
	var text strings.Builder
	for _, part := range []string{t.Salt, t.Text, t.Name, t.Contact} {
		text.WriteString(hex.EncodeToString([]byte(part)) + "\n")
	}
	return hexDigest(text.String())
}

func hexDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// FeedbackCode is the code by which the sender of a form finds the answer: 80 bits that
// follow from the form's random number, so that a form sent twice has one code. It looks
// like the code of a visit, and is read like one.
func FeedbackCode(form string) string {
	sum := sha256.Sum256([]byte("feedback " + form))
	return VisitCode([10]byte(sum[:10]))
}

// FeedbackLookup is the digest of a code as people type it.
func FeedbackLookup(typed string) string { return hexDigest("feedback code " + ReadVisitCode(typed)) }

// ReceiveFeedback takes feedback in. Office is the conference office of the region.
func ReceiveFeedback(f Feedback, words FeedbackText, office OrgID, today int64, now time.Time) (Feedback, FeedbackText, error) {
	if today >= FeedbackMost {
		return f, words, ErrFeedbackFull
	}
	var ps Problems
	if !ValidID(string(f.ID)) {
		ps = append(ps, ErrIdent.At("id"))
	}
	chosen(&ps, FeedbackKinds, "kind", "反馈种类", f.Kind)
	chosen(&ps, FeedbackAbouts, "about", "反馈对象", f.About)
	f.Ref = Optional(&ps, "ref", "检查码或者公示编号", f.Ref, 60)
	if f.Ref == "" && f.About != "other" {
		ps = append(ps, ErrFeedbackRef.At("ref"))
	}
	words.Text = Paragraph(&ps, "text", "内容", words.Text, 1000)
	words.Name = Optional(&ps, "name", "称呼", words.Name, 40)
	words.Contact = Optional(&ps, "contact", "联系方式", words.Contact, 60)
	f.Digest, f.State, f.Org, f.At = words.Digest(), FeedbackReceived, office, now
	return f, words, ps.Err()
}

// Pass hands feedback to the department that it concerns.
func (f Feedback) Pass(to Org, note string, by PersonID, now time.Time) (Feedback, error) {
	next, err := f.step(FeedbackPass)
	if err != nil {
		return f, err
	}
	var ps Problems
	if to.ID == f.Org || to.Region != f.Region || to.Kind == OrgGovernment {
		ps = append(ps, ErrFeedbackOrg.At("org"))
	}
	next.Note = Optional(&ps, "note", "转办要求", note, 200)
	next.Org, next.PassedBy, next.PassedAt = to.ID, by, now
	return next, ps.Err()
}

// Reply answers feedback. Whoever has the code reads the answer.
func (f Feedback) Reply(answer string, by PersonID, now time.Time) (Feedback, error) {
	next, err := f.step(FeedbackAnswer)
	if err != nil {
		return f, err
	}
	var ps Problems
	next.Answer = Paragraph(&ps, "answer", "答复", answer, 1000)
	next.AnsweredBy, next.AnsweredAt = by, now
	return next, ps.Err()
}

// Erase removes the sender's words, on their demand or because they should not have been
// sent. What was done stays: 个人信息保护法 四十七.
func (f Feedback) Erase(reason string, by PersonID, now time.Time) (Feedback, error) {
	next, err := f.step(FeedbackErase)
	if err != nil {
		return f, err
	}
	var ps Problems
	next.Reason = Paragraph(&ps, "reason", "删除理由", reason, 200)
	next.ErasedBy, next.ErasedAt = by, now
	return next, ps.Err()
}

func (f Feedback) step(verb Verb) (Feedback, error) {
	state, err := feedbackLife.Next(f.State, verb)
	if err == nil && !f.ErasedAt.IsZero() {
		err = ErrFeedbackGone
	}
	if err == nil {
		f.State = state
	}
	return f, err
}

// Verbs returns what can be done with the feedback now, by whoever may.
func (f Feedback) Verbs() []Verb {
	if !f.ErasedAt.IsZero() {
		return nil
	}
	return feedbackLife.Verbs(f.State)
}

// Relations are what an organisation has to do with the feedback. The office sees all of
// its region, a department what was passed to it.
func (f Feedback) Relations(org Org) (has []Relation) {
	if org.Region != f.Region {
		return nil
	}
	switch org.Kind {
	case OrgOffice:
		has = append(has, Office)
	case OrgOversight:
		has = append(has, Oversight)
	}
	if org.ID == f.Org {
		has = append(has, Owner)
	}
	return has
}
