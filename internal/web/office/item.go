package office

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	itemsPage = web.NewPage[itemsView](files, "item.html")
	itemPage  = web.NewPage[itemView](files, "item_form.html")
)

type itemsView struct {
	Whose   []web.Tab // an inspecting body's own list, or all lists
	Numbers []web.Number
	Filter  web.Filter
	Saved   web.Saved
	Rows    []itemRow
	Pager   web.Pager
	CSV     string // path of the file with the same items
	All     bool   // rows of several departments
	Lists   []listRow
	MayAdd  bool
	Limit   *web.Form // of the office's leader
	Limits  []web.Fact
	Orgs    []web.Option
	None    bool // no item at all: not even one that the filter hides
}

// An itemRow is one item of the list.
type itemRow struct {
	Href, Name, Code, Org, Field string
	Category, Share              string
	State                        web.State
	Since                        string
}

// A listRow is what one department has on its list: R25, R26.
type listRow struct {
	Org, Href             string
	Key, General, Retired int
	Share                 string // highest share of a general item
}

// items shows the list of the reader's department and those of all others: lists
// are public, R19, R22.
func (s *server) items(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	items := itemsInOrder(facts)
	own := ownList(r)
	v := itemsView{All: !own, MayAdd: mayList(who), CSV: "/office/items.csv?" + r.URL.Query().Encode()}
	mine := 0
	for _, i := range items {
		if i.Org == who.Org.ID {
			mine++
		}
	}
	if who.Org.Inspects() {
		v.Whose = []web.Tab{
			{Text: "本单位清单", Href: "/office/items", Count: fmt.Sprint(mine), Current: own},
			{Text: "全部部门清单", Href: "/office/items?all=1", Count: fmt.Sprint(len(items)), Current: !own},
		}
	}
	if own {
		items = slices.DeleteFunc(items, func(i inspect.Item) bool { return i.Org != who.Org.ID })
	}
	v.None = len(items) == 0
	if v.Saved, err = s.saved(r, "items"); err != nil {
		return err
	}
	v.Filter = web.NewFilter(r, "事项名称、编号或依据", "items", s.itemChips(r, items, facts, own)...)
	if !own {
		v.Lists = s.itemLists(items, facts)
	}
	items = slices.DeleteFunc(items, func(i inspect.Item) bool { return !s.itemFits(r, i) })
	v.Numbers = s.itemNumbers(items)
	if err := s.limits(r, &v, facts, own); err != nil {
		return err
	}
	page, next := pageOf(r, items, func(i inspect.Item) string { return string(i.ID) })
	for _, i := range page {
		v.Rows = append(v.Rows, s.itemRow(i, facts))
	}
	v.Pager = web.NewPager(r, "items", fmt.Sprintf("共 %d 项，本页 %d 项", len(items), len(page)), next)
	return itemsPage.Show(w, r, v)
}

// limits shows how many key items are allowed and how large a share general ones may
// take, and lets the office's leader set it: R25, R26.
func (s *server) limits(r *http.Request, v *itemsView, facts inspect.Facts, own bool) error {
	who := web.Actor(r)
	limits, err := s.db.ItemLimits(r.Context(), who.Scope())
	if err != nil {
		return err
	}
	if limit, ok := inspect.LimitOf(limits, who.Org.ID); ok && own {
		v.Numbers[0].Unit = fmt.Sprintf("项，上限 %d 项", limit.Keys)
	}
	seen := int64(0)
	for _, l := range limits {
		name := "没有单独上限的各部门"
		if l.Org != "" {
			name = facts.Orgs[l.Org].Short
		}
		if string(l.Org) == r.URL.Query().Get("limit") {
			seen = l.Version
		}
		v.Limits = append(v.Limits, web.Fact{
			Label: name, Value: fmt.Sprintf("重点事项不超过 %d 项，一般事项比例上限不超过 %s", l.Keys, inspect.PercentText(l.MaxShare)), Note: l.Ground,
		})
	}
	if who.Org.Kind == inspect.OrgOffice && who.MayTo(inspect.ItemLimitPut, inspect.Office) == nil {
		form := web.FormOf(r, act.PutItemLimit{Org: inspect.OrgID(r.URL.Query().Get("limit")), Seen: seen}, "org", "seen")
		v.Limit = &form
		v.Orgs = []web.Option{{Text: "没有单独上限的各部门"}}
		for _, o := range facts.Orgs {
			if o.Inspects() && o.Until.IsZero() {
				v.Orgs = append(v.Orgs, web.Option{Value: string(o.ID), Text: o.Short})
			}
		}
		slices.SortFunc(v.Orgs[1:], func(a, b web.Option) int { return cmp.Compare(a.Text, b.Text) })
		for i, o := range v.Orgs {
			if o.Value == r.URL.Query().Get("limit") {
				v.Orgs[i].Note = "now"
			}
		}
	}
	return nil
}

