package web

import (
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jba/templatecheck"

	"suicha/internal/inspect"
)

// clerk is who is signed in, in these tests.
var clerk = inspect.Actor{
	Person: "p1", Name: "周以宁",
	Post: inspect.Post{ID: "post1", Kind: inspect.Clerk}, Org: inspect.Org{ID: "o1", Short: "市场监管局"},
}

// site is a frame whose asker is signed in unless the request says Guest.
func site() *Mux {
	m := NewMux(Config{
		Hosts: []string{"suicha.example"},
		Who:   func(r *http.Request) (inspect.Actor, bool) { return clerk, r.Header.Get("Guest") == "" },
		Frame: func(r *http.Request, a Area) (Frame, error) {
			f := Frame{Region: "海阳市", Site: "公开平台", Menu: []MenuGroup{{Items: []MenuItem{{Text: "一览", Href: "/gallery", Icon: "home", Tab: true}}}}}
			if n := Done(r); n > 0 {
				f.Toast = &Receipt{N: n, Code: "A3D8-52F6", Text: "已办好。"}
			}
			return f, nil
		},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	m.Page("GET /gallery", inspect.PlanRead, Gallery)
	m.Page("GET /secret", inspect.RecordRead, Gallery) // a clerk may not
	m.Public("GET /public", func(w http.ResponseWriter, r *http.Request) error { return Gallery(w, r) })
	return m
}

func get(t *testing.T, m *Mux, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", "http://suicha.example"+path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	return w
}

func TestEveryPageFitsItsView(t *testing.T) {
	if err := CheckPages(templatecheck.CheckHTMLStrict); err != nil {
		t.Error(err)
	}
	if len(checks) == 0 {
		t.Error("no page was checked")
	}
}

func TestAPartIsCutFromItsPage(t *testing.T) {
	m := site()
	whole := get(t, m, "/gallery?q=x").Body.String()
	part := get(t, m, "/gallery?q=x", "HX-Request", "true", "HX-Target", "rows").Body.String()
	if part == "" || strings.Contains(part, "<html") || !strings.HasPrefix(part, `<section class="card" id="rows"`) || !strings.Contains(whole, part) {
		t.Errorf("the part is not what the page shows:\n%s", part)
	}
	for _, test := range []struct{ name, header, value string }{
		{"a component", "HX-Target", "stepper"},
		{"no block at all", "HX-Target", "nothing"},
		{"a page restored from history", "HX-History-Restore-Request", "true"},
	} {
		w := get(t, m, "/gallery", "HX-Request", "true", "HX-Target", "rows", test.header, test.value)
		if !strings.Contains(w.Body.String(), "<html") {
			t.Errorf("%s: got a part, want the whole page", test.name)
		}
	}
	if w := get(t, m, "/gallery", "HX-Target", "rows"); !strings.Contains(w.Body.String(), "<html") {
		t.Error("without HX-Request the whole page is due")
	}
}

func TestOnlyBlocksWithThePagesOwnDotAreParts(t *testing.T) {
	tmpl := template.Must(template.New("").Parse(`{{define "main"}}{{template "a" .}}{{if .}}{{block "b" .}}{{template "c" .}}{{end}}{{else}}{{template "d" .}}{{end}}` +
		`{{range .L}}{{template "x" .}}{{else}}{{template "e" .}}{{end}}{{with .W}}{{template "y" .}}{{end}}{{template "z" .F}}{{end}}` +
		`{{define "a"}}{{end}}{{define "c"}}{{end}}{{define "d"}}{{end}}{{define "e"}}{{end}}{{define "x"}}{{end}}{{define "y"}}{{end}}{{define "z"}}{{end}}`))
	blocks := blocksOf(tmpl, "main")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		if !blocks[name] {
			t.Errorf("%s is a part", name)
		}
	}
	for _, name := range []string{"x", "y", "z"} {
		if blocks[name] {
			t.Errorf("%s has another dot and is no part", name)
		}
	}
}

func TestAWrongPageStopsTheProgram(t *testing.T) {
	for name, text := range map[string]string{
		"no title":            `{{template "office" .}}{{define "main"}}{{end}}`,
		"no main":             `{{template "office" .}}{{define "title"}}{{end}}`,
		"name of a component": `{{template "office" .}}{{define "title"}}{{end}}{{define "main"}}{{end}}{{define "state"}}{{end}}`,
		"no template":         `{{template`,
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: NewPage did not panic", name)
				}
			}()
			NewPage[struct{}](fstest.MapFS{"p.html": {Data: []byte(text)}}, "p.html")
		}()
	}
}

