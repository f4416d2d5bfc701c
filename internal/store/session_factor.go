package store

import (
	"context"
	"time"

	"suicha/internal/inspect"
)

// A FactorKind is what a second factor is.
type FactorKind string

// The kinds of second factor.
const (
	TOTP    FactorKind = "totp"    // 动态口令
	Passkey FactorKind = "passkey" // 通行密钥
)

// A Factor is something a person shows beside, or instead of, the password.
type Factor struct {
	ID     string
	Person inspect.PersonID
	Kind   FactorKind
	Label  string // what its owner calls it
	Handle string // a passkey's credential id
	Secret string // sealed, or a passkey's public part
	Step   int64  // the last TOTP step that was used
	Made   time.Time
	Used   time.Time
}

const factorCols = `id, person, kind, label, handle, secret, step, made_at, used_at`

func scanFactor(row scanner) (f Factor, err error) {
	err = row.Scan(&f.ID, &f.Person, &f.Kind, &f.Label, nullCol[string]{&f.Handle}, &f.Secret, &f.Step, instantCol{&f.Made}, instantCol{&f.Used})
	return f, err
}

// Factors returns the second factors of a person, oldest first.
func (s *Sessions) Factors(ctx context.Context, person inspect.PersonID) ([]Factor, error) {
	return list(ctx, s.db, scanFactor, `SELECT `+factorCols+` FROM factor WHERE person = $1 ORDER BY made_at, id`, person)
}

// AddFactor stores a new second factor, unless the person has most already. It
// reports whether it did.
func (s *Sessions) AddFactor(ctx context.Context, f Factor, most int) (added bool, err error) {
	err = s.write(ctx, func(q queryer) error {
		if err := lockAccount(ctx, q, f.Person); err != nil {
			return err
		}
		n, err := exec(ctx, q, `
			INSERT INTO factor (id, person, kind, label, handle, secret, step, made_at, used_at)
			SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
			FROM   account
			WHERE  person = $2 AND (SELECT count(*) FROM factor WHERE person = $2) < $10
			ON CONFLICT (handle) DO NOTHING`,
			f.ID, string(f.Person), string(f.Kind), f.Label, null(f.Handle), f.Secret, f.Step, instant(f.Made), instant(f.Used), most)
		added = n == 1
		return err
	})
	return added, err
}

// StepFactor notes that the step of a TOTP secret was used at now. It reports
// false if that step, or a later one, was used before: a code works once.
func (s *Sessions) StepFactor(ctx context.Context, id string, step int64, now time.Time) (bool, error) {
	n, err := exec(ctx, s.writes, `UPDATE factor SET step = $2, used_at = $3 WHERE id = $1 AND step < $2`, id, step, instant(now))
	return n == 1, err
}

// PutFactor replaces the secret that was, and notes the use. It reports false if
// somebody else replaced it first.
func (s *Sessions) PutFactor(ctx context.Context, id, was, secret string, now time.Time) (bool, error) {
	n, err := exec(ctx, s.writes, `UPDATE factor SET secret = $3, used_at = $4 WHERE id = $1 AND secret = $2`, id, was, secret, instant(now))
	return n == 1, err
}

// DropFactor removes a second factor of a person unless it is the last. It
// reports whether it did.
func (s *Sessions) DropFactor(ctx context.Context, person inspect.PersonID, id string) (dropped bool, err error) {
	err = s.write(ctx, func(q queryer) error {
		if err := lockAccount(ctx, q, person); err != nil {
			return err
		}
		n, err := exec(ctx, q, `
			DELETE FROM factor
			WHERE  person = $1 AND id = $2 AND (SELECT count(*) FROM factor WHERE person = $1) > 1`, person, id)
		dropped = n == 1
		return err
	})
	return dropped, err
}

// PutRecovery replaces all recovery codes of a person.
func (s *Sessions) PutRecovery(ctx context.Context, person inspect.PersonID, hashes []string) error {
	return s.write(ctx, func(q queryer) error {
		if _, err := exec(ctx, q, `DELETE FROM recovery WHERE person = $1`, person); err != nil {
			return err
		}
		for _, hash := range hashes {
			if _, err := exec(ctx, q, `INSERT INTO recovery (person, hash, used_at) VALUES ($1, $2, '')`, person, hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// UseRecovery uses up a recovery code, and reports whether it was good.
func (s *Sessions) UseRecovery(ctx context.Context, person inspect.PersonID, hash string, now time.Time) (bool, error) {
	n, err := exec(ctx, s.writes, `UPDATE recovery SET used_at = $3 WHERE person = $1 AND hash = $2 AND used_at = ''`, person, hash, instant(now))
	return n == 1, err
}

// RecoveryLeft counts the unused recovery codes of a person.
func (s *Sessions) RecoveryLeft(ctx context.Context, person inspect.PersonID) (int64, error) {
	return row(ctx, s.db, scanCount, `SELECT count(*) FROM recovery WHERE person = $1 AND used_at = ''`, person)
}

// A Challenge is a ceremony that was begun: a passkey's, or the enrolment of a
// TOTP secret.
type Challenge struct {
	Hash    string
	Kind    string // sign_in, step_up, passkey or totp
	Session string // the session it belongs to; empty at sign-in
	Sealed  string // what finishing it needs
	Ends    time.Time
}

// AddChallenge stores a challenge, in place of one of the same hash.
func (s *Sessions) AddChallenge(ctx context.Context, c Challenge) error {
	_, err := exec(ctx, s.writes, `
		INSERT INTO challenge (hash, kind, session, sealed, ends_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (hash) DO UPDATE SET sealed = excluded.sealed, ends_at = excluded.ends_at`,
		c.Hash, c.Kind, c.Session, c.Sealed, instant(c.Ends))
	return err
}

// Challenge returns a live challenge of a session.
func (s *Sessions) Challenge(ctx context.Context, kind, hash, session string, now time.Time) (Challenge, error) {
	return row(ctx, s.db, scanChallenge, `
		SELECT hash, kind, session, sealed, ends_at
		FROM   challenge
		WHERE  kind = $1 AND hash = $2 AND session = $3 AND ends_at > $4`, kind, hash, session, instant(now))
}

// TakeChallenge returns a live challenge of a session and removes it: each works
// once. Without one it fails with inspect.ErrMissing.
func (s *Sessions) TakeChallenge(ctx context.Context, kind, hash, session string, now time.Time) (Challenge, error) {
	return row(ctx, s.writes, scanChallenge, `
		DELETE FROM challenge
		WHERE  kind = $1 AND hash = $2 AND session = $3 AND ends_at > $4
		RETURNING hash, kind, session, sealed, ends_at`, kind, hash, session, instant(now))
}

func scanChallenge(row scanner) (c Challenge, err error) {
	err = row.Scan(&c.Hash, &c.Kind, &c.Session, &c.Sealed, instantCol{&c.Ends})
	return c, err
}
