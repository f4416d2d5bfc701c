package inspect

import (
	"crypto/sha256"
	"slices"
	"time"

	"suicha/internal/workday"
)

// RecusalCauses are why somebody may be asked to stand aside, 行政处罚法 四十三;
// RecusalChannels how an enterprise applied. What comes by the public form is online,
// and nobody enters it by hand.
var (
	RecusalCauses   = []Choice{{"interest", "与本次检查有直接利害关系"}, {"relation", "有其他关系，可能影响公正执法"}}
	RecusalChannels = []Choice{{"written", "书面"}, {"oral", "口头，已记录"}, {"online", "网上"}}
)

// RecusalMost is how many applications a region takes in by the public form in a day.
const RecusalMost = 200

// RecusalCode is the receipt number of an application for recusal: whoever has it reads
// how far it is. It looks like the code of a visit, and is read like one.
func RecusalCode(id SubstID) string {
	sum := sha256.Sum256([]byte("recusal " + string(id)))
	return VisitCode([10]byte(sum[:10]))
}

// RecusalLookup is the digest of a receipt number as people type it.
func RecusalLookup(typed string) string { return hexDigest("recusal code " + ReadVisitCode(typed)) }

// applied checks what an application for recusal (回避申请) has besides: 行政处罚法 四十三.
func (s Subst) applied(ps *Problems, now time.Time) Subst {
	chosen(ps, RecusalCauses, "cause", "回避事由", s.Cause)
	if s.Digest == "" {
		chosen(ps, RecusalChannels[:2], "channel", "申请方式", s.Channel)
		s.Applicant = Line(ps, "applicant", "申请人", s.Applicant, 40)
	}
	if s.Applied.IsZero() || s.Applied.After(workday.On(now)) {
		*ps = append(*ps, ErrSubstApplied.At("applied"))
	}
	s.Ground, s.Lookup = "recused", RecusalLookup(RecusalCode(s.ID))
	return s
}

// Timed sets until when an application for recusal is decided on. The count begins on
// the day after it was made: 民法典第二百零一条.
func (s Subst) Timed(d Deadlines, cal *workday.Calendar) Subst {
	if s.Kind == SubstRecusal {
		s.Due, _ = cal.Add(s.Applied, d.RecusalDays)
	}
	return s
}

// DueBefore is until when the substitution is decided on: before the visit of its team,
// and an application for recusal in its term, too.
func (s Subst) DueBefore(x Team) workday.Date {
	until := x.VisitDays().Until
	if !s.Due.IsZero() && (until.IsZero() || s.Due.Before(until)) {
		return s.Due
	}
	return until
}

// Late reports whether an application for recusal was not decided on in its term.
func (s Subst) Late(today workday.Date) bool {
	return s.State == SubstAsked && !s.Due.IsZero() && today.After(s.Due)
}

// TakesRecusal reports whether who has the code of the visit can apply for recusal on
// the public site: from when they may know of it until the officers conclude. While a
// list is sealed nothing of it is taken in there: INV-05.
func (v Visit) TakesRecusal(x Team, b Batch) bool {
	return v.Checkable(x) && v.Open() && !b.Hidden()
}

// ReceiveRecusal takes in what came by the public form. Typed is the code of the visit as
// the sender typed it, open what waits for a decision about the team, and today how many
// came since yesterday. The department that leads the team decides.
func ReceiveRecusal(s Subst, words FeedbackText, typed string, x Team, v Visit, open []Subst, today int64, by StepBy) (Subst, FeedbackText, error) {
	switch code := ReadVisitCode(typed); {
	case code == "" || code != v.Code:
		return s, words, ErrRecusalVisit.At("visit")
	case today >= RecusalMost:
		return s, words, ErrFeedbackFull.At("text")
	case slices.ContainsFunc(open, func(o Subst) bool { return o.Kind == SubstRecusal && o.Out == s.Out }):
		return s, words, ErrRecusalOpen.At("out")
	}
	var ps Problems
	words.Text = Paragraph(&ps, "text", "具体情况", words.Text, 1000)
	words.Name = Line(&ps, "name", "联系人", words.Name, 40)
	words.Contact = Line(&ps, "contact", "联系电话", words.Contact, 60)
	if err := ps.Err(); err != nil {
		return s, words, err
	}
	s.Region, s.Org, s.Kind, s.Digest = v.Region, x.Org, SubstRecusal, words.Digest()
	s.Channel, s.Applicant, s.Applied = "online", v.Party.Name, workday.On(by.Now)
	s, err := AskSubst(s, x, by.Person, by.Now)
	return s, words, err
}

// Erase removes the words that came by the public form, once the application is decided
// on. What was done stays: 个人信息保护法 四十七.
func (s Subst) Erase(reason string, by StepBy) (Subst, error) {
	state, err := substLife.Next(s.State, SubstErase)
	switch {
	case err != nil:
		return s, err
	case s.Digest == "" || !s.ErasedAt.IsZero():
		return s, ErrSubstGone
	}
	var ps Problems
	s.Reason = Paragraph(&ps, "text", "删除理由", reason, 200)
	s.State, s.ErasedBy, s.ErasedAt = state, by.Person, by.Now
	return s, ps.Err()
}
