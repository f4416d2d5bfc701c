package exchange

import (
	"strings"
	"unicode/utf8"
)

// guarded are the first characters that make a spreadsheet take a text for a
// formula, in their full-width forms too, which some take the same way.
const guarded = "=+-@\t\r\n＝＋－＠"

// Guard puts an apostrophe before what a spreadsheet could take for a formula.
// Excel then shows the text as it was typed. Unguard takes it away again, so a
// text that already looks guarded gets another one.
func Guard(text string) string {
	if risky(text) {
		return "'" + text
	}
	return text
}

// Unguard is the inverse of Guard: Unguard(Guard(text)) is text.
func Unguard(text string) string {
	if bare, ok := strings.CutPrefix(text, "'"); ok && risky(bare) {
		return bare
	}
	return text
}

// risky reports whether a program could take the text for a formula: only the
// first character that is no apostrophe matters.
func risky(text string) bool {
	first, size := utf8.DecodeRuneInString(strings.TrimLeft(text, "'"))
	return size > 0 && strings.ContainsRune(guarded, first)
}
