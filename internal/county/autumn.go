package county

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// An event is something that people did, and when they began.
type event struct {
	at string
	do func()
}

// run carries out events in the order of their times. One that has to wait for an
// earlier one is late.
func (m *maker) run(agenda []event) {
	slices.SortStableFunc(agenda, func(a, b event) int { return strings.Compare(a.at, b.at) })
	for i, e := range agenda {
		if m.err != nil {
			return
		}
		if i%20 == 0 {
			m.tell("办理秋季的检查和结果", int64(i), int64(len(agenda)))
		}
		if at, ok := inspect.Moment(strings.Replace(e.at, " ", "T", 1)); ok && at.After(m.now) {
			m.now = at
		}
		e.do()
	}
}

// plansAhead is what the departments and the office do about plans in autumn.
func (m *maker) plansAhead() []event {
	return []event{
		{"2026-11-16 09:12", m.adjustInAutumn}, {"2026-11-17 09:00", m.draft2027}, {"2026-11-18 14:00", m.report2027}, {"2026-11-20 09:00", m.merge2027},
	}
}

// The batch that has gone to the chain's end, and the departments that took part.
const autumnTitle = "9月餐饮服务联合抽取"

var autumnOrgs = []string{"scjg", "zhzf", "zjj"}

// AutumnBatch is the id of the batch that has gone to the chain's end.
func AutumnBatch() inspect.BatchID { return id[inspect.BatchID]("batch", autumnTitle) }

// autumn draws and dispatches that batch, and returns what happened at its visits and
// with their results. In a county with few objects or inspectors there is none.
func (m *maker) autumn() []event {
	m.desk.KeepFiles(func(_ context.Context, digest string) (inspect.Blob, bool, error) {
		f, ok := m.evidence.Find(digest)
		return inspect.Blob{Size: f.Size, Type: f.Type}, ok, nil
	})
	m.at("2026-09-08 09:00")
	m.checklists()
	c := &showing{
		org: "lhb", title: autumnTitle, stop: inspect.BatchDisclosed, on: "2026-09-16",
		lines: []line{{inspect.PlanJoint, "scjg", "餐饮服务联合抽查", "10%，不多于20户"}},
		days:  inspect.Days{From: workday.MustParse("2026-10-12"), Until: workday.MustParse("2026-12-11")},
		why:   "避开节日用餐高峰，检查时间调整到10月至12月，比例按实有户数核定。",
	}
	if len(m.draws([]*showing{c}, m.now)) == 0 || len(m.teams(c.id)) == 0 {
		return nil
	}
	m.at("2026-09-17 09:30")
	m.schedule(c)
	b := m.stands(c.id)
	m.do(m.who("lhb", inspect.Leader), act.DispatchBatch{Batch: c.id, Seen: b.Version, Due: workday.MustParse("2026-09-22"), Confirm: b.Number})
	for _, org := range autumnOrgs {
		m.do(m.who(org, inspect.Clerk), act.ReceiveBatch{Batch: c.id})
	}
	return m.agenda(c)
}

// checklists puts questions onto the items of the batch: R23.
func (m *maker) checklists() {
	dash := func(text string) string { return strings.TrimPrefix(text, "-") }
	for _, q := range rows("questions.tsv") {
		item := id[inspect.ItemID]("item", q[1])
		m.do(m.who(q[0], inspect.Clerk), act.PutQuestion{Item: item, Seen: m.asked(item), Reason: "编制表单", QuestionRow: inspect.QuestionRow{
			Name: q[2], Type: inspect.QuestionType(q[3]), Required: q[4] == "yes", Label: q[5], Hint: dash(q[6]),
			Choices: strings.Join(list(q[7]), "\n"), If: dash(q[8]), Is: dash(q[9]),
		}})
	}
}

// teams are those of a batch, whose members are known from then on.
func (m *maker) teams(batch inspect.BatchID) []inspect.Team {
	if m.err != nil {
		return nil
	}
	teams, err := m.db.Teams(m.ctx, inspect.Scope{}, store.TeamFilter{Batch: batch})
	if err == nil && m.files == nil {
		m.files, err = m.db.InspectorFiles(m.ctx, m.who("lhb", inspect.Clerk).Scope(), inspect.TeamDays(teams).From, inspect.TeamMembers(teams))
	}
	m.err = err
	return teams
}

