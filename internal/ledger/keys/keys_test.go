package keys

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const name = "suicha.example.gov.cn/log"

func generate(t testing.TB, kind Kind, name string, seed byte) (skey, vkey string) {
	t.Helper()
	skey, vkey, err := Generate(kind, name, rand.NewChaCha8([32]byte{seed}))
	if err != nil {
		t.Fatal(err)
	}
	return skey, vkey
}

func verifier(t testing.TB, vkey string) *Verifier {
	t.Helper()
	v, err := ParseVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The example of C2SP signed-note.
func TestNoteOfTheSpecification(t *testing.T) {
	v := verifier(t, "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
	signed := "This is an example message.\n\n" +
		"— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
	n, err := Open([]byte(signed), v)
	if err != nil || len(n.Sigs) != 1 {
		t.Fatalf("open = %v, %v", n, err)
	}
	if _, err := Open([]byte(strings.Replace(signed, "an", "no", 1)), v); !errors.Is(err, ErrUnsigned) {
		t.Errorf("changed text: %v", err)
	}
}

// GB/T 32918.5-2017, annex A.2: key, message and signature.
func TestSM2OfTheStandard(t *testing.T) {
	secret := unhex(t, "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
	public, err := LogSM2.public(secret)
	if err != nil {
		t.Fatal(err)
	}
	want := "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" +
		"ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
	if got := hex.EncodeToString(public); got != want {
		t.Errorf("public key = %s, want %s", got, want)
	}
	v := &Verifier{newKey(name, LogSM2, public)}
	sig := unhex(t, "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"+
		"b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")
	if !v.Verify([]byte("message digest"), sig) {
		t.Error("the signature of the standard is not accepted")
	}
	for i := range len(sig) * 8 {
		bad := bytes.Clone(sig)
		bad[i/8] ^= 1 << (i % 8)
		if v.Verify([]byte("message digest"), bad) {
			t.Errorf("accepted with bit %d changed", i)
		}
	}
	for _, bad := range [][]byte{nil, sig[:63], append(bytes.Clone(sig), 0), make([]byte, 64), bytes.Repeat([]byte{0xff}, 64)} {
		if v.Verify([]byte("message digest"), bad) {
			t.Errorf("accepted %x", bad)
		}
	}
}

func TestEachKindSignsAndIsReadBack(t *testing.T) {
	text := []byte("a\n1\nb\n")
	for i, kind := range []Kind{LogEd25519, LogSM2} {
		skey, vkey := generate(t, kind, name, byte(i))
		s, err := ParseSigner(skey)
		if err != nil {
			t.Fatal(err)
		}
		v := verifier(t, vkey)
		sig, err := s.Sign(text)
		if err != nil || !v.Verify(text, sig) || s.Name() != v.Name() || s.KeyHash() != v.KeyHash() || v.Kind() != kind {
			t.Errorf("kind %q: %v", kind, err)
		}
		if v.Verify([]byte("a\n1\nc\n"), sig) {
			t.Errorf("kind %q: signs another text", kind)
		}
		if again, _ := s.Sign(text); !bytes.Equal(again, sig) {
			t.Errorf("kind %q: a second signature differs", kind)
		}
		if _, err := ParseCosigner(skey); err == nil {
			t.Errorf("kind %q: a log became a witness", kind)
		}
		for _, format := range []string{"%v", "%s", "%+v"} {
			if shown := fmt.Sprintf(format, s); shown != vkey {
				t.Errorf("kind %q: printing a secret key shows %s", kind, shown)
			}
		}
	}
	skey, _ := generate(t, WitnessEd25519, "w.example", 3)
	if _, err := ParseSigner(skey); err == nil {
		t.Error("a witness became a log")
	}
}

// A program that knows only Ed25519 passes over the SM2 line.
func TestOthersIgnoreTheSM2Line(t *testing.T) {
	edSecret, edPublic := generate(t, LogEd25519, name, 1)
	gmSecret, _ := generate(t, LogSM2, name, 2)
	ed, _ := ParseSigner(edSecret)
	gm, _ := ParseSigner(gmSecret)
	signed, err := note.Sign(&note.Note{Text: "text\n"}, ed, gm)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := note.NewVerifier(edPublic)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(plain))
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 1 {
		t.Errorf("open = %+v, %v", n, err)
	}
}

func TestCosignatureSaysWhen(t *testing.T) {
	skey, vkey := generate(t, WitnessEd25519, "w.example", 3)
	c, err := ParseCosigner(skey)
	if err != nil || c.Vkey() != vkey || fmt.Sprint(c) != vkey {
		t.Fatalf("cosigner = %v, %v", c, err)
	}
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	signed, err := note.Sign(&note.Note{Text: "o\n1\nr\n"}, c.At(at))
	if err != nil {
		t.Fatal(err)
	}
	n, err := Open(signed, verifier(t, vkey))
	if err != nil || len(n.Sigs) != 1 || !TimeOf(n.Sigs[0]).Equal(at) {
		t.Fatalf("open = %+v, %v", n, err)
	}
	v, plain := verifier(t, vkey), &Verifier{newKey("w.example", LogEd25519, verifier(t, vkey).public)}
	raw, _ := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	sig := raw[4:]
	if plain.Verify([]byte("o\n1\nr\n"), sig[8:]) {
		t.Error("a cosignature passes as the signature of a log")
	}
	for i := range len(sig) * 8 {
		bad := bytes.Clone(sig)
		bad[i/8] ^= 1 << (i % 8)
		if v.Verify([]byte("o\n1\nr\n"), bad) {
			t.Errorf("accepted with bit %d changed", i)
		}
	}
	timeless := append(make([]byte, 8), ed25519.Sign(ed25519.NewKeyFromSeed(c.secret.secret), cosigned([]byte("o\n1\nr\n"), 0))...)
	if v.Verify([]byte("o\n1\nr\n"), timeless) {
		t.Error("accepted a cosignature without a time")
	}
	if _, err := c.At(time.Unix(0, 0)).Sign([]byte("x\n")); err == nil {
		t.Error("cosigned without a time")
	}
}

// note.Open lets unused bits of base64 pass; then two different files would be
// the same note.
func TestOnlyCanonicalBase64IsRead(t *testing.T) {
	skey, vkey := generate(t, LogEd25519, name, 1)
	s, _ := ParseSigner(skey)
	signed, _ := note.Sign(&note.Note{Text: "text\n"}, s)
	end := len(signed) - len("=\n") - 1
	for i := range 2 {
		bad := bytes.Clone(signed)
		digits := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		bad[end] = digits[strings.IndexByte(digits, bad[end])^(1<<i)]
		if _, err := note.Open(bad, note.VerifierList(verifier(t, vkey))); err != nil {
			t.Fatalf("the library has become strict: %v", err)
		}
		if _, err := Open(bad, verifier(t, vkey)); err == nil {
			t.Error("read a line with unused bits set")
		}
	}
	if _, err := Open(append(bytes.Repeat([]byte("x"), MaxNote), signed...)); err == nil {
		t.Error("read a note that is too long")
	}
}

func TestBadKeysAreRefused(t *testing.T) {
	_, ed := generate(t, LogEd25519, name, 1)
	skey, gm := generate(t, LogSM2, name, 2)
	edKey := strings.SplitN(ed, "+", 3)
	for _, vkey := range []string{
		"", "+", "++", "a+b", edKey[0], edKey[0] + "+" + edKey[1],
		"other+" + edKey[1] + "+" + edKey[2],
		edKey[0] + "+" + strings.ToUpper(edKey[1]) + "x+" + edKey[2],
		edKey[0] + "+00000000+" + edKey[2],
		ed + " ", " " + ed, ed + "\n", ed[:len(ed)-4],
		edKey[0] + "+" + edKey[1] + "+" + base64.StdEncoding.EncodeToString([]byte{9, 1, 2}),
		strings.Replace(gm, "+", "+\r\n", 2),
		vkeyOf(LogEd25519, make([]byte, 31)), vkeyOf(LogEd25519, make([]byte, 33)),
		vkeyOf(WitnessEd25519, nil), vkeyOf(LogSM2, nil),
		vkeyOf(LogSM2, append([]byte{4}, make([]byte, 64)...)), // not on the curve
		vkeyOf(LogSM2, []byte{0}),                              // the point at infinity
	} {
		if v, err := ParseVerifier(vkey); err == nil {
			t.Errorf("%q was read as %v", vkey, v)
		}
	}
	for _, bad := range []string{"", gm, skey[1:], skey[:len(skey)-4], strings.Replace(skey, name, "other", 1)} {
		if s, err := ParseSigner(bad); err == nil {
			t.Errorf("%q was read as %v", bad, s)
		}
	}
	for _, bad := range []string{"", "a b", "a+b", "a\nb", "a\u3000b", "a\x01b", "a\xffb"} {
		if _, _, err := Generate(LogEd25519, bad, rand.NewChaCha8([32]byte{})); err == nil {
			t.Errorf("a key was named %q", bad)
		}
	}
	// SM2's secret must be from 1 to n-2; a source that gives nothing else ends.
	for _, source := range []byte{0, 0xff} {
		if _, _, err := Generate(LogSM2, name, constant(source)); err == nil {
			t.Errorf("a key was made of bytes %02x", source)
		}
	}
}

func vkeyOf(kind Kind, public []byte) string {
	k := newKey(name, kind, public)
	return k.String()
}

type constant byte

func (c constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

func FuzzParseVerifier(f *testing.F) {
	for i, kind := range []Kind{LogEd25519, LogSM2, WitnessEd25519} {
		_, vkey := generate(f, kind, name, byte(i))
		f.Add(vkey)
	}
	f.Fuzz(func(t *testing.T, vkey string) {
		v, err := ParseVerifier(vkey)
		if err == nil && v.String() != vkey {
			t.Fatalf("%q became %q", vkey, v)
		}
	})
}

func FuzzParseSecret(f *testing.F) {
	for i, kind := range []Kind{LogEd25519, LogSM2, WitnessEd25519} {
		skey, _ := generate(f, kind, name, byte(i))
		f.Add(skey)
	}
	f.Fuzz(func(t *testing.T, skey string) {
		s, err := ParseSigner(skey)
		c, err2 := ParseCosigner(skey)
		if err == nil && err2 == nil {
			t.Fatalf("%v is both log and witness, as %v", s, c)
		}
	})
}

func FuzzOpen(f *testing.F) {
	skey, vkey := generate(f, LogSM2, name, 2)
	s, _ := ParseSigner(skey)
	signed, _ := note.Sign(&note.Note{Text: "text\n"}, s)
	f.Add(signed)
	f.Fuzz(func(t *testing.T, msg []byte) {
		n, err := Open(msg, verifier(t, vkey))
		if err == nil && len(n.Sigs) > 0 && n.Text != "text\n" {
			t.Fatalf("a signature of %q", n.Text)
		}
	})
}
