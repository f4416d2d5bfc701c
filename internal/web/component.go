package web

import (
	"fmt"
	"net/http"
	"strconv"

	"suicha/internal/inspect"
)

// The structs of this file are what the components show. A page's view holds
// them; the component's template has the name in the comment.

// A State ("state") is a shape and a word; colour only helps.
type State struct {
	Shape Shape
	Text  string
	Bare  bool // without the ground, for tight lists
}

// A Shape is how far a thing has come.
type Shape string

// The shapes.
const (
	Idle    Shape = ""     // grey ring: not begun
	Going   Shape = "go"   // half disc: running
	Waiting Shape = "wait" // amber ring: somebody is awaited
	Happy   Shape = "done" // green disc: done
	Bad     Shape = "bad"  // red diamond: wrong, refused, late
	Sealed  Shape = "seal" // violet square: not yet open
)

// A Due ("due") is until when something has to be done: the days that are left,
// counted in working days, and the date beside them.
type Due struct {
	Left string // 剩 2 个工作日
	Date string // 11月26日（周四）
	Tone Tone
}

// A Tone says whether something is pressing.
type Tone string

// The tones.
const (
	Calm Tone = ""
	Soon Tone = "soon"
	Late Tone = "late"
)

// A Step ("stepper", which shows a list of them) is one state of a record's life.
type Step struct {
	Text, Note string
	At         StepAt
}

// StepAt says where a step stands in time.
type StepAt string

// The places of a step.
const (
	Past   StepAt = "done"
	Now    StepAt = "now"
	Future StepAt = "later"
)

// An Entry ("log", which shows a list of them) is one line of a record.
type Entry struct {
	At      StepAt
	Text    string
	When    string
	Who     string
	Note    string
	Receipt *Receipt
}

// A Tile ("tiles") is a number that leads to the list behind it.
type Tile struct {
	Label, Number, Unit string
	Href                string
	Tone                Tone
}

// A TodoGroup ("todo") is what waits for the reader until about the same time.
type TodoGroup struct {
	Title string
	Late  bool
	Jobs  []Job
}

// A Job is one thing that waits: what, until when, what next.
type Job struct {
	Text, Note   string
	Href, Action string // the button is a verb: 去审批
	Due          Due
	Main         bool // the one blue button of the view
}

// A Matrix ("matrix") counts things by row and month, and shows the gaps.
type Matrix struct {
	Caption, Head string
	Columns       []string
	Rows          []MatrixRow
}

// A MatrixRow is one row of a matrix. Gap, if set, stands where the sum would;
// so does Note, without alarm.
type MatrixRow struct {
	Text, Href string
	Counts     []int
	Gap, Note  string
}

// Sum is the row's total.
func (m MatrixRow) Sum() int {
	sum := 0
	for _, n := range m.Counts {
		sum += n
	}
	return sum
}

// tints is how many depths of colour a matrix has.
const tints = 3

// Tints returns the cells of a row, with the depth of colour of each. The depth
// is relative to the smallest and the largest count of the matrix, so that quiet
// and busy months differ, be the counts a few or dozens. An empty cell has none.
func (m Matrix) Tints(row MatrixRow) []Cell {
	least, most := m.span()
	cells := make([]Cell, len(row.Counts))
	for i, n := range row.Counts {
		cells[i] = Cell{N: n}
		if n > 0 {
			cells[i].Tint = 1 + (n-least)*tints/(most-least+1)
		}
	}
	return cells
}

// span is the smallest and the largest count above 0; both are 0 if there is
// none.
func (m Matrix) span() (least, most int) {
	for _, row := range m.Rows {
		for _, n := range row.Counts {
			if n > 0 && (least == 0 || n < least) {
				least = n
			}
			most = max(most, n)
		}
	}
	return least, most
}

// Legend says which counts each tint stands for.
func (m Matrix) Legend() []Tint {
	least, most := m.span()
	if most == 0 {
		return nil
	}
	var legend []Tint
	start := func(i int) int { return least + ((most-least+1)*i+tints-1)/tints }
	for i := range tints {
		from, to := start(i), start(i+1)-1
		if from > to { // fewer counts than tints
			continue
		}
		text := strconv.Itoa(from)
		if to > from {
			text += "–" + strconv.Itoa(to)
		}
		legend = append(legend, Tint{Depth: i + 1, Text: text})
	}
	return legend
}

// A Cell is one count of a matrix and its tint, 0 to 3.
type Cell struct{ N, Tint int }

// A Tint is a depth of colour, and the counts that have it.
type Tint struct {
	Depth int
	Text  string
}

// A Change ("diff", which shows a list of them) is what one line of a newer
// version has that the older has not.
type Change struct {
	Kind  string // 增, 改 or 删
	Text  string // which line
	Parts []Part
}

// Changes is the difference of two versions of a plan as pages show it: of what
// was added the fields that are filled in, of what was struck its name alone.
func Changes(changes []inspect.Change) []Change {
	var shown []Change
	for _, c := range changes {
		change := Change{Kind: c.Kind, Text: fmt.Sprintf("%02d　%s", c.No, c.Name)}
		for _, f := range c.Fields {
			if c.Kind == "增" && (f.Label == "任务名称" || f.After == "") {
				continue
			}
			change.Parts = append(change.Parts, Part{Label: f.Label, Old: f.Before, New: f.After})
		}
		shown = append(shown, change)
	}
	return shown
}

// A Part is one field that changed. An empty Old or New was not there.
type Part struct{ Label, Old, New string }

