package store_test

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"suicha/internal/rig"
	"suicha/internal/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares a text with a file of the tree, or with -update rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		line := 1
		for i := 0; i < len(got) && i < len(want) && got[i] == want[i]; i++ {
			if got[i] == '\n' {
				line++
			}
		}
		t.Errorf("%s is not up to date from line %d on: see ./check golden", path, line)
	}
}

// dumps are queries that tell a schema in the same words on both databases:
// table, kind of part, name, what it is.
var dumps = map[bool]string{
	false: `
		SELECT m.name || '|column|' || c.name || '|' || lower(c.type) || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' not null' ELSE '' END
		       || CASE WHEN c.pk > 0 THEN ' key ' || c.pk ELSE '' END
		FROM   sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE  m.type = 'table' AND m.name NOT LIKE 'goose_%' AND m.name NOT LIKE 'sqlite_%'
		UNION ALL
		SELECT tbl_name || '|' || type || '|' || name || '|' FROM sqlite_master
		WHERE  type IN ('view', 'trigger') OR type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE 'goose_%'`,
	true: `
		SELECT c.table_name || '|column|' || c.column_name || '|' || c.data_type || CASE c.is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
		       || coalesce((SELECT ' key ' || k.ordinal_position FROM information_schema.key_column_usage k
		                    JOIN information_schema.table_constraints p ON p.constraint_name = k.constraint_name AND p.constraint_type = 'PRIMARY KEY'
		                    WHERE k.table_name = c.table_name AND k.column_name = c.column_name), '')
		FROM   information_schema.columns c
		JOIN   information_schema.tables t ON t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
		WHERE  c.table_schema = 'public' AND c.table_name NOT LIKE 'goose_%'
		UNION ALL
		SELECT table_name || '|view|' || table_name || '|' FROM information_schema.views WHERE table_schema = 'public'
		UNION ALL
		SELECT tgrelid::regclass || '|trigger|' || tgname || '|' FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%_truncate'
		UNION ALL
		SELECT tablename || '|index|' || indexname || '|' FROM pg_indexes
		WHERE  schemaname = 'public' AND tablename NOT LIKE 'goose_%' AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
}

var named = regexp.MustCompile(`(?m)^  CONSTRAINT (\w+) (CHECK|UNIQUE|FOREIGN KEY)`)

// constraints tells the named constraints: SQLite keeps the text, PostgreSQL
// keeps what it made of it.
func constraints(t *testing.T, r *raw, path string) []string {
	t.Helper()
	if r.postgresql {
		return r.texts(r.DB, `
			SELECT conrelid::regclass || '|' || CASE contype WHEN 'c' THEN 'check' WHEN 'u' THEN 'unique' ELSE 'foreign key' END || '|' || conname || '|'
			FROM   pg_constraint WHERE contype IN ('c', 'u', 'f') AND connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'goose_%'`)
	}
	var all []string
	for _, o := range schemaOf(t, path) {
		for _, m := range named.FindAllStringSubmatch(o.text, -1) {
			all = append(all, o.name+"|"+strings.ToLower(m[2])+"|"+m[1]+"|")
		}
	}
	return all
}

// The schema is the same on both databases: tables, columns, types, keys, checks
// by name, indexes, views, guards.
func TestSchemaGolden(t *testing.T) {
	dump := func(t *testing.T, url string) {
		r := openRaw(t, url, false)
		lines := append(r.texts(r.DB, dumps[r.postgresql]), constraints(t, r, url)...)
		slices.Sort(lines)
		var b strings.Builder
		b.WriteString("# The schema on SQLite and on PostgreSQL; rewritten by ./check golden.\n")
		last := ""
		for _, l := range lines {
			part := strings.SplitN(l, "|", 4)
			if part[0] != last {
				fmt.Fprintf(&b, "\n%s\n", part[0])
				last = part[0]
			}
			fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("  %-11s %-28s %s", part[1], part[2], part[3]), " "))
		}
		golden(t, "schema.golden", b.String())
	}
	t.Run("sqlite", func(t *testing.T) { dump(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { dump(t, rig.County(t)) })
	}
}

// Migrations are numbered without a gap and never change once they are released:
// migrations.golden holds their hashes. A change needs a new migration.
func TestMigrationsGolden(t *testing.T) {
	files, err := store.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^(\d{4})_[a-z_]+\.sql$`)
	var b strings.Builder
	for i, name := range slices.Sorted(maps.Keys(files)) {
		m := form.FindStringSubmatch(name)
		if m == nil || m[1] != fmt.Sprintf("%04d", i+1) {
			t.Errorf("migration %d is named %s", i+1, name)
		}
		if !strings.Contains(files[name], "-- +goose Up\n") || strings.Contains(files[name], "+goose Down") {
			t.Errorf("%s does not go forward, and only forward", name)
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256([]byte(files[name])), name)
	}
	golden(t, "migrations.golden", b.String())
}

