package office

import (
	"errors"
	"net/http"
	"net/url"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	signInPage   = web.NewPage[signInView](files, "sign_in.html")
	codePage     = web.NewPage[codeView](files, "sign_in_code.html")
	postPage     = web.NewPage[postView](files, "sign_in_post.html")
	factorPage   = web.NewPage[factorView](files, "sign_in_factor.html", "factor_part.html")
	recoveryPage = web.NewPage[recoveryView](files, "sign_in_recovery.html", "factor_part.html")
	invitePage   = web.NewPage[inviteView](files, "invitation.html")
)

type signInFields struct {
	Name     string `json:"name" label:"登录名"`
	Password string `json:"password" label:"口令"`
	Next     string `json:"next"`
}

// answerFields carry what the browser's passkeys said.
type answerFields struct {
	Answer string `json:"answer"`
	Next   string `json:"next"`
	Label  string `json:"label" label:"名称"`
}

type signInView struct {
	Form    web.Form
	Passkey *web.Passkey // nil if the site has none
	Demo    []demoRow
	Chosen  DemoAccount // of a demonstration, filled in; zero on every other site
}

// A demoRow is an account of a demonstration, with the way to sign in as it.
type demoRow struct {
	DemoAccount
	Href string
}

// signIn leads whoever is on the way in to the step that is next.
func (e *Entrance) signIn(w http.ResponseWriter, r *http.Request) error {
	to := next(r.URL.Query().Get("next"))
	s, err := e.Gate.Session(r.Context(), e.token(r))
	switch {
	case errors.Is(err, inspect.ErrSignedOut), e.demoAccount(r.URL.Query().Get("name")).Name != "": // another post of a demonstration
		return e.showSignIn(w, r, to)
	case err != nil:
		return err
	}
	return seeOther(w, r, e.onwards(s, to))
}

// onwards is the page that a session needs before it can go to another.
func (e *Entrance) onwards(s auth.Session, to string) string {
	after := "?next=" + url.QueryEscape(to)
	switch _, ok := s.Actor(); {
	case s.Stage == store.Half:
		return "/sign-in/code" + after
	case s.Stage == store.Enrol:
		return "/sign-in/factor" + after
	case !ok:
		return "/sign-in/post" + after
	}
	return to
}

func (e *Entrance) showSignIn(w http.ResponseWriter, r *http.Request, to string) error {
	v := signInView{Passkey: e.passkey(r, "/sign-in", "使用通行密钥登录", to), Chosen: e.demoAccount(r.URL.Query().Get("name"))}
	v.Form = web.FormTo(r, web.SignInPath, &signInFields{Name: v.Chosen.Name, Next: to}, "next")
	for _, a := range e.Demo {
		v.Demo = append(v.Demo, demoRow{a, demoSignIn(a.Name, "/office")})
	}
	return signInPage.Show(w, r, v)
}

// passkey is the form for a passkey under the path of a step of the way in, or
// nil if the site has no passkeys.
func (e *Entrance) passkey(r *http.Request, step, text, to string) *web.Passkey {
	if !e.Gate.Passkeys() {
		return nil
	}
	return &web.Passkey{Form: web.FormTo(r, step+"/passkey", &answerFields{Next: to}, "next"), Options: step + "/options", Text: text}
}

func (e *Entrance) postSignIn(w http.ResponseWriter, r *http.Request) error {
	var in signInFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil {
		ticket, err = e.Gate.SignIn(r.Context(), in.Name, in.Password, e.from(r))
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.showSignIn(w, r, next(in.Next))
	}
	return e.admit(w, r, ticket, in.Next)
}

// admit hands out a new token and goes on.
func (e *Entrance) admit(w http.ResponseWriter, r *http.Request, t auth.Ticket, to string) error {
	e.keep(w, t)
	return seeOther(w, r, web.SignInPath+"?next="+url.QueryEscape(next(to)))
}

