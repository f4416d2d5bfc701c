package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"suicha/internal/api"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/stage"
	"suicha/internal/store"
)

// A client is a program that asks the API of an office.
type client struct {
	*rig.Office
	gate    *auth.Gate
	handler http.Handler
	imports stage.Folder
	log     *bytes.Buffer // what the API logged as our own faults
	wait    time.Duration // how long readers without a token must wait
	sent    int
}

func newClient(o *rig.Office) *client {
	o.Helper()
	now := func() time.Time { return o.Now }
	gate, err := auth.Open(auth.Config{
		Sessions: o.Store.Sessions, Pepper: bytes.Repeat([]byte("p"), 32), Origin: "https://suicha.example", Now: now,
	})
	if err != nil {
		o.Fatal(err)
	}
	c := &client{Office: o, gate: gate, log: &bytes.Buffer{}}
	if c.imports, err = stage.Open(o.TempDir()); err != nil {
		o.Fatal(err)
	}
	c.handler = api.New(api.Options{
		DB: o.Store.DB, Log: o.Store.Log, Desk: o.Desk, Gate: gate, Now: now, Deadlines: inspect.Regulation,
		From:   func(r *http.Request) auth.From { return auth.From{Addr: "192.0.2.1"} },
		Errors: slog.New(slog.NewTextHandler(c.log, nil)), Imports: c.imports,
		Busy: func(*http.Request) time.Duration { return c.wait },
	})
	return c
}

// allScopes are every scope that a post has a use for.
func allScopes(who inspect.Actor) []auth.Scope {
	var scopes []auth.Scope
	for _, s := range auth.ScopesOf(who) {
		scopes = append(scopes, auth.Scope(s.Value))
	}
	return scopes
}

// account gives a person a way in.
func (c *client) account(who inspect.Actor) {
	c.Helper()
	_, err := c.Store.Sessions.AddAccount(c.Context(), store.Account{
		Person: who.Person, Name: string(who.Person), Password: "unused", Made: c.Now, PasswordAt: c.Now,
	})
	if err != nil {
		c.Fatal(err)
	}
}

// token makes a token for a month; without scopes it has all that are of use.
func (c *client) token(who inspect.Actor, scopes ...auth.Scope) string {
	c.Helper()
	c.account(who)
	if len(scopes) == 0 {
		scopes = allScopes(who)
	}
	secret, _, err := c.gate.NewAPIToken(c.Context(), who, "测试", scopes, c.Now.AddDate(0, 1, 0), auth.From{})
	if err != nil {
		c.Fatal(err)
	}
	return secret
}

// An answer is what the API said.
type answer struct {
	status int
	header http.Header
	text   string
}

// send makes a request as it is told to.
func (c *client) send(method, path, token, body string, header ...string) answer {
	c.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Body)
	if err != nil {
		c.Fatal(err)
	}
	if w.Code == http.StatusInternalServerError || c.log.Len() > 0 {
		c.Fatalf("%s %s: %d %s: %s", method, path, w.Code, text, c.log)
	}
	return answer{w.Code, w.Result().Header, string(text)}
}

// get reads a resource that must be there.
func get[T any](c *client, token, path string) T {
	c.Helper()
	a := c.send("GET", path, token, "")
	if a.status != http.StatusOK {
		c.Fatalf("GET %s: %d %s", path, a.status, a.text)
	}
	return read[T](c, a.text)
}

func read[T any](c *client, text string) T {
	c.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		c.Fatalf("%v: %s", err, text)
	}
	return v
}

// key is a new request id.
func (c *client) key() string {
	c.sent++
	return rig.ID[string](c.Name() + "key" + string(rune('a'+c.sent)))
}

// act asks for an act with a request id of its own.
func (c *client) act(token, verb string, command any) answer {
	c.Helper()
	return c.send("POST", "/api/v1/acts/"+verb, token, c.text(command), "Idempotency-Key", c.key())
}

func (c *client) text(command any) string {
	c.Helper()
	text, err := json.Marshal(command)
	if err != nil {
		c.Fatal(err)
	}
	fields := read[map[string]any](c, string(text))
	maps.DeleteFunc(fields, func(_ string, v any) bool { return v == nil }) // an empty list of Go is null
	if text, err = json.Marshal(fields); err != nil {
		c.Fatal(err)
	}
	return string(text)
}

// done asks for an act that must succeed.
func (c *client) done(token, verb string, command any) receipt {
	c.Helper()
	a := c.act(token, verb, command)
	if a.status != http.StatusOK {
		c.Fatalf("%s: %d %s", verb, a.status, a.text)
	}
	return read[receipt](c, a.text)
}

// is fails the test unless the answer is the problem.
func (c *client) is(a answer, status int, code string) problem {
	c.Helper()
	p := read[problem](c, a.text)
	if a.status != status || p.Status != status || p.Code != code {
		c.Fatalf("got %d %s, want %d %s", a.status, a.text, status, code)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" || p.Detail == "" || p.Title == "" || p.Reference == "" {
		c.Fatalf("a poor problem: %s %s", kind, a.text)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		c.Fatalf("a problem may be stored: %v", a.header)
	}
	return p
}

type (
	receipt struct {
		N                     int64
		Code, At, Verb, Proof string
	}
	problem struct {
		Status                         int
		Title, Detail, Code, Reference string
		Errors                         []struct{ Field, Code, Detail string }
	}
	plan struct {
		ID, Number, State, Opinion string
		Version                    int64
		Edition                    int
		Late                       bool
		Verbs                      []string
		GraveVerbs                 []string `json:"grave_verbs"`
		DraftedBy                  string   `json:"drafted_by"`
		DraftedAt                  string   `json:"drafted_at"`
		Lines                      []struct {
			No       int
			Name     string
			Planned  int
			Items    []struct{ Code, Name string }
			Consents []struct {
				Version int64
				State   string
				Verbs   []string
			}
		}
	}
	page struct {
		Plans []plan
		Next  string
	}
)

func both(t *testing.T, story func(c *client)) {
	t.Helper()
	rig.Both(t, func(o *rig.Office) { story(newClient(o)) })
}
