package match

import "slices"

// A plan is a problem cut into the parts that can be solved one by one: for
// each department the connected components of its groups and their inspectors.
type plan struct {
	p       *Problem
	members [][]int32  // of each group in use, ascending
	group   []int32    // of each demand
	avoid   []int32    // of each avoidance, the inspector
	span    [][2]int32 // of each demand, its object's avoidances
	parts   []part
}

// A part is one component. Its number counts the components of the department
// by their first inspectors, from 1; the demands whose group is empty are part 0.
type part struct {
	department string
	number     int
	rows       []int32
}

// compile checks the problem and cuts it into parts.
func compile(p *Problem) (*plan, error) {
	if err := p.Fault(); err != nil {
		return nil, err
	}
	pl := &plan{p: p, members: make([][]int32, len(p.Groups)), group: make([]int32, len(p.Demands))}
	used := make([]bool, len(p.Groups))
	known := p.groupNumbers()
	for row := range p.Demands {
		pl.group[row] = known[p.Demands[row].Group]
		used[pl.group[row]] = true
	}
	by := p.regions()
	for g := range p.Groups {
		if used[g] {
			pl.members[g] = p.members(&p.Groups[g], by[p.Groups[g].Department])
		}
	}
	pl.readAvoidances()
	pl.cut()
	return pl, nil
}

// readAvoidances finds the avoidances of each demand. Both lists go by object.
func (pl *plan) readAvoidances() {
	p := pl.p
	for _, a := range p.Avoidances {
		pl.avoid = append(pl.avoid, int32(p.inspector(a.Inspector)))
	}
	pl.span = make([][2]int32, len(p.Demands))
	at := 0
	for row := range p.Demands {
		if row > 0 && p.Demands[row].Object == p.Demands[row-1].Object {
			pl.span[row] = pl.span[row-1]
			continue
		}
		for at < len(p.Avoidances) && p.Avoidances[at].Object < p.Demands[row].Object {
			at++
		}
		end := at
		for end < len(p.Avoidances) && p.Avoidances[end].Object == p.Demands[row].Object {
			end++
		}
		pl.span[row] = [2]int32{int32(at), int32(end)}
		at = end
	}
}

// cut finds the components: groups that share an inspector belong together.
func (pl *plan) cut() {
	root := make([]int32, len(pl.p.Inspectors))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, list := range pl.members {
		for _, i := range list {
			a, b := find(list[0]), find(i)
			root[max(a, b)] = min(a, b) // so that the root is the first inspector
		}
	}
	partOf := map[int32]int{}
	empty := map[string]int{}
	for row := range pl.p.Demands {
		department := pl.p.Demands[row].Department
		list := pl.members[pl.group[row]]
		var at int
		var ok bool
		if len(list) == 0 {
			if at, ok = empty[department]; !ok {
				at = len(pl.parts)
				empty[department] = at
			}
		} else if at, ok = partOf[find(list[0])]; !ok {
			at = len(pl.parts)
			partOf[find(list[0])] = at
		}
		if !ok {
			pl.parts = append(pl.parts, part{department: department})
		}
		pl.parts[at].rows = append(pl.parts[at].rows, int32(row))
	}
	count := map[string]int{}
	for i := range root {
		if at, ok := partOf[int32(i)]; ok {
			department := pl.parts[at].department
			count[department]++
			pl.parts[at].number = count[department]
		}
	}
}

const none = int32(-1)

// A unit is one part in small numbers: inspectors by id, objects in calling
// order, the lines and slots of an object side by side.
type unit struct {
	plan    *plan
	part    *part
	tickets *tickets

	people  []int32 // the inspectors' numbers in the problem
	ids     []string
	start   []int32 // load before
	limit   []int32 // cap, or a load never reached
	load    []int32 // load now
	members [][]int32
	bits    []uint64 // group × inspector: is a member
	width   int32    // words of bits per group

	objects []object   // and one more, for the end
	places  [][32]byte // the objects' tickets
	lines   []line     // and one more
	avoid   []int32
	line    []int32 // of each slot
	holder  []int32 // of each slot, or none

	zone     []int32 // of each inspector; see search
	lineZone []int32
	top      []int32 // of each zone, the load of its label
	search

	candidates []candidate // scratch
	downstream bool        // search B left out: the tests' control, which must fail
}

type object struct {
	line, slot         int32 // the first
	avoidFrom, avoidTo int32
}

type line struct {
	object, group, slot, row int32
	alone                    bool // the object has no other line here
}

