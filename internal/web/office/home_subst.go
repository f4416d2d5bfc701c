package office

import (
	"fmt"
	"net/http"
	"strings"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// substJobs are what substitutions ask of the reader: R68.
func (s *server) substJobs(r *http.Request) ([]datedJob, error) {
	who := web.Actor(r)
	if who.May(inspect.TeamRead) != nil {
		return nil, nil
	}
	substs, err := s.db.SubstsFor(r.Context(), who.Scope(), inspect.SubstNews(s.Now()))
	if err != nil {
		return nil, err
	}
	teams, batches := map[inspect.TeamID]inspect.Team{}, map[inspect.BatchID]inspect.Batch{}
	for _, x := range substs {
		of, err := s.db.Teams(r.Context(), who.Scope(), store.TeamFilter{ID: x.Team, Batch: x.Batch})
		if err != nil {
			return nil, err
		}
		for _, team := range of {
			teams[team.ID] = team
		}
		if batches[x.Batch].ID == "" {
			if batches[x.Batch], err = s.db.Batch(r.Context(), who.Scope(), x.Batch); err != nil {
				return nil, err
			}
		}
	}
	var jobs []datedJob
	for _, todo := range inspect.SubstTodos(who, substs, teams) {
		jobs = append(jobs, s.substJob(batches[todo.Substs[0].Batch], todo))
	}
	return jobs, nil
}

// substJob leads to the form: on the team's page if there is one, else in the list of
// the batch.
func (s *server) substJob(b inspect.Batch, t inspect.SubstTodo) datedJob {
	href := batchPath(b) + "/substitutions"
	var said []string
	for _, kind := range inspect.SubstKinds {
		n := 0
		for _, x := range t.Substs {
			if string(x.Kind) == kind.Value {
				n++
			}
		}
		if n > 0 {
			said = append(said, fmt.Sprintf("%s %d 件", kind.Text, n))
		}
	}
	if len(t.Substs) == 1 {
		at := "subst"
		if t.Mine && t.State == inspect.SubstAsked {
			at = "decide"
		}
		href = fmt.Sprintf("%s/teams/%d#%s-%s", batchPath(b), t.Substs[0].No, at, t.Substs[0].ID)
		said = append(said, fmt.Sprintf("第 %d 组", t.Substs[0].No))
	}
	job := web.Job{Href: href, Action: "查看", Due: s.due(t.Due)}
	switch {
	case t.State == inspect.SubstAsked && t.Mine:
		job.Text, job.Action, job.Note = fmt.Sprintf("审批递补和替换申请 %d 件：", len(t.Substs)), "去审批", "检查之前作出决定，批准后由下一顺位接替"
	case t.State == inspect.SubstAsked:
		job.Text, job.Note = fmt.Sprintf("等待审批递补和替换申请 %d 件：", len(t.Substs)), "由牵头部门负责人决定"
	case t.State == inspect.SubstRefused:
		job.Text, job.Note = fmt.Sprintf("未批准的递补和替换申请 %d 件：", len(t.Substs)), "按原名单检查，有新的事由可以重新申请"
	default:
		job.Text, job.Note = fmt.Sprintf("候补名单已用完的递补申请 %d 件：", len(t.Substs)), "没有递补对象，缺额随抽取记录公开"
	}
	job.Text, job.Note = job.Text+batchTitle(b), strings.Join(said, "，")+"　"+job.Note
	return datedJob{Job: job, On: t.Due, Waits: !t.Mine}
}
