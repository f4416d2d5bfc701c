package main

import (
	"os"
	"path/filepath"
	"testing"

	"suicha/internal/config"
	"suicha/internal/county"
	"suicha/internal/ledger"
)

// Row 41 of the threats: a site's log is cosigned by a witness of another
// organisation, and readers who ask for the witness get its word.
func TestWitnessCosignsTheSitesLog(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	c := config.Server{
		Origin: "http://localhost:8370", Data: filepath.Join(dir, "site"), Region: county.Region, LogName: "test.suicha/log",
		Filing: "01-20", Publish: "02-29",
	}
	first, err := open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := county.Make(ctx, first.store, first.deadlines); err != nil {
		t.Fatal(err)
	}
	first.close()

	c.Policy = witnessed(t, dir, c)
	policy, err := os.ReadFile(c.Policy)
	if err != nil {
		t.Fatal(err)
	}
	site, err := open(ctx, c, true)
	if err != nil {
		t.Fatal(err)
	}
	defer site.close()
	if err := site.keeper().Step(ctx); err != nil {
		t.Fatal(err)
	}
	head, err := site.store.Log.Newest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	known, err := ledger.ParsePolicy(policy)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, by, err := known.Check(head.Note)
	if err != nil || len(by) != 1 || by[0].Witness != "jiwei" || checkpoint.Size != head.Size {
		t.Fatalf("the checkpoint of %d entries is cosigned by %v: %v\n%s", checkpoint.Size, by, err, head.Note)
	}
}
