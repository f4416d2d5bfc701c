package match

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// ReplacementsFile lists in a bundle who came in for whom since the draw, and
// PublicReplacements what of it is public: docs/design/match.md §15.3.
const (
	ReplacementsFile   = "replacements.tsv"
	PublicReplacements = "replacements.public.tsv"
)

// The kinds of replacements: an inspector went, or the seat is one of a substitute
// object's team.
const (
	OfInspector = "inspector"
	OfObject    = "object"
)

// A Replacement (替换) fills one seat after the draw. Nobody chooses who comes in. R68
type Replacement struct {
	Time       string
	After      int // lines of substitutions.tsv that were done before
	Kind       string
	Object     string
	Department string
	Line       int
	Out, In    string // inspectors; of kind OfObject, Out is the object that went
	Leader     string // who leads the team then; "-" while it is not whole
	Ground     string
	Evidence   string // digest, or "-"
	Approver   string
	Passed     []Pass
}

// A Pass is somebody who was next in order and could not come, and why.
type Pass struct{ Inspector, Reason string }

// A Move is a line of substitutions.tsv: an object goes off a task's list, and In
// comes in its place, "-" if the reserve is used up.
type Move struct{ Task, Out, In string }

// Teams are the teams of a draw as replacements change them. What substitutions.tsv
// says was checked before.
type Teams struct {
	problem *Problem // without demands
	needs   *Needs
	terms   Terms
	regions map[string]string // of all that were or may be drawn
	moves   []Move
	done    int // moves
	crews   map[string]*crew
	waits   map[string]*wait // substitutes without a team
	filling *filling         // the team of the first of them
	lines   int
	time    string
}

// A crew is the team of one object, with all who were in it.
type crew struct {
	tasks   []string
	members []member
	had     map[string]bool
	leader  string
}

type member struct {
	department string
	line       int
	id         string
}

// A wait is a substitute that has no team yet, and whose place it takes.
type wait struct {
	from  string
	tasks []string
}

// A filling is a team being put together.
type filling struct {
	object  string
	tasks   []string
	demands []Demand
	line    int // of demands
	members []member
}

// NewTeams begins with what the draw gave. The terms need the keys of all
// departments.
func NewTeams(p *Problem, needs *Needs, terms Terms, regions map[string]string, drawn []Drawn, seats []Seat, moves []Move) *Teams {
	t := &Teams{problem: p, needs: needs, terms: terms, regions: regions, moves: moves, crews: map[string]*crew{}, waits: map[string]*wait{}}
	for _, o := range drawn {
		t.crews[o.Object] = &crew{tasks: slices.Clone(o.Tasks), had: map[string]bool{}}
	}
	for _, s := range seats {
		c := t.crews[s.Object]
		c.members, c.had[s.Inspector] = append(c.members, member{s.Department, s.Line, s.Inspector}), true
		if s.Leader {
			c.leader = s.Inspector
		}
	}
	return t
}

// Seats are the seats of an object's team as they stand, in no special order.
func (t *Teams) Seats(object string) (seats []Seat) {
	if c := t.stands(object); c != nil {
		for _, m := range c.members {
			seats = append(seats, Seat{object, m.department, m.line, m.id, m.id == c.leader})
		}
	}
	return seats
}

// Waits reports whether a substitute has no team yet.
func (t *Teams) Waits() bool { return len(t.waits) > 0 }

// Read replays replacements.tsv. Each line must be what the rule gives, for the
// reasons that it states.
func (t *Teams) Read(data []byte) error {
	if err := eachReplacement(ReplacementsFile, data, func(n int, text string) string {
		r, bad := parseReplacement(n, text)
		if bad != "" {
			return bad
		}
		said := map[string]string{}
		for _, p := range r.Passed {
			said[p.Inspector] = p.Reason
		}
		want, bad := t.Add(r, func(id string) string { return said[id] })
		if bad == "" && want.Text(n) != text {
			bad = "与替换规则不符，应为 " + strings.ReplaceAll(want.Text(n), "\t", "　")
		}
		return bad
	}); err != nil {
		return err
	}
	bad := t.advance(len(t.moves))
	if bad == "" && len(t.waits) > 0 {
		bad = "缺少递补对象的检查小组"
	}
	if bad != "" {
		return &FileError{ReplacementsFile, t.lines + 1, bad}
	}
	return nil
}

