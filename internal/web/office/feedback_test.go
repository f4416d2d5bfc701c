package office_test

import (
	"net/http"
	"net/url"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// The office passes feedback on and sees who sent it; the department answers and does
// not; others see nothing.
func TestFeedbackInTheOffice(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	id, _ := o.FeedbackSent("a form", "检查时没有出示<b>证件")
	path := "/office/feedback/" + string(id)
	zhou, li, sun := asks(o, o.Clerk("周主任", "lhb")), asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Clerk("孙警官", "gaj"))
	zhou.gets("/office/feedback", 200)
	zhou.shows("待转办", "投诉", path)
	li.gets("/office/feedback", 200)
	li.shows("没有符合条件的意见反馈")
	zhou.gets("/office/feedback?kind=complaint&q="+url.QueryEscape("办公室"), 200)
	zhou.shows("共 1 件", path)
	zhou.gets("/office/feedback?kind=praise", 200)
	zhou.hides(path)
	zhou.gets("/office/feedback.csv", 200)
	zhou.shows("待转办", "投诉", "联席会议办公室")
	zhou.hides("没有出示", "李女士")
	li.gets(path, 404)
	zhou.gets(path, 200)
	zhou.shows("检查时没有出示<b>证件", "李女士", "13800000000")
	zhou.sends(inspect.FeedbackPass, one("org", "", "note", ""), 422)
	zhou.gets(path, 200)
	zhou.sends(inspect.FeedbackPass, one("org", string(rig.Org("scjg")), "note", "请核实"), http.StatusSeeOther)
	li.gets(path, 200)
	li.shows("检查时没有出示", "请核实")
	li.hides("李女士", "13800000000", "删除原文</button>", "转办</button>")
	sun.gets(path, 404)
	li.sends(inspect.FeedbackAnswer, one("answer", "已核实。"), http.StatusSeeOther)
	zou := asks(o, o.Leader("邹主任", "lhb"))
	zou.gets(path, 200)
	zou.sends(inspect.FeedbackErase, one("reason", "来信人要求删除"), http.StatusSeeOther)
	zhou.gets(path, 200)
	zhou.shows("原文已经删除：来信人要求删除", "已核实。", "没有填写")
	zhou.hides("李女士", "没有出示")
	asks(o, o.Someone("孔检查员", inspect.InspectorPost, "scjg")).gets(path, http.StatusForbidden)
	asks(o, o.Someone("严监督", inspect.Supervisor, "sfj")).gets(path, 200)
}
