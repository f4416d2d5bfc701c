package ceremony

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"suicha/docs/design"
	"suicha/internal/draw"
	"suicha/internal/match"
	"suicha/verify"
)

// Bundle packs what there is for those who verify: docs/design/draw.md §17. A
// public bundle has the ids and salted leaf hashes, a supervised one the whole
// population and the files of the matching; before the opening neither lists who
// was drawn. What is packed was checked to be what the lock fixed.
func Bundle(files fs.FS, supervised bool) (Tree, error) {
	c, err := draw.Load(files)
	if err != nil {
		return nil, err
	}
	bundle := Tree{}
	for _, name := range parts(files, c, supervised) {
		bundle.Copy(name, files)
	}
	if c.Lock != nil {
		if err := checkWhole(files, c); err != nil {
			return nil, err
		}
		if !supervised { // the whole population says more
			bundle.Make(draw.PublicFile, func(w io.Writer) error { return writePublic(w, files, c.Manifest.Suite) })
			if c.Opening != nil && Has(files, match.ReplacementsFile) {
				text, err := fs.ReadFile(files, match.ReplacementsFile)
				if err != nil {
					return nil, err
				}
				bundle.Put(match.PublicReplacements, match.Published(text))
			}
		}
	}
	page, err := verify.Page()
	if err != nil {
		return nil, err
	}
	bundle.Put("verify/draw.md", design.Draw)
	bundle.Put("verify/match.md", design.Match)
	bundle.Put("verify/"+VerifierName, page)
	sums, err := draw.Sums(bundle)
	for name, text := range sums {
		bundle.Put(name, text)
	}
	return bundle, err
}

// parts are the files of the folder that belong into the bundle.
func parts(files fs.FS, c *draw.Ceremony, supervised bool) []string {
	names := []string{draw.ManifestFile, draw.LockFile, draw.CommitsFile, draw.RevealsFile, draw.EventFile, draw.EnvelopesFile,
		draw.ResultFile, draw.OpeningFile, draw.VoidFile, draw.DifferenceFile}
	for run := range c.Manifest.Run - 1 {
		names = append(names, fmt.Sprintf("run-%d/%s", run+1, draw.ManifestFile), fmt.Sprintf("run-%d/%s", run+1, draw.VoidFile))
	}
	if c.Opening != nil {
		names = append(names, draw.ResultList, draw.ReserveList, draw.SubstitutionsFile)
	}
	if supervised && c.Lock != nil {
		names = append(names, draw.PopulationFile)
		if c.Lock.Matched() {
			names = append(names, draw.MatchInputs...)
			if c.Opening != nil {
				names = append(append(names, draw.MatchOutputs...), match.ReplacementsFile)
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !Has(files, name) })
}

// checkWhole checks that the population is the one locked.
func checkWhole(files fs.FS, c *draw.Ceremony) error {
	in, err := Population(files)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = draw.ReadPopulation(c, nil, in, nil)
	return err
}

func writePublic(w io.Writer, files fs.FS, suite draw.Suite) error {
	in, err := Population(files)
	if err != nil {
		return err
	}
	defer in.Close()
	return draw.WritePublic(w, suite, in)
}

// Zip packs a folder. No time goes in, so that equal bundles are equal bytes.
func Zip(w io.Writer, files fs.FS) error {
	archive := zip.NewWriter(w)
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		in, err := files.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return err
	})
	return errors.Join(err, archive.Close())
}
