package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/workday"
)

// Days are a range of days, both ends included.
type Days struct{ From, Until workday.Date }

// Text is the range as users read it.
func (d Days) Text() string {
	if d.From == d.Until {
		return d.From.String()
	}
	return d.From.String() + " 至 " + d.Until.String()
}

// meets reports whether the ranges have a day in common.
func (d Days) meets(o Days) bool { return !d.From.After(o.Until) && !o.From.After(d.Until) }

// An AwayID names a period.
type AwayID string

// An AwayKind is why somebody cannot inspect for some days.
type AwayKind string

// AwayKinds lists the reasons in the order of the form: R70.
var AwayKinds = []Choice{{"leave", "请假"}, {"training", "培训"}, {"task", "其他任务"}}

// Text is the reason in Chinese. Readers of other departments are not told it.
func (k AwayKind) Text() string {
	if k == "" {
		return "另有安排"
	}
	return ChoiceText(AwayKinds, string(k))
}

// An Away (不能参加检查的时段) is a range of days on which an inspector cannot be
// drawn: R70, 海政办发〔2020〕2号 二(五)3.
type Away struct {
	ID        AwayID
	Version   int64
	Inspector InspectorNo
	Kind      AwayKind
	Days      Days
	Note      string
	Dropped   bool
}

// awayMost is the longest period, in days.
const awayMost = 3 * 366

// Tidy brings a period into its one form, or says what is wrong with it.
func (a Away) Tidy() (Away, error) {
	var ps Problems
	if !ValidID(a.ID) {
		ps = append(ps, ErrIdent.At("away"))
	}
	chosen(&ps, AwayKinds, "kind", "事由", string(a.Kind))
	a.Note = short(&ps, "note", "说明", a.Note, 100)
	switch {
	case a.Days.From.IsZero():
		ps = append(ps, ErrEmpty.With("开始日期").At("from"))
	case a.Days.Until.IsZero():
		ps = append(ps, ErrEmpty.With("结束日期").At("until"))
	case a.Days.Until.Before(a.Days.From) || a.Days.Until.DaysSince(a.Days.From) >= awayMost:
		ps = append(ps, ErrDays.With("时段").At("until"))
	}
	return a, ps.Err()
}

// Drop withdraws the period: the inspector can be drawn on its days after all.
func (a Away) Drop() (Away, error) {
	if a.Dropped {
		return a, ErrStep.With(InspectorDropAway.Text())
	}
	a.Dropped = true
	return a, nil
}

// Key names the period among the rows of the libraries.
func (a Away) Key() string { return string(a.ID) }

// Text is the rest of the period as one line: see Object.Text.
func (a Away) Text() string {
	return strings.Join([]string{
		a.Inspector.String(), string(a.Kind), a.Days.From.String(), a.Days.Until.String(), a.Note, strconv.FormatBool(a.Dropped),
	}, "\t")
}

// An ObstacleKind is why an inspector cannot be drawn.
type ObstacleKind string

// The obstacles.
const (
	IsHelper      ObstacleKind = "helper"
	HasLeft       ObstacleKind = "ended"
	NoCertificate ObstacleKind = "no_certificate"
	CertificateUp ObstacleKind = "expires"
	IsAway        ObstacleKind = "away"
	IsUntrained   ObstacleKind = "training"
)

// ObstacleKinds lists the obstacles in the order of the filter.
var ObstacleKinds = []Choice{
	{string(NoCertificate), "没有有效执法证"}, {string(CertificateUp), "执法证到期"}, {string(IsAway), "请假、培训或其他任务"},
	{string(IsUntrained), "未达到培训要求"}, {string(IsHelper), "协助人员"}, {string(HasLeft), "已移出名录库"},
}

// An Obstacle is what keeps an inspector out of a draw, and a sentence about it.
// The zero Obstacle is none.
type Obstacle struct {
	Kind ObstacleKind
	Text string
}

// An InspectorFile is all that is known of an inspector for a range of days.
type InspectorFile struct {
	Inspector
	Away      []Away
	Trainings []Training
	Rule      TrainingRule // of the department
	Foreign   bool         // of another department than the reader's: what is personal is left out
}

// Drawable returns why the inspector cannot be drawn for a task on the days, or
// the zero Obstacle. It follows from what is stored, and is the only place where
// it is decided: C1, C2, R38, R40, R70, R123, 海政办发〔2020〕2号 二(三).
func (f InspectorFile) Drawable(days Days) Obstacle {
	if f.Category.Helper() {
		return Obstacle{IsHelper, f.Category.Text() + "只协助检查，不作为执法检查人员抽取。"}
	}
	if !f.Ended.IsZero() && !days.Until.Before(f.Ended) {
		return Obstacle{HasLeft, "已于 " + f.Ended.String() + " 移出名录库。"}
	}
	until, ok := f.CertifiedUntil(days.From)
	switch {
	case !ok:
		return f.uncertified(days.From)
	case until.Before(days.Until):
		return Obstacle{CertificateUp, fmt.Sprintf("执法证于 %s 到期，早于任务结束日 %s。", until, days.Until)}
	}
	for _, a := range f.Away {
		if !a.Dropped && a.Days.meets(days) {
			return Obstacle{IsAway, a.Days.Text() + " " + a.Kind.Text() + "。"}
		}
	}
	return f.untrained(days.From)
}

