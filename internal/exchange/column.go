package exchange

import (
	"fmt"
	"slices"
)

// A Kind is what a column's cells hold, and so how they are read.
type Kind string

const (
	Text         Kind = "text"     // one line: names, addresses
	Prose        Kind = "prose"    // several lines: the scope of a business
	Code         Kind = "code"     // an identifier: no blanks, letters and digits half-width
	CreditCode   Kind = "uscc"     // 统一社会信用代码, or an old registration number
	IndustryCode Kind = "industry" // GB/T 4754-2017, with the section's letter
	Date         Kind = "date"     // 2006-01-02
	Number       Kind = "number"   // a decimal number
	Choose       Kind = "choice"   // one of Choices
	List         Kind = "list"     // several texts, in the file separated by 、
)

// A Choice is one value of a column of the kind Choose, with the words that
// mean it. The first word is the one we write.
type Choice struct {
	Value string   `json:"value"`
	Words []string `json:"words"`
}

// A Column describes one column of a table.
type Column struct {
	Key      string   `json:"key"`      // the English name of the field
	Headings []string `json:"headings"` // the first is ours, the others are those of real templates
	Required bool     `json:"required"`
	Kind     Kind     `json:"kind"`
	Choices  []Choice `json:"choices,omitempty"`
	Most     int      `json:"most"`    // characters of a cell, or of one part of a List; 0 is the usual of the kind
	Forever  bool     `json:"forever"` // of a Date: 长期 is an answer
	Hint     string   `json:"hint"`    // what to fill in, for the template
	Example  string   `json:"example"`
}

// Forever is the normal form of 长期. Real templates write 9999-09-09.
const Forever = "9999-12-31"

// Heading is the name of the column in our files.
func (c Column) Heading() string { return c.Headings[0] }

// most is the longest content in characters.
func (c Column) most() int {
	switch {
	case c.Most > 0:
		return c.Most
	case c.Kind == Prose:
		return 20_000
	}
	return 500
}

// word is the text of a value of c in our files.
func (c Column) word(value string) string {
	switch {
	case c.Kind == Date && value == Forever && c.Forever:
		return "长期"
	case c.Kind != Choose:
		return value
	}
	for _, choice := range c.Choices {
		if choice.Value == value {
			return choice.Words[0]
		}
	}
	return value
}

// A Table describes the columns of a noun.
type Table struct {
	Key     string   `json:"key"`  // the English name of the noun
	Name    string   `json:"name"` // the Chinese one
	Columns []Column `json:"columns"`
	Notes   []string `json:"notes"` // more sentences for the template's second sheet

	never func(heading string) bool // a column that is never taken in; nil: any may be
}

// Never reports whether a column of this heading is never taken in.
func (t Table) Never(heading string) bool { return t.never != nil && t.never(heading) }

// Index is the place of a column in t.Columns, or -1.
func (t Table) Index(key string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
}

// Valid finds mistakes in the description itself: a heading that two columns
// claim could never be matched. The test of each table calls it.
func (t Table) Valid() error {
	keys, headings := map[string]bool{}, map[string]string{}
	for _, c := range t.Columns {
		if c.Key == "" || keys[c.Key] || len(c.Headings) == 0 {
			return fmt.Errorf("table %s: column %q has no heading or is not the only one", t.Key, c.Key)
		}
		keys[c.Key] = true
		for _, h := range append([]string{c.Key}, c.Headings...) {
			name := plain(h)
			if other, ok := headings[name]; name == "" || ok && other != c.Key {
				return fmt.Errorf("table %s: heading %q of %s is empty or also of %s", t.Key, h, c.Key, headings[name])
			}
			headings[name] = c.Key
		}
		if (c.Kind == Choose) != (len(c.Choices) > 0) {
			return fmt.Errorf("table %s: column %s has the kind %s and %d choices", t.Key, c.Key, c.Kind, len(c.Choices))
		}
		words := map[string]string{}
		for _, choice := range c.Choices {
			for _, w := range append([]string{choice.Value}, choice.Words...) {
				if other, ok := words[folded(w)]; ok && other != choice.Value || len(choice.Words) == 0 {
					return fmt.Errorf("table %s: the word %q of column %s is used twice or missing", t.Key, w, c.Key)
				}
				words[folded(w)] = choice.Value
			}
		}
	}
	return nil
}
