package inspect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
)

// JointID names one edition of the joint list.
type JointID string

// A JointState is how far a joint list has come.
type JointState string

// The states of a joint list.
const (
	JointDrafting  JointState = "draft"
	JointPublished JointState = "published"
	JointReplaced  JointState = "replaced"
	JointDiscarded JointState = "discarded"
)

// Text is the state as users read it.
func (s JointState) Text() string {
	return map[JointState]string{
		JointDrafting: "编制中", JointPublished: "已公布", JointReplaced: "已被新版代替", JointDiscarded: "已作废",
	}[s]
}

// jointLife is every move a joint list can make.
var jointLife = Life[JointState]{
	{JointPutLine, JointDrafting, JointDrafting},
	{JointDropLine, JointDrafting, JointDrafting},
	{JointInvite, JointDrafting, JointDrafting},
	{JointAccept, JointDrafting, JointDrafting},
	{JointPropose, JointDrafting, JointDrafting},
	{JointDecline, JointDrafting, JointDrafting},
	{JointDiscard, JointDrafting, JointDiscarded},
	{JointPublish, JointDrafting, JointPublished}, // R22
	{JointAmend, JointPublished, JointPublished},  // R23
	{JointReplace, JointPublished, JointReplaced}, // when the next edition is published
}

// JointLife returns the moves of a joint list.
func JointLife() Life[JointState] { return jointLife }

// A JointList (联合随机抽查事项清单) says which departments inspect which of their
// items together: R21, 海政办发〔2020〕2号 二(二) "联席会议办公室会同同级相关部门制定". The
// office makes it, each department consents to all lines that name its items,
// the office publishes it. Edition 0 is the first.
type JointList struct {
	ID      JointID
	Version int64
	Org     OrgID // the office
	Region  string
	Edition int
	Amends  JointID
	Reason  string // why it was adjusted
	State   JointState
	// Terms counts the changes of the lines: a consent is to one such state, and
	// answers of several departments do not get into each other's way.
	Terms       int64
	Lines       []JointLine
	Consents    []Consent
	DraftedBy   PersonID
	DraftedAt   time.Time
	PublishedBy PersonID
	PublishedAt time.Time
	Places      string // where it was published; one on each line: R22
	ReplacedAt  time.Time
}

// A JointLine (联合抽查事项) is one thing that departments inspect together.
type JointLine struct {
	No      int
	Field   string
	Name    string
	Objects string
	Lead    OrgID
	Items   []ItemPin
	Remark  string
}

// An ItemPin is an item in the version that somebody agreed to: R23.
type ItemPin struct {
	Item    ItemID
	Version int64
	Org     OrgID
}

const jointLinesMost = 500

// NewJoint begins the first joint list of the office's region.
func NewJoint(id JointID, office Org, by PersonID, now time.Time) (JointList, error) {
	if !ValidID(id) {
		return JointList{}, ErrIdent.At("list")
	}
	if office.Kind != OrgOffice {
		return JointList{}, ErrDenied.With(JointDraft.Text())
	}
	return JointList{ID: id, Org: office.ID, Region: office.Region, State: JointDrafting, DraftedBy: by, DraftedAt: now}, nil
}

// Title is what people call the list.
func (j JointList) Title() string {
	if j.Edition == 0 {
		return "部门联合随机抽查事项清单"
	}
	return fmt.Sprintf("部门联合随机抽查事项清单（第 %d 次调整）", j.Edition)
}

// Verbs returns what can be done with the list now, by whoever may.
func (j JointList) Verbs() []Verb { return jointLife.Verbs(j.State) }

// Line returns the line of a number.
func (j JointList) Line(no int) (JointLine, bool) {
	i := slices.IndexFunc(j.Lines, func(l JointLine) bool { return l.No == no })
	if i < 0 {
		return JointLine{}, false
	}
	return j.Lines[i], true
}

// Parties returns the departments whose items the list names, each once, in the
// order of first mention.
func (j JointList) Parties() []OrgID {
	var all []OrgID
	for _, l := range j.Lines {
		for _, org := range l.Parties() {
			if !slices.Contains(all, org) {
				all = append(all, org)
			}
		}
	}
	return all
}

// Parties returns the departments of the line, the lead first.
func (l JointLine) Parties() []OrgID {
	all := []OrgID{l.Lead}
	for _, p := range l.Items {
		if !slices.Contains(all, p.Org) {
			all = append(all, p.Org)
		}
	}
	return all
}

// Relations returns what org has to do with the list.
func (j JointList) Relations(org Org) []Relation {
	var has []Relation
	if j.State == JointPublished || j.State == JointReplaced {
		has = append(has, Published)
	}
	switch {
	case org.ID == j.Org:
		has = append(has, Owner)
	case org.Region != j.Region:
	case org.Kind == OrgOversight:
		has = append(has, Oversight)
	default:
		if c, ok := j.Consent(org.ID); ok && c.State != ConsentPlanned {
			has = append(has, Participant)
		}
	}
	return has
}

