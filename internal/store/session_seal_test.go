package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

func noted(o *rig.Office, from, to int) {
	o.Helper()
	for i := from; i < to; i++ {
		err := o.Store.Sessions.Note(context.Background(), store.SecurityEvent{
			ID: rig.ID[string](fmt.Sprint("line ", i)), At: o.Now.Add(time.Duration(i) * time.Second), Kind: "sign_in", Person: "p", Net: "10.3.7.0/24",
		})
		if err != nil {
			o.Fatal(err)
		}
	}
}

func sealed(o *rig.Office, name string) {
	o.Helper()
	o.Done(inspect.System(rig.Region), act.SealSecurityLog{ID: rig.ID[string](name)})
}

// Whoever drops the guards and then changes, removes, adds or moves a line that
// is on record is found by verify-record; and who removes one that is not yet,
// unless it is the last.
func TestSealedLinesCannotChange(t *testing.T) {
	for name, open := range map[string]func(testing.TB) string{"sqlite": rig.SQLite, "postgres": rig.County} {
		if name == "postgres" && !rig.WithPostgres() {
			continue
		}
		for i, attack := range []string{
			`DELETE FROM security_log WHERE n = 3`,
			`DELETE FROM security_log WHERE n = 5`,
			`DELETE FROM security_log WHERE n = 8`,
			`UPDATE security_log SET kind = 'sign_out' WHERE n = 1`,
			`UPDATE security_log SET net = '' WHERE n = 4`,
			`UPDATE security_log SET n = 0 WHERE n = 2`,
			`UPDATE security_log SET n = n + 100 WHERE n = 5`,
			`INSERT INTO security_log (id, at, kind, person, subject, net, detail, n) VALUES ('x', 'x', 'sign_in', '', '', '', '', 0)`,
			`DELETE FROM security_log`,
			`UPDATE security_seal SET digest = lower(digest) || '', lines = 2 WHERE first = 0`,
			`DELETE FROM security_seal WHERE first > 0`,
		} {
			t.Run(fmt.Sprint(name, " ", i), func(t *testing.T) {
				t.Parallel()
				url := open(t)
				o := rig.Open(t, url)
				noted(o, 0, 3)
				sealed(o, "first")
				noted(o, 3, 6)
				sealed(o, "second")
				noted(o, 6, 10)
				v, err := o.Store.Verify(context.Background(), nil)
				if err != nil || v.Sealed != 6 || v.Unsealed != 4 {
					t.Fatalf("%d lines are sealed, %d not: %v", v.Sealed, v.Unsealed, err)
				}
				l, err := o.Store.Sessions.Sealed(context.Background())
				if err != nil || l.Last != 6 || l.Open != 4 || l.Entry != v.Entries-1 || l.At.IsZero() {
					t.Fatalf("the log is said to be sealed as %+v: %v", l, err)
				}
				r := openRaw(t, url, true)
				r.must(attack)
				r.Close()
				again, err := store.Open(context.Background(), url) // puts the guards back
				if err != nil {
					t.Fatal(err)
				}
				defer again.Close()
				if _, err = again.Verify(context.Background(), nil); err == nil || !strings.Contains(err.Error(), "security_") {
					t.Errorf("%s: %v", attack, err)
				}
			})
		}
	}
}

// However many lines are written at once, each has its own number and none is
// left out; nothing is sealed twice, and no empty seal is made.
func TestLinesAreNumbered(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() { noted(o, i, i+1) })
		}
		all.Wait()
		o.Refused(inspect.System(rig.Region), act.SealSecurityLog{ID: "x"}, inspect.ErrIdent)
		o.Refused(o.System(), act.SealSecurityLog{ID: rig.ID[string]("by a person")}, inspect.ErrDenied)
		sealed(o, "all")
		o.Refused(inspect.System(rig.Region), act.SealSecurityLog{ID: rig.ID[string]("none")}, inspect.ErrMissing)
		v, err := o.Store.Verify(context.Background(), nil)
		if err != nil || v.Sealed != 40 || v.Unsealed != 0 {
			o.Errorf("%d lines are sealed, %d not: %v", v.Sealed, v.Unsealed, err)
		}
	})
}

// A policy of PostgreSQL that hides rows is found at the start, and so is a
// checkpoint whose time cannot be.
func TestRowSecurityAndTimesAreFound(t *testing.T) {
	ctx := context.Background()
	for name, open := range map[string]func(testing.TB) string{"sqlite": rig.SQLite, "postgres": rig.County} {
		if name == "postgres" && !rig.WithPostgres() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := open(t)
			o := rig.Open(t, url)
			noted(o, 0, 1)
			sealed(o, "first")
			o.Extend()
			r := openRaw(t, url, true)
			for _, at := range []string{"", "x", "2026-03-02", "2020-01-01T00:00:00.000Z"} {
				r.must(`UPDATE checkpoint SET at = '` + at + `'`)
				if _, err := o.Store.Verify(ctx, nil); err == nil {
					t.Errorf("the checkpoint's time %q passes", at)
				}
			}
			if name == "postgres" {
				r.must(`ALTER TABLE security_log ENABLE ROW LEVEL SECURITY`)
				if _, err := store.Open(ctx, url); err == nil || !strings.Contains(err.Error(), "ROW SECURITY ON security_log") {
					t.Errorf("hidden rows: %v", err)
				}
				r.must(`ALTER TABLE security_log DISABLE ROW LEVEL SECURITY`)
			}
		})
	}
}
