package office_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R68, INV-09: a substitution asks its leader on the first page, with the way to the
// form and the day of the visit; who asked waits, and reads for two weeks what was
// refused or found no substitute.
func TestSubstitutionsOnTheFirstPage(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Leader("王局长", "scjg"))
		o.Line(o.Drafted(o.Clerk("周主任", "lhb"), inspect.PlanJoint, 2026), "scjg", "gaj") // the item is listed
		r := o.Batch(o.TaskOutside(li.who, wang.who, 1)).Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
		others := []*asker{asks(o, o.Clerk("孙警官", "gaj")), asks(o, o.Leader("胡局长", "gaj")), asks(o, r.Zou)}
		ask := func(n int, kind inspect.SubstKind) act.AskSubst {
			x := r.Teams()[n-1]
			c := act.AskSubst{ID: rig.ID[inspect.SubstID](fmt.Sprint(o.Name(), len(o.Bodies()))), Batch: r.ID, Team: x.ID, Kind: kind}
			if kind == inspect.SubstObject {
				c.Ground, c.Evidence = "closed", strings.Repeat("ab", 32)
			} else {
				c.Ground, c.Out = "ill", x.Leader().Inspector
			}
			return c
		}
		decide := func(c act.AskSubst) act.SubstDecision {
			return act.SubstDecision{ID: c.ID, Seen: 1, Opinion: "按规定办理"}
		}
		first := ask(1, inspect.SubstInspector)
		o.Done(li.who, first)
		wang.gets("/office", 200)
		wang.shows("审批递补和替换申请 1 件", "替换检查人员 1 件，第 1 组", "去审批", "/teams/1#decide-"+string(first.ID))
		wang.gets("/office/batches/"+string(r.ID)+"/teams/1", 200)
		wang.shows(`id="decide-` + string(first.ID) + `"`)
		li.gets("/office", 200)
		li.shows("等别人", "等待审批递补和替换申请 1 件", "/teams/1#subst-"+string(first.ID))
		for _, other := range others {
			other.gets("/office", 200)
			other.hides("递补和替换申请")
		}
		used := ask(3, inspect.SubstObject) // takes the one in reserve
		o.Done(li.who, used)
		o.Done(wang.who, act.GrantSubst{SubstDecision: decide(used)})
		second := ask(2, inspect.SubstObject)
		o.Done(li.who, second)
		wang.gets("/office", 200)
		wang.shows("审批递补和替换申请 2 件", "递补检查对象 1 件，替换检查人员 1 件", "/substitutions")

		o.Done(wang.who, act.RefuseSubst{SubstDecision: decide(first)})
		o.Done(wang.who, act.GrantSubst{SubstDecision: decide(second)})
		wang.gets("/office", 200)
		wang.hides("递补和替换申请")
		li.gets("/office", 200)
		li.shows("未批准的递补和替换申请 1 件", "候补名单已用完的递补申请 1 件", "缺额随抽取记录公开")
		again := ask(1, inspect.SubstInspector)
		r.Later(60e9)
		o.Done(li.who, again)
		li.gets("/office", 200)
		li.hides("未批准的")
		o.Done(li.who, act.WithdrawSubst{ID: again.ID, Seen: 1})
		r.Later(15 * 24 * 3600e9)
		li.gets("/office", http.StatusOK)
		li.hides("未批准的", "候补名单已用完")
	})
}
