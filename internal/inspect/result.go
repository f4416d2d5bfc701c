package inspect

import (
	"cmp"
	"slices"
	"time"

	"suicha/internal/workday"
)

// ResultID names what one department found at one visit.
type ResultID string

// ResultIDOf is the id of a department's result of a visit: there is one.
func ResultIDOf(visit VisitID, org OrgID) ResultID {
	return ResultID(OwnID(string(visit), "result", string(org)))
}

// A ResultState is how far a result has come.
type ResultState string

// The states of a result.
const (
	ResultDrafted   ResultState = "drafted"
	ResultSubmitted ResultState = "submitted"
	ResultApproved  ResultState = "approved"
	ResultPublished ResultState = "published"
	ResultWithdrawn ResultState = "withdrawn"
	ResultEnded     ResultState = "ended" // repaired, or its term is over
)

// ResultStates lists the states in the order of filters.
var ResultStates = []Choice{
	{string(ResultDrafted), "待录入"}, {string(ResultSubmitted), "待审批"}, {string(ResultApproved), "待公示"},
	{string(ResultPublished), "已公示"}, {string(ResultWithdrawn), "已撤下"}, {string(ResultEnded), "公示已结束"},
}

// Text is the state as users read it.
func (s ResultState) Text() string { return ChoiceText(ResultStates, string(s)) }

// resultLife is every move a result can make: R91, R94, R101, R102. After its
// publication only a correction that the principal leader signs moves it.
var resultLife = Life[ResultState]{
	{ResultPut, ResultDrafted, ResultDrafted},
	{ResultSubmit, ResultDrafted, ResultSubmitted},
	{ResultReturn, ResultSubmitted, ResultDrafted},
	{ResultApprove, ResultSubmitted, ResultApproved},
	{ResultReturn, ResultApproved, ResultDrafted},
	{VisitReopen, ResultDrafted, ResultDrafted}, // its visit is opened again
	{VisitReopen, ResultSubmitted, ResultDrafted},
	{VisitReopen, ResultApproved, ResultDrafted},
	{ResultPublish, ResultApproved, ResultPublished},
	{CorrectionDraft, ResultPublished, ResultPublished},
	{CorrectionSign, ResultPublished, ResultPublished},
	{ResultWithdraw, ResultPublished, ResultWithdrawn}, // what a signed withdrawal does, no act of its own
	{AppealRepair, ResultPublished, ResultEnded},
	{ResultExpire, ResultPublished, ResultEnded},
}

// ResultLife returns the moves of a result.
func ResultLife() Life[ResultState] { return resultLife }

// FollowMeasures are what follows a result: R97–R99, 海政办发〔2020〕2号 二(六).
var FollowMeasures = []Choice{
	{"none", "无需后续处理"}, {"daily", "转入日常监管"}, {"rectify", "责令改正，由日常监管跟踪"}, {"case", "移交线索，由办案机构处理"},
	{"notify", "通报其他部门"}, {"crime", "涉嫌犯罪，移送公安机关"}, {"other", "其他"},
}

// DishonestKinds are the results that are shared as records of dishonesty: R103,
// 海政办发〔2020〕2号 二(六).
var DishonestKinds = []Choice{{"penalty", "适用一般程序的行政处罚"}, {"failed", "法定抽查检查未通过"}}

// A Result (检查结果) is what one department found at a visit, of its own items: R93,
// 海政办发〔2020〕2号 二(五)5. The visit made it when the last signature was given; what
// was found cannot be changed here, only what follows from it is entered.
type Result struct {
	ID      ResultID
	Version int64
	Region  string
	Visit   VisitID
	Batch   BatchID
	Team    TeamID
	Org     OrgID
	Orgs    []OrgID // all departments of the visit
	Object  ObjectNo
	Code    string // of the object, as its name, on the day of the visit
	Name    string
	Kind    ObjectKind
	Done    workday.Date // 检查完成日期: of the visit itself
	Ended   time.Time    // when everybody had signed for the first time: the clock's beginning, C5
	ResultFound
	ResultEntry

	State       ResultState
	SubmittedBy PersonID
	SubmittedAt time.Time
	ApprovedBy  PersonID
	ApprovedAt  time.Time
	Opinion     string // of who approved or returned it last
	Digest      string // of what was approved for publication: INV-12
	PublishedBy PersonID
	PublishedAt time.Time // of the first edition
	Edition     int       // that stands now; 0 before the publication
}

// A ResultFound is what the visit gave to the department.
type ResultFound struct {
	Body      string // the department's name on that day
	Tasks     []ResultTask
	Items     []ResultItem
	Inspected []PersonID // accounts of its inspectors of the team: none of them approves, INV-09
	Revisit   bool       `json:",omitempty"` // the visit is wrong: it waits until the team has signed again
	Again     time.Time  `json:",omitzero"`  // when everybody had signed again, after the visit was opened again
}

