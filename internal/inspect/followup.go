package inspect

import (
	"slices"
	"time"

	"suicha/internal/workday"
)

// FollowUpID names one follow-up.
type FollowUpID string

// FollowUpIDOf is the id of what follows from a result in one way: there is one.
func FollowUpIDOf(result ResultID, kind FollowKind) FollowUpID {
	return FollowUpID(OwnID(string(result), "followup", string(kind)))
}

// A FollowKind is what follows from a result: one of FollowMeasures.
type FollowKind string

// The kinds of follow-ups.
const (
	FollowDaily   FollowKind = "daily"
	FollowRectify FollowKind = "rectify"
	FollowCase    FollowKind = "case"
	FollowNotify  FollowKind = "notify"
	FollowCrime   FollowKind = "crime"
	FollowOther   FollowKind = "other"
)

// FollowKinds lists the kinds in the order of filters: every measure but none.
var FollowKinds = FollowMeasures[1:]

// Text is the kind as users read it.
func (k FollowKind) Text() string { return ChoiceText(FollowKinds, string(k)) }

// Transfers reports whether the follow-up is handed to another body.
func (k FollowKind) Transfers() bool { return k == FollowCase || k == FollowNotify }

// A FollowState is how far a follow-up has come.
type FollowState string

// The states of a follow-up. Which of them it can reach depends on its kind.
const (
	FollowOpen     FollowState = "open"
	FollowMended   FollowState = "mended"
	FollowSent     FollowState = "sent"
	FollowAccepted FollowState = "accepted"
	FollowReturned FollowState = "returned"
	FollowAnswered FollowState = "answered"
	FollowReported FollowState = "reported"
	FollowApproved FollowState = "approved"
	FollowHanded   FollowState = "handed"
	FollowReceived FollowState = "received"
	FollowUnfiled  FollowState = "unfiled"
	FollowObjected FollowState = "objected"
	FollowFiled    FollowState = "filed"
	FollowRefused  FollowState = "refused"
	FollowClosed   FollowState = "closed"
)

// FollowStates lists the states in the order of filters.
var FollowStates = []Choice{
	{string(FollowOpen), "待办理"}, {string(FollowMended), "待复查"}, {string(FollowSent), "待受理"}, {string(FollowAccepted), "已受理"},
	{string(FollowReturned), "已退回"}, {string(FollowAnswered), "已反馈"}, {string(FollowReported), "待主要负责人决定"},
	{string(FollowApproved), "待移送公安机关"}, {string(FollowHanded), "待公安机关签收"}, {string(FollowReceived), "待公安机关决定"},
	{string(FollowUnfiled), "公安机关不予立案"}, {string(FollowObjected), "已提请复议"}, {string(FollowFiled), "已立案，待移交物品"},
	{string(FollowRefused), "不批准移送"}, {string(FollowClosed), "已办结"},
}

// Text is the state as users read it.
func (s FollowState) Text() string { return ChoiceText(FollowStates, string(s)) }

// Ended reports whether nothing is left to do.
func (s FollowState) Ended() bool { return s == FollowClosed || s == FollowRefused }

// The lives of follow-ups: R97–R99, R113, 海政办发〔2020〕2号 二(六), 二(七). What is to be
// mended is checked again; a clue goes to who is responsible; a suspected crime goes to
// the police; what stays with the department is closed with what came of it.
var (
	rectifyLife = Life[FollowState]{
		{FollowUpMend, FollowOpen, FollowMended},
		{FollowUpMend, FollowMended, FollowMended},
		{FollowUpPass, FollowOpen, FollowClosed},
		{FollowUpPass, FollowMended, FollowClosed},
		{FollowUpFail, FollowOpen, FollowOpen},
		{FollowUpFail, FollowMended, FollowOpen},
		{FollowUpEscalate, FollowOpen, FollowClosed},
		{FollowUpEscalate, FollowMended, FollowClosed},
	}
	transferLife = Life[FollowState]{
		{FollowUpSend, FollowOpen, FollowSent},
		{FollowUpAccept, FollowSent, FollowAccepted},
		{FollowUpReturn, FollowSent, FollowReturned},
		{FollowUpSend, FollowReturned, FollowSent},
		{FollowUpAnswer, FollowAccepted, FollowAnswered},
		{FollowUpClose, FollowAnswered, FollowClosed},
		{FollowUpClose, FollowReturned, FollowClosed},
	}
	crimeLife = Life[FollowState]{
		{FollowUpReport, FollowOpen, FollowReported},
		{FollowUpApprove, FollowReported, FollowApproved},
		{FollowUpRefuse, FollowReported, FollowRefused},
		{FollowUpHand, FollowApproved, FollowHanded},
		{FollowUpReceipt, FollowHanded, FollowReceived},
		{FollowUpFile, FollowReceived, FollowFiled},
		{FollowUpUnfile, FollowReceived, FollowUnfiled},
		{FollowUpObject, FollowUnfiled, FollowObjected},
		{FollowUpFile, FollowObjected, FollowFiled},
		{FollowUpUnfile, FollowObjected, FollowUnfiled},
		{FollowUpClose, FollowUnfiled, FollowClosed},
		{FollowUpArticles, FollowFiled, FollowClosed},
	}
	plainLife = Life[FollowState]{{FollowUpClose, FollowOpen, FollowClosed}}
)

