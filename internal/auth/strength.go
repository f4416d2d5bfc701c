package auth

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suicha/internal/inspect"
)

// Lengths of a password in characters, after NIST SP 800-63B-4: long if nothing
// else is asked for, and no rules about which characters. 口令长度: 等保 2.0 三级
// asks for complexity, which a longer password exceeds.
const (
	passwordAlone = 15
	passwordWith  = 8 // beside a second factor
	passwordMost  = 128
	passwordBytes = 4 * passwordMost * 3 // NFKC may triple a text
)

//go:embed common.txt
var commonText string

// common are words that guessers try first.
var common = strings.Fields(commonText)

// runs are what fingers type by themselves.
var runs = []string{
	"abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
	"01234567890", "qazwsxedcrfvtgbyhnujmikolp", "一二三四五六七八九十",
}

// ownLeast is how many characters of a password must be its owner's idea: not
// part of a common word, a run, a repetition, or a name from around.
const ownLeast = 5

// judge says what is wrong with a new password. Least is how long it has to be;
// words are names that it must not rest on.
func judge(password string, least int, words []string) error {
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return inspect.ErrSecretText
	}
	n := utf8.RuneCountInString(normal(password))
	switch {
	case n < least && least == passwordAlone:
		return inspect.ErrShortAlone.With(least, n)
	case n < least:
		return inspect.ErrShort.With(least, n)
	case n > passwordMost:
		return inspect.ErrLongPassword.With(passwordMost, n)
	case ownPart(password, words) < ownLeast:
		return inspect.ErrCommon
	}
	return nil
}

// ownPart counts the characters of a password that remain when common words,
// names, runs and repetitions are taken out. What is taken out leaves a gap, so
// that the rest does not grow together into something new.
func ownPart(password string, words []string) int {
	text := fold(password)
	known := make([]string, 0, len(common)+len(words))
	for _, w := range words {
		// Two Chinese characters are a name; two letters are only two letters.
		if w = fold(w); utf8.RuneCountInString(w) >= 2 && len(w) >= 3 {
			known = append(known, w)
		}
	}
	known = append(known, common...)
	slices.SortStableFunc(known, func(a, b string) int { return len(b) - len(a) })
	for _, w := range known {
		text = strings.ReplaceAll(text, w, "\x00")
	}
	own := 0
	rest := []rune(text)
	for i := 0; i < len(rest); {
		n := max(runAt(rest[i:]), repeatAt(rest[i:]))
		switch {
		case n >= 3:
			i += n
		default:
			if rest[i] != 0 {
				own++
			}
			i++
		}
	}
	return own
}

// fold writes text as guessers do: lower case, usual replacements undone, blanks
// and signs gone.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		switch r {
		case '@':
			return 'a'
		case '$':
			return 's'
		case ' ', '.', '-', '_', '!', '?', '*', '#':
			return -1
		}
		return r
	}, normal(text))
}

// runAt is the length of the run of keys, forwards or backwards, that text
// begins with.
func runAt(text []rune) int {
	longest := 0
	for _, run := range runs {
		keys := []rune(run)
		for start, key := range keys {
			if key != text[0] {
				continue
			}
			for _, step := range []int{1, -1} {
				n, at := 0, start
				for n < len(text) && at >= 0 && at < len(keys) && text[n] == keys[at] {
					n, at = n+1, at+step
				}
				longest = max(longest, n)
			}
		}
	}
	return longest
}

// repeatAt is the length of what text begins with and repeats at once: aaaa,
// abab, 123123. The first round is counted too.
func repeatAt(text []rune) int {
	longest := 0
	for period := 1; period*2 <= len(text); period++ {
		n := period
		for n < len(text) && text[n] == text[n-period] {
			n++
		}
		if n >= 2*period && n >= 3 {
			longest = max(longest, n)
		}
	}
	return longest
}

// foldName is the one form of a sign-in name, or a problem.
func foldName(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(normal(name)))
	n := utf8.RuneCountInString(name)
	if n < 2 || n > 40 {
		return name, inspect.ErrAccountName
	}
	for i, r := range name {
		edge := i == 0 || i+utf8.RuneLen(r) == len(name)
		if unicode.IsLetter(r) || unicode.IsDigit(r) || !edge && strings.ContainsRune(".-_", r) {
			continue
		}
		return name, inspect.ErrAccountName
	}
	return name, nil
}
