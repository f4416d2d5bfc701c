package draw

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
)

var update = flag.Bool("update", false, "rewrite the examples of the document and the example bundles")

const document = "../../docs/design/draw.md"

// TestDocument compares the document's examples with what the code does.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for name, body := range examples(t) {
		mark := "<!-- example: " + name + " -->\n```text\n"
		at := strings.Index(got, mark)
		if at < 0 {
			t.Fatalf("the document has no place for example %s", name)
		}
		at += len(mark)
		end := at + strings.Index(got[at:], "```")
		got = got[:at] + body + got[end:]
	}
	if *update {
		if err := os.WriteFile(document, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(text) {
		t.Errorf("the examples of %s are not what the code does; run go test ./internal/draw -run TestDocument -update and read the difference", document)
	}
}

// A page collects the lines of an example.
type page struct{ bytes.Buffer }

func (p *page) say(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func examples(t *testing.T) map[string]string {
	return map[string]string{
		"lp": lpExample(), "canonical": canonicalExample(t), "population": populationExample(t), "ceremony": ceremonyExample(t),
		"seed": seedExample(t), "quotas": quotaExample(), "rank": rankExample(t), "vectors": vectorsExample(t), "sm2": sm2Example(),
	}
}

func lpExample() string {
	var p page
	p.say("lp(\"abc\", \"\", \"随\") = %x", lp("abc", "", "随"))
	for _, s := range []Suite{SHA256, SM3} {
		p.say("%s", s)
		p.say("  H(\"\")              = %s", s.Hash(nil))
		p.say("  H(\"abc\")           = %s", s.Hash([]byte("abc")))
		p.say("  D(\"abc\", \"\", \"随\") = %s", s.digest("abc", "", "随"))
		p.say("  HMAC(32 × 0x0b, lp(\"SDP1.ticket\", \"g1\")) = %s", s.hmac(Hash(bytes.Repeat([]byte{11}, 32)), lp("SDP1.ticket", "g1")))
	}
	return p.String()
}

func canonicalExample(t *testing.T) string {
	var p page
	in := `{ "b": [2, "引号\" 反斜线\\ 斜线/"], "a": {"z": 0, "y": "\u968f\u67e5"} }`
	out, err := Canonical("example.json", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	p.say("written     %s", in)
	p.say("canonical   %s", out)
	p.say("refused     {\"a\":1,\"a\":2}   1.0   -1   01   9007199254740992   true   null   \"a\\tb\"   \"é\" (U+0065 U+0301)")
	return p.String()
}

func populationExample(t *testing.T) string {
	var p page
	var leaves []Hash
	records := []Record{syntheticRecord(1, []string{"s1"}), syntheticRecord(3, []string{"s2"}), {"XK-2026-0017", 'x', "B", 0, "370687", "s3", testSalt(17)}}
	p.say("population.tsv, three lines (TAB shown as blank)")
	for _, r := range records {
		p.say("  %s", spaced(r.Line()))
	}
	for _, s := range []Suite{SHA256, SM3} {
		leaves = leaves[:0]
		p.say("%s", s)
		for i, r := range records {
			leaves = append(leaves, s.leafHash([]byte(r.Line())))
			p.say("  leaf %d   = %s", i, leaves[i])
		}
		tree := newTree(s, 3, func(_ *hasher, dst []Hash, first int) { copy(dst, leaves[first:]) })
		p.say("  root     = %s", tree.Root())
		p.say("  path of leaf 0 = %s", strings.Join(texts(tree.Path(0)), " "))
		p.say("  path of leaf 2 = %s", strings.Join(texts(tree.Path(2)), " "))
	}
	data := hex.EncodeToString(append([]byte{0}, records[0].Line()...))
	p.say("bytes hashed for leaf 0: %s", data)
	return p.String()
}

func ceremonyExample(t *testing.T) string {
	var p page
	for _, s := range []Suite{SHA256, SM3} {
		c, _ := held(t, s, "open", synthetic(400, "s0", "s1", "s2", "s3"))
		x := c.Commits.Commits[1]
		p.say("%s (testdata/example/%s)", s, s)
		p.say("  digest of the manifest  = %s", c.Manifest.Digest())
		p.say("  digest of the lock      = %s", c.Lock.Digest(s))
		p.say("  contributor, secret     = %s %s", x.Name, secretOf(x.Name))
		p.say("  lp before H             = %x", lp("SDP1.commit", c.Manifest.Batch, "1", x.Name, secretOf(x.Name)))
		p.say("  commitment              = %s", x.Commitment)
		p.say("  public key              = %s", c.Manifest.Contributors[1].Key)
		p.say("  signed bytes            = %x", c.commitMessage(x.Name, x.Commitment))
		p.say("  signature               = %s", x.Signature)
		p.say("  digests of commits, reveals, event, envelopes =\n    %s\n    %s\n    %s\n    %s", c.Commits.Digest(s), c.Reveals.Digest(s), c.Event.Digest(s), c.Envelopes.Digest(s))
	}
	p.say("outcomes ssq [33,7,12,3,25,19] [8] and urn [4,0,9,9,1,7] give the text")
	p.say("  ssq:03.07.12.19.25.33+08/urn:4.0.9.9.1.7/")
	return p.String()
}

func seedExample(t *testing.T) string {
	var p page
	for _, s := range []Suite{SHA256, SM3} {
		c, _ := held(t, s, "open", synthetic(400, "s0", "s1", "s2", "s3"))
		seed, err := c.Seed()
		if err != nil {
			t.Fatal(err)
		}
		key := seed.Keys(c.Manifest)["g1"]
		id := creditCode(3)
		p.say("%s, the ceremony of §9 with the secrets of %s", s, "公证处, 市场监管局, 税务局, 纪检组 in this order")
		p.say("  S             = %s", seed.hash)
		p.say("  K_g1          = %s", key)
		p.say("  ticket of %s = H(\"%s:%s\")\n                = %s  (%s)", id, key, id, Ticket(s, key.String(), id), Ticket(s, key.String(), id).Decimal())
		st := key.Stream("mix")
		p.say("  stream \"mix\": words %08x %08x %08x; below 10, from the beginning: %s", st.Word(), st.Word(), st.Word(), below(key.Stream("mix"), 10, 12))
		p.say("  key for matching \"市场监管局\" = %s", seed.MatchKey("市场监管局"))
	}
	return p.String()
}

func below(s *Stream, n uint32, count int) string {
	var words []string
	for range count {
		words = append(words, fmt.Sprint(s.Below(n)))
	}
	return strings.Join(words, " ")
}

func quotaExample() string {
	var p page
	rate := Task{Quota: "rate", Strata: []Stratum{{"A", 50}, {"B", 300}, {"C", 10000}}}
	p.say("rate 50, 300, 10000 of 600, 1001, 7         → %v", rate.quotas([]uint64{600, 1001, 7}))
	total := Task{Quota: "total", Total: 10, Strata: make([]Stratum, 4)}
	p.say("total 10 of 30, 30, 30, 10                  → %v", total.quotas([]uint64{30, 30, 30, 10}))
	p.say("total 10 of 5, 5, 5, 5 (all remainders equal) → %v", total.quotas([]uint64{5, 5, 5, 5}))
	for _, x := range [][5]uint64{{20, 700, 100, 1, 4}, {20, 10, 100, 1, 4}, {20, 700, 100, 0, 1}, {20, 5, 8, 1, 1}, {20, 0, 30, 0, 1}} {
		a, b := split(x[0], x[1], x[2], [2]uint64{x[3], x[4]})
		p.say("n_s = %d, n0 = %d, n1 = %d, λ = %d/%d → d0 = %d, d1 = %d", x[0], x[1], x[2], x[3], x[4], a, b)
	}
	return p.String()
}

func rankExample(t *testing.T) string {
	var p page
	for _, s := range []Suite{SHA256, SM3} {
		w := drawnWhole(t, s, "open", 400)
		cell, first := w.ranking.Cells[0], w.drawn.Picks[0]
		p.say("%s, first cell: task %s, stratum %s, tier %d: N = %d, n = %d, m = %d", s, cell.Task, cell.Stratum, cell.Tier, cell.Size, cell.Drawn, cell.Reserve)
		p.say("  context     = %s", w.Manifest.rankContext(cell))
		p.say("  leaf data 1 = %x", rankLeaf(nil, w.Manifest.rankContext(cell), 1, uint64(w.ranking.members[0][0]), first.Ticket))
		p.say("  root        = %s", cell.Root)
		p.say("  result.tsv begins: %s", spaced(first.Line()))
		p.say("  digest of the result  = %s", w.Result.Digest(s))
		p.say("  digest of the opening = %s", w.opening.Digest(s))
	}
	return p.String()
}

func sm2Example() string {
	var p page
	c := sm2.P256().Params()
	p.say("p  = %064x\na  = p − 3\nb  = %064x\nn  = %064x\nGx = %064x\nGy = %064x", c.P, c.B, c.N, c.Gx, c.Gy)
	return p.String()
}

// TestExampleBundles keeps two whole bundles for other implementations.
func TestExampleBundles(t *testing.T) {
	for _, s := range []Suite{SHA256, SM3} {
		dir := filepath.Join("testdata/example", string(s))
		for name, want := range exampleBundle(t, s) {
			file := filepath.Join(dir, name)
			if *update {
				if err := firstOf(os.MkdirAll(dir, 0o755), os.WriteFile(file, want, 0o644)); err != nil {
					t.Fatal(err)
				}
				continue
			}
			got, err := os.ReadFile(file)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what the code writes (%v)", file, err)
			}
		}
	}
}
