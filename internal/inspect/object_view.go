package inspect

import (
	"fmt"

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

// A Draws says whether objects can be drawn at all, or are outside: R111.
type Draws string

// The values of a Draws.
const (
	InDraws    Draws = "in"
	OutOfDraws Draws = "out"
)

// DrawsChoices are the ways to narrow a list by it.
var DrawsChoices = []Choice{{string(OutOfDraws), "不纳入随机抽查"}, {string(InDraws), "纳入随机抽查"}}

// A Where (查找位置) is the text of an object that a search looks into.
type Where string

// The texts besides the names and codes, which the empty Where stands for. No index
// knows them.
const (
	InScope   Where = "scope"
	InAddress Where = "address"
)

// Wheres are the ways to look elsewhere than into names and codes.
var Wheres = []Choice{{string(InScope), "经营范围"}, {string(InAddress), "住所"}}

// An Age (数据时间) is how old data is, in steps.
type Age string

// Ages are the ages of data that lists are narrowed by: R37.
var Ages = []Choice{{"1m", "一个月内"}, {"1-3m", "一至三个月"}, {"3m", "三个月以上"}, {"1y", "一年以上"}}

// AgeDays are the days that data of an age is of. An end that is open is zero, and
// so are both for a text that is no age.
func AgeDays(age Age, today workday.Date) Days {
	switch age {
	case "1m":
		return Days{From: today.AddDays(-30)}
	case "1-3m":
		return Days{From: today.AddDays(-90), Until: today.AddDays(-31)}
	case "3m":
		return Days{Until: today.AddDays(-91)}
	case "1y":
		return Days{Until: today.AddDays(-staleAfter - 1)}
	}
	return Days{}
}

// An Expiry is when a licence ends, in steps.
type Expiry string

// Expiries are the ends of licences that lists are narrowed by.
var Expiries = []Choice{{"90d", "90 天内到期"}, {"over", "已过期"}}

// ExpiryDays are the last days of licences of an expiry. Both are zero for a text
// that is none.
func ExpiryDays(expiry Expiry, today workday.Date) Days {
	switch expiry {
	case "90d":
		return Days{From: today, Until: today.AddDays(ExpiryWarning)}
	case "over":
		return Days{From: today.AddDays(-licencesLooked), Until: today.AddDays(-1)}
	}
	return Days{}
}

// licencesLooked is how many days back expired licences are looked for: ten years.
const licencesLooked = 3652

// Age is how old what is known of the object is, in words.
func (o Object) Age(today workday.Date) string {
	switch days := today.DaysSince(o.Sourced); {
	case days <= 0:
		return "今天"
	case days < 31:
		return fmt.Sprintf("%d 天前", days)
	case days <= staleAfter:
		return fmt.Sprintf("约 %d 个月前", (days+15)/30)
	default:
		return fmt.Sprintf("约 %d 年前", max(1, (days+182)/365))
	}
}

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
		{"不纳入随机抽查的依据", older.Outside, newer.Outside},
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
