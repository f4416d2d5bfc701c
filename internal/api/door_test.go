package api_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// Every act is open to the interface, but for the founding, which is the
// console's, and the grave acts, which need the person.
func TestEveryActThroughTheInterface(t *testing.T) {
	both(t, func(c *client) {
		li, wang, sun := c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg"), c.Clerk("孙警官", "gaj")
		zhou, mayor := c.Clerk("周主任", "lhb"), c.Someone("梁市长", inspect.Convener, "zf")
		clerk, leader, police, office := c.token(li), c.token(wang), c.token(sun), c.token(zhou)
		system, security := c.token(c.Someone("系统员", inspect.SystemAdmin, "zf")), c.token(c.Security())
		own, led, joint := rig.ID[inspect.PlanID](c.Name()+"own"), rig.ID[inspect.PlanID](c.Name()+"led"), rig.ID[inspect.PlanID](c.Name()+"joint")
		seen := func(id inspect.PlanID) act.SubmitPlan { return act.SubmitPlan{Plan: id, Seen: c.Plan(id).Version} }
		said := func(id inspect.PlanID, opinion string) act.ReturnPlan {
			return act.ReturnPlan{Plan: id, Seen: c.Plan(id).Version, Opinion: opinion}
		}
		answer := func() act.Answer {
			return act.Answer{Plan: led, No: 1, Seen: c.Consent(led, 1, rig.Org("gaj")).Version, Note: "避开六月"}
		}
		asked, day := map[string]bool{}, workday.MustParse
		done := func(token, verb string, command any) { t.Helper(); c.done(token, verb, command); asked[verb] = true }
		grave := func(token, verb string, command any) {
			t.Helper()
			c.is(c.act(token, verb, command), 403, "step_up")
			asked[verb] = true
		}

		department := rig.ID[inspect.OrgID](c.Name())
		done(system, "org.found", act.FoundOrg{ID: department, Kind: inspect.OrgDepartment, Code: "xfdd", Name: "海阳市消防救援大队", Short: "消防大队"})
		grave(system, "org.rename", act.RenameOrg{Org: department, Seen: 1, Name: "新名", Short: "新"})
		grave(system, "org.merge", act.MergeOrg{Org: department, Seen: 1, Into: rig.Org("gaj")})
		person := rig.ID[inspect.PersonID](c.Name() + "person")
		done(system, "person.add", act.AddPerson{ID: person, Name: "冯队长"})
		grave(security, "post.grant", map[string]any{"id": rig.ID[string](c.Name() + "post"), "person": person, "org": department, "kind": "clerk"})
		grave(security, "post.end", act.EndPost{Post: li.Post.ID, Seen: 1})

		item := rig.ID[inspect.ItemID](c.Name() + "item")
		done(clerk, "item.list", act.ListItem{Item: item, Code: "Z-1", Name: "事项", Field: "餐饮", Category: inspect.KeyItem, Basis: "法", Content: "内容", Methods: []inspect.Method{"onsite"}})
		done(clerk, "item.retire", act.RetireItem{Item: item, Seen: 1, Reason: "划出"})
		lists(c, done, grave)
		done(clerk, "sublibrary.put", act.PutSublibrary{ID: rig.ID[inspect.SublibraryID](c.Name()), Name: "餐饮单位", Size: 400})
		library(c, done, grave)
		batches(c, done, grave)
		done(clerk, "inspector.put", act.PutInspector{Code: "A-1", Name: "王二", Category: inspect.CivilServant, Source: "人事档案", Sourced: day("2026-02-01")})
		done(clerk, "inspector.certify", act.CertifyInspector{Inspector: 1, Seen: 1, Kind: inspect.ProvinceCertificate, Number: "F1", Until: day("2027-12-31")})
		away, tie := rig.ID[inspect.AwayID](c.Name()), rig.ID[inspect.TieID](c.Name())
		done(clerk, "inspector.put_away", act.PutAway{Away: away, Inspector: 1, Kind: "leave", From: day("2026-03-05"), Until: day("2026-03-06")})
		done(clerk, "inspector.drop_away", act.DropAway{Away: away, Seen: 1})
		done(clerk, "inspector.put_tie", act.PutTie{Tie: tie, Inspector: 1, Name: "某公司", Kind: inspect.Relative})
		grave(leader, "inspector.drop_tie", act.DropTie{Tie: tie, Seen: 1, Reason: "申报有误"})
		done(clerk, "inspector.put_training", act.PutTraining{Training: rig.ID[inspect.TrainingID](c.Name()), Inspector: 1, Topic: "法规", Hours: 8, Exam: "none", Day: day("2026-02-01")})
		done(clerk, "workforce.put", act.PutWorkforce{CivilServant: 4})
		grave(clerk, "inspector.end", act.EndInspector{Inspector: 1, Seen: 2, Reason: "退休"})

		works(c, done, grave)

		done(clerk, "plan.draft", act.DraftPlan{Plan: own, Kind: inspect.PlanOwn, Year: 2026})
		done(clerk, "plan.put_line", c.Line(own, "scjg"))
		done(clerk, "plan.drop_line", act.DropLine{Plan: own, Seen: 2, No: 1})
		done(clerk, "plan.discard", seen(own))

		done(clerk, "plan.draft", act.DraftPlan{Plan: led, Kind: inspect.PlanLed, Year: 2026})
		done(clerk, "plan.put_line", c.Line(led, "scjg", "gaj"))
		done(clerk, "plan.invite", seen(led))
		done(police, "plan.propose", answer())
		done(c.token(c.Leader("钱局长", "gaj")), "plan.decline", answer())
		done(police, "plan.accept", answer())
		done(clerk, "plan.submit", seen(led))
		done(clerk, "plan.recall", seen(led))
		done(clerk, "plan.submit", seen(led))
		done(leader, "plan.return", said(led, "请补充"))
		done(clerk, "plan.submit", seen(led))
		grave(leader, "plan.approve", said(led, "同意"))
		c.Done(wang, act.ApprovePlan(said(led, "同意")))
		done(clerk, "plan.file", seen(led))
		done(office, "plan.draft", act.DraftPlan{Plan: joint, Kind: inspect.PlanJoint, Year: 2026})
		done(office, "plan.merge", seen(joint))
		done(office, "plan.send_back", said(led, "请错开"))
		done(office, "plan.urge", act.UrgeOrg{ID: rig.ID[string](c.Name() + "urge"), Org: rig.Org("wjw"), Year: 2026})
		done(clerk, "plan.submit", seen(led))
		c.Done(wang, act.ApprovePlan(said(led, "同意")))
		done(clerk, "plan.file", seen(led))
		done(office, "plan.merge", seen(joint))
		done(office, "plan.submit", seen(joint))
		grave(c.token(mayor), "plan.ratify", said(joint, "同意"))
		c.Done(mayor, act.RatifyPlan(said(joint, "同意")))
		head := c.Leader("邹主任", "lhb")
		publish := act.PublishPlan{Plan: joint, Seen: c.Plan(joint).Version, Number: "370687-2026"}
		grave(c.token(head), "plan.publish", publish)
		c.Done(head, publish)
		done(office, "plan.amend", act.AmendPlan{Plan: joint, Seen: c.Plan(joint).Version, Next: rig.ID[inspect.PlanID](c.Name() + "next"), Reason: "增加任务"})

		ceremonies(c, done, grave)
		dispatched(c, done, grave)
		opinions(c, done, grave)

		for _, command := range act.Commands() {
			if !asked[string(command.Verb())] && command.Verb() != inspect.InstallFound && !inspect.ByPlatform(command.Verb()) {
				t.Errorf("nobody asked for %s", command.Verb())
			}
		}
		c.is(c.act(clerk, "install.found", map[string]any{}), 404, "missing")
		c.is(c.act(clerk, "plan.replace", map[string]any{}), 404, "missing")
		c.is(c.act(clerk, "zzz", map[string]any{}), 404, "missing")
	})
}

