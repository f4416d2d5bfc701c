package draw

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// PopulationFile is the name of the population in a bundle.
const PopulationFile = "population.tsv"

// maxSize bounds a population, so that counts and products stay small.
const maxSize = 1 << 28

// shortest is the length of the shortest line of a population.
const shortest = 33

// A Record is one line of the population: an object (检查对象) as it was when the
// population was locked.
type Record struct {
	ID      string // unified social credit code, or another code
	Kind    byte   // 'u' or 'x'
	Stratum string
	Visits  int // visits this year; 9 means nine or more
	Region  string
	Scope   string
	Salt    string // 12 random bytes in base64url
}

// Line is the record as a line of the population, without the line feed.
func (r Record) Line() string {
	return strings.Join([]string{r.ID, string(r.Kind), r.Stratum, string(rune('0' + min(r.Visits, 9))), r.Region, r.Scope, r.Salt}, "\t")
}

// NewSalt makes the salt of one record: 12 random bytes in base64url.
func NewSalt() string {
	var b [12]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// validID tells whether id is well formed for its kind.
func validID(kind byte, id []byte) bool {
	switch kind {
	case 'u':
		return len(id) == 18 && checkCharacter(id)
	case 'x':
		return len(id) >= 4 && len(id) <= 32 && only(id, classID)
	}
	return false
}

// creditValue is the value of a character in GB 32100-2015, or 0xff.
var creditValue = func() (t [256]byte) {
	for c := range t {
		t[c] = 0xff
	}
	for i, c := range []byte("0123456789ABCDEFGHJKLMNPQRTUWXY") {
		t[c] = byte(i)
	}
	return t
}()

// checkCharacter tells whether the last character of id is its check character
// (GB 32100-2015 5.1).
func checkCharacter(id []byte) bool {
	sum, bad := uint32(0), byte(0)
	for i, w := range [18]uint32{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1} {
		v := creditValue[id[i]]
		bad |= v & 0x80
		sum += w * uint32(v)
	}
	return bad == 0 && sum%31 == 0
}

// A line is a record as the scanner sees it. Its slices point into the block.
type line struct {
	text           []byte // without the line feed
	id             []byte
	kind, visits   byte
	region         []byte
	stratum, scope uint64 // up to eight characters, see packed
}

// packed is a code of up to eight characters as a number.
func packed(code string) (n uint64) {
	for i := range len(code) {
		n = n<<8 | uint64(code[i])
	}
	return n
}

func unpacked(n uint64) string {
	var b []byte
	for ; n > 0; n >>= 8 {
		b = append([]byte{byte(n)}, b...)
	}
	return string(b)
}

// parse reads the record at data[at:], which a line feed ends, and returns where
// the next one begins, or -1 if this is no record.
func (l *line) parse(data []byte, at int) int {
	start := at
	for class[data[at]]&classID != 0 {
		at++
	}
	l.id = data[start:at]
	if len(data)-at < 4 || data[at] != '\t' || data[at+2] != '\t' {
		return -1
	}
	l.kind = data[at+1]
	if !validID(l.kind, l.id) {
		return -1
	}
	mark := at + 3
	at, l.stratum = code8(data, mark)
	if at == mark || len(data)-at < 4 || data[at] != '\t' || class[data[at+1]]&classDigit == 0 || data[at+2] != '\t' {
		return -1
	}
	l.visits = data[at+1] - '0'
	mark = at + 3
	for at = mark; class[data[at]]&classDigit != 0; at++ {
	}
	l.region = data[mark:at]
	if n := at - mark; n < 2 || n > 12 || data[at] != '\t' {
		return -1
	}
	mark = at + 1
	at, l.scope = code8(data, mark)
	if at == mark || data[at] != '\t' || len(data)-at < 18 || data[at+17] != '\n' || !only(data[at+1:at+17], classSalt) {
		return -1
	}
	l.text = data[start : at+17]
	return at + 18
}

// code8 reads a code of at most eight characters.
func code8(data []byte, at int) (end int, code uint64) {
	for n := 0; n < 8 && class[data[at]]&classCode != 0; n++ {
		code = code<<8 | uint64(data[at])
		at++
	}
	return at, code
}

// record copies the line out of its block.
func (l *line) record() Record {
	return Record{
		ID: string(l.id), Kind: l.kind, Stratum: unpacked(l.stratum), Visits: int(l.visits),
		Region: string(l.region), Scope: unpacked(l.scope), Salt: string(l.text[len(l.text)-16:]),
	}
}

// ParseRecord reads one line, without its line feed.
func ParseRecord(text string) (Record, error) {
	var l line
	data := []byte(text + "\n")
	if l.parse(data, 0) != len(data) {
		return Record{}, errors.New(whatIsWrong(data[:len(data)-1]))
	}
	return l.record(), nil
}

// whatIsWrong says why parse refused a line.
func whatIsWrong(text []byte) string {
	for _, c := range text {
		switch {
		case c == '\r':
			return "行尾应只有换行符（LF），请去掉回车符（CR）"
		case c < 0x20 && c != '\t' || c == 0x7f:
			return "含有控制字符"
		}
	}
	if !utf8.Valid(text) {
		return "不是有效的 UTF-8 编码，请另存为 UTF-8 后重试"
	}
	f := strings.Split(string(text), "\t")
	if len(f) != 7 {
		return "应有 7 个以制表符分隔的字段：代码、类别、分层、本年次数、区划、范围、盐值"
	}
	switch {
	case f[1] != "u" && f[1] != "x":
		return "类别应为 u（统一社会信用代码）或 x（其他代码）"
	case f[1] == "u" && len(f[0]) != 18:
		return "统一社会信用代码应为 18 位"
	case !validID(f[1][0], []byte(f[0])) && f[1] == "u":
		return "统一社会信用代码的校验位不对或含有不允许的字符"
	case !validID(f[1][0], []byte(f[0])):
		return "代码应为 4 至 32 位大写字母、数字或连字符"
	case !isCode(f[2], 8, classCode):
		return "分层代码应为 1 至 8 位字母或数字"
	case !isCode(f[3], 1, classDigit):
		return "本年已查次数应为一位数字"
	case len(f[4]) < 2 || !isCode(f[4], 12, classDigit):
		return "区划代码应为 2 至 12 位数字"
	case !isCode(f[5], 8, classCode):
		return "范围代码应为 1 至 8 位字母或数字"
	}
	return "盐值应为 16 位 base64url 字符"
}

// A block is some whole lines of a file.
type block struct {
	data  []byte
	first int    // index of its first line, from 0
	last  []byte // the line before, with its line feed, to compare with
}

// blockSize is how much is read at once; no line may be longer.
const blockSize = 1 << 18

// A scanner gives the blocks of a file to several workers, in order.
type scanner struct {
	r     io.Reader
	file  string
	mu    sync.Mutex
	carry []byte // the beginning of a line whose end is not read yet
	last  []byte
	lines int
	err   error // the fault on the earliest line
	line  int
	done  bool
}

// scan reads the file to its end, or to its first fault, with work called for
// each block by one of n workers. It returns the number of lines. Line numbers
// are those of the file, so the fault reported does not depend on timing.
func scan(r io.Reader, file string, n int, work func(worker int, b block) error) (int, error) {
	s := &scanner{r: r, file: file}
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			buf, last := make([]byte, blockSize), []byte(nil)
			for {
				b, ok := s.next(buf, last)
				if !ok {
					return
				}
				last = b.last
				if err := work(w, b); err != nil {
					s.fail(err)
				}
			}
		})
	}
	wg.Wait()
	return s.lines, s.err
}

