package ceremony

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync"

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

// A Prover makes proofs of one run. It holds the whole order, so that making one
// proof after the other is quick.
type Prover struct {
	c       *draw.Ceremony
	files   fs.FS
	pool    *draw.Pool
	ranking *draw.Ranking // nil of a member's proofs
	teams   *draw.Teams
	in      PopulationReader
	mu      sync.Mutex // the list is read from one place at a time
}

// NewProver reads the list and puts it in order. In sealed mode, before the opening,
// it needs the custodian's secret.
func NewProver(c *draw.Ceremony, files fs.FS, custodian ...draw.Reveal) (*Prover, error) {
	p, err := newProver(c, files)
	if err != nil {
		return nil, err
	}
	seed, err := c.Seed(custodian...)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if p.ranking, err = draw.Rank(c.Manifest, c.Lock, seed.Keys(c.Manifest), p.in, draw.PopulationFile); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	if assignment, err := fs.ReadFile(files, match.AssignmentFile); err == nil {
		if p.teams, err = seed.Teams(assignment); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

// NewMember reads the list only: its proofs show that an object is in the list, and
// say nothing of what was drawn, because they are made without knowing.
func NewMember(c *draw.Ceremony, files fs.FS) (*Prover, error) {
	return newProver(&draw.Ceremony{Manifest: c.Manifest, Lock: c.Lock}, files)
}

func newProver(c *draw.Ceremony, files fs.FS) (*Prover, error) {
	in, err := Population(files)
	if err != nil {
		return nil, err
	}
	pool, err := draw.ReadPool(c.Manifest, in, draw.PopulationFile)
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return &Prover{c: c, files: files, pool: pool, in: in}, nil
}

// Close closes the list.
func (p *Prover) Close() error { return p.in.Close() }

// Find returns the record of an object.
func (p *Prover) Find(id string) (draw.Record, error) {
	rec, _, err := p.find(id)
	return rec, err
}

func (p *Prover) find(id string) (draw.Record, int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.in.Seek(0, io.SeekStart); err != nil {
		return draw.Record{}, 0, err
	}
	return draw.Find(p.in, draw.PopulationFile, id)
}

// Prove makes what one enterprise checks alone, and checks it as the enterprise
// would.
func (p *Prover) Prove(id string) ([]byte, *draw.Verdict, error) {
	rec, index, err := p.find(id)
	if err != nil {
		return nil, nil, err
	}
	p.mu.Lock()
	proof, err := p.proof(rec, index)
	p.mu.Unlock()
	if err != nil {
		return nil, nil, err
	}
	text, err := proof.Encode()
	if err != nil {
		return nil, nil, err
	}
	verdict, err := draw.VerifyProof(draw.ProofFile, text)
	return text, verdict, err
}

func (p *Prover) proof(rec draw.Record, index int) (*draw.Proof, error) {
	if p.ranking == nil {
		return p.c.NewMember(p.pool, rec, index)
	}
	return p.c.NewProof(p.pool, p.ranking, p.teams, rec, index)
}

// Prove makes one proof.
func Prove(c *draw.Ceremony, files fs.FS, id string, custodian ...draw.Reveal) ([]byte, *draw.Verdict, error) {
	p, err := NewProver(c, files, custodian...)
	if err != nil {
		return nil, nil, err
	}
	text, verdict, err := p.Prove(id)
	return text, verdict, errors.Join(err, p.Close())
}
