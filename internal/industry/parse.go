package industry

import (
	"fmt"
	"strings"
	"unicode"
)

// A Fault is the reason why a text is not taken as an industry.
type Fault struct {
	Kind    Kind
	Nearest Industry // what the code surely lies in, where that can be said
}

// A Kind names a fault for programs; Fault.Text says it to people.
type Kind string

const (
	Empty        Kind = "empty"
	Form         Kind = "form"
	Unknown      Kind = "unknown"
	WrongSection Kind = "wrong-section"
)

// Parse reads a code in any of its usual forms: with or without the section's
// letter, in small or full-width characters, with blanks, and with the name
// after it as lists have it ("0111 稻谷种植"). It fails with a Fault. A code of
// the right form that the table lacks is Unknown, which need not be the
// writer's mistake; Fault.Nearest is then the entry to fall back to.
func Parse(s string) (Industry, error) {
	code := leading(clean(s))
	if code == "" {
		return Industry{}, Fault{Kind: Empty}
	}
	if !wellFormed(code) {
		return Industry{}, Fault{Kind: Form}
	}
	if code[0] <= '9' {
		letter, ok := letters()[code[:2]]
		if !ok {
			return Industry{}, Fault{Kind: Unknown}
		}
		code = letter + code
	}
	if i, ok := Find(Code(code)); ok {
		return i, nil
	}
	if len(code) > 1 {
		if letter, ok := letters()[code[1:3]]; ok && letter != code[:1] {
			right, _ := Find(Code(letter + code[1:3]))
			return Industry{}, Fault{Kind: WrongSection, Nearest: right}
		}
	}
	nearest, _ := Find(Code(code[:1]))
	for _, length := range []int{len("A01"), len("A011")} {
		if i, ok := Find(Code(code[:min(length, len(code))])); ok {
			nearest = i
		}
	}
	return Industry{}, Fault{Kind: Unknown, Nearest: nearest}
}

// Text returns one Chinese sentence that says what was found and what to do.
func (f Fault) Text() string {
	switch f.Kind {
	case Empty:
		return "没有填写行业代码，请填写国民经济行业分类代码。"
	case Form:
		return "行业代码应为门类字母加2至4位数字（字母可省略），如A0111，请核对。"
	case WrongSection:
		return fmt.Sprintf("门类字母与代码不符，该代码属于%s（%s），请核对。", f.Nearest.Name, f.Nearest.Code)
	case Unknown:
		if f.Nearest.Code == "" {
			return "行业分类中没有这个代码，请核对。"
		}
		return fmt.Sprintf("行业分类中没有这个代码，最接近的是%s（%s），请核对。", f.Nearest.Name, f.Nearest.Code)
	}
	return ""
}

// Error describes f for logs.
func (f Fault) Error() string {
	return fmt.Sprintf("industry: code refused: %s, nearest %q", f.Kind, f.Nearest.Code)
}

// maxInput is the length in bytes beyond which a text is not looked at.
const maxInput = 300

// clean takes out blanks, hyphens and invisible characters, and makes letters
// and digits half-width and letters upper case.
func clean(s string) string {
	if len(s) > maxInput {
		s = strings.ToValidUTF8(s[:maxInput], "")
	}
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
			r -= '！' - '!'
		}
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Dash, r), r == '\ufeff', r == '\u200b':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// leading cuts a name off that follows the code.
func leading(text string) string {
	for i, r := range text {
		if i > 0 && (unicode.Is(unicode.Han, r) || strings.ContainsRune("：:（(、", r)) {
			return text[:i]
		}
	}
	return text
}

// wellFormed reports whether code is a letter, two to four digits, or both.
func wellFormed(code string) bool {
	number := strings.TrimLeft(code, "ABCDEFGHIJKLMNOPQRST")
	if len(code)-len(number) > 1 || strings.Trim(number, "0123456789") != "" {
		return false
	}
	return len(number) >= 2 && len(number) <= 4 || number == "" && code != ""
}
