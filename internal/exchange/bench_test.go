package exchange

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"suicha/internal/uscc"
)

// Figures: go test ./internal/exchange -run '^$' -bench . -benchtime 1x
//
// The files are those of an object library: 14 columns, a scope of some 60
// characters, two columns of dates.

// bigRows is a full sheet of Excel below its heading.
const bigRows = 1_048_575

func benchTable() Table {
	text := func(key, heading string) Column { return Column{Key: key, Headings: []string{heading}} }
	t := Table{Key: "object", Name: "检查对象", Columns: []Column{
		{Key: "uscc", Headings: []string{"统一社会信用代码", "统一社会信用代码/注册号"}, Kind: CreditCode, Required: true},
		{Key: "name", Headings: []string{"企业名称", "单位名称"}, Required: true, Most: 200},
		text("type", "市场主体类型"), text("person", "法定代表人"),
		{Key: "phone", Headings: []string{"联系电话"}, Kind: Code},
		text("address", "住所"),
		{Key: "scope", Headings: []string{"经营范围"}, Kind: Prose},
		{Key: "industry", Headings: []string{"行业代码"}, Kind: IndustryCode},
		{Key: "established", Headings: []string{"成立日期"}, Kind: Date},
		{Key: "status", Headings: []string{"登记状态"}, Kind: Choose, Choices: []Choice{{"active", []string{"存续"}}, {"closed", []string{"注销"}}}},
		text("authority", "登记机关"),
		{Key: "licence", Headings: []string{"许可证编号"}, Kind: Code},
		{Key: "valid_to", Headings: []string{"有效期至"}, Kind: Date, Forever: true},
		{Key: "tags", Headings: []string{"监管标签"}, Kind: List},
	}}
	for i, c := range t.Columns {
		if c.Kind == "" {
			t.Columns[i].Kind = Text
		}
	}
	return t
}

func benchHeadings() []string {
	var all []string
	for _, c := range benchTable().Columns {
		all = append(all, c.Heading())
	}
	return all
}

// benchRow is one row; dates are 2006-01-02.
func benchRow(i int, row []string) []string {
	code, err := uscc.Synthetic("91370687", i)
	if err != nil {
		panic(err)
	}
	return append(row[:0], string(code), fmt.Sprintf("海阳市第%d号测试商贸有限公司", i), "有限责任公司", fmt.Sprintf("测%d", i%5000),
		fmt.Sprintf("1990000%04d", i%10000), fmt.Sprintf("山东省烟台市海阳市测试街道测试路%d号", i),
		fmt.Sprintf("食品销售；日用百货、五金产品零售；普通货物道路运输；农副产品收购、加工及销售（依法须经批准的项目，经相关部门批准后方可开展经营活动）%d", i%9000),
		"F5211", "2019-05-06", "存续", "海阳市市场监督管理局", fmt.Sprintf("JY1370687%07d", i), "长期", "食品经营、特种设备")
}

