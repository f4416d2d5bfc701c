package draw

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"math/big"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
)

// A Suite (密码套件) is the hash and the signature that decide a draw.
type Suite string

const (
	SHA256 Suite = "sha256-ed25519"
	SM3    Suite = "sm3-sm2"
)

func (s Suite) known() bool { return s == SHA256 || s == SM3 }

// A Hash is 32 bytes of the suite's hash; as text, 64 lower-case hex digits.
type Hash [32]byte

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// parseHash reads 64 lower-case hex digits.
func parseHash(s string) (h Hash, ok bool) {
	if !isHex(s, 64) {
		return h, false
	}
	_, err := hex.Decode(h[:], []byte(s))
	return h, err == nil
}

// isHex tells whether s is n lower-case hex digits.
func isHex(s string, n int) bool {
	return len(s) == n && only(s, classHex)
}

func (s Suite) new() hash.Hash {
	if s == SM3 {
		return sm3.New()
	}
	return sha256.New()
}

// Hash is H of the suite.
func (s Suite) Hash(data []byte) (h Hash) {
	d := s.new()
	d.Write(data)
	d.Sum(h[:0])
	return h
}

// NewHash is H for data that comes in pieces.
func (s Suite) NewHash() hash.Hash { return s.new() }

// lp is the length-prefixed concatenation of parts: before each its length in
// bytes, as four bytes, big-endian.
func lp(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// digest is H(lp(tag, parts…)).
func (s Suite) digest(tag string, parts ...string) Hash {
	return s.Hash(lp(append([]string{tag}, parts...)...))
}

func (s Suite) hmac(key Hash, msg []byte) (h Hash) {
	m := hmac.New(s.new, key[:])
	m.Write(msg)
	m.Sum(h[:0])
	return h
}

// A hasher hashes many short messages without allocating. It belongs to one
// goroutine.
type hasher struct {
	h      hash.Hash
	state  encoding.BinaryAppender // nil if the hash cannot give it
	blocks [128]byte
	pair   [128]byte // 0x01 and room for two hashes, padded
	out    []byte
}

func (s Suite) hasher() *hasher {
	h := &hasher{h: s.new(), out: make([]byte, 0, 128)}
	h.pair[0] = 1
	pad(h.pair[:], 65)
	h.state, _ = h.h.(encoding.BinaryAppender)
	var quick Hash // the state's form is the library's own: where it is another, do without
	if h.sum(&quick, []byte("abc")); quick != s.Hash([]byte("abc")) {
		h.state = nil
	}
	return h
}

// hashers are one hasher for each worker.
func (s Suite) hashers() []*hasher {
	all := make([]*hasher, workers())
	for w := range all {
		all[w] = s.hasher()
	}
	return all
}

// twoBlocks is the longest message that padding leaves in two blocks.
const twoBlocks = 119

// leaf puts H(0x00 ‖ data) into dst.
func (h *hasher) leaf(dst *Hash, data []byte) {
	n := 1 + len(data)
	if h.state == nil || n > twoBlocks {
		h.sum(dst, append([]byte{0}, data...))
		return
	}
	blocks := h.blocks[:64+(n+8)&64]
	blocks[0] = 0
	clear(blocks[1+copy(blocks[1:], data):])
	pad(blocks, n)
	h.padded(dst, blocks)
}

// sum puts H(msg) into dst.
func (h *hasher) sum(dst *Hash, msg []byte) {
	if h.state == nil || len(msg) > twoBlocks {
		h.h.Reset()
		h.h.Write(msg)
		h.out = h.h.Sum(h.out[:0])
		copy(dst[:], h.out)
		return
	}
	blocks := h.blocks[:64+(len(msg)+8)&64] // a length of 56 or more needs the second
	clear(blocks[copy(blocks, msg):])
	pad(blocks, len(msg))
	h.padded(dst, blocks)
}

// pad ends a message of n bytes in blocks that are zero behind it.
func pad(blocks []byte, n int) {
	blocks[n] = 0x80
	binary.BigEndian.PutUint16(blocks[len(blocks)-2:], uint16(n*8))
}

// padded puts the hash of a message in padded blocks into dst.
func (h *hasher) padded(dst *Hash, blocks []byte) { *dst = Hash(h.after(blocks)) }

// after is the state after padded blocks, which both libraries give behind four
// bytes of their own: the hash of the message, until the hasher is used again.
// Reading it spares the library's padding, a third of the time.
func (h *hasher) after(blocks []byte) []byte {
	h.h.Reset()
	h.h.Write(blocks)
	out, err := h.state.AppendBinary(h.out[:0])
	if err != nil || len(out) < 36 {
		return make([]byte, 32) // hasher finds out and does without
	}
	h.out = out
	return out[4:36]
}

// A Signer holds a contributor's signing key: in software, or in a device.
type Signer interface {
	Public() string // as the manifest writes it
	Sign(msg []byte) (string, error)
}

// userID is the signer's identity in SM2, GB/T 32918.2: the customary default.
var userID = []byte("1234567812345678")

type edSigner ed25519.PrivateKey

func (k edSigner) Public() string {
	return hex.EncodeToString(ed25519.PrivateKey(k).Public().(ed25519.PublicKey))
}

func (k edSigner) Sign(msg []byte) (string, error) {
	return hex.EncodeToString(ed25519.Sign(ed25519.PrivateKey(k), msg)), nil
}

type sm2Signer struct{ key *sm2.PrivateKey }

func (k sm2Signer) Public() string {
	point := make([]byte, 65)
	point[0] = 4
	k.key.X.FillBytes(point[1:33])
	k.key.Y.FillBytes(point[33:])
	return hex.EncodeToString(point)
}

func (k sm2Signer) Sign(msg []byte) (string, error) {
	der, err := sm2.SignDeterministic(k.key, msg, sm2.NewSM2SignerOption(true, userID))
	if err != nil {
		return "", err
	}
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		return "", err
	}
	sig := make([]byte, 64)
	rs.R.FillBytes(sig[:32])
	rs.S.FillBytes(sig[32:])
	return hex.EncodeToString(sig), nil
}

