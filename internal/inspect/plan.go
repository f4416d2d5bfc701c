package inspect

import (
	"fmt"
	"slices"
	"time"

	"suicha/internal/workday"
)

// PlanID names one edition of a plan.
type PlanID string

// A PlanKind is whose plan it is: R43, 海政办发〔2020〕2号 二(四).
type PlanKind string

// The kinds of plan. A department makes two a year; the conference office
// merges what the departments lead into the joint plan of the city.
const (
	PlanOwn   PlanKind = "own"   // 部门年度抽查工作计划
	PlanLed   PlanKind = "led"   // 本部门牵头的部门联合抽查计划
	PlanJoint PlanKind = "joint" // 部门联合抽查年度计划: R41
)

// PlanKinds lists the kinds in the order of forms.
var PlanKinds = []PlanKind{PlanOwn, PlanLed, PlanJoint}

// Text is the kind's name in the words of the regulation.
func (k PlanKind) Text() string {
	return map[PlanKind]string{
		PlanOwn: "部门年度抽查工作计划", PlanLed: "牵头的部门联合抽查计划", PlanJoint: "部门联合抽查年度计划",
	}[k]
}

// A PlanState is how far a plan has come.
type PlanState string

// The states of a plan.
const (
	PlanDrafting  PlanState = "draft"     // 编制中
	PlanSubmitted PlanState = "submitted" // 待审批
	PlanApproved  PlanState = "approved"  // 已批准
	PlanFiled     PlanState = "filed"     // 已报送
	PlanMerged    PlanState = "merged"    // 已汇总
	PlanPublished PlanState = "published" // 已公布
	PlanReplaced  PlanState = "replaced"  // 已被新版代替
	PlanDiscarded PlanState = "discarded" // 已作废
)

// Text is the state as users read it.
func (s PlanState) Text() string {
	return map[PlanState]string{
		PlanDrafting: "编制中", PlanSubmitted: "待审批", PlanApproved: "已批准", PlanFiled: "已报送",
		PlanMerged: "已汇总", PlanPublished: "已公布", PlanReplaced: "已被新版代替", PlanDiscarded: "已作废",
	}[s]
}

// drafting is what can be done to a draft of any kind.
var drafting = Life[PlanState]{
	{PlanPutLine, PlanDrafting, PlanDrafting},
	{PlanDropLine, PlanDrafting, PlanDrafting},
	{PlanSubmit, PlanDrafting, PlanSubmitted},
	{PlanDiscard, PlanDrafting, PlanDiscarded},
	{PlanRecall, PlanSubmitted, PlanDrafting},
	{PlanReturn, PlanSubmitted, PlanDrafting},
}

// planLives is every move a plan can make, by kind. A move not listed is
// refused.
var planLives = map[PlanKind]Life[PlanState]{
	PlanOwn: append(slices.Clone(drafting),
		Move[PlanState]{PlanApprove, PlanSubmitted, PlanApproved},
		Move[PlanState]{PlanFile, PlanApproved, PlanFiled},         // R44
		Move[PlanState]{PlanSendBack, PlanFiled, PlanDrafting},     // by the office
		Move[PlanState]{PlanPublish, PlanFiled, PlanPublished},     // R47
		Move[PlanState]{PlanAmend, PlanPublished, PlanPublished},   // R48
		Move[PlanState]{PlanReplace, PlanPublished, PlanReplaced}), // when the amendment is published
	PlanLed: append(slices.Clone(drafting),
		Move[PlanState]{PlanInvite, PlanDrafting, PlanDrafting}, // R51
		Move[PlanState]{PlanApprove, PlanSubmitted, PlanApproved},
		Move[PlanState]{PlanFile, PlanApproved, PlanFiled},
		Move[PlanState]{PlanSendBack, PlanFiled, PlanDrafting},
		Move[PlanState]{PlanTakeUp, PlanFiled, PlanMerged}, // R45: what merging does to it, no act of its own
		Move[PlanState]{PlanSendBack, PlanMerged, PlanDrafting},
		Move[PlanState]{PlanUnmerge, PlanMerged, PlanFiled}),
	PlanJoint: append(slices.Clone(drafting),
		Move[PlanState]{PlanInvite, PlanDrafting, PlanDrafting},
		Move[PlanState]{PlanMerge, PlanDrafting, PlanDrafting},
		Move[PlanState]{PlanRatify, PlanSubmitted, PlanApproved}, // R41
		Move[PlanState]{PlanPublish, PlanApproved, PlanPublished},
		Move[PlanState]{PlanAmend, PlanPublished, PlanPublished},
		Move[PlanState]{PlanReplace, PlanPublished, PlanReplaced}),
}

