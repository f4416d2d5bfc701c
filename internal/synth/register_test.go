package synth

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"suicha/internal/industry"
	"suicha/internal/inspect"
	"suicha/internal/uscc"
	"suicha/internal/workday"
)

var day = workday.MustParse("2026-11-15")

func haiyang(region string) []Place {
	return []Place{{region + "001", "方圆街道", 300}, {region + "105", "小纪镇", 100}}
}

func rowsOf(t testing.TB, n int, seed uint64, regions ...string) []Row {
	t.Helper()
	rows, err := Register{Seed: seed, Regions: regions, Places: haiyang, Day: day}.Rows(n)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(rows)
}

// Every row is one that the library takes without a warning, and its code is
// valid and nobody else's.
func TestEveryRowIsLawful(t *testing.T) {
	seen, before := map[string]bool{}, ""
	for _, r := range rowsOf(t, 20_000, 1, "370687") {
		tidy, warnings, err := r.Tidy(day)
		if err != nil || len(warnings) > 0 || tidy != r.Object {
			t.Fatalf("%+v: %v %v, or not tidy", r.Object, err, warnings)
		}
		if seen[r.Code] || r.Code <= before {
			t.Fatalf("%s stands behind %s", r.Code, before)
		}
		seen[r.Code], before = true, r.Code
		if _, verdict := uscc.Parse(r.Code); r.Kind.Registered() && verdict.Class != uscc.Valid {
			t.Fatalf("%s is %s", r.Code, verdict.Class)
		}
		if i, err := industry.Parse(r.Industry); r.Kind != inspect.Equipment && (err != nil || i.Code.Level() != industry.Class) {
			t.Fatalf("%s has the industry %q", r.Name, r.Industry)
		}
		for _, f := range r.Flags {
			if _, err := f.Tidy(day); err != nil {
				t.Fatalf("%s: %+v: %v", r.Name, f, err)
			}
		}
		for _, l := range r.Licences {
			if _, err := l.Tidy(day); err != nil {
				t.Fatalf("%s: %+v: %v", r.Name, l, err)
			}
		}
	}
}

// The code says what sort of object it is, where the code can.
func TestCodesSayTheKind(t *testing.T) {
	for _, r := range rowsOf(t, 5000, 3, "370687") {
		if kind := inspect.ObjectKindOf(r.Code); kind != "" && r.Kind.Registered() && kind != r.Kind {
			t.Fatalf("%s is of kind %s, not %s", r.Code, r.Kind, kind)
		}
	}
}

// The register is made up as real ones are.
func TestProportionsOfARegister(t *testing.T) {
	const n = 60_000
	count := map[string]float64{}
	for _, r := range rowsOf(t, n, 2, "370687") {
		count[string(r.Kind)]++
		if r.Kind.Registered() && r.Kind != inspect.Institution {
			count["registered"]++
			count[string(r.Status)]++
		}
		if r.Kind == inspect.Enterprise {
			count["enterprise "+r.Risk]++
		}
		for _, f := range r.Flags {
			count[string(f.Kind)]++
		}
		if len(r.Licences) > 0 {
			count["licensed"]++
		}
		if strings.Contains(r.Scope, "不含") {
			count["negated"]++
		}
		if strings.HasPrefix(r.Industry, "H62") {
			count["food"]++
		}
	}
	for _, test := range []struct {
		what, of  string
		want, off float64
	}{
		{"individual_business", "", .64, .02}, {"enterprise", "", .295, .01}, {"cooperative", "", .04, .003}, {"institution", "", .0075, .002},
		{"site", "", .0076, .001}, {"equipment", "", .014, .001}, {"active", "registered", .85, .01}, {"revoked", "registered", .048, .005},
		{"enterprise A", "enterprise", .655, .015}, {"enterprise B", "enterprise", .253, .015}, {"enterprise C", "enterprise", .077, .01}, {"enterprise D", "enterprise", .015, .005},
		{"abnormal", "", .018, .004}, {"complaints", "", .009, .003}, {"serious", "", .0025, .001}, {"watch", "", .005, .002}, {"white", "", .002, .001},
		{"licensed", "", .36, .03}, {"negated", "", .25, .1}, {"food", "", .075, .01},
	} {
		whole := float64(n)
		if test.of != "" {
			whole = count[test.of]
		}
		if got := count[test.what] / whole; math.Abs(got-test.want) > test.off {
			t.Errorf("%s: a share of %.4f, want %.4f", test.what, got, test.want)
		}
	}
}

// No number can be somebody's telephone: none has the form of a mobile one, and
// within its area none could be dialled.
func TestNobodysTelephone(t *testing.T) {
	mobile := regexp.MustCompile(`(^|\D)(\+?86)?1[3-9]\d{9}(\D|$)`)
	nobody := regexp.MustCompile(`^0\d{3}-0\d{6}$`)
	for _, r := range rowsOf(t, 20_000, 4, Shandong()...) {
		for _, text := range append(strings.Split(r.Text(), "\t"), r.Name) {
			if mobile.MatchString(text) {
				t.Fatalf("%q may be somebody's", text)
			}
		}
		for _, phone := range []string{r.Phone, r.LiaisonPhone} {
			if phone != "" && !nobody.MatchString(phone) {
				t.Fatalf("%q may be somebody's", phone)
			}
		}
		if _, verdict := uscc.Parse(r.RegNo); r.RegNo != "" && verdict.Class == uscc.Valid {
			t.Fatalf("%s may be a registration number", r.RegNo)
		}
	}
}

// digest is that of the first rows with all they have.
func digest(rows []Row) string {
	h := sha256.New()
	for _, r := range rows {
		fmt.Fprintf(h, "%s\n%v\n", r.Text(), r.Flags)
		for _, l := range r.Licences {
			fmt.Fprintf(h, "%s\t%s\n", l.Key(), l.Text())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// The seed decides every byte, for ever: measurements of different years
// compare the same rows.
func TestSameSeedSameRegister(t *testing.T) {
	const golden = "d199cbae3f32352c9fc391883c85244997f7ab83476bee903ec8fc615102b361"
	if got := digest(rowsOf(t, 5000, 1, "370687", "370602")); got != golden {
		t.Errorf("the rows have the digest %s, want %s", got, golden)
	}
	if digest(rowsOf(t, 300, 1, "370687")) == digest(rowsOf(t, 300, 2, "370687")) {
		t.Error("another seed gives the same rows")
	}
}

func TestRefusedRegisters(t *testing.T) {
	for _, r := range []Register{{Day: day}, {Regions: []string{"37068"}, Day: day}, {Regions: []string{"370687"}}} {
		if _, err := r.Rows(1); err == nil {
			t.Errorf("%+v was made", r)
		}
	}
	if _, err := (Register{Regions: []string{"370687"}, Day: day}).Rows(-1); err == nil {
		t.Error("less than nothing was made")
	}
}

// Small registers have whatever there is room for; all have their size.
func TestSizesOfRegisters(t *testing.T) {
	for _, n := range []int{0, 1, 7, 135, 136, 999} {
		if got := len(rowsOf(t, n, 1, Shandong()...)); got != n {
			t.Errorf("%d rows, want %d", got, n)
		}
	}
}

func BenchmarkRows(b *testing.B) {
	rows, err := Register{Seed: 1, Regions: Shandong(), Places: haiyang, Day: day}.Rows(max(b.N, 1))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for r := range rows {
		if _, err := io.Discard.Write([]byte(r.Code)); err != nil {
			b.Fatal(err)
		}
	}
}
