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

// R16, R36, R61, R62, R65, R66: the whole way of a task through the pages, by the
// posts whose turn it is.
func TestTaskThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.JointPublished("scjg", "gaj", o.Library("scjg", 5))
		o.Staff("gaj", 2)
		li, wang := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Leader("王局长", "scjg"))
		sun, hu := asks(o, o.Clerk("孙警官", "gaj")), asks(o, o.Leader("胡局长", "gaj"))
		zhou := asks(o, o.Clerk("周主任", "lhb"))

		li.gets("/office/tasks", 200)
		li.shows("没有符合条件的任务", "餐饮服务抽查", "全年 1 次，已发起 0 次", "发起任务", "发起计划外任务")
		path := li.sends(inspect.TaskDraft, one(), http.StatusSeeOther).Header().Get("Location")
		path, _, _ = strings.Cut(path, "?")
		li.gets("/office", 200)
		li.shows("编制任务：餐饮服务抽查", "去填写")
		li.gets(path, 200)
		li.shows("370687-2026-scjg-r01", "还差", "已填写完整，尚未报审。", "公安局负责人尚未同意参加检查。", "由公安局分管负责人、主要负责人办理", "填写任务", "报审并征求参与部门意见")
		li.hides("批准任务", "备案号")
		for _, stranger := range []*asker{sun, hu, zhou} { // a draft is its department's
			stranger.gets(path, 404)
			stranger.gets(path+"/edit", map[bool]int{true: 403, false: 404}[stranger == hu])
			stranger.gets(path+"/approval", 404)
			stranger.gets(path+"/approval.pdf", 404)
			stranger.gets(path+"/approval.docx", 404)
		}
		li.gets(path+"/edit", 200)
		li.shows("年度计划的规定", "2026-06-01")
		settings := one("name", "餐饮服务抽查", "from", "2026-06-08", "until", "2026-06-12", "kind", "daily", "ratio", "6%", "officers", "2",
			"sublibs", string(rig.ID[inspect.SublibraryID]("library scjg")))
		li.sends(inspect.TaskPut, settings, 422)
		li.shows("比例、时间、分库或者事项与年度计划不同")
		li.sends(inspect.TaskPut, with(with(with(settings, "ratio", "4%"), "reason", "经费调整"), "no_notice", "true"), http.StatusSeeOther)
		li.gets(path, 200)
		li.shows("与年度计划不同", "经费调整", "不提前告知", "封存至检查当日开启")
		li.sends(inspect.TaskSubmit, one(), http.StatusSeeOther)
		li.gets(path+"/edit", 409)

		wang.gets(path, 200)
		wang.shows("还有 1 个参与部门没有同意")
		sun.gets(path, 200) // from now on the department sees that there is a task
		sun.hides("同意参加检查</button>")
		hu.gets("/office", 200)
		hu.shows("参加检查：餐饮服务抽查", "答复")
		hu.gets(path, 200)
		hu.sends(inspect.TaskAgree, one("opinion", "同意"), http.StatusSeeOther)
		zhou.gets(path, 404) // the office sees what is filed
		wang.gets("/office", 200)
		wang.shows("审批任务：餐饮服务抽查")
		wang.gets(path, 200)
		wang.sends(inspect.TaskApprove, one("opinion", "同意实施"), http.StatusSeeOther)
		li.gets("/office", 200)
		li.shows("备案：餐饮服务抽查", "确认检查对象名录库：餐饮服务抽查")
		li.gets(path, 200)
		li.sends(inspect.TaskFile, one(), http.StatusSeeOther)
		zhou.gets("/office/filings", 200)
		zhou.shows("370687-2026-ba001", "餐饮服务抽查", "市场监管局", "公安局")
		zhou.gets(path, 200)
		zhou.hides("<form method=\"post\" action=\"/act/task")
		zhou.gets("/office/filings.csv?year=2026", 200)
		zhou.shows("370687-2026-ba001")

		for _, by := range []*asker{li, sun} {
			for _, library := range []string{"object", "inspector"} {
				by.gets(path+"/confirm/"+library, 200)
				by.shows("对其真实性、及时性负责", "待确认")
				by.sends(inspect.ConfirmSign, one(), 422)
				by.shows("请勾选声明")
				by.sends(inspect.ConfirmSign, one("signed", "true"), http.StatusSeeOther)
				by.gets(path+"/confirm/"+library, 200)
				by.shows("已确认", "没有变动")
			}
		}
		li.gets(path, 200)
		li.shows("已全部具备，可以列入批次抽取", "第 1 次", "本部门首次确认")
		zhou.gets(path+"/confirm/object", 404) // the office confirms nothing
		li.gets(path+"/approval", 200)
		li.shows("检查审批表", "海阳市市场监督管理局", "《中华人民共和国食品安全法》第一百一十条", "同意实施", "公安局负责人意见", "备案号 370687-2026-ba001", "尚未公布年度检查频次上限")
		pdf := li.gets(path+"/approval.pdf", 200)
		if got := pdf.Header().Get("Content-Type"); got != "application/pdf" || !strings.HasPrefix(pdf.Body.String(), "%PDF-") || !strings.HasSuffix(pdf.Header().Get("Content-Disposition"), "-approval.pdf\"") {
			t.Errorf("the PDF is sent as %s, %s", got, pdf.Header().Get("Content-Disposition"))
		}
		if word := li.gets(path+"/approval.docx", 200); !strings.HasPrefix(word.Body.String(), "PK") {
			t.Error("the Word document is none")
		}

		o.Done(o.Clerk("库管员scjg", "scjg"), act.WithdrawObject{Object: 1, Seen: 1, Reason: "误录入"})
		li.gets("/office", 200)
		li.shows("确认之后又有变动，须再次确认")
		li.gets(path+"/confirm/object", 200)
		li.shows("新增 0、变更 1、移出 0", "海阳市scjg第1号餐馆", "有变动，须再次确认")
		li.gets(path+"/confirm/object/changes.csv", 200)
		li.shows("SITE-scjg-1", "变更")
		li.gets(path+"/confirm/third", 404)
		wang.gets(path, 200)
		wang.sends(inspect.TaskCancel, one("reason", "并入省局专项"), http.StatusSeeOther)
		li.gets("/office/tasks", 200)
		li.hides(`href="` + path + `"`)
		li.gets("/office/tasks?state=cancelled", 200)
		li.shows("已取消", `href="`+path+`"`)
	})
}

