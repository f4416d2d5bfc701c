package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync/atomic"
)

// A Format is a form of file.
type Format string

const (
	XLSX Format = "xlsx"
	CSV  Format = "csv" // tab-separated and semicolon-separated too
	JSON Format = "json"
)

// Options are how a file is opened. The zero Options are the usual.
type Options struct {
	Limits Limits
	Dir    string // for temporary files; empty is the system's
}

// A File is an open table. One reading at a time; Progress may be asked from
// elsewhere.
type File struct {
	format Format
	book   *book
	text   *textFile
	json   *jsonFile
	done   atomic.Int64
	total  atomic.Int64
}

// A Sheet is one table of a file. CSV and JSON have one, without a name.
type Sheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden"`
	Empty  bool   `json:"empty"`
	Rows   int    `json:"rows"` // about: headings and empty rows count too; 0 if nobody counted
}

// Open looks at a file and decides by its content what it is; the name helps
// only between CSV and JSON. A workbook is unpacked once and counted before
// anything in it is parsed, a text is read once for its encoding. What Open
// refuses is an inspect.Problem.
func Open(ctx context.Context, r io.ReaderAt, size int64, name string, o Options) (*File, error) {
	l := o.Limits.orUsual()
	if size == 0 {
		return nil, ErrFileEmpty
	}
	if size > l.Size {
		return nil, ErrFileLarge.With(l.Size >> 20)
	}
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the beginning of %q: %w", name, err)
	}
	f := &File{}
	switch f.format, err = guessFormat(head[:n], name); {
	case err != nil:
		return nil, err
	case f.format == XLSX:
		f.book, err = openBook(ctx, r, size, l, o.Dir)
	case f.format == JSON:
		f.json, err = openJSON(ctx, r, size, l)
	default:
		f.text, err = openText(ctx, r, size, l)
	}
	if err != nil {
		return nil, err
	}
	f.total.Store(size)
	return f, nil
}

// guessFormat tells a format by the beginning of a file.
func guessFormat(head []byte, name string) (Format, error) {
	ext := strings.ToLower(path.Ext(name))
	for _, known := range []struct {
		magic string
		err   error
	}{
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ErrFileOldExcel}, {"\x09\x08", ErrFileOldExcel}, {"%PDF", ErrFileKind}, {"\x89PNG", ErrFileKind},
		{"\xff\xd8\xff", ErrFileKind}, {"GIF8", ErrFileKind}, {"Rar!", ErrFileOther.With("压缩文件")}, {"7z\xbc\xaf", ErrFileOther.With("压缩文件")},
		{"\x1f\x8b", ErrFileOther.With("压缩文件")}, {"SQLite format 3", ErrFileKind}, {"\x7fELF", ErrFileKind}, {"MZ", ErrFileKind},
	} {
		if bytes.HasPrefix(head, []byte(known.magic)) && (known.magic != "MZ" || bytes.IndexByte(head, 0) >= 0) {
			return "", known.err
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return XLSX, nil
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	table := ext == ".csv" || ext == ".tsv" || ext == ".txt"
	switch {
	case len(text) == 0 && len(head) < 512:
		return "", ErrFileEmpty
	case bytes.HasPrefix(text, []byte("<")) && !table:
		return "", ErrFileOther.With("网页格式的表格")
	case ext == ".json", ext == ".jsonl", ext == ".ndjson":
		return JSON, nil
	case !table && len(text) > 0 && (text[0] == '{' || text[0] == '['):
		return JSON, nil
	case !table && bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "", ErrFileKind
	}
	return CSV, nil
}

// Close gives up what the file holds. The reader remains the caller's.
func (f *File) Close() error {
	if f.book == nil {
		return nil
	}
	return f.book.close()
}

// Format returns what the file turned out to be.
func (f *File) Format() Format { return f.format }

// Encoding returns the encoding as people call it.
func (f *File) Encoding() string {
	switch f.format {
	case CSV:
		return f.text.charset.name
	case JSON:
		return f.json.charset.name
	}
	return utf8Text.name
}

// Progress returns how much of the sheet at hand was read, and how much there
// is: bytes.
func (f *File) Progress() (done, total int64) {
	total = f.total.Load()
	return min(f.done.Load(), total), total
}

// Sheets returns the tables of the file in their order, without the sheets of
// notes that our own files have.
func (f *File) Sheets() []Sheet {
	if f.book == nil {
		return []Sheet{{}}
	}
	var all []Sheet
	for _, s := range f.book.sheets {
		if s.name != noteSheet && s.name != choiceSheet {
			all = append(all, Sheet{s.name, s.hidden, !s.survey.filled, s.survey.rows})
		}
	}
	return all
}

// lines begins to read a sheet, for which name may be empty if there is no
// choice: then it is the only visible one that has content.
func (f *File) lines(ctx context.Context, name string) (lines, error) {
	f.done.Store(0)
	switch f.format {
	case CSV:
		return f.text.lines(ctx, &f.done), nil
	case JSON:
		return f.json.lines(ctx, &f.done), nil
	}
	s, err := f.sheet(name)
	if err != nil {
		return nil, err
	}
	f.total.Store(s.survey.bytes)
	return f.book.lines(ctx, s, &f.done)
}

func (f *File) sheet(name string) (*bookSheet, error) {
	if name == "" {
		var filled []string
		for _, s := range f.Sheets() {
			if !s.Hidden && !s.Empty {
				filled = append(filled, s.Name)
			}
		}
		switch len(filled) {
		case 0:
			return nil, ErrFileNoRows
		case 1:
			name = filled[0]
		default:
			return nil, ErrWhichSheet.With(shown(strings.Join(filled, "、")))
		}
	}
	i := slices.IndexFunc(f.book.sheets, func(s bookSheet) bool { return s.name == name })
	if i < 0 {
		return nil, ErrFileNoSheet.With(shown(name))
	}
	return &f.book.sheets[i], nil
}

// each calls f with the rows of a sheet until it returns false.
func (f *File) each(ctx context.Context, sheet string, do func(lines, line) (bool, error)) (err error) {
	source, err := f.lines(ctx, sheet)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.close()) }()
	for {
		l, err := source.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if on, err := do(source, l); !on || err != nil {
			return err
		}
	}
}
