package match

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

var (
	seeds     = flag.Int("seeds", 2_000, "keys per problem in the tests of the distribution")
	instances = flag.Int("instances", 10, "problems in the tests of the distribution")
)

// distance is the total variation between counts and the uniform distribution
// on size outcomes.
func distance(counts map[string]int, size, total int) float64 {
	d := float64(size-len(counts)) / float64(size)
	for _, n := range counts {
		d += math.Abs(float64(n)/float64(total) - 1/float64(size))
	}
	return d / 2
}

// noise is what true uniform sampling gives.
func noise(d *stream, size, total int) float64 {
	counts := map[string]int{}
	for range total {
		counts[fmt.Sprint(d.below(uint32(size)))]++
	}
	return distance(counts, size, total)
}

// enumerated makes problems with between 6 and 1500 optimal arrangements.
func enumerated(d *stream, n int) (list []*Problem, optimal [][]string) {
	for len(list) < n {
		p := small(d)
		b := enumerate(p, &tickets{sum: SHA256.sum(), key: DummyKey(SHA256, 0, "")}, 20_000)
		if b != nil && len(b.optimal) >= 6 && len(b.optimal) <= 1500 {
			list, optimal = append(list, p), append(optimal, b.optimal)
		}
	}
	return list, optimal
}

// R56, R71.
//
// TestEachOptimalArrangementEquallyLikely compares, over many keys, how often
// each optimal arrangement is picked with true uniform sampling. Balance and
// call alone are the control: they are far from it. With many keys one sees what
// a factor of 20 still leaves in small problems; 100 leaves nothing.
//
// More: go test ./internal/match -run EquallyLikely -v -seeds 20000 -instances 16
func TestEachOptimalArrangementEquallyLikely(t *testing.T) {
	t.Parallel()
	d := dice("distribution")
	problems, optimal := enumerated(d, *instances)
	mean := map[int]float64{}
	var floor float64
	factors := []int{0, 20, 100}
	for n, p := range problems {
		counts := map[int]map[string]int{}
		for _, f := range factors {
			counts[f] = map[string]int{}
			for seed := range *seeds {
				r, err := Solve(p, Terms{SHA256, map[string]string{"d": DummyKey(SHA256, seed, fmt.Sprint(n, "/", f))}, f})
				if err != nil {
					t.Fatal(err)
				}
				counts[f][text(p, r.Seats)]++
			}
			for picked := range counts[f] {
				if !slices.Contains(optimal[n], picked) {
					t.Fatalf("problem %d: %s is not optimal", n, picked)
				}
			}
			mean[f] += distance(counts[f], len(optimal[n]), *seeds) / float64(len(problems))
		}
		for range 10 {
			floor += noise(d, len(optimal[n]), *seeds) / float64(10*len(problems))
		}
	}
	t.Logf("%d problems, %d keys DUMMY… each; mean distance from uniform: call only %.4f, mix 20 %.4f, mix 100 %.4f; true uniform sampling %.4f",
		len(problems), *seeds, mean[0], mean[20], mean[100], floor)
	if mean[0] < 1.5*floor {
		t.Error("the control is at the noise floor: the test shows nothing")
	}
	if mean[20] > 1.5*floor || mean[100] > 1.1*floor {
		t.Error("mixing does not reach the noise floor")
	}
}

// TestIdsDoNotMatter renames the inspectors and objects of a problem: the
// distribution, renamed back, is the same.
func TestIdsDoNotMatter(t *testing.T) {
	d := dice("anonymity")
	problems, optimal := enumerated(d, 4)
	for n, p := range problems {
		renamed, back := rename(d, p)
		counts := map[string]int{}
		for seed := range *seeds {
			r, err := Solve(renamed, Terms{SHA256, map[string]string{"d": DummyKey(SHA256, seed, fmt.Sprint("renamed", n))}, 100})
			if err != nil {
				t.Fatal(err)
			}
			counts[text(p, back(r.Seats))]++
		}
		got, floor, square := distance(counts, len(optimal[n]), *seeds), 0.0, 0.0
		for range 100 {
			x := noise(d, len(optimal[n]), *seeds)
			floor += x / 100
			square += x * x / 100
		}
		spread := math.Sqrt(max(0, square-floor*floor))
		t.Logf("problem %d: %d arrangements, distance %.4f, true uniform sampling %.4f ± %.4f", n, len(optimal[n]), got, floor, spread)
		if got > floor+4*spread {
			t.Errorf("problem %d: the ids matter", n)
		}
	}
}

