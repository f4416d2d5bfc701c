package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// A Config is what the frame needs to know from the program. Every field but
// Secure and Busy must be set: an absent one is an open door, so NewMux panics.
type Config struct {
	Hosts  []string                                  // names this site answers to, in lower case, without port
	Secure bool                                      // the site is reached by https
	Who    func(*http.Request) (inspect.Actor, bool) // who asks, if anybody is signed in
	Frame  func(*http.Request, Area) (Frame, error)  // menu, names and receipt for a page
	Log    *slog.Logger
	// Busy is how long a reader whom nobody knows must wait before asking for a
	// public page; zero lets the reader in. Nil never makes anybody wait.
	Busy func(*http.Request) time.Duration
}

// A Mux is the registry of routes. There is no other way to give a page an
// address than its methods, and each says who may come in.
type Mux struct {
	c      Config
	mux    *http.ServeMux
	routes []Route
}

// A Route is one address of the site and who may use it, for routes.golden.
type Route struct {
	Pattern string
	Area    Area
	Verb    inspect.Verb // what the reader's post must allow; empty if nobody is asked
	By      string       // "signed-in", "public", "open" or "own", which checks for itself
}

// NewMux returns a registry with the routes of the frame itself: the assets and
// the switches for large print and contrast.
func NewMux(c Config) *Mux {
	if len(c.Hosts) == 0 || c.Who == nil || c.Frame == nil || c.Log == nil {
		panic("web: a part of the configuration is missing")
	}
	m := &Mux{c: c, mux: http.NewServeMux()}
	m.add(Route{"GET /assets/{file}", Portal, "", "public"}, serveAsset)
	m.Open("POST /look", m.setLook)
	return m
}

// Page registers a page for those who are signed in and whose post allows verb.
// Others are led to the sign-in, or refused.
func (m *Mux) Page(pattern string, verb inspect.Verb, h Handler) {
	m.add(Route{pattern, Office, verb, "signed-in"}, func(w http.ResponseWriter, r *http.Request) error {
		who, ok := m.c.Who(r)
		if !ok {
			return toSignIn(w, r)
		}
		r = WithActor(r, who)
		if err := who.May(verb); err != nil {
			Fail(w, r, err)
			return nil
		}
		h.ServeHTTP(w, r)
		return nil
	})
}

// Mine registers a page that everybody who is signed in has, such as the list of
// what waits for them.
func (m *Mux) Mine(pattern string, h Handler) {
	m.add(Route{pattern, Office, "", "signed-in"}, func(w http.ResponseWriter, r *http.Request) error {
		who, ok := m.c.Who(r)
		if !ok {
			return toSignIn(w, r)
		}
		h.ServeHTTP(w, WithActor(r, who))
		return nil
	})
}

// Public registers a page of the portal. Its answers may be kept by browsers, if
// they ask each time whether there is a newer one. Readers who ask too often are
// told to wait, so that one copier does not keep the others out.
func (m *Mux) Public(pattern string, h Handler) {
	m.add(Route{pattern, Portal, "", "public"}, func(w http.ResponseWriter, r *http.Request) error {
		if err := m.busy(w, r); err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Add("Vary", "Cookie")
		return h(w, r)
	})
}

// busy refuses a reader who must wait, unless somebody we know is signed in:
// many officials share the address of one office.
func (m *Mux) busy(w http.ResponseWriter, r *http.Request) error {
	if m.c.Busy == nil {
		return nil
	}
	wait := m.c.Busy(r)
	if wait <= 0 {
		return nil
	}
	if _, ok := m.c.Who(r); ok {
		return nil
	}
	return TooOften(w.Header(), wait, ErrBusy)
}

// Open registers a page of the way in: sign-in, second factor, first start.
func (m *Mux) Open(pattern string, h Handler) {
	m.add(Route{pattern, Plain, "", "open"}, h)
}

// Own registers a handler that finds out by itself who asks and what they may:
// the API with its tokens.
func (m *Mux) Own(pattern string, h http.Handler) {
	m.add(Route{pattern, Plain, "", "own"}, func(w http.ResponseWriter, r *http.Request) error {
		h.ServeHTTP(w, r)
		return nil
	})
}

func (m *Mux) add(route Route, h Handler) {
	m.routes = append(m.routes, route)
	m.mux.HandleFunc(route.Pattern, func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, WithArea(r, route.Area))
	})
}

