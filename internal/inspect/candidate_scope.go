package inspect

import (
	"slices"
	"unicode"
)

// A scopeText is a business scope (经营范围) in which words are looked up: its
// characters folded to one form, where each begins, and which are negated.
type scopeText struct {
	runes   []rune
	at      []int  // byte offsets, one more than runes
	negated []bool // of each rune
}

// fold makes one form of full-width and capital letters and of brackets.
func fold(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch r {
	case '【', '〔', '[', '{', '「', '〈', '《':
		return '('
	case '】', '〕', ']', '}', '」', '〉', '》':
		return ')'
	case '。', '\n':
		return ';'
	}
	return unicode.ToLower(r)
}

func newScope(text string) scopeText {
	var s scopeText
	for i, r := range text {
		s.runes, s.at = append(s.runes, fold(r)), append(s.at, i)
	}
	s.at = append(s.at, len(text))
	s.negated = make([]bool, len(s.runes))
	s.negate()
	return s
}

// ahead are the words after which a scope names what is not done, to the end of
// the clause. Longer ones stand first.
var ahead = runesOf("不得从事", "不得经营", "不得含有", "不包括", "不包含", "不从事", "不经营", "不含有", "不涉及", "不含", "不得", "严禁", "禁止", "不设", "未含")

func runesOf(words ...string) [][]rune {
	all := make([][]rune, len(words))
	for i, w := range words {
		all[i] = []rune(w)
	}
	return all
}

// negate marks what the scope leaves out: 不含…, 不得从事…, 除…外, …除外.
func (s scopeText) negate() {
	opens := []int{} // of the brackets around i
	for i := 0; i < len(s.runes); i++ {
		switch s.runes[i] {
		case '(':
			opens = append(opens, i)
			continue
		case ')':
			opens = opens[:max(0, len(opens)-1)]
			continue
		}
		switch {
		case s.has(i, []rune("除外")):
			s.mark(s.clauseBegin(i, len(opens) > 0), i)
			i++
		case s.runes[i] == '除' && s.begins(i):
			s.mark(i+1, s.exceptEnd(i))
		default:
			for _, cue := range ahead {
				if s.has(i, cue) {
					s.mark(i+len(cue), s.clauseEnd(i+len(cue), len(opens) > 0))
					break
				}
			}
		}
	}
}

func (s scopeText) has(i int, word []rune) bool {
	return i+len(word) <= len(s.runes) && slices.Equal(s.runes[i:i+len(word)], word)
}

func (s scopeText) mark(from, to int) {
	for i := from; i < to; i++ {
		s.negated[i] = true
	}
}

// clauseEnd is where the clause that goes on at i ends: at a semicolon, at the
// bracket that closes around it, and outside of brackets at a comma.
func (s scopeText) clauseEnd(i int, inside bool) int {
	depth := 0
	for ; i < len(s.runes); i++ {
		switch r := s.runes[i]; {
		case r == '(':
			depth++
		case r == ')' && depth == 0, r == ';' && depth == 0, r == ',' && depth == 0 && !inside:
			return i
		case r == ')':
			depth--
		}
	}
	return i
}

// clauseBegin is where the clause before i begins.
func (s scopeText) clauseBegin(i int, inside bool) int {
	depth := 0
	for ; i > 0; i-- {
		switch r := s.runes[i-1]; {
		case r == ')':
			depth++
		case r == '(' && depth == 0, r == ';' && depth == 0, r == ',' && depth == 0 && !inside:
			return i
		case r == '(':
			depth--
		}
	}
	return i
}

// begins reports whether a clause or a part of a list begins at i.
func (s scopeText) begins(i int) bool {
	return i == 0 || slices.Contains([]rune("();,、:· "), s.runes[i-1])
}

// exceptEnd is where 除…外 that begins at i ends, i+1 if it does not: 外 must
// end its clause or be followed by what the rest may do, so that 除尘、外墙清洗
// stays what it is.
func (s scopeText) exceptEnd(i int) int {
	end := s.clauseEnd(i, true)
	for j := i + 2; j < end; j++ {
		if s.runes[j] == '外' && (j+1 == len(s.runes) || slices.Contains([]rune(",;):的均可，"), s.runes[j+1])) {
			return j
		}
	}
	return i + 1
}

// find returns every place where the scope names word. A place counts as
// negated if it begins in a part that is, or if 非 stands right before it.
func (s scopeText) find(word string) []Mention {
	folded := []rune(word)
	for i, r := range folded {
		folded[i] = fold(r)
	}
	if len(folded) == 0 {
		return nil
	}
	var all []Mention
	for i := 0; i+len(folded) <= len(s.runes); i++ {
		if s.has(i, folded) {
			all = append(all, Mention{Word: word, From: s.at[i], To: s.at[i+len(folded)], Negated: s.negated[i] || i > 0 && s.runes[i-1] == '非'})
			i += len(folded) - 1
		}
	}
	return all
}
