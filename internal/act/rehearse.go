package act

import (
	"context"
	"errors"
	"io/fs"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Rehearsal (试运行) is what trying a batch's draw under dummy keys found.
type Rehearsal struct {
	ceremony.Rehearsal
	Locked  bool              // on the locked list; else on the libraries as they stood
	Widened []inspect.Widened // areas with too few inspectors of their own
}

// RehearsalKind is the kind of the job that does a rehearsal. Its id is RehearsalJob.
const RehearsalKind = "rehearse"

// RehearsalJob names the rehearsal of a batch in the queue.
func RehearsalJob(id inspect.BatchID) string { return RehearsalKind + "/" + string(id) }

// errRehearsed ends the transaction of a rehearsal, which changes nothing.
var errRehearsed = errors.New("a rehearsal changes nothing")

// Rehearse tries a batch's draw under dummy keys, runs times: before the announcement
// on the libraries as they stand, after the lock on its files: R66, R71,
// 海政办发〔2020〕2号 二(五)3. It is no act: it changes nothing and cannot learn a real key. Step
// is told how many runs are done.
func (d *Desk) Rehearse(ctx context.Context, id inspect.BatchID, runs int, step func(done int) error) (*Rehearsal, error) {
	var tree ceremony.Tree
	var run *draw.Ceremony
	r := &Rehearsal{}
	err := d.writer.Write(ctx, func(w *store.Tx) error {
		t := &tx{Tx: w, by: inspect.System(""), now: d.now().UTC(), verb: inspect.BatchRehearse, deadlines: d.deadlines}
		b, err := t.Batch(ctx, id)
		if err != nil {
			return err
		}
		if r.Locked = b.Holding(); r.Locked {
			tree, run, err = t.running(ctx, b)
		} else {
			tree, run, err = t.asLocked(ctx, b)
		}
		return cmpErr(err, errRehearsed)
	})
	if !errors.Is(err, errRehearsed) {
		return nil, err
	}
	if widened, err := fs.ReadFile(tree, inspect.WidenedFile); err == nil { // lists of older versions have none
		if r.Widened, err = inspect.ParseWidened(widened); err != nil {
			return nil, err
		}
	}
	found, err := ceremony.Rehearse(run, tree, runs, step)
	if err != nil {
		return nil, faultOf(inspect.ErrBatchInputs, err)
	}
	r.Rehearsal = *found
	return r, nil
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// asLocked is what announcement and lock would make now, with salts that nobody keeps.
func (t *tx) asLocked(ctx context.Context, b inspect.Batch) (ceremony.Tree, *draw.Ceremony, error) {
	if !b.Rehearsable() {
		return nil, nil, inspect.ErrStep.With(inspect.BatchRehearse.Text())
	}
	b.Run, b.AnnouncedAt = b.Run+1, t.now
	tasks, err := t.tasks(ctx, b.Tasks)
	if err != nil {
		return nil, nil, err
	}
	facts, err := t.Facts(ctx, b.Region)
	if err != nil {
		return nil, nil, err
	}
	pool, err := t.pool(ctx, b, tasks)
	if err != nil {
		return nil, nil, err
	}
	m, err := b.Manifest(tasks, facts, pool, nil)
	if err != nil {
		return nil, nil, err
	}
	documents, err := t.inputs(ctx, b, m, tasks, facts, pool)
	if err != nil {
		return nil, nil, err
	}
	tree := ceremony.Tree{}
	for _, d := range documents {
		tree.Put(d.name, d.text)
	}
	lock, err := ceremony.Lock(m, tree, draw.Instant(t.now))
	return tree, &draw.Ceremony{Manifest: m, Lock: lock}, faultOf(inspect.ErrBatchInputs, err)
}
