package office

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/http"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

// visitSoon is how many days before its first day a visit is among what waits.
const visitSoon = 7

// visitWords are what the first page calls a step of a visit, and what comes of it.
var visitWords = map[inspect.Verb]struct{ text, action, note string }{
	inspect.VisitBegin:    {"到场检查", "去检查", "先预查比对、登记检查告知，再到场"},
	inspect.VisitFill:     {"填写检查情况", "去填写", "填写完毕后由组长形成结论"},
	inspect.VisitAttach:   {"登记无法实质检查的证据", "去登记", "证据齐全后由组长形成结论"},
	inspect.VisitConclude: {"形成检查结论", "去办理", "形成结论后请被检查单位签字"},
	inspect.VisitParty:    {"请被检查单位签字", "去办理", "拒绝签字的，登记说明；随后全体成员签字"},
	inspect.VisitSign:     {"签字确认检查结论", "去签字", "全体签字后检查结束，各部门 20 个工作日内公示"},
	inspect.VisitReopen:   {"退回补充检查", "去办理", "负责人认为检查本身有误；补充后全体重新签字"},
}

// A visitAsk is one step of one visit that waits.
type visitAsk struct {
	inspect.VisitTodo
	team inspect.Team
	name string // of the object
}

// stepJobs are what the reader's own visits ask for next, one line for each step: R76–R89.
func (s *server) stepJobs(r *http.Request) (jobs []datedJob, err error) {
	if web.Actor(r).May(inspect.TeamMine) != nil {
		return nil, nil
	}
	asks, err := s.visitAsks(r)
	if err != nil {
		return nil, err
	}
	at := map[inspect.VisitTodo]int{}
	for _, a := range asks {
		words, day := visitWords[a.Verb], visitOn(a.team)
		key := inspect.VisitTodo{Verb: a.Verb, Mine: a.Mine}
		i, more := at[key]
		if !more {
			job := web.Job{Text: words.text + "：" + a.name, Note: words.note, Href: visitPath(a.team.ID), Action: words.action, Due: s.due(day)}
			if !a.Mine {
				job.Action, job.Note = "查看", fmt.Sprintf("其他部门还缺 %d 项", a.Count)
			}
			at[key], jobs = len(jobs), append(jobs, datedJob{Job: job, On: day, Waits: !a.Mine})
			continue
		}
		n := 0
		for _, o := range asks {
			if o.Verb == a.Verb && o.Mine == a.Mine {
				n++
			}
		}
		job := &jobs[i]
		job.Text, job.Href = fmt.Sprintf("%s：%d 户", words.text, n), "/office/visits"
		if day.Before(job.On) {
			job.On, job.Due = day, s.due(day)
		}
	}
	return jobs, nil
}

// visitAsks are the steps that wait in the reader's visits.
func (s *server) visitAsks(r *http.Request) (asks []visitAsk, err error) {
	who := web.Actor(r)
	me, mine, err := s.mine(r)
	if errors.Is(err, inspect.ErrMissing) || err == nil && len(mine) == 0 {
		return nil, nil // the account is no inspector's, or has no visits
	}
	if err != nil {
		return nil, err
	}
	var teams []inspect.TeamID
	for _, x := range mine {
		teams = append(teams, x.ID)
	}
	visits, err := s.db.VisitsOfTeams(r.Context(), who.Scope(), teams)
	if err != nil {
		return nil, err
	}
	wrong, err := s.revisited(r)
	if err != nil {
		return nil, err
	}
	for _, x := range mine {
		v := visits[x.ID]
		if v.Version == 0 && x.Days.From.After(s.today().AddDays(visitSoon)) {
			continue
		}
		var live []inspect.Signature
		if v.State == inspect.VisitConcluded {
			if live, err = s.db.Signatures(r.Context(), who.Scope(), v.ID); err != nil {
				return nil, err
			}
		}
		m, _ := x.Member(me)
		name := v.Party.Name
		if name == "" {
			o, err := s.db.Object(r.Context(), who.Scope(), x.Object)
			if err != nil && !errors.Is(err, inspect.ErrMissing) {
				return nil, err
			}
			name = cmp.Or(o.Name, x.Name())
		}
		todo := v.Todo(inspect.VisitMember{Inspector: me, Org: m.Org, Leader: m.Leader}, live, wrong[v.ID])
		if todo.Verb != "" {
			asks = append(asks, visitAsk{todo, x, name})
		}
	}
	return asks, nil
}

// revisited are the visits that a department wants opened again: R91.
func (s *server) revisited(r *http.Request) (map[inspect.VisitID]bool, error) {
	f := store.ResultFilter{State: inspect.ResultDrafted}
	page := func(after string, most int) ([]inspect.Result, error) {
		f.After, f.Most = after, most
		return s.db.Results(r.Context(), web.Actor(r).Scope(), f)
	}
	results, err := store.Sift("", math.MaxInt, page, store.ResultKey, func(x inspect.Result) bool { return x.Revisit })
	wrong := map[inspect.VisitID]bool{}
	for _, x := range results {
		wrong[x.Visit] = true
	}
	return wrong, err
}

// feedbackJobs ask for the answer to feedback, and the office to pass it on.
func (s *server) feedbackJobs(r *http.Request) (jobs []datedJob, err error) {
	who := web.Actor(r)
	if who.May(inspect.FeedbackRead) != nil {
		return nil, nil
	}
	for _, ask := range []struct {
		state              inspect.FeedbackState
		verb               inspect.Verb
		text, action, note string
	}{
		{inspect.FeedbackReceived, inspect.FeedbackPass, "转办意见反馈", "去转办", "转给承担检查的部门答复，或者直接答复"},
		{inspect.FeedbackPassed, inspect.FeedbackAnswer, "答复意见反馈", "去答复", "答复后，反馈人凭查询码可以看到"},
	} {
		all, err := s.db.Feedbacks(r.Context(), who.Scope(), store.FeedbackFilter{State: ask.state, Most: feedbackMost})
		if err != nil {
			return nil, err
		}
		n, first := 0, inspect.Feedback{}
		for _, f := range all {
			if who.MayTo(ask.verb, f.Relations(who.Org)...) != nil || !f.ErasedAt.IsZero() || f.Org != who.Org.ID {
				continue
			}
			if n++; n == 1 || f.At.Before(first.At) {
				first = f
			}
		}
		if n == 0 {
			continue
		}
		due, _ := s.Calendar.Add(workday.On(first.At), inspect.FeedbackDays)
		job := web.Job{Text: fmt.Sprintf("%s：%d 件", ask.text, n), Note: ask.note, Href: "/office/feedback?state=" + string(ask.state), Action: ask.action, Due: s.due(due)}
		if n == 1 {
			job.Text, job.Href = ask.text+"："+inspect.ChoiceText(inspect.FeedbackKinds, first.Kind), "/office/feedback/"+string(first.ID)
		}
		jobs = append(jobs, datedJob{Job: job, On: due})
	}
	return jobs, nil
}
