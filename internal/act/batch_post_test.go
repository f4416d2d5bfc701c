package act_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// batchCommands is one command of every verb of batches, as somebody would send it to
// a batch as it stands.
func batchCommands(r *rig.Run) []act.Command {
	b := r.Stands()
	put := r.Put(b.Tasks...)
	doc := act.BatchDocument{Batch: r.ID, Document: `{}`}
	typed := []inspect.TypedSource{{Code: "ssq", Numbers: "1 2 3 4 5 6+7", Issue: "1", Time: r.Now.Format(time.RFC3339)}}
	return []act.Command{
		act.DraftBatch{Batch: rig.ID[inspect.BatchID]("another"), Year: 2026}, put, act.DiscardBatch{Batch: r.ID, Seen: b.Version}, act.AnnounceBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number},
		act.LockBatch{Batch: r.ID, Seen: b.Version}, act.CommitBatch{BatchDocument: doc}, act.RevealBatch{BatchDocument: doc}, act.UnsealBatch{BatchDocument: doc},
		act.EntrustBatch{BatchDocument: doc}, act.PeekBatch{Reading: rig.ID[inspect.ReadingID]("reading"), Batch: r.ID, Ground: "安排车辆"},
		act.TypeEvent{Batch: r.ID, Seen: b.Version, Sources: typed}, act.ConfirmEvent{Batch: r.ID, Seen: b.Version, Sources: typed},
		act.DispatchBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number}, act.ReceiveBatch{Batch: r.ID},
		act.DrawBatch{Batch: r.ID, Run: b.Run}, act.DiscloseBatch{Batch: r.ID, Run: b.Run},
		act.VoidBatch{Batch: r.ID, Seen: b.Version, Technical: true, Ground: "作废"}, act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "撤销"},
	}
}

// R67, R68: every verb of batches by every post of every organisation, in every state
// of a run: whoever the table of permissions does not name is refused, and learns
// nothing of a batch that is not announced. What the first page asks of somebody, the
// table of permissions lets them do.
func TestEveryBatchVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	task := o.TaskReady()
	r, sealed := o.Batch(task), false
	people = append(people, r.Zhou, r.Zou)
	asked := map[inspect.BatchState]map[inspect.Verb]bool{}
	check := func() {
		t.Helper()
		b := r.Stands()
		facts, err := o.Store.DB.BatchFacts(o.Context(), inspect.Scope{}, b, "")
		if err != nil {
			t.Fatal(err)
		}
		commands := batchCommands(r)
		everyVerb(t, "batch.", commands)
		if sealed && !slices.Contains([]inspect.BatchState{inspect.BatchDrafting, inspect.BatchOpened, inspect.BatchDrawn}, b.State) {
			return // as of an open batch
		}
		for _, who := range people {
			for _, c := range commands {
				var has []inspect.Relation
				switch c.(type) {
				case act.DraftBatch:
					if who.Org.Inspects() || who.Org.Kind == inspect.OrgOffice {
						has = []inspect.Relation{inspect.Owner}
					}
				case act.DispatchBatch, act.ReceiveBatch:
					has = inspect.TeamScene{Batch: b, Tasks: []inspect.Task{o.Task(task)}}.BatchRelations(who.Org)
				default:
					has = b.Relations(who.Org, facts.Parties)
				}
				if who.MayTo(c.Verb(), has...) == nil {
					continue // the stories tell what happens then
				}
				_, err := o.Do(who, c)
				if !errors.Is(err, inspect.ErrDenied) && !errors.Is(err, inspect.ErrMissing) && !errors.Is(err, inspect.ErrBatchBody) {
					t.Errorf("%s by %s of %s in %s: %v", c.Verb(), who.Post.Kind, who.Org.Code, b.State, err)
				}
				if who.MayTo(inspect.BatchRead, has...) != nil && who.May(c.Verb()) == nil && errors.Is(err, inspect.ErrDenied) && c.Verb() != inspect.BatchDraft {
					t.Errorf("%s by %s of %s in %s: a stranger learns that there is one", c.Verb(), who.Post.Kind, who.Org.Code, b.State)
				}
				if r.Stands().Version != b.Version {
					t.Fatalf("a refused %s changed the batch", c.Verb())
				}
			}
			asks(t, r, who, asked)
		}
	}
	check()
	for _, step := range []func() *rig.Run{r.Announce, r.Lock, r.Commit, r.Reveal} {
		step()
		check()
	}
	r.Later(6 * time.Hour)
	check() // the event has taken place
	o.Done(r.Zhou, act.TypeEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: r.Typed()})
	check()
	o.Done(r.Zou, act.ConfirmEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: rig.Numbers})
	check()
	r.Unseal()
	check()
	r.Draw()
	check()
	b := r.Stands()
	o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "录入有误"})
	check()
	r = o.Batch(task).Announce()
	o.Done(r.Zou, act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "名单有误"})
	check()
	o.Done(r.Zhou, act.DiscardBatch{Batch: r.ID, Seen: r.Stands().Version})
	r, sealed = o.SealedBatch(task), true
	people = append(people, r.Qian())
	for _, step := range []func() *rig.Run{r.Announce, r.Lock, r.Commit, r.Reveal, r.Event, r.Unseal, r.Entrust, r.Hide} {
		check()
		step()
	}
	check()
	for state, verb := range map[inspect.BatchState]inspect.Verb{
		inspect.BatchDrafting: inspect.BatchAnnounce, inspect.BatchAnnounced: inspect.BatchLock, inspect.BatchLocked: inspect.BatchCommit,
		inspect.BatchCommitted: inspect.BatchReveal, inspect.BatchRevealed: inspect.BatchConfirmEvent, inspect.BatchEvented: inspect.BatchUnseal,
		inspect.BatchVoided: inspect.BatchPut, inspect.BatchOpened: inspect.BatchEntrust,
	} {
		if !asked[state][verb] {
			t.Errorf("nobody is asked for %s while a batch is %s", verb, state)
		}
	}
}

