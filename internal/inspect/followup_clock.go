package inspect

import (
	"time"

	"suicha/internal/workday"
)

// The terms of a suspected crime's transfer: 行政执法机关移送涉嫌犯罪案件的规定
// (国务院令第310号, 2020年修订) 五, 六, 八, 九, 十二. R98.
const (
	crimeDays  = 3              // to decide, for the principal leader and for the police; to object; to hand over the articles
	crimeHours = 24 * time.Hour // to hand the case over, from the approval on
)

// AcceptDaysUsual is how many working days a receiver usually has to take a clue or to
// send it back: R97. Who sends may say otherwise.
const AcceptDaysUsual = 5

// A FollowClock is until when the next step of a follow-up is to be made. It is computed
// anew whenever it is shown, and nothing of it is stored.
type FollowClock struct {
	End         time.Time    // the moment from which it is late; zero if there is no term
	Day         workday.Date // the last day
	Hours       bool         // End counts to the minute
	Provisional bool         // it runs into a year whose holidays are not announced yet
	What        string       // what is to be done by then
}

// Overdue reports whether the term has run out at now.
func (c FollowClock) Overdue(now time.Time) bool { return !c.End.IsZero() && !now.Before(c.End) }

// Clock tells until when the next step is to be made: R97, R98.
func (f FollowUp) Clock(cal *workday.Calendar) FollowClock {
	switch f.State {
	case FollowOpen, FollowMended, FollowAccepted, FollowReturned, FollowAnswered:
		if f.Due.IsZero() {
			return FollowClock{}
		}
		return dayClock(f.Due, false, map[bool]string{true: "反馈办理结果", false: "办结"}[f.State == FollowAccepted])
	case FollowSent:
		due, provisional := cal.Add(f.From, f.AcceptDays)
		return dayClock(due, provisional, "受理或者退回")
	case FollowApproved:
		end := f.Since.Add(crimeHours)
		return FollowClock{End: end, Day: workday.On(end), Hours: true, What: "移送公安机关"}
	}
	what := map[FollowState]string{
		FollowReported: "决定是否移送", FollowReceived: "公安机关决定是否立案", FollowUnfiled: "提请复议或者办结",
		FollowObjected: "公安机关复议决定", FollowFiled: "移交涉案物品",
	}[f.State]
	if what == "" {
		return FollowClock{}
	}
	due, provisional := crimeDue(cal, f.From)
	return dayClock(due, provisional, what)
}

// crimeDue is the third day after from. Days of that regulation are calendar days; if
// the last is a day off, the term ends on the next working day: 民法典第二百零三条.
func crimeDue(cal *workday.Calendar, from workday.Date) (workday.Date, bool) {
	return cal.OnOrAfter(from.AddDays(crimeDays))
}

func dayClock(due workday.Date, provisional bool, what string) FollowClock {
	return FollowClock{End: due.AddDays(1).Start(), Day: due, Provisional: provisional, What: what}
}

// Late reports whether the follow-up waits for something whose term has run out.
func (f FollowUp) Late(cal *workday.Calendar, now time.Time) bool { return f.Clock(cal).Overdue(now) }
