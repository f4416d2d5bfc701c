package inspect

import (
	"slices"
	"time"

	"suicha/internal/workday"
)

// Report is the written report of the special group, two inspectors or more, on a
// suspected crime: R98, 行政执法机关移送涉嫌犯罪案件的规定 五 "指定2名或者2名以上行政执法人员
// 组成专案组专门负责".
func (f FollowUp) Report(group []Inspector, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpReport)
	s.Officers, s.Text = f.officers(&ps, workday.On(by.Now), group), Paragraph(&ps, "text", "移送意见和书面报告", text, 4000)
	next, err := f.done(s, ps)
	if err != nil {
		return f, err
	}
	next.Group, next.GroupOf, next.ReportedBy = s.Officers, nil, by.Person
	for _, i := range group {
		if i.Person != "" && !slices.Contains(next.GroupOf, i.Person) {
			next.GroupOf = append(next.GroupOf, i.Person)
		}
	}
	slices.Sort(next.GroupOf)
	return next, nil
}

// Decide is the principal leader's decision whether the case goes to the police, within
// three days of the report; a refusal is on file with its reasons: R98. Nobody decides
// on what he reported or investigated: INV-09.
func (f FollowUp) Decide(verb Verb, opinion string, by FollowBy) (FollowUp, error) {
	if by.Person == f.ReportedBy || slices.Contains(f.GroupOf, by.Person) {
		return f, ErrFollowOwn
	}
	var ps Problems
	s := by.step(verb)
	s.Text = opinionText(&ps, opinion)
	next, err := f.done(s, ps)
	if err == nil {
		next.DecidedBy = by.Person
	}
	return next, err
}

// Hand gives the case to the police within 24 hours of the approval, with its papers:
// R98, 行政执法机关移送涉嫌犯罪案件的规定 六.
func (f FollowUp) Hand(police, number string, papers []string, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpHand)
	s.Name, s.Number = Line(&ps, "police", "接收的公安机关", police, 60), Line(&ps, "number", "移送书文号", number, 60)
	for _, p := range papers {
		chosen(&ps, CrimePapers, "papers", "移送材料", p)
	}
	for _, p := range crimePapersNeeded {
		if !slices.Contains(papers, p) {
			ps = append(ps, ErrFollowPapers.With(ChoiceText(CrimePapers, p)).At("papers"))
			break
		}
	}
	for _, c := range CrimePapers { // in the order of the regulation
		if slices.Contains(papers, c.Value) {
			s.Papers = append(s.Papers, c.Value)
		}
	}
	s.Text = Optional(&ps, "text", "备注", text, 1000)
	return f.done(s, ps)
}

// Receipt notes who of the police signed for the case, and when: R98.
func (f FollowUp) Receipt(name string, moment time.Time, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpReceipt)
	s.Name, s.Moment, s.Day = Line(&ps, "name", "签收人", name, 40), moment, workday.On(moment)
	handed, _ := f.Last(FollowUpHand)
	if moment.IsZero() || moment.After(by.Now) || workday.On(moment).Before(workday.On(handed.At).AddDays(-1)) {
		ps = append(ps, ErrFollowDay.With("签收时间").At("signed"))
	}
	return f.done(s, ps)
}

// Police notes the decision of the police: a case is filed, or is not: R98, 行政执法机关
// 移送涉嫌犯罪案件的规定 八.
func (f FollowUp) Police(verb Verb, day workday.Date, number, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(verb)
	f.followDay(&ps, "决定日期", day, by.Now)
	if received, _ := f.Last(FollowUpReceipt); len(ps) == 0 && day.Before(received.Day) {
		ps = append(ps, ErrFollowDay.With("决定日期").At("day"))
	}
	s.Day, s.Number = day, short(&ps, "number", "文号", number, 60)
	if verb == FollowUpUnfile {
		s.Text = followText(&ps, "不予立案的理由", text)
	} else {
		s.Text = Optional(&ps, "text", "备注", text, 1000)
	}
	return f.done(s, ps)
}

// Contest asks the police to decide again, within three days of their notice, or the
// procuratorate to supervise: R98, 行政执法机关移送涉嫌犯罪案件的规定 九.
func (f FollowUp) Contest(day workday.Date, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpObject)
	f.followDay(&ps, "提请日期", day, by.Now)
	s.Day, s.Text = day, followText(&ps, "提请复议的理由", text)
	return f.done(s, ps)
}

// Articles notes that the articles and papers of the case are in the hands of the
// police, within three days of its filing: R98, 行政执法机关移送涉嫌犯罪案件的规定 十二.
func (f FollowUp) Articles(day workday.Date, text string, by FollowBy) (FollowUp, error) {
	var ps Problems
	s := by.step(FollowUpArticles)
	f.followDay(&ps, "移交日期", day, by.Now)
	s.Day, s.Text = day, followText(&ps, "移交情况", text)
	return f.done(s, ps)
}
