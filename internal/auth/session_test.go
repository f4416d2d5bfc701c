package auth_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

func errorIs(err error, want inspect.Problem) bool { return errors.Is(err, want) }

// fromNet is an address in the i-th network.
func fromNet(i int) auth.From {
	return auth.From{Addr: fmt.Sprintf("10.%d.%d.7", i/250%250, i%250)}
}

func gateOfSQLite(t *testing.T) *house {
	o := rig.Open(t, rig.SQLite(t))
	return gateOf(o, config(o))
}

// A token that was known before a step is worthless after it.
func TestEveryStepChangesTheToken(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		post := h.Someone("李科长", inspect.Liaison, "wjw").Post.ID
		half, err := h.SignIn(ctx, m.name, m.password, desk)
		h.must(err)
		full, err := h.SecondFactor(ctx, half.Token, h.code(m.secret), desk)
		h.must(err)
		chosen, err := h.SwitchPost(ctx, full.Token, post, desk)
		h.must(err)
		h.pass(time.Minute)
		up, err := h.StepUp(ctx, chosen.Token, h.code(m.secret), desk)
		h.must(err)
		changed, err := h.ChangePassword(ctx, up.Token, okWord, goodWord, desk)
		h.must(err)
		for _, old := range []string{half.Token, full.Token, chosen.Token, up.Token} {
			_, err := h.Session(ctx, old)
			h.want(err, inspect.ErrSignedOut)
		}
		if who := h.in(changed.Token); who.Post.ID != post || who.Org.Code != "wjw" {
			h.Errorf("acts as %s of %s", who.Post.Kind, who.Org.Code)
		}
	})
}

func TestTokensThatNeverWere(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		for _, token := range []string{"", "x", m.token + "x", m.token[1:], "%00", "' OR 1=1 --", "\xff"} {
			_, err := h.Session(ctx, token)
			h.want(err, inspect.ErrSignedOut)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)

		token := h.signIn(m)
		for range 5 {
			h.pass(28 * time.Minute)
			h.in(token)
		}
		h.pass(30 * time.Minute)
		h.out(token) // idle

		token = h.signIn(m)
		for range 37 {
			h.pass(19 * time.Minute)
			h.in(token)
		}
		h.pass(17 * time.Minute)
		h.out(token) // twelve hours, however busy

		token = h.signIn(m)
		h.must(h.SignOut(ctx, token, desk))
		h.out(token)
		h.logged(auth.SignedOut)
		h.must(h.SignOut(ctx, token, desk))
	})
}

func TestThreeSessionsAtMost(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		tokens := []string{m.token}
		for range 3 {
			tokens = append(tokens, h.signIn(m))
		}
		h.out(tokens[0])
		for _, token := range tokens[1:] {
			h.in(token)
		}
	})
}

func TestListAndKillSessions(t *testing.T) {
	both(t, func(h *house) {
		m, other := h.member("李科长", "likezhang", okWord), h.member("王会计", "wangkuaiji", okWord)
		here, there := h.signIn(m), m.token
		this, all, err := h.Mine(ctx, here)
		h.must(err)
		if len(all) != 2 || all[0].ID != this || all[0].Net != "10.3.7.0/24" || all[0].Device != "Chrome，Windows" {
			h.Fatalf("sessions are %+v", all)
		}
		// Nobody ends another person's session.
		h.must(h.End(ctx, other.token, all[1].ID, desk))
		h.in(there)
		h.must(h.End(ctx, here, all[1].ID, desk))
		h.out(there)
		h.logged(auth.SessionEnded)

		there = h.signIn(m)
		h.must(h.End(ctx, here, "", desk))
		h.out(there)
		h.in(here)
	})
}

// INV-28: who loses a post is out with the next request.
func TestReliefFromAPostWorksAtOnce(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		h.in(m.token)
		h.Done(h.Security(), act.EndPost{Post: m.who.Post.ID, Seen: 1})
		h.out(m.token)
		if _, err := h.Session(ctx, m.token); err != nil {
			h.Errorf("still signed in, without a post: %v", err)
		}
		_, err := h.SwitchPost(ctx, m.token, m.who.Post.ID, desk)
		h.want(err, inspect.ErrNotYourPost)
	})
}

func TestSeveralPostsAreChosenFrom(t *testing.T) {
	both(t, func(h *house) {
		second := h.Someone("李科长", inspect.Liaison, "wjw").Post.ID
		m := h.member("李科长", "likezhang", okWord)
		token := h.signIn(m)
		h.out(token)
		s, err := h.Session(ctx, token)
		h.must(err)
		if len(s.Posts) != 2 {
			h.Fatalf("%d posts to choose from", len(s.Posts))
		}
		_, err = h.SwitchPost(ctx, token, h.Security().Post.ID, desk)
		h.want(err, inspect.ErrNotYourPost)
		ticket, err := h.SwitchPost(ctx, token, second, desk)
		h.must(err)
		if who := h.in(ticket.Token); who.Post.ID != second {
			h.Errorf("acts as %s", who.Post.Kind)
		}
		h.logged(auth.PostSwitched)
	})
}

// A reset by the security administrator takes effect with the next request.
func TestResetTakesTheAccountAway(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		token := h.signIn(m)
		invite, err := h.Reset(ctx, h.Security(), m.who.Person, desk)
		h.must(err)
		h.out(token)
		h.out(m.token)
		_, err = h.SignIn(ctx, m.name, m.password, desk)
		h.want(err, inspect.ErrSignIn)

		ticket, err := h.Redeem(ctx, invite.Token, goodWord, desk)
		h.must(err)
		_, err = h.BeginTOTP(ctx, ticket.Token)
		h.must(err)
		_, err = h.StepUp(ctx, ticket.Token, m.recovery[0], desk)
		h.want(err, inspect.ErrEnrolFirst)
	})
}

func TestSweepLeavesTheLiving(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		_, err := h.SignIn(ctx, "nobody", "a wrong guess", away)
		h.want(err, inspect.ErrSignIn)
		h.must(h.Sweep(ctx))
		h.in(m.token)
		h.pass(31 * 24 * time.Hour)
		token := h.signIn(m)
		h.must(h.Sweep(ctx))
		h.in(token)
		h.out(m.token)
	})
}
