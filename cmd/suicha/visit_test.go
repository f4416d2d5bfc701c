package main

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// A travelled is a visit of a journey: its team, and the sign-ins of its members, the
// leader first.
type travelled struct {
	Team  inspect.TeamID `json:"team"`
	Name  string         `json:"name"` // of the object
	Code  string         `json:"code"`
	Lead  []string       `json:"lead"`  // members of scjg, which leads
	Other []string       `json:"other"` // members of gaj
}

// R76–R94, R100–R102, INV-10, INV-12, INV-13: from the dispatched teams of two departments
// to results that are public and corrected, by everybody who has a part in it, on both
// databases.
func TestBrowserFromDispatchToCorrection(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			address := ""
			if database == "postgres" {
				address = rig.County(t)
			} else {
				address = rig.SQLite(t)
			}
			o, facts := dispatched(t, address, 2)
			begin := o.Now
			clock := &movable{ahead: time.Until(begin)}
			site, base := siteAt(t, true, address, clock.now, func(*store.Store, inspect.Deadlines) error { return nil })
			if err := site.gate.Demo(t.Context(), demoPassword, facts.accounts); err != nil {
				t.Fatal(err)
			}
			rig.Travel(t, base, facts, "tools/browser/journeys/visit.mjs")
		})
	}
}

// visitFacts are what a journey through visits knows.
type visitFacts struct {
	Password string      `json:"password"`
	Dir      string      `json:"dir"` // of photographs
	Visits   []travelled `json:"visits"`
	accounts map[string]inspect.PersonID
}

// dispatched is a county with n teams that stand before their visits, the first of both
// departments, and who takes part.
func dispatched(t *testing.T, address string, n int) (*rig.Office, visitFacts) {
	t.Helper()
	o := rig.Open(t, address)
	o.Enterprises = true
	first, second := o.TwoTasks()
	run := o.Batch(first, second).Announce().Lock().Commit().Reveal().Event().Unseal().Draw().Dispatch()
	order := run.Teams() // those of both departments first
	for i, x := range order {
		if len(x.Orgs) == 2 {
			order[0], order[i] = x, order[0]
		}
	}
	facts := visitFacts{Password: demoPassword, Dir: t.TempDir(), accounts: map[string]inspect.PersonID{
		"li": o.Clerk("李科长", "scjg").Person, "wang": o.Leader("王局长", "scjg").Person, "qin": o.Someone("秦局长", inspect.Principal, "scjg").Person,
		"sun": o.Clerk("孙警官", "gaj").Person, "hu": o.Leader("胡局长", "gaj").Person,
	}}
	for i := range n {
		v := run.Crewed(slices.IndexFunc(run.Teams(), func(x inspect.Team) bool { return x.ID == order[i].ID }))
		v.Arrive()
		object := v.Group().Object
		g := travelled{Team: v.Team, Other: []string{}}
		if err := o.Store.Writer.Write(t.Context(), func(tx *store.Tx) error {
			found, err := tx.Object(t.Context(), object)
			g.Name, g.Code = found.Name, found.Code
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, who := range v.Crew {
			name := "in" + string(who.Person)[:8]
			facts.accounts[name] = who.Person
			if who.Org.ID == rig.Org("scjg") {
				g.Lead = append(g.Lead, name)
			} else {
				g.Other = append(g.Other, name)
			}
		}
		facts.Visits = append(facts.Visits, g)
	}
	for i := range 4 {
		photograph(t, filepath.Join(facts.Dir, fmt.Sprintf("photo%d.jpg", i+1)), uint8(60*i))
	}
	return o, facts
}

// photograph writes a picture as telephones take them.
func photograph(t *testing.T, path string, shade uint8) {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for x := range 640 {
		for y := range 480 {
			m.Set(x, y, color.RGBA{uint8(x), uint8(y), shade, 255})
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, m, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
