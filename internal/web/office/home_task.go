package office

import (
	"fmt"
	"net/http"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// taskJobs are what tasks and waivers ask of the reader.
func (s *server) taskJobs(r *http.Request) ([]datedJob, error) {
	who := web.Actor(r)
	tasks, err := s.db.Tasks(r.Context(), who.Scope(), store.TaskFilter{Open: true})
	if err != nil {
		return nil, err
	}
	states := map[inspect.TaskID][]inspect.LibraryState{}
	var facts inspect.Facts
	for _, t := range tasks {
		if _, part := t.Part(who.Org.ID); !part || !t.Confirms() {
			continue
		}
		if facts.Orgs == nil {
			if facts, err = s.db.Facts(r.Context(), who.Scope(), who.Org.Region); err != nil {
				return nil, err
			}
		}
		if states[t.ID], err = s.db.LibraryStates(r.Context(), who.Scope(), t, facts.Sublibs); err != nil {
			return nil, err
		}
	}
	var jobs []datedJob
	for _, todo := range inspect.TaskTodos(who, tasks, states) {
		jobs = append(jobs, datedJob{Job: s.taskJob(todo), On: todo.Task.From})
	}
	return s.waiverJobs(r, jobs)
}

func (s *server) taskJob(t inspect.TaskTodo) web.Job {
	job := web.Job{Note: t.Note, Href: taskPath(t.Task), Due: s.due(t.Task.From)}
	switch t.Verb {
	case inspect.TaskSubmit:
		job.Text, job.Action, job.Href = "编制任务："+t.Task.Name, "去填写", job.Href+"#next"
	case inspect.TaskAgree:
		job.Text, job.Action, job.Href = "参加检查："+t.Task.Name, "答复", job.Href+"#answer"
	case inspect.TaskApprove:
		job.Text, job.Action, job.Href = "审批任务："+t.Task.Name, "去审批", job.Href+"#answer"
	case inspect.TaskFile:
		job.Text, job.Action, job.Href = "备案："+t.Task.Name, "报备案", job.Href+"#next"
	case inspect.ConfirmSign:
		job.Text, job.Action = "确认"+t.Library.Text()+"："+t.Task.Name, "去确认"
		job.Href += "/confirm/" + string(t.Library)
	}
	return job
}

// waiverJobs adds the waivers that wait for the reader's decision.
func (s *server) waiverJobs(r *http.Request, jobs []datedJob) ([]datedJob, error) {
	who := web.Actor(r)
	if who.Org.Kind != inspect.OrgOffice || who.MayTo(inspect.WaiverGrant, inspect.Office) != nil {
		return jobs, nil
	}
	all, err := s.db.Waivers(r.Context(), who.Scope(), waiversMost)
	n := 0
	for _, w := range all {
		if w.State == inspect.WaiverAsked {
			n++
		}
	}
	if n > 0 {
		jobs = append(jobs, datedJob{Job: web.Job{
			Text: fmt.Sprintf("超限抽查申请 %d 件", n), Note: "同一对象全年随机抽查原则上不超过两次", Href: "/office/caps#waivers", Action: "去审批", Due: s.due(dateOf{}),
		}})
	}
	return jobs, err
}
