package inspect

import (
	"strconv"
	"strings"
	"time"

	"suicha/internal/workday"
)

// A BodyCap (年度检查频次上限) is how often one body may inspect one object in a year,
// over all its inspections but special ones that were deployed from above:
// 国办发〔2024〕54号, C4. Visits beyond it need one of the grounds.
type BodyCap struct {
	ID      string // of the body and the year: CapID
	Version int64
	Region  string
	Org     OrgID
	Year    int
	Most    int
	Grounds string // exceptions, one on each line
	By      PersonID
	At      time.Time
}

// CapID names the cap of a body for a year.
func CapID(org OrgID, year int) string { return string(org) + "/" + strconv.Itoa(year) }

// CapGrounds are the exceptions that a form begins with.
const CapGrounds = "投诉举报\n上级部署\n转办交办\n突发事件\n整改复查\n检查对象申请"

const capMost = 52

// Tidy brings a cap into its one form, or says what is wrong with each field.
func (c BodyCap) Tidy(today workday.Date) (BodyCap, error) {
	var ps Problems
	if c.Year < today.Year() || c.Year > today.Year()+1 {
		ps = append(ps, ErrRange.With("年度", today.Year(), today.Year()+1).At("year"))
	}
	if c.Most < 1 || c.Most > capMost {
		ps = append(ps, ErrRange.With("每户每年最多检查次数", 1, capMost).At("most"))
	}
	c.Grounds = lines(&ps, "grounds", "例外情形", c.Grounds)
	return c, ps.Err()
}

// CapRelations returns what org has to do with the caps of its region.
func CapRelations(org Org) []Relation {
	switch org.Kind {
	case OrgOffice:
		return []Relation{Office}
	case OrgGovernment:
		return []Relation{Government}
	}
	return nil
}

// CapOf returns the cap of a body for a year, if one is set.
func CapOf(caps []BodyCap, org OrgID, year int) (BodyCap, bool) {
	for _, c := range caps {
		if c.Org == org && c.Year == year {
			return c, true
		}
	}
	return BodyCap{}, false
}

// WaiverID names one waiver.
type WaiverID string

// A WaiverState is how far a waiver has come.
type WaiverState string

// The states of a waiver.
const (
	WaiverAsked     WaiverState = "asked"
	WaiverGranted   WaiverState = "granted"
	WaiverRefused   WaiverState = "refused"
	WaiverWithdrawn WaiverState = "withdrawn"
)

// WaiverStates lists the states in the order of filters.
var WaiverStates = []Choice{
	{string(WaiverAsked), "待批准"}, {string(WaiverGranted), "已批准"}, {string(WaiverRefused), "未批准"}, {string(WaiverWithdrawn), "已撤回"},
}

// Text is the state as users read it.
func (s WaiverState) Text() string { return ChoiceText(WaiverStates, string(s)) }

// waiverLife is every move a waiver can make.
var waiverLife = Life[WaiverState]{
	{WaiverGrant, WaiverAsked, WaiverGranted},
	{WaiverRefuse, WaiverAsked, WaiverRefused},
	{WaiverWithdraw, WaiverAsked, WaiverWithdrawn},
}

// WaiverLife returns the moves of a waiver.
func WaiverLife() Life[WaiverState] { return waiverLife }

// otherGround is the ground of a waiver that no mark of the object gives.
const otherGround = "other"

// WaiverKinds are the grounds on which an object may be drawn a third time in a year:
// R53, 海政办发〔2020〕2号 二(四) "增加抽查频次".
var WaiverKinds = []Choice{FlagKinds[0], FlagKinds[1], FlagKinds[2], FlagKinds[3], {otherGround, "其他"}}

// A Waiver (超限抽查许可) lets one object be drawn more often than twice in a year:
// R52, R53, 海政办发〔2020〕2号 二(四) "原则上不超过两次". A department asks, the conference
// office, which knows the draws of all departments, decides.
type Waiver struct {
	ID        WaiverID
	Version   int64
	Region    string
	Org       OrgID // who asks
	Object    ObjectNo
	Year      int
	Kind      string
	Ground    string
	State     WaiverState
	AskedBy   PersonID
	AskedAt   time.Time
	DecidedBy PersonID
	DecidedAt time.Time
	Opinion   string
}

// AskWaiver asks for a waiver. A ground that is a mark of the object must be one that
// it bears today: flags are those of the object.
func AskWaiver(w Waiver, object Object, flags []Flag, by PersonID, now time.Time) (Waiver, error) {
	var ps Problems
	today := workday.On(now)
	if !ValidID(w.ID) {
		ps = append(ps, ErrIdent.At("id"))
	}
	if w.Year < today.Year() || w.Year > today.Year()+1 {
		ps = append(ps, ErrRange.With("年度", today.Year(), today.Year()+1).At("year"))
	}
	chosen(&ps, WaiverKinds, "kind", "许可情形", w.Kind)
	w.Ground = Paragraph(&ps, "ground", "理由", w.Ground, 500)
	if len(ps) == 0 && w.Kind != otherGround && !bears(flags, FlagKind(w.Kind), today) {
		ps = append(ps, ErrWaiverFlag.With(FlagKind(w.Kind).Text()).At("kind"))
	}
	if !object.Drawable() {
		ps = append(ps, ErrWaiverObject.With(object.Obstacle()).At("object"))
	}
	w.Object, w.State, w.AskedBy, w.AskedAt = object.No, WaiverAsked, by, now
	return w, ps.Err()
}

func bears(flags []Flag, kind FlagKind, on workday.Date) bool {
	for _, f := range flags {
		if f.Kind == kind && f.On(on) {
			return true
		}
	}
	return false
}

// Decide grants or refuses the waiver. Nobody decides on what they asked for, through
// whatever post: INV-09.
func (w Waiver) Decide(verb Verb, by PersonID, opinion string, now time.Time) (Waiver, error) {
	state, err := waiverLife.Next(w.State, verb)
	switch {
	case err != nil:
		return w, err
	case by == w.AskedBy:
		return w, ErrOwnWork
	}
	var ps Problems
	w.Opinion = opinionText(&ps, opinion)
	w.State, w.DecidedBy, w.DecidedAt = state, by, now
	return w, ps.Err()
}

// Withdraw takes the question back.
func (w Waiver) Withdraw() (Waiver, error) {
	state, err := waiverLife.Next(w.State, WaiverWithdraw)
	if err == nil {
		w.State = state
	}
	return w, err
}

// Verbs returns what can be done with the waiver now, by whoever may.
func (w Waiver) Verbs() []Verb { return waiverLife.Verbs(w.State) }

// Relations returns what org has to do with the waiver.
func (w Waiver) Relations(org Org) []Relation {
	switch {
	case org.Region != w.Region:
		return nil
	case org.ID == w.Org:
		return []Relation{Owner}
	case org.Kind == OrgOffice:
		return []Relation{Office}
	}
	return nil
}

// Headline is the cap in a sentence.
func (c BodyCap) Headline() string {
	text := "同一检查对象每年最多检查 " + strconv.Itoa(c.Most) + " 次"
	if c.Grounds != "" {
		text += "，例外：" + strings.ReplaceAll(c.Grounds, "\n", "、")
	}
	return text
}
