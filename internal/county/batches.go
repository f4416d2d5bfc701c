package county

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// A showing is one batch of the demonstration, and the state that it is left in.
type showing struct {
	org   string // who organises it: the office, or the department of its one task
	title string
	lines []line
	stop  inspect.BatchState
	seal  bool // the list is kept until the inspections are over
	sent  bool // the teams are dispatched
	on    string
	days  inspect.Days // of the visits
	why   string       // they are not as planned
	id    inspect.BatchID
	tasks []inspect.TaskID
}

// A line is a line of a published plan, by who leads it.
type line struct {
	kind      inspect.PlanKind
	org, name string
	ratio     string // other than the plan's, where its least number is too many for a small county: R26
}

// showings are batches of every state that lasts. The lists of those that are
// locked at the same time share no object, or the second could not be locked: R52.
var showings = []showing{
	{org: "lhb", title: "11月特种设备和工贸企业抽取", stop: inspect.BatchDisclosed, lines: []line{{inspect.PlanJoint, "scjg", "特种设备使用单位联合抽查", ""}, {inspect.PlanOwn, "yjj", "工贸企业安全生产抽查", ""}}},
	{org: "lhb", title: "11月学校食堂联合抽取", stop: inspect.BatchDisclosed, sent: true, lines: []line{{inspect.PlanJoint, "scjg", "学校食堂联合抽查", "5%"}}},
	{org: "lhb", title: "11月种子市场联合抽取", stop: inspect.BatchAnnulled, lines: []line{{inspect.PlanJoint, "nyj", "种子市场联合抽查", ""}}},
	{org: "lhb", title: "11月建筑工地联合抽取", stop: inspect.BatchVoided, lines: []line{{inspect.PlanJoint, "zjj", "建筑工地劳动用工联合抽查", ""}}},
	{org: "scjg", title: "药品零售企业抽取", stop: inspect.BatchEvented, lines: []line{{inspect.PlanOwn, "scjg", "药品零售企业抽查", ""}}},
	{org: "gaj", title: "旅馆业治安抽取", stop: inspect.BatchRevealed, lines: []line{{inspect.PlanOwn, "gaj", "旅馆业治安抽查", ""}}},
	{org: "wlj", title: "娱乐场所抽取", stop: inspect.BatchCommitted, lines: []line{{inspect.PlanOwn, "wlj", "娱乐场所抽查", ""}}},
	{org: "wjj", title: "医疗机构抽取", stop: inspect.BatchLocked, lines: []line{{inspect.PlanOwn, "wjj", "医疗机构依法执业抽查", ""}}},
	{org: "lhb", title: "12月食品经营主体密封抽取", stop: inspect.BatchDrawn, seal: true, lines: []line{{inspect.PlanOwn, "scjg", "食品经营主体抽查", ""}}},
	{org: "lhb", title: "12月危险化学品密封抽取", stop: inspect.BatchOpened, seal: true, lines: []line{{inspect.PlanJoint, "yjj", "危险化学品经营联合抽查", "10%"}}},
	{org: "lhb", title: "12月医药企业联合抽取", stop: inspect.BatchAnnounced, lines: []line{{inspect.PlanJoint, "swju", "医药企业联合抽查", ""}}},
	{org: "lhb", title: "12月旅行社联合抽取", stop: inspect.BatchDrafting, lines: []line{{inspect.PlanJoint, "wlj", "旅行社与研学机构联合抽查", ""}}},
}

// reach is how many phases a state has behind it.
var reach = map[inspect.BatchState]int{
	inspect.BatchAnnounced: 1, inspect.BatchLocked: 2, inspect.BatchVoided: 2, inspect.BatchCommitted: 3, inspect.BatchRevealed: 4, inspect.BatchEvented: 5,
	inspect.BatchOpened: 6, inspect.BatchDrawn: 6, inspect.BatchDisclosed: 6, inspect.BatchAnnulled: 6,
}

// batches takes tasks of the year's plans into batches, and these as far as they go:
// R66–R68. What is still to be done of them is due some days after begin.
func (m *maker) batches(begin time.Time) {
	all := make([]*showing, len(showings))
	for i := range showings {
		c := showings[i]
		c.on, c.days = "2026-11-20", inspect.Days{From: workday.MustParse("2026-12-01"), Until: workday.MustParse("2026-12-25")}
		c.why = "名录库清理完成后集中开展，检查时间调整到12月，比例按实有户数核定。"
		all[i] = &c
	}
	all = m.draws(all, begin)
	m.at("2026-11-20 19:10")
	for _, c := range all {
		if c.sent {
			m.dispatch(c)
		}
		switch c.stop {
		case inspect.BatchVoided:
			m.do(m.who(c.org, inspect.Leader), act.VoidBatch{Batch: c.id, Seen: m.stands(c.id).Version, Ground: "公证处未在截止时间前交来承诺。"})
		case inspect.BatchAnnulled:
			b := m.stands(c.id)
			m.do(m.who("gaj", inspect.Principal), act.AnnulBatch{
				Batch: c.id, Seen: b.Version, Confirm: b.Number, Ground: "经核对现场录像，第二个号码球被误读，录入的号码与录像不符。",
			})
		}
	}
}

