package api_test

import (
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
