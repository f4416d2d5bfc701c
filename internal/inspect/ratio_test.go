package inspect_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"suicha/internal/inspect"
)

// R46: what people write about ratios is understood, and written in one form.
func TestRatiosAreUnderstood(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"5%", "5%"}, {"５％", "5%"}, {" 5 % ", "5%"}, {"0.5%", "0.5%"}, {"0.05%", "0.05%"}, {"5.50%", "5.5%"}, {"100%", "100%"},
		{"不低于5%", "5%"}, {"不少于 5%", "5%"}, {"20户", "20户"}, {"20家", "20户"}, {"020户", "20户"}, {"不少于5户", "不少于5户"},
		{"5%，不少于5户", "5%，不少于5户"}, {"5%,至少5家", "5%，不少于5户"}, {"5%、最多30户", "5%，不多于30户"},
		{"不多于30户，5%，不少于5户", "5%，不少于5户，不多于30户"},
		{"A 1%，B 3%，C 10%，D 50%，不少于5户", "A 1%，B 3%，C 10%，D 50%，不少于5户"}, {"a类1%,d类100%", "A 1%，D 100%"},
		{"D10%、A1%", "A 1%，D 10%"}, {"Ａ不低于１％", "A 1%"},
		{"不超过10户：2户；超过10户：50%，不多于30户", "不超过10户：2户；超过10户：50%，不多于30户"},
		{"≤10户:2户;>10户:50%", "不超过10户：2户；超过10户：50%"}, {"<=10:2户;>10:50%", "不超过10户：2户；超过10户：50%"},
		{"不超过10户：2户；超过10户不超过100户：20%；超过100户：A 5%，D 20%", "不超过10户：2户；超过10户不超过100户：20%；超过100户：A 5%，D 20%"},
	} {
		r, err := inspect.ParseRatio(test.text)
		if err != nil || r.Text() != test.want {
			t.Errorf("%s: got %s, %v, want %s", test.text, r.Text(), err, test.want)
			continue
		}
		if again, err := inspect.ParseRatio(r.Text()); err != nil || again.Text() != r.Text() {
			t.Errorf("%s is read again as %s, %v", r.Text(), again.Text(), err)
		}
	}
}

// R46: what does not say how many to draw is refused, with the part that was not
// understood.
func TestRatiosThatSayNothingAreRefused(t *testing.T) {
	for _, test := range []struct {
		text string
		want inspect.Problem
	}{
		{"", inspect.ErrEmpty}, {" \u3000", inspect.ErrEmpty}, {"一半", inspect.ErrRatio}, {"5", inspect.ErrRatio}, {"%", inspect.ErrRatio},
		{"0%", inspect.ErrRatio}, {"0户", inspect.ErrRatio}, {"101%", inspect.ErrRatio}, {"100.01%", inspect.ErrRatio}, {"-5%", inspect.ErrRatio},
		{"5.555%", inspect.ErrRatio}, {"5..5%", inspect.ErrRatio}, {".5%", inspect.ErrRatio}, {"5%5%", inspect.ErrRatio}, {"5%，5%", inspect.ErrRatio},
		{"5%，20户", inspect.ErrRatio}, {"20户，30户", inspect.ErrRatio}, {"A 5%，5%", inspect.ErrRatio}, {"A 5%，A 6%", inspect.ErrRatio},
		{"A 5%，20户", inspect.ErrRatio}, {"E 5%", inspect.ErrRatio}, {"5%，", inspect.ErrRatio}, {"，5%", inspect.ErrRatio}, {"5%；", inspect.ErrRatio},
		{"不多于30户", inspect.ErrRatio}, {"5%，不少于30户，不多于5户", inspect.ErrRatio}, {"9999999999户", inspect.ErrRatio}, {"5%<script>", inspect.ErrRatio},
		{"：5%", inspect.ErrRatio}, {"十户：5%", inspect.ErrRatio}, {"5%；10%", inspect.ErrRatioCases}, {"不超过10户：2户", inspect.ErrRatioCases},
		{"超过10户：5%", inspect.ErrRatioCases}, {"不超过10户：2户；超过20户：5%", inspect.ErrRatioCases}, {"超过10户：5%；不超过10户：2户", inspect.ErrRatioCases},
		{"不超过10户：2户；超过10户不超过5户：3户；超过5户：5%", inspect.ErrRatioCases}, {"不超过0户：2户；超过0户：5%", inspect.ErrRatioCases},
		{strings.Repeat("五", 201), inspect.ErrLong},
	} {
		_, err := inspect.ParseRatio(test.text)
		var p inspect.Problem
		if !errors.Is(err, test.want) || !errors.As(err, &p) || p.Field != "ratio" || strings.Contains(err.Error(), "%!") {
			t.Errorf("%q: got %v, want %s", test.text, err, test.want.Code)
		}
	}
}

