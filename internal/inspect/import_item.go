package inspect

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"suicha/internal/workday"
)

// itemColumns copies the field of each column of a list of items: R20.
var itemColumns = map[string]func(to, from *ItemTerms){
	"code": func(to, from *ItemTerms) { to.Code = from.Code }, "name": func(to, from *ItemTerms) { to.Name = from.Name },
	"sub_item": func(to, from *ItemTerms) { to.SubItem = from.SubItem }, "field": func(to, from *ItemTerms) { to.Field = from.Field },
	"category": func(to, from *ItemTerms) { to.Category = from.Category }, "max_share": func(to, from *ItemTerms) { to.MaxShare = from.MaxShare },
	"frequency": func(to, from *ItemTerms) { to.Frequency = from.Frequency }, "basis": func(to, from *ItemTerms) { to.Basis = from.Basis },
	"body": func(to, from *ItemTerms) { to.Body = from.Body }, "objects": func(to, from *ItemTerms) { to.Objects = from.Objects },
	"content": func(to, from *ItemTerms) { to.Content = from.Content }, "methods": func(to, from *ItemTerms) { to.Methods = from.Methods },
	"qualifications": func(to, from *ItemTerms) { to.Qualifications = from.Qualifications },
	"materials":      func(to, from *ItemTerms) { to.Materials = from.Materials }, "results": func(to, from *ItemTerms) { to.Results = from.Results },
	"division": func(to, from *ItemTerms) { to.Division = from.Division }, "remark": func(to, from *ItemTerms) { to.Remark = from.Remark },
}

// OverlayItem is the item as the batch would have it: what the columns of the file
// say, the rest as it is. A general item that was a key item needs its ratio in the
// file: R26.
func (i Import) OverlayItem(old, row Item, has map[string]bool) Item {
	x := old
	x.Org = i.Org
	for key, take := range itemColumns {
		if has[key] {
			take(&x.ItemTerms, &row.ItemTerms)
		}
	}
	if old.Category == KeyItem && x.Category == GeneralItem && !has["max_share"] {
		x.MaxShare = 0
	}
	return x
}

// WouldRetire reports whether a whole file that does not have the item takes it off
// the list. A department has one list, whichever source its items came from.
func (i Import) WouldRetire(x Item) bool { return i.Whole && x.Org == i.Org && x.Retired.IsZero() }

// Written is the next version of the item was by the batch: with the terms of the
// row, or off the list. Its reason is the batch, and it is written by whoever
// confirmed that: so they do not approve it, R25.
func (i Import) Written(was, row Item, now time.Time) (Item, error) {
	if !row.Retired.IsZero() {
		return was.Retire("来源中不再列出："+i.Title(), i.ConfirmedBy, now)
	}
	next := was
	next.ItemTerms = row.ItemTerms
	if next.Category != KeyItem {
		next.KeyGround = ""
	}
	if !was.Retired.IsZero() { // a reversed batch had brought it
		next.Retired, next.Since = workday.Date{}, workday.Date{}
	}
	next, err := next.Amend("导入"+i.Title(), next.from(now), i.ConfirmedBy, now)
	tidy, fault := next.Tidy()
	return tidy, Together(err, fault)
}

// from is the first day that a version of the item can be in force: today, or when
// the newest one is.
func (i Item) from(now time.Time) workday.Date {
	if today := workday.On(now); !today.Before(i.Effective) {
		return today
	}
	return i.Effective
}

// TakenBack is the next version of an item that the reversed batch wrote: what it
// was before. One that was new is off the list: R23.
func (i Import) TakenBack(now, before Item, at time.Time) (Item, error) {
	note := []rune(i.Note)
	if len(note) > noteShown {
		note = append(note[:noteShown], '…')
	}
	reason := fmt.Sprintf("撤销导入%s：%s", i.Title(), string(note))
	if before.Version == 0 {
		return now.Retire(reason, i.ReversedBy, at)
	}
	next := before
	next.Version, next.Effective = now.Version, now.Effective
	if !before.Retired.IsZero() {
		return next.retired(reason, i.ReversedBy, at), nil
	}
	return next.Amend(reason, next.from(at), i.ReversedBy, at)
}

// noteShown is how much of a batch's note fits into the reason of a version.
const noteShown = 350

// retired is a version of an item that stays off the list.
func (i Item) retired(reason string, by PersonID, at time.Time) Item {
	i.Reason, i.By, i.At = reason, by, at
	return i
}

// UnfitItems returns, by code, why items cannot stand on their department's list
// together, as they would be: R25, R26, 海政办发〔2020〕2号 二(二) "严格控制重点检查
// 事项的数量". List is what the department org has. If not all that become key items
// find room, none does: which of them should is not for a program to guess.
func UnfitItems(limits []ItemLimit, org OrgID, rows, list []Item) map[string]error {
	l, ok := LimitOf(limits, org)
	if !ok {
		return nil
	}
	now := map[ItemID]Item{}
	for _, x := range list {
		now[x.ID] = x
	}
	next := map[ItemID]Item{}
	for _, x := range rows {
		next[x.ID] = x
	}
	newcomer := func(x Item) bool {
		was := now[x.ID]
		return x.Category == KeyItem && x.Retired.IsZero() && (was.Category != KeyItem || !was.Retired.IsZero())
	}
	keys := int64(0)
	for id, x := range now {
		if after, ok := next[id]; ok {
			x = after
		}
		if x.Category == KeyItem && x.Retired.IsZero() && !newcomer(x) {
			keys++
		}
	}
	standing := keys
	for _, x := range rows {
		if newcomer(x) {
			keys++
		}
	}
	unfit := map[string]error{}
	for _, x := range rows {
		was := now[x.ID]
		if !was.Retired.IsZero() {
			was = Item{}
		}
		if !x.Retired.IsZero() {
			continue
		}
		err := l.Within(x, was, keys-1)
		if newcomer(x) && err != nil {
			err = ErrKeyLimit.With(standing, l.Keys)
		}
		if err != nil {
			unfit[x.Code] = err
		}
	}
	return unfit
}

// StagedItem is an item as the file of staged rows has it.
func StagedItem(x Item) string {
	text, _ := json.Marshal(x) // texts, numbers and days always can be written
	return string(text)
}

// ParseStagedItem reads what StagedItem wrote.
func ParseStagedItem(text string) (x Item, err error) {
	if err = strict(text, &x); err == nil && (!ValidID(x.ID) || !slices.Contains([]Category{KeyItem, GeneralItem}, x.Category)) {
		err = errRowText
	}
	return x, err
}
