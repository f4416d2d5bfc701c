package match

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// NeedsFile says which inspectors the objects of each task need. It is fixed
// before the key can be known; what is drawn then decides DemandsFile.
const NeedsFile = "needs.tsv"

// A Need (人员需求) is a line of needs.tsv: a task asks for Count inspectors of
// Group at its objects whose region begins with Prefix.
type Need struct {
	Task, Prefix, Department, Group string // Prefix is empty where it fits all
	Count                           int
}

// A Task is what a matching knows of a task of the draw.
type Task struct {
	Code, Lead  string
	Departments []string
}

// A Drawn object (抽中的对象), and the tasks that drew it.
type Drawn struct {
	Object, Region string
	Tasks          []string
}

// Needs are those of a whole draw. ParseNeeds makes them, so that whatever is
// drawn gives well-formed demands.
type Needs struct {
	tasks []Task
	by    map[string]map[string][]Need // task, prefix: in the order of the file
}

// ParseNeeds reads needs.tsv for the tasks of a draw, given by code ascending,
// and the groups of a problem. The first fault of the file is reported.
func ParseNeeds(data []byte, tasks []Task, groups []Group) (*Needs, error) {
	n := &Needs{tasks: tasks, by: map[string]map[string][]Need{}}
	known := (&Problem{Groups: groups}).groupNumbers()
	line, before := 0, []string(nil)
	for rest := data; len(rest) > 0; {
		line++
		text, after, ended := bytes.Cut(rest, []byte("\n"))
		rest = after
		fields := strings.Split(string(text), "\t")
		bad := ""
		switch {
		case !ended:
			bad = "最后一行没有换行符，文件可能不完整"
		case len(fields) != 5:
			bad = fmt.Sprintf("应有 5 列，以制表符分隔：任务、区划前缀、部门、规则组、人数，实有 %d 列", len(fields))
		default:
			bad = n.add(fields, known, groups)
		}
		if bad == "" && before != nil && slices.Compare(before, fields[:4]) >= 0 {
			bad = "与上一行重复，或没有按字节顺序排列"
		}
		if bad != "" {
			return nil, &FileError{NeedsFile, line, bad}
		}
		before = fields[:4]
	}
	if bad := n.whole(); bad != "" {
		return nil, &FileError{NeedsFile, 0, bad}
	}
	return n, nil
}

// add takes one line, and tells what is wrong with it.
func (n *Needs) add(fields []string, known map[string]int32, groups []Group) string {
	r := row{fields: fields}
	x := Need{fields[0], fields[1], fields[2], fields[3], r.number(4, "人数")}
	at := slices.IndexFunc(n.tasks, func(t Task) bool { return t.Code == x.Task })
	g, there := known[x.Group]
	switch {
	case at < 0:
		return fmt.Sprintf("任务“%s”未列入公告", x.Task)
	case x.Prefix == "" || len(x.Prefix) > 12 || x.Prefix != "-" && strings.Trim(x.Prefix, "0123456789") != "":
		return "区划前缀应为 1 至 12 位数字，或用 - 表示全部"
	case badName(x.Department) != "":
		return fmt.Sprintf("部门“%s”%s", x.Department, badName(x.Department))
	case !slices.Contains(n.tasks[at].Departments, x.Department):
		return fmt.Sprintf("部门“%s”不是公告中任务“%s”的部门", x.Department, x.Task)
	case !there:
		return fmt.Sprintf("规则“%s”不在 %s 中", x.Group, EligibilityFile)
	case groups[g].Department != x.Department:
		return fmt.Sprintf("规则“%s”属于另一部门“%s”", x.Group, groups[g].Department)
	case r.bad != "":
		return r.bad
	case x.Count < 1 || x.Count > maxNeed:
		return checkRange("人数", x.Count, 1, maxNeed)
	}
	if x.Prefix == "-" {
		x.Prefix = ""
	}
	if n.by[x.Task] == nil {
		n.by[x.Task] = map[string][]Need{}
	}
	n.by[x.Task][x.Prefix] = append(n.by[x.Task][x.Prefix], x)
	return ""
}

