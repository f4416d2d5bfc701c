package main

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// matchingWhole checks which files of the matching are in the bundle:
// docs/design/draw.md §17. A part of them would say less than it seems to, and
// without the population they say nothing.
func (b *bundle) matchingWhole() error {
	if err := b.replacementsInPlace(); err != nil {
		return err
	}
	all := slices.Concat(draw.MatchInputs, draw.MatchOutputs)
	if !b.ceremony.Lock.Matched() || b.census == nil {
		for _, name := range all {
			if has(b.files, name) {
				return &draw.Fault{File: name, Text: "锁定时没有固定派组的文件，或者没有附全部名单，不应有此文件"}
			}
		}
		return nil
	}
	wanted := draw.MatchInputs
	if b.keys != nil {
		wanted = append(slices.Clone(wanted), match.DemandsFile)
		if b.ceremony.Result.Teams != (draw.Commitment{}) {
			wanted = all
		}
	}
	for _, name := range all {
		switch there := has(b.files, name); {
		case !there && slices.Contains(wanted, name):
			return &draw.Fault{File: name, Text: "派组材料不全，缺少这份文件"}
		case there && !slices.Contains(wanted, name):
			return &draw.Fault{File: name, Text: "尚未公开，或者 result.json 中没有检查小组，不应有此文件"}
		}
	}
	return nil
}

// teams derives the demands from the drawn list, matches again and compares byte
// by byte: docs/design/match.md §3.3.
func (b *bundle) teams() (bool, error) {
	if b.keys == nil || !b.ceremony.Lock.Matched() || b.census == nil {
		return false, nil
	}
	problem, err := b.problem()
	if err != nil {
		return false, fault(err)
	}
	result, err := match.Solve(problem, b.terms(problem))
	var impossible *match.Impossible
	none := b.ceremony.Result.Teams == draw.Commitment{}
	switch {
	case errors.As(err, &impossible) && none:
		return true, nil
	case errors.As(err, &impossible):
		return false, &draw.Fault{File: match.AssignmentFile, Text: "重算表明无法派组，不应有此文件"}
	case err != nil:
		return false, fault(err)
	case none:
		return false, &draw.Fault{File: draw.ResultFile, Line: 1, Text: "重算表明可以派组，teams 不应为空"}
	}
	assignment := b.read(match.AssignmentFile)
	if err := same(match.AssignmentFile, assignment, match.FormatSeats(result.Seats)); err != nil {
		return false, err
	}
	if err := same(match.BalanceFile, b.read(match.BalanceFile), match.FormatLabels(result.Labels)); err != nil {
		return false, err
	}
	teams, err := b.seed.Teams(assignment)
	if err == nil && teams.Root() != b.ceremony.Result.Teams {
		err = &draw.Fault{File: draw.ResultFile, Line: 1, Text: "检查小组的根与重算的不符"}
	}
	b.matched = problem
	return true, err
}

// problem is the matching that must have been done: of the objects on the drawn
// list, as the files that the lock fixes say.
func (b *bundle) problem() (*match.Problem, error) {
	p, err := match.Parse(match.Files{Inspectors: b.read(match.InspectorsFile), Eligibility: b.read(match.EligibilityFile), Avoidance: b.read(match.AvoidanceFile)})
	if err != nil {
		return nil, err
	}
	if b.needs, err = match.ParseNeeds(b.read(match.NeedsFile), b.tasks(), p.Groups); err != nil {
		return nil, err
	}
	drawn, _, err := b.regions()
	if err != nil {
		return nil, err
	}
	p.Demands = b.needs.Demands(drawn)
	if err := same(match.DemandsFile, b.read(match.DemandsFile), match.FormatDemands(p.Demands)); err != nil {
		return nil, err
	}
	return p, nil
}

// tasks are those of the manifest, as the matching knows them.
func (b *bundle) tasks() (tasks []match.Task) {
	for _, t := range b.ceremony.Manifest.Tasks {
		tasks = append(tasks, match.Task{Code: t.Code, Lead: t.Lead, Departments: t.Departments})
	}
	return tasks
}

// terms are the keys of the departments that have inspectors.
func (b *bundle) terms(p *match.Problem) match.Terms {
	m := b.ceremony.Manifest
	terms := match.Terms{Suite: match.SHA256, Mix: int(m.Mix), Keys: map[string]string{}}
	if m.Suite == draw.SM3 {
		terms.Suite = match.SM3
	}
	for _, g := range p.Groups {
		terms.Keys[g.Department] = b.seed.MatchKey(g.Department).String()
	}
	return terms
}

// drawn are the drawn objects with their tasks, ascending by id.
func (b *bundle) drawn() (drawn []match.Drawn) {
	by := map[string][]string{}
	for _, p := range b.listed[0] {
		by[p.ID] = append(by[p.ID], p.Task)
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		drawn = append(drawn, match.Drawn{Object: id, Tasks: by[id]})
	}
	return drawn
}

// regions are the drawn objects with their regions, and the regions of those in reserve
// too.
func (b *bundle) regions() ([]match.Drawn, map[string]string, error) {
	f, err := b.files.Open(draw.PopulationFile)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	regions := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); { // checked already
		id, rest, _ := bytes.Cut(lines.Bytes(), []byte("\t"))
		if _, listed := b.known[string(id)]; listed {
			regions[string(id)] = strings.Split(string(rest), "\t")[3]
		}
	}
	drawn := b.drawn()
	for i := range drawn {
		drawn[i].Region = regions[drawn[i].Object]
	}
	return drawn, regions, nil
}

func (b *bundle) read(name string) []byte {
	text, _ := fs.ReadFile(b.files, name) // which files are there was checked
	return text
}

// same compares a file with what was computed and names the first line that
// differs.
func same(file string, have, want []byte) error {
	if line := match.Differs(have, want); line > 0 {
		return &draw.Fault{File: file, Line: line, Text: "与重新计算的结果不同"}
	}
	return nil
}

// fault writes a fault of the matching as all faults are written.
func fault(err error) error {
	var form *match.FileError
	if errors.As(err, &form) {
		return &draw.Fault{File: form.File, Line: form.Line, Text: form.Text}
	}
	return err
}
