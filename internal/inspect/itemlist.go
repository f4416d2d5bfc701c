package inspect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"suicha/internal/workday"
)

// UpstreamID names an upstream list, through all its versions.
type UpstreamID string

// A Level (层级) is whose list an upstream list is.
type Level string

// Levels lists the levels above a county, the highest first: R19.
var Levels = []Choice{{"national", "国家"}, {"provincial", "省级"}, {"prefecture", "市级"}}

// An Upstream (上级随机抽查事项清单) is the list of a department's superiors, from
// which its own list derives: R19, 海政办发〔2020〕2号 二(二) "在本系统上级部门随机抽查
// 事项清单的基础上". Each edition that the superiors issue is a version; older ones
// stay readable.
type Upstream struct {
	ID      UpstreamID
	Version int64
	Region  string
	Org     OrgID // the department that keeps it
	Level   Level
	Name    string
	Issuer  string // 发布机关
	Number  string // 文号
	Day     workday.Date
	Source  string // address where it was published; empty if on paper only
	Items   []ItemTerms
	By      PersonID
	At      time.Time
}

// upstreamMost is how many items a list can have. The longest real ones, whole
// provinces over all departments, have about a thousand.
const upstreamMost = 2000

// Tidy brings a list into its one form, or says what is wrong with it.
func (u Upstream) Tidy(today workday.Date) (Upstream, error) {
	var ps Problems
	if !ValidID(u.ID) {
		ps = append(ps, ErrIdent.At("list"))
	}
	chosen(&ps, Levels, "level", "层级", string(u.Level))
	u.Name = Line(&ps, "name", "清单名称", u.Name, 100)
	u.Issuer = Line(&ps, "issuer", "发布机关", u.Issuer, 60)
	u.Number = short(&ps, "number", "文号", u.Number, 60)
	u.Source = short(&ps, "source", "来源网址", u.Source, 300)
	if u.Source != "" && !strings.HasPrefix(u.Source, "https://") && !strings.HasPrefix(u.Source, "http://") {
		ps = append(ps, ErrUpstreamLink)
	}
	switch {
	case u.Day.IsZero():
		ps = append(ps, ErrEmpty.With("发布日期").At("day"))
	case u.Day.After(today):
		ps = append(ps, ErrFuture.With("发布日期").At("day"))
	}
	var faults Problems
	u.Items, faults = tidyUpstream(u.Items)
	return u, append(ps, faults...).Err()
}

func tidyUpstream(items []ItemTerms) ([]ItemTerms, Problems) {
	var ps Problems
	switch {
	case len(items) == 0:
		return nil, Problems{ErrEmpty.With("清单事项").At("rows")}
	case len(items) > upstreamMost:
		return nil, Problems{ErrNotFinite.With(upstreamMost).At("rows")}
	}
	tidy, at := make([]ItemTerms, len(items)), map[string]int{}
	for i, item := range items {
		var err error
		tidy[i], err = item.Tidy()
		for _, p := range faultsOf(err) {
			ps = append(ps, ErrUpstreamRow.With(i+1, p.Error()))
		}
		if first, twice := at[item.Code]; twice {
			ps = append(ps, ErrUpstreamSame.With(i+1, first+1, item.Code))
		} else {
			at[item.Code] = i
		}
	}
	return tidy, ps
}

// Item returns the item of a code.
func (u Upstream) Item(code string) (ItemTerms, bool) {
	i := slices.IndexFunc(u.Items, func(t ItemTerms) bool { return t.Code == code })
	if i < 0 {
		return ItemTerms{}, false
	}
	return u.Items[i], true
}

// An ItemChange is what one item of a newer list has that the older has not.
type ItemChange struct {
	Kind       string // 增, 删 or 改
	Code, Name string
	Fields     []FieldChange
}

// DiffTerms lists what changed from one list to the next, in the order of the
// newer one: R19.
func DiffTerms(before, after []ItemTerms) []ItemChange {
	old, left := map[string]ItemTerms{}, map[string]bool{}
	for _, t := range before {
		old[t.Code], left[t.Code] = t, true
	}
	var changes []ItemChange
	for _, t := range after {
		was, ok := old[t.Code]
		delete(left, t.Code)
		c := ItemChange{Kind: "改", Code: t.Code, Name: t.Name, Fields: changed(was.Describe(), t.Describe())}
		if !ok {
			c.Kind, c.Fields = "增", t.Describe()
		}
		if len(c.Fields) > 0 {
			changes = append(changes, c)
		}
	}
	for _, t := range before {
		if left[t.Code] {
			changes = append(changes, ItemChange{Kind: "删", Code: t.Code, Name: t.Name})
		}
	}
	return changes
}

