package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"suicha/internal/ledger/keys"
)

const specText = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

func TestCheckpointTexts(t *testing.T) {
	c := ok(ParseCheckpoint(specText))(t)
	if c.Origin != "example.com/behind-the-sofa" || c.Size != 20852163 || c.Extensions != nil {
		t.Errorf("read %+v", c)
	}
	more := ok(ParseCheckpoint(specText + "further\nlines\n"))(t)
	if len(more.Extensions) != 2 || ok(more.Text())(t) != specText+"further\nlines\n" {
		t.Errorf("read %+v", more)
	}
	line := strings.SplitAfter(specText, "\n")
	for _, text := range []string{
		"", "\n", "\n\n\n", specText[:len(specText)-1], line[0] + line[1], "\n" + line[1] + line[2], specText + "\n",
		line[0] + "020852163\n" + line[2], line[0] + "-1\n" + line[2], line[0] + "+1\n" + line[2], line[0] + " 1\n" + line[2],
		line[0] + "9007199254740992\n" + line[2], line[0] + "4611686018427387905\n" + line[2],
		line[0] + line[1] + "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
		line[0] + line[1] + "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", // unused bits
		line[0] + line[1] + "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
		line[0] + line[1] + "AAAA\n", specText + "a\n\nb\n", specText + "a\tb\n", "a\xffb\n" + line[1] + line[2],
	} {
		if c, err := ParseCheckpoint(text); err == nil {
			t.Errorf("%q was read as %+v", text, c)
		}
	}
}

func TestLogSignsOnlyWhatContinues(t *testing.T) {
	w := newWorld(t)
	var l testLog
	l.add(t, 20, "x")
	fork := testLog{}
	fork.add(t, 20, "y")
	at := func(l *testLog, size int) Head { return l.head(t, size) }
	grow := func(l *testLog, size, old int64) []Hash { return ok(ProveGrowth(size, old, l.hashes))(t) }
	for _, test := range []struct {
		what       string
		last, next Head
		proof      []Hash
		good       bool
	}{
		{"the first", Head{}, at(&l, 7), nil, true},
		{"growth", at(&l, 7), at(&l, 20), grow(&l, 20, 7), true},
		{"the same again", at(&l, 20), at(&l, 20), nil, true},
		{"an empty log", Head{}, EmptyHead, nil, true},
		{"from empty", EmptyHead, at(&l, 3), nil, true},
		{"shorter", at(&l, 20), at(&l, 7), grow(&l, 20, 7), false},
		{"back to nothing", at(&l, 20), EmptyHead, nil, false},
		{"another root", at(&l, 20), at(&fork, 20), nil, false},
		{"a fork", at(&l, 7), at(&fork, 20), grow(&fork, 20, 7), false},
		{"without proof", at(&l, 7), at(&l, 20), nil, false},
		{"with another proof", at(&l, 7), at(&l, 20), grow(&l, 20, 8), false},
		{"empty, other root", Head{}, Head{0, Hash{1}}, nil, false},
		{"first with a proof", Head{}, at(&l, 7), []Hash{{}}, false},
	} {
		signed, err := w.signer.Sign(test.last, test.next, test.proof)
		if (err == nil) != test.good || err != nil && (!errors.Is(err, ErrFork) || signed != nil) {
			t.Errorf("%s: %v", test.what, err)
		}
	}
}

func TestSignerNeedsKeysOfOneLog(t *testing.T) {
	w := newWorld(t)
	ed := w.ed.signer(t)
	other := newParty(t, keys.LogEd25519, "other", 9).signer(t)
	for _, list := range [][]note.Signer{nil, {ed, other}, {ed, ed}} {
		if _, err := NewSigner(list...); err == nil {
			t.Errorf("a signer of %v", list)
		}
	}
	if w.signer.Origin() != testOrigin {
		t.Errorf("origin = %s", w.signer.Origin())
	}
}

// Every line of this note is by a key that the policy demands, so no changed,
// added or missing bit may pass.
func TestEveryBitOfACheckpointCounts(t *testing.T) {
	w := newWorld(t)
	var l testLog
	l.add(t, 5, "x")
	signed := w.checkpoint(t, l.head(t, 5))
	c, by, err := w.policy.Check(signed)
	if err != nil || c.Head != l.head(t, 5) || len(by) != 3 || by[0].Witness != "jiwei" || !by[0].At.Equal(monday) {
		t.Fatalf("check = %+v, %+v, %v", c, by, err)
	}
	for i := range len(signed) * 8 {
		bad := bytes.Clone(signed)
		bad[i/8] ^= 1 << (i % 8)
		if _, _, err := w.policy.Check(bad); err == nil {
			t.Fatalf("believed with bit %d changed:\n%s", i, bad)
		}
	}
	for i := range signed {
		if _, _, err := w.policy.Check(signed[:i]); err == nil {
			t.Fatalf("believed when cut off at %d", i)
		}
	}
}

