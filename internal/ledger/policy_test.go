package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"suicha/internal/ledger/keys"
)

// The example of C2SP tlog-policy: two of X1 to X3, and any of Y1 to Y3.
func TestQuorumOfTheSpecification(t *testing.T) {
	w := newWorld(t)
	file := "# example\n\n\t log \t" + w.ed.vkey + " \thttps://log.example/\n"
	party := make(map[string]party)
	for i, name := range []string{"X1", "X2", "X3", "Y1", "Y2", "Y3"} {
		party[name] = newParty(t, keys.WitnessEd25519, "w.example/"+name, byte(50+i))
		file += "witness " + name + " " + party[name].vkey + " https://" + name + ".example/\n"
	}
	file += "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
	p := ok(ParsePolicy([]byte(file)))(t)
	if p.Logs[0].URL != "https://log.example/" || p.Witnesses[5].URL != "https://Y3.example/" || p.Witnesses[5].Name != "Y3" {
		t.Errorf("policy = %+v", p)
	}
	signed := ok(w.signer.Sign(Head{}, EmptyHead, nil))(t)
	for _, test := range []struct {
		by   string
		good bool
	}{
		{"", false}, {"X1", false}, {"X1 X2", false}, {"Y1", false}, {"X1 X2 X3", false}, {"Y1 Y2 Y3", false}, {"X1 Y1 Y2 Y3", false},
		{"X1 X2 Y1", true}, {"X1 X3 Y3", true}, {"X1 X2 X3 Y1 Y2 Y3", true},
	} {
		note := signed
		for _, name := range strings.Fields(test.by) {
			note = w.cosign(t, note, party[name])
		}
		c, by, err := p.Check(note)
		if (err == nil) != test.good || err != nil && !errors.Is(err, keys.ErrUnsigned) {
			t.Errorf("by %q: %v", test.by, err)
		}
		if err == nil && (len(by) != len(strings.Fields(test.by)) || c.Origin != testOrigin) {
			t.Errorf("by %q: %+v, %+v", test.by, c, by)
		}
	}
}

func TestEachSubsetOfAQuorumIsCounted(t *testing.T) {
	w := newWorld(t)
	signed := ok(w.signer.Sign(Head{}, EmptyHead, nil))(t)
	for k := 1; k <= 3; k++ {
		file := "log " + w.ed.vkey + "\n"
		for i, p := range w.witnesses {
			file += fmt.Sprintf("witness w%d %s\n", i, p.vkey)
		}
		p := ok(ParsePolicy(fmt.Appendf(nil, "%sgroup g %d w0 w1 w2\nquorum g\n", file, k)))(t)
		for set := range 8 {
			note, n := signed, 0
			for i, party := range w.witnesses {
				if set>>i&1 == 1 {
					note, n = w.cosign(t, note, party), n+1
				}
			}
			if _, _, err := p.Check(note); (err == nil) != (n >= k) {
				t.Errorf("%d of 3 asked for, %d there: %v", k, n, err)
			}
		}
	}
}

func TestPolicyBelievesOnlyItsLogUnderItsName(t *testing.T) {
	w := newWorld(t)
	p := ok(ParsePolicy([]byte("log " + w.ed.vkey + "\nrequire " + w.gm.vkey + "\nquorum none\n")))(t)
	other := newParty(t, keys.LogEd25519, "other.example/log", 99)
	both := ok(ParsePolicy([]byte("log " + w.ed.vkey + "\nlog " + other.vkey + "\nrequire " + w.gm.vkey + "\nquorum none\n")))(t)
	foreign := ok(ok(NewSigner(other.signer(t)))(t).Sign(Head{}, EmptyHead, nil))(t)
	if _, _, err := p.Check(foreign); !errors.Is(err, keys.ErrUnsigned) {
		t.Errorf("a foreign log: %v", err)
	}
	if _, _, err := both.Check(foreign); err != nil {
		t.Errorf("a second log, of which nothing further is required: %v", err)
	}
	// A known key under the checkpoint of another log says nothing.
	crossed := strings.Replace(string(foreign), "other.example/log\n", testOrigin+"\n", 1)
	if _, _, err := both.Check([]byte(crossed)); err == nil {
		t.Error("a key signs for another log")
	}
	only := ok(ok(NewSigner(w.gm.signer(t)))(t).Sign(Head{}, EmptyHead, nil))(t)
	if _, _, err := p.Check(only); !errors.Is(err, keys.ErrUnsigned) {
		t.Errorf("the required key alone: %v", err)
	}
	if _, _, err := p.Check([]byte("hello")); err == nil {
		t.Error("believed a text that is no note")
	}
}

