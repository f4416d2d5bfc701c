package office

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// batchJobs are what batches ask of the reader, and what the reader's own batches
// wait for.
func (s *server) batchJobs(r *http.Request) ([]datedJob, error) {
	who := web.Actor(r)
	if who.May(inspect.BatchRead) != nil {
		return nil, nil
	}
	batches, err := s.db.Batches(r.Context(), who.Scope(), store.BatchFilter{Open: true})
	if err != nil {
		return nil, err
	}
	facts := map[inspect.BatchID]inspect.BatchFacts{}
	for _, b := range batches {
		if facts[b.ID], err = s.db.BatchFacts(r.Context(), who.Scope(), b, who.Person); err != nil {
			return nil, err
		}
	}
	var jobs []datedJob
	for _, todo := range inspect.BatchTodos(who, batches, facts, s.Now()) {
		jobs = append(jobs, s.batchJob(todo))
	}
	return s.unbatched(r, jobs)
}

// batchForms say what each verb is called among the to-dos, its button, and where its
// form stands on the batch's page.
var batchForms = map[inspect.Verb]struct{ text, button, at string }{
	inspect.BatchPut:          {"编制批次", "去填写", "/edit"},
	inspect.BatchAnnounce:     {"公告抽取", "去公告", "#batch-announce-title"},
	inspect.BatchLock:         {"锁定名单", "去锁定", "#batch-lock-title"},
	inspect.BatchCommit:       {"交来承诺", "提交承诺", "#document"},
	inspect.BatchReveal:       {"亮出随机数", "去亮出", "#document"},
	inspect.BatchTypeEvent:    {"录入公开事件", "去录入", "#event"},
	inspect.BatchConfirmEvent: {"复核公开事件", "去复核", "#confirm"},
	inspect.BatchUnseal:       {"启封", "去启封", "#document"},
	inspect.BatchEntrust:      {"交存密封的随机数", "去交存", "#entrust"},
	inspect.BatchVoid:         {"作废本次抽取", "去作废", "#void-title"},
}

func (s *server) batchJob(t inspect.BatchTodo) datedJob {
	form := batchForms[t.Verb]
	job := web.Job{Text: form.text + "：" + batchTitle(t.Batch), Note: t.Note, Href: batchPath(t.Batch), Action: "查看", Due: s.dueAt(t.Due)}
	if len(t.Names) > 0 {
		job.Note = strings.Join(t.Names, "、") + "　" + t.Note
	}
	if t.Mine {
		job.Href, job.Action = job.Href+form.at, form.button
	}
	dated := datedJob{Job: job, Waits: !t.Mine}
	if !t.Due.IsZero() {
		dated.On = workday.On(t.Due)
	}
	return dated
}

// dueAt says until when something is to be done, to the minute on the last day.
func (s *server) dueAt(at time.Time) web.Due {
	if at.IsZero() {
		return s.due(dateOf{})
	}
	d := s.due(workday.On(at))
	clock := at.In(beijing).Format("15:04")
	d.Date += " " + clock
	switch {
	case s.Now().After(at):
		d.Tone = web.Late
		if workday.On(at) == s.today() {
			d.Left = "已过时限"
		}
	case workday.On(at) == s.today():
		d.Left, d.Tone = "今天 "+clock+" 前", web.Soon
	}
	return d
}

// unbatched adds, for who makes batches, the tasks that are filed and in none: R62.
func (s *server) unbatched(r *http.Request, jobs []datedJob) ([]datedJob, error) {
	who := web.Actor(r)
	if who.Org.Kind != inspect.OrgOffice || who.MayTo(inspect.BatchDraft, inspect.Owner) != nil {
		return jobs, nil
	}
	filed, err := s.db.Tasks(r.Context(), who.Scope(), store.TaskFilter{State: inspect.TaskFiled})
	if err != nil || len(filed) == 0 {
		return jobs, err
	}
	first := filed[0].From
	for _, t := range filed {
		if t.From.Before(first) {
			first = t.From
		}
	}
	return append(jobs, datedJob{On: first, Job: web.Job{
		Text: fmt.Sprintf("已备案、尚未列入批次的任务 %d 项", len(filed)), Note: "最早的执行时间为 " + first.String() + "，之前须完成抽取", Href: "/office/batches#begin", Action: "去编制批次", Due: s.due(first),
	}}), nil
}
