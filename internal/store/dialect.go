package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A dialect is everything the two databases do differently.
type dialect struct {
	name      string
	open      func(url string) (reads, writes *sql.DB, err error)
	lock      string // first statement of a write transaction: writers queue
	skipLocks string // appended to a SELECT that claims rows
	tables    string // lists table and view names
	check     func(context.Context, *sql.DB) error
	guards    func() []string // statements that make the guards
	made      string          // names and texts of the guards that are in place
	wanted    func() map[string]string
	unique    func(error) bool
}

var sqlite = dialect{
	name:   "sqlite3",
	open:   openSQLite,
	check:  checkSQLite,
	tables: `SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY type, name`,
	guards: sqliteGuards,
	made:   `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`,
	wanted: sqliteWanted,
	unique: func(err error) bool {
		var e *driver.Error
		return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
	},
}

// openSQLite opens two pools: one writer, because SQLite has one anyway and a
// queue in Go is fair, and readers that cannot write. synchronous=FULL loses
// nothing that was acknowledged, even at a power cut; NORMAL does.
func openSQLite(path string) (reads, writes *sql.DB, err error) {
	path = strings.TrimPrefix(path, "file:")
	if path == "" || strings.Contains(path, ":memory:") {
		return nil, nil, errors.New("the record needs a file")
	}
	dsn := func(extra string) string {
		pragmas := []string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(2)", "foreign_keys(1)", "cache_size(-32768)",
			"trusted_schema(0)", "cell_size_check(1)", "recursive_triggers(1)"}
		q := url.Values{"_pragma": pragmas}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode() + extra
	}
	if writes, err = sql.Open("sqlite", dsn("&_txlock=immediate")); err != nil {
		return nil, nil, err
	}
	writes.SetMaxOpenConns(1)
	if err = firstPing(writes); err != nil { // makes the file before readers want it
		return nil, nil, errors.Join(err, writes.Close())
	}
	if reads, err = sql.Open("sqlite", dsn("&_pragma=query_only(1)")); err != nil {
		return nil, nil, errors.Join(err, writes.Close())
	}
	reads.SetMaxOpenConns(4)
	return reads, writes, nil
}

// firstPing waits, for two seconds at most, until no other process turns a new
// file to write-ahead logging: for that moment SQLite does not wait by itself.
func firstPing(db *sql.DB) (err error) {
	for range 100 {
		var e *driver.Error
		if err = db.Ping(); !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		<-time.After(20 * time.Millisecond)
	}
	return err
}

func checkSQLite(ctx context.Context, db *sql.DB) error {
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "recursive_triggers": "1",
	} {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("SQLite runs with %s=%s; it must be %s", pragma, got, want)
		}
	}
	return nil
}

var postgres = dialect{
	name:      "postgres",
	open:      openPostgres,
	lock:      `SELECT pg_advisory_xact_lock(1)`,
	skipLocks: ` FOR UPDATE SKIP LOCKED`,
	tables: `SELECT 'table', c.table_name || '.' || c.column_name, c.data_type || ' ' || c.is_nullable
		FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name NOT LIKE 'goose_%' ORDER BY 2`,
	check:  checkPostgres,
	guards: postgresGuards,
	made: `SELECT regexp_replace(pg_get_triggerdef(t.oid), ' ON \S+\.', ' ON '), p.prosrc
		FROM   pg_trigger t
		JOIN   pg_proc p ON p.oid = t.tgfoid
		WHERE  NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')`,
	wanted: postgresWanted,
	unique: func(err error) bool {
		var e *pgconn.PgError
		return errors.As(err, &e) && e.Code == "23505"
	},
}

func openPostgres(dsn string) (reads, writes *sql.DB, err error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(16)
	return db, db, nil
}

// checkPostgres insists on order by bytes, so that both databases sort alike,
// and on a commit that waits for the disk.
func checkPostgres(ctx context.Context, db *sql.DB) error {
	var collate, encoding, commit string
	err := db.QueryRowContext(ctx, `
		SELECT datcollate, pg_encoding_to_char(encoding), current_setting('synchronous_commit')
		FROM   pg_database
		WHERE  datname = current_database()`).Scan(&collate, &encoding, &commit)
	switch {
	case err != nil:
		return err
	case collate != "C" && collate != "C.UTF-8" && collate != "C.utf8":
		return fmt.Errorf("the PostgreSQL database sorts by %s; create it with LC_COLLATE 'C'", collate)
	case encoding != "UTF8":
		return fmt.Errorf("the PostgreSQL database is in %s; create it with ENCODING 'UTF8'", encoding)
	case commit == "off":
		return errors.New("PostgreSQL runs with synchronous_commit=off; it must be on")
	}
	return nil
}
