package industry

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCodesAreReadInAllTheirForms(t *testing.T) {
	for _, test := range []struct {
		in   string
		code Code
		name string
	}{
		{"A0111", "A0111", "稻谷种植"},
		{"0111", "A0111", "稻谷种植"},
		{"011", "A011", "谷物种植"},
		{"01", "A01", "农业"},
		{"A", "A", "农、林、牧、渔业"},
		{"a0111", "A0111", "稻谷种植"},
		{"Ａ０１１１", "A0111", "稻谷种植"},
		{" A 01-11\t", "A0111", "稻谷种植"},
		{"\ufeffC1361", "C1361", "水产品冷冻加工"},
		{"0111 稻谷种植", "A0111", "稻谷种植"},
		{"A0111稻谷种植", "A0111", "稻谷种植"},
		{"A0111：稻谷种植", "A0111", "稻谷种植"},
		{"7517（三维（3D）打印技术推广服务）", "M7517", "三维（3D）打印技术推广服务"},
		{"A 农、林、牧、渔业", "A", "农、林、牧、渔业"},
		{"6210", "H6210", "正餐服务"},
		{"T9700", "T9700", "国际组织"},
		{"M746", "M746", "环境与生态监测检测服务"},
		{"M75", "M75", "科技推广和应用服务业"},
	} {
		got, err := Parse(test.in)
		if err != nil || got.Code != test.code || got.Name != test.name {
			t.Errorf("%q: %v, %v, want %s %s", test.in, got, err, test.code, test.name)
		}
	}
}

func TestOtherTextsAreRefused(t *testing.T) {
	for _, test := range []struct {
		in      string
		kind    Kind
		nearest Code
	}{
		{"", Empty, ""},
		{" \u3000", Empty, ""},
		{"-", Empty, ""},
		{"1", Form, ""}, // the section's place or a lost zero: nobody knows
		{"A1", Form, ""},
		{"AA01", Form, ""},
		{"01A", Form, ""},
		{"01111", Form, ""},
		{"A01111", Form, ""},
		{"111.0", Form, ""},
		{"U01", Form, ""},
		{"无", Form, ""},
		{"农业", Form, ""},
		{"0111\x00", Form, ""},
		{"\xff\xfe", Form, ""},
		{strings.Repeat("0", 10000), Form, ""},
		{"B0111", WrongSection, "A01"},
		{"C01", WrongSection, "A01"},
		{"98", Unknown, ""},
		{"00", Unknown, ""},
		{"A98", Unknown, "A"},
		{"0118", Unknown, "A011"},
		{"A0118", Unknown, "A011"},
		{"018", "", ""},
		{"0199", Unknown, "A019"},
		{"109", "", ""},
		{"108", Unknown, "B10"},
	} {
		got, err := Parse(test.in)
		var fault Fault
		if errors.As(err, &fault) != (test.kind != "") || fault.Kind != test.kind || fault.Nearest.Code != test.nearest {
			t.Errorf("%.20q: %v, %v, want %q near %q", test.in, got, err, test.kind, test.nearest)
		}
		if err != nil && (!strings.HasSuffix(fault.Text(), "请核对。") && fault.Kind != Empty || fault.Error() == "") {
			t.Errorf("%.20q: %s", test.in, fault.Text())
		}
	}
	if (Fault{}).Text() != "" {
		t.Error("no fault has a text")
	}
}

func TestTheTreeIsWhole(t *testing.T) {
	count := map[Level]int{}
	for _, i := range entries() {
		count[i.Code.Level()]++
		path := i.Path()
		if len(path) != int(i.Code.Level()) || path[0].Code != i.Code[:1] || path[len(path)-1] != i {
			t.Errorf("%v has the path %v", i, path)
		}
		if parent, ok := i.Parent(); ok == (i.Code.Level() == Section) || ok && !i.Code.Within(parent.Code) {
			t.Errorf("%v has the parent %v", i, parent)
		}
		if children := i.Children(); (len(children) == 0) != (i.Code.Level() == Class) {
			t.Errorf("%v has the children %v", i, children)
		}
		if found, err := Parse(string(i.Code)); err != nil || found != i {
			t.Errorf("%v is read as %v, %v", i, found, err)
		}
		if i.Code.Level() > Section {
			if found, err := Parse(i.Code.Digits()); err != nil || found != i {
				t.Errorf("%v is read as %v, %v", i, found, err)
			}
		}
	}
	if got := fmt.Sprint(count); got != "map[门类:20 大类:97 中类:473 小类:1381]" {
		t.Errorf("%s", got)
	}
	if got := len(Sections()); got != 20 {
		t.Errorf("%d sections", got)
	}
}

