package inspect

import (
	"fmt"
	"slices"
	"time"

	"suicha/internal/draw"
)

// A BatchState is how far a batch has come with its present run.
type BatchState string

// The states of a batch, in the order of docs/design/draw.md §2. They are those of
// its run: a run without a result is void, and the batch is announced again.
const (
	BatchDrafting  BatchState = "draft"
	BatchAnnounced BatchState = "announced"
	BatchLocked    BatchState = "locked"
	BatchCommitted BatchState = "committed"
	BatchRevealed  BatchState = "revealed"
	BatchEvented   BatchState = "evented"
	BatchOpened    BatchState = "opened"
	BatchDrawn     BatchState = "drawn"
	BatchDisclosed BatchState = "disclosed"
	BatchVoided    BatchState = "void"
	BatchAnnulled  BatchState = "annulled"
	BatchDiscarded BatchState = "discarded"
)

// BatchStates lists the states in the order of filters.
var BatchStates = []Choice{
	{string(BatchDrafting), "编制中"}, {string(BatchAnnounced), "已公告"}, {string(BatchLocked), "名单已锁定"}, {string(BatchCommitted), "承诺已收齐"},
	{string(BatchRevealed), "随机数已亮出"}, {string(BatchEvented), "待启封"}, {string(BatchOpened), "待计算"}, {string(BatchDrawn), "已抽取"},
	{string(BatchDisclosed), "已公开"}, {string(BatchVoided), "本次作废"}, {string(BatchAnnulled), "已撤销"}, {string(BatchDiscarded), "已取消"},
}

// Text is the state as users read it.
func (s BatchState) Text() string { return ChoiceText(BatchStates, string(s)) }

// batchLife is every move a batch can make. The three that end in All are no acts
// of their own: they are what the last commitment, secret or envelope does. Nothing
// is void once everybody can compute the result: from then on only another
// department annuls: R68, C18. A sealed run that waits for its custodian can be void.
var batchLife = Life[BatchState]{
	{BatchPut, BatchDrafting, BatchDrafting},
	{BatchDiscard, BatchDrafting, BatchDiscarded},
	{BatchAnnounce, BatchDrafting, BatchAnnounced},
	{BatchLock, BatchAnnounced, BatchLocked}, // R68
	{BatchCommit, BatchLocked, BatchLocked},
	{BatchCommitAll, BatchLocked, BatchCommitted},
	{BatchReveal, BatchCommitted, BatchCommitted},
	{BatchRevealAll, BatchCommitted, BatchRevealed},
	{BatchTypeEvent, BatchRevealed, BatchRevealed},
	{BatchConfirmEvent, BatchRevealed, BatchEvented},
	{BatchUnseal, BatchEvented, BatchEvented},
	{BatchUnsealAll, BatchEvented, BatchOpened},
	{BatchUnsealAll, BatchRevealed, BatchOpened}, // there is no envelope
	{BatchEntrust, BatchOpened, BatchOpened},     // of a sealed run
	{BatchDraw, BatchOpened, BatchDrawn},         // R67
	{BatchDisclose, BatchDrawn, BatchDisclosed},
	{BatchDisclose, BatchAnnulled, BatchAnnulled}, // what was annulled is public, too
	{BatchVoid, BatchAnnounced, BatchVoided},
	{BatchVoid, BatchLocked, BatchVoided},
	{BatchVoid, BatchCommitted, BatchVoided},
	{BatchVoid, BatchRevealed, BatchVoided},
	{BatchVoid, BatchEvented, BatchVoided},
	{BatchVoid, BatchOpened, BatchVoided},
	{BatchPut, BatchVoided, BatchVoided}, // with new times, and new secrets of the contributors
	{BatchAnnounce, BatchVoided, BatchAnnounced},
	{BatchDiscard, BatchVoided, BatchDiscarded},
	{BatchAnnul, BatchDrawn, BatchAnnulled},
	{BatchAnnul, BatchDisclosed, BatchAnnulled},
}

// BatchLife returns the moves of a batch.
func BatchLife() Life[BatchState] { return batchLife }