// draws takes batches of one day as far as they go, and returns those whose tasks met
// all conditions.
func (m *maker) draws(list []*showing, begin time.Time) (all []*showing) {
	on := list[0].on
	m.at(on + " 16:30")
	for i, c := range list {
		c.id = id[inspect.BatchID]("batch", c.title)
		m.tell("建立抽取批次", int64(i), int64(len(list)))
		ready := true
		for _, l := range c.lines {
			task := m.drawable(c, l)
			c.tasks = append(c.tasks, task)
			ready = ready && m.ready(task)
		}
		if ready {
			all = append(all, c)
		}
	}
	m.at(on + " 16:50")
	for _, c := range all {
		m.do(m.who(c.org, inspect.Clerk), act.DraftBatch{Batch: c.id, Year: 2026})
		m.do(m.who(c.org, inspect.Clerk), m.terms(c, begin))
	}
	for _, phase := range []struct {
		at string
		do func(*showing)
	}{
		{"17:00", m.announce}, {"17:05", m.lock}, {"17:20", m.commit}, {"17:50", m.reveal}, {"18:31", m.event}, {"18:50", m.unseal},
	} {
		m.at(on + " " + phase.at)
		for _, c := range all {
			phase.do(c)
		}
	}
	return all
}

// drawable takes the task of a line through approval, filing and the confirmation of
// all libraries.
func (m *maker) drawable(c *showing, l line) inspect.TaskID {
	plan := planID(inspect.PlanJoint, "lhb", 2026, 1)
	if l.kind == inspect.PlanOwn {
		plan = planID(inspect.PlanOwn, l.org, 2026, 0)
	}
	clerk, task := m.who(l.org, inspect.Clerk), id[inspect.TaskID]("task of a batch", c.title, l.name)
	for _, one := range m.plan(plan).Standing() {
		if one.Name == l.name {
			m.do(clerk, act.DraftTask{Task: task, Plan: plan, Line: one.No})
		}
	}
	t := m.read(task)
	m.do(clerk, act.PutTask{
		Task: task, Seen: t.Version, Name: t.Name, From: c.days.From, Until: c.days.Until, Kind: "daily", Sublibs: t.Sublibs,
		Ratio: cmp.Or(l.ratio, t.Ratio), Reserve: 2, Officers: 2, Sealed: c.seal, Note: "两人以上到场，出示执法证件，全程记录。", Reason: c.why,
	})
	m.do(clerk, act.SubmitTask{Task: task, Seen: m.read(task).Version})
	m.agreed(m.read(task))
	m.do(m.who(l.org, inspect.Leader), act.ApproveTask{Task: task, Seen: m.read(task).Version, Opinion: "同意实施。"})
	m.do(clerk, act.FileTask{Task: task, Seen: m.read(task).Version})
	for _, org := range m.read(task).Parties() {
		for _, library := range inspect.Libraries {
			m.confirm(m.code(org), task, inspect.Library(library.Value))
		}
	}
	return task
}

// ready reports whether a task meets all conditions of its draw. In a county with few
// objects or inspectors some do not.
func (m *maker) ready(task inspect.TaskID) bool {
	t := m.read(task)
	if m.err != nil {
		return false
	}
	facts, err := m.db.TaskFacts(m.ctx, inspect.Scope{}, t, workday.On(m.now))
	m.err = err
	return err == nil && len(t.Missing(t.Gates(facts))) == 0
}

// terms settle a batch. The phases that are over in its state had their deadlines on
// the day it was made; the next ones have theirs a week after begin.
func (m *maker) terms(c *showing, begin time.Time) act.PutBatch {
	done := reach[c.stop]
	if c.stop == inspect.BatchVoided {
		done = 3 // its first deadline is past
	}
	if c.stop == inspect.BatchOpened {
		done = 5 // the custodian has time until the envelopes'
	}
	at := func(phase int, clock string, days int) string {
		if done >= phase {
			return c.on + "T" + clock
		}
		return begin.AddDate(0, 0, days).Format(time.RFC3339)
	}
	put := act.PutBatch{
		Batch: c.id, Seen: m.stands(c.id).Version, Title: c.title, Tasks: c.tasks, Suite: string(draw.SM3), Mode: "open", Sources: []string{"urn6"},
		Commit: at(3, "18:00", 7), Reveal: at(4, "18:10", 8), Event: at(4, "18:30", 9), Envelopes: at(6, "19:00", 10), Cap: 2, Mix: 100,
	}
	if c.seal {
		put.Mode, put.Opening = "sealed", "2026-12-26T09:00"
	}
	for _, x := range Contributors() {
		if c.seal || x.Role != "custodian" {
			put.Contributors = append(put.Contributors, x.Contributor)
		}
	}
	return put
}

