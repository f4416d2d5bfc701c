package rig

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

func templateOf(fingerprint string, statements ...string) *Postgres {
	return &Postgres{Fingerprint: fingerprint, Setup: func(dsn string) error {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return err
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	}}
}

func open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// onPostgres runs a test that makes sense on PostgreSQL only.
func onPostgres(t *testing.T, name string, test func(t *testing.T)) {
	t.Parallel()
	if WithPostgres() {
		t.Run("postgres/"+name, test)
	}
}

func TestDatabasesAreCopiesOfOneTemplate(t *testing.T) {
	onPostgres(t, "copies", func(t *testing.T) {
		var setUps atomic.Int32
		template := templateOf(rand.Text(), `CREATE TABLE org (name TEXT)`, `INSERT INTO org VALUES ('海阳市市场监督管理局')`)
		counted := func(dsn string) error { setUps.Add(1); return template.Setup(dsn) }
		first := &Postgres{Fingerprint: template.Fingerprint, Setup: counted}
		second := &Postgres{Fingerprint: template.Fingerprint, Setup: counted}
		var all sync.WaitGroup
		for _, p := range []*Postgres{first, first, second, second} {
			all.Go(func() {
				db := open(t, p.NewDatabase(t))
				var rows int
				if err := db.QueryRow(`SELECT count(*) FROM org`).Scan(&rows); err != nil || rows != 1 {
					t.Errorf("a fresh copy has %d rows (%v), want 1", rows, err)
				}
				if _, err := db.Exec(`DELETE FROM org`); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := setUps.Load(); got != 1 {
			t.Errorf("the template was set up %d times, want once", got)
		}
	})
}

func TestDatabaseSortsByCodePointAndIsDurable(t *testing.T) {
	onPostgres(t, "settings", func(t *testing.T) {
		db := open(t, templateOf("empty").NewDatabase(t))
		for query, want := range map[string]string{
			`SHOW server_encoding`:  "UTF8",
			`SHOW lc_collate`:       "C",
			`SHOW fsync`:            "on",
			`SHOW listen_addresses`: "",
		} {
			var got string
			if query == `SHOW lc_collate` { // no longer a setting in PostgreSQL 16
				query = `SELECT datcollate FROM pg_database WHERE datname = current_database()`
			}
			if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
				t.Errorf("%s = %q (%v), want %q", query, got, err, want)
			}
		}
	})
}

func TestTemplateThatFailsIsNotKept(t *testing.T) {
	onPostgres(t, "failing template", func(t *testing.T) {
		c, err := sharedCluster()
		if err != nil {
			t.Fatal(err)
		}
		fingerprint := rand.Text()
		bad, good := templateOf(fingerprint, `CREATE TABLE a (x TEXT)`, `not SQL`), templateOf(fingerprint, `CREATE TABLE a (x TEXT)`)
		if _, err := c.makeTemplate(fingerprint, bad.Setup); err == nil {
			t.Fatal("a template whose set-up failed was accepted")
		}
		if _, err := c.makeTemplate(fingerprint, good.Setup); err != nil {
			t.Errorf("after a failed set-up: %v", err)
		}
	})
}

func TestClusterEndsByItself(t *testing.T) {
	onPostgres(t, "end", func(t *testing.T) {
		dir := filepath.Join(os.TempDir(), "suicha-pg-test-"+rand.Text())
		t.Cleanup(func() { os.RemoveAll(dir) })
		c, err := joinCluster(dir, 10*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		again, err := joinCluster(dir, time.Hour) // takes part in the same one
		if err != nil {
			t.Fatal(err)
		}
		c.users.Close()
		if err := again.db.Ping(); err != nil {
			t.Errorf("the cluster ended under its second user: %v", err)
		}
		again.users.Close()

		waitForEnd(t, dir)
		if _, err := os.Stat(filepath.Join(dir, "data")); !os.IsNotExist(err) {
			t.Errorf("the server's files are still there: %v", err)
		}
		c, err = joinCluster(dir, 0)
		if err != nil {
			t.Fatalf("start again after the end: %v", err)
		}
		c.users.Close()
		waitForEnd(t, dir)
	})
}

func TestClusterOfAKilledKeeperIsReplaced(t *testing.T) {
	onPostgres(t, "killed keeper", func(t *testing.T) {
		dir := filepath.Join(os.TempDir(), "suicha-pg-test-"+rand.Text())
		t.Cleanup(func() { os.RemoveAll(dir) })
		if err := ownDir(dir); err != nil {
			t.Fatal(err)
		}
		if err := startServer(dir); err != nil { // a server without a keeper
			t.Fatal(err)
		}
		c, err := joinCluster(dir, 0)
		if err != nil {
			t.Fatalf("join what a killed keeper left: %v", err)
		}
		if _, err := c.makeTemplate("empty", templateOf("empty").Setup); err != nil {
			t.Error(err)
		}
		c.users.Close()
		waitForEnd(t, dir)
	})
}

// waitForEnd waits until the keeper lets go of its lock: its server has ended.
func waitForEnd(t *testing.T, dir string) {
	t.Helper()
	keeper, err := lockFile(filepath.Join(dir, "keeper"), syscall.LOCK_EX)
	if err != nil {
		t.Fatal(err)
	}
	keeper.Close()
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if !WithPostgres() {
		return // without the server there may be no user postgres to compare with
	}
	if err := ownDir(dir); err == nil || !strings.Contains(err.Error(), "private") {
		t.Errorf("ownDir of a directory open to all = %v, want a refusal", err)
	}
}

func TestOpenConnectionIsReported(t *testing.T) {
	onPostgres(t, "leak", func(t *testing.T) {
		spy := &recorder{TB: t}
		dsn := templateOf("empty").NewDatabase(spy)
		conn, err := open(t, dsn).Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		spy.cleanup()
		if !strings.Contains(spy.said, "connection open") {
			t.Errorf("a test that leaves a connection open is told %q", spy.said)
		}
	})
}

// A recorder stands for a test that is expected to fail.
type recorder struct {
	testing.TB
	cleanup func()
	said    string
}

func (r *recorder) Cleanup(f func())                  { r.cleanup = f }
func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }
func (r *recorder) Fatal(args ...any)                 { r.said += fmt.Sprint(args...); runtime.Goexit() }
func (r *recorder) Fatalf(format string, args ...any) {
	r.said += fmt.Sprintf(format, args...)
	runtime.Goexit()
}
func (r *recorder) Logf(string, ...any) {}

func TestFingerprintSeesEveryChange(t *testing.T) {
	tree := func(name, text string) string {
		sum, err := Fingerprint(fstest.MapFS{name: {Data: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	first, same := tree("0001_org.sql", "a"), tree("0001_org.sql", "a")
	if first != same {
		t.Error("equal trees differ")
	}
	for _, other := range []string{tree("0002_org.sql", "a"), tree("0001_org.sql", "b")} {
		if other == first {
			t.Error("different trees are equal")
		}
	}
}
