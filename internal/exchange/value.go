package exchange

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"suicha/internal/industry"
	"suicha/internal/uscc"
)

// cellLimit is what a cell of Excel holds. A text of just that length was
// probably longer.
const cellLimit = 32_767

// A reading turns the cells of one column into values.
type reading struct {
	Column
	words map[string]string // of a choice, as written and folded, to its value
	known map[string]string // industries read before: a file has few
}

func newReading(c Column) reading {
	r := reading{Column: c, words: map[string]string{}, known: map[string]string{}}
	if c.Kind == Choose {
		for _, choice := range c.Choices {
			for _, w := range append([]string{choice.Value}, choice.Words...) {
				r.words[folded(w)], r.words[w] = choice.Value, choice.Value
			}
		}
	}
	return r
}

// value returns the normal form of a cell, which is empty if the cell is empty
// or at fault.
func (r *reading) value(x cell, report func(finding)) string {
	if x.formula {
		if x.text == "" {
			report(wrong("formula", "这一格是公式，文件里没有它的计算结果。请复制后选择性粘贴为“数值”。"))
			return ""
		}
		report(strange("formula", "这一格是公式，已采用文件里保存的计算结果，请核对。"))
	}
	if x.empty() {
		if r.Required {
			report(wrong("required", "“%s”不能为空。请填写。", r.Heading()))
		}
		return ""
	}
	switch r.Kind {
	case Date:
		value, f := readDate(x, r.Forever)
		if f.code != "" {
			report(f)
		}
		return value
	case Number:
		return r.number(x, report)
	case CreditCode:
		return r.creditCode(x, report)
	}
	text, ok := x.asText(report)
	if !ok {
		return ""
	}
	if r.Kind == List {
		return r.list(text, report)
	}
	text, ok = r.cleaned(text, report)
	if !ok {
		return ""
	}
	switch r.Kind {
	case Code:
		return r.code(text, report)
	case IndustryCode:
		return r.industry(text, report)
	case Choose:
		return r.choice(x, text, report)
	}
	return text
}

// cleaned returns text without what nobody sees, and says what it did.
func (r *reading) cleaned(text string, report func(finding)) (string, bool) {
	kept, n := clean(text, r.Kind == Prose)
	if n != (notices{}) && !n.report(report) {
		return "", false
	}
	if kept == "" && r.Required {
		report(wrong("required", "“%s”不能为空。请填写。", r.Heading()))
		return "", false
	}
	if len(kept) <= r.most() {
		return kept, true
	}
	length := utf8.RuneCountInString(kept)
	if length > r.most() {
		report(wrong("too_long", "内容有%d个字，超过了%d个字的上限。请精简，或者核对是否错列。", length, r.most()))
		return "", false
	}
	if length >= cellLimit {
		report(strange("cut_off", "内容达到了表格单元格的字数上限，后面的可能已被截去。请核对。"))
	}
	return kept, true
}

func (r *reading) code(text string, report func(finding)) string {
	if scientific(text) {
		report(lostDigits(text))
		return ""
	}
	kept := strings.TrimLeft(text, "'`’‘")
	kept = strings.Map(func(c rune) rune {
		switch c {
		case ' ':
			return -1
		case '－':
			return '-'
		}
		return c
	}, kept)
	if kept != text {
		report(strange("code_cleaned", "已去除号码里的空格、撇号，把全角连字符改为半角，请核对。"))
	}
	if len(kept) > 15 && strings.HasSuffix(kept, "000") && strings.Trim(kept, "0123456789") == "" {
		report(strange("maybe_lost", "号码末三位都是0，可能是表格软件丢失了末尾数字。请与原件核对。"))
	}
	return kept
}

// creditCode reads 统一社会信用代码. A wrong check character is a warning, as the
// early pilots gave out such codes: GB 32100-2015.
func (r *reading) creditCode(x cell, report func(finding)) string {
	text, ok := x.asText(report)
	if !ok {
		return ""
	}
	if kept := strings.TrimLeft(text, "'`’‘"); kept != text {
		text = kept
		report(strange("code_cleaned", "已去除号码前的撇号，请核对。"))
	}
	code, v := uscc.Parse(text)
	switch {
	case v.Reason.Kind == uscc.Scientific:
		report(lostDigits(text))
		return ""
	case v.Class == uscc.Invalid:
		report(wrong("uscc_"+string(v.Reason.Kind), "%s", v.Reason.Text()))
		return ""
	case v.Class != uscc.Valid && len(code) == 18 && strings.HasSuffix(string(code), "000") && strings.Trim(string(code), "0123456789") == "":
		report(lostDigits(text))
		return ""
	case v.Class != uscc.Valid:
		report(strange("uscc_"+string(v.Reason.Kind), "%s", v.Reason.Text()))
	}
	if v.Changed&^uscc.Blanks != 0 || v.Changed != 0 && strings.TrimSpace(text) != string(code) {
		report(strange("uscc_changed", "%s", v.Changed.Text()))
	}
	return string(code)
}

