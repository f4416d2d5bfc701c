// Package font holds the fonts of printed forms, and breaks Chinese texts into lines
// with them. Builtin is where to start; Break says where a line may end.
package font

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/signintech/gopdf"
)

// dist is what `go run ./tools/assets` packed. In a clean clone it is empty but for
// a placeholder, so that everything compiles.
//
//go:embed all:dist
var dist embed.FS

// A Set is the fonts that a PDF is set in: one for texts and one for titles and
// heads, and after each of them those that have what it lacks.
type Set struct {
	faces []*face
	chain [2][]int // of texts and of heads: indexes of faces, in the order of preference
}

// The two weights of a Set.
const (
	Plain = 0
	Bold  = 1
)

// A face is one font file.
type face struct {
	family string
	shared *gopdf.FontContainer
	glyphs map[rune]float64 // widths of what it has, in ems
}

// Builtin returns the fonts that are part of the program: Noto Serif SC, regular
// and bold. It reads them once.
var Builtin = sync.OnceValues(func() (*Set, error) {
	regular, err := embedded("regular.ttf.gz")
	if err != nil {
		return nil, err
	}
	heavy, err := embedded("bold.ttf.gz")
	if err != nil {
		return nil, err
	}
	f := &Set{chain: [2][]int{{0}, {1, 0}}}
	for _, add := range []struct {
		name string
		body []byte
	}{{"NotoSerifSC-Regular", regular}, {"NotoSerifSC-Bold", heavy}} {
		one, err := newFace(add.name, add.body)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", add.name, err)
		}
		f.faces = append(f.faces, one)
	}
	return f, nil
})

var errMissing = errors.New("the fonts of printed forms are missing: run `go run ./tools/assets` in the source tree, then build again")

func embedded(name string) ([]byte, error) {
	packed, err := dist.ReadFile("dist/" + name)
	if err != nil {
		return nil, errMissing
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack %s: %w", name, err)
	}
	return body, nil
}

// Check fails if the program was built without its fonts. The program calls it at its
// start.
func Check() error {
	file, err := dist.Open("dist/bold.ttf.gz")
	if err != nil {
		return errMissing
	}
	return file.Close()
}

// With returns fonts that take texts from one font file and heads from another, such
// as the 仿宋_GB2312 and the 方正小标宋 for which a customer holds licences. What they
// lack is still taken from f. An empty file changes nothing. A file must be
// TrueType (.ttf); anything else is an error.
func (f *Set) With(text, head []byte) (*Set, error) {
	more := &Set{faces: f.faces, chain: f.chain}
	for weight, add := range [2]struct {
		name string
		body []byte
	}{{"OwnText", text}, {"OwnHead", head}} {
		if len(add.body) == 0 {
			continue
		}
		one, err := newFace(add.name, add.body)
		if err != nil {
			return nil, err
		}
		more.chain[weight] = append([]int{len(more.faces)}, more.chain[weight]...)
		more.faces = append(more.faces[:len(more.faces):len(more.faces)], one)
	}
	return more, nil
}

// newFace reads a font file. The library trusts what it reads, so a file that makes
// it stumble is refused here, and a glyph is drawn from it once to see that it works.
func newFace(name string, body []byte) (one *face, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("the font file is damaged: %v", fault)
		}
	}()
	one = &face{family: "SUICHA+" + name, shared: new(gopdf.FontContainer), glyphs: map[rune]float64{}}
	if err := one.shared.AddTTFFontData(one.family, body); err != nil {
		return nil, fmt.Errorf("the font file is no TrueType font that can be embedded: %w", err)
	}
	var file gopdf.SubsetFontObj
	if err := file.SetTTFData(body); err != nil {
		return nil, err
	}
	// The library looks up what lies in the first plane in one table of the file, and
	// the rest in another.
	table := file.GetTTFParser()
	for code, index := range table.Chars() {
		if code <= 0xffff {
			one.add(&file, rune(code), index)
		}
	}
	for _, group := range table.GroupingTables() {
		for code := max(group.StartCharCode, 0x10000); code <= min(group.EndCharCode, 0x3ffff); code++ {
			one.add(&file, rune(code), group.GlyphID+code-group.StartCharCode)
		}
	}
	if len(one.glyphs) == 0 {
		return nil, errors.New("the font file has no characters in Unicode order")
	}
	return one, one.try()
}

func (one *face) add(file *gopdf.SubsetFontObj, r rune, index uint) {
	if index > 0 && index < file.GetTTFParser().NumGlyphs() {
		one.glyphs[r] = float64(file.GlyphIndexToPdfWidth(index)) / 1000
	}
}

// Load makes a face part of a PDF.
func (f *Set) Load(pdf *gopdf.GoPdf, face int) error {
	return pdf.AddTTFFontFromFontContainer(f.faces[face].family, f.faces[face].shared)
}

// Family is the name of a face in a PDF.
func (f *Set) Family(face int) string { return f.faces[face].family }

// try draws some characters of the font.
func (one *face) try() error {
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	if err := pdf.AddTTFFontFromFontContainer(one.family, one.shared); err != nil {
		return err
	}
	pdf.AddPage()
	if err := pdf.SetFont(one.family, "", 10); err != nil {
		return err
	}
	for _, r := range "检查0Ag（" {
		if _, ok := one.glyphs[r]; ok {
			if err := pdf.Text(string(r)); err != nil {
				return err
			}
		}
	}
	_, err := pdf.WriteTo(io.Discard)
	return err
}

// drawnAs are characters for which another is drawn: fonts lack the boxes, and a space
// is a space. Of a ticked box it is the tick, around which a box is to be drawn.
var drawnAs = map[rune]rune{'☐': '□', '☑': '✓', '\u00a0': ' '}

// Glyph finds r in the fonts of a weight.
func (f *Set) Glyph(weight int, r rune) (Glyph, bool) {
	draw := r
	if other, ok := drawnAs[r]; ok {
		draw = other
	}
	for _, at := range f.chain[weight] {
		if wide, ok := f.faces[at].glyphs[draw]; ok {
			if r == '☑' {
				wide = 1 // as the empty box
			}
			return Glyph{Rune: r, Draw: draw, Face: at, Wide: wide}, true
		}
	}
	return Glyph{}, false
}

// absent is written where no font has a character.
func absent(r rune) string { return fmt.Sprintf("〔U+%04X〕", r) }

// Glyphs finds every character of a text in the fonts of a weight. A character that
// none of them has is written as its number, and lacks is told.
func (f *Set) Glyphs(weight int, text string, lacks func(rune)) []Glyph {
	out := make([]Glyph, 0, len(text)/3+1)
	glue := false
	for _, r := range text {
		if string(r) == WordJoiner {
			glue = true
			continue
		}
		g, ok := f.Glyph(weight, r)
		if ok {
			g.glue = glue || r == '\u00a0' || len(out) > 0 && out[len(out)-1].Rune == '\u00a0'
			out, glue = append(out, g), false
			continue
		}
		lacks(r)
		for _, in := range absent(r) {
			if g, ok := f.Glyph(weight, in); ok {
				out, glue = append(out, g), false
			}
		}
	}
	return out
}
