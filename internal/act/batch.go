package act

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/match"
)

// batch loads a batch and its tasks for the act under way: a stranger's batch does
// not exist, a post that may not is denied, and one that changed since it was seen
// is stale.
func (t *tx) batch(ctx context.Context, id inspect.BatchID, seen int64) (inspect.Batch, []inspect.Task, error) {
	b, tasks, err := t.batchNow(ctx, id)
	if err == nil && b.Version != seen {
		err = inspect.ErrStale
	}
	return b, tasks, err
}

// batchNow is batch in whatever version it stands: documents of several
// contributors do not get into each other's way.
func (t *tx) batchNow(ctx context.Context, id inspect.BatchID) (inspect.Batch, []inspect.Task, error) {
	b, err := t.Batch(ctx, id)
	if err != nil {
		return b, nil, err
	}
	tasks, err := t.tasks(ctx, b.Tasks)
	if err != nil || t.by.Post.Kind == inspect.SystemPost {
		return b, tasks, errors.Join(err, t.by.MayTo(t.verb))
	}
	has := b.Relations(t.by.Org, inspect.BatchParties(tasks))
	if t.by.MayTo(inspect.BatchRead, has...) != nil {
		return b, nil, inspect.ErrMissing
	}
	return b, tasks, t.by.MayTo(t.verb, has...)
}

