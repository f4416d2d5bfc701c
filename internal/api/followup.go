package api

import (
	"maps"
	"reflect"

	"suicha/internal/inspect"
)

// What the document says of the acts of follow-ups.
func init() {
	ids[reflect.TypeFor[inspect.FollowUpID]()] = true
	unlabelled["followup"] = "后续处理 id"
	exampleIDs["followup"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2d501"
	exampleIDs["receiver"] = "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102"
	recheck := func(verb string) {
		maps.Copy(examples, map[string]any{verb + "/officers": []int64{1, 2}, verb + "/way": "onsite", verb + "/day": "2027-04-09"})
	}
	recheck("followup.pass")
	recheck("followup.fail")
	recheck("followup.escalate")
	maps.Copy(examples, map[string]any{
		"followup.mend/day": "2027-04-06", "followup.mend/text": "已补全近三个月的进货台账，附照片", "followup.pass/text": "台账齐全，已改正",
		"followup.fail/text": "仍缺一个月", "followup.fail/due": "2027-04-20", "followup.escalate/text": "逾期未改正",
		"followup.send/outside": "", "followup.send/days": int64(5), "followup.send/due": "", "followup.send/text": "涉嫌无证经营，附现场照片和笔录",
		"case_no": "海市监案〔2027〕15号", "followup.accept/text": "已受理", "followup.return/text": "不属于本单位职责", "followup.answer/text": "已立案调查",
		"followup.close/text": "已处罚并改正", "followup.report/officers": []int64{1, 2}, "followup.report/text": "涉嫌生产、销售伪劣产品，建议移送",
		"followup.approve/opinion": "同意移送", "followup.refuse/opinion": "尚不构成犯罪，继续调查", "police": "海阳市公安局", "followup.hand/number": "海市监移〔2027〕1号",
		"papers": []string{"letter", "report", "list"}, "followup.hand/text": "", "followup.receipt/name": "于某", "followup.receipt/signed": "2027-04-10T09:30",
		"followup.file/day": "2027-04-12", "followup.file/number": "海公（经）立字〔2027〕20号", "followup.file/text": "",
		"followup.unfile/day": "2027-04-12", "followup.unfile/number": "海公（经）不立字〔2027〕3号", "followup.unfile/text": "情节显著轻微",
		"followup.object/day": "2027-04-14", "followup.object/text": "数额已达追诉标准", "followup.articles/day": "2027-04-14", "followup.articles/text": "涉案物品十二件，已当面清点",
	})
}
