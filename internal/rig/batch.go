package rig

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"suicha/internal/act"
	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/store"
)

// A Party is a contributor of a test's ceremony, with what it keeps to itself.
type Party struct {
	inspect.Contributor
	Secret string
	signer draw.Signer
}

// Parties are two open contributors and two sealed ones, who keep each other's
// envelopes.
func (o *Office) Parties(suite draw.Suite) []Party {
	o.Helper()
	parties := []Party{
		{Contributor: inspect.Contributor{Name: "公证处", Role: "sealed", Holder: "纪检组"}},
		{Contributor: inspect.Contributor{Name: "公安局", Role: "open", Org: Org("gaj")}},
		{Contributor: inspect.Contributor{Name: "市场监管局", Role: "open", Org: Org("scjg")}},
		{Contributor: inspect.Contributor{Name: "纪检组", Role: "sealed", Holder: "公证处"}},
	}
	for i := range parties {
		o.arm(&parties[i], suite)
	}
	return parties
}

// Custodian is the custodian of a sealed batch: the department that supervises.
func (o *Office) Custodian(suite draw.Suite) Party {
	o.Helper()
	p := Party{Contributor: inspect.Contributor{Name: "执法监督", Role: "custodian", Org: Org("sfj")}}
	o.arm(&p, suite)
	return p
}

// arm gives a contributor a key, always the same, and a secret.
func (o *Office) arm(p *Party, suite draw.Suite) {
	o.Helper()
	signer, err := suite.ParseSigner(fmt.Sprintf("%x", sha256.Sum256([]byte("key of "+p.Name))))
	if err != nil {
		o.Fatal(err)
	}
	p.signer, p.Key, p.Secret = signer, signer.Public(), draw.NewSecret()
}

// A Run is a batch with the people and the contributors who take it through one
// run.
type Run struct {
	*Office
	ID      inspect.BatchID
	Zhou    inspect.Actor // the clerk
	Zou     inspect.Actor // the leader
	Parties []Party
}

// Numbers are what the event of every test gives.
var Numbers = []inspect.TypedSource{{Code: "ssq", Numbers: "3 7 12 19 25 33+8", Issue: "2026025"}}

