package api

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A schema is the part of JSON Schema 2020-12 that describes our values.
type schema struct {
	Ref         string           `json:"$ref,omitempty"`
	Title       string           `json:"title,omitempty"`
	Type        string           `json:"type,omitempty"`
	Format      string           `json:"format,omitempty"`
	Description string           `json:"description,omitempty"`
	Enum        []string         `json:"enum,omitempty"`
	Minimum     *int             `json:"minimum,omitempty"`
	Maximum     *int             `json:"maximum,omitempty"`
	MaxLength   int              `json:"maxLength,omitempty"`
	Items       *schema          `json:"items,omitempty"`
	Properties  ordered[*schema] `json:"properties,omitempty"`
	Required    []string         `json:"required,omitempty"`
	Additional  *bool            `json:"additionalProperties,omitempty"`
}

var (
	problemType = reflect.TypeFor[problem]()
	receiptType = reflect.TypeFor[receipt]()
	dayType     = reflect.TypeFor[workday.Date]()
	dateType    = reflect.TypeFor[date]()
	instantType = reflect.TypeFor[instant]()
)

// schemas collects the schemas of all structs of the document, each once.
type schemas struct {
	made  ordered[*schema]
	types map[string]reflect.Type
}

// of describes a type; name is the field it is in.
func (s *schemas) of(t reflect.Type, name string) *schema {
	switch t {
	case dayType, dateType:
		return &schema{Type: "string", Format: "date"}
	case instantType:
		return &schema{Type: "string", Format: "date-time"}
	}
	if ids[t] {
		return &schema{Type: "string", Format: "uuid"}
	}
	if choices, ok := choicesOf(t, name); ok {
		return choiceSchema(choices)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem(), name)
	case reflect.Slice:
		return &schema{Type: "array", Items: s.of(t.Elem(), name)}
	case reflect.Struct:
		return s.object(t, false)
	case reflect.String:
		return &schema{Type: "string"}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &schema{Type: "integer", Format: "int64"}
	case reflect.Float64:
		return &schema{Type: "number"}
	}
	panic("api: the document cannot describe " + t.String())
}

func choiceSchema(choices []inspect.Choice) *schema {
	return &schema{
		Type: "string", Enum: each(choices, func(c inspect.Choice) string { return c.Value }),
		Description: strings.Join(each(choices, func(c inspect.Choice) string { return c.Value + " " + c.Text }), "；") + "。",
	}
}

// command describes the body of an act. It takes no fields but these.
func (s *schemas) command(c act.Command) *schema { return s.object(reflect.TypeOf(c), true) }

// object describes a struct once and refers to it. An answer always has the
// fields that are required; to a body none is, for an absent field is an empty
// one.
func (s *schemas) object(t reflect.Type, body bool) *schema {
	name := schemaName(t)
	ref := &schema{Ref: "#/components/schemas/" + name}
	if known, ok := s.types[name]; ok {
		if known != t {
			panic("api: two types are called " + name)
		}
		return ref
	}
	if s.types == nil {
		s.types = map[string]reflect.Type{}
	}
	s.types[name] = t
	o := &schema{Type: "object"}
	s.made = append(s.made, named[*schema]{name, o})
	for _, m := range membersOf(t) {
		field := *s.of(m.field.Type, m.name)
		field.Title = m.title()
		field.Description = strings.TrimSpace(m.field.Tag.Get("hint") + " " + field.Description)
		o.Properties = append(o.Properties, named[*schema]{m.name, &field})
		if !body && !strings.Contains(m.field.Tag.Get("json"), ",omitempty") {
			o.Required = append(o.Required, m.name)
		}
	}
	if body {
		o.Additional = new(bool)
	}
	return ref
}

// schemaName is the type's name, as exported.
func schemaName(t reflect.Type) string {
	name := []rune(t.Name())
	name[0] = unicode.ToUpper(name[0])
	return string(name)
}

// param describes a parameter of an address.
func (s *schemas) param(p param) *schema {
	v := s.of(p.field.Type, p.name)
	switch v.Type {
	case "integer":
		v.Minimum = &p.least
		if p.most > 0 {
			v.Maximum = &p.most
		}
	case "string":
		v.MaxLength = p.most
	}
	return v
}

// sorted returns the schemas by name.
func (s *schemas) sorted() ordered[*schema] {
	list := slices.Clone(s.made)
	slices.SortFunc(list, func(a, b named[*schema]) int { return strings.Compare(a.Name, b.Name) })
	return list
}
