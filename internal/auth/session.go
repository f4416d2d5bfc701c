package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// How long a session lasts, and how many a person may have: 等保 2.0 三级 asks for
// an end when idle; the numbers are those of OWASP ASVS and NIST SP 800-63B-4 for
// the second assurance level.
const (
	sessionIdle  = 30 * time.Minute
	sessionWhole = 12 * time.Hour
	sessionHalf  = 10 * time.Minute // from the password to the second factor
	sessionsMost = 3
	touchEvery   = time.Minute
)

// A Session is a sign-in that was found alive at this moment.
type Session struct {
	store.Session
	Posts []store.Holder // the posts that the person holds today

	hash string
}

// A Ticket is a new session: the token that its browser keeps, and how far the
// sign-in has come.
type Ticket struct {
	Token string
	Stage store.Stage
	Known string // the marks for the browser to keep from now on; empty for no change
}

// Session returns the live session of a token, or inspect.ErrSignedOut.
//
// The rows are read each time, posts too, so that whoever is signed out, reset or
// relieved of a post is out with the next request: INV-28.
func (g *Gate) Session(ctx context.Context, token string) (Session, error) {
	now := g.now()
	s := Session{hash: hashToken(token)}
	var err error
	s.Session, err = g.rows.Session(ctx, s.hash)
	switch {
	case errors.Is(err, inspect.ErrMissing):
		return s, inspect.ErrSignedOut
	case err != nil:
		return s, fmt.Errorf("read a session: %w", err)
	case !g.keys.binds(s.Seal, sessionParts(s.hash, s.Session)...): // written by somebody else, or moved
		return s, inspect.ErrSignedOut
	case !now.Before(s.Ends) || now.Sub(s.Seen) >= sessionIdle || s.Demo && !g.demo:
		return s, inspect.ErrSignedOut
	}
	if now.Sub(s.Seen) >= touchEvery {
		if err := g.rows.Touch(ctx, s.ID, now); err != nil {
			return s, fmt.Errorf("touch a session: %w", err)
		}
	}
	if s.Stage != store.Full {
		return s, nil
	}
	if s.Posts, err = g.rows.HeldAt(ctx, s.Person, now); err != nil {
		return s, fmt.Errorf("read the posts of a session: %w", err)
	}
	return s, nil
}

// Actor returns who acts in the session. There is nobody before the sign-in is
// complete and a post is chosen, nor after the post has ended.
func (s Session) Actor() (inspect.Actor, bool) {
	i := slices.IndexFunc(s.Posts, func(h store.Holder) bool { return h.ID == s.Post })
	if s.Stage != store.Full || s.Post == "" || i < 0 {
		return inspect.Actor{}, false
	}
	h := s.Posts[i]
	return inspect.Actor{Person: s.Person, Name: s.Name, Post: h.Post, Org: h.Org, Proved: s.Proved}, true
}

// Actor returns who acts with a token, or an error if nobody does.
func (g *Gate) Actor(ctx context.Context, token string) (inspect.Actor, error) {
	s, err := g.Session(ctx, token)
	if err != nil {
		return inspect.Actor{}, err
	}
	who, ok := s.Actor()
	if !ok {
		return who, inspect.ErrSignedOut
	}
	return who, nil
}

// begin opens a session for an account.
func (g *Gate) begin(ctx context.Context, a store.Account, stage store.Stage, proved time.Time, was string, from From) (Ticket, error) {
	now := g.now()
	s := store.Session{
		ID: newID(now), Person: a.Person, Stage: stage, Net: from.Net(), Device: from.Device(),
		Made: now, Seen: now, Ends: now.Add(sessionWhole), Proved: proved,
	}
	if stage == store.Half {
		s.Ends = now.Add(sessionHalf)
	}
	if stage == store.Full {
		posts, err := g.rows.HeldAt(ctx, a.Person, now)
		if err != nil {
			return Ticket{}, fmt.Errorf("read the posts of a session: %w", err)
		}
		if len(posts) == 1 { // nothing to choose
			s.Post = posts[0].ID
		}
	}
	t, err := g.admit(ctx, was, s)
	if err == nil && stage == store.Full {
		t.Known, err = g.welcome(ctx, a.Person, from)
	}
	return t, err
}

