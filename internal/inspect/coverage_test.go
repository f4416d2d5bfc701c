package inspect_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

var facts = inspect.Facts{
	Orgs: map[inspect.OrgID]inspect.Org{scjg.ID: scjg, gaj.ID: gaj, wjw.ID: wjw, lhb.ID: lhb, far.ID: far},
	Items: map[inspect.ItemID]inspect.Item{
		drawn: {ID: drawn, Org: scjg.ID, ItemTerms: inspect.ItemTerms{Name: "餐饮许可", Category: inspect.GeneralItem, MaxShare: 1000}, Since: day("2025-01-01")},
		other: {ID: other, Org: gaj.ID, ItemTerms: inspect.ItemTerms{Name: "消防安全", Category: inspect.KeyItem, MaxShare: 10000}, Since: day("2025-01-01")},
		"old": {ID: "old", Org: scjg.ID, ItemTerms: inspect.ItemTerms{Name: "旧事项", Category: inspect.KeyItem, MaxShare: 10000}, Since: day("2020-01-01"), Retired: day("2026-01-10")},
	},
	Sublibs: map[inspect.SublibraryID]inspect.Sublibrary{"lib": {ID: "lib", Org: scjg.ID, Name: "餐饮"}, "theirs": {ID: "theirs", Org: wjw.ID}},
	Areas:   map[string]string{"370687001": "方圆街道", "370687002": "东村街道"},
}

func day(s string) workday.Date { return workday.MustParse(s) }

func with(p inspect.Plan, change func(*inspect.PlanLine)) inspect.Plan {
	p.Lines = slices.Clone(p.Lines)
	change(&p.Lines[0])
	return p
}

// R46, R51, R26: what still stands between a draft and its submission.
func TestGapsBeforeSubmission(t *testing.T) {
	today := day("2026-01-10")
	own, led := plan(inspect.PlanOwn, inspect.PlanDrafting), plan(inspect.PlanLed, inspect.PlanDrafting)
	agreed := with(led, func(l *inspect.PlanLine) {
		l.Consents = []inspect.Consent{{Org: gaj.ID, State: inspect.ConsentAccepted}}
	})
	empty := own
	empty.Lines = nil
	for name, test := range map[string]struct {
		plan inspect.Plan
		want error
	}{
		"whole": {own, nil}, "agreed": {agreed, nil}, "empty": {empty, inspect.ErrNoLines}, "not asked": {led, inspect.ErrWaiting},
		"asked": {with(led, func(l *inspect.PlanLine) {
			l.Consents = []inspect.Consent{{Org: gaj.ID, State: inspect.ConsentInvited}}
		}), inspect.ErrWaiting},
		"declined": {with(led, func(l *inspect.PlanLine) {
			l.Consents = []inspect.Consent{{Org: gaj.ID, State: inspect.ConsentDeclined}}
		}), inspect.ErrWaiting},
		"idle":      {with(agreed, func(l *inspect.PlanLine) { l.Items = []inspect.ItemID{drawn} }), inspect.ErrPartyIdle},
		"foreign":   {with(own, func(l *inspect.PlanLine) { l.Items = append(l.Items, other) }), inspect.ErrLineFault},
		"retired":   {with(own, func(l *inspect.PlanLine) { l.Items = append(l.Items, "old") }), inspect.ErrLineFault},
		"too often": {with(own, func(l *inspect.PlanLine) { l.Ratio = "11%" }), inspect.ErrLineFault},
		"far":       {with(agreed, func(l *inspect.PlanLine) { l.Partners = append(l.Partners, far.ID) }), inspect.ErrLineFault},
		"office":    {with(agreed, func(l *inspect.PlanLine) { l.Partners = append(l.Partners, lhb.ID) }), inspect.ErrLineFault}, // C3
		"library":   {with(own, func(l *inspect.PlanLine) { l.Sublibs = []inspect.SublibraryID{"theirs"} }), inspect.ErrLineFault},
		"area":      {with(own, func(l *inspect.PlanLine) { l.Areas = []string{"370602001"} }), inspect.ErrLineFault},
	} {
		err := test.plan.Gaps(facts, today).Err()
		if test.want == nil && err != nil || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
		if _, submitted := test.plan.Submit("clerk", test.plan.Gaps(facts, today), now); (submitted == nil) != (test.want == nil) {
			t.Errorf("%s: submission says %v", name, submitted)
		}
	}
	if err := own.Gaps(facts, day("2024-12-31")).Err(); !errors.Is(err, inspect.ErrLineFault) {
		t.Errorf("an item that is not yet listed: %v", err)
	}
}

