package auth_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

const (
	site     = "https://suicha.example.gov.cn"
	goodWord = "七月里的两只灰鹤 flew over" // 15 characters and more
	okWord   = "vK7moGn2"           // eight: enough beside a second factor
)

var (
	ctx  = context.Background()
	desk = auth.From{Addr: "10.3.7.21", Agent: "Mozilla/5.0 (Windows NT 10.0) Chrome/140"}
	away = auth.From{Addr: "203.0.113.9", Agent: "curl/8"}
)

// A house is a test's office with a gate in front.
type house struct {
	*rig.Office
	*auth.Gate
}

func config(o *rig.Office) auth.Config {
	return auth.Cheap(auth.Config{
		Sessions: o.Store.Sessions, Pepper: []byte("the pepper of the tests, 32 bytes"), Origin: site,
		Words: []string{"海阳市"}, Now: func() time.Time { return o.Now },
	})
}

func both(t *testing.T, story func(h *house)) {
	t.Helper()
	rig.Both(t, func(o *rig.Office) { story(gateOf(o, config(o))) })
}

func gateOf(o *rig.Office, c auth.Config) *house {
	o.Helper()
	g, err := auth.Open(c)
	if err != nil {
		o.Fatal(err)
	}
	return &house{o, g}
}

func (h *house) pass(d time.Duration) { h.Now = h.Now.Add(d) }

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) want(err error, want inspect.Problem) {
	h.Helper()
	if !errors.Is(err, want) {
		h.Fatalf("got %v, want %s", err, want.Code)
	}
}

// logged fails unless the newest lines of the security log are of these kinds,
// newest first.
func (h *house) logged(want ...auth.Event) {
	h.Helper()
	lines, err := h.Store.Sessions.SecurityLog(ctx, store.EventFilter{}, len(want))
	h.must(err)
	for i, line := range lines {
		if line.Kind != string(want[i]) {
			h.Fatalf("line %d of the security log is %s, want %s", i, line.Kind, want[i])
		}
	}
	if len(lines) != len(want) {
		h.Fatalf("%d lines in the security log, want %d", len(lines), len(want))
	}
}

// invite gives a new person with a clerk's post an account and returns the
// token.
func (h *house) invite(person, name string) (inspect.Actor, string) {
	h.Helper()
	who := h.Clerk(person, "scjg")
	invite, err := h.Gate.Invite(ctx, h.Security(), who.Person, name, desk)
	h.must(err)
	return who, invite.Token
}

// A member is a person with a finished account.
type member struct {
	who      inspect.Actor
	name     string
	password string
	secret   string // of the telephone
	recovery []string
	token    string // of the session that enrolled
}

func (h *house) member(person, name, password string) member {
	h.Helper()
	who, invite := h.invite(person, name)
	m := member{who: who, name: name, password: password}
	ticket, err := h.Redeem(ctx, invite, password, desk)
	h.must(err)
	e, err := h.BeginTOTP(ctx, ticket.Token)
	h.must(err)
	m.secret = e.Secret
	done, err := h.FinishTOTP(ctx, ticket.Token, "手机", h.code(m.secret), desk)
	h.must(err)
	m.recovery, m.token = done.Recovery, done.Token
	h.pass(time.Minute) // the code of the enrolment is used up
	return m
}

// code is what the telephone shows now.
func (h *house) code(secret string) string {
	h.Helper()
	code, err := totp.GenerateCode(secret, h.Now)
	h.must(err)
	return code
}

// signIn goes all the way in.
func (h *house) signIn(m member) string {
	h.Helper()
	half, err := h.SignIn(ctx, m.name, m.password, desk)
	h.must(err)
	full, err := h.SecondFactor(ctx, half.Token, h.code(m.secret), desk)
	h.must(err)
	h.pass(time.Minute)
	return full.Token
}

// in fails unless somebody acts with the token.
func (h *house) in(token string) inspect.Actor {
	h.Helper()
	who, err := h.Actor(ctx, token)
	h.must(err)
	return who
}

// out fails if anybody acts with the token.
func (h *house) out(token string) {
	h.Helper()
	if who, err := h.Actor(ctx, token); err == nil {
		h.Fatalf("%s acts with a token that should be worthless", who.Name)
	}
}

func secretOf(t testing.TB, e auth.Enrolment) string {
	t.Helper()
	u, err := url.Parse(e.URL)
	if err != nil || u.Query().Get("secret") != e.Secret || !strings.HasPrefix(e.URL, "otpauth://totp/") {
		t.Fatalf("the enrolment's address is %q (%v)", e.URL, err)
	}
	return e.Secret
}
