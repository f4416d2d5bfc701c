package office

import (
	"errors"
	"fmt"
	"net/http"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// teamJobs are what the teams of drawn batches ask of the reader: days, dispatch and
// receipts.
func (s *server) teamJobs(r *http.Request) (jobs []datedJob, err error) {
	who := web.Actor(r)
	if who.May(inspect.TeamRead) != nil {
		return nil, nil
	}
	batches, err := s.db.BatchesOfTeams(r.Context(), who.Scope())
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		todos, err := s.teamTodos(r, b)
		if err != nil {
			return nil, err
		}
		for _, todo := range todos {
			jobs = append(jobs, s.teamJob(b, todo))
		}
	}
	return jobs, nil
}

func (s *server) teamTodos(r *http.Request, b inspect.Batch) ([]inspect.TeamTodo, error) {
	who, c := web.Actor(r), inspect.TeamScene{Batch: b}
	var err error
	if c.Dispatch, err = s.db.Dispatch(r.Context(), who.Scope(), b.ID); err != nil && !errors.Is(err, inspect.ErrMissing) {
		return nil, err
	}
	if c.Tasks, err = s.db.TasksOfBatch(r.Context(), who.Scope(), b); err != nil {
		return nil, err
	}
	if who.MayTo(inspect.TeamRead, c.BatchRelations(who.Org)...) != nil {
		return nil, nil
	}
	var teams []inspect.Team
	if !c.Dispatch.Done() {
		if teams, err = s.db.Teams(r.Context(), who.Scope(), store.TeamFilter{Batch: b.ID}); err != nil {
			return nil, err
		}
	}
	return c.Todos(who, teams), nil
}

func (s *server) teamJob(b inspect.Batch, t inspect.TeamTodo) datedJob {
	job := web.Job{Due: s.due(t.Due)}
	switch t.Verb {
	case inspect.TeamSchedule:
		job.Text, job.Action, job.Href = "安排检查日程：", "去安排", batchPath(b)+"/schedule"
		job.Note = fmt.Sprintf("%d 个检查小组还没有安排日期", t.Count)
		if t.Count == 0 {
			job.Note, job.Href = "名单封存中，登记事由以后查阅并安排", batchPath(b)+"/teams"
		}
	case inspect.BatchDispatch:
		job.Text, job.Action, job.Href = "派发检查名单：", "去派发", batchPath(b)+"/teams#dispatch"
		job.Note = fmt.Sprintf("共 %d 个检查小组，派发至承担检查的部门", t.Count)
	case inspect.BatchReceive:
		job.Text, job.Action, job.Href = "签收派发名单：", "去签收", batchPath(b)+"/teams#receive"
		job.Note = "签收后按小组安排参加检查"
	}
	job.Text += batchTitle(b)
	return datedJob{Job: job, On: t.Due}
}
