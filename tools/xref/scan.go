package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A tag is a comment that names requirements or decisions, and what it stands at.
type tag struct {
	file string // from the root of the tree
	line int    // for messages only: the report would go stale with every edit
	name string // the function, type, table or template around it, if it has a name
	test bool   // whether it stands in a test, and so says what is proved
	text string
	ids  []string
}

var (
	idPattern    = regexp.MustCompile(`\b(?:R[1-9][0-9]{0,2}|C[1-9][0-9]?)\b`)
	rangePattern = regexp.MustCompile(`\b([RC])([1-9][0-9]{0,2})(?: to |[-–])([RC])([1-9][0-9]{0,2})\b`)
)

// idsIn lists the numbers in a text, each once and in order. A range such as
// R41–R53 stands for all numbers in it.
func idsIn(text string) []string {
	var ids []string
	for _, m := range rangePattern.FindAllStringSubmatch(text, -1) {
		if m[1] != m[3] {
			continue
		}
		from, _ := strconv.Atoi(m[2]) // at most three digits
		to, _ := strconv.Atoi(m[4])
		for n := from; n <= to; n++ {
			ids = append(ids, m[1]+strconv.Itoa(n))
		}
	}
	ids = append(ids, idPattern.FindAllString(text, -1)...)
	slices.SortFunc(ids, compareIDs)
	return slices.Compact(ids)
}

// outside are directories whose files are not ours, or no part of the product.
var outside = []string{".git", "node_modules", "dist", "bin", "build", "data", "docs"}

// industries holds codes of GB/T 4754, which look like tags: R87, C13.
const industries = "internal/industry/"

// journeys is the one part of tools that proves anything about the product.
const journeys = "tools/browser/journeys/"

// scan finds all tags in the tree, by file and line.
func scan(tree fs.FS) ([]tag, error) {
	var tags []tag
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(outside, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		read := reader(name)
		proves := !strings.HasPrefix(name, "tools/") || strings.HasPrefix(name, journeys)
		if read == nil || !proves || strings.HasPrefix(name, industries) {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		found, err := read(name, string(text))
		tags = append(tags, found...)
		return err
	})
	return tags, err
}

// reader chooses how the comments of a file are found; nil if it has none.
func reader(name string) func(name, text string) ([]tag, error) {
	switch path.Ext(name) {
	case ".go":
		return scanGo
	case ".sql", ".html", ".css", ".js", ".mjs", ".ts":
		return scanText
	case ".txt":
		if strings.Contains(name, "/testdata/") {
			return scanText
		}
	}
	return nil
}

// A named is a declaration and the lines it fills, its comment included.
type named struct {
	name     string
	from, to int
}

func scanGo(name, text string) ([]tag, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	line := func(p token.Pos) int { return files.Position(p).Line }
	things := declarations(file, line)
	test := strings.HasSuffix(name, "_test.go")
	var tags []tag
	add := func(pos token.Pos, text string) {
		if ids := idsIn(text); len(ids) > 0 {
			at := line(pos)
			tags = append(tags, tag{file: name, line: at, name: around(things, at), test: test, text: text, ids: ids})
		}
	}
	for _, group := range file.Comments {
		add(group.Pos(), strings.Join(strings.Fields(group.Text()), " "))
	}
	if test {
		ast.Inspect(file, func(node ast.Node) bool { // the name of a case: "R48: …"
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING && caseName.MatchString(literal.Value) {
				add(literal.Pos(), literal.Value)
			}
			return true
		})
	}
	slices.SortStableFunc(tags, func(a, b tag) int { return a.line - b.line })
	return tags, nil
}

var caseName = regexp.MustCompile("^[\"`]R[1-9][0-9]{0,2}[:：, ]")

// declarations lists the named things of a file, the inner after the outer.
func declarations(file *ast.File, line func(token.Pos) int) []named {
	things := []named{{"package " + file.Name.Name, 0, line(file.Name.End())}}
	put := func(name string, doc *ast.CommentGroup, node ast.Node) {
		from := line(node.Pos())
		if doc != nil {
			from = line(doc.Pos())
		}
		things = append(things, named{name, from, line(node.End())})
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			put(receiver(d)+d.Name.Name, d.Doc, d)
		case *ast.GenDecl:
			if len(d.Specs) > 0 && d.Tok != token.IMPORT {
				put(specName(d.Specs[0]), d.Doc, d)
			}
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					put(s.Name.Name, s.Doc, s)
				case *ast.ValueSpec:
					put(s.Names[0].Name, s.Doc, s)
				}
			}
		}
	}
	return things
}

func specName(s ast.Spec) string {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return s.Name.Name
	case *ast.ValueSpec:
		return s.Names[0].Name
	}
	return ""
}

// receiver is "Plan." for a method of Plan, and empty for a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	t := f.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "."
		default:
			return ""
		}
	}
}

// around is the name of the innermost thing at a line.
func around(things []named, line int) string {
	name := ""
	for _, t := range things {
		if t.from <= line && line <= t.to {
			name = t.name
		}
	}
	return name
}
