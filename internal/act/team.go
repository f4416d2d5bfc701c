package act

import (
	"context"
	"errors"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/workday"
)

// formTeams stores the teams of a run with its outcome: R71.
func (t *tx) formTeams(ctx context.Context, b inspect.Batch, teams []inspect.Team) error {
	if len(teams) == 0 {
		return nil
	}
	image, err := t.putTeams(ctx, string(b.ID), b.Version+1, teams)
	if err == nil {
		t.savedRows("team", b, image)
	}
	return err
}

// endTeams ends the teams of a draw that is annulled: C18.
func (t *tx) endTeams(ctx context.Context, b inspect.Batch) error {
	teams, err := t.teams(ctx, store.TeamFilter{Batch: b.ID})
	if err != nil {
		return err
	}
	teams = slices.DeleteFunc(teams, func(x inspect.Team) bool { return !x.Stands() })
	for i := range teams {
		if teams[i], err = teams[i].Annul(); err != nil {
			return err
		}
	}
	return t.formTeams(ctx, b, teams)
}

// scene is what the teams of a batch are seen in. To those who see none of them there
// is no such batch.
func (t *tx) scene(ctx context.Context, id inspect.BatchID) (s inspect.TeamScene, err error) {
	if s.Batch, err = t.Batch(ctx, id); err != nil {
		return s, err
	}
	if s.Tasks, err = t.tasks(ctx, s.Batch.Tasks); err != nil {
		return s, err
	}
	s.Dispatch, err = t.Dispatch(ctx, id)
	if errors.Is(err, inspect.ErrMissing) {
		err = nil
	}
	if err == nil && t.by.MayTo(inspect.TeamRead, s.BatchRelations(t.by.Org)...) != nil {
		err = inspect.ErrMissing
	}
	if err == nil && s.Batch.Hidden() {
		t.hide(s.Batch)
	}
	return s, err
}

// DispatchBatch sends the teams of a drawn batch to the departments that take part,
// and to their members: R69, 海政办发〔2020〕2号 二(五)2 "名单…派发至承担该项联合抽查任务的相关部门".
// From then on a draw is not annulled. Confirm is the batch's number, typed by hand.
type DispatchBatch struct {
	Batch   inspect.BatchID `json:"batch"`
	Seen    int64           `json:"seen"`
	Due     workday.Date    `json:"due" label:"回执期限" hint:"各部门应在这一天之前签收"`
	Note    string          `json:"note" label:"说明"`
	Confirm string          `json:"confirm" label:"批次编号" hint:"照样输入批次编号以确认"`
}

// Verb is what the act is called.
func (DispatchBatch) Verb() inspect.Verb { return inspect.BatchDispatch }

func (c DispatchBatch) do(ctx context.Context, t *tx) error {
	s, err := t.scene(ctx, c.Batch)
	if err != nil {
		return err
	}
	switch err := t.by.MayTo(t.verb, s.BatchRelations(t.by.Org)...); {
	case err != nil:
		return err
	case s.Batch.Version != c.Seen:
		return inspect.ErrStale
	case c.Confirm != s.Batch.Number:
		return inspect.ErrConfirm.With(s.Batch.Number)
	case s.Dispatch.Done():
		return inspect.ErrStep.With(t.verb.Text())
	}
	if err := t.reading(ctx, s); err != nil {
		return err
	}
	teams, err := t.teams(ctx, store.TeamFilter{Batch: s.Batch.ID})
	if err != nil {
		return err
	}
	d, err := s.Batch.Dispatch(s.Tasks, len(teams), c.Due, c.Note, t.by.Person, t.now)
	if err != nil {
		return err
	}
	if teams, err = t.readyTeams(ctx, teams); err != nil {
		return err
	}
	if err := t.saveDispatch(ctx, d); err != nil {
		return err
	}
	image, err := t.putTeams(ctx, d.ID, d.Version+1, teams)
	if err != nil {
		return err
	}
	t.saved("rows.team", d.ID, d.Version+1, image)
	return t.stepTasks(ctx, s.Tasks, inspect.Task.Dispatch)
}

// readyTeams are the standing teams as they are dispatched: each whole (INV-07,
// INV-08), with nobody whose certificate has run out: C2, C9.
func (t *tx) readyTeams(ctx context.Context, teams []inspect.Team) ([]inspect.Team, error) {
	files, err := t.filesOf(ctx, teams)
	if err != nil {
		return nil, err
	}
	var ready []inspect.Team
	var ps inspect.Problems
	for _, x := range teams {
		if !x.Stands() {
			continue
		}
		next, err := x.Dispatch()
		if err == nil {
			err = x.Fit(files)
		}
		var p inspect.Problem
		if errors.As(err, &p) {
			ps = append(ps, p)
		} else if err != nil {
			return nil, err
		}
		ready = append(ready, next)
	}
	return ready, ps.Err()
}

// filesOf reads the members of teams.
func (t *tx) filesOf(ctx context.Context, teams []inspect.Team) (map[inspect.InspectorNo]inspect.InspectorFile, error) {
	return t.InspectorFiles(ctx, t.by.Scope(), inspect.TeamDays(teams).From, inspect.TeamMembers(teams))
}

