package ceremony

import (
	"encoding/base32"
	"strings"

	"golang.org/x/text/width"

	"suicha/internal/draw"
)

// codeLetters are digits and letters that nobody takes for each other.
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Code is the short code (短码) that an object's owner is given: ten letters, made of
// the record with its salt, so that nobody else can guess it, and of the batch and
// the run, so that each draw has its own. Who knows it may see the object's own case.
func Code(m *draw.Manifest, rec draw.Record) string {
	h := m.Suite.Hash([]byte("suicha.code\n" + m.Digest().String() + "\n" + rec.Line()))
	text := codeLetters.EncodeToString(h[:7])[:10]
	return text[:5] + "-" + text[5:]
}

// ReadCode brings a short code as people type it into the form of Code, or returns
// the empty text.
func ReadCode(typed string) string {
	if len(typed) > 100 {
		return ""
	}
	text := strings.NewReplacer("-", "", "—", "", "–", "", " ", "", "\u3000", "", "O", "0", "I", "1", "L", "1", "U", "V").
		Replace(strings.ToUpper(width.Narrow.String(strings.ToUpper(typed))))
	if len(text) != 10 || strings.Trim(text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return ""
	}
	return text[:5] + "-" + text[5:]
}
