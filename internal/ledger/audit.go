package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// CheckpointPath is where a published log has its newest signed checkpoint.
const CheckpointPath = "checkpoint"

// VerifyLog checks a whole published log and reports what its checkpoint says.
// Read gives the file at a path: [CheckpointPath] or a tile's. The checkpoint
// must be one that policy believes; every entry must be in canonical form, carry
// its number and the SM3 digest of its predecessor; every tile must be what the
// entries hash to; and the root must be the signed one. Each, if not nil, is
// called with every entry in order, before the root is known to be right.
//
// It reads each file once and holds a few tiles at a time, however long the log.
func VerifyLog(read func(path string) ([]byte, error), policy *Policy, each func(Entry, []byte) error) (Checkpoint, []Cosignature, error) {
	signed, err := read(CheckpointPath)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify the log: %w", err)
	}
	c, by, err := policy.Check(signed)
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify the log: %w", err)
	}
	a := audit{read: read, each: each}
	if err := a.entries(c.Size); err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify the log of %s: %w", c.Origin, err)
	}
	root, err := a.finish()
	if err == nil && root != c.Root {
		err = errors.New("the entries do not give the root that is signed")
	}
	if err != nil {
		return Checkpoint{}, nil, fmt.Errorf("verify the log of %s: %w", c.Origin, err)
	}
	return c, by, nil
}

// An audit is a log as far as it has been read.
type audit struct {
	read func(path string) ([]byte, error)
	each func(Entry, []byte) error
	n    int64    // the number that the next entry must have
	prev Digest   // and the digest of its predecessor
	edge [][]Hash // by level: the hashes of the tile that is not full yet
	full []int64  // by level: how many tiles were full
}

func (a *audit) entries(size int64) error {
	for a.n < size {
		tile := Tile{EntryLevel, a.n / tileWidth, int(min(tileWidth, size-a.n))}
		data, err := a.read(tile.Path())
		if err != nil {
			return err
		}
		leaves, err := ParseBundle(data, tile.Width)
		if err != nil {
			return fmt.Errorf("%s: %w", tile.Path(), err)
		}
		for _, leaf := range leaves {
			if err := a.entry(leaf); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *audit) entry(leaf []byte) error {
	e, err := ParseLeaf(leaf)
	switch {
	case err != nil:
		return fmt.Errorf("entry %d: %w", a.n, err)
	case e.N != a.n:
		return fmt.Errorf("entry %d carries the number %d", a.n, e.N)
	case e.Prev != a.prev:
		return fmt.Errorf("entry %d does not follow the one before it: the SM3 chain is broken", a.n)
	}
	if a.each != nil {
		if err := a.each(e, leaf); err != nil {
			return fmt.Errorf("entry %d: %w", a.n, err)
		}
	}
	a.n, a.prev = a.n+1, ChainDigest(leaf)
	return a.push(0, LeafHash(leaf))
}

// push adds a hash at the right edge of a level. A tile that becomes full is
// compared with the published one and its root goes to the level above.
func (a *audit) push(level int, h Hash) error {
	if level == len(a.edge) {
		a.edge, a.full = append(a.edge, nil), append(a.full, 0)
	}
	a.edge[level] = append(a.edge[level], h)
	if len(a.edge[level]) < tileWidth {
		return nil
	}
	if err := a.compare(level); err != nil {
		return err
	}
	root := subtree(a.edge[level])
	a.edge[level], a.full[level] = a.edge[level][:0], a.full[level]+1
	return a.push(level+1, root)
}

// compare says whether the published tile is what the entries hash to.
func (a *audit) compare(level int) error {
	tile := Tile{level, a.full[level], len(a.edge[level])}
	data, err := a.read(tile.Path())
	if err != nil {
		return err
	}
	var want bytes.Buffer
	for _, h := range a.edge[level] {
		want.Write(h[:])
	}
	if !bytes.Equal(data, want.Bytes()) {
		return fmt.Errorf("%s is not what the entries hash to", tile.Path())
	}
	return nil
}

// finish compares the tiles that are not full and gives the root of the tree.
// At the right edge stand perfect subtrees, the widest first; the root is made
// of them from the right.
func (a *audit) finish() (Hash, error) {
	var perfect []Hash
	for level := len(a.edge) - 1; level >= 0; level-- {
		edge := a.edge[level]
		if len(edge) > 0 {
			if err := a.compare(level); err != nil {
				return Hash{}, err
			}
		}
		for len(edge) > 0 {
			width := 1 << (bits.Len(uint(len(edge))) - 1)
			perfect = append(perfect, subtree(edge[:width]))
			edge = edge[width:]
		}
	}
	if len(perfect) == 0 {
		return EmptyHead.Root, nil
	}
	root := perfect[len(perfect)-1]
	for i := len(perfect) - 2; i >= 0; i-- {
		root = tlog.NodeHash(perfect[i], root)
	}
	return root, nil
}

// subtree is the root over hashes whose number is a power of two.
func subtree(hashes []Hash) Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}