// What comes in a form nobody understands is refused before anything is done.
func TestBadRequests(t *testing.T) {
	both(t, func(c *client) {
		clerk := c.token(c.Clerk("李科长", "scjg"))
		const path = "/api/v1/acts/plan.draft"
		post := func(body string, header ...string) answer {
			return c.send("POST", path, clerk, body, append([]string{"Idempotency-Key", c.key()}, header...)...)
		}
		for body, code := range map[string]string{
			`{"plan":"x","plan":"x"}`: "twice", `{"zzz":1}`: "unknown_field", `{} {}`: "json", `{"year":"2026"}`: "type", "{\"plan\":\"\xff\"}": "encoding",
			strings.Repeat("[", 99): "depth", `{"plan":null}`: "type", ``: "json", `{"plan":"\u0000"}`: "control",
		} {
			c.is(post(body), 400, code)
		}
		for body, field := range map[string]string{
			`{}`: "plan", `{"plan":"x","kind":"own","year":2026}`: "plan", `{"plan":"` + c.key() + `","kind":"zzz","year":2026}`: "kind",
			`{"plan":"` + c.key() + `","kind":"own","year":1999}`: "year",
		} {
			if p := c.is(post(body), 422, c.codeOf(post(body))); p.Errors[0].Field != field {
				t.Errorf("%s: the problem stands at %+v", body, p.Errors)
			}
		}
		c.is(post(`{"plan":"`+strings.Repeat("x", 1<<20)+`"}`), 413, "too_large")
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "application/jsonx"} {
			c.is(post(`{}`, "Content-Type", kind), 415, "media_type")
		}
		c.is(post(`{}`, "Content-Encoding", "gzip"), 415, "media_type")
		for _, other := range []string{"GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"} {
			if a := c.send(other, path, clerk, ""); a.status != 405 || a.header.Get("Allow") != "POST" {
				t.Errorf("%s: %d, Allow %s", other, a.status, a.header.Get("Allow"))
			}
		}
		if a := c.send("POST", "/api/v1/plans", clerk, "{}"); a.status != 405 || a.header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST to a resource: %d, Allow %s", a.status, a.header.Get("Allow"))
		}
		for _, nowhere := range []string{"/api/", "/api/v1", "/api/v1/", "/api/v2/plans", "/api/v1/plans/x", "/api/v1/plans/" + c.key(), "/api/v1/public/plans/x/editions/-1", "/api/v1/public/plans/x/editions/99999"} {
			c.is(c.send("GET", nowhere, clerk, ""), 404, "missing")
		}
	})
}

