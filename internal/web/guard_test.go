package web

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"suicha/internal/inspect"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestHeadersOfEveryKindOfRoute(t *testing.T) {
	m := site()
	m.c.Secure = true
	m.Open("GET /open", func(w http.ResponseWriter, r *http.Request) error { return errors.New("fault") })
	var got bytes.Buffer
	for _, path := range []string{"/gallery", "/public", "/open", "/absent", "/secret"} {
		h := get(t, m, path).Header()
		fmt.Fprintf(&got, "%s\n", path)
		names := make([]string, 0, len(h))
		for name := range h {
			if name != "X-Request-Id" && name != "Content-Length" {
				names = append(names, name)
			}
		}
		sort.Strings(names)
		for _, name := range names {
			fmt.Fprintf(&got, "  %s: %s\n", name, strings.Join(h[name], " | "))
		}
	}
	const file = "testdata/headers.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("headers changed; run with -update and read the difference:\n%s", got.String())
	}
}

func TestAnotherSiteCannotSendForms(t *testing.T) {
	m := site()
	m.Open("POST /form", func(w http.ResponseWriter, r *http.Request) error { return nil })
	for _, test := range []struct {
		fetch, origin, cookie string
		want                  int
	}{
		{"same-origin", "", "s=1", 200},
		{"none", "", "s=1", 200},
		{"cross-site", "", "s=1", 403},
		{"same-site", "", "s=1", 403},
		{"cross-site", "https://suicha.example", "", 403},
		{"", "http://suicha.example", "s=1", 200},
		{"", "https://evil.example", "s=1", 403},
		{"", "null", "s=1", 403},
		{"", "", "s=1", 403}, // an old browser, or an attack
		{"", "", "", 200},    // a program with a token
	} {
		r := httptest.NewRequest("POST", "http://suicha.example/form", nil)
		for name, value := range map[string]string{"Sec-Fetch-Site": test.fetch, "Origin": test.origin, "Cookie": test.cookie} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("Sec-Fetch-Site %q, Origin %q, Cookie %q: got %d, want %d", test.fetch, test.origin, test.cookie, w.Code, test.want)
		}
	}
	if w := get(t, m, "/public", "Sec-Fetch-Site", "cross-site"); w.Code != 200 {
		t.Errorf("a link from another site: got %d, want 200", w.Code)
	}
}

func TestOnlyKnownHostsAreServed(t *testing.T) {
	m := site()
	for host, want := range map[string]int{
		"suicha.example": 200, "SUICHA.example:8080": 200, "evil.example": 421, "suicha.example.evil.example": 421, "": 421, "[::1]": 421,
	} {
		r := httptest.NewRequest("GET", "/public", nil)
		r.Host = host
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("host %q: got %d, want %d", host, w.Code, want)
		}
	}
}

func TestProblemsHaveTheirStatus(t *testing.T) {
	many := inspect.Problems{inspect.ErrEmpty.With("名称").At("name"), inspect.ErrNotFinite.With(5)}
	for _, test := range []struct {
		err    error
		status int
		shown  string
	}{
		{inspect.ErrReason, 422, "请填写理由"},
		{many, 422, "请填写名称"},
		{inspect.ErrDenied.With("批准"), 403, "您的岗位不能办理“批准”"},
		{inspect.ErrStepUp, 403, "去验证"},
		{inspect.ErrMissing, 404, "没有找到"},
		{inspect.ErrOwnWork, 409, "不能审批本人编制"},
		{fmt.Errorf("save: %w", inspect.ErrStale), 409, "他人已经修改"},
		{&http.MaxBytesError{Limit: 1}, 413, "太大"},
		{errors.New("disk of 10.1.2.3 is full"), 500, "原因在系统"},
	} {
		h := Handler(func(http.ResponseWriter, *http.Request) error { return test.err })
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.shown) {
			t.Errorf("%v: got %d, want %d and %q", test.err, w.Code, test.status, test.shown)
		}
		if strings.Contains(w.Body.String(), "10.1.2.3") {
			t.Errorf("%v: the page tells what failed inside", test.err)
		}
	}
}

