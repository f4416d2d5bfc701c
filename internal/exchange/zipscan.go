package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// directoryEntry is more than an honest entry of a zip's directory takes.
const directoryEntry = 1 << 10

// openZip looks at the outside of a zip file: its directory, before a single
// byte is unpacked. What it refuses, it refuses in milliseconds.
func openZip(r io.ReaderAt, size int64, l Limits) (*zip.Reader, error) {
	if err := checkDirectory(r, size, l); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, ErrFileDamaged.With("压缩目录")
	}
	if len(z.File) > l.Entries {
		return nil, ErrFileBomb.With(fmt.Sprintf("内含文件超过%d个", l.Entries))
	}
	var unpacked, packed uint64
	seen := map[string]bool{}
	for _, f := range z.File {
		if err := checkEntry(f, l); err != nil {
			return nil, err
		}
		name := strings.ToLower(f.Name)
		if seen[name] {
			return nil, ErrFileBomb.With("有两个同名的内部文件")
		}
		seen[name] = true
		unpacked, packed = unpacked+f.UncompressedSize64, packed+f.CompressedSize64
	}
	if err := l.sum(int64(min(unpacked, 1<<62)), int64(min(packed, 1<<62))); err != nil {
		return nil, err
	}
	return z, checkOverlap(z)
}

// sum judges the size of a whole workbook.
func (l Limits) sum(unpacked, packed int64) error {
	switch {
	case unpacked > l.Large, unpacked > l.Unpacked && unpacked/l.LowRatio > packed:
		return ErrFileBomb.With("解压后太大")
	case unpacked > ratioFrom && unpacked/l.Ratio > packed:
		return ErrFileBomb.With("压缩比过高")
	}
	return nil
}

// ratioFrom is the size from which a ratio says something: a few empty rows
// pack very well.
const ratioFrom = 1 << 20

// checkDirectory finds the end record of the directory and bounds the bytes
// from which zip.NewReader makes entries: it does not trust their number.
func checkDirectory(r io.ReaderAt, size int64, l Limits) error {
	const endRecord, comment = 22, 1<<16 - 1
	tail := make([]byte, min(size, endRecord+comment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return fmt.Errorf("read the directory of a zip file: %w", err)
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || at+endRecord > len(tail) {
		return ErrFileDamaged.With("压缩目录")
	}
	end := size - int64(len(tail)) + int64(at)
	length, offset := int64(binary.LittleEndian.Uint32(tail[at+12:])), int64(binary.LittleEndian.Uint32(tail[at+16:]))
	most := int64(l.Entries) * directoryEntry
	if length > most || offset > end || end-offset > most {
		return ErrFileBomb.With("压缩目录过大")
	}
	return nil
}

// checkEntry judges what the directory says of one file.
func checkEntry(f *zip.File, l Limits) error {
	switch name := f.Name; {
	case f.Flags&1 != 0:
		return ErrFileOldExcel
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return ErrFileBomb.With("压缩方法不常见")
	case f.Mode()&fs.ModeType&^fs.ModeDir != 0:
		return ErrFileBomb.With("内含链接")
	case strings.Contains(name, ".."), strings.Contains(name, "\\"), strings.HasPrefix(name, "/"), strings.Contains(name, ":"):
		return ErrFileBomb.With("内部文件名不正常")
	case f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/uint64(l.Ratio) > f.CompressedSize64:
		return ErrFileBomb.With("压缩比过高")
	case slices.Contains(packedNames, strings.ToLower(path.Ext(name))):
		return ErrFileNested.With(shown(path.Base(name)))
	}
	return nil
}

var packedNames = []string{".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".ods", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".tar", ".jar"}

// checkOverlap refuses entries that share bytes: the trick by which a small zip
// claims each of its bytes many times.
func checkOverlap(z *zip.Reader) error {
	type span struct{ from, to int64 }
	var spans []span
	for _, f := range z.File {
		from, err := f.DataOffset()
		if err != nil {
			return ErrFileDamaged.With("压缩目录")
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return int(min(1, max(-1, a.from-b.from))) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return ErrFileBomb.With("内部文件互相重叠")
		}
	}
	return nil
}

// A meter counts what really comes out of a zip file, whatever its directory
// says, and stops where a Limit is reached.
type meter struct {
	Limits
	packed   int64 // of the whole file
	unpacked int64 // so far, of all parts
}

// open returns the content of a part, counted.
func (m *meter) open(ctx context.Context, f *zip.File) (*counted, error) {
	r, err := f.Open()
	if err != nil {
		return nil, ErrFileDamaged.With(shown(f.Name))
	}
	return &counted{ctx: ctx, meter: m, part: f, r: r}, nil
}

// counted is the content of one part as it is unpacked.
type counted struct {
	ctx   context.Context
	meter *meter
	part  *zip.File
	r     io.ReadCloser
	n     int64
}

// Read unpacks more, unless the reading was cancelled or a limit is reached.
func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.meter.unpacked += int64(n)
	switch {
	case c.n > ratioFrom && c.n/c.meter.Ratio > int64(c.part.CompressedSize64):
		return 0, ErrFileBomb.With("压缩比过高")
	case err != nil && err != io.EOF:
		return n, ErrFileDamaged.With(shown(c.part.Name))
	}
	if wrong := c.meter.sum(c.meter.unpacked, c.meter.packed); wrong != nil {
		return 0, wrong
	}
	return n, err
}

// Close ends the unpacking.
func (c *counted) Close() error { return c.r.Close() }

// magics are the beginnings of packed files.
var magics = []string{"PK\x03\x04", "PK\x05\x06", "\x1f\x8b", "7z\xbc\xaf\x27\x1c", "Rar!", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd"}

// count unpacks a part that nobody reads, to see how large it is, and that
// nothing is packed in it again.
func (m *meter) count(ctx context.Context, f *zip.File) error {
	c, err := m.open(ctx, f)
	if err != nil {
		return err
	}
	defer c.Close()
	head := make([]byte, 8)
	n, err := io.ReadFull(c, head)
	for _, magic := range magics {
		if bytes.HasPrefix(head[:n], []byte(magic)) {
			return ErrFileNested.With(shown(path.Base(f.Name)))
		}
	}
	if err == nil {
		_, err = io.Copy(io.Discard, c)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}
