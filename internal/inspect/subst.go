package inspect

import (
	"regexp"
	"slices"
	"time"

	"suicha/internal/workday"
)

// SubstID names one substitution of an object or of an inspector.
type SubstID string

// A SubstKind is what is replaced.
type SubstKind string

// The kinds of substitutions.
const (
	SubstObject    SubstKind = "object"
	SubstInspector SubstKind = "inspector"
	SubstRecusal   SubstKind = "recusal" // of an inspector, at the enterprise's request
)

// SubstKinds lists the kinds.
var SubstKinds = []Choice{{string(SubstObject), "递补检查对象"}, {string(SubstInspector), "替换检查人员"}, {string(SubstRecusal), "回避申请"}}

// Text is the kind in Chinese.
func (k SubstKind) Text() string { return ChoiceText(SubstKinds, string(k)) }

// ObjectGrounds are why an object cannot be inspected, as substitutions.tsv writes
// them; InspectorGrounds why an inspector cannot.
var (
	ObjectGrounds = []Choice{
		{"cancelled", "注销"}, {"revoked", "吊销"}, {"moved", "迁出辖区"}, {"lost", "无法联系"}, {"closed", "停业"}, {"wrong", "名单错误"}, {"other", "其他"},
	}
	InspectorGrounds = []Choice{{"ill", "病假"}, {"duty", "公务"}, {"recused", "回避"}, {"left", "调离"}, {"other", "其他"}}
)

// A SubstState is how far a substitution has come.
type SubstState string

// The states of a substitution.
const (
	SubstAsked     SubstState = "asked"
	SubstGranted   SubstState = "granted"
	SubstRefused   SubstState = "refused"
	SubstWithdrawn SubstState = "withdrawn"
)

// SubstStates lists the states in the order of filters.
var SubstStates = []Choice{{string(SubstAsked), "待批准"}, {string(SubstGranted), "已批准"}, {string(SubstRefused), "未批准"}, {string(SubstWithdrawn), "已撤回"}}

// Text is the state as users read it.
func (s SubstState) Text() string { return ChoiceText(SubstStates, string(s)) }

// substLife is every move a substitution can make.
var substLife = Life[SubstState]{
	{SubstGrant, SubstAsked, SubstGranted},
	{SubstRefuse, SubstAsked, SubstRefused},
	{SubstWithdraw, SubstAsked, SubstWithdrawn},
	{SubstErase, SubstGranted, SubstGranted},
	{SubstErase, SubstRefused, SubstRefused},
	{SubstErase, SubstWithdrawn, SubstWithdrawn},
}

// SubstLife returns the moves of a substitution.
func SubstLife() Life[SubstState] { return substLife }

// A Subst (递补、人员替换) replaces an object that cannot be inspected, or an inspector
// who cannot come, by the next in order: R68, 海政办发〔2020〕2号 二(五)2. Somebody asks,
// another person decides, and nobody chooses who comes in.
type Subst struct {
	ID      SubstID
	Version int64
	Region  string
	Batch   BatchID
	Run     int
	Team    TeamID
	No      int   // of the team
	Org     OrgID // who asks
	Kind    SubstKind
	Closed  string `json:",omitempty"` // in a sealed list: the body and the opinion, encrypted
	SubstBody

	State     SubstState
	AskedBy   PersonID
	AskedAt   time.Time
	DecidedBy PersonID
	DecidedAt time.Time
	Opinion   string

	Concerned PersonID  `json:",omitempty"` // the account of who goes, in a list that is public: never decides
	Lookup    string    `json:",omitempty"` // of an application for recusal: digest of its receipt number (受理编号)
	Digest    string    `json:",omitempty"` // of the words that came by the public form; they stand beside the record
	ErasedBy  PersonID  `json:",omitempty"`
	ErasedAt  time.Time `json:",omitzero"`
}

