package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// AddTarget names another system that published results are shared with: R94,
// 海政办发〔2020〕2号 二(五)5.
type AddTarget struct {
	ID    inspect.TargetID   `json:"id"` // made by the asker
	Kind  inspect.TargetKind `json:"kind" label:"报送方式"`
	Name  string             `json:"name" label:"名称" hint:"例如 国家企业信用信息公示系统（山东）"`
	Slug  string             `json:"slug" label:"订阅地址" hint:"仅签名订阅源填写：小写字母、数字和短横线，定下后不能更改"`
	URL   string             `json:"url" label:"推送地址" hint:"仅接口推送填写：对方接收数据的网址"`
	Inner bool               `json:"inner" label:"单位内网" hint:"推送地址在本单位内网，允许内网地址和 http"`
	From  workday.Date       `json:"from" label:"起始公示日期" hint:"从这一天公示的结果起报送；不填即全部"`
	Days  int                `json:"days" label:"回执期限（工作日）" hint:"公示以后多少个工作日内应当有回执；签名订阅源没有回执，不看此项"`
}

// PutTarget changes what may change of a target.
type PutTarget struct {
	ID    inspect.TargetID `json:"id"`
	Seen  int64            `json:"seen"`
	Name  string           `json:"name" label:"名称"`
	URL   string           `json:"url" label:"推送地址"`
	Inner bool             `json:"inner" label:"单位内网" hint:"推送地址在本单位内网，允许内网地址和 http"`
	Days  int              `json:"days" label:"回执期限（工作日）"`
}

// EndTarget takes a target out of use.
type EndTarget struct {
	ID     inspect.TargetID `json:"id"`
	Seen   int64            `json:"seen"`
	Reason string           `json:"reason" label:"停用理由"`
}

// Verb is what the act is called.
func (AddTarget) Verb() inspect.Verb { return inspect.TargetAdd }

// Verb is what the act is called.
func (PutTarget) Verb() inspect.Verb { return inspect.TargetPut }

// Verb is what the act is called.
func (EndTarget) Verb() inspect.Verb { return inspect.TargetEnd }

func (c AddTarget) do(ctx context.Context, t *tx) error {
	x, err := inspect.AddTarget(inspect.Target{
		ID: c.ID, Region: t.by.Org.Region, Kind: c.Kind, Name: c.Name, Slug: c.Slug, URL: c.URL, Inner: c.Inner, From: c.From, Days: c.Days,
	}, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if _, err := t.Target(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	if _, err := t.TargetBySlug(ctx, x.Slug); x.Slug != "" && err == nil {
		return inspect.ErrTargetTwice
	}
	return t.saveTarget(ctx, "", x)
}

func (t *tx) saveTarget(ctx context.Context, was inspect.TargetState, x inspect.Target) error {
	if err := t.PutTarget(ctx, was, x); err != nil {
		return err
	}
	x.Version++
	t.saved("target", string(x.ID), x.Version, x)
	return nil
}

// target is a target of the actor's region, if the actor may do the act to it.
func (t *tx) target(ctx context.Context, id inspect.TargetID) (inspect.Target, error) {
	x, err := t.Target(ctx, id)
	if err != nil {
		return x, err
	}
	has := x.Relations(t.by.Org)
	if len(has) == 0 {
		return x, inspect.ErrMissing
	}
	return x, t.by.MayTo(t.verb, has...)
}

// changeTarget loads a target as it was seen, decides and saves.
func (t *tx) changeTarget(ctx context.Context, id inspect.TargetID, seen int64, decide func(inspect.Target) (inspect.Target, error)) error {
	was, err := t.target(ctx, id)
	if err == nil && was.Version != seen {
		err = inspect.ErrStale
	}
	if err != nil {
		return err
	}
	x, err := decide(was)
	if err != nil {
		return err
	}
	return t.saveTarget(ctx, was.State, x)
}

func (c PutTarget) do(ctx context.Context, t *tx) error {
	return t.changeTarget(ctx, c.ID, c.Seen, func(x inspect.Target) (inspect.Target, error) { return x.Put(c.Name, c.URL, c.Inner, c.Days) })
}

func (c EndTarget) do(ctx context.Context, t *tx) error {
	return t.changeTarget(ctx, c.ID, c.Seen, func(x inspect.Target) (inspect.Target, error) { return x.End(c.Reason, t.by.Person, t.now) })
}
