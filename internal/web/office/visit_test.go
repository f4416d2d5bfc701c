package office_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/web"
)

// inspects sends the form of an item with the answers.
func (a *asker) inspects(v *rig.Visit, f inspect.Finding, values url.Values, status int) {
	a.Helper()
	path := "/office/visits/" + string(v.Team) + "/items/" + string(f.Item)
	form := url.Values{"request": {web.NewID()}, "team": {string(v.Team)}, "item": {string(f.Item)}, "seen": {""}, "checklist": {""}, "form": {"visit-fill"}, "page": {path}}
	for name, given := range values {
		form[name] = given
	}
	r := httptest.NewRequest(http.MethodPost, "http://suicha.example"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := a.ask(r); w.Code != status {
		a.Fatalf("POST %s by %s: %d, want %d\n%s", path, a.who.Name, w.Code, status, a.page)
	}
}

// asked is a checklist with a question of every kind that a visit answers.
func asked(v *rig.Visit, item inspect.ItemID) {
	clerk := v.Clerk("李科长", "scjg")
	for i, q := range []inspect.QuestionRow{
		{Name: "shown", Type: inspect.AskYesNo, Label: "营业执照是否悬挂在醒目位置", Hint: "现场查看", Required: true, Default: "是"},
		{Name: "why", Type: inspect.AskText, Label: "未悬挂的原因", Required: true, If: "shown", Is: "否"},
		{Name: "kind", Type: inspect.AskMany, Label: "经营项目", Choices: "热食\n冷食\n饮品"},
		{Name: "staff", Type: inspect.AskNumber, Label: "从业人员数"},
		{Name: "tip", Type: inspect.AskNote, Label: "以下由检查人员拍照留存"},
		{Name: "photo", Type: inspect.AskPhoto, Label: "门头照片"},
	} {
		v.Done(clerk, act.PutQuestion{Item: item, Seen: int64(i), QuestionRow: q, Reason: "细化"})
	}
}

// R76–R89, INV-10: a visit through the pages, from the inspector's list to the last
// signature and the papers.
func TestVisitThroughThePages(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitReady()
		leader, mate, police := asks(o, v.Crew[0]), asks(o, v.Crew[1]), asks(o, v.Of("gaj"))
		path := "/office/visits/" + string(v.Team)
		asks(o, o.Clerk("安干事", "wjw")).gets(path, 404)
		leader.gets("/office/visits/zz", 404)
		leader.gets("/office/visits", 200)
		leader.shows(path)
		leader.gets(path, 200)
		leader.shows("预查比对", "登记状态", "确认已查看", "准备中")
		leader.hides("检查码")
		li := asks(o, o.Clerk("李科长", "scjg"))
		li.gets(path, 200)
		li.hides("确认已查看") // reads, and is no member

		leader.sends(inspect.VisitPrecheck, one("sources", "公示系统", "texts", "未列入异常名录"), 422)
		leader.shows("信息来源和截至日期")
		leader.sends(inspect.VisitPrecheck, one("sources", "公示系统", "texts", "未列入异常名录", "as_of", "2026-03-01"), http.StatusSeeOther)
		leader.gets(path, 200)
		leader.shows("未列入异常名录", "2026-03-01", "检查码", v.Found().Code)
		leader.sends(inspect.VisitBegin, nil, 409)
		leader.shows(inspect.ErrVisitNotice.Text)
		leader.gets(path, 200)
		leader.sends(inspect.VisitNotify, one("channel", "phone", "recipient", "刘店长", "text", "请准备资料", "told", "2026-03-02T08:00"), http.StatusSeeOther)
		leader.gets(path, 200)
		leader.sends(inspect.VisitBegin, url.Values{"officers": {v.Officers()[0].String()}, "present": {"刘店长"}, "role": {"负责人"}, "shown": {"true"}, "told": {"true"}}, 422)
		leader.shows("不得少于两名")
		var all []string
		for _, no := range v.Officers() {
			all = append(all, no.String())
		}
		leader.sends(inspect.VisitBegin, url.Values{"officers": all, "present": {"刘店长"}, "role": {"负责人"}, "shown": {"true"}, "told": {"true"}}, http.StatusSeeOther)
		leader.gets(path, 200)
		leader.shows("检查中", "形成结论还缺", "尚未填写检查情况", "公安局")

		found := v.Found()
		leader.gets(path+"/items/"+string(found.Findings[0].Item), 200)
		leader.shows("没有检查表单", "保存检查情况")
		police.gets(path+"/items/"+string(found.Findings[0].Item), 200)
		police.hides("保存检查情况") // R78
		police.inspects(v, found.Findings[0], one("codes", "no_problem"), 403)
		leader.inspects(v, found.Findings[0], url.Values{}, 422)
		leader.shows("请选择检查结果")
		leader.inspects(v, found.Findings[0], one("codes", "problem_ordered_to_correct", "problem", "台账不全", "handling", "责令改正"), http.StatusSeeOther)
		police.inspects(v, found.Findings[1], one("codes", "no_problem"), http.StatusSeeOther)
		leader.gets(path, 200)
		leader.shows("尚未登记责令改正措施和期限")
		leader.sends(inspect.VisitConclude, one("text", "责令改正一项"), 409)
		leader.shows("尚未登记责令改正措施和期限")
		leader.gets(path, 200)
		leader.sends(inspect.VisitMeasure, one("kind", "rectify", "manner", "oral", "text", "补全台账", "basis", "食品安全法第一百二十六条", "due", "2099-01-01"), http.StatusSeeOther)
		leader.gets(path, 200)
		leader.shows("补全台账", "口头")
		leader.sends(inspect.VisitConclude, one("text", "责令改正一项"), http.StatusSeeOther)
		mate.gets(path, 200)
		mate.shows("待签字", inspect.ErrVisitParty.Text, "在屏幕上手写")
		mate.hides("退回补充检查</summary>")
		v.PartySigns()
		for _, who := range v.Crew {
			a := asks(o, who)
			a.gets(path, 200)
			a.sends(inspect.VisitSign, nil, http.StatusSeeOther)
		}
		leader.gets(path, 200)
		leader.shows("检查完成", "本人再次验证身份后签字", "汇总表")
		leader.hides("退回补充检查")
		papers(leader, v, path)
		o.Verified()
	})
}

