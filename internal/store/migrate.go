package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed schema/*.sql
var schema embed.FS

// migrate brings the schema up to date. It is safe when several processes start
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
			return nil
		}
	}
	return err
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// Fingerprint changes whenever a database made by this program would differ:
// it covers the schema, the guards, the views and the steps.
func Fingerprint() string {
	hash := sha256.New()
	names, _ := fs.Glob(schema, "schema/*.sql") // the pattern is well formed
	for _, name := range names {
		text, _ := schema.ReadFile(name) // the names come from the same file system
		hash.Write(text)
	}
	for _, s := range slices.Concat(sqliteGuards(), postgresGuards(), views()) {
		fmt.Fprintln(hash, s)
	}
	fmt.Fprintln(hash, steps())
	return hex.EncodeToString(hash.Sum(nil))
}
