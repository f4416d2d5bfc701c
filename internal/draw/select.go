package draw

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"math/bits"
	"slices"
)

// A Pick is an object with its place in the order of a cell.
type Pick struct {
	Task    string
	Stratum string
	Tier    int
	Rank    int // from 1
	ID      string
	Ticket  Hash
}

// A Drawn is the outcome of a draw.
type Drawn struct {
	Dummy   bool // a rehearsal
	Cells   []Cell
	Short   []Shortfall
	Picks   []Pick // the drawn objects, by task, stratum, tier and rank
	Reserve []Pick // those next in order
}

// A ticketed is an object that may be among the smallest tickets of its cell.
type ticketed struct {
	ticket Hash
	index  uint32
	length uint8
	id     [32]byte
}

// before is the order of the draw: by ticket, equal tickets by id. The index
// stands for the id, since the population is sorted by ids.
func (a ticketed) before(b ticketed) int {
	return cmp.Or(bytes.Compare(a.ticket[:], b.ticket[:]), cmp.Compare(a.index, b.index))
}

// cut is a 64-bit prefix that k of size tickets are below, but for about one time
// in 10¹⁵. It only spares sorting: when it was too low, all are taken.
func cut(k, size uint64) uint64 {
	if k == 0 {
		return 0
	}
	root := uint64(1) << ((bits.Len64(k) + 1) / 2) // at least √k
	if k += 8*root + 16; k >= size {
		return math.MaxUint64
	}
	q, _ := bits.Div64(k, 0, size)
	return q
}

// tickets makes the tickets of one worker.
type tickets struct {
	h    *hasher
	msg  [][]byte   // per group: K ":" and room for an id
	code [][64]byte // per group: the padded block of an id of 18 characters

	other Hash // of an id of another length
}

// stem is the length of K ":".
const stem = 33

func newTickets(s Suite, groups []string, keys Keys) *tickets {
	t := &tickets{h: s.hasher(), msg: make([][]byte, len(groups)), code: make([][64]byte, len(groups))}
	for i, g := range groups {
		t.msg[i] = make([]byte, 0, 80)
		t.use(i, keys[g])
	}
	return t
}

// use sets the key of a group.
func (t *tickets) use(group int, key Key) {
	t.msg[group] = append(append(t.msg[group][:0], key.text...), ':')
	copy(t.code[group][:], t.msg[group])
	pad(t.code[group][:], stem+18)
}

// of is the ticket of id.
func (t *tickets) of(group int, id []byte, dst *Hash) { *dst = Hash(t.bytes(group, id)) }

// bytes are the ticket of id, until the next is asked for. Credit codes, nearly all
// ids, only fill a gap in a block that is ready.
func (t *tickets) bytes(group int, id []byte) []byte {
	if len(id) == 18 && t.h.state != nil {
		block := &t.code[group]
		*(*[18]byte)(block[stem:]) = [18]byte(id)
		return t.h.after(block[:])
	}
	t.h.sum(&t.other, append(t.msg[group], id...))
	return t.other[:]
}

// usable refuses keys that are not those of the manifest's groups.
func (k Keys) usable(m *Manifest) error {
	for _, g := range m.Groups() {
		if key, ok := k[g]; !ok || key.suite != m.Suite || len(key.text) != 32 {
			return fault(ManifestFile, 0, "缺少组 %s 的密钥", g)
		}
	}
	return nil
}

// Select draws from the locked population: in each cell the smallest tickets. It
// reads the population once and keeps only what may be drawn. The order is by
// integers alone, and no cut, worker or block changes it. R55, R68
func Select(m *Manifest, l *Lock, keys Keys, population io.ReadSeeker, file string) (*Drawn, error) {
	if err := keys.usable(m); err != nil {
		return nil, err
	}
	cells, short := Cells(m, l.Counts)
	s := &selection{rules: newRules(m), keys: keys, file: file, cuts: make([]uint64, len(cells))}
	for i, c := range cells {
		s.cuts[i] = cut(c.Drawn+c.Reserve, c.Size)
	}
	found, err := s.all(l, cells, population)
	if err != nil {
		return nil, err
	}
	d := &Drawn{Cells: cells, Short: short, Dummy: keys.dummy()}
	drawn, reserve := uint64(0), uint64(0)
	for _, c := range cells {
		drawn, reserve = drawn+c.Drawn, reserve+c.Reserve
	}
	d.Picks, d.Reserve = slices.Grow(d.Picks, int(drawn)), slices.Grow(d.Reserve, int(reserve))
	for i, c := range cells {
		n, all := int(c.Drawn), picks(c, found[i])
		d.Picks, d.Reserve = append(d.Picks, all[:n]...), append(d.Reserve, all[n:]...)
	}
	return d, nil
}

