package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var update = flag.Bool("update", false, "write golden files anew")

// openapi.golden.yaml is the contract with everybody who calls the API: a change
// of it is a decision.
func TestGoldenOpenAPI(t *testing.T) {
	got, err := documentYAML()
	if err != nil {
		t.Fatal(err)
	}
	const file = "openapi.golden.yaml"
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; read `make golden` and the difference before committing it", file)
	}
}

// Every reference leads somewhere, every name is used once, every field has a
// name for people.
func TestDocumentIsWhole(t *testing.T) {
	d := wholeDocument()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), `"$ref":"`) {
		ref, _, _ := strings.Cut(part, `"`)
		name, ok := strings.CutPrefix(ref, "#/components/schemas/")
		if ok && len(d.schemaAt(ref).Properties) == 0 {
			t.Errorf("there is no schema %s", name)
		}
	}
	seen := map[string]bool{}
	for _, p := range d.Paths {
		o := p.Value.operation()
		if seen[o.ID] || o.Summary == "" || !slices.Contains(groups, o.Tags[0]) {
			t.Errorf("%s: id %q, summary %q, group %q", p.Name, o.ID, o.Summary, o.Tags)
		}
		seen[o.ID] = true
	}
	for _, s := range d.Components.Schemas {
		for _, f := range s.Value.Properties {
			if f.Value.Title == "" {
				t.Errorf("%s.%s has no title", s.Name, f.Name)
			}
		}
	}
	for _, r := range routes {
		if r.query == nil {
			continue
		}
		for _, p := range paramsOf(r.query) {
			if p.title() == "" || p.in == "path" != strings.Contains(r.path, "{"+p.name+"}") {
				t.Errorf("%s: the parameter %s", r.path, p.name)
			}
			if p.field.Type.Kind() == reflect.String && p.most == 0 && !ids[p.field.Type] && choices[p.field.Type] == nil {
				t.Errorf("%s: the text %s may be of any length", r.path, p.name)
			}
		}
	}
}

// Every act of everybody belongs to exactly one scope, and none to reading.
func TestEveryActHasOneScope(t *testing.T) {
	for _, c := range act.Commands() {
		var covered []string
		for _, s := range auth.Scopes {
			if auth.Scope(s.Value).Covers(c.Verb()) {
				covered = append(covered, s.Value)
			}
		}
		if want := c.Verb() != inspect.InstallFound && !inspect.ByPlatform(c.Verb()); (len(covered) == 1) != want || slices.Contains(covered, string(auth.ScopeRead)) {
			t.Errorf("%s is covered by %v", c.Verb(), covered)
		}
	}
}

// The page names every path and can be read without a script.
func TestDocumentationPage(t *testing.T) {
	err := web.CheckPages(func(tmpl *template.Template, v any) error { return templatecheck.CheckHTML(tmpl, v) })
	if err != nil {
		t.Error(err)
	}
	s := &server{}
	w := httptest.NewRecorder()
	if err := s.docs(&call{Request: httptest.NewRequest("GET", "/api/docs", nil), w: w}); err != nil {
		t.Fatal(err)
	}
	page := w.Body.String()
	for _, p := range wholeDocument().Paths {
		if !strings.Contains(page, p.Name) {
			t.Errorf("the page does not name %s", p.Name)
		}
	}
	for _, want := range []string{`id="kind-Problem"`, "餐饮服务单位联合抽查", "Idempotency-Key", "write:plan"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}

// YAML is the same document: it is read back by its own rules.
func TestYAMLOfAllShapes(t *testing.T) {
	const text = `{"a":"x","b":"y: z","c":["1",2,null,true,{"d":[],"e":{}},["f"]],"no":"yes","g":"多\n行","h":{"200":"<&>"},"i":""}`
	const want = `a: x
b: "y: z"
c:
  - "1"
  - 2
  - null
  - true
  - d: []
    e: {}
  - - f
"no": "yes"
g: "多\n行"
h:
  "200": "<&>"
i: ""
`
	got, err := toYAML([]byte(text))
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}
