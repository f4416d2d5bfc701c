package auth_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// The security log says what happened and nothing else: ending a session that is
// another person's, or none, leaves no line.
func TestEndingNothingIsNotLogged(t *testing.T) {
	both(t, func(h *house) {
		li, zhao := h.member("李科长", "likezhang", okWord), h.member("赵科员", "zhaokeyuan", okWord)
		this, _, err := h.Mine(ctx, zhao.token)
		h.must(err)
		before, err := h.Store.Sessions.SecurityLog(ctx, store.EventFilter{}, 1)
		h.must(err)
		for _, id := range []string{this, "00000000-0000-7000-8000-000000000000", "'"} {
			h.must(h.End(ctx, li.token, id, desk))
		}
		after, err := h.Store.Sessions.SecurityLog(ctx, store.EventFilter{}, 1)
		h.must(err)
		if after[0].ID != before[0].ID {
			t.Errorf("the security log says %s by %s", after[0].Kind, after[0].Name)
		}
		h.in(zhao.token)
	})
}

// A code, a recovery code, an invitation and a half sign-in work once, however
// many ask at the same moment.
func TestNothingWorksTwiceAtOnce(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		code := h.code(m.secret)
		var halves []string
		for range 3 {
			half, err := h.SignIn(ctx, m.name, m.password, desk)
			h.must(err)
			halves = append(halves, half.Token)
		}
		h.once("a code", 12, func(i int) error { _, err := h.SecondFactor(ctx, halves[i%3], code, desk); return err })
		h.pass(20 * time.Minute)
		h.once("a recovery code", 4, func(int) error {
			half, err := h.SignIn(ctx, m.name, m.password, desk)
			h.must(err)
			_, err = h.SecondFactor(ctx, half.Token, m.recovery[0], desk)
			return err
		})
		_, invite := h.invite("钱科员", "qiankeyuan")
		h.once("an invitation", 8, func(int) error { _, err := h.Redeem(ctx, invite, okWord, desk); return err })
	})
}

// once fails unless exactly one of n that ask at once succeeds.
func (h *house) once(what string, n int, ask func(i int) error) {
	h.Helper()
	var wg sync.WaitGroup
	var done atomic.Int32
	for i := range n {
		wg.Go(func() {
			if err := ask(i); err == nil {
				done.Add(1)
			} else if p := (inspect.Problem{}); !errors.As(err, &p) {
				h.Errorf("%s: %v", what, err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		h.Errorf("%s worked %d times", what, done.Load())
	}
}

// A shown factor serves the session that showed it, not another one, nor the same
// one later: a stolen second session does no grave act.
func TestStepUpStaysWithItsSession(t *testing.T) {
	both(t, func(h *house) {
		m := h.member("李科长", "likezhang", okWord)
		first := h.signIn(m)
		h.pass(inspect.StepUpFor)
		second := h.signIn(m)
		if h.in(first).Proven(h.Now) {
			t.Error("another session's sign-in proves this one")
		}
		h.pass(inspect.StepUpFor)
		code := h.code(m.secret)
		up, err := h.StepUp(ctx, second, code, desk)
		h.must(err)
		_, err = h.StepUp(ctx, first, code, desk)
		h.want(err, inspect.ErrCodeUsed)
		if h.in(first).Proven(h.Now) || !h.in(up.Token).Proven(h.Now) {
			t.Error("the wrong session is proven")
		}
		_, _, err = h.NewAPIToken(ctx, h.in(first), "x", []auth.Scope{auth.ScopeRead}, h.Now.Add(time.Hour), desk)
		h.want(err, inspect.ErrStepUp)
		h.pass(-time.Hour) // a clock that was set back proves nothing
		if h.in(up.Token).Proven(h.Now) {
			t.Error("a factor shown in the future counts")
		}
	})
}
