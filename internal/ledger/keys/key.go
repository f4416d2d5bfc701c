// Package keys holds the keys of a log and its witnesses, as text and at work:
// C2SP signed-note with Ed25519, with SM2 beside it, and tlog-cosignature. It
// knows notes, not logs.
package keys

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// A Kind is what a key is for and how it signs. It is the signature type of
// C2SP signed-note, as it stands before the key's bytes.
type Kind string

const (
	// LogEd25519 signs checkpoints for the log. Every checkpoint has one.
	LogEd25519 Kind = "\x01"
	// LogSM2 signs the same text with SM2 and SM3 (GB/T 32918.2, GM/T 0009,
	// default user id). Signed-note has no number for it, so the type is 0xff
	// and a name; verifiers that do not know it pass over the line.
	LogSM2 Kind = "\xffsm2-with-sm3.suicha/1\n"
	// WitnessEd25519 signs cosignature/v1 of C2SP tlog-cosignature.
	WitnessEd25519 Kind = "\x04"
)

const secretSize = 32 // bytes: a seed of Ed25519 or a scalar of SM2

// Generate makes a key of one kind. The skey is the secret text, to be kept
// in a file or device of its owner; the vkey is the text that others check with.
// The name is that of the log, which is its origin, or of the witness.
func Generate(kind Kind, name string, rand io.Reader) (skey, vkey string, err error) {
	if !isKeyName(name) {
		return "", "", fmt.Errorf("%q cannot name a key: no blanks, no plus sign, not empty", name)
	}
	secret := make([]byte, secretSize)
	for range 100 {
		if _, err := io.ReadFull(rand, secret); err != nil {
			return "", "", fmt.Errorf("generate a key: %w", err)
		}
		public, err := kind.public(secret)
		if errors.Is(err, errScalar) {
			continue // once in 2³² times: not below the order of the curve
		}
		if err != nil {
			return "", "", err
		}
		k := newKey(name, kind, public)
		text := base64.StdEncoding.EncodeToString([]byte(string(kind) + string(secret)))
		return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, k.hash, text), k.String(), nil
	}
	return "", "", errors.New("generate a key: the random source is broken")
}

// A key is what both halves know: who, which kind, and the public bytes.
type key struct {
	name   string
	hash   uint32
	kind   Kind
	public []byte
}

func newKey(name string, kind Kind, public []byte) key {
	sum := sha256.Sum256([]byte(name + "\n" + string(kind) + string(public)))
	return key{name, binary.BigEndian.Uint32(sum[:]), kind, public}
}

func (k *key) Name() string    { return k.name }
func (k *key) KeyHash() uint32 { return k.hash }

// String gives the vkey, also of a secret key: a key that is printed or logged
// by mistake shows nothing.
func (k *key) String() string {
	text := base64.StdEncoding.EncodeToString([]byte(string(k.kind) + string(k.public)))
	return fmt.Sprintf("%s+%08x+%s", k.name, k.hash, text)
}

// A Verifier is a public key: a note.Verifier that also tells its kind.
type Verifier struct{ key }

// Kind says what the key is for.
func (v *Verifier) Kind() Kind { return v.kind }

// Same says whether both are the same key, under whatever names and kinds.
func (v *Verifier) Same(w *Verifier) bool { return bytes.Equal(v.public, w.public) }

// ParseVerifier reads a vkey of any of the three kinds.
func ParseVerifier(vkey string) (*Verifier, error) {
	name, _, _ := strings.Cut(vkey, "+")
	kind, public, err := splitKey(vkey)
	if err != nil {
		return nil, fmt.Errorf("read the verifier key of %.80q: %w", name, err)
	}
	if kind == LogSM2 {
		_, err = sm2.NewPublicKey(public)
	} else if len(public) != ed25519.PublicKeySize {
		err = errors.New("an Ed25519 key has 32 bytes")
	}
	v := &Verifier{newKey(name, kind, public)}
	if err == nil && v.String() != vkey {
		err = errors.New("name, key id and key do not belong together")
	}
	if err != nil {
		return nil, fmt.Errorf("read the verifier key of %.80q: %w", name, err)
	}
	return v, nil
}

