package draw

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

const statistics = "../../docs/design/draw-statistics.md"

// draws of each experiment. The keys are the dummy keys of the labels
// "χ² 0", "χ² 1", … and group "g1".
const draws = 200_000

// An experiment draws n of N again and again, each time under another key.
type experiment struct {
	suite Suite
	what  string
	ids   []string
	drawn int
}

func experiments() (list []experiment) {
	var codes, others []string
	for n := range 24 {
		codes = append(codes, creditCode(n))
		others = append(others, fmt.Sprintf("XK-2026-%s-%04d", strings.Repeat("A", n%12), n))
	}
	slices.Sort(others)
	for _, s := range []Suite{SHA256, SM3} {
		list = append(list,
			experiment{s, "neighbouring credit codes", codes[:16], 4}, experiment{s, "one of many", codes[:24], 1},
			experiment{s, "all but one", codes[:8], 7}, experiment{s, "other codes, 13 to 24 characters", others[:12], 5})
	}
	return list
}

// run counts, per object, how often it was drawn and how often it was first, and
// per pair of neighbours how often both were drawn.
func (e experiment) run() (drawn, first []int, together []int) {
	drawn, first, together = make([]int, len(e.ids)), make([]int, len(e.ids)), make([]int, len(e.ids))
	list, in := make([]ticketed, len(e.ids)), make([]bool, len(e.ids))
	t := newTickets(e.suite, []string{"g1"}, Keys{})
	for k := range draws {
		t.use(0, DummyKey(e.suite, fmt.Sprint("χ² ", k), "g1"))
		for i, id := range e.ids {
			list[i].index = uint32(i)
			t.of(0, []byte(id), &list[i].ticket)
		}
		slices.SortFunc(list, ticketed.before)
		clear(in)
		first[list[0].index]++
		for _, o := range list[:e.drawn] {
			drawn[o.index]++
			in[o.index] = true
		}
		for i := range in {
			if in[i] && in[(i+1)%len(in)] {
				together[i]++
			}
		}
	}
	return drawn, first, together
}

// chiSquare is the statistic of counts that should all be draws·p, and its
// p-value. A draw of n of N makes the counts depend on each other, which the
// factor (N−1)/N and the variance p(1−p) account for; for n = 1 this is Pearson's.
func chiSquare(counts []int, p float64) (statistic, value float64) {
	n := float64(len(counts))
	for _, c := range counts {
		d := float64(c) - draws*p
		statistic += d * d / (draws * p * (1 - p))
	}
	statistic *= (n - 1) / n
	return statistic, upperGamma((n-1)/2, statistic/2)
}

// upperGamma is the regularized incomplete gamma function Q(a, x).
func upperGamma(a, x float64) float64 {
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 { // series for P
		sum, term := 1/a, 1/a
		for k := 1.0; k < 1000; k++ {
			term *= x / (a + k)
			sum += term
		}
		return 1 - front*sum
	}
	b, c := x+1-a, 1e300 // continued fraction for Q
	d := 1 / b
	h := d
	for k := 1.0; k < 1000; k++ {
		an := -k * (k - a)
		b += 2
		d = 1 / (an*d + b)
		c = b + an/c
		h *= c * d
	}
	return front * h
}

// TestEveryMemberReachable draws 200,000 times in each experiment and compares
// with equal chances. The page in docs shows the same numbers.
func TestEveryMemberReachable(t *testing.T) {
	var p page
	p.say("| suite | objects | N | n | least | expected | most | χ², drawn | p | χ², first | p | pairs: least, expected, most |")
	p.say("|---|---|---|---|---|---|---|---|---|---|---|---|")
	list := experiments()
	results := make([][3][]int, len(list))
	var wg sync.WaitGroup
	for i, e := range list {
		wg.Go(func() { results[i][0], results[i][1], results[i][2] = e.run() })
	}
	wg.Wait()
	for i, e := range list {
		drawn, first, together := results[i][0], results[i][1], results[i][2]
		n, size := float64(e.drawn), float64(len(e.ids))
		x1, p1 := chiSquare(drawn, n/size)
		x2, p2 := chiSquare(first, 1/size)
		pairs := draws * n * (n - 1) / (size * (size - 1))
		p.say("| %s | %s | %d | %d | %d | %.0f | %d | %.2f | %.3f | %.2f | %.3f | %d, %.0f, %d |", e.suite, e.what, len(e.ids), e.drawn,
			slices.Min(drawn), draws*n/size, slices.Max(drawn), x1, p1, x2, p2, slices.Min(together), pairs, slices.Max(together))
		if slices.Min(first) == 0 || p1 < 1e-6 || p2 < 1e-6 {
			t.Errorf("%s, %s: p = %g and %g, drawn %v", e.suite, e.what, p1, p2, drawn)
		}
		for i, c := range together {
			if sd := math.Sqrt(pairs) + 1; math.Abs(float64(c)-pairs) > 6*sd {
				t.Errorf("%s, %s: objects %d and %d are drawn together %d times, expected %.0f", e.suite, e.what, i, (i+1)%len(e.ids), c, pairs)
			}
		}
	}
	text, err := os.ReadFile(statistics)
	if err != nil {
		t.Fatal(err)
	}
	const mark = "<!-- table -->\n"
	head, rest, _ := strings.Cut(string(text), mark)
	_, tail, ok := strings.Cut(rest, "<!-- end -->")
	want := head + mark + p.String() + "<!-- end -->" + tail
	if *update && ok {
		if err := os.WriteFile(statistics, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Errorf("the table of %s is not what the code gives; run with -update", statistics)
	}
}

// TestTiersKeepTheirChances draws through Select, file and all: in each tier of
// each stratum every object has the same chance.
func TestTiersKeepTheirChances(t *testing.T) {
	m, _ := testManifest(SHA256, "open")
	m.Tasks = m.Tasks[:1]
	m.Tasks[0].Strata = []Stratum{{"A", 2500}, {"B", 2500}, {"C", 2500}, {"D", 2500}}
	m.Scopes = []Scope{{"s1", []string{"T1"}}}
	data := synthetic(80, "s1")
	l, _ := locked(t, m, data)
	counts := map[string]int{}
	const times = 2000
	var cells []Cell
	for k := range times {
		d, err := Select(m, l, DummyKeys(m, fmt.Sprint("tiers ", k)), bytes.NewReader(data), PopulationFile)
		if err != nil {
			t.Fatal(err)
		}
		cells = d.Cells
		for _, p := range d.Picks {
			counts[p.ID]++
		}
	}
	for n := range 80 {
		r := syntheticRecord(n, []string{"s1"})
		at := slices.IndexFunc(cells, func(c Cell) bool { return c.Stratum == r.Stratum && c.Tier == uint64(m.tier(r.Visits)) })
		if at < 0 {
			if counts[r.ID] > 0 {
				t.Errorf("%s has reached the cap and was drawn", r.ID)
			}
			continue
		}
		p := float64(cells[at].Drawn) / float64(cells[at].Size)
		if want, sd := times*p, math.Sqrt(times*p*(1-p)); math.Abs(float64(counts[r.ID])-want) > 5*sd+1e-9 {
			t.Errorf("%s was drawn %d times, expected %.0f", r.ID, counts[r.ID], want)
		}
	}
}