// Batch is a batch of the office in draft with the tasks.
func (o *Office) Batch(tasks ...inspect.TaskID) *Run {
	o.Helper()
	return o.BatchOf(o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb"), tasks...)
}

// BatchOf is a batch in draft that a clerk and a leader take through its run.
func (o *Office) BatchOf(clerk, leader inspect.Actor, tasks ...inspect.TaskID) *Run {
	o.Helper()
	return o.batchOf(clerk, leader, o.Parties(draw.SM3), tasks)
}

// SealedBatch is a batch of the office in draft whose list is public after the tasks.
func (o *Office) SealedBatch(tasks ...inspect.TaskID) *Run {
	o.Helper()
	return o.batchOf(o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb"), append(o.Parties(draw.SM3), o.Custodian(draw.SM3)), tasks)
}

func (o *Office) batchOf(clerk, leader inspect.Actor, parties []Party, tasks []inspect.TaskID) *Run {
	o.Helper()
	r := &Run{Office: o, ID: ID[inspect.BatchID](fmt.Sprint(o.Name(), "batch", o.next())), Zhou: clerk, Zou: leader, Parties: parties}
	o.Done(r.Zhou, act.DraftBatch{Batch: r.ID, Year: 2026})
	if len(tasks) > 0 {
		o.Done(r.Zhou, r.Put(tasks...))
	}
	return r
}

// Put is the act that settles the batch for a ceremony which begins now.
func (r *Run) Put(tasks ...inspect.TaskID) act.PutBatch {
	at := func(hours int) string { return r.Now.Add(time.Duration(hours) * time.Hour).Format(time.RFC3339) }
	put := act.PutBatch{
		Batch: r.ID, Seen: r.Stands().Version, Title: "三月联合抽取", Tasks: tasks, Suite: string(draw.SM3), Mode: "open", Sources: []string{"ssq"},
		Commit: at(2), Reveal: at(3), Event: at(5), Envelopes: at(8), Cap: 2, Mix: 20,
	}
	for _, p := range r.Parties {
		put.Contributors = append(put.Contributors, p.Contributor)
	}
	if len(r.Of("custodian")) > 0 {
		put.Mode = "sealed"
		for _, id := range tasks {
			put.Opening = max(put.Opening, r.Task(id).Until.AddDays(1).Start().Add(9*time.Hour).Format(time.RFC3339))
		}
	}
	return put
}

// Stands is the batch as it stands.
func (r *Run) Stands() inspect.Batch {
	r.Helper()
	var b inspect.Batch
	err := r.Store.Writer.Write(r.Context(), func(t *store.Tx) (err error) {
		b, err = t.Batch(r.Context(), r.ID)
		return err
	})
	if err != nil {
		r.Fatalf("read batch %s: %v", r.ID, err)
	}
	return b
}

// Files are the documents of the present run.
func (r *Run) Files() map[string][]byte {
	r.Helper()
	files, err := r.Store.DB.BatchFiles(r.Context(), inspect.Scope{}, r.ID, r.Stands().Run)
	if err != nil {
		r.Fatal(err)
	}
	return files
}

// Tree are the documents of the present run as package ceremony reads them.
func (r *Run) Tree() fs.FS {
	r.Helper()
	tree := ceremony.Tree{}
	for name, text := range r.Files() {
		tree.Put(name, text)
	}
	return tree
}

// Recomputed computes the outcome of the present run again, from its documents alone,
// and fails the test if it is another one.
func (r *Run) Recomputed() {
	r.Helper()
	files, before := r.Files(), ceremony.Tree{}
	for name, text := range files {
		if name != draw.ResultFile && name != draw.OpeningFile {
			before.Put(name, text)
		}
	}
	all, err := draw.Load(r.Tree())
	if err != nil {
		r.Fatal(err)
	}
	c, err := draw.Load(before)
	if err != nil {
		r.Fatal(err)
	}
	var custodian []draw.Reveal
	if all.Opening != nil {
		custodian = all.Opening.Custodian
	}
	d, err := ceremony.Compute(c, before, custodian...)
	if err != nil {
		r.Fatal(err)
	}
	again, err := d.Files()
	if err != nil {
		r.Fatal(err)
	}
	for _, f := range again {
		if !bytes.Equal(f.Text, files[f.Name]) {
			r.Errorf("%s is not what its documents give", f.Name)
		}
	}
}

// Later moves the clock.
func (r *Run) Later(d time.Duration) { r.Now = r.Now.Add(d) }

// Announce announces the batch.
func (r *Run) Announce() *Run {
	r.Helper()
	b := r.Stands()
	r.Done(r.Zou, act.AnnounceBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number})
	r.Later(time.Minute)
	return r
}

// Lock locks the list.
func (r *Run) Lock() *Run {
	r.Helper()
	r.Done(r.Zhou, act.LockBatch{Batch: r.ID, Seen: r.Stands().Version})
	r.Later(time.Minute)
	return r
}

// Commitment is a contributor's commitment, as its own program writes it.
func (r *Run) Commitment(p Party) act.CommitBatch {
	r.Helper()
	c, err := draw.Load(r.Tree())
	if err != nil {
		r.Fatal(err)
	}
	commit, err := c.Commit(p.Name, p.Secret, p.signer, r.Now)
	if err != nil {
		r.Fatal(err)
	}
	return act.CommitBatch{BatchDocument: act.BatchDocument{Batch: r.ID, Document: text(r, commit)}}
}

// Secret is a contributor's reveal, as its own program writes it.
func (r *Run) Secret(p Party) act.BatchDocument {
	return act.BatchDocument{Batch: r.ID, Document: text(r, draw.Reveal{Name: p.Name, Time: draw.Instant(r.Now), Secret: p.Secret})}
}

func text(r *Run, doc any) string {
	text, err := json.Marshal(doc)
	if err != nil {
		r.Fatal(err)
	}
	return string(text)
}

// Of are the contributors of a role.
func (r *Run) Of(role string) []Party {
	return slices.DeleteFunc(slices.Clone(r.Parties), func(p Party) bool { return p.Role != role })
}

// Commit has every contributor commit.
func (r *Run) Commit() *Run {
	r.Helper()
	for _, p := range r.Parties {
		r.Done(r.Zhou, r.Commitment(p))
	}
	r.Later(time.Minute)
	return r
}

// Reveal has the open contributors reveal.
func (r *Run) Reveal() *Run {
	r.Helper()
	for _, p := range r.Of("open") {
		r.Done(r.Zhou, act.RevealBatch{BatchDocument: r.Secret(p)})
	}
	return r
}

// Typed are the numbers of the event, drawn a moment ago.
func (r *Run) Typed() []inspect.TypedSource {
	typed := slices.Clone(Numbers)
	typed[0].Time = r.Now.Add(-time.Minute).Format(time.RFC3339)
	return typed
}

// Event waits for the event, which two persons type.
func (r *Run) Event() *Run {
	r.Helper()
	r.Later(6 * time.Hour)
	r.Done(r.Zhou, act.TypeEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: r.Typed()})
	r.Done(r.Zou, act.ConfirmEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: Numbers})
	return r
}

