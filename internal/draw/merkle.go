package draw

// A Tree is a Merkle tree of RFC 6962 under the suite's hash. It keeps the roots
// of slabs of leaves only and asks for leaves again when a path is wanted, so
// that fifteen million leaves cost no more than their own hashes.
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
	t := &Tree{suite: suite, size: size, fill: fill}
	roots := make([]Hash, (size+slabSize-1)/slabSize)
	hashers, leaves := suite.hashers(), make([][slabSize]Hash, workers())
	inTurn(len(roots), func(w, slab int) {
		rest := leaves[w][:min(slabSize, size-slab*slabSize)]
		fill(hashers[w], rest, slab*slabSize)
		for len(rest) > 1 {
			rest = hashers[w].level(rest)
		}
		roots[slab] = rest[0]
	})
	h := hashers[0]
	for t.levels = append(t.levels, roots); len(roots) > 1; t.levels = append(t.levels, roots) {
		roots = h.level(append([]Hash(nil), roots...))
	}
	return t
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
	path := []Hash{}
	sibling := func(nodes []Hash, at int) {
		if at^1 < len(nodes) {
			path = append(path, nodes[at^1])
		}
	}
	first := i &^ (slabSize - 1)
	nodes := make([]Hash, min(slabSize, t.size-first))
	h := t.suite.hasher()
	t.fill(h, nodes, first)
	at := i - first
	for ; len(nodes) > 1; at /= 2 {
		sibling(nodes, at)
		nodes = h.level(nodes)
	}
	at = i >> slabBits
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
