package workday

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for _, test := range []struct {
		text    string
		weekday time.Weekday
		short   string
		full    string
	}{
		{"2026-11-24", time.Tuesday, "11月24日（周二）", "2026年11月24日（周二）"},
		{"2026-01-04", time.Sunday, "1月4日（周日）", "2026年1月4日（周日）"},
		{"2000-02-29", time.Tuesday, "2月29日（周二）", "2000年2月29日（周二）"},
		{"1970-01-01", time.Thursday, "1月1日（周四）", "1970年1月1日（周四）"},
		{"0001-01-01", time.Monday, "1月1日（周一）", "1年1月1日（周一）"},
		{"9999-12-31", time.Friday, "12月31日（周五）", "9999年12月31日（周五）"},
	} {
		d, err := Parse(test.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", test.text, err)
			continue
		}
		if got := d.String(); got != test.text {
			t.Errorf("%s is written %s", test.text, got)
		}
		if got := d.Weekday(); got != test.weekday {
			t.Errorf("%s is a %s, want %s", d, got, test.weekday)
		}
		if got := d.Short(); got != test.short {
			t.Errorf("%s: short %s, want %s", d, got, test.short)
		}
		if got := d.Full(); got != test.full {
			t.Errorf("%s: full %s, want %s", d, got, test.full)
		}
		if again, err := New(d.Year(), d.Month(), d.Day()); err != nil || again != d {
			t.Errorf("New(%s) = %s, %v", d, again, err)
		}
		if got := On(d.Start()); got != d {
			t.Errorf("%s begins on %s", d, got)
		}
	}
}

func TestOtherTextsAreNotDates(t *testing.T) {
	for _, text := range []string{
		"", "2026", "2026-1-1", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026/01/01",
		"２０２６-01-01", " 2026-01-01", "2026-01-01T00:00:00Z", "-026-01-01", "2026-01-0\x00", "\xff\xfe26-01-01",
	} {
		if d, err := Parse(text); err == nil || !d.IsZero() {
			t.Errorf("Parse(%q) = %s, %v", text, d, err)
		}
	}
	for _, year := range []int{0, -1, 10000} {
		if d, err := New(year, time.January, 1); err == nil {
			t.Errorf("New(%d) = %s", year, d)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("MustParse took a text that is no date")
		}
	}()
	MustParse("tomorrow")
}

func TestNoDate(t *testing.T) {
	var none Date
	if !none.IsZero() || none.Year() != 0 || none.Month() != 0 || none.Day() != 0 || !none.Start().IsZero() ||
		none.String() != "" || none.Short() != "" || none.Long() != "" || none.Full() != "" || !none.AddDays(1).IsZero() {
		t.Error("the zero Date is not no date")
	}
	d := MustParse("2026-03-02")
	if !none.Before(d) || !d.After(none) || none.Compare(d) != -1 || d.Compare(none) != 1 || d.Compare(d) != 0 {
		t.Error("no date is not before a date")
	}
	if got := On(time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)); !got.IsZero() {
		t.Errorf("the year 20000 gives %s", got)
	}
}

func TestDatesAddAndSubtract(t *testing.T) {
	for _, test := range []struct {
		from, want string
		days       int
	}{
		{"2026-02-28", "2026-03-01", 1},
		{"2024-02-28", "2024-02-29", 1},
		{"2026-01-01", "2025-12-31", -1},
		{"2026-01-01", "2027-01-01", 365},
		{"9999-12-31", "", 1},
		{"0001-01-01", "", -1},
		{"2026-01-01", "", 1 << 40},
		{"2026-01-01", "", -1 << 62},
	} {
		from := MustParse(test.from)
		got := from.AddDays(test.days)
		if got.String() != test.want {
			t.Errorf("%s + %d days = %s, want %s", from, test.days, got, test.want)
		}
		if !got.IsZero() && got.DaysSince(from) != test.days {
			t.Errorf("from %s to %s are %d days, want %d", from, got, got.DaysSince(from), test.days)
		}
	}
}