// Consent returns the consent of a department.
func (j JointList) Consent(org OrgID) (Consent, bool) {
	i := slices.IndexFunc(j.Consents, func(c Consent) bool { return c.Org == org })
	if i < 0 {
		return Consent{}, false
	}
	return j.Consents[i], true
}

// PutLine adds a line to the draft, or replaces the one of its number; 0 is a new
// line. Whoever consented is asked again if the change concerns them: R21.
func (j JointList) PutLine(l JointLine, items map[ItemID]Item, today workday.Date) (JointList, error) {
	if _, err := jointLife.Next(j.State, JointPutLine); err != nil {
		return j, err
	}
	old, ok := j.Line(l.No)
	if l.No != 0 && !ok {
		return j, ErrMissing
	}
	if len(j.Lines) >= jointLinesMost && l.No == 0 {
		return j, ErrNotFinite.With(jointLinesMost)
	}
	l, err := l.tidy(j.Region, items, today)
	if err != nil {
		return j, err
	}
	j.Lines = slices.Clone(j.Lines)
	if l.No == 0 {
		for _, other := range j.Lines {
			l.No = max(l.No, other.No)
		}
		l.No++
		j.Lines = append(j.Lines, l)
	} else {
		j.Lines[slices.IndexFunc(j.Lines, func(o JointLine) bool { return o.No == l.No })] = l
	}
	return j.askAgain(append(l.Parties(), old.Parties()...)), nil
}

// tidy brings a line into its one form, and pins its items in their newest
// version.
func (l JointLine) tidy(region string, items map[ItemID]Item, today workday.Date) (JointLine, error) {
	var ps Problems
	l.Name = Line(&ps, "name", "联合抽查事项名称", l.Name, 60)
	l.Field = Line(&ps, "field", "抽查领域", l.Field, 60)
	l.Objects = Optional(&ps, "objects", "抽查对象范围", l.Objects, 500)
	l.Remark = Optional(&ps, "remark", "备注", l.Remark, 500)
	var pins []ItemPin
	for _, p := range l.Items {
		item, ok := items[p.Item]
		switch {
		case !ok:
			ps = append(ps, ErrChoice.With("抽查事项").At("items"))
		case !item.Retired.IsZero() && !today.Before(item.Retired) || item.Outside != "":
			ps = append(ps, ErrJointItem.With(item.Name))
		case !slices.ContainsFunc(pins, func(o ItemPin) bool { return o.Item == p.Item }):
			pins = append(pins, ItemPin{item.ID, item.Version, item.Org})
		}
	}
	l.Items = pins
	named := slices.ContainsFunc(pins, func(p ItemPin) bool { return p.Org == l.Lead })
	switch {
	case len(ps) > 0:
	case !named:
		ps = append(ps, ErrJointLead)
	case len(l.Parties()) < 2:
		ps = append(ps, ErrJointAlone)
	}
	slices.SortStableFunc(l.Items, func(a, b ItemPin) int { // the lead's first
		return cmp.Compare(rank(a.Org != l.Lead), rank(b.Org != l.Lead))
	})
	return l, ps.Err()
}

func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// DropLine takes a line off the draft.
func (j JointList) DropLine(no int) (JointList, error) {
	if _, err := jointLife.Next(j.State, JointDropLine); err != nil {
		return j, err
	}
	l, ok := j.Line(no)
	if !ok {
		return j, ErrMissing
	}
	j.Lines = slices.DeleteFunc(slices.Clone(j.Lines), func(o JointLine) bool { return o.No == no })
	return j.askAgain(l.Parties()), nil
}

// askAgain takes back the answers of orgs, and keeps one consent of each
// department that the lines name.
func (j JointList) askAgain(orgs []OrgID) JointList {
	j.Terms++
	var consents []Consent
	for _, org := range j.Parties() {
		c, ok := j.Consent(org)
		if !ok || slices.Contains(orgs, org) {
			c = Consent{Org: org, State: ConsentPlanned}
		}
		consents = append(consents, c)
	}
	j.Consents = consents
	return j
}

// Invite asks every department that has not been asked.
func (j JointList) Invite(now time.Time) (JointList, error) {
	if _, err := jointLife.Next(j.State, JointInvite); err != nil {
		return j, err
	}
	j.Consents = slices.Clone(j.Consents)
	asked := 0
	for i, c := range j.Consents {
		if c.State == ConsentPlanned {
			j.Consents[i].State, j.Consents[i].AskedAt = ConsentInvited, now
			asked++
		}
	}
	if asked == 0 {
		return j, ErrNobodyToAsk
	}
	return j, nil
}

// answers are the verbs of a consent as those of plans, whose table of lives is
// theirs, too.
var answers = map[Verb]Verb{JointAccept: PlanAccept, JointPropose: PlanPropose, JointDecline: PlanDecline}

// Answer is a department's answer: to the lines as they were when it saw them.
func (j JointList) Answer(org OrgID, verb Verb, note string, by PersonID, now time.Time) (JointList, error) {
	if _, err := jointLife.Next(j.State, verb); err != nil {
		return j, err
	}
	i := slices.IndexFunc(j.Consents, func(c Consent) bool { return c.Org == org && c.State != ConsentPlanned })
	if i < 0 {
		return j, ErrMissing
	}
	c, err := j.Consents[i].Answer(answers[verb], note, by, now)
	if err != nil {
		return j, err
	}
	j.Consents = slices.Clone(j.Consents)
	j.Consents[i] = c
	return j, nil
}

