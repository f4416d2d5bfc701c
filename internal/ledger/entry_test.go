package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm3"
)

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))

// firstEntry is the worked example of docs/design/ledger.md.
func firstEntry(t testing.TB) Entry {
	salt := Salt{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	return Entry{
		N: 0, At: "2026-03-02T01:00:00.000Z", Verb: "plan.approve", Org: "370687-scjg",
		Target: "0195540a-8c00-7000-8000-000000000001", Version: 3,
		Body: ok(NewCommitment(salt, []byte(`{"opinion":"同意"}`)))(t),
	}
}

const firstLeaf = `{"at":"2026-03-02T01:00:00.000Z",` +
	`"body_sha256":"284a2a9264b6b899c064ba79f4c20dcfc8f8016c70274e3a7d047812d75a5a3e",` +
	`"body_sm3":"ad43604814a33c4a5973c7284ebff05dc969ae0f5638c00ab683b3dc3b7b6caa",` +
	`"format":"suicha-leaf/1","n":0,"org":"370687-scjg",` +
	`"prev_sm3":"0000000000000000000000000000000000000000000000000000000000000000",` +
	`"target":"0195540a-8c00-7000-8000-000000000001","verb":"plan.approve","version":3}`

func TestLeafHasTheDocumentedBytes(t *testing.T) {
	leaf := ok(firstEntry(t).Leaf())(t)
	if string(leaf) != firstLeaf {
		t.Errorf("leaf = %s\nwant   %s", leaf, firstLeaf)
	}
	for _, test := range []struct{ what, got, want string }{
		{"leaf hash", LeafHash(leaf).String(), "6pP+ExBsAknHwmWwlMurICOa7GljSNdIAi4MO7dwQAc="},
		{"receipt", ReceiptCode(LeafHash(leaf)), "EA93-FE13"},
		{"long receipt", LongReceiptCode(LeafHash(leaf)), "EA93-FE13-106C-0249"},
		{"next prev", ChainDigest(leaf).String(), "e05da8d226f5d5bdddca40f28aba86ddbf5fd14342497b0489a424f89656ce9c"},
	} {
		if test.got != test.want {
			t.Errorf("%s = %s, want %s", test.what, test.got, test.want)
		}
	}
}

// The commitment is spelt out here a second time, so that another program can
// be written after this test.
func TestCommitmentIsSaltedUnderBothHashes(t *testing.T) {
	salt := Salt{1, 2, 3}
	c := ok(NewCommitment(salt, []byte("body")))(t)
	text := append([]byte("suicha-body/1\n\x01\x02\x03"), make([]byte, 13)...)
	text = append(text, "body"...)
	if c.SHA256 != sha256.Sum256(text) || c.SM3 != sm3.Sum(text) {
		t.Errorf("commitment = %v", c)
	}
	if err := c.Opens(salt, []byte("body")); err != nil {
		t.Error(err)
	}
	half := c
	half.SM3[0] ^= 1
	for _, test := range []struct {
		what string
		c    Commitment
		salt Salt
		body string
	}{
		{"another body", c, salt, "bodz"},
		{"a longer body", c, salt, "body "},
		{"another salt", c, Salt{1, 2, 4}, "body"},
		{"an erased salt", c, Salt{}, "body"},
		{"only SHA-256 right", half, salt, "body"},
	} {
		if test.c.Opens(test.salt, []byte(test.body)) == nil {
			t.Errorf("%s opens the commitment", test.what)
		}
	}
	if _, err := NewCommitment(Salt{}, []byte("body")); err == nil {
		t.Error("a commitment without salt was made")
	}
}

// GB/T 32905-2016, example 1.
func TestChainIsSM3(t *testing.T) {
	if got, want := ChainDigest([]byte("abc")).String(), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"; got != want {
		t.Errorf("SM3(abc) = %s, want %s", got, want)
	}
}

