package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/rig"
)

// R55: anybody checks a county's draw in the browser, with the page that lies in
// the bundle: the draw as it is, an altered one, and an enterprise's own proof.
func TestBrowserVerifiesACounty(t *testing.T) {
	if !rig.WithBrowser() {
		return
	}
	s := newShell(t)
	s.done("suicha draw example d -n 60000", "cp d/公示.zip public.zip",
		"suicha draw bundle -d d -o supervised.zip --supervised",
		"suicha draw bundle -d d -o altered", "cp altered/verify/verify.html .",
		"suicha draw bundle -d d -o demand --supervised",
		`suicha draw proof "$(cut -f5 d/result.tsv | head -1)" -d d`)
	s.file("altered/result.tsv", strings.Replace(s.read("altered/result.tsv"), "\t000000009\t", "\t000000008\t", 1))
	lines := strings.SplitAfter(s.read("demand/demands.tsv"), "\n")
	lines[1] = strings.Replace(lines[1], "\tjoin\n", "\tlead\n", 1)
	s.file("demand/demands.tsv", strings.Join(lines, ""))
	for _, name := range []string{draw.SHA256Sums, draw.SM3Sums} {
		if err := os.Remove(filepath.Join(s.dir, "demand", name)); err != nil {
			t.Fatal(err)
		}
	}
	sums, err := draw.Sums(os.DirFS(filepath.Join(s.dir, "demand")))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range sums {
		s.file("demand/"+name, string(text))
	}
	for _, name := range []string{"altered", "demand"} {
		dir := filepath.Join(s.dir, name)
		if err := writeWhole(dir+".zip", 0o600, func(w io.Writer) error { return ceremony.Zip(w, os.DirFS(dir)) }); err != nil {
			t.Fatal(err)
		}
	}
	rig.Travel(t, "http://127.0.0.1:1", map[string]string{"county": s.dir}, "tools/browser/journeys/verify.mjs")
}
