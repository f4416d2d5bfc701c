package uscc

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWhatIsAccepted(t *testing.T) {
	for _, test := range []struct {
		in      string
		want    Code
		class   Class
		kind    Kind
		changed Change
	}{
		{"91370687MA3TERT03B", "91370687MA3TERT03B", Valid, "", 0},
		{"92370687MA3XY12K76", "92370687MA3XY12K76", Valid, "", 0},
		{"93370687MA3XY12K73", "93370687MA3XY12K73", Valid, "", 0},
		{"91370687000000000L", "91370687000000000L", Valid, "", 0},
		{" 91370687ma3tert03b\t", "91370687MA3TERT03B", Valid, "", Blanks | Case},
		{"９１３７０６８７ＭＡ３ＴＥＲＴ０３Ｂ", "91370687MA3TERT03B", Valid, "", Width},
		{"９１３７０６８７ｍａ３tert０３Ｂ", "91370687MA3TERT03B", Valid, "", Width | Case},
		{"9137 0687 MA3T ERT0 3B", "91370687MA3TERT03B", Valid, "", Blanks},
		{"913706-87MA3TERT03－B", "91370687MA3TERT03B", Valid, "", Hyphens | Width},
		{"91370687—MA3TERT0‑3B", "91370687MA3TERT03B", Valid, "", Hyphens},
		{"\ufeff91370687\u3000MA3TERT03B\u200b\u00a0", "91370687MA3TERT03B", Valid, "", Blanks},
		{"91370687MA3TERT03C", "91370687MA3TERT03C", Warning, Check, 0},
		{"913706870000000011", "913706870000000011", Warning, Check, 0},
		{"370687000000010", "370687000000010", LegacyRegistration, Legacy, 0},
		{"370687 000000010", "370687000000010", LegacyRegistration, Legacy, Blanks},
		{"370687000000019", "370687000000019", Warning, RegistrationCheck, 0},
	} {
		code, verdict := Parse(test.in)
		if code != test.want || verdict.Class != test.class || verdict.Reason.Kind != test.kind || verdict.Changed != test.changed {
			t.Errorf("%q: %s %+v, want %s %s %q %04b", test.in, code, verdict, test.want, test.class, test.kind, test.changed)
		}
	}
}

