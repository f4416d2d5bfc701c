package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// An Extent says which rows a file of faults has.
type Extent int

const (
	FaultyRows Extent = iota // those with an error or a warning
	AllRows
)

// mostNotes bounds the notes on cells, which are slow to make and to open. The
// first column has all faults anyway.
const mostNotes = 1000

// WriteFaults writes rows of f as a workbook to mend and to bring again: the
// same columns, before them one with what is wrong, cells at fault in red or
// yellow with a note. faults must come in the order of their lines; those
// without a line below the headings go to the second sheet.
func WriteFaults(ctx context.Context, out io.Writer, f *File, t Table, m Mapping, faults iter.Seq2[Fault, error], which Extent) (err error) {
	w := &faultWriter{bookWriter: newBookWriter(), mapping: m, which: which, sheet: sheetName(t.Name), row: 1}
	defer func() { err = errors.Join(err, w.Close()) }()
	for i, p := range m.Pairs {
		if p.Heading == faultHeading && p.Key == "" {
			w.dropped = i + 1
		}
	}
	if f.book != nil {
		s, err := f.sheet(m.Sheet)
		if err != nil {
			return err
		}
		w.merged = newMergedRows(s.survey.merged, m.Line)
	}
	var stop func()
	w.next, stop = iter.Pull2(faults)
	defer stop()
	if err := w.begin(); err != nil {
		return err
	}
	err = f.each(ctx, m.Sheet, func(_ lines, l line) (bool, error) {
		if l.number <= m.Line || l.empty() {
			return true, nil
		}
		return w.line(l)
	})
	if err != nil {
		return err
	}
	return w.finish(out)
}

type faultWriter struct {
	*bookWriter
	mapping Mapping
	which   Extent
	sheet   string
	stream  *excelize.StreamWriter
	next    func() (Fault, error, bool)
	ahead   *Fault   // read, but of a line further down
	general []string // faults of the whole file
	dropped int      // column of an earlier 问题, from 1
	row     int
	cut     bool // the sheet was full
	merged  mergedRows
	notes   []excelize.Comment
	values  []any
}

func (w *faultWriter) begin() error {
	w.try(w.SetSheetName(w.GetSheetName(0), w.sheet))
	var err error
	w.stream, err = w.NewStreamWriter(w.sheet)
	if w.try(err); w.err != nil {
		return w.err
	}
	w.try(w.stream.SetColWidth(1, 1, 60))
	w.try(w.stream.SetColWidth(2, 1+max(1, len(w.mapping.Pairs)), 20))
	w.try(w.stream.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}))
	heads := []any{excelize.Cell{StyleID: w.plainHead, Value: faultHeading}}
	for i, p := range w.mapping.Pairs {
		if i+1 != w.dropped {
			heads = append(heads, excelize.Cell{StyleID: w.plainHead, Value: textValue(p.Heading)})
		}
	}
	w.try(w.stream.SetRow("A1", heads))
	return w.err
}

// of returns the faults of a line. Those of lines before it are general.
func (w *faultWriter) of(number int) (found []Fault, err error) {
	for {
		if w.ahead == nil {
			f, err, ok := w.next()
			if err != nil {
				return nil, fmt.Errorf("read the faults of a file: %w", err)
			}
			if !ok {
				return found, nil
			}
			w.ahead = &f
		}
		switch f := *w.ahead; {
		case f.Line > number:
			return found, nil
		case f.Line == number:
			found = append(found, f)
		default:
			w.general = append(w.general, f.Place()+"："+f.Text)
		}
		w.ahead = nil
	}
}

// line writes a row, and reports whether there is room for another.
func (w *faultWriter) line(l line) (bool, error) {
	faults, err := w.of(l.number)
	if err != nil || len(faults) == 0 && w.which == FaultyRows {
		return err == nil, err
	}
	if w.row == excelRows {
		w.cut = true
		return false, nil
	}
	w.row++
	worst, sentences := map[string]Severity{}, []string{}
	for _, f := range faults {
		if worst[f.Letter] != Error {
			worst[f.Letter] = f.Severity
		}
		sentences = append(sentences, w.sentence(f))
	}
	first := w.text
	switch {
	case len(faults) == 0:
	case Row{Faults: faults}.Failed():
		first = w.wrong
	default:
		first = w.strange
	}
	w.values = append(w.values[:0], excelize.Cell{StyleID: first, Value: textValue(strings.Join(sentences, "\n"))})
	areas := w.merged.at(l.number)
	for i := range max(len(l.cells), len(w.mapping.Pairs)) {
		var x cell
		if i < len(l.cells) {
			x = l.cells[i]
		}
		if x.text == "" && (x.formula || covered(areas, l.number, i+1)) {
			x.text = unknownValue
		}
		if i+1 != w.dropped {
			w.values = append(w.values, w.cell(x, worst[letter(i+1)]))
		}
	}
	w.note(faults)
	w.try(w.stream.SetRow("A"+strconv.Itoa(w.row), w.values))
	return true, w.err
}

