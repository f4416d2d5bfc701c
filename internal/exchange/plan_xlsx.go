package exchange

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"
)

const sheet = "计划任务"

// headRow is the row of the columns' headings. Above it stand the title and the
// facts of the edition.
const headRow = 5

// XLSX writes the plan as a workbook of one sheet that prints as a document: A4
// across, the heading on every page. What somebody typed is in cells of type
// text, in the number format of text, and stays text even when it is edited;
// numbers are numbers. The same plan gives the same bytes.
func (p Plan) XLSX() (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	w := workbook{File: f, last: letter(len(columns))}
	w.must(f.SetSheetName(f.GetSheetName(0), sheet))
	w.makeStyles()
	w.head(p)
	w.tasks(p)
	w.paper(p)
	// Fixed, so that the same plan gives the same file.
	created := ""
	if p.PublishedAt != nil {
		created = p.PublishedAt.Format("2006-01-02T15:04:05Z")
	}
	w.must(f.SetDocProps(&excelize.DocProperties{
		Title: p.Title, Subject: p.Number, Creator: p.Publisher.Name, LastModifiedBy: p.Publisher.Name,
		Created: created, Modified: created, Language: "zh-CN",
	}))
	var out bytes.Buffer
	if w.err == nil {
		w.err = f.Write(&out)
	}
	if w.err != nil {
		return nil, fmt.Errorf("write plan %s as a workbook: %w", p.Number, w.err)
	}
	return out.Bytes(), nil
}

// A workbook keeps the first error of many small steps.
type workbook struct {
	*excelize.File
	last                       string // letter of the last column
	title, fact, name, text, n int    // styles
	err                        error
}

func (w *workbook) must(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *workbook) style(s excelize.Style) int {
	id, err := w.NewStyle(&s)
	w.must(err)
	return id
}

// textFormat is the number format of text, "@": what is typed into such a cell
// later is no formula either.
const textFormat = 49

func (w *workbook) makeStyles() {
	var box []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		box = append(box, excelize.Border{Type: side, Color: "000000", Style: 1})
	}
	wrap := &excelize.Alignment{WrapText: true, Vertical: "center"}
	w.title = w.style(excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 16, Family: "宋体"}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	w.fact = w.style(excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Size: 10, Family: "宋体"}, Alignment: wrap})
	w.name = w.style(excelize.Style{NumFmt: textFormat, Border: box, Font: &excelize.Font{Bold: true, Size: 10, Family: "宋体"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E9EDF2"}}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	w.text = w.style(excelize.Style{NumFmt: textFormat, Border: box, Font: &excelize.Font{Size: 10, Family: "宋体"}, Alignment: wrap})
	w.n = w.style(excelize.Style{NumFmt: 3, Border: box, Font: &excelize.Font{Size: 10, Family: "宋体"}, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}})
}

// head writes title and facts, each over the whole width.
func (w *workbook) head(p Plan) {
	facts := []string{
		p.Title,
		fmt.Sprintf("计划编号：%s　版次：第 %d 版　状态：%s　公布时间：%s　批准：%s", p.Number, p.Edition, p.State.Text, chinaDay(p.PublishedAt), p.Approver),
		cmp.Or(linked(p.URL), "本表不是公布的版本，内容以公布的计划为准。"),
		p.receiptText(),
	}
	if p.Reason != "" {
		facts[3] += "　调整理由：" + p.Reason
	}
	for i, text := range facts {
		row := strconv.Itoa(i + 1)
		style := w.fact
		if i == 0 {
			style = w.title
		}
		w.must(w.SetCellStr(sheet, "A"+row, text))
		w.must(w.MergeCell(sheet, "A"+row, w.last+row))
		w.must(w.SetCellStyle(sheet, "A"+row, w.last+row, style))
	}
	w.must(w.SetRowHeight(sheet, 1, 30))
}

func linked(url string) string {
	if url == "" {
		return ""
	}
	return "永久链接：" + url
}

func (p Plan) receiptText() string {
	if p.Receipt == nil {
		return "存证回执：尚无"
	}
	return fmt.Sprintf("存证回执：第 %d 号　%s　查验：%s", p.Receipt.N, p.Receipt.Code, p.Receipt.URL)
}

func (w *workbook) tasks(p Plan) {
	for i, c := range columns {
		col := letter(i + 1)
		w.must(w.SetColWidth(sheet, col, col, c.width))
		cell := col + strconv.Itoa(headRow)
		w.must(w.SetCellStr(sheet, cell, c.head))
		w.must(w.SetCellStyle(sheet, cell, cell, w.name))
		for k, t := range p.Tasks {
			cell := col + strconv.Itoa(headRow+1+k)
			switch v := c.cell(t).(type) {
			case int64:
				w.must(w.SetCellInt(sheet, cell, v))
				w.must(w.SetCellStyle(sheet, cell, cell, w.n))
			case string:
				w.must(w.SetCellStr(sheet, cell, v))
				w.must(w.SetCellStyle(sheet, cell, cell, w.text))
			}
		}
	}
}

// paper sets up printing: A4 across, one page wide, headings on every page.
func (w *workbook) paper(p Plan) {
	a4, across, wide, tall := 9, "landscape", 1, 0
	fit, margin := true, 0.4
	w.must(w.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &tall}))
	w.must(w.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	w.must(w.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin}))
	w.must(w.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L" + p.Number + " 第 " + strconv.Itoa(p.Edition) + " 版&R第 &P 页，共 &N 页"}))
	rows := fmt.Sprintf("'%s'!$%d:$%d", sheet, headRow, headRow)
	w.must(w.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: rows, Scope: sheet}))
	w.must(w.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: headRow, TopLeftCell: "C" + strconv.Itoa(headRow+1), ActivePane: "bottomRight"}))
}
