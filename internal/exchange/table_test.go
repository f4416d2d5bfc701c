package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"suicha/internal/inspect"
)

// firms is a small table with a column of each kind.
var firms = Table{Key: "object", Name: "检查对象", Columns: []Column{
	{Key: "uscc", Headings: []string{"统一社会信用代码", "统一社会信用代码/注册号", "信用代码"}, Kind: CreditCode, Required: true},
	{Key: "name", Headings: []string{"企业（机构）名称", "企业名称", "单位名称"}, Kind: Text, Required: true, Most: 60},
	{Key: "scope", Headings: []string{"经营范围"}, Kind: Prose},
	{Key: "phone", Headings: []string{"联系电话"}, Kind: Code},
	{Key: "established", Headings: []string{"成立日期"}, Kind: Date},
	{Key: "valid_to", Headings: []string{"有效期至"}, Kind: Date, Forever: true},
	{Key: "staff", Headings: []string{"从业人数"}, Kind: Number},
	{Key: "status", Headings: []string{"登记状态"}, Kind: Choose, Choices: []Choice{{"active", []string{"存续", "在业", "开业"}}, {"closed", []string{"注销"}}}},
	{Key: "expert", Headings: []string{"是否需专家"}, Kind: Choose, Choices: []Choice{{"yes", []string{"是"}}, {"no", []string{"否"}}}},
	{Key: "industry", Headings: []string{"行业代码"}, Kind: IndustryCode},
	{Key: "tags", Headings: []string{"监管标签"}, Kind: List, Most: 20},
}}

const goodCode, otherCode = "91370687MA3TERT03B", "92370687MA3XY12K76"

// A story is what came out of a file.
type story struct {
	head    Head
	mapping Mapping
	before  []Fault // of file, headings and mapping
	rows    []Row
	err     error
}

func (s story) codes() (all []string) {
	for _, f := range s.before {
		all = append(all, f.Code)
	}
	for _, r := range s.rows {
		for _, f := range r.Faults {
			all = append(all, f.Code)
		}
	}
	return all
}

// tell opens and reads a file of firms.
func tell(name string, data []byte) (s story) {
	return tellSheet(name, data, "")
}

func tellSheet(name string, data []byte, sheet string) (s story) {
	ctx := context.Background()
	f, err := Open(ctx, bytes.NewReader(data), int64(len(data)), name, Options{})
	if err != nil {
		return story{err: err}
	}
	defer f.Close()
	if s.head, s.err = f.Head(ctx, firms, sheet); s.err != nil {
		return s
	}
	s.mapping = firms.Match(s.head, Mapping{})
	s.before = firms.CheckMapping(s.head, s.mapping)
	for r, err := range f.Rows(ctx, firms, s.mapping) {
		if err != nil {
			s.err = err
			break
		}
		s.rows = append(s.rows, r.Clone())
	}
	return s
}

// sheetOf makes a workbook of one sheet with the library. Cells may be any of
// the values that it takes.
func sheetOf(t testing.TB, rows ...[]any) []byte {
	return bookOf(t, func(f *excelize.File) { fill(t, f, "Sheet1", rows...) })
}

