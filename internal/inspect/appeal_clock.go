package inspect

import "suicha/internal/workday"

// appealTerms are the working days of an appeal's steps: to take it up, to decide on it
// and, if an objection is right, to correct the publication. C19.
var appealTerms = map[AppealKind]struct{ take, decide, correct int }{
	AppealObjection: {5, 15, 5},
	AppealReply:     {5, 10, 0},
	AppealRepairing: {2, 15, 0},
}

// AppealTerms tells the public until when each step is made, in working days.
func AppealTerms(kind AppealKind) (take, decide, correct int) {
	t := appealTerms[kind]
	return t.take, t.decide, t.correct
}

// AskDaysUsual is how many working days somebody usually has to complete an appeal.
const AskDaysUsual = 10

// Clock tells until when the next step is to be made. It is computed anew whenever it is
// shown. The count begins on the day after the last step: 民法典第二百零一条.
func (a Appeal) Clock(cal *workday.Calendar) FollowClock {
	t := appealTerms[a.Kind]
	days, what := 0, ""
	switch a.State {
	case AppealReceived:
		days, what = t.take, "决定是否受理"
	case AppealIncomplete:
		days, what = a.AskDays, "申请人补正"
	case AppealAccepted:
		days, what = t.decide, "核实并作出决定"
	case AppealUpheld:
		days, what = t.correct, "更正公示信息"
	default:
		return FollowClock{}
	}
	due, provisional := cal.Add(workday.On(a.Since), days)
	return dayClock(due, provisional, what)
}
