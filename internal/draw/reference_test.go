package draw

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A second, naive and slow implementation of the draw, written from
// docs/design/draw.md and sharing no code with the package.

type refHash func([]byte) []byte

func refH(s Suite) refHash {
	if s == SM3 {
		return refSM3
	}
	return func(b []byte) []byte { h := sha256.Sum256(b); return h[:] }
}

// refSM3 is appendix A.
func refSM3(msg []byte) []byte {
	v := [8]uint32{0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e}
	rol := bits.RotateLeft32
	p1 := func(x uint32) uint32 { return x ^ rol(x, 15) ^ rol(x, 23) }
	padded := append(slices.Clone(msg), 0x80)
	for len(padded)%64 != 56 {
		padded = append(padded, 0)
	}
	padded = binary.BigEndian.AppendUint64(padded, uint64(len(msg))*8)
	for ; len(padded) > 0; padded = padded[64:] {
		var w [68]uint32
		for j := range 16 {
			w[j] = binary.BigEndian.Uint32(padded[4*j:])
		}
		for j := 16; j < 68; j++ {
			w[j] = p1(w[j-16]^w[j-9]^rol(w[j-3], 15)) ^ rol(w[j-13], 7) ^ w[j-6]
		}
		a, b, c, d, e, f, g, h := v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
		for j := range 64 {
			t, ff, gg := uint32(0x79cc4519), a^b^c, e^f^g
			if j >= 16 {
				t, ff, gg = 0x7a879d8a, a&b|a&c|b&c, e&f|^e&g
			}
			ss1 := rol(rol(a, 12)+e+rol(t, j%32), 7)
			tt1 := ff + d + (ss1 ^ rol(a, 12)) + (w[j] ^ w[j+4])
			tt2 := gg + h + ss1 + w[j]
			d, c, b, a = c, rol(b, 9), a, tt1
			h, g, f, e = g, rol(f, 19), e, tt2^rol(tt2, 9)^rol(tt2, 17)
		}
		for i, x := range []uint32{a, b, c, d, e, f, g, h} {
			v[i] ^= x
		}
	}
	var out []byte
	for _, x := range v {
		out = binary.BigEndian.AppendUint32(out, x)
	}
	return out
}

func refLP(parts ...string) (b []byte) {
	for _, p := range parts {
		b = append(b, byte(len(p)>>24), byte(len(p)>>16), byte(len(p)>>8), byte(len(p)))
		b = append(b, p...)
	}
	return b
}

func (h refHash) D(parts ...string) string { return hex.EncodeToString(h(refLP(parts...))) }

func (h refHash) hmac(key, msg []byte) []byte {
	inner, outer := bytes.Repeat([]byte{0x36}, 64), bytes.Repeat([]byte{0x5c}, 64)
	for i, c := range key {
		inner[i] ^= c
		outer[i] ^= c
	}
	return h(append(outer, h(append(inner, msg...))...))
}

// root is §6.4, on leaf hashes.
func (h refHash) root(leaves [][]byte) []byte {
	switch len(leaves) {
	case 0:
		return h(nil)
	case 1:
		return leaves[0]
	}
	k := 1
	for 2*k < len(leaves) {
		k *= 2
	}
	return h(slices.Concat([]byte{1}, h.root(leaves[:k]), h.root(leaves[k:])))
}

// refQuotas is §11.1 and §11.2: d0 and d1 of each stratum, and what it wanted.
func refQuotas(t Task, counts []Count, lambda [2]uint64) (d0, d1, want []int64) {
	n := func(x uint64) *big.Int { return new(big.Int).SetUint64(x) }
	var sizes []*big.Int
	all := new(big.Int)
	for _, c := range counts {
		sizes = append(sizes, n(c.N0+c.N1+c.N2))
		all.Add(all, sizes[len(sizes)-1])
	}
	want = make([]int64, len(counts))
	if t.Quota == "rate" {
		for i := range counts {
			x := new(big.Int).Mul(sizes[i], n(t.Strata[i].Rate))
			want[i] = x.Div(x.Add(x, n(9999)), n(10000)).Int64()
		}
	} else if all.Sign() > 0 {
		total := n(t.Total)
		if total.Cmp(all) > 0 {
			total = all
		}
		left := total.Int64()
		rest := make([]*big.Int, len(counts))
		for i := range counts {
			x := new(big.Int).Mul(total, sizes[i])
			rest[i] = new(big.Int).Mod(x, all)
			want[i] = x.Div(x, all).Int64()
			left -= want[i]
		}
		for ; left > 0; left-- {
			best := -1
			for i := range rest {
				if rest[i] != nil && (best < 0 || rest[i].Cmp(rest[best]) > 0) {
					best = i
				}
			}
			want[best]++
			rest[best] = nil
		}
	}
	for i, c := range counts {
		w0, w1 := new(big.Int).Mul(n(lambda[1]), n(c.N0)), new(big.Int).Mul(n(lambda[0]), n(c.N1))
		sum := new(big.Int).Add(w0, w1)
		var b int64
		if sum.Sign() > 0 {
			x := new(big.Int).Mul(big.NewInt(want[i]), w1)
			b = x.Div(x, sum).Int64()
		}
		a := want[i] - b
		if a > int64(c.N0) {
			a, b = int64(c.N0), b+a-int64(c.N0)
		}
		if b > int64(c.N1) {
			a, b = min(int64(c.N0), a+b-int64(c.N1)), int64(c.N1)
		}
		d0, d1 = append(d0, a), append(d1, b)
	}
	return d0, d1, want
}

