package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

func openWriter(t *testing.T) *Writer {
	t.Helper()
	s, err := Open(context.Background(), filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.Writer
}

func count(t *testing.T, w *Writer, query string) (n int) {
	t.Helper()
	err := w.Write(t.Context(), func(tx *Tx) error {
		return tx.tx.QueryRowContext(t.Context(), query).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What is kept sees a schema that changed since, and a transaction that was undone.
func TestKeptStatementsSeeWhatChanged(t *testing.T) {
	w := openWriter(t)
	change := func(statement string) {
		if _, err := w.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	change(`CREATE TABLE note (a INTEGER)`)
	for want := range 4 {
		if n := count(t, w, `SELECT count(*) FROM note`); n != want {
			t.Fatalf("read %d notes, want %d", n, want)
		}
		change(`INSERT INTO note VALUES (1)`)
	}
	if w.kept.kept[`SELECT count(*) FROM note`] == nil {
		t.Fatal("the statement was not kept")
	}
	change(`DROP TABLE note`)
	change(`CREATE TABLE note (b TEXT, a INTEGER)`)
	if n := count(t, w, `SELECT count(*) FROM note`); n != 0 {
		t.Errorf("read %d notes of the new table", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range 3 {
		err := w.Write(ctx, func(tx *Tx) error {
			if _, err := tx.tx.ExecContext(ctx, `INSERT INTO note (a) VALUES ($1)`, 7); err != nil {
				return err
			}
			cancel()
			return ctx.Err()
		})
		if err == nil {
			t.Error("a transaction whose asker went away was committed")
		}
	}
	if n := count(t, w, `SELECT count(*) FROM note`); n != 0 {
		t.Errorf("%d notes of transactions that were undone", n)
	}
}

func TestKeptStatementsAreBounded(t *testing.T) {
	w := openWriter(t)
	for i := range keptStatements + 50 {
		text := fmt.Sprintf(`SELECT %d`, i)
		for range 2 {
			if n := count(t, w, text); n != i {
				t.Fatalf("%s gave %d", text, n)
			}
		}
	}
	if n := len(w.kept.kept); n == 0 || n > keptStatements {
		t.Errorf("%d statements are kept", n)
	}
	for i := range seenStatements + 50 {
		w.kept.of(fmt.Sprintf(`SELECT -%d`, i))
	}
	count(t, w, `SELECT 1`)
	if n := len(w.kept.seen); n > 1 {
		t.Errorf("%d texts are remembered", n)
	}
}