// FollowUpLife returns the moves of a follow-up of one kind.
func FollowUpLife(kind FollowKind) Life[FollowState] {
	switch kind {
	case FollowRectify:
		return rectifyLife
	case FollowCase, FollowNotify:
		return transferLife
	case FollowCrime:
		return crimeLife
	}
	return plainLife
}

// A FollowUp (后续处理) is what a department does after it has published a result, until
// it is closed: R99, 海政办发〔2020〕2号 二(六) "做好后续监管衔接". It is opened with the
// publication, one for each measure that was entered.
type FollowUp struct {
	ID      FollowUpID
	Version int64
	Region  string
	Result  ResultID
	Kind    FollowKind
	Org     OrgID
	Object  ObjectNo
	Code    string // of the object, as its name, on the day of the visit
	Name    string

	State    FollowState
	Due      workday.Date // until when it is to be done; zero if nobody said
	OpenedAt time.Time
	Since    time.Time    // of the last step
	From     workday.Date // on which the present clock began, which may be before it was noted

	Receiver   OrgID  // who has to take the clue; empty outside the platform
	Outside    string // the name of a receiver outside
	AcceptDays int    // working days to take it or send it back
	CaseNo     string // 案号 in the system of cases: R113

	Group      []InspectorNo // 专案组: R98
	GroupOf    []PersonID    // their accounts: none of them decides, INV-09
	ReportedBy PersonID
	DecidedBy  PersonID

	Steps []FollowStep // all that was done, the first first
}

// A FollowStep is one thing that was done, with what was written down about it.
type FollowStep struct {
	Verb     Verb
	By       PersonID
	Org      OrgID
	At       time.Time
	Day      workday.Date // of the thing itself, where that is asked
	Moment   time.Time    // as Day, where the hour counts
	Name     string       // of a receiver, or of who signed
	Number   string       // of a case or of a document
	Way      string       // of a re-check
	Officers []InspectorNo
	Papers   []string
	Due      workday.Date // the new date
	Text     string
}

// OpenFollowUps are what follows from a result that is published: one for each measure
// but "none".
func (r Result) OpenFollowUps(now time.Time) (all []FollowUp) {
	for _, kind := range r.Follow {
		if kind != "none" {
			all = append(all, r.openFollowUp(FollowKind(kind), now))
		}
	}
	return all
}

func (r Result) openFollowUp(kind FollowKind, now time.Time) FollowUp {
	return FollowUp{
		ID: FollowUpIDOf(r.ID, kind), Region: r.Region, Result: r.ID, Kind: kind, Org: r.Org, Object: r.Object, Code: r.Code, Name: r.Name,
		State: FollowOpen, Due: r.FollowDue, OpenedAt: now, Since: now, From: workday.On(now),
	}
}

// Verbs returns what can be done with the follow-up now, by whoever may.
func (f FollowUp) Verbs() []Verb { return FollowUpLife(f.Kind).Verbs(f.State) }

// Relations returns what org has to do with the follow-up: it is its own, the clue was
// sent to it, it is the office, or it watches over the region. A suspected crime the
// office does not see.
func (f FollowUp) Relations(org Org) []Relation {
	var has []Relation
	if org.ID == f.Org {
		has = append(has, Owner)
	}
	if f.Receiver != "" && org.ID == f.Receiver {
		has = append(has, Participant)
	}
	if org.Region != f.Region {
		return has
	}
	switch {
	case org.Kind == OrgOffice && f.Kind != FollowCrime:
		has = append(has, Office)
	case org.Kind == OrgOversight:
		has = append(has, Oversight)
	}
	return has
}

// Last is the newest step of a verb.
func (f FollowUp) Last(verb Verb) (FollowStep, bool) {
	for _, s := range slices.Backward(f.Steps) {
		if s.Verb == verb {
			return s, true
		}
	}
	return FollowStep{}, false
}

// step makes a move and notes it.
func (f FollowUp) step(s FollowStep) (FollowUp, error) {
	next, err := FollowUpLife(f.Kind).Next(f.State, s.Verb)
	if err != nil {
		return f, err
	}
	f.State, f.Since, f.From = next, s.At, workday.On(s.At)
	if !s.Day.IsZero() {
		f.From = s.Day
	}
	f.Steps = append(slices.Clone(f.Steps), s)
	return f, nil
}