func TestSM2LineCountsWhenItIsDemanded(t *testing.T) {
	w := newWorld(t)
	signed := ok(w.signer.Sign(Head{}, EmptyHead, nil))(t)
	demands := ok(ParsePolicy([]byte("log " + w.ed.vkey + "\nrequire " + w.gm.vkey + "\nquorum none\n")))(t)
	content := ok(ParsePolicy([]byte("log " + w.ed.vkey + "\nquorum none\n")))(t)
	lines := strings.SplitAfter(string(signed), "\n")
	gm := lines[len(lines)-2]
	other := newParty(t, keys.LogSM2, testOrigin, 77).signer(t)
	n := ok(keys.Open(signed))(t)
	for _, test := range []struct {
		what, note     string
		strict, simple bool
	}{
		{"whole", string(signed), true, true},
		{"line missing", strings.TrimSuffix(string(signed), gm), false, true},
		{"text of another", strings.Replace(string(signed), gm, string(ok(note.Sign(&note.Note{Text: n.Text}, other))(t)[len(n.Text)+1:]), 1), false, true},
		{"one digit changed", string(signed[:len(signed)-9]) + flip(signed[len(signed)-9]) + string(signed[len(signed)-8:]), false, true},
	} {
		if _, _, err := demands.Check([]byte(test.note)); (err == nil) != test.strict {
			t.Errorf("%s, demanded: %v", test.what, err)
		}
		if _, _, err := content.Check([]byte(test.note)); (err == nil) != test.simple {
			t.Errorf("%s, not demanded: %v", test.what, err)
		}
	}
}

func flip(digit byte) string {
	if digit == 'A' {
		return "B"
	}
	return "A"
}

func TestCosignatureIsOfThisCheckpoint(t *testing.T) {
	w := newWorld(t)
	signed := ok(w.signer.Sign(Head{}, EmptyHead, nil))(t)
	p := w.witnesses[0]
	line := func(text string, by party) string {
		return string(ok(note.Sign(&note.Note{Text: text}, by.cosigner(t).At(monday)))(t)[len(text)+1:])
	}
	text := ok(keys.Open(signed))(t).Text
	good := line(text, p)
	for _, test := range []struct{ what, lines string }{
		{"none", ""},
		{"not a line", "hello\n"},
		{"of another checkpoint", line(specText, p)},
		{"of another witness", line(text, w.witnesses[1])},
		{"cut off", good[:len(good)-1]},
		{"of a text put in between", "x\n\n" + line(text+"\nx\n", p)},
	} {
		if _, err := AddCosignature(signed, []byte(test.lines), p.verifier(t)); err == nil {
			t.Errorf("%s: taken", test.what)
		}
	}
	with := ok(AddCosignature(signed, []byte(line(text, w.witnesses[1])+good), p.verifier(t)))(t)
	if want := string(signed) + good; string(with) != want {
		t.Errorf("note = %s\nwant   %s", with, want)
	}
	if again := ok(AddCosignature(with, []byte(good), p.verifier(t)))(t); !bytes.Equal(again, with) {
		t.Errorf("a second cosignature does not replace the first:\n%s", again)
	}
}

func TestRequestsAreReadExactly(t *testing.T) {
	signed := "o\n1\nr\n\n— o AAAA\n"
	req := AddCheckpoint{Old: 7, Proof: []Hash{{1}, {2}}, Note: []byte(signed)}
	if got := ok(ParseAddCheckpoint(req.Format()))(t); !reflect.DeepEqual(got, req) {
		t.Errorf("read %+v, want %+v", got, req)
	}
	h := Hash{}.String() + "\n"
	for _, body := range []string{
		"", "\n", "old 0\n", "old 0\n\n", "old 0\n" + signed, "old  0\n\n" + signed, "old 00\n\n" + signed, "old -1\n\n" + signed, "old 0 \n\n" + signed,
		"Old 0\n\n" + signed, "old 9007199254740992\n\n" + signed, "old 1\n" + h[:9] + "\n\n" + signed, "old 1\r\n\n" + signed, "old 1\n" + h + " \n\n" + signed,
		"old 1\n" + strings.Repeat(h, 64) + "\n" + signed, "old 1\n\n" + strings.Repeat("x", keys.MaxNote+1),
	} {
		if got, err := ParseAddCheckpoint([]byte(body)); err == nil {
			t.Errorf("%.60q was read as %+v", body, got)
		}
	}
	if _, err := ParseAddCheckpoint([]byte("old 1\n" + strings.Repeat(h, 63) + "\n" + signed)); err != nil {
		t.Errorf("63 hashes: %v", err)
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add(specText)
	f.Add(specText + "more\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCheckpoint(text)
		if err == nil && ok(c.Text())(t) != text {
			t.Fatalf("%q became %+v", text, c)
		}
	})
}

func FuzzParseAddCheckpoint(f *testing.F) {
	f.Add([]byte(fmt.Sprintf("old 1\n%s\n\n%s\n— o AAAA\n", Hash{}, specText)))
	f.Add([]byte("old 0\n\n" + specText))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := ParseAddCheckpoint(body)
		if err == nil && !bytes.Equal(a.Format(), body) {
			t.Fatalf("%q became %q", body, a.Format())
		}
	})
}
