package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
)

// What a body may be at most. Rules about the length of a text are the
// command's.
const (
	bodyMost  = 1 << 20
	depthMost = 32
	listMost  = 5000
)

// A member is a field of a struct as JSON knows it.
type member struct {
	name  string
	index []int
	field reflect.StructField
}

// title is the field's name in sentences and in the document.
func (m member) title() string {
	if label := m.field.Tag.Get("label"); label != "" {
		return label
	}
	return unlabelled[m.name]
}

// unlabelled are fields of commands that no form shows, because forms carry them
// hidden.
var unlabelled = map[string]string{
	"plan": "计划 id", "task": "任务 id", "line": "计划任务序号", "hash": "所见名录库的摘要", "seen": "所见版本", "no": "任务序号", "id": "请求方生成的 id", "item": "事项 id", "org": "单位 id",
	"import": "批次 id", "staged": "待写入内容的 SHA-256",
	"list": "清单 id", "ids": "请求方为新事项生成的 id", "terms": "所见内容版本",
	"post": "任职 id", "next": "新版计划 id", "year": "年度",
	"inspector": "人员序号", "was": "原证件编号（新登记的不填）", "away": "不能参加的时段 id", "tie": "回避关系 id", "training": "培训记录 id",
}

// membersOf returns the fields of a struct type in their order; those of
// embedded structs stand where the embedding stands.
func membersOf(t reflect.Type) []member {
	var members []member
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			for _, m := range membersOf(f.Type) {
				m.index = append([]int{i}, m.index...)
				members = append(members, m)
			}
			continue
		}
		if name != "" && name != "-" {
			members = append(members, member{name, []int{i}, f})
		}
	}
	return members
}

// decode fills the struct that into points to from a JSON text. It is strict,
// and stricter than package json: UTF-8 only, one object and nothing after it,
// no field twice, no field the struct does not have, names in their exact case,
// no null, whole numbers as digits. A field that is not there leaves its zero;
// whether it may is the command's rule.
//
// All faulty fields are reported together. The error is malformed.
func decode(text []byte, into any) error {
	switch {
	case !utf8.Valid(text):
		return broken(errEncoding)
	case exchange.JSONDepth(text) > depthMost:
		return broken(errDepth.With(depthMost))
	}
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		at := int64(len(text))
		if fault := new(json.SyntaxError); errors.As(err, &fault) {
			at = fault.Offset
		}
		return broken(errSyntax.With(at))
	}
	var d decoder
	d.object("", "请求体", whole, reflect.ValueOf(into).Elem())
	return broken(d.problems...)
}

// A decoder collects the problems of one text.
type decoder struct{ problems []inspect.Problem }

func (d *decoder) fault(p inspect.Problem, at string) { d.problems = append(d.problems, p.At(at)) }

// object fills a struct. At is where it stands in the body; the whole has "".
func (d *decoder) object(at, title string, raw json.RawMessage, v reflect.Value) {
	if first(raw) != '{' {
		d.fault(errType.With(title, "JSON 对象"), at)
		return
	}
	members := membersOf(v.Type())
	seen := map[string]bool{}
	tokens := json.NewDecoder(bytes.NewReader(raw))
	_, err := tokens.Token() // the bracket
	for err == nil && tokens.More() {
		var name json.Token
		var value json.RawMessage
		if name, err = tokens.Token(); err != nil {
			break
		}
		if err = tokens.Decode(&value); err != nil {
			break
		}
		text, _ := name.(string) // the names of an object are texts
		place := join(at, text)
		i := slices.IndexFunc(members, func(m member) bool { return m.name == text })
		switch {
		case len(d.problems) >= 100: // enough to mend
			return
		case i < 0:
			d.fault(errUnknown.With(visible(text)), visible(place))
		case seen[text]:
			d.fault(errTwice.With(text), place)
		default:
			d.value(place, members[i].title(), value, v.FieldByIndex(members[i].index))
		}
		seen[text] = true
	}
	if err != nil { // the text was checked before, so this is a fault of ours
		d.fault(errSyntax.With(tokens.InputOffset()), at)
	}
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

var wholeNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,18})$`)

// value fills one field from its JSON value.
func (d *decoder) value(at, title string, raw json.RawMessage, v reflect.Value) {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text, ok := d.text(at, title, "文本", raw); ok && text != "" && u.UnmarshalText([]byte(text)) != nil {
			d.fault(errType.With(title, "日期，例如 2026-01-20"), at)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		if text, ok := d.text(at, title, "文本", raw); ok {
			v.SetString(strings.ReplaceAll(text, "\r\n", "\n"))
		}
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil || !wholeNumber.Match(raw) {
			d.fault(errType.With(title, "整数"), at)
			return
		}
		v.SetInt(n)
	case reflect.Bool:
		if first(raw) != 't' && first(raw) != 'f' {
			d.fault(errType.With(title, "true 或 false"), at)
			return
		}
		v.SetBool(first(raw) == 't')
	case reflect.Slice:
		d.list(at, title, raw, v)
	case reflect.Struct:
		d.object(at, title, raw, v)
	default:
		panic("api: a command has a field that JSON cannot fill: " + v.Type().String())
	}
}

func (d *decoder) list(at, title string, raw json.RawMessage, v reflect.Value) {
	var parts []json.RawMessage
	if first(raw) != '[' || json.Unmarshal(raw, &parts) != nil {
		d.fault(errType.With(title, "数组"), at)
		return
	}
	if len(parts) > listMost {
		d.fault(errMany.With(title, listMost), at)
		return
	}
	if len(parts) == 0 {
		return
	}
	list := reflect.MakeSlice(v.Type(), len(parts), len(parts))
	before := len(d.problems)
	for i, part := range parts {
		d.value(at, title+"的每一项", part, list.Index(i))
		if len(d.problems) > before {
			return // one fault of a list is enough
		}
	}
	v.Set(list)
}

// text reads a JSON text. What cannot be seen, and halves of surrogate pairs,
// are refused.
func (d *decoder) text(at, title, want string, raw json.RawMessage) (string, bool) {
	var text string
	if first(raw) != '"' || json.Unmarshal(raw, &text) != nil {
		d.fault(errType.With(title, want), at)
		return "", false
	}
	if hidden(text) {
		d.fault(inspect.ErrControl.With(title), at)
		return "", false
	}
	return text, true
}

func hidden(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func first(raw []byte) byte {
	if len(raw) == 0 {
		return 0
	}
	return raw[0]
}

// visible is a name as it can be shown: whatever cannot be seen becomes a box,
// and a long name is cut.
func visible(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsPrint(r) {
			runes[i] = '□'
		}
	}
	if len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return string(runes)
}
