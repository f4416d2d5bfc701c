package act_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// INV-09, INV-15: of 24 leaders who approve at once, one approves; the others
// are told that somebody was faster.
func TestOneOfManyApprovals(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li := o.Clerk("李科长", "scjg")
		id := o.Filled(li, 2026)
		o.Done(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		approve := act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"}
		leaders := make([]inspect.Actor, 24)
		for i := range leaders {
			leaders[i] = o.Leader(fmt.Sprint("局长", i), "scjg")
		}
		before := entries(t, o)
		var wg sync.WaitGroup
		results := make(chan error, len(leaders))
		for _, who := range leaders {
			wg.Go(func() {
				_, err := o.Do(who, approve)
				results <- err
			})
		}
		wg.Wait()
		close(results)
		approved := 0
		for err := range results {
			switch {
			case err == nil:
				approved++
			case !errors.Is(err, inspect.ErrStale) && !errors.Is(err, inspect.ErrStep):
				t.Errorf("a leader who came late is told: %v", err)
			}
		}
		if after := entries(t, o); approved != 1 || after != before+1 {
			t.Errorf("%d approvals, %d entries", approved, after-before)
		}
		o.Verified()
	})
}

func entries(t testing.TB, o *rig.Office) int64 {
	t.Helper()
	n, err := o.Store.Log.Behind(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A request that is sent again, even many times at once, is done once and always
// gets the first receipt; the same id does not serve another command.
func TestRepeatedRequestIsDoneOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, request := o.Clerk("李科长", "scjg"), rig.ID[string](o.Name()+"again")
		draft := act.DraftPlan{Plan: rig.ID[inspect.PlanID](o.Name()), Kind: inspect.PlanOwn, Year: 2026}
		before := entries(t, o)
		var wg sync.WaitGroup
		receipts := make([]act.Receipt, 12)
		for i := range receipts {
			wg.Go(func() {
				var err error
				if receipts[i], err = o.Desk.Do(context.Background(), request, li, draft); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, r := range receipts {
			if r != receipts[0] || r.Code == "" {
				t.Errorf("receipts %v and %v", receipts[0], r)
			}
		}
		if n := entries(t, o) - before; n != 1 {
			t.Errorf("%d entries for one request", n)
		}
		other := draft
		other.Year = 2027
		if _, err := o.Desk.Do(context.Background(), request, li, other); !errors.Is(err, inspect.ErrReplayed) {
			t.Errorf("the same id with another command: %v", err)
		}
		if _, err := o.Desk.Do(context.Background(), request, li, act.DiscardPlan{Plan: draft.Plan, Seen: 1}); !errors.Is(err, inspect.ErrReplayed) {
			t.Errorf("the same id with another act: %v", err)
		}
		other.Plan = rig.ID[inspect.PlanID](o.Name() + "theirs")
		if r, err := o.Desk.Do(context.Background(), request, o.Clerk("孙警官", "gaj"), other); err != nil || r.N == receipts[0].N {
			t.Errorf("somebody else's request of the same id: %v, %v", r, err)
		}
		for _, bad := range []string{"", "x", "00000000-0000-0000-0000-00000000000G", rig.ID[string]("x") + "\n"} {
			if _, err := o.Desk.Do(context.Background(), bad, li, draft); !errors.Is(err, inspect.ErrRequest) {
				t.Errorf("request id %q: %v", bad, err)
			}
		}
	})
}

// A grave act needs a second factor that was shown within five minutes.
func TestGraveActsAskForTheSecondFactor(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, wang := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg")
		id := o.Filled(li, 2026)
		o.Done(li, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
		approve := act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"}
		others := []inspect.Actor{wang, o.Security(), o.Someone("系统管理员", inspect.SystemAdmin, "zf"), o.Someone("梁市长", inspect.Convener, "zf")}
		before := entries(t, o)
		for _, proved := range []time.Time{{}, o.Now.Add(-5*time.Minute - time.Millisecond), o.Now.Add(time.Second)} {
			wang.Proved = proved
			if _, err := o.Desk.Do(t.Context(), rig.ID[string](proved.String()), wang, approve); !errors.Is(err, inspect.ErrStepUp) {
				t.Errorf("shown at %s, now is %s: %v", proved, o.Now, err)
			}
		}
		for _, c := range act.Commands() {
			if !c.Verb().Grave() {
				continue
			}
			for _, who := range others {
				who.Proved = time.Time{}
				if _, err := o.Do(who, c); who.May(c.Verb()) == nil && !errors.Is(err, inspect.ErrStepUp) {
					t.Errorf("%s by %s without a second factor: %v", c.Verb(), who.Name, err)
				}
			}
		}
		if n := entries(t, o) - before; n != 0 {
			t.Errorf("%d refused acts are on record", n)
		}
		wang.Proved = o.Now.Add(-5 * time.Minute)
		if _, err := o.Desk.Do(t.Context(), rig.ID[string]("in time"), wang, approve); err != nil {
			t.Errorf("shown five minutes ago: %v", err)
		}
	})
}

// An installation is founded once.
func TestFoundedOnce(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		again := act.FoundInstallation{
			Region:     rig.Region,
			Government: act.NewOrg{ID: rig.ID[inspect.OrgID]("zf2"), Code: "zf2", Name: "另一个政府", Short: "另一个"},
			Office:     act.NewOrg{ID: rig.ID[inspect.OrgID]("lhb2"), Code: "lhb2", Name: "另一个办公室", Short: "另一个"},
			Person:     rig.ID[inspect.PersonID]("usurper"), Post: rig.ID[inspect.PostID]("usurper"), Name: "篡位者",
		}
		o.Refused(inspect.Console(rig.Region), again, inspect.ErrFounded)
		o.Refused(o.Security(), again, inspect.ErrDenied)
		if _, ok := act.New(inspect.InstallFound); ok {
			t.Error("the founding can be asked for as a form")
		}
	})
}

