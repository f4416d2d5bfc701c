package store

import (
	"context"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

// An Account is the way in of one person.
type Account struct {
	Person     inspect.PersonID
	Name       string // sign-in name, folded
	PersonName string
	Password   string // PHC text; empty until an invitation is redeemed
	Alone      bool   // the password is long enough to stand without a second factor
	Demo       bool
	Made       time.Time
	PasswordAt time.Time
	Factors    int64     // second factors it has
	Invited    time.Time // until when its invitation can be redeemed; zero without one
}

const accountSelect = `
	SELECT a.person, a.name, p.name, a.password, a.alone, a.demo, a.made_at, a.password_at,
	       (SELECT count(*) FROM factor f WHERE f.person = a.person),
	       (SELECT coalesce(max(i.ends_at), '') FROM invitation i WHERE i.person = a.person AND i.used_at = '')
	FROM   account a
	JOIN   person p ON p.id = a.person`

func scanAccount(row scanner) (a Account, err error) {
	err = row.Scan(&a.Person, &a.Name, &a.PersonName, &a.Password, &a.Alone, &a.Demo,
		instantCol{&a.Made}, instantCol{&a.PasswordAt}, &a.Factors, instantCol{&a.Invited})
	return a, err
}

// Account returns the account of a person.
func (s *Sessions) Account(ctx context.Context, person inspect.PersonID) (Account, error) {
	return row(ctx, s.db, scanAccount, accountSelect+` WHERE a.person = $1`, person)
}

// AccountNamed returns the account with a sign-in name.
func (s *Sessions) AccountNamed(ctx context.Context, name string) (Account, error) {
	return row(ctx, s.db, scanAccount, accountSelect+` WHERE a.name = $1`, name)
}

// Accounts returns every account, by name.
func (s *Sessions) Accounts(ctx context.Context) ([]Account, error) {
	return list(ctx, s.db, scanAccount, accountSelect+` ORDER BY a.name`)
}

// HasAccounts reports whether there is any account.
func (s *Sessions) HasAccounts(ctx context.Context) (bool, error) {
	n, err := row(ctx, s.db, scanCount, `SELECT count(*) FROM account`)
	return n > 0, err
}

// PersonName returns the name of a person who need not have an account.
func (s *Sessions) PersonName(ctx context.Context, person inspect.PersonID) (string, error) {
	p, err := row(ctx, s.db, scanPerson, `SELECT id, version, name FROM person WHERE id = $1`, person)
	return p.Name, err
}

// An Invitation is a token that was handed out. Its hash is all that is kept.
type Invitation struct {
	Hash   string
	Person inspect.PersonID // empty for the founding of the installation
	By     inspect.PersonID
	Made   time.Time
	Ends   time.Time
	Used   time.Time
	Seal   string // by package auth
}

func scanInvitation(row scanner) (i Invitation, err error) {
	err = row.Scan(&i.Hash, nullCol[inspect.PersonID]{&i.Person}, &i.By, instantCol{&i.Made}, instantCol{&i.Ends}, instantCol{&i.Used}, &i.Seal)
	return i, err
}

// Invitation returns the invitation whose token has the hash.
func (s *Sessions) Invitation(ctx context.Context, hash string) (Invitation, error) {
	return row(ctx, s.db, scanInvitation, `
		SELECT hash, person, by_whom, made_at, ends_at, used_at, seal FROM invitation WHERE hash = $1`, hash)
}

// AddInvitation stores an invitation and takes back the unused ones for the same
// purpose, so that only the latest token works.
func (s *Sessions) AddInvitation(ctx context.Context, i Invitation) error {
	return s.write(ctx, func(q queryer) error { return addInvitation(ctx, q, i) })
}

func addInvitation(ctx context.Context, q queryer, i Invitation) error {
	_, err := exec(ctx, q, `DELETE FROM invitation WHERE used_at = '' AND coalesce(person, '') = $1`, string(i.Person))
	if err != nil {
		return err
	}
	kind := "account"
	if i.Person == "" {
		kind = "found"
	}
	_, err = exec(ctx, q, `
		INSERT INTO invitation (hash, kind, person, by_whom, made_at, ends_at, used_at, seal)
		VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
		i.Hash, kind, null(i.Person), i.By, instant(i.Made), instant(i.Ends), i.Seal)
	return err
}

// AddAccount stores a new account. It reports false if the sign-in name, or the
// person, has one already.
func (s *Sessions) AddAccount(ctx context.Context, a Account) (bool, error) {
	n, err := addAccount(ctx, s.writes, a)
	return n == 1, err
}

func addAccount(ctx context.Context, q queryer, a Account) (int64, error) {
	return exec(ctx, q, `
		INSERT INTO account (person, name, password, alone, demo, made_at, password_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`,
		a.Person, a.Name, a.Password, a.Alone, a.Demo, instant(a.Made), instant(a.PasswordAt))
}

// Reset takes an account back to where it was before its first invitation was
// redeemed: no password, no second factors, no sessions. Only i's token opens
// it again.
func (s *Sessions) Reset(ctx context.Context, i Invitation) error {
	return s.write(ctx, func(q queryer) error {
		for _, statement := range []string{
			`UPDATE account SET password = '', alone = FALSE, password_at = '' WHERE person = $1`,
			`DELETE FROM session WHERE person = $1`,
			`DELETE FROM factor WHERE person = $1`,
			`DELETE FROM recovery WHERE person = $1`,
		} {
			if _, err := exec(ctx, q, statement, i.Person); err != nil {
				return fmt.Errorf("reset an account: %w", err)
			}
		}
		return addInvitation(ctx, q, i)
	})
}

// Redeem uses up an invitation and sets the password of its account. It reports
// false, and does nothing, if the invitation is not good at now.
func (s *Sessions) Redeem(ctx context.Context, hash, password string, alone bool, now time.Time) (used bool, err error) {
	err = s.write(ctx, func(q queryer) error {
		if used, err = useInvitation(ctx, q, hash, now); err != nil || !used {
			return err
		}
		_, err = exec(ctx, q, `
			UPDATE account
			SET    password = $2, alone = $3, password_at = $4
			WHERE  person = (SELECT person FROM invitation WHERE hash = $1)`, hash, password, alone, instant(now))
		return err
	})
	return used, err
}

func useInvitation(ctx context.Context, q queryer, hash string, now time.Time) (bool, error) {
	n, err := exec(ctx, q, `UPDATE invitation SET used_at = $2 WHERE hash = $1 AND used_at = '' AND ends_at > $2`, hash, instant(now))
	return n == 1, err
}

// Found uses up the founding token and makes the first account with it, or does
// neither. It reports whether the token was good at now.
func (s *Sessions) Found(ctx context.Context, hash string, a Account, now time.Time) (used bool, err error) {
	err = s.write(ctx, func(q queryer) error {
		if used, err = useInvitation(ctx, q, hash, now); err != nil || !used {
			return err
		}
		n, err := addAccount(ctx, q, a)
		if err == nil && n == 0 {
			return inspect.ErrFounded
		}
		return err
	})
	return used, err
}

// PutPassword replaces the password that was, and reports whether it still was.
func (s *Sessions) PutPassword(ctx context.Context, person inspect.PersonID, was, password string, alone bool, now time.Time) (bool, error) {
	n, err := exec(ctx, s.writes, `
		UPDATE account
		SET    password = $3, alone = $4, password_at = $5
		WHERE  person = $1 AND password = $2`, person, was, password, alone, instant(now))
	return n == 1, err
}
