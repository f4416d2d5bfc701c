package document

import (
	"slices"

	"suicha/internal/document/font"
)

const (
	ruleWide = 0.5 // of the lines of tables
	padX     = 4.5
	padY     = 3.0
	cellLead = 1.42 // from line to line in a cell, in ems

	roomy     = 40.0 // millimetres: in a row of this height texts begin at the top
	mostAgain = 6    // lines: a cell with more is not joined with those below it
	signHigh  = 26.0 // of the drawing of a signature
	signWide  = 64.0
)

// A box is a cell whose text is broken into lines.
type box struct {
	x, wide float64
	lines   []line
	middle  bool // its lines stand in the middle of its height
	again   bool // one cell with the box above it
	more    bool // one cell with the box below it
}

func (b box) high() float64 { return linesHigh(b.lines) + 2*padY }

func linesHigh(lines []line) float64 {
	sum := 0.0
	for _, l := range lines {
		sum += l.high
	}
	return sum
}

// A tier (行) is a row whose cells are broken into lines.
type tier struct {
	boxes []box
	high  float64
	keep  bool
}

// table sets a table, over as many pages as it needs.
func (s *setter) table(t Table) error {
	widths := s.columns(t)
	head, err := s.tiers(t.Head, widths)
	if err != nil {
		return err
	}
	body, err := s.tiers(t.Rows, widths)
	if err != nil {
		return err
	}
	if tiersHigh(head) > (s.bottom()-s.sheet.top)/3 { // such a head is not repeated
		head, body = nil, append(head, body...)
	}
	if all := tiersHigh(head) + tiersHigh(body); t.Keep && s.begun && s.y+all > s.bottom() && all <= s.bottom()-s.sheet.top {
		s.turn()
	}
	at := segment{setter: s, head: head, widths: widths}
	at.begin(body)
	for len(body) > 0 && !s.long() {
		now := body[0]
		room := s.bottom() - at.end + slack
		whole := s.bottom() - s.sheet.top - tiersHigh(head)
		if now.high <= room {
			at.add(now)
			body = body[1:]
			continue
		}
		fresh := !at.begun && len(at.rows) == len(head) // nothing else stands on this page
		upper, lower, ok := now.split(room, fresh)
		if ok && (fresh || !now.keep || now.high > whole) {
			at.add(upper)
			body[0] = lower
		}
		at.finish()
		s.turn()
		at.begin(body)
	}
	at.finish()
	return nil
}

// columns are the widths of the columns in points.
func (s *setter) columns(t Table) []float64 {
	widths := slices.Clone(t.Widths)
	if len(widths) == 0 {
		widths = []float64{1}
	}
	sum := 0.0
	for i, w := range widths {
		widths[i] = max(w, 1)
		sum += widths[i]
	}
	for i := range widths {
		widths[i] *= s.width() / sum
	}
	return widths
}

func tiersHigh(tiers []tier) float64 {
	sum := 0.0
	for _, t := range tiers {
		sum += t.high
	}
	return sum
}

// tiers breaks the texts of rows into lines.
func (s *setter) tiers(rows []Row, widths []float64) ([]tier, error) {
	out := make([]tier, 0, len(rows))
	for _, r := range rows {
		if s.long() {
			return nil, nil // what is left out is never written
		}
		t := tier{keep: r.Keep}
		x, column := s.left(), 0
		for i, c := range r.Cells {
			span := max(1, c.Span)
			if i == len(r.Cells)-1 || column+span > len(widths) {
				span = len(widths) - column // the last cell takes what is left
			}
			if span <= 0 {
				break
			}
			wide := 0.0
			for _, w := range widths[column : column+span] {
				wide += w
			}
			b, err := s.box(c, x, wide)
			if err != nil {
				return nil, err
			}
			if r.Height > roomy && c.Style == Fill {
				b.middle = false
			}
			t.boxes = append(t.boxes, b)
			x, column = x+wide, column+span
		}
		if len(out) > 0 {
			join(&out[len(out)-1], &t)
		}
		t.high = max(r.Height*millimetre, s.sheet.text*cellLead+2*padY)
		out = append(out, t)
	}
	for i := range out {
		for _, b := range out[i].boxes {
			if !b.again && !b.more {
				out[i].high = max(out[i].high, b.high())
			}
		}
	}
	stretch(out, func(_ int, more float64) float64 { return more })
	return out, nil
}

