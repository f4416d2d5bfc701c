package inspect

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// A Ratio (抽查比例) says how many objects of a pool a task draws. Plans write it
// in words; this is the one form of those words:
//
//	5%
//	20户
//	A 1%，B 3%，C 10%，D 50%，不少于5户
//	不超过10户：2户；超过10户：50%，不多于30户
//
// A percentage is rounded up ("不低于"). Without a class it applies to every
// object. R46, R67, R108, 海政办发〔2020〕2号 二(四).
type Ratio struct {
	Cases []RatioCase
}

// A RatioCase is the rule for pools of more than Over and at most UpTo objects.
type RatioCase struct {
	Over, UpTo int64    // UpTo 0 is no limit
	Percent    int64    // of all objects, in basis points
	Number     int64    // a fixed number of objects
	ByClass    [4]int64 // basis points of risk classes A, B, C, D
	Least      int64    // 不少于
	Most       int64    // 不多于; 0 is no limit
}

// RiskClasses are the credit risk classes, lowest risk first: R108.
const RiskClasses = "ABCD"

const ratioMost = 200 // characters of a ratio's text

// words maps what people type to the words of the one form.
var words = strings.NewReplacer("，", ",", "、", ",", "；", ";", "：", ":", "≤", "不超过", "<=", "不超过", ">", "超过",
	"至少", "不少于", "不低于", "不少于", "至多", "不多于", "最多", "不多于", "家", "户")

// ParseRatio reads a ratio. Width and blanks do not matter. It fails with
// ErrRatio, whose text shows the part that was not understood.
func ParseRatio(text string) (Ratio, error) {
	if n := utf8.RuneCountInString(text); n > ratioMost {
		return Ratio{}, ErrLong.With("抽查比例", ratioMost, n).At("ratio")
	}
	text = strings.ToUpper(words.Replace(strings.Join(strings.Fields(width.Fold.String(text)), "")))
	if text == "" {
		return Ratio{}, ErrEmpty.With("抽查比例").At("ratio")
	}
	var r Ratio
	for _, part := range strings.Split(text, ";") {
		c, err := parseCase(part)
		if err != nil {
			return Ratio{}, err
		}
		r.Cases = append(r.Cases, c)
	}
	return r, r.check()
}

func ratioFault(part string) error { return ErrRatio.With(part).At("ratio") }

var (
	ratioCond  = regexp.MustCompile(`^(?:超过(\d{1,9})户?)?(?:不超过(\d{1,9})户?)?$`)
	ratioUnits = regexp.MustCompile(`^(不少于|不多于)?(\d{1,9})户$`)
	ratioShare = regexp.MustCompile(`^(?:不少于)?([A-D]?)类?(?:不少于)?(\d{1,3})(?:\.(\d{1,2}))?%$`)
)

func parseCase(text string) (RatioCase, error) {
	var c RatioCase
	if cond, rest, ok := strings.Cut(text, ":"); ok {
		m := ratioCond.FindStringSubmatch(cond)
		if m == nil || cond == "" {
			return c, ratioFault(cond)
		}
		c.Over, _ = strconv.ParseInt("0"+m[1], 10, 64)
		c.UpTo, _ = strconv.ParseInt("0"+m[2], 10, 64)
		text = rest
	}
	for _, part := range strings.Split(text, ",") {
		if !c.add(part) {
			return c, ratioFault(part)
		}
	}
	return c, nil
}

// add takes one part of a case into c. It reports whether the part was
// understood and had not been said before.
func (c *RatioCase) add(part string) bool {
	if m := ratioUnits.FindStringSubmatch(part); m != nil {
		into := map[string]*int64{"": &c.Number, "不少于": &c.Least, "不多于": &c.Most}[m[1]]
		n, _ := strconv.ParseInt(m[2], 10, 64)
		return once(into, n)
	}
	m := ratioShare.FindStringSubmatch(part)
	if m == nil {
		return false
	}
	points, ok := ParseShare(m[2] + "." + m[3])
	if !ok {
		return false
	}
	if m[1] == "" {
		return once(&c.Percent, points)
	}
	return once(&c.ByClass[strings.Index(RiskClasses, m[1])], points)
}

var shareForm = regexp.MustCompile(`^([0-9]{1,3})(?:\.([0-9]{0,2}))?%?$`)

// ParseShare reads a percentage of at most 100, with or without its sign, into
// basis points: 5%, 0.5, １２．５％.
func ParseShare(text string) (points int64, ok bool) {
	m := shareForm.FindStringSubmatch(strings.TrimSpace(width.Fold.String(text)))
	if m == nil {
		return 0, false
	}
	whole, _ := strconv.ParseInt(m[1], 10, 64)
	cents, _ := strconv.ParseInt((m[2] + "00")[:2], 10, 64)
	points = whole*100 + cents
	return points, points <= 10000
}

