package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"suicha/internal/draw"
)

// made are bundles of every kind, made by the program itself in a folder that
// TestMain removes.
var (
	madeIn string
	made   = sync.OnceValues(func() (map[string]string, error) {
		dir, err := os.MkdirTemp("", "suicha-bundles-")
		if err != nil {
			return nil, err
		}
		madeIn = dir
		if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "suicha"), "suicha/cmd/suicha").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w: %s", err, out)
		}
		const script = `set -e
PATH=$PWD:$PATH
suicha draw example open -n 300
suicha draw substitute -d open --task T1 --id "$(cut -f5 open/result.tsv | head -1)" --reason moved --evidence open/announcement.json --approver 王局长
suicha draw bundle -d open -o matched --supervised
suicha draw bundle -d open -o public
suicha draw example sealed -n 300 --mode sealed --suite sha256-ed25519
suicha draw bundle -d sealed -o closed --supervised
suicha draw open -d sealed --custodian sealed/contributors/银行保管箱.secret
suicha draw bundle -d sealed -o opened --supervised
suicha draw example broken -n 300 --until commit
suicha draw void -d broken --phase reveal --defaulter 税务局 --reason 到期未亮出
suicha draw bundle -d broken -o void --supervised
suicha draw example early -n 300 --until announce
suicha draw void -d early --phase technical --reason 名单有误
suicha draw bundle -d early -o unlocked
`
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%w: %s", err, out)
		}
		bundles := map[string]string{}
		for _, name := range []string{"matched", "public", "closed", "opened", "void", "unlocked"} {
			bundles[name] = filepath.Join(dir, name)
		}
		return bundles, nil
	})
)

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(madeIn)
	os.Exit(code)
}

func bundleOf(t testing.TB, name string) fstest.MapFS {
	t.Helper()
	dirs, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return load(t, dirs[name])
}

// mended is the bundle with right lists of digests.
func mended(t testing.TB, files fstest.MapFS) fstest.MapFS {
	t.Helper()
	files = maps.Clone(files)
	sums, err := draw.Sums(files)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range sums {
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// blamed is where a bundle is at fault: "file:line", or "".
func blamed(t testing.TB, files fstest.MapFS) string {
	t.Helper()
	var fault *draw.Fault
	err := verifyBundle(io.Discard, files)
	if err != nil && !errors.As(err, &fault) {
		t.Fatalf("no fault of a file: %v", err)
	}
	if err == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", fault.File, fault.Line)
}

// R55, R68: any changed byte of any file is noticed, and the file is named: of
// matched, sealed, opened, void and public bundles.
func TestTenThousandChangedBytesAreNamed(t *testing.T) {
	changes := 2000 // of each of six bundles
	if os.Getenv("SUICHA_TEST") == "quick" {
		changes = 100
	}
	for _, name := range []string{"matched", "public", "closed", "opened", "void", "unlocked"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changeBytes(t, bundleOf(t, name), changes)
		})
	}
}

func changeBytes(t *testing.T, files fstest.MapFS, changes int) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool { return len(files[name].Data) == 0 })
	random := rand.New(rand.NewPCG(3, 2026))
	for range changes {
		file := names[random.IntN(len(names))]
		if strings.HasPrefix(file, "verify/") && random.IntN(4) > 0 {
			file = draw.ManifestFile
		}
		data := files[file].Data
		at := random.IntN(len(data))
		old := data[at]
		data[at] ^= byte(1 + random.IntN(255))
		got := blamed(t, files)
		if got == "" || !strings.HasPrefix(got, file+":") && !strings.HasSuffix(file, "SUMS") {
			t.Fatalf("byte %d of %s changed: %q", at, file, got)
		}
		data[at] = old
	}
	if got := blamed(t, files); got != "" {
		t.Errorf("the bundle itself: %s", got)
	}
}

// R71: the right objects are matched, whatever the lists of digests say.
func TestRightObjectsAreMatched(t *testing.T) {
	files := bundleOf(t, "matched")
	lines := strings.SplitAfter(string(files["demands.tsv"].Data), "\n")
	edit := func(name string, lines ...[]string) fstest.MapFS {
		changed := maps.Clone(files)
		changed[name] = &fstest.MapFile{Data: []byte(strings.Join(slices.Concat(lines...), ""))}
		return mended(t, changed)
	}
	object := func(i int) string { id, _, _ := strings.Cut(lines[i], "\t"); return id }
	joins := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "\tjoin") })
	second := slices.IndexFunc(lines, func(l string) bool { return !strings.HasPrefix(l, object(0)) })
	for _, test := range []struct {
		want    string
		changed fstest.MapFS
	}{
		{fmt.Sprintf("demands.tsv:%d", joins+1), edit("demands.tsv", lines[:joins], []string{strings.Replace(lines[joins], "\tjoin", "\tlead", 1)}, lines[joins+1:])},
		{"demands.tsv:1", edit("demands.tsv", lines[second:])}, // the first drawn object dropped
		{fmt.Sprintf("demands.tsv:%d", len(lines)), edit("demands.tsv", lines, []string{"ZZZZ\t市场监管局\t1\t市监\t2\tlead\n"})},
		{"needs.tsv:0", edit("needs.tsv", []string{strings.Replace(string(files["needs.tsv"].Data), "\t1\n", "\t2\n", 1)})},
	} {
		if got := blamed(t, test.changed); got != test.want {
			t.Errorf("%q blamed, want %s", got, test.want)
		}
	}
	for _, name := range slices.Concat(draw.MatchInputs, draw.MatchOutputs) {
		changed := maps.Clone(files)
		delete(changed, name)
		if got := blamed(t, mended(t, changed)); got != name+":0" {
			t.Errorf("without %s: %q blamed", name, got)
		}
		public := maps.Clone(bundleOf(t, "public"))
		public[name] = files[name]
		if got := blamed(t, mended(t, public)); got != name+":0" {
			t.Errorf("%s in a public bundle: %q blamed", name, got)
		}
	}
}

// What stands in a bundle too early or too late is refused.
func TestFilesOutOfPlace(t *testing.T) {
	open, closed := bundleOf(t, "opened"), bundleOf(t, "closed")
	for _, name := range []string{"result.tsv", "reserve.tsv", "demands.tsv"} {
		changed := maps.Clone(closed)
		changed[name] = open[name]
		if got := blamed(t, mended(t, changed)); got != name+":0" {
			t.Errorf("%s before the opening: %q blamed", name, got)
		}
	}
	changed := maps.Clone(open)
	changed["difference.tsv"] = &fstest.MapFile{}
	if got := blamed(t, mended(t, changed)); got != "difference.tsv:0" {
		t.Errorf("a difference to nothing: %q blamed", got)
	}
	public := maps.Clone(bundleOf(t, "public"))
	delete(public, draw.PublicFile)
	if got := blamed(t, mended(t, public)); got != "population.public.tsv:0" {
		t.Errorf("without the public list: %q blamed", got)
	}
}

// The ticket of an id that is in no population is not asked for first.
func TestForeignIDIsBlamedOnItsLine(t *testing.T) {
	files := maps.Clone(bundleOf(t, "public"))
	text := string(files["result.tsv"].Data)
	lines := strings.SplitAfter(text, "\n")
	lines[4] = strings.Replace(lines[4], "\t"+strings.Split(lines[4], "\t")[4]+"\t", "\tXK-2026-0001\t", 1)
	files["result.tsv"] = &fstest.MapFile{Data: []byte(strings.Join(lines, ""))}
	if got := blamed(t, mended(t, files)); got != "result.tsv:5" {
		t.Errorf("%q blamed", got)
	}
}
