package draw

import (
	"bytes"
	"testing"
)

// both runs a test under both suites.
func both(t *testing.T, do func(t *testing.T, s Suite)) {
	for _, s := range []Suite{SHA256, SM3} {
		t.Run(string(s), func(t *testing.T) { do(t, s) })
	}
}

func TestWholeDraw(t *testing.T) {
	for _, mode := range []string{"open", "sealed"} {
		both(t, func(t *testing.T, s Suite) {
			w := drawnWhole(t, s, mode, 3000)
			w.Opening = w.opening
			if err := w.Check(); err != nil {
				t.Fatal(err)
			}
			if err := CheckLists(w.Manifest, w.Result, w.keys, w.drawn.Picks, w.drawn.Reserve); err != nil {
				t.Error(err)
			}
			if err := CheckPopulation(w.Ceremony, w.keys, bytes.NewReader(w.data), w.drawn.Picks, w.drawn.Reserve); err != nil {
				t.Error(err)
			}
			for _, index := range []int{0, 1, 2, 3, 7, 1003, 1207, 2999} {
				rec, at, err := Find(bytes.NewReader(w.data), PopulationFile, syntheticRecord(index, []string{"x"}).ID)
				if err != nil || at != index {
					t.Fatal(at, err)
				}
				for _, opening := range []*Opening{nil, w.opening} {
					w.Opening = opening
					p, err := w.NewProof(w.pool, w.ranking, nil, rec, at)
					if err != nil {
						t.Fatal(err)
					}
					data, err := p.Encode()
					if err != nil {
						t.Fatal(err)
					}
					v, err := VerifyProof(ProofFile, data)
					if err != nil {
						t.Fatal(err)
					}
					t.Logf("%d %+v", len(data), v.Places)
				}
			}
		})
	}
}