func (e *Entrance) signInOptions(w http.ResponseWriter, r *http.Request) error {
	text, err := e.Gate.BeginPasskeySignIn(r.Context(), e.from(r))
	return sendJSON(w, text, err)
}

func (e *Entrance) postSignInPasskey(w http.ResponseWriter, r *http.Request) error {
	var in answerFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil {
		ticket, err = e.Gate.PasskeySignIn(r.Context(), []byte(in.Answer), e.from(r))
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.showSignIn(w, r, next(in.Next))
	}
	return e.admit(w, r, ticket, in.Next)
}

type codeFields struct {
	Code  string `json:"code" label:"动态口令"`
	Next  string `json:"next"`
	Label string `json:"label" label:"名称"`
}

type codeView struct {
	Form    web.Form
	Passkey *web.Passkey
	Name    string
}

// code asks for the second factor.
func (e *Entrance) code(w http.ResponseWriter, r *http.Request) error {
	return e.showCode(w, r, next(r.URL.Query().Get("next")))
}

func (e *Entrance) showCode(w http.ResponseWriter, r *http.Request, to string) error {
	s, err := e.Gate.Session(r.Context(), e.token(r))
	if errors.Is(err, inspect.ErrSignedOut) || err == nil && s.Stage != store.Half {
		return seeOther(w, r, web.SignInPath+"?next="+url.QueryEscape(to))
	}
	if err != nil {
		return err
	}
	return codePage.Show(w, r, codeView{
		Form:    web.FormTo(r, "/sign-in/code", &codeFields{Next: to}, "next"),
		Passkey: e.passkey(r, web.StepUpPath, "使用通行密钥", to),
		Name:    s.Name,
	})
}

func (e *Entrance) postCode(w http.ResponseWriter, r *http.Request) error {
	var in codeFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil {
		ticket, err = e.Gate.SecondFactor(r.Context(), e.token(r), in.Code, e.from(r))
	}
	if errors.Is(err, inspect.ErrSignedOut) {
		return seeOther(w, r, web.SignInPath+"?next="+url.QueryEscape(next(in.Next)))
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.showCode(w, r, next(in.Next))
	}
	return e.admit(w, r, ticket, in.Next)
}

type postFields struct {
	Post inspect.PostID `json:"post" label:"岗位"`
	Next string         `json:"next"`
}

type postView struct {
	Name    string
	Form    web.Form
	Options []web.Option
}

func postOptions(posts []store.Holder) []web.Option {
	options := make([]web.Option, len(posts))
	for i, h := range posts {
		options[i] = web.Option{Value: string(h.ID), Text: h.Kind.Text(), Note: h.Org.Name}
	}
	return options
}

// choosePost asks through which post the person works now.
func (e *Entrance) choosePost(w http.ResponseWriter, r *http.Request) error {
	return e.showPosts(w, r, next(r.URL.Query().Get("next")))
}

func (e *Entrance) showPosts(w http.ResponseWriter, r *http.Request, to string) error {
	s, err := e.Gate.Session(r.Context(), e.token(r))
	if errors.Is(err, inspect.ErrSignedOut) || err == nil && s.Stage != store.Full {
		return seeOther(w, r, web.SignInPath+"?next="+url.QueryEscape(to))
	}
	if err != nil {
		return err
	}
	return postPage.Show(w, r, postView{
		Name: s.Name, Options: postOptions(s.Posts),
		Form: web.FormTo(r, "/sign-in/post", &postFields{Post: s.Post, Next: to}, "next"),
	})
}

func (e *Entrance) postChoosePost(w http.ResponseWriter, r *http.Request) error {
	var in postFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil {
		ticket, err = e.Gate.SwitchPost(r.Context(), e.token(r), in.Post, e.from(r))
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.showPosts(w, r, next(in.Next))
	}
	return e.admit(w, r, ticket, in.Next)
}

func (e *Entrance) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := e.Gate.SignOut(r.Context(), e.token(r), e.from(r)); err != nil {
		return err
	}
	e.forget(w)
	return seeOther(w, r, web.SignInPath)
}
