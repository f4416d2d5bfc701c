// Package match assigns inspectors to objects (随机匹配检查人员) by algorithm
// bcm/1: balance, call, mix. The result is defined, not merely computed: of all
// lawful and most even arrangements one is picked by a published key, and any
// program that follows docs/design/match.md finds the same one.
//
// Start at Solve. The package is pure: no clock, no files, no chance but the key.
package match

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// An Inspector (执法检查人员) who holds a valid certificate and is available.
type Inspector struct {
	ID, Department, Region string
	Quals                  []string // qualifications, ascending
	Load                   int      // visits of this year so far
	Cap                    int      // most visits of the year, or NoCap
}

// NoCap is the Cap of an inspector without one.
const NoCap = -1

// LeaderQual is the qualification of those who may lead a team (组长).
const LeaderQual = "leader"

// A Group is an eligibility rule that many demands share: the inspectors of one
// department with all the qualifications, from the regions of the first stage;
// while they are fewer than Least, the next stage joins.
type Group struct {
	ID, Department string
	Quals          []string // ascending
	Least          int
	Stages         [][]string // prefixes of region codes, ascending in each stage
}

// A Demand is one line of an object's team: Need distinct inspectors of Group.
// A department whose slots differ in kind has several lines.
type Demand struct {
	Object, Department string
	Line               int // 1 to 9
	Group              string
	Need               int
	Lead               bool // the department leads the team
}

// An Avoidance (回避) keeps an inspector from an object: kinship, interest, or
// rotation.
type Avoidance struct{ Object, Inspector, Reason string }

// A Problem is all that a matching depends on besides the keys. The lists are
// ascending by their first columns, as in the files.
type Problem struct {
	Inspectors []Inspector
	Groups     []Group
	Demands    []Demand
	Avoidances []Avoidance
}

// A FileError is a fault at a line of a file.
type FileError struct {
	File string
	Line int
	Text string
}

func (e *FileError) Error() string { return fmt.Sprintf("%s:%d：%s", e.File, e.Line, e.Text) }

const (
	maxLoad  = 1_000_000
	maxNeed  = 99
	maxSlots = 50_000_000
	maxName  = 64
)

// badName says what is wrong with a name, a code or an id. The rule keeps the
// messages of tickets and the columns of files unambiguous.
func badName(s string) string {
	switch {
	case s == "" || s == "-":
		return "不能为空"
	case len(s) > maxName:
		return fmt.Sprintf("超过 %d 字节", maxName)
	case !utf8.ValidString(s):
		return "不是有效的 UTF-8 文字"
	}
	for _, r := range s {
		if r <= ' ' || r >= 0x7F && r <= 0xA0 || r == 0xFEFF || r == ':' || r == ',' || r == ';' {
			return fmt.Sprintf("含有不允许的字符 %q", r)
		}
	}
	return ""
}

func checkNames(names ...string) string {
	for _, s := range names {
		if bad := badName(s); bad != "" {
			return fmt.Sprintf("“%s”%s", s, bad)
		}
	}
	return ""
}

// checkList checks a list of names that must be strictly ascending.
func checkList(names []string) string {
	for i := 1; i < len(names); i++ {
		if names[i-1] >= names[i] {
			return fmt.Sprintf("“%s”应排在“%s”之前且不重复", names[i], names[i-1])
		}
	}
	return checkNames(names...)
}

