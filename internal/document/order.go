package document

import "suicha/internal/workday"

// An Order is the 责令改正通知书, or the 责令停止违法行为通知书 if Stop is set.
type Order struct {
	Issuer, Number string
	Stop           bool
	Party          Party
	On             workday.Date
	Facts          string   // what was found
	Law            string   // the clause it offends against
	Basis          string   // the clause under which it is ordered
	Demands        []string // what to mend
	Until          workday.Date
	Recheck        string // who re-checks
	Contact, Phone string
	Remedy         string // where to apply for review, and within what time
	Issued         workday.Date
	Proof          Proof
}

// Form makes the order: R82, 海政办发〔2020〕2号 二(五)4(2).
func (v Order) Form() Form {
	title, demand := "责令改正通知书", "责令你单位按下列要求改正："
	if v.Stop {
		title, demand = "责令停止违法行为通知书", "责令你单位立即停止下列违法行为："
	}
	parts := []Part{
		Text{Text: v.Party.Name + "（统一社会信用代码 " + v.Party.Code + "）："},
		Text{Indent: true, Text: "经查，你单位于" + day(v.On) + "存在下列问题：" + v.Facts},
		Text{Indent: true, Text: "上述情况违反了" + or(v.Law, "　　　　　　　　") + "的规定。依据" + or(v.Basis, "　　　　　　　　") + "的规定，现" + demand},
	}
	for i, d := range v.Demands {
		parts = append(parts, Text{Indent: true, Text: digits(i+1) + ". " + d})
	}
	if !v.Stop {
		parts = append(parts, Text{Indent: true, Text: "请于" + day(v.Until) + "前改正完毕，并将改正情况书面报送我单位。" + or(v.Recheck, v.Issuer) + "将进行复查。逾期不改正的，依法处理。"})
	}
	parts = append(parts,
		Text{Indent: true, Text: or(v.Remedy, "对本通知不服的，可以依法申请行政复议或者提起行政诉讼。")},
		Text{Indent: true, Text: "联系人：" + v.Contact + "　联系电话：" + v.Phone},
		Closing{Issuer: v.Issuer + "（印章）", Date: day(v.Issued)},
		receipt(),
	)
	return Form{Letter: true, Issuer: v.Issuer, Title: title, Right: v.Number, Parts: parts, Proof: v.Proof}
}
