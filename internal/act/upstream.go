package act

import (
	"context"
	"encoding/base64"
	"errors"
	"time"

	"suicha/internal/ceremony"
	"suicha/internal/inspect"
)

// AddUpstreamKey registers the key of a superior that dispatches lists: R64,
// 海政办发〔2020〕2号 二(五)2. Another person confirms it.
type AddUpstreamKey struct {
	ID     inspect.UpstreamKeyID `json:"id"` // made by the asker
	Sender string                `json:"sender" label:"派发单位" hint:"与名单包中的写法一致"`
	Suite  string                `json:"suite" label:"密码套件"`
	Key    string                `json:"key" label:"公钥" hint:"由派发单位提供的十六进制数字"`
	Ground string                `json:"ground" label:"核对方式" hint:"例如 与派发单位电话核对公钥末八位"`
}

// Verb is what the act is called.
func (AddUpstreamKey) Verb() inspect.Verb { return inspect.UpstreamAddKey }

func (c AddUpstreamKey) do(ctx context.Context, t *tx) error {
	if err := t.by.MayTo(c.Verb(), inspect.UpstreamRelations(t.by.Org.Region, t.by.Org)...); err != nil {
		return err
	}
	if _, err := t.UpstreamKey(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	k := inspect.UpstreamKey{ID: c.ID, Region: t.by.Org.Region, Sender: c.Sender, Suite: c.Suite, Key: c.Key, Ground: c.Ground}
	k, err := inspect.AddUpstreamKey(k, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if _, err := t.UpstreamKeyBy(ctx, k.Region, k.Key); err == nil {
		return inspect.ErrUpstreamTwice
	}
	return t.saveUpstreamKey(ctx, "", k)
}

func (t *tx) saveUpstreamKey(ctx context.Context, was inspect.UpstreamKeyState, k inspect.UpstreamKey) error {
	if err := t.PutUpstreamKey(ctx, was, k); err != nil {
		return err
	}
	k.Version++
	t.saved("upstream_key", string(k.ID), k.Version, k)
	return nil
}

// changeUpstreamKey loads a key as it was seen, decides and saves.
func (t *tx) changeUpstreamKey(ctx context.Context, id inspect.UpstreamKeyID, seen int64, decide func(inspect.UpstreamKey) (inspect.UpstreamKey, error)) error {
	was, err := t.UpstreamKey(ctx, id)
	has := inspect.UpstreamRelations(was.Region, t.by.Org)
	if err := asSeen(err, len(has) > 0, was.Version, seen); err != nil {
		return err
	}
	if err := t.by.MayTo(t.verb, has...); err != nil {
		return err
	}
	k, err := decide(was)
	if err != nil {
		return err
	}
	return t.saveUpstreamKey(ctx, was.State, k)
}

// ConfirmUpstreamKey is the second person's word for a key: INV-09.
type ConfirmUpstreamKey struct {
	ID   inspect.UpstreamKeyID `json:"id"`
	Seen int64                 `json:"seen"`
}

// Verb is what the act is called.
func (ConfirmUpstreamKey) Verb() inspect.Verb { return inspect.UpstreamConfirmKey }

func (c ConfirmUpstreamKey) do(ctx context.Context, t *tx) error {
	return t.changeUpstreamKey(ctx, c.ID, c.Seen, func(k inspect.UpstreamKey) (inspect.UpstreamKey, error) {
		return k.Confirm(t.by.Person, t.now)
	})
}

// EndUpstreamKey takes no more lists by a key.
type EndUpstreamKey struct {
	ID     inspect.UpstreamKeyID `json:"id"`
	Seen   int64                 `json:"seen"`
	Reason string                `json:"reason" label:"停用理由"`
}

// Verb is what the act is called.
func (EndUpstreamKey) Verb() inspect.Verb { return inspect.UpstreamEndKey }

func (c EndUpstreamKey) do(ctx context.Context, t *tx) error {
	return t.changeUpstreamKey(ctx, c.ID, c.Seen, func(k inspect.UpstreamKey) (inspect.UpstreamKey, error) {
		return k.End(t.by.Person, c.Reason, t.now)
	})
}

// ReceiveUpstream takes a signed list over, as it is: R64. What is wrong, expired, from
// an unknown sender or here already is refused.
type ReceiveUpstream struct {
	ID      inspect.UpstreamPackageID `json:"id"` // made by the asker
	Package string                    `json:"package" label:"名单包" hint:"上级派发的 zip 文件，以 base64 编码"`
}

// Verb is what the act is called.
func (ReceiveUpstream) Verb() inspect.Verb { return inspect.UpstreamReceive }

func (c ReceiveUpstream) do(ctx context.Context, t *tx) error {
	if err := t.by.MayTo(c.Verb(), inspect.UpstreamRelations(t.by.Org.Region, t.by.Org)...); err != nil {
		return err
	}
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	if !inspect.ValidID(string(c.ID)) {
		return inspect.ErrIdent.At("id")
	}
	if _, err := t.UpstreamPackage(ctx, c.ID); err == nil {
		return inspect.ErrTaken
	}
	text, err := base64.StdEncoding.DecodeString(c.Package)
	if err != nil {
		return inspect.ErrUpstreamPackage.With("不是 base64 文字").At("package")
	}
	read, objects, err := ceremony.OpenPackage(text)
	if err != nil {
		return faultOf(inspect.ErrUpstreamPackage, err)
	}
	key, err := t.UpstreamKeyBy(ctx, t.by.Org.Region, read.Key)
	if errors.Is(err, inspect.ErrMissing) || err == nil && key.Suite != string(read.Suite) {
		return inspect.ErrUpstreamSender.With(read.Sender).At("package")
	}
	if err != nil {
		return err
	}
	p := inspect.UpstreamPackage{
		ID: c.ID, Region: read.Region, Org: t.by.Org.ID, Sender: read.Sender, Number: read.Number, Title: read.Title, Ground: read.Ground,
		Issued: instantOf(read.Time), Until: instantOf(read.Until), Count: read.Count, Objects: string(objects),
	}
	known, err := t.UpstreamPackagesLike(ctx, p)
	if err != nil {
		return err
	}
	if p, err = p.Receive(key, known, t.by.Person, t.now); err != nil {
		return err
	}
	if err := t.AddUpstreamPackage(ctx, p, text); err != nil {
		return err
	}
	if p, err = t.UpstreamPackage(ctx, p.ID); err != nil { // with the digest of its bytes
		return err
	}
	t.saved("upstream_package", string(p.ID), 1, p)
	return nil
}

// instantOf is a time that a package's check has read already.
func instantOf(text string) time.Time {
	at, _ := inspect.Moment(text)
	return at.UTC()
}
