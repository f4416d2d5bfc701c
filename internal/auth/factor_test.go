package auth_test

import (
	"strings"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
)

func TestCodeWorksOnce(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		code := h.code(m.secret)
		half, err := h.SignIn(ctx, m.name, m.password, desk)
		h.must(err)
		full, err := h.SecondFactor(ctx, half.Token, code, desk)
		h.must(err)

		// Who looked over the shoulder has a password and a code.
		half, err = h.SignIn(ctx, m.name, m.password, away)
		h.must(err)
		_, err = h.SecondFactor(ctx, half.Token, code, away)
		h.want(err, inspect.ErrCodeUsed)
		_, err = h.StepUp(ctx, full.Token, code, desk)
		h.want(err, inspect.ErrCodeUsed)
		h.logged(auth.CodeFailed, auth.CodeFailed)

		// The code of the next step is taken early, and then the present one is not.
		h.pass(time.Minute)
		h.pass(30 * time.Second)
		next := h.code(m.secret)
		h.pass(-30 * time.Second)
		now := h.code(m.secret)
		_, err = h.SecondFactor(ctx, half.Token, next, away)
		h.must(err)
		_, err = h.StepUp(ctx, full.Token, now, desk)
		h.want(err, inspect.ErrCodeUsed)
	})
}

func TestCodesOfOneStepBesideAreTaken(t *testing.T) {
	for _, test := range []struct {
		skew time.Duration
		want bool
	}{
		{-61 * time.Second, false}, {-30 * time.Second, true}, {0, true}, {30 * time.Second, true}, {61 * time.Second, false},
	} {
		t.Run(test.skew.String(), func(t *testing.T) {
			h := gateOfSQLite(t)
			m := h.member("李科长", "likezhang", okWord)
			h.pass(5 * time.Minute)
			h.pass(test.skew)
			code := h.code(m.secret)
			h.pass(-test.skew)
			_, err := h.StepUp(ctx, m.token, code, desk)
			if got := err == nil; got != test.want {
				t.Errorf("a code %s away: %v", test.skew, err)
			}
		})
	}
}

func TestWrongCodes(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		for i, code := range []string{"", "12345", "1234567", "abcdef", "\xff\xff\xff\xff\xff\xff", strings.Repeat("1", 100_000), strings.Repeat("A", 16)} {
			h.pass(time.Duration(i) * time.Minute)
			_, err := h.StepUp(ctx, m.token, code, desk)
			h.want(err, inspect.ErrCode)
		}
		h.pass(5 * time.Minute)
		code := h.code(m.secret)
		_, err := h.StepUp(ctx, m.token, "　"+code[:3]+" "+code[3:], desk) // as people type it
		h.must(err)
	})
}

// Whoever has the password guesses codes slowly, and not for ever; the
// password's own count is not touched by it.
func TestCodesAreGuessedSlowly(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		half, err := h.SignIn(ctx, m.name, m.password, away)
		h.must(err)
		wrong := 0
		for i := range 100 {
			_, err := h.SecondFactor(ctx, half.Token, "ABCDEF", fromNet(i))
			if errorIs(err, inspect.ErrCode) {
				wrong++
			} else {
				h.want(err, inspect.ErrCodeSlow)
			}
		}
		if wrong != 5 {
			h.Errorf("%d codes were looked at while the clock stood", wrong)
		}
		h.in(m.token)
		h.pass(time.Hour)
		h.signIn(m)
	})
}

func TestRecoveryCodesWorkOnce(t *testing.T) {
	both(t, func(h *house) {
		m, other := h.member("李科长", "likezhang", okWord), h.member("王会计", "wangkuaiji", okWord)
		if len(m.recovery) != 10 {
			h.Fatalf("%d recovery codes", len(m.recovery))
		}
		for i, written := range []string{m.recovery[0], strings.ToLower(m.recovery[1]), strings.ReplaceAll(m.recovery[2], "-", " ")} {
			half, err := h.SignIn(ctx, m.name, m.password, desk)
			h.must(err)
			_, err = h.SecondFactor(ctx, half.Token, written, desk)
			h.must(err)
			if i == 0 {
				h.logged(auth.SignedIn, auth.RecoveryUsed)
			}

			half, err = h.SignIn(ctx, m.name, m.password, desk)
			h.must(err)
			_, err = h.SecondFactor(ctx, half.Token, m.recovery[i], desk)
			h.want(err, inspect.ErrCode)
			_, err = h.SecondFactor(ctx, half.Token, other.recovery[i], desk)
			h.want(err, inspect.ErrCode)
		}
		h.pass(time.Hour)
		token := h.signIn(m)
		_, left, err := h.Factors(ctx, token)
		h.must(err)
		if left != 7 {
			h.Errorf("%d recovery codes are left, want 7", left)
		}
		fresh, err := h.NewRecovery(ctx, token, desk)
		h.must(err)
		_, err = h.StepUp(ctx, token, m.recovery[5], desk)
		h.want(err, inspect.ErrCode)
		_, err = h.StepUp(ctx, token, fresh[5], desk)
		h.must(err)
	})
}

