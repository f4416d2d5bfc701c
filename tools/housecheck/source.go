package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// Limits of size, in lines. The work has seams: cut there.
const (
	fileWarn, fileFail = 500, 800
	funcWarn, funcFail = 60, 100
)

// A source is one Go file under check.
type source struct {
	*findings
	name  string
	test  bool
	files *token.FileSet
	tree  *ast.File
}

func checkGo(found *findings, name, text string) {
	s := source{findings: found, name: name, test: strings.HasSuffix(name, "_test.go"), files: token.NewFileSet()}
	var err error
	s.tree, err = parser.ParseFile(s.files, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		found.fault("%v", err)
		return
	}
	if ast.IsGenerated(s.tree) {
		return
	}
	if !s.test {
		s.checkSize(name, strings.Count(text, "\n"))
	}
	s.checkDeclarations()
	s.checkUses()
	s.checkComments()
}

func (s source) line(p token.Pos) int { return s.files.Position(p).Line }

func (f *findings) checkSize(name string, lines int) {
	switch {
	case lines > fileFail:
		f.fault("%s: %d lines; the limit is %d", name, lines, fileFail)
	case lines > fileWarn:
		f.note("%s: %d lines; it wants cutting at %d", name, lines, fileWarn)
	}
}

// vague are endings of names that say nothing of the work.
var vague = regexp.MustCompile(`.(Manager|Helpers?|Utils?|Impl|Info|Data|Base|Common)$`)

// vaguePackages are names of packages that collect what has no place.
var vaguePackages = []string{"service", "services", "model", "models", "repository", "util", "utils", "common", "helper", "helpers", "types", "middleware", "misc"}

func (s source) checkDeclarations() {
	if slices.Contains(vaguePackages, s.tree.Name.Name) {
		s.fault("%s: package %s: name it after the work", s.name, s.tree.Name.Name)
	}
	for _, d := range s.tree.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			lines := s.line(d.End()) - s.line(d.Pos()) + 1
			switch {
			case s.test:
			case lines > funcFail:
				s.fault("%s:%d: %s has %d lines; the limit is %d", s.name, s.line(d.Pos()), d.Name.Name, lines, funcFail)
			case lines > funcWarn:
				s.note("%s: %s has %d lines; it wants cutting at %d", s.name, d.Name.Name, lines, funcWarn)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && vague.MatchString(t.Name.Name) {
					s.fault("%s:%d: type %s: %s says nothing of the work", s.name, s.line(t.Pos()), t.Name.Name, vague.FindStringSubmatch(t.Name.Name)[1])
				}
			}
		}
	}
}

// checkUses looks for what is used where it must not be: the clock, sleep,
// skipped tests.
func (s source) checkUses() {
	clock, testingName := s.importName("time"), s.importName("testing")
	mayAsk := s.test && !s.isPure() || slices.ContainsFunc(clocked, func(place string) bool { return strings.HasPrefix(s.name, place) })
	tests := s.testParameters(testingName)
	ast.Inspect(s.tree, func(node ast.Node) bool {
		use, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		on, ok := use.X.(*ast.Ident)
		if !ok {
			return true
		}
		at := s.line(use.Pos())
		switch {
		case on.Name == clock && slices.Contains([]string{"Now", "Since", "Until"}, use.Sel.Name) && !mayAsk:
			s.fault("%s:%d: time.%s: the time comes in as an argument", s.name, at, use.Sel.Name)
		case on.Name == clock && use.Sel.Name == "Sleep":
			s.fault("%s:%d: time.Sleep: wait for the thing itself", s.name, at)
		case tests[on.Name] && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, use.Sel.Name):
			s.fault("%s:%d: %s.%s: a test that cannot run fails", s.name, at, on.Name, use.Sel.Name)
		case on.Name == testingName && use.Sel.Name == "Short":
			s.fault("%s:%d: testing.Short: nothing is left out in silence", s.name, at)
		}
		return true
	})
}

func (s source) isPure() bool {
	return slices.ContainsFunc(pure, func(p string) bool { return strings.HasPrefix(s.name, "internal/"+p+"/") })
}

// importName is what a standard package is called in this file; a name that no
// identifier has if it is not imported.
func (s source) importName(path string) string {
	for _, i := range s.tree.Imports {
		if i.Path.Value != `"`+path+`"` {
			continue
		}
		if i.Name != nil {
			return i.Name.Name
		}
		return path
	}
	return "-"
}

// testParameters are the names of all *testing.T and the like in the file.
func (s source) testParameters(testing string) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(s.tree, func(node ast.Node) bool {
		field, ok := node.(*ast.Field)
		if !ok {
			return true
		}
		kind := field.Type
		if pointer, ok := kind.(*ast.StarExpr); ok {
			kind = pointer.X
		}
		if of, ok := kind.(*ast.SelectorExpr); ok {
			if on, ok := of.X.(*ast.Ident); ok && on.Name == testing {
				for _, name := range field.Names {
					names[name.Name] = true
				}
			}
		}
		return true
	})
	return names
}

// unfinished are words by which one puts work off. They are put together here
// so that this file does not contain them itself.
var unfinished = regexp.MustCompile(`\b(` + strings.Join([]string{"TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"}, "|") + `)\b`)

func (s source) checkComments() {
	for _, group := range s.tree.Comments {
		for _, comment := range group.List {
			if word := unfinished.FindString(comment.Text); word != "" {
				s.fault("%s:%d: %s: do it, or write it down as an issue", s.name, s.line(comment.Pos()), word)
			}
		}
	}
}
