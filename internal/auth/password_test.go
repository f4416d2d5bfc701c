package auth

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"suicha/internal/inspect"
)

func testGate(t testing.TB) *Gate {
	keys, err := newRing(bytes.Repeat([]byte("p"), 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := &Gate{keys: keys, cost: cost{8, 1}, hashing: make(chan struct{}, 2), waiting: make(chan struct{}, 4)}
	if g.dummy, err = g.hash(context.Background(), "p", "nobody's"); err != nil {
		t.Fatal(err)
	}
	return g
}

// A fixed vector: what is stored today opens tomorrow.
func TestStoredPasswordStaysReadable(t *testing.T) {
	g := testGate(t)
	const (
		ofOne = "$argon2id$v=19$m=8,t=1,p=1,keyid=wAcByfWt$sXiZdQWmLQEnQ0Ox+ZiCjQ$NQJThL1QyDmeD3QTyNwr+7yVybG2NSwHskB+6umGpY4"
		older = "$argon2id$v=19$m=8,t=1,p=1,keyid=wAcByfWt$xb9nJ0uW+c+dTbhNaRjeyw$te4gUAcdblgMqSD6yhznh3KOHXD6ojdZwlmguuUUzyE"
	)
	for _, test := range []struct {
		person       inspect.PersonID
		stored       string
		right, stale bool
	}{
		{"p", ofOne, true, false},
		{"q", ofOne, false, false}, // moved to another account it opens nothing
		{"", ofOne, false, false},
		{"p", older, true, true}, // from before passwords named their person
	} {
		right, stale, err := g.check(context.Background(), test.person, test.stored, "七月里的两只灰鹤")
		if err != nil || right != test.right || stale != test.stale {
			fresh, _ := g.hash(context.Background(), test.person, "七月里的两只灰鹤")
			t.Errorf("%q %s: right %v, stale %v, %v; a fresh one is %s", test.person, test.stored, right, stale, err, fresh)
		}
	}
}

func TestWorkIsTheSameWhoeverAsks(t *testing.T) {
	g := testGate(t)
	stored, err := g.hash(context.Background(), "p", "the right one")
	if err != nil {
		t.Fatal(err)
	}
	known, err := parseDigest(stored)
	if err != nil {
		t.Fatal(err)
	}
	nobody, err := parseDigest(g.dummy)
	if err != nil {
		t.Fatal(err)
	}
	if known.cost != nobody.cost || len(known.salt) != len(nobody.salt) {
		t.Errorf("a known name costs %+v, an unknown one %+v", known.cost, nobody.cost)
	}
	if right, _, err := g.check(context.Background(), "p", "", "nobody's"); right || err != nil {
		t.Errorf("the password that nobody has opens an account (%v)", err)
	}
}

func TestRealCost(t *testing.T) {
	if fullCost != (cost{memory: 65536, time: 3}) || hashesAtOnce != 2 {
		t.Errorf("the cost of a hash is %+v, %d at once", fullCost, hashesAtOnce)
	}
}

func TestHashingIsNotEndless(t *testing.T) {
	g := testGate(t)
	ctx, cancel := context.WithCancel(context.Background())
	g.hashing <- struct{}{}
	g.hashing <- struct{}{}
	done := make(chan error)
	for range cap(g.waiting) {
		go func() {
			_, err := g.hash(ctx, "p", "waits")
			done <- err
		}()
	}
	for len(g.waiting) < cap(g.waiting) {
		runtime.Gosched()
	}
	if _, err := g.hash(ctx, "p", "one too many"); err == nil {
		t.Error("nobody was turned away")
	}
	cancel()
	for range cap(g.waiting) {
		if err := <-done; err == nil {
			t.Error("hashed without a place")
		}
	}
}

func FuzzStoredPassword(f *testing.F) {
	g := testGate(f)
	f.Add(g.dummy)
	f.Add("$argon2id$v=19$m=65536,t=3,p=1,keyid=abc$c2FsdHNhbHRzYWx0c2FsdA$")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := parseDigest(text)
		if err != nil {
			return
		}
		if d.String() != text || d.memory > 1<<20 || d.time > 100 {
			t.Errorf("%q reads as %+v", text, d)
		}
	})
}

