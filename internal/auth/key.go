package auth

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"suicha/internal/seal"
)

// A ring holds the keys derived from the pepper, and from the peppers before it.
// What was made with an older one is still read; new things use the first.
type ring []keySet

// A keySet is what one pepper gives: a key for each use, so that none helps
// against another.
type keySet struct {
	id       string // names the pepper in what was made with it, without giving it away
	password []byte
	lookup   []byte // for names and recovery codes
	seal     seal.Key
}

const pepperLeast = 32

var errPepper = errors.New("auth: the secret that protects passwords must have at least 32 bytes")

func newRing(pepper []byte, former [][]byte) (ring, error) {
	var r ring
	for _, secret := range append([][]byte{pepper}, former...) {
		if len(secret) < pepperLeast {
			return nil, errPepper
		}
		k, err := deriveKeys(secret)
		if err != nil {
			return nil, fmt.Errorf("auth: derive keys: %w", err)
		}
		r = append(r, k)
	}
	return r, nil
}

func deriveKeys(secret []byte) (k keySet, err error) {
	derive := func(use string, n int) []byte {
		key, e := hkdf.Key(sha256.New, secret, nil, "suicha/auth/"+use, n)
		err = errors.Join(err, e)
		return key
	}
	k.password, k.lookup = derive("password", 32), derive("lookup", 32)
	if err != nil {
		return k, err
	}
	k.seal, err = seal.NewKey(secret, "suicha/auth")
	k.id = k.seal.ID()
	return k, err
}

func (r ring) byID(id string) (keySet, bool) {
	for _, k := range r {
		if k.id == id {
			return k, true
		}
	}
	return keySet{}, false
}

// mac is a keyed hash of parts, which cannot run into each other.
func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return h.Sum(nil)
}

// lookups are the keyed hashes under which something may have been kept, the
// present one first.
func (r ring) lookups(parts ...string) []string {
	hashes := make([]string, len(r))
	for i, k := range r {
		hashes[i] = base64.RawURLEncoding.EncodeToString(mac(k.lookup, parts...))
	}
	return hashes
}

// binds reports whether stamp is a keyed hash of parts, with the present key or
// with one before it.
func (r ring) binds(stamp string, parts ...string) bool {
	for _, hash := range r.lookups(parts...) {
		if hmac.Equal([]byte(hash), []byte(stamp)) {
			return true
		}
	}
	return false
}

// moment is a time as rows keep it, for a keyed hash.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return strconv.FormatInt(at.UnixMilli(), 10)
}

// seal encrypts text so that it opens only for the same purpose: a sealed secret
// moved to another person's row is worthless there.
func (r ring) seal(purpose, text string) string { return r[0].seal.Seal(purpose, text) }

func (r ring) open(purpose, sealed string) (string, error) {
	id, _, _ := strings.Cut(sealed, ".")
	k, _ := r.byID(id)
	return k.seal.Open(purpose, sealed)
}
