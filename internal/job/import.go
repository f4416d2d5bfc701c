package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/store"
)

// An Importer does what the platform has to do for imports, between the decisions
// of persons: it checks a brought file against the library, writes a confirmed
// batch in chunks, and takes one back. Each step begins where the record says the
// last one ended, so that a killed process loses nothing. Several may run beside
// each other: a chunk is an act with a request id of its own, and so is done once.
type Importer struct {
	DB     *store.DB
	Desk   *act.Desk
	Folder stage.Folder
	Now    func() time.Time
	Limits exchange.Limits // of brought files; the zero Limits are the usual

	failed map[inspect.ImportID]time.Time // when a batch failed for a reason of ours
	swept  time.Time
}

// Names of a batch's files in its folder. Staged rows are named by their digest.
const (
	ImportProgress = "progress.json"
	ImportSummary  = "summary.json"
	ImportFaults   = "faults.xlsx"
	faultLines     = "faults"
)

// A Progress (进度) is how far the platform has come with a batch. It is not part of the
// record, and may be a moment old.
type Progress struct {
	Phase   string    `json:"phase"` // what is being done, in words
	Done    int64     `json:"done"`
	Total   int64     `json:"total"`
	Rows    int64     `json:"rows"` // read so far
	Started time.Time `json:"started"`
	At      time.Time `json:"at"`
	Trouble bool      `json:"trouble"` // it failed for a reason of ours and is tried again
}

// again is how long the platform waits after a failure of its own.
const again = time.Minute

// Run works until ctx ends. Where the system allows it, requests come first.
func (m *Importer) Run(ctx context.Context) { lowered(func() { m.run(ctx) }) }

func (m *Importer) run(ctx context.Context) { repeat(ctx, every, "work on imports", m.Step) }

// Step does all there is to do now.
func (m *Importer) Step(ctx context.Context) error {
	all, err := m.DB.ImportsInWork(ctx)
	if err != nil {
		return fmt.Errorf("look for imports: %w", err)
	}
	for _, i := range all {
		if at, ok := m.failed[i.ID]; ok && m.Now().Sub(at) < again {
			continue
		}
		if e := m.work(ctx, i); e != nil {
			err = errors.Join(err, fmt.Errorf("import %s: %w", i.ID, e))
			m.trouble(i, e)
		}
	}
	return errors.Join(err, m.sweep(ctx))
}

// Settle works until nothing is left to do for a batch without a person.
func (m *Importer) Settle(ctx context.Context, id inspect.ImportID) error {
	for {
		all, err := m.DB.ImportsInWork(ctx)
		if err != nil {
			return err
		}
		left := false
		for _, i := range all {
			if i.ID == id && (i.State == inspect.ImportUploaded || i.State == inspect.ImportApplying || i.State == inspect.ImportReversing) {
				left = true
			}
			if i.ID == id {
				if err := m.work(ctx, i); err != nil {
					return err
				}
			}
		}
		if !left {
			return nil
		}
	}
}

func (m *Importer) work(ctx context.Context, i inspect.Import) error {
	b, err := m.Folder.Batch(string(i.ID))
	if err != nil {
		return err
	}
	w := &importWork{Importer: m, i: i, b: b}
	switch i.State {
	case inspect.ImportUploaded:
		err = w.check(ctx)
	case inspect.ImportApplying:
		err = w.apply(ctx)
	case inspect.ImportReversing:
		err = w.undo(ctx)
	default:
		return w.faultFile(ctx)
	}
	if err == nil || errors.Is(err, errOver) {
		return nil
	}
	// Somebody else was faster, or has decided otherwise: the record knows.
	if errors.Is(err, inspect.ErrStale) || errors.Is(err, inspect.ErrStep) || errors.Is(err, inspect.ErrReplayed) {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) { // staged rows go when the last chunk is written
		now, e := m.DB.Import(ctx, w.scope(), i.ID)
		if e == nil && now.Version != i.Version {
			return nil
		}
	}
	return err
}

// trouble notes a failure of ours, for the page and for the next try.
func (m *Importer) trouble(i inspect.Import, failed error) {
	if errors.Is(failed, context.Canceled) {
		return
	}
	if m.failed == nil {
		m.failed = map[inspect.ImportID]time.Time{}
	}
	m.failed[i.ID] = m.Now()
	b, err := m.Folder.Batch(string(i.ID))
	if err == nil {
		err = b.WriteJSON(ImportProgress, Progress{Phase: i.State.Text(), At: m.Now(), Trouble: true})
	}
	if err != nil {
		slog.Error("note a failed import", "import", string(i.ID), "error", err.Error())
	}
}

// unused is how long a brought file waits for its batch.
const unused = 24 * time.Hour

// sweep removes brought files that nobody needs, once an hour.
func (m *Importer) sweep(ctx context.Context) error {
	now := m.Now()
	if now.Sub(m.swept) < time.Hour {
		return nil
	}
	m.swept = now
	if err := m.clear(ctx); err != nil {
		return err
	}
	return m.Folder.Sweep(now, unused, func(owner, sha256 string) (bool, error) {
		return m.DB.ImportWants(ctx, inspect.OrgID(owner), sha256)
	})
}

// clear removes what batches need no longer that are over: staged rows, and what
// a killed process left. What their pages show stays.
func (m *Importer) clear(ctx context.Context) error {
	open, err := m.DB.ImportsInWork(ctx)
	if err != nil {
		return err
	}
	ids, err := m.Folder.Batches()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if slices.ContainsFunc(open, func(i inspect.Import) bool { return string(i.ID) == id }) {
			continue
		}
		b, err := m.Folder.Batch(id)
		if err == nil {
			err = b.Drop(func(file string) bool {
				return file == ImportSummary || file == ImportFaults || strings.HasPrefix(file, skipFiles)
			})
		}
		if err != nil {
			return fmt.Errorf("clear batch %s: %w", id, err)
		}
	}
	return nil
}

// An importWork is one step for one batch.
type importWork struct {
	*Importer
	i    inspect.Import
	b    stage.Batch
	seen time.Time // when progress was written last
	from time.Time
}

// errOver is a batch that is no longer in the state that the step began with.
var errOver = errors.New("the batch was cancelled or finished meanwhile")

// scope is the reader that the batch's department is.
func (w *importWork) scope() inspect.Scope {
	return inspect.Scope{Org: w.i.Org, Region: w.i.Region, Reach: inspect.ReachOwn}
}

// told writes progress, twice a second at most, and looks whether the batch is
// still to be worked on.
func (w *importWork) told(ctx context.Context, p Progress) error {
	now := w.Now()
	if w.from.IsZero() {
		w.from = now
	}
	if !w.seen.IsZero() && now.Sub(w.seen) < every/2 {
		return nil
	}
	w.seen, p.Started, p.At = now, w.from, now
	if err := w.b.WriteJSON(ImportProgress, p); err != nil {
		return fmt.Errorf("write progress: %w", err)
	}
	i, err := w.DB.Import(ctx, w.scope(), w.i.ID)
	if err == nil && i.State != w.i.State {
		err = errOver
	}
	return err
}

// phase begins another part of the work.
func (w *importWork) phase() { w.seen, w.from = time.Time{}, time.Time{} }

// do carries out an act of the platform. Its request id follows from the batch
// and the step, so that it is done once, whoever does it.
func (w *importWork) do(ctx context.Context, step string, c act.Command) error {
	_, err := w.Desk.Do(ctx, inspect.OwnID(string(w.i.ID), string(c.Verb()), step), inspect.System(w.i.Region), c)
	return err
}
