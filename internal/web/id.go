package web

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// NewID returns a UUIDv7: the id of a new thing, or of a request, made by the
// asker so that asking twice is harmless. It shows the time it was made; a thing
// that is still secret needs another kind.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	ms := uint64(time.Now().UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// newReference returns a number that a user can read out on the telephone, such
// as K7QF-2M9D. It names one request in the log.
func newReference() string {
	text := rand.Text()
	return text[:4] + "-" + text[4:8]
}
