package ledger

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func TestTilePaths(t *testing.T) {
	for _, test := range []struct {
		tile Tile
		path string
	}{
		{Tile{0, 0, 256}, "tile/0/000"},
		{Tile{0, 273, 112}, "tile/0/273.p/112"},
		{Tile{2, 0, 1}, "tile/2/000.p/1"},
		{Tile{0, 1234067, 256}, "tile/0/x001/x234/067"},
		{Tile{EntryLevel, 1234067, 7}, "tile/entries/x001/x234/067.p/7"},
		{Tile{63, 5, 255}, "tile/63/005.p/255"},
	} {
		if got := test.tile.Path(); got != test.path {
			t.Errorf("path of %v = %s, want %s", test.tile, got, test.path)
		}
		if got, err := ParseTilePath(test.path); got != test.tile || err != nil {
			t.Errorf("tile at %s = %v, %v, want %v", test.path, got, err, test.tile)
		}
	}
	for _, path := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile//000", "tile/0/0", "tile/0/0000",
		"tile/00/000", "tile/-1/000", "tile/64/000", "tile/data/000", "tile/8/0/000", "tile/0/001/000", "tile/0/x000/000",
		"tile/0/x001/x000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p",
		"tile/0/000.p/1/", "tile/0/-01", "tile/0/+01", "tile/0/..", "tile/0/../000", "tile/entries/../../etc/passwd",
		"tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/000\x00", "tile/0/０００", "checkpoint",
	} {
		if tile, err := ParseTilePath(path); err == nil {
			t.Errorf("%q was read as %v", path, tile)
		}
	}
}

// The example of C2SP tlog-tiles: a tree of size 70,000.
func TestTilesOfTheSpecification(t *testing.T) {
	count := make(map[[2]int]int) // by level and width
	for _, tile := range TilesOf(0, 70000) {
		count[[2]int{tile.Level, tile.Width}]++
		if !tile.In(70000) || tile.In(tile.N*256) {
			t.Errorf("%s: In is wrong", tile.Path())
		}
	}
	want := map[[2]int]int{{EntryLevel, 256}: 273, {EntryLevel, 112}: 1, {0, 256}: 273, {0, 112}: 1, {1, 256}: 1, {1, 17}: 1, {2, 1}: 1}
	for k, n := range want {
		if count[k] != n {
			t.Errorf("%d tiles of level %d, width %d, want %d", count[k], k[0], k[1], n)
		}
	}
	if len(count) != len(want) {
		t.Errorf("tiles = %v", count)
	}
	if got := len(TilesOf(256, 256)); got != 0 {
		t.Errorf("%d tiles for no growth", got)
	}
}

// A tile holds the roots of what is below it, for every size.
func TestTilesHoldTheTree(t *testing.T) {
	var l testLog
	l.add(t, 700, "x")
	for _, size := range []int64{1, 2, 255, 256, 257, 511, 512, 513, 700} {
		for _, tile := range TilesOf(0, size) {
			data, err := tile.Render(size, l.hashes, l.read)
			if err != nil {
				t.Fatalf("%s of %d: %v", tile.Path(), size, err)
			}
			lo := int(tile.N) * 256
			if tile.Level == EntryLevel {
				leaves, err := ParseBundle(data, tile.Width)
				if err != nil || !slices.EqualFunc(leaves, l.leaves[lo:lo+tile.Width], bytes.Equal) {
					t.Errorf("%s of %d: other leaves, %v", tile.Path(), size, err)
				}
				continue
			}
			span := 1 << (8 * tile.Level)
			for i := range tile.Width {
				want := naiveRoot(l.leaves[(lo+i)*span : (lo+i+1)*span])
				if !bytes.Equal(data[32*i:32*i+32], want[:]) {
					t.Fatalf("%s of %d: hash %d is wrong", tile.Path(), size, i)
				}
			}
		}
	}
}

func TestTilesThatAreNotThere(t *testing.T) {
	var l testLog
	l.add(t, 300, "x")
	for _, tile := range []Tile{{0, 1, 45}, {0, 2, 1}, {1, 0, 2}, {2, 0, 1}, {63, 0, 1}, {EntryLevel, 1, 45}, {0, 0, 0}, {0, 0, 257}, {0, -1, 1}, {0, 1 << 62, 1}} {
		if _, err := tile.Render(300, l.hashes, l.read); !errors.Is(err, ErrNoTile) {
			t.Errorf("%v: %v", tile, err)
		}
	}
	short := func(lo, hi int64) ([][]byte, error) { return l.leaves[lo : hi-1], nil }
	if _, err := (Tile{EntryLevel, 0, 256}).Render(300, l.hashes, short); err == nil {
		t.Error("a bundle of too few leaves")
	}
}

func TestBundlesAreReadExactly(t *testing.T) {
	bundle := ok(FormatBundle([][]byte{[]byte("ab"), {}, []byte("c")}))(t)
	if want := "\x00\x02ab\x00\x00\x00\x01c"; string(bundle) != want {
		t.Errorf("bundle = %q, want %q", bundle, want)
	}
	for _, test := range []struct {
		data  string
		width int
	}{
		{"", 1}, {"\x00", 1}, {"\x00\x01", 1}, {"\x00\x01ab", 1}, {"\x00\x00\x00\x00", 1}, {"\x00\x00", 2}, {"\x00\x00\x00", 1},
	} {
		if leaves, err := ParseBundle([]byte(test.data), test.width); err == nil {
			t.Errorf("%q was read as %q", test.data, leaves)
		}
	}
	if _, err := FormatBundle([][]byte{make([]byte, 1<<16)}); err == nil {
		t.Error("a leaf of 65,536 bytes was written")
	}
}

func FuzzParseTilePath(f *testing.F) {
	f.Add("tile/0/x001/x234/067.p/5")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		tile, err := ParseTilePath(path)
		if err == nil && tile.Path() != path {
			t.Fatalf("%q became %q", path, tile.Path())
		}
		tile.In(maxNumber)
	})
}

func FuzzParseBundle(f *testing.F) {
	f.Add([]byte("\x00\x02ab\x00\x00\x00\x01c"), 3)
	f.Fuzz(func(t *testing.T, data []byte, width int) {
		leaves, err := ParseBundle(data, width)
		if err != nil {
			return
		}
		if again := ok(FormatBundle(leaves))(t); !bytes.Equal(again, data) || len(leaves) != width {
			t.Fatalf("%q became %q", data, again)
		}
	})
}