// R46, R67, R108: how many a ratio draws; reckoned by hand.
func TestRatiosAreCounted(t *testing.T) {
	for _, test := range []struct {
		ratio   string
		pool    int64
		classes [4]int64
		want    int64
	}{
		{"5%", 400, [4]int64{}, 20}, {"5%", 401, [4]int64{}, 21}, {"5%", 1, [4]int64{}, 1}, {"5%", 0, [4]int64{}, 0}, {"5%", -3, [4]int64{}, 0},
		{"0.01%", 20_000_000, [4]int64{}, 2000}, {"100%", 7, [4]int64{}, 7}, {"20户", 400, [4]int64{}, 20}, {"20户", 7, [4]int64{}, 7},
		{"5%，不少于5户", 40, [4]int64{}, 5}, {"5%，不少于5户", 3, [4]int64{}, 3}, {"50%，不多于30户", 400, [4]int64{}, 30}, {"不少于5户", 9, [4]int64{}, 5},
		// 1 % of 301 is 3.01, so 4; 3 % of 50 is 1.5, so 2; 10 % of 40 is 4; 50 % of 9 is 4.5, so 5.
		{"A 1%，B 3%，C 10%，D 50%", 400, [4]int64{301, 50, 40, 9}, 15},
		{"A 1%，D 50%，不少于5户", 310, [4]int64{300, 0, 10, 0}, 5},
		// Classes unknown: the mean, 16 %, of the whole pool.
		{"A 1%，B 3%，C 10%，D 50%", 400, [4]int64{}, 64},
		{"不超过10户：2户；超过10户：50%，不多于30户", 1, [4]int64{}, 1}, {"不超过10户：2户；超过10户：50%，不多于30户", 10, [4]int64{}, 2},
		{"不超过10户：2户；超过10户：50%，不多于30户", 11, [4]int64{}, 6}, {"不超过10户：2户；超过10户：50%，不多于30户", 61, [4]int64{}, 30},
		{"不超过10户：2户；超过10户不超过100户：20%；超过100户：5%", 100, [4]int64{}, 20}, {"不超过10户：2户；超过10户不超过100户：20%；超过100户：5%", 101, [4]int64{}, 6},
	} {
		r, err := inspect.ParseRatio(test.ratio)
		if got := r.Count(test.pool, test.classes); err != nil || got != test.want {
			t.Errorf("%s of %d %v: got %d, %v, want %d", test.ratio, test.pool, test.classes, got, err, test.want)
		}
	}
	if got := (inspect.Ratio{}).Count(100, [4]int64{}); got != 0 {
		t.Errorf("no ratio draws %d", got)
	}
}

// R26: the share that a general item's limit is compared with.
func TestHighestShare(t *testing.T) {
	for _, test := range []struct {
		ratio string
		pool  int64
		want  int64
	}{
		{"5%", 400, 500}, {"A 1%，D 20%", 400, 2000}, {"20户", 400, 500}, {"20户", 10, 10000}, {"3户", 7, 4286},
		{"不超过10户：2户；超过10户：5%", 400, 500}, {"20户", 0, 0},
	} {
		r, err := inspect.ParseRatio(test.ratio)
		if got := r.Highest(test.pool); err != nil || got != test.want {
			t.Errorf("%s of %d: got %d, %v, want %d", test.ratio, test.pool, got, err, test.want)
		}
	}
}

