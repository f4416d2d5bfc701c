package inspect

import (
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
)

// VisitID names one visit.
type VisitID string

// A VisitState is how far a visit has come.
type VisitState string

// The states of a visit. Aside is one that cannot go its way: R100.
const (
	VisitPrepared  VisitState = "prepared"
	VisitBegun     VisitState = "begun"
	VisitAside     VisitState = "aside"
	VisitConcluded VisitState = "concluded"
	VisitSigned    VisitState = "signed"
)

// VisitStates lists the states in the order of filters.
var VisitStates = []Choice{
	{string(VisitPrepared), "准备中"}, {string(VisitBegun), "检查中"}, {string(VisitAside), "无法实质检查"},
	{string(VisitConcluded), "待签字"}, {string(VisitSigned), "检查完成"},
}

// Text is the state as users read it.
func (s VisitState) Text() string { return ChoiceText(VisitStates, string(s)) }

// visitLife is every move a visit can make: R76–R89, 海政办发〔2020〕2号 二(五)4. The last
// signature signs the visit; those before it leave it as it is. One that is signed is
// opened again only because a department returned its result for that: R91.
var visitLife = Life[VisitState]{
	{VisitPrecheck, VisitPrepared, VisitPrepared}, // R79
	{VisitNotify, VisitPrepared, VisitPrepared},   // R80
	{VisitBegin, VisitPrepared, VisitBegun},
	{VisitBegin, VisitAside, VisitBegun},   // the party was found after all
	{VisitFill, VisitBegun, VisitBegun},    // R78
	{VisitMeasure, VisitBegun, VisitBegun}, // R82
	{VisitHelper, VisitBegun, VisitBegun},  // R59, R75
	{VisitAttach, VisitPrepared, VisitPrepared},
	{VisitAttach, VisitBegun, VisitBegun},
	{VisitAttach, VisitAside, VisitAside},
	{VisitAttach, VisitConcluded, VisitConcluded}, // papers of the signatures
	{VisitSpecial, VisitPrepared, VisitAside},     // R100
	{VisitSpecial, VisitBegun, VisitAside},
	{VisitSpecial, VisitAside, VisitAside},
	{VisitConclude, VisitBegun, VisitConcluded}, // R77, R89
	{VisitConclude, VisitAside, VisitConcluded},
	{VisitReopen, VisitConcluded, VisitBegun}, // voids the signatures: INV-10
	{VisitReopen, VisitConcluded, VisitAside}, // one of R100
	{VisitReopen, VisitSigned, VisitBegun},    // with all its results: R91
	{VisitReopen, VisitSigned, VisitAside},
	{VisitParty, VisitConcluded, VisitConcluded},
	{VisitSign, VisitConcluded, VisitConcluded}, // R88
	{VisitSign, VisitConcluded, VisitSigned},
}

// VisitLife returns the moves of a visit.
func VisitLife() Life[VisitState] { return visitLife }

// A Visit (检查) is one team at one object for all its items: R76–R89, R100,
// 海政办发〔2020〕2号 二(五)4. There is one for each team, and its first act makes it.
type Visit struct {
	ID      VisitID
	Version int64
	Region  string
	Batch   BatchID
	Team    TeamID
	Object  ObjectNo
	Org     OrgID   // that leads
	Orgs    []OrgID // that take part, ascending
	State   VisitState
	Code    string    // 检查码: who has it can check that the visit is real
	Digest  string    // of what was concluded, which every signature binds; empty while open: INV-10
	EndedAt time.Time // of the last signature: see ClockFrom
	VisitBody
}

// A VisitBody is what was found and done.
type VisitBody struct {
	Party      VisitedParty
	Tasks      []VisitTask
	Members    []VisitMember // as they stood when it began, and again when it was concluded
	NoNotice   bool          // one of the tasks is not announced: R81
	Precheck   Precheck
	Notice     VisitNotice
	Start      VisitStart
	Findings   []Finding // one for each item, the lead department's first
	Measures   []Measure
	Helpers    []Helper
	Evidence   []Evidence
	Special    Special
	Conclusion Conclusion
	Reopened   []Reopening
	Papers     []Evidence // that came after the conclusion, for signatures: the digest leaves them out
}

// A VisitedParty (被检查单位) is the object as the library described it when the visit
// was made, in what documents and results say of it.
type VisitedParty struct {
	Kind              ObjectKind
	Name, Code, Place string
}

