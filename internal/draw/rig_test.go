package draw

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// creditCode makes the n-th of a sorted sequence of valid codes.
func creditCode(n int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	id := []byte("91370600000000000")
	for at := 16; at > 7; at-- {
		id[at] = alphabet[n%31]
		n /= 31
	}
	sum := 0
	for i, w := range []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28} {
		sum += w * strings.IndexByte(alphabet, id[i])
	}
	return string(append(id, alphabet[(31-sum%31)%31]))
}

// testSalt is a salt that tests can make again.
func testSalt(n int) string {
	h := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n)))
	return base64.RawURLEncoding.EncodeToString(h[:12])
}

// classesOf spreads objects over four strata, 45, 35, 15 and 5 in a hundred.
func stratumOf(n int) string {
	switch r := n * 7919 % 100; {
	case r < 45:
		return "A"
	case r < 80:
		return "B"
	case r < 95:
		return "C"
	}
	return "D"
}

// syntheticRecord is the n-th object of the populations of the tests.
func syntheticRecord(n int, scopes []string) Record {
	visits := 0
	if n%10 == 3 {
		visits = 1
	} else if n%100 == 7 {
		visits = 2
	}
	return Record{creditCode(n * 3), 'u', stratumOf(n), visits, fmt.Sprintf("3706%02d", n%20), scopes[n%len(scopes)], testSalt(n)}
}