// join makes one cell of boxes that stand under one another, if the lower says so.
func join(upper, lower *tier) {
	for i := range lower.boxes {
		b := &lower.boxes[i]
		if !b.again {
			continue
		}
		b.again = false
		for j := range upper.boxes {
			a := &upper.boxes[j]
			if a.x == b.x && a.wide == b.wide && len(a.lines) <= mostAgain {
				a.more, b.again, b.lines, b.middle = true, true, a.lines, a.middle
			}
		}
	}
}

// stretch makes the last row of joined cells higher where their text needs it. It
// asks how much of that there is room for.
func stretch(tiers []tier, room func(last int, more float64) float64) {
	for i := range tiers {
		for j, b := range tiers[i].boxes {
			if i > 0 && b.again || !b.more {
				continue
			}
			last := lastOf(tiers, i, j)
			if lack := b.high() - tiersHigh(tiers[i:last+1]); lack > 0 {
				tiers[last].high += room(last, lack)
			}
		}
	}
}

// lastOf is the last row of the cell that begins at box j of row i.
func lastOf(tiers []tier, i, j int) int {
	x := tiers[i].boxes[j].x
	for more := tiers[i].boxes[j].more; more && i+1 < len(tiers); {
		next := slices.IndexFunc(tiers[i+1].boxes, func(b box) bool { return b.x == x && b.again })
		if next < 0 {
			break
		}
		i++
		more = tiers[i].boxes[next].more
	}
	return i
}

// box breaks the text of a cell into lines.
func (s *setter) box(c Cell, x, wide float64) (box, error) {
	b := box{x: x, wide: wide, again: c.Again, middle: len(c.Marks) == 0}
	weight, how := font.Plain, centred
	switch c.Style {
	case Fill:
		how = atLeft
	case Head:
		weight = font.Bold
	}
	if c.Text != "" || len(c.Marks) == 0 {
		b.lines = s.lines(c.Text, weight, s.cellText(), cellLead, wide-2*padX, 0, how)
	}
	for _, m := range c.Marks {
		lines, err := s.mark(m, wide-2*padX)
		if err != nil {
			return b, err
		}
		b.lines = append(b.lines, lines...)
	}
	if c.Date != "" {
		b.lines = append(b.lines, s.lines(c.Date, font.Plain, s.cellText(), cellLead, wide-2*padX, 0, atRight)...)
	}
	return b, nil
}

// cellText is the size of the text in cells: that of forms, in letters a little more.
func (s *setter) cellText() float64 { return min(s.sheet.text, 12) }

// mark sets a place for signatures: its label, names in print, then drawings, as
// many on a line as there is room for.
func (s *setter) mark(m Mark, wide float64) ([]line, error) {
	text := m.Label
	for i, by := range m.By {
		if len(by.Image) > 0 {
			continue
		}
		if i > 0 && text != "" {
			text += "　"
		}
		text += font.Together(by.Name)
	}
	lines := s.lines(text, font.Plain, s.cellText(), cellLead, wide, 0, atLeft)
	now := &lines[len(lines)-1]
	x := now.wide
	if len(m.By) == 0 {
		now.high = max(now.high, signHigh)
	}
	for _, by := range m.By {
		if len(by.Image) == 0 {
			continue
		}
		p, err := newPicture(by.Image)
		if err != nil {
			return nil, err
		}
		h, w := p.fit(signHigh, max(1, min(signWide, wide)))
		if x+w > wide+slack && x > 0 {
			lines = append(lines, line{size: s.cellText()})
			now, x = &lines[len(lines)-1], 0
		}
		now.high = max(now.high, signHigh+2)
		now.picture = append(now.picture, placed{picture: p, x: x, high: h, wide: w})
		x += w + 6
	}
	return lines, nil
}

// split parts a row at a height. It fails if not even a line fits, unless it must.
func (t tier) split(room float64, must bool) (upper, lower tier, ok bool) {
	upper, lower = t, t
	upper.boxes, lower.boxes = slices.Clone(t.boxes), slices.Clone(t.boxes)
	upper.high, lower.high = 0, 0
	for i, b := range t.boxes {
		if b.again || b.more {
			upper.boxes[i].more, lower.boxes[i].again = true, true
			continue
		}
		n, high := 0, 2*padY
		for n < len(b.lines) && (high+b.lines[n].high <= room || must && n == 0) {
			high += b.lines[n].high
			n++
		}
		ok = ok || n > 0 && len(b.lines[0].glyphs) > 0
		upper.boxes[i].lines, lower.boxes[i].lines = b.lines[:n], b.lines[n:]
		if n < len(b.lines) {
			upper.boxes[i].middle, lower.boxes[i].middle = false, false
		}
		upper.high = max(upper.high, high)
		lower.high = max(lower.high, lower.boxes[i].high())
	}
	return upper, lower, ok || must
}
