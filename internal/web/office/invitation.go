package office

import (
	"errors"
	"net/http"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

type inviteFields struct {
	Token string `json:"token" label:"邀请码"`
	New   string `json:"new_password" label:"口令"`
	Again string `json:"again" label:"再输入一次口令"`
}

type inviteView struct {
	Form    web.Form
	Name    string // of the invited person; empty until the token is known
	Account string
}

// invitation lets an invited person choose a password.
func (e *Entrance) invitation(w http.ResponseWriter, r *http.Request) error {
	return e.showInvitation(w, r, r.URL.Query().Get("token"))
}

func (e *Entrance) showInvitation(w http.ResponseWriter, r *http.Request, token string) error {
	v := inviteView{}
	a, err := e.Gate.Invited(r.Context(), token)
	switch {
	case err == nil:
		v.Name, v.Account = a.PersonName, a.Name
		v.Form = web.FormTo(r, "/invitation", &inviteFields{Token: token}, "token")
		return invitePage.Show(w, r, v)
	case !errors.Is(err, inspect.ErrInvitation):
		return err
	case token != "" && web.Failed(r) == nil:
		r = web.WithFailure(r, inspect.ErrInvitation)
	}
	v.Form = web.FormTo(r, "/invitation", &inviteFields{})
	return invitePage.Show(w, r, v)
}

func (e *Entrance) postInvitation(w http.ResponseWriter, r *http.Request) error {
	var in inviteFields
	err := read(r, &in)
	var ticket auth.Ticket
	switch {
	case err != nil:
	case in.New == "" && in.Again == "": // only the token was typed
		return e.showInvitation(w, r, in.Token)
	case in.New != in.Again:
		err = inspect.ErrAgain
	default:
		ticket, err = e.Gate.Redeem(r.Context(), in.Token, in.New, e.from(r))
	}
	if err != nil {
		if r, err = back(r, err); err != nil {
			return err
		}
		return e.showInvitation(w, r, in.Token)
	}
	return e.admit(w, r, ticket, "")
}
