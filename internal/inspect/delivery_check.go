package inspect

import (
	"time"

	"suicha/internal/workday"
)

// A DeliveryCount is how the deliveries of one target stand at one moment.
type DeliveryCount struct {
	Target   TargetID
	Editions int64 // that stand and are to be shared
	Waiting  int64
	Sent     int64
	Received int64
	Failed   int64 // whether they are tried again or not
	Stuck    int64 // of those, that nobody tries again by himself
	Offered  int64
	Left     int64 // replaced or given up

	Missing int64 // editions that stand without a delivery: INV-21
	Other   int64 // deliveries whose digest is not the edition's
	Late    int64 // open and not stuck, and no receipt within the term: INV-20

	Oldest workday.Date // on which the oldest that is open was opened
}

// Differences is how many of them somebody has to look at.
func (c DeliveryCount) Differences() int64 { return c.Missing + c.Other + c.Late + c.Stuck }

// A DeliveryCheck (对账) is what the platform found when it compared, in one night, what
// is public with what was delivered: R94.
type DeliveryCheck struct {
	ID      string
	Version int64
	Region  string
	Day     workday.Date
	At      time.Time
	Counts  []DeliveryCount // of the targets in use, in the order of their ids
}

// DeliveryCheckIDOf is the id of a day's check: there is one.
func DeliveryCheckIDOf(region string, day workday.Date) string {
	return OwnID(region, "delivery-check", day.String())
}

// Differences is how many of all targets somebody has to look at.
func (c DeliveryCheck) Differences() (n int64) {
	for _, x := range c.Counts {
		n += x.Differences()
	}
	return n
}

// A DeliveryTodo is what the deliveries of a target ask of somebody.
type DeliveryTodo struct {
	Target Target
	Count  DeliveryCount
	Verb   Verb
	N      int64
	Due    workday.Date
}

// DeliveryTodos is what the deliveries of the targets ask of who: to hand files over, to
// see to what failed, and to ask for receipts that are late.
func DeliveryTodos(who Actor, targets []Target, counts []DeliveryCount, cal *workday.Calendar) (todos []DeliveryTodo) {
	of := map[TargetID]DeliveryCount{}
	for _, c := range counts {
		of[c.Target] = c
	}
	for _, t := range targets {
		c, has := of[t.ID], t.Relations(who.Org)
		if t.State != TargetActive {
			continue
		}
		due := workday.Date{}
		if !c.Oldest.IsZero() && t.Days > 0 {
			due, _ = cal.Add(c.Oldest, t.Days)
		}
		for _, x := range []struct {
			verb Verb
			n    int64
			asks bool
		}{
			{DeliverPack, c.Waiting, t.Kind == TargetGSXT},
			{DeliverRetry, c.Stuck, true},
			{DeliverReceipt, c.Late, t.Kind == TargetGSXT},
		} {
			if x.asks && x.n > 0 && who.MayTo(x.verb, has...) == nil {
				todos = append(todos, DeliveryTodo{t, c, x.verb, x.n, due})
			}
		}
	}
	return todos
}
