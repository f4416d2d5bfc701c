package office_test

import (
	"net/http"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R97–R99: a suspected crime and a clue through the pages: the register, the forms of
// each step, the receiver's inbox, and what is late above.
func TestFollowUpsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.Followed("rectify", "notify", "crime")
		li, sun := asks(o, v.Li), asks(o, o.Clerk("孙警官", "gaj"))
		qin := asks(o, v.Qin)
		path := func(kind inspect.FollowKind) string { return "/office/followups/" + string(v.FollowUp(kind).ID) }
		li.gets("/office/results/"+string(v.Result().ID), 200)
		li.shows("涉嫌犯罪", "待办理")
		li.gets("/office/followups", 200)
		li.shows("责令改正", "通报其他部门", "涉嫌犯罪", "待办理", "导出 Excel")
		li.gets("/office/followups?tab=late", 200)
		li.shows("没有符合条件的后续处理")
		li.gets("/office/followups.csv", 200)
		li.gets("/office/followups.xlsx", 200)
		sun.gets("/office/followups", 200)
		sun.hides(v.Result().Name)
		sun.gets(path(inspect.FollowNotify), 404)
		asks(o, o.Leader("邹主任", "lhb")).gets(path(inspect.FollowCrime), 404)

		li.gets(path(inspect.FollowNotify), 200)
		li.shows("移交线索", "接收单位", "建议的接收单位")
		li.sends(inspect.FollowUpSend, one("days", "5", "text", "疏散通道被占用"), 422)
		li.shows("请选择一个接收单位")
		li.gets(path(inspect.FollowNotify), 200)
		li.sends(inspect.FollowUpSend, one("receiver", string(rig.Org("gaj")), "days", "5", "text", "疏散通道被占用"), http.StatusSeeOther)
		sun.gets("/office/followups?tab=inbox", 200)
		sun.shows(v.Result().Name)
		sun.gets("/office", 200)
		sun.shows("受理线索")
		sun.gets(path(inspect.FollowNotify), 200)
		sun.sends(inspect.FollowUpAccept, one("case_no", "15号"), http.StatusSeeOther)

		li.gets(path(inspect.FollowRectify), 200)
		li.shows("登记整改材料", "复查合格", "复查人员")
		li.gets(path(inspect.FollowCrime), 200)
		v.FollowOn(inspect.FollowCrime, inspect.FollowUpReport)
		qin.gets("/office", 200)
		qin.shows("批准移送公安机关")
		qin.gets(path(inspect.FollowCrime), 200)
		qin.shows("不批准移送", "决定是否移送", "人员：")
	})
}
