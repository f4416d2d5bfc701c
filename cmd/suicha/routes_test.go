package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"suicha/internal/config"
	"suicha/internal/county"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Every address of the site and who may use it, for the customer to read: a new
// page shows up here, with its verb or without.
func TestRoutesGolden(t *testing.T) {
	ctx := context.Background()
	site, err := open(ctx, config.Server{
		Origin: "http://localhost:8370", Data: t.TempDir(), Region: county.Region, Site: "测试", LogName: "test.suicha/log",
		Filing: "01-20", Publish: "02-29",
	}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer site.close()
	m, err := site.routes()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# who may come in, verb, area, address\n")
	for _, r := range m.Routes() {
		verb := string(r.Verb)
		if verb == "" {
			verb = "-"
		}
		fmt.Fprintf(&b, "%-10s %-18s %-7s %s\n", r.By, verb, r.Area, r.Pattern)
	}
	const file = "routes.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != b.String() {
		t.Errorf("%s is not up to date: run ./check golden and read what changed (%v)", file, err)
	}
}
