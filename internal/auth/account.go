package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
)

// How long tokens work that are handed from person to person, and the one that
// the server's console prints.
const (
	inviteTime  = 72 * time.Hour
	consoleTime = time.Hour
)

// An Invite is a token to be handed to a person, who takes possession of an
// account with it. It is shown once; only its hash is kept.
type Invite struct {
	Token string
	For   string // the person's name; empty for the founding
	Until time.Time
}

// mayManage fails unless by may hand out accounts: a security administrator who
// has just shown the second factor, or the server's console. Nobody does it for
// themselves.
func (g *Gate) mayManage(by inspect.Actor, person inspect.PersonID) error {
	switch {
	case by.Post.Kind == inspect.ConsolePost:
		return nil
	case by.Post.Kind != inspect.SecurityAdmin:
		return inspect.ErrDenied.With("管理账号")
	case by.Person == person:
		return inspect.ErrOwnAccount
	case !by.Proven(g.now()):
		return inspect.ErrStepUp
	}
	return nil
}

// Invite makes an account with a sign-in name for a person, and a token for it.
// For an account that nobody has taken into possession yet it makes a new token;
// the old one no longer works.
func (g *Gate) Invite(ctx context.Context, by inspect.Actor, person inspect.PersonID, name string, from From) (Invite, error) {
	if err := g.mayManage(by, person); err != nil {
		return Invite{}, err
	}
	name, err := foldName(name)
	if err != nil {
		return Invite{}, err
	}
	invited, err := g.rows.PersonName(ctx, person)
	if err != nil {
		return Invite{}, fmt.Errorf("read who is invited: %w", err)
	}
	if _, err := g.rows.AddAccount(ctx, store.Account{Person: person, Name: name, Made: g.now()}); err != nil {
		return Invite{}, fmt.Errorf("make an account: %w", err)
	}
	a, err := g.rows.Account(ctx, person)
	if errors.Is(err, inspect.ErrMissing) || err == nil && (a.Name != name || a.Password != "") {
		return Invite{}, inspect.ErrAccountTaken.With(name)
	}
	if err != nil {
		return Invite{}, fmt.Errorf("read an account: %w", err)
	}
	invite, row := g.newInvitation(by.Person, person, inviteTime)
	invite.For = invited
	if err := g.rows.AddInvitation(ctx, row); err != nil {
		return Invite{}, fmt.Errorf("store an invitation: %w", err)
	}
	return invite, g.note(ctx, Invited, by.Person, person, from.Net(), "")
}

func (g *Gate) newInvitation(by, person inspect.PersonID, lasts time.Duration) (Invite, store.Invitation) {
	now := g.now()
	invite := Invite{Token: newToken(), Until: now.Add(lasts)}
	i := store.Invitation{Hash: hashToken(invite.Token), Person: person, By: by, Made: now, Ends: invite.Until}
	i.Seal = g.keys.lookups(invitationParts(i)...)[0]
	return invite, i
}

// invitationParts are what an invitation's seal binds together: whoever can write
// the database makes no invitation, and moves none to another person.
func invitationParts(i store.Invitation) []string {
	return []string{"invitation", i.Hash, string(i.Person), moment(i.Ends)}
}

// goodInvitation returns the live invitation of a token, or inspect.ErrMissing.
func (g *Gate) goodInvitation(ctx context.Context, token string) (store.Invitation, error) {
	i, err := g.rows.Invitation(ctx, hashToken(token))
	if err == nil && (!i.Used.IsZero() || !g.now().Before(i.Ends) || !g.keys.binds(i.Seal, invitationParts(i)...)) {
		err = inspect.ErrMissing
	}
	return i, err
}

// Reset takes an account from whoever has it: password, second factors, recovery
// codes and sessions are gone at once. The person takes it into possession again
// with the new token. No administrator ever chooses a password.
func (g *Gate) Reset(ctx context.Context, by inspect.Actor, person inspect.PersonID, from From) (Invite, error) {
	if err := g.mayManage(by, person); err != nil {
		return Invite{}, err
	}
	a, err := g.rows.Account(ctx, person)
	if err != nil {
		return Invite{}, fmt.Errorf("read an account: %w", err)
	}
	invite, row := g.newInvitation(by.Person, person, inviteTime)
	invite.For = a.PersonName
	if err := g.rows.Reset(ctx, row); err != nil {
		return Invite{}, err
	}
	for _, counted := range []string{g.nameKey(a.Name), g.codeKey(person)} {
		if err := g.rows.Forgive(ctx, counted); err != nil {
			return Invite{}, fmt.Errorf("forget failures: %w", err)
		}
	}
	return invite, g.note(ctx, WasReset, by.Person, person, from.Net(), "")
}

