package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	feedbackListPage = web.NewPage[feedbackListView](files, "feedback_list.html")
	feedbackPage     = web.NewPage[feedbackView](files, "feedback.html")
)

// feedbackMost is how many pieces of feedback are read, feedbackShown how many of those
// that the filter finds the page shows: those that wait come first.
const (
	feedbackMost  = 10_000
	feedbackShown = 200
)

// registerFeedback adds the pages of feedback.
func (s *server) registerFeedback(m *web.Mux) {
	m.Page("GET /office/feedback", inspect.FeedbackRead, s.feedbackList)
	m.Page("GET /office/feedback.xlsx", inspect.FeedbackRead, s.feedbackFile)
	m.Page("GET /office/feedback.csv", inspect.FeedbackRead, s.feedbackFile)
	m.Page("GET /office/feedback/{id}", inspect.FeedbackRead, s.feedback)
}

type feedbackListView struct {
	Tabs   []web.Tab
	Filter web.Filter
	Files  web.Exports
	Rows   []feedbackRow
	Count  string
}

// A feedbackRow is one piece of feedback in the list.
type feedbackRow struct {
	Href, Kind, About, Ref, Org, When string
	State                             web.State
	Due                               web.Due
	Open                              bool
}

// feedbackList shows feedback: to the office and to oversight all of it, to a department
// what it answers.
func (s *server) feedbackList(w http.ResponseWriter, r *http.Request) error {
	found, facts, err := s.feedbackOf(r)
	if err != nil {
		return err
	}
	state := r.URL.Query().Get("state")
	v := feedbackListView{Files: web.NewExports(r), Count: fmt.Sprintf("共 %s 件", web.Thousands(int64(len(found))))}
	v.Tabs = []web.Tab{{Text: "全部", Href: "/office/feedback", Current: state == ""}}
	for _, c := range inspect.FeedbackStates {
		v.Tabs = append(v.Tabs, web.Tab{Text: c.Text, Href: "/office/feedback?state=" + c.Value, Current: state == c.Value})
	}
	chips := []web.Chip{web.NewChip(r, "种类", "kind", web.Options(inspect.FeedbackKinds)...), web.NewChip(r, "关于", "about", web.Options(inspect.FeedbackAbouts)...)}
	v.Filter = web.NewFilter(r, "检查码、公示编号或者承办单位", "feedback", chips...)
	if len(found) > feedbackShown {
		found = found[:feedbackShown]
		v.Count += fmt.Sprintf("，本页 %d 件，其余请缩小范围查找或者导出", feedbackShown)
	}
	for _, f := range found {
		v.Rows = append(v.Rows, s.feedbackRow(f, facts))
	}
	return feedbackListPage.Show(w, r, v)
}

// feedbackOf reads what the address asks for.
func (s *server) feedbackOf(r *http.Request) ([]inspect.Feedback, inspect.Facts, error) {
	who, q := web.Actor(r), r.URL.Query()
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, facts, err
	}
	found, err := s.db.Feedbacks(r.Context(), who.Scope(), store.FeedbackFilter{State: inspect.FeedbackState(q.Get("state")), Most: feedbackMost})
	kind, about, text := q.Get("kind"), q.Get("about"), strings.ToUpper(strings.TrimSpace(q.Get("q")))
	found = slices.DeleteFunc(found, func(f inspect.Feedback) bool {
		of := strings.ToUpper(f.Ref) + "\n" + facts.Orgs[f.Org].Name + "\n" + facts.Orgs[f.Org].Short
		return kind != "" && f.Kind != kind || about != "" && f.About != about || !strings.Contains(of, text)
	})
	return found, facts, err
}

// feedbackFile sends all rows that the filter finds: what was said and who said it is not
// among them.
func (s *server) feedbackFile(w http.ResponseWriter, r *http.Request) error {
	found, facts, err := s.feedbackOf(r)
	if err != nil {
		return err
	}
	file, err := s.sendTable(w, r, "feedback", shownTable("意见反馈登记簿", []string{"种类", "关于", "检查码或者公示编号", "承办单位", "状态", "收到时间", "答复期限", "答复时间"}))
	if err != nil {
		return err
	}
	for _, f := range found {
		row, answered := s.feedbackRow(f, facts), ""
		if !f.AnsweredAt.IsZero() {
			answered = web.Stamp(f.AnsweredAt)
		}
		due, _ := s.Calendar.Add(workday.On(f.At), inspect.FeedbackDays)
		err = errors.Join(err, file.Write([]string{row.Kind, row.About, row.Ref, row.Org, row.State.Text, row.When, due.String(), answered}))
	}
	return errors.Join(err, file.Close())
}