// tasks loads the tasks of a batch, in the order of their numbers.
func (t *tx) tasks(ctx context.Context, ids []inspect.TaskID) ([]inspect.Task, error) {
	tasks := make([]inspect.Task, len(ids))
	for i, id := range ids {
		var err error
		if tasks[i], err = t.Task(ctx, id); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(tasks, func(a, b inspect.Task) int { return strings.Compare(a.Number, b.Number) })
	return tasks, nil
}

// saveBatch stores the batch, row and entry together. Was is the state before.
func (t *tx) saveBatch(ctx context.Context, was inspect.BatchState, b inspect.Batch) error {
	if err := t.PutBatch(ctx, was, b); err != nil {
		return err
	}
	b.Version++
	t.saved("batch", string(b.ID), b.Version, b)
	return nil
}

// A document is a file of a run that an act makes.
type document struct {
	name string
	text []byte
}

// addFiles stores documents of the batch's present run, for good: INV-03.
func (t *tx) addFiles(ctx context.Context, b inspect.Batch, documents ...document) error {
	for _, d := range documents {
		parts, err := t.AddFile(ctx, b, d.name, d.text)
		if err != nil {
			return err
		}
		for _, p := range parts {
			t.later = append(t.later, image{"batch_file", p.ID, p.Version, p})
		}
	}
	return nil
}

// folder is the documents of a run, as package ceremony reads them.
func (t *tx) folder(ctx context.Context, batch inspect.BatchID, run int) (ceremony.Tree, error) {
	files, err := t.Files(ctx, batch, run)
	if err != nil {
		return nil, err
	}
	tree := ceremony.Tree{}
	for name, text := range files {
		tree.Put(name, text)
	}
	return tree, nil
}

// running is the documents of the batch's present run, checked.
func (t *tx) running(ctx context.Context, b inspect.Batch) (ceremony.Tree, *draw.Ceremony, error) {
	tree, err := t.folder(ctx, b.ID, b.Run)
	if err != nil {
		return nil, nil, err
	}
	c, err := draw.Load(tree)
	return tree, c, faultOf(inspect.ErrBatchFile, err)
}

// faultOf tells the user what is wrong with a document, as problem.
func faultOf(problem inspect.Problem, err error) error {
	var fault *draw.Fault
	var form *match.FileError
	if errors.As(err, &fault) || errors.As(err, &form) {
		return problem.With(err.Error())
	}
	return err
}

// DraftBatch begins a batch: R66.
type DraftBatch struct {
	Batch inspect.BatchID `json:"batch"` // made by the asker
	Year  int             `json:"year" label:"年度"`
}

// Verb is what the act is called.
func (DraftBatch) Verb() inspect.Verb { return inspect.BatchDraft }

func (c DraftBatch) do(ctx context.Context, t *tx) error {
	org, err := t.Org(ctx, t.by.Org.ID)
	if err != nil {
		return err
	}
	if year := t.today().Year(); c.Year < year || c.Year > year+1 {
		return inspect.ErrRange.With("年度", year, year+1).At("year")
	}
	if _, err := t.Batch(ctx, c.Batch); err == nil {
		return inspect.ErrTaken
	}
	last, err := t.LastBatch(ctx, org.Region, c.Year)
	if err != nil {
		return err
	}
	b, err := inspect.NewBatch(c.Batch, org, c.Year, int(last)+1, t.by.Person, t.now)
	if err != nil {
		return err
	}
	return t.saveBatch(ctx, "", b)
}

// PutBatch settles what a batch draws, and how: R66. Its tasks join it, those that
// are no longer named leave.
type PutBatch struct {
	Batch        inspect.BatchID       `json:"batch"`
	Seen         int64                 `json:"seen"`
	Title        string                `json:"title" label:"批次名称"`
	Tasks        []inspect.TaskID      `json:"tasks" label:"抽查任务" hint:"已备案的任务；一起抽取的任务抽中同一对象时只检查一次"`
	Suite        string                `json:"suite" label:"密码套件"`
	Mode         string                `json:"mode" label:"公开方式"`
	Opening      string                `json:"opening" label:"公开名单时间" hint:"密封方式填写"`
	Contributors []inspect.Contributor `json:"contributors" label:"贡献方" hint:"公开贡献方至少两个；密封方两个，互相保管信封"`
	Sources      []string              `json:"sources" label:"公开事件"`
	Reserves     []string              `json:"reserves" label:"备用事件"`
	Commit       string                `json:"commit" label:"承诺截止时间" hint:"例如 2026-11-20T12:30"`
	Reveal       string                `json:"reveal" label:"亮出截止时间"`
	Event        string                `json:"event" label:"事件最早时间"`
	Envelopes    string                `json:"envelopes" label:"启封截止时间"`
	Cap          int                   `json:"cap" label:"每年最多次数" hint:"同一对象全年随机抽查不超过 2 次"`
	Mix          int                   `json:"mix" label:"混合系数" hint:"一般填 100"`
}

// Verb is what the act is called.
func (PutBatch) Verb() inspect.Verb { return inspect.BatchPut }

func (c PutBatch) do(ctx context.Context, t *tx) error {
	was, before, err := t.batch(ctx, c.Batch, c.Seen)
	if err != nil {
		return err
	}
	tasks, err := t.tasks(ctx, c.Tasks)
	if err != nil {
		return err
	}
	org, err := t.Org(ctx, was.Org)
	if err != nil {
		return err
	}
	if err := was.Mine(org, tasks); err != nil {
		return err
	}
	b, err := was.Put(c.Title, tasks, inspect.BatchTerms{
		Suite: c.Suite, Mode: c.Mode, Opening: c.Opening, Contributors: c.Contributors, Sources: c.Sources, Reserves: c.Reserves,
		Commit: c.Commit, Reveal: c.Reveal, Event: c.Event, Envelopes: c.Envelopes, Cap: c.Cap, Mix: c.Mix,
	})
	if err != nil {
		return err
	}
	if err := t.saveBatch(ctx, was.State, b); err != nil {
		return err
	}
	gone := slices.DeleteFunc(before, func(x inspect.Task) bool { return slices.Contains(b.Tasks, x.ID) })
	fresh := slices.DeleteFunc(tasks, func(x inspect.Task) bool { return x.Batch == b.ID })
	if err := t.stepTasks(ctx, gone, inspect.Task.Leave); err != nil {
		return err
	}
	return t.stepTasks(ctx, fresh, func(x inspect.Task) (inspect.Task, error) { return x.Join(b.ID) })
}

// stepTasks takes tasks one step on, as the batch does.
func (t *tx) stepTasks(ctx context.Context, tasks []inspect.Task, step func(inspect.Task) (inspect.Task, error)) error {
	for _, was := range tasks {
		task, err := step(was)
		if err != nil {
			return err
		}
		if err := t.saveTask(ctx, was.State, task); err != nil {
			return err
		}
	}
	return nil
}

// DiscardBatch gives a batch up that is a draft, or whose run is void. Its tasks are
// free for another.
type DiscardBatch struct {
	Batch inspect.BatchID `json:"batch"`
	Seen  int64           `json:"seen"`
}

// Verb is what the act is called.
func (DiscardBatch) Verb() inspect.Verb { return inspect.BatchDiscard }

func (c DiscardBatch) do(ctx context.Context, t *tx) error {
	was, tasks, err := t.batch(ctx, c.Batch, c.Seen)
	if err != nil {
		return err
	}
	b, err := was.Discard(t.by.Org.ID, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if err := t.saveBatch(ctx, was.State, b); err != nil {
		return err
	}
	return t.stepTasks(ctx, tasks, inspect.Task.Leave)
}

// AnnounceBatch announces the batch's next run: from now on nothing changes that
// influences who is drawn: R67. Confirm is the batch's number, typed by hand.
type AnnounceBatch struct {
	Batch   inspect.BatchID `json:"batch"`
	Seen    int64           `json:"seen"`
	Confirm string          `json:"confirm" label:"批次编号" hint:"照样输入批次编号以确认"`
}

// Verb is what the act is called.
func (AnnounceBatch) Verb() inspect.Verb { return inspect.BatchAnnounce }

func (c AnnounceBatch) do(ctx context.Context, t *tx) error {
	was, tasks, err := t.batch(ctx, c.Batch, c.Seen)
	switch {
	case err != nil:
		return err
	case c.Confirm != was.Number:
		return inspect.ErrConfirm.With(was.Number)
	}
	wrote, err := t.Wrote(ctx, t.by.Person, string(was.ID), inspect.BatchPut)
	if err == nil && wrote {
		err = inspect.ErrOwnWork // INV-09
	}
	if err != nil {
		return err
	}
	b, err := was.Announce(t.by.Person, t.now)
	if err != nil {
		return err
	}
	documents, err := c.announcement(ctx, t, b, tasks)
	if err != nil {
		return err
	}
	if err := t.saveBatch(ctx, was.State, b); err != nil {
		return err
	}
	return t.addFiles(ctx, b, documents...)
}

// announcement is the manifest, with the records of the void runs before.
func (c AnnounceBatch) announcement(ctx context.Context, t *tx, b inspect.Batch, tasks []inspect.Task) ([]document, error) {
	for _, x := range tasks {
		if x.Sealed && !b.Sealed() { // R81
			return nil, inspect.ErrBatchMode.With(x.Name)
		}
	}
	if b.Sealed() && len(t.keys) == 0 {
		return nil, inspect.ErrBatchSealed
	}
	facts, err := t.Facts(ctx, b.Region)
	if err != nil {
		return nil, err
	}
	pool, err := t.pool(ctx, b, tasks)
	if err != nil {
		return nil, err
	}
	programs, err := ceremony.Programs(draw.Suite(b.Terms.Suite))
	if err != nil {
		return nil, err
	}
	m, err := b.Manifest(tasks, facts, pool, programs)
	if err != nil {
		return nil, err
	}
	runs := map[string][]byte{}
	if b.Run > 1 {
		past, err := t.folder(ctx, b.ID, b.Run-1)
		if err != nil {
			return nil, err
		}
		if runs, err = ceremony.After(m, past); err != nil {
			return nil, faultOf(inspect.ErrBatchManifest, err)
		}
	}
	text, err := m.Encode()
	if err != nil {
		return nil, faultOf(inspect.ErrBatchManifest, err)
	}
	documents := []document{{draw.ManifestFile, text}}
	for _, name := range slices.Sorted(maps.Keys(runs)) {
		documents = append(documents, document{name, runs[name]})
	}
	return documents, nil
}

// pool reads what the tasks draw from. What a sealed draw may have drawn is counted.
func (t *tx) pool(ctx context.Context, b inspect.Batch, tasks []inspect.Task) (*inspect.Pool, error) {
	var libs []inspect.SublibraryID
	for _, x := range tasks {
		libs = append(libs, x.Sublibs...)
	}
	slices.Sort(libs)
	objects, err := t.PoolObjects(ctx, slices.Compact(libs), b.Year)
	if err != nil {
		return nil, err
	}
	hidden, err := t.BatchesHidden(ctx, b)
	if err != nil {
		return nil, err
	}
	limits, err := t.Limits(ctx, inspect.BatchParties(tasks), b.Year)
	if err != nil {
		return nil, err
	}
	var pending [][]byte
	for _, h := range hidden {
		files, err := t.Files(ctx, h.ID, h.Run, objectsFile)
		if err != nil {
			return nil, err
		}
		others, err := t.tasks(ctx, h.Tasks)
		if err != nil {
			return nil, err
		}
		if err := limits.CountPending(inspect.BatchParties(others), files[objectsFile]); err != nil {
			return nil, err
		}
		pending = append(pending, files[objectsFile])
	}
	if err := inspect.CountPending(objects, pending...); err != nil {
		return nil, err
	}
	limits.Lists, err = t.UpstreamLists(ctx, inspect.Packages(tasks))
	return inspect.NewPool(tasks, objects, limits), err
}
