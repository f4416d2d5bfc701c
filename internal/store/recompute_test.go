package store_test

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"suicha/internal/ledger"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// INV-02, INV-24: the owner of the database who rewrites an act and recomputes
// commitments, leaves, chain, hashes and the text of the checkpoint deceives a
// reader without the log's key, and nobody else. This is why there are witnesses.
func TestRecomputedHistoryIsDetected(t *testing.T) {
	path := rig.SQLite(t)
	lived(t, path)
	r := openRaw(t, path, true)
	tx, err := r.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	r.recompute(tx, func(s string) string { return strings.ReplaceAll(s, "旺季提前", "旺季推后") })
	if err := store.VerifyTx(t.Context(), tx, false, false, nil); err != nil {
		t.Fatalf("the history was not recomputed well: %v", err)
	}
	_, open, err := rig.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	err = store.VerifyTx(t.Context(), tx, false, false, open)
	if fault := (store.Fault{}); !errors.As(err, &fault) || fault.Table != "checkpoint" {
		t.Errorf("the recomputed record verifies: %v", err)
	}
}

// recompute rewrites all bodies and all plans, and everything that follows.
func (r *raw) recompute(tx *sql.Tx, rewrite func(string) string) {
	r.t.Helper()
	must := func(query string, args ...any) {
		r.t.Helper()
		if _, err := tx.Exec(query, args...); err != nil {
			r.t.Fatalf("%s: %v", query, err)
		}
	}
	var leaves [][]byte
	texts := r.texts(tx, `SELECT e.leaf || '|' || b.salt || '|' || b.body FROM entry e JOIN entry_body b ON b.n = e.n ORDER BY e.n`)
	for n, text := range texts {
		part := strings.SplitN(text, "|", 3)
		entry, err := ledger.ParseLeaf([]byte(part[0]))
		if err != nil {
			r.t.Fatal(err)
		}
		var salt ledger.Salt
		if _, err := hex.Decode(salt[:], []byte(part[1])); err != nil {
			r.t.Fatal(err)
		}
		body := rewrite(part[2])
		if entry.Body, err = ledger.NewCommitment(salt, []byte(body)); err != nil {
			r.t.Fatal(err)
		}
		if n > 0 {
			entry.Prev = ledger.ChainDigest(leaves[n-1])
		}
		leaf, err := entry.Leaf()
		if err != nil {
			r.t.Fatal(err)
		}
		leaves = append(leaves, leaf)
		must(`UPDATE entry SET leaf = $2 WHERE n = $1`, n, string(leaf))
		must(`UPDATE entry_body SET body = $2 WHERE n = $1`, n, body)
	}
	for _, plan := range r.texts(tx, `SELECT id || '|' || reason FROM plan WHERE reason <> ''`) {
		id, reason, _ := strings.Cut(plan, "|")
		must(`UPDATE plan SET reason = $2 WHERE id = $1`, id, rewrite(reason))
	}
	hashes, err := ledger.Append(0, leaves, ledger.Hashes(nil))
	if err != nil {
		r.t.Fatal(err)
	}
	for i, hash := range hashes {
		must(`UPDATE log_hash SET hash = $2 WHERE i = $1`, i, hex.EncodeToString(hash[:]))
	}
	head, err := ledger.TreeHead(int64(len(leaves)), ledger.Hashes(hashes))
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := ledger.Checkpoint{Origin: "suicha.test/log", Head: head}.Text()
	if err != nil {
		r.t.Fatal(err)
	}
	must(`UPDATE checkpoint SET note = $2 WHERE size = $1`, len(leaves), text+"\n— suicha.test/log forged\n")
}
