package county

import (
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// ofResult is what becomes of a department's result of a visit: R90–R94, 海政办发〔2020〕2号
// 二(五)5.
func (m *maker) ofResult(v *visit, org string) []event {
	f, day := v.finds[org], v.team.Day
	clerk, leader := m.who(org, inspect.Clerk), m.who(org, inspect.Leader)
	put := func() {
		r := m.result(v, org)
		c := act.PutResult{Result: r.ID, Seen: r.Version, Follow: f.follow, FollowDue: f.due}
		if f.code == inspect.DisclosureFalse || v.way == "non_cooperation" {
			c.Dishonest = "failed"
		}
		m.do(clerk, c)
		m.do(clerk, act.SubmitResult{Result: r.ID, Seen: r.Version + 1})
	}
	approve := func() {
		r := m.result(v, org)
		m.do(leader, act.ApproveResult{Result: r.ID, Seen: r.Version, Opinion: "同意。"})
	}
	publish := func() {
		r := m.result(v, org)
		m.do(clerk, act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: r.Confirm()})
	}
	steps := []event{{on(after(day, 2), "09:40"), put}, {on(after(day, 3), "15:20"), approve}, {on(after(day, 4), "10:10"), publish}}
	switch f.left {
	case inspect.ResultDrafted:
		return nil
	case inspect.ResultSubmitted:
		return steps[:1]
	case inspect.ResultApproved:
		return steps[:2]
	case returned:
		return append(steps[:1], event{on(after(day, 3), "15:50"), func() {
			r := m.result(v, org)
			m.do(leader, act.ReturnResult{Result: r.ID, Seen: r.Version, Opinion: "请核实软管使用年限，并写明依据。"})
		}})
	}
	return steps
}

// result is a department's result of a visit, as it stands.
func (m *maker) result(v *visit, org string) (r inspect.Result) {
	if m.err == nil {
		r, m.err = m.db.Result(m.ctx, m.who(org, inspect.Clerk).Scope(), inspect.ResultIDOf(inspect.VisitIDOf(v.team.ID), m.orgs[org].ID))
	}
	return r
}

// aftermath is what happens to what is public: corrections and a withdrawal (R102), what
// follows (R97–R99), and what people say.
func (m *maker) aftermath(visits []*visit) []event {
	clerk, principal := m.who("scjg", inspect.Clerk), m.who("scjg", inspect.Principal)
	sign := func(n int, opinion string) func() {
		return signed(visits, n, func() {
			m.do(principal, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: correctionID(n), Seen: 1, Opinion: opinion}})
		})
	}
	draft := func(n int, kind inspect.PublicationKind, ground string, codes ...string) func() {
		return signed(visits, n, func() {
			r := m.result(visits[n-1], "scjg")
			m.do(clerk, act.DraftCorrection{ID: correctionID(n), Result: r.ID, Seen: r.Version, Kind: kind, Ground: ground, Codes: codes})
		})
	}
	agenda := []event{
		{"2026-11-02 09:30", draft(6, inspect.PublishCorrect, "经核对，许可变更信息在检查当日已经公示，检查时网页尚未刷新。", "1:no_problem")},
		{"2026-11-03 10:20", sign(6, "经核实，同意更正。")},
		{"2026-11-04 09:30", draft(11, inspect.PublishWithdraw, "抽查对象的地址登记有误，检查的不是该对象，结果不应公示。")},
		{"2026-11-04 16:10", sign(11, "经核实，同意撤下。")},
		{"2026-11-19 10:30", draft(2, inspect.PublishCorrect, "核对电子台账，检查当日的供货凭证已经留存，应当更正为未发现问题。", "1:no_problem")},
	}
	return slices.Concat(agenda, m.followed(visits), m.said(visits), m.appealed(visits), m.delivered())
}

// signed does something if the visit of that number came to its end: a small county has
// fewer.
func signed(visits []*visit, n int, do func()) func() {
	if n > len(visits) || visits[n-1].stop != inspect.VisitSigned {
		return func() {}
	}
	return do
}

func correctionID(n int) inspect.CorrectionID {
	return id[inspect.CorrectionID]("correction", autumnTitle, strconv.Itoa(n))
}

// FeedbackForm is the random number of the county's form that was answered: whoever has
// it finds the answer.
const FeedbackForm = "6f1d2c3b-demonstration-1"

