package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm3"
)

const (
	leafFormat = "suicha-leaf/1"
	bodyDomain = "suicha-body/1\n"
	instant    = "2006-01-02T15:04:05.000Z"

	maxToken = 128  // bytes of a verb, an organisation or a target
	maxLeaf  = 2048 // bytes; a valid leaf is always shorter

	// maxNumber keeps every number exact in JavaScript and far from the sizes
	// at which the arithmetic of package tlog overflows and never returns.
	maxNumber = 1<<53 - 1
)

// A Digest is a SHA-256 or SM3 value; the name of its field says which.
type Digest [32]byte

// String gives the digest in lower-case hexadecimal, as leaves hold it.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

func parseDigest(s string) (Digest, error) {
	var d Digest
	if len(s) != 2*len(d) {
		return d, errors.New("a digest has 64 hexadecimal digits")
	}
	_, err := hex.Decode(d[:], []byte(s))
	return d, err
}

// A Salt hides a body behind its commitment. It is drawn at random for each
// entry and kept beside the body, never in the leaf.
type Salt [16]byte

// A Commitment binds an entry to its body, which says who did it and what
// exactly was done, without telling anything about it. Once salt and body are
// erased nobody can find the body again, not even by trying all the codes there
// are: the salt has 128 bits.
type Commitment struct{ SHA256, SM3 Digest }

// NewCommitment commits to body under salt. The zero salt is refused, for it is
// what a forgotten or an erased salt looks like.
func NewCommitment(salt Salt, body []byte) (Commitment, error) {
	if salt == (Salt{}) {
		return Commitment{}, errors.New("commit to a body: the salt is all zero")
	}
	text := slices.Concat([]byte(bodyDomain), salt[:], body)
	return Commitment{SHA256: sha256.Sum256(text), SM3: sm3.Sum(text)}, nil
}

// Opens says whether c is the commitment to body under salt, under both hashes.
func (c Commitment) Opens(salt Salt, body []byte) error {
	is, err := NewCommitment(salt, body)
	if err != nil {
		return err
	}
	if is.SHA256 != c.SHA256 {
		return errors.New("the body does not open the commitment: SHA-256 differs")
	}
	if is.SM3 != c.SM3 {
		return errors.New("the body does not open the commitment: SM3 differs")
	}
	return nil
}

// An Entry (存证条目) is one official act as the log shows it to everybody, for
// good. It therefore holds no personal data: Org and Target are ids of ours,
// never a name, a phone number or an 18-character code. All else about the act
// is in the body, which Body commits to.
type Entry struct {
	N       int64  // place in the log, from 0
	At      string // when the act was done, UTC: 2006-01-02T15:04:05.000Z
	Verb    string // what was done, such as plan.approve
	Org     string // the organisation that did it; empty for the system itself
	Target  string // the thing it was done to; empty if there is no one thing
	Version int64  // the version of the target that the act made
	Body    Commitment
	Prev    Digest // SM3 of the previous leaf's bytes; zero in entry 0
}

// Leaf gives the entry's canonical bytes: one JSON object in the form of RFC
// 8785. As all texts are plain ASCII without quote or backslash and all numbers
// are small integers, that form is simply: names sorted, nothing between.
func (e Entry) Leaf() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("entry %d: %w", e.N, err)
	}
	return fmt.Appendf(nil, `{"at":"%s","body_sha256":"%s","body_sm3":"%s","format":"%s","n":%d,`+
		`"org":"%s","prev_sm3":"%s","target":"%s","verb":"%s","version":%d}`,
		e.At, e.Body.SHA256, e.Body.SM3, leafFormat, e.N, e.Org, e.Prev, e.Target, e.Verb, e.Version), nil
}

func (e Entry) check() error {
	at, err := time.Parse(instant, e.At)
	switch {
	case err != nil || at.Format(instant) != e.At:
		return errors.New("at is not an instant in UTC with milliseconds")
	case e.N < 0 || e.N > maxNumber || e.Version < 0 || e.Version > maxNumber:
		return errors.New("a number is negative or too large")
	case e.Verb == "" || !isToken(e.Verb) || !isToken(e.Org) || !isToken(e.Target):
		return errors.New("verb, org and target must be ids in plain ASCII")
	case (e.N == 0) != (e.Prev == Digest{}):
		return errors.New("exactly the first entry has no predecessor")
	}
	return nil
}

// isToken says whether s needs no escaping in JSON and can hold no name of a
// person or an enterprise in Chinese.
func isToken(s string) bool {
	return len(s) <= maxToken && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '"' || r == '\\'
	})
}

// ParseLeaf is the inverse of [Entry.Leaf]. It accepts the canonical bytes and
// no others: what it returns, Leaf turns into the same bytes again.
func ParseLeaf(leaf []byte) (Entry, error) {
	if len(leaf) > maxLeaf {
		return Entry{}, errors.New("read a leaf: too long")
	}
	var l struct {
		At         string `json:"at"`
		BodySHA256 string `json:"body_sha256"`
		BodySM3    string `json:"body_sm3"`
		Format     string `json:"format"`
		N          int64  `json:"n"`
		Org        string `json:"org"`
		PrevSM3    string `json:"prev_sm3"`
		Target     string `json:"target"`
		Verb       string `json:"verb"`
		Version    int64  `json:"version"`
	}
	if err := json.Unmarshal(leaf, &l); err != nil {
		return Entry{}, fmt.Errorf("read a leaf: %w", err)
	}
	if l.Format != leafFormat {
		return Entry{}, fmt.Errorf("read a leaf: the format is not %s", leafFormat)
	}
	e := Entry{N: l.N, At: l.At, Verb: l.Verb, Org: l.Org, Target: l.Target, Version: l.Version}
	var err1, err2, err3 error
	e.Body.SHA256, err1 = parseDigest(l.BodySHA256)
	e.Body.SM3, err2 = parseDigest(l.BodySM3)
	e.Prev, err3 = parseDigest(l.PrevSM3)
	if err := errors.Join(err1, err2, err3); err != nil {
		return Entry{}, fmt.Errorf("read a leaf: %w", err)
	}
	again, err := e.Leaf()
	if err != nil {
		return Entry{}, fmt.Errorf("read a leaf: %w", err)
	}
	// Order, blanks, escapes, repeated or further names, upper-case digits.
	if !bytes.Equal(again, leaf) {
		return Entry{}, errors.New("read a leaf: not in the canonical form")
	}
	return e, nil
}

// LeafHash is the hash under which leaf stands in the tree: RFC 6962, SHA-256.
func LeafHash(leaf []byte) Hash { return recordHash(leaf) }

// ChainDigest is what the entry after leaf must hold as Prev: the SM3 chain
// covers the log where tlog-tiles allows SHA-256 alone.
func ChainDigest(leaf []byte) Digest { return sm3.Sum(leaf) }

// ReceiptCode (回执码) shortens a leaf hash to what a person can compare by eye or
// read out on the telephone, such as A3D8-52F6. It is a reminder beside the
// entry's number, never a proof: with 32 bits, two of 77,000 entries share a
// code as likely as not, and a second leaf with a wanted code costs minutes.
func ReceiptCode(leaf Hash) string { return groups(leaf, 2) }

// LongReceiptCode is a code of four groups, for what is printed without a
// number: 64 bits, so that two of five thousand million entries share one as
// likely as not.
func LongReceiptCode(leaf Hash) string { return groups(leaf, 4) }

func groups(h Hash, n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("%02X%02X", h[2*i], h[2*i+1])
	}
	return strings.Join(parts, "-")
}
