package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// ListItem puts an item on the list of the actor's department, or changes it:
// R19, R20, R23, 海政办发〔2020〕2号 二(二). Seen 0 is a new one.
type ListItem struct {
	Item           inspect.ItemID   `json:"item"` // made by the asker
	Seen           int64            `json:"seen"`
	Code           string           `json:"code" label:"事项编号" hint:"例如 SCJG-012"`
	Name           string           `json:"name" label:"抽查事项名称"`
	SubItem        string           `json:"sub_item" label:"检查子项"`
	Field          string           `json:"field" label:"抽查领域"`
	Category       inspect.Category `json:"category" label:"事项类别"`
	MaxShare       int64            `json:"max_share" label:"抽查比例上限" form:"percent" hint:"仅一般检查事项填写，单位是万分之一，例如 500 即 5%"`
	Frequency      int64            `json:"frequency" label:"每年最多抽查次数"`
	Basis          string           `json:"basis" label:"抽查依据"`
	Body           string           `json:"body" label:"抽查主体说明" hint:"抽查主体就是本单位的，不必填写"`
	Objects        string           `json:"objects" label:"抽查对象范围"`
	Content        string           `json:"content" label:"抽查内容"`
	Methods        []inspect.Method `json:"methods" label:"抽查方式"`
	Qualifications string           `json:"qualifications" label:"检查人员资质要求" hint:"每行一项，例如 特种设备安全监察员"`
	Materials      string           `json:"materials" label:"检查材料清单" hint:"每行一项"`
	Results        string           `json:"results" label:"检查结果选项" hint:"每行一项"`
	Division       string           `json:"division" label:"责任科室"`
	Remark         string           `json:"remark" label:"备注"`
	Outside        string           `json:"outside" label:"不列入随机抽查的依据" hint:"特殊重点领域等按照现有方式监管的，写明依据；填写后不参加抽取"`
	Reason         string           `json:"reason" label:"变更理由"`
	Effective      workday.Date     `json:"effective" label:"施行日期" hint:"不填即今天"`
}

// NewListItem is the command that would leave the item as it is.
func NewListItem(i inspect.Item) ListItem {
	return ListItem{
		Item: i.ID, Seen: i.Version, Code: i.Code, Name: i.Name, SubItem: i.SubItem, Field: i.Field, Category: i.Category, MaxShare: i.MaxShare,
		Frequency: i.Frequency, Basis: i.Basis, Body: i.Body, Objects: i.Objects, Content: i.Content, Methods: i.Methods,
		Qualifications: i.Qualifications, Materials: i.Materials, Results: i.Results, Division: i.Division, Remark: i.Remark, Outside: i.Outside,
	}
}

func (c ListItem) terms() inspect.ItemTerms {
	return inspect.ItemTerms{
		Code: c.Code, Name: c.Name, SubItem: c.SubItem, Field: c.Field, Category: c.Category, MaxShare: c.MaxShare, Frequency: c.Frequency,
		Basis: c.Basis, Body: c.Body, Objects: c.Objects, Content: c.Content, Methods: c.Methods, Qualifications: c.Qualifications,
		Materials: c.Materials, Results: c.Results, Division: c.Division, Remark: c.Remark,
	}
}

// Verb is what the act is called.
func (ListItem) Verb() inspect.Verb { return inspect.ItemList }

func (c ListItem) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	was := inspect.Item{ID: c.Item, Org: t.by.Org.ID}
	if c.Seen > 0 {
		var err error
		if was, err = t.item(ctx, c.Item, c.Seen); err != nil {
			return err
		}
	} else if _, err := t.Item(ctx, c.Item); err == nil {
		return inspect.ErrTaken
	}
	item := was
	item.ItemTerms, item.Outside = c.terms(), c.Outside
	item, err := item.Amend(c.Reason, c.Effective, t.by.Person, t.now)
	tidy, fault := item.Tidy()
	if err := inspect.Together(err, fault); err != nil {
		return err
	}
	if was.Version > 0 && len(inspect.DiffItem(was, tidy)) == 0 && tidy.Effective == was.Effective {
		return inspect.ErrNoChange
	}
	if tidy.Category != inspect.KeyItem {
		tidy.KeyGround = ""
	}
	return t.listItem(ctx, was, tidy)
}

