package workday

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// An arrangement that was never announced, with the days a notice must have.
const invented = `# 样例
2027 国办发明电〔2026〕99号

2026-12-26	班	元旦
2027-01-01	休	元旦
2027-01-02	休	元旦
2027-05-01	休	劳动节
2027-05-02	休	劳动节
2027-05-03	休	劳动节
2027-05-08	班	劳动节
2027-10-01	休	国庆节
2027-10-02	休	国庆节
2027-10-03	休	国庆节
`

func TestAFurtherYearSettlesItsDeadlines(t *testing.T) {
	before := Official()
	years, err := ParseYears(invented)
	if err != nil {
		t.Fatal(err)
	}
	after, err := before.With(years[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		from, before, after string
		days                int
	}{
		{"2027-04-28", "2027-05-04", "2027-05-05", 4},
		{"2026-12-24", "2026-12-28", "2026-12-26", 2}, // the notice of 2027 speaks of December 2026
		{"2026-12-30", "2027-01-01", "2027-01-04", 2},
	} {
		from := MustParse(test.from)
		if got, provisional := before.Add(from, test.days); got.String() != test.before || !provisional {
			t.Errorf("before the notice, %s + %d = %s (provisional: %t), want %s", from, test.days, got, provisional, test.before)
		}
		if got, provisional := after.Add(from, test.days); got.String() != test.after || provisional {
			t.Errorf("after the notice, %s + %d = %s (provisional: %t), want %s", from, test.days, got, provisional, test.after)
		}
	}
	if n, provisional := after.Workdays(2027); n != 259 || provisional {
		t.Errorf("2027 has %d working days (provisional: %t)", n, provisional)
	}
	if n, provisional := before.Workdays(2027); n != 261 || !provisional {
		t.Errorf("before the notice, 2027 has %d working days (provisional: %t)", n, provisional)
	}
	if n, provisional := before.Workdays(10000); n != 0 || !provisional {
		t.Errorf("the year 10000 has %d working days (provisional: %t)", n, provisional)
	}
}

// A calendar is shared by all requests, so a new year must not touch it.
func TestCalendarsDoNotChange(t *testing.T) {
	years, err := ParseYears(invented)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := (&Calendar{}).With(years[0])
	if err != nil {
		t.Fatal(err)
	}
	years[0].Days[0].Make = Off
	got, _ := cal.Year(2027)
	got.Days[1].Make = Work
	if got, _ := cal.Year(2027); got.Days[0].Make != Work || got.Days[1].Make != Off {
		t.Error("a caller changed the calendar")
	}
	if _, ok := Official().Year(2027); ok {
		t.Error("another calendar changed the built-in one")
	}
	var empty Calendar
	if due, provisional := empty.Add(MustParse("2026-03-02"), 5); due.String() != "2026-03-09" || !provisional {
		t.Errorf("the empty calendar counts to %s (provisional: %t)", due, provisional)
	}
}

// A corrected arrangement takes the place of the first one entirely.
func TestACorrectedYearReplacesTheFirst(t *testing.T) {
	years, err := ParseYears(invented)
	if err != nil {
		t.Fatal(err)
	}
	cal, err := Official().With(years[0])
	if err != nil {
		t.Fatal(err)
	}
	corrected, err := ParseYears(strings.Replace(invented, "2027-05-08\t班\t劳动节\n", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	if cal, err = cal.With(corrected[0]); err != nil {
		t.Fatal(err)
	}
	if day, ok := cal.Special(MustParse("2027-05-08")); ok {
		t.Errorf("the withdrawn make-up day is still there: %+v", day)
	}
}

func TestUnbelievableArrangements(t *testing.T) {
	change := func(from, to string) string { return strings.Replace(invented, from, to, 1) }
	for _, test := range []struct {
		text string
		kind FaultKind
		line int
		say  string
	}{
		{"", NoYear, 0, "没有写明年份，请在第一行填写年份和通知文号。"},
		{"# 只有说明\n", NoYear, 0, "没有写明年份"},
		{"2027-01-01 休 元旦\n", NoYear, 1, "第1行：没有写明年份"},
		{change("2027 国办", "1999 国办"), BadYear, 2, "第2行：年份应在2000年至2099年之间"},
		{change("2027 国办", "+202 国办"), BadLine, 2, "第2行：这一行不是"},
		{change("2027 国办", "２７ 国办"), BadLine, 2, "第2行：这一行不是"},
		{change(" 国办发明电〔2026〕99号", ""), BadNotice, 2, "没有写明通知文号"},
		{change("99号", strings.Repeat("9", 300)), BadNotice, 2, "没有写明通知文号"},
		{change("2027-01-01\t休\t元旦", "2027-01-01\t休"), BadLine, 5, "第5行：这一行不是"},
		{change("2027-01-01", "2027-02-30"), BadLine, 5, "第5行"},
		{change("2027-01-02", "2028-01-02"), OtherYear, 2, "2028年1月2日（周日）不属于本安排的年份"},
		{change("2026-12-26", "2026-12-19"), OtherYear, 2, "2026年12月19日（周六）不属于本安排的年份"},
		{change("2027-01-02\t休", "2027-01-02\t放"), BadMake, 2, "应注明“休”或“班”"},
		{change("2027-05-08", "2027-05-07"), NotWeekend, 2, "2027年5月7日（周五）不是周六或周日"},
		{change("2027-01-02\t休\t元旦", "2027-01-02\t休\t"+strings.Repeat("长", 21)), BadName, 2, "不超过20个字"},
		{change("2027-01-02\t休\t元旦", "2027-01-02\t休\t元\x01旦"), BadName, 2, "节日名称"},
		{change("2027-01-02\t休\t元旦", "2027-01-02\t休\t\xff\xfe"), BadName, 2, "节日名称"},
		{change("2027-01-02", "2027-01-01"), Twice, 2, "重复出现"},
		{change("2027-05-02\t休\t劳动节\n", ""), Missing, 2, "2027年5月2日（周日）是法定节假日"},
		{change("2027-10-01\t休\t国庆节\n", ""), Missing, 2, "2027年10月1日（周五）是法定节假日"},
		{strings.Repeat("\n", 5001), TooLong, 5001, "内容超过5000行"},
		{"2027-01-01 休 元旦 注", BadLine, 1, "第1行"},
	} {
		_, err := ParseYears(test.text)
		var fault Fault
		if !errors.As(err, &fault) || fault.Kind != test.kind || fault.Line != test.line {
			t.Errorf("%.40q: %v, want %s at line %d", test.text, err, test.kind, test.line)
			continue
		}
		if !strings.Contains(fault.Text(), test.say) || !strings.HasSuffix(fault.Text(), "。") || strings.Contains(fault.Text(), "%") {
			t.Errorf("%.40q: %s, want %s", test.text, fault.Text(), test.say)
		}
	}
	if _, err := (&Calendar{}).With(Year{Year: 2027, Notice: "无"}); err == nil {
		t.Error("a year without days was taken up")
	}
	for kind := range faultTexts {
		if text := (Fault{Kind: kind, Date: MustParse("2027-01-01")}).Text(); text == "" || strings.Contains(text, "%") {
			t.Errorf("%s: %q", kind, text)
		}
	}
}

func TestArrangementsAreWrittenAsTheyAreRead(t *testing.T) {
	years, err := ParseYears("\ufeff" + strings.ReplaceAll(invented, "\n", "\r\n")) // as a spreadsheet saves it
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseYears(years[0].String())
	if err != nil || fmt.Sprint(again) != fmt.Sprint(years) {
		t.Errorf("wrote %s\nread %v, %v", years[0], again, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2026-11-24", "0001-01-01", "9999-12-31", "2025-02-29", "", "2026-1-1", "\xff", "２０２６"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("%q failed and gave %s", text, d)
			}
			return
		}
		if d.String() != text {
			t.Errorf("%q was read as %s", text, d)
		}
		if next := d.AddDays(1); !next.IsZero() && (!next.After(d) || next.Weekday() != (d.Weekday()+1)%7) {
			t.Errorf("the day after %s is %s", d, next)
		}
	})
}

func FuzzParseYears(f *testing.F) {
	f.Add(invented)
	f.Add(official)
	f.Add("2027\n2027-01-01 休 元旦")
	f.Add("\ufeff2027\t\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		years, err := ParseYears(text)
		var fault Fault
		if err != nil {
			if !errors.As(err, &fault) || fault.Text() == "" || !strings.HasSuffix(fault.Text(), "。") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		cal := &Calendar{}
		for _, year := range years {
			if cal, err = cal.With(year); err != nil {
				t.Fatalf("%q was read but not taken up: %v", text, err)
			}
			if again, err := ParseYears(year.String()); err != nil || len(again) != 1 || again[0].String() != year.String() {
				t.Errorf("%q: wrote %q, read %v, %v", text, year, again, err)
			}
		}
		if due, _ := cal.Add(MustParse("2026-12-24"), 3); due.IsZero() {
			t.Errorf("%q: no deadline", text)
		}
	})
}

func BenchmarkAdd20(b *testing.B) {
	cal, from := Official(), MustParse("2026-02-13")
	for b.Loop() {
		cal.Add(from, 20)
	}
}
