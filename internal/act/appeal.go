package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
)

// ReceiveAppeal takes in what somebody sent by the public form about a published result:
// the platform does it, for the sender needs no account. The words and the code that was
// typed are no part of the record.
type ReceiveAppeal struct {
	ID     inspect.AppealID     `json:"id"`
	Result inspect.ResultID     `json:"result"`
	Kind   inspect.AppealKind   `json:"kind"`
	Digest string               `json:"digest"` // of the words as they were sent
	Secret string               `json:"secret"` // digest of the sender's password
	Files  []inspect.AppealFile `json:"files,omitempty"`
	Typed  string               `json:"-"`
	Words  inspect.FeedbackText `json:"-"`
}

// Verb is what the act is called.
func (ReceiveAppeal) Verb() inspect.Verb { return inspect.AppealReceive }

// AppealForm is the act that takes in a public form with a random number, and its
// request: a form that is sent twice is one.
func AppealForm(form string, result inspect.ResultID, kind inspect.AppealKind, typed string, words inspect.FeedbackText, files ...inspect.AppealFile) (request string, c ReceiveAppeal) {
	words.Salt = inspect.OwnID(form, "salt")
	id := inspect.AppealID(inspect.OwnID(form, "appeal"))
	return inspect.OwnID(form, "request"), ReceiveAppeal{
		ID: id, Result: result, Kind: kind, Digest: words.Digest(), Secret: inspect.AppealSecret(id, inspect.AppealPassword(form)), Files: files, Typed: typed, Words: words,
	}
}

func (c ReceiveAppeal) do(ctx context.Context, t *tx) error {
	r, err := t.Result(ctx, c.Result)
	if errors.Is(err, inspect.ErrMissing) || err == nil && (!r.Public() || r.Region != t.by.Org.Region) {
		return inspect.ErrAppealResult.At("result")
	}
	if err != nil {
		return err
	}
	today, err := t.AppealsSince(ctx, r.Region, t.now.AddDate(0, 0, -1))
	if err != nil {
		return err
	}
	a, words, err := r.ReceiveAppeal(inspect.Appeal{ID: c.ID, Kind: c.Kind, Secret: c.Secret}, c.Words, c.Typed, today, t.deadlines, t.stepBy())
	if err != nil {
		return err
	}
	if err := t.AddFeedbackText(ctx, inspect.FeedbackID(a.ID), words); err != nil {
		return err
	}
	if err := t.addAppeal(ctx, a); err != nil || len(c.Files) == 0 {
		return err
	}
	x, err := a.Attached(inspect.OwnID(string(a.ID), "files"), c.Files, t.stepBy())
	if err != nil {
		return err
	}
	return t.addAppealed(ctx, x)
}

// stepBy is who makes a step of an appeal or a delivery, and when.
func (t *tx) stepBy() inspect.StepBy { return inspect.StepBy{Person: t.by.Person, Now: t.now} }

// addAppeal stores a new appeal, if none of its kind was taken up about the result: C19.
// Any number waits, for nobody knows yet whose they are.
func (t *tx) addAppeal(ctx context.Context, a inspect.Appeal) error {
	if _, err := t.Appeal(ctx, a.ID); !errors.Is(err, inspect.ErrMissing) {
		return orTaken(err, inspect.ErrTaken)
	}
	if _, err := t.AppealTaken(ctx, a.Result, a.Kind); !errors.Is(err, inspect.ErrMissing) {
		return orTaken(err, inspect.ErrAppealOpen.At("kind"))
	}
	return t.saveAppeal(ctx, "", a)
}

func (t *tx) saveAppeal(ctx context.Context, was inspect.AppealState, a inspect.Appeal) error {
	if err := t.PutAppeal(ctx, was, a); err != nil {
		return err
	}
	a.Version++
	t.saved("appeal", string(a.ID), a.Version, a)
	return nil
}

// EnterAppeal takes in an appeal that came on paper.
type EnterAppeal struct {
	ID     inspect.AppealID   `json:"id"` // made by the asker
	Result inspect.ResultID   `json:"result"`
	Kind   inspect.AppealKind `json:"kind" label:"申请种类"`
	Way    string             `json:"way" label:"提交方式"`
	Text   string             `json:"text" label:"申请内容" hint:"摘要填写，不要写电话号码、证件号码；书面材料归档保存"`
}

// Verb is what the act is called.
func (EnterAppeal) Verb() inspect.Verb { return inspect.AppealEnter }

func (c EnterAppeal) do(ctx context.Context, t *tx) error {
	r, err := t.result(ctx, c.Result)
	if err != nil {
		return err
	}
	a, err := r.EnterAppeal(inspect.Appeal{ID: c.ID, Kind: c.Kind, Way: c.Way, Summary: c.Text}, t.deadlines, t.stepBy())
	if err != nil {
		return err
	}
	return t.addAppeal(ctx, a)
}

// An AppealSeen is an appeal as the actor saw it.
type AppealSeen struct {
	Appeal inspect.AppealID `json:"appeal"`
	Seen   int64            `json:"seen"`
}

// appeal is an appeal as it was seen, with its result, if the actor may do the act to it.
func (t *tx) appeal(ctx context.Context, of AppealSeen) (inspect.Appeal, inspect.Result, error) {
	a, err := t.Appeal(ctx, of.Appeal)
	has := a.Relations(t.by.Org)
	if err := asSeen(err, t.by.MayTo(inspect.AppealRead, has...) == nil, a.Version, of.Seen); err != nil {
		return a, inspect.Result{}, err
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return a, inspect.Result{}, err
	}
	r, err := t.Result(ctx, a.Result)
	return a, r, err
}