// AnswerVerbs returns what the department can answer now.
func (j JointList) AnswerVerbs(org OrgID) []Verb {
	c, ok := j.Consent(org)
	var verbs []Verb
	for _, v := range []Verb{JointAccept, JointPropose, JointDecline} {
		if ok && j.State == JointDrafting && slices.Contains(c.Verbs(), answers[v]) {
			verbs = append(verbs, v)
		}
	}
	return verbs
}

// Gaps lists what still stands between the draft and its publication.
func (j JointList) Gaps(facts Facts, today workday.Date) Problems {
	var ps Problems
	if len(j.Lines) == 0 {
		ps = append(ps, ErrJointEmpty)
	}
	for _, l := range j.Lines {
		for _, p := range l.Items {
			if item := facts.Items[p.Item]; item.Version != p.Version || !item.Retired.IsZero() && !today.Before(item.Retired) || item.Outside != "" {
				ps = append(ps, ErrJointOutdated.With(item.Name))
			}
		}
	}
	for _, c := range j.Consents {
		if c.Open() {
			ps = append(ps, ErrJointWaiting.With(facts.Orgs[c.Org].Short, c.State.Text()))
		}
	}
	return ps
}

// Publish makes the list public, and says where: R21, R22. Whoever drafted it does
// not publish it.
func (j JointList) Publish(places string, gaps Problems, by PersonID, now time.Time) (JointList, error) {
	state, err := jointLife.Next(j.State, JointPublish)
	switch {
	case err != nil:
		return j, err
	case j.DraftedBy == by:
		return j, ErrOwnWork
	case len(gaps) > 0:
		return j, gaps
	}
	var ps Problems
	if places = lines(&ps, "places", "公布的网站或者平台", places); places == "" && len(ps) == 0 {
		ps = append(ps, ErrJointPlaces)
	}
	j.State, j.Places, j.PublishedBy, j.PublishedAt = state, places, by, now
	return j, ps.Err()
}

// Amend begins the next edition of a published list, with the items in their
// versions as agreed; the consents stand while nothing changes: R23.
func (j JointList) Amend(id JointID, reason string, by PersonID, now time.Time) (JointList, error) {
	if _, err := jointLife.Next(j.State, JointAmend); err != nil {
		return j, err
	}
	var ps Problems
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("next"))
	}
	if reason = Optional(&ps, "reason", "调整理由", reason, 500); reason == "" && len(ps) == 0 {
		ps = append(ps, ErrReason)
	}
	return JointList{
		ID: id, Org: j.Org, Region: j.Region, Edition: j.Edition + 1, Amends: j.ID, Reason: reason, State: JointDrafting,
		Lines: j.Lines, Consents: j.Consents, DraftedBy: by, DraftedAt: now,
	}, ps.Err()
}

// Discard throws a draft away.
func (j JointList) Discard() (JointList, error) {
	state, err := jointLife.Next(j.State, JointDiscard)
	j.State = state
	return j, err
}

// Replace ends the list when its next edition is published.
func (j JointList) Replace(now time.Time) (JointList, error) {
	state, err := jointLife.Next(j.State, JointReplace)
	j.State, j.ReplacedAt = state, now
	return j, err
}

// Describe tells a line in words. Name gives the name of an item in a version.
func (l JointLine) Describe(facts Facts, name func(ItemPin) string) []FieldChange {
	return []FieldChange{
		{Label: "抽查领域", After: l.Field}, {Label: "联合抽查事项", After: l.Name}, {Label: "抽查对象范围", After: l.Objects},
		{Label: "牵头部门", After: facts.Orgs[l.Lead].Short}, {Label: "配合部门", After: join(l.Parties()[1:], func(o OrgID) string { return facts.Orgs[o].Short })},
		{Label: "部门抽查事项", After: strings.Join(each(l.Items, func(p ItemPin) string { return facts.Orgs[p.Org].Short + "：" + name(p) }), "\n")},
		{Label: "备注", After: l.Remark},
	}
}

// DiffJoint lists what changed from one edition to the next, line by line.
func DiffJoint(before, after JointList, facts Facts, name func(ItemPin) string) []Change {
	var changes []Change
	for _, l := range after.Lines {
		old, ok := before.Line(l.No)
		c := Change{No: l.No, Name: l.Name, Kind: "增", Fields: l.Describe(facts, name)}
		if ok {
			c.Kind, c.Fields = "改", changed(old.Describe(facts, name), c.Fields)
		}
		if len(c.Fields) > 0 {
			changes = append(changes, c)
		}
	}
	for _, l := range before.Lines {
		if _, ok := after.Line(l.No); !ok {
			changes = append(changes, Change{No: l.No, Name: l.Name, Kind: "删"})
		}
	}
	return changes
}
