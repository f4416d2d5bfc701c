package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"suicha/internal/inspect"
)

// Personal keeps what people have arranged for themselves: filters of lists that
// they gave a name, and the columns they want to see. None of it is the official
// record; nobody else sees it. It touches those tables and no others, and is
// handed to package office.
type Personal struct {
	db, writes *sql.DB
	d          dialect
}

// A SavedFilter (常用筛选) is a filter of a list under a name.
type SavedFilter struct {
	ID     string
	Person inspect.PersonID
	List   string // such as objects
	Name   string
	Query  string // of the list's address
	Made   time.Time
}

// Filters returns the filters of a person for a list, or for all lists if it is
// empty, in the order they were made.
func (p *Personal) Filters(ctx context.Context, person inspect.PersonID, of string) ([]SavedFilter, error) {
	return list(ctx, p.db, func(s scanner) (f SavedFilter, err error) {
		return f, s.Scan(&f.ID, &f.Person, &f.List, &f.Name, &f.Query, instantCol{&f.Made})
	}, `
		SELECT id, person, list, name, query, made_at
		FROM   saved_filter
		WHERE  person = $1 AND ($2 = '' OR list = $2)
		ORDER  BY list, made_at, id`, string(person), of)
}

// SaveFilter keeps a filter. One of the same list and name is replaced. It fails
// with inspect.ErrFiltersMany if the person has as many as most already. Savings of
// one person queue, so that several at once do not get past the limit.
func (p *Personal) SaveFilter(ctx context.Context, f SavedFilter, most int) error {
	tx, err := p.writes.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("save a filter: %w", err)
	}
	defer tx.Rollback()
	if p.d.personal != "" {
		if _, err := tx.ExecContext(ctx, p.d.personal, string(f.Person)); err != nil {
			return fmt.Errorf("queue for saving a filter: %w", err)
		}
	}
	n, err := exec(ctx, tx, `
		INSERT INTO saved_filter (id, person, list, name, query, made_at)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT)
		WHERE  (SELECT count(*) FROM saved_filter WHERE person = $2 AND NOT (list = $3 AND name = $4)) < $7
		ON CONFLICT (person, list, name) DO UPDATE SET query = excluded.query`,
		f.ID, string(f.Person), f.List, f.Name, f.Query, instant(f.Made), most)
	switch {
	case err != nil:
		return fmt.Errorf("save a filter: %w", err)
	case n == 0:
		return inspect.ErrFiltersMany.With(most)
	}
	return tx.Commit()
}

// RenameFilter gives a filter of a person another name. It fails with
// inspect.ErrFilterTaken if another one of the list is called so.
func (p *Personal) RenameFilter(ctx context.Context, person inspect.PersonID, id, name string) error {
	n, err := exec(ctx, p.writes, `
		UPDATE saved_filter
		SET    name = $3
		WHERE  person = $1 AND id = $2 AND NOT EXISTS (
			SELECT 1
			FROM   saved_filter f
			WHERE  f.person = $1 AND f.list = saved_filter.list AND f.name = $3 AND f.id <> $2)`, string(person), id, name)
	if err != nil || n == 1 {
		return err
	}
	found, err := row(ctx, p.db, scanCount, `SELECT count(*) FROM saved_filter WHERE person = $1 AND id = $2`, string(person), id)
	if err == nil && found == 0 {
		err = inspect.ErrMissing
	} else if err == nil {
		err = inspect.ErrFilterTaken.With(name)
	}
	return err
}

// DropFilter removes a filter of a person. One that is gone already is no fault.
func (p *Personal) DropFilter(ctx context.Context, person inspect.PersonID, id string) error {
	_, err := exec(ctx, p.writes, `DELETE FROM saved_filter WHERE person = $1 AND id = $2`, string(person), id)
	return err
}

// Columns returns the columns of a list that a person chose. It is false if they
// never did.
func (p *Personal) Columns(ctx context.Context, person inspect.PersonID, of string) (columns []string, chosen bool, err error) {
	all, err := list(ctx, p.db, func(s scanner) (columns []string, err error) { return columns, s.Scan(setCol[string]{&columns}) },
		`SELECT columns FROM list_columns WHERE person = $1 AND list = $2`, string(person), of)
	if err != nil || len(all) == 0 {
		return nil, false, err
	}
	return all[0], true, nil
}

// ChooseColumns keeps the columns of a list that a person wants to see.
func (p *Personal) ChooseColumns(ctx context.Context, person inspect.PersonID, of string, columns []string) error {
	_, err := exec(ctx, p.writes, `
		INSERT INTO list_columns (person, list, columns) VALUES ($1, $2, $3)
		ON CONFLICT (person, list) DO UPDATE SET columns = excluded.columns`, string(person), of, set(columns))
	return err
}
