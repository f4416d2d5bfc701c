package draw

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// vectors reads the cases of one kind.
func vectors[T any](t *testing.T, kind string) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors/" + kind + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Kind  string
		Cases []T
	}
	if err := json.Unmarshal(data, &file); err != nil || file.Kind != kind {
		t.Fatal(kind, file.Kind, err)
	}
	return file.Cases
}

// vectorsExample lists the kinds for the document.
func vectorsExample(t *testing.T) string {
	var p page
	files, err := filepath.Glob("testdata/vectors/*.json")
	if err != nil {
		t.Fatal(err)
	}
	about := map[string]string{
		"canonical":     "§4: in, a JSON text (any form); want, its canonical form",
		"ceremonies":    "§5–§12: files, a bundle's documents; seed, keys if opened; on error file, the one at fault",
		"events":        "§9.4, 9.5: sealed, sources, reserves, cancelled, outcomes; want, the text",
		"keys":          "§10, §15: key of label and group; ticket and decimal of id; numbers, the first below `below` of the stream",
		"merkle":        "§6.4, 6.5: size leaves with the data 0, 1, 2 … in decimal; root; path of leaf index",
		"order":         "§12.1: members with given tickets; want, the ids of ranks 1 to drawn + reserve",
		"proofs":        "§16: file; opened; result, the digest, or empty; places: task, rank, N, n, state",
		"quotas":        "§11: one task T1; counts n0 n1 n2; cells size, drawn, reserve; shortfalls",
		"records":       "§6: hex, a line; sha256 and sm3, its leaf",
		"signatures":    "§7: key, message in hex, signature; want 1 if good",
		"substitutions": "§13: drawn, reserve, file; want, the ids that stand; on error line, the one at fault",
	}
	for _, name := range files {
		kind := strings.TrimSuffix(filepath.Base(name), ".json")
		p.say("%-14s %3d cases  %s", kind, len(vectors[any](t, kind)), about[kind])
	}
	return p.String()
}