// whole tells why some object could be drawn whose demands would be wrong. It is
// enough to look at the prefixes of the file: an object of any region has the
// demands that the longest of them which fits would have.
func (n *Needs) whole() string {
	regions := map[string]bool{"": true}
	for _, t := range n.tasks {
		if !slices.ContainsFunc(n.by[t.Code][""], func(x Need) bool { return x.Department == t.Lead }) {
			return fmt.Sprintf("任务“%s”没有牵头部门“%s”区划前缀为 - 的一行", t.Code, t.Lead)
		}
		for prefix := range n.by[t.Code] {
			regions[prefix] = true
		}
	}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		name := region
		if name == "" {
			name = "-"
		}
		most := map[string]map[string]bool{}
		for _, t := range n.tasks {
			total := 0
			for _, x := range n.fitting(t.Code, region) {
				total += x.Count
				if most[x.Department] == nil {
					most[x.Department] = map[string]bool{}
				}
				most[x.Department][x.Group] = true
			}
			if total < 2 {
				return fmt.Sprintf("任务“%s”在区划“%s”的检查组少于 2 人", t.Code, name)
			}
		}
		for _, department := range slices.Sorted(maps.Keys(most)) {
			if len(most[department]) > 9 {
				return fmt.Sprintf("部门“%s”在区划“%s”的规则组超过 9 个", department, name)
			}
		}
	}
	return ""
}

// fitting are the needs of a task at a region: of each department those of the
// longest prefix.
func (n *Needs) fitting(task, region string) (list []Need) {
	by, seen := n.by[task], map[string]bool{}
	for end := min(len(region), 12); end >= 0; end-- {
		here := by[region[:end]]
		for _, x := range here {
			if !seen[x.Department] {
				list = append(list, x)
			}
		}
		for _, x := range here {
			seen[x.Department] = true
		}
	}
	return list
}

// Demands are what the drawn objects need, which are ascending by id. An object
// that several tasks draw gets one team (综合查一次): of each group the most that
// a task asks for. The lead department of its first task leads.
// R71, R72, 海政办发〔2020〕2号 二(五)3
func (n *Needs) Demands(drawn []Drawn) []Demand {
	type slot struct{ department, group string }
	var demands []Demand
	for _, o := range drawn {
		counts := map[slot]int{}
		for _, task := range o.Tasks {
			for _, x := range n.fitting(task, o.Region) {
				s := slot{x.Department, x.Group}
				counts[s] = max(counts[s], x.Count)
			}
		}
		lead := ""
		if first := slices.IndexFunc(n.tasks, func(t Task) bool { return slices.Contains(o.Tasks, t.Code) }); first >= 0 {
			lead = n.tasks[first].Lead
		}
		slots := slices.SortedFunc(maps.Keys(counts), func(a, b slot) int {
			return slices.Compare([]string{a.department, a.group}, []string{b.department, b.group})
		})
		line := 0
		for i, s := range slots {
			if line++; i > 0 && slots[i-1].department != s.department {
				line = 1
			}
			demands = append(demands, Demand{o.Object, s.department, line, s.group, counts[s], s.department == lead})
		}
	}
	return demands
}

// FormatDemands writes demands.tsv.
func FormatDemands(demands []Demand) []byte { return (&Problem{Demands: demands}).Files().Demands }

// Differs is the first line, from 1, in which two texts differ; 0 if they are
// equal.
func Differs(have, want []byte) int {
	if bytes.Equal(have, want) {
		return 0
	}
	for line := 1; ; line++ {
		a, restA, okA := bytes.Cut(have, []byte("\n"))
		b, restB, okB := bytes.Cut(want, []byte("\n"))
		if okA != okB || !bytes.Equal(a, b) {
			return line
		}
		have, want = restA, restB
	}
}
