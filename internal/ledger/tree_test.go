package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"testing"
)

// naiveRoot is RFC 6962 §2.1 as it stands there.
func naiveRoot(leaves [][]byte) (root Hash) {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, leaves[0]...))
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	l, r := naiveRoot(leaves[:k]), naiveRoot(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, l[:], r[:]))
}

// The eight leaves and roots that implementations of RFC 6962 share.
func TestRootsOfRFC6962(t *testing.T) {
	var leaves [][]byte
	var hashes Hashes
	for i, test := range []struct{ leaf, root string }{
		{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
		{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
		{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
		{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
		{"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
		{"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
	} {
		leaf := ok(hex.DecodeString(test.leaf))(t)
		leaves = append(leaves, leaf)
		hashes = append(hashes, ok(Append(int64(i), [][]byte{leaf}, hashes))(t)...)
		got := ok(TreeHead(int64(i+1), hashes))(t).Root
		if hex.EncodeToString(got[:]) != test.root || naiveRoot(leaves) != got {
			t.Errorf("root of %d = %x, want %s", i+1, got, test.root)
		}
	}
	if EmptyHead.Root != naiveRoot(nil) {
		t.Error("the empty root is wrong")
	}
}

const allSizes = 300

func TestAppendingManyIsAppendingOneByOne(t *testing.T) {
	var whole, parts testLog
	whole.add(t, allSizes, "x")
	for size, step := 0, 1; size < allSizes; step++ {
		n := min(step%37, allSizes-size)
		parts.add(t, n, "x")
		size += n
	}
	if !slices.Equal(whole.hashes, parts.hashes) {
		t.Error("the stored hashes differ")
	}
	if got, want := int64(len(whole.hashes)), StoredAt(allSizes); got != want {
		t.Errorf("%d hashes stored, want %d", got, want)
	}
}

func TestInclusionAtAllSizes(t *testing.T) {
	var l testLog
	l.add(t, allSizes, "x")
	for size := 1; size <= allSizes; size++ {
		head := Head{int64(size), naiveRoot(l.leaves[:size])}
		if l.head(t, size) != head {
			t.Fatalf("head of %d is wrong", size)
		}
		for n := range int64(size) {
			proof := ok(ProveInclusion(head.Size, n, l.hashes))(t)
			if err := CheckInclusion(head, n, l.leaves[n], proof); err != nil {
				t.Fatalf("entry %d of %d: %v", n, size, err)
			}
			other := l.leaves[(n+1)%allSizes]
			if CheckInclusion(head, n, other, proof) == nil {
				t.Fatalf("entry %d of %d: another leaf passes", n, size)
			}
			if CheckInclusion(head, (n+1)%head.Size, l.leaves[n], proof) == nil && size > 1 {
				t.Fatalf("entry %d of %d: passes at the next place", n, size)
			}
		}
	}
}

func TestGrowthAtAllSizes(t *testing.T) {
	var l testLog
	l.add(t, allSizes, "x")
	heads := []Head{EmptyHead}
	for size := 1; size <= allSizes; size++ {
		heads = append(heads, Head{int64(size), naiveRoot(l.leaves[:size])})
	}
	for size := range heads {
		for old := 0; old <= size; old++ {
			proof := ok(ProveGrowth(int64(size), int64(old), l.hashes))(t)
			if err := CheckGrowth(heads[old], heads[size], proof); err != nil {
				t.Fatalf("from %d to %d: %v", old, size, err)
			}
			wrong := heads[old]
			wrong.Root[0] ^= 1
			if err := CheckGrowth(wrong, heads[size], proof); old > 0 && !errors.Is(err, ErrFork) {
				t.Fatalf("from %d to %d: another old root: %v", old, size, err)
			}
			if err := CheckGrowth(heads[old], heads[size], append(proof, Hash{})); !errors.Is(err, ErrFork) {
				t.Fatalf("from %d to %d: a longer proof: %v", old, size, err)
			}
			if err := CheckGrowth(heads[size], heads[old], proof); old < size && !errors.Is(err, ErrFork) {
				t.Fatalf("back from %d to %d: %v", size, old, err)
			}
		}
	}
}

// Package tlog never returns from some sizes above 2^62; ours must refuse them.
func TestSizesBeyondReasonAreRefused(t *testing.T) {
	for _, size := range []int64{-1, math.MinInt64, 1 << 53, 1<<62 + 1, math.MaxInt64} {
		head := Head{Size: size}
		if _, err := TreeHead(size, Hashes{}); err == nil {
			t.Errorf("head of %d", size)
		}
		if _, err := Append(size, [][]byte{{}}, Hashes{}); err == nil {
			t.Errorf("append to %d", size)
		}
		if _, err := ProveInclusion(size, 0, Hashes{}); err == nil {
			t.Errorf("inclusion in %d", size)
		}
		if _, err := ProveGrowth(size, 1, Hashes{}); err == nil {
			t.Errorf("growth to %d", size)
		}
		if CheckInclusion(head, 0, nil, nil) == nil || CheckGrowth(Head{}, head, nil) == nil || CheckGrowth(head, head, nil) == nil {
			t.Errorf("a proof about %d", size)
		}
	}
}

// A reader that gives too little makes an error, never a wrong hash.
func TestMissingStoredHashesAreAnError(t *testing.T) {
	var l testLog
	l.add(t, 20, "x")
	short := l.hashes[:5]
	if _, err := TreeHead(20, short); err == nil {
		t.Error("a head from missing hashes")
	}
	if _, err := Append(20, [][]byte{{1}, {2}, {3}, {4}}, short); err == nil {
		t.Error("an append upon missing hashes")
	}
	if _, err := (Tile{0, 0, 20}).Render(20, short, l.read); err == nil {
		t.Error("a tile of missing hashes")
	}
}
