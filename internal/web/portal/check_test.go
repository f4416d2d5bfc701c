package portal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// checkSite is the public's site of an office with one visit.
func checkSite(o *rig.Office) *county {
	c := &county{Office: o}
	c.makeKeys()
	c.seal()
	c.open()
	return c
}

// R81, C15: who has the code of a visit learns who comes, by name, certificate and
// department, and for what; every wrong code is answered by the same page.
func TestInspectionCodeShowsTheVisit(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		visit := o.VisitBegun()
		v := visit.Found()
		c := checkSite(o)
		code := strings.ToLower(strings.ReplaceAll(v.Code, "-", " "))
		c.shows("/check", "查验检查码", "有权拒绝")
		for _, path := range []string{"/check/" + v.Code, "/check?code=" + strings.ReplaceAll(code, " ", "+")} {
			c.shows(path, "这是一次真实的检查", v.Party.Name, "检查中", v.Members[0].Name, v.Members[0].Certificate, v.Findings[0].Name, "/items/"+string(v.Findings[0].Item)+"/")
		}
		if got := c.get("/check/" + v.Code); got.header.Get("Cache-Control") != "no-store" || strings.Contains(got.body, v.Start.Present) {
			t.Errorf("the page may be kept, or names the party's people")
		}
		var first string
		for i, wrong := range []string{"0000-0000-0000-0000", v.Code[:18] + map[bool]string{true: "0", false: "1"}[v.Code[18] != '0'], "x", strings.Repeat("A", 500), "%00%FF", "'--"} {
			got := c.get("/check/" + wrong)
			if _, main, _ := strings.Cut(got.body, "<main"); i == 0 {
				first = main
			} else if main != first || got.status != http.StatusNotFound {
				t.Errorf("%q is answered by another page: %d", wrong, got.status)
			}
		}
	})
}

// INV-05, R81: a visit that must not be announced is not there before it begins.
func TestCodeOfUnannouncedVisitWaits(t *testing.T) {
	for _, test := range []struct {
		state            inspect.VisitState
		noNotice, sealed bool
		team             inspect.TeamState
		want             bool
	}{
		{inspect.VisitPrepared, false, false, inspect.TeamDispatched, true},
		{inspect.VisitPrepared, true, false, inspect.TeamDispatched, false},
		{inspect.VisitPrepared, false, true, inspect.TeamDispatched, false},
		{inspect.VisitBegun, true, true, inspect.TeamDispatched, true},
		{inspect.VisitSigned, true, true, inspect.TeamDispatched, true},
		{inspect.VisitPrepared, false, false, inspect.TeamReplaced, false},
		{inspect.VisitBegun, false, false, inspect.TeamReplaced, false},
	} {
		v := inspect.Visit{State: test.state}
		v.NoNotice = test.noNotice
		if got := v.Checkable(inspect.Team{State: test.team, Sealed: test.sealed}); got != test.want {
			t.Errorf("%+v: got %v", test, got)
		}
	}
}

func TestCodesAreNotTriedWithoutEnd(t *testing.T) {
	c := checkSite(rig.Open(t, rig.SQLite(t)))
	for range 20 {
		if got := c.get("/check/0000-0000-0000-0000"); got.status != http.StatusNotFound {
			t.Fatal(got.status)
		}
	}
	if got := c.get("/check/0000-0000-0000-0000"); got.status != http.StatusTooManyRequests {
		t.Error(got.status)
	}
	c.Now = c.Now.Add(3 * time.Second)
	if got := c.get("/check/0000-0000-0000-0000"); got.status != http.StatusNotFound {
		t.Error(got.status)
	}
}