// picks are the first of a cell's objects, which come in order, with one text for
// all ids.
func picks(c Cell, found []ticketed) []Pick {
	found = found[:c.Drawn+c.Reserve]
	ids := make([]byte, 0, 18*len(found))
	for i := range found {
		ids = append(ids, found[i].id[:found[i].length]...)
	}
	text, list := string(ids), make([]Pick, len(found))
	for i := range found {
		t := &found[i]
		list[i] = Pick{c.Task, c.Stratum, int(c.Tier), i + 1, text[:t.length], t.ticket}
		text = text[t.length:]
	}
	return list
}

// dummy tells whether any of the keys is for rehearsals.
func (k Keys) dummy() bool {
	for _, key := range k {
		if key.dummy {
			return true
		}
	}
	return false
}

type selection struct {
	rules *rules
	keys  Keys
	file  string
	cuts  []uint64
}

// inOrder sorts what the workers found for a cell. Prefixes of tickets are sorted,
// not the objects themselves, which are large.
func inOrder(found [][][]ticketed, cell int) []ticketed {
	var joined []ticketed
	for w := range found {
		joined = append(joined, found[w][cell]...)
	}
	order := make([]keyed, len(joined))
	for i := range joined {
		order[i] = keyed{prefix: joined[i].ticket.prefix(), index: uint32(i)}
	}
	slices.SortFunc(order, func(a, b keyed) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return joined[a.index].before(joined[b.index])
	})
	sorted := make([]ticketed, len(joined))
	for i, k := range order {
		sorted[i] = joined[k.index]
	}
	return sorted
}

// all collects what the cells need, again without cuts if a cut was too low.
func (s *selection) all(l *Lock, cells []Cell, population io.ReadSeeker) ([][]ticketed, error) {
	for {
		found, err := s.pass(l, population)
		if err != nil {
			return nil, err
		}
		enough := true
		for i, c := range cells {
			if uint64(len(found[i])) < c.Drawn+c.Reserve {
				s.cuts[i], enough = math.MaxUint64, false
			}
		}
		if enough {
			return found, nil
		}
	}
}

// pass collects, per cell, the objects whose tickets are not above the cut, in
// order.
func (s *selection) pass(l *Lock, population io.ReadSeeker) ([][]ticketed, error) {
	found := make([][][]ticketed, workers())
	makers := make([]*tickets, len(found))
	for w := range found {
		found[w] = make([][]ticketed, len(s.cuts))
		makers[w] = newTickets(s.rules.m.Suite, s.rules.groups, s.keys)
	}
	size, counts, err := s.rules.count(population, s.file, func(w, i, class int, l *line) error {
		for _, hit := range s.rules.hits[class] {
			ticket := makers[w].bytes(hit.group, l.id)
			least := uint64(binary.BigEndian.Uint32(ticket)) << 32 // nearly always enough, and quicker to read than all
			for _, cell := range hit.cells {
				if least > s.cuts[cell] {
					continue
				}
				if t := (ticketed{ticket: Hash(ticket), index: uint32(i)}); t.ticket.prefix() <= s.cuts[cell] {
					t.length = uint8(copy(t.id[:], l.id))
					found[w][cell] = append(found[w][cell], t)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if uint64(size) != l.Population.Size || !slices.Equal(counts, l.Counts) {
		return nil, fault(s.file, 0, "名单与锁定时不一致：各分层的数量不同")
	}
	all := make([][]ticketed, len(s.cuts))
	inTurn(len(all), func(_, cell int) { all[cell] = inOrder(found, cell) })
	return all, nil
}
