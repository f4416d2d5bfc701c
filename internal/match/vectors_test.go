package match

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/vectors/tickets.json")

type vector struct {
	Name, Suite                                 string
	Keys                                        map[string]string
	Mix                                         int
	Inspectors, Eligibility, Demands, Avoidance []string
	Called, Assignment, Balance                 []string
	Shortages                                   []struct {
		Department                 string
		Demands, Inspectors, Quals []string
		Need, Capacity             int
		Capped                     bool
		Text                       string
	}
}

func readVectors(t testing.TB, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func file(lines []string) []byte {
	if len(lines) == 0 {
		return nil
	}
	return []byte(strings.Join(lines, "\n") + "\n")
}

// TestVectors checks the outcome of every vector, and the certificate and
// lawfulness of every assignment.
func TestVectors(t *testing.T) {
	total := 0
	for _, name := range []string{"plain", "regions", "typed", "caps", "avoidance", "leader", "impossible", "county"} {
		var f struct {
			About   string
			Vectors []vector
		}
		readVectors(t, name+".json", &f)
		total += len(f.Vectors)
		for _, v := range f.Vectors {
			t.Run(v.Name, func(t *testing.T) { v.check(t) })
		}
	}
	if total < 100 {
		t.Errorf("%d vectors, want at least 100", total)
	}
}

func (v *vector) check(t *testing.T) {
	in := Files{file(v.Inspectors), file(v.Eligibility), file(v.Demands), file(v.Avoidance)}
	p, err := Parse(in)
	if err != nil {
		t.Fatal(err)
	}
	if out := p.Files(); !bytes.Equal(out.Inspectors, in.Inspectors) || !bytes.Equal(out.Eligibility, in.Eligibility) ||
		!bytes.Equal(out.Demands, in.Demands) || !bytes.Equal(out.Avoidance, in.Avoidance) {
		t.Error("the files are not written as they were read")
	}
	r, err := Solve(p, Terms{Suite(v.Suite), v.Keys, v.Mix})
	if v.Assignment == nil {
		v.checkImpossible(t, err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	called, err := Solve(p, Terms{Suite(v.Suite), v.Keys, 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		name      string
		got, want []byte
	}{
		{"called", FormatSeats(called.Seats), file(v.Called)},
		{"assignment", FormatSeats(r.Seats), file(v.Assignment)},
		{"balance", FormatLabels(r.Labels), file(v.Balance)},
	} {
		if !bytes.Equal(part.got, part.want) {
			t.Errorf("%s:\n%s\nwant\n%s", part.name, part.got, part.want)
		}
	}
	if bad, err := Check(p, r.Seats); err != nil || len(bad) > 0 {
		t.Error(bad, err)
	}
	if err := CheckBalance(p, r.Seats, r.Labels); err != nil {
		t.Error(err)
	}
}

func (v *vector) checkImpossible(t *testing.T, err error) {
	var impossible *Impossible
	if !errors.As(err, &impossible) || len(impossible.Shortages) != len(v.Shortages) {
		t.Fatalf("%v, want %d shortages", err, len(v.Shortages))
	}
	for k, got := range impossible.Shortages {
		want := v.Shortages[k]
		var demands []string
		for _, d := range got.Demands {
			demands = append(demands, fmt.Sprintf("%s\t%s\t%d", d.Object, d.Department, d.Line))
		}
		if got.Department != want.Department || !slices.Equal(demands, want.Demands) || !slices.Equal(got.Inspectors, want.Inspectors) ||
			!slices.Equal(got.Quals, want.Quals) || got.Need != want.Need || got.Capacity != want.Capacity || got.Capped != want.Capped || got.Text() != want.Text {
			t.Errorf("shortage %d: %+v, want %+v", k, got, want)
		}
	}
}

// TestFaults checks that broken files are refused at the right line.
func TestFaults(t *testing.T) {
	var f struct {
		About   string
		Vectors []struct {
			Name, Inspectors, Eligibility, Demands, Avoidance, File, Text string
			Line                                                          int
		}
	}
	readVectors(t, "faults.json", &f)
	for _, v := range f.Vectors {
		_, err := Parse(Files{[]byte(v.Inspectors), []byte(v.Eligibility), []byte(v.Demands), []byte(v.Avoidance)})
		var fault *FileError
		if !errors.As(err, &fault) || fault.File != v.File || fault.Line != v.Line || fault.Text != v.Text {
			t.Errorf("%s: %v, want %s:%d：%s", v.Name, err, v.File, v.Line, v.Text)
		}
	}
}

type ticketVectors struct {
	About   string         `json:"about"`
	Tickets []ticketVector `json:"tickets"`
	Streams []streamVector `json:"streams"`
}

type ticketVector struct {
	Suite     Suite  `json:"suite"`
	Key       string `json:"key"`
	Object    string `json:"object"`
	Inspector string `json:"inspector"`
	OfObject  string `json:"ticketOfObject"`
	AtObject  string `json:"keyAtObject"`
	OfPair    string `json:"ticketOfPair"`
	OfLeader  string `json:"ticketOfLeader"`
}

type streamVector struct {
	Suite Suite    `json:"suite"`
	Key   string   `json:"key"`
	Label string   `json:"label"`
	Block string   `json:"block0"`
	Below []uint32 `json:"below"` // n of each draw in turn
	Drawn []uint32 `json:"drawn"`
}

func makeTicketVectors() ticketVectors {
	f := ticketVectors{About: "tickets and streams; the great n make words be rejected"}
	for n, suite := range []Suite{SHA256, SM3, SHA256, SM3} {
		key := "0123456789abcdef0123456789abcdef"
		v := ticketVector{Suite: suite, Key: key, Object: "91370687MA3C4D5E6F", Inspector: "15060012345"}
		label := "1"
		if n >= 2 {
			key, v.Object, v.Inspector, label = DummyKey(suite, 7, "市场监管"), "一户-1", "检查员甲", "12"
			v.Key = key
		}
		k := &tickets{sum: suite.sum(), key: key}
		place := k.object(v.Object)
		k.at(&place)
		v.OfObject, v.AtObject = fmt.Sprintf("%x", place), string(k.buf[:KeyLen])
		v.OfPair, v.OfLeader = fmt.Sprintf("%x", k.inspector(v.Inspector)), fmt.Sprintf("%x", k.leader(v.Inspector))
		f.Tickets = append(f.Tickets, v)
		s := k.stream(label)
		x := streamVector{Suite: suite, Key: key, Label: label, Block: fmt.Sprintf("%x", suite.sum()([]byte(key+":S:"+label+":0")))}
		for _, n := range []uint32{2, 3, 10, 1000, 1 << 31, 1<<31 + 1, 3_000_000_000, 2_147_483_649, 4_294_967_295, 7, 1, 65_536, 1<<31 + 1, 1<<31 + 1, 1<<31 + 1, 12345} {
			x.Below, x.Drawn = append(x.Below, n), append(x.Drawn, s.below(n))
		}
		f.Streams = append(f.Streams, x)
	}
	return f
}

func TestTicketVectors(t *testing.T) {
	want := makeTicketVectors()
	if *update {
		data, err := json.MarshalIndent(want, "", " ")
		if err == nil {
			err = os.WriteFile("testdata/vectors/tickets.json", append(data, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var got ticketVectors
	readVectors(t, "tickets.json", &got)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error("tickets.json is not what the code makes")
	}
}

// TestBelow counts every word of a small stand-in for 2³²: the numbers drawn
// are equally likely, by the rule and not by trial.
func TestBelow(t *testing.T) {
	// The rule on words of 32 bits accepts w when w - w mod n ≤ 2³² - n.
	for _, n := range []uint32{1, 2, 3, 7, 1 << 31, 1<<31 + 1, 3_000_000_000, 4_294_967_295} {
		whole := (uint64(1) << 32) / uint64(n) * uint64(n)
		for _, w := range []uint64{0, 1, uint64(n) - 1, uint64(n), whole - 1, whole, 1<<32 - 1} {
			if w >= 1<<32 {
				continue
			}
			word := uint32(w)
			if got, want := word-word%n <= -n, w < whole || n == 1; got != want {
				t.Errorf("n %d, word %d: accepted %t, want %t", n, word, got, want)
			}
		}
	}
}

// TestEqualTickets forces every ticket to be the same: ids decide.
func TestEqualTickets(t *testing.T) {
	p, err := Parse(Files{
		Inspectors:  []byte("a\td\tr\t-\t0\t-\nb\td\tr\t-\t0\t-\nc\td\tr\t-\t0\t-\n"),
		Eligibility: []byte("g\td\t-\t0\tr\n"),
		Demands:     []byte("o1\td\t1\tg\t2\tlead\no2\td\t1\tg\t2\tlead\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	pl, err := compile(p)
	if err != nil {
		t.Fatal(err)
	}
	u := newUnit(pl, &pl.parts[0], &tickets{sum: func([]byte) [32]byte { return [32]byte{} }, key: strings.Repeat("k", 32)})
	u.fill()
	u.level()
	u.call()
	got := string(FormatSeats(pl.seats([]*unit{u})))
	want := "o1\td\t1\ta\tmember\no1\td\t1\tb\tmember\no2\td\t1\ta\tmember\no2\td\t1\tc\tmember\n"
	if got != want {
		t.Errorf("got\n%s want\n%s", got, want)
	}
}
