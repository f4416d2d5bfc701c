package document

import (
	"fmt"
	"slices"
	"strings"

	"suicha/internal/document/font"
	"suicha/internal/inspect"
)

// Lengths are in points, a 72nd of an inch; y goes down from the top of the page.
const (
	millimetre = 72 / 25.4
	pageWide   = 210 * millimetre
	pageHigh   = 297 * millimetre
)

// A sheet is the size and spacing of a kind of form.
type sheet struct {
	left, right, top, bottom float64 // margins
	title, text, small       float64 // sizes of letters
	lead                     float64 // from line to line, in ems of the text
	foot                     float64 // from the lower edge to the top of the foot
}

// A letter has the margins of GB/T 9704—2012 (37, 35, 28, 26 mm), its title in the
// second size (二号) and its text in the fourth (四号), as papers of enforcement do.
// Forms to fill in are set smaller, or they would not fit on their sheet.
var (
	letterSheet = sheet{
		left: 28 * millimetre, right: 26 * millimetre, top: 37 * millimetre, bottom: 35 * millimetre,
		title: 22, text: 14, small: 10.5, lead: 1.65, foot: 31 * millimetre,
	}
	formSheet = sheet{
		left: 20 * millimetre, right: 20 * millimetre, top: 16 * millimetre, bottom: 34 * millimetre,
		title: 18, text: 10.5, small: 9, lead: 1.5, foot: 31 * millimetre,
	}
)

// slack keeps rounding from breaking what fits.
const slack = 1e-6

// No form takes the machine, whatever is written in it.
const (
	mostPages = 2000
	mostText  = 4 << 20 // bytes
	mostLines = 200_000
)

// A mark on a page: a run of text, a line or a picture, whichever field says so.
type mark struct {
	x, y       float64 // of the base line, the line's beginning, or the picture's corner
	toX, toY   float64 // of a line
	high, wide float64 // of a picture
	text       string
	face       int
	size       float64
	space      float64 // added between characters
	picture    *picture
}

type page struct{ marks []mark }

// A setter (排版) sets a form into pages, from top to bottom.
type setter struct {
	fonts *font.Set
	sheet sheet
	form  Form
	pages []page
	y     float64 // where the next thing begins
	lacks []rune  // what no font has
	count int     // of lines so far
	begun bool    // whether anything stands on this page
}

// set breaks a form into pages.
func set(fonts *font.Set, f Form) (*setter, error) {
	s := &setter{fonts: fonts, sheet: formSheet, form: f}
	if f.Letter {
		s.sheet = letterSheet
	}
	if size(f) > mostText {
		return nil, inspect.ErrFormLong.With(mostPages)
	}
	s.turn()
	s.heading()
	for i, p := range f.Parts {
		if err := s.part(p, i > 0 && isTable(f.Parts[i-1]), i+1 < len(f.Parts) && isClosing(f.Parts[i+1])); err != nil {
			return nil, err
		}
		if s.long() {
			break
		}
	}
	s.notes()
	if s.long() {
		return nil, inspect.ErrFormLong.With(mostPages)
	}
	return s, nil
}

func (s *setter) long() bool { return len(s.pages) > mostPages || s.count > mostLines }

func isTable(p Part) bool   { _, ok := p.(Table); return ok }
func isClosing(p Part) bool { _, ok := p.(Closing); return ok }

// part sets one part. Tables under one another touch; the last paragraph before a
// closing goes to the next page with it, so that a closing never stands there alone.
func (s *setter) part(p Part, underTable, beforeClosing bool) error {
	if underTable != isTable(p) && s.begun {
		s.y += s.sheet.small / 2
	}
	switch p := p.(type) {
	case Table:
		return s.table(p)
	case Text:
		s.text(p, beforeClosing)
	case Closing:
		s.closing(p)
	}
	return nil
}

// turn begins a new page.
func (s *setter) turn() {
	s.pages = append(s.pages, page{})
	s.y, s.begun = s.sheet.top, false
}

func (s *setter) left() float64   { return s.sheet.left }
func (s *setter) width() float64  { return pageWide - s.sheet.left - s.sheet.right }
func (s *setter) bottom() float64 { return pageHigh - s.sheet.bottom }

