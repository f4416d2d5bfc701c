package act

import (
	"context"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// PutFlag marks an object, or changes such a mark of the actor's department: R53,
// 海政办发〔2020〕2号 二(四). Seen 0 is a new one. Whatever department knows of the
// reason marks the object; it need not be the one that keeps its row.
type PutFlag struct {
	Object inspect.ObjectNo `json:"object" label:"检查对象序号"`
	Kind   inspect.FlagKind `json:"kind" label:"标记"`
	Since  workday.Date     `json:"since" label:"列入日期"`
	Seen   int64            `json:"seen"`
	Until  workday.Date     `json:"until" label:"结束日期" hint:"白名单必须填写退出日期，其他标记可不填"`
	Source string           `json:"source" label:"标记来源" hint:"例如 12315 平台、经营异常名录公告"`
	Note   string           `json:"note" label:"标记理由" hint:"列入白名单必须写明理由"`
}

// Verb is what the act is called.
func (PutFlag) Verb() inspect.Verb { return inspect.FlagPut }

func (c PutFlag) do(ctx context.Context, t *tx) error {
	if err := t.marks(ctx, c.Object, c.Verb()); err != nil {
		return err
	}
	f := inspect.Flag{No: c.Object, Kind: c.Kind, Since: c.Since, Org: t.by.Org.ID}
	old, err := t.Flag(ctx, c.Object, c.Kind, c.Since)
	if c.Seen == 0 && err == nil {
		return inspect.ErrFlagTaken
	}
	if c.Seen != 0 {
		if err := asSeen(err, old.Org == t.by.Org.ID, old.Version, c.Seen); err != nil {
			return err
		}
		f.Version = old.Version
	}
	f.Until, f.Source, f.Note = c.Until, c.Source, c.Note
	if f, err = f.Tidy(t.today()); err != nil {
		return err
	}
	return t.saveFlag(ctx, f)
}

// marks refuses what the actor may not say of an object: the object must be one
// of the region that stands, and the actor's department one that inspects.
func (t *tx) marks(ctx context.Context, no inspect.ObjectNo, verb inspect.Verb) error {
	o, err := t.Object(ctx, no)
	switch {
	case err != nil:
		return err
	case o.Region != t.by.Org.Region:
		return inspect.ErrMissing
	case !t.by.Org.Inspects():
		return inspect.ErrDenied.With(verb.Text())
	case !o.Bears():
		return inspect.ErrStep.With(verb.Text())
	}
	return nil
}

func (t *tx) saveFlag(ctx context.Context, f inspect.Flag) error {
	image, err := t.PutFlag(ctx, f)
	if err == nil {
		t.saved("rows.flag", f.No.String(), f.Version+1, image)
	}
	return err
}

// EndFlag takes a mark off an object. The mark stays readable, with its days.
type EndFlag struct {
	Object inspect.ObjectNo `json:"object" label:"检查对象序号"`
	Kind   inspect.FlagKind `json:"kind" label:"标记"`
	Since  workday.Date     `json:"since" label:"列入日期"`
	Seen   int64            `json:"seen"`
	Until  workday.Date     `json:"until" label:"移出日期"`
	Reason string           `json:"reason" label:"移出理由"`
}

// Verb is what the act is called.
func (EndFlag) Verb() inspect.Verb { return inspect.FlagEnd }

func (c EndFlag) do(ctx context.Context, t *tx) error {
	f, err := t.Flag(ctx, c.Object, c.Kind, c.Since)
	if err := asSeen(err, f.Org == t.by.Org.ID, f.Version, c.Seen); err != nil {
		return err
	}
	if f, err = f.End(c.Until, c.Reason, t.today()); err != nil {
		return err
	}
	return t.saveFlag(ctx, f)
}

// PutLicence registers a licence of an object, or changes what the actor's
// department said of it: R27, R31. Seen 0 is a new one.
type PutLicence struct {
	Object    inspect.ObjectNo `json:"object" label:"检查对象序号"`
	Name      string           `json:"name" label:"许可证名称" hint:"例如 食品经营许可证"`
	Number    string           `json:"number" label:"许可证编号"`
	Seen      int64            `json:"seen"`
	Issued    workday.Date     `json:"issued" label:"发证日期"`
	ValidTo   workday.Date     `json:"valid_to" label:"有效期至" hint:"长期有效可不填"`
	Authority string           `json:"authority" label:"发证机关"`
}

// Verb is what the act is called.
func (PutLicence) Verb() inspect.Verb { return inspect.LicencePut }

func (c PutLicence) do(ctx context.Context, t *tx) error {
	if err := t.marks(ctx, c.Object, c.Verb()); err != nil {
		return err
	}
	l, err := inspect.Licence{
		No: c.Object, Name: c.Name, Number: c.Number, Issued: c.Issued, ValidTo: c.ValidTo, Authority: c.Authority, Org: t.by.Org.ID,
	}.Tidy(t.today())
	if err != nil {
		return err
	}
	old, err := t.Licence(ctx, c.Object, l.Name, l.Number)
	if c.Seen == 0 && err == nil {
		return inspect.ErrLicenceTaken
	}
	if c.Seen != 0 {
		if err := asSeen(err, old.Org == t.by.Org.ID, old.Version, c.Seen); err != nil {
			return err
		}
		l.Version, l.Source, l.Sourced = old.Version, old.Source, old.Sourced
	}
	return t.saveLicence(ctx, l)
}

func (t *tx) saveLicence(ctx context.Context, l inspect.Licence) error {
	image, err := t.PutLicence(ctx, l)
	if err == nil {
		t.saved("rows.licence", l.No.String(), l.Version+1, image)
	}
	return err
}

// EndLicence notes that a licence is no more. It stays readable.
type EndLicence struct {
	Object inspect.ObjectNo `json:"object" label:"检查对象序号"`
	Name   string           `json:"name" label:"许可证名称"`
	Number string           `json:"number" label:"许可证编号"`
	Seen   int64            `json:"seen"`
	Reason string           `json:"reason" label:"注销理由"`
}

// Verb is what the act is called.
func (EndLicence) Verb() inspect.Verb { return inspect.LicenceEnd }

func (c EndLicence) do(ctx context.Context, t *tx) error {
	l, err := t.Licence(ctx, c.Object, c.Name, c.Number)
	if err := asSeen(err, l.Org == t.by.Org.ID, l.Version, c.Seen); err != nil {
		return err
	}
	if l, err = l.End(c.Reason); err != nil {
		return err
	}
	return t.saveLicence(ctx, l)
}
