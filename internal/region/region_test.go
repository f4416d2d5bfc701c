package region

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCodesNameDivisionsForATime(t *testing.T) {
	for _, test := range []struct {
		code string
		day  Day
		want string
	}{
		{"370687", "", "山东省烟台市海阳市"},
		{"370687", "1999-01-01", "山东省烟台市海阳市"},
		{"370614", "", "山东省烟台市蓬莱区"},
		{"370614", "2020-06-05", "山东省烟台市蓬莱区"},
		{"370614", "2020-06-04", ""},
		{"370684", "2020-06-04", "山东省烟台市蓬莱市"},
		{"370684", "2020-06-05", ""},
		{"370684", "", ""},
		{"371324", "2013-12-31", "山东省临沂市苍山县"},
		{"371324", "2015-01-01", "山东省临沂市兰陵县"},
		{"371324", "", "山东省临沂市兰陵县"},
		{"371202", "2018-12-31", "山东省莱芜市莱城区"},
		{"370116", "2019-06-01", "山东省济南市莱芜区"},
		{"371626", "1999-12-31", ""},
		{"371626", "2010-01-01", "山东省滨州市邹平县"},
		{"372330", "1999-12-31", "山东省滨州地区邹平县"},
		{"370000", "", "山东省"},
		{"100000", "", "国家"},
		{"710000", "", "台湾省"},
		{"370676", "", ""}, // a statistical zone is no division
		{"", "", ""},
		{"37", "", ""},
		{"3706870", "", ""},
		{"abcdef", "", ""},
	} {
		if got := FullName(test.code, test.day); got != test.want {
			t.Errorf("%s on %q is %q, want %q", test.code, test.day, got, test.want)
		}
	}
}

// Old codes stay in credit codes for ever; each leads to a division of today.
func TestOldCodesLeadToToday(t *testing.T) {
	for _, test := range []struct{ old, was, today, is string }{
		{"370684", "蓬莱市", "370614", "蓬莱区"},
		{"370634", "长岛县", "370614", "蓬莱区"},
		{"371200", "莱芜市", "370100", "济南市"},
		{"371202", "莱城区", "370116", "莱芜区"},
		{"371203", "钢城区", "370117", "钢城区"},
		{"370181", "章丘市", "370114", "章丘区"},
		{"370125", "济阳县", "370115", "济阳区"},
		{"370123", "长清县", "370113", "长清区"},
		{"370205", "四方区", "370203", "市北区"},
		{"370284", "胶南市", "370211", "黄岛区"},
		{"370282", "即墨市", "370215", "即墨区"},
		{"370802", "市中区", "370811", "任城区"},
		{"370882", "兖州市", "370812", "兖州区"},
		{"371081", "文登市", "371003", "文登区"},
		{"371421", "陵县", "371403", "陵城区"},
		{"371624", "沾化县", "371603", "沾化区"},
		{"371626", "邹平县", "371681", "邹平市"},
		{"370521", "垦利县", "370505", "垦利区"},
		{"371727", "定陶县", "371703", "定陶区"},
		{"371523", "茌平县", "371503", "茌平区"},
		{"372330", "邹平县", "371681", "邹平市"}, // twice: 372330, 371626, 371681
		{"372923", "定陶县", "371703", "定陶区"},
		{"370687", "海阳市", "370687", "海阳市"},
	} {
		was, ok := Last(test.old)
		if !ok || was.Name != test.was {
			t.Errorf("%s was %+v, want %s", test.old, was, test.was)
		}
		is, ok := Today(test.old)
		if !ok || is.Code != test.today || is.Name != test.is {
			t.Errorf("%s %s is %s %s today, want %s %s", test.old, test.was, is.Code, is.Name, test.today, test.is)
		}
	}
	if d, ok := Today("370699"); ok {
		t.Errorf("370699 is %s", d.Name)
	}
}

func TestACodeThatIsNotInTheTableLiesSomewhere(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{"370687", "海阳市"},
		{"370684", "蓬莱市"},
		{"370635", "烟台市"},
		{"371299", "莱芜市"},
		{"379900", "山东省"},
		{"110105", "北京市"},
		{"990000", ""},
		{"37", ""},
		{"37068X", ""},
	} {
		d, ok := Nearest(test.code)
		if d.Name != test.want || ok != (test.want != "") {
			t.Errorf("%s is nearest to %q, want %q", test.code, d.Name, test.want)
		}
	}
}

