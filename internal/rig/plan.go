package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
)

// Item puts an item on a department's list and returns it. General items allow
// a tenth of a pool.
func (o *Office) Item(org, code string) inspect.ItemID {
	o.Helper()
	id := ID[inspect.ItemID]("item " + org + code)
	o.Done(o.Clerk("清单员"+org, org), act.ListItem{
		Item: id, Code: code, Name: "事项" + code, Field: "餐饮服务", Category: inspect.GeneralItem, MaxShare: 1000,
		Basis: "《中华人民共和国食品安全法》第一百一十条", Content: "经营许可和经营行为", Methods: []inspect.Method{"onsite"},
	})
	return id
}

// Line is a complete task of a plan, with the department's own item, and one
// item of each partner.
func (o *Office) Line(plan inspect.PlanID, lead string, partners ...string) act.PutLine {
	o.Helper()
	line := act.PutLine{
		Plan: plan, Seen: o.Plan(plan).Version, Name: "餐饮服务抽查", Field: "餐饮服务", Lead: Org(lead),
		Scope: "取得食品经营许可的餐饮服务单位", Pool: 400, Ratio: "5%", Frequency: 1, Months: []string{"6"},
		Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	}
	for _, org := range append([]string{lead}, partners...) {
		item := ID[inspect.ItemID]("item " + org + "A-1")
		if !o.hasItem(item) {
			o.Item(org, "A-1")
		}
		line.Items = append(line.Items, item)
		if org != lead {
			line.Partners = append(line.Partners, Org(org))
		}
	}
	return line
}

func (o *Office) hasItem(id inspect.ItemID) bool {
	items, err := o.Store.DB.Items(o.Context(), inspect.Scope{}, Region)
	if err != nil {
		o.Fatal(err)
	}
	for _, i := range items {
		if i.ID == id {
			return true
		}
	}
	return false
}

// Drafted is a plan of a department or the office in draft, without tasks.
func (o *Office) Drafted(by inspect.Actor, kind inspect.PlanKind, year int) inspect.PlanID {
	o.Helper()
	id := ID[inspect.PlanID](o.Name() + string(kind) + by.Org.Code)
	o.Done(by, act.DraftPlan{Plan: id, Kind: kind, Year: year})
	return id
}

// Filled is an own plan in draft with one task.
func (o *Office) Filled(by inspect.Actor, year int) inspect.PlanID {
	o.Helper()
	id := o.Drafted(by, inspect.PlanOwn, year)
	o.Done(by, o.Line(id, by.Org.Code))
	return id
}

// Filed is an own plan that its department has reported.
func (o *Office) Filed(clerk, leader inspect.Actor, year int) inspect.PlanID {
	o.Helper()
	id := o.Filled(clerk, year)
	o.Done(clerk, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
	o.Done(leader, act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"})
	o.Done(clerk, act.FilePlan{Plan: id, Seen: o.Plan(id).Version})
	return id
}

// LedFiled is a led joint plan, consented to and reported.
func (o *Office) LedFiled(clerk, leader inspect.Actor, year int, partner inspect.Actor) inspect.PlanID {
	o.Helper()
	id := o.Drafted(clerk, inspect.PlanLed, year)
	o.Done(clerk, o.Line(id, clerk.Org.Code, partner.Org.Code))
	o.Done(clerk, act.InvitePlan{Plan: id, Seen: o.Plan(id).Version})
	o.Done(partner, act.AcceptLine{Answer: act.Answer{Plan: id, No: 1, Seen: o.Consent(id, 1, partner.Org.ID).Version}})
	o.Done(clerk, act.SubmitPlan{Plan: id, Seen: o.Plan(id).Version})
	o.Done(leader, act.ApprovePlan{Plan: id, Seen: o.Plan(id).Version, Opinion: "同意"})
	o.Done(clerk, act.FilePlan{Plan: id, Seen: o.Plan(id).Version})
	return id
}

// Consent is a department's consent to a line.
func (o *Office) Consent(plan inspect.PlanID, no int, org inspect.OrgID) inspect.Consent {
	o.Helper()
	line, ok := o.Plan(plan).Line(no)
	if !ok {
		o.Fatalf("plan %s has no line %d", plan, no)
	}
	c, ok := line.Consent(org)
	if !ok {
		o.Fatalf("line %d of plan %s has no consent of %s", no, plan, org)
	}
	return c
}

// Verbs returns the verbs of the newest entries of a thing, oldest first.
func (o *Office) Verbs(id string) []inspect.Verb {
	o.Helper()
	entries, err := o.Store.DB.Timeline(o.Context(), inspect.Scope{}, "plan", id, 100)
	if err != nil {
		o.Fatal(err)
	}
	var verbs []inspect.Verb
	for i := len(entries) - 1; i >= 0; i-- {
		verbs = append(verbs, entries[i].Verb)
	}
	return verbs
}
