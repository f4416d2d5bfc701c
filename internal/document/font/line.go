package font

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	NoBreakSpace = "\u00a0" // no line ends at it
	WordJoiner   = "\u2060" // no line ends at it, and it takes no room
)

// Together keeps a word on one line.
func Together(word string) string {
	return strings.Join(strings.Split(word, ""), WordJoiner)
}

// Clean leaves out what makes no mark on paper and could make a text read otherwise
// than it is stored: control characters, marks that turn the direction of writing,
// spaces without width, variants of characters. A tab becomes a space, what is no
// UTF-8 becomes U+FFFD.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case string(r) == WordJoiner:
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Noncharacter_Code_Point):
			return -1
		}
		return r
	}, lineEnds.Replace(s))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// Characters that begin no line and end no line: 避头尾, GB/T 15834—2011 5.1.
const (
	neverFirst = "，。、；：？！）》」』】〕〉］｝’”…—～·﹏％‰℃°%,.;:?!)]}>々ー"
	neverLast  = "（《「『【〔〈［｛‘“([{<￥＄№"
)

// A Glyph is a character as it will be drawn.
type Glyph struct {
	Rune rune
	Draw rune    // what is drawn for it
	Face int     // which font has that
	Wide float64 // in ems
	glue bool    // no line ends before it
}

// Break breaks one paragraph into lines of at most width ems, the first of
// them shorter by indent. It breaks between words and between Chinese characters,
// but not before a character of neverFirst nor after one of neverLast, unless a
// line has no other place. Spaces at the end of a line go. It takes time in
// proportion to the text.
func Break(text []Glyph, width, indent float64) [][]Glyph {
	var lines [][]Glyph
	start, last := 0, 0 // of the line, and the last place where it may end
	used := indent
	for i := 0; i < len(text); i++ {
		if i > start && mayBreak(text[i-1], text[i]) {
			last = i
		}
		for used+text[i].Wide > width+slack && i > start && text[i].Rune != ' ' && text[i].Rune != '　' {
			if last <= start {
				last = i
			}
			lines = append(lines, trimmed(text[start:last]))
			start = last
			for start < i && text[start].Rune == ' ' {
				start++
			}
			used = Width(text[start:i])
		}
		used += text[i].Wide
	}
	return append(lines, trimmed(text[start:]))
}

// Balanced breaks a paragraph as Break does, and makes the lines about equal, as
// a centred text should be. Long texts it leaves as they are.
func Balanced(text []Glyph, width float64) [][]Glyph {
	lines := Break(text, width, 0)
	if len(lines) < 2 || len(lines) > mostBalanced || torn(lines) {
		return lines
	}
	for narrow, wide := 0.0, width; wide-narrow > 0.25; {
		try := (narrow + wide) / 2
		if even := Break(text, try, 0); len(even) > len(lines) || torn(even) || overfull(even, try) {
			narrow = try
		} else {
			wide, lines = try, even
		}
	}
	return lines
}

const mostBalanced = 8 // lines

// torn reports whether a line ends where none may.
func torn(lines [][]Glyph) bool {
	for i := 1; i < len(lines); i++ {
		upper, lower := lines[i-1], lines[i]
		if len(upper) > 0 && len(lower) > 0 && !mayBreak(upper[len(upper)-1], lower[0]) {
			return true
		}
	}
	return false
}

func overfull(lines [][]Glyph, width float64) bool {
	for _, l := range lines {
		if Width(l) > width+slack {
			return true
		}
	}
	return false
}

// Width is how wide a line is, in ems.
func Width(line []Glyph) float64 {
	sum := 0.0
	for _, g := range line {
		sum += g.Wide
	}
	return sum
}

// slack keeps rounding from breaking a line that fits.
const slack = 1e-6

func trimmed(line []Glyph) []Glyph {
	for len(line) > 0 && (line[len(line)-1].Rune == ' ' || line[len(line)-1].Rune == '　') {
		line = line[:len(line)-1]
	}
	return line
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(a, b Glyph) bool {
	left, right := a.Rune, b.Rune
	switch {
	case b.glue:
		return false
	case strings.ContainsRune(neverFirst, right) || strings.ContainsRune(neverLast, left):
		return false
	case right == ' ':
		return false // it goes at the end of the line
	case left == ' ':
		return true
	}
	return !(inWord(left) && inWord(right)) && !unicode.Is(unicode.M, right)
}

// inWord reports whether r belongs to a word that is not Chinese, such as a number.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' '
	}
	return r < 0x2e80 && unicode.In(r, unicode.L, unicode.N)
}
