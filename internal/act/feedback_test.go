package act_test

import (
	"testing"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// Feedback goes from the platform to the office, from there to a department, and comes
// back as an answer. The sender's words stand beside the record and can be erased.
func TestFeedbackIsPassedAnsweredAndErased(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		zhou, zou := o.Clerk("周主任", "lhb"), o.Leader("邹主任", "lhb")
		li, sun := o.Clerk("李科长", "scjg"), o.Clerk("孙警官", "gaj")
		id, code := o.FeedbackSent("form one", "检查时没有出示证件")
		pass := act.PassFeedback{ID: id, Seen: 1, Org: rig.Org("scjg"), Note: "请核实"}
		answer := act.AnswerFeedback{ID: id, Seen: 2, Answer: "已核实。"}
		o.Refused(li, pass, inspect.ErrMissing) // it is not theirs yet
		wrong := pass
		wrong.Org = rig.Org("zf")
		o.Refused(zhou, wrong, inspect.ErrFeedbackOrg)
		wrong.Org = "nobody"
		o.Refused(zhou, wrong, inspect.ErrFeedbackOrg)
		o.Done(zhou, pass)
		o.Refused(sun, answer, inspect.ErrMissing)
		o.Refused(zhou, answer, inspect.ErrDenied) // it is the department's now
		o.Refused(li, act.AnswerFeedback{ID: id, Seen: 1, Answer: "已核实。"}, inspect.ErrStale)
		o.Refused(li, act.AnswerFeedback{ID: id, Seen: 2}, inspect.ErrEmpty)
		o.Done(li, answer)
		o.Refused(li, act.AnswerFeedback{ID: id, Seen: 3, Answer: "再答复"}, inspect.ErrStep)
		f, err := o.Store.DB.FeedbackByCode(o.Context(), inspect.Scope{}, " "+code[:10]+"—"+code[10:])
		if err != nil || f.Answer != "已核实。" || f.State != inspect.FeedbackAnswered {
			t.Errorf("by its code: %+v, %v", f, err)
		}
		if text, err := o.Store.DB.FeedbackText(o.Context(), zhou.Scope(), id); err != nil || text.Text != "检查时没有出示证件" || text.Contact != "13800000000" {
			t.Errorf("the words are %+v, %v", text, err)
		}
		for _, stranger := range []inspect.Scope{{}, sun.Scope()} {
			if text, err := o.Store.DB.FeedbackText(o.Context(), stranger, id); err != nil || text.Text != "" {
				t.Errorf("a stranger reads %+v, %v", text, err)
			}
		}
		o.Refused(zhou, act.EraseFeedback{ID: id, Seen: 3, Reason: "来信人要求"}, inspect.ErrDenied)
		o.Refused(zou, act.EraseFeedback{ID: id, Seen: 3}, inspect.ErrEmpty)
		o.Done(zou, act.EraseFeedback{ID: id, Seen: 3, Reason: "来信人要求"})
		o.Refused(zou, act.EraseFeedback{ID: id, Seen: 4, Reason: "来信人要求"}, inspect.ErrFeedbackGone)
		if text, err := o.Store.DB.FeedbackText(o.Context(), zhou.Scope(), id); err != nil || text != (inspect.FeedbackText{}) {
			t.Errorf("erased words are %+v, %v", text, err)
		}
		o.Verified()
	})
}

// What the public sends is bounded, and nothing of it is required but a text.
func TestFeedbackIsBounded(t *testing.T) {
	o := rig.Open(t, rig.SQLite(t))
	platform := inspect.System(rig.Region)
	send := func(about, ref, text string) act.ReceiveFeedback {
		return act.ReceiveFeedback{ID: rig.ID[inspect.FeedbackID]("a"), Kind: "opinion", About: about, Ref: ref, Lookup: "x", Words: inspect.FeedbackText{Salt: "s", Text: text}}
	}
	long := make([]rune, 1001)
	for i := range long {
		long[i] = '长'
	}
	o.Refused(platform, send("other", "", ""), inspect.ErrEmpty)
	o.Refused(platform, send("other", "", string(long)), inspect.ErrLong)
	o.Refused(platform, send("other", "", "a\x00b"), inspect.ErrControl)
	o.Refused(platform, send("other", "", "a\xffb"), inspect.ErrControl)
	o.Refused(platform, send("visit", "", "没有出示证件"), inspect.ErrFeedbackRef)
	o.Refused(platform, send("else", "", "没有出示证件"), inspect.ErrChoice)
	o.Refused(o.Clerk("周主任", "lhb"), send("other", "", "没有出示证件"), inspect.ErrDenied)
	o.Done(platform, send("other", "", "没有出示证件"))
	o.Refused(platform, send("other", "", "再来一次"), inspect.ErrTaken)
	f := inspect.Feedback{ID: rig.ID[inspect.FeedbackID]("b"), Kind: "opinion", About: "other"}
	if _, _, err := inspect.ReceiveFeedback(f, inspect.FeedbackText{Text: "太多了"}, "lhb", inspect.FeedbackMost, o.Now); err == nil {
		t.Error("a flood is taken in")
	}
}
