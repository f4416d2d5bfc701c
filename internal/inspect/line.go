package inspect

import (
	"slices"
)

// Ids of what a plan line refers to.
type (
	ItemID       string
	SublibraryID string
)

// A TaskType (抽查类型) is how a joint inspection is put together: R57,
// 海政办发〔2020〕2号 二(五) "综合联查、风险分类联查、专项整治联查".
type TaskType string

// A Method (检查方式): R58, 海政办发〔2020〕2号 二(五) "实地核查、书面检查、网络监测等".
type Method string

// A DrawMode (抽查检查模式) is which level draws and which inspects.
type DrawMode string

// A Choice is one option of a field: what is stored and what is read.
type Choice struct{ Value, Text string }

// The options of a line's fields, in the order of the form.
var (
	TaskTypes = []Choice{{"comprehensive", "综合联查"}, {"risk", "风险分类联查"}, {"campaign", "专项整治联查"}}
	Methods   = []Choice{{"onsite", "实地核查"}, {"document", "书面检查"}, {"online", "网络监测"}}
	DrawModes = []Choice{{"county", "县抽县查"}, {"city_county", "市抽县查"}, {"city", "市抽市查"}}
	Targeting = []Choice{{"untargeted", "不定向"}, {"targeted", "定向"}}
)

// ChoiceText is the text of a value, or the value if the list does not have it.
func ChoiceText(list []Choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return c.Text
		}
	}
	return value
}

func chosen(ps *Problems, list []Choice, field, label, value string) {
	if !slices.ContainsFunc(list, func(c Choice) bool { return c.Value == value }) {
		*ps = append(*ps, ErrChoice.With(label).At(field))
	}
}

// A PlanLine (计划任务) is one task of a plan, with all that the regulation asks a
// plan to name: task, object scope, ratio and frequency, time, lead and
// participating departments: R46, 海政办发〔2020〕2号 二(四).
type PlanLine struct {
	No        int // within the plan number for ever; never used again
	Name      string
	Field     string // 行业、领域
	Items     []ItemID
	Scope     string         // 抽查对象范围, in words
	Sublibs   []SublibraryID // the sub-libraries it draws from
	Pool      int64          // 抽查基数: objects in scope when planned
	Ratio     string         // in the form of type Ratio
	Frequency int            // draws a year
	Months    Months
	Areas     []string // codes of towns; none means the whole county: R42
	Lead      OrgID    // 牵头部门: R13
	Partners  []OrgID  // 配合部门: R14
	Type      TaskType
	Targeted  string
	Methods   []Method
	Mode      DrawMode
	Remark    string
	From      LineRef // the led plan's line that a joint line was merged from
	Dropped   bool
	Consents  []Consent
}

// A LineRef names a line of a plan.
type LineRef struct {
	Plan PlanID
	No   int
}

// Longest texts, in characters, and most entries of a line's lists.
const (
	lineNameMost  = 60
	lineScopeMost = 300
	lineNoteMost  = 500
	lineListMost  = 50
	poolMost      = 20_000_000
)

// PutLine adds l to the plan, or replaces the line of the same number. Number 0
// is a new line. A changed joint line asks all its departments again: R51.
func (p Plan) PutLine(l PlanLine) (Plan, int, error) {
	if _, err := p.step(PlanPutLine); err != nil {
		return p, 0, err
	}
	l, err := l.tidy(p.Kind, p.Org)
	if err != nil {
		return p, 0, err
	}
	lines := slices.Clone(p.Lines)
	i := slices.IndexFunc(lines, func(old PlanLine) bool { return old.No == l.No })
	switch {
	case l.No == 0 && len(p.Standing()) >= 200:
		return p, 0, ErrNotFinite.With(200)
	case l.No == 0:
		l.No = len(lines) + 1
		lines = append(lines, l)
	case i < 0 || lines[i].Dropped:
		return p, 0, ErrMissing
	default:
		l.From = lines[i].From
		l.Consents = lines[i].consentsFor(l)
		lines[i] = l
	}
	p.Lines = lines
	return p, l.No, nil
}

// DropLine takes a line out of the draft. The number stays used.
func (p Plan) DropLine(no int) (Plan, error) {
	if _, err := p.step(PlanDropLine); err != nil {
		return p, err
	}
	i := slices.IndexFunc(p.Lines, func(l PlanLine) bool { return l.No == no && !l.Dropped })
	if i < 0 {
		return p, ErrMissing
	}
	p.Lines = slices.Clone(p.Lines)
	p.Lines[i].Dropped = true
	return p, nil
}

// Line returns the standing line with a number.
func (p Plan) Line(no int) (PlanLine, bool) {
	for _, l := range p.Lines {
		if l.No == no && !l.Dropped {
			return l, true
		}
	}
	return PlanLine{}, false
}

// Standing returns the lines that have not been dropped.
func (p Plan) Standing() []PlanLine {
	var lines []PlanLine
	for _, l := range p.Lines {
		if !l.Dropped {
			lines = append(lines, l)
		}
	}
	return lines
}