// stands is a batch as it stands.
func (m *maker) stands(batch inspect.BatchID) (b inspect.Batch) {
	for _, org := range append([]string{"lhb"}, departments()...) {
		if m.err != nil {
			return b
		}
		if b, err := m.db.Batch(m.ctx, m.who(org, inspect.Clerk).Scope(), batch); err == nil {
			return b
		}
	}
	m.err = fmt.Errorf("read batch %s: %w", batch, inspect.ErrMissing)
	return b
}

func (m *maker) announce(c *showing) {
	if reach[c.stop] >= 1 {
		b := m.stands(c.id)
		m.do(m.who(c.org, inspect.Leader), act.AnnounceBatch{Batch: c.id, Seen: b.Version, Confirm: b.Number})
	}
}

// lock is for the leader where the clerk has confirmed libraries: INV-09.
func (m *maker) lock(c *showing) {
	by := m.who(c.org, inspect.Leader)
	if c.org == "lhb" {
		by = m.who(c.org, inspect.Clerk)
	}
	if reach[c.stop] >= 2 {
		m.do(by, act.LockBatch{Batch: c.id, Seen: m.stands(c.id).Version})
	}
}

// deliver hands in the documents of the batch's phase: contributors of the county
// their own, the organiser's clerk those from outside. A phase that is not to end
// lacks the notary's.
func (m *maker) deliver(c *showing, whole bool, command func(act.BatchDocument) act.Command) {
	facts, err := m.db.BatchFacts(m.ctx, inspect.Scope{}, m.stands(c.id), "")
	if m.err == nil {
		m.err = err
	}
	for _, x := range Awaited(m.stands(c.id), facts) {
		b := m.stands(c.id)
		if m.err != nil || !whole && x.Name == "公证处" {
			continue
		}
		text, err := x.Document(m.ctx, m.db, b, m.now)
		if err != nil {
			m.err = fmt.Errorf("document of %s for %s: %w", x.Name, b.Number, err)
			return
		}
		by := m.who(c.org, inspect.Clerk)
		if x.Role == "custodian" && b.State == inspect.BatchOpened {
			by = m.who(x.Org, inspect.Supervisor)
		}
		if x.Role == "open" {
			by = m.who(x.Org, inspect.Clerk)
		}
		m.do(by, command(act.BatchDocument{Batch: c.id, Document: string(text)}))
	}
}

// commit leaves one contributor missing where the phase is not to end.
func (m *maker) commit(c *showing) {
	if reach[c.stop] >= 2 {
		m.deliver(c, reach[c.stop] >= 3, func(d act.BatchDocument) act.Command { return act.CommitBatch{BatchDocument: d} })
	}
}

func (m *maker) reveal(c *showing) {
	if reach[c.stop] >= 4 {
		m.deliver(c, true, func(d act.BatchDocument) act.Command { return act.RevealBatch{BatchDocument: d} })
	}
}

// event types the numbers twice: the clerk, and the leader.
func (m *maker) event(c *showing) {
	if reach[c.stop] < 5 {
		return
	}
	n := 0
	for _, b := range []byte(c.title) {
		n = (n*31 + int(b)) % 1_000_000
	}
	digits := strings.Split(fmt.Sprintf("%06d", n), "")
	typed := inspect.TypedSource{Code: "urn6", Numbers: strings.Join(digits, " "), Issue: "联席会议办公室会议室", Time: c.on + "T18:30"}
	m.do(m.who(c.org, inspect.Clerk), act.TypeEvent{Batch: c.id, Seen: m.stands(c.id).Version, Sources: []inspect.TypedSource{typed}})
	again := inspect.TypedSource{Code: typed.Code, Numbers: typed.Numbers}
	m.do(m.who(c.org, inspect.Leader), act.ConfirmEvent{Batch: c.id, Seen: m.stands(c.id).Version, Sources: []inspect.TypedSource{again}})
}

// unseal opens the envelopes; the custodian of a sealed list entrusts its secret; the
// platform draws, and discloses what is not sealed.
func (m *maker) unseal(c *showing) {
	if reach[c.stop] < 6 {
		return
	}
	m.deliver(c, true, func(d act.BatchDocument) act.Command { return act.UnsealBatch{BatchDocument: d} })
	if c.stop == inspect.BatchOpened {
		return
	}
	if c.seal {
		m.deliver(c, true, func(d act.BatchDocument) act.Command { return act.EntrustBatch{BatchDocument: d} })
	}
	system, run := inspect.System(Region), m.stands(c.id).Run
	m.do(system, act.DrawBatch{Batch: c.id, Run: run})
	if !c.seal {
		m.do(system, act.DiscloseBatch{Batch: c.id, Run: run})
	}
}

// dispatch sends the teams to their departments, one of which has acknowledged: R69.
func (m *maker) dispatch(c *showing) {
	b := m.stands(c.id)
	m.do(m.who(c.org, inspect.Leader), act.DispatchBatch{Batch: c.id, Seen: b.Version, Due: workday.MustParse("2026-11-27"), Confirm: b.Number})
	m.do(m.who("wjj", inspect.Clerk), act.ReceiveBatch{Batch: c.id})
}
