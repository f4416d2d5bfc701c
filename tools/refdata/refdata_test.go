package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"suicha/internal/region"
	"suicha/internal/workday"
)

// The calendar in the tree is what the notices say, whatever package it was
// made from.
func TestTheCalendarIsTheNotices(t *testing.T) {
	cal := workday.Official()
	var years []int
	for _, notice := range notices {
		years = append(years, notice.year)
		year, ok := cal.Year(notice.year)
		if !ok || year.Notice != notice.number {
			t.Errorf("%d has the notice %q, want %q", notice.year, year.Notice, notice.number)
		}
		if err := compare(notice, year); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(years, cal.Years()) {
		t.Errorf("notices of %v, calendar of %v", years, cal.Years())
	}
}

func TestTheHistoryIsInTheTableOfDivisions(t *testing.T) {
	rows, err := readHistory("shandong-history.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		want := region.Division{Code: row.code, Name: row.name, From: region.Day(row.from), To: region.Day(row.to), Successor: row.successor, Source: row.source}
		if !slices.Contains(region.History(row.code), want) {
			t.Errorf("%s %s is not in the table as the history has it", row.code, row.name)
		}
	}
}

func TestTheTableOfIndustriesMakesItself(t *testing.T) {
	const file = "../../internal/industry/gbt4754.tsv"
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := industryTable(file); err != nil || got != string(want) {
		t.Errorf("%s is not as the program would write it: %v", file, err)
	}
}

// A package that is another one, or that differs from what we know, is
// refused.
func TestBadSourcesAreRefused(t *testing.T) {
	days := func(text string) map[string]string {
		return map[string]string{"package.json": `{"name":"chinese-days","version":"1.0.0"}`, "dist/chinese-days.json": text}
	}
	areas := map[string]string{
		"package.json":       `{"name":"china-division","version":"1.0.0"}`,
		"dist/provinces.csv": "code,name\n37,山东省\n",
		"dist/cities.csv":    "code,name,provinceCode\n3706,烟台市,37\n",
		"dist/areas.csv":     "code,name,cityCode,provinceCode\n370687,海阳市,3706,37\n",
	}
	for _, test := range []struct {
		name  string
		files map[string]string
		make  func(string) (string, error)
		want  string
	}{
		{"nothing", nil, calendarTable, "no such file"},
		{"another package", map[string]string{"package.json": `{"name":"other"}`}, calendarTable, `"other", not "chinese-days"`},
		{"broken", days(`{`), calendarTable, "unexpected end"},
		{"no days", days(`{}`), calendarTable, "missing"},
		{"a strange day", days(`{"holidays":{"2019-02-30":"x,元旦,1"}}`), calendarTable, "not a date"},
		{"another package", map[string]string{"package.json": `{"name":"other"}`}, divisionTable, `not "china-division"`},
		{"too few", areas, divisionTable, "want"},
		{"no table", nil, industryTable, "is a directory"},
	} {
		dir := t.TempDir()
		for name, text := range test.files {
			file := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := test.make(dir); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func TestIndustriesOutsideTheStructureAreRefused(t *testing.T) {
	data, err := os.ReadFile("../../internal/industry/gbt4754.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ from, to, want string }{
		{"A0111\t稻谷种植\n", "", "1380 codes of length 5, want 1381"},
		{"A0111\t稻谷种植\n", "A0111\t稻谷种植\nA0111\t稻谷种植\n", "comes twice"},
		{"A0111\t稻谷种植\n", "A0111 稻谷种植\n", "line"},
		{"A0111\t稻谷种植\n", "A0111\t稻谷, 种植\n", "line"},
		{"A0111\t稻谷种植\n", "V0111\t稻谷种植\n", "line"},
		{"A01\t农业\n", "", "A011 lies in no A01"},
		{"A0190\t其他农业\n", "A0191\t其他农业\n", "the group A019"},
		{"A0190\t其他农业\n", "A0190\t其它农业\n", "the group A019"},
	} {
		file := filepath.Join(t.TempDir(), "table.tsv")
		if err := os.WriteFile(file, []byte(strings.Replace(string(data), test.from, test.to, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := industryTable(file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("with %q for %q: %v, want %s", test.to, test.from, err, test.want)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"calendar"}, {"moon", "."}} {
		if err := run(args); err == nil {
			t.Errorf("refdata %v ran", args)
		}
	}
}
