package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A need is a line of needs.tsv: for objects of a region that a task draws, so
// many inspectors of a group of a department. The longest prefix that fits an
// object's region counts; "-" fits all.
type need struct {
	task, prefix, department, group string
	count                           int
}

// matchFiles are the inputs of the matching that the lock fixes.
type matchFiles struct {
	needs                              []need
	inspectors, eligibility, avoidance []byte
}

// readMatch reads the inputs of the matching; nil if there are none.
func (f drawFolder) readMatch() (*matchFiles, error) {
	if !f.has(match.InspectorsFile) && !f.has(needsFile) {
		return nil, nil
	}
	in := &matchFiles{}
	var table []byte
	for _, x := range []struct {
		name string
		into *[]byte
	}{{match.InspectorsFile, &in.inspectors}, {match.EligibilityFile, &in.eligibility}, {match.AvoidanceFile, &in.avoidance}, {needsFile, &table}} {
		data, err := os.ReadFile(f.path(x.name))
		if errors.Is(err, fs.ErrNotExist) && x.name != match.AvoidanceFile {
			return nil, fmt.Errorf("%s：缺少此文件，不能派组", f.path(x.name))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		*x.into = data
	}
	var err error
	if in.needs, err = readNeeds(table); err != nil {
		return nil, f.blame(err)
	}
	// Without demands, what can be wrong is in the three files.
	_, err = match.Parse(match.Files{Inspectors: in.inspectors, Eligibility: in.eligibility, Avoidance: in.avoidance})
	return in, f.blame(err)
}

// readNeeds reads needs.tsv: task, region prefix, department, group, number.
func readNeeds(data []byte) ([]need, error) {
	var needs []need
	before := ""
	for i, line := range strings.SplitAfter(string(data), "\n") {
		if line == "" {
			break
		}
		text, ended := strings.CutSuffix(line, "\n")
		col := strings.Split(text, "\t")
		switch {
		case !ended:
			return nil, rowFault(needsFile, i+1, "最后一行没有换行符，文件可能被截断")
		case len(col) != 5:
			return nil, rowFault(needsFile, i+1, "应有 5 个以制表符分隔的字段：任务、区划前缀、部门、规则组、人数")
		case text <= before:
			return nil, rowFault(needsFile, i+1, "应按字节顺序排列且不重复（可用 LC_ALL=C sort 排序）")
		}
		count, err := strconv.Atoi(col[4])
		if err != nil || count < 1 || count > 99 || strconv.Itoa(count) != col[4] {
			return nil, rowFault(needsFile, i+1, "人数应为 1 至 99 的整数")
		}
		if col[1] != "-" && strings.Trim(col[1], "0123456789") != "" || col[1] == "" {
			return nil, rowFault(needsFile, i+1, "区划前缀应为数字，或用 - 表示全部")
		}
		needs = append(needs, need{col[0], strings.Trim(col[1], "-"), col[2], col[3], count})
		before = text
	}
	if len(needs) == 0 {
		return nil, rowFault(needsFile, 1, "没有一行，不能派组")
	}
	return needs, nil
}

// problem is the matching of the drawn objects. An object that several tasks draw
// gets one team: of each group the most that a task needs; the lead department of
// its first task leads. R71, 海政办发〔2020〕2号 二(五)3
func (in *matchFiles) problem(m *draw.Manifest, picks []draw.Pick, regions map[string]string) (*match.Problem, error) {
	p, err := match.Parse(match.Files{Inspectors: in.inspectors, Eligibility: in.eligibility, Avoidance: in.avoidance})
	if err != nil {
		return nil, err
	}
	tasks := map[string][]string{}
	for _, x := range picks {
		tasks[x.ID] = append(tasks[x.ID], x.Task)
	}
	for _, id := range slices.Sorted(maps.Keys(tasks)) {
		slices.Sort(tasks[id])
		p.Demands = append(p.Demands, in.demands(m, id, slices.Compact(tasks[id]), regions[id])...)
	}
	return p, p.Fault()
}

func (in *matchFiles) demands(m *draw.Manifest, id string, tasks []string, region string) []match.Demand {
	type slot struct{ department, group string }
	counts := map[slot]int{}
	for _, code := range tasks {
		longest := map[string]int{} // per department
		for _, n := range in.needs {
			if n.task == code && strings.HasPrefix(region, n.prefix) {
				longest[n.department] = max(longest[n.department], len(n.prefix))
			}
		}
		for _, n := range in.needs {
			if n.task == code && strings.HasPrefix(region, n.prefix) && len(n.prefix) == longest[n.department] {
				s := slot{n.department, n.group}
				counts[s] = max(counts[s], n.count)
			}
		}
	}
	first, _ := m.Task(tasks[0])
	slots := slices.SortedFunc(maps.Keys(counts), func(a, b slot) int {
		return strings.Compare(a.department+"\t"+a.group, b.department+"\t"+b.group)
	})
	var demands []match.Demand
	line := 0
	for i, s := range slots {
		if line++; i > 0 && slots[i-1].department != s.department {
			line = 1
		}
		demands = append(demands, match.Demand{Object: id, Department: s.department, Line: line, Group: s.group, Need: counts[s], Lead: s.department == first.Lead})
	}
	return demands
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

// A matched is the outcome of the matching as files.
type matched struct{ demands, assignment, balance []byte }

// match assigns inspectors to the drawn objects under the seed's keys. It is nil
// if the lock fixes no inspectors.
func (f drawFolder) match(c *draw.Ceremony, seed draw.Seed, picks []draw.Pick) (*matched, error) {
	if !slices.ContainsFunc(c.Lock.Files, func(x draw.File) bool { return x.Name == match.InspectorsFile }) {
		if f.has(match.InspectorsFile) {
			return nil, fmt.Errorf("%s：没有在锁定时固定，不能用于派组。请移走这个文件", f.path(match.InspectorsFile))
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
	in, err := f.readMatch()
	if err != nil {
		return nil, err
	}
	regions, err := f.regions(picks)
	if err != nil {
		return nil, err
	}
	p, err := in.problem(c.Manifest, picks, regions)
	if err != nil {
		return nil, f.blame(err)
	}
	terms := match.Terms{Suite: matchSuite(c.Manifest.Suite), Mix: int(c.Manifest.Mix), Keys: map[string]string{}}
	for _, d := range p.Demands {
		terms.Keys[d.Department] = seed.MatchKey(d.Department).String()
	}
	result, err := match.Solve(p, terms)
	if err != nil {
		return nil, f.blame(shortage(err))
	}
	return &matched{p.Files().Demands, match.FormatSeats(result.Seats), match.FormatLabels(result.Labels)}, nil
}

// shortage writes out what is missing when no lawful matching exists.
func shortage(err error) error {
	var no *match.Impossible
	if !errors.As(err, &no) {
		return err
	}
	text := []string{"无法派组，没有写出结果："}
	for _, s := range no.Shortages {
		text = append(text, s.Text())
	}
	return errors.New(strings.Join(text, "\n"))
}

func matchSuite(s draw.Suite) match.Suite {
	if s == draw.SM3 {
		return match.SM3
	}
	return match.SHA256
}
