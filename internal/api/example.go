package api

import (
	"encoding/json"
	"reflect"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// examples are values for the fields of commands, by name or by verb and name.
var examples = map[string]any{
	"seen": int64(1), "no": int64(1), "year": int64(2027), "opinion": "同意", "note": "请避开六月", "reason": "旅游旺季提前，增加抽查比例",
	"number": "370687-2027-scjg", "region": "370687", "field": "餐饮服务", "scope": "取得食品经营许可的餐饮服务单位",
	"pool": int64(400), "ratio": "5%，不少于5户", "frequency": int64(1), "months": []string{"6", "7"}, "areas": []string{"370687001"},
	"remark": "", "code": "scjg", "short": "市场监管局", "size": int64(400), "class_a": int64(200), "class_b": int64(120),
	"class_c": int64(60), "class_d": int64(20), "max_share": int64(1000), "basis": "《中华人民共和国食品安全法》第一百一十条",
	"content": "经营许可和经营行为", "targeted": "untargeted", "id": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b401",
	"from": "2027-01-01", "until": "",

	"name":               "海阳市市场监督管理局",
	"plan.put_line/name": "餐饮服务单位联合抽查", "plan.put_line/no": int64(0),
	"item.list/name": "餐饮服务单位食品安全检查", "item.list/code": "SCJG-012", "item.list/category": "general", "item.list/seen": int64(0),
	"sublibrary.put/name": "餐饮服务单位", "sublibrary.put/seen": int64(0), "person.add/name": "王晓明",
	"org.found/kind": "department", "plan.return/opinion": "六月任务过于集中，请错开", "plan.send_back/opinion": "六月任务过于集中，请错开",
	"inspector": int64(1), "gender": "female", "division": "食品经营监管科", "position": "科员", "duty": "食品监管", "duty_from": "2019-05-06",
	"education": "本科", "major": "法学", "title": "", "quals": "药品检查员", "units": "东村市场监管所", "items": []string{}, "person": "",
	"was": "", "authority": "山东省人民政府", "ground": "2019 年至 2024 年任会计", "topic": "食品安全法", "hours": int64(8), "exam": "passed", "day": "2026-11-20",
	"civil_servant": int64(40), "qualified": int64(25), "daily": int64(10),
	"inspector.put/inspector": int64(0), "inspector.put/seen": int64(0), "inspector.put/code": "SCJG-001", "inspector.put/name": "王晓明",
	"inspector.put/phone": "0535-3220000", "inspector.put/source": "人事档案", "inspector.put/sourced": "2026-11-01",
	"inspector.end/reason": "退休", "inspector.certify/number": "15060000001", "inspector.certify/until": "2029-12-31",
	"inspector.put_away/seen": int64(0), "inspector.put_away/note": "", "inspector.put_away/until": "2027-01-08",
	"inspector.put_tie/seen": int64(0), "inspector.put_tie/code": "91370687MA3TERT03B", "inspector.put_tie/name": "海阳市某某食品有限公司",
	"inspector.put_tie/since": "2019-01-01", "inspector.put_tie/until": "2024-06-30", "inspector.drop_tie/reason": "申报有误",
	"inspector.put_training/seen": int64(0), "workforce.put/seen": int64(0), "workforce.put/hours": int64(0), "workforce.put/exam": false,
	"import.upload/noun": "object", "import.upload/source": "市场主体登记", "import.upload/sourced": "2026-11-01", "import.upload/whole": false,
	"import.upload/file": "企业名录.xlsx", "import.upload/size": int64(34372), "import.upload/sheet": "", "import.upload/line": int64(1),
	"import.upload/columns": []string{"A\t统一社会信用代码\tcode", "B\t企业名称\tname", "C\t备注\t"}, "import.reverse/reason": "选错了文件",
	"sha256": "54946869b04f2176b9c89796bbf9a3e6d3e113d34b7a5a7d0c1e3f5a9b8c7d6e", "staged": "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
	"sub_item": "", "body": "", "item.list/objects": "取得食品经营许可的餐饮服务单位", "joint.put_line/objects": "取得食品经营许可的餐饮服务单位",
	"qualifications": "食品安全检查员", "materials": "食品经营许可证",
	"results": "未发现问题\n发现问题", "outside": "", "effective": "", "item.list/reason": "", "item.list/division": "食品科",
	"codes": []string{"SD-01"}, "keys": int64(20), "issuer": "山东省市场监督管理局", "source": "https://example.org/list",
	"rows":              []string{`{"code":"SD-01","name":"食品销售监督检查","field":"食品安全","category":"general","max_share":300,"basis":"《中华人民共和国食品安全法》第一百一十条","content":"许可和销售行为","methods":["onsite"]}`},
	"upstream.put/seen": int64(0), "upstream.put/name": "山东省市场监管领域随机抽查事项清单", "upstream.put/number": "鲁市监发〔2026〕1号", "upstream.put/day": "2026-06-01",
	"item.adopt/reason": "上级清单更新", "limit.put/seen": int64(0), "limit.put/ground": "联席会议议定", "item.approve_key/ground": "近两年投诉集中",
	"item.keep/reason": "本地仍需检查许可", "item.retire/reason": "职责划出", "label": "是否公示食品经营许可证", "hint": "查看店堂醒目位置", "choices": "", "default": "yes", "required": true, "if": "", "is": "",
	"questions": []string{`{"name":"shown","type":"yesno","label":"是否公示食品经营许可证"}`}, "checklist.put/seen": int64(0), "checklist.put/reason": "编制表单",
	"checklist.question/seen": int64(0), "checklist.question/no": int64(0), "checklist.question/name": "licence_shown", "checklist.question/reason": "编制表单",
	"checklist.drop/reason": "合并到其他题目", "terms": int64(1), "places": "市政府网站\n省“双随机、一公开”监管工作平台",
	"joint.put_line/no": int64(0), "joint.put_line/name": "餐饮服务单位联合抽查", "joint.put_line/items": []string{"0199c5d2-7a10-7c3e-8a51-3f60d1c2b301", "0199c5d2-7a10-7c3e-8a51-3f60d1c2b302"},
	"plan.urge/note": "请于 1 月 20 日前报送",
}

// exampleIDs are ids of the examples, by field, so that they hang together.
var exampleIDs = map[string]string{
	"import": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b801",
	"plan":   "0199c5d2-7a10-7c3e-8a51-3f60d1c2b4e7", "next": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b4e8",
	"item": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b301", "items": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b301",
	"lead": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b101", "partners": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102",
	"org": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b101", "into": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102",
	"list": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b801", "ids": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b302",
	"sublibs": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b501", "person": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b201",
	"away": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b701", "tie": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b702", "training": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b703",
	"post": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b601", "id": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b401",
}

// exampleOf is a body of the command that the decoder takes.
func exampleOf(c act.Command) json.RawMessage {
	var body ordered[any]
	for _, m := range membersOf(reflect.TypeOf(c)) {
		body = append(body, named[any]{m.name, exampleValue(c.Verb(), m.name, m.field.Type)})
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic("api: the example of " + string(c.Verb()) + ": " + err.Error())
	}
	return text
}

func exampleValue(verb inspect.Verb, name string, t reflect.Type) any {
	if v, ok := examples[string(verb)+"/"+name]; ok {
		return v
	}
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String && examples[name] == nil {
		return []any{exampleValue(verb, name, t.Elem())}
	}
	if ids[t] {
		return exampleIDs[name]
	}
	if choices, ok := choicesOf(t, name); ok {
		return choices[0].Value
	}
	v, ok := examples[name]
	if !ok {
		panic("api: no example for " + name + " of " + string(verb))
	}
	return v
}

// curlOf is the request of a route or an act as one types it into a shell.
func curlOf(method, path string, open bool, body json.RawMessage) string {
	line := []string{"curl"}
	if !open {
		line = append(line, `-H "Authorization: Bearer $TOKEN"`)
	}
	if method == "POST" {
		line = append(line, `-H "Content-Type: application/json"`, `-H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)"`,
			"-d '"+string(body)+"'")
	}
	return strings.Join(append(line, `"$SITE`+path+`"`), " \\\n  ")
}
