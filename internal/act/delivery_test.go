package act_test

import (
	"errors"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// R94, R101, R102, INV-21: what is published is shared with every target in use by the
// same act; a correction takes the place of what was not handed over yet, and what was
// withdrawn is not sent any more.
func TestPublicationOpensDeliveries(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Targets(inspect.TargetGSXT, inspect.TargetFeed, inspect.TargetWebhook)
		v := o.ResultPublished()
		x := v.Result().ID
		for kind, want := range map[inspect.TargetKind]inspect.DeliveryState{
			inspect.TargetGSXT: inspect.DeliveryWaiting, inspect.TargetFeed: inspect.DeliveryOffered, inspect.TargetWebhook: inspect.DeliveryWaiting,
		} {
			if d := o.Delivery(kind, x, 1); d.State != want || d.No != 1 || d.Org != rig.Org("scjg") {
				t.Errorf("%s begins as %+v", kind, d)
			}
		}
		o.DeliverOn(inspect.TargetGSXT, x, 1, inspect.DeliverPack)
		correct(v, inspect.PublishCorrect)
		for kind, want := range map[inspect.TargetKind]inspect.DeliveryState{
			inspect.TargetGSXT: inspect.DeliverySent, inspect.TargetFeed: inspect.DeliveryOffered, inspect.TargetWebhook: inspect.DeliveryReplaced,
		} {
			if d := o.Delivery(kind, x, 1); d.State != want {
				t.Errorf("after the correction the first edition for %s is %+v", kind, d)
			}
			if d := o.Delivery(kind, x, 2); d.No != 2 || d.Edition != 2 {
				t.Errorf("the correction for %s is %+v", kind, d)
			}
		}
		// What was handed over and refused is not handed over again once it is corrected.
		o.DeliverOn(inspect.TargetGSXT, x, 1, inspect.DeliverRefuse, inspect.DeliverRetry)
		if d := o.Delivery(inspect.TargetGSXT, x, 1); d.State != inspect.DeliveryReplaced {
			t.Errorf("an edition that was corrected is sent again: %+v", d)
		}
		late := act.AddTarget{ID: o.Target("late"), Kind: inspect.TargetGSXT, Name: "另一个系统", Days: 5}
		future := act.AddTarget{ID: o.Target("future"), Kind: inspect.TargetGSXT, Name: "明天的系统", Days: 5, From: workday.On(o.Now).AddDays(1)}
		system := o.Someone("系统管理员", inspect.SystemAdmin, "lhb")
		o.Done(system, late)
		o.Done(system, future)
		o.Refused(inspect.System(rig.Region), act.OpenDeliveries{Target: future.ID}, inspect.ErrDeliveryNone)
		o.Done(inspect.System(rig.Region), act.OpenDeliveries{Target: late.ID})
		o.Refused(inspect.System(rig.Region), act.OpenDeliveries{Target: late.ID}, inspect.ErrDeliveryNone)
		if d := o.Delivery("late", x, 2); d.State != inspect.DeliveryWaiting || d.No != 1 {
			t.Errorf("a target that was named later gets %+v", d)
		}
		o.DeliverOn("late", x, 2, inspect.DeliverPack, inspect.DeliverReceipt)
		correct(v, inspect.PublishWithdraw)
		if d := o.Delivery("late", x, 3); d.State != inspect.DeliveryWaiting {
			t.Errorf("the withdrawal is %+v", d)
		}
		if n, err := o.Store.DB.MissingDeliveries(o.Context(), future.ID); err != nil || n != 0 {
			t.Errorf("%d editions are missing where none was shared, %v", n, err)
		}
		o.Extend()
		o.Verified()
	})
}

// correct publishes the next edition.
func correct(v *rig.Visited, kind inspect.PublicationKind) {
	v.Helper()
	c := v.Correct(kind, inspect.ProblemPending)
	v.Done(v.Li, c)
	v.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "同意"}})
}

