package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"suicha/internal/inspect"
)

// A Handler answers a request or says why it cannot. Its error becomes an answer
// in one place, Fail.
type Handler func(http.ResponseWriter, *http.Request) error

// ServeHTTP runs h. An error that is not a declared problem, and a panic, are
// logged with the number that the user is shown.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			Fail(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if err := h(w, r); err != nil {
		Fail(w, r, err)
	}
}

// Fail answers r with err: as a page of the area, or as JSON (RFC 9457) if the
// asker wants that. What is not a declared problem is logged, and only its
// number is shown.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	s := sceneOf(r)
	if s.id == "" {
		s.id = newReference()
		r = withScene(r, func(c *scene) { c.id = s.id })
	}
	ps := problemsOf(err)
	first := ps[0]
	if first.Kind == inspect.Internal {
		s.log.ErrorContext(r.Context(), "request failed", "id", s.id, "method", r.Method, "route", r.Pattern, "error", err.Error())
	}
	status := statusOf(first)
	for _, name := range []string{"Content-Encoding", "Content-Length", "ETag", "Last-Modified", "Content-Disposition"} {
		w.Header().Del(name)
	}
	w.Header().Set("Cache-Control", "no-store")
	v := explain(r, first, status)
	if wantsJSON(r) {
		sendProblem(w, r, status, v, ps)
		return
	}
	page := withScene(r, func(c *scene) { c.status, c.failure = status, nil })
	page.Header = page.Header.Clone()
	page.Header.Del("HX-Target") // an error is a whole page
	if err := problemPage.Show(w, page, v); err == nil {
		return
	}
	s.log.ErrorContext(r.Context(), "error page failed", "id", s.id, "error", err.Error())
	bare := withScene(page, func(c *scene) { c.frame, c.area = nil, Plain })
	if err := problemPage.Show(w, bare, v); err != nil {
		http.Error(w, v.Title+" "+s.id, status)
	}
}

// problemsOf returns the declared problems in err, or one internal problem.
func problemsOf(err error) inspect.Problems {
	var ps inspect.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		return ps
	}
	var p inspect.Problem
	if errors.As(err, &p) {
		return inspect.Problems{p}
	}
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return inspect.Problems{ErrTooLarge}
	}
	return inspect.Problems{{Kind: inspect.Internal, Code: "internal"}}
}

func sendProblem(w http.ResponseWriter, r *http.Request, status int, v problemView, ps inspect.Problems) {
	body := problemJSON{
		Type: "about:blank", Title: v.Title, Status: status, Detail: v.What, Code: ps[0].Code, Reference: v.Reference,
	}
	for _, p := range ps {
		if p.Field != "" {
			body.Errors = append(body.Errors, problemAt{p.Field, p.Code, p.Error()})
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, v.Title+" "+v.Reference, status)
		return
	}
	send(w, r, status, "application/problem+json", text)
}

// packers are compressors to be used again: a new one takes nearly a megabyte.
var packers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one of the library's own
	}
	return z
}}

// send writes body with status, compressed if that helps and the asker can
// unpack it. Pages hold no secret that an attacker could guess at through their
// compressed length: there are no tokens in forms.
func send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	if len(body) > 1400 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		var packed bytes.Buffer
		z := packers.Get().(*gzip.Writer)
		z.Reset(&packed)
		_, err := z.Write(body)
		if errors.Join(err, z.Close()) == nil {
			h.Set("Content-Encoding", "gzip")
			body = packed.Bytes()
		}
		packers.Put(z)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a reader that has gone away is no failure
	}
}