func (c *client) codeOf(a answer) string { return read[problem](c, a.text).Code }

// Without a token only what is public answers, and only that may be kept by
// browsers or read by other sites.
func TestOnlyPublicAnswersWithoutToken(t *testing.T) {
	both(t, func(c *client) {
		clerk := c.token(c.Clerk("李科长", "scjg"))
		for _, path := range []string{"/api/v1/me", "/api/v1/plans", "/api/v1/plans/" + c.key() + "/diff", "/api/v1/orgs", "/api/v1/items", "/api/v1/sublibraries", "/api/v1/deadlines"} {
			c.is(c.send("GET", path, "", ""), 401, "token")
			c.is(c.send("GET", path, "", "", "Cookie", "__Host-suicha="+clerk), 401, "token")
			if a := c.send("GET", path, clerk, ""); a.header.Get("Cache-Control") != "no-store" || a.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: %v", path, a.header)
			}
		}
		c.is(c.send("POST", "/api/v1/acts/plan.draft", "", "{}"), 401, "token")
		for _, path := range []string{"/api/v1/public/plans", "/api/v1/entries/0", "/api/openapi.json", "/api/openapi.yaml"} {
			if a := c.send("GET", path, "", ""); a.status != 200 || a.header.Get("Cache-Control") != "no-cache" || a.header.Get("ETag") == "" {
				t.Errorf("%s: %d %v", path, a.status, a.header)
			}
		}
		if a := c.send("GET", "/api/docs", "", ""); a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("the documentation: %d %v", a.status, a.header)
		}
		if a := c.send("GET", "/api/v1/orgs", clerk, ""); c.send("GET", "/api/v1/orgs", clerk, "", "If-None-Match", `"x", W/`+a.header.Get("ETag")).status != 304 {
			t.Error("what has not changed is sent again")
		}
	})
}

