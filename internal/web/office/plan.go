package office

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var planPage = web.NewPage[planView](files, "plan.html", "act_part.html")

type planView struct {
	Plan    inspect.Plan
	Org     inspect.Org
	Crumbs  []web.Link
	Steps   []web.Step
	Lines   []lineRow
	Planned int64
	ToMerge int      // led plans that a joint draft can still take up
	Gaps    []string // what still stands in the way of submission
	Invites []invite // lines that wait for this reader's organisation
	Waiting []web.Consent
	Agreed  []string
	Asked   int
	Acts    []plainAct  // ordinary acts, a form each
	Answer  *answerForm // approve or return
	Amend   *web.Form
	Grave   *web.Grave
	Facts   []web.Fact
	Diff    []web.Change
	Before  string // path of the edition before
	Cover   coverBrief
	Log     []web.Entry
	MayEdit bool
	Due     web.Due
	Number  string
	Public  string // path of the public page, once published
	Tasks   bool   // this reader may begin tasks of its lines
}

// A lineRow is one task in the list of a plan.
type lineRow struct {
	No             int
	Href           string
	Name, Field    string
	Lead, Partners string
	Ratio          string
	Frequency      string
	Planned        int64
	Months         string
	State          web.State
}

// An invite is a line with the forms of the three answers.
type invite struct {
	Row                      lineRow
	State                    web.State
	Facts                    []web.Fact
	Accept, Propose, Decline *web.Form
}

// plan shows one edition of a plan: what it says, how far it has come, who is
// waited for, and what this reader can do now.
func (s *server) plan(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	plan, err := s.db.Plan(r.Context(), who.Scope(), inspect.PlanID(r.PathValue("id")))
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), plan.Region)
	if err != nil {
		return err
	}
	v := planView{Plan: plan, Org: facts.Orgs[plan.Org], Number: plan.Number, Due: s.due(planDue(plan, s.Deadlines))}
	v.Crumbs = []web.Link{{Text: "年度计划", Href: "/office/plans"}, {Text: plan.Number}}
	for _, l := range plan.Standing() {
		v.Lines = append(v.Lines, s.lineRow(plan, l, facts))
		v.Planned += l.Planned() * int64(l.Frequency)
	}
	if plan.Kind == inspect.PlanJoint && plan.State == inspect.PlanDrafting {
		filed, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{
			Region: plan.Region, Year: plan.Year, Kind: inspect.PlanLed, State: inspect.PlanFiled,
		})
		if err != nil {
			return err
		}
		v.ToMerge = len(filed)
	}
	s.planActs(r, &v, facts)
	s.consents(r, &v, facts)
	if plan.State == inspect.PlanPublished || plan.State == inspect.PlanReplaced {
		v.Public = fmt.Sprintf("/plans/%s/%d", plan.Number, plan.Edition)
		v.Tasks = plan.State == inspect.PlanPublished && who.MayTo(inspect.TaskDraft, inspect.Owner) == nil && who.Org.Inspects()
	}
	if err := s.planHistory(r, &v, facts); err != nil {
		return err
	}
	v.Steps = planSteps(v)
	return planPage.Show(w, r, v)
}

func planDue(p inspect.Plan, d inspect.Deadlines) (due dateOf) {
	switch {
	case p.Edition > 0 || p.State == inspect.PlanPublished || p.State == inspect.PlanReplaced:
		return due
	case p.Kind == inspect.PlanJoint:
		return d.PublicationDue(p.Year)
	}
	return d.FilingDue(p.Year)
}

func (s *server) lineRow(p inspect.Plan, l inspect.PlanLine, facts inspect.Facts) lineRow {
	row := lineRow{
		No: l.No, Href: fmt.Sprintf("/office/plans/%s/lines/%d", p.ID, l.No), Name: l.Name, Field: l.Field,
		Lead: facts.Orgs[l.Lead].Short, Ratio: l.Ratio, Frequency: fmt.Sprintf("每年 %d 次", l.Frequency), Planned: l.Planned(), Months: l.Months.Text(),
	}
	var names []string
	for _, id := range l.Partners {
		names = append(names, facts.Orgs[id].Short)
	}
	row.Partners = strings.Join(names, "、")
	row.State = lineState(p, l)
	return row
}

