package api

import (
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// An itemQuery narrows the list of items.
type itemQuery struct {
	Org inspect.OrgID `query:"org" label:"抽查主体 id"`
}

// The items of a region: R20, R22.
type items struct {
	Items []item `json:"items" label:"抽查事项"`
}

// An item is one entry of a department's list.
type item struct {
	ID           inspect.ItemID   `json:"id" label:"事项 id"`
	Version      int64            `json:"version" label:"版本" hint:"办理时填入 seen"`
	Org          inspect.OrgID    `json:"org" label:"抽查主体 id"`
	Code         string           `json:"code" label:"事项编号"`
	Name         string           `json:"name" label:"抽查事项名称"`
	SubItem      string           `json:"sub_item,omitempty" label:"检查子项"`
	Field        string           `json:"field" label:"抽查领域"`
	Category     inspect.Category `json:"category" label:"事项类别"`
	CategoryText string           `json:"category_text" label:"事项类别（文字）"`
	MaxShare     int64            `json:"max_share" label:"抽查比例上限（万分之几）"`
	Basis        string           `json:"basis" label:"抽查依据"`
	Body         string           `json:"body,omitempty" label:"抽查主体说明"`
	Objects      string           `json:"objects,omitempty" label:"抽查对象范围"`
	Content      string           `json:"content" label:"抽查内容"`
	Methods      []inspect.Method `json:"methods" label:"抽查方式"`
	MethodText   string           `json:"method_text" label:"抽查方式（文字）"`
	Frequency    int64            `json:"frequency,omitempty" label:"每年最多抽查次数"`
	Required     string           `json:"qualifications,omitempty" label:"检查人员资质要求"`
	Materials    string           `json:"materials,omitempty" label:"检查材料清单"`
	Results      string           `json:"results,omitempty" label:"检查结果选项"`
	Division     string           `json:"division,omitempty" label:"责任科室"`
	Remark       string           `json:"remark,omitempty" label:"备注"`
	Outside      string           `json:"outside,omitempty" label:"不列入随机抽查的依据"`
	Reason       string           `json:"reason,omitempty" label:"本版本的变更理由"`
	Effective    date             `json:"effective,omitempty" label:"本版本施行日期"`
	Upstream     string           `json:"upstream,omitempty" label:"上级清单 id"`
	UpstreamCode string           `json:"upstream_code,omitempty" label:"上级清单事项编号"`
	Since        date             `json:"since" label:"列入日期"`
	Retired      date             `json:"retired,omitempty" label:"移出日期"`
	Listed       bool             `json:"listed" label:"现行"`
	Verbs        []inspect.Verb   `json:"verbs,omitempty" label:"现在可以用本令牌办理的事项"`
}

func itemIn(i inspect.Item, today workday.Date) item {
	return item{
		ID: i.ID, Version: i.Version, Org: i.Org, Code: i.Code, Name: i.Name, SubItem: i.SubItem, Field: i.Field, Category: i.Category,
		CategoryText: inspect.ChoiceText(inspect.Categories, string(i.Category)), MaxShare: i.MaxShare, Basis: i.Basis, Body: i.Body, Objects: i.Objects,
		Content: i.Content, Methods: listed(i.Methods), MethodText: i.Methods.Text(), Frequency: i.Frequency, Required: i.Qualifications,
		Materials: i.Materials, Results: i.Results, Division: i.Division, Remark: i.Remark, Outside: i.Outside, Reason: i.Reason,
		Effective: dateOf(i.Effective), Upstream: string(i.Upstream.List), UpstreamCode: i.Upstream.Code,
		Since: dateOf(i.Since), Retired: dateOf(i.Retired), Listed: i.Listed(today),
	}
}

func (s *server) items(c *call, q itemQuery) (items, error) {
	all, err := s.DB.Items(c.Context(), c.scope(), c.who().Org.Region)
	if q.Org != "" {
		all = slices.DeleteFunc(all, func(i inspect.Item) bool { return i.Org != q.Org })
	}
	today := workday.On(s.Now())
	return items{each(all, func(i inspect.Item) item {
		v := itemIn(i, today)
		verbs := []inspect.Verb{inspect.ItemList}
		if i.Retired.IsZero() {
			verbs = append(verbs, inspect.ItemRetire)
		}
		v.Verbs, _ = c.split(verbs, ownerOf(c, i.Org)...)
		return v
	})}, err
}

// ownerOf is the relation of the caller's organisation to a thing of org.
func ownerOf(c *call, org inspect.OrgID) []inspect.Relation {
	if c.who().Org.ID == org {
		return []inspect.Relation{inspect.Owner}
	}
	return nil
}

// The sublibraries of a region: R31.
type sublibraries struct {
	Sublibraries []sublibrary `json:"sublibraries" label:"分库"`
}

// A sublibrary is a part of a department's library of objects, as last counted.
type sublibrary struct {
	ID      inspect.SublibraryID `json:"id" label:"分库 id"`
	Version int64                `json:"version" label:"版本" hint:"办理时填入 seen"`
	Org     inspect.OrgID        `json:"org" label:"部门 id"`
	Name    string               `json:"name" label:"分库名称"`
	Size    int64                `json:"size" label:"户数"`
	ClassA  int64                `json:"class_a" label:"其中 A 类"`
	ClassB  int64                `json:"class_b" label:"其中 B 类"`
	ClassC  int64                `json:"class_c" label:"其中 C 类"`
	ClassD  int64                `json:"class_d" label:"其中 D 类"`
	Counted date                 `json:"counted" label:"统计日期"`
	Verbs   []inspect.Verb       `json:"verbs" label:"现在可以用本令牌办理的事项"`
}

func (s *server) sublibraries(c *call, q itemQuery) (sublibraries, error) {
	all, err := s.DB.Sublibraries(c.Context(), c.scope(), c.who().Org.Region)
	if q.Org != "" {
		all = slices.DeleteFunc(all, func(l inspect.Sublibrary) bool { return l.Org != q.Org })
	}
	return sublibraries{each(all, func(l inspect.Sublibrary) sublibrary {
		v := sublibrary{
			ID: l.ID, Version: l.Version, Org: l.Org, Name: l.Name, Size: l.Size, ClassA: l.Classes[0], ClassB: l.Classes[1],
			ClassC: l.Classes[2], ClassD: l.Classes[3], Counted: dateOf(l.Counted),
		}
		v.Verbs, _ = c.split([]inspect.Verb{inspect.SublibraryPut}, ownerOf(c, l.Org)...)
		return v
	})}, err
}

// A regionQuery says whose public lists are asked for.
type regionQuery struct {
	Region string        `query:"region" label:"行政区划代码" hint:"例如 370687" most:"6"`
	Org    inspect.OrgID `query:"org" label:"抽查主体 id"`
}

// publicItems lists the items of a region's departments as they are now: R22.
func (s *server) publicItems(c *call, q regionQuery) (items, error) {
	all, err := s.DB.Items(c.Context(), inspect.Scope{}, q.Region)
	if q.Org != "" {
		all = slices.DeleteFunc(all, func(i inspect.Item) bool { return i.Org != q.Org })
	}
	today := workday.On(s.Now())
	return items{each(all, func(i inspect.Item) item { return itemIn(i, today) })}, err
}

// publicItem returns every version of an item, the newest first: R23.
func (s *server) publicItem(c *call, _ none) (items, error) {
	all, err := s.DB.ItemVersions(c.Context(), inspect.Scope{}, inspect.ItemID(c.PathValue("id")))
	if err == nil && len(all) == 0 {
		err = inspect.ErrMissing
	}
	today := workday.On(s.Now())
	return items{each(all, func(i inspect.Item) item { return itemIn(i, today) })}, err
}

// A checklist is what inspectors check for an item.
type checklist struct {
	Item      inspect.ItemID `json:"item" label:"事项 id"`
	Version   int64          `json:"version" label:"版本" hint:"办理时填入 seen"`
	Effective date           `json:"effective" label:"施行日期"`
	Reason    string         `json:"reason" label:"变更理由"`
	Questions []question     `json:"questions" label:"检查内容"`
}

// A question is one line of a checklist.
type question struct {
	Name     string   `json:"name" label:"题目代号"`
	Type     string   `json:"type" label:"题型" hint:"yesno、one、many、number、text、photo 或 note"`
	Label    string   `json:"label" label:"检查内容"`
	Hint     string   `json:"hint,omitempty" label:"操作方法与要领"`
	Choices  []choice `json:"choices" label:"选项"`
	Default  string   `json:"default,omitempty" label:"默认答案"`
	Required bool     `json:"required" label:"必须回答"`
	If       string   `json:"if,omitempty" label:"显示条件：题目代号"`
	Is       []string `json:"is" label:"显示条件：答案"`
}

// A choice is one answer of a question.
type choice struct {
	Value string `json:"value" label:"选项代号"`
	Text  string `json:"text" label:"选项"`
}

// publicChecklist returns the checklist of an item in its newest version.
func (s *server) publicChecklist(c *call, _ none) (checklist, error) {
	l, err := s.DB.Checklist(c.Context(), inspect.Scope{}, inspect.ItemID(c.PathValue("id")))
	return checklist{
		Item: l.ID, Version: l.Version, Effective: dateOf(l.Effective), Reason: l.Reason,
		Questions: each(l.Questions, func(q inspect.Question) question {
			return question{
				Name: q.Name, Type: string(q.Type), Label: q.Label, Hint: q.Hint, Default: q.Default, Required: q.Required, If: q.If, Is: listed(q.Is),
				Choices: each(q.Options(), func(o inspect.Choice) choice { return choice{o.Value, o.Text} }),
			}
		}),
	}, err
}

// The jointLists are the editions of the joint list, the newest first: R21, R22.
type jointLists struct {
	Lists []jointList `json:"lists" label:"联合清单各版" hint:"新的在前"`
}

// A jointList is one edition of the joint list.
type jointList struct {
	ID          string      `json:"id" label:"联合清单 id"`
	Version     int64       `json:"version" label:"版本" hint:"办理时填入 seen"`
	Terms       int64       `json:"terms" label:"内容版本" hint:"会签时填入 terms"`
	Edition     int         `json:"edition" label:"第几次调整" hint:"0 为首次公布"`
	State       string      `json:"state" label:"状态" hint:"draft、published 或 replaced"`
	Reason      string      `json:"reason,omitempty" label:"调整理由"`
	PublishedAt instant     `json:"published_at,omitempty" label:"公布时间"`
	Places      string      `json:"places,omitempty" label:"公布的网站或者平台"`
	Lines       []jointLine `json:"lines" label:"联合抽查事项"`
}

// A jointLine is one thing that departments inspect together.
type jointLine struct {
	No      int           `json:"no" label:"序号"`
	Field   string        `json:"field" label:"抽查领域"`
	Name    string        `json:"name" label:"联合抽查事项名称"`
	Objects string        `json:"objects,omitempty" label:"抽查对象范围"`
	Lead    inspect.OrgID `json:"lead" label:"牵头部门 id"`
	Items   []itemPin     `json:"items" label:"各部门抽查事项"`
	Remark  string        `json:"remark,omitempty" label:"备注"`
}

// An itemPin is an item in the version that the departments agreed to.
type itemPin struct {
	Item    inspect.ItemID `json:"item" label:"事项 id"`
	Version int64          `json:"version" label:"版本"`
	Org     inspect.OrgID  `json:"org" label:"部门 id"`
}

func (s *server) publicJoint(c *call, q regionQuery) (jointLists, error) {
	return s.jointIn(c, inspect.Scope{}, q.Region)
}

func (s *server) jointLists(c *call, _ none) (jointLists, error) {
	return s.jointIn(c, c.scope(), c.who().Org.Region)
}

func (s *server) jointIn(c *call, scope inspect.Scope, region string) (jointLists, error) {
	all, err := s.DB.JointLists(c.Context(), scope, region)
	return jointLists{each(all, func(j inspect.JointList) jointList {
		return jointList{
			ID: string(j.ID), Version: j.Version, Terms: j.Terms, Edition: j.Edition, State: string(j.State), Reason: j.Reason,
			PublishedAt: instantOf(j.PublishedAt), Places: j.Places,
			Lines: each(j.Lines, func(l inspect.JointLine) jointLine {
				return jointLine{No: l.No, Field: l.Field, Name: l.Name, Objects: l.Objects, Lead: l.Lead, Remark: l.Remark,
					Items: each(l.Items, func(p inspect.ItemPin) itemPin { return itemPin{p.Item, p.Version, p.Org} })}
			}),
		}
	})}, err
}

// The upstreams are the superiors' lists: R19.
type upstreams struct {
	Lists []upstream `json:"lists" label:"上级清单"`
}

// An upstream is one superiors' list in its newest version.
type upstream struct {
	ID      string        `json:"id" label:"上级清单 id"`
	Version int64         `json:"version" label:"版本" hint:"办理时填入 seen"`
	Org     inspect.OrgID `json:"org" label:"登记部门 id"`
	Level   string        `json:"level" label:"层级" hint:"national、provincial 或 prefecture"`
	Name    string        `json:"name" label:"清单名称"`
	Issuer  string        `json:"issuer" label:"发布机关"`
	Number  string        `json:"number,omitempty" label:"文号"`
	Day     date          `json:"day" label:"发布日期"`
	Source  string        `json:"source,omitempty" label:"来源网址"`
	Codes   []string      `json:"codes" label:"事项编号"`
}

func (s *server) upstreams(c *call, _ none) (upstreams, error) {
	all, err := s.DB.Upstreams(c.Context(), c.scope(), c.who().Org.Region)
	return upstreams{each(all, func(u inspect.Upstream) upstream {
		return upstream{ID: string(u.ID), Version: u.Version, Org: u.Org, Level: string(u.Level), Name: u.Name, Issuer: u.Issuer, Number: u.Number,
			Day: dateOf(u.Day), Source: u.Source, Codes: each(u.Items, func(t inspect.ItemTerms) string { return t.Code })}
	})}, err
}
