package office_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// R69, R73, R74, R81, INV-05: the teams of a sealed list through the pages before its
// day: read with an entry, scheduled, dispatched, and seen by each member; by nobody else.
func TestSealedTeamsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		r := o.BatchHidden()
		b, x := r.Stands(), r.Teams()[0]
		path := "/office/batches/" + string(r.ID)
		li, sun, zou := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Clerk("孙警官", "gaj")), asks(o, r.Zou)
		qian, zhou := asks(o, r.Qian()), asks(o, r.Zhou)
		pages := []string{"/teams.csv", "/teams.xlsx", "/teams.json", "/teams/1", "/teams/1/sheet", "/schedule", "/substitutions"}
		for _, page := range append(pages, "/teams") {
			sun.gets(path+page, 404)
			if page != "/schedule" { // the post arranges none
				qian.gets(path+page, 404)
			}
			asks(o, o.Clerk("安干事", "wjw")).gets(path+page, 404)
		}
		li.gets("/office", 200)
		li.shows("安排检查日程：", "登记事由以后查阅并安排")
		li.gets(path, 200)
		li.shows(path + "/teams")
		for _, page := range pages { // nothing is on record yet
			if to := li.gets(path+page, http.StatusSeeOther).Header().Get("Location"); to != path+"/teams" {
				t.Errorf("%s leads to %s", page, to)
			}
		}
		li.gets(path+"/teams", 200)
		li.shows("登记并查阅", "名单 2026-")
		li.hides("第 1 组", "组长", "检查员")
		zhou.gets(path+"/teams", 200)
		zhou.shows("由组织抽取的单位负责人")
		zhou.hides("登记并查阅")
		reads := func(who *asker) {
			t.Helper()
			who.gets(path+"/teams", 200)
			to := who.sends(inspect.BatchPeek, one("ground", "安排检查"), http.StatusSeeOther).Header().Get("Location")
			if !strings.HasPrefix(to, path+"/teams") {
				t.Errorf("after the entry the reader is led to %s", to)
			}
			who.gets(path+"/teams", 200)
			who.shows("第 1 组", "本次查阅已经登记")
		}
		reads(li)
		li.gets(path+"/schedule?propose=1", 200)
		li.sends(inspect.TeamSchedule, nil, http.StatusSeeOther)
		li.gets(path+"/teams/1", 200)
		li.shows("小组成员", "检查事项", "全体成员都有空的日期")
		li.gets(path+"/teams/1/sheet", 200)
		li.shows("短码")
		li.gets(path+"/teams.csv", 200)
		li.shows("海阳市scjg第")

		zou.gets(path+"/teams", 200)
		zou.hides("派发检查名单</h2>") // it comes with the reading
		reads(zou)
		zou.shows("派发检查名单</h2>", "名单仍然封存")
		zou.sends(inspect.BatchDispatch, one("expect", b.Number, "confirm", b.Number, "due", workday.On(o.Now).AddDays(3).String()), http.StatusSeeOther)
		if got := r.Teams()[0]; got.State != inspect.TeamDispatched || got.Day.IsZero() {
			t.Errorf("dispatched, the team is %+v", got)
		}
		sun.gets("/office", 200)
		sun.shows("签收派发名单：")
		sun.gets(path+"/teams", 200)
		sun.shows("部门回执", "登记并查阅", "签收派发名单")
		sun.hides("第 1 组")
		sun.sends(inspect.BatchReceive, nil, http.StatusSeeOther)
		reads(sun)
		qian.gets(path+"/teams", 404)
		sealedVisits(o, r, x)
		r.Later(11 * time.Minute)
		li.gets(path+"/teams/1", http.StatusSeeOther)
		r.Disclose()
		qian.gets(path+"/teams/1", 200)
		qian.shows("小组成员")
	})
}

// sealedVisits has the leader of a sealed team, and somebody else, look at their own
// visits: R74.
func sealedVisits(o *rig.Office, r *rig.Run, x inspect.Team) {
	o.Helper()
	me, other := asks(o, o.Someone("高检查员", inspect.InspectorPost, "scjg")), asks(o, o.Someone("外勤检查员", inspect.InspectorPost, "scjg"))
	li := o.Clerk("李科长", "scjg")
	o.Account(li, x.Leader().Inspector, me.who)
	o.Done(li, act.PutInspector{Code: "SPARE", Name: "外勤检查员", Category: inspect.CivilServant, Person: other.who.Person, Source: "人事档案", Sourced: workday.MustParse("2026-02-01")})
	me.gets("/office", 200)
	me.shows("签收派给您的检查 1 户")
	me.gets("/office/visits", 200)
	me.shows("组长　同组", "检查事项", "才公开。在此之前不要告诉检查对象")
	me.sends(inspect.TeamAcknowledge, nil, http.StatusSeeOther)
	me.gets("/office/visits", 200)
	me.shows("已签收")
	other.gets("/office", 200)
	other.hides("签收派给您的检查")
	other.gets("/office/visits", 200)
	other.shows("近期没有派发给您的检查")
}
