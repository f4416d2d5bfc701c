package act_test

import (
	"testing"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/rig"
)

// editions are the editions of the result, the newest first.
func editions(v *rig.Visited) []inspect.Publication {
	v.Helper()
	all, err := v.Store.DB.Publications(v.Context(), inspect.Scope{}, v.Result().ID)
	if err != nil {
		v.Fatal(err)
	}
	return all
}

// R90, R91, R93, R94: a visit gives each department its own result, which its clerk
// completes, its leader approves and its clerk publishes, and nobody of another one.
func TestFromVisitToPublication(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultsDrafted()
		r := v.Result()
		if len(r.Items) != 1 || r.State != inspect.ResultDrafted || r.Items[0].Codes[0] != inspect.OrderedToCorrect {
			t.Fatalf("the visit gave %+v", r)
		}
		put := act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"none"}}
		o.Refused(o.Clerk("孙警官", "gaj"), put, inspect.ErrDenied)  // R78, R90: another department's
		o.Refused(o.Clerk("冯医生", "wjw"), put, inspect.ErrMissing) // a stranger's
		o.Refused(v.Wang, put, inspect.ErrDenied)
		o.Refused(v.Li, act.SubmitResult{Result: r.ID, Seen: r.Version}, inspect.ErrResultEntry)
		o.Refused(v.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"none", "case"}}, inspect.ErrResultFollow)
		o.Refused(v.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"other"}}, inspect.ErrEmpty)
		v.Enter()
		r = v.Result()
		approve := act.ApproveResult{Result: r.ID, Seen: r.Version, Opinion: "同意"}
		o.Refused(o.Leader("胡局长", "gaj"), approve, inspect.ErrDenied) // R91
		o.Refused(v.Wang, act.ApproveResult{Result: r.ID, Seen: r.Version}, inspect.ErrOpinion)
		o.Refused(v.Li, act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: r.Confirm()}, inspect.ErrStep)
		o.Done(v.Wang, approve)
		r = v.Result()
		o.Refused(v.Li, act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: "别的"}, inspect.ErrConfirm)
		v.Publish()
		if r = v.Result(); r.State != inspect.ResultPublished || r.Edition != 1 {
			t.Errorf("after its publication the result is %s, edition %d", r.State, r.Edition)
		}
		all := editions(v)
		if len(all) != 1 || all[0].Digest != r.Digest || all[0].Kind != inspect.PublishFirst {
			t.Fatalf("published was %+v", all)
		}
		// R101: nothing that is public can be changed.
		o.Refused(v.Li, act.PutResult{Result: r.ID, Seen: r.Version, Follow: []string{"case"}}, inspect.ErrStep)
		o.Refused(v.Wang, act.ReturnResult{Result: r.ID, Seen: r.Version, Opinion: "退回"}, inspect.ErrStep)
		o.Refused(v.Li, act.PublishResult{Result: r.ID, Seen: r.Version, Confirm: r.Confirm()}, inspect.ErrStep)
	})
}

// INV-09: through whatever post, nobody approves what they inspected, entered or
// handed in.
func TestNobodyApprovesTheirOwnResult(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultsDrafted().Enter()
		r := v.Result()
		approve := act.ApproveResult{Result: r.ID, Seen: r.Version, Opinion: "同意"}
		o.Refused(o.Someone("李科长", inspect.Leader, "scjg"), approve, inspect.ErrOwnWork)
		o.Refused(o.Someone(v.Crew[0].Name, inspect.Leader, "scjg"), approve, inspect.ErrOwnWork)
		o.Done(v.Wang, approve)
		v.Publish()
		c := v.Correct(inspect.PublishCorrect, inspect.ProblemPending)
		o.Done(v.Li, c)
		sign := act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "属实"}}
		o.Refused(v.Wang, sign, inspect.ErrDenied) // R102: only the principal leader
		o.Refused(o.Someone("胡局长一", inspect.Principal, "gaj"), sign, inspect.ErrDenied)
		o.Refused(o.Someone("李科长", inspect.Principal, "scjg"), sign, inspect.ErrOwnWork)
		o.Refused(o.Someone(v.Crew[1].Name, inspect.Principal, "scjg"), sign, inspect.ErrOwnWork)
		o.Done(v.Qin, sign)
	})
}

// R101, R102, INV-12, INV-13: a correction makes a new edition, signed; what was
// published before stays. A withdrawal leaves who and when, and nothing else.
func TestCorrectionAndWithdrawal(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultPublished()
		first := editions(v)[0]
		same := v.Correct(inspect.PublishCorrect, inspect.OrderedToCorrect)
		o.Refused(v.Li, same, inspect.ErrResultSame)
		c := v.Correct(inspect.PublishCorrect, inspect.ActivityNotFound)
		broken := c
		broken.Codes = []string{"9:no_problem"}
		o.Refused(v.Li, broken, inspect.ErrChoice)
		broken.Codes, broken.Ground = c.Codes, ""
		o.Refused(v.Li, broken, inspect.ErrEmpty)
		o.Done(v.Li, c)
		if len(editions(v)) != 1 || v.Result().Edition != 1 {
			t.Error("a draft changed what is public")
		}
		other := v.Correct(inspect.PublishWithdraw, "")
		o.Refused(v.Wang, other, inspect.ErrResultOpen)
		o.Now = o.Now.Add(48 * time.Hour)
		o.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: c.ID, Seen: 1, Opinion: "属实"}})
		all := editions(v)
		if len(all) != 2 || all[1] != first || all[0].SignedBy != v.Qin.Person || all[0].Ground != c.Ground {
			t.Fatalf("after the correction: %+v", all)
		}
		if body, _ := all[0].Public(); body.Items[0].Codes[0] != inspect.ActivityNotFound {
			t.Errorf("corrected into %v", body.Items)
		}
		other.Seen = v.Result().Version
		o.Done(v.Wang, other)
		o.Done(v.Qin, act.SignCorrection{CorrectionDecision: act.CorrectionDecision{ID: other.ID, Seen: 1, Opinion: "对象错误"}})
		all = editions(v)
		if body, _ := all[0].Public(); len(all) != 3 || body.Name != "" || body.Code != "" || len(body.Items) != 0 || body.Body == "" {
			t.Errorf("a tombstone says %+v", body)
		}
		o.Refused(v.Li, v.Correct(inspect.PublishCorrect, inspect.NoProblem), inspect.ErrStep)
		o.Extend()
		o.Verified()
	})
}

// R91: a result goes back with an opinion, also when it is approved, and needs its
// approval again.
func TestResultsGoBack(t *testing.T) {
	rig.Both(t, func(o *rig.Office) {
		v := o.ResultsDrafted().Enter().Approve()
		r := v.Result()
		o.Refused(v.Wang, act.ReturnResult{Result: r.ID, Seen: r.Version}, inspect.ErrOpinion)
		o.Refused(v.Wang, act.ReturnResult{Result: r.ID, Seen: r.Version - 1, Opinion: "请核对"}, inspect.ErrStale)
		o.Done(v.Wang, act.ReturnResult{Result: r.ID, Seen: r.Version, Opinion: "请核对"})
		if r = v.Result(); r.ApprovedBy != "" || r.Digest != "" || r.Opinion != "请核对" {
			t.Errorf("handed back: %+v", r)
		}
		v.Enter().Approve().Publish()
	})
}
