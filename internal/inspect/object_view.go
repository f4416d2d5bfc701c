package inspect

import (
	"suicha/internal/industry"
	"suicha/internal/workday"
)

// ForReader is the object without its personal data (法定代表人、电话、联络员) unless
// the reader's organisation is the one that answers for the row: 个人信息保护法
// 第六条, the least that a purpose needs. The second value says whether it was left
// out.
func (o Object) ForReader(org OrgID) (Object, bool) {
	if o.Owner == org {
		return o, false
	}
	o.LegalRep, o.Phone, o.Liaison, o.LiaisonPhone = "", "", "", ""
	return o, true
}

// personalKeys are the fields that ForReader leaves out.
var personalKeys = map[string]bool{"legal_rep": true, "phone": true, "liaison": true, "liaison_phone": true}

// Personal reports whether the field holds personal data.
func (f ObjectField) Personal() bool { return personalKeys[f.Key] }

// staleAfter is how many days old data may be before pages mark it: R37, 真实性、
// 及时性. A year is one round of the annual plan.
const staleAfter = 365

// Stale reports whether what is known of the object is older than a year.
func (o Object) Stale(today workday.Date) bool { return o.Sourced.AddDays(staleAfter).Before(today) }

// Answers reports whether the status is one that the row's department can still
// change: a merged or withdrawn row stays as it is.
func (s ObjectStatus) Answers() bool { return s != ObjectWithdrawn && s != ObjectMerged }

// Shown is the field as readers see it: choices and codes in words. Towns are the
// areas of the region, by code.
func (f ObjectField) Shown(o *Object, towns map[string]string) string {
	value := f.Value(o)
	switch f.Key {
	case "kind":
		return o.Kind.Text()
	case "status":
		return o.Status.Text()
	case "town":
		if name := towns[value]; name != "" {
			return name
		}
	case "industry":
		if found, ok := industry.Find(industry.Code(value)); ok {
			return value + "　" + found.Name
		}
	}
	return value
}

// ObjectChanges says field by field what a newer version has that the older has
// not: R29.
func ObjectChanges(older, newer Object, towns map[string]string) []FieldChange {
	var all []FieldChange
	for _, f := range ObjectFields {
		if f.Value(&older) != f.Value(&newer) {
			all = append(all, FieldChange{Label: f.Label, Before: f.Shown(&older, towns), After: f.Shown(&newer, towns)})
		}
	}
	for _, d := range []struct{ label, before, after string }{
		{"数据来源", older.Source, newer.Source}, {"数据日期", dayText(older.Sourced), dayText(newer.Sourced)},
		{"合并到", intoText(older), intoText(newer)},
	} {
		if d.before != d.after {
			all = append(all, FieldChange{Label: d.label, Before: d.before, After: d.after})
		}
	}
	return all
}

func intoText(o Object) string {
	if o.Into == 0 {
		return ""
	}
	return o.Into.String() + " 号"
}

// IndustrySections lists the sections of GB/T 4754 as choices.
func IndustrySections() []Choice {
	var all []Choice
	for _, i := range industry.Sections() {
		all = append(all, Choice{string(i.Code), string(i.Code) + "　" + i.Name})
	}
	return all
}
