package main

import (
	"context"

	"suicha/internal/county"
	"suicha/internal/inspect"
	"suicha/internal/web/office"
)

// autumn is the batch of the demonstration that has gone to the chain's end. On every
// other site it has no visits.
func (s *site) autumn() (county.Autumn, error) {
	if !s.demo {
		return county.Autumn{}, nil
	}
	return county.ReadAutumn(context.Background(), s.store.DB)
}

// Visits of that batch that the tour leads to. They are there in a small county, too.
const (
	sceneMended  = 2  // the correction of its result waits for a signature
	sceneRefused = 3  // the party refused to sign; a crime is suspected
	sceneChanged = 6  // its result was corrected
	sceneBegun   = 7  // its officers are at it
	sceneSigning = 8  // it waits for signatures
	sceneDecided = 9  // its results wait for decisions
	sceneLate    = 10 // one of its results is overdue
	sceneRemoved = 11 // its result was withdrawn
)

// officersOf are the inspectors whom the tour lets sign in.
func officersOf(a county.Autumn) []county.Person {
	if a.Visits() < sceneRemoved {
		return nil
	}
	return []county.Person{a.Leader(sceneBegun), a.Member(sceneBegun, "zhzf"), a.Last(sceneSigning)}
}

// autumnChapter is the place of these chapters among the others.
const autumnChapter = 4

// tourAutumn is the second half of the chain, from the visit to what the public reads. A
// county with too little for it has none.
func tourAutumn(a county.Autumn) []office.TourChapter {
	if a.Visits() < sceneRemoved {
		return nil
	}
	officers := officersOf(a)
	visit := func(n int) string { return "/office/visits/" + string(a.Team(n)) }
	result := func(n int, org string) string { return "/office/results/" + string(a.Result(n, org)) }
	follow := func(n int, org string, kind inspect.FollowKind) string {
		return "/office/followups/" + string(inspect.FollowUpIDOf(a.Result(n, org), kind))
	}
	return []office.TourChapter{
		{Title: "五　现场检查和签字", Text: "检查人员当场出示执法证件，各部门只填自己的事项，证据随手上传。检查结论经检查对象和全体检查人员签字，改动一个字，签字就全部作废。", Steps: []office.TourStep{
			{Name: officers[0].SignIn, Text: "用手机看派给自己的检查。", Href: "/office/visits"},
			{Name: officers[0].SignIn, Text: "组长在现场：看预查比对、告知记录和证据，市场监管局的事项已经填好。", Href: visit(sceneBegun)},
			{Name: officers[1].SignIn, Text: "综合行政执法局的检查人员填写本局的事项：别的部门的事项看得见、改不了。", Href: visit(sceneBegun)},
			{Name: officers[2].SignIn, Text: "签上最后的名字：检查完成，20 个工作日的期限从此起算。", Href: visit(sceneSigning)},
			{Name: "scjg-jbr", Text: "看一次拒绝签字的检查，检查人员的说明和见证人在案；可下载现场记录、责令改正通知书、汇总表等文书。", Href: visit(sceneRefused)},
		}},
		{Title: "六　审批和公示", Text: "各部门的结果由各部门负责人审批，批准的内容就是公示的内容。期限有颜色，逾期进清单。", Steps: []office.TourStep{
			{Name: "zjj-jbr", Text: "看退回的意见，补充后重新报审。", Href: result(sceneDecided, "zjj")},
			{Name: "zhzf-fgfzr", Text: "审批本局的结果：谁检查、谁录入，谁就不能批准。", Href: result(sceneDecided, "zhzf")},
			{Name: "scjg-jbr", Text: "公示已批准的结果：输入统一社会信用代码确认，公示以后不能改动。", Href: result(sceneDecided, "scjg")},
			{Name: "lhb-jbr", Text: "看逾期未公示的清单。", Href: "/office/results?view=overdue"},
			{Name: "zhzf-jbr", Text: "办理一条已经逾期的结果。", Href: result(sceneLate, "zhzf")},
		}},
		{Title: "七　更正和后续处理", Text: "公示有误的，经本部门主要负责人签字才能更正，新旧两版都可以查到。责令改正要复查，线索移交要回执，涉嫌犯罪的移送公安机关。", Steps: []office.TourStep{
			{Name: "scjg-zyfzr", Text: "主要负责人签字，或者不采纳：更正还没有生效。", Href: result(sceneMended, "scjg")},
			{Name: "scjg-jbr", Text: "涉嫌犯罪案件公安机关已经立案，移交涉案物品。", Href: follow(sceneRefused, "scjg", inspect.FollowCrime)},
			{Name: "zjj-jbr", Text: "复查一项逾期没有改正的燃气隐患。", Href: follow(sceneRefused, "zjj", inspect.FollowRectify)},
			{Name: "lhb-jbr", Text: "掌握全部后续处理，看哪些逾期；转办群众的意见和投诉。", Href: "/office/followups"},
			{Name: "zjj-jbr", Text: "答复转来的一件投诉。", Href: "/office/feedback"},
		}},
		{Title: "八　公众看到的结果", Text: "公示的结果人人可查、可下载。更正和撤下都留有痕迹，不排名，不公布个人信息。", Steps: []office.TourStep{
			{Who: "公开网站：检查结果", Text: "按企业、任务、部门、日期查公示的结果，下载开放数据。", Href: "/results"},
			{Who: "公开网站：一条更正过的结果", Text: "对照更正前后的两版，看更正的理由。", Href: "/results/" + string(a.Result(sceneChanged, "scjg"))},
			{Who: "公开网站：一条撤下的结果", Text: "撤下也留有记录和理由。", Href: "/results/" + string(a.Result(sceneRemoved, "scjg"))},
			{Who: "公开网站：扫码核验", Text: "检查对象扫一扫检查码，核对来的是什么人、查什么事项。", Href: "/check/" + a.Code(sceneBegun)},
			{Who: "公开网站：意见和投诉", Text: "不用登录就能提意见，凭查询码看答复。", Href: "/feedback/" + inspect.FeedbackCode(county.FeedbackForm)},
		}},
	}
}
