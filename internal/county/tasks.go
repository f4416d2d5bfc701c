package county

import (
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
)

// caps sets how often each department may visit an object in the year.
func (m *maker) caps() {
	for _, org := range departments() {
		m.do(m.who("lhb", inspect.Leader), act.PutCap{Org: m.orgs[org].ID, Year: 2026, Most: 2, Grounds: inspect.CapGrounds})
	}
}

// tasks begins tasks of the year's joint plan, each left at another stage, so that
// there is something to do for every post.
func (m *maker) tasks() {
	m.at("2026-11-20 16:00")
	// Filed, and confirmed by all departments but the last.
	catering := m.task("scjg", "餐饮服务联合抽查")
	m.agreed(catering)
	m.do(m.who("scjg", inspect.Leader), act.ApproveTask{Task: catering.ID, Seen: m.read(catering.ID).Version, Opinion: "同意实施，注意错开就餐高峰。"})
	m.do(m.who("scjg", inspect.Clerk), act.FileTask{Task: catering.ID, Seen: m.read(catering.ID).Version})
	for _, org := range []string{"scjg", "zhzf"} {
		for _, library := range inspect.Libraries {
			m.confirm(org, catering.ID, inspect.Library(library.Value))
		}
	}
	m.agreed(m.task("gaj", "宾馆旅店联合抽查"))            // waits for its leader
	m.agreed(m.task("scjg", "机动车检验机构联合抽查"), "gaj") // waits for one department
	m.begin("scjg", "学校食堂联合抽查")                    // a draft
	incident := id[inspect.TaskID]("task", "incident")
	m.do(m.who("zhzf", inspect.Clerk), act.DraftTask{Task: incident, Source: inspect.FromComplaint, Ground: "近一个月收到占道经营投诉 37 件，集中在方圆街道。", Name: "夜市占道经营专项抽查"})
}

// task begins the task of a joint line and hands it in.
func (m *maker) task(org, name string) inspect.Task {
	t := m.begin(org, name)
	m.do(m.who(org, inspect.Clerk), act.SubmitTask{Task: t.ID, Seen: t.Version})
	return m.read(t.ID)
}

func (m *maker) begin(org, name string) inspect.Task {
	task, plan := id[inspect.TaskID]("task", org, name), planID(inspect.PlanJoint, "lhb", 2026, 1)
	for _, l := range m.plan(plan).Standing() {
		if l.Name == name {
			m.do(m.who(org, inspect.Clerk), act.DraftTask{Task: task, Plan: plan, Line: l.No})
		}
	}
	return m.read(task)
}

// agreed lets all departments of a task but the named ones agree.
func (m *maker) agreed(t inspect.Task, silent ...string) {
	for _, org := range t.Waiting() {
		if code := m.code(org); !slices.Contains(silent, code) {
			m.do(m.who(code, inspect.Leader), act.AgreeTask{TaskAnswer: act.TaskAnswer{Task: t.ID, Terms: t.Terms, Opinion: "同意参加。"}})
		}
	}
}

func (m *maker) confirm(org string, task inspect.TaskID, library inspect.Library) {
	by, t := m.who(org, inspect.Clerk), m.read(task)
	if m.err != nil {
		return
	}
	facts, err := m.db.Facts(m.ctx, by.Scope(), Region)
	if err != nil {
		m.err = err
		return
	}
	read, err := m.db.ReadLibrary(m.ctx, by.Scope(), t, library, facts.Sublibs)
	if err != nil {
		m.err = err
		return
	}
	m.try(by, act.SignConfirm{ID: id[inspect.ConfirmationID]("confirmation", org, string(task), string(library)), Task: task, Library: library, Hash: read.Hash, Signed: true}, inspect.ErrConfirmEmpty)
}

// read reads a task as it stands.
func (m *maker) read(task inspect.TaskID) inspect.Task {
	if m.err != nil {
		return inspect.Task{}
	}
	for _, org := range m.orgs {
		if t, err := m.db.Task(m.ctx, inspect.Scope{Org: org.ID, Region: Region, Reach: inspect.ReachOwn}, task); err == nil {
			return t
		}
	}
	m.err = inspect.ErrMissing
	return inspect.Task{}
}