// splitKey takes apart name+id+base64. Whether the id is right, the caller sees
// by writing the key again.
func splitKey(s string) (Kind, []byte, error) {
	part := strings.SplitN(s, "+", 3)
	if len(part) != 3 || !isKeyName(part[0]) {
		return "", nil, errors.New("a key is name+id+base64")
	}
	raw, err := base64.StdEncoding.DecodeString(part[2])
	if err != nil {
		return "", nil, errors.New("the key is not base64")
	}
	for _, kind := range []Kind{LogEd25519, LogSM2, WitnessEd25519} {
		if rest, ok := strings.CutPrefix(string(raw), string(kind)); ok {
			return kind, []byte(rest), nil
		}
	}
	return "", nil, errors.New("the kind of the key is unknown")
}

// Verify says whether sig is the key's signature of msg, the text of a note.
func (v *Verifier) Verify(msg, sig []byte) bool {
	switch v.kind {
	case LogEd25519:
		return ed25519.Verify(v.public, msg, sig)
	case WitnessEd25519:
		at, ok := cosignedAt(sig)
		return ok && ed25519.Verify(v.public, cosigned(msg, at), sig[8:])
	default: // LogSM2
		public, err := sm2.NewPublicKey(v.public)
		if err != nil || len(sig) != 64 {
			return false
		}
		rs := sm2Signature{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])}
		der, err := asn1.Marshal(rs)
		return err == nil && sm2.VerifyASN1WithSM2(public, nil, msg, der)
	}
}

// An sm2Signature is how the library writes signatures. In a note it is r and
// s, 32 bytes each: one form only, and the one that browsers' libraries expect.
type sm2Signature struct{ R, S *big.Int }

type signer struct {
	key
	secret []byte
}

// ParseSigner reads the skey of a log, of either kind. A witness's key is
// refused: it must never sign as a log.
func ParseSigner(skey string) (note.Signer, error) {
	s, err := parseSecret(skey)
	if err == nil && s.kind == WitnessEd25519 {
		err = errors.New("this is the key of a witness, not of a log")
	}
	if err != nil {
		return nil, fmt.Errorf("read the log's secret key: %w", err)
	}
	return s, nil
}

func parseSecret(skey string) (*signer, error) {
	rest, ok := strings.CutPrefix(skey, "PRIVATE+KEY+")
	if !ok {
		return nil, errors.New("a secret key begins with PRIVATE+KEY+")
	}
	kind, secret, err := splitKey(rest)
	if err != nil {
		return nil, err
	}
	public, err := kind.public(secret)
	if err != nil {
		return nil, err
	}
	part := strings.SplitN(rest, "+", 3)
	s := &signer{newKey(part[0], kind, public), secret}
	if fmt.Sprintf("%08x", s.hash) != part[1] {
		return nil, errors.New("name, key id and key do not belong together")
	}
	return s, nil
}

// errScalar says that 32 bytes are not a secret number of SM2.
var errScalar = errors.New("not a secret key of SM2")

// public computes the public key that belongs to a secret one.
func (k Kind) public(secret []byte) ([]byte, error) {
	if len(secret) != secretSize {
		return nil, errors.New("a secret key has 32 bytes")
	}
	switch k {
	case LogEd25519, WitnessEd25519:
		return ed25519.NewKeyFromSeed(secret)[32:], nil
	case LogSM2:
		private, err := sm2.NewPrivateKey(secret)
		if err != nil {
			return nil, errScalar
		}
		public, err := sm2.PublicKeyToECDH(&private.PublicKey)
		if err != nil {
			return nil, errScalar
		}
		return public.Bytes(), nil
	}
	return nil, errors.New("the kind of the key is unknown")
}

// Sign signs msg, the text of a note. SM2 takes its nonce from key and message
// (RFC 6979 with SM3), so that no weak random source can give the key away.
func (s *signer) Sign(msg []byte) ([]byte, error) {
	if s.kind == LogEd25519 {
		return ed25519.Sign(ed25519.NewKeyFromSeed(s.secret), msg), nil
	}
	private, err := sm2.NewPrivateKey(s.secret)
	if err != nil {
		return nil, fmt.Errorf("sign with SM2: %w", err)
	}
	der, err := sm2.SignDeterministic(private, msg, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return nil, fmt.Errorf("sign with SM2: %w", err)
	}
	var rs sm2Signature
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		return nil, fmt.Errorf("sign with SM2: %w", err)
	}
	return append(rs.R.FillBytes(make([]byte, 32)), rs.S.FillBytes(make([]byte, 32))...), nil
}

// isKeyName follows signed-note, and allows no control characters, which no
// note may hold.
func isKeyName(name string) bool {
	return name != "" && len(name) <= 255 && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool {
			return r == '+' || unicode.IsSpace(r) || unicode.IsControl(r)
		})
}
