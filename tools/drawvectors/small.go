package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"suicha/internal/draw"
)

var suites = []draw.Suite{draw.SHA256, draw.SM3}

// A dice gives numbers that are the same on every run.
type dice struct{ n uint64 }

func (d *dice) below(n uint64) uint64 {
	d.n++
	h := sha256.Sum256(binary.BigEndian.AppendUint64(nil, d.n))
	hi, _ := bits.Mul64(binary.BigEndian.Uint64(h[:8]), n)
	return hi
}

type textCase struct {
	Name  string `json:"name"`
	In    string `json:"in"`
	Want  string `json:"want"`
	Error int    `json:"error"`
}

func canonicalCases() (cases []any) {
	for i, in := range []string{
		`{}`, `[]`, `""`, `0`, `9007199254740991`, `9007199254740992`, `18446744073709551616`, `01`, `00`, `-0`, `-1`, `1.0`, `1e3`, `1E3`, ` 7 `,
		`{"b":1,"a":2}`, `{"a":{"d":[],"c":{}}}`, `{"a":1,"a":1}`, `{"a":1,"\u0061":2}`, `{"a":1,}`, `[1,]`, `[1 2]`, `{"a" 1}`, `{a:1}`,
		`"随查"`, `"\u968f\u67e5"`, `"\ud842\udfb7"`, `"\ud842"`, `"a\tb"`, "\"a\tb\"", `"a\/b"`, `"\"\\"`, `"e\u0301"`, `"\u00e9"`, `"\u200b"`, `"\u202e"`, `"\ufeff"`, `"\u00b7·"`,
		`"\ue000"`, `"\uf900"`, `"A\u0041"`, `"'<>&"`, `true`, `false`, `null`, `[null]`, `{"a":1}x`, `{"a":1} {}`, `"abc`, ``, ` `, "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
		strings.Repeat("[", 17) + strings.Repeat("]", 17), strings.Repeat("[", 18) + strings.Repeat("]", 18), `"２０２６（一）"`, `"①⑳Ⅻ"`, `"㉑"`, `"　"`, `[0,[1,[2,["x"]]]]`, `'a'`,
	} {
		want, err := draw.Canonical("in", []byte(in))
		if err != nil {
			want = nil
		}
		if strings.ContainsFunc(in, func(r rune) bool { return r == 0xfffd }) {
			continue // malformed UTF-8 cannot stand in a JSON file; the next kind has it in hex
		}
		cases = append(cases, textCase{fmt.Sprintf("canonical %d", i), in, string(want), failed(err)})
	}
	return cases
}

// credit is a valid code with 17 given characters.
func credit(first string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	sum := 0
	for i, w := range []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28} {
		sum += w * strings.IndexByte(alphabet, first[i])
	}
	return first + string(alphabet[(31-sum%31)%31])
}

type recordCase struct {
	Name   string `json:"name"`
	Hex    string `json:"hex"` // the line in hex, without LF
	SHA256 string `json:"sha256"`
	SM3    string `json:"sm3"`
	Error  int    `json:"error"`
}

