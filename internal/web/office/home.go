package office

import (
	"fmt"
	"net/http"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var homePage = web.NewPage[homeView](files, "home.html")

type homeView struct {
	Count  int
	Today  string
	Tiles  []web.Tile
	Groups []web.TodoGroup
	Urges  []string // reminders of the conference office
	Draft  bool     // this reader may begin a plan
}

// home answers the three questions of the morning: what waits for me, until
// when, and what comes next.
func (s *server) home(w http.ResponseWriter, r *http.Request) error {
	who, year := web.Actor(r), s.planYear()
	if who.May(inspect.PlanRead) != nil {
		return homeOfAdministrator(w, r)
	}
	plans, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{Region: who.Org.Region, NotDone: true})
	if err != nil {
		return err
	}
	v := homeView{Today: s.today().Full(), Draft: who.MayTo(inspect.PlanDraft, inspect.Owner) == nil}
	jobs := s.planJobs(inspect.Todos(who, plans, s.Deadlines))
	for _, of := range []func(*http.Request) ([]datedJob, error){s.expiring, s.taskJobs, s.batchJobs, s.teamJobs, s.substJobs, s.visitJobs, s.stepJobs, s.resultJobs, s.followUpJobs, s.deliveryJobs, s.feedbackJobs, s.appealJobs} {
		more, err := of(r)
		if err != nil {
			return err
		}
		jobs = append(jobs, more...)
	}
	for _, job := range jobs {
		if !job.Waits {
			v.Count++
		}
	}
	v.Groups = s.groups(jobs)
	urges, err := s.db.Urges(r.Context(), who.Scope(), year)
	if err != nil {
		return err
	}
	for _, u := range urges {
		if u.Org == who.Org.ID && len(v.Urges) < 2 {
			v.Urges = append(v.Urges, urgeText(u))
		}
	}
	if v.Tiles, err = s.tiles(r, plans, year); err != nil {
		return err
	}
	return homePage.Show(w, r, v)
}

// homeOfAdministrator leads those who do no business to the first page that
// they have.
func homeOfAdministrator(w http.ResponseWriter, r *http.Request) error {
	for _, group := range menuOf(web.Actor(r), false) {
		http.Redirect(w, r, group.Items[0].Href, http.StatusSeeOther)
		return nil
	}
	return inspect.ErrDenied.With(inspect.PlanRead.Text())
}

func urgeText(u inspect.Urge) string {
	text := "联席会议办公室提醒：请报送 " + fmt.Sprint(u.Year) + " 年度抽查计划"
	if u.Note != "" {
		text = "联席会议办公室提醒：" + u.Note
	}
	return text
}

// planYear is the year whose plans are being worked on: from November on, the
// next one.
func (s *server) planYear() int {
	today := s.today()
	if today.Month() >= 11 {
		return today.Year() + 1
	}
	return today.Year()
}

// groups sorts what waits by when it is due: late, today, within three working
// days, later; then what others have to do first. The first job of the reader is the
// page's main one.
func (s *server) groups(jobs []datedJob) []web.TodoGroup {
	groups := []web.TodoGroup{{Title: "已超时限", Late: true}, {Title: "今天"}, {Title: "三个工作日内"}, {Title: "以后"}, {Title: "等别人"}}
	slices.SortStableFunc(jobs, func(a, b datedJob) int {
		switch {
		case a.On.IsZero() == b.On.IsZero():
			return a.On.Compare(b.On)
		case a.On.IsZero():
			return 1
		}
		return -1
	})
	for _, job := range jobs {
		at := s.groupOf(job.On)
		if job.Waits {
			at = 4
		}
		groups[at].Jobs = append(groups[at].Jobs, job.Job)
	}
	for i := range groups[:4] {
		if len(groups[i].Jobs) > 0 {
			groups[i].Jobs[0].Main = true
			break
		}
	}
	return slices.DeleteFunc(groups, func(g web.TodoGroup) bool { return len(g.Jobs) == 0 })
}

// planJobs are what plans ask of the reader.
func (s *server) planJobs(todos []inspect.Todo) (jobs []datedJob) {
	for _, t := range todos {
		job := web.Job{Text: jobText(t), Note: t.Note, Href: "/office/plans/" + string(t.Plan.ID), Action: actionText(t), Due: s.due(t.Due)}
		if t.Verb == inspect.PlanAccept { // the others name their plan themselves
			job.Note = t.Plan.Title() + "　" + t.Note
		}
		jobs = append(jobs, datedJob{Job: job, On: t.Due, Waits: !t.Mine})
	}
	return jobs
}

