package pinyin_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"suicha/internal/pinyin"
)

func TestKeyAndInitials(t *testing.T) {
	for _, test := range []struct{ name, key, initials string }{
		{"海阳市公安局", "hai3海 yang2阳 shi4市 gong1公 an1安 ju2局", "hysgaj"},
		{"海阳市市场监督管理局", "hai3海 yang2阳 shi4市 shi4市 chang3场 jian1监 du1督 guan3管 li3理 ju2局", "hysscjdglj"},
		{"中国农业银行海阳市支行", "zhong1中 guo2国 nong2农 ye4业 yin2银 hang2行 hai3海 yang2阳 shi4市 zhi1支 hang2行", "zgnyyhhyszh"},
		{"海阳海参养殖场", "hai3海 yang2阳 hai3海 shen1参 yang3养 zhi2殖 chang3场", "hyhsyzc"},
		{"牟平区长江路行政办事处", "mu4牟 ping2平 qu1区 chang2长 jiang1江 lu4路 xing2行 zheng4政 ban4办 shi4事 chu4处", "mpqcjlxzbsc"},
		{"单伟", "shan4单 wei3伟", "sw"},
		{"仇英", "qiu2仇 ying1英", "qy"},
		{"曾国强", "zeng1曾 guo2国 qiang2强", "zgq"},
		{"解晓东", "xie4解 xiao3晓 dong1东", "xxd"},
		{"查海生", "zha1查 hai3海 sheng1生", "zhs"},
		{"任长江", "ren2任 chang2长 jiang1江", "rcj"},
		{"长孙无忌", "zhang3长 sun1孙 wu2无 ji4忌", "zswj"},
		{"万俟卨", "mo4万 qi2俟 xie4卨", "mqx"},
		{"单项检查中心", "dan1单 xiang4项 jian3检 cha2查 zhong1中 xin1心", "dxjczx"},
		{"解放路小学", "jie3解 fang4放 lu4路 xiao3小 xue2学", "jflxx"},
		{"吕剧团", "lv3吕 ju4剧 tuan2团", "ljt"},
		{"KTV 好声音", "ktv hao3好 sheng1声 yin1音", "ktvhsy"},
		{"好声音ＫＴＶ（１店）", "hao3好 sheng1声 yin1音 ktv 1 dian4店", "hsyktv1d"},
		{"“老 王”饭店", "lao3老 wang2王 fan4饭 dian4店", "lwfd"},
		{"A B", "a b", "ab"},
		{"第２小学", "di4第 2 xiao3小 xue2学", "d2xx"},
		{"𠮷野家", "𠮷 ye3野 jia1家", "𠮷yj"}, // the library has no reading
		{"", "", ""},
		{"——", "", ""},
		{"\x00\n", "", ""},
	} {
		if got := pinyin.Key(test.name); got != test.key {
			t.Errorf("Key(%q) = %q, want %q", test.name, got, test.key)
		}
		if got := pinyin.Initials(test.name); got != test.initials {
			t.Errorf("Initials(%q) = %q, want %q", test.name, got, test.initials)
		}
	}
}

// Names stand as in a register: one surname together, by syllable, tone and
// character, the shorter name first.
func TestNamesSortAsInARegister(t *testing.T) {
	// 黎 is li2 and 李 li3, 汪 is wang1 and 王 wang2.
	want := []string{
		"A座餐厅", "安小宁", "昂山", "海阳市", "海阳市公安局", "海阳市公安局交警大队", "海阳市卫生健康局", "黎明", "李刚", "李伟",
		"仇英", "单伟", "汪安", "王安", "王伟", "王伟东", "解晓东", "曾国强", "查海生", "张安", "张三", "张伟", "章安",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(pinyin.Key(a), pinyin.Key(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// Whatever the text, keys are text, too, and their parts are one blank apart.
func FuzzKey(f *testing.F) {
	for _, s := range []string{"海阳市", "单", "\xff海", "ＫＴＶ", "a\u0301", "İ", "〇〇", "长孙"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, s := range []string{pinyin.Key(name), pinyin.Initials(name)} {
			if !utf8.ValidString(s) {
				t.Errorf("%q became %q", name, s)
			}
			if strings.Contains(s, "  ") || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") {
				t.Errorf("%q has blanks to spare: %q", name, s)
			}
		}
	})
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		pinyin.Key("海阳市方圆街道好再来餐饮服务有限公司")
	}
}

func BenchmarkInitials(b *testing.B) {
	for b.Loop() {
		pinyin.Initials("海阳市方圆街道好再来餐饮服务有限公司")
	}
}
