package exchange

import (
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// excelRows is how many rows a sheet of Excel has.
const excelRows = 1_048_576

// A bookWriter makes the workbooks of tables. It keeps the first error of many
// small steps.
type bookWriter struct {
	*excelize.File
	need, plainHead              int // styles of headings
	text, wrong, strange, number int // styles of cells
	wrongDay, plainDay           int
	err                          error
}

func newBookWriter() *bookWriter {
	w := &bookWriter{File: excelize.NewFile()}
	head := func(color string) int {
		return w.style(excelize.Style{
			NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 11, Family: "宋体"}, Border: boxed,
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
		})
	}
	body := func(format int, color string) int {
		s := excelize.Style{NumFmt: format, Font: &excelize.Font{Size: 11, Family: "宋体"}, Alignment: &excelize.Alignment{Vertical: "center"}}
		if color != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
		}
		return w.style(s)
	}
	const dayFormat = 14
	w.need, w.plainHead = head("F8CBAD"), head("E9EDF2")
	w.text, w.wrong, w.strange, w.number = body(textFormat, ""), body(textFormat, "FFC7CE"), body(textFormat, "FFEB9C"), body(0, "")
	w.wrongDay, w.plainDay = body(dayFormat, "FFC7CE"), body(dayFormat, "")
	return w
}

var boxed = []excelize.Border{
	{Type: "left", Color: "BFBFBF", Style: 1}, {Type: "right", Color: "BFBFBF", Style: 1},
	{Type: "top", Color: "BFBFBF", Style: 1}, {Type: "bottom", Color: "BFBFBF", Style: 1},
}

func (w *bookWriter) try(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *bookWriter) style(s excelize.Style) int {
	id, err := w.NewStyle(&s)
	w.try(err)
	return id
}

// notes fills the second sheet, over which readers pass.
func (w *bookWriter) notes(rows [][]string, widths []float64) {
	_, err := w.NewSheet(noteSheet)
	w.try(err)
	for i, width := range widths {
		w.try(w.SetColWidth(noteSheet, letter(i+1), letter(i+1), width))
	}
	for r, row := range rows {
		for c, text := range row {
			name, err := excelize.CoordinatesToCellName(c+1, r+1)
			w.try(err)
			w.try(w.SetCellStr(noteSheet, name, text))
			w.try(w.SetCellStyle(noteSheet, name, name, w.text))
		}
	}
}

// sheetName is a name that Excel allows.
func sheetName(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return -1
		}
		return r
	}, name), "' ")
	if short := []rune(name); len(short) > 24 {
		name = string(short[:24])
	}
	if name == "" || name == noteSheet || name == choiceSheet {
		return "数据"
	}
	return name
}

// escape is the form by which workbooks write what XML cannot. A text that just
// looks so would be read as something else.
var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// textValue is what a cell is given so that exactly text is in it. The library
// does not escape what looks like an escape; cut in two it is none.
func textValue(text string) any {
	var at [][]int
	if strings.Contains(text, "_x") {
		at = escape.FindAllStringIndex(text, -1)
	}
	if at == nil {
		return text
	}
	var runs []excelize.RichTextRun
	from := 0
	for _, span := range at {
		runs = append(runs, excelize.RichTextRun{Text: text[from : span[0]+2]})
		from = span[0] + 2
	}
	return append(runs, excelize.RichTextRun{Text: text[from:]})
}
