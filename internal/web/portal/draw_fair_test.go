package portal

import (
	"math"
	"strings"
	"testing"
)

// The chances of a cell add up to one, have the mean they should, and a sum of
// cells as well.
func TestChancesOfAreas(t *testing.T) {
	for _, x := range []struct{ size, k, n int }{{10, 4, 3}, {722, 100, 26}, {5, 5, 2}, {5, 0, 2}, {60000, 12000, 1800}, {3, 2, 3}} {
		sum, mean := 0.0, 0.0
		for i, p := range hypergeometric(x.size, x.k, x.n) {
			sum, mean = sum+p, mean+float64(i)*p
		}
		if want := float64(x.n) * float64(x.k) / float64(x.size); math.Abs(sum-1) > 1e-6 || math.Abs(mean-want) > 1e-3 {
			t.Errorf("%+v: the chances add up to %f, their mean is %f, want %f", x, sum, mean, want)
		}
	}
	both := convolve(hypergeometric(10, 4, 3), hypergeometric(8, 4, 4))
	if got := midP(both, 3); got < 0.5 || got > 1 {
		t.Errorf("what is most likely has the value %f", got)
	}
	if got := midP(both, 7); got > 0.01 {
		t.Errorf("what is least likely has the value %f", got)
	}
	low, least := corrected([]testView{{p: 0.01}, {p: 0.5}, {p: 0.04}})
	if low != 2 || least != "0.030" {
		t.Errorf("two of three below 5 %%: %d, %s", low, least)
	}
}

// The picture has the drawn tickets where they are, those that would lie on each
// other once, and of the others the number only.
func TestPicturesTellNumbersOnly(t *testing.T) {
	if got := marks([]float64{1, 1.1, 1.2, 8}, 94, 34); got != "M1.0 94v34M8.0 94v34" {
		t.Errorf("marks are %s", got)
	}
	path, each := even(100, 200, 10, 95, 1, 106, 22)
	if each != 10 || strings.Count(path, "M") != 9 {
		t.Errorf("95 objects are %d marks of %d", strings.Count(path, "M"), each)
	}
	if path, each := even(100, 100, 10, 95, 1, 106, 22); path != "" || each != 0 {
		t.Error("there are marks where there is no room")
	}
	one := cellView{Size: 1, Drawn: 1, Cut: "0.99999999"}
	if s := newStrip(one, 686, "0.5"); s.Window != "1" || s.Out != "" || s.Anchor != "end" {
		t.Errorf("the picture of one object is %+v", s)
	}
}