var everyOrg = []string{"scjg", "gaj", "wjw", "lhb", "zf", "sfj"}

// everybody is one person for every post in every organisation.
func everybody(o *rig.Office) []inspect.Actor {
	var all []inspect.Actor
	for _, kind := range inspect.PostKinds {
		for _, org := range everyOrg {
			all = append(all, o.Someone(string(kind)+" "+org, kind, org))
		}
	}
	return all
}

// A post that the table of permissions does not list for an act is denied it,
// whatever the act is about, and leaves no entry.
func TestUnlistedPostsAreDeniedEverything(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		all := everybody(o)
		before := entries(t, o)
		for _, c := range act.Commands() {
			for _, who := range all {
				if who.May(c.Verb()) != nil {
					if _, err := o.Do(who, c); !errors.Is(err, inspect.ErrDenied) {
						t.Errorf("%s by %s: %v", c.Verb(), who.Post.Kind, err)
					}
				} else if _, err := o.Do(who, c); err == nil {
					t.Errorf("an empty %s by %s was done", c.Verb(), who.Post.Kind)
				}
			}
		}
		if n := entries(t, o) - before; n != 0 {
			t.Errorf("%d denied acts are on record", n)
		}
	})
}

// about returns the command made about a plan, as seen in a version it never
// had: so only its permission is decided.
func about(c act.Command, plan inspect.PlanID) (act.Command, bool) {
	v := reflect.New(reflect.TypeOf(c)).Elem()
	v.Set(reflect.ValueOf(c))
	id, seen, no := v.FieldByName("Plan"), v.FieldByName("Seen"), v.FieldByName("No")
	if !id.IsValid() || !seen.IsValid() {
		return c, false
	}
	id.SetString(string(plan))
	seen.SetInt(9999)
	if no.IsValid() {
		no.SetInt(1)
	}
	return v.Interface().(act.Command), true
}

// A plan that a post may not read does not exist for it; one that it may read
// and not act on is denied; else the act begins.
func TestEveryPostOnEveryRelation(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		led := o.Drafted(li, inspect.PlanLed, 2026)
		o.Done(li, o.Line(led, "scjg", "gaj"))
		o.Done(li, act.InvitePlan{Plan: led, Seen: o.Plan(led).Version})
		filed := o.Filed(sun, o.Leader("钱局长", "gaj"), 2026)
		joint := o.Drafted(o.Clerk("周主任", "lhb"), inspect.PlanJoint, 2026)
		all := everybody(o)
		before := entries(t, o)
		for _, id := range []inspect.PlanID{led, filed, joint} {
			plan := o.Plan(id)
			for _, c := range act.Commands() {
				c, ok := about(c, id)
				if !ok {
					continue
				}
				for _, who := range all {
					has := plan.Relations(who.Org)
					_, err := o.Do(who, c)
					want := inspect.ErrStale
					switch {
					case who.May(c.Verb()) != nil:
						want = inspect.ErrDenied
					case who.MayTo(inspect.PlanRead, has...) != nil:
						want = inspect.ErrMissing
					case who.MayTo(c.Verb(), has...) != nil:
						want = inspect.ErrDenied
					}
					if !errors.Is(err, want) {
						t.Errorf("%s on a %s %s plan by %s of %s: got %v, want %s", c.Verb(), plan.State, plan.Kind, who.Post.Kind, who.Org.Code, err, want.Code)
					}
				}
			}
		}
		if n := entries(t, o) - before; n != 0 {
			t.Errorf("%d refused acts are on record", n)
		}
	})
}

// Every verb that changes the record has one command, or is part of another's.
func TestEveryVerbHasItsCommand(t *testing.T) {
	part := map[inspect.Verb]bool{
		inspect.PlanTakeUp:     true, // of merging
		inspect.PlanUnmerge:    true, // of sending back a merged plan, and of discarding the joint draft
		inspect.PlanReplace:    true, // of publishing an adjustment
		inspect.JointReplace:   true, // of publishing the next joint list
		inspect.ResultWithdraw: true, // of signing a withdrawal
		inspect.DeliverReplace: true, // of publishing the next edition, and of sending an older one again

		inspect.TaskJoin: true, inspect.TaskLeave: true, inspect.TaskDraw: true, // of acts on the task's batch
		inspect.TaskDispatch:   true,                                                             // of dispatching the batch
		inspect.BatchCommitAll: true, inspect.BatchRevealAll: true, inspect.BatchUnsealAll: true, // of the last document
	}
	have := map[inspect.Verb]int{}
	for _, c := range act.Commands() {
		have[c.Verb()]++
	}
	for _, v := range inspect.Acts() {
		want := 1
		if part[v] {
			want = 0
		}
		if have[v] != want {
			t.Errorf("%s has %d commands, want %d", v, have[v], want)
		}
		delete(have, v)
	}
	for v := range have {
		t.Errorf("the verb %s of a command is not declared", v)
	}
}