func (s *setter) put(m mark) {
	at := &s.pages[len(s.pages)-1]
	at.marks = append(at.marks, m)
	s.begun = true
}

// lack remembers a character that no font has.
func (s *setter) lack(r rune) {
	if !slices.Contains(s.lacks, r) && len(s.lacks) < 20 {
		s.lacks = append(s.lacks, r)
	}
}

// A line of text or of signatures, ready to be put anywhere.
type line struct {
	glyphs  []font.Glyph
	size    float64
	high    float64 // from its top to the top of the next line
	wide    float64
	indent  float64
	align   align
	last    bool // of its paragraph: never stretched
	picture []placed
}

// placed is a picture in a line.
type placed struct {
	picture       *picture
	x, high, wide float64
}

type align int

const (
	atLeft align = iota
	centred
	atRight
	stretched // to both margins
)

// lines breaks a text, paragraph by paragraph.
func (s *setter) lines(text string, weight int, size, lead, width, indent float64, how align) []line {
	var out []line
	for paragraph := range strings.SplitSeq(font.Clean(text), "\n") {
		if s.count > mostLines && len(out) > 0 {
			break
		}
		glyphs := s.fonts.Glyphs(weight, paragraph, s.lack)
		broken := font.Break(glyphs, width/size, indent/size)
		if how == centred {
			broken = font.Balanced(glyphs, width/size)
		}
		for i, glyphs := range broken {
			l := line{glyphs: glyphs, size: size, high: lead * size, align: how, last: i == len(broken)-1}
			if i == 0 {
				l.indent = indent
			}
			l.wide = font.Width(glyphs) * size
			out = append(out, l)
		}
		s.count += len(broken)
	}
	return out
}

// putLine puts a line with its upper left corner at x, y, into a given width.
func (s *setter) putLine(l line, x, y, width float64) {
	space := 0.0
	spare := width - l.wide - l.indent
	switch {
	case l.align == centred:
		x += spare / 2
	case l.align == atRight:
		x += spare
	case l.align == stretched && !l.last && len(l.glyphs) > 1 && spare < 2.5*l.size:
		space = spare / float64(len(l.glyphs)-1)
	}
	x += l.indent
	for _, p := range l.picture {
		s.put(mark{picture: p.picture, x: x + p.x, y: y + (l.high-p.high)/2, high: p.high, wide: p.wide})
	}
	// The base line of Chinese fonts lies 0.88 em below the top of a character.
	base := y + (l.high-l.size)/2 + 0.88*l.size
	for start := 0; start < len(l.glyphs); {
		first := l.glyphs[start]
		if first.Rune == '☑' {
			s.tick(first, x, base, l.size)
			x += first.Wide*l.size + space
			start++
			continue
		}
		end := start
		var text strings.Builder
		wide := 0.0
		for ; end < len(l.glyphs) && l.glyphs[end].Face == first.Face && l.glyphs[end].Rune != '☑'; end++ {
			text.WriteRune(l.glyphs[end].Draw)
			wide += l.glyphs[end].Wide*l.size + space
		}
		s.put(mark{x: x, y: base, text: text.String(), face: first.Face, size: l.size, space: space})
		x += wide
		start = end
	}
}

// tick draws ☑: a tick, which is a character that can be searched for, and around it
// four lines that look as □ does in the built-in fonts.
func (s *setter) tick(g font.Glyph, x, base, size float64) {
	s.put(mark{x: x + 0.2*size, y: base, text: string(g.Draw), face: g.Face, size: 0.95 * size})
	for _, l := range [][4]float64{{0.1, 0, 0.9, 0}, {0.1, 0.76, 0.9, 0.76}, {0.12, 0, 0.12, 0.76}, {0.88, 0, 0.88, 0.76}} {
		s.put(mark{x: x + l[0]*size, y: base - l[1]*size, toX: x + l[2]*size, toY: base - l[3]*size, wide: 0.04 * size})
	}
}

// flow puts lines under one another, over as many pages as they need.
func (s *setter) flow(lines []line) {
	for _, l := range lines {
		if s.y+l.high > s.bottom()+slack && s.begun {
			s.turn()
		}
		if s.long() {
			return
		}
		s.putLine(l, s.left(), s.y, s.width())
		s.y += l.high
	}
}

