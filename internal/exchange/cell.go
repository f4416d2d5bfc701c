package exchange

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A cellKind is what the file says a cell is. Only workbooks say more than
// text.
type cellKind uint8

const (
	textual   cellKind = iota
	numeric            // text is the number as stored
	dated              // text is 2006-01-02, or 2006-01-02 15:04:05
	undatable          // a number in the format of a date that is none
	boolean            // text is TRUE or FALSE
	failed             // text is an error such as #N/A
)

// A cell is one cell as the file has it.
type cell struct {
	text    string
	kind    cellKind
	zeros   uint8 // digits of a numeric format such as 000000
	formula bool
}

// empty reports whether nobody would see anything in the cell.
func (x cell) empty() bool {
	switch {
	case x.formula:
		return false
	case x.text == "":
		return true
	case x.text[0] > ' ' && x.text[0] < 0x7f:
		return false // as most cells of codes and numbers: spares a closer look
	}
	if r, _ := utf8.DecodeRuneInString(x.text); r > '　' && r < '\ue000' {
		return false // as most other cells
	}
	return blank(x.text)
}

// asText is the content of a cell for a column that wants text. A number is
// what Excel shows, as long as Excel still has all of its digits: it keeps 15.
func (x cell) asText(report func(finding)) (string, bool) {
	switch x.kind {
	case dated, undatable:
		report(wrong("auto_date", "表格软件把这一格变成了日期，原来的内容已丢失。请把该列设为文本格式后重新填写。"))
		return "", false
	case failed:
		report(wrong("cell_error", "这一格是公式错误值“%s”。请改为正确的内容。", shown(x.text)))
		return "", false
	case numeric:
		return x.digits(report)
	}
	if x.text != "" && x.text[0] == '#' && errorValues[x.text] {
		report(wrong("cell_error", "这一格是公式错误值“%s”。请改为正确的内容。", x.text))
		return "", false
	}
	return x.text, true
}

// errorValues are what Excel writes into CSV for a formula that failed.
var errorValues = map[string]bool{
	"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NULL!": true, "#NUM!": true, "#SPILL!": true, "#CALC!": true,
}

func (x cell) digits(report func(finding)) (string, bool) {
	const kept = 15
	whole, isWhole := x.text, strings.Trim(x.text, "0123456789") == ""
	if !isWhole {
		number, err := strconv.ParseFloat(x.text, 64)
		if err != nil {
			report(wrong("cell_error", "这一格的数值“%s”无法识别。请重新填写。", shown(x.text)))
			return "", false
		}
		if number != float64(int64(number)) {
			return strconv.FormatFloat(number, 'f', -1, 64), true
		}
		whole = strconv.FormatFloat(number, 'f', 0, 64)
	}
	if len(strings.TrimPrefix(whole, "-")) > kept {
		report(lostDigits(x.text))
		return "", false
	}
	for len(whole) < int(x.zeros) {
		whole = "0" + whole
	}
	return whole, true
}

func lostDigits(text string) finding {
	return wrong("lost_digits", "表格软件把号码存成了数字“%s”，末尾几位已丢失。请把该列设为文本格式后重新填写原号码。", shown(text))
}

// scientific reports whether text is a number in the form 9.13707E+17.
func scientific(text string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(text), "E+")
	return ok && exponent != "" && strings.Trim(exponent, "0123456789") == "" &&
		strings.Trim(mantissa, "0123456789.") == "" && strings.ContainsAny(mantissa, "0123456789")
}
