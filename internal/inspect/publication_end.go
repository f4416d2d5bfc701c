package inspect

import (
	"slices"
	"strings"
	"time"

	"suicha/internal/workday"
)

// afterMonths is the same day so many months later, or the last of its month.
func afterMonths(day workday.Date, months int) workday.Date {
	m := 12*day.Year() + int(day.Month()) - 1 + months
	return MonthDay{m%12 + 1, day.Day()}.in(m / 12)
}

// negatives are the codes of the result that speak against the object, each once.
func (r Result) negatives() (all []ResultCode) {
	for _, c := range r.Disclosed().Codes() {
		if c.Negative() {
			all = append(all, c)
		}
	}
	return all
}

// PublicUntil is the last day on which a result that speaks against its object is
// public, counted from its first publication: C19. Any other stays.
func (r Result) PublicUntil(d Deadlines) (last workday.Date, ends bool) {
	if r.State != ResultPublished || d.PublicMonths == 0 || len(r.negatives()) == 0 {
		return last, false
	}
	return afterMonths(workday.On(r.PublishedAt), d.PublicMonths), true
}

// PublishedBefore is the last day of first publication whose term is over today, if
// terms end at all: what was published on it or before may be over.
func (d Deadlines) PublishedBefore(today workday.Date) (last workday.Date, ends bool) {
	if d.PublicMonths == 0 {
		return last, false
	}
	for last = afterMonths(today, -d.PublicMonths).AddDays(3); !today.After(afterMonths(last, d.PublicMonths)); {
		last = last.AddDays(-1)
	}
	return last, true
}

// RepairFrom is the first day on which the repair of the result can be applied for: C19.
func (r Result) RepairFrom(d Deadlines) workday.Date {
	return afterMonths(workday.On(r.PublishedAt), d.RepairMonths)
}

// Repairable reports whether the result is of those that can be repaired: public, and
// all that speaks against the object is of the six kinds named for it.
func (r Result) Repairable() bool {
	bad := r.negatives()
	return r.State == ResultPublished && len(bad) > 0 && !slices.ContainsFunc(bad, func(c ResultCode) bool { return !c.Repairable() })
}

// MayRepair fails if the repair of the result cannot be applied for at now, and says why.
func (r Result) MayRepair(d Deadlines, now time.Time) error {
	if from := r.RepairFrom(d); !r.Repairable() {
		return ErrAppealKind.At("kind")
	} else if workday.On(now).Before(from) {
		return ErrAppealEarly.With(from.Long()).At("kind")
	}
	return nil
}

// further is the next edition of a result, with the decision that it stands on: of is
// the version of what was decided.
func (r Result) further(next Result, p Publication, body PublicResult, post PostKind, of int64, by PersonID, opinion string) (Result, Approval, Publication) {
	next.Edition++
	next.Digest = body.Digest()
	a := approvalOf(r, next.Edition, of, post, next.Digest, by, opinion, p.At)
	p.ID, p.Region, p.Result, p.No, p.Org = PublicationIDOf(r.ID, next.Edition), r.Region, r.ID, next.Edition, r.Org
	p.Text, p.Digest, p.Approval, p.Day = body.Write(), next.Digest, a.ID, workday.On(p.At)
	return next, a, p
}

// Repair ends the publication of a result on the application of its object: R102, on
// the signature of the principal leader; 国市监信规〔2024〕5号. What was to be mended is:
// rectify is the follow-up about it, if there is one.
func (r Result) Repair(a Appeal, rectify []FollowUp, opinion string, d Deadlines, by StepBy) (Result, Appeal, Approval, Publication, error) {
	fail := func(err error) (Result, Appeal, Approval, Publication, error) {
		return r, a, Approval{}, Publication{}, err
	}
	if err := r.MayRepair(d, by.Now); err != nil {
		return fail(err)
	}
	for _, f := range rectify {
		if f.Kind == FollowRectify && !f.Mended() {
			return fail(ErrAppealMend)
		}
	}
	decided, err := a.decide(AppealRepair, r, opinion, by)
	if err != nil {
		return fail(err)
	}
	next, err := r.step(AppealRepair)
	if err != nil {
		return fail(err)
	}
	next, approval, p := r.further(next, Publication{
		Kind: PublishRepair, Appeal: a.ID, Ground: "当事人已履行义务、改正问题，经申请予以信用修复", By: a.AcceptedBy, SignedBy: by.Person, At: by.Now,
	}, next.Removed(), Principal, a.Version, by.Person, strings.TrimSpace(decided.Answer))
	return next, decided, approval, p, nil
}

// Mended reports whether a rectification was found done.
func (f FollowUp) Mended() bool {
	last, ok := f.Last(FollowUpPass)
	return ok && last.Verb == FollowUpPass && f.State == FollowClosed
}

// Expire ends the publication of a result whose term is over. The platform does it, and
// nobody signs, because nothing is decided: C19.
func (r Result) Expire(d Deadlines, by StepBy) (Result, Approval, Publication, error) {
	last, ends := r.PublicUntil(d)
	next, err := r.step(ResultExpire)
	if err == nil && (!ends || !workday.On(by.Now).After(last)) {
		err = ErrExpireEarly
	}
	if err != nil {
		return r, Approval{}, Publication{}, err
	}
	ground := "公示期于 " + last.Long() + " 届满"
	next, a, p := r.further(next, Publication{Kind: PublishExpire, Ground: ground, By: by.Person, At: by.Now}, next.Removed(), SystemPost, r.Version, by.Person, ground)
	return next, a, p, nil
}