func recordCases() (cases []any) {
	good, salt := credit("91370687MA3C5F1T8"), "ABCDEFGHijkl-_09"
	line := func(f ...string) string { return strings.Join(f, "\t") }
	all := []string{
		line(good, "u", "A", "0", "370687", "s1", salt), line(good, "x", "A", "0", "370687", "s1", salt), line("XK-1", "x", "A", "9", "37", "s1", salt),
		line(strings.Repeat("Z", 32), "x", "Abcdefg8", "1", "370687000000", "12345678", salt), line("1234-ABCD-5678-EFGH-1234", "x", "A", "0", "370687", "s1", salt),
		line("XK1", "x", "A", "0", "37", "s1", salt), line(strings.Repeat("Z", 33), "x", "A", "0", "37", "s1", salt), line("xk-1", "x", "A", "0", "37", "s1", salt),
		line(good[:17], "u", "A", "0", "37", "s1", salt), line(good+"0", "u", "A", "0", "37", "s1", salt), line(strings.ToLower(good), "u", "A", "0", "37", "s1", salt),
		line("91370687MA3C5F1I80", "u", "A", "0", "37", "s1", salt), line("91370687MA3C5F1O80", "u", "A", "0", "37", "s1", salt), line("91370687-A3C5F1T80", "u", "A", "0", "37", "s1", salt),
		line(good, "U", "A", "0", "37", "s1", salt), line(good, "", "A", "0", "37", "s1", salt), line(good, "u", "", "0", "37", "s1", salt), line(good, "u", "ABCDEFGHI", "0", "37", "s1", salt),
		line(good, "u", "A-", "0", "37", "s1", salt), line(good, "u", "A", "", "37", "s1", salt), line(good, "u", "A", "10", "37", "s1", salt), line(good, "u", "A", "x", "37", "s1", salt),
		line(good, "u", "A", "0", "3", "s1", salt), line(good, "u", "A", "0", "3706870000001", "s1", salt), line(good, "u", "A", "0", "37O687", "s1", salt),
		line(good, "u", "A", "0", "37", "", salt), line(good, "u", "A", "0", "37", "s1", salt[1:]), line(good, "u", "A", "0", "37", "s1", salt+"a"), line(good, "u", "A", "0", "37", "s1", "ABCDEFGHijkl+/09"),
		line(good, "u", "A", "0", "37", "s1"), line(good, "u", "A", "0", "37", "s1", salt, ""), line(good, "u", "A", "0", "37", "s1", salt) + "\r", "\ufeff" + line(good, "u", "A", "0", "37", "s1", salt),
		strings.ReplaceAll(line(good, "u", "A", "0", "37", "s1", salt), "\t", ","), "", "\t\t\t\t\t\t", line(good, "u", "A", "0", "37", "s\xb1", salt), line("９１３７０６", "x", "A", "0", "37", "s1", salt), line(good, "u", "A", "0", "37", "s1\x00", salt),
	}
	for _, last := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		all = append(all, line(good[:17]+string(last), "u", "A", "0", "37", "s1", salt))
	}
	for i, text := range all {
		_, err := draw.ParseRecord(text)
		c := recordCase{Name: fmt.Sprintf("record %d", i), Hex: fmt.Sprintf("%x", text), Error: failed(err)}
		if err == nil {
			leaf := append([]byte{0}, text...)
			c.SHA256, c.SM3 = draw.SHA256.Hash(leaf).String(), draw.SM3.Hash(leaf).String()
		}
		cases = append(cases, c)
	}
	return cases
}

type merkleCase struct {
	Name  string     `json:"name"`
	Suite draw.Suite `json:"suite"`
	Size  int        `json:"size"` // the leaves' data are "0", "1", …
	Root  string     `json:"root"`
	Index int        `json:"index"` // of the path
	Path  []string   `json:"path"`
}

// subtree is RFC 6962's definition, and the path of leaf at.
func subtree(s draw.Suite, first, size, at int) (draw.Hash, []string) {
	if size == 0 {
		return s.Hash(nil), []string{}
	}
	if size == 1 {
		return s.Hash([]byte("\x00" + fmt.Sprint(first))), []string{}
	}
	k := 1
	for k*2 < size {
		k *= 2
	}
	left, pathL := subtree(s, first, k, at)
	right, pathR := subtree(s, first+k, size-k, at)
	root := s.Hash(slices.Concat([]byte{1}, left[:], right[:]))
	if at < first+k {
		return root, append(pathL, right.String())
	}
	return root, append(pathR, left.String())
}

func merkleCases() (cases []any) {
	for _, s := range suites {
		for size := range 41 {
			at := 0
			if size > 0 {
				at = size * 7 % size
				at = (at + size/2 + size%3) % size
			}
			root, path := subtree(s, 0, size, at)
			cases = append(cases, merkleCase{fmt.Sprintf("%s tree of %d", s, size), s, size, root.String(), at, path})
		}
	}
	return cases
}

type member struct {
	ID     string `json:"id"`
	Ticket string `json:"ticket"`
}

type orderCase struct {
	Name    string   `json:"name"`
	Members []member `json:"members"` // sorted by id; tickets are given, not computed
	Drawn   int      `json:"drawn"`
	Reserve int      `json:"reserve"`
	Want    []string `json:"want"` // ids of ranks 1 to drawn + reserve
}

