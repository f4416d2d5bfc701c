package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// Sessions keeps sign-ins: accounts, second factors, sessions, the security
// log. It touches those tables and no others. It is handed to package auth.
//
// Its transactions are short and do not queue behind acts. Where two sign-ins
// could meet, the first statement updates the one row that both need, which
// locks it on either database.
type Sessions struct {
	db, writes *sql.DB
	d          dialect
}

// write runs do in one short transaction.
func (s *Sessions) write(ctx context.Context, do func(queryer) error) error {
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// A Stage is how far a session has come.
type Stage string

// The stages.
const (
	Half  Stage = "half"  // the password was right, the second factor is awaited
	Enrol Stage = "enrol" // there is no second factor yet
	Full  Stage = "full"  // signed in
)

// A Session is one sign-in of a person.
type Session struct {
	ID      string // names the session to its holder; the token stays secret
	Person  inspect.PersonID
	Name    string // of the person
	Account string // the sign-in name
	Demo    bool   // of a demonstration account
	Stage   Stage
	Post    inspect.PostID // the post acted through; empty until one is chosen
	Net     string         // first part of the address it was opened from
	Device  string         // what kind of browser opened it
	Made    time.Time
	Seen    time.Time
	Ends    time.Time // whatever is done, it ends then
	Proved  time.Time // when the second factor was last shown
	Seal    string    // by package auth, over all but Seen
}

const sessionSelect = `
	SELECT s.id, s.person, p.name, a.name, a.demo, s.stage, s.post, s.net, s.device, s.made_at, s.seen_at, s.ends_at, s.proved_at, s.seal
	FROM   session s
	JOIN   account a ON a.person = s.person
	JOIN   person p ON p.id = s.person`

func scanSession(row scanner) (s Session, err error) {
	err = row.Scan(&s.ID, &s.Person, &s.Name, &s.Account, &s.Demo, &s.Stage, &s.Post, &s.Net, &s.Device,
		instantCol{&s.Made}, instantCol{&s.Seen}, instantCol{&s.Ends}, instantCol{&s.Proved}, &s.Seal)
	return s, err
}

// Session returns the session whose token has the hash, live or not.
func (s *Sessions) Session(ctx context.Context, hash string) (Session, error) {
	return row(ctx, s.db, scanSession, sessionSelect+` WHERE s.hash = $1`, hash)
}

// SessionsOf returns the full sessions of a person, the latest seen first.
func (s *Sessions) SessionsOf(ctx context.Context, person inspect.PersonID) ([]Session, error) {
	return list(ctx, s.db, scanSession, sessionSelect+`
		WHERE  s.person = $1 AND s.stage = 'full'
		ORDER  BY s.seen_at DESC, s.id`, person)
}

// Admit stores a session under the hash of its token. If was is not empty, the
// session with that hash ends in the same moment, and must be there. Of the
// person's full sessions, only the newest most stay; it returns how many had to
// go.
func (s *Sessions) Admit(ctx context.Context, was, hash string, v Session, most int) (ended int64, err error) {
	err = s.write(ctx, func(q queryer) error {
		if err := lockAccount(ctx, q, v.Person); err != nil {
			return err
		}
		if was != "" {
			if n, err := exec(ctx, q, `DELETE FROM session WHERE hash = $1`, was); err != nil || n != 1 {
				return firstError(err, inspect.ErrMissing)
			}
		}
		_, err := exec(ctx, q, `
			INSERT INTO session (id, hash, person, stage, post, net, device, made_at, seen_at, ends_at, proved_at, seal)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			v.ID, hash, v.Person, v.Stage, v.Post, v.Net, v.Device,
			instant(v.Made), instant(v.Seen), instant(v.Ends), instant(v.Proved), v.Seal)
		if err != nil {
			return err
		}
		ended, err = exec(ctx, q, `
			DELETE FROM session
			WHERE  person = $1 AND stage = 'full' AND id NOT IN (
				SELECT id FROM session WHERE person = $1 AND stage = 'full' ORDER BY seen_at DESC, id DESC LIMIT $2)`,
			v.Person, most)
		return err
	})
	return ended, err
}

// lockAccount makes transactions about one person queue.
func lockAccount(ctx context.Context, q queryer, person inspect.PersonID) error {
	_, err := exec(ctx, q, `UPDATE account SET made_at = made_at WHERE person = $1`, person)
	return err
}

func firstError(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Touch notes that the session was used at now.
func (s *Sessions) Touch(ctx context.Context, id string, now time.Time) error {
	_, err := exec(ctx, s.writes, `UPDATE session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, id, instant(now))
	return err
}

// End ends one session of a person. It reports whether there was one.
func (s *Sessions) End(ctx context.Context, person inspect.PersonID, id string) (bool, error) {
	n, err := exec(ctx, s.writes, `DELETE FROM session WHERE person = $1 AND id = $2`, person, id)
	return n > 0, err
}

// EndOthers ends all sessions of a person but one, which may be empty.
func (s *Sessions) EndOthers(ctx context.Context, person inspect.PersonID, but string) (int64, error) {
	return exec(ctx, s.writes, `DELETE FROM session WHERE person = $1 AND id <> $2`, person, but)
}

// HeldAt is Held on the day that it is in China at now.
func (s *Sessions) HeldAt(ctx context.Context, person inspect.PersonID, now time.Time) ([]Holder, error) {
	return s.Held(ctx, person, workday.On(now))
}

// InOffice returns the posts that are held in a region on the day that it is in
// China at now: whom accounts are for.
func (s *Sessions) InOffice(ctx context.Context, region string, now time.Time) ([]Holder, error) {
	return list(ctx, s.db, scanHolder, holderSelect+`
		WHERE  o.region = $1 AND NOT p.ended AND p.from_day <= $2 AND (p.until_day = '' OR p.until_day > $2)
		ORDER  BY o.kind, o.code, p.kind, w.name, p.id`, region, day(workday.On(now)))
}

// Sweep removes what has run out: sessions not seen since idle, unfinished
// ceremonies, full buckets, and counts of unknown names that rested since
// stale. Nothing depends on it; it keeps the tables small.
func (s *Sessions) Sweep(ctx context.Context, now, idle, stale time.Time) error {
	return s.write(ctx, func(q queryer) error {
		for _, c := range []struct {
			statement string
			before    time.Time
		}{
			{`DELETE FROM session WHERE ends_at <= $1`, now},
			{`DELETE FROM session WHERE seen_at <= $1`, idle},
			{`DELETE FROM challenge WHERE ends_at <= $1`, now},
			{`DELETE FROM bucket WHERE until_at <= $1`, now},
			{`DELETE FROM attempt WHERE NOT known AND last_at <= $1`, stale},
		} {
			if _, err := exec(ctx, q, c.statement, instant(c.before)); err != nil {
				return err
			}
		}
		return nil
	})
}
