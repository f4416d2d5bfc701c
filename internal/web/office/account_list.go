package office

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	accountsPage = web.NewPage[accountsView](files, "account_list.html")
	tokenPage    = web.NewPage[tokenView](files, "account_token.html")
)

type accountInviteFields struct {
	Person inspect.PersonID `json:"person" label:"人员"`
	Name   string           `json:"name" label:"登录名"`
}

type accountsView struct {
	Invite  web.Form
	Without []web.Option // persons in office who have no account
	Filter  web.Filter
	Rows    []accountRow
	Pager   web.Pager
	None    bool // no account at all: not even one that the filter hides
}

type accountRow struct {
	Person          inspect.PersonID
	PersonName      string
	Name, Posts     string
	State           web.State
	Until           time.Time // of an open invitation
	Own, Redeemable bool
}

// tokenView shows an invitation once, to be handed over.
type tokenView struct {
	Name, Token, Path string
	Until             time.Time
}

// accounts lists who can sign in, for the security administrator, who invites
// and resets and never chooses a password: 三员分立.
func (e *Entrance) accounts(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, holders, err := e.Gate.Accounts(r.Context(), who)
	if err != nil {
		return err
	}
	posts := map[inspect.PersonID]string{}
	v := accountsView{Invite: web.FormTo(r, "/office/accounts", &accountInviteFields{})}
	has := map[inspect.PersonID]bool{}
	for _, a := range all {
		has[a.Person] = true
	}
	for _, h := range holders {
		post := h.Org.Short + h.Kind.Text()
		if posts[h.Person] == "" && !has[h.Person] {
			v.Without = append(v.Without, web.Option{Value: string(h.Person), Text: h.Name, Note: post})
		}
		if posts[h.Person] != "" {
			post = posts[h.Person] + "、" + post
		}
		posts[h.Person] = post
	}
	v.None = len(all) == 0
	states := []web.Option{}
	var rows []accountRow
	for _, a := range all {
		row := accountRowOf(a, posts[a.Person], who)
		if !slices.ContainsFunc(states, func(o web.Option) bool { return o.Value == row.State.Text }) {
			states = append(states, web.Option{Value: row.State.Text, Text: row.State.Text})
		}
		if row.fits(r.URL.Query()) {
			rows = append(rows, row)
		}
	}
	v.Filter = web.NewFilter(r, "姓名、登录名或岗位", "accounts", web.NewChip(r, "状态", "state", states...))
	page, next := pageOf(r, rows, func(row accountRow) string { return string(row.Person) })
	v.Rows, v.Pager = page, web.NewPager(r, "accounts", fmt.Sprintf("共 %d 个，本页 %d 个", len(rows), len(page)), next)
	return accountsPage.Show(w, r, v)
}

func accountRowOf(a store.Account, posts string, who inspect.Actor) accountRow {
	row := accountRow{Person: a.Person, PersonName: a.PersonName, Name: a.Name, Posts: posts, Own: a.Person == who.Person}
	switch {
	case a.Demo:
		row.State = web.State{Shape: web.Idle, Text: "演示账号"}
	case a.Password == "":
		row.State, row.Until, row.Redeemable = web.State{Shape: web.Waiting, Text: "等待接受邀请"}, a.Invited, true
	case a.Factors == 0:
		row.State = web.State{Shape: web.Going, Text: "未登记第二验证方式"}
	default:
		row.State = web.State{Shape: web.Happy, Text: "已启用"}
	}
	return row
}

// fits reports whether search and chip let the account through.
func (row accountRow) fits(q url.Values) bool {
	text := strings.ToLower(strings.TrimSpace(q.Get("q")))
	return fits(q.Get("state"), row.State.Text) && strings.Contains(strings.ToLower(row.PersonName+" "+row.Name+" "+row.Posts), text)
}

func (e *Entrance) postInvite(w http.ResponseWriter, r *http.Request) error {
	var in accountInviteFields
	err := read(r, &in)
	var invite auth.Invite
	if err == nil && in.Person == "" {
		err = inspect.ErrEmpty.With("人员").At("person")
	}
	if err == nil {
		invite, err = e.Gate.Invite(r.Context(), web.Actor(r), in.Person, in.Name, e.from(r))
	}
	return e.showToken(w, r, invite, err)
}

type resetFields struct {
	Person inspect.PersonID `json:"person"`
}

func (e *Entrance) postReset(w http.ResponseWriter, r *http.Request) error {
	var in resetFields
	err := read(r, &in)
	var invite auth.Invite
	if err == nil {
		invite, err = e.Gate.Reset(r.Context(), web.Actor(r), in.Person, e.from(r))
	}
	return e.showToken(w, r, invite, err)
}

// showToken shows a new invitation, or the list again with what went wrong.
func (e *Entrance) showToken(w http.ResponseWriter, r *http.Request, invite auth.Invite, err error) error {
	if errors.Is(err, inspect.ErrStepUp) { // beside this page, which keeps what was typed
		r = web.WithFailure(r, err)
		web.Failed(r).StepUp = web.StepUpPath + "?next=" + url.QueryEscape("/office/accounts")
		return e.accounts(w, r)
	}
	if err != nil {
		return e.again(w, r, err, "/office/accounts", e.accounts)
	}
	return tokenPage.Show(w, r, tokenView{Name: invite.For, Token: invite.Token, Path: "/invitation", Until: invite.Until})
}
