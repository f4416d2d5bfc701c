package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger/keys"
)

// An AddCheckpoint is what the log sends to a witness: "you last saw my first
// Old entries; here is the proof that what you saw still stands, and my newest
// checkpoint". It is the body of POST /add-checkpoint of C2SP tlog-witness.
type AddCheckpoint struct {
	Old   int64
	Proof []Hash // as [ProveGrowth] gives it
	Note  []byte // the signed checkpoint
}

// maxProof is how many hashes the protocol allows in one proof.
const maxProof = 63

// Format gives the body of the request.
func (a AddCheckpoint) Format() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "old %d\n", a.Old)
	writeHashes(&out, a.Proof)
	out.WriteByte('\n')
	out.Write(a.Note)
	return out.Bytes()
}

// ParseAddCheckpoint reads the body of a request. The checkpoint in it is only
// cut off, and not yet believed.
func ParseAddCheckpoint(body []byte) (AddCheckpoint, error) {
	head, signed, ok := bytes.Cut(body, []byte("\n\n"))
	first, rest, more := strings.Cut(string(head), "\n")
	number, isOld := strings.CutPrefix(first, "old ")
	if !ok || !isOld || len(signed) == 0 || len(signed) > keys.MaxNote {
		return AddCheckpoint{}, errors.New("a request is: old size, proof, empty line, checkpoint")
	}
	old, err := parseNumber(number)
	if err != nil {
		return AddCheckpoint{}, fmt.Errorf("old size: %w", err)
	}
	a := AddCheckpoint{Old: old, Note: bytes.Clone(signed)}
	if more {
		a.Proof, err = parseHashes(rest)
	}
	if err != nil {
		return AddCheckpoint{}, fmt.Errorf("consistency proof: %w", err)
	}
	return a, nil
}

// AddCosignature puts the lines with which a witness answered under the signed
// checkpoint, in place of an older one of the same witness. It fails unless
// they hold a good cosignature of exactly this checkpoint by exactly this
// witness; lines by anyone else are dropped.
func AddCosignature(signed, lines []byte, witness note.Verifier) ([]byte, error) {
	before, err := keys.Open(signed)
	if err != nil {
		return nil, fmt.Errorf("add a cosignature: %w", err)
	}
	answer, err := keys.Open(slices.Concat([]byte(before.Text), []byte("\n"), lines), witness)
	if err != nil {
		return nil, fmt.Errorf("add a cosignature of %s: %w", witness.Name(), err)
	}
	if len(answer.Sigs) == 0 || answer.Text != before.Text { // an empty line among lines moves the text
		return nil, fmt.Errorf("add a cosignature of %s: it is not there", witness.Name())
	}
	before.UnverifiedSigs = slices.DeleteFunc(before.UnverifiedSigs, func(s note.Signature) bool {
		return s.Name == witness.Name() && s.Hash == witness.KeyHash()
	})
	before.UnverifiedSigs = append(before.UnverifiedSigs, answer.Sigs[0])
	return note.Sign(before)
}
