package office

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var teamsPage = web.NewPage[teamsView](files, "team_list.html", "team_part.html", "batch_part.html")

type teamsView struct {
	Batch    inspect.Batch
	Crumbs   []web.Link
	Numbers  []web.Number
	Filter   web.Filter
	Rows     []teamRow
	Pager    web.Pager
	File     string // of the exports, without what tells the kind
	Substs   string // path of the substitutions
	Schedule string // path of the days' page; empty for who arranges none
	Dispatch *web.Grave
	Due      web.Field
	Sent     []web.Fact // of the dispatch
	Receipts []receiptRow
	Receive  *web.Form
	Sealed   *sealedPart // nil of a list that is public
}

// A teamRow is one team of a list.
type teamRow struct {
	Href, Name, Object, Code, Place string
	Orgs, Leader, Members, Day      string
	State                           web.State
	Acks                            string
}

// A receiptRow is a department's answer to the dispatch.
type receiptRow struct {
	Org, Who string
	State    web.State
}

// registerTeams adds the pages of teams.
func (s *server) registerTeams(m *web.Mux) {
	m.Page("GET /office/batches/{id}/teams", inspect.TeamRead, s.teams)
	m.Page("GET /office/batches/{id}/teams.xlsx", inspect.TeamRead, s.onRecord(s.teamsFile))
	m.Page("GET /office/batches/{id}/teams.csv", inspect.TeamRead, s.onRecord(s.teamsFile))
	m.Page("GET /office/batches/{id}/teams.json", inspect.TeamRead, s.onRecord(s.teamsFile))
	m.Page("GET /office/batches/{id}/teams/{no}", inspect.TeamRead, s.onRecord(s.team))
	m.Page("GET /office/batches/{id}/teams/{no}/sheet", inspect.TeamRead, s.onRecord(s.teamSheet))
	m.Page("GET /office/batches/{id}/schedule", inspect.TeamSchedule, s.onRecord(s.schedule))
	m.Page("POST /office/batches/{id}/teams/{no}/replace", inspect.SubstAsk, s.askObject)
	m.Page("GET /office/batches/{id}/substitutions", inspect.TeamRead, s.onRecord(s.substs))
	m.Page("GET /office/visits", inspect.TeamMine, s.visits)
}

// teamScene is the batch that the address names with what its teams are seen in.
// To a reader who sees no team there is no such page: INV-05.
func (s *server) teamScene(r *http.Request) (c inspect.TeamScene, err error) {
	who := web.Actor(r)
	if c.Batch, err = s.db.Batch(r.Context(), who.Scope(), inspect.BatchID(r.PathValue("id"))); err != nil {
		return c, err
	}
	if c.Tasks, err = s.db.TasksOfBatch(r.Context(), who.Scope(), c.Batch); err != nil {
		return c, err
	}
	if c.Dispatch, err = s.db.Dispatch(r.Context(), who.Scope(), c.Batch.ID); errors.Is(err, inspect.ErrMissing) {
		err = nil
	}
	if err == nil && who.MayTo(inspect.TeamRead, c.BatchRelations(who.Org)...) != nil {
		err = inspect.ErrMissing
	}
	return c, err
}

// A teamTable is teams with what their rows say.
type teamTable struct {
	scene   inspect.TeamScene
	teams   []inspect.Team
	facts   inspect.Facts
	objects map[inspect.ObjectNo]inspect.Object
	files   map[inspect.InspectorNo]inspect.InspectorFile
	substs  []inspect.Subst
	closed  bool // the list is sealed, and the reader has put no reading on record
}

// teamTable reads the teams of the batch that the reader may see, with their
// substitutions. Those of a sealed list are for who has put a reading on record.
func (s *server) teamTable(r *http.Request) (t teamTable, err error) {
	who := web.Actor(r)
	if t.scene, err = s.teamScene(r); err != nil {
		return t, err
	}
	if t.scene.Batch.Hidden() {
		t.teams, t.substs, err = s.Desk.ReadTeams(r.Context(), who, t.scene.Batch.ID)
		if t.closed = closedTo(err); t.closed {
			err = nil
		}
	} else {
		var all []inspect.Team
		all, err = s.db.Teams(r.Context(), who.Scope(), store.TeamFilter{Batch: t.scene.Batch.ID})
		if err == nil {
			t.substs, err = s.db.Substs(r.Context(), who.Scope(), t.scene.Batch.ID)
		}
		t.teams = t.scene.Sees(who, all)
	}
	if err != nil {
		return t, err
	}
	return t, s.fillTeams(r, &t)
}

