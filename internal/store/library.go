package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"suicha/internal/inspect"
)

// The libraries have too many rows for an image of each in the log. Their
// entries commit to what they wrote by a digest, and what a row was before is
// kept in the table past: docs/decisions/0013.

// A libraryRow is a row of a library: what is one line of text.
type libraryRow interface {
	Key() string // names the row for ever
	Text() string
}

// A libraryKind is how rows of one table are written and read.
type libraryKind[T libraryRow] struct {
	name   string // of the kind in past and in images
	table  string
	cols   []string // all but version and cseq; key columns first
	keys   int      // how many of cols are the key
	scan   func(scanner) (T, error)
	values func(T) []any // of cols
}

// RowsImage is what an entry's body says of the library rows it wrote.
type RowsImage struct {
	Count  int    `json:"count"`
	SHA256 string `json:"sha256"` // of the digests of the lines, which are sorted
	// Lines are the lines themselves if they are few. Else Marks are the first
	// four bytes of each digest: a row that was altered later can be named by them.
	Lines []string `json:"lines,omitempty"`
	Marks []byte   `json:"marks,omitempty"`
}

// fewLines is how many lines a body holds whole.
const fewLines = 20

// newRowsImage commits to lines.
func newRowsImage(lines []string) RowsImage {
	var d rowDigests
	for _, l := range lines {
		d.addLine(keyOf(l), []byte(l))
	}
	return d.image()
}

// rowDigests is what is kept of an entry's lines until all are written.
type rowDigests struct {
	all  []rowDigest
	few  []string // lines, while they are few
	line []byte   // the one at hand
}

type rowDigest struct {
	key string
	sum [sha256.Size]byte
}

// add takes a row.
func (d *rowDigests) add(key string, version int64, text string) {
	d.line = appendRowLine(d.line[:0], key, version, text)
	d.addLine(key, d.line)
}

// addLine takes a line, which begins with its key.
func (d *rowDigests) addLine(key string, line []byte) {
	d.all = append(d.all, rowDigest{key, sha256.Sum256(line)})
	if len(d.all) <= fewLines {
		d.few = append(d.few, string(line))
	}
}

// image commits to the lines in the order of their keys, each of which is there once.
func (d *rowDigests) image() RowsImage {
	slices.SortFunc(d.all, func(a, b rowDigest) int { return strings.Compare(a.key, b.key) })
	im := RowsImage{Count: len(d.all)}
	all := sha256.New()
	for _, one := range d.all {
		all.Write(one.sum[:])
		im.Marks = append(im.Marks, one.sum[:4]...)
	}
	im.SHA256 = hex.EncodeToString(all.Sum(nil))
	if len(d.all) <= fewLines {
		slices.Sort(d.few)
		im.Lines, im.Marks = d.few, nil
	}
	return im
}

// rowLine is a row as digests see it.
func rowLine(key string, version int64, text string) string {
	return string(appendRowLine(nil, key, version, text))
}

func appendRowLine(to []byte, key string, version int64, text string) []byte {
	to = append(append(to, key...), '\t')
	to = append(strconv.AppendInt(to, version, 10), '\t')
	return append(to, text...)
}

// write stores new rows and replaces others, and returns what the entry commits to.
func (k libraryKind[T]) write(ctx context.Context, t *Tx, fresh []T, changed []replaced[T]) (RowsImage, error) {
	d := rowDigests{all: make([]rowDigest, 0, len(fresh)+len(changed))}
	if err := k.add(ctx, t, fresh, &d); err != nil {
		return RowsImage{}, err
	}
	err := k.put(ctx, t, changed, &d)
	return d.image(), err
}

// add stores new rows.
func (k libraryKind[T]) add(ctx context.Context, t *Tx, rows []T, d *rowDigests) error {
	cols := append(append([]string{}, k.cols...), "version", "cseq")
	values := make([]any, 0, len(cols))
	return t.bulk(ctx, k.table, cols, len(rows), func(i int) []any {
		key := rows[i].Key()
		d.add(key, 1, rows[i].Text())
		values = append(append(values[:0], k.values(rows[i])...), int64(1), t.n)
		return values
	})
}

