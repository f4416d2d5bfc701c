package main

import (
	"os"
	"path/filepath"
	"testing"

	"suicha/internal/county"
	"suicha/internal/exchange"
	"suicha/internal/workday"
)

// What synth writes is what the import reads, without a fault, in every format;
// a file of another kind is not written.
func TestSynthWritesWhatImportsRead(t *testing.T) {
	t.Parallel()
	table := exchange.ObjectTable(county.Towns(county.Region))
	for _, format := range []string{"csv", "xlsx", "json"} {
		path := filepath.Join(t.TempDir(), "检查对象."+format)
		if err := (&SynthCmd{N: 60, Out: path, Seed: 1, Day: workday.MustParse("2026-11-15")}).Run(); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		f, err := exchange.Open(t.Context(), file, info.Size(), path, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		head, err := f.Head(t.Context(), table, "")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for r, err := range f.Rows(t.Context(), table, table.Match(head, exchange.Mapping{})) {
			if err != nil || len(r.Faults) > 0 {
				t.Fatalf("%s, line %d: %v %v", format, r.Line, err, r.Faults)
			}
			n++
		}
		if n != 60 || len(head.Faults) > 0 {
			t.Errorf("%s: %d rows, %v", format, n, head.Faults)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := (&SynthCmd{N: 1, Out: filepath.Join(t.TempDir(), "x.doc")}).Run(); err == nil {
		t.Error("a .doc was written")
	}
}
