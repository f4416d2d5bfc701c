package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
)

// mostDepth is how deep JSON may be nested; our own files have two levels.
const mostDepth = 32

// jsonFile is an open JSON file: an array of objects, or one object after the
// other. Its columns are the fields of the first objects.
type jsonFile struct {
	r       io.ReaderAt
	size    int64
	limits  Limits
	charset charset
	fields  []string
}

// fieldSample is how many objects are looked at for their fields.
const fieldSample = 1000

func openJSON(ctx context.Context, r io.ReaderAt, size int64, l Limits) (*jsonFile, error) {
	j := &jsonFile{r: r, size: size, limits: l}
	var err error
	if j.charset, err = findCharset(ctx, r, size, l); err != nil {
		return nil, err
	}
	if j.charset.decode != nil && j.charset.name != utf16Text.name {
		return nil, ErrFileEncoding.With(1) // JSON is Unicode: RFC 8259
	}
	sample := j.lines(ctx, new(atomic.Int64))
	sample.headed = true
	for range fieldSample {
		err := sample.object()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	j.fields = sample.fields
	return j, nil
}

// jsonLines reads the objects of a file as rows, numbered from 1. Row 0 are the
// names of the fields.
type jsonLines struct {
	d      *json.Decoder
	in     *bounded
	limits Limits
	fields []string
	places map[string]int
	number int
	cells  []cell
	array  bool
	begun  bool
	headed bool
}

func (j *jsonFile) lines(ctx context.Context, done *atomic.Int64) *jsonLines {
	in := &bounded{ctx: ctx, r: j.charset.open(&tracked{r: j.r, done: done}, j.size), most: j.limits.LineBytes}
	n := &jsonLines{d: json.NewDecoder(in), in: in, limits: j.limits, places: map[string]int{}}
	for _, f := range j.fields {
		n.place(f)
	}
	return n
}

func (n *jsonLines) close() error { return nil }

func (n *jsonLines) place(field string) int {
	at, ok := n.places[field]
	if !ok {
		at = len(n.fields)
		n.places[field] = at
		n.fields = append(n.fields, field)
	}
	return at
}

// next returns the heading, and then an object with each call. A field that the
// first objects did not have stands beyond the last heading, where it is found
// to be at fault.
func (n *jsonLines) next() (line, error) {
	if !n.headed {
		n.headed = true
		var l line
		for _, f := range n.fields {
			l.cells = append(l.cells, cell{text: f})
		}
		return l, nil
	}
	if err := n.object(); err != nil {
		return line{}, err
	}
	l := line{number: n.number, cells: n.cells}
	return l, n.limits.rowed(l)
}

// object reads the next object into cells.
func (n *jsonLines) object() error {
	n.in.left = n.in.most
	if !n.begun {
		if err := n.begin(); err != nil {
			return n.explain(err)
		}
	}
	if n.array && !n.d.More() {
		if _, err := n.d.Token(); err != nil {
			return n.explain(err)
		}
		if _, err := n.d.Token(); err != io.EOF {
			return ErrFileJSON.With(max(n.number, 1), "后面还有多余的内容")
		}
		return io.EOF
	}
	n.number++
	var raw json.RawMessage
	if err := n.d.Decode(&raw); err != nil {
		if !n.array && err == io.EOF {
			return io.EOF
		}
		return n.explain(err)
	}
	if JSONDepth(raw) > mostDepth {
		return ErrFileDepth.With(n.number, mostDepth)
	}
	return n.read(raw)
}

// begin steps into the array, if the file is one.
func (n *jsonLines) begin() error {
	n.begun = true
	buffered, err := n.first()
	if err != nil {
		return err
	}
	if n.array = buffered == '['; n.array {
		_, err = n.d.Token()
	}
	return err
}

// first peeks at the first character that is no blank.
func (n *jsonLines) first() (byte, error) {
	n.d.More() // fills the decoder's buffer
	head, err := io.ReadAll(io.LimitReader(n.d.Buffered(), 4096))
	if err != nil {
		return 0, fmt.Errorf("read the beginning of a JSON file: %w", err)
	}
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 {
		return 0, nil
	}
	return head[0], nil
}

func (n *jsonLines) explain(err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errTooLong):
		return ErrFileLong.With(n.number, n.limits.LineBytes>>10)
	case errors.As(err, &syntax):
		return ErrFileJSON.With(max(n.number, 1), "标点或者引号不对")
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return ErrFileJSON.With(max(n.number, 1), "没有写完")
	}
	return err
}

// read takes one object apart. Fields that come twice are refused.
func (n *jsonLines) read(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	broken := func(what string) error { return ErrFileJSON.With(n.number, what) }
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return broken("应为一个对象，即用 { } 括起的各字段")
	}
	clear(n.cells)
	n.cells = n.cells[:0]
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		field, ok := t.(string)
		if err != nil || !ok {
			return broken("字段名不对")
		}
		if seen[field] {
			return broken("字段“" + shown(field) + "”写了两次")
		}
		seen[field] = true
		var value any
		if err := d.Decode(&value); err != nil {
			return broken("字段“" + shown(field) + "”的内容不对")
		}
		x, ok := jsonCell(value)
		if !ok {
			return broken("字段“" + shown(field) + "”应为文字、数字或者文字的数组")
		}
		at := n.place(field)
		for len(n.cells) <= at {
			n.cells = append(n.cells, cell{})
		}
		n.cells[at] = x
		if at > n.limits.Columns {
			return ErrFileColumns.With(n.number, n.limits.Columns)
		}
	}
	return nil
}

func jsonCell(value any) (cell, bool) {
	switch v := value.(type) {
	case nil:
		return cell{}, true
	case string:
		return cell{text: v}, true
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return cell{text: v.String(), kind: numeric}, true
		}
		return cell{text: v.String()}, true // all its digits are there
	case bool:
		return cell{text: map[bool]string{true: "TRUE", false: "FALSE"}[v], kind: boolean}, true
	case []any:
		var parts []string
		for _, part := range v {
			text, ok := part.(string)
			if !ok || strings.ContainsAny(text, "\r\n") {
				return cell{}, false
			}
			parts = append(parts, text)
		}
		return cell{text: listCell(strings.Join(parts, "\n"))}, true
	}
	return cell{}, false
}

// JSONDepth is how deep the objects and arrays of a JSON text are nested. It
// looks at brackets only, and so costs little before a parser is asked.
func JSONDepth(raw []byte) int {
	deepest, now, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}
