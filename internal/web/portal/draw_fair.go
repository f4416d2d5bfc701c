package portal

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/region"
	"suicha/internal/web"
)

var fairPage = web.NewPage[fairView](files, "draw_fair.html", "draw_part.html")

// A fairView is what can be said of the fairness of one draw: chances, loads, and a
// test of the result against chance.
type fairView struct {
	drawHead
	Cells  []chanceView
	Loads  []loadView
	NoLoad string // why there is no table of loads
	Tests  []testView
	NoTest string // why there is no test
	Low    int    // results below 5 %
	Least  string // the smallest value after correction
	Locked bool
}

// A chanceView is the chance of each object of a cell.
type chanceView struct {
	Cell   cellView
	Chance string // 3.07%
}

// A loadView is how the visits fall to the inspectors of a department.
type loadView struct {
	Department    string
	People, Slots int
	Least, Most   int
	Bars          []barView
}

// A barView is how many inspectors have so many visits.
type barView struct{ Visits, People int }

// A testView compares how many objects of one area were drawn with what chance
// gives.
type testView struct {
	Task, Area string
	Pool       int
	Expected   string
	Drawn      int
	P          string
	p          float64
}

// drawFair shows the chances of every cell, how the visits are spread, and how far
// the result is from chance: published whatever it says.
func (s *server) drawFair(w http.ResponseWriter, r *http.Request) error {
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	run := d.now()
	v := fairView{drawHead: s.head(d, "fairness", "公平性"), Locked: run.c.Lock != nil}
	for _, c := range run.cellViews() {
		v.Cells = append(v.Cells, chanceView{c, fmt.Sprintf("%.2f%%", 100*float64(c.Drawn)/float64(c.Size))})
	}
	if !run.opened() {
		v.NoLoad, v.NoTest = "名单公布以后才能显示。", "名单公布以后才能检验。"
		return fairPage.Show(w, r, v)
	}
	if v.Loads, err = run.loads(); err != nil {
		return err
	}
	if len(v.Loads) == 0 {
		v.NoLoad = "本批没有随机派组，或者人员不足没有派成。"
	}
	if v.Tests, v.NoTest, err = s.areaTests(run); err != nil {
		return err
	}
	v.Low, v.Least = corrected(v.Tests)
	return fairPage.Show(w, r, v)
}

// loads are the visits of every inspector, by department, from the files of the
// matching. They name inspectors by number only; the page names none.
func (r *drawRun) loads() (list []loadView, err error) {
	if !ceremony.Has(r.Files, match.BalanceFile) || !ceremony.Has(r.Files, match.InspectorsFile) {
		return nil, nil
	}
	people, err1 := fs.ReadFile(r.Files, match.InspectorsFile)
	balance, err2 := fs.ReadFile(r.Files, match.BalanceFile)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	department, visits := map[string]string{}, map[string]map[int]int{}
	for line := range strings.Lines(string(people)) {
		f := strings.Split(line, "\t")
		department[f[0]] = f[1]
	}
	for line := range strings.Lines(string(balance)) {
		f := strings.Split(line, "\t")
		before, err1 := strconv.Atoi(f[1])
		after, err2 := strconv.Atoi(f[2])
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		name := department[f[0]]
		if visits[name] == nil {
			visits[name] = map[int]int{}
		}
		visits[name][after-before]++
	}
	for name, of := range visits {
		v := loadView{Department: name, Least: math.MaxInt}
		for n, people := range of {
			v.Bars = append(v.Bars, barView{n, people})
			v.People, v.Slots = v.People+people, v.Slots+n*people
			v.Least, v.Most = min(v.Least, n), max(v.Most, n)
		}
		slices.SortFunc(v.Bars, func(a, b barView) int { return a.Visits - b.Visits })
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b loadView) int { return strings.Compare(a.Department, b.Department) })
	return list, nil
}

// leastExpected is how many objects of an area chance must be expected to draw, for
// a comparison to say anything.
const leastExpected = 2

// testMost is the largest draw that is tested while somebody waits.
const testMost = 5000

// areaTests compares, for each task and each area, how many of its objects were
// drawn with what chance gives: within each cell a hypergeometric number, over the
// cells their sum, exactly.
func (s *server) areaTests(r *drawRun) (list []testView, no string, err error) {
	if r.c.Lock.Population.Size > proverMost || len(r.drawn) > testMost {
		return nil, "本批数量较大，本页不作即时检验；请下载查验包自行计算。", nil
	}
	pools, err := r.pools()
	if err != nil {
		return nil, "", err
	}
	areas := map[string]bool{}
	for _, of := range pools {
		for area := range of {
			areas[area] = true
		}
	}
	if len(areas) < 2 {
		return nil, "本批的检查对象都在同一个区划内，没有可以比较的分组。", nil
	}
	for _, t := range r.c.Manifest.Tasks {
		for _, area := range sortedKeysOf(areas) {
			if x := r.areaTest(t, area, pools); x != nil {
				x.Area = s.areaName(area)
				list = append(list, *x)
			}
		}
	}
	if len(list) == 0 {
		return nil, "各区划应抽的户数都太少，检验没有意义。", nil
	}
	return list, "", nil
}

