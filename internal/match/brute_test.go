package match

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// dice is a source of test data: a counter stream under its own name.
func dice(name string) *stream {
	t := &tickets{sum: SHA256.sum(), key: "the tests' own source of numbers"}
	return t.stream(name)
}

func (s *stream) chance(percent uint32) bool { return s.below(100) < percent }

func (s *stream) between(low, high int) int { return low + int(s.below(uint32(high-low+1))) }

// small makes a random problem of one department, small enough to enumerate.
func small(d *stream) *Problem { return random(d, d.between(3, 8), d.between(3, 9)) }

// random makes a problem of one department: typed lines, caps, avoidances.
func random(d *stream, people, most int) *Problem {
	p := &Problem{}
	spread := d.between(0, 3)
	for i := range people {
		x := Inspector{ID: fmt.Sprintf("i%02d", i), Department: "d", Region: fmt.Sprintf("r%d", d.below(3)), Load: d.between(0, spread), Cap: NoCap}
		if d.chance(40) {
			x.Quals = append(x.Quals, "a")
		}
		if d.chance(40) {
			x.Quals = append(x.Quals, LeaderQual)
		}
		if d.chance(10) {
			x.Cap = x.Load + d.between(0, 4) + most/people
		}
		p.Inspectors = append(p.Inspectors, x)
	}
	rules := []Group{
		{ID: "g0", Stages: [][]string{{"r"}}},
		{ID: "g1", Stages: [][]string{{"r0", "r1"}}},
		{ID: "g2", Stages: [][]string{{"r1", "r2"}}},
		{ID: "g3", Stages: [][]string{{"r0"}, {"r2"}, {"r"}}, Least: 3},
		{ID: "g4", Stages: [][]string{{"r"}}, Quals: []string{"a"}},
		{ID: "g5", Stages: [][]string{{"r"}}, Quals: []string{LeaderQual}},
		{ID: "g6", Stages: [][]string{{"r0"}}},
		{ID: "g7", Stages: [][]string{{"r2"}}},
		{ID: "g8", Stages: [][]string{{"r"}}, Quals: []string{"a", LeaderQual}},
		{ID: "g9", Stages: [][]string{{"r1"}}, Quals: []string{"a"}},
	}
	for i := range rules {
		rules[i].Department = "d"
	}
	p.Groups = rules
	slots := 0
	for o := 0; slots < most; o++ {
		object := fmt.Sprintf("o%02d", o)
		lines := 1
		if d.chance(40) {
			lines = 2
		}
		size := 0
		for l := 1; l <= lines; l++ {
			need := d.between(1, 2)
			if lines == 1 {
				need = 2
				if d.chance(5) {
					need = 3
				}
			}
			p.Demands = append(p.Demands, Demand{object, "d", l, fmt.Sprintf("g%d", min(d.below(10), d.below(10))), need, true})
			size += need
		}
		slots += size
		for i := range people {
			if d.chance(8) {
				p.Avoidances = append(p.Avoidances, Avoidance{object, fmt.Sprintf("i%02d", i), "rotation"})
			}
		}
	}
	return p
}

// A brute enumerates all lawful arrangements of a problem of one department,
// straight from the definition.
type brute struct {
	p        *Problem
	keys     *tickets
	order    []int // demands in calling order
	eligible [][]int
	loads    []int
	chosen   [][]int
	profile  []int // the best so far
	optimal  []string
	first    []string // the arrangement that calling must find, as text and by rank
	rank     []int
	ranks    [][]int // of each demand, of each inspector by ticket
}

// enumerate stops and returns nil when there are more than most arrangements.
func enumerate(p *Problem, keys *tickets, most int) *brute {
	b := &brute{p: p, keys: keys, chosen: make([][]int, len(p.Demands))}
	for _, x := range p.Inspectors {
		b.loads = append(b.loads, x.Load)
	}
	for row, d := range p.Demands {
		b.order = append(b.order, row)
		g := p.Groups[p.groupNumbers()[d.Group]]
		var list []int
		for k, x := range p.Inspectors {
			if slices.Contains(b.members(&g), k) && !slices.ContainsFunc(p.Avoidances, func(a Avoidance) bool { return a.Object == d.Object && a.Inspector == x.ID }) {
				list = append(list, k)
			}
		}
		b.eligible = append(b.eligible, list)
		place := keys.object(d.Object)
		keys.at(&place)
		ids := make([]int, len(p.Inspectors))
		for k := range ids {
			ids[k] = k
		}
		slices.SortFunc(ids, func(x, y int) int {
			tx, ty := keys.inspector(p.Inspectors[x].ID), keys.inspector(p.Inspectors[y].ID)
			return strings.Compare(string(tx[:]), string(ty[:]))
		})
		ranks := make([]int, len(ids))
		for k, id := range ids {
			ranks[id] = k
		}
		b.ranks = append(b.ranks, ranks)
	}
	slices.SortStableFunc(b.order, func(x, y int) int {
		tx, ty := keys.object(p.Demands[x].Object), keys.object(p.Demands[y].Object)
		return strings.Compare(string(tx[:]), string(ty[:]))
	})
	if b.place(0, 0, &most); most < 0 {
		return nil
	}
	return b
}

