package store

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// plain brings a name, a code or a question into the one form in which they
// are compared: full-width letters and brackets count as half-width, capitals as
// small, all brackets as round ones, all middle dots as one; blanks and
// characters that cannot be seen do not count.
func plain(text string) string {
	if !strings.ContainsFunc(text, odd) { // nearly every name
		return strings.ToLower(text)
	}
	text = norm.NFKC.String(strings.ToLower(norm.NFKC.String(text)))
	text = strings.Map(func(r rune) rune {
		switch r {
		case '[', '{', '【', '〔', '〖', '〘', '〚', '《', '〈', '「', '『':
			return '('
		case ']', '}', '】', '〕', '〗', '〙', '〛', '》', '〉', '」', '』':
			return ')'
		case '•', '‧', '∙', '⋅', '・':
			return '·'
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	return norm.NFC.String(text) // a mark may have come to stand behind a letter where a blank was
}

// odd reports whether r is neither of the common Chinese characters nor one of
// ASCII's that is printed and no bracket: whether plain may have to do with it.
func odd(r rune) bool {
	return !(r >= 0x4e00 && r <= 0x9fff || r > ' ' && r < 0x7f) || strings.ContainsRune("[]{}", r)
}

// plainCode is plain for the number of a register, of which the search knows as
// many characters as fit into a pairKey.
func plainCode(code string) string {
	code = plain(code)
	if len(code) <= codeMost {
		return code
	}
	n := 0
	for i := range code {
		if n == codeMost {
			return code[:i]
		}
		n++
	}
	return code
}

const codeMost = 64

// The kinds of keys. An object has for each text of it the pairs of neighbouring
// characters, which make every part of two characters known at once; and for each
// filter its value.
const (
	byName     = 'n' // pairs of any name it has or had
	byInitials = 'p' // pairs of the pinyin initials of its name
	twiceIn    = 1   // added to one of these: a character that occurs twice
	byCode     = 'c' // pairs and single characters of its code, at even places
	byRegNo    = 'r' // the same of its former registration number
	byRegion   = 'A'
	byKind     = 'K'
	byStatus   = 'S'
	byOwner    = 'O'
	byTown     = 'T'
	byRisk     = 'X'
	byIndustry = 'I' // and each shorter code above it
	bySource   = 'Q'
	byMember   = 'M' // state and sub-library
	byFlag     = 'F' // flags it has or had: days are looked at afterwards
	byDraws    = 'V' // whether it can be drawn at all
	bySourced  = 'D' // the day of the data
	byLicence  = 'L' // the last day of a licence that it has or had: rows are looked at afterwards
)

// A pairKey is the key of one or two characters of a text: kind, place (0 where
// it does not count), first and second character. For the first character of a
// text to be found alone, it has a pair with nothing before it.
type pairKey uint64

func newPairKey(kind byte, place int, a, b rune) pairKey {
	return pairKey(kind)<<56 | pairKey(place)<<42 | pairKey(a)<<21 | pairKey(b)
}

// text is the key as buckets keep it.
func (k pairKey) text() string { return string(binary.BigEndian.AppendUint64(nil, uint64(k))) }

// A keySink takes the keys of an object.
type keySink interface {
	pair(pairKey)
	word(kind byte, value string)
}

// objectKeys gives all keys of what o's row says, with the initials of its name.
func objectKeys(o inspect.Object, initials string, to keySink) {
	partKeys(byName, plain(o.Name), to)
	partKeys(byInitials, initials, to)
	codeKeys(byCode, plainCode(o.Code), to)
	codeKeys(byRegNo, plainCode(o.RegNo), to)
	to.word(byRegion, o.Region)
	to.word(byKind, string(o.Kind))
	to.word(byStatus, string(o.Status))
	to.word(byOwner, string(o.Owner))
	to.word(byTown, o.Town)
	to.word(byRisk, o.Risk)
	to.word(bySource, o.Source)
	to.word(bySourced, day(o.Sourced))
	to.word(byDraws, string(drawsOf(o)))
	for i := range len(o.Industry) {
		to.word(byIndustry, o.Industry[:i+1])
	}
}

// partKeys gives the keys of a text that is found by any part. All pairs of a
// longer part may be in a text that has it not, as 海阳 and 阳光 are in
// 海阳市阳光店: but then a character between the first and the last of the part,
// here 阳, is in the text twice. So what is there twice is a key too.
func partKeys(kind byte, text string, to keySink) {
	var last rune
	for i, r := range text {
		to.pair(newPairKey(kind, 0, last, r))
		if strings.ContainsRune(text[:i], r) {
			to.pair(newPairKey(kind+twiceIn, 0, r, 0))
		}
		last = r
	}
}

// laterNameKeys gives the keys of a name that is not an object's first. A pair
// may be of one name and the next pair of another, so that every character counts
// as being there twice.
func laterNameKeys(name string, to keySink) {
	name = plain(name)
	partKeys(byName, name, to)
	for _, r := range name {
		to.pair(newPairKey(byName+twiceIn, 0, r, 0))
	}
}

// codeKeys gives the keys of a text that is found by how it begins.
func codeKeys(kind byte, code string, to keySink) {
	for place := 0; code != ""; place += 2 {
		a, n := utf8.DecodeRuneInString(code)
		b, m := utf8.DecodeRuneInString(code[n:])
		to.pair(newPairKey(kind, place, a, 0))
		if m > 0 {
			to.pair(newPairKey(kind, place, a, b))
		}
		code = code[n+m:]
	}
}

// wordKey is the key of a filter as buckets keep it.
func wordKey(kind byte, value string) string { return string(kind) + value }

// A clause is a part of a question: an object must be in one of its ways.
type clause []way

// A way is a list of keys of which an object has all. It is certain but for
// objects that have one of the doubts, or but for none: those rows are asked.
type way struct {
	keys   []string
	doubts []string
	days   *dayRange
	vague  bool
}

func drawsOf(o inspect.Object) inspect.Draws {
	if o.Outside != "" {
		return inspect.OutOfDraws
	}
	return inspect.InDraws
}

// some is a list of one value, or of none if it is empty.
func some[T ~string](value T) []T {
	if value == "" {
		return nil
	}
	return []T{value}
}

// A dayRange asks for objects with a day from the first to the last, or for those
// without one. A year's days are in one bucket and in their order.
type dayRange struct {
	kind        byte
	first, last string
	not         bool
}

// years are keys in each of the buckets that hold the days.
func (d *dayRange) years() []string {
	if d == nil {
		return nil
	}
	var keys []string
	for year := d.first[:4]; year <= d.last[:4]; {
		keys = append(keys, wordKey(d.kind, year))
		n, err := strconv.Atoi(year)
		if err != nil || n == 9999 {
			break
		}
		year = fmt.Sprintf("%04d", n+1)
	}
	return keys
}

// narrow leaves in all those objects that are asked for.
func (d *dayRange) narrow(bucket func(int64) []byte, all, any *blockSet) error {
	if d == nil {
		return nil
	}
	clear(any[:])
	for _, year := range d.years() {
		if err := lookBetween(bucket(bucketNo(year)), wordKey(d.kind, d.first), wordKey(d.kind, d.last), any); err != nil {
			return err
		}
	}
	if d.not {
		all.andNot(any)
	} else {
		all.and(any)
	}
	return nil
}

// dayClause asks for days from the first to the last. Nothing is of a day after
// today, so that an open beginning asks for those that are not younger.
func dayClause(kind byte, days inspect.Days, today workday.Date) clause {
	if days.From.IsZero() && days.Until.IsZero() {
		return nil
	}
	d := &dayRange{kind: kind, first: day(days.From), last: day(days.Until)}
	switch {
	case days.From.IsZero():
		d.first, d.not = day(days.Until.AddDays(1)), true
		d.last = max(d.first, day(today))
	case days.Until.IsZero():
		d.last = max(d.first, day(today))
	}
	return clause{{days: d}}
}

// licenceClause asks for licences that end on one of the days. Whether they are in
// force is for their rows to say.
func licenceClause(days inspect.Days) clause {
	c := dayClause(byLicence, days, days.Until)
	for i := range c {
		c[i].vague = true
	}
	return c
}

// anyOf is the clause of a filter for one of the values.
func anyOf[T ~string](kind byte, values []T) clause {
	var c clause
	for _, v := range values {
		c = append(c, way{keys: []string{wordKey(kind, string(v))}})
	}
	return c
}

// wordClause is the clause of a word of the question: part of a name or of
// initials, or beginning of a code.
func wordClause(word string) clause {
	c := clause{partWay(byName, word), partWay(byInitials, word)}
	if utf8.RuneCountInString(word) <= codeMost {
		c = append(c, beginWay(byCode, word), beginWay(byRegNo, word))
	}
	return c
}

// partMost is how many characters of a part are looked up. Hardly an object has
// so many in common with another, and its row is asked.
const partMost = 12

// partWay finds texts that have a part, or for a single character those that
// begin with it.
func partWay(kind byte, part string) way {
	runes := []rune(part)
	if len(runes) == 1 {
		return way{keys: []string{newPairKey(kind, 0, 0, runes[0]).text()}}
	}
	w := way{vague: len(runes) > partMost}
	for i := range min(len(runes), partMost) - 1 {
		w.keys = append(w.keys, newPairKey(kind, 0, runes[i], runes[i+1]).text())
		if i > 0 && !w.vague {
			w.doubts = append(w.doubts, newPairKey(kind+twiceIn, 0, runes[i], 0).text())
		}
	}
	return w
}

// beginWay finds codes that begin with a text.
func beginWay(kind byte, begin string) way {
	var w way
	runes := []rune(begin)
	for place := 0; place < len(runes); place += 2 {
		pair := [2]rune{}
		copy(pair[:], runes[place:])
		w.keys = append(w.keys, newPairKey(kind, place, pair[0], pair[1]).text())
	}
	return w
}

// A finding is what of an object a word is compared with.
type finding struct {
	name, initials, code, regNo string
	former                      []string // names
}

// has is the rule that wordClause finds objects by.
func (f finding) has(word string) bool {
	one := utf8.RuneCountInString(word) == 1
	part := func(text string) bool { return strings.HasPrefix(text, word) || !one && strings.Contains(text, word) }
	return part(plain(f.name)) || part(f.initials) ||
		strings.HasPrefix(plainCode(f.code), word) || strings.HasPrefix(plainCode(f.regNo), word) ||
		slices.ContainsFunc(f.former, func(name string) bool { return part(plain(name)) })
}
