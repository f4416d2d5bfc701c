package office

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	upstreamsPage = web.NewPage[upstreamsView](files, "item_upstream_list.html")
	upstreamPage  = web.NewPage[upstreamView](files, "item_upstream.html")
)

func urlEscape(text string) string { return url.QueryEscape(text) }

type upstreamsView struct {
	Rows   []upstreamRow
	MayPut bool
}

// An upstreamRow is one upstream list.
type upstreamRow struct {
	Href, Name, Org, Level, Issuer, Number, Day string
	Version                                     int64
	Items, Open                                 int // local items that a new version touches
}

// upstreams lists the superiors' lists of all departments: R19.
func (s *server) upstreams(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	lists, err := s.db.Upstreams(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := upstreamsView{MayPut: mayList(who)}
	for _, u := range lists {
		touched, err := s.affected(r, u, facts)
		if err != nil {
			return err
		}
		v.Rows = append(v.Rows, upstreamRow{
			Href: "/office/upstreams/" + string(u.ID), Name: u.Name, Org: facts.Orgs[u.Org].Short, Level: inspect.ChoiceText(inspect.Levels, string(u.Level)),
			Issuer: u.Issuer, Number: u.Number, Day: u.Day.String(), Version: u.Version, Items: len(u.Items), Open: len(touched),
		})
	}
	return upstreamsPage.Show(w, r, v)
}

// affected are the items of the list's department that its newest version touches.
func (s *server) affected(r *http.Request, u inspect.Upstream, facts inspect.Facts) ([]inspect.Affected, error) {
	versions, err := s.db.UpstreamVersions(r.Context(), web.Actor(r).Scope(), u.ID)
	if err != nil {
		return nil, err
	}
	return inspect.AffectedBy(u, itemsInOrder(facts), func(n int64) []inspect.ItemTerms {
		i := slices.IndexFunc(versions, func(v inspect.Upstream) bool { return v.Version == n })
		if i < 0 {
			return nil
		}
		return versions[i].Items
	}), nil
}

type upstreamView struct {
	Title    string
	Crumbs   []web.Link
	Path     string
	Facts    []web.Fact
	Items    []upstreamItem
	Affected []affectedRow
	Versions []pastRow
	Adopt    *web.Form
	Mine     bool
}

// An upstreamItem is one item of the upstream list and what became of it here.
type upstreamItem struct {
	Code, Name, Field, Category string
	Local, Href                 string
	State                       web.State
	Diff                        []web.Part
}

// An affectedRow is a local item that the newest version touches.
type affectedRow struct {
	Code, Name, Href, Kind string
	Diff                   []web.Change
}

// upstream shows a superiors' list: its versions, what became of each item, and
// which local items its newest version touches: R19.
func (s *server) upstream(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	u, err := s.db.Upstream(r.Context(), who.Scope(), inspect.UpstreamID(r.PathValue("id")))
	if err != nil || u.Region != who.Org.Region {
		return orMissing(err)
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := upstreamView{
		Title: u.Name, Path: "/office/upstreams/" + string(u.ID), Mine: mayList(who) && who.Org.ID == u.Org,
		Crumbs: []web.Link{{Text: "抽查事项清单", Href: "/office/items"}, {Text: "上级清单", Href: "/office/upstreams"}, {Text: u.Name}},
		Facts: []web.Fact{
			{Label: "层级", Value: inspect.ChoiceText(inspect.Levels, string(u.Level))}, {Label: "发布机关", Value: u.Issuer}, {Label: "文号", Value: u.Number},
			{Label: "发布日期", Value: u.Day.String()}, {Label: "来源网址", Value: u.Source}, {Label: "登记部门", Value: facts.Orgs[u.Org].Name},
			{Label: "版本", Value: fmt.Sprintf("第 %d 版", u.Version)},
		},
	}
	v.Facts = slices.DeleteFunc(v.Facts, func(f web.Fact) bool { return f.Value == "" })
	cmd := act.AdoptItems{List: u.ID, Seen: u.Version}
	for _, t := range u.Items {
		row := upstreamItem{Code: t.Code, Name: t.Name, Field: t.Field, Category: inspect.ChoiceText(inspect.Categories, string(t.Category)), State: web.State{Text: "未采用"}}
		for _, i := range itemsInOrder(facts) {
			if i.Upstream.List != u.ID || i.Upstream.Code != t.Code || !i.Retired.IsZero() {
				continue
			}
			row.Local, row.Href, row.State = i.Code, "/office/items/"+string(i.ID), web.State{Shape: web.Happy, Text: "已采用"}
			for _, f := range i.Deviates(t) {
				row.Diff = append(row.Diff, web.Part{Label: f.Label, Old: f.Before, New: f.After})
			}
			if len(row.Diff) > 0 {
				row.State = web.State{Shape: web.Going, Text: "与上级不同"}
			}
		}
		v.Items = append(v.Items, row)
		cmd.IDs = append(cmd.IDs, inspect.ItemID(web.NewID()))
	}
	if err := s.upstreamChanges(r, &v, u, facts); err != nil {
		return err
	}
	if v.Mine {
		form := web.FormOf(r, cmd, "list", "seen", "ids")
		v.Adopt = &form
	}
	return upstreamPage.Show(w, r, v)
}

// upstreamChanges fills in the versions with their differences, and what the newest
// one touches.
func (s *server) upstreamChanges(r *http.Request, v *upstreamView, u inspect.Upstream, facts inspect.Facts) error {
	versions, err := s.db.UpstreamVersions(r.Context(), web.Actor(r).Scope(), u.ID)
	if err != nil {
		return err
	}
	for n, x := range versions {
		row := pastRow{No: x.Version, When: x.At.In(beijing).Format("2006-01-02"), Why: x.Issuer + "　" + x.Number + "　" + x.Day.String(), Here: n == 0}
		if n+1 < len(versions) {
			row.Diff = itemChanges(inspect.DiffTerms(versions[n+1].Items, x.Items))
		}
		v.Versions = append(v.Versions, row)
	}
	touched, err := s.affected(r, u, facts)
	for _, a := range touched {
		v.Affected = append(v.Affected, affectedRow{
			Code: a.Item.Code, Name: a.Item.Name, Href: "/office/items/" + string(a.Item.ID) + "#upstream", Kind: a.Change.Kind,
			Diff: itemChanges([]inspect.ItemChange{a.Change}),
		})
	}
	return err
}

func orMissing(err error) error {
	if err != nil {
		return err
	}
	return inspect.ErrMissing
}

// uploadUpstream shows what the file of an upstream list says, and asks for what the
// file does not: issuer, number and day. Without an id it is a new list.
func (s *server) uploadUpstream(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if !mayList(who) {
		return inspect.ErrDenied.With(inspect.UpstreamPut.Text())
	}
	cmd := act.PutUpstream{List: inspect.UpstreamID(web.NewID()), Level: "provincial"}
	old, path := inspect.Upstream{}, "/office/upstreams"
	if id := r.PathValue("id"); id != "" {
		var err error
		if old, err = s.db.Upstream(r.Context(), who.Scope(), inspect.UpstreamID(id)); err != nil || old.Org != who.Org.ID {
			return orMissing(err)
		}
		path += "/" + id
		cmd = act.PutUpstream{List: old.ID, Seen: old.Version, Level: old.Level, Name: old.Name, Issuer: old.Issuer, Source: old.Source}
	}
	name, file, err := fileOf(r)
	if err != nil {
		return err
	}
	rows, faults, err := exchange.ReadItems(r.Context(), name, file)
	if err != nil {
		return err
	}
	v := uploadView{Title: "登记上级清单", What: "项", Back: path, Count: len(rows),
		Crumbs: []web.Link{{Text: "抽查事项清单", Href: "/office/items"}, {Text: "上级清单", Href: "/office/upstreams"}, {Text: "登记"}}}
	if v.faults(faults) {
		var items []inspect.ItemTerms
		for _, row := range rows {
			terms, err := inspect.ParseTerms(row)
			if err != nil {
				return err
			}
			items = append(items, terms)
		}
		cmd.Rows, v.Changes = rows, itemChanges(inspect.DiffTerms(old.Items, items))
		v.Form = leads(web.FormOf(r, cmd, "list", "seen", "rows"), path)
		if v.Fields, err = fieldsOf(*v.Form, "name", "issuer", "number", "source"); err != nil {
			return err
		}
		if v.Dates, err = fieldsOf(*v.Form, "day"); err != nil {
			return err
		}
		level, err := v.Form.Field("level")
		if err != nil {
			return err
		}
		level.Options = web.Options(inspect.Levels)
		v.Levels = &level
	}
	return uploadPage.Show(w, r, v)
}

// itemTemplate sends the empty table of a list.
func (s *server) itemTemplate(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="items-template.xlsx"`)
	return exchange.Template(w, exchange.ItemTable)
}
