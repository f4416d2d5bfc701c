package act

import (
	"context"
	"errors"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// openDeliveries begins to share an edition that has just been published with every
// target in use, and leaves off what it replaces: R94, R102, INV-21. A withdrawal goes
// only to who got what is withdrawn.
func (t *tx) openDeliveries(ctx context.Context, p inspect.Publication) error {
	targets, err := t.Targets(ctx, p.Region)
	if err != nil || len(targets) == 0 {
		return err
	}
	older, err := t.DeliveriesOf(ctx, p.Result)
	if err != nil {
		return err
	}
	for _, d := range older {
		if !d.Unsent() {
			continue
		}
		if err := t.replaceDelivery(ctx, d, p.No); err != nil {
			return err
		}
	}
	for _, x := range targets {
		missing, err := t.missingDelivery(ctx, x, p)
		if err != nil {
			return err
		}
		if missing {
			if err := t.openDelivery(ctx, x, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// missingDelivery reports whether a target is to get an edition.
func (t *tx) missingDelivery(ctx context.Context, x inspect.Target, p inspect.Publication) (bool, error) {
	if !x.Takes(p) {
		return false, nil
	}
	missing, err := t.MissingEditions(ctx, x.ID, p.Result)
	return len(missing) > 0, err
}

func (t *tx) openDelivery(ctx context.Context, x inspect.Target, p inspect.Publication) error {
	no, err := t.NextDeliveryNo(ctx, x.ID)
	if err != nil {
		return err
	}
	return t.saveDelivery(ctx, "", inspect.OpenDelivery(x, p, no, t.now))
}

func (t *tx) saveDelivery(ctx context.Context, was inspect.DeliveryState, d inspect.Delivery) error {
	if err := t.PutDelivery(ctx, was, d); err != nil {
		return err
	}
	d.Version++
	t.saved("delivery", string(d.ID), d.Version, d)
	return nil
}

func (t *tx) replaceDelivery(ctx context.Context, was inspect.Delivery, edition int) error {
	d, err := was.Replace(edition, t.stepBy())
	if err != nil {
		return err
	}
	return t.saveDelivery(ctx, was.State, d)
}

// delivery is a delivery that the actor may see, if he may do the act to it.
func (t *tx) delivery(ctx context.Context, id inspect.DeliveryID, seen int64) (inspect.Delivery, error) {
	d, err := t.Delivery(ctx, id)
	if err != nil {
		return d, err
	}
	has := d.Relations(t.by.Org)
	if t.by.Post.Kind != inspect.SystemPost && t.by.MayTo(inspect.DeliverRead, has...) != nil {
		return d, inspect.ErrMissing
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return d, err
	}
	if d.Version != seen {
		return d, inspect.ErrStale
	}
	return d, nil
}

// changeDelivery loads a delivery as it was seen, decides and saves.
func (t *tx) changeDelivery(ctx context.Context, id inspect.DeliveryID, seen int64, decide func(inspect.Delivery, inspect.StepBy) (inspect.Delivery, error)) error {
	was, err := t.delivery(ctx, id, seen)
	if err != nil {
		return err
	}
	d, err := decide(was, t.stepBy())
	if err != nil {
		return err
	}
	return t.saveDelivery(ctx, was.State, d)
}

// OpenDeliveries begins the deliveries that a target lacks, the oldest first: a target
// that was named later gets what stands since its first day. The platform asks until
// none is missing.
type OpenDeliveries struct {
	Target inspect.TargetID `json:"target"`
}

// PackDeliveries puts what waits for a target into a file, to be handed over: R94.
type PackDeliveries struct {
	Target inspect.TargetID `json:"target"`
}

// SendDelivery notes that the other system took what the platform posted.
type SendDelivery struct {
	Delivery inspect.DeliveryID `json:"delivery"`
	Seen     int64              `json:"seen"`
	Digest   string             `json:"digest"` // of the edition in what was posted
	Receipt  string             `json:"receipt" label:"回执编号"`
}

// FailDelivery notes that the platform could not post it.
type FailDelivery struct {
	Delivery inspect.DeliveryID `json:"delivery"`
	Seen     int64              `json:"seen"`
	Reason   string             `json:"reason" label:"失败原因"`
}

// ReceiptDeliveries notes the receipt for a file: all that it held and was not refused.
type ReceiptDeliveries struct {
	Target  inspect.TargetID `json:"target"`
	Package int64            `json:"package" label:"文件编号"`
	Receipt string           `json:"receipt" label:"回执编号" hint:"对方系统给出的受理编号或者批次号"`
}

// RefuseDeliveries notes what of a file the other system did not take.
type RefuseDeliveries struct {
	Target  inspect.TargetID `json:"target"`
	Package int64            `json:"package" label:"文件编号"`
	Refused string           `json:"refused" label:"退回的条目" hint:"每行一条：报送序号、空格、退回原因"`
}

// RetryDeliveries has what failed sent once more. Without numbers it is all of the target
// that nobody tries again by himself; a number may also be one without a receipt.
type RetryDeliveries struct {
	Target inspect.TargetID `json:"target"`
	Nos    []int64          `json:"nos" label:"报送序号" hint:"不填即全部未成功的"`
}

// AbandonDelivery gives a delivery up.
type AbandonDelivery struct {
	Delivery inspect.DeliveryID `json:"delivery"`
	Seen     int64              `json:"seen"`
	Reason   string             `json:"reason" label:"不再报送的理由"`
}

// CheckDeliveries compares what is public with what was delivered: R94. The platform
// does it once a day.
type CheckDeliveries struct {
	Day workday.Date `json:"day"`
}

// Verb is what the act is called.
func (OpenDeliveries) Verb() inspect.Verb { return inspect.DeliverOpen }

// Verb is what the act is called.
func (PackDeliveries) Verb() inspect.Verb { return inspect.DeliverPack }

// Verb is what the act is called.
func (SendDelivery) Verb() inspect.Verb { return inspect.DeliverSend }

// Verb is what the act is called.
func (FailDelivery) Verb() inspect.Verb { return inspect.DeliverFail }

// Verb is what the act is called.
func (ReceiptDeliveries) Verb() inspect.Verb { return inspect.DeliverReceipt }

// Verb is what the act is called.
func (RefuseDeliveries) Verb() inspect.Verb { return inspect.DeliverRefuse }

// Verb is what the act is called.
func (RetryDeliveries) Verb() inspect.Verb { return inspect.DeliverRetry }

// Verb is what the act is called.
func (AbandonDelivery) Verb() inspect.Verb { return inspect.DeliverAbandon }

// Verb is what the act is called.
func (CheckDeliveries) Verb() inspect.Verb { return inspect.DeliverCheck }

func (c OpenDeliveries) do(ctx context.Context, t *tx) error {
	x, err := t.Target(ctx, c.Target)
	if err != nil {
		return err
	}
	missing, err := t.MissingEditions(ctx, x.ID, "")
	if err == nil && len(missing) == 0 {
		err = inspect.ErrDeliveryNone
	}
	for _, p := range missing {
		err = errors.Join(err, t.openDelivery(ctx, x, p))
	}
	return err
}

func (c PackDeliveries) do(ctx context.Context, t *tx) error {
	x, err := t.target(ctx, c.Target)
	if err != nil {
		return err
	}
	waiting, err := t.DeliveriesIn(ctx, x.ID, inspect.DeliveryWaiting, 0)
	if err != nil {
		return err
	}
	number, err := t.NextPackage(ctx, x.ID)
	if err != nil {
		return err
	}
	p, packed, err := x.NewPackage(number, waiting, t.stepBy())
	if err != nil {
		return err
	}
	if err := t.AddDeliveryPackage(ctx, p); err != nil {
		return err
	}
	p.Version++
	t.saved("delivery_package", p.ID, p.Version, p)
	for i, d := range packed {
		if err := t.saveDelivery(ctx, waiting[i].State, d); err != nil {
			return err
		}
	}
	return nil
}

func (c SendDelivery) do(ctx context.Context, t *tx) error {
	return t.changeDelivery(ctx, c.Delivery, c.Seen, func(d inspect.Delivery, by inspect.StepBy) (inspect.Delivery, error) {
		return d.Send(c.Digest, c.Receipt, by)
	})
}

func (c FailDelivery) do(ctx context.Context, t *tx) error {
	return t.changeDelivery(ctx, c.Delivery, c.Seen, func(d inspect.Delivery, by inspect.StepBy) (inspect.Delivery, error) {
		return d.Fail(c.Reason, by)
	})
}

// packaged are the deliveries of a file that wait for a receipt.
func (t *tx) packaged(ctx context.Context, target inspect.TargetID, number int64) ([]inspect.Delivery, error) {
	x, err := t.target(ctx, target)
	switch {
	case err != nil:
		return nil, err
	case x.Kind != inspect.TargetGSXT:
		return nil, inspect.ErrDeliveryKind
	case number < 1:
		return nil, inspect.ErrDeliveryNone
	}
	all, err := t.DeliveriesIn(ctx, x.ID, inspect.DeliverySent, number)
	if err == nil && len(all) == 0 {
		err = inspect.ErrDeliveryNone
	}
	return all, err
}

func (c ReceiptDeliveries) do(ctx context.Context, t *tx) error {
	all, err := t.packaged(ctx, c.Target, c.Package)
	if err != nil {
		return err
	}
	for _, was := range all {
		d, err := was.Receive(c.Receipt, t.stepBy())
		if err != nil {
			return err
		}
		if err := t.saveDelivery(ctx, was.State, d); err != nil {
			return err
		}
	}
	return nil
}

func (c RefuseDeliveries) do(ctx context.Context, t *tx) error {
	all, err := t.packaged(ctx, c.Target, c.Package)
	if err != nil {
		return err
	}
	refused, err := inspect.ReadRefusals(c.Refused)
	if err != nil {
		return err
	}
	for n, r := range refused {
		i := slices.IndexFunc(all, func(d inspect.Delivery) bool { return d.No == r.No })
		if i < 0 {
			return inspect.ErrDeliveryRow.With(n+1, r.Text())
		}
		d, err := all[i].Refuse(r.Reason, t.stepBy())
		if err != nil {
			return err
		}
		if err := t.saveDelivery(ctx, all[i].State, d); err != nil {
			return err
		}
	}
	return nil
}

func (c RetryDeliveries) do(ctx context.Context, t *tx) error {
	x, err := t.target(ctx, c.Target)
	if err != nil {
		return err
	}
	if x.State != inspect.TargetActive {
		return inspect.ErrTargetEnded
	}
	all, err := t.DeliveriesToRetry(ctx, x.ID, c.Nos)
	if err == nil && (len(all) == 0 || len(all) < len(c.Nos)) {
		err = inspect.ErrDeliveryNone
	}
	if err != nil {
		return err
	}
	for _, was := range all {
		if err := t.retryDelivery(ctx, was); err != nil {
			return err
		}
	}
	return nil
}

// retryDelivery begins a delivery anew, or leaves it to that of the edition that has
// taken its place since: what was corrected or withdrawn is not sent again.
func (t *tx) retryDelivery(ctx context.Context, was inspect.Delivery) error {
	newest, err := t.EditionOf(ctx, was.Result)
	if err != nil {
		return err
	}
	if newest > was.Edition {
		return t.replaceDelivery(ctx, was, newest)
	}
	d, err := was.Retry(t.stepBy())
	if err != nil {
		return err
	}
	return t.saveDelivery(ctx, was.State, d)
}

func (c AbandonDelivery) do(ctx context.Context, t *tx) error {
	return t.changeDelivery(ctx, c.Delivery, c.Seen, func(d inspect.Delivery, by inspect.StepBy) (inspect.Delivery, error) {
		return d.Abandon(c.Reason, by)
	})
}

func (c CheckDeliveries) do(ctx context.Context, t *tx) error {
	region := t.by.Org.Region
	id := inspect.DeliveryCheckIDOf(region, c.Day)
	if _, err := t.DeliveryCheck(ctx, id); err == nil {
		return inspect.ErrTaken
	}
	if c.Day.IsZero() || c.Day.After(t.today()) {
		return inspect.ErrChoice.With("对账日期").At("day")
	}
	targets, err := t.Targets(ctx, region)
	if err == nil && len(targets) == 0 {
		err = inspect.ErrDeliveryNone
	}
	if err != nil {
		return err
	}
	check := inspect.DeliveryCheck{ID: id, Region: region, Day: c.Day, At: t.now}
	if check.Counts, err = t.CountDeliveries(ctx, targets, workday.Official(), t.now); err != nil {
		return err
	}
	if err := t.AddDeliveryCheck(ctx, check); err != nil {
		return err
	}
	check.Version++
	t.saved("delivery_check", check.ID, check.Version, check)
	return nil
}
