package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const registerText = header + "\n" +
	"R12\tM\tF\t二(一)\t备案\tx\n" +
	"R13\tM\tF\t二(一)\t牵头\tx\n" +
	"R48\tM\tF\t二(四)\t调整\tx\n" +
	"R63\tM\tF\t二(五)2\t随机抽取\tx\n" +
	"R92\tM\tD\t二(五)5\t20 个工作日|内\tx\n"

func tree(files map[string]string) fstest.MapFS {
	t := fstest.MapFS{
		registerFile:                       {Data: []byte(registerText)},
		"docs/decisions/0006-decisions.md": {Data: []byte("| | Question |\n|---|---|\n| C5 | When do 20 working days start? | R92 |\n")},
	}
	for name, text := range files {
		t[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return t
}

func TestTagsAreFoundWhereTheyStand(t *testing.T) {
	tags, err := scan(tree(map[string]string{
		"internal/a/a.go": `// Package a does R12.
package a

// Draw draws: R63,
// 海政办发〔2020〕2号 二(五)2.
func Draw() {}

func (p *Plan[T]) Amend() {
	x := 1 // R48
}

const (
	A = 1
	B = 2 // R13
)

var rules = []rule{
	{A, B}, // R12
}

// Not tags: RFC6962, C2SP, GB/T, R0, R1000, "r48".
`,
		"internal/a/a_test.go": `package a

// R48–R49: amendments.
func TestAmend(t *testing.T) {
	t.Run("R63: draws", nil)
}
`,
		"internal/s/0001.sql": `-- R12
CREATE TABLE plan (
	a TEXT, -- R13; and more
	b TEXT  -- R48
);
-- R63
CREATE UNIQUE INDEX plan_a ON plan (a);
`,
		"internal/w/plan.html":             `{{define "lines"}}{{/* R48 */}}<!-- R13 -->{{end}}`,
		"internal/w/plan.css":              `.a { color: red } /* R12 */`,
		"internal/w/plan.ts":               "const a = 'https://x/R13';\n// R63\n/** R12 */",
		"internal/w/testdata/plan.txt":     "# R63\nGET /R12\n",
		"tools/browser/journeys/plan.mjs":  "// R92\n",
		"tools/browser/run.mjs":            "// R92\n",
		"tools/xref/scan.go":               "package main // R92\n",
		"internal/web/node_modules/x/x.js": "// R999\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tag := range tags {
		kind := "code"
		if tag.test {
			kind = "test"
		}
		got = append(got, fmt.Sprintf("%s %s:%d %s %s", kind, tag.file, tag.line, tag.name, strings.Join(tag.ids, ",")))
	}
	want := []string{
		"code internal/a/a.go:1 package a R12",
		"code internal/a/a.go:4 Draw R63",
		"code internal/a/a.go:9 Plan.Amend R48",
		"code internal/a/a.go:14 B R13",
		"code internal/a/a.go:18 rules R12",
		"test internal/a/a_test.go:3 TestAmend R48,R49",
		"test internal/a/a_test.go:5 TestAmend R63",
		"code internal/s/0001.sql:1 plan R12",
		"code internal/s/0001.sql:3 plan R13",
		"code internal/s/0001.sql:4 plan R48",
		"code internal/s/0001.sql:6 plan_a R63",
		"code internal/w/plan.css:1  R12",
		"code internal/w/plan.html:1 lines R48",
		"code internal/w/plan.html:1 lines R13",
		"code internal/w/plan.ts:2  R63",
		"code internal/w/plan.ts:3  R12",
		"test internal/w/testdata/plan.txt:1  R63",
		"test tools/browser/journeys/plan.mjs:1  R92",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestWrongTagsAreRefused(t *testing.T) {
	r, err := readRegister(tree(nil))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"R63, 海政办发〔2020〕2号 二(五)2":     "",
		"R63, 海政办发〔2020〕2号 二（五）":      "", // wider than the register, and in wide brackets
		"R48, 海政办发〔2020〕2号 二(四)3":     "", // narrower
		"R12, R48: 海政办发〔2020〕2号 二(四)": "", // of one of the two
		"C5, R92, 海政办发〔2020〕2号 二(五)5": "",
		"R63, 海政办发〔2020〕2号":           "",
		"R63, 海政办发〔2020〕2号 二(四)":      "not the place",
		"R48, 海政办发〔2020〕2号 附件2 二(四)":  "not the place",
		"R142":     "R142 is not in docs/law",
		"C19, R12": "C19 is not in the tables",
	} {
		problems := fmt.Sprint(r.problems(tag{file: "a.go", line: 7, text: text, ids: idsIn(text)}))
		if want == "" && problems != "[]" || !strings.Contains(problems, want) {
			t.Errorf("%q: %s, want %q", text, problems, want)
		}
	}
}

func TestBrokenRegisterIsRefused(t *testing.T) {
	for _, text := range []string{
		"",
		"id\tquote\nR1\tx\n",
		header + "\n",
		header + "\nR1\tM\tF\t一\tx\n",
		header + "\nX1\tM\tF\t一\tx\ty\n",
		header + "\nR1\tM\tF\t一\tx\ty\nR1\tM\tF\t一\tx\ty\n",
	} {
		files := tree(nil)
		files[registerFile] = &fstest.MapFile{Data: []byte(text)}
		if _, err := readRegister(files); err == nil {
			t.Errorf("register %q was accepted", text)
		}
	}
}

func TestReportNamesWhatNoTestProves(t *testing.T) {
	files := tree(map[string]string{
		"internal/a/a.go":      "package a\n\n// Draw: R63, R92, C5\nfunc Draw() {}\n",
		"internal/a/a_test.go": "package a\n\n// R63\nfunc TestDraw() {}\n",
	})
	r, err := readRegister(files)
	if err != nil {
		t.Fatal(err)
	}
	tags, err := scan(files)
	if err != nil {
		t.Fatal(err)
	}
	text, untested := report(r, tags)
	if untested != 1 {
		t.Errorf("%d requirements are untested, want 1", untested)
	}
	for _, want := range []string{
		"Named by a test: 1 of 5 requirements.",
		"no test names them (1): R92.",
		"In neither (3): R12, R13, R48.",
		"| R63 | 二(五)2 | 随机抽取 | [a/a.go](../../internal/a/a.go): `Draw` | [a/a_test.go](../../internal/a/a_test.go): `TestDraw` |",
		`20 个工作日\|内`,
		"| C5 | 0006 | When do 20 working days start? |",
		"| [a/a.go](../../internal/a/a.go) | R63, R92, C5 |",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add("a.go", "package a // R1\n")
	f.Add("a.sql", "-- R1\nCREATE TABLE a (x TEXT);")
	f.Add("a.html", `{{define "a"}}{{/* R1–R999 */}}`)
	f.Add("a.mjs", "/* R9-R1 */ // C5")
	f.Fuzz(func(t *testing.T, name, text string) {
		read := reader(name)
		if read == nil {
			return
		}
		tags, err := read(name, text)
		for _, tag := range tags {
			if err != nil || len(tag.ids) == 0 || tag.line < 1 {
				t.Errorf("tag %+v, error %v", tag, err)
			}
		}
	})
}
