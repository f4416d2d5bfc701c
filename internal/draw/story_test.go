package draw

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

// Nobody computes a seed before all envelopes are open, nor in sealed mode
// without the custodian.
func TestSeedNeedsWholeCeremony(t *testing.T) {
	c, _ := held(t, SHA256, "sealed", synthetic(200, "s1"))
	if _, err := c.Seed(); faultOf(err) != "opening.json:1" {
		t.Errorf("without the custodian: %v", err)
	}
	wrong := custodian(c)
	wrong[0].Secret = secretOf("somebody")
	if _, err := c.Seed(wrong...); faultOf(err) != "opening.json:1" {
		t.Errorf("with another secret: %v", err)
	}
	if _, err := c.Seed(custodian(c)...); err != nil {
		t.Error(err)
	}
	c.Envelopes = nil
	if _, err := c.Seed(custodian(c)...); faultOf(err) != "envelopes.json:0" {
		t.Errorf("without the envelopes: %v", err)
	}
}

// A rehearsal gives no result.
func TestRehearsalIsNoDraw(t *testing.T) {
	w := drawnWhole(t, SHA256, "open", 300)
	keys := DummyKeys(w.Manifest, "演练一")
	for _, k := range keys {
		if !strings.HasPrefix(k.String(), "DUMMY") || len(k.String()) != 32 {
			t.Errorf("dummy key %s", k)
		}
	}
	d, err := Select(w.Manifest, w.Lock, keys, bytes.NewReader(w.data), PopulationFile)
	if err != nil || !d.Dummy {
		t.Fatal(err)
	}
	r, err := Rank(w.Manifest, w.Lock, keys, bytes.NewReader(w.data), PopulationFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.NewResult(r, keys, nil); err == nil {
		t.Error("a rehearsal has a result")
	}
	if _, err := Select(w.Manifest, w.Lock, Keys{"g1": keys["g1"]}, bytes.NewReader(w.data), PopulationFile); err == nil {
		t.Error("drawn without the key of a group")
	}
}

// Tasks of one group share tickets: where both draw, the smaller sample lies in
// the larger one.
func TestSamplesOfAGroupNest(t *testing.T) {
	w := drawnWhole(t, SHA256, "open", 3000)
	tickets := map[string]Hash{}
	for _, p := range w.drawn.Picks {
		if p.Task == "T3" {
			continue
		}
		if old, ok := tickets[p.ID]; ok && old != p.Ticket {
			t.Errorf("%s has two tickets in one group", p.ID)
		}
		tickets[p.ID] = p.Ticket
	}
	drawn := func(task string) (ids []string) {
		for _, p := range w.drawn.Picks {
			if p.Task == task && p.Stratum == "A" && p.Tier == 0 {
				ids = append(ids, p.ID)
			}
		}
		return ids
	}
	a, b := drawn("T1"), drawn("T2")
	if n := min(len(a), len(b)); n == 0 || !slices.Equal(a[:n], b[:n]) {
		t.Errorf("the samples do not nest: %v, %v", a, b)
	}
}

// The cut spares sorting and decides nothing.
func TestCutChangesNothing(t *testing.T) {
	w := drawnWhole(t, SHA256, "open", 2000)
	cells, _ := Cells(w.Manifest, w.Lock.Counts)
	want, _ := lists(t, w.drawn)
	for _, c := range []uint64{0, 1 << 56, math.MaxUint64} {
		s := &selection{rules: newRules(w.Manifest), keys: w.keys, file: PopulationFile, cuts: slices.Repeat([]uint64{c}, len(cells))}
		found, err := s.all(w.Lock, cells, bytes.NewReader(w.data))
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for i, cell := range cells {
			for r, o := range found[i][:cell.Drawn] {
				got.WriteString(Pick{cell.Task, cell.Stratum, int(cell.Tier), r + 1, string(o.id[:o.length]), o.ticket}.Line() + "\n")
			}
		}
		if got.String() != want {
			t.Errorf("cut %x draws another list", c)
		}
	}
	for _, k := range []uint64{0, 1, 7, 1000, 450_000} {
		if c := cut(k, 15_000_000); k > 0 && c < math.MaxUint64/15_000_000*k {
			t.Errorf("cut(%d) = %x is below the expected ticket", k, c)
		}
	}
}

func TestDifference(t *testing.T) {
	old := synthetic(300, "s1")
	lines := strings.SplitAfter(string(old), "\n")
	lines[10] = strings.Replace(lines[10], testSalt(10), testSalt(11), 1) // a salt only
	lines[20] = strings.Replace(lines[20], "\ts1\t", "\ts2\t", 1)
	gone, _, _ := strings.Cut(lines[30], "\t")
	lines[30] = ""
	lines[299] += Record{"XK-2026-1", 'x', "A", 0, "37", "s1", testSalt(1)}.Line() + "\n"
	lines[40] = strings.Replace(lines[40], "\t0\t", "\t1\t", 1)
	var out bytes.Buffer
	d, err := Compare(SHA256, Hash{7}, bytes.NewReader(old), strings.NewReader(strings.Join(lines, "")), map[string]string{gone: "revoked"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	want := creditCode(60) + "\t~\t-\n" + gone + "\t-\trevoked\n" + creditCode(120) + "\t~\t-\nXK-2026-1\t+\t-\n"
	if d.Added != 1 || d.Removed != 1 || d.Changed != 2 || out.String() != want {
		t.Errorf("%+v\n%s, want\n%s", d, out.String(), want)
	}
	if err := ReadDifference(SHA256, bytes.NewReader(out.Bytes()), d); err != nil {
		t.Error(err)
	}
	if err := ReadDifference(SHA256, strings.NewReader(strings.Replace(want, "revoked", "-", 1)), d); faultOf(err) != "difference.tsv:0" {
		t.Error(err)
	}
	if _, err := Compare(SHA256, Hash{7}, bytes.NewReader(old), strings.NewReader(lines[5]+lines[4]), nil, &out); faultOf(err) != "population.tsv:2" {
		t.Error(err)
	}
}

// A void run stays visible in every bundle that follows.
func TestVoidRun(t *testing.T) {
	m, _ := testManifest(SHA256, "open")
	v := &Void{Doc: "SDP1.void", Batch: m.Batch, Run: 1, Time: at("05:00:00"), Phase: "envelopes", Reason: "纪检组的信封未能启封", Defaulters: []string{"纪检组"}, Last: m.Digest().String()}
	next, _ := testManifest(SHA256, "open")
	next.Run, next.Void, next.Time = 2, v.Digest(SHA256).String(), at("05:30:00")
	next.Deadlines, next.Event.NotBefore = Deadlines{at("06:00:00"), at("07:00:00"), at("09:00:00")}, at("08:00:00")
	if err := next.Follows(m, v); err != nil {
		t.Fatal(err)
	}
	first, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	record, err := Document(VoidFile, v)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"run-1/" + ManifestFile: first, "run-1/" + VoidFile: record}
	if err := CheckRuns(next, fsOf(files)); err != nil {
		t.Error(err)
	}
	delete(files, "run-1/"+VoidFile)
	if err := CheckRuns(next, fsOf(files)); faultOf(err) != "run-1/void.json:0" {
		t.Error(err)
	}
	v.Reason = "不满意"
	if err := next.Follows(m, v); faultOf(err) != "manifest.json:1" {
		t.Error(err)
	}
	v.Defaulters = []string{}
	if err := v.CheckVoid(m); faultOf(err) != "void.json:1" {
		t.Error(err)
	}
}

// The event must come after everything that could be fitted to it.
func TestEventAfterReveals(t *testing.T) {
	for name, change := range map[string]func(*Ceremony){
		"event.json:1":   func(c *Ceremony) { c.Event.Outcomes[0].Time = at("03:59:00") },
		"commits.json:1": func(c *Ceremony) { c.Commits.Commits[0].Time = at("00:30:00") },
		"reveals.json:1": func(c *Ceremony) { c.Reveals.Reveals = c.Reveals.Reveals[:1] },
		"lock.json:1":    func(c *Ceremony) { c.Lock.Counts[0].N0 = maxSize },
	} {
		c, _ := held(t, SHA256, "open", synthetic(100, "s1"))
		change(c)
		if err := c.Check(); faultOf(err) != name {
			t.Errorf("%v, want a fault in %s", err, name)
		}
	}
}

func TestFilesOfTheLock(t *testing.T) {
	c, _ := held(t, SHA256, "open", synthetic(100, "s1"))
	data := []byte("inspector\n")
	for _, name := range MatchInputs {
		c.Lock.Files = append(c.Lock.Files, File{name, uint64(len(data)), SHA256.Hash(data).String()})
	}
	absent, err := CheckFiles(c, fsOf(map[string][]byte{"inspectors.tsv": data}))
	if err != nil || !slices.Equal(absent, []string{"avoidance.tsv", "eligibility.tsv", "needs.tsv"}) {
		t.Error(absent, err)
	}
	if _, err := CheckFiles(c, fsOf(map[string][]byte{"inspectors.tsv": []byte("Inspector\n")})); faultOf(err) != "inspectors.tsv:0" {
		t.Error(err)
	}
	// R71: the lock fixes all that a matching needs, or no matching follows.
	lock := *c.Lock
	for i := range MatchInputs {
		lock.Files = slices.Delete(slices.Clone(c.Lock.Files), i, i+1)
		k := &checker{file: LockFile}
		if (&Ceremony{Manifest: c.Manifest, Lock: &lock}).checkLock(k); faultOf(k.err) != "lock.json:1" {
			t.Errorf("without %s: %v", MatchInputs[i], k.err)
		}
	}
}

// R71: teams without files that the lock fixes are nobody's matching.
func TestTeamsNeedFixedFiles(t *testing.T) {
	w := drawnWhole(t, SHA256, "open", 200)
	w.Result.Teams = Commitment{secretOf("teams"), 3}
	if err := w.Check(); faultOf(err) != "result.json:1" {
		t.Error(err)
	}
}

// The first fault of a list is reported, whatever it is.
func TestFirstFaultOfAList(t *testing.T) {
	w := drawnWhole(t, SHA256, "open", 1000)
	drawn, reserve := lists(t, w.drawn)
	lines := strings.SplitAfter(drawn, "\n")
	for name, change := range map[string]func() []string{
		"result.tsv:2": func() []string { return append(slices.Concat(lines[:1], lines[2:4]), "bad\n") },
		"result.tsv:3": func() []string { return slices.Concat(lines[:2], []string{"bad\n"}, lines[5:]) },
		"result.tsv:4": func() []string {
			return slices.Concat(lines[:3], []string{strings.Replace(lines[3], "\t9", "\t8", 1)}, lines[4:])
		},
		"result.tsv:5": func() []string { return lines[:4] },
	} {
		files := [2]io.Reader{strings.NewReader(strings.Join(change(), "")), strings.NewReader(reserve)}
		if _, err := ReadLists(w.Manifest, w.Result, w.keys, files); faultOf(err) != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
	known := map[string]bool{}
	for _, p := range append(slices.Clone(w.drawn.Picks), w.drawn.Reserve...) {
		known[p.ID] = true
	}
	unknown := w.drawn.Picks[5].ID
	known[unknown] = false
	at := slices.IndexFunc(w.drawn.Picks, func(p Pick) bool { return p.ID == unknown })
	if err := CheckKnown([2][]Pick{w.drawn.Picks, w.drawn.Reserve}, known); faultOf(err) != fmt.Sprintf("result.tsv:%d", at+1) {
		t.Errorf("%v, want the line of %s", err, unknown)
	}
}

func TestSigners(t *testing.T) {
	both(t, func(t *testing.T, s Suite) {
		signer, private, err := s.NewSigner()
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.ParseSigner(private)
		if err != nil || again.Public() != signer.Public() {
			t.Fatal(err)
		}
		sig, err := again.Sign([]byte("随查"))
		if err != nil || !s.Verify(signer.Public(), []byte("随查"), sig) {
			t.Error(err)
		}
		for _, bad := range []string{"", "00", strings.Repeat("g", 64), strings.Repeat("A", 64)} {
			if _, err := s.ParseSigner(bad); err == nil {
				t.Errorf("%q is a private key", bad)
			}
		}
		if _, err := SM3.ParseSigner(strings.Repeat("f", 64)); err == nil {
			t.Error("a scalar above the order is a private key")
		}
	})
	secret, salt := NewSecret(), NewSalt()
	if secret == NewSecret() || salt == NewSalt() || len(secret) != 64 || len(salt) != 16 {
		t.Error("secrets or salts are not fresh")
	}
}

// At the door a team shows itself, and no line of it can be changed.
func TestTeamAtTheDoor(t *testing.T) {
	both(t, func(t *testing.T, s Suite) {
		var files []File
		for _, name := range MatchInputs {
			files = append(files, File{name, 0, s.Hash(nil).String()})
		}
		w := drawnWhole(t, s, "sealed", 400, files...)
		seed, err := w.Seed(custodian(w.Ceremony)...)
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, p := range w.drawn.Picks {
			rows = append(rows, p.ID+"\t市场监管局\t1\tI01\tleader\n", p.ID+"\t市场监管局\t1\tI02\tmember\n")
		}
		slices.Sort(rows)
		assignment := strings.Join(slices.Compact(slices.Clone(rows)), "")
		teams, err := seed.Teams([]byte(assignment))
		if err != nil {
			t.Fatal(err)
		}
		if w.Result, err = w.NewResult(w.ranking, w.keys, teams); err != nil {
			t.Fatal(err)
		}
		rec, at, err := Find(bytes.NewReader(w.data), PopulationFile, w.drawn.Picks[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.NewProof(w.pool, w.ranking, teams, rec, at)
		if err != nil {
			t.Fatal(err)
		}
		data, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if v, err := VerifyProof(ProofFile, data); err != nil || len(v.Team) != 2 || v.Opened || v.Places[0].State != "drawn" {
			t.Fatal(v, err)
		}
		p.Team.Lines[1] = strings.Replace(p.Team.Lines[1], "I02", "I03", 1)
		if data, err = p.Encode(); err != nil {
			t.Fatal(err)
		}
		if _, err := VerifyProof(ProofFile, data); err == nil {
			t.Error("another inspector came to the door")
		}
		if _, err := seed.Teams([]byte(rows[len(rows)-1] + rows[0])); faultOf(err) != "assignment.tsv:2" {
			t.Error(err)
		}
	})
}