// PlanLife returns the moves of a kind of plan.
func PlanLife(k PlanKind) Life[PlanState] { return planLives[k] }

// A Plan (年度抽查计划) is what a department, or the city, will inspect at random
// in one year: R41–R53, 海政办发〔2020〕2号 二(四).
//
// Edition 0 is the plan of the year; each later edition is an adjustment (调整)
// of the one before, which stays readable for ever.
type Plan struct {
	ID      PlanID
	Version int64
	Kind    PlanKind
	Org     OrgID // who makes and answers for it
	Region  string
	Year    int
	Number  string // permanent, the same for all editions: 370687-2026-scjg
	Edition int
	Amends  PlanID // the edition this one adjusts
	Reason  string // why it was adjusted: R48
	State   PlanState

	DraftedBy   PersonID
	DraftedAt   time.Time
	SubmittedBy PersonID
	SubmittedAt time.Time
	ApprovedBy  PersonID
	ApprovedAt  time.Time
	Opinion     string // of who approved or returned it last
	FiledBy     PersonID
	FiledAt     time.Time
	MergedInto  PlanID
	PublishedBy PersonID
	PublishedAt time.Time
	ReplacedAt  time.Time

	Lines []PlanLine // in the order of No, dropped ones included
}

// NewPlan begins the plan of org for year. The office makes the joint plan and
// nothing else; the others make their own and the one they lead.
func NewPlan(id PlanID, kind PlanKind, org Org, year int, by PersonID, now time.Time) (Plan, error) {
	var ps Problems
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("plan"))
	}
	if !slices.Contains(PlanKinds, kind) {
		ps = append(ps, ErrChoice.With("计划种类").At("kind"))
	} else if (kind == PlanJoint) != (org.Kind == OrgOffice) || (kind != PlanJoint && !org.Inspects()) {
		ps = append(ps, ErrPlanKind.With(org.Short, kind.Text()).At("kind"))
	}
	if this := workday.On(now).Year(); year < this-1 || year > this+1 {
		ps = append(ps, ErrRange.With("计划年度", this-1, this+1).At("year"))
	}
	if err := org.standing(); err != nil {
		return Plan{}, err
	}
	return Plan{
		ID: id, Kind: kind, Org: org.ID, Region: org.Region, Year: year, Number: planNumber(kind, org, year),
		State: PlanDrafting, DraftedBy: by, DraftedAt: now,
	}, ps.Err()
}

func planNumber(kind PlanKind, org Org, year int) string {
	number := fmt.Sprintf("%s-%d", org.Region, year)
	switch kind {
	case PlanOwn:
		number += "-" + org.Code
	case PlanLed:
		number += "-" + org.Code + "-lh"
	}
	return number
}

// Title is what the plan is called, without its organisation.
func (p Plan) Title() string {
	title := fmt.Sprintf("%d 年度%s", p.Year, map[PlanKind]string{
		PlanOwn: "抽查工作计划", PlanLed: "牵头部门联合抽查计划", PlanJoint: "部门联合抽查计划",
	}[p.Kind])
	if p.Edition > 0 {
		title += fmt.Sprintf("（第 %d 次调整）", p.Edition)
	}
	return title
}