// Divisions run through the sections without a gap, as the standard has them.
func TestDivisionsOfTheSections(t *testing.T) {
	want := []string{"A 01-05", "B 06-12", "C 13-43", "D 44-46", "E 47-50", "F 51-52", "G 53-60", "H 61-62", "I 63-65", "J 66-69",
		"K 70-70", "L 71-72", "M 73-75", "N 76-79", "O 80-82", "P 83-83", "Q 84-85", "R 86-90", "S 91-96", "T 97-97"}
	var got []string
	next := 1
	for _, section := range Sections() {
		divisions := section.Children()
		for _, division := range divisions {
			if division.Code.Digits() != fmt.Sprintf("%02d", next) {
				t.Errorf("%v comes after %02d", division, next-1)
			}
			next++
		}
		got = append(got, fmt.Sprintf("%s %s-%s", section.Code, divisions[0].Code.Digits(), divisions[len(divisions)-1].Code.Digits()))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s, want %s", got, want)
	}
}

// The classes of a group are numbered without a gap, but for the 9 of 其他.
func TestClassesAreNumberedWithoutAGap(t *testing.T) {
	for _, group := range entries() {
		if group.Code.Level() != Group {
			continue
		}
		for n, class := range group.Children() {
			last := class.Code[4]
			if last != byte('1'+n) && last != '9' && last != '0' {
				t.Errorf("%v follows a gap", class)
			}
		}
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		code, area Code
		want       bool
	}{
		{"A0111", "A", true},
		{"A0111", "A01", true},
		{"A0111", "A011", true},
		{"A0111", "A0111", true},
		{"A01", "A0111", false},
		{"A0111", "B", false},
		{"A0111", "", false},
		{"A0111", "A0", false},
	} {
		if got := test.code.Within(test.area); got != test.want {
			t.Errorf("%s within %s: %t", test.code, test.area, got)
		}
	}
}

func TestLevels(t *testing.T) {
	for code, want := range map[Code]string{"A": "门类", "A01": "大类", "A011": "中类", "A0111": "小类", "": "", "A0": "", "A01111": ""} {
		if got := code.Level().String(); got != want {
			t.Errorf("%q is a %q, want %q", code, got, want)
		}
	}
	if got := Code("").Digits(); got != "" {
		t.Errorf("no code has the digits %q", got)
	}
	if parent, ok := (Industry{}).Parent(); ok {
		t.Errorf("no entry has the parent %v", parent)
	}
}

func TestSearch(t *testing.T) {
	for _, test := range []struct {
		typed string
		most  int
		want  string
	}{
		{"A01", 3, "A01 A011 A0111"},
		{"011", 9, "A011 A0111 A0112 A0113 A0119"},
		{"l727", 9, "L727 L7271 L7272 L7279"},
		{"正餐", 9, "H621 H6210"},
		{" 海水 ", 9, "A0411 A0421 D463 D4630"},
		{"3d", 9, "M7517"},
		{"不存在", 9, ""},
		{"", 9, ""},
		{"A", 0, ""},
		{"A", -1, ""},
		{"\xff", 9, ""},
	} {
		var got []string
		for _, i := range Search(test.typed, test.most) {
			got = append(got, string(i.Code))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: %s, want %s", test.typed, got, test.want)
		}
	}
	if got := len(WithPrefix("")); got != 20+97+473+1381 {
		t.Errorf("%d entries in all", got)
	}
}

func TestCallersCannotChangeTheTable(t *testing.T) {
	WithPrefix("A0111")[0].Name = "别的"
	Sections()[0].Name = "别的"
	if a, _ := Find("A0111"); a.Name != "稻谷种植" {
		t.Errorf("A0111 is now %s", a.Name)
	}
	if a, _ := Find("A"); a.Name != "农、林、牧、渔业" {
		t.Errorf("A is now %s", a.Name)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"A0111", "0111", "a01", "Ａ", "9.2E+03", "7517（三维（3D）打印技术推广服务）", "", "\xff", "B0111"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, err := Parse(s)
		var fault Fault
		if err != nil {
			if !errors.As(err, &fault) || !utf8.ValidString(fault.Text()) || fault.Text() == "" || i != (Industry{}) {
				t.Errorf("%q: %v, %v", s, i, err)
			}
			return
		}
		if again, err := Parse(string(i.Code)); err != nil || again != i {
			t.Errorf("%q: %v is read again as %v, %v", s, i, again, err)
		}
	})
}

func FuzzSearch(f *testing.F) {
	f.Add("A01")
	f.Add("海水")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, typed string) {
		if got := Search(typed, 5); len(got) > 5 {
			t.Errorf("%q: %d entries", typed, len(got))
		}
	})
}