// sessionParts are what a session's seal binds together: all that its holder may
// do follows from it.
func sessionParts(hash string, s store.Session) []string {
	return []string{"session", hash, s.ID, string(s.Person), string(s.Stage), string(s.Post), moment(s.Made), moment(s.Ends), moment(s.Proved)}
}

// again gives a session a new token and changes it by change. The old token is
// worthless from then on: nobody who knew it before comes along.
func (g *Gate) again(ctx context.Context, s Session, change func(*store.Session)) (Ticket, error) {
	v := s.Session
	if now := g.now(); now.After(v.Seen) { // a clock that was set back moves nothing
		v.Seen = now
	}
	change(&v)
	return g.admit(ctx, s.hash, v)
}

func (g *Gate) admit(ctx context.Context, was string, s store.Session) (Ticket, error) {
	token := newToken()
	s.Seal = g.keys.lookups(sessionParts(hashToken(token), s)...)[0]
	ended, err := g.rows.Admit(ctx, was, hashToken(token), s, sessionsMost)
	if errors.Is(err, inspect.ErrMissing) {
		return Ticket{}, inspect.ErrSignedOut
	}
	if err != nil {
		return Ticket{}, fmt.Errorf("open a session: %w", err)
	}
	if ended > 0 {
		if err := g.note(ctx, SessionEnded, s.Person, s.Person, s.Net, "too_many"); err != nil {
			return Ticket{}, err
		}
	}
	return Ticket{Token: token, Stage: s.Stage}, nil
}

// full returns the session of a token if it is complete.
func (g *Gate) full(ctx context.Context, token string) (Session, error) {
	s, err := g.Session(ctx, token)
	switch {
	case err != nil:
		return s, err
	case s.Stage == store.Enrol:
		return s, inspect.ErrEnrolFirst
	case s.Stage != store.Full:
		return s, inspect.ErrSignedOut
	}
	return s, nil
}

// SwitchPost goes on as another post that the person holds. The session keeps its
// age; it gets a new token.
func (g *Gate) SwitchPost(ctx context.Context, token string, post inspect.PostID, from From) (Ticket, error) {
	s, err := g.full(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	if !slices.ContainsFunc(s.Posts, func(h store.Holder) bool { return h.ID == post }) {
		return Ticket{}, inspect.ErrNotYourPost
	}
	if err := g.note(ctx, PostSwitched, s.Person, "", from.Net(), string(post)); err != nil {
		return Ticket{}, err
	}
	return g.again(ctx, s, func(v *store.Session) { v.Post = post })
}

// SignOut ends the session of a token. A token that is worthless already is no
// failure.
func (g *Gate) SignOut(ctx context.Context, token string, from From) error {
	s, err := g.Session(ctx, token)
	if errors.Is(err, inspect.ErrSignedOut) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := g.rows.End(ctx, s.Person, s.ID); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return g.note(ctx, SignedOut, s.Person, "", from.Net(), "")
}

// Mine returns the live sessions of the token's person, this one marked by its
// id.
func (g *Gate) Mine(ctx context.Context, token string) (this string, all []store.Session, err error) {
	s, err := g.full(ctx, token)
	if err != nil {
		return "", nil, err
	}
	all, err = g.rows.SessionsOf(ctx, s.Person)
	now := g.now()
	all = slices.DeleteFunc(all, func(v store.Session) bool { return !now.Before(v.Ends) || now.Sub(v.Seen) >= sessionIdle })
	return s.ID, all, err
}

// End ends another session of the token's person; with an empty id all but this
// one.
func (g *Gate) End(ctx context.Context, token, id string, from From) error {
	s, err := g.full(ctx, token)
	if err != nil {
		return err
	}
	ended := true
	if id == "" {
		_, err = g.rows.EndOthers(ctx, s.Person, s.ID)
	} else {
		ended, err = g.rows.End(ctx, s.Person, id)
	}
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	if !ended { // it has ended already, or is somebody else's: nothing happened
		return nil
	}
	return g.note(ctx, SessionEnded, s.Person, s.Person, from.Net(), "by_owner")
}

// unknownKept is how long failures of a name that nobody has are remembered.
const unknownKept = 30 * 24 * time.Hour

// Sweep removes what has run out. A job calls it now and then.
func (g *Gate) Sweep(ctx context.Context) error {
	now := g.now()
	return g.rows.Sweep(ctx, now, now.Add(-sessionIdle), now.Add(-unknownKept))
}