func (b *brute) members(g *Group) []int {
	var list []int
	for k := range g.Stages {
		if k > 0 && len(list) >= g.Least {
			break
		}
		for i, x := range b.p.Inspectors {
			fits := x.Department == g.Department && hasAll(x.Quals, g.Quals) && !slices.Contains(list, i)
			if fits && slices.ContainsFunc(g.Stages[k], func(code string) bool { return strings.HasPrefix(x.Region, code) }) {
				list = append(list, i)
			}
		}
	}
	return list
}

// place chooses the inspectors of the k-th demand from the from-th eligible on.
func (b *brute) place(k, from int, most *int) {
	if *most < 0 {
		return
	}
	if k == len(b.order) {
		*most--
		b.keep()
		return
	}
	row := b.order[k]
	d := b.p.Demands[row]
	if len(b.chosen[row]) == d.Need {
		b.place(k+1, 0, most)
		return
	}
	for e := from; e < len(b.eligible[row]); e++ {
		i := b.eligible[row][e]
		x := &b.p.Inspectors[i]
		if x.Cap != NoCap && b.loads[i] >= x.Cap || b.busy(d.Object, i) {
			continue
		}
		b.chosen[row] = append(b.chosen[row], i)
		b.loads[i]++
		b.place(k, e+1, most)
		b.loads[i]--
		b.chosen[row] = b.chosen[row][:len(b.chosen[row])-1]
	}
}

func (b *brute) busy(object string, i int) bool {
	for row, d := range b.p.Demands {
		if d.Object == object && slices.Contains(b.chosen[row], i) {
			return true
		}
	}
	return false
}

// keep compares the arrangement with the best.
func (b *brute) keep() {
	profile := slices.Clone(b.loads)
	slices.Sort(profile)
	slices.Reverse(profile)
	c := -1
	if b.profile != nil {
		c = slices.Compare(profile, b.profile)
	}
	if c > 0 {
		return
	}
	if c < 0 {
		b.profile, b.optimal, b.rank = profile, nil, nil
	}
	b.optimal = append(b.optimal, b.text())
	var rank []int
	for _, row := range b.order {
		var ranks []int
		for _, i := range b.chosen[row] {
			ranks = append(ranks, b.ranks[row][i])
		}
		slices.Sort(ranks)
		rank = append(rank, ranks...)
	}
	if b.rank == nil || slices.Compare(rank, b.rank) < 0 {
		b.rank, b.first = rank, []string{b.text()}
	}
}

func (b *brute) text() string {
	var s strings.Builder
	for row, list := range b.chosen {
		fmt.Fprintf(&s, "%d:%v ", row, list)
	}
	return s.String()
}

// text writes the units' arrangement as brute.text does.
func text(p *Problem, seats []Seat) string {
	var s strings.Builder
	at := 0
	for row, d := range p.Demands {
		var list []int
		for range d.Need {
			list = append(list, p.inspector(seats[at].Inspector))
			at++
		}
		fmt.Fprintf(&s, "%d:%v ", row, list)
	}
	return s.String()
}

// profileOf is the loads, greatest first.
func profileOf(labels []Label) []int {
	var list []int
	for _, l := range labels {
		list = append(list, l.After)
	}
	slices.Sort(list)
	slices.Reverse(list)
	return list
}

var problems = flag.Int("problems", 20_000, "possible problems to compare with exhaustive search")

