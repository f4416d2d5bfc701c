package inspect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line cleans a one-line text that a person typed: NFC, no blanks at the ends.
// It appends a problem at field if the text is empty, longer than most
// characters or holds characters that cannot be seen. Label is the field's name
// as the form shows it.
func Line(ps *Problems, field, label, text string, most int) string {
	return clean(ps, field, label, text, most, false)
}

// Paragraph is Line for a text of several lines.
func Paragraph(ps *Problems, field, label, text string, most int) string {
	return clean(ps, field, label, text, most, true)
}

// Optional is Paragraph for a text that may be left empty.
func Optional(ps *Problems, field, label, text string, most int) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return clean(ps, field, label, text, most, true)
}

func clean(ps *Problems, field, label, text string, most int, lines bool) string {
	if text != "" && (len(text) <= most || utf8.RuneCountInString(text) <= most) && Ordinary(text) { // nearly all
		return text
	}
	text = strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(text, "\r\n", "\n")))
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unseen(r, lines) }):
		*ps = append(*ps, ErrControl.With(label).At(field))
	case text == "":
		*ps = append(*ps, ErrEmpty.With(label).At(field))
	case utf8.RuneCountInString(text) > most:
		*ps = append(*ps, ErrLong.With(label, most, utf8.RuneCountInString(text)).At(field))
	}
	return text
}

// Ordinary reports whether text is printable ASCII, common Chinese characters and
// Chinese punctuation, without blanks at its ends. Such a text is NFC and hides
// nothing: there is nothing to clean.
func Ordinary(text string) bool {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f || c == ' ' && (i == 0 || i == len(text)-1) {
				return false
			}
			i++
			continue
		} else if 0xe5 <= c && c <= 0xe9 && i+2 < len(text) && text[i+1]&0xc0 == 0x80 && text[i+2]&0xc0 == 0x80 {
			i += 3 // U+5000 to U+9FFF: most Chinese characters, and all common
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r >= 0x4e00 && r <= 0x9fff, r >= 0x3001 && r <= 0x3020, r >= 0x3400 && r <= 0x4dbf:
		case r >= 0xff01 && r <= 0xff0f, r >= 0xff1a && r <= 0xff20: // full-width signs
		case r == '“', r == '”', r == '‘', r == '’', r == '—', r == '…', r == '·':
		default:
			return false
		}
		i += size
	}
	return true
}

// unseen reports whether r would hide in a text: control characters, the format
// characters that reorder or join what is seen (bidi, zero width), and the
// letters, marks and blanks that show nothing at all.
func unseen(r rune, lines bool) bool {
	if lines && (r == '\n' || r == '\t') {
		return false
	}
	return r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) || r == '\u2028' || r == '\u2029' ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
}
