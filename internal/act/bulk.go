package act

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// Objects are inspection objects that an act does the same to: those ticked in a
// list, or all that its filter finds. It is one act with one entry: all or none.
type Objects struct {
	Objects []inspect.ObjectNo `json:"objects" label:"检查对象"`
}

// rowsNamed is how many objects a refusal names.
const rowsNamed = 10

// each loads the objects in their order and lets decide look at each. Those that
// may not be are named together; decide changes nothing by itself.
func (c Objects) each(ctx context.Context, t *tx, verb inspect.Verb, decide func(inspect.Object) error) error {
	switch {
	case !t.by.Org.Inspects():
		return inspect.ErrDenied.With(verb.Text())
	case len(c.Objects) == 0:
		return inspect.ErrMembersNone
	case len(c.Objects) > ObjectsMost:
		return inspect.ErrMembersMany.With(ObjectsMost)
	}
	nos := inOrder(c.Objects)
	objects, err := t.ObjectsOf(ctx, t.by.Org.Region, nos)
	if err != nil {
		return err
	}
	if len(objects) < len(nos) {
		return inspect.ErrMissing
	}
	var bad []string
	for _, o := range objects {
		var p inspect.Problem
		switch err := decide(o); {
		case errors.As(err, &p) && p.Field == "": // of the object, not of what was filled in
			bad = append(bad, fmt.Sprintf("%d 号“%s”（%s）", o.No, o.Name, strings.TrimSuffix(p.Error(), "。")))
		case err != nil:
			return err
		}
	}
	if len(bad) == 0 {
		return nil
	}
	names := strings.Join(bad[:min(rowsNamed, len(bad))], "；")
	if len(bad) > rowsNamed {
		names += "；等"
	}
	return inspect.ErrRows.With(len(bad), names)
}

// PutFlags marks objects with the same flag: R53. One that bears it already is
// left alone; one of ours that had ended since the same day begins again.
type PutFlags struct {
	Objects
	Kind   inspect.FlagKind `json:"kind" label:"标记"`
	Since  workday.Date     `json:"since" label:"列入日期"`
	Until  workday.Date     `json:"until" label:"结束日期" hint:"白名单必须填写退出日期，其他标记可不填"`
	Source string           `json:"source" label:"标记来源" hint:"例如 12315 平台、经营异常名录公告"`
	Note   string           `json:"note" label:"标记理由" hint:"列入白名单必须写明理由"`
}

// Verb is what the act is called.
func (PutFlags) Verb() inspect.Verb { return inspect.FlagPutAll }

func (c PutFlags) do(ctx context.Context, t *tx) error {
	flag, err := inspect.Flag{
		Kind: c.Kind, Since: c.Since, Until: c.Until, Source: c.Source, Note: c.Note, Org: t.by.Org.ID,
	}.Tidy(t.today())
	if err != nil {
		return err
	}
	borne, err := t.flagsOf(ctx, c.Kind, c.Objects.Objects)
	if err != nil {
		return err
	}
	var put []inspect.Flag
	err = c.each(ctx, t, c.Verb(), func(o inspect.Object) error {
		if !o.Status.Answers() {
			return inspect.ErrStep.With(c.Verb().Text())
		}
		f := flag
		f.No = o.No
		for _, old := range borne[o.No] {
			switch {
			case old.On(t.today()):
				return nil
			case old.Since == f.Since && old.Org != f.Org:
				return inspect.Problem{Kind: inspect.Refused, Code: inspect.ErrFlagTaken.Code, Text: inspect.ErrFlagTaken.Text}
			case old.Since == f.Since:
				f.Version = old.Version
			}
		}
		put = append(put, f)
		return nil
	})
	if err != nil {
		return err
	}
	return t.saveFlags(ctx, put)
}

// EndFlags takes a flag of the actor's department off objects. Those without one
// are left alone.
type EndFlags struct {
	Objects
	Kind   inspect.FlagKind `json:"kind" label:"标记"`
	Until  workday.Date     `json:"until" label:"移出日期"`
	Reason string           `json:"reason" label:"移出理由"`
}

// Verb is what the act is called.
func (EndFlags) Verb() inspect.Verb { return inspect.FlagEndAll }

