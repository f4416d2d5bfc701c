package office_test

import (
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R74: the menu leads to one's own visits if one is an inspector, by post or by account.
// Who comes there otherwise reads how an account is linked.
func TestOwnVisitsAreForInspectors(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		no, li := o.Staff("scjg", 1)[0], asks(o, o.Clerk("李科长", "scjg"))
		const item = `href="/office/visits"`
		for _, who := range []inspect.Actor{li.who, o.Leader("王局长", "scjg"), o.Someone("钱监督", inspect.Supervisor, "sfj"), o.Security()} {
			a := asks(o, who)
			a.gets("/office", map[bool]int{true: 303, false: 200}[who.Post.Kind == inspect.SecurityAdmin])
			a.hides(item)
		}
		li.gets("/office/visits", 200)
		li.shows("没有关联本部门的执法检查人员")
		post := asks(o, o.Someone("高检查员", inspect.InspectorPost, "scjg"))
		post.gets("/office", 200)
		post.shows(item)
		o.Account(li.who, no, o.Someone("李科长", inspect.InspectorPost, "scjg")) // who holds both posts
		li.gets("/office", 200)
		li.shows(item)
	})
}