func TestFactorsChangeOnlyAfterAStepUp(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		h.pass(10 * time.Minute)
		h.in(m.token)
		factors, _, err := h.Factors(ctx, m.token)
		h.must(err)
		_, err = h.BeginTOTP(ctx, m.token)
		h.want(err, inspect.ErrStepUp)
		_, err = h.BeginPasskey(ctx, m.token)
		h.want(err, inspect.ErrStepUp)
		_, err = h.NewRecovery(ctx, m.token, desk)
		h.want(err, inspect.ErrStepUp)
		h.want(h.DropFactor(ctx, m.token, factors[0].ID, desk), inspect.ErrStepUp)

		up, err := h.StepUp(ctx, m.token, h.code(m.secret), desk)
		h.must(err)
		h.want(h.DropFactor(ctx, up.Token, factors[0].ID, desk), inspect.ErrLastFactor)
		e, err := h.BeginTOTP(ctx, up.Token)
		h.must(err)
		_, err = h.FinishTOTP(ctx, up.Token, "", h.code(secretOf(h.TB, e)), desk)
		h.want(err, inspect.ErrEmpty)
		e, err = h.BeginTOTP(ctx, up.Token)
		h.must(err)
		_, err = h.FinishTOTP(ctx, up.Token, "备用手机", "ABCDEF", desk)
		h.want(err, inspect.ErrCode)
		again, err := h.BeginTOTP(ctx, up.Token)
		h.must(err)
		if again.Secret != e.Secret {
			h.Error("a mistyped code changed the secret")
		}
		done, err := h.FinishTOTP(ctx, up.Token, "备用手机", h.code(e.Secret), desk)
		h.must(err)
		if done.Recovery != nil {
			h.Error("a further factor replaced the recovery codes")
		}
		h.must(h.DropFactor(ctx, done.Token, factors[0].ID, desk))
		h.pass(time.Minute)
		_, err = h.StepUp(ctx, done.Token, h.code(m.secret), desk)
		h.want(err, inspect.ErrCode)
		m.secret = e.Secret
		h.signIn(m)
	})
}

func TestEnrolmentRunsOut(t *testing.T) {
	both(t, func(h *house) {
		_, invite := h.invite("李科长", "likezhang")
		ticket, err := h.Redeem(ctx, invite, goodWord, desk)
		h.must(err)
		_, err = h.FinishTOTP(ctx, ticket.Token, "手机", "123456", desk)
		h.want(err, inspect.ErrCeremonyPast)
		e, err := h.BeginTOTP(ctx, ticket.Token)
		h.must(err)
		h.pass(21 * time.Minute)
		_, err = h.FinishTOTP(ctx, ticket.Token, "手机", h.code(e.Secret), desk)
		h.want(err, inspect.ErrCeremonyPast)
	})
}

// What the database holds of a second factor is of no use elsewhere.
func TestSecretsAreSealed(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		factors, err := h.Store.Sessions.Factors(ctx, m.who.Person)
		h.must(err)
		a, err := h.Store.Sessions.Account(ctx, m.who.Person)
		h.must(err)
		for _, kept := range []string{factors[0].Secret, a.Password} {
			if strings.Contains(kept, m.secret) || strings.Contains(kept, m.password) {
				h.Error("a secret is kept in clear")
			}
		}
		other := h.member("王会计", "wangkuaiji", okWord)
		theirs, err := h.Store.Sessions.Factors(ctx, other.who.Person)
		h.must(err)
		moved, err := h.Store.Sessions.PutFactor(ctx, theirs[0].ID, theirs[0].Secret, factors[0].Secret, h.Now)
		if err != nil || !moved {
			h.Fatal(moved, err)
		}
		h.pass(time.Minute)
		if _, err := h.StepUp(ctx, other.token, h.code(m.secret), desk); err == nil {
			h.Error("a sealed secret opened in another person's row")
		}
	})
}
