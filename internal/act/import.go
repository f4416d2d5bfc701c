package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// imported loads a batch for the act under way, as plan does a plan. The
// platform's own acts need no version: they say where they begin.
func (t *tx) imported(ctx context.Context, id inspect.ImportID, seen int64) (inspect.Import, error) {
	i, err := t.Import(ctx, id)
	if err != nil {
		return i, err
	}
	if t.by.Post.Kind == inspect.SystemPost {
		return i, t.by.MayTo(t.verb)
	}
	has := i.Relations(t.by.Org)
	if t.by.MayTo(inspect.ImportRead, has...) != nil {
		return i, inspect.ErrMissing
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return i, err
	}
	if i.Version != seen {
		return i, inspect.ErrStale
	}
	return i, nil
}

// saveImport replaces was by i, row and entry together.
func (t *tx) saveImport(ctx context.Context, was, i inspect.Import) error {
	i, err := t.PutImport(ctx, was, i)
	if err == nil {
		t.saved("import", string(i.ID), i.Version, i)
	}
	return err
}

// changeImport loads a batch, decides and saves.
func (t *tx) changeImport(ctx context.Context, id inspect.ImportID, seen int64, decide func(inspect.Import) (inspect.Import, error)) error {
	was, err := t.imported(ctx, id, seen)
	if err != nil {
		return err
	}
	i, err := decide(was)
	if err != nil {
		return err
	}
	return t.saveImport(ctx, was, i)
}

// UploadImport begins a batch with a file that was brought before: R27, R32, R33.
// Its columns are those of the file, each with the field it is mapped to, as
// inspect.ImportColumn writes them.
type UploadImport struct {
	Import  inspect.ImportID   `json:"import"` // made by the asker
	Noun    inspect.ImportNoun `json:"noun" label:"导入到"`
	Source  string             `json:"source" label:"数据来源"`
	Sourced workday.Date       `json:"sourced" label:"数据日期"`
	Whole   bool               `json:"whole" label:"文件是这个来源的全部数据"`
	File    string             `json:"file" label:"文件名"`
	SHA256  string             `json:"sha256" label:"文件的 SHA-256"`
	Size    int64              `json:"size" label:"文件大小（字节）"`
	Sheet   string             `json:"sheet" label:"工作表"`
	Line    int                `json:"line" label:"表头所在行"`
	Columns []string           `json:"columns" label:"列的对应关系"`
}

// Verb is what the act is called.
func (UploadImport) Verb() inspect.Verb { return inspect.ImportUpload }

func (c UploadImport) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	i, err := inspect.NewImport(inspect.Import{
		ID: c.Import, Noun: c.Noun, Org: t.by.Org.ID, Region: t.by.Org.Region, Source: c.Source, Sourced: c.Sourced, Whole: c.Whole,
		File: c.File, SHA256: c.SHA256, Size: c.Size, Sheet: c.Sheet,
		Mapping: inspect.NewImportMapping(c.Sheet, c.Line, c.Columns).Text(),
	}, t.by.Person, t.today(), t.now)
	if err != nil {
		return err
	}
	if _, err := t.Import(ctx, c.Import); err == nil {
		return inspect.ErrTaken
	}
	if i, err = t.AddImport(ctx, i); err != nil {
		return err
	}
	t.saved("import", string(i.ID), i.Version, i)
	return nil
}

// CheckImport is what the platform found in the file, before anybody decides.
type CheckImport struct {
	Import inspect.ImportID   `json:"import"`
	Rows   inspect.ImportRows `json:"rows"`
	Staged string             `json:"staged"`
}

// Verb is what the act is called.
func (CheckImport) Verb() inspect.Verb { return inspect.ImportCheck }

func (c CheckImport) do(ctx context.Context, t *tx) error {
	return t.changeImport(ctx, c.Import, 0, func(i inspect.Import) (inspect.Import, error) { return i.Check(c.Rows, c.Staged) })
}

// RefuseImport ends a batch whose file cannot be read, and says why.
type RefuseImport struct {
	Import inspect.ImportID `json:"import"`
	Note   string           `json:"note"`
}

// Verb is what the act is called.
func (RefuseImport) Verb() inspect.Verb { return inspect.ImportRefuse }

func (c RefuseImport) do(ctx context.Context, t *tx) error {
	return t.changeImport(ctx, c.Import, 0, func(i inspect.Import) (inspect.Import, error) { return i.Refuse(c.Note) })
}

