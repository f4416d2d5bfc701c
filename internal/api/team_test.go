package api_test

import (
	"fmt"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// teamwork asks for every act of the teams of a drawn batch: R69, R73, R74.
func teamwork(c *client, r *rig.Run, done, grave func(token, verb string, command any)) {
	c.Helper()
	li, x, b := c.Clerk("李科长", "scjg"), r.Teams()[0], r.Stands()
	done(c.token(li), "team.schedule", r.Days(x.Days.From, x))
	grave(c.token(c.Leader("邹主任", "lhb")), "batch.dispatch", act.DispatchBatch{Batch: r.ID, Seen: b.Version, Due: workday.On(c.Now).AddDays(2), Confirm: b.Number})
	r.Dispatch()
	done(c.token(li), "batch.receive", act.ReceiveBatch{Batch: r.ID})
	me := c.Someone("外勤检查员", inspect.InspectorPost, "scjg")
	c.Account(li, x.Leader().Inspector, me)
	done(c.token(me), "team.acknowledge", act.AcknowledgeTeams{Teams: []inspect.TeamID{x.ID}})
	leader := c.token(c.Leader("王局长", "scjg"))
	for n := range 2 {
		ask := act.AskSubst{ID: rig.ID[inspect.SubstID](fmt.Sprint(c.Name(), n)), Batch: r.ID, Team: x.ID, Kind: inspect.SubstInspector, Out: x.Leader().Inspector, Ground: "ill"}
		done(c.token(li), "subst.ask", ask)
		decide := act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: "人手可以调整"}
		if n == 0 {
			done(c.token(li), "subst.withdraw", act.WithdrawSubst{ID: ask.ID, Seen: 1})
			continue
		}
		grave(leader, "subst.grant", decide)
		done(leader, "subst.refuse", decide)
	}
	inspections(c, r, done, grave)
	grave(leader, "subst.erase", act.EraseRecusal{ID: rig.ID[inspect.SubstID](fmt.Sprint(c.Name(), 1)), Seen: 2, Text: "申请人要求删除"})
}

// R69, INV-05: a program reads the teams of a batch; before the dispatch the lead
// department's and the organiser's only.
func TestTeamsOfABatch(t *testing.T) {
	both(t, func(c *client) {
		r := c.BatchDrawn()
		read := func(org string) answer {
			return c.send("GET", "/api/v1/batches/"+string(r.ID)+"/teams", c.token(c.Clerk("读者"+org, org)), "")
		}
		for _, org := range []string{"scjg", "lhb"} {
			if got := read(org); got.status != 200 || !strings.Contains(got.text, `"no":1`) || strings.Contains(got.text, `"dispatch"`) {
				t.Errorf("%s reads %s", org, got.text)
			}
		}
		c.is(read("gaj"), 404, "missing")
		r.Dispatch()
		if got := read("gaj"); got.status != 200 || !strings.Contains(got.text, `"receipts"`) {
			t.Errorf("gaj reads %s", got.text)
		}
		c.is(read("wjw"), 404, "missing")
	})
}
