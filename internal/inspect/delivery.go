package inspect

import (
	"slices"
	"strconv"
	"time"

	"suicha/internal/workday"
)

// DeliveryID names one delivery.
type DeliveryID string

// DeliveryIDOf is the id of the delivery of an edition to a target: there is one.
func DeliveryIDOf(target TargetID, p PublicationID) DeliveryID {
	return DeliveryID(OwnID(string(target), "delivery", string(p)))
}

// A DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery. Which of them it can reach depends on the target's kind.
const (
	DeliveryWaiting   DeliveryState = "waiting"
	DeliverySent      DeliveryState = "sent"
	DeliveryReceived  DeliveryState = "received"
	DeliveryFailed    DeliveryState = "failed"
	DeliveryReplaced  DeliveryState = "replaced"
	DeliveryAbandoned DeliveryState = "abandoned"
	DeliveryOffered   DeliveryState = "offered"
)

// DeliveryStates lists the states in the order of filters.
var DeliveryStates = []Choice{
	{string(DeliveryWaiting), "待报送"}, {string(DeliverySent), "已报送，待回执"}, {string(DeliveryReceived), "已回执"}, {string(DeliveryFailed), "未成功"},
	{string(DeliveryReplaced), "已由新版代替"}, {string(DeliveryAbandoned), "不再报送"}, {string(DeliveryOffered), "已提供订阅"},
}

// Text is the state as users read it.
func (s DeliveryState) Text() string { return ChoiceText(DeliveryStates, string(s)) }

// Open reports whether something is still to come: R94, INV-20.
func (s DeliveryState) Open() bool {
	return s == DeliveryWaiting || s == DeliverySent || s == DeliveryFailed
}

// The lives of deliveries: R94, R102. A file is handed over and its receipt typed in; a
// webhook's answer is the receipt; a feed is read by whoever wants to. What a later
// edition has overtaken is not sent any more, nor what a person gave up.
var (
	fileLife = Life[DeliveryState]{
		{DeliverPack, DeliveryWaiting, DeliverySent},
		{DeliverReceipt, DeliverySent, DeliveryReceived},
		{DeliverRefuse, DeliverySent, DeliveryFailed},
		{DeliverRetry, DeliveryFailed, DeliveryWaiting},
		{DeliverRetry, DeliverySent, DeliveryWaiting},
		{DeliverAbandon, DeliveryWaiting, DeliveryAbandoned},
		{DeliverAbandon, DeliverySent, DeliveryAbandoned},
		{DeliverAbandon, DeliveryFailed, DeliveryAbandoned},
		{DeliverReplace, DeliveryWaiting, DeliveryReplaced},
		{DeliverReplace, DeliverySent, DeliveryReplaced},
		{DeliverReplace, DeliveryFailed, DeliveryReplaced},
	}
	webhookLife = Life[DeliveryState]{
		{DeliverSend, DeliveryWaiting, DeliveryReceived},
		{DeliverSend, DeliveryFailed, DeliveryReceived},
		{DeliverFail, DeliveryWaiting, DeliveryFailed},
		{DeliverFail, DeliveryFailed, DeliveryFailed},
		{DeliverRetry, DeliveryFailed, DeliveryWaiting},
		{DeliverAbandon, DeliveryWaiting, DeliveryAbandoned},
		{DeliverAbandon, DeliveryFailed, DeliveryAbandoned},
		{DeliverReplace, DeliveryWaiting, DeliveryReplaced},
		{DeliverReplace, DeliveryFailed, DeliveryReplaced},
	}
)

// DeliveryLife returns the moves of a delivery to a target of one kind.
func DeliveryLife(kind TargetKind) Life[DeliveryState] {
	switch kind {
	case TargetGSXT:
		return fileLife
	case TargetWebhook:
		return webhookLife
	}
	return nil
}

