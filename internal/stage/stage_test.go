package stage

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// sorted puts lines through a Sorter that holds most bytes.
func sorted(t testing.TB, most int, lines [][]byte) [][]byte {
	t.Helper()
	s := NewSorter(t.TempDir(), "run")
	s.most = most
	for _, l := range lines {
		if err := s.Add(l); err != nil {
			t.Fatal(err)
		}
	}
	var out [][]byte
	for l, err := range s.Sorted() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, bytes.Clone(l))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(s.dir); err != nil || len(left) > 0 {
		t.Errorf("%d runs are left: %v", len(left), err)
	}
	return out
}

func TestSorterIsASort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct{ lines, longest, most int }{{0, 1, 100}, {1, 10, 100}, {1000, 20, 1 << 20}, {5000, 40, 4096}, {300, 200_000, 1 << 20}} {
		var lines [][]byte
		for range test.lines {
			l := make([]byte, random.IntN(test.longest))
			for k := range l {
				if l[k] = byte(random.IntN(256)); l[k] == '\n' {
					l[k] = 0
				}
			}
			lines = append(lines, l)
		}
		got := sorted(t, test.most, lines)
		slices.SortFunc(lines, bytes.Compare)
		if !slices.EqualFunc(got, lines, bytes.Equal) {
			t.Errorf("%+v: not sorted", test)
		}
	}
}

func TestSorterRefusesWhatIsNoLine(t *testing.T) {
	s := NewSorter(t.TempDir(), "run")
	for _, l := range []string{"a\nb", strings.Repeat("x", longestLine+1)} {
		if err := s.Add([]byte(l)); !errors.Is(err, errLine) {
			t.Errorf("a line of %d bytes: %v", len(l), err)
		}
	}
}

// A sorting that is left early takes its runs with it.
func TestSorterCanBeLeft(t *testing.T) {
	s := NewSorter(t.TempDir(), "run")
	s.most = 100
	for i := range 1000 {
		if err := s.Add(fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	for range s.Sorted() {
		break
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzSorter(f *testing.F) {
	f.Add([]byte("b\na\n\n"), uint16(1))
	f.Fuzz(func(t *testing.T, text []byte, most uint16) {
		lines := bytes.Split(text, []byte{'\n'})
		got := sorted(t, int(most)+1, lines)
		slices.SortFunc(lines, bytes.Compare)
		if !slices.EqualFunc(got, lines, bytes.Equal) {
			t.Errorf("got %q, want %q", got, lines)
		}
	})
}

// A file is its owner's, named by its digest; nothing of one that is too large or cut
// off remains; names are no paths.
func TestFolderKeepsFiles(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	const owner, other = "0199c5d2-7a10-7c3e-8a51-3f60d1c2b101", "0199c5d2-7a10-7c3e-8a51-3f60d1c2b102"
	kept, err := f.Keep(owner, strings.NewReader("abc"), 3)
	if err != nil || kept.Size != 3 || !strings.HasPrefix(kept.SHA256, "ba7816bf") {
		t.Fatalf("%+v, %v", kept, err)
	}
	if _, err := f.Keep(owner, strings.NewReader("abcd"), 3); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if left, _ := os.ReadDir(dir + "/files/" + owner); len(left) != 1 {
		t.Errorf("%d files", len(left))
	}
	for _, name := range []string{"../" + owner, "", ".", "a/b", other} {
		if _, err := f.File(name, kept.SHA256); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q opens a file: %v", name, err)
		}
	}
	got, err := f.File(owner, kept.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if err := got.Close(); err != nil {
		t.Error(err)
	}
	no := func(string, string) (bool, error) { return false, nil }
	if err := f.Sweep(time.Now(), time.Hour, no); err != nil {
		t.Error(err)
	}
	if err := f.Sweep(time.Now().Add(2*time.Hour), time.Hour, no); err != nil {
		t.Error(err)
	}
	if _, err := f.File(owner, kept.SHA256); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an old file nobody wants: %v", err)
	}
}

func TestBatchFiles(t *testing.T) {
	f, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Batch("0199c5d2-7a10-7c3e-8a51-3f60d1c2b801")
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if found, err := b.ReadJSON("n.json", &n); found || err != nil {
		t.Errorf("a file that is not there: %v, %v", found, err)
	}
	if err := b.WriteJSON("n.json", 7); err != nil {
		t.Fatal(err)
	}
	if found, err := b.ReadJSON("n.json", &n); !found || err != nil || n != 7 {
		t.Errorf("%d, %v, %v", n, found, err)
	}
	if _, err := b.Work("check"); err != nil {
		t.Fatal(err)
	}
	if err := b.Drop(func(file string) bool { return file == "n.json" }); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(b.Path("")); err != nil || len(left) != 1 {
		t.Errorf("%d files, %v", len(left), err)
	}
	if _, err := f.Batch("../x"); err == nil {
		t.Error("a path is taken for a batch")
	}
}
