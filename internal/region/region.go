// Package region names administrative divisions by their codes (GB/T 2260): the
// provinces of China, and the prefectures and counties of Shandong with their
// changes since 2000.
//
// Codes are taken away and given again when divisions are reorganised, but
// credit codes keep the old ones for ever. So a division has a time, and
// [Find] asks for a day; [Today] follows an old code to the division that
// stands in its place now; [Nearest] names whatever is left of a code that
// the table does not have, such as that of a development zone's registering
// office. Start with [Find] and [Today].
package region

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Day is a civil date as 2006-01-02; workday.Date writes itself so. The
// empty Day means the present: the newest state of the table.
type Day string

// A Division is a name that a code had from one day until another.
type Division struct {
	Code      string
	Name      string
	From      Day    // the first day; empty if the division is older than the table
	To        Day    // the first day on which it was no more; empty today
	Successor string // the code of the division that took its place; empty today
	Source    string // where the line comes from
}

// A Level is the rank of a division.
type Level int

const (
	Nation Level = iota
	Province
	Prefecture
	County
)

// Level returns the rank of d, which its code shows.
func (d Division) Level() Level { return level(d.Code) }

func level(code string) Level {
	switch {
	case code == nation:
		return Nation
	case strings.HasSuffix(code, "0000"):
		return Province
	case strings.HasSuffix(code, "00"):
		return Prefecture
	}
	return County
}

// nation is used in credit codes by the registering offices of the State.
const nation = "100000"

// Exists reports whether d is a division on day.
func (d Division) Exists(day Day) bool {
	if day == "" {
		return d.To == ""
	}
	return d.From <= day && (d.To == "" || day < d.To)
}

//go:embed divisions.tsv
var divisions string

// table holds the divisions in the order of their codes and times.
var table = sync.OnceValue(func() []Division {
	var all []Division
	for line := range strings.Lines(divisions) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 6 {
			panic(fmt.Sprintf("region: the built-in table has the line %q", line))
		}
		all = append(all, Division{f[0], f[1], Day(f[2]), Day(f[3]), f[4], f[5]})
	}
	return all
})

// History returns every division that code ever named, the oldest first.
func History(code string) []Division {
	all := table()
	from, _ := slices.BinarySearchFunc(all, code, func(d Division, code string) int { return cmp.Compare(d.Code, code) })
	to := from
	for to < len(all) && all[to].Code == code {
		to++
	}
	return slices.Clone(all[from:to])
}

// Find returns the division that code named on day.
func Find(code string, day Day) (Division, bool) {
	for _, d := range History(code) {
		if d.Exists(day) {
			return d, true
		}
	}
	return Division{}, false
}

// Last returns the division that code named last, whether or not it still
// exists. It is what a credit code's region is to be called.
func Last(code string) (Division, bool) {
	all := History(code)
	if len(all) == 0 {
		return Division{}, false
	}
	return all[len(all)-1], true
}

// Today returns the division of today that stands in the place of code: code's
// own if it still exists, and otherwise its successor's successor, to the end.
func Today(code string) (Division, bool) {
	d, ok := Last(code)
	for ok && d.To != "" {
		d, ok = Last(d.Successor)
	}
	return d, ok
}

// Nearest returns the division that code named last, or if the table does not
// have it, the prefecture or else the province that it lies in.
func Nearest(code string) (Division, bool) {
	if !wellFormed(code) {
		return Division{}, false
	}
	for _, candidate := range []string{code, code[:4] + "00", code[:2] + "0000"} {
		if d, ok := Last(candidate); ok {
			return d, true
		}
	}
	return Division{}, false
}

// Parent returns the division on day that code lies in: of a county its
// prefecture, of a prefecture its province. Provinces have none.
func Parent(code string, day Day) (Division, bool) {
	if !wellFormed(code) {
		return Division{}, false
	}
	switch level(code) {
	case County:
		if d, ok := Find(code[:4]+"00", day); ok {
			return d, true
		}
		return Find(code[:2]+"0000", day)
	case Prefecture:
		return Find(code[:2]+"0000", day)
	}
	return Division{}, false
}

// Children returns the divisions directly below code on day, by code. Below
// the empty code are the provinces.
func Children(code string, day Day) []Division {
	var below []Division
	for _, d := range table() {
		if !d.Exists(day) {
			continue
		}
		parent, ok := Parent(d.Code, day)
		if code == "" && d.Level() == Province || ok && parent.Code == code {
			below = append(below, d)
		}
	}
	return below
}

// FullName returns the names from the province down, as 山东省烟台市海阳市, of
// the division that code named on day. It is empty if there was none.
func FullName(code string, day Day) string {
	d, ok := Find(code, day)
	name := ""
	for ok {
		name = d.Name + name
		d, ok = Parent(d.Code, day)
	}
	return name
}

// Within reports whether the division of code lies in the one of area or is
// that one, by their codes: 370687 lies within 370600 and 370000.
func Within(code, area string) bool {
	if !wellFormed(code) || !wellFormed(area) {
		return false
	}
	switch level(area) {
	case Nation:
		return true
	case Province:
		return code[:2] == area[:2]
	case Prefecture:
		return code[:4] == area[:4]
	}
	return code == area
}

func wellFormed(code string) bool { return len(code) == 6 && strings.Trim(code, "0123456789") == "" }
