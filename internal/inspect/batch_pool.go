package inspect

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/uscc"
)

// A PoolObject is a confirmed member of some sub-library, as a draw needs it.
type PoolObject struct {
	No      ObjectNo
	Code    string
	Name    string
	Status  ObjectStatus
	Outside string // why it is outside of random inspection: R111
	Region  string
	Town    string
	Station string // 属地监管所
	Risk    string
	Sublibs []SublibraryID
	Visits  int      // random visits of the year so far, over all departments: R52, C4
	Waiver  WaiverID // granted for the year: R53
}

// A PoolRow is an object that at least one task may draw.
type PoolRow struct {
	PoolObject
	ID    string // in the documents of the draw
	Tasks uint64 // the places of the tasks, as bits
}

// A Kept is an object that was kept out of every task's pool, and why.
type Kept struct {
	ID     string
	Reason string // code, as draw.md §8 writes reasons
}

// A Pool (抽取范围) is what the tasks of a batch draw from: R57, R66. The lists are
// ascending by id.
type Pool struct {
	Rows    []PoolRow
	Kept    []Kept
	Counts  []StratumCount // of each task
	Unfound []string       // of lists from above: what cannot be drawn here, as code, TAB, name
}

// NewPool decides which objects each task may draw: the confirmed members of its
// sub-libraries that are in business and in its areas, and whom none of its bodies has
// inspected as often as its cap allows.
func NewPool(tasks []Task, objects []PoolObject, limits Limits) *Pool {
	p := &Pool{Counts: make([]StratumCount, len(tasks))}
	found := map[UpstreamPackageID]bool{} // of packages, with codes
	for _, o := range objects {
		row, barred, unlisted := PoolRow{PoolObject: o, ID: DrawID(o.No, o.Code)}, false, false
		for i, t := range tasks {
			switch {
			case !t.draws(o):
			case !limits.lists(t, o.Code):
				unlisted = true
			case limits.bars(t, o.No):
				barred = true
			default:
				row.Tasks |= 1 << i
				found[t.Package+UpstreamPackageID("\t"+o.Code)] = true
				p.Counts[i][stratumOf(o.Risk)]++
			}
		}
		switch {
		case row.Tasks != 0:
			p.Rows = append(p.Rows, row)
		case o.Status != ObjectActive:
			p.Kept = append(p.Kept, Kept{row.ID, string(o.Status)})
		case !o.drawable():
			p.Kept = append(p.Kept, Kept{row.ID, "outside"})
		case barred:
			p.Kept = append(p.Kept, Kept{row.ID, "bodycap"})
		case unlisted:
			p.Kept = append(p.Kept, Kept{row.ID, "unlisted"})
		default:
			p.Kept = append(p.Kept, Kept{row.ID, "area"})
		}
	}
	slices.SortFunc(p.Rows, func(a, b PoolRow) int { return strings.Compare(a.ID, b.ID) })
	for _, id := range Packages(tasks) {
		for code, name := range limits.Lists[id] {
			if !found[id+UpstreamPackageID("\t"+code)] {
				p.Unfound = append(p.Unfound, code+"\t"+name)
			}
		}
	}
	slices.Sort(p.Unfound)
	slices.SortFunc(p.Kept, func(a, b Kept) int { return strings.Compare(a.ID, b.ID) })
	return p
}

// draws reports whether the object is among those that the task draws from.
func (t Task) draws(o PoolObject) bool {
	return o.drawable() && slices.ContainsFunc(o.Sublibs, func(id SublibraryID) bool { return slices.Contains(t.Sublibs, id) }) &&
		(len(t.Areas) == 0 || t.Package != "" || slices.Contains(t.Areas, o.Town))
}

// drawable reports whether the object can be in a pool at all.
func (o PoolObject) drawable() bool { return Object{Status: o.Status, Outside: o.Outside}.Drawable() }

// DrawID is an object's name in the documents of a draw: its credit code, or a code
// that can stand in them, or else its number in the library.
func DrawID(no ObjectNo, code string) string {
	if _, verdict := uscc.Parse(code); verdict.Class == uscc.Valid {
		return code
	}
	plain := func(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r == '-' }
	if len(code) >= 4 && len(code) <= 32 && len(code) != 18 && strings.IndexFunc(code, func(r rune) bool { return !plain(r) }) < 0 && !strings.HasPrefix(code, "OBJECT-NO-") {
		return code
	}
	return fmt.Sprintf("OBJECT-NO-%d", no)
}

// scopesOfAll is up to how many tasks every set of them is announced as a scope, so
// that no change of the libraries before the lock asks for another announcement.
const scopesOfAll = 5

