package job

import (
	"bufio"
	"bytes"
	"cmp"
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

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A candidate is a row of the file on its way to the comparison.
type candidate struct {
	line  int
	marks string
	text  string
}

func (r candidate) has(mark byte) bool { return bytes.IndexByte([]byte(r.marks), mark) >= 0 }

var errCandidate = errors.New("a sorted row is not what was written")

func parseCandidate(record []byte) (code string, r candidate, err error) {
	parts := bytes.SplitN(record, []byte{'\t'}, recordParts)
	if len(parts) != recordParts {
		return "", r, errCandidate
	}
	r.line, err = strconv.Atoi(string(parts[1]))
	r.marks, r.text = string(parts[2]), string(parts[3])
	return string(parts[0]), r, err
}

// compare goes through file and library side by side, in the order of codes, and
// stages what would be written. It returns the digest of the staged rows, which
// is also their file's name.
func (c *importCheck) compare(ctx context.Context, work string) (digest string, err error) {
	c.phase()
	c.library = &libraryCursor{db: c.DB, scope: c.scope(), whole: c.i.Whole}
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
			if err := c.told(ctx, Progress{Phase: "正在与名录库比对", Done: done, Total: c.rows.Read, Rows: c.rows.Read}); err != nil {
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
	if !c.i.Whole {
		return nil
	}
	return c.library.rest(ctx, c.vanish)
}

// code decides what the rows of one code do.
func (c *importCheck) code(ctx context.Context, code string, group []candidate) error {
	old, err := c.library.find(ctx, code, c.vanish)
	if err != nil {
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
		if err := c.late(r, exchange.Warning, "repeated_row", "与第%d行完全相同，只取一次。", one.line); err != nil {
			return err
		}
	}
	row, err := inspect.ParseObject(0, 0, one.text)
	if err != nil {
		return err
	}
	switch {
	case old == nil:
		c.rows.New++
		c.show(&c.report.New, row, nil)
		return c.stage(row)
	case old.Owner != c.i.Org:
		return c.late(one, exchange.Error, inspect.ErrObjectForeign.Code, "%s", inspect.ErrObjectForeign.Error())
	case old.Status == inspect.ObjectMerged:
		return c.late(one, exchange.Error, "merged_object", "这个代码的对象已合并到序号 %d 的对象。请改用保留对象的代码，或者删去本行。", old.Into)
	}
	return c.changed(*old, row, one)
}

// contrary refuses rows of one code that say different things.
func (c *importCheck) contrary(group []candidate) error {
	for k, r := range group {
		other := group[0].line
		if k == 0 {
			other = group[1].line
		}
		if err := c.late(r, exchange.Error, "double_code", "与第%d行的代码相同，内容却不同。请只保留正确的一行。", other); err != nil {
			return err
		}
	}
	return nil
}

// late is a fault that is only found in the comparison.
func (c *importCheck) late(r candidate, s exchange.Severity, code, text string, args ...any) error {
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
	return c.problem(r.line, inspect.Problem{Code: code, Field: "code", Text: text, Args: args}, s)
}

func (c *importCheck) changed(old, row inspect.Object, r candidate) error {
	next := c.i.Overlay(old, row, c.has, inspect.Filled{Kind: r.has(markKind), Status: r.has(markStatus), RiskOn: r.has(markRiskOn)})
	if next == old {
		c.rows.Same++
		return nil
	}
	if old.Sourced.After(c.i.Sourced) {
		if err := c.late(r, exchange.Warning, "older", "名录库中这个对象的数据日期是 %s，晚于文件，将被文件覆盖。请核对。", old.Sourced); err != nil {
			return err
		}
	}
	if old.Status == inspect.ObjectWithdrawn || old.Status == inspect.ObjectVanished {
		c.report.Revived++
	}
	c.rows.Changed++
	c.show(&c.report.Changed, next, &old)
	return c.stage(next)
}

// vanish takes an object of the library that the file does not have.
func (c *importCheck) vanish(o inspect.Object) error {
	if !c.i.WouldVanish(o) {
		return nil
	}
	c.rows.Gone++
	c.show(&c.report.Gone, o, nil)
	return c.stage(o.Vanish(c.i.Sourced))
}

func (c *importCheck) stage(o inspect.Object) error {
	c.record = stagedLine(c.record[:0], o)
	_, err := c.staged.Write(c.record)
	return err
}

// show keeps the first rows of a sort for the page.
func (c *importCheck) show(cases *[]ImportCase, o inspect.Object, old *inspect.Object) {
	if len(*cases) >= casesMost {
		return
	}
	one := ImportCase{No: o.No, Code: o.Code, Name: o.Name}
	for _, f := range inspect.ObjectFields {
		if old != nil && f.Value(&o) != f.Value(old) {
			one.Diff = append(one.Diff, inspect.FieldChange{Label: f.Label, Before: f.Text(old), After: f.Text(&o)})
		}
	}
	*cases = append(*cases, one)
}

// A libraryCursor goes through the library in the order of codes. Where a file
// is not the whole of its source, it skips what the file does not ask for.
type libraryCursor struct {
	db    *store.DB
	scope inspect.Scope
	whole bool
	page  []inspect.Object
	at    int
	hits  int    // rows of the page that the file has
	most  int    // rows of the next page
	last  string // the last code read
	ended bool
}

const (
	pageLeast = 16
	pageMost  = 4096
)

// find returns the object with the code, if there is one, after it gave those
// before it to passed.
func (l *libraryCursor) find(ctx context.Context, code string, passed func(inspect.Object) error) (*inspect.Object, error) {
	for {
		for l.at < len(l.page) {
			o := &l.page[l.at]
			if o.Code > code {
				return nil, nil
			}
			l.at++
			if o.Code == code {
				l.hits++
				return o, nil
			}
			if err := passed(*o); err != nil {
				return nil, err
			}
		}
		if l.ended {
			return nil, nil
		}
		from := code
		if l.whole {
			from = l.last
		}
		if err := l.next(ctx, from); err != nil {
			return nil, err
		}
	}
}

// next reads the page that begins with from, without what was read before.
func (l *libraryCursor) next(ctx context.Context, from string) error {
	switch {
	case l.whole:
		l.most = pageMost
	case l.hits*4 >= len(l.page):
		l.most = min(max(2*l.most, pageLeast), pageMost)
	default:
		l.most = max(l.most/2, pageLeast)
	}
	page, err := l.db.ObjectsByCode(ctx, l.scope, from, l.most)
	if err != nil {
		return fmt.Errorf("read the library from code %s: %w", from, err)
	}
	l.ended = len(page) < l.most
	if len(page) > 0 && page[0].Code == l.last {
		page = page[1:]
	}
	l.page, l.at, l.hits = page, 0, 0
	if len(page) > 0 {
		l.last = page[len(page)-1].Code
	}
	return nil
}

// rest gives all that is left to passed.
func (l *libraryCursor) rest(ctx context.Context, passed func(inspect.Object) error) error {
	for {
		for ; l.at < len(l.page); l.at++ {
			if err := passed(l.page[l.at]); err != nil {
				return err
			}
		}
		if l.ended {
			return nil
		}
		if err := l.next(ctx, l.last); err != nil {
			return err
		}
	}
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