func TestPasswordStrength(t *testing.T) {
	words := []string{"李科长", "likezhang", "海阳市", "海阳市市场监督管理局"}
	for _, test := range []struct {
		password string
		least    int
		code     string
	}{
		{"vK7moGn2", 8, ""},
		{"correct horse battery staple", 15, ""},
		{"七月里的两只灰鹤飞过了南山坡", 8, ""},
		{"   leading and trailing   ", 15, ""},
		{"ＡＣxw七九Kpw", 8, ""},
		{"ＡＢＣxyz七八九Kpw", 8, "common_password"},
		{"vK7moGn", 8, "short_password"},
		{"vK7moGn2vK7moG", 15, "short_alone"},
		{"", 8, "short_password"},
		{strings.Repeat("长", 129), 8, "long_password"},
		{strings.Repeat("长", 128), 8, "common_password"},
		{"password", 8, "common_password"},
		{"P@ssw0rd!", 8, "common_password"},
		{"Passw0rd2026!", 8, "common_password"},
		{"12345678", 8, "common_password"},
		{"87654321", 8, "common_password"},
		{"1qaz2wsx3edc", 8, "common_password"},
		{"qwertyuiop", 8, "common_password"},
		{"aaaaaaaaaaaaaaaa", 15, "common_password"},
		{"abcabcabcabcabc", 15, "common_password"},
		{"woaini1314520", 8, "common_password"},
		{"Suicha@2026", 8, "common_password"},
		{"haiyang-2026!", 8, "common_password"},
		{"likezhang123", 8, "common_password"},
		{"海阳市市场监督管理局", 8, "common_password"},
		{"李科长李科长李科长", 8, "common_password"},
		{"admin admin admin admin", 15, "common_password"},
		{"ok\x00but not", 8, "secret_text"},
		{"not \xff utf-8", 8, "secret_text"},
	} {
		err := judge(test.password, test.least, words)
		code := ""
		if err != nil {
			code = codeOf(err)
		}
		if code != test.code {
			t.Errorf("%q, at least %d: got %q, want %q", test.password, test.least, code, test.code)
		}
	}
}

func FuzzPasswordStrength(f *testing.F) {
	f.Add("vK7moGn2")
	f.Add("123qweasdzxc")
	f.Add("\x00\xff長長長")
	f.Fuzz(func(t *testing.T, password string) {
		if judge(password, passwordWith, []string{"海阳市"}) == nil {
			if n := utf8.RuneCountInString(normal(password)); n < passwordWith || n > passwordMost || len(normal(password)) > passwordBytes {
				t.Errorf("%q passes with %d characters", password, n)
			}
		}
		if folded, err := foldName(password); err == nil {
			if again, err := foldName(folded); err != nil || again != folded {
				t.Errorf("the name %q folds to %q and then to %q (%v)", password, folded, again, err)
			}
		}
	})
}

func TestSealedSecretsOpenForTheirPurposeOnly(t *testing.T) {
	old, err := newRing(bytes.Repeat([]byte("o"), 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := newRing(bytes.Repeat([]byte("n"), 32), [][]byte{bytes.Repeat([]byte("o"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		sealed string
		want   bool
	}{
		{ring.seal("a", "secret"), true}, {old.seal("a", "secret"), true}, {ring.seal("b", "secret"), false},
		{"", false}, {".", false}, {"x.y", false}, {ring[0].id + ".AAAA", false}, {ring.seal("a", "secret")[1:], false},
	} {
		text, err := ring.open("a", r.sealed)
		if (err == nil) != r.want || r.want && text != "secret" {
			t.Errorf("%.12s… opens as %q (%v)", r.sealed, text, err)
		}
	}
	if _, err := old.open("a", ring.seal("a", "secret")); err == nil {
		t.Error("a newer key's secret opens with the older key")
	}
}

func FuzzSealed(f *testing.F) {
	g := testGate(f)
	f.Add(g.keys.seal("a", "secret"))
	f.Fuzz(func(t *testing.T, sealed string) {
		if text, err := g.keys.open("b", sealed); err == nil {
			t.Errorf("%q opens as %q", sealed, text)
		}
	})
}

func TestNetworksAreCoarse(t *testing.T) {
	for _, test := range []struct{ addr, want string }{
		{"10.3.7.21", "10.3.7.0/24"},
		{"::ffff:10.3.7.21", "10.3.7.0/24"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"},
		{"fe80::1%eth0", "fe80::/48"},
		{"", ""}, {"nonsense", ""}, {"10.3.7.21:80", ""},
	} {
		if got := (From{Addr: test.addr}).Net(); got != test.want {
			t.Errorf("the network of %q is %q, want %q", test.addr, got, test.want)
		}
	}
}

func codeOf(err error) string {
	var p inspect.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return err.Error()
}

func FuzzMarks(f *testing.F) {
	f.Add("AAAAAAAAAAAAAAAAAAAAAA.1780000000.c3RhbXA")
	f.Add("~.~..~a.b.c~a.01.c~a.-1.c")
	f.Fuzz(func(t *testing.T, text string) {
		marks := readMarks(text)
		if len(marks) > knownMost {
			t.Errorf("%q has %d marks", text, len(marks))
		}
		for _, m := range marks {
			if !strings.Contains("~"+text+"~", "~"+m.String()+"~") {
				t.Errorf("%q reads as %q", text, m)
			}
		}
	})
}