// local are the fields in which a department's list speaks of itself.
var local = []string{"事项编号", "抽查主体", "责任科室", "备注"}

// Deviates lists the fields in which a department's item is not what the upstream
// list says: additions and changes of its own, R19.
func (i Item) Deviates(upstream ItemTerms) []FieldChange {
	return slices.DeleteFunc(changed(upstream.Describe(), i.ItemTerms.Describe()), func(f FieldChange) bool {
		return slices.Contains(local, f.Label)
	})
}

// An Affected is a department's item whose upstream item was changed or removed
// since the item was last compared.
type Affected struct {
	Item   Item
	Change ItemChange
}

// AffectedBy lists the items that a new version of an upstream list touches. Older
// returns the items of an earlier version of the list.
func AffectedBy(u Upstream, items []Item, older func(version int64) []ItemTerms) []Affected {
	var all []Affected
	for _, i := range items {
		if i.Upstream.List != u.ID || !i.Retired.IsZero() || i.Upstream.Version >= u.Version {
			continue
		}
		of := func(t ItemTerms) bool { return t.Code != i.Upstream.Code }
		changes := DiffTerms(slices.DeleteFunc(slices.Clone(older(i.Upstream.Version)), of), slices.DeleteFunc(slices.Clone(u.Items), of))
		if len(changes) > 0 {
			all = append(all, Affected{i, changes[0]})
		}
	}
	return all
}

// Adopt makes the item say what the upstream item says, and keeps what is the
// department's own: code, body, division and remark.
func (i Item) Adopt(u Upstream, terms ItemTerms) Item {
	was := i.ItemTerms
	i.ItemTerms = terms
	if i.Version > 0 {
		i.Code, i.Body, i.Division, i.Remark = was.Code, was.Body, was.Division, was.Remark
	}
	i.Upstream = Origin{List: u.ID, Version: u.Version, Code: terms.Code}
	return i
}

// Keep leaves the item as it is though the upstream list changed, with a reason.
func (i Item) Keep(u Upstream, reason string) (Item, error) {
	if i.Upstream.List != u.ID || i.Upstream.Version >= u.Version {
		return i, ErrNotDerived
	}
	var ps Problems
	reason = Paragraph(&ps, "reason", "不采用的理由", reason, 500)
	i.Upstream.Version, i.Upstream.Kept = u.Version, reason
	return i, ps.Err()
}

// An ItemLimit (重点事项上限) holds down how many key items a department lists, and
// how large a share general items may take: R25, R26, 海政办发〔2020〕2号 二(二)
// "严格控制重点检查事项的数量和一般检查事项的抽查比例".
type ItemLimit struct {
	ID       string // of the department, or of the office where the limit is for all
	Version  int64
	Region   string
	Org      OrgID // empty: all departments without a limit of their own
	Keys     int64
	MaxShare int64
	Ground   string
	By       PersonID
	At       time.Time
}

const keysMost = 1000

// Tidy says what is wrong with a limit.
func (l ItemLimit) Tidy() (ItemLimit, error) {
	var ps Problems
	if l.Keys < 1 || l.Keys > keysMost {
		ps = append(ps, ErrRange.With("重点检查事项数量上限", 1, keysMost).At("keys"))
	}
	if l.MaxShare < 1 || l.MaxShare > 10000 {
		ps = append(ps, ErrShareLimit.At("max_share"))
	}
	l.Ground = Paragraph(&ps, "ground", "依据", l.Ground, 500)
	return l, ps.Err()
}

// LimitOf returns the limit of a department: its own, or that for all. Without
// one nothing is held down.
func LimitOf(limits []ItemLimit, org OrgID) (ItemLimit, bool) {
	for _, id := range []OrgID{org, ""} {
		if i := slices.IndexFunc(limits, func(l ItemLimit) bool { return l.Org == id }); i >= 0 {
			return limits[i], true
		}
	}
	return ItemLimit{}, false
}