// A SubstBody is what a substitution tells of the team, its object and its members.
type SubstBody struct {
	Out      InspectorNo // who goes; 0 of an object
	Ground   string
	Text     string
	Evidence string // digest of what shows the ground

	Channel   string // of an application for recusal
	Applied   workday.Date
	Applicant string
	Cause     string       `json:",omitempty"`
	Due       workday.Date `json:",omitzero"`  // of the decision on an application for recusal: C19
	Note      string       `json:",omitempty"` // why it was withdrawn: who has the receipt number reads it
	Reason    string       `json:",omitempty"` // why the words were erased

	In        InspectorNo // who came
	Passed    []SubstPass // who was next and could not
	Teams     []int       // numbers of the teams that visit the substitutes
	Exhausted bool        // a reserve was used up: there is no substitute
}

// A SubstPass is an inspector who was next in order and could not come, and why.
type SubstPass struct {
	Inspector InspectorNo
	Reason    string
}

var evidenceForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// AskSubst asks that the object or a member of a team be replaced.
func AskSubst(s Subst, x Team, by PersonID, now time.Time) (Subst, error) {
	var ps Problems
	if !ValidID(s.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	chosen(&ps, SubstKinds, "kind", "替换内容", string(s.Kind))
	s.Text = short(&ps, "text", "说明", s.Text, 200)
	grounds := InspectorGrounds
	if s.Kind == SubstObject {
		grounds = ObjectGrounds
		if s.Out != 0 {
			ps = append(ps, ErrChoice.With("检查人员").At("out"))
		}
		if !evidenceForm.MatchString(s.Evidence) {
			ps = append(ps, ErrSubstEvidence.At("evidence"))
		}
	} else if _, in := x.Member(s.Out); !in {
		ps = append(ps, ErrChoice.With("检查人员").At("out"))
	}
	if s.Kind == SubstRecusal {
		s = s.applied(&ps, now)
	} else {
		s.Channel, s.Applicant, s.Applied, s.Cause = "", "", workday.Date{}, ""
	}
	chosen(&ps, grounds, "ground", "事由", s.Ground)
	if s.Text == "" && (s.Ground == "other" || s.Kind == SubstRecusal && s.Digest == "") {
		ps = append(ps, ErrEmpty.With("说明").At("text"))
	}
	if s.Evidence != "" && s.Kind != SubstObject && !evidenceForm.MatchString(s.Evidence) {
		ps = append(ps, ErrSubstEvidence.At("evidence"))
	}
	if !slices.Contains(x.Verbs(), SubstGrant) {
		ps = append(ps, ErrStep.With(SubstAsk.Text()))
	}
	s.Batch, s.Run, s.Team, s.No, s.State, s.AskedBy, s.AskedAt = x.Batch, x.Run, x.ID, x.No, SubstAsked, by, now
	return s, ps.Err()
}

// Decide grants or refuses the substitution. Nobody decides on what they asked for, or
// on whether they are replaced themselves, through whatever post: INV-09.
func (s Subst) Decide(verb Verb, by PersonID, opinion string, now time.Time) (Subst, error) {
	state, err := substLife.Next(s.State, verb)
	switch {
	case err != nil:
		return s, err
	case by == s.AskedBy:
		return s, ErrOwnWork
	case by == s.Concerned:
		return s, ErrSubstConcerned
	}
	var ps Problems
	s.Opinion = opinionText(&ps, opinion)
	s.State, s.DecidedBy, s.DecidedAt = state, by, now
	return s, ps.Err()
}

// Withdraw takes the question back. Of an application for recusal it says on whose word.
func (s Subst) Withdraw(text string) (Subst, error) {
	var ps Problems
	if s.Kind == SubstRecusal {
		s.Note = Paragraph(&ps, "text", "撤回情况", text, 200)
	} else {
		s.Note = short(&ps, "text", "撤回情况", text, 200)
	}
	return s.end(ps)
}

// end withdraws the substitution, unless something was wrong.
func (s Subst) end(ps Problems) (Subst, error) {
	state, err := substLife.Next(s.State, SubstWithdraw)
	if err != nil {
		return s, err
	}
	s.State = state
	return s, ps.Err()
}

// Settled ends a question that another one of its team has answered: its object is not
// visited any more, or its inspector has gone.
func (s Subst) Settled(by Subst) (Subst, error) {
	s.Note = "这名检查人员已经不再参加本次检查，本申请不再办理。"
	if by.Kind == SubstObject {
		s.Note = "本单位不再作为本次检查的对象，本申请不再办理。"
	}
	return s.end(nil)
}

// SettledBy reports whether a substitution that is carried out answers s as well.
func (s Subst) SettledBy(by Subst) bool {
	return s.ID != by.ID && s.Team == by.Team && s.State == SubstAsked && (by.Kind == SubstObject || s.Out == by.Out)
}

// Verbs returns what can be done with the substitution now, by whoever may.
func (s Subst) Verbs() []Verb {
	return slices.DeleteFunc(substLife.Verbs(s.State), func(v Verb) bool { return v == SubstErase && (s.Digest == "" || !s.ErasedAt.IsZero()) })
}

// GroundText is the ground in Chinese.
func (s Subst) GroundText() string {
	if s.Kind == SubstObject {
		return ChoiceText(ObjectGrounds, s.Ground)
	}
	if s.Cause != "" {
		return ChoiceText(RecusalCauses, s.Cause)
	}
	return ChoiceText(InspectorGrounds, s.Ground)
}

// Replace takes a member out and puts another in the same seat. Leader is who leads
// then: R72.
func (t Team) Replace(out, in, leader InspectorNo, by SubstID, now time.Time) (Team, error) {
	was, ok := t.Member(out)
	if !ok || t.Has(in) {
		return t, ErrMissing
	}
	t.Members = slices.Clone(t.Members)
	for i, m := range t.Members {
		if m.Inspector == out && !m.Out {
			t.Members[i].Out, t.Members[i].By = true, by
		}
	}
	t.Members = append(t.Members, TeamMember{Org: was.Org, Line: was.Line, Inspector: in, By: by})
	return t.led(leader), nil
}

// led makes somebody the leader.
func (t Team) led(leader InspectorNo) Team {
	for i, m := range t.Members {
		if !m.Out {
			t.Members[i].Leader = m.Inspector == leader
		}
	}
	slices.SortStableFunc(t.Members, func(a, b TeamMember) int { return -compareBool(a.Leader && !a.Out, b.Leader && !b.Out) })
	return t
}

// GiveUp ends the team, whose object cannot be inspected: R68.
func (t Team) GiveUp(by SubstID) (Team, error) {
	next, err := t.step(SubstGrant)
	next.Taken = by
	return next, err
}

// Substitute is the team of a substitute: it begins where the team before it stood.
func (t Team) Substitute(no int, b Batch, object ObjectNo, id string, tasks []Task, by SubstID) Team {
	next := Team{ID: TeamIDOf(b.ID, b.Run, no), Batch: b.ID, Run: b.Run, No: no, Sealed: t.Sealed, State: TeamFormed}
	if t.State == TeamDispatched {
		next.State = TeamDispatched
	}
	next.Object, next.Drawn, next.Instead, next.Days = object, id, t.No, visitDays(tasks)
	for _, x := range tasks {
		next.Tasks = append(next.Tasks, x.ID)
	}
	return next
}

// Crew puts the team together. The first department leads.
func (t Team) Crew(org OrgID, leader InspectorNo, members []TeamMember) Team {
	t.Org, t.Orgs, t.Members = org, nil, members
	for _, m := range members {
		if !m.Out {
			t.Orgs = append(t.Orgs, m.Org)
		}
	}
	slices.Sort(t.Orgs)
	t.Orgs = slices.Compact(t.Orgs)
	return t.led(leader)
}