// listItem writes an item that is whole, if its code is free and the limits allow
// it.
func (t *tx) listItem(ctx context.Context, was, item inspect.Item) error {
	if taken, err := t.ItemCodeTaken(ctx, item); err != nil || taken {
		return orTaken(err, inspect.ErrItemTaken.With(item.Code))
	}
	limits, err := t.ItemLimits(ctx, t.by.Org.Region)
	if err != nil {
		return err
	}
	if limit, ok := inspect.LimitOf(limits, item.Org); ok { // R25, R26
		items, err := t.Items(ctx, t.by.Org.Region)
		if err != nil {
			return err
		}
		if err := limit.Within(item, was, inspect.KeyItems(items, item.Org, t.today(), item.ID)); err != nil {
			return err
		}
	}
	return t.saveItem(ctx, item)
}

// orTaken is err if there is one, else the problem.
func orTaken(err error, taken inspect.Problem) error {
	if err != nil {
		return err
	}
	return taken
}

// item loads an item of the actor's own list as it was seen.
func (t *tx) item(ctx context.Context, id inspect.ItemID, seen int64) (inspect.Item, error) {
	item, err := t.Item(ctx, id)
	return item, asSeen(err, item.Org == t.by.Org.ID, item.Version, seen)
}

// asSeen is what stands between an act and a thing that it has loaded: nothing,
// if the thing is the actor's to act on and in the version the actor saw. A
// stranger's thing does not exist.
func asSeen(err error, mine bool, version, seen int64) error {
	switch {
	case err != nil:
		return err
	case !mine:
		return inspect.ErrMissing
	case version != seen:
		return inspect.ErrStale
	}
	return nil
}

func (t *tx) saveItem(ctx context.Context, item inspect.Item) error {
	save := t.PutItem
	if item.Version == 0 {
		save = t.AddItem
	}
	if err := save(ctx, item); err != nil {
		return err
	}
	item.Version++
	return t.savedVersion(ctx, "item", string(item.ID), item.Version, item)
}

// savedVersion notes what the act saved, and keeps it among the versions of the
// thing: R23.
func (t *tx) savedVersion(ctx context.Context, kind, id string, version int64, value any) error {
	t.saved(kind, id, version, value)
	return t.Keep(ctx, kind, id, version, value)
}

// RetireItem takes an item off the list from today on. It stays readable: R23.
type RetireItem struct {
	Item   inspect.ItemID `json:"item"`
	Seen   int64          `json:"seen"`
	Reason string         `json:"reason" label:"移出理由"`
}

// Verb is what the act is called.
func (RetireItem) Verb() inspect.Verb { return inspect.ItemRetire }

func (c RetireItem) do(ctx context.Context, t *tx) error {
	item, err := t.item(ctx, c.Item, c.Seen)
	if err != nil {
		return err
	}
	if item, err = item.Retire(c.Reason, t.by.Person, t.now); err != nil {
		return err
	}
	return t.saveItem(ctx, item)
}

// PutSublibrary registers a sub-library of the actor's department, or its newest
// count: R31. Seen 0 is a new one.
type PutSublibrary struct {
	ID     inspect.SublibraryID `json:"id"` // made by the asker
	Seen   int64                `json:"seen"`
	Name   string               `json:"name" label:"分库名称"`
	Size   int64                `json:"size" label:"户数"`
	ClassA int64                `json:"class_a" label:"其中 A 类"`
	ClassB int64                `json:"class_b" label:"其中 B 类"`
	ClassC int64                `json:"class_c" label:"其中 C 类"`
	ClassD int64                `json:"class_d" label:"其中 D 类"`
}

// Verb is what the act is called.
func (PutSublibrary) Verb() inspect.Verb { return inspect.SublibraryPut }

func (c PutSublibrary) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	lib, err := t.Sublibrary(ctx, c.ID)
	if c.Seen == 0 && err == nil {
		return inspect.ErrTaken
	}
	if c.Seen != 0 {
		if err := asSeen(err, lib.Org == t.by.Org.ID, lib.Version, c.Seen); err != nil {
			return err
		}
	}
	lib.ID, lib.Org, lib.Counted = c.ID, t.by.Org.ID, t.today()
	lib.Name, lib.Size, lib.Classes = c.Name, c.Size, [4]int64{c.ClassA, c.ClassB, c.ClassC, c.ClassD}
	if lib, err = lib.Tidy(); err != nil {
		return err
	}
	return t.saveSublibrary(ctx, lib)
}

func (t *tx) saveSublibrary(ctx context.Context, lib inspect.Sublibrary) error {
	save := t.PutSublibrary
	if lib.Version == 0 {
		save = t.AddSublibrary
	}
	if err := save(ctx, lib); err != nil {
		return err
	}
	lib.Version++
	t.saved("sublibrary", string(lib.ID), lib.Version, lib)
	return nil
}
