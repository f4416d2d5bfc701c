package api

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/web"
)

// Options are what the API needs. All but Busy must be set: an absent one is an
// open door, so New panics.
type Options struct {
	DB        *store.DB
	Log       *store.Log
	Desk      *act.Desk
	Gate      *auth.Gate
	Now       func() time.Time
	Deadlines inspect.Deadlines
	From      func(*http.Request) auth.From // where a request comes from, behind a proxy or not
	Errors    *slog.Logger
	Imports   stage.Folder // where files for the libraries wait
	// Busy is how long a reader without a token must wait, as for the pages of
	// the portal. Nil never makes anybody wait.
	Busy func(*http.Request) time.Duration
}

// How much one token may ask: enough to mirror all plans of a county in a
// minute, too little to be in anybody's way.
const (
	tokenRate  = 20 // a second
	tokenBurst = 60

	networkRate  = 5 * tokenRate // several programs behind one address
	networkBurst = 5 * tokenBurst
)

// A server answers the API.
type server struct {
	Options
	mux      *http.ServeMux
	limits   *web.Limits // of each token
	networks *web.Limits // of each network, whatever tokens it shows
}

// New returns the handler of everything under /api/.
func New(o Options) http.Handler {
	if o.DB == nil || o.Log == nil || o.Desk == nil || o.Gate == nil || o.Now == nil || o.From == nil || o.Errors == nil ||
		o.Deadlines == (inspect.Deadlines{}) {
		panic("api: a part of the options is missing")
	}
	s := &server{Options: o, mux: http.NewServeMux(), limits: web.NewLimits(tokenRate, tokenBurst),
		networks: web.NewLimits(networkRate, networkBurst)}
	byPath := map[string]map[string]route{}
	for _, r := range routes {
		if byPath[r.path] == nil {
			byPath[r.path] = map[string]route{}
		}
		byPath[r.path][r.method] = r
	}
	for path, methods := range byPath {
		s.mux.Handle(path, s.choose(methods))
	}
	s.mux.Handle("/api/", s.answer(func(*call) error { return inspect.ErrMissing }))
	return s.mux
}

// A call is one request, and who it is made for.
type call struct {
	*http.Request
	w         http.ResponseWriter
	reference string // names the request in the log and in problems
	token     auth.APIToken
}

// who is the actor of the call; the zero Actor is the public.
func (c *call) who() inspect.Actor { return c.token.Actor }

// scope is what the call may read.
func (c *call) scope() inspect.Scope {
	if c.token.ID == "" {
		return inspect.Scope{}
	}
	return c.token.Actor.Scope()
}

// choose finds the route of a path by the request's method.
func (s *server) choose(methods map[string]route) http.Handler {
	return s.answer(func(c *call) error {
		method := c.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		r, ok := methods[method]
		if !ok {
			for name := range methods { // a path has one method, and HEAD beside GET
				c.w.Header().Set("Allow", strings.Replace(name, "GET", "GET, HEAD", 1))
			}
			return errMethod
		}
		return s.serve(c, r)
	})
}

// answer turns a handler that fails into one that explains.
func (s *server) answer(do func(*call) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Request: r, w: w, reference: w.Header().Get("X-Request-Id")}
		if c.reference == "" {
			c.reference = rand.Text()[:8]
			w.Header().Set("X-Request-Id", c.reference)
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if err := do(c); err != nil {
			s.fail(c, err)
		}
	})
}

// serve lets the call in and runs its route.
func (s *server) serve(c *call, r route) error {
	if r.access == byAnyone {
		if s.Busy != nil {
			if wait := s.Busy(c.Request); wait > 0 {
				return web.TooOften(c.w.Header(), wait, errBusy)
			}
		}
		c.w.Header().Set("Cache-Control", "no-cache") // may be kept, if it is asked for again each time
		c.w.Header().Set("Access-Control-Allow-Origin", "*")
		return r.do(s, c)
	}
	secret, ok := bearer(c.Request)
	if !ok {
		return auth.ErrToken
	}
	// Before the token is looked up: whoever makes tokens up has a new one each time,
	// but not a new network.
	if wait := s.networks.Wait(web.Network(s.From(c.Request).Addr), s.Now()); wait > 0 {
		return web.TooOften(c.w.Header(), wait, errBusy)
	}
	if wait := s.limits.Wait(secret, s.Now()); wait > 0 {
		return web.TooOften(c.w.Header(), wait, errBusy)
	}
	token, err := s.Gate.APIToken(c.Context(), secret)
	if err != nil {
		return err
	}
	c.token = token
	if r.access == byReader {
		if err := token.MayRead(); err != nil {
			return err
		}
		if r.verb != "" {
			if err := s.noted(c, r.verb, token.Actor.May(r.verb)); err != nil {
				return err
			}
		}
	}
	return r.do(s, c)
}

// noted writes a refusal of the actor's post into the security log, and returns
// it.
func (s *server) noted(c *call, verb inspect.Verb, err error) error {
	if err != nil && isDenied(err) {
		if failed := s.Gate.Note(c.Context(), auth.Denied, c.who(), "", s.From(c.Request), "api "+string(verb)); failed != nil {
			return failed
		}
	}
	return err
}

// bearer is the token of the request. Cookies are never looked at, so a browser
// cannot be made to send anything that counts.
func bearer(r *http.Request) (string, bool) {
	given := r.Header.Values("Authorization")
	if len(given) != 1 {
		return "", false
	}
	kind, secret, ok := strings.Cut(given[0], " ")
	return strings.TrimSpace(secret), ok && strings.EqualFold(kind, "Bearer")
}
