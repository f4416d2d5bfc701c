package act_test

import (
	"context"
	"errors"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// INV-09: whoever wrote the tasks of a plan does not approve it, though a
// colleague began the draft and another handed it in.
func TestNobodyApprovesTasksTheyWrote(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, zhao := o.Clerk("李科长", "scjg"), o.Clerk("赵科员", "scjg")
		both, wang := o.Clerk("钱副局长", "scjg"), o.Leader("王局长", "scjg")
		leads := o.Leader("钱副局长", "scjg") // the same person in a second post
		id := o.Drafted(li, inspect.PlanOwn, 2026)
		o.Done(both, o.Line(id, "scjg"))
		o.Done(zhao, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		approve := act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"}
		o.Refused(leads, approve, inspect.ErrOwnWork)
		o.Done(wang, approve)
	})
}

// A request id names one act of one person in one post: with the same fields but
// another verb, or in another post, it is refused and not taken for done.
func TestRequestServesOneVerbAndOnePost(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		ctx, li := context.Background(), o.Clerk("李科长", "scjg")
		second := o.Clerk("李科长", "gaj") // the same person elsewhere
		id, seen := o.Filled(li, 2026), int64(0)
		seen = o.Plan(id).Version
		request := rig.ID[string](o.Name() + "one verb")
		if _, err := o.Desk.Do(ctx, request, li, act.SubmitPlan{Plan: id, Seen: seen}); err != nil {
			t.Fatal(err)
		}
		for name, again := range map[string]error{
			"another verb": func() error { _, err := o.Desk.Do(ctx, request, li, act.RecallPlan{Plan: id, Seen: seen}); return err }(),
			"another post": func() error {
				_, err := o.Desk.Do(ctx, request, second, act.SubmitPlan{Plan: id, Seen: seen})
				return err
			}(),
		} {
			if !errors.Is(again, inspect.ErrReplayed) {
				t.Errorf("%s: got %v, want %v", name, again, inspect.ErrReplayed)
			}
		}
		if _, err := o.Desk.Do(ctx, request, li, act.SubmitPlan{Plan: id, Seen: seen}); err != nil {
			t.Errorf("the same again: %v", err)
		}
	})
}
