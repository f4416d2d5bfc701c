package auth_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
)

// known is a browser that a member has signed in from all the way.
func (h *house) known(m member) auth.From {
	h.Helper()
	half, err := h.SignIn(ctx, m.name, m.password, desk)
	h.must(err)
	full, err := h.SecondFactor(ctx, half.Token, h.code(m.secret), desk)
	h.must(err)
	h.pass(time.Minute)
	browser := desk
	if browser.Known = full.Known; browser.Known == "" || half.Known != "" {
		h.Fatalf("a half sign-in makes a browser known by %q, a whole one by %q", half.Known, full.Known)
	}
	return browser
}

// failed fails n times with a wrong password, however long that takes.
func (h *house) failed(m member, n int, from auth.From) {
	h.Helper()
	for i := range n {
		h.pass(16 * time.Minute)
		if _, err := h.SignIn(ctx, m.name, "wrong", from); !errors.Is(err, inspect.ErrSignIn) {
			h.Fatalf("failure %d: %v", i, err)
		}
	}
}

// Whoever fails on purpose, even until the name is shut, from the same network
// too, does not keep the owner out of a browser in which they signed in before.
func TestStrangersDoNotStopAKnownBrowser(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		browser := h.known(m)
		h.failed(m, 100, desk)
		_, err := h.SignIn(ctx, m.name, m.password, desk)
		h.want(err, inspect.ErrShut)
		for i := range 100 { // the network's tries, for other names
			if _, err := h.SignIn(ctx, fmt.Sprint("nobody", i), "wrong", desk); errors.Is(err, inspect.ErrNet) {
				break
			}
		}
		_, err = h.SignIn(ctx, "nobody-else", "wrong", desk)
		h.want(err, inspect.ErrNet)

		half, err := h.SignIn(ctx, m.name, m.password, browser)
		h.must(err)
		_, err = h.SecondFactor(ctx, half.Token, h.code(m.secret), browser)
		h.must(err)
		h.pass(10 * time.Minute)
		_, err = h.SignIn(ctx, m.name, m.password, desk) // the owner was there: the count begins anew
		h.must(err)
	})
}

// A thief of the password who fails at the codes does not stop the owner's.
func TestThievesDoNotStopTheCodesOfAKnownBrowser(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		browser := h.known(m)
		for range 100 {
			half, err := h.SignIn(ctx, m.name, m.password, away)
			h.must(err)
			_, err = h.SecondFactor(ctx, half.Token, "000000", away)
			h.want(err, inspect.ErrCode)
			h.pass(16 * time.Minute)
		}
		half, err := h.SignIn(ctx, m.name, m.password, browser)
		h.must(err)
		_, err = h.SecondFactor(ctx, half.Token, h.code(m.secret), desk)
		h.want(err, inspect.ErrCodeShut)
		_, err = h.SecondFactor(ctx, half.Token, h.code(m.secret), browser)
		h.must(err)
	})
}

// A known browser has its own pauses, and when its hundred tries are used up it
// is one of the others.
func TestAKnownBrowserHasItsOwnCount(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		browser := h.known(m)
		for range 5 {
			_, err := h.SignIn(ctx, m.name, "wrong", browser)
			h.want(err, inspect.ErrSignIn)
		}
		_, err := h.SignIn(ctx, m.name, m.password, browser)
		h.want(err, inspect.ErrSlow)
		_, err = h.SignIn(ctx, m.name, m.password, away)
		h.must(err)
		h.failed(m, 95, browser)
		h.failed(m, 5, browser) // from here on with the common count
		h.failed(m, 95, away)
		_, err = h.SignIn(ctx, m.name, m.password, browser)
		h.want(err, inspect.ErrShut)
	})
}

// A mark counts for its account, its password and its time, and is taken in the
// one form in which it was given.
func TestMarksThatCountForNothing(t *testing.T) {
	both(t, func(h *house) {
		li, zhao := h.member("李科长", "likezhang", okWord), h.member("赵科员", "zhaokeyuan", okWord)
		browser := h.known(li)
		stopped := func(what string, m member, known string) {
			h.Helper()
			if _, err := h.SignIn(ctx, m.name, m.password, auth.From{Addr: desk.Addr, Known: known}); !errors.Is(err, inspect.ErrSlow) {
				h.Errorf("%s: %v", what, err)
			}
		}
		slow := func(m member) {
			h.Helper()
			for range 5 {
				_, err := h.SignIn(ctx, m.name, "wrong", away)
				h.want(err, inspect.ErrSignIn)
			}
		}
		slow(li)
		slow(zhao)
		stopped("no mark", li, "")
		stopped("another person's", zhao, browser.Known)
		stopped("a changed one", li, "-"+browser.Known)
		stopped("a longer time", li, strings.Replace(browser.Known, ".1", ".2", 1))
		stopped("a doubled one", li, browser.Known+browser.Known)
		stopped("behind too many", li, strings.Repeat("a.1.b~", 4)+browser.Known)
		if _, err := h.SignIn(ctx, li.name, li.password, browser); err != nil {
			h.Errorf("the mark itself: %v", err)
		}
		h.pass(90 * 24 * time.Hour)
		_, err := h.SignIn(ctx, li.name, "wrong", away)
		h.want(err, inspect.ErrSignIn)
		stopped("an old one", li, browser.Known)
	})
}

// A reset makes every mark of the account worthless; a new password too, but for
// the browser in which it was set.
func TestResetForgetsKnownBrowsers(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		browser, token := h.known(m), h.signIn(m)
		fresh, err := h.ChangePassword(ctx, token, m.password, "nV4tqRz8", browser)
		h.must(err)
		m.password = "nV4tqRz8"
		stop := func() {
			for range 5 {
				_, err := h.SignIn(ctx, m.name, "wrong", away)
				h.want(err, inspect.ErrSignIn)
			}
		}
		stop()
		_, err = h.SignIn(ctx, m.name, m.password, browser)
		h.want(err, inspect.ErrSlow)
		browser.Known = fresh.Known
		_, err = h.SignIn(ctx, m.name, m.password, browser)
		h.must(err)

		h.pass(time.Hour)
		invite, err := h.Gate.Reset(ctx, h.Security(), m.who.Person, desk)
		h.must(err)
		_, err = h.Redeem(ctx, invite.Token, goodWord, desk)
		h.must(err)
		m.password = goodWord
		stop()
		_, err = h.SignIn(ctx, m.name, m.password, browser)
		h.want(err, inspect.ErrSlow)
	})
}

// Several persons share a browser; it stays known to the last four.
func TestABrowserIsKnownToFour(t *testing.T) {
	both(t, func(h *house) {
		var all []member
		browser := desk
		for _, name := range []string{"李科长", "赵科员", "钱科员", "孙科员", "周科员"} {
			m := h.member(name, fmt.Sprint("name", len(all)), okWord)
			all = append(all, m)
			for range 2 { // the second mark takes the place of the first
				half, err := h.SignIn(ctx, m.name, m.password, browser)
				h.must(err)
				full, err := h.SecondFactor(ctx, half.Token, h.code(m.secret), browser)
				h.must(err)
				h.pass(time.Minute)
				browser.Known = full.Known
			}
		}
		for i, m := range all {
			for range 5 {
				_, err := h.SignIn(ctx, m.name, "wrong", away)
				h.want(err, inspect.ErrSignIn)
			}
			if _, err := h.SignIn(ctx, m.name, m.password, browser); (err != nil) != (i == 0) {
				h.Errorf("person %d: %v", i, err)
			}
		}
		if n := len(browser.Known); n > 400 {
			h.Errorf("the browser keeps %d characters", n)
		}
	})
}