// Verbs returns what can be done with the plan now, by whoever may.
func (p Plan) Verbs() []Verb { return planLives[p.Kind].Verbs(p.State) }

// Relations returns what org has to do with the plan. Participants are the
// organisations that its lines invite.
func (p Plan) Relations(org Org) []Relation {
	var has []Relation
	if org.ID == p.Org {
		has = append(has, Owner)
	}
	if p.State == PlanPublished || p.State == PlanReplaced {
		has = append(has, Published)
	}
	if org.Region != p.Region {
		return has
	}
	if slices.ContainsFunc(p.Lines, func(l PlanLine) bool { return l.asks(org.ID) }) {
		has = append(has, Participant)
	}
	switch {
	case org.Kind == OrgOffice && p.reported():
		has = append(has, Office)
	case org.Kind == OrgGovernment && p.Kind == PlanJoint && p.State != PlanDrafting && p.State != PlanDiscarded:
		has = append(has, Government)
	case org.Kind == OrgOversight && p.State != PlanDrafting:
		has = append(has, Oversight)
	}
	return has
}

// reported tells whether the plan has left the department for the office.
func (p Plan) reported() bool {
	return p.State == PlanFiled || p.State == PlanMerged || p.State == PlanPublished || p.State == PlanReplaced
}

func (p Plan) step(verb Verb) (Plan, error) {
	next, err := planLives[p.Kind].Next(p.State, verb)
	if err != nil {
		return p, err
	}
	p.State = next
	return p, nil
}

// Submit hands the plan to the leader. Gaps are what still stands in its way,
// from Gaps: the plan must name task, scope, ratio, frequency, time, lead and
// participants for every line (R46), and all invited departments must agree
// (R51).
func (p Plan) Submit(by PersonID, gaps Problems, now time.Time) (Plan, error) {
	next, err := p.step(PlanSubmit)
	if err != nil {
		return p, err
	}
	if err := gaps.Err(); err != nil {
		return p, err
	}
	next.SubmittedBy, next.SubmittedAt = by, now
	next.Opinion = ""
	return next, nil
}

// Recall takes the plan back before it is decided on.
func (p Plan) Recall() (Plan, error) {
	next, err := p.step(PlanRecall)
	if err != nil {
		return p, err
	}
	return next.undecided(), nil
}

// Return hands the plan back to its drafter with an opinion.
func (p Plan) Return(opinion string) (Plan, error) { return p.back(PlanReturn, opinion) }

// SendBack hands a filed plan back to its department: the office's answer to a
// plan that does not fit the others (统一组织、均衡开展): R42.
func (p Plan) SendBack(opinion string) (Plan, error) { return p.back(PlanSendBack, opinion) }

func (p Plan) back(verb Verb, opinion string) (Plan, error) {
	next, err := p.step(verb)
	if err != nil {
		return p, err
	}
	var ps Problems
	opinion = opinionText(&ps, opinion)
	if err := ps.Err(); err != nil {
		return p, err
	}
	next = next.undecided()
	next.Opinion = opinion
	return next, nil
}

// undecided forgets submission, approval and filing: they belong to a text that
// is about to change.
func (p Plan) undecided() Plan {
	p.SubmittedBy, p.SubmittedAt = "", time.Time{}
	p.ApprovedBy, p.ApprovedAt, p.Opinion = "", time.Time{}, ""
	p.FiledBy, p.FiledAt = "", time.Time{}
	p.MergedInto = ""
	return p
}

// Approve is the decision of the department's leader. Nobody approves a plan
// they drafted or submitted, through whatever post: INV-09.
func (p Plan) Approve(by PersonID, opinion string, now time.Time) (Plan, error) {
	return p.decide(PlanApprove, by, opinion, now)
}