// R48: the difference of two editions, in words.
func TestDifferenceOfEditions(t *testing.T) {
	before := plan(inspect.PlanOwn, inspect.PlanPublished)
	before.State = inspect.PlanDrafting
	before, _, err := before.PutLine(line(inspect.PlanOwn))
	if err != nil {
		t.Fatal(err)
	}
	after := with(before, func(l *inspect.PlanLine) { l.Ratio, l.Months = "8%", 1<<6 })
	after.Lines[1].Dropped = true
	after, _, err = after.PutLine(line(inspect.PlanOwn))
	if err != nil {
		t.Fatal(err)
	}
	changes := inspect.Diff(before, after, facts)
	if len(changes) != 3 || changes[0].Kind+changes[1].Kind+changes[2].Kind != "改增删" || changes[1].No != 3 || changes[2].No != 2 {
		t.Fatalf("the difference is %+v", changes)
	}
	want := []inspect.FieldChange{
		{Label: "抽查比例", Before: "5%", After: "8%"}, {Label: "计划户数", Before: "20 户", After: "32 户"}, {Label: "实施检查时间", Before: "6月", After: "7月"},
	}
	if !slices.Equal(changes[0].Fields, want) {
		t.Errorf("the changed line reads %v, want %v", changes[0].Fields, want)
	}
	if same := inspect.Diff(before, before, facts); len(same) != 0 {
		t.Errorf("a plan differs from itself: %v", same)
	}
}

// R42, R49, R50: what the year's plans reach.
func TestCoverage(t *testing.T) {
	own := with(plan(inspect.PlanOwn, inspect.PlanPublished), func(l *inspect.PlanLine) { l.Months, l.Areas = 1<<5|1<<6, []string{"370687001"} })
	led := plan(inspect.PlanLed, inspect.PlanFiled)
	led.Number += "-led"
	items := []inspect.Item{facts.Items[drawn], facts.Items[other], facts.Items["old"]}
	areas := []inspect.Choice{{Value: "370687001", Text: "方圆街道"}, {Value: "370687002", Text: "东村街道"}}
	gone := wjw
	gone.ID, gone.Until = uuid[inspect.OrgID](33), day("2025-06-01")
	c := inspect.Cover([]inspect.Plan{own, led}, items, []inspect.Org{scjg, gaj, wjw, lhb, gone}, areas, nil)
	for i, want := range []struct{ total, joint, june, july int }{{2, 1, 2, 1}, {1, 1, 1, 0}, {0, 0, 0, 0}} {
		if r := c.Items[i]; r.Total != want.total || r.Joint != want.joint || r.Months[5] != want.june || r.Months[6] != want.july || r.Gap() != (want.total == 0) {
			t.Errorf("item %s: %+v, want %+v", r.Name, r, want)
		}
	}
	if c.Gaps() != 1 {
		t.Errorf("%d items without a plan, want 1", c.Gaps()) // R49
	}
	if apart := c.Apart(); len(c.Orgs) != 3 || len(apart) != 1 || apart[0].Org != wjw.ID { // R50
		t.Errorf("apart are %v of %d", apart, len(c.Orgs))
	}
	if c.Areas[0].Total != 2 || c.Areas[1].Total != 1 { // R42: a line for the whole county counts in each
		t.Errorf("areas: %+v", c.Areas)
	}
}

// R52: how often one object is drawn in a year; the chances reckoned by hand.
func TestBurden(t *testing.T) {
	draw := func(ratio string, pool int64, times int) inspect.Plan {
		return with(plan(inspect.PlanOwn, inspect.PlanFiled), func(l *inspect.PlanLine) {
			l.Ratio, l.Pool, l.Frequency, l.Sublibs = ratio, pool, times, []inspect.SublibraryID{"lib"}
		})
	}
	for _, test := range []struct {
		plans          []inspect.Plan
		draws          int
		expected, over float64
		breaks, risks  bool
	}{
		{nil, 0, 0, 0, false, false},
		{[]inspect.Plan{draw("50%", 400, 2)}, 2, 1, 0, false, false},
		{[]inspect.Plan{draw("50%", 400, 3)}, 3, 1.5, 0.125, false, true},                       // 1/8 for three of three
		{[]inspect.Plan{draw("100%", 400, 2), draw("100%", 400, 1)}, 3, 3, 1, true, false},      // certain
		{[]inspect.Plan{draw("50%", 400, 3), draw("100%", 400, 1)}, 4, 2.5, 0.5, true, false},   // 2 or 3 of 3 at 1/2
		{[]inspect.Plan{draw("50%", 400, 3), draw("10%", 400, 1)}, 4, 1.6, 0.1625, false, true}, // 1/8 + 3/8 · 1/10
		{[]inspect.Plan{draw("1%", 400, 3)}, 3, 0.03, 1e-6, false, false},                       // 1e-6 is below one in a thousand
	} {
		b := inspect.Cover(test.plans, nil, nil, nil, []inspect.Sublibrary{{ID: "lib"}}).Burdens[0]
		if b.Draws != test.draws || !near(b.Expected, test.expected) || !near(b.OverCap, test.over) || b.Breaks() != test.breaks || b.Risks() != test.risks {
			t.Errorf("%d plans: %d draws, %v expected, %v over the cap, breaks %v, risks %v; want %+v", len(test.plans), b.Draws, b.Expected, b.OverCap, b.Breaks(), b.Risks(), test)
		}
	}
}

