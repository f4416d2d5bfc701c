package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// Target is the id of the test's target of a kind.
func (o *Office) Target(kind inspect.TargetKind) inspect.TargetID {
	return ID[inspect.TargetID](o.Name() + "target " + string(kind))
}

// Targets names a target of each kind.
func (o *Office) Targets(kinds ...inspect.TargetKind) {
	o.Helper()
	for _, kind := range kinds {
		c := act.AddTarget{ID: o.Target(kind), Kind: kind, Name: kind.Text(), Days: inspect.TargetDaysUsual}
		switch kind {
		case inspect.TargetFeed:
			c.Slug = "results"
		case inspect.TargetWebhook:
			c.URL = "https://credit.example.gov.cn/results"
		}
		o.Done(o.Someone("系统管理员", inspect.SystemAdmin, "lhb"), c)
	}
}

// Delivery is that of an edition of a result to the target of a kind, as it stands.
func (o *Office) Delivery(kind inspect.TargetKind, result inspect.ResultID, edition int) (d inspect.Delivery) {
	o.Helper()
	id := inspect.DeliveryIDOf(o.Target(kind), inspect.PublicationIDOf(result, edition))
	err := o.Store.Writer.Write(o.Context(), func(t *store.Tx) (err error) {
		d, err = t.Delivery(o.Context(), id)
		return err
	})
	if err != nil {
		o.Fatalf("read the delivery of edition %d to %s: %v", edition, kind, err)
	}
	return d
}

// A DeliveryAct is one act on deliveries, and who does it.
type DeliveryAct struct {
	Who  inspect.Actor
	Does act.Command
}

// DeliveryActs are every act on the delivery of an edition to a target of a kind, by who
// may do it, whatever its state.
func (o *Office) DeliveryActs(kind inspect.TargetKind, result inspect.ResultID, edition int) []DeliveryAct {
	o.Helper()
	d, system := o.Delivery(kind, result, edition), inspect.System(Region)
	zhou, zou := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
	return []DeliveryAct{
		{system, act.OpenDeliveries{Target: d.Target}},
		{zhou, act.PackDeliveries{Target: d.Target}},
		{system, act.SendDelivery{Delivery: d.ID, Seen: d.Version, Digest: d.Digest, Receipt: "CR-2026-0007"}},
		{system, act.FailDelivery{Delivery: d.ID, Seen: d.Version, Reason: "对方没有应答"}},
		{zhou, act.ReceiptDeliveries{Target: d.Target, Package: d.Package, Receipt: "GS-2026-0412"}},
		{zhou, act.RefuseDeliveries{Target: d.Target, Package: d.Package, Refused: Refused(d)}},
		{zhou, act.RetryDeliveries{Target: d.Target, Nos: []int64{d.No}}},
		{zou, act.AbandonDelivery{Delivery: d.ID, Seen: d.Version, Reason: "对方系统停止接收"}},
		{system, act.CheckDeliveries{Day: workday.On(o.Now)}},
	}
}

// Refused is the line of a delivery that the other system did not take.
func Refused(d inspect.Delivery) string {
	return inspect.Refusal{No: d.No, Reason: "代码不存在"}.Text()
}

// DeliverOn does acts on a delivery, one after the other.
func (o *Office) DeliverOn(kind inspect.TargetKind, result inspect.ResultID, edition int, verbs ...inspect.Verb) {
	o.Helper()
	for _, verb := range verbs {
		for _, a := range o.DeliveryActs(kind, result, edition) {
			if a.Does.Verb() == verb {
				o.Done(a.Who, a.Does)
			}
		}
	}
}

// livedTargets names a target of each kind, changes one and ends another.
func (o *Office) livedTargets() {
	o.Helper()
	system := o.Someone("系统管理员", inspect.SystemAdmin, "lhb")
	o.Targets(inspect.TargetGSXT, inspect.TargetFeed, inspect.TargetWebhook)
	o.Done(system, act.PutTarget{ID: o.Target(inspect.TargetWebhook), Seen: 1, Name: "信用中国网站", URL: "http://10.1.2.3/results", Inner: true, Days: 3})
	gone := act.AddTarget{ID: o.Target("gone"), Kind: inspect.TargetFeed, Name: "旧订阅源", Slug: "old", From: workday.On(o.Now)}
	o.Done(system, gone)
	o.Done(system, act.EndTarget{ID: gone.ID, Seen: 1, Reason: "改用新的订阅源"})
}

// livedDeliveries does one of everything to the deliveries of an edition of a
// result, and leaves one that failed.
func (o *Office) livedDeliveries(result inspect.ResultID, edition int) {
	o.Helper()
	o.DeliverOn(inspect.TargetGSXT, result, edition, inspect.DeliverPack, inspect.DeliverRefuse, inspect.DeliverRetry, inspect.DeliverPack, inspect.DeliverReceipt)
	o.DeliverOn(inspect.TargetWebhook, result, edition, inspect.DeliverFail)
	late := act.AddTarget{ID: o.Target("late"), Kind: inspect.TargetGSXT, Name: "烟台市公共信用信息平台", Days: 5}
	o.Done(o.Someone("系统管理员", inspect.SystemAdmin, "lhb"), late)
	o.Done(inspect.System(Region), act.OpenDeliveries{Target: late.ID})
	o.DeliverOn("late", result, edition, inspect.DeliverAbandon, inspect.DeliverCheck)
}
