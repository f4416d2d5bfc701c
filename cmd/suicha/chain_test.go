package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"suicha/internal/county"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/synth"
	"suicha/internal/workday"
)

// A movable clock begins at an instant, runs, and can be put forward.
type movable struct {
	lock  sync.Mutex
	ahead time.Duration
}

func (c *movable) now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	return time.Now().Add(c.ahead)
}

// ServeHTTP puts the clock forward by what the address says, and tells the time.
func (c *movable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if by, err := time.ParseDuration(r.URL.Query().Get("by")); err == nil {
		c.lock.Lock()
		c.ahead += by
		c.lock.Unlock()
	}
	fmt.Fprint(w, c.now().UTC().Format(time.RFC3339))
}

// R27, R36, R54, R55, R62, R66–R68: with all posts from the files of both libraries to a
// draw that anybody verifies, on both databases, the contributors with their own
// programs.
func TestBrowserFromLibrariesToVerifiedDraw(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			address := ""
			if database == "postgres" {
				address = rig.Empty(t)
			}
			begin := time.Date(2026, 11, 23, 9, 0, 0, 0, workday.Beijing)
			clock := &movable{ahead: time.Until(begin)}
			site, people, base := openedAt(t, true, address, clock.now)
			admit(t, site, people, "scjg-jbr", "scjg-fgfzr", "yjj-jbr", "yjj-fgfzr", "gaj-jbr", "lhb-jbr", "lhb-fgfzr", "jdk-jdy")
			hands := httptest.NewServer(clock)
			t.Cleanup(hands.Close)
			shell := newShell(t)
			libraryFiles(t, shell.dir)
			rig.Travel(t, base, map[string]string{"password": demoPassword, "clock": hands.URL, "dir": shell.dir, "bin": shell.bin}, "tools/browser/journeys/chain.mjs")
		})
	}
}

// libraryFiles writes the files that departments bring: objects, and inspectors of two
// departments.
func libraryFiles(t *testing.T, dir string) {
	t.Helper()
	day := workday.MustParse("2026-11-15")
	rows, err := synth.Register{Seed: 7, Regions: []string{county.Region}, Places: county.Places, Day: day}.Rows(6000)
	if err != nil {
		t.Fatal(err)
	}
	towns := county.Towns(county.Region)
	libraryFile(t, filepath.Join(dir, "objects.csv"), exchange.ObjectTable(towns), func(write func([]string)) {
		n := 0
		for r := range rows {
			if n < 60 && r.Status == inspect.ObjectActive && strings.Contains(r.Scope, "特种设备使用登记") {
				write(exchange.ObjectValues(r.Object))
				n++
			}
		}
	})
	for _, org := range []string{"scjg", "yjj"} {
		libraryFile(t, filepath.Join(dir, org+".csv"), exchange.InspectorTable(), func(write func([]string)) {
			for n := range 6 {
				i := inspect.Inspector{
					Code: fmt.Sprintf("%s-%02d", strings.ToUpper(org), n+1), Name: fmt.Sprintf("检查员%s%d", org, n+1), Category: inspect.CivilServant, Source: "人事档案", Sourced: day,
				}
				certified, err := i.Certify(inspect.Certificate{
					Kind: inspect.ProvinceCertificate, Number: fmt.Sprintf("鲁F%s%03d", strings.ToUpper(org), n+1), Authority: "山东省人民政府",
					From: workday.MustParse("2025-01-01"), Until: workday.MustParse("2028-12-31"),
				}, "")
				if err != nil {
					t.Fatal(err)
				}
				write(exchange.InspectorValues(certified, "", towns))
			}
		})
	}
}

func libraryFile(t *testing.T, path string, table exchange.Table, rows func(write func([]string))) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	export, err := exchange.NewExport(io.Writer(f), exchange.CSV, table)
	if err != nil {
		t.Fatal(err)
	}
	rows(func(row []string) {
		if err := export.Write(row); err != nil {
			t.Fatal(err)
		}
	})
	if err := export.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
