package match

import (
	"cmp"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Dummy begins every key of a rehearsal. No real key does: those are
// hexadecimal digits.
const Dummy = "DUMMY"

// DummyKey is the key of a run of a rehearsal: for the draw of objects if name
// is empty, else for the department of that name.
func DummyKey(s Suite, run int, name string) string {
	sum := s.sum()([]byte(Dummy + ":" + strconv.Itoa(run) + ":" + name))
	return (Dummy + hex.EncodeToString(sum[:]))[:KeyLen]
}

// A Rehearsal (演练) tells what a matching is likely to bring, before the draw.
type Rehearsal struct {
	Runs, Impossible int
	Shortages        []Shortage // of the first impossible run
	Loads            []Expected // by inspector
	Lines, Few       int        // lines in all runs; those with fewer than three candidates
	Tight            []Choice   // the lines with the fewest candidates, at most ten
}

// Expected is an inspector's new visits: Total over all possible runs, and the
// Most of one run. The expected load is Total / (Runs - Impossible).
type Expected struct {
	Inspector   string
	Total, Most int
}

// A Choice is the size of a line's choice set: its eligible inspectors.
type Choice struct {
	Object, Department string
	Line, Need, Size   int
}

// Rehearse makes runs mock matchings under dummy keys, never the real one. The
// problem of each run comes from draw, which draws objects by the dummy key it
// is given.
func Rehearse(s Suite, mix, runs int, draw func(key string) (*Problem, error)) (*Rehearsal, error) {
	if s.sum() == nil {
		return nil, errors.New("散列算法应为 sha256 或 sm3")
	}
	r := &Rehearsal{Runs: runs}
	loads := map[string]*Expected{}
	for run := 1; run <= runs; run++ {
		p, err := draw(DummyKey(s, run, ""))
		if err != nil {
			return nil, err
		}
		t := Terms{Suite: s, Mix: mix, Keys: map[string]string{}}
		for _, d := range p.Demands {
			if t.Keys[d.Department] == "" {
				t.Keys[d.Department] = DummyKey(s, run, d.Department)
			}
		}
		result, err := Solve(p, t)
		var impossible *Impossible
		if errors.As(err, &impossible) {
			if r.Impossible++; r.Impossible == 1 {
				r.Shortages = impossible.Shortages
			}
		} else if err != nil {
			return nil, err
		} else {
			r.count(result, loads)
		}
		if err := r.choices(p); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(loads)) {
		r.Loads = append(r.Loads, *loads[id])
	}
	return r, nil
}

func (r *Rehearsal) count(result *Result, loads map[string]*Expected) {
	for _, l := range result.Labels {
		e := loads[l.Inspector]
		if e == nil {
			e = &Expected{Inspector: l.Inspector}
			loads[l.Inspector] = e
		}
		e.Total += l.After - l.Before
		e.Most = max(e.Most, l.After-l.Before)
	}
}

// choices keeps the smallest choice sets seen so far.
func (r *Rehearsal) choices(p *Problem) error {
	pl, err := compile(p)
	if err != nil {
		return err
	}
	for row, d := range p.Demands {
		c := Choice{d.Object, d.Department, d.Line, d.Need, 0}
		span := pl.span[row]
		for _, i := range pl.members[pl.group[row]] {
			if !slices.Contains(pl.avoid[span[0]:span[1]], i) {
				c.Size++
			}
		}
		r.Lines++
		if c.Size < 3 {
			r.Few++
		}
		if at, ok := slices.BinarySearchFunc(r.Tight, c, compareChoices); !ok && at < 10 {
			r.Tight = slices.Insert(r.Tight, at, c)
			r.Tight = r.Tight[:min(10, len(r.Tight))]
		}
	}
	return nil
}

func compareChoices(a, b Choice) int {
	return cmp.Or(a.Size-b.Size, strings.Compare(a.Object, b.Object), strings.Compare(a.Department, b.Department), a.Line-b.Line)
}
