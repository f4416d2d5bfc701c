package exchange

import (
	"bytes"
	"io"

	"github.com/orisano/gosax"
)

// A tagKind is what kind of thing a reader of markup came upon.
type tagKind uint8

const (
	startTag tagKind = iota
	endTag
	charText
)

// A tag is one step through markup. Its bytes are gone with the next step.
type tag struct {
	kind tagKind
	name string // without the prefix; one of known, or empty
	rest []byte // the attributes
	text []byte // of charText, with all escapes undone
}

// known are the names of elements that mean something to us. To the others we
// are blind.
var known = map[string]string{}

func init() {
	for _, name := range []string{
		"row", "c", "v", "f", "is", "t", "rPh", "si", "sst", "cols", "col", "sheetData", "worksheet", "mergeCell",
	} {
		known[name] = name
	}
}

// markup walks through a part of a workbook. It expands no entities but the
// five of XML, and takes no document types.
type markup struct {
	r    *gosax.Reader
	in   io.Reader
	most int   // bytes that one step may take
	left int   // of most
	read int64 // bytes so far
}

func newMarkup(r io.Reader, most int) *markup {
	m := &markup{in: r, most: most}
	m.r = gosax.NewReaderSize(m, 64<<10)
	m.r.EmitSelfClosingTag = true
	return m
}

// Read feeds the tokenizer. A single token that goes on for ever is cut off
// here, as the tokenizer would hold all of it.
func (m *markup) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errCellLong
	}
	n, err := m.in.Read(p)
	m.left -= n
	m.read += int64(n)
	return n, err
}

// next returns the next tag or text. It fails with io.EOF at the end.
func (m *markup) next() (t tag, err error) {
	for {
		e, err := m.event()
		if err != nil {
			return tag{}, err
		}
		switch e.Type() {
		case gosax.EventStart:
			name, rest := splitTag(e.Bytes)
			return tag{kind: startTag, name: known[string(name)], rest: rest}, nil
		case gosax.EventEnd:
			name, _ := splitTag(e.Bytes)
			return tag{kind: endTag, name: known[string(name)]}, nil
		case gosax.EventText:
			text, err := gosax.Unescape(e.Bytes)
			if err != nil {
				return tag{}, ErrFileDamaged.With("一处转义字符")
			}
			return tag{kind: charText, text: text}, nil
		case gosax.EventCData:
			return tag{kind: charText, text: bytes.TrimSuffix(bytes.TrimPrefix(e.Bytes, []byte("<![CDATA[")), []byte("]]>"))}, nil
		case gosax.EventDocType:
			return tag{}, ErrFileBomb.With("内含文档类型定义")
		case gosax.EventEOF:
			return tag{}, io.EOF
		}
	}
}

// event asks the tokenizer, which panics on some broken input.
func (m *markup) event() (e gosax.Event, err error) {
	defer func() {
		if recover() != nil {
			err = ErrFileDamaged.With("一处标记")
		}
	}()
	m.left = m.most
	e, err = m.r.Event()
	if err == io.EOF {
		err = ErrFileDamaged.With("末尾")
	}
	return e, err
}

// splitTag returns the name of a tag without its prefix, and its attributes.
func splitTag(b []byte) (name, rest []byte) {
	name, rest = gosax.Name(b)
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return name, rest
}

// each calls f with the attributes of a start tag.
func (t tag) each(f func(key, value []byte)) error {
	for rest := t.rest; len(rest) > 0; {
		a, after, err := gosax.NextAttribute(rest)
		if err != nil || len(after) >= len(rest) {
			return ErrFileDamaged.With("一处标记")
		}
		if len(a.Value) >= 2 {
			f(a.Key, a.Value[1:len(a.Value)-1])
		}
		rest = after
	}
	return nil
}

// attr returns one attribute of a start tag.
func (t tag) attr(name string) (value string) {
	_ = t.each(func(k, v []byte) { // a broken attribute is one that is not there
		if string(k) == name {
			value = string(v)
		}
	})
	return value
}