// R94, INV-20: a file is handed over once, its receipt closes what was not refused, and
// what was refused goes into the next file or is given up with a reason.
func TestFileIsHandedOver(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		o.Targets(inspect.TargetGSXT, inspect.TargetWebhook)
		zhou, zou := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
		v := o.ResultPublished()
		x, target := v.Result().ID, o.Target(inspect.TargetGSXT)
		o.Refused(zhou, act.PackDeliveries{Target: o.Target(inspect.TargetWebhook)}, inspect.ErrDeliveryKind)
		o.Refused(zhou, act.ReceiptDeliveries{Target: target, Package: 1, Receipt: "R"}, inspect.ErrDeliveryNone)
		o.Done(zhou, act.PackDeliveries{Target: target})
		o.Refused(zhou, act.PackDeliveries{Target: target}, inspect.ErrDeliveryNone)
		for text, want := range map[string]inspect.Problem{
			"": inspect.ErrEmpty, "1": inspect.ErrDeliveryRow, "x 代码不存在": inspect.ErrDeliveryRow, "9 代码不存在": inspect.ErrDeliveryRow,
			"1 代码不存在\n1 重复": inspect.ErrDeliveryRows, "1 代\u200b码": inspect.ErrControl, "99999999999999999999 大": inspect.ErrDeliveryRow,
		} {
			o.Refused(zhou, act.RefuseDeliveries{Target: target, Package: 1, Refused: text}, want)
		}
		o.Refused(zhou, act.ReceiptDeliveries{Target: target, Package: 1}, inspect.ErrEmpty)
		o.DeliverOn(inspect.TargetGSXT, x, 1, inspect.DeliverRefuse)
		o.Refused(zhou, act.ReceiptDeliveries{Target: target, Package: 1, Receipt: "R"}, inspect.ErrDeliveryNone)
		if d := o.Delivery(inspect.TargetGSXT, x, 1); d.State != inspect.DeliveryFailed || d.Reason != "代码不存在" {
			t.Fatalf("refused: %+v", d)
		}
		o.DeliverOn(inspect.TargetGSXT, x, 1, inspect.DeliverRetry, inspect.DeliverPack, inspect.DeliverReceipt)
		d := o.Delivery(inspect.TargetGSXT, x, 1)
		if d.State != inspect.DeliveryReceived || d.Package != 2 || d.Receipt != "GS-2026-0412" || len(d.Steps) != 5 {
			t.Errorf("with its receipt: %+v", d)
		}
		o.Refused(zhou, act.RetryDeliveries{Target: target}, inspect.ErrDeliveryNone)
		o.Refused(zhou, act.RetryDeliveries{Target: target, Nos: []int64{1}}, inspect.ErrStep)
		p, rows, err := o.Store.DB.Package(o.Context(), zhou.Scope(), target, 1)
		if err != nil || len(rows) != 1 || rows[0].Digest != rows[0].Published.Digest || p.Nos[0] != 1 {
			t.Errorf("the first file as it was: %+v, %v", rows, err)
		}
		if _, _, err := o.Store.DB.Package(o.Context(), v.Li.Scope(), target, 1); !errors.Is(err, inspect.ErrMissing) {
			t.Errorf("a department has the file of all: %v", err)
		}
		hook := o.Delivery(inspect.TargetWebhook, x, 1)
		system := inspect.System(rig.Region)
		o.Refused(system, act.SendDelivery{Delivery: hook.ID, Seen: hook.Version, Digest: "x", Receipt: "R"}, inspect.ErrDeliveryOther)
		o.Refused(zou, act.AbandonDelivery{Delivery: hook.ID, Seen: hook.Version}, inspect.ErrEmpty)
		o.Done(zou, act.AbandonDelivery{Delivery: hook.ID, Seen: hook.Version, Reason: "对方系统停用"})
		o.Refused(system, act.SendDelivery{Delivery: hook.ID, Seen: hook.Version + 1, Digest: hook.Digest, Receipt: "R"}, inspect.ErrStep)
		o.Done(system, act.CheckDeliveries{Day: workday.On(o.Now)})
		o.Refused(system, act.CheckDeliveries{Day: workday.On(o.Now)}, inspect.ErrTaken)
		o.Refused(system, act.CheckDeliveries{Day: workday.On(o.Now).AddDays(1)}, inspect.ErrChoice)
		if all, err := o.Store.DB.Deliveries(o.Context(), v.Li.Scope(), store.DeliveryFilter{Most: 10}); err != nil || len(all) != 2 {
			t.Errorf("its department sees %d deliveries, %v", len(all), err)
		}
		if all, err := o.Store.DB.Deliveries(o.Context(), o.Clerk("孙警官", "gaj").Scope(), store.DeliveryFilter{Most: 10}); err != nil || len(all) != 0 {
			t.Errorf("another department sees %d deliveries, %v", len(all), err)
		}
	})
}

