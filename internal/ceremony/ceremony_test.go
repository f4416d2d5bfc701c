package ceremony

import (
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"suicha/internal/draw"
)

// What a tree gives is what was put in, in every way there is of putting it.
func TestTreeGivesWhatWasPutIn(t *testing.T) {
	tree := Tree{}
	tree.Put("b.txt", []byte("乙"))
	tree.Copy("run-1/a.txt", fstest.MapFS{"run-1/a.txt": {Data: []byte("甲")}})
	tree.Make("run-1/c.txt", func(w io.Writer) error { _, err := io.WriteString(w, "丙"); return err })
	var names []string
	err := fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			text, err := fs.ReadFile(tree, name)
			names = append(names, name+"="+string(text))
			return err
		}
		return err
	})
	if want := []string{"b.txt=乙", "run-1/a.txt=甲", "run-1/c.txt=丙"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("walked %q, %v, want %q", names, err, want)
	}
	if info, err := fs.Stat(tree, "run-1"); err != nil || !info.IsDir() {
		t.Errorf("the folder is %v, %v", info, err)
	}
	for _, name := range []string{"run-2", "run-1/b.txt", "run"} {
		if _, err := tree.Open(name); err == nil {
			t.Errorf("there is no %s", name)
		}
	}
}

var sources = &draw.Manifest{Event: draw.EventPlan{Sources: []draw.Source{
	{Code: "ssq", Title: "双色球", Kind: "lottery", Parts: []draw.Part{{Count: 6, Min: 1, Max: 33}, {Count: 1, Min: 1, Max: 16}}},
	{Code: "drand", Title: "信标", Kind: "beacon", Hex: 16},
}}}

func typed(numbers string) Typed {
	return Typed{Numbers: numbers, Issue: map[string]string{"ssq": "2026135", "drand": "7"}, Time: map[string]string{}}
}

// The event is typed as people type, and has one canonical text.
func TestTypedNumbers(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"ssq:3 7 12 19 25 33+8/drand:00112233AABBCCDD", "ssq:03.07.12.19.25.33+08/drand:00112233aabbccdd/"},
		{"ssq：3，7", ""},
		{" ssq: 33、7、12、3、25、19 + 8 / drand: 00112233aabbccdd /", "ssq:03.07.12.19.25.33+08/drand:00112233aabbccdd/"},
		{"ssq:3 7 12 19 25 34+8/drand:00112233aabbccdd", ""},
		{"ssq:3 7 12 19 25 33+8", ""},
		{"urn:1/drand:00112233aabbccdd", ""},
		{"", ""},
	} {
		_, text, err := typed(test.in).Outcomes(sources)
		if text != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q is %q, %v, want %q", test.in, text, err, test.want)
		}
	}
}

// FuzzTypedNumbers reads whatever somebody types.
func FuzzTypedNumbers(f *testing.F) {
	f.Add("ssq:3 7 12 19 25 33+8/drand:00112233aabbccdd")
	f.Add("ssq:+/:/")
	f.Fuzz(func(t *testing.T, text string) {
		_, canonical, err := typed(text).Outcomes(sources)
		if err != nil {
			return
		}
		if _, again, err := typed(canonical).Outcomes(sources); err != nil || again != canonical || !strings.HasSuffix(canonical, "/") {
			t.Errorf("%q is %q, and that is %q, %v", text, canonical, again, err)
		}
	})
}
