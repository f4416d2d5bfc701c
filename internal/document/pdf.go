package document

import (
	"bytes"
	"fmt"
	"io"

	"github.com/signintech/gopdf"
	qrcode "github.com/skip2/go-qrcode"

	"suicha/internal/document/font"
)

// PDF writes a form as a PDF on A4, with its fonts. The same form and the same fonts
// give the same bytes.
func PDF(w io.Writer, fonts *font.Set, f Form) error {
	set, err := set(fonts, f)
	if err != nil {
		return err
	}
	p := &press{setter: set, pictures: map[*picture]gopdf.ImageHolder{}, loaded: map[int]bool{}}
	if f.Proof.Address != "" {
		if p.code, err = newCode(f.Proof.Address); err != nil {
			return err
		}
	}
	p.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: pageWide, H: pageHigh}})
	set.feet(p.code)
	for _, page := range set.pages {
		if err := p.draw(page); err != nil {
			return fmt.Errorf("draw %s: %w", f.Title, err)
		}
	}
	var raw bytes.Buffer
	if _, err := p.pdf.WriteTo(&raw); err != nil {
		return fmt.Errorf("write %s: %w", f.Title, err)
	}
	body, err := mend(raw.Bytes(), font.Clean(f.Title))
	if err != nil {
		return err
	}
	_, err = w.Write(body)
	return err
}

// A press draws what was set.
type press struct {
	*setter
	pdf      gopdf.GoPdf
	pictures map[*picture]gopdf.ImageHolder
	loaded   map[int]bool // fonts that the file has already
	code     *qrcode.QRCode
	face     int
	size     float64
}

func (p *press) draw(page page) error {
	p.pdf.AddPage()
	p.face, p.size = -1, 0
	for _, m := range page.marks {
		var err error
		switch {
		case m.picture != nil:
			err = p.image(m)
		case m.text != "":
			err = p.text(m)
		default:
			p.pdf.SetLineWidth(m.wide)
			p.pdf.Line(m.x, m.y, m.toX, m.toY)
		}
		if err != nil {
			return err
		}
	}
	if p.code != nil {
		p.square()
	}
	return nil
}

func (p *press) text(m mark) error {
	if m.face != p.face || m.size != p.size {
		if !p.loaded[m.face] {
			if err := p.fonts.Load(&p.pdf, m.face); err != nil {
				return err
			}
			p.loaded[m.face] = true
		}
		if err := p.pdf.SetFont(p.fonts.Family(m.face), "", m.size); err != nil {
			return err
		}
		p.face, p.size = m.face, m.size
	}
	if err := p.pdf.SetCharSpacing(m.space); err != nil {
		return err
	}
	p.pdf.SetXY(m.x, m.y)
	return p.pdf.Text(m.text)
}

func (p *press) image(m mark) error {
	holder, ok := p.pictures[m.picture]
	if !ok {
		var err error
		if holder, err = gopdf.ImageHolderByBytes(m.picture.body); err != nil {
			return err
		}
		p.pictures[m.picture] = holder
	}
	return p.pdf.ImageByHolder(holder, m.x, m.y, &gopdf.Rect{W: m.wide, H: m.high})
}

const codeSide = 17 * millimetre

// square draws the QR code at the left of the foot, as squares without a grey edge.
func (p *press) square() {
	bits := p.code.Bitmap()
	side := codeSide / float64(len(bits))
	top := pageHigh - p.sheet.foot + 3*millimetre
	for y, line := range bits {
		for x := 0; x < len(line); x++ {
			start := x
			for x < len(line) && line[x] {
				x++
			}
			if x > start {
				p.pdf.RectFromUpperLeftWithStyle(p.left()+float64(start)*side, top+float64(y)*side, float64(x-start)*side, side, "F")
			}
		}
	}
}

// feet sets what stands at the foot of each page: the proof, and which page it is.
func (s *setter) feet(code *qrcode.QRCode) {
	top := pageHigh - s.sheet.foot
	left, first := s.left(), top+2*millimetre
	if code != nil {
		left, first = left+codeSide+4*millimetre, top+3*millimetre
	}
	room := 28 * millimetre // for the number of the page
	var words []line
	for _, text := range proofLines(s.form.Proof) {
		words = append(words, s.lines(text, font.Plain, 9, 1.6, s.left()+s.width()-left-room, 0, atLeft)...)
	}
	words = words[:min(len(words), 4)]
	last := first // of the line with the number of the page
	if code != nil {
		first += max(0, codeSide-linesHigh(words)) / 2
		last += codeSide - 1.6*9
	}
	all := s.pages
	for i := range all {
		s.pages = all[:i+1] // put puts on the last one
		s.put(mark{x: s.left(), y: top, toX: s.left() + s.width(), toY: top, wide: ruleWide})
		y := first
		for _, l := range words {
			s.putLine(l, left, y, s.width())
			y += l.high
		}
		number := s.lines(fmt.Sprintf("第 %d 页　共 %d 页", i+1, len(all)), font.Plain, 9, 1.6, s.width(), 0, atRight)
		s.putLine(number[0], s.left(), last, s.width())
	}
}

// proofLines are the words of a proof.
func proofLines(p Proof) []string {
	var lines []string
	add := func(parts ...string) {
		line := ""
		for i := 0; i+1 < len(parts); i += 2 {
			if parts[i+1] != "" {
				if line != "" {
					line += "　"
				}
				line += parts[i] + parts[i+1]
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if p.Address != "" {
		lines = append(lines, "扫码核对本件与公开记录，也可以在公示网站输入编号查询。")
	}
	add("编号 ", p.Number, "回执号 ", p.Receipt)
	add("内容摘要 ", p.Digest)
	add("打印于 ", p.Printed)
	return lines
}