func TestEntryThatCannotBeALeafIsRefused(t *testing.T) {
	for _, test := range []struct {
		what   string
		change func(*Entry)
	}{
		{"no time", func(e *Entry) { e.At = "" }},
		{"no milliseconds", func(e *Entry) { e.At = "2026-03-02T01:00:00Z" }},
		{"local time", func(e *Entry) { e.At = "2026-03-02T09:00:00.000+08:00" }},
		{"comma", func(e *Entry) { e.At = "2026-03-02T01:00:00,000Z" }},
		{"no such day", func(e *Entry) { e.At = "2026-02-29T01:00:00.000Z" }},
		{"negative number", func(e *Entry) { e.N = -1 }},
		{"2^53", func(e *Entry) { e.Version = 1 << 53 }},
		{"no verb", func(e *Entry) { e.Verb = "" }},
		{"name of an enterprise", func(e *Entry) { e.Target = "海阳市某某公司" }},
		{"quote", func(e *Entry) { e.Org = `a"b` }},
		{"backslash", func(e *Entry) { e.Org = `a\b` }},
		{"control", func(e *Entry) { e.Org = "a\nb" }},
		{"delete", func(e *Entry) { e.Org = "a\x7fb" }},
		{"not UTF-8", func(e *Entry) { e.Org = "a\xffb" }},
		{"long", func(e *Entry) { e.Target = strings.Repeat("x", maxToken+1) }},
		{"first with predecessor", func(e *Entry) { e.Prev[0] = 1 }},
		{"second without", func(e *Entry) { e.N = 1 }},
	} {
		e := firstEntry(t)
		test.change(&e)
		if leaf, err := e.Leaf(); err == nil {
			t.Errorf("%s: became %s", test.what, leaf)
		}
	}
}

func TestOnlyTheCanonicalLeafIsRead(t *testing.T) {
	if got := ok(ParseLeaf([]byte(firstLeaf)))(t); got != firstEntry(t) {
		t.Errorf("read %+v", got)
	}
	for _, test := range []struct{ what, old, new string }{
		{"blank", `,"n"`, `, "n"`},
		{"line end", `}`, "}\n"},
		{"order", `"verb":"plan.approve","version":3`, `"version":3,"verb":"plan.approve"`},
		{"twice", `"n":0`, `"n":0,"n":0`},
		{"further name", `"n":0`, `"m":0,"n":0`},
		{"missing name", `"n":0,`, ``},
		{"case of name", `"n":0`, `"N":0`},
		{"fraction", `"version":3`, `"version":3.0`},
		{"exponent", `"version":3`, `"version":3e0`},
		{"leading zero", `"version":3`, `"version":03`},
		{"minus zero", `"n":0`, `"n":-0`},
		{"2^53", `"version":3`, `"version":9007199254740992`},
		{"text for number", `"version":3`, `"version":"3"`},
		{"null", `"version":3`, `"version":null`},
		{"escape", `plan.approve`, `plan\u002eapprove`},
		{"upper-case digits", `"body_sm3":"a`, `"body_sm3":"A`},
		{"short digest", `"prev_sm3":"00`, `"prev_sm3":"0`},
		{"other format", leafFormat, "suicha-leaf/2"},
		{"byte order mark", `{"at"`, "\ufeff" + `{"at"`},
		{"two", `}`, `}` + firstLeaf},
	} {
		text := strings.Replace(firstLeaf, test.old, test.new, 1)
		if text == firstLeaf {
			t.Fatalf("%s: the test changes nothing", test.what)
		}
		if e, err := ParseLeaf([]byte(text)); err == nil {
			t.Errorf("%s: read %+v", test.what, e)
		}
	}
}

// No single changed bit leaves a leaf that says the same.
func TestEveryBitOfALeafCounts(t *testing.T) {
	for i := range len(firstLeaf) * 8 {
		leaf := []byte(firstLeaf)
		leaf[i/8] ^= 1 << (i % 8)
		if e, err := ParseLeaf(leaf); err == nil && e == firstEntry(t) {
			t.Fatalf("bit %d does not count", i)
		}
	}
}

func TestReceiptCodesAreThePrefixOfTheHash(t *testing.T) {
	var h Hash
	hex.Decode(h[:], []byte("a3d852f60011eeff"))
	if got, want := ReceiptCode(h), "A3D8-52F6"; got != want {
		t.Errorf("code = %s, want %s", got, want)
	}
	if got, want := LongReceiptCode(h), "A3D8-52F6-0011-EEFF"; got != want {
		t.Errorf("code = %s, want %s", got, want)
	}
}

func FuzzParseLeaf(f *testing.F) {
	f.Add([]byte(firstLeaf))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, leaf []byte) {
		e, err := ParseLeaf(leaf)
		if err != nil {
			return
		}
		if again := ok(e.Leaf())(t); !bytes.Equal(again, leaf) {
			t.Fatalf("%s became %s", leaf, again)
		}
	})
}
