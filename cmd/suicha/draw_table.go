package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"suicha/internal/draw"
)

// A tableRow is a row of a list and the line it stands on.
type tableRow struct {
	line  int
	cells []string
}

// eachRow calls do for every row of a list: a workbook, or text with commas or
// tabs. Rows without content are left out.
func eachRow(path, sheet string, do func(tableRow) error) error {
	in, err := openInput(path, "读取名单")
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, 8)
	n, _ := io.ReadFull(in.File, head)
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return eachSheetRow(path, sheet, do)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return fmt.Errorf("%s：是旧的 .xls 格式，请另存为 .xlsx 后重试", path)
	case strings.EqualFold(filepath.Ext(path), ".xlsx"):
		return fmt.Errorf("%s：不是完整的 xlsx 文件，请重新导出", path)
	}
	return eachTextRow(in, path, do)
}

// sheetLimits keep a prepared workbook from filling memory or disk.
var sheetLimits = excelize.Options{UnzipSizeLimit: 8 << 30, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true}

func eachSheetRow(path, sheet string, do func(tableRow) error) error {
	book, err := excelize.OpenFile(path, sheetLimits)
	if err != nil {
		return fmt.Errorf("%s：无法读取这个表格，请用 WPS 或 Excel 重新保存为 .xlsx", path)
	}
	defer book.Close()
	if sheet == "" {
		sheet = book.GetSheetName(0)
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return fmt.Errorf("%s：没有名为 %s 的工作表，现有：%s", path, sheet, strings.Join(book.GetSheetList(), "、"))
	}
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return rowFault(path, line, "这一行无法读取，请重新保存表格")
		}
		if err := doRow(tableRow{line, cells}, do); err != nil {
			return err
		}
	}
	if err := errors.Join(rows.Error(), rows.Close()); err != nil {
		return fmt.Errorf("%s：表格没有读完，文件可能不完整，请重新保存为 .xlsx", path)
	}
	return nil
}

func eachTextRow(r io.Reader, path string, do func(tableRow) error) error {
	plain := &plainText{in: bufio.NewReaderSize(r, 1<<16), path: path}
	text := bufio.NewReaderSize(plain, 1<<16)
	first, err := text.Peek(4096)
	if err != nil && err != io.EOF {
		return err
	}
	top, _, _ := bytes.Cut(first, []byte("\n"))
	table := csv.NewReader(text)
	table.FieldsPerRecord, table.LazyQuotes, table.ReuseRecord = -1, true, true
	if bytes.IndexByte(top, '\t') >= 0 {
		table.Comma = '\t'
	}
	for {
		cells, err := table.Read()
		if err == io.EOF {
			return nil
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return rowFault(path, parse.StartLine, "引号没有成对，请检查这一行")
		}
		if err != nil {
			return err
		}
		line, _ := table.FieldPos(0)
		if err := doRow(tableRow{line, cells}, do); err != nil {
			return err
		}
	}
}

// doRow passes a row on, cleaned, unless it is empty.
func doRow(row tableRow, do func(tableRow) error) error {
	empty := true
	for i, cell := range row.cells {
		row.cells[i] = strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
		empty = empty && row.cells[i] == ""
	}
	if empty {
		return nil
	}
	return do(row)
}

func rowFault(path string, line int, format string, args ...any) error {
	return &draw.Fault{File: path, Line: line, Text: fmt.Sprintf(format, args...)}
}

// A plainText turns a list in UTF-8 or GB18030 into UTF-8, line by line. The first
// line that is not ASCII decides; a line in the other encoding is a fault, since
// half of such a list would be read wrongly.
type plainText struct {
	in   *bufio.Reader
	path string
	line int
	kind string // "", "UTF-8" or "GB18030"
	rest []byte
}

// longestLine bounds what is kept of a file that has no lines.
const longestLine = 1 << 20

// Read gives the text in UTF-8.
func (p *plainText) Read(buf []byte) (int, error) {
	for len(p.rest) == 0 {
		line, err := p.next()
		if err != nil {
			return 0, err
		}
		p.rest = line
	}
	n := copy(buf, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *plainText) next() ([]byte, error) {
	var line []byte
	for {
		part, err := p.in.ReadSlice('\n')
		if line = append(line, part...); len(line) > longestLine {
			return nil, rowFault(p.path, p.line+1, "这一行过长，不是名单")
		}
		if err == nil || err == io.EOF && len(line) > 0 {
			break
		}
		if err != bufio.ErrBufferFull {
			return nil, err
		}
	}
	p.line++
	if p.line == 1 {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
	}
	if i := bytes.IndexFunc(line, func(r rune) bool { return r < 0x20 && r != '\t' && r != '\r' && r != '\n' || r == 0x7f }); i >= 0 {
		return nil, rowFault(p.path, p.line, "含有控制字符，请重新导出名单")
	}
	return p.decode(line)
}

func (p *plainText) decode(line []byte) ([]byte, error) {
	if !bytes.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return line, nil
	}
	isUTF8 := utf8.Valid(line)
	if p.kind == "" {
		if p.kind = "GB18030"; isUTF8 {
			p.kind = "UTF-8"
		}
	}
	if p.kind == "UTF-8" {
		if !isUTF8 {
			return nil, rowFault(p.path, p.line, "这一行不是 UTF-8 编码，而前面的是：文件混用了两种编码，请统一另存为 UTF-8")
		}
		return line, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
	bad := err != nil || bytes.ContainsRune(text, utf8.RuneError)
	switch {
	case isUTF8 && (bad || chineseIn(line) >= 6):
		return nil, rowFault(p.path, p.line, "这一行是 UTF-8 编码，而前面的是 GB18030：文件混用了两种编码，请统一另存为 UTF-8")
	case bad:
		return nil, rowFault(p.path, p.line, "既不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8 后重试")
	}
	return text, nil
}

// chineseIn counts Chinese characters. Text in GB18030 is hardly ever UTF-8 with
// many of them by accident.
func chineseIn(line []byte) (n int) {
	for _, r := range string(line) {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

// isTerminal tells whether somebody can answer a question.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