// Add fills the next seat: of r it takes how far substitutions.tsv is, time, ground,
// evidence and approver, and of an inspector's replacement which one goes. Absent says
// why somebody cannot come. It returns the replacement as it was done, or what is wrong.
func (t *Teams) Add(r Replacement, absent func(string) string) (_ Replacement, bad string) {
	switch {
	case r.Time < t.time:
		return r, "时间应不早于上一行"
	case r.After < t.done || r.After > len(t.moves) || len(t.waits) > 0 && r.After > t.done:
		return r, "递补的序号与 substitutions.tsv 不符"
	}
	if bad = t.advance(r.After); bad != "" {
		return r, bad
	}
	if len(t.waits) > 0 {
		r, bad = t.seat(r, absent)
	} else {
		r, bad = t.replace(r, absent)
	}
	if bad == "" {
		t.time, t.lines = r.Time, t.lines+1
	}
	return r, bad
}

// advance does substitutions of objects. An object goes off all its lists at once,
// and what comes in its place then waits for its team.
func (t *Teams) advance(to int) string {
	for ; t.done < to; t.done++ {
		m := t.moves[t.done]
		from := m.Out
		if w := t.waits[m.Out]; w != nil && slices.Contains(w.tasks, m.Task) {
			from = w.from // it had all its visits of the year
			if w.tasks = without(w.tasks, m.Task); len(w.tasks) == 0 {
				delete(t.waits, m.Out)
			}
		} else if c := t.crews[m.Out]; c != nil {
			c.tasks = without(c.tasks, m.Task)
		}
		if m.In == "-" {
			continue
		}
		if t.waits[m.In] == nil {
			t.waits[m.In] = &wait{from: from}
		}
		w := t.waits[m.In]
		w.tasks = append(w.tasks, m.Task)
		if w.from != from {
			return "一次只能递补一个检查对象"
		}
	}
	from := ""
	for _, w := range t.waits {
		if c := t.crews[w.from]; from != "" && from != w.from || c == nil || len(c.tasks) > 0 {
			return "检查对象应从它的全部任务中一次递补"
		}
		from = w.from
	}
	return ""
}

func without(list []string, x string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(y string) bool { return y == x })
}

// replace puts the next of its own order in the seat of an inspector who goes.
func (t *Teams) replace(r Replacement, absent func(string) string) (Replacement, string) {
	c := t.crews[r.Object]
	if r.Kind != OfInspector || c == nil || len(c.tasks) == 0 {
		return r, "没有这个检查小组"
	}
	at := slices.Index(c.members, member{r.Department, r.Line, r.Out})
	if at < 0 {
		return r, fmt.Sprintf("检查人员“%s”不在小组的这个位置上", r.Out)
	}
	demands := t.demands(r.Object, c.tasks)
	order, bad := t.successors(demands, r.Object, r.Department, r.Line)
	if bad != "" {
		return r, bad
	}
	if r.In, r.Passed = next(order, c.had, absent); r.In == "" {
		return r, "没有可以接替的人员"
	}
	c.members[at].id, c.had[r.In] = r.In, true
	if c.leader == r.Out {
		if c.leader, bad = t.leads(demands, c.members); bad != "" {
			return r, bad
		}
	}
	r.Leader = c.leader
	return r, ""
}

// seat fills the next seat of the team of a substitute: from those who are in its team
// already, those of the team whose object went, and the line's successors.
func (t *Teams) seat(r Replacement, absent func(string) string) (Replacement, string) {
	if t.filling == nil {
		t.fill()
	}
	f := t.filling
	if len(f.demands) == 0 {
		return r, "递补对象没有派组需求"
	}
	d, w := f.demands[f.line], t.waits[f.object]
	r = Replacement{Time: r.Time, After: r.After, Kind: OfObject, Object: f.object, Department: d.Department, Line: d.Line, Out: w.from,
		Leader: "-", Ground: "-", Evidence: "-", Approver: "-"}
	order, bad := t.successors(f.demands, f.object, d.Department, d.Line)
	if bad != "" {
		return r, bad
	}
	var first []string
	for _, c := range []*crew{t.stands(f.object), t.crews[w.from]} {
		for _, id := range order {
			if c.has(id) && !slices.Contains(first, id) {
				first = append(first, id)
			}
		}
	}
	for _, id := range order {
		if !slices.Contains(first, id) {
			first = append(first, id)
		}
	}
	seated := map[string]bool{}
	held := 0
	for _, m := range f.members {
		seated[m.id] = true
		if m.department == d.Department && m.line == d.Line {
			held++
		}
	}
	if r.In, r.Passed = next(first, seated, absent); r.In == "" {
		return r, "没有可以接替的人员"
	}
	f.members = append(f.members, member{d.Department, d.Line, r.In})
	if held+1 == d.Need {
		f.line++
	}
	if f.line == len(f.demands) {
		r.Leader, bad = t.whole()
	}
	return r, bad
}

