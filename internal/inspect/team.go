package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/workday"
)

// TeamID names one team.
type TeamID string

// A TeamState is how far a team has come.
type TeamState string

// The states of a team. Replaced is one whose object another has taken the place of;
// annulled one whose draw was annulled.
const (
	TeamFormed     TeamState = "formed"
	TeamScheduled  TeamState = "scheduled"
	TeamDispatched TeamState = "dispatched"
	TeamReplaced   TeamState = "replaced"
	TeamAnnulled   TeamState = "annulled"
)

// TeamStates lists the states in the order of filters.
var TeamStates = []Choice{
	{string(TeamFormed), "待安排日程"}, {string(TeamScheduled), "待派发"}, {string(TeamDispatched), "已派发"},
	{string(TeamReplaced), "对象已递补"}, {string(TeamAnnulled), "随抽取撤销"},
}

// Text is the state as users read it.
func (s TeamState) Text() string { return ChoiceText(TeamStates, string(s)) }

// teamLife is every move a team can make. Dispatching, substituting and annulling are
// acts on something greater, which take their teams along.
var teamLife = Life[TeamState]{
	{TeamSchedule, TeamFormed, TeamScheduled}, // R73
	{TeamSchedule, TeamScheduled, TeamScheduled},
	{TeamSchedule, TeamDispatched, TeamDispatched},
	{BatchDispatch, TeamFormed, TeamDispatched}, // R69
	{BatchDispatch, TeamScheduled, TeamDispatched},
	{TeamAcknowledge, TeamDispatched, TeamDispatched}, // R74
	{SubstGrant, TeamFormed, TeamReplaced},            // R68: its object cannot be inspected
	{SubstGrant, TeamScheduled, TeamReplaced},
	{SubstGrant, TeamDispatched, TeamReplaced},
	{BatchAnnul, TeamFormed, TeamAnnulled}, // C18
	{BatchAnnul, TeamScheduled, TeamAnnulled},
}

// TeamLife returns the moves of a team.
func TeamLife() Life[TeamState] { return teamLife }

// A Team (检查小组) visits one drawn object for all tasks that drew it (综合查一次):
// R71, R72, 海政办发〔2020〕2号 二(五)3. The inspectors were matched by the draw. Its
// number is its place in the order of the tickets, and tells nothing of the object.
type Team struct {
	ID      TeamID
	Version int64
	Batch   BatchID
	Run     int
	No      int
	Org     OrgID   // whose inspector leads: the initiator of the first task, R72
	Orgs    []OrgID // the departments that are present, ascending
	State   TeamState
	Sealed  bool   // the rest and the departments are kept encrypted
	Closed  string // of a sealed team that is not opened: what is encrypted; the rest is zero
	TeamBody
}

// A TeamBody is what nobody outside the team and the lead departments learns before
// the dispatch: INV-05. It is kept as one text.
type TeamBody struct {
	Object  ObjectNo
	Drawn   string // the object's id in the documents of the draw
	Tasks   []TaskID
	Days    Days // in which the visit falls
	Day     workday.Date
	Reason  string // why the day was changed last
	Members []TeamMember
	Instead int     // the number of the team whose object could not be inspected
	Taken   SubstID // that took its object away
}

// A TeamMember is one inspector of a team: as the draw gave it, or as a substitution
// changed it. Who is out stays readable.
type TeamMember struct {
	Org       OrgID
	Line      int
	Inspector InspectorNo
	Leader    bool
	Out       bool
	By        SubstID // that brought the inspector in, or out
	At        time.Time
}

// TeamIDOf is the id of a team of a run.
func TeamIDOf(batch BatchID, run, no int) TeamID {
	return TeamID(OwnID(string(batch), "team", strconv.Itoa(run), strconv.Itoa(no)))
}

// Name is the team as people call it.
func (t Team) Name() string { return fmt.Sprintf("第 %d 组", t.No) }

// Verbs returns what can be done with the team now, by whoever may.
func (t Team) Verbs() []Verb { return teamLife.Verbs(t.State) }

