package witness

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
)

const origin = "suicha.example.gov.cn/log"

var now = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// A logger is a log, honest or not: it signs what the test wants.
type logger struct {
	keys   []note.Signer
	hashes ledger.Hashes
	size   int64
}

func (l *logger) add(t testing.TB, n int, tag string) {
	t.Helper()
	var leaves [][]byte
	for i := range n {
		leaves = append(leaves, fmt.Appendf(nil, "%s %d", tag, l.size+int64(i)))
	}
	more, err := ledger.Append(l.size, leaves, l.hashes)
	if err != nil {
		t.Fatal(err)
	}
	l.hashes, l.size = append(l.hashes, more...), l.size+int64(n)
}

func (l *logger) fork() *logger {
	return &logger{l.keys, append(ledger.Hashes(nil), l.hashes...), l.size}
}

// ask is a request for the first size entries to a witness that knows old.
func (l *logger) ask(t testing.TB, size, old int64) []byte {
	t.Helper()
	head, err := ledger.TreeHead(size, l.hashes)
	if err != nil {
		t.Fatal(err)
	}
	text, err := ledger.Checkpoint{Origin: origin, Head: head}.Text()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, l.keys...)
	if err != nil {
		t.Fatal(err)
	}
	var proof []ledger.Hash
	if old <= size {
		if proof, err = ledger.ProveGrowth(size, old, l.hashes); err != nil {
			t.Fatal(err)
		}
	}
	return ledger.AddCheckpoint{Old: old, Proof: proof, Note: signed}.Format()
}

