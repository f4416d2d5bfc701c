package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"suicha/internal/workday"
)

// calendarTable makes the table of days off and make-up days of every year in
// notices, from the package chinese-days. The days of the package and the
// days that notices.go states from the notices themselves must be the same.
func calendarTable(dir string) (string, error) {
	version, err := packageVersion(dir, "chinese-days")
	if err != nil {
		return "", err
	}
	var days struct{ Holidays, Workdays map[string]string }
	if err := readJSON(filepath.Join(dir, "dist", "chinese-days.json"), &days); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Days off (休) and make-up working days (班) of mainland China.\n"+
		"# Made by tools/refdata from the package chinese-days %s; do not edit.\n", version)
	for _, notice := range notices {
		year, err := arrangement(notice, days.Holidays, days.Workdays)
		if err != nil {
			return "", err
		}
		b.WriteString(year.String())
	}
	if newest := notices[len(notices)-1].year + 1; hasYear(days.Holidays, newest) {
		return "", fmt.Errorf("the package already has %d: add its notice to notices.go", newest)
	}
	return b.String(), nil
}

// arrangement takes one year out of the package and compares it with the notice.
func arrangement(n notice, off, work map[string]string) (workday.Year, error) {
	year := workday.Year{Year: n.year, Notice: n.number}
	for _, part := range []struct {
		days map[string]string
		make workday.Make
	}{{off, workday.Off}, {work, workday.Work}} {
		for _, day := range slices.Sorted(maps.Keys(part.days)) {
			date, err := workday.Parse(day)
			if err != nil {
				return year, err
			}
			if date.AddDays(7).Year() != n.year { // the last week of December belongs to New Year's Day
				continue
			}
			_, name, _ := strings.Cut(part.days[day], ",") // "Spring Festival,春节,4"
			name, _, _ = strings.Cut(name, ",")
			year.Days = append(year.Days, workday.Day{Date: date, Make: part.make, Name: name})
		}
	}
	if err := year.Check(); err != nil {
		return year, err
	}
	return year, compare(n, year)
}

// compare reports every day on which the package and the notice differ.
func compare(n notice, year workday.Year) error {
	stated := map[workday.Date]workday.Make{}
	for _, span := range n.off {
		from, to, _ := strings.Cut(span, "~")
		last := date(n.year, to)
		for d := date(n.year, from); !d.After(last); d = d.AddDays(1) {
			stated[d] = workday.Off
		}
	}
	for _, day := range n.work {
		stated[date(n.year, day)] = workday.Work
	}
	var wrong []string
	for _, day := range year.Days {
		if stated[day.Date] != day.Make {
			wrong = append(wrong, fmt.Sprintf("%s is %q in the package, %q in the notice", day.Date, day.Make, stated[day.Date]))
		}
		delete(stated, day.Date)
	}
	for d, kind := range stated {
		wrong = append(wrong, fmt.Sprintf("%s is %q in the notice, absent from the package", d, kind))
	}
	if wrong != nil {
		slices.Sort(wrong)
		return fmt.Errorf("%d: package and notice differ: %s", n.year, strings.Join(wrong, "; "))
	}
	return nil
}

// date reads a day of the year written as 05-01, or a whole date.
func date(year int, day string) workday.Date {
	if len(day) == len("05-01") {
		day = fmt.Sprintf("%d-%s", year, day)
	}
	return workday.MustParse(day)
}

func hasYear(days map[string]string, year int) bool {
	for day := range days {
		if strings.HasPrefix(day, fmt.Sprint(year)) {
			return true
		}
	}
	return false
}
