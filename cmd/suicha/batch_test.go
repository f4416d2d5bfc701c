package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"suicha/internal/ceremony"
	"suicha/internal/rig"
)

// R55, R68: the bundle of a batch that the platform drew verifies with the public's
// program, in both forms.
func TestBatchOfThePlatformVerifies(t *testing.T) {
	s := newShell(t)
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		for _, supervised := range []bool{false, true} {
			bundle, err := ceremony.Bundle(r.Tree(), supervised)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(o.TempDir(), "bundle.zip")
			f, err := os.Create(path)
			if err == nil {
				err = ceremony.Zip(f, bundle)
			}
			if err != nil || f.Close() != nil {
				t.Fatal(err)
			}
			shell := shell{o.TB, o.TempDir(), s.bin}
			out := shell.done("suicha-verify " + path)
			if supervised && (!strings.Contains(out, "L3 全部重算") || !strings.Contains(out, "相符　检查小组")) || !strings.Contains(out, "抽中 1 户") {
				o.Errorf("%s", out)
			}
			if z, err := zip.OpenReader(path); err != nil || len(z.File) == 0 {
				o.Errorf("the bundle is no archive: %v", err)
			}
		}
	})
}
