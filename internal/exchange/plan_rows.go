package exchange

import (
	"bytes"
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/inspect"
)

// PlanTable describes a table of the tasks of a plan: R46, 海政办发〔2020〕2号 二(四). Its
// headings are those that a plan is exported with.
var PlanTable = Table{
	Key: "plan", Name: "计划任务",
	Notes: []string{
		"一项任务填写一行。抽查事项、分库、部门和镇街按平台中的名称填写，几个用顿号隔开；抽查事项也可以填写编号。",
		"没有填写的：频次按每年 1 次，抽查类型按综合联查，不定向，实地核查，县抽县查，实施区域为全域。",
	},
	Columns: []Column{
		{Key: "name", Headings: []string{"任务名称", "抽查任务名称", "任务"}, Kind: Text, Required: true, Most: 60, Example: "餐饮服务抽查"},
		{Key: "field", Headings: []string{"行业领域", "抽查领域", "领域"}, Kind: Text, Required: true, Most: 60, Example: "餐饮服务"},
		{Key: "items", Headings: []string{"抽查事项", "抽查事项名称", "检查事项"}, Kind: List, Required: true, Most: 100, Example: "SCJG-012"},
		{Key: "scope", Headings: []string{"抽查对象范围", "检查对象范围", "抽查对象"}, Kind: Prose, Required: true, Most: 300, Example: "取得食品经营许可的餐饮服务单位"},
		{Key: "sublibs", Headings: []string{"检查对象分库", "分库"}, Kind: List, Most: 60, Example: "餐饮服务单位"},
		{Key: "pool", Headings: []string{"抽查基数（户）", "抽查基数", "检查对象数量", "对象基数"}, Kind: Number, Required: true, Example: "400"},
		{Key: "ratio", Headings: []string{"抽查比例", "抽查比例或数量"}, Kind: Text, Required: true, Most: 200, Example: "5%"},
		{Key: "frequency", Headings: []string{"每年抽查次数", "抽查频次", "频次"}, Kind: Text, Most: 20, Example: "1"},
		{Key: "months", Headings: []string{"实施检查时间", "抽查时间", "检查时间", "实施时间"}, Kind: Text, Required: true, Most: 60, Hint: "例如 3—4月、11月", Example: "6月"},
		{Key: "areas", Headings: []string{"实施区域", "抽查区域"}, Kind: List, Most: 40, Example: "全域"},
		{Key: "lead", Headings: []string{"牵头部门", "发起部门"}, Kind: Text, Most: 40, Hint: "不填即为制定计划的部门。"},
		{Key: "partners", Headings: []string{"配合部门", "参与部门", "联合部门"}, Kind: List, Most: 40},
		{Key: "type", Headings: []string{"抽查类型"}, Kind: Choose, Choices: offered(inspect.TaskTypes, nil), Example: "综合联查"},
		{Key: "targeted", Headings: []string{"是否定向", "定向"}, Kind: Choose, Choices: offered(inspect.Targeting, map[string][]string{"untargeted": {"否"}, "targeted": {"是"}}), Example: "不定向"},
		{Key: "methods", Headings: []string{"检查方式", "抽查方式"}, Kind: List, Most: 20, Example: "实地核查"},
		{Key: "mode", Headings: []string{"抽查检查模式", "检查模式"}, Kind: Choose, Choices: offered(inspect.DrawModes, nil), Example: "县抽县查"},
		{Key: "remark", Headings: []string{"备注", "说明"}, Kind: Prose, Most: 500},
	},
}

// A PlanRow is a row of PlanTable with the number of its line, and what is wrong
// with it.
type PlanRow struct {
	Line   int
	Task   inspect.PlanLine
	Faults []Fault
}

// PlanText is pasted text as a file: rows of cells parted by tabs, as Excel copies
// them. Text without headings has the columns of a sheet of tasks, in their order;
// then its first line is the second of the file.
func PlanText(text string) (file []byte, headed bool) {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	for cell := range strings.SplitSeq(first, "\t") {
		if strings.TrimSpace(cell) == PlanTable.Columns[0].Heading() {
			return []byte(text), true
		}
	}
	var heads []string
	for _, c := range columns {
		heads = append(heads, c.head)
	}
	if n := strings.Count(first, "\t") + 1; n < len(heads) { // what was copied lacks the last columns, or the number before the first
		if _, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(first, "\t", 2)[0])); err != nil {
			heads = heads[1:]
		}
		heads = heads[:min(n, len(heads))]
	}
	return []byte(strings.Join(heads, "\t") + "\n" + text), false
}

