package act

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/seal"
	"suicha/internal/store"
)

// KeepSealed gives the desk the keys that protect sealed lists. The database does not
// hold them. Without them no sealed batch is announced: docs/decisions/0018.
func (d *Desk) KeepSealed(keys seal.Ring) { d.keys = keys }

// runKey opens the key of a sealed run: all that is kept secret of the run until its
// opening is sealed under it, each text for a purpose of its own.
//
// Rows of a sealed run are kept secret likewise: see team_sealed.go. Neither the entry's
// body nor any index may hold the text itself.
func runKey(ctx context.Context, w *store.Tx, keys seal.Ring, batch inspect.BatchID, run int) (seal.Key, error) {
	kept, err := w.Files(ctx, batch, run, inspect.KeyFile)
	if err != nil {
		return seal.Key{}, err
	}
	k, err := keys.Unwrap(keyName(batch, run), string(kept[inspect.KeyFile]))
	if err != nil {
		return k, fmt.Errorf("open the key of batch %s, run %d: %w", batch, run, err)
	}
	return k, nil
}

// runKey opens the key of a sealed run for the act under way.
func (t *tx) runKey(ctx context.Context, batch inspect.BatchID, run int) (seal.Key, error) {
	return runKey(ctx, t.Tx, t.keys, batch, run)
}

// keyName is what the key of a run is derived for.
func keyName(batch inspect.BatchID, run int) string {
	return "suicha/batch/" + string(batch) + "/" + strconv.Itoa(run)
}

// EntrustBatch hands the custodian's secret to the platform, which keeps it encrypted
// until the announced day: docs/design/draw.md §2. Nobody but the custodian may know it
// before, so that only its own department hands it in.
type EntrustBatch struct{ BatchDocument }

// Verb is what the act is called.
func (EntrustBatch) Verb() inspect.Verb { return inspect.BatchEntrust }

// MarshalJSON writes down the command as the record may keep it: with a digest where
// the secret was.
func (c EntrustBatch) MarshalJSON() ([]byte, error) {
	sum := sha256.Sum256([]byte(c.Document))
	return json.Marshal(BatchDocument{c.Batch, "sha256:" + hex.EncodeToString(sum[:])})
}

func (c EntrustBatch) do(ctx context.Context, t *tx) error {
	was, _, err := t.batchNow(ctx, c.Batch)
	if err != nil {
		return err
	}
	b, err := was.Entrust(t.by.Org.ID, t.now)
	if err != nil {
		return err
	}
	_, run, err := t.running(ctx, b)
	if err != nil {
		return err
	}
	doc, err := ceremony.Parse[draw.Reveal]("reveal", []byte(c.Document))
	if err == nil {
		_, err = run.Seed(doc)
	}
	if err == nil && doc.Time > draw.Instant(t.now.Add(skew)) {
		err = inspect.ErrBatchDocument.With("文件中的时间晚于现在")
	}
	if err != nil {
		return faultOf(inspect.ErrBatchDocument, err)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	key, wrapped, err := t.keys.Wrap(keyName(b.ID, b.Run))
	if err != nil {
		return err
	}
	err = t.addFiles(ctx, b, document{inspect.KeyFile, []byte(wrapped)},
		document{inspect.CustodianFile, []byte(key.Seal(inspect.CustodianFile, string(text)))})
	if err != nil {
		return err
	}
	return t.saveBatch(ctx, was.State, b)
}

// custodian is the custodian's secret of a sealed run, out of keeping; none of an open
// one.
func (t *tx) custodian(ctx context.Context, b inspect.Batch) ([]draw.Reveal, error) {
	if !b.Sealed() {
		return nil, nil
	}
	text, err := openFile(ctx, t.Tx, t.keys, b, inspect.CustodianFile)
	if err != nil {
		return nil, err
	}
	doc, err := ceremony.Parse[draw.Reveal]("reveal", []byte(text))
	return []draw.Reveal{doc}, err
}

// openFile decrypts a file of a sealed run.
func openFile(ctx context.Context, w *store.Tx, keys seal.Ring, b inspect.Batch, name string) (string, error) {
	key, err := runKey(ctx, w, keys, b.ID, b.Run)
	if err != nil {
		return "", err
	}
	kept, err := w.Files(ctx, b.ID, b.Run, name)
	if err != nil {
		return "", err
	}
	text, err := key.Open(name, string(kept[name]))
	if err != nil {
		return "", fmt.Errorf("open %s of %s: %w", name, b.Number, err)
	}
	return text, nil
}

// drawnFiles are the documents of the draw: of an open run all of them, of a sealed one
// the result, and the lists encrypted.
func (t *tx) drawnFiles(ctx context.Context, b inspect.Batch, d *ceremony.Drawing, tree ceremony.Tree) ([]document, error) {
	files, err := d.Files()
	if err != nil {
		return nil, err
	}
	var documents []document
	for _, f := range files {
		if !f.Listed || !b.Sealed() {
			documents = append(documents, document{f.Name, f.Text})
		}
	}
	if !b.Sealed() {
		return documents, nil
	}
	packed, err := d.Pack(tree)
	if err != nil {
		return nil, err
	}
	key, err := t.runKey(ctx, b.ID, b.Run)
	if err != nil {
		return nil, err
	}
	return append(documents, document{inspect.OutcomeFile, []byte(key.Seal(inspect.OutcomeFile, string(packed)))}), nil
}

// outcomeOf are the lists of a run: of a sealed one, decrypted.
func outcomeOf(ctx context.Context, w *store.Tx, keys seal.Ring, b inspect.Batch) (map[string][]byte, error) {
	if !b.Sealed() {
		return w.Files(ctx, b.ID, b.Run, draw.ResultList, draw.ReserveList, match.AssignmentFile)
	}
	text, err := openFile(ctx, w, keys, b, inspect.OutcomeFile)
	if err != nil {
		return nil, err
	}
	return ceremony.Unpack([]byte(text))
}

// unseal puts the lists of a sealed run among its files and rows, on its day. Teams are
// those of the run, as substitutions have left them.
func (t *tx) unseal(ctx context.Context, b inspect.Batch, tasks []inspect.Task, teams []inspect.Team) error {
	lists, err := outcomeOf(ctx, t.Tx, t.keys, b)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		if err := t.addFiles(ctx, b, document{name, lists[name]}); err != nil {
			return err
		}
	}
	if b.State == inspect.BatchAnnulled { // nobody is visited because of it
		return nil
	}
	// What later batches have drawn meanwhile is within the year's cap, since they
	// counted this one: CountPending. The cap of this batch was that of its lock.
	b.Terms.Cap = inspect.VisitsMost
	rows, seats, err := t.rowsOf(ctx, b, tasks, lists)
	if err != nil {
		return err
	}
	if err := t.outcome(ctx, b, rows, seats); err != nil {
		return err
	}
	return t.takeVisits(ctx, b, tasks, append(rows, inspect.VisitedRows(teams)...)) // substitutes too
}

