package office_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R90–R94, R101, R102: a result through the pages: the clerk enters, the leader sees
// exactly what will be public and approves, the clerk publishes, the principal signs a
// correction with both versions side by side. Whoever has no part sees none of it.
func TestResultsThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultsDrafted()
		r := v.Result()
		path := "/office/results/" + string(r.ID)
		li, wang, qin := asks(o, v.Li), asks(o, v.Wang), asks(o, v.Qin)
		sun, an := asks(o, o.Clerk("孙警官", "gaj")), asks(o, o.Clerk("安干事", "wjw"))
		for _, page := range []string{path, path + "/correct"} {
			an.gets(page, 404)
		}
		an.gets("/office/results?view=all", 200)
		an.hides(path)
		for _, who := range []*asker{li, wang, sun} {
			who.gets("/office/results", 200)
			who.shows(path, "待录入", "期限内")
		}
		li.gets("/office/results?light=red", 200)
		li.shows("没有符合条件")
		li.gets("/office/results?view=overdue", 200)
		li.shows("没有逾期")
		li.gets("/office", 200)
		li.shows("录入检查结果：" + r.Name)
		sun.gets(path, 200)
		sun.hides("保存</button>")
		li.gets(path+"/correct", 404)
		li.gets(path, 200)
		li.shows("进货台账记录不全", "将公示的内容", r.Disclosed().Digest(), "同次检查的其他部门")
		li.hides("报审</button>")
		li.sends(inspect.ResultPut, url.Values{"follow": {"none", "case"}}, 422)
		li.shows("不能与其他后续处理同时选择")
		li.sends(inspect.ResultPut, url.Values{"follow": {"rectify", "daily"}, "remark": {"内部说明"}}, http.StatusSeeOther)
		li.gets(path, 200)
		li.sends(inspect.ResultSubmit, nil, http.StatusSeeOther)
		wang.gets("/office", 200)
		wang.shows("审批检查结果")
		li.gets(path, 200)
		li.hides("批准</button>")
		wang.gets(path, 200)
		wang.shows("批准检查结果", "内部说明", "责令改正，由日常监管跟踪")
		wang.sends(inspect.ResultApprove, nil, 422)
		wang.sends(inspect.ResultApprove, one("opinion", "同意"), http.StatusSeeOther)
		li.gets("/office", 200)
		li.shows("公示检查结果")
		li.gets(path, 200)
		li.sends(inspect.ResultPublish, one("confirm", "x"), 422)
		li.sends(inspect.ResultPublish, one("confirm", r.Confirm()), http.StatusSeeOther)
		an.gets(path, 200) // R104: every department uses what is public
		an.hides("更正或者撤下")

		li.gets(path, 200)
		li.shows("公示页面", "按期公示", "更正或者撤下")
		li.gets(path+"/correct", 200)
		li.shows("公示中", "未发现问题")
		li.sends(inspect.CorrectionDraft, url.Values{"kind": {"correct"}, "ground": {"录入有误"}, "codes": {"1:problem_ordered_to_correct"}}, 422)
		li.shows("与已公示的相同")
		li.sends(inspect.CorrectionDraft, url.Values{"kind": {"correct"}, "ground": {"录入有误"}, "codes": {"1:problem_pending"}}, http.StatusSeeOther)
		qin.gets("/office", 200)
		qin.shows("签发更正", "录入有误")
		wang.gets(path, 200)
		wang.shows("待签字的更正")
		wang.hides("签字确认更正")
		qin.gets(path, 200)
		qin.shows("<del>发现问题，依法责令立即改正或者限期改正</del>", "<ins>发现问题，待后续调查处理</ins>")
		qin.sends(inspect.CorrectionSign, one("opinion", "属实"), http.StatusSeeOther)
		qin.gets(path, 200)
		qin.shows("第 2 版（更正）", "已签字", "待后续调查处理")
		if got := li.gets("/office/results.csv?view=all", 200); got.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("the file is %s", got.Header().Get("Content-Type"))
		}
		li.gets("/office/results?view=all", 200)
		li.shows("导出 Excel", "/office/results.xlsx?", "/office/results.csv?")
		if got := li.gets("/office/results.xlsx?view=all", 200); !strings.HasPrefix(got.Body.String(), "PK") {
			t.Errorf("the workbook is %.20q", got.Body.String())
		}
		o.Now = o.Now.AddDate(0, 2, 0)
		sun.gets("/office/results?view=overdue", 200)
		sun.shows("已逾期", "/office/results/"+string(v.Results()[1].ID))
		sun.gets("/office", 200)
		sun.shows("已超时限", "录入检查结果")
	})
}

// R91, INV-10: a leader returns a result because the visit is wrong, and the leader of the
// team, who may do it only then, opens the visit again.
func TestRevisitThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultsDrafted().Enter()
		path, visit := "/office/results/"+string(v.Result().ID), "/office/visits/"+string(v.Team)
		li, wang, leader, mate := asks(o, v.Li), asks(o, v.Wang), asks(o, v.Crew[0]), asks(o, v.Crew[1])
		leader.gets(visit, 200)
		leader.hides("退回补充检查")
		wang.gets(path, 200)
		wang.shows("检查本身有误，须由检查小组补充检查")
		wang.sends(inspect.ResultReturn, one("opinion", "漏查仓库", "revisit", "true"), http.StatusSeeOther)
		li.gets(path, 200)
		li.shows("已请检查小组组长退回补充检查", "保存</button>")
		li.hides("报审</button>")
		li.gets("/office/results", 200)
		li.shows("等待检查小组补充检查：漏查仓库")
		mate.gets(visit, 200)
		mate.hides("退回补充检查</summary>")
		leader.gets("/office", 200)
		leader.shows("退回补充检查")
		leader.gets(visit, 200)
		leader.sends(inspect.VisitReopen, one("reason", "补查仓库"), http.StatusSeeOther)
		leader.gets(visit, 200)
		leader.shows("检查中", "退回补充检查：补查仓库", "原有签字全部失效")
		li.gets(path, 200)
		li.shows("检查小组正在补充检查")
		li.hides("保存</button>")
	})
}
