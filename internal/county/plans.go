package county

import (
	"fmt"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// departments lists the codes of the 17 departments in the order of the table.
func departments() []string {
	var codes []string
	for _, o := range rows("orgs.tsv") {
		if o[1] == "department" {
			codes = append(codes, o[0])
		}
	}
	return codes
}

func planID(kind inspect.PlanKind, org string, year, edition int) inspect.PlanID {
	return id[inspect.PlanID]("plan", string(kind), org, fmt.Sprint(year), fmt.Sprint(edition))
}

// plan reads a plan as it stands.
func (m *maker) plan(plan inspect.PlanID) inspect.Plan {
	if m.err != nil {
		return inspect.Plan{}
	}
	p, err := m.db.Plan(m.ctx, inspect.Scope{Region: Region, Reach: inspect.ReachOversight}, plan)
	if err != nil { // a draft: read as its own department
		for _, org := range m.orgs {
			if p, err = m.db.Plan(m.ctx, inspect.Scope{Org: org.ID, Region: Region, Reach: inspect.ReachOwn}, plan); err == nil {
				return p
			}
		}
		m.err = fmt.Errorf("read plan %s: %w", plan, err)
	}
	return p
}

func (m *maker) seen(plan inspect.PlanID) int64 { return m.plan(plan).Version }

// draft begins a department's plan of a kind with its lines of the table. It
// reports whether there were any.
func (m *maker) draft(org string, kind inspect.PlanKind, year int) bool {
	clerk, plan := m.who(org, inspect.Clerk), planID(kind, org, year, 0)
	begun := false
	for _, l := range rows("lines.tsv") {
		if l[0] != org || l[1] != string(kind) {
			continue
		}
		if !begun {
			m.do(clerk, act.DraftPlan{Plan: plan, Kind: kind, Year: year})
			begun = true
		}
		m.do(clerk, m.line(plan, l))
	}
	return begun
}

func (m *maker) line(plan inspect.PlanID, l []string) act.PutLine {
	c := act.PutLine{
		Plan: plan, Seen: m.seen(plan), Name: l[2], Field: l[3], Lead: m.orgs[l[0]].ID, Scope: l[6],
		Sublibs: []inspect.SublibraryID{id[inspect.SublibraryID]("sublibrary", l[7])}, Pool: number(l[8]), Ratio: l[10],
		Frequency: int(number(l[11])), Months: list(l[12]), Areas: list(l[13]),
		Type: "comprehensive", Targeted: "untargeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	}
	for _, code := range list(l[4]) {
		c.Partners = append(c.Partners, m.orgs[code].ID)
	}
	for _, code := range list(l[5]) {
		c.Items = append(c.Items, id[inspect.ItemID]("item", code))
	}
	return c
}

// agree invites the departments of a draft's joint lines and lets all of them
// but the named ones agree.
func (m *maker) agree(by inspect.Actor, plan inspect.PlanID, silent ...string) {
	m.do(by, act.InvitePlan{Plan: plan, Seen: m.seen(plan)})
	for _, l := range m.plan(plan).Standing() {
		for _, c := range l.Consents {
			code := m.code(c.Org)
			if c.State == inspect.ConsentInvited && !slices.Contains(silent, code) {
				m.do(m.who(code, inspect.Liaison), act.AcceptLine{Answer: act.Answer{Plan: plan, No: l.No, Seen: c.Version}})
			}
		}
	}
}

func (m *maker) code(org inspect.OrgID) string {
	for code, o := range m.orgs {
		if o.ID == org {
			return code
		}
	}
	return ""
}

func (m *maker) submit(org string, plan inspect.PlanID) {
	m.do(m.who(org, inspect.Clerk), act.SubmitPlan{Plan: plan, Seen: m.seen(plan)})
}

func (m *maker) approve(org string, plan inspect.PlanID) {
	m.do(m.who(org, inspect.Leader), act.ApprovePlan{Plan: plan, Seen: m.seen(plan), Opinion: "同意报送。"})
}

func (m *maker) file(org string, plan inspect.PlanID) {
	m.do(m.who(org, inspect.Clerk), act.FilePlan{Plan: plan, Seen: m.seen(plan)})
}

func (m *maker) publish(org string, plan inspect.PlanID) {
	p := m.plan(plan)
	m.do(m.who(org, inspect.Leader), act.PublishPlan{Plan: plan, Seen: p.Version, Number: p.Number})
}

// year2026 is a finished planning year: all departments report, one of them
// late, the office merges, the city approves, and an adjustment follows in summer.
func (m *maker) year2026() {
	m.at("2025-12-08 09:00")
	var led []string
	for _, org := range departments() {
		m.draft(org, inspect.PlanOwn, 2026)
		if m.draft(org, inspect.PlanLed, 2026) {
			led = append(led, org)
		}
	}
	m.at("2025-12-22 09:00")
	for _, org := range led {
		m.agree(m.who(org, inspect.Clerk), planID(inspect.PlanLed, org, 2026, 0))
	}
	m.at("2026-01-12 08:40")
	m.report(inspect.PlanOwn, 2026, departments(), "tjj")
	m.report(inspect.PlanLed, 2026, led, "")
	m.at("2026-01-21 09:10")
	m.do(m.who("lhb", inspect.Clerk), act.UrgeOrg{ID: id[string]("urge tjj"), Org: m.orgs["tjj"].ID, Year: 2026, Note: "2026 年度抽查计划已过报送时限，请于本周内报送。"})
	m.at("2026-01-23 15:20")
	m.report(inspect.PlanOwn, 2026, []string{"tjj"}, "")

	joint, office := planID(inspect.PlanJoint, "lhb", 2026, 0), m.who("lhb", inspect.Clerk)
	m.at("2026-02-09 09:00")
	m.do(office, act.DraftPlan{Plan: joint, Kind: inspect.PlanJoint, Year: 2026})
	m.do(office, act.MergePlans{Plan: joint, Seen: m.seen(joint)})
	m.at("2026-02-12 10:00")
	m.submit("lhb", joint)
	m.at("2026-02-24 16:00")
	m.do(m.who("zf", inspect.Convener), act.RatifyPlan{Plan: joint, Seen: m.seen(joint), Opinion: "同意，请尽快公布并组织实施。"})
	m.at("2026-02-26 10:00")
	for _, org := range departments() {
		m.publish(org, planID(inspect.PlanOwn, org, 2026, 0))
	}
	m.publish("lhb", joint)
	m.adjustInSummer()
}

// report takes plans of departments, all but one, through their leaders to the
// office.
func (m *maker) report(kind inspect.PlanKind, year int, orgs []string, but string) {
	for _, org := range orgs {
		if org == but {
			continue
		}
		plan := planID(kind, org, year, 0)
		m.submit(org, plan)
		m.approve(org, plan)
		m.file(org, plan)
	}
}

// adjustInSummer adjusts the joint plan once.
func (m *maker) adjustInSummer() {
	office := m.who("lhb", inspect.Clerk)
	joint, first := planID(inspect.PlanJoint, "lhb", 2026, 0), planID(inspect.PlanJoint, "lhb", 2026, 1)
	m.at("2026-08-10 09:30")
	m.do(office, act.AmendPlan{Plan: joint, Seen: m.seen(joint), Next: first, Reason: "暑期旅游投诉增多，经文化和旅游局提出，提高旅行社与研学机构的抽查比例。"})
	m.change(first, "旅行社与研学机构联合抽查", func(c *act.PutLine) { c.Ratio = "15%" })
	m.agree(office, first)
	m.at("2026-08-20 09:00")
	m.submit("lhb", first)
	m.at("2026-08-27 16:30")
	m.do(m.who("zf", inspect.Convener), act.RatifyPlan{Plan: first, Seen: m.seen(first), Opinion: "同意。"})
	m.at("2026-08-31 15:00")
	m.publish("lhb", first)
}

// adjustInAutumn begins a second adjustment, which waits for consents.
func (m *maker) adjustInAutumn() {
	office := m.who("lhb", inspect.Clerk)
	first, second := planID(inspect.PlanJoint, "lhb", 2026, 1), planID(inspect.PlanJoint, "lhb", 2026, 2)
	m.do(office, act.AmendPlan{Plan: first, Seen: m.seen(first), Next: second, Reason: "冬季用工集中，经住房和城乡建设管理局提出，建筑工地劳动用工抽查改在12月并提高比例。"})
	m.change(second, "建筑工地劳动用工联合抽查", func(c *act.PutLine) { c.Ratio, c.Months = "8%", []string{"12"} })
	m.change(second, "旅行社与研学机构联合抽查", func(c *act.PutLine) { c.Months = []string{"12"}; c.Ratio = "20%" })
	m.agree(office, second, "jtys", "rsj", "jtj")
	for _, l := range m.plan(second).Standing() {
		if c, ok := l.Consent(m.orgs["jtys"].ID); ok && c.State == inspect.ConsentInvited {
			m.do(m.who("jtys", inspect.Clerk), act.ProposeLine{Answer: act.Answer{Plan: second, No: l.No, Seen: c.Version, Note: "请避开12月下旬客运高峰。"}})
		}
	}
}

// change alters a line of a draft, by name.
func (m *maker) change(plan inspect.PlanID, name string, alter func(*act.PutLine)) {
	for _, l := range m.plan(plan).Standing() {
		if l.Name != name {
			continue
		}
		c := act.PutLine{
			Plan: plan, Seen: m.seen(plan), No: l.No, Name: l.Name, Field: l.Field, Lead: l.Lead, Partners: l.Partners, Items: l.Items,
			Scope: l.Scope, Sublibs: l.Sublibs, Pool: l.Pool, Ratio: l.Ratio, Frequency: l.Frequency, Areas: l.Areas, Type: l.Type,
			Targeted: l.Targeted, Methods: l.Methods, Mode: l.Mode, Remark: l.Remark,
		}
		for _, month := range l.Months.List() {
			c.Months = append(c.Months, fmt.Sprint(month))
		}
		alter(&c)
		m.do(m.who("lhb", inspect.Clerk), c)
	}
}

// The planning year 2027 is under way, with something to do for every post: first the
// departments draft their plans.
func (m *maker) draft2027() {
	for _, org := range []string{"scjg", "gaj", "jtj", "wjj", "wlj", "nyj"} {
		m.draft(org, inspect.PlanOwn, 2027)
	}
	m.draft("scjg", inspect.PlanLed, 2027)
	m.draft("gaj", inspect.PlanLed, 2027)
	m.agree(m.who("scjg", inspect.Clerk), planID(inspect.PlanLed, "scjg", 2027, 0), "wjj", "zhzf")
}

// report2027 takes some of them a part of the way.
func (m *maker) report2027() {
	plan := func(org string) inspect.PlanID { return planID(inspect.PlanOwn, org, 2027, 0) }
	m.submit("gaj", plan("gaj")) // waits for its leader
	m.submit("wjj", plan("wjj"))
	m.approve("wjj", plan("wjj")) // waits to be reported
	m.submit("jtj", plan("jtj"))
	m.approve("jtj", plan("jtj"))
	m.file("jtj", plan("jtj")) // waits to be published
	m.submit("wlj", plan("wlj"))
	m.do(m.who("wlj", inspect.Leader), act.ReturnPlan{Plan: plan("wlj"), Seen: m.seen(plan("wlj")), Opinion: "娱乐场所抽查请避开暑期高峰，改到9月。"})
}

func (m *maker) merge2027() {
	m.do(m.who("lhb", inspect.Clerk), act.DraftPlan{Plan: planID(inspect.PlanJoint, "lhb", 2027, 0), Kind: inspect.PlanJoint, Year: 2027})
}