// Of a year's plans the newest edition of each counts, and led plans until the
// joint plan has taken them up.
func TestCurrentPlans(t *testing.T) {
	edition := func(number string, n int, state inspect.PlanState) inspect.Plan {
		return inspect.Plan{Number: number, Edition: n, State: state}
	}
	got := inspect.Current([]inspect.Plan{
		edition("b", 0, inspect.PlanReplaced), edition("b", 1, inspect.PlanPublished), edition("b", 2, inspect.PlanDrafting), edition("b", 3, inspect.PlanDiscarded),
		edition("a", 0, inspect.PlanFiled), edition("c", 0, inspect.PlanMerged), edition("d", 0, inspect.PlanDiscarded),
	})
	if len(got) != 2 || got[0].Number != "a" || got[1].Edition != 2 {
		t.Errorf("current are %+v", got)
	}
}

// R44, R45, C6: the yearly dates, in leap years too, by the day in China.
func TestDeadlines(t *testing.T) {
	for _, test := range []struct {
		d            inspect.Deadlines
		year         int
		filing, plan string
	}{
		{inspect.Regulation, 2026, "2026-01-20", "2026-02-28"}, {inspect.Regulation, 2028, "2028-01-20", "2028-02-29"},
		{inspect.Deadlines{Filing: inspect.MonthDay{Month: 3, Day: 31}, Publication: inspect.MonthDay{Month: 4, Day: 31}}, 2026, "2026-03-31", "2026-04-30"},
	} {
		if f, p := test.d.FilingDue(test.year).String(), test.d.PublicationDue(test.year).String(); f != test.filing || p != test.plan {
			t.Errorf("%d: got %s and %s, want %s and %s", test.year, f, p, test.filing, test.plan)
		}
	}
	own, joint := plan(inspect.PlanOwn, inspect.PlanFiled), plan(inspect.PlanJoint, inspect.PlanPublished)
	for _, test := range []struct {
		at   time.Time
		late bool
	}{
		{time.Date(2026, 1, 20, 15, 59, 59, 0, time.UTC), false}, {time.Date(2026, 1, 20, 16, 0, 0, 0, time.UTC), true}, // 0:00 of 21 January in China
	} {
		own.FiledAt = test.at
		if got := own.Late(inspect.Regulation, day("2026-06-01")); got != test.late {
			t.Errorf("reported at %s is late: %v", test.at, got)
		}
	}
	joint.PublishedAt = time.Date(2026, 2, 28, 15, 0, 0, 0, time.UTC)
	if joint.Late(inspect.Regulation, day("2026-06-01")) {
		t.Error("a joint plan of 28 February is late")
	}
	joint.PublishedAt = time.Time{}
	if !joint.Late(inspect.Regulation, day("2026-03-01")) || joint.Late(inspect.Regulation, day("2026-02-28")) {
		t.Error("an unpublished joint plan is late from 1 March on")
	}
	own.Edition, own.FiledAt = 1, time.Time{}
	if own.Late(inspect.Regulation, day("2026-06-01")) {
		t.Error("an adjustment has no date and is late")
	}
}

