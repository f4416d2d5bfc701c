package document

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// What a reader of our files finds in them. It knows nothing of how they were made:
// a PDF is read through its own tables from glyphs to characters.

var (
	contentsOf = regexp.MustCompile(`/Contents\s+(\d+) 0 R`)
	fontNamed  = regexp.MustCompile(`/(F\d+) (\d+) 0 R`)
	unicodeOf  = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	oneChar    = regexp.MustCompile(`<([0-9A-F]{4})> <([0-9A-F]+)>\n`)
	shown      = regexp.MustCompile(`(?s)BT\n([\d.-]+) ([\d.-]+) TD\n/(F\d+) \S+ Tf \S+ Tc\n.*?\[<([0-9A-F]*)>\] TJ`)
)

// pagesOf reads the text of each page of a PDF, line by line from its top.
func pagesOf(t testing.TB, pdf []byte) []string {
	t.Helper()
	objects, err := objectsOf(pdf)
	if err != nil {
		t.Fatal(err)
	}
	object := func(number []byte) []byte {
		n, err := strconv.Atoi(string(number))
		if err != nil || n < 1 || n > len(objects) {
			t.Fatalf("there is no object %s", number)
		}
		return objects[n-1]
	}
	fonts := map[string]map[string]string{}
	for _, m := range fontNamed.FindAllSubmatch(objects[3], -1) {
		to := unicodeOf.FindSubmatch(object(m[2]))
		if to == nil {
			t.Fatalf("font %s has no table of characters", m[1])
		}
		fonts[string(m[1])] = map[string]string{}
		for _, c := range oneChar.FindAllSubmatch(object(to[1]), -1) {
			fonts[string(m[1])][string(c[1])] = fromUTF16(t, string(c[2]))
		}
	}
	var pages []string
	for _, o := range objects {
		if m := contentsOf.FindSubmatch(o); m != nil {
			pages = append(pages, linesOf(t, inflated(t, object(m[1])), fonts))
		}
	}
	return pages
}

func linesOf(t testing.TB, content []byte, fonts map[string]map[string]string) string {
	type piece struct {
		x, y float64
		text string
	}
	var pieces []piece
	for _, m := range shown.FindAllSubmatch(content, -1) {
		var text strings.Builder
		for g := string(m[4]); len(g) >= 4; g = g[4:] {
			char, ok := fonts[string(m[3])][g[:4]]
			if !ok || g[:4] == "0000" {
				t.Errorf("glyph %s of %s has no character", g[:4], m[3])
			}
			text.WriteString(char)
		}
		x, errX := strconv.ParseFloat(string(m[1]), 64)
		y, errY := strconv.ParseFloat(string(m[2]), 64)
		if err := errors.Join(errX, errY); err != nil {
			t.Fatal(err)
		}
		if x < 0 || x > pageWide || y < 0 || y > pageHigh {
			t.Errorf("%q stands outside the page, at %g, %g", text.String(), x, y)
		}
		pieces = append(pieces, piece{x, y, text.String()})
	}
	sort.SliceStable(pieces, func(i, j int) bool {
		if pieces[i].y != pieces[j].y {
			return pieces[i].y > pieces[j].y
		}
		return pieces[i].x < pieces[j].x
	})
	var out strings.Builder
	for i, p := range pieces {
		if i > 0 && pieces[i-1].y == p.y {
			out.WriteString(" ")
		} else if i > 0 {
			out.WriteString("\n")
		}
		out.WriteString(p.text)
	}
	return out.String() + "\n"
}

func fromUTF16(t testing.TB, digits string) string {
	raw, err := hex.DecodeString(digits)
	if err != nil || len(raw)%2 != 0 {
		t.Fatalf("%s is no UTF-16: %v", digits, err)
	}
	var units []uint16
	for i := 0; i < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

func inflated(t testing.TB, object []byte) []byte {
	_, body, ok := bytes.Cut(object, []byte("stream\n"))
	if !ok {
		t.Fatalf("no stream in %.40q", object)
	}
	r, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// textOfWord reads a Word document: each paragraph a line, cells between bars. It fails
// if a part is no XML.
func textOfWord(t testing.TB, docx []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".png") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := textOfXML(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if f.Name == "word/document.xml" || f.Name == "word/footer1.xml" {
			fmt.Fprintf(&out, "%s\n", text)
		}
	}
	return out.String()
}

func textOfXML(r io.Reader) (string, error) {
	var out strings.Builder
	inText := false
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "t"
			if token.Name.Local == "docPr" {
				out.WriteString("［图］")
			}
		case xml.EndElement:
			switch token.Name.Local {
			case "t":
				inText = false
			case "tab":
				out.WriteString("\t")
			case "p":
				out.WriteString("\n")
			case "tc":
				out.WriteString("|")
			}
		case xml.CharData:
			if inText {
				out.Write(token)
			}
		}
	}
}
