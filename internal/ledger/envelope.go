package ledger

import (
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger/keys"
)

// An Envelope is signed data that leaves the house: DSSE, the envelope of in-toto and
// sigstore. What is signed names its type, so that no signature of an envelope is one of
// a checkpoint, though the keys are the same (docs/decisions/0022-signed-deliveries.md).
type Envelope struct {
	PayloadType string              `json:"payloadType"`
	Payload     []byte              `json:"payload"` // base64 in JSON
	Signatures  []EnvelopeSignature `json:"signatures"`
}

// An EnvelopeSignature is that of one key, named as in signed notes: name, plus sign, id.
type EnvelopeSignature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// MaxEnvelope bounds an envelope as text.
const MaxEnvelope = 16 << 20

// preAuthentication is what the signatures of an envelope are of: PAE of DSSE v1.
func preAuthentication(kind string, payload []byte) []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(kind), kind, len(payload), payload)
}

// SignEnvelope signs data of a type with every key of the log, and returns the envelope
// as JSON.
func (s *Signer) SignEnvelope(kind string, payload []byte) ([]byte, error) {
	e := Envelope{PayloadType: kind, Payload: payload}
	for _, k := range s.keys {
		sig, err := k.Sign(preAuthentication(kind, payload))
		if err != nil {
			return nil, fmt.Errorf("sign data of %s: %w", s.Origin(), err)
		}
		e.Signatures = append(e.Signatures, EnvelopeSignature{envelopeKey(k.Name(), k.KeyHash()), sig})
	}
	return json.Marshal(e)
}

func envelopeKey(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// OpenEnvelope reads an envelope of a type that each of the keys has signed, and returns
// its data. Signatures by other keys are ignored.
func OpenEnvelope(text []byte, kind string, known ...note.Verifier) ([]byte, error) {
	var e Envelope
	if len(text) > MaxEnvelope {
		return nil, errors.New("open an envelope: it is too long")
	}
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, fmt.Errorf("open an envelope: %w", err)
	}
	if e.PayloadType != kind {
		return nil, fmt.Errorf("open an envelope: it holds %.80q, not %q", e.PayloadType, kind)
	}
	if len(known) == 0 {
		return nil, fmt.Errorf("open an envelope: %w: no key is known", keys.ErrUnsigned)
	}
	signed := preAuthentication(e.PayloadType, e.Payload)
	for _, k := range known {
		if !e.signedBy(k, signed) {
			return nil, fmt.Errorf("open an envelope: %w by %s", keys.ErrUnsigned, envelopeKey(k.Name(), k.KeyHash()))
		}
	}
	return e.Payload, nil
}

func (e Envelope) signedBy(k note.Verifier, signed []byte) bool {
	for _, s := range e.Signatures {
		if s.KeyID == envelopeKey(k.Name(), k.KeyHash()) && k.Verify(signed, s.Sig) {
			return true
		}
	}
	return false
}