// R62: a task outside the plan, from its ground to its scope.
func TestTaskOutsideThePlanThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		lib, item := o.Library("scjg", 3), o.Item("scjg", "A-1")
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets("/office/tasks", 200)
		li.shows("已公布的计划中没有由本单位牵头的任务")
		li.sends(inspect.TaskDraft, one("name", "燃气排查", "source", "incident"), 422)
		li.shows("请填写任务依据")
		path := li.sends(inspect.TaskDraft, one("name", "燃气排查", "source", "incident", "ground", "事故后排查"), http.StatusSeeOther).Header().Get("Location")
		path, _, _ = strings.Cut(path, "?")
		li.gets(path, 200)
		li.shows("抽查范围", "事故后排查")
		li.sends(inspect.TaskScope, one("field", "燃气", "scope", "餐饮单位", "items", string(item), "type", "campaign", "targeted", "targeted", "methods", "onsite", "mode", "county"), http.StatusSeeOther)
		li.gets(path, 200)
		li.sends(inspect.TaskPut, one("name", "燃气排查", "from", "2026-03-09", "until", "2026-03-13", "kind", "special", "sublibs", string(lib), "ratio", "1户", "officers", "2"), http.StatusSeeOther)
		page := strings.TrimSuffix(path, "/edit")
		li.gets(page, 200)
		li.shows("突发事件", "事故后排查", "可抽取 3 户，按比例应抽 1 户。", "抽取范围较小", "报审")
		li.sends(inspect.TaskSubmit, one(), http.StatusSeeOther)
		li.gets(page, 200)
		li.sends(inspect.TaskRecall, one(), http.StatusSeeOther)
		li.gets(page, 200)
		li.sends(inspect.TaskDiscard, one(), http.StatusSeeOther)
		li.gets("/office/tasks?all=1&q="+"排查", 200)
		li.shows("已作废")
	})
}

