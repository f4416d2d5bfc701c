package main

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ourFiles lists the files of the tree that people wrote or generated here:
// not what is fetched, built or made by running.
func ourFiles(tree fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch {
			case slices.Contains([]string{".git", "node_modules", "dist"}, entry.Name()),
				slices.Contains([]string{"bin", "build", "data"}, name):
				return fs.SkipDir
			}
			return nil
		}
		names = append(names, name)
		return nil
	})
	return names, err
}

// written are the endings of files that people write and read line by line.
var written = []string{".sql", ".html", ".css", ".js", ".mjs", ".ts", ".sh"}

func checkFile(found *findings, known []string, name, text string) {
	fixture := strings.Contains(name, "testdata/")
	switch ending := path.Ext(name); {
	case ending == ".go" && !fixture:
		checkGo(found, name, text)
		if !strings.HasSuffix(name, "_test.go") {
			checkMentions(found, known, name, text)
		}
	case slices.Contains(written, ending) && !fixture:
		found.checkSize(name, strings.Count(text, "\n"))
		checkMentions(found, known, name, text)
	case ending == ".md":
		checkMentions(found, known, name, text)
		checkLinks(found, known, name, text)
	case name == "check":
		found.checkSize(name, strings.Count(text, "\n"))
	}
	switch path.Ext(name) {
	case ".html":
		checkTemplate(found, name, text)
	case ".js", ".mjs", ".css":
		checkForeign(found, name, text)
	case ".woff", ".woff2", ".ttf", ".otf", ".ttc", ".exe", ".so", ".jar", ".zip", ".db":
		found.fault("%s: files of this kind are fetched or built, never committed", name)
	}
}

var (
	templateComment = regexp.MustCompile(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}|<!--.*?-->`)
	inline          = regexp.MustCompile(`(?i)<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["'{]|javascript:|\shx-on\b|<script\b[^>]*>`)
	harmlessScript  = regexp.MustCompile(`(?i)\ssrc\s*=|type="application/(ld\+)?json"`)
)

// checkTemplate finds what the content policy of our pages would refuse.
// The verifier's page is not ours to serve under that policy: it is one file
// that works from a disk, and brings a stricter policy of its own.
func checkTemplate(found *findings, name, text string) {
	if name == "verify/page.html" {
		return
	}
	// Comments go, their lines stay, so that line numbers stay right.
	text = templateComment.ReplaceAllStringFunc(text, func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
	for _, at := range inline.FindAllStringIndex(text, -1) {
		what := text[at[0]:at[1]]
		if strings.HasPrefix(strings.ToLower(what), "<script") && harmlessScript.MatchString(what) {
			continue
		}
		found.fault("%s:%d: %s: no inline style or script", name, 1+strings.Count(text[:at[0]], "\n"), strings.TrimSpace(what))
	}
}

var licenceBanner = regexp.MustCompile(`(?m)^/\*!|@licen[sc]e|@preserve`)

// checkForeign finds scripts and styles of others, which are depended on and
// never pasted in.
func checkForeign(found *findings, name, text string) {
	long := slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return len(line) > 1000 })
	if long || strings.Contains(name, ".min.") || licenceBanner.MatchString(text) {
		found.fault("%s: looks like a file of others or a built one: depend on it instead", name)
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)\s]*)?\)`)
	address = regexp.MustCompile(`https?://\S+`)
	mention = regexp.MustCompile(`[\w-]+(?:\.[\w-]+)*\.md\b`)
	ownPath = regexp.MustCompile(`(?:^|[\s"'(=` + "`" + `])/(?:home|Users|root|work)/\w`)
)

// checkLinks follows the relative links of a document.
func checkLinks(found *findings, known []string, name, text string) {
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		to := m[1]
		if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
			continue
		}
		to = path.Join(path.Dir(name), to)
		there := slices.ContainsFunc(known, func(file string) bool { return file == to || below(file, to) })
		if !there {
			found.fault("%s: links to %s, which is not there", name, m[1])
		}
	}
}

// checkMentions finds documents that are named and do not exist, and paths of
// one machine. NNNN stands for any number.
func checkMentions(found *findings, known []string, name, text string) {
	for n, line := range strings.Split(text, "\n") {
		line = address.ReplaceAllString(line, "")
		for _, document := range mention.FindAllString(line, -1) {
			if strings.Contains(document, "NNNN") || strings.Contains(document, "NAME") {
				continue
			}
			if !slices.ContainsFunc(known, func(file string) bool { return path.Base(file) == document }) {
				found.fault("%s:%d: names %s, which is not in the tree", name, n+1, document)
			}
		}
		if ownPath.MatchString(line) {
			found.fault("%s:%d: a path that exists on one machine only", name, n+1)
		}
	}
}
