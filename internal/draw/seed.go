package draw

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// A Seed (种子) is what the whole ceremony gives. It is made from checked
// documents by Ceremony.Seed and in no other way.
type Seed struct {
	suite Suite
	hash  Hash
}

// A Key decides an order: K of SDP/1, 32 printable characters. It comes from a
// Seed, or is a dummy for rehearsals.
type Key struct {
	suite Suite
	text  string
	dummy bool
}

// Keys are the keys of a draw's consolidation groups.
type Keys map[string]Key

// Seed computes the seed. In sealed mode, before the opening, the engine needs
// the custodian's secret; otherwise custodian is left out.
func (c *Ceremony) Seed(custodian ...Reveal) (Seed, error) {
	if err := c.Check(); err != nil {
		return Seed{}, err
	}
	if c.Envelopes == nil {
		return Seed{}, fault(EnvelopesFile, 0, "缺少启封记录，不能计算种子")
	}
	if c.Opening != nil && len(custodian) == 0 {
		custodian = c.Opening.Custodian
	}
	k := &checker{file: OpeningFile}
	if c.opened(k, custodian, "custodian", c.lastOutcome(), ""); k.err != nil {
		return Seed{}, k.err
	}
	return c.seed(custodian), nil
}

func (c *Ceremony) seed(custodian []Reveal) Seed {
	m := c.Manifest
	secrets := slices.Concat(c.Reveals.Reveals, c.Envelopes.Reveals, custodian)
	slices.SortFunc(secrets, func(a, b Reveal) int { return strings.Compare(a.Name, b.Name) })
	parts := []string{m.Digest().String(), c.Lock.Digest(m.Suite).String(), strconv.Itoa(len(secrets))}
	for _, r := range secrets {
		parts = append(parts, r.Name, r.Secret)
	}
	parts = append(parts, c.Event.Text, fmt.Sprint(m.Run))
	return Seed{m.Suite, m.Suite.digest("SDP1.seed", parts...)}
}

// key is the first 32 hex digits of HMAC_S(lp(purpose, name)).
func (s Seed) key(purpose, name string) Key {
	h := s.suite.hmac(s.hash, lp(purpose, name))
	return Key{suite: s.suite, text: h.String()[:32]}
}

// Keys are the keys of the manifest's groups.
func (s Seed) Keys(m *Manifest) Keys {
	keys := Keys{}
	for _, group := range m.Groups() {
		keys[group] = s.key("SDP1.ticket", group)
	}
	return keys
}

// MatchKey is the key of a department in the matching of inspectors.
func (s Seed) MatchKey(department string) Key { return s.key("SDP1.match", department) }

func (s Seed) groupKeys(m *Manifest) []GroupKey {
	list := []GroupKey{}
	for _, group := range m.Groups() {
		list = append(list, GroupKey{group, s.key("SDP1.ticket", group).text})
	}
	return list
}

// NewOpening publishes the seed and the keys: the opening document.
func (c *Ceremony) NewOpening(time string, custodian ...Reveal) (*Opening, error) {
	seed, err := c.Seed(custodian...)
	if err != nil {
		return nil, err
	}
	if c.Result == nil {
		return nil, fault(ResultFile, 0, "缺少抽取结果，不能公开密钥")
	}
	m := c.Manifest
	return &Opening{
		Doc: "SDP1.opening", Batch: m.Batch, Run: m.Run, Time: time, Result: c.Result.Digest(m.Suite).String(),
		Custodian: append([]Reveal{}, custodian...), Seed: seed.hash.String(), Keys: seed.groupKeys(m),
	}, nil
}

// DummyKeys are keys for a rehearsal (演练) of a draw. They begin with DUMMY, so
// that nobody can take a rehearsal for a draw, and no real key is among them.
func DummyKeys(m *Manifest, label string) Keys {
	keys := Keys{}
	for _, group := range m.Groups() {
		keys[group] = DummyKey(m.Suite, label, group)
	}
	return keys
}

// DummyKey is one key for a rehearsal.
func DummyKey(s Suite, label, group string) Key {
	return Key{suite: s, text: "DUMMY" + s.Hash([]byte("DUMMY:" + label + ":" + group)).String()[:27], dummy: true}
}

// String is the key as it is printed and hashed.
func (k Key) String() string { return k.text }

// Dummy tells whether the key is for rehearsals only.
func (k Key) Dummy() bool { return k.dummy }

// Ticket is the ticket (签号) of id under a key as printed: H(key ":" id).
func Ticket(s Suite, key, id string) Hash { return s.Hash([]byte(key + ":" + id)) }

// Decimal is how a ticket is shown to people: with t the number its first 16 hex
// digits write, the eight decimals of floor(t · 10⁸ / 2⁶⁴).
func (h Hash) Decimal() string {
	n, _ := bits.Mul64(h.prefix(), 100_000_000)
	return fmt.Sprintf("0.%08d", n)
}

// prefix is the part of a ticket that nearly always decides a comparison.
func (h *Hash) prefix() uint64 { return binary.BigEndian.Uint64(h[:8]) }

// A Stream (计数流) is the random words of a key and a label: block i is
// H(K ":S:" label ":" i), eight words of four bytes, big-endian.
type Stream struct {
	suite Suite
	stem  []byte
	next  uint64
	words []byte
}

// Stream begins the stream of a label.
func (k Key) Stream(label string) *Stream {
	return &Stream{suite: k.suite, stem: []byte(k.text + ":S:" + label + ":")}
}

// Word is the next word.
func (s *Stream) Word() uint32 {
	if len(s.words) == 0 {
		h := s.suite.Hash(strconv.AppendUint(s.stem[:len(s.stem):len(s.stem)], s.next, 10))
		s.words, s.next = h[:], s.next+1
	}
	w := binary.BigEndian.Uint32(s.words)
	s.words = s.words[4:]
	return w
}

// Below is a number less than n, each as likely as the others: words in the last,
// incomplete run of n below 2³² are thrown away. n is at least 1.
func (s *Stream) Below(n uint32) uint32 {
	whole := 1 << 32 / uint64(n) * uint64(n)
	for {
		if w := s.Word(); uint64(w) < whole {
			return w % n
		}
	}
}