// lineState sums a line's consents up: the answer that needs work first.
func lineState(p inspect.Plan, l inspect.PlanLine) web.State {
	if p.State != inspect.PlanDrafting || p.Kind == inspect.PlanOwn {
		return planState(p)
	}
	worst := inspect.ConsentAccepted
	order := []inspect.ConsentState{inspect.ConsentAccepted, inspect.ConsentInvited, inspect.ConsentPlanned, inspect.ConsentProposed, inspect.ConsentDeclined}
	rank := func(c inspect.ConsentState) int {
		for i, o := range order {
			if o == c {
				return i
			}
		}
		return 0
	}
	for _, wait := range p.Waiting() {
		if wait.Line.No == l.No && rank(wait.Consent.State) > rank(worst) {
			worst = wait.Consent.State
		}
	}
	return consentState(worst)
}

func consentState(c inspect.ConsentState) web.State {
	shape := map[inspect.ConsentState]web.Shape{
		inspect.ConsentInvited: web.Waiting, inspect.ConsentAccepted: web.Happy,
		inspect.ConsentProposed: web.Bad, inspect.ConsentDeclined: web.Bad,
	}[c]
	return web.State{Shape: shape, Text: c.Text()}
}

func planState(p inspect.Plan) web.State {
	shape := map[inspect.PlanState]web.Shape{
		inspect.PlanSubmitted: web.Waiting, inspect.PlanApproved: web.Going, inspect.PlanFiled: web.Going,
		inspect.PlanMerged: web.Going, inspect.PlanPublished: web.Happy, inspect.PlanDiscarded: web.Bad,
	}[p.State]
	return web.State{Shape: shape, Text: p.State.Text()}
}

// planActs fills in what this reader can do with the plan now. Every button
// comes from the tables of lives and rules.
func (s *server) planActs(r *http.Request, v *planView, facts inspect.Facts) {
	who, p := web.Actor(r), v.Plan
	may := map[inspect.Verb]bool{}
	for _, verb := range who.Among(p.Verbs(), p.Relations(who.Org)...) {
		may[verb] = true
	}
	v.MayEdit = may[inspect.PlanPutLine]
	form := func(c web.Command) web.Form { return web.FormOf(r, c, "plan", "seen") }
	add := func(verb inspect.Verb, c web.Command, button, ask string, main bool) {
		if may[verb] {
			v.Acts = append(v.Acts, plainAct{Form: form(c), Button: button, Ask: ask, Main: main})
		}
	}
	if may[inspect.PlanSubmit] {
		for _, gap := range p.Gaps(facts, s.today()) {
			v.Gaps = append(v.Gaps, gap.Error())
		}
	}
	id, seen := p.ID, p.Version
	if v.ToMerge > 0 {
		add(inspect.PlanMerge, act.MergePlans{Plan: id, Seen: seen}, fmt.Sprintf("汇总 %d 个部门报送的联合计划", v.ToMerge), "", true)
	}
	if asks := p.ToInvite(); asks > 0 {
		add(inspect.PlanInvite, act.InvitePlan{Plan: id, Seen: seen}, fmt.Sprintf("征求会签（%d 个部门）", asks), "", true)
	}
	if len(v.Gaps) == 0 {
		add(inspect.PlanSubmit, act.SubmitPlan{Plan: id, Seen: seen}, "报审", "报审后不能再修改，直到审批或者撤回。", true)
	}
	add(inspect.PlanRecall, act.RecallPlan{Plan: id, Seen: seen}, "撤回报审", "", false)
	add(inspect.PlanFile, act.FilePlan{Plan: id, Seen: seen}, "报送联席会议办公室", "", true)
	add(inspect.PlanDiscard, act.DiscardPlan{Plan: id, Seen: seen}, "作废草稿", "作废后不能恢复，编号可以重新使用。", false)
	s.decision(r, v, may, form)
	if may[inspect.PlanAmend] {
		next := inspect.PlanID(web.NewID())
		amend := web.FormOf(r, act.AmendPlan{Plan: id, Seen: seen, Next: next}, "plan", "seen", "next")
		amend.Then = "/office/plans/" + string(next)
		v.Amend = &amend
	}
	if may[inspect.PlanPublish] {
		v.Grave = s.publishing(r, p)
	}
}

