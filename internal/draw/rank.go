package draw

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// A Ranking is the complete order of every cell, with its rank tree. The roots
// are logged before any key is public; with them every object can be shown its
// place, drawn or not.
type Ranking struct {
	suite   Suite
	Cells   []Cell // with their roots
	trees   []*Tree
	members [][]uint32 // per cell: population indices in the order of tickets
	tickets [][]Hash   // per cell: tickets by population index, shared by a group
}

// An order is one group's objects by ticket.
type order struct {
	tickets []Hash   // by population index
	classes []uint32 // by population index
	sorted  []keyed
}

// A keyed is an object in the sorting: its ticket's prefix decides nearly always.
type keyed struct {
	prefix uint64
	index  uint32
	class  uint32
}

// Rank puts all objects of the locked population in order and builds the rank
// trees. It reads the population once for each group.
func Rank(m *Manifest, l *Lock, keys Keys, population io.ReadSeeker, file string) (*Ranking, error) {
	if err := keys.usable(m); err != nil {
		return nil, err
	}
	cells, _ := Cells(m, l.Counts)
	r := &Ranking{
		suite: m.Suite, Cells: cells, trees: make([]*Tree, len(cells)),
		members: make([][]uint32, len(cells)), tickets: make([][]Hash, len(cells)),
	}
	rules := newRules(m)
	for g := range rules.groups {
		if _, err := population.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		o := &order{}
		if err := o.read(rules, g, l, keys, population, file); err != nil {
			return nil, err
		}
		o.sort()
		r.place(o, rules, g)
	}
	for i := range cells {
		context := m.rankContext(cells[i])
		r.trees[i] = newTree(m.Suite, len(r.members[i]), func(h *hasher, dst []Hash, first int) {
			r.leaves(h, i, context, dst, first)
		})
		r.Cells[i].Root = r.trees[i].Root().String()
	}
	return r, nil
}

// place puts the sorted objects of group g into their cells. Every worker has a run
// of them and knows where in each cell it begins.
func (r *Ranking) place(o *order, rules *rules, g int) {
	cells := make([][]int, len(rules.hits)) // of the group, by class
	for class, hits := range rules.hits {
		for _, hit := range hits {
			if hit.group == g {
				cells[class] = hit.cells
			}
		}
	}
	for _, list := range cells {
		for _, cell := range list {
			if r.members[cell] == nil {
				r.tickets[cell], r.members[cell] = o.tickets, make([]uint32, r.Cells[cell].Size)
			}
		}
	}
	at := make([][]int, workers()+1) // per worker and cell
	for w := range at {
		at[w] = make([]int, len(r.Cells))
	}
	inRuns(len(o.sorted), func(w, from, to int) {
		for _, k := range o.sorted[from:to] {
			for _, cell := range cells[k.class] {
				at[w+1][cell]++
			}
		}
	})
	for w := range workers() {
		for cell := range at[w] {
			at[w+1][cell] += at[w][cell]
		}
	}
	inRuns(len(o.sorted), func(w, from, to int) {
		for _, k := range o.sorted[from:to] {
			for _, cell := range cells[k.class] {
				r.members[cell][at[w][cell]] = k.index
				at[w][cell]++
			}
		}
	})
}

