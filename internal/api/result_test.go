package api_test

import (
	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// results asks for every act of a result and of its corrections, then of what follows
// from it: R90, R91, R93, R102.
func results(c *client, v *rig.Visited, done, grave func(token, verb string, command any)) {
	c.Helper()
	clerk, leader, principal := c.token(v.Li), c.token(v.Wang), c.token(v.Qin)
	r := v.Result()
	done(clerk, "result.put", act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"case"}})
	done(clerk, "result.submit", act.SubmitResult{Result: r.ID, Seen: r.Version + 1})
	done(leader, "result.return", act.ReturnResult{Result: r.ID, Seen: r.Version + 2, Opinion: "请补充后续处理"})
	v.Enter("rectify", "notify", "crime", "daily")
	r = v.Result()
	grave(leader, "result.approve", act.ApproveResult{Result: r.ID, Seen: r.Version, Opinion: "同意"})
	r = v.Approve().Result()
	grave(clerk, "result.publish", act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: r.Confirm()})
	v.Publish()

	x := v.Correct(inspect.PublishCorrect, inspect.ProblemPending)
	done(clerk, "correction.draft", x)
	decision := act.CorrectionDecision{ID: x.ID, Seen: 1, Opinion: "核对后无误"}
	grave(principal, "correction.sign", act.SignCorrection{CorrectionDecision: decision})
	done(principal, "correction.drop", act.DropCorrection{CorrectionDecision: decision})
	followUps(c, v, done, grave)
	appeals(c, v, done, grave)
	deliveries(c, v, done, grave)
}
