package document

import "suicha/internal/workday"

// A Result is the 检查结果告知书: it tells the party what was found, what becomes public
// and what it can do.
type Result struct {
	Issuer, Number string
	Party          Party
	Task           string
	On             workday.Date
	Findings       []Finding
	Conclusion     string
	Public         workday.Date // until when the results become public
	Where          string       // where they do
	Objection      string       // how and until when to object
	Contact, Phone string
	Issued         workday.Date
	Proof          Proof
}

// Form makes the result notice.
func (v Result) Form() Form {
	items := Table{Widths: []float64{8, 24, 28, 22, 18}, Head: []Row{heads("序号", "检查部门", "检查事项", "检查情况", "检查结果")}}
	for i, f := range v.Findings {
		items.Rows = append(items.Rows, Row{Cells: []Cell{
			{Text: digits(i + 1), Style: Short},
			{Text: f.Org, Style: Short, Again: i > 0 && v.Findings[i-1].Org == f.Org},
			{Text: f.Item}, {Text: f.Text}, {Text: f.Result, Style: Short},
		}})
	}
	public := "检查结果将依法向社会公示"
	if !v.Public.IsZero() {
		public = "检查结果将于" + v.Public.Long() + "前依法向社会公示"
	}
	if v.Where != "" {
		public += "，公示网站为" + v.Where
	}
	return Form{
		Letter: true, Issuer: v.Issuer, Title: "检查结果告知书", Right: v.Number, Proof: v.Proof,
		Parts: []Part{
			Text{Text: v.Party.Name + "（统一社会信用代码 " + v.Party.Code + "）："},
			Text{Indent: true, Text: "检查组于" + day(v.On) + "对你单位进行了部门联合“双随机、一公开”抽查（“" + v.Task + "”）。现将检查结果告知如下："},
			items,
			Text{Indent: true, Text: "检查结论：" + v.Conclusion},
			Text{Indent: true, Text: public + "。"},
			Text{Indent: true, Text: or(v.Objection, "你单位对检查结果有异议的，可以向作出该结果的检查部门书面提出，并附有关材料。")},
			Text{Indent: true, Text: "联系人：" + v.Contact + "　联系电话：" + v.Phone},
			Closing{Issuer: v.Issuer + "（印章）", Date: day(v.Issued)},
			receipt(),
		},
	}
}