// TestEqualsBruteForce compares, on small random problems, feasibility, load
// profile and the result of calling with exhaustive search, and the shortages
// with all sets of demands.
func TestEqualsBruteForce(t *testing.T) {
	t.Parallel()
	d := dice("brute force")
	done, impossible, differ := 0, 0, 0
	for n := 0; done < *problems; n++ {
		p := small(d)
		key := fmt.Sprintf("%032d", n)
		b := enumerate(p, &tickets{sum: SHA256.sum(), key: key}, 1000)
		if b == nil {
			continue
		}
		r, err := Solve(p, Terms{SHA256, map[string]string{"d": key}, 0})
		if b.profile == nil {
			impossible++
			checkShortages(t, n, p, err)
			continue
		}
		if done++; err != nil {
			t.Fatalf("problem %d: %v", n, err)
		}
		if got := profileOf(r.Labels); !slices.Equal(got, b.profile) {
			t.Fatalf("problem %d: loads %v, want %v", n, got, b.profile)
		}
		if got := text(p, r.Seats); got != b.first[0] {
			t.Fatalf("problem %d: called %s, want %s", n, got, b.first[0])
		}
		if err := CheckBalance(p, r.Seats, r.Labels); err != nil {
			t.Fatalf("problem %d: %v", n, err)
		}
		mixed, err := Solve(p, Terms{SHA256, map[string]string{"d": key}, 5})
		if err != nil || !slices.Contains(b.optimal, text(p, mixed.Seats)) {
			t.Fatalf("problem %d: mixing left the optimum", n)
		}
		if err := CheckBalance(p, mixed.Seats, mixed.Labels); err != nil {
			t.Fatalf("problem %d: mixed: %v", n, err)
		}
		if !samePeaks(r.Labels, mixed.Labels) {
			t.Fatalf("problem %d: peaks differ", n)
		}
		if text(p, blindly(p, key)) != b.first[0] {
			differ++
		}
	}
	t.Logf("%d problems equal, and %d impossible ones; with search B left out %d differ", done, impossible, differ)
	if impossible < done/20 || differ < done/500 {
		t.Errorf("the problems are too easy to show anything")
	}
}

func samePeaks(a, b []Label) bool {
	return slices.EqualFunc(a, b, func(x, y Label) bool { return x.Peak == y.Peak })
}

// blindly calls without search B.
func blindly(p *Problem, key string) []Seat {
	return solveWith(p, key, func(u *unit) { u.downstream = true })
}

// solveWith balances and calls after prepare has changed the units.
func solveWith(p *Problem, key string, prepare func(*unit)) []Seat {
	pl, err := compile(p)
	if err != nil {
		panic(err)
	}
	var units []*unit
	for k := range pl.parts {
		u := newUnit(pl, &pl.parts[k], &tickets{sum: SHA256.sum(), key: key})
		prepare(u)
		if !u.fill() {
			return nil
		}
		u.level()
		u.call()
		units = append(units, u)
	}
	return pl.seats(units)
}

// checkShortages compares the reported sets with the greatest gap of all sets of
// demands: sum of need less what the eligible can take.
func checkShortages(t *testing.T, n int, p *Problem, err error) {
	t.Helper()
	imp, ok := err.(*Impossible)
	if !ok {
		t.Fatalf("problem %d: %v, want an Impossible", n, err)
	}
	b := &brute{p: p}
	var members [][]int
	for _, d := range p.Demands {
		members = append(members, b.members(&p.Groups[p.groupNumbers()[d.Group]]))
	}
	gap := func(in func(row int) bool) int {
		g := 0
		takes := make([]int, len(p.Inspectors))
		last := make([]string, len(p.Inspectors))
		for row, d := range p.Demands {
			if !in(row) {
				continue
			}
			g += d.Need
			for _, i := range members[row] {
				avoided := slices.ContainsFunc(p.Avoidances, func(a Avoidance) bool { return a.Object == d.Object && a.Inspector == p.Inspectors[i].ID })
				if !avoided && last[i] != d.Object {
					last[i] = d.Object
					takes[i]++
				}
			}
		}
		for i, x := range p.Inspectors {
			if x.Cap != NoCap {
				takes[i] = min(takes[i], max(0, x.Cap-x.Load))
			}
			g -= takes[i]
		}
		return g
	}
	greatest, union := 0, 0
	for set := 1; set < 1<<len(p.Demands); set++ {
		g := gap(func(row int) bool { return set>>row&1 == 1 })
		if g > greatest {
			greatest, union = g, set
		} else if g == greatest && g > 0 {
			union &= set // the sets of greatest gap are closed under intersection
		}
	}
	got, sum := 0, 0
	for _, s := range imp.Shortages {
		one := 0
		for _, d := range s.Demands {
			row := slices.IndexFunc(p.Demands, func(x Demand) bool { return x == d })
			one |= 1 << row
		}
		if g := gap(func(row int) bool { return one>>row&1 == 1 }); g != s.Gap() || g < 1 {
			t.Fatalf("problem %d: a shortage of %d, counted %d", n, s.Gap(), g)
		}
		got |= one
		sum += s.Gap()
	}
	if sum != greatest || got != union {
		t.Fatalf("problem %d: gap %d of set %b, want %d of %b", n, sum, got, greatest, union)
	}
}