// 国办发〔2024〕54号, R52, R53: caps and waivers through their page.
func TestCapsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Library("scjg", 2)
		li, zou := asks(o, o.Clerk("李科长", "scjg")), asks(o, o.Leader("邹主任", "lhb"))
		li.gets("/office/caps", 200)
		li.shows("还没有设置上限", "申请超限抽查")
		li.hides("设置上限</a>")
		zou.gets("/office/caps", 200)
		zou.sends(inspect.CapPut, one("org", string(rig.Org("scjg")), "year", "2026", "most", "2"), http.StatusSeeOther)
		zou.gets(fmt.Sprintf("/office/caps?org=%s&year=2026", rig.Org("scjg")), 200)
		zou.shows("修改市场监管局的上限")
		zou.sends(inspect.CapPut, one("most", "3"), http.StatusSeeOther)
		li.gets("/office/caps?object=1", 200)
		li.sends(inspect.WaiverAsk, one("object", "1", "year", "2026", "kind", "complaints", "ground", "投诉多"), 422)
		li.shows("目前没有“投诉举报多”标记")
		li.sends(inspect.WaiverAsk, one("object", "1", "year", "2026", "kind", "other", "ground", "整改复查"), http.StatusSeeOther)
		zou.gets("/office", 200)
		zou.shows("超限抽查申请 1 件")
		zou.gets("/office/caps", 200)
		zou.sends(inspect.WaiverGrant, one("opinion", "同意"), http.StatusSeeOther)
		li.gets("/office/caps", 200)
		li.shows("已批准", "海阳市scjg第1号餐馆")
	})
}

// R16, R17, R54: every page of tasks by every post of every organisation, in every
// state: what the reader has nothing to do with does not exist, what the post may not
// see is refused.
func TestTaskPagesByEveryPost(t *testing.T) {
	t.Parallel()
	o := rig.Open(t, rig.SQLite(t))
	plan := o.JointPublished("scjg", "gaj", o.Library("scjg", 2))
	li := o.Clerk("李科长", "scjg")
	id := o.TaskDrafted(li, plan)
	type reader struct {
		*asker
		kind inspect.PostKind
	}
	var readers []reader
	for _, org := range []string{"scjg", "gaj", "wjw", "lhb", "zf", "sfj"} {
		for _, kind := range []inspect.PostKind{inspect.Clerk, inspect.Leader, inspect.Supervisor, inspect.AuditAdmin} {
			readers = append(readers, reader{asks(o, o.Someone(string(kind)+org, kind, org)), kind})
		}
	}
	path := "/office/tasks/" + string(id)
	check := func() {
		t.Helper()
		task := o.Task(id)
		for _, r := range readers {
			seen := r.who.MayTo(inspect.TaskRead, task.Relations(r.who.Org)...) == nil
			_, part := task.Part(r.who.Org.ID)
			for page, want := range map[string]int{
				"/office/tasks": 200, "/office/filings": 200, "/office/filings.csv": 200, path: 404, path + "/approval": 404,
				path + "/confirm/object": 404, path + "/confirm/object/changes.csv": 404, path + "/edit": 404,
			} {
				verb := inspect.TaskRead
				if page == path+"/edit" {
					verb = inspect.TaskPut
				}
				switch {
				case r.who.May(verb) != nil:
					want = 403
				case want == 200 || !seen:
				case verb == inspect.TaskPut:
					if want = 403; task.Org == r.who.Org.ID {
						want = map[bool]int{true: 200, false: 409}[task.State == inspect.TaskDrafting]
					}
				case strings.Contains(page, "/confirm/"):
					if part {
						want = 200
					}
				default:
					want = 200
				}
				r.gets(page, want)
				if !seen && strings.Contains(r.page, task.Number) {
					t.Errorf("%s of %s reads the number of a task that is not theirs on %s", r.kind, r.who.Org.Code, page)
				}
			}
		}
	}
	check()
	o.Done(li, act.SubmitTask{Task: id, Seen: 1})
	o.Done(o.Leader("胡局长", "gaj"), act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: 2, Opinion: "同意"}})
	o.Done(o.Leader("王局长", "scjg"), act.ApproveTask{Task: id, Seen: 3, Opinion: "同意"})
	o.Done(li, act.FileTask{Task: id, Seen: 4})
	check()
}