// tidy brings what was typed into its one form, or says what is wrong with each
// field.
func (l PlanLine) tidy(kind PlanKind, owner OrgID) (PlanLine, error) {
	var ps Problems
	l.Name = Line(&ps, "name", "任务名称", l.Name, lineNameMost)
	l.Field = Line(&ps, "field", "行业领域", l.Field, lineNameMost)
	l.Scope = Paragraph(&ps, "scope", "抽查对象范围", l.Scope, lineScopeMost)
	l.Remark = Optional(&ps, "remark", "备注", l.Remark, lineNoteMost)
	if r, err := ParseRatio(l.Ratio); err != nil {
		ps = append(ps, problemsOf(err)...)
	} else {
		l.Ratio = r.Text()
	}
	if l.Pool < 1 || l.Pool > poolMost {
		ps = append(ps, ErrRange.With("抽查基数", 1, poolMost).At("pool"))
	}
	if l.Frequency < 1 || l.Frequency > 12 {
		ps = append(ps, ErrRange.With("抽查频次", 1, 12).At("frequency"))
	}
	switch {
	case l.Months == 0 || l.Months >= 1<<12:
		ps = append(ps, ErrEmpty.With("实施检查时间").At("months"))
	case l.Frequency > l.Months.Count():
		ps = append(ps, ErrMonths.With(l.Frequency, l.Months.Count()).At("months"))
	}
	chosen(&ps, TaskTypes, "type", "抽查类型", string(l.Type))
	chosen(&ps, DrawModes, "mode", "抽查检查模式", string(l.Mode))
	chosen(&ps, Targeting, "targeted", "是否定向", l.Targeted)
	if len(l.Methods) == 0 {
		ps = append(ps, ErrEmpty.With("检查方式").At("methods"))
	}
	for _, m := range l.Methods {
		chosen(&ps, Methods, "methods", "检查方式", string(m))
	}
	l = l.tidyParties(&ps, kind, owner)
	l.Items = tidyList(&ps, "items", "抽查事项", l.Items)
	l.Sublibs = tidyList(&ps, "sublibs", "检查对象分库", l.Sublibs)
	l.Areas = tidyList(&ps, "areas", "实施区域", l.Areas)
	l.Methods = tidyList(&ps, "methods", "检查方式", l.Methods)
	if len(l.Items) == 0 {
		ps = append(ps, ErrEmpty.With("抽查事项").At("items"))
	}
	return l, ps.Err()
}

// tidyParties settles lead and partners. The maker of a department plan leads
// it; a joint inspection has at least one more department: R13, R14, R43.
func (l PlanLine) tidyParties(ps *Problems, kind PlanKind, owner OrgID) PlanLine {
	if kind != PlanJoint {
		l.Lead = owner
	}
	if !ValidID(l.Lead) {
		*ps = append(*ps, ErrEmpty.With("牵头部门").At("lead"))
	}
	l.Partners = tidyList(ps, "partners", "配合部门", l.Partners)
	l.Partners = slices.DeleteFunc(l.Partners, func(o OrgID) bool { return o == l.Lead })
	switch {
	case kind == PlanOwn && len(l.Partners) > 0:
		*ps = append(*ps, ErrOwnPartners.At("partners"))
	case kind != PlanOwn && len(l.Partners) == 0:
		*ps = append(*ps, ErrEmpty.With("配合部门").At("partners"))
	}
	return l
}

// tidyList sorts a list and drops what it names twice.
func tidyList[T ~string](ps *Problems, field, label string, list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > lineListMost {
		*ps = append(*ps, ErrNotFinite.With(lineListMost).At(field))
	}
	if slices.ContainsFunc(list, func(v T) bool { return v == "" || len(v) > 40 }) {
		*ps = append(*ps, ErrChoice.With(label).At(field))
	}
	return list
}

// Parties are the line's departments, the lead first.
func (l PlanLine) Parties() []OrgID { return append([]OrgID{l.Lead}, l.Partners...) }

// Planned is how many objects one draw of the line takes.
func (l PlanLine) Planned() int64 {
	r, err := ParseRatio(l.Ratio)
	if err != nil {
		return 0
	}
	return r.Count(l.Pool, [4]int64{})
}

// sameTerms reports whether nothing changed that the departments agreed to.
func (l PlanLine) sameTerms(other PlanLine) bool {
	return l.Name == other.Name && l.Field == other.Field && l.Scope == other.Scope && l.Pool == other.Pool &&
		l.Ratio == other.Ratio && l.Frequency == other.Frequency && l.Months == other.Months &&
		l.Lead == other.Lead && l.Type == other.Type && l.Targeted == other.Targeted && l.Mode == other.Mode &&
		slices.Equal(l.Items, other.Items) && slices.Equal(l.Sublibs, other.Sublibs) &&
		slices.Equal(l.Areas, other.Areas) && slices.Equal(l.Partners, other.Partners) &&
		slices.Equal(l.Methods, other.Methods)
}

func problemsOf(err error) Problems {
	switch e := err.(type) {
	case Problem:
		return Problems{e}
	case Problems:
		return e
	}
	return Problems{ErrForm}
}
