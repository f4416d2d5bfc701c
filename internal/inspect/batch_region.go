package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/match"
)

// spareStaff is how many more inspectors than one visit needs must stand to choice in
// an area: with fewer, everybody could guess who comes, and the area is widened to the
// whole county: docs/design/match.md §3.1.
const spareStaff = 2

// place is where the list of a draw says that the object is: its town, or the county.
func (o PoolObject) place() string {
	if len(o.Town) >= 6 && len(o.Town) <= 12 && digits(o.Town) {
		return o.Town
	}
	return o.Region
}

// A usedGroup is a group of inspectors that a part of a task asks for.
type usedGroup struct {
	task, department, group string
	officers                int
}

// An areaCover tells which towns inspectors are registered for: R70, R71. The files know
// one region of a person only. So people who cover the same towns share one, a number
// behind the county's code, and an area lists the numbers that cover it.
type areaCover struct {
	region  string
	classes []map[string]bool // the towns of each; nil is all
	of      map[InspectorNo]int
}

// newAreaCover finds out who covers what. A unit (属地监管所) covers the towns in which it
// has objects of the pool.
func newAreaCover(region string, people []RosterPerson, rows []PoolRow) *areaCover {
	c := &areaCover{region: region, classes: []map[string]bool{nil}, of: map[InspectorNo]int{}}
	stations := map[string]map[string]bool{}
	for _, row := range rows {
		if stations[row.Station] == nil {
			stations[row.Station] = map[string]bool{}
		}
		stations[row.Station][row.place()] = true
	}
	known := map[string]int{"": 0}
	for _, p := range people {
		towns := coveredBy(p, stations)
		key := ""
		if towns != nil {
			key = strings.Join(append([]string{"="}, sortedKeys(towns)...), " ")
		}
		at, ok := known[key]
		if !ok {
			at = len(c.classes)
			known[key], c.classes = at, append(c.classes, towns)
		}
		c.of[p.No] = at
	}
	return c
}

// coveredBy are the towns that a person is registered for; nil is all. Both lists
// narrow: whoever has an area and a unit is for what is in both.
func coveredBy(p RosterPerson, stations map[string]map[string]bool) map[string]bool {
	if len(p.Areas) == 0 && len(p.Units) == 0 {
		return nil
	}
	towns := map[string]bool{}
	for _, unit := range p.Units {
		for town := range stations[unit] {
			if len(p.Areas) == 0 || slices.Contains(p.Areas, town) {
				towns[town] = true
			}
		}
	}
	if len(p.Units) == 0 {
		for _, town := range p.Areas {
			towns[town] = true
		}
	}
	return towns
}

func sortedKeys(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// regionOf is the person's region in the files.
func (c *areaCover) regionOf(no InspectorNo) string {
	if len(c.classes) == 1 {
		return c.region
	}
	return c.code(c.of[no])
}

func (c *areaCover) code(class int) string { return fmt.Sprintf("%s.%05d", c.region, class) }

// covering are the regions of those who cover a town.
func (c *areaCover) covering(town string) []string {
	var codes []string
	for i, towns := range c.classes {
		if towns == nil || towns[town] {
			codes = append(codes, c.code(i))
		}
	}
	return codes
}

// narrow adds a group for each area that not everybody of a group covers, and sends the
// objects there to it: first those of the area, then, where they are too few, all.
// It returns what was widened, to be published.
func (m *matching) narrow(rows []PoolRow, used []usedGroup) []byte {
	if len(m.cover.classes) == 1 {
		return nil
	}
	towns := map[string]bool{}
	for _, row := range rows {
		towns[row.place()] = true
	}
	var wide []string
	for _, town := range sortedKeys(towns) {
		if town == m.cover.region {
			continue
		}
		codes := m.cover.covering(town)
		for _, u := range used {
			all := m.members(m.groups[u.group], nil)
			near := m.members(m.groups[u.group], codes)
			if near == all {
				continue
			}
			least := u.officers + spareStaff
			if near < least {
				wide = append(wide, strings.Join([]string{u.department, town, u.task, strconv.Itoa(near), strconv.Itoa(least), strconv.Itoa(all)}, "\t"))
			}
			if len(codes) == 0 {
				continue
			}
			g := m.groups[u.group]
			g.ID, g.Stages = u.group+"@"+town, [][]string{codes, m.groups[u.group].Stages[0]}
			g.Least = max(least, m.groups[g.ID].Least)
			m.groups[g.ID] = g
			m.needs = append(m.needs, []string{u.task, town, u.department, g.ID, strconv.Itoa(u.officers)})
		}
	}
	slices.Sort(wide)
	if len(wide) == 0 {
		return nil
	}
	return []byte(strings.Join(wide, "\n") + "\n")
}

// members counts who of the roster is in a group, of the regions or of all.
func (m *matching) members(g match.Group, regions []string) (n int) {
	for _, person := range m.roster.People {
		if m.facts.Orgs[person.Org].Short != g.Department || regions != nil && !slices.Contains(regions, m.cover.regionOf(person.No)) {
			continue
		}
		if !slices.ContainsFunc(g.Quals, func(q string) bool { return !slices.Contains(m.quals[person.No], q) }) {
			n++
		}
	}
	return n
}

// A Widened (放宽的区域) is an area that too few inspectors are registered for, so that
// all of the department can be drawn there.
type Widened struct {
	Department, Town, Task string
	Near, Least, All       int
}

// ParseWidened reads what the lock keeps of them.
func ParseWidened(text []byte) ([]Widened, error) {
	var all []Widened
	for line := range strings.Lines(string(text)) {
		col := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(col) != 6 {
			return nil, errRowText
		}
		w := Widened{Department: col[0], Town: col[1], Task: col[2]}
		for i, n := range []*int{&w.Near, &w.Least, &w.All} {
			var err error
			if *n, err = strconv.Atoi(col[3+i]); err != nil {
				return nil, fmt.Errorf("%w: %w", errRowText, err)
			}
		}
		all = append(all, w)
	}
	return all, nil
}

// WidenedFile is the list of widened areas. It names no object and nobody.
const WidenedFile = "widened.tsv"
