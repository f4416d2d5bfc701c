package web

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var planFiles = fstest.MapFS{"plan.html": {Data: []byte(`{{template "office" .}}{{define "title"}}计划{{end}}` +
	`{{define "main"}}<h1>计划</h1><form method="post" action="{{.Form.Action}}">{{template "hidden" .Form}}` +
	`{{template "field-area" (.Form.Field "opinion" | hint "将随计划公布。" | need | most 500)}}</form>{{end}}`)}}

func TestDatesAreWrittenAsPeopleReadThem(t *testing.T) {
	late := time.Date(2026, 11, 23, 16, 5, 0, 0, time.UTC) // past midnight in China
	for _, test := range []struct {
		name string
		f    func(any) (string, error)
		v    any
		want string
	}{
		{"day", day, late, "11月24日（周二）"},
		{"date", date, late, "2026-11-24"},
		{"stamp", stamp, late, "2026-11-24 00:05"},
		{"date", date, time.Time{}, "—"},
	} {
		if got, err := test.f(test.v); err != nil || got != test.want {
			t.Errorf("%s(%v) = %s, %v, want %s", test.name, test.v, got, err, test.want)
		}
	}
	if _, err := date(7); err == nil {
		t.Error("7 passed for a date")
	}
}

func TestNumbersHaveThousandsCommas(t *testing.T) {
	for v, want := range map[any]string{0: "0", 7: "7", 999: "999", 1000: "1,000", int64(-1234567): "-1,234,567", uint8(12): "12"} {
		if got, err := num(v); err != nil || got != want {
			t.Errorf("num(%v) = %s, %v, want %s", v, got, err, want)
		}
	}
	if _, err := num("7"); err == nil {
		t.Error("a text passed for a number")
	}
}

func TestCodesAndDigestsAreShortenedForReading(t *testing.T) {
	for code, want := range map[string]string{"92370687MA3W7K2P4E": "9237 0687 MA3W 7K2P 4E", "": "", "370687": "370687"} {
		if got := usccGroups(code); got != want {
			t.Errorf("usccGroups(%s) = %s, want %s", code, got, want)
		}
	}
	if got := short(strings.Repeat("ab", 32)); got != "abababab … abababab" {
		t.Errorf("short = %s", got)
	}
}

func TestAChangedQueryStartsTheListAnew(t *testing.T) {
	for _, test := range []struct {
		path  string
		pairs []string
		want  string
	}{
		{"/plans?state=go&after=k", []string{"state", "done"}, "/plans?state=done"},
		{"/plans?state=go&q=%E4%B8%80", []string{"state", ""}, "/plans?q=%E4%B8%80"},
		{"/plans", []string{"after", "a b"}, "/plans?after=a+b"},
	} {
		if got, err := query(test.path, test.pairs...); err != nil || got != test.want {
			t.Errorf("query(%s, %v) = %s, %v, want %s", test.path, test.pairs, got, err, test.want)
		}
	}
	if _, err := query("/", "name"); err == nil {
		t.Error("a name without a value passed")
	}
}

func TestQRDrawsEveryDarkSquareOnce(t *testing.T) {
	qr, err := NewQR("公开记录", "https://haiyang.example/plans/370687-2026")
	if err != nil {
		t.Fatal(err)
	}
	if qr.Side < 29 || !strings.HasPrefix(qr.Path, "M4 4h7v1H4z") { // the corner, inside the quiet edge
		t.Errorf("side %d, path %.40s", qr.Side, qr.Path)
	}
	if _, err := NewQR("", strings.Repeat("x", 5000)); err == nil {
		t.Error("a text too long for any code was encoded")
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 12: "12", 999: "999", 1000: "1,000", -1234: "-1,234", 1234567: "1,234,567"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}