func once(into *int64, n int64) bool {
	if *into != 0 || n == 0 {
		return false
	}
	*into = n
	return true
}

// check refuses ratios that would not say how many to draw for every pool.
func (r Ratio) check() error {
	var reached int64
	for i, c := range r.Cases {
		last := i == len(r.Cases)-1
		switch {
		case c.Over != reached, last != (c.UpTo == 0), !last && c.UpTo <= reached:
			return ErrRatioCases.At("ratio")
		case c.Percent == 0 && c.Number == 0 && !c.Classed() && c.Least == 0,
			c.Number > 0 && (c.Percent > 0 || c.Classed()),
			c.Percent > 0 && c.Classed(),
			c.Most > 0 && c.Least > c.Most:
			return ratioFault(c.text())
		}
		reached = c.UpTo
	}
	return nil
}

// Classed reports whether the case differs by risk class.
func (c RatioCase) Classed() bool { return c.ByClass != [4]int64{} }

// Text is the ratio in its one form.
func (r Ratio) Text() string {
	parts := make([]string, len(r.Cases))
	for i, c := range r.Cases {
		cond := ""
		if c.Over > 0 {
			cond = fmt.Sprintf("超过%d户", c.Over)
		}
		if c.UpTo > 0 {
			cond += fmt.Sprintf("不超过%d户", c.UpTo)
		}
		if cond != "" {
			cond += "："
		}
		parts[i] = cond + c.text()
	}
	return strings.Join(parts, "；")
}

func (c RatioCase) text() string {
	var parts []string
	say := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if c.Percent > 0 {
		say("%s", PercentText(c.Percent))
	}
	for i, points := range c.ByClass {
		if points > 0 {
			say("%c %s", RiskClasses[i], PercentText(points))
		}
	}
	if c.Number > 0 {
		say("%d户", c.Number)
	}
	if c.Least > 0 {
		say("不少于%d户", c.Least)
	}
	if c.Most > 0 {
		say("不多于%d户", c.Most)
	}
	return strings.Join(parts, "，")
}

// PercentText is a share in basis points as people read it: 5%, 0.5%.
func PercentText(points int64) string {
	return strconv.FormatFloat(float64(points)/100, 'f', -1, 64) + "%"
}

// Count is how many objects the ratio draws from a pool of the given size, with
// classes objects of each risk class; classes may be all zero if unknown, then
// class ratios are applied to the whole pool at their mean. It never draws more
// than there are.
func (r Ratio) Count(pool int64, classes [4]int64) int64 {
	if pool <= 0 || len(r.Cases) == 0 {
		return 0
	}
	c := r.of(pool)
	n := max(c.Number+ceilShare(pool, c.Percent)+c.classCount(pool, classes), c.Least)
	if c.Most > 0 {
		n = min(n, c.Most)
	}
	return min(n, pool)
}

// of is the case for a pool of that size.
func (r Ratio) of(pool int64) RatioCase {
	for _, c := range r.Cases {
		if c.UpTo > 0 && pool <= c.UpTo {
			return c
		}
	}
	return r.Cases[len(r.Cases)-1]
}

// Exceeds reports whether the ratio asks for more objects than the pool has.
func (r Ratio) Exceeds(pool int64) bool {
	c := r.of(pool)
	return max(c.Number, c.Least) > pool
}

func (c RatioCase) classCount(pool int64, classes [4]int64) int64 {
	var n, sum, kinds int64
	for i, points := range c.ByClass {
		n += ceilShare(classes[i], points)
		if points > 0 {
			sum, kinds = sum+points, kinds+1
		}
	}
	if kinds > 0 && classes == [4]int64{} {
		return ceilShare(pool, sum/kinds)
	}
	return n
}

// ceilShare is points basis points of n, rounded up.
func ceilShare(n, points int64) int64 { return (n*points + 9999) / 10000 }

// Highest is the largest share of a pool that the ratio asks for, in basis
// points; 10000 if it asks for numbers only, which a small pool could exhaust.
func (r Ratio) Highest(pool int64) int64 {
	var highest int64
	for _, c := range r.Cases {
		highest = max(highest, c.Percent)
		for _, points := range c.ByClass {
			highest = max(highest, points)
		}
	}
	if n := r.Count(pool, [4]int64{}); pool > 0 && highest == 0 {
		highest = (n*10000 + pool - 1) / pool
	}
	return highest
}