// unknownValue stands where a workbook had content that we do not know: below a
// merged cell, or as the result of a formula. It is refused if it stays.
const unknownValue = "#N/A"

// covered reports whether a cell has no content of its own.
func covered(areas []area, row, column int) bool {
	for _, a := range areas {
		if column >= a.left && column <= a.right && (row > a.top || column > a.left) {
			return true
		}
	}
	return false
}

// sentence is a fault as the first column says it: with the row of the file
// that was brought, by which people find it again.
func (w *faultWriter) sentence(f Fault) string {
	kind := map[Severity]string{Error: "错误", Warning: "提醒"}[f.Severity]
	place := fmt.Sprintf("原第%d行", f.Line)
	switch {
	case f.Heading != "":
		place += "“" + f.Heading + "”"
	case f.Letter != "":
		place += f.Letter + "列"
	}
	return kind + "：" + place + "，" + f.Text
}

// cell writes a cell so that it is read again as what it was: a number stays
// one, and a date that Excel made of an address stays a date.
func (w *faultWriter) cell(x cell, s Severity) any {
	style := map[Severity]int{Error: w.wrong, Warning: w.strange}[s]
	day := w.plainDay
	if s == "" {
		style = w.text
	} else {
		day = w.wrongDay
	}
	number, err := strconv.ParseFloat(x.text, 64)
	switch {
	case x.text == "" && s == "":
		return nil
	case x.kind == dated:
		for _, form := range []string{time.DateOnly, time.DateTime} {
			if at, err := time.Parse(form, x.text); err == nil {
				return excelize.Cell{StyleID: day, Value: at}
			}
		}
	case x.kind == undatable && err == nil:
		return excelize.Cell{StyleID: day, Value: number}
	case x.kind == numeric && err == nil && x.zeros == 0:
		return excelize.Cell{StyleID: style, Value: number}
	case x.kind == boolean:
		return excelize.Cell{StyleID: style, Value: x.text == "TRUE"}
	}
	return excelize.Cell{StyleID: style, Value: textValue(x.text)}
}

// note keeps a note for each cell at fault.
func (w *faultWriter) note(faults []Fault) {
	byCell := map[int]string{}
	for _, f := range faults {
		if f.Letter == "" {
			continue
		}
		n, err := excelize.ColumnNameToNumber(f.Letter)
		if err != nil || n == w.dropped || len(w.notes)+len(byCell) >= mostNotes {
			continue
		}
		if w.dropped == 0 || n < w.dropped {
			n++
		}
		byCell[n] += f.Text
	}
	for n, text := range byCell {
		w.notes = append(w.notes, excelize.Comment{Cell: letter(n) + strconv.Itoa(w.row), Author: "随查", Text: text, Width: 260, Height: 90})
	}
}

// finish writes the second sheet and the file.
func (w *faultWriter) finish(out io.Writer) error {
	if _, err := w.of(math.MaxInt); err != nil {
		return err
	}
	for _, c := range w.notes {
		w.try(w.AddComment(w.sheet, c))
	}
	w.try(w.stream.Flush())
	rows := [][]string{
		{"红色单元格有错误，黄色单元格请核对。改正后直接上传本文件；“问题”列不会导入，可以保留。"},
		{"没有错误的行，不改也可以导入。"},
	}
	if w.cut {
		rows = append(rows, []string{fmt.Sprintf("工作表最多%d行，其余有问题的行没有列出。改正这些后请重新检查原文件。", excelRows)})
	}
	const most = 1000
	for _, text := range w.general[:min(len(w.general), most)] {
		rows = append(rows, []string{text})
	}
	w.bookWriter.notes(rows, []float64{100})
	if w.err == nil {
		w.err = w.Write(out)
	}
	if w.err != nil {
		return fmt.Errorf("write the faults of a file: %w", w.err)
	}
	return nil
}
