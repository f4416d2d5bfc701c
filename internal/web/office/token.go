package office

import (
	"net/http"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var newTokenPage = web.NewPage[newTokenView](files, "account_api_token.html")

type newTokenView struct{ Secret, Name string }

// tokenFields is the form that makes an API token (接口令牌).
type tokenFields struct {
	Name   string   `json:"name" label:"用途" hint:"例如：每月导出计划"`
	Scopes []string `json:"scopes" label:"权限"`
	Days   int      `json:"days" label:"有效期（天）" hint:"最长 365 天"`
}

type tokenRow struct {
	ID, Name, Scopes string
	Ends, Used       time.Time
}

// tokens fills in the actor's API tokens and the form for a new one.
func (e *Entrance) tokens(r *http.Request, v *accountView) error {
	who := web.Actor(r)
	v.Token = web.FormTo(r, "/account/tokens", &tokenFields{Days: 90, Scopes: []string{string(auth.ScopeRead)}})
	v.Scopes = web.Options(auth.ScopesOf(who))
	all, err := e.Gate.APITokens(r.Context(), who)
	if err != nil {
		return err
	}
	for _, t := range all {
		if !t.Revoked.IsZero() {
			continue
		}
		row := tokenRow{ID: t.ID, Name: t.Name, Ends: t.Ends, Used: t.Used}
		for i, s := range t.Scopes {
			if i > 0 {
				row.Scopes += "、"
			}
			row.Scopes += inspect.ChoiceText(auth.Scopes, s)
		}
		v.Tokens = append(v.Tokens, row)
	}
	return nil
}

// postToken makes a token and shows its secret, this once.
func (e *Entrance) postToken(w http.ResponseWriter, r *http.Request) error {
	var in tokenFields
	err := read(r, &in)
	if err == nil && (in.Days < 1 || in.Days > 365) {
		err = inspect.ErrRange.With("有效期（天）", 1, 365).At("days")
	}
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	scopes := make([]auth.Scope, len(in.Scopes))
	for i, s := range in.Scopes {
		scopes[i] = auth.Scope(s)
	}
	until := e.Gate.Clock().Add(time.Duration(in.Days)*24*time.Hour - time.Minute)
	secret, token, err := e.Gate.NewAPIToken(r.Context(), web.Actor(r), in.Name, scopes, until, e.from(r))
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	return newTokenPage.Show(w, r, newTokenView{Secret: secret, Name: token.Name})
}

func (e *Entrance) postRevokeToken(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID string `json:"id"`
	}
	err := read(r, &in)
	if err == nil {
		err = e.Gate.RevokeAPIToken(r.Context(), web.Actor(r), in.ID, e.from(r))
	}
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	return seeOther(w, r, web.AccountPath)
}
