package inspect

import (
	"slices"
	"time"

	"suicha/internal/workday"
)

// A FollowBy is who makes a step, and when.
type FollowBy struct {
	Person PersonID
	Org    OrgID
	Now    time.Time
}

func (b FollowBy) step(verb Verb) FollowStep {
	return FollowStep{Verb: verb, By: b.Person, Org: b.Org, At: b.Now}
}

// RecheckWays are how it is found out whether something was mended: R99.
var RecheckWays = []Choice{{"onsite", "现场复查"}, {"offsite", "书面核查，不到现场"}}

// CrimePapers are what goes with a suspected crime to the police: 行政执法机关移送涉嫌犯罪
// 案件的规定 六. R98.
var CrimePapers = []Choice{
	{"letter", "涉嫌犯罪案件移送书"}, {"report", "涉嫌犯罪案件情况的调查报告"}, {"list", "涉案物品清单"}, {"test", "有关检验报告或者鉴定意见"}, {"other", "其他有关涉嫌犯罪的材料"},
}

// crimePapersNeeded are those that every case has.
var crimePapersNeeded = []string{"letter", "report", "list"}

// followText is the text that every step has.
func followText(ps *Problems, label, text string) string {
	return Paragraph(ps, "text", label, text, 1000)
}

// followDay checks a day on which something was done: not in the future, and not before
// the follow-up was opened.
func (f FollowUp) followDay(ps *Problems, label string, day workday.Date, now time.Time) {
	if day.IsZero() || day.After(workday.On(now)) || day.Before(workday.On(f.OpenedAt)) {
		*ps = append(*ps, ErrFollowDay.With(label).At("day"))
	}
}

// officers checks that two or more of the department's own inspectors, who may inspect
// on the day, stand for a step, and returns their numbers.
func (f FollowUp) officers(ps *Problems, day workday.Date, all []Inspector) (nos []InspectorNo) {
	for _, i := range all {
		if i.Org != f.Org || i.Category.Helper() || !i.Ended.IsZero() && !i.Ended.After(day) {
			*ps = append(*ps, ErrChoice.With("执法人员").At("officers"))
			return nil
		}
		if _, ok := i.CertifiedUntil(day); !ok {
			*ps = append(*ps, ErrFollowCertificate.With(i.Name).At("officers"))
			return nil
		}
		nos = append(nos, i.No)
	}
	slices.Sort(nos)
	if nos = slices.Compact(nos); len(nos) < 2 {
		*ps = append(*ps, ErrFollowTwo.At("officers"))
	}
	return nos
}

// Mend notes what the object sent to show that it has mended what it was ordered to: R99.
func (f FollowUp) Mend(day workday.Date, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpMend)
	s.Text, s.Day = followText(&ps, "整改情况", text), day
	f.followDay(&ps, "收到日期", day, by.Now)
	return f.done(s, ps)
}

// A Recheck is what two inspectors found when they looked again.
type Recheck struct {
	Day      workday.Date
	Way      string
	Officers []Inspector
	Text     string
}

func (f FollowUp) recheck(verb Verb, c Recheck, by FollowBy) (FollowStep, Problems) {
	var ps Problems
	s := by.step(verb)
	f.followDay(&ps, "复查日期", c.Day, by.Now)
	chosen(&ps, RecheckWays, "way", "复查方式", c.Way)
	if _, sent := f.Last(FollowUpMend); c.Way == "offsite" && (!sent || f.State != FollowMended) {
		ps = append(ps, ErrFollowOffsite.At("way"))
	}
	s.Day, s.Way, s.Officers, s.Text = c.Day, c.Way, f.officers(&ps, c.Day, c.Officers), followText(&ps, "复查情况", c.Text)
	return s, ps
}

// Pass closes a rectification that was found done: R99.
func (f FollowUp) Pass(c Recheck, by FollowBy) (FollowUp, error) {
	s, ps := f.recheck(FollowUpPass, c, by)
	return f.done(s, ps)
}

// Fail gives a rectification that was not found done a new date.
func (f FollowUp) Fail(c Recheck, due workday.Date, by FollowBy) (FollowUp, error) {
	s, ps := f.recheck(FollowUpFail, c, by)
	if due.IsZero() || !due.After(workday.On(by.Now)) {
		ps = append(ps, ErrFollowDue.At("due"))
	}
	s.Due = due
	next, err := f.done(s, ps)
	if err == nil {
		next.Due = due
	}
	return next, err
}

