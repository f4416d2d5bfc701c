package portal

import (
	"errors"
	"net/http"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	feedbackPage     = web.NewPage[feedbackView](files, "feedback.html", "part.html")
	feedbackCodePage = web.NewPage[feedbackCodeView](files, "feedback_code.html", "part.html")
)

// feedbackFields is the public form. Website is a trap: people do not see it, and
// programs that fill in everything do.
type feedbackFields struct {
	Token   string `json:"token"`
	Kind    string `json:"kind" label:"种类"`
	About   string `json:"about" label:"关于"`
	Ref     string `json:"ref" label:"检查码或者公示编号" hint:"检查码印在检查告知书和检查人员出示的卡片上；一般性的意见不填"`
	Text    string `json:"text" label:"内容" hint:"写明时间、地点和经过，最多 1000 字。请不要写身份证号、银行账号"`
	Name    string `json:"name" label:"称呼" hint:"可以不填"`
	Contact string `json:"contact" label:"联系方式" hint:"可以不填。只有联席会议办公室看得到，可以随时要求删除"`
	Website string `json:"website" label:"网站"`
}

type feedbackView struct {
	Form          web.Form
	Kinds, Abouts []web.Option
	Asked, Wrong  string // the code for an answer
}

// registerFeedback adds the pages of feedback. Nobody keeps a copy of them.
func (s *server) registerFeedback(m *web.Mux) {
	s.feedbackLimits = web.NewSlowLimits(10*time.Minute, 10)
	m.Public("GET /feedback", private(s.feedback))
	m.Public("POST /feedback", private(s.sendFeedback))
	m.Public("GET /feedback/{code}", private(s.feedbackByCode))
}

// private keeps an answer out of every store.
func private(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		return h(w, r)
	}
}

// feedback is the form, and the way to an answer.
func (s *server) feedback(w http.ResponseWriter, r *http.Request) error {
	v := feedbackView{Kinds: web.Options(inspect.FeedbackKinds), Abouts: web.Options(inspect.FeedbackAbouts)}
	if code := asked(r.URL.Query().Get("code")); code != "" {
		if _, err := s.db.FeedbackByCode(r.Context(), public, code); err == nil {
			http.Redirect(w, r, "/feedback/"+inspect.ReadVisitCode(code), http.StatusSeeOther)
			return nil
		} else if !errors.Is(err, inspect.ErrMissing) {
			return err
		}
		v.Asked, v.Wrong = code, "没有这个查询码。请照提交后给出的查询码重新输入。"
		r = web.WithStatus(r, http.StatusNotFound)
	}
	fields := feedbackFields{Token: web.NewID(), Kind: "opinion", About: "other"}
	if ref := asked(r.URL.Query().Get("ref")); ref != "" {
		fields.Ref, fields.About = ref, "visit"
	}
	v.Form = web.FormTo(r, "/feedback", &fields, "token")
	return feedbackPage.Show(w, r, v)
}

// sendFeedback takes the form in, and leads to the page of its code.
func (s *server) sendFeedback(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return inspect.ErrForm
	}
	var fields feedbackFields
	err := web.DecodeForm(r.PostForm, &fields)
	if err == nil {
		err = s.admit(w, r, fields.Website, fields.Token, inspect.ErrFeedbackMany.At("text"))
	}
	if err == nil {
		f := inspect.Feedback{Kind: fields.Kind, About: fields.About, Ref: fields.Ref}
		err = s.Feedback(r.Context(), fields.Token, f, inspect.FeedbackText{Text: fields.Text, Name: fields.Name, Contact: fields.Contact})
	}
	if err == nil {
		http.Redirect(w, r, "/feedback/"+inspect.FeedbackCode(fields.Token)+"?new=1", http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	return s.feedback(w, web.WithFailure(r, err))
}

// admit refuses a public form that a program filled in, that has no random number of
// ours, or that comes too often from one network: then with the problem many. A form
// with a mistake counts, too, so some may come at once.
func (s *server) admit(w http.ResponseWriter, r *http.Request, trap, token string, many inspect.Problem) error {
	switch {
	case trap != "":
		return inspect.ErrFeedbackTrap
	case !inspect.ValidID(token):
		return inspect.ErrForm
	}
	if wait := s.feedbackLimits.Wait(s.Client(r), s.Now()); wait > 0 {
		return web.TooOften(w.Header(), wait, many)
	}
	return nil
}

// mendable reports whether a public form is shown again for a failure, with what was
// entered. Of one that did not arrive whole nothing is known that could be shown again:
// its page says so alone.
func mendable(err error) bool {
	if errors.Is(err, inspect.ErrUploadLarge) || errors.Is(err, inspect.ErrForm) {
		return false
	}
	var p inspect.Problem
	var ps inspect.Problems
	return errors.As(err, &ps) || errors.As(err, &p) && (p.Kind == inspect.Invalid || p.Kind == inspect.Refused)
}

type feedbackCodeView struct {
	Code, Path     string
	New            bool
	Kind, Org      string
	At, AnsweredAt time.Time
	Answer         string
	State          web.State
}

// feedbackByCode shows the answer to whoever has the code, and nothing of what was sent.
func (s *server) feedbackByCode(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	f, err := s.db.FeedbackByCode(r.Context(), public, code)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	v := feedbackCodeView{
		Code: inspect.ReadVisitCode(code), New: r.URL.Query().Has("new"), Kind: inspect.ChoiceText(inspect.FeedbackKinds, f.Kind),
		Org: facts.Orgs[f.Org].Name, At: f.At, AnsweredAt: f.AnsweredAt, Answer: f.Answer, State: web.State{Shape: web.Waiting, Text: f.State.Text()},
	}
	if f.State == inspect.FeedbackAnswered {
		v.State.Shape = web.Happy
	}
	return feedbackCodePage.Show(w, r, v)
}
