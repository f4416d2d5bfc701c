package ceremony

import (
	"io/fs"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A Place is an object of a drawn run whose team has to change, with what the files
// say of its seats.
type Place struct {
	Demands []match.Demand // its lines
	problem *match.Problem
	terms   match.Terms
	object  string
}

// NewPlace reads what the run says of the team at an object that the tasks draw. In
// sealed mode, before the opening, it needs the custodian's part of the seed.
func NewPlace(c *draw.Ceremony, files fs.FS, object string, tasks []string, custodian ...draw.Reveal) (*Place, error) {
	seed, err := c.Seed(custodian...)
	if err != nil {
		return nil, err
	}
	in, err := ReadInputs(c.Manifest, files)
	if err != nil {
		return nil, err
	}
	if in == nil {
		return nil, &draw.Fault{File: match.NeedsFile, Text: "锁定时没有固定派组材料，不能替换人员"}
	}
	var picks []draw.Pick
	for _, code := range tasks {
		picks = append(picks, draw.Pick{Task: code, ID: object})
	}
	p := &Place{object: object, terms: match.Terms{Suite: MatchSuite(c.Manifest.Suite), Mix: int(c.Manifest.Mix), Keys: map[string]string{}}}
	if p.problem, err = in.Problem(files, picks); err != nil {
		return nil, err
	}
	p.Demands = p.problem.Demands
	for _, d := range p.Demands {
		p.terms.Keys[d.Department] = seed.MatchKey(d.Department).String()
	}
	return p, nil
}

// Successors are those who may take a seat of a line, in order.
func (p *Place) Successors(department string, line int) ([]string, error) {
	return p.problem.Successors(p.terms, p.object, department, line)
}

// NextLeader is who of a department's inspectors leads.
func (p *Place) NextLeader(department string, ids []string) (string, error) {
	return p.problem.NextLeader(p.terms, p.object, department, ids)
}
