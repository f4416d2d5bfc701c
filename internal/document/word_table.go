package document

import (
	"bytes"
	"fmt"
	"strings"

	"suicha/internal/document/font"
)

// table writes a table with the columns of the PDF.
func (d *wordFile) table(t Table) error {
	s := setter{sheet: d.sheet}
	widths := s.columns(t)
	fmt.Fprintf(d, wordTable, twips(d.width()))
	for _, w := range widths {
		fmt.Fprintf(d, `<w:gridCol w:w="%d"/>`, twips(w))
	}
	d.WriteString(`</w:tblGrid>`)
	rows := append(t.Head[:len(t.Head):len(t.Head)], t.Rows...)
	for i, r := range rows {
		var below Row
		if i+1 < len(rows) && i+1 != len(t.Head) {
			below = rows[i+1]
		}
		r.Keep = r.Keep || t.Keep
		if err := d.row(r, below, widths, i < len(t.Head)); err != nil {
			return err
		}
	}
	if len(rows) == 0 { // a table must have a row
		if err := d.row(Row{Cells: []Cell{{}}}, Row{}, widths, false); err != nil {
			return err
		}
	}
	d.WriteString(`</w:tbl>`)
	return nil
}

// row writes a row. The row below it says which of its cells go on there.
func (d *wordFile) row(r, below Row, widths []float64, head bool) error {
	d.WriteString(`<w:tr><w:trPr>`)
	if r.Keep || head {
		d.WriteString(`<w:cantSplit/>`)
	}
	if r.Height > 0 {
		fmt.Fprintf(d, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, twips(r.Height*millimetre))
	}
	if head {
		d.WriteString(`<w:tblHeader/>`)
	}
	d.WriteString(`</w:trPr>`)
	goesOn := map[int]bool{}
	for _, at := range columnsOf(below, len(widths)) {
		goesOn[at.from] = below.Cells[at.cell].Again
	}
	cells := columnsOf(r, len(widths))
	if len(cells) == 0 {
		cells, r.Cells = []wordCell{{0, 0, len(widths)}}, []Cell{{}}
	}
	for _, at := range cells {
		if err := d.cell(r.Cells[at.cell], at, widths, goesOn[at.from], r.Height); err != nil {
			return err
		}
	}
	d.WriteString(`</w:tr>`)
	return nil
}

// A wordCell says which columns a cell takes.
type wordCell struct{ cell, from, to int }

// columnsOf places the cells of a row; the last takes what is left.
func columnsOf(r Row, columns int) []wordCell {
	var out []wordCell
	from := 0
	for i, c := range r.Cells {
		to := min(from+max(1, c.Span), columns)
		if i == len(r.Cells)-1 {
			to = columns
		}
		if to == from {
			break
		}
		out = append(out, wordCell{i, from, to})
		from = to
	}
	return out
}

func (d *wordFile) cell(c Cell, at wordCell, widths []float64, goesOn bool, height float64) error {
	wide := 0.0
	for _, w := range widths[at.from:at.to] {
		wide += w
	}
	fmt.Fprintf(d, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twips(wide))
	if at.to-at.from > 1 {
		fmt.Fprintf(d, `<w:gridSpan w:val="%d"/>`, at.to-at.from)
	}
	switch {
	case c.Again:
		d.WriteString(`<w:vMerge/>`)
	case goesOn:
		d.WriteString(`<w:vMerge w:val="restart"/>`)
	}
	if len(c.Marks) == 0 && (c.Style != Fill || height <= roomy) {
		d.WriteString(`<w:vAlign w:val="center"/>`)
	}
	d.WriteString(`</w:tcPr>`)
	size := min(d.sheet.text, 12)
	style := wordStyle{font: wordText, size: size, lead: cellLead, align: "center"}
	switch c.Style {
	case Fill:
		style.align = ""
	case Label:
		style.font = wordLabel
	case Head:
		style.font = wordHead
	}
	if c.Text != "" || len(c.Marks) == 0 {
		if c.Again {
			c.Text = ""
		}
		d.paragraphs(c.Text, style)
	}
	for _, m := range c.Marks {
		if err := d.mark(m, style); err != nil {
			return err
		}
	}
	if c.Date != "" {
		style.align = "right"
		d.paragraphs(c.Date, style)
	}
	d.WriteString(`</w:tc>`)
	return nil
}

// mark writes a place for signatures.
func (d *wordFile) mark(m Mark, style wordStyle) error {
	if len(m.By) == 0 {
		style.lead = signHigh / style.size
	}
	d.begin(style)
	d.run(m.Label, style.font, style.size)
	for _, by := range m.By {
		if len(by.Image) == 0 {
			d.run(by.Name+"　", style.font, style.size)
			continue
		}
		p, err := newPicture(by.Image)
		if err != nil {
			return err
		}
		d.pictures = append(d.pictures, p)
		h, w := p.fit(signHigh, signWide)
		n := len(d.pictures)
		d.WriteString(drawing(fmt.Sprintf("image%d", n), strings.TrimSpace("签名 "+font.Clean(by.Name)), n, h, w))
		d.run(" ", style.font, style.size)
	}
	d.WriteString(`</w:p>`)
	return nil
}

// foot is the footer: the proof, its QR code, and which page it is.
func (d *wordFile) foot(p Proof) (part, code []byte, err error) {
	foot := &wordFile{sheet: d.sheet}
	side, picture := 0.0, ""
	if p.Address != "" {
		qr, err := newCode(p.Address)
		if err != nil {
			return nil, nil, err
		}
		if code, err = qr.PNG(-8); err != nil {
			return nil, nil, fmt.Errorf("draw a QR code: %w", err)
		}
		side = codeSide + 2*millimetre
		picture = drawing("code", "核验二维码", 1, codeSide, codeSide)
	}
	last := 34 * millimetre
	fmt.Fprintf(foot, wordFootTable, twips(d.width()))
	widths := []float64{side, d.width() - side - last, last}
	if side == 0 {
		widths = widths[1:]
	}
	for _, w := range widths {
		fmt.Fprintf(foot, `<w:gridCol w:w="%d"/>`, twips(w))
	}
	foot.WriteString(`</w:tblGrid><w:tr>`)
	style := wordStyle{font: wordText, size: 9, lead: 1.4}
	open := func(wide float64, align string) {
		fmt.Fprintf(foot, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="%s"/></w:tcPr>`, twips(wide), align)
	}
	if side > 0 {
		open(side, "center")
		foot.WriteString(`<w:p>` + picture + `</w:p></w:tc>`)
	}
	open(widths[len(widths)-2], "center")
	lines := proofLines(p)
	foot.paragraphs(strings.Join(lines, "\n"), style)
	foot.WriteString(`</w:tc>`)
	open(last, "bottom")
	style.align = "right"
	foot.begin(style)
	foot.run("第 ", wordText, 9)
	foot.WriteString(`<w:fldSimple w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>`)
	foot.run(" 页　共 ", wordText, 9)
	foot.WriteString(`<w:fldSimple w:instr=" NUMPAGES "><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>`)
	foot.run(" 页", wordText, 9)
	foot.WriteString(`</w:p></w:tc></w:tr></w:tbl>` + wordGap)
	var out bytes.Buffer
	fmt.Fprintf(&out, wordFooter, foot.Bytes())
	return out.Bytes(), code, nil
}