// decision offers approval and return, or says why approval is not this
// reader's: nobody approves their own work.
func (s *server) decision(r *http.Request, v *planView, may map[inspect.Verb]bool, form func(web.Command) web.Form) {
	p, who := v.Plan, web.Actor(r)
	id, seen := p.ID, p.Version
	a := answerForm{Title: "审批", YesText: "批准", NoText: "退回修改", NoLabel: "退回理由"}
	switch {
	case may[inspect.PlanApprove]:
		a.Yes = form(act.ApprovePlan{Plan: id, Seen: seen, Opinion: "同意"})
	case may[inspect.PlanRatify]:
		a.Yes = form(act.RatifyPlan{Plan: id, Seen: seen, Opinion: "同意"})
	case may[inspect.PlanSendBack]:
		a.Title, a.YesText = "退回", ""
	default:
		return
	}
	if a.YesText != "" && (who.Person == p.DraftedBy || who.Person == p.SubmittedBy) {
		a.Why = inspect.ErrOwnWork.Error()
	}
	switch {
	case may[inspect.PlanReturn]:
		a.No = form(act.ReturnPlan{Plan: id, Seen: seen})
	case may[inspect.PlanSendBack]:
		a.No = form(act.SendBackPlan{Plan: id, Seen: seen})
	}
	v.Answer = &a
}

func (s *server) publishing(r *http.Request, p inspect.Plan) *web.Grave {
	g := &web.Grave{
		Title: "公布" + p.Title(), Button: "公布", Expect: p.Number,
		Effects: []string{"公布后立即对社会可见，不能撤回，只能再作调整。", "抽查任务将按公布的比例和时间执行。"},
		Form:    web.FormOf(r, act.PublishPlan{Plan: p.ID, Seen: p.Version, Number: p.Number}, "plan", "seen", "number"),
	}
	if p.Edition > 0 {
		g.Effects = append(g.Effects, fmt.Sprintf("现行第 %d 版同时由新版代替，仍可查阅。", p.Edition))
	}
	return g
}

// consents fills in who agreed, who is waited for, and the forms of the lines
// that wait for this reader.
func (s *server) consents(r *http.Request, v *planView, facts inspect.Facts) {
	who, p := web.Actor(r), v.Plan
	agreed := map[inspect.OrgID]bool{}
	for _, l := range p.Standing() {
		for _, c := range l.Consents {
			if _, ok := l.Consent(c.Org); !ok || c.State == inspect.ConsentPlanned {
				continue
			}
			v.Asked++
			org := facts.Orgs[c.Org].Short
			if c.Open() {
				v.Waiting = append(v.Waiting, web.Consent{Org: org, Note: note(l.Name, c.Note), State: consentState(c.State)})
			} else if !agreed[c.Org] {
				agreed[c.Org] = true
				v.Agreed = append(v.Agreed, org)
			}
		}
		if c, ok := l.Consent(who.Org.ID); ok && c.State != inspect.ConsentPlanned && p.State == inspect.PlanDrafting {
			v.Invites = append(v.Invites, s.invite(r, p, l, c, facts))
		}
	}
}

func note(name, text string) string {
	if text == "" {
		return name
	}
	return name + "：" + text
}

func (s *server) invite(r *http.Request, p inspect.Plan, l inspect.PlanLine, c inspect.Consent, facts inspect.Facts) invite {
	in := invite{Row: s.lineRow(p, l, facts), State: consentState(c.State)}
	for _, f := range l.Describe(facts) {
		if f.After != "" && f.Label != "任务名称" {
			in.Facts = append(in.Facts, web.Fact{Label: f.Label, Value: f.After})
		}
	}
	answer := act.Answer{Plan: p.ID, No: l.No, Seen: c.Version}
	for _, verb := range web.Actor(r).Among(c.Verbs(), inspect.Participant) {
		form := func(cmd web.Command) *web.Form {
			f := web.FormFor(r, strconv.Itoa(l.No), cmd, "plan", "no", "seen")
			return &f
		}
		switch verb {
		case inspect.PlanAccept:
			in.Accept = form(act.AcceptLine{Answer: answer})
		case inspect.PlanPropose:
			in.Propose = form(act.ProposeLine{Answer: answer})
		case inspect.PlanDecline:
			in.Decline = form(act.DeclineLine{Answer: answer})
		}
	}
	return in
}

