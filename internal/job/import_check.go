package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/workday"
)

// An ImportReport is what the check found, for the page: counts are in the record.
type ImportReport struct {
	Encoding string       `json:"encoding"`
	Revived  int64        `json:"revived"` // things that had been withdrawn or had vanished
	Kinds    []FaultKind  `json:"kinds"`   // most frequent first
	New      []ImportCase `json:"new"`     // the first of each, in the order of codes
	Changed  []ImportCase `json:"changed"`
	Gone     []ImportCase `json:"gone"`
}

// A FaultKind counts the faults of one kind.
type FaultKind struct {
	Code     string            `json:"code"`
	Severity exchange.Severity `json:"severity"`
	Count    int64             `json:"count"`
	Example  exchange.Fault    `json:"example"`
}

// An ImportCase is one row that would be written.
type ImportCase struct {
	Code string                `json:"code"`
	Name string                `json:"name"`
	Diff []inspect.FieldChange `json:"diff,omitempty"`
}

// casesMost is how many rows of each sort a report shows.
const casesMost = 10

// An importCheck reads a file and compares it with the library.
type importCheck struct {
	*importWork
	file    *exchange.File
	table   exchange.Table
	mapping exchange.Mapping
	head    map[string]exchange.Heading // of the mapped columns, by key
	today   workday.Date
	noun    noun

	rows   inspect.ImportRows
	report ImportReport
	kinds  map[string]*FaultKind
	sorted *stage.Sorter // rows by code
	faults *stage.Sorter // by line
	record []byte
	staged io.Writer
}

// check finds out what the file would do, and says so in the record.
func (w *importWork) check(ctx context.Context) (err error) {
	source, err := w.Folder.File(string(w.i.Org), w.i.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return w.refuse(ctx, inspect.ErrImportFile)
	}
	if err != nil {
		return err
	}
	defer source.Close() // only read
	work, err := w.b.Work("check")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	c := &importCheck{importWork: w, kinds: map[string]*FaultKind{}, today: workday.On(w.Now()),
		sorted: stage.NewSorter(work, "rows"), faults: stage.NewSorter(work, "faults")}
	defer func() { err = errors.Join(err, c.sorted.Close(), c.faults.Close()) }()
	digest, err := c.run(ctx, source, work)
	var p inspect.Problem
	switch {
	case err == nil:
		return w.do(ctx, "", act.CheckImport{Import: w.i.ID, Rows: c.rows, Staged: digest})
	case errors.As(err, &p):
		return w.refuse(ctx, p)
	}
	return err
}

// refuse ends a batch whose file cannot be taken, with the sentence that says why.
func (w *importWork) refuse(ctx context.Context, p inspect.Problem) error {
	return w.do(ctx, "", act.RefuseImport{Import: w.i.ID, Note: p.Error()})
}

func (c *importCheck) run(ctx context.Context, source *os.File, work string) (digest string, err error) {
	if err := c.open(ctx, source, work); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, c.file.Close()) }()
	if err := c.read(ctx); err != nil {
		return "", err
	}
	if digest, err = c.compare(ctx, work); err != nil {
		return "", err
	}
	c.report.Encoding = c.file.Encoding()
	if err := c.keepFaults(); err != nil {
		return "", err
	}
	return digest, c.b.WriteJSON(ImportSummary, c.report)
}

// open looks at the file and its headings. A file other than the one that was
// brought, and headings that do not fit, are refused.
func (c *importCheck) open(ctx context.Context, source *os.File, work string) error {
	sum := sha256.New()
	size, err := io.Copy(sum, source)
	if err != nil {
		return fmt.Errorf("read the brought file: %w", err)
	}
	if size != c.i.Size || hex.EncodeToString(sum.Sum(nil)) != c.i.SHA256 {
		return inspect.ErrImportFile
	}
	towns, err := c.DB.Areas(ctx, c.scope(), c.i.Region)
	if err != nil {
		return err
	}
	c.table = exchange.ImportTable(c.i.Noun, towns)
	if c.mapping, err = exchange.ParseMapping(c.i.Mapping); err != nil {
		return fmt.Errorf("read the mapping: %w", err)
	}
	if c.file, err = exchange.Open(ctx, source, size, c.i.File, exchange.Options{Limits: c.Limits, Dir: work}); err != nil {
		return err
	}
	if err := c.heading(ctx); err != nil {
		return errors.Join(err, c.file.Close())
	}
	return nil
}

func (c *importCheck) heading(ctx context.Context) error {
	head, err := c.file.Head(ctx, c.table, c.mapping.Sheet)
	if err != nil {
		return err
	}
	for _, f := range c.table.CheckMapping(head, c.mapping) {
		if f.Severity == exchange.Error {
			return inspect.Problem{Kind: inspect.Invalid, Code: f.Code, Text: "%s：%s", Args: []any{f.Place(), f.Text}}
		}
		if err := c.fault(f); err != nil {
			return err
		}
	}
	c.head = map[string]exchange.Heading{}
	for _, p := range c.mapping.Pairs {
		if p.Key != "" {
			c.head[p.Key] = exchange.Heading{Letter: p.Letter, Text: p.Heading}
		}
	}
	c.noun, err = c.library(ctx)
	return err
}

