package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// The log is published as files of 256 consecutive hashes or leaves each, as
// C2SP tlog-tiles lays them out. A full file never changes again.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight

	// EntryLevel is the Level of a [Tile] that holds leaves, not hashes.
	EntryLevel = -1
)

// A Tile names one file of a published log.
type Tile struct {
	Level int   // 0 for leaf hashes, each level up 256 times as wide
	N     int64 // place within the level
	Width int   // how many hashes or leaves: 256, or fewer at the right edge
}

// A LeafReader reads the bytes of entries from lo up to, but not with, hi.
type LeafReader func(lo, hi int64) ([][]byte, error)

// Path gives the tile's path below the log's address, such as
// tile/0/x001/x234/067 or tile/entries/000.p/12.
func (t Tile) Path() string {
	path := tlog.Tile{H: tileHeight, L: t.Level, N: t.N, W: t.Width}.Path()
	path = "tile" + strings.TrimPrefix(path, fmt.Sprintf("tile/%d", tileHeight))
	if t.Level == EntryLevel {
		path = strings.Replace(path, "tile/data/", "tile/entries/", 1)
	}
	return path
}

// ParseTilePath reads a path that somebody asks for. It accepts what
// [Tile.Path] gives and nothing else.
func ParseTilePath(path string) (Tile, error) {
	bad := fmt.Errorf("%.80q is not the path of a tile", path)
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok || len(path) > 64 {
		return Tile{}, bad
	}
	if after, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest = "data/" + after
	}
	t, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", tileHeight, rest))
	tile := Tile{Level: t.L, N: t.N, Width: t.W}
	if err != nil || t.L > 63 || tile.Path() != path {
		return Tile{}, bad
	}
	return tile, nil
}

// In says whether a log of size entries has this tile.
func (t Tile) In(size int64) bool {
	count := size >> (tileHeight * max(t.Level, 0)) // hashes at this level
	return t.Width >= 1 && t.Width <= tileWidth && t.N >= 0 &&
		count >= int64(t.Width) && t.N <= (count-int64(t.Width))>>tileHeight
}

// TilesOf lists the tiles to publish when a log grows from old to size entries.
// From zero on, these are all tiles of the log.
func TilesOf(old, size int64) []Tile {
	var tiles []Tile
	for _, t := range tlog.NewTiles(tileHeight, old, size) {
		tile := Tile{Level: t.L, N: t.N, Width: t.W}
		tiles = append(tiles, tile)
		if t.L == 0 {
			tile.Level = EntryLevel
			tiles = append(tiles, tile)
		}
	}
	return tiles
}

// ErrNoTile says that a log of the given size does not have the tile.
var ErrNoTile = errors.New("the log has no such tile")

// Render gives the tile's content in a log of size entries. Size must be one
// that a signed checkpoint has, so that nobody sees what may still change.
func (t Tile) Render(size int64, hashes HashReader, leaves LeafReader) ([]byte, error) {
	if !t.In(size) {
		return nil, ErrNoTile
	}
	if t.Level != EntryLevel {
		data, err := tlog.ReadTileData(tlog.Tile{H: tileHeight, L: t.Level, N: t.N, W: t.Width}, hashes)
		if err != nil {
			return nil, fmt.Errorf("render %s: %w", t.Path(), err)
		}
		return data, nil
	}
	lo := t.N * tileWidth
	read, err := leaves(lo, lo+int64(t.Width))
	if err == nil && len(read) != t.Width {
		err = fmt.Errorf("%d leaves asked for, %d read", t.Width, len(read))
	}
	if err != nil {
		return nil, fmt.Errorf("render %s: %w", t.Path(), err)
	}
	return FormatBundle(read)
}

// FormatBundle joins leaves to an entry bundle: before each leaf stands its
// length in two bytes, the higher first.
func FormatBundle(leaves [][]byte) ([]byte, error) {
	var out []byte
	for _, leaf := range leaves {
		if len(leaf) > math.MaxUint16 {
			return nil, fmt.Errorf("a leaf of %d bytes does not fit a bundle", len(leaf))
		}
		out = binary.BigEndian.AppendUint16(out, uint16(len(leaf)))
		out = append(out, leaf...)
	}
	return out, nil
}

// ParseBundle is the inverse of [FormatBundle]. The bundle must hold exactly
// width leaves.
func ParseBundle(data []byte, width int) ([][]byte, error) {
	var leaves [][]byte
	for len(data) > 0 {
		if len(leaves) == width {
			return nil, fmt.Errorf("a bundle of %d entries goes on after them", width)
		}
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("a bundle breaks off in its entry %d", len(leaves))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		leaves = append(leaves, data[2:end])
		data = data[end:]
	}
	if len(leaves) != width {
		return nil, fmt.Errorf("a bundle has %d entries, not %d", len(leaves), width)
	}
	return leaves, nil
}