func (r *reading) industry(text string, report func(finding)) string {
	if code, ok := r.known[text]; ok {
		return code
	}
	found, err := industry.Parse(text)
	var fault industry.Fault
	switch {
	case errors.As(err, &fault):
		report(wrong("industry_"+string(fault.Kind), "%s", fault.Text()))
		return ""
	case err != nil:
		report(wrong("industry", "行业代码“%s”无法识别。请按 GB/T 4754-2017 填写，例如 F5211。", shown(text)))
		return ""
	}
	const most = 5000 // more than the classification has
	if len(r.known) < most {
		r.known[text] = string(found.Code)
	}
	return string(found.Code)
}

func (r *reading) choice(x cell, text string, report func(finding)) string {
	if x.kind == boolean {
		text = map[string]string{"TRUE": "是", "FALSE": "否"}[x.text]
	}
	value, ok := r.words[text]
	if !ok {
		value, ok = r.words[folded(text)]
	}
	if ok {
		return value
	}
	report(wrong("choice", "“%s”不是可选的内容。请填写：%s。", shown(text), r.offered()))
	return ""
}

// offered names the choices, the first few of many.
func (r *reading) offered() string {
	const most = 10
	var words []string
	for _, c := range r.Choices {
		if len(words) == most {
			return strings.Join(words, "、") + "等"
		}
		words = append(words, c.Words[0])
	}
	return strings.Join(words, "、")
}

var decimal = regexp.MustCompile(`^(-?)0*(\d{1,15})(?:\.(\d{1,12}))?$`)
var thousands = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)

func (r *reading) number(x cell, report func(finding)) string {
	text := x.text
	if x.kind == numeric {
		number, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Abs(number) >= 1e15 {
			report(wrong("number", "“%s”不是可用的数。请核对后重新填写。", shown(text)))
			return ""
		}
		text = strconv.FormatFloat(number, 'f', -1, 64)
		if i := strings.IndexByte(text, '.'); i >= 0 && len(text) > i+13 {
			text = strconv.FormatFloat(number, 'f', 12, 64)
		}
	} else if x.kind != textual {
		report(wrong("number", "“%s”不是数。请填写阿拉伯数字。", shown(text)))
		return ""
	}
	text, n := clean(text, false)
	if n != (notices{}) && !n.report(report) {
		return ""
	}
	if thousands.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	m := decimal.FindStringSubmatch(text)
	if m == nil {
		report(wrong("number", "“%s”不是数。请只填写阿拉伯数字，不写单位。", shown(text)))
		return ""
	}
	value, part := m[1]+m[2], strings.TrimRight(m[3], "0")
	if part != "" {
		value += "." + part
	}
	if value == "-0" {
		return "0"
	}
	return value
}

// listSigns separate the parts of a list, unless it has several lines: then the
// lines are the parts. So a part may contain any sign.
const listSigns = "、;,；，|"

// list returns the parts joined by line ends, each cleaned, none twice.
func (r *reading) list(text string, report func(finding)) string {
	var parts []string
	split := func(c rune) bool {
		switch c {
		case '、', ';', ',', '；', '，', '|':
			return true
		}
		return false
	}
	if strings.Contains(text, "\n") {
		split = func(c rune) bool { return c == '\n' || c == '\r' }
	}
	for part := range strings.FieldsFuncSeq(text, split) {
		if blank(part) {
			continue
		}
		part, ok := r.cleaned(part, report)
		if !ok {
			return ""
		}
		if slices.Contains(parts, part) {
			report(strange("repeated", "“%s”写了不止一次，只取一次。", shown(part)))
			continue
		}
		parts = append(parts, part)
	}
	if parts == nil && r.Required {
		report(wrong("required", "“%s”不能为空。请填写。", r.Heading()))
	}
	return strings.Join(parts, "\n")
}

// listCell is a list as a cell of our files: the inverse of how it is read.
func listCell(value string) string {
	if !strings.ContainsAny(value, listSigns) {
		return strings.ReplaceAll(value, "\n", "、")
	}
	if !strings.Contains(value, "\n") {
		return value + "\n"
	}
	return value
}
