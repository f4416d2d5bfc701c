package ledger

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func reader(files map[string][]byte) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		if data, ok := files[path]; ok {
			return data, nil
		}
		return nil, fmt.Errorf("%s: %w", path, os.ErrNotExist)
	}
}

func TestGoodLogsAreBelieved(t *testing.T) {
	w := newWorld(t)
	var l testLog
	for _, size := range []int{0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 700} {
		l.add(t, size-len(l.leaves), "x")
		files := l.export(t, w.checkpoint(t, l.head(t, size)))
		read := make(map[string]int)
		var seen int64
		c, by, err := VerifyLog(func(path string) ([]byte, error) {
			read[path]++
			return reader(files)(path)
		}, w.policy, func(e Entry, leaf []byte) error {
			if e.N != seen || !bytes.Equal(leaf, l.leaves[e.N]) {
				t.Errorf("entry %d is shown as %+v", seen, e)
			}
			seen++
			return nil
		})
		if err != nil || c.Size != int64(size) || seen != c.Size || len(by) != 3 {
			t.Errorf("size %d: %+v, %v", size, c, err)
		}
		for path := range files {
			if read[path] != 1 {
				t.Errorf("size %d: %s was read %d times", size, path, read[path])
			}
		}
	}
}

// The tree of tlog-tiles' example is so large that it has tiles of three levels.
// Its leaves are no entries, to be quick: only the tree is audited.
func TestTilesOfAllLevelsAreCompared(t *testing.T) {
	const size = 70000
	var l testLog
	for i := range size {
		l.leaves = append(l.leaves, fmt.Appendf(nil, "%d", i))
	}
	l.hashes = ok(Append(0, l.leaves, Hashes(nil)))(t)
	files := l.export(t, nil)
	climb := func() (Hash, error) {
		a := audit{read: reader(files)}
		for _, leaf := range l.leaves {
			if err := a.push(0, LeafHash(leaf)); err != nil {
				return Hash{}, err
			}
		}
		return a.finish()
	}
	if root, err := climb(); err != nil || root != l.head(t, size).Root {
		t.Errorf("root = %v, %v", root, err)
	}
	for _, tile := range []Tile{{0, 272, 256}, {0, 273, 112}, {1, 0, 256}, {1, 1, 17}, {2, 0, 1}} {
		files[tile.Path()][31] ^= 1
		if _, err := climb(); err == nil {
			t.Errorf("%s is wrong and was believed", tile.Path())
		}
		files[tile.Path()][31] ^= 1
	}
}

