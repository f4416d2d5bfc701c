package inspect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/match"
)

// BatchDays are the days on which an inspector of the batch must be there: from the
// first day of its tasks to the last. Teams are matched for the whole batch, since an
// object that several tasks draw gets one team (综合查一次).
func BatchDays(tasks []Task) Days {
	days := Days{tasks[0].From, tasks[0].Until}
	for _, t := range tasks {
		if t.From.Before(days.From) {
			days.From = t.From
		}
		if t.Until.After(days.Until) {
			days.Until = t.Until
		}
	}
	return days
}

// BatchParties are the departments of the tasks, ascending.
func BatchParties(tasks []Task) []OrgID {
	var all []OrgID
	for _, t := range tasks {
		all = append(all, t.Parties()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// InspectorID is an inspector's name in the documents of a draw.
func InspectorID(no InspectorNo) string { return fmt.Sprintf("i%06d", no) }

// ParseInspectorID reads what InspectorID wrote.
func ParseInspectorID(id string) (InspectorNo, bool) {
	no, err := strconv.ParseInt(strings.TrimPrefix(id, "i"), 10, 64)
	return InspectorNo(no), err == nil && InspectorID(InspectorNo(no)) == id
}

// A matching is the files of docs/design/match.md §3.3 as they are made.
type matching struct {
	facts  Facts
	tasks  []Task
	roster Roster
	quals  map[InspectorNo][]string // the groups that ask for a qualification
	groups map[string]match.Group
	needs  [][]string
	cover  *areaCover
}

// MatchInputs are the four files that the lock fixes beside the population: who can
// be drawn, what for, where, and whom they must not meet: R56, R70, R71,
// 海政办发〔2020〕2号 二(五)3. With them comes which areas had to be widened.
func (p *Pool) MatchInputs(region string, tasks []Task, facts Facts, roster Roster) map[string][]byte {
	m := &matching{facts: facts, tasks: tasks, roster: roster, quals: map[InspectorNo][]string{}, groups: map[string]match.Group{}}
	m.cover = newAreaCover(region, roster.People, p.Rows)
	var used []usedGroup
	for _, t := range tasks {
		for _, part := range t.Parts {
			org := facts.Orgs[part.Org]
			group := m.group(t, part, region)
			m.needs = append(m.needs, []string{t.Code(), "-", org.Short, group, strconv.Itoa(t.Officers)})
			used = append(used, usedGroup{t.Code(), org.Short, group, t.Officers})
		}
	}
	widened := m.narrow(p.Rows, used)
	var problem match.Problem
	for _, person := range roster.People {
		quals := m.quals[person.No]
		slices.Sort(quals)
		problem.Inspectors = append(problem.Inspectors, match.Inspector{ID: InspectorID(person.No), Department: facts.Orgs[person.Org].Short,
			Region: m.cover.regionOf(person.No), Quals: quals, Load: person.Load, Cap: match.NoCap})
	}
	for _, name := range slices.Sorted(maps.Keys(m.groups)) {
		problem.Groups = append(problem.Groups, m.groups[name])
	}
	problem.Avoidances = p.avoidances(roster)
	files := problem.Files()
	slices.SortFunc(m.needs, func(a, b []string) int { return slices.Compare(a[:4], b[:4]) })
	var needs strings.Builder
	for _, n := range m.needs {
		needs.WriteString(strings.Join(n, "\t") + "\n")
	}
	return map[string][]byte{match.InspectorsFile: files.Inspectors, match.EligibilityFile: files.Eligibility,
		match.AvoidanceFile: files.Avoidance, match.NeedsFile: []byte(needs.String()), WidenedFile: widened}
}

// group is the group of those who can do a department's part of a task. Tasks whose
// people are the same share one, so that one team does for both.
func (m *matching) group(t Task, part TaskPart, region string) string {
	org := m.facts.Orgs[part.Org]
	var fit []InspectorNo
	all := true
	for _, person := range m.roster.People {
		if person.Org != part.Org {
			continue
		}
		if m.can(person, part) {
			fit = append(fit, person.No)
		} else {
			all = false
		}
	}
	name := org.Code
	if !all {
		n := 1
		for have := range m.groups {
			if m.groups[have].Department != org.Short || len(m.groups[have].Quals) == 0 {
				continue
			}
			if n++; m.same(have, fit) {
				return have
			}
		}
		name = fmt.Sprintf("%s-%d", org.Code, n)
		for _, no := range fit {
			m.quals[no] = append(m.quals[no], name)
		}
	}
	g := match.Group{ID: name, Department: org.Short, Least: 1, Stages: [][]string{{region[:2]}}}
	if !all {
		g.Quals = []string{name}
	}
	m.groups[name] = g
	return name
}

// can reports whether somebody may do any of the items of a part: R28.
func (m *matching) can(person RosterPerson, part TaskPart) bool {
	return len(person.Items) == 0 || slices.ContainsFunc(part.Items, func(pin ItemPin) bool {
		return slices.Contains(person.Items, m.facts.Items[pin.Item].Code)
	})
}

// same reports whether exactly those have a group's qualification.
func (m *matching) same(group string, fit []InspectorNo) bool {
	n := 0
	for no, quals := range m.quals {
		if slices.Contains(quals, group) {
			if n++; !slices.Contains(fit, no) {
				return false
			}
		}
	}
	return n == len(fit)
}

// avoidances are the pairs that must not meet, of objects that can be drawn. Who is
// declared by name is kept from every object of that name.
func (p *Pool) avoidances(roster Roster) []match.Avoidance {
	byCode, byName := map[string][]string{}, map[string][]string{}
	for _, row := range p.Rows {
		byCode[row.Code] = append(byCode[row.Code], row.ID)
		byName[row.Name] = append(byName[row.Name], row.ID)
	}
	var all []match.Avoidance
	for _, a := range roster.Avoid {
		ids := byCode[a.Code]
		if a.Code == "" {
			ids = byName[a.Name]
		}
		for _, id := range ids {
			all = append(all, match.Avoidance{Object: id, Inspector: InspectorID(a.Inspector), Reason: avoidReason(a.Ground)})
		}
	}
	slices.SortStableFunc(all, func(a, b match.Avoidance) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Inspector, b.Inspector))
	})
	return slices.CompactFunc(all, func(a, b match.Avoidance) bool { return a.Object == b.Object && a.Inspector == b.Inspector })
}

// avoidReason is a ground in the form of a name: docs/design/match.md §3.
func avoidReason(ground string) string {
	return cut(strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune(":,;", r) {
			return -1
		}
		return r
	}, ground), 64)
}
