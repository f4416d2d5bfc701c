package match

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Terms are what a matching depends on besides the problem: the hash, the key
// of each department, and the proposals per slot in the third step. They are
// fixed in the manifest, but for the keys, which nobody knows before the draw.
type Terms struct {
	Suite Suite
	Keys  map[string]string
	Mix   int
}

// MaxMix bounds Terms.Mix.
const MaxMix = 1000

// A Seat is one inspector in the team of one object.
type Seat struct {
	Object, Department string
	Line               int
	Inspector          string
	Leader             bool
}

// A Label is an inspector's part in the certificate of balance: load before,
// load after, and the greatest load of an inspector from whom an alternating
// path leads here.
type Label struct {
	Inspector           string
	Before, After, Peak int
}

// A Result is an optimal arrangement: seats by object, department, line and
// inspector; labels by inspector.
type Result struct {
	Seats  []Seat
	Labels []Label
}

// An Impossible says why there is no lawful arrangement.
type Impossible struct{ Shortages []Shortage }

func (e *Impossible) Error() string {
	texts := make([]string, len(e.Shortages))
	for i, s := range e.Shortages {
		texts[i] = s.Text()
	}
	return strings.Join(texts, "\n")
}

func (t *Terms) fault(p *Problem) error {
	if t.Suite.sum() == nil {
		return fmt.Errorf("散列算法“%s”应为 sha256 或 sm3", t.Suite)
	}
	if t.Mix < 0 || t.Mix > MaxMix {
		return fmt.Errorf("混合倍数应为 0 至 %d", MaxMix)
	}
	for _, d := range p.Demands {
		if !goodKey(t.Keys[d.Department]) {
			return fmt.Errorf("部门“%s”的密钥应为 %d 个可见字符，不含冒号", d.Department, KeyLen)
		}
	}
	return nil
}

// Solve matches inspectors to objects. It fails with *FileError if the problem
// is at fault, and with *Impossible if it has no lawful arrangement.
// R56, R71, 海政办发〔2020〕2号 二(五)3
func Solve(p *Problem, t Terms) (*Result, error) {
	pl, err := compile(p)
	if err == nil {
		err = t.fault(p)
	}
	if err != nil {
		return nil, err
	}
	units := make([]*unit, len(pl.parts))
	shortages := make([][]Shortage, len(pl.parts))
	pl.each(func(k int) {
		pt := &pl.parts[k]
		u := newUnit(pl, pt, &tickets{sum: t.Suite.sum(), key: t.Keys[pt.department]})
		units[k] = u
		if !u.fill() {
			shortages[k] = u.explain()
			return
		}
		u.level()
		u.call()
		u.mix(t.Mix)
	})
	if all := slices.Concat(shortages...); len(all) > 0 {
		slices.SortFunc(all, func(a, b Shortage) int { return a.compare(&b) })
		return nil, &Impossible{all}
	}
	r := &Result{Seats: pl.seats(units), Labels: pl.labels(units)}
	pl.lead(r.Seats, t)
	return r, nil
}

// each does do for every part, the greatest first, on all processors.
func (pl *plan) each(do func(int)) {
	order := make([]int, len(pl.parts))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(pl.parts[b].rows), len(pl.parts[a].rows)) })
	var at atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(order)) {
		wait.Go(func() {
			for {
				k := int(at.Add(1)) - 1
				if k >= len(order) {
					return
				}
				do(order[k])
			}
		})
	}
	wait.Wait()
}

// seats collects the arrangement, by row and then by inspector.
func (pl *plan) seats(units []*unit) []Seat {
	p := pl.p
	first := make([]int32, len(p.Demands)+1)
	for row := range p.Demands {
		first[row+1] = first[row] + int32(p.Demands[row].Need)
	}
	seats := make([]Seat, first[len(p.Demands)])
	var who []int32
	for _, u := range units {
		for l := range u.lines[:len(u.lines)-1] {
			who = append(who[:0], u.holder[u.lines[l].slot:u.lines[l+1].slot]...)
			slices.Sort(who)
			row := u.lines[l].row
			d := &p.Demands[row]
			for k, i := range who {
				seats[int(first[row])+k] = Seat{Object: d.Object, Department: d.Department, Line: d.Line, Inspector: u.ids[i]}
			}
		}
	}
	return seats
}

// labels is the certificate of balance. An inspector of no part is only reached
// from himself.
func (pl *plan) labels(units []*unit) []Label {
	labels := make([]Label, len(pl.p.Inspectors))
	for i, x := range pl.p.Inspectors {
		labels[i] = Label{x.ID, x.Load, x.Load, x.Load}
	}
	for _, u := range units {
		for k, i := range u.people {
			labels[i].After, labels[i].Peak = int(u.load[k]), int(u.label(int32(k)))
		}
	}
	return labels
}
