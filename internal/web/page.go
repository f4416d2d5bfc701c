package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"text/template/parse"
)

//go:embed *.html
var files embed.FS

// components are the files that every page is parsed with.
var components = []string{"layout.html", "part.html", "field.html", "list.html", "record.html"}

// A Page is one page of the site, and the type of what it shows. The zero Page
// is of no use; NewPage makes one.
type Page[V any] struct {
	name   string
	tmpl   *template.Template
	blocks map[string]bool
}

// shown is the dot of a page's file: the layout reads the frame, the page's own
// templates are given the view alone.
type shown[V any] struct {
	Frame Frame
	View  V
}

// checks are all pages made so far, for CheckPages.
var checks []func(check func(*template.Template, any) error) error

// NewPage parses the page in file, and more files of fsys that it needs, with
// the layouts and components of this package. It is called when the program
// starts and panics if a template is wrong.
//
// The file names its layout and defines the title and the main part:
//
//	{{template "office" .}}
//	{{define "title"}}年度计划{{end}}
//	{{define "main"}}<h1>…</h1>{{end}}
//
// Dot in the file itself is the layout's; in everything that the file defines
// it is the view.
func NewPage[V any](fsys fs.FS, file string, more ...string) *Page[V] {
	name := path.Base(file)
	t, err := parsePage(fsys, file, more)
	if err != nil {
		panic(fmt.Sprintf("web: page %s: %v", file, err))
	}
	checks = append(checks, func(check func(*template.Template, any) error) error {
		fresh, err := parsePage(fsys, file, more) // a template that was executed cannot be checked
		if err != nil {
			return err
		}
		var zero shown[V]
		if err := check(fresh.Lookup(name), zero); err != nil {
			return fmt.Errorf("page %s: %w", name, err)
		}
		return nil
	})
	return &Page[V]{name: name, tmpl: t, blocks: blocksOf(t, "main")}
}

func parsePage(fsys fs.FS, file string, more []string) (*template.Template, error) {
	base, err := template.New("base").Funcs(funcs).ParseFS(files, components...)
	if err != nil {
		return nil, err
	}
	own, err := template.New("own").Funcs(funcs).ParseFS(fsys, append([]string{file}, more...)...)
	if err != nil {
		return nil, err
	}
	for _, t := range own.Templates() {
		if base.Lookup(t.Name()) != nil && path.Ext(t.Name()) != ".html" { // files may be called alike
			return nil, fmt.Errorf("%q is the name of a component", t.Name())
		}
	}
	for _, must := range []string{"title", "main"} {
		if own.Lookup(must) == nil {
			return nil, fmt.Errorf("it does not define %q", must)
		}
	}
	return base.ParseFS(fsys, append([]string{file}, more...)...)
}

// blocksOf returns the templates that the named one calls with its own dot:
// those that can be shown alone, with the same view, as a part of the page.
func blocksOf(t *template.Template, name string) map[string]bool {
	blocks := map[string]bool{}
	var walk func(n parse.Node)
	list := func(l *parse.ListNode) {
		if l != nil {
			for _, n := range l.Nodes {
				walk(n)
			}
		}
	}
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.IfNode:
			list(n.List)
			list(n.ElseList)
		case *parse.WithNode: // inside, dot is another
			list(n.ElseList)
		case *parse.RangeNode:
			list(n.ElseList)
		case *parse.TemplateNode:
			if dotOnly(n.Pipe) && !blocks[n.Name] && t.Lookup(n.Name) != nil {
				blocks[n.Name] = true
				list(t.Lookup(n.Name).Tree.Root)
			}
		}
	}
	list(t.Lookup(name).Tree.Root)
	return blocks
}

func dotOnly(p *parse.PipeNode) bool {
	if p == nil || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return false
	}
	_, dot := p.Cmds[0].Args[0].(*parse.DotNode)
	return dot
}

// Show answers with the page about v. If the request comes from htmx and its
// target is a block of the page, it answers with that block alone, from the same
// view, so that part and page cannot drift apart.
//
// Nothing is written if the page cannot be made; the error is the caller's to
// return.
func (p *Page[V]) Show(w http.ResponseWriter, r *http.Request, v V) error {
	var buf bytes.Buffer
	if block := p.block(r); block != "" {
		if err := p.tmpl.ExecuteTemplate(&buf, block, v); err != nil {
			return fmt.Errorf("show block %s of %s: %w", block, p.name, err)
		}
		if !bytes.Contains(buf.Bytes(), []byte(`id="`+block+`"`)) { // it takes the place of what had this id
			return fmt.Errorf("block %s of %s does not bring its id along: it could be exchanged once only", block, p.name)
		}
	} else {
		f, err := frame(r)
		if err != nil {
			return fmt.Errorf("make the frame of %s: %w", p.name, err)
		}
		if err := p.tmpl.ExecuteTemplate(&buf, p.name, shown[V]{f, v}); err != nil {
			return fmt.Errorf("show %s: %w", p.name, err)
		}
	}
	w.Header().Add("Vary", "HX-Target")
	send(w, r, sceneOf(r).status, "text/html; charset=utf-8", buf.Bytes())
	return nil
}

func (p *Page[V]) block(r *http.Request) string {
	target := r.Header.Get("HX-Target")
	if r.Header.Get("HX-Request") != "true" || r.Header.Get("HX-History-Restore-Request") == "true" || !p.blocks[target] {
		return ""
	}
	return target
}

// CheckPages hands every page made by NewPage, with a zero of what it shows, to
// check, and returns the first failure. A test of each package with pages calls
// it with a type checker for templates.
func CheckPages(check func(*template.Template, any) error) error {
	for _, c := range checks {
		if err := c(check); err != nil {
			return err
		}
	}
	return nil
}