func bookOf(t testing.TB, make func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	make(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func fill(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		if err := f.SetSheetRow(sheet, "A"+strconv.Itoa(i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

// rawBook makes a workbook of parts as they are, so that it can be wrong.
func rawBook(t testing.TB, sheet string, parts map[string]string) []byte {
	t.Helper()
	all := maps.Clone(skeleton)
	all["xl/worksheets/sheet1.xml"] = sheet
	all["xl/sharedStrings.xml"] = `<sst><si><t>共享</t></si></sst>`
	maps.Copy(all, parts)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, all[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// inline is a row of inline texts as XML.
func inline(row int, texts ...string) string {
	var b strings.Builder
	b.WriteString(`<row r="` + strconv.Itoa(row) + `">`)
	for i, text := range texts {
		b.WriteString(`<c r="` + letter(i+1) + strconv.Itoa(row) + `" t="inlineStr"><is><t>` + text + `</t></is></c>`)
	}
	return b.String() + `</row>`
}

func worksheet(rows ...string) string {
	return `<worksheet><sheetData>` + strings.Join(rows, "") + `</sheetData></worksheet>`
}

func gb(t testing.TB, text string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func utf16(t testing.TB, text string) []byte {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

const twoRows = "统一社会信用代码,企业名称,成立日期\n" + goodCode + ",海阳甲公司,2020-05-06\n" + otherCode + ",海阳乙商店,2021年3月1日\n"

// The same table is the same rows, whatever file it comes in.
func TestTheSameTableInEveryForm(t *testing.T) {
	semicolons, tabs := strings.ReplaceAll(twoRows, ",", ";"), strings.ReplaceAll(twoRows, ",", "\t")
	for _, test := range []struct {
		name, file string
		data       []byte
		encoding   string
	}{
		{"UTF-8", "a.csv", []byte(twoRows), "UTF-8"},
		{"UTF-8 with a mark", "a.csv", []byte("\ufeff" + twoRows), "UTF-8（带 BOM）"},
		{"GBK", "a.csv", gb(t, twoRows), "GBK（GB18030）"},
		{"UTF-16", "a.csv", utf16(t, twoRows), "UTF-16"},
		{"semicolons", "a.csv", []byte(semicolons), "UTF-8"},
		{"tabs", "a.tsv", []byte(tabs), "UTF-8"},
		{"tabs in UTF-16, as Excel's Unicode text", "a.txt", utf16(t, strings.ReplaceAll(tabs, "\n", "\r\n")), "UTF-16"},
		{"CR LF", "a.csv", []byte(strings.ReplaceAll(twoRows, "\n", "\r\n")), "UTF-8"},
		{"no line end at the end", "a.csv", []byte(strings.TrimSpace(twoRows)), "UTF-8"},
		{"an array of objects", "a.json", []byte(`[{"uscc":"` + goodCode + `","name":"海阳甲公司","established":"2020-05-06"},{"uscc":"` + otherCode + `","name":"海阳乙商店","established":"2021/3/1"}]`), "UTF-8"},
		{"objects line by line", "a.jsonl", []byte(`{"统一社会信用代码":"` + goodCode + `","企业名称":"海阳甲公司","成立日期":"2020-05-06"}` + "\n" + `{"统一社会信用代码":"` + otherCode + `","企业名称":"海阳乙商店","成立日期":"20210301"}` + "\n"), "UTF-8"},
		{"a workbook of texts", "a.xlsx", sheetOf(t, []any{"统一社会信用代码", "企业名称", "成立日期"}, []any{goodCode, "海阳甲公司", "2020.5.6"}, []any{otherCode, "海阳乙商店", "2021-03-01"}), "UTF-8"},
		{"inline texts with prefixes", "a.xlsx", rawBook(t, prefixed(worksheet(inline(1, "统一社会信用代码", "企业名称", "成立日期"), inline(2, goodCode, "海阳甲公司", "2020-05-06"), inline(3, otherCode, "海阳乙商店", "2021-03-01"))), nil), "UTF-8"},
	} {
		s := tell(test.file, test.data)
		if s.err != nil || len(s.rows) != 2 || len(s.before) > 0 {
			t.Errorf("%s: %d rows, %v, %v", test.name, len(s.rows), s.before, s.err)
			continue
		}
		for i, want := range [][3]string{{goodCode, "海阳甲公司", "2020-05-06"}, {otherCode, "海阳乙商店", "2021-03-01"}} {
			r := s.rows[i]
			if got := [3]string{r.Value("uscc"), r.Value("name"), r.Value("established")}; got != want || len(r.Faults) > 0 {
				t.Errorf("%s, row %d: %q with %v", test.name, i, got, r.Faults)
			}
			if want := s.head.Line + 1 + i; r.Line != want {
				t.Errorf("%s: line %d, want %d", test.name, r.Line, want)
			}
		}
		f, err := Open(context.Background(), bytes.NewReader(test.data), int64(len(test.data)), test.file, Options{})
		if err != nil || f.Encoding() != test.encoding {
			t.Errorf("%s: encoding %q, %v", test.name, f.Encoding(), err)
		}
	}
}

// prefixed writes the elements of a sheet with a namespace prefix, as the Open
// XML SDK does.
func prefixed(sheet string) string {
	for _, name := range []string{"worksheet", "sheetData", "row", "c", "is", "t"} {
		for _, end := range []string{">", " "} {
			sheet = strings.ReplaceAll(sheet, "<"+name+end, "<x:"+name+end)
		}
		sheet = strings.ReplaceAll(sheet, "</"+name+">", "</x:"+name+">")
	}
	return sheet
}

// kindOf is the code of the problem that an error is.
func kindOf(err error) string {
	var p inspect.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestTheTableOfTheTestsIsValid(t *testing.T) {
	if err := errors.Join(firms.Valid(), benchTable().Valid()); err != nil {
		t.Fatal(err)
	}
}

// Shared texts that do not fit into memory come from a file, and are the same.
func TestManySharedTexts(t *testing.T) {
	var sheet, texts strings.Builder
	texts.WriteString(`<sst><si><t>信用代码</t></si><si><t>企业名称</t></si><si><t>` + goodCode + `</t></si>`)
	sheet.WriteString(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`)
	const n = 1000
	for i := range n {
		at := strconv.Itoa(i + 2)
		sheet.WriteString(`<row r="` + at + `"><c r="A` + at + `" t="s"><v>2</v></c><c r="B` + at + `" t="s"><v>` + strconv.Itoa(3+i*7%n) + `</v></c></row>`)
		texts.WriteString(`<si><r><t>第` + strconv.Itoa(i) + `</t></r><rPh><t>di</t></rPh><r><t>号</t></r></si>`)
	}
	data := rawBook(t, worksheet(sheet.String()), map[string]string{"xl/sharedStrings.xml": texts.String() + `</sst>`})
	for _, memory := range []int64{0, 1} {
		dir := t.TempDir()
		f, err := Open(context.Background(), bytes.NewReader(data), int64(len(data)), "a.xlsx", Options{Dir: dir, Limits: Limits{Memory: memory}})
		if err != nil {
			t.Fatal(err)
		}
		h, err := f.Head(context.Background(), firms, "")
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for r, err := range f.Rows(context.Background(), firms, firms.Match(h, Mapping{})) {
			if want := "第" + strconv.Itoa(i*7%n) + "号"; err != nil || r.Value("name") != want {
				t.Fatalf("row %d: %q, want %q: %v", i, r.Value("name"), want, err)
			}
			i++
		}
		if i != n || (f.book.texts.file != nil) != (memory == 1) {
			t.Errorf("%d rows, a file %t", i, f.book.texts.file != nil)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
}

// What somebody decided before is decided again, also against our own opinion,
// and for headings that we do not know.
func TestARememberedMappingWins(t *testing.T) {
	h := Head{Line: 1, Headings: []Heading{{"A", "信用代码"}, {"B", "字号"}, {"C", "企业名称"}, {"D", "备注"}, {"E", "备注"}}}
	known := Mapping{Pairs: []Pair{{"X", "字号", "name"}, {"Y", "企业名称", ""}, {"D", "备注", "scope"}, {"E", "备注", ""}, {"Z", "信用代码", "gone"}}}
	m := firms.Match(h, known)
	var got []string
	for _, p := range m.Pairs {
		got = append(got, p.Key)
	}
	if want := []string{"uscc", "name", "", "scope", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, f := range firms.CheckMapping(h, m) {
		if f.Severity == Error {
			t.Errorf("%+v", f)
		}
	}
	m.Pairs[2].Key, m.Pairs[3].Key, m.Pairs[4].Heading = "name", "nothing", "别的"
	var codes []string
	for _, f := range firms.CheckMapping(h, m) {
		codes = append(codes, f.Code)
	}
	if want := []string{"double_column", "unknown_key", "head_changed"}; !slices.Equal(codes, want) {
		t.Errorf("got %q, want %q", codes, want)
	}
}

// A heading is known however it is set.
func TestHeadingsAreRecognised(t *testing.T) {
	for heading, want := range map[string]string{
		"企业名称": "name", " 企业 名称 ": "name", "*企业名称": "name", "企业名称（必填）": "name", "【企业名称】": "name", "企业\n名称": "name", "企业(机构)名称": "name",
		"统一社会信用代码/注册号": "uscc", "统一社会信用代码／注册号（18位）": "uscc", "USCC": "uscc", "ｕｓｃｃ": "uscc", "名称": "", "": "", "（）": "", "联系电话:": "phone",
	} {
		if got := newMatcher(firms).key(heading); got != want {
			t.Errorf("%q is %q, want %q", heading, got, want)
		}
	}
}