// rename permutes the ids of inspectors and of objects.
func rename(d *stream, p *Problem) (*Problem, func([]Seat) []Seat) {
	shuffled := func(n int) []int {
		list := make([]int, n)
		for i := range list {
			list[i] = i
		}
		for i := n - 1; i > 0; i-- {
			j := d.below(uint32(i + 1))
			list[i], list[j] = list[j], list[i]
		}
		return list
	}
	to, from := map[string]string{}, map[string]string{}
	for _, prefix := range []string{"i", "o"} {
		n := 12
		if prefix == "i" {
			n = len(p.Inspectors)
		}
		for k, v := range shuffled(n) {
			a, b := fmt.Sprintf("%s%02d", prefix, k), fmt.Sprintf("%s%02d", prefix, v)
			to[a], from[b] = b, a
		}
	}
	q := &Problem{Groups: p.Groups}
	for _, x := range p.Inspectors {
		x.ID = to[x.ID]
		q.Inspectors = append(q.Inspectors, x)
	}
	for _, x := range p.Demands {
		x.Object = to[x.Object]
		q.Demands = append(q.Demands, x)
	}
	for _, x := range p.Avoidances {
		q.Avoidances = append(q.Avoidances, Avoidance{to[x.Object], to[x.Inspector], x.Reason})
	}
	slices.SortFunc(q.Inspectors, func(a, b Inspector) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(q.Demands, func(a, b Demand) int { return compareDemands(&a, &b) })
	slices.SortFunc(q.Avoidances, func(a, b Avoidance) int { return compareAvoidances(&a, &b) })
	return q, func(seats []Seat) []Seat {
		out := slices.Clone(seats)
		for i := range out {
			out[i].Object, out[i].Inspector = from[out[i].Object], from[out[i].Inspector]
		}
		slices.SortFunc(out, func(a, b Seat) int { return compareSeats(&a, &b) })
		return out
	}
}

// backward fills the slots from the end, each with anybody eligible.
func backward(u *unit) {
	for l := len(u.lines) - 2; l >= 0; l-- {
		for s := u.lines[l].slot; s < u.lines[l+1].slot; s++ {
			for _, i := range u.members[u.lines[l].group] {
				if u.open(i) && u.slotAt(u.lines[l].object, i) == none && !u.avoids(u.lines[l].object, i) {
					u.holder[s] = i
					u.load[i]++
					u.link(s)
					break
				}
			}
		}
	}
}

// TestStartDoesNotMatter calls from two different optimal arrangements, on one
// large problem and on many with typed lines, caps and avoidances.
func TestStartDoesNotMatter(t *testing.T) {
	problems := []*Problem{makeProvince(3_000, 300, 20)}
	for d := dice("start"); len(problems) < 400; {
		problems = append(problems, random(d, d.between(8, 40), d.between(20, 180)))
	}
	possible, blind := 0, 0
	for n, p := range problems {
		key := DummyKey(SHA256, n, "start")
		want := solveWith(p, key, func(*unit) {})
		if got := solveWith(p, key, backward); !slices.Equal(got, want) {
			t.Fatalf("problem %d: the starting arrangement changes the result of calling", n)
		}
		if want != nil {
			possible++
			if !slices.Equal(blindly(p, key), want) {
				blind++
			}
		}
	}
	t.Logf("%d problems, %d possible; with search B left out %d differ", len(problems), possible, blind)
	if possible < 60 || blind < possible/4 {
		t.Error("the problems are too easy to show anything")
	}
}
