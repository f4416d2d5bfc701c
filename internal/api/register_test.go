package api_test

import (
	"fmt"
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// A register is any of the lists with what its rows are read by.
type register struct {
	Visits, FollowUps, Appeals []struct{ ID, State string }
	Next                       string
}

// reads fails the test unless the list has so many rows, and the one thing can be read
// or is missing.
func (c *client) reads(who inspect.Actor, path string, id any, rows int, one bool) string {
	c.Helper()
	who.Proved = c.Now
	token := c.token(who)
	r := get[register](c, token, path)
	if n := len(r.Visits) + len(r.FollowUps) + len(r.Appeals); n != rows {
		c.Errorf("%s of %s reads %d rows of %s, want %d", who.Name, who.Org.Name, n, path, rows)
	}
	path, _, _ = strings.Cut(path, "?")
	got := c.send("GET", fmt.Sprint(path, "/", id), token, "")
	if !one {
		c.is(got, 404, "missing")
		return ""
	}
	if got.status != 200 {
		c.Fatalf("%s reads %s: %d %s", who.Name, path, got.status, got.text)
	}
	return got.text
}

// R76–R89, R74: a visit is read by the departments that take part, the organiser and the
// office; an inspector's own post reads its own only. Before its first act there is none.
func TestVisitsThroughTheInterface(t *testing.T) {
	both(t, func(c *client) {
		v := c.VisitReady()
		li, id := c.Clerk("李科长", "scjg"), inspect.VisitIDOf(v.Team)
		c.reads(li, "/api/v1/visits", id, 0, false)
		v.Begin().Fill().Conclude().PartySigns()
		text := c.reads(li, "/api/v1/visits?object="+v.Found().Object.String(), id, 1, true)
		for _, want := range []string{`"state":"concluded"`, `"check_code":"` + v.Found().Code, `"digest":"` + v.Found().Digest, `"kind":"party"`, `"verbs":[]`} {
			if !strings.Contains(text, want) {
				t.Errorf("the visit does not say %s: %s", want, text)
			}
		}
		c.reads(c.Clerk("孙警官", "gaj"), "/api/v1/visits?state=signed", id, 0, true)
		c.reads(c.Clerk("周主任", "lhb"), "/api/v1/visits?batch="+string(v.ID), id, 1, true)
		c.reads(c.Clerk("安干事", "wjw"), "/api/v1/visits", id, 0, false)
		if text = c.reads(v.Crew[0], "/api/v1/visits?state=concluded", id, 1, true); !strings.Contains(text, `"visit.reopen"`) || !strings.Contains(text, `"visit.sign"`) {
			t.Errorf("the leader may not do what the page offers: %s", text)
		}
		c.reads(c.Someone("外勤员", inspect.InspectorPost, "scjg"), "/api/v1/visits", id, 0, false) // is no inspector
		for after, rows := range map[string]int{"000000": 1, "000001": 0} {
			if r := get[register](c, c.token(li), "/api/v1/visits?limit=1&after="+string(v.ID)+"_"+after); len(r.Visits) != rows || r.Next != "" {
				t.Errorf("after %s there is %v", after, r)
			}
		}
		c.is(c.send("GET", "/api/v1/visits?after=x", c.token(li), ""), 400, "cursor")
	})
}

// R97–R99: follow-ups are read by who sees to them and who got them; a suspected crime
// not by the office.
func TestFollowUpsThroughTheInterface(t *testing.T) {
	both(t, func(c *client) {
		v := c.Followed("rectify", "notify", "crime")
		mend, crime := v.FollowUp(inspect.FollowRectify).ID, v.FollowUp(inspect.FollowCrime).ID
		office, police := c.Clerk("周主任", "lhb"), c.Clerk("孙警官", "gaj")
		if text := c.reads(v.Li, "/api/v1/followups", mend, 3, true); !strings.Contains(text, `"followup.pass"`) || !strings.Contains(text, `"overdue":false`) {
			t.Errorf("the clerk reads %s", text)
		}
		c.reads(office, "/api/v1/followups", crime, 2, false)
		c.reads(police, "/api/v1/followups", mend, 0, false)
		c.reads(v.Li, "/api/v1/followups?standing=late", mend, 0, true)
		v.FollowOn(inspect.FollowNotify, inspect.FollowUpSend)
		if f := v.FollowUp(inspect.FollowNotify); f.Receiver != "" {
			receiver := c.Clerk("接收人", map[inspect.OrgID]string{rig.Org("gaj"): "gaj", rig.Org("wjw"): "wjw", rig.Org("lhb"): "lhb"}[f.Receiver])
			c.reads(receiver, "/api/v1/followups?kind=notify", f.ID, 1, true)
		}
		c.Now = c.Now.AddDate(0, 3, 0)
		c.reads(v.Li, "/api/v1/followups?standing=late&kind=notify", mend, 1, true)
		c.reads(v.Li, "/api/v1/followups?standing=closed", mend, 0, true)
	})
}

// R102: who asks, and in which words, is for the department that answers.
func TestAppealsThroughTheInterface(t *testing.T) {
	both(t, func(c *client) {
		v := c.ResultPublished()
		id := v.Appealed(inspect.AppealObjection)
		text := c.reads(v.Li, "/api/v1/appeals", id, 1, true)
		for _, want := range []string{"13900000000", "刘店长", "台账存放在二楼", inspect.AppealCode(id), `"appeal.accept"`} {
			if !strings.Contains(text, want) {
				t.Errorf("the department does not read %s: %s", want, text)
			}
		}
		text = c.reads(c.Clerk("周主任", "lhb"), "/api/v1/appeals?standing=open", id, 1, true)
		for _, secret := range []string{"13900000000", "刘店长", "台账", inspect.AppealCode(id)} {
			if strings.Contains(text, secret) {
				t.Errorf("the office reads %s", secret)
			}
		}
		list := c.send("GET", "/api/v1/appeals", c.token(v.Li), "")
		if strings.Contains(list.text, "13900000000") || strings.Contains(list.text, inspect.AppealCode(id)) {
			t.Errorf("the list says who asks: %s", list.text)
		}
		c.reads(c.Clerk("孙警官", "gaj"), "/api/v1/appeals", id, 0, false)
		c.reads(v.Wang, "/api/v1/appeals?standing=closed", id, 0, true)
		c.Done(v.Li, act.AcceptAppeal{AppealSeen: act.AppealSeen{Appeal: id, Seen: 1}, Check: "call", Text: "已回访"})
		if text = c.reads(v.Wang, "/api/v1/appeals?state=accepted", id, 1, true); !strings.Contains(text, `"verb":"appeal.accept"`) {
			t.Errorf("the step is not told: %s", text)
		}
	})
}
