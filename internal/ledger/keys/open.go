package keys

import (
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// MaxNote bounds a signed note: room for 16 signatures of any kind and more.
const MaxNote = 128 << 10

// ErrUnsigned says that a note lacks a signature that is asked for, or has one
// that is not good.
var ErrUnsigned = errors.New("not signed as it must be")

// Open is note.Open, and refuses what that lets pass: base64 that is not in
// the one canonical form. With that, any changed bit of a line is seen. A note
// without a signature by one of keys comes back without verified signatures.
func Open(signed []byte, keys ...note.Verifier) (*note.Note, error) {
	if len(signed) > MaxNote {
		return nil, errors.New("the note is too long")
	}
	n, err := note.Open(signed, note.VerifierList(keys...))
	var unsigned *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unsigned):
		n = unsigned.Note
	case errors.As(err, &invalid):
		return nil, fmt.Errorf("%w: %w", ErrUnsigned, err)
	case err != nil:
		return nil, err
	}
	for _, s := range append(n.Sigs[:len(n.Sigs):len(n.Sigs)], n.UnverifiedSigs...) {
		raw, err := base64.StdEncoding.DecodeString(s.Base64)
		if err != nil || base64.StdEncoding.EncodeToString(raw) != s.Base64 {
			return nil, fmt.Errorf("the signature line of %s is not canonical base64", s.Name)
		}
	}
	return n, nil
}
