package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"

	"suicha/internal/document/font"
	"suicha/internal/inspect"
)

// Fonts that officials' computers have. They are named in the file, not part of it;
// a computer without them takes its own.
const (
	wordText  = "仿宋_GB2312"
	wordLabel = "宋体"
	wordHead  = "黑体"
	wordTitle = "方正小标宋简体"
	wordLatin = "Times New Roman"
)

// Word writes a form as a Word document (.docx) for officials to go on writing in. It
// has the tables, texts and signatures of the PDF; lines and pages are the word
// processor's. The same form gives the same bytes.
func Word(w io.Writer, f Form) error {
	if size(f) > mostText {
		return inspect.ErrFormLong.With(mostPages)
	}
	d := &wordFile{sheet: formSheet}
	if f.Letter {
		d.sheet = letterSheet
	}
	if err := d.body(f); err != nil {
		return err
	}
	if d.count > mostLines {
		return inspect.ErrFormLong.With(mostPages)
	}
	foot, code, err := d.foot(f.Proof)
	if err != nil {
		return err
	}
	files := []wordPart{
		{"[Content_Types].xml", []byte(wordTypes)},
		{"_rels/.rels", []byte(wordRoot)},
		{"docProps/core.xml", fmt.Appendf(nil, wordCore, escaped(font.Clean(f.Title)))},
		{"word/document.xml", d.document()},
		{"word/_rels/document.xml.rels", d.relations()},
		{"word/styles.xml", fmt.Appendf(nil, wordStyles, wordLatin, wordText, half(d.sheet.text))},
		{"word/footer1.xml", foot},
	}
	if code != nil {
		files = append(files, wordPart{"word/_rels/footer1.xml.rels", []byte(wordFootRelations)}, wordPart{"word/media/code.png", code})
	}
	for i, p := range d.pictures {
		files = append(files, wordPart{fmt.Sprintf("word/media/image%d.png", i+1), p.body})
	}
	return zipped(w, files)
}

type wordPart struct {
	name string
	body []byte
}

// zipped packs files without times.
func zipped(w io.Writer, files []wordPart) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		to, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := to.Write(f.body); err != nil {
			return err
		}
	}
	return z.Close()
}

// A wordFile is a document in the making.
type wordFile struct {
	bytes.Buffer
	sheet    sheet
	pictures []*picture
	count    int // of paragraphs so far
}

// A wordStyle is how a paragraph looks.
type wordStyle struct {
	font   string
	size   float64
	lead   float64
	align  string
	indent bool
	keep   bool // on the page of the next paragraph
}

func (d *wordFile) body(f Form) error {
	title := wordStyle{font: wordTitle, size: d.sheet.title, lead: 1.45, align: "center", keep: true}
	if f.Issuer != "" {
		d.paragraphs(f.Issuer, title)
	}
	d.paragraphs(f.Title, title)
	if f.Left != "" || f.Right != "" {
		fmt.Fprintf(d, `<w:p><w:pPr><w:keepNext/><w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs><w:spacing w:before="120" w:after="60"/></w:pPr>`, twips(d.width()))
		d.run(f.Left, wordText, d.sheet.text)
		d.WriteString(`<w:r><w:tab/></w:r>`)
		d.run(f.Right, wordText, d.sheet.text)
		d.WriteString(`</w:p>`)
	}
	for i, p := range f.Parts {
		if err := d.part(p, i > 0 && isTable(f.Parts[i-1])); err != nil {
			return err
		}
	}
	for _, n := range f.Notes {
		d.paragraphs(n, wordStyle{font: wordText, size: d.sheet.small, lead: 1.5})
	}
	if len(f.Notes) == 0 && len(f.Parts) > 0 && isTable(f.Parts[len(f.Parts)-1]) {
		d.WriteString(wordGap) // a document must not end in a table
	}
	return nil
}

func (d *wordFile) width() float64 { return pageWide - d.sheet.left - d.sheet.right }

// part writes one part. Tables under one another need a paragraph between them, or
// programs would make one of them.
func (d *wordFile) part(p Part, underTable bool) error {
	style := wordStyle{font: wordText, size: d.sheet.text, lead: d.sheet.lead, align: "both"}
	switch p := p.(type) {
	case Table:
		if underTable {
			d.WriteString(wordGap)
		}
		return d.table(p)
	case Text:
		style.indent = p.Indent
		if p.Bold {
			style.font, style.keep = wordHead, true
		}
		if p.Centre {
			style.align = "center"
		}
		d.paragraphs(p.Text, style)
	case Closing:
		style.align, style.keep = "right", true
		d.paragraphs("", style)
		d.paragraphs(p.Issuer+"　　", style)
		style.keep = false
		d.paragraphs(p.Date+"　　", style)
		d.paragraphs("", wordStyle{font: wordText, size: 5, lead: 1})
	}
	return nil
}

// paragraphs writes a text, each of its lines as a paragraph.
func (d *wordFile) paragraphs(text string, s wordStyle) {
	for line := range strings.SplitSeq(font.Clean(text), "\n") {
		if d.count++; d.count > mostLines {
			return // Word will refuse the form
		}
		d.begin(s)
		d.run(line, s.font, s.size)
		d.WriteString(`</w:p>`)
	}
}

// begin opens a paragraph.
func (d *wordFile) begin(s wordStyle) {
	d.WriteString(`<w:p><w:pPr>`)
	if s.keep {
		d.WriteString(`<w:keepNext/>`)
	}
	fmt.Fprintf(d, `<w:spacing w:line="%d" w:lineRule="%s"/>`, twips(s.lead*s.size), "atLeast")
	if s.indent {
		fmt.Fprintf(d, `<w:ind w:firstLineChars="200" w:firstLine="%d"/>`, twips(2*s.size))
	}
	if s.align != "" {
		fmt.Fprintf(d, `<w:jc w:val="%s"/>`, s.align)
	}
	d.WriteString(`</w:pPr>`)
}

// run writes text. No line ends of its own, and no joiner, which programs draw.
func (d *wordFile) run(text, face string, size float64) {
	text = strings.ReplaceAll(font.Clean(text), font.WordJoiner, "")
	if text == "" {
		return
	}
	fmt.Fprintf(d, `<w:r><w:rPr><w:rFonts w:hint="eastAsia" w:eastAsia="%s"/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`,
		face, half(size), half(size), escaped(strings.ReplaceAll(text, "\n", " ")))
}

// escaped is text as it stands in XML.
func escaped(text string) []byte {
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

func twips(points float64) int { return int(math.Round(points * 20)) }
func half(points float64) int  { return int(math.Round(points * 2)) }
func emu(points float64) int   { return int(math.Round(points * 12700)) }

// document is word/document.xml: what was written, and the page it stands on.
func (d *wordFile) document() []byte {
	s := d.sheet
	return fmt.Appendf(nil, wordDocument, d.Bytes(), twips(pageWide), twips(pageHigh), twips(s.top), twips(s.right), twips(s.bottom), twips(s.left), twips(8*millimetre))
}

func (d *wordFile) relations() []byte {
	var out bytes.Buffer
	out.WriteString(wordRelations)
	for i := range d.pictures {
		fmt.Fprintf(&out, `<Relationship Id="image%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image%d.png"/>`, i+1, i+1)
	}
	out.WriteString(`</Relationships>`)
	return out.Bytes()
}

// drawing is a picture in a line. Its number is unique in its part.
func drawing(relation, name string, number int, high, wide float64) string {
	return fmt.Sprintf(wordDrawing, emu(wide), emu(high), number, escaped(name), number, escaped(name), relation, emu(wide), emu(high))
}