// A database is opened by several processes at once and over and over: one
// migrates, the others wait, nothing is done twice.
func TestOpeningTwiceChangesNothing(t *testing.T) {
	each := func(t *testing.T, url string) {
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				s, err := store.Open(context.Background(), url)
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if _, err := s.Verify(context.Background(), nil); err != nil {
					t.Errorf("after opening: %v", err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		r := openRaw(t, url, false)

		files, err := store.Migrations()
		if err != nil {
			t.Fatal(err)
		}
		if got := len(r.texts(r.DB, `SELECT CAST(version_id AS TEXT) FROM goose_db_version WHERE version_id > 0`)); got != len(files) {
			t.Errorf("%d migrations are noted, want %d", got, len(files))
		}
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); each(t, filepath.Join(t.TempDir(), "new.db")) })
	t.Run("sqlite again", func(t *testing.T) { t.Parallel(); each(t, rig.SQLite(t)) })
	if rig.WithPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); each(t, rig.Empty(t)) })
		t.Run("postgres again", func(t *testing.T) { t.Parallel(); each(t, rig.County(t)) })
	}
}

// INV-01, INV-02, INV-03, INV-04, INV-05, INV-06, INV-07, INV-08, INV-09, INV-10, INV-12, INV-13, INV-14, INV-15, INV-21, INV-29: the view of each invariant shows what
// breaks it, once the guards are gone.
func TestViewsShowWhatIsBroken(t *testing.T) {
	path := rig.SQLite(t)
	lived(t, path)
	r := openRaw(t, path, true)
	r.must(`PRAGMA foreign_keys = 0`)
	broken := map[string]string{
		"inv_01": `UPDATE org SET version = version + 1`,
		"inv_02": `DELETE FROM entry WHERE n = 2`,
		"inv_03": `UPDATE batch_file SET cseq = 1 WHERE name = 'population.tsv'`,
		"inv_04": `UPDATE batch_file SET run = 2 WHERE name = 'result.json'`,
		"inv_05": `UPDATE batch SET entrusted_at = drawn_at, disclosed_at = ''`,
		"inv_06": `DELETE FROM slot`,
		"inv_07": `UPDATE seat SET leader = FALSE`,
		"inv_08": `DELETE FROM seat WHERE NOT leader`,
		"inv_09": `UPDATE plan SET approved_by = drafted_by`,
		"inv_10": `UPDATE visit SET state = 'begun' WHERE state = 'signed'`,
		"inv_12": `UPDATE result SET edition = edition + 1 WHERE edition > 0`,
		"inv_13": `UPDATE post SET kind = 'leader' WHERE kind = 'principal'`,
		"inv_14": `UPDATE post SET person = (SELECT person FROM post WHERE kind = 'security_admin') WHERE kind = 'leader'`,
		"inv_15": `UPDATE touch SET was = 'published' WHERE becomes = 'submitted'`,
		"inv_21": `UPDATE delivery SET digest = 'x'`,
		"inv_29": `UPDATE item SET since = '2099-01-01'`,
	}
	for _, view := range store.Invariants() {
		tx, err := r.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if rows := r.texts(tx, `SELECT 'x' FROM `+view); len(rows) > 0 {
			t.Errorf("%s is not empty to begin with", view)
		}
		if _, err := tx.Exec(broken[view]); err != nil {
			t.Fatalf("break %s: %v", view, err)
		}
		if rows := r.texts(tx, `SELECT 'x' FROM `+view); len(rows) == 0 {
			t.Errorf("%s does not see %s", view, broken[view])
		}
		tx.Rollback()
	}
}
