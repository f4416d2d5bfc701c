package office_test

import (
	"net/http"
	"net/url"
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
		added(o, v, id, path)
		li.gets(path, 200)
		li.shows("起草更正", "异议成立，待更正")

		li.gets("/office/results/"+string(v.Result().ID)+"/appeal", 200)
		li.sends(inspect.AppealEnter, one("kind", "reply", "way", "online", "text", "说明"), 422)
		li.gets("/office/results/"+string(v.Result().ID)+"/appeal", 200)
		li.sends(inspect.AppealEnter, one("kind", "reply", "way", "mail", "text", "书面说明情况"), http.StatusSeeOther)
		asks(o, o.Clerk("孙警官", "gaj")).gets("/office/results/"+string(v.Result().ID)+"/appeal", 404)
	})
}

// added has the sender of another objection add a file: the department that answers reads
// and downloads it, and nobody else does.
func added(o *rig.Office, v *rig.Visited, first inspect.AppealID, path string) {
	o.Helper()
	li, zou, picture := asks(o, v.Li), asks(o, o.Leader("邹主任", "lhb")), photo(o, 40)
	sent, err := url.Parse(li.handsIn("/office/uploads", http.StatusSeeOther, [2]string{"说明.jpg", picture}).Header().Get("Location"))
	if err != nil {
		o.Fatal(err)
	}
	digest := inspect.AppealFile{SHA256: sent.Query().Get("file"), Size: int64(len(picture)), Type: "image/jpeg"}
	o.Holds(digest)
	form := v.AppealForm(inspect.AppealReply)
	form.Files = []inspect.AppealFile{digest}
	o.Done(inspect.System(rig.Region), form)
	page := "/office/appeals/" + string(form.ID)
	file := page + "/files/" + digest.SHA256
	li.gets(page, 200)
	li.shows("申请人补充的材料", file, "照片（JPEG）")
	got := li.gets(file, 200)
	if got.Header().Get("Content-Disposition") == "" || !strings.Contains(got.Header().Get("Content-Security-Policy"), "sandbox") {
		o.Errorf("a stranger's file is sent with %v", got.Header())
	}
	li.gets(file+"/copy", 200)
	li.gets(page+"/files/"+strings.Repeat("0", 64), 404)
	li.gets(path+"/files/"+digest.SHA256, 404) // of another appeal
	zou.gets(page, 200)
	zou.hides("申请人补充的材料", digest.SHA256)
	zou.gets(file, 404)
	v.Appealed(inspect.AppealReply)
	li.gets(page, 200)
	li.shows("同一结果的同类申请")
	if v.Appeal(first).Result != v.Appeal(form.ID).Result {
		o.Error("they are about two results")
	}
}
