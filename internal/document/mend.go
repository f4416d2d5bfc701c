package document

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

// mend puts right what the library that draws a PDF writes wrongly, and adds what it
// cannot write:
//
//   - which character a glyph stands for, above U+FFFF, where the library writes
//     numbers that readers take for other characters, and in blocks of at most
//     100, as ISO 32000-1, 9.10.3 and the CMap format ask;
//   - title and language of the document, and an identifier made from its content.
//
// Every object is written again, so the table of their places is new.
func mend(raw []byte, title string) ([]byte, error) {
	objects, err := objectsOf(raw)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, 0, len(objects)+1)
	for i, body := range objects {
		switch {
		case bytes.Contains(body[:min(len(body), 80)], []byte("/CIDInit")):
			body = unicodeMap(i+1, body)
		case i == 0:
			body = bytes.Replace(body, []byte("/Type /Catalog"), []byte("/Type /Catalog\n  /Lang (zh-CN)\n  /ViewerPreferences << /DisplayDocTitle true >>"), 1)
		}
		places = append(places, out.Len())
		out.Write(bytes.TrimRight(body, "\n"))
		out.WriteString("\n")
	}
	places = append(places, out.Len())
	fmt.Fprintf(&out, "%d 0 obj\n<< /Title <FEFF%s> /Producer (Suicha) >>\nendobj\n", len(places), utf16Hex(title))
	sum := sha256.Sum256(out.Bytes())
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, at := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R /ID [<%x><%x>] >>\nstartxref\n%d\n%%%%EOF\n", len(places)+1, len(places), sum[:16], sum[:16], table)
	return out.Bytes(), nil
}

var errPDF = errors.New("the library wrote a PDF of a form that is not known")

var end = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)

// objectsOf cuts a PDF into its objects, by the table at its end.
func objectsOf(raw []byte) ([][]byte, error) {
	found := end.FindSubmatch(raw[max(0, len(raw)-64):])
	if found == nil {
		return nil, errPDF
	}
	table, err := strconv.Atoi(string(found[1]))
	if err != nil || table > len(raw) {
		return nil, errPDF
	}
	var size int
	if _, err := fmt.Sscanf(string(raw[table:min(len(raw), table+32)]), "xref\n0 %d\n", &size); err != nil || size < 1 {
		return nil, errPDF
	}
	const entry = 20
	rows := raw[table+len(fmt.Sprintf("xref\n0 %d\n", size)):]
	if len(rows) < size*entry {
		return nil, errPDF
	}
	places := make([]int, size)
	for i := range places {
		if places[i], err = strconv.Atoi(string(rows[i*entry : i*entry+10])); err != nil {
			return nil, errPDF
		}
	}
	places = append(places[1:], table)
	objects := make([][]byte, 0, size)
	for i := 0; i+1 < len(places); i++ {
		if places[i] > places[i+1] || !bytes.HasPrefix(raw[places[i]:], fmt.Appendf(nil, "%d 0 obj\n", i+1)) {
			return nil, errPDF
		}
		objects = append(objects, raw[places[i]:places[i+1]])
	}
	return objects, nil
}

var pair = regexp.MustCompile(`<([0-9A-F]+)><[0-9A-F]+><([0-9A-F]+)>`)

// unicodeMap writes the table from glyphs to characters anew.
func unicodeMap(number int, body []byte) []byte {
	var cmap bytes.Buffer
	cmap.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	pairs := pair.FindAllSubmatch(body, -1)
	for len(pairs) > 0 {
		block := pairs[:min(len(pairs), 100)]
		fmt.Fprintf(&cmap, "%d beginbfchar\n", len(block))
		for _, p := range block {
			code, err := strconv.ParseInt(string(p[2]), 16, 32)
			if err != nil {
				code = 0xfffd
			}
			fmt.Fprintf(&cmap, "<%s> <%s>\n", p[1], utf16Hex(string(rune(code))))
		}
		cmap.WriteString("endbfchar\n")
		pairs = pairs[len(block):]
	}
	cmap.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return fmt.Appendf(nil, "%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n", number, cmap.Len(), cmap.Bytes())
}

// utf16Hex writes a text as PDF does beyond Latin.
func utf16Hex(s string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = fmt.Appendf(out, "%04X", unit)
	}
	return string(out)
}
