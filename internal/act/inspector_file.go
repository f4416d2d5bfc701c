package act

import (
	"context"
	"errors"

	"suicha/internal/inspect"
	"suicha/internal/workday"
)

// PutTie declares whom an inspector must not inspect: 行政处罚法 四十三. Inspectors
// declare for themselves; the clerk writes down what is declared on paper. Seen 0
// is a new one.
type PutTie struct {
	Tie       inspect.TieID       `json:"tie"` // made by the asker
	Seen      int64               `json:"seen"`
	Inspector inspect.InspectorNo `json:"inspector"`
	Code      string              `json:"code" label:"统一社会信用代码或编号" hint:"填写代码，回避才不会因为更名而失效"`
	Name      string              `json:"name" label:"单位名称"`
	Kind      inspect.TieKind     `json:"kind" label:"关系"`
	Since     workday.Date        `json:"since" label:"开始日期"`
	Until     workday.Date        `json:"until" label:"结束日期" hint:"原任职单位填写离职日期，回避三年；其他关系不填即为一直存在"`
	Ground    string              `json:"ground" label:"说明"`
}

// Verb is what the act is called.
func (PutTie) Verb() inspect.Verb { return inspect.InspectorPutTie }

func (c PutTie) do(ctx context.Context, t *tx) error {
	i, err := t.atWork(ctx, c.Inspector)
	if err != nil {
		return err
	}
	if t.by.Post.Kind == inspect.InspectorPost && !i.SeesTies(t.by) {
		return inspect.ErrInspectorOther
	}
	old, err := t.Tie(ctx, c.Tie)
	if err := asKnown(err, old.Inspector == c.Inspector, old.Version, c.Seen); err != nil {
		return err
	}
	if old.Dropped {
		return inspect.ErrStep.With(c.Verb().Text())
	}
	tie, err := inspect.Tie{
		ID: c.Tie, Version: c.Seen, Inspector: c.Inspector, Code: c.Code, Name: c.Name, Kind: c.Kind, Since: c.Since, Until: c.Until,
		Ground: c.Ground, By: t.by.Person, At: t.now,
	}.Tidy(t.today())
	if err != nil {
		return err
	}
	return t.saveTie(ctx, tie)
}

func (t *tx) saveTie(ctx context.Context, tie inspect.Tie) error {
	image, err := t.Tx.PutTie(ctx, tie)
	if err == nil {
		t.saved("rows.inspector.tie", tie.Inspector.String(), tie.Version+1, image)
	}
	return err
}

// DropTie withdraws a declared tie: the leader's decision, and of nobody who
// declared it. It stays on record, with the reason.
type DropTie struct {
	Tie    inspect.TieID `json:"tie"`
	Seen   int64         `json:"seen"`
	Reason string        `json:"reason" label:"撤销理由" hint:"例如 股权已转让，申报有误"`
}

// Verb is what the act is called.
func (DropTie) Verb() inspect.Verb { return inspect.InspectorDropTie }

func (c DropTie) do(ctx context.Context, t *tx) error {
	tie, err := t.Tie(ctx, c.Tie)
	if err := asSeen(err, true, tie.Version, c.Seen); err != nil {
		return err
	}
	i, err := t.colleague(ctx, tie.Inspector)
	switch {
	case errors.Is(err, inspect.ErrInspectorForeign):
		return inspect.ErrMissing // what others have declared does not exist
	case err != nil:
		return err
	}
	if tie, err = tie.Drop(c.Reason, t.by.Person, i); err != nil {
		return err
	}
	return t.saveTie(ctx, tie)
}

// PutTraining records what an inspector has learnt: R123, 海政办发〔2020〕2号 三(三).
// Seen 0 is a new record.
type PutTraining struct {
	Training  inspect.TrainingID  `json:"training"` // made by the asker
	Seen      int64               `json:"seen"`
	Inspector inspect.InspectorNo `json:"inspector"`
	Topic     string              `json:"topic" label:"培训内容"`
	Hours     int64               `json:"hours" label:"学时"`
	Exam      string              `json:"exam" label:"考试结果"`
	Day       workday.Date        `json:"day" label:"培训日期" hint:"连续几天的填写最后一天"`
}

// Verb is what the act is called.
func (PutTraining) Verb() inspect.Verb { return inspect.InspectorPutTraining }

func (c PutTraining) do(ctx context.Context, t *tx) error {
	if _, err := t.atWork(ctx, c.Inspector); err != nil {
		return err
	}
	old, err := t.Training(ctx, c.Training)
	if err := asKnown(err, old.Inspector == c.Inspector, old.Version, c.Seen); err != nil {
		return err
	}
	learnt, err := inspect.Training{
		ID: c.Training, Version: c.Seen, Inspector: c.Inspector, Topic: c.Topic, Hours: c.Hours, Exam: c.Exam, Day: c.Day,
	}.Tidy(t.today())
	if err != nil {
		return err
	}
	image, err := t.Tx.PutTraining(ctx, learnt)
	if err == nil {
		t.saved("rows.inspector.training", learnt.Inspector.String(), learnt.Version+1, image)
	}
	return err
}

// PutWorkforce declares how many there are of each category in the actor's
// department, which the library must all have (R38), and what training it asks of
// them before they can be drawn (R123). Hours 0 and no exam ask nothing.
type PutWorkforce struct {
	Seen         int64 `json:"seen"` // 0 is the first declaration
	CivilServant int64 `json:"civil_servant" label:"行政执法类公务员"`
	Qualified    int64 `json:"qualified" label:"具有行政执法资格的工作人员"`
	Daily        int64 `json:"daily" label:"从事日常监管工作的人员"`
	Hours        int64 `json:"hours" label:"近一年培训学时" hint:"少于此数的不参加抽取；不填即不要求"`
	Exam         bool  `json:"exam" label:"近一年须有考试合格的培训"`
}

// Verb is what the act is called.
func (PutWorkforce) Verb() inspect.Verb { return inspect.WorkforcePut }

func (c PutWorkforce) do(ctx context.Context, t *tx) error {
	if !t.by.Org.Inspects() {
		return inspect.ErrDenied.With(c.Verb().Text())
	}
	old, err := t.Workforce(ctx, t.by.Org.ID)
	switch {
	case errors.Is(err, inspect.ErrMissing) && c.Seen == 0:
	case err != nil && !errors.Is(err, inspect.ErrMissing):
		return err
	case err != nil || old.Version != c.Seen:
		return inspect.ErrStale
	}
	w, err := inspect.Workforce{
		Org: t.by.Org.ID, Version: c.Seen, Staff: [3]int64{c.CivilServant, c.Qualified, c.Daily},
		Rule: inspect.TrainingRule{Hours: c.Hours, Exam: c.Exam}, Counted: t.today(),
	}.Tidy()
	if err != nil {
		return err
	}
	image, err := t.Tx.PutWorkforce(ctx, w)
	if err == nil {
		t.saved("rows.workforce", string(w.Org), w.Version+1, image)
	}
	return err
}
