package inspect_test

import (
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// C14: names of results by target and period. Periods of a target neither overlap nor
// leave a gap, and each name of a period means one thing or is one that the target did
// not tell apart.
func TestResultNamesByPeriod(t *testing.T) {
	for _, test := range []struct {
		on         string
		code       inspect.ResultCode
		corrected  bool
		no, called string
	}{
		{"2015-06-01", inspect.NoProblem, false, "", "正常"},
		{"2016-12-31", inspect.Deregistered, false, "", "注销"},
		{"2017-01-01", inspect.NoProblem, false, "1", "未发现问题"},
		{"2018-12-31", inspect.OrderedToCorrect, true, "E", "发现问题经责令已改正"},
		{"2018-12-31", inspect.OrderedToCorrect, false, "A", "发现问题待后续处理"},
		{"2024-03-01", inspect.ActivityNotFound, false, "", "未发现开展本次抽查涉及的经营活动"},
		{"2026-03-01", inspect.OrderedToCorrect, true, "", "发现问题，依法责令立即改正或者限期改正"},
		{"2026-03-01", inspect.Unqualified, false, "", "不合格"},
	} {
		n, ok := inspect.ResultNameOf("gsxt", workday.MustParse(test.on), test.code, test.corrected)
		if !ok || n.Number != test.no || n.Name != test.called {
			t.Errorf("%s on %s: %v %+v", test.code, test.on, ok, n)
		}
	}
	for _, test := range []struct {
		on   string
		code inspect.ResultCode
	}{{"2014-09-30", inspect.NoProblem}, {"2015-06-01", inspect.Unqualified}, {"2026-03-01", inspect.ClosedOrLiquidated}} {
		if n, ok := inspect.ResultNameOf("gsxt", workday.MustParse(test.on), test.code, false); ok {
			t.Errorf("%s on %s is called %s", test.code, test.on, n.Name)
		}
	}
	if got := inspect.ResultCodesOf("gsxt", workday.MustParse("2018-01-01"), "A"); len(got) != 2 {
		t.Errorf("A stood for %v", got)
	}
	if got := inspect.ResultCodesOf("gsxt", workday.MustParse("2026-01-01"), ""); got != nil {
		t.Errorf("nothing stands for %v", got)
	}
	for _, n := range inspect.ResultNames() {
		got, ok := inspect.ResultNameOf(n.Target, n.From, n.Code, n.Corrected == "yes")
		if !ok || got != n {
			t.Errorf("the name %+v is not found on its first day: %+v", n, got)
		}
	}
}

// C14: every code has a name, a side, and no name of the form tells two.
func TestResultCodesAreKnown(t *testing.T) {
	seen, repairable := map[string]bool{}, 0
	for _, c := range inspect.ResultCodes {
		code := inspect.ResultCode(c.Value)
		if seen[c.Text] || !code.Known() || code.Text() != c.Text {
			t.Errorf("%s is %q", code, c.Text)
		}
		if seen[c.Text] = true; code.Repairable() {
			repairable++
			if !code.Negative() {
				t.Errorf("%s needs no repair", code)
			}
		}
	}
	if repairable != 6 || inspect.ResultCode("x").Known() {
		t.Errorf("%d kinds can be repaired", repairable)
	}
}

// FuzzReadResultNames: a table reads or is refused, and what is read is whole.
func FuzzReadResultNames(f *testing.F) {
	f.Add("gsxt\t2019-01-01\t-\tno_problem\t-\t1\t未发现问题\n")
	f.Add("# x\n\n" + strings.Repeat("\t", 6))
	f.Fuzz(func(t *testing.T, text string) {
		names, err := inspect.ReadResultNames(text)
		for _, n := range names {
			if err == nil && (n.Target == "" || n.Name == "" || !n.Code.Known() || n.From.IsZero()) {
				t.Errorf("%q gives %+v", text, n)
			}
		}
	})
}
