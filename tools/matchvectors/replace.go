package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"

	"suicha/internal/match"
)

// A replayed vector is a draw's teams, and files of what was replaced since, the first of
// which is right.
type replayed struct {
	Suite       string            `json:"suite"`
	Keys        map[string]string `json:"keys"`
	Tasks       []match.Task      `json:"tasks"`
	Inspectors  []string          `json:"inspectors"`
	Eligibility []string          `json:"eligibility"`
	Avoidance   []string          `json:"avoidance"`
	Needs       []string          `json:"needs"`
	Objects     []match.Drawn     `json:"objects"` // those without tasks are in reserve
	Assignment  []string          `json:"assignment"`
	Moves       []match.Move      `json:"moves"`
	Cases       []replay          `json:"cases"`
}

// A replay is a file of replacements, and the line of it and of what is public of it
// that is refused; 0 if none is.
type replay struct {
	Name         string `json:"name"`
	Replacements hexed  `json:"replacements"`
	Line         int    `json:"line"`
	Published    hexed  `json:"published"`
	Public       int    `json:"public"`
}

// A hexed text may be no UTF-8.
type hexed string

// MarshalText writes the bytes as hexadecimal digits.
func (h hexed) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%x", string(h)), nil }

// world is what the cases begin with: two tasks, three drawn objects, two in reserve.
func world(n int) (*replayed, *match.Problem, *match.Needs) {
	v := &replayed{Suite: []string{"sha256", "sm3"}[n%2], Keys: map[string]string{}, Tasks: []match.Task{
		{Code: "T1", Lead: "SJ", Departments: []string{"SJ", "XF"}}, {Code: "T2", Lead: "XF", Departments: []string{"SJ", "XF"}},
	}, Eligibility: []string{"SJ-all\tSJ\t-\t3\t370687;37", "SJ-food\tSJ\tfood\t0\t37", "XF-all\tXF\t-\t0\t37"},
		Avoidance: []string{"O-01\tI03\t亲属", "O-04\tI02\t轮换", "O-05\tI07\t亲属"},
		Needs:     []string{"T1\t-\tSJ\tSJ-all\t2", "T1\t370687\tSJ\tSJ-all\t1", "T1\t370687\tSJ\tSJ-food\t1", "T1\t370687\tXF\tXF-all\t1", "T2\t-\tSJ\tSJ-all\t1", "T2\t-\tXF\tXF-all\t2"},
		Objects: []match.Drawn{{Object: "O-01", Region: "370687", Tasks: []string{"T1"}}, {Object: "O-02", Region: "370602", Tasks: []string{"T1", "T2"}},
			{Object: "O-03", Region: "370687", Tasks: []string{"T2"}}, {Object: "O-04", Region: "370687"}, {Object: "O-05", Region: "370602"}},
	}
	for i := range 14 {
		department, quals := "SJ", []string{"-", "food", "food,leader", "leader"}[i*7%4]
		if i >= 8 {
			department = "XF"
		}
		v.Inspectors = append(v.Inspectors, fmt.Sprintf("I%02d\t%s\t%s\t%s\t%d\t-", i, department, []string{"370687", "370602"}[i%2], quals, i%3))
	}
	for _, d := range []string{"SJ", "XF"} {
		v.Keys[d] = fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "replace/%d/%s", n, d)))[:32]
	}
	p, err := match.Parse(match.Files{Inspectors: text(v.Inspectors), Eligibility: text(v.Eligibility), Avoidance: text(v.Avoidance)})
	if err != nil {
		log.Fatal(err)
	}
	needs, err := match.ParseNeeds(text(v.Needs), v.Tasks, p.Groups)
	if err != nil {
		log.Fatal(err)
	}
	q := *p
	q.Demands = needs.Demands(v.Objects[:3])
	result, err := match.Solve(&q, match.Terms{Suite: match.Suite(v.Suite), Keys: v.Keys, Mix: 2})
	if err != nil {
		log.Fatal(err)
	}
	v.Assignment = lines(match.FormatSeats(result.Seats))
	return v, p, needs
}

