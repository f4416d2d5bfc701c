package portal

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	checkPage = web.NewPage[codeView](files, "check.html", "part.html")
	foundPage = web.NewPage[foundView](files, "check_found.html", "part.html")
)

// checkEvery is how often one network asks for codes in the long run.
const checkEvery = 3 * time.Second

// A codeView is where an inspection code (检查码) is entered. It never repeats what was
// entered: every wrong code is answered by the same page.
type codeView struct{ Wrong bool }

// A foundView is what the party may know of the visit whose code it has.
type foundView struct {
	Code, Object, ObjectCode string
	State                    web.State
	Day, Days                string
	NoNotice                 bool
	Lead                     string
	Recuses                  bool // an application for recusal is taken in
	Officers                 []foundOfficer
	Items                    []foundItem
}

// A foundOfficer is an officer as the inspected party may know them: C15.
type foundOfficer struct {
	Name, Certificate, Org, Role string
	no                           inspect.InspectorNo
}

type foundItem struct{ Name, Href, Org string }

// registerCheck adds the pages by which anybody who has the code checks a visit before
// the officers come in (扫码入企). A network asks twenty times at once, and then once in
// three seconds: of 80 random bits nobody finds one.
func (s *server) registerCheck(m *web.Mux) {
	s.checkLimits = web.NewSlowLimits(checkEvery, 20)
	m.Public("GET /check", private(s.check))
	m.Public("GET /check/{code}", private(s.checked))
}

// check is where the code is typed; the form leads to the page of the code.
func (s *server) check(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Has("code") {
		return s.answerCode(w, r, r.URL.Query().Get("code"))
	}
	return checkPage.Show(w, r, codeView{})
}

// checked is where the QR code leads.
func (s *server) checked(w http.ResponseWriter, r *http.Request) error {
	return s.answerCode(w, r, r.PathValue("code"))
}

// answerCode shows the visit of a code. A code that is none, one that names no visit and
// one whose visit must not be known yet are answered alike: R81, INV-05.
func (s *server) answerCode(w http.ResponseWriter, r *http.Request, typed string) error {
	if wait := s.checkLimits.Wait(s.Client(r), s.Now()); wait > 0 {
		return web.TooOften(w.Header(), wait, web.ErrBusy)
	}
	visit, err := s.db.VisitByCode(r.Context(), public, inspect.ReadVisitCode(typed))
	var team inspect.Team
	if err == nil {
		team, err = s.teamOf(r, visit)
	}
	if err == nil && !visit.Checkable(team) {
		err = inspect.ErrMissing
	}
	if errors.Is(err, inspect.ErrMissing) {
		return checkPage.Show(w, web.WithStatus(r, http.StatusNotFound), codeView{Wrong: true})
	}
	if err != nil {
		return err
	}
	v, err := s.found(r, visit, team)
	if err == nil {
		v.Recuses, err = s.takesRecusal(r.Context(), visit, team)
	}
	if err != nil {
		return err
	}
	return foundPage.Show(w, r, v)
}

func (s *server) teamOf(r *http.Request, v inspect.Visit) (inspect.Team, error) {
	all, err := s.db.Teams(r.Context(), public, store.TeamFilter{ID: v.Team, Batch: v.Batch})
	if err == nil && len(all) == 0 {
		err = inspect.ErrMissing
	}
	if err != nil {
		return inspect.Team{}, err
	}
	return all[0], nil
}

// found is what the page shows: officers by name, certificate and department, and the
// items, each as it is published.
func (s *server) found(r *http.Request, v inspect.Visit, team inspect.Team) (foundView, error) {
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return foundView{}, err
	}
	today := workday.On(s.Now())
	members := v.Members // as they stood when they came
	if len(members) == 0 {
		scope := inspect.Scope{Region: v.Region, Org: v.Org, Reach: inspect.ReachOwn} // the code is the right to know them: C15
		files, err := s.db.InspectorFiles(r.Context(), scope, today, inspect.TeamMembers([]inspect.Team{team}))
		if err != nil {
			return foundView{}, err
		}
		members = inspect.VisitMembers(team, files, today)
	}
	f := foundView{
		Code: v.Code, Object: v.Party.Name, ObjectCode: v.Party.Code, Days: team.Days.Text(), NoNotice: v.NoNotice, Lead: facts.Orgs[v.Org].Name,
		State: web.State{Shape: web.Waiting, Text: v.State.Text()},
	}
	if v.Done() {
		f.State.Shape = web.Happy
	}
	if day := v.Start.Day; !day.IsZero() {
		f.Day = day.Full()
	} else if !team.Day.IsZero() {
		f.Day = team.Day.Full()
	}
	for _, m := range members {
		o := foundOfficer{Name: m.Name, Certificate: m.Certificate, Org: facts.Orgs[m.Org].Name, Role: "检查人员", no: m.Inspector}
		if m.Leader {
			o.Role = "组长"
		}
		f.Officers = append(f.Officers, o)
	}
	for _, x := range v.Findings {
		f.Items = append(f.Items, foundItem{x.Name, "/items/" + string(x.Item) + "/" + strconv.FormatInt(x.ItemVersion, 10), facts.Orgs[x.Org].Name})
	}
	return f, nil
}
