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

// An ImportSkip is a staged row that was left, because somebody changed the object
// after the check.
type ImportSkip struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// skipFiles are the lists of skipped rows, one for each chunk that has any.
const skipFiles = "skipped-"

// SkipFiles returns where the lists of a batch's folder are.
func SkipFiles(dir string) ([]string, error) {
	return filepath.Glob(filepath.Join(dir, skipFiles+"*.json"))
}

// errStaged are staged rows that are no longer those that were checked.
var errStaged = errors.New("the staged rows are not those that were checked")

// apply writes the staged rows from where the record says the last chunk ended.
// While one chunk is being written the next one is read.
func (w *importWork) apply(ctx context.Context) error {
	path := w.b.Path(w.i.Staged)
	if err := checkDigest(path, w.i.Staged); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // only read
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan chunk)
	go readChunks(ctx, f, w.i.Done, chunks)
	for c := range chunks {
		if c.err != nil {
			return c.err
		}
		if err := w.told(ctx, Progress{Phase: "正在写入名录库", Done: c.from, Total: w.i.Rows.Staged()}); err != nil {
			return err
		}
		if err := w.write(ctx, c); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return os.Remove(path)
}

// write carries out the act of one chunk, without the rows that somebody has
// changed since the check. They are listed first, so that no crash can lose them.
func (w *importWork) write(ctx context.Context, c chunk) error {
	changed, err := w.DB.ImportChanged(ctx, w.scope(), w.i, c.rows[0].Code, c.rows[len(c.rows)-1].Code)
	if err != nil {
		return err
	}
	count := int64(len(c.rows))
	var skipped []ImportSkip
	if len(changed) > 0 {
		c.rows = slices.DeleteFunc(c.rows, func(o inspect.Object) bool {
			if changed[o.Code] {
				skipped = append(skipped, ImportSkip{o.Code, o.Name})
			}
			return changed[o.Code]
		})
	}
	if len(skipped) > 0 {
		if err := w.b.WriteJSON(fmt.Sprintf("%s%012d.json", skipFiles, c.from), skipped); err != nil {
			return err
		}
	}
	return w.do(ctx, strconv.FormatInt(c.from, 10), act.ApplyImport{
		Import: w.i.ID, From: c.from, Count: count, Skipped: int64(len(skipped)), Rows: c.rows,
	})
}

// A chunk is what one act writes.
type chunk struct {
	from int64
	rows []inspect.Object
	err  error
}

// readChunks reads staged rows behind the first done of them, and closes to at the
// end or when ctx ends.
func readChunks(ctx context.Context, f io.Reader, done int64, to chan<- chunk) {
	defer close(to)
	send := func(c chunk) bool {
		select {
		case to <- c:
			return true
		case <-ctx.Done():
			return false
		}
	}
	r := bufio.NewReaderSize(f, 256<<10)
	for n := int64(0); ; {
		c := chunk{from: n, rows: make([]inspect.Object, 0, inspect.ImportChunk)}
		for int64(len(c.rows)) < inspect.ImportChunk {
			line, err := r.ReadString('\n')
			if err == io.EOF && line == "" {
				break
			}
			n++
			if n <= done && err == nil {
				c.from = n
				continue
			}
			var o inspect.Object
			if err == nil {
				o, err = parseStaged(strings.TrimSuffix(line, "\n"))
			}
			if err != nil {
				send(chunk{err: fmt.Errorf("read staged row %d: %w", n, err)})
				return
			}
			c.rows = append(c.rows, o)
		}
		if len(c.rows) == 0 || !send(c) {
			return
		}
	}
}

// parseStaged reads what stagedLine wrote.
func parseStaged(line string) (inspect.Object, error) {
	number, rest, _ := strings.Cut(line, "\t")
	version, text, _ := strings.Cut(rest, "\t")
	no, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return inspect.Object{}, errStaged
	}
	v, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return inspect.Object{}, errStaged
	}
	return inspect.ParseObject(inspect.ObjectNo(no), v, text)
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
		if err := w.told(ctx, Progress{Phase: "正在恢复名录库", Done: w.i.Rows.Staged() - left, Total: w.i.Rows.Staged()}); err != nil {
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