// Escalate ends a rectification that was not found done, and hands it on as a case: it
// returns the follow-up that begins.
func (f FollowUp) Escalate(c Recheck, by FollowBy) (FollowUp, FollowUp, error) {
	s, ps := f.recheck(FollowUpEscalate, c, by)
	next, err := f.done(s, ps)
	begins := FollowUp{
		ID: FollowUpIDOf(f.Result, FollowCase), Region: f.Region, Result: f.Result, Kind: FollowCase, Org: f.Org, Object: f.Object, Code: f.Code, Name: f.Name,
		State: FollowOpen, OpenedAt: by.Now, Since: by.Now, From: workday.On(by.Now),
	}
	return next, begins, err
}

// A Transfer is to whom a clue goes.
type Transfer struct {
	Receiver OrgID  // an organisation of the region, or
	Outside  string // the name of one that is not on the platform
	Days     int    // working days to take it or send it back
	Due      workday.Date
	Text     string
}

// Send hands a clue to who is responsible: R97, 海政办发〔2020〕2号 二(六) "将相关线索移交给
// 负有监管职责的相关部门". Known tells whether the receiver is an organisation that stands.
func (f FollowUp) Send(c Transfer, known bool, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpSend)
	c.Outside = short(&ps, "outside", "平台外的单位", c.Outside, 60)
	switch {
	case (c.Receiver == "") == (c.Outside == ""):
		ps = append(ps, ErrFollowReceiver.At("receiver"))
	case c.Receiver != "" && !known:
		ps = append(ps, ErrChoice.With("接收单位").At("receiver"))
	}
	if c.Days < 1 || c.Days > 60 {
		ps = append(ps, ErrFollowTerm.At("days"))
	}
	if !c.Due.IsZero() && c.Due.Before(workday.On(by.Now)) {
		ps = append(ps, ErrFollowDue.At("due"))
	}
	s.Text, s.Name, s.Due = followText(&ps, "线索情况", c.Text), c.Outside, c.Due
	next, err := f.done(s, ps)
	if err == nil {
		next.Receiver, next.Outside, next.AcceptDays, next.Due = c.Receiver, c.Outside, c.Days, c.Due
	}
	return next, err
}

// answers fails unless by's department is the one that answers for a clue: the receiver,
// or the sender for a receiver outside the platform.
func (f FollowUp) answers(by FollowBy) error {
	if by.Org == f.Receiver || f.Receiver == "" && by.Org == f.Org {
		return nil
	}
	return ErrFollowSide
}

// Accept takes a clue: R97. The number of the case, if there is one, is kept: R113.
func (f FollowUp) Accept(caseNo, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpAccept)
	s.Number, s.Text = short(&ps, "case_no", "案号", caseNo, 60), Optional(&ps, "text", "受理情况", text, 1000)
	return f.answered(s, ps, by)
}

// Return sends a clue back, with the reason: R97.
func (f FollowUp) Return(text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpReturn)
	s.Text = followText(&ps, "退回理由", text)
	return f.answered(s, ps, by)
}

// Answer says what came of a clue: R97, R113.
func (f FollowUp) Answer(caseNo, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpAnswer)
	s.Number, s.Text = short(&ps, "case_no", "案号", caseNo, 60), followText(&ps, "办理结果", text)
	return f.answered(s, ps, by)
}

func (f FollowUp) answered(s FollowStep, ps Problems, by FollowBy) (FollowUp, error) {
	if err := f.answers(by); err != nil {
		return f, err
	}
	next, err := f.done(s, ps)
	if err == nil && s.Number != "" {
		next.CaseNo = s.Number
	}
	return next, err
}

// Close ends a follow-up with what came of it: R99.
func (f FollowUp) Close(text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpClose)
	s.Text = followText(&ps, "办理结果", text)
	return f.done(s, ps)
}

// done makes the move if nothing is wrong with what was written down.
func (f FollowUp) done(s FollowStep, ps Problems) (FollowUp, error) {
	next, err := f.step(s)
	if err == nil {
		err = ps.Err()
	}
	if err != nil {
		return f, err
	}
	return next, nil
}
