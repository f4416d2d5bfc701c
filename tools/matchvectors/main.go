// Matchvectors writes the known-answer vectors of internal/match, which the
// verifier in JavaScript uses too.
//
//	go run ./tools/matchvectors internal/match/testdata/vectors
//
// The problems come from a fixed counter stream, so that the files change only
// when the algorithm or this program does.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"suicha/internal/match"
)

// A vector is one problem with its expected outcome. Files are lists of lines.
type vector struct {
	Name        string            `json:"name"`
	Suite       string            `json:"suite"`
	Keys        map[string]string `json:"keys"`
	Mix         int               `json:"mix"`
	Inspectors  []string          `json:"inspectors"`
	Eligibility []string          `json:"eligibility"`
	Demands     []string          `json:"demands"`
	Avoidance   []string          `json:"avoidance"`
	Called      []string          `json:"called,omitempty"`     // assignment.tsv with mix 0
	Assignment  []string          `json:"assignment,omitempty"` // assignment.tsv
	Balance     []string          `json:"balance,omitempty"`    // balance.tsv
	Shortages   []shortage        `json:"shortages,omitempty"`
}

type shortage struct {
	Department string   `json:"department"`
	Demands    []string `json:"demands"` // object, department, line
	Inspectors []string `json:"inspectors"`
	Quals      []string `json:"quals"`
	Need       int      `json:"need"`
	Capacity   int      `json:"capacity"`
	Capped     bool     `json:"capped"`
	Text       string   `json:"text"`
}

// A shape says what random problems of a file are like.
type shape struct {
	file, about                   string
	count                         int
	departments, objects, people  int // at most
	counties                      int
	typed, caps, avoid, lead, gap uint32 // percent; gap: wanted impossible
	mix                           []int
}

var shapes = []shape{
	{file: "plain", about: "one department, no further conditions", count: 20, departments: 1, objects: 6, people: 6, counties: 1, mix: []int{0, 20, 100}},
	{file: "regions", about: "several departments, regions that widen, components", count: 20, departments: 3, objects: 8, people: 14, counties: 4, mix: []int{20, 100}},
	{file: "typed", about: "lines of different kinds, leader lines", count: 20, departments: 2, objects: 6, people: 10, counties: 2, typed: 70, lead: 50, mix: []int{20, 100}},
	{file: "caps", about: "individual caps on the final load", count: 20, departments: 2, objects: 8, people: 10, counties: 2, typed: 20, caps: 50, mix: []int{20, 100}},
	{file: "avoidance", about: "avoidances", count: 20, departments: 2, objects: 7, people: 10, counties: 2, typed: 20, avoid: 15, mix: []int{20, 100}},
	{file: "leader", about: "the leader's rule without leader lines", count: 12, departments: 2, objects: 6, people: 9, counties: 2, lead: 60, mix: []int{20}},
	{file: "impossible", about: "no lawful arrangement: the shortages are the smallest sets of the greatest gap", count: 24, departments: 2, objects: 7, people: 5, counties: 2, typed: 50, caps: 40, avoid: 15, gap: 100, mix: []int{20}},
	{file: "county", about: "a larger case for speed", count: 2, departments: 6, objects: 200, people: 80, counties: 4, typed: 20, caps: 5, avoid: 1, lead: 40, mix: []int{100}},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: matchvectors DIRECTORY")
	}
	for _, s := range shapes {
		var list []vector
		c := &chance{name: s.file}
		for len(list) < s.count {
			if v := make1(c, &s, len(list)+1); v != nil {
				list = append(list, *v)
			}
		}
		write(filepath.Join(os.Args[1], s.file+".json"), map[string]any{"about": s.about, "vectors": list})
	}
	write(filepath.Join(os.Args[1], "faults.json"), map[string]any{"about": "files with one fault, and where it is reported", "vectors": faults()})
	write(filepath.Join(os.Args[1], "replacements.json"), map[string]any{"about": "replacements.tsv after a draw, and the line that is refused", "vectors": replays()})
}

func write(name string, v any) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// A chance is a fixed sequence of numbers. It makes problems, not results, so
// that a slight bias is of no matter.
type chance struct {
	name string
	n    int
}

func (c *chance) below(n int) int {
	c.n++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", c.name, c.n))
	return int(binary.BigEndian.Uint64(sum[:]) % uint64(n))
}

func (c *chance) percent(p uint32) bool { return c.below(100) < int(p) }

// make1 makes one vector, or nil if its outcome is not of the kind wanted.
func make1(c *chance, s *shape, n int) *vector {
	p := problem(c, s)
	v := &vector{Name: fmt.Sprintf("%s-%02d", s.file, n), Suite: []string{"sha256", "sm3"}[n%2], Keys: map[string]string{}, Mix: s.mix[n%len(s.mix)]}
	for k := range s.departments {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d/%d", s.file, n, k))
		v.Keys[department(k)] = fmt.Sprintf("%x", sum[:16])
	}
	f := p.Files()
	v.Inspectors, v.Eligibility, v.Demands, v.Avoidance = lines(f.Inspectors), lines(f.Eligibility), lines(f.Demands), lines(f.Avoidance)
	result, err := match.Solve(p, match.Terms{Suite: match.Suite(v.Suite), Keys: v.Keys, Mix: v.Mix})
	var impossible *match.Impossible
	if errors.As(err, &impossible) {
		if s.gap == 0 {
			return nil
		}
		for _, x := range impossible.Shortages {
			v.Shortages = append(v.Shortages, outcome(&x))
		}
		return v
	}
	if err != nil {
		log.Fatalf("%s: %v", v.Name, err)
	}
	if s.gap > 0 {
		return nil
	}
	called, err := match.Solve(p, match.Terms{Suite: match.Suite(v.Suite), Keys: v.Keys})
	if err != nil {
		log.Fatalf("%s: %v", v.Name, err)
	}
	v.Called, v.Assignment, v.Balance = lines(match.FormatSeats(called.Seats)), lines(match.FormatSeats(result.Seats)), lines(match.FormatLabels(result.Labels))
	return v
}

