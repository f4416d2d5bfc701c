package exchange

import (
	"context"
	"iter"
	"slices"
	"strings"
)

// A Row is one row of a file: what it says, what that means, and what is wrong
// with it. Its slices are overwritten by the next row.
type Row struct {
	Line   int      // as Excel shows it; of JSON the number of the object
	Cells  []string // what the file says, column by column
	Values []string // the normal forms, in the order of the table's columns
	Faults []Fault
	table  Table
}

// Failed reports whether r has a fault that keeps it out.
func (r Row) Failed() bool {
	return slices.ContainsFunc(r.Faults, func(f Fault) bool { return f.Severity == Error })
}

// Value returns the normal form of a column: a date as 2006-01-02, a choice as
// its value, a code without blanks. It is empty if the file says nothing, or
// something wrong.
func (r Row) Value(key string) string {
	if i := r.table.Index(key); i >= 0 && i < len(r.Values) {
		return r.Values[i]
	}
	return ""
}

// List returns the parts of a column of the kind List.
func (r Row) List(key string) []string {
	value := r.Value(key)
	if value == "" {
		return nil
	}
	return strings.Split(value, "\n")
}

// Clone returns a Row that stays as it is.
func (r Row) Clone() Row {
	r.Cells, r.Values, r.Faults = slices.Clone(r.Cells), slices.Clone(r.Values), slices.Clone(r.Faults)
	return r
}

// Rows reads the rows below the headings, in constant memory. Empty rows are
// left out. It ends early with an error: ctx's, or an inspect.Problem that says
// what is wrong with the file as a whole. A file without rows ends with
// ErrFileNoRows.
func (f *File) Rows(ctx context.Context, t Table, m Mapping) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := m.check(t); err != nil {
			yield(Row{}, err)
			return
		}
		r := newRowReader(t, m)
		if f.book != nil {
			s, err := f.sheet(m.Sheet)
			if err != nil {
				yield(Row{}, err)
				return
			}
			r.merged = newMergedRows(s.survey.merged, m.Line)
		}
		n, headed, stopped := 0, false, false
		err := f.each(ctx, m.Sheet, func(_ lines, l line) (bool, error) {
			switch {
			case l.number < m.Line:
				return true, nil
			case l.number == m.Line:
				headed = true
				return true, m.sameHeadings(l)
			case !headed:
				return false, ErrFileHeadMoved.With(m.Line)
			case l.empty():
				return true, nil
			}
			n++
			stopped = !yield(r.read(l), nil)
			return !stopped, nil
		})
		switch {
		case stopped:
		case err != nil:
			yield(Row{}, err)
		case n == 0:
			yield(Row{}, ErrFileNoRows)
		}
	}
}

// sameHeadings refuses a mapping that was made for another file.
func (m Mapping) sameHeadings(l line) error {
	for i, p := range m.Pairs {
		text := ""
		if i < len(l.cells) {
			text = l.cells[i].text
		}
		if plain(p.Heading) != plain(text) || p.Letter != letter(i+1) {
			return ErrFileHeadMoved.With(m.Line)
		}
	}
	return nil
}

// A rowReader turns lines into rows.
type rowReader struct {
	readings []reading // of the table's columns
	columns  []int     // of the file's columns: which reading, -1 for none
	heads    []Heading // of the file's columns
	missing  []int     // readings that no column of the file feeds
	merged   mergedRows
	row      Row
	at       Heading // the cell at hand
	report   func(finding)
}

func newRowReader(t Table, m Mapping) *rowReader {
	r := &rowReader{row: Row{table: t, Values: make([]string, len(t.Columns))}}
	for _, c := range t.Columns {
		r.readings = append(r.readings, newReading(c))
	}
	fed := make([]bool, len(t.Columns))
	for _, p := range m.Pairs {
		i := -1
		if p.Key != "" {
			i = t.Index(p.Key)
			fed[i] = true
		}
		r.columns = append(r.columns, i)
		r.heads = append(r.heads, Heading{p.Letter, p.Heading})
	}
	for i, c := range t.Columns {
		if !fed[i] && c.Required {
			r.missing = append(r.missing, i)
		}
	}
	r.report = func(f finding) { r.row.Faults = append(r.row.Faults, f.at(r.row.Line, r.at.Letter, r.at.Text)) }
	return r
}

func (r *rowReader) read(l line) Row {
	row := &r.row
	row.Line, row.Cells, row.Faults = l.number, row.Cells[:0], row.Faults[:0]
	clear(row.Values)
	for i := range max(len(l.cells), len(r.columns)) {
		var x cell
		if i < len(l.cells) {
			x = l.cells[i]
		}
		row.Cells = append(row.Cells, x.text)
		if i >= len(r.columns) || r.heads[i].Text == "" && r.columns[i] < 0 {
			if !x.empty() {
				r.at = Heading{Letter: letter(i + 1)}
				r.report(wrong("shifted", "这一列没有表头，却有内容“%s”。请核对本行是否错列。", shown(x.text)))
			}
			continue
		}
		if k := r.columns[i]; k >= 0 {
			r.at = r.heads[i]
			row.Values[k] = r.readings[k].value(x, r.report)
		}
	}
	r.at = Heading{}
	for _, k := range r.missing {
		r.readings[k].value(cell{}, r.report)
	}
	if l.hidden {
		r.report(strange("hidden_row", "本行在表格里被隐藏或者筛选掉了，仍会导入，请核对。"))
	}
	for _, a := range r.merged.at(l.number) {
		r.at = Heading{Letter: letter(a.left)}
		if a.left <= len(r.heads) {
			r.at.Text = r.heads[a.left-1].Text
		}
		r.report(wrong("merged", "单元格%s是合并的，无法确定每一行的内容。请取消合并，填满每一格。", a.name))
	}
	return *row
}

// mergedRows finds the merged cells of a row, rows being asked in order.
type mergedRows struct {
	areas []area // that begin further down
	open  []area
}

func newMergedRows(all []area, head int) mergedRows {
	var m mergedRows
	for _, a := range all {
		if a.bottom > head {
			m.areas = append(m.areas, a)
		}
	}
	slices.SortFunc(m.areas, func(a, b area) int { return a.top - b.top })
	return m
}

func (m *mergedRows) at(row int) []area {
	if len(m.areas) == 0 && len(m.open) == 0 {
		return nil
	}
	m.open = slices.DeleteFunc(m.open, func(a area) bool { return a.bottom < row })
	for len(m.areas) > 0 && m.areas[0].top <= row {
		if m.areas[0].bottom >= row {
			m.open = append(m.open, m.areas[0])
		}
		m.areas = m.areas[1:]
	}
	return m.open
}
