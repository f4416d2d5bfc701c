package workday

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Calendar tells working days from days off. It never changes once made and
// may be shared; With returns another one.
//
// The rule: a working day is Monday to Friday, minus the days off of the
// yearly notice, plus its make-up days. 全国年节及纪念日放假办法 (国务院令第795号)
// and the notices (国办发明电) that Year.Notice names.
type Calendar struct {
	years map[int]Year
	days  map[Date]Day
}

//go:embed calendar.tsv
var official string

// Official returns the calendar with the years that are built in. It panics
// if the built-in table is broken, which the tests exclude.
var Official = sync.OnceValue(func() *Calendar {
	years, err := ParseYears(official)
	if err != nil {
		panic(fmt.Errorf("read the built-in calendar: %w", err))
	}
	cal := &Calendar{}
	for _, year := range years {
		if cal, err = cal.With(year); err != nil {
			panic(fmt.Errorf("read the built-in calendar: %w", err))
		}
	}
	return cal
})

// With returns a calendar that also knows year, in place of what c knew of
// that year. It fails with a Fault if the arrangement is not believable.
func (c *Calendar) With(year Year) (*Calendar, error) {
	if err := year.Check(); err != nil {
		return nil, err
	}
	next := &Calendar{years: map[int]Year{}, days: map[Date]Day{}}
	maps.Copy(next.years, c.years)
	year.Days = slices.Clone(year.Days)
	next.years[year.Year] = year
	for _, number := range next.Years() {
		for _, day := range next.years[number].Days {
			next.days[day.Date] = day // a later notice may speak of the last days of the year before
		}
	}
	return next, nil
}

// Years returns the announced years in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Year returns the arrangement of an announced year.
func (c *Calendar) Year(number int) (Year, bool) {
	year, ok := c.years[number]
	year.Days = slices.Clone(year.Days)
	return year, ok
}

// Special returns what the notices say of d: a day off or a make-up day, with
// its name. The other days are ordinary.
func (c *Calendar) Special(d Date) (Day, bool) {
	day, ok := c.days[d]
	return day, ok
}

// IsWorkday reports whether d is a working day, as far as is known today.
// Settled says whether that can still change.
func (c *Calendar) IsWorkday(d Date) bool {
	if d.IsZero() {
		return false
	}
	if day, ok := c.days[d]; ok {
		return day.Make == Work
	}
	w := d.Weekday()
	return w != time.Saturday && w != time.Sunday
}

// Settled reports whether the notice that decides on d is known. That is the
// notice of its year, and from 25 December the next year's too: the notice of
// 2019 made 29 December 2018 a working day and 31 December a day off.
func (c *Calendar) Settled(d Date) bool {
	_, this := c.years[d.Year()]
	if d.Month() == time.December && d.Day() >= firstLateDay {
		_, next := c.years[d.Year()+1]
		return this && next
	}
	return this
}

// firstLateDay is the day of December from which New Year's Day of the next
// year may move working days.
const firstLateDay = 25

// Add returns the n-th working day after from. The count begins on the day
// after: 民法典第二百零一条. With a negative n it counts back from the day
// before, and with 0 it returns from itself. The answer is provisional if the
// count went over days that are not settled; it must be made anew when the
// notice comes.
func (c *Calendar) Add(from Date, n int) (due Date, provisional bool) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n != 0 && !from.IsZero() {
		from = from.AddDays(step)
		provisional = provisional || !c.Settled(from)
		if c.IsWorkday(from) {
			n--
		}
	}
	return from, provisional
}

// Between returns the number of working days after from, up to and including
// to. It is negative if to is before from.
func (c *Calendar) Between(from, to Date) (n int, provisional bool) {
	if from.IsZero() || to.IsZero() {
		return 0, false
	}
	if to.Before(from) {
		n, provisional = c.Between(to, from)
		return -n, provisional
	}
	for d := from.AddDays(1); !d.IsZero() && !d.After(to); d = d.AddDays(1) {
		provisional = provisional || !c.Settled(d)
		if c.IsWorkday(d) {
			n++
		}
	}
	return n, provisional
}

// Left returns the working days that remain on today until the end of due: 0
// on the last day, and negative as soon as due is over. Overdue days are
// working days too; a day off that follows due counts as the working day
// after it, so that lateness never reads as 0.
func (c *Calendar) Left(today, due Date) (n int, provisional bool) {
	if !today.After(due) || due.IsZero() {
		return c.Between(today, due)
	}
	today, unsettled := c.OnOrAfter(today)
	n, provisional = c.Between(today, due)
	return n, provisional || unsettled
}

// OnOrAfter returns the first working day that is not before d. A period of
// calendar days whose last day is a day off ends there:
// 民法典第二百零三条.
func (c *Calendar) OnOrAfter(d Date) (_ Date, provisional bool) {
	for !d.IsZero() {
		provisional = provisional || !c.Settled(d)
		if c.IsWorkday(d) {
			break
		}
		d = d.AddDays(1)
	}
	return d, provisional
}

// Workdays returns the number of working days in a year. It is provisional
// if the year is not announced.
func (c *Calendar) Workdays(year int) (n int, provisional bool) {
	first, err := New(year, time.January, 1)
	if err != nil {
		return 0, true
	}
	for d := first; d.Year() == year; d = d.AddDays(1) {
		if c.IsWorkday(d) {
			n++
		}
	}
	_, announced := c.years[year]
	return n, !announced
}
