package rig

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// linger is how long the cluster waits for another test program. The programs
// of one `go test ./...` follow each other more closely than this.
const linger = 20 * time.Second

// keeperArg is the first argument that makes a test program the keeper.
const keeperArg = "rig-keep-postgres"

// How the cluster is made and run. Text sorts by code point, as on SQLite; the
// server writes to disk as the real one does, so that what tests measure and
// what they kill is not a dream.
const (
	initdbFlags = "--locale=C --encoding=UTF8 --auth=trust --username=postgres --no-instructions --no-sync"
	serverFlags = "-c listen_addresses='' -c unix_socket_permissions=0700 -c fsync=on -c max_connections=300 -c shared_buffers=64MB"
)

// The keeper is a second run of the same test program: the only program at
// hand that can outlive it. It is told by its arguments.
func init() {
	if len(os.Args) != 4 || os.Args[1] != keeperArg {
		return
	}
	report, lock := os.NewFile(3, "report"), os.NewFile(4, "keeper")
	syscall.CloseOnExec(3) // the server must not hold them
	syscall.CloseOnExec(4)
	wait, err := time.ParseDuration(os.Args[3])
	if err == nil {
		err = keep(os.Args[2], wait, lock, func() { report.Close() })
	}
	if err != nil {
		fmt.Fprint(report, err) // nobody listens if the server was ready already
		os.Exit(1)
	}
	os.Exit(0)
}

// startKeeper starts the keeper and waits until its server answers. It hands
// the lock over, so that there is no moment without a holder.
func startKeeper(dir string, linger time.Duration, lock *os.File) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	defer read.Close()
	cmd := exec.Command(program, keeperArg, dir, linger.String())
	cmd.Dir = dir
	cmd.ExtraFiles = []*os.File{write, lock}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is not for it
	err = cmd.Start()
	write.Close()
	if err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	problem, err := io.ReadAll(read)
	if err == nil && len(problem) == 0 {
		return nil
	}
	return fmt.Errorf("start PostgreSQL: %s (%w)", problem, errors.Join(err, cmd.Wait()))
}

// keep runs a fresh server in dir until nobody has used it for as long as
// linger, or it is told to end. It calls ready when the server answers.
func keep(dir string, linger time.Duration, lock *os.File, ready func()) error {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	users, err := os.OpenFile(filepath.Join(dir, "users"), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	// Closed after lock is: whoever waits for users then finds no keeper.
	defer users.Close()
	if err := startServer(dir); err != nil {
		return err
	}
	ready()
	unused := make(chan error, 1)
	go func() { unused <- waitUnused(users, linger) }()
	select {
	case <-end:
	case err = <-unused:
	}
	err = errors.Join(err, stopServer(dir, "fast"))
	return errors.Join(err, lock.Close())
}

// waitUnused returns when nobody has used the cluster for a while. It leaves
// users locked, so that nobody can come before the server has ended.
func waitUnused(users *os.File, linger time.Duration) error {
	for {
		if err := flock(users, syscall.LOCK_EX); err != nil { // waits for the last user
			return err
		}
		before, err := users.Stat()
		if err != nil {
			return err
		}
		if err := flock(users, syscall.LOCK_UN); err != nil {
			return err
		}
		<-time.After(linger)
		err = flock(users, syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) {
			continue
		}
		if err != nil {
			return err
		}
		after, err := users.Stat()
		if err != nil || after.ModTime().Equal(before.ModTime()) {
			return err
		}
	}
}

// startServer makes a new, empty cluster in dir and starts its server. What
// a killed keeper left there goes.
func startServer(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err == nil {
		if err := stopServer(dir, "immediate"); err != nil && serverRuns(dir) {
			return err
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "data")); err != nil {
		return err
	}
	if err := serverTool(dir, "initdb", append(strings.Fields(initdbFlags), "--pgdata=data")...); err != nil {
		return err
	}
	flags := fmt.Sprintf("%s -c unix_socket_directories='%s'", serverFlags, dir)
	return serverTool(dir, "pg_ctl", "start", "--wait", "--pgdata=data", "--log=log", "--options="+flags)
}

func serverRuns(dir string) bool {
	return serverTool(dir, "pg_ctl", "status", "--pgdata=data") == nil
}

// stopServer ends the server and removes its files.
func stopServer(dir, how string) error {
	if err := serverTool(dir, "pg_ctl", "stop", "--wait", "--mode="+how, "--pgdata=data"); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, "data"))
}

// serverTool runs one of PostgreSQL's programs in dir as the server's user.
func serverTool(dir, name string, args ...string) error {
	bin, err := postgresBin()
	if err != nil {
		return err
	}
	as, err := serverUser()
	if err != nil {
		return err
	}
	// The server inherits its output: it must not be a pipe of ours, or we
	// would wait for it to end.
	out, err := os.CreateTemp(dir, name)
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd := exec.Command(filepath.Join(bin, name), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name()) // the error is told with or without it
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(text)))
	}
	return nil
}