// A Batch (批次) is tasks that are announced, locked and drawn together, so that an
// object drawn by several of them is visited once (综合查一次): R66–R68,
// 海政办发〔2020〕2号 二(五)2. Its documents are files, kept byte by byte beside it.
type Batch struct {
	ID      BatchID
	Version int64
	Region  string
	Org     OrgID // the conference office, or the initiator of its one task
	Year    int
	Serial  int
	Number  string // 370687-2026-p03: the name of the batch in every document
	State   BatchState
	Run     int // of the documents; a void run is followed by the next one
	Title   string
	Tasks   []TaskID
	Terms   BatchTerms
	Typed   TypedEvent // by one person, until another has typed the same

	DraftedBy   PersonID
	DraftedAt   time.Time
	AnnouncedBy PersonID
	AnnouncedAt time.Time
	LockedBy    PersonID
	LockedAt    time.Time
	TypedBy     PersonID
	EventBy     PersonID // who confirmed the event
	EventAt     time.Time
	EntrustedAt time.Time // when the custodian's secret came into keeping
	DrawnAt     time.Time
	DisclosedAt time.Time
	EndedBy     PersonID // who voided the run, annulled the draw or gave the batch up
	EndedAt     time.Time
	EndedOrg    OrgID
	Ground      string
}

// NewBatch begins a batch of org: the conference office joins tasks of several
// departments, a department draws its own: R10, R62.
func NewBatch(id BatchID, org Org, year, serial int, by PersonID, now time.Time) (Batch, error) {
	switch {
	case !ValidID(id):
		return Batch{}, ErrIdent.At("batch")
	case org.Kind != OrgOffice && !org.Inspects():
		return Batch{}, ErrBatchBody.With(org.Short)
	}
	return Batch{
		ID: id, Region: org.Region, Org: org.ID, Year: year, Serial: serial, Number: fmt.Sprintf("%s-%d-p%02d", org.Region, year, serial),
		State: BatchDrafting, DraftedBy: by, DraftedAt: now,
	}, org.standing()
}

// Verbs lists what can be done with the batch now, each once.
func (b Batch) Verbs() []Verb {
	var verbs []Verb
	for _, v := range batchLife.Verbs(b.State) {
		if !slices.Contains(verbs, v) && (b.State != BatchOpened || v == BatchDraw || b.waits()) {
			verbs = append(verbs, v)
		}
	}
	if b.Hidden() && b.State == BatchDrawn {
		verbs = append(verbs, BatchPeek)
	}
	return verbs
}

// waits reports whether everything but the custodian's secret is there.
func (b Batch) waits() bool { return b.State == BatchOpened && b.Sealed() && b.EntrustedAt.IsZero() }

// Relations returns what org has to do with the batch. Before the announcement there
// is none but for the organiser; whose tasks are in it reads so at the task. From then
// on the documents are public and the batch's page is the region's: participants are
// the departments of its tasks and the contributors, as far as they are organisations
// of the region.
func (b Batch) Relations(org Org, parties []OrgID) []Relation {
	var has []Relation
	if org.ID == b.Org {
		has = append(has, Owner)
	}
	if org.Region != b.Region || b.AnnouncedAt.IsZero() {
		return has
	}
	if slices.Contains(parties, org.ID) || slices.ContainsFunc(b.Terms.Contributors, func(c Contributor) bool { return c.Org == org.ID }) {
		has = append(has, Participant)
	}
	has = append(has, Published)
	switch org.Kind {
	case OrgOffice:
		has = append(has, Office)
	case OrgGovernment:
		has = append(has, Government)
	case OrgOversight:
		has = append(has, Oversight)
	}
	return has
}

func (b Batch) step(verb Verb) (Batch, error) {
	next, err := batchLife.Next(b.State, verb)
	if err != nil {
		return b, err
	}
	b.State = next
	return b, nil
}

