package rig

import (
	"errors"
	"fmt"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A Visited is a signed visit, and who decides on the results of scjg.
type Visited struct {
	*Visit
	Li   inspect.Actor // the clerk of scjg
	Wang inspect.Actor // its leader
	Qin  inspect.Actor // its principal leader
}

// Results are those of the visit, that of scjg first, whoever may see them.
func (v *Visited) Results() []inspect.Result {
	v.Helper()
	var all []inspect.Result
	err := v.Store.Writer.Write(v.Context(), func(t *store.Tx) error {
		for _, org := range []string{"scjg", "gaj"} {
			r, err := t.Result(v.Context(), inspect.ResultIDOf(inspect.VisitIDOf(v.Team), Org(org)))
			if err == nil {
				all = append(all, r)
			} else if !errors.Is(err, inspect.ErrMissing) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		v.Fatalf("read the results of team %s: %v", v.Team, err)
	}
	return all
}

// Result is that of scjg as it stands.
func (v *Visited) Result() inspect.Result { return v.Results()[0] }

// ResultsDrafted are the results of a visit that two departments have just signed:
// scjg ordered something to be corrected, gaj found no problem.
func (o *Office) ResultsDrafted() *Visited {
	o.Helper()
	return o.Visited(o.VisitSigned())
}

// Visited is a signed visit with those who decide on its results.
func (o *Office) Visited(v *Visit) *Visited {
	o.Helper()
	return &Visited{Visit: v, Li: o.Clerk("李科长", "scjg"), Wang: o.Leader("王局长", "scjg"), Qin: o.Someone("秦局长", inspect.Principal, "scjg")}
}

// Enter has the clerk enter what follows, nothing if none is named, and hand the result
// in.
func (v *Visited) Enter(follow ...string) *Visited {
	v.Helper()
	r := v.Result()
	if len(follow) == 0 {
		follow = []string{"none"}
	}
	v.Done(v.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: follow})
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

// livedResults does one of everything to results: of the visit that livedVisits left
// signed, and of one of a team that it left alone.
func (o *Office) livedResults(r *Run) {
	o.Helper()
	var teams []int
	for i, x := range r.Teams() {
		if x.State == inspect.TeamDispatched {
			teams = append(teams, i)
		}
	}
	v := o.Visited(r.Crewed(teams[0])).Enter().Approve()
	x := v.Result()
	v.Done(v.Wang, act.ReturnResult{Result: x.ID, Seen: x.Version, Opinion: "请补充后续处理"})
	v.Enter("rectify", "notify", "crime", "daily").Approve().Publish()
	v.livedFollowUps()
	o.livedTargets()
	drop, correct, withdraw := v.Correct(inspect.PublishCorrect, inspect.ProblemPending), act.DraftCorrection{}, act.DraftCorrection{}
	v.Done(v.Li, drop)
	decide := func(c act.DraftCorrection) act.CorrectionDecision {
		return act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "同意"}
	}
	v.Done(v.Qin, act.DropCorrection{CorrectionDecision: decide(drop)})
	v.livedAppeals()
	correct = v.Correct(inspect.PublishCorrect, inspect.ActivityNotFound)
	v.Done(v.Li, correct)
	v.Done(v.Qin, act.SignCorrection{CorrectionDecision: decide(correct)})
	withdraw = v.Correct(inspect.PublishWithdraw, "")
	o.livedDeliveries(x.ID, 2)
	v.Done(v.Wang, withdraw)
	v.Done(v.Qin, act.SignCorrection{CorrectionDecision: decide(withdraw)})
	o.DeliverOn(inspect.TargetWebhook, x.ID, 3, inspect.DeliverSend)
	if len(teams) < 5 {
		o.Fatalf("%d teams are too few for the results of other visits", len(teams))
	}
	o.Visited(r.Crewed(teams[4]).Begin().Fill().Conclude().PartySigns().MembersSign()).livedEnds()
	other := o.Visited(r.Crewed(teams[3]).Begin().Fill().Conclude().PartySigns().MembersSign())
	x = other.Result()
	v.Done(v.Li, act.PutResult{Result: x.ID, Seen: x.Version, Follow: []string{"rectify"}, FollowDue: workday.On(o.Now).AddDays(30), Remark: "限期改正"})
}
