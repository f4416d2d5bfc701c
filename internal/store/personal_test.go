package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// What a person keeps is theirs alone, under names that differ, and not without
// end.
func TestPersonalFiltersAndColumns(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, p := o.Context(), o.Store.Personal
		li, wang := o.Clerk("李科长", "scjg").Person, o.Leader("王局长", "scjg").Person
		save := func(person inspect.PersonID, n int, name, query string) error {
			return p.SaveFilter(ctx, store.SavedFilter{
				ID: rig.ID[string](fmt.Sprint("filter ", person, n)), Person: person, List: "objects", Name: name, Query: query, Made: o.Now,
			}, 3)
		}
		for n, name := range []string{"甲", "乙", "丙", "甲"} {
			if err := save(li, n, name, fmt.Sprint("q=", n)); err != nil {
				o.Fatal(err)
			}
		}
		if err := save(li, 9, "丁", "q=9"); !errors.Is(err, inspect.ErrFiltersMany) {
			o.Errorf("a filter too many: %v", err)
		}
		if err := save(wang, 1, "甲", "risk=D"); err != nil {
			o.Error(err)
		}
		all, err := p.Filters(ctx, li, "")
		if err != nil || len(all) != 3 || all[slices.IndexFunc(all, func(f store.SavedFilter) bool { return f.Name == "甲" })].Query != "q=3" {
			o.Errorf("the filters are %+v, %v", all, err)
		}
		if none, err := p.Filters(ctx, li, "inspectors"); err != nil || len(none) != 0 {
			o.Errorf("filters of another list: %+v, %v", none, err)
		}
		first := rig.ID[string](fmt.Sprint("filter ", li, 0))
		for _, test := range []struct {
			person inspect.PersonID
			name   string
			want   error
		}{{li, "乙", inspect.ErrFilterTaken}, {wang, "戊", inspect.ErrMissing}, {li, "甲", nil}, {li, "己", nil}} {
			if err := p.RenameFilter(ctx, test.person, first, test.name); !errors.Is(err, test.want) {
				o.Errorf("renamed %s by %s: %v, want %v", test.name, test.person, err, test.want)
			}
		}
		for _, person := range []inspect.PersonID{wang, li, li} {
			if err := p.DropFilter(ctx, person, first); err != nil {
				o.Error(err)
			}
		}
		if all, err = p.Filters(ctx, li, "objects"); err != nil || len(all) != 2 {
			o.Errorf("after one was dropped: %+v, %v", all, err)
		}

		if columns, chosen, err := p.Columns(ctx, li, "objects"); err != nil || chosen || len(columns) != 0 {
			o.Errorf("columns that nobody chose: %q, %v, %v", columns, chosen, err)
		}
		for _, want := range [][]string{{"kind", "owner"}, {}, {"town"}} {
			if err := p.ChooseColumns(ctx, li, "objects", want); err != nil {
				o.Fatal(err)
			}
			if got, chosen, err := p.Columns(ctx, li, "objects"); err != nil || !chosen || !slices.Equal(got, want) {
				o.Errorf("columns are %q, want %q (%v, %v)", got, want, chosen, err)
			}
		}
		if _, chosen, err := p.Columns(ctx, wang, "objects"); err != nil || chosen {
			o.Errorf("another's columns: %v, %v", chosen, err)
		}
		o.Verified()
	})
}

// Whoever saves many filters at once gets no more than whoever saves them one by
// one.
func TestManyFiltersAtOnceStayWithinTheLimit(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, p := o.Context(), o.Store.Personal
		li := o.Clerk("李科长", "scjg").Person
		const most, asked = 5, 24
		errs := make(chan error, asked)
		for n := range asked {
			go func() {
				errs <- p.SaveFilter(ctx, store.SavedFilter{
					ID: rig.ID[string](fmt.Sprint("filter ", n)), Person: li, List: "objects", Name: fmt.Sprint("筛选", n), Query: "q=1", Made: o.Now,
				}, most)
			}()
		}
		saved := 0
		for range asked {
			switch err := <-errs; {
			case err == nil:
				saved++
			case !errors.Is(err, inspect.ErrFiltersMany):
				o.Error(err)
			}
		}
		all, err := p.Filters(ctx, li, "")
		if err != nil || saved != most || len(all) != most {
			o.Errorf("%d saved, %d kept, %v; want %d", saved, len(all), err, most)
		}
	})
}
