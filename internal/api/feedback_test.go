package api_test

import (
	"suicha/internal/act"
	"suicha/internal/rig"
)

// opinions asks for every act of feedback that people make; the platform takes it in.
func opinions(c *client, done, grave func(token, verb string, command any)) {
	c.Helper()
	id, _ := c.FeedbackSent(c.Name(), "检查时没有出示证件")
	done(c.token(c.Clerk("周主任", "lhb")), "feedback.pass", act.PassFeedback{ID: id, Seen: 1, Org: rig.Org("gaj"), Note: "请核实"})
	done(c.token(c.Clerk("孙警官", "gaj")), "feedback.answer", act.AnswerFeedback{ID: id, Seen: 2, Answer: "已核实。"})
	grave(c.token(c.Leader("邹主任", "lhb")), "feedback.erase", act.EraseFeedback{ID: id, Seen: 3, Reason: "来信人要求删除"})
}
