package exchange

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"suicha/internal/inspect"
)

// XLSForm is a workbook in which questions are written: a sheet survey with one
// question in each row, a sheet choices with the options. Many tools read and write
// it. We take the part that a checklist can hold, and refuse the rest with its row:
// nothing is left out in silence.
var (
	surveyTable = Table{Key: "survey", Name: "survey", Columns: []Column{
		{Key: "type", Headings: []string{"type"}, Required: true, Kind: Text, Most: 100},
		{Key: "name", Headings: []string{"name"}, Kind: Text, Most: 100},
		{Key: "label", Headings: labelled("label"), Kind: Prose, Most: 1000},
		{Key: "hint", Headings: labelled("hint"), Kind: Prose, Most: 1000},
		{Key: "required", Headings: []string{"required"}, Kind: Text, Most: 20},
		{Key: "relevant", Headings: []string{"relevant"}, Kind: Text, Most: 2000},
		{Key: "default", Headings: []string{"default"}, Kind: Text, Most: 500},
		{Key: "constraint", Headings: []string{"constraint"}, Kind: Text, Most: 2000},
		{Key: "calculation", Headings: []string{"calculation"}, Kind: Text, Most: 2000},
		{Key: "choice_filter", Headings: []string{"choice_filter"}, Kind: Text, Most: 2000},
		{Key: "repeat_count", Headings: []string{"repeat_count"}, Kind: Text, Most: 2000},
	}}
	choicesTable = Table{Key: "choices", Name: "choices", Columns: []Column{
		{Key: "list_name", Headings: []string{"list_name", "list name"}, Required: true, Kind: Text, Most: 100},
		{Key: "name", Headings: []string{"name", "value"}, Required: true, Kind: Text, Most: 100},
		{Key: "label", Headings: labelled("label"), Required: true, Kind: Text, Most: 100},
	}}
)

// labelled are the headings of a column that may say its language.
func labelled(name string) []string {
	return []string{name, name + "::中文", name + "::zh", name + "::Chinese", name + "::zh-CN", name + "::default"}
}

// yesNoList is the name of the list of answers 是, 否, 不适用.
const yesNoList = "yes_no_na"