func checkRange(what string, n, low, high int) string {
	if n < low || n > high {
		return fmt.Sprintf("%s应为 %d 至 %d", what, low, high)
	}
	return ""
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func (i *Inspector) fault() string {
	bad := first(checkNames(i.ID, i.Department, i.Region), checkList(i.Quals), checkRange("本年已检查次数", i.Load, 0, maxLoad))
	if bad == "" && i.Cap != NoCap {
		bad = checkRange("上限", i.Cap, 0, maxLoad)
	}
	return bad
}

func (g *Group) fault() string {
	bad := first(checkNames(g.ID, g.Department), checkList(g.Quals), checkRange("最少人数", g.Least, 0, maxLoad))
	if bad == "" && len(g.Stages) == 0 {
		bad = "至少要有一级区域"
	}
	for _, stage := range g.Stages {
		if bad == "" && len(stage) == 0 {
			bad = "区域不能为空"
		}
		bad = first(bad, checkList(stage))
	}
	return bad
}

func (d *Demand) fault() string {
	return first(checkNames(d.Object, d.Department, d.Group), checkRange("行号", d.Line, 1, 9), checkRange("人数", d.Need, 1, maxNeed))
}

func (a *Avoidance) fault() string { return checkNames(a.Object, a.Inspector, a.Reason) }

// checkRows checks each row alone, and that the keys are strictly ascending.
func checkRows[T any](file string, rows []T, fault func(*T) string, compare func(a, b *T) int) error {
	for i := range rows {
		bad := fault(&rows[i])
		if bad == "" && i > 0 && compare(&rows[i-1], &rows[i]) >= 0 {
			bad = "与上一行重复，或没有按字节顺序排列"
		}
		if bad != "" {
			return &FileError{file, i + 1, bad}
		}
	}
	return nil
}

func compareDemands(a, b *Demand) int {
	if c := strings.Compare(a.Object, b.Object); c != 0 {
		return c
	}
	if c := strings.Compare(a.Department, b.Department); c != 0 {
		return c
	}
	return a.Line - b.Line
}

func compareAvoidances(a, b *Avoidance) int {
	if c := strings.Compare(a.Object, b.Object); c != 0 {
		return c
	}
	return strings.Compare(a.Inspector, b.Inspector)
}

// Fault returns the first fault of the problem: in a row, between rows, or
// between files. Whether it can be solved is another question.
func (p *Problem) Fault() error {
	for _, err := range []error{
		checkRows(InspectorsFile, p.Inspectors, (*Inspector).fault, func(a, b *Inspector) int { return strings.Compare(a.ID, b.ID) }),
		checkRows(EligibilityFile, p.Groups, (*Group).fault, func(a, b *Group) int { return strings.Compare(a.ID, b.ID) }),
		checkRows(DemandsFile, p.Demands, (*Demand).fault, compareDemands),
		checkRows(AvoidanceFile, p.Avoidances, (*Avoidance).fault, compareAvoidances),
	} {
		if err != nil {
			return err
		}
	}
	for i, a := range p.Avoidances {
		if p.inspector(a.Inspector) < 0 {
			return &FileError{AvoidanceFile, i + 1, fmt.Sprintf("检查人员“%s”不在 %s 中", a.Inspector, InspectorsFile)}
		}
	}
	return p.teamFault()
}

// teamFault checks the lines of each object together: never fewer than two
// inspectors (行政处罚法 第四十二条), and one department that leads.
// R72, 海政办发〔2020〕2号 二(五)3
func (p *Problem) teamFault() error {
	total, lead, all := 0, "", 0
	groups := p.groupNumbers()
	for i, d := range p.Demands {
		start := i == 0 || p.Demands[i-1].Object != d.Object
		if start {
			total, lead = 0, ""
		}
		total += d.Need
		bad := ""
		if all += d.Need; all > maxSlots {
			return &FileError{DemandsFile, i + 1, fmt.Sprintf("需求总数超过 %d 人次", maxSlots)}
		}
		if g, ok := groups[d.Group]; !ok {
			bad = fmt.Sprintf("规则“%s”不在 %s 中", d.Group, EligibilityFile)
		} else if p.Groups[g].Department != d.Department {
			bad = fmt.Sprintf("规则“%s”属于另一部门“%s”", d.Group, p.Groups[g].Department)
		} else if d.Lead && lead != "" && lead != d.Department {
			bad = fmt.Sprintf("牵头部门只能有一个，前面已有“%s”", lead)
		} else if !start && p.Demands[i-1].Department == d.Department && p.Demands[i-1].Lead != d.Lead {
			bad = "同一部门各行的牵头标记应当一致"
		}
		if d.Lead {
			lead = d.Department
		}
		if last := i+1 == len(p.Demands) || p.Demands[i+1].Object != d.Object; last && bad == "" {
			if lead == "" {
				bad = "检查对象没有牵头部门"
			} else if total < 2 {
				bad = "检查组不能少于 2 人"
			}
		}
		if bad != "" {
			return &FileError{DemandsFile, i + 1, bad}
		}
	}
	return nil
}

// inspector is the place of an inspector in the list, or -1.
func (p *Problem) inspector(id string) int {
	i, ok := slices.BinarySearchFunc(p.Inspectors, id, func(x Inspector, id string) int { return strings.Compare(x.ID, id) })
	if !ok {
		return -1
	}
	return i
}

func (p *Problem) groupNumbers() map[string]int32 {
	numbers := make(map[string]int32, len(p.Groups))
	for g := range p.Groups {
		numbers[p.Groups[g].ID] = int32(g)
	}
	return numbers
}

// hasAll tells whether have contains all of want. Both are ascending.
func hasAll(have, want []string) bool {
	for _, w := range want {
		if _, ok := slices.BinarySearch(have, w); !ok {
			return false
		}
	}
	return true
}

// regions gives for each department its inspectors by region, then by id.
func (p *Problem) regions() map[string][]int32 {
	by := map[string][]int32{}
	for i := range p.Inspectors {
		d := p.Inspectors[i].Department
		by[d] = append(by[d], int32(i))
	}
	for _, list := range by {
		slices.SortStableFunc(list, func(a, b int32) int {
			return strings.Compare(p.Inspectors[a].Region, p.Inspectors[b].Region)
		})
	}
	return by
}

// members are the inspectors whom the rule of g admits, ascending.
func (p *Problem) members(g *Group, byRegion []int32) []int32 {
	var list []int32
	for k, stage := range g.Stages {
		if k > 0 && len(list) >= g.Least {
			break
		}
		for _, code := range stage {
			at := sort.Search(len(byRegion), func(i int) bool { return p.Inspectors[byRegion[i]].Region >= code })
			for ; at < len(byRegion) && strings.HasPrefix(p.Inspectors[byRegion[at]].Region, code); at++ {
				if hasAll(p.Inspectors[byRegion[at]].Quals, g.Quals) {
					list = append(list, byRegion[at])
				}
			}
		}
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return list
}
