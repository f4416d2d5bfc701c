package office

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	accountPage   = web.NewPage[accountView](files, "account.html")
	addFactorPage = web.NewPage[factorView](files, "account_factor.html", "factor_part.html")
	newCodesPage  = web.NewPage[recoveryView](files, "account_recovery.html", "factor_part.html")
)

type passwordFields struct {
	Password string `json:"password" label:"现在的口令"`
	New      string `json:"new_password" label:"新口令"`
	Again    string `json:"again" label:"再输入一次新口令"`
}

type accountView struct {
	Facts    []web.Fact
	Post     web.Form
	Posts    []web.Option
	Password web.Form
	Demo     bool
	Factors  []factorRow
	Recovery int64
	Sessions []sessionRow
	Token    web.Form
	Tokens   []tokenRow
	Scopes   []web.Option
}

type factorRow struct {
	ID, Kind, Label string
	Made, Used      time.Time
	Last            bool // cannot be removed
}

type sessionRow struct {
	ID, Device, Net string
	Made, Seen      time.Time
	This            bool
}

// account shows a person everything about the own account.
func (e *Entrance) account(w http.ResponseWriter, r *http.Request) error {
	who, token := web.Actor(r), e.token(r)
	s, err := e.Gate.Session(r.Context(), token)
	if err != nil {
		return err
	}
	v := accountView{
		Facts: []web.Fact{
			{Label: "姓名", Value: who.Name}, {Label: "登录名", Value: s.Account},
			{Label: "单位", Value: who.Org.Name}, {Label: "岗位", Value: who.Post.Kind.Text()},
		},
		Demo:     s.Demo,
		Post:     web.FormTo(r, "/sign-in/post", &postFields{Post: s.Post, Next: web.AccountPath}, "next"),
		Posts:    postOptions(s.Posts),
		Password: web.FormTo(r, "/account/password", &passwordFields{}),
	}
	factors, left, err := e.Gate.Factors(r.Context(), token)
	if err != nil {
		return err
	}
	v.Recovery = left
	for _, f := range factors {
		kind := "动态口令"
		if f.Kind == store.Passkey {
			kind = "通行密钥"
		}
		v.Factors = append(v.Factors, factorRow{ID: f.ID, Kind: kind, Label: f.Label, Made: f.Made, Used: f.Used, Last: len(factors) == 1})
	}
	this, sessions, err := e.Gate.Mine(r.Context(), token)
	if err != nil {
		return err
	}
	for _, o := range sessions {
		v.Sessions = append(v.Sessions, sessionRow{ID: o.ID, Device: o.Device, Net: o.Net, Made: o.Made, Seen: o.Seen, This: o.ID == this})
	}
	if err := e.tokens(r, &v); err != nil {
		return err
	}
	return accountPage.Show(w, r, v)
}

// again shows the account page for a form of it that failed. What needs the
// second factor first leads there and back; nothing typed is lost by that.
func (e *Entrance) again(w http.ResponseWriter, r *http.Request, err error, page string, show web.Handler) error {
	if errors.Is(err, inspect.ErrStepUp) {
		return seeOther(w, r, web.StepUpPath+"?next="+url.QueryEscape(page))
	}
	if r, err = back(r, err); err != nil {
		return err
	}
	return show(w, r)
}

func (e *Entrance) postPassword(w http.ResponseWriter, r *http.Request) error {
	var in passwordFields
	err := read(r, &in)
	var ticket auth.Ticket
	if err == nil && in.New != in.Again {
		err = inspect.ErrAgain
	}
	if err == nil {
		ticket, err = e.Gate.ChangePassword(r.Context(), e.token(r), in.Password, in.New, e.from(r))
	}
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	e.keep(w, ticket)
	return seeOther(w, r, web.AccountPath)
}

// addFactor shows how to enrol one more second factor.
func (e *Entrance) addFactor(w http.ResponseWriter, r *http.Request) error {
	v, err := e.enrolment(r, "/account/factor", web.Actor(r).Name)
	if errors.Is(err, inspect.ErrStepUp) {
		return seeOther(w, r, web.StepUpPath+"?next="+url.QueryEscape("/account/factor"))
	}
	if err != nil {
		return err
	}
	return addFactorPage.Show(w, r, v)
}

func (e *Entrance) postAddFactor(w http.ResponseWriter, r *http.Request) error {
	done, err := e.enrol(r)
	if err != nil {
		return e.again(w, r, err, "/account/factor", e.addFactor)
	}
	e.keep(w, done.Ticket)
	if done.Recovery != nil {
		return newCodesPage.Show(w, r, newRecoveryView(done.Recovery, false))
	}
	return seeOther(w, r, web.AccountPath)
}

type idFields struct {
	ID string `json:"id"`
}

func (e *Entrance) postDropFactor(w http.ResponseWriter, r *http.Request) error {
	var in idFields
	err := read(r, &in)
	if err == nil {
		err = e.Gate.DropFactor(r.Context(), e.token(r), in.ID, e.from(r))
	}
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	return seeOther(w, r, web.AccountPath)
}

func (e *Entrance) postRecovery(w http.ResponseWriter, r *http.Request) error {
	var in struct{}
	err := read(r, &in)
	var codes []string
	if err == nil {
		codes, err = e.Gate.NewRecovery(r.Context(), e.token(r), e.from(r))
	}
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	return newCodesPage.Show(w, r, newRecoveryView(codes, false))
}

// postEndSession ends one other session, or with an empty id all others.
func (e *Entrance) postEndSession(w http.ResponseWriter, r *http.Request) error {
	var in idFields
	err := read(r, &in)
	if err == nil {
		err = e.Gate.End(r.Context(), e.token(r), in.ID, e.from(r))
	}
	if err != nil {
		return e.again(w, r, err, web.AccountPath, e.account)
	}
	return seeOther(w, r, web.AccountPath)
}
