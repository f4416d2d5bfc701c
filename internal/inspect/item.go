package inspect

import (
	"regexp"
	"slices"

	"suicha/internal/workday"
)

// A Category (事项类别) decides how tightly an item's ratio is held: R24.
type Category string

// The categories: 海政办发〔2020〕2号 二(二).
const (
	KeyItem     Category = "key"     // 重点检查事项: their number is held down, R25
	GeneralItem Category = "general" // 一般检查事项: their ratio is held down, R26
)

// Categories lists the options in the order of the form.
var Categories = []Choice{{string(KeyItem), "重点检查事项"}, {string(GeneralItem), "一般检查事项"}}

// An Item (抽查事项) is one thing that a department may inspect at random, with
// its legal basis, body, content and method: R20, 海政办发〔2020〕2号 二(二).
type Item struct {
	ID       ItemID
	Version  int64
	Org      OrgID // 抽查主体
	Code     string
	Name     string
	Field    string
	Category Category
	Basis    string
	Content  string
	Method   Method
	MaxShare int64 // highest share of a pool, in basis points; 10000 for key items: R26
	Since    workday.Date
	Retired  workday.Date // first day it is no longer listed
}

var itemCodeForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,19}$`)

// Tidy brings a new or changed item into its one form, or says what is wrong
// with each field.
func (i Item) Tidy() (Item, error) {
	var ps Problems
	if !ValidID(i.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	if !itemCodeForm.MatchString(i.Code) {
		ps = append(ps, ErrItemCode.At("code"))
	}
	i.Name = Line(&ps, "name", "抽查事项名称", i.Name, 60)
	i.Field = Line(&ps, "field", "抽查领域", i.Field, 60)
	i.Basis = Paragraph(&ps, "basis", "抽查依据", i.Basis, 1000)
	i.Content = Paragraph(&ps, "content", "抽查内容", i.Content, 1000)
	chosen(&ps, Methods, "method", "抽查方式", string(i.Method))
	chosen(&ps, Categories, "category", "事项类别", string(i.Category))
	if i.Category == KeyItem {
		i.MaxShare = 10000
	}
	if i.MaxShare < 1 || i.MaxShare > 10000 {
		ps = append(ps, ErrRange.With("一般检查事项抽查比例上限（万分之几）", 1, 10000).At("max_share"))
	}
	return i, ps.Err()
}

// Listed reports whether the item is on its department's list on day.
func (i Item) Listed(day workday.Date) bool {
	return !day.Before(i.Since) && (i.Retired.IsZero() || day.Before(i.Retired))
}

// A Sublibrary (检查对象名录库分库) is the part of a department's object library
// for one field of supervision: R31. Size and risk classes are what the
// department last counted; plans reckon with them.
type Sublibrary struct {
	ID      SublibraryID
	Version int64
	Org     OrgID
	Name    string
	Size    int64
	Classes [4]int64 // objects of risk class A, B, C, D; zero if not classed
	Counted workday.Date
}

// Tidy brings a sub-library into its one form, or says what is wrong with it.
func (s Sublibrary) Tidy() (Sublibrary, error) {
	var ps Problems
	if !ValidID(s.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	s.Name = Line(&ps, "name", "分库名称", s.Name, 40)
	if s.Size < 0 || s.Size > poolMost {
		ps = append(ps, ErrRange.With("户数", 0, poolMost).At("size"))
	}
	return s, ps.Err()
}

// Facts are the things that plan lines refer to, by id.
type Facts struct {
	Orgs    map[OrgID]Org
	Items   map[ItemID]Item
	Sublibs map[SublibraryID]Sublibrary
	Areas   map[string]string // town codes and names
}

// CheckLine says what in the line does not fit the facts: things that do not
// exist or are not its departments', general items drawn too often.
func (p Plan) CheckLine(l PlanLine, facts Facts, today workday.Date) Problems {
	var ps Problems
	for _, id := range l.Parties() {
		org, ok := facts.Orgs[id]
		switch {
		case !ok || !org.Inspects() || org.Region != p.Region: // C3: only inspecting bodies take part
			ps = append(ps, ErrChoice.With("牵头与配合部门").At("partners"))
		case !org.Until.IsZero():
			ps = append(ps, ErrOrgGone.With(org.Short, org.Until.String()).At("partners"))
		}
	}
	for _, id := range l.Items {
		item, ok := facts.Items[id]
		switch {
		case !ok || !slices.Contains(l.Parties(), item.Org):
			ps = append(ps, ErrItemForeign.At("items"))
		case !item.Listed(today): // 国办发〔2024〕54号: 未公布的事项不得检查
			ps = append(ps, ErrItemRetired.With(item.Name).At("items"))
		default:
			ps = append(ps, overShare(l, item)...)
		}
	}
	for _, id := range l.Sublibs {
		if s, ok := facts.Sublibs[id]; !ok || !slices.Contains(l.Parties(), s.Org) {
			ps = append(ps, ErrChoice.With("检查对象分库").At("sublibs"))
		}
	}
	for _, code := range l.Areas {
		if _, ok := facts.Areas[code]; !ok {
			ps = append(ps, ErrChoice.With("实施区域").At("areas"))
		}
	}
	return ps
}

// overShare refuses a general item in a line that draws a larger share of the
// pool than the item allows: R26, 海政办发〔2020〕2号 二(二) "严格控制…一般检查事项的抽查比例".
func overShare(l PlanLine, item Item) Problems {
	r, err := ParseRatio(l.Ratio)
	if err != nil || item.Category != GeneralItem || r.Highest(l.Pool) <= item.MaxShare {
		return nil
	}
	return Problems{ErrShare.With(percentText(r.Highest(l.Pool)), item.Name, percentText(item.MaxShare)).At("ratio")}
}

// Gaps lists what still stands between the draft and its submission.
func (p Plan) Gaps(facts Facts, today workday.Date) Problems {
	var ps Problems
	lines := p.Standing()
	if len(lines) == 0 {
		return Problems{ErrNoLines}
	}
	for _, l := range lines {
		for _, fault := range p.CheckLine(l, facts, today) {
			ps = append(ps, ErrLineFault.With(l.Name, fault.Error()).At(""))
		}
		for _, id := range l.Parties() {
			if !slices.ContainsFunc(l.Items, func(i ItemID) bool { return facts.Items[i].Org == id }) {
				ps = append(ps, ErrPartyIdle.With(l.Name, facts.Orgs[id].Short))
			}
		}
	}
	for _, w := range p.Waiting() { // R51
		ps = append(ps, ErrWaiting.With(w.Line.Name, facts.Orgs[w.Consent.Org].Short, w.Consent.State.Text()))
	}
	return ps
}
