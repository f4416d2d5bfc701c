package store_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"suicha/internal/rig"
	"suicha/internal/store"
)

var (
	mutations = flag.Int("mutations", 1000, "rows that TestEveryMutationIsDetected spoils")
	seed      = flag.Uint64("seed", 1, "seed of the random tests")
)

// protected are the tables whose every row verify-record answers for, but for
// the columns named: a checkpoint's time is in no signature of the log's, and an
// object's initials follow from its name.
var protected = map[string][]string{
	"entry": nil, "entry_body": nil, "touch": nil, "org": nil, "person": nil, "standing": nil, "post": nil, "area": nil, "item": nil,
	"history": nil, "upstream_list": nil, "item_limit": nil, "checklist": nil, "joint_list": nil,
	"sublibrary": nil, "plan": nil, "plan_line": nil, "consent": nil, "urge": nil, "security_seal": nil, "log_hash": nil, "checkpoint": {"at"}, "step": nil, "closed": nil,
	"object": {"initials"}, "past": nil, "object_flag": nil, "object_licence": nil, "member": nil,
	"inspector": nil, "inspector_away": nil, "inspector_tie": nil, "inspector_training": nil, "workforce": nil,
}

// A raw database is open as its owner opens it, past every capability.
type raw struct {
	*sql.DB
	t          testing.TB
	postgresql bool
	names      []string            // protected tables, sorted
	columns    map[string][]string // of each, and of each guarded one
}

// openRaw opens a database as its owner can. Of SQLite it drops the guards, and
// turns keys and checks off; in PostgreSQL a session's role does both.
func openRaw(t testing.TB, url string, unguarded bool) *raw {
	t.Helper()
	r := &raw{t: t, postgresql: strings.HasPrefix(url, "postgres"), columns: map[string][]string{}}
	driver, dsn := "sqlite", "file:"+url
	if r.postgresql {
		driver, dsn = "pgx", url
	}
	var err error
	if r.DB, err = sql.Open(driver, dsn); err != nil {
		t.Fatal(err)
	}
	r.SetMaxOpenConns(1)
	t.Cleanup(func() { r.Close() })
	switch {
	case r.postgresql && unguarded:
		r.must(`SET session_replication_role = replica`)
	case r.postgresql:
	case unguarded:
		for name := range store.GuardNames() {
			r.must(`DROP TRIGGER ` + name)
		}
		r.must(`PRAGMA ignore_check_constraints = 1`)
	default:
		r.must(`PRAGMA foreign_keys = 1`)
		r.must(`PRAGMA recursive_triggers = 1`)
	}
	tables := slices.Collect(maps.Keys(guarded))
	for table := range protected {
		r.names = append(r.names, table)
		tables = append(tables, table)
	}
	for _, table := range tables {
		query := `SELECT name FROM pragma_table_info('` + table + `')`
		if r.postgresql {
			query = `SELECT column_name FROM information_schema.columns WHERE table_name = '` + table + `' ORDER BY ordinal_position`
		}
		r.columns[table] = r.texts(r.DB, query)
	}
	slices.Sort(r.names)
	return r
}

func (r *raw) must(statement string) {
	r.t.Helper()
	if _, err := r.Exec(statement); err != nil {
		r.t.Fatalf("%s: %v", statement, err)
	}
}

