package inspect

import (
	"strconv"
	"strings"
	"time"

	"suicha/internal/workday"
)

// A TieID names a tie.
type TieID string

// A TieKind is what an inspector has to do with an object.
type TieKind string

// The kinds of tie.
const (
	FormerEmployer TieKind = "former_employer"
	Relative       TieKind = "relative"
	Shareholding   TieKind = "shareholding"
	OtherTie       TieKind = "other"
)

// TieKinds lists the kinds in the order of the form.
var TieKinds = []Choice{
	{string(FormerEmployer), "原任职单位"}, {string(Relative), "亲属任职或经营"}, {string(Shareholding), "持股、投资或其他经济利益"},
	{string(OtherTie), "其他可能影响公正执法的关系"},
}

// Text is the kind in Chinese.
func (k TieKind) Text() string { return ChoiceText(TieKinds, string(k)) }

// A Tie (回避关系) is what an inspector has declared: whom not to inspect, and
// why. 行政处罚法 四十三. It is personal: Inspector.SeesTies says who reads it.
type Tie struct {
	ID        TieID
	Version   int64
	Inspector InspectorNo
	Code      string // of the object, if it is known
	Name      string // of the object or organisation
	Kind      TieKind
	Since     workday.Date
	Until     workday.Date
	Ground    string
	By        PersonID // who declared it
	At        time.Time
	Dropped   bool
	Reason    string // why it was withdrawn
}

// formerYears is how long an inspector stays away from a former employer.
const formerYears = 3

// Tidy brings a tie into its one form, or says what is wrong with it.
func (r Tie) Tidy(today workday.Date) (Tie, error) {
	var ps Problems
	if !ValidID(r.ID) {
		ps = append(ps, ErrIdent.At("tie"))
	}
	r.Code = strings.ToUpper(short(&ps, "code", "统一社会信用代码或编号", r.Code, 60))
	r.Name = Line(&ps, "name", "单位名称", r.Name, 200)
	chosen(&ps, TieKinds, "kind", "关系", string(r.Kind))
	r.Ground = short(&ps, "ground", "说明", r.Ground, 200)
	switch {
	case r.Since.After(today):
		ps = append(ps, ErrFuture.With("开始日期").At("since"))
	case !r.Until.IsZero() && r.Until.Before(r.Since):
		ps = append(ps, ErrDays.With("关系存续时间").At("until"))
	case r.Kind == FormerEmployer && r.Until.IsZero():
		ps = append(ps, ErrEmpty.With("离职日期").At("until"))
	}
	if r.Kind == OtherTie && r.Ground == "" {
		ps = append(ps, ErrEmpty.With("说明").At("ground"))
	}
	return r, ps.Err()
}

// Drop withdraws the tie. It stays on record, with the reason. Nobody withdraws
// what they declared, nor what keeps themselves from an object, through whatever
// post.
func (r Tie) Drop(reason string, by PersonID, of Inspector) (Tie, error) {
	if r.Dropped {
		return r, ErrStep.With(InspectorDropTie.Text())
	}
	if by == r.By || by == of.Person {
		return r, ErrOwnTie
	}
	var ps Problems
	r.Dropped, r.Reason = true, Line(&ps, "reason", "撤销理由", reason, 200)
	return r, ps.Err()
}

// Bars reports whether the tie keeps the inspector from the object on any
// of the days: as long as it lasts, and three years from a former employer.
func (r Tie) Bars(days Days) bool {
	until := r.Until
	switch {
	case r.Dropped:
		return false
	case r.Kind == FormerEmployer:
		until = monthsAfter(until, 12*formerYears).AddDays(-1)
	case until.IsZero():
		until = days.Until
	}
	return days.meets(Days{r.Since, until})
}

// Key names the tie among the rows of the libraries.
func (r Tie) Key() string { return string(r.ID) }

// Text is the rest of the tie as one line: see Object.Text.
func (r Tie) Text() string {
	return strings.Join([]string{
		r.Inspector.String(), r.Code, r.Name, string(r.Kind), r.Since.String(), r.Until.String(), r.Ground, string(r.By),
		r.At.UTC().Format(memberInstant), strconv.FormatBool(r.Dropped), r.Reason,
	}, "\t")
}