// fill begins the team of the first substitute that waits for one.
func (t *Teams) fill() {
	object := ""
	for id := range t.waits {
		if object == "" || id < object {
			object = id
		}
	}
	f := &filling{object: object, tasks: slices.Clone(t.waits[object].tasks)}
	if c := t.stands(object); c != nil {
		f.tasks = append(f.tasks, c.tasks...)
	}
	slices.Sort(f.tasks)
	f.demands = t.demands(object, f.tasks)
	t.filling = f
}

// stands is the team that an object has, or nil.
func (t *Teams) stands(object string) *crew {
	if c := t.crews[object]; c != nil && len(c.tasks) > 0 {
		return c
	}
	return nil
}

// whole makes the team that was put together that of its object, and says who leads
// it: who led either team, if still there and of the lead department, else the next.
func (t *Teams) whole() (leader, bad string) {
	f := t.filling
	for _, c := range []*crew{t.stands(f.object), t.crews[t.waits[f.object].from]} {
		if leader == "" && c != nil && slices.ContainsFunc(leading(f.demands, f.members), func(m member) bool { return m.id == c.leader }) {
			leader = c.leader
		}
	}
	if leader == "" {
		if leader, bad = t.leads(f.demands, f.members); bad != "" {
			return "", bad
		}
	}
	c := &crew{tasks: f.tasks, members: f.members, had: map[string]bool{}, leader: leader}
	for _, m := range f.members {
		c.had[m.id] = true
	}
	t.crews[f.object], t.filling = c, nil
	delete(t.waits, f.object)
	return leader, ""
}

func (c *crew) has(id string) bool {
	return c != nil && slices.ContainsFunc(c.members, func(m member) bool { return m.id == id })
}

// demands are the lines of an object for its tasks.
func (t *Teams) demands(object string, tasks []string) []Demand {
	return t.needs.Demands([]Drawn{{Object: object, Region: t.regions[object], Tasks: tasks}})
}

func (t *Teams) successors(demands []Demand, object, department string, line int) ([]string, string) {
	p := *t.problem
	p.Demands = demands
	order, err := p.Successors(t.terms, object, department, line)
	if err != nil {
		return nil, "检查对象没有这一行需求"
	}
	return order, ""
}

// leading are the members of the lead department.
func leading(demands []Demand, members []member) []member {
	at := slices.IndexFunc(demands, func(d Demand) bool { return d.Lead })
	return slices.DeleteFunc(slices.Clone(members), func(m member) bool { return at < 0 || m.department != demands[at].Department })
}

// leads is the next who leads: R72.
func (t *Teams) leads(demands []Demand, members []member) (string, string) {
	var ids []string
	all := leading(demands, members)
	for _, m := range all {
		ids = append(ids, m.id)
	}
	if len(ids) == 0 {
		return "", "牵头部门没有人员"
	}
	leader, err := t.problem.NextLeader(t.terms, demands[0].Object, all[0].department, ids)
	if err != nil {
		return "", "没有牵头部门的钥匙"
	}
	return leader, ""
}

// next is the first of an order who is not among some and can come, and who was passed
// over.
func next(order []string, among map[string]bool, absent func(string) string) (id string, passed []Pass) {
	for _, id := range order {
		if among[id] {
			continue
		}
		reason := absent(id)
		if reason == "" {
			return id, passed
		}
		passed = append(passed, Pass{id, reason})
	}
	return "", passed
}

// eachReplacement calls do with every line of a file, which says what is wrong.
func eachReplacement(file string, data []byte, do func(n int, text string) string) error {
	for n := 1; len(data) > 0; n++ {
		text, rest, ended := bytes.Cut(data, []byte("\n"))
		bad := "最后一行没有换行符，文件可能不完整"
		if ended {
			bad = do(n, string(text))
		}
		if bad != "" {
			return &FileError{file, n, bad}
		}
		data = rest
	}
	return nil
}
