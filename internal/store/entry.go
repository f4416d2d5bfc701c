package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/ledger"
)

// Writer changes the record. It is handed to package act and to nobody else.
type Writer struct {
	db   *sql.DB
	d    dialect
	kept *statements
}

// A Tx is one write transaction: the only thing that changes the record.
// Everything it puts belongs to the entry that Begin opened.
type Tx struct {
	conn *sql.Conn
	tx   prepared
	d    dialect
	n    int64 // the open entry
}

// An Entry (存证条目) is one recorded act.
type Entry struct {
	N       int64
	At      time.Time
	Request string
	Actor   inspect.PersonID
	Post    inspect.PostKind
	Org     inspect.OrgID
	Verb    inspect.Verb
	Target  string
	Version int64
	Leaf    string // the entry's leaf of the log, canonical text
}

// Code is the entry's receipt number for people.
func (e Entry) Code() string { return ledger.ReceiptCode(ledger.LeafHash([]byte(e.Leaf))) }

const entryCols = `n, at, request, actor, post, org, verb, target, version, leaf`

func scanEntry(s scanner) (e Entry, err error) {
	err = s.Scan(&e.N, instantCol{&e.At}, &e.Request, &e.Actor, &e.Post, &e.Org, &e.Verb, &e.Target, &e.Version, &e.Leaf)
	return e, err
}

// Write runs do in a write transaction, alone, and commits it if do succeeds.
func (w *Writer) Write(ctx context.Context, do func(*Tx) error) error {
	if w.kept != nil {
		defer w.kept.prepare(ctx, w.db)
	}
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	defer tx.Rollback()
	if w.d.lock != "" {
		if _, err := tx.ExecContext(ctx, w.d.lock); err != nil {
			return fmt.Errorf("queue for writing: %w", err)
		}
	}
	if err := do(&Tx{conn: conn, tx: prepared{tx, w.kept, map[string]*sql.Stmt{}}, d: w.d, n: -1}); err != nil {
		return err
	}
	return tx.Commit()
}

// Done returns the entry of an earlier act with this request id of this actor.
func (t *Tx) Done(ctx context.Context, actor inspect.PersonID, request string) (Entry, error) {
	return row(ctx, t.tx, scanEntry, `SELECT `+entryCols+` FROM entry WHERE actor = $1 AND request = $2`, actor, request)
}

// Empty reports whether the record has no act but the one under way.
func (t *Tx) Empty(ctx context.Context) (bool, error) {
	n, err := row(ctx, t.tx, scanCount, `SELECT count(*) FROM entry WHERE n <> $1`, t.n)
	return n == 0, err
}

// Body returns what a closed entry committed to; it is empty once erased.
func (t *Tx) Body(ctx context.Context, n int64) (string, error) {
	return row(ctx, t.tx, func(s scanner) (body string, err error) { return body, s.Scan(&body) }, `SELECT body FROM entry_body WHERE n = $1`, n)
}

// Wrote reports whether a person has changed a thing by one of the verbs.
func (t *Tx) Wrote(ctx context.Context, person inspect.PersonID, id string, verbs ...inspect.Verb) (bool, error) {
	return wrote(ctx, t.tx, person, id, verbs)
}

// Registered reports whether somebody registered a person: then the post is for
// another administrator to grant.
func (db *DB) Registered(ctx context.Context, _ inspect.Scope, by, person inspect.PersonID) (bool, error) {
	return wrote(ctx, db.db, by, string(person), []inspect.Verb{inspect.PersonAdd})
}

func wrote(ctx context.Context, q queryer, person inspect.PersonID, id string, verbs []inspect.Verb) (bool, error) {
	marks, args := in(3, verbs)
	n, err := row(ctx, q, scanCount, `
		SELECT count(*)
		FROM   entry e
		JOIN   touch t ON t.cseq = e.n
		WHERE  e.actor = $1 AND t.id = $2 AND e.verb IN `+marks, append([]any{person, id}, args...)...)
	return n > 0, err
}

// Begin opens the entry that the following changes belong to, and numbers it.
func (t *Tx) Begin(ctx context.Context, e Entry) error {
	var n int64
	if err := t.tx.QueryRowContext(ctx, `SELECT coalesce(max(n), -1) + 1 FROM entry`).Scan(&n); err != nil {
		return err
	}
	_, err := exec(ctx, t.tx, `
		INSERT INTO entry (n, at, request, actor, post, org, verb, target, version, leaf, done)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, '', 0)`,
		n, instant(e.At), e.Request, e.Actor, e.Post, e.Org, e.Verb)
	if err != nil {
		return fmt.Errorf("open an entry: %w", err)
	}
	t.n = n
	return nil
}

// Close names the thing the act was about, commits the entry to body under salt,
// makes its leaf and closes it. Without it the transaction cannot commit.
func (t *Tx) Close(ctx context.Context, target string, version int64, salt ledger.Salt, body []byte) (Entry, error) {
	e, err := row(ctx, t.tx, scanEntry, `SELECT `+entryCols+` FROM entry WHERE n = $1`, t.n)
	if err != nil {
		return e, err
	}
	e.Target, e.Version = target, version
	prev, err := t.previous(ctx)
	if err != nil {
		return e, err
	}
	commitment, err := ledger.NewCommitment(salt, body)
	if err != nil {
		return e, err
	}
	leaf, err := ledger.Entry{
		N: e.N, At: instant(e.At), Verb: string(e.Verb), Org: string(e.Org), Target: e.Target, Version: e.Version,
		Body: commitment, Prev: prev,
	}.Leaf()
	if err != nil {
		return e, err
	}
	e.Leaf = string(leaf)
	if _, err := exec(ctx, t.tx, `INSERT INTO entry_body (n, salt, body) VALUES ($1, $2, $3)`,
		e.N, hex.EncodeToString(salt[:]), string(body)); err != nil {
		return e, err
	}
	_, err = exec(ctx, t.tx, `UPDATE entry SET target = $2, version = $3, leaf = $4, done = 1 WHERE n = $1`, e.N, e.Target, e.Version, e.Leaf)
	return e, err
}

