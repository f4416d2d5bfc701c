package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
)

// exampleLog writes a small log with keys that nobody keeps, to try out what
// verifying one is.
func exampleLog(out io.Writer, dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("无法新建目录 %s，请换一个尚不存在的名称", dir)
	}
	log, err := newExampleKeys()
	if err != nil {
		return err
	}
	leaves, err := exampleLeaves(3)
	if err != nil {
		return err
	}
	hashes, err := ledger.Append(0, leaves, nil)
	if err != nil {
		return err
	}
	var signed [2][]byte // of two entries, of three
	last := ledger.Head{}
	for i := range signed {
		size := int64(i + 2)
		if signed[i], last, err = exampleCheckpoint(log.signer, log.witness, last, size, hashes); err != nil {
			return err
		}
	}
	path, err := ledger.ProveInclusion(3, 1, ledger.Hashes(hashes))
	if err != nil {
		return err
	}
	files := map[string][]byte{
		"policy.txt":     log.policy,
		"receipt.txt":    []byte(ledger.LongReceiptCode(ledger.LeafHash(leaves[1])) + "\n"),
		"1.tlog-proof":   ledger.FormatProof(ledger.Proof{Leaf: leaves[1], Index: 1, Path: path, Note: signed[1]}),
		"checkpoint.old": signed[0], ledger.CheckpointPath: signed[1],
	}
	for _, tile := range ledger.TilesOf(0, 3) {
		read := func(lo, hi int64) ([][]byte, error) { return leaves[lo:hi], nil }
		if files[tile.Path()], err = tile.Render(3, ledger.Hashes(hashes), read); err != nil {
			return err
		}
	}
	if err := writeFiles(dir, files); err != nil {
		return err
	}
	fmt.Fprintf(out, "示范存证记录已写入 %s（全部为虚构数据，密钥随即销毁）。\n", dir)
	return nil
}

// exampleKeys are the keys of a log and of its only witness.
type exampleKeys struct {
	signer  *ledger.Signer
	witness *keys.Cosigner
	policy  []byte
}

func newExampleKeys() (k exampleKeys, err error) {
	secret, public, err := keys.Generate(keys.LogEd25519, "shifan.example/suicha", rand.Reader)
	if err != nil {
		return k, err
	}
	signing, err := keys.ParseSigner(secret)
	if err != nil {
		return k, err
	}
	if k.signer, err = ledger.NewSigner(signing); err != nil {
		return k, err
	}
	secret, witness, err := keys.Generate(keys.WitnessEd25519, "shifan.example/w", rand.Reader)
	if err != nil {
		return k, err
	}
	k.witness, err = keys.ParseCosigner(secret)
	k.policy = []byte("log " + public + "\nwitness 示范见证方 " + witness + "\nquorum 示范见证方\n")
	return k, err
}

func writeFiles(dir string, files map[string][]byte) error {
	for name, data := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// exampleLeaves are made-up entries, each citing the one before.
func exampleLeaves(n int) (leaves [][]byte, err error) {
	var before ledger.Digest
	for i := range n {
		body, err := ledger.NewCommitment(ledger.Salt{1, byte(i)}, []byte(strconv.Itoa(i)))
		if err != nil {
			return nil, err
		}
		leaf, err := ledger.Entry{N: int64(i), At: "2026-03-02T01:00:00.000Z", Verb: "plan.approve", Org: "shifan", Target: "plan-1",
			Version: int64(i + 1), Body: body, Prev: before}.Leaf()
		if err != nil {
			return nil, err
		}
		leaves, before = append(leaves, leaf), ledger.ChainDigest(leaf)
	}
	return leaves, nil
}

// exampleCheckpoint signs and cosigns the head of so many entries.
func exampleCheckpoint(signer *ledger.Signer, witness *keys.Cosigner, last ledger.Head, size int64, hashes ledger.Hashes) ([]byte, ledger.Head, error) {
	head, err := ledger.TreeHead(size, hashes)
	if err != nil {
		return nil, head, err
	}
	var growth []ledger.Hash
	if last.Size > 0 {
		if growth, err = ledger.ProveGrowth(size, last.Size, hashes); err != nil {
			return nil, head, err
		}
	}
	signed, err := signer.Sign(last, head, growth)
	if err != nil {
		return nil, head, err
	}
	text, err := ledger.Checkpoint{Origin: signer.Origin(), Head: head}.Text()
	if err != nil {
		return nil, head, err
	}
	cosigned, err := note.Sign(&note.Note{Text: text}, witness.At(time.Now()))
	if err != nil {
		return nil, head, err
	}
	verifier, err := keys.ParseVerifier(witness.Vkey())
	if err != nil {
		return nil, head, err
	}
	signed, err = ledger.AddCosignature(signed, cosigned[len(text)+1:], verifier)
	return signed, head, err
}