func outcome(x *match.Shortage) shortage {
	s := shortage{x.Department, nil, x.Inspectors, x.Quals, x.Need, x.Capacity, x.Capped, x.Text()}
	for _, d := range x.Demands {
		s.Demands = append(s.Demands, fmt.Sprintf("%s\t%s\t%d", d.Object, d.Department, d.Line))
	}
	if s.Inspectors == nil {
		s.Inspectors = []string{}
	}
	if s.Quals == nil {
		s.Quals = []string{}
	}
	return s
}

func lines(b []byte) []string {
	if len(b) == 0 {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

func department(k int) string {
	return []string{"市场监管", "税务", "消防", "370687-hb", "370687-rs", "370687-zj"}[k]
}

func county(k int) string { return fmt.Sprintf("3706%02d", 80+k) }

func problem(c *chance, s *shape) *match.Problem {
	p := &match.Problem{}
	for i := range s.people - c.below(s.people/3+1) {
		x := match.Inspector{ID: fmt.Sprintf("15060%05d", 1000+37*i), Department: department(c.below(s.departments)), Region: county(c.below(s.counties)), Load: c.below(3), Cap: match.NoCap}
		if c.percent(s.typed/2 + 20) {
			x.Quals = append(x.Quals, "food")
		}
		if c.percent(s.lead) {
			x.Quals = append(x.Quals, match.LeaderQual)
		}
		if c.percent(s.caps) {
			x.Cap = x.Load + c.below(2+3*s.objects/s.people)
		}
		p.Inspectors = append(p.Inspectors, x)
	}
	for k := range s.counties {
		for d := range s.departments {
			near := []string{county(k)}
			if k > 0 && c.percent(50) {
				near = []string{county(k - 1), county(k)}
			}
			g := match.Group{ID: fmt.Sprintf("%s-%d", county(k), d), Department: department(d), Least: 3, Stages: [][]string{near, {"3706"}, {"37"}}}
			if s.gap > 0 {
				g.Least = c.below(3)
			}
			p.Groups = append(p.Groups, g)
			for _, q := range []string{"food", match.LeaderQual} {
				typed := g
				typed.ID += "-" + q
				typed.Quals = []string{q}
				p.Groups = append(p.Groups, typed)
			}
		}
	}
	slices.SortFunc(p.Groups, func(a, b match.Group) int { return strings.Compare(a.ID, b.ID) })
	for o := range s.objects - c.below(s.objects/3+1) {
		addObject(c, s, p, fmt.Sprintf("91370687MA3%07d", 1234567*(o+1)%9999991))
	}
	p.Groups = slices.DeleteFunc(p.Groups, func(g match.Group) bool {
		return g.Quals != nil && !slices.ContainsFunc(p.Demands, func(d match.Demand) bool { return d.Group == g.ID })
	})
	slices.SortFunc(p.Demands, func(a, b match.Demand) int {
		if k := strings.Compare(a.Object, b.Object); k != 0 {
			return k
		}
		if k := strings.Compare(a.Department, b.Department); k != 0 {
			return k
		}
		return a.Line - b.Line
	})
	slices.SortFunc(p.Avoidances, func(a, b match.Avoidance) int {
		return strings.Compare(a.Object+"\t"+a.Inspector, b.Object+"\t"+b.Inspector)
	})
	return p
}

// addObject adds the demands and avoidances of one object.
func addObject(c *chance, s *shape, p *match.Problem, id string) {
	at, lead := c.below(s.counties), c.below(s.departments)
	for d := range s.departments {
		if d != lead && !c.percent(40) {
			continue
		}
		rule := fmt.Sprintf("%s-%d", county(at), d)
		demand := match.Demand{Object: id, Department: department(d), Line: 1, Group: rule, Need: 2, Lead: d == lead}
		if c.percent(s.typed) {
			demand.Need = 1
			second := demand
			second.Line, second.Group = 2, rule+"-food"
			if d == lead && c.percent(s.lead) {
				second.Group = rule + "-" + match.LeaderQual
			}
			p.Demands = append(p.Demands, second)
		} else if d != lead {
			demand.Need = 1 + c.below(2)
		}
		p.Demands = append(p.Demands, demand)
	}
	for _, x := range p.Inspectors {
		if c.percent(s.avoid) {
			p.Avoidances = append(p.Avoidances, match.Avoidance{Object: id, Inspector: x.ID, Reason: []string{"亲属", "轮换", "任职"}[c.below(3)]})
		}
	}
}
