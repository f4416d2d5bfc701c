package exchange

import (
	"context"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// headLines is how far from the top the heading is looked for. Above it real
// lists have a title, a date and who filled them in.
const headLines = 10

// sampleLines is how many rows a Head shows.
const sampleLines = 5

// faultHeading is the first column of a file of faults. It is never read.
const faultHeading = "问题"

// A Head is what stands at the top of a table.
type Head struct {
	Sheet    string    `json:"sheet"`
	Line     int       `json:"line"` // of the headings
	Headings []Heading `json:"headings"`
	Sample   []Excerpt `json:"sample"`
	Faults   []Fault   `json:"faults"` // of the file and its headings
}

// A Heading is the name of a column as the file has it.
type Heading struct {
	Letter string `json:"letter"`
	Text   string `json:"text"`
}

// An Excerpt is a row as the file has it.
type Excerpt struct {
	Line  int      `json:"line"`
	Cells []string `json:"cells"`
}

// Head finds the headings of a sheet: the row among the first ten in which most
// columns of t are recognised. If none is, it is the first row that is as wide
// as a table, and a Fault says so. sheet may be empty if only one visible sheet
// has content; otherwise the error is ErrWhichSheet.
func (f *File) Head(ctx context.Context, t Table, sheet string) (Head, error) {
	var s *bookSheet
	var err error
	if f.book != nil {
		if s, err = f.sheet(sheet); err != nil {
			return Head{}, err
		}
		sheet = s.name
	}
	var top []line
	var hidden []int
	err = f.each(ctx, sheet, func(source lines, l line) (bool, error) {
		if s, ok := source.(*sheetLines); ok {
			hidden = s.hidden
		}
		l.cells = append([]cell(nil), l.cells...)
		top = append(top, l)
		return len(top) < headLines+sampleLines, nil
	})
	if err != nil {
		return Head{}, err
	}
	at, known := findHead(top, newMatcher(t))
	if at < 0 {
		return Head{}, ErrFileNoHead.With(headLines)
	}
	h := Head{Sheet: sheet, Line: top[at].number}
	for i, x := range top[at].cells {
		h.Headings = append(h.Headings, Heading{letter(i + 1), strings.TrimSpace(x.text)})
	}
	for _, l := range top[at+1:] {
		if !l.empty() && len(h.Sample) < sampleLines {
			h.Sample = append(h.Sample, Excerpt{l.number, texted(l.cells)})
		}
	}
	if !known {
		h.Faults = append(h.Faults, strange("head_guess", "没有认出表头，暂以第%d行为表头。请逐列对应，或者改用模板。", h.Line).at(h.Line, "", ""))
	}
	if f.book != nil {
		f.headFaults(&h, s, hidden)
	}
	return h, nil
}

// findHead returns the place of the headings among the first lines, -1 if there
// is none, and whether any of them was recognised.
func findHead(top []line, m matcher) (at int, known bool) {
	at, best, widest := -1, 0, 0
	for i, l := range top {
		if i >= headLines || l.number > headLines {
			break
		}
		keys, wide := map[string]bool{}, 0
		for _, x := range l.cells {
			if x.empty() {
				continue
			}
			wide++
			if key := m.key(x.text); key != "" {
				keys[key] = true
			}
		}
		if len(keys) > best {
			at, best = i, len(keys)
		}
		widest = max(widest, wide)
	}
	if best > 0 {
		return at, true
	}
	for i, l := range top {
		wide := 0
		for _, x := range l.cells {
			if !x.empty() {
				wide++
			}
		}
		if wide > 0 && 2*wide >= widest {
			return i, false
		}
	}
	return -1, false
}

// headFaults adds what only workbooks have: hidden sheets and columns, headings
// in merged cells.
func (f *File) headFaults(h *Head, s *bookSheet, hidden []int) {
	for _, s := range f.Sheets() {
		if s.Hidden && !s.Empty && s.Name != h.Sheet {
			h.Faults = append(h.Faults, strange("hidden_sheet", "工作表“%s”被隐藏，没有读取。需要导入的，请取消隐藏后单独选择。", shown(s.Name)).at(0, "", ""))
		}
	}
	for _, c := range hidden {
		if c <= len(h.Headings) && h.Headings[c-1].Text != "" {
			g := h.Headings[c-1]
			h.Faults = append(h.Faults, strange("hidden_column", "这一列被隐藏，仍会读取，请核对。").at(h.Line, g.Letter, g.Text))
		}
	}
	for _, a := range s.survey.merged {
		if a.top <= h.Line && a.bottom >= h.Line {
			h.Faults = append(h.Faults, wrong("merged_head", "表头有合并的单元格（%s）。请取消合并，把各列名称写在同一行。", a.name).at(h.Line, letter(a.left), ""))
		}
	}
}

// texted are the cells as texts.
func texted(cells []cell) []string {
	var out []string
	for _, x := range cells {
		out = append(out, x.text)
	}
	return out
}

// letter is the name of column n, from 1.
func letter(n int) string {
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		panic(fmt.Errorf("name column %d: %w", n, err)) // all columns were counted before
	}
	return name
}
