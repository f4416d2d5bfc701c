package portal

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	recusalFormPage = web.NewPage[recusalFormView](files, "recusal.html", "part.html", "draw_part.html")
	recusalCodePage = web.NewPage[recusalCodeView](files, "recusal_code.html", "part.html")
)

// A RecusalForm is what the public form brings: who applies is known by the code of the
// visit, and the words stand beside the record.
type RecusalForm struct {
	Team  inspect.TeamID
	Visit string // the code, as it was typed
	Out   inspect.InspectorNo
	Cause string
	Words inspect.FeedbackText
}

// recusalFields is the public form. Website is a trap: people do not see it, and programs
// that fill in everything do.
type recusalFields struct {
	Token   string `json:"token"`
	Visit   string `json:"visit"`
	Out     string `json:"out" label:"申请哪一位检查人员回避"`
	Cause   string `json:"cause" label:"事由"`
	Text    string `json:"text" label:"具体情况" hint:"写明是什么关系、有什么材料可以证明，最多 1000 字"`
	Name    string `json:"name" label:"联系人" hint:"牵头部门核实情况用，不公开"`
	Contact string `json:"contact" label:"联系电话" hint:"不公开，办结后可以要求删除"`
	Website string `json:"website" label:"网站"`
}

type recusalFormView struct {
	Form                   web.Form
	Officers, Causes       []web.Option
	Known                  bool // which visit it is about
	Ended                  bool // nothing is taken in about it any more
	Code, Object, Lead     string
	Asked, Wrong, BadVisit string
}

// registerRecusals adds the pages of applications for recusal. Nobody keeps a copy of
// them.
func (s *server) registerRecusals(m *web.Mux) {
	m.Public("GET /recusals", private(s.recusal))
	m.Public("POST /recusals", private(s.sendRecusal))
	m.Public("GET /recusals/{code}", private(s.recusalByCode))
}

// recusalVisit is the visit of a code, with its team, if who has the code may know of it.
func (s *server) recusalVisit(r *http.Request, typed string) (v inspect.Visit, x inspect.Team, taken bool, err error) {
	if v, err = s.db.VisitByCode(r.Context(), public, cmp.Or(inspect.ReadVisitCode(typed), "-")); err != nil {
		return v, x, false, err
	}
	if x, err = s.teamOf(r, v); err != nil {
		return v, x, false, err
	}
	if !v.Checkable(x) {
		return v, x, false, inspect.ErrMissing
	}
	taken, err = s.takesRecusal(r.Context(), v, x)
	return v, x, taken, err
}

// takesRecusal reports whether an application about the visit is taken in now. The code
// is the right to know that much of its batch.
func (s *server) takesRecusal(ctx context.Context, v inspect.Visit, x inspect.Team) (bool, error) {
	b, err := s.db.Batch(ctx, inspect.Scope{Region: v.Region, Org: v.Org, Reach: inspect.ReachOwn}, v.Batch)
	if errors.Is(err, inspect.ErrMissing) {
		return false, nil // its department is no longer there to decide
	}
	return err == nil && v.TakesRecusal(x, b), err
}

// recusal is the form about the visit whose code the reader has, and the way to what came
// of an application: 行政处罚法 四十三. Wrong codes are answered alike, as those of visits.
func (s *server) recusal(w http.ResponseWriter, r *http.Request) error {
	v := recusalFormView{Causes: web.Options(inspect.RecusalCauses)}
	if code := asked(r.URL.Query().Get("code")); code != "" {
		if _, err := s.db.RecusalByCode(r.Context(), public, code); err == nil {
			http.Redirect(w, r, "/recusals/"+inspect.ReadVisitCode(code), http.StatusSeeOther)
			return nil
		} else if !errors.Is(err, inspect.ErrMissing) {
			return err
		}
		v.Asked, v.Wrong = code, "没有这个受理编号。请照提交后给出的受理编号重新输入。"
		r = web.WithStatus(r, http.StatusNotFound)
	}
	fields := recusalFields{Token: web.NewID(), Cause: inspect.RecusalCauses[0].Value, Visit: cmp.Or(r.PostFormValue("visit"), r.URL.Query().Get("visit"))}
	if fields.Visit != "" {
		if wait := s.checkLimits.Wait(s.Client(r), s.Now()); wait > 0 {
			return web.TooOften(w.Header(), wait, web.ErrBusy)
		}
		visit, x, taken, err := s.recusalVisit(r, fields.Visit)
		switch {
		case errors.Is(err, inspect.ErrMissing):
			v.BadVisit = "没有查到这个检查码。请照检查告知书或者检查人员出示的码重新输入。"
			r = web.WithStatus(r, http.StatusNotFound)
		case err != nil:
			return err
		default:
			if err := s.recusalOf(r, &v, visit, x); err != nil {
				return err
			}
			v.Known, v.Ended = taken, !taken
		}
	}
	v.Form = web.FormTo(r, "/recusals", &fields, "token", "visit")
	return recusalFormPage.Show(w, r, v)
}

