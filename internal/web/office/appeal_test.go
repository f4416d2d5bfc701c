package office_test

import (
	"net/http"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R102, INV-09: an objection through the pages, from the public form to the correction: the
// register, the forms of each step, who may not decide, the paper, the to-dos.
func TestAppealsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		id := v.Appealed(inspect.AppealObjection)
		path := "/office/appeals/" + string(id)
		li, wang, qin := asks(o, v.Li), asks(o, v.Wang), asks(o, v.Qin)
		li.gets("/office/appeals", 200)
		li.shows("公示信息异议", "待受理", "导出 Excel", "决定是否受理")
		li.gets("/office", 200)
		li.shows("公示信息异议：" + v.Result().Name)
		li.gets("/office/appeals.csv", 200)
		li.gets("/office/appeals.xlsx", 200)
		li.gets("/office/appeals?tab=late", 200)
		li.shows("没有符合条件的申请")
		li.gets("/office/results/"+string(v.Result().ID), 200)
		li.shows(path, "登记书面申请")
		li.gets(path, 200)
		li.shows("已经补充提交", "刘店长", "13900000000", inspect.AppealCode(id))
		li.sends(inspect.AppealAccept, one("check", "call", "text", ""), 422)
		li.gets(path, 200)
		li.sends(inspect.AppealAccept, one("check", "call", "text", "回访属实"), http.StatusSeeOther)
		wang.gets(path, 200)
		wang.shows("不能对自己的工作作出决定")
		wang.hides("异议成立</button>")
		qin.gets("/office", 200)
		qin.shows("核实并作出决定")
		qin.gets(path, 200)
		qin.shows("异议成立", "异议不成立，维持公示")
		pdf := qin.gets(path+"/paper.pdf", 200)
		if !strings.HasPrefix(pdf.Body.String(), "%PDF-") {
			t.Error("the paper is no PDF")
		}
		qin.gets(path+"/paper.docx", 200)
		asks(o, o.Clerk("孙警官", "gaj")).gets(path, 404)
		zou := asks(o, o.Leader("邹主任", "lhb"))
		zou.gets(path, 200)
		zou.hides("刘店长", "13900000000", "已经补充提交", inspect.AppealCode(id))
		asks(o, o.Someone("孔检查员", inspect.InspectorPost, "scjg")).gets(path, http.StatusForbidden)
		v.Appeals(id, inspect.AppealGrant)
		li.gets(path, 200)
		li.shows("起草更正", "异议成立，待更正")

		li.gets("/office/results/"+string(v.Result().ID)+"/appeal", 200)
		li.sends(inspect.AppealEnter, one("kind", "reply", "way", "online", "text", "说明"), 422)
		li.gets("/office/results/"+string(v.Result().ID)+"/appeal", 200)
		li.sends(inspect.AppealEnter, one("kind", "reply", "way", "mail", "text", "书面说明情况"), http.StatusSeeOther)
		asks(o, o.Clerk("孙警官", "gaj")).gets("/office/results/"+string(v.Result().ID)+"/appeal", 404)
	})
}