// One token asks too much and waits; others do not.
func TestTooManyRequestsWait(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		busy, calm := c.token(li), c.token(li)
		var last answer
		n := 0
		for last.status != 429 && n < 100 {
			last = c.send("GET", "/api/v1/deadlines", busy, "")
			n++
		}
		c.is(last, 429, "busy")
		if n != 61 || last.header.Get("Retry-After") != "1" {
			t.Errorf("the request %d has to wait: %v", n, last.header)
		}
		get[any](c, calm, "/api/v1/deadlines")
		c.Now = c.Now.Add(time.Second)
		get[any](c, busy, "/api/v1/deadlines")
	})
}

// Readers without a token wait as those of the portal do; tokens have a limit of
// their own.
func TestTooManyAnonymousRequestsWait(t *testing.T) {
	both(t, func(c *client) {
		token := c.token(c.Clerk("李科长", "scjg"))
		c.wait = 1500 * time.Millisecond
		a := c.send("GET", "/api/v1/public/plans", "", "")
		c.is(a, 429, "busy")
		if a.header.Get("Retry-After") != "2" {
			t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
		}
		get[any](c, token, "/api/v1/deadlines")
		c.wait = 0
		get[any](c, "", "/api/v1/public/plans")
	})
}

// A token falls with its owner's account: INV-28.
func TestTokenFallsWithTheAccount(t *testing.T) {
	both(t, func(c *client) {
		li := c.Clerk("李科长", "scjg")
		token := c.token(li)
		sessions := c.Store.Sessions
		invitation := store.Invitation{Hash: "h", Person: li.Person, By: c.Security().Person, Made: c.Now, Ends: c.Now.Add(time.Hour)}
		if err := sessions.Reset(t.Context(), invitation); err != nil {
			t.Fatal(err)
		}
		c.is(c.send("GET", "/api/v1/me", token, ""), 401, "token")
		c.Now = c.Now.Add(time.Minute)
		if ok, err := sessions.Redeem(t.Context(), "h", "new", false, c.Now); err != nil || !ok {
			t.Fatal(ok, err)
		}
		c.is(c.send("GET", "/api/v1/me", token, ""), 401, "token")
		get[any](c, c.token(li), "/api/v1/me")
	})
}

// In the frame of the site, the number in a problem is the one in the site's log.
func TestBehindTheFrame(t *testing.T) {
	c := newClient(rig.Open(t, rig.SQLite(t)))
	var log bytes.Buffer
	site := web.NewMux(web.Config{
		Hosts: []string{"suicha.example"}, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Who:   func(*http.Request) (inspect.Actor, bool) { return inspect.Actor{}, false },
		Frame: func(*http.Request, web.Area) (web.Frame, error) { return web.Frame{}, nil },
	})
	site.Own("/api/", c.handler)
	c.handler = site.Handler()
	p := c.is(c.send("GET", "http://suicha.example/api/v1/me", "", ""), 401, "token")
	if !strings.Contains(log.String(), p.Reference) {
		t.Errorf("the number %s is not in %s", p.Reference, log.String())
	}
	if a := c.send("GET", "http://suicha.example/api/docs", "", ""); !strings.Contains(a.text, "接口文档 - ") {
		t.Error("the documentation does not stand in the frame")
	}
}

// 24 programs that send one request at once get one receipt.
func TestOneRequestAtOnceFromMany(t *testing.T) {
	both(t, func(c *client) {
		clerk := c.token(c.Clerk("李科长", "scjg"))
		body, key := c.text(act.DraftPlan{Plan: rig.ID[inspect.PlanID](c.Name()), Kind: inspect.PlanOwn, Year: 2026}), c.key()
		answers := make(chan string, 24)
		for range cap(answers) {
			go func() {
				r := httptest.NewRequest("POST", "/api/v1/acts/plan.draft", strings.NewReader(body))
				r.Header = http.Header{"Authorization": {"Bearer " + clerk}, "Content-Type": {"application/json"}, "Idempotency-Key": {key}}
				w := httptest.NewRecorder()
				c.handler.ServeHTTP(w, r)
				answers <- w.Body.String()
			}()
		}
		var all []string
		for range cap(answers) {
			all = append(all, <-answers)
		}
		slices.Sort(all)
		if all = slices.Compact(all); len(all) != 1 || read[receipt](c, all[0]).Code == "" {
			t.Errorf("the answers are %v", all)
		}
	})
}
