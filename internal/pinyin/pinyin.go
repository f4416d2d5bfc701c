// Package pinyin makes the keys by which Chinese names are sorted and searched.
//
// The reading of a single character comes from the library go-pinyin. What it
// cannot know is which of several readings a name means; three short tables
// (reading.go) say so for surnames, and for words in names of places and bodies.
package pinyin

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Key returns the key by which name sorts as in a Chinese register: character by
// character, by syllable, then tone, then the character itself, so that persons
// of one surname stand together. Letters are in lower case, and punctuation
// counts as a space between words. Keys are compared by bytes. The key of a name
// of nothing else is empty.
//
//	海阳市KTV → "hai3海 yang2阳 shi4市 ktv"
func Key(name string) string {
	var b strings.Builder
	apart := false // a space is due
	read(name, func(r rune, syllable string) {
		switch {
		case syllable != "":
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(syllable)
			b.WriteRune(r)
			apart = true
		case r == ' ':
			apart = b.Len() > 0
		default:
			if apart {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			apart = false
		}
	})
	return b.String()
}

// Initials returns the first letters of name's syllables, by which people search
// for it: 海阳市公安局 is hysgaj. Letters and digits stand for themselves.
func Initials(name string) string {
	b := make([]byte, 0, len(name))
	read(name, func(r rune, syllable string) {
		switch {
		case syllable != "":
			b = append(b, syllable[0])
		case r != ' ':
			b = utf8.AppendRune(b, r)
		}
	})
	return string(b)
}

// read calls each for every character of name: with its syllable and tone if it
// has any, else in lower case, and a blank for what is neither letter nor digit.
func read(name string, each func(r rune, syllable string)) {
	var few [64]rune
	runes := few[:0]
	for _, r := range name {
		runes = append(runes, r)
	}
	t := tableOf()
	for i := 0; i < len(runes); {
		r := runes[i]
		if r < 0x80 { // no word of the tables begins so
			each(ascii(r), "")
			i++
			continue
		}
		if said := t.known(runes, i); len(said) > 0 {
			for j, syllable := range said {
				each(runes[i+j], syllable)
			}
			i += len(said)
			continue
		}
		if r >= '！' && r <= '～' { // the full-width forms of ASCII
			r += '!' - '！'
		}
		i++
		switch syllable := t.reading(r); {
		case syllable != "":
			each(r, syllable)
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == utf8.RuneError:
			each(unicode.ToLower(r), "")
		default:
			each(' ', "")
		}
	}
}

// ascii is a letter in lower case, a digit, or a blank for anything else.
func ascii(r rune) rune {
	switch {
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A'
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return r
	}
	return ' '
}
