package inspect

import (
	"strings"

	"suicha/internal/uscc"
	"suicha/internal/workday"
)

// An ObjectField is a field of an object that a file can fill.
type ObjectField struct {
	Key, Label string
	text       func(*Object) *string
	day        func(*Object) *workday.Date
}

// ObjectFields lists what a file of objects can say, in the order of the template.
// Where a row comes from, and as of when, is said once for the whole file.
var ObjectFields = []ObjectField{
	{"name", "名称", func(o *Object) *string { return &o.Name }, nil},
	{"code", "统一社会信用代码或编号", func(o *Object) *string { return &o.Code }, nil},
	{"kind", "检查对象类别", func(o *Object) *string { return (*string)(&o.Kind) }, nil},
	{"status", "登记状态", func(o *Object) *string { return (*string)(&o.Status) }, nil},
	{"reg_no", "注册号", func(o *Object) *string { return &o.RegNo }, nil},
	{"legal_rep", "法定代表人（负责人）", func(o *Object) *string { return &o.LegalRep }, nil},
	{"phone", "联系电话", func(o *Object) *string { return &o.Phone }, nil},
	{"liaison", "联络员", func(o *Object) *string { return &o.Liaison }, nil},
	{"liaison_phone", "联络员电话", func(o *Object) *string { return &o.LiaisonPhone }, nil},
	{"address", "住所（经营场所）", func(o *Object) *string { return &o.Address }, nil},
	{"town", "所在镇街", func(o *Object) *string { return &o.Town }, nil},
	{"scope", "经营范围", func(o *Object) *string { return &o.Scope }, nil},
	{"industry", "行业代码", func(o *Object) *string { return &o.Industry }, nil},
	{"established", "成立日期", nil, func(o *Object) *workday.Date { return &o.Established }},
	{"authority", "登记机关", func(o *Object) *string { return &o.Authority }, nil},
	{"station", "属地监管所", func(o *Object) *string { return &o.Station }, nil},
	{"risk", "信用风险等级", func(o *Object) *string { return &o.Risk }, nil},
	{"risk_source", "等级来源", func(o *Object) *string { return &o.RiskSource }, nil},
	{"risk_on", "评定日期", nil, func(o *Object) *workday.Date { return &o.RiskOn }},
}

// Value is the field of o as files write it: a date as 2006-01-02.
func (f ObjectField) Value(o *Object) string {
	if f.text != nil {
		return *f.text(o)
	}
	if d := *f.day(o); !d.IsZero() {
		return d.String()
	}
	return ""
}

// Set puts a value into the field of o.
func (f ObjectField) Set(o *Object, value string) error {
	if f.text != nil {
		*f.text(o) = value
		return nil
	}
	*f.day(o) = workday.Date{}
	if value == "" {
		return nil
	}
	day, err := workday.Parse(value)
	*f.day(o) = day
	return err
}

// Copy takes the field of from over into o.
func (f ObjectField) Copy(o, from *Object) {
	if f.text != nil {
		*f.text(o) = *f.text(from)
		return
	}
	*f.day(o) = *f.day(from)
}

// Text is the field of o as people read it.
func (f ObjectField) Text(o *Object) string {
	switch f.Key {
	case "kind":
		return o.Kind.Text()
	case "status":
		return o.Status.Text()
	}
	return f.Value(o)
}

// ObjectKindOf is the kind that a unified social credit code says: its first two
// characters are the registering body and the kind of registration,
// GB 32100-2015. It is empty for a code that says nothing.
func ObjectKindOf(text string) ObjectKind {
	code, verdict := uscc.Parse(text)
	switch {
	case verdict.Class == uscc.Invalid || len(code) != 18:
		return ""
	case strings.HasPrefix(string(code), "91"):
		return Enterprise
	case strings.HasPrefix(string(code), "92"):
		return IndividualBusiness
	case strings.HasPrefix(string(code), "93"):
		return Cooperative
	case code[0] == '9':
		return ""
	}
	return Institution
}

// KindProblem says why no kind follows from a code.
func KindProblem(code string) Problem {
	_, verdict := uscc.Parse(code)
	reason := verdict.Reason.Text()
	if reason == "" {
		reason = "从代码的前两位认不出检查对象类别。"
	}
	return ErrImportKind.With(reason)
}

// A Filled says which fields of a row the file did not, so that an object of the
// library keeps its own.
type Filled struct{ Kind, Status, RiskOn bool }

// Fill completes a row of the batch's file by what is said for the whole file,
// and by what follows from the code.
func (i Import) Fill(o Object) (Object, Filled) {
	o.Region, o.Owner, o.Source, o.Sourced = i.Region, i.Org, i.Source, i.Sourced
	var f Filled
	if o.Kind == "" {
		o.Kind, f.Kind = ObjectKindOf(o.Code), true
	}
	if o.Status == "" {
		o.Status, f.Status = ObjectActive, true
	}
	if o.Risk != "" && o.RiskOn.IsZero() {
		o.RiskOn, f.RiskOn = i.Sourced, true
	}
	return o, f
}

// Overlay is the library's object as the batch would have it: the fields of row that
// the file has, the others as they are. It is the object itself if the file says
// nothing new, even if the file is younger.
func (i Import) Overlay(old, row Object, has []ObjectField, f Filled) Object {
	o := old
	for _, field := range has {
		if field.Key == "kind" && f.Kind || field.Key == "status" && f.Status || field.Key == "risk_on" && f.RiskOn {
			continue
		}
		field.Copy(&o, &row)
	}
	if f.Status && (o.Status == ObjectVanished || o.Status == ObjectWithdrawn) {
		o.Status = ObjectActive // it is there again
	}
	switch {
	case o.Risk == "":
		o.RiskOn = workday.Date{}
	case o.RiskOn.IsZero() || f.RiskOn && o.Risk != old.Risk:
		o.RiskOn = i.Sourced
	}
	if o != old {
		o.Source, o.Sourced = i.Source, i.Sourced
	}
	return o
}

// Vanish notes that the object's source no longer lists it.
func (o Object) Vanish(sourced workday.Date) Object {
	o.Status, o.Sourced = ObjectVanished, sourced
	return o
}

// WouldVanish reports whether a whole file of a source that does not have the
// object makes it vanish: only what is in business, and only a row of that source
// and department.
func (i Import) WouldVanish(o Object) bool {
	return i.Whole && o.Status == ObjectActive && o.Owner == i.Org && o.Region == i.Region && o.Source == i.Source
}

// Restore is the object as it was before; one that is new since then is withdrawn.
func (o Object) Restore(before Object) Object {
	if before.No == 0 {
		o.Status = ObjectWithdrawn
		return o
	}
	before.Version = o.Version
	return before
}
