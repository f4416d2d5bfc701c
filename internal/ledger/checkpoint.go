package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"golang.org/x/mod/sumdb/tlog"
	"suicha/internal/ledger/keys"
)

// A Checkpoint is the text that is signed: which log, how many entries, which
// root. C2SP tlog-checkpoint.
type Checkpoint struct {
	Origin string // the name of the log, and of its keys
	Head
	Extensions []string // further lines; we write none
}

// Text gives the lines that are signed.
func (c Checkpoint) Text() (string, error) {
	if err := checkSize(c.Size); err != nil {
		return "", err
	}
	lines := append([]string{c.Origin, strconv.FormatInt(c.Size, 10), c.Root.String()}, c.Extensions...)
	for _, line := range lines {
		if !isLine(line) {
			return "", fmt.Errorf("%.80q cannot be a line of a checkpoint", line)
		}
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// ParseCheckpoint reads the text of a checkpoint. Whether it is signed, and by
// whom, is another question: see [Policy.Check] and [OpenCheckpoint].
func ParseCheckpoint(text string) (Checkpoint, error) {
	body, ok := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	if !ok || len(lines) < 3 {
		return Checkpoint{}, errors.New("read a checkpoint: it has three lines or more")
	}
	size, err1 := parseNumber(lines[1])
	root, err2 := parseHash(lines[2])
	if err := errors.Join(err1, err2); err != nil {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %w", err)
	}
	c := Checkpoint{Origin: lines[0], Head: Head{Size: size, Root: root}}
	if len(lines) > 3 {
		c.Extensions = lines[3:]
	}
	if _, err := c.Text(); err != nil {
		return Checkpoint{}, fmt.Errorf("read a checkpoint: %w", err)
	}
	return c, nil
}

// A Signer signs the checkpoints of one log.
type Signer struct{ keys []note.Signer }

// NewSigner makes the signer of the log that the keys are named after: first its
// Ed25519 key, then, if it has one, its SM2 key. A key in a device takes part as
// a note.Signer of its own.
func NewSigner(keys ...note.Signer) (*Signer, error) {
	if len(keys) == 0 {
		return nil, errors.New("a log without a key cannot sign")
	}
	for i, k := range keys {
		if k.Name() != keys[0].Name() {
			return nil, fmt.Errorf("two names for one log: %s, %s", keys[0].Name(), k.Name())
		}
		for _, other := range keys[:i] {
			if k.KeyHash() == other.KeyHash() {
				return nil, fmt.Errorf("the key %s+%08x is given twice", k.Name(), k.KeyHash())
			}
		}
	}
	return &Signer{keys}, nil
}

// Origin is the name of the log.
func (s *Signer) Origin() string { return s.keys[0].Name() }

// Sign signs the checkpoint of next, if next continues last, the head signed
// before (the zero Head if none was). Proof is what [ProveGrowth] gives. It
// fails with [ErrFork] on a smaller log, on another root at the same size and on
// a bad proof. The caller keeps last, and stores next before showing the note.
func (s *Signer) Sign(last, next Head, proof []Hash) ([]byte, error) {
	if err := CheckGrowth(last, next, proof); err != nil {
		return nil, fmt.Errorf("sign the head of %s: %w", s.Origin(), err)
	}
	text, err := Checkpoint{Origin: s.Origin(), Head: next}.Text()
	if err != nil {
		return nil, fmt.Errorf("sign the head of %s: %w", s.Origin(), err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, s.keys...)
	if err != nil {
		return nil, fmt.Errorf("sign the head of %s: %w", s.Origin(), err)
	}
	return signed, nil
}

// OpenCheckpoint reads a signed checkpoint that at least one of the keys has
// signed, under the name that is its origin. Lines by other keys are ignored, a
// bad line by one of these keys fails the whole: [keys.ErrUnsigned].
func OpenCheckpoint(signed []byte, known ...note.Verifier) (Checkpoint, *note.Note, error) {
	n, err := keys.Open(signed, known...)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("open a checkpoint: %w", err)
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, n, nil
		}
	}
	return Checkpoint{}, nil, fmt.Errorf("open a checkpoint of %s: %w by its log", c.Origin, keys.ErrUnsigned)
}

// parseNumber reads a number as all our formats write it: decimal, no sign, no
// leading zero.
func parseNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > maxNumber || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("%.30q is not a number from 0 to 2^53-1", s)
	}
	return n, nil
}

// parseHash reads a hash in canonical base64.
func parseHash(s string) (Hash, error) {
	h, err := tlog.ParseHash(s)
	if err != nil || h.String() != s {
		return Hash{}, fmt.Errorf("%.60q is not a hash in base64", s)
	}
	return h, nil
}

func writeHashes(out *bytes.Buffer, hashes []Hash) {
	for _, h := range hashes {
		out.WriteString(h.String() + "\n")
	}
}

// parseHashes reads one hash a line; the last line has no line end.
func parseHashes(s string) ([]Hash, error) {
	lines := strings.Split(s, "\n")
	if len(lines) > maxProof {
		return nil, fmt.Errorf("more than %d hashes", maxProof)
	}
	hashes := make([]Hash, len(lines))
	for i, line := range lines {
		h, err := parseHash(line)
		if err != nil {
			return nil, err
		}
		hashes[i] = h
	}
	return hashes, nil
}

func isLine(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' })
}
