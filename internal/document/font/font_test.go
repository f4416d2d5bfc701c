package font

import (
	"strings"
	"testing"
	"unicode"
)

func builtin(t testing.TB) *Set {
	t.Helper()
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func ignore(rune) {}

func joined(lines [][]Glyph) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		for _, g := range l {
			out[i] += string(g.Rune)
		}
	}
	return strings.Join(out, "/")
}

// No line begins with a mark that ends something, nor ends with one that begins it.
func TestLinesBreakAsChineseDoes(t *testing.T) {
	set := builtin(t)
	for _, test := range []struct {
		text  string
		width float64
		want  string
	}{
		{"检查结果未发现问题", 4, "检查结果/未发现问/题"},
		{"检查结果，未发现问题", 4, "检查结/果，未发/现问题"},
		{"检查结果。）未发现", 4, "检查结/果。）未/发现"},
		{"按照（一）项检查", 3, "按照/（一）/项检查"},
		{"依据《公司法》检查", 4, "依据《公/司法》检/查"},
		{"检查……继续", 3, "检/查……/继续"},
		{"共 123456 户企业", 4, "共/123456/户企业"},
		{"海阳ABCDEFGHIJKLMNOP局", 4, "海阳/ABCDE/FGHIJK/LMNOP/局"},
		{"检查 ", 2, "检查"},
		{"检查  结果", 2, "检查/结果"},
		{"检查\u00a0结果", 2.5, "检/查\u00a0结/果"},
		{Together("责令改正") + "检查", 3, "责令改/正检查"},
		{"你好" + Together("责令改正"), 5, "你好/责令改正"},
		{"，，，，，，", 2, "，，/，，/，，"},
		{"", 2, ""},
		{"检", 0, "检"},
		{"检查", -1, "检/查"},
	} {
		if got := joined(Break(set.Glyphs(Plain, test.text, ignore), test.width, 0)); got != test.want {
			t.Errorf("%q in %g ems: %s, want %s", test.text, test.width, got, test.want)
		}
	}
}

func TestCentredLinesAreAboutEqual(t *testing.T) {
	set := builtin(t)
	for _, test := range []struct {
		text  string
		width float64
		want  string
	}{
		{"市场监督管理局", 6, "市场监督/管理局"},
		{"统一社会信用代码", 7, "统一社会/信用代码"},
		{"检查结果", 7, "检查结果"},
		{"海阳市123456789012局", 7, "海阳市/123456789012/局"},
	} {
		if got := joined(Balanced(set.Glyphs(Plain, test.text, ignore), test.width)); got != test.want {
			t.Errorf("%q in %g ems: %s, want %s", test.text, test.width, got, test.want)
		}
	}
}

// FuzzBreak: nothing but spaces at the ends of lines is lost, no line is too long, and
// none breaks the rules where there was another place.
func FuzzBreak(f *testing.F) {
	for _, seed := range []string{"检查结果，未发现问题。", "a b c", "（（（", "，，，", "A123-45 检查 \u00a0 x", "\n\u2060\u2060检"} {
		f.Add(seed, 5.0)
	}
	set := builtin(f)
	f.Fuzz(func(t *testing.T, text string, width float64) {
		if !(width > -10 && width < 1000) {
			return
		}
		all := set.Glyphs(Plain, Clean(text), ignore)
		lines := Break(all, width, 0)
		var back, want strings.Builder
		for _, l := range lines {
			if Width(l) > width+slack && len(l) > 1 {
				t.Errorf("a line of %g ems in %g: %s", Width(l), width, joined([][]Glyph{l}))
			}
			for _, g := range l {
				back.WriteRune(g.Rune)
			}
		}
		for _, g := range all {
			want.WriteRune(g.Rune)
		}
		if noSpace(back.String()) != noSpace(want.String()) {
			t.Errorf("%q became %q", want.String(), back.String())
		}
	})
}

func noSpace(s string) string { return strings.NewReplacer(" ", "", "　", "").Replace(s) }

func TestCleanKeepsWhatIsPrinted(t *testing.T) {
	for in, want := range map[string]string{
		"甲\r\n乙\r丙\u2028丁": "甲\n乙\n丙\n丁", "a\tb": "a b", "\u202e倒\u202c": "倒", "葛\U000e0100": "葛", "\ufeff甲\u200d": "甲",
		"\ue000": "\ue000", "\ufffe": "", "\xff": "\ufffd", "𠮷": "𠮷", "甲　乙": "甲　乙", "é": "é",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// The fonts have all that GB2312 has, and most of what names have beyond it.
func TestBuiltinFontsHaveTheCommonCharacters(t *testing.T) {
	set := builtin(t)
	for _, weight := range []int{Plain, Bold} {
		have := 0
		for r := range rune(0x30000) {
			if g, ok := set.Glyph(weight, r); ok && unicode.Is(unicode.Han, r) {
				have++
				if g.Wide <= 0 {
					t.Errorf("%c has no width", r)
				}
			}
		}
		if have < 28_000 {
			t.Errorf("weight %d has %d Chinese characters", weight, have)
		}
	}
	for _, r := range "堃喆镕㛃龘𬭎𫠊𫖯〇☐☑✓〔〕　 \u00a0" {
		if g, ok := set.Glyph(Bold, r); !ok || set.Family(g.Face) != "SUICHA+NotoSerifSC-Bold" {
			t.Errorf("the bold font lacks %c", r)
		}
	}
}

func TestOwnFontsComeFirstAndDamagedOnesAreRefused(t *testing.T) {
	set := builtin(t)
	file, err := embedded("bold.ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	own, err := set.With(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if g, _ := own.Glyph(Plain, '检'); own.Family(g.Face) != "SUICHA+OwnText" {
		t.Errorf("texts are set in %s", own.Family(g.Face))
	}
	if g, _ := own.Glyph(Bold, '检'); own.Family(g.Face) != "SUICHA+NotoSerifSC-Bold" {
		t.Errorf("heads are set in %s", own.Family(g.Face))
	}
	if g, _ := set.Glyph(Plain, '检'); set.Family(g.Face) != "SUICHA+NotoSerifSC-Regular" {
		t.Error("the set that was added to has changed")
	}
	for _, bad := range [][]byte{[]byte("OTTO"), []byte("ttcf\x00"), file[:1000], file[:len(file)/2]} {
		if _, err := set.With(nil, bad); err == nil {
			t.Errorf("a damaged font of %d bytes was taken", len(bad))
		}
	}
}
