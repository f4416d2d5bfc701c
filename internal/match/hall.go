package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Shortage (人手缺口) is a Hall set: demands that together need more than all
// who are eligible for them can take. It is a proof that no lawful arrangement
// exists, and the smallest one of its greatest gap.
type Shortage struct {
	Department string
	Demands    []Demand // in the problem's order
	Inspectors []string // who are eligible for any of them
	Quals      []string // what all these demands ask for
	Need       int
	Capacity   int
	Capped     bool // individual caps are part of the reason
}

// Gap is the number of visits without an inspector.
func (s *Shortage) Gap() int { return s.Need - s.Capacity }

// Objects is how many objects the set is about.
func (s *Shortage) Objects() int {
	n := 0
	for i, d := range s.Demands {
		if i == 0 || s.Demands[i-1].Object != d.Object {
			n++
		}
	}
	return n
}

// More is how many further inspectors close the gap, if each can do every object of
// the set.
func (s *Shortage) More() int { return (s.Gap() + s.Objects() - 1) / s.Objects() }

// Text says in Chinese what is missing and what can be done.
func (s *Shortage) Text() string {
	kind, many := "", s.Capped
	if len(s.Quals) > 0 {
		kind = strings.Join(s.Quals, "、") + "资格的"
	}
	for _, d := range s.Demands {
		many = many || d.Need > 1
	}
	have := "没有符合条件的检查人员"
	if len(s.Inspectors) > 0 {
		have = fmt.Sprintf("符合条件的检查人员只有 %d 人，最多可承担 %d 次，还差 %d 次", len(s.Inspectors), s.Capacity, s.Gap())
	}
	ways := "扩大区域、增加人员"
	if many {
		ways += "、减少每组人数"
	}
	if s.Capped {
		ways += "、提高个人次数上限"
	}
	if kind == "" {
		return fmt.Sprintf("%s（%s等）：需要检查人员 %d 人次，%s。可以：%s。", s.Department, s.Demands[0].Object, s.Need, have, ways)
	}
	return fmt.Sprintf("%s（%s等）：需要%s检查 %d 次，%s。可以：%s。", s.Department, s.Demands[0].Object, kind, s.Need, have, ways)
}

func (s *Shortage) compare(o *Shortage) int {
	return cmp.Or(strings.Compare(s.Department, o.Department), compareDemands(&s.Demands[0], &o.Demands[0]))
}

// explain finds the shortages after fill has failed: what can be reached from
// the slots without holders. This set does not depend on how the other slots
// are filled. It falls apart into lines that share nobody.
func (u *unit) explain() []Shortage {
	clear(u.zone)
	clear(u.lineZone)
	u.begin(0, none, -1)
	for s, h := range u.holder {
		if h == none {
			u.give(int32(s), root)
		}
	}
	u.run()
	zone := u.newZone(0)
	u.seal(zone)
	var lines []int32
	for l := range u.lines[:len(u.lines)-1] {
		if u.lineZone[l] == zone {
			lines = append(lines, int32(l))
		}
	}
	slices.SortFunc(lines, func(a, b int32) int { return cmp.Compare(u.lines[a].row, u.lines[b].row) })
	var list []Shortage
	for _, set := range u.split(lines) {
		list = append(list, u.shortage(set))
	}
	return list
}

// split parts the lines into those connected by a shared eligible inspector, or
// by their group.
func (u *unit) split(lines []int32) [][]int32 {
	owner := slices.Repeat([]int32{none}, len(u.people)+len(u.members)) // a line of the set that has it
	up := make(map[int32]int32, len(lines))
	find := func(l int32) int32 {
		for up[l] != l {
			l = up[l]
		}
		return l
	}
	for _, l := range lines {
		up[l] = l
		join := func(k int32) {
			if owner[k] == none {
				owner[k] = l
			}
			a, b := find(owner[k]), find(l)
			up[a] = b
		}
		join(int32(len(u.people)) + u.lines[l].group)
		u.eligible(l, join)
	}
	var sets [][]int32
	place := map[int32]int{}
	for _, l := range lines {
		at, ok := place[find(l)]
		if !ok {
			at = len(sets)
			place[find(l)] = at
			sets = append(sets, nil)
		}
		sets[at] = append(sets[at], l)
	}
	return sets
}

// eligible calls do for each inspector who may serve line l.
func (u *unit) eligible(l int32, do func(i int32)) {
	for _, i := range u.members[u.lines[l].group] {
		if !u.avoids(u.lines[l].object, i) {
			do(i)
		}
	}
}

// shortage counts the need of a set of lines, and what its eligible inspectors
// can take: each as many as there are objects for him, and no more than his cap.
func (u *unit) shortage(lines []int32) Shortage {
	s := Shortage{Department: u.part.department}
	objects := make([]int32, len(u.people)) // of each inspector, how many
	last := slices.Repeat([]int32{none}, len(u.people))
	for k, l := range lines {
		d := u.plan.p.Demands[u.lines[l].row]
		s.Demands = append(s.Demands, d)
		s.Need += d.Need
		quals := u.plan.p.Groups[u.plan.group[u.lines[l].row]].Quals
		if k == 0 {
			s.Quals = slices.Clone(quals)
		} else {
			s.Quals = slices.DeleteFunc(s.Quals, func(q string) bool { return !slices.Contains(quals, q) })
		}
		u.eligible(l, func(i int32) {
			if last[i] != u.lines[l].object { // the lines of an object go together
				last[i] = u.lines[l].object
				objects[i]++
			}
		})
	}
	for i, n := range objects {
		if n == 0 {
			continue
		}
		s.Inspectors = append(s.Inspectors, u.ids[i])
		room := max(0, u.limit[i]-u.start[i])
		s.Capped = s.Capped || room < n
		s.Capacity += int(min(n, room))
	}
	return s
}
