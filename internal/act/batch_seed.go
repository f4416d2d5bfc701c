package act

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
)

// A BatchDocument is a document that a contributor made with its own key, outside:
// `suicha draw commit` or `suicha draw reveal`. The platform checks it and keeps it; it
// never sees a secret before its reveal. Whoever hands it in need not be the
// contributor: what is signed, or opens a commitment, speaks for itself.
type BatchDocument struct {
	Batch    inspect.BatchID `json:"batch"`
	Document string          `json:"document" label:"贡献方的文件" hint:"suicha draw commit 或 suicha draw reveal 写出的 JSON"`
}

// CommitBatch hands in a contributor's commitment (承诺).
type CommitBatch struct{ BatchDocument }

// RevealBatch hands in the secret of an open contributor (亮出随机数).
type RevealBatch struct{ BatchDocument }

// UnsealBatch hands in the secret of a sealed contributor, from its envelope (启封).
type UnsealBatch struct{ BatchDocument }

// Verb is what the act is called.
func (CommitBatch) Verb() inspect.Verb { return inspect.BatchCommit }

// Verb is what the act is called.
func (RevealBatch) Verb() inspect.Verb { return inspect.BatchReveal }

// Verb is what the act is called.
func (UnsealBatch) Verb() inspect.Verb { return inspect.BatchUnseal }

func (c CommitBatch) do(ctx context.Context, t *tx) error {
	return gather(ctx, t, c.BatchDocument, phase[draw.Commit]{
		one: inspect.BatchCommit, all: inspect.BatchCommitAll, file: draw.CommitsFile, part: "commit", verb: "承诺",
		until: func(m *draw.Manifest) string { return m.Deadlines.Commit },
		from:  ceremony.Commitments,
		check: (*draw.Ceremony).CheckCommit,
		at:    func(x draw.Commit) string { return x.Time },
		whole: ceremony.Commit,
	})
}

func (c RevealBatch) do(ctx context.Context, t *tx) error {
	return gather(ctx, t, c.BatchDocument, secrets(inspect.BatchReveal, inspect.BatchRevealAll, draw.RevealsFile, "open",
		func(m *draw.Manifest) string { return m.Deadlines.Reveal }, ceremony.Reveal))
}

func (c UnsealBatch) do(ctx context.Context, t *tx) error {
	return gather(ctx, t, c.BatchDocument, secrets(inspect.BatchUnseal, inspect.BatchUnsealAll, draw.EnvelopesFile, "sealed",
		func(m *draw.Manifest) string { return m.Deadlines.Envelopes }, ceremony.Unseal))
}

func secrets(one, all inspect.Verb, file, role string, until func(*draw.Manifest) string, whole func(*draw.Ceremony, []draw.Reveal)) phase[draw.Reveal] {
	return phase[draw.Reveal]{
		one: one, all: all, file: file, part: "reveal", verb: "随机数", until: until, whole: whole,
		from:  func(m *draw.Manifest) ceremony.Gathering[draw.Reveal] { return ceremony.Secrets(m, role) },
		check: (*draw.Ceremony).CheckReveal,
		at:    func(x draw.Reveal) string { return x.Time },
	}
}

// A phase collects one document of each of some contributors; with the last one it
// is over.
type phase[T draw.Commit | draw.Reveal] struct {
	one, all   inspect.Verb
	file, part string // of all documents, and what begins the name of each
	verb       string // what is handed in, in words
	until      func(*draw.Manifest) string
	from       func(*draw.Manifest) ceremony.Gathering[T]
	check      func(*draw.Ceremony, T) error
	at         func(T) string
	whole      func(*draw.Ceremony, []T)
}

// partName is the file of one contributor's document.
func partName(part string, place int) string { return fmt.Sprintf("%s-%02d.json", part, place+1) }

// skew is how far a contributor's clock may be ahead of the platform's.
const skew = time.Minute

// gather takes a document: its own time is a claim, and this act's the proof. What
// comes too late is not taken, whatever it says.
func gather[T draw.Commit | draw.Reveal](ctx context.Context, t *tx, c BatchDocument, p phase[T]) error {
	was, _, err := t.batchNow(ctx, c.Batch)
	if err != nil {
		return err
	}
	if _, err := was.Gather(p.one, p.all, false); err != nil {
		return err
	}
	tree, run, err := t.running(ctx, was)
	if err != nil {
		return err
	}
	doc, err := p.read(t, run, c.Document)
	if err != nil {
		return err
	}
	all, err := p.given(run.Manifest, tree)
	if err != nil {
		return err
	}
	name := p.name(run.Manifest, all.Name(doc))
	if ceremony.Has(tree, name) {
		return inspect.ErrBatchGiven.With(all.Name(doc) + "的" + p.verb)
	}
	if err := all.Take(doc); err != nil {
		return inspect.ErrBatchDocument.With(err.Error())
	}
	list, missing := all.All()
	b, err := was.Gather(p.one, p.all, len(missing) == 0)
	if err != nil {
		return err
	}
	documents := []document{{name, []byte(c.Document)}}
	if len(missing) == 0 {
		p.whole(run, list)
		text, err := t.write(run, p.file, inspect.ErrBatchDocument)
		if err != nil {
			return err
		}
		documents = append(documents, document{p.file, text})
	}
	if err := t.addFiles(ctx, b, documents...); err != nil {
		return err
	}
	return t.saveBatch(ctx, was.State, b)
}

