package match

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	p := small(dice("fuzz"))
	x := p.Files()
	f.Add(x.Inspectors, x.Eligibility, x.Demands, x.Avoidance)
	f.Add([]byte("a\td\tr\tfood,leader\t3\t7\n"), []byte("g\td\t-\t3\tr,s;37\n"), []byte("o\td\t1\tg\t2\tlead\n"), []byte("o\ta\tx\n"))
	f.Add([]byte("a\td\tr\t-\t0\t-\r\n"), []byte{}, []byte("\n"), []byte("\xff\t\t\n"))
	f.Fuzz(func(t *testing.T, inspectors, eligibility, demands, avoidance []byte) {
		p, err := Parse(Files{inspectors, eligibility, demands, avoidance})
		if err != nil {
			var fault *FileError
			if !errors.As(err, &fault) || fault.Line < 1 {
				t.Fatalf("%v has no place", err)
			}
			return
		}
		again := p.Files()
		for _, pair := range [][2][]byte{{inspectors, again.Inspectors}, {eligibility, again.Eligibility}, {demands, again.Demands}, {avoidance, again.Avoidance}} {
			if !bytes.Equal(pair[0], pair[1]) {
				t.Fatalf("read %q, written %q", pair[0], pair[1])
			}
		}
		if !solvable(p) {
			return
		}
		keys := map[string]string{}
		for _, d := range p.Demands {
			keys[d.Department] = DummyKey(SM3, 1, d.Department)
		}
		r, err := Solve(p, Terms{SM3, keys, 3})
		var impossible *Impossible
		if errors.As(err, &impossible) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckBalance(p, r.Seats, r.Labels); err != nil {
			t.Fatal(err)
		}
	})
}

// solvable tells whether a problem is small enough for a fuzzer.
func solvable(p *Problem) bool { return len(p.Demands) < 20 && len(p.Inspectors) < 50 }

func FuzzParseSeats(f *testing.F) {
	f.Add([]byte("o\td\t1\ti\tleader\no\td\t1\tj\tmember\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if seats, err := ParseSeats(data); err == nil && !bytes.Equal(FormatSeats(seats), data) {
			t.Fatalf("read %q, written %q", data, FormatSeats(seats))
		}
	})
}

func FuzzParseLabels(f *testing.F) {
	f.Add([]byte("i\t0\t2\t3\nj\t0\t0\t0\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if labels, err := ParseLabels(data); err == nil && !bytes.Equal(FormatLabels(labels), data) {
			t.Fatalf("read %q, written %q", data, FormatLabels(labels))
		}
	})
}

