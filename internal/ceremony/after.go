package ceremony

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// Substitute replaces an object that cannot be inspected by the next of the
// reserve: R68. Of s it takes task, object, time, reason, evidence and approver; it
// returns the substitution as it was done, and what substitutions.tsv becomes.
func Substitute(files fs.FS, s draw.Substitution) (draw.Substitution, []byte, error) {
	drawn, reserve, err := Lists(files)
	if err != nil {
		return s, nil, err
	}
	roll := draw.NewRoll(drawn, reserve)
	before, err := fs.ReadFile(files, draw.SubstitutionsFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, nil, err
	}
	if err := roll.Read(bytes.NewReader(before)); err != nil {
		return s, nil, err
	}
	standing := roll.Standing()
	at := slices.IndexFunc(standing, func(p draw.Pick) bool { return p.Task == s.Task && p.ID == s.ID })
	if at < 0 {
		return s, nil, fmt.Errorf("代码 %s 不在任务 %s 的现行名单内，请核对", s.ID, s.Task)
	}
	p := standing[at]
	s.Stratum, s.Tier, s.Rank = p.Stratum, p.Tier, p.Rank
	if s, err = roll.Replace(s); err != nil {
		return s, nil, err
	}
	after := append(before, s.Line(bytes.Count(before, []byte("\n"))+1)+"\n"...)
	return s, after, draw.NewRoll(drawn, reserve).Read(bytes.NewReader(after))
}

// Prove makes what one enterprise checks alone, and checks it as the enterprise
// would. In sealed mode, before the opening, it needs the custodian's secret.
func Prove(c *draw.Ceremony, files fs.FS, id string, custodian ...draw.Reveal) ([]byte, *draw.Verdict, error) {
	seed, err := c.Seed(custodian...)
	if err != nil {
		return nil, nil, err
	}
	in, err := Population(files)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	rec, index, err := draw.Find(in, draw.PopulationFile, id)
	if err != nil {
		return nil, nil, err
	}
	pool, err := draw.ReadPool(c.Manifest, in, draw.PopulationFile)
	if err != nil {
		return nil, nil, err
	}
	ranking, err := draw.Rank(c.Manifest, c.Lock, seed.Keys(c.Manifest), in, draw.PopulationFile)
	if err != nil {
		return nil, nil, err
	}
	var teams *draw.Teams
	if assignment, err := fs.ReadFile(files, match.AssignmentFile); err == nil {
		if teams, err = seed.Teams(assignment); err != nil {
			return nil, nil, err
		}
	}
	p, err := c.NewProof(pool, ranking, teams, rec, index)
	if err != nil {
		return nil, nil, err
	}
	text, err := p.Encode()
	if err != nil {
		return nil, nil, err
	}
	verdict, err := draw.VerifyProof(draw.ProofFile, text)
	return text, verdict, err
}
