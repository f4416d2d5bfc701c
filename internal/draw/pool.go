package draw

import (
	"errors"
	"io"
)

// A rules is the manifest made ready for records: codes as small numbers, and for
// every class of objects what may draw it.
type rules struct {
	m       *Manifest
	strata  book
	scopes  book
	groups  []string
	counts  int     // entries of the lock's counts
	members [][]int // per class without tier: which of the lock's counts it belongs to, or nil
	bad     []string
	hits    [][]hit // per class: which groups draw from it
}

// A hit is a group that may draw a class of objects, and the cells it does so for.
type hit struct {
	group int
	cells []int
}

// A book finds the number of a code of up to eight characters.
type book struct {
	keys []uint64
	nums []int
	mask uint64
	size int
}

func newBook(codes []string) book {
	b := book{size: len(codes), mask: 15}
	for int(b.mask) < 4*len(codes) {
		b.mask = b.mask<<1 | 1
	}
	b.keys, b.nums = make([]uint64, b.mask+1), make([]int, b.mask+1)
	for i, code := range codes {
		at := b.place(packed(code))
		b.keys[at], b.nums[at] = packed(code), i
	}
	return b
}

// place is where code stands, or the free place where it would.
func (b *book) place(code uint64) uint64 {
	at := code * 0x9e3779b97f4a7c15 >> 40 & b.mask
	for b.keys[at] != code && b.keys[at] != 0 {
		at = (at + 1) & b.mask
	}
	return at
}

// find returns the number of a code, or -1.
func (b *book) find(code uint64) int {
	at := b.place(code)
	if b.keys[at] == 0 {
		return -1
	}
	return b.nums[at]
}

// newRules compiles a checked manifest.
func newRules(m *Manifest) *rules {
	var scopes, strata []string
	for _, s := range m.Scopes {
		scopes = append(scopes, s.Code)
	}
	known := map[string]bool{}
	first := map[string]int{} // index of a task's first count
	r := &rules{m: m, groups: m.Groups()}
	for _, t := range m.Tasks {
		first[t.Code] = r.counts
		r.counts += len(t.Strata)
		for _, s := range t.Strata {
			if !known[s.Code] {
				known[s.Code] = true
				strata = append(strata, s.Code)
			}
		}
	}
	r.scopes, r.strata = newBook(scopes), newBook(strata)
	for _, scope := range m.Scopes {
		for _, stratum := range strata {
			r.add(scope, stratum, first)
		}
	}
	return r
}

// add compiles the classes of a scope and a stratum.
func (r *rules) add(scope Scope, stratum string, first map[string]int) {
	members, lacks := []int{}, ""
	byGroup := make([][]int, len(r.groups))
	for _, code := range scope.Tasks {
		t, _ := r.m.Task(code)
		i := t.stratum(stratum)
		if i < 0 {
			lacks = code
			continue
		}
		members = append(members, first[code]+i)
		for g, group := range r.groups {
			if group == t.Group {
				byGroup[g] = append(byGroup[g], first[code]+i)
			}
		}
	}
	r.members, r.bad = append(r.members, members), append(r.bad, lacks)
	for tier := range 2 {
		var hits []hit
		for g, counts := range byGroup {
			var cells []int
			for _, c := range counts {
				cells = append(cells, 2*c+tier)
			}
			if len(cells) > 0 {
				hits = append(hits, hit{g, cells})
			}
		}
		r.hits = append(r.hits, hits)
	}
	r.hits = append(r.hits, nil) // tier 2: the cap is reached
}

// class is the number of a record's class: scope, stratum and tier. A record the
// manifest has no place for is a fault.
func (r *rules) class(file string, i int, l *line) (int, error) {
	scope, stratum := r.scopes.find(l.scope), r.strata.find(l.stratum)
	if scope < 0 {
		return 0, fault(file, i+1, "范围代码 %s 未列入抽取公告", unpacked(l.scope))
	}
	if stratum < 0 {
		if len(r.m.Scopes[scope].Tasks) == 0 {
			return 0, fault(file, i+1, "分层代码 %s 未列入抽取公告", unpacked(l.stratum))
		}
		return 0, fault(file, i+1, "分层代码 %s 未列入任务 %s", unpacked(l.stratum), r.m.Scopes[scope].Tasks[0])
	}
	pair := scope*r.strata.size + stratum
	if r.bad[pair] != "" {
		return 0, fault(file, i+1, "分层代码 %s 未列入任务 %s", unpacked(l.stratum), r.bad[pair])
	}
	return 3*pair + r.m.tier(int(l.visits)), nil
}

