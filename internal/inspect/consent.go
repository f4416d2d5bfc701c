package inspect

import (
	"slices"
	"time"
)

// A ConsentState is a department's answer to an invitation.
type ConsentState string

// The answers: R51, 海政办发〔2020〕2号 二(四) "发起部门与参与部门协商沟通".
const (
	ConsentPlanned  ConsentState = "planned"  // 尚未征求
	ConsentInvited  ConsentState = "invited"  // 等待答复
	ConsentAccepted ConsentState = "accepted" // 同意
	ConsentProposed ConsentState = "proposed" // 有修改意见
	ConsentDeclined ConsentState = "declined" // 不同意
)

// Text is the answer as users read it.
func (s ConsentState) Text() string {
	return map[ConsentState]string{
		ConsentPlanned: "尚未征求", ConsentInvited: "等待答复", ConsentAccepted: "同意",
		ConsentProposed: "有修改意见", ConsentDeclined: "不同意",
	}[s]
}

// consentLife is every move a consent can make. Answers may be changed while
// the plan is a draft; changing the line asks again.
var consentLife = Life[ConsentState]{
	{PlanInvite, ConsentPlanned, ConsentInvited},
	{PlanAccept, ConsentInvited, ConsentAccepted},
	{PlanPropose, ConsentInvited, ConsentProposed},
	{PlanDecline, ConsentInvited, ConsentDeclined},
	{PlanAccept, ConsentProposed, ConsentAccepted},
	{PlanDecline, ConsentProposed, ConsentDeclined},
	{PlanAccept, ConsentDeclined, ConsentAccepted},
	{PlanPropose, ConsentDeclined, ConsentProposed},
	{PlanPropose, ConsentAccepted, ConsentProposed},
	{PlanDecline, ConsentAccepted, ConsentDeclined},
}

// ConsentLife returns the moves of a consent.
func ConsentLife() Life[ConsentState] { return consentLife }

// A Consent (会签) is one department's say on one joint line.
type Consent struct {
	Version int64
	Org     OrgID
	State   ConsentState
	Note    string // what it proposes, or why it declines
	By      PersonID
	At      time.Time
	AskedAt time.Time
}

// Answer is the department's answer. A proposal and a refusal need words: R51.
func (c Consent) Answer(verb Verb, note string, by PersonID, now time.Time) (Consent, error) {
	state, err := consentLife.Next(c.State, verb)
	if err != nil {
		return c, err
	}
	var ps Problems
	note = Optional(&ps, "note", "意见", note, 500)
	if verb != PlanAccept && note == "" && len(ps) == 0 {
		ps = append(ps, ErrConsentNote)
	}
	if err := ps.Err(); err != nil {
		return c, err
	}
	c.State, c.Note, c.By, c.At = state, note, by, now
	return c, nil
}

// Verbs returns what the department can answer now.
func (c Consent) Verbs() []Verb { return consentLife.Verbs(c.State) }

// Open reports whether the line still waits for this department.
func (c Consent) Open() bool { return c.State != ConsentAccepted }

// Invite asks every department of the draft's joint lines that has not been
// asked: R51.
func (p Plan) Invite(now time.Time) (Plan, error) {
	if _, err := p.step(PlanInvite); err != nil {
		return p, err
	}
	p.Lines = slices.Clone(p.Lines)
	asked := 0
	for i, l := range p.Lines {
		if l.Dropped {
			continue
		}
		consents := l.expected(p.Org)
		for j := range consents {
			if consents[j].State == ConsentPlanned {
				consents[j].State, consents[j].AskedAt = ConsentInvited, now
				asked++
			}
		}
		p.Lines[i].Consents = consents
	}
	if asked == 0 {
		return p, ErrNobodyToAsk
	}
	return p, nil
}

// expected returns the consents the line needs: one of each of its departments
// but the plan's maker, old answers kept.
func (l PlanLine) expected(owner OrgID) []Consent {
	var consents []Consent
	for _, org := range l.Parties() {
		if org == owner {
			continue
		}
		c, ok := l.Consent(org)
		if !ok {
			c = Consent{Org: org, State: ConsentPlanned}
		}
		consents = append(consents, c)
	}
	return consents
}

// consentsFor returns the consents that survive the change of the line into
// next: all if nothing changed that was agreed to, else none stands and
// everybody is asked again.
func (l PlanLine) consentsFor(next PlanLine) []Consent {
	consents := slices.Clone(l.Consents)
	if l.sameTerms(next) {
		return consents
	}
	for i := range consents {
		consents[i] = Consent{Version: consents[i].Version, Org: consents[i].Org, State: ConsentPlanned}
	}
	return consents
}

// carry copies the line into the next edition: unchanged, its departments
// still agree.
func (l PlanLine) carry() PlanLine {
	l.Consents = slices.Clone(l.Consents)
	for i := range l.Consents {
		l.Consents[i].Version = 0
	}
	return l
}

// Consent returns the line's consent of org.
func (l PlanLine) Consent(org OrgID) (Consent, bool) {
	for _, c := range l.Consents {
		if c.Org == org && slices.Contains(l.Parties(), org) {
			return c, true
		}
	}
	return Consent{}, false
}

// asks reports whether org has been asked for its consent to the line.
func (l PlanLine) asks(org OrgID) bool {
	c, ok := l.Consent(org)
	return ok && !l.Dropped && c.State != ConsentPlanned
}

// Waiting returns the departments the plan still waits for, line by line.
func (p Plan) Waiting() []Waiting {
	var waiting []Waiting
	if p.Kind == PlanOwn {
		return nil
	}
	for _, l := range p.Standing() {
		for _, c := range l.expected(p.Org) {
			if c.Open() {
				waiting = append(waiting, Waiting{Line: l, Consent: c})
			}
		}
	}
	return waiting
}

// A Waiting is a line and the consent it still lacks.
type Waiting struct {
	Line    PlanLine
	Consent Consent
}

// ToInvite counts the departments that a draft's lines name and that have not
// been asked yet.
func (p Plan) ToInvite() int {
	n := 0
	for _, w := range p.Waiting() {
		if w.Consent.State == ConsentPlanned {
			n++
		}
	}
	return n
}