// A Delivery (报送) is one edition of a published result on its way to one target: R94,
// 海政办发〔2020〕2号 二(五)5. It is opened with the publication itself, so that nothing
// that is public is shared with nobody: INV-21.
type Delivery struct {
	ID          DeliveryID
	Version     int64
	Region      string
	Target      TargetID
	Kind        TargetKind // of the target
	No          int64      // within the target, without a gap
	Publication PublicationID
	Result      ResultID
	Edition     int
	Org         OrgID
	Digest      string // of the edition: what is sent has it
	State       DeliveryState
	Package     int64 // the number of the file that it was handed over in last
	Tries       int
	Next        time.Time // when it is tried again by itself; zero is never
	OpenedAt    time.Time
	Since       time.Time // of the last step
	Receipt     string
	Reason      string // why it failed, or was given up
	Steps       []Step
}

// OpenDelivery begins the delivery of an edition to a target, the no-th of it.
func OpenDelivery(t Target, p Publication, no int64, now time.Time) Delivery {
	d := Delivery{
		ID: DeliveryIDOf(t.ID, p.ID), Region: p.Region, Target: t.ID, Kind: t.Kind, No: no, Publication: p.ID, Result: p.Result, Edition: p.No, Org: p.Org,
		Digest: p.Digest, State: DeliveryWaiting, OpenedAt: now, Since: now,
	}
	if t.Kind == TargetFeed {
		d.State = DeliveryOffered
	}
	return d
}

// Takes reports whether the target shares the edition.
func (t Target) Takes(p Publication) bool {
	return t.State == TargetActive && t.Region == p.Region && !p.Day.Before(t.From)
}

// Verbs returns what can be done with the delivery now, by whoever may.
func (d Delivery) Verbs() []Verb { return DeliveryLife(d.Kind).Verbs(d.State) }

// Relations returns what org has to do with the delivery: the result is its own, it is
// the office that shares for all, or it watches over the region.
func (d Delivery) Relations(org Org) []Relation {
	var has []Relation
	if org.ID == d.Org {
		has = append(has, Owner)
	}
	if org.Region == d.Region {
		switch org.Kind {
		case OrgOffice:
			has = append(has, Office)
		case OrgOversight:
			has = append(has, Oversight)
		}
	}
	return has
}

// step makes a move and notes it.
func (d Delivery) step(verb Verb, text string, by StepBy) (Delivery, error) {
	next, err := DeliveryLife(d.Kind).Next(d.State, verb)
	if err != nil {
		return d, err
	}
	d.State, d.Since, d.Next, d.Receipt, d.Reason = next, by.Now, time.Time{}, "", ""
	d.Steps = append(slices.Clone(d.Steps), Step{verb, by.Person, by.Now, text})
	return d, nil
}

// Pack puts the delivery into the file of a number.
func (d Delivery) Pack(number int64, by StepBy) (Delivery, error) {
	d, err := d.step(DeliverPack, "第 "+strconv.FormatInt(number, 10)+" 号文件", by)
	if err == nil {
		d.Package, d.Tries = number, d.Tries+1
	}
	return d, err
}

// A DeliveryPackage (报送文件) is what a file that was handed over held. It is kept for good,
// so that the same file can be had again.
type DeliveryPackage struct {
	ID      string
	Version int64
	Region  string
	Target  TargetID
	No      int64
	By      PersonID
	At      time.Time
	Nos     []int64 // the numbers of the deliveries
}

// NewPackage puts the deliveries that wait into the number-th file of a target.
func (t Target) NewPackage(number int64, waiting []Delivery, by StepBy) (p DeliveryPackage, packed []Delivery, err error) {
	switch {
	case t.Kind != TargetGSXT:
		return p, nil, ErrDeliveryKind
	case t.State != TargetActive:
		return p, nil, ErrTargetEnded
	case len(waiting) == 0:
		return p, nil, ErrDeliveryNone
	}
	p = DeliveryPackage{ID: OwnID(string(t.ID), "package", strconv.FormatInt(number, 10)), Region: t.Region, Target: t.ID, No: number, By: by.Person, At: by.Now}
	for _, d := range waiting {
		if d, err = d.Pack(number, by); err != nil {
			return p, nil, err
		}
		p.Nos, packed = append(p.Nos, d.No), append(packed, d)
	}
	return p, packed, nil
}

