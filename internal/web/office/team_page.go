package office

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/ceremony"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	teamPage      = web.NewPage[teamView](files, "team.html", "team_part.html", "subst_part.html")
	teamSheetPage = web.NewPage[teamView](files, "team_sheet.html", "team_part.html")
	schedulePage  = web.NewPage[scheduleView](files, "team_schedule.html", "team_part.html")
	visitsPage    = web.NewPage[visitsView](files, "team_mine.html", "team_part.html")
)

type teamView struct {
	Batch   inspect.Batch
	Team    inspect.Team
	Crumbs  []web.Link
	State   web.State
	Object  inspect.Object
	Facts   []web.Fact
	Items   []teamItem
	Members []crewRow
	Day     *web.Form // nil for who does not set it
	Free    string    // the first days that suit everybody
	Sheet   string
	Visit   string // path of the visit; empty before the dispatch
	Substs  []substRow
	Asks    *substAsks
	Log     []web.Entry
	Printed string
	Code    string // 短码 of the object
	QR      web.QR
	URL     string
}

// A teamItem is an item of the visit.
type teamItem struct{ Org, Name, Task string }

// A crewRow is one member, standing or replaced.
type crewRow struct {
	Name, Org, Role, Phone string
	Out                    bool
	State                  web.State
}

// teamOf is the team that the address names, among those that the reader may see.
func (s *server) teamOf(r *http.Request) (t teamTable, x inspect.Team, err error) {
	if t, err = s.teamTable(r); err == nil && t.closed {
		err = inspect.ErrBatchReading
	}
	if err != nil {
		return t, x, err
	}
	no, _ := strconv.Atoi(r.PathValue("no")) // nonsense is no team
	i := slices.IndexFunc(t.teams, func(x inspect.Team) bool { return x.No == no })
	if i < 0 {
		return t, x, inspect.ErrMissing
	}
	return t, t.teams[i], nil
}

// team shows one team: whom it visits, who is in it, when, and what for.
func (s *server) team(w http.ResponseWriter, r *http.Request) error {
	t, x, err := s.teamOf(r)
	if err != nil {
		return err
	}
	v, err := s.teamView(r, t, x)
	if err != nil {
		return err
	}
	who := web.Actor(r)
	if x.State == inspect.TeamDispatched && who.MayTo(inspect.VisitRead, t.scene.Relations(who.Org, x)...) == nil {
		v.Visit = visitPath(x.ID)
	}
	if slices.Contains(who.Among(x.Verbs(), t.scene.Relations(who.Org, x)...), inspect.TeamSchedule) {
		form := web.FormOf(r, act.ScheduleTeams{Batch: x.Batch, Teams: []inspect.TeamID{x.ID}, Seen: []int64{x.Version}, Days: days(x)}, "batch", "teams", "seen")
		v.Day = &form
		scheduler, err := s.scheduler(r, t, visitsADay)
		if err != nil {
			return err
		}
		v.Free = freeText(scheduler.Free(x, freeDays))
	}
	if v.Substs, err = s.substRows(r, t, x); err != nil {
		return err
	}
	v.Asks = s.substAsks(r, t, x)
	entries, err := s.db.TeamTimeline(r.Context(), who.Scope(), x.ID, 40)
	if err != nil {
		return err
	}
	v.Log = Log(entries)
	return teamPage.Show(w, r, v)
}

func days(x inspect.Team) []dateOf {
	if x.Day.IsZero() {
		return nil
	}
	return []dateOf{x.Day}
}

const (
	freeDays   = 6 // how many common free days are offered
	visitsADay = 2 // of an inspector, before a day counts as full
)

func freeText(days []dateOf) string {
	var all []string
	for _, d := range days {
		all = append(all, d.Short())
	}
	return strings.Join(all, "、")
}