// Accounts returns every account, and who is in office in the region and so may
// want one, to a security administrator.
func (g *Gate) Accounts(ctx context.Context, by inspect.Actor) ([]store.Account, []store.Holder, error) {
	if by.Post.Kind != inspect.SecurityAdmin {
		return nil, nil, inspect.ErrDenied.With("管理账号")
	}
	accounts, err := g.rows.Accounts(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("list accounts: %w", err)
	}
	holders, err := g.rows.InOffice(ctx, by.Org.Region, g.now())
	if err != nil {
		return nil, nil, fmt.Errorf("list who is in office: %w", err)
	}
	return accounts, holders, nil
}

// Invited returns the account that a token is for, or inspect.ErrInvitation.
func (g *Gate) Invited(ctx context.Context, token string) (store.Account, error) {
	i, err := g.goodInvitation(ctx, token)
	switch {
	case errors.Is(err, inspect.ErrMissing):
		return store.Account{}, inspect.ErrInvitation
	case err != nil:
		return store.Account{}, fmt.Errorf("read an invitation: %w", err)
	case i.Person == "":
		return store.Account{}, inspect.ErrInvitation
	}
	return g.rows.Account(ctx, i.Person)
}

// Redeem takes an account into possession with a password of its owner's choice.
// The session that it opens can do one thing: enrol a second factor.
func (g *Gate) Redeem(ctx context.Context, token, password string, from From) (Ticket, error) {
	a, err := g.Invited(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	if err := judge(password, passwordWith, g.wordsOf(a.Name, a.PersonName)); err != nil {
		return Ticket{}, err
	}
	hash, err := g.hash(ctx, a.Person, password)
	if err != nil {
		return Ticket{}, err
	}
	used, err := g.rows.Redeem(ctx, hashToken(token), hash, standsAlone(password), g.now())
	if err != nil {
		return Ticket{}, fmt.Errorf("redeem an invitation: %w", err)
	}
	if !used {
		return Ticket{}, inspect.ErrInvitation
	}
	if err := g.note(ctx, Redeemed, a.Person, "", from.Net(), ""); err != nil {
		return Ticket{}, err
	}
	return g.begin(ctx, a, store.Enrol, time.Time{}, "", from)
}

// wordsOf are the names that a person's password must not rest on.
func (g *Gate) wordsOf(names ...string) []string { return append(names, g.words...) }

// standsAlone reports whether a password is long enough without a second factor.
func standsAlone(password string) bool { return judge(password, passwordAlone, nil) == nil }

// FoundingToken makes the token with which the first administrator founds the
// installation. It is printed on the server's console and nowhere else. There is
// no second founding: with any account there it fails with inspect.ErrFounded.
func (g *Gate) FoundingToken(ctx context.Context) (Invite, error) {
	if err := g.unfounded(ctx); err != nil {
		return Invite{}, err
	}
	invite, row := g.newInvitation("console", "", consoleTime)
	if err := g.rows.AddInvitation(ctx, row); err != nil {
		return Invite{}, fmt.Errorf("store the founding token: %w", err)
	}
	return invite, g.note(ctx, TokenMade, "console", "", "", "")
}

func (g *Gate) unfounded(ctx context.Context) error {
	any, err := g.rows.HasAccounts(ctx)
	if err != nil {
		return fmt.Errorf("look for accounts: %w", err)
	}
	if any {
		return inspect.ErrFounded
	}
	return nil
}

// MayFound fails unless token is the founding token and still good, and the
// first administrator's name and password would do. It changes nothing, so that
// it can be asked before the act that founds the installation.
func (g *Gate) MayFound(ctx context.Context, token, person, name, password string) error {
	if err := g.unfounded(ctx); err != nil {
		return err
	}
	i, err := g.goodInvitation(ctx, token)
	if err != nil && !errors.Is(err, inspect.ErrMissing) {
		return fmt.Errorf("read the founding token: %w", err)
	}
	if err != nil || i.Person != "" {
		return inspect.ErrConsoleToken
	}
	name, err = foldName(name)
	if err != nil {
		return err
	}
	return judge(password, passwordWith, g.wordsOf(name, person))
}

// Found makes the account of the first administrator, whom the founding act has
// just put on record, and uses up the founding token.
func (g *Gate) Found(ctx context.Context, token string, person inspect.PersonID, name, password string, from From) (Ticket, error) {
	full, err := g.rows.PersonName(ctx, person)
	if err != nil {
		return Ticket{}, fmt.Errorf("read the first administrator: %w", err)
	}
	if err := g.MayFound(ctx, token, full, name, password); err != nil {
		return Ticket{}, err
	}
	name, err = foldName(name)
	if err != nil {
		return Ticket{}, err
	}
	hash, err := g.hash(ctx, person, password)
	if err != nil {
		return Ticket{}, err
	}
	now := g.now()
	a := store.Account{Person: person, Name: name, Password: hash, Alone: standsAlone(password), Made: now, PasswordAt: now}
	used, err := g.rows.Found(ctx, hashToken(token), a, now)
	if err != nil {
		return Ticket{}, fmt.Errorf("make the first account: %w", err)
	}
	if !used {
		return Ticket{}, inspect.ErrConsoleToken
	}
	if err := g.note(ctx, Founded, person, "", from.Net(), ""); err != nil {
		return Ticket{}, err
	}
	return g.begin(ctx, a, store.Enrol, time.Time{}, "", from)
}

var errNoDemo = errors.New("auth: demonstration accounts are made in a demonstration only")

// Demo makes accounts, by sign-in name, with one password that everybody knows
// and without a second factor. It is refused unless the gate was opened for a
// demonstration; a gate that was not does not let such accounts in either.
func (g *Gate) Demo(ctx context.Context, password string, accounts map[string]inspect.PersonID) error {
	if !g.demo {
		return errNoDemo
	}
	stored, err := g.hashFor(ctx, password)
	if err != nil {
		return err
	}
	now := g.now()
	for name, person := range accounts {
		name, err := foldName(name)
		if err != nil {
			return err
		}
		_, err = g.rows.AddAccount(ctx, store.Account{Person: person, Name: name, Password: stored(person), Demo: true, Made: now, PasswordAt: now})
		if err != nil {
			return fmt.Errorf("make a demonstration account: %w", err)
		}
	}
	return nil
}

// ChangePassword replaces the password of the token's person, who shows the old
// one. All other sessions end.
func (g *Gate) ChangePassword(ctx context.Context, token, old, password string, from From) (Ticket, error) {
	s, err := g.full(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	a, err := g.rows.Account(ctx, s.Person)
	if err != nil {
		return Ticket{}, fmt.Errorf("read an account: %w", err)
	}
	if a.Demo {
		return Ticket{}, inspect.ErrDemoPassword
	}
	if err := judge(password, passwordWith, g.wordsOf(a.Name, a.PersonName)); err != nil {
		return Ticket{}, err
	}
	if err := g.checkOwn(ctx, a, old, from); err != nil {
		return Ticket{}, err
	}
	hash, err := g.hash(ctx, s.Person, password)
	if err != nil {
		return Ticket{}, err
	}
	a.PasswordAt = g.now()
	changed, err := g.rows.PutPassword(ctx, s.Person, a.Password, hash, standsAlone(password), a.PasswordAt)
	if err != nil {
		return Ticket{}, fmt.Errorf("store a password: %w", err)
	}
	if !changed {
		return Ticket{}, inspect.ErrStale
	}
	if _, err := g.rows.EndOthers(ctx, s.Person, s.ID); err != nil {
		return Ticket{}, fmt.Errorf("end sessions: %w", err)
	}
	if err := g.note(ctx, PasswordSet, s.Person, "", from.Net(), ""); err != nil {
		return Ticket{}, err
	}
	t, err := g.again(ctx, s, func(*store.Session) {})
	t.Known = g.remember(a, from)
	return t, err
}