// Receive notes the other system's receipt for a file.
func (d Delivery) Receive(receipt string, by StepBy) (Delivery, error) {
	var ps Problems
	receipt = Line(&ps, "receipt", "回执编号", receipt, deliveryTextMost)
	if err := ps.Err(); err != nil {
		return d, err
	}
	d, err := d.step(DeliverReceipt, receipt, by)
	d.Receipt = receipt
	return d, err
}

// Refuse notes that the other system did not take it, and why.
func (d Delivery) Refuse(reason string, by StepBy) (Delivery, error) {
	return d.because(DeliverRefuse, "refused", "退回原因", reason, by)
}

func (d Delivery) because(verb Verb, field, label, reason string, by StepBy) (Delivery, error) {
	var ps Problems
	reason = Line(&ps, field, label, reason, deliveryTextMost)
	if err := ps.Err(); err != nil {
		return d, err
	}
	next, err := d.step(verb, reason, by)
	if err != nil {
		return d, err
	}
	next.Reason = reason
	return next, nil
}

const deliveryTextMost = 200

// deliveryWaits are how long the platform waits after each try that failed. After the
// last it leaves the matter to a person.
var deliveryWaits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// DeliveryWait is how long to wait after so many tries that failed; false is that nobody
// tries again by himself.
func DeliveryWait(tries int) (time.Duration, bool) {
	if tries < 1 || tries > len(deliveryWaits) {
		return 0, false
	}
	return deliveryWaits[tries-1], true
}

// Send notes that the other system took what was posted, which had this digest.
func (d Delivery) Send(digest, receipt string, by StepBy) (Delivery, error) {
	if digest != d.Digest {
		return d, ErrDeliveryOther
	}
	var ps Problems
	receipt = Line(&ps, "receipt", "回执编号", receipt, deliveryTextMost)
	if err := ps.Err(); err != nil {
		return d, err
	}
	next, err := d.step(DeliverSend, receipt, by)
	if err != nil {
		return d, err
	}
	next.Receipt, next.Tries = receipt, d.Tries+1
	return next, nil
}

// Fail notes a try that failed, and when the next is made.
func (d Delivery) Fail(reason string, by StepBy) (Delivery, error) {
	next, err := d.because(DeliverFail, "reason", "失败原因", reason, by)
	if err != nil {
		return d, err
	}
	next.Tries = d.Tries + 1
	if wait, again := DeliveryWait(next.Tries); again {
		next.Next = by.Now.Add(wait)
	}
	return next, nil
}

// Retry begins anew, with all tries.
func (d Delivery) Retry(by StepBy) (Delivery, error) {
	d, err := d.step(DeliverRetry, "", by)
	if err == nil {
		d.Tries = 0
	}
	return d, err
}

// Abandon gives the delivery up, for a reason.
func (d Delivery) Abandon(reason string, by StepBy) (Delivery, error) {
	return d.because(DeliverAbandon, "reason", "不再报送的理由", reason, by)
}

// Replace leaves the delivery to that of a later edition: what was withdrawn or
// corrected is not sent any more.
func (d Delivery) Replace(edition int, by StepBy) (Delivery, error) {
	return d.because(DeliverReplace, "reason", "理由", "第 "+strconv.Itoa(edition)+" 版已经公示", by)
}

// Unsent reports whether a later edition takes the delivery's place as soon as it is
// published. What was handed over goes on to its receipt.
func (d Delivery) Unsent() bool { return d.State == DeliveryWaiting || d.State == DeliveryFailed }

// Due is until when the receipt is to be there; zero if none is expected.
func (d Delivery) Due(days int, cal *workday.Calendar) workday.Date {
	if days == 0 || !d.State.Open() {
		return workday.Date{}
	}
	due, _ := cal.Add(workday.On(d.OpenedAt), days)
	return due
}

// LateBefore is the moment before which a delivery must have been opened to be late at
// now, if its receipt is due within so many working days.
func LateBefore(days int, cal *workday.Calendar, now time.Time) time.Time {
	today := workday.On(now)
	day := today
	for {
		if due, _ := cal.Add(day, days); due.Before(today) {
			return day.AddDays(1).Start()
		}
		day = day.AddDays(-1)
	}
}