func TestChildren(t *testing.T) {
	names := func(code string, day Day) string {
		var all []string
		for _, d := range Children(code, day) {
			all = append(all, d.Name)
		}
		return strings.Join(all, " ")
	}
	for _, test := range []struct {
		code string
		day  Day
		want string
	}{
		{"370600", "", "芝罘区 福山区 牟平区 莱山区 蓬莱区 龙口市 莱阳市 莱州市 招远市 栖霞市 海阳市"},
		{"370600", "2020-01-01", "芝罘区 福山区 牟平区 莱山区 长岛县 龙口市 莱阳市 莱州市 蓬莱市 招远市 栖霞市 海阳市"},
		{"371200", "", ""},
		{"371200", "2018-01-01", "莱城区 钢城区"},
		{"370000", "", "济南市 青岛市 淄博市 枣庄市 东营市 烟台市 潍坊市 济宁市 泰安市 威海市 日照市 临沂市 德州市 聊城市 滨州市 菏泽市"},
		{"370687", "", ""},
		{"999999", "", ""},
	} {
		if got := names(test.code, test.day); got != test.want {
			t.Errorf("below %s on %q: %s, want %s", test.code, test.day, got, test.want)
		}
	}
	if n := len(Children("", "")); n != 34 {
		t.Errorf("%d provinces, want 34", n)
	}
}

// Shandong's counts as the Ministry of Civil Affairs gives them.
func TestShandongIsComplete(t *testing.T) {
	for _, test := range []struct {
		day                   Day
		prefectures, counties int
	}{
		{"2001-12-31", 17, 139},
		{"2011-12-31", 17, 140},
		{"2014-12-31", 17, 137},
		{"2018-12-31", 17, 137},
		{"2019-12-31", 16, 137},
		{"", 16, 136},
	} {
		counties := 0
		prefectures := Children("370000", test.day)
		for _, p := range prefectures {
			counties += len(Children(p.Code, test.day))
		}
		if len(prefectures) != test.prefectures || counties != test.counties {
			t.Errorf("on %q Shandong has %d prefectures and %d counties, want %d and %d",
				test.day, len(prefectures), counties, test.prefectures, test.counties)
		}
	}
}

// The table keeps its own rules: order, dates, names, and no two divisions
// under one code on one day.
func TestTheTableIsSound(t *testing.T) {
	all := table()
	for i, d := range all {
		if !wellFormed(d.Code) || d.Name == "" || d.Source == "" || (d.To == "") != (d.Successor == "") {
			t.Errorf("%+v", d)
		}
		for _, day := range []Day{d.From, d.To} {
			if _, err := time.Parse(time.DateOnly, string(day)); day != "" && err != nil {
				t.Errorf("%s %s: %v", d.Code, d.Name, err)
			}
		}
		if d.To != "" && d.From >= d.To {
			t.Errorf("%s %s is from %s to %s", d.Code, d.Name, d.From, d.To)
		}
		if next, ok := Today(d.Code); !ok || next.To != "" {
			t.Errorf("%s %s leads nowhere", d.Code, d.Name)
		}
		if d.To != "" {
			if _, ok := Find(d.Successor, d.To); !ok {
				t.Errorf("%s %s has the successor %s, which was not there on %s", d.Code, d.Name, d.Successor, d.To)
			}
		}
		if i > 0 && all[i-1].Code == d.Code && all[i-1].To > d.From {
			t.Errorf("%s is %s and %s at once", d.Code, all[i-1].Name, d.Name)
		}
		if d.Level() == County {
			if _, ok := Parent(d.Code, d.From); d.From != "" && !ok {
				t.Errorf("%s %s lies nowhere on %s", d.Code, d.Name, d.From)
			}
		}
	}
	if !slices.IsSortedFunc(all, func(a, b Division) int { return strings.Compare(a.Code+string(a.From), b.Code+string(b.From)) }) {
		t.Error("the table is not in order")
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		code, area string
		want       bool
	}{
		{"370687", "370687", true},
		{"370687", "370600", true},
		{"370687", "370000", true},
		{"370687", "100000", true},
		{"370635", "370600", true},
		{"370687", "370700", false},
		{"370687", "370686", false},
		{"370600", "370687", false},
		{"110000", "370000", false},
		{"", "370000", false},
		{"370687", "", false},
	} {
		if got := Within(test.code, test.area); got != test.want {
			t.Errorf("%s within %s: %t", test.code, test.area, got)
		}
	}
}

func TestCallersCannotChangeTheTable(t *testing.T) {
	History("370687")[0].Name = "别处"
	if d, _ := Last("370687"); d.Name != "海阳市" {
		t.Errorf("370687 is now %s", d.Name)
	}
}

func FuzzCodes(f *testing.F) {
	for _, seed := range []string{"370687", "370684", "", "37", "100000", "\xff\xff\xff\xff\xff\xff", "３７０６８７"} {
		f.Add(seed, "2020-06-05")
	}
	f.Fuzz(func(t *testing.T, code, day string) {
		if d, ok := Find(code, Day(day)); ok && (d.Code != code || !d.Exists(Day(day))) {
			t.Errorf("%q on %q: %+v", code, day, d)
		}
		if d, ok := Today(code); ok && d.To != "" {
			t.Errorf("%q is today %+v", code, d)
		}
		if d, ok := Nearest(code); ok && d.Level() != Nation && !Within(code, d.Code) {
			t.Errorf("%q is nearest to %+v", code, d)
		}
		FullName(code, Day(day))
	})
}
