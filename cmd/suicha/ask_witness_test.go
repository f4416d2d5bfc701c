package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/config"
	"suicha/internal/ledger/keys"
	"suicha/internal/rig"
)

// Whoever owns the database and the log's keys writes a whole other record, which
// fits in itself. A witness that is asked has seen the first one.
func TestVerifyRecordAsksWitnesses(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	c := config.Server{
		Origin: "http://localhost:8370", Data: filepath.Join(dir, "site"), Region: rig.Region, LogName: "test.suicha/log",
		Filing: "01-20", Publish: "02-29",
	}
	c.Policy = witnessed(t, dir, c)
	verify := func(c VerifyRecordCmd) (string, error) {
		t.Helper()
		site, err := open(ctx, c.Server, false)
		if err != nil {
			t.Fatal(err)
		}
		defer site.close()
		var known []note.Verifier
		for _, vkey := range site.keys.vkeys {
			key, err := keys.ParseVerifier(vkey)
			if err != nil {
				t.Fatal(err)
			}
			known = append(known, key)
		}
		v, err := site.store.Verify(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		peers, err := c.peers(site.witnesses)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err = askWitnesses(ctx, &out, site.log, known, v, peers)
		return out.String(), err
	}
	says := func(c VerifyRecordCmd, said, failed string) {
		t.Helper()
		out, err := verify(c)
		if !strings.Contains(out, said) || (err == nil) != (failed == "") || err != nil && !strings.Contains(err.Error(), failed) {
			t.Errorf("got %q, %v; want %q, %q", out, err, said, failed)
		}
	}
	says(VerifyRecordCmd{Server: c}, "", "还没有见证过")

	site, err := open(ctx, c, false)
	if err != nil {
		t.Fatal(err)
	}
	admin := found(t, site)
	kept(t, site, nil)
	url := site.witnesses[0].URL
	if err := register(site, admin, "甲"); err != nil {
		t.Fatal(err)
	}
	site.close()
	says(VerifyRecordCmd{Server: c}, "前 1 条与本机记录相同，其后 1 条尚未见证", "")
	says(VerifyRecordCmd{Server: c, Witness: []string{url + "/"}}, "核对一致", "")
	says(VerifyRecordCmd{Server: c, Witness: []string{"http://127.0.0.1:1"}}, "", "未能询问")
	alone := c
	alone.Policy = ""
	says(VerifyRecordCmd{Server: alone}, "没有询问任何见证机构", "")
	says(VerifyRecordCmd{Server: alone, Witness: []string{url}}, "未核对它的签名", "")
	if _, err := (&VerifyRecordCmd{Witness: []string{"jiwei"}}).peers(nil); err == nil {
		t.Error("a word is taken as an address")
	}

	for _, rewritten := range []func(){
		func() {},
		func() {
			site, err := open(ctx, c, false)
			if err != nil {
				t.Fatal(err)
			}
			defer site.close()
			found(t, site)
		},
	} {
		for _, name := range []string{"", "-wal", "-shm"} {
			if err := os.RemoveAll(c.DatabaseURL() + name); err != nil {
				t.Fatal(err)
			}
		}
		rewritten()
		if out, err := verify(VerifyRecordCmd{Server: c}); err == nil {
			t.Errorf("another record passes: %s", out)
		}
	}
}
