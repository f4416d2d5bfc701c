package office_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R76–R89: the first page tells every member of a team what the visit asks of them next,
// and nobody anything that others have to do first.
func TestStepsOfVisitsOnTheFirstPage(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.VisitReady()
		leader, mate, police := asks(o, v.Crew[0]), asks(o, v.Crew[1]), asks(o, v.Of("gaj"))
		if v.Crew[1].Org.ID != rig.Org("scjg") {
			mate = asks(o, v.Crew[2])
		}
		at := func(a *asker, shown string, hidden ...string) {
			t.Helper()
			a.gets("/office", 200)
			if shown != "" {
				a.shows(shown, "/office/visits/"+string(v.Team))
			}
			a.hides(hidden...)
		}
		at(leader, "到场检查：")
		at(police, "", "到场检查：")
		v.Begin()
		at(leader, "填写检查情况：", "形成检查结论：")
		at(police, "填写检查情况：")
		f := v.Found().Findings[0]
		o.Done(v.Of("scjg"), act.FillVisit{Team: v.Team, Item: f.Item, Seen: f.Edition, Methods: f.Methods, Codes: []inspect.ResultCode{inspect.NoProblem}})
		at(mate, "", "填写检查情况：")
		at(leader, "其他部门还缺 1 项", "形成检查结论：")
		v.Fill()
		at(police, "", "填写检查情况：")
		at(leader, "形成检查结论：")
		v.Conclude()
		at(leader, "请被检查单位签字：", "签字确认检查结论：")
		at(police, "", "签字确认检查结论：")
		v.PartySigns()
		at(leader, "签字确认检查结论：")
		at(police, "签字确认检查结论：")
		v.MembersSign()
		at(leader, "", "签字确认检查结论：", "退回补充检查：")
	})
}

// Feedback that waits stands on the first page of the office, and of the department that
// it was passed to, until it is answered.
func TestFeedbackOnTheFirstPage(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		id, _ := o.FeedbackSent("a form", "检查时没有出示证件")
		zhou, li := o.Clerk("周主任", "lhb"), o.Clerk("李科长", "scjg")
		asks(o, li).gets("/office", 200)
		a := asks(o, zhou)
		a.gets("/office", 200)
		a.shows("转办意见反馈", "/office/feedback/"+string(id))
		o.Done(zhou, act.PassFeedback{ID: id, Seen: 1, Org: rig.Org("scjg")})
		a.gets("/office", 200)
		a.hides("转办意见反馈", "答复意见反馈")
		a = asks(o, li)
		a.gets("/office", 200)
		a.shows("答复意见反馈")
		o.Done(li, act.AnswerFeedback{ID: id, Seen: 2, Answer: "已核实"})
		a.gets("/office", 200)
		a.hides("答复意见反馈")
	})
}