// Put settles which tasks are drawn, and how. Tasks are those named, in their
// order of numbers; each must be filed, or in this batch: R16.
func (b Batch) Put(title string, tasks []Task, terms BatchTerms) (Batch, error) {
	next, err := b.step(BatchPut)
	if err != nil {
		return b, err
	}
	var ps Problems
	next.Title = Line(&ps, "title", "批次名称", title, 60)
	next.Tasks = nil
	for _, t := range tasks {
		switch {
		case t.Region != b.Region || t.Year != b.Year:
			ps = append(ps, ErrBatchTask.With(t.Number).At("tasks"))
		case t.State != TaskFiled && t.Batch != b.ID:
			ps = append(ps, ErrBatchTaskState.With(t.Number, t.State.Text()).At("tasks"))
		}
		next.Tasks = append(next.Tasks, t.ID)
	}
	if len(tasks) == 0 || len(tasks) > batchTasksMost {
		ps = append(ps, ErrRange.With("任务数量", 1, batchTasksMost).At("tasks"))
	}
	next.Terms = terms.tidy(&ps)
	if t, early := next.Terms.opensEarly(tasks); early {
		ps = append(ps, ErrBatchOpening.With(t.Name, t.Until).At("opening"))
	}
	return next, ps.Err()
}

const batchTasksMost = 64

// Mine refuses a batch of a department with tasks that are not its own to draw.
func (b Batch) Mine(org Org, tasks []Task) error {
	foreign := func(t Task) bool { return t.Org != org.ID }
	if org.Kind != OrgOffice && (len(tasks) != 1 || slices.ContainsFunc(tasks, foreign)) {
		return ErrBatchOwn.At("tasks")
	}
	return nil
}

// Announce fixes everything that influences who is drawn: the manifest. Nobody
// announces what they drafted: INV-09. A run after a void one has the next number.
func (b Batch) Announce(by PersonID, now time.Time) (Batch, error) {
	next, err := b.step(BatchAnnounce)
	if err != nil {
		return b, err
	}
	if by == b.DraftedBy {
		return b, ErrOwnWork
	}
	next.Run++
	next.AnnouncedBy, next.AnnouncedAt = by, now
	next.LockedBy, next.LockedAt = "", time.Time{}
	next.Typed, next.TypedBy, next.EventBy, next.EventAt, next.EntrustedAt = TypedEvent{}, "", "", time.Time{}, time.Time{}
	next.EndedBy, next.EndedAt, next.EndedOrg, next.Ground = "", time.Time{}, "", ""
	return next, nil
}

// Lock fixes the list for good: R68, 海政办发〔2020〕2号 二(五)2. Signed are who confirmed
// the libraries: who keeps a list does not lock it (INV-09).
func (b Batch) Lock(by PersonID, signed []PersonID, now time.Time) (Batch, error) {
	next, err := b.step(BatchLock)
	if err != nil {
		return b, err
	}
	if slices.Contains(signed, by) {
		return b, ErrBatchSigner
	}
	next.LockedBy, next.LockedAt = by, now
	return next, nil
}

// Gather takes one contributor's document; with the last one, all, the phase ends.
func (b Batch) Gather(one, all Verb, last bool) (Batch, error) {
	if _, err := b.step(one); err != nil || !last {
		return b, err
	}
	return b.step(all)
}

// TypeEvent keeps what one person typed of the public event.
func (b Batch) TypeEvent(typed TypedEvent, by PersonID) (Batch, error) {
	next, err := b.step(BatchTypeEvent)
	if err != nil {
		return b, err
	}
	next.Typed, next.TypedBy = typed, by
	return next, nil
}

// ConfirmEvent takes the event over once a second person has typed the same.
func (b Batch) ConfirmEvent(by PersonID, now time.Time) (Batch, error) {
	verb := BatchConfirmEvent
	if !b.Terms.sealed() {
		verb = BatchUnsealAll
	}
	next, err := b.step(verb)
	switch {
	case err != nil:
		return b, err
	case b.TypedBy == "":
		return b, ErrBatchUntyped
	case by == b.TypedBy:
		return b, ErrBatchTypist
	}
	next.EventBy, next.EventAt = by, now
	return next, nil
}

// Draw notes that the result stands: there is one for each run (INV-04).
func (b Batch) Draw(now time.Time) (Batch, error) {
	next, err := b.step(BatchDraw)
	if err == nil && b.waits() {
		return b, ErrBatchUntrusted.With(b.Terms.Custodian().Name)
	}
	next.DrawnAt = now
	return next, err
}

