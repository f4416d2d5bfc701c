package office_test

import (
	"net/http"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R69, R71–R74, INV-05: teams through the pages: the lead department arranges the
// days, the office's leader dispatches, departments and members acknowledge. Nobody
// else sees a team before.
func TestTeamsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		b, x := r.Stands(), r.Teams()[0]
		path := "/office/batches/" + string(r.ID)
		li, sun := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Clerk("孙警官", "gaj"))
		zou, zhou := asks(o, r.Zou), asks(o, r.Zhou)
		sun.gets(path, 200)
		sun.hides(path + "/teams")
		for _, page := range []string{"/teams", "/teams.csv", "/teams/1", "/teams/1/sheet", "/schedule"} {
			sun.gets(path+page, 404)
			asks(o, o.Clerk("安干事", "wjw")).gets(path+page, 404)
		}
		li.gets(path, 200)
		li.shows(path + "/teams")
		li.gets(path+"/teams", 200)
		li.shows("第 1 组", "待安排日程", "安排日程", "未安排", "导出 Excel")
		li.hides("派发检查名单</h2>")
		li.gets(path+"/teams?q=没有这样的", 200)
		li.shows("没有符合条件的检查小组")
		li.gets(path+"/teams/99", 404)
		li.gets(path+"/teams/1", 200)
		li.shows("全体成员都有空的日期", "小组成员", "检查事项", "待派发")
		li.sends(inspect.TeamSchedule, one("days", "2026-01-01"), 422)
		li.shows("应在任务执行时间")
		li.sends(inspect.TeamSchedule, one("days", x.Days.From.String()), http.StatusSeeOther)
		zhou.gets(path+"/schedule", 200)
		zhou.shows("本部门没有牵头的检查小组")
		li.gets(path+"/schedule?propose=1&most=3", 200)
		if len(r.Teams()) > 1 {
			li.sends(inspect.TeamSchedule, nil, http.StatusSeeOther)
		}
		for _, x := range r.Teams() {
			if x.State != inspect.TeamScheduled {
				t.Errorf("%s is %s", x.Name(), x.State)
			}
		}
		li.gets(path+"/schedule", 200)
		li.shows("各日户数")
		li.gets(path+"/teams/1/sheet", 200)
		li.shows("短码", "检查小组单")

		zhou.gets(path+"/teams", 200)
		zhou.hides("派发检查名单</h2>")
		zou.gets(path+"/teams", 200)
		zou.shows("派发检查名单</h2>")
		zou.sends(inspect.BatchDispatch, one("expect", b.Number, "confirm", b.Number), 422)
		zou.shows("回执期限应在")
		due := workday.On(o.Now).AddDays(3).String()
		zou.sends(inspect.BatchDispatch, one("expect", b.Number, "confirm", b.Number, "due", due), http.StatusSeeOther)
		zou.gets(path+"/teams", 200)
		zou.shows("部门回执", "待签收", "已派发", "0/4 人已签收")
		sun.gets(path+"/teams", 200)
		sun.sends(inspect.BatchReceive, nil, http.StatusSeeOther)
		sun.gets(path+"/teams", 200)
		sun.hides("签收派发名单</button>")
		asks(o, o.Clerk("安干事", "wjw")).gets(path+"/teams", 404)
		for _, file := range []string{"/teams.xlsx", "/teams.csv", "/teams.json"} {
			sun.gets(path+file, 200)
		}
		r.Later(5 * 24 * 3600e9)
		zou.gets(path+"/teams", 200)
		zou.shows("逾期未签收")
		ownVisits(o, r)
	})
}

// ownVisits has an inspector read and acknowledge their own: R74.
func ownVisits(o *rig.Office, r *rig.Run) {
	o.Helper()
	x := r.Teams()[0]
	me := asks(o, o.Someone("高检查员", inspect.InspectorPost, "scjg"))
	me.gets("/office/visits", 200)
	me.shows("没有关联本部门的执法检查人员")
	o.Account(o.Clerk("李科长", "scjg"), x.Leader().Inspector, me.who)
	me.gets("/office", 200)
	me.shows("签收派给您的检查 1 户")
	me.gets("/office/visits", 200)
	me.shows("组长　同组", "检查事项", x.Day.Full())
	me.sends(inspect.TeamAcknowledge, nil, http.StatusSeeOther)
	me.gets("/office/visits", 200)
	me.shows("已签收")
	me.gets("/office", 200)
	me.hides("签收派给您的检查")
	me.gets("/office/batches/"+string(r.ID)+"/teams", 403) // the post lists no teams
}

// R68: an inspector's substitution and an application for recusal through the pages.
func TestSubstitutionsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchDrawn()
		path := "/office/batches/" + string(r.ID)
		li, wang := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Leader("王局长", "scjg"))
		li.gets(path+"/substitutions", 200)
		li.shows("没有递补或者替换")
		li.gets(path+"/teams/1", 200)
		li.shows("检查人员不能参加", "检查对象申请回避", "检查对象无法检查")
		li.fills(path+"/teams/1/replace", one("ground", "closed"), 422)
		li.shows("请提供证明材料")
		li.gets(path+"/teams/1", 200)
		li.hands(path+"/teams/1/replace", "照片", 422) // without a ground
		li.gets(path+"/teams/1", 200)
		li.sends(inspect.SubstAsk, one("out", r.Teams()[0].Leader().Inspector.String(), "ground", "ill"), http.StatusSeeOther)
		li.gets(path+"/substitutions", 200)
		li.shows("替换检查人员", "病假", "待批准", "撤回申请")
		li.hides("批准，由下一顺位接替")
		wang.gets(path+"/substitutions", 200)
		wang.sends(inspect.SubstGrant, one("opinion", "同意"), http.StatusConflict)
		wang.shows("没有可以依次接替的执法检查人员")
		wang.gets(path+"/teams/1", 200)
		wang.sends(inspect.SubstRefuse, one("opinion", "人手不足"), http.StatusSeeOther)
		wang.gets(path+"/teams/1", 200)
		wang.shows("未批准", "人手不足")
	})
}
