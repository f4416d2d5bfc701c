package inspect

import (
	"time"

	"suicha/internal/workday"
)

// ResultDays is how many working days there are for entry, approval and publication
// after a visit: R92, 海政办发〔2020〕2号 二(五)5.
const ResultDays = 20

// resultSoon is how many working days before its end a clock turns yellow.
const resultSoon = 5

// A Clock is the time that a result has. It is computed anew whenever it is shown, so
// that a calendar published later is right at once: R92.
type Clock struct {
	Due         workday.Date // the last day
	Left        int          // working days from today, negative if overdue; at its publication once it is public
	Provisional bool         // it runs into a year whose holidays are not announced yet
	Stopped     bool         // the result is public
}

// ResultDue is the last day for a result whose visit everybody had signed at ended, for
// the first time. The count begins on the day after: C5, 民法典第二百零一条.
func ResultDue(cal *workday.Calendar, ended time.Time) (due workday.Date, provisional bool) {
	return cal.Add(workday.On(ended), ResultDays)
}

// Clock tells how long the result has, or had.
func (r Result) Clock(cal *workday.Calendar, today workday.Date) (c Clock) {
	c.Due, c.Provisional = ResultDue(cal, r.Ended)
	if !r.PublishedAt.IsZero() {
		today, c.Stopped = workday.On(r.PublishedAt), true
	}
	c.Left, _ = cal.Left(today, c.Due)
	return c
}

// A Light is the colour of a clock. It never stands without its word.
type Light string

// The colours: R92.
const (
	LightGreen  Light = "green"
	LightYellow Light = "yellow"
	LightRed    Light = "red"
	LightNone   Light = "none" // in time, and done
)

// Lights lists the colours in the order of filters.
var Lights = []Choice{{string(LightRed), "已逾期"}, {string(LightYellow), "五个工作日内到期"}, {string(LightGreen), "期限内"}}

// Light is the clock's colour.
func (c Clock) Light() Light {
	switch {
	case c.Left < 0:
		return LightRed
	case c.Stopped:
		return LightNone
	case c.Left <= resultSoon:
		return LightYellow
	}
	return LightGreen
}

// Overdue reports whether the result was, or is, not public on its last day.
func (c Clock) Overdue() bool { return c.Left < 0 }

// EndedBefore is the first day on which a result may have ended whose clock has at
// least left working days on today: those that ended before it have less. So a list
// can be narrowed by the day that is stored.
func EndedBefore(cal *workday.Calendar, today workday.Date, left int) workday.Date {
	day := today.AddDays(-3 * ResultDays) // long over, whatever the holidays
	for {
		due, _ := cal.Add(day, ResultDays)
		if n, _ := cal.Left(today, due); n >= left {
			return day
		}
		day = day.AddDays(1)
	}
}

// LightDays are the days on which a result has ended that has this colour today, if it
// is not public yet: from, and until the day before until. Zero is open.
func LightDays(cal *workday.Calendar, today workday.Date, light Light) (from, until workday.Date) {
	red, yellow := EndedBefore(cal, today, 0), EndedBefore(cal, today, resultSoon+1)
	switch light {
	case LightRed:
		return workday.Date{}, red
	case LightYellow:
		return red, yellow
	case LightGreen:
		return yellow, workday.Date{}
	}
	return workday.Date{}, workday.Date{}
}
