package rig

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A Visited is a signed visit of two departments, and who decides on its results.
type Visited struct {
	*Run
	Visit inspect.Visit
	Li    inspect.Actor // the clerk of scjg
	Wang  inspect.Actor // its leader
	Qin   inspect.Actor // its principal leader
}

// Results are those of the visit, that of scjg first, whoever may see them.
func (v *Visited) Results() []inspect.Result {
	v.Helper()
	var all []inspect.Result
	err := v.Store.Writer.Write(v.Context(), func(t *store.Tx) error {
		for _, org := range []string{"scjg", "gaj"} {
			r, err := t.Result(v.Context(), inspect.ResultIDOf(v.Visit.ID, Org(org)))
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	if err != nil {
		v.Fatalf("read the results of visit %s: %v", v.Visit.ID, err)
	}
	return all
}

// Result is that of scjg as it stands.
func (v *Visited) Result() inspect.Result { return v.Results()[0] }

// ResultsDrafted are the results of a visit that two departments have just signed: one
// found nothing, the other a problem.
func (o *Office) ResultsDrafted() *Visited {
	o.Helper()
	r := o.BatchDrawn().Dispatch()
	return o.Split(r, r.Teams()[0])
}

// Split signs the visit of a team as its officers would have, and splits it.
func (o *Office) Split(r *Run, x inspect.Team) *Visited {
	o.Helper()
	v := &Visited{Run: r, Li: o.Clerk("李科长", "scjg"), Wang: o.Leader("王局长", "scjg"), Qin: o.Someone("秦局长", inspect.Principal, "scjg")}
	var tasks []inspect.Task
	for _, id := range x.Tasks {
		tasks = append(tasks, o.Task(id))
	}
	facts, err := o.Store.DB.Facts(o.Context(), inspect.Scope{}, Region)
	if err != nil {
		o.Fatal(err)
	}
	object := o.objectOf(x.Object)
	scene := inspect.TeamScene{Batch: r.Stands(), Tasks: tasks}
	if v.Visit, err = inspect.NewVisit(x, scene, object, facts.Items, "CODE"); err != nil {
		o.Fatal(err)
	}
	v.Visit.Start.Day = workday.On(o.Now)
	for i := range v.Visit.Findings {
		f := &v.Visit.Findings[i]
		f.Edition, f.At = 1, o.Now
		if f.Codes = []inspect.ResultCode{inspect.NoProblem}; i > 0 {
			f.Codes, f.Problem, f.Handling = []inspect.ResultCode{inspect.OrderedToCorrect}, "台账不全", "责令限期改正"
		}
	}
	v.Visit.State, v.Visit.EndedAt = inspect.VisitSigned, o.Now
	me := o.Someone("外勤检查员", inspect.InspectorPost, "scjg")
	results, err := v.Visit.Results(facts.Orgs, tasks, map[inspect.InspectorNo]inspect.PersonID{x.Leader().Inspector: me.Person})
	if err != nil {
		o.Fatal(err)
	}
	for i := range results {
		if results[i].Org == Org("scjg") {
			results[i].Inspected = []inspect.PersonID{me.Person}
		}
	}
	o.write(me, inspect.ResultPut, func(t *store.Tx) ([]any, error) {
		var after []any
		for _, r := range results {
			if err := t.PutResult(o.Context(), "", r); err != nil {
				return nil, err
			}
			r.Version++
			after = append(after, image{"result", string(r.ID), r.Version, r})
		}
		return after, nil
	})
	o.Now = o.Now.Add(time.Hour)
	return v
}

// An image is a thing as an act left it, as the desk writes it.
type image struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Value   any    `json:"value"`
}

// write makes an entry past the desk.
func (o *Office) write(by inspect.Actor, verb inspect.Verb, do func(*store.Tx) ([]any, error)) {
	o.Helper()
	request := ID[string](fmt.Sprint(o.Name(), "written", o.next()))
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) error {
		err := t.Begin(o.Context(), store.Entry{At: o.Now, Request: request, Actor: by.Person, Post: by.Post.Kind, Org: by.Org.ID, Verb: verb})
		if err != nil {
			return err
		}
		after, err := do(t)
		if err != nil {
			return err
		}
		text, err := json.Marshal(map[string]any{"request": request, "actor": by.Person, "post": by.Post.ID, "verb": verb, "command": struct{}{}, "after": after})
		if err != nil {
			return err
		}
		first := after[0].(image)
		_, err = t.Close(o.Context(), first.ID, first.Version, ledger.Salt{1}, text)
		return err
	})
	if err != nil {
		o.Fatalf("write past the desk: %v", err)
	}
}

