// Package rig is what the tests stand on: real databases, fixtures and a clock
// that stands still. Only tests import it.
//
// Start at [Postgres] for a throw-away PostgreSQL database.
package rig

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// WithPostgres reports whether tests run on PostgreSQL too. Only a quick check
// leaves it out, and says so; in every other run its absence is a failure.
func WithPostgres() bool { return os.Getenv("SUICHA_TEST") != "quick" }

// Postgres makes throw-away PostgreSQL databases that all begin as copies of
// one template. One value serves all tests of a package; the cluster behind it
// is started when the first database is asked for, is shared by all test
// programs of the machine's user, and ends by itself soon after the last one.
type Postgres struct {
	// Fingerprint tells one template from another: it must change whenever
	// Setup would leave something else. See [Fingerprint].
	Fingerprint string

	// Setup fills the empty template database at dsn. It runs once for each
	// fingerprint, not once for each package.
	Setup func(dsn string) error

	once     sync.Once
	template string
	err      error
}

// Fingerprint is the hash of all files of the given trees: of the migrations,
// for a template that is made by migrating.
func Fingerprint(trees ...fs.FS) (string, error) {
	sum := sha256.New()
	for _, tree := range trees {
		err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(tree, name)
			fmt.Fprintf(sum, "%q %d\n%s", name, len(text), text)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("fingerprint of files: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// NewDatabase makes a database for one test and returns its address. It is
// dropped when the test ends. A connection that is still open then is a
// failure: close the store in a Cleanup of the test's own.
func (p *Postgres) NewDatabase(t testing.TB) (dsn string) {
	t.Helper()
	if !WithPostgres() {
		t.Fatal("PostgreSQL is left out of quick checks: ask rig.WithPostgres before NewDatabase")
	}
	c, err := sharedCluster()
	if err != nil {
		t.Fatal(err)
	}
	p.once.Do(func() { p.template, p.err = c.makeTemplate(p.Fingerprint, p.Setup) })
	if p.err != nil {
		t.Fatalf("make the template database: %v", p.err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := c.exec("CREATE DATABASE " + name + " TEMPLATE " + p.template); err != nil {
		t.Fatalf("copy the template database: %v", err)
	}
	t.Cleanup(func() {
		// PostgreSQL itself waits five seconds for sessions that are closing.
		err := c.exec("DROP DATABASE " + name)
		if err == nil {
			return
		}
		t.Errorf("the test left a connection open: %v", err)
		if err := c.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return c.dsn(name)
}

// A cluster is the running PostgreSQL server that test programs share. All of
// it is in one directory, which holds besides the server's files three locks:
//
//   - users: held shared by every test program until it ends. The keeper takes
//     it exclusively to learn that nobody is left.
//   - start: held while one program looks whether a server runs.
//   - keeper: held by the keeper for its life. If it is free, no server runs,
//     or one whose keeper was killed.
type cluster struct {
	dir   string
	users *os.File // locked while this program lives
	db    *sql.DB  // of the maintenance database
}

// sharedCluster joins the machine's cluster, starting it if there is none.
var sharedCluster = sync.OnceValues(func() (*cluster, error) {
	dir, err := clusterDir()
	if err != nil {
		return nil, err
	}
	return joinCluster(dir, linger)
})

// clusterDir names the directory of the cluster. It is one per user, so that a
// developer's tests and root's do not meet, and short, because the name of a
// unix socket may have 107 bytes.
func clusterDir() (string, error) {
	bin, err := postgresBin()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(bin + initdbFlags + serverFlags))
	return filepath.Join(os.TempDir(), fmt.Sprintf("suicha-pg-%d-%x", os.Getuid(), sum[:4])), nil
}

// postgresBin finds the directory of the server's programs. Debian keeps them
// apart from the PATH, one directory for each version; the newest wins.
func postgresBin() (string, error) {
	best, version := "", -1
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	for _, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
			continue
		}
		if n, err := strconv.Atoi(filepath.Base(filepath.Dir(dir))); err == nil && n > version {
			best, version = dir, n
		}
	}
	if best != "" {
		return best, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL server not found: install it (Debian: apt-get install postgresql), or run `./check quick`, which leaves it out")
}

// joinCluster takes part in the cluster at dir until this program ends.
// If it has to start it, the cluster outlives its last user by linger.
func joinCluster(dir string, linger time.Duration) (*cluster, error) {
	if err := ownDir(dir); err != nil {
		return nil, err
	}
	users, err := lockFile(filepath.Join(dir, "users"), syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	// The keeper sees by this time that somebody came while nobody held the lock.
	now := time.Now()
	if err := os.Chtimes(users.Name(), now, now); err != nil {
		return nil, fmt.Errorf("mark the use of PostgreSQL: %w", err)
	}
	start, err := lockFile(filepath.Join(dir, "start"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer start.Close()
	keeper, err := lockFile(filepath.Join(dir, "keeper"), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		err = startKeeper(dir, linger, keeper)
		keeper.Close()
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = nil
	}
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, users: users}
	if c.db, err = sql.Open("pgx", c.dsn("postgres")); err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	// No idle connection: the server must be able to end without us.
	c.db.SetMaxIdleConns(0)
	if err := c.db.Ping(); err != nil {
		return nil, fmt.Errorf("PostgreSQL in %s does not answer, see its file log: %w", dir, err)
	}
	return c, nil
}

// ownDir makes the cluster's directory, or checks that nobody else did: /tmp
// is open to all, and tests trust every connection that comes through it.
func ownDir(dir string) error {
	as, err := serverUser()
	if err != nil {
		return err
	}
	owner := uint32(os.Getuid())
	if as != nil {
		owner = as.Uid
	}
	err = os.Mkdir(dir, 0o700)
	if err == nil && as != nil {
		err = os.Chown(dir, int(as.Uid), int(as.Gid))
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make a place for PostgreSQL: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at the place for PostgreSQL: %w", err)
	}
	// Between another program's Mkdir and Chown the owner is still root.
	stat := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || (stat.Uid != owner && stat.Uid != uint32(os.Getuid())) {
		return fmt.Errorf("%s is not a private directory of ours: remove it", dir)
	}
	return nil
}

// serverUser is whom the server runs as: PostgreSQL refuses root, and then the
// user postgres of the Debian package stands in. It is nil for anybody else.
func serverUser() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root and needs the user postgres of Debian's package: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user postgres: %w", err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// lockFile opens the file and takes a lock on it, which ends when the file is
// closed or the program dies.
func lockFile(name string, how int) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a lock: %w", err)
	}
	if err := flock(file, how); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", name, err)
	}
	return file, nil
}

func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// dsn is the address of one database of the cluster.
func (c *cluster) dsn(database string) string {
	query := url.Values{"host": {c.dir}, "user": {"postgres"}}
	return "postgres:///" + database + "?" + query.Encode()
}

func (c *cluster) exec(statement string) error {
	_, err := c.db.Exec(statement)
	return err
}

// makeTemplate returns the name of the finished template with that fingerprint,
// making it if it is not there. Of many programs that ask at once one makes it.
func (c *cluster) makeTemplate(fingerprint string, setup func(string) error) (string, error) {
	sum := sha256.Sum256([]byte(fingerprint))
	name := "template_" + hex.EncodeToString(sum[:12])
	ctx := context.Background()
	conn, err := c.db.Conn(ctx)
	if err != nil {
		return "", fmt.Errorf("connect: %w", err)
	}
	defer conn.Close() // ends the session and with it the lock
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, name); err != nil {
		return "", fmt.Errorf("wait for others: %w", err)
	}
	var finished bool
	err = conn.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)`, name).Scan(&finished)
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", name, err)
	}
	if finished {
		return name, nil
	}
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", // left half done by a program that died
		"CREATE DATABASE " + name + " TEMPLATE template0",
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return "", fmt.Errorf("%s: %w", statement, err)
		}
	}
	if err := setup(c.dsn(name)); err != nil {
		return "", fmt.Errorf("set up: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true ALLOW_CONNECTIONS false"); err != nil {
		return "", fmt.Errorf("finish: %w", err)
	}
	return name, nil
}
