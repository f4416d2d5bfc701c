package document

import (
	"slices"

	"suicha/internal/document/font"
	"suicha/internal/workday"
)

// A Sheet is the 检查事项检查表: one item, checked line by line by the officers of the
// department that owns it.
type Sheet struct {
	Org, Item, Version, Basis string
	Task, Number              string
	Party                     Party
	On                        workday.Date
	Method                    string
	Lines                     []SheetLine
	Result, Handling          string
	Team, Signed              []Signature
	TeamOn, SignedOn          workday.Date
	Proof                     Proof
}

// A SheetLine (检查内容) is one line of the checklist, and what was answered.
type SheetLine struct {
	Group, Text, Method string
	Answer, Note        string
}

// Form makes the check sheet of an item: R87, 海政办发〔2020〕2号 二(五)4(3).
func (v Sheet) Form() Form {
	return Form{
		Issuer: v.Org, Title: "检查事项检查表", Left: "任务编号：" + v.Number, Right: "检查日期：" + day(v.On),
		Parts: []Part{
			Table{Widths: fields, Rows: append([]Row{
				wide("检查事项", v.Item+"（第"+font.NoBreakSpace+or(v.Version, "1")+font.NoBreakSpace+"版）"),
				wide("检查依据", v.Basis),
			}, append(v.Party.rows(), row("任务名称", v.Task, "检查方式", v.Method))...)},
			v.lines(),
			Table{Widths: fields, Rows: []Row{
				wide("检查结果", v.Result),
				wide("处置情况", none(v.Handling, v.On)),
				{Keep: true, Height: 26, Cells: []Cell{
					{Text: "检查人员\n签名", Style: Label}, {Marks: []Mark{{"", v.Team}}, Date: day(v.TeamOn)},
					{Text: "被检查单位\n签字或盖章", Style: Label}, {Marks: []Mark{{"", v.Signed}}, Date: day(v.SignedOn)},
				}},
			}},
		},
		Notes: []string{"说明：1. 检查结果栏按照检查表的选项填写，例如“是”“否”“不适用”。2. 本表由主管该事项的部门的检查人员填写，结果与汇总表一致。"},
		Proof: v.Proof,
	}
}

// lines are the questions with their answers. Groups have a column if there are any.
func (v Sheet) lines() Table {
	grouped := slices.ContainsFunc(v.Lines, func(l SheetLine) bool { return l.Group != "" })
	t := Table{Widths: []float64{7, 39, 26, 11, 17}, Head: []Row{heads("序号", "检查内容", "检查方法", "检查结果", "情况说明")}}
	if grouped {
		t = Table{Widths: []float64{7, 14, 29, 22, 11, 17}, Head: []Row{heads("序号", "类别", "检查内容", "检查方法", "检查结果", "情况说明")}}
	}
	for i, l := range v.Lines {
		cells := []Cell{{Text: digits(i + 1), Style: Short}}
		if grouped {
			cells = append(cells, Cell{Text: l.Group, Style: Short, Again: i > 0 && v.Lines[i-1].Group == l.Group})
		}
		t.Rows = append(t.Rows, Row{Cells: append(cells, Cell{Text: l.Text}, Cell{Text: l.Method}, Cell{Text: l.Answer, Style: Short}, Cell{Text: l.Note})})
	}
	return t
}
