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
	classes []uint32 // by population index, the same of all groups
	cells   [][]int  // by class: which cells of the group it belongs to
	sorted  []keyed
}

// A keyed is an object in the sorting: its ticket's prefix decides nearly always.
type keyed struct {
	prefix uint64
	index  uint32
	class  uint32
}

// Rank puts all objects of the locked population in order and builds the rank
// trees.
func Rank(m *Manifest, l *Lock, keys Keys, population io.ReadSeeker, file string) (*Ranking, error) {
	t, err := newTicketing(m, l, keys)
	if err != nil {
		return nil, err
	}
	size, counts, err := t.rules.count(population, file, func(w, i, class int, l *line) error {
		t.add(w, i, class, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if uint64(size) != l.Population.Size || !slices.Equal(counts, l.Counts) {
		return nil, fault(file, 0, "名单与锁定时不一致：各分层的数量不同")
	}
	return t.rank(l), nil
}

// A ticketing makes the tickets of all groups while a population is read.
type ticketing struct {
	rules   *rules
	classes []uint32
	groups  []*order
	makers  []*tickets // per worker
}

func newTicketing(m *Manifest, l *Lock, keys Keys) (*ticketing, error) {
	if err := keys.usable(m); err != nil {
		return nil, err
	}
	t := &ticketing{rules: newRules(m), classes: make([]uint32, l.Population.Size)}
	for range workers() {
		t.makers = append(t.makers, newTickets(m.Suite, t.rules.groups, keys))
	}
	for g := range t.rules.groups {
		o := &order{tickets: make([]Hash, l.Population.Size), classes: t.classes, cells: make([][]int, len(t.rules.hits))}
		for class, hits := range t.rules.hits {
			for _, hit := range hits {
				if hit.group == g {
					o.cells[class] = hit.cells
				}
			}
		}
		t.groups = append(t.groups, o)
	}
	return t, nil
}

// add makes the tickets of the record l, which is the i-th. What is more than the
// lock's size is left out.
func (t *ticketing) add(w, i, class int, l *line) {
	if i >= len(t.classes) {
		return
	}
	t.classes[i] = uint32(class)
	for _, hit := range t.rules.hits[class] {
		t.makers[w].of(hit.group, l.id, &t.groups[hit.group].tickets[i])
	}
}

// rank sorts what was read, which is the population of the lock.
func (t *ticketing) rank(l *Lock) *Ranking {
	m := t.rules.m
	cells, _ := Cells(m, l.Counts)
	r := &Ranking{
		suite: m.Suite, Cells: cells, trees: make([]*Tree, len(cells)),
		members: make([][]uint32, len(cells)), tickets: make([][]Hash, len(cells)),
	}
	for _, o := range t.groups {
		o.sort()
		r.place(o)
		o.sorted = nil
	}
	for i := range cells {
		context := m.rankContext(cells[i])
		r.trees[i] = newTree(m.Suite, len(r.members[i]), func(h *hasher, dst []Hash, first int) {
			r.leaves(h, i, context, dst, first)
		})
		r.Cells[i].Root = r.trees[i].Root().String()
	}
	return r
}

// place puts the sorted objects of a group into their cells. Every worker has a run
// of them and knows where in each cell it begins.
func (r *Ranking) place(o *order) {
	for _, list := range o.cells {
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
			for _, cell := range o.cells[k.class] {
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
			for _, cell := range o.cells[k.class] {
				r.members[cell][at[w][cell]] = k.index
				at[w][cell]++
			}
		}
	})
}

// sort sorts by ticket, then index. Tickets are even, so the first byte and a
// half spread them over buckets of equal size, which fit the processor's cache.
func (o *order) sort() {
	const buckets = 4096
	starts := make([][buckets + 1]int, workers()+1) // where a worker's objects of a bucket begin
	each := func(from, to int, do func(i int, bucket uint64)) {
		for i := from; i < to; i++ {
			if o.cells[o.classes[i]] != nil {
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
