package api_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
	"suicha/internal/workday"
)

// lists asks for every act about lists: R19 to R26.
func lists(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	clerk, leader := c.token(c.Clerk("李科长", "scjg")), c.token(c.Leader("王局长", "scjg"))
	police, office, head := c.token(c.Clerk("孙警官", "gaj")), c.token(c.Clerk("周主任", "lhb")), c.token(c.Leader("邹主任", "lhb"))
	list := act.PutUpstream{
		List: rig.ID[inspect.UpstreamID](c.Name()), Level: "provincial", Name: "省级清单", Issuer: "省局", Day: workday.MustParse("2025-06-01"),
		Rows: []string{rig.Term("SD-01", "食品销售", "许可"), rig.Term("SD-02", "食品生产", "许可")},
	}
	done(clerk, "upstream.put", list)
	one, two := rig.ID[inspect.ItemID](c.Name()+"one"), rig.ID[inspect.ItemID](c.Name()+"two")
	done(clerk, "item.adopt", act.AdoptItems{List: list.List, Seen: 1, Codes: []string{"SD-01", "SD-02"}, IDs: []inspect.ItemID{one, two}})
	list.Seen, list.Rows = 1, []string{rig.Term("SD-01", "食品销售", "许可和销售")}
	done(clerk, "upstream.put", list)
	done(clerk, "item.keep", act.KeepItem{Item: one, Seen: 1, Reason: "本地不变"})
	grave(leader, "item.approve_key", act.ApproveKey{Item: one, Seen: 2, Ground: "依据"})
	grave(head, "limit.put", act.PutItemLimit{Keys: 9, MaxShare: 2000, Ground: "议定"})
	done(clerk, "checklist.put", act.PutChecklist{Item: one, Questions: []string{`{"name":"a","type":"text","label":"题"}`}})
	done(clerk, "checklist.question", act.PutQuestion{Item: one, Seen: 1, QuestionRow: inspect.QuestionRow{Name: "b", Type: inspect.AskNote, Label: "说明"}, Reason: "补充"})
	done(clerk, "checklist.drop", act.DropQuestion{Item: one, Seen: 2, No: 2, Reason: "不要"})

	joint, next := rig.ID[inspect.JointID](c.Name()+"joint"), rig.ID[inspect.JointID](c.Name()+"joint next")
	done(office, "joint.draft", act.DraftJoint{List: joint})
	done(office, "joint.put_line", c.JointLine(joint, 1, "scjg", "gaj"))
	done(office, "joint.put_line", c.JointLine(joint, 2, "gaj", "scjg"))
	done(office, "joint.drop_line", act.DropJointLine{List: joint, Seen: 3, No: 2})
	done(office, "joint.invite", act.InviteJoint{List: joint, Seen: 4})
	answer := act.JointAnswer{List: joint, Terms: 3, Note: "请修改"}
	done(police, "joint.propose", act.ProposeJoint{JointAnswer: answer})
	done(leader, "joint.decline", act.DeclineJoint{JointAnswer: answer})
	done(police, "joint.accept", act.AcceptJoint{JointAnswer: answer})
	done(clerk, "joint.accept", act.AcceptJoint{JointAnswer: answer})
	publish := act.PublishJoint{List: joint, Seen: 9, Places: "市政府网站"}
	grave(head, "joint.publish", publish)
	c.Done(c.Leader("邹主任", "lhb"), publish)
	done(office, "joint.amend", act.AmendJoint{List: joint, Seen: 10, Next: next, Reason: "调整"})
	done(office, "joint.discard", act.DiscardJoint{List: next, Seen: 1})
}

// R22: what is public of the lists is public through the interface, too, and no
// draft and no person is.
func TestListsThroughTheInterface(t *testing.T) {
	both(t, func(c *client) {
		zhou, item := c.Clerk("周主任", "lhb"), c.Item("scjg", "A-1")
		c.Joint(zhou, "scjg", "gaj")
		type answers struct {
			Items []struct{ Code, Content string }
			Lists []struct{ State string }
		}
		if got := get[answers](c, "", "/api/v1/public/items?region=370687&org="+string(rig.Org("scjg"))); len(got.Items) != 1 || got.Items[0].Code != "A-1" {
			t.Errorf("the list is %+v", got)
		}
		if got := get[answers](c, "", "/api/v1/public/items/"+string(item)); len(got.Items) != 1 {
			t.Errorf("the versions are %+v", got)
		}
		if got := get[answers](c, "", "/api/v1/public/joint-lists?region=370687"); len(got.Lists) != 0 {
			t.Errorf("the public reads the draft %+v", got)
		}
		if got := get[answers](c, c.token(zhou), "/api/v1/joint-lists"); len(got.Lists) != 1 || got.Lists[0].State != "draft" {
			t.Errorf("the office reads %+v", got)
		}
		if got := get[answers](c, c.token(c.Clerk("韩科长", "wjw")), "/api/v1/joint-lists"); len(got.Lists) != 0 {
			t.Errorf("a stranger reads %+v", got)
		}
		for _, nowhere := range []string{"/api/v1/public/items/x", "/api/v1/public/items/" + string(item) + "/checklist"} {
			c.is(c.send("GET", nowhere, "", ""), 404, "missing")
		}
	})
}