// newUnit numbers a part. Without tickets the objects stay in order of id.
func newUnit(pl *plan, pt *part, t *tickets) *unit {
	u := &unit{plan: pl, part: pt, tickets: t}
	local := u.numberPeople()
	order := u.callingOrder()
	groups := map[int32]int32{}
	slots := int32(0)
	for _, o := range order {
		ob := object{line: int32(len(u.lines)), slot: slots, avoidFrom: int32(len(u.avoid))}
		span := pl.span[pt.rows[o.from]]
		for a := span[0]; a < span[1]; a++ {
			if i, ok := slices.BinarySearch(u.people, pl.avoid[a]); ok {
				u.avoid = append(u.avoid, int32(i))
			}
		}
		ob.avoidTo = int32(len(u.avoid))
		for _, row := range pt.rows[o.from:o.to] {
			g, ok := groups[pl.group[row]]
			if !ok {
				g = int32(len(u.members))
				groups[pl.group[row]] = g
				u.members = append(u.members, local(pl.members[pl.group[row]]))
			}
			l := int32(len(u.lines))
			u.lines = append(u.lines, line{int32(len(u.objects)), g, slots, row, o.to-o.from == 1})
			for range pl.p.Demands[row].Need {
				u.line = append(u.line, l)
				slots++
			}
		}
		u.objects, u.places = append(u.objects, ob), append(u.places, o.ticket)
	}
	u.objects = append(u.objects, object{line: int32(len(u.lines)), slot: slots})
	u.lines = append(u.lines, line{slot: slots})
	u.markMembers()
	u.holder = slices.Repeat([]int32{none}, int(slots))
	u.zone, u.lineZone, u.top = make([]int32, len(u.people)), make([]int32, len(u.lines)), []int32{0}
	u.search.init(u)
	return u
}

// numberPeople lists the inspectors of the part's groups. It returns the
// translation of lists from the problem's numbers to the unit's.
func (u *unit) numberPeople() func([]int32) []int32 {
	p, seen := u.plan.p, map[int32]bool{}
	for _, row := range u.part.rows {
		if g := u.plan.group[row]; !seen[g] {
			seen[g] = true
			u.people = append(u.people, u.plan.members[g]...)
		}
	}
	slices.Sort(u.people)
	u.people = slices.Compact(u.people)
	place := make(map[int32]int32, len(u.people))
	for k, i := range u.people {
		place[i] = int32(k)
		limit := int32(maxLoad + 1<<30)
		if p.Inspectors[i].Cap != NoCap {
			limit = int32(p.Inspectors[i].Cap)
		}
		u.ids = append(u.ids, p.Inspectors[i].ID)
		u.start = append(u.start, int32(p.Inspectors[i].Load))
		u.limit = append(u.limit, limit)
	}
	u.load = slices.Clone(u.start)
	return func(list []int32) []int32 {
		out := make([]int32, len(list))
		for k, i := range list {
			out[k] = place[i]
		}
		return out
	}
}

type called struct {
	ticket   [32]byte
	from, to int32 // rows of the part
}

// callingOrder lists the part's objects by ticket, equal tickets by id.
func (u *unit) callingOrder() []called {
	demands, rows := u.plan.p.Demands, u.part.rows
	var list []called
	for k, row := range rows {
		if k == 0 || demands[row].Object != demands[rows[k-1]].Object {
			c := called{from: int32(k)}
			if u.tickets != nil {
				c.ticket = u.tickets.object(demands[row].Object)
			}
			list = append(list, c)
		}
		list[len(list)-1].to = int32(k) + 1
	}
	slices.SortFunc(list, func(a, b called) int {
		switch x, y := prefix(a.ticket), prefix(b.ticket); {
		case x < y || x == y && less(a.ticket, b.ticket):
			return -1
		case a.ticket == b.ticket:
			return int(a.from - b.from) // the rows go by id
		}
		return 1
	})
	return list
}

func (u *unit) markMembers() {
	u.width = int32(len(u.people)+63) / 64
	u.bits = make([]uint64, int(u.width)*len(u.members))
	for g, list := range u.members {
		for _, i := range list {
			u.bits[int32(g)*u.width+i>>6] |= 1 << (i & 63)
		}
	}
}

// admits tells whether i is a member of group g.
func (u *unit) admits(g, i int32) bool { return u.bits[g*u.width+i>>6]>>(i&63)&1 == 1 }

// avoids tells whether i must be kept from object o.
func (u *unit) avoids(o, i int32) bool {
	ob := &u.objects[o]
	return ob.avoidFrom < ob.avoidTo && slices.Contains(u.avoid[ob.avoidFrom:ob.avoidTo], i)
}

// slotAt is the slot of object o that i holds, or none.
func (u *unit) slotAt(o, i int32) int32 {
	for s, end := u.objects[o].slot, u.objects[o+1].slot; s < end; s++ {
		if u.holder[s] == i {
			return s
		}
	}
	return none
}

func (u *unit) open(i int32) bool { return u.load[i] < u.limit[i] }
