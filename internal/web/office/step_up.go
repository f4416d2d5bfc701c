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

var stepUpPage = web.NewPage[stepUpView](files, "step_up.html")

type stepUpFields struct {
	Code     string `json:"code" label:"动态口令"`
	Password string `json:"password" label:"口令"`
	Next     string `json:"next"`
}

type stepUpView struct {
	Name    string
	Form    web.Form
	Demo    bool         // asks for the password: the account has nothing else
	Codes   bool         // the account has a telephone
	Passkey *web.Passkey // nil if the account has no passkey
}

// stepUp asks for the second factor again, before a grave act. It opens beside
// the page of the act, so that nothing typed there is lost.
func (e *Entrance) stepUp(w http.ResponseWriter, r *http.Request) error {
	return e.showStepUp(w, r, next(r.URL.Query().Get("next")))
}

func (e *Entrance) showStepUp(w http.ResponseWriter, r *http.Request, to string) error {
	s, err := e.Gate.Session(r.Context(), e.token(r))
	if errors.Is(err, inspect.ErrSignedOut) || err == nil && s.Stage != store.Full {
		return seeOther(w, r, web.SignInPath+"?next="+url.QueryEscape(to))
	}
	if err != nil {
		return err
	}
	factors, _, err := e.Gate.Factors(r.Context(), e.token(r))
	if err != nil {
		return err
	}
	v := stepUpView{
		Name: s.Name, Demo: s.Demo && len(factors) == 0,
		Form: web.FormTo(r, web.StepUpPath, &stepUpFields{Next: to}, "next"),
	}
	for _, f := range factors {
		v.Codes = v.Codes || f.Kind == store.TOTP
		if f.Kind == store.Passkey && v.Passkey == nil {
			v.Passkey = e.passkey(r, web.StepUpPath, "使用通行密钥验证", to)
		}
	}
	if v.Passkey != nil {
		v.Passkey.Main = true
	}
	return stepUpPage.Show(w, r, v)
}

func (e *Entrance) postStepUp(w http.ResponseWriter, r *http.Request) error {
	var in stepUpFields
	err := read(r, &in)
	var ticket auth.Ticket
	switch {
	case err != nil:
	case in.Password != "":
		ticket, err = e.Gate.StepUpPassword(r.Context(), e.token(r), in.Password, e.from(r))
	default:
		ticket, err = e.Gate.StepUp(r.Context(), e.token(r), in.Code, e.from(r))
	}
	return e.stepped(w, r, ticket, err, in.Next)
}

// stepped goes back to where the step-up was asked for, or asks again.
func (e *Entrance) stepped(w http.ResponseWriter, r *http.Request, t auth.Ticket, err error, to string) error {
	if errors.Is(err, inspect.ErrSignedOut) {
		return seeOther(w, r, web.SignInPath+"?next="+url.QueryEscape(next(to)))
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		s, err := e.Gate.Session(r.Context(), e.token(r))
		if err == nil && s.Stage == store.Half {
			return e.showCode(w, r, next(to))
		}
		return e.showStepUp(w, r, next(to))
	}
	return e.admit(w, r, t, to)
}

func (e *Entrance) stepUpOptions(w http.ResponseWriter, r *http.Request) error {
	text, err := e.Gate.BeginStepUp(r.Context(), e.token(r))
	return sendJSON(w, text, err)
}

// postStepUpPasskey takes a passkey's answer: for a step-up, and for the second
// step of a sign-in.
func (e *Entrance) postStepUpPasskey(w http.ResponseWriter, r *http.Request) error {
	var in answerFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil {
		ticket, err = e.Gate.FinishStepUp(r.Context(), e.token(r), []byte(in.Answer), e.from(r))
	}
	return e.stepped(w, r, ticket, err, in.Next)
}