// papers opens every document of the visit, as PDF and as Word: R80, R82, R84, R87.
func papers(a *asker, v *rig.Visit, path string) {
	a.Helper()
	x := v.Found()
	names := []string{"notice", "onsite", "summary", "result", "order-" + string(x.Measures[0].ID)}
	for _, f := range x.Findings {
		names = append(names, "sheet-"+string(f.Item))
	}
	for _, name := range names {
		for kind, begins := range map[string]string{".pdf": "%PDF-", ".docx": "PK"} {
			if a.gets(path+"/papers/"+name+kind, 200); !strings.HasPrefix(a.page, begins) {
				a.Errorf("%s%s begins with %.8q", name, kind, a.page)
			}
		}
	}
	for _, name := range []string{"summary.exe", "summary", "order-x.pdf", "sheet-.pdf", "x.pdf"} {
		a.gets(path+"/papers/"+name, 404)
	}
}

// R76: the questions of a checklist, with their defaults and conditions, on the page.
func TestChecklistOfAVisit(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.VisitBegun()
	f := v.Found().Findings[0]
	asked(v, f.Item)
	leader := asks(o, v.Crew[0])
	path := "/office/visits/" + string(v.Team) + "/items/" + string(f.Item)
	leader.gets(path, 200)
	leader.shows("营业执照是否悬挂在醒目位置", "第 1 题回答“否”时检查", "以下由检查人员拍照留存", "从业人员数")
	if !strings.Contains(leader.page, `value="yes" checked`) {
		t.Error("the default is not chosen")
	}
	form := url.Values{"q.shown": {"no"}, "q.kind": {"c1", "c3"}, "q.staff": {"3"}, "n.staff": {"含兼职"}, "codes": {"no_problem"}, "checklist": {"6"}}
	leader.inspects(v, f, form, 422)
	leader.shows("未悬挂的原因”必须回答", "含兼职")
	form.Set("q.why", "正在\n装裱")
	leader.inspects(v, f, form, http.StatusSeeOther)
	got := v.Found().Findings[0]
	if len(got.Answers) != 4 || got.ChecklistVersion != 6 {
		t.Errorf("answers: %+v", got)
	}
	asks(o, v.Of("gaj")).gets(path, 200)
	leader.gets("/office/visits/"+string(v.Team)+"/papers/sheet-"+string(f.Item)+".pdf", 200)
}

// R100: the path without checklists, through the pages.
func TestVisitAsideThroughThePages(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.VisitReady()
	leader := asks(o, v.Crew[0])
	path := "/office/visits/" + string(v.Team)
	leader.gets(path, 200)
	var two []string
	for _, no := range v.Officers()[:2] {
		two = append(two, no.String())
	}
	leader.sends(inspect.VisitSpecial, url.Values{"kind": {string(inspect.Unreachable)}, "officers": two, "tried": {"大门紧锁"}}, http.StatusSeeOther)
	leader.gets(path, 200)
	leader.shows("无法实质检查", "至少登记两份证据", "大门紧锁")
	v.Aside(inspect.Unreachable)
	leader.gets(path, 200)
	leader.shows("现场照片", "通话记录")
	leader.sends(inspect.VisitConclude, one("text", "通过登记的住所无法联系"), http.StatusSeeOther)
	leader.gets(path, 200)
	leader.hides("在屏幕上手写")
	v.MembersSign()
	leader.gets(path+"/papers/summary.pdf", 200)
}

// R88: a visit that is under way stays in sight after its day, until it is signed.
func TestVisitUnderWayStaysInSight(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitBegun()
		o.Now = o.Now.AddDate(0, 0, 3)
		leader := asks(o, v.Crew[0])
		leader.gets("/office/visits", 200)
		leader.shows("检查中", "去检查")
		leader.hides("以前的检查")
		v.Fill().Conclude().PartySigns().MembersSign()
		leader.gets("/office/visits", 200)
		leader.shows("以前的检查（1）", "看检查情况")
	})
}