// A datedJob is a job and the day on which it is due. Waits says that others have to
// do it.
type datedJob struct {
	web.Job
	On    dateOf
	Waits bool
}

// groupOf is the place of the group of what is due on a day.
func (s *server) groupOf(due dateOf) int {
	if due.IsZero() {
		return 3
	}
	switch left, _ := s.Calendar.Left(s.today(), due); {
	case left < 0:
		return 0
	case left == 0:
		return 1
	case left <= 3:
		return 2
	}
	return 3
}

func jobText(t inspect.Todo) string {
	switch t.Verb {
	case inspect.PlanAccept:
		return "会签：" + t.Line.Name
	case inspect.PlanApprove, inspect.PlanRatify:
		return "审批：" + t.Plan.Title()
	case inspect.PlanFile:
		return "报送：" + t.Plan.Title()
	case inspect.PlanPublish:
		return "公布：" + t.Plan.Title()
	case inspect.PlanPutLine:
		return "修改：" + t.Plan.Title()
	}
	if !t.Mine {
		return "等待会签：" + t.Plan.Title()
	}
	return "编制：" + t.Plan.Title()
}

func actionText(t inspect.Todo) string {
	if !t.Mine {
		return "查看"
	}
	return map[inspect.Verb]string{
		inspect.PlanAccept: "会签", inspect.PlanApprove: "去审批", inspect.PlanRatify: "去审批", inspect.PlanFile: "报送",
		inspect.PlanPublish: "去公布", inspect.PlanInvite: "征求会签", inspect.PlanPutLine: "去修改", inspect.PlanSubmit: "继续编制",
	}[t.Verb]
}

// tiles are the year's four numbers; each leads to what it counts.
func (s *server) tiles(r *http.Request, plans []inspect.Plan, year int) ([]web.Tile, error) {
	who := web.Actor(r)
	current := inspect.Current(ofYear(plans, year))
	cover, err := s.cover(r, current)
	if err != nil {
		return nil, err
	}
	if who.Scope().Reach == inspect.ReachOwn {
		cover = cover.Of(who.Org.ID)
	}
	tasks, objects := 0, int64(0)
	for _, p := range current {
		for _, l := range p.Standing() {
			tasks++
			objects += l.Planned() * int64(l.Frequency)
		}
	}
	base := fmt.Sprintf("/office/coverage?year=%d", year)
	tiles := []web.Tile{
		{Label: fmt.Sprintf("%d 年计划任务", year), Number: web.Thousands(int64(tasks)), Unit: "项", Href: fmt.Sprintf("/office/plans?year=%d", year)},
		{Label: "计划抽查", Number: web.Thousands(int64(objects)), Unit: "户次", Href: base + "#burden"},
		{Label: "尚未覆盖的事项", Number: fmt.Sprint(cover.Gaps()), Unit: "个", Href: base + "#items"},
		jointTile(who, cover, base),
	}
	if who.Org.Kind == inspect.OrgOffice {
		reports, err := s.reports(r, plans, year)
		if err != nil {
			return nil, err
		}
		missing := 0
		for _, report := range reports {
			if report.Missing() {
				missing++
			}
		}
		tiles[1] = web.Tile{Label: "尚未报送的部门", Number: fmt.Sprint(missing), Unit: "个", Href: fmt.Sprintf("/office/plans?year=%d#reports", year)}
	}
	return tiles, nil
}

// jointTile says who takes part in no joint inspection: R50.
func jointTile(who inspect.Actor, cover inspect.Coverage, base string) web.Tile {
	if who.Scope().Reach != inspect.ReachOwn {
		return web.Tile{Label: "尚无联合抽查的部门", Number: fmt.Sprint(len(cover.Apart())), Unit: "个", Href: base + "#orgs"}
	}
	joint := 0
	for _, row := range cover.Orgs {
		joint += row.Joint
	}
	return web.Tile{Label: "本单位参与的联合抽查", Number: fmt.Sprint(joint), Unit: "项", Href: base + "#orgs"}
}

func ofYear(plans []inspect.Plan, year int) []inspect.Plan {
	var of []inspect.Plan
	for _, p := range plans {
		if p.Year == year {
			of = append(of, p)
		}
	}
	return of
}

func (s *server) reports(r *http.Request, plans []inspect.Plan, year int) ([]inspect.Report, error) {
	who := web.Actor(r)
	orgs, err := s.db.Orgs(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, err
	}
	return inspect.Reports(orgs, plans, s.Deadlines, year, s.today()), nil
}
