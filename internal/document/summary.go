package document

import (
	"strconv"

	"suicha/internal/workday"
)

// A Summary is the 市场监管领域部门联合抽查情况记录表（汇总表）: what one team found at one
// object, for all departments together.
type Summary struct {
	Task, Number, Lead string
	Party              Party
	On                 workday.Date
	From, To           string   // times of day
	Notice             []string // 告知方式
	Officers           []Officer
	Findings           []Finding
	Measures           []string // 采取措施, of the usual ones and others
	Orders             string   // what was ordered, until when, who re-checks
	Conclusion         string
	Leader, Members    []Signature
	Opinion            string // of the party
	Signed             []Signature
	SignedOn           workday.Date
	Refusal, Witness   string
	Review             string // opinion of the leader of the team
	Reviewed           []Signature
	ReviewedOn         workday.Date
	Due                workday.Date // until when results are to be entered and public
	Proof              Proof
}

// A Finding (检查情况) is one item of the visit. Findings of one department follow
// one another.
type Finding struct{ Org, Item, Method, Text, Result string }

// noticeWays and usualMeasures are the choices that the form prints: R80, R82,
// 海政办发〔2020〕2号 二(五)4(2).
var (
	noticeWays    = []string{"书面", "电话", "传真", "不宜告知"}
	usualMeasures = []string{"现场笔录", "初步提取证据", "责令停止违法行为", "责令改正"}
)

// Form makes the summary sheet.
//
// R84, 海政办发〔2020〕2号 二(五)4(2): measures stand in it, in whatever form they were
// ordered. R86: so does why the party did not sign. R88: every member signs it.
func (v Summary) Form() Form {
	party := Table{Widths: fields, Rows: append(v.Party.rows(),
		row("任务名称", v.Task, "牵头部门", v.Lead),
		row("告知方式", Boxes(v.Notice, noticeWays...), "起止时间", span(v.From, v.To)),
		wide("检查人员", team(v.Officers)),
	)}
	items := Table{Widths: []float64{7, 17, 23, 13, 25, 15}, Head: []Row{heads("序号", "检查部门", "检查事项", "检查方式", "检查情况", "检查结果")}}
	for i, f := range v.Findings {
		items.Rows = append(items.Rows, Row{Cells: []Cell{
			{Text: digits(i + 1), Style: Short},
			{Text: f.Org, Style: Short, Again: i > 0 && v.Findings[i-1].Org == f.Org},
			{Text: f.Item}, {Text: f.Method, Style: Short}, {Text: f.Text}, {Text: f.Result, Style: Short},
		}})
	}
	measures := Boxes(v.Measures, usualMeasures...)
	if v.Orders != "" {
		measures += "\n" + v.Orders
	}
	end := Table{Widths: fields, Rows: []Row{
		wide("采取措施", measures),
		wide("检查结论", v.Conclusion),
		{Keep: true, Height: 28, Cells: []Cell{
			{Text: "检查人员\n签名", Style: Label},
			{Marks: []Mark{{"组长：", v.Leader}, {"组员：", v.Members}}},
			{Text: "被检查单位\n意见", Style: Label},
			{Text: v.Opinion, Marks: []Mark{{"签字或盖章：", v.Signed}}, Date: day(v.SignedOn)},
		}},
		kept(row("拒绝签字\n说明", none(v.Refusal, v.On), "见证人", none(v.Witness, v.On))),
		{Keep: true, Height: 24, Cells: []Cell{
			{Text: "组长审核\n意见", Style: Label},
			{Text: v.Review, Marks: []Mark{{"签名：", v.Reviewed}}, Date: day(v.ReviewedOn)},
			{Text: "结果公示\n审批意见", Style: Label},
			{Text: "由各检查部门分别审批，见各部门检查结果审批记录。"},
		}},
	}}
	due := ""
	if !v.Due.IsZero() {
		due = "（" + v.Due.Long() + "前）"
	}
	return Form{
		Title: "市场监管领域部门联合抽查情况记录表\n（汇总表）",
		Left:  "任务编号：" + v.Number, Right: "检查日期：" + day(v.On),
		Parts: []Part{party, items, end},
		Notes: []string{"说明：1. 本表一式两份，检查组与被检查单位各执一份。2. 各部门自检查结束之日起 20 个工作日内" + due + "录入并公示检查结果。3. 对结果有异议的，可以向检查部门书面提出。"},
		Proof: v.Proof,
	}
}

// span writes from when to when, with room to write it by hand.
func span(from, to string) string {
	return or(from, "　　时　　分") + " 至 " + or(to, "　　时　　分")
}

func digits(n int) string { return strconv.Itoa(n) }
