package office

import (
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

// feedbackMost is how many pieces of feedback the list shows; those that wait come first.
const feedbackMost = 200

// registerFeedback adds the pages of feedback.
func (s *server) registerFeedback(m *web.Mux) {
	m.Page("GET /office/feedback", inspect.FeedbackRead, s.feedbackList)
	m.Page("GET /office/feedback/{id}", inspect.FeedbackRead, s.feedback)
}

type feedbackListView struct {
	Tabs []web.Tab
	Rows []feedbackRow
}

// A feedbackRow is one piece of feedback in the list.
type feedbackRow struct {
	Href, Kind, About, Org, When string
	State                        web.State
	Due                          web.Due
	Open                         bool
}

// feedbackList shows feedback: to the office and to oversight all of it, to a department
// what it answers.
func (s *server) feedbackList(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	state := inspect.FeedbackState(r.URL.Query().Get("state"))
	all, err := s.db.Feedbacks(r.Context(), who.Scope(), store.FeedbackFilter{State: state, Most: feedbackMost})
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := feedbackListView{Tabs: []web.Tab{{Text: "全部", Href: "/office/feedback", Current: state == ""}}}
	for _, c := range inspect.FeedbackStates {
		v.Tabs = append(v.Tabs, web.Tab{Text: c.Text, Href: "/office/feedback?state=" + c.Value, Current: string(state) == c.Value})
	}
	for _, f := range all {
		v.Rows = append(v.Rows, s.feedbackRow(f, facts))
	}
	return feedbackListPage.Show(w, r, v)
}

func (s *server) feedbackRow(f inspect.Feedback, facts inspect.Facts) feedbackRow {
	due, _ := s.Calendar.Add(workday.On(f.At), inspect.FeedbackDays)
	row := feedbackRow{
		Href: "/office/feedback/" + string(f.ID), Kind: inspect.ChoiceText(inspect.FeedbackKinds, f.Kind), About: inspect.ChoiceText(inspect.FeedbackAbouts, f.About),
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
		v.Facts = append(v.Facts, web.Fact{Label: "答复", Value: f.Answer, Note: web.Stamp(f.AnsweredAt)})
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
