package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// SignIn checks a name and a password. The ticket says what is still missing:
// the second factor (store.Half), its enrolment (store.Enrol), or nothing.
//
// A name that nobody has is treated like any other: its tries are counted, a
// password is hashed, the failure is logged, the answer is the same.
func (g *Gate) SignIn(ctx context.Context, name, password string, from From) (Ticket, error) {
	name, impossible := foldName(name)
	asked := name
	if impossible != nil { // asked for all the same, as a name that nobody has
		asked = ""
	}
	a, err := g.named(ctx, asked)
	if err != nil {
		return Ticket{}, err
	}
	key, known, err := g.counter(ctx, a, "name", g.nameKey(name), from)
	if err != nil {
		return Ticket{}, err
	}
	if err := g.mayTry(ctx, key, nameLock); err != nil {
		return Ticket{}, err
	}
	if !known {
		if err := g.chargeNet(ctx, from.Net()); err != nil {
			return Ticket{}, err
		}
	}
	if err := g.chargeKey(ctx, key, a.Person != "", nameLock); err != nil {
		return Ticket{}, err
	}
	right, stale, err := g.check(ctx, a.Person, a.Password, password)
	if err != nil {
		return Ticket{}, err
	}
	if !right {
		if err := g.note(ctx, SignInFailed, a.Person, "", from.Net(), "password"); err != nil {
			return Ticket{}, err
		}
		return Ticket{}, inspect.ErrSignIn
	}
	if err := g.rows.Forgive(ctx, key); err != nil {
		return Ticket{}, fmt.Errorf("forget failures: %w", err)
	}
	if !known {
		if err := g.refundNet(ctx, from.Net()); err != nil {
			return Ticket{}, fmt.Errorf("give back a try: %w", err)
		}
	}
	if stale {
		if err := g.storeAnew(ctx, a, password); err != nil {
			return Ticket{}, err
		}
	}
	return g.afterPassword(ctx, a, from)
}

// named returns the account of a name, or a zero one. A demonstration account
// exists in a demonstration only.
func (g *Gate) named(ctx context.Context, name string) (store.Account, error) {
	a, err := g.rows.AccountNamed(ctx, name)
	switch {
	case errors.Is(err, inspect.ErrMissing):
		return store.Account{}, nil
	case err != nil:
		return a, fmt.Errorf("read an account: %w", err)
	case a.Demo && !g.demo:
		return store.Account{}, nil
	}
	return a, nil
}

// storeAnew keeps a right password with today's cost and key, and for its person.
func (g *Gate) storeAnew(ctx context.Context, a store.Account, password string) error {
	fresh, err := g.hash(ctx, a.Person, password)
	if err != nil {
		return err
	}
	if _, err := g.rows.PutPassword(ctx, a.Person, a.Password, fresh, a.Alone, a.PasswordAt); err != nil {
		return fmt.Errorf("store a password anew: %w", err)
	}
	return nil
}

// afterPassword opens the session that a right password deserves.
func (g *Gate) afterPassword(ctx context.Context, a store.Account, from From) (Ticket, error) {
	stage, event := store.Half, PasswordRight
	switch {
	case a.Factors > 0:
	case a.Demo:
		stage, event = store.Full, SignedIn
	case !a.Alone:
		return Ticket{}, inspect.ErrUnfinished
	default:
		stage = store.Enrol
	}
	if err := g.note(ctx, event, a.Person, "", from.Net(), "password"); err != nil {
		return Ticket{}, err
	}
	return g.begin(ctx, a, stage, time.Time{}, "", from)
}

// SecondFactor completes a sign-in with a code: of the telephone, or a recovery
// code.
func (g *Gate) SecondFactor(ctx context.Context, token, code string, from From) (Ticket, error) {
	s, err := g.Session(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	if s.Stage != store.Half {
		return Ticket{}, inspect.ErrSignedOut
	}
	how, err := g.proveCode(ctx, s.Person, code, from)
	if err != nil {
		return Ticket{}, err
	}
	if err := g.note(ctx, SignedIn, s.Person, "", from.Net(), how); err != nil {
		return Ticket{}, err
	}
	return g.begin(ctx, store.Account{Person: s.Person}, store.Full, g.now(), s.hash, from)
}