func sortedKeysOf(set map[string]bool) (keys []string) {
	for key := range set {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// pools counts the objects of every cell by area.
func (r *drawRun) pools() (map[string]map[string]int, error) {
	in, err := ceremony.Population(r.Files)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	scopes := map[string][]string{}
	for _, x := range r.c.Manifest.Scopes {
		scopes[x.Code] = x.Tasks
	}
	pools := map[string]map[string]int{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		rec, err := draw.ParseRecord(lines.Text())
		if err != nil {
			return nil, err
		}
		for _, task := range scopes[rec.Scope] {
			key := cellKey(task, rec.Stratum, uint64(rec.Visits))
			if pools[key] == nil {
				pools[key] = map[string]int{}
			}
			pools[key][rec.Region]++
		}
	}
	return pools, lines.Err()
}

// areaTest is one comparison, or nil if chance would draw too few.
func (r *drawRun) areaTest(t draw.Task, area string, pools map[string]map[string]int) *testView {
	in, err := r.areaOf()
	if err != nil {
		return nil
	}
	x := &testView{Task: t.Title}
	chances, expected := []float64{1}, 0.0
	for _, c := range r.sized() {
		if c.Task != t.Code {
			continue
		}
		k := pools[cellKey(c.Task, c.Stratum, c.Tier)][area]
		x.Pool += k
		expected += float64(c.Drawn) * float64(k) / float64(c.Size)
		chances = convolve(chances, hypergeometric(int(c.Size), k, int(c.Drawn)))
	}
	for _, p := range r.drawn {
		if p.Task == t.Code && in[p.ID] == area {
			x.Drawn++
		}
	}
	if expected < leastExpected || x.Drawn >= len(chances) {
		return nil
	}
	x.p = midP(chances, x.Drawn)
	x.Expected, x.P = fmt.Sprintf("%.1f", expected), fmt.Sprintf("%.3f", x.p)
	return x
}

// areaName is the name of a part of the place or of a division, or its code if it has
// none.
func (s *server) areaName(code string) string {
	if name := inspect.ChoiceText(s.Areas, code); name != "" && name != code {
		return name
	}
	if d, ok := region.Find(code, ""); ok {
		return d.Name
	}
	return code
}

// areaOf is where the drawn objects are.
func (r *drawRun) areaOf() (map[string]string, error) {
	r.prove.Lock()
	defer r.prove.Unlock()
	if r.areas != nil {
		return r.areas, nil
	}
	wanted := map[string]bool{}
	for _, p := range r.drawn {
		wanted[p.ID] = true
	}
	in, err := ceremony.Population(r.Files)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	areas := map[string]string{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if id, _, _ := strings.Cut(lines.Text(), "\t"); wanted[id] {
			rec, err := draw.ParseRecord(lines.Text())
			if err != nil {
				return nil, err
			}
			areas[id] = rec.Region
		}
	}
	r.areas = areas
	return areas, lines.Err()
}

// hypergeometric are the chances to draw 0, 1, 2 … of k among n drawn of size.
func hypergeometric(size, k, n int) []float64 {
	logC := func(a, b int) float64 {
		x, _ := math.Lgamma(float64(a + 1))
		y, _ := math.Lgamma(float64(b + 1))
		z, _ := math.Lgamma(float64(a - b + 1))
		return x - y - z
	}
	chances := make([]float64, min(k, n)+1)
	for x := max(0, n-(size-k)); x < len(chances); x++ {
		chances[x] = math.Exp(logC(k, x) + logC(size-k, n-x) - logC(size, n))
	}
	return chances
}

// convolve are the chances of a sum.
func convolve(a, b []float64) []float64 {
	sum := make([]float64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			sum[i+j] += x * y
		}
	}
	return sum
}

// midP is how likely chance alone gives a number as far from the middle as x, to
// either side, the number itself counted half.
func midP(chances []float64, x int) float64 {
	below := chances[x] / 2
	for _, p := range chances[:x] {
		below += p
	}
	return min(1, 2*min(below, max(0, 1-below)))
}

// corrected counts the comparisons below 5 %, and gives the smallest value after
// the correction for their number: Benjamini and Hochberg.
func corrected(list []testView) (low int, least string) {
	var all []float64
	for _, x := range list {
		if all = append(all, x.p); x.p < 0.05 {
			low++
		}
	}
	slices.Sort(all)
	smallest := 1.0
	for i, p := range all {
		smallest = min(smallest, p*float64(len(all))/float64(i+1))
	}
	return low, fmt.Sprintf("%.3f", smallest)
}
