// Package store keeps the record in SQL: one text of every query for SQLite and
// PostgreSQL.
//
// Open returns separate capabilities, so that each part of the program can
// touch its own tables and no others: DB reads, Writer changes the record (it
// is handed to package act and nobody else), Log derives the transparency log,
// Sessions keeps sign-ins, Queue keeps jobs, Personal keeps what somebody has
// arranged for themselves. Start with dialect.go, which is
// everything the two databases do differently, then plan.go, the example of a
// noun.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// A Store is an open database and its capabilities.
type Store struct {
	DB       *DB
	Writer   *Writer
	Log      *Log
	Sessions *Sessions
	Queue    *Queue
	Personal *Personal

	// Restored names the guards that somebody had taken away and Open put back.
	// Whoever runs the program should be told, and should verify the record.
	Restored []string

	reads, writes *sql.DB
	dialect       dialect
	parts         map[string]string // of the schema, as the migrations make them
}

// DB reads the record. Every exported method takes the scope of its asker.
type DB struct {
	db *sql.DB
	d  dialect
}

// Open opens the database at url, a file path for SQLite or a postgres:// URL,
// brings its schema up to date and checks that it keeps what it is told. It
// fails rather than run on a database with other settings or with a schema that
// somebody changed; guards that somebody took away it puts back.
func Open(ctx context.Context, url string) (*Store, error) {
	var d dialect
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		d = postgres
	} else {
		d = sqlite
	}
	reads, writes, err := d.open(url)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{reads: reads, writes: writes, dialect: d}
	if err := s.start(ctx); err != nil {
		s.Close()
		return nil, err
	}
	s.DB = &DB{db: reads, d: d}
	s.Writer = &Writer{db: writes, d: d}
	if d.forgets {
		s.Writer.kept = newStatements()
	}
	s.Log = &Log{db: reads, writes: writes, d: d}
	s.Sessions = &Sessions{db: reads, writes: writes, d: d}
	s.Queue = &Queue{db: reads, writes: writes, d: d}
	s.Personal = &Personal{db: reads, writes: writes, d: d}
	if err := s.Writer.index(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("index the library: %w", err)
	}
	return s, nil
}

func (s *Store) start(ctx context.Context) error {
	if err := s.dialect.check(ctx, s.writes); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if err := migrate(ctx, s.writes, s.dialect); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	var err error
	if s.parts, err = wantedParts(ctx, s.writes, s.dialect); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if s.Restored, err = protect(ctx, s.writes, s.dialect, s.parts); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	return sortNames(ctx, s.writes)
}

// Close closes the database.
func (s *Store) Close() error {
	err := s.reads.Close()
	if s.writes != s.reads {
		if e := s.writes.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Ready writes nothing but proves that the database answers reads and takes
// write transactions.
func (s *Store) Ready(ctx context.Context) error {
	var n int
	if err := s.reads.QueryRowContext(ctx, `SELECT count(*) FROM closed`).Scan(&n); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	tx, err := s.writes.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin to write: %w", err)
	}
	return tx.Rollback()
}
