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

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A dialect is everything the two databases do differently.
type dialect struct {
	name      string
	open      func(url string) (reads, writes *sql.DB, err error)
	lock      string // first statement of a write transaction: writers queue
	skipLocks string // appended to a SELECT that claims rows
	personal  string // first statement of a transaction about one person's own things, if it does not queue by itself
	check     func(context.Context, *sql.DB) error
	guards    func() []string // statements that make the guards
	made      string          // names and texts of the guards that are in place
	wanted    func() map[string]string
	drop      func(guard string) string // statement that removes a guard that made names
	parts     string                    // names and texts of tables, constraints, indexes and views
	scratch   string                    // statement after which new tables are nobody else's
	unique    func(error) bool
	copy      copier // loads many rows by the fastest way there is
	forgets   bool   // the driver does not keep what it has prepared
}

var sqlite = dialect{
	name:    "sqlite3",
	forgets: true,
	open:    openSQLite,
	check:   checkSQLite,
	guards:  sqliteGuards,
	made:    `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`,
	wanted:  sqliteWanted,
	drop:    func(guard string) string { return "DROP TRIGGER " + guard },
	copy:    copySQLite,
	parts:   `SELECT type || ' ' || name, sql FROM sqlite_master WHERE type <> 'trigger' AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%'`,
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
	personal:  `SELECT pg_advisory_xact_lock(2, hashtext($1))`,
	check:     checkPostgres,
	guards:    postgresGuards,
	made: `SELECT regexp_replace(pg_get_triggerdef(t.oid), ' ON \S+\.', ' ON '), p.prosrc
		FROM   pg_trigger t
		JOIN   pg_proc p ON p.oid = t.tgfoid
		JOIN   pg_class c ON c.oid = t.tgrelid
		WHERE  NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace
		UNION  ALL
		SELECT 'RULE ' || r.rulename || ' ON ' || c.relname, ''
		FROM   pg_rewrite r
		JOIN   pg_class c ON c.oid = r.ev_class
		WHERE  c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
		UNION  ALL
		SELECT 'ROW SECURITY ON ' || c.relname, ''
		FROM   pg_class c
		WHERE  (c.relrowsecurity OR c.relforcerowsecurity) AND c.relnamespace = current_schema()::regnamespace`,
	wanted: postgresWanted,
	drop: func(guard string) string {
		name, on, _ := strings.Cut(strings.TrimPrefix(guard, "CREATE TRIGGER "), " ")
		_, table, _ := strings.Cut(on, " ON ")
		table, _, _ = strings.Cut(table, " ")
		return "DROP TRIGGER " + name + " ON " + table
	},
	parts:   postgresParts,
	scratch: `SET LOCAL search_path = pg_temp`,
	copy:    copyPostgres,
	unique: func(err error) bool {
		var e *pgconn.PgError
		return errors.As(err, &e) && e.Code == "23505"
	},
}

// postgresParts tells columns, constraints, indexes and views of the schema in
// which new tables are made. A foreign key that is switched off says so.
const postgresParts = `
	SELECT 'column ' || c.relname || '.' || a.attname,
	       format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
	FROM   pg_class c
	JOIN   pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT   JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
	WHERE  c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
	UNION  ALL
	SELECT 'constraint ' || c.relname || '.' || k.conname,
	       pg_get_constraintdef(k.oid) || CASE WHEN EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled = 'D') THEN ', out of force' ELSE '' END
	FROM   pg_constraint k
	JOIN   pg_class c ON c.oid = k.conrelid
	WHERE  c.relnamespace = current_schema()::regnamespace
	UNION  ALL
	SELECT 'index ' || i.relname,
	       regexp_replace(pg_get_indexdef(i.oid), ' ON \S+\.', ' ON ') || CASE WHEN x.indisvalid THEN '' ELSE ', out of force' END
	FROM   pg_index x
	JOIN   pg_class i ON i.oid = x.indexrelid
	WHERE  i.relnamespace = current_schema()::regnamespace
	UNION  ALL
	SELECT 'view ' || c.relname, pg_get_viewdef(c.oid)
	FROM   pg_class c
	WHERE  c.relkind = 'v' AND c.relnamespace = current_schema()::regnamespace`

// openPostgres opens one pool for reads and writes.
func openPostgres(dsn string) (reads, writes *sql.DB, err error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(16)
	return db, db, nil
}

// checkPostgres insists on order by bytes, so that both databases sort alike,
// on a commit that waits for the disk, and on triggers that fire.
func checkPostgres(ctx context.Context, db *sql.DB) error {
	var collate, encoding, commit, role string
	err := db.QueryRowContext(ctx, `
		SELECT datcollate, pg_encoding_to_char(encoding), current_setting('synchronous_commit'), current_setting('session_replication_role')
		FROM   pg_database
		WHERE  datname = current_database()`).Scan(&collate, &encoding, &commit, &role)
	switch {
	case err != nil:
		return err
	case collate != "C" && collate != "C.UTF-8" && collate != "C.utf8":
		return fmt.Errorf("the PostgreSQL database sorts by %s; create it with LC_COLLATE 'C'", collate)
	case encoding != "UTF8":
		return fmt.Errorf("the PostgreSQL database is in %s; create it with ENCODING 'UTF8'", encoding)
	case commit == "off":
		return errors.New("PostgreSQL runs with synchronous_commit=off; it must be on")
	case role != "origin":
		return fmt.Errorf("PostgreSQL runs with session_replication_role=%s, which switches guards and keys off; it must be origin", role)
	}
	return nil
}
