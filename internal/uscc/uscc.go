// Package uscc reads unified social credit codes (统一社会信用代码, GB 32100-2015)
// and the older 15-digit registration numbers (注册号) that still occur in
// lists, and computes their check characters.
//
// Start with [Parse]: it cleans what a person or a spreadsheet wrote and
// returns the code together with a [Verdict]. A wrong check character is a
// warning and not an error: codes of the early pilots are lawful and wrong.
// Whoever keeps such a code must have seen the licence. [Make] and
// [Synthetic] build codes for tests and demonstrations.
package uscc

import (
	"strings"
	"unicode/utf8"
)

// A Code is a credit code of 18 characters or a registration number of 15
// digits, in normal form. The zero Code is no code.
type Code string

// A Class says how far a code can be relied on.
type Class string

const (
	Invalid            Class = "invalid"      // cannot be a code; do not store it
	Valid              Class = "valid"        // a credit code whose check characters are right
	Warning            Class = "warning"      // the right form, a wrong check character
	LegacyRegistration Class = "registration" // an old registration number whose check digit is right
)

// A Verdict is what Parse found. Reason is zero for a Valid code.
type Verdict struct {
	Class   Class
	Reason  Reason
	Changed Change
}

const (
	// alphabet has the 31 characters of GB 32100-2015, in the order of their
	// values: no I, O, S, V, Z.
	alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	// orgAlphabet has the 36 characters of GB 11714.
	orgAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// Parse reads a credit code or a registration number, however it is written:
// it takes out blanks and hyphens, makes full-width characters half-width and
// letters upper case, and says in Verdict.Changed that it did. The Code is
// empty if and only if the class is Invalid.
func Parse(s string) (Code, Verdict) {
	text, changed, reason := normalise(s)
	if reason.Kind == "" {
		reason = form(text)
	}
	if reason.Kind != "" {
		return "", Verdict{Invalid, reason, changed}
	}
	code := Code(text)
	class, reason := code.check()
	return code, Verdict{class, reason, changed}
}

// form reports what keeps text from being a code or a registration number.
func form(text string) Reason {
	switch {
	case text == "":
		return Reason{Kind: Empty}
	case scientific(text):
		return Reason{Kind: Scientific}
	case len(text) == 15 && digits(text):
		return Reason{}
	}
	if !plain(text) {
		for i, r := range []rune(text) {
			if !strings.ContainsRune(alphabet, r) {
				return Reason{Kind: Character, At: i + 1, Found: r}
			}
		}
	}
	if len(text) != 18 {
		return Reason{Kind: Length, At: len(text)}
	}
	if !digits(text[2:8]) {
		return Reason{Kind: Region}
	}
	return Reason{}
}

// plain reports whether text is of the alphabet alone, as nearly every code is.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || !inAlphabet[c] {
			return false
		}
	}
	return true
}

var inAlphabet = func() (in [utf8.RuneSelf]bool) {
	for _, c := range alphabet {
		in[c] = true
	}
	return in
}()

// check computes the check characters of a code of the right form.
func (c Code) check() (Class, Reason) {
	if c.Legacy() {
		if want := registrationCheck(string(c[:14])); c[14] != want {
			return Warning, Reason{Kind: RegistrationCheck, At: 15, Found: rune(c[14]), Want: rune(want)}
		}
		return LegacyRegistration, Reason{Kind: Legacy}
	}
	if want := checkCharacter(string(c[:17])); c[17] != want {
		return Warning, Reason{Kind: Check, At: 18, Found: rune(c[17]), Want: rune(want)}
	}
	if want := orgCheck(string(c[8:16])); c[16] != want {
		return Warning, Reason{Kind: OrganisationCheck, At: 17, Found: rune(c[16]), Want: rune(want)}
	}
	return Valid, Reason{}
}

// Legacy reports whether c is an old registration number.
func (c Code) Legacy() bool { return len(c) == 15 }

// Authority returns the first character, which names the registering
// authority: 9 is market regulation. It is 0 for registration numbers.
func (c Code) Authority() byte { return c.at(0) }

// Category returns the second character, the kind of the registered body
// within its authority. It is 0 for registration numbers.
func (c Code) Category() byte { return c.at(1) }

// Region returns the six digits (GB/T 2260) of the registering office. Codes
// keep them for ever, also when the division is gone.
func (c Code) Region() string {
	switch {
	case c.Legacy():
		return string(c[:6])
	case len(c) == 18:
		return string(c[2:8])
	}
	return ""
}

// Organisation returns the nine characters of the organisation code (组织机构代码,
// GB 11714). Registration numbers have none.
func (c Code) Organisation() string {
	if len(c) != 18 {
		return ""
	}
	return string(c[8:17])
}

// Check returns the last character.
func (c Code) Check() byte {
	if c == "" {
		return 0
	}
	return c[len(c)-1]
}

// IndividualBusiness reports whether c belongs to an individual business
// (个体工商户). Its name is often a person's name, so the rules on personal
// information apply to it.
func (c Code) IndividualBusiness() bool { return c.Authority() == '9' && c.Category() == '2' }

func (c Code) at(i int) byte {
	if len(c) != 18 {
		return 0
	}
	return c[i]
}

var authorities = map[byte]string{
	'1': "机构编制", '2': "外交", '3': "司法行政", '4': "文化", '5': "民政", '6': "旅游", '7': "宗教", '8': "工会",
	'9': "市场监管", 'A': "中央军委改革和编制办公室", 'N': "农业农村", 'Y': "其他",
}

// AuthorityName returns the Chinese name of the registering authority, and
// the empty text if the standard gives none.
func (c Code) AuthorityName() string { return authorities[c.Authority()] }

var categories = map[string]string{
	"11": "机关", "12": "事业单位", "13": "中央编办直接管理机构编制的群众团体", "19": "其他",
	"51": "社会团体", "52": "民办非企业单位", "53": "基金会", "59": "其他",
	"91": "企业", "92": "个体工商户", "93": "农民专业合作社",
	"Y1": "其他",
}

// CategoryName returns the Chinese name of the kind of body, and the empty
// text where it is not known.
func (c Code) CategoryName() string {
	if len(c) != 18 {
		return ""
	}
	return categories[string(c[:2])]
}