func (s *server) feedbackRow(f inspect.Feedback, facts inspect.Facts) feedbackRow {
	due, _ := s.Calendar.Add(workday.On(f.At), inspect.FeedbackDays)
	row := feedbackRow{
		Href: "/office/feedback/" + string(f.ID), Kind: inspect.ChoiceText(inspect.FeedbackKinds, f.Kind), About: inspect.ChoiceText(inspect.FeedbackAbouts, f.About), Ref: f.Ref,
		Org: facts.Orgs[f.Org].Short, When: web.Stamp(f.At), State: web.State{Shape: web.Waiting, Text: f.State.Text()}, Due: s.due(due),
		Open: f.State != inspect.FeedbackAnswered && f.ErasedAt.IsZero(),
	}
	switch {
	case f.State == inspect.FeedbackAnswered:
		row.State.Shape = web.Happy
	case !f.ErasedAt.IsZero():
		row.State = web.State{Shape: web.Bad, Text: "已删除"}
	}
	return row
}

type feedbackView struct {
	Crumbs              []web.Link
	Row                 feedbackRow
	Words               inspect.FeedbackText
	Erased              string
	Answered, When      string
	Facts               []web.Fact
	Pass, Answer, Erase *web.Form
	Orgs                []web.Option
	Log                 []web.Entry
}

// feedback shows one piece of feedback. Who sent it the office sees alone.
func (s *server) feedback(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, err := s.db.Feedbacks(r.Context(), who.Scope(), store.FeedbackFilter{ID: inspect.FeedbackID(r.PathValue("id")), Most: 1})
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return inspect.ErrMissing
	}
	f := all[0]
	facts, err := s.db.Facts(r.Context(), who.Scope(), f.Region)
	if err != nil {
		return err
	}
	v := feedbackView{Row: s.feedbackRow(f, facts), Erased: f.Reason}
	v.Crumbs = []web.Link{{Text: "意见反馈", Href: "/office/feedback"}, {Text: v.Row.Kind}}
	if v.Words, err = s.db.FeedbackText(r.Context(), who.Scope(), f.ID); err != nil {
		return err
	}
	v.Facts = []web.Fact{{Label: "收到", Value: v.Row.When}, {Label: "关于", Value: v.Row.About, Note: f.Ref}, {Label: "承办", Value: facts.Orgs[f.Org].Name, Note: f.Note}}
	if who.Org.Kind == inspect.OrgOffice {
		v.Facts = append(v.Facts, web.Fact{Label: "称呼", Value: orNone(v.Words.Name)}, web.Fact{Label: "联系方式", Value: orNone(v.Words.Contact)})
	}
	if f.Answer != "" {
		v.Answered, v.When = f.Answer, web.Stamp(f.AnsweredAt)
	}
	s.feedbackForms(r, &v, f, facts)
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "feedback", string(f.ID), 20)
	v.Log = Log(entries)
	if err != nil {
		return err
	}
	return feedbackPage.Show(w, r, v)
}

func orNone(text string) string {
	if text == "" {
		return "没有填写"
	}
	return text
}

// feedbackForms adds the forms of what the reader may do now.
func (s *server) feedbackForms(r *http.Request, v *feedbackView, f inspect.Feedback, facts inspect.Facts) {
	who := web.Actor(r)
	for _, verb := range who.Among(f.Verbs(), f.Relations(who.Org)...) {
		switch verb {
		case inspect.FeedbackPass:
			form := web.FormOf(r, act.PassFeedback{ID: f.ID, Seen: f.Version}, "id", "seen")
			v.Pass = &form
			for _, o := range facts.Orgs {
				if o.ID != f.Org && o.Kind != inspect.OrgGovernment && o.Until.IsZero() {
					v.Orgs = append(v.Orgs, web.Option{Value: string(o.ID), Text: o.Name})
				}
			}
			slices.SortFunc(v.Orgs, func(a, b web.Option) int { return strings.Compare(a.Text, b.Text) })
		case inspect.FeedbackAnswer:
			form := web.FormOf(r, act.AnswerFeedback{ID: f.ID, Seen: f.Version}, "id", "seen")
			v.Answer = &form
		case inspect.FeedbackErase:
			form := web.FormOf(r, act.EraseFeedback{ID: f.ID, Seen: f.Version}, "id", "seen")
			v.Erase = &form
		}
	}
}
