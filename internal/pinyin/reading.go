package pinyin

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	library "github.com/mozillazg/go-pinyin"
)

// surnames are single surnames that are not read as the character mostly is.
var surnames = map[rune]string{
	'单': "shan4", '仇': "qiu2", '曾': "zeng1", '解': "xie4", '查': "zha1", '任': "ren2", '朴': "piao2", '盖': "ge3", '种': "chong2",
	'区': "ou1", '覃': "qin2", '乐': "yue4", '员': "yun4", '宁': "ning4", '华': "hua4", '纪': "ji3", '召': "shao4", '折': "she2",
	'缪': "miao4", '黑': "he4", '秘': "bi4", '繁': "po2", '翟': "zhai2", '句': "gou1", '牟': "mu4", '令': "ling2", '万': "wan4",
	'那': "na1", '燕': "yan1", '哈': "ha3", '葛': "ge3", '卜': "bu3", '洗': "xian3", '沈': "shen3", '曲': "qu1", '长': "chang2",
	'石': "shi2", '车': "che1", '都': "du1", '重': "chong2", '隗': "wei3", '晟': "cheng2", '郇': "xun2", '郗': "xi1", '尹': "yin3",
	'冯': "feng2", '逄': "pang2", '宓': "mi4", '应': "ying1", '柏': "bai3", '适': "kuo4", '眭': "sui1", '褚': "chu3", '盛': "sheng4",
}

// doubles are surnames of two characters.
var doubles = map[string]string{
	"万俟": "mo4 qi2", "尉迟": "yu4 chi2", "长孙": "zhang3 sun1", "单于": "chan2 yu2", "澹台": "tan2 tai2", "令狐": "ling2 hu2",
	"宗政": "zong1 zheng4", "濮阳": "pu2 yang2", "公冶": "gong1 ye3", "太叔": "tai4 shu1", "申屠": "shen1 tu2", "钟离": "zhong1 li2",
	"宇文": "yu3 wen2", "鲜于": "xian1 yu2", "夏侯": "xia4 hou2", "诸葛": "zhu1 ge3", "皇甫": "huang2 fu3", "司徒": "si1 tu2",
	"欧阳": "ou1 yang2", "上官": "shang4 guan1", "慕容": "mu4 rong2", "东方": "dong1 fang1", "独孤": "du2 gu1", "司马": "si1 ma3",
}

// words are words and single characters that names of places and bodies read
// otherwise than the library does.
var words = map[string]string{
	"银行": "yin2 hang2", "商行": "shang1 hang2", "车行": "che1 hang2", "行业": "hang2 ye4", "总行": "zong3 hang2", "支行": "zhi1 hang2",
	"分行": "fen1 hang2", "重庆": "chong2 qing4", "会计": "kuai4 ji4", "厦门": "xia4 men2", "音乐": "yin1 yue4", "乐器": "yue4 qi4",
	"空调": "kong1 tiao2", "调味": "tiao2 wei4", "调料": "tiao2 liao4", "调解": "tiao2 jie3", "海参": "hai3 shen1", "人参": "ren2 shen1",
	"党参": "dang3 shen1", "什锦": "shi2 jin3", "西藏": "xi1 zang4", "单县": "shan4 xian4", "莘县": "shen1 xian4", "东阿": "dong1 e1",
	"牟平": "mu4 ping2", "种植": "zhong4 zhi2", "少年": "shao4 nian2", "少儿": "shao4 er2", "理发": "li3 fa4", "美发": "mei3 fa4",
	"便宜": "pian2 yi2", "局长": "ju2 zhang3", "院长": "yuan4 zhang3", "校长": "xiao4 zhang3", "家长": "jia1 zhang3", "生长": "sheng1 zhang3",
	"长": "chang2", "都": "du1",
}

// A word of the tables: its characters and what they are read as.
type word struct {
	runes []rune
	said  []string
}

// byFirst holds the words, and the double surnames, by their first character,
// longer ones first.
var byFirst, doublesByFirst = sync.OnceValue(func() map[rune][]word { return firsts(words) }),
	sync.OnceValue(func() map[rune][]word { return firsts(doubles) })

func firsts(table map[string]string) map[rune][]word {
	found := map[rune][]word{}
	for text, said := range table {
		w := word{[]rune(text), strings.Fields(said)}
		found[w.runes[0]] = append(found[w.runes[0]], w)
	}
	for _, list := range found {
		slices.SortFunc(list, func(a, b word) int { return len(b.runes) - len(a.runes) })
	}
	return found
}

// known returns the syllables of the word of one of the tables that stands at i,
// none if there is none. A surname counts at the beginning of a name that can be
// a person's: two or three characters, up to four with a double surname.
func (t *readings) known(runes []rune, i int) []string {
	if i == 0 && len(runes) >= 2 && len(runes) <= 4 && allHan(runes) {
		if said := begins(doublesByFirst()[runes[0]], runes); said != nil {
			return said
		}
		if said := surnames[runes[0]]; said != "" && len(runes) <= 3 {
			return []string{said}
		}
	}
	if r := runes[i]; r < firstRune || r > lastRune || !t.words[r-firstRune] {
		return nil
	}
	return begins(byFirst()[runes[i]], runes[i:])
}

// begins returns the syllables of the first of list that runes begin with.
func begins(list []word, runes []rune) []string {
	for _, w := range list {
		if len(w.runes) <= len(runes) && slices.Equal(w.runes, runes[:len(w.runes)]) {
			return w.said
		}
	}
	return nil
}

func allHan(runes []rune) bool {
	for _, r := range runes {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return true
}

// The common ideographs have one table of their readings, and one of who begins a
// word; what lies beyond them is rare and asked for anew.
const (
	firstRune = 0x2E80
	lastRune  = 0x9FFF
)

// readings are those tables.
type readings struct {
	said  [lastRune - firstRune + 1]string
	words [lastRune - firstRune + 1]bool
}

// tableOf makes the tables at the first use: some thousand questions.
var tableOf = sync.OnceValue(func() *readings {
	t := new(readings)
	for r := rune(firstRune); r <= lastRune; r++ {
		t.said[r-firstRune] = ask(r)
		t.words[r-firstRune] = len(byFirst()[r]) > 0
	}
	return t
})

// reading is the syllable of r with its tone, or empty.
func (t *readings) reading(r rune) string {
	switch {
	case r < firstRune: // nothing before the first Chinese radical has one
		return ""
	case r <= lastRune:
		return t.said[r-firstRune]
	}
	return ask(r)
}

// ask asks the library, which works with patterns.
func ask(r rune) string {
	if all := library.SinglePinyin(r, library.Args{Style: library.Tone3}); len(all) > 0 {
		return all[0]
	}
	return ""
}
