package store_test

import (
	"fmt"
	"slices"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// Pages of any size show every plan once, though drafts that were thrown away
// have the number and edition of the one that stands.
func TestPagesOfPlansLoseNone(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		for i := range 5 {
			id := rig.ID[inspect.PlanID](fmt.Sprint(o.Name(), i))
			o.Done(li, act.DraftPlan{Plan: id, Kind: inspect.PlanOwn, Year: 2026})
			if i < 4 {
				o.Done(li, act.DiscardPlan{Plan: id, Seen: 1})
			}
		}
		o.Done(li, act.DraftPlan{Plan: rig.ID[inspect.PlanID](o.Name() + "led"), Kind: inspect.PlanLed, Year: 2026})
		page := func(after string, most int) []inspect.Plan {
			plans, err := o.Store.DB.Plans(o.Context(), li.Scope(), store.PlanFilter{After: after, Most: most})
			if err != nil {
				o.Fatalf("after %q: %v", after, err)
			}
			return plans
		}
		all := page("", 100)
		if len(all) != 6 {
			o.Fatalf("%d plans, want 6", len(all))
		}
		for most := 1; most <= 7; most++ {
			var got []inspect.PlanID
			after := ""
			for plans := page(after, most); len(plans) > 0; plans = page(after, most) {
				for _, p := range plans {
					got = append(got, p.ID)
				}
				after = store.PlanKey(plans[len(plans)-1])
			}
			if !slices.EqualFunc(got, all, func(id inspect.PlanID, p inspect.Plan) bool { return id == p.ID }) {
				o.Errorf("pages of %d show %v", most, got)
			}
		}
		for _, nonsense := range []string{"x", "x.y", "a.b.c", "370687-2026-scjg.0", "'.1.'", "a.99999999999999999999.b"} {
			if len(page(nonsense, 100)) != 6 {
				o.Errorf("after %q not all plans are shown", nonsense)
			}
		}
	})
}

// Names stand as in a Chinese register: organisations, persons and
// sub-libraries, page by page, and after a new name in its new place.
func TestNamesAreSortedByPinyin(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		system, li := o.Someone("系统管理员", inspect.SystemAdmin, "lhb"), o.Clerk("李科长", "scjg")
		for i, name := range []string{"章安", "单伟", "曾国强", "张三", "仇英", "查海生", "解晓东", "王伟"} {
			o.Done(system, act.AddPerson{ID: rig.ID[inspect.PersonID](fmt.Sprint(o.Name(), i)), Name: name})
		}
		var people []string
		for after := inspect.PersonID(""); ; {
			page, err := o.Store.DB.People(o.Context(), inspect.Scope{}, store.PeopleFilter{Region: rig.Region, Idle: true, After: after, Most: 3})
			if err != nil {
				o.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			for _, p := range page {
				people = append(people, p.Name)
			}
			after = page[len(page)-1].ID
		}
		if want := []string{"仇英", "单伟", "王伟", "解晓东", "曾国强", "查海生", "张三", "章安"}; !slices.Equal(people, want) {
			o.Errorf("persons: %v, want %v", people, want)
		}
		for i, name := range []string{"药品经营单位", "餐饮服务单位", "银行网点", "重点企业"} {
			o.Done(li, act.PutSublibrary{ID: rig.ID[inspect.SublibraryID](fmt.Sprint(o.Name(), i)), Name: name, Size: 1})
		}
		o.Done(li, act.PutSublibrary{ID: rig.ID[inspect.SublibraryID](o.Name() + "3"), Seen: 1, Name: "安全重点企业", Size: 1})
		libs, err := o.Store.DB.Sublibraries(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil {
			o.Fatal(err)
		}
		if got := texts(libs, func(l inspect.Sublibrary) string { return l.Name }); !slices.Equal(got, []string{"安全重点企业", "餐饮服务单位", "药品经营单位", "银行网点"}) {
			o.Errorf("sub-libraries: %v", got)
		}
		orgs, err := o.Store.DB.Orgs(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil {
			o.Fatal(err)
		}
		if got := texts(orgs, func(g inspect.Org) string { return g.Code }); !slices.Equal(got[:3], []string{"gaj", "scjg", "wjw"}) { // 公安, 市场, 卫生
			o.Errorf("organisations: %v", got)
		}
	})
}

func texts[T any](all []T, text func(T) string) []string {
	var list []string
	for _, v := range all {
		list = append(list, text(v))
	}
	return list
}

// A start makes the sort keys that are missing or of another version.
func TestStartMakesSortKeys(t *testing.T) {
	url := rig.SQLite(t)
	r := openRaw(t, url, false)
	before := r.texts(r.DB, `SELECT name || sort_key FROM pinyin ORDER BY name`)
	r.must(`DELETE FROM pinyin WHERE name LIKE '海阳市%'`)
	r.must(`UPDATE pinyin SET sort_key = 'of another version'`)
	if _, err := r.started(url); err != nil {
		t.Fatal(err)
	}
	if after := r.texts(r.DB, `SELECT name || sort_key FROM pinyin ORDER BY name`); !slices.Equal(before, after) || len(after) < 8 {
		t.Errorf("got %v, want %v", after, before)
	}
}

// R22: the list of items is public: whoever asks reads it, without a scope.
func TestItemListsArePublic(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Item("wjw", "W-2")
		o.Item("scjg", "S-1")
		o.Item("wjw", "W-1")
		items, err := o.Store.DB.Items(o.Context(), inspect.Scope{}, rig.Region)
		if err != nil {
			o.Fatal(err)
		}
		if got := texts(items, func(i inspect.Item) string { return i.Code }); !slices.Equal(got, []string{"S-1", "W-1", "W-2"}) {
			o.Errorf("items by department and number: %v", got)
		}
	})
}
