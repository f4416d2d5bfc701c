package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"suicha/internal/inspect"
)

// sound checks what holds for every file, however broken: there are rows or a
// sentence, values are clean, and nothing is taken without its place.
func sound(t *testing.T, name string, data []byte) {
	s := tell(name, data)
	var p inspect.Problem
	if s.err != nil && !errors.As(s.err, &p) {
		t.Errorf("no sentence for people: %v", s.err)
	}
	last := -1
	for _, r := range s.rows {
		if r.Line <= last || r.Line <= s.mapping.Line {
			t.Errorf("line %d after %d", r.Line, last)
		}
		last = r.Line
		for i, v := range r.Values {
			if !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\n' || bidirectional(r) || invisible(r) }) {
				t.Errorf("%s is %q", firms.Columns[i].Key, v)
			}
		}
		for _, f := range r.Faults {
			if f.Line != r.Line || f.Code == "" || !strings.HasSuffix(f.Text, "。") || !utf8.ValidString(f.Text) {
				t.Errorf("fault %+v", f)
			}
		}
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add(sheetOf(f, heads, []any{goodCode, "甲"}))
	f.Add(faulty(f))
	for _, w := range wrongFiles(f) {
		if len(w.data) < 1<<16 {
			f.Add(w.data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a.xlsx", data) })
}

// FuzzSheet breaks the parts of a workbook, where the zip around them is whole.
func FuzzSheet(f *testing.F) {
	good := worksheet(inline(1, "统一社会信用代码", "企业名称"), inline(2, goodCode, "甲&amp;&#x4e59;_x0041_"),
		`<row r="3" hidden="1"><c r="A3" s="1"><v>43957</v></c><c r="B3" t="s"><v>0</v></c><c r="C3" t="b"><f>1</f><v>1</v></c><c t="e"><v>#N/A</v></c></row>`)
	rich := `<sst><si><r><t>甲</t></r><rPh><t>jia</t></rPh><r><t xml:space="preserve"> 乙</t></r></si></sst>`
	f.Add(good, rich, skeleton["xl/styles.xml"], skeleton["xl/workbook.xml"])
	f.Add(prefixed(good)+`<mergeCells><mergeCell ref="A1:B2"/></mergeCells>`, `<sst/>`, "", "")
	f.Add(`<worksheet><cols><col min="1" max="99999999" hidden="1"/></cols><sheetData/>`, `<!-`, `<![CDATA[`, `<?xml`)
	f.Fuzz(func(t *testing.T, sheet, texts, styles, book string) {
		parts := map[string]string{"xl/sharedStrings.xml": texts}
		if styles != "" {
			parts["xl/styles.xml"] = styles
		}
		if book != "" {
			parts["xl/workbook.xml"] = book
		}
		sound(t, "a.xlsx", rawBook(t, sheet, parts))
	})
}

func FuzzText(f *testing.F) {
	f.Add([]byte(twoRows), false)
	f.Add(gb(f, twoRows), true)
	f.Add(utf16(f, twoRows), true)
	for _, w := range wrongFiles(f) {
		if len(w.data) < 1<<12 {
			f.Add(w.data, strings.HasSuffix(w.file, "v"))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, named bool) {
		sound(t, map[bool]string{true: "a.csv", false: "a"}[named], data)
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"uscc":"` + goodCode + `","name":"甲","tags":["食品","药品"],"staff":1.5,"expert":true,"scope":null}]`))
	f.Add([]byte("{\"name\":\"甲\"}\n{\"name\":\"乙\"}"))
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, "a.json", data) })
}

// FuzzCell: what a column takes, it takes again unchanged.
func FuzzCell(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, uint8(0), uint8(1))
	}
	for i, text := range []string{goodCode, "2020年5月6日", "43957.5", "1,200", "存续", "食品、药品", "９１３", "5211", "长期", "9.1E+17"} {
		f.Add(text, uint8(i), uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, kind, column uint8) {
		c := firms.Columns[int(column)%len(firms.Columns)]
		r := newReading(c)
		fine := true
		value := r.value(cell{text: text, kind: cellKind(kind % 6)}, func(f finding) { fine = fine && f.severity != Error })
		if !fine || value == "" {
			return
		}
		again, ok := normal(c, c.cellText(value))
		if !ok || again != value {
			t.Errorf("%s: %q became %q and then %q", c.Key, text, value, again)
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("＊企业名称（必填）", "企业名称", "uscc")
	f.Fuzz(func(t *testing.T, one, two, key string) {
		h := Head{Line: 1, Headings: []Heading{{"A", one}, {"B", two}}}
		m := firms.Match(h, Mapping{Pairs: []Pair{{"A", two, key}, {"B", one, "name"}}})
		seen := map[string]bool{}
		for i, p := range m.Pairs {
			if p.Key != "" && (firms.Index(p.Key) < 0 || seen[p.Key] && i > 0 && plain(one) == "") {
				t.Errorf("%+v", m)
			}
			seen[p.Key] = true
		}
		firms.CheckMapping(h, m)
	})
}

func FuzzSurvey(f *testing.F) {
	f.Add([]byte(worksheet(inline(1, "甲"))+`<mergeCell ref="A1:B2"/>`), 7)
	f.Add([]byte("</sheetData><t 000000000000000000000000000000"), 7)
	f.Fuzz(func(t *testing.T, data []byte, step int) {
		one, err1 := look(bytes.NewReader(data))
		two, err2 := look(&slow{data, min(max(step, 1), 4096)})
		if one.rows != two.rows || one.filled != two.filled || len(one.merged) != len(two.merged) || (err1 == nil) != (err2 == nil) {
			t.Errorf("%+v (%v) and %+v (%v)", one, err1, two, err2)
		}
	})
}

// slow gives few bytes at a time.
type slow struct {
	data []byte
	step int
}

func (s *slow) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.step)], s.data)
	s.data = s.data[n:]
	return n, nil
}

func FuzzZip(f *testing.F) {
	f.Add(zipOf(f, around), int64(1000))
	f.Add(overlapping(f), int64(0))
	f.Fuzz(func(t *testing.T, data []byte, ratio int64) {
		l := Limits{Ratio: min(max(ratio, 0), 1000)}.orUsual()
		z, err := openZip(bytes.NewReader(data), int64(len(data)), l)
		var p inspect.Problem
		if err != nil && !errors.As(err, &p) {
			t.Errorf("no sentence for people: %v", err)
		}
		if err != nil {
			return
		}
		m := meter{Limits: l, packed: int64(len(data))}
		for _, part := range z.File {
			if err := m.count(context.Background(), part); err != nil && !errors.As(err, &p) && !errors.Is(err, zip.ErrFormat) {
				t.Errorf("no sentence for people: %v", err)
			}
		}
	})
}

// FuzzRowTags compares the count of rows with a look for each form of their tag.
func FuzzRowTags(f *testing.F) {
	f.Add([]byte(`<row r="1"></row><row><x:row r="3"></x:row><arrow ><row`), 0, 50)
	f.Fuzz(func(t *testing.T, w []byte, from, to int) {
		if from < 0 || from >= to || to > len(w) {
			return
		}
		want := hits(w, from, to, "<row ") + hits(w, from, to, "<row>") + hits(w, from, to, ":row ")
		if got := rowTags(w, from, to); got != want {
			t.Errorf("%q from %d to %d: got %d, want %d", w, from, to, got, want)
		}
	})
}

// FuzzReadRefusals breaks the lists of rows that another system did not take: every row
// is read, or the file is refused with a sentence.
func FuzzReadRefusals(f *testing.F) {
	f.Add("退回.csv", []byte("报送序号,退回原因\n12,统一社会信用代码不存在\n13,企业已迁出\n"))
	f.Add("退回.csv", []byte("\xef\xbb\xbf序号\t错误原因\r\n1\t任务编号为空\r\n"))
	f.Add("refused.csv", []byte("报送序号,退回原因\n12,\n,代码不存在\nx,y\n"))
	f.Add("refused.json", []byte(`[{"报送序号":12,"退回原因":"代码不存在"}]`))
	f.Add("refused.xlsx", sheetOf(f, []any{"报送序号", "企业名称", "失败原因"}, []any{"12", "甲", "代码不存在"}))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		lines, err := ReadRefusals(context.Background(), name, data)
		var p inspect.Problem
		if err != nil && !errors.As(err, &p) {
			t.Errorf("no sentence for people: %v", err)
		}
		if err == nil && !utf8.ValidString(lines) {
			t.Errorf("%q", lines)
		}
	})
}
