package main

import (
	"context"
	"net"
	"slices"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/config"
	"suicha/internal/county"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// opened runs a site with the county for one test, as a demonstration or in
// earnest, and returns its address.
func opened(t *testing.T, demo bool) (*site, []county.Person, string) {
	t.Helper()
	return openedAt(t, demo, "", time.Now)
}

// openedAt is opened with a database and a clock.
func openedAt(t *testing.T, demo bool, database string, now func() time.Time) (site *site, people []county.Person, base string) {
	t.Helper()
	site, base = siteAt(t, demo, database, now, func(s *store.Store, d inspect.Deadlines) (err error) {
		people, err = county.Make(t.Context(), s, d)
		return err
	})
	return site, people, base
}

// siteAt runs a site for one test, with what fill puts into its database first.
func siteAt(t *testing.T, demo bool, database string, now func() time.Time, fill func(*store.Store, inspect.Deadlines) error) (*site, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	site, err := openAt(ctx, config.Server{
		Origin: "http://localhost:" + port, Data: t.TempDir(), Database: database, Region: county.Region, Site: "海阳市双随机抽查公开平台",
		LogName: "test.suicha/log", Filing: "01-20", Publish: "02-29",
	}, demo, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(site.store, site.deadlines); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- site.serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the site ended with: %v", err)
		}
		site.close()
	})
	return site, "http://localhost:" + port
}

// started runs a demonstration site for one test, with accounts for the named
// people, and returns its address.
func started(t *testing.T, signIns ...string) string {
	t.Helper()
	site, people, base := opened(t, true)
	admit(t, site, people, signIns...)
	return base
}

// admit gives the named people accounts of the demonstration.
func admit(t *testing.T, site *site, people []county.Person, signIns ...string) {
	t.Helper()
	accounts := map[string]inspect.PersonID{}
	for _, p := range people {
		if slices.Contains(signIns, p.SignIn) {
			accounts[p.SignIn] = p.ID
		}
	}
	if err := site.gate.Demo(t.Context(), demoPassword, accounts); err != nil {
		t.Fatal(err)
	}
}

// R43, R44, R46, R47: a department's plan goes from a clerk's first form to the
// public page, with a mistake, a leader and a second factor on the way.
func TestBrowserPlanFromDraftToPublic(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	base := started(t, "fgj-jbr", "fgj-fgfzr")
	rig.Travel(t, base, map[string]string{"password": demoPassword}, "tools/browser/journeys/plan.mjs")
}

// An invited leader takes the account into possession with a passkey, signs in
// with it, and shows it again before a grave act.
func TestBrowserPasskey(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	site, people, base := opened(t, false)
	i := slices.IndexFunc(people, func(p county.Person) bool { return p.SignIn == "fgj-fgfzr" })
	invite, err := site.gate.Invite(t.Context(), inspect.Console(county.Region), people[i].ID, people[i].SignIn, auth.From{})
	if err != nil {
		t.Fatal(err)
	}
	rig.Travel(t, base, map[string]string{"token": invite.Token}, "tools/browser/journeys/passkey.mjs")
}

// What is typed into a list's search box is kept by everything around the list.
func TestBrowserListKeepsItsState(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	rig.Travel(t, started(t), nil, "tools/browser/journeys/list.mjs")
}
