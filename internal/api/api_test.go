package api_test

import (
	"slices"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/auth"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/rig"
	"suicha/internal/store"
)

// R43, R44, R46: a department's plan goes from draft to its leader through the
// interface; the leader decides in the browser; the clerk reports it.
func TestPlanFromDraftToOffice(t *testing.T) {
	both(t, func(c *client) {
		li, wang := c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg")
		clerk, leader := c.token(li), c.token(wang)
		id := rig.ID[inspect.PlanID](c.Name())
		item := rig.ID[inspect.ItemID](c.Name() + "item")
		path := "/api/v1/plans/" + string(id)

		c.done(clerk, "item.list", act.ListItem{
			Item: item, Code: "B-1", Name: "餐饮服务检查", Field: "餐饮", Category: inspect.GeneralItem, MaxShare: 1000,
			Basis: "食品安全法", Content: "经营许可", Methods: []inspect.Method{"onsite"},
		})
		r := c.done(clerk, "plan.draft", act.DraftPlan{Plan: id, Kind: inspect.PlanOwn, Year: 2026})
		if r.Verb != "plan.draft" || r.Code == "" || r.At != "2026-03-02T01:00:00.000Z" {
			t.Errorf("the receipt reads %+v", r)
		}
		if got := get[plan](c, clerk, path); got.State != "draft" || !slices.Equal(got.Verbs, []string{"plan.put_line", "plan.drop_line", "plan.submit", "plan.discard"}) {
			t.Errorf("the draft reads %+v", got)
		}
		p := c.is(c.act(clerk, "plan.submit", act.SubmitPlan{Plan: id, Seen: 1}), 409, "no_lines")
		if p.Detail == "" {
			t.Error("no reason")
		}
		line := c.Line(id, "scjg")
		line.Items = []inspect.ItemID{item}
		c.done(clerk, "plan.put_line", line)
		c.done(clerk, "plan.submit", act.SubmitPlan{Plan: id, Seen: 2})
		got := get[plan](c, leader, path)
		if !slices.Equal(got.GraveVerbs, []string{"plan.approve"}) || !slices.Equal(got.Verbs, []string{"plan.return"}) || got.DraftedBy != "李科长" {
			t.Errorf("to the leader the plan reads %+v", got)
		}
		if l := got.Lines[0]; l.Planned != 20 || l.Items[0].Code != "B-1" {
			t.Errorf("the line reads %+v", l)
		}
		c.is(c.act(leader, "plan.approve", act.ApprovePlan{Plan: id, Seen: 3, Opinion: "同意"}), 403, "step_up")
		c.Done(wang, act.ApprovePlan{Plan: id, Seen: 3, Opinion: "同意"})
		c.done(clerk, "plan.file", act.FilePlan{Plan: id, Seen: 4})
		if got := get[plan](c, clerk, path); got.State != "filed" || !got.Late || got.Opinion != "同意" {
			t.Errorf("the reported plan reads %+v", got)
		}
		steps := get[struct {
			Entries []struct{ Verb, Person, Proof, Code string }
		}](c, clerk, path+"/timeline").Entries
		if len(steps) != 5 || steps[0].Verb != "plan.file" || steps[1].Person != "王局长" {
			t.Errorf("the timeline reads %+v", steps)
		}
	})
}