// teamView is what all pages of a team show.
func (s *server) teamView(r *http.Request, t teamTable, x inspect.Team) (teamView, error) {
	b := t.scene.Batch
	v := teamView{Batch: b, Team: x, State: teamState(x), Object: t.objects[x.Object], Sheet: teamPath(x) + "/sheet", Printed: web.Stamp(s.Now())}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number, Href: batchPath(b)}, {Text: "检查小组", Href: batchPath(b) + "/teams"}, {Text: x.Name()}}
	fact := func(label, value, note string) {
		if value != "" {
			v.Facts = append(v.Facts, web.Fact{Label: label, Value: value, Note: note})
		}
	}
	o := v.Object
	fact("检查对象", o.Name, o.Code)
	fact("地址", o.Address, t.town(x))
	fact("联系人", o.Liaison, o.LiaisonPhone)
	if x.Instead != 0 {
		fact("递补", fmt.Sprintf("代替第 %d 组的对象", x.Instead), "")
	}
	fact("任务执行时间", x.Days.Text(), "")
	if x.Day.IsZero() {
		fact("检查日期", "未安排", "")
	} else {
		fact("检查日期", x.Day.Full(), x.Reason)
	}
	v.Items, v.Members = t.items(x), t.crewRows(x)
	return v, s.teamCode(r, &v, x)
}

// items are what the visit is for, by department.
func (t teamTable) items(x inspect.Team) (list []teamItem) {
	for _, k := range t.scene.Tasks {
		if !slices.Contains(x.Tasks, k.ID) {
			continue
		}
		for _, pin := range k.Items() {
			list = append(list, teamItem{t.facts.Orgs[pin.Org].Short, t.facts.Items[pin.Item].Name, k.Name})
		}
	}
	return list
}

func (t teamTable) crewRows(x inspect.Team) (rows []crewRow) {
	for _, m := range x.Members {
		f := t.files[m.Inspector]
		row := crewRow{Name: f.Name, Org: t.facts.Orgs[m.Org].Short, Role: "组员", Phone: f.Phone, Out: m.Out, State: web.State{Shape: web.Idle, Text: "待派发", Bare: true}}
		if m.Leader {
			row.Role = "组长"
		}
		switch {
		case m.Out:
			row.State = web.State{Shape: web.Bad, Text: "已替换", Bare: true}
		case !m.At.IsZero():
			row.State = web.State{Shape: web.Happy, Text: "已签收 " + web.Stamp(m.At), Bare: true}
		case x.State == inspect.TeamDispatched:
			row.State = web.State{Shape: web.Waiting, Text: "待签收", Bare: true}
		}
		rows = append(rows, row)
	}
	return rows
}

// teamCode makes the short code that the object is handed at the visit, and leads it
// to its own case.
func (s *server) teamCode(r *http.Request, v *teamView, x inspect.Team) error {
	kept, err := s.db.BatchFiles(r.Context(), web.Actor(r).Scope(), x.Batch, x.Run, draw.ManifestFile, draw.PopulationFile)
	if err != nil {
		return err
	}
	announced := ceremony.Tree{}
	announced.Put(draw.ManifestFile, kept[draw.ManifestFile])
	c, err := draw.Load(announced)
	if err != nil {
		return fmt.Errorf("read the manifest of %s: %w", v.Batch.Number, err)
	}
	rec, _, err := draw.Find(bytes.NewReader(kept[draw.PopulationFile]), draw.PopulationFile, x.Drawn)
	if err != nil {
		return fmt.Errorf("find %s in the list of %s: %w", x.Drawn, v.Batch.Number, err)
	}
	v.Code = ceremony.Code(c.Manifest, rec)
	v.URL = s.Base + "/draws/" + v.Batch.Number + "/me?" + url.Values{"id": {x.Drawn}, "code": {v.Code}}.Encode()
	v.QR, err = web.NewQR("查询本企业抽取情况的网址", v.URL)
	return err
}

// teamSheet is the team's sheet to print and to take along.
func (s *server) teamSheet(w http.ResponseWriter, r *http.Request) error {
	t, x, err := s.teamOf(r)
	if err != nil {
		return err
	}
	v, err := s.teamView(r, t, x)
	if err != nil {
		return err
	}
	return teamSheetPage.Show(w, r, v)
}

type scheduleView struct {
	Batch    inspect.Batch
	Crumbs   []web.Link
	Rows     []scheduleRow
	Most     int
	Sizes    []web.Tab
	Proposed bool
	Left     []scheduleRow
	Form     *web.Form // that confirms the proposal
	Days     []dayLoad
}

// A scheduleRow is a team with its day, or the one that is proposed.
type scheduleRow struct {
	Href, Name, Object, Place, Members, Day, Free string
}

