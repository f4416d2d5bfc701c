package rig

import (
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// Followed is a result of scjg that is public, with a follow-up of each of the kinds.
func (o *Office) Followed(kinds ...string) *Visited {
	o.Helper()
	return o.ResultsDrafted().Enter(kinds...).Approve().Publish()
}

// FollowUp is what follows from the result of scjg in one way, as it stands.
func (v *Visited) FollowUp(kind inspect.FollowKind) (f inspect.FollowUp) {
	v.Helper()
	id := inspect.FollowUpIDOf(v.Result().ID, kind)
	err := v.Store.Writer.Write(v.Context(), func(t *store.Tx) (err error) {
		f, err = t.FollowUp(v.Context(), id)
		return err
	})
	if err != nil {
		v.Fatalf("read the follow-up %s: %v", kind, err)
	}
	return f
}

// Saw is the follow-up as somebody sees it now.
func (v *Visited) Saw(kind inspect.FollowKind) act.FollowUpSeen {
	v.Helper()
	f := v.FollowUp(kind)
	return act.FollowUpSeen{FollowUp: f.ID, Seen: f.Version}
}

// Two are the two inspectors of scjg at the visit.
func (v *Visited) Two() (nos []inspect.InspectorNo) {
	v.Helper()
	for _, m := range v.Group().Standing() {
		if m.Org == Org("scjg") {
			nos = append(nos, m.Inspector)
		}
	}
	return nos
}

// Recheck is a look at the spot, today, by two inspectors.
func (v *Visited) Recheck(kind inspect.FollowKind) act.FollowUpRecheck {
	v.Helper()
	return act.FollowUpRecheck{FollowUpSeen: v.Saw(kind), Day: workday.On(v.Now), Way: "onsite", Officers: v.Two(), Text: "进货台账仍缺三月份记录。"}
}

// A FollowUpAct is one step of a follow-up and who makes it.
type FollowUpAct struct {
	Who  inspect.Actor
	Does act.Command
}

// FollowUpActs are every act on a follow-up of a kind as it stands, by who may make it,
// whatever its state.
func (v *Visited) FollowUpActs(kind inspect.FollowKind) []FollowUpAct {
	v.Helper()
	seen, check, today := v.Saw(kind), v.Recheck(kind), workday.On(v.Now)
	sun := v.Clerk("孙警官", "gaj")
	decision := act.FollowUpDecision{FollowUpSeen: seen, Opinion: "涉嫌生产、销售有毒、有害食品罪，依据充分"}
	return []FollowUpAct{
		{v.Li, act.MendFollowUp{FollowUpSeen: seen, Day: today, Text: "提交补全的进货台账复印件 12 页。"}},
		{v.Li, act.PassFollowUp{FollowUpRecheck: check}},
		{v.Li, act.FailFollowUp{FollowUpRecheck: check, Due: today.AddDays(10)}},
		{v.Li, act.EscalateFollowUp{FollowUpRecheck: check}},
		{v.Li, act.SendFollowUp{FollowUpSeen: seen, Receiver: Org("gaj"), Days: inspect.AcceptDaysUsual, Due: today.AddDays(30), Text: "检查时发现疏散通道被占用。"}},
		{sun, act.AcceptFollowUp{FollowUpSeen: seen, CaseNo: "海公消立字〔2026〕15号", Text: "已派员核查"}},
		{sun, act.ReturnFollowUp{FollowUpSeen: seen, Text: "不属于本单位职责，应当由住房城乡建设部门办理"}},
		{sun, act.AnswerFollowUp{FollowUpSeen: seen, CaseNo: "海公消罚字〔2026〕9号", Text: "已责令当场改正，处以罚款。"}},
		{v.Li, act.CloseFollowUp{FollowUpSeen: seen, Text: "已纳入日常监管台账。"}},
		{v.Li, act.ReportFollowUp{FollowUpSeen: seen, Officers: v.Two(), Text: "抽样检出罂粟碱，涉嫌生产、销售有毒、有害食品罪，建议移送。"}},
		{v.Qin, act.ApproveFollowUp{FollowUpDecision: decision}},
		{v.Qin, act.RefuseFollowUp{FollowUpDecision: decision}},
		{v.Li, act.HandFollowUp{FollowUpSeen: seen, Police: "海阳市公安局", Number: "海市监移字〔2026〕1号", Papers: []string{"letter", "report", "list", "test"}}},
		{v.Li, act.ReceiptFollowUp{FollowUpSeen: seen, Name: "郑警官", Signed: v.Now.Add(-time.Minute).Format(time.RFC3339)}},
		{v.Li, act.FileFollowUp{FollowUpSeen: seen, Day: today, Number: "海公立字〔2026〕88号"}},
		{v.Li, act.UnfileFollowUp{FollowUpSeen: seen, Day: today, Number: "海公不立字〔2026〕3号", Text: "犯罪事实显著轻微，不需要追究刑事责任"}},
		{v.Li, act.ObjectFollowUp{FollowUpSeen: seen, Day: today, Text: "检出量超过追诉标准，请复议。"}},
		{v.Li, act.ArticlesFollowUp{FollowUpSeen: seen, Day: today, Text: "查封的调味料 3 桶，已与郑警官交接。"}},
	}
}

// FollowOn makes steps of a follow-up, one after the other.
func (v *Visited) FollowOn(kind inspect.FollowKind, verbs ...inspect.Verb) *Visited {
	v.Helper()
	for _, verb := range verbs {
		for _, a := range v.FollowUpActs(kind) {
			if a.Does.Verb() == verb {
				v.Done(a.Who, a.Does)
			}
		}
	}
	return v
}

// livedFollowUps does one of everything to follow-ups.
func (v *Visited) livedFollowUps() {
	v.Helper()
	v.FollowOn(inspect.FollowRectify, inspect.FollowUpMend, inspect.FollowUpFail, inspect.FollowUpEscalate)
	v.FollowOn(inspect.FollowNotify, inspect.FollowUpSend, inspect.FollowUpReturn, inspect.FollowUpSend, inspect.FollowUpAccept, inspect.FollowUpAnswer)
	v.FollowOn(inspect.FollowCrime, inspect.FollowUpReport, inspect.FollowUpApprove, inspect.FollowUpHand, inspect.FollowUpReceipt,
		inspect.FollowUpUnfile, inspect.FollowUpObject, inspect.FollowUpFile, inspect.FollowUpArticles)
	v.FollowOn(inspect.FollowDaily, inspect.FollowUpClose)
}