func TestBadPoliciesAreRefused(t *testing.T) {
	w := newWorld(t)
	log, gm := "log "+w.ed.vkey+"\n", "require "+w.gm.vkey+"\n"
	a, b := "witness a "+w.witnesses[0].vkey+"\n", "witness b "+w.witnesses[1].vkey+"\n"
	other := newParty(t, keys.LogSM2, "other", 9)
	if _, err := ParsePolicy([]byte(log + gm + a + b + "group g 2 a b\nquorum g\n")); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ what, file string }{
		{"empty", ""},
		{"no quorum", log + a},
		{"two quorums", log + "quorum none\nquorum none\n"},
		{"cut off", log + a + "quorum a"},
		{"quorum of nobody", log + "quorum a\n"},
		{"quorum before its group", log + "quorum a\n" + a},
		{"unknown word", log + "quorum none\nlogs x\n"},
		{"too many words", log + "quorum none none\n"},
		{"too few words", "log\nquorum none\n"},
		{"bad key", "log " + w.ed.vkey[1:] + "\nquorum none\n"},
		{"log twice", log + log + "quorum none\n"},
		{"witness twice", log + a + strings.Replace(a, " a ", " c ", 1) + "quorum a\n"},
		{"name twice", log + a + strings.Replace(b, " b ", " a ", 1) + "quorum a\n"},
		{"witness called none", log + strings.Replace(a, " a ", " none ", 1) + "quorum none\n"},
		{"group called as a witness", log + a + b + "group a 1 b\nquorum a\n"},
		{"log as witness", log + "witness a " + w.ed.vkey + "\nquorum a\n"},
		{"witness as log", "log " + w.witnesses[0].vkey + "\nquorum none\n"},
		{"the log's key as witness", log + "witness a " + asWitness(t, w.ed) + "\nquorum a\n"},
		{"require of no log", log + "require " + other.vkey + "\nquorum none\n"},
		{"none in a group", log + a + "group g 1 none\nquorum g\n"},
		{"k of zero", log + a + "group g 0 a\nquorum g\n"},
		{"k too great", log + a + "group g 2 a\nquorum g\n"},
		{"k not a number", log + a + "group g 01 a\nquorum g\n"},
		{"no members", log + a + "group g any\nquorum g\n"},
		{"member twice", log + a + "group g 1 a a\nquorum g\n"},
		{"member of two", log + a + b + "group g any a\ngroup h all a g\nquorum h\n"},
		{"member below", log + "group g any a\n" + a + "quorum g\n"},
		{"itself", log + a + "group g any g\nquorum g\n"},
		{"carriage return", log + "quorum none\r\n"},
		{"NUL", log + "quorum none\n\x00\n"},
		{"too long", log + "quorum none\n" + strings.Repeat("#", keys.MaxNote) + "\n"},
	} {
		if p, err := ParsePolicy([]byte(test.file)); err == nil {
			t.Errorf("%s: read as %+v", test.what, p)
		}
	}
}

// asWitness gives the same key in the form of a witness's.
func asWitness(t *testing.T, p party) string {
	t.Helper()
	as := newParty(t, keys.WitnessEd25519, "w", 1) // newWorld makes the log's key of the same seed
	if !as.verifier(t).Same(p.verifier(t)) {
		t.Fatal("the test does not reuse the key")
	}
	return as.vkey
}

func FuzzParsePolicy(f *testing.F) {
	w := newWorld(f)
	f.Add([]byte("log " + w.ed.vkey + "\nwitness a " + w.witnesses[0].vkey + " https://x/\ngroup g any a\nquorum g\n"))
	f.Add([]byte("quorum none\n"))
	signed := ok(w.signer.Sign(Head{}, EmptyHead, nil))(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := ParsePolicy(file)
		if err != nil {
			return
		}
		if _, _, err := p.Check(signed); err == nil && !strings.Contains(string(file), w.ed.vkey) && !strings.Contains(string(file), w.gm.vkey) {
			t.Fatalf("%q believes a log that it does not name", file)
		}
	})
}
