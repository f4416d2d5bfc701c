package exchange

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A charset is how a text file writes its characters.
type charset struct {
	name   string // as people call it
	decode encoding.Encoding
	skip   int64 // bytes of the byte order mark
}

var (
	utf8Text  = charset{name: "UTF-8"}
	utf8Mark  = charset{name: "UTF-8（带 BOM）", skip: 3}
	utf16Text = charset{name: "UTF-16", decode: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
	gbText    = charset{name: "GBK（GB18030）", decode: simplifiedchinese.GB18030}
)

// findCharset reads a whole text file once: by a sample nobody could tell a
// file of which only the last line is Chinese.
func findCharset(ctx context.Context, r io.ReaderAt, size int64, l Limits) (charset, error) {
	head := make([]byte, 4)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return charset{}, fmt.Errorf("read the beginning of a file: %w", err)
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16Text, nil
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		c, err := countLines(ctx, io.NewSectionReader(r, 3, size-3), l)
		if err == nil && c.firstOther > 0 {
			err = ErrFileEncoding.With(c.firstOther)
		}
		return utf8Mark, err
	}
	c, err := countLines(ctx, io.NewSectionReader(r, 0, size), l)
	switch {
	case err != nil:
		return charset{}, err
	case c.firstOther == 0:
		return utf8Text, nil
	case c.unicode == 0:
		return gbText, nil
	case c.unicode >= c.other:
		return charset{}, ErrFileEncoding.With(c.firstOther)
	}
	return charset{}, ErrFileEncoding.With(c.firstUnicode)
}

// open returns the file as UTF-8. What cannot be decoded comes out as U+FFFD,
// which no column takes.
func (c charset) open(r io.ReaderAt, size int64) io.Reader {
	in := io.NewSectionReader(r, c.skip, size-c.skip)
	if c.decode == nil {
		return in
	}
	return transform.NewReader(in, c.decode.NewDecoder())
}

// lineCount tells the encodings of a file's lines apart.
type lineCount struct {
	unicode, firstUnicode int // lines that are surely UTF-8
	other, firstOther     int // lines that are surely not
}

// countLines classifies every line. A line is surely UTF-8 if it is valid and
// has two characters of three bytes: text in GBK hardly ever looks so.
func countLines(ctx context.Context, r io.Reader, l Limits) (c lineCount, err error) {
	buf := make([]byte, 0, 256<<10)
	number := 0
	for {
		if err := ctx.Err(); err != nil {
			return c, err
		}
		if cap(buf)-len(buf) < 64<<10 {
			buf = append(make([]byte, 0, 2*cap(buf)), buf...)
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err != nil && err != io.EOF {
			return c, fmt.Errorf("read a text file: %w", err)
		}
		end := bytes.LastIndexByte(buf, '\n') + 1
		if err == io.EOF {
			end = len(buf)
		}
		if i := bytes.IndexByte(buf[:end], 0); i >= 0 {
			return c, ErrFileNUL.With(number + 1 + bytes.Count(buf[:i], []byte("\n")))
		}
		if err == nil && end == 0 && len(buf) > l.LineBytes {
			return c, ErrFileLong.With(number+1, l.LineBytes>>10)
		}
		number = c.add(buf[:end], number)
		if err == io.EOF {
			return c, nil
		}
		buf = buf[:copy(buf, buf[end:])]
	}
}

// add classifies the lines of a block, and returns the number of the last.
func (c *lineCount) add(block []byte, number int) int {
	if utf8.Valid(block) && c.other == 0 && c.unicode > 0 {
		return number + bytes.Count(block, []byte("\n")) // nothing new
	}
	for text := range bytes.Lines(block) {
		number++
		switch {
		case !utf8.Valid(text):
			if c.other++; c.other == 1 {
				c.firstOther = number
			}
		case len(text)-utf8.RuneCount(text) >= 4: // two characters of three bytes
			if c.unicode++; c.unicode == 1 {
				c.firstUnicode = number
			}
		}
	}
	return number
}
