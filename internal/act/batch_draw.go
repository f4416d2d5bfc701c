package act

import (
	"context"
	"slices"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/store"
)

// DrawBatch computes the outcome of a run from its documents: the drawn objects, the
// reserve and the teams: R67, R71, 海政办发〔2020〕2号 二(五)2–3. It is the platform's
// own act, a pure function of what is stored, in one transaction: whoever does it, and
// however often it is begun, there is one result (INV-04).
type DrawBatch struct {
	Batch inspect.BatchID `json:"batch"`
	Run   int             `json:"run"`
}

// Verb is what the act is called.
func (DrawBatch) Verb() inspect.Verb { return inspect.BatchDraw }

func (c DrawBatch) do(ctx context.Context, t *tx) error {
	was, tasks, err := t.batchNow(ctx, c.Batch)
	if err == nil && was.Run != c.Run {
		err = inspect.ErrStale
	}
	if err != nil {
		return err
	}
	b, err := was.Draw(t.now)
	if err != nil {
		return err
	}
	tree, run, err := t.running(ctx, b)
	if err != nil {
		return err
	}
	custodian, err := t.custodian(ctx, b)
	if err != nil {
		return err
	}
	d, err := ceremony.Compute(run, tree, custodian...)
	if err != nil {
		return faultOf(inspect.ErrBatchFile, err)
	}
	documents, err := t.drawnFiles(ctx, b, d, tree)
	if err != nil {
		return err
	}
	if err := t.addFiles(ctx, b, documents...); err != nil {
		return err
	}
	lists, err := outcomeOf(ctx, t.Tx, t.keys, b)
	if err != nil {
		return err
	}
	rows, seats, err := t.rowsOf(ctx, was, tasks, lists)
	if err != nil {
		return err
	}
	if err := t.formTeams(ctx, was, was.FormTeams(tasks, rows, seats)); err != nil {
		return err
	}
	if !b.Sealed() { // else no row can be read before the opening: INV-05
		if err := t.outcome(ctx, was, rows, seats); err != nil {
			return err
		}
		if err := t.takeVisits(ctx, was, tasks, rows); err != nil {
			return err
		}
	}
	if err := t.saveBatch(ctx, was.State, b); err != nil {
		return err
	}
	return t.stepTasks(ctx, tasks, inspect.Task.Draw)
}

// outcome stores lists and seats as rows, once they may be read: at the draw, or when
// a sealed run is disclosed.
func (t *tx) outcome(ctx context.Context, b inspect.Batch, rows []inspect.DrawnRow, seats []inspect.Seat) error {
	image, err := t.AddDrawn(ctx, b, rows)
	if err != nil {
		return err
	}
	t.savedRows("drawn", b, image)
	if len(seats) > 0 {
		if image, err = t.AddSeats(ctx, b, seats); err != nil {
			return err
		}
		t.savedRows("seat", b, image)
	}
	return nil
}

// rowsOf are the lists of a run as rows: who was drawn, and the teams.
func (t *tx) rowsOf(ctx context.Context, b inspect.Batch, tasks []inspect.Task, lists map[string][]byte) ([]inspect.DrawnRow, []inspect.Seat, error) {
	kept, err := t.Files(ctx, b.ID, b.Run, objectsFile)
	if err != nil {
		return nil, nil, err
	}
	objects, err := inspect.ObjectsByID(kept[objectsFile])
	if err != nil {
		return nil, nil, err
	}
	tree := ceremony.Tree{}
	for name, text := range lists {
		tree.Put(name, text)
	}
	drawn, reserve, err := ceremony.Lists(tree)
	if err != nil {
		return nil, nil, err
	}
	rows := b.DrawnRows(tasks, objects, drawn, reserve)
	if lists[match.AssignmentFile] == nil { // no matching is possible
		return rows, nil, nil
	}
	facts, err := t.Facts(ctx, b.Region)
	if err != nil {
		return nil, nil, err
	}
	seats, err := b.Seats(tasks, facts, objects, lists[match.AssignmentFile])
	return rows, seats, err
}

// savedRows notes rows of a draw, once the batch itself is noted: the entry is about
// the batch.
func (t *tx) savedRows(kind string, b inspect.Batch, rows any) {
	t.later = append(t.later, image{"rows." + kind, string(b.ID), b.Version + 1, rows})
}

// DiscloseBatch publishes keys and lists: at once in open mode, on the announced day in
// sealed mode, and never earlier. It is the platform's own act.
type DiscloseBatch struct {
	Batch inspect.BatchID `json:"batch"`
	Run   int             `json:"run"`
}

// Verb is what the act is called.
func (DiscloseBatch) Verb() inspect.Verb { return inspect.BatchDisclose }

func (c DiscloseBatch) do(ctx context.Context, t *tx) error {
	was, tasks, err := t.batchNow(ctx, c.Batch)
	if err == nil && was.Run != c.Run {
		err = inspect.ErrStale
	}
	if err != nil {
		return err
	}
	b, err := was.Disclose(t.now)
	if err != nil {
		return err
	}
	_, run, err := t.running(ctx, b)
	if err != nil {
		return err
	}
	custodian, err := t.custodian(ctx, b)
	if err != nil {
		return err
	}
	if run.Opening, err = run.NewOpening(draw.Instant(t.now), custodian...); err != nil {
		return faultOf(inspect.ErrBatchFile, err)
	}
	text, err := t.write(run, draw.OpeningFile, inspect.ErrBatchFile)
	if err != nil {
		return err
	}
	if err := t.addFiles(ctx, b, document{draw.OpeningFile, text}); err != nil {
		return err
	}
	if !b.Sealed() {
		return t.saveBatch(ctx, was.State, b)
	}
	teams, err := t.teams(ctx, store.TeamFilter{Batch: b.ID})
	if err != nil {
		return err
	}
	if err := t.unseal(ctx, was, tasks, teams); err != nil {
		return err
	}
	if err := t.saveBatch(ctx, was.State, b); err != nil {
		return err
	}
	return t.clearTeams(ctx, was, teams)
}

