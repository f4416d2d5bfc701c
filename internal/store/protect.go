package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"suicha/internal/inspect"
)

// protect makes sure, at every start, that the database protects the record as
// this program wants it: INV-25. What the program generates, guards, steps and
// views, it makes again. If that was not because the program is a new one, it
// notes in the security log what was missing, and returns it. What it cannot
// make again without touching the record, a table, constraint or index that is
// missing or changed or a trigger of somebody else, is a Fault: no start.
func protect(ctx context.Context, db *sql.DB, d dialect, parts map[string]string) (restored []string, err error) {
	// A schema that another process is making just now cannot always be read: what
	// counts is read behind the lock.
	if ok, err := protected(ctx, db, d, parts); ok && err == nil {
		return nil, nil
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if d.lock != "" {
		if _, err := tx.ExecContext(ctx, d.lock); err != nil {
			return nil, err
		}
	}
	// Another process may have done it while this one waited.
	if ok, err := protected(ctx, tx, d, parts); ok || err != nil {
		return nil, err
	}
	faults, err := unprotected(ctx, tx, d, parts)
	if err != nil {
		return nil, err
	}
	known, err := sameText(ctx, tx, d)
	if err != nil {
		return nil, err
	}
	for _, f := range faults {
		if !slices.Contains([]string{"guard", "step", "view"}, f.Table) {
			return nil, fmt.Errorf("the database was changed by hand and does not protect the record: %w; "+
				"see docs/operate.md, \"When the start is refused\"", f)
		}
		restored = append(restored, f.Table+" "+f.ID)
	}
	if err := remake(ctx, tx, d, faults); err != nil {
		return nil, err
	}
	if left, err := unprotected(ctx, tx, d, parts); err != nil || len(left) > 0 {
		return nil, errors.Join(err, fmt.Errorf("the guards could not be made: %v", left))
	}
	if !known {
		return nil, tx.Commit() // a new database, or a new version of the program
	}
	if err := noteRestored(ctx, tx, restored); err != nil {
		return nil, err
	}
	return restored, tx.Commit()
}

// protected reports whether all is as this program wants it, and made by it.
func protected(ctx context.Context, q queryer, d dialect, parts map[string]string) (bool, error) {
	faults, err := unprotected(ctx, q, d, parts)
	if err != nil || len(faults) > 0 {
		return false, err
	}
	return sameText(ctx, q, d)
}

// unprotected lists what is not as it should be.
func unprotected(ctx context.Context, q queryer, d dialect, parts map[string]string) ([]Fault, error) {
	guards, err := guardFaults(ctx, q, d)
	if err != nil {
		return nil, err
	}
	steps, err := stepFaults(ctx, q)
	if err != nil {
		return nil, err
	}
	others, err := partFaults(ctx, q, d, parts)
	return slices.Concat(guards, steps, others), err
}

// sameText reports whether a program with the same guards, steps and views made
// those of the database: only then is one that is missing somebody's doing.
func sameText(ctx context.Context, q queryer, d dialect) (bool, error) {
	n, err := row(ctx, q, scanCount, `SELECT count(*) FROM guard_text WHERE hash = $1`, guardHash(d))
	return n == 1, err
}

func guardHash(d dialect) string {
	hash := sha256.New()
	for _, s := range slices.Concat(d.guards(), views()) {
		fmt.Fprintln(hash, s)
	}
	fmt.Fprintln(hash, steps())
	return hex.EncodeToString(hash.Sum(nil))
}

// remake writes guards, steps and views, and removes guards of older versions.
func remake(ctx context.Context, q queryer, d dialect, faults []Fault) error {
	var statements []string
	for _, f := range faults {
		if f.Table == "guard" && d.wanted()[f.ID] == "" {
			statements = append(statements, d.drop(f.ID))
		}
	}
	statements = slices.Concat(statements, d.guards(), views(), []string{`DELETE FROM step`, `DELETE FROM guard_text`})
	for _, s := range statements {
		if _, err := q.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", firstLine(s), err)
		}
	}
	for _, s := range steps() {
		if _, err := q.ExecContext(ctx, `INSERT INTO step (noun, was, becomes) VALUES ($1, $2, $3)`, s[0], s[1], s[2]); err != nil {
			return err
		}
	}
	_, err := q.ExecContext(ctx, `INSERT INTO guard_text (hash) VALUES ($1)`, guardHash(d))
	return err
}

// GuardsRestored is the kind of event in the security log that names guards
// which somebody had taken away.
const GuardsRestored = "guards.restored"

// noteRestored tells the audit administrator. The clock is the computer's: a
// start has no other.
func noteRestored(ctx context.Context, q queryer, restored []string) error {
	at := time.Now()
	var random [6]byte
	rand.Read(random[:])
	detail := strings.Join(restored, "; ")
	if len(detail) > 500 {
		detail = fmt.Sprintf("%.500s … (%d)", detail, len(restored))
	}
	return note(ctx, q, SecurityEvent{
		ID: fmt.Sprintf("%08x-%04x-7000-8000-%x", at.UnixMilli()>>16, at.UnixMilli()&0xffff, random),
		At: at, Kind: GuardsRestored, Person: inspect.PersonID("system"), Detail: detail,
	})
}