// R51: departments answer line by line.
func TestConsentThroughTheInterface(t *testing.T) {
	both(t, func(c *client) {
		li, sun := c.Clerk("李科长", "scjg"), c.Clerk("孙警官", "gaj")
		clerk, police := c.token(li), c.token(sun)
		id := c.Drafted(li, inspect.PlanLed, 2026)
		line := c.Line(id, "scjg", "gaj")
		c.done(clerk, "plan.put_line", line)
		path := "/api/v1/plans/" + string(id)
		c.is(c.send("GET", path, police, ""), 404, "missing")
		c.done(clerk, "plan.invite", act.InvitePlan{Plan: id, Seen: c.Plan(id).Version})
		got := get[plan](c, police, path)
		if v := got.Lines[0].Consents[0].Verbs; !slices.Equal(v, []string{"plan.accept", "plan.propose"}) {
			t.Errorf("the invited department may %v", v)
		}
		seen := got.Lines[0].Consents[0].Version
		p := c.is(c.act(police, "plan.propose", map[string]any{"plan": id, "no": 1, "seen": seen}), 422, "consent_note")
		if len(p.Errors) != 1 || p.Errors[0].Field != "note" {
			t.Errorf("the problem stands at %+v", p.Errors)
		}
		c.is(c.act(police, "plan.accept", map[string]any{"plan": id, "no": 1, "seen": seen + 1}), 409, "stale")
		c.done(police, "plan.accept", map[string]any{"plan": id, "no": 1, "seen": seen})
		if v := get[plan](c, clerk, path).Lines[0].Consents[0]; v.State != "accepted" || len(v.Verbs) != 0 {
			t.Errorf("the consent reads %+v", v)
		}
	})
}

// Asking again with the same request id gives the same receipt and does nothing;
// another command under it is refused.
func TestRepeatedRequestGivesTheSameReceipt(t *testing.T) {
	both(t, func(c *client) {
		clerk := c.token(c.Clerk("李科长", "scjg"))
		id := rig.ID[inspect.PlanID](c.Name())
		key := c.key()
		send := func(year int) answer {
			return c.send("POST", "/api/v1/acts/plan.draft", clerk, c.text(act.DraftPlan{Plan: id, Kind: inspect.PlanOwn, Year: year}), "Idempotency-Key", key)
		}
		first, again := send(2026), send(2026)
		if first.status != 200 || first.text != again.text {
			t.Errorf("first %s, again %d %s", first.text, again.status, again.text)
		}
		c.is(send(2027), 409, "replayed")
		for _, bad := range []string{"", "1", strings.ToUpper(key)} {
			c.is(c.send("POST", "/api/v1/acts/plan.draft", clerk, "{}", "Idempotency-Key", bad), 400, "request")
		}
	})
}

// Strangers find nothing, posts that may not are denied, and the answers are
// those of the pages.
func TestStrangersAndWrongPosts(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		id := c.Filled(li, 2026)
		path := "/api/v1/plans/" + string(id)
		submit := act.SubmitPlan{Plan: id, Seen: c.Plan(id).Version}
		for _, who := range []inspect.Actor{c.Clerk("孙警官", "gaj"), c.Clerk("周主任", "lhb"), c.Someone("督察", inspect.Supervisor, "sfj")} {
			token := c.token(who)
			for _, sub := range []string{"", "/timeline", "/coverage", "/diff"} {
				c.is(c.send("GET", path+sub, token, ""), 404, "missing")
			}
			if plans := get[page](c, token, "/api/v1/plans?year=2026").Plans; len(plans) != 0 {
				t.Errorf("%s sees %v", who.Name, plans)
			}
		}
		c.is(c.act(c.token(c.Clerk("孙警官", "gaj")), "plan.submit", submit), 404, "missing")
		c.is(c.act(c.token(c.Leader("王局长", "scjg")), "plan.submit", submit), 403, "denied")
		submit.Seen--
		c.is(c.act(c.token(li), "plan.submit", submit), 409, "stale")
		admin := c.token(c.Someone("系统员", inspect.SystemAdmin, "zf"))
		c.is(c.send("GET", "/api/v1/plans", admin, ""), 403, "denied")
		c.is(c.send("GET", "/api/v1/items", admin, ""), 403, "denied")
		if log, err := c.Store.Sessions.SecurityLog(t.Context(), store.EventFilter{Kind: string(auth.Denied)}, 10); err != nil || len(log) != 3 || log[0].Detail != "api item.read" {
			t.Errorf("the security log holds %v, %v", log, err)
		}
	})
}

