package draw

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Source (事件来源) is one draw of balls, a throw of dice, a national lottery or
// a beacon, described before it happens.
type Source struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	Kind  string `json:"kind"`  // "urn" drawn by people present, "lottery" drawn nationally, "beacon"
	Parts []Part `json:"parts"` // the numbers; none for a beacon
	Hex   uint64 `json:"hex"`   // length of a beacon's value in hex digits; otherwise 0
}

// A Part is some numbers that are drawn alike.
type Part struct {
	Count   uint64 `json:"count"`
	Min     uint64 `json:"min"`
	Max     uint64 `json:"max"`
	Ordered uint64 `json:"ordered"` // 1: each from its own urn, in order; 0: distinct, from one urn
}

// minOutcomes is the least number of equally likely outcomes of an event. With
// it no grinding of secrets moves a chance of 3 % below 2.84 %.
const minOutcomes = 1_000_000

// manyOutcomes is where counting outcomes stops.
const manyOutcomes = 1_000_000_000_000

const tooFewOutcomes = "事件的可能结果不足 1000000 种；没有密封方时，仅全国彩票的结果就应达到这个数"

// outcomes is how many results a source can have, at most manyOutcomes.
func (s Source) outcomes() uint64 {
	n := uint64(1)
	for range s.Hex {
		n = min(n*16, manyOutcomes)
	}
	for _, p := range s.Parts {
		ways := uint64(1)
		for i := range p.Count {
			if p.Ordered == 1 {
				ways = min(ways*(p.Max-p.Min+1), manyOutcomes)
			} else {
				ways = min(ways*(p.Max-p.Min+1-i)/(i+1), manyOutcomes)
			}
		}
		n = min(n*ways, manyOutcomes)
	}
	return n
}

// enough tells whether the sources leave enough outcomes to chance. Without
// sealed contributors an urn in the room does not count: it could be loaded.
func (m *Manifest) enough(sources []Source) bool {
	sealed := slices.ContainsFunc(m.Contributors, func(c Contributor) bool { return c.Role == "sealed" })
	n := uint64(1)
	for _, s := range sources {
		if sealed || s.Kind == "lottery" {
			n = min(n*s.outcomes(), manyOutcomes)
		}
	}
	return n >= minOutcomes
}

func (s Source) check(c *checker) {
	c.need(isCode(s.Code, 16, className) && isTitle(s.Title, 200), "事件来源 %s 的 code 或 title 不对", s.Code)
	beacon := s.Kind == "beacon" && len(s.Parts) == 0 && s.Hex >= 16 && s.Hex <= 256
	numbers := (s.Kind == "urn" || s.Kind == "lottery") && len(s.Parts) >= 1 && len(s.Parts) <= 8 && s.Hex == 0
	c.need(beacon || numbers, "事件来源 %s 应为 urn、lottery（有 parts）或 beacon（hex 为 16 至 256）", s.Code)
	for _, p := range s.Parts {
		c.need(p.Count >= 1 && p.Count <= 20 && p.Min < p.Max && p.Max <= 999 && p.Ordered <= 1, "事件来源 %s 的 parts 超出范围", s.Code)
		c.need(p.Ordered == 1 || p.Count <= p.Max-p.Min+1, "事件来源 %s 的 parts 号码不够", s.Code)
	}
}

// An Outcome is what a source gave, as it was announced.
type Outcome struct {
	Code     string     `json:"code"`
	Issue    string     `json:"issue"` // the lottery's number, the beacon's round, the urn's place
	Time     string     `json:"time"`
	Numbers  [][]uint64 `json:"numbers"` // per part, in the order drawn
	Hex      string     `json:"hex"`
	Evidence string     `json:"evidence"` // digest of the recording, or ""
}

// text is the canonical form of an outcome: ssq:03.07.12.19.25.33+08/
func (s Source) text(o Outcome) (string, error) {
	if s.Kind == "beacon" {
		if len(o.Numbers) > 0 || !isHex(o.Hex, int(s.Hex)) {
			return "", fmt.Errorf("来源 %s 的值应为 %d 位小写十六进制字符", s.Code, s.Hex)
		}
		return s.Code + ":" + o.Hex + "/", nil
	}
	if len(o.Numbers) != len(s.Parts) || o.Hex != "" {
		return "", fmt.Errorf("来源 %s 应有 %d 组号码", s.Code, len(s.Parts))
	}
	var parts []string
	for i, p := range s.Parts {
		numbers := slices.Clone(o.Numbers[i])
		if uint64(len(numbers)) != p.Count {
			return "", fmt.Errorf("来源 %s 第 %d 组应有 %d 个号码", s.Code, i+1, p.Count)
		}
		if p.Ordered == 0 {
			slices.Sort(numbers)
		}
		width := len(fmt.Sprint(p.Max))
		var words []string
		for j, n := range numbers {
			if n < p.Min || n > p.Max || p.Ordered == 0 && j > 0 && numbers[j-1] == n {
				return "", fmt.Errorf("来源 %s 第 %d 组的号码 %d 超出范围或重复", s.Code, i+1, n)
			}
			words = append(words, fmt.Sprintf("%0*d", width, n))
		}
		parts = append(parts, strings.Join(words, "."))
	}
	return s.Code + ":" + strings.Join(parts, "+") + "/", nil
}

// used is which sources count when some were cancelled: each cancelled one gives
// its place to the next reserve that was not.
func (e EventPlan) used(cancelled []string) ([]Source, error) {
	gone := map[string]bool{}
	for _, code := range cancelled {
		gone[code] = true
	}
	reserves := slices.DeleteFunc(slices.Clone(e.Reserves), func(s Source) bool { return gone[s.Code] })
	used := slices.Clone(e.Sources)
	for i, s := range used {
		if !gone[s.Code] {
			continue
		}
		if len(reserves) == 0 {
			return nil, fmt.Errorf("来源 %s 取消后没有备用来源，本次抽取应作废", s.Code)
		}
		used[i], reserves = reserves[0], reserves[1:]
	}
	return used, nil
}

// EventText is the canonical text of an event: the outcomes of the sources that
// count once some were cancelled.
func (m *Manifest) EventText(cancelled []string, outcomes []Outcome) (string, error) {
	sources, err := m.Event.used(cancelled)
	if err != nil {
		return "", err
	}
	if !m.enough(sources) {
		return "", errors.New(tooFewOutcomes)
	}
	if len(outcomes) != len(sources) {
		return "", fmt.Errorf("outcomes 应有 %d 项", len(sources))
	}
	text := ""
	for i, o := range outcomes {
		if o.Code != sources[i].Code {
			return "", fmt.Errorf("第 %d 项结果应来自 %s", i+1, sources[i].Code)
		}
		part, err := sources[i].text(o)
		if err != nil {
			return "", err
		}
		text += part
	}
	return text, nil
}
