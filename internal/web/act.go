package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"suicha/internal/inspect"
)

// A Desk carries out acts.
type Desk interface {
	// Command returns a pointer to the zero command of verb, if there is one.
	Command(verb inspect.Verb) (any, bool)
	// Do carries out cmd, a pointer that Command returned, or does nothing. Asked
	// again with the same request it returns the first receipt.
	Do(ctx context.Context, request string, by inspect.Actor, cmd any) (Receipt, error)
}

// A Receipt (回执) says that an act is on record.
type Receipt struct {
	N    int64  // its place in the record
	Code string // what is read out and looked up, such as A3D8-52F6
	Text string // what happened, in a sentence
}

// Href leads to the receipt's proof.
func (r Receipt) Href() string { return "/receipts/" + strconv.FormatInt(r.N, 10) }

// Acts registers the one address that forms of acts are sent to. Who may do what
// is the desk's to say.
func (m *Mux) Acts(desk Desk) {
	m.Mine("POST /act/{verb}", func(w http.ResponseWriter, r *http.Request) error {
		return m.act(w, r, desk)
	})
}

// act carries out what a form asks for and goes back to its page, with the
// receipt, or with the form as it was filled in and what is wrong with it.
func (m *Mux) act(w http.ResponseWriter, r *http.Request, desk Desk) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return inspect.ErrForm
	}
	if err := r.ParseForm(); err != nil {
		return fmt.Errorf("%w: %w", parseProblem(err), err)
	}
	page, ok := LocalPath(r.PostForm.Get(fieldPage))
	if !ok {
		return inspect.ErrForm
	}
	cmd, ok := desk.Command(inspect.Verb(r.PathValue("verb")))
	if !ok {
		return inspect.ErrMissing
	}
	receipt, err := do(r, desk, cmd)
	if err == nil {
		if then, ok := LocalPath(r.PostForm.Get(fieldThen)); ok {
			page = then
		}
		http.Redirect(w, r, withParameter(page, doneAct, strconv.FormatInt(receipt.N, 10)), http.StatusSeeOther)
		return nil
	}
	if !comesBack(problemsOf(err)[0].Kind) {
		return err
	}
	return m.comeBack(w, r, page, cmd, err)
}

// parseProblem is the problem of a body that could not be read as a form.
func parseProblem(err error) inspect.Problem {
	if p := problemsOf(err)[0]; p.Kind != inspect.Internal {
		return p
	}
	return inspect.ErrForm
}

func do(r *http.Request, desk Desk, cmd any) (Receipt, error) {
	if err := DecodeForm(r.PostForm, cmd); err != nil {
		return Receipt{}, err
	}
	if expect := r.PostForm.Get(fieldExpect); expect != "" && plainText(r.PostForm.Get(fieldConfirm)) != plainText(expect) {
		return Receipt{}, inspect.ErrConfirm.With(visible(expect)).At(fieldConfirm)
	}
	return desk.Do(r.Context(), r.PostForm.Get(fieldRequest), Actor(r), cmd)
}

// plainText is text without what an input method may change: width and blanks.
func plainText(text string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(text)), "")
}

// comesBack reports whether a failure is shown on the form's own page. The rest
// has a page of its own: there may be nothing to go back to.
func comesBack(k inspect.Kind) bool {
	return k == inspect.Invalid || k == inspect.Refused || k == inspect.Stale || k == inspect.StepUp
}

// comeBack shows the page that the form stands on as if it had been asked for,
// with the failed form in the request.
func (m *Mux) comeBack(w http.ResponseWriter, r *http.Request, page string, cmd any, err error) error {
	u, parseErr := url.Parse(page)
	if parseErr != nil {
		return inspect.ErrForm
	}
	back := WithFailure(r, err)
	failure := Failed(back)
	if failure.Problems[0].Kind != inspect.Invalid { // a form with a fault keeps its own values; another may be gone
		failure.Entered = enteredIn(r.PostForm, cmd)
	}
	if failure.Problems[0].Kind == inspect.StepUp {
		failure.StepUp = stepUpPath(page)
	}
	back = back.Clone(back.Context())
	back.Method, back.URL, back.RequestURI = http.MethodGet, u, page
	back.Body, back.ContentLength, back.PostForm, back.Form = http.NoBody, 0, nil, nil
	for _, name := range []string{"Content-Type", "Content-Length", "HX-Target", "If-None-Match", "If-Modified-Since"} {
		back.Header.Del(name)
	}
	m.route(w, back)
	return nil
}

// Parameters that tell a page what led to it. They belong to one showing of the
// page, not to its address.
const (
	doneAct = "done"   // the number of the act's receipt
	unsent  = "unsent" // the address of a form was opened, and nothing was sent
)

func withParameter(page, name, value string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// enteredIn lists what was typed into the form of cmd.
func enteredIn(values url.Values, cmd any) []Entered {
	slots, err := slotsOf(reflect.Indirect(reflect.ValueOf(cmd)).Type())
	if err != nil {
		return nil
	}
	var entered []Entered
	for _, s := range slots {
		if text := strings.Join(values[s.name], "、"); s.label != "" && text != "" {
			entered = append(entered, Entered{s.label, text})
		}
	}
	return entered
}