// INV-28: a token lives as long as its term, its owner's post and account, and
// until it is revoked.
func TestTokenDies(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		token := c.token(li)
		start := c.Now
		get[any](c, token, "/api/v1/me")
		for _, bad := range []string{"", "sct_", token[:len(token)-1], token + "A", token[:len(token)-1] + "!", "sct_" + strings.Repeat("A", 43)} {
			a := c.send("GET", "/api/v1/me", bad, "")
			c.is(a, 401, "token")
			if a.header.Get("WWW-Authenticate") == "" {
				t.Error("no WWW-Authenticate")
			}
		}
		c.is(c.send("GET", "/api/v1/me", "", "", "Cookie", "token="+token), 401, "token")
		c.is(c.send("GET", "/api/v1/me", "", "", "Authorization", "Basic "+token), 401, "token")

		c.Now = start.AddDate(0, 1, 0).Add(-1)
		get[any](c, token, "/api/v1/me")
		c.Now = start.AddDate(0, 1, 0)
		c.is(c.send("GET", "/api/v1/me", token, ""), 401, "token")
		c.Now = start

		list, err := c.gate.APITokens(t.Context(), li)
		if err != nil || len(list) != 1 || list[0].Used.IsZero() {
			t.Fatalf("the list of tokens is %v, %v", list, err)
		}
		if err := c.gate.RevokeAPIToken(t.Context(), li, list[0].ID, auth.From{}); err != nil {
			t.Fatal(err)
		}
		c.is(c.send("GET", "/api/v1/me", token, ""), 401, "token")

		token = c.token(li)
		get[any](c, token, "/api/v1/me")
		c.Done(c.Security(), act.EndPost{Post: li.Post.ID, Seen: 1})
		c.is(c.send("GET", "/api/v1/me", token, ""), 401, "token_post")
	})
}

// A token does no more than its scopes.
func TestScopes(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		draft := act.DraftPlan{Plan: rig.ID[inspect.PlanID](c.Name()), Kind: inspect.PlanOwn, Year: 2026}
		reads := c.token(li, auth.ScopeRead)
		get[page](c, reads, "/api/v1/plans")
		c.is(c.act(reads, "plan.draft", draft), 403, "token_scope")
		writes := c.token(li, auth.ScopePlan)
		c.is(c.send("GET", "/api/v1/plans", writes, ""), 403, "token_scope")
		c.is(c.act(writes, "sublibrary.put", map[string]any{}), 403, "token_scope")
		c.done(writes, "plan.draft", draft)
		if verbs := get[plan](c, reads, "/api/v1/plans/"+string(draft.Plan)).Verbs; len(verbs) != 0 {
			t.Errorf("a token that only reads is offered %v", verbs)
		}
	})
}

