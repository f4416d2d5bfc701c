package draw

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// faultOf is the file and line that err blames.
func faultOf(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	return fmt.Sprint(err)
}

func TestPopulationFaults(t *testing.T) {
	m, _ := testManifest(SHA256, "open")
	lines := strings.SplitAfter(string(synthetic(40000, "s0", "s1", "s2", "s3")), "\n") // several blocks
	lines = lines[:len(lines)-1]
	edit := func(at int, change func(string) string) []string {
		c := slices.Clone(lines)
		c[at] = change(c[at])
		return c
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	swap := func(i, j int) []string {
		c := slices.Clone(lines)
		c[i], c[j] = c[j], c[i]
		return c
	}
	for _, test := range []struct {
		name  string
		lines []string
		line  int
		text  string
	}{
		{"duplicate", slices.Insert(slices.Clone(lines), 7, lines[6]), 8, "重复"},
		{"duplicate with another salt", edit(8, func(string) string { return strings.Replace(lines[7], testSalt(7), testSalt(8), 1) }), 9, "重复"},
		{"unsorted", swap(20000, 20001), 20002, "顺序"},
		{"unsorted far away", swap(10, 39990), 12, "顺序"},
		{"wrong check character", edit(30000, func(s string) string { return s[:17] + string("01"[1-s[17]%2]) + s[18:] }), 30001, "校验位"},
		{"carriage return", edit(5, replace("\n", "\r\n")), 6, "回车"},
		{"control character", edit(5, replace("3706", "37\x0006")), 6, "控制字符"},
		{"mixed encodings", edit(39999, replace("3706", "\xc9\xcc")), 40000, "UTF-8"},
		{"byte order mark", edit(0, func(s string) string { return "\ufeff" + s }), 1, "统一社会信用代码"},
		{"lower case", edit(5, func(s string) string { return strings.ToLower(s[:18]) + s[18:] }), 6, "统一社会信用代码"},
		{"full width", edit(5, replace("9", "９")), 6, "统一社会信用代码"},
		{"eight fields", edit(5, replace("\tu\t", "\tu\t\t")), 6, "7 个"},
		{"empty line", edit(5, func(string) string { return "\n" }), 6, "7 个"},
		{"unknown scope", edit(5, replace("\ts1\t", "\ts9\t")), 6, "范围"},
		{"unknown stratum", edit(1, func(s string) string {
			f := strings.Split(s, "\t")
			f[2] = "Z"
			return strings.Join(f, "\t")
		}), 2, "分层"},
		{"no line feed at the end", edit(39999, replace("\n", "")), 40000, "截断"},
		{"cut in the middle", edit(39999, func(s string) string { return s[:20] }), 40000, "截断"},
		{"two faults, the first counts", func() []string { c := edit(39990, replace("\tu", "\tv")); c[100] = "x\n"; return c }(), 101, "7 个"},
		{"long line", edit(7, func(string) string { return strings.Repeat("A", blockSize) + "\n" }), 8, "过长"},
	} {
		for range 3 { // with any timing
			_, err := ReadPool(m, strings.NewReader(strings.Join(test.lines, "")), PopulationFile)
			if want := fmt.Sprintf("%s:%d", PopulationFile, test.line); faultOf(err) != want || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%s: %v, want %s with %s", test.name, err, want, test.text)
			}
		}
	}
}

