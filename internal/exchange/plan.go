package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

// PlanFormat names the form of a published plan. Fields may be added under this
// name; one that changes its meaning or goes away makes a new one.
const PlanFormat = "suicha-plan/1"

// A Plan is a published edition of an annual plan as other programs read it: all
// names resolved, nothing of the persons who made it. docs/design/portal.md
// documents each field.
type Plan struct {
	Format      string     `json:"format"`
	Number      string     `json:"number"`
	Edition     int        `json:"edition"`
	Title       string     `json:"title"`
	Kind        Coded      `json:"kind"`
	State       Coded      `json:"state"`
	Year        int        `json:"year"`
	Region      Coded      `json:"region"`
	Publisher   Named      `json:"publisher"`
	Approver    string     `json:"approver"` // an organisation: R41
	ApprovedAt  *time.Time `json:"approved_at"`
	PublishedAt *time.Time `json:"published_at"`
	ReplacedAt  *time.Time `json:"replaced_at"`
	Reason      string     `json:"reason"` // of the adjustment: R48
	URL         string     `json:"url"`
	Receipt     *Receipt   `json:"receipt"`
	Visits      int64      `json:"visits"` // all tasks, all draws
	Tasks       []Task     `json:"tasks"`
}

// A Coded is a value of a list: what is stored and what people read.
type Coded struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// A Named is a thing with an id of ours and a name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// A Receipt is where the publication stands in the log.
type Receipt struct {
	N        int64  `json:"n"`         // number of the entry, and of its leaf
	Code     string `json:"code"`      // for eyes and telephones
	LeafHash string `json:"leaf_hash"` // SHA-256, RFC 6962, hexadecimal
	URL      string `json:"url"`
}

// A Task is one line of the plan: R46.
type Task struct {
	No           int      `json:"no"`
	Name         string   `json:"name"`
	Field        string   `json:"field"`
	Items        []Item   `json:"items"`
	Scope        string   `json:"scope"`
	Sublibraries []Named  `json:"sublibraries"`
	Pool         int64    `json:"pool"`
	Ratio        string   `json:"ratio"`
	Planned      int64    `json:"planned"`
	Frequency    int      `json:"frequency"`
	Months       []int    `json:"months"`
	Areas        []Coded  `json:"areas"` // none is the whole place
	Lead         Named    `json:"lead"`
	Partners     []Named  `json:"partners"`
	Type         Coded    `json:"type"`
	Targeted     Coded    `json:"targeted"`
	Methods      []Coded  `json:"methods"`
	Mode         Coded    `json:"mode"`
	Remark       string   `json:"remark"`
	words        []string // in the order of sheetColumns
}

// An Item is an inspection item of a task.
type Item struct {
	ID   string `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
	Org  string `json:"org"`
}

// A Publication is what a caller knows of an edition beside the plan itself.
type Publication struct {
	Publisher string // full name of the organisation
	Approver  string // of the organisation that approved it
	Place     string // name of the region
	URL       string // of this edition, for good
	Receipt   *Receipt
}

// NewPlan returns the published form of a plan.
func NewPlan(p inspect.Plan, facts inspect.Facts, pub Publication) Plan {
	out := Plan{
		Format: PlanFormat, Number: p.Number, Edition: p.Edition, Title: pub.Publisher + " " + p.Title(), Year: p.Year,
		Kind: Coded{string(p.Kind), p.Kind.Text()}, State: Coded{string(p.State), p.State.Text()},
		Region: Coded{p.Region, pub.Place}, Publisher: Named{string(p.Org), pub.Publisher}, Approver: pub.Approver,
		ApprovedAt: moment(p.ApprovedAt), PublishedAt: moment(p.PublishedAt), ReplacedAt: moment(p.ReplacedAt),
		Reason: p.Reason, URL: pub.URL, Receipt: pub.Receipt, Tasks: []Task{},
	}
	for _, l := range p.Standing() {
		out.Tasks = append(out.Tasks, newTask(l, facts))
		out.Visits += l.Planned() * int64(l.Frequency)
	}
	return out
}

func newTask(l inspect.PlanLine, facts inspect.Facts) Task {
	coded := func(list []inspect.Choice, value string) Coded { return Coded{value, inspect.ChoiceText(list, value)} }
	org := func(id inspect.OrgID) Named { return Named{string(id), facts.Orgs[id].Name} }
	t := Task{
		No: l.No, Name: l.Name, Field: l.Field, Items: []Item{}, Scope: l.Scope, Sublibraries: []Named{}, Pool: l.Pool,
		Ratio: l.Ratio, Planned: l.Planned(), Frequency: l.Frequency, Months: l.Months.List(), Areas: []Coded{},
		Lead: org(l.Lead), Partners: []Named{}, Type: coded(inspect.TaskTypes, string(l.Type)),
		Targeted: coded(inspect.Targeting, l.Targeted), Methods: []Coded{}, Mode: coded(inspect.DrawModes, string(l.Mode)),
		Remark: l.Remark,
	}
	for _, id := range l.Items {
		i := facts.Items[id]
		t.Items = append(t.Items, Item{string(id), i.Code, i.Name, facts.Orgs[i.Org].Name})
	}
	for _, id := range l.Sublibs {
		t.Sublibraries = append(t.Sublibraries, Named{string(id), facts.Sublibs[id].Name})
	}
	for _, code := range l.Areas {
		t.Areas = append(t.Areas, Coded{code, facts.Areas[code]})
	}
	for _, id := range l.Partners {
		t.Partners = append(t.Partners, org(id))
	}
	for _, m := range l.Methods {
		t.Methods = append(t.Methods, coded(inspect.Methods, string(m)))
	}
	// Describe begins with the name, and so does a sheet after its number.
	for _, f := range l.Describe(facts) {
		t.words = append(t.words, f.After)
	}
	return t
}

func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// JSON writes the plan with two blanks of indent, so that two editions can be
// compared line by line.
func (p Plan) JSON() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("write plan %s as JSON: %w", p.Number, err)
	}
	return out.Bytes(), nil
}

// A column is one column of a sheet of tasks: its heading, its width in
// characters, and the cell of a task, an int64 or a string.
type column struct {
	head  string
	width float64
	cell  func(Task) any
}

// columns are those of sheets and CSV files: the fields that the regulation asks
// a plan to name, in the order of the form: R46, 海政办发〔2020〕2号 二(四).
var columns = []column{
	{"序号", 6, func(t Task) any { return int64(t.No) }},
	{"任务名称", 24, word(0)},
	{"行业领域", 14, word(1)},
	{"抽查事项", 30, word(2)},
	{"抽查对象范围", 30, word(3)},
	{"检查对象分库", 16, word(4)},
	{"抽查基数（户）", 10, func(t Task) any { return t.Pool }},
	{"抽查比例", 10, word(6)},
	{"每次计划户数", 10, func(t Task) any { return t.Planned }},
	{"每年抽查次数", 10, func(t Task) any { return int64(t.Frequency) }},
	{"实施检查时间", 14, word(9)},
	{"实施区域", 14, word(10)},
	{"牵头部门", 14, word(11)},
	{"配合部门", 20, word(12)},
	{"抽查类型", 12, word(13)},
	{"是否定向", 9, word(14)},
	{"检查方式", 12, word(15)},
	{"抽查检查模式", 12, word(16)},
	{"备注", 16, word(17)},
}

// word is the text of a task's field, by its place in PlanLine.Describe.
func word(i int) func(Task) any { return func(t Task) any { return t.words[i] } }
