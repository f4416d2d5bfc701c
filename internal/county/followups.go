package county

import (
	"errors"
	"slices"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// followed is what follows from the results: R97–R99, 海政办发〔2020〕2号 二(六), 二(七).
// What is not here is open, or overdue.
func (m *maker) followed(visits []*visit) []event {
	f := following{m, visits}
	return slices.Concat(f.mended(), f.clues(), f.crime())
}

type (
	seen    = act.FollowUpSeen
	recheck = act.FollowUpRecheck
)

// A following makes the steps of follow-ups.
type following struct {
	*maker
	visits []*visit
}

// one is a step of what follows from a department's result of a visit.
func (m following) one(at string, n int, org string, kind inspect.FollowKind, by inspect.Actor, c func(seen, recheck) act.Command) event {
	return event{at, signed(m.visits, n, func() {
		is := m.followUp(m.visits[n-1], org, kind)
		check := recheck{FollowUpSeen: is, Day: dayOf(m.now), Way: "onsite", Officers: m.visits[n-1].numbers(m.orgs[org].ID)}
		m.do(by, c(is, check))
	})}
}

// finish closes a follow-up.
func finish(text string) func(seen, recheck) act.Command {
	return func(f seen, _ recheck) act.Command { return act.CloseFollowUp{FollowUpSeen: f, Text: text} }
}

// mended are orders that were followed at the second look, and what was closed at once.
func (m following) mended() []event {
	scjg, zhzf := m.who("scjg", inspect.Clerk), m.who("zhzf", inspect.Clerk)
	return []event{
		m.one("2026-10-29 09:20", 2, "zhzf", inspect.FollowRectify, zhzf, func(f seen, _ recheck) act.Command {
			return act.MendFollowUp{FollowUpSeen: f, Day: dayOf(m.now), Text: "提交清洗服务合同、清洗前后照片和清洗台账。"}
		}),
		m.one("2026-10-30 14:30", 2, "zhzf", inspect.FollowRectify, zhzf, func(_ seen, c recheck) act.Command {
			c.Text = "净化设施已清洗，台账尚未记录第二台设备。"
			return act.FailFollowUp{FollowUpRecheck: c, Due: dated("2026-11-10")}
		}),
		m.one("2026-11-09 10:00", 2, "zhzf", inspect.FollowRectify, zhzf, func(_ seen, c recheck) act.Command {
			c.Text = "两台设备均已清洗，台账齐全，整改到位。"
			return act.PassFollowUp{FollowUpRecheck: c}
		}),
		m.one("2026-10-27 09:00", 4, "scjg", inspect.FollowDaily, scjg, finish("已列入经营异常名录，纳入日常监管台账。")),
	}
}

// clues are one that was taken, answered and closed, one that was taken, one that nobody
// has taken in time, and one that came back.
func (m following) clues() []event {
	scjg, zhzf := m.who("scjg", inspect.Clerk), m.who("zhzf", inspect.Clerk)
	send := func(to string, due string, text string) func(seen, recheck) act.Command {
		return func(f seen, _ recheck) act.Command {
			return act.SendFollowUp{FollowUpSeen: f, Receiver: m.orgs[to].ID, Days: inspect.AcceptDaysUsual, Due: dated(due), Text: text}
		}
	}
	return []event{
		m.one("2026-10-22 10:00", 6, "zhzf", inspect.FollowCase, zhzf, send("sthj", "2026-11-30", "油烟排放浓度现场检测值 3.6 mg/m³，超过排放限值，附检测记录。")),
		m.one("2026-10-26 09:00", 6, "zhzf", inspect.FollowCase, m.who("sthj", inspect.Clerk), func(f seen, _ recheck) act.Command {
			return act.AcceptFollowUp{FollowUpSeen: f, CaseNo: "烟环海立字〔2026〕31号", Text: "已受理并立案。"}
		}),
		m.one("2026-11-13 16:00", 6, "zhzf", inspect.FollowCase, m.who("sthj", inspect.Clerk), func(f seen, _ recheck) act.Command {
			return act.AnswerFollowUp{FollowUpSeen: f, CaseNo: "烟环海罚字〔2026〕27号", Text: "责令改正，处五千元罚款，当事人已安装新的净化设施。"}
		}),
		m.one("2026-11-16 10:00", 6, "zhzf", inspect.FollowCase, zhzf, finish("承办单位已作出行政处罚，当事人已改正。")),
		m.one("2026-10-22 11:00", 5, "scjg", inspect.FollowCase, scjg, send("zhzf", "2026-12-10", "当事人拒绝检查，后厨锁闭，附现场录像和见证人说明。")),
		m.one("2026-10-26 15:00", 5, "scjg", inspect.FollowCase, zhzf, func(f seen, _ recheck) act.Command {
			return act.AcceptFollowUp{FollowUpSeen: f, CaseNo: "海综执立字〔2026〕118号", Text: "已立案调查。"}
		}),
		m.one("2026-11-04 09:00", 12, "scjg", inspect.FollowNotify, scjg, send("gaj", "2026-12-04", "公示的许可证有效期系自行涂改，附许可证复印件。")),
		m.one("2026-10-28 09:00", 17, "scjg", inspect.FollowNotify, scjg, send("swju", "2026-11-30", "该户已迁往外地，请核实税务登记。")),
		m.one("2026-10-30 09:00", 17, "scjg", inspect.FollowNotify, m.who("swju", inspect.Clerk), func(f seen, _ recheck) act.Command {
			return act.ReturnFollowUp{FollowUpSeen: f, Text: "该户税务登记已随迁移转出，由迁入地税务机关管理。"}
		}),
	}
}

// crime is a suspected crime, as far as the decision of the police: R98.
func (m following) crime() []event {
	scjg, principal := m.who("scjg", inspect.Clerk), m.who("scjg", inspect.Principal)
	return []event{
		m.one("2026-11-11 09:30", 3, "scjg", inspect.FollowCrime, scjg, func(f seen, c recheck) act.Command {
			return act.ReportFollowUp{FollowUpSeen: f, Officers: c.Officers, Text: "送检底料检出国家禁止使用的非食品原料，涉嫌生产、销售有毒、有害食品罪，建议移送公安机关。"}
		}),
		m.one("2026-11-12 15:40", 3, "scjg", inspect.FollowCrime, principal, func(f seen, _ recheck) act.Command {
			return act.ApproveFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: f, Opinion: "同意移送，依据充分。"}}
		}),
		m.one("2026-11-13 09:10", 3, "scjg", inspect.FollowCrime, scjg, func(f seen, _ recheck) act.Command {
			return act.HandFollowUp{FollowUpSeen: f, Police: "海阳市公安局", Number: "海市监移字〔2026〕4号", Papers: []string{"letter", "report", "list", "test"}}
		}),
		m.one("2026-11-13 11:30", 3, "scjg", inspect.FollowCrime, scjg, func(f seen, _ recheck) act.Command {
			return act.ReceiptFollowUp{FollowUpSeen: f, Name: "郑警官", Signed: moment(m.now.Add(-15 * time.Minute))}
		}),
		m.one("2026-11-16 14:30", 3, "scjg", inspect.FollowCrime, scjg, func(f seen, _ recheck) act.Command {
			return act.FileFollowUp{FollowUpSeen: f, Day: dayOf(m.now), Number: "海公（食药）立字〔2026〕9号"}
		}),
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
