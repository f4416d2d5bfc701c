package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

// ItemTable describes a list of items: what departments, and their superiors,
// publish: R20, R22. The headings are those of provincial and county lists.
var ItemTable = Table{
	Key: "item", Name: "抽查事项清单",
	Notes: []string{
		"一个检查子项填写一行，事项编号不能重复。",
		"重点检查事项不填抽查比例上限；一般检查事项必须填写，例如 5%。",
	},
	Columns: []Column{
		{Key: "code", Headings: []string{"事项编号", "事项编码", "编号", "编码"}, Required: true, Kind: Code, Most: 20, Hint: "2 到 20 位大写字母、数字或短横", Example: "SCJG-012"},
		{Key: "field", Headings: []string{"抽查领域", "领域", "抽查类别", "行业领域"}, Required: true, Kind: Text, Most: 60, Example: "食品安全"},
		{Key: "name", Headings: []string{"抽查事项名称", "抽查事项", "事项名称", "检查事项"}, Required: true, Kind: Text, Most: 60, Example: "食品销售监督检查"},
		{Key: "sub_item", Headings: []string{"检查子项", "子项", "抽查项目"}, Kind: Text, Most: 100},
		{Key: "category", Headings: []string{"事项类别", "事项类型", "重点或一般"}, Required: true, Kind: Choose, Choices: []Choice{
			{Value: string(inspect.KeyItem), Words: []string{"重点检查事项", "重点", "重点事项"}},
			{Value: string(inspect.GeneralItem), Words: []string{"一般检查事项", "一般", "一般事项"}},
		}, Example: "一般检查事项"},
		{Key: "max_share", Headings: []string{"抽查比例上限", "抽查比例"}, Kind: Text, Most: 20, Hint: "一般检查事项填写百分数", Example: "5%"},
		{Key: "frequency", Headings: []string{"每年最多抽查次数", "抽查频次", "频次"}, Kind: Text, Most: 20, Hint: "数字，可以写成 2 次/年", Example: "1"},
		{Key: "basis", Headings: []string{"抽查依据", "检查依据", "法律依据", "设定依据"}, Required: true, Kind: Prose, Most: 1000, Example: "《中华人民共和国食品安全法》第一百一十条"},
		{Key: "body", Headings: []string{"抽查主体", "检查主体", "实施主体"}, Kind: Text, Most: 100, Example: "县级以上市场监管部门"},
		{Key: "objects", Headings: []string{"抽查对象范围", "抽查对象", "检查对象"}, Kind: Prose, Most: 500, Example: "食品销售者"},
		{Key: "content", Headings: []string{"抽查内容", "检查内容", "抽查内容及要求"}, Required: true, Kind: Prose, Most: 1000, Example: "许可和销售行为"},
		{Key: "methods", Headings: []string{"抽查方式", "检查方式", "抽查方法"}, Required: true, Kind: List, Hint: "实地核查、书面检查、网络监测，可以填写几种", Example: "实地核查"},
		{Key: "qualifications", Headings: []string{"检查人员资质要求", "检查人员要求", "资质要求"}, Kind: Prose, Most: 1000},
		{Key: "materials", Headings: []string{"检查材料清单", "检查材料"}, Kind: Prose, Most: 1000},
		{Key: "results", Headings: []string{"检查结果选项", "检查结果"}, Kind: Prose, Most: 1000},
		{Key: "division", Headings: []string{"责任科室", "责任处室", "责任股室"}, Kind: Text, Most: 60},
		{Key: "remark", Headings: []string{"备注", "说明"}, Kind: Prose, Most: 500},
	},
}

// itemValues are the values of an item in the order of ItemTable.
func itemValues(t inspect.ItemTerms) []string {
	share, often := "", ""
	if t.Category == inspect.GeneralItem {
		share = inspect.PercentText(t.MaxShare)
	}
	if t.Frequency > 0 {
		often = strconv.FormatInt(t.Frequency, 10)
	}
	methods := make([]string, len(t.Methods))
	for i, m := range t.Methods {
		methods[i] = inspect.ChoiceText(inspect.Methods, string(m))
	}
	return []string{
		t.Code, t.Field, t.Name, t.SubItem, string(t.Category), share, often, t.Basis, t.Body, t.Objects, t.Content, strings.Join(methods, "\n"),
		t.Qualifications, t.Materials, t.Results, t.Division, t.Remark,
	}
}

// WriteItems writes a list of items.
func WriteItems(w io.Writer, format Format, items []inspect.ItemTerms) error {
	e, err := NewExport(w, format, ItemTable)
	if err != nil {
		return err
	}
	for _, i := range items {
		if err := e.Write(itemValues(i)); err != nil {
			return err
		}
	}
	return e.Close()
}

// otherMethods are words that real lists use for the methods.
var otherMethods = map[string]inspect.Method{
	"现场检查": "onsite", "实地检查": "onsite", "实地核查": "onsite", "书式检查": "document", "书面检查": "document", "资料审查": "document",
	"网络监测": "online", "网络检查": "online", "在线监测": "online",
}

var timesForm = regexp.MustCompile(`^([0-9]{1,2})(次|次/年|次／年)?$`)

