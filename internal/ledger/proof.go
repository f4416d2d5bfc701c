package ledger

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"suicha/internal/ledger/keys"
)

const proofFormat = "c2sp.org/tlog-proof@v1"

// A Proof is what a person is handed to show, offline and for good, that an
// entry is in the log: C2SP tlog-proof. The file is called *.tlog-proof.
type Proof struct {
	Leaf  []byte // the entry itself, in the line "extra"; may be left out
	Index int64
	Path  []Hash // as [ProveInclusion] gives it
	Note  []byte // the signed and cosigned checkpoint
}

// FormatProof writes the proof as text.
func FormatProof(p Proof) []byte {
	var out bytes.Buffer
	out.WriteString(proofFormat + "\n")
	if len(p.Leaf) > 0 {
		out.WriteString("extra " + base64.StdEncoding.EncodeToString(p.Leaf) + "\n")
	}
	fmt.Fprintf(&out, "index %d\n", p.Index)
	writeHashes(&out, p.Path)
	out.WriteByte('\n')
	out.Write(p.Note)
	return out.Bytes()
}

// ParseProof reads the text of a proof. It says nothing yet about its truth.
func ParseProof(text []byte) (Proof, error) {
	var p Proof
	head, signed, ok := bytes.Cut(text, []byte("\n\n"))
	body, isProof := strings.CutPrefix(string(head), proofFormat+"\n")
	if !ok || !isProof || len(signed) == 0 || len(signed) > keys.MaxNote {
		return Proof{}, errors.New("read a proof: not a " + proofFormat)
	}
	if extra, rest, ok := strings.Cut(body, "\n"); ok && strings.HasPrefix(extra, "extra ") {
		text := strings.TrimPrefix(extra, "extra ")
		leaf, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(leaf) == 0 || base64.StdEncoding.EncodeToString(leaf) != text {
			return Proof{}, errors.New("read a proof: the extra line is not canonical base64")
		}
		p.Leaf, body = leaf, rest
	}
	first, rest, more := strings.Cut(body, "\n")
	number, isIndex := strings.CutPrefix(first, "index ")
	index, err := parseNumber(number)
	if !isIndex || err != nil {
		return Proof{}, errors.New("read a proof: the line index is missing or bad")
	}
	if more {
		p.Path, err = parseHashes(rest)
	}
	if err != nil {
		return Proof{}, fmt.Errorf("read a proof: %w", err)
	}
	p.Index, p.Note = index, bytes.Clone(signed)
	return p, nil
}

// Verify says whether leaf is the entry that the proof is about, and whether the
// log has it, according to a checkpoint that policy believes. A proof that
// carries another leaf, or a leaf with another number, fails.
func (p Proof) Verify(leaf []byte, policy *Policy) (Checkpoint, []Cosignature, error) {
	entry, err := ParseLeaf(leaf)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify a proof: %w", err)
	}
	if entry.N != p.Index || len(p.Leaf) > 0 && !bytes.Equal(p.Leaf, leaf) {
		return Checkpoint{}, nil, fmt.Errorf("verify a proof: it is about entry %d, and not about this leaf", p.Index)
	}
	c, by, err := policy.Check(p.Note)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify a proof: %w", err)
	}
	if err := CheckInclusion(c.Head, p.Index, leaf, p.Path); err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify a proof: entry %d is not in the log: %w", p.Index, err)
	}
	return c, by, nil
}