func TestAFaultIsLoggedUnderTheNumberShown(t *testing.T) {
	var log bytes.Buffer
	m := site()
	m.c.Log = slog.New(slog.NewTextHandler(&log, nil))
	m.Public("GET /panic", func(http.ResponseWriter, *http.Request) error { panic("seven") })
	w := get(t, m, "/panic")
	id := w.Header().Get("X-Request-Id")
	if w.Code != 500 || id == "" || !strings.Contains(w.Body.String(), id) || strings.Contains(w.Body.String(), "seven") {
		t.Errorf("got %d and number %q; the page must show the number and nothing else", w.Code, id)
	}
	if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "seven") {
		t.Errorf("the log does not have %s and the cause: %s", id, log.String())
	}
}

func TestProgramsGetProblemsAsJSON(t *testing.T) {
	h := Handler(func(http.ResponseWriter, *http.Request) error {
		return inspect.Problems{inspect.ErrReason, inspect.ErrEmpty.With("名称").At("name")}
	})
	r := httptest.NewRequest("GET", "/x", nil)
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	for _, want := range []string{`"status":422`, `"code":"reason"`, `"field":"name"`, `"detail":"请填写名称。"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is not in %s", want, w.Body.String())
		}
	}
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type is %q", got)
	}
}

func TestWhoIsNotSignedInIsLedToTheSignInAndBack(t *testing.T) {
	m := site()
	w := get(t, m, "/gallery?q=1&done=4", "Guest", "1")
	if w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Fgallery%3Fq%3D1" {
		t.Errorf("got %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := get(t, m, "/gallery", "Guest", "1", "HX-Request", "true"); w.Code != 401 || w.Header().Get("HX-Redirect") != "/sign-in?next=%2Fgallery" {
		t.Errorf("a part: got %d to %q", w.Code, w.Header().Get("HX-Redirect"))
	}
	if w := get(t, m, "/secret"); w.Code != 403 {
		t.Errorf("a post without the verb: got %d, want 403", w.Code)
	}
}

func TestOnlyPathsOfThisSiteAreLedTo(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/plans/7?done=1#x": true, "/计划": true,
		"": false, "//evil.example": false, "/\\evil.example": false, "https://evil.example": false, "plans": false,
		"/a\nb": false, "/\t/evil": false, "/%2f/x": false, "/a b": false, "/" + strings.Repeat("a", 3000): false,
	} {
		if _, ok := LocalPath(path); ok != want {
			t.Errorf("LocalPath(%q) = %v, want %v", path, ok, want)
		}
	}
}

func TestAWrongMethodSaysWhichAreRight(t *testing.T) {
	m := site()
	r := httptest.NewRequest("DELETE", "http://suicha.example/gallery", nil)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	if w.Code != 405 || !strings.Contains(w.Header().Get("Allow"), "GET") {
		t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestTheLogHasNoPathAndNoQuery(t *testing.T) {
	var log bytes.Buffer
	m := site()
	m.c.Log = slog.New(slog.NewTextHandler(&log, nil))
	get(t, m, "/gallery?q=张三")
	get(t, m, "/absent/张三")
	if text := log.String(); strings.Contains(text, "张三") || strings.Contains(text, "%E5") || !strings.Contains(text, `route="GET /gallery"`) {
		t.Errorf("log: %s", text)
	}
}

func TestAConfigurationWithAHoleIsRefused(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("NewMux accepted an empty configuration")
		}
	}()
	NewMux(Config{})
}

func TestRoutesSayWhoMayComeIn(t *testing.T) {
	routes := site().Routes()
	if !slices.Contains(routes, Route{"GET /gallery", Office, inspect.PlanRead, "signed-in"}) ||
		!slices.Contains(routes, Route{"GET /public", Portal, "", "public"}) {
		t.Errorf("routes: %v", routes)
	}
}

func TestLargePagesArePacked(t *testing.T) {
	w := get(t, site(), "/gallery", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > 20000 {
		t.Errorf("got %q, %d bytes", w.Header().Get("Content-Encoding"), w.Body.Len())
	}
}
