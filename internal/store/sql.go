package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// A scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// list runs a query and scans every row.
func list[T any](ctx context.Context, q queryer, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// row runs a query for one row. No row is inspect.ErrMissing.
func row[T any](ctx context.Context, q queryer, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, inspect.ErrMissing
	}
	return v, err
}

// exec runs a statement and returns how many rows it changed.
func exec(ctx context.Context, q queryer, query string, args ...any) (int64, error) {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// in returns "($n, $n+1, …)" for len(values) values and the values as arguments.
func in[T any](first int, values []T) (string, []any) {
	marks := make([]string, len(values))
	args := make([]any, len(values))
	for i, v := range values {
		marks[i], args[i] = fmt.Sprintf("$%d", first+i), v
	}
	if len(marks) == 0 {
		return "('')", nil
	}
	return "(" + strings.Join(marks, ", ") + ")", args
}

// inParts asks for values some hundred at a time: what stands in marks, numbered
// from first on.
func inParts[T, U any](values []T, first int, ask func(marks string, args []any) ([]U, error)) (all []U, err error) {
	for part := range slices.Chunk(values, 500) {
		found, err := ask(in(first, part))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

const instantForm = "2006-01-02T15:04:05.000Z"

// instant is at as the record writes it: UTC text of one width, so that order
// of text is order of time. The zero time is the empty text, "not yet".
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(instantForm)
}

// An instantCol scans what instant wrote.
type instantCol struct{ at *time.Time }

func (c instantCol) Scan(v any) error {
	text, ok := v.(string)
	switch {
	case !ok:
		return fmt.Errorf("instant is a %T", v)
	case text == "":
		*c.at = time.Time{}
		return nil
	}
	at, err := time.Parse(instantForm, text)
	*c.at = at
	return err
}

// A dayCol scans a civil date; the empty text is the zero date.
type dayCol struct{ day *workday.Date }

func (c dayCol) Scan(v any) error {
	text, ok := v.(string)
	switch {
	case !ok:
		return fmt.Errorf("date is a %T", v)
	case text == "":
		*c.day = workday.Date{}
		return nil
	}
	day, err := workday.Parse(text)
	*c.day = day
	return err
}

func day(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// A nullCol scans a nullable text; NULL is the empty text.
type nullCol[T ~string] struct{ text *T }

func (c nullCol[T]) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.text = ""
	case string:
		*c.text = T(v)
	default:
		return fmt.Errorf("text is a %T", v)
	}
	return nil
}

func null[T ~string](text T) any {
	if text == "" {
		return nil
	}
	return string(text)
}

// A setCol scans a list kept as words with blanks between.
type setCol[T ~string] struct{ list *[]T }

func (c setCol[T]) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("list is a %T", v)
	}
	*c.list = nil
	for _, w := range strings.Fields(text) {
		*c.list = append(*c.list, T(w))
	}
	return nil
}

func set[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, v := range list {
		words[i] = string(v)
	}
	return strings.Join(words, " ")
}
