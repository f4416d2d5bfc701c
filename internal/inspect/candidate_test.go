package inspect_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"suicha/internal/inspect"
)

// R34: a scope that names a word only to leave it out does not propose.
func TestScopeSaysWhatItLeavesOut(t *testing.T) {
	for _, test := range []struct {
		scope, word string
		in          bool
	}{
		{"许可项目：餐饮服务；食品销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）", "餐饮服务", true},
		{"餐饮服务（不含凉菜、生食海产品）", "餐饮", true},
		{"餐饮服务（不含凉菜、生食海产品）", "海产品", false},
		{"一般项目：日用百货销售（食品、烟草除外）；服装零售", "食品", false},
		{"一般项目：日用百货销售（食品、烟草除外）；服装零售", "服装", true},
		{"化工产品销售（不含许可类化工产品、危险化学品）；食品销售", "危险化学品", false},
		{"化工产品销售（不含许可类化工产品、危险化学品）；食品销售", "食品", true},
		{"除食品销售外，凭营业执照依法自主开展经营活动", "食品销售", false},
		{"除许可业务外，可自主依法经营法律法规非禁止或限制的项目；餐饮管理", "餐饮", true},
		{"除尘设备、外墙清洗、烟道除尘", "外墙清洗", true},
		{"除尘设备、外墙清洗", "除尘", true},
		{"投资咨询（未经金融监管部门批准，不得从事吸收存款、融资担保、代客理财等金融业务）", "融资担保", false},
		{"投资咨询，不得从事融资担保，食品销售", "食品销售", true},
		{"建材销售（不含木材(不含加工)、危险品），五金", "危险品", false},
		{"建材销售（不含木材(不含加工)、危险品），五金", "五金", true},
		{"非食用盐销售", "食用盐", false},
		{"不包括餐饮服务", "餐饮", false},
		{"住宿；不经营餐饮；洗浴", "洗浴", true},
		{"住宿；不经营餐饮；洗浴", "餐饮", false},
		{"禁止销售烟花爆竹；日杂", "烟花爆竹", false},
		{"销售：（不含食品", "食品", false}, // the bracket is never closed
		{"食品）销售、烟草除外", "烟草", false},
		{"预包装食品批发兼零售（不含冷藏冷冻食品）；保健食品（预包装）销售", "保健食品", true},
		{"ＫＴＶ经营；Ktv 设备", "ktv", true},
		{"", "食品", false},
		{"除", "食品", false},
		{"食品除外", "食品", false},
	} {
		v := inspect.MemberRule{Any: []string{test.word}}.Judge(inspect.Object{Scope: test.scope})
		if v.In != test.in {
			t.Errorf("%q in %q: %v, want %v (%s)", test.word, test.scope, v.In, test.in, v.Why)
		}
		for _, m := range v.Mentions {
			if !strings.EqualFold(narrow(test.scope[m.From:m.To]), m.Word) {
				t.Errorf("%q in %q is shown as %q", test.word, test.scope, test.scope[m.From:m.To])
			}
		}
	}
}

func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// R34: industries and words, with exclusions, joined as the department says.
func TestRuleSaysWhy(t *testing.T) {
	o := inspect.Object{Industry: "H6210", Scope: "餐饮服务；食品销售（不含酒类）"}
	for _, test := range []struct {
		rule inspect.MemberRule
		in   bool
		why  string
	}{
		{inspect.MemberRule{Industries: []string{"H62"}}, true, "行业 H6210 属于 H62"},
		{inspect.MemberRule{Industries: []string{"H"}, Any: []string{"食品销售"}}, true, "行业 H6210 属于 H；经营范围含“食品销售”"},
		{inspect.MemberRule{Industries: []string{"F"}, Any: []string{"食品销售"}}, false, "不符合规则；经营范围含“食品销售”"},
		{inspect.MemberRule{Industries: []string{"F"}, Any: []string{"食品销售"}, Either: true}, true, "经营范围含“食品销售”"},
		{inspect.MemberRule{Industries: []string{"H"}, Without: []string{"H621"}}, false, "行业 H6210 属于排除的 H621"},
		{inspect.MemberRule{Any: []string{"酒类"}}, false, "不符合规则；关键字只在“不含”“除外”等处出现"},
		{inspect.MemberRule{Any: []string{"餐饮"}, None: []string{"酒类"}}, true, "经营范围含“餐饮”"},
		{inspect.MemberRule{Any: []string{"餐饮"}, None: []string{"食品"}}, false, "经营范围含排除的“食品”"},
		{inspect.MemberRule{All: []string{"餐饮", "食品"}}, true, "经营范围含“餐饮”“食品”"},
		{inspect.MemberRule{All: []string{"餐饮", "酒类"}}, false, "不符合规则；经营范围含“餐饮”；关键字只在“不含”“除外”等处出现"},
		{inspect.MemberRule{}, false, "不符合规则"},
	} {
		v := test.rule.Judge(o)
		if v.In != test.in || v.Why != test.why {
			t.Errorf("%+v: %v %q, want %v %q", test.rule, v.In, v.Why, test.in, test.why)
		}
	}
}

// Whatever the scope and the word: mentions lie in the scope, on whole characters.
func FuzzJudge(f *testing.F) {
	f.Add("餐饮服务（不含凉菜）", "凉菜")
	f.Add("除（除外）外除外", "除外")
	f.Add("))((不含\xff不得", "不")
	f.Add("İ；不含", "i")
	f.Fuzz(func(t *testing.T, scope, word string) {
		v := inspect.MemberRule{Any: []string{word}, None: []string{"食品"}}.Judge(inspect.Object{Scope: scope})
		for _, m := range v.Mentions {
			if m.From < 0 || m.To > len(scope) || m.From >= m.To {
				t.Fatalf("%q in %q: %+v", word, scope, m)
			}
			if utf8.ValidString(scope) && utf8.ValidString(word) && utf8.RuneCountInString(scope[m.From:m.To]) != utf8.RuneCountInString(m.Word) {
				t.Fatalf("%q in %q: %q", word, scope, scope[m.From:m.To])
			}
		}
	})
}

// What Key and Text write is read again, and nothing else is.
func FuzzParseRows(f *testing.F) {
	f.Add("12/watch/2026-01-02", "2026-03-04\t来源\t理由\torg")
	f.Add(`12/"食品经营许可证"/"JY1"`, "2026-01-01\t\t发证\torg\tfalse")
	f.Add("lib/12", "candidate\t手工\tp\t2026-01-02T03:04:05.000Z")
	f.Fuzz(func(t *testing.T, key, text string) {
		if v, err := inspect.ParseFlag(key, 1, text); err == nil && (v.Key() != key || v.Text() != text) {
			t.Errorf("flag %q %q", key, text)
		}
		if v, err := inspect.ParseLicence(key, 1, text); err == nil && (v.Key() != key || v.Text() != text) {
			t.Errorf("licence %q %q", key, text)
		}
		if v, err := inspect.ParseMember(key, 1, text); err == nil && (v.Key() != key || v.Text() != text) {
			t.Errorf("member %q %q", key, text)
		}
	})
}
