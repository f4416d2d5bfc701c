package job

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A candidate is a row of the file on its way to the comparison.
type candidate struct {
	line  int
	marks string
	text  string
}

func (r candidate) has(mark byte) bool { return strings.IndexByte(r.marks, mark) >= 0 }

var errCandidate = errors.New("a sorted row is not what was written")

func parseCandidate(record []byte) (code string, r candidate, err error) {
	code, rest, _ := strings.Cut(string(record), "\t")
	line, rest, _ := strings.Cut(rest, "\t")
	var ok bool
	if r.marks, r.text, ok = strings.Cut(rest, "\t"); !ok {
		return "", r, errCandidate
	}
	r.line, err = strconv.Atoi(line)
	return code, r, err
}

// compare goes through file and library side by side, in the order of codes, and
// stages what would be written. It returns the digest of the staged rows, which
// is also their file's name.
func (c *importCheck) compare(ctx context.Context, work string) (digest string, err error) {
	c.phase()
	path := filepath.Join(work, "staged")
	sum := sha256.New()
	err = writeTo(path, func(w io.Writer) error {
		c.staged = io.MultiWriter(w, sum)
		return c.merge(ctx)
	})
	if err != nil {
		return "", err
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	return digest, os.Rename(path, c.b.Path(digest))
}

func (c *importCheck) merge(ctx context.Context) error {
	var code string
	var group []candidate
	var done int64
	for record, err := range c.sorted.Sorted() {
		if err != nil {
			return err
		}
		next, r, err := parseCandidate(record)
		if err != nil {
			return err
		}
		if done++; done%1000 == 1 {
			if err := c.told(ctx, Progress{Phase: "正在与" + c.i.Noun.Into() + "比对", Done: done, Total: c.rows.Read, Rows: c.rows.Read}); err != nil {
				return err
			}
		}
		if next != code && len(group) > 0 {
			if err := c.code(ctx, code, group); err != nil {
				return err
			}
			group = group[:0]
		}
		code, group = next, append(group, r)
	}
	if len(group) > 0 {
		if err := c.code(ctx, code, group); err != nil {
			return err
		}
	}
	return c.noun.rest(ctx)
}

// code decides what the rows of one code do.
func (c *importCheck) code(ctx context.Context, code string, group []candidate) error {
	if err := c.noun.find(ctx, code); err != nil {
		return err
	}
	group = slices.DeleteFunc(group, func(r candidate) bool { return r.has(markFailed) })
	if len(group) == 0 {
		return nil
	}
	one := group[0]
	if slices.ContainsFunc(group, func(r candidate) bool { return r.text != one.text }) {
		return c.contrary(group)
	}
	for _, r := range group[1:] {
		if err := c.late(r, exchange.Warning, inspect.Problem{
			Code: "repeated_row", Field: "code", Text: "与第%d行完全相同，只取一次。", Args: []any{one.line},
		}); err != nil {
			return err
		}
	}
	return c.noun.decide(one)
}

// contrary refuses rows of one code that say different things.
func (c *importCheck) contrary(group []candidate) error {
	for k, r := range group {
		other := group[0].line
		if k == 0 {
			other = group[1].line
		}
		if err := c.late(r, exchange.Error, inspect.Problem{
			Code: "double_code", Field: "code", Text: "与第%d行的" + c.i.Noun.Code() + "相同，内容却不同。请只保留正确的一行。", Args: []any{other},
		}); err != nil {
			return err
		}
	}
	return nil
}

// late reports faults of a row that are only found in the comparison.
func (c *importCheck) late(r candidate, s exchange.Severity, ps ...inspect.Problem) (err error) {
	warned := r.has(markWarned)
	switch {
	case s == exchange.Error:
		c.rows.Faulty++
		if warned {
			c.rows.Warned--
		}
	case !warned:
		c.rows.Warned++
	}
	for _, p := range ps {
		err = errors.Join(err, c.problem(r.line, p, s))
	}
	return err
}

// stage writes down a row that would be written.
func (c *importCheck) stage(no, version int64, text string) error {
	c.record = stagedLine(c.record[:0], no, version, text)
	_, err := c.staged.Write(c.record)
	return err
}

// room reports whether the page can show more of a sort.
func room(cases []ImportCase) bool { return len(cases) < casesMost }

// show keeps the first rows of a sort for the page.
func show(cases *[]ImportCase, n inspect.ImportNamed, diff []inspect.FieldChange) {
	if room(*cases) {
		*cases = append(*cases, ImportCase{Code: n.Code, Name: n.Name, Diff: diff})
	}
}

// older warns of a row that the library has from a later day.
func (c *importCheck) older(r candidate, sourced workday.Date) error {
	if !sourced.After(c.i.Sourced) {
		return nil
	}
	return c.late(r, exchange.Warning, inspect.Problem{
		Code: "older", Field: "code", Text: "名录库中这一条的数据日期是 %s，晚于文件，将被文件覆盖。请核对。", Args: []any{sourced},
	})
}

// sortKinds puts errors before warnings, and frequent kinds before others.
func sortKinds(kinds []FaultKind) {
	slices.SortFunc(kinds, func(a, b FaultKind) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
}

// writeTo makes a file of what do writes, safe on disk when it returns.
func writeTo(path string, do func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 256<<10)
	if err := do(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

func writeLines(path string, do func(write func([]byte) error) error) error {
	return writeTo(path, func(w io.Writer) error {
		return do(func(line []byte) error {
			_, err := w.Write(line) // not appended to: the next line may stand behind it
			if err == nil {
				_, err = w.Write([]byte{'\n'})
			}
			return err
		})
	})
}