// Ratify is the city government's approval of the joint plan: R41, 海政办发〔2020〕2号 二(四).
func (p Plan) Ratify(by PersonID, opinion string, now time.Time) (Plan, error) {
	return p.decide(PlanRatify, by, opinion, now)
}

func (p Plan) decide(verb Verb, by PersonID, opinion string, now time.Time) (Plan, error) {
	next, err := p.step(verb)
	if err != nil {
		return p, err
	}
	if by == p.SubmittedBy || by == p.DraftedBy {
		return p, ErrOwnWork
	}
	var ps Problems
	opinion = opinionText(&ps, opinion)
	if err := ps.Err(); err != nil {
		return p, err
	}
	next.ApprovedBy, next.ApprovedAt, next.Opinion = by, now, opinion
	return next, nil
}

// File reports the approved plan to the conference office: R44.
func (p Plan) File(by PersonID, now time.Time) (Plan, error) {
	next, err := p.step(PlanFile)
	if err != nil {
		return p, err
	}
	next.FiledBy, next.FiledAt = by, now
	return next, nil
}

// Publish makes the plan public: R45, R47. Confirm is the plan's number, typed
// by hand, because this cannot be taken back, only adjusted.
func (p Plan) Publish(by PersonID, confirm string, now time.Time) (Plan, error) {
	next, err := p.step(PlanPublish)
	if err != nil {
		return p, err
	}
	if confirm != p.Number {
		return p, ErrConfirm.With(p.Number).At("number")
	}
	next.PublishedBy, next.PublishedAt = by, now
	return next, nil
}

// Replace ends a published edition when its adjustment is published. It stays
// readable.
func (p Plan) Replace(now time.Time) (Plan, error) {
	next, err := p.step(PlanReplace)
	if err != nil {
		return p, err
	}
	next.ReplacedAt = now
	return next, nil
}

// Discard throws a draft away. Its number can be used again.
func (p Plan) Discard() (Plan, error) { return p.step(PlanDiscard) }

// Amend begins the next edition of a published plan, with all its lines: R48,
// 海政办发〔2020〕2号 二(四) "年度抽查计划可根据工作实际动态调整".
func (p Plan) Amend(id PlanID, reason string, by PersonID, now time.Time) (Plan, error) {
	if _, err := p.step(PlanAmend); err != nil {
		return p, err
	}
	var ps Problems
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("next"))
	}
	reason = Paragraph(&ps, "reason", "调整理由", reason, 500)
	if err := ps.Err(); err != nil {
		return p, err
	}
	next := Plan{
		ID: id, Kind: p.Kind, Org: p.Org, Region: p.Region, Year: p.Year, Number: p.Number,
		Edition: p.Edition + 1, Amends: p.ID, Reason: reason, State: PlanDrafting, DraftedBy: by, DraftedAt: now,
	}
	for _, l := range p.Lines { // dropped ones, too: their numbers stay used
		next.Lines = append(next.Lines, l.carry())
	}
	return next, nil
}

func opinionText(ps *Problems, opinion string) string {
	text := Optional(ps, "opinion", "意见", opinion, 500)
	if text == "" && len(*ps) == 0 {
		*ps = append(*ps, ErrOpinion)
	}
	return text
}

// Due is the last day for reporting the department's plans of a year to the
// office: 每年1月20日前, R44, C6. Deadlines hold the dates a city has set.
func (p Plan) Due(d Deadlines) workday.Date { return d.filing(p.Year) }

// Late reports whether the plan was, or by today is, reported after its due
// day. The joint plan is late when it is not published within its window: R45.
func (p Plan) Late(d Deadlines, today workday.Date) bool {
	if p.Edition > 0 || p.State == PlanDiscarded {
		return false
	}
	at, due := p.FiledAt, d.filing(p.Year)
	if p.Kind == PlanJoint {
		at, due = p.PublishedAt, d.publication(p.Year)
	}
	if !at.IsZero() {
		today = workday.On(at)
	}
	return due.Before(today)
}
