package main

import (
	"path"
	"regexp"
	"strings"
)

// How comments look, by the ending of the file's name. Strings are not told
// from comments: a tag in a string would be found too, and none is there.
var comments = map[string]*regexp.Regexp{
	".sql":  regexp.MustCompile(`--[^\n]*(?:\n[ \t]*--[^\n]*)*|(?s:/\*.*?\*/)`),
	".html": regexp.MustCompile(`(?s)\{\{-?[ \n]*/\*.*?\*/|<!--.*?-->`),
	".css":  regexp.MustCompile(`(?s)/\*.*?\*/`),
	".js":   script, ".mjs": script, ".ts": script,
	".txt": regexp.MustCompile(`(?m)^#[^\n]*`),
}

// A comment to the end of the line has a blank before it, which an address
// such as https:// has not.
var script = regexp.MustCompile(`(?m)(?:^|[ \t])//[^\n]*(?:\n[ \t]*//[^\n]*)*|(?s:/\*.*?\*/)`)

// names find what a comment belongs to.
var names = map[string]*regexp.Regexp{
	".sql":  regexp.MustCompile(`(?i)\bCREATE\s+(?:UNIQUE\s+)?(?:TABLE|VIEW|INDEX|TRIGGER|FUNCTION)\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z0-9_]+)`),
	".html": regexp.MustCompile(`\{\{-?\s*(?:define|block)\s+"([^"]+)"`),
}

func scanText(name, text string) ([]tag, error) {
	ending := path.Ext(name)
	test := ending == ".txt" || strings.HasPrefix(name, journeys)
	var tags []tag
	for _, at := range comments[ending].FindAllStringIndex(text, -1) {
		comment := text[at[0]:at[1]]
		ids := idsIn(comment)
		if len(ids) == 0 {
			continue
		}
		tags = append(tags, tag{
			file: name,
			line: 1 + strings.Count(text[:at[0]], "\n"),
			name: belongs(ending, text, at[0], at[1]),
			test: test,
			text: strings.Join(strings.Fields(comment), " "),
			ids:  ids,
		})
	}
	return tags, nil
}

// belongs finds the statement or template around the comment text[from:to].
// In SQL a comment between two statements belongs to the next.
func belongs(ending, text string, from, to int) string {
	pattern := names[ending]
	if pattern == nil {
		return ""
	}
	name := ""
	begin := 0
	for _, m := range pattern.FindAllStringSubmatchIndex(text[:from], -1) {
		name, begin = text[m[2]:m[3]], m[1]
	}
	if ending != ".sql" {
		return name
	}
	if name != "" && !statementEnd.MatchString(text[begin:from]) {
		return name
	}
	if m := pattern.FindStringSubmatch(text[to:]); m != nil {
		return m[1]
	}
	return ""
}

var statementEnd = regexp.MustCompile(`;[ \t]*(?:--[^\n]*)?\n`)
