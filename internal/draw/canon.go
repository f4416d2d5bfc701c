package draw

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Classes of ASCII characters, for fields and codes.
const (
	classID    = 1 << iota // 0-9 A-Z -
	classCode              // 0-9 A-Z a-z
	className              // 0-9 A-Z a-z . _ -
	classDigit             // 0-9
	classHex               // 0-9 a-f
	classSalt              // 0-9 A-Z a-z _ -
)

var class = func() (t [256]byte) {
	for c := range t {
		digit, upper, lower := c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z'
		if digit || upper || c == '-' {
			t[c] |= classID
		}
		if digit || upper || lower {
			t[c] |= classCode
		}
		if digit || upper || lower || c == '.' || c == '_' || c == '-' {
			t[c] |= className
		}
		if digit {
			t[c] |= classDigit
		}
		if digit || c >= 'a' && c <= 'f' {
			t[c] |= classHex
		}
		if digit || upper || lower || c == '_' || c == '-' {
			t[c] |= classSalt
		}
	}
	return t
}()

// only tells whether all characters of s are of the class.
func only[T string | []byte](s T, want byte) bool {
	for i := range len(s) {
		if class[s[i]]&want == 0 {
			return false
		}
	}
	return true
}

// isCode tells whether s has 1 to n characters, all of the class.
func isCode(s string, n int, want byte) bool {
	return len(s) >= 1 && len(s) <= n && only(s, want)
}

// repertoire is every character a text may hold. None of them has a
// decomposition or combines with another, so that any text made of them is in
// NFC, whatever the version of Unicode; none is invisible or turns the line.
var repertoire = [][2]rune{
	{0x20, 0x7e}, {0xb7, 0xb7}, {0x2013, 0x2014}, {0x2018, 0x2019}, {0x201c, 0x201d}, {0x2026, 0x2026},
	{0x2160, 0x216b}, {0x2460, 0x2473}, {0x3001, 0x3003}, {0x3005, 0x3011}, {0x3014, 0x3017},
	{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xff01, 0xff5e}, {0x20000, 0x2f7ff}, {0x30000, 0x3fffd},
}

// IsText tells whether s is valid UTF-8 of the repertoire.
func IsText(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		in := func(span [2]rune) bool { return r >= span[0] && r <= span[1] }
		if r == utf8.RuneError || !slices.ContainsFunc(repertoire, in) {
			return false
		}
		i += n
	}
	return true
}

// Canonical returns the canonical form of a JSON text, without a line feed. The
// text may be spaced and ordered freely, but must hold only what SDP/1 allows:
// strings of the repertoire, integers from 0 to 2⁵³−1, arrays, and objects with
// distinct keys.
func Canonical(file string, text []byte) ([]byte, error) {
	p := parser{file: file, in: text}
	return p.document()
}

type parser struct {
	file  string
	in    []byte
	at    int
	nulls bool // read null as an empty array: for what json.Marshal wrote
}

const maxDepth = 16

func (p *parser) document() ([]byte, error) {
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.in) {
		return nil, p.fail("JSON 结束后还有多余内容")
	}
	return v, nil
}

func (p *parser) fail(format string, args ...any) error {
	return fault(p.file, 1+bytes.Count(p.in[:min(p.at, len(p.in))], []byte{'\n'}), format, args...)
}

// space skips white space and returns the character after it, or 0.
func (p *parser) space() byte {
	for p.at < len(p.in) {
		switch c := p.in[p.at]; c {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return c
		}
	}
	return 0
}

func (p *parser) value(depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, p.fail("JSON 嵌套超过 %d 层", maxDepth)
	}
	switch c := p.space(); {
	case c == '"':
		s, err := p.text()
		return quote(nil, s), err
	case c >= '0' && c <= '9':
		return p.number()
	case c == '[':
		return p.array(depth)
	case c == '{':
		return p.object(depth)
	case p.nulls && bytes.HasPrefix(p.in[p.at:], []byte("null")):
		p.at += 4
		return []byte("[]"), nil
	}
	return nil, p.fail("此处应为字符串、非负整数、数组或对象")
}

