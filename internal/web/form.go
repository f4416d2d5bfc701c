package web

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"suicha/internal/inspect"
)

// A Command is what a form asks for: its verb, and in its fields what the act
// needs to know. All commands of package act are.
type Command interface{ Verb() inspect.Verb }

// A Form (表单) is a command that a reader can fill in. Components draw it: "hidden"
// for what is carried along, and one of the "field-…" for each field.
type Form struct {
	ID      string // tells this form from the others of the page
	Action  string // with the page it stands on, for whoever asks for the address again: see formPage
	Request string
	Page    string
	Then    string // where success leads; empty leads back to Page
	Failed  bool   // it was sent and did not succeed; Values are what was entered

	slots    []slot
	values   map[string][]string
	fixed    []string
	problems inspect.Problems
}

// A Field is one field of a form as the page shows it.
type Field struct {
	ID, Name    string
	Label, Hint string
	Error       string
	Values      []string
	Options     []Option
	Need        bool // marked as one that must be filled in
	Most        int  // longest text in characters; 0 is no limit
}

// An Option is one choice of a field.
type Option struct {
	Value, Text string
	Note        string // a second line under the text
}

// Options makes the options of a field from a list of choices.
func Options(choices []inspect.Choice) []Option {
	options := make([]Option, len(choices))
	for i, c := range choices {
		options[i] = Option{Value: c.Value, Text: c.Text}
	}
	return options
}

// A Passkey ("passkey") is a form that is filled in by the browser, with what one
// of its passkeys answers to the challenge at Options. It is offered where the
// browser can, and never the only way.
type Passkey struct {
	Form    Form
	Options string // path of the challenge
	Text    string // of the button
	Main    bool   // the one blue button of the view
}

// A Failure is a form that was sent and did not succeed.
type Failure struct {
	Form     string
	Values   url.Values
	Problems inspect.Problems
	Entered  []Entered // what was typed, by label, for when the form is gone
	StepUp   string    // where the second factor is shown again, if that is what is missing
}

// Entered is one thing that was typed into a form.
type Entered struct{ Label, Value string }

// FormOf returns the form of the act that cmd asks for. The values of cmd are
// what the fields show at first. Fixed names the fields that the reader does not
// fill in, such as the plan and the version seen; "hidden" carries them.
//
// If the page is shown again because this form failed, it keeps what was entered
// and carries the problems. The fixed fields are new then too: a reader who saw
// what has changed answers to the new version.
func FormOf(r *http.Request, cmd Command, fixed ...string) Form {
	return FormFor(r, "", cmd, fixed...)
}

// FormFor is FormOf for a page with several forms of the same act: key, such as
// the number of the line, tells them apart.
func FormFor(r *http.Request, key string, cmd Command, fixed ...string) Form {
	id := strings.NewReplacer(".", "-", "_", "-").Replace(string(cmd.Verb()))
	if key != "" {
		id += "-" + key
	}
	f := makeForm(r, id, cmd, fixed)
	f.Action, f.Request = actPath(cmd.Verb())+"?page="+url.QueryEscape(f.Page), NewID()
	return f
}

// FormTo returns a form that is sent to a path of its own, such as the sign-in.
// Fields is a pointer to a struct like a command's.
func FormTo(r *http.Request, action string, fields any, fixed ...string) Form {
	return FormToFor(r, "", action, fields, fixed...)
}

// FormToFor is FormTo for a page with several such forms: key tells them apart.
func FormToFor(r *http.Request, key, action string, fields any, fixed ...string) Form {
	id := strings.ReplaceAll(strings.Trim(action, "/"), "/", "-")
	if key != "" {
		id += "-" + key
	}
	f := makeForm(r, id, fields, fixed)
	f.Action = action
	return f
}

func makeForm(r *http.Request, id string, cmd any, fixed []string) Form {
	v := reflect.Indirect(reflect.ValueOf(cmd))
	slots, err := slotsOf(v.Type())
	if err != nil {
		panic("web: " + err.Error())
	}
	f := Form{ID: id, Page: herePath(r), slots: slots, fixed: fixed, values: map[string][]string{}}
	failure := Failed(r)
	f.Failed = failure != nil && failure.Form == id
	for _, s := range slots {
		if f.Failed && !slices.Contains(fixed, s.name) {
			f.values[s.name] = failure.Values[s.name]
			continue
		}
		f.values[s.name] = s.texts(v.FieldByIndex(s.index))
	}
	for _, name := range fixed {
		if !slices.ContainsFunc(slots, func(s slot) bool { return s.name == name }) {
			panic(fmt.Sprintf("web: %T has no field %q", cmd, name))
		}
	}
	if f.Failed {
		f.values[fieldConfirm] = failure.Values[fieldConfirm]
		f.problems = failure.Problems
	}
	return f
}

