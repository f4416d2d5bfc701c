package document

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"suicha/internal/document/font"
	"suicha/internal/inspect"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	forms  = flag.String("forms", "", "a folder to write the sample forms to, as PDF and Word, to look at")
)

func builtin(t testing.TB) *font.Set {
	t.Helper()
	fonts, err := font.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

func pdfOf(t testing.TB, f Form) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := PDF(&out, builtin(t), f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func wordOf(t testing.TB, f Form) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Word(&out, f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// R82, R87, 海政办发〔2020〕2号 二(五)4: what the record, the order and the check sheet say
// stands in the golden files.
func TestGoldenForms(t *testing.T) {
	for _, s := range samples() {
		pdf, word := pdfOf(t, s.form), wordOf(t, s.form)
		got := "PDF\n\n" + strings.Join(pagesOf(t, pdf), "\n----\n") + "\nWord\n\n" + textOfWord(t, word)
		golden := filepath.Join("testdata", s.name+".golden.txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; look at it and run with -update\n got %s\nwant %s", golden, got, want)
		}
		if *forms != "" {
			for ending, body := range map[string][]byte{".pdf": pdf, ".docx": word} {
				if err := os.WriteFile(filepath.Join(*forms, s.name+ending), body, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestSameFormGivesTheSameBytes(t *testing.T) {
	first := samples()[:3]
	for i, s := range samples()[:3] {
		if !bytes.Equal(pdfOf(t, first[i].form), pdfOf(t, s.form)) {
			t.Errorf("%s: two PDFs of one form differ", s.name)
		}
		if !bytes.Equal(wordOf(t, first[i].form), wordOf(t, s.form)) {
			t.Errorf("%s: two Word documents of one form differ", s.name)
		}
	}
}

// R80, 海政办发〔2020〕2号 二(五)4(2): the notice tells the time, what is asked and the
// papers to have ready.
func TestNoticeTellsTimeDemandsAndPapers(t *testing.T) {
	text := plainText(t, sampleForm(t, "notice"))
	for _, want := range []string{"2026年11月24日10:30", "配合检查的要求", "营业执照、食品经营许可证", "近三个月的进货票证"} {
		if !strings.Contains(text, want) {
			t.Errorf("the notice lacks %s", want)
		}
	}
}

// R84, 海政办发〔2020〕2号 二(五)4(2): what was ordered stands in the summary sheet.
// R86: so does why the party did not sign. R88: there is a place for every signature.
func TestSummaryHasMeasuresRefusalAndSignatures(t *testing.T) {
	v := Summary{Measures: []string{"责令改正", "查封（扣押）"}, Orders: "口头责令清理通道", Refusal: "负责人称须请示总部", Witness: "方圆街道 于海", On: visited, Leader: []Signature{{Name: "苏明澈"}}, Members: []Signature{{Name: "韩立夏"}, {Name: "白砚𬭎"}}}
	text := plainText(t, v.Form())
	for _, want := range []string{"✓责令改正", "✓查封（扣押）", "□责令停止违法行为", "口头责令清理通道", "负责人称须请示总部", "方圆街道于海", "组长：苏明澈", "组员：韩立夏白砚𬭎"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary sheet lacks %s:\n%s", want, text)
		}
	}
}

// plainText is all that a PDF says, without spaces and line ends.
func plainText(t testing.TB, f Form) string {
	t.Helper()
	return strings.NewReplacer(" ", "", "\n", "", "　", "").Replace(strings.Join(pagesOf(t, pdfOf(t, f)), ""))
}

func sampleForm(t testing.TB, name string) Form {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			return s.form
		}
	}
	t.Fatalf("there is no sample %s", name)
	return Form{}
}

func TestCharactersBeyondTheFirstPlaneAreReadBack(t *testing.T) {
	f := Form{Title: "𬭎𫠊", Parts: []Part{Table{Rows: []Row{{Cells: []Cell{{Text: "白砚𬭎、𫖯、镕、喆、㛃、龘"}}}}}}}
	if text := plainText(t, f); !strings.Contains(text, "𬭎𫠊") || !strings.Contains(text, "白砚𬭎、𫖯、镕、喆、㛃、龘") {
		t.Errorf("the PDF says %s", text)
	}
}

func TestNoCharacterIsLostInSilence(t *testing.T) {
	f := Form{Title: "现场笔录", Parts: []Part{Text{Text: "负责人𠮷田\ue000，U+FFFE\ufffe"}}}
	text := plainText(t, f)
	for _, want := range []string{"负责人〔U+20BB7〕田〔U+E000〕，U+FFFE", "字库缺少下列字，文中以编码代替：U+20BB7、U+E000。"} {
		if !strings.Contains(text, want) {
			t.Errorf("the PDF lacks %s: %s", want, text)
		}
	}
	if text := textOfWord(t, wordOf(t, f)); !strings.Contains(text, "负责人𠮷田\ue000，U+FFFE\n") {
		t.Errorf("the Word document says %s", text)
	}
}

func TestMarksThatTurnTextAreLeftOut(t *testing.T) {
	f := Form{Title: "检查\u202e结果\u202c\u200b\x00\x07\x1b[31m", Parts: []Part{Text{Text: "未发现\u2066问题\u2069<w:p/>&amp;]]>\r\n第二行\tA\xff"}}}
	for name, text := range map[string]string{"PDF": strings.Join(pagesOf(t, pdfOf(t, f)), ""), "Word": textOfWord(t, wordOf(t, f))} {
		if !strings.Contains(text, "检查结果[31m\n") || !strings.Contains(text, "未发现问题<w:p/>&amp;]]>\n第二行 A") {
			t.Errorf("%s says %q", name, text)
		}
	}
}

func TestLongTablesRepeatTheirHeadAndLoseNothing(t *testing.T) {
	table := Table{Widths: []float64{1, 3, 3}, Head: []Row{heads("序号", "部门名", "情况")}}
	for i := range 400 {
		table.Rows = append(table.Rows, Row{Cells: []Cell{
			{Text: fmt.Sprintf("第%d行", i)}, {Text: fmt.Sprintf("甲局%d", i/90), Again: i%90 != 0}, {Text: strings.Repeat("好", i%60)},
		}})
	}
	pages := pagesOf(t, pdfOf(t, Form{Title: "长表", Parts: []Part{table}}))
	next := 0
	for n, page := range pages {
		if !strings.Contains(page, "部门名") || !strings.Contains(page, "甲局") {
			t.Errorf("page %d lacks the head, or the department that goes on from the page before", n+1)
		}
		if want := fmt.Sprintf("第 %d 页　共 %d 页", n+1, len(pages)); !strings.Contains(page, want) {
			t.Errorf("page %d does not say %s", n+1, want)
		}
		for strings.Contains(page, fmt.Sprintf("第%d行", next)) {
			next++
		}
	}
	if next != 400 || len(pages) < 10 {
		t.Errorf("%d rows of 400 are on %d pages, in order", next, len(pages))
	}
}

func TestLongCellsGoOnOnTheNextPage(t *testing.T) {
	text := ""
	for i := range 3000 {
		text += fmt.Sprintf("句%d。", i)
	}
	f := Form{Title: "现场笔录", Parts: []Part{Table{Widths: fields, Rows: []Row{
		row("被检查单位", "甲", "代码", "乙"), {Keep: true, Cells: []Cell{{Text: text, Span: 4}}}, wide("结论", "无"),
	}}}}
	got := regexp.MustCompile(`第\d+页共\d+页`).ReplaceAllString(plainText(t, f), "")
	for i := range 3000 {
		if !strings.Contains(got, fmt.Sprintf("句%d。", i)) {
			t.Fatalf("sentence %d is lost", i)
		}
	}
}

func TestHostileFormsEnd(t *testing.T) {
	many := make([]Row, 10_000)
	for i := range many {
		many[i] = Row{Keep: i%3 == 0, Height: float64(i % 400), Cells: []Cell{{Text: "甲"}, {Text: "乙", Again: true}, {Text: strings.Repeat("丙", i%40), Span: i % 5}}}
	}
	plain := make([]Row, 10_000)
	for i := range plain {
		plain[i] = Row{Cells: []Cell{{Text: digits(i)}, {Text: "海阳市禾下面馆"}, {Text: "许可在有效期内，公示规范。"}}}
	}
	million := func(s string) string { return strings.Repeat(s, 1_000_000/len(s)) }
	much := func(s string) string { return strings.Repeat(s, 100_000/len(s)) }
	for name, p := range map[string]Part{
		"ordinary rows":        Table{Widths: []float64{1, 2, 3}, Rows: plain},
		"many rows":            Table{Widths: []float64{1, 2, 3}, Rows: many},
		"a long word":          Table{Widths: fields, Rows: []Row{row("甲", much("A"), much("，"), "")}},
		"a long text":          Text{Text: million("检查"), Indent: true, Bold: true},
		"line ends":            Table{Widths: fields, Rows: []Row{row("甲", much("\n"))}},
		"no width":             Text{Text: much("\u0301")},
		"joined":               Text{Text: much("检" + font.WordJoiner)},
		"spaces":               Text{Text: much(" ")},
		"missing":              Text{Text: much("𠮷")},
		"a long head":          Table{Head: []Row{wide("甲", much("头"))}, Rows: many[:3]},
		"joined long cells":    Table{Rows: []Row{{Cells: []Cell{{Text: much("长")}}}, {Cells: []Cell{{Again: true}}}}},
		"a row without cells":  Table{Rows: []Row{{}, {}}},
		"a table without rows": Table{Head: []Row{heads("甲")}},
		"nothing":              Table{},
		"many columns":         Table{Widths: make([]float64, 5000), Rows: []Row{row("甲", "乙"), {Cells: make([]Cell, 6000)}}},
		"widths below zero":    Table{Widths: []float64{-1, 0, 1}, Rows: []Row{row("甲", "乙", "丙")}},
		"a long closing":       Closing{Issuer: much("局"), Date: "今天"},
		"many signatures":      Table{Rows: []Row{{Cells: []Cell{{Marks: []Mark{{"签名：", make([]Signature, 10_000)}}}}}}},
	} {
		var out bytes.Buffer
		err := PDF(&out, builtin(t), Form{Title: name, Parts: []Part{p, Text{Text: "完"}}})
		if err != nil && !errors.Is(err, inspect.ErrFormLong) {
			t.Errorf("%s: PDF: %v", name, err)
		}
		if err := Word(&out, Form{Title: name, Letter: true, Parts: []Part{p}}); err != nil && !errors.Is(err, inspect.ErrFormLong) {
			t.Errorf("%s: Word: %v", name, err)
		}
	}
}

func TestFormsThatAreTooLongAreRefused(t *testing.T) {
	f := Form{Title: "长", Parts: []Part{Text{Text: strings.Repeat("检查。", mostText/9+1)}}}
	var out bytes.Buffer
	if err := PDF(&out, builtin(t), f); !errors.Is(err, inspect.ErrFormLong) || out.Len() > 0 {
		t.Errorf("got %v and %d bytes", err, out.Len())
	}
	if err := Word(&out, f); !errors.Is(err, inspect.ErrFormLong) || out.Len() > 0 {
		t.Errorf("got %v and %d bytes", err, out.Len())
	}
}

func TestPicturesThatAreNoneAreRefused(t *testing.T) {
	bomb := bytes.Replace(drawnName(3), []byte{0, 0, 1, 4, 0, 0, 0, 100}, []byte{0, 1, 0, 0, 0, 1, 0, 0}, 1)
	for _, body := range [][]byte{[]byte("GIF89a"), []byte("\x89PNG\r\n\x1a\n"), drawnName(3)[:200], bomb} {
		f := Form{Parts: []Part{Table{Rows: []Row{{Cells: []Cell{{Marks: []Mark{{"签名：", []Signature{{Name: "甲", Image: body}}}}}}}}}}}
		var out bytes.Buffer
		if err := PDF(&out, builtin(t), f); err == nil || out.Len() > 0 {
			t.Errorf("PDF took %.20q", body)
		}
		if err := Word(&out, f); err == nil || out.Len() > 0 {
			t.Errorf("Word took %.20q", body)
		}
	}
}

func TestMendTakesOnlyWhatItKnows(t *testing.T) {
	good := pdfOf(t, Form{Title: "好"})
	if _, err := objectsOf(good); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{nil, []byte("%PDF-1.7"), good[:len(good)-1], append([]byte("x"), good...), bytes.Replace(good, []byte("\n0000000000 65535"), []byte("\n"), 1)} {
		if _, err := mend(bad, ""); err == nil {
			t.Errorf("a broken PDF of %d bytes was mended", len(bad))
		}
	}
}

func FuzzMend(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<<>>\nstartxref\n50\n%%EOF\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if body, err := mend(raw, "甲"); err == nil {
			if _, err := objectsOf(body); err != nil {
				t.Errorf("what was mended is broken: %v", err)
			}
		}
	})
}

// FuzzForm sets forms and writes them for Word; drawing them would take most of the time.
func FuzzForm(f *testing.F) {
	f.Add("检查结果", "未发现问题", uint8(3), uint8(1))
	f.Add("\u202e", "a\x00b\n\n𠮷", uint8(0), uint8(200))
	f.Fuzz(func(t *testing.T, title, text string, columns, span uint8) {
		r := Row{Height: float64(span), Keep: span%2 == 0, Cells: []Cell{{Text: text, Span: int(span)}, {Text: title, Style: Style(columns % 4), Again: true, Date: text}}}
		form := Form{Title: title, Left: text, Right: title, Letter: columns%2 == 0, Notes: []string{text}, Proof: Proof{Number: title, Digest: text},
			Parts: []Part{Table{Widths: make([]float64, columns), Head: []Row{r}, Rows: []Row{r, r, {}}, Keep: true}, Text{Text: text, Bold: true}, Closing{title, text}}}
		set, err := set(builtin(t), form)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range set.pages {
			for _, m := range page.marks {
				if m.y < 0 || m.y > pageHigh || m.x < 0 || m.x > pageWide+slack {
					t.Errorf("%q stands outside the page, at %g, %g", m.text, m.x, m.y)
				}
			}
		}
		textOfWord(t, wordOf(t, form))
	})
}

func BenchmarkPDF(b *testing.B) {
	form := sampleForm(b, "summary")
	builtin(b)
	for b.Loop() {
		b.ReportMetric(float64(len(pdfOf(b, form))), "bytes")
	}
}

func BenchmarkWord(b *testing.B) {
	form := sampleForm(b, "summary")
	for b.Loop() {
		b.ReportMetric(float64(len(wordOf(b, form))), "bytes")
	}
}