// KeyItems counts the key items on a department's list on day, one left out. Items
// that a leader let in beyond the limit count, too.
func KeyItems(items []Item, org OrgID, day workday.Date, but ItemID) int64 {
	n := int64(0)
	for _, i := range items {
		if i.Org == org && i.ID != but && i.Category == KeyItem && (i.Retired.IsZero() || day.Before(i.Retired)) {
			n++
		}
	}
	return n
}

// Within refuses an item that its department may not list as it is: R25, R26. Was
// is the item before the change; one that was a key item may stay one.
func (l ItemLimit) Within(item, was Item, keys int64) error {
	switch {
	case item.Category == GeneralItem && item.MaxShare > l.MaxShare && (was.Category != GeneralItem || item.MaxShare > was.MaxShare):
		return ErrShareMost.With(PercentText(l.MaxShare))
	case item.Category == KeyItem && was.Category != KeyItem && keys >= l.Keys:
		return ErrKeyLimit.With(keys, l.Keys)
	}
	return nil
}

// ApproveKey makes a general item a key item, beyond the limit, with the ground
// on which the leader says so: R25. Whoever wrote the item does not approve it.
func (i Item) ApproveKey(ground string, by PersonID, now time.Time) (Item, error) {
	switch {
	case !i.Retired.IsZero():
		return i, ErrItemGone
	case i.Category == KeyItem:
		return i, ErrKeyAlready
	case i.By == by:
		return i, ErrOwnWork
	}
	var ps Problems
	i.KeyGround = Paragraph(&ps, "ground", "增设重点事项的依据", ground, 500)
	i.Category, i.MaxShare = KeyItem, 10000
	if err := ps.Err(); err != nil {
		return i, err
	}
	effective := workday.On(now)
	if effective.Before(i.Effective) {
		effective = i.Effective
	}
	return i.Amend("批准为重点检查事项", effective, by, now)
}

// ParseTerms reads an item as programs send it: one JSON object with the names of
// the fields of the act item.list.
func ParseTerms(text string) (ItemTerms, error) {
	var row struct {
		Code           string   `json:"code"`
		Name           string   `json:"name"`
		SubItem        string   `json:"sub_item"`
		Field          string   `json:"field"`
		Category       Category `json:"category"`
		MaxShare       int64    `json:"max_share"`
		Frequency      int64    `json:"frequency"`
		Basis          string   `json:"basis"`
		Body           string   `json:"body"`
		Objects        string   `json:"objects"`
		Content        string   `json:"content"`
		Methods        []Method `json:"methods"`
		Qualifications string   `json:"qualifications"`
		Materials      string   `json:"materials"`
		Results        string   `json:"results"`
		Division       string   `json:"division"`
		Remark         string   `json:"remark"`
	}
	if err := strict(text, &row); err != nil {
		return ItemTerms{}, err
	}
	return ItemTerms{
		Code: row.Code, Name: row.Name, SubItem: row.SubItem, Field: row.Field, Category: row.Category, MaxShare: row.MaxShare,
		Frequency: row.Frequency, Basis: row.Basis, Body: row.Body, Objects: row.Objects, Content: row.Content, Methods: row.Methods,
		Qualifications: row.Qualifications, Materials: row.Materials, Results: row.Results, Division: row.Division, Remark: row.Remark,
	}, nil
}

// strict reads one JSON object into a struct, and refuses what the struct does
// not have.
func strict(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || !utf8.ValidString(text) || d.More() {
		return ErrForm
	}
	return nil
}

// Title is what people call the list.
func (u Upstream) Title() string {
	return fmt.Sprintf("%s（第 %d 版）", u.Name, u.Version)
}

// Together joins the problems of several checks, so that a form shows all at once.
// An error that is no problem goes before them.
func Together(errs ...error) error {
	var ps Problems
	for _, err := range errs {
		switch err := err.(type) {
		case nil:
		case Problem:
			ps = append(ps, err)
		case Problems:
			ps = append(ps, err...)
		default:
			return err
		}
	}
	return ps.Err()
}

// faultsOf are the problems in err; none if it is nil.
func faultsOf(err error) Problems {
	if err == nil {
		return nil
	}
	return problemsOf(err)
}
