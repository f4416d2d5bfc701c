package act

import (
	"context"

	"suicha/internal/inspect"
)

// ListItem puts an item on the list of the actor's department, or changes it:
// R19, R20, 海政办发〔2020〕2号 二(二). Seen 0 is a new one.
type ListItem struct {
	Item     inspect.ItemID   `json:"item"` // made by the asker
	Seen     int64            `json:"seen"`
	Code     string           `json:"code" label:"事项编号" hint:"例如 SCJG-012"`
	Name     string           `json:"name" label:"抽查事项名称"`
	Field    string           `json:"field" label:"抽查领域"`
	Category inspect.Category `json:"category" label:"事项类别"`
	MaxShare int64            `json:"max_share" label:"抽查比例上限" form:"percent" hint:"仅一般检查事项填写，单位是万分之一，例如 500 即 5%"`
	Basis    string           `json:"basis" label:"抽查依据"`
	Content  string           `json:"content" label:"抽查内容"`
	Method   inspect.Method   `json:"method" label:"抽查方式"`
}

// Verb is what the act is called.
func (ListItem) Verb() inspect.Verb { return inspect.ItemList }

func (c ListItem) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	old := inspect.Item{ID: c.Item, Org: t.by.Org.ID, Since: t.today()}
	if c.Seen > 0 {
		var err error
		if old, err = t.item(ctx, c.Item, c.Seen); err != nil {
			return err
		}
	} else if _, err := t.Item(ctx, c.Item); err == nil {
		return inspect.ErrTaken
	}
	old.Code, old.Name, old.Field, old.Category = c.Code, c.Name, c.Field, c.Category
	old.MaxShare, old.Basis, old.Content, old.Method = c.MaxShare, c.Basis, c.Content, c.Method
	item, err := old.Tidy()
	if err != nil {
		return err
	}
	if taken, err := t.ItemCodeTaken(ctx, item); err != nil || taken {
		return orTaken(err, inspect.ErrItemTaken.With(item.Code))
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
	t.saved("item", string(item.ID), item.Version, item)
	return nil
}

// RetireItem takes an item off the list from today on. It stays readable.
type RetireItem struct {
	Item inspect.ItemID `json:"item"`
	Seen int64          `json:"seen"`
}

// Verb is what the act is called.
func (RetireItem) Verb() inspect.Verb { return inspect.ItemRetire }

func (c RetireItem) do(ctx context.Context, t *tx) error {
	item, err := t.item(ctx, c.Item, c.Seen)
	if err != nil {
		return err
	}
	if !item.Retired.IsZero() {
		return inspect.ErrStep.With(c.Verb().Text())
	}
	item.Retired = t.today()
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