// fail keeps the fault that stands first in the file, and ends the reading.
func (s *scanner) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed(err)
}

func (s *scanner) failed(err error) {
	line := 0
	var f *Fault
	if errors.As(err, &f) {
		line = f.Line
	}
	if s.err == nil || line < s.line {
		s.err, s.line = err, line
	}
	s.done = true
}

// next fills buf with whole lines.
func (s *scanner) next(buf, last []byte) (b block, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		return b, false
	}
	n := copy(buf, s.carry)
	m, err := io.ReadFull(s.r, buf[n:])
	n += m
	end := bytes.LastIndexByte(buf[:n], '\n') + 1
	b = block{data: buf[:end], first: s.lines, last: append(last[:0], s.last...)}
	s.lines += bytes.Count(b.data, []byte{'\n'})
	s.carry = append(s.carry[:0], buf[end:n]...)
	if end > 0 {
		s.last = append(s.last[:0], buf[bytes.LastIndexByte(buf[:end-1], '\n')+1:end]...)
	}
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		s.done = true
		if len(s.carry) > 0 {
			s.failed(fault(s.file, s.lines+1, "最后一行没有换行符，文件可能被截断"))
		}
	case err != nil:
		s.failed(err)
	case end == 0:
		s.failed(fault(s.file, s.lines+1, "一行过长"))
	case s.lines > maxSize:
		s.failed(fault(s.file, maxSize+1, "名单超过 %d 行", maxSize))
	}
	return b, end > 0
}

// each calls do with every record of the block, after checking that the file is
// sorted and that no object stands in it twice.
func (b block) each(file string, do func(i int, l *line) error) error {
	var l line
	var before []byte
	if len(b.last) > 0 {
		if l.parse(b.last, 0) < 0 {
			return nil // the block before reports it
		}
		before = l.id
	}
	for i, at := b.first, 0; at < len(b.data); i++ {
		next := l.parse(b.data, at)
		if next < 0 {
			text, _, _ := bytes.Cut(b.data[at:], []byte{'\n'})
			return fault(file, i+1, "%s", whatIsWrong(text))
		}
		switch c := bytes.Compare(before, l.id); {
		case c == 0:
			return fault(file, i+1, "代码 %s 重复", l.id)
		case c > 0:
			return fault(file, i+1, "未按代码的字节顺序排列（可用 LC_ALL=C sort 排序）")
		}
		if err := do(i, &l); err != nil {
			return err
		}
		before, at = l.id, next
	}
	return nil
}

// Find returns the record of id and its index in the population.
func Find(r io.Reader, file, id string) (rec Record, index int, err error) {
	s := bufio.NewReaderSize(r, blockSize)
	for i, want := 0, []byte(id+"\t"); ; i++ {
		text, err := s.ReadSlice('\n')
		if err == io.EOF {
			return rec, 0, fault(file, 0, "名单中没有代码 %s", id)
		}
		if err != nil {
			return rec, 0, err
		}
		if bytes.HasPrefix(text, want) {
			rec, err := ParseRecord(string(bytes.TrimSuffix(text, []byte("\n"))))
			if err != nil {
				return rec, 0, fault(file, i+1, "%s", err)
			}
			return rec, i, nil
		}
	}
}

func (b block) lines() int { return bytes.Count(b.data, []byte{'\n'}) }
