package draw

import "sync"

// A Tree is a Merkle tree of RFC 6962 under the suite's hash. It keeps the roots
// of slabs of leaves only and asks for leaves again when a path is wanted, so
// that fifteen million leaves cost next to no memory.
type Tree struct {
	suite  Suite
	size   int
	fill   func(h *hasher, dst []Hash, first int) // puts leaf hashes first… into dst
	levels [][]Hash                               // levels[0] are the slabs' roots, the last is the root
}

const (
	slabBits = 12
	slabSize = 1 << slabBits
)

// newTree hashes the tree of size leaves on all processors.
func newTree(suite Suite, size int, fill func(*hasher, []Hash, int)) *Tree {
	roots := make([]Hash, (size+slabSize-1)/slabSize)
	hashers, leaves := suite.hashers(), make([][slabSize]Hash, workers())
	inTurn(len(roots), func(w, slab int) {
		rest := leaves[w][:min(slabSize, size-slab*slabSize)]
		fill(hashers[w], rest, slab*slabSize)
		roots[slab] = hashers[w].root(rest)
	})
	t := suite.treeOf(size, roots)
	t.fill = fill
	return t
}

// treeOf is the tree of size leaves over the roots of their slabs.
func (s Suite) treeOf(size int, roots []Hash) *Tree {
	t, h := &Tree{suite: s, size: size}, s.hasher()
	for t.levels = append(t.levels, roots); len(roots) > 1; t.levels = append(t.levels, roots) {
		roots = h.level(append([]Hash(nil), roots...))
	}
	return t
}

// A growth is a tree whose leaves several workers bring, each in runs. A slab that
// is whole becomes its root at once, so that few leaves are kept at any time.
type growth struct {
	suite Suite
	hands []*hand
	mu    sync.Mutex
	begun map[int]*slab
	free  []*slab
	roots []Hash
}

type slab struct {
	leaves [slabSize]Hash
	filled int
}

// A hand is a worker and the slab it is filling.
type hand struct {
	h              *hasher
	slab           *slab
	number, filled int
	_              [64]byte // keeps another worker's hand out of the processor's line
}

func (s Suite) growth() *growth {
	g := &growth{suite: s, begun: map[int]*slab{}}
	for _, h := range s.hashers() {
		g.hands = append(g.hands, &hand{h: h, number: -1})
	}
	return g
}

// slot is where worker w puts leaf i, before it asks for another.
func (g *growth) slot(w, i int) *Hash {
	hand := g.hands[w]
	if n := i >> slabBits; hand.number != n {
		g.leave(hand)
		hand.slab, hand.number = g.slab(n), n
	}
	hand.filled++
	return &hand.slab.leaves[i&(slabSize-1)]
}

func (g *growth) slab(n int) *slab {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.begun[n]
	switch last := len(g.free) - 1; {
	case s != nil:
		return s
	case last >= 0:
		s, g.free = g.free[last], g.free[:last]
	default:
		s = new(slab)
	}
	g.begun[n] = s
	return s
}

// leave turns the slab of a hand into its root if no leaf is missing.
func (g *growth) leave(hand *hand) {
	if hand.slab == nil {
		return
	}
	g.mu.Lock()
	hand.slab.filled += hand.filled
	whole := hand.slab.filled == slabSize
	g.mu.Unlock()
	if whole {
		root := hand.h.root(hand.slab.leaves[:])
		g.mu.Lock()
		g.keep(hand.number, root)
		delete(g.begun, hand.number)
		hand.slab.filled, g.free = 0, append(g.free, hand.slab)
		g.mu.Unlock()
	}
	hand.slab, hand.number, hand.filled = nil, -1, 0
}

func (g *growth) keep(n int, root Hash) {
	for len(g.roots) <= n {
		g.roots = append(g.roots, Hash{})
	}
	g.roots[n] = root
}

// tree is the tree of the leaves, when all size of them are there. It has no paths.
func (g *growth) tree(size int) *Tree {
	for _, hand := range g.hands {
		g.leave(hand)
	}
	if last := g.begun[size>>slabBits]; last != nil {
		g.keep(size>>slabBits, g.hands[0].h.root(last.leaves[:size&(slabSize-1)]))
	}
	return g.suite.treeOf(size, g.roots)
}

// root is the root of some leaves, in whose place it does its work.
func (h *hasher) root(leaves []Hash) Hash {
	for len(leaves) > 1 {
		leaves = h.level(leaves)
	}
	return leaves[0]
}

// level replaces a level of a tree by the one above. A node without a sibling
// moves up as it is, which gives exactly the tree of RFC 6962.
func (h *hasher) level(nodes []Hash) []Hash {
	for i := 0; i+1 < len(nodes); i += 2 {
		h.node(&nodes[i/2], &nodes[i], &nodes[i+1])
	}
	if n := len(nodes); n%2 == 1 {
		nodes[n/2] = nodes[n-1]
	}
	return nodes[:(len(nodes)+1)/2]
}

// node is H(0x01 ‖ left ‖ right).
func (h *hasher) node(dst, left, right *Hash) {
	*(*Hash)(h.pair[1:]) = *left
	*(*Hash)(h.pair[33:]) = *right
	if h.state == nil {
		h.sum(dst, h.pair[:65])
		return
	}
	h.padded(dst, h.pair[:])
}

// leafHash is H(0x00 ‖ data).
func (s Suite) leafHash(data []byte) Hash {
	return s.Hash(append([]byte{0}, data...))
}

// Size is the number of leaves.
func (t *Tree) Size() int { return t.size }

// Root is the root hash; for an empty tree H of nothing.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return t.suite.Hash(nil)
	}
	return t.levels[len(t.levels)-1][0]
}

// Path is the inclusion path of leaf i, from the leaf's sibling upwards.
func (t *Tree) Path(i int) []Hash {
	h, leaves := t.suite.hasher(), t.slab(i)
	t.fill(h, leaves, i&^(slabSize-1))
	return t.path(h, leaves, i)
}

// slab is room for the leaves of the slab that leaf i is in.
func (t *Tree) slab(i int) []Hash { return make([]Hash, min(slabSize, t.size-i&^(slabSize-1))) }

// path is the inclusion path of leaf i, given the leaves of its slab.
func (t *Tree) path(h *hasher, leaves []Hash, i int) []Hash {
	path := []Hash{}
	sibling := func(nodes []Hash, at int) {
		if at^1 < len(nodes) {
			path = append(path, nodes[at^1])
		}
	}
	for at := i & (slabSize - 1); len(leaves) > 1; at /= 2 {
		sibling(leaves, at)
		leaves = h.level(leaves)
	}
	at := i >> slabBits
	for _, nodes := range t.levels {
		sibling(nodes, at)
		at /= 2
	}
	return path
}

// rootOf is the root that path leads to from leaf i of size leaves.
func (s Suite) rootOf(leaf Hash, i, size int, path []Hash) (root Hash, ok bool) {
	if i < 0 || i >= size {
		return root, false
	}
	h, root := s.hasher(), leaf
	for last := size - 1; last > 0; i, last = i/2, last/2 {
		if i == last && i%2 == 0 {
			continue // no sibling on this level
		}
		if len(path) == 0 {
			return root, false
		}
		if i%2 == 1 {
			h.node(&root, &path[0], &root)
		} else {
			h.node(&root, &root, &path[0])
		}
		path = path[1:]
	}
	return root, len(path) == 0
}
