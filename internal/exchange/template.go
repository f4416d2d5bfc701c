package exchange

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Template writes an empty workbook to fill in: headings with their notes, an
// asterisk and another colour where an answer is required, lists to choose
// from, and every column in the format of text, so that Excel keeps all digits
// of codes. The second sheet explains each column.
func Template(out io.Writer, t Table) (err error) {
	if err := t.Valid(); err != nil {
		return err
	}
	w := newBookWriter()
	defer func() { err = errors.Join(err, w.Close()) }()
	name := sheetName(t.Name)
	w.try(w.SetSheetName(w.GetSheetName(0), name))
	rows := [][]string{{"列名", "是否必填", "填写要求", "示例"}}
	choices := 0
	for i, c := range t.Columns {
		w.column(name, i+1, c)
		if c.Kind == Choose {
			w.dropDown(name, i+1, c, &choices)
		}
		rows = append(rows, []string{c.Heading(), map[bool]string{true: "必填", false: ""}[c.Required], c.advice(), c.Example})
	}
	rows = append(rows, []string{}, []string{"说明"})
	for _, note := range append([]string{
		"一行填写一条，不要合并单元格，不要改动表头，不要在表头上方加标题。",
		"带*的列必填。各列已设为文本格式，请直接填写，粘贴时选择“只粘贴文本”。",
	}, t.Notes...) {
		rows = append(rows, []string{note})
	}
	w.notes(rows, []float64{24, 10, 70, 30})
	w.try(w.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	w.try(w.SetRowHeight(name, 1, 30))
	if w.err == nil {
		w.err = w.Write(out)
	}
	if w.err != nil {
		return fmt.Errorf("write the template of %s: %w", t.Key, w.err)
	}
	return nil
}

// column writes the heading of a column, its width, format and note.
func (w *bookWriter) column(sheet string, n int, c Column) {
	col, style := letter(n), w.plainHead
	heading := c.Heading()
	if c.Required {
		heading, style = "*"+heading, w.need
	}
	w.try(w.SetColWidth(sheet, col, col, c.width()))
	format := w.text
	if c.Kind == Number {
		format = w.number
	}
	w.try(w.SetColStyle(sheet, col, format))
	w.try(w.SetCellStr(sheet, col+"1", heading))
	w.try(w.SetCellStyle(sheet, col+"1", col+"1", style))
	w.try(w.AddComment(sheet, excelize.Comment{Cell: col + "1", Author: "随查", Text: c.advice(), Width: 260, Height: 90}))
}

func (c Column) width() float64 {
	switch c.Kind {
	case CreditCode:
		return 24
	case Prose:
		return 50
	case Date, Number, Choose, IndustryCode:
		return 14
	}
	return 22
}

// dropDown lets users choose a word. Excel takes 255 characters; more stand on
// a hidden sheet.
func (w *bookWriter) dropDown(sheet string, n int, c Column, lists *int) {
	var words []string
	for _, choice := range c.Choices {
		words = append(words, choice.Words[0])
	}
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s2:%s%d", letter(n), letter(n), excelRows)
	v.SetError(excelize.DataValidationErrorStyleStop, "不可选的内容", "请从列表中选择。")
	if long := strings.Join(words, ","); len([]rune(long)) <= 255 && strings.Count(long, ",") == len(words)-1 && !strings.Contains(long, `"`) {
		w.try(v.SetDropList(words))
	} else {
		*lists++
		if *lists == 1 {
			_, err := w.NewSheet(choiceSheet)
			w.try(err)
			w.try(w.SetSheetVisible(choiceSheet, false))
		}
		col := letter(*lists)
		for i, word := range words {
			w.try(w.SetCellStr(choiceSheet, fmt.Sprintf("%s%d", col, i+1), word))
		}
		v.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", choiceSheet, col, col, len(words)))
	}
	w.try(w.AddDataValidation(sheet, v))
}

// advice says what to fill in: the column's own hint, and what its kind asks.
func (c Column) advice() string {
	var kind string
	switch c.Kind {
	case CreditCode:
		kind = "填写18位统一社会信用代码，或者15位旧注册号。"
	case IndustryCode:
		kind = "填写 GB/T 4754-2017 的代码，例如 F5211。"
	case Date:
		if kind = "填写成 2020-05-06 的样子。"; c.Forever {
			kind = "填写成 2020-05-06 的样子；长期有效的填“长期”。"
		}
	case Number:
		kind = "只填阿拉伯数字，不写单位。"
	case Choose:
		r := reading{Column: c}
		kind = "从列表中选择：" + r.offered() + "。"
	case List:
		kind = "有几个的用顿号“、”隔开；某一个里面本身有顿号或者逗号的，改为每行写一个。"
	default:
		kind = fmt.Sprintf("不超过%d个字。", c.most())
	}
	return c.Hint + kind
}