// fault counts a fault and keeps it for the file of faults.
func (c *importCheck) fault(f exchange.Fault) error {
	k := c.kinds[f.Code+string(f.Severity)]
	if k == nil {
		k = &FaultKind{Code: f.Code, Severity: f.Severity, Example: f}
		c.kinds[f.Code+string(f.Severity)] = k
	}
	k.Count++
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return c.faults.Add(fmt.Appendf(nil, "%010d\t%s", f.Line, text))
}

// problem is fault for a problem that a rule found in a field of a row.
func (c *importCheck) problem(line int, p inspect.Problem, s exchange.Severity) error {
	h := c.head[p.Field]
	return c.fault(exchange.Fault{Line: line, Letter: h.Letter, Heading: h.Text, Severity: s, Code: p.Code, Text: p.Error()})
}

// read parses the rows and sorts them by their codes.
func (c *importCheck) read(ctx context.Context) error {
	c.phase()
	for row, err := range c.file.Rows(ctx, c.table, c.mapping) {
		if err != nil {
			return err
		}
		if c.rows.Read++; c.i.Noun.Most() > 0 && c.rows.Read > c.i.Noun.Most() {
			return inspect.ErrImportMany.With(c.i.Noun.Most())
		}
		if c.rows.Read%1000 == 1 {
			done, total := c.file.Progress()
			if err := c.told(ctx, Progress{Phase: "正在读取文件", Done: done, Total: total, Rows: c.rows.Read}); err != nil {
				return err
			}
		}
		if err := c.row(row); err != nil {
			return fmt.Errorf("line %d: %w", row.Line, err)
		}
	}
	return nil
}

// row checks one row of the file, and sorts it for the comparison.
func (c *importCheck) row(row exchange.Row) error {
	for _, f := range row.Faults {
		if err := c.fault(f); err != nil {
			return err
		}
	}
	k, err := c.noun.read(row)
	if err != nil {
		return err
	}
	switch {
	case k.failed:
		c.rows.Faulty++
	case k.warned:
		c.rows.Warned++
	}
	if k.code == "" || strings.ContainsAny(k.code, "\t\r\n") {
		return nil // not even good for finding the thing
	}
	return c.sort(k)
}

// problems reports what the rules say of a row: whether it is out, or to be
// looked at.
func (c *importCheck) problems(k *keyed, warnings inspect.Problems, bad error) error {
	var err error
	for _, p := range warnings {
		k.warned = true
		err = errors.Join(err, c.problem(k.line, p, exchange.Warning))
	}
	if bad != nil {
		k.failed = true
		for _, p := range problemsOf(bad) {
			err = errors.Join(err, c.problem(k.line, p, exchange.Error))
		}
	}
	return err
}

// problemsOf are the problems in an error of the rules.
func problemsOf(err error) inspect.Problems {
	var ps inspect.Problems
	var p inspect.Problem
	switch {
	case errors.As(err, &ps):
	case errors.As(err, &p):
		ps = inspect.Problems{p}
	}
	return ps
}

// A keyed row is what the comparison needs to know of a row of the file.
type keyed struct {
	line           int
	code, text     string
	failed, warned bool
	marks          string // of the library's own
}

// Marks of a row on its way to the comparison.
const (
	markFailed = 'E' // only its code is of use: the thing has not vanished
	markWarned = 'W'
)

// sort keeps a row for the comparison: code, line, marks and text.
func (c *importCheck) sort(k keyed) error {
	r := append(c.record[:0], k.code...)
	r = fmt.Appendf(append(r, '\t'), "%010d\t", k.line)
	if k.failed {
		r, k.text = append(r, markFailed), ""
	}
	if k.warned {
		r = append(r, markWarned)
	}
	c.record = append(append(append(r, k.marks...), '\t'), k.text...)
	return c.sorted.Add(c.record)
}

// keepFaults writes the faults in the order of their lines, and their kinds by
// frequency.
func (c *importCheck) keepFaults() error {
	for _, k := range c.kinds {
		c.report.Kinds = append(c.report.Kinds, *k)
	}
	sortKinds(c.report.Kinds)
	return writeLines(c.b.Path(faultLines), func(write func([]byte) error) error {
		for line, err := range c.faults.Sorted() {
			if err == nil {
				err = write(line)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// stagedLine is a row that would be written, as the file of staged rows has it.
func stagedLine(to []byte, no, version int64, text string) []byte {
	to = strconv.AppendInt(to, no, 10)
	to = append(strconv.AppendInt(append(to, '\t'), version, 10), '\t')
	return append(append(to, text...), '\n')
}