func refused(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

func TestVectorsCanonical(t *testing.T) {
	for _, c := range vectors[struct {
		Name, In, Want string
		Error          int
	}](t, "canonical") {
		got, err := Canonical("in", []byte(c.In))
		if refused(err) != c.Error || err == nil && string(got) != c.Want {
			t.Errorf("%s: %q = %q, %v; want %q", c.Name, c.In, got, err, c.Want)
		}
		if err == nil {
			if again, err := Canonical("in", got); err != nil || !bytes.Equal(again, got) {
				t.Errorf("%s: the canonical form of %s is %s", c.Name, got, again)
			}
		}
	}
}

func TestVectorsRecords(t *testing.T) {
	for _, c := range vectors[struct {
		Name, Hex, SHA256, SM3 string
		Error                  int
	}](t, "records") {
		text, err := hex.DecodeString(c.Hex)
		if err != nil {
			t.Fatal(err)
		}
		rec, err := ParseRecord(string(text))
		if refused(err) != c.Error {
			t.Errorf("%s: %q: %v", c.Name, text, err)
		}
		if err == nil && (rec.Line() != string(text) || SHA256.leafHash(text).String() != c.SHA256 || SM3.leafHash(text).String() != c.SM3 ||
			hex.EncodeToString(refSM3(append([]byte{0}, text...))) != c.SM3) {
			t.Errorf("%s: line or leaves of %q differ", c.Name, text)
		}
	}
}

func TestVectorsMerkle(t *testing.T) {
	for _, c := range vectors[struct {
		Name        string
		Suite       Suite
		Size, Index int
		Root        string
		Path        []string
	}](t, "merkle") {
		var leaves []Hash
		var naive [][]byte
		for i := range c.Size {
			leaves = append(leaves, c.Suite.leafHash([]byte(fmt.Sprint(i))))
			naive = append(naive, leaves[i][:])
		}
		tree := newTree(c.Suite, c.Size, func(_ *hasher, dst []Hash, first int) { copy(dst, leaves[first:]) })
		if got := tree.Root().String(); got != c.Root || hex.EncodeToString(refH(c.Suite).root(naive)) != c.Root {
			t.Errorf("%s: root %s, want %s", c.Name, got, c.Root)
		}
		if c.Size == 0 {
			continue
		}
		if got := texts(tree.Path(c.Index)); !slices.Equal(got, c.Path) {
			t.Errorf("%s: path %s, want %s", c.Name, got, c.Path)
		}
		path, _ := hashes(c.Path)
		for i := range c.Size {
			root, ok := c.Suite.rootOf(leaves[i], i, c.Size, path)
			if good := ok && root == tree.Root(); good != (i == c.Index) {
				t.Errorf("%s: the path of %d proves %d: %v", c.Name, c.Index, i, good)
			}
		}
	}
}

func TestVectorsQuotas(t *testing.T) {
	for _, c := range vectors[struct {
		Name           string
		Cap            uint64
		Lambda         [2]uint64
		Quota          string
		Total, Reserve uint64
		Strata         []Stratum
		Counts, Cells  [][3]uint64
		Shortfalls     []Shortfall
	}](t, "quotas") {
		task := Task{Code: "T1", Quota: c.Quota, Total: c.Total, Reserve: c.Reserve, Strata: c.Strata}
		var counts []Count
		for i, n := range c.Counts {
			counts = append(counts, Count{"T1", c.Strata[i].Code, n[0], n[1], n[2]})
		}
		cells, short := Cells(&Manifest{Cap: c.Cap, Lambda: c.Lambda, Tasks: []Task{task}}, counts)
		d0, d1, want := refQuotas(task, counts, c.Lambda)
		for i, cell := range cells {
			if got := [3]uint64{cell.Size, cell.Drawn, cell.Reserve}; got != c.Cells[i] {
				t.Errorf("%s: cell %d is %v, want %v", c.Name, i, got, c.Cells[i])
			}
			if n := []int64{d0[i/2], d1[i/2]}[i%2]; n != int64(cell.Drawn) {
				t.Errorf("%s: the reference draws %d from cell %d, the package %d", c.Name, n, i, cell.Drawn)
			}
			if cell.Drawn+cell.Reserve > cell.Size {
				t.Errorf("%s: cell %d is overdrawn", c.Name, i)
			}
		}
		if !slices.Equal(short, c.Shortfalls) {
			t.Errorf("%s: shortfalls %v, want %v", c.Name, short, c.Shortfalls)
		}
		for _, s := range short {
			if i := slices.IndexFunc(c.Strata, func(x Stratum) bool { return x.Code == s.Stratum }); want[i] != int64(s.Wanted) {
				t.Errorf("%s: stratum %s wants %d, the reference %d", c.Name, s.Stratum, s.Wanted, want[i])
			}
		}
	}
}

func TestVectorsOrder(t *testing.T) {
	for _, c := range vectors[struct {
		Name           string
		Members        []struct{ ID, Ticket string }
		Drawn, Reserve int
		Want           []string
	}](t, "order") {
		var list []ticketed
		o := &order{cells: [][]int{{0}}}
		for i, m := range c.Members {
			ticket, ok := parseHash(m.Ticket)
			if !ok {
				t.Fatal(m.Ticket)
			}
			list = append(list, ticketed{ticket: ticket, index: uint32(i)})
			o.tickets, o.classes = append(o.tickets, ticket), append(o.classes, 0)
		}
		slices.SortFunc(list, ticketed.before)
		o.sort()
		for r, want := range c.Want {
			if got, also := c.Members[list[r].index].ID, c.Members[o.sorted[r].index].ID; got != want || also != want {
				t.Errorf("%s: rank %d is %s and %s, want %s", c.Name, r+1, got, also, want)
			}
		}
	}
}

func TestVectorsEvents(t *testing.T) {
	for _, c := range vectors[struct {
		Name              string
		Sealed            int
		Sources, Reserves []Source
		Cancelled         []string
		Outcomes          []Outcome
		Want              string
		Error             int
	}](t, "events") {
		m := &Manifest{Event: EventPlan{Sources: c.Sources, Reserves: c.Reserves}}
		if c.Sealed == 1 {
			m.Contributors = []Contributor{{Role: "sealed"}}
		}
		got, err := m.EventText(c.Cancelled, c.Outcomes)
		if refused(err) != c.Error || got != c.Want {
			t.Errorf("%s: %q, %v; want %q", c.Name, got, err, c.Want)
		}
	}
}

func TestVectorsKeys(t *testing.T) {
	for _, c := range vectors[struct {
		Name                                           string
		Suite                                          Suite
		Key, Label, Group, ID, Ticket, Decimal, Stream string
		Below                                          uint32
		Numbers                                        []uint32
	}](t, "keys") {
		key := DummyKey(c.Suite, c.Label, c.Group)
		ticket := Ticket(c.Suite, c.Key, c.ID)
		if key.String() != c.Key || !key.Dummy() || ticket.String() != c.Ticket || ticket.Decimal() != c.Decimal {
			t.Errorf("%s: key %s, ticket %s %s", c.Name, key, ticket, ticket.Decimal())
		}
		var fast Hash
		newTickets(c.Suite, []string{"g"}, Keys{"g": key}).of(0, []byte(c.ID), &fast)
		if fast != ticket || hex.EncodeToString(refH(c.Suite)([]byte(c.Key+":"+c.ID))) != c.Ticket {
			t.Errorf("%s: the quick ticket is %s, want %s", c.Name, fast, ticket)
		}
		stream := key.Stream(c.Stream)
		for i, want := range c.Numbers {
			if got := stream.Below(c.Below); got != want {
				t.Errorf("%s: number %d of the stream is %d, want %d", c.Name, i, got, want)
			}
		}
	}
}

func TestVectorsSignatures(t *testing.T) {
	for _, c := range vectors[struct {
		Name                    string
		Suite                   Suite
		Key, Message, Signature string
		Want                    int
	}](t, "signatures") {
		msg, err := hex.DecodeString(c.Message)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Suite.Verify(c.Key, msg, c.Signature); got != (c.Want == 1) {
			t.Errorf("%s: %v", c.Name, got)
		}
	}
}

func TestVectorsSubstitutions(t *testing.T) {
	for _, c := range vectors[struct {
		Name           string
		Drawn, Reserve []string
		File           string
		Want           []string
		Error, Line    int
	}](t, "substitutions") {
		var picks [2][]Pick
		for i, list := range [][]string{c.Drawn, c.Reserve} {
			for _, text := range list {
				p, ok := ParsePick(text)
				if !ok || p.Line() != text {
					t.Fatalf("%s: %s", c.Name, text)
				}
				picks[i] = append(picks[i], p)
			}
		}
		roll := NewRoll(picks[0], picks[1])
		err := roll.Read(strings.NewReader(c.File))
		var f *Fault
		if errors.As(err, &f) != (c.Error == 1) || f != nil && f.Line != c.Line {
			t.Errorf("%s: %v, want line %d", c.Name, err, c.Line)
		}
		if err != nil {
			continue
		}
		var got []string
		for _, p := range roll.Standing() {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, c.Want) {
			t.Errorf("%s: %v stand, want %v", c.Name, got, c.Want)
		}
	}
}

func TestVectorsCeremonies(t *testing.T) {
	for _, c := range vectors[struct {
		Name  string
		Files map[string]string
		Seed  string
		Keys  []GroupKey
		Error int
		File  string
	}](t, "ceremonies") {
		files := map[string][]byte{}
		for name, text := range c.Files {
			files[name] = []byte(text)
		}
		got, err := Load(fsOf(files))
		var f *Fault
		if errors.As(err, &f) != (c.Error == 1) || f != nil && f.File != c.File {
			t.Errorf("%s: %v, want a fault in %q", c.Name, err, c.File)
		}
		if err == nil && got.Opening != nil && (got.Opening.Seed != c.Seed || !slices.Equal(got.Opening.Keys, c.Keys)) {
			t.Errorf("%s: seed %s, want %s", c.Name, got.Opening.Seed, c.Seed)
		}
	}
}

func TestVectorsProofs(t *testing.T) {
	for _, c := range vectors[struct {
		Name, File, Result string
		Opened             int
		Places             []string
		Error              int
	}](t, "proofs") {
		v, err := VerifyProof(ProofFile, []byte(c.File))
		if refused(err) != c.Error {
			t.Errorf("%s: %v", c.Name, err)
		}
		if err != nil {
			continue
		}
		places := []string{}
		for _, p := range v.Places {
			places = append(places, fmt.Sprintf("%s %d %d %d %s", p.Task, p.Rank, p.Size, p.Drawn, p.State))
		}
		result := ""
		if v.Result != (Hash{}) {
			result = v.Result.String()
		}
		if result != c.Result || v.Opened != (c.Opened == 1) || !slices.Equal(places, c.Places) {
			t.Errorf("%s: %v, want %v", c.Name, places, c.Places)
		}
	}
}

// TestHasherAgrees compares the quick hasher with the plain one at every length
// around the ends of blocks.
func TestHasherAgrees(t *testing.T) {
	both(t, func(t *testing.T, s Suite) {
		h := s.hasher()
		for n := range 200 {
			msg := bytes.Repeat([]byte{byte(n) | 1}, n)
			var got Hash
			if h.sum(&got, msg); got != s.Hash(msg) || !bytes.Equal(got[:], refH(s)(msg)) {
				t.Errorf("the hash of %d bytes differs", n)
			}
		}
	})
}
