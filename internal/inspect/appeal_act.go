package inspect

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// AppealMost is how many appeals a region takes in by the public form in a day.
const AppealMost = 200

// appealText is the text that every step has.
func appealText(ps *Problems, label, text string) string {
	return Paragraph(ps, "text", label, text, 1000)
}

// personal finds telephone numbers and numbers of identity cards in a text that becomes
// public: 个人信息保护法 二十五.
var personal = regexp.MustCompile(`(?:^|[^0-9])(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx]|[0-9]{16}|[0-9]{19})(?:[^0-9]|$)`)

// Personal reports whether a text holds a number that could be a person's.
func Personal(text string) bool {
	return personal.MatchString(strings.NewReplacer(" ", "", "-", "").Replace(norm.NFKC.String(text)))
}

// NewAppeal takes an appeal about a result in. Only what is public can be appealed
// against, a repair is for what speaks against the object, after its least term.
func (r Result) NewAppeal(a Appeal, d Deadlines, by StepBy) (Appeal, error) {
	var ps Problems
	if !ValidID(string(a.ID)) {
		ps = append(ps, ErrIdent.At("id"))
	}
	chosen(&ps, AppealKinds, "kind", "申请种类", string(a.Kind))
	chosen(&ps, AppealWays, "way", "提交方式", a.Way)
	if err := ps.Err(); err != nil {
		return a, err
	}
	if err := r.appealable(a.Kind, d, by.Now); err != nil {
		return a, err
	}
	a.Region, a.Result, a.Org, a.Code, a.Name, a.State = r.Region, r.ID, r.Org, r.Code, r.Name, AppealReceived
	a.Lookup = AppealLookup(AppealCode(a.ID))
	a.ReceivedBy, a.ReceivedAt, a.Since = by.Person, by.Now, by.Now
	return a, nil
}

// appealable fails if an appeal of this kind cannot be made now.
func (r Result) appealable(kind AppealKind, d Deadlines, now time.Time) error {
	if r.State != ResultPublished {
		return ErrAppealResult.At("result")
	}
	if kind == AppealRepairing {
		return r.MayRepair(d, now)
	}
	return nil
}

// ReceiveAppeal takes in what came by the public form. Typed is the code of the object
// as the sender typed it; today is how many came since yesterday.
func (r Result) ReceiveAppeal(a Appeal, words FeedbackText, typed string, today int64, d Deadlines, by StepBy) (Appeal, FeedbackText, error) {
	if today >= AppealMost {
		return a, words, ErrFeedbackFull.At("text")
	}
	var ps Problems
	words.Text = Paragraph(&ps, "text", "内容", words.Text, 1000)
	words.Name = Line(&ps, "name", "联系人", words.Name, 40)
	words.Contact = Line(&ps, "contact", "联系电话", words.Contact, 60)
	// Whose number is not public is no touchstone for guesses: the department asks.
	if public := r.Disclosed().Code; public != "" && strings.ToUpper(strings.TrimSpace(typed)) != public {
		ps = append(ps, ErrAppealCode.At("code"))
	}
	if err := ps.Err(); err != nil {
		return a, words, err
	}
	a.Way, a.Digest = "online", words.Digest()
	a, err := r.NewAppeal(a, d, by)
	return a, words, err
}

// EnterAppeal takes in what came on paper. The clerk sums it up; the paper is kept.
func (r Result) EnterAppeal(a Appeal, d Deadlines, by StepBy) (Appeal, error) {
	var ps Problems
	a.Summary = appealText(&ps, "申请内容", a.Summary)
	if a.Way == "online" {
		ps = append(ps, ErrChoice.With("提交方式").At("way"))
	}
	if err := ps.Err(); err != nil {
		return a, err
	}
	return r.NewAppeal(a, d, by)
}

// Ask asks for what is missing, within so many working days.
func (a Appeal) Ask(days int, text string, by StepBy) (Appeal, error) {
	var ps Problems
	s := by.step(AppealAsk)
	s.Text = appealText(&ps, "需要补正的内容", text)
	if days < 1 || days > 30 {
		ps = append(ps, ErrAppealDays.At("days"))
	}
	next, err := a.done(s, ps)
	next.AskDays = days
	return next, err
}

