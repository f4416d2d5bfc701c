package ceremony

import (
	"io/fs"
	"strconv"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A Rehearsal (试运行) is what trying a draw under dummy keys found. No result, key or
// proof comes of it: docs/design/draw.md §15.
type Rehearsal struct {
	Runs       int              `json:"runs"`
	Cells      []draw.Cell      `json:"cells"`
	Shortfalls []draw.Shortfall `json:"shortfalls"`
	Matching   *match.Rehearsal `json:"matching,omitempty"` // nil if no inspectors are matched
}

// Rehearse draws and matches again and again under keys that begin with DUMMY, from a
// locked list and its files. Step is told how many runs are done; it ends the
// rehearsal with an error.
func Rehearse(c *draw.Ceremony, files fs.FS, runs int, step func(done int) error) (*Rehearsal, error) {
	r := &Rehearsal{Runs: runs}
	r.Cells, r.Shortfalls = draw.Cells(c.Manifest, c.Lock.Counts)
	in, err := ReadInputs(c.Manifest, files)
	if err != nil {
		return nil, err
	}
	if in == nil { // the files fit together
		_, err := dummy(c, files, 1)
		return r, err
	}
	run := 0
	r.Matching, err = match.Rehearse(MatchSuite(c.Manifest.Suite), int(c.Manifest.Mix), runs, func(string) (*match.Problem, error) {
		if err := step(run); err != nil {
			return nil, err
		}
		run++
		drawn, err := dummy(c, files, run)
		if err != nil {
			return nil, err
		}
		return in.Problem(files, drawn.Picks)
	})
	return r, err
}

// dummy draws under the keys of one run of a rehearsal.
func dummy(c *draw.Ceremony, files fs.FS, run int) (*draw.Drawn, error) {
	population, err := Population(files)
	if err != nil {
		return nil, err
	}
	defer population.Close()
	return draw.Select(c.Manifest, c.Lock, draw.DummyKeys(c.Manifest, strconv.Itoa(run)), population, draw.PopulationFile)
}