func text(lines []string) []byte {
	if len(lines) == 0 {
		return nil
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

// teams are those of a vector, before anything is replaced.
func (v *replayed) teams(p *match.Problem, needs *match.Needs) *match.Teams {
	regions := map[string]string{}
	for _, o := range v.Objects {
		regions[o.Object] = o.Region
	}
	seats, err := match.ParseSeats(text(v.Assignment))
	if err != nil {
		log.Fatal(err)
	}
	return match.NewTeams(p, needs, match.Terms{Suite: match.Suite(v.Suite), Keys: v.Keys}, regions, v.drawn(), seats, v.Moves)
}

func (v *replayed) drawn() []match.Drawn {
	return slices.DeleteFunc(slices.Clone(v.Objects), func(o match.Drawn) bool { return len(o.Tasks) == 0 })
}

// replays are cases of replacements.tsv, right ones and wrong ones.
func replays() (list []replayed) {
	for n, moves := range [][]match.Move{
		{},
		{{Task: "T1", Out: "O-01", In: "O-04"}}, // the next of the reserve
		{{Task: "T1", Out: "O-02", In: "O-04"}, {Task: "T2", Out: "O-02", In: "O-05"}},                                        // two substitutes
		{{Task: "T1", Out: "O-02", In: "O-04"}, {Task: "T2", Out: "O-02", In: "O-04"}},                                        // one for both tasks
		{{Task: "T2", Out: "O-03", In: "O-01"}},                                                                               // another task has drawn it
		{{Task: "T1", Out: "O-01", In: "O-04"}, {Task: "T1", Out: "O-04", In: "O-05"}},                                        // the first had all its visits
		{{Task: "T1", Out: "O-01", In: "-"}},                                                                                  // the reserve is used up
		{{Task: "T2", Out: "O-03", In: "O-01"}, {Task: "T1", Out: "O-01", In: "O-05"}, {Task: "T2", Out: "O-01", In: "O-05"}}, // one after the other
	} {
		v, p, needs := world(n)
		v.Moves = moves
		name := fmt.Sprintf("right-%d", n)
		good := v.play(&chance{name: name}, p, needs, n == 7)
		v.told(name, good, p, needs)
		if c := v.Cases[0]; c.Line != 0 || c.Public != 0 {
			log.Fatalf("%s: refused at line %d, %d", c.Name, c.Line, c.Public)
		}
		for k, f := range wrong {
			rows := strings.SplitAfter(good, "\n")
			if !f.change(rows) {
				continue
			}
			v.told(fmt.Sprintf("wrong-%d-%02d: %s", n, k, f.name), strings.Join(rows, ""), p, needs)
			if c := v.Cases[len(v.Cases)-1]; c.Line == 0 {
				log.Fatalf("%s: not refused", c.Name)
			}
		}
		list = append(list, *v)
	}
	return list
}

// play replaces somebody of a team, then objects, then somebody of a team again; every
// third who is asked cannot come.
func (v *replayed) play(c *chance, p *match.Problem, needs *match.Needs, stepwise bool) (file string) {
	t := v.teams(p, needs)
	absent := func(id string) string {
		if c.percent(30) {
			return []string{"away", "no_certificate", "avoid"}[c.below(3)]
		}
		return ""
	}
	n := 0
	add := func(r match.Replacement) bool {
		r.Time = fmt.Sprintf("2026-11-%02dT01:00:00Z", 21+n/3)
		done, bad := t.Add(r, absent)
		if bad == "" {
			n++
			file += done.Text(n) + "\n"
		}
		return bad == ""
	}
	swap := func(object string, after int) {
		for _, s := range t.Seats(object) {
			if s.Leader || c.percent(40) {
				add(match.Replacement{After: after, Kind: match.OfInspector, Object: object, Department: s.Department, Line: s.Line, Out: s.Inspector,
					Ground: []string{"ill", "duty", "recused"}[c.below(3)], Evidence: []string{"-", strings.Repeat("ab", 32)}[c.below(2)], Approver: "王局长"})
				return
			}
		}
	}
	swap("O-01", 0)
	swap("O-02", 0)
	steps := []int{len(v.Moves)}
	if stepwise {
		steps = []int{1, len(v.Moves)}
	}
	for _, to := range steps {
		for range 40 { // nobody can come now and then
			add(match.Replacement{After: to, Kind: match.OfObject})
		}
		for _, object := range []string{"O-04", "O-05", "O-03"} {
			swap(object, to)
		}
	}
	return file
}

// told adds a case, with what is refused.
func (v *replayed) told(name, file string, p *match.Problem, needs *match.Needs) {
	at := func(err error) int {
		var fault *match.FileError
		if err != nil && !errors.As(err, &fault) {
			log.Fatalf("%s: %v", name, err)
		}
		if err == nil {
			return 0
		}
		return fault.Line
	}
	public := match.Published([]byte(file))
	v.Cases = append(v.Cases, replay{name, hexed(file), at(v.teams(p, needs).Read([]byte(file))), hexed(public),
		at(match.CheckPublished(public, v.Tasks, v.drawn(), v.Moves))})
}

// wrong are faults, made in the lines of a file that is right. A change that finds
// nothing to change says so.
var wrong = []struct {
	name   string
	change func(rows []string) bool
}{
	{"no last newline", func(r []string) bool { r[len(r)-2] = strings.TrimSuffix(r[len(r)-2], "\n"); return true }},
	{"number", field(0, "000001", "000002")},
	{"time", field(1, "T01:00:00Z", "T24:00:00Z")},
	{"earlier than the line above", func(r []string) bool { return len(r) > 2 && field(1, "2026-11", "2026-10")(r[1:2]) }},
	{"after more than there are", field(2, "00000", "99999")},
	{"after with five digits", field(2, "00000", "0000")},
	{"kind", field(3, "inspector", "person")},
	{"an object's line said to be an inspector's", field(3, "object", "inspector")},
	{"unknown object", field(4, "O-0", "O-9")},
	{"unknown department", field(5, "SJ", "GA")},
	{"line zero", field(6, "1", "0")},
	{"no such line", field(6, "1", "9")},
	{"somebody else goes", field(7, "I", "J")},
	{"somebody else comes", field(8, "I0", "I9")},
	{"another leader", field(9, "I", "J")},
	{"no ground", field(10, "ill", "-")},
	{"ground of another form", field(10, "ill", "病")},
	{"ground too long", field(10, "ill", "illillillillillil")},
	{"evidence", field(11, "abab", "ABAB")},
	{"no approver", field(12, "王局长", "")},
	{"a control character", field(12, "王局长", "王\u0085长")},
	{"approver too long", field(12, "王局长", strings.Repeat("王", 61))},
	{"not UTF-8", field(12, "王局长", "\xe7\x8e")},
	{"a free choice: nobody passed over", func(r []string) bool { return each(r, 13, func(s string) string { return "-" }) }},
	{"a free choice: one more passed over", func(r []string) bool {
		return each(r, 13, func(s string) string { return strings.TrimPrefix(s+",I99:away", "-,") })
	}},
	{"a free choice: who came in is passed over", func(r []string) bool {
		return change(r, func(f []string) bool {
			f[13] = strings.TrimPrefix(f[13]+","+f[8]+":away", "-,")
			return true
		})
	}},
	{"passed over without reason", field(13, ":away", "")},
	{"passed over for an empty reason", field(13, ":away", ":")},
	{"a line missing", func(r []string) bool { r[0] = ""; return len(r) > 2 }},
	{"the last line missing", func(r []string) bool {
		there := strings.Contains(r[len(r)-2], "\tobject\t")
		r[len(r)-2] = ""
		return there
	}},
	{"a line twice", func(r []string) bool { r[len(r)-2] += r[len(r)-2]; return true }},
	{"a column more", func(r []string) bool { r[0] = strings.Replace(r[0], "\n", "\t-\n", 1); return true }},
	{"an empty line", func(r []string) bool { r[0] = "\n" + r[0]; return true }},
}

// change changes the columns of the first line that has what is looked for.
func change(rows []string, do func(f []string) bool) bool {
	for i, row := range rows {
		f := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		if len(f) == 14 && do(f) {
			rows[i] = strings.Join(f, "\t") + "\n"
			return true
		}
	}
	return false
}

func each(rows []string, column int, to func(string) string) bool {
	return change(rows, func(f []string) bool {
		was := f[column]
		f[column] = to(was)
		return f[column] != was
	})
}

func field(column int, old, new string) func([]string) bool {
	return func(rows []string) bool {
		return each(rows, column, func(s string) string { return strings.Replace(s, old, new, 1) })
	}
}