// INV-20, INV-21: what nobody confirmed in time is late, counted in working days, and
// asked of the office; what a target lacks is counted, too.
func TestLateDeliveriesAreCounted(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	v := o.ResultPublished()
	o.Targets(inspect.TargetGSXT)
	zhou, target, cal := o.Clerk("周主任", "lhb"), o.Target(inspect.TargetGSXT), workday.Official()
	count := func() inspect.DeliveryCount {
		t.Helper()
		targets, err := o.Store.DB.Targets(o.Context(), zhou.Scope(), rig.Region)
		if err != nil {
			t.Fatal(err)
		}
		all, err := o.Store.DB.CountDeliveries(o.Context(), zhou.Scope(), targets, cal, o.Now)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		return all[0]
	}
	if c := count(); c.Missing != 1 || c.Editions != 1 || c.Differences() != 1 {
		t.Errorf("before it is opened: %+v", c)
	}
	o.Done(inspect.System(rig.Region), act.OpenDeliveries{Target: target})
	day := workday.On(o.Now)
	due, _ := cal.Add(day, inspect.TargetDaysUsual)
	for day = day.AddDays(1); !day.After(due.AddDays(1)); day = day.AddDays(1) {
		o.Now = day.Start()
		if c := count(); c.Missing != 0 || c.Waiting != 1 || (c.Late == 1) != day.After(due) {
			t.Errorf("on %s, due %s: %+v", day, due, c)
		}
	}
	targets, err := o.Store.DB.Targets(o.Context(), zhou.Scope(), rig.Region)
	if err != nil {
		t.Fatal(err)
	}
	todos := inspect.DeliveryTodos(zhou, targets, []inspect.DeliveryCount{count()}, cal)
	if len(todos) != 2 || todos[0].Verb != inspect.DeliverPack || todos[1].Verb != inspect.DeliverReceipt || todos[0].Due != due {
		t.Errorf("the office has to do %+v", todos)
	}
	if todos := inspect.DeliveryTodos(v.Li, targets, []inspect.DeliveryCount{count()}, cal); len(todos) != 0 {
		t.Errorf("a department has to do %+v", todos)
	}
}

