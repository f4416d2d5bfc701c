package rig

import (
	"fmt"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// livedBatches does one of everything to batches: one is thrown away, one void,
// announced again, drawn and annulled, one drawn, one waits for its envelopes, one is
// sealed, was read, and its teams dispatched.
func (o *Office) livedBatches(li, wang inspect.Actor) {
	o.Helper()
	tasks := []inspect.TaskID{o.TaskOutside(li, wang, 1), o.TaskOutside(li, wang, 2)}
	waiting := o.TaskOutside(li, wang, 3)
	gone := o.Batch(tasks[0])
	gone.Parties = gone.Parties[:2]
	o.Done(gone.Zhou, act.DiscardBatch{Batch: gone.ID, Seen: gone.Stands().Version})

	r := o.Batch(tasks[0]).Announce().Lock()
	o.Done(r.Zou, act.VoidBatch{Batch: r.ID, Seen: r.Stands().Version, Technical: true, Ground: "名单有误"})
	o.Done(r.Zhou, r.Put(tasks[0]))
	r.Announce().Lock().Commit().Reveal().Event().Unseal().Draw()
	b := r.Stands()
	o.Done(o.Someone("马局长", inspect.Principal, "gaj"), act.AnnulBatch{Batch: r.ID, Seen: b.Version, Confirm: b.Number, Ground: "公开事件录入与开奖公告不符"})
	sent := o.Batch(tasks[1]).Announce().Lock().Commit().Reveal().Event().Unseal().Draw() // the visits of the annulled one stay free
	o.Batch(waiting).Announce().Lock().Commit().Reveal().Event()
	o.livedTeams(sent, li)
	hidden := o.SealedBatch(o.TaskOutside(li, wang, 4)).Announce().Lock().Commit().Reveal().Event().Unseal().Entrust().Hide()
	hidden.Send()
	o.livedVisits(sent)
	o.livedResults(sent)
}

// TaskOutside is a task outside the plan that can be drawn, of a library of its own.
func (o *Office) TaskOutside(li, wang inspect.Actor, n int) inspect.TaskID {
	o.Helper()
	name := fmt.Sprint(o.Name(), "lived batch ", n)
	lib := ID[inspect.SublibraryID](name)
	o.Done(li, act.PutSublibrary{ID: lib, Name: fmt.Sprint("批次分库", n)})
	var nos []inspect.ObjectNo
	for i := range 6 {
		code := fmt.Sprintf("LIVED-%d-%d", n, i)
		object := Object(code, "海阳市批次餐馆"+code)
		object.Kind, object.Risk = inspect.Site, string(inspect.RiskClasses[i%4])
		if n == 2 && i == 5 { // a fifth stratum, and so a fifth team
			object.Risk, object.RiskSource, object.RiskOn = "", "", workday.Date{}
		}
		o.Done(li, object)
		nos = append(nos, o.ObjectNo(code))
	}
	members := act.Members{Sublibrary: lib, Objects: nos}
	o.Done(li, act.AddMembers{Members: members, Ground: "按许可登记"})
	o.Done(li, act.ConfirmMembers{Members: members})
	if n == 1 {
		for _, no := range o.Staff("scjg", 3) {
			o.Done(li, act.PutTraining{
				Training: ID[inspect.TrainingID](fmt.Sprint(name, "training", no)), Inspector: no, Topic: "法规", Hours: 8, Exam: "passed", Day: workday.MustParse("2026-02-01"),
			})
		}
	}
	id := ID[inspect.TaskID](name)
	o.Done(li, act.DraftTask{Task: id, Source: inspect.FromCampaign, Ground: "省局部署专项整治", Name: fmt.Sprint("专项抽查", n)})
	o.Done(li, act.ScopeTask{
		Task: id, Seen: 1, Field: "餐饮服务", Scope: "餐饮单位", Items: []inspect.ItemID{ID[inspect.ItemID]("item scjgA-1")}, Type: "campaign",
		Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	})
	days := inspect.Days{From: workday.MustParse("2026-07-06"), Until: workday.MustParse("2026-07-10")}
	if n == 2 { // whose visits are made
		days = inspect.Days{From: workday.MustParse("2026-03-04"), Until: workday.MustParse("2026-03-10")}
	}
	o.Done(li, act.PutTask{
		Task: id, Seen: 2, Name: fmt.Sprint("专项抽查", n), From: days.From, Until: days.Until, Kind: "special",
		Sublibs: []inspect.SublibraryID{lib}, Ratio: "5%", Reserve: 1, Officers: 2,
	})
	o.Done(li, act.SubmitTask{Task: id, Seen: o.Task(id).Version})
	o.Done(wang, act.ApproveTask{Task: id, Seen: o.Task(id).Version, Opinion: "同意"})
	o.Done(li, act.FileTask{Task: id, Seen: o.Task(id).Version})
	for _, library := range inspect.Libraries {
		o.Done(li, o.Confirmed(li, id, inspect.Library(library.Value)))
	}
	return id
}