// Supply notes what came to complete the appeal; the clock begins again.
func (a Appeal) Supply(text string, by StepBy) (Appeal, error) {
	var ps Problems
	s := by.step(AppealSupply)
	s.Text = appealText(&ps, "补正情况", text)
	return a.done(s, ps)
}

// Accept takes the appeal up, after the department made sure that it is the
// enterprise's own. Before that it counts for nothing, and nothing of it is public.
func (a Appeal) Accept(r Result, check, text string, d Deadlines, by StepBy) (Appeal, error) {
	var ps Problems
	s := by.step(AppealAccept)
	chosen(&ps, AppealChecks, "check", "身份核对方式", check)
	s.Text = Paragraph(&ps, "text", "核对情况", text, 500)
	next, err := a.done(s, ps)
	if err == nil {
		err = r.appealable(a.Kind, d, by.Now)
	}
	next.Check, next.AcceptedBy = check, by.Person
	return next, err
}

// decide is a leader's decision: never about his own work, INV-09.
func (a Appeal) decide(verb Verb, r Result, text string, by StepBy) (Appeal, error) {
	if a.Barred(by.Person, r) {
		return a, ErrAppealOwn
	}
	var ps Problems
	s := by.step(verb)
	s.Text = appealText(&ps, "答复", text)
	next, err := a.done(s, ps)
	next.DecidedBy, next.Answer = by.Person, s.Text
	return next, err
}

// Reject does not take the appeal up, with the reason.
func (a Appeal) Reject(r Result, text string, by StepBy) (Appeal, error) {
	return a.decide(AppealReject, r, text, by)
}

// Refuse leaves the publication as it is, with the reason.
func (a Appeal) Refuse(r Result, text string, by StepBy) (Appeal, error) {
	return a.decide(AppealRefuse, r, text, by)
}

// Grant finds the objection right, which has to be corrected then, or publishes the
// reply in the words that were checked for personal data: 个人信息保护法 二十五.
func (a Appeal) Grant(r Result, public, text string, by StepBy) (Appeal, error) {
	next, err := a.decide(AppealGrant, r, text, by)
	if err != nil {
		return next, err
	}
	if r.State != ResultPublished {
		return a, ErrAppealResult
	}
	var ps Problems
	switch {
	case a.Kind == AppealReply:
		next.Public = Paragraph(&ps, "public", "公示的说明", public, 500)
		if Personal(next.Public) {
			ps = append(ps, ErrAppealPersonal.At("public"))
		}
	case strings.TrimSpace(public) != "":
		ps = append(ps, ErrChoice.With("公示的说明").At("public"))
	}
	return next, ps.Err()
}

// Withdraw ends the appeal on the word of who made it. A published reply goes off the
// page.
func (a Appeal) Withdraw(text string, by StepBy) (Appeal, error) {
	var ps Problems
	s := by.step(AppealWithdraw)
	s.Text = appealText(&ps, "撤回情况", text)
	next, err := a.done(s, ps)
	next.Public = ""
	return next, err
}

// Erase removes the words that came by the public form, once the appeal has ended. What
// was done stays: 个人信息保护法 四十七.
func (a Appeal) Erase(text string, by StepBy) (Appeal, error) {
	if a.Digest == "" || !a.ErasedAt.IsZero() {
		return a, ErrAppealGone
	}
	var ps Problems
	s := by.step(AppealErase)
	s.Text = Paragraph(&ps, "text", "删除理由", text, 200)
	next, err := a.done(s, ps)
	next.ErasedBy, next.ErasedAt = by.Person, by.Now
	return next, err
}

// Correct ends an objection that was found right: R102. It follows from the signature
// on the correction.
func (a Appeal) Correct(c Correction, by StepBy) (Appeal, error) {
	next, err := a.step(by.step(CorrectionSign))
	next.Correction = c.ID
	return next, err
}

// done makes the move if nothing is wrong with what was written down.
func (a Appeal) done(s Step, ps Problems) (Appeal, error) {
	next, err := a.step(s)
	if err == nil {
		err = ps.Err()
	}
	return next, err
}
