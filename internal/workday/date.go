// Package workday knows civil dates and the working days (工作日) of mainland
// China: the days off and the make-up working days (调休) that the General
// Office of the State Council announces each year, and deadlines counted in
// them.
//
// Start with [Calendar]: [Official] has the announced years built in, Add
// finds a deadline, Left says how much of it remains, and With takes up the
// arrangement of a further year. [Date] is the day itself, without a clock
// and without a time zone; the dates of the law are Dates, not instants.
//
// The package is pure: it reads no clock. A year that has not been announced
// counts Monday to Friday, and every answer that leans on such a year says
// that it is provisional.
package workday

import (
	"errors"
	"fmt"
	"time"
)

// A Date is one day of the civil calendar, from 0001-01-01 to 9999-12-31.
// Dates compare with == and are good map keys. The zero Date is no date.
type Date struct {
	day int32 // 1 is 0001-01-01, 0 is no date
}

// ErrDate is the error of a text that is not a date.
var ErrDate = errors.New("workday: not a date of the form 2006-01-02")

// Beijing is the one time zone of China. It has had no summer time since
// 1992, so a fixed zone is exact and needs no zone database.
var Beijing = time.FixedZone("CST", 8*60*60)

const (
	secondsPerDay = 24 * 60 * 60
	lastDay       = 3652059 // 9999-12-31
)

// New returns the date of year, month and day. It fails with ErrDate if there
// is no such day, as on the 30th of February.
func New(year int, month time.Month, day int) (Date, error) {
	if year < 1 || year > 9999 {
		return Date{}, fmt.Errorf("%w: year %d", ErrDate, year)
	}
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || t.Month() != month || t.Day() != day {
		return Date{}, fmt.Errorf("%w: %d-%d-%d", ErrDate, year, int(month), day)
	}
	return fromUTC(t), nil
}

// On returns the date in China at the instant t, whatever zone t is in.
func On(t time.Time) Date {
	y, m, d := t.In(Beijing).Date()
	date, err := New(y, m, d)
	if err != nil {
		return Date{}
	}
	return date
}

// Parse reads a date of the form 2006-01-02 and no other.
func Parse(s string) (Date, error) {
	if len(s) != len(time.DateOnly) {
		return Date{}, fmt.Errorf("%w: %.20q", ErrDate, s)
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("%w: %.20q", ErrDate, s)
	}
	return fromUTC(t), nil
}

// MustParse is Parse for dates written in the program. It panics on others.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d.day == 0 }

// Year returns the year of d, and 0 for no date.
func (d Date) Year() int {
	if d.IsZero() {
		return 0
	}
	return d.utc().Year()
}

// Month returns the month of d, and 0 for no date.
func (d Date) Month() time.Month {
	if d.IsZero() {
		return 0
	}
	return d.utc().Month()
}

// Day returns the day of the month, and 0 for no date.
func (d Date) Day() int {
	if d.IsZero() {
		return 0
	}
	return d.utc().Day()
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(d.day % 7) } // day 7, 0001-01-07, was a Sunday

// AddDays returns the date n days after d, or before it if n is negative. No
// date stays no date, and so does a result outside the years 1 to 9999.
func (d Date) AddDays(n int) Date {
	if d.IsZero() || n < -lastDay || n > lastDay {
		return Date{}
	}
	if n += int(d.day); n < 1 || n > lastDay {
		return Date{}
	}
	return Date{int32(n)}
}

// DaysSince returns the number of days from e to d.
func (d Date) DaysSince(e Date) int { return int(d.day) - int(e.day) }

// Before reports whether d is earlier than e. No date is before every date.
func (d Date) Before(e Date) bool { return d.day < e.day }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.day > e.day }

// Compare is -1, 0 or +1 as d is before, equal to or after e, as the sorting
// functions want it.
func (d Date) Compare(e Date) int {
	switch {
	case d.day < e.day:
		return -1
	case d.day > e.day:
		return 1
	}
	return 0
}

// Start returns the instant at which d begins in China.
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, Beijing)
}

// String returns d as 2006-01-02, and the empty text for no date. Dates of
// this form sort as texts.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText writes d as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; the empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	date, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = date
	return nil
}

// unixOfDay0 is the Unix time of the day before 0001-01-01.
const unixOfDay0 = -62135596800 - secondsPerDay

func fromUTC(t time.Time) Date { return Date{int32((t.Unix() - unixOfDay0) / secondsPerDay)} }

func (d Date) utc() time.Time { return time.Unix(unixOfDay0+int64(d.day)*secondsPerDay, 0).UTC() }
