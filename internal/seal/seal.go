// Package seal keeps texts secret under keys that the database does not hold: what
// it writes may lie in a column, in a backup and in the hands of whoever owns them.
//
// A Ring comes from secrets in files beside the database. What it protects is the
// key of one thing, such as one draw, and texts are sealed under that key: giving
// one thing away gives no other away.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// ErrClosed is a text that does not open: another key made it, it was changed, or
// it was sealed for another purpose.
var ErrClosed = errors.New("seal: a sealed text does not open")

// least is the shortest secret that keys are derived from, in bytes.
const least = 32

// A Key seals texts and opens them again, by AES-256-GCM with a random nonce for
// each text.
type Key struct {
	id   string // names the key in what it has sealed, without giving it away
	aead cipher.AEAD
}

// NewKey derives the key that a secret gives for one use, so that no use helps
// against another.
func NewKey(secret []byte, use string) (k Key, err error) {
	if len(secret) < least {
		return k, fmt.Errorf("seal: a secret must have at least %d bytes", least)
	}
	id, err := hkdf.Key(sha256.New, secret, nil, use+"/id", 6)
	if err != nil {
		return k, fmt.Errorf("seal: derive a key: %w", err)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, use+"/seal", 32)
	if err != nil {
		return k, fmt.Errorf("seal: derive a key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return k, fmt.Errorf("seal: derive a key: %w", err)
	}
	k.id = base64.RawURLEncoding.EncodeToString(id)
	k.aead, err = cipher.NewGCM(block)
	return k, err
}

// ID names the key.
func (k Key) ID() string { return k.id }

// Seal encrypts text so that it opens only for the same purpose: a sealed text that
// is moved to another place is worthless there. How long the text is can be seen.
func (k Key) Seal(purpose, text string) string {
	nonce := make([]byte, k.aead.NonceSize())
	rand.Read(nonce)
	return k.id + "." + base64.RawURLEncoding.EncodeToString(k.aead.Seal(nonce, nonce, []byte(text), []byte(purpose)))
}

// Open returns what Seal was given, or ErrClosed.
func (k Key) Open(purpose, sealed string) (string, error) {
	id, body, _ := strings.Cut(sealed, ".")
	bytes, err := base64.RawURLEncoding.DecodeString(body)
	if k.aead == nil || id != k.id || err != nil || len(bytes) < k.aead.NonceSize() {
		return "", ErrClosed
	}
	text, err := k.aead.Open(nil, bytes[:k.aead.NonceSize()], bytes[k.aead.NonceSize():], []byte(purpose))
	if err != nil {
		return "", ErrClosed
	}
	return string(text), nil
}

// A Ring is the keys that protect those of single things: the one in use, and those
// before it, whose keys are still read. The zero Ring protects nothing.
type Ring []Key

// ringUse is what the keys of a Ring are derived for.
const ringUse = "suicha/seal"

// NewRing makes a Ring of secrets, the one in use first.
func NewRing(secrets ...[]byte) (Ring, error) {
	var r Ring
	for _, secret := range secrets {
		k, err := NewKey(secret, ringUse)
		if err != nil {
			return nil, err
		}
		r = append(r, k)
	}
	return r, nil
}

// Wrap makes a new random key for the thing called name, and returns it with its
// wrapped form, which the database may hold.
func (r Ring) Wrap(name string) (Key, string, error) {
	if len(r) == 0 {
		return Key{}, "", errors.New("seal: there is no key to protect others with")
	}
	secret := make([]byte, least)
	rand.Read(secret)
	k, err := NewKey(secret, name)
	return k, r[0].Seal(name, hex.EncodeToString(secret)), err
}

// Unwrap returns the key of the thing called name from its wrapped form, or
// ErrClosed.
func (r Ring) Unwrap(name, wrapped string) (Key, error) {
	for _, k := range r {
		text, err := k.Open(name, wrapped)
		if err != nil {
			continue
		}
		secret, err := hex.DecodeString(text)
		if err != nil {
			return Key{}, ErrClosed
		}
		return NewKey(secret, name)
	}
	return Key{}, ErrClosed
}