// Stands reports whether the team visits its object.
func (t Team) Stands() bool { return t.State != TeamReplaced && t.State != TeamAnnulled }

// Standing are the members that are not replaced.
func (t Team) Standing() []TeamMember {
	return slices.DeleteFunc(slices.Clone(t.Members), func(m TeamMember) bool { return m.Out })
}

// Member finds a standing member.
func (t Team) Member(no InspectorNo) (TeamMember, bool) {
	for _, m := range t.Members {
		if m.Inspector == no && !m.Out {
			return m, true
		}
	}
	return TeamMember{}, false
}

// Leader is the standing leader (组长): R72.
func (t Team) Leader() TeamMember {
	for _, m := range t.Members {
		if m.Leader && !m.Out {
			return m
		}
	}
	return TeamMember{}
}

// Whole fails unless the team can act: one leader, who is of the lead department
// (R72, C8, INV-07), and two inspectors of each department that is present (C9, INV-08).
func (t Team) Whole() error {
	leaders, of := 0, map[OrgID]int{}
	for _, m := range t.Standing() {
		of[m.Org]++
		if m.Leader {
			leaders++
		}
	}
	if leaders != 1 || t.Leader().Org != t.Org {
		return ErrTeamLeader.With(t.No)
	}
	for _, org := range t.Orgs {
		if of[org] < 2 {
			return ErrTeamOfficers.With(t.No)
		}
	}
	return nil
}

func (t Team) step(verb Verb) (Team, error) {
	next, err := teamLife.Next(t.State, verb)
	if err != nil {
		return t, err
	}
	t.State = next
	return t, nil
}

// FormTeams makes the teams of a run, one for each object, from its drawn list and
// its seats: R71, 海政办发〔2020〕2号 二(五)3. Without seats there is none.
func (b Batch) FormTeams(tasks []Task, rows []DrawnRow, seats []Seat) []Team {
	if len(seats) == 0 {
		return nil
	}
	byID := map[TaskID]Task{}
	for _, t := range tasks {
		byID[t.ID] = t
	}
	members := map[string][]Seat{}
	for _, s := range seats {
		members[s.ID] = append(members[s.ID], s)
	}
	of := map[string][]Task{}
	for _, row := range rows {
		if !row.Reserve {
			of[row.ID] = append(of[row.ID], byID[row.Task])
		}
	}
	var teams []Team
	for _, row := range rows {
		if len(of[row.ID]) == 0 { // in reserve, or it has its team
			continue
		}
		teams = append(teams, b.newTeam(len(teams)+1, row.ID, row.Object, of[row.ID], members[row.ID]))
		delete(of, row.ID)
	}
	return teams
}

// VisitedRows are the objects of teams, as rows of the lists that they were drawn for
// or took a place on.
func VisitedRows(teams []Team) (rows []DrawnRow) {
	for _, t := range teams {
		for _, task := range t.Tasks {
			rows = append(rows, DrawnRow{Batch: t.Batch, Run: t.Run, Task: task, ID: t.Drawn, Object: t.Object})
		}
	}
	return rows
}

