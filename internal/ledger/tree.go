package ledger

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A Hash is a node of the tree. A HashReader reads stored hashes by their
// index; whoever stores the log writes one. Both are package tlog's.
type (
	Hash       = tlog.Hash
	HashReader = tlog.HashReader
)

// Hashes is a HashReader over stored hashes held in memory, in their order.
type Hashes []Hash

// ReadHashes returns the hashes at the indexes, or an error if one is not there.
func (h Hashes) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(h)) {
			return nil, fmt.Errorf("stored hash %d is not there", x)
		}
		out[i] = h[x]
	}
	return out, nil
}

// A Head is what a log of Size entries looks like from outside. The zero Head
// is that of a log never seen; [EmptyHead] is that of a log without entries.
type Head struct {
	Size int64
	Root Hash
}

// EmptyHead is the head of the log without entries: RFC 6962 §2.1 defines its
// root as the hash of the empty text.
var EmptyHead = must(TreeHead(0, Hashes(nil)))

func recordHash(leaf []byte) Hash { return tlog.RecordHash(leaf) }

// StoredAt is how many hashes a log of size entries has stored, and so the
// index at which the hashes of the next entry begin.
func StoredAt(size int64) int64 { return tlog.StoredHashCount(size) }

// Append gives the hashes to store, from index StoredAt(size) on, when leaves
// are added to a log of size entries. It reads few of those stored before.
func Append(size int64, leaves [][]byte, r HashReader) ([]Hash, error) {
	if err := checkSize(size + int64(len(leaves))); err != nil || size < 0 {
		return nil, errors.Join(fmt.Errorf("append to %d entries", size), err)
	}
	both := &overlay{first: StoredAt(size), stored: r}
	for i, leaf := range leaves {
		more, err := tlog.StoredHashes(size+int64(i), leaf, both)
		if err != nil {
			return nil, fmt.Errorf("append entry %d: %w", size+int64(i), err)
		}
		both.fresh = append(both.fresh, more...)
	}
	return both.fresh, nil
}

// An overlay reads fresh hashes, which begin at index first, as if they were
// stored. The indexes asked for must be sorted, as package tlog does.
type overlay struct {
	first  int64
	fresh  Hashes
	stored HashReader
}

func (o *overlay) ReadHashes(indexes []int64) ([]Hash, error) {
	cut := len(indexes)
	above := make([]int64, 0, len(indexes))
	for i, x := range indexes {
		if x >= o.first {
			cut = min(cut, i)
			above = append(above, x-o.first)
		}
	}
	if cut+len(above) != len(indexes) {
		return nil, errors.New("the indexes of stored hashes are not sorted")
	}
	fresh, err := o.fresh.ReadHashes(above)
	if cut == 0 || err != nil {
		return fresh, err
	}
	old, err := o.stored.ReadHashes(indexes[:cut])
	return append(old[:len(old):len(old)], fresh...), err
}

// TreeHead computes the head of the first size entries.
func TreeHead(size int64, r HashReader) (Head, error) {
	if err := checkSize(size); err != nil {
		return Head{}, err
	}
	root, err := tlog.TreeHash(size, r)
	if err != nil {
		return Head{}, fmt.Errorf("tree head of %d entries: %w", size, err)
	}
	return Head{Size: size, Root: root}, nil
}

// ProveInclusion proves that entry n is among the first size entries.
func ProveInclusion(size, n int64, r HashReader) ([]Hash, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	return tlog.ProveRecord(size, n, r)
}

// CheckInclusion says whether proof shows that leaf is entry n of head's log.
func CheckInclusion(head Head, n int64, leaf []byte, proof []Hash) error {
	if err := checkSize(head.Size); err != nil {
		return err
	}
	return tlog.CheckRecord(proof, head.Size, head.Root, n, LeafHash(leaf))
}

// ProveGrowth proves that the first size entries begin with the first old ones.
// The proof is empty if old is zero, for every log begins with nothing.
func ProveGrowth(size, old int64, r HashReader) ([]Hash, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	if old == 0 {
		return nil, nil
	}
	return tlog.ProveTree(size, old, r)
}

// ErrFork says that a head does not continue an earlier one: the log has been
// shortened, rewritten, or shown differently to different people.
var ErrFork = errors.New("the log does not continue the one seen before")

// CheckGrowth says whether proof shows that next's log begins with old's. It
// fails with [ErrFork] if next is smaller, has another root at the same size, or
// is not proved to contain old.
func CheckGrowth(old, next Head, proof []Hash) error {
	if err := errors.Join(checkSize(old.Size), checkSize(next.Size)); err != nil {
		return err
	}
	switch {
	case next.Size < old.Size:
		return fmt.Errorf("%w: %d entries after %d", ErrFork, next.Size, old.Size)
	case next.Size == 0 && next != EmptyHead:
		return fmt.Errorf("%w: no entries, yet not the empty root", ErrFork)
	case old.Size == 0 && len(proof) != 0:
		return fmt.Errorf("%w: a proof from nothing has no hashes", ErrFork)
	case old.Size == 0:
		return nil
	}
	if err := tlog.CheckTree(proof, next.Size, next.Root, old.Size, old.Root); err != nil {
		return fmt.Errorf("%w: from %d to %d entries: %w", ErrFork, old.Size, next.Size, err)
	}
	return nil
}

func checkSize(size int64) error {
	if size < 0 || size > maxNumber {
		return fmt.Errorf("a log of %d entries cannot be", size)
	}
	return nil
}

// must is for values that cannot fail unless the program is wrong.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
