package match

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm3"
)

// A Suite (密码套件) names the hash H of tickets and streams.
type Suite string

const (
	SHA256 Suite = "sha256"
	SM3    Suite = "sm3"
)

func (s Suite) sum() func([]byte) [32]byte {
	switch s {
	case SHA256:
		return sha256.Sum256
	case SM3:
		return sm3.Sum
	}
	return nil
}

// KeyLen is the length of a key: printable characters, no colon.
const KeyLen = 32

func goodKey(key string) bool {
	return len(key) == KeyLen && strings.IndexFunc(key, func(r rune) bool {
		return r <= ' ' || r == ':' || r > '~'
	}) < 0
}

// tickets makes the tickets of one department. Every message is printable and,
// for ids of usual length, one block of the hash.
type tickets struct {
	sum func([]byte) [32]byte
	key string
	buf []byte
}

// object is the ticket of an object: H(K ":" o).
func (t *tickets) object(id string) [32]byte {
	t.buf = append(append(append(t.buf[:0], t.key...), ':'), id...)
	return t.sum(t.buf)
}

// at makes object the place of the tickets that follow: their key K_o is the
// first 32 hexadecimal digits of the object's own ticket.
func (t *tickets) at(object *[32]byte) {
	t.buf = append(hex.AppendEncode(t.buf[:0], object[:KeyLen/2]), ':')
}

// inspector is the ticket of an inspector at an object: H(K_o ":" i).
func (t *tickets) inspector(id string) [32]byte {
	t.buf = append(t.buf[:KeyLen+1], id...)
	return t.sum(t.buf)
}

// leader is the ticket for the leadership of the team: H(K_o ":L:" i).
func (t *tickets) leader(id string) [32]byte {
	t.buf = append(append(t.buf[:KeyLen+1], "L:"...), id...)
	return t.sum(t.buf)
}

// prefix is the part of a ticket that nearly always decides a comparison.
func prefix(ticket [32]byte) uint64 { return binary.BigEndian.Uint64(ticket[:8]) }

func less(a, b [32]byte) bool { return bytes.Compare(a[:], b[:]) < 0 }

// A stream is a sequence of 32-bit words: block i is H(K ":S:" label ":" i),
// and gives eight words, each big-endian, from its first byte on.
type stream struct {
	sum   func([]byte) [32]byte
	msg   []byte
	stem  int
	count uint64
	block []byte
	at    int
	more  chan []byte // blocks made ahead, or nil
}

func (t *tickets) stream(label string) *stream {
	msg := []byte(t.key + ":S:" + label + ":")
	return &stream{sum: t.sum, msg: msg, stem: len(msg)}
}

// appendBlock appends the next block.
func (s *stream) appendBlock(b []byte) []byte {
	s.msg = strconv.AppendUint(s.msg[:s.stem], s.count, 10)
	s.count++
	block := s.sum(s.msg)
	return append(b, block[:]...)
}

// ahead lets a goroutine make the blocks, until stop is called. It is for long
// streams, and before the first word only.
func (s *stream) ahead() (stop func()) {
	const blocks = 1024
	s.more = make(chan []byte, 2)
	done := make(chan struct{})
	maker := &stream{sum: s.sum, msg: slices.Clone(s.msg), stem: s.stem}
	go func() {
		for {
			b := make([]byte, 0, 32*blocks)
			for range blocks {
				b = maker.appendBlock(b)
			}
			select {
			case s.more <- b:
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

func (s *stream) refill() {
	s.at = 0
	if s.more != nil {
		s.block = <-s.more
	} else {
		s.block = s.appendBlock(s.block[:0])
	}
}

func (s *stream) word() uint32 {
	if s.at == len(s.block) {
		s.refill()
	}
	w := binary.BigEndian.Uint32(s.block[s.at:])
	s.at += 4
	return w
}

// below returns a number in [0, n), each equally likely: a word at or above the
// greatest multiple of n within 2³² is thrown away, the next is tried.
func (s *stream) below(n uint32) uint32 {
	for {
		w := s.word()
		r := w % n
		if w-r <= -n { // w lies in a whole run of n
			return r
		}
	}
}
