package document

import (
	"strings"

	"suicha/internal/workday"
)

// A Notice is the 部门联合检查告知书: it tells the party when which departments come for
// which items, and what to have ready.
type Notice struct {
	Issuer, Number string
	Party          Party
	Task           string
	On             workday.Date
	From           string // time of day, if it is told
	Way            string // 检查方式
	Items          []NoticeItem
	Officers       []Officer
	Prepare        []string // what to have ready
	Contact, Phone string
	Issued         workday.Date
	Proof          Proof
}

// A NoticeItem is one item on the notice, with its legal basis.
type NoticeItem struct{ Org, Item, Basis string }

// Form makes the notice.
//
// R80, 海政办发〔2020〕2号 二(五)4(2): the time, what is asked of the party, and the papers
// to have ready. The slip of delivery is part of it.
func (v Notice) Form() Form {
	when := day(v.On)
	if v.From != "" {
		when += " " + v.From + " "
	}
	items := Table{Widths: []float64{8, 24, 30, 38}, Head: []Row{heads("序号", "检查部门", "检查事项", "检查依据")}}
	for i, item := range v.Items {
		items.Rows = append(items.Rows, Row{Cells: []Cell{
			{Text: digits(i + 1), Style: Short},
			{Text: item.Org, Style: Short, Again: i > 0 && v.Items[i-1].Org == item.Org},
			{Text: item.Item}, {Text: item.Basis},
		}})
	}
	parts := []Part{
		Text{Text: v.Party.Name + "："},
		Text{Indent: true, Text: "根据部门联合“双随机、一公开”抽查任务“" + v.Task + "”，你单位经公开随机抽取列为检查对象，检查人员经随机匹配确定。现将有关事项告知如下："},
		Text{Indent: true, Bold: true, Text: "一、检查时间和方式"},
		Text{Indent: true, Text: "检查组定于" + when + "到你单位" + or(v.Party.Place, "登记的住所（经营场所）") + "进行检查，方式为" + or(v.Way, "实地核查") + "。"},
		Text{Indent: true, Bold: true, Text: "二、检查部门、事项和依据"},
		items,
		Text{Indent: true, Bold: true, Text: "三、检查人员"},
		Text{Indent: true, Text: names(v.Officers) + "。检查人员到场后先出示执法证件；不出示的，你单位有权拒绝检查。"},
		Text{Indent: true, Bold: true, Text: "四、配合检查的要求"},
		Text{Indent: true, Text: "请安排熟悉情况的人员到场，如实说明情况，并准备下列资料：" + strings.Join(v.Prepare, "；") + "。"},
		Text{Indent: true, Bold: true, Text: "五、你单位的权利"},
		Text{Indent: true, Text: "认为检查人员与本次检查有直接利害关系的，可以申请回避；对检查有意见的，可以陈述、申辩；扫描页脚的二维码，可以核对本次检查、检查人员和检查事项是否属实。"},
		Text{Indent: true, Text: "联系人：" + v.Contact + "　联系电话：" + v.Phone},
		Closing{Issuer: v.Issuer + "（印章）", Date: day(v.Issued)},
		receipt(),
	}
	return Form{Letter: true, Issuer: v.Issuer, Title: "部门联合检查告知书", Right: v.Number, Parts: parts, Proof: v.Proof}
}

// receipt is the slip (送达回证) by which the party says that it got a paper.
func receipt() Table {
	return Table{Widths: []float64{16, 36, 13, 35}, Keep: true, Rows: []Row{
		{Height: 12, Cells: []Cell{
			{Text: "送达方式", Style: Label},
			{Text: Boxes(nil, "直接送达", "电子送达", "邮寄", "留置")},
			{Text: "送达时间", Style: Label},
			{Text: "　　年　　月　　日　　时"},
		}},
		{Height: 16, Cells: []Cell{
			{Text: "受送达人\n签字或盖章", Style: Label}, {},
			{Text: "送达人\n签名", Style: Label}, {},
		}},
	}}
}