func (t *tx) saveDispatch(ctx context.Context, d inspect.Dispatch) error {
	if err := t.PutDispatch(ctx, d); err != nil {
		return err
	}
	d.Version++
	t.saved("dispatch", d.ID, d.Version, d)
	return nil
}

// ReceiveBatch is a department's receipt for what was dispatched to it: R69.
type ReceiveBatch struct {
	Batch inspect.BatchID `json:"batch"`
}

// Verb is what the act is called.
func (ReceiveBatch) Verb() inspect.Verb { return inspect.BatchReceive }

func (c ReceiveBatch) do(ctx context.Context, t *tx) error {
	s, err := t.scene(ctx, c.Batch)
	if err != nil {
		return err
	}
	if err := t.by.MayTo(t.verb, s.BatchRelations(t.by.Org)...); err != nil {
		return err
	}
	d, err := s.Dispatch.Receive(t.by.Org.ID, t.by.Person, t.now)
	if err != nil {
		return err
	}
	return t.saveDispatch(ctx, d)
}

// ScheduleTeams puts visits on days: R73 "统一安排检查日程". The lists go together: for
// each team the version that was seen, and the day.
type ScheduleTeams struct {
	Batch  inspect.BatchID  `json:"batch"`
	Teams  []inspect.TeamID `json:"teams" label:"检查小组"`
	Seen   []int64          `json:"seen" label:"所见版本" hint:"与检查小组一一对应"`
	Days   []workday.Date   `json:"days" label:"检查日期" hint:"与检查小组一一对应"`
	Reason string           `json:"reason" label:"变更理由" hint:"派发以后变更日期须填写"`
}

// Verb is what the act is called.
func (ScheduleTeams) Verb() inspect.Verb { return inspect.TeamSchedule }

func (c ScheduleTeams) do(ctx context.Context, t *tx) error {
	if n := len(c.Teams); n == 0 || len(c.Seen) != n || len(c.Days) != n {
		return inspect.ErrTeamRows.At("days")
	}
	s, err := t.opened(ctx, c.Batch)
	if err != nil {
		return err
	}
	all, err := t.teams(ctx, store.TeamFilter{Batch: s.Batch.ID})
	if err != nil {
		return err
	}
	byID := map[inspect.TeamID]inspect.Team{}
	for _, x := range s.Sees(t.by, all) {
		byID[x.ID] = x
	}
	var changed []inspect.Team
	var ps inspect.Problems
	for i, id := range c.Teams {
		x, ok := byID[id]
		delete(byID, id) // each once
		switch {
		case !ok:
			return inspect.ErrMissing
		case x.Version != c.Seen[i]:
			return inspect.ErrStale
		}
		if err := t.by.MayTo(t.verb, s.Relations(t.by.Org, x)...); err != nil {
			return err
		}
		next, err := x.Schedule(c.Days[i], c.Reason, t.today())
		ps = append(ps, inspect.ProblemsOf(err)...)
		changed = append(changed, next)
	}
	return t.saveDays(ctx, changed, ps)
}

// saveDays stores teams whose days were set, unless somebody cannot be there.
func (t *tx) saveDays(ctx context.Context, teams []inspect.Team, ps inspect.Problems) error {
	files, err := t.filesOf(ctx, teams)
	if err != nil {
		return err
	}
	for _, x := range teams {
		ps = append(ps, x.Absent(files)...)
	}
	if err := ps.Err(); err != nil {
		return err
	}
	return t.saveTeams(ctx, teams)
}

// saveTeams stores teams that an act is about, under the id of the first.
func (t *tx) saveTeams(ctx context.Context, teams []inspect.Team) error {
	id, version := string(teams[0].ID), teams[0].Version+1
	image, err := t.putTeams(ctx, id, version, teams)
	if err == nil {
		t.saved("rows.team", id, version, image)
	}
	return err
}

// AcknowledgeTeams is a member's own: I know of these visits, and take part: R74,
// 海政办发〔2020〕2号 二(五)3 "其他组员应当配合、服从组长的安排".
type AcknowledgeTeams struct {
	Teams []inspect.TeamID `json:"teams" label:"检查任务"`
}

// Verb is what the act is called.
func (AcknowledgeTeams) Verb() inspect.Verb { return inspect.TeamAcknowledge }

func (c AcknowledgeTeams) do(ctx context.Context, t *tx) error {
	if len(c.Teams) == 0 {
		return inspect.ErrEmpty.With("检查任务").At("teams")
	}
	me, err := t.InspectorOf(ctx, t.by.Org.ID, t.by.Person)
	if errors.Is(err, inspect.ErrMissing) {
		err = inspect.ErrTeamNobody
	}
	if err != nil {
		return err
	}
	mine, err := t.teams(ctx, store.TeamFilter{Region: t.by.Org.Region, Inspector: me.No})
	if err != nil {
		return err
	}
	byID := map[inspect.TeamID]inspect.Team{}
	for _, x := range mine {
		byID[x.ID] = x
	}
	var changed []inspect.Team
	for _, id := range c.Teams {
		x, ok := byID[id]
		delete(byID, id)
		if _, member := x.Member(me.No); !ok || !member || x.State != inspect.TeamDispatched {
			return inspect.ErrMissing
		}
		if x, err = x.Acknowledge(me.No, t.now); err != nil {
			return err
		}
		changed = append(changed, x)
	}
	return t.saveTeams(ctx, changed)
}