type refObject struct {
	f      []string
	index  int
	ticket []byte
}

func (h refHash) objects(population string) (objects []refObject, leaves [][]byte) {
	for i, text := range strings.Split(strings.TrimSuffix(population, "\n"), "\n") {
		if text == "" {
			break
		}
		leaves = append(leaves, h([]byte("\x00"+text)))
		objects = append(objects, refObject{f: strings.Split(text, "\t"), index: i})
	}
	return objects, leaves
}

// refDraw draws as a reader of the document would: list, sort, cut.
func refDraw(m *Manifest, keys map[string]string, population string) (result, reserve string, roots []string, counts []Count, root string) {
	h := refH(m.Suite)
	objects, leaves := h.objects(population)
	scopes := map[string][]string{}
	for _, s := range m.Scopes {
		scopes[s.Code] = s.Tasks
	}
	for _, t := range m.Tasks {
		var mine []Count
		members := map[string][]refObject{}
		for _, s := range t.Strata {
			c := Count{Task: t.Code, Stratum: s.Code}
			for _, o := range objects {
				visits, _ := strconv.Atoi(o.f[3])
				if o.f[2] != s.Code || !slices.Contains(scopes[o.f[5]], t.Code) {
					continue
				}
				o.ticket = h([]byte(keys[t.Group] + ":" + o.f[0]))
				switch {
				case visits >= int(m.Cap):
					c.N2++
				case visits == 0:
					c.N0++
					members[s.Code+"0"] = append(members[s.Code+"0"], o)
				default:
					c.N1++
					members[s.Code+"1"] = append(members[s.Code+"1"], o)
				}
			}
			mine = append(mine, c)
		}
		counts = append(counts, mine...)
		d0, d1, _ := refQuotas(t, mine, m.Lambda)
		for i, s := range t.Strata {
			for tier, n := range []int64{d0[i], d1[i]} {
				list := members[fmt.Sprint(s.Code, tier)]
				slices.SortFunc(list, func(a, b refObject) int {
					return strings.Compare(string(a.ticket)+a.f[0], string(b.ticket)+b.f[0])
				})
				context, _ := hex.DecodeString(h.D("SDP1.rank", m.Batch, fmt.Sprint(m.Run), t.Code, s.Code, fmt.Sprint(tier)))
				var ranks [][]byte
				for r, o := range list {
					number := func(n int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
					ranks = append(ranks, h(slices.Concat([]byte{0}, context, number(r+1), o.ticket, number(o.index))))
					text := fmt.Sprintf("%s\t%s\t%d\t%09d\t%s\t%x\n", t.Code, s.Code, tier, r+1, o.f[0], o.ticket)
					if int64(r) < n {
						result += text
					} else if int64(r) < n+int64(t.Reserve) {
						reserve += text
					}
				}
				roots = append(roots, hex.EncodeToString(h.root(ranks)))
			}
		}
	}
	return result, reserve, roots, counts, hex.EncodeToString(h.root(leaves))
}

// randomBatch is a small manifest and population of a generator.
func randomBatch(r *rand.Rand, s Suite) (*Manifest, []byte) {
	m, _ := testManifest(s, "open")
	den := 1 + r.Uint64N(6)
	m.Run, m.Cap, m.Lambda = 1+r.Uint64N(3), 1+r.Uint64N(2), [2]uint64{r.Uint64N(den + 1), den}
	for i := range m.Tasks {
		t := &m.Tasks[i]
		t.Group, t.Reserve, t.Quota, t.Total = fmt.Sprintf("g%d", r.IntN(2)), r.Uint64N(5), "rate", 0
		if r.IntN(2) == 0 {
			t.Quota, t.Total = "total", r.Uint64N(60)
		}
		for j := range t.Strata {
			if t.Strata[j].Rate = 0; t.Quota == "rate" {
				t.Strata[j].Rate = []uint64{0, 10000, r.Uint64N(10001)}[r.IntN(3)]
			}
		}
	}
	var b bytes.Buffer
	for n := range r.IntN(120) {
		rec := syntheticRecord(n, []string{"s0", "s1", "s2", "s3"})
		rec.Visits, rec.Stratum, rec.Scope = r.IntN(4)%3, string(rune('A'+r.IntN(4))), fmt.Sprintf("s%d", r.IntN(4))
		if r.IntN(4) == 0 {
			rec.Kind, rec.ID = 'x', rec.ID+strings.Repeat("-X", r.IntN(8))
		}
		b.WriteString(rec.Line() + "\n")
	}
	return m, b.Bytes()
}

func lists(t testing.TB, d *Drawn) (result, reserve string) {
	t.Helper()
	var a, b bytes.Buffer
	if err := firstOf(WriteList(&a, d.Picks), WriteList(&b, d.Reserve)); err != nil {
		t.Fatal(err)
	}
	return a.String(), b.String()
}

func TestAgreesWithReference(t *testing.T) {
	r := rand.New(rand.NewPCG(20261122, 3))
	for n := range 200 {
		s := []Suite{SHA256, SM3}[n%2]
		m, data := randomBatch(r, s)
		keys := DummyKeys(m, fmt.Sprint("batch ", n))
		plain := map[string]string{}
		for g, k := range keys {
			if plain[g] = fmt.Sprintf("DUMMY%x", refH(s)([]byte(fmt.Sprintf("DUMMY:batch %d:%s", n, g))))[:32]; plain[g] != k.String() {
				t.Fatalf("dummy key %s, want %s", k, plain[g])
			}
		}
		wantResult, wantReserve, wantRoots, wantCounts, wantRoot := refDraw(m, plain, string(data))
		pool, err := ReadPool(m, bytes.NewReader(data), PopulationFile)
		if err != nil {
			t.Fatal(err)
		}
		if pool.Root().Root != wantRoot || !slices.Equal(pool.Counts, wantCounts) {
			t.Fatalf("batch %d: root or counts differ: %v, want %v", n, pool.Counts, wantCounts)
		}
		l := &Lock{Population: pool.Root(), Counts: pool.Counts}
		d, err := Select(m, l, keys, bytes.NewReader(data), PopulationFile)
		if err != nil {
			t.Fatal(err)
		}
		if result, reserve := lists(t, d); result != wantResult || reserve != wantReserve {
			t.Fatalf("batch %d: drawn\n%s, want\n%s\nreserve\n%s, want\n%s", n, result, wantResult, reserve, wantReserve)
		}
		ranking, err := Rank(m, l, keys, bytes.NewReader(data), PopulationFile)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range ranking.Cells {
			if c.Root != wantRoots[i] {
				t.Fatalf("batch %d: root of cell %d is %s, want %s", n, i, c.Root, wantRoots[i])
			}
		}
	}
}

// TestSeedAgreesWithReference computes a seed from the texts of the documents.
func TestSeedAgreesWithReference(t *testing.T) {
	for _, mode := range []string{"open", "sealed"} {
		both(t, func(t *testing.T, s Suite) {
			c, _ := held(t, s, mode, synthetic(100, "s1"))
			h := refH(s)
			manifest, err := c.Manifest.Encode()
			if err != nil {
				t.Fatal(err)
			}
			lock, err := Document(LockFile, c.Lock)
			if err != nil {
				t.Fatal(err)
			}
			parts := []string{"SDP1.seed", h.D("SDP1.manifest", string(manifest[:len(manifest)-1])), h.D("SDP1.lock", string(lock[:len(lock)-1]))}
			var names []string
			for _, x := range c.Manifest.Contributors {
				names = append(names, x.Name)
			}
			slices.Sort(names)
			parts = append(parts, fmt.Sprint(len(names)))
			for _, name := range names {
				parts = append(parts, name, secretOf(name))
			}
			want := h(refLP(append(parts, "ssq:03.07.12.19.25.33+08/urn:4.0.9.9.1.7/", "1")...))
			seed, err := c.Seed(custodian(c)...)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(seed.hash[:], want) {
				t.Errorf("seed %s, want %x", seed.hash, want)
			}
			key := hex.EncodeToString(h.hmac(want, refLP("SDP1.ticket", "g2")))[:32]
			if got := seed.Keys(c.Manifest)["g2"].String(); got != key {
				t.Errorf("key %s, want %s", got, key)
			}
		})
	}
}
