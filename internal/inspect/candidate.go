package inspect

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suicha/internal/industry"
)

// A MemberRule (辅助生成规则) proposes objects for a sub-library by industry and by
// words of the business scope: R34, 海政办发〔2020〕2号 二(三). It proposes and never
// decides: what it finds is a candidate until the department confirms it.
type MemberRule struct {
	Industries []string `json:"industries,omitempty"` // GB/T 4754, any level
	Without    []string `json:"without,omitempty"`    // industries that are left out
	Either     bool     `json:"either,omitempty"`     // industry or words are enough; else both are asked for
	Any        []string `json:"any,omitempty"`        // one of these words
	All        []string `json:"all,omitempty"`        // and each of these
	None       []string `json:"none,omitempty"`       // and none of these
}

// The most entries of one list of a rule, and the shortest word: one character
// stands in nearly every scope.
const (
	ruleListMost = 50
	ruleWordLess = 2
)

// IsZero reports whether nothing is asked for, so that nothing is proposed.
func (r MemberRule) IsZero() bool {
	return len(r.Industries) == 0 && len(r.Any) == 0 && len(r.All) == 0
}

// Tidy brings a rule into its one form, or says what is wrong with it.
func (r MemberRule) Tidy() (MemberRule, error) {
	var ps Problems
	r.Industries = ruleCodes(&ps, "industries", "行业代码", r.Industries)
	r.Without = ruleCodes(&ps, "without", "排除的行业代码", r.Without)
	r.Any = ruleWords(&ps, "any", "关键字", r.Any)
	r.All = ruleWords(&ps, "all", "须同时包含的关键字", r.All)
	r.None = ruleWords(&ps, "none", "排除的关键字", r.None)
	if r.IsZero() && len(ps) == 0 {
		ps = append(ps, ErrRuleEmpty.At("any"))
	}
	return r, ps.Err()
}

func ruleCodes(ps *Problems, field, label string, codes []string) []string {
	var tidy []string
	for _, c := range codes {
		found, err := industry.Parse(c)
		switch {
		case strings.TrimSpace(c) == "":
		case err != nil:
			*ps = append(*ps, ErrIndustry.With(c).At(field))
		case !slices.Contains(tidy, string(found.Code)):
			tidy = append(tidy, string(found.Code))
		}
	}
	if len(tidy) > ruleListMost {
		*ps = append(*ps, ErrRuleMany.With(label, ruleListMost).At(field))
	}
	return tidy
}

func ruleWords(ps *Problems, field, label string, words []string) []string {
	var tidy []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w == "" || slices.Contains(tidy, w) {
			continue
		}
		w = Line(ps, field, label, w, 30)
		if utf8.RuneCountInString(w) < ruleWordLess {
			*ps = append(*ps, ErrRuleWord.With(w).At(field))
		}
		tidy = append(tidy, w)
	}
	if len(tidy) > ruleListMost {
		*ps = append(*ps, ErrRuleMany.With(label, ruleListMost).At(field))
	}
	return tidy
}

// Words parts a list that a person typed, with 、 or commas or blanks between.
func Words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("、，,；;", r) })
}

// A Mention is where a scope names a word, in bytes. One that is negated, as in
// 不含食品, says the opposite: it neither proposes nor keeps out.
type Mention struct {
	Word     string
	From, To int
	Negated  bool
	Bars     bool // a word that keeps the object out
}

// A Verdict is what a rule says of one object, and why.
type Verdict struct {
	In       bool
	Why      string
	Mentions []Mention // in the order of the scope
}

// Judge says whether the rule proposes the object, and why or why not.
func (r MemberRule) Judge(o Object) Verdict {
	code := industry.Code(o.Industry)
	within := func(areas []string) string {
		i := slices.IndexFunc(areas, func(a string) bool { return code.Within(industry.Code(a)) })
		if i < 0 {
			return ""
		}
		return areas[i]
	}
	var v Verdict
	s := newScope(o.Scope)
	words := func(all []string, bars bool) (has []string) {
		for _, w := range all {
			said := false
			for _, m := range s.find(w) {
				m.Bars = bars
				v.Mentions, said = append(v.Mentions, m), said || !m.Negated
			}
			if said {
				has = append(has, w)
			}
		}
		return has
	}
	any, each, barred := words(r.Any, false), words(r.All, false), words(r.None, true)
	slices.SortStableFunc(v.Mentions, func(a, b Mention) int { return a.From - b.From })
	in, out := within(r.Industries), within(r.Without)
	byIndustry := in != ""
	byWords := (len(r.Any) == 0 || len(any) > 0) && len(each) == len(r.All) && len(r.Any)+len(r.All) > 0
	switch {
	case out != "":
		v.Why = fmt.Sprintf("行业 %s 属于排除的 %s", o.Industry, out)
	case len(barred) > 0:
		v.Why = "经营范围含排除的" + quoted(barred)
	default:
		v.In = r.joined(byIndustry, byWords)
		v.Why = ruleWhy(o.Industry, in, append(any, each...), v)
	}
	return v
}

// joined says whether what was found is enough.
func (r MemberRule) joined(byIndustry, byWords bool) bool {
	industries, words := len(r.Industries) > 0, len(r.Any)+len(r.All) > 0
	switch {
	case industries && words && r.Either:
		return byIndustry || byWords
	case industries && words:
		return byIndustry && byWords
	}
	return industries && byIndustry || words && byWords
}

func ruleWhy(own, area string, words []string, v Verdict) string {
	var why []string
	if area != "" {
		why = append(why, fmt.Sprintf("行业 %s 属于 %s", own, area))
	}
	if len(words) > 0 {
		why = append(why, "经营范围含"+quoted(words))
	}
	if !v.In {
		if slices.ContainsFunc(v.Mentions, func(m Mention) bool { return m.Negated && !m.Bars }) {
			why = append(why, "关键字只在“不含”“除外”等处出现")
		}
		return strings.Join(append([]string{"不符合规则"}, why...), "；")
	}
	return strings.Join(why, "；")
}

func quoted(words []string) string {
	return "“" + strings.Join(slices.Compact(words), "”“") + "”"
}