// ReadPlan reads a table of tasks for the plan p. Names are those of facts.
func ReadPlan(ctx context.Context, name string, file []byte, p inspect.Plan, facts inspect.Facts) (rows []PlanRow, faults []Fault, err error) {
	f, err := Open(ctx, bytes.NewReader(file), int64(len(file)), name, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() // only read
	faults, err = eachRow(ctx, f, PlanTable, "", func(r Row) []Fault {
		row := planReader{Row: r, plan: p, facts: facts}
		rows = append(rows, PlanRow{r.Line, row.task(), row.faults})
		return nil
	})
	faults = slices.DeleteFunc(faults, func(f Fault) bool { return f.Code == "unmapped" }) // our own sheets have such columns
	return rows, faults, err
}

// A planReader turns one row into a task.
type planReader struct {
	Row
	plan   inspect.Plan
	facts  inspect.Facts
	faults []Fault
}

func (r *planReader) bad(key, format string, args ...any) {
	r.faults = append(r.faults, wrong("plan_row", format, args...).at(r.Line, "", PlanTable.heading(key)))
}

func (r *planReader) task() inspect.PlanLine {
	l := inspect.PlanLine{
		Name: r.Value("name"), Field: r.Value("field"), Scope: r.Value("scope"), Ratio: r.Value("ratio"), Remark: r.Value("remark"), Lead: r.plan.Org,
		Frequency: 1, Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	}
	if v := r.Value("type"); v != "" {
		l.Type = inspect.TaskType(v)
	}
	if v := r.Value("targeted"); v != "" {
		l.Targeted = v
	}
	if v := r.Value("mode"); v != "" {
		l.Mode = inspect.DrawMode(v)
	}
	var err error
	if l.Pool, err = strconv.ParseInt(r.Value("pool"), 10, 64); err != nil {
		r.bad("pool", "抽查基数“%s”不是整数。请填写户数。", shown(r.Value("pool")))
	}
	if text := strings.Map(noBlank, strings.TrimPrefix(r.Value("frequency"), "每年")); text != "" {
		m := timesForm.FindStringSubmatch(text)
		if m == nil {
			r.bad("frequency", "看不懂抽查频次“%s”。请填写每年的次数，例如 1。", shown(text))
		} else {
			l.Frequency, _ = strconv.Atoi(m[1]) // two digits
		}
	}
	if l.Months = r.months(); l.Months == 0 {
		r.bad("months", "看不懂实施检查时间“%s”。请写成例如 3—4月、11月。", shown(r.Value("months")))
	}
	if v := r.Value("lead"); v != "" {
		l.Lead = r.org("lead", v)
	}
	for _, name := range r.List("partners") {
		l.Partners = append(l.Partners, r.org("partners", name))
	}
	if methods := r.List("methods"); len(methods) > 0 {
		l.Methods = nil
		for _, text := range methods {
			m, ok := otherMethods[text]
			if !ok {
				r.bad("methods", "检查方式“%s”无法识别。请填写实地核查、书面检查或者网络监测。", shown(text))
			}
			l.Methods = append(l.Methods, m)
		}
	}
	r.named(&l)
	return l
}

func noBlank(c rune) rune {
	if c == ' ' {
		return -1
	}
	return c
}

// named fills in what the row names: items, sub-libraries and towns, of the
// departments of the task.
func (r *planReader) named(l *inspect.PlanLine) {
	parties := l.Parties()
	for _, text := range r.List("items") {
		found := ids(r.facts.Items, func(i inspect.Item) bool {
			return slices.Contains(parties, i.Org) && i.Retired.IsZero() && (i.Name == text || i.Code == text)
		})
		l.Items = append(l.Items, one(r, "items", text, "抽查事项", found))
	}
	for _, text := range r.List("sublibs") {
		found := ids(r.facts.Sublibs, func(s inspect.Sublibrary) bool { return slices.Contains(parties, s.Org) && s.Name == text })
		l.Sublibs = append(l.Sublibs, one(r, "sublibs", text, "分库", found))
	}
	for _, text := range r.List("areas") {
		if text == "全域" {
			continue
		}
		found := ids(r.facts.Areas, func(name string) bool { return name == text })
		l.Areas = append(l.Areas, one(r, "areas", text, "镇街", found))
	}
}

func (r *planReader) org(key, text string) inspect.OrgID {
	return one(r, key, text, "单位", ids(r.facts.Orgs, func(o inspect.Org) bool { return o.Until.IsZero() && (o.Name == text || o.Short == text) }))
}

// ids are the keys of what fits.
func ids[K ~string, V any](all map[K]V, fits func(V) bool) (found []K) {
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if fits(all[k]) {
			found = append(found, k)
		}
	}
	return found
}

// one is the only thing that a text names; several are not guessed from.
func one[K ~string](r *planReader, key, text, list string, found []K) (id K) {
	switch len(found) {
	case 0:
		r.bad(key, "没有找到名为“%s”的%s。请按平台中的名称填写，并核对是否属于这项任务的部门。", shown(text), list)
	case 1:
		return found[0]
	default:
		r.bad(key, "有 %d 个名为“%s”的%s，不能确定是哪一个。请填写编号，或者导入后在页面上选择。", len(found), shown(text), list)
	}
	return id
}

// monthPart is one part of 3—4月、11月.
var monthPart = regexp.MustCompile(`^(1?[0-9])月?(?:(?:—+|–|-|－|~|～|至|到)(1?[0-9])月?)?份?$`)

// months is the set that the row names; 0 if it cannot be read.
func (r *planReader) months() (set inspect.Months) {
	text := strings.Map(noBlank, r.Value("months"))
	if text == "全年" {
		return 1<<12 - 1
	}
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(listSigns, c) }) {
		m := monthPart.FindStringSubmatch(part)
		if m == nil {
			return 0
		}
		first, _ := strconv.Atoi(m[1]) // the form has digits
		last := first
		if m[2] != "" {
			last, _ = strconv.Atoi(m[2])
		}
		if first < 1 || last > 12 || last < first {
			return 0
		}
		for k := first; k <= last; k++ {
			set |= 1 << (k - 1)
		}
	}
	return set
}
