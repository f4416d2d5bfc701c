package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// PutObject registers an inspection object in the library, or brings what is
// known of it up to date: R29, R33, R37, 海政办发〔2020〕2号 二(三). Object 0 is a
// new one; its number is given by the record.
type PutObject struct {
	Object       inspect.ObjectNo     `json:"object" label:"检查对象序号"`
	Seen         int64                `json:"seen"`
	Kind         inspect.ObjectKind   `json:"kind" label:"检查对象类别"`
	Code         string               `json:"code" label:"统一社会信用代码或编号"`
	RegNo        string               `json:"reg_no" label:"注册号" hint:"旧版营业执照上的 15 位号码，没有可不填"`
	Name         string               `json:"name" label:"名称"`
	Status       inspect.ObjectStatus `json:"status" label:"登记状态"`
	LegalRep     string               `json:"legal_rep" label:"法定代表人（负责人）"`
	Phone        string               `json:"phone" label:"联系电话"`
	Liaison      string               `json:"liaison" label:"联络员"`
	LiaisonPhone string               `json:"liaison_phone" label:"联络员电话"`
	Address      string               `json:"address" label:"住所（经营场所）"`
	Town         string               `json:"town" label:"所在镇街"`
	Scope        string               `json:"scope" label:"经营范围"`
	Industry     string               `json:"industry" label:"行业代码" hint:"GB/T 4754—2017，例如 6210"`
	Established  workday.Date         `json:"established" label:"成立日期"`
	Authority    string               `json:"authority" label:"登记机关"`
	Station      string               `json:"station" label:"属地监管所"`
	Risk         string               `json:"risk" label:"信用风险等级"`
	RiskSource   string               `json:"risk_source" label:"等级来源"`
	RiskOn       workday.Date         `json:"risk_on" label:"评定日期"`
	Source       string               `json:"source" label:"数据来源" hint:"例如 市场主体登记、许可档案、实地核实"`
	Sourced      workday.Date         `json:"sourced" label:"数据日期"`
	Checked      bool                 `json:"checked" label:"提示的内容已与营业执照核对，按原样保存"`
}

// Verb is what the act is called.
func (PutObject) Verb() inspect.Verb { return inspect.ObjectPut }

func (c PutObject) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	o := inspect.Object{Region: t.by.Org.Region, Owner: t.by.Org.ID}
	if c.Object != 0 {
		var err error
		if o, err = t.object(ctx, c.Object, c.Seen); err != nil {
			return err
		}
	}
	o.Kind, o.Code, o.RegNo, o.Name, o.Status = c.Kind, c.Code, c.RegNo, c.Name, c.Status
	o.LegalRep, o.Phone, o.Liaison, o.LiaisonPhone = c.LegalRep, c.Phone, c.Liaison, c.LiaisonPhone
	o.Address, o.Town, o.Scope, o.Industry, o.Established = c.Address, c.Town, c.Scope, c.Industry, c.Established
	o.Authority, o.Station, o.Risk, o.RiskSource, o.RiskOn = c.Authority, c.Station, c.Risk, c.RiskSource, c.RiskOn
	o.Source, o.Sourced = c.Source, c.Sourced
	o, warnings, err := o.Tidy(t.today())
	switch {
	case err != nil:
		return err
	case !c.Checked: // what may be wrong is shown once, before it is kept
		if err := warnings.Err(); err != nil {
			return err
		}
	}
	if err := t.townKnown(ctx, o); err != nil {
		return err
	}
	switch other, err := t.ObjectByCode(ctx, o.Region, o.Code); {
	case err == nil && other.No != o.No:
		return inspect.ErrObjectTaken.With(o.Code, other.Name)
	case err != nil && !errors.Is(err, inspect.ErrMissing):
		return err
	}
	return t.saveObject(ctx, o)
}

// townKnown refuses a town that is not one of the region's.
func (t *tx) townKnown(ctx context.Context, o inspect.Object) error {
	if o.Town == "" {
		return nil
	}
	ok, err := t.HasArea(ctx, o.Region, o.Town)
	if err == nil && !ok {
		err = inspect.ErrChoice.With("所在镇街").At("town")
	}
	return err
}

// object loads an object of the actor's own department as it was seen.
func (t *tx) object(ctx context.Context, no inspect.ObjectNo, seen int64) (inspect.Object, error) {
	o, err := t.Object(ctx, no)
	switch {
	case err != nil:
		return o, err
	case o.Region != t.by.Org.Region:
		return o, inspect.ErrMissing
	case o.Owner != t.by.Org.ID:
		return o, inspect.ErrObjectForeign
	case o.Version != seen:
		return o, inspect.ErrStale
	}
	return o, nil
}

// saveObject writes an object, which is what the act is about.
func (t *tx) saveObject(ctx context.Context, o inspect.Object) error {
	one := []inspect.Object{o}
	image, err := t.PutObjects(ctx, one)
	if err != nil {
		return err
	}
	if err := t.TouchObject(ctx, one[0]); err != nil {
		return err
	}
	t.saved("rows.object", one[0].Key(), one[0].Version, image)
	return nil
}

// WithdrawObject takes an object out of the library that should never have come
// in. It stays readable, with the reason: R29.
type WithdrawObject struct {
	Object inspect.ObjectNo `json:"object" label:"检查对象序号"`
	Seen   int64            `json:"seen"`
	Reason string           `json:"reason" label:"撤回理由" hint:"例如 误录入，该单位不在本市"`
}

// Verb is what the act is called.
func (WithdrawObject) Verb() inspect.Verb { return inspect.ObjectWithdraw }

func (c WithdrawObject) do(ctx context.Context, t *tx) error {
	o, err := t.object(ctx, c.Object, c.Seen)
	if err != nil {
		return err
	}
	if o, err = o.Withdraw(c.Reason); err != nil {
		return err
	}
	return t.saveObject(ctx, o)
}

// MergeObject joins a duplicate to the object that remains. Both stay readable,
// and so does what each of them was.
type MergeObject struct {
	Object inspect.ObjectNo `json:"object" label:"检查对象序号"` // the duplicate
	Seen   int64            `json:"seen"`
	Into   inspect.ObjectNo `json:"into" label:"保留的对象序号"`
	Reason string           `json:"reason" label:"合并理由" hint:"例如 同一单位换发统一社会信用代码"`
}

// Verb is what the act is called.
func (MergeObject) Verb() inspect.Verb { return inspect.ObjectMerge }

func (c MergeObject) do(ctx context.Context, t *tx) error {
	o, err := t.object(ctx, c.Object, c.Seen)
	if err != nil {
		return err
	}
	into, err := t.Object(ctx, c.Into)
	if err != nil || into.Region != o.Region {
		return inspect.ErrChoice.With("保留的对象").At("into")
	}
	if o, err = o.MergeInto(into, c.Reason); err != nil {
		return err
	}
	return t.saveObject(ctx, o)
}