// TestManifestFaults changes a good manifest in one place each.
func TestManifestFaults(t *testing.T) {
	for name, change := range map[string]func(*Manifest){
		"batch": func(m *Manifest) { m.Batch = "a b" }, "run": func(m *Manifest) { m.Run = 0 }, "second run without void": func(m *Manifest) { m.Run = 2 },
		"time": func(m *Manifest) { m.Time = "2026-11-31T00:00:00Z" }, "suite": func(m *Manifest) { m.Suite = "md5" }, "mode": func(m *Manifest) { m.Mode = "secret" },
		"opening in open mode": func(m *Manifest) { m.Opening = at("09:00:00") }, "cap": func(m *Manifest) { m.Cap = 3 }, "λ above 1": func(m *Manifest) { m.Lambda = [2]uint64{2, 1} },
		"λ without denominator": func(m *Manifest) { m.Lambda = [2]uint64{0, 0} }, "rate above 100 %": func(m *Manifest) { m.Tasks[0].Strata[0].Rate = 10001 },
		"rate with a total": func(m *Manifest) { m.Tasks[1].Strata[0].Rate = 1 }, "total with rates": func(m *Manifest) { m.Tasks[0].Total = 1 },
		"tasks unsorted": func(m *Manifest) { m.Tasks[0].Code = "T9" }, "no task": func(m *Manifest) { m.Tasks = nil }, "strata unsorted": func(m *Manifest) { m.Tasks[0].Strata[0].Code = "B" },
		"lead not among the departments": func(m *Manifest) { m.Tasks[0].Lead = "公安局" }, "scope of an unknown task": func(m *Manifest) { m.Scopes[1].Tasks[0] = "T0" },
		"one open contributor":             func(m *Manifest) { m.Contributors[1].Role, m.Contributors[1].Holder = "sealed", "公证处" },
		"envelope kept by its owner":       func(m *Manifest) { m.Contributors[0].Holder = "公证处" },
		"envelope kept by an open one":     func(m *Manifest) { m.Contributors[0].Holder = "税务局" },
		"custodian in open mode":           func(m *Manifest) { m.Contributors[1].Role = "custodian" },
		"key of another suite":             func(m *Manifest) { m.Contributors[1].Key += "00" },
		"event before the reveals are due": func(m *Manifest) { m.Event.NotBefore = m.Deadlines.Reveal },
		"three digits only":                func(m *Manifest) { m.Event.Sources = m.Event.Sources[1:]; m.Event.Sources[0].Parts[0].Count = 3 },
		"a source twice":                   func(m *Manifest) { m.Event.Reserves[0].Code = "ssq" },
		"more numbers than balls":          func(m *Manifest) { m.Event.Sources[0].Parts[0].Max = 4 },
		"title of a control character":     func(m *Manifest) { m.Title = "a\u202eb" },
	} {
		m, _ := testManifest(SHA256, "open")
		change(m)
		if _, err := m.Encode(); faultOf(err) != ManifestFile+":1" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryByteCounts changes single bytes of a bundle: verification must fail and
// name the file. With both lists of digests made anew it still must, but for what
// nothing else speaks of: reasons of substitutions, and when keys were published.
func TestEveryByteCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	both(t, func(t *testing.T, s Suite) {
		files := exampleBundle(t, s)
		names := slices.Sorted(maps.Keys(files))
		for n := range 400 {
			name := names[n%len(names)]
			changed := maps.Clone(files)
			data := bytes.Clone(files[name])
			data[r.IntN(len(data))] ^= byte(1 + r.IntN(255))
			changed[name] = data
			err := CheckSums(fsOf(changed))
			var f *Fault
			if list := name == SHA256Sums || name == SM3Sums; !errors.As(err, &f) || f.File != name && !list {
				t.Fatalf("%s changed: %v", name, err)
			}
			if name == SHA256Sums || name == SM3Sums || name == SubstitutionsFile || name == OpeningFile || n > 120 {
				continue
			}
			if name == ProofFile {
				if _, err := VerifyProof(name, data); err == nil {
					t.Fatalf("%s changed and passed", name)
				}
			} else if err := verifyAll(sealedFiles(t, changed)); err == nil {
				at := 0
				for data[at] == files[name][at] {
					at++
				}
				t.Fatalf("%s changed at %d (%q) and passed", name, at, data[max(0, at-20):min(len(data), at+20)])
			}
		}
	})
}

func TestSumsNameEveryFile(t *testing.T) {
	files := exampleBundle(t, SHA256)
	for name, change := range map[string]func(map[string][]byte){
		"extra.txt:0": func(f map[string][]byte) { f["extra.txt"] = []byte("x") },
		"lock.json:0": func(f map[string][]byte) { delete(f, LockFile) },
		"a b.txt:0":   func(f map[string][]byte) { f["a b.txt"] = []byte("x") },
		"SM3SUMS:0":   func(f map[string][]byte) { delete(f, SM3Sums) },
		"SHA256SUMS:2": func(f map[string][]byte) {
			l := bytes.SplitAfter(f[SHA256Sums], []byte("\n"))
			f[SHA256Sums] = slices.Concat(l[0], l[0])
		},
		"commits.json:0":   func(f map[string][]byte) { f[SHA256Sums] = f[SHA256Sums][:0] },
		"SHA256SUMS:1":     func(f map[string][]byte) { f[SHA256Sums] = bytes.ToUpper(f[SHA256Sums]) },
		"envelopes.json:0": func(f map[string][]byte) { f[EnvelopesFile] = nil },
		"substitutions.tsv:0": func(f map[string][]byte) {
			f[SHA256Sums] = f[SHA256Sums][:bytes.LastIndexByte(f[SHA256Sums][:len(f[SHA256Sums])-1], '\n')+1]
		},
	} {
		changed := maps.Clone(files)
		change(changed)
		if got := faultOf(CheckSums(fsOf(changed))); got != name {
			t.Errorf("%s blamed, want %s", got, name)
		}
	}
}

// TestWrongDrawIsRefused gives CheckPopulation lists and roots that are well formed
// and wrong.
func TestWrongDrawIsRefused(t *testing.T) {
	w := drawnWhole(t, SHA256, "open", 1000)
	check := func(c *Ceremony, picks []Pick) string {
		if err := CheckLists(c.Manifest, c.Result, w.keys, picks, w.drawn.Reserve); err != nil {
			return faultOf(err)
		}
		return faultOf(CheckPopulation(c, w.keys, bytes.NewReader(w.data), picks, w.drawn.Reserve))
	}
	if got := check(w.Ceremony, w.drawn.Picks); got != "<nil>" {
		t.Fatal(got)
	}
	other := slices.Clone(w.drawn.Picks)
	other[1].ID = syntheticRecord(500, []string{"x"}).ID
	other[1].Ticket = Ticket(SHA256, w.keys["g1"].String(), other[1].ID)
	if got := check(w.Ceremony, other); !strings.HasPrefix(got, "res") {
		t.Errorf("another object: %s", got)
	}
	if got := check(w.Ceremony, w.drawn.Picks[:5]); got != "result.tsv:6" {
		t.Errorf("too few: %s", got)
	}
	if got := check(w.Ceremony, append(slices.Clone(w.drawn.Picks), w.drawn.Picks[0])); got != fmt.Sprintf("result.tsv:%d", len(w.drawn.Picks)+1) {
		t.Errorf("too many: %s", got)
	}
	result := *w.Result
	result.Cells = slices.Clone(result.Cells)
	result.Cells[3].Root = result.Cells[2].Root
	c := *w.Ceremony
	c.Result = &result
	if got := check(&c, w.drawn.Picks); got != "result.json:1" {
		t.Errorf("another root: %s", got)
	}
	lock := *w.Lock
	lock.Population.Size++
	c = *w.Ceremony
	c.Lock = &lock
	if got := check(&c, w.drawn.Picks); got != PopulationFile+":0" {
		t.Errorf("another size: %s", got)
	}
}
