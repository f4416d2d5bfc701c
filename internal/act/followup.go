package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// openFollowUps begins what follows from a result that has just been published: R99,
// 海政办发〔2020〕2号 二(六).
func (t *tx) openFollowUps(ctx context.Context, r inspect.Result) error {
	for _, f := range r.OpenFollowUps(t.now) {
		if err := t.saveFollowUp(ctx, "", f); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) saveFollowUp(ctx context.Context, was inspect.FollowState, f inspect.FollowUp) error {
	if err := t.PutFollowUp(ctx, was, f); err != nil {
		return err
	}
	f.Version++
	t.saved("followup", string(f.ID), f.Version, f)
	return nil
}

// followUp is a follow-up that the actor may see, if he may do the act to it.
func (t *tx) followUp(ctx context.Context, id inspect.FollowUpID) (inspect.FollowUp, error) {
	f, err := t.FollowUp(ctx, id)
	if err != nil {
		return f, err
	}
	has := f.Relations(t.by.Org)
	if t.by.MayTo(inspect.FollowUpRead, has...) != nil {
		return f, inspect.ErrMissing
	}
	return f, t.by.MayTo(t.verb, has...)
}

// changeFollowUp loads a follow-up as it was seen, decides and saves.
func (t *tx) changeFollowUp(ctx context.Context, of FollowUpSeen, decide func(inspect.FollowUp, inspect.FollowBy) (inspect.FollowUp, error)) error {
	was, err := t.followUp(ctx, of.FollowUp)
	if err == nil && was.Version != of.Seen {
		err = inspect.ErrStale
	}
	if err != nil {
		return err
	}
	f, err := decide(was, inspect.FollowBy{Person: t.by.Person, Org: t.by.Org.ID, Now: t.now})
	if err != nil {
		return err
	}
	return t.saveFollowUp(ctx, was.State, f)
}

// officers are the inspectors of these numbers.
func (t *tx) officers(ctx context.Context, nos []inspect.InspectorNo) (all []inspect.Inspector, err error) {
	for _, no := range nos {
		i, err := t.Inspector(ctx, no)
		if errors.Is(err, inspect.ErrMissing) {
			err = inspect.ErrChoice.With("执法人员").At("officers")
		}
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}

// A FollowUpSeen is a follow-up as the actor saw it.
type FollowUpSeen struct {
	FollowUp inspect.FollowUpID `json:"followup"`
	Seen     int64              `json:"seen"`
}

// MendFollowUp notes what the object sent to show that it has mended what it was ordered
// to: R99.
type MendFollowUp struct {
	FollowUpSeen
	Day  workday.Date `json:"day" label:"收到日期"`
	Text string       `json:"text" label:"整改情况" hint:"检查对象提交了哪些材料，改正了什么"`
}

// A FollowUpRecheck is what two inspectors found when they looked again.
type FollowUpRecheck struct {
	FollowUpSeen
	Day      workday.Date          `json:"day" label:"复查日期"`
	Way      string                `json:"way" label:"复查方式"`
	Officers []inspect.InspectorNo `json:"officers" label:"复查人员" hint:"两名以上，当日持有有效执法证"`
	Text     string                `json:"text" label:"复查情况"`
}

// PassFollowUp closes a rectification that was found done: R99.
type PassFollowUp struct{ FollowUpRecheck }

// FailFollowUp gives a rectification that was not found done a new date.
type FailFollowUp struct {
	FollowUpRecheck
	Due workday.Date `json:"due" label:"新的整改期限"`
}

// EscalateFollowUp ends a rectification that was not found done, and hands it on as a
// case.
type EscalateFollowUp struct{ FollowUpRecheck }

// Verb is what the act is called.
func (MendFollowUp) Verb() inspect.Verb { return inspect.FollowUpMend }

// Verb is what the act is called.
func (PassFollowUp) Verb() inspect.Verb { return inspect.FollowUpPass }

// Verb is what the act is called.
func (FailFollowUp) Verb() inspect.Verb { return inspect.FollowUpFail }

// Verb is what the act is called.
func (EscalateFollowUp) Verb() inspect.Verb { return inspect.FollowUpEscalate }

func (c MendFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Mend(c.Day, c.Text, by)
	})
}

