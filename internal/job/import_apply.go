package job

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// skipFiles are the lists of skipped rows, one for each chunk that has any.
const skipFiles = "skipped-"

// SkipFiles returns where the lists of a batch's folder are.
func SkipFiles(dir string) ([]string, error) {
	return filepath.Glob(filepath.Join(dir, skipFiles+"*.json"))
}

// errStaged are staged rows that are no longer those that were checked.
var errStaged = errors.New("the staged rows are not those that were checked")

// A rowKind is how the staged rows of one library are read and written.
type rowKind[T any] struct {
	parse func(no, version int64, text string) (T, error)
	named func(T) inspect.ImportNamed
	rows  func([]T) act.Rows
	// now reads what the record says now, and returns who may not be written by it,
	// by code; nil where nothing but a change since the check keeps a row out.
	now func(context.Context) (func([]T) map[string]error, error)
}

// An applying writes the staged rows of a batch.
type applying[T any] struct {
	*importWork
	kind rowKind[T]
}

// run writes the staged rows from where the record says the last chunk ended.
func (a applying[T]) run(ctx context.Context) error {
	path := a.b.Path(a.i.Staged)
	if err := checkDigest(path, a.i.Staged); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	staged := stagedLines{r: bufio.NewReaderSize(f, 256<<10)}
	if err := staged.pass(a.i.Done); err != nil {
		return err
	}
	for {
		c := chunk[T]{from: staged.n}
		if c.rows, err = a.read(&staged); err != nil {
			return err
		}
		if len(c.rows) == 0 {
			return os.Remove(path)
		}
		if err := a.told(ctx, Progress{Phase: "正在写入" + a.i.Noun.Into(), Done: c.from, Total: a.i.Rows.Staged()}); err != nil {
			return err
		}
		if err := a.write(ctx, c); err != nil {
			return err
		}
	}
}

// write carries out the act of one chunk, without the rows that somebody has
// changed since the check, or that are no longer allowed. They are listed first, so
// that no crash can lose them.
func (a applying[T]) write(ctx context.Context, c chunk[T]) error {
	code := func(r T) string { return a.kind.named(r).Code }
	out, err := a.DB.ImportChanged(ctx, a.scope(), a.i, code(c.rows[0]), code(c.rows[len(c.rows)-1]))
	if err != nil {
		return err
	}
	if a.kind.now != nil {
		unfit, err := a.kind.now(ctx)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(c.rows), func(r T) bool { return out[code(r)] })
		_, bad := fitting(rest, code, unfit)
		for code := range bad {
			out[code] = true
		}
	}
	count := int64(len(c.rows))
	var skipped []inspect.ImportNamed
	if len(out) > 0 {
		c.rows = slices.DeleteFunc(c.rows, func(r T) bool {
			one := a.kind.named(r)
			if out[one.Code] {
				skipped = append(skipped, one)
			}
			return out[one.Code]
		})
	}
	if len(skipped) > 0 {
		if err := a.b.WriteJSON(fmt.Sprintf("%s%012d.json", skipFiles, c.from), skipped); err != nil {
			return err
		}
	}
	return a.do(ctx, strconv.FormatInt(c.from, 10), act.ApplyImport{
		Import: a.i.ID, From: c.from, Count: count, Skipped: int64(len(skipped)), Rows: a.kind.rows(c.rows),
	})
}

// A chunk is what one act writes.
type chunk[T any] struct {
	from int64
	rows []T
}

// read returns the rows of the next chunk, none at the end.
func (a applying[T]) read(staged *stagedLines) ([]T, error) {
	rows := make([]T, 0, max(0, min(inspect.ImportChunk, a.i.Rows.Staged()-staged.n)))
	for len(rows) < inspect.ImportChunk {
		line, err := staged.next()
		if err == io.EOF {
			break
		}
		var row T
		if err == nil {
			row, err = a.staged(line)
		}
		if err != nil {
			return nil, fmt.Errorf("read staged row %d: %w", staged.n, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// stagedLines reads the file of staged rows.
type stagedLines struct {
	r *bufio.Reader
	n int64 // lines so far
}

// next returns a line, or io.EOF behind the last one.
func (s *stagedLines) next() (string, error) {
	line, err := s.r.ReadString('\n')
	if err == io.EOF && line != "" {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		s.n++
	}
	return strings.TrimSuffix(line, "\n"), err
}

// pass reads over rows that were written before.
func (s *stagedLines) pass(rows int64) error {
	for s.n < rows {
		if _, err := s.next(); err != nil {
			return fmt.Errorf("read staged row %d: %w", s.n+1, err)
		}
	}
	return nil
}

// staged reads what stagedLine wrote.
func (a applying[T]) staged(line string) (row T, err error) {
	number, rest, _ := strings.Cut(line, "\t")
	version, text, _ := strings.Cut(rest, "\t")
	no, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return row, errStaged
	}
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return row, errStaged
	}
	return a.kind.parse(no, v, text)
}

// checkDigest fails unless the file at path has the digest.
func checkDigest(path, digest string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%w: %w", errStaged, err)
	}
	defer f.Close() // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != digest {
		return errStaged
	}
	return nil
}

// undo takes the batch back, newest chunk first.
func (w *importWork) undo(ctx context.Context) error {
	for left := w.i.Done; left > 0; {
		if err := w.told(ctx, Progress{Phase: "正在恢复" + w.i.Noun.Into(), Done: w.i.Rows.Staged() - left, Total: w.i.Rows.Staged()}); err != nil {
			return err
		}
		from := (left - 1) / inspect.ImportChunk * inspect.ImportChunk
		if err := w.do(ctx, strconv.FormatInt(from, 10), act.UndoImport{Import: w.i.ID, From: from}); err != nil {
			return err
		}
		left = from
	}
	return nil
}
