package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRulesThatNoPageCanUseAreLeftOut(t *testing.T) {
	keep := map[string]bool{"btn": true, "card": true}
	for _, test := range []struct{ css, want string }{
		{".btn{color:red}", ".btn{color:red}"},
		{".gone{color:red}", ""},
		{".btn,.gone{a:b}", ".btn{a:b}"},
		{".btn .gone{a:b}", ""},
		{".btn:not(.gone){a:b}", ".btn:not(.gone){a:b}"},
		{".btn:is(.gone,.card){a:b}", ""}, // rather one rule too few than a parser of selectors
		{"a[href=\".gone\"]{a:b}", ""},
		{"h1,h2{a:b}", "h1,h2{a:b}"},
		{"@media (min-width:1px){.gone{a:b}}", ""},
		{"@media (min-width:1px){.gone{a:b}.btn{c:d}}", "@media (min-width:1px){.btn{c:d}}"},
		{"@font-face{src:url('a}b')}", "@font-face{src:url('a}b')}"},
		{"@keyframes x{to{a:b}}", "@keyframes x{to{a:b}}"},
		{"@charset \"utf-8\";.btn{a:b}", "@charset \"utf-8\";.btn{a:b}"},
		{"/* .btn{ */.btn{a:\"}\"}", ".btn{a:\"}\"}"},
		{".btn{background:url(\"data:image/svg+xml,%3csvg viewBox='0 0 1 1'%3e{}\")}", ".btn{background:url(\"data:image/svg+xml,%3csvg viewBox='0 0 1 1'%3e{}\")}"},
		{":root{--a:0.5}", ":root{--a:0.5}"},
	} {
		if got := prune(test.css, keep); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.css, got, test.want)
		}
	}
}

func FuzzPrune(f *testing.F) {
	for _, seed := range []string{".a{b:c}", "@media x{.a{b:c}}", ".a:not(.b){}", "/*", "\"", "}", "{", ".a{b:'\\''}", ".a,.b{}", "@import 'x';"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, css string) {
		if got := prune(css, nil); len(got) > len(css) {
			t.Errorf("%q grew to %q", css, got)
		}
	})
}

func TestSpriteTakesOurIconsFirst(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"list":         "a\nb\n",
		"own/a.svg":    "<svg viewBox=\"0 0 24 24\">\n  <path d=\"M1 1\" />\n</svg>",
		"theirs/a.svg": "<svg><path d=\"M9 9\"/></svg>",
		"theirs/b.svg": "<svg\n  class=\"icon\"\n>\n  <path stroke=\"none\" d=\"M0 0h24v24H0z\" fill=\"none\" />\n  <path d=\"M2 2\" />\n  <path d=\"M3 3\" />\n</svg>",
		"unsorted":     "b\na\n",
		"absent":       "z\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := sprite(dir+"/list", dir+"/own", dir+"/theirs")
	want := `<svg xmlns="http://www.w3.org/2000/svg"><symbol id="a" viewBox="0 0 24 24"><path d="M1 1"/></symbol>` +
		`<symbol id="b" viewBox="0 0 24 24"><path d="M2 2"/><path d="M3 3"/></symbol></svg>`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	for _, list := range []string{"unsorted", "absent"} {
		if _, err := sprite(filepath.Join(dir, list), dir+"/own", dir+"/theirs"); err == nil {
			t.Errorf("%s: no error", list)
		}
	}
}

func TestPackedFilesCarryNoTime(t *testing.T) {
	body := []byte(strings.Repeat("随查", 100))
	a, err := gzipped(body)
	if err != nil {
		t.Fatal(err)
	}
	if a[4]|a[5]|a[6]|a[7] != 0 {
		t.Error("the gzip header holds a time")
	}
}
