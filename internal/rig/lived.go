package rig

import (
	"context"
	"fmt"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/ledger/keys"
	"suicha/internal/store"
)

// Lived does one of everything there is: organisations renamed and merged, posts
// ended, items changed and retired, plans of every kind through all their
// states, consents with every answer. What checks the record whole begins here.
func (o *Office) Lived() {
	o.Helper()
	o.livedPeople()
	li, wang, sun := o.Clerk("李科长", "scjg"), o.Leader("王局长", "scjg"), o.Clerk("孙警官", "gaj")
	o.livedItems(li)
	o.livedObjects(li, sun)
	o.livedInspectors(li, wang)

	own := o.Filed(li, wang, 2026)
	o.Done(wang, act.PublishPlan{Plan: own, Seen: o.Plan(own).Version, Number: "370687-2026-scjg"})
	next := ID[inspect.PlanID](o.Name() + "lived amendment")
	o.Done(li, act.AmendPlan{Plan: own, Seen: o.Plan(own).Version, Next: next, Reason: "旺季提前"})
	line := o.Line(next, "scjg")
	line.Ratio, line.Areas, line.Remark = "A 1%，D 10%，不少于5户", []string{"370687001"}, "第一行\n第二行"
	o.Done(li, line)
	o.Done(li, act.DropLine{Plan: next, Seen: o.Plan(next).Version, No: 1})
	o.Done(li, act.SubmitPlan{Plan: next, Seen: o.Plan(next).Version})
	o.Done(li, act.RecallPlan{Plan: next, Seen: o.Plan(next).Version})
	o.Done(li, act.SubmitPlan{Plan: next, Seen: o.Plan(next).Version})
	o.Done(wang, act.ReturnPlan{Plan: next, Seen: o.Plan(next).Version, Opinion: "请补充依据"})
	o.Done(li, act.SubmitPlan{Plan: next, Seen: o.Plan(next).Version})
	o.Done(wang, act.ApprovePlan{Plan: next, Seen: o.Plan(next).Version, Opinion: "同意"})
	o.Done(li, act.FilePlan{Plan: next, Seen: o.Plan(next).Version})
	o.Done(wang, act.PublishPlan{Plan: next, Seen: o.Plan(next).Version, Number: "370687-2026-scjg"})

	gone := o.Filled(sun, 2026)
	o.Done(sun, act.DiscardPlan{Plan: gone, Seen: o.Plan(gone).Version})
	o.livedJoint(li, wang, sun)
	o.livedTasks(li, wang)
	o.livedBatches(li, wang)
	o.livedFeedback()
	if err := o.Store.Sessions.Note(context.Background(), store.SecurityEvent{ID: ID[string](o.Name() + "lived line"), At: o.Now, Kind: "sign_in"}); err != nil {
		o.Fatal(err)
	}
	o.Done(inspect.System(Region), act.SealSecurityLog{ID: ID[string](o.Name() + "lived seal")})
}

func (o *Office) livedPeople() {
	o.Helper()
	system := o.Someone("系统管理员", inspect.SystemAdmin, "lhb")
	gone := Org("gone")
	o.Done(system, act.FoundOrg{ID: Org("idle"), Kind: inspect.OrgDepartment, Code: "idle", Name: "海阳市新设局", Short: "新设局"}) // nothing names it
	o.Done(system, act.FoundOrg{ID: gone, Kind: inspect.OrgTeam, Code: "gone", Name: "海阳市文化执法队", Short: "文化队"})
	o.Done(system, act.RenameOrg{Org: gone, Seen: 1, Name: "海阳市文化市场执法大队", Short: "文化大队"})
	left := o.Liaison("郑联络", "gone")
	o.Done(o.Security(), act.EndPost{Post: left.Post.ID, Seen: 1})
	o.Done(system, act.MergeOrg{Org: gone, Seen: 2, Into: Org("gaj")})
}

// Liaison is a department's liaison (联络员) of that name.
func (o *Office) Liaison(name, org string) inspect.Actor {
	return o.Someone(name, inspect.Liaison, org)
}

func (o *Office) livedItems(clerk inspect.Actor) {
	o.Helper()
	item := act.ListItem{
		Item: ID[inspect.ItemID](o.Name() + "lived item"), Code: "Z-9", Name: "广告监测", Field: "广告", Category: inspect.KeyItem,
		Basis: "《中华人民共和国广告法》第四十九条", Content: "广告发布行为", Methods: []inspect.Method{"online"},
	}
	o.Done(clerk, item)
	item.Seen, item.Name, item.Reason = 1, "互联网广告监测", "广告发布渠道变化"
	o.Done(clerk, item)
	o.Done(clerk, act.RetireItem{Item: item.Item, Seen: 2, Reason: "职责划出"})
	o.livedLists(clerk)
	lib := act.PutSublibrary{ID: ID[inspect.SublibraryID](o.Name() + "lived sublibrary"), Name: "餐饮服务单位", Size: 400, ClassA: 300, ClassD: 100}
	o.Done(clerk, lib)
	lib.Seen, lib.Size = 1, 420
	o.Done(clerk, lib)
}

