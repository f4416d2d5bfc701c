package inspect

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

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

// A MethodSet (抽查方式) is how an item is checked. Entries of older programs hold
// one method as a text.
type MethodSet []Method

// UnmarshalJSON reads a list of methods, or one.
func (m *MethodSet) UnmarshalJSON(text []byte) error {
	var one Method
	if json.Unmarshal(text, &one) == nil {
		*m = nil
		if one != "" {
			*m = MethodSet{one}
		}
		return nil
	}
	var all []Method
	err := json.Unmarshal(text, &all)
	*m = all
	return err
}

// Text names the methods.
func (m MethodSet) Text() string {
	return join(m, func(m Method) string { return ChoiceText(Methods, string(m)) })
}

// ItemTerms are what a list says of one item, whoever's list it is: R20,
// 海政办发〔2020〕2号 二(二) "明确抽查依据、主体、内容、方式". Texts of several parts
// have one part on each line.
type ItemTerms struct {
	Code           string // 事项编号
	Name           string // 抽查事项名称
	SubItem        string // 检查子项
	Field          string // 抽查领域
	Category       Category
	MaxShare       int64 // highest share of a pool, in basis points; 10000 for key items: R26
	Frequency      int64 // most inspections of one object in a year; 0 if the list does not say
	Basis          string
	Body           string // 抽查主体 in words, where the list says more than the department's name
	Objects        string // 抽查对象范围
	Content        string
	Methods        MethodSet `json:"Method"`
	Qualifications string    // what inspectors must have; one on each line
	Materials      string    // what the object has to show; one on each line
	Results        string    // 检查结果选项; one on each line
	Division       string    // 责任科室
	Remark         string
}

// An Item (抽查事项) is one thing that a department may inspect at random: R19,
// R20, 海政办发〔2020〕2号 二(二). Every change is a new version, with its reason and
// the day from which it holds; older versions stay readable: R23.
type Item struct {
	ID      ItemID
	Version int64
	Org     OrgID // 抽查主体
	ItemTerms
	Since   workday.Date // first day on the list
	Retired workday.Date // first day it is no longer listed
	// Outside says why the item is supervised in the ways there were before, and
	// never drawn: R111, 海政办发〔2020〕2号 二(七) "特殊重点领域…按照现有方式严格监管".
	Outside   string
	KeyGround string // the leader's ground for a key item beyond the limit: R25

	Reason    string       // of this version
	Effective workday.Date // first day of this version
	By        PersonID
	At        time.Time

	Upstream Origin
}

// An Origin is where in an upstream list an item comes from: R19.
type Origin struct {
	List    UpstreamID
	Version int64  // of the list, up to which it was compared
	Code    string // of the item there
	Kept    string // why what changed there was not taken over
}

