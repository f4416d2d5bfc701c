package portal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	itemPage      = web.NewPage[itemView](files, "item.html", "part.html")
	checklistPage = web.NewPage[checklistView](files, "item_checklist.html", "part.html")
)

type itemView struct {
	Title    string
	Org      string
	Crumbs   []web.Link
	URL      string
	Path     string
	State    web.State
	Version  int64
	Current  string // path of the newest version, if this is not it
	Facts    []web.Fact
	Reason   string
	From     string
	Before   string
	Diff     []web.Change
	Versions []editionView
	List     string // path of the checklist; empty if there is none
	Asked    int
}

// versionOf reads a version from an address; 0 is the newest.
func versionOf(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, inspect.ErrMissing
	}
	return n, nil
}

var idForm = regexp.MustCompile(`^[0-9a-f-]{36}$`)

// item shows one version of an item, for good: R20, R22, R23.
func (s *server) item(w http.ResponseWriter, r *http.Request) error {
	n, err := versionOf(r.PathValue("version"))
	if err != nil || !idForm.MatchString(r.PathValue("id")) {
		return inspect.ErrMissing
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	versions, err := s.db.ItemVersions(r.Context(), public, inspect.ItemID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(versions, func(i inspect.Item) bool { return n == 0 || i.Version == n })
	if _, here := facts.Items[inspect.ItemID(r.PathValue("id"))]; at < 0 || !here {
		return inspect.ErrMissing
	}
	i := versions[at]
	modified(w, i.At)
	v := itemView{
		Title: i.Name, Org: facts.Orgs[i.Org].Name, Version: i.Version, Reason: i.Reason, From: i.Effective.String(), State: itemState(i, at == 0),
		Path:   itemPath(i),
		Crumbs: []web.Link{{Text: "清单", Href: "/lists"}, {Text: facts.Orgs[i.Org].Short, Href: "/lists/" + facts.Orgs[i.Org].Code}, {Text: i.Code}},
	}
	v.URL, v.Facts = s.Base+v.Path, itemFacts(i, facts)
	if at > 0 {
		v.Current = "/items/" + string(i.ID)
	}
	if at+1 < len(versions) {
		v.Before = fmt.Sprintf("第 %d 版", versions[at+1].Version)
		v.Diff = diffOf([]inspect.ItemChange{{Kind: "改", Code: i.Code, Name: i.Name, Fields: inspect.DiffItem(versions[at+1], i)}})
	}
	for k, x := range versions {
		v.Versions = append(v.Versions, editionView{
			Text: fmt.Sprintf("第 %d 版", x.Version), Href: itemPath(x), Here: k == at, Note: x.Effective.String() + "　" + x.Reason,
		})
	}
	list, err := s.db.Checklist(r.Context(), public, i.ID)
	switch {
	case err == nil:
		v.List, v.Asked = "/checklists/"+string(i.ID), len(list.Questions)
	case !errors.Is(err, inspect.ErrMissing):
		return err
	}
	return itemPage.Show(w, r, v)
}

func itemPath(i inspect.Item) string { return fmt.Sprintf("/items/%s/%d", i.ID, i.Version) }

func itemState(i inspect.Item, newest bool) web.State {
	switch {
	case !newest:
		return web.State{Text: "以前的版本"}
	case !i.Retired.IsZero():
		return web.State{Text: "已移出清单"}
	case i.Outside != "":
		return web.State{Shape: web.Sealed, Text: "不参加随机抽取"}
	}
	return web.State{Shape: web.Happy, Text: "现行"}
}

// itemFacts are what the public reads of an item: everything but who wrote it.
func itemFacts(i inspect.Item, facts inspect.Facts) []web.Fact {
	all := []web.Fact{{Label: "抽查主体", Value: facts.Orgs[i.Org].Name, Note: i.Body}}
	for _, f := range i.Describe() {
		if f.After != "" && f.Label != "抽查主体" && f.Label != "抽查事项名称" {
			all = append(all, web.Fact{Label: f.Label, Value: f.After})
		}
	}
	return append(all, web.Fact{Label: "列入日期", Value: i.Since.String()})
}

func diffOf(changes []inspect.ItemChange) []web.Change {
	var shown []web.Change
	for _, c := range changes {
		change := web.Change{Kind: c.Kind, Text: c.Code + "　" + c.Name}
		for _, f := range c.Fields {
			if c.Kind == "改" {
				change.Parts = append(change.Parts, web.Part{Label: f.Label, Old: f.Before, New: f.After})
			}
		}
		shown = append(shown, change)
	}
	return shown
}

type checklistView struct {
	Title, Org string
	Crumbs     []web.Link
	URL, Path  string
	Version    int64
	Current    string
	Reason     string
	From       string
	Questions  []questionView
	Diff       []web.Change
	Versions   []editionView
}

// A questionView is one question as citizens read it.
type questionView struct {
	No                      int
	Label, Hint, Answers    string
	Default, Condition      string
	Required, Photo, IsNote bool
}

// checklist shows what inspectors check for an item, in a version, for good.
func (s *server) checklist(w http.ResponseWriter, r *http.Request) error {
	text, form, _ := strings.Cut(r.PathValue("version"), ".")
	n, err := versionOf(text)
	if err != nil || !idForm.MatchString(r.PathValue("id")) || form != "" && form != "xlsx" {
		return inspect.ErrMissing
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	item, ok := facts.Items[inspect.ItemID(r.PathValue("id"))]
	if !ok {
		return inspect.ErrMissing
	}
	versions, err := s.db.ChecklistVersions(r.Context(), public, item.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(versions, func(c inspect.Checklist) bool { return n == 0 || c.Version == n })
	if at < 0 {
		return inspect.ErrMissing
	}
	c := versions[at]
	modified(w, c.At)
	path := fmt.Sprintf("/checklists/%s/%d", item.ID, c.Version)
	if form == "xlsx" {
		var file bytes.Buffer
		if err := exchange.WriteXLSForm(&file, item.Name, c.Questions); err != nil {
			return err
		}
		return send(w, kindOf[form], fmt.Sprintf("%s-checklist-v%d.xlsx", item.Code, c.Version), c.At, file.Bytes())
	}
	v := checklistView{
		Title: item.Name, Org: facts.Orgs[item.Org].Name, Path: path, URL: s.Base + path, Version: c.Version, Reason: c.Reason, From: c.Effective.String(),
		Crumbs: []web.Link{{Text: "清单", Href: "/lists"}, {Text: facts.Orgs[item.Org].Short, Href: "/lists/" + facts.Orgs[item.Org].Code}, {Text: item.Code, Href: "/items/" + string(item.ID)}, {Text: "检查表单"}},
	}
	if at > 0 {
		v.Current = "/checklists/" + string(item.ID)
	}
	for k, q := range c.Questions {
		row := questionView{No: k + 1, Label: q.Label, Hint: q.Hint, Default: inspect.ChoiceText(q.Options(), q.Default), Condition: c.Condition(q), Required: q.Required,
			Photo: q.Type == inspect.AskPhoto, IsNote: q.Type == inspect.AskNote}
		for _, o := range q.Options() {
			row.Answers += o.Text + "　"
		}
		if row.Answers == "" {
			row.Answers = inspect.ChoiceText(inspect.QuestionTypes, string(q.Type))
		}
		v.Questions = append(v.Questions, row)
	}
	if at+1 < len(versions) {
		v.Diff = diffOf(inspect.DiffChecklist(versions[at+1], c))
	}
	for k, x := range versions {
		v.Versions = append(v.Versions, editionView{Text: fmt.Sprintf("第 %d 版", x.Version), Href: fmt.Sprintf("/checklists/%s/%d", item.ID, x.Version), Here: k == at, Note: x.Effective.String() + "　" + x.Reason})
	}
	return checklistPage.Show(w, r, v)
}

// kindOf are the media types of files.
var kindOf = map[string]string{
	"json": "application/json", "csv": "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// listMost is how many versions of a list its page names.
const listMost = 100

// A deptList is a department's list in one version: as an entry left it.
type deptList struct {
	org     inspect.Org
	changes []store.ListChange
	at      int // which of them
	items   []inspect.Item
}

// deptList reads a department's list; entry 0 is the newest.
func (s *server) deptList(ctx context.Context, code string, entry int64, facts inspect.Facts) (l deptList, err error) {
	for _, o := range facts.Orgs {
		if o.Code == code && o.Inspects() {
			l.org = o
		}
	}
	if l.org.ID == "" {
		return l, inspect.ErrMissing
	}
	if l.changes, err = s.db.ListChanges(ctx, public, l.org.ID, listMost); err != nil || len(l.changes) == 0 {
		return l, err
	}
	if entry != 0 {
		l.at = slices.IndexFunc(l.changes, func(c store.ListChange) bool { return c.N == entry })
	}
	if l.at < 0 {
		return l, inspect.ErrMissing
	}
	l.items, err = s.db.ItemsAt(ctx, public, l.org.ID, l.changes[l.at].N)
	return l, err
}

// standing are the items that are on the list, in the version at hand.
func standing(items []inspect.Item) []inspect.Item {
	return slices.DeleteFunc(slices.Clone(items), func(i inspect.Item) bool { return !i.Retired.IsZero() })
}

func termsOf(items []inspect.Item) []inspect.ItemTerms {
	all := make([]inspect.ItemTerms, len(items))
	for i, x := range items {
		all[i] = x.ItemTerms
	}
	return all
}

func changedAt(changes []store.ListChange) time.Time {
	if len(changes) == 0 {
		return time.Time{}
	}
	return changes[0].At
}
