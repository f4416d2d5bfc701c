package api

import (
	"fmt"
	"regexp"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// A planQuery narrows the list of plans.
type planQuery struct {
	Year  int               `query:"year" label:"年度" least:"2000" most:"2100"`
	Kind  inspect.PlanKind  `query:"kind" label:"计划种类"`
	State inspect.PlanState `query:"state" label:"状态"`
	Org   inspect.OrgID     `query:"org" label:"编制单位 id"`
	Text  string            `query:"text" label:"检索文字" hint:"任务名称、领域或对象范围中的文字" most:"60"`
	paging
}

// A planPage is one page of the list.
type planPage struct {
	Plans []planRow `json:"plans" label:"计划"`
	Next  string    `json:"next,omitempty" label:"下一页的地址" hint:"没有即为最后一页"`
}

// A planRow is a plan as a list shows it.
type planRow struct {
	ID          inspect.PlanID    `json:"id" label:"计划 id"`
	Version     int64             `json:"version" label:"版本" hint:"办理时填入 seen"`
	Number      string            `json:"number" label:"计划编号"`
	Edition     int               `json:"edition" label:"第几次调整" hint:"0 为原计划"`
	Title       string            `json:"title" label:"名称"`
	Kind        inspect.PlanKind  `json:"kind" label:"计划种类"`
	KindText    string            `json:"kind_text" label:"计划种类（文字）"`
	State       inspect.PlanState `json:"state" label:"状态"`
	StateText   string            `json:"state_text" label:"状态（文字）"`
	Year        int               `json:"year" label:"年度"`
	Region      string            `json:"region" label:"行政区划代码"`
	Org         orgRef            `json:"org" label:"编制单位"`
	Tasks       int               `json:"tasks" label:"任务数"`
	Objects     int64             `json:"objects" label:"计划抽查户次" hint:"各任务每次户数乘以频次之和"`
	Due         date              `json:"due,omitempty" label:"时限" hint:"部门计划为报送时限，联合计划为公布时限；调整没有时限"`
	Late        bool              `json:"late" label:"已逾期"`
	DraftedAt   instant           `json:"drafted_at,omitempty" label:"编制时间"`
	SubmittedAt instant           `json:"submitted_at,omitempty" label:"报审时间"`
	ApprovedAt  instant           `json:"approved_at,omitempty" label:"批准时间"`
	FiledAt     instant           `json:"filed_at,omitempty" label:"报送时间"`
	PublishedAt instant           `json:"published_at,omitempty" label:"公布时间"`
	ReplacedAt  instant           `json:"replaced_at,omitempty" label:"被新版代替时间"`
	Verbs       []inspect.Verb    `json:"verbs" label:"现在可以用本令牌办理的事项"`
	GraveVerbs  []inspect.Verb    `json:"grave_verbs" label:"现在可以在网页上办理的重要操作"`
}

// A planView is a plan with all its lines.
type planView struct {
	planRow
	Amends      inspect.PlanID `json:"amends,omitempty" label:"所调整的计划 id"`
	Reason      string         `json:"reason,omitempty" label:"调整理由"`
	MergedInto  inspect.PlanID `json:"merged_into,omitempty" label:"汇入的联合计划 id"`
	Opinion     string         `json:"opinion,omitempty" label:"最近一次审批或退回的意见"`
	DraftedBy   string         `json:"drafted_by,omitempty" label:"编制人"`
	SubmittedBy string         `json:"submitted_by,omitempty" label:"报审人"`
	ApprovedBy  string         `json:"approved_by,omitempty" label:"批准人"`
	FiledBy     string         `json:"filed_by,omitempty" label:"报送人"`
	PublishedBy string         `json:"published_by,omitempty" label:"公布人"`
	Lines       []planLine     `json:"lines" label:"任务"`
}

// A planLine is a line with the answers of its departments.
type planLine struct {
	lineTerms
	From     *lineRef  `json:"from,omitempty" label:"汇总自"`
	Consents []consent `json:"consents" label:"会签"`
}

// A lineRef names the line of a led plan that a joint line was merged from.
type lineRef struct {
	Plan inspect.PlanID `json:"plan" label:"计划 id"`
	No   int            `json:"no" label:"任务序号"`
}

// A consent is one department's answer.
type consent struct {
	Org       orgRef               `json:"org" label:"部门"`
	Version   int64                `json:"version" label:"版本" hint:"答复时填入 seen"`
	State     inspect.ConsentState `json:"state" label:"答复"`
	StateText string               `json:"state_text" label:"答复（文字）"`
	Note      string               `json:"note,omitempty" label:"意见"`
	By        string               `json:"by,omitempty" label:"答复人"`
	At        instant              `json:"at,omitempty" label:"答复时间"`
	AskedAt   instant              `json:"asked_at,omitempty" label:"征求时间"`
	Verbs     []inspect.Verb       `json:"verbs" label:"现在可以用本令牌作出的答复"`
}

// insider reports whether the actor's organisation has more to do with the plan
// than that it is public.
func insider(p inspect.Plan, who inspect.Actor) bool {
	return slices.ContainsFunc(p.Relations(who.Org), func(r inspect.Relation) bool { return r != inspect.Published })
}

// split parts what the caller's post may do into what the token can and what
// needs the person at a browser.
func (c *call) split(verbs []inspect.Verb, has ...inspect.Relation) (byToken, grave []inspect.Verb) {
	return c.parted(c.who().Among(verbs, has...))
}

// parted parts what the caller can do now as split does.
func (c *call) parted(may []inspect.Verb) (byToken, grave []inspect.Verb) {
	byToken, grave = []inspect.Verb{}, []inspect.Verb{}
	for _, v := range may {
		switch {
		case v.Grave():
			grave = append(grave, v)
		case c.token.May(v) == nil:
			byToken = append(byToken, v)
		}
	}
	return byToken, grave
}

// row is a plan as a list shows it to the caller.
func (s *server) row(c *call, p inspect.Plan, facts inspect.Facts) planRow {
	r := planRow{
		ID: p.ID, Version: p.Version, Number: p.Number, Edition: p.Edition, Title: p.Title(), Kind: p.Kind, KindText: p.Kind.Text(),
		State: p.State, StateText: p.State.Text(), Year: p.Year, Region: p.Region, Org: orgIn(facts, p.Org),
		Tasks: len(p.Standing()), Objects: objects(p), Late: p.Late(s.Deadlines, workday.On(s.Now())),
		DraftedAt: instantOf(p.DraftedAt), SubmittedAt: instantOf(p.SubmittedAt), ApprovedAt: instantOf(p.ApprovedAt),
		FiledAt: instantOf(p.FiledAt), PublishedAt: instantOf(p.PublishedAt), ReplacedAt: instantOf(p.ReplacedAt),
	}
	if !insider(p, c.who()) {
		r.DraftedAt, r.SubmittedAt, r.ApprovedAt, r.FiledAt = "", "", "", ""
	}
	switch {
	case p.Edition > 0:
	case p.Kind == inspect.PlanJoint:
		r.Due = dateOf(s.Deadlines.PublicationDue(p.Year))
	default:
		r.Due = dateOf(p.Due(s.Deadlines))
	}
	verbs := slices.DeleteFunc(p.Verbs(), isAnswer)
	r.Verbs, r.GraveVerbs = c.split(verbs, p.Relations(c.who().Org)...)
	return r
}

// isAnswer reports whether a verb is about one line, where it is listed.
func isAnswer(v inspect.Verb) bool {
	return v == inspect.PlanAccept || v == inspect.PlanPropose || v == inspect.PlanDecline
}

func objects(p inspect.Plan) int64 {
	var n int64
	for _, l := range p.Standing() {
		n += l.Planned() * int64(l.Frequency)
	}
	return n
}

// plans lists the plans within the caller's scope.
func (s *server) plans(c *call, q planQuery) (planPage, error) {
	found, next, err := s.plansOf(c, q)
	if err != nil {
		return planPage{}, err
	}
	facts := s.factsOf(c)
	page := planPage{Plans: []planRow{}, Next: next}
	for _, p := range found {
		of, err := facts(p.Region)
		if err != nil {
			return page, err
		}
		page.Plans = append(page.Plans, s.row(c, p, of))
	}
	return page, nil
}

var planCursor = regexp.MustCompile(`^[0-9a-z-]{1,50}\.[0-9]{1,4}\.[0-9a-f-]{36}$`)

// plansOf reads one page of plans, and the address of the next.
func (s *server) plansOf(c *call, q planQuery) (found []inspect.Plan, next string, err error) {
	return pageOf(c, q.paging, planCursor, store.PlanKey, func(most int) ([]inspect.Plan, error) {
		return s.DB.Plans(c.Context(), c.scope(), store.PlanFilter{
			Year: q.Year, Kind: q.Kind, State: q.State, Org: q.Org, Text: q.Text, After: q.After, Most: most,
		})
	})
}

// factsOf returns a reader of regions' facts that reads each once.
func (s *server) factsOf(c *call) func(region string) (inspect.Facts, error) {
	known := map[string]inspect.Facts{}
	return func(region string) (inspect.Facts, error) {
		if facts, ok := known[region]; ok {
			return facts, nil
		}
		facts, err := s.DB.Facts(c.Context(), c.scope(), region)
		if err != nil {
			return facts, fmt.Errorf("read the facts of %s: %w", region, err)
		}
		known[region] = facts
		return facts, nil
	}
}

// A planPath names a plan.
type planPath struct {
	ID inspect.PlanID `path:"id" label:"计划 id"`
}

// plan is one plan with all that the caller may see of it.
func (s *server) plan(c *call, q planPath) (planView, error) {
	p, err := s.DB.Plan(c.Context(), c.scope(), q.ID)
	if err != nil {
		return planView{}, err
	}
	facts, err := s.factsOf(c)(p.Region)
	if err != nil {
		return planView{}, err
	}
	v := planView{planRow: s.row(c, p, facts), Amends: p.Amends, Reason: p.Reason}
	if !insider(p, c.who()) {
		v.Lines = each(p.Standing(), func(l inspect.PlanLine) planLine {
			return planLine{lineTerms: termsOf(l, facts), Consents: []consent{}}
		})
		return v, nil
	}
	names, err := s.DB.Names(c.Context(), c.scope(), peopleOf(p)...)
	if err != nil {
		return v, err
	}
	v.MergedInto, v.Opinion = p.MergedInto, p.Opinion
	v.DraftedBy, v.SubmittedBy, v.ApprovedBy = names[p.DraftedBy], names[p.SubmittedBy], names[p.ApprovedBy]
	v.FiledBy, v.PublishedBy = names[p.FiledBy], names[p.PublishedBy]
	v.Lines = each(p.Standing(), func(l inspect.PlanLine) planLine { return lineOf(c, p, l, facts, names) })
	return v, nil
}

// peopleOf lists the persons that a plan names.
func peopleOf(p inspect.Plan) []inspect.PersonID {
	people := []inspect.PersonID{p.DraftedBy, p.SubmittedBy, p.ApprovedBy, p.FiledBy, p.PublishedBy}
	for _, l := range p.Lines {
		for _, one := range l.Consents {
			people = append(people, one.By)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

func lineOf(c *call, p inspect.Plan, l inspect.PlanLine, facts inspect.Facts, names map[inspect.PersonID]string) planLine {
	v := planLine{lineTerms: termsOf(l, facts), Consents: []consent{}}
	if l.From.Plan != "" {
		v.From = &lineRef{l.From.Plan, l.From.No}
	}
	for _, one := range l.Consents {
		if !slices.Contains(l.Parties(), one.Org) {
			continue // of a department that no longer takes part
		}
		answer := consent{
			Org: orgIn(facts, one.Org), Version: one.Version, State: one.State, StateText: one.State.Text(), Note: one.Note,
			By: names[one.By], At: instantOf(one.At), AskedAt: instantOf(one.AskedAt), Verbs: []inspect.Verb{},
		}
		if one.Org == c.who().Org.ID && p.State == inspect.PlanDrafting {
			may, _ := c.split(one.Verbs(), p.Relations(c.who().Org)...)
			answer.Verbs = slices.DeleteFunc(may, func(v inspect.Verb) bool { return !isAnswer(v) })
		}
		v.Consents = append(v.Consents, answer)
	}
	return v
}
