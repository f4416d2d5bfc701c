package store_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// published is a department's plan of a year, made public.
func published(o *rig.Office, org string, year int) inspect.PlanID {
	o.Helper()
	clerk, leader := o.Clerk("经办"+org, org), o.Leader("局长"+org, org)
	id := rig.ID[inspect.PlanID](fmt.Sprint(o.Name(), org, year))
	o.Done(clerk, act.DraftPlan{Plan: id, Kind: inspect.PlanOwn, Year: year})
	o.Done(clerk, o.Line(id, org))
	o.Done(clerk, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
	o.Done(leader, act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"})
	o.Done(clerk, act.FilePlan{Plan: id, Seen: o.Plan(id).Version})
	o.Done(leader, act.PublishPlan{Plan: id, Seen: o.Plan(id).Version, Number: o.Plan(id).Number})
	return id
}

// R47: the public's lists hold what is published, newest year first, and go on
// where the page before ended.
func TestPublicListsOfPlans(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Now = time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
		for _, p := range []struct {
			org  string
			year int
		}{{"wjw", 2026}, {"scjg", 2027}, {"scjg", 2026}, {"gaj", 2026}, {"gaj", 2027}} {
			published(o, p.org, p.year)
			o.Now = o.Now.Add(time.Hour)
		}
		o.Filed(o.Clerk("经办wjw", "wjw"), o.Leader("局长wjw", "wjw"), 2027)
		db, everybody := o.Store.DB, inspect.Scope{}
		var got []string
		for after := ""; ; {
			plans, err := db.PublishedPlans(t.Context(), everybody, store.PlanFilter{Region: rig.Region, After: after, Most: 2})
			if err != nil {
				o.Fatal(err)
			}
			for _, p := range plans {
				got = append(got, p.Number[7:])
			}
			if len(plans) < 2 {
				break
			}
			after = plans[1].Number
		}
		if want := []string{"2027-gaj", "2027-scjg", "2026-gaj", "2026-scjg", "2026-wjw"}; !slices.Equal(got, want) {
			o.Errorf("the list is %v, want %v", got, want)
		}
		years, err := db.PublicYears(t.Context(), everybody, rig.Region)
		if err != nil || !slices.Equal(years, []int{2027, 2026}) {
			o.Errorf("the years are %v, %v", years, err)
		}
		latest, err := db.LatestPlans(t.Context(), everybody, rig.Region, 2)
		if err != nil || len(latest) != 2 || latest[0].Number != "370687-2027-gaj" || len(latest[0].Lines) != 1 {
			o.Errorf("the latest are %v, %v", latest, err)
		}
		for _, test := range []struct {
			filter store.PlanFilter
			want   int
		}{
			{store.PlanFilter{Year: 2027}, 2}, {store.PlanFilter{Org: rig.Org("gaj")}, 2}, {store.PlanFilter{Kind: inspect.PlanJoint}, 0},
			{store.PlanFilter{Text: "餐饮"}, 5}, {store.PlanFilter{Text: "%"}, 0}, {store.PlanFilter{Text: "餐饮", Year: 2026, Org: rig.Org("wjw")}, 1},
			{store.PlanFilter{After: "370687-2026-zzz"}, 0},
		} {
			test.filter.Region, test.filter.Most = rig.Region, 10
			plans, err := db.PublishedPlans(t.Context(), everybody, test.filter)
			if err != nil || len(plans) != test.want {
				o.Errorf("%+v finds %d plans, want %d: %v", test.filter, len(plans), test.want, err)
			}
		}
	})
}

func TestPublicActsAreThoseOfPublicPlans(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		id := published(o, "scjg", 2026)
		filed := o.Filed(o.Clerk("孙警官", "gaj"), o.Leader("钱局长", "gaj"), 2026)
		acts, err := o.Store.DB.PublicActs(t.Context(), inspect.Scope{}, id)
		var verbs []inspect.Verb
		for _, a := range acts {
			verbs = append(verbs, a.Verb)
		}
		if want := []inspect.Verb{inspect.PlanApprove, inspect.PlanFile, inspect.PlanPublish}; err != nil || !slices.Equal(verbs, want) {
			o.Errorf("the acts are %v, %v", verbs, err)
		}
		if acts, err := o.Store.DB.PublicActs(t.Context(), inspect.Scope{}, filed); err != nil || len(acts) > 0 {
			o.Errorf("a plan that is not public has acts %v, %v", acts, err)
		}
	})
}

// A receipt code finds its entry, before and after a checkpoint covers it.
func TestFindByHash(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		find := func() {
			o.Helper()
			for n := int64(0); ; n++ {
				leaf, err := o.Store.DB.PublicEntry(t.Context(), inspect.Scope{}, n)
				if err != nil {
					break
				}
				hash := ledger.LeafHash([]byte(leaf))
				if found, err := o.Store.Log.Find(t.Context(), hex.EncodeToString(hash[:4])); err != nil || !slices.Contains(found, n) {
					o.Errorf("entry %d is found as %v, %v", n, found, err)
				}
			}
		}
		find()
		_, err := o.Store.Log.Extend(t.Context(), o.Now, func(_, _ ledger.Head, _ []ledger.Hash) ([]byte, error) { return []byte("signed"), nil })
		if err != nil {
			o.Fatal(err)
		}
		head, err := o.Store.Log.Newest(t.Context())
		if err != nil {
			o.Fatal(err)
		}
		o.Item("scjg", "A-9")
		find()
		// The root is a hash of the tree, but no leaf's.
		if found, err := o.Store.Log.Find(t.Context(), hex.EncodeToString(head.Root[:])); err != nil || len(found) > 0 {
			o.Errorf("the root is found as %v, %v", found, err)
		}
		if found, err := o.Store.Log.Find(t.Context(), "00000000000000000000"); err != nil || len(found) > 0 {
			o.Errorf("nothing is found as %v, %v", found, err)
		}
	})
}
