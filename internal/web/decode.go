package web

import (
	"encoding"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"suicha/internal/inspect"
)

// Names of form fields that belong to the form, not to the command.
const (
	fieldRequest = "request" // the id that makes asking twice harmless
	fieldPage    = "page"    // the page the form stands on
	fieldForm    = "form"    // which form of that page it is
	fieldConfirm = "confirm" // what was typed to confirm a grave act
	fieldExpect  = "expect"  // what had to be typed
	fieldThen    = "then"    // where to go afterwards, if not back to the page
)

var reserved = []string{fieldRequest, fieldPage, fieldForm, fieldConfirm, fieldExpect, fieldThen}

// Most values of a form, and the longest value in bytes: 5,000 ticked rows and the
// fields of an act on them. Rules about the length of a text are the command's.
const (
	valuesMost = 5100
	valueMost  = 64 << 10
)

// A slot is the place of one form field in a command.
type slot struct {
	name, label, hint string
	percent           bool // people type 5%, the command counts 500 basis points
	index             []int
	typ               reflect.Type
}

// slotsOf returns the fields of a command type: exported fields under their JSON
// names, those of structs inside it as outer.inner.
func slotsOf(t reflect.Type) ([]slot, error) {
	var slots []slot
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() && !f.Anonymous || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		if f.Type.Kind() == reflect.Struct && !isText(f.Type) {
			inner, err := slotsOf(f.Type)
			if err != nil {
				return nil, err
			}
			for _, s := range inner {
				if !f.Anonymous || f.Tag.Get("json") != "" {
					s.name = name + "." + s.name
				}
				s.index = append([]int{i}, s.index...)
				slots = append(slots, s)
			}
			continue
		}
		if !settable(f.Type) {
			return nil, fmt.Errorf("a form cannot fill field %s of %s: %s", f.Name, t, f.Type)
		}
		slots = append(slots, slot{name, f.Tag.Get("label"), f.Tag.Get("hint"), f.Tag.Get("form") == "percent", []int{i}, f.Type})
	}
	return slots, nil
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

func isText(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textType) }

func settable(t reflect.Type) bool {
	if isText(t) {
		return true
	}
	switch t.Kind() {
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Slice && settable(t.Elem())
	case reflect.String, reflect.Bool,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return false
}

func many(t reflect.Type) bool { return t.Kind() == reflect.Slice && !isText(t) }

// DecodeForm fills the command that cmd points to from a form. It is strict: a
// field that the command does not have, and a single value that comes twice, are
// problems, and so are characters that cannot be seen. All problems of a form
// come together, each at its field, in the order of the command.
//
// A field that is absent or empty leaves its zero; whether it may is the
// command's rule. An error that is not a Problem is a fault in the command type.
func DecodeForm(values url.Values, cmd any) error {
	p := reflect.ValueOf(cmd)
	if p.Kind() != reflect.Pointer || p.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("decode a form into %T: not a pointer to a struct", cmd)
	}
	slots, err := slotsOf(p.Elem().Type())
	if err != nil {
		return err
	}
	var ps inspect.Problems
	if tooMany(values) {
		return ErrTooLarge
	}
	for _, s := range slots {
		given := values[s.name]
		if len(given) > 1 && !many(s.typ) {
			ps = append(ps, inspect.ErrTwice.With(s.called()).At(s.name))
			continue
		}
		if problem, bad := s.fill(p.Elem().FieldByIndex(s.index), given); bad {
			ps = append(ps, problem.At(s.name))
		}
	}
	return append(ps, strange(values, slots)...).Err()
}

func tooMany(values url.Values) bool {
	n := 0
	for _, list := range values {
		n += len(list)
		if slices.ContainsFunc(list, func(v string) bool { return len(v) > valueMost }) {
			return true
		}
	}
	return n > valuesMost
}

// strange returns a problem for every field that neither the command nor the
// form has, and for those of the form that come twice.
func strange(values url.Values, slots []slot) inspect.Problems {
	var ps inspect.Problems
	for _, name := range sortedKeys(values) {
		switch {
		case slices.ContainsFunc(slots, func(s slot) bool { return s.name == name }):
		case !slices.Contains(reserved, name):
			ps = append(ps, inspect.ErrUnknown.With(visible(name)).At(visible(name)))
		case len(values[name]) > 1:
			ps = append(ps, inspect.ErrTwice.With(name).At(name))
		}
	}
	return ps
}

// visible is name as it can be shown: whatever cannot be seen becomes a box, and
// a long name is cut.
func visible(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '□'
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 40 {
		name = string(runes[:40]) + "…"
	}
	return name
}

// called is the field's name in sentences.
func (s slot) called() string {
	if s.label == "" {
		return "这一项"
	}
	return s.label
}

// fill sets v, the slot's place in a command, to what was given.
func (s slot) fill(v reflect.Value, given []string) (problem inspect.Problem, bad bool) {
	if !many(s.typ) {
		if len(given) == 0 {
			return problem, false
		}
		return s.set(v, given[0])
	}
	list := reflect.MakeSlice(s.typ, 0, len(given))
	for _, text := range given {
		if text == "" { // a choice that says "none"
			continue
		}
		item := reflect.New(s.typ.Elem()).Elem()
		if problem, bad = s.set(item, text); bad {
			return problem, true
		}
		list = reflect.Append(list, item)
	}
	if list.Len() > 0 {
		v.Set(list)
	}
	return problem, false
}

func (s slot) set(v reflect.Value, text string) (problem inspect.Problem, bad bool) {
	if hidden(text) {
		return inspect.ErrControl.With(s.called()), true
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		text = strings.TrimSpace(text)
		if text == "" {
			return problem, false
		}
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return ErrFormat.With(s.called()), true
		}
		return problem, false
	}
	if s.percent {
		points, ok := inspect.ParseShare(text)
		v.SetInt(points)
		return ErrPercent.With(s.called()), !ok && strings.TrimSpace(text) != ""
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(strings.ReplaceAll(text, "\r\n", "\n"))
	case reflect.Bool:
		on, ok := truth(text)
		if !ok {
			return inspect.ErrChoice.With(s.called()), true
		}
		v.SetBool(on)
	default:
		if !setNumber(v, text) {
			return ErrNumber.With(s.called()), true
		}
	}
	return problem, false
}

// hidden reports whether text holds bytes that are not text, or control
// characters other than line breaks and tabs.
func hidden(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func truth(text string) (on, ok bool) {
	switch text {
	case "on", "true", "1":
		return true, true
	case "", "false", "0":
		return false, true
	}
	return false, false
}

var grouped = regexp.MustCompile(`^-?[0-9]{1,3}(,[0-9]{3})+$`)

// setNumber reads an integer as people type it: blanks around it, full-width
// digits, and commas where commas belong.
func setNumber(v reflect.Value, text string) bool {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if text == "" {
		return true
	}
	if grouped.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	if v.CanUint() {
		n, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if err == nil {
			v.SetUint(n)
		}
		return err == nil
	}
	n, err := strconv.ParseInt(text, 10, v.Type().Bits())
	if err == nil {
		v.SetInt(n)
	}
	return err == nil
}

// textOf is v as a form shows it. A zero number is an empty box.
func textOf(v reflect.Value) string {
	if isText(v.Type()) {
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok && z.IsZero() {
			return ""
		}
		if m, ok := v.Interface().(encoding.TextMarshaler); ok {
			if text, err := m.MarshalText(); err == nil {
				return string(text)
			}
		}
		return fmt.Sprint(v.Interface())
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case v.IsZero():
		return ""
	}
	return fmt.Sprint(v.Interface())
}

func sortedKeys(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
