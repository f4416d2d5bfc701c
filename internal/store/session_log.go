package store

import (
	"context"
	"errors"
	"time"

	"suicha/internal/inspect"
)

// An Attempt is how often something was tried in vain, in a row.
type Attempt struct {
	Key      string
	Failures int64
	Open     time.Time // no sooner may it be tried again
}

// Charge counts one more try against key, before it is known how it ends, if the
// rule allows it. The rule sees the failures so far and when the next try is
// open; it returns whether this try may go ahead and when the one after it may.
// Tries of the same key queue here, so none slips past the rule. Known says that
// the key belongs to somebody, and is never swept away.
func (s *Sessions) Charge(ctx context.Context, key string, known bool, now time.Time, rule func(Attempt) (ok bool, next time.Time)) (allowed bool, a Attempt, err error) {
	err = s.write(ctx, func(q queryer) error {
		_, err := exec(ctx, q, `
			INSERT INTO attempt (key, known, failures, open_at, last_at) VALUES ($1, $2, 0, '', $3)
			ON CONFLICT (key) DO UPDATE SET known = excluded.known`, key, known, instant(now))
		if err != nil {
			return err
		}
		if a, err = attempt(ctx, q, key); err != nil {
			return err
		}
		var next time.Time
		if allowed, next = rule(a); !allowed {
			return nil
		}
		a.Failures, a.Open = a.Failures+1, next
		_, err = exec(ctx, q, `UPDATE attempt SET failures = $2, open_at = $3, last_at = $4 WHERE key = $1`,
			key, a.Failures, instant(a.Open), instant(now))
		return err
	})
	return allowed, a, err
}

// Tried returns how often key was tried in vain. It changes nothing, so that
// asking costs little.
func (s *Sessions) Tried(ctx context.Context, key string) (Attempt, error) {
	a, err := attempt(ctx, s.db, key)
	if errors.Is(err, inspect.ErrMissing) {
		return Attempt{Key: key}, nil
	}
	return a, err
}

func attempt(ctx context.Context, q queryer, key string) (Attempt, error) {
	return row(ctx, q, func(r scanner) (a Attempt, err error) {
		err = r.Scan(&a.Key, &a.Failures, instantCol{&a.Open})
		return a, err
	}, `SELECT key, failures, open_at FROM attempt WHERE key = $1`, key)
}

// Forgive forgets the failures of key: the last try succeeded.
func (s *Sessions) Forgive(ctx context.Context, key string) error {
	_, err := exec(ctx, s.writes, `DELETE FROM attempt WHERE key = $1`, key)
	return err
}

// Drip moves the moment at which the bucket of net is full again, which rule
// computes from the moment so far. It reports whether rule agreed.
func (s *Sessions) Drip(ctx context.Context, net string, rule func(until time.Time) (ok bool, next time.Time)) (allowed bool, err error) {
	until, err := bucketOf(ctx, s.db, net)
	if err == nil {
		if allowed, _ = rule(until); !allowed { // full: not worth a transaction
			return false, nil
		}
	} else if !errors.Is(err, inspect.ErrMissing) {
		return false, err
	}
	err = s.write(ctx, func(q queryer) error {
		_, err := exec(ctx, q, `
			INSERT INTO bucket (net, until_at) VALUES ($1, '')
			ON CONFLICT (net) DO UPDATE SET net = excluded.net`, net)
		if err != nil {
			return err
		}
		until, err := bucketOf(ctx, q, net)
		if err != nil {
			return err
		}
		var next time.Time
		if allowed, next = rule(until); !allowed {
			return nil
		}
		_, err = exec(ctx, q, `UPDATE bucket SET until_at = $2 WHERE net = $1`, net, instant(next))
		return err
	})
	return allowed, err
}

func bucketOf(ctx context.Context, q queryer, net string) (time.Time, error) {
	return row(ctx, q, scanInstant, `SELECT until_at FROM bucket WHERE net = $1`, net)
}

func scanInstant(row scanner) (at time.Time, err error) {
	err = row.Scan(instantCol{&at})
	return at, err
}

// A SecurityEvent is one line of the security log (安全日志).
type SecurityEvent struct {
	ID      string
	At      time.Time
	Kind    string
	Person  inspect.PersonID // who; empty if nobody was signed in
	Name    string           // of the person, when read
	Subject inspect.PersonID // whom it was done to, if not to oneself
	Whom    string           // of the subject, when read
	Net     string
	Detail  string
}

// Note writes a line into the security log.
func (s *Sessions) Note(ctx context.Context, e SecurityEvent) error { return note(ctx, s.writes, e) }

// noteTries bounds how often a line looks for its number. Of those that want the
// same one at a moment, one gets it and the others look again.
const noteTries = 1000

func note(ctx context.Context, q queryer, e SecurityEvent) error {
	for range noteTries {
		n, err := exec(ctx, q, `
			INSERT INTO security_log (id, at, kind, person, subject, net, detail, n)
			SELECT $1, $2, $3, $4, $5, $6, $7, coalesce(max(n), 0) + 1
			FROM   security_log
			WHERE  n > 0
			ON CONFLICT (n) WHERE n > 0 DO NOTHING`, e.ID, instant(e.At), e.Kind, e.Person, e.Subject, e.Net, e.Detail)
		if err != nil || n == 1 {
			return err
		}
	}
	return errors.New("the security log is too busy for another line")
}

// An EventFilter narrows the security log. Empty fields do not.
type EventFilter struct {
	Kind   string
	Person inspect.PersonID // who did it, or whom it was done to
	Text   string           // in the name of either
	Before string           // continues after the line with this id
}

// likeText is the pattern of LIKE for text anywhere, or nothing.
func likeText(text string) string {
	if text == "" {
		return ""
	}
	return "%" + likeEscape.Replace(text) + "%"
}

// SecurityLog returns most lines of the security log, newest first.
func (s *Sessions) SecurityLog(ctx context.Context, f EventFilter, most int) ([]SecurityEvent, error) {
	return list(ctx, s.db, func(r scanner) (e SecurityEvent, err error) {
		err = r.Scan(&e.ID, instantCol{&e.At}, &e.Kind, &e.Person, &e.Name, &e.Subject, &e.Whom, &e.Net, &e.Detail)
		return e, err
	}, `
		SELECT l.id, l.at, l.kind, l.person, coalesce(p.name, ''), l.subject, coalesce(w.name, ''), l.net, l.detail
		FROM   security_log l
		LEFT   JOIN person p ON p.id = l.person
		LEFT   JOIN person w ON w.id = l.subject
		WHERE  ($1 = '' OR l.kind = $1)
		AND    ($2 = '' OR l.person = $2 OR l.subject = $2)
		AND    ($3 = '' OR lower(coalesce(p.name, '') || ' ' || coalesce(w.name, '')) LIKE lower($3) ESCAPE '\')
		AND    ($4 = '' OR (l.at, l.id) < (SELECT b.at, b.id FROM security_log b WHERE b.id = $4))
		ORDER  BY l.at DESC, l.id DESC
		LIMIT  $5`, f.Kind, string(f.Person), likeText(f.Text), f.Before, most)
}
