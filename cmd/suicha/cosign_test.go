package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
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
	vkeys := first.keys.vkeys
	if _, err := county.Make(ctx, first.store, first.deadlines); err != nil {
		t.Fatal(err)
	}
	first.close()

	var public strings.Builder
	witness := WitnessServeCmd{Key: filepath.Join(dir, "w.key"), State: filepath.Join(dir, "w"), Log: vkeys[:1]}
	keygen := WitnessKeygenCmd{Name: "jiwei.example/witness", Key: witness.Key, State: witness.State}
	if err := keygen.run(&public); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- witness.serve(serving, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the witness ended with: %v", err)
		}
	})

	c.Policy = filepath.Join(dir, "policy")
	policy := fmt.Sprintf("log %s\nrequire %s\nwitness jiwei %s http://%s\nquorum jiwei\n",
		vkeys[0], vkeys[1], strings.TrimSpace(public.String()), l.Addr())
	if err := os.WriteFile(c.Policy, []byte(policy), 0o600); err != nil {
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
	known, err := ledger.ParsePolicy([]byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, by, err := known.Check(head.Note)
	if err != nil || len(by) != 1 || by[0].Witness != "jiwei" || checkpoint.Size != head.Size {
		t.Fatalf("the checkpoint of %d entries is cosigned by %v: %v\n%s", checkpoint.Size, by, err, head.Note)
	}
}