// fillTeams reads who and what the teams are about.
func (s *server) fillTeams(r *http.Request, t *teamTable) (err error) {
	who := web.Actor(r)
	if t.facts, err = s.db.Facts(r.Context(), who.Scope(), who.Org.Region); err != nil {
		return err
	}
	var nos []inspect.ObjectNo
	for _, x := range t.teams {
		nos = append(nos, x.Object)
	}
	objects, err := s.db.ObjectsOf(r.Context(), who.Scope(), nos)
	if err != nil {
		return err
	}
	t.objects = map[inspect.ObjectNo]inspect.Object{}
	for _, o := range objects {
		t.objects[o.No], _ = o.ForReader(who.Org.ID)
	}
	t.files, err = s.db.InspectorFiles(r.Context(), who.Scope(), inspect.TeamDays(t.teams).From, inspect.TeamMembers(t.teams))
	return err
}

// town names the town of a team's object.
func (t teamTable) town(x inspect.Team) string { return t.facts.Areas[t.objects[x.Object].Town] }

func teamPath(x inspect.Team) string {
	return fmt.Sprintf("/office/batches/%s/teams/%d", x.Batch, x.No)
}

// members are the names of the standing members, the leader first.
func (t teamTable) members(x inspect.Team) (names []string) {
	for _, m := range x.Standing() {
		names = append(names, t.files[m.Inspector].Name)
	}
	return names
}

func (t teamTable) orgs(x inspect.Team) string {
	names := []string{t.facts.Orgs[x.Org].Short}
	for _, id := range x.Orgs {
		if id != x.Org {
			names = append(names, t.facts.Orgs[id].Short)
		}
	}
	return strings.Join(names, "、")
}

func (t teamTable) row(x inspect.Team) teamRow {
	o := t.objects[x.Object]
	names := t.members(x)
	row := teamRow{
		Href: teamPath(x), Name: x.Name(), Object: o.Name, Code: o.Code, Place: t.town(x), Orgs: t.orgs(x), State: teamState(x),
		Leader: names[0], Members: strings.Join(names[1:], "、"), Day: "未安排",
	}
	if !x.Day.IsZero() {
		row.Day = x.Day.Short()
	}
	if x.State == inspect.TeamDispatched {
		row.Acks = acksText(x)
	}
	return row
}

// acksText is how many members know of the visit.
func acksText(x inspect.Team) string {
	n, all := 0, x.Standing()
	for _, m := range all {
		if !m.At.IsZero() {
			n++
		}
	}
	return fmt.Sprintf("%d/%d 人已签收", n, len(all))
}

func teamState(x inspect.Team) web.State {
	shape := map[inspect.TeamState]web.Shape{
		inspect.TeamFormed: web.Waiting, inspect.TeamScheduled: web.Going, inspect.TeamDispatched: web.Happy,
		inspect.TeamReplaced: web.Bad, inspect.TeamAnnulled: web.Bad,
	}[x.State]
	return web.State{Shape: shape, Text: x.State.Text()}
}

// narrowed are the teams that the address asks for, by words, department, state and
// day.
func (t teamTable) narrowed(r *http.Request) []inspect.Team {
	q := r.URL.Query()
	text := strings.TrimSpace(q.Get("q"))
	return slices.DeleteFunc(slices.Clone(t.teams), func(x inspect.Team) bool {
		o := t.objects[x.Object]
		said := strings.Join(append(t.members(x), x.Name(), o.Name, o.Code, o.Address), " ")
		return text != "" && !strings.Contains(said, text) ||
			q.Get("org") != "" && !slices.Contains(x.Orgs, inspect.OrgID(q.Get("org"))) ||
			q.Get("state") != "" && string(x.State) != q.Get("state") ||
			q.Get("day") == "none" && !x.Day.IsZero() || q.Get("day") != "" && q.Get("day") != "none" && x.Day.String() != q.Get("day")
	})
}

