package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// started fills a county until its record has as many entries.
func started(t testing.TB, entries int) string {
	t.Helper()
	url := rig.SQLite(t)
	r := openRaw(t, url, false)
	r.must(`PRAGMA synchronous = 0`)
	s, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	signer, _, err := rig.LogKey()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	desk := act.NewDesk(s.Writer, func() time.Time { return now }, inspect.Regulation)
	admin := inspect.Actor{Person: rig.ID[inspect.PersonID]("person system"), Org: inspect.Org{ID: rig.Org("zf"), Region: rig.Region},
		Post: inspect.Post{ID: rig.ID[inspect.PostID]("post system"), Kind: inspect.SystemAdmin}}
	for i := range entries {
		id := rig.ID[string](fmt.Sprint("start ", i))
		if _, err := desk.Do(context.Background(), id, admin, act.AddPerson{ID: inspect.PersonID(id), Name: "张三"}); err != nil {
			t.Fatal(err)
		}
	}
	for more := true; more; {
		if more, err = s.Log.Extend(context.Background(), now, signer.Sign); err != nil {
			t.Fatal(err)
		}
	}
	return url
}

// BenchmarkColdStart opens a database of 10,000 entries, as a start does. It
// must take less than a second; it takes milliseconds.
func BenchmarkColdStart(b *testing.B) {
	url := started(b, 10_000)
	for b.Loop() {
		s, err := store.Open(b.Context(), url)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Ready(b.Context()); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Log.Newest(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify reads a record of 10,000 entries again.
func BenchmarkVerify(b *testing.B) {
	s, err := store.Open(b.Context(), started(b, 10_000))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	_, open, err := rig.LogKey()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Verify(b.Context(), open); err != nil {
			b.Fatal(err)
		}
	}
}

// An existing database opens within a second, however long its record.
func TestColdStart(t *testing.T) {
	url := started(t, 300)
	began := time.Now()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if took > time.Second {
		t.Errorf("opening took %s", took)
	}
}