// Routes returns every route, in the order of registration.
func (m *Mux) Routes() []Route { return append([]Route(nil), m.routes...) }

// Handler returns the whole site, behind its guard.
func (m *Mux) Handler() http.Handler {
	return m.guard(http.HandlerFunc(m.route))
}

// route finds the page, or explains that there is none.
func (m *Mux) route(w http.ResponseWriter, r *http.Request) {
	if _, pattern := m.mux.Handler(r); pattern != "" {
		m.mux.ServeHTTP(w, r)
		return
	}
	if who, ok := m.c.Who(r); ok {
		r = WithArea(WithActor(r, who), Office)
	}
	probe := &answer{ResponseWriter: discard{http.Header{}}}
	m.mux.ServeHTTP(probe, r) // the standard library knows which methods there would be
	if probe.status == http.StatusMethodNotAllowed {
		allow := probe.Header().Get("Allow")
		if r.Method == http.MethodGet && strings.Contains(allow, http.MethodPost) && !wantsJSON(r) {
			http.Redirect(w, r, m.formPage(r), http.StatusSeeOther)
			return
		}
		w.Header().Set("Allow", allow)
		Fail(w, r, ErrMethod)
		return
	}
	Fail(w, r, inspect.ErrMissing)
}

// formPage is where a browser is led that asks for the address of a form: by
// its reload, its history or a bookmark, after a form had failed there. It is the
// page that the address names, or the nearest one above it, or the reader's home.
// That page says that nothing was done.
func (m *Mux) formPage(r *http.Request) string {
	answers := func(page string) bool {
		u, err := url.Parse(page)
		if err != nil {
			return false
		}
		_, pattern := m.mux.Handler(&http.Request{Method: http.MethodGet, URL: u, Host: r.Host})
		return pattern != ""
	}
	if page, ok := LocalPath(r.URL.Query().Get(fieldPage)); ok && answers(page) {
		return withParameter(page, unsent, "1")
	}
	for page := path.Dir(r.URL.Path); page != "/"; page = path.Dir(page) {
		if answers(page) {
			return withParameter(page, unsent, "1")
		}
	}
	return withParameter(home(sceneOf(r).area), unsent, "1")
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

func (m *Mux) frameFor(r *http.Request) (Frame, error) {
	return m.c.Frame(r, sceneOf(r).area)
}

// toSignIn leads to the sign-in and from there back to the page. A form that was
// sent after the session had ended is kept: see resume.
func toSignIn(w http.ResponseWriter, r *http.Request) error {
	next := herePath(r)
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		if err := r.ParseForm(); err == nil && r.PostForm.Has(fieldForm) {
			return resume(w, r)
		}
		next = OfficeHome
	}
	if r.Header.Get("HX-Request") == "true" { // a part of a page cannot be redirected
		w.Header().Set("HX-Redirect", SignInPath+"?next="+url.QueryEscape(next))
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	if wantsJSON(r) {
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	http.Redirect(w, r, SignInPath+"?next="+url.QueryEscape(next), http.StatusSeeOther)
	return nil
}

// resumeView is a form that waits for its sender to sign in again.
type resumeView struct {
	Action, SignIn string
	Fields         []Pair
}

var resumePage = NewPage[resumeView](files, "resume.html")

// resume shows a form that came too late, to be sent again after signing in in
// another window. It carries its request number, so it is done once at most.
func resume(w http.ResponseWriter, r *http.Request) error {
	v := resumeView{Action: r.URL.RequestURI(), SignIn: SignInPath + "?next=" + url.QueryEscape(OfficeHome)}
	for _, name := range sortedKeys(r.PostForm) {
		for _, value := range r.PostForm[name] {
			v.Fields = append(v.Fields, Pair{name, value})
		}
	}
	return resumePage.Show(w, WithStatus(WithArea(r, Plain), http.StatusUnauthorized), v)
}

func stepUpPath(next string) string { return StepUpPath + "?next=" + url.QueryEscape(next) }

// LocalPath returns text if it is a path of this site, with or without a query,
// and so safe to be sent to.
func LocalPath(text string) (string, bool) {
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || len(text) > 2000 ||
		strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f || r == 0xfffd }) {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return "", false
	}
	return text, true
}