func (s slot) texts(v reflect.Value) []string {
	if s.percent && !v.IsZero() {
		return []string{inspect.PercentText(v.Int())}
	}
	if !many(s.typ) {
		return []string{textOf(v)}
	}
	var texts []string
	for i := range v.Len() {
		texts = append(texts, textOf(v.Index(i)))
	}
	return texts
}

// Field returns the field called name. Templates add to it what the command does
// not say:
//
//	{{template "field" (.Form.Field "opinion" | label "审批意见" | hint "将随计划公布。" | need)}}
//
// It fails if the command has no such field, so that a misspelt name is found by
// the first test that shows the page.
func (f Form) Field(name string) (Field, error) {
	i := slices.IndexFunc(f.slots, func(s slot) bool { return s.name == name })
	if i < 0 {
		return Field{}, fmt.Errorf("form %s has no field %q", f.ID, name)
	}
	s := f.slots[i]
	field := Field{ID: f.FieldID(name), Name: name, Label: s.label, Hint: s.hint, Values: f.values[name]}
	if field.Label == "" {
		field.Label = name
	}
	for _, p := range f.problems {
		if p.Field == name && field.Error == "" {
			field.Error = p.Error()
		}
	}
	return field, nil
}

// FieldID is the id of a field's control on the page.
func (f Form) FieldID(name string) string { return fieldID(f.ID, name) }

func fieldID(form, name string) string { return form + "-" + strings.ReplaceAll(name, ".", "-") }

// A Pair is a name and a value.
type Pair struct{ Name, Value string }

// Hidden returns what the form carries unseen.
func (f Form) Hidden() []Pair {
	pairs := []Pair{{fieldForm, f.ID}, {fieldPage, f.Page}}
	if f.Then != "" {
		pairs = append(pairs, Pair{fieldThen, f.Then})
	}
	if f.Request != "" {
		pairs = append(pairs, Pair{fieldRequest, f.Request})
	}
	for _, name := range f.fixed {
		for _, value := range f.values[name] {
			pairs = append(pairs, Pair{name, value})
		}
	}
	return pairs
}

// Confirm returns the field into which a grave act's confirmation is typed.
func (f Form) Confirm(expect string) Field {
	field := Field{ID: f.FieldID(fieldConfirm), Name: fieldConfirm, Label: "输入 " + expect + " 以确认", Values: f.values[fieldConfirm], Need: true}
	for _, p := range f.problems {
		if p.Field == fieldConfirm {
			field.Error = p.Error()
		}
	}
	return field
}

// Value is the field's single value.
func (f Field) Value() string {
	if len(f.Values) == 0 {
		return ""
	}
	return f.Values[0]
}

// Has reports whether value is among the field's values.
func (f Field) Has(value string) bool { return slices.Contains(f.Values, value) }

// On reports whether a single check box is ticked.
func (f Field) On() bool {
	on, _ := truth(f.Value())
	return on
}

// Describe lists the ids of what explains the field, for aria-describedby.
func (f Field) Describe() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	return strings.Join(ids, " ")
}

// Months are the options of a month picker: 1 to 12, as the command stores them.
func (f Field) Months() []Option {
	options := make([]Option, 12)
	for i := range options {
		options[i] = Option{Value: fmt.Sprint(i + 1), Text: fmt.Sprintf("%d月", i+1)}
	}
	return options
}

// Href leads to the field that a problem is about, in the form that failed.
func (f Failure) Href(p inspect.Problem) string {
	if p.Field == "" {
		return ""
	}
	return "#" + fieldID(f.Form, p.Field)
}

// WithFailure returns r as brought back because its form failed with err: the
// page shown for it has the entered values and the problems, and the status that
// goes with them.
func WithFailure(r *http.Request, err error) *http.Request {
	ps := problemsOf(err)
	return withScene(r, func(s *scene) {
		s.failure = &Failure{Form: r.PostForm.Get(fieldForm), Values: r.PostForm, Problems: ps}
		s.status = statusOf(ps[0])
	})
}
