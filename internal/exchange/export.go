package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// An Export writes a table row by row, so that Rows reads back the same values:
// in CSV guarded against formulas, in workbooks as text.
type Export struct {
	format Format
	table  Table
	out    *bufio.Writer
	csv    *csv.Writer
	book   *bookWriter
	stream *excelize.StreamWriter
	target io.Writer
	sheets int
	row    int // of the sheet at hand
	n      int // of all
	cells  []string
	values []any
}

// NewExport begins a file of the columns of t.
func NewExport(w io.Writer, format Format, t Table) (*Export, error) {
	e := &Export{format: format, table: t, target: w}
	switch format {
	case XLSX:
		e.book = newBookWriter()
		e.nextSheet()
		return e, e.failed(e.book.err)
	case CSV:
		e.out = bufio.NewWriterSize(w, 64<<10)
		e.csv = csv.NewWriter(e.out)
		e.csv.UseCRLF = true
		_, err := e.out.WriteString(bom)
		for _, c := range t.Columns {
			e.cells = append(e.cells, c.Heading())
		}
		return e, e.failed(errors.Join(err, e.csv.Write(e.cells)))
	case JSON:
		e.out = bufio.NewWriterSize(w, 64<<10)
		return e, nil
	}
	return nil, fmt.Errorf("export %s: no format %q", t.Key, format)
}

func (e *Export) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("export %s: %w", e.table.Key, err)
}

// Write adds a row: values in normal form, in the order of the columns.
func (e *Export) Write(values []string) error {
	if len(values) != len(e.table.Columns) {
		return e.failed(fmt.Errorf("row %d has %d values", e.n+1, len(values)))
	}
	e.n++
	switch e.format {
	case XLSX:
		return e.failed(e.writeSheet(values))
	case CSV:
		e.cells = e.cells[:0]
		for i, v := range values {
			e.cells = append(e.cells, Guard(e.table.Columns[i].cellText(v)))
		}
		return e.failed(e.csv.Write(e.cells))
	}
	return e.failed(e.writeJSON(values))
}

// cellText is a value as a cell of ours shows it.
func (c Column) cellText(value string) string {
	if c.Kind == List {
		return listCell(value)
	}
	return c.word(value)
}

// nextSheet begins a sheet. Excel's have an end.
func (e *Export) nextSheet() {
	e.sheets++
	name := sheetName(e.table.Name)
	if e.sheets == 1 {
		e.book.try(e.book.SetSheetName(e.book.GetSheetName(0), name))
	} else {
		name = fmt.Sprintf("%s (%d)", name, e.sheets)
		_, err := e.book.NewSheet(name)
		e.book.try(err)
	}
	var err error
	e.stream, err = e.book.NewStreamWriter(name)
	if e.book.try(err); e.book.err != nil {
		return
	}
	var heads []any
	for i, c := range e.table.Columns {
		e.book.try(e.stream.SetColWidth(i+1, i+1, c.width()))
		heads = append(heads, excelize.Cell{StyleID: e.book.plainHead, Value: c.Heading()})
	}
	e.book.try(e.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	e.book.try(e.stream.SetRow("A1", heads))
	e.row = 1
}

func (e *Export) writeSheet(values []string) error {
	if e.row == excelRows {
		e.book.try(e.stream.Flush())
		e.nextSheet()
	}
	if e.book.err != nil {
		return e.book.err
	}
	e.row++
	e.values = e.values[:0]
	for i, v := range values {
		c := e.table.Columns[i]
		switch number, ok := exactNumber(c, v); {
		case v == "":
			e.values = append(e.values, nil)
		case ok:
			e.values = append(e.values, excelize.Cell{StyleID: e.book.number, Value: number})
		default:
			e.values = append(e.values, excelize.Cell{StyleID: e.book.text, Value: textValue(c.cellText(v))})
		}
	}
	e.book.err = e.stream.SetRow("A"+strconv.Itoa(e.row), e.values)
	return e.book.err
}

// exactNumber returns the number that Excel can keep whole: of 15 digits.
func exactNumber(c Column, value string) (float64, bool) {
	if c.Kind != Number || len(strings.Trim(value, "-.")) > 15 {
		return 0, false
	}
	n, err := strconv.ParseFloat(value, 64)
	return n, err == nil
}

// writeJSON writes every field of every object, so that the first objects show
// all columns.
func (e *Export) writeJSON(values []string) error {
	line := []byte("[\n{")
	if e.n > 1 {
		line = []byte(",\n{")
	}
	for i, c := range e.table.Columns {
		if i > 0 {
			line = append(line, ',')
		}
		var value any = values[i]
		switch {
		case c.Kind == List:
			value = append([]string{}, strings.FieldsFunc(values[i], func(r rune) bool { return r == '\n' })...)
		case c.Kind == Number && values[i] != "":
			value = json.Number(values[i])
		}
		for k, part := range []any{c.Key, value} {
			text, err := plainJSON(part)
			if err != nil {
				return err
			}
			if k == 1 {
				line = append(line, ':')
			}
			line = append(line, text...)
		}
	}
	_, err := e.out.Write(append(line, '}'))
	return err
}

// plainJSON leaves < > & as they are: this is a file, not a page.
func plainJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	d := json.NewEncoder(&b)
	d.SetEscapeHTML(false)
	err := d.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Close writes what is still held, and ends the file.
func (e *Export) Close() error {
	switch e.format {
	case XLSX:
		err := e.book.err
		if err == nil {
			err = e.stream.Flush()
		}
		if err == nil {
			err = e.book.Write(e.target)
		}
		return e.failed(errors.Join(err, e.book.Close()))
	case CSV:
		e.csv.Flush()
		return e.failed(errors.Join(e.csv.Error(), e.out.Flush()))
	}
	end := "\n]\n"
	if e.n == 0 {
		end = "[]\n"
	}
	_, err := e.out.WriteString(end)
	return e.failed(errors.Join(err, e.out.Flush()))
}
