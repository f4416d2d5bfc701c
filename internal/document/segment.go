package document

// A segment is what stands of a table on one page.
type segment struct {
	*setter
	head   []tier
	widths []float64
	rows   []tier
	top    float64
	end    float64
}

// begin starts a segment where the page stands, or on the next page if the head and
// the first row of the body do not fit any more.
func (g *segment) begin(body []tier) {
	if len(body) > 0 {
		first := body[0].high
		if !body[0].keep {
			first = min(first, 3*g.sheet.text*cellLead+2*padY)
		}
		if g.y+tiersHigh(g.head)+first > g.bottom()+slack && g.begun {
			g.turn()
		}
	}
	g.rows = append(g.rows[:0:0], g.head...)
	g.top, g.end = g.y, g.y+tiersHigh(g.head)
}

func (g *segment) add(t tier) {
	g.rows = append(g.rows, t)
	g.end += t.high
}

// finish draws the segment.
func (g *segment) finish() {
	if len(g.rows) == 0 || len(g.rows) == len(g.head) && len(g.head) > 0 && len(g.rows[0].boxes) == 0 {
		return
	}
	stretch(g.rows, func(_ int, more float64) float64 {
		more = max(0, min(more, g.bottom()-g.end))
		g.end += more
		return more
	})
	y := g.top
	for i, t := range g.rows {
		for j, b := range t.boxes {
			if g.first(i) || !b.again { // a cell from the page before is written again
				g.fill(b, y, tiersHigh(g.rows[i:lastOf(g.rows, i, j)+1]))
			}
		}
		g.rules(i, y)
		y += t.high
	}
	right := g.left() + g.width()
	g.rule(g.left(), y, right, y)
	g.rule(right, g.top, right, y)
	g.y = y
}

// first reports whether row i has nothing of its table above it on this page.
func (g *segment) first(i int) bool { return i == 0 || i == len(g.head) }

// fill puts the lines of a box whose cell is high.
func (g *segment) fill(b box, y, high float64) {
	lines := b.lines
	for len(lines) > 0 && linesHigh(lines) > high-padY+slack { // a joined cell that goes on on another page
		lines = lines[:len(lines)-1]
	}
	y += padY
	if b.middle {
		y += max(0, high-2*padY-linesHigh(lines)) / 2
	}
	for _, l := range lines {
		g.putLine(l, b.x+padX, y, b.wide-2*padX)
		y += l.high
	}
}

// rules draws the lines above row i and to the left of its boxes.
func (g *segment) rules(i int, y float64) {
	t := g.rows[i]
	for j := 0; j < len(t.boxes); j++ {
		b := t.boxes[j]
		g.rule(b.x, y, b.x, y+t.high)
		if b.again && !g.first(i) {
			continue
		}
		end := j
		for end+1 < len(t.boxes) && (g.first(i) || !t.boxes[end+1].again) {
			end++
			g.rule(t.boxes[end].x, y, t.boxes[end].x, y+t.high)
		}
		g.rule(b.x, y, t.boxes[end].x+t.boxes[end].wide, y)
		j = end
	}
}

func (g *segment) rule(x, y, toX, toY float64) {
	g.put(mark{x: x, y: y, toX: toX, toY: toY, wide: ruleWide})
}