// A Consent ("consent", which shows a list of them) is one department's answer.
type Consent struct {
	Org, Note string
	State     State
}

// A Tab ("views", "sizes") is one way to look at the same list.
type Tab struct {
	Text, Href string
	Count      string
	Current    bool
}

// A Fact ("kv", which shows a list of them) is a name and a value of a record.
type Fact struct{ Label, Value, Note string }

// A Number ("numbers", which shows a list of them) is a large number, its unit
// small after it.
type Number struct{ Label, Value, Unit string }

// A Grave ("grave") is the one grave act of a page: what will happen, who must
// agree, and the record's number to be typed. While it is not allowed it stays
// visible, with the reasons.
type Grave struct {
	Title, Button string
	Effects       []string
	Why           []string // reasons why it is not allowed now; none allows it
	Expect        string   // what has to be typed
	Form          Form
	Fields        []Field // asked for besides, such as an opinion; may be empty
}

// A Filter ("filter") is a search box and chips over a list. The address is its
// state: every choice is a link.
type Filter struct {
	Label  string // of the search box, such as 名称、代码或地址
	Value  string
	Path   string // the list, without its query
	Target string // the block of the page that holds the list
	Keep   []Pair // other parameters that a search must not lose
	Clear  string // leads to the list without any chip
	Chips  []Chip
}

// A Chip is one thing a list can be narrowed by.
type Chip struct {
	Label   string
	Clear   string // leads to the list without this chip
	Options []Tab
	name    string
	Rare    bool // stands under 更多筛选 until an option is chosen
}

// Seldom is the chip as one that few readers need.
func (c Chip) Seldom() Chip {
	c.Rare = true
	return c
}

// Near are the chips that stand in the row: the usual ones and those in force.
func (f Filter) Near() []Chip { return f.chips(false) }

// Far are the chips under 更多筛选.
func (f Filter) Far() []Chip { return f.chips(true) }

func (f Filter) chips(far bool) []Chip {
	var chips []Chip
	for _, c := range f.Chips {
		if (c.Rare && c.Chosen().Text == "") == far {
			chips = append(chips, c)
		}
	}
	return chips
}

// On is how many chips are in force.
func (f Filter) On() (n int) {
	for _, c := range f.Chips {
		if c.Chosen().Text != "" {
			n++
		}
	}
	return n
}

// Chosen is the option that is in force. Without one the list is not narrowed.
func (c Chip) Chosen() Tab {
	for _, o := range c.Options {
		if o.Current {
			return o
		}
	}
	return Tab{}
}

// NewChip returns a chip that sets the parameter called name in the address of r
// to one of options. An option without a value takes the parameter away.
func NewChip(r *http.Request, label, name string, options ...Option) Chip {
	now := r.URL.Query().Get(name)
	c := Chip{Label: label, Clear: hereWith(r, name, ""), name: name}
	for _, o := range options {
		c.Options = append(c.Options, Tab{
			Text: o.Text, Href: hereWith(r, name, o.Value), Count: o.Note, Current: o.Value != "" && o.Value == now,
		})
	}
	return c
}

// hereWith is the address of r with parameters changed, as query does it.
func hereWith(r *http.Request, pairs ...string) string {
	path, err := query(herePath(r), pairs...)
	if err != nil {
		return r.URL.Path
	}
	return path
}

// NewFilter returns the search box of the list at r. The search is the parameter
// q; target is the block of the page that holds the list.
func NewFilter(r *http.Request, label, target string, chips ...Chip) Filter {
	f := Filter{Label: label, Value: r.URL.Query().Get("q"), Path: r.URL.Path, Target: target, Chips: chips}
	for _, name := range sortedKeys(r.URL.Query()) {
		if name != "q" && name != "after" && name != doneAct && name != unsent {
			f.Keep = append(f.Keep, Pair{name, r.URL.Query().Get(name)})
		}
	}
	var none []string
	for _, c := range chips {
		none = append(none, c.name, "")
	}
	f.Clear = hereWith(r, none...)
	return f
}

// A Pager ("pager") leads through a list by key: from each page to the next, and
// back to the first.
type Pager struct {
	Text        string // 共 3,871 户，本页 50 户
	First, Next string // addresses; empty if there is no such page
	Target      string
	Sizes       []Tab
}

// Page sizes that a reader may choose, the usual one first.
var pageSizes = []int{20, 50, 100}

// PageOf returns where the list at r goes on, and how many rows a page has.
func PageOf(r *http.Request) (after string, size int) {
	size = pageSizes[0]
	n, err := strconv.Atoi(r.URL.Query().Get("size"))
	for _, s := range pageSizes {
		if err == nil && n == s {
			size = s
		}
	}
	after = r.URL.Query().Get("after")
	if len(after) > 200 {
		after = ""
	}
	return after, size
}

// NewPager returns the pager of the list at r. Next is the key of the last row
// shown, or empty on the last page; text says how many rows there are.
func NewPager(r *http.Request, target, text, next string) Pager {
	p := Pager{Text: text, Target: target}
	after, size := PageOf(r)
	if after != "" {
		p.First = hereWith(r)
	}
	if next != "" {
		p.Next = hereWith(r, "after", next)
	}
	for _, n := range pageSizes {
		p.Sizes = append(p.Sizes, Tab{Text: strconv.Itoa(n), Href: hereWith(r, "size", strconv.Itoa(n)), Current: n == size})
	}
	return p
}

// A PrintHead ("print-head") stands over a printed page, where the menu is gone.
type PrintHead struct {
	Title, Number, Printed string
	QR                     QR
}
