package draw

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// sizes of the benchmarks' populations. The largest is a province.
var sizes = []int{10_000, 100_000, 1_000_000, 15_000_000}

// benchManifest draws 3 % of each of four strata, without tiers.
func benchManifest(s Suite) *Manifest {
	m, _ := testManifest(s, "open")
	m.Tasks = []Task{{Code: "T1", Title: "抽查", Lead: "市场监管局", Departments: []string{"市场监管局"}, Items: []string{}, Group: "g1", Quota: "rate",
		Strata: []Stratum{{"A", 300}, {"B", 300}, {"C", 300}, {"D", 300}}}}
	m.Scopes = []Scope{{"s1", []string{"T1"}}}
	return m
}

// benchFile writes a population to a file of the benchmark.
func benchFile(b *testing.B, size int) *os.File {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), PopulationFile))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := bufio.NewWriterSize(f, 1<<20)
	if err := writeSynthetic(w, size, "s1"); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return f
}

// each runs do for every size and suite on a locked population.
func eachBench(b *testing.B, do func(m *Manifest, l *Lock, keys Keys, f *os.File) error) {
	for _, size := range sizes {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			f := benchFile(b, size)
			for _, s := range []Suite{SHA256, SM3} {
				m := benchManifest(s)
				f.Seek(0, 0)
				pool, err := ReadPool(m, f, PopulationFile)
				if err != nil {
					b.Fatal(err)
				}
				l := &Lock{Population: pool.Root(), Counts: pool.Counts}
				pool = nil
				runtime.GC()
				b.Run(string(s), func(b *testing.B) {
					for b.Loop() {
						f.Seek(0, 0)
						if err := do(m, l, DummyKeys(m, "bench"), f); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/object")
				})
			}
		})
	}
}

// From the locked file to the drawn list.
func BenchmarkSelect(b *testing.B) {
	eachBench(b, func(m *Manifest, l *Lock, keys Keys, f *os.File) error {
		_, err := Select(m, l, keys, f, PopulationFile)
		return err
	})
}

// The Merkle commitment, with all checks of the file.
func BenchmarkReadPool(b *testing.B) {
	eachBench(b, func(m *Manifest, l *Lock, keys Keys, f *os.File) error {
		_, err := ReadPool(m, f, PopulationFile)
		return err
	})
}

// The complete order of every cell, and its trees.
func BenchmarkRank(b *testing.B) {
	eachBench(b, func(m *Manifest, l *Lock, keys Keys, f *os.File) error {
		_, err := Rank(m, l, keys, f, PopulationFile)
		return err
	})
}