// planHistory fills in the facts of the plan's course, the difference to the
// edition before, and the record.
func (s *server) planHistory(r *http.Request, v *planView, facts inspect.Facts) error {
	who, p := web.Actor(r), v.Plan
	names, err := s.db.Names(r.Context(), who.Scope(), p.DraftedBy, p.SubmittedBy, p.ApprovedBy, p.FiledBy, p.PublishedBy)
	if err != nil {
		return err
	}
	fact := func(label string, by inspect.PersonID, at time.Time) {
		if by != "" {
			v.Facts = append(v.Facts, web.Fact{Label: label, Value: names[by], Note: web.Stamp(at)})
		}
	}
	fact("编制", p.DraftedBy, p.DraftedAt)
	fact("报审", p.SubmittedBy, p.SubmittedAt)
	fact("批准", p.ApprovedBy, p.ApprovedAt)
	fact("报送", p.FiledBy, p.FiledAt)
	fact("公布", p.PublishedBy, p.PublishedAt)
	if p.Opinion != "" {
		v.Facts = append(v.Facts, web.Fact{Label: "意见", Value: p.Opinion})
	}
	if p.Reason != "" {
		v.Facts = append(v.Facts, web.Fact{Label: "调整理由", Value: p.Reason})
	}
	if p.Amends != "" {
		before, err := s.db.Plan(r.Context(), who.Scope(), p.Amends)
		if err != nil {
			return err
		}
		v.Before = "/office/plans/" + string(before.ID)
		v.Diff = web.Changes(inspect.Diff(before, p, facts))
	}
	if v.Cover, err = s.coverBrief(r, p); err != nil {
		return err
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "plan", string(p.ID), 30)
	v.Log = Log(entries)
	return err
}

// Log is a record as pages tell it, newest first.
func Log(entries []store.TimelineEntry) []web.Entry {
	var log []web.Entry
	for _, e := range entries {
		receipt := web.Receipt{N: e.N, Code: e.Code()}
		log = append(log, web.Entry{
			At: web.Past, Text: e.Verb.Text(), When: web.Stamp(e.At),
			Who: strings.TrimPrefix(e.OrgName+"　"+e.Name, "　"), Receipt: &receipt,
		})
	}
	return log
}

// planSteps is the course of the plan, as far as it is known.
func planSteps(v planView) []web.Step {
	p := v.Plan
	texts := []string{"编制", "审批", "报送", "公布"}
	dates := []time.Time{p.SubmittedAt, p.ApprovedAt, p.FiledAt, p.PublishedAt}
	switch p.Kind {
	case inspect.PlanLed:
		texts, dates = []string{"编制与会签", "审批", "报送", "汇总公布"}, []time.Time{p.SubmittedAt, p.ApprovedAt, p.FiledAt, {}}
	case inspect.PlanJoint:
		texts, dates = []string{"汇总编制", "市政府批准", "公布"}, []time.Time{p.SubmittedAt, p.ApprovedAt, p.PublishedAt}
	}
	steps := make([]web.Step, len(texts))
	now := false
	for i, text := range texts {
		steps[i] = web.Step{Text: text, At: web.Future}
		switch {
		case !dates[i].IsZero():
			steps[i].At, steps[i].Note = web.Past, dates[i].In(beijing).Format(time.DateOnly)
		case !now && p.State != inspect.PlanDiscarded:
			now = true
			steps[i].At, steps[i].Note = web.Now, cmp.Or(stepNote(v, i), v.Due.Left)
		}
	}
	return steps
}

func stepNote(v planView, i int) string {
	switch {
	case v.Plan.State == inspect.PlanMerged:
		return "已汇总"
	case i == 0 && v.Asked > 0:
		return fmt.Sprintf("会签 %d/%d", v.Asked-len(v.Waiting), v.Asked)
	case v.Plan.Edition > 0:
		return v.Plan.State.Text()
	}
	return ""
}
