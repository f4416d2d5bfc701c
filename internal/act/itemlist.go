package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// PutUpstream registers a list of the department's superiors, or its next version:
// R19, 海政办发〔2020〕2号 二(二). Seen 0 is a new list.
type PutUpstream struct {
	List   inspect.UpstreamID `json:"list"` // made by the asker
	Seen   int64              `json:"seen"`
	Level  inspect.Level      `json:"level" label:"层级"`
	Name   string             `json:"name" label:"清单名称"`
	Issuer string             `json:"issuer" label:"发布机关"`
	Number string             `json:"number" label:"文号"`
	Day    workday.Date       `json:"day" label:"发布日期"`
	Source string             `json:"source" label:"来源网址"`
	Rows   []string           `json:"rows" label:"清单事项" hint:"每项是一个 JSON 对象，字段与列入抽查事项相同"`
}

// Verb is what the act is called.
func (PutUpstream) Verb() inspect.Verb { return inspect.UpstreamPut }

func (c PutUpstream) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	list := inspect.Upstream{ID: c.List, Org: t.by.Org.ID, Region: t.by.Org.Region}
	old, err := t.Upstream(ctx, c.List)
	switch {
	case c.Seen != 0:
		if err := asSeen(err, old.Org == t.by.Org.ID, old.Version, c.Seen); err != nil {
			return err
		}
		list = old
	case err == nil:
		return inspect.ErrTaken
	}
	list.Level, list.Name, list.Issuer, list.Number, list.Day, list.Source = c.Level, c.Name, c.Issuer, c.Number, c.Day, c.Source
	list.By, list.At, list.Items = t.by.Person, t.now, nil
	for n, row := range c.Rows {
		terms, err := inspect.ParseTerms(row)
		if err != nil {
			return inspect.ErrUpstreamRow.With(n+1, err.Error())
		}
		list.Items = append(list.Items, terms)
	}
	if list, err = list.Tidy(t.today()); err != nil {
		return err
	}
	if taken, err := t.UpstreamNameTaken(ctx, list); err != nil || taken {
		return orTaken(err, inspect.ErrUpstreamTaken.With(list.Name))
	}
	if err := t.PutUpstream(ctx, list); err != nil {
		return err
	}
	list.Version++
	return t.savedVersion(ctx, "upstream_list", string(list.ID), list.Version, list)
}

// AdoptItems takes items of an upstream list over: new ones are listed, those that
// came from there before are brought up to date: R19. Ids are made by the asker, at
// least one for each code; those that are not needed are not used.
type AdoptItems struct {
	List   inspect.UpstreamID `json:"list"`
	Seen   int64              `json:"seen"` // the version of the upstream list
	Codes  []string           `json:"codes" label:"采用的事项"`
	IDs    []inspect.ItemID   `json:"ids"`
	Reason string             `json:"reason" label:"变更理由"`
}

// Verb is what the act is called.
func (AdoptItems) Verb() inspect.Verb { return inspect.ItemAdopt }

func (c AdoptItems) do(ctx context.Context, t *tx) error {
	list, err := t.upstream(ctx, c.List, c.Seen)
	if err != nil {
		return err
	}
	if len(c.Codes) == 0 {
		return inspect.ErrEmpty.With("采用的事项").At("codes")
	}
	if len(c.IDs) < len(c.Codes) {
		return inspect.ErrIdent.At("ids")
	}
	for n, code := range c.Codes {
		terms, ok := list.Item(code)
		if !ok {
			return inspect.ErrUpstreamNone.With(code)
		}
		if err := t.adopt(ctx, list, terms, c.IDs[n], c.Reason); err != nil {
			return err
		}
	}
	return nil
}

// upstream loads an upstream list of the actor's department as it was seen.
func (t *tx) upstream(ctx context.Context, id inspect.UpstreamID, seen int64) (inspect.Upstream, error) {
	list, err := t.Upstream(ctx, id)
	return list, asSeen(err, list.Org == t.by.Org.ID, list.Version, seen)
}

