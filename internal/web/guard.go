package web

import (
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// policy is the content security policy of every answer. Nothing runs and
// nothing is styled but what was built into the program. See
// docs/decisions/0008 for trusted types.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; " +
	"require-trusted-types-for 'script'; trusted-types default"

// bodyMost is the size of the largest form, in bytes.
const bodyMost = 1 << 20

// guard stands before everything: number, headers, host, size, origin, log.
func (m *Mux) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := newReference()
		r = withScene(r, func(s *scene) { s.id, s.area, s.frame, s.log = id, Portal, m.frameFor, m.c.Log })
		seen := &answer{ResponseWriter: w}
		m.headers(seen.Header(), id)
		defer func() {
			m.c.Log.InfoContext(r.Context(), "request", "id", id, "method", r.Method, "route", r.Pattern,
				"status", seen.status, "bytes", seen.bytes, "ms", time.Since(start).Milliseconds())
		}()
		if !m.knownHost(r.Host) {
			http.Error(seen, "没有这个网站。请核对网址。", http.StatusMisdirectedRequest)
			return
		}
		whole := r.Body
		r = withScene(r, func(s *scene) { s.whole = whole })
		r.Body = http.MaxBytesReader(seen, r.Body, bodyMost)
		if err := checkOrigin(cross, r); err != nil {
			Fail(seen, r, err)
			return
		}
		next.ServeHTTP(seen, r)
	})
}

func (m *Mux) headers(h http.Header, id string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), display-capture=()")
	h.Set("Cache-Control", "no-store") // public routes and assets say otherwise themselves
	h.Set("X-Request-Id", id)
	if m.c.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// knownHost reports whether host is one that this site answers to. Forms and
// redirects rest on the host, so a made-up one gets nothing.
func (m *Mux) knownHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	return slices.Contains(m.c.Hosts, strings.ToLower(strings.Trim(name, "[]")))
}

// checkOrigin refuses what another site makes a browser send. A browser without
// either header cannot be told apart from an attack if it carries cookies; a
// program without cookies has nothing to steal.
func checkOrigin(cross *http.CrossOriginProtection, r *http.Request) error {
	if err := cross.Check(r); err != nil {
		return ErrCrossSite
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" && r.Header.Get("Cookie") != "" {
		return ErrCrossSite
	}
	return nil
}

// answer notes what was answered, for the log.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// arrival is how long a file may take to arrive.
const arrival = time.Hour

// Whole returns the body of a request that brings a file, without the limit of forms,
// and gives the file an hour to arrive. The connection knows the machine's clock only.
func Whole(w http.ResponseWriter, r *http.Request) (io.ReadCloser, error) {
	return WholeWithin(w, r, arrival)
}

// WholeWithin is Whole with another time to arrive.
func WholeWithin(w http.ResponseWriter, r *http.Request, most time.Duration) (io.ReadCloser, error) {
	control, until := http.NewResponseController(w), time.Now().Add(most)
	if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	if whole := sceneOf(r).whole; whole != nil {
		return whole, nil
	}
	return r.Body, nil
}
