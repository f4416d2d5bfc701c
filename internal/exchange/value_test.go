package exchange

import (
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// judge reads one cell by one column of firms.
func judge(key string, x cell) (value string, faults []string) {
	r := newReading(firms.Columns[firms.Index(key)])
	value = r.value(x, func(f finding) {
		mark := "!"
		if f.severity == Warning {
			mark = "?"
		}
		faults = append(faults, mark+f.code)
		if f.text == "" || strings.Contains(f.text, "%!") || !strings.HasSuffix(f.text, "。") {
			faults = append(faults, "no sentence: "+f.text)
		}
	})
	return value, faults
}

// An error is marked with !, a warning with ?.
func TestCells(t *testing.T) {
	text := func(s string) cell { return cell{text: s} }
	number := func(s string) cell { return cell{text: s, kind: numeric} }
	long := strings.Repeat("长", 61)
	for _, test := range []struct {
		key    string
		x      cell
		want   string
		faults string
	}{
		// Credit codes: GB 32100-2015. A wrong check character is a warning.
		{"uscc", text(goodCode), goodCode, ""},
		{"uscc", text(" " + goodCode + "　"), goodCode, ""},
		{"uscc", text("9137 0687 MA3T ERT0 3B"), goodCode, "?uscc_changed"},
		{"uscc", text("９１３７０６８７ＭＡ３ＴＥＲＴ０３Ｂ"), goodCode, "?uscc_changed"},
		{"uscc", text(strings.ToLower(goodCode)), goodCode, "?uscc_changed"},
		{"uscc", text("'" + goodCode), goodCode, "?code_cleaned"},
		{"uscc", text(goodCode[:17] + "A"), goodCode[:17] + "A", "?uscc_check"},
		{"uscc", text(goodCode[:17]), "", "!uscc_length"},
		{"uscc", text("9137O687MA3TERT03B"), "", "!uscc_character"},
		{"uscc", text("无"), "", "!uscc_character"},
		{"uscc", text(""), "", "!required"},
		{"uscc", text(" \u200b　"), "", "!required"},
		{"uscc", text("9.13707E+17"), "", "!lost_digits"},
		{"uscc", number("9.1370687661234E+17"), "", "!lost_digits"},
		{"uscc", number("913706876612340000"), "", "!lost_digits"},
		{"uscc", text("913706876612340000"), "", "!lost_digits"},
		{"uscc", cell{text: "#N/A", kind: failed}, "", "!cell_error"},
		{"uscc", text("#REF!"), "", "!cell_error"},
		{"uscc", cell{text: goodCode, formula: true}, goodCode, "?formula"},
		{"uscc", cell{formula: true}, "", "!formula"},

		// Names.
		{"name", text("海阳市甲（集团）有限公司"), "海阳市甲（集团）有限公司", ""},
		{"name", text("海阳ＡＢＣ１２公司"), "海阳ABC12公司", "?width"},
		{"name", text("海阳　公司"), "海阳 公司", "?width"},
		{"name", text("海阳\u200b公司"), "海阳公司", "?invisible"},
		{"name", text("海阳\n公司"), "海阳 公司", "?line_breaks"},
		{"name", text("海阳\u202e司公"), "", "!bidi"},
		{"name", text("海阳\x07公司"), "", "!control"},
		{"name", text("海阳\ufffd公司"), "", "!lost_character"},
		{"name", text("锟斤拷锟斤拷"), "", "!mojibake"},
		{"name", text("????公司"), "", "!mojibake"},
		{"name", text("海阳\ue000公司"), "海阳\ue000公司", "?private_use"},
		{"name", text("\uf90a公司"), "金公司", "?composed"},
		{"name", text("e\u0301公司"), "é公司", "?composed"},
		{"name", text("<script>alert(1)</script>"), "<script>alert(1)</script>", ""},
		{"name", text("=1+1"), "=1+1", ""},
		{"name", text(long), "", "!too_long"},
		{"name", text(long[:60*3]), long[:60*3], ""},
		{"name", number("360"), "360", ""},
		{"name", cell{text: "2025-03-05", kind: dated}, "", "!auto_date"},
		{"name", cell{text: "-3", kind: undatable}, "", "!auto_date"},
		{"scope", text("食品销售。\r\n普通货运。\r"), "食品销售。\n普通货运。", ""},
		{"scope", text("一\t二"), "一 二", ""},
		{"scope", text(strings.Repeat("字", cellLimit)), "", "!too_long"},

		// Other numbers that are no quantities.
		{"phone", text("0535-3221234"), "0535-3221234", ""},
		{"phone", text("0535－322 1234"), "0535-3221234", "?code_cleaned"},
		{"phone", text("'05353221234"), "05353221234", "?code_cleaned"},
		{"phone", number("19900001234"), "19900001234", ""},
		{"phone", number("1.9900001234E10"), "19900001234", ""},
		{"phone", cell{text: "123", kind: numeric, zeros: 6}, "000123", ""},
		{"phone", text("3.70687E+17"), "", "!lost_digits"},
		{"phone", text("370687199001010000"), "370687199001010000", "?maybe_lost"},

		// Dates.
		{"established", text("2020-05-06"), "2020-05-06", ""},
		{"established", text("2020/5/6"), "2020-05-06", ""},
		{"established", text("2020.5.6"), "2020-05-06", ""},
		{"established", text("2020年5月6日"), "2020-05-06", ""},
		{"established", text("２０２０年５月６日"), "2020-05-06", ""},
		{"established", text("20200506"), "2020-05-06", ""},
		{"established", text("2020-05-06 00:00:00"), "2020-05-06", ""},
		{"established", text("2020/5/6 13:30"), "2020-05-06", ""},
		{"established", text("2020-05-06T16:00:00.000Z"), "2020-05-07", "?date_zone"},
		{"established", number("20200506"), "2020-05-06", ""},
		{"established", cell{text: "2020-05-06", kind: dated}, "2020-05-06", ""},
		{"established", number("43957"), "", "!date_number"},
		{"established", cell{text: "60", kind: undatable}, "", "!date_serial"},
		{"established", text("2021-02-29"), "", "!date_impossible"},
		{"established", text("2021-13-01"), "", "!date_impossible"},
		{"established", text("2021-04-31"), "", "!date_impossible"},
		{"established", text("5/6/2020"), "", "!date_form"},
		{"established", text("20/5/6"), "", "!date_form"},
		{"established", text("2020年5月"), "", "!date_form"},
		{"established", text("2020-05/06"), "", "!date_form"},
		{"established", text("昨天"), "", "!date_form"},
		{"established", text("0020-05-06"), "", "!date_year"},
		{"established", text("长期"), "", "!date_forever"},
		{"valid_to", text("长期"), Forever, ""},
		{"valid_to", text("长期有效"), Forever, ""},
		{"valid_to", text("9999-09-09"), Forever, ""},
		{"valid_to", text("9999/12/31"), Forever, ""},
		{"valid_to", cell{text: "9999-12-31", kind: dated}, Forever, ""},
		{"valid_to", text("2030-01-01"), "2030-01-01", ""},

		// Numbers.
		{"staff", text("12"), "12", ""},
		{"staff", text("1,200"), "1200", ""},
		{"staff", text("１２"), "12", "?width"},
		{"staff", text("007"), "7", ""},
		{"staff", text("1.50"), "1.5", ""},
		{"staff", text("-0.0"), "0", ""},
		{"staff", number("1.2E3"), "1200", ""},
		{"staff", number("0.1"), "0.1", ""},
		{"staff", text("12人"), "", "!number"},
		{"staff", text("12,00"), "", "!number"},
		{"staff", text("十二"), "", "!number"},
		{"staff", number("1E300"), "", "!number"},
		{"staff", text("1234567890123456"), "", "!number"},
		{"staff", cell{text: "2020-05-06", kind: dated}, "", "!number"},

		// Choices, codes of industries, lists.
		{"status", text("存续"), "active", ""},
		{"status", text("在 业"), "active", "?"},
		{"status", text("active"), "active", ""},
		{"status", text("存续（在营）"), "", "!choice"},
		{"expert", cell{text: "TRUE", kind: boolean}, "yes", ""},
		{"expert", text("否"), "no", ""},
		{"industry", text("F5211"), "F5211", ""},
		{"industry", text("5211"), "F5211", ""},
		{"industry", text("Z999"), "", "!industry_form"},
		{"tags", text("食品、药品;特种设备，网络"), "食品\n药品\n特种设备\n网络", ""},
		{"tags", text("食品、、食品"), "食品", "?repeated"},
		{"tags", text("电梯、起重机\n锅炉"), "电梯、起重机\n锅炉", ""},
		{"tags", text("、"), "", ""},
		{"tags", text("食品、" + long), "", "!too_long"},
	} {
		got, faults := judge(test.key, test.x)
		if all := strings.Join(faults, " "); got != test.want || all != strings.TrimSuffix(test.faults, "?") && !(test.faults == "?" && all == "") {
			t.Errorf("%s %q: %q with %q, want %q with %q", test.key, test.x.text, got, all, test.want, test.faults)
		}
	}
}

// Serials of both systems: ISO/IEC 29500-1, 18.17.4.1.
func TestSerialDates(t *testing.T) {
	for _, test := range []struct {
		serial   string
		from1904 bool
		want     string
	}{
		{"1", false, "1900-01-01"}, {"59", false, "1900-02-28"}, {"60", false, ""}, {"61", false, "1900-03-01"},
		{"43957", false, "2020-05-06"}, {"43957.5", false, "2020-05-06 12:00:00"}, {"42495", true, "2020-05-06"},
		{"2958465", false, "9999-12-31"}, {"2958466", false, ""}, {"2957004", true, ""}, {"0.5", false, ""}, {"-1", false, ""}, {"x", false, ""}, {"NaN", false, ""}, {"1E9", false, ""},
	} {
		if got, ok := serialDate(test.serial, test.from1904); got != test.want || ok != (got != "") {
			t.Errorf("%s, 1904 %t: %q, want %q", test.serial, test.from1904, got, test.want)
		}
	}
}

func TestNumberFormats(t *testing.T) {
	for code, want := range map[string]numberFormat{
		"yyyy-mm-dd": {date: true}, `yyyy"年"m"月"d"日";@`: {date: true}, "[$-804]yyyy/m/d": {date: true}, "h:mm": {date: true},
		"0.00": {}, `0"户"`: {}, "@": {}, "General": {}, "000000": {zeros: 6}, "[Red]0": {}, "#,##0": {}, `"date"0`: {},
	} {
		if got := newNumberFormat(code); got != want {
			t.Errorf("%s: %+v, want %+v", code, got, want)
		}
	}
}

// What a workbook says beyond its texts: each row of the table is a fault that
// people find by row and column.
func TestFaultsHaveTheirPlace(t *testing.T) {
	dates := func(f *excelize.File) {
		fill(t, f, "Sheet1", []any{"统一社会信用代码", "企业名称", "成立日期", "有效期至"}, []any{goodCode, "甲", 43957, 43957})
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			t.Fatal(err)
		}
		f.SetCellStyle("Sheet1", "C2", "C2", style)
	}
	yes := true
	for _, test := range []struct {
		name, file string
		data       []byte
		want       string // place and code of each fault
	}{
		{"a serial without a format", "a.xlsx", bookOf(t, dates), "第2行D列（有效期至） date_number"},
		{"the system of 1904", "a.xlsx", bookOf(t, func(f *excelize.File) {
			dates(f)
			f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
			f.SetCellInt("Sheet1", "C2", 42495)
			f.SetCellStr("Sheet1", "D2", "长期")
		}), ""},
		{"a number for a code", "a.xlsx", sheetOf(t, heads, []any{913706876612345678, "甲"}), "第2行A列（统一社会信用代码） lost_digits"},
		{"more cells than headings", "a.csv", []byte("信用代码,企业名称\n" + goodCode + ",甲,乙\n"), "第2行C列 shifted"},
		{"a comma in a name without quotes", "a.csv", []byte("信用代码,企业名称,成立日期\n" + goodCode + ",甲,乙公司,2020-05-06\n"), "第2行C列（成立日期） date_form / 第2行D列 shifted"},
		{"a column without a heading", "a.csv", []byte("信用代码,,企业名称\n" + goodCode + ",乙,甲\n"), "第2行B列 shifted"},
		{"a title above", "a.csv", []byte("海阳市检查对象名录,\n填表单位：市场监管局,2026-01-01\n\n信用代码,企业名称\n" + goodCode + ",\n"), "第5行B列（企业名称） required"},
		{"empty rows between", "a.csv", []byte("信用代码,企业名称\n\n,\n" + goodCode + ",\n"), "第4行B列（企业名称） required"},
		{"line ends in cells", "a.csv", []byte("信用代码,企业名称,经营范围\n" + goodCode + ",甲,\"一\r\n二\r\n三\"\n" + otherCode + ",,四\n"), "第3行B列（企业名称） required"},
		{"merged cells", "a.xlsx", bookOf(t, func(f *excelize.File) {
			fill(t, f, "Sheet1", []any{"名录"}, []any{"信用代码", "企业名称", "经营范围"}, []any{goodCode, "甲", "一"}, []any{otherCode, "乙", nil})
			f.MergeCell("Sheet1", "A1", "C1")
			f.MergeCell("Sheet1", "C3", "C4")
		}), "第3行C列（经营范围） merged / 第4行C列（经营范围） merged"},
		{"merged headings", "a.xlsx", bookOf(t, func(f *excelize.File) {
			fill(t, f, "Sheet1", []any{"信用代码", "企业名称", nil}, []any{goodCode, "甲", nil})
			f.MergeCell("Sheet1", "B1", "C1")
		}), "第1行B列 merged_head"},
		{"hidden rows, columns and sheets", "a.xlsx", bookOf(t, func(f *excelize.File) {
			fill(t, f, "Sheet1", heads, []any{goodCode, "甲"})
			f.NewSheet("旧数据")
			fill(t, f, "旧数据", heads, []any{goodCode, "甲"})
			f.SetSheetVisible("旧数据", false)
			f.SetRowVisible("Sheet1", 2, false)
			f.SetColVisible("Sheet1", "B", false)
		}), "整个文件 hidden_sheet / 第1行B列（企业名称） hidden_column / 第2行 hidden_row"},
		{"formulas", "a.xlsx", rawBook(t, worksheet(inline(1, "信用代码", "企业名称", "经营范围"),
			`<row r="2"><c r="A2" t="str"><f>X1</f><v>`+goodCode+`</v></c><c r="B2"><f>1+1</f></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`), nil),
			"第2行A列（信用代码） formula / 第2行B列（企业名称） formula / 第2行C列（经营范围） formula / 第2行C列（经营范围） cell_error"},
		{"headings twice", "a.csv", []byte("信用代码,企业名称,企业名称\n" + goodCode + ",甲,乙\n"), "第1行B列（企业名称） unmapped / 第1行C列（企业名称） unmapped / 第1行（企业（机构）名称） ambiguous / 第2行 required"},
		{"a column missing", "a.csv", []byte("企业名称\n甲\n"), "第1行（统一社会信用代码） missing_column / 第2行 required"},
		{"headings nobody knows", "a.csv", []byte("信用代码,企业名称,备用一\n" + goodCode + ",甲,\n"), "第1行C列（备用一） unmapped"},
		{"no heading at all", "a.csv", []byte(goodCode + ",甲\n" + otherCode + ",乙\n"), "第1行 head_guess / 第1行A列（91370687MA3TERT03B） unmapped / 第1行B列（甲） unmapped / 第1行（统一社会信用代码） missing_column / 第1行（企业（机构）名称） missing_column / 第2行 required / 第2行 required"},
		{"a lone half of a pair in UTF-16", "a.csv", append(utf16(t, "信用代码,企业名称\n"+goodCode+",甲"), 0x00, 0xd8, '\n', 0), "第2行B列（企业名称） lost_character"},
		{"a byte that GBK does not have", "a.csv", append(gb(t, "信用代码,企业名称\n"+goodCode+",甲"), 0xff, '\n'), "第2行B列（企业名称） lost_character"},
		{"a field that comes late", "a.json", lateField(), "第1001行C列 shifted"},
		{"escapes of workbooks", "a.xlsx", rawBook(t, worksheet(inline(1, "信用代码", "企业名称"), inline(2, goodCode, "甲_x0007_")), nil), "第2行B列（企业名称） control"},
	} {
		s := tell(test.file, test.data)
		if s.err != nil {
			t.Errorf("%s: %v", test.name, s.err)
			continue
		}
		var got []string
		faults := s.before
		for _, r := range s.rows {
			faults = append(faults, r.Faults...)
		}
		for _, f := range faults {
			got = append(got, f.Place()+" "+f.Code)
		}
		if all := strings.Join(got, " / "); all != test.want {
			t.Errorf("%s:\n got  %s\n want %s", test.name, all, test.want)
		}
	}
}

func lateField() []byte {
	var b strings.Builder
	for i := range fieldSample + 1 {
		b.WriteString(`{"uscc":"` + goodCode + `","name":"甲"`)
		if i == fieldSample {
			b.WriteString(`,"another":"乙"`)
		}
		b.WriteString("}\n")
	}
	return []byte(b.String())
}

// The original stays beside what was made of it.
func TestTheOriginalIsKept(t *testing.T) {
	s := tell("a.csv", []byte("信用代码,企业名称\n９１370687MA3TERT03B,ＡＢ公司\n"))
	if s.err != nil || len(s.rows) != 1 || !slices.Equal(s.rows[0].Cells, []string{"９１370687MA3TERT03B", "ＡＢ公司"}) || s.rows[0].Value("name") != "AB公司" {
		t.Errorf("%+v, %v", s.rows, s.err)
	}
}
