package main

import (
	"archive/zip"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"suicha/internal/draw"
)

func examples(t testing.TB) []string {
	t.Helper()
	dirs, err := filepath.Glob("../../internal/draw/testdata/example/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no example bundles: %v", err)
	}
	return dirs
}

func load(t testing.TB, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// R55: whoever has the bundle recomputes the draw, from a folder or an archive.
func TestExampleBundlesVerify(t *testing.T) {
	for _, dir := range examples(t) {
		var out strings.Builder
		if err := verify(&out, dir); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
		if !strings.Contains(out.String(), "L3 全部重算：相符") {
			t.Errorf("%s says %s", dir, out.String())
		}
		archive := filepath.Join(t.TempDir(), "bundle.zip")
		f, err := os.Create(archive)
		if err != nil {
			t.Fatal(err)
		}
		w := zip.NewWriter(f)
		if err := errors.Join(w.AddFS(os.DirFS(dir)), w.Close(), f.Close()); err != nil {
			t.Fatal(err)
		}
		if err := verify(io.Discard, archive); err != nil {
			t.Errorf("%s as an archive: %v", dir, err)
		}
		if err := verify(io.Discard, filepath.Join(dir, draw.ProofFile)); err != nil {
			t.Errorf("the proof of %s: %v", dir, err)
		}
	}
}

// R55, R68: any changed byte of any file is noticed, and the file is named.
func TestEveryChangedByteIsNamed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2026))
	for _, dir := range examples(t) {
		files := load(t, dir)
		if len(files) == 0 {
			t.Fatalf("%s is empty", dir)
		}
		for name, f := range files {
			for range 20 {
				at := random.IntN(len(f.Data))
				old := f.Data[at]
				f.Data[at] ^= byte(1 + random.IntN(255))
				err := verifyBundle(io.Discard, files)
				if err == nil || !strings.Contains(err.Error(), name) && !strings.Contains(err.Error(), "SUMS") {
					t.Errorf("byte %d of %s changed: %v", at, name, err)
				}
				f.Data[at] = old
			}
		}
		if err := verifyBundle(io.Discard, files); err != nil {
			t.Errorf("the bundle itself: %v", err)
		}
	}
}