// asks notes what the first page asks of somebody, which the rules must allow.
func asks(t *testing.T, r *rig.Run, who inspect.Actor, asked map[inspect.BatchState]map[inspect.Verb]bool) {
	t.Helper()
	b := r.Stands()
	facts, err := r.Store.DB.BatchFacts(r.Context(), who.Scope(), b, who.Person)
	if err != nil {
		t.Fatal(err)
	}
	for _, todo := range inspect.BatchTodos(who, []inspect.Batch{b}, map[inspect.BatchID]inspect.BatchFacts{b.ID: facts}, r.Now) {
		if !todo.Mine {
			continue
		}
		if who.MayTo(todo.Verb, b.Relations(who.Org, facts.Parties)...) != nil || !slices.Contains(b.Verbs(), todo.Verb) {
			t.Errorf("%s of %s is asked for %s in %s, and may not", who.Post.Kind, who.Org.Code, todo.Verb, b.State)
		}
		switch {
		case todo.Verb == inspect.BatchAnnounce && (who.Person == b.DraftedBy || facts.Wrote),
			todo.Verb == inspect.BatchLock && facts.Signed,
			todo.Verb == inspect.BatchConfirmEvent && who.Person == b.TypedBy:
			t.Errorf("%s of %s is asked for %s of their own work", who.Post.Kind, who.Org.Code, todo.Verb)
		}
		if asked[b.State] == nil {
			asked[b.State] = map[inspect.Verb]bool{}
		}
		asked[b.State][todo.Verb] = true
	}
}

// everyVerb fails unless the commands have every verb of a noun that is an act of its
// own: a new act without a row is noticed.
func everyVerb(t *testing.T, noun string, commands []act.Command) {
	t.Helper()
	for _, verb := range inspect.Verbs() {
		_, open := act.New(verb)
		own := open || inspect.ByPlatform(verb)
		if !strings.HasPrefix(string(verb), noun) || !own {
			continue
		}
		if !slices.ContainsFunc(commands, func(c act.Command) bool { return c.Verb() == verb }) {
			t.Errorf("%s has no row in this table", verb)
		}
	}
}
