package exchange

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// A Mapping says which column of a file is which column of a table. It is plain
// data, to be shown, changed, and remembered for the next file of the same
// source.
type Mapping struct {
	Sheet string `json:"sheet"`
	Line  int    `json:"line"`  // of the headings
	Pairs []Pair `json:"pairs"` // in the order of the file
}

// A Pair maps one column of a file.
type Pair struct {
	Letter  string `json:"letter"`
	Heading string `json:"heading"`
	Key     string `json:"key"` // of the table's column; empty: not imported
}

// ParseMapping reads a mapping that was kept as JSON; the empty text is none.
func ParseMapping(text string) (m Mapping, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &m)
	}
	return m, err
}

// Match maps the headings of a file. Where known, a mapping that somebody made
// before, knows a heading, it decides. Elsewhere a heading is recognised
// without regard to width, blanks, brackets and asterisks. A column that two
// headings could be is left open: CheckMapping asks for it.
func (t Table) Match(h Head, known Mapping) Mapping {
	m := Mapping{Sheet: h.Sheet, Line: h.Line}
	names, remembered := newMatcher(t), known.remembered(h)
	told := map[int]bool{}     // places that known decided
	taken := map[string]bool{} // keys that known gave away
	claims := map[string]int{} // how many other headings could be a key
	for i, g := range h.Headings {
		p := Pair{Letter: g.Letter, Heading: g.Text}
		if key, ok := remembered(g); ok && (key == "" || t.Index(key) >= 0) {
			p.Key, told[i], taken[key] = key, true, true
		} else {
			claims[names.key(g.Text)]++
		}
		m.Pairs = append(m.Pairs, p)
	}
	for i, p := range m.Pairs {
		if key := names.key(p.Heading); !told[i] && !taken[key] && claims[key] == 1 {
			m.Pairs[i].Key = key
		}
	}
	return m
}

// remembered returns what m says of a heading of h. Of a heading that stands
// there twice it says something only for the same column.
func (m Mapping) remembered(h Head) func(Heading) (key string, ok bool) {
	here, there, keys := map[string]int{}, map[string]int{}, map[string]string{}
	for _, g := range h.Headings {
		here[plain(g.Text)]++
	}
	for _, p := range m.Pairs {
		name := plain(p.Heading)
		there[name]++
		keys[name], keys[p.Letter+" "+name] = p.Key, p.Key
	}
	return func(g Heading) (string, bool) {
		name := plain(g.Text)
		if name == "" {
			return "", false
		}
		if here[name] > 1 || there[name] > 1 {
			name = g.Letter + " " + name
		}
		key, ok := keys[name]
		return key, ok
	}
}

// CheckMapping returns what is wrong with m for the file with head h, after the
// faults of h itself. Without an error among them, Rows can begin.
func (t Table) CheckMapping(h Head, m Mapping) []Fault {
	faults := append([]Fault(nil), h.Faults...)
	add := func(p Pair, f finding) { faults = append(faults, f.at(h.Line, p.Letter, p.Heading)) }
	names := newMatcher(t)
	mapped, open := map[string]Pair{}, map[string][]string{}
	for i, p := range m.Pairs {
		if i >= len(h.Headings) || h.Headings[i] != (Heading{p.Letter, p.Heading}) {
			add(p, wrong("head_changed", "这一列的表头与文件不一致。请重新对应。"))
			continue
		}
		first, twice := mapped[p.Key]
		switch {
		case p.Key == "" && (p.Heading == "" || p.Heading == faultHeading):
		case t.Never(p.Heading):
			if p.Key != "" {
				add(p, wrong("identity_card", "名录库不保存身份证号，这一列不能导入。请选择“不导入”。"))
				continue
			}
			add(p, strange("identity_card", "名录库不保存身份证号，这一列不会导入。请在原文件中删去这一列后再保存或者传递。"))
		case p.Key == "":
			if key := names.key(p.Heading); key != "" {
				open[key] = append(open[key], p.Letter)
			}
			add(p, strange("unmapped", "这一列没有对应的字段，不会导入。需要导入的，请选择对应的字段。"))
		case t.Index(p.Key) < 0:
			add(p, wrong("unknown_key", "没有“%s”这个字段。请重新选择。", shown(p.Key)))
		case twice:
			add(p, wrong("double_column", "这一列与%s列对应了同一个字段“%s”。请只选其中一列。", first.Letter, t.heading(p.Key)))
		default:
			mapped[p.Key] = p
		}
	}
	for _, c := range t.Columns {
		if _, ok := mapped[c.Key]; ok {
			continue
		}
		switch letters := open[c.Key]; {
		case len(letters) > 1:
			add(Pair{Heading: c.Heading()}, wrong("ambiguous", "%s列都像是“%s”。请选择其中一列。", strings.Join(letters, "、"), c.Heading()))
		case c.Required:
			add(Pair{Heading: c.Heading()}, wrong("missing_column", "缺少必填的“%s”列。请补充这一列，或者选择与它对应的列。", c.Heading()))
		}
	}
	return faults
}

func (t Table) heading(key string) string { return t.Columns[t.Index(key)].Heading() }

// A matcher recognises headings.
type matcher map[string]string // plain heading → key

func newMatcher(t Table) matcher {
	m := matcher{}
	for _, c := range t.Columns {
		for _, h := range append([]string{c.Key}, c.Headings...) {
			m[plain(h)] = c.Key
		}
	}
	return m
}

// bracketed is a remark in a heading, such as （必填）.
var bracketed = regexp.MustCompile(`[（(【\[][^）)】\]]*[）)】\]]`)

// key returns the column a heading names, empty if none is known.
func (m matcher) key(heading string) string {
	const longest = 300
	if len(heading) > longest {
		return ""
	}
	if key, ok := m[plain(heading)]; ok {
		return key
	}
	return m[plain(bracketed.ReplaceAllString(heading, ""))]
}

// check finds out before the first row whether m can be used with t at all:
// that is the programmer's duty.
func (m Mapping) check(t Table) error {
	for _, p := range m.Pairs {
		if p.Key != "" && t.Index(p.Key) < 0 {
			return fmt.Errorf("read the table %s: no column %q", t.Key, p.Key)
		}
	}
	return nil
}
