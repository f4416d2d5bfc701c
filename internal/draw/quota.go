package draw

import (
	"math/bits"
	"slices"
)

// A Cell is what one draw is made from: the objects of a stratum and a burden
// tier that a task may draw.
type Cell struct {
	Task    string `json:"task"`
	Stratum string `json:"stratum"`
	Tier    uint64 `json:"tier"`    // 0 not visited yet, 1 visited once
	Size    uint64 `json:"size"`    // N
	Drawn   uint64 `json:"drawn"`   // n
	Reserve uint64 `json:"reserve"` // ranks n+1 to n+reserve stand ready
	Root    string `json:"root"`    // of the rank tree; "" until it is built
}

// A Shortfall (不足) records that a stratum had fewer objects than were to be
// drawn. The rest is not taken from another stratum.
type Shortfall struct {
	Task    string `json:"task"`
	Stratum string `json:"stratum"`
	Wanted  uint64 `json:"wanted"`
	Drawn   uint64 `json:"drawn"`
}

// mulDiv is floor(a·b/c) and the remainder, without overflow. The quotient must
// fit, which it does when a ≤ c or b ≤ c.
func mulDiv(a, b, c uint64) (quotient, rest uint64) {
	hi, lo := bits.Mul64(a, b)
	return bits.Div64(hi, lo, c)
}

// quotas is how many objects the task wants of each of its strata, given how
// many each has: R67.
func (t Task) quotas(sizes []uint64) []uint64 {
	want := make([]uint64, len(sizes))
	if t.Quota == "rate" { // 不少于: rounded up
		for i, size := range sizes {
			want[i] = (size*t.Strata[i].Rate + 9999) / 10000
		}
		return want
	}
	var all uint64
	for _, size := range sizes {
		all += size
	}
	if all == 0 {
		return want
	}
	return shares(t.Total, sizes, all)
}

// shares divides total in proportion to sizes, whose sum is all, by largest
// remainder. Equal remainders go to the earlier stratum, the one whose code is
// smaller.
func shares(total uint64, sizes []uint64, all uint64) []uint64 {
	total = min(total, all)
	want, rest, order := make([]uint64, len(sizes)), make([]uint64, len(sizes)), make([]int, len(sizes))
	left := total
	for i, size := range sizes {
		want[i], rest[i] = mulDiv(total, size, all)
		left -= want[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case rest[a] > rest[b]:
			return -1
		case rest[a] < rest[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		want[i]++
	}
	return want
}

// split divides the n of a stratum between its n0 objects not yet visited and its
// n1 visited once, who count λ each. What one tier cannot give, the other gives.
func split(n, n0, n1 uint64, lambda [2]uint64) (from0, from1 uint64) {
	weight0, weight1 := lambda[1]*n0, lambda[0]*n1
	if weight0+weight1 > 0 {
		from1, _ = mulDiv(n, weight1, weight0+weight1)
	}
	from0 = n - from1
	if from0 > n0 {
		from0, from1 = n0, from1+from0-n0
	}
	if from1 > n1 {
		from0, from1 = min(n0, from0+from1-n1), n1
	}
	return from0, from1
}

// Cells are the cells of a locked population with their quotas, in the order of
// tasks, strata and tiers. They follow from the manifest and the lock alone.
func Cells(m *Manifest, counts []Count) (cells []Cell, short []Shortfall) {
	short = []Shortfall{}
	at := 0
	for _, t := range m.Tasks {
		mine := counts[at : at+len(t.Strata)]
		at += len(t.Strata)
		var sizes []uint64
		for _, c := range mine {
			sizes = append(sizes, c.N0+c.N1+c.N2)
		}
		for i, want := range t.quotas(sizes) {
			c := mine[i]
			from0, from1 := split(want, c.N0, c.N1, m.Lambda)
			cells = append(cells,
				Cell{t.Code, c.Stratum, 0, c.N0, from0, min(t.Reserve, c.N0-from0), ""},
				Cell{t.Code, c.Stratum, 1, c.N1, from1, min(t.Reserve, c.N1-from1), ""})
			if got := from0 + from1; got < want {
				short = append(short, Shortfall{t.Code, c.Stratum, want, got})
			}
		}
	}
	return cells, short
}