// teams lists the teams of a batch, tells of their dispatch, and lets the organiser's
// leader dispatch them and departments give their receipts: R69.
func (s *server) teams(w http.ResponseWriter, r *http.Request) error {
	t, err := s.teamTable(r)
	if err != nil {
		return err
	}
	b, who := t.scene.Batch, web.Actor(r)
	v := teamsView{Batch: b, File: batchPath(b) + "/teams", Substs: batchPath(b) + "/substitutions"}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number, Href: batchPath(b)}, {Text: "检查小组"}}
	if v.Sealed, err = s.sealedPart(r, t); err != nil {
		return err
	}
	if !t.closed {
		v.Numbers = teamNumbers(t.teams)
	}
	found := t.narrowed(r)
	at, size := web.PageOf(r)
	after, _ := strconv.Atoi(at) // nonsense is the first page
	from, _ := slices.BinarySearchFunc(found, after+1, func(x inspect.Team, no int) int { return x.No - no })
	page := found[from:min(from+size, len(found))]
	next := ""
	if from+size < len(found) {
		next = strconv.Itoa(page[size-1].No)
	}
	for _, x := range page {
		v.Rows = append(v.Rows, t.row(x))
	}
	v.Pager = web.NewPager(r, "teams", fmt.Sprintf("共 %d 组，本页 %d 组", len(found), len(page)), next)
	v.Filter = web.NewFilter(r, "对象、代码或者检查人员", "teams", t.chips(r)...)
	if slices.ContainsFunc(t.teams, func(x inspect.Team) bool {
		return x.Stands() && who.MayTo(inspect.TeamSchedule, t.scene.Relations(who.Org, x)...) == nil
	}) {
		v.Schedule = batchPath(b) + "/schedule"
	}
	s.dispatchForm(r, &v, t)
	return errors.Join(s.dispatchState(r, &v, t), teamsPage.Show(w, r, v))
}

func teamNumbers(teams []inspect.Team) []web.Number {
	standing, days, acks, people := 0, 0, 0, 0
	for _, x := range teams {
		if !x.Stands() {
			continue
		}
		standing++
		if !x.Day.IsZero() {
			days++
		}
		for _, m := range x.Standing() {
			people++
			if !m.At.IsZero() {
				acks++
			}
		}
	}
	return []web.Number{
		{Label: "检查小组", Value: strconv.Itoa(standing), Unit: "组"}, {Label: "已安排日期", Value: strconv.Itoa(days), Unit: "组"},
		{Label: "成员已签收", Value: strconv.Itoa(acks), Unit: fmt.Sprintf("/ %d 人次", people)},
	}
}

// chips are what the list is narrowed by.
func (t teamTable) chips(r *http.Request) []web.Chip {
	var orgs, days []web.Option
	for _, id := range inspect.BatchParties(t.scene.Tasks) {
		orgs = append(orgs, web.Option{Value: string(id), Text: t.facts.Orgs[id].Short})
	}
	seen := map[workday.Date]bool{}
	for _, x := range t.teams {
		if !x.Day.IsZero() && !seen[x.Day] {
			seen[x.Day] = true
			days = append(days, web.Option{Value: x.Day.String(), Text: x.Day.Short()})
		}
	}
	slices.SortFunc(days, func(a, b web.Option) int { return strings.Compare(a.Value, b.Value) })
	days = append([]web.Option{{Value: "none", Text: "未安排"}}, days...)
	return []web.Chip{
		web.NewChip(r, "部门", "org", orgs...), web.NewChip(r, "检查日期", "day", days...), web.NewChip(r, "状态", "state", web.Options(inspect.TeamStates)...),
	}
}