// PeekBatch puts on record who is about to read a sealed list, and what for. The list is
// shown afterwards, by Desk.Peek: INV-05.
type PeekBatch struct {
	Reading inspect.ReadingID `json:"reading"` // made by the asker
	Batch   inspect.BatchID   `json:"batch"`
	Ground  string            `json:"ground" label:"查阅事由" hint:"例如：制作检查通知、安排车辆；将列入查阅登记"`
}

// Verb is what the act is called.
func (PeekBatch) Verb() inspect.Verb { return inspect.BatchPeek }

func (c PeekBatch) do(ctx context.Context, t *tx) error {
	b, tasks, err := t.batchNow(ctx, c.Batch)
	if err != nil {
		return err
	}
	s := inspect.TeamScene{Batch: b, Tasks: tasks}
	if s.Dispatch, err = t.Dispatch(ctx, b.ID); err != nil && !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	if err := s.Reads(t.by.Org.ID); err != nil {
		return err
	}
	r, err := inspect.NewReading(c.Reading, b, t.by, c.Ground, t.now)
	if err != nil {
		return err
	}
	if err := t.AddReading(ctx, r); err != nil {
		return err
	}
	t.saved("reading", string(r.ID), r.Version, r)
	return nil
}

// Peek shows a sealed list to somebody whose reading is on record and still serves. It
// changes nothing.
func (d *Desk) Peek(ctx context.Context, by inspect.Actor, batch inspect.BatchID) (list inspect.SealedList, err error) {
	now := d.now()
	err = d.writer.Write(ctx, func(w *store.Tx) error {
		t := &tx{Tx: w, by: by, now: now, verb: inspect.BatchPeek, keys: d.keys}
		b, tasks, err := t.batchNow(ctx, batch)
		if err == nil {
			err = b.Peek(by.Org.ID, tasks)
		}
		if err != nil {
			return err
		}
		readings, err := t.Readings(ctx, b)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(readings, func(r inspect.Reading) bool { return r.Serves(by.Person, now) }) {
			return inspect.ErrBatchReading
		}
		lists, err := outcomeOf(ctx, t.Tx, t.keys, b)
		if err != nil {
			return err
		}
		if list.Rows, list.Seats, err = t.rowsOf(ctx, b, tasks, lists); err == nil {
			list = list.Of(b, by.Org.ID, tasks)
		}
		return err
	})
	return list, err
}

// RunKey opens the key of a sealed run for a page whose reader may see what it reads:
// see runKey. A key never changes, so that it is looked for once.
func (d *Desk) RunKey(ctx context.Context, batch inspect.BatchID, run int) (key seal.Key, err error) {
	if known, ok := d.runs.Load(keyName(batch, run)); ok {
		return known.(seal.Key), nil
	}
	err = d.writer.Write(ctx, func(w *store.Tx) error {
		key, err = runKey(ctx, w, d.keys, batch, run)
		return err
	})
	if err == nil {
		d.runs.Store(keyName(batch, run), key)
	}
	return key, err
}
