package inspect

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// CorrectionID names one correction.
type CorrectionID string

// A CorrectionState is how far a correction has come.
type CorrectionState string

// The states of a correction.
const (
	CorrectionDrafted CorrectionState = "drafted"
	CorrectionSigned  CorrectionState = "signed"
	CorrectionDropped CorrectionState = "dropped"
)

// CorrectionStates lists the states in the order of filters.
var CorrectionStates = []Choice{{string(CorrectionDrafted), "待主要负责人签字"}, {string(CorrectionSigned), "已签字"}, {string(CorrectionDropped), "未采纳"}}

// Text is the state as users read it.
func (s CorrectionState) Text() string { return ChoiceText(CorrectionStates, string(s)) }

// correctionLife is every move a correction can make.
var correctionLife = Life[CorrectionState]{
	{CorrectionSign, CorrectionDrafted, CorrectionSigned}, // R102
	{CorrectionDrop, CorrectionDrafted, CorrectionDropped},
}

// CorrectionLife returns the moves of a correction.
func CorrectionLife() Life[CorrectionState] { return correctionLife }

// A Correction (更正) mends a published result that is wrong, or takes it off the page
// if it should never have been there: R102, 海政办发〔2020〕2号 二(六) "确有错误的，经本部门
// 主要负责人签字确认后应当予以更正". Somebody drafts it, the principal leader signs, and
// every edition stays readable.
type Correction struct {
	ID        CorrectionID
	Version   int64
	Region    string
	Result    ResultID
	Org       OrgID
	Base      int // the edition that is wrong
	Kind      PublicationKind
	Ground    string // public
	Items     []ResultItem
	State     CorrectionState
	DraftedBy PersonID
	DraftedAt time.Time
	SignedBy  PersonID // or who dropped it
	SignedAt  time.Time
	Opinion   string
}

// Verbs returns what can be done with the correction now, by whoever may.
func (c Correction) Verbs() []Verb { return correctionLife.Verbs(c.State) }

// DraftCorrection begins a correction of the edition that stands. Codes are pairs of
// an item's number, from 1, and a result code: "2:no_problem". A withdrawal has none.
func (r Result) DraftCorrection(id CorrectionID, kind PublicationKind, codes []string, ground string, by PersonID, now time.Time) (Correction, error) {
	c := Correction{
		ID: id, Region: r.Region, Result: r.ID, Org: r.Org, Base: r.Edition, Kind: kind, Items: r.Items,
		State: CorrectionDrafted, DraftedBy: by, DraftedAt: now,
	}
	if _, err := r.step(CorrectionDraft); err != nil {
		return c, err
	}
	var ps Problems
	if !ValidID(id) {
		ps = append(ps, ErrIdent.At("id"))
	}
	c.Ground = Paragraph(&ps, "ground", "更正理由", ground, 500)
	switch kind {
	case PublishCorrect:
		c.Items = r.recoded(&ps, codes)
	case PublishWithdraw:
		if len(codes) > 0 {
			ps = append(ps, ErrChoice.With("检查结果").At("codes"))
		}
	default:
		ps = append(ps, ErrChoice.With("办理方式").At("kind"))
	}
	return c, ps.Err()
}

// recoded are the items with other results.
func (r Result) recoded(ps *Problems, codes []string) []ResultItem {
	items := slices.Clone(r.Items)
	given := make([][]ResultCode, len(items))
	for _, pair := range codes {
		number, code, _ := strings.Cut(pair, ":")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(items) || !slices.ContainsFunc(ResultCodes, func(c Choice) bool { return c.Value == code }) {
			*ps = append(*ps, ErrChoice.With("检查结果").At("codes"))
			return items
		}
		if !slices.Contains(given[n-1], ResultCode(code)) {
			given[n-1] = append(given[n-1], ResultCode(code))
		}
	}
	changed := false
	for i, item := range items {
		if len(item.Codes) > 0 && len(given[i]) == 0 {
			*ps = append(*ps, ErrResultCodes.With(item.Name).At("codes"))
			return items
		}
		slices.Sort(given[i])
		was := slices.Clone(item.Codes)
		slices.Sort(was)
		if !slices.Equal(was, given[i]) {
			items[i].Codes, changed = given[i], true
		}
	}
	if !changed && len(*ps) == 0 {
		*ps = append(*ps, ErrResultSame.At("codes"))
	}
	return items
}

// Corrected is the result as the correction leaves it.
func (r Result) Corrected(c Correction) Result {
	r.Items = c.Items
	return r
}

// SignCorrection is the signature of the department's principal leader: R102, INV-13.
// Who drafted the correction, or inspected, does not sign: INV-09. It makes the next
// edition, with the decision that it stands on.
func (r Result) SignCorrection(c Correction, by PersonID, opinion string, now time.Time) (Result, Correction, Approval, Publication, error) {
	fail := func(err error) (Result, Correction, Approval, Publication, error) {
		return r, c, Approval{}, Publication{}, err
	}
	state, err := correctionLife.Next(c.State, CorrectionSign)
	switch {
	case err != nil:
		return fail(err)
	case c.Result != r.ID || c.Base != r.Edition:
		return fail(ErrStale)
	case by == c.DraftedBy || slices.Contains(r.Inspected, by):
		return fail(ErrOwnWork)
	}
	verb := CorrectionSign
	if c.Kind == PublishWithdraw {
		verb = ResultWithdraw
	}
	next, err := r.step(verb)
	if err != nil {
		return fail(err)
	}
	var ps Problems
	c.Opinion = opinionText(&ps, opinion)
	if err := ps.Err(); err != nil {
		return fail(err)
	}
	c.State, c.SignedBy, c.SignedAt = state, by, now
	next = next.Corrected(c)
	body := next.Disclosed()
	if c.Kind == PublishWithdraw {
		body = next.Removed()
	}
	next, a, p := r.further(next, Publication{
		Kind: c.Kind, Correction: c.ID, Ground: c.Ground, By: c.DraftedBy, SignedBy: by, At: now,
	}, body, Principal, c.Version, by, c.Opinion)
	return next, c, a, p, nil
}

// Drop ends a correction without a signature.
func (c Correction) Drop(by PersonID, opinion string, now time.Time) (Correction, error) {
	state, err := correctionLife.Next(c.State, CorrectionDrop)
	if err != nil {
		return c, err
	}
	var ps Problems
	c.Opinion = opinionText(&ps, opinion)
	c.State, c.SignedBy, c.SignedAt = state, by, now
	return c, ps.Err()
}