// Unseal opens the envelopes.
func (r *Run) Unseal() *Run {
	r.Helper()
	for _, p := range r.Of("sealed") {
		r.Done(r.Zhou, act.UnsealBatch{BatchDocument: r.Secret(p)})
	}
	r.Later(time.Minute)
	return r
}

// Qian is who hands in the custodian's secret.
func (r *Run) Qian() inspect.Actor { return r.Someone("钱监督", inspect.Supervisor, "sfj") }

// Entrust has the custodian hand in its secret.
func (r *Run) Entrust() *Run {
	r.Helper()
	r.Done(r.Qian(), act.EntrustBatch{BatchDocument: r.Secret(r.Of("custodian")[0])})
	r.Later(time.Minute)
	return r
}

// Hide has the platform draw a sealed batch, whose list stays hidden.
func (r *Run) Hide() *Run {
	r.Helper()
	r.Done(inspect.System(Region), act.DrawBatch{Batch: r.ID, Run: r.Stands().Run})
	r.Later(time.Minute)
	return r
}

// Disclose waits for the day of a sealed list, and has the platform disclose it.
func (r *Run) Disclose() *Run {
	r.Helper()
	at, ok := inspect.Moment(r.Stands().Terms.Opening)
	if !ok {
		r.Fatal("the batch is not sealed")
	}
	r.Now = at
	r.Done(inspect.System(Region), act.DiscloseBatch{Batch: r.ID, Run: r.Stands().Run})
	return r
}

// Draw has the platform draw and disclose.
func (r *Run) Draw() *Run {
	r.Helper()
	system := inspect.System(Region)
	r.Done(system, act.DrawBatch{Batch: r.ID, Run: r.Stands().Run})
	r.Done(system, act.DiscloseBatch{Batch: r.ID, Run: r.Stands().Run})
	return r
}

// BatchHidden is a sealed batch with one task, drawn and not disclosed.
func (o *Office) BatchHidden() *Run {
	o.Helper()
	return o.SealedBatch(o.TaskReady()).Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide()
}

// BatchDrawn is a batch with one task, drawn and disclosed.
func (o *Office) BatchDrawn() *Run {
	o.Helper()
	return o.Batch(o.TaskReady()).Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
}

// Bodies are what all entries commit to.
func (o *Office) Bodies() (all []string) {
	o.Helper()
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
		for n := int64(0); ; n++ {
			body, err := t.Body(o.Context(), n)
			if errors.Is(err, inspect.ErrMissing) {
				return nil
			}
			if err != nil {
				return err
			}
			all = append(all, body)
		}
	})
	if err != nil {
		o.Fatal(err)
	}
	return all
}
