package api_test

import (
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// deliveries asks for every act of targets and of what they get: R94.
func deliveries(c *client, v *rig.Visited, done, grave func(token, verb string, command any)) {
	c.Helper()
	system, head := c.token(c.Someone("系统管理员", inspect.SystemAdmin, "lhb")), c.token(c.Leader("邹主任", "lhb"))
	office, id := c.token(c.Clerk("周主任", "lhb")), c.Target(inspect.TargetGSXT)
	grave(system, "target.add", act.AddTarget{ID: id, Kind: inspect.TargetGSXT, Name: "文件报送", Days: 7})
	c.Targets(inspect.TargetGSXT)
	grave(system, "target.put", act.PutTarget{ID: id, Seen: 1, Name: "公示系统", Days: 5})
	grave(system, "target.end", act.EndTarget{ID: id, Seen: 1, Reason: "停用"})
	c.Done(inspect.System(rig.Region), act.OpenDeliveries{Target: id})
	x := v.Result().ID
	for _, verb := range []inspect.Verb{inspect.DeliverPack, inspect.DeliverRefuse, inspect.DeliverRetry, inspect.DeliverAbandon, inspect.DeliverPack, inspect.DeliverReceipt} {
		for _, a := range c.DeliveryActs(inspect.TargetGSXT, x, 1) {
			switch {
			case a.Does.Verb() != verb:
			case verb.Grave():
				grave(head, string(verb), a.Does)
			default:
				done(office, string(verb), a.Does)
			}
		}
	}
	if got := c.send("GET", "/api/v1/deliveries?result="+string(x), office, ""); got.status != 200 || !strings.Contains(got.text, `"GS-2026-0412"`) {
		c.Errorf("the office reads %d: %s", got.status, got.text)
	}
	if got := c.send("GET", "/api/v1/deliveries", c.token(c.Clerk("孙警官", "gaj")), ""); got.status != 200 || strings.Contains(got.text, string(x)) {
		c.Errorf("another department reads %d: %s", got.status, got.text)
	}
}
