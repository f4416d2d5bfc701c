package api

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"

	"suicha/internal/inspect"
)

// A param is one parameter of an address: a field of a query struct with the tag
// path or query. Further tags say what it may be: most and least for numbers,
// most for the length of a text.
type param struct {
	name, in    string
	field       reflect.StructField
	index       []int
	least, most int
}

func paramsOf(t reflect.Type) []param {
	var params []param
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous { // what several queries have in common
			for _, p := range paramsOf(f.Type) {
				p.index = append([]int{i}, p.index...)
				params = append(params, p)
			}
			continue
		}
		p := param{in: "query", field: f, index: []int{i}, least: number(f, "least"), most: number(f, "most")}
		if p.name = f.Tag.Get("query"); p.name == "" {
			p.in, p.name = "path", f.Tag.Get("path")
		}
		if p.name == "" {
			panic(fmt.Sprintf("api: field %s of %s is no parameter", f.Name, t))
		}
		params = append(params, p)
	}
	return params
}

func number(f reflect.StructField, tag string) int {
	text, ok := f.Tag.Lookup(tag)
	n, err := strconv.Atoi(text)
	if ok && err != nil {
		panic(fmt.Sprintf("api: tag %s of %s is no number", tag, f.Name))
	}
	return n
}

// title is the parameter's name in sentences.
func (p param) title() string { return p.field.Tag.Get("label") }

// query reads the parameters of an address into the struct that into points to.
// A parameter that there is not, that comes twice or is not what it should be,
// makes the request malformed. What stands in the path and cannot name anything
// is inspect.ErrMissing.
func query(r *http.Request, into any) error {
	v := reflect.ValueOf(into).Elem()
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return broken(errType.With("查询参数", "正确编码的文本"))
	}
	var ps inspect.Problems
	known := map[string]bool{}
	for _, p := range paramsOf(v.Type()) {
		if p.in == "path" {
			if p.set(v.FieldByIndex(p.index), r.PathValue(p.name)) != nil {
				return inspect.ErrMissing
			}
			continue
		}
		known[p.name] = true
		switch values := given[p.name]; len(values) {
		case 0:
		case 1:
			ps = append(ps, p.set(v.FieldByIndex(p.index), values[0])...)
		default:
			ps = append(ps, errTwice.With(p.name).At(p.name))
		}
	}
	for name := range given {
		if !known[name] {
			ps = append(ps, errUnknown.With(visible(name)).At(visible(name)))
		}
	}
	return broken(ps...)
}

var numberForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,15})$`)

// set reads one parameter. The empty text is no value.
func (p param) set(v reflect.Value, text string) inspect.Problems {
	if text == "" && p.in == "query" {
		return nil
	}
	if v.Kind() == reflect.Int || v.Kind() == reflect.Int64 {
		n, err := strconv.Atoi(text)
		if err != nil || !numberForm.MatchString(text) || n < p.least || p.most > 0 && n > p.most {
			return inspect.Problems{errType.With(p.title(), p.allowed()).At(p.name)}
		}
		v.SetInt(int64(n))
		return nil
	}
	if choices, ok := choicesOf(p.field.Type, ""); ok {
		for _, c := range choices {
			if c.Value == text {
				v.SetString(text)
				return nil
			}
		}
		return inspect.Problems{inspect.ErrChoice.With(p.title()).At(p.name)}
	}
	if ids[p.field.Type] {
		if !inspect.ValidID(text) {
			return inspect.Problems{errType.With(p.title(), "小写的 UUID").At(p.name)}
		}
		v.SetString(text)
		return nil
	}
	var ps inspect.Problems
	v.SetString(inspect.Line(&ps, p.name, p.title(), text, p.most))
	return ps
}

func (p param) allowed() string {
	if p.most == 0 {
		return fmt.Sprintf("不小于 %d 的整数", p.least)
	}
	return fmt.Sprintf("%d 到 %d 的整数", p.least, p.most)
}