// R47, R48: what was published stands there for everybody, each edition for
// ever, without persons.
func TestPublicPlans(t *testing.T) {
	both(t, func(c *client) {
		li, wang := c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg")
		id := c.Filed(li, wang, 2026)
		const number = "/api/v1/public/plans/370687-2026-scjg"
		c.is(c.send("GET", number, "", ""), 404, "missing")
		c.Done(wang, act.PublishPlan{Plan: id, Seen: c.Plan(id).Version, Number: "370687-2026-scjg"})
		a := c.send("GET", number, "", "")
		if a.status != 200 || a.header.Get("Cache-Control") != "no-cache" || a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Fatalf("%d %v %s", a.status, a.header, a.text)
		}
		for _, secret := range []string{"李科长", "王局长", "同意", string(li.Person)} {
			if strings.Contains(a.text, secret) {
				t.Errorf("the public reads %s: %s", secret, a.text)
			}
		}
		if again := c.send("GET", number, "", "", "If-None-Match", a.header.Get("ETag")); again.status != 304 || again.text != "" {
			t.Errorf("asked again: %d %s", again.status, again.text)
		}
		if head := c.send("HEAD", number, "", ""); head.status != 200 || head.text != "" || head.header.Get("ETag") != a.header.Get("ETag") {
			t.Errorf("HEAD: %d %s", head.status, head.text)
		}
		next := rig.ID[inspect.PlanID](c.Name() + "next")
		c.Done(li, act.AmendPlan{Plan: id, Seen: c.Plan(id).Version, Next: next, Reason: "旅游旺季提前"})
		c.is(c.send("GET", number+"/editions/1", "", ""), 404, "missing")
		line := c.Line(next, "scjg")
		line.No, line.Ratio = 1, "8%"
		c.Done(li, line)
		c.Done(li, act.SubmitPlan{Plan: next, Seen: c.Plan(next).Version})
		c.Done(wang, act.ApprovePlan{Plan: next, Seen: c.Plan(next).Version, Opinion: "同意"})
		c.Done(li, act.FilePlan{Plan: next, Seen: c.Plan(next).Version})
		c.Done(wang, act.PublishPlan{Plan: next, Seen: c.Plan(next).Version, Number: "370687-2026-scjg"})
		type public struct {
			Edition int
			State   string
			Reason  string
			Changes []struct {
				Fields []struct{ Label, Before, After string }
			}
			Editions []struct{ Href string }
		}
		now, old := get[public](c, "", number), get[public](c, "", number+"/editions/0")
		if now.Edition != 1 || now.Reason == "" || now.Changes[0].Fields[0].After != "8%" || len(now.Editions) != 2 {
			t.Errorf("the new edition reads %+v", now)
		}
		if old.Edition != 0 || old.State != "replaced" {
			t.Errorf("the old edition reads %+v", old)
		}
		if plans := get[page](c, "", "/api/v1/public/plans?year=2026&kind=own&text=餐饮").Plans; len(plans) != 1 || plans[0].Edition != 1 {
			t.Errorf("the list reads %+v", plans)
		}
		// To another department the published plan shows no person either.
		stranger := c.token(c.Clerk("孙警官", "gaj"))
		text := c.send("GET", "/api/v1/plans/"+string(next), stranger, "").text + c.send("GET", "/api/v1/plans/"+string(next)+"/timeline", stranger, "").text
		if strings.Contains(text, "李科长") || strings.Contains(text, "同意") || strings.Contains(text, "drafted_at") {
			t.Errorf("a stranger reads %s", text)
		}
		c.is(c.send("GET", "/api/v1/plans/"+string(id)+"?x=1", stranger, ""), 400, "unknown_field")
	})
}

// The pages of a list, one behind the other, are the whole list, even where
// drafts that were thrown away share a number.
func TestPagesAreTheWholeList(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		clerk := c.token(li)
		want := map[string]bool{}
		for i := range 7 {
			id := rig.ID[inspect.PlanID](c.Name() + string(rune('a'+i)))
			year := 2025 + i%3
			c.Done(li, act.DraftPlan{Plan: id, Kind: inspect.PlanOwn, Year: year})
			want[string(id)] = true
			if i < 6 {
				c.Done(li, act.DiscardPlan{Plan: id, Seen: 1})
			}
		}
		for _, limit := range []string{"1", "2", "3", "7", "50"} {
			got := map[string]bool{}
			for path := "/api/v1/plans?limit=" + limit; path != ""; {
				p := get[page](c, clerk, path)
				for _, one := range p.Plans {
					if got[one.ID] {
						t.Errorf("limit %s: %s twice", limit, one.ID)
					}
					got[one.ID] = true
				}
				path = p.Next
			}
			if len(got) != len(want) {
				t.Errorf("limit %s: %d plans, want %d", limit, len(got), len(want))
			}
		}
		for _, after := range []string{"x", "a.b", "370687-2026.0'", "%00.1", "370687.99999", strings.Repeat("a", 70)} {
			if a := c.send("GET", "/api/v1/plans?after="+after, clerk, ""); a.status != 400 {
				t.Errorf("after=%s: %d", after, a.status)
			}
		}
		for _, bad := range []string{"year=1", "year=x", "year=02026", "year=2026&year=2027", "kind=other", "state=x", "org=1", "limit=0", "limit=201", "zzz=1", "text=%00", "text=%ff", "text=" + strings.Repeat("a", 61), "%zz=1", "text=%E2%80%AEx"} {
			if a := c.send("GET", "/api/v1/plans?"+bad, clerk, ""); a.status != 400 {
				t.Errorf("%s: %d %s", bad, a.status, a.text)
			}
		}
		for _, fine := range []string{"text=%25_'\"\\", "text=", "year=2026&kind=own&state=discarded&org=" + string(rig.Org("scjg"))} {
			get[page](c, clerk, "/api/v1/plans?"+fine)
		}
	})
}

