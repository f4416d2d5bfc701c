package document

import (
	"strings"

	"suicha/internal/document/font"
	"suicha/internal/workday"
)

// A Form (文书) is one official form. Its texts are plain: line ends mean what they
// say, and what cannot be printed, such as control characters, is left out.
type Form struct {
	Issuer string // the body in whose name it is made, above the title
	Title  string
	Left   string // the line under the title: a number at its left end,
	Right  string // a date or a number at its right end
	Letter bool   // a letter in the margins and sizes of official letters, rather than a form to fill in
	Parts  []Part
	Notes  []string // small, at the end
	Proof  Proof
}

// A Proof (核验信息) stands at the foot of every page. Its empty fields are left out.
type Proof struct {
	Number  string // of the form, so that a single sheet can be told
	Receipt string // 回执号 of the entry in the record
	Digest  string // of the content that was signed
	Printed string // when it was printed, in words
	Address string // where anybody can check it; drawn as a QR code
}

// A Part is a Table, a Text or a Closing.
type Part interface{ part() }

// A Table is drawn with lines. Tables that follow one another are drawn as one.
type Table struct {
	Widths []float64 // of the columns, in proportion
	Head   []Row     // repeated on every page
	Rows   []Row
	Keep   bool // all on one page, if it fits on one
}

// A Row is as high as its highest cell.
type Row struct {
	Cells  []Cell
	Height float64 // the least, in millimetres
	Keep   bool    // never parted by the end of a page, unless it is longer than a page
}

// A Cell is one cell of a row. Its text may hold ☐ and ☑.
type Cell struct {
	Text  string
	Style Style
	Span  int    // how many columns it takes; none is one
	Again bool   // the same cell as the one above it
	Marks []Mark // signatures, under the text
	Date  string // at the right end, under all
}

// A Style says what a cell is for.
type Style int

// The styles of cells.
const (
	Fill  Style = iota // what is filled in
	Label              // what it is called: centred
	Head               // the head of a column: centred and font.Bold
	Short              // filled in and centred, such as a number or a result
)

// A Mark (签名栏) is a place for signatures. Without names and pictures it is left
// empty, to be signed on paper.
type Mark struct {
	Label string
	By    []Signature
}

// A Signature is the drawing of one who signed, or the name in print if they signed
// without drawing.
type Signature struct {
	Name  string
	Image []byte // PNG or JPEG
}

// A Text is a paragraph.
type Text struct {
	Text   string
	Indent bool // by two characters, as the paragraphs of a letter
	Bold   bool
	Centre bool
}

// A Closing (落款) ends a letter: who issues it, and when.
type Closing struct{ Issuer, Date string }

func (Table) part()   {}
func (Text) part()    {}
func (Closing) part() {}

// row is a row of labels and what is filled in, in turn.
func row(texts ...string) Row {
	var r Row
	for i, t := range texts {
		style := Label
		if i%2 == 1 {
			style = Fill
		}
		r.Cells = append(r.Cells, Cell{Text: t, Style: style})
	}
	return r
}

// kept is a row that is not parted by the end of a page.
func kept(r Row) Row {
	r.Keep = true
	return r
}

// wide is a row of one label and one filled cell over all other columns.
func wide(label, text string) Row {
	return Row{Cells: []Cell{{Text: label, Style: Label}, {Text: text, Span: 3}}}
}

// heads is a row of heads.
func heads(texts ...string) Row {
	r := Row{Keep: true}
	for _, t := range texts {
		r.Cells = append(r.Cells, Cell{Text: t, Style: Head})
	}
	return r
}

// fields are the widths of a table of labels and what is filled in, two by two.
var fields = []float64{13, 37, 13, 37}

// Boxes writes choices with a box before each, ticked if it was chosen. What was
// chosen and is not among the choices stands at the end, ticked.
func Boxes(chosen []string, choices ...string) string {
	ticked := map[string]bool{}
	for _, c := range chosen {
		ticked[c] = true
	}
	var out []string
	for _, c := range choices {
		box := "☐"
		if ticked[c] {
			box = "☑"
			delete(ticked, c)
		}
		out = append(out, font.Together(box+font.NoBreakSpace+c))
	}
	for _, c := range chosen {
		if ticked[c] {
			out = append(out, font.Together("☑"+font.NoBreakSpace+c))
		}
	}
	return strings.Join(out, "　")
}

// day writes a date, or the space to write one by hand.
func day(d workday.Date) string {
	if d.IsZero() {
		return "　　年　　月　　日"
	}
	return d.Long()
}

// none is text, or 无 once a visit has a date: until then there is room to write.
func none(text string, on workday.Date) string {
	if on.IsZero() {
		return text
	}
	return or(text, "无")
}

// or is text, or what stands in its place if there is none.
func or(text, instead string) string {
	if strings.TrimSpace(text) == "" {
		return instead
	}
	return text
}

// size is how much text a form has, and how many cells: each counts as 16 bytes.
func size(f Form) int {
	sum := len(f.Issuer) + len(f.Title) + len(f.Left) + len(f.Right)
	sum += len(f.Proof.Number) + len(f.Proof.Receipt) + len(f.Proof.Digest) + len(f.Proof.Printed)
	for _, n := range f.Notes {
		sum += len(n)
	}
	for _, p := range f.Parts {
		switch p := p.(type) {
		case Text:
			sum += len(p.Text)
		case Closing:
			sum += len(p.Issuer) + len(p.Date)
		case Table:
			for _, rows := range [][]Row{p.Head, p.Rows} {
				for _, r := range rows {
					sum += r.size()
				}
			}
		}
	}
	return sum
}

func (r Row) size() int {
	sum := 0
	for _, c := range r.Cells {
		sum += 16 + len(c.Text) + len(c.Date)
		for _, m := range c.Marks {
			sum += len(m.Label)
			for _, by := range m.By {
				sum += len(by.Name)
			}
		}
	}
	return sum
}
