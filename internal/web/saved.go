package web

import (
	"net/http"
	"net/url"
	"unicode/utf8"
)

// A Saved ("saved") is the reader's own filters of a list, and the form that keeps
// the one in force.
type Saved struct {
	Links []Tab
	Form  *Form // nil if the list is not narrowed, or this filter is kept already
}

// SavedFields is the form that keeps a filter (常用筛选).
type SavedFields struct {
	List  string `json:"list"`
	Query string `json:"query"`
	Name  string `json:"name" label:"名称" hint:"最多 20 个字"`
}

// FiltersPath is the page of the reader's filters. Its form is sent there, too.
const FiltersPath = "/office/filters"

// NewSaved returns the filters kept for the list at r. A filter is its name and the
// query of the list's address.
func NewSaved(r *http.Request, list string, kept []Option) Saved {
	here := FilterQuery(r.URL.Query())
	s := Saved{}
	for _, k := range kept {
		s.Links = append(s.Links, Tab{Text: k.Text, Href: r.URL.Path + "?" + k.Value, Current: k.Value == here})
		if k.Value == here {
			here = ""
		}
	}
	if here != "" {
		form := FormTo(r, FiltersPath, &SavedFields{List: list, Query: here}, "list", "query")
		s.Form = &form
	}
	return s
}

// FilterQuery is what of a list's address narrows it: not where it goes on, how
// long its pages are, and what led to it.
func FilterQuery(q url.Values) string {
	kept := url.Values{}
	for name, values := range q {
		switch name {
		case "after", "before", "size", doneAct, unsent:
		default:
			if values[0] != "" {
				kept.Set(name, values[0])
			}
		}
	}
	return kept.Encode()
}

// Columns ("columns") is the choice of what a list shows beside what it always
// does.
type Columns struct {
	List, Page string
	All        []Column
}

// A Column is one that a reader can have or leave out.
type Column struct {
	Key, Text string
	On        bool
}

// Heads are the headings of the columns that are shown.
func (c Columns) Heads() []string {
	var heads []string
	for _, one := range c.Shown() {
		heads = append(heads, one.Text)
	}
	return heads
}

// Shown are the columns that are shown.
func (c Columns) Shown() []Column {
	var shown []Column
	for _, one := range c.All {
		if one.On {
			shown = append(shown, one)
		}
	}
	return shown
}

// Exports ("exports") lead to files with all rows that a list finds: as it shows
// them, and in the columns that can be imported.
type Exports struct{ XLSX, CSV, Again string }

// NewExports returns the files of the list at r.
func NewExports(r *http.Request) Exports {
	q := r.URL.Query()
	for _, name := range []string{"after", "before", "size", doneAct, unsent} {
		q.Del(name)
	}
	shown := "?" + q.Encode()
	q.Set("as", "import")
	return Exports{r.URL.Path + ".xlsx" + shown, r.URL.Path + ".csv" + shown, r.URL.Path + ".xlsx?" + q.Encode()}
}

// A ListCell is what a row says in a column that the reader chose.
type ListCell struct {
	Label, Text string
	Note        string // a second line under the text
}

// Long reports whether the text needs more than a line.
func (c ListCell) Long() bool { return utf8.RuneCountInString(c.Text) > 12 }
