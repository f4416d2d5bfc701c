package office

import (
	"net/http"
	"net/url"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// filtersMost is how many filters a person keeps.
const filtersMost = 30

// keptLists are the lists whose filters can be kept: name, title and path.
var keptLists = []inspect.Choice{
	{Value: "objects", Text: "检查对象名录库"}, {Value: "inspectors", Text: "执法检查人员名录库"}, {Value: "items", Text: "抽查事项清单"}, {Value: "plans", Text: "年度抽查计划"},
}

// registerFilters adds what readers arrange for themselves. It is no part of the
// record: it says nothing about the work.
func (s *server) registerFilters(m *web.Mux) {
	m.Mine("GET "+web.FiltersPath, s.filters)
	m.Mine("POST "+web.FiltersPath, s.saveFilter)
	m.Mine("POST "+web.FiltersPath+"/rename", s.renameFilter)
	m.Mine("POST "+web.FiltersPath+"/drop", s.dropFilter)
	m.Mine("POST /office/columns", s.chooseColumns)
}

var filtersPage = web.NewPage[filtersView](files, "filter.html")

type filtersView struct {
	Lists []filterList
	Save  *web.Form // that failed
	Most  int
}

// A filterList is a list with the reader's filters of it.
type filterList struct {
	Title, Href string
	Filters     []filterRow
}

type filterRow struct {
	Name, Href   string
	Rename, Drop web.Form
}

// renameFields is the form that gives a filter another name, or drops it.
type renameFields struct {
	ID   string `json:"id"`
	Name string `json:"name" label:"名称"`
}

// saved are the reader's filters of the list at r.
func (s *server) saved(r *http.Request, list string) (web.Saved, error) {
	all, err := s.Personal.Filters(r.Context(), web.Actor(r).Person, list)
	var kept []web.Option
	for _, f := range all {
		kept = append(kept, web.Option{Value: f.Query, Text: f.Name})
	}
	return web.NewSaved(r, list, kept), err
}

// filters shows the reader's filters of all lists.
func (s *server) filters(w http.ResponseWriter, r *http.Request) error {
	v := filtersView{Most: filtersMost}
	all, err := s.Personal.Filters(r.Context(), web.Actor(r).Person, "")
	if err != nil {
		return err
	}
	for _, of := range keptLists {
		list := filterList{Title: of.Text, Href: "/office/" + of.Value}
		for _, f := range all {
			if f.List != of.Value {
				continue
			}
			list.Filters = append(list.Filters, filterRow{
				Name: f.Name, Href: list.Href + "?" + f.Query,
				Rename: web.FormToFor(r, f.ID, web.FiltersPath+"/rename", &renameFields{f.ID, f.Name}, "id"),
				Drop:   web.FormTo(r, web.FiltersPath+"/drop", &renameFields{f.ID, f.Name}, "id"),
			})
		}
		if len(list.Filters) > 0 {
			v.Lists = append(v.Lists, list)
		}
	}
	if failure := web.Failed(r); failure != nil && failure.Values.Has("query") {
		form := web.FormTo(r, web.FiltersPath, &web.SavedFields{List: failure.Values.Get("list"), Query: failure.Values.Get("query")}, "list", "query")
		v.Save = &form
	}
	return filtersPage.Show(w, r, v)
}

// saveFilter keeps a filter, and goes back to the list.
func (s *server) saveFilter(w http.ResponseWriter, r *http.Request) error {
	var in web.SavedFields
	return s.arrange(w, r, &in, func() error {
		q, err := url.ParseQuery(in.Query)
		if len(in.Query) > 1000 || err != nil || web.FilterQuery(q) == "" {
			return inspect.ErrForm
		}
		if !slices.ContainsFunc(keptLists, func(c inspect.Choice) bool { return c.Value == in.List }) {
			return inspect.ErrForm
		}
		name, err := filterName(in.Name)
		if err != nil {
			return err
		}
		return s.Personal.SaveFilter(r.Context(), store.SavedFilter{
			ID: web.NewID(), Person: web.Actor(r).Person, List: in.List, Name: name, Query: web.FilterQuery(q), Made: s.Now(),
		}, filtersMost)
	})
}

func filterName(text string) (string, error) {
	var ps inspect.Problems
	name := inspect.Line(&ps, "name", "名称", text, 20)
	return name, ps.Err()
}

func (s *server) renameFilter(w http.ResponseWriter, r *http.Request) error {
	var in renameFields
	return s.arrange(w, r, &in, func() error {
		name, err := filterName(in.Name)
		if err != nil {
			return err
		}
		return s.Personal.RenameFilter(r.Context(), web.Actor(r).Person, in.ID, name)
	})
}

func (s *server) dropFilter(w http.ResponseWriter, r *http.Request) error {
	var in renameFields
	return s.arrange(w, r, &in, func() error { return s.Personal.DropFilter(r.Context(), web.Actor(r).Person, in.ID) })
}

// arrange reads a form of the reader's own, does what it asks for and goes back to
// its page; or it shows the filters with what is wrong.
func (s *server) arrange(w http.ResponseWriter, r *http.Request, in any, do func() error) error {
	err := read(r, in)
	if err == nil {
		err = do()
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return s.filters(w, r)
	}
	page, ok := web.LocalPath(r.PostForm.Get("page"))
	if !ok {
		page = web.FiltersPath
	}
	return seeOther(w, r, page)
}

// columns are the columns of a list with the reader's choice.
func (s *server) columns(r *http.Request, list string, all []web.Column) (web.Columns, error) {
	c := web.Columns{List: list, Page: r.URL.RequestURI(), All: slices.Clone(all)}
	chosen, ok, err := s.Personal.Columns(r.Context(), web.Actor(r).Person, list)
	if ok {
		for i := range c.All {
			c.All[i].On = slices.Contains(chosen, c.All[i].Key)
		}
	}
	return c, err
}

// listColumns are the columns of the lists that let the reader choose.
var listColumns = map[string][]web.Column{"objects": objectColumns, "inspectors": inspectorColumns}

// chooseColumns remembers the columns that the reader ticked.
func (s *server) chooseColumns(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return inspect.ErrForm
	}
	list := r.PostForm.Get("list")
	all, ok := listColumns[list]
	if !ok {
		return inspect.ErrForm
	}
	var chosen []string
	for _, c := range all {
		if slices.Contains(r.PostForm["column"], c.Key) {
			chosen = append(chosen, c.Key)
		}
	}
	if err := s.Personal.ChooseColumns(r.Context(), web.Actor(r).Person, list, chosen); err != nil {
		return err
	}
	page, ok := web.LocalPath(r.PostForm.Get("page"))
	if !ok {
		page = "/office/" + list
	}
	return seeOther(w, r, page)
}
