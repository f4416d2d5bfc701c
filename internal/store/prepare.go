package store

import (
	"context"
	"database/sql"
	"sync"
)

// statements keeps what SQLite has prepared for its one writing connection. A
// statement that changes a table is parsed together with the table's guards, which
// takes longer than running it. PostgreSQL's driver keeps its own; then this is nil.
type statements struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
	seen map[string]int // how often a text was asked for that is not kept
}

// Texts are written in the program, but some have lists of any length in them: what
// is kept is bounded, and begins anew when it is full.
const (
	keptStatements = 400
	seenStatements = 2000
)

func newStatements() *statements {
	return &statements{kept: map[string]*sql.Stmt{}, seen: map[string]int{}}
}

// of returns the statement for a text, or nil and remembers that it was asked for.
func (s *statements) of(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	stmt := s.kept[query]
	if stmt == nil && (len(s.seen) < seenStatements || s.seen[query] > 0) {
		s.seen[query]++
	}
	return stmt
}

// prepare keeps the texts that were asked for more than once. It needs the
// connection, and so is called between transactions. What cannot be prepared now is
// run as it was before.
func (s *statements) prepare(ctx context.Context, db *sql.DB) {
	for _, query := range s.wanted() {
		stmt, err := db.PrepareContext(ctx, query)
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.kept[query] == nil {
			s.kept[query] = stmt
			stmt = nil
		}
		s.mu.Unlock()
		if stmt != nil {
			stmt.Close() // another one was first; there is nothing to lose
		}
	}
}

func (s *statements) wanted() (texts []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for query, n := range s.seen {
		if n > 1 {
			texts = append(texts, query)
			delete(s.seen, query)
		}
	}
	if len(s.seen) >= seenStatements {
		clear(s.seen)
	}
	if len(s.kept)+len(texts) > keptStatements {
		for query, stmt := range s.kept {
			stmt.Close() // a transaction that uses it keeps it to its end
			delete(s.kept, query)
		}
	}
	return texts
}

// A prepared is a transaction that runs what is kept.
type prepared struct {
	*sql.Tx
	kept *statements
	mine map[string]*sql.Stmt // bound to this transaction
}

func (p prepared) stmt(ctx context.Context, query string) *sql.Stmt {
	if p.kept == nil {
		return nil
	}
	if stmt := p.mine[query]; stmt != nil {
		return stmt
	}
	stmt := p.kept.of(query)
	if stmt != nil {
		stmt = p.StmtContext(ctx, stmt)
		p.mine[query] = stmt
	}
	return stmt
}

func (p prepared) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt := p.stmt(ctx, query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return p.Tx.ExecContext(ctx, query, args...)
}

func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := p.stmt(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return p.Tx.QueryContext(ctx, query, args...)
}

func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := p.stmt(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return p.Tx.QueryRowContext(ctx, query, args...)
}
