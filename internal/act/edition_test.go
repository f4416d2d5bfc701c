package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// R45: merging is the office's. A department whose led plan is reported does not
// take up the others' by the verb of the same name.
func TestDepartmentsDoNotMerge(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang, sun := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), o.Clerk("孙警官", "gaj")
		led := o.LedFiled(li, wang, 2026, sun)
		theirs := o.LedFiled(sun, o.Leader("钱局长", "gaj"), 2026, o.Clerk("吴医生", "wjw"))
		o.Refused(li, act.MergePlans{Plan: led, Seen: o.Plan(led).Version}, inspect.ErrStep)
		if got := o.Plan(theirs).State; got != inspect.PlanFiled {
			t.Errorf("the other department's plan is %s", got)
		}
	})
}

// R48: a task added to an adjustment does not take the number, and so the place,
// of one that was there.
func TestAdjustmentKeepsAllTasks(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		id := o.Filled(li, 2026)
		for _, name := range []string{"学校食堂抽查", "建筑工地抽查"} {
			line := o.Line(id, "scjg")
			line.Name = name
			o.Done(li, line)
		}
		o.Done(li, act.DropLine{Plan: id, Seen: o.Plan(id).Version, No: 1})
		o.Done(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		o.Done(wang, act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"})
		o.Done(li, act.FilePlan{Plan: id, Seen: o.Plan(id).Version})
		o.Done(wang, act.PublishPlan{Plan: id, Seen: o.Plan(id).Version, Number: "370687-2026-scjg"})
		next := rig.ID[inspect.PlanID](o.Name() + "next")
		o.Done(li, act.AmendPlan{Plan: id, Seen: o.Plan(id).Version, Next: next, Reason: "增加任务"})
		o.Done(li, o.Line(next, "scjg"))
		var names []string
		for _, l := range o.Plan(next).Standing() {
			names = append(names, l.Name)
		}
		if len(names) != 3 || names[0] != "学校食堂抽查" || names[1] != "建筑工地抽查" || names[2] != "餐饮服务抽查" {
			t.Errorf("the adjustment has the tasks %v", names)
		}
		o.Verified()
	})
}

// R48: somebody who may read an adjustment while it is at work is not the public.
func TestAdjustmentsAreNotPublicBeforeTheyArePublished(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		first := o.Filed(li, wang, 2026)
		o.Done(wang, act.PublishPlan{Plan: first, Seen: o.Plan(first).Version, Number: "370687-2026-scjg"})
		next := rig.ID[inspect.PlanID](o.Name() + "next")
		o.Done(li, act.AmendPlan{Plan: first, Seen: o.Plan(first).Version, Next: next, Reason: "增加任务"})
		for edition, want := range map[int]inspect.PlanID{-1: first, 0: first, 1: ""} {
			p, err := o.Store.DB.PlanEdition(t.Context(), inspect.Scope{}, "370687-2026-scjg", edition)
			if p.ID != want {
				t.Errorf("the public reads edition %d as %s, %v", edition, p.ID, err)
			}
		}
	})
}
