package inspect_test

import (
	"errors"
	"testing"
	"time"

	"suicha/internal/inspect"
)

// R141: an organisation keeps its former names, and documents the name of their
// time; what was merged answers through its successor.
func TestOrganisationsChange(t *testing.T) {
	org, err := inspect.NewOrg(scjg.ID, inspect.OrgDepartment, "370687", "gsj", " 海阳市工商行政管理局 ", "工商局", day("2015-01-01"))
	if err != nil || org.Name != "海阳市工商行政管理局" {
		t.Fatalf("%+v, %v", org, err)
	}
	first := org
	if org, err = org.Rename("海阳市市场监督管理局", "市监局", day("2019-03-01")); err != nil {
		t.Fatal(err)
	}
	if org, err = org.Rename("海阳市市场监管局", "市监局", day("2024-01-01")); err != nil {
		t.Fatal(err)
	}
	if len(first.Names) != 0 {
		t.Error("renaming changed the organisation that was handed to it")
	}
	for on, want := range map[string]string{
		"2015-01-01": "海阳市工商行政管理局", "2019-02-28": "海阳市工商行政管理局", "2019-03-01": "海阳市市场监督管理局",
		"2023-12-31": "海阳市市场监督管理局", "2024-01-01": "海阳市市场监管局", "2030-01-01": "海阳市市场监管局",
	} {
		if got := org.NameOn(day(on)); got != want {
			t.Errorf("on %s it is called %s, want %s", on, got, want)
		}
	}
	if _, err := org.Merge(org, day("2026-01-01")); !errors.Is(err, inspect.ErrOrgSelf) {
		t.Errorf("merged into itself: %v", err)
	}
	if _, err := org.Merge(far, day("2026-01-01")); !errors.Is(err, inspect.ErrOrgSelf) {
		t.Errorf("merged into another region: %v", err)
	}
	office := gaj // C3: who cannot inspect does not answer for inspections
	office.ID, office.Kind = uuid[inspect.OrgID](99), inspect.OrgOffice
	if _, err := org.Merge(office, day("2026-01-01")); !errors.Is(err, inspect.ErrMergeBody) {
		t.Errorf("an inspecting body merged into the conference office: %v", err)
	}
	gone, err := org.Merge(gaj, day("2026-01-01"))
	if err != nil || gone.Into != gaj.ID {
		t.Fatalf("merged: %+v, %v", gone, err)
	}
	for name, change := range map[string]func() (inspect.Org, error){
		"renamed":      func() (inspect.Org, error) { return gone.Rename("新名", "新名", day("2026-02-01")) },
		"merged again": func() (inspect.Org, error) { return gone.Merge(gaj, day("2026-02-01")) },
		"a new home":   func() (inspect.Org, error) { return wjw.Merge(gone, day("2026-02-01")) },
		"makes a plan": func() (inspect.Org, error) {
			_, err := inspect.NewPlan(uuid[inspect.PlanID](1), inspect.PlanOwn, gone, 2026, "p", now)
			return gone, err
		},
	} {
		if _, err := change(); !errors.Is(err, inspect.ErrOrgGone) {
			t.Errorf("%s after its end: %v", name, err)
		}
	}
	for _, code := range []string{"", "a", "Gsj", "1gsj", "gsj-1", "局", "abcdefghijklm"} {
		if _, err := inspect.NewOrg(scjg.ID, inspect.OrgDepartment, "370687", code, "名", "名", day("2015-01-01")); !errors.Is(err, inspect.ErrOrgCode) {
			t.Errorf("code %q: %v", code, err)
		}
	}
}

// R43, C3: who makes which plan, and for which years.
func TestWhoMakesWhichPlan(t *testing.T) {
	team := scjg
	team.Kind = inspect.OrgTeam // R39
	for _, test := range []struct {
		org             inspect.Org
		own, led, joint bool
	}{{scjg, true, true, false}, {team, true, true, false}, {lhb, false, false, true}, {zf, false, false, false}, {sfj, false, false, false}} {
		for kind, want := range map[inspect.PlanKind]bool{inspect.PlanOwn: test.own, inspect.PlanLed: test.led, inspect.PlanJoint: test.joint} {
			p, err := inspect.NewPlan(uuid[inspect.PlanID](1), kind, test.org, 2026, "p", now)
			if (err == nil) != want || err != nil && !errors.Is(err, inspect.ErrPlanKind) || want && p.State != inspect.PlanDrafting {
				t.Errorf("a %s plan of %s: %v, want %v", kind, test.org.Kind, err, want)
			}
		}
	}
	for year, want := range map[int]bool{2024: false, 2025: true, 2026: true, 2027: true, 2028: false, -1: false} {
		if _, err := inspect.NewPlan(uuid[inspect.PlanID](1), inspect.PlanOwn, scjg, year, "p", now); (err == nil) != want {
			t.Errorf("a plan of %d: %v", year, err)
		}
	}
	if _, err := inspect.NewPlan("x", "y", scjg, 2026, "p", now); !errors.Is(err, inspect.ErrIdent) || !errors.Is(err, inspect.ErrChoice) {
		t.Errorf("both faults are told at once: %v", err)
	}
}

