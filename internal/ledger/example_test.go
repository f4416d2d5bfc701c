package ledger

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger/keys"
)

// The worked example of docs/design/ledger.md is computed here and looked for
// there, so that whoever writes a second implementation can trust it.
func TestDocumentShowsWhatTheCodeDoes(t *testing.T) {
	doc, err := os.ReadFile("../../docs/design/ledger.md")
	if err != nil {
		t.Fatal(err)
	}
	made := func(kind keys.Kind, name string, secret byte) party {
		skey, vkey, err := keys.Generate(kind, name, bytes.NewReader(bytes.Repeat([]byte{secret}, 32)))
		if err != nil {
			t.Fatal(err)
		}
		return party{skey, vkey}
	}
	ed, gm := made(keys.LogEd25519, "log.example/suicha", 1), made(keys.LogSM2, "log.example/suicha", 2)
	jiwei := made(keys.WitnessEd25519, "jiwei.example/w", 3)
	first := ok(firstEntry(t).Leaf())(t)
	second := ok(Entry{
		N: 1, At: "2026-03-02T01:00:07.250Z", Verb: "task.lock", Org: "370687-scjg", Version: 1,
		Target: "0195540a-8c00-7000-8000-000000000002", Prev: ChainDigest(first),
		Body: ok(NewCommitment(Salt{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}, []byte(`{"seen":1}`)))(t),
	}.Leaf())(t)
	hashes := Hashes(ok(Append(0, [][]byte{first, second}, nil))(t))
	head := ok(TreeHead(2, hashes))(t)
	signer := ok(NewSigner(ed.signer(t), gm.signer(t)))(t)
	signed := ok(signer.Sign(Head{}, head, nil))(t)
	text := ok(Checkpoint{Origin: signer.Origin(), Head: head}.Text())(t)
	line := ok(note.Sign(&note.Note{Text: text}, jiwei.cosigner(t).At(monday)))(t)[len(text)+1:]
	signed = ok(AddCosignature(signed, line, jiwei.verifier(t)))(t)
	proof := Proof{Index: 1, Path: ok(ProveInclusion(2, 1, hashes))(t), Note: signed}
	policy := "log " + ed.vkey + "\nrequire " + gm.vkey + "\nwitness jiwei " + jiwei.vkey + "\nquorum jiwei\n"
	for _, test := range []struct{ what, text string }{
		{"first leaf", string(first)}, {"second leaf", string(second)},
		{"first leaf hash", LeafHash(first).String()}, {"second leaf hash", LeafHash(second).String()},
		{"receipt code", ReceiptCode(LeafHash(second))}, {"long receipt code", LongReceiptCode(LeafHash(second))},
		{"policy", policy}, {"proof with its checkpoint", string(FormatProof(proof))},
	} {
		if !strings.Contains(string(doc), test.text) {
			t.Errorf("the document lacks the %s:\n%s", test.what, test.text)
		}
	}
	if _, _, err := proof.Verify(second, ok(ParsePolicy([]byte(policy)))(t)); err != nil {
		t.Error(err)
	}
}
