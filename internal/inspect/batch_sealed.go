package inspect

import (
	"slices"
	"strings"
	"time"

	"suicha/internal/draw"
	"suicha/internal/workday"
)

// Names of the files of a sealed run that hold what nobody may read: texts that are
// encrypted under the run's own key, and that key, wrapped by one outside of the
// database. They stay inside for good; what they held is public from the opening on.
const (
	KeyFile       = "key" + sealedEnd       // the run's key
	CustodianFile = "custodian" + sealedEnd // the custodian's secret
	OutcomeFile   = "outcome" + sealedEnd   // the lists and the teams
	SubstFile     = "substitutions" + sealedEnd
	ReplaceFile   = "replacements" + sealedEnd
	sealedEnd     = ".sealed"
)

// VisitsMost is how often an object is visited at most in a year, but for waivers: R52.
const VisitsMost = 2

// Sealed reports whether the list of the batch is public on the announced day only.
func (b Batch) Sealed() bool { return b.Terms.Mode == "sealed" }

// Hidden reports whether the batch is drawn and its list not public: INV-05.
func (b Batch) Hidden() bool { return b.Sealed() && !b.DrawnAt.IsZero() && b.DisclosedAt.IsZero() }

// Custodian is the contributor whose secret keeps a sealed list: docs/design/draw.md §2.
func (t BatchTerms) Custodian() Contributor {
	i := slices.IndexFunc(t.Contributors, func(c Contributor) bool { return c.Role == "custodian" })
	if i < 0 {
		return Contributor{}
	}
	return t.Contributors[i]
}

// Due reports whether the platform has something to do for the batch at now: to draw
// it, once everything is known, or to disclose it.
func (b Batch) Due(now time.Time) bool {
	switch b.State {
	case BatchOpened:
		return !b.Sealed() || !b.EntrustedAt.IsZero()
	case BatchDrawn, BatchAnnulled:
		return b.DisclosedAt.IsZero() && !b.early(now)
	}
	return false
}

// early reports whether the day of a sealed list has not come.
func (b Batch) early(now time.Time) bool { return b.Sealed() && draw.Instant(now) < b.Terms.Opening }

// Entrust takes the custodian's secret into keeping, from its own department: nobody
// else is to know it before the opening.
func (b Batch) Entrust(org OrgID, now time.Time) (Batch, error) {
	next, err := b.step(BatchEntrust)
	switch {
	case err != nil || !b.Sealed():
		return b, ErrStep.With(BatchEntrust.Text())
	case b.Terms.Custodian().Org != org:
		return b, ErrBatchCustodian.With(b.Terms.Custodian().Name)
	case !b.EntrustedAt.IsZero():
		return b, ErrBatchGiven.With(b.Terms.Custodian().Name + "的随机数")
	}
	next.EntrustedAt = now
	return next, nil
}

// Peek asks whether somebody of org may read the list before it is public: the
// organiser, and the departments that lead its tasks. Tasks are the batch's.
func (b Batch) Peek(org OrgID, tasks []Task) error {
	if !b.Hidden() || b.State != BatchDrawn {
		return ErrBatchUnsealed
	}
	if org != b.Org && !slices.ContainsFunc(tasks, func(t Task) bool { return t.Org == org }) {
		return ErrDenied.With(BatchPeek.Text())
	}
	return nil
}

// opensEarly tells which task of those ends after the list would be public: R81, what is
// sealed stays so until it was inspected.
func (t BatchTerms) opensEarly(tasks []Task) (_ Task, found bool) {
	at, ok := Moment(t.Opening)
	for _, x := range tasks {
		if t.Mode == "sealed" && ok && x.Sealed && !workday.On(at).After(x.Until) {
			return x, true
		}
	}
	return Task{}, false
}

// ReadingID names one reading of a sealed list.
type ReadingID string

// A Reading (名单查阅) is that somebody was shown a sealed list: who, of which run, and
// what for. It is on record before the list is shown: INV-05.
type Reading struct {
	ID      ReadingID
	Version int64
	Batch   BatchID
	Run     int
	Org     OrgID
	By      PersonID
	At      time.Time
	Ground  string
}

// NewReading begins a reading.
func NewReading(id ReadingID, b Batch, by Actor, ground string, now time.Time) (Reading, error) {
	var ps Problems
	if !ValidID(string(id)) {
		ps = append(ps, ErrIdent.At("reading"))
	}
	r := Reading{ID: id, Version: 1, Batch: b.ID, Run: b.Run, Org: by.Org.ID, By: by.Person, At: now}
	r.Ground = Paragraph(&ps, "ground", "查阅事由", ground, 120)
	return r, ps.Err()
}

// ReadingFor is how long a reading serves: then the next one is on record.
const ReadingFor = 10 * time.Minute

// Serves reports whether the reading still lets who read at now.
func (r Reading) Serves(by PersonID, now time.Time) bool {
	return r.By == by && !now.Before(r.At) && now.Sub(r.At) <= ReadingFor
}

// A SealedList is what a sealed run has drawn, for who may read it.
type SealedList struct {
	Rows  []DrawnRow
	Seats []Seat
}

// Of keeps what a department reads: the organiser everything, another the objects of
// the tasks it leads, with their teams.
func (l SealedList) Of(b Batch, org OrgID, tasks []Task) SealedList {
	if org == b.Org {
		return l
	}
	mine, ids := map[TaskID]bool{}, map[string]bool{}
	for _, t := range tasks {
		mine[t.ID] = t.Org == org
	}
	var kept SealedList
	for _, row := range l.Rows {
		if mine[row.Task] {
			kept.Rows, ids[row.ID] = append(kept.Rows, row), true
		}
	}
	for _, s := range l.Seats {
		if ids[s.ID] {
			kept.Seats = append(kept.Seats, s)
		}
	}
	return kept
}

// CountPending counts every object that a sealed draw may have drawn as visited once
// more: R52, INV-06. Lists are those of objects, as Pool.Objects writes them. It asks
// nothing of who was drawn, so that it tells nothing either.
func CountPending(objects []PoolObject, lists ...[]byte) error {
	pending := map[ObjectNo]int{}
	for _, text := range lists {
		ids, err := ObjectsByID(text)
		if err != nil {
			return err
		}
		for _, no := range ids {
			pending[no]++
		}
	}
	for i := range objects {
		objects[i].Visits += pending[objects[i].No]
	}
	return nil
}

// sealedFile reports whether a file is encrypted.
func sealedFile(name string) bool { return strings.HasSuffix(name, sealedEnd) }
