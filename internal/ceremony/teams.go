package ceremony

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// Inputs are the files of the matching that the lock fixes.
type Inputs struct {
	needs                              *match.Needs
	inspectors, eligibility, avoidance []byte
}

// ReadInputs reads the inputs of the matching for the tasks of a manifest; nil if
// there are none.
func ReadInputs(m *draw.Manifest, files fs.FS) (*Inputs, error) {
	if !slices.ContainsFunc(draw.MatchInputs, func(name string) bool { return Has(files, name) }) {
		return nil, nil
	}
	in := &Inputs{}
	var table []byte
	for _, x := range []struct {
		name string
		into *[]byte
	}{{match.InspectorsFile, &in.inspectors}, {match.EligibilityFile, &in.eligibility}, {match.AvoidanceFile, &in.avoidance}, {match.NeedsFile, &table}} {
		data, err := fs.ReadFile(files, x.name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &draw.Fault{File: x.name, Text: "缺少此文件，不能派组。四个文件应当齐全，没有回避的放一个空的 " + match.AvoidanceFile}
		}
		if err != nil {
			return nil, err
		}
		*x.into = data
	}
	// Without demands, what can be wrong is in the three files.
	p, err := in.parse()
	if err != nil {
		return nil, err
	}
	var tasks []match.Task
	for _, t := range m.Tasks {
		tasks = append(tasks, match.Task{Code: t.Code, Lead: t.Lead, Departments: t.Departments})
	}
	in.needs, err = match.ParseNeeds(table, tasks, p.Groups)
	return in, err
}

func (in *Inputs) parse() (*match.Problem, error) {
	return match.Parse(match.Files{Inspectors: in.inspectors, Eligibility: in.eligibility, Avoidance: in.avoidance})
}

// Problem is the matching of the drawn objects.
func (in *Inputs) Problem(files fs.FS, picks []draw.Pick) (*match.Problem, error) {
	p, err := in.parse()
	if err != nil {
		return nil, err
	}
	regions, err := Regions(files, picks)
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

// Regions finds the regions of the drawn objects.
func Regions(files fs.FS, picks []draw.Pick) (map[string]string, error) {
	in, err := Population(files)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	found := make(map[string]string, len(picks))
	for _, p := range picks {
		found[p.ID] = ""
	}
	lines := bufio.NewScanner(struct{ io.Reader }{in})
	for lines.Scan() {
		id, rest, _ := strings.Cut(lines.Text(), "\t")
		if _, ok := found[id]; ok {
			if col := strings.Split(rest, "\t"); len(col) == 6 {
				found[id] = col[3]
			}
		}
	}
	return found, lines.Err()
}

// Teams is the outcome of the matching as files. Where none is possible, Shortage
// tells why and there is no assignment: what was drawn stays drawn, for no run is
// void because of its result.
type Teams struct {
	Demands, Assignment, Balance []byte
	Shortage                     string
}

// matchTeams assigns inspectors to the drawn objects under the seed's keys. It is
// nil if the lock fixes no inspectors.
func matchTeams(c *draw.Ceremony, files fs.FS, seed draw.Seed, picks []draw.Pick) (*Teams, error) {
	if !c.Lock.Matched() {
		if i := slices.IndexFunc(draw.MatchInputs, func(name string) bool { return Has(files, name) }); i >= 0 {
			return nil, &draw.Fault{File: draw.MatchInputs[i], Text: "没有在锁定时固定，不能用于派组。请移走这个文件"}
		}
		return nil, nil
	}
	absent, err := draw.CheckFiles(c, files)
	if err != nil {
		return nil, err
	}
	if len(absent) > 0 {
		return nil, &draw.Fault{File: absent[0], Text: "锁定时固定的文件不在目录中"}
	}
	in, err := ReadInputs(c.Manifest, files)
	if err != nil {
		return nil, err
	}
	p, err := in.Problem(files, picks)
	if err != nil {
		return nil, err
	}
	terms := match.Terms{Suite: MatchSuite(c.Manifest.Suite), Mix: int(c.Manifest.Mix), Keys: map[string]string{}}
	for _, d := range p.Demands {
		terms.Keys[d.Department] = seed.MatchKey(d.Department).String()
	}
	t := &Teams{Demands: match.FormatDemands(p.Demands)}
	result, err := match.Solve(p, terms)
	if t.Shortage = shortage(err); t.Shortage != "" {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	t.Assignment, t.Balance = match.FormatSeats(result.Seats), match.FormatLabels(result.Labels)
	return t, nil
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

// MatchSuite is the suite of the matching that goes with that of the draw.
func MatchSuite(s draw.Suite) match.Suite {
	if s == draw.SM3 {
		return match.SM3
	}
	return match.SHA256
}