// recheck hands what was found to the rule that decides.
func (t *tx) recheck(ctx context.Context, c FollowUpRecheck, decide func(inspect.FollowUp, inspect.Recheck, inspect.FollowBy) (inspect.FollowUp, error)) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		all, err := t.officers(ctx, c.Officers)
		if err != nil {
			return f, err
		}
		return decide(f, inspect.Recheck{Day: c.Day, Way: c.Way, Officers: all, Text: c.Text}, by)
	})
}

func (c PassFollowUp) do(ctx context.Context, t *tx) error {
	return t.recheck(ctx, c.FollowUpRecheck, inspect.FollowUp.Pass)
}

func (c FailFollowUp) do(ctx context.Context, t *tx) error {
	return t.recheck(ctx, c.FollowUpRecheck, func(f inspect.FollowUp, r inspect.Recheck, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Fail(r, c.Due, by)
	})
}

func (c EscalateFollowUp) do(ctx context.Context, t *tx) error {
	var begins inspect.FollowUp
	err := t.recheck(ctx, c.FollowUpRecheck, func(f inspect.FollowUp, r inspect.Recheck, by inspect.FollowBy) (next inspect.FollowUp, err error) {
		next, begins, err = f.Escalate(r, by)
		return next, err
	})
	if err != nil {
		return err
	}
	if _, err := t.FollowUp(ctx, begins.ID); !errors.Is(err, inspect.ErrMissing) {
		return err // the result has a case already
	}
	return t.saveFollowUp(ctx, "", begins)
}

// SendFollowUp hands a clue to who is responsible: R97.
type SendFollowUp struct {
	FollowUpSeen
	Receiver inspect.OrgID `json:"receiver" label:"接收单位"`
	Outside  string        `json:"outside" label:"平台外的单位" hint:"接收单位不在平台上的，填写名称；由本单位代为登记其答复"`
	Days     int           `json:"days" label:"受理期限（工作日）" hint:"接收单位应当在期限内受理或者退回"`
	Due      workday.Date  `json:"due" label:"反馈期限" hint:"没有期限的可以不填"`
	Text     string        `json:"text" label:"线索情况" hint:"违法事实、依据和所附材料"`
}

// AcceptFollowUp takes a clue: R97, R113.
type AcceptFollowUp struct {
	FollowUpSeen
	CaseNo string `json:"case_no" label:"案号" hint:"已在办案系统立案的，填写案号"`
	Text   string `json:"text" label:"受理情况"`
}

// ReturnFollowUp sends a clue back, with the reason: R97.
type ReturnFollowUp struct {
	FollowUpSeen
	Text string `json:"text" label:"退回理由"`
}

// AnswerFollowUp says what came of a clue: R97, R113.
type AnswerFollowUp struct {
	FollowUpSeen
	CaseNo string `json:"case_no" label:"案号"`
	Text   string `json:"text" label:"办理结果"`
}

// CloseFollowUp ends a follow-up with what came of it: R99.
type CloseFollowUp struct {
	FollowUpSeen
	Text string `json:"text" label:"办理结果"`
}

// Verb is what the act is called.
func (SendFollowUp) Verb() inspect.Verb { return inspect.FollowUpSend }

// Verb is what the act is called.
func (AcceptFollowUp) Verb() inspect.Verb { return inspect.FollowUpAccept }

// Verb is what the act is called.
func (ReturnFollowUp) Verb() inspect.Verb { return inspect.FollowUpReturn }

// Verb is what the act is called.
func (AnswerFollowUp) Verb() inspect.Verb { return inspect.FollowUpAnswer }

// Verb is what the act is called.
func (CloseFollowUp) Verb() inspect.Verb { return inspect.FollowUpClose }

func (c SendFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		facts, err := t.Facts(ctx, f.Region)
		if err != nil {
			return f, err
		}
		to, known := facts.Orgs[c.Receiver]
		known = known && to.Region == f.Region && to.Inspects() && to.Until.IsZero()
		return f.Send(inspect.Transfer{Receiver: c.Receiver, Outside: c.Outside, Days: c.Days, Due: c.Due, Text: c.Text}, known, by)
	})
}

func (c AcceptFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Accept(c.CaseNo, c.Text, by)
	})
}

func (c ReturnFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Return(c.Text, by)
	})
}

func (c AnswerFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Answer(c.CaseNo, c.Text, by)
	})
}

func (c CloseFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Close(c.Text, by)
	})
}