// ownList reports whether the address asks for the list of the reader's own
// department, which whoever inspects sees first.
func ownList(r *http.Request) bool {
	q := r.URL.Query()
	return web.Actor(r).Org.Inspects() && !q.Has("all") && q.Get("org") == ""
}

// mayList reports whether the actor keeps a list: clerks of inspecting bodies, C3.
func mayList(who inspect.Actor) bool {
	return who.MayTo(inspect.ItemList, inspect.Owner) == nil && who.Org.Inspects()
}

// itemsInOrder returns all items by department and code. A county's lists are
// some hundreds of items, so pages read them whole.
func itemsInOrder(facts inspect.Facts) []inspect.Item {
	items := make([]inspect.Item, 0, len(facts.Items))
	for _, i := range facts.Items {
		items = append(items, i)
	}
	slices.SortFunc(items, func(a, b inspect.Item) int {
		return cmp.Or(cmp.Compare(facts.Orgs[a.Org].Code, facts.Orgs[b.Org].Code), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
	})
	return items
}

// pageOf returns the rows of the page that r asks for, and the key that the next
// page begins after, empty on the last one. An unknown key begins at the front.
func pageOf[T any](r *http.Request, rows []T, key func(T) string) (page []T, next string) {
	after, size := web.PageOf(r)
	if after != "" {
		rows = rows[slices.IndexFunc(rows, func(v T) bool { return key(v) == after })+1:]
	}
	if len(rows) <= size {
		return rows, ""
	}
	return rows[:size], key(rows[size-1])
}

func (s *server) itemFits(r *http.Request, i inspect.Item) bool {
	q := r.URL.Query()
	if state := q.Get("state"); state != "" && (state == "listed") != i.Listed(s.today()) {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(q.Get("q")))
	found := false
	for _, in := range []string{i.Name, i.Code, i.Basis, i.Content} {
		found = found || strings.Contains(strings.ToLower(in), text)
	}
	return found && fits(q.Get("org"), i.Org) && fits(q.Get("category"), i.Category) && fits(q.Get("field"), i.Field)
}

// fits reports whether a chip lets a value through; an unset chip lets all.
func fits[T ~string](chip string, value T) bool { return chip == "" || chip == string(value) }

func (s *server) itemChips(r *http.Request, items []inspect.Item, facts inspect.Facts, own bool) []web.Chip {
	var orgs, fields []web.Option
	for _, i := range items {
		if o := facts.Orgs[i.Org]; !slices.ContainsFunc(orgs, func(x web.Option) bool { return x.Value == string(o.ID) }) {
			orgs = append(orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
		if !slices.ContainsFunc(fields, func(x web.Option) bool { return x.Value == i.Field }) {
			fields = append(fields, web.Option{Value: i.Field, Text: i.Field})
		}
	}
	slices.SortFunc(fields, func(a, b web.Option) int { return cmp.Compare(a.Text, b.Text) })
	chips := []web.Chip{
		web.NewChip(r, "类别", "category", web.Options(inspect.Categories)...),
		web.NewChip(r, "领域", "field", fields...),
		web.NewChip(r, "状态", "state", web.Option{Value: "listed", Text: "现行"}, web.Option{Value: "retired", Text: "已移出"}),
	}
	if own {
		return chips
	}
	return append([]web.Chip{web.NewChip(r, "部门", "org", orgs...)}, chips...)
}

// itemNumbers counts what the limits are about: how many key items there are
// (R25), and how large a share general items may take at most (R26).
func (s *server) itemNumbers(items []inspect.Item) []web.Number {
	row := s.itemList(items)
	return []web.Number{
		{Label: "重点检查事项", Value: fmt.Sprint(row.Key), Unit: "项"},
		{Label: "一般检查事项", Value: fmt.Sprint(row.General), Unit: "项"},
		{Label: "一般事项最高比例", Value: row.Share},
		{Label: "已移出清单", Value: fmt.Sprint(row.Retired), Unit: "项"},
	}
}

// itemLists counts each department's list.
func (s *server) itemLists(items []inspect.Item, facts inspect.Facts) []listRow {
	var rows []listRow
	for len(items) > 0 {
		org := items[0].Org
		end := slices.IndexFunc(items, func(i inspect.Item) bool { return i.Org != org })
		if end < 0 {
			end = len(items)
		}
		row := s.itemList(items[:end])
		row.Org, row.Href = facts.Orgs[org].Short, "/office/items?org="+string(org)
		rows, items = append(rows, row), items[end:]
	}
	return rows
}

func (s *server) itemList(items []inspect.Item) listRow {
	var row listRow
	highest := int64(0)
	for _, i := range items {
		switch {
		case !i.Listed(s.today()):
			row.Retired++
		case i.Category == inspect.KeyItem:
			row.Key++
		default:
			row.General++
			highest = max(highest, i.MaxShare)
		}
	}
	row.Share = "—"
	if highest > 0 {
		row.Share = inspect.PercentText(highest)
	}
	return row
}

func (s *server) itemRow(i inspect.Item, facts inspect.Facts) itemRow {
	row := itemRow{
		Href: "/office/items/" + string(i.ID), Name: i.Name, Code: i.Code, Org: facts.Orgs[i.Org].Short, Field: i.Field,
		Category: inspect.ChoiceText(inspect.Categories, string(i.Category)), Share: "不限", State: s.itemState(i), Since: i.Since.String(),
	}
	if i.Category == inspect.GeneralItem {
		row.Share = "不超过 " + inspect.PercentText(i.MaxShare)
	}
	return row
}

func (s *server) itemState(i inspect.Item) web.State {
	switch {
	case !i.Retired.IsZero() && !s.today().Before(i.Retired):
	case !i.Listed(s.today()):
		return web.State{Shape: web.Waiting, Text: "待施行"}
	case i.Outside != "":
		return web.State{Shape: web.Sealed, Text: "不参加抽取"}
	default:
		return web.State{Shape: web.Happy, Text: "现行"}
	}
	return web.State{Text: "已移出"}
}

type itemView struct {
	Title    string
	Org      string
	Crumbs   []web.Link
	State    *web.State // nil for a new one
	Facts    []web.Fact
	Form     *web.Form // nil for readers who cannot change it
	Retire   *web.Form
	Code     string // typed to take it off the list
	Used     []useRow
	UsedOn   string // the years that were looked through
	Standing int    // tasks that would lose their ground if it went
	Log      []web.Entry

	Versions            []pastRow
	Checklist           string // what is on the checklist, in words
	Path                string
	Key                 *web.Form // of the leader
	Upstream            *originView
	Public              string // path of this version on the public's site
	Categories, Methods []web.Option
}

// A useRow is one task of a plan that names the item.
type useRow struct {
	Href, Name, Plan, Ratio, Months string
	State                           web.State
}

// newItem shows the empty form of an item.
func (s *server) newItem(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if !mayList(who) {
		return inspect.ErrDenied.With(inspect.ItemList.Text())
	}
	v := itemView{Title: "列入抽查事项", Org: who.Org.Short, Crumbs: []web.Link{{Text: "抽查事项清单", Href: "/office/items"}, {Text: "列入抽查事项"}}}
	v.fill(r, inspect.Item{ID: inspect.ItemID(web.NewID()), ItemTerms: inspect.ItemTerms{Category: inspect.GeneralItem, Methods: inspect.MethodSet{"onsite"}}})
	return itemPage.Show(w, r, v)
}

// fill makes the form of an item.
func (v *itemView) fill(r *http.Request, i inspect.Item) {
	if i.Category == inspect.KeyItem {
		i.MaxShare = 0 // key items have no such limit: the field stays empty
	}
	form := web.FormOf(r, act.NewListItem(i), "item", "seen")
	v.Form, v.Categories, v.Methods = &form, web.Options(inspect.Categories), web.Options(inspect.Methods)
	v.Categories[0].Note, v.Categories[1].Note = "严格控制数量", "严格控制抽查比例" // 海政办发〔2020〕2号 二(二)
}

// item shows one item: what it says, which tasks name it, what happened to it,
// and to the clerk of its department the form to change it.
func (s *server) item(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	i, ok := facts.Items[inspect.ItemID(r.PathValue("id"))]
	if !ok {
		return inspect.ErrMissing
	}
	state := s.itemState(i)
	v := itemView{Title: i.Name, Org: facts.Orgs[i.Org].Short, State: &state, Code: i.Code, Path: "/office/items/" + string(i.ID)}
	v.Public = fmt.Sprintf("/items/%s/%d", i.ID, i.Version)
	v.Crumbs = []web.Link{{Text: "抽查事项清单", Href: "/office/items"}, {Text: i.Code}}
	v.Facts = itemFacts(i, facts)
	if mayList(who) && i.Org == who.Org.ID && i.Retired.IsZero() {
		v.fill(r, i)
		retire := web.FormOf(r, act.RetireItem{Item: i.ID, Seen: i.Version}, "item", "seen")
		v.Retire = &retire
	}
	if err := s.itemPast(r, &v, i, facts); err != nil {
		return err
	}
	if err := s.itemOrigin(r, &v, i); err != nil {
		return err
	}
	if i.Category == inspect.GeneralItem && i.Org == who.Org.ID && i.Retired.IsZero() && who.MayTo(inspect.ItemApproveKey, inspect.Owner) == nil {
		key := web.FormOf(r, act.ApproveKey{Item: i.ID, Seen: i.Version}, "item", "seen")
		v.Key = &key
	}
	if err := s.itemUse(r, &v, i); err != nil {
		return err
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "item", string(i.ID), 30)
	if err != nil {
		return err
	}
	v.Log = Log(entries)
	return itemPage.Show(w, r, v)
}

// itemFacts are the fields that every item has: 依据、主体、内容、方式, R20.
func itemFacts(i inspect.Item, facts inspect.Facts) []web.Fact {
	all := []web.Fact{{Label: "抽查主体", Value: facts.Orgs[i.Org].Name, Note: i.Body}}
	for _, f := range i.Describe() {
		if f.After != "" && f.Label != "抽查主体" && f.Label != "抽查事项名称" {
			all = append(all, web.Fact{Label: f.Label, Value: f.After})
		}
	}
	all = append(all, web.Fact{Label: "列入日期", Value: i.Since.String()})
	if !i.Retired.IsZero() {
		all = append(all, web.Fact{Label: "移出", Value: i.Retired.String(), Note: "自这一天起不得列入计划。"})
	}
	return all
}

// itemUse finds the tasks of last year's, this year's and next year's plans,
// within the reader's scope, that name the item.
func (s *server) itemUse(r *http.Request, v *itemView, i inspect.Item) error {
	who := web.Actor(r)
	first, last := s.today().Year()-1, s.planYear()
	v.UsedOn = fmt.Sprintf("%d 至 %d 年度", first, last)
	for year := last; year >= first; year-- {
		plans, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{Region: who.Org.Region, Year: year, NotDone: true})
		if err != nil {
			return err
		}
		for _, p := range inspect.Current(plans) {
			for _, l := range p.Standing() {
				if !slices.Contains(l.Items, i.ID) {
					continue
				}
				if year >= s.today().Year() {
					v.Standing++
				}
				v.Used = append(v.Used, useRow{
					Href: fmt.Sprintf("/office/plans/%s/lines/%d", p.ID, l.No), Name: l.Name, Plan: p.Title(), Ratio: l.Ratio,
					Months: l.Months.Text(), State: planState(p),
				})
			}
		}
	}
	return nil
}
