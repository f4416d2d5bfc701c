package exchange

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// hostile are texts that want to be something else when a file is opened.
var hostile = append(slices.Clone(nasty), "''=1", "'", "'x", `"`, `""`, `a"b`, "a,b;c\td", "_x000D_", "_x0041__x005F_", "x_x00e9_y",
	"#N/A的", "TRUE", "1E5", "9.13E+17的", "2020-05-06", "=cmd|' /C calc'!A0", "@SUM(A1)", "<script>", "&lt;&#10;", "]]>", "a\nb", "公司（有限）", "𠮷野家", "长期", "null", "[1]", "{\"a\":1}")

// normal is what reading makes of a text: only such texts are ever exported.
func normal(c Column, text string) (string, bool) {
	r := newReading(c)
	fine := true
	value := r.value(cell{text: text}, func(f finding) { fine = fine && f.severity != Error })
	return value, fine
}

// export writes rows and reads them back.
func roundTrip(t rapid.TB, format Format, table Table, rows [][]string) (back [][]string) {
	var out bytes.Buffer
	e, err := NewExport(&out, format, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := e.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	f, err := Open(ctx, bytes.NewReader(out.Bytes()), int64(out.Len()), "a."+string(format), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h, err := f.Head(ctx, table, "")
	if err != nil {
		t.Fatal(err)
	}
	m := table.Match(h, Mapping{})
	if faults := table.CheckMapping(h, m); len(faults) > 0 {
		t.Fatalf("%s: %v", format, faults)
	}
	for r, err := range f.Rows(ctx, table, m) {
		if err != nil || r.Failed() {
			t.Fatalf("%s: row %d: %v, %v\n%s", format, r.Line, err, r.Faults, out.String()[:min(out.Len(), 2000)])
		}
		back = append(back, slices.Clone(r.Values))
	}
	return back
}

var formats = []Format{XLSX, CSV, JSON}

// Export, then import, is the identity: R27.
func TestExportThenImportIsTheIdentity(t *testing.T) {
	var rows [][]string
	for _, text := range hostile {
		row := make([]string, len(firms.Columns))
		for i, c := range firms.Columns {
			if value, fine := normal(c, text); fine && (c.Kind == Text || c.Kind == Prose || c.Kind == Code || c.Kind == List) {
				row[i] = value
			}
		}
		row[0], row[4], row[5], row[6], row[7], row[8], row[9] = goodCode, "1899-12-31", Forever, "123456789012.5", "closed", "no", "F5211"
		if row[1] == "" {
			row[1] = "甲"
		}
		rows = append(rows, row)
	}
	for _, format := range formats {
		back := roundTrip(t, format, firms, rows)
		if len(back) != len(rows) {
			t.Fatalf("%s: %d rows of %d", format, len(back), len(rows))
		}
		for i := range rows {
			if !slices.Equal(back[i], rows[i]) {
				t.Errorf("%s: got  %q\nwant %q", format, back[i], rows[i])
			}
		}
	}
}

func TestAnyTextComesBack(t *testing.T) {
	table := Table{Key: "x", Name: "测试", Columns: []Column{
		{Key: "id", Headings: []string{"编号"}, Kind: Text, Required: true}, {Key: "text", Headings: []string{"文字"}, Kind: Prose},
		{Key: "list", Headings: []string{"列表"}, Kind: List}, {Key: "number", Headings: []string{"数"}, Kind: Number},
	}}
	rapid.Check(t, func(t *rapid.T) {
		var rows [][]string
		for i := range rapid.IntRange(1, 4).Draw(t, "rows") {
			row := []string{fmt.Sprint("n", i)}
			for _, c := range table.Columns[1:] {
				text := rapid.OneOf(rapid.String(), rapid.SampledFrom(hostile), rapid.StringMatching(`[=+'"、,;\n_x0-9A-Fa-f甲 .-]{0,12}`)).Draw(t, c.Key)
				value, fine := normal(c, text)
				if !fine {
					value = ""
				}
				row = append(row, value)
			}
			rows = append(rows, row)
		}
		for _, format := range formats {
			if back := roundTrip(t, format, table, rows); fmt.Sprintf("%q", back) != fmt.Sprintf("%q", rows) {
				t.Fatalf("%s: got %q, want %q", format, back, rows)
			}
		}
	})
}

// No file of ours holds a formula or what a spreadsheet takes for one.
func TestExportsHoldNoFormula(t *testing.T) {
	table := Table{Key: "x", Name: "测试", Columns: []Column{{Key: "name", Headings: []string{"名称"}, Kind: Text}}}
	for _, format := range formats {
		var out bytes.Buffer
		e, err := NewExport(&out, format, table)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range hostile {
			if err := e.Write([]string{text}); err != nil {
				t.Fatal(err)
			}
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		switch format {
		case XLSX:
			noFormulaParts(t, out.Bytes())
		case CSV:
			records, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
			if err != nil || len(records) < len(hostile)/2 {
				t.Fatal(len(records), err)
			}
			for _, r := range records {
				if strings.IndexAny(r[0], guarded) == 0 {
					t.Errorf("%q could become a formula", r[0])
				}
			}
		}
	}
}

// A template is read without a fault, and what is filled in arrives.
func TestTemplates(t *testing.T) {
	long := firms
	long.Name = "检查/对象*名录"
	long.Columns = slices.Clone(firms.Columns)
	var many []Choice
	for i := range 60 {
		many = append(many, Choice{fmt.Sprint("v", i), []string{fmt.Sprint("第", i, "个很长的可选内容")}})
	}
	long.Columns[7].Choices = many
	for _, table := range []Table{firms, long} {
		var out bytes.Buffer
		if err := Template(&out, table); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		name := f.GetSheetName(0)
		if got, _ := f.GetCellValue(name, "A1"); got != "*统一社会信用代码" {
			t.Errorf("the first heading is %q", got)
		}
		style, _ := f.GetColStyle(name, "A")
		if s, err := f.GetStyle(style); err != nil || s.NumFmt != textFormat {
			t.Errorf("the column of codes is not text: %v", err)
		}
		lists, _ := f.GetDataValidations(name)
		notes, _ := f.GetComments(name)
		panes, _ := f.GetPanes(name)
		if len(lists) != 2 || len(notes) != len(table.Columns) || !panes.Freeze {
			t.Errorf("%d lists, %d notes, frozen %t", len(lists), len(notes), panes.Freeze)
		}
		fill(t, f, name, nil, []any{goodCode, "甲", nil, nil, nil, nil, nil, table.Columns[7].Choices[0].Words[0]})
		var filled bytes.Buffer
		if err := f.Write(&filled); err != nil {
			t.Fatal(err)
		}
		noFormulaParts(t, filled.Bytes())
		s := tell("a.xlsx", filled.Bytes())
		if s.err != nil || len(s.before) > 0 || len(s.rows) != 1 || s.rows[0].Value("name") != "甲" || len(s.mapping.Pairs) != len(table.Columns) {
			t.Errorf("%v, %v, %+v", s.err, s.before, s.rows)
		}
		f.Close()
	}
}

// faulty is a workbook with one row of each fault that a file of faults could
// lose: mended halfway, it must not slip through.
func faulty(t testing.TB) []byte {
	return bookOf(t, func(f *excelize.File) {
		fill(t, f, "Sheet1", []any{"二〇二六年名录"}, []any{"信用代码", "企业名称", "经营范围", "成立日期", "是否需专家", "备用"},
			[]any{goodCode, "甲", "一", "2020-05-06", true, 1.5},
			[]any{913706876612345678, "乙", "二", 43957, false},
			[]any{otherCode, "丙_x000D_", "合并", "2020-02-30"},
			[]any{otherCode, "丁", nil, "2020-02-28", "也许"},
			[]any{goodCode[:17] + "A", "戊", "=1"},
			[]any{goodCode, 45000},
		)
		f.SetCellStr("Sheet1", "C7", "=1")
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		f.SetCellStyle("Sheet1", "B8", "B8", style)
		f.MergeCell("Sheet1", "C5", "C6")
	})
}

func faultsOf(s story) iter.Seq2[Fault, error] {
	return func(yield func(Fault, error) bool) {
		for _, f := range s.before {
			if !yield(f, nil) {
				return
			}
		}
		for _, r := range s.rows {
			for _, f := range r.Faults {
				if !yield(f, nil) {
					return
				}
			}
		}
	}
}

// A file of faults is brought again as it is, and has the same faults: R27, R33.
func TestTheFileOfFaults(t *testing.T) {
	ctx := context.Background()
	data := faulty(t)
	for _, which := range []Extent{FaultyRows, AllRows} {
		first := tell("a.xlsx", data)
		if first.err != nil || len(first.rows) != 6 {
			t.Fatal(first.err, len(first.rows))
		}
		for range 3 { // mended nothing, brought again and again
			f, err := Open(ctx, bytes.NewReader(data), int64(len(data)), "a.xlsx", Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := tell("a.xlsx", data)
			var out bytes.Buffer
			if err := WriteFaults(ctx, &out, f, firms, s.mapping, faultsOf(s), which); err != nil {
				t.Fatal(err)
			}
			f.Close()
			data = out.Bytes()
			noFormulaParts(t, data)
			again := tell("a.xlsx", data)
			wantRows := map[Extent]int{FaultyRows: 5, AllRows: 6}[which]
			if again.err != nil || len(again.rows) != wantRows {
				t.Fatalf("%v, %d rows, want %d", again.err, len(again.rows), wantRows)
			}
			if got := len(again.mapping.Pairs); got != 7 {
				t.Errorf("%d columns, want the six and 问题", got)
			}
			failed := 0
			for _, r := range again.rows {
				if r.Failed() {
					failed++
				}
			}
			if failed != 4 {
				t.Errorf("%d rows fail, want 4: %v", failed, again.codes())
			}
		}
		data = faulty(t)
	}
}

func TestTheFileOfFaultsShowsWhereTheyAre(t *testing.T) {
	ctx := context.Background()
	data := faulty(t)
	s := tell("a.xlsx", data)
	f, err := Open(ctx, bytes.NewReader(data), int64(len(data)), "a.xlsx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if err := WriteFaults(ctx, &out, f, firms, s.mapping, faultsOf(s), FaultyRows); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	name := book.GetSheetName(0)
	first, _ := book.GetCellValue(name, "A2")
	if want := "错误：原第4行“信用代码”，表格软件把号码存成了数字"; !strings.HasPrefix(first, want) {
		t.Errorf("the first sentence is %q", first)
	}
	fill, _ := book.GetCellStyle(name, "B2")
	if style, err := book.GetStyle(fill); err != nil || len(style.Fill.Color) != 1 || !strings.HasSuffix(style.Fill.Color[0], "FFC7CE") {
		t.Errorf("the cell at fault is not red: %+v, %v", style, err)
	}
	notes, err := book.GetComments(name)
	if err != nil || len(notes) == 0 || !slices.ContainsFunc(notes, func(c excelize.Comment) bool { return c.Cell == "B2" }) {
		t.Errorf("notes %v, %v", notes, err)
	}
	general, _ := book.GetCellValue(noteSheet, "A3")
	if !strings.Contains(general, "第2行F列（备用）") {
		t.Errorf("the faults of the headings are %q", general)
	}
}