// writeSynthetic writes a population of size objects.
func writeSynthetic(w io.Writer, size int, scopes ...string) error {
	for n := range size {
		if _, err := io.WriteString(w, syntheticRecord(n, scopes).Line()+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func synthetic(size int, scopes ...string) []byte {
	var b bytes.Buffer
	if err := writeSynthetic(&b, size, scopes...); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// at is an instant of the day of the tests' ceremony.
func at(clock string) string { return "2026-11-20T" + clock + "Z" }

// testManifest is a manifest with two tasks in one group and one in another.
func testManifest(s Suite, mode string) (*Manifest, map[string]Signer) {
	signers := map[string]Signer{}
	contributor := func(name, role, holder string) Contributor {
		h := sha256.Sum256([]byte("key of " + name))
		signer, err := s.ParseSigner(fmt.Sprintf("%x", h))
		if err != nil {
			panic(err)
		}
		signers[name] = signer
		return Contributor{name, role, signer.Public(), holder}
	}
	strata := func(rates ...uint64) []Stratum {
		var list []Stratum
		for i, r := range rates {
			list = append(list, Stratum{string(rune('A' + i)), r})
		}
		return list
	}
	m := &Manifest{
		Doc: "SDP1.manifest", Batch: "370687-2026-4", Run: 1, Time: at("00:00:00"), Suite: s, Mode: mode,
		Title: "海阳市2026年第四季度部门联合抽查", Operator: "海阳市双随机联席会议办公室", Period: "year", Cap: 2, Lambda: [2]uint64{1, 4},
		Tasks: []Task{
			{Code: "T1", Title: "市场主体年报抽查", Lead: "市场监管局", Departments: []string{"市场监管局", "税务局"}, Items: []string{"年报公示信息检查"},
				Group: "g1", Quota: "rate", Strata: strata(50, 100, 300, 1000), Reserve: 3},
			{Code: "T2", Title: "消防安全抽查", Lead: "消防救援大队", Departments: []string{"消防救援大队"}, Items: []string{},
				Group: "g1", Quota: "total", Total: 40, Strata: strata(0, 0, 0, 0), Reserve: 2},
			{Code: "T3", Title: "劳动用工抽查", Lead: "人社局", Departments: []string{"人社局"}, Items: []string{"劳动合同"},
				Group: "g2", Quota: "rate", Strata: strata(0, 200, 200, 10000), Reserve: 1},
		},
		Scopes:       []Scope{{"s0", []string{}}, {"s1", []string{"T1", "T2"}}, {"s2", []string{"T1", "T2", "T3"}}, {"s3", []string{"T3"}}},
		Contributors: []Contributor{contributor("公证处", "sealed", "纪检组"), contributor("市场监管局", "open", ""), contributor("税务局", "open", ""), contributor("纪检组", "sealed", "公证处")},
		Event: EventPlan{NotBefore: at("04:00:00"),
			Sources: []Source{
				{"ssq", "双色球", "lottery", []Part{{6, 1, 33, 0}, {1, 1, 16, 0}}, 0},
				{"urn", "现场六球", "urn", []Part{{6, 0, 9, 1}}, 0},
			},
			Reserves: []Source{{"dlt", "大乐透", "lottery", []Part{{5, 1, 35, 0}, {2, 1, 12, 0}}, 0}}},
		Deadlines: Deadlines{at("02:00:00"), at("03:00:00"), at("06:00:00")},
		Programs:  []Program{},
	}
	if mode == "sealed" {
		m.Opening = "2026-12-31T00:00:00Z"
		m.Contributors = append(m.Contributors, contributor("银行保管箱", "custodian", ""))
	}
	return m, signers
}

// secretOf is the secret of a contributor in the tests.
func secretOf(name string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte("secret of "+name))) }

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(instantForm, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// locked locks a population under a manifest.
func locked(t testing.TB, m *Manifest, population []byte) (*Lock, *Pool) {
	t.Helper()
	pool, err := ReadPool(m, bytes.NewReader(population), PopulationFile)
	if err != nil {
		t.Fatal(err)
	}
	return &Lock{Doc: "SDP1.lock", Batch: m.Batch, Run: m.Run, Time: at("01:00:00"), Manifest: m.Digest().String(),
		Population: pool.Root(), Counts: pool.Counts, Files: []File{}}, pool
}

// held holds a whole ceremony over a population, up to the envelopes. The lock
// fixes some files.
func held(t testing.TB, s Suite, mode string, population []byte, files ...File) (*Ceremony, *Pool) {
	t.Helper()
	m, signers := testManifest(s, mode)
	l, pool := locked(t, m, population)
	l.Files = append(l.Files, files...)
	c := &Ceremony{Manifest: m, Lock: l}
	commits := &Commits{Doc: "SDP1.commits", Batch: m.Batch, Run: m.Run, Lock: l.Digest(s).String()}
	for _, x := range m.Contributors {
		commit, err := c.Commit(x.Name, secretOf(x.Name), signers[x.Name], instant(t, at("01:30:00")))
		if err != nil {
			t.Fatal(err)
		}
		commits.Commits = append(commits.Commits, commit)
	}
	c.Commits = commits
	shown := func(role, clock string) []Reveal {
		list := []Reveal{}
		for _, x := range m.members(role) {
			list = append(list, Reveal{x.Name, at(clock), secretOf(x.Name)})
		}
		return list
	}
	c.Reveals = &Reveals{"SDP1.reveals", m.Batch, m.Run, commits.Digest(s).String(), shown("open", "02:30:00")}
	c.Event = &Event{Doc: "SDP1.event", Batch: m.Batch, Run: m.Run, Reveals: c.Reveals.Digest(s).String(), Cancelled: []string{},
		Outcomes: []Outcome{
			{"ssq", "2026135", at("04:30:00"), [][]uint64{{33, 7, 12, 3, 25, 19}, {8}}, "", strings.Repeat("ab", 32)},
			{"urn", "海阳市政务大厅", at("04:10:00"), [][]uint64{{4, 0, 9, 9, 1, 7}}, "", ""},
		},
		Text: "ssq:03.07.12.19.25.33+08/urn:4.0.9.9.1.7/"}
	c.Envelopes = &Envelopes{"SDP1.envelopes", m.Batch, m.Run, c.Event.Digest(s).String(), shown("sealed", "05:00:00")}
	return c, pool
}

// custodian is the custodian's reveal in a sealed ceremony.
func custodian(c *Ceremony) []Reveal {
	if c.Manifest.Mode != "sealed" {
		return nil
	}
	return []Reveal{{"银行保管箱", "2026-12-30T00:00:00Z", secretOf("银行保管箱")}}
}

// whole is a ceremony with its draw.
type whole struct {
	*Ceremony
	pool    *Pool
	keys    Keys
	ranking *Ranking
	drawn   *Drawn
	opening *Opening // not yet in the ceremony
	data    []byte
}

func drawnWhole(t testing.TB, s Suite, mode string, size int, files ...File) *whole {
	t.Helper()
	w := &whole{data: synthetic(size, "s0", "s1", "s2", "s3")}
	w.Ceremony, w.pool = held(t, s, mode, w.data, files...)
	seed, err := w.Seed(custodian(w.Ceremony)...)
	if err != nil {
		t.Fatal(err)
	}
	w.keys = seed.Keys(w.Manifest)
	if w.drawn, err = Select(w.Manifest, w.Lock, w.keys, bytes.NewReader(w.data), PopulationFile); err != nil {
		t.Fatal(err)
	}
	if w.ranking, err = Rank(w.Manifest, w.Lock, w.keys, bytes.NewReader(w.data), PopulationFile); err != nil {
		t.Fatal(err)
	}
	if w.Result, err = w.NewResult(w.ranking, w.keys, nil); err != nil {
		t.Fatal(err)
	}
	if w.opening, err = w.NewOpening("2026-12-30T00:00:00Z", custodian(w.Ceremony)...); err != nil {
		t.Fatal(err)
	}
	return w
}
