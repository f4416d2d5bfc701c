package inspect

import (
	"fmt"
	"slices"
	"strings"
)

// visitsMost is how often an object is drawn in a year, over all departments: R52,
// 海政办发〔2020〕2号 二(四) "原则上不超过两次". A waiver lets it be drawn once more: R53.
const visitsMost = 2

// A BodyVisit (检查主体年度检查次数) is the n-th visit of a body at an object in a year:
// 国办发〔2024〕54号, INV-06. What several tasks of one batch do there is one visit (综合查一次).
// One whose draw was annulled has no batch, and is taken again.
type BodyVisit struct {
	Org     OrgID
	Object  ObjectNo
	Year    int
	Exempt  bool // on a ground that the cap does not hold for: counted apart (C4)
	N       int
	Version int64
	Most    int    // the cap when it was taken; 0 if there was none
	Ground  string // of an exempt one
	Batch   BatchID
	Run     int
}

// Key names the visit.
func (v BodyVisit) Key() string {
	return fmt.Sprintf("%s/%d/%d/%t/%d", v.Org, v.Object, v.Year, v.Exempt, v.N)
}

// Text is the rest of the visit as one line: see Object.Text.
func (v BodyVisit) Text() string {
	return fmt.Sprintf("%d\t%s\t%s\t%d", v.Most, v.Ground, v.Batch, v.Run)
}

// exempts reports whether the cap does not hold for a task: its source is one of the
// grounds that the cap excepts.
func (c BodyCap) exempts(t Task) bool {
	return slices.Contains(strings.Split(c.Grounds, "\n"), t.Source.Text())
}

// Limits are what narrows a pool besides the libraries: the yearly caps of bodies with
// what each has counted toward its own, and the lists from above.
type Limits struct {
	Caps    []BodyCap
	Visited map[ObjectNo]map[OrgID]int
	Lists   map[UpstreamPackageID]map[string]string // from above: names by code
}

// CountPending counts every object that a sealed draw may have drawn as visited once
// more by each of its bodies. The list is that of its objects.
func (l Limits) CountPending(bodies []OrgID, list []byte) error {
	ids, err := ObjectsByID(list)
	for _, no := range ids {
		for _, org := range bodies {
			if l.Visited[no] == nil {
				l.Visited[no] = map[OrgID]int{}
			}
			l.Visited[no][org]++
		}
	}
	return err
}

// bars reports whether one of the task's bodies has inspected the object as often as
// its cap allows: 国办发〔2024〕54号.
func (l Limits) bars(t Task, no ObjectNo) bool {
	visited := l.Visited[no]
	if len(visited) == 0 {
		return false
	}
	return slices.ContainsFunc(t.Parts, func(p TaskPart) bool {
		c, ok := CapOf(l.Caps, p.Org, t.Year)
		return ok && !c.exempts(t) && visited[p.Org] >= c.Most
	})
}

// counted is how often the object was visited, as the list of a draw writes it. With a
// waiver that still serves, an object at the limit counts as one that may be visited
// once more: R53.
func (o PoolObject) counted() int {
	if o.waived() {
		return visitsMost - 1
	}
	return o.Visits
}

func (o PoolObject) waived() bool { return o.Waiver != "" && o.Visits == visitsMost }

// Waived lists the objects that a waiver brings into the list, with their visits and
// the waiver: a file that stays inside.
func (p *Pool) Waived() []byte {
	var text strings.Builder
	for _, row := range p.Rows {
		if row.waived() {
			fmt.Fprintf(&text, "%s\t%d\t%s\n", row.ID, row.Visits, row.Waiver)
		}
	}
	return []byte(text.String())
}

// BodyVisits counts a visit of every body of the tasks that drew an object. Taken are
// those that the objects have: the lowest free number is taken first.
func (b Batch) BodyVisits(tasks []Task, rows []DrawnRow, limits Limits, taken []BodyVisit) ([]BodyVisit, error) {
	type pair struct {
		org OrgID
		no  ObjectNo
	}
	var pairs []pair
	by := map[pair][]Task{}
	for _, row := range rows {
		i := slices.IndexFunc(tasks, func(t Task) bool { return t.ID == row.Task })
		if row.Reserve || i < 0 {
			continue
		}
		for _, org := range tasks[i].Parties() {
			x := pair{org, row.Object}
			if by[x] == nil {
				pairs = append(pairs, x)
			}
			by[x] = append(by[x], tasks[i])
		}
	}
	have := map[pair][]BodyVisit{}
	for _, v := range taken {
		have[pair{v.Org, v.Object}] = append(have[pair{v.Org, v.Object}], v)
	}
	var all []BodyVisit
	for _, x := range pairs {
		if slices.ContainsFunc(have[x], func(v BodyVisit) bool { return v.Batch == b.ID }) {
			continue // counted for another task of the batch (综合查一次)
		}
		v := BodyVisit{Org: x.org, Object: x.no, Year: b.Year}
		limit, capped := CapOf(limits.Caps, x.org, b.Year)
		if capped {
			v.Most = limit.Most
			if v.Exempt = !slices.ContainsFunc(by[x], func(t Task) bool { return !limit.exempts(t) }); v.Exempt {
				v.Ground = by[x][0].Source.Text()
			}
		}
		v.N, v.Version = freeVisit(have[x], v.Exempt)
		if capped && !v.Exempt && v.N > v.Most {
			return nil, ErrBatchFile.With(fmt.Sprintf("%d 号检查对象超过检查主体的年度上限", x.no))
		}
		v.Batch, v.Run = b.ID, b.Run
		all = append(all, v)
	}
	return all, nil
}

// Full reports whether other draws have taken all visits of an object that are left to
// a task: over all departments, or of one of the task's bodies. Slots and visits are
// those of the object.
func (b Batch) Full(t Task, caps []BodyCap, slots []Slot, visits []BodyVisit) bool {
	others := 0
	for _, s := range slots {
		if s.Batch != "" && s.Batch != b.ID {
			others++
		}
	}
	if others >= b.Terms.Cap {
		return true
	}
	count := map[OrgID]int{}
	for _, v := range visits {
		if v.Batch != "" && v.Batch != b.ID && !v.Exempt {
			count[v.Org]++
		}
	}
	return Limits{Caps: caps, Visited: map[ObjectNo]map[OrgID]int{0: count}}.bars(t, 0)
}

// freeVisit is the lowest number that is free, and its version; 0 if it is a new one.
func freeVisit(have []BodyVisit, exempt bool) (n int, version int64) {
	last := 0
	for _, v := range have {
		if v.Exempt != exempt {
			continue
		}
		last++
		if v.Batch == "" && (n == 0 || v.N < n) {
			n, version = v.N, v.Version
		}
	}
	if n == 0 {
		return last + 1, 0
	}
	return n, version
}

// Unchangeable refuses a change of the cap while a list is locked that one of its
// tasks draws from: what was locked is drawn as it was.
func (c BodyCap) Unchangeable(locked []Batch, tasks func(Batch) ([]Task, error)) error {
	for _, b := range locked {
		if b.Region != c.Region || b.Year != c.Year {
			continue
		}
		all, err := tasks(b)
		if err != nil {
			return err
		}
		if slices.Contains(BatchParties(all), c.Org) {
			return ErrCapHeld.With(b.Number)
		}
	}
	return nil
}