// changeAppeal loads an appeal as it was seen, decides and saves.
func (t *tx) changeAppeal(ctx context.Context, of AppealSeen, decide func(inspect.Appeal, inspect.Result) (inspect.Appeal, error)) error {
	was, r, err := t.appeal(ctx, of)
	if err != nil {
		return err
	}
	a, err := decide(was, r)
	if err != nil {
		return err
	}
	return t.saveAppeal(ctx, was.State, a)
}

// AskAppeal asks for what is missing.
type AskAppeal struct {
	AppealSeen
	Days int    `json:"days" label:"补正期限（工作日）"`
	Text string `json:"text" label:"需要补正的内容" hint:"一次告知全部内容，凭受理编号可以看到"`
}

// SupplyAppeal notes what came to complete the appeal.
type SupplyAppeal struct {
	AppealSeen
	Text string `json:"text" label:"补正情况"`
}

// AcceptAppeal takes the appeal up, after it was made sure whose it is.
type AcceptAppeal struct {
	AppealSeen
	Check string `json:"check" label:"身份核对方式" hint:"核对属实以前，申请不产生效力，也不公示"`
	Text  string `json:"text" label:"核对情况"`
}

// RejectAppeal does not take the appeal up, with the reason.
type RejectAppeal struct {
	AppealSeen
	Text string `json:"text" label:"不予受理的理由" hint:"凭受理编号可以看到"`
}

// GrantAppeal finds an objection right, or publishes a reply.
type GrantAppeal struct {
	AppealSeen
	Public string `json:"public" label:"公示的说明" hint:"使用当事人的原话，隐去电话、证件号码等个人信息"`
	Text   string `json:"text" label:"答复" hint:"凭受理编号可以看到"`
}

// RefuseAppeal leaves the publication as it is, with the reason.
type RefuseAppeal struct {
	AppealSeen
	Text string `json:"text" label:"不予支持的理由" hint:"凭受理编号可以看到"`
}

// RepairAppeal is the signature of the department's principal leader that ends the
// publication of a result: R102.
type RepairAppeal struct {
	AppealSeen
	Text string `json:"text" label:"意见" hint:"凭受理编号可以看到"`
}

// WithdrawAppeal ends the appeal on the word of who made it.
type WithdrawAppeal struct {
	AppealSeen
	Text string `json:"text" label:"撤回情况" hint:"谁、以什么方式提出撤回"`
}

// EraseAppeal removes the words that came by the public form, and keeps what was done.
type EraseAppeal struct {
	AppealSeen
	Text string `json:"text" label:"删除理由" hint:"例如 申请人要求删除"`
}

// Verb is what the act is called.
func (AskAppeal) Verb() inspect.Verb { return inspect.AppealAsk }

// Verb is what the act is called.
func (SupplyAppeal) Verb() inspect.Verb { return inspect.AppealSupply }

// Verb is what the act is called.
func (AcceptAppeal) Verb() inspect.Verb { return inspect.AppealAccept }

// Verb is what the act is called.
func (RejectAppeal) Verb() inspect.Verb { return inspect.AppealReject }

// Verb is what the act is called.
func (GrantAppeal) Verb() inspect.Verb { return inspect.AppealGrant }

// Verb is what the act is called.
func (RefuseAppeal) Verb() inspect.Verb { return inspect.AppealRefuse }

// Verb is what the act is called.
func (RepairAppeal) Verb() inspect.Verb { return inspect.AppealRepair }

// Verb is what the act is called.
func (WithdrawAppeal) Verb() inspect.Verb { return inspect.AppealWithdraw }

// Verb is what the act is called.
func (EraseAppeal) Verb() inspect.Verb { return inspect.AppealErase }

func (c AskAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, _ inspect.Result) (inspect.Appeal, error) {
		return a.Ask(c.Days, c.Text, t.stepBy())
	})
}

func (c SupplyAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, _ inspect.Result) (inspect.Appeal, error) {
		return a.Supply(c.Text, t.stepBy())
	})
}

func (c AcceptAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, r inspect.Result) (inspect.Appeal, error) {
		next, err := a.Accept(r, c.Check, c.Text, t.deadlines, t.stepBy())
		if err != nil {
			return a, err
		}
		if _, err := t.AppealTaken(ctx, a.Result, a.Kind); !errors.Is(err, inspect.ErrMissing) {
			return a, orTaken(err, inspect.ErrAppealTaken)
		}
		return next, nil
	})
}

func (c RejectAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, r inspect.Result) (inspect.Appeal, error) {
		return a.Reject(r, c.Text, t.stepBy())
	})
}

func (c GrantAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, r inspect.Result) (inspect.Appeal, error) {
		return a.Grant(r, c.Public, c.Text, t.stepBy())
	})
}

func (c RefuseAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, r inspect.Result) (inspect.Appeal, error) {
		return a.Refuse(r, c.Text, t.stepBy())
	})
}

func (c WithdrawAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, _ inspect.Result) (inspect.Appeal, error) {
		return a.Withdraw(c.Text, t.stepBy())
	})
}

func (c EraseAppeal) do(ctx context.Context, t *tx) error {
	return t.changeAppeal(ctx, c.AppealSeen, func(a inspect.Appeal, _ inspect.Result) (inspect.Appeal, error) {
		a, err := a.Erase(c.Text, t.stepBy())
		if err != nil {
			return a, err
		}
		added, err := t.AppealAdded(ctx, a.ID)
		for _, x := range added {
			err = errors.Join(err, t.EraseFeedbackText(ctx, inspect.FeedbackID(x.ID)))
		}
		return a, errors.Join(err, t.EraseFeedbackText(ctx, inspect.FeedbackID(a.ID)))
	})
}