// CancelImport drops a batch before anything was written.
type CancelImport struct {
	Import inspect.ImportID `json:"import"`
	Seen   int64            `json:"seen"`
}

// Verb is what the act is called.
func (CancelImport) Verb() inspect.Verb { return inspect.ImportCancel }

func (c CancelImport) do(ctx context.Context, t *tx) error {
	return t.changeImport(ctx, c.Import, c.Seen, inspect.Import.Cancel)
}

// ConfirmImport is the department's decision to write what was checked. Staged
// is the digest of the rows that the asker has seen counted: R37.
type ConfirmImport struct {
	Import inspect.ImportID `json:"import"`
	Seen   int64            `json:"seen"`
	Staged string           `json:"staged"`
}

// Verb is what the act is called.
func (ConfirmImport) Verb() inspect.Verb { return inspect.ImportConfirm }

func (c ConfirmImport) do(ctx context.Context, t *tx) error {
	return t.changeImport(ctx, c.Import, c.Seen, func(i inspect.Import) (inspect.Import, error) {
		return i.Confirm(c.Staged, t.by.Person, t.now)
	})
}

// SecondImport is another person's agreement that many objects vanish.
type SecondImport struct {
	Import inspect.ImportID `json:"import"`
	Seen   int64            `json:"seen"`
	Staged string           `json:"staged"`
}

// Verb is what the act is called.
func (SecondImport) Verb() inspect.Verb { return inspect.ImportSecond }

func (c SecondImport) do(ctx context.Context, t *tx) error {
	return t.changeImport(ctx, c.Import, c.Seen, func(i inspect.Import) (inspect.Import, error) {
		if c.Staged != i.Staged {
			return i, inspect.ErrStale
		}
		return i.Second(t.by.Person, t.now)
	})
}

// ApplyImport writes the next staged rows of a confirmed batch. The rows are not
// part of the command: the entry commits to what was written by its digest.
type ApplyImport struct {
	Import  inspect.ImportID `json:"import"`
	From    int64            `json:"from"`  // where in the staged rows the chunk begins
	Count   int64            `json:"count"` // rows dealt with
	Skipped int64            `json:"skipped"`
	Rows    Rows             `json:"-"` // the others
}

// Verb is what the act is called.
func (ApplyImport) Verb() inspect.Verb { return inspect.ImportApply }

func (c ApplyImport) do(ctx context.Context, t *tx) error {
	was, err := t.imported(ctx, c.Import, 0)
	if err != nil {
		return err
	}
	next, err := was.Apply(c.From, c.Count, c.Skipped)
	if err == nil && (c.Rows == nil || c.Rows.noun() != was.Noun || c.Rows.count() != c.Count-c.Skipped) {
		err = inspect.ErrStale
	}
	if err != nil {
		return err
	}
	if err := t.saveImport(ctx, was, next); err != nil || c.Rows.count() == 0 {
		return err
	}
	return c.Rows.write(ctx, t, next)
}

// ReverseImport is the department's decision to take a batch back.
type ReverseImport struct {
	Import inspect.ImportID `json:"import"`
	Seen   int64            `json:"seen"`
	Reason string           `json:"reason" label:"撤销理由" hint:"例如 选错了文件，应为三月的数据"`
}

// Verb is what the act is called.
func (ReverseImport) Verb() inspect.Verb { return inspect.ImportReverse }

func (c ReverseImport) do(ctx context.Context, t *tx) error {
	return t.changeImport(ctx, c.Import, c.Seen, func(i inspect.Import) (inspect.Import, error) {
		return i.Reverse(c.Reason, t.by.Person, t.now)
	})
}

// UndoImport takes back the newest chunk of a batch that is left, by what the
// rows were before: see takeBack.
type UndoImport struct {
	Import inspect.ImportID `json:"import"`
	From   int64            `json:"from"`
}

// Verb is what the act is called.
func (UndoImport) Verb() inspect.Verb { return inspect.ImportUndo }

func (c UndoImport) do(ctx context.Context, t *tx) error {
	was, err := t.imported(ctx, c.Import, 0)
	if err != nil {
		return err
	}
	next, err := was.Undo(c.From)
	if err != nil {
		return err
	}
	if err := t.saveImport(ctx, was, next); err != nil {
		return err
	}
	return t.takeBack(ctx, next, c.From/inspect.ImportChunk)
}
