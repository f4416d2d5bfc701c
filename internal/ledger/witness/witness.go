// Package witness is the witness (见证) of a log: a program that another
// organisation runs, which remembers how far each log has grown, and cosigns a
// checkpoint only if the log still begins with all that it had before.
//
// One honest witness is enough to make it impossible to show one log to the
// province and another to the public, or to take back what was once cosigned.
// The protocol is C2SP tlog-witness; cmd/suicha/witness.go puts it on HTTP.
package witness

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
)

// A Memory remembers, for each origin, the last checkpoint that was cosigned, as
// a signed note. It must survive the end of the process at any moment.
type Memory interface {
	// Last returns the note of origin, nil if there is none.
	Last(origin string) ([]byte, error)
	// Swap puts next in place of old, durably, or fails with ErrRace if old is
	// not, or no longer, the note of origin.
	Swap(origin string, old, next []byte) error
}

// ErrRace says that another request changed the memory first.
var ErrRace = errors.New("another request was served first")

// A Refusal is an answer of the protocol that is not a cosignature.
type Refusal struct {
	Status int   // as HTTP numbers it
	Size   int64 // with [Conflict]: how many entries the witness knows of
	Reason string
}

// The kinds of refusal.
const (
	Malformed = 400 // the request is not one
	Unsigned  = 403 // no known key of the log signed the checkpoint
	Unknown   = 404 // no such log is watched here
	Conflict  = 409 // the request builds on another size than the last cosigned
	Forked    = 422 // the log does not continue what was cosigned
)

func (r *Refusal) Error() string { return r.Reason }

// A Witness watches some logs.
type Witness struct {
	key    *keys.Cosigner
	memory Memory
	logs   map[string][]note.Verifier // by origin
}

// New makes a witness of the logs whose keys are given. A log may have several.
func New(key *keys.Cosigner, memory Memory, logs ...*keys.Verifier) (*Witness, error) {
	w := &Witness{key, memory, make(map[string][]note.Verifier)}
	for _, v := range logs {
		if v.Kind() == keys.WitnessEd25519 {
			return nil, fmt.Errorf("%s is the key of a witness, not of a log", v.Name())
		}
		for _, other := range w.logs[v.Name()] {
			if other.KeyHash() == v.KeyHash() {
				return nil, fmt.Errorf("the key of %s is given twice", v.Name())
			}
		}
		w.logs[v.Name()] = append(w.logs[v.Name()], v)
	}
	if len(w.logs) == 0 {
		return nil, errors.New("a witness needs at least one log to watch")
	}
	return w, nil
}

// Add answers a request for a cosignature at now: with the line to put under the
// checkpoint, with a [*Refusal], or with an error of the memory. The line is
// given only after the memory holds the new checkpoint.
func (w *Witness) Add(body []byte, now time.Time) ([]byte, error) {
	req, err := ledger.ParseAddCheckpoint(body)
	if err != nil {
		return nil, &Refusal{Status: Malformed, Reason: err.Error()}
	}
	next, signed, err := w.open(req.Note)
	if err != nil {
		return nil, err
	}
	if req.Old > next.Size {
		return nil, &Refusal{Status: Malformed, Reason: "the old size is greater than the new one"}
	}
	known, seen, err := w.last(next.Origin)
	if err != nil {
		return nil, err
	}
	if req.Old != seen.Size {
		return nil, conflict(seen)
	}
	if err := ledger.CheckGrowth(seen, next.Head, req.Proof); err != nil {
		return nil, &Refusal{Status: Forked, Reason: err.Error()}
	}
	// Keep only what has been verified, and the cosignature.
	cosigned, err := note.Sign(&note.Note{Text: signed.Text, Sigs: signed.Sigs}, w.key.At(now))
	if err != nil {
		return nil, fmt.Errorf("cosign for %s: %w", next.Origin, err)
	}
	err = w.memory.Swap(next.Origin, known, cosigned)
	if errors.Is(err, ErrRace) {
		if _, seen, err = w.last(next.Origin); err == nil {
			return nil, conflict(seen)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("remember the checkpoint of %s: %w", next.Origin, err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(cosigned), "\n"), "\n")
	return []byte(lines[len(lines)-1] + "\n"), nil
}

// Last returns the last checkpoint that was cosigned for a watched log, with the
// signatures of the log and of the witness; nil if there is none.
func (w *Witness) Last(origin string) ([]byte, error) {
	if w.logs[origin] == nil {
		return nil, nil
	}
	return w.memory.Last(origin)
}

// Origins lists the logs that are watched, in no order.
func (w *Witness) Origins() []string {
	var origins []string
	for origin := range w.logs {
		origins = append(origins, origin)
	}
	return origins
}

func conflict(seen ledger.Head) *Refusal {
	return &Refusal{Status: Conflict, Size: seen.Size, Reason: fmt.Sprintf("the last size cosigned is %d", seen.Size)}
}

// open reads the checkpoint of a request with the keys of the log that it says
// it comes from.
func (w *Witness) open(signed []byte) (ledger.Checkpoint, *note.Note, error) {
	origin, _, _ := bytes.Cut(signed, []byte("\n"))
	known := w.logs[string(origin)]
	if known == nil {
		return ledger.Checkpoint{}, nil, &Refusal{Status: Unknown, Reason: "this log is not watched here"}
	}
	c, n, err := ledger.OpenCheckpoint(signed, known...)
	switch {
	case errors.Is(err, keys.ErrUnsigned):
		return c, n, &Refusal{Status: Unsigned, Reason: err.Error()}
	case err != nil:
		return c, n, &Refusal{Status: Malformed, Reason: err.Error()}
	}
	return c, n, nil
}

// last returns what the memory holds of origin, and the head it tells of.
func (w *Witness) last(origin string) ([]byte, ledger.Head, error) {
	known, err := w.memory.Last(origin)
	if err != nil || known == nil {
		return nil, ledger.Head{}, err
	}
	c, err := read(origin, known)
	return known, c.Head, err
}

// read reads a checkpoint that the memory holds.
func read(origin string, known []byte) (ledger.Checkpoint, error) {
	n, err := keys.Open(known)
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("read the memory of %s: %w", origin, err)
	}
	c, err := ledger.ParseCheckpoint(n.Text)
	if err == nil && c.Origin != origin {
		err = fmt.Errorf("it is about %s", c.Origin)
	}
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("read the memory of %s: %w", origin, err)
	}
	return c, nil
}