func (c EndFlags) do(ctx context.Context, t *tx) error {
	if inspect.ChoiceText(inspect.FlagKinds, string(c.Kind)) == string(c.Kind) {
		return inspect.ErrChoice.With("标记").At("kind")
	}
	borne, err := t.flagsOf(ctx, c.Kind, c.Objects.Objects)
	if err != nil {
		return err
	}
	var ended []inspect.Flag
	err = c.each(ctx, t, c.Verb(), func(o inspect.Object) error {
		for _, f := range borne[o.No] {
			if f.Org != t.by.Org.ID || !f.Until.IsZero() && f.Until.Before(t.today()) {
				continue
			}
			f, err := f.End(c.Until, c.Reason, t.today())
			if err != nil {
				return err
			}
			ended = append(ended, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.saveFlags(ctx, ended)
}

// flagsOf returns the flags of a kind that objects bear or bore, by number.
func (t *tx) flagsOf(ctx context.Context, kind inspect.FlagKind, nos []inspect.ObjectNo) (map[inspect.ObjectNo][]inspect.Flag, error) {
	if len(nos) > ObjectsMost {
		return nil, nil // each says so
	}
	all, err := t.FlagsOf(ctx, kind, inOrder(nos))
	found := map[inspect.ObjectNo][]inspect.Flag{}
	for _, f := range all {
		found[f.No] = append(found[f.No], f)
	}
	return found, err
}

func (t *tx) saveFlags(ctx context.Context, all []inspect.Flag) error {
	if len(all) == 0 {
		return inspect.ErrMembersIdle
	}
	image, err := t.PutFlags(ctx, all)
	if err == nil {
		t.saved("rows.flag", all[0].No.String(), int64(len(all)), image)
	}
	return err
}

// EndLicences notes that licences of one name, which the actor's department
// registered, are no more: R27. Objects without one are left alone.
type EndLicences struct {
	Objects
	Name   string `json:"name" label:"许可证名称" hint:"例如 食品经营许可证"`
	Reason string `json:"reason" label:"注销理由"`
}

// Verb is what the act is called.
func (EndLicences) Verb() inspect.Verb { return inspect.LicenceEndAll }

func (c EndLicences) do(ctx context.Context, t *tx) error {
	return c.licences(ctx, t, c.Verb(), c.Name, false, func(l inspect.Licence) (inspect.Licence, error) { return l.End(c.Reason) })
}

// ReviveLicences puts licences in force again that were ended by mistake.
type ReviveLicences struct {
	Objects
	Name   string `json:"name" label:"许可证名称"`
	Reason string `json:"reason" label:"恢复理由"`
}

// Verb is what the act is called.
func (ReviveLicences) Verb() inspect.Verb { return inspect.LicenceRevive }

func (c ReviveLicences) do(ctx context.Context, t *tx) error {
	return c.licences(ctx, t, c.Verb(), c.Name, true, func(l inspect.Licence) (inspect.Licence, error) { return l.Revive(c.Reason) })
}

// licences changes those of the actor's department with a name that have ended, or
// have not.
func (c Objects) licences(ctx context.Context, t *tx, verb inspect.Verb, name string, ended bool, change func(inspect.Licence) (inspect.Licence, error)) error {
	var ps inspect.Problems
	name = inspect.Line(&ps, "name", "许可证名称", name, 60)
	if err := ps.Err(); err != nil {
		return err
	}
	var held []inspect.Licence
	err := c.each(ctx, t, verb, func(inspect.Object) error { return nil })
	if err == nil {
		held, err = t.LicencesOf(ctx, name, inOrder(c.Objects))
	}
	if err != nil {
		return err
	}
	var changed []inspect.Licence
	for _, l := range held {
		if l.Org != t.by.Org.ID || l.Ended != ended {
			continue
		}
		if l, err = change(l); err != nil {
			return err
		}
		changed = append(changed, l)
	}
	if len(changed) == 0 {
		return inspect.ErrMembersIdle
	}
	image, err := t.PutLicences(ctx, changed)
	if err == nil {
		t.saved("rows.licence", changed[0].No.String(), int64(len(changed)), image)
	}
	return err
}

// TakeOutside puts objects of the actor's department under the supervision that
// there was before random inspection: R111, 海政办发〔2020〕2号 二(七). They are in no
// pool from then on.
type TakeOutside struct {
	Objects
	Ground string `json:"ground" label:"依据" hint:"例如 《中华人民共和国食品安全法》规定实施全覆盖重点监管"`
}

// Verb is what the act is called.
func (TakeOutside) Verb() inspect.Verb { return inspect.ObjectOutside }

func (c TakeOutside) do(ctx context.Context, t *tx) error {
	return c.owned(ctx, t, c.Verb(), func(o inspect.Object) (inspect.Object, error) { return o.TakeOutside(c.Ground) })
}

// BringInside lets objects be drawn again: R111.
type BringInside struct {
	Objects
	Reason string `json:"reason" label:"恢复理由" hint:"例如 监管方式已经调整"`
}

// Verb is what the act is called.
func (BringInside) Verb() inspect.Verb { return inspect.ObjectInside }

func (c BringInside) do(ctx context.Context, t *tx) error {
	return c.owned(ctx, t, c.Verb(), func(o inspect.Object) (inspect.Object, error) { return o.BringInside(c.Reason) })
}

// owned changes objects of the actor's own department. Those that the change
// leaves as they are stay.
func (c Objects) owned(ctx context.Context, t *tx, verb inspect.Verb, change func(inspect.Object) (inspect.Object, error)) error {
	var changed []inspect.Object
	err := c.each(ctx, t, verb, func(o inspect.Object) error {
		if o.Owner != t.by.Org.ID {
			return inspect.ErrObjectForeign
		}
		next, err := change(o)
		if err == nil && next != o {
			changed = append(changed, next)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		return inspect.ErrMembersIdle
	}
	image, err := t.PutObjects(ctx, changed)
	if err != nil {
		return err
	}
	if err := t.TouchObjects(ctx, changed); err != nil {
		return err
	}
	t.saved("rows.object", changed[0].Key(), int64(len(changed)), image)
	return nil
}