var itemCodeForm = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,19}$`)

// Tidy brings a new or changed item into its one form, or says what is wrong
// with each field.
func (i Item) Tidy() (Item, error) {
	var ps Problems
	if !ValidID(i.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	var err error
	i.ItemTerms, err = i.ItemTerms.Tidy()
	ps = append(ps, faultsOf(err)...)
	i.Outside = Optional(&ps, "outside", "不列入随机抽查的依据", i.Outside, 500)
	return i, ps.Err()
}

// Tidy brings terms into their one form, or says what is wrong with each field.
func (i ItemTerms) Tidy() (ItemTerms, error) {
	var ps Problems
	if !itemCodeForm.MatchString(i.Code) {
		ps = append(ps, ErrItemCode.At("code"))
	}
	i.Name = Line(&ps, "name", "抽查事项名称", i.Name, 60)
	i.Field = Line(&ps, "field", "抽查领域", i.Field, 60)
	i.Basis = Paragraph(&ps, "basis", "抽查依据", i.Basis, 1000)
	i.Content = Paragraph(&ps, "content", "抽查内容", i.Content, 1000)
	i.SubItem = short(&ps, "sub_item", "检查子项", i.SubItem, 100)
	i.Body = short(&ps, "body", "抽查主体", i.Body, 100)
	i.Division = short(&ps, "division", "责任科室", i.Division, 60)
	i.Objects = Optional(&ps, "objects", "抽查对象范围", i.Objects, 500)
	i.Qualifications = lines(&ps, "qualifications", "检查人员资质要求", i.Qualifications)
	i.Materials = lines(&ps, "materials", "检查材料清单", i.Materials)
	i.Results = lines(&ps, "results", "检查结果选项", i.Results)
	i.Remark = Optional(&ps, "remark", "备注", i.Remark, 500)
	if len(i.Methods) == 0 {
		ps = append(ps, ErrEmpty.With("抽查方式").At("methods"))
	}
	for _, m := range i.Methods {
		chosen(&ps, Methods, "methods", "抽查方式", string(m))
	}
	i.Methods = slices.Compact(slices.Sorted(slices.Values(i.Methods)))
	chosen(&ps, Categories, "category", "事项类别", string(i.Category))
	if i.Category == KeyItem {
		i.MaxShare = 10000
	}
	if i.MaxShare < 1 || i.MaxShare > 10000 {
		ps = append(ps, ErrShareLimit.At("max_share"))
	}
	if i.Frequency < 0 || i.Frequency > frequencyMost {
		ps = append(ps, ErrRange.With("每年最多抽查次数", 0, frequencyMost).At("frequency"))
	}
	return i, ps.Err()
}

const frequencyMost = 12

// lines cleans a text that has one part on each line: no empty ones, none twice.
func lines(ps *Problems, field, label, text string) string {
	var parts []string
	for _, part := range strings.Split(Optional(ps, field, label, text, 1000), "\n") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n")
}

// Required returns the qualifications that whoever checks the item must have.
func (i ItemTerms) Required() []string {
	if i.Qualifications == "" {
		return nil
	}
	return strings.Split(i.Qualifications, "\n")
}

// Describe returns the terms in words, in the order of the form.
func (i ItemTerms) Describe() []FieldChange {
	share, often := "不限", ""
	if i.Category == GeneralItem {
		share = "不超过 " + PercentText(i.MaxShare)
	}
	if i.Frequency > 0 {
		often = fmt.Sprintf("每年最多 %d 次", i.Frequency)
	}
	return []FieldChange{
		{Label: "事项编号", After: i.Code}, {Label: "抽查事项名称", After: i.Name}, {Label: "检查子项", After: i.SubItem},
		{Label: "抽查领域", After: i.Field}, {Label: "事项类别", After: ChoiceText(Categories, string(i.Category))},
		{Label: "抽查比例上限", After: share}, {Label: "抽查频次", After: often}, {Label: "抽查依据", After: i.Basis},
		{Label: "抽查主体", After: i.Body}, {Label: "抽查对象范围", After: i.Objects}, {Label: "抽查内容", After: i.Content},
		{Label: "抽查方式", After: i.Methods.Text()}, {Label: "检查人员资质要求", After: i.Qualifications},
		{Label: "检查材料清单", After: i.Materials}, {Label: "检查结果选项", After: i.Results}, {Label: "责任科室", After: i.Division},
		{Label: "备注", After: i.Remark},
	}
}

// Describe returns the item in words: its terms, and what is the item's alone.
func (i Item) Describe() []FieldChange {
	from := ""
	if i.Upstream.List != "" {
		from = fmt.Sprintf("%s（上级清单第 %d 版）", i.Upstream.Code, i.Upstream.Version)
	}
	return append(i.ItemTerms.Describe(), FieldChange{Label: "不列入随机抽查的依据", After: i.Outside},
		FieldChange{Label: "增设重点事项的依据", After: i.KeyGround}, FieldChange{Label: "上级清单事项", After: from},
		FieldChange{Label: "未采用上级变更的理由", After: i.Upstream.Kept}, FieldChange{Label: "移出日期", After: dayText(i.Retired)})
}

// DiffItem lists the fields that differ between two versions of an item: R23.
func DiffItem(before, after Item) []FieldChange { return changed(before.Describe(), after.Describe()) }

// Amend is the next version of the item, with the day from which it holds: R23,
// 海政办发〔2020〕2号 二(二) "实行动态管理". A new item's version needs no reason. No
// day before today is taken: what was published is not made anew.
func (i Item) Amend(reason string, effective workday.Date, by PersonID, now time.Time) (Item, error) {
	var ps Problems
	today := workday.On(now)
	if !i.Retired.IsZero() {
		return i, ErrItemGone
	}
	if i.Version > 0 {
		reason = Optional(&ps, "reason", "变更理由", reason, 500)
		if reason == "" && len(ps) == 0 {
			ps = append(ps, ErrReason)
		}
	} else if reason = Optional(&ps, "reason", "变更理由", reason, 500); reason == "" {
		reason = "列入清单"
	}
	if effective.IsZero() {
		effective = today
	}
	if effective.Before(today) || effective.After(today.AddDays(effectiveMost)) || effective.Before(i.Effective) {
		ps = append(ps, ErrEffective.At("effective"))
	}
	i.Reason, i.Effective, i.By, i.At = reason, effective, by, now
	if i.Since.IsZero() {
		i.Since = effective
	}
	return i, ps.Err()
}

// effectiveMost is how many days ahead a change can be listed.
const effectiveMost = 366

// Retire takes the item off the list from today on.
func (i Item) Retire(reason string, by PersonID, now time.Time) (Item, error) {
	if !i.Retired.IsZero() {
		return i, ErrStep.With(ItemRetire.Text())
	}
	var ps Problems
	if i.Reason = Optional(&ps, "reason", "移出理由", reason, 500); i.Reason == "" && len(ps) == 0 {
		ps = append(ps, ErrReason)
	}
	i.Retired, i.By, i.At = workday.On(now), by, now
	i.Effective = i.Retired
	return i, ps.Err()
}

// Drawable reports whether the item can be in a draw on day: it is on the list,
// and not outside of random inspection: R111.
func (i Item) Drawable(day workday.Date) bool { return i.Listed(day) && i.Outside == "" }

// Listed reports whether the item is on its department's list on day.
func (i Item) Listed(day workday.Date) bool {
	return !day.Before(i.Since) && (i.Retired.IsZero() || day.Before(i.Retired))
}

// ItemsOf returns those of the items that are one department's.
func ItemsOf(items []Item, org OrgID) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.Org != org })
}

// A Sublibrary (检查对象名录库分库) is the part of a department's object library
// for one field of supervision: R31. Size and risk classes are what the
// department last counted or declared; plans reckon with them. The members that
// it has confirmed are counted beside them: docs/decisions/0013.
type Sublibrary struct {
	ID      SublibraryID
	Version int64
	Org     OrgID
	Name    string
	Size    int64
	Classes [4]int64 // objects of risk class A, B, C, D; zero if not classed
	Counted workday.Date
	Rule    MemberRule // what proposes members: R34
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
	left := s.Size // what the classes have not used up; without sums that overflow
	for i, n := range s.Classes {
		field := "class_" + string(rune('a'+i))
		switch {
		case n < 0 || n > poolMost:
			ps = append(ps, ErrRange.With(RiskClasses[i:i+1]+" 类户数", 0, poolMost).At(field))
		case n > left:
			ps = append(ps, ErrClasses.At(field))
		}
		left = max(0, left-max(0, n))
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
		case item.Outside != "": // R111
			ps = append(ps, ErrItemOutside.With(item.Name).At("items"))
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
	return Problems{ErrShare.With(PercentText(r.Highest(l.Pool)), item.Name, PercentText(item.MaxShare)).At("ratio")}
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