func (p *parser) number() ([]byte, error) {
	start := p.at
	for p.at < len(p.in) && p.in[p.at] >= '0' && p.in[p.at] <= '9' {
		p.at++
	}
	s := p.in[start:p.at]
	n, err := strconv.ParseUint(string(s), 10, 64)
	if err != nil || n >= 1<<53 || len(s) > 1 && s[0] == '0' {
		return nil, p.fail("数字应为小于 2⁵³ 的非负整数，且不带前导零")
	}
	if p.at < len(p.in) && strings.IndexByte(".eE+-", p.in[p.at]) >= 0 {
		return nil, p.fail("不允许小数或指数，请改用整数")
	}
	return s, nil
}

func (p *parser) array(depth int) ([]byte, error) {
	out := []byte{'['}
	p.at++
	if p.space() == ']' {
		p.at++
		return append(out, ']'), nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v...)
		switch p.space() {
		case ',':
			out = append(out, ',')
		case ']':
			p.at++
			return append(out, ']'), nil
		default:
			return nil, p.fail("数组缺少逗号或右括号")
		}
		p.at++
	}
}

func (p *parser) object(depth int) ([]byte, error) {
	members := map[string][]byte{}
	p.at++
	if p.space() == '}' {
		p.at++
		return []byte("{}"), nil
	}
	for {
		if p.space() != '"' {
			return nil, p.fail("对象的键应为字符串")
		}
		key, err := p.text()
		if err != nil {
			return nil, err
		}
		if _, twice := members[key]; twice {
			return nil, p.fail("键 %s 重复", key)
		}
		if p.space() != ':' {
			return nil, p.fail("键 %s 之后缺少冒号", key)
		}
		p.at++
		if members[key], err = p.value(depth + 1); err != nil {
			return nil, err
		}
		switch p.space() {
		case ',':
			p.at++
			continue
		case '}':
			p.at++
			return join(members), nil
		}
		return nil, p.fail("对象缺少逗号或右括号")
	}
}

// join writes an object with its keys in order. SDP/1 keys are ASCII, where the
// order of bytes is RFC 8785's order of UTF-16 units.
func join(members map[string][]byte) []byte {
	keys := make([]string, 0, len(members))
	for key := range members {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	out := []byte{'{'}
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(quote(out, key), ':')
		out = append(out, members[key]...)
	}
	return append(out, '}')
}

// text reads a string, and refuses what the repertoire does not have.
func (p *parser) text() (string, error) {
	start := p.at
	for p.at++; p.at < len(p.in); p.at++ {
		switch c := p.in[p.at]; {
		case c == '\\':
			p.at++
		case c < 0x20:
			return "", p.fail("字符串内有控制字符")
		case c == '"':
			p.at++
			raw := p.in[start:p.at]
			var s string
			if !utf8.Valid(raw) || json.Unmarshal(raw, &s) != nil || !IsText(s) {
				return "", p.fail("字符串不是有效的 UTF-8，或含有不允许的字符")
			}
			return s, nil
		}
	}
	return "", p.fail("字符串没有结束")
}

// quote appends s as RFC 8785 writes it. The repertoire leaves two characters
// to escape.
func quote(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return append(out, '"')
}

// canonical is the canonical form of one of our documents.
func canonical(file string, doc any) ([]byte, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	p := parser{file: file, in: text, nulls: true}
	return p.document()
}

// encode is the file of a document: the canonical form and one line feed.
func encode(file string, doc any) ([]byte, error) {
	text, err := canonical(file, doc)
	return append(text, '\n'), err
}

// decode reads the file of a document. It must be byte for byte what encode
// writes: no unknown, missing or repeated field can pass.
func decode(file string, data []byte, doc any) error {
	text, err := Canonical(file, data)
	if err != nil {
		return err
	}
	if !bytes.Equal(append(text, '\n'), data) {
		return fault(file, 1, "不是规范形式：键应按字节排序，不留空白，末尾恰有一个换行")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(doc); err != nil {
		return fault(file, 1, "字段与格式不符：%v", err)
	}
	again, err := encode(file, doc)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, data) {
		return fault(file, 1, "缺少字段，或字段名的大小写不对")
	}
	return nil
}
