package act_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
)

var steps = flag.Int("steps", 50, "acts of each random history; -rapid.checks is how many histories")

// INV-01, INV-02, INV-09, INV-14, INV-15: whatever people try, in whatever post
// and order, after each step every invariant holds, a refusal is one of our
// sentences and leaves nothing behind, and in the end the record verifies.
func TestRandomHistories(t *testing.T) {
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		flag.Set("rapid.checks", "6")
	}
	done := map[inspect.Verb]int{}
	t.Cleanup(func() { t.Logf("done: %v", done) })
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(t)
		h.done = done
		for range *steps {
			h.step(rt)
		}
		if _, err := h.o.Store.Verify(t.Context(), nil); err != nil {
			rt.Fatalf("the record does not verify: %v", err)
		}
	})
}

// A history is a county in which people try things.
type history struct {
	o      *rig.Office
	people []inspect.Actor
	plans  []inspect.PlanID
	posts  []inspect.PostID
	made   int
	name   string
	done   map[inspect.Verb]int // how often each verb went through
}

var histories int

func newHistory(t *testing.T) *history {
	histories++
	h := &history{o: rig.Open(t, rig.SQLite(t)), name: fmt.Sprint("history ", histories)}
	post := func(name string, kind inspect.PostKind, org string) {
		who := h.o.Someone(name, kind, org)
		h.people, h.posts = append(h.people, who), append(h.posts, who.Post.ID)
	}
	for _, org := range []string{"scjg", "gaj"} {
		post("科长"+org, inspect.Clerk, org)
		post("局长"+org, inspect.Leader, org)
		post("科长"+org, inspect.Leader, org) // a second post is no second person
		post("科员"+org, inspect.Clerk, org)
	}
	post("主任", inspect.Clerk, "lhb")
	post("主任", inspect.Leader, "lhb")
	post("市长", inspect.Convener, "zf")
	post("主任", inspect.Convener, "zf")
	post("系统", inspect.SystemAdmin, "zf")
	h.people = append(h.people, h.o.Security())
	led := h.o.Drafted(h.people[0], inspect.PlanLed, 2026)
	h.o.Done(h.people[0], h.o.Line(led, "scjg", "gaj"))
	joint := h.o.Drafted(h.o.Clerk("主任", "lhb"), inspect.PlanJoint, 2026)
	h.plans = []inspect.PlanID{h.o.Filled(h.people[0], 2026), led, joint, rig.ID[inspect.PlanID]("nothing")}
	return h
}

func (h *history) new() string {
	h.made++
	return rig.ID[string](fmt.Sprint(h.name, h.made))
}

// step lets somebody try something.
func (h *history) step(rt *rapid.T) {
	who := rapid.SampledFrom(h.people).Draw(rt, "who")
	id := rapid.SampledFrom(h.plans).Draw(rt, "plan")
	plan := h.plan(id)
	verb := inspect.Verb("")
	if verbs := append(plan.Verbs(), inspect.PlanAccept, inspect.PlanPropose); len(plan.Verbs()) > 0 && rapid.IntRange(0, 4).Draw(rt, "on purpose") > 0 {
		verb = rapid.SampledFrom(verbs).Draw(rt, "verb")
		if back := verb == inspect.PlanDropLine || verb == inspect.PlanDiscard; back && rapid.IntRange(0, 3).Draw(rt, "onward") > 0 {
			verb = inspect.PlanSubmit
		}
		var able []inspect.Actor
		for _, p := range h.people {
			if p.MayTo(verb, plan.Relations(p.Org)...) == nil {
				able = append(able, p)
			}
		}
		if len(able) > 0 {
			who = rapid.SampledFrom(able).Draw(rt, "able")
		}
	}
	c := h.command(rt, who, id, plan, verb)
	before := entries(h.o.TB, h.o)
	_, err := h.o.Do(who, c)
	want := int64(1)
	if err != nil {
		want = 0
		if !told(err) {
			rt.Fatalf("%s by %s: not one of our sentences: %v", c.Verb(), who.Name, err)
		}
	}
	if n := entries(h.o.TB, h.o) - before; n != want {
		rt.Fatalf("%s by %s: %d entries, err is %v", c.Verb(), who.Name, n, err)
	}
	if err == nil {
		h.done[c.Verb()]++
	}
	broken, err := h.o.Store.DB.Broken(context.Background())
	if err != nil || len(broken) > 0 {
		rt.Fatalf("after %s by %s: %v, %v", c.Verb(), who.Name, broken, err)
	}
}