// ReadXLSForm reads the questions of a workbook. Faults that are errors keep the
// form out.
func ReadXLSForm(ctx context.Context, name string, file []byte) (questions []inspect.Question, faults []Fault, err error) {
	f, err := Open(ctx, bytes.NewReader(file), int64(len(file)), name, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if f.Format() != XLSX {
		return nil, nil, ErrFileKind
	}
	lists := map[string][]inspect.Choice{}
	faults, err = eachRow(ctx, f, choicesTable, "choices", func(r Row) []Fault {
		list := r.Value("list_name")
		lists[list] = append(lists[list], inspect.Choice{Value: r.Value("name"), Text: r.Value("label")})
		return nil
	})
	if err != nil && !errors.Is(err, ErrFileNoSheet) && !errors.Is(err, ErrFileNoRows) && !errors.Is(err, ErrFileNoHead) {
		return nil, faults, err
	}
	form := xlsForm{lists: lists}
	more, err := eachRow(ctx, f, surveyTable, "survey", form.row)
	return form.questions, append(faults, more...), err
}

// An xlsForm is a form as far as its rows have been read.
type xlsForm struct {
	lists     map[string][]inspect.Choice
	questions []inspect.Question
}

// xlsTypes are the types of questions that need no list.
var xlsTypes = map[string]inspect.QuestionType{
	"integer": inspect.AskNumber, "decimal": inspect.AskNumber, "text": inspect.AskText, "image": inspect.AskPhoto, "photo": inspect.AskPhoto,
	"note": inspect.AskNote,
}

// row takes a question in, or says why it cannot.
func (x *xlsForm) row(r Row) []Fault {
	var faults []Fault
	bad := func(key string, f finding) { faults = append(faults, f.at(r.Line, "", key)) }
	q := inspect.Question{Name: r.Value("name"), Label: r.Value("label"), Hint: r.Value("hint"), Default: r.Value("default")}
	kind, list, _ := strings.Cut(strings.Join(strings.Fields(r.Value("type")), " "), " ")
	switch t, ok := xlsTypes[kind]; {
	case ok && list == "":
		q.Type = t
	case (kind == "select_one" || kind == "select_multiple") && x.lists[list] != nil:
		q.Type, q.Choices = inspect.AskOne, slices.Clone(x.lists[list])
		if kind == "select_multiple" {
			q.Type = inspect.AskMany
		} else if values := func(c inspect.Choice) string { return c.Value }; slices.EqualFunc(q.Choices, inspect.YesNo, func(a, b inspect.Choice) bool { return values(a) == values(b) }) {
			q.Type, q.Choices = inspect.AskYesNo, nil
		}
	case kind == "select_one" || kind == "select_multiple":
		bad("type", wrong("xlsform_list", "choices 工作表中没有名为“%s”的选项列表。请补充，或者改正名称。", shown(list)))
	default:
		bad("type", wrong("xlsform_type", "题型“%s”不能导入。可以使用 select_one、select_multiple、integer、decimal、text、image 和 note。", shown(r.Value("type"))))
	}
	for _, key := range []string{"constraint", "calculation", "choice_filter", "repeat_count"} {
		if r.Value(key) != "" {
			bad(key, wrong("xlsform_column", "不支持 %s，导入后会丢失。请删去这一格，需要的要求写入 hint。", key))
		}
	}
	switch strings.ToLower(r.Value("required")) {
	case "yes", "true", "true()", "1":
		q.Required = true
	case "", "no", "false", "false()", "0":
	default:
		bad("required", wrong("xlsform_required", "required 只能填写 yes 或者 no。请改正。"))
	}
	var ok bool
	if q.If, q.Is, ok = parseRelevant(r.Value("relevant")); !ok {
		bad("relevant", wrong("xlsform_relevant", "看不懂显示条件“%s”。可以写成 ${题目} = '答案'，或者 selected(${题目}, '答案')，几个答案用 or 连接。", shown(r.Value("relevant"))))
	}
	if len(faults) == 0 {
		x.questions = append(x.questions, q)
	}
	return faults
}

var (
	relevantOr   = regexp.MustCompile(`\s+or\s+`)
	relevantPart = regexp.MustCompile(`^\s*(?:\$\{([A-Za-z0-9_]+)\}\s*=\s*|selected\(\s*\$\{([A-Za-z0-9_]+)\}\s*,\s*)(?:'([^']*)'|"([^"]*)"|(-?[0-9.]+))\s*(\))?\s*$`)
)

// parseRelevant reads a condition: one question that has one of some answers.
func parseRelevant(text string) (on string, is []string, ok bool) {
	if strings.TrimSpace(text) == "" {
		return "", nil, true
	}
	for _, part := range relevantOr.Split(text, -1) {
		m := relevantPart.FindStringSubmatch(part)
		if m == nil || (m[2] != "") != (m[6] == ")") {
			return "", nil, false
		}
		name := m[1] + m[2]
		if on != "" && name != on {
			return "", nil, false
		}
		on, is = name, append(is, m[3]+m[4]+m[5])
	}
	return on, is, true
}

// WriteXLSForm writes the questions as a workbook.
func WriteXLSForm(w io.Writer, title string, questions []inspect.Question) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	survey := [][]string{{"type", "name", "label", "hint", "required", "relevant", "default"}}
	choices := [][]string{{"list_name", "name", "label"}}
	for _, c := range inspect.YesNo {
		choices = append(choices, []string{yesNoList, c.Value, c.Text})
	}
	types := map[string]inspect.QuestionType{}
	for _, q := range questions {
		types[q.Name] = q.Type
		survey = append(survey, []string{xlsType(q), q.Name, q.Label, q.Hint, map[bool]string{true: "yes", false: ""}[q.Required], relevant(q, types[q.If]), q.Default})
		for _, c := range q.Choices {
			choices = append(choices, []string{"list_" + q.Name, c.Value, c.Text})
		}
	}
	for _, sheet := range []struct {
		name string
		rows [][]string
	}{{"survey", survey}, {"choices", choices}, {"settings", [][]string{{"form_title"}, {title}}}} {
		if _, err := book.NewSheet(sheet.name); err != nil {
			return err
		}
		for n, row := range sheet.rows {
			for i, text := range row {
				if err := book.SetCellStr(sheet.name, letter(i+1)+strconv.Itoa(n+1), text); err != nil {
					return err
				}
			}
		}
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	return book.Write(w)
}

func xlsType(q inspect.Question) string {
	switch q.Type {
	case inspect.AskYesNo:
		return "select_one " + yesNoList
	case inspect.AskOne:
		return "select_one list_" + q.Name
	case inspect.AskMany:
		return "select_multiple list_" + q.Name
	case inspect.AskNumber:
		return "decimal"
	case inspect.AskPhoto:
		return "image"
	}
	return string(q.Type) // text and note
}

// relevant is the condition of a question on one of the type.
func relevant(q inspect.Question, on inspect.QuestionType) string {
	parts := make([]string, len(q.Is))
	for i, v := range q.Is {
		quoted := "'" + v + "'"
		if strings.Contains(v, "'") {
			quoted = `"` + v + `"`
		}
		switch on {
		case inspect.AskMany:
			parts[i] = "selected(${" + q.If + "}, " + quoted + ")"
		case inspect.AskNumber:
			parts[i] = "${" + q.If + "} = " + v
		default:
			parts[i] = "${" + q.If + "} = " + quoted
		}
	}
	return strings.Join(parts, " or ")
}
