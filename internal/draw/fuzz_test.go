package draw

import (
	"bytes"
	"strings"
	"testing"
)

// Parsers never panic, and what they accept they would write themselves.

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"a":[1,"随查",{}]}`, `{"b":1,"a":"\u968f"}`, `[[[[`, `"\ud800"`, `1e9`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := Canonical("in", in)
		if err != nil {
			return
		}
		if again, err := Canonical("in", out); err != nil || !bytes.Equal(again, out) {
			t.Errorf("%q becomes %q, then %q (%v)", in, out, again, err)
		}
	})
}

func FuzzRecord(f *testing.F) {
	f.Add(syntheticRecord(3, []string{"s1"}).Line())
	f.Add("XK-1\tx\tA\t9\t37\ts\tABCDEFGHijkl-_09")
	f.Fuzz(func(t *testing.T, in string) {
		rec, err := ParseRecord(in)
		if err == nil && rec.Line() != in {
			t.Errorf("%q is read as %q", in, rec.Line())
		}
		if err == nil && strings.ContainsAny(in, "\n\r ") {
			t.Errorf("%q is accepted", in)
		}
	})
}

// FuzzPopulation compares the quick reader with one line after another.
func FuzzPopulation(f *testing.F) {
	f.Add(synthetic(5, "s1", "s2"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, _ := testManifest(SHA256, "open")
		pool, err := ReadPool(m, bytes.NewReader(in), PopulationFile)
		last, good := "", len(in) == 0 || in[len(in)-1] == '\n'
		lines := strings.Split(strings.TrimSuffix(string(in), "\n"), "\n")
		if len(in) == 0 {
			lines = nil
		}
		for _, text := range lines {
			rec, err := ParseRecord(text)
			known := strings.Contains("ABCD", rec.Stratum) && len(rec.Stratum) == 1 && len(rec.Scope) == 2 && rec.Scope >= "s0" && rec.Scope <= "s3"
			good = good && err == nil && rec.ID > last && known
			last = rec.ID
		}
		if good != (err == nil) || good && pool.Tree.Size() != len(lines) {
			t.Errorf("%q: %v", in, err)
		}
	})
}

func FuzzManifest(f *testing.F) {
	for _, mode := range []string{"open", "sealed"} {
		m, _ := testManifest(SM3, mode)
		data, err := m.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := ParseManifest(ManifestFile, in)
		if err != nil {
			return
		}
		if out, err := m.Encode(); err != nil || !bytes.Equal(out, in) {
			t.Errorf("%q is written as %q (%v)", in, out, err)
		}
	})
}

func FuzzDocuments(f *testing.F) {
	c, _ := held(f, SHA256, "open", synthetic(50, "s1"))
	for _, doc := range []any{c.Lock, c.Commits, c.Reveals, c.Event, c.Envelopes, &Result{}, &Opening{}, &Void{}} {
		data, err := encode("x", doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, doc := range []any{new(Lock), new(Commits), new(Reveals), new(Event), new(Envelopes), new(Result), new(Opening), new(Void)} {
			if decode("x", in, doc) != nil {
				continue
			}
			if out, err := encode("x", doc); err != nil || !bytes.Equal(out, in) {
				t.Errorf("%q is written as %q (%v)", in, out, err)
			}
		}
		files := map[string][]byte{}
		for name, doc := range map[string]any{LockFile: c.Lock, CommitsFile: c.Commits, RevealsFile: c.Reveals, EventFile: c.Event} {
			data, err := encode(name, doc)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = data
		}
		files[EventFile] = in
		var err error
		if files[ManifestFile], err = c.Manifest.Encode(); err != nil {
			t.Fatal(err)
		}
		Load(fsOf(files)) // must not panic on any event
	})
}

func FuzzProof(f *testing.F) {
	w := drawnWhole(f, SHA256, "open", 60)
	w.Opening = w.opening
	rec, err := ParseRecord(strings.Split(string(w.data), "\n")[6])
	if err != nil {
		f.Fatal(err)
	}
	p, err := w.NewProof(w.pool, w.ranking, nil, rec, 6)
	if err != nil {
		f.Fatal(err)
	}
	good, err := p.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, in []byte) {
		VerifyProof(ProofFile, in) // must not panic; forgeries are the vectors' business
	})
}

func FuzzLists(f *testing.F) {
	f.Add([]byte("A\t1\t0\t000000001\tID-1\t" + strings.Repeat("0", 64) + "\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		picks, err := ReadList(bytes.NewReader(in), ResultList)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteList(&out, picks); err != nil || !bytes.Equal(out.Bytes(), in) {
			t.Errorf("%q is written as %q (%v)", in, out.Bytes(), err)
		}
	})
}

func FuzzSubstitutions(f *testing.F) {
	pick := Pick{Task: "A", Stratum: "1", Rank: 1, ID: "ID-1"}
	next := Pick{Task: "A", Stratum: "1", Rank: 2, ID: "ID-2"}
	s, err := NewRoll([]Pick{pick}, []Pick{next}).Replace(Substitution{Time: at("01:00:00"), Task: "A", Stratum: "1", Rank: 1, Reason: "closed", Evidence: secretOf("x"), Approver: "王"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(s.Line(1) + "\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		roll := NewRoll([]Pick{pick}, []Pick{next})
		if roll.Read(bytes.NewReader(in)) == nil && len(roll.Standing()) > 1 {
			t.Errorf("%q makes the list longer", in)
		}
	})
}

func FuzzDifference(f *testing.F) {
	f.Add([]byte("ID-1\t+\t-\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if ReadDifference(SHA256, bytes.NewReader(in), Difference{Digest: SHA256.Hash(in).String()}) == nil && len(in) > 0 {
			t.Errorf("%q counts nothing", in)
		}
	})
}

func FuzzPublic(f *testing.F) {
	f.Add([]byte("ID-1\t" + strings.Repeat("0", 64) + "\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := ReadPublic(SHA256, bytes.NewReader(in), nil)
		if err == nil && got.Size != uint64(bytes.Count(in, []byte("\n"))) {
			t.Errorf("%q has %d lines", in, got.Size)
		}
	})
}

func FuzzSums(f *testing.F) {
	files := map[string][]byte{"a.txt": []byte("a"), "b/c.txt": []byte("c")}
	f.Add(bytes.Clone(sealedFiles(f, files)[SHA256Sums]))
	good := string(files[SHA256Sums])
	f.Fuzz(func(t *testing.T, in []byte) {
		bundle := fsOf(files)
		bundle[SHA256Sums].Data = in
		if err := CheckSums(bundle); (err == nil) != (string(in) == good) {
			t.Errorf("%q: %v", in, err)
		}
	})
}