// The day of the law is the day in Beijing, wherever the server stands.
func TestTheDayIsTheDayInBeijing(t *testing.T) {
	for _, test := range []struct{ instant, want string }{
		{"2026-03-01T15:59:59Z", "2026-03-01"},
		{"2026-03-01T16:00:00Z", "2026-03-02"},
		{"2026-03-01T20:00:00-05:00", "2026-03-02"},
		{"2026-03-02T00:00:00+08:00", "2026-03-02"},
	} {
		instant, err := time.Parse(time.RFC3339, test.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := On(instant).String(); got != test.want {
			t.Errorf("%s is on %s, want %s", test.instant, got, test.want)
		}
	}
}

func TestDatesTravelAsText(t *testing.T) {
	type deadline struct {
		Due  Date          `json:"due"`
		Done Date          `json:"done"`
		By   map[Date]bool `json:"by"`
	}
	in := deadline{Due: MustParse("2026-03-02"), By: map[Date]bool{MustParse("2026-03-03"): true}}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"due":"2026-03-02","done":"","by":{"2026-03-03":true}}`; string(data) != want {
		t.Errorf("written %s, want %s", data, want)
	}
	var out deadline
	if err := json.Unmarshal(data, &out); err != nil || out.Due != in.Due || !out.Done.IsZero() || !out.By[MustParse("2026-03-03")] {
		t.Errorf("read %+v, %v", out, err)
	}
	for _, bad := range []string{`{"due":"2026-3-2"}`, `{"due":20260302}`, `{"due":"2026-02-30"}`} {
		if err := json.Unmarshal([]byte(bad), &out); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestWeekdayNames(t *testing.T) {
	var short, full string
	for w := time.Weekday(-1); w <= 7; w++ {
		short += WeekdayName(w)
		full += WeekdayFullName(w)
	}
	if short != "周日周一周二周三周四周五周六" || full != "星期日星期一星期二星期三星期四星期五星期六" {
		t.Errorf("%s %s", short, full)
	}
}

// The whole of the announced years: the number of working days, and every
// make-up day.
func TestAnnouncedYears(t *testing.T) {
	cal := Official()
	for _, test := range []struct {
		year, workdays int
		makeUp         string
	}{
		{2019, 250, "[02-02 02-03 04-28 05-05 09-29 10-12]"},
		{2020, 249, "[01-19 04-26 05-09 06-28 09-27 10-10]"},
		{2021, 250, "[02-07 02-20 04-25 05-08 09-18 09-26 10-09]"},
		{2022, 249, "[01-29 01-30 04-02 04-24 05-07 10-08 10-09]"},
		{2023, 249, "[01-28 01-29 04-23 05-06 06-25 10-07 10-08]"},
		{2024, 251, "[02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12]"},
		{2025, 248, "[01-26 02-08 04-27 09-28 10-11]"},
		{2026, 248, "[01-04 02-14 02-28 05-09 09-20 10-10]"},
	} {
		n, provisional := cal.Workdays(test.year)
		if n != test.workdays || provisional {
			t.Errorf("%d has %d working days (provisional: %t), want %d", test.year, n, provisional, test.workdays)
		}
		year, ok := cal.Year(test.year)
		if !ok || year.Notice == "" {
			t.Errorf("%d is not announced", test.year)
		}
		var makeUp []string
		for _, day := range year.Days {
			if day.Make == Work && day.Date.Year() == test.year {
				makeUp = append(makeUp, day.Date.String()[5:])
			}
		}
		slices.Sort(makeUp)
		if got := fmt.Sprint(makeUp); got != test.makeUp {
			t.Errorf("make-up days of %d are %s, want %s", test.year, got, test.makeUp)
		}
	}
	if got := fmt.Sprint(cal.Years()); got != "[2019 2020 2021 2022 2023 2024 2025 2026]" {
		t.Errorf("announced years: %s", got)
	}
}

// Years whose holidays were arranged a second time, and days at the edges.
func TestSingleDays(t *testing.T) {
	cal := Official()
	for _, test := range []struct {
		day  string
		work bool
		name string
	}{
		{"2018-12-29", true, "元旦"}, // by the notice of 2019
		{"2018-12-31", false, "元旦"},
		{"2019-05-02", false, "劳动节"}, // the second notice of 2019
		{"2019-05-05", true, "劳动节"},
		{"2020-01-31", false, "春节"}, // the epidemic
		{"2020-02-01", false, "春节"},
		{"2020-02-03", true, ""},
		{"2022-12-31", false, "元旦"},
		{"2023-10-06", false, "国庆节"},
		{"2024-06-10", false, "端午"},
		{"2025-02-04", false, "春节"},
		{"2025-10-08", false, "国庆节"},
		{"2026-02-14", true, "春节"},
		{"2026-02-23", false, "春节"},
		{"2026-02-24", true, ""},
		{"2026-11-22", false, ""},
		{"2026-11-23", true, ""},
		{"2027-01-01", true, ""}, // not announced: a Friday like any other, provisionally
	} {
		d := MustParse(test.day)
		if got := cal.IsWorkday(d); got != test.work {
			t.Errorf("%s is a working day: %t, want %t", d, got, test.work)
		}
		if day, _ := cal.Special(d); day.Name != test.name {
			t.Errorf("%s is called %q, want %q", d, day.Name, test.name)
		}
	}
	if cal.IsWorkday(Date{}) {
		t.Error("no date is a working day")
	}
}

func TestDeadlines(t *testing.T) {
	cal := Official()
	for _, test := range []struct {
		from, want  string
		days        int
		provisional bool
	}{
		{"2025-01-17", "2025-02-20", 20, false},
		{"2025-09-26", "2025-10-30", 20, false},
		{"2026-01-30", "2026-03-05", 20, false},
		{"2026-02-13", "2026-03-19", 20, false},
		{"2026-04-30", "2026-06-01", 20, false},
		{"2026-09-18", "2026-10-22", 20, false},
		{"2026-03-02", "2026-03-09", 5, false},
		{"2026-02-13", "2026-02-27", 5, false}, // the 14th is a make-up Saturday, the 15th to 23rd are Spring Festival
		{"2026-02-20", "2026-02-24", 1, false}, // from a day off
		{"2026-02-20", "2026-02-20", 0, false}, // no days: the same day
		{"2026-02-24", "2026-02-14", -1, false},
		{"2026-03-09", "2026-03-02", -5, false},
		{"2025-12-25", "2026-01-04", 5, false},  // both years announced, the 4th a make-up Sunday
		{"2026-11-24", "2026-12-22", 20, false}, // ends before the days that the next notice may move
		{"2026-12-23", "2026-12-25", 2, true},   // ends on one of them
		{"2026-12-11", "2027-01-08", 20, true},
		{"2027-06-01", "2027-06-08", 5, true},
		{"9999-12-30", "", 5, true},
	} {
		got, provisional := cal.Add(MustParse(test.from), test.days)
		if got.String() != test.want || provisional != test.provisional {
			t.Errorf("%s + %d working days = %s (provisional: %t), want %s (%t)",
				test.from, test.days, got, provisional, test.want, test.provisional)
		}
	}
}

func TestTimeLeft(t *testing.T) {
	cal := Official()
	for _, test := range []struct {
		today, due string
		want       int
	}{
		{"2026-03-02", "2026-03-09", 5},
		{"2026-03-08", "2026-03-09", 1},
		{"2026-03-09", "2026-03-09", 0},
		{"2026-03-10", "2026-03-09", -1},
		{"2026-03-13", "2026-03-06", -5},
		{"2026-03-07", "2026-03-06", -1}, // a Saturday after the Friday it was due on
		{"2026-03-08", "2026-03-06", -1},
		{"2026-03-09", "2026-03-06", -1},
		{"2026-02-13", "2026-02-27", 5},
		{"2026-02-16", "2026-02-14", -1}, // due on a make-up Saturday, now Spring Festival
		{"", "2026-02-27", 0},
		{"2026-02-13", "", 0},
	} {
		var today, due Date
		if test.today != "" {
			today = MustParse(test.today)
		}
		if test.due != "" {
			due = MustParse(test.due)
		}
		if got, provisional := cal.Left(today, due); got != test.want || provisional {
			t.Errorf("on %s, %d working days are left until %s (provisional: %t), want %d", today, got, due, provisional, test.want)
		}
	}
	for _, test := range []struct{ today, due string }{{"2026-12-21", "2027-01-08"}, {"2027-01-08", "2026-12-21"}} {
		if _, provisional := cal.Left(MustParse(test.today), MustParse(test.due)); !provisional {
			t.Errorf("from %s to %s is settled before the notice of 2027", test.today, test.due)
		}
	}
}

// Whatever Add counts, Between counts back.
func TestBetweenUndoesAdd(t *testing.T) {
	cal := Official()
	for from := MustParse("2024-12-01"); from.Before(MustParse("2026-10-01")); from = from.AddDays(1) {
		for _, n := range []int{1, 2, 3, 5, 10, 20, 60} {
			due, _ := cal.Add(from, n)
			if !cal.IsWorkday(due) {
				t.Fatalf("%s + %d working days is %s, a day off", from, n, due)
			}
			if got, _ := cal.Between(from, due); got != n {
				t.Fatalf("from %s to %s are %d working days, want %d", from, due, got, n)
			}
			if got, _ := cal.Between(due, from); got != -n {
				t.Fatalf("from %s back to %s are %d working days, want %d", due, from, got, -n)
			}
		}
	}
}

func TestAPeriodThatEndsOnADayOffEndsOnTheNextWorkday(t *testing.T) {
	cal := Official()
	for _, test := range []struct {
		day, want   string
		provisional bool
	}{
		{"2026-01-20", "2026-01-20", false},
		{"2026-02-15", "2026-02-24", false},
		{"2026-02-14", "2026-02-14", false},
		{"2026-10-01", "2026-10-08", false},
		{"2027-01-20", "2027-01-20", true},
		{"9999-12-31", "9999-12-31", true},
	} {
		if got, provisional := cal.OnOrAfter(MustParse(test.day)); got.String() != test.want || provisional != test.provisional {
			t.Errorf("%s or after: %s (%t), want %s (%t)", test.day, got, provisional, test.want, test.provisional)
		}
	}
	if got, _ := cal.OnOrAfter(Date{}); !got.IsZero() {
		t.Errorf("no date or after: %s", got)
	}
}
