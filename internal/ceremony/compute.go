// Package ceremony does with the files of one draw what the leaves draw and match
// do not do alone: it makes each document when its turn has come, computes the
// draw, and packs what there is for those who verify. It reads a folder as an
// fs.FS, whether that is one on a disk or the files of a batch in the record, and
// writes nothing itself: cmd/suicha and the server give the same bytes for the same
// files because both use it.
//
// Start with Compute.
package ceremony

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"suicha/internal/draw"
	"suicha/internal/match"
)

// A Drawing is everything that computing a run gives.
type Drawing struct {
	Ceremony *draw.Ceremony // with the result
	Drawn    *draw.Drawn
	Teams    *Teams // nil if the lock fixes no inspectors
}

// Compute draws, matches and ranks, and checks the lists against the result, all
// from the files: a pure function of them. In sealed mode, before the opening, it
// needs the custodian's part of the seed. The result goes into c.
func Compute(c *draw.Ceremony, files fs.FS, custodian ...draw.Reveal) (*Drawing, error) {
	if c.Envelopes == nil {
		return nil, &draw.Fault{File: draw.EnvelopesFile, Text: "还没有启封，不能抽取"}
	}
	d := &Drawing{Ceremony: c}
	seed, err := c.Seed(custodian...)
	if err != nil {
		return nil, err
	}
	keys := seed.Keys(c.Manifest)
	in, err := Population(files)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	if d.Drawn, err = draw.Select(c.Manifest, c.Lock, keys, in, draw.PopulationFile); err != nil {
		return nil, err
	}
	if d.Teams, err = matchTeams(c, files, seed, d.Drawn.Picks); err != nil {
		return nil, err
	}
	var teams *draw.Teams
	if d.Teams != nil && d.Teams.Shortage == "" {
		if teams, err = seed.Teams(d.Teams.Assignment); err != nil {
			return nil, err
		}
	}
	ranking, err := draw.Rank(c.Manifest, c.Lock, keys, in, draw.PopulationFile)
	if err != nil {
		return nil, err
	}
	if c.Result, err = c.NewResult(ranking, keys, teams); err != nil {
		return nil, err
	}
	if err := draw.CheckPopulation(c, keys, in, d.Drawn.Picks, d.Drawn.Reserve); err != nil {
		return nil, err
	}
	return d, draw.CheckLists(c.Manifest, c.Result, keys, d.Drawn.Picks, d.Drawn.Reserve)
}

// A File is a file that has come about.
type File struct {
	Name   string
	Text   []byte
	Listed bool // it lists who was drawn: nobody may read it before the opening
}

// Files are the files of the outcome, the result last: where it stands, everything
// stands.
func (d *Drawing) Files() ([]File, error) {
	var drawn, reserve bytes.Buffer
	if err := errors.Join(draw.WriteList(&drawn, d.Drawn.Picks), draw.WriteList(&reserve, d.Drawn.Reserve)); err != nil {
		return nil, err
	}
	files := []File{{draw.ResultList, drawn.Bytes(), true}, {draw.ReserveList, reserve.Bytes(), true}}
	if d.Teams != nil {
		files = append(files, File{match.DemandsFile, d.Teams.Demands, true})
		if d.Teams.Shortage == "" {
			files = append(files, File{match.AssignmentFile, d.Teams.Assignment, true}, File{match.BalanceFile, d.Teams.Balance, true})
		}
	}
	if d.Ceremony.Opening != nil {
		text, err := draw.Document(draw.OpeningFile, d.Ceremony.Opening)
		if err != nil {
			return nil, err
		}
		files = append(files, File{draw.OpeningFile, text, false})
	}
	text, err := draw.Document(draw.ResultFile, d.Ceremony.Result)
	return append(files, File{draw.ResultFile, text, false}), err
}

// Has tells whether there is a file of that name.
func Has(files fs.FS, name string) bool {
	_, err := fs.Stat(files, name)
	return err == nil
}

// A PopulationReader reads the list, as often as it must be read.
type PopulationReader interface {
	io.ReadSeeker
	io.Closer
}

// Population opens the list of all objects.
func Population(files fs.FS) (PopulationReader, error) {
	f, err := files.Open(draw.PopulationFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &draw.Fault{File: draw.PopulationFile, Text: "没有这个文件或者无法读取，请核对路径"}
	}
	if err != nil {
		return nil, err
	}
	in, ok := f.(PopulationReader)
	if !ok {
		return nil, fmt.Errorf("the list cannot be read twice in a %T", f)
	}
	return in, nil
}

// Lists reads the drawn list and the reserve.
func Lists(files fs.FS) (drawn, reserve []draw.Pick, err error) {
	for name, into := range map[string]*[]draw.Pick{draw.ResultList: &drawn, draw.ReserveList: &reserve} {
		in, err := files.Open(name)
		if err != nil {
			return nil, nil, &draw.Fault{File: name, Text: "没有这个文件或者无法读取，请核对路径"}
		}
		*into, err = draw.ReadList(in, name)
		if err := errors.Join(err, in.Close()); err != nil {
			return nil, nil, err
		}
	}
	return drawn, reserve, nil
}