// read makes the tickets of group g's objects.
func (o *order) read(rules *rules, g int, l *Lock, keys Keys, population io.Reader, file string) error {
	o.tickets, o.classes = make([]Hash, l.Population.Size), make([]uint32, l.Population.Size)
	counts := rules.perWorker()
	makers := make([]*tickets, len(counts))
	for w := range makers {
		makers[w] = newTickets(rules.m.Suite, rules.groups, keys)
	}
	size, err := scan(population, file, len(counts), func(w int, b block) error {
		return b.each(file, func(i int, l *line) error {
			class, err := rules.class(file, i, l)
			if err != nil {
				return err
			}
			if i >= len(o.tickets) {
				return fault(file, i+1, "名单比锁定时长")
			}
			counts[w][class]++
			o.classes[i] = uint32(class)
			if slices.ContainsFunc(rules.hits[class], func(h hit) bool { return h.group == g }) {
				makers[w].of(g, l.id, &o.tickets[i])
			} else {
				o.classes[i] = noClass
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if size != len(o.tickets) || !slices.Equal(rules.tally(sum(counts)), l.Counts) {
		return fault(file, 0, "名单与锁定时不一致：各分层的数量不同")
	}
	return nil
}

const noClass = 1<<32 - 1

// sort sorts by ticket, then index. Tickets are even, so the first byte and a
// half spread them over buckets of equal size, which fit the processor's cache.
func (o *order) sort() {
	const buckets = 4096
	starts := make([][buckets + 1]int, workers()+1) // where a worker's objects of a bucket begin
	each := func(from, to int, do func(i int, bucket uint64)) {
		for i := from; i < to; i++ {
			if o.classes[i] != noClass {
				do(i, o.tickets[i].prefix()>>52)
			}
		}
	}
	inRuns(len(o.classes), func(w, from, to int) {
		each(from, to, func(_ int, bucket uint64) { starts[w+1][bucket]++ })
	})
	total := 0
	for b := range buckets + 1 {
		for w := range starts {
			total, starts[w][b] = total+starts[w][b], total+starts[w][b]
		}
	}
	o.sorted = make([]keyed, total)
	first := starts[0]
	inRuns(len(o.classes), func(w, from, to int) {
		each(from, to, func(i int, bucket uint64) {
			o.sorted[starts[w][bucket]] = keyed{o.tickets[i].prefix(), uint32(i), o.classes[i]}
			starts[w][bucket]++
		})
	})
	room := make([][]keyed, workers())
	inTurn(buckets, func(w, b int) {
		room[w] = o.sortBucket(o.sorted[first[b]:first[b+1]], room[w])
	})
}

// sortBucket sorts objects that fit the processor's cache, with room that the next
// bucket may use again. The next ten bits leave hardly any to compare.
func (o *order) sortBucket(objects, room []keyed) []keyed {
	const runs, many = 1024, 64
	if len(objects) < many {
		slices.SortFunc(objects, o.compare)
		return room
	}
	var ends [runs + 1]int
	for _, k := range objects {
		ends[k.prefix>>42%runs+1]++
	}
	for run := range runs {
		ends[run+1] += ends[run]
	}
	room = append(room[:0], objects...)
	for _, k := range room {
		run := k.prefix >> 42 % runs
		objects[ends[run]] = k
		ends[run]++
	}
	from := 0
	for _, to := range ends[:runs] {
		slices.SortFunc(objects[from:to], o.compare)
		from = to
	}
	return room
}

func (o *order) compare(a, b keyed) int {
	if a.prefix != b.prefix {
		return cmp.Compare(a.prefix, b.prefix)
	}
	return cmp.Or(slices.Compare(o.tickets[a.index][:], o.tickets[b.index][:]), cmp.Compare(a.index, b.index))
}

// rankContext ties the leaves of a rank tree to their cell.
func (m *Manifest) rankContext(c Cell) Hash {
	return m.Suite.digest("SDP1.rank", m.Batch, fmt.Sprint(m.Run), c.Task, c.Stratum, fmt.Sprint(c.Tier))
}

// rankLeaf is the leaf of a rank: 0x00 ‖ context ‖ rank ‖ ticket ‖ index, the
// numbers as eight bytes, big-endian.
func rankLeaf(buf []byte, context Hash, rank, index uint64, ticket Hash) []byte {
	buf = append(append(buf[:0], 0), context[:]...)
	buf = binary.BigEndian.AppendUint64(buf, rank)
	buf = append(buf, ticket[:]...)
	return binary.BigEndian.AppendUint64(buf, index)
}

func (r *Ranking) leaves(h *hasher, cell int, context Hash, dst []Hash, first int) {
	members := r.members[cell][first : first+len(dst)]
	for i, index := range members { // apart from the hashing, so that these reads, from all over memory, overlap
		dst[i] = r.tickets[cell][index]
	}
	buf := make([]byte, 0, 81)
	for i, index := range members {
		buf = rankLeaf(buf, context, uint64(first+i+1), uint64(index), dst[i])
		h.sum(&dst[i], buf)
	}
}

// rankOf is the rank of a population index in a cell, from 1.
func (r *Ranking) rankOf(cell int, index uint32) (int, bool) {
	ticket := r.tickets[cell]
	if len(ticket) == 0 {
		return 0, false
	}
	o := &order{tickets: ticket}
	self := keyed{prefix: ticket[index].prefix(), index: index}
	at, ok := slices.BinarySearchFunc(r.members[cell], self, func(m uint32, k keyed) int {
		return o.compare(keyed{prefix: ticket[m].prefix(), index: m}, k)
	})
	return at + 1, ok
}
