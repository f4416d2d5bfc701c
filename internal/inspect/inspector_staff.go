package inspect

import (
	"slices"
	"strconv"
	"strings"

	"suicha/internal/workday"
)

// A TrainingID names a training record.
type TrainingID string

// Exams lists how a training ended, in the order of the form.
var Exams = []Choice{{"none", "没有考试"}, {"passed", "合格"}, {"failed", "不合格"}}

// A Training (培训记录) is what an inspector has learnt: R123, 海政办发〔2020〕2号 三(三).
type Training struct {
	ID        TrainingID
	Version   int64
	Inspector InspectorNo
	Topic     string
	Hours     int64
	Exam      string
	Day       workday.Date // the last one
}

// Tidy brings a training record into its one form, or says what is wrong.
func (t Training) Tidy(today workday.Date) (Training, error) {
	var ps Problems
	if !ValidID(t.ID) {
		ps = append(ps, ErrIdent.At("training"))
	}
	t.Topic = Line(&ps, "topic", "培训内容", t.Topic, 100)
	if t.Hours < 1 || t.Hours > 2000 {
		ps = append(ps, ErrRange.With("学时", 1, 2000).At("hours"))
	}
	chosen(&ps, Exams, "exam", "考试结果", t.Exam)
	switch {
	case t.Day.IsZero():
		ps = append(ps, ErrEmpty.With("培训日期").At("day"))
	case t.Day.After(today):
		ps = append(ps, ErrFuture.With("培训日期").At("day"))
	}
	return t, ps.Err()
}

// Key names the record among the rows of the libraries.
func (t Training) Key() string { return string(t.ID) }

// Text is the rest of the record as one line: see Object.Text.
func (t Training) Text() string {
	return strings.Join([]string{t.Inspector.String(), t.Topic, strconv.FormatInt(t.Hours, 10), t.Exam, t.Day.String()}, "\t")
}

// trained counts the hours of the twelve months before day, and says whether an
// exam was passed in them.
func trained(all []Training, day workday.Date) (hours int64, passed bool) {
	for _, t := range all {
		if !t.Day.After(day) && monthsAfter(t.Day, 12).After(day) {
			hours += t.Hours
			passed = passed || t.Exam == "passed"
		}
	}
	return hours, passed
}

// A TrainingRule is what a department asks of its inspectors before they can be
// drawn. The zero rule asks nothing: R123.
type TrainingRule struct {
	Hours int64 // of the last twelve months
	Exam  bool  // one of them with an exam that was passed
}

// A Workforce (执法力量) is what a department declares of its staff: how many
// there are of each category, which the library must all have (R38), and what
// training it asks for.
type Workforce struct {
	Org     OrgID
	Version int64
	Staff   [3]int64 // in the order of StaffCategories
	Rule    TrainingRule
	Counted workday.Date
}

// Tidy brings a declaration into its one form, or says what is wrong with it.
func (w Workforce) Tidy() (Workforce, error) {
	var ps Problems
	for i, n := range w.Staff {
		if n < 0 || n > 100_000 {
			ps = append(ps, ErrRange.With(StaffCategories[i].Text+"人数", 0, 100_000).At(StaffCategories[i].Value))
		}
	}
	if w.Staff == [3]int64{} {
		ps = append(ps, ErrEmpty.With("人数").At(StaffCategories[0].Value))
	}
	if w.Rule.Hours < 0 || w.Rule.Hours > 2000 {
		ps = append(ps, ErrRange.With("培训学时", 0, 2000).At("hours"))
	}
	return w, ps.Err()
}

// Key names the declaration among the rows of the libraries.
func (w Workforce) Key() string { return string(w.Org) }

// Text is the rest of the declaration as one line: see Object.Text.
func (w Workforce) Text() string {
	var cells []string
	for _, n := range append(slices.Clone(w.Staff[:]), w.Rule.Hours) {
		cells = append(cells, strconv.FormatInt(n, 10))
	}
	return strings.Join(append(cells, strconv.FormatBool(w.Rule.Exam), w.Counted.String()), "\t")
}

// A StaffCount compares the library with what a department has declared, by
// category: 全部纳入, R38, 海政办发〔2020〕2号 二(三).
type StaffCount struct {
	Org      OrgID
	Declared [3]int64
	Included [3]int64
	Drawable int64 // of those included, today
	Counted  workday.Date
}

// Share is the part of a category that is in the library, in basis points. Ok is
// false if nothing was declared.
func (c StaffCount) Share(category int) (points int64, ok bool) {
	if c.Declared[category] == 0 {
		return 0, false
	}
	return c.Included[category] * 10000 / c.Declared[category], true
}

// Missing is how many of the declared staff are not in the library.
func (c StaffCount) Missing() int64 {
	missing := int64(0)
	for i := range c.Declared {
		missing += max(0, c.Declared[i]-c.Included[i])
	}
	return missing
}

// CountStaff counts the library of each organisation on a day, in the order of
// orgs.
func CountStaff(orgs []OrgID, files []InspectorFile, declared []Workforce, today workday.Date) []StaffCount {
	counts := make([]StaffCount, len(orgs))
	for i, org := range orgs {
		counts[i].Org = org
	}
	for _, w := range declared {
		if at := slices.Index(orgs, w.Org); at >= 0 {
			counts[at].Declared, counts[at].Counted = w.Staff, w.Counted
		}
	}
	for _, f := range files {
		at := slices.Index(orgs, f.Org)
		category := slices.IndexFunc(StaffCategories, func(c Choice) bool { return c.Value == string(f.Category) })
		if at < 0 || category < 0 || !f.Ended.IsZero() && !today.Before(f.Ended) {
			continue
		}
		counts[at].Included[category]++
		if f.Drawable(Days{today, today}).Kind == "" {
			counts[at].Drawable++
		}
	}
	return counts
}
