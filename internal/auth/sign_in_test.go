package auth_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

func TestSignInNeedsBothFactors(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		half, err := h.SignIn(ctx, " LiKeZhang ", okWord, desk)
		h.must(err)
		if half.Stage != store.Half {
			h.Fatalf("stage after the password is %s", half.Stage)
		}
		h.out(half.Token)
		_, err = h.SwitchPost(ctx, half.Token, m.who.Post.ID, desk)
		h.want(err, inspect.ErrSignedOut)
		_, err = h.BeginTOTP(ctx, half.Token)
		h.want(err, inspect.ErrSignedOut)

		full, err := h.SecondFactor(ctx, half.Token, h.code(m.secret), desk)
		h.must(err)
		who := h.in(full.Token)
		if who.Person != m.who.Person || who.Post.ID != m.who.Post.ID || who.Org.Code != "scjg" || !who.Proven(h.Now) {
			h.Fatalf("the actor is %+v", who)
		}
		h.out(half.Token)
		h.logged(auth.SignedIn, auth.PasswordRight)
	})
}

func TestAnswersToWrongSignIns(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		_, token := h.invite("王会计", "wangkuaiji")
		if token == "" {
			h.Fatal("no token")
		}
		for _, test := range []struct{ what, name, password string }{
			{"wrong password", m.name, okWord + "x"},
			{"unknown name", "zhaoliu", okWord},
			{"invitation not redeemed", "wangkuaiji", okWord},
			{"empty password", m.name, ""},
			{"empty name", "", okWord},
			{"password of an account without one", "wangkuaiji", ""},
			{"control characters", "li\x00ke", "\x01\x02"},
			{"not UTF-8", "\xff\xfe", "\xff\xfe"},
			{"huge", strings.Repeat("长", 100_000), strings.Repeat("长", 300_000)},
			{"case of the password", m.name, strings.ToUpper(okWord)},
		} {
			_, err := h.SignIn(ctx, test.name, test.password, desk)
			if !errorIs(err, inspect.ErrSignIn) {
				h.Errorf("%s: got %v, want the one sentence", test.what, err)
			}
		}
	})
}

func TestSignInNamesAndPasswordsAreFolded(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "li.kezhang", "Ｆｕｌｌ　ｗｉｄｔｈ　ｋｅｙｓ　ｏｎ")
		for _, test := range []struct{ name, password string }{
			{m.name, "Full width keys on"},
			{"ＬＩ．ＫＥＺＨＡＮＧ", m.password},
		} {
			if _, err := h.SignIn(ctx, test.name, test.password, desk); err != nil {
				h.Errorf("%s, %s: %v", test.name, test.password, err)
			}
		}
	})
}

// Of ten thousand guesses at one account while the clock stands, at most a
// hundred are evaluated, however many come at once and from wherever.
func TestBruteForceIsNotEvaluated(t *testing.T) {
	for _, test := range []struct {
		what  string
		from  func(i int) auth.From
		name  func(i int) string
		tries int64
		most  int64
	}{
		{"one account, many networks", fromNet, func(int) string { return "likezhang" }, 10_000, 5},
		{"unknown name, many networks", fromNet, func(int) string { return "nobody" }, 1000, 5},
		{"one network, many names", func(int) auth.From { return away }, func(i int) string { return fmt.Sprint("name", i) }, 1000, 60},
	} {
		t.Run(test.what, func(t *testing.T) {
			h := gateOfSQLite(t)
			h.member("李科长", "likezhang", okWord)
			var evaluated, others atomic.Int64
			var all sync.WaitGroup
			next := atomic.Int64{}
			for range 8 {
				all.Add(1)
				go func() {
					defer all.Done()
					for i := int(next.Add(1)); int64(i) <= test.tries; i = int(next.Add(1)) {
						_, err := h.SignIn(ctx, test.name(i), "a wrong guess", test.from(i))
						switch {
						case errorIs(err, inspect.ErrSignIn):
							evaluated.Add(1)
						case errorIs(err, inspect.ErrSlow) || errorIs(err, inspect.ErrShut) || errorIs(err, inspect.ErrNet) || errorIs(err, inspect.ErrCrowded):
							others.Add(1)
						default:
							t.Errorf("guess %d: %v", i, err)
						}
					}
				}()
			}
			all.Wait()
			if n := evaluated.Load(); n > test.most || n == 0 {
				t.Errorf("%d guesses were evaluated, want at most %d", n, test.most)
			}
			if n := evaluated.Load() + others.Load(); n != test.tries {
				t.Errorf("%d answers to %d guesses", n, test.tries)
			}
		})
	}
}