// dispatchForm offers the dispatch to who organised the draw: R69.
func (s *server) dispatchForm(r *http.Request, v *teamsView, t teamTable) {
	who, b := web.Actor(r), t.scene.Batch
	has := t.scene.BatchRelations(who.Org)
	if t.scene.Dispatch.Done() {
		waits := slices.ContainsFunc(t.scene.Dispatch.Receipts, func(x inspect.DispatchReceipt) bool { return x.Org == who.Org.ID && x.By == "" })
		if waits && who.MayTo(inspect.BatchReceive, has...) == nil {
			form := web.FormOf(r, act.ReceiveBatch{Batch: b.ID}, "batch")
			v.Receive = &form
		}
		return
	}
	if b.State != inspect.BatchDisclosed && !b.Hidden() || b.State == inspect.BatchAnnulled || t.closed || who.MayTo(inspect.BatchDispatch, has...) != nil {
		return
	}
	due, _ := s.Calendar.Add(s.today(), receiptDays)
	g := &web.Grave{
		Title: "派发检查名单", Button: "派发", Expect: b.Number, Form: web.FormOf(r, act.DispatchBatch{Batch: b.ID, Seen: b.Version, Due: due}, "batch", "seen"),
		Effects: []string{
			fmt.Sprintf("%d 个检查小组及其检查对象发给各参与部门，成员在“我的检查”中看到。", len(t.teams)),
			"派发以后不能再撤销抽取；个别对象无法检查的办理递补，人员不能参加的办理替换。", "检查日期可以在派发之后安排。",
		},
	}
	if b.Hidden() {
		g.Effects = append(g.Effects, "名单仍然封存：成员只看到自己的检查，各部门登记事由后查阅，到公告的时间才公开。", "“说明”参与部门都能看到，不要写入检查对象。")
	}
	for _, x := range t.teams {
		if err := errors.Join(x.Whole(), x.Fit(t.files)); err != nil && x.Stands() && len(g.Why) < 5 {
			g.Why = append(g.Why, inspect.ProblemsOf(err)[0].Error())
		}
	}
	if len(t.teams) == 0 {
		g.Why = append(g.Why, inspect.ErrTeamNone.Error())
	}
	v.Dispatch = g
}

// receiptDays is the time that the form of the dispatch begins with, in working days.
const receiptDays = 2

// dispatchState tells of the dispatch and its receipts; overdue ones stand out.
func (s *server) dispatchState(r *http.Request, v *teamsView, t teamTable) error {
	d := t.scene.Dispatch
	if !d.Done() {
		return nil
	}
	ids := []inspect.PersonID{d.By}
	for _, x := range d.Receipts {
		ids = append(ids, x.By)
	}
	names, err := s.db.Names(r.Context(), web.Actor(r).Scope(), ids...)
	if err != nil {
		return err
	}
	v.Sent = []web.Fact{{Label: "派发", Value: names[d.By], Note: web.Stamp(d.At)}, {Label: "回执期限", Value: d.Due.Full()}}
	if d.Note != "" {
		v.Sent = append(v.Sent, web.Fact{Label: "说明", Value: d.Note})
	}
	for _, x := range d.Receipts {
		row := receiptRow{Org: t.facts.Orgs[x.Org].Short, State: web.State{Shape: web.Waiting, Text: "待签收"}}
		switch {
		case x.By != "":
			row.Who, row.State = names[x.By]+"　"+web.Stamp(x.At), web.State{Shape: web.Happy, Text: "已签收"}
		case s.today().After(d.Due):
			row.State = web.State{Shape: web.Bad, Text: "逾期未签收"}
		}
		v.Receipts = append(v.Receipts, row)
	}
	return nil
}

// teamsFile sends the teams that the filter finds, for the provincial platform: R69.
func (s *server) teamsFile(w http.ResponseWriter, r *http.Request) error {
	t, err := s.teamTable(r)
	if err != nil || t.closed {
		return cmp.Or(err, error(inspect.ErrBatchReading))
	}
	heads := []string{"批次编号", "小组", "检查对象", "统一社会信用代码或编号", "地址", "所在镇街", "抽查任务", "牵头部门", "参与部门", "组长", "组员", "检查日期", "状态"}
	file, err := s.sendTable(w, r, "teams-"+t.scene.Batch.Number, shownTable("检查小组", heads))
	if err != nil {
		return err
	}
	for _, x := range t.narrowed(r) {
		o, row := t.objects[x.Object], t.row(x)
		err = errors.Join(err, file.Write([]string{
			t.scene.Batch.Number, strconv.Itoa(x.No), o.Name, o.Code, o.Address, t.town(x), t.tasks(x), t.facts.Orgs[x.Org].Short, row.Orgs, row.Leader, row.Members,
			dayText(x.Day), x.State.Text(),
		}))
	}
	return errors.Join(err, file.Close())
}

// tasks are the numbers of a team's tasks.
func (t teamTable) tasks(x inspect.Team) string {
	var numbers []string
	for _, k := range t.scene.Tasks {
		if slices.Contains(x.Tasks, k.ID) {
			numbers = append(numbers, k.Number)
		}
	}
	return strings.Join(numbers, "、")
}

// dayText is a day as files have it; empty is none.
func dayText(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}
