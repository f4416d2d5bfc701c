package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// A survey is what is known of a sheet before its rows are read.
type survey struct {
	rows   int   // elements, also of empty rows
	bytes  int64 // unpacked
	filled bool  // some cell has content
	merged []area
}

// An area is a block of cells, rows and columns from 1.
type area struct {
	name                     string // B2:C4
	top, left, bottom, right int
}

// look reads a sheet quickly to its end: it counts rows and bytes, and reads
// the merged cells, which stand after the rows.
func look(r io.Reader) (survey, error) {
	const window, around = 256 << 10, 32 // bytes before and after a place that may belong to it
	var s survey
	w, from := make([]byte, 0, window), 0
	for {
		n, err := r.Read(w[len(w):cap(w)])
		w = w[:len(w)+n]
		s.bytes += int64(n)
		if err != nil && err != io.EOF {
			return s, err
		}
		to := len(w) - around
		if err == io.EOF {
			to = len(w)
		}
		if from < to {
			at := sheetDataEnd(w, from, to)
			last := to
			if at >= 0 {
				last = min(to, at) // what stands behind the rows is no row
			}
			s.rows += rowTags(w, from, last)
			for _, tag := range []string{"<v>", "<v ", "<t>", "<t ", ":v>", ":t>"} {
				s.filled = s.filled || hits(w, from, last, tag) > 0
			}
			if at >= 0 {
				s.bytes -= int64(len(w) - at)
				return s, s.readMerged(io.MultiReader(bytes.NewReader(w[at:]), r))
			}
			keep := max(0, to-around)
			w, from = w[:copy(w, w[keep:])], to-keep
		}
		if err == io.EOF {
			return s, nil
		}
	}
}

// rowTags counts the start tags of rows that begin in a stretch of w, with a
// prefix or without. It looks for their name, which is rarer than the brackets.
func rowTags(w []byte, from, to int) (n int) {
	const name = "row"
	for at := from + 1; ; at += len(name) {
		i := bytes.Index(w[at:min(len(w), to+len(name))], []byte(name))
		if i < 0 {
			return n
		}
		at += i
		if end := at + len(name); end < len(w) && (w[at-1] == '<' && (w[end] == ' ' || w[end] == '>') || w[at-1] == ':' && w[end] == ' ') {
			n++
		}
	}
}

// hits counts where pattern begins in a stretch of w.
func hits(w []byte, from, to int, pattern string) int {
	return bytes.Count(w[from:min(len(w), to+len(pattern)-1)], []byte(pattern))
}

// sheetDataEnd finds the end tag of sheetData, with a prefix or without, and
// returns the place behind it. Text of cells has no bare "<".
func sheetDataEnd(w []byte, from, to int) int {
	const tag = "sheetData>"
	for {
		i := bytes.Index(w[from:min(len(w), to+len(tag)-1)], []byte(tag))
		if i < 0 {
			return -1
		}
		at := from + i
		if open := bytes.LastIndexByte(w[:at], '<'); open >= 0 && open+1 < at && w[open+1] == '/' && at-open < 22 {
			return at + len(tag)
		}
		from = at + len(tag)
	}
}

// mostMerged is more merged cells than a list has that can be imported.
const mostMerged = 10_000

func (s *survey) readMerged(r io.Reader) error {
	m := newMarkup(r, 1<<20)
	for {
		t, err := m.next()
		if err == io.EOF {
			s.bytes += m.read
			return nil
		}
		if err != nil {
			return err
		}
		if t.kind == startTag && t.name == "mergeCell" {
			if len(s.merged) == mostMerged {
				return ErrFileMerged.With(mostMerged)
			}
			a, err := newArea(t.attr("ref"))
			if err != nil {
				return ErrFileDamaged.With("合并单元格")
			}
			s.merged = append(s.merged, a)
		}
	}
}

func newArea(name string) (area, error) {
	from, to, ok := strings.Cut(name, ":")
	if !ok {
		to = from
	}
	left, top, err1 := excelize.CellNameToCoordinates(from)
	right, bottom, err2 := excelize.CellNameToCoordinates(to)
	if err := errors.Join(err1, err2); err != nil {
		return area{}, fmt.Errorf("read the area %q: %w", name, err)
	}
	return area{name, top, left, bottom, right}, nil
}