// recusalOf fills in whom the form is about: the members who stand now.
func (s *server) recusalOf(r *http.Request, v *recusalFormView, visit inspect.Visit, x inspect.Team) error {
	visit.Members = nil // who came may have been replaced since
	found, err := s.found(r, visit, x)
	if err != nil {
		return err
	}
	v.Code, v.Object, v.Lead = visit.Code, found.Object, found.Lead
	for _, o := range found.Officers {
		v.Officers = append(v.Officers, web.Option{Value: o.no.String(), Text: o.Name, Note: o.Org + "　" + o.Role})
	}
	return nil
}

// sendRecusal takes the form in, and leads to the page of its receipt number.
func (s *server) sendRecusal(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return inspect.ErrForm
	}
	var fields recusalFields
	err := web.DecodeForm(r.PostForm, &fields)
	if err == nil {
		err = s.admit(w, r, fields.Website, fields.Token, inspect.ErrRecusalMany.At("text"))
	}
	if err == nil {
		err = s.takeRecusal(r.Context(), r, fields)
	}
	if err == nil {
		id := inspect.SubstID(inspect.OwnID(fields.Token, "recusal"))
		http.Redirect(w, r, "/recusals/"+inspect.RecusalCode(id)+"?new=1", http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	return s.recusal(w, web.WithFailure(r, err))
}

func (s *server) takeRecusal(ctx context.Context, r *http.Request, fields recusalFields) error {
	visit, x, _, err := s.recusalVisit(r, fields.Visit)
	if errors.Is(err, inspect.ErrMissing) {
		return inspect.ErrRecusalVisit.At("visit")
	}
	if err != nil {
		return err
	}
	out, _ := strconv.ParseInt(fields.Out, 10, 64) // nobody has the number 0
	return s.Recusal(ctx, fields.Token, RecusalForm{
		Team: x.ID, Visit: visit.Code, Out: inspect.InspectorNo(out), Cause: fields.Cause,
		Words: inspect.FeedbackText{Text: fields.Text, Name: fields.Name, Contact: fields.Contact},
	})
}

type recusalCodeView struct {
	Code, Body       string
	New              bool
	At, AnsweredAt   time.Time
	Answer, Due, Way string
	State            web.State
}

// recusalByCode shows how far an application is to whoever has its receipt number, and
// nothing of what was sent, of whom it is about, or of who comes instead.
func (s *server) recusalByCode(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	x, err := s.db.RecusalByCode(r.Context(), public, code)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	v := recusalCodeView{
		Code: inspect.ReadVisitCode(code), New: r.URL.Query().Has("new"), At: x.AskedAt, AnsweredAt: x.DecidedAt, Answer: cmp.Or(x.Opinion, x.Note),
		State: recusalStates[x.State], Way: inspect.ChoiceText(inspect.RecusalChannels, x.Channel),
	}
	if x.Closed == "" {
		v.Body = facts.Orgs[x.Lead].Name
	} else {
		v.Answer = "" // INV-05: it is read when the list is public
	}
	if x.State == inspect.SubstAsked && !x.Due.IsZero() {
		v.Due = x.Due.Full()
	}
	return recusalCodePage.Show(w, r, v)
}

// recusalStates are the states as who applied reads them.
var recusalStates = map[inspect.SubstState]web.State{
	inspect.SubstAsked: {Shape: web.Waiting, Text: "待决定"}, inspect.SubstGranted: {Shape: web.Happy, Text: "同意回避"},
	inspect.SubstRefused: {Shape: web.Bad, Text: "不同意回避"}, inspect.SubstWithdrawn: {Shape: web.Idle, Text: "已撤回或者不再办理"},
}
