package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// matchFiles are the inputs of the matching that the lock fixes.
type matchFiles struct {
	needs                              *match.Needs
	inspectors, eligibility, avoidance []byte
}

// readMatch reads the inputs of the matching for the tasks of a manifest; nil if
// there are none.
func (f drawFolder) readMatch(m *draw.Manifest) (*matchFiles, error) {
	if !slices.ContainsFunc(draw.MatchInputs, f.has) {
		return nil, nil
	}
	in := &matchFiles{}
	var table []byte
	for _, x := range []struct {
		name string
		into *[]byte
	}{{match.InspectorsFile, &in.inspectors}, {match.EligibilityFile, &in.eligibility}, {match.AvoidanceFile, &in.avoidance}, {match.NeedsFile, &table}} {
		data, err := os.ReadFile(f.path(x.name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s：缺少此文件，不能派组。四个文件应当齐全，没有回避的放一个空的 %s", f.path(x.name), match.AvoidanceFile)
		}
		if err != nil {
			return nil, err
		}
		*x.into = data
	}
	// Without demands, what can be wrong is in the three files.
	p, err := in.parse()
	if err != nil {
		return nil, f.blame(err)
	}
	var tasks []match.Task
	for _, t := range m.Tasks {
		tasks = append(tasks, match.Task{Code: t.Code, Lead: t.Lead, Departments: t.Departments})
	}
	in.needs, err = match.ParseNeeds(table, tasks, p.Groups)
	return in, f.blame(err)
}

func (in *matchFiles) parse() (*match.Problem, error) {
	return match.Parse(match.Files{Inspectors: in.inspectors, Eligibility: in.eligibility, Avoidance: in.avoidance})
}

// problem is the matching of the drawn objects.
func (in *matchFiles) problem(picks []draw.Pick, regions map[string]string) (*match.Problem, error) {
	p, err := in.parse()
	if err != nil {
		return nil, err
	}
	tasks := map[string][]string{}
	for _, x := range picks {
		tasks[x.ID] = append(tasks[x.ID], x.Task)
	}
	var drawn []match.Drawn
	for _, id := range slices.Sorted(maps.Keys(tasks)) {
		drawn = append(drawn, match.Drawn{Object: id, Region: regions[id], Tasks: tasks[id]})
	}
	p.Demands = in.needs.Demands(drawn)
	return p, p.Fault()
}

// regions finds the regions of the drawn objects.
func (f drawFolder) regions(picks []draw.Pick) (map[string]string, error) {
	in, err := f.population("查找区划")
	if err != nil {
		return nil, err
	}
	defer in.Close()
	regions := make(map[string]string, len(picks))
	for _, p := range picks {
		regions[p.ID] = ""
	}
	lines := bufio.NewScanner(struct{ *drawInput }{in})
	for lines.Scan() {
		id, rest, _ := strings.Cut(lines.Text(), "\t")
		if _, ok := regions[id]; ok {
			if col := strings.Split(rest, "\t"); len(col) == 6 {
				regions[id] = col[3]
			}
		}
	}
	return regions, lines.Err()
}

// A matched is the outcome of the matching as files. Where none is possible,
// shortage tells why and there is no assignment: what was drawn stays drawn, for
// no run is void because of its result.
type matched struct {
	demands, assignment, balance []byte
	shortage                     string
}

// match assigns inspectors to the drawn objects under the seed's keys. It is nil
// if the lock fixes no inspectors.
func (f drawFolder) match(c *draw.Ceremony, seed draw.Seed, picks []draw.Pick) (*matched, error) {
	if !c.Lock.Matched() {
		if i := slices.IndexFunc(draw.MatchInputs, f.has); i >= 0 {
			return nil, fmt.Errorf("%s：没有在锁定时固定，不能用于派组。请移走这个文件", f.path(draw.MatchInputs[i]))
		}
		return nil, nil
	}
	absent, err := draw.CheckFiles(c, os.DirFS(f.Dir))
	if err != nil {
		return nil, f.blame(err)
	}
	if len(absent) > 0 {
		return nil, fmt.Errorf("%s：锁定时固定的文件不在目录中", f.path(absent[0]))
	}
	in, err := f.readMatch(c.Manifest)
	if err != nil {
		return nil, err
	}
	regions, err := f.regions(picks)
	if err != nil {
		return nil, err
	}
	p, err := in.problem(picks, regions)
	if err != nil {
		return nil, f.blame(err)
	}
	terms := match.Terms{Suite: matchSuite(c.Manifest.Suite), Mix: int(c.Manifest.Mix), Keys: map[string]string{}}
	for _, d := range p.Demands {
		terms.Keys[d.Department] = seed.MatchKey(d.Department).String()
	}
	m := &matched{demands: match.FormatDemands(p.Demands)}
	result, err := match.Solve(p, terms)
	if m.shortage = shortage(err); m.shortage != "" {
		return m, nil
	}
	if err != nil {
		return nil, f.blame(err)
	}
	m.assignment, m.balance = match.FormatSeats(result.Seats), match.FormatLabels(result.Labels)
	return m, nil
}

// shortage writes out what is missing when no lawful matching exists.
func shortage(err error) string {
	var no *match.Impossible
	if !errors.As(err, &no) {
		return ""
	}
	text := []string{"无法派组，结果中没有检查小组："}
	for _, s := range no.Shortages {
		text = append(text, s.Text())
	}
	return strings.Join(text, "\n") + "\n"
}

func matchSuite(s draw.Suite) match.Suite {
	if s == draw.SM3 {
		return match.SM3
	}
	return match.SHA256
}