func generate(t testing.TB, kind keys.Kind, name string, seed byte) (skey, vkey string) {
	t.Helper()
	skey, vkey, err := keys.Generate(kind, name, rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return skey, vkey
}

// stage makes a witness with its memory on disk, and an honest log that it
// watches under both keys.
func stage(t testing.TB) (*Witness, *logger, *keys.Verifier, string) {
	t.Helper()
	_, vkey := generate(t, keys.WitnessEd25519, "w.example", 1)
	path := t.TempDir() + "/state"
	if err := CreateDir(path, vkey); err != nil {
		t.Fatal(err)
	}
	w, log := stageAt(t, path)
	t.Cleanup(func() { w.memory.(*Dir).Close() })
	return w, log, must(t, keys.ParseVerifier, vkey), path
}

// stageAt is stage with a memory that is there already.
func stageAt(t testing.TB, path string) (*Witness, *logger) {
	t.Helper()
	skey, vkey := generate(t, keys.WitnessEd25519, "w.example", 1)
	dir, err := OpenDir(path, vkey)
	if err != nil {
		t.Fatal(err)
	}
	var log logger
	var known []*keys.Verifier
	for i, kind := range []keys.Kind{keys.LogEd25519, keys.LogSM2} {
		skey, vkey := generate(t, kind, origin, byte(10+i))
		log.keys = append(log.keys, must(t, keys.ParseSigner, skey))
		known = append(known, must(t, keys.ParseVerifier, vkey))
	}
	w, err := New(must(t, keys.ParseCosigner, skey), dir, known...)
	if err != nil {
		t.Fatal(err)
	}
	return w, &log
}

func must[T any](t testing.TB, parse func(string) (T, error), text string) T {
	t.Helper()
	v, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func status(err error) int {
	var no *Refusal
	switch {
	case errors.As(err, &no):
		return no.Status
	case err != nil:
		return 500
	}
	return 200
}

func TestWitnessFollowsAnHonestLog(t *testing.T) {
	w, log, vkey, _ := stage(t)
	old := int64(0)
	for _, n := range []int{0, 1, 1, 6, 0, 300, 1} {
		log.add(t, n, "x")
		req := log.ask(t, log.size, old)
		line, err := w.Add(req, now)
		if err != nil {
			t.Fatalf("from %d to %d: %v", old, log.size, err)
		}
		a, _ := ledger.ParseAddCheckpoint(req)
		signed, err := ledger.AddCosignature(a.Note, line, vkey)
		if err != nil {
			t.Fatal(err)
		}
		n, err := keys.Open(signed, vkey)
		if err != nil || len(n.Sigs) != 1 || !keys.TimeOf(n.Sigs[0]).Equal(now) {
			t.Fatalf("the answer is no cosignature: %v", err)
		}
		if last, _ := w.Last(origin); string(last) != string(signed) {
			t.Errorf("remembered\n%s\nwant\n%s", last, signed)
		}
		old = log.size
	}
}

func TestRefusalsOfTheProtocol(t *testing.T) {
	w, log, _, _ := stage(t)
	log.add(t, 20, "x")
	if _, err := w.Add(log.ask(t, 10, 0), now); err != nil {
		t.Fatal(err)
	}
	edit := func(req []byte, old, new string) []byte {
		if !strings.Contains(string(req), old) {
			t.Fatalf("the test changes nothing: %q", old)
		}
		return []byte(strings.Replace(string(req), old, new, 1))
	}
	skey, _ := generate(t, keys.LogEd25519, origin, 99)
	stranger := &logger{[]note.Signer{must(t, keys.ParseSigner, skey)}, log.hashes, log.size}
	fork := &logger{keys: log.keys}
	fork.add(t, 20, "y")
	good := log.ask(t, 20, 10)
	req, _ := ledger.ParseAddCheckpoint(good)
	wrong := req
	wrong.Proof = append([]ledger.Hash{{1}}, req.Proof[1:]...)
	for _, test := range []struct {
		what string
		body []byte
		want int
	}{
		{"empty", nil, Malformed},
		{"no proof part", req.Note, Malformed},
		{"no note", []byte("old 10\n\nhello\n"), Unknown},
		{"a known origin, but no note", []byte("old 10\n\n" + origin + "\n"), Malformed},
		{"another origin", edit(good, origin+"\n20", "other\n20"), Unknown},
		{"not signed by its log", stranger.ask(t, 20, 10), Unsigned},
		{"text changed", edit(good, "\n20\n", "\n21\n"), Unsigned},
		{"old size above the new", log.ask(t, 7, 10), Malformed},
		{"old size too small", log.ask(t, 20, 9), Conflict},
		{"old size too great", log.ask(t, 20, 11), Conflict},
		{"old size zero", log.ask(t, 20, 0), Conflict},
		{"rolled back", log.ask(t, 7, 7), Conflict},
		{"wrong proof", wrong.Format(), Forked},
		{"no proof", ledger.AddCheckpoint{Old: 10, Note: req.Note}.Format(), Forked},
		{"a fork", fork.ask(t, 20, 10), Forked},
		{"a fork of the same size", fork.ask(t, 10, 10), Forked},
		{"the good one", good, 200},
		{"the good one again", good, Conflict},
	} {
		line, err := w.Add(test.body, now)
		if got := status(err); got != test.want || (err == nil) != (line != nil) {
			t.Errorf("%s: %d, want %d: %v", test.what, got, test.want, err)
		}
		var no *Refusal
		if errors.As(err, &no) && no.Status == Conflict && no.Size != 10 && no.Size != 20 {
			t.Errorf("%s: told the size %d", test.what, no.Size)
		}
	}
}

func TestFirstRequestOfALog(t *testing.T) {
	w, log, _, _ := stage(t)
	log.add(t, 3, "x")
	req, err := ledger.ParseAddCheckpoint(log.ask(t, 3, 0))
	if err != nil {
		t.Fatal(err)
	}
	req.Proof = []ledger.Hash{{}}
	for _, test := range []struct {
		what string
		body []byte
		now  time.Time
		want int
	}{
		{"a proof from nothing", req.Format(), now, Forked},
		{"an old size that never was", log.ask(t, 3, 2), now, Conflict},
		{"a clock before 1970", log.ask(t, 3, 0), time.Unix(-1, 0), 500},
		{"good", log.ask(t, 3, 0), now, 200},
	} {
		if got := status(second(w.Add(test.body, test.now))); got != test.want {
			t.Errorf("%s: %d, want %d", test.what, got, test.want)
		}
	}
}

func second(_ []byte, err error) error { return err }

// Two servers of one log show different entries from some point on. Whichever
// comes first, the witness never cosigns the other.
func TestOfTwoForksOneIsRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 100 {
		w, log, _, _ := stage(t)
		log.add(t, r.IntN(50), "common")
		seen := int64(0)
		if r.IntN(2) == 0 {
			if _, err := w.Add(log.ask(t, log.size, 0), now); err != nil {
				t.Fatal(err)
			}
			seen = log.size
		}
		a, b := log.fork(), log.fork()
		a.add(t, 1+r.IntN(50), "for the province")
		b.add(t, 1+r.IntN(50), "for the public")
		if _, err := w.Add(a.ask(t, a.size, seen), now); err != nil {
			t.Fatalf("case %d: the first server: %v", i, err)
		}
		for _, old := range []int64{seen, min(a.size, b.size), a.size, 0} {
			body := b.ask(t, b.size, min(old, b.size))
			if got := status(second(w.Add(body, now))); got != Conflict && got != Forked {
				t.Fatalf("case %d: the second server, from %d: %d", i, old, got)
			}
		}
		b.add(t, 100, "for the public") // longer than the other now
		if got := status(second(w.Add(b.ask(t, b.size, a.size), now))); got != Forked {
			t.Fatalf("case %d: the longer second server: %d", i, got)
		}
	}
}

// Many requests at once: each size is cosigned by one, and memory never goes back.
func TestOfManyRequestsAtOnceOneIsServed(t *testing.T) {
	w, log, _, _ := stage(t)
	log.add(t, 30, "x")
	var bodies [][]byte
	for size := int64(1); size <= 30; size++ {
		bodies = append(bodies, log.ask(t, size, 0))
	}
	var all sync.WaitGroup
	served := make([]bool, len(bodies))
	for i, body := range bodies {
		all.Go(func() { served[i] = status(second(w.Add(body, now))) == 200 })
	}
	all.Wait()
	n := 0
	for i, ok := range served {
		if ok {
			n++
			if last, _ := w.Last(origin); !strings.Contains(string(last), fmt.Sprintf("\n%d\n", i+1)) {
				t.Errorf("size %d was cosigned, remembered is\n%s", i+1, last)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d requests were served, want 1", n)
	}
}

func TestWitnessNeedsLogs(t *testing.T) {
	skey, vkey := generate(t, keys.WitnessEd25519, "w.example", 1)
	_, log := generate(t, keys.LogEd25519, origin, 10)
	key, v := must(t, keys.ParseCosigner, skey), must(t, keys.ParseVerifier, log)
	for _, logs := range [][]*keys.Verifier{nil, {v, v}, {must(t, keys.ParseVerifier, vkey)}} {
		if _, err := New(key, nil, logs...); err == nil {
			t.Errorf("a witness of %v", logs)
		}
	}
	w, err := New(key, nil, v)
	if err != nil || len(w.Origins()) != 1 {
		t.Errorf("witness = %v, %v", w, err)
	}
	if last, err := w.Last("other"); last != nil || err != nil {
		t.Errorf("a log that is not watched: %q, %v", last, err)
	}
}

func FuzzAdd(f *testing.F) {
	w, log, _, _ := stage(f)
	log.add(f, 20, "x")
	if _, err := w.Add(log.ask(f, 10, 0), now); err != nil {
		f.Fatal(err)
	}
	good := log.ask(f, 20, 10)
	f.Add(log.ask(f, 20, 9))
	f.Add(good[:len(good)-1])
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := w.Add(body, now); status(err) == 500 {
			t.Fatalf("%q: %v", body, err)
		}
	})
}