// A code whose last character fits and whose organisation code does not is a
// warning as well: the pilots had such codes.
func TestAWrongOrganisationCodeIsAWarning(t *testing.T) {
	code, err := Make("91350000M0001XXX1")
	if err != nil {
		t.Fatal(err)
	}
	_, verdict := Parse(string(code))
	if verdict.Class != Warning || verdict.Reason.Kind != OrganisationCheck || verdict.Reason.At != 17 {
		t.Errorf("%s: %+v", code, verdict)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, test := range []struct {
		in   string
		kind Kind
		say  string
	}{
		{"", Empty, "没有填写"},
		{" \u3000\t", Empty, "没有填写"},
		{"-", Empty, "没有填写"},
		{"91370687MA3TERT0", Length, "现为16位"},
		{"91370687MA3TERT03BB", Length, "现为19位"},
		{"37068700000001", Length, "现为14位"},
		{"37068728001", Length, "现为11位"},
		{"37068700000001X", Length, "现为15位"},
		{"91370687MA3TERT0OB", Character, "第17位“O”不是统一社会信用代码可用的字符，代码不使用字母I、O、S、V、Z，请核对是否为“0”。"},
		{"9I370687MA3TERT03B", Character, "第2位“I”"},
		{"91370687MA3TERT03中", Character, "第18位“中”"},
		{"91370687MA3TERT03\xff", Character, "第18位“U+FFFD”"},
		{"91370687MA3TERT0\x003B", Character, "第17位“U+0000”"},
		{"统一社会信用代码：91370687MA3TERT03B", Character, "第1位“统”"},
		{"91A70687MA3TERT03B", Region, "第3至8位"},
		{"9.13707E+17", Scientific, "科学计数"},
		{"9.13707e+17", Scientific, "科学计数"},
		{"E+17", Character, "第2位“+”"},
		{"9..1E+17", Character, "第2位“.”"},
		{strings.Repeat("9", 201), TooLong, "内容过长"},
		{strings.Repeat("9", 200), Length, "现为200位"},
		{"无", Character, "第1位“无”"},
	} {
		code, verdict := Parse(test.in)
		if code != "" || verdict.Class != Invalid || verdict.Reason.Kind != test.kind {
			t.Errorf("%q: %q %+v, want %s", test.in, code, verdict, test.kind)
		}
		if got := verdict.Reason.Text(); !strings.Contains(got, test.say) {
			t.Errorf("%q: %s, want %s", test.in, got, test.say)
		}
	}
}

func TestEveryReasonIsOneSentence(t *testing.T) {
	for _, kind := range []Kind{Empty, TooLong, Scientific, Character, Length, Region, Check, OrganisationCheck, RegistrationCheck, Legacy} {
		text := Reason{Kind: kind, At: 3, Found: 'A', Want: 'B'}.Text()
		if strings.Count(text, "。") != 1 || !strings.HasSuffix(text, "。") || strings.Contains(text, "%!") {
			t.Errorf("%s: %s", kind, text)
		}
	}
	if (Reason{}).Text() != "" || Change(0).Text() != "" {
		t.Error("nothing to say, and yet something said")
	}
	if got, want := (Blanks | Hyphens | Width | Case).Text(), "已自动去除空格、去除连字符、全角转为半角、字母转为大写，请核对。"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestParts(t *testing.T) {
	for _, test := range []struct {
		code                                    Code
		authority, category, check              byte
		region, org, authorityName, categoryTxt string
		individual, legacy                      bool
	}{
		{"91370687MA3TERT03B", '9', '1', 'B', "370687", "MA3TERT03", "市场监管", "企业", false, false},
		{"92370687MA3XY12K76", '9', '2', '6', "370687", "MA3XY12K7", "市场监管", "个体工商户", true, false},
		{"370687000000010", 0, 0, '0', "370687", "", "", "", false, true},
		{"", 0, 0, 0, "", "", "", "", false, false},
	} {
		c := test.code
		if c.Authority() != test.authority || c.Category() != test.category || c.Check() != test.check ||
			c.Region() != test.region || c.Organisation() != test.org || c.AuthorityName() != test.authorityName ||
			c.CategoryName() != test.categoryTxt || c.IndividualBusiness() != test.individual || c.Legacy() != test.legacy {
			t.Errorf("%s: %c %c %s %s %c %s %s", c, c.Authority(), c.Category(), c.Region(), c.Organisation(), c.Check(), c.AuthorityName(), c.CategoryName())
		}
	}
	for code := range categories {
		if authorities[code[0]] == "" {
			t.Errorf("category %s of an authority without a name", code)
		}
	}
}

// GB 32100-2015 prints the weights; they must be the powers that the code uses.
func TestWeightsOfTheStandard(t *testing.T) {
	weights := []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	for i, weight := range weights {
		prefix := []byte(strings.Repeat("0", 17))
		prefix[i] = '1'
		if got, want := checkCharacter(string(prefix)), alphabet[31-weight]; got != want {
			t.Errorf("weight %d: check character %c, want %c", i+1, got, want)
		}
	}
	if len(alphabet) != 31 || strings.ContainsAny(alphabet, "IOSVZ") {
		t.Errorf("alphabet %s", alphabet)
	}
}

func TestKnownCheckDigits(t *testing.T) {
	if got := registrationCheck("79462"); got != '3' { // the worked example of ISO 7064 MOD 11,10
		t.Errorf("ISO 7064 check of 79462 is %c, want 3", got)
	}
	if got := registrationCheck("11010800000001"); got != '6' { // the example of the numbering rules of 2007
		t.Errorf("registration number 11010800000001: check %c, want 6", got)
	}
	for prefix, want := range map[string]byte{"MA3TERT0": '3', "MA3XY12K": '7', "00000000": '0', "D2143569": 'X'} { // the last is the example of GB 11714
		if got := orgCheck(prefix); got != want {
			t.Errorf("organisation code %s: check %c, want %c", prefix, got, want)
		}
	}
}

func TestMake(t *testing.T) {
	for _, test := range []struct {
		prefix string
		want   Code
	}{
		{"91370687MA3TERT03", "91370687MA3TERT03B"},
		{"91370687MA3TERT0", "91370687MA3TERT03B"},
		{"93370687MA3XY12K", "93370687MA3XY12K73"},
		{"37068700000001", "370687000000010"},
	} {
		if got, err := Make(test.prefix); err != nil || got != test.want {
			t.Errorf("Make(%s) = %s, %v, want %s", test.prefix, got, err, test.want)
		}
	}
	for _, prefix := range []string{"", "9137", "91370687MA3TERT03B", "91370687MA3TERTO3", "91A70687MA3TERT03", "91370687ma3tert03", "3706870000000A", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"} {
		if got, err := Make(prefix); !errors.Is(err, ErrPrefix) || got != "" {
			t.Errorf("Make(%q) = %s, %v", prefix, got, err)
		}
	}
}

func TestSyntheticCodesAreValidAndDifferent(t *testing.T) {
	seen := map[Code]bool{}
	for _, head := range []string{"91370687", "92370687", "93370602"} {
		for n := range 2000 {
			code, err := Synthetic(head, n*n*n)
			if err != nil {
				continue
			}
			if again, verdict := Parse(string(code)); again != code || verdict != (Verdict{Class: Valid}) {
				t.Fatalf("%s: %+v", code, verdict)
			}
			if seen[code] || !strings.HasPrefix(string(code), head+"YY") {
				t.Fatalf("%s comes twice or does not begin with its head", code)
			}
			seen[code] = true
		}
	}
	if len(seen) < 2000 {
		t.Errorf("only %d codes", len(seen))
	}
	for _, test := range []struct {
		head string
		n    int
	}{{"91370687", -1}, {"91370687", 31 * 31 * 31 * 31 * 31 * 31}, {"9137068", 1}, {"9137068O", 1}, {"91A70687", 1}, {"", 0}} {
		if code, err := Synthetic(test.head, test.n); !errors.Is(err, ErrPrefix) {
			t.Errorf("Synthetic(%q, %d) = %s, %v", test.head, test.n, code, err)
		}
	}
}

// Every single wrong character is found. Of two neighbours that changed
// places all are found too, because the weights differ everywhere.
func TestTypingErrorsAreFound(t *testing.T) {
	const code = "91370687MA3TERT03B"
	for i := range len(code) {
		for j := range len(alphabet) {
			wrong := code[:i] + alphabet[j:j+1] + code[i+1:]
			if _, verdict := Parse(wrong); wrong != code && verdict.Class == Valid {
				t.Errorf("%s is valid", wrong)
			}
		}
		if i > 0 && code[i] != code[i-1] {
			wrong := code[:i-1] + code[i:i+1] + code[i-1:i] + code[i+1:]
			if _, verdict := Parse(wrong); verdict.Class == Valid {
				t.Errorf("%s is valid", wrong)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"91370687MA3TERT03B", "９１３７０６８７ＭＡ３ＴＥＲＴ０３Ｂ", "9137-0687 MA3TERT03C", "370687000000010", "9.13707E+17", "", "\xff\x00", "—－~～",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, verdict := Parse(s)
		if (code == "") != (verdict.Class == Invalid) || (verdict.Class == Valid) != (verdict.Reason == Reason{}) {
			t.Errorf("%q: %q %+v", s, code, verdict)
		}
		if text := verdict.Reason.Text(); !utf8.ValidString(text) || (verdict.Class != Valid && text == "") {
			t.Errorf("%q: %q", s, text)
		}
		if code == "" {
			return
		}
		if len(code) != 18 && len(code) != 15 || len(code.Region()) != 6 || !digits(code.Region()) {
			t.Errorf("%q: %q", s, code)
		}
		again, second := Parse(string(code))
		if again != code || second.Class != verdict.Class || second.Reason != verdict.Reason || second.Changed != 0 {
			t.Errorf("%q: %q is read again as %q %+v", s, code, again, second)
		}
	})
}
