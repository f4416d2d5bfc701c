package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed schema/*.sql
var schema embed.FS

// migrate brings the schema up to date and (re)makes the guards and the table
// of steps when their text has changed. It is safe when several processes start
// at once, and does nothing twice.
func migrate(ctx context.Context, db *sql.DB, d dialect) error {
	files, err := fs.Sub(schema, "schema")
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithVerbose(false)}
	if d.name == postgres.name {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(goose.Dialect(d.name), db, files, options...)
	if err != nil {
		return err
	}
	// SQLite has no lock that outlives a transaction. Of several processes that
	// start at once, all but one fail at each migration, with nothing done, because
	// the one has made it; so each failure but a real one is progress.
	tries := 1
	if d.name == sqlite.name {
		tries += 1 + len(provider.ListSources())
	}
	for range tries {
		if _, err = provider.Up(ctx); err == nil {
			return remake(ctx, db, d)
		}
	}
	return err
}

// remake writes guards and steps, unless the database has exactly these.
func remake(ctx context.Context, db *sql.DB, d dialect) error {
	text := d.guards()
	hash := sha256.New()
	for _, s := range text {
		fmt.Fprintln(hash, s)
	}
	list := steps()
	slices.SortFunc(list, func(a, b [3]string) int { return strings.Compare(strings.Join(a[:], " "), strings.Join(b[:], " ")) })
	list = slices.Compact(list)
	fmt.Fprintln(hash, list)
	want := hex.EncodeToString(hash.Sum(nil))

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if d.lock != "" {
		if _, err := tx.ExecContext(ctx, d.lock); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS guard_text (hash TEXT PRIMARY KEY)`); err != nil {
		return err
	}
	var have string
	err = tx.QueryRowContext(ctx, `SELECT hash FROM guard_text`).Scan(&have)
	if err == nil && have == want {
		return nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	statements := append(slices.Clone(text), `DELETE FROM step`, `DELETE FROM guard_text`)
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", firstLine(s), err)
		}
	}
	for _, s := range list {
		if _, err := tx.ExecContext(ctx, `INSERT INTO step (noun, was, becomes) VALUES ($1, $2, $3)`, s[0], s[1], s[2]); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO guard_text (hash) VALUES ($1)`, want); err != nil {
		return err
	}
	return tx.Commit()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// Fingerprint changes whenever a database made by this program would differ:
// it covers the schema, the guards and the steps.
func Fingerprint() string {
	hash := sha256.New()
	names, _ := fs.Glob(schema, "schema/*.sql") // the pattern is well formed
	for _, name := range names {
		text, _ := schema.ReadFile(name) // the names come from the same file system
		hash.Write(text)
	}
	for _, s := range append(sqliteGuards(), postgresGuards()...) {
		fmt.Fprintln(hash, s)
	}
	fmt.Fprintln(hash, steps())
	return hex.EncodeToString(hash.Sum(nil))
}