func FuzzParseRatio(f *testing.F) {
	for _, s := range []string{"5%", "A 1%，D 10%，不少于5户", "不超过10户：2户；超过10户：50%，不多于30户", "９９．９９％", "\xff%"} {
		f.Add(s, int64(400))
	}
	f.Fuzz(func(t *testing.T, text string, pool int64) {
		r, err := inspect.ParseRatio(text)
		if err != nil {
			var p inspect.Problem
			if !errors.As(err, &p) || p.Field != "ratio" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := inspect.ParseRatio(r.Text())
		if err != nil || again.Text() != r.Text() {
			t.Fatalf("%q is %q and then %q, %v", text, r.Text(), again.Text(), err)
		}
		pool = min(pool, 20_000_000)
		if n := r.Count(pool, [4]int64{}); n < 0 || n > max(pool, 0) || pool > 0 && n == 0 {
			t.Fatalf("%q draws %d of %d", text, n, pool)
		}
	})
}

// R46: months as people write them.
func TestMonths(t *testing.T) {
	for _, test := range []struct {
		months []string
		want   string
		count  int
	}{
		{nil, "", 0}, {[]string{"6"}, "6月", 1}, {[]string{"11", "3", "4"}, "3—4月、11月", 3}, {[]string{"1", "12"}, "1月、12月", 2},
		{[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}, "1—12月", 12}, {[]string{"5", "5"}, "5月", 1},
	} {
		m, err := inspect.MonthsOf(test.months)
		if err != nil || m.Text() != test.want || m.Count() != test.count || len(m.List()) != test.count {
			t.Errorf("%v: got %s, %d, %v, want %s, %d", test.months, m.Text(), m.Count(), err, test.want, test.count)
		}
	}
	for _, bad := range []string{"", "0", "13", "-1", "06", "六", "6 ", "1e0", "９"} {
		if _, err := inspect.MonthsOf([]string{bad}); !errors.Is(err, inspect.ErrChoice) {
			t.Errorf("month %q: %v", bad, err)
		}
	}
}

// What was typed is cleaned of what nobody typed on purpose, and refused if
// something in it cannot be seen.
func TestTypedText(t *testing.T) {
	for _, test := range []struct {
		text, want string
		err        error
	}{
		{"餐饮", "餐饮", nil}, {"  餐饮\u3000", "餐饮", nil}, {"e\u0301", "é", nil}, {"<b>&\"'", "<b>&\"'", nil}, {strings.Repeat("饮", 10), strings.Repeat("饮", 10), nil},
		{"𠮷野家", "𠮷野家", nil}, {"", "", inspect.ErrEmpty}, {" \t\n\u3000", "", inspect.ErrEmpty}, {strings.Repeat("饮", 11), "", inspect.ErrLong},
		{"餐\x00饮", "", inspect.ErrControl}, {"餐\n饮", "", inspect.ErrControl}, {"餐\t饮", "", inspect.ErrControl}, {"餐\u200b饮", "", inspect.ErrControl},
		{"餐\u202e饮", "", inspect.ErrControl}, {"餐\u2066饮", "", inspect.ErrControl}, {"餐\ufeff饮", "", inspect.ErrControl}, {"餐\u2028饮", "", inspect.ErrControl},
		{"餐\ue000饮", "", inspect.ErrControl}, {"餐\x7f饮", "", inspect.ErrControl}, {"餐\xff饮", "", inspect.ErrControl}, {"餐\u0085饮", "", inspect.ErrControl},
	} {
		var ps inspect.Problems
		got := inspect.Line(&ps, "name", "名称", test.text, 10)
		err := ps.Err()
		if test.err == nil && (err != nil || got != test.want) || test.err != nil && !errors.Is(err, test.err) {
			t.Errorf("%q: got %q, %v, want %q, %v", test.text, got, err, test.want, test.err)
		}
	}
	var ps inspect.Problems
	if got := inspect.Paragraph(&ps, "scope", "范围", " 一\r\n二\n\t三 ", 10); got != "一\n二\n\t三" || ps != nil {
		t.Errorf("paragraph: %q, %v", got, ps)
	}
	if got := inspect.Optional(&ps, "remark", "备注", " \n ", 10); got != "" || ps != nil {
		t.Errorf("optional: %q, %v", got, ps)
	}
	inspect.Optional(&ps, "remark", "备注", "\u202e", 10)
	if len(ps) != 1 || ps[0].Field != "remark" {
		t.Errorf("a hidden remark: %v", ps)
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"餐饮", "e\u0301 ", "\u202e", "a\r\nb", "\xff", "\u1e9b\u0323"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, clean := range []func(*inspect.Problems, string, string, string, int) string{inspect.Line, inspect.Paragraph, inspect.Optional} {
			var ps inspect.Problems
			got := clean(&ps, "f", "栏", text, 50)
			if len(ps) > 0 {
				if ps[0].Field != "f" {
					t.Fatalf("%q: %v", text, ps)
				}
				continue
			}
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 50 || !norm.NFC.IsNormalString(got) || got != strings.TrimSpace(got) ||
				strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				t.Fatalf("%q became %q", text, got)
			}
			var again inspect.Problems
			if twice := clean(&again, "f", "栏", got, 50); twice != got || again != nil {
				t.Fatalf("%q is cleaned to %q and then to %q, %v", text, got, twice, again)
			}
		}
	})
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestShareIsReadAsPeopleTypeIt(t *testing.T) {
	for _, test := range []struct {
		text   string
		points int64
		ok     bool
	}{
		{"5%", 500, true}, {"5", 500, true}, {"0.5%", 50, true}, {" １２．５％ ", 1250, true}, {"100%", 10000, true}, {"0", 0, true},
		{"100.01%", 10001, false}, {"0.005%", 0, false}, {"", 0, false}, {"%", 0, false}, {"-5%", 0, false}, {"5%%", 0, false}, {"五", 0, false},
	} {
		if points, ok := inspect.ParseShare(test.text); points != test.points || ok != test.ok {
			t.Errorf("%q = %d, %t, want %d, %t", test.text, points, ok, test.points, test.ok)
		}
	}
}

func FuzzParseShare(f *testing.F) {
	for _, seed := range []string{"5%", "0.5", "１２．５％", "100", "1000%", ".5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		points, ok := inspect.ParseShare(text)
		if !ok {
			return
		}
		if points < 0 || points > 10000 {
			t.Fatalf("%q is a share of %d", text, points)
		}
		if again, ok := inspect.ParseShare(inspect.PercentText(points)); !ok || again != points {
			t.Errorf("%q = %d, written %s, read %d", text, points, inspect.PercentText(points), again)
		}
	})
}