// A VisitTask is one task that drew the object.
type VisitTask struct {
	ID     TaskID
	Number string
	Name   string
	Org    OrgID
}

// A VisitMember is one inspector of the team, with the certificate that is shown.
type VisitMember struct {
	Inspector   InspectorNo
	Org         OrgID
	Name        string
	Certificate string
	Leader      bool
}

// A Precheck (预查比对) is what was known of the object before the visit: R79.
type Precheck struct {
	Facts []PrecheckFact
	By    PersonID
	At    time.Time
}

// A PrecheckFact is one thing that is known, from where, and as of when.
type PrecheckFact struct {
	Source, Text string
	AsOf         workday.Date
}

// NoticeChannels are the ways in which a visit is announced: R80, 海政办发〔2020〕2号
// 二(五)4(2) "以书面或电话、传真等形式".
var NoticeChannels = []Choice{{"written", "书面"}, {"phone", "电话"}, {"fax", "传真"}, {"sms", "短信"}, {"online", "网上"}}

// A VisitNotice (部门联合检查告知书) is how the object learnt of the visit: R80. None is
// made where the object must not know: R81.
type VisitNotice struct {
	Channel   string
	Recipient string // by name and role
	Text      string // what was told and asked for
	Told      time.Time
	Proof     EvidenceID // that it arrived; empty if there is none yet
	By        PersonID
	At        time.Time
}

// A VisitStart (到场) is the beginning of the visit on the spot. Claimed is the time on
// the officers' telephone, At when the platform learnt of it.
type VisitStart struct {
	Day      workday.Date
	Officers []InspectorNo // who came: two of each department, C9
	Present  string        // who was there for the party
	Role     string
	Shown    bool   // certificates: 行政处罚法 五十五
	Told     bool   // rights
	Recusal  string // whose recusal was asked for, and how it was answered; empty if nobody's
	Claimed  time.Time
	By       PersonID
	At       time.Time
}

// A Conclusion (检查结论) is the team's, and its leader answers for it: R89.
type Conclusion struct {
	Text   string
	Leader InspectorNo
	By     PersonID
	At     time.Time
}

// A Reopening takes a conclusion back, and with it all signatures.
type Reopening struct {
	Reason string
	Digest string // of what had been concluded
	By     PersonID
	At     time.Time
	Ended  time.Time `json:",omitzero"` // when everybody had signed it; zero if somebody had not
}

// VisitIDOf is the id of a team's visit.
func VisitIDOf(team TeamID) VisitID { return VisitID(OwnID(string(team), "visit")) }

// NewVisit makes the visit of a dispatched team. Items are those that its tasks pinned,
// as they are listed now.
func NewVisit(x Team, s TeamScene, object Object, items map[ItemID]Item, code string) (Visit, error) {
	if x.State != TeamDispatched {
		return Visit{}, ErrVisitTeam
	}
	v := Visit{
		ID: VisitIDOf(x.ID), Region: s.Batch.Region, Batch: x.Batch, Team: x.ID, Object: x.Object, Org: x.Org, Orgs: x.Orgs,
		State: VisitPrepared, Code: code,
	}
	v.Party = VisitedParty{object.Kind, object.Name, object.Code, object.Address}
	for _, id := range x.Tasks {
		t := s.task(id)
		v.Tasks = append(v.Tasks, VisitTask{t.ID, t.Number, t.Name, t.Org})
		v.NoNotice = v.NoNotice || t.NoNotice
		for _, pin := range t.Items() {
			v.addItem(t, pin, items[pin.Item])
		}
	}
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return -compareBool(a.Org == v.Org, b.Org == v.Org) })
	return v, nil
}

// addItem adds what a task wants checked. What several tasks want is checked once, in
// the newest of their versions.
func (v *Visit) addItem(t Task, pin ItemPin, item Item) {
	for i := range v.Findings {
		if f := &v.Findings[i]; f.Item == pin.Item {
			f.Tasks, f.ItemVersion = append(f.Tasks, t.ID), max(f.ItemVersion, pin.Version)
			return
		}
	}
	v.Findings = append(v.Findings, Finding{Tasks: []TaskID{t.ID}, Org: pin.Org, Item: pin.Item, ItemVersion: pin.Version, Name: item.Name, Methods: t.Methods})
}

// Verbs returns what can be done with the visit now, by whoever may.
func (v Visit) Verbs() []Verb { return slices.Compact(visitLife.Verbs(v.State)) }

