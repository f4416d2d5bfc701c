package inspect

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What is called ordinary needs no cleaning: what is long would say so too.
func checkOrdinary(t *testing.T, text string) {
	if !Ordinary(text) || text == "" {
		return
	}
	hidden := strings.ContainsFunc(text, func(r rune) bool { return unseen(r, false) })
	if hidden || !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) || strings.TrimSpace(text) != text {
		t.Errorf("%q is not ordinary", text)
	}
	var ps Problems
	if got := Line(&ps, "field", "栏目", text, 10); got != text || (len(ps) > 0) != (utf8.RuneCountInString(text) > 10) {
		t.Errorf("%q became %q: %v", text, got, ps)
	}
}

func TestOrdinaryCharacters(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		checkOrdinary(t, string(r))
	}
	for _, text := range []string{"海阳市某某（集团）有限公司", "A 1%，B 3%", "许可项目：食品生产；一般项目：“日用”百货……"} {
		if !Ordinary(text) {
			t.Errorf("%q is ordinary", text)
		}
	}
}

func FuzzOrdinary(f *testing.F) {
	f.Add("海阳市某某食品有限公司")
	f.Add(" a\u00a0\u200b")
	f.Fuzz(checkOrdinary)
}
