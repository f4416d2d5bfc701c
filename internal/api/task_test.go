package api_test

import (
	"strings"
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// works asks for every act of tasks, confirmations, caps and waivers: R16, R36, R53,
// R62.
func works(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	li, wang, hu := c.Clerk("李科长", "scjg"), c.Leader("王局长", "scjg"), c.Leader("胡局长", "gaj")
	clerk, leader, partner, head := c.token(li), c.token(wang), c.token(hu), c.token(c.Leader("邹主任", "lhb"))
	lib, item, other := c.Library("scjg", 2), c.Item("scjg", "T-1"), c.Item("gaj", "T-1")
	id, day := rig.ID[inspect.TaskID](c.Name()+"task"), workday.MustParse
	seen := func() int64 { return c.Task(id).Version }
	done(clerk, "task.draft", act.DraftTask{Task: id, Source: inspect.FromIncident, Ground: "事故后排查", Name: "排查"})
	done(clerk, "task.scope", act.ScopeTask{
		Task: id, Seen: 1, Field: "餐饮", Scope: "餐馆", Partners: []inspect.OrgID{rig.Org("gaj")}, Items: []inspect.ItemID{item, other}, Type: "campaign",
		Targeted: "targeted", Methods: []inspect.Method{"onsite"}, Mode: "county",
	})
	done(clerk, "task.put", act.PutTask{
		Task: id, Seen: 2, Name: "排查", From: day("2026-03-09"), Until: day("2026-03-13"), Kind: "special", Sublibs: []inspect.SublibraryID{lib}, Ratio: "1户", Officers: 2,
	})
	answer := func() act.TaskAnswer { return act.TaskAnswer{Task: id, Terms: c.Task(id).Terms, Opinion: "请错开"} }
	submit := func() { done(clerk, "task.submit", act.SubmitTask{Task: id, Seen: seen()}) }
	submit()
	done(clerk, "task.recall", act.RecallTask{Task: id, Seen: seen()})
	submit()
	done(partner, "task.decline", act.DeclineTask{TaskAnswer: answer()})
	submit()
	done(leader, "task.return", act.ReturnTask{Task: id, Seen: seen(), Opinion: "请补充"})
	submit()
	grave(partner, "task.agree", act.AgreeTask{TaskAnswer: answer()})
	c.Done(hu, act.AgreeTask{TaskAnswer: answer()})
	grave(leader, "task.approve", act.ApproveTask{Task: id, Seen: seen(), Opinion: "同意"})
	c.Done(wang, act.ApproveTask{Task: id, Seen: seen(), Opinion: "同意"})
	done(clerk, "task.file", act.FileTask{Task: id, Seen: seen()})
	grave(clerk, "confirm.sign", c.Confirmed(li, id, inspect.ObjectLibrary))
	grave(leader, "task.cancel", act.CancelTask{Task: id, Seen: seen(), Reason: "并入专项"})
	second := rig.ID[inspect.TaskID](c.Name() + "second")
	done(clerk, "task.draft", act.DraftTask{Task: second, Source: inspect.FromSuperior, Ground: "省局部署", Name: "专项"})
	done(clerk, "task.discard", act.DiscardTask{Task: second, Seen: 1})

	grave(head, "cap.put", act.PutCap{Org: rig.Org("scjg"), Year: 2026, Most: 2})
	no := c.ObjectNo("SITE-scjg-1")
	ask := act.AskWaiver{ID: rig.ID[inspect.WaiverID](c.Name()), Object: no, Year: 2026, Kind: "other", Ground: "整改复查"}
	done(clerk, "waiver.ask", ask)
	grave(head, "waiver.grant", act.GrantWaiver{WaiverDecision: act.WaiverDecision{ID: ask.ID, Seen: 1, Opinion: "同意"}})
	done(head, "waiver.refuse", act.RefuseWaiver{WaiverDecision: act.WaiverDecision{ID: ask.ID, Seen: 1, Opinion: "依据不足"}})
	ask.ID = rig.ID[inspect.WaiverID](c.Name() + "again")
	done(clerk, "waiver.ask", ask)
	done(clerk, "waiver.withdraw", act.WithdrawWaiver{ID: ask.ID, Seen: 1})
}

// R17, R66: a program reads tasks within its scope, with what keeps them from being
// drawn; nothing of it names an object.
func TestTasksByProgram(t *testing.T) {
	both(t, func(c *client) {
		id := c.TaskFiled()
		li := c.Clerk("李科长", "scjg")
		for name, test := range map[string]struct {
			who    inspect.Actor
			status int
		}{
			"initiator":   {li, 200},
			"participant": {c.Clerk("孙警官", "gaj"), 200},
			"office":      {c.Clerk("周主任", "lhb"), 200},
			"oversight":   {c.Someone("严监督", inspect.Supervisor, "sfj"), 200},
			"government":  {c.Someone("梁市长", inspect.Convener, "zf"), 200},
			"stranger":    {c.Clerk("吴科长", "wjw"), 404},
			"auditor":     {c.Someone("审计员", inspect.AuditAdmin, "zf"), 403},
		} {
			got := c.send("GET", "/api/v1/tasks/"+string(id), c.token(test.who), "")
			if got.status != test.status {
				t.Errorf("%s: %d, want %d: %s", name, got.status, test.status, got.text)
			}
			if test.status == 200 {
				for _, want := range []string{`"filing_no":"370687-2026-ba001"`, `"ready":false`, "市场监管局尚未确认检查对象名录库。"} {
					if !strings.Contains(got.text, want) {
						t.Errorf("%s is not told %s: %s", name, want, got.text)
					}
				}
				if strings.Contains(got.text, "SITE-scjg-1") || strings.Contains(got.text, "号餐馆") {
					t.Errorf("%s is told an object", name)
				}
			}
		}
		token := c.token(li)
		if got := c.send("GET", "/api/v1/tasks?year=2026&text=ba001", token, ""); !strings.Contains(got.text, string(id)) {
			t.Errorf("the list is %s", got.text)
		}
		c.is(c.send("GET", "/api/v1/tasks?after=zzz", token, ""), 400, "cursor")
		c.is(c.send("GET", "/api/v1/tasks?state=zzz", token, ""), 400, "choice")
	})
}
