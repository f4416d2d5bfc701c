package ledger_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
)

// A steady stream makes the same key each time.
type steady byte

func (s steady) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(s)
	}
	return len(p), nil
}

// envelopeKeys are the signer of a log with both its keys, and what checks them.
func envelopeKeys(t testing.TB) (*ledger.Signer, []note.Verifier) {
	t.Helper()
	var signers []note.Signer
	var known []note.Verifier
	for _, kind := range []keys.Kind{keys.LogEd25519, keys.LogSM2} {
		secret, public, err := keys.Generate(kind, "example.gov.cn/log", steady(3))
		if err != nil {
			t.Fatal(err)
		}
		signer, err := keys.ParseSigner(secret)
		if err != nil {
			t.Fatal(err)
		}
		v, err := keys.ParseVerifier(public)
		if err != nil {
			t.Fatal(err)
		}
		signers, known = append(signers, signer), append(known, v)
	}
	s, err := ledger.NewSigner(signers...)
	if err != nil {
		t.Fatal(err)
	}
	return s, known
}

const someKind = "application/vnd.example+json"

// R94, INV-20: what leaves is signed by both keys, and nothing of it can be altered.
func TestEnvelopeIsSignedAsAWhole(t *testing.T) {
	signer, known := envelopeKeys(t)
	text, err := signer.SignEnvelope(someKind, []byte(`{"a":"检查"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ledger.OpenEnvelope(text, someKind, known...); err != nil || string(got) != `{"a":"检查"}` {
		t.Fatalf("%s, %v", got, err)
	}
	if _, err := ledger.OpenEnvelope(text, someKind); err == nil {
		t.Error("an envelope opens with no key")
	}
	if _, err := ledger.OpenEnvelope(text, "text/plain", known...); err == nil {
		t.Error("an envelope of another type opens")
	}
	var e ledger.Envelope
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(e *ledger.Envelope){
		"payload":  func(e *ledger.Envelope) { e.Payload = bytes.Replace(e.Payload, []byte("a"), []byte("b"), 1) },
		"one gone": func(e *ledger.Envelope) { e.Signatures = e.Signatures[:1] },
		"swapped": func(e *ledger.Envelope) {
			e.Signatures[0].Sig, e.Signatures[1].Sig = e.Signatures[1].Sig, e.Signatures[0].Sig
		},
		"key id": func(e *ledger.Envelope) { e.Signatures[1].KeyID = strings.ToUpper(e.Signatures[1].KeyID) },
	} {
		other := ledger.Envelope{PayloadType: e.PayloadType, Payload: bytes.Clone(e.Payload), Signatures: append([]ledger.EnvelopeSignature(nil), e.Signatures...)}
		spoil(&other)
		bad, err := json.Marshal(other)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.OpenEnvelope(bad, someKind, known...); err == nil {
			t.Errorf("an envelope opens with its %s altered", name)
		}
	}
}

// No signature of an envelope stands under a checkpoint, though the keys are the same.
func TestEnvelopeIsNoCheckpoint(t *testing.T) {
	signer, known := envelopeKeys(t)
	checkpoint := "example.gov.cn/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	text, err := signer.SignEnvelope("x", []byte(checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	var e ledger.Envelope
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	for i, k := range known {
		if k.Verify([]byte(checkpoint), e.Signatures[i].Sig) {
			t.Errorf("%s signed a checkpoint", e.Signatures[i].KeyID)
		}
	}
}

func FuzzOpenEnvelope(f *testing.F) {
	signer, known := envelopeKeys(f)
	text, err := signer.SignEnvelope(someKind, []byte(`{}`))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(text), `{}`, `[]`, `{"payload":"!"}`, strings.Repeat("[", 1000)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if got, err := ledger.OpenEnvelope(in, someKind, known...); err == nil && string(got) != `{}` {
			t.Errorf("%q opens as %q, which nobody signed", in, got)
		}
	})
}