// Done reports whether the visit has ended and its results can be written: every
// member signed.
func (v Visit) Done() bool { return v.State == VisitSigned }

// Open reports whether the officers still write down what they find.
func (v Visit) Open() bool {
	return v.State == VisitPrepared || v.State == VisitBegun || v.State == VisitAside
}

// Member finds a member of the visit.
func (v Visit) Member(no InspectorNo) (VisitMember, bool) {
	i := slices.IndexFunc(v.Members, func(m VisitMember) bool { return m.Inspector == no })
	if i < 0 {
		return VisitMember{}, false
	}
	return v.Members[i], true
}

// Of are the findings of one department.
func (v Visit) Of(org OrgID) []Finding {
	return slices.DeleteFunc(slices.Clone(v.Findings), func(f Finding) bool { return f.Org != org })
}

// step moves the visit to the first state that the verb leads to.
func (v Visit) step(verb Verb) (Visit, error) {
	next, err := visitLife.Next(v.State, verb)
	if err == nil {
		v.State = next
	}
	return v, err
}

// An Officer is a member of the team at work: who, and when.
type Officer struct {
	VisitMember
	Person PersonID
	Now    time.Time
}

// VisitMembers are the standing members of a team, with the certificates that they hold
// on a day.
func VisitMembers(x Team, files map[InspectorNo]InspectorFile, on workday.Date) (members []VisitMember) {
	for _, m := range x.Standing() {
		f := files[m.Inspector]
		v := VisitMember{Inspector: m.Inspector, Org: m.Org, Name: f.Name, Leader: m.Leader}
		for _, c := range f.Certificates {
			if !on.Before(c.From) && !on.After(c.Until) {
				v.Certificate = c.Number
			}
		}
		members = append(members, v)
	}
	return members
}

// PrecheckFacts are what the libraries know of an object: its registration, licences
// and flags, and what earlier visits found. R79.
func PrecheckFacts(o Object, licences []Licence, flags []Flag, earlier []Visit, today workday.Date) []PrecheckFact {
	facts := []PrecheckFact{{o.Source, "登记状态：" + o.Status.Text() + "。住所（经营场所）：" + o.Address + "。", o.Sourced}}
	if o.Risk != "" {
		facts = append(facts, PrecheckFact{o.RiskSource, "信用风险等级：" + o.Risk + "。", o.RiskOn})
	}
	for _, l := range licences {
		text := l.Name + "（" + l.Number + "）"
		switch {
		case l.Ended:
			text += "已注销。"
		case l.ValidTo.IsZero():
			text += "长期有效。"
		case l.Valid(today):
			text += "有效期至 " + l.ValidTo.String() + "。"
		default:
			text += "已于 " + l.ValidTo.String() + " 到期。"
		}
		facts = append(facts, PrecheckFact{l.Authority, text, l.Issued})
	}
	for _, f := range flags {
		if f.Until.IsZero() || !f.Until.Before(today) {
			facts = append(facts, PrecheckFact{f.Source, "标记：" + f.Kind.Text() + "。" + f.Note, f.Since})
		}
	}
	for _, v := range earlier {
		facts = append(facts, PrecheckFact{"检查记录", v.Brief(), workday.On(v.EndedAt)})
	}
	return facts
}

// Brief is what the visit found, in a line.
func (v Visit) Brief() string {
	var tasks, codes []string
	for _, t := range v.Tasks {
		tasks = append(tasks, t.Name)
	}
	for _, f := range v.Findings {
		for _, c := range f.Codes {
			if text := c.Text(); !slices.Contains(codes, text) {
				codes = append(codes, text)
			}
		}
	}
	return strings.Join(tasks, "、") + "：" + strings.Join(codes, "、") + "。" + v.Conclusion.Text
}

// factsMost is how many facts of a pre-check somebody can add by hand.
const factsMost = 20

// Check notes what was known before the visit: the facts of the libraries, and those
// that somebody looked up elsewhere.
func (v Visit) Check(known, own []PrecheckFact, by Officer) (Visit, error) {
	next, err := v.step(VisitPrecheck)
	if err != nil {
		return v, err
	}
	var ps Problems
	if len(own) > factsMost {
		ps = append(ps, ErrNotFinite.With(factsMost).At("texts"))
	}
	for i := range own {
		own[i].Source = Line(&ps, "sources", "信息来源", own[i].Source, 60)
		own[i].Text = Paragraph(&ps, "texts", "核实情况", own[i].Text, 500)
		if own[i].AsOf.IsZero() || own[i].AsOf.After(workday.On(by.Now)) {
			ps = append(ps, ErrVisitAsOf.At("as_of"))
		}
	}
	next.Precheck = Precheck{slices.Concat(known, own), by.Person, by.Now}
	return next, ps.Err()
}

