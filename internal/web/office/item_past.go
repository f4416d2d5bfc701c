package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// itemPast fills in the versions of an item, each with what it changed, and how long
// its checklist is: R23.
func (s *server) itemPast(r *http.Request, v *itemView, i inspect.Item, facts inspect.Facts) error {
	versions, err := s.db.ItemVersions(r.Context(), web.Actor(r).Scope(), i.ID)
	if err != nil {
		return err
	}
	for n, x := range versions {
		row := pastRow{No: x.Version, When: x.At.In(beijing).Format("2006-01-02"), Why: x.Reason, From: x.Effective.String(), Here: n == 0}
		if n+1 < len(versions) {
			row.Diff = itemChanges([]inspect.ItemChange{{Kind: "改", Code: x.Code, Name: x.Name, Fields: inspect.DiffItem(versions[n+1], x)}})
		}
		v.Versions = append(v.Versions, row)
	}
	list, err := s.db.Checklist(r.Context(), web.Actor(r).Scope(), i.ID)
	switch {
	case errors.Is(err, inspect.ErrMissing):
		v.Checklist = "尚未编制"
	case err != nil:
		return err
	default:
		v.Checklist = fmt.Sprintf("第 %d 版，%d 题", list.Version, len(list.Questions))
	}
	return nil
}

// An originView is where an item comes from, and what changed there since.
type originView struct {
	Name, Href string
	Version    int64
	Diff       []web.Part // what the department changed
	Newer      []web.Change
	Gone       bool
	Adopt      *web.Form
	Keep       *web.Form
}

// itemOrigin compares an item with its superiors' list: R19.
func (s *server) itemOrigin(r *http.Request, v *itemView, i inspect.Item) error {
	if i.Upstream.List == "" {
		return nil
	}
	who := web.Actor(r)
	versions, err := s.db.UpstreamVersions(r.Context(), who.Scope(), i.Upstream.List)
	if err != nil || len(versions) == 0 {
		return err
	}
	u := versions[0]
	o := originView{Name: u.Name, Href: "/office/upstreams/" + string(u.ID), Version: u.Version}
	at := slices.IndexFunc(versions, func(x inspect.Upstream) bool { return x.Version == i.Upstream.Version })
	if at >= 0 {
		if terms, ok := versions[at].Item(i.Upstream.Code); ok {
			for _, f := range i.Deviates(terms) {
				o.Diff = append(o.Diff, web.Part{Label: f.Label, Old: f.Before, New: f.After})
			}
		}
		for _, a := range inspect.AffectedBy(u, []inspect.Item{i}, func(int64) []inspect.ItemTerms { return versions[at].Items }) {
			o.Newer, o.Gone = itemChanges([]inspect.ItemChange{a.Change}), a.Change.Kind == "删"
		}
	}
	if len(o.Newer) > 0 && mayList(who) && who.Org.ID == i.Org {
		keep := web.FormOf(r, act.KeepItem{Item: i.ID, Seen: i.Version}, "item", "seen")
		o.Keep = &keep
		if !o.Gone {
			adopt := web.FormOf(r, act.AdoptItems{List: u.ID, Seen: u.Version, Codes: []string{i.Upstream.Code}, IDs: []inspect.ItemID{i.ID}}, "list", "seen", "codes", "ids")
			o.Adopt = &adopt
		}
	}
	v.Upstream = &o
	return nil
}