// heading sets what stands above the parts.
func (s *setter) heading() {
	if s.form.Issuer != "" {
		s.flow(s.lines(s.form.Issuer, font.Bold, s.sheet.title, 1.45, s.width(), 0, centred))
	}
	s.flow(s.lines(s.form.Title, font.Bold, s.sheet.title, 1.45, s.width(), 0, centred))
	s.y += s.sheet.text * 0.6
	if s.form.Left == "" && s.form.Right == "" {
		s.y += s.sheet.text * 0.4
		return
	}
	half := s.width() / 2
	lefts := s.lines(s.form.Left, font.Plain, s.sheet.text, s.sheet.lead, half, 0, atLeft)
	rights := s.lines(s.form.Right, font.Plain, s.sheet.text, s.sheet.lead, half, 0, atRight)
	if s.form.Left == "" || s.form.Right == "" { // one of them has the whole line
		lefts = s.lines(s.form.Left, font.Plain, s.sheet.text, s.sheet.lead, s.width(), 0, atLeft)
		rights = s.lines(s.form.Right, font.Plain, s.sheet.text, s.sheet.lead, s.width(), 0, atRight)
	}
	s.flow(lefts[:max(0, len(lefts)-1)])
	s.flow(rights[:max(0, len(rights)-1)])
	s.putLine(lefts[len(lefts)-1], s.left(), s.y, s.width())
	s.putLine(rights[len(rights)-1], s.left(), s.y, s.width())
	s.y += s.sheet.lead*s.sheet.text + 2
	if s.form.Letter {
		s.y += s.sheet.text * 0.8
	}
}

// text sets a paragraph. Its first two lines stay together, and a bold one, which is a
// heading, stays with what follows.
func (s *setter) text(t Text, beforeClosing bool) {
	weight, how, indent := font.Plain, stretched, 0.0
	if t.Bold {
		weight = font.Bold
	}
	if t.Centre {
		how = centred
	}
	if t.Indent {
		indent = 2 * s.sheet.text
	}
	lines := s.lines(t.Text, weight, s.sheet.text, s.sheet.lead, s.width(), indent, how)
	first := lines[0].high * float64(min(2, len(lines)))
	switch {
	case t.Bold:
		first += 3 * lines[0].high
	case beforeClosing && len(lines) < 10:
		first = linesHigh(lines) + 3*lines[0].high
	}
	if s.y+first > s.bottom() && s.begun {
		s.turn()
	}
	s.flow(lines)
}

// closing sets who issues a letter and when, four characters from the right margin,
// and keeps them on one page with room for the seal.
func (s *setter) closing(c Closing) {
	wide := s.width() - 2*s.sheet.text
	lines := s.lines(c.Issuer, font.Plain, s.sheet.text, s.sheet.lead, wide, 0, atRight)
	lines = append(lines, s.lines(c.Date, font.Plain, s.sheet.text, s.sheet.lead, wide, 0, atRight)...)
	high := s.sheet.text * s.sheet.lead
	for _, l := range lines {
		high += l.high
	}
	if s.y+high > s.bottom() && s.begun {
		s.turn()
	} else {
		s.y += s.sheet.text * s.sheet.lead
	}
	for _, l := range lines {
		if s.y+l.high > s.bottom() && s.begun {
			s.turn()
		}
		s.putLine(l, s.left(), s.y, wide)
		s.y += l.high
	}
	s.y += s.sheet.text / 2
}

// notes sets the small lines at the end, and names what no font could draw.
func (s *setter) notes() {
	notes := slices.Clone(s.form.Notes)
	if len(s.lacks) > 0 {
		codes := make([]string, len(s.lacks))
		for i, r := range s.lacks {
			codes[i] = fmt.Sprintf("U+%04X", r)
		}
		notes = append(notes, "字库缺少下列字，文中以编码代替："+strings.Join(codes, "、")+"。请换用含有这些字的字体文件后重新打印。")
	}
	if len(notes) == 0 {
		return
	}
	s.y += s.sheet.small * 0.6
	for _, n := range notes {
		s.flow(s.lines(n, font.Plain, s.sheet.small, 1.55, s.width(), 0, stretched))
	}
}
