package api

import (
	"maps"
	"reflect"

	"suicha/internal/inspect"
)

// What the document says of the acts of a visit, which a telephone sends one by one.
func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[inspect.EvidenceID](), reflect.TypeFor[inspect.MeasureID](), reflect.TypeFor[inspect.HelperID](), reflect.TypeFor[inspect.SignatureID]()} {
		ids[t] = true
	}
	choices[reflect.TypeFor[inspect.ResultCode]()] = inspect.ResultCodes
	unlabelled["team"] = "检查小组 id"
	file := "0199c5d2-7a10-7c3e-8a51-3f60d1c2be01"
	exampleIDs["proof"], exampleIDs["paper"], exampleIDs["recording"] = file, file, file
	digest := "54946869b04f2176b9c89796bbf9a3e6d3e113d34b7a5a7d0c1e3f5a9b8c7d6e"
	at := "2027-03-15T09:30"
	maps.Copy(examples, map[string]any{
		"visit.precheck/sources": []string{"国家企业信用信息公示系统"}, "visit.precheck/texts": []string{"未列入经营异常名录"}, "visit.precheck/as_of": []string{"2027-03-14"},
		"visit.notify/channel": "phone", "visit.notify/recipient": "刘某（店长）", "visit.notify/text": "请准备营业执照、许可证和进货台账", "visit.notify/told": at,
		"claimed": at, "visit.begin/officers": []int64{1, 2}, "present": "刘某", "role": "店长", "shown": true, "told": true, "recusal": "",
		"visit.fill/seen": int64(0), "checklist": int64(1), "answers": []string{"licence_shown=yes"}, "notes": []string{"licence_shown=悬挂在收银台"},
		"visit.fill/codes": []string{"problem_ordered_to_correct"}, "corrected": false, "problem": "进货台账记录不全", "handling": "责令限期改正", "waived": "",
		"visit.measure/kind": "rectify", "visit.measure/manner": "written", "visit.measure/text": "补全近三个月的进货台账", "law": "《中华人民共和国食品安全法》第五十三条",
		"visit.measure/due": "2027-03-30",
		"visit.helper/name": "周某", "unit": "海阳市检测中心", "conclusion": "所检项目符合要求",
		"visit.attach/kind": "photo", "visit.attach/name": "现场照片",
		"visit.special/kind": "unreachable_at_registered_address", "visit.special/officers": []int64{1, 2}, "tried": "两次到登记的住所，大门紧锁，电话停机", "statement": "", "witness": "",
		"visit.conclude/text": "责令改正一项，其余未发现问题", "visit.reopen/reason": "漏填一项", "digest": digest,
		"way": "refused", "visit.party/name": "", "visit.party/role": "", "drawing": "", "visit.party/statement": "负责人阅后拒绝签字", "visit.party/witness": "物业王某", "visit.party/opinion": "",
	})
}