// schedule puts the visits of the batch on days on which everybody can come, the first
// ones after those of the table: R73.
func (m *maker) schedule(c *showing) {
	teams := m.teams(c.id)
	m.train(teams)
	s := inspect.Scheduler{Calendar: workday.Official(), Today: workday.On(m.now), Files: m.files, Diary: inspect.Diary{}, Most: 3}
	put := act.ScheduleTeams{Batch: c.id}
	for i, t := range teams {
		if i < len(scenes()) {
			t.Days.From = scenes()[i].day
		}
		free := s.Propose([]inspect.Team{t}, func(inspect.Team) string { return "" })
		for _, t := range free.Teams {
			put.Teams, put.Seen, put.Days = append(put.Teams, t.ID), append(put.Seen, t.Version), append(put.Days, t.Day)
		}
	}
	m.do(m.who("scjg", inspect.Clerk), put)
}

// train notes that the members of the lead department were taught in September: it asks
// for hours of the last twelve months (R123), which older ones are no longer of.
func (m *maker) train(teams []inspect.Team) {
	for _, no := range inspect.TeamMembers(teams) {
		f := m.files[no]
		if f.Org != m.orgs["scjg"].ID || m.err != nil {
			continue
		}
		learnt := act.PutTraining{Training: id[inspect.TrainingID]("training in September", f.Code), Inspector: no, Topic: "餐饮服务联合抽查业务培训", Hours: 8, Exam: "passed", Day: workday.MustParse("2026-09-10")}
		m.do(m.who("scjg", inspect.Clerk), learnt)
		f.Trainings = append(f.Trainings, inspect.Training{Inspector: no, Hours: learnt.Hours, Exam: learnt.Exam, Day: learnt.Day})
		m.files[no] = f
	}
}

// crew are the members of a team as they act, the leader first.
func (m *maker) crew(t inspect.Team) (all []inspect.Actor) {
	members := t.Standing()
	slices.SortStableFunc(members, func(a, b inspect.TeamMember) int { return cmp.Compare(b2i(b.Leader), b2i(a.Leader)) })
	for _, one := range members {
		f := m.files[one.Inspector]
		all = append(all, m.officer(m.code(one.Org), f.Code, f.Name))
	}
	return all
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// on is a time of a day, as events have it.
func on(day workday.Date, clock string) string { return day.String() + " " + clock }

// after is a working day some days after another.
func after(day workday.Date, n int) workday.Date {
	day, _ = workday.Official().Add(day, n)
	return day
}

func dayOf(t time.Time) workday.Date { return workday.On(t) }

// dated is a date of a table.
func dated(text string) workday.Date {
	if text == "-" {
		return workday.Date{}
	}
	return workday.MustParse(text)
}

func moment(t time.Time) string { return t.Format(time.RFC3339) }

// An Autumn is the batch that has gone to the chain's end, for who shows it: its visits
// are told by their numbers, from 1.
type Autumn struct {
	m      *maker
	visits []*visit
	codes  map[inspect.VisitID]string
}

// ReadAutumn finds that batch in a county that Fill has made. It has no visits where
// there was too little for it.
func ReadAutumn(ctx context.Context, db *store.DB) (Autumn, error) {
	m := &maker{ctx: ctx, db: db}
	m.name()
	a := Autumn{m: m, codes: map[inspect.VisitID]string{}}
	for i, t := range m.teams(AutumnBatch()) {
		if i < len(scenes()) {
			a.visits = append(a.visits, &visit{scenes()[i], t, m.crew(t)})
		}
	}
	begun, err := db.VisitsOfBatch(ctx, inspect.Scope{}, AutumnBatch())
	for _, v := range begun {
		a.codes[v.ID] = v.Code
	}
	return a, errors.Join(m.err, err)
}

// Visits is how many visits the batch has.
func (a Autumn) Visits() int { return len(a.visits) }

// Team is the team of a visit.
func (a Autumn) Team(n int) inspect.TeamID { return a.visits[n-1].team.ID }

// Leader is who leads a visit.
func (a Autumn) Leader(n int) Person { return a.person(a.visits[n-1].crew[0]) }

// Last is who signs a visit last.
func (a Autumn) Last(n int) Person {
	crew := a.visits[n-1].crew
	return a.person(crew[len(crew)-1])
}

// Member is one of a department at a visit.
func (a Autumn) Member(n int, org string) Person {
	return a.person(a.visits[n-1].member(a.m.orgs[org].ID))
}

// Code is the inspection code of a visit that has begun.
func (a Autumn) Code(n int) string { return a.codes[inspect.VisitIDOf(a.Team(n))] }

func (a Autumn) person(who inspect.Actor) Person {
	for _, f := range a.m.files {
		if f.Person == who.Person {
			return Person{who.Person, signInOf(f.Code), who.Name, who.Org.Short, inspect.InspectorPost}
		}
	}
	return Person{}
}

// Result is a department's result of a visit.
func (a Autumn) Result(n int, org string) inspect.ResultID {
	return inspect.ResultIDOf(inspect.VisitIDOf(a.Team(n)), a.m.orgs[org].ID)
}
