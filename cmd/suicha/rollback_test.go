package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/config"
	"suicha/internal/inspect"
	"suicha/internal/job"
	"suicha/internal/rig"
)

// Row 49 of the threats, as a site lives it: an older copy of the database is put
// back; the site starts, shows what it has, says that it is not ready, and does
// no act.
func TestASiteOfAnOlderCopyDoesNoAct(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	c := config.Server{
		Origin: "http://localhost:8370", Data: filepath.Join(dir, "site"), Region: rig.Region, LogName: "test.suicha/log",
		Filing: "01-20", Publish: "02-29",
	}
	c.Policy = witnessed(t, dir, c)
	site, err := open(ctx, c, false)
	if err != nil {
		t.Fatal(err)
	}
	admin := found(t, site)
	kept(t, site, nil)
	file, backup := c.DatabaseURL(), filepath.Join(dir, "backup.db")
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`VACUUM INTO $1`, backup)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if err := register(site, admin, "甲"); err != nil {
		t.Fatal(err)
	}
	kept(t, site, nil)
	site.close()

	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(backup, file); err != nil {
		t.Fatal(err)
	}
	if site, err = open(ctx, c, false); err != nil {
		t.Fatal(err)
	}
	defer site.close()
	kept(t, site, job.ErrNotTheLog)
	if err := register(site, admin, "乙"); !errors.Is(err, inspect.ErrHalted) {
		t.Errorf("an act on the older copy: %v", err)
	}
	answer := httptest.NewRecorder()
	site.ready(answer, httptest.NewRequest("GET", "/readyz", nil))
	if answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "not the log") {
		t.Errorf("/readyz answers %d %s", answer.Code, answer.Body)
	}
}

// witnessed makes the site's keys and a witness that runs until the test ends,
// and returns the policy that names both.
func witnessed(t *testing.T, dir string, c config.Server) string {
	t.Helper()
	first, err := open(t.Context(), c, false)
	if err != nil {
		t.Fatal(err)
	}
	vkeys := first.keys.vkeys
	first.close()
	var public strings.Builder
	witness := WitnessServeCmd{Key: filepath.Join(dir, "w.key"), State: filepath.Join(dir, "w"), Log: vkeys[:1]}
	keygen := WitnessKeygenCmd{Name: "jiwei.example/witness", Key: witness.Key, State: witness.State}
	if err := keygen.run(&public); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- witness.serve(serving, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the witness ended with: %v", err)
		}
	})
	path := filepath.Join(dir, "policy")
	policy := fmt.Sprintf("log %s\nrequire %s\nwitness jiwei %s http://%s\nquorum jiwei\n",
		vkeys[0], vkeys[1], strings.TrimSpace(public.String()), l.Addr())
	if err := os.WriteFile(path, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// kept keeps the log as a process that has just begun.
func kept(t *testing.T, s *site, want error) {
	t.Helper()
	if err := s.keeper().Step(t.Context()); !errors.Is(err, want) {
		t.Fatalf("the keeper of the log: got %v, want %v", err, want)
	}
}

// found founds the installation and returns its first administrator.
func found(t *testing.T, s *site) inspect.Actor {
	t.Helper()
	by := inspect.Actor{Person: rig.ID[inspect.PersonID]("a"), Post: inspect.Post{ID: rig.ID[inspect.PostID]("p"), Kind: inspect.SecurityAdmin}}
	by.Org = inspect.Org{ID: rig.Org("zf"), Kind: inspect.OrgGovernment, Region: rig.Region}
	_, err := s.desk.Do(t.Context(), rig.ID[string]("found"), inspect.Console(rig.Region), act.FoundInstallation{
		Region: rig.Region, Person: by.Person, Post: by.Post.ID, Name: "安全管理员",
		Government: act.NewOrg{ID: by.Org.ID, Code: "zf", Name: "海阳市人民政府", Short: "市政府"},
		Office:     act.NewOrg{ID: rig.Org("lhb"), Code: "lhb", Name: "海阳市联席会议办公室", Short: "联席会议办公室"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return by
}

func register(s *site, by inspect.Actor, name string) error {
	by.Proved = time.Now()
	_, err := s.desk.Do(context.Background(), rig.ID[string](name), by, act.AddPerson{ID: rig.ID[inspect.PersonID](name), Name: name})
	return err
}
