package document

// An Appeal is the 公示信息异议、申辩、信用修复办理表: what an enterprise asked for about a
// published result, and what the department did.
type Appeal struct {
	Org, Kind, State string
	Facts            []Fact
	Found            []Fact // the items and their published results
	Text             string
	Steps            []AppealStep
	Proof            Proof
}

// An AppealStep is one thing that was done, by whom and when.
type AppealStep struct{ Name, Text, By, At string }

// Form makes the form of how the appeal was handled.
func (v Appeal) Form() Form {
	facts := Table{Widths: []float64{17, 33, 17, 33}, Rows: []Row{row("申请种类", v.Kind, "办理情况", v.State)}}
	for _, f := range v.Facts {
		facts.Rows = append(facts.Rows, wide(f.Label, f.Text))
	}
	for _, f := range v.Found {
		facts.Rows = append(facts.Rows, wide("公示的结果", f.Label+"："+f.Text))
	}
	facts.Rows = append(facts.Rows, wide("申请内容", or(v.Text, "（见书面材料）")))
	steps := Table{Widths: []float64{17, 49, 15, 19}, Head: []Row{heads("办理环节", "内容", "办理人", "时间")}}
	for _, s := range v.Steps {
		steps.Rows = append(steps.Rows, Row{Cells: []Cell{{Text: s.Name, Style: Short}, {Text: s.Text}, {Text: s.By, Style: Short}, {Text: s.At, Style: Short}}})
	}
	if len(v.Steps) == 0 {
		steps.Rows = []Row{{Cells: []Cell{{Text: "无", Style: Short}, {}, {}, {}}}}
	}
	return Form{Issuer: v.Org, Title: "公示信息" + v.title() + "办理表", Parts: []Part{facts, steps}, Proof: v.Proof}
}

// title is the kind without the word that the title has already.
func (v Appeal) title() string {
	if v.Kind == "公示信息异议" {
		return "异议"
	}
	return v.Kind
}