// A dayLoad is how many visits a day has.
type dayLoad struct {
	Day   string
	Teams int
}

// scheduler knows when the members of the teams can come: their other visits, and
// when they are away. Visits of another list that is sealed are not known.
func (s *server) scheduler(r *http.Request, t teamTable, most int) (inspect.Scheduler, error) {
	all, err := s.db.Teams(r.Context(), web.Actor(r).Scope(), store.TeamFilter{Region: t.scene.Batch.Region, Year: s.today().Year() - 1})
	if t.scene.Batch.Hidden() {
		all = append(all, t.teams...)
	}
	return inspect.Scheduler{Calendar: s.Calendar, Today: s.today(), Files: t.files, Diary: inspect.NewDiary(all), Most: most}, err
}

// proposalMost is how many teams one proposal is for: what one form can carry.
const proposalMost = 1500

// schedule arranges the days of the teams that the reader's department leads: R73.
// With propose=1 it proposes a day for each team that has none; a person confirms.
func (s *server) schedule(w http.ResponseWriter, r *http.Request) error {
	t, err := s.teamTable(r)
	if err != nil || t.closed {
		return cmp.Or(err, error(inspect.ErrBatchReading))
	}
	who, b := web.Actor(r), t.scene.Batch
	t.teams = slices.DeleteFunc(t.teams, func(x inspect.Team) bool {
		return !x.Stands() || who.MayTo(inspect.TeamSchedule, t.scene.Relations(who.Org, x)...) != nil
	})
	v := scheduleView{Batch: b, Most: visitsADay, Proposed: r.URL.Query().Get("propose") == "1"}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number, Href: batchPath(b)}, {Text: "检查小组", Href: batchPath(b) + "/teams"}, {Text: "安排日程"}}
	if n, err := strconv.Atoi(r.URL.Query().Get("most")); err == nil && n >= 1 && n <= 6 {
		v.Most = n
	}
	for n := 1; n <= 6; n++ {
		v.Sizes = append(v.Sizes, web.Tab{Text: strconv.Itoa(n), Href: fmt.Sprintf("%s/schedule?propose=1&most=%d", batchPath(b), n), Current: n == v.Most})
	}
	scheduler, err := s.scheduler(r, t, v.Most)
	if err != nil {
		return err
	}
	load := map[dateOf]int{}
	if v.Proposed {
		s.proposal(r, &v, t, scheduler, load)
	} else {
		for _, x := range t.teams {
			row := t.scheduleRow(x)
			if x.Day.IsZero() {
				row.Free = freeText(scheduler.Free(x, 3))
			} else {
				load[x.Day]++
			}
			v.Rows = append(v.Rows, row)
		}
	}
	for _, day := range slices.SortedFunc(maps.Keys(load), dateOf.Compare) {
		v.Days = append(v.Days, dayLoad{day.Full(), load[day]})
	}
	return schedulePage.Show(w, r, v)
}

func (t teamTable) scheduleRow(x inspect.Team) scheduleRow {
	row := t.row(x)
	return scheduleRow{Href: row.Href, Name: row.Name, Object: row.Object, Place: row.Place, Members: row.Leader + "（组长）、" + row.Members, Day: row.Day}
}

// proposal proposes days for the teams without one.
func (s *server) proposal(r *http.Request, v *scheduleView, t teamTable, scheduler inspect.Scheduler, load map[dateOf]int) {
	open := slices.DeleteFunc(slices.Clone(t.teams), func(x inspect.Team) bool { return !x.Day.IsZero() })
	open = open[:min(len(open), proposalMost)]
	p := scheduler.Propose(open, t.town)
	cmd := act.ScheduleTeams{Batch: v.Batch.ID}
	for _, x := range p.Teams {
		cmd.Teams, cmd.Seen, cmd.Days = append(cmd.Teams, x.ID), append(cmd.Seen, x.Version), append(cmd.Days, x.Day)
		v.Rows = append(v.Rows, t.scheduleRow(x))
		load[x.Day]++
	}
	for _, x := range p.Left {
		v.Left = append(v.Left, t.scheduleRow(x))
	}
	if len(p.Teams) > 0 {
		form := web.FormOf(r, cmd, "batch", "teams", "seen", "days")
		form.Then = batchPath(v.Batch) + "/schedule"
		v.Form = &form
	}
}
