package config

import (
	"testing"

	"suicha/internal/inspect"
)

// Cookies, passkeys, permanent links and the log's name rest on the origin:
// what is not plainly the address of a site is refused at the start.
func TestOriginIsTheAddressOfASite(t *testing.T) {
	for origin, want := range map[string]string{
		"https://suicha.example.gov.cn":        "suicha.example.gov.cn/log",
		"https://suicha.example.gov.cn/":       "suicha.example.gov.cn/log",
		"http://localhost:8370":                "localhost:8370/log",
		"https://[2001:db8::1]:8443":           "[2001:db8::1]:8443/log",
		"":                                     "",
		"suicha.example.gov.cn":                "",
		"ftp://suicha.example.gov.cn":          "",
		"javascript:alert(1)":                  "",
		"https://":                             "",
		"https://:443":                         "",
		"https://suicha.example.gov.cn/office": "",
		"https://suicha.example.gov.cn@evil":   "",
		"https://a:b@suicha.example.gov.cn":    "",
		"https://suicha.example.gov.cn?x":      "",
		"https://suicha.example.gov.cn/?x=1":   "",
		"https://suicha.example.gov.cn#x":      "",
		"https://sui cha":                      "",
		"https://%41":                          "",
	} {
		got, err := Server{Origin: origin}.Log()
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: log %q, %v; want %q", origin, got, err, want)
		}
	}
	if got, err := (Server{Origin: "http://localhost", LogName: "own/log"}).Log(); got != "own/log" || err != nil {
		t.Errorf("a log with a name: %q, %v", got, err)
	}
}

// C6
func TestDeadlinesAreDaysOfTheYear(t *testing.T) {
	got, err := Server{Filing: "01-20", Publish: "02-29"}.Deadlines()
	want := inspect.Deadlines{Filing: inspect.MonthDay{Month: 1, Day: 20}, Publication: inspect.MonthDay{Month: 2, Day: 29}}
	if got != want || err != nil {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{"", "1-20", "13-01", "02-30", "00-10", "01-20 ", "01-20\n", "2026-01-20", "０1-20", "-1-20"} {
		if _, err := (Server{Filing: bad, Publish: "02-29"}).Deadlines(); err == nil {
			t.Errorf("%q is taken for a day", bad)
		}
	}
}

func TestDatabaseIsInTheDataDirectory(t *testing.T) {
	if got := (Server{Data: "data"}).DatabaseURL(); got != "data/suicha.db" {
		t.Errorf("%q", got)
	}
	if got := (Server{Data: "data", Database: "postgres://x"}).DatabaseURL(); got != "postgres://x" {
		t.Errorf("%q", got)
	}
}
