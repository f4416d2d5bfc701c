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
	"plan.urge/note": "请于 1 月 20 日前报送",
}

// exampleIDs are ids of the examples, by field, so that they hang together.
var exampleIDs = map[string]string{
	"plan": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b4e7", "next": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b4e8",
	"item": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b301", "items": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b301",
	"lead": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b101", "partners": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102",
	"org": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b101", "into": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102",
	"sublibs": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b501", "person": "0199c5d2-7a10-7c3e-8a51-3f60d1c2b201",
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
