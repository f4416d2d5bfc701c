package auth

import (
	"context"
	"fmt"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// StepUp shows the second factor again, before a grave act. The session gets a
// new token and is proven for inspect.StepUpFor.
func (g *Gate) StepUp(ctx context.Context, token, code string, from From) (Ticket, error) {
	s, err := g.full(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	how, err := g.proveCode(ctx, s.Person, code, from)
	if err != nil {
		return Ticket{}, err
	}
	return g.prove(ctx, s, how, from)
}

// StepUpPassword is StepUp for demonstration accounts, which have no second
// factor. Others cannot: the password was shown already.
func (g *Gate) StepUpPassword(ctx context.Context, token, password string, from From) (Ticket, error) {
	s, err := g.full(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	a, err := g.rows.Account(ctx, s.Person)
	if err != nil {
		return Ticket{}, fmt.Errorf("read an account: %w", err)
	}
	if !a.Demo || a.Factors > 0 {
		return Ticket{}, inspect.ErrCode
	}
	if err := g.checkOwn(ctx, a, password, from); err != nil {
		return Ticket{}, err
	}
	return g.prove(ctx, s, "password", from)
}

// checkOwn checks the password of somebody who is signed in.
func (g *Gate) checkOwn(ctx context.Context, a store.Account, password string, from From) error {
	key, _, err := g.counter(ctx, a, "code", g.codeKey(a.Person), from)
	if err != nil {
		return err
	}
	if err := g.chargeKey(ctx, key, true, codeLock); err != nil {
		return err
	}
	right, _, err := g.check(ctx, a.Person, a.Password, password)
	if err != nil {
		return err
	}
	if !right {
		if err := g.note(ctx, CodeFailed, a.Person, "", from.Net(), "password"); err != nil {
			return err
		}
		return inspect.ErrOldPassword
	}
	return g.rows.Forgive(ctx, key)
}

func (g *Gate) prove(ctx context.Context, s Session, how string, from From) (Ticket, error) {
	if err := g.note(ctx, SteppedUp, s.Person, "", from.Net(), how); err != nil {
		return Ticket{}, err
	}
	now := g.now()
	return g.again(ctx, s, func(v *store.Session) { v.Proved = now })
}

// proven fails with inspect.ErrStepUp unless the second factor was shown in the
// session just now.
func (g *Gate) proven(s Session) error {
	if !(inspect.Actor{Proved: s.Proved}).Proven(g.now()) {
		return inspect.ErrStepUp
	}
	return nil
}