// The pauses grow, and after a hundred failures in a row no password helps.
func TestPausesGrowUntilPasswordsAreShut(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		begin, tries := h.Now, 0
		for i := 0; tries < 100; i++ {
			_, err := h.SignIn(ctx, m.name, "a wrong guess", fromNet(i))
			if errorIs(err, inspect.ErrSlow) {
				h.pass(time.Second)
				for errorIs(err, inspect.ErrSlow) {
					h.pass(30 * time.Second)
					i++
					_, err = h.SignIn(ctx, m.name, "a wrong guess", fromNet(i))
				}
			}
			h.want(err, inspect.ErrSignIn)
			tries++
		}
		if took := h.Now.Sub(begin); took < 20*time.Hour {
			h.Errorf("a hundred guesses took %s, want most of a day", took)
		}
		h.pass(24 * time.Hour)
		_, err := h.SignIn(ctx, m.name, m.password, desk)
		h.want(err, inspect.ErrShut)

		// The security administrator's reset opens the account again.
		invite, err := h.Reset(ctx, h.Security(), m.who.Person, desk)
		h.must(err)
		_, err = h.Redeem(ctx, invite.Token, goodWord, desk)
		h.must(err)
		_, err = h.SignIn(ctx, m.name, goodWord, desk)
		h.must(err)
	})
}

func TestSuccessForgetsFailuresAndGivesTheTryBack(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		for range 100 { // a whole office behind one address
			for range 3 {
				_, err := h.SignIn(ctx, m.name, "a wrong guess", desk)
				h.want(err, inspect.ErrSignIn)
			}
			_, err := h.SignIn(ctx, m.name, okWord, desk)
			h.must(err)
			h.pass(30 * time.Second)
		}
	})
}

// A right password alone never opens an account whose password is only good
// beside a second factor.
func TestShortPasswordWithoutSecondFactorIsNoWayIn(t *testing.T) {
	both(t, func(h *house) {
		_, invite := h.invite("李科长", "likezhang")
		_, err := h.Redeem(ctx, invite, okWord, desk)
		h.must(err)
		_, err = h.SignIn(ctx, "likezhang", okWord, desk)
		h.want(err, inspect.ErrUnfinished)

		_, invite = h.invite("王会计", "wangkuaiji")
		_, err = h.Redeem(ctx, invite, goodWord, desk)
		h.must(err)
		ticket, err := h.SignIn(ctx, "wangkuaiji", goodWord, desk)
		h.must(err)
		if ticket.Stage != store.Enrol {
			h.Errorf("stage is %s, want the enrolment", ticket.Stage)
		}
		h.out(ticket.Token)
	})
}

func TestDemonstrationAccountsExistOnlyInADemonstration(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		real := gateOf(o, config(o))
		who := o.Clerk("李科长", "scjg")
		if err := real.Demo(ctx, "suicha", map[string]inspect.PersonID{"demo": who.Person}); err == nil {
			o.Fatal("a demonstration account was made in earnest")
		}
		c := config(o)
		c.Demo = true
		show := gateOf(o, c)
		show.must(show.Demo(ctx, "suicha", map[string]inspect.PersonID{"demo": who.Person}))
		ticket, err := show.SignIn(ctx, "demo", "suicha", desk)
		show.must(err)
		if actor := show.in(ticket.Token); actor.Proven(o.Now) {
			o.Error("a demonstration account is proven without being asked")
		}
		_, err = show.StepUpPassword(ctx, ticket.Token, "wrong", desk)
		show.want(err, inspect.ErrOldPassword)
		ticket, err = show.StepUpPassword(ctx, ticket.Token, "suicha", desk)
		show.must(err)
		if actor := show.in(ticket.Token); !actor.Proven(o.Now) {
			o.Error("the step-up did not prove")
		}
		_, err = show.ChangePassword(ctx, ticket.Token, "suicha", goodWord, desk)
		show.want(err, inspect.ErrDemoPassword)

		_, err = real.SignIn(ctx, "demo", "suicha", desk)
		real.want(err, inspect.ErrSignIn)
		real.out(ticket.Token)
	})
}

func TestPepperIsNeeded(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		c := config(h.Office)
		c.Pepper = []byte(strings.Repeat("another pepper ", 4))
		other := gateOf(h.Office, c)
		_, err := other.SignIn(ctx, m.name, okWord, desk)
		h.want(err, inspect.ErrSignIn)

		// As the former pepper, the old one still opens, and the password moves on.
		c.Former = [][]byte{config(h.Office).Pepper}
		turned := gateOf(h.Office, c)
		turned.signIn(m)
		other = gateOf(h.Office, auth.Cheap(auth.Config{
			Sessions: h.Store.Sessions, Pepper: c.Pepper, Origin: site, Now: c.Now,
		}))
		_, err = other.SignIn(ctx, m.name, okWord, desk)
		h.must(err)

		for _, bad := range [][]byte{nil, []byte("short")} {
			c.Pepper = bad
			if _, err := auth.Open(c); err == nil {
				h.Errorf("a gate opened with a pepper of %d bytes", len(bad))
			}
		}
	})
}
