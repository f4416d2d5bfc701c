package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// livedTasks does one of everything to tasks: one of the joint plan is declined,
// returned, approved, filed, confirmed and cancelled, one outside the plan thrown
// away; and to caps and waivers.
func (o *Office) livedTasks(li, wang inspect.Actor) {
	o.Helper()
	hu, lib := o.Leader("胡局长", "gaj"), ID[inspect.SublibraryID](o.Name()+"lived pool")
	o.Done(li, act.PutSublibrary{ID: lib, Name: "小餐饮"})
	members := act.Members{Sublibrary: lib, Objects: []inspect.ObjectNo{1}}
	o.Done(li, act.AddMembers{Members: members, Ground: "按许可登记"})
	o.Done(li, act.ConfirmMembers{Members: members})

	plan := o.Plan(ID[inspect.PlanID](o.Name() + "joint" + "lhb"))
	id := ID[inspect.TaskID](o.Name() + "lived task")
	o.Done(li, act.DraftTask{Task: id, Plan: plan.ID, Line: plan.Standing()[0].No})
	o.Done(li, act.PutTask{
		Task: id, Seen: 1, Name: "餐饮联合抽查", From: workday.MustParse("2026-07-06"), Until: workday.MustParse("2026-07-10"), Kind: "daily",
		Sublibs: []inspect.SublibraryID{lib}, Ratio: "3%", Reserve: 1, Officers: 2, Assistants: 1, NoNotice: true, Note: "分三组", Reason: "经费调整",
	})
	seen := func() int64 { return o.Task(id).Version }
	submit := func() { o.Done(li, act.SubmitTask{Task: id, Seen: seen()}) }
	answer := func(opinion string) act.TaskAnswer {
		return act.TaskAnswer{Task: id, Terms: o.Task(id).Terms, Opinion: opinion}
	}
	submit()
	o.Done(li, act.RecallTask{Task: id, Seen: seen()})
	submit()
	o.Done(hu, act.DeclineTask{TaskAnswer: answer("七月人手不足")})
	submit()
	o.Done(hu, act.AgreeTask{TaskAnswer: answer("同意")})
	o.Done(wang, act.ReturnTask{Task: id, Seen: seen(), Opinion: "请补充安排"})
	submit()
	o.Done(hu, act.AgreeTask{TaskAnswer: answer("同意")})
	o.Done(wang, act.ApproveTask{Task: id, Seen: seen(), Opinion: "同意"})
	o.Done(li, act.FileTask{Task: id, Seen: seen()})
	o.Done(li, o.Confirmed(li, id, inspect.ObjectLibrary))
	o.Done(wang, act.CancelTask{Task: id, Seen: seen(), Reason: "并入省局专项"})

	other := ID[inspect.TaskID](o.Name() + "lived task outside")
	o.Done(li, act.DraftTask{Task: other, Source: inspect.FromIncident, Ground: "燃气事故后排查", Name: "燃气使用排查", Copy: id})
	o.Done(li, act.ScopeTask{
		Task: other, Seen: 1, Field: "燃气", Scope: "餐饮单位", Items: []inspect.ItemID{ID[inspect.ItemID]("item scjgA-1")}, Type: "campaign",
		Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county", Areas: []string{"370687001"},
	})
	o.Done(li, act.DiscardTask{Task: other, Seen: 2})
	o.livedCaps(li)
	o.livedUpstream(li)
}

func (o *Office) livedCaps(li inspect.Actor) {
	o.Helper()
	zou := o.Leader("邹主任", "lhb")
	limit := act.PutCap{Org: Org("scjg"), Year: 2026, Most: 2, Grounds: "投诉举报\n上级部署"}
	o.Done(zou, limit)
	limit.Seen, limit.Most = 1, 3
	o.Done(zou, limit)
	granted, refused := ID[inspect.WaiverID](o.Name()+"granted"), ID[inspect.WaiverID](o.Name()+"refused")
	o.Done(li, act.AskWaiver{ID: granted, Object: 1, Year: 2026, Kind: "other", Ground: "整改复查"})
	o.Done(zou, act.GrantWaiver{WaiverDecision: act.WaiverDecision{ID: granted, Seen: 1, Opinion: "同意"}})
	o.Done(li, act.AskWaiver{ID: refused, Object: 3, Year: 2026, Kind: "other", Ground: "整改复查"})
	o.Done(zou, act.RefuseWaiver{WaiverDecision: act.WaiverDecision{ID: refused, Seen: 1, Opinion: "依据不足"}})
	back := ID[inspect.WaiverID](o.Name() + "withdrawn")
	o.Done(li, act.AskWaiver{ID: back, Object: 3, Year: 2026, Kind: "other", Ground: "整改复查"})
	o.Done(li, act.WithdrawWaiver{ID: back, Seen: 1})
}