func BenchmarkVerifyLog(b *testing.B) {
	w := newWorld(b)
	var l testLog
	l.add(b, 2000, "x")
	files := l.export(b, w.checkpoint(b, l.head(b, 2000)))
	for b.Loop() {
		if _, _, err := VerifyLog(reader(files), w.policy, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// A mutation changes an exported log in one way and says which.
type mutation func(r *rand.Rand, files map[string][]byte, pick func() string) string

var mutations = []mutation{
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		path := pick()
		i := r.IntN(len(files[path]) * 8)
		files[path][i/8] ^= 1 << (i % 8)
		return fmt.Sprintf("bit %d of %s", i, path)
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		path := pick()
		delete(files, path)
		return path + " is missing"
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		path := pick()
		files[path] = files[path][:r.IntN(len(files[path]))]
		return fmt.Sprintf("%s is cut to %d bytes", path, len(files[path]))
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		path := pick()
		files[path] = append(files[path], byte(r.IntN(256)))
		return path + " is longer"
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		a, b := pick(), pick()
		for bytes.Equal(files[a], files[b]) {
			b = pick()
		}
		files[a], files[b] = files[b], files[a]
		return a + " and " + b + " are exchanged"
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		n := r.Int64N(1999)
		path, leaves := bundleOf(files, n)
		i := int(n % 256)
		if i+1 == len(leaves) {
			i--
		}
		leaves[i], leaves[i+1] = leaves[i+1], leaves[i]
		files[path] = must(FormatBundle(leaves))
		return fmt.Sprintf("entries around %d are exchanged", n)
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		n := r.Int64N(2000)
		rewrite(files, n, n+1)
		return fmt.Sprintf("entry %d is rewritten, with its hash", n)
	},
	func(r *rand.Rand, files map[string][]byte, pick func() string) string {
		n := r.Int64N(2000)
		rewrite(files, n, 2000)
		return fmt.Sprintf("entry %d is rewritten, with all hashes and the chain after it", n)
	},
}

func bundleOf(files map[string][]byte, n int64) (string, [][]byte) {
	tile := Tile{EntryLevel, n / 256, int(min(256, 2000-n/256*256))}
	return tile.Path(), must(ParseBundle(files[tile.Path()], tile.Width))
}

// rewrite changes entry n and mends the chain up to entry end, and all tiles:
// what somebody does who has every file, but no key.
func rewrite(files map[string][]byte, n, end int64) {
	var l testLog
	for i := int64(0); i < 2000; i += 256 {
		_, leaves := bundleOf(files, i)
		l.leaves = append(l.leaves, leaves...)
	}
	for i := n; i < end; i++ {
		e := must(ParseLeaf(l.leaves[i]))
		if i == n {
			e.Version++
		} else {
			e.Prev = ChainDigest(l.leaves[i-1])
		}
		l.leaves[i] = must(e.Leaf())
	}
	l.hashes = must(Append(0, l.leaves, Hashes(nil)))
	for _, tile := range TilesOf(0, 2000) {
		files[tile.Path()] = must(tile.Render(2000, l.hashes, l.read))
	}
}

// Whoever has all files of the log, but not the keys, cannot change one thing.
func TestEveryChangeOfAnExportedLogIsSeen(t *testing.T) {
	w := newWorld(t)
	var l testLog
	l.add(t, 2000, "x")
	files := l.export(t, w.checkpoint(t, l.head(t, 2000)))
	paths := slices.Sorted(maps.Keys(files))
	r := rand.New(rand.NewPCG(20260302, 1))
	const rounds = 240
	for i := range rounds {
		changed := make(map[string][]byte)
		for path, data := range files {
			changed[path] = bytes.Clone(data)
		}
		pick := func() string { return paths[r.IntN(len(paths))] }
		what := mutations[i%len(mutations)](r, changed, pick)
		if _, _, err := VerifyLog(reader(changed), w.policy, nil); err == nil {
			t.Errorf("not seen: %s", what)
		}
	}
}

// Even with the log's keys the past cannot be rewritten past the witnesses.
func TestRewrittenLogLacksItsWitnesses(t *testing.T) {
	w := newWorld(t)
	var l testLog
	l.add(t, 2000, "x")
	files := l.export(t, w.checkpoint(t, l.head(t, 2000)))
	rewrite(files, 700, 2000)
	var forged testLog
	for i := int64(0); i < 2000; i += 256 {
		_, leaves := bundleOf(files, i)
		forged.leaves = append(forged.leaves, leaves...)
	}
	forged.hashes = must(Append(0, forged.leaves, Hashes(nil)))
	files[CheckpointPath] = ok(w.signer.Sign(Head{}, forged.head(t, 2000), nil))(t)
	alone := ok(ParsePolicy([]byte("log " + w.ed.vkey + "\nquorum none\n")))(t)
	if _, _, err := VerifyLog(reader(files), alone, nil); err != nil {
		t.Errorf("the forgery is not perfect: %v", err)
	}
	if _, _, err := VerifyLog(reader(files), w.policy, nil); err == nil {
		t.Error("the forgery was believed without witnesses")
	}
}

// A log that breaks its own rules is refused, even if all signatures are good.
func TestLogMustKeepItsOwnRules(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		what   string
		change func(leaves [][]byte)
	}{
		{"a number twice", func(l [][]byte) { l[4] = l[3] }},
		{"a number left out", func(l [][]byte) { copy(l[4:], l[5:]) }},
		{"a broken chain", func(l [][]byte) {
			e := must(ParseLeaf(l[4]))
			e.Prev[0] ^= 1
			l[4] = must(e.Leaf())
		}},
		{"a leaf that is none", func(l [][]byte) { l[4] = []byte("hello") }},
	} {
		var l testLog
		l.add(t, 10, "x")
		test.change(l.leaves)
		l.hashes = must(Append(0, l.leaves, Hashes(nil)))
		files := l.export(t, w.checkpoint(t, l.head(t, 10)))
		if _, _, err := VerifyLog(reader(files), w.policy, nil); err == nil {
			t.Errorf("%s was believed", test.what)
		}
	}
}

func TestTheCallerMayEndTheAudit(t *testing.T) {
	w := newWorld(t)
	var l testLog
	l.add(t, 10, "x")
	files := l.export(t, w.checkpoint(t, l.head(t, 10)))
	_, _, err := VerifyLog(reader(files), w.policy, func(e Entry, _ []byte) error {
		if e.N == 5 {
			return os.ErrInvalid
		}
		return nil
	})
	if err == nil {
		t.Error("the caller's error is lost")
	}
}
