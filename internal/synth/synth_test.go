package synth

import (
	"math"
	"slices"
	"testing"

	"suicha/internal/uscc"
)

func all(t *testing.T, n int, seed uint64, regions ...string) []Object {
	t.Helper()
	objects, err := Objects(n, seed, regions)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(objects)
}

// A population is what a list must be: sorted, without repetition, with valid
// codes, and of the size asked for.
func TestPopulationIsWellFormed(t *testing.T) {
	for _, n := range []int{0, 1, 135, 10_000} {
		objects := all(t, n, 1, Shandong()...)
		if len(objects) != n {
			t.Errorf("%d objects, want %d", len(objects), n)
		}
		for i, o := range objects {
			if _, verdict := uscc.Parse(o.ID); verdict.Class != uscc.Valid {
				t.Fatalf("%s is %s", o.ID, verdict.Class)
			}
			if i > 0 && objects[i-1].ID >= o.ID {
				t.Fatalf("%s stands behind %s", o.ID, objects[i-1].ID)
			}
			if len(o.Salt) != 16 || o.Region != o.ID[2:8] {
				t.Fatalf("%+v", o)
			}
		}
	}
}

// The classes have the shares of a real register.
func TestSharesOfClasses(t *testing.T) {
	const n = 50_000
	count := map[string]float64{}
	for _, o := range all(t, n, 2, "370687") {
		count[o.Class]++
	}
	for class, want := range map[string]float64{"A": .655, "B": .253, "C": .077, "D": .015} {
		if got := count[class] / n; math.Abs(got-want) > .01 {
			t.Errorf("class %s has a share of %.3f, want %.3f", class, got, want)
		}
	}
}

// The seed decides everything.
func TestSeedDecides(t *testing.T) {
	a, b, c := all(t, 300, 7, "370687"), all(t, 300, 7, "370687"), all(t, 300, 8, "370687")
	if !slices.Equal(a, b) || slices.Equal(a, c) {
		t.Error("the same seed gives another population, or another seed the same")
	}
}

func TestRefusedPopulations(t *testing.T) {
	for _, test := range []struct {
		n       int
		regions []string
	}{{-1, []string{"370687"}}, {1, nil}, {1, []string{"37068"}}, {1, []string{"37068X"}}, {1<<28 + 1, []string{"370687"}}} {
		if _, err := Objects(test.n, 1, test.regions); err == nil {
			t.Errorf("%d objects of %v were made", test.n, test.regions)
		}
	}
}