// adopt takes one item over. Whichever item came from it before is changed; a
// removed one is not brought back.
func (t *tx) adopt(ctx context.Context, list inspect.Upstream, terms inspect.ItemTerms, id inspect.ItemID, reason string) error {
	items, err := t.Items(ctx, t.by.Org.Region)
	if err != nil {
		return err
	}
	was := inspect.Item{ID: id, Org: t.by.Org.ID}
	for _, i := range items {
		switch {
		case i.Org != t.by.Org.ID || !i.Retired.IsZero():
		case i.Upstream.List == list.ID && i.Upstream.Code == terms.Code:
			was = i
		case i.Code == terms.Code && was.Version == 0:
			return inspect.ErrAdoptTwice.With(terms.Code)
		}
	}
	if _, err := t.Item(ctx, id); err == nil && was.Version == 0 {
		return inspect.ErrTaken
	}
	if was.Version == 0 && reason == "" {
		reason = "采用" + list.Title()
	}
	item, err := was.Adopt(list, terms).Amend(reason, workday.Date{}, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if item, err = item.Tidy(); err != nil {
		return err
	}
	return t.listItem(ctx, was, item)
}

// KeepItem leaves an item as it is though its upstream list changed, with the
// reason: R19.
type KeepItem struct {
	Item   inspect.ItemID `json:"item"`
	Seen   int64          `json:"seen"`
	Reason string         `json:"reason" label:"不采用的理由"`
}

// Verb is what the act is called.
func (KeepItem) Verb() inspect.Verb { return inspect.ItemKeep }

func (c KeepItem) do(ctx context.Context, t *tx) error {
	item, err := t.item(ctx, c.Item, c.Seen)
	if err != nil {
		return err
	}
	list, err := t.Upstream(ctx, item.Upstream.List)
	if errors.Is(err, inspect.ErrMissing) {
		return inspect.ErrNotDerived
	}
	if err != nil {
		return err
	}
	if item, err = item.Keep(list, c.Reason); err != nil {
		return err
	}
	effective := t.today()
	if effective.Before(item.Effective) {
		effective = item.Effective
	}
	if item, err = item.Amend("未采用上级清单变更："+item.Upstream.Kept, effective, t.by.Person, t.now); err != nil {
		return err
	}
	return t.saveItem(ctx, item)
}

// PutItemLimit sets how many key items a department may list, and how large a
// share general ones may take; without a department, for all that have no limit of
// their own: R25, R26.
type PutItemLimit struct {
	Org      inspect.OrgID `json:"org" label:"部门" hint:"不选即适用于没有单独上限的各部门"`
	Seen     int64         `json:"seen"`
	Keys     int64         `json:"keys" label:"重点检查事项数量上限"`
	MaxShare int64         `json:"max_share" label:"一般检查事项抽查比例上限" form:"percent" hint:"单位是万分之一，例如 500 即 5%"`
	Ground   string        `json:"ground" label:"依据"`
}

// Verb is what the act is called.
func (PutItemLimit) Verb() inspect.Verb { return inspect.ItemLimitPut }

func (c PutItemLimit) do(ctx context.Context, t *tx) error {
	if t.by.Org.Kind != inspect.OrgOffice {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	limit := inspect.ItemLimit{ID: string(t.by.Org.ID), Region: t.by.Org.Region}
	if c.Org != "" {
		org, err := t.Org(ctx, c.Org)
		if err != nil || org.Region != t.by.Org.Region || !org.Inspects() {
			return inspect.ErrChoice.With("部门").At("org")
		}
		limit.ID, limit.Org = string(org.ID), org.ID
	}
	limits, err := t.ItemLimits(ctx, t.by.Org.Region)
	if err != nil {
		return err
	}
	for _, l := range limits {
		if l.ID == limit.ID {
			limit.Version = l.Version
		}
	}
	if limit.Version != c.Seen {
		return inspect.ErrStale
	}
	limit.Keys, limit.MaxShare, limit.Ground, limit.By, limit.At = c.Keys, c.MaxShare, c.Ground, t.by.Person, t.now
	if limit, err = limit.Tidy(); err != nil {
		return err
	}
	if err := t.PutItemLimit(ctx, limit); err != nil {
		return err
	}
	limit.Version++
	return t.savedVersion(ctx, "item_limit", limit.ID, limit.Version, limit)
}

// ApproveKey makes a general item a key item beyond the limit, on the leader's
// word: R25, 海政办发〔2020〕2号 二(二) "严格控制重点检查事项的数量".
type ApproveKey struct {
	Item   inspect.ItemID `json:"item"`
	Seen   int64          `json:"seen"`
	Ground string         `json:"ground" label:"增设重点事项的依据"`
}

// Verb is what the act is called.
func (ApproveKey) Verb() inspect.Verb { return inspect.ItemApproveKey }

func (c ApproveKey) do(ctx context.Context, t *tx) error {
	item, err := t.item(ctx, c.Item, c.Seen)
	if err != nil {
		return err
	}
	if item, err = item.ApproveKey(c.Ground, t.by.Person, t.now); err != nil {
		return err
	}
	return t.saveItem(ctx, item)
}

// PutChecklist makes the whole checklist of an item, or its next version: what an
// import of an XLSForm does. Seen 0 is a new one.
type PutChecklist struct {
	Item      inspect.ItemID `json:"item"`
	Seen      int64          `json:"seen"`
	Questions []string       `json:"questions" label:"检查内容" hint:"每题是一个 JSON 对象"`
	Reason    string         `json:"reason" label:"变更理由"`
}

// Verb is what the act is called.
func (PutChecklist) Verb() inspect.Verb { return inspect.ChecklistPut }

func (c PutChecklist) do(ctx context.Context, t *tx) error {
	return t.changeChecklist(ctx, c.Item, c.Seen, c.Reason, func(inspect.Checklist) ([]inspect.Question, error) {
		questions := make([]inspect.Question, len(c.Questions))
		for n, text := range c.Questions {
			var err error
			if questions[n], err = inspect.ParseQuestion(text); err != nil {
				return nil, inspect.ErrQuestionRow.With(n+1, err.Error())
			}
		}
		return questions, nil
	})
}

// changeChecklist makes the next version of a checklist of the actor's department.
func (t *tx) changeChecklist(ctx context.Context, id inspect.ItemID, seen int64, reason string, change func(inspect.Checklist) ([]inspect.Question, error)) error {
	item, err := t.Item(ctx, id)
	switch {
	case err != nil:
		return err
	case item.Org != t.by.Org.ID:
		return inspect.ErrMissing
	case !item.Retired.IsZero():
		return inspect.ErrItemGone
	}
	list, err := t.Checklist(ctx, id)
	switch {
	case errors.Is(err, inspect.ErrMissing):
		list.ID = id
	case err != nil:
		return err
	}
	if list.Version != seen {
		return inspect.ErrStale
	}
	questions, err := change(list)
	if err != nil {
		return err
	}
	if list, err = list.Amend(questions, reason, t.by.Person, t.now); err != nil {
		return err
	}
	if err := t.PutChecklist(ctx, list); err != nil {
		return err
	}
	list.Version++
	return t.savedVersion(ctx, "checklist", string(list.ID), list.Version, list)
}

// PutQuestion adds a question to the checklist of an item, or changes the one in
// place No. No 0 is a new one, at the end.
type PutQuestion struct {
	Item inspect.ItemID `json:"item"`
	Seen int64          `json:"seen"`
	No   int            `json:"no"`
	inspect.QuestionRow
	Reason string `json:"reason" label:"变更理由"`
}

// Verb is what the act is called.
func (PutQuestion) Verb() inspect.Verb { return inspect.ChecklistQuestion }

func (c PutQuestion) do(ctx context.Context, t *tx) error {
	return t.changeChecklist(ctx, c.Item, c.Seen, c.Reason, func(l inspect.Checklist) ([]inspect.Question, error) {
		return l.Put(c.No, c.Question())
	})
}

// DropQuestion takes a question off the checklist of an item.
type DropQuestion struct {
	Item   inspect.ItemID `json:"item"`
	Seen   int64          `json:"seen"`
	No     int            `json:"no"`
	Reason string         `json:"reason" label:"变更理由"`
}

// Verb is what the act is called.
func (DropQuestion) Verb() inspect.Verb { return inspect.ChecklistDrop }

func (c DropQuestion) do(ctx context.Context, t *tx) error {
	return t.changeChecklist(ctx, c.Item, c.Seen, c.Reason, func(l inspect.Checklist) ([]inspect.Question, error) { return l.Drop(c.No) })
}
