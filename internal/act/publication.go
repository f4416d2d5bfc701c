package act

import (
	"context"

	"suicha/internal/inspect"
)

// PublishResult makes an approved result public, for good: R90, R94, R101,
// 海政办发〔2020〕2号 二(五)5, 二(六). Confirm is the object's code, typed by hand.
type PublishResult struct {
	Result  inspect.ResultID `json:"result"`
	Seen    int64            `json:"seen"`
	Confirm string           `json:"confirm" label:"确认公示" hint:"照样输入检查对象的统一社会信用代码；没有代码的输入名称"`
}

// Verb is what the act is called.
func (PublishResult) Verb() inspect.Verb { return inspect.ResultPublish }

func (c PublishResult) do(ctx context.Context, t *tx) error {
	r, err := t.changeResult(ctx, c.Result, c.Seen, func(r inspect.Result) (inspect.Result, error) {
		return r.Publish(t.by.Person, c.Confirm, t.now)
	})
	if err != nil {
		return err
	}
	a, err := t.ApprovalOf(ctx, r.ID)
	if err != nil {
		return err
	}
	p, err := r.First(a)
	if err != nil {
		return err
	}
	if err := t.addPublication(ctx, p); err != nil {
		return err
	}
	return t.openFollowUps(ctx, r)
}

func (t *tx) addPublication(ctx context.Context, p inspect.Publication) error {
	if err := t.AddPublication(ctx, p); err != nil {
		return err
	}
	p.Version++
	t.saved("publication", string(p.ID), p.Version, p)
	return t.openDeliveries(ctx, p)
}