// told reports whether err is a sentence for the user, and nothing else.
func told(err error) bool {
	switch e := err.(type) {
	case inspect.Problem:
		return e.Kind != inspect.Internal
	case inspect.Problems:
		return len(e) > 0
	}
	return false
}

// command draws something to try: the verb, if there is one, else anything.
func (h *history) command(rt *rapid.T, who inspect.Actor, id inspect.PlanID, plan inspect.Plan, verb inspect.Verb) act.Command {
	kind := rapid.SampledFrom(inspect.PlanKinds).Draw(rt, "kind")
	seen := plan.Version - int64(rapid.SampledFrom([]int{0, 0, 0, 0, 0, 1}).Draw(rt, "late"))
	opinion := rapid.SampledFrom([]string{"同意", "同意", "同意", "请修改", "请修改", " "}).Draw(rt, "opinion")
	line := h.o.Line(h.plans[0], "scjg")
	line.Plan, line.Seen, line.No = id, seen, rapid.IntRange(0, 2).Draw(rt, "no")
	if line.Lead = rig.Org("scjg"); plan.Org == rig.Org("gaj") {
		line.Lead, line.Items = plan.Org, []inspect.ItemID{rig.ID[inspect.ItemID]("item gajA-1")}
	}
	if plan.Kind != inspect.PlanOwn {
		line.Partners = []inspect.OrgID{rig.Org("scjg"), rig.Org("gaj")} // the lead is taken out
		line.Items = []inspect.ItemID{rig.ID[inspect.ItemID]("item scjgA-1"), rig.ID[inspect.ItemID]("item gajA-1")}
	}
	answer := act.Answer{Plan: id, No: 1, Note: opinion}
	if l, ok := plan.Line(1); ok {
		c, _ := l.Consent(who.Org.ID)
		answer.Seen = c.Version
	}
	next := inspect.PlanID(h.new())
	choices := []act.Command{
		act.DraftPlan{Plan: next, Kind: kind, Year: 2026}, line, act.DropLine{Plan: id, Seen: seen, No: 1},
		act.InvitePlan{Plan: id, Seen: seen}, act.AcceptLine{Answer: answer}, act.ProposeLine{Answer: answer}, act.DeclineLine{Answer: answer},
		act.SubmitPlan{Plan: id, Seen: seen}, act.RecallPlan{Plan: id, Seen: seen}, act.ReturnPlan{Plan: id, Seen: seen, Opinion: opinion},
		act.ApprovePlan{Plan: id, Seen: seen, Opinion: opinion}, act.RatifyPlan{Plan: id, Seen: seen, Opinion: opinion},
		act.FilePlan{Plan: id, Seen: seen}, act.SendBackPlan{Plan: id, Seen: seen, Opinion: opinion}, act.MergePlans{Plan: id, Seen: seen},
		act.PublishPlan{Plan: id, Seen: seen, Number: plan.Number}, act.AmendPlan{Plan: id, Seen: seen, Next: next, Reason: "调整"},
		act.DiscardPlan{Plan: id, Seen: seen},
		act.GrantPost{ID: inspect.PostID(h.new()), Person: who.Person, Org: rig.Org("scjg"), Kind: rapid.SampledFrom(inspect.PostKinds).Draw(rt, "post")},
		act.EndPost{Post: rapid.SampledFrom(h.posts).Draw(rt, "ended"), Seen: 1},
	}
	c := rapid.SampledFrom(choices).Draw(rt, "command")
	for _, choice := range choices {
		if choice.Verb() == verb {
			c = choice
		}
	}
	switch c := c.(type) {
	case act.DraftPlan, act.AmendPlan:
		h.plans = append(h.plans, next)
	case act.GrantPost:
		c.Person = rapid.SampledFrom(h.people).Draw(rt, "grantee").Person
		return c
	}
	return c
}

// plan is the plan as it is, or nothing.
func (h *history) plan(id inspect.PlanID) inspect.Plan {
	var plan inspect.Plan
	err := h.o.Store.Writer.Write(context.Background(), func(t *store.Tx) (err error) {
		plan, err = t.Plan(context.Background(), id)
		if errors.Is(err, inspect.ErrMissing) {
			return nil
		}
		return err
	})
	if err != nil {
		h.o.Fatal(err)
	}
	return plan
}
