package document

import (
	"strings"
	"unicode/utf8"
)

// An Approval is the 检查审批表: why, by whom, at whom and how often is to be
// inspected, approved before anybody goes.
type Approval struct {
	Org, Number, Printed string
	Task                 string
	Facts                []Fact
	Items                []NoticeItem
	Opinions             []Opinion
	Proof                Proof
}

// A Fact is a label and what is filled in.
type Fact struct{ Label, Text string }

// short reports whether a fact leaves room for another beside it.
func (f Fact) short() bool {
	return utf8.RuneCountInString(f.Text) <= 16 && !strings.Contains(f.Text, "\n")
}

// An Opinion (意见) is a box of the form in which somebody decides.
type Opinion struct {
	Label, Text string
	By          []Signature
	On          string // when, in words; empty while it is open
}

// Form makes the approval form: 国办发〔2024〕54号. Legal basis, bodies, source and
// frequency stand in it.
func (v Approval) Form() Form {
	widths := []float64{17, 33, 17, 33} // its labels are longer than those of others
	facts := Table{Widths: widths, Rows: []Row{wide("任务名称", v.Task)}}
	for i := 0; i < len(v.Facts); i++ {
		f := v.Facts[i]
		if i+1 < len(v.Facts) && f.short() && v.Facts[i+1].short() {
			i++
			facts.Rows = append(facts.Rows, row(f.Label, f.Text, v.Facts[i].Label, v.Facts[i].Text))
			continue
		}
		facts.Rows = append(facts.Rows, wide(f.Label, f.Text))
	}
	items := Table{Widths: []float64{7, 22, 30, 41}, Head: []Row{heads("序号", "检查主体", "检查事项", "检查依据")}}
	for i, item := range v.Items {
		items.Rows = append(items.Rows, Row{Cells: []Cell{
			{Text: digits(i + 1), Style: Short},
			{Text: item.Org, Style: Short, Again: i > 0 && v.Items[i-1].Org == item.Org},
			{Text: item.Item}, {Text: item.Basis},
		}})
	}
	if len(v.Items) == 0 {
		items.Rows = []Row{{Cells: []Cell{{Text: "无", Style: Short}}}}
	}
	opinions := Table{Widths: widths}
	for _, o := range v.Opinions {
		opinions.Rows = append(opinions.Rows, Row{Keep: true, Height: 22, Cells: []Cell{
			{Text: o.Label, Style: Label},
			{Text: o.Text, Span: 3, Marks: []Mark{{"签名：", o.By}}, Date: or(o.On, "　　年　　月　　日")},
		}})
	}
	return Form{
		Issuer: v.Org, Title: "“双随机、一公开”检查审批表", Left: "任务编号：" + v.Number, Right: v.Printed,
		Parts: []Part{facts, items, opinions}, Proof: v.Proof,
	}
}
