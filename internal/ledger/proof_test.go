package ledger

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// proofOf makes the proof that entry n is in the log, with or without the leaf.
func proofOf(t testing.TB, w world, l *testLog, n int64, withLeaf bool) Proof {
	t.Helper()
	size := len(l.leaves)
	p := Proof{Index: n, Path: ok(ProveInclusion(int64(size), n, l.hashes))(t), Note: w.checkpoint(t, l.head(t, size))}
	if withLeaf {
		p.Leaf = l.leaves[n]
	}
	return p
}

func TestProofsHoldAtEverySize(t *testing.T) {
	w := newWorld(t)
	var l testLog
	for size := int64(1); size <= 40; size++ {
		l.add(t, 1, "x")
		for _, n := range []int64{0, size / 2, size - 1} {
			p := proofOf(t, w, &l, n, n%2 == 0)
			again := ok(ParseProof(FormatProof(p)))(t)
			if !reflect.DeepEqual(again, p) && len(p.Path) > 0 {
				t.Fatalf("read %+v, want %+v", again, p)
			}
			if c, by, err := again.Verify(l.leaves[n], w.policy); err != nil || c.Size != size || len(by) != 3 {
				t.Fatalf("entry %d of %d: %v", n, size, err)
			}
			if _, _, err := again.Verify(l.leaves[(n+1)%size], w.policy); err == nil && size > 1 {
				t.Fatalf("entry %d of %d: another leaf passes", n, size)
			}
		}
	}
}

func TestEveryBitOfAProofCounts(t *testing.T) {
	w := newWorld(t)
	var l testLog
	l.add(t, 11, "x")
	text := FormatProof(proofOf(t, w, &l, 6, true))
	for i := range len(text) * 8 {
		bad := bytes.Clone(text)
		bad[i/8] ^= 1 << (i % 8)
		p, err := ParseProof(bad)
		if err != nil {
			continue
		}
		if _, _, err := p.Verify(l.leaves[6], w.policy); err == nil {
			t.Fatalf("believed with bit %d changed:\n%s", i, bad)
		}
	}
	for i := range text {
		if p, err := ParseProof(text[:i]); err == nil {
			if _, _, err := p.Verify(l.leaves[6], w.policy); err == nil {
				t.Fatalf("believed when cut off at %d", i)
			}
		}
	}
}

func TestProofsAreReadExactly(t *testing.T) {
	const signed = "o\n1\nr\n\n— o AAAA\n"
	h := Hash{}.String() + "\n"
	head := proofFormat + "\n"
	for _, text := range []string{
		"", head, head + "index 0\n", head + "index 0\n\n", "c2sp.org/tlog-proof@v2\nindex 0\n\n" + signed, head + "\nindex 0\n\n" + signed,
		head + "index 00\n\n" + signed, head + "index -1\n\n" + signed, head + "index 0 \n\n" + signed, head + "Index 0\n\n" + signed,
		head + "extra \nindex 0\n\n" + signed, head + "extra QQ\nindex 0\n\n" + signed, head + "extra QR==\nindex 0\n\n" + signed,
		head + "extra QQ==\nextra QQ==\nindex 0\n\n" + signed, head + "index 0\nextra QQ==\n\n" + signed, head + "extra QQ==\n\n" + signed,
		head + "index 0\n" + h[1:] + "\n" + signed, head + "index 0\n" + strings.Repeat(h, 64) + "\n" + signed,
		head + "index 0\r\n\n" + signed,
	} {
		if p, err := ParseProof([]byte(text)); err == nil {
			t.Errorf("%q was read as %+v", text, p)
		}
	}
}

func FuzzParseProof(f *testing.F) {
	w := newWorld(f)
	var l testLog
	l.add(f, 5, "x")
	f.Add(FormatProof(proofOf(f, w, &l, 3, true)))
	f.Add(FormatProof(proofOf(f, w, &l, 0, false)))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := ParseProof(text)
		if err != nil {
			return
		}
		if again := FormatProof(p); !bytes.Equal(again, text) {
			t.Fatalf("%q became %q", text, again)
		}
		if _, _, err := p.Verify(l.leaves[4], w.policy); err == nil {
			t.Fatalf("%q proves an entry that has no proof among the seeds", text)
		}
	})
}