// previous is the SM3 digest of the last closed entry's leaf.
func (t *Tx) previous(ctx context.Context) (ledger.Digest, error) {
	var leaf string
	err := t.tx.QueryRowContext(ctx, `SELECT leaf FROM entry WHERE n = $1`, t.n-1).Scan(&leaf)
	if errors.Is(err, sql.ErrNoRows) {
		return ledger.Digest{}, nil
	}
	return ledger.ChainDigest([]byte(leaf)), err
}

// touch notes in the open entry that a thing changed. An act changes a thing
// once.
func (t *Tx) touch(ctx context.Context, kind, id string, version int64, was, becomes string) error {
	_, err := exec(ctx, t.tx, `
		INSERT INTO touch (cseq, kind, id, version, was, becomes) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.n, kind, id, version, was, becomes)
	return err
}

// swap runs an UPDATE that names id and version and must change one row. It
// fails with inspect.ErrStale if somebody else changed the row first.
func (t *Tx) swap(ctx context.Context, query string, args ...any) error {
	n, err := exec(ctx, t.tx, query, args...)
	switch {
	case err != nil:
		return err
	case n != 1:
		return inspect.ErrStale
	}
	return nil
}

// A TimelineEntry is an entry as a page tells it: who did what, when.
type TimelineEntry struct {
	Entry
	Name    string // of the actor
	OrgName string
	Was     string
	Becomes string
}

// Timeline returns the newest most entries that changed the thing, newest
// first, for readers who may see the thing itself: the caller has asked for it
// within the same scope.
func (db *DB) Timeline(ctx context.Context, _ inspect.Scope, noun, id string, most int) ([]TimelineEntry, error) {
	return db.timeline(ctx, `
		SELECT cseq, was, becomes
		FROM   touch
		WHERE  id = $2 AND (kind = $3 OR kind LIKE $3 || '.%' OR $3 = 'plan' AND kind = 'consent')`, most, id, noun)
}

// timeline tells entries whose numbers, and whose steps, a query gives.
func (db *DB) timeline(ctx context.Context, touched string, args ...any) ([]TimelineEntry, error) {
	return list(ctx, db.db, func(s scanner) (e TimelineEntry, err error) {
		err = s.Scan(&e.N, instantCol{&e.At}, &e.Request, &e.Actor, &e.Post, &e.Org, &e.Verb, &e.Target, &e.Version, &e.Leaf,
			&e.Name, &e.OrgName, &e.Was, &e.Becomes)
		return e, err
	}, `
		SELECT e.n, e.at, e.request, e.actor, e.post, e.org, e.verb, e.target, e.version, e.leaf,
		       coalesce(p.name, ''), coalesce(o.short, ''), t.was, t.becomes
		FROM   (`+touched+`) t
		JOIN   entry e ON e.n = t.cseq
		LEFT   JOIN person p ON p.id = e.actor
		LEFT   JOIN org o ON o.id = e.org
		ORDER  BY e.n DESC
		LIMIT  $1`, args...)
}

// EntryOf returns an entry that the person of the scope's asker made: the
// receipt that is shown after an act.
func (db *DB) EntryOf(ctx context.Context, _ inspect.Scope, actor inspect.PersonID, n int64) (Entry, error) {
	return row(ctx, db.db, scanEntry, `SELECT `+entryCols+` FROM entry WHERE n = $1 AND actor = $2`, n, actor)
}

// CommandOf returns the command of an entry that the actor wrote: what they asked
// for, themselves.
func (db *DB) CommandOf(ctx context.Context, _ inspect.Scope, actor inspect.PersonID, n int64) (json.RawMessage, error) {
	text, err := row(ctx, db.db, func(s scanner) (text string, err error) { return text, s.Scan(&text) }, `
		SELECT b.body
		FROM   entry e
		JOIN   entry_body b ON b.n = e.n
		WHERE  e.n = $1 AND e.actor = $2 AND b.body <> ''`, n, actor)
	if err != nil {
		return nil, err
	}
	var body struct{ Command json.RawMessage }
	err = json.Unmarshal([]byte(text), &body)
	return body.Command, err
}

// PublicEntry returns what anybody may know of an entry: its leaf, which holds
// no person and nothing secret.
func (db *DB) PublicEntry(ctx context.Context, _ inspect.Scope, n int64) (leaf string, err error) {
	return row(ctx, db.db, func(s scanner) (leaf string, err error) { return leaf, s.Scan(&leaf) }, `SELECT leaf FROM entry WHERE n = $1`, n)
}

// Broken returns the names of the invariants whose views are not empty, with
// the first row of each. It is empty when all is well.
func (db *DB) Broken(ctx context.Context) (map[string]string, error) {
	broken := map[string]string{}
	for _, view := range invariants() {
		rows, err := db.db.QueryContext(ctx, `SELECT * FROM `+view.name+` LIMIT 1`)
		if err != nil {
			return nil, err
		}
		cols, err := rows.Columns()
		if err == nil && rows.Next() {
			values := make([]any, len(cols))
			for i := range values {
				values[i] = new(any)
			}
			err = rows.Scan(values...)
			text := ""
			for _, v := range values {
				text += fmt.Sprint(*v.(*any)) + " "
			}
			broken[view.name] = text
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return broken, nil
}
