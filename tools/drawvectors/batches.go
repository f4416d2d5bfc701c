package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing/fstest"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A batch is a whole small draw as a supervised bundle, for another
// implementation to do again.
type batch struct {
	Files map[string]string `json:"files"`
}

// batches writes random small draws, one as JSON in each line. The same seed
// gives the same draws.
func batches(out io.Writer, count int, seed uint64) {
	w := bufio.NewWriterSize(out, 1<<20)
	for k := range count {
		d := &fortune{rand.New(rand.NewPCG(seed, uint64(k)))}
		text := must(json.Marshal(batch{d.bundle()}))
		must(w.Write(append(text, '\n')))
	}
	if err := w.Flush(); err != nil {
		panic(err)
	}
}

type fortune struct{ *rand.Rand }

// one is one of some.
func one[T any](d *fortune, some ...T) T { return some[d.IntN(len(some))] }

func (d *fortune) bundle() map[string]string {
	s := one(d, suites...)
	mode := one(d, "open", "open", "sealed")
	m, signers := manifest(s, mode, mode == "sealed")
	d.tasks(m)
	r := &run{Ceremony: &draw.Ceremony{Manifest: m}}
	files := map[string]string{}
	r.population = d.population(m)
	if d.IntN(2) == 0 {
		d.inspectors(m, files)
	}
	keep := r.whole(d, signers, files)
	files[draw.PopulationFile] = string(r.population)
	for name, text := range keep {
		files[name] = text
	}
	bundle := fstest.MapFS{}
	for name, text := range files {
		bundle[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range must(draw.Sums(bundle)) {
		files[name] = string(text)
	}
	return files
}

// tasks puts random tasks, scopes and terms into a manifest.
func (d *fortune) tasks(m *draw.Manifest) {
	m.Cap, m.Mix = uint64(1+d.IntN(2)), uint64(d.IntN(5))
	den := uint64(1 + d.IntN(9))
	m.Lambda = [2]uint64{uint64(d.IntN(int(den) + 1)), den}
	m.Tasks, m.Scopes = nil, []draw.Scope{{Code: "a", Tasks: []string{}}, {Code: "b", Tasks: []string{}}}
	for i := range 1 + d.IntN(3) {
		t := draw.Task{Code: fmt.Sprintf("T%d", i), Title: "任务", Lead: one(d, "甲局", "乙局"), Departments: []string{"乙局", "甲局"}, Items: []string{},
			Group: one(d, "g1", "g2"), Quota: one(d, "rate", "total"), Reserve: uint64(d.IntN(4))}
		if t.Quota == "total" {
			t.Total = uint64(d.IntN(12))
		}
		for _, code := range []string{"1", "2"} {
			rate := uint64(0)
			if t.Quota == "rate" {
				rate = one(d, 0, 10000, uint64(d.IntN(10001)), uint64(d.IntN(3000)))
			}
			t.Strata = append(t.Strata, draw.Stratum{Code: code, Rate: rate})
		}
		m.Tasks = append(m.Tasks, t)
		m.Scopes[0].Tasks = append(m.Scopes[0].Tasks, t.Code)
		if d.IntN(2) == 0 {
			m.Scopes[1].Tasks = append(m.Scopes[1].Tasks, t.Code)
		}
	}
}

func (d *fortune) population(m *draw.Manifest) []byte {
	var lines []string
	for i := range d.IntN(40) {
		id, kind := credit(fmt.Sprintf("91370687%09d", i*1000+d.IntN(1000))), "u"
		if d.IntN(5) == 0 {
			id, kind = fmt.Sprintf("X-%03d-%d", i, d.IntN(10)), "x"
		}
		salt := fmt.Sprintf("%016x", d.Uint64())
		lines = append(lines, fmt.Sprintf("%s\t%s\t%d\t%d\t%s\t%s\t%s\n", id, kind, 1+d.IntN(2), one(d, 0, 0, 0, 1, 1, 2, 9), one(d, "370687", "370602", "37"), one(d, "a", "a", "b"), salt))
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, ""))
}

// inspectors makes the files of a matching, sometimes with too few people.
func (d *fortune) inspectors(m *draw.Manifest, files map[string]string) {
	put := func(name string, lines []string) {
		slices.Sort(lines)
		files[name] = strings.Join(lines, "")
	}
	var people, groups, needs []string
	for i := range 4 + d.IntN(8) {
		people = append(people, fmt.Sprintf("I%02d\t%s\t%s\t%s\t%d\t%s\n", i, one(d, "甲局", "乙局"), one(d, "370687", "370602"), one(d, "-", "leader"), d.IntN(4), one(d, "-", "-", "-", fmt.Sprint(3+d.IntN(9)))))
	}
	for _, department := range []string{"甲局", "乙局"} {
		groups = append(groups, fmt.Sprintf("%s-1\t%s\t-\t%d\t370687;37\n", department, department, d.IntN(6)), fmt.Sprintf("%s-2\t%s\t%s\t0\t37\n", department, department, one(d, "-", "leader")))
	}
	for _, t := range m.Tasks {
		needs = append(needs, fmt.Sprintf("%s\t-\t%s\t%s-1\t%d\n", t.Code, t.Lead, t.Lead, 2+d.IntN(2)))
		for _, prefix := range []string{"37", "370687"} {
			if department := one(d, "甲局", "乙局"); d.IntN(2) == 0 {
				needs = append(needs, fmt.Sprintf("%s\t%s\t%s\t%s-%d\t2\n", t.Code, prefix, department, department, 1+d.IntN(2)))
			}
		}
	}
	put(match.InspectorsFile, people)
	put(match.EligibilityFile, groups)
	put(match.NeedsFile, needs)
	put(match.AvoidanceFile, []string{one(d, "", "X-000-0\tI00\t亲属\n")})
}

// whole holds the ceremony over the random draw and computes everything. The
// files of the matching are those that the lock fixes.
func (r *run) whole(d *fortune, signers map[string]draw.Signer, inputs map[string]string) map[string]string {
	s := r.Manifest.Suite
	var fixed []draw.File
	for _, name := range draw.MatchInputs {
		if text, ok := inputs[name]; ok {
			fixed = append(fixed, draw.File{Name: name, Size: uint64(len(text)), Digest: s.Hash([]byte(text)).String()})
		}
	}
	custody := r.ceremony(signers, fixed)
	seed := must(r.Seed(custody...))
	keys := seed.Keys(r.Manifest)
	picks := must(draw.Select(r.Manifest, r.Lock, keys, bytes.NewReader(r.population), draw.PopulationFile))
	outputs, teams := r.matched(seed, picks.Picks, inputs)
	r.ranking = must(draw.Rank(r.Manifest, r.Lock, keys, bytes.NewReader(r.population), draw.PopulationFile))
	r.Result = must(r.NewResult(r.ranking, keys, teams))
	r.opening = must(r.NewOpening(at("08:00:00"), custody...))
	files := r.documents()
	for name, text := range outputs {
		files[name] = text
	}
	var drawn, reserve, public bytes.Buffer
	for _, err := range []error{draw.WriteList(&drawn, picks.Picks), draw.WriteList(&reserve, picks.Reserve), draw.WritePublic(&public, s, bytes.NewReader(r.population))} {
		if err != nil {
			panic(err)
		}
	}
	files[draw.ResultList], files[draw.ReserveList], files[draw.PublicFile] = drawn.String(), reserve.String(), public.String()
	if len(r.population) > 0 {
		r.Opening = r.opening
		line, _, _ := strings.Cut(string(r.population), "\n")
		files[draw.ProofFile] = string(must(must(r.NewProof(r.pool, r.ranking, teams, must(draw.ParseRecord(line)), 0)).Encode()))
	}
	if len(picks.Picks) > 0 {
		moves := r.substituted(picks.Picks, picks.Reserve, files)
		if files[match.AssignmentFile] != "" {
			r.replaced(d, files, moves)
		}
	}
	return files
}

// matched are the files of the matching that follow from the draw.
func (r *run) matched(seed draw.Seed, picks []draw.Pick, inputs map[string]string) (map[string]string, *draw.Teams) {
	if !r.Lock.Matched() {
		return nil, nil
	}
	text := func(name string) []byte { return []byte(inputs[name]) }
	p := must(match.Parse(match.Files{Inspectors: text(match.InspectorsFile), Eligibility: text(match.EligibilityFile), Avoidance: text(match.AvoidanceFile)}))
	var tasks []match.Task
	for _, t := range r.Manifest.Tasks {
		tasks = append(tasks, match.Task{Code: t.Code, Lead: t.Lead, Departments: t.Departments})
	}
	needs := must(match.ParseNeeds(text(match.NeedsFile), tasks, p.Groups))
	var drawn []match.Drawn
	for line := range strings.Lines(string(r.population)) {
		o := match.Drawn{Object: strings.Split(line, "\t")[0], Region: strings.Split(line, "\t")[4]}
		for _, x := range picks {
			if x.ID == o.Object {
				o.Tasks = append(o.Tasks, x.Task)
			}
		}
		if len(o.Tasks) > 0 {
			drawn = append(drawn, o)
		}
	}
	p.Demands = needs.Demands(drawn)
	terms := match.Terms{Suite: match.SHA256, Mix: int(r.Manifest.Mix), Keys: map[string]string{}}
	if r.Manifest.Suite == draw.SM3 {
		terms.Suite = match.SM3
	}
	for _, x := range p.Groups {
		terms.Keys[x.Department] = seed.MatchKey(x.Department).String()
	}
	r.matching, r.needs, r.terms, r.objects = p, needs, terms, drawn
	files := map[string]string{match.DemandsFile: string(match.FormatDemands(p.Demands))}
	result, err := match.Solve(p, terms)
	if err != nil { // too few inspectors: no teams
		return files, nil
	}
	assignment := match.FormatSeats(result.Seats)
	files[match.AssignmentFile], files[match.BalanceFile] = string(assignment), string(match.FormatLabels(result.Labels))
	return files, must(seed.Teams(assignment))
}

// substituted takes the first drawn object off all its lists, and says what came.
func (r *run) substituted(picks, reserve []draw.Pick, files map[string]string) (moves []match.Move) {
	roll := draw.NewRoll(picks, reserve)
	for _, p := range picks {
		if p.ID != picks[0].ID {
			continue
		}
		sub := must(roll.Replace(draw.Substitution{Time: at("09:00:00"), Task: p.Task, Stratum: p.Stratum, Tier: p.Tier, Rank: p.Rank, Reason: "closed", Evidence: secret("evidence"), Approver: "王局长"}))
		moves = append(moves, match.Move{Task: p.Task, Out: sub.ID, In: sub.SubID})
		files[draw.SubstitutionsFile] += sub.Line(len(moves)) + "\n"
	}
	return moves
}

// replaced fills the seats of the substitutes' teams, and has inspectors replaced before
// and after. If somebody cannot be replaced there is no record.
func (r *run) replaced(d *fortune, files map[string]string, moves []match.Move) {
	regions := map[string]string{}
	for line := range strings.Lines(string(r.population)) {
		f := strings.Split(line, "\t")
		regions[f[0]] = f[4]
	}
	inputs := *r.matching
	inputs.Demands = nil
	t := match.NewTeams(&inputs, r.needs, r.terms, regions, r.objects, must(match.ParseSeats([]byte(files[match.AssignmentFile]))), moves)
	n, text := 0, ""
	add := func(x match.Replacement) bool {
		x.Time = at("10:00:00")
		done, bad := t.Add(x, func(string) string { return one(d, "", "", "", "away", "avoid") })
		if bad == "" {
			n++
			text += done.Text(n) + "\n"
		}
		return bad == ""
	}
	swaps := func(after int) {
		for _, id := range slices.Sorted(maps.Keys(regions)) {
			for _, s := range t.Seats(id) {
				if d.IntN(4) == 0 {
					add(match.Replacement{After: after, Kind: match.OfInspector, Object: id, Department: s.Department, Line: s.Line, Out: s.Inspector, Ground: "ill", Evidence: one(d, "-", secret("leave")), Approver: "王局长"})
				}
			}
		}
	}
	swaps(0)
	for range 100 { // somebody cannot come now and then
		add(match.Replacement{After: len(moves), Kind: match.OfObject})
	}
	if !t.Waits() {
		swaps(len(moves))
		files[match.ReplacementsFile], files[match.PublicReplacements] = text, string(match.Published([]byte(text)))
	}
}