// R94, INV-14: who names targets is the system administrator, who reads no delivery.
func TestTargetsAreNamedByTheAdministrator(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		system := o.Someone("系统管理员", inspect.SystemAdmin, "lhb")
		add := act.AddTarget{ID: o.Target("x"), Kind: inspect.TargetFeed, Name: "订阅", Slug: "results"}
		for _, bad := range []struct {
			want inspect.Problem
			add  act.AddTarget
		}{
			{inspect.ErrTargetSlug, act.AddTarget{ID: add.ID, Kind: inspect.TargetFeed, Name: "订阅", Slug: "../x"}},
			{inspect.ErrTargetURL, act.AddTarget{ID: add.ID, Kind: inspect.TargetWebhook, Name: "接口", URL: "ftp://a.b", Days: 3}},
			{inspect.ErrChoice, act.AddTarget{ID: add.ID, Kind: "x", Name: "接口", Days: 3}},
			{inspect.ErrRange, act.AddTarget{ID: add.ID, Kind: inspect.TargetGSXT, Name: "文件"}},
			{inspect.ErrIdent, act.AddTarget{ID: "x", Kind: inspect.TargetFeed, Name: "订阅", Slug: "results"}},
			{inspect.ErrEmpty, act.AddTarget{ID: add.ID, Kind: inspect.TargetFeed, Slug: "results"}},
		} {
			o.Refused(system, bad.add, bad.want)
		}
		o.Refused(o.Clerk("周主任", "lhb"), add, inspect.ErrDenied)
		o.Done(system, add)
		o.Refused(system, add, inspect.ErrTaken)
		twice := add
		twice.ID = o.Target("y")
		o.Refused(system, twice, inspect.ErrTargetTwice)
		o.Refused(system, act.PutTarget{ID: add.ID, Seen: 2, Name: "新名"}, inspect.ErrStale)
		o.Done(system, act.PutTarget{ID: add.ID, Seen: 1, Name: "新名", URL: "https://a.b", Days: 9}) // a feed has neither
		o.Done(system, act.EndTarget{ID: add.ID, Seen: 2, Reason: "停用"})
		o.Refused(system, act.EndTarget{ID: add.ID, Seen: 3, Reason: "停用"}, inspect.ErrStep)
		o.Refused(system, act.PutTarget{ID: add.ID, Seen: 3, Name: "新名"}, inspect.ErrStep)
		o.Refused(system, twice, inspect.ErrTargetTwice)
		if all, err := o.Store.DB.Deliveries(o.Context(), system.Scope(), store.DeliveryFilter{Most: 10}); err != nil || len(all) != 0 {
			t.Errorf("the system administrator reads deliveries: %v", err)
		}
	})
}

// R94: every verb of targets and deliveries by every post of every organisation, in every
// state that a file reaches: whoever the table of permissions does not name is refused.
func TestEveryDeliveryVerbByEveryPost(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	people := everyPost(o)
	o.Targets(inspect.TargetGSXT)
	x := o.ResultPublished().Result().ID
	target := o.Target(inspect.TargetGSXT)
	check := func() {
		t.Helper()
		d := o.Delivery(inspect.TargetGSXT, x, 1)
		var commands []act.Command
		for _, a := range o.DeliveryActs(inspect.TargetGSXT, x, 1) {
			commands = append(commands, a.Does)
		}
		everyVerb(t, "delivery.", commands)
		targets := []act.Command{
			act.AddTarget{ID: o.Target("other"), Kind: inspect.TargetGSXT, Name: "另一个", Days: 5}, act.PutTarget{ID: target, Seen: 1, Name: "新名", Days: 5}, act.EndTarget{ID: target, Seen: 1, Reason: "停用"},
		}
		everyVerb(t, "target.", targets)
		for _, c := range append(commands, targets...) {
			for _, who := range people {
				has := append(d.Relations(who.Org), inspect.Target{Region: rig.Region}.Relations(who.Org)...)
				if who.MayTo(c.Verb(), has...) == nil || who.May(c.Verb()) != nil && d.State != inspect.DeliveryWaiting {
					continue // the stories tell what happens then; who never may is asked once
				}
				_, err := o.Do(who, c)
				if !errors.Is(err, inspect.ErrDenied) && !errors.Is(err, inspect.ErrMissing) {
					t.Errorf("%s by %s of %s in %s: %v", c.Verb(), who.Post.Kind, who.Org.Code, d.State, err)
				}
			}
		}
		if o.Delivery(inspect.TargetGSXT, x, 1).Version != d.Version {
			t.Fatal("a refused act changed the delivery")
		}
	}
	check()
	for _, verb := range []inspect.Verb{inspect.DeliverPack, inspect.DeliverRefuse, inspect.DeliverRetry, inspect.DeliverPack, inspect.DeliverReceipt} {
		o.DeliverOn(inspect.TargetGSXT, x, 1, verb)
		check()
	}
}
