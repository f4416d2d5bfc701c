// Package industry knows the industry classification (国民经济行业分类,
// GB/T 4754-2017): sections, divisions, groups and classes, each within the
// one above it.
//
// Start with [Parse], which reads a code as people and lists write it, with
// or without the section's letter: A0111, 0111, 011, 01, A. An [Industry]
// then leads up by Parent and Path and down by Children, and Within answers
// whether a firm's industry is covered by a plan's.
package industry

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Code is a code with its section's letter: A, A01, A011 or A0111. As
// texts, codes sort in the order of the standard.
type Code string

// An Industry is one entry of the classification.
type Industry struct {
	Code Code
	Name string
}

// A Level is the rank of an entry.
type Level int

const (
	Section  Level = iota + 1 // 门类
	Division                  // 大类
	Group                     // 中类
	Class                     // 小类
)

// String returns the Chinese name of the level.
func (l Level) String() string {
	if l < Section || l > Class {
		return ""
	}
	return [...]string{"门类", "大类", "中类", "小类"}[l-1]
}

// Level returns the rank of c, and 0 for a text that is no code.
func (c Code) Level() Level {
	switch len(c) {
	case 1:
		return Section
	case 3, 4, 5:
		return Level(len(c) - 1)
	}
	return 0
}

// Digits returns c without the letter, as many lists write it.
func (c Code) Digits() string {
	if c == "" {
		return ""
	}
	return string(c[1:])
}

// Within reports whether c is area or lies in it: A0111 lies within A01.
func (c Code) Within(area Code) bool {
	return area.Level() != 0 && strings.HasPrefix(string(c), string(area))
}

//go:embed gbt4754.tsv
var table string

// entries holds the classification in its order.
var entries = sync.OnceValue(func() []Industry {
	var all []Industry
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		code, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || Code(code).Level() == 0 {
			panic(fmt.Sprintf("industry: the built-in table has the line %q", line))
		}
		all = append(all, Industry{Code(code), name})
	}
	return all
})

// letters gives the section of each division: 01 is in A.
var letters = sync.OnceValue(func() map[string]string {
	sections := map[string]string{}
	for _, i := range entries() {
		if i.Code.Level() == Division {
			sections[i.Code.Digits()] = string(i.Code[:1])
		}
	}
	return sections
})

// Find returns the entry of a code in normal form.
func Find(code Code) (Industry, bool) {
	all := entries()
	at, ok := slices.BinarySearchFunc(all, code, func(i Industry, code Code) int { return cmp.Compare(i.Code, code) })
	if !ok {
		return Industry{}, false
	}
	return all[at], true
}

// Sections returns the twenty sections.
func Sections() []Industry {
	return slices.DeleteFunc(slices.Clone(entries()), func(i Industry) bool { return i.Code.Level() != Section })
}

// Parent returns the entry that i lies in. Sections have none.
func (i Industry) Parent() (Industry, bool) {
	switch i.Code.Level() {
	case Division:
		return Find(i.Code[:1])
	case Group, Class:
		return Find(i.Code[:len(i.Code)-1])
	}
	return Industry{}, false
}

// Path returns the entries from the section down to i.
func (i Industry) Path() []Industry {
	path := []Industry{i}
	for up, ok := i.Parent(); ok; up, ok = up.Parent() {
		path = append(path, up)
	}
	slices.Reverse(path)
	return path
}

// Children returns the entries directly below i, in order.
func (i Industry) Children() []Industry {
	var below []Industry
	for _, each := range WithPrefix(i.Code) {
		if each.Code.Level() == i.Code.Level()+1 {
			below = append(below, each)
		}
	}
	return below
}

// WithPrefix returns every entry whose code begins with prefix, in order.
func WithPrefix(prefix Code) []Industry {
	all := entries()
	from, _ := slices.BinarySearchFunc(all, prefix, func(i Industry, code Code) int { return cmp.Compare(i.Code, code) })
	to := from
	for to < len(all) && strings.HasPrefix(string(all[to].Code), string(prefix)) {
		to++
	}
	return slices.Clone(all[from:to])
}

// Search returns, for a field that offers entries while somebody types, up to
// most entries whose code begins with what was typed, with or without the
// letter, or whose name contains it. Codes come first.
func Search(typed string, most int) []Industry {
	text := clean(typed)
	if text == "" || most <= 0 {
		return nil
	}
	var codes, names []Industry
	for _, i := range entries() {
		switch {
		case strings.HasPrefix(string(i.Code), text), i.Code.Level() > Section && strings.HasPrefix(i.Code.Digits(), text):
			codes = append(codes, i)
		case strings.Contains(i.Name, text):
			names = append(names, i)
		}
	}
	found := append(codes, names...)
	return found[:min(most, len(found))]
}