// A ResultTask is a task of the visit, as it is published.
type ResultTask struct {
	ID       TaskID
	Number   string
	Name     string
	Plan     string // its number; empty outside the plan
	Targeted string
}

// A ResultItem is what was found of one item.
type ResultItem struct {
	Tasks     []TaskID
	Item      ItemID
	Version   int64
	Name      string
	Codes     []ResultCode
	Corrected bool // what was ordered to be corrected is
	Problem   string
	Handling  string
	Waived    string // why it was not inspected
}

// A ResultEntry is what the department enters: what follows from the result.
type ResultEntry struct {
	Follow    []string
	FollowDue workday.Date // until when it is to be done; zero if nothing is
	Dishonest string       // one of DishonestKinds, or empty
	Remark    string
	EnteredBy PersonID
	EnteredAt time.Time
}

// Results splits a signed visit into the results of its departments: each gets its own
// items, once entered and used again: R93. Tasks are those of the visit, accounts those
// of its inspectors.
func (v Visit) Results(orgs map[OrgID]Org, tasks []Task, accounts map[InspectorNo]PersonID) ([]Result, error) {
	if !v.Done() {
		return nil, ErrStep.With("形成检查结果")
	}
	var all []Result
	for _, org := range v.Orgs {
		found := v.Of(org)
		if len(found) == 0 {
			continue // it came to help
		}
		r := Result{
			ID: ResultIDOf(v.ID, org), Region: v.Region, Visit: v.ID, Batch: v.Batch, Team: v.Team, Org: org, Orgs: v.Orgs, Object: v.Object,
			Code: v.Party.Code, Name: v.Party.Name, Kind: v.Party.Kind, Done: v.Start.Day, Ended: v.ClockFrom(), State: ResultDrafted,
		}
		if !r.Ended.Equal(v.EndedAt) {
			r.Again = v.EndedAt
		}
		if v.Special.Kind != "" {
			r.Done = v.Special.Day
		}
		r.Body = orgs[org].Name
		for _, f := range found {
			r.Items = append(r.Items, v.resultItem(f))
			r.inspectedBy(f.By)
		}
		for _, t := range tasks {
			if slices.ContainsFunc(found, func(f Finding) bool { return slices.Contains(f.Tasks, t.ID) }) {
				r.Tasks = append(r.Tasks, ResultTask{t.ID, t.Number, t.Name, t.Planned.Number, t.Targeted})
			}
		}
		for _, m := range v.Members {
			if m.Org == org {
				r.inspectedBy(accounts[m.Inspector])
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// resultItem is what a finding says for good. A visit that could not be made has its
// result all the same: R100.
func (v Visit) resultItem(f Finding) ResultItem {
	i := ResultItem{
		Tasks: f.Tasks, Item: f.Item, Version: f.ItemVersion, Name: f.Name, Codes: slices.Clone(f.Codes), Corrected: f.Corrected,
		Problem: f.Problem, Handling: f.Handling, Waived: f.Waived,
	}
	if v.Special.Kind != "" {
		i.Codes, i.Waived = []ResultCode{v.Special.Kind}, ""
	}
	return i
}

// inspectedBy notes that a person with an account inspected.
func (r *Result) inspectedBy(p PersonID) {
	if p != "" && !slices.Contains(r.Inspected, p) {
		r.Inspected = append(r.Inspected, p)
		slices.Sort(r.Inspected)
	}
}

// Verbs returns what can be done with the result now, by whoever may.
func (r Result) Verbs() []Verb { return slices.Compact(resultLife.Verbs(r.State)) }

// Public reports whether the result has its page.
func (r Result) Public() bool {
	return r.State == ResultPublished || r.State == ResultWithdrawn || r.State == ResultEnded
}

// Relations returns what org has to do with the result: it is its own, it was at the
// same visit, it is the office, or it watches over the region. What is published all
// departments use: R104.
func (r Result) Relations(org Org) []Relation {
	var has []Relation
	if org.ID == r.Org {
		has = append(has, Owner)
	}
	if r.Public() {
		has = append(has, Published)
	}
	if org.Region != r.Region {
		return has
	}
	if slices.Contains(r.Orgs, org.ID) {
		has = append(has, Participant)
	}
	switch org.Kind {
	case OrgOffice:
		has = append(has, Office) // R17
	case OrgOversight:
		has = append(has, Oversight)
	}
	return has
}

func (r Result) step(verb Verb) (Result, error) {
	next, err := resultLife.Next(r.State, verb)
	if err != nil {
		return r, err
	}
	r.State = next
	return r, nil
}

// Put enters what follows from the result: R93, R99.
func (r Result) Put(e ResultEntry, by PersonID, now time.Time) (Result, error) {
	next, err := r.step(ResultPut)
	if err != nil {
		return r, err
	}
	var ps Problems
	slices.Sort(e.Follow)
	e.Follow = slices.Compact(e.Follow)
	for _, f := range e.Follow {
		chosen(&ps, FollowMeasures, "follow", "后续处理", f)
	}
	if len(e.Follow) > 1 && slices.Contains(e.Follow, "none") {
		ps = append(ps, ErrResultFollow.At("follow"))
	}
	if e.Dishonest != "" {
		chosen(&ps, DishonestKinds, "dishonest", "失信记录", e.Dishonest)
	}
	e.Remark = Optional(&ps, "remark", "备注", e.Remark, 500)
	if e.Remark == "" && slices.Contains(e.Follow, "other") && len(ps) == 0 {
		ps = append(ps, ErrEmpty.With("备注").At("remark"))
	}
	if !e.FollowDue.IsZero() && e.FollowDue.Before(r.Done) {
		ps = append(ps, ErrResultDue.At("follow_due"))
	}
	next.ResultEntry, next.Revisit = e, false
	next.EnteredBy, next.EnteredAt = by, now
	return next, ps.Err()
}

// Submit hands the result to the department's own leader: R91.
func (r Result) Submit(by PersonID, now time.Time) (Result, error) {
	next, err := r.step(ResultSubmit)
	if err != nil {
		return r, err
	}
	switch {
	case r.Revisit:
		return r, ErrResultRevisit
	case len(r.Follow) == 0:
		return r, ErrResultEntry
	}
	next.SubmittedBy, next.SubmittedAt, next.Opinion = by, now, ""
	return next, nil
}

// Own reports whether a person inspected, entered or handed in the result. Through
// whatever post: INV-09.
func (r Result) Own(by PersonID) bool {
	return by == r.EnteredBy || by == r.SubmittedBy || slices.Contains(r.Inspected, by)
}

// Approve is the decision of the department's leader on its own part: R91. What is
// approved is the text that will be published: INV-12.
func (r Result) Approve(by PersonID, opinion string, now time.Time) (Result, error) {
	next, err := r.step(ResultApprove)
	switch {
	case err != nil:
		return r, err
	case r.Own(by):
		return r, ErrOwnWork
	}
	var ps Problems
	next.Opinion = opinionText(&ps, opinion)
	next.ApprovedBy, next.ApprovedAt, next.Digest = by, now, r.Disclosed().Digest()
	return next, ps.Err()
}

// Return hands the result back with an opinion: R91. A result that is approved and
// not published can be handed back, too.
func (r Result) Return(opinion string) (Result, error) {
	next, err := r.step(ResultReturn)
	if err != nil {
		return r, err
	}
	var ps Problems
	next = next.undecided()
	next.Opinion = opinionText(&ps, opinion)
	return next, ps.Err()
}

// ReturnVisit hands the result back because the visit itself is wrong: R91. Until the
// team's leader opens the visit again, the department can still enter the result and so
// take that back.
func (r Result) ReturnVisit(opinion string) (Result, error) {
	next, err := r.Return(opinion)
	next.Revisit = err == nil
	return next, err
}

// undecided leaves nothing of what was handed in and decided.
func (r Result) undecided() Result {
	r.SubmittedBy, r.SubmittedAt = "", time.Time{}
	r.ApprovedBy, r.ApprovedAt, r.Digest = "", time.Time{}, ""
	return r
}

// recalled are the results of a visit that is opened again. They wait for its new
// signatures, which make them anew.
func recalled(results []Result) ([]Result, error) {
	if !slices.ContainsFunc(results, func(r Result) bool { return r.Revisit }) {
		return nil, ErrVisitUnasked
	}
	var back []Result
	for _, r := range results {
		next, err := r.step(VisitReopen)
		if err != nil {
			return nil, ErrVisitPublic.With(r.Body)
		}
		next = next.undecided()
		next.Revisit, next.ResultEntry = true, ResultEntry{}
		back = append(back, next)
	}
	return back, nil
}

// Publish makes the approved result public: R90, R94. Confirm is the object's code,
// typed by hand, because this cannot be taken back: R101.
func (r Result) Publish(by PersonID, confirm string, now time.Time) (Result, error) {
	next, err := r.step(ResultPublish)
	if err != nil {
		return r, err
	}
	if confirm != r.Confirm() {
		return r, ErrConfirm.With(r.Confirm()).At("confirm")
	}
	next.PublishedBy, next.PublishedAt, next.Edition = by, now, 1
	return next, nil
}

// Confirm is what who publishes types: the code that is published, else the name.
func (r Result) Confirm() string {
	p := r.Disclosed()
	return cmp.Or(p.Code, p.Name)
}
