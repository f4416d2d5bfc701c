package api_test

import (
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// ceremonies asks for every act of batches: R66–R68.
func ceremonies(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	zhou, zou := c.Clerk("周主任", "lhb"), c.Leader("邹主任", "lhb")
	clerk, leader, partner := c.token(zhou), c.token(zou), c.token(c.Clerk("孙警官", "gaj"))
	id := rig.ID[inspect.BatchID](c.Name() + "thrown away")
	done(clerk, "batch.draft", act.DraftBatch{Batch: id, Year: 2026})
	done(clerk, "batch.discard", act.DiscardBatch{Batch: id, Seen: 1})

	r := c.Batch(c.TaskOutside(c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg"), 2))
	b := r.Stands()
	done(clerk, "batch.put", r.Put(b.Tasks...))
	grave(leader, "batch.announce", act.AnnounceBatch{Batch: r.ID, Seen: b.Version + 1, Confirm: b.Number})
	r.Announce()
	grave(clerk, "batch.lock", act.LockBatch{Batch: r.ID, Seen: r.Stands().Version})
	r.Lock()
	done(partner, "batch.commit", r.Commitment(r.Parties[1]))
	r.Parties = append(r.Parties[1:2:2], r.Parties[0], r.Parties[2], r.Parties[3])
	for _, p := range r.Parties[1:] {
		c.Done(zhou, r.Commitment(p))
	}
	for _, p := range r.Of("open") {
		done(clerk, "batch.reveal", act.RevealBatch{BatchDocument: r.Secret(p)})
	}
	grave(leader, "batch.void", act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "演练"})
	r.Later(6 * 3600e9)
	done(clerk, "batch.type_event", act.TypeEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: r.Typed()})
	grave(leader, "batch.confirm_event", act.ConfirmEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: rig.Numbers})
	c.Done(zou, act.ConfirmEvent{Batch: r.ID, Seen: r.Stands().Version, Sources: rig.Numbers})
	for _, p := range r.Of("sealed") {
		done(clerk, "batch.unseal", act.UnsealBatch{BatchDocument: r.Secret(p)})
	}
	r.Draw()
	entrusting(c, done, grave)
	grave(c.token(c.Someone("马局长", inspect.Principal, "gaj")), "batch.annul", act.AnnulBatch{Batch: r.ID, Seen: r.Stands().Version, Confirm: b.Number, Ground: "公开事件录入有误"})
	teamwork(c, r, done, grave)
}

// R17, R68: a program reads the documents of a draw; the list of all objects and the
// teams are for those who organise, and for those who watch over them.
func TestDocumentsOfABatch(t *testing.T) {
	both(t, func(c *client) {
		r := c.Batch(c.TaskReady()).Announce().Lock()
		read := func(who inspect.Actor, name string) answer {
			who.Proved = c.Now
			return c.send("GET", "/api/v1/batches/"+string(r.ID)+"/files/"+name, c.token(who), "")
		}
		office, stranger, watch := r.Zhou, c.Clerk("韩科长", "wjw"), c.Someone("钱监督", inspect.Supervisor, "sfj")
		for _, who := range []inspect.Actor{office, stranger, watch} {
			if got := read(who, "lock.json"); !strings.Contains(got.text, "SDP1.lock") {
				t.Errorf("%s reads the lock as %s", who.Name, got.text)
			}
		}
		for _, who := range []inspect.Actor{office, watch} {
			if got := read(who, "population.tsv"); !strings.Contains(got.text, "OBJECT-NO-1") {
				t.Errorf("%s reads the list as %s", who.Name, got.text)
			}
		}
		c.is(read(stranger, "population.tsv"), 404, "missing")
		c.is(read(office, "result.tsv"), 404, "missing")
		r.Commit().Reveal().Event().Unseal().Draw()
		if got := read(stranger, "result.tsv"); got.status != 200 {
			t.Errorf("the disclosed list is answered by %d", got.status)
		}
		c.is(read(stranger, "assignment.tsv"), 404, "missing")
		office, stranger = c.Clerk("周主任", "lhb"), c.Clerk("韩科长", "wjw")
		if got := c.send("GET", "/api/v1/batches/"+string(r.ID), c.token(stranger), ""); !strings.Contains(got.text, "opening.json") || strings.Contains(got.text, "needs.tsv") {
			t.Errorf("the batch is %s", got.text)
		}
		if got := c.send("GET", "/api/v1/batches?year=2026&state=disclosed", c.token(office), ""); !strings.Contains(got.text, string(r.ID)) {
			t.Errorf("the list is %s", got.text)
		}
	})
}