// newTeam is the team of an object that the tasks drew.
func (b Batch) newTeam(no int, id string, object ObjectNo, tasks []Task, seats []Seat) Team {
	t := Team{ID: TeamIDOf(b.ID, b.Run, no), Batch: b.ID, Run: b.Run, No: no, State: TeamFormed, Sealed: b.Sealed()}
	t.Object, t.Drawn, t.Days = object, id, visitDays(tasks)
	for _, x := range tasks {
		t.Tasks = append(t.Tasks, x.ID)
	}
	for _, s := range seats {
		t.Members = append(t.Members, TeamMember{Org: s.Org, Line: s.Line, Inspector: s.Inspector, Leader: s.Leader})
		t.Orgs = append(t.Orgs, s.Org)
		if s.Leader {
			t.Org = s.Org
		}
	}
	slices.Sort(t.Orgs)
	t.Orgs = slices.Compact(t.Orgs)
	slices.SortStableFunc(t.Members, func(a, b TeamMember) int {
		return cmp.Or(-compareBool(a.Leader, b.Leader), -compareBool(a.Org == t.Org, b.Org == t.Org), cmp.Compare(a.Org, b.Org), cmp.Compare(a.Inspector, b.Inspector))
	})
	return t
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// visitDays are the days that all tasks have in common, so that one visit does for
// all; if there are none, those from the first to the last.
func visitDays(tasks []Task) Days {
	days := tasks[0].Days()
	for _, t := range tasks[1:] {
		if t.From.After(days.From) {
			days.From = t.From
		}
		if t.Until.Before(days.Until) {
			days.Until = t.Until
		}
	}
	if days.Until.Before(days.From) {
		return BatchDays(tasks)
	}
	return days
}

// Schedule puts the visit on a day of its tasks: R73. Once the team knows its day, a
// change needs a reason, which the members read.
func (t Team) Schedule(day workday.Date, reason string, today workday.Date) (Team, error) {
	next, err := t.step(TeamSchedule)
	if err != nil {
		return t, err
	}
	var ps Problems
	next.Reason = short(&ps, "reason", "变更理由", reason, 100)
	switch {
	case day.Before(t.Days.From) || day.After(t.Days.Until):
		ps = append(ps, ErrTeamDay.With(t.No, t.Days.Text()).At("days"))
	case day.Before(today):
		ps = append(ps, ErrTeamPast.With(t.No).At("days"))
	case t.State == TeamDispatched && !t.Day.IsZero() && t.Day != day && next.Reason == "":
		ps = append(ps, ErrTeamReason.With(t.No).At("reason"))
	}
	next.Day = day
	return next, ps.Err()
}

// Dispatch sends the team's list to its departments and members: R69, INV-08.
func (t Team) Dispatch() (Team, error) {
	if err := t.Whole(); err != nil {
		return t, err
	}
	return t.step(BatchDispatch)
}

// Acknowledge is a member's own: I know of the visit: R74.
func (t Team) Acknowledge(no InspectorNo, now time.Time) (Team, error) {
	if _, err := t.step(TeamAcknowledge); err != nil {
		return t, err
	}
	t.Members = slices.Clone(t.Members)
	for i, m := range t.Members {
		if m.Inspector == no && !m.Out {
			if !m.At.IsZero() {
				return t, ErrTeamAgain
			}
			t.Members[i].At = now
			return t, nil
		}
	}
	return t, ErrMissing
}

// Annul ends the team with its draw: C18.
func (t Team) Annul() (Team, error) { return t.step(BatchAnnul) }

// A Dispatch (派发) is the sending of a batch's teams to the departments: R69,
// 海政办发〔2020〕2号 二(五)2. Each of them gives a receipt.
type Dispatch struct {
	ID       string // that of the batch
	Version  int64
	Region   string
	Batch    BatchID
	Run      int
	Teams    int
	By       PersonID
	At       time.Time
	Due      workday.Date // until when receipts are expected
	Note     string
	Receipts []DispatchReceipt // of every department, ascending
}

// A DispatchReceipt (回执) is a department's answer; of By "" it has not answered.
type DispatchReceipt struct {
	Org OrgID
	By  PersonID
	At  time.Time
}

// Dispatch begins the dispatch of the batch's teams to the departments of its tasks.
// Only the list of a draw that stands is dispatched, and once.
func (b Batch) Dispatch(tasks []Task, teams int, due workday.Date, note string, by PersonID, now time.Time) (Dispatch, error) {
	today := workday.On(now)
	d := Dispatch{ID: string(b.ID), Region: b.Region, Batch: b.ID, Run: b.Run, Teams: teams, By: by, At: now, Due: due}
	switch {
	case b.State != BatchDisclosed && !(b.Hidden() && b.State == BatchDrawn): // R81: a sealed list goes out before its day
		return d, ErrStep.With(BatchDispatch.Text())
	case teams == 0:
		return d, ErrTeamNone
	}
	var ps Problems
	d.Note = short(&ps, "note", "说明", note, 200)
	if due.Before(today) || due.DaysSince(today) > dueMost {
		ps = append(ps, ErrTeamDue.With(today.String()).At("due"))
	}
	for _, org := range BatchParties(tasks) {
		d.Receipts = append(d.Receipts, DispatchReceipt{Org: org})
	}
	return d, ps.Err()
}

// dueMost is the longest time for receipts, in days.
const dueMost = 30

// Receive is the receipt of a department, given once.
func (d Dispatch) Receive(org OrgID, by PersonID, now time.Time) (Dispatch, error) {
	d.Receipts = slices.Clone(d.Receipts)
	for i, r := range d.Receipts {
		if r.Org == org && r.By == "" {
			d.Receipts[i].By, d.Receipts[i].At = by, now
			return d, nil
		}
	}
	return d, ErrStep.With(BatchReceive.Text())
}

// Done reports whether the batch was dispatched.
func (d Dispatch) Done() bool { return !d.At.IsZero() }

// A TeamScene is what teams of a batch are seen in.
type TeamScene struct {
	Batch    Batch
	Tasks    []Task
	Dispatch Dispatch // zero before it
}

// task finds a task of the batch.
func (s TeamScene) task(id TaskID) Task {
	i := slices.IndexFunc(s.Tasks, func(t Task) bool { return t.ID == id })
	if i < 0 {
		return Task{}
	}
	return s.Tasks[i]
}

// Leads reports whether org leads one of the tasks.
func (s TeamScene) leads(org OrgID, tasks []TaskID) bool {
	return slices.ContainsFunc(tasks, func(id TaskID) bool { return s.task(id).Org == org })
}

// takesPart reports whether org is a department of one of the tasks.
func (s TeamScene) takesPart(org OrgID) bool { return slices.Contains(BatchParties(s.Tasks), org) }

// BatchRelations returns what org has to do with the teams of the batch as a whole.
// Before the dispatch they are for who organised the draw and for the departments
// that lead its tasks: INV-05. Who only watches sees those of a sealed list once it is
// public.
func (s TeamScene) BatchRelations(org Org) []Relation {
	var has []Relation
	if org.ID == s.Batch.Org {
		has = append(has, Owner)
	}
	if org.Region != s.Batch.Region {
		return has
	}
	if s.leads(org.ID, s.Batch.Tasks) || s.Dispatch.Done() && s.takesPart(org.ID) {
		has = append(has, Participant)
	}
	switch {
	case s.Batch.Hidden():
	case org.Kind == OrgOffice && s.Dispatch.Done():
		has = append(has, Office) // R17
	case org.Kind == OrgOversight:
		has = append(has, Oversight)
	}
	return has
}

// Relations returns what org has to do with one team: it leads it, takes part in it,
// organised its draw, or watches over it.
func (s TeamScene) Relations(org Org, t Team) []Relation {
	var has []Relation
	if org.ID == t.Org {
		has = append(has, Owner)
	}
	if org.Region != s.Batch.Region {
		return has
	}
	if s.leads(org.ID, t.Tasks) || s.Dispatch.Done() && slices.Contains(t.Orgs, org.ID) {
		has = append(has, Participant)
	}
	switch {
	case org.ID == s.Batch.Org, org.Kind == OrgOffice && s.Dispatch.Done() && !s.Batch.Hidden():
		has = append(has, Office)
	case s.Batch.Hidden():
	case org.Kind == OrgOversight:
		has = append(has, Oversight)
	}
	return has
}

// Sees are those of the teams that who may read, in their order.
func (s TeamScene) Sees(who Actor, teams []Team) []Team {
	return slices.DeleteFunc(slices.Clone(teams), func(t Team) bool { return who.MayTo(TeamRead, s.Relations(who.Org, t)...) != nil })
}

// teamOrder is the order of a list of teams.
func teamOrder(a, b Team) int {
	return cmp.Or(strings.Compare(string(a.Batch), string(b.Batch)), cmp.Compare(a.No, b.No))
}

// Has reports whether somebody is or was a member.
func (t Team) Has(no InspectorNo) bool {
	return slices.ContainsFunc(t.Members, func(m TeamMember) bool { return m.Inspector == no })
}