func (o *Office) objectOf(no inspect.ObjectNo) inspect.Object {
	o.Helper()
	var x inspect.Object
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) (err error) {
		x, err = t.Object(o.Context(), no)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return x
}

// Enter has the clerk enter what follows, and hand the result in.
func (v *Visited) Enter() *Visited {
	v.Helper()
	r := v.Result()
	v.Done(v.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"none"}})
	v.Done(v.Li, act.SubmitResult{Result: r.ID, Seen: r.Version + 1})
	return v
}

// Approve has the leader approve.
func (v *Visited) Approve() *Visited {
	v.Helper()
	r := v.Result()
	v.Done(v.Wang, act.ApproveResult{Result: r.ID, Seen: r.Version, Opinion: "同意"})
	return v
}

// Publish has the clerk publish.
func (v *Visited) Publish() *Visited {
	v.Helper()
	r := v.Result()
	v.Done(v.Li, act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: r.Confirm()})
	return v
}

// ResultPublished is a result of scjg that is public.
func (o *Office) ResultPublished() *Visited {
	o.Helper()
	return o.ResultsDrafted().Enter().Approve().Publish()
}

// Correct drafts a correction: every item of the result gets the code. Sign signs it.
func (v *Visited) Correct(kind inspect.PublicationKind, code inspect.ResultCode) act.DraftCorrection {
	v.Helper()
	r := v.Result()
	c := act.DraftCorrection{ID: ID[inspect.CorrectionID](fmt.Sprint(v.Name(), "correction", v.next())), Result: r.ID, Seen: r.Version, Kind: kind, Ground: "核对后确认有误"}
	if kind == inspect.PublishCorrect {
		for i := range r.Items {
			c.Codes = append(c.Codes, fmt.Sprintf("%d:%s", i+1, code))
		}
	}
	return c
}

// livedResults does one of everything to results.
func (o *Office) livedResults(r *Run) {
	o.Helper()
	teams := r.Teams()
	v := o.Split(r, teams[slices.IndexFunc(teams, func(x inspect.Team) bool { return x.Stands() && x.State == inspect.TeamDispatched })]).Enter().Approve()
	x := v.Result()
	v.Done(v.Wang, act.ReturnResult{Result: x.ID, Seen: x.Version, Opinion: "请补充后续处理"})
	v.Enter().Approve().Publish()
	drop, correct, withdraw := v.Correct(inspect.PublishCorrect, inspect.ProblemPending), act.DraftCorrection{}, act.DraftCorrection{}
	v.Done(v.Li, drop)
	decide := func(c act.DraftCorrection) act.CorrectionDecision {
		return act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "同意"}
	}
	v.Done(v.Qin, act.DropCorrection{CorrectionDecision: decide(drop)})
	correct = v.Correct(inspect.PublishCorrect, inspect.ActivityNotFound)
	v.Done(v.Li, correct)
	v.Done(v.Qin, act.SignCorrection{CorrectionDecision: decide(correct)})
	withdraw = v.Correct(inspect.PublishWithdraw, "")
	v.Done(v.Wang, withdraw)
	v.Done(v.Qin, act.SignCorrection{CorrectionDecision: decide(withdraw)})
	other := v.Results()[1]
	sun := o.Clerk("孙警官", "gaj")
	v.Done(sun, act.PutResult{Result: other.ID, Seen: other.Version, Follow: []string{"rectify"}, FollowDue: workday.On(o.Now).AddDays(30), Remark: "限期改正"})
}
