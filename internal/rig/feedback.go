package rig

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
)

// FeedbackSent takes in feedback that a form brought, and returns it with the code for
// its answer.
func (o *Office) FeedbackSent(form, text string) (inspect.FeedbackID, string) {
	o.Helper()
	_, c := act.FeedbackForm(form, inspect.Feedback{Kind: "complaint", About: "other"}, inspect.FeedbackText{Text: text, Name: "李女士", Contact: "13800000000"})
	o.Done(inspect.System(Region), c)
	return c.ID, inspect.FeedbackCode(form)
}

// livedFeedback takes feedback in, passes it on, has it answered and erases it, and
// leaves one that waits.
func (o *Office) livedFeedback() {
	o.Helper()
	zhou, zou, sun := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb"), o.Clerk("孙警官", "gaj")
	id, _ := o.FeedbackSent(o.Name()+"lived", "检查时没有出示证件")
	o.Done(zhou, act.PassFeedback{ID: id, Seen: 1, Org: Org("scjg"), Note: "请核实"})
	o.Done(zhou, act.PassFeedback{ID: id, Seen: 2, Org: Org("gaj")})
	o.Done(sun, act.AnswerFeedback{ID: id, Seen: 3, Answer: "已核实，当日出示了证件，录像可以查看。"})
	o.Done(zou, act.EraseFeedback{ID: id, Seen: 4, Reason: "来信人要求删除"})
	o.FeedbackSent(o.Name()+"waits", "建议把检查表放到网上")
}
