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
	Field        string           `json:"field" label:"抽查领域"`
	Category     inspect.Category `json:"category" label:"事项类别"`
	CategoryText string           `json:"category_text" label:"事项类别（文字）"`
	MaxShare     int64            `json:"max_share" label:"抽查比例上限（万分之几）"`
	Basis        string           `json:"basis" label:"抽查依据"`
	Content      string           `json:"content" label:"抽查内容"`
	Method       inspect.Method   `json:"method" label:"抽查方式"`
	MethodText   string           `json:"method_text" label:"抽查方式（文字）"`
	Since        date             `json:"since" label:"列入日期"`
	Retired      date             `json:"retired,omitempty" label:"移出日期"`
	Listed       bool             `json:"listed" label:"现行"`
	Verbs        []inspect.Verb   `json:"verbs" label:"现在可以用本令牌办理的事项"`
}

func (s *server) items(c *call, q itemQuery) (items, error) {
	all, err := s.DB.Items(c.Context(), c.scope(), c.who().Org.Region)
	if q.Org != "" {
		all = slices.DeleteFunc(all, func(i inspect.Item) bool { return i.Org != q.Org })
	}
	today := workday.On(s.Now())
	return items{each(all, func(i inspect.Item) item {
		v := item{
			ID: i.ID, Version: i.Version, Org: i.Org, Code: i.Code, Name: i.Name, Field: i.Field, Category: i.Category,
			CategoryText: inspect.ChoiceText(inspect.Categories, string(i.Category)), MaxShare: i.MaxShare, Basis: i.Basis,
			Content: i.Content, Method: i.Method, MethodText: inspect.ChoiceText(inspect.Methods, string(i.Method)),
			Since: dateOf(i.Since), Retired: dateOf(i.Retired), Listed: i.Listed(today),
		}
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