// VoidBatch ends a run that cannot have a result: because somebody did not deliver by
// the deadline, no event took place, or for a technical reason, which is published
// with it: R68, docs/design/draw.md §14.
type VoidBatch struct {
	Batch     inspect.BatchID `json:"batch"`
	Seen      int64           `json:"seen"`
	Technical bool            `json:"technical" label:"技术原因"`
	Ground    string          `json:"ground" label:"作废原因" hint:"将与作废记录一并公布"`
}

// Verb is what the act is called.
func (VoidBatch) Verb() inspect.Verb { return inspect.BatchVoid }

func (c VoidBatch) do(ctx context.Context, t *tx) error {
	was, _, err := t.batch(ctx, c.Batch, c.Seen)
	if err != nil {
		return err
	}
	b, err := was.Void(t.by.Org.ID, c.Ground, t.by.Person, t.now)
	if err != nil {
		return err
	}
	tree, run, err := t.running(ctx, was)
	if err != nil {
		return err
	}
	phase, defaulters, err := t.overdue(was, run, tree, c.Technical)
	if err != nil {
		return err
	}
	void, err := ceremony.Void(run, draw.Instant(t.now), phase, b.Ground, defaulters)
	if err != nil {
		return faultOf(inspect.ErrBatchDocument, err)
	}
	text, err := draw.Document(draw.VoidFile, void)
	if err != nil {
		return faultOf(inspect.ErrBatchDocument, err)
	}
	if err := t.addFiles(ctx, b, document{draw.VoidFile, text}); err != nil {
		return err
	}
	return t.saveBatch(ctx, was.State, b)
}

// overdue is the phase that a run has failed in, and who did not deliver. Nobody is
// late before the deadline.
func (t *tx) overdue(b inspect.Batch, run *draw.Ceremony, tree ceremony.Tree, technical bool) (phase string, defaulters []string, err error) {
	m := run.Manifest
	var until, part string
	var owed []draw.Contributor
	switch {
	case technical:
		return "technical", nil, nil
	case b.State == inspect.BatchLocked:
		phase, until, part, owed = "commit", m.Deadlines.Commit, "commit", m.Contributors
	case b.State == inspect.BatchCommitted:
		phase, until, part, owed = "reveal", m.Deadlines.Reveal, "reveal", ceremony.OfRole(m, "open")
	case b.State == inspect.BatchRevealed:
		return "event", nil, nil
	case b.State == inspect.BatchEvented:
		phase, until, part, owed = "envelopes", m.Deadlines.Envelopes, "reveal", ceremony.OfRole(m, "sealed")
	case b.State == inspect.BatchOpened: // its custodian has not delivered
		phase, until, part, owed = "envelopes", m.Deadlines.Envelopes, "reveal", ceremony.OfRole(m, "custodian")
	default:
		return "", nil, inspect.ErrStep.With(inspect.BatchVoid.Text())
	}
	if draw.Instant(t.now) <= until {
		return "", nil, inspect.ErrBatchDue.With(until)
	}
	for _, x := range owed {
		if place := slices.IndexFunc(m.Contributors, func(c draw.Contributor) bool { return c.Name == x.Name }); !ceremony.Has(tree, partName(part, place)) {
			defaulters = append(defaulters, x.Name)
		}
	}
	return phase, defaulters, nil
}

// AnnulBatch takes a draw back, by another department, with a ground that everybody
// can read: C18. The tasks are drawn anew, in another batch; what was drawn stays on
// record.
type AnnulBatch struct {
	Batch   inspect.BatchID `json:"batch"`
	Seen    int64           `json:"seen"`
	Ground  string          `json:"ground" label:"撤销理由" hint:"将公开"`
	Confirm string          `json:"confirm" label:"批次编号" hint:"照样输入批次编号以确认"`
}

// Verb is what the act is called.
func (AnnulBatch) Verb() inspect.Verb { return inspect.BatchAnnul }

func (c AnnulBatch) do(ctx context.Context, t *tx) error {
	was, tasks, err := t.batch(ctx, c.Batch, c.Seen)
	switch {
	case err != nil:
		return err
	case c.Confirm != was.Number:
		return inspect.ErrConfirm.With(was.Number)
	case slices.ContainsFunc(tasks, func(x inspect.Task) bool { return x.State == inspect.TaskDispatched }):
		return inspect.ErrBatchStanding
	}
	b, err := was.Annul(t.by.Org.ID, c.Ground, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if err := t.saveBatch(ctx, was.State, b); err != nil {
		return err
	}
	if err := t.freeVisits(ctx, was, b); err != nil {
		return err
	}
	if err := t.endTeams(ctx, was); err != nil {
		return err
	}
	return t.stepTasks(ctx, tasks, inspect.Task.Leave)
}