func (r *raw) texts(q interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, query string) []string {
	r.t.Helper()
	rows, err := q.QueryContext(context.Background(), query)
	if err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			r.t.Fatal(err)
		}
		all = append(all, s.String)
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return all
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// spoil returns a statement that changes, removes or adds one random row.
func (r *raw) spoil(tx *sql.Tx, random *rand.Rand) string {
	table := r.names[random.IntN(len(r.names))]
	key := map[bool]string{true: "ctid", false: "rowid"}[r.postgresql]
	ids := r.texts(tx, `SELECT CAST(`+key+` AS TEXT) FROM `+table+` ORDER BY 1`)
	if len(ids) == 0 {
		return ""
	}
	where := ` WHERE ` + key + ` = ` + quote(ids[random.IntN(len(ids))])
	columns := r.columns[table]
	column := columns[random.IntN(len(columns))]
	if slices.Contains(protected[table], column) {
		return ""
	}
	was := r.texts(tx, `SELECT CAST(`+column+` AS TEXT) FROM `+table+where)[0]
	value := other(random, was, r.texts(tx, `SELECT DISTINCT CAST(`+column+` AS TEXT) FROM `+table+` ORDER BY 1`))
	switch random.IntN(8) {
	case 0:
		return `DELETE FROM ` + table + where
	case 1:
		names := strings.Join(columns, ", ")
		return fmt.Sprintf(`INSERT INTO %s (%s) SELECT %s FROM %s%s`, table, names, strings.Replace(names, column, value, 1), table, where)
	}
	if value == quote(was) {
		return ""
	}
	return fmt.Sprintf(`UPDATE %s SET %s = %s%s`, table, column, value, where)
}

// other returns a literal that is like was and not was.
func other(random *rand.Rand, was string, seen []string) string {
	var n int64
	_, err := fmt.Sscanf(was, "%d", &n)
	number := err == nil && fmt.Sprint(n) == was
	switch pick := random.IntN(4); {
	case pick == 0:
		return quote(seen[random.IntN(len(seen))])
	case was == "true" || was == "false":
		return map[string]string{"true": "'false'", "false": "'true'"}[was]
	case number:
		return quote(fmt.Sprint(n + []int64{1, -1, 7, 100}[random.IntN(4)]))
	case pick == 1 && was != "":
		return "''"
	case pick == 2 && was != "":
		i := random.IntN(len(was))
		return quote(strings.ToValidUTF8(was[:i]+string(rune('a'+random.IntN(26)))+was[i+1:], "?"))
	}
	return quote(was + "x")
}

// INV-02, INV-24: whatever row of the record its database's owner changes, adds
// or removes, past all guards, keys and checks: reading the record again says so.
func TestEveryMutationIsDetected(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		path := rig.SQLite(t)
		lived(t, path)
		most := *mutations
		if !rig.WithPostgres() {
			most /= 4 // the quick check
		}
		spoilMany(t, openRaw(t, path, true), most)
	})
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) {
			url := rig.County(t)
			lived(t, url)
			spoilMany(t, openRaw(t, url, true), *mutations/5)
		})
	}
}

// lived fills the database at url with one of everything, and closes it.
func lived(t *testing.T, url string) {
	t.Helper()
	o := rig.Open(t, url)
	o.Lived()
	o.Extend()
	o.Verified()
}

func spoilMany(t *testing.T, r *raw, most int) {
	t.Helper()
	_, open, err := rig.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(*seed, 0))
	did, refused, by := 0, 0, map[string]int{}
	for did < most {
		if refused > 20*most {
			t.Fatalf("of %d statements only %d could be done", refused+did, did)
		}
		tx, err := r.Begin()
		if err != nil {
			t.Fatal(err)
		}
		statement := r.spoil(tx, random)
		result, err := tx.Exec(statement)
		if statement == "" || err != nil {
			refused++
			tx.Rollback()
			continue
		}
		did++
		if n, _ := result.RowsAffected(); n != 1 {
			t.Fatalf("%s: %d rows", statement, n)
		}
		err = store.VerifyTx(t.Context(), tx, r.postgresql, r.postgresql, open)
		if err == nil {
			t.Errorf("not detected (seed %d): %s", *seed, statement)
		}
		var fault store.Fault
		if errors.As(err, &fault) {
			by[fault.Table]++
		} else {
			by["unreadable"]++
		}
		tx.Rollback()
	}
	t.Logf("%d mutations, found at %v; %d more were refused by keys or types", did, by, refused)
}
