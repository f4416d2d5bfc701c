package act_test

import (
	"errors"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// taskOrgs are the organisations of the tests, by what they have to do with a task of
// scjg with gaj.
var taskOrgs = []string{"scjg", "gaj", "wjw", "lhb", "zf", "sfj"}

// everyPost is somebody in every post of every organisation.
func everyPost(o *rig.Office) []inspect.Actor {
	var all []inspect.Actor
	for _, org := range taskOrgs {
		for _, kind := range inspect.PostKinds {
			if kind == inspect.Liaison { // one for each organisation
				all = append(all, o.Liaison("联络员"+org, org))
				continue
			}
			all = append(all, o.Someone(string(kind)+org, kind, org))
		}
	}
	return all
}

// R62, R63: every verb of tasks, confirmations, caps and waivers by every post of
// every organisation, in every state that a task reaches before its draw: whoever the
// table of permissions does not name is refused, and learns nothing.
func TestEveryTaskVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	plan := o.JointPublished("scjg", "gaj", o.Library("scjg", 2))
	o.Staff("gaj", 2)
	li := o.Clerk("李科长", "scjg")
	id := o.TaskDrafted(li, plan)
	waiver := rig.ID[inspect.WaiverID]("waiver")
	o.Done(li, act.AskWaiver{ID: waiver, Object: 1, Year: 2026, Kind: "other", Ground: "整改复查"})
	check := func() {
		t.Helper()
		task := o.Task(id)
		answer := act.TaskAnswer{Task: id, Terms: task.Terms, Opinion: "同意"}
		decision := act.WaiverDecision{ID: waiver, Seen: 1, Opinion: "同意"}
		commands := []act.Command{
			act.PutTask{Task: id, Seen: task.Version}, act.ScopeTask{Task: id, Seen: task.Version}, act.SubmitTask{Task: id, Seen: task.Version},
			act.AgreeTask{TaskAnswer: answer}, act.DeclineTask{TaskAnswer: answer}, act.RecallTask{Task: id, Seen: task.Version},
			act.ReturnTask{Task: id, Seen: task.Version, Opinion: "退回"}, act.ApproveTask{Task: id, Seen: task.Version, Opinion: "同意"},
			act.FileTask{Task: id, Seen: task.Version}, act.CancelTask{Task: id, Seen: task.Version, Reason: "取消"},
			act.DiscardTask{Task: id, Seen: task.Version}, act.SignConfirm{ID: rig.ID[inspect.ConfirmationID]("c"), Task: id, Library: inspect.ObjectLibrary, Signed: true},
			act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 2}, act.GrantWaiver{WaiverDecision: decision}, act.RefuseWaiver{WaiverDecision: decision},
			act.WithdrawWaiver{ID: waiver, Seen: 1}, act.DraftTask{Task: id, Plan: plan, Line: 1}, act.AskWaiver{ID: waiver, Object: 1, Year: 2026, Kind: "other", Ground: "x"},
		}
		for _, noun := range []string{"task.", "confirm.", "cap.", "waiver."} {
			everyVerb(t, noun, commands)
		}
		for _, c := range commands {
			for _, who := range people {
				has := task.Relations(who.Org)
				switch c.(type) {
				case act.GrantWaiver, act.RefuseWaiver, act.WithdrawWaiver:
					has = inspect.Waiver{Region: rig.Region, Org: rig.Org("scjg")}.Relations(who.Org)
				case act.PutCap:
					has = inspect.CapRelations(who.Org)
				case act.DraftTask, act.AskWaiver:
					if has = nil; who.Org.Inspects() {
						has = []inspect.Relation{inspect.Owner}
					}
				}
				if who.MayTo(c.Verb(), has...) == nil {
					continue // the stories tell what happens then
				}
				before := o.Task(id).Version
				_, err := o.Do(who, c)
				if !errors.Is(err, inspect.ErrDenied) && !errors.Is(err, inspect.ErrMissing) && !errors.Is(err, inspect.ErrTaskBody) && !errors.Is(err, inspect.ErrTaskLead) {
					t.Errorf("%s by %s of %s in %s: %v", c.Verb(), who.Post.Kind, who.Org.Code, task.State, err)
				}
				if len(has) == 0 && who.May(c.Verb()) == nil && errors.Is(err, inspect.ErrDenied) && c.Verb() != inspect.CapPut && c.Verb() != inspect.WaiverAsk {
					t.Errorf("%s by %s of %s in %s: a stranger learns that there is one", c.Verb(), who.Post.Kind, who.Org.Code, task.State)
				}
				if o.Task(id).Version != before {
					t.Fatalf("a refused %s changed the task", c.Verb())
				}
			}
		}
	}
	check()
	o.Done(li, act.SubmitTask{Task: id, Seen: 1})
	check()
	o.Done(o.Leader("胡局长", "gaj"), act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: id, Terms: 2, Opinion: "同意"}})
	o.Done(o.Leader("王局长", "scjg"), act.ApproveTask{Task: id, Seen: 3, Opinion: "同意"})
	check()
	o.Done(li, act.FileTask{Task: id, Seen: 4})
	check()
	o.Done(o.Leader("王局长", "scjg"), act.CancelTask{Task: id, Seen: 5, Reason: "并入"})
	check()
}