// tally turns numbers of objects per class into the lock's counts.
func (r *rules) tally(perClass []uint64) []Count {
	counts := []Count{}
	for _, t := range r.m.Tasks {
		for _, s := range t.Strata {
			counts = append(counts, Count{Task: t.Code, Stratum: s.Code})
		}
	}
	for pair, members := range r.members {
		for _, c := range members {
			counts[c].N0 += perClass[3*pair]
			counts[c].N1 += perClass[3*pair+1]
			counts[c].N2 += perClass[3*pair+2]
		}
	}
	return counts
}

// sum adds up what the workers counted.
func sum(perWorker [][]uint64) []uint64 {
	total := make([]uint64, len(perWorker[0]))
	for _, counts := range perWorker {
		for i, n := range counts {
			total[i] += n
		}
	}
	return total
}

func (r *rules) perWorker() [][]uint64 {
	all := make([][]uint64, workers())
	for w := range all {
		all[w] = make([]uint64, len(r.hits), len(r.hits)+8) // workers share no line of the processor's cache
	}
	return all
}

// count reads a population, calls do for every record with its class, and returns
// the number of records and the lock's counts.
func (r *rules) count(population io.ReadSeeker, file string, do func(worker, i, class int, l *line) error) (size int, counts []Count, err error) {
	if _, err := population.Seek(0, io.SeekStart); err != nil {
		return 0, nil, err
	}
	perClass := r.perWorker()
	size, err = scan(population, file, len(perClass), func(w int, b block) error {
		return b.each(file, func(i int, l *line) error {
			class, err := r.class(file, i, l)
			if err != nil {
				return err
			}
			perClass[w][class]++
			return do(w, i, class, l)
		})
	})
	return size, r.tally(sum(perClass)), err
}

// A Pool is a population read whole: its tree, and how many objects each task may
// draw from.
type Pool struct {
	Tree       *Tree // without its leaves
	Counts     []Count
	population io.ReadSeeker
	file       string
}

// Root is the root of the population, as the lock writes it.
func (p *Pool) Root() Commitment {
	return Commitment{p.Tree.Root().String(), uint64(p.Tree.Size())}
}

// ReadPool reads, checks and commits to a population. It stays open as long as
// paths are wanted.
func ReadPool(m *Manifest, population io.ReadSeeker, file string) (*Pool, error) {
	leaves := m.Suite.growth()
	size, counts, err := newRules(m).count(population, file, func(w, i, _ int, l *line) error {
		leaves.add(w, i, l)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Pool{leaves.tree(size), counts, population, file}, nil
}

// add adds the leaf of the record l, which is the i-th.
func (g *growth) add(w, i int, l *line) { g.hands[w].h.leaf(g.slot(w, i), l.text) }

var errEnough = errors.New("enough is read")

// Path is the inclusion path of object i. The population is read again up to it.
func (p *Pool) Path(i int) ([]Hash, error) {
	if _, err := p.population.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	h, leaves, first := p.Tree.suite.hasher(), p.Tree.slab(i), i&^(slabSize-1)
	_, err := scan(p.population, p.file, 1, func(_ int, b block) error {
		if b.first+b.lines() <= first {
			return nil
		}
		return b.each(p.file, func(at int, l *line) error {
			if at >= first {
				h.leaf(&leaves[at-first], l.text)
			}
			if at == first+len(leaves)-1 {
				return errEnough
			}
			return nil
		})
	})
	switch {
	case err == nil:
		return nil, fault(p.file, 0, "读取期间被改动，请重新运行")
	case err != errEnough:
		return nil, err
	}
	return p.Tree.path(h, leaves, i), nil
}