// orderCases force what never happens: equal tickets, and tickets that differ in
// their last byte only.
func orderCases() (cases []any) {
	d := &dice{1 << 32}
	for n := range 24 {
		c := orderCase{Name: fmt.Sprintf("order %d", n)}
		size := int(d.below(12)) + 1
		for i := range size {
			ticket := bytes.Repeat([]byte{0xf0}, 32)
			ticket[[]int{0, 7, 8, 31}[n%4]] = byte(d.below(3)) + 0x7f
			c.Members = append(c.Members, member{fmt.Sprintf("ID-%02d", i*3), fmt.Sprintf("%x", ticket)})
		}
		c.Drawn = int(d.below(uint64(size + 1)))
		c.Reserve = int(d.below(uint64(size - c.Drawn + 1)))
		sorted := slices.Clone(c.Members)
		slices.SortFunc(sorted, func(a, b member) int { return strings.Compare(a.Ticket+a.ID, b.Ticket+b.ID) })
		c.Want = []string{}
		for _, m := range sorted[:c.Drawn+c.Reserve] {
			c.Want = append(c.Want, m.ID)
		}
		cases = append(cases, c)
	}
	return cases
}

type keyCase struct {
	Name    string     `json:"name"`
	Suite   draw.Suite `json:"suite"`
	Key     string     `json:"key"` // the dummy key of label, group
	Label   string     `json:"label"`
	Group   string     `json:"group"`
	ID      string     `json:"id"`
	Ticket  string     `json:"ticket"`
	Decimal string     `json:"decimal"`
	Stream  string     `json:"stream"` // the stream's label
	Below   uint32     `json:"below"`
	Numbers []uint32   `json:"numbers"` // the first numbers below it
}

func keyCases() (cases []any) {
	for _, s := range suites {
		for i, n := range []uint32{1, 2, 3, 10, 1 << 16, 1<<31 - 1, 1 << 31, 1<<31 + 1, 3_000_000_000, 1<<32 - 1} {
			c := keyCase{Suite: s, Label: fmt.Sprintf("演练%d", i), Group: fmt.Sprintf("g%d", i%3), ID: credit(fmt.Sprintf("9137068700000000%d", i)), Stream: fmt.Sprintf("mix%d", i), Below: n}
			if i%3 == 2 {
				c.ID = strings.Repeat("ID-", 10)
			}
			key := draw.DummyKey(s, c.Label, c.Group)
			c.Name, c.Key = fmt.Sprintf("%s key %d", s, i), key.String()
			ticket := draw.Ticket(s, c.Key, c.ID)
			c.Ticket, c.Decimal = ticket.String(), ticket.Decimal()
			stream := key.Stream(c.Stream)
			for range 20 {
				c.Numbers = append(c.Numbers, stream.Below(n))
			}
			cases = append(cases, c)
		}
	}
	return cases
}

type signatureCase struct {
	Name      string     `json:"name"`
	Suite     draw.Suite `json:"suite"`
	Key       string     `json:"key"`
	Message   string     `json:"message"` // in hex
	Signature string     `json:"signature"`
	Want      int        `json:"want"` // 1 if it is a signature
}

func signatureCases() (cases []any) {
	for _, s := range suites {
		for i := range 4 {
			signer := must(s.ParseSigner(fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i)}))))
			msg := bytes.Repeat([]byte{byte(i), 0xe9}, (i+1)*20)
			sig := must(signer.Sign(msg))
			other := must(s.ParseSigner(fmt.Sprintf("%x", sha256.Sum256([]byte{99}))))
			add := func(what, key string, msg []byte, sig string) {
				want := 0
				if s.Verify(key, msg, sig) {
					want = 1
				}
				cases = append(cases, signatureCase{fmt.Sprintf("%s %d %s", s, i, what), s, key, fmt.Sprintf("%x", msg), sig, want})
			}
			add("right", signer.Public(), msg, sig)
			add("another message", signer.Public(), append(msg, 0), sig)
			add("another key", other.Public(), msg, sig)
			add("zero", signer.Public(), msg, strings.Repeat("0", 128))
			add("r and s exchanged", signer.Public(), msg, sig[64:]+sig[:64])
			add("upper case", signer.Public(), msg, strings.ToUpper(sig))
			add("short", signer.Public(), msg, sig[:126])
			add("s too great", signer.Public(), msg, sig[:64]+strings.Repeat("f", 64))
			add("key not on the curve", signer.Public()[:len(signer.Public())-1]+"0", msg, sig)
		}
	}
	return cases
}
