package inspect

import (
	"slices"
)

// Coverage is a year's plans seen from the things they should reach: every item
// (R49), every department (R50), every month and area (R42).
type Coverage struct {
	Items   []Row // one per listed item; a row that is all zero is a gap
	Orgs    []Row // one per department; Joint counts its joint inspections
	Areas   []Row // one per area; lines for the whole county count in each
	Burdens []Burden
}

// A Row counts planned tasks by month.
type Row struct {
	ID, Name string
	Org      OrgID
	Months   [12]int
	Total    int // tasks of the year; a task of two months counts once
	Joint    int // of them joint inspections
}

// Gap reports whether nothing is planned.
func (r Row) Gap() bool { return r.Total == 0 }

func (r *Row) add(l PlanLine, joint bool) {
	r.Total++
	if joint {
		r.Joint++
	}
	for _, month := range l.Months.List() {
		r.Months[month-1]++
	}
}

// Current picks, of a region's plans of one year, those that say what will
// happen: the newest edition that was not thrown away of each, and led plans
// until the joint plan has taken them up.
func Current(plans []Plan) []Plan {
	newest := map[string]Plan{}
	for _, p := range plans {
		if p.State == PlanDiscarded || p.State == PlanMerged || p.State == PlanReplaced {
			continue
		}
		if old, ok := newest[p.Number]; !ok || old.Edition < p.Edition {
			newest[p.Number] = p
		}
	}
	current := make([]Plan, 0, len(newest))
	for _, p := range newest {
		current = append(current, p)
	}
	slices.SortFunc(current, func(a, b Plan) int {
		if a.Number < b.Number {
			return -1
		}
		return 1
	})
	return current
}

// Cover counts what the plans reach of the given items, departments and areas.
// Areas are town codes with their names, in the order to show.
func Cover(plans []Plan, items []Item, orgs []Org, areas []Choice, sublibs []Sublibrary) Coverage {
	var c Coverage
	for _, i := range items {
		c.Items = append(c.Items, Row{ID: string(i.ID), Name: i.Name, Org: i.Org})
	}
	for _, o := range orgs {
		if o.Inspects() && o.Until.IsZero() {
			c.Orgs = append(c.Orgs, Row{ID: string(o.ID), Name: o.Short, Org: o.ID})
		}
	}
	for _, a := range areas {
		c.Areas = append(c.Areas, Row{ID: a.Value, Name: a.Text})
	}
	draws := map[SublibraryID][]drawn{}
	for _, p := range plans {
		for _, l := range p.Standing() {
			c.count(l, p.Kind != PlanOwn)
			for _, s := range l.Sublibs {
				draws[s] = append(draws[s], drawn{times: l.Frequency, planned: l.Planned(), pool: l.Pool, line: l})
			}
		}
	}
	for _, s := range sublibs {
		c.Burdens = append(c.Burdens, burden(s, draws[s.ID]))
	}
	return c
}

func (c *Coverage) count(l PlanLine, joint bool) {
	for i := range c.Items {
		if slices.Contains(l.Items, ItemID(c.Items[i].ID)) {
			c.Items[i].add(l, joint)
		}
	}
	for i := range c.Orgs {
		if slices.Contains(l.Parties(), c.Orgs[i].Org) {
			c.Orgs[i].add(l, joint)
		}
	}
	for i := range c.Areas {
		if len(l.Areas) == 0 || slices.Contains(l.Areas, c.Areas[i].ID) {
			c.Areas[i].add(l, joint)
		}
	}
}

// Gaps counts the items nothing is planned for: R49.
func (c Coverage) Gaps() int {
	n := 0
	for _, r := range c.Items {
		if r.Gap() {
			n++
		}
	}
	return n
}

// Apart lists the departments without any joint inspection in the year: R50,
// 海政办发〔2020〕2号 二(四) "各部门每年应至少发起或参与一次部门联合抽查".
func (c Coverage) Apart() []Row {
	var rows []Row
	for _, r := range c.Orgs {
		if r.Joint == 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// YearlyCap is how often one object may be drawn in a year over all
// departments: R52, 海政办发〔2020〕2号 二(四) "原则上不超过两次"; C4.
const YearlyCap = 2

// A Burden is what the plans of a year mean for one object of a sub-library.
// Each draw is taken as independent and each as a visit of its own, so it is
// the worst the plans allow: tasks drawn together will share visits.
type Burden struct {
	Sublibrary Sublibrary
	Draws      int     // draws of the year that can hit an object
	Expected   float64 // visits to expect
	OverCap    float64 // chance of more than YearlyCap visits
	Lines      []PlanLine
}

// Breaks reports whether the plans break the yearly cap for a typical object.
func (b Burden) Breaks() bool { return b.Expected > YearlyCap }

// Risks reports whether the plans can break it for an unlucky object.
func (b Burden) Risks() bool { return !b.Breaks() && b.Draws > YearlyCap && b.OverCap >= 0.001 }

// A drawn is one planned line as the sub-library's objects feel it.
type drawn struct {
	times         int
	planned, pool int64
	line          PlanLine
}

// burden reckons the number of visits of one object: the sum of independent
// chances. It is shown, never decided by, so floating point serves.
func burden(s Sublibrary, draws []drawn) Burden {
	b := Burden{Sublibrary: s}
	chance := []float64{1} // chance[k] of exactly k visits so far
	for _, d := range draws {
		b.Lines = append(b.Lines, d.line)
		if d.pool == 0 {
			continue
		}
		p := float64(d.planned) / float64(d.pool)
		for range d.times {
			b.Draws++
			b.Expected += p
			next := make([]float64, len(chance)+1)
			for k, c := range chance {
				next[k] += c * (1 - p)
				next[k+1] += c * p
			}
			chance = next
		}
	}
	for k, c := range chance {
		if k > YearlyCap {
			b.OverCap += c
		}
	}
	return b
}

// Of narrows the coverage to one department: its own items, itself, and its own
// sub-libraries. Areas stay as they are.
func (c Coverage) Of(org OrgID) Coverage {
	keep := func(rows []Row) []Row {
		var own []Row
		for _, r := range rows {
			if r.Org == org {
				own = append(own, r)
			}
		}
		return own
	}
	own := Coverage{Items: keep(c.Items), Orgs: keep(c.Orgs), Areas: c.Areas}
	for _, b := range c.Burdens {
		if b.Sublibrary.Org == org {
			own.Burdens = append(own.Burdens, b)
		}
	}
	return own
}