func (f InspectorFile) uncertified(day workday.Date) Obstacle {
	if len(f.Certificates) == 0 {
		return Obstacle{NoCertificate, "没有登记执法证，不得参加抽取。"}
	}
	last, next := workday.Date{}, workday.Date{}
	for _, c := range f.Certificates {
		switch {
		case c.From.After(day) && (next.IsZero() || c.From.Before(next)):
			next = c.From
		case c.Until.Before(day) && c.Until.After(last):
			last = c.Until
		}
	}
	if !last.IsZero() {
		return Obstacle{CertificateUp, fmt.Sprintf("执法证已于 %s 到期。", last)}
	}
	return Obstacle{NoCertificate, fmt.Sprintf("执法证自 %s 起有效。", next)}
}

func (f InspectorFile) untrained(day workday.Date) Obstacle {
	hours, passed := trained(f.Trainings, day)
	switch {
	case hours >= f.Rule.Hours && (passed || !f.Rule.Exam):
		return Obstacle{}
	case f.Foreign:
		return Obstacle{IsUntrained, "未达到所在部门的培训要求。"}
	case hours < f.Rule.Hours:
		return Obstacle{IsUntrained, fmt.Sprintf("近一年培训 %d 学时，本部门要求 %d 学时。", hours, f.Rule.Hours)}
	}
	return Obstacle{IsUntrained, "近一年没有考试合格的培训记录。"}
}

// A Met is one visit of an inspector to an object, of the history of visits.
type Met struct {
	Inspector InspectorNo
	Object    string // its code
	On        workday.Date
}

// A RosterPerson is an inspector who can be drawn, as a matching needs it.
type RosterPerson struct {
	No         InspectorNo
	Org        OrgID
	Code, Name string
	Quals      []string
	Items      []string // empty is all
	Units      []string // empty is all
	Areas      []string // empty is all
	Load       int      // visits of the year of the first day, before it
}

// An Avoidance (回避) keeps an inspector from an object, by its code or, where
// that is not known, by its name.
type Avoidance struct {
	Inspector  InspectorNo
	Code, Name string
	Ground     string
}

// A Left is somebody who cannot be drawn, and why.
type Left struct {
	No       InspectorNo
	Org      OrgID
	Name     string
	Obstacle Obstacle
}

// A Roster (参加抽取的执法检查人员) is what a matching of inspectors to objects
// starts from: R56, R70, R71, 海政办发〔2020〕2号 二(五)3. The lists are ascending.
type Roster struct {
	Days   Days
	People []RosterPerson
	Left   []Left
	Avoid  []Avoidance
}

// NewRoster decides who can be drawn on the days, and whom they must not meet:
// what they declared, and whom they met within the last 24 months.
func NewRoster(days Days, files []InspectorFile, ties []Tie, history []Met) Roster {
	r := Roster{Days: days}
	load := map[InspectorNo]int{}
	for _, m := range history {
		if m.On.Year() == days.From.Year() && m.On.Before(days.From) {
			load[m.Inspector]++
		}
	}
	drawn := map[InspectorNo]bool{}
	for _, f := range files {
		if o := f.Drawable(days); o.Kind != "" {
			r.Left = append(r.Left, Left{f.No, f.Org, f.Name, o})
			continue
		}
		drawn[f.No] = true
		r.People = append(r.People, RosterPerson{f.No, f.Org, f.Code, f.Name, f.Quals, f.Items, f.Units, f.Areas, load[f.No]})
	}
	for _, tie := range ties {
		if drawn[tie.Inspector] && tie.Bars(days) {
			r.Avoid = append(r.Avoid, Avoidance{tie.Inspector, tie.Code, tie.Name, tie.Kind.Text()})
		}
	}
	for _, m := range history {
		if drawn[m.Inspector] && m.rests(days.From) {
			r.Avoid = append(r.Avoid, Avoidance{m.Inspector, m.Object, "", "24 个月内已检查过该对象"})
		}
	}
	slices.SortFunc(r.People, func(a, b RosterPerson) int { return cmp.Compare(a.No, b.No) })
	slices.SortFunc(r.Left, func(a, b Left) int { return cmp.Compare(a.No, b.No) })
	slices.SortFunc(r.Avoid, func(a, b Avoidance) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Inspector, b.Inspector), cmp.Compare(a.Ground, b.Ground))
	})
	r.Avoid = slices.Compact(r.Avoid)
	return r
}

// pairMonths is how long the same inspector does not meet the same object again.
const pairMonths = 24

// rests reports whether the inspector must not meet the object again on day.
func (m Met) rests(day workday.Date) bool {
	return !m.On.After(day) && day.Before(monthsAfter(m.On, pairMonths))
}

// monthsAfter is the day n months after d, or the last day of that month if it
// is shorter.
func monthsAfter(d workday.Date, n int) workday.Date {
	month := int(d.Month()) - 1 + n
	first, err := workday.New(d.Year()+month/12, time.Month(month%12+1), 1)
	if err != nil { // past the end of the calendar
		return d
	}
	last := first.AddDays(31).AddDays(-first.AddDays(31).Day())
	return first.AddDays(min(d.Day(), last.Day()) - 1)
}
