package match

import (
	"fmt"
	"slices"
	"sort"
	"testing"
	"time"
)

// province makes the problem of the benchmark: 50,000 objects, 5,000 inspectors,
// 17 departments, 136 counties on a ring; each rule admits a county and its two
// neighbours, and widens to the prefecture. The first department has a line at
// every object, and so half of all demands.
func province() *Problem { return makeProvince(50_000, 5_000, 136) }

func makeProvince(objects, inspectors, counties int) *Problem {
	d, p := dice("province"), &Problem{}
	county := func(k int) string {
		k = (k + counties) % counties
		return fmt.Sprintf("37%02d%02d", k/9+1, k%9+21)
	}
	department := func(k int) string { return fmt.Sprintf("D%02d", k) }
	crowd := make([]int, counties) // counties differ in size
	for k := range crowd {
		crowd[k] = d.between(5, 15)
		if k > 0 {
			crowd[k] += crowd[k-1]
		}
	}
	somewhere := func() int {
		return sort.SearchInts(crowd, 1+int(d.below(uint32(crowd[counties-1]))))
	}
	for i := range inspectors {
		x := Inspector{ID: fmt.Sprintf("15060%06d", i), Load: d.between(0, 8), Cap: NoCap}
		if k := i * 100 / inspectors; k < 20 {
			x.Department = department(0)
		} else {
			x.Department = department(1 + i%16)
		}
		x.Region = county(somewhere())
		if d.chance(60) {
			x.Quals = append(x.Quals, "food")
		}
		x.Quals = append(x.Quals, LeaderQual)
		p.Inspectors = append(p.Inspectors, x)
	}
	slices.SortFunc(p.Inspectors, func(a, b Inspector) int { return compareDemands(&Demand{Object: a.ID}, &Demand{Object: b.ID}) })
	for k := range counties {
		for dep := range 17 {
			near := []string{county(k - 1), county(k), county(k + 1)}
			slices.Sort(near)
			g := Group{ID: county(k) + "-" + department(dep), Department: department(dep), Least: 4, Stages: [][]string{near, {county(k)[:4]}, {"37"}}}
			p.Groups = append(p.Groups, g)
			if dep == 0 {
				g.ID += "-food"
				g.Quals = []string{"food"}
				p.Groups = append(p.Groups, g)
			}
		}
	}
	for o := range objects {
		id, at := fmt.Sprintf("91370000MA%08d", o), somewhere()
		rule := county(at) + "-" + department(0)
		if d.chance(20) {
			p.Demands = append(p.Demands, Demand{id, department(0), 1, rule, 1, true}, Demand{id, department(0), 2, rule + "-food", 1, true})
		} else {
			p.Demands = append(p.Demands, Demand{id, department(0), 1, rule, 2, true})
		}
		for dep := 1; dep < 17; dep++ {
			if d.below(1000) < 67 {
				p.Demands = append(p.Demands, Demand{id, department(dep), 1, county(at) + "-" + department(dep), d.between(1, 2), false})
			}
		}
		if d.chance(5) { // rotation
			i := int(d.below(uint32(inspectors)))
			p.Avoidances = append(p.Avoidances, Avoidance{id, p.Inspectors[i].ID, "rotation"})
		}
	}
	return p
}

func provinceTerms(s Suite, mix int) Terms {
	keys := map[string]string{}
	for k := range 17 {
		keys[fmt.Sprintf("D%02d", k)] = fmt.Sprintf("%030dd%x", k, k%16)
	}
	return Terms{s, keys, mix}
}

// TestDigest: every platform finds the same bytes.
func TestDigest(t *testing.T) {
	p := makeProvince(3_000, 300, 20)
	for suite, want := range map[Suite]string{
		SHA256: "10687975c63c8c337d97c94abd1705b9d3a2600495d0bac7144a57452d23553f",
		SM3:    "9f906c6f3ec2eaf8867c7a445d4adad9f255e41d0e4ea28c4d269082386ae718",
	} {
		r, err := Solve(p, provinceTerms(suite, 20))
		if err != nil {
			t.Fatal(err)
		}
		sum := SHA256.sum()(append(FormatSeats(r.Seats), FormatLabels(r.Labels)...))
		if got := fmt.Sprintf("%x", sum); got != want {
			t.Errorf("%s: %s, want %s", suite, got, want)
		}
	}
}

var cpuTime = func() time.Duration { return 0 } // where the system does not tell

// BenchmarkProvince prints the size of the problem, the load profile, and what a
// picker who takes any eligible inspector below the optimal greatest load leaves
// uncovered.
func BenchmarkProvince(b *testing.B) {
	p := province()
	for _, suite := range []Suite{SHA256, SM3} {
		for _, mix := range []int{20, 100} {
			b.Run(fmt.Sprintf("%s/mix=%d", suite, mix), func(b *testing.B) {
				var r *Result
				begin := cpuTime()
				for b.Loop() {
					var err error
					if r, err = Solve(p, provinceTerms(suite, mix)); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((cpuTime()-begin).Milliseconds())/float64(b.N), "cpu-ms/op")
				if mix == 20 && suite == SHA256 {
					describe(b, p, r)
				}
			})
		}
	}
}

func describe(b *testing.B, p *Problem, r *Result) {
	pl, err := compile(p)
	if err != nil {
		b.Fatal(err)
	}
	if bad, err := Check(p, r.Seats); err != nil || len(bad) > 0 {
		b.Fatal(err, bad)
	}
	if err := CheckBalance(p, r.Seats, r.Labels); err != nil {
		b.Fatal(err)
	}
	pairs, sizes := 0, map[string]int{}
	for row, d := range p.Demands {
		pairs += len(pl.members[pl.group[row]])
		sizes[d.Department]++
	}
	profile := profileOf(r.Labels)
	fmt.Printf("%d demands (%d of D00), %d slots, %d eligible pairs, %d parts; loads greatest %d, median %d, least %d\n",
		len(p.Demands), sizes["D00"], len(r.Seats), pairs, len(pl.parts), profile[0], profile[len(profile)/2], profile[len(profile)-1])
	free, _, _ := pickRandomly(pl, 1<<30)
	_, uncovered, visits := pickRandomly(pl, profile[0])
	fmt.Printf("a uniform picker without cap: greatest load %d; with the cap %d: %d slots of %d objects uncovered\n", free, profile[0], uncovered, visits)
}

// pickRandomly gives each slot any eligible inspector below the limit.
func pickRandomly(pl *plan, limit int) (greatest, uncovered, objects int) {
	d, p := dice("picker"), pl.p
	loads := make([]int, len(p.Inspectors))
	for i, x := range p.Inspectors {
		loads[i] = x.Load
	}
	var team []int32
	last := ""
	for row, demand := range p.Demands {
		if row == 0 || demand.Object != p.Demands[row-1].Object {
			team = team[:0]
		}
		span := pl.span[row]
		var list []int32
		for _, i := range pl.members[pl.group[row]] {
			if loads[i] < limit && !slices.Contains(team, i) && !slices.Contains(pl.avoid[span[0]:span[1]], i) {
				list = append(list, i)
			}
		}
		for range demand.Need {
			if len(list) == 0 {
				uncovered++
				if last != demand.Object {
					objects++
					last = demand.Object
				}
				continue
			}
			k := d.below(uint32(len(list)))
			i := list[k]
			list = slices.Delete(list, int(k), int(k)+1)
			team = append(team, i)
			loads[i]++
			greatest = max(greatest, loads[i])
		}
	}
	return greatest, uncovered, objects
}