// A replaced row is the new one and the version that the act has seen.
type replaced[T libraryRow] struct {
	Row  T
	Seen int64
}

// put replaces rows by new ones, and keeps the old texts. It fails with
// inspect.ErrStale if one is no longer of the version seen.
func (k libraryKind[T]) put(ctx context.Context, t *Tx, rows []replaced[T], d *rowDigests) error {
	for part := range slices.Chunk(rows, 500) {
		old, err := k.current(ctx, t, part)
		if err != nil {
			return err
		}
		err = t.bulk(ctx, "past", []string{"kind", "key", "version", "row", "next", "cseq"}, len(part), func(i int) []any {
			was := old[part[i].Row.Key()]
			return []any{k.name, part[i].Row.Key(), was.version, was.text, t.n, was.cseq}
		})
		if err != nil {
			return err
		}
		for _, r := range part {
			if old[r.Row.Key()].version != r.Seen {
				return inspect.ErrStale
			}
		}
		if err := k.update(ctx, t, part); err != nil {
			return err
		}
		for _, r := range part {
			d.add(r.Row.Key(), r.Seen+1, r.Row.Text())
		}
	}
	return nil
}

type currentRow struct {
	version, cseq int64
	text          string
}

// current reads the rows as they stand, by key.
func (k libraryKind[T]) current(ctx context.Context, t *Tx, part []replaced[T]) (map[string]currentRow, error) {
	match, args := k.keysIn(part)
	found := map[string]currentRow{}
	_, err := list(ctx, t.tx, func(s scanner) (none struct{}, err error) {
		var c currentRow
		row, err := k.scan(tailScanner{scanner: s, tail: []any{&c.version, &c.cseq}})
		if err == nil {
			c.text = row.Text()
			found[row.Key()] = c
		}
		return none, err
	}, `SELECT `+strings.Join(k.cols, ", ")+`, version, cseq FROM `+k.table+` WHERE `+match, args...)
	if err == nil && len(found) != len(part) {
		err = inspect.ErrMissing
	}
	return found, err
}

// keysIn is the condition that a row is one of part.
func (k libraryKind[T]) keysIn(part []replaced[T]) (string, []any) {
	ors, args := make([]string, len(part)), make([]any, 0, len(part)*k.keys)
	for i, r := range part {
		all := make([]string, k.keys)
		for j, v := range k.values(r.Row)[:k.keys] {
			args = append(args, v)
			all[j] = fmt.Sprintf("%s = $%d", k.cols[j], len(args))
		}
		ors[i] = "(" + strings.Join(all, " AND ") + ")"
	}
	return strings.Join(ors, " OR "), args
}

// update writes the new columns of rows whose keys and versions were checked.
func (k libraryKind[T]) update(ctx context.Context, t *Tx, part []replaced[T]) error {
	var set, where []string
	for i, c := range k.cols {
		if i < k.keys {
			where = append(where, fmt.Sprintf("%s = $%d", c, i+1))
		} else {
			set = append(set, fmt.Sprintf("%s = $%d", c, i+1))
		}
	}
	n := len(k.cols)
	stmt, err := t.tx.PrepareContext(ctx, fmt.Sprintf(`UPDATE %s SET version = version + 1, %s, cseq = $%d WHERE %s AND version = $%d`,
		k.table, strings.Join(set, ", "), n+1, strings.Join(where, " AND "), n+2))
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, r := range part {
		result, err := stmt.ExecContext(ctx, append(k.values(r.Row), t.n, r.Seen)...)
		if err != nil {
			return err
		}
		if changed, err := result.RowsAffected(); err != nil || changed != 1 {
			return orStale(err)
		}
	}
	return nil
}