// R42, R49, R50, R52: lists, deadlines and coverage answer.
func TestListsDeadlinesCoverage(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		clerk := c.token(li)
		id := c.Filled(li, 2026)
		c.Item("gaj", "B-1")
		c.done(clerk, "sublibrary.put", act.PutSublibrary{ID: rig.ID[inspect.SublibraryID](c.Name()), Name: "餐饮单位", Size: 400})
		cover := get[struct {
			Gaps  int
			Items []struct{ Total int }
			Orgs  []struct {
				Name  string
				Joint int
			}
			Objects []struct{ Size int }
		}](c, clerk, "/api/v1/plans/"+string(id)+"/coverage")
		if cover.Gaps != 1 || len(cover.Items) != 2 || len(cover.Orgs) != 3 || len(cover.Objects) != 1 {
			t.Errorf("the coverage reads %+v", cover)
		}
		due := get[map[string]any](c, clerk, "/api/v1/deadlines?year=2028")
		if due["filing"] != "2028-01-20" || due["publication"] != "2028-02-29" || due["today"] != "2026-03-02" {
			t.Errorf("the deadlines read %v", due)
		}
		if got := get[struct{ Items []struct{ Verbs []string } }](c, clerk, "/api/v1/items?org="+string(rig.Org("scjg"))); len(got.Items) != 1 || len(got.Items[0].Verbs) != 2 {
			t.Errorf("the items read %+v", got)
		}
		if got := get[struct{ Orgs []struct{ Code string } }](c, clerk, "/api/v1/orgs"); len(got.Orgs) != 6 {
			t.Errorf("the orgs read %+v", got)
		}
		if got := get[struct{ Sublibraries []struct{ Size int } }](c, clerk, "/api/v1/sublibraries"); len(got.Sublibraries) != 1 {
			t.Errorf("the sub-libraries read %+v", got)
		}
		me := get[struct {
			Person struct{ Name string }
			Post   struct{ Kind string }
			Verbs  []struct {
				Verb    string
				ByToken bool `json:"by_token"`
			}
		}](c, clerk, "/api/v1/me")
		if me.Person.Name != "李科长" || me.Post.Kind != "clerk" || len(me.Verbs) < 10 || !me.Verbs[0].ByToken {
			t.Errorf("me reads %+v", me)
		}
	})
}

// A receipt leads to its entry, and once the log is signed, to the proof.
func TestReceiptLeadsToProof(t *testing.T) {
	both(t, func(c *client) {
		clerk := c.token(c.Clerk("李科长", "scjg"))
		r := c.done(clerk, "plan.draft", act.DraftPlan{Plan: rig.ID[inspect.PlanID](c.Name()), Kind: inspect.PlanOwn, Year: 2026})
		type entry struct {
			Leaf, Proof, Code, Verb string
			Included                bool
		}
		if e := get[entry](c, "", r.Proof); e.Included || e.Proof != "" || e.Code != r.Code || e.Verb != "plan.draft" {
			t.Errorf("before the log is signed the entry reads %+v", e)
		}
		var head ledger.Head
		_, err := c.Store.Log.Extend(t.Context(), c.Now, func(_, next ledger.Head, _ []ledger.Hash) ([]byte, error) {
			head = next
			return []byte("note\n"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		e := get[entry](c, "", r.Proof)
		proof, err := ledger.ParseProof([]byte(e.Proof))
		if err != nil {
			t.Fatalf("%v in %s", err, e.Proof)
		}
		if err := ledger.CheckInclusion(head, r.N, []byte(e.Leaf), proof.Path); err != nil {
			t.Error(err)
		}
		for _, bad := range []string{"999999", "-1", "x", "9999999999999999999"} {
			c.is(c.send("GET", "/api/v1/entries/"+bad, "", ""), 404, "missing")
		}
	})
}
