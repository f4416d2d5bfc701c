package office_test

import (
	"net/http"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// 行政处罚法 四十三, INV-09: an application for recusal through the pages: the register, the
// first page, the words for the department that decides, the decision, paper likewise.
func TestRecusalsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitBegun()
		c := v.Applied(0)
		team := "/office/batches/" + string(v.ID) + "/teams/1"
		name := v.Found().Party.Name
		li, wang := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Leader("王局长", "scjg"))
		himself := asks(o, o.Someone(v.Crew[0].Name, inspect.Leader, "scjg"))
		li.gets("/office/recusals", 200)
		li.shows(name, "网上", "有直接利害关系", "待批准", "导出 Excel", team+"#subst-"+string(c.ID))
		li.gets("/office/recusals?q=%E6%B2%A1%E6%9C%89", 200)
		li.shows("没有符合条件的回避申请")
		li.gets("/office/recusals?tab=late", 200)
		li.shows("没有符合条件的回避申请")
		li.gets("/office/recusals.csv", 200)
		li.gets("/office/recusals.xlsx", 200)
		zou := asks(o, o.Leader("邹主任", "lhb"))
		zou.gets("/office/recusals", 200)
		zou.shows(name)
		zou.gets(team, 200)
		zou.hides("刘店长", "13900000000", "有经济纠纷", inspect.RecusalCode(c.ID))
		sun := asks(o, o.Clerk("孙警官", "gaj"))
		sun.gets("/office/recusals", 200)
		sun.hides(name)
		asks(o, o.Someone("孔检查员", inspect.InspectorPost, "scjg")).gets("/office/recusals", http.StatusForbidden)
		himself.gets(team, 200)
		himself.hides("批准，由下一顺位接替")
		himself.gets("/office", 200)
		himself.hides("审批递补和替换申请")
		wang.gets("/office", 200)
		wang.shows("审批递补和替换申请 1 件", "回避申请 1 件")
		wang.gets(team, 200)
		wang.shows("有经济纠纷", "刘店长", "13900000000", inspect.RecusalCode(c.ID))
		wang.sends(inspect.SubstRefuse, one("opinion", "经核实，没有利害关系"), http.StatusSeeOther)
		wang.gets(team, 200)
		wang.sends(inspect.SubstErase, one("text", "申请人要求删除"), http.StatusSeeOther)
		wang.gets(team, 200)
		wang.shows("原文已经删除")
		wang.hides("刘店长", "有经济纠纷")
		li.gets("/office/recusals?tab=closed", 200)
		li.shows(name, "未批准")

		again := v.Applied(1)
		li.gets(team, 200)
		li.shows("检查对象申请回避", "登记撤回") // what came online does not stand in the way of paper
		li.sends(inspect.SubstWithdraw, one("text", ""), 422)
		li.gets(team, 200)
		li.sends(inspect.SubstWithdraw, one("text", "负责人来电提出撤回"), http.StatusSeeOther)
		if got := v.Subst(again.ID); got.State != inspect.SubstWithdrawn {
			t.Errorf("the application is %+v", got)
		}
	})
}