// ItemRow is a row of ItemTable as the commands take it: one JSON object. What the
// table's columns cannot say of a cell is among the faults.
func ItemRow(r Row) (string, []Fault) {
	var faults []Fault
	bad := func(key string, f finding) {
		faults = append(faults, f.at(r.Line, "", ItemTable.heading(key)))
	}
	row := map[string]any{}
	for _, c := range ItemTable.Columns {
		if v := r.Value(c.Key); v != "" {
			row[c.Key] = v
		}
	}
	delete(row, "max_share")
	if text := r.Value("max_share"); text != "" && r.Value("category") == string(inspect.GeneralItem) {
		share, ok := inspect.ParseShare(text)
		if !ok {
			bad("max_share", wrong("share", "看不懂抽查比例“%s”。请写成百分数，例如 5%%。", shown(text)))
		}
		row["max_share"] = share
	}
	delete(row, "frequency")
	if text := strings.TrimPrefix(r.Value("frequency"), "每年"); text != "" {
		m := timesForm.FindStringSubmatch(text)
		if m == nil {
			bad("frequency", wrong("frequency", "看不懂抽查频次“%s”。请填写每年最多的次数，例如 1。", shown(text)))
		} else {
			n, _ := strconv.ParseInt(m[1], 10, 64) // two digits
			row["frequency"] = n
		}
	}
	var methods []inspect.Method
	for _, text := range r.List("methods") {
		m, ok := otherMethods[strings.TrimSpace(text)]
		if !ok {
			bad("methods", wrong("methods", "抽查方式“%s”无法识别。请填写实地核查、书面检查或者网络监测。", shown(text)))
		}
		methods = append(methods, m)
	}
	row["methods"] = methods
	text, err := json.Marshal(row)
	if err != nil {
		panic("exchange: " + err.Error()) // texts and numbers always can be written
	}
	return string(text), faults
}

// ReadItems reads a whole list of items. Faults that are errors keep it out.
func ReadItems(ctx context.Context, name string, file []byte) (rows []string, faults []Fault, err error) {
	f, err := Open(ctx, bytes.NewReader(file), int64(len(file)), name, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	faults, err = eachRow(ctx, f, ItemTable, "", func(r Row) []Fault {
		text, more := ItemRow(r)
		rows = append(rows, text)
		return more
	})
	return rows, faults, err
}

// eachRow reads a small sheet whose headings are known, row by row.
func eachRow(ctx context.Context, f *File, t Table, sheet string, do func(Row) []Fault) ([]Fault, error) {
	head, err := f.Head(ctx, t, sheet)
	if err != nil {
		return nil, err
	}
	m := t.Match(head, Mapping{})
	faults := t.CheckMapping(head, m)
	if keptOut(faults) {
		return faults, nil
	}
	for r, err := range f.Rows(ctx, t, m) {
		if err != nil {
			return faults, err
		}
		faults = append(faults, r.Faults...)
		if !r.Failed() {
			faults = append(faults, do(r)...)
		}
	}
	return faults, nil
}

// keptOut reports whether one of the faults is an error.
func keptOut(faults []Fault) bool {
	for _, f := range faults {
		if f.Severity == Error {
			return true
		}
	}
	return false
}

// A JointFile is the published joint list as a file, with all names resolved.
type JointFile struct {
	Title     string      `json:"title"`
	Publisher string      `json:"publisher"`
	Place     string      `json:"place"`
	Edition   int         `json:"edition"`
	Published string      `json:"published"`
	Places    []string    `json:"places"`
	URL       string      `json:"url"`
	Lines     []JointLine `json:"lines"`
}

// A JointLine is one line of a joint list.
type JointLine struct {
	No      int         `json:"no"`
	Field   string      `json:"field"`
	Name    string      `json:"name"`
	Objects string      `json:"objects"`
	Lead    string      `json:"lead"`
	Items   []JointItem `json:"items"`
	Remark  string      `json:"remark"`
}

// A JointItem is an item of a joint line, in the version that was agreed to.
type JointItem struct {
	Org     string `json:"org"`
	Code    string `json:"code"`
	Name    string `json:"name"`
	Version int64  `json:"version"`
	URL     string `json:"url"`
}

// jointTable describes a joint list as a table: one row for each item.
var jointTable = Table{Key: "joint_item", Name: "联合抽查事项清单", Columns: []Column{
	{Key: "no", Headings: []string{"序号"}, Kind: Number}, {Key: "field", Headings: []string{"抽查领域"}, Kind: Text},
	{Key: "name", Headings: []string{"联合抽查事项"}, Kind: Text}, {Key: "objects", Headings: []string{"抽查对象范围"}, Kind: Prose},
	{Key: "lead", Headings: []string{"牵头部门"}, Kind: Text}, {Key: "org", Headings: []string{"部门"}, Kind: Text},
	{Key: "code", Headings: []string{"事项编号"}, Kind: Code}, {Key: "item", Headings: []string{"部门抽查事项"}, Kind: Text},
	{Key: "version", Headings: []string{"事项版本"}, Kind: Number}, {Key: "remark", Headings: []string{"备注"}, Kind: Prose},
}}

// Write writes the list.
func (j JointFile) Write(w io.Writer, format Format) error {
	if format == JSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(j)
	}
	e, err := NewExport(w, format, jointTable)
	if err != nil {
		return err
	}
	for _, l := range j.Lines {
		for _, i := range l.Items {
			err := e.Write([]string{
				strconv.Itoa(l.No), l.Field, l.Name, l.Objects, l.Lead, i.Org, i.Code, i.Name, strconv.FormatInt(i.Version, 10), l.Remark,
			})
			if err != nil {
				return fmt.Errorf("write line %d of the joint list: %w", l.No, err)
			}
		}
	}
	return e.Close()
}
