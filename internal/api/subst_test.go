package api_test

import (
	"fmt"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R68, INV-05, INV-09: a program reads the substitutions of the teams that its post may
// see, and what it may do about them.
func TestSubstitutionsOfABatch(t *testing.T) {
	both(t, func(c *client) {
		r := c.BatchDrawn()
		li, wang := c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg")
		path, x := "/api/v1/batches/"+string(r.ID)+"/substitutions", r.Teams()[0]
		ask := act.AskSubst{ID: rig.ID[inspect.SubstID](c.Name()), Batch: r.ID, Team: x.ID, Kind: inspect.SubstInspector, Out: x.Leader().Inspector, Ground: "ill"}
		c.Done(li, ask)
		for _, row := range []struct {
			who  inspect.Actor
			want []string
		}{
			{li, []string{`"state":"asked"`, `"verbs":["subst.withdraw"]`, `"ground_text":"病假"`, `"asked_by":"李科长"`, fmt.Sprintf(`"out":{"inspector":%d,"name":`, ask.Out)}},
			{wang, []string{`"verbs":["subst.refuse"]`, `"grave_verbs":["subst.grant"]`}},
			{c.Clerk("周主任", "lhb"), []string{`"verbs":[]`, `"grave_verbs":[]`}},
		} {
			got := c.send("GET", path, c.token(row.who), "")
			for _, want := range row.want {
				if got.status != 200 || !strings.Contains(got.text, want) {
					t.Errorf("%s reads %s, without %s", row.who.Name, got.text, want)
				}
			}
		}
		for _, org := range []string{"gaj", "wjw"} {
			c.is(c.send("GET", path, c.token(c.Clerk("读者"+org, org)), ""), 404, "missing")
		}
		c.Done(wang, act.RefuseSubst{SubstDecision: act.SubstDecision{ID: ask.ID, Seen: 1, Opinion: "人手不足"}})
		r.Dispatch()
		got := c.send("GET", path, c.token(c.Clerk("读者gaj", "gaj")), "")
		if got.status != 200 || !strings.Contains(got.text, `"opinion":"人手不足"`) || !strings.Contains(got.text, `"decided_by":"王局长"`) {
			t.Errorf("after the dispatch gaj reads %s", got.text)
		}
	})
}