// livedJoint takes a led plan with every answer through the joint plan, twice.
func (o *Office) livedJoint(li, wang, sun inspect.Actor) {
	o.Helper()
	zhou, mayor := o.Clerk("周主任", "lhb"), o.Someone("梁市长", inspect.Convener, "zf")
	led := o.Drafted(li, inspect.PlanLed, 2026)
	line := o.Line(led, "scjg", "gaj", "wjw")
	o.Done(li, line)
	o.Done(li, act.InvitePlan{Plan: led, Seen: 2})
	answer := func(org string, note string) act.Answer {
		return act.Answer{Plan: led, No: 1, Seen: o.Consent(led, 1, Org(org)).Version, Note: note}
	}
	o.Done(sun, act.ProposeLine{Answer: answer("gaj", "避开六月")})
	o.Done(o.Leader("吴局长", "wjw"), act.DeclineLine{Answer: answer("wjw", "人手不足")})
	line = o.Line(led, "scjg", "gaj")
	line.No, line.Months = 1, []string{"7", "8"}
	o.Done(li, line)
	o.Done(li, act.InvitePlan{Plan: led, Seen: o.Plan(led).Version})
	o.Done(sun, act.AcceptLine{Answer: answer("gaj", "")})
	report := func() {
		o.Done(li, act.SubmitPlan{Plan: led, Seen: o.Plan(led).Version})
		o.Done(wang, act.ApprovePlan{Plan: led, Seen: o.Plan(led).Version, Opinion: "同意"})
		o.Done(li, act.FilePlan{Plan: led, Seen: o.Plan(led).Version})
	}
	report()
	joint := o.Drafted(zhou, inspect.PlanJoint, 2026)
	o.Done(zhou, act.MergePlans{Plan: joint, Seen: 1})
	o.Done(zhou, act.SendBackPlan{Plan: led, Seen: o.Plan(led).Version, Opinion: "请错开月份"})
	report()
	o.Done(zhou, act.MergePlans{Plan: joint, Seen: o.Plan(joint).Version})
	o.Done(zhou, act.SubmitPlan{Plan: joint, Seen: o.Plan(joint).Version})
	o.Done(mayor, act.RatifyPlan{Plan: joint, Seen: o.Plan(joint).Version, Opinion: "同意"})
	o.Done(o.Leader("邹主任", "lhb"), act.PublishPlan{Plan: joint, Seen: o.Plan(joint).Version, Number: "370687-2026"})
	o.Done(zhou, act.UrgeOrg{ID: ID[string](o.Name() + "lived urge"), Org: Org("wjw"), Year: 2026, Note: "请尽快报送"})
}

// A fixed stream makes the same key of the test's log each time.
type fixed byte

func (f fixed) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}

// LogKey is the key of the tests' log: its signer, and what checks a checkpoint.
func LogKey() (*ledger.Signer, func(note []byte) (ledger.Checkpoint, error), error) {
	secret, public, err := keys.Generate(keys.LogEd25519, "suicha.test/log", fixed(7))
	if err != nil {
		return nil, nil, fmt.Errorf("make the log's key: %w", err)
	}
	key, err := keys.ParseSigner(secret)
	if err != nil {
		return nil, nil, err
	}
	known, err := keys.ParseVerifier(public)
	if err != nil {
		return nil, nil, err
	}
	signer, err := ledger.NewSigner(key)
	return signer, func(note []byte) (ledger.Checkpoint, error) {
		c, _, err := ledger.OpenCheckpoint(note, known)
		return c, err
	}, err
}

// Extend takes all entries into the log and signs its head.
func (o *Office) Extend() {
	o.Helper()
	signer, _, err := LogKey()
	if err != nil {
		o.Fatal(err)
	}
	for more := true; more; {
		if more, err = o.Store.Log.Extend(o.Context(), o.Now, signer.Sign); err != nil {
			o.Fatalf("extend the log: %v", err)
		}
	}
}

// Verified fails the test unless the whole record fits together.
func (o *Office) Verified() {
	o.Helper()
	_, open, err := LogKey()
	if err != nil {
		o.Fatal(err)
	}
	if _, err := o.Store.Verify(context.Background(), open); err != nil {
		o.Errorf("the record does not verify: %v", err)
	}
}

// County makes a PostgreSQL database with the county of the tests, for one test,
// and returns its address.
func County(t testing.TB) string { return county.NewDatabase(t) }

// Empty makes a PostgreSQL database with nothing in it, for one test.
func Empty(t testing.TB) string { return nothing.NewDatabase(t) }

var nothing = &Postgres{Fingerprint: "nothing", Setup: func(string) error { return nil }}

// Leaf is the receipt code of an entry as the record has it now.
func (o *Office) Leaf(n int64) (string, error) {
	leaf, err := o.Store.DB.PublicEntry(context.Background(), inspect.Scope{}, n)
	return store.Entry{Leaf: leaf}.Code(), err
}