// R44, R51: what waits for whom.
func TestTodos(t *testing.T) {
	who := func(post inspect.PostKind, org inspect.Org) inspect.Actor {
		return inspect.Actor{Person: "p", Post: inspect.Post{Kind: post}, Org: org}
	}
	invited := with(plan(inspect.PlanLed, inspect.PlanDrafting), func(l *inspect.PlanLine) {
		l.Consents = []inspect.Consent{{Org: gaj.ID, State: inspect.ConsentInvited}}
	})
	proposed := with(invited, func(l *inspect.PlanLine) {
		l.Consents = []inspect.Consent{{Org: gaj.ID, State: inspect.ConsentProposed}}
	})
	returned := plan(inspect.PlanOwn, inspect.PlanDrafting)
	returned.Opinion = "请修改"
	clerk, leader, partner := who(inspect.Clerk, scjg), who(inspect.Leader, scjg), who(inspect.Clerk, gaj)
	for _, test := range []struct {
		who  inspect.Actor
		plan inspect.Plan
		want string
	}{
		{clerk, plan(inspect.PlanOwn, inspect.PlanDrafting), "plan.submit true"}, {leader, plan(inspect.PlanOwn, inspect.PlanDrafting), ""},
		{clerk, plan(inspect.PlanLed, inspect.PlanDrafting), "plan.invite true"}, {clerk, invited, "plan.invite false"}, {partner, invited, "plan.accept true"},
		{who(inspect.Clerk, wjw), invited, ""}, {clerk, proposed, "plan.put_line true"}, {partner, proposed, ""}, {clerk, returned, "plan.put_line true"},
		{leader, plan(inspect.PlanOwn, inspect.PlanSubmitted), "plan.approve true"}, {clerk, plan(inspect.PlanOwn, inspect.PlanSubmitted), ""},
		{who(inspect.Convener, zf), plan(inspect.PlanJoint, inspect.PlanSubmitted), "plan.ratify true"}, {clerk, plan(inspect.PlanOwn, inspect.PlanApproved), "plan.file true"},
		{leader, plan(inspect.PlanOwn, inspect.PlanFiled), "plan.publish true"}, {leader, plan(inspect.PlanLed, inspect.PlanFiled), ""},
		{who(inspect.Leader, lhb), plan(inspect.PlanJoint, inspect.PlanApproved), "plan.publish true"}, {leader, plan(inspect.PlanOwn, inspect.PlanDiscarded), ""},
		{who(inspect.SystemAdmin, scjg), plan(inspect.PlanOwn, inspect.PlanSubmitted), ""},
	} {
		got := ""
		for _, todo := range inspect.Todos(test.who, []inspect.Plan{test.plan}, inspect.Regulation) {
			got += fmt.Sprintf("%s %v", todo.Verb, todo.Mine)
			if todo.Due.IsZero() || todo.Note == "" {
				t.Errorf("%s of a %s plan has no date or no word", todo.Verb, test.plan.State)
			}
		}
		if got != test.want {
			t.Errorf("%s of %s, a %s plan in %s: got %q, want %q", test.who.Post.Kind, test.who.Org.Short, test.plan.Kind, test.plan.State, got, test.want)
		}
	}
	next := plan(inspect.PlanOwn, inspect.PlanDrafting)
	next.Edition = 1
	todos := inspect.Todos(clerk, []inspect.Plan{invited, next, plan(inspect.PlanOwn, inspect.PlanApproved)}, inspect.Regulation)
	if len(todos) != 3 || todos[0].Verb != inspect.PlanFile || !todos[1].Due.IsZero() || todos[2].Mine {
		t.Errorf("the most pressing is not first: %+v", todos)
	}
}

// R18, R44: who has reported, and who is late.
func TestReports(t *testing.T) {
	filed := plan(inspect.PlanOwn, inspect.PlanFiled)
	filed.FiledAt = time.Date(2026, 1, 25, 1, 0, 0, 0, time.UTC)
	draft := filed
	draft.Org, draft.State = gaj.ID, inspect.PlanDrafting
	reports := inspect.Reports([]inspect.Org{scjg, gaj, wjw, lhb}, []inspect.Plan{filed, draft}, inspect.Regulation, 2026, day("2026-01-26"))
	if len(reports) != 3 || !reports[0].Missing() || !reports[1].Missing() || reports[2].Missing() || reports[2].Org.ID != scjg.ID {
		t.Fatalf("reports are %+v", reports)
	}
	for _, r := range reports {
		if !r.Late {
			t.Errorf("%s is not late", r.Org.Short)
		}
	}
	for _, r := range inspect.Reports([]inspect.Org{gaj, wjw}, nil, inspect.Regulation, 2026, day("2026-01-20")) {
		if r.Late {
			t.Errorf("%s is late on the day itself", r.Org.Short)
		}
	}
}