// said is what people wrote by the public form: one piece is answered, one is with its
// department, one waits.
func (m *maker) said(visits []*visit) []event {
	send := func(form, kind, about string, ref func() string, words inspect.FeedbackText) func() {
		return func() {
			_, c := act.FeedbackForm(form, inspect.Feedback{Kind: kind, About: about, Ref: ref()}, words)
			m.do(inspect.System(Region), c)
		}
	}
	code := func() string { return m.visit(visits[1]).Code }
	if len(visits) < 3 {
		return nil
	}
	office, first, second := m.who("lhb", inspect.Clerk), inspect.FeedbackID(inspect.OwnID(FeedbackForm, "feedback")), "6f1d2c3b-demonstration-2"
	return []event{
		{"2026-10-22 20:14", send(FeedbackForm, "opinion", "visit", code, inspect.FeedbackText{Text: "三个部门一次来齐，半个小时查完，比以前方便。希望能提前两天告知需要准备的材料。", Name: "周女士"})},
		{"2026-10-23 09:10", func() {
			m.do(office, act.PassFeedback{ID: first, Seen: 1, Org: m.orgs["scjg"].ID, Note: "请研究答复。"})
		}},
		{"2026-10-27 15:00", func() {
			m.do(m.who("scjg", inspect.Clerk), act.AnswerFeedback{ID: first, Seen: 2, Answer: "感谢您的意见。需要准备的材料已写入检查告知书，今后在检查前两个工作日告知。"})
		}},
		{"2026-11-12 08:40", send(second, "complaint", "result", func() string { return m.result(visits[2], "zjj").Code }, inspect.FeedbackText{Text: "软管是房东装的，为什么责令我们整改？", Name: "冯先生"})},
		{"2026-11-12 11:00", func() {
			m.do(office, act.PassFeedback{ID: inspect.FeedbackID(inspect.OwnID(second, "feedback")), Seen: 1, Org: m.orgs["zjj"].ID, Note: "请核实后答复。"})
		}},
		{"2026-11-19 19:20", send("6f1d2c3b-demonstration-3", "complaint", "other", func() string { return "" }, inspect.FeedbackText{Text: "隔壁饭店的油烟直排到楼道，抽查名单里没有看到它。"})},
	}
}

// appealed is what enterprises say of results that are public: one was answered beside
// its result, one waits.
func (m *maker) appealed(visits []*visit) []event {
	send := func(n int, org string, kind inspect.AppealKind, text string) func() {
		return signed(visits, n, func() {
			r := m.result(visits[n-1], org)
			_, c := act.AppealForm("appeal of "+string(r.ID), r.ID, kind, r.Code, inspect.FeedbackText{Text: text, Name: visits[n-1].present, Contact: "0535-0130001"})
			m.do(inspect.System(Region), c)
		})
	}
	step := func(n int, org string, by inspect.PostKind, version int64, c func(act.AppealSeen) act.Command) func() {
		return signed(visits, n, func() {
			r := m.result(visits[n-1], org)
			m.do(m.who(org, by), c(act.AppealSeen{Appeal: inspect.AppealID(inspect.OwnID("appeal of "+string(r.ID), "appeal")), Seen: version}))
		})
	}
	return []event{
		{"2026-11-09 10:10", send(3, "zjj", inspect.AppealReply, "软管由房东安装，本店已经联系燃气公司，约定 11 月 20 日更换。")},
		{"2026-11-10 09:30", step(3, "zjj", inspect.Clerk, 1, func(a act.AppealSeen) act.Command {
			return act.AcceptAppeal{AppealSeen: a, Check: "call", Text: "按登记的电话回访，负责人确认是本单位提交。"}
		})},
		{"2026-11-11 15:00", step(3, "zjj", inspect.Principal, 2, func(a act.AppealSeen) act.Command {
			return act.GrantAppeal{AppealSeen: a, Public: "软管由房东安装，本店已经联系燃气公司，约定 11 月 20 日更换。", Text: "同意将您的说明与检查结果一并公示。"}
		})},
		{"2026-11-19 16:30", send(6, "zhzf", inspect.AppealObjection, "检测当天净化设施正在检修，检修记录已经留存，请重新核实。")},
	}
}