// NewSigner makes a signing key and returns it with its 32 secret bytes in hex,
// from which ParseSigner makes it again.
func (s Suite) NewSigner() (Signer, string, error) {
	for {
		private := randomHex(32)
		signer, err := s.ParseSigner(private)
		if err == nil || s != SM3 { // an SM2 scalar may, once in 2³², be out of range
			return signer, private, err
		}
	}
}

// ParseSigner makes a signer from 32 bytes in hex: the Ed25519 seed, or the SM2
// private scalar.
func (s Suite) ParseSigner(private string) (Signer, error) {
	if !isHex(private, 64) {
		return nil, errors.New("签名私钥应为 64 位小写十六进制字符")
	}
	raw, err := hex.DecodeString(private)
	if err != nil {
		return nil, err
	}
	if s == SHA256 {
		return edSigner(ed25519.NewKeyFromSeed(raw)), nil
	}
	key, err := sm2.NewPrivateKey(raw)
	if err != nil {
		return nil, err
	}
	return sm2Signer{key}, nil
}

// Verify tells whether sig is public's signature of msg. Whatever is malformed
// is no signature.
func (s Suite) Verify(public string, msg []byte, sig string) bool {
	if !s.publicKey(public) || !isHex(sig, 128) {
		return false
	}
	key, err1 := hex.DecodeString(public)
	raw, err2 := hex.DecodeString(sig)
	if err1 != nil || err2 != nil {
		return false
	}
	if s == SHA256 {
		return ed25519.Verify(key, msg, raw)
	}
	pub, err := sm2.NewPublicKey(key)
	if err != nil {
		return false
	}
	e, err := sm2.CalculateSM2Hash(pub, msg, userID)
	if err != nil {
		return false
	}
	r, t := new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])
	return sm2.Verify(pub, e, r, t)
}

// publicKey tells whether key is a public key as the suite writes it. Of SM2 that
// is a point of the curve.
func (s Suite) publicKey(key string) bool {
	if s == SHA256 {
		return isHex(key, 64)
	}
	raw, err := hex.DecodeString(key)
	if err != nil || !isHex(key, 130) || raw[0] != 4 {
		return false
	}
	_, err = sm2.NewPublicKey(raw)
	return err == nil
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// NewSecret makes a contributor's secret: 32 random bytes in hex.
func NewSecret() string { return randomHex(32) }
