package act

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
)

// Names of the files that the lock keeps beside those of docs/design/draw.md. They
// stay inside: who was kept out of the list and of the roster, whom a waiver brings in,
// what of lists from above cannot be drawn, and which object of the library each code is.
const (
	objectsFile  = "objects.tsv"
	excludedFile = "excluded.tsv"
	absentFile   = "absent.tsv"
	waivedFile   = "waived.tsv"
	unfoundFile  = "unfound.tsv"
)

// LockBatch fixes the list and the inspectors for good: R68, 海政办发〔2020〕2号 二(五)2
// "锁定抽查名单". All conditions of every task are asked in the same moment: R36, R66.
type LockBatch struct {
	Batch inspect.BatchID `json:"batch"`
	Seen  int64           `json:"seen"`
}

// Verb is what the act is called.
func (LockBatch) Verb() inspect.Verb { return inspect.BatchLock }

func (c LockBatch) do(ctx context.Context, t *tx) error {
	was, tasks, err := t.batch(ctx, c.Batch, c.Seen)
	if err != nil {
		return err
	}
	signers, err := t.Signers(ctx, was.Tasks)
	if err != nil {
		return err
	}
	b, err := was.Lock(t.by.Person, signers, t.now)
	if err != nil {
		return err
	}
	facts, err := t.ready(ctx, tasks)
	if err != nil {
		return err
	}
	documents, err := t.lock(ctx, b, tasks, facts)
	if err != nil {
		return err
	}
	if err := t.addFiles(ctx, b, documents...); err != nil {
		return err
	}
	return t.saveBatch(ctx, was.State, b)
}

// ready fails unless every task meets all conditions of its draw.
func (t *tx) ready(ctx context.Context, tasks []inspect.Task) (inspect.Facts, error) {
	var ps inspect.Problems
	var facts inspect.Facts
	for _, x := range tasks {
		f, err := t.TaskFacts(ctx, x, t.today())
		if err != nil {
			return facts, err
		}
		facts = f.Facts
		ps = append(ps, x.Missing(x.Gates(f))...)
	}
	return facts, ps.Err()
}

// lock makes the population, the files of the matching and lock.json.
func (t *tx) lock(ctx context.Context, b inspect.Batch, tasks []inspect.Task, facts inspect.Facts) ([]document, error) {
	tree, run, err := t.running(ctx, b)
	if err != nil {
		return nil, err
	}
	pool, err := t.pool(ctx, b, tasks)
	if err != nil {
		return nil, err
	}
	if err := pool.Overdrawn(tasks, facts).Err(); err != nil {
		return nil, err
	}
	documents, err := t.inputs(ctx, b, run.Manifest, tasks, facts, pool)
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		tree.Put(d.name, d.text)
	}
	if err := t.unheld(ctx, b, pool.Objects()); err != nil {
		return nil, err
	}
	if run.Lock, err = ceremony.Lock(run.Manifest, tree, draw.Instant(t.now), excludedFile, absentFile, waivedFile, unfoundFile, inspect.WidenedFile); err != nil {
		return nil, faultOf(inspect.ErrBatchInputs, err)
	}
	difference, err := t.difference(ctx, b, run, tree, pool)
	if err != nil {
		return nil, err
	}
	if run.Lock.Difference.Previous != "" { // an empty difference is a file, too
		documents = append(documents, document{draw.DifferenceFile, difference})
	}
	text, err := t.write(run, draw.LockFile, inspect.ErrBatchInputs)
	return append(documents, document{draw.LockFile, text}), err
}

// inputs are the files that the lock fixes, and those it keeps.
func (t *tx) inputs(ctx context.Context, b inspect.Batch, m *draw.Manifest, tasks []inspect.Task, facts inspect.Facts, pool *inspect.Pool) ([]document, error) {
	population, err := pool.Population(m, tasks, draw.NewSalt)
	if err != nil {
		return nil, err
	}
	days := inspect.BatchDays(tasks)
	met, err := t.Met(ctx, b.Region, days.From.AddDays(-3*366).String())
	if err != nil {
		return nil, err
	}
	roster, err := t.Roster(ctx, inspect.BatchParties(tasks), days, met)
	if err != nil {
		return nil, err
	}
	var absent strings.Builder
	for _, l := range roster.Left {
		fmt.Fprintf(&absent, "%s\t%s\n", inspect.InspectorID(l.No), l.Obstacle.Kind)
	}
	documents := []document{{draw.PopulationFile, population}, {objectsFile, pool.Objects()}, {excludedFile, pool.Excluded()}, {absentFile, []byte(absent.String())}, {waivedFile, pool.Waived()}, {unfoundFile, pool.UnfoundFile()}}
	files := pool.MatchInputs(b.Region, tasks, facts, roster)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		documents = append(documents, document{name, files[name]})
	}
	return documents, nil
}

// unheld refuses a list that shares objects with one that is locked and not drawn: an
// object drawn from both could be visited more often than the cap allows: R52, INV-06.
func (t *tx) unheld(ctx context.Context, b inspect.Batch, objects []byte) error {
	others, err := t.BatchesHolding(ctx, b)
	if err != nil {
		return err
	}
	for _, other := range others {
		files, err := t.Files(ctx, other.ID, other.Run, objectsFile)
		if err != nil {
			return err
		}
		if n := inspect.Overlap(files[objectsFile], objects); n > 0 {
			return inspect.ErrBatchHeld.With(other.Number, n)
		}
	}
	return nil
}

// difference compares with the list that the organisation locked before. Nil is
// none.
func (t *tx) difference(ctx context.Context, b inspect.Batch, run *draw.Ceremony, tree ceremony.Tree, pool *inspect.Pool) ([]byte, error) {
	batch, n, err := t.LastLock(ctx, b)
	if err != nil || n == 0 {
		return nil, err
	}
	past, err := t.folder(ctx, batch, n)
	if err != nil {
		return nil, err
	}
	reasons := map[string]string{}
	for _, k := range pool.Kept {
		reasons[k.ID] = k.Reason
	}
	var text []byte
	run.Lock.Difference, text, err = ceremony.Compare(run.Manifest.Suite, past, tree, reasons)
	return text, faultOf(inspect.ErrBatchFile, err)
}

// write checks what the ceremony has become and writes its newest document.
func (t *tx) write(c *draw.Ceremony, name string, problem inspect.Problem) (text []byte, err error) {
	if err := c.Check(); err != nil {
		return nil, faultOf(problem, err)
	}
	switch name {
	case draw.LockFile:
		text, err = draw.Document(name, c.Lock)
	case draw.CommitsFile:
		text, err = draw.Document(name, c.Commits)
	case draw.RevealsFile:
		text, err = draw.Document(name, c.Reveals)
	case draw.EventFile:
		text, err = draw.Document(name, c.Event)
	case draw.EnvelopesFile:
		text, err = draw.Document(name, c.Envelopes)
	case draw.OpeningFile:
		text, err = draw.Document(name, c.Opening)
	}
	return text, faultOf(problem, err)
}