// Disclose notes that keys and lists are public: of a sealed batch not before its day,
// whoever asks. The list of an annulled draw is public as well.
func (b Batch) Disclose(now time.Time) (Batch, error) {
	next, err := b.step(BatchDisclose)
	switch {
	case err != nil || !b.DisclosedAt.IsZero():
		return b, ErrStep.With(BatchDisclose.Text())
	case b.early(now):
		return b, ErrBatchEarlyList.With(b.Terms.Opening)
	}
	next.DisclosedAt = now
	return next, nil
}

// Void ends a run that cannot have a result, for a published reason: R68. From the
// event's time on the organiser may know what will come out. Then it is for another
// department to say that nothing can, lest a run be void because of its result.
func (b Batch) Void(org OrgID, ground string, by PersonID, now time.Time) (Batch, error) {
	if _, err := b.step(BatchVoid); err != nil || b.State == BatchOpened && !b.waits() {
		return b, ErrStep.With(BatchVoid.Text())
	}
	known := slices.Contains([]BatchState{BatchRevealed, BatchEvented, BatchOpened}, b.State) && draw.Instant(now) >= b.Terms.Event
	switch {
	case known && org == b.Org:
		return b, ErrBatchKnown
	case b.waits() && org == b.Terms.Custodian().Org: // it alone can compute the result
		return b, ErrBatchKnown
	case !known && org != b.Org:
		return b, ErrBatchEarly
	}
	return b.end(BatchVoid, org, ground, by, now)
}

// Discard gives the batch up. Its number is not used again.
func (b Batch) Discard(org OrgID, by PersonID, now time.Time) (Batch, error) {
	next, err := b.step(BatchDiscard)
	next.EndedBy, next.EndedAt, next.EndedOrg = by, now, org
	return next, err
}

// Annul takes a draw back whose record is false. Only another department can, with
// a ground, and everybody can count it: C18.
func (b Batch) Annul(org OrgID, ground string, by PersonID, now time.Time) (Batch, error) {
	if org == b.Org {
		return b, ErrBatchForeign
	}
	if slices.Contains([]PersonID{b.DraftedBy, b.AnnouncedBy, b.LockedBy, b.TypedBy, b.EventBy}, by) {
		return b, ErrOwnWork
	}
	return b.end(BatchAnnul, org, ground, by, now)
}

func (b Batch) end(verb Verb, org OrgID, ground string, by PersonID, now time.Time) (Batch, error) {
	next, err := b.step(verb)
	if err != nil {
		return b, err
	}
	var ps Problems
	next.Ground = Paragraph(&ps, "ground", "理由", ground, 120)
	next.EndedBy, next.EndedAt, next.EndedOrg = by, now, org
	return next, ps.Err()
}

// RehearsedStates are those before the lock in which a batch can be rehearsed: on the
// libraries as they stand. From the lock to the draw its list is.
var RehearsedStates = []BatchState{BatchDrafting, BatchAnnounced, BatchVoided}

// Rehearsable reports whether the batch can be rehearsed now.
func (b Batch) Rehearsable() bool {
	return b.Holding() || slices.Contains(RehearsedStates, b.State) && len(b.Tasks) > 0
}

// Holding reports whether the batch holds a locked list that is not drawn yet.
func (b Batch) Holding() bool {
	return slices.Contains([]BatchState{BatchLocked, BatchCommitted, BatchRevealed, BatchEvented, BatchOpened}, b.State)
}

// publicFiles are the documents of a run that everybody may read as soon as they are
// there: docs/design/draw.md §17. The lists are public once they are disclosed.
var publicFiles = []string{draw.ManifestFile, draw.LockFile, draw.CommitsFile, draw.RevealsFile, draw.EventFile, draw.EnvelopesFile, draw.ResultFile,
	draw.OpeningFile, draw.VoidFile, draw.DifferenceFile, WidenedFile}

// Shows reports whether a reader with the relations may read a file of the batch's
// present run. The list of all objects, and who was matched to whom, are for those who
// organise and for those who watch over them. What is encrypted is for nobody.
func (b Batch) Shows(file string, has ...Relation) bool {
	switch {
	case sealedFile(file):
		return false
	case slices.Contains(publicFiles, file):
		return true
	case file == draw.ResultList || file == draw.ReserveList:
		return !b.DisclosedAt.IsZero()
	}
	return slices.Contains(has, Owner) || slices.Contains(has, Office) || slices.Contains(has, Oversight)
}