// A part takes the place of the element with its name. Without that element in
// it, the next search would find nothing to exchange.
func TestAPartBringsItsIDAlong(t *testing.T) {
	ask := func(text string) error {
		p := NewPage[struct{}](fstest.MapFS{"p.html": {Data: []byte(`{{template "plain" .}}{{define "title"}}t{{end}}{{define "main"}}` + text + `{{end}}`)}}, "p.html")
		checks = checks[:len(checks)-1] // it is no page of the site
		r := httptest.NewRequest("GET", "/p", nil)
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Target", "rows")
		return p.Show(httptest.NewRecorder(), r, struct{}{})
	}
	if err := ask(`{{block "rows" .}}<div id="rows"></div>{{end}}`); err != nil {
		t.Error(err)
	}
	if err := ask(`<div id="rows">{{block "rows" .}}<p></p>{{end}}</div>`); err == nil {
		t.Error("a part without its id was sent")
	}
}

func TestAnUnknownFieldIsFoundWhenShown(t *testing.T) {
	f := FormOf(httptest.NewRequest("GET", "/x", nil), galleryCommand{})
	if _, err := f.Field("opnion"); err == nil {
		t.Error("a misspelt field was drawn")
	}
}

// inline is what the content policy would refuse.
var inline = regexp.MustCompile(`(?i)\sstyle\s*=|<style|\son[a-z]+\s*=|<script(?:\s[^>]*)?>[^<]|javascript:`)

func TestTemplatesHaveNoInlineStyleOrScript(t *testing.T) {
	eachTemplate(t, func(path, text string) {
		if m := inline.FindString(text); m != "" {
			t.Errorf("%s has %q", path, m)
		}
	})
}

func TestTemplatesNameOnlyIconsOfTheSprite(t *testing.T) {
	use := regexp.MustCompile(`template "icon" "([^"]+)"`)
	eachTemplate(t, func(path, text string) {
		for _, m := range use.FindAllStringSubmatch(text, -1) {
			if !icons[m[1]] {
				t.Errorf("%s: no icon %s in assets/icons.txt", path, m[1])
			}
		}
	})
}

// TestEveryClassOfATemplateHasARule finds misspelt classes, and classes of Tabler
// that nobody has looked at.
func TestEveryClassOfATemplateHasARule(t *testing.T) {
	rule := regexp.MustCompile(`\.(-?[A-Za-z_][\w-]*)`)
	known := map[string]bool{"btn": true, "htmx-indicator": true}
	err := filepath.WalkDir("assets/css", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range rule.FindAllStringSubmatch(string(text), -1) {
			known[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	class := regexp.MustCompile(`class="([^"]*)"`)
	action := regexp.MustCompile(`\S*\{\{[^}]*\}\}\S*|\{\{[^}]*\}\}`)
	eachTemplate(t, func(path, text string) {
		for _, m := range class.FindAllStringSubmatch(text, -1) {
			for _, name := range strings.Fields(action.ReplaceAllString(m[1], " ")) {
				if !known[name] {
					t.Errorf("%s: class %s has no rule in assets/css", path, name)
				}
			}
		}
	})
}

// eachTemplate calls see for every template of this package and those in it.
func eachTemplate(t *testing.T, see func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "node_modules":
			return fs.SkipDir
		case filepath.Ext(path) != ".html":
			return nil
		}
		text, err := os.ReadFile(path)
		see(path, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMenuMarksThePlace(t *testing.T) {
	menu := []MenuGroup{{Items: []MenuItem{{Href: "/"}, {Href: "/plans"}, {Href: "/plans/joint"}, {Href: "/o", Alone: true}, {Href: "/o/items", Also: "/o/upstreams"}}}}
	for path, want := range map[string]string{
		"/": "/", "/plans": "/plans", "/plans/7": "/plans", "/plans/joint/7": "/plans/joint", "/plansx": "", "/x": "",
		"/o": "/o", "/o/x": "", "/o/items/1": "/o/items", "/o/upstreams": "/o/items", "/o/upstreams/1": "/o/items",
	} {
		got := ""
		for _, i := range markCurrent(menu, path)[0].Items {
			if i.Current {
				got += i.Href
			}
		}
		if got != want {
			t.Errorf("at %s the menu marks %q, want %q", path, got, want)
		}
	}
}

func TestLargePrintIsKeptInACookie(t *testing.T) {
	m := site()
	r := httptest.NewRequest("POST", "http://suicha.example/look", strings.NewReader("switch=large&page=%2Fgallery%3Fq%3D1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	if w.Code != 303 || w.Header().Get("Location") != "/gallery?q=1" {
		t.Fatalf("got %d to %q, want 303 back to the page", w.Code, w.Header().Get("Location"))
	}
	cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	if page := get(t, m, "/gallery", "Cookie", cookie).Body.String(); !strings.Contains(page, `data-size="large"`) {
		t.Error("the next page is not in large print")
	}
	if page := get(t, m, "/gallery").Body.String(); !strings.Contains(page, `data-size="normal"`) {
		t.Error("without the cookie the page is not in normal print")
	}
}
