package exchange

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
)

// textFile is an open CSV or TSV: its encoding and the sign between its cells.
type textFile struct {
	r       io.ReaderAt
	size    int64
	limits  Limits
	charset charset
	comma   rune
}

func openText(ctx context.Context, r io.ReaderAt, size int64, l Limits) (*textFile, error) {
	t := &textFile{r: r, size: size, limits: l}
	var err error
	if t.charset, err = findCharset(ctx, r, size, l); err != nil {
		return nil, err
	}
	const sample = 64 << 10
	head := make([]byte, sample)
	n, err := io.ReadFull(t.charset.open(r, size), head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("read the beginning of a table: %w", err)
	}
	head = head[:n]
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		return nil, ErrFileLineEnd
	}
	t.comma = findComma(head)
	return t, nil
}

// findComma returns the sign that stands between cells: the one that stands
// most evenly in the first lines. A table of one column has none, and reads the
// same with any.
func findComma(head []byte) rune {
	best, bestLines, bestCount := ',', 0, 0
	for _, comma := range []rune{',', '\t', ';'} {
		r := csv.NewReader(bytes.NewReader(head))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
		rows := map[int]int{} // cells in a line → lines
		for range headLines * 2 {
			record, err := r.Read()
			if err != nil {
				break
			}
			rows[len(record)]++
		}
		for cells, n := range rows {
			if cells > 1 && (n > bestLines || n == bestLines && cells > bestCount) {
				best, bestLines, bestCount = comma, n, cells
			}
		}
	}
	return best
}

// csvLines reads the rows of a text file.
type csvLines struct {
	r      *csv.Reader
	in     *bounded
	limits Limits
	line   line
	extra  int // line ends inside of cells so far: Excel does not count them
}

func (t *textFile) lines(ctx context.Context, done *atomic.Int64) *csvLines {
	section := &tracked{r: t.r, done: done}
	in := &bounded{ctx: ctx, r: t.charset.open(section, t.size), most: t.limits.LineBytes}
	c := &csvLines{r: csv.NewReader(bufio.NewReaderSize(in, 64<<10)), in: in, limits: t.limits}
	c.r.Comma, c.r.FieldsPerRecord, c.r.ReuseRecord = t.comma, -1, true
	return c
}

func (c *csvLines) close() error { return nil }

// next returns the next row with anything in it. Its number is the one that
// Excel shows: lines that are empty count, line ends inside of cells do not.
func (c *csvLines) next() (line, error) {
	c.in.left = c.in.most
	record, err := c.r.Read()
	if err != nil {
		return line{}, c.explain(err)
	}
	at, _ := c.r.FieldPos(0)
	c.line.number = at - c.extra
	c.line.cells = c.line.cells[:0]
	for _, text := range record {
		c.line.cells = append(c.line.cells, cell{text: Unguard(text)})
		c.extra += strings.Count(text, "\n")
	}
	return c.line, c.limits.rowed(c.line)
}

// explain turns what the parser says into what people can do.
func (c *csvLines) explain(err error) error {
	var wrong *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return ErrFileLong.With(c.line.number+1, c.limits.LineBytes>>10)
	case errors.As(err, &wrong):
		return ErrFileQuote.With(wrong.StartLine - c.extra)
	}
	return err
}

var errTooLong = errors.New("exchange: a line is too long")

// bounded stops a reading that was cancelled, and one whose line never ends.
// Whoever reads sets left at the beginning of each line.
type bounded struct {
	ctx  context.Context
	r    io.Reader
	most int
	left int
}

// Read reads on while the line at hand may go on.
func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// tracked tells how far a file was read.
type tracked struct {
	r    io.ReaderAt
	done *atomic.Int64
}

// ReadAt reads, and notes how far.
func (t *tracked) ReadAt(p []byte, at int64) (int, error) {
	n, err := t.r.ReadAt(p, at)
	t.done.Store(at + int64(n))
	return n, err
}