// scopes are the sets of tasks that the announcement names, as codes: of many tasks
// those that some object has now.
func (p *Pool) scopes(tasks []Task) [][]string {
	sets := map[uint64]bool{}
	if len(tasks) <= scopesOfAll {
		for set := range uint64(1) << len(tasks) {
			sets[set] = true
		}
	}
	for _, row := range p.Rows {
		sets[row.Tasks] = true
	}
	delete(sets, 0)
	var all [][]string
	for set := range sets {
		all = append(all, scopeCodes(set, tasks))
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

func scopeCodes(set uint64, tasks []Task) []string {
	codes := make([]string, 0, bits.OnesCount64(set))
	for i, t := range tasks {
		if set>>i&1 == 1 {
			codes = append(codes, t.Code())
		}
	}
	slices.Sort(codes)
	return codes
}

// Population is the list of objects as the lock fixes it: docs/design/draw.md §6.
// Salt makes a new salt for each. The quotas that were announced must still be what
// the ratios ask for: R67.
func (p *Pool) Population(m *draw.Manifest, tasks []Task, salt func() string) ([]byte, error) {
	scopes := map[string]string{}
	for _, s := range m.Scopes {
		scopes[strings.Join(s.Tasks, " ")] = s.Code
	}
	for i, t := range tasks {
		announced, _ := m.Task(t.Code())
		if r, err := ParseRatio(t.Ratio); err != nil || !quotaOf(announced).Fits(r, p.Counts[i]) {
			return nil, ErrBatchMoved.With(t.Name)
		}
	}
	var text strings.Builder
	for _, row := range p.Rows {
		scope, ok := scopes[strings.Join(scopeCodes(row.Tasks, tasks), " ")]
		if !ok {
			return nil, ErrBatchMoved.With(row.Name)
		}
		rec := draw.Record{ID: row.ID, Kind: 'x', Stratum: string(strata[stratumOf(row.Risk)]), Visits: min(row.counted(), 9), Region: row.place(), Scope: scope, Salt: salt()}
		if _, verdict := uscc.Parse(row.ID); verdict.Class == uscc.Valid {
			rec.Kind = 'u'
		}
		text.WriteString(rec.Line() + "\n")
	}
	return []byte(text.String()), nil
}

// Overdrawn names the general items of which a task would draw more of its true pool than
// their largest share: R26, 海政办发〔2020〕2号 二(二) "严格控制…一般检查事项的抽查比例". Each stratum
// may be rounded up once. A list from above is drawn whole, whatever its share.
func (p *Pool) Overdrawn(tasks []Task, facts Facts) Problems {
	var ps Problems
	for i, t := range tasks {
		for _, fault := range t.overdrawn(p.Counts[i], facts) {
			ps = append(ps, ErrLineFault.With(t.Name, fault.Error()))
		}
	}
	return ps
}

func (t Task) overdrawn(pool StratumCount, facts Facts) Problems {
	r, err := ParseRatio(t.Ratio)
	if err != nil || t.Source == FromUpstream || pool.total() == 0 || r.Exceeds(pool.total()) {
		return nil
	}
	wanted := r.QuotaFor(pool).Wanted(pool)
	var ps Problems
	for _, pin := range t.Items() {
		item, allowed := facts.Items[pin.Item], int64(0)
		for _, n := range pool {
			allowed += ceilShare(n, item.MaxShare)
		}
		if item.Category == GeneralItem && wanted > allowed {
			ps = append(ps, ErrShare.With(PercentText(wanted*10_000/pool.total()), item.Name, PercentText(item.MaxShare)).At("ratio"))
		}
	}
	return ps
}

// Objects lists which object of the library each id is: a file that stays inside.
func (p *Pool) Objects() []byte {
	var text strings.Builder
	for _, row := range p.Rows {
		fmt.Fprintf(&text, "%s\t%d\n", row.ID, row.No)
	}
	return []byte(text.String())
}

// Excluded lists who was kept out, with the reasons, for those who supervise.
func (p *Pool) Excluded() []byte {
	var text strings.Builder
	for _, k := range p.Kept {
		fmt.Fprintf(&text, "%s\t%s\n", k.ID, k.Reason)
	}
	return []byte(text.String())
}

// A KeptCount is how many objects were kept out for a reason.
type KeptCount struct {
	Reason string
	Count  int64
}

// KeptCounts counts who was kept out, by reason.
func (p *Pool) KeptCounts() []KeptCount {
	counts := map[string]int64{}
	for _, k := range p.Kept {
		counts[k.Reason]++
	}
	var all []KeptCount
	for reason, n := range counts {
		all = append(all, KeptCount{reason, n})
	}
	slices.SortFunc(all, func(a, b KeptCount) int { return cmp.Compare(a.Reason, b.Reason) })
	return all
}
