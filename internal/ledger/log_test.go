package ledger

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger/keys"
)

// A testLog is a log as its owner holds it.
type testLog struct {
	leaves [][]byte
	hashes Hashes
}

// add appends entries, each with its verb made of tag.
func (l *testLog) add(t testing.TB, n int, tag string) {
	t.Helper()
	var prev Digest
	if len(l.leaves) > 0 {
		prev = ChainDigest(l.leaves[len(l.leaves)-1])
	}
	var fresh [][]byte
	for range n {
		i := int64(len(l.leaves) + len(fresh))
		body, err := NewCommitment(Salt{byte(i), byte(i >> 8), 1}, fmt.Appendf(nil, "body %d", i))
		if err != nil {
			t.Fatal(err)
		}
		e := Entry{N: i, At: "2026-03-02T01:00:00.000Z", Verb: "plan." + tag, Org: "370687-scjg",
			Target: fmt.Sprintf("plan-%d", i%7), Version: 1 + i/7, Body: body, Prev: prev}
		leaf, err := e.Leaf()
		if err != nil {
			t.Fatal(err)
		}
		fresh, prev = append(fresh, leaf), ChainDigest(leaf)
	}
	more, err := Append(int64(len(l.leaves)), fresh, l.hashes)
	if err != nil {
		t.Fatal(err)
	}
	l.leaves, l.hashes = append(l.leaves, fresh...), append(l.hashes, more...)
}

func (l *testLog) head(t testing.TB, size int) Head {
	t.Helper()
	h, err := TreeHead(int64(size), l.hashes)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (l *testLog) read(lo, hi int64) ([][]byte, error) { return l.leaves[lo:hi], nil }

// export writes the log as files, as an exporter would.
func (l *testLog) export(t testing.TB, checkpoint []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{CheckpointPath: checkpoint}
	size := int64(len(l.leaves))
	for _, tile := range TilesOf(0, size) {
		data, err := tile.Render(size, l.hashes, l.read)
		if err != nil {
			t.Fatal(err)
		}
		files[tile.Path()] = data
	}
	return files
}

// A party has both halves of a key.
type party struct{ skey, vkey string }

func newParty(t testing.TB, kind keys.Kind, name string, seed byte) party {
	t.Helper()
	skey, vkey, err := keys.Generate(kind, name, rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return party{skey, vkey}
}

func (p party) signer(t testing.TB) note.Signer {
	t.Helper()
	return ok(keys.ParseSigner(p.skey))(t)
}

func (p party) cosigner(t testing.TB) *keys.Cosigner {
	t.Helper()
	return ok(keys.ParseCosigner(p.skey))(t)
}

func (p party) verifier(t testing.TB) *keys.Verifier {
	t.Helper()
	return ok(keys.ParseVerifier(p.vkey))(t)
}

// ok takes the two results of a call that must not fail.
func ok[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

const testOrigin = "suicha.example.gov.cn/log"

// A world is a log with both keys, three witnesses, and a policy that asks for
// the SM2 signature and for all witnesses, so that every line counts.
type world struct {
	ed, gm    party
	witnesses []party
	signer    *Signer
	policy    *Policy
}

func newWorld(t testing.TB) world {
	t.Helper()
	w := world{ed: newParty(t, keys.LogEd25519, testOrigin, 1), gm: newParty(t, keys.LogSM2, testOrigin, 2)}
	file := "log " + w.ed.vkey + "\nrequire " + w.gm.vkey + "\n"
	for i, name := range []string{"jiwei", "shenji", "gongzheng"} {
		p := newParty(t, keys.WitnessEd25519, name+".example/w", byte(10+i))
		w.witnesses = append(w.witnesses, p)
		file += "witness " + name + " " + p.vkey + "\n"
	}
	file += "group all-of-them all jiwei shenji gongzheng\nquorum all-of-them\n"
	w.signer = ok(NewSigner(w.ed.signer(t), w.gm.signer(t)))(t)
	w.policy = ok(ParsePolicy([]byte(file)))(t)
	return w
}

// checkpoint signs head as if it were the first, and has all witnesses cosign.
func (w world) checkpoint(t testing.TB, head Head) []byte {
	t.Helper()
	signed := ok(w.signer.Sign(Head{}, head, nil))(t)
	return w.cosign(t, signed, w.witnesses...)
}

func (w world) cosign(t testing.TB, signed []byte, by ...party) []byte {
	t.Helper()
	n := ok(keys.Open(signed))(t)
	for _, p := range by {
		only := ok(note.Sign(&note.Note{Text: n.Text}, p.cosigner(t).At(monday)))(t)
		signed = ok(AddCosignature(signed, only[len(n.Text)+1:], p.verifier(t)))(t)
	}
	return signed
}
