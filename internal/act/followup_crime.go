package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// ReportFollowUp is the written report of the special group on a suspected crime: R98.
type ReportFollowUp struct {
	FollowUpSeen
	Officers []inspect.InspectorNo `json:"officers" label:"专案组成员" hint:"两名以上行政执法人员"`
	Text     string                `json:"text" label:"移送意见和书面报告" hint:"违法事实、涉嫌的罪名和移送意见"`
}

// A FollowUpDecision is the principal leader's, within three days of the report: R98.
type FollowUpDecision struct {
	FollowUpSeen
	Opinion string `json:"opinion" label:"意见"`
}

// ApproveFollowUp sends a case on its way to the police.
type ApproveFollowUp struct{ FollowUpDecision }

// RefuseFollowUp keeps a case from the police; the reasons are on file.
type RefuseFollowUp struct{ FollowUpDecision }

// HandFollowUp gives a case to the police within 24 hours of the approval: R98.
type HandFollowUp struct {
	FollowUpSeen
	Police string   `json:"police" label:"接收的公安机关"`
	Number string   `json:"number" label:"移送书文号"`
	Papers []string `json:"papers" label:"移送材料" hint:"移送书、调查报告和涉案物品清单必须齐备"`
	Text   string   `json:"text" label:"备注"`
}

// ReceiptFollowUp notes who of the police signed for the case, and when: R98.
type ReceiptFollowUp struct {
	FollowUpSeen
	Name   string `json:"name" label:"签收人" hint:"公安机关在回执上签字的人"`
	Signed string `json:"signed" label:"签收时间" hint:"例如 2026-07-06T09:30"`
}

// FileFollowUp notes that the police filed a case: R98.
type FileFollowUp struct {
	FollowUpSeen
	Day    workday.Date `json:"day" label:"立案日期"`
	Number string       `json:"number" label:"立案决定书文号"`
	Text   string       `json:"text" label:"备注"`
}

// UnfileFollowUp notes that the police did not file a case: R98.
type UnfileFollowUp struct {
	FollowUpSeen
	Day    workday.Date `json:"day" label:"收到不予立案通知的日期"`
	Number string       `json:"number" label:"不予立案通知书文号"`
	Text   string       `json:"text" label:"不予立案的理由"`
}

// ObjectFollowUp asks the police to decide again: R98.
type ObjectFollowUp struct {
	FollowUpSeen
	Day  workday.Date `json:"day" label:"提请日期"`
	Text string       `json:"text" label:"提请复议的理由" hint:"也可以建议人民检察院依法进行立案监督，请一并写明"`
}

// ArticlesFollowUp notes that the articles of the case are with the police: R98.
type ArticlesFollowUp struct {
	FollowUpSeen
	Day  workday.Date `json:"day" label:"移交日期"`
	Text string       `json:"text" label:"移交情况" hint:"移交的物品和材料、交接人；没有涉案物品的，写明没有"`
}

// Verb is what the act is called.
func (ReportFollowUp) Verb() inspect.Verb { return inspect.FollowUpReport }

// Verb is what the act is called.
func (ApproveFollowUp) Verb() inspect.Verb { return inspect.FollowUpApprove }

// Verb is what the act is called.
func (RefuseFollowUp) Verb() inspect.Verb { return inspect.FollowUpRefuse }

// Verb is what the act is called.
func (HandFollowUp) Verb() inspect.Verb { return inspect.FollowUpHand }

// Verb is what the act is called.
func (ReceiptFollowUp) Verb() inspect.Verb { return inspect.FollowUpReceipt }

// Verb is what the act is called.
func (FileFollowUp) Verb() inspect.Verb { return inspect.FollowUpFile }

// Verb is what the act is called.
func (UnfileFollowUp) Verb() inspect.Verb { return inspect.FollowUpUnfile }

// Verb is what the act is called.
func (ObjectFollowUp) Verb() inspect.Verb { return inspect.FollowUpObject }

// Verb is what the act is called.
func (ArticlesFollowUp) Verb() inspect.Verb { return inspect.FollowUpArticles }

func (c ReportFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		group, err := t.officers(ctx, c.Officers)
		if err != nil {
			return f, err
		}
		return f.Report(group, c.Text, by)
	})
}

func (c ApproveFollowUp) do(ctx context.Context, t *tx) error { return c.decide(ctx, t) }

func (c RefuseFollowUp) do(ctx context.Context, t *tx) error { return c.decide(ctx, t) }

func (c FollowUpDecision) decide(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Decide(t.verb, c.Opinion, by)
	})
}

func (c HandFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Hand(c.Police, c.Number, c.Papers, c.Text, by)
	})
}

func (c ReceiptFollowUp) do(ctx context.Context, t *tx) error {
	signed, err := inspect.ReadMoment("signed", "签收时间", c.Signed)
	if err != nil {
		return err
	}
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Receipt(c.Name, signed, by)
	})
}

func (c FileFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Police(t.verb, c.Day, c.Number, c.Text, by)
	})
}

func (c UnfileFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Police(t.verb, c.Day, c.Number, c.Text, by)
	})
}

func (c ObjectFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Contest(c.Day, c.Text, by)
	})
}

func (c ArticlesFollowUp) do(ctx context.Context, t *tx) error {
	return t.changeFollowUp(ctx, c.FollowUpSeen, func(f inspect.FollowUp, by inspect.FollowBy) (inspect.FollowUp, error) {
		return f.Articles(c.Day, c.Text, by)
	})
}
