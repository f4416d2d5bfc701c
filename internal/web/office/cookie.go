package office

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// An Entrance serves the way in: sign-in, second factor, choice of the post,
// invitation, first start, step-up, and the pages about accounts. It is the one
// place where tokens meet cookies.
type Entrance struct{ EntranceOptions }

// EntranceOptions is what the way in needs from the program.
type EntranceOptions struct {
	Gate    *auth.Gate
	Desk    *act.Desk
	Log     *slog.Logger
	Secure  bool             // the site is reached by https
	Region  string           // division that the founding is for
	Place   string           // its name
	Areas   []inspect.Choice // its towns and streets
	Proxies web.Proxies      // who may say for whom they ask
	Demo    []DemoAccount    // shown at the sign-in of a demonstration
	Tour    *Tour            // of a demonstration; nil on every other site
}

// A DemoAccount is a sign-in that everybody may use in a demonstration.
type DemoAccount struct{ Name, Password, Who string }

// NewEntrance returns the way in.
func NewEntrance(o EntranceOptions) *Entrance { return &Entrance{o} }

// Register adds the pages of the way in to the registry of routes.
func (e *Entrance) Register(m *web.Mux) {
	m.Open("GET "+web.SignInPath, e.signIn)
	m.Open("POST "+web.SignInPath, e.postSignIn)
	m.Open("POST /sign-in/options", e.signInOptions)
	m.Open("POST /sign-in/passkey", e.postSignInPasskey)
	m.Open("GET /sign-in/code", e.code)
	m.Open("POST /sign-in/code", e.postCode)
	m.Open("GET /sign-in/factor", e.firstFactor)
	m.Open("POST /sign-in/factor", e.postFirstFactor)
	m.Open("POST /sign-in/factor/passkey", e.postFirstFactor)
	m.Open("GET /sign-in/post", e.choosePost)
	m.Open("POST /sign-in/post", e.postChoosePost)
	m.Open("POST "+web.SignOutPath, e.signOut)
	m.Open("GET /invitation", e.invitation)
	m.Open("POST /invitation", e.postInvitation)
	m.Open("GET /setup", e.setup)
	m.Open("POST /setup", e.postSetup)
	m.Open("GET "+web.StepUpPath, e.stepUp)
	m.Open("POST "+web.StepUpPath, e.postStepUp)
	m.Open("POST /step-up/options", e.stepUpOptions)
	m.Open("POST /step-up/passkey", e.postStepUpPasskey)
	m.Open("POST /passkey/options", e.passkeyOptions)

	m.Mine("GET "+web.AccountPath, e.account)
	m.Mine("POST /account/password", e.postPassword)
	m.Mine("GET /account/factor", e.addFactor)
	m.Mine("POST /account/factor", e.postAddFactor)
	m.Mine("POST /account/factor/passkey", e.postAddFactor)
	m.Mine("POST /account/factor/drop", e.postDropFactor)
	m.Mine("POST /account/recovery", e.postRecovery)
	m.Mine("POST /account/sessions/end", e.postEndSession)
	m.Mine("POST /account/tokens", e.postToken)
	m.Mine("POST /account/tokens/revoke", e.postRevokeToken)

	if e.Tour != nil {
		m.Public("GET /demo", e.tour)
	}
	m.Page("GET /office/accounts", inspect.PostGrant, e.accounts)
	m.Page("POST /office/accounts", inspect.PostGrant, e.postInvite)
	m.Page("POST /office/accounts/reset", inspect.PostGrant, e.postReset)
	m.Page("GET /office/security-log", inspect.SecurityRead, e.securityLog)
}

// Who returns who asks, for web.Config. A session that cannot be checked lets
// nobody in.
func (e *Entrance) Who(r *http.Request) (inspect.Actor, bool) {
	token := e.token(r)
	if token == "" {
		return inspect.Actor{}, false
	}
	who, err := e.Gate.Actor(r.Context(), token)
	if err != nil {
		if !errors.Is(err, inspect.ErrSignedOut) {
			e.Log.ErrorContext(r.Context(), "session not checked", "error", err.Error())
		}
		return inspect.Actor{}, false
	}
	return who, true
}

// cookieName binds the cookie to this very host by its prefix, which browsers
// accept with https only.
func (e *Entrance) cookieName() string {
	if e.Secure {
		return "__Host-suicha"
	}
	return "suicha"
}

// token is the token that r carries, or nothing.
func (e *Entrance) token(r *http.Request) string {
	c, err := r.Cookie(e.cookieName())
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return c.Value
}

// keep gives the browser a token. It ends with the browser, and on the server
// long before. The marks by which accounts know the browser stay for 90 days, a
// sign-out too: they open nothing.
func (e *Entrance) keep(w http.ResponseWriter, t auth.Ticket) {
	http.SetCookie(w, &http.Cookie{
		Name: e.cookieName(), Value: t.Token, Path: "/", HttpOnly: true, Secure: e.Secure, SameSite: http.SameSiteLaxMode,
	})
	if t.Known != "" {
		http.SetCookie(w, &http.Cookie{
			Name: e.knownName(), Value: t.Known, Path: "/", MaxAge: int(auth.KnownFor.Seconds()), HttpOnly: true, Secure: e.Secure,
			SameSite: http.SameSiteLaxMode,
		})
	}
}

func (e *Entrance) knownName() string { return e.cookieName() + "-known" }

// forget takes the token from the browser, and what it has cached with it. Its
// storage stays: it may hold work that a telephone has not yet handed in.
func (e *Entrance) forget(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{
		Name: e.cookieName(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: e.Secure, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Clear-Site-Data", `"cache"`)
}

// from says where r comes from.
func (e *Entrance) from(r *http.Request) auth.From {
	from := auth.From{Addr: e.Proxies.Client(r), Agent: r.UserAgent()}
	if c, err := r.Cookie(e.knownName()); err == nil {
		from.Known = c.Value
	}
	return from
}

// read fills in from the form that r brings.
func read(r *http.Request, in any) error {
	if err := r.ParseForm(); err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return err
		}
		return inspect.ErrForm
	}
	return web.DecodeForm(r.PostForm, in)
}

// back returns r for showing its form again with what is wrong. Failures that
// are not the reader's to mend have no form to come back to: they are returned.
func back(r *http.Request, err error) (*http.Request, error) {
	var p inspect.Problem
	var ps inspect.Problems
	if errors.As(err, &ps) && len(ps) > 0 {
		p = ps[0]
	} else if !errors.As(err, &p) {
		return nil, err
	}
	if p.Kind != inspect.Invalid && p.Kind != inspect.Refused && p.Kind != inspect.Stale {
		return nil, err
	}
	return web.WithFailure(r, err), nil
}

// next is the page that was asked for before the sign-in came between.
func next(text string) string {
	if path, ok := web.LocalPath(text); ok && !strings.HasPrefix(path, web.SignInPath) {
		return path
	}
	return web.OfficeHome
}

func seeOther(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// sendJSON answers a script with what it hands to the browser's passkeys.
func sendJSON(w http.ResponseWriter, text []byte, err error) error {
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("answer a script: %w", err)
	}
	return nil
}
