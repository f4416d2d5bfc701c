package workday

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Year is the arrangement of the days off (放假安排) of one year, as the
// General Office of the State Council announced it.
type Year struct {
	Year   int
	Notice string // its number, as 国办发明电〔2025〕7号
	Days   []Day
}

// A Day is one line of an arrangement.
type Day struct {
	Date Date
	Make Make
	Name string // of the holiday: 春节
}

// Make says what an arrangement makes of a day.
type Make string

const (
	Off  Make = "休" // no work, whatever the weekday
	Work Make = "班" // work on a Saturday or Sunday (调休上班)
)

const (
	firstYear, lastYear = 2000, 2099
	maxName             = 20   // characters in a holiday's name
	maxNotice           = 200  // characters in a notice's number
	maxLines            = 5000 // lines in an upload
)

// ParseYears reads arrangements. A line with a year and the number of its
// notice begins an arrangement; a line for each of its days follows. Fields
// are set apart by tabs or spaces; empty lines and lines that begin with #
// are passed over:
//
//	2026	国办发明电〔2025〕7号
//	2026-01-01	休	元旦
//	2026-01-04	班	元旦
//
// It fails with a Fault at the first line it cannot use. The years it
// returns have passed Check.
func ParseYears(text string) ([]Year, error) {
	var years []Year
	var start []int // the line on which each year begins
	line := 0
	for content := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		if line++; line > maxLines {
			return nil, Fault{Line: line, Kind: TooLong}
		}
		fields := strings.Fields(content)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields[0]) == len("2026") {
			year, fault := parseHead(fields)
			if fault != nil {
				return nil, fault.at(line)
			}
			years, start = append(years, year), append(start, line)
			continue
		}
		day, fault := parseDay(fields)
		if fault == nil && len(years) == 0 {
			fault = &Fault{Kind: NoYear, Date: day.Date}
		}
		if fault != nil {
			return nil, fault.at(line)
		}
		last := &years[len(years)-1]
		last.Days = append(last.Days, day)
	}
	if len(years) == 0 {
		return nil, Fault{Kind: NoYear}
	}
	for i, year := range years {
		if fault := year.fault(); fault != nil {
			return nil, fault.at(start[i])
		}
	}
	return years, nil
}

func parseHead(fields []string) (Year, *Fault) {
	number, err := strconv.Atoi(fields[0])
	if err != nil || strconv.Itoa(number) != fields[0] {
		return Year{}, &Fault{Kind: BadLine}
	}
	return Year{Year: number, Notice: strings.Join(fields[1:], " ")}, nil
}

func parseDay(fields []string) (Day, *Fault) {
	if len(fields) != 3 {
		return Day{}, &Fault{Kind: BadLine}
	}
	date, err := Parse(fields[0])
	if err != nil {
		return Day{}, &Fault{Kind: BadLine}
	}
	return Day{Date: date, Make: Make(fields[1]), Name: fields[2]}, nil
}

// Check reports, as a Fault, the first thing about y that no notice would
// say. It does not demand that days off and make-up days balance: the Spring
// Festival of 2020 was made longer without.
func (y Year) Check() error {
	if fault := y.fault(); fault != nil {
		return *fault
	}
	return nil
}

func (y Year) fault() *Fault {
	if y.Year < firstYear || y.Year > lastYear {
		return &Fault{Kind: BadYear}
	}
	if !readable(y.Notice, maxNotice) {
		return &Fault{Kind: BadNotice}
	}
	off := map[Date]bool{}
	for _, day := range y.Days {
		if kind := y.kindOf(day); kind != "" {
			return &Fault{Kind: kind, Date: day.Date}
		}
		if _, twice := off[day.Date]; twice {
			return &Fault{Kind: Twice, Date: day.Date}
		}
		off[day.Date] = day.Make == Off
	}
	for _, must := range statutory(y.Year) {
		if !off[must] {
			return &Fault{Kind: Missing, Date: must}
		}
	}
	return nil
}

// kindOf says what is wrong with one day, and is empty if nothing is.
func (y Year) kindOf(day Day) FaultKind {
	late := day.Date.Year() == y.Year-1 && day.Date.Month() == time.December && day.Date.Day() >= firstLateDay
	weekend := day.Date.Weekday() == time.Saturday || day.Date.Weekday() == time.Sunday
	switch {
	case day.Date.Year() != y.Year && !late:
		return OtherYear
	case day.Make != Off && day.Make != Work:
		return BadMake
	case day.Make == Work && !weekend:
		return NotWeekend
	case !readable(day.Name, maxName):
		return BadName
	}
	return ""
}

// statutory returns the holidays that have a fixed date: 全国年节及纪念日放假办法
// 第二条. The others follow the moon.
func statutory(year int) []Date {
	days := []string{"01-01", "05-01", "10-01", "10-02", "10-03"}
	if year >= 2025 {
		days = append(days, "05-02") // 国务院令第795号 added it, and the eve of the Spring Festival
	}
	dates := make([]Date, len(days))
	for i, day := range days {
		dates[i] = MustParse(fmt.Sprintf("%04d-%s", year, day))
	}
	return dates
}

// readable reports whether a person can read text on a page.
func readable(text string, most int) bool {
	return strings.TrimSpace(text) != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// String returns y in the form that ParseYears reads, days in order.
func (y Year) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d\t%s\n", y.Year, y.Notice)
	days := slices.Clone(y.Days)
	slices.SortFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	for _, day := range days {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", day.Date, day.Make, day.Name)
	}
	return b.String()
}