// bigFile returns the path of a workbook of rows rows as Excel writes it, with
// shared texts.
func bigFile(b testing.TB, rows int) string {
	path := filepath.Join(b.TempDir(), "big.xlsx")
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	z := zip.NewWriter(out)
	for name, text := range skeleton {
		w, err := z.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		io.WriteString(w, text)
	}
	numbers, order := map[string]int{}, []string{}
	w, _ := z.Create("xl/worksheets/sheet1.xml")
	sheet := bufio.NewWriterSize(w, 1<<20)
	sheet.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	shared := func(text string) int {
		n, ok := numbers[text]
		if !ok {
			n = len(order)
			numbers[text] = n
			order = append(order, text)
		}
		return n
	}
	row := benchHeadings()
	for i := 0; i <= rows; i++ {
		if i > 0 {
			row = benchRow(i-1, row)
		}
		fmt.Fprintf(sheet, `<row r="%d" spans="1:14">`, i+1)
		for c, text := range row {
			name := letter(c+1) + fmt.Sprint(i+1)
			if text == "2019-05-06" {
				fmt.Fprintf(sheet, `<c r="%s" s="1"><v>43591</v></c>`, name)
				continue
			}
			fmt.Fprintf(sheet, `<c r="%s" t="s"><v>%d</v></c>`, name, shared(text))
		}
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	sheet.Flush()
	w, _ = z.Create("xl/sharedStrings.xml")
	texts := bufio.NewWriterSize(w, 1<<20)
	texts.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for _, text := range order {
		texts.WriteString("<si><t>" + text + "</t></si>")
	}
	texts.WriteString(`</sst>`)
	texts.Flush()
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// skeleton are the parts of a workbook around its sheet.
var skeleton = map[string]string{
	"[Content_Types].xml":        `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
	"_rels/.rels":                `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
	"xl/workbook.xml":            `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名录" sheetId="1" r:id="rId1"/></sheets></workbook>`,
	"xl/styles.xml":              `<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
}

// usage returns the CPU used so far and the greatest resident memory, in MiB.
func usage() (time.Duration, int64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), u.Maxrss >> 10
}

// read reads a whole file and returns its rows and faults.
func readAll(b testing.TB, path string, t Table) (rows, faults int) {
	in, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	f, err := Open(ctx, in, info.Size(), path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	h, err := f.Head(ctx, t, "")
	if err != nil {
		b.Fatal(err)
	}
	for row, err := range f.Rows(ctx, t, t.Match(h, Mapping{})) {
		if err != nil {
			b.Fatal(err)
		}
		rows++
		faults += len(row.Faults)
		if rows == 1 && strings.Join(row.Values, "|") == "" {
			b.Fatal("nothing was read")
		}
	}
	return rows, faults
}

// BenchmarkWorkbook reads a full sheet. It wants a process of its own for the
// memory: the file is made by another benchmark run, named in SUICHA_BIG.
func BenchmarkWorkbook(b *testing.B) {
	path := os.Getenv("SUICHA_BIG")
	if path == "" {
		path = bigFile(b, bigRows)
	}
	measure(b, path)
}

func measure(b *testing.B, path string) {
	t := benchTable()
	before, _ := usage()
	rows := 0
	b.ResetTimer()
	for range b.N {
		n, faults := readAll(b, path, t)
		if rows += n; faults > 0 {
			b.Errorf("%d faults", faults)
		}
	}
	after, rss := usage()
	b.ReportMetric((after-before).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(rss), "MiB-resident")
}

// bigText returns the path of a CSV file of the same rows.
func bigText(b testing.TB, rows int, encode func(io.Writer) io.Writer) string {
	path := filepath.Join(b.TempDir(), "big.csv")
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := bufio.NewWriterSize(encode(out), 1<<20)
	row := benchHeadings()
	for i := 0; i <= rows; i++ {
		if i > 0 {
			row = benchRow(i-1, row)
		}
		w.WriteString(strings.Join(row, ",") + "\r\n")
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkText(b *testing.B) {
	for name, encode := range map[string]func(io.Writer) io.Writer{
		"UTF-8": func(w io.Writer) io.Writer { return w },
		"GBK":   func(w io.Writer) io.Writer { return simplifiedchinese.GBK.NewEncoder().Writer(w) },
	} {
		b.Run(name, func(b *testing.B) { measure(b, bigText(b, 300_000, encode)) })
	}
}

// BenchmarkLibrary is the library's own way through the same workbook, for
// comparison: only texts, no kinds of cells, no dates.
func BenchmarkLibrary(b *testing.B) {
	path := bigFile(b, 100_000)
	before, _ := usage()
	b.ResetTimer()
	for range b.N {
		f, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: 4 << 30, UnzipXMLSizeLimit: 16 << 20})
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows(f.GetSheetName(0))
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for rows.Next() {
			cells, err := rows.Columns()
			if err != nil {
				b.Fatal(err)
			}
			n += len(cells)
		}
		if n != 14*100_001 {
			b.Errorf("%d cells", n)
		}
		rows.Close()
		f.Close()
	}
	after, rss := usage()
	b.ReportMetric((after-before).Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(rss), "MiB-resident")
}

// BenchmarkExport writes rows in each format.
func BenchmarkExport(b *testing.B) {
	t := benchTable()
	for _, format := range formats {
		b.Run(string(format), func(b *testing.B) {
			before, _ := usage()
			for range b.N {
				e, err := NewExport(io.Discard, format, t)
				if err != nil {
					b.Fatal(err)
				}
				var row []string
				for i := range 100_000 {
					row = benchRow(i, row)
					row[9], row[12], row[13] = "active", Forever, "食品经营\n特种设备"
					if err := e.Write(row); err != nil {
						b.Fatal(err)
					}
				}
				if err := e.Close(); err != nil {
					b.Fatal(err)
				}
			}
			after, rss := usage()
			b.ReportMetric((after-before).Seconds()/float64(b.N), "cpu-s/op")
			b.ReportMetric(float64(rss), "MiB-resident")
		})
	}
}