// read reads a document that is handed in now.
func (p phase[T]) read(t *tx, run *draw.Ceremony, text string) (doc T, err error) {
	if until := p.until(run.Manifest); draw.Instant(t.now) > until {
		return doc, inspect.ErrBatchLate.With(until)
	}
	if doc, err = ceremony.Parse[T](p.part, []byte(text)); err == nil {
		err = p.check(run, doc)
	}
	if err == nil && p.at(doc) > draw.Instant(t.now.Add(skew)) {
		err = inspect.ErrBatchDocument.With("文件中的时间晚于现在")
	}
	return doc, faultOf(inspect.ErrBatchDocument, err)
}

// given are the documents of the phase that are there.
func (p phase[T]) given(m *draw.Manifest, tree ceremony.Tree) (ceremony.Gathering[T], error) {
	all := p.from(m)
	for _, x := range all.From {
		name := p.name(m, x.Name)
		if !ceremony.Has(tree, name) {
			continue
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return all, err
		}
		doc, err := ceremony.Parse[T](p.part, text)
		if err == nil {
			err = all.Take(doc)
		}
		if err != nil {
			return all, faultOf(inspect.ErrBatchFile, err)
		}
	}
	return all, nil
}

// name is the file of a contributor's document.
func (p phase[T]) name(m *draw.Manifest, contributor string) string {
	return partName(p.part, slices.IndexFunc(m.Contributors, func(x draw.Contributor) bool { return x.Name == contributor }))
}

// TypeEvent takes down the public event (公开事件), by one person.
type TypeEvent struct {
	Batch     inspect.BatchID       `json:"batch"`
	Seen      int64                 `json:"seen"`
	Sources   []inspect.TypedSource `json:"sources" label:"各来源开出的号码"`
	Cancelled []string              `json:"cancelled" label:"没有开出号码的来源"`
}

// Verb is what the act is called.
func (TypeEvent) Verb() inspect.Verb { return inspect.BatchTypeEvent }

func (c TypeEvent) do(ctx context.Context, t *tx) error {
	was, _, err := t.batch(ctx, c.Batch, c.Seen)
	if err != nil {
		return err
	}
	typed := inspect.TypedEvent{Sources: c.Sources, Cancelled: c.Cancelled}
	b, err := was.TypeEvent(typed, t.by.Person)
	if err != nil {
		return err
	}
	_, run, err := t.running(ctx, b)
	if err != nil {
		return err
	}
	if err := t.event(run, typed, typed.Numbers()); err != nil {
		return err
	}
	return t.saveBatch(ctx, was.State, b)
}

// event adds the event to the ceremony, if it can be what was announced.
func (t *tx) event(run *draw.Ceremony, typed inspect.TypedEvent, again string) error {
	times, ok := typed.Times()
	if !ok {
		return inspect.ErrBatchTime.With("开出时间").At("sources")
	}
	x := ceremony.Typed{Numbers: typed.Numbers(), Cancelled: typed.Cancelled, Time: times, Issue: map[string]string{}, Evidence: map[string]string{}}
	for _, s := range typed.Sources {
		x.Issue[s.Code], x.Evidence[s.Code] = s.Issue, s.Evidence
		if times[s.Code] > draw.Instant(t.now) {
			return inspect.ErrBatchEvent.With("开出时间晚于现在")
		}
	}
	err := ceremony.Event(run, x, again)
	if err == nil {
		err = run.Check()
	}
	if err != nil {
		return inspect.ErrBatchEvent.With(err.Error())
	}
	return nil
}

// ConfirmEvent is another person's typing of the same numbers, from the source
// itself. Only when both agree is the event taken over.
type ConfirmEvent struct {
	Batch   inspect.BatchID       `json:"batch"`
	Seen    int64                 `json:"seen"`
	Sources []inspect.TypedSource `json:"sources" label:"各来源开出的号码" hint:"只需录入号码"`
}

// Verb is what the act is called.
func (ConfirmEvent) Verb() inspect.Verb { return inspect.BatchConfirmEvent }

func (c ConfirmEvent) do(ctx context.Context, t *tx) error {
	was, _, err := t.batch(ctx, c.Batch, c.Seen)
	if err != nil {
		return err
	}
	b, err := was.ConfirmEvent(t.by.Person, t.now)
	if err != nil {
		return err
	}
	_, run, err := t.running(ctx, b)
	if err != nil {
		return err
	}
	if err := t.event(run, was.Typed, inspect.TypedEvent{Sources: c.Sources}.Numbers()); err != nil {
		return err
	}
	text, err := t.write(run, draw.EventFile, inspect.ErrBatchEvent)
	if err != nil {
		return err
	}
	documents := []document{{draw.EventFile, text}}
	if b.State == inspect.BatchOpened { // there is no envelope, which is a document, too
		ceremony.Unseal(run, []draw.Reveal{})
		if text, err = t.write(run, draw.EnvelopesFile, inspect.ErrBatchEvent); err != nil {
			return err
		}
		documents = append(documents, document{draw.EnvelopesFile, text})
	}
	if err := t.addFiles(ctx, b, documents...); err != nil {
		return err
	}
	return t.saveBatch(ctx, was.State, b)
}
