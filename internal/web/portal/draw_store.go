package portal

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Record is the draws of a region in the database.
type Record struct {
	DB     *store.DB
	Region string
}

// Draws implements Draws.
func (r Record) Draws(ctx context.Context, f DrawFilter) ([]Draw, error) {
	found, err := r.DB.PublicBatches(ctx, public, store.PublicBatchFilter{Region: r.Region, Year: f.Year, Text: f.Text, After: f.After, Most: f.Most})
	if err != nil {
		return nil, err
	}
	facts, err := r.DB.Facts(ctx, public, r.Region)
	if err != nil {
		return nil, err
	}
	var list []Draw
	for _, b := range found {
		d, err := r.draw(ctx, b, facts)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// Draw implements Draws.
func (r Record) Draw(ctx context.Context, number string) (Draw, error) {
	b, err := r.DB.PublicBatch(ctx, public, number)
	if err == nil && b.Region != r.Region {
		err = inspect.ErrMissing
	}
	if err != nil {
		return Draw{}, err
	}
	facts, err := r.DB.Facts(ctx, public, r.Region)
	if err != nil {
		return Draw{}, err
	}
	return r.draw(ctx, b, facts)
}

// ObjectNames implements Draws.
func (r Record) ObjectNames(ctx context.Context, codes []string) (map[string]string, error) {
	return r.DB.ObjectNames(ctx, public, r.Region, codes)
}

// draw is a batch with its runs. Only names of documents are read; a document itself
// when somebody opens it.
func (r Record) draw(ctx context.Context, b inspect.Batch, facts inspect.Facts) (Draw, error) {
	d := Draw{Number: b.Number, Version: b.Version}
	documents, err := r.DB.BatchDocuments(ctx, public, b.ID)
	if err != nil {
		return d, err
	}
	for run := 1; run <= b.Run; run++ {
		tree := ceremony.Tree{}
		x := DrawRun{Files: tree}
		for _, f := range documents {
			if f.Run != run {
				continue
			}
			tree[f.Name] = r.open(b.ID, run, f.Name)
			x.Acts = append(x.Acts, DrawAct{File: f.Name, At: f.Act.At, Org: facts.Orgs[f.Act.Org].Short, Receipt: receiptOf(f.Act)})
		}
		if x.Commits, err = gathered[draw.Commit](tree, "commit", draw.CommitsFile); err == nil {
			x.Reveals, err = gathered[draw.Reveal](tree, "reveal", draw.EnvelopesFile)
		}
		if err != nil {
			return d, err
		}
		d.Runs = append(d.Runs, x)
	}
	if b.State == inspect.BatchAnnulled {
		act, err := r.DB.BatchAct(ctx, public, b.ID)
		if err != nil {
			return d, err
		}
		receipt := receiptOf(act)
		d.Runs[len(d.Runs)-1].Annulled = &Annulment{At: b.EndedAt, Org: facts.Orgs[b.EndedOrg].Name, Ground: b.Ground, Receipt: &receipt}
	}
	return d, nil
}

// open reads a document from the database when it is opened. It outlives the request
// that found it, since what is read of a draw is kept for the next one.
func (r Record) open(id inspect.BatchID, run int, name string) func() (fs.File, error) {
	return func() (fs.File, error) {
		files, err := r.DB.BatchFiles(context.Background(), public, id, run, name)
		if err != nil {
			return nil, err
		}
		tree := ceremony.Tree{}
		tree.Put(name, files[name])
		return tree.Open(name)
	}
}

// gathered are the documents that contributors have handed in so far, until the
// phase has its whole document.
func gathered[T draw.Commit | draw.Reveal](tree ceremony.Tree, part, whole string) (list []T, err error) {
	if tree[whole] != nil {
		return nil, nil
	}
	for name := range tree {
		if !strings.HasPrefix(name, part+"-") {
			continue
		}
		text, err1 := fs.ReadFile(tree, name)
		doc, err2 := ceremony.Parse[T](part, text)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		list = append(list, doc)
	}
	return list, nil
}
