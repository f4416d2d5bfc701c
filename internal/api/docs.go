package api

import (
	"embed"
	"reflect"
	"strings"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

//go:embed docs.html
var files embed.FS

var docsPage = web.NewPage[docsView](files, "docs.html")

// A docsView is the documentation as a page, without any script.
type docsView struct {
	Intro  []string         // paragraphs
	Scopes []inspect.Choice // of tokens
	Groups []docsGroup
	Kinds  []docsKind
	Codes  []docsCode
}

// A docsGroup is a chapter.
type docsGroup struct {
	Title string
	Calls []docsCall
}

// A docsCall is one address: how it is asked, what it answers, an example.
type docsCall struct {
	ID, Method, Path, Summary string
	Detail                    []string // paragraphs
	Public                    bool
	Params, Body              []docsField
	Answer                    string // name of the answer's kind
	Curl                      string
}

// A docsKind is the shape of an answer.
type docsKind struct {
	Name   string
	Fields []docsField
}

// A docsField is a line of a table of fields.
type docsField struct {
	Name, Title, Type string
	Kind              string // name of the kind it is made of, if it is one
	Notes             []string
}

// A docsCode is a status that is not 200.
type docsCode struct {
	Status int
	Text   string
}

func (s *server) docs(c *call) error {
	c.w.Header().Del("Access-Control-Allow-Origin")
	return docsPage.Show(c.w, web.WithArea(c.Request, web.Portal), docsOf(wholeDocument()))
}

// docsOf turns the document into the page, so that they cannot differ.
func docsOf(d *document) docsView {
	v := docsView{Intro: paragraphs(d.About.Description), Scopes: auth.Scopes}
	for _, g := range groups {
		group := docsGroup{Title: g}
		for _, p := range d.Paths {
			if p.Value.operation().Tags[0] == g {
				group.Calls = append(group.Calls, callOf(d, p.Name, p.Value))
			}
		}
		v.Groups = append(v.Groups, group)
	}
	bodies := map[string]bool{}
	for _, c := range act.Commands() {
		bodies[schemaName(reflect.TypeOf(c))] = true
	}
	for _, k := range d.Components.Schemas {
		if !bodies[k.Name] {
			v.Kinds = append(v.Kinds, docsKind{k.Name, fieldsOf(k.Value)})
		}
	}
	for _, f := range failures {
		v.Codes = append(v.Codes, docsCode{f.status, f.text})
	}
	return v
}

func (p *pathItem) operation() *operation {
	if p.Post != nil {
		return p.Post
	}
	return p.Get
}

func callOf(d *document, path string, item *pathItem) docsCall {
	o := item.operation()
	call := docsCall{ID: o.ID, Method: "GET", Path: path, Summary: o.Summary, Detail: paragraphs(o.Description), Public: o.Security != nil}
	for _, p := range o.Parameters {
		f := fieldOf(p.Name, p.Schema)
		f.Title, _, _ = strings.Cut(p.Description, "。")
		if _, hint, ok := strings.Cut(p.Description, "。"); ok && hint != "" {
			f.Notes = append([]string{hint}, f.Notes...)
		}
		call.Params = append(call.Params, f)
	}
	filled := path
	for name, value := range map[string]string{
		"{id}": exampleIDs["plan"], "{n}": "0", "{number}": "370687-2027-scjg", "{edition}": "0",
	} {
		filled = strings.ReplaceAll(filled, name, value)
	}
	if o.Body == nil {
		call.Curl = curlOf(call.Method, filled, call.Public, nil)
	} else {
		content := o.Body.Content[0].Value
		call.Method = "POST"
		call.Curl = curlOf(call.Method, filled, false, content.Example)
		call.Body = fieldsOf(d.schemaAt(content.Schema.Ref))
	}
	if answer := o.Responses[0].Value.Content[0].Value.Schema; answer.Ref != "" {
		call.Answer = kindAt(answer.Ref)
	}
	return call
}

func (d *document) schemaAt(ref string) *schema {
	for _, s := range d.Components.Schemas {
		if s.Name == kindAt(ref) {
			return s.Value
		}
	}
	return &schema{}
}

func kindAt(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

func fieldsOf(s *schema) []docsField {
	return each(s.Properties, func(p named[*schema]) docsField { return fieldOf(p.Name, p.Value) })
}

func fieldOf(name string, s *schema) docsField {
	f := docsField{Name: name, Title: s.Title, Type: typeText(s)}
	inner := s
	if s.Items != nil {
		inner = s.Items
	}
	if inner.Ref != "" {
		f.Kind = kindAt(inner.Ref)
	}
	for _, note := range []string{s.Description, inner.Description} {
		if note != "" && (len(f.Notes) == 0 || f.Notes[0] != note) {
			f.Notes = append(f.Notes, note)
		}
	}
	return f
}

// typeText is a type in words.
func typeText(s *schema) string {
	switch {
	case s.Type == "array":
		return "数组：" + typeText(s.Items)
	case s.Ref != "":
		return "对象"
	case s.Format == "uuid":
		return "UUID"
	case s.Format == "date":
		return "日期"
	case s.Format == "date-time":
		return "时刻"
	case len(s.Enum) > 0:
		return "选项"
	}
	return map[string]string{"string": "文本", "integer": "整数", "number": "数", "boolean": "是否"}[s.Type]
}

func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n\n")
}