// INV-14: nobody grants to themselves; the three administrators stay apart from
// each other and from all business.
func TestAdministratorsStayApart(t *testing.T) {
	held := func(kind inspect.PostKind) []inspect.Post {
		return []inspect.Post{{ID: uuid[inspect.PostID](2), Person: "p", Org: gaj.ID, Kind: kind, From: day("2025-01-01")}}
	}
	for _, has := range inspect.PostKinds {
		for _, wants := range inspect.PostKinds {
			post := inspect.Post{ID: uuid[inspect.PostID](1), Person: "p", Org: scjg.ID, Kind: wants, From: day("2026-01-01")}
			_, err := inspect.NewPost(post, "admin", held(has))
			if apart := has.Class() != wants.Class(); apart != errors.Is(err, inspect.ErrAdminApart) || !apart && err != nil {
				t.Errorf("a %s becomes a %s: %v", has, wants, err)
			}
			ended := held(has)
			ended[0].Ended, ended[0].Until = true, day("2025-06-01")
			if _, err := inspect.NewPost(post, "admin", ended); err != nil {
				t.Errorf("who was a %s becomes a %s: %v", has, wants, err)
			}
			// A post that runs out by its date was not ended by an act.
			ended[0].Ended = false
			if _, err := inspect.NewPost(post, "admin", ended); (err != nil) != (has.Class() != wants.Class()) {
				t.Errorf("whose post as a %s ran out becomes a %s: %v", has, wants, err)
			}
		}
	}
	good := inspect.Post{ID: uuid[inspect.PostID](1), Person: "p", Org: scjg.ID, Kind: inspect.Clerk, From: day("2026-01-01")}
	for name, test := range map[string]struct {
		spoil func(*inspect.Post)
		by    inspect.PersonID
		want  inspect.Problem
	}{
		"to oneself": {func(*inspect.Post) {}, "p", inspect.ErrOwnPost},
		"unknown":    {func(p *inspect.Post) { p.Kind = "king" }, "a", inspect.ErrChoice},
		"console":    {func(p *inspect.Post) { p.Kind = inspect.ConsolePost }, "a", inspect.ErrChoice},
		"backwards":  {func(p *inspect.Post) { p.Until = day("2025-12-31") }, "a", inspect.ErrPostDates},
		"no id":      {func(p *inspect.Post) { p.ID = "x" }, "a", inspect.ErrIdent},
	} {
		p := good
		test.spoil(&p)
		if _, err := inspect.NewPost(p, test.by, nil); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want.Code)
		}
	}
	twice := held(inspect.Clerk)
	twice[0].Org = scjg.ID
	if _, err := inspect.NewPost(good, "a", twice); !errors.Is(err, inspect.ErrPostHeld) {
		t.Errorf("the same post twice: %v", err)
	}
}

// INV-14: somebody can always grant.
func TestPostsEnd(t *testing.T) {
	post := inspect.Post{Person: "p", Kind: inspect.SecurityAdmin, From: day("2026-01-01")}
	for name, test := range map[string]struct {
		by     inspect.PersonID
		day    string
		others int
		ended  bool
		want   error
	}{
		"by another": {"a", "2026-02-01", 1, false, nil}, "by oneself": {"p", "2026-02-01", 1, false, inspect.ErrOwnPost},
		"the last": {"a", "2026-02-01", 0, false, inspect.ErrLastSecurity}, "twice": {"a", "2026-02-01", 1, true, inspect.ErrStep},
	} {
		p := post
		p.Ended = test.ended
		got, err := p.End(test.by, day(test.day), test.others)
		if !errors.Is(err, test.want) || err == nil && (got.Held(day("2026-02-01")) || !got.Held(day("2026-01-31"))) {
			t.Errorf("%s: %+v, %v, want %v", name, got, err, test.want)
		}
	}
	never, err := post.End("a", day("2025-12-31"), 1) // a day before it begins
	if err != nil || !never.Ended || never.Held(day("2025-12-31")) || never.Held(post.From) || never.Held(day("2026-02-01")) {
		t.Errorf("ended before it began: %+v, %v", never, err)
	}
	if post.Held(day("2025-12-31")) || !post.Held(day("2026-01-01")) || !post.Held(day("2050-01-01")) {
		t.Error("an open post is held from its first day on")
	}
}

// A shown second factor serves for five minutes, and not before it was shown.
func TestSecondFactorServesFiveMinutes(t *testing.T) {
	for age, want := range map[time.Duration]bool{0: true, 5 * time.Minute: true, 5*time.Minute + 1: false, -1: false} {
		if got := (inspect.Actor{Proved: now.Add(-age)}).Proven(now); got != want {
			t.Errorf("shown %s ago serves: %v", age, got)
		}
	}
	if (inspect.Actor{}).Proven(now) {
		t.Error("one that was never shown serves")
	}
}