// Notify notes how the object learnt of the visit: R80, 海政办发〔2020〕2号 二(五)4(2). A
// visit that must not be announced is not: R81.
func (v Visit) Notify(n VisitNotice, by Officer) (Visit, error) {
	next, err := v.step(VisitNotify)
	switch {
	case err != nil:
		return v, err
	case v.NoNotice:
		return v, ErrVisitSecret
	}
	var ps Problems
	chosen(&ps, NoticeChannels, "channel", "告知方式", n.Channel)
	n.Recipient = Line(&ps, "recipient", "接收人", n.Recipient, 60)
	n.Text = Paragraph(&ps, "text", "告知内容", n.Text, 1000)
	if n.Told.IsZero() || n.Told.After(by.Now) {
		ps = append(ps, ErrVisitClaimed.With("告知时间").At("told"))
	}
	if n.Proof != "" && !v.holds(n.Proof) {
		ps = append(ps, ErrVisitEvidence.At("proof"))
	}
	n.By, n.At = by.Person, by.Now
	next.Notice = n
	return next, ps.Err()
}

// Begin notes that the officers are there, have shown their certificates and told the
// party its rights: 行政处罚法 五十五. Of each department two came: C9.
func (v Visit) Begin(s VisitStart, x Team, members []VisitMember, by Officer) (Visit, error) {
	next, err := v.step(VisitBegin)
	switch {
	case err != nil:
		return v, err
	case v.Precheck.At.IsZero() && v.State == VisitPrepared:
		return v, ErrVisitPrecheck
	case v.Notice.At.IsZero() && !v.NoNotice && v.State == VisitPrepared:
		return v, ErrVisitNotice
	}
	var ps Problems
	s.Claimed = claimed(&ps, s.Claimed, by.Now)
	s.Day = workday.On(s.Claimed)
	if s.Day.Before(x.Days.From) {
		ps = append(ps, ErrVisitEarly.With(x.Days.From.Full()).At("claimed"))
	}
	s.Officers = present(&ps, s.Officers, members)
	for _, org := range v.Orgs {
		if count(members, s.Officers, org) < 2 {
			ps = append(ps, ErrVisitOfficers.At("officers"))
			break
		}
	}
	s.Present = Line(&ps, "present", "现场人员", s.Present, 60)
	s.Role = Line(&ps, "role", "职务或者身份", s.Role, 40)
	s.Recusal = Optional(&ps, "recusal", "回避申请", s.Recusal, 500)
	if !s.Shown || !s.Told {
		ps = append(ps, ErrVisitShown.At("shown"))
	}
	s.By, s.At = by.Person, by.Now
	next.Start, next.Members, next.Special = s, members, Special{}
	return next, ps.Err()
}

// ReadMoment reads a moment as a form or a telephone sends it. An empty text is none.
func ReadMoment(field, label, text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	at, ok := Moment(text)
	if !ok || at.Year() < 2000 || at.Year() >= 2100 {
		return at, ErrVisitMoment.With(label).At(field)
	}
	return at.UTC().Truncate(time.Millisecond), nil
}

// claimed is when something happened as the telephone says, or now if it does not say.
func claimed(ps *Problems, at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	if at.After(now) {
		*ps = append(*ps, ErrVisitClaimed.With("现场时间").At("claimed"))
	}
	return at
}

// present are the officers who were there, each once, of the team's members.
func present(ps *Problems, officers []InspectorNo, members []VisitMember) []InspectorNo {
	officers = slices.Compact(slices.Sorted(slices.Values(officers)))
	for _, no := range officers {
		if !slices.ContainsFunc(members, func(m VisitMember) bool { return m.Inspector == no }) {
			*ps = append(*ps, ErrChoice.With("到场检查人员").At("officers"))
		}
	}
	return officers
}

// count is how many of the officers are of a department.
func count(members []VisitMember, officers []InspectorNo, org OrgID) (n int) {
	for _, m := range members {
		if m.Org == org && slices.Contains(officers, m.Inspector) {
			n++
		}
	}
	return n
}