// sample is a problem of two departments with a lawful, balanced assignment.
func sample(t *testing.T) (*Problem, *Result) {
	t.Helper()
	_, err := Parse(Files{
		Inspectors: []byte("a1\ta\t370601\tleader\t0\t-\na2\ta\t370601\tfood\t0\t3\na3\ta\t370602\tfood\t1\t-\n" +
			"b1\tb\t370601\t-\t0\t-\nb2\tb\t370601\t-\t2\t-\n"),
		Eligibility: []byte("ga\ta\t-\t0\t3706\ngf\ta\tfood\t0\t3706\ngl\ta\tleader\t0\t3706\ngb\tb\t-\t0\t3706\n"),
		Demands:     []byte("o1\ta\t1\tga\t2\tlead\no1\tb\t1\tgb\t1\tjoin\no2\ta\t1\tgl\t1\tlead\no2\ta\t2\tgf\t1\tlead\no3\tb\t1\tgb\t2\tlead\n"),
		Avoidance:   []byte("o1\ta3\tx\n"),
	})
	if err == nil {
		t.Fatal("the groups are out of order")
	}
	p, err := Parse(Files{
		Inspectors: []byte("a1\ta\t370601\tleader\t0\t-\na2\ta\t370601\tfood\t0\t3\na3\ta\t370602\tfood\t1\t-\n" +
			"b1\tb\t370601\t-\t0\t-\nb2\tb\t370601\t-\t2\t-\n"),
		Eligibility: []byte("ga\ta\t-\t0\t3706\ngb\tb\t-\t0\t3706\ngf\ta\tfood\t0\t3706\ngl\ta\tleader\t0\t3706\n"),
		Demands:     []byte("o1\ta\t1\tga\t2\tlead\no1\tb\t1\tgb\t1\tjoin\no2\ta\t1\tgl\t1\tlead\no2\ta\t2\tgf\t1\tlead\no3\tb\t1\tgb\t2\tlead\n"),
		Avoidance:   []byte("o1\ta3\tx\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Solve(p, Terms{SHA256, map[string]string{"a": strings.Repeat("a", 32), "b": strings.Repeat("b", 32)}, 20})
	if err != nil {
		t.Fatal(err)
	}
	return p, r
}

// TestCheckFindsEveryViolation breaks a lawful assignment in every way: R72, the
// leader among them.
func TestCheckFindsEveryViolation(t *testing.T) {
	p, r := sample(t)
	if bad, err := Check(p, r.Seats); err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	at := func(object, department string, line int) int {
		return slices.IndexFunc(r.Seats, func(s Seat) bool { return s.Object == object && s.Department == department && s.Line == line })
	}
	for _, test := range []struct {
		want   string
		change func([]Seat) []Seat
	}{
		{"应有检查人员 1 人，实有 0 人", func(s []Seat) []Seat { return slices.Delete(s, at("o1", "b", 1), at("o1", "b", 1)+1) }},
		{"应有检查人员 2 人，实有 3 人", func(s []Seat) []Seat { return append(s, Seat{"o3", "b", 1, "b3", false}) }},
		{"检查人员不在名录中", func(s []Seat) []Seat { s[at("o1", "b", 1)].Inspector = "b9"; return s }},
		{"检查人员不属于该部门", func(s []Seat) []Seat { s[at("o1", "b", 1)].Inspector = "a3"; return s }},
		{"检查人员缺少所需资格", func(s []Seat) []Seat { s[at("o2", "a", 2)].Inspector = "a1"; return s }},
		{"在同一检查对象重复", func(s []Seat) []Seat { s[at("o2", "a", 2)].Inspector = "a1"; return s }},
		{"检查人员应当回避", func(s []Seat) []Seat { s[at("o1", "a", 1)+1].Inspector = "a3"; return s }},
		{"没有这项检查需求", func(s []Seat) []Seat { return append(s, Seat{"o4", "b", 1, "b1", false}) }},
		{"没有这项检查需求", func(s []Seat) []Seat { return append([]Seat{{"o0", "b", 1, "b1", false}}, s...) }},
		{"应有组长 1 人，实有 0 人", func(s []Seat) []Seat { s[at("o2", "a", 1)].Leader = false; return s }},
		{"应有组长 1 人，实有 2 人", func(s []Seat) []Seat { s[at("o2", "a", 2)].Leader = true; return s }},
		{"不能担任组长", func(s []Seat) []Seat {
			s[at("o2", "a", 1)].Leader, s[at("o2", "a", 2)].Leader = false, true
			return s
		}},
	} {
		bad, err := Check(p, test.change(slices.Clone(r.Seats)))
		if err != nil || !slices.ContainsFunc(bad, func(v Violation) bool { return v.Text == test.want }) {
			t.Errorf("want %s, got %v, %v", test.want, bad, err)
		}
	}
	q := *p
	q.Inspectors = slices.Clone(p.Inspectors)
	q.Inspectors[1].Cap = 1
	if bad, err := Check(&q, r.Seats); err != nil || len(bad) != 1 || !strings.Contains(bad[0].Text, "超过上限") {
		t.Errorf("the cap is not checked: %v, %v", bad, err)
	}
}

// TestCheckBalanceRefuses gives false certificates, and true ones of uneven
// assignments cannot exist.
func TestCheckBalanceRefuses(t *testing.T) {
	p, r := sample(t)
	for i := range r.Labels {
		for _, change := range []func(*Label){
			func(l *Label) { l.Peak += 2 },
			func(l *Label) { l.Peak = l.After - 1 },
			func(l *Label) { l.After++ },
			func(l *Label) { l.Before++ },
			func(l *Label) { l.Inspector += "x" },
		} {
			labels := slices.Clone(r.Labels)
			change(&labels[i])
			if labels[i].Inspector == "a2" && labels[i].Peak == r.Labels[i].Peak+2 && labels[i].After == p.Inspectors[1].Cap {
				continue
			}
			if CheckBalance(p, r.Seats, labels) == nil {
				t.Errorf("accepted %+v for %+v", labels[i], r.Labels[i])
			}
		}
	}
	// An uneven one: b1 and b2 could share, b2 has it all.
	seats := slices.Clone(r.Seats)
	for k := range seats {
		if seats[k].Object == "o1" && seats[k].Department == "b" {
			seats[k].Inspector = "b2"
		}
	}
	for first := 0; first < 6; first++ {
		for second := 0; second < 6; second++ {
			labels := slices.Clone(r.Labels)
			labels[3], labels[4] = Label{"b1", 0, 1, first}, Label{"b2", 2, 4, second}
			if CheckBalance(p, seats, labels) == nil {
				t.Errorf("peaks %d and %d prove an uneven assignment", first, second)
			}
		}
	}
}

// TestShortageText is the wording that users see.
func TestShortageText(t *testing.T) {
	p := &Problem{Groups: []Group{{ID: "g", Department: "市场监管", Quals: []string{"特种设备"}, Stages: [][]string{{"3706"}}}}}
	for k := range 3 {
		p.Inspectors = append(p.Inspectors, Inspector{ID: fmt.Sprint("i", k), Department: "市场监管", Region: "370601", Quals: []string{"特种设备"}, Cap: 3})
	}
	for k := range 6 {
		p.Demands = append(p.Demands, Demand{fmt.Sprint("o", k), "市场监管", 1, "g", 2, true})
	}
	_, err := Solve(p, Terms{SHA256, map[string]string{"市场监管": strings.Repeat("0", 32)}, 1})
	want := "市场监管（o0等）：需要特种设备资格的检查 12 次，符合条件的检查人员只有 3 人，最多可承担 9 次，还差 3 次。可以：扩大区域、增加人员、减少每组人数、提高个人次数上限。"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	p.Inspectors = nil
	_, err = Solve(p, Terms{SHA256, map[string]string{"市场监管": strings.Repeat("0", 32)}, 1})
	want = "市场监管（o0等）：需要特种设备资格的检查 12 次，没有符合条件的检查人员。可以：扩大区域、增加人员、减少每组人数。"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestRehearsal draws other objects in each run; some runs are impossible.
func TestRehearsal(t *testing.T) {
	seen := map[string]bool{}
	draw := func(key string) (*Problem, error) {
		if !strings.HasPrefix(key, Dummy) || len(key) != KeyLen || seen[key] {
			t.Fatalf("key %s", key)
		}
		seen[key] = true
		p := &Problem{Groups: []Group{{ID: "g", Department: "d", Stages: [][]string{{"r"}}}}}
		for k := range 2 {
			p.Inspectors = append(p.Inspectors, Inspector{ID: fmt.Sprint("i", k), Department: "d", Region: "r", Cap: NoCap})
		}
		need := 2
		if key[len(key)-1] < '8' {
			need = 3
		}
		p.Demands = []Demand{{"o", "d", 1, "g", need, true}}
		return p, nil
	}
	r, err := Rehearse(SHA256, 1, 64, draw)
	if err != nil {
		t.Fatal(err)
	}
	possible := r.Runs - r.Impossible
	if r.Impossible < 16 || r.Impossible > 48 || len(r.Shortages) != 1 || len(r.Loads) != 2 || r.Loads[0] != (Expected{"i0", possible, 1}) {
		t.Errorf("%+v", r)
	}
	if r.Lines != 64 || r.Few != 64 || len(r.Tight) != 1 || r.Tight[0].Size != 2 {
		t.Errorf("%+v", r)
	}
}

// TestTermsRefused: no weak key, no unknown hash, no endless mixing.
func TestTermsRefused(t *testing.T) {
	p, _ := sample(t)
	good := Terms{SHA256, map[string]string{"a": strings.Repeat("a", 32), "b": strings.Repeat("b", 32)}, 1}
	for name, change := range map[string]func(*Terms){
		"suite":     func(t *Terms) { t.Suite = "md5" },
		"mix":       func(t *Terms) { t.Mix = MaxMix + 1 },
		"short key": func(t *Terms) { t.Keys = map[string]string{"a": "a", "b": strings.Repeat("b", 32)} },
		"no key":    func(t *Terms) { t.Keys = map[string]string{"a": strings.Repeat("a", 32)} },
		"colon":     func(t *Terms) { t.Keys = map[string]string{"a": strings.Repeat(":", 32), "b": strings.Repeat("b", 32)} },
	} {
		terms := good
		change(&terms)
		if _, err := Solve(p, terms); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
