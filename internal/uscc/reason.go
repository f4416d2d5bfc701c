package uscc

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Reason says why a code is not Valid. The zero Reason says nothing.
type Reason struct {
	Kind  Kind
	At    int  // the position of the character at fault, from 1; for Length, the length
	Found rune // the character found there
	Want  rune // the check character that the standard asks for
}

// A Kind names a reason for programs; Reason.Text says it to people.
type Kind string

const (
	Empty             Kind = "empty"
	TooLong           Kind = "too-long"
	Scientific        Kind = "scientific"
	Character         Kind = "character"
	Length            Kind = "length"
	Region            Kind = "region"
	Check             Kind = "check"
	OrganisationCheck Kind = "organisation-check"
	RegistrationCheck Kind = "registration-check"
	Legacy            Kind = "legacy"
)

// Text returns one Chinese sentence that says what was found and what to do.
func (r Reason) Text() string {
	switch r.Kind {
	case Empty:
		return "没有填写统一社会信用代码，请填写18位代码或15位旧注册号。"
	case TooLong:
		return "内容过长，请只填写18位统一社会信用代码或15位旧注册号。"
	case Scientific:
		return "表格把代码显示成了科学计数，末尾数字已丢失，请将该列设为文本格式后重新填写。"
	case Character:
		return fmt.Sprintf("第%d位“%s”不是统一社会信用代码可用的字符，%s。", r.At, show(r.Found), advice(r.Found))
	case Length:
		return fmt.Sprintf("统一社会信用代码应为18位（旧注册号为15位数字），现为%d位，请核对。", r.At)
	case Region:
		return "第3至8位应为6位数字的登记管理机关行政区划码，请核对。"
	case Check:
		return fmt.Sprintf("最后一位校验码为“%c”，按国家标准应为“%c”，请与营业执照核对，确认无误后可保留。", r.Found, r.Want)
	case OrganisationCheck:
		return fmt.Sprintf("第17位（组织机构代码校验码）为“%c”，按国家标准应为“%c”，请与营业执照核对，确认无误后可保留。", r.Found, r.Want)
	case RegistrationCheck:
		return fmt.Sprintf("旧注册号最后一位校验码为“%c”，按编制规则应为“%c”，请与登记档案核对，确认无误后可保留。", r.Found, r.Want)
	case Legacy:
		return "这是15位旧注册号，请查明并补充18位统一社会信用代码。"
	}
	return ""
}

// lookalikes are the letters that the standard leaves out because they are
// taken for these.
var lookalikes = map[rune]rune{'I': '1', 'O': '0', 'S': '5', 'Z': '2', 'V': 'U'}

func advice(found rune) string {
	if like, ok := lookalikes[found]; ok {
		return fmt.Sprintf("代码不使用字母I、O、S、V、Z，请核对是否为“%c”", like)
	}
	return "请核对后重新填写"
}

// show keeps what a page cannot print out of the sentence.
func show(r rune) string {
	if r == utf8.RuneError || !unicode.IsPrint(r) {
		return fmt.Sprintf("U+%04X", r)
	}
	return string(r)
}

// A Change is what Parse did to a text before it judged it, as bits.
type Change uint8

const (
	Blanks  Change = 1 << iota // blanks and invisible characters taken out
	Hyphens                    // hyphens taken out
	Width                      // full-width characters made half-width
	Case                       // letters made upper case
)

// Text returns one Chinese sentence on the changes, empty if there were none.
func (c Change) Text() string {
	var did []string
	for _, change := range []struct {
		bit  Change
		text string
	}{{Blanks, "去除空格"}, {Hyphens, "去除连字符"}, {Width, "全角转为半角"}, {Case, "字母转为大写"}} {
		if c&change.bit != 0 {
			did = append(did, change.text)
		}
	}
	if did == nil {
		return ""
	}
	return "已自动" + strings.Join(did, "、") + "，请核对。"
}

// maxInput is the length in bytes beyond which a text is not looked at.
const maxInput = 200

func normalise(s string) (text string, changed Change, _ Reason) {
	if len(s) > maxInput {
		return "", 0, Reason{Kind: TooLong}
	}
	if plain(s) {
		return s, 0, Reason{}
	}
	var b strings.Builder
	for _, r := range s {
		if r >= '！' && r <= '～' { // the full-width forms of ! to ~
			r -= '！' - '!'
			changed |= Width
		}
		switch {
		case unicode.IsSpace(r), r == '\ufeff', r == '\u200b', r == '\u200c', r == '\u200d', r == '\u2060':
			changed |= Blanks
			continue
		case unicode.Is(unicode.Dash, r), r == '\u00ad':
			changed |= Hyphens
			continue
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
			changed |= Case
		}
		b.WriteRune(r)
	}
	return b.String(), changed, Reason{}
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// scientific reports whether a spreadsheet wrote text, as 9.13707E+17.
func scientific(text string) bool {
	mantissa, exponent, ok := strings.Cut(text, "E+")
	return ok && len(exponent) > 0 && digits(exponent) && len(mantissa) > 0 && digits(strings.Replace(mantissa, ".", "", 1))
}
