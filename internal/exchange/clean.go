package exchange

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"suicha/internal/inspect"
)

// ordinary reports whether a text needs no cleaning, and does not look as if an
// encoding had been mistaken.
func ordinary(text string) bool {
	return inspect.Ordinary(text) && !strings.Contains(text, "???") && !strings.Contains(text, "锟斤拷")
}

// notices are what clean did to a text, or found in it.
type notices struct {
	removed, widths, lines, private, mojibake, control, bidi, lost, composed bool
}

func (n notices) report(report func(finding)) (fine bool) {
	switch {
	case n.lost:
		report(wrong("lost_character", "内容含有无法辨认的字符“�”，说明原文件转换编码时已损坏。请用原来的文件重新导出。"))
	case n.control:
		report(wrong("control", "内容含有看不见的控制字符。请删除后重新填写。"))
	case n.bidi:
		report(wrong("bidi", "内容含有改变文字方向的字符，显示的顺序会与实际内容不同。请删除后重新填写。"))
	case n.mojibake:
		report(wrong("mojibake", "内容像是乱码。请核对原文件的编码，用原来的文件重新导出。"))
	default:
		fine = true
	}
	if n.removed {
		report(strange("invisible", "已去除看不见的零宽字符，请核对。"))
	}
	if n.widths {
		report(strange("width", "已把全角的字母、数字或者空格改为半角，请核对。"))
	}
	if n.lines {
		report(strange("line_breaks", "已把换行和制表符改为空格，请核对。"))
	}
	if n.private {
		report(strange("private_use", "内容含有自造字，其他电脑上可能显示不出来。请核对，能改用标准汉字的请改。"))
	}
	if n.composed {
		report(strange("composed", "已把兼容字形改为标准字形，请核对。"))
	}
	return fine
}

// clean returns text as it is kept: NFC, without invisible characters, letters
// and digits half-width, no blanks at the ends. Only a text of many lines keeps
// its line ends.
func clean(text string, many bool) (string, notices) {
	var n notices
	if ordinary(text) {
		return text, n
	}
	if many {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError || r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef:
			n.lost = true
		case many && r == '\n':
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			n.lines = n.lines || r != '\t' || !many
			r = ' '
		case bidirectional(r):
			n.bidi = true
		case unicode.Is(unicode.Cc, r):
			n.control = true
		case invisible(r):
			n.removed = true
			continue
		case r != ' ' && unicode.Is(unicode.Zs, r), fullWidth(r):
			n.widths = true
			r = halfWidth(r)
		case unicode.Is(unicode.Co, r):
			n.private = true
		case r == '?' && strings.HasPrefix(text[i:], "???"):
			n.mojibake = true
		}
		b.WriteRune(r)
	}
	kept := b.String()
	n.mojibake = n.mojibake || strings.Contains(kept, "锟斤拷")
	if !norm.NFC.IsNormalString(kept) {
		n.composed = true
		kept = norm.NFC.String(kept)
	}
	return strings.TrimSpace(kept), n
}

// invisible are the characters without width, and the soft hyphen.
func invisible(r rune) bool {
	return r == '\u00ad' || r == '\u180e' || r >= '\u200b' && r <= '\u200d' || r >= '\u2060' && r <= '\u2064' ||
		r == '\ufeff' || r >= '\ufff9' && r <= '\ufffb' || r >= 0xe0000 && r <= 0xe007f
}

func bidirectional(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func fullWidth(r rune) bool {
	return r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ'
}

func halfWidth(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - ('！' - '!')
	}
	return ' '
}

// blank reports whether a text shows nothing.
func blank(text string) bool {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) }) == ""
}

// plain is a heading as it is compared: only its letters and digits, half-width
// and small. So blanks, brackets, asterisks and colons do not matter.
func plain(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(heading))
}

// folded is a word of a choice as it is compared: half-width, small, without
// blanks.
func folded(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || invisible(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(word))
}
