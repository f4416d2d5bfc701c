package office

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var sublibrariesPage = web.NewPage[sublibrariesView](files, "sublibrary.html")

type sublibrariesView struct {
	Numbers []web.Number
	Filter  web.Filter
	Rows    []sublibraryRow
	Pager   web.Pager
	None    bool
	Form    *web.Form // nil for readers who keep no sub-library
	Recount string    // name of the sub-library that is counted anew; empty registers one
}

// A sublibraryRow is one sub-library of the list.
type sublibraryRow struct {
	Href               string
	Name, Org, Counted string
	Size               int64
	Classes            []classCount
	Rest               int64 // objects without a risk class
	Recount            string
}

// A classCount is how many objects have a risk class.
type classCount struct {
	Letter, Class string // A, and the name of its style
	Count         int64
}

// sublibraries lists the parts of the departments' object libraries that plans
// reckon with: R31. Who reads the lists of items reads them too.
func (s *server) sublibraries(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	var libs []inspect.Sublibrary
	for _, l := range facts.Sublibs {
		libs = append(libs, l)
	}
	slices.SortFunc(libs, func(a, b inspect.Sublibrary) int {
		if (a.Org == who.Org.ID) != (b.Org == who.Org.ID) { // the reader's own come first
			return map[bool]int{true: -1, false: 1}[a.Org == who.Org.ID]
		}
		return cmp.Or(cmp.Compare(facts.Orgs[a.Org].Code, facts.Orgs[b.Org].Code), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	v := sublibrariesView{None: len(libs) == 0}
	v.Filter = web.NewFilter(r, "分库名称", "libraries", web.NewChip(r, "部门", "org", libraryOrgs(libs, facts)...))
	text := strings.ToLower(strings.TrimSpace(q.Get("q")))
	libs = slices.DeleteFunc(libs, func(l inspect.Sublibrary) bool {
		return !fits(q.Get("org"), l.Org) || !strings.Contains(strings.ToLower(l.Name), text)
	})
	v.Numbers = libraryNumbers(libs)
	keeps := who.MayTo(inspect.SublibraryPut, inspect.Owner) == nil && who.Org.Inspects()
	page, next := pageOf(r, libs, func(l inspect.Sublibrary) string { return string(l.ID) })
	for _, l := range page {
		row := libraryRow(l, facts)
		if keeps && l.Org == who.Org.ID {
			row.Recount = "/office/sublibraries?recount=" + string(l.ID) + "#count"
		}
		v.Rows = append(v.Rows, row)
	}
	v.Pager = web.NewPager(r, "libraries", fmt.Sprintf("共 %d 个，本页 %d 个", len(libs), len(page)), next)
	if keeps {
		v.count(r, facts)
	}
	return sublibrariesPage.Show(w, r, v)
}

// count makes the form: of the sub-library that is to be counted anew, if one of
// the reader's own is named, else of a new one.
func (v *sublibrariesView) count(r *http.Request, facts inspect.Facts) {
	id := r.URL.Query().Get("recount")
	if failed := web.Failed(r); failed != nil {
		id = failed.Values.Get("id")
	}
	l, ok := facts.Sublibs[inspect.SublibraryID(id)]
	if !ok || l.Org != web.Actor(r).Org.ID {
		l = inspect.Sublibrary{ID: inspect.SublibraryID(web.NewID())}
	}
	form := web.FormOf(r, act.PutSublibrary{
		ID: l.ID, Seen: l.Version, Name: l.Name, Size: l.Size,
		ClassA: l.Classes[0], ClassB: l.Classes[1], ClassC: l.Classes[2], ClassD: l.Classes[3],
	}, "id", "seen")
	form.Page = "/office/sublibraries"
	v.Form, v.Recount = &form, l.Name
}

func libraryOrgs(libs []inspect.Sublibrary, facts inspect.Facts) []web.Option {
	var orgs []web.Option
	for _, l := range libs {
		if o := facts.Orgs[l.Org]; !slices.ContainsFunc(orgs, func(x web.Option) bool { return x.Value == string(o.ID) }) {
			orgs = append(orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	return orgs
}

func libraryNumbers(libs []inspect.Sublibrary) []web.Number {
	objects, classed := int64(0), [4]int64{}
	for _, l := range libs {
		objects += l.Size
		for i, n := range l.Classes {
			classed[i] += n
		}
	}
	numbers := []web.Number{{Label: "分库", Value: fmt.Sprint(len(libs)), Unit: "个"}, {Label: "检查对象", Value: web.Thousands(objects), Unit: "户"}}
	for i, n := range classed {
		numbers = append(numbers, web.Number{Label: string("ABCD"[i]) + " 类", Value: web.Thousands(n), Unit: "户"})
	}
	return numbers
}

func libraryRow(l inspect.Sublibrary, facts inspect.Facts) sublibraryRow {
	row := sublibraryRow{Href: "/office/sublibraries/" + string(l.ID), Name: l.Name, Org: facts.Orgs[l.Org].Short, Counted: l.Counted.String(), Size: l.Size, Rest: l.Size}
	for i, n := range l.Classes {
		row.Rest -= n
		if n != 0 {
			row.Classes = append(row.Classes, classCount{Letter: string("ABCD"[i]), Class: string("abcd"[i]), Count: n})
		}
	}
	return row
}