func orStale(err error) error {
	if err != nil {
		return err
	}
	return inspect.ErrStale
}

// bulk inserts n rows of cols by the fastest way the database has.
func (t *Tx) bulk(ctx context.Context, table string, cols []string, n int, row func(int) []any) error {
	if n == 0 {
		return nil
	}
	return t.d.copy(ctx, t.conn, table, cols, n, row)
}

// A copier loads rows in one stream, in the transaction that conn has open. The
// values of a row may be overwritten by those of the next one.
type copier func(ctx context.Context, conn *sql.Conn, table string, cols []string, n int, row func(int) []any) error

func copyPostgres(ctx context.Context, conn *sql.Conn, table string, cols []string, n int, row func(int) []any) error {
	return conn.Raw(func(raw any) error {
		i := -1
		_, err := raw.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, cols, pgx.CopyFromFunc(func() ([]any, error) {
			if i++; i == n {
				return nil, nil
			}
			return row(i), nil
		}))
		return err
	})
}

// atOnce is how many rows one statement of SQLite inserts. What the database does
// for each statement, it then does once for so many rows: above all noting the pages
// that it might have to put back, and making tables of the words in CHECKs.
const atOnce = 16

// copySQLite runs prepared statements of the driver itself, which is a good
// deal faster than package sql's: that one converts every value and starts a
// goroutine for every row to watch ctx. The next rows are made meanwhile.
func copySQLite(ctx context.Context, conn *sql.Conn, table string, cols []string, n int, row func(int) []any) error {
	return conn.Raw(func(raw any) (err error) {
		marks := "(" + strings.Repeat(", ?", len(cols))[2:] + ")" // the driver looks for names of others, in every row
		insert := func(rows int) (driver.Stmt, error) {
			return raw.(driver.Conn).Prepare(`INSERT INTO ` + table + ` (` + strings.Join(cols, ", ") + `) VALUES ` + strings.Repeat(", "+marks, rows)[2:])
		}
		some := min(n, atOnce)
		stmt, err := insert(some)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, stmt.Close()) }()
		made := makeRows(n, len(cols), row)
		defer made.end()
		for args := range made.rows {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if len(args) < some*len(cols) { // the last ones
				rest, err := insert(len(args) / len(cols))
				if err != nil {
					return err
				}
				stmt, rest = rest, stmt
				if err := rest.Close(); err != nil {
					return err
				}
			}
			if _, err := stmt.(driver.StmtExecContext).ExecContext(context.Background(), args); err != nil {
				return err
			}
			made.spent <- args[:0]
		}
		return made.err
	})
}

// A rowMaker makes the values of the next rows while the last ones are inserted.
type rowMaker struct {
	rows  chan []driver.NamedValue // of atOnce rows each
	spent chan []driver.NamedValue // room for more
	err   error                    // to be read when rows is closed
}

func makeRows(n, cols int, row func(int) []any) *rowMaker {
	const ahead = 2
	m := &rowMaker{rows: make(chan []driver.NamedValue, ahead), spent: make(chan []driver.NamedValue, ahead+2)}
	for range ahead {
		m.spent <- make([]driver.NamedValue, 0, min(n, atOnce)*cols)
	}
	go func() {
		defer close(m.rows)
		for from := 0; from < n; from += atOnce {
			args, ok := <-m.spent
			if !ok {
				return
			}
			for i := from; i < min(from+atOnce, n); i++ {
				for _, v := range row(i) {
					if !driver.IsValue(v) {
						if v, m.err = driver.DefaultParameterConverter.ConvertValue(v); m.err != nil {
							return
						}
					}
					args = append(args, driver.NamedValue{Ordinal: len(args) + 1, Value: v})
				}
			}
			m.rows <- args
		}
	}()
	return m
}

// end stops the making, if it has not ended, and waits for it.
func (m *rowMaker) end() {
	close(m.spent)
	for range m.rows {
	}
}
