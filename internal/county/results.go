package county

import (
	"errors"
	"slices"
	"strconv"
	"time"

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
	return slices.Concat(agenda, m.followed(visits), m.said(visits))
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

// followed is what follows from the results: R97–R99, 海政办发〔2020〕2号 二(六), 二(七).
// What is not here is open, or overdue.
func (m *maker) followed(visits []*visit) []event {
	scjg, zhzf, principal := m.who("scjg", inspect.Clerk), m.who("zhzf", inspect.Clerk), m.who("scjg", inspect.Principal)
	one := func(at string, n int, org string, kind inspect.FollowKind, by inspect.Actor, c func(act.FollowUpSeen, act.FollowUpRecheck) act.Command) event {
		return event{at, signed(visits, n, func() {
			seen := m.followUp(visits[n-1], org, kind)
			check := act.FollowUpRecheck{FollowUpSeen: seen, Day: dayOf(m.now), Way: "onsite", Officers: visits[n-1].numbers(m.orgs[org].ID)}
			m.do(by, c(seen, check))
		})}
	}
	type seen = act.FollowUpSeen
	type recheck = act.FollowUpRecheck
	send := func(to string, due string, text string) func(seen, recheck) act.Command {
		return func(f seen, _ recheck) act.Command {
			return act.SendFollowUp{FollowUpSeen: f, Receiver: m.orgs[to].ID, Days: inspect.AcceptDaysUsual, Due: dated(due), Text: text}
		}
	}
	finish := func(text string) func(seen, recheck) act.Command {
		return func(f seen, _ recheck) act.Command { return act.CloseFollowUp{FollowUpSeen: f, Text: text} }
	}
	const rectify, cased, notify, crime, daily = inspect.FollowRectify, inspect.FollowCase, inspect.FollowNotify, inspect.FollowCrime, inspect.FollowDaily
	return []event{
		// Mended at the second look.
		one("2026-10-29 09:20", 2, "zhzf", rectify, zhzf, func(f seen, _ recheck) act.Command {
			return act.MendFollowUp{FollowUpSeen: f, Day: dayOf(m.now), Text: "提交清洗服务合同、清洗前后照片和清洗台账。"}
		}),
		one("2026-10-30 14:30", 2, "zhzf", rectify, zhzf, func(_ seen, c recheck) act.Command {
			c.Text = "净化设施已清洗，台账尚未记录第二台设备。"
			return act.FailFollowUp{FollowUpRecheck: c, Due: dated("2026-11-10")}
		}),
		one("2026-11-09 10:00", 2, "zhzf", rectify, zhzf, func(_ seen, c recheck) act.Command {
			c.Text = "两台设备均已清洗，台账齐全，整改到位。"
			return act.PassFollowUp{FollowUpRecheck: c}
		}),
		// A clue that was taken, answered and closed; one that was taken; one that nobody has
		// taken in time; one that came back.
		one("2026-10-22 10:00", 6, "zhzf", cased, zhzf, send("sthj", "2026-11-30", "油烟排放浓度现场检测值 3.6 mg/m³，超过排放限值，附检测记录。")),
		one("2026-10-26 09:00", 6, "zhzf", cased, m.who("sthj", inspect.Clerk), func(f seen, _ recheck) act.Command {
			return act.AcceptFollowUp{FollowUpSeen: f, CaseNo: "烟环海立字〔2026〕31号", Text: "已受理并立案。"}
		}),
		one("2026-11-13 16:00", 6, "zhzf", cased, m.who("sthj", inspect.Clerk), func(f seen, _ recheck) act.Command {
			return act.AnswerFollowUp{FollowUpSeen: f, CaseNo: "烟环海罚字〔2026〕27号", Text: "责令改正，处五千元罚款，当事人已安装新的净化设施。"}
		}),
		one("2026-11-16 10:00", 6, "zhzf", cased, zhzf, finish("承办单位已作出行政处罚，当事人已改正。")),
		one("2026-10-22 11:00", 5, "scjg", cased, scjg, send("zhzf", "2026-12-10", "当事人拒绝检查，后厨锁闭，附现场录像和见证人说明。")),
		one("2026-10-26 15:00", 5, "scjg", cased, zhzf, func(f seen, _ recheck) act.Command {
			return act.AcceptFollowUp{FollowUpSeen: f, CaseNo: "海综执立字〔2026〕118号", Text: "已立案调查。"}
		}),
		one("2026-11-04 09:00", 12, "scjg", notify, scjg, send("gaj", "2026-12-04", "公示的许可证有效期系自行涂改，附许可证复印件。")),
		one("2026-10-28 09:00", 17, "scjg", notify, scjg, send("swju", "2026-11-30", "该户已迁往外地，请核实税务登记。")),
		one("2026-10-30 09:00", 17, "scjg", notify, m.who("swju", inspect.Clerk), func(f seen, _ recheck) act.Command {
			return act.ReturnFollowUp{FollowUpSeen: f, Text: "该户税务登记已随迁移转出，由迁入地税务机关管理。"}
		}),
		// A suspected crime, as far as the decision of the police: R98.
		one("2026-11-11 09:30", 3, "scjg", crime, scjg, func(f seen, c recheck) act.Command {
			return act.ReportFollowUp{FollowUpSeen: f, Officers: c.Officers, Text: "送检底料检出国家禁止使用的非食品原料，涉嫌生产、销售有毒、有害食品罪，建议移送公安机关。"}
		}),
		one("2026-11-12 15:40", 3, "scjg", crime, principal, func(f seen, _ recheck) act.Command {
			return act.ApproveFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: f, Opinion: "同意移送，依据充分。"}}
		}),
		one("2026-11-13 09:10", 3, "scjg", crime, scjg, func(f seen, _ recheck) act.Command {
			return act.HandFollowUp{FollowUpSeen: f, Police: "海阳市公安局", Number: "海市监移字〔2026〕4号", Papers: []string{"letter", "report", "list", "test"}}
		}),
		one("2026-11-13 11:30", 3, "scjg", crime, scjg, func(f seen, _ recheck) act.Command {
			return act.ReceiptFollowUp{FollowUpSeen: f, Name: "郑警官", Signed: moment(m.now.Add(-15 * time.Minute))}
		}),
		one("2026-11-16 14:30", 3, "scjg", crime, scjg, func(f seen, _ recheck) act.Command {
			return act.FileFollowUp{FollowUpSeen: f, Day: dayOf(m.now), Number: "海公（食药）立字〔2026〕9号"}
		}),
		one("2026-10-27 09:00", 4, "scjg", daily, scjg, finish("已列入经营异常名录，纳入日常监管台账。")),
	}
}

// followUp is a follow-up as it is seen now.
func (m *maker) followUp(v *visit, org string, kind inspect.FollowKind) act.FollowUpSeen {
	r := m.result(v, org)
	f := inspect.FollowUpIDOf(r.ID, kind)
	if m.err != nil {
		return act.FollowUpSeen{}
	}
	found, err := m.db.FollowUp(m.ctx, m.who(org, inspect.Clerk).Scope(), f)
	if err != nil {
		m.err = errors.Join(m.err, err)
	}
	return act.FollowUpSeen{FollowUp: f, Seen: found.Version}
}
