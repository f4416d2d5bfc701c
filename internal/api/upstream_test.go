package api_test

import (
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// dispatched registers a superior's key and receives its list by the API: R64.
func dispatched(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	s, zou := c.Superior("烟台市市场监督管理局"), c.Leader("邹主任", "lhb")
	confirm := act.ConfirmUpstreamKey{ID: s.Adding().ID, Seen: 1}
	done(c.token(c.Clerk("周主任", "lhb")), "upstream.add_key", s.Adding())
	grave(c.token(zou), "upstream.confirm_key", confirm)
	c.Done(zou, confirm)
	done(c.token(c.Clerk("李科长", "scjg")), "upstream.receive", act.ReceiveUpstream{
		ID: rig.ID[inspect.UpstreamPackageID](c.Name() + "list"), Package: s.Package("p12", rig.Region, "SITE-scjg-1\t-"),
	})
	grave(c.token(zou), "upstream.end_key", act.EndUpstreamKey{ID: s.Adding().ID, Seen: 2, Reason: "公钥更换"})
}

// R64: a program reads the lists from above of its region, byte by byte as they came,
// and the keys; posts that may not read them on the pages may not here.
func TestListsFromAbove(t *testing.T) {
	both(t, func(c *client) {
		s, li := c.Superior("烟台市市场监督管理局"), c.Clerk("李科长", "scjg")
		zhou := c.Clerk("周主任", "lhb")
		c.Done(zhou, s.Adding())
		keys := func(who inspect.Actor) string { return c.send("GET", "/api/v1/upstream-keys", c.token(who), "").text }
		if got := keys(zhou); !strings.Contains(got, `"state":"added"`) || !strings.Contains(got, `"grave_verbs":[]`) {
			t.Errorf("who added the key reads %s", got)
		}
		if got := keys(c.Leader("邹主任", "lhb")); !strings.Contains(got, `"grave_verbs":["upstream.confirm_key","upstream.end_key"]`) {
			t.Errorf("the leader of the office reads %s", got)
		}
		c.Done(c.Leader("邹主任", "lhb"), act.ConfirmUpstreamKey{ID: s.Adding().ID, Seen: 1})
		c.Library("scjg", 2)
		text, id := s.Package("p12", rig.Region, "SITE-scjg-1\t一号餐馆", "NOT-HERE\t-"), rig.ID[inspect.UpstreamPackageID](c.Name()+"list")
		c.Done(li, act.ReceiveUpstream{ID: id, Package: text})
		all := c.send("GET", "/api/v1/upstream-packages", c.token(li), "")
		if all.status != 200 || !strings.Contains(all.text, `"number":"p12"`) || strings.Contains(all.text, text) {
			t.Errorf("the lists are %d %s", all.status, all.text)
		}
		one := c.send("GET", "/api/v1/upstream-packages/"+string(id), c.token(c.Leader("胡局长", "gaj")), "")
		for _, want := range []string{`"package":"` + text, `"code":"NOT-HERE","drawable":false`, `"code":"SITE-scjg-1","name":"一号餐馆","object":`} {
			if one.status != 200 || !strings.Contains(one.text, want) {
				t.Errorf("the list is %d %s, without %s", one.status, one.text, want)
			}
		}
		c.is(c.send("GET", "/api/v1/upstream-packages/"+string(rig.ID[string]("none")), c.token(li), ""), 404, "missing")
		liaison := c.token(c.Liaison("郑联络", "gaj"))
		for _, path := range []string{"upstream-packages", "upstream-packages/" + string(id), "upstream-keys"} {
			c.is(c.send("GET", "/api/v1/"+path, liaison, ""), 403, "denied")
			c.is(c.send("GET", "/api/v1/"+path, "", ""), 401, "token")
		}
	})
}
