package office

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

type visitsView struct {
	Nobody bool // the account is no inspector's
	Open   *web.Form
	Waits  int // for this inspector's receipt
	Coming []visitRow
	Past   []visitRow
}

// A visitRow is one visit of the reader.
type visitRow struct {
	Href, Name, Object, Code, Place, Town string
	Day, Days, Reason, Role, Mates        string
	Phone                                 string // of the leader, if the own department's
	Items                                 []teamItem
	State                                 web.State
	Form                                  *web.Form
	Sealed                                string // until when the list is kept secret
	Over                                  bool   // the visit is done, or was not made in time
	Sign                                  bool   // it waits for signatures
}

// visits shows inspectors their own visits, on the telephone too, and lets them say
// that they know: R74. It shows what was dispatched and nothing else.
func (s *server) visits(w http.ResponseWriter, r *http.Request) error {
	var v visitsView
	me, mine, err := s.mine(r)
	if errors.Is(err, inspect.ErrMissing) {
		v.Nobody = true
		return visitsPage.Show(w, r, v)
	}
	if err != nil {
		return err
	}
	t := teamTable{teams: mine}
	if err := s.fillTeams(r, &t); err != nil {
		return err
	}
	slices.SortStableFunc(t.teams, func(a, b inspect.Team) int { return cmp.Or(visitOn(a).Compare(visitOn(b)), cmp.Compare(a.No, b.No)) })
	var waits []inspect.TeamID
	for _, x := range t.teams {
		row, err := s.visitRow(r, &t, x, me)
		if err != nil {
			return err
		}
		if row.Form != nil {
			waits = append(waits, x.ID)
		}
		if row.Over {
			v.Past = append(v.Past, row)
		} else {
			v.Coming = append(v.Coming, row)
		}
	}
	if v.Waits = len(waits); v.Waits > 1 {
		form := web.FormFor(r, "all", act.AcknowledgeTeams{Teams: waits}, "teams")
		v.Open = &form
	}
	return visitsPage.Show(w, r, v)
}

// mine are the dispatched teams that the reader is in, and the reader as an inspector.
func (s *server) mine(r *http.Request) (inspect.InspectorNo, []inspect.Team, error) {
	who := web.Actor(r)
	me, err := s.db.InspectorOf(r.Context(), who.Scope(), who.Person)
	if err != nil {
		return 0, nil, err
	}
	all, err := s.db.Teams(r.Context(), who.Scope(), store.TeamFilter{Region: who.Org.Region, Year: s.today().Year() - 1, Inspector: me.No})
	if err == nil {
		all, err = s.Desk.MyTeams(r.Context(), me.No, all)
	}
	return me.No, slices.DeleteFunc(all, func(x inspect.Team) bool {
		_, in := x.Member(me.No)
		return !in || x.State != inspect.TeamDispatched
	}), err
}

// visitJobs ask an inspector for the receipt of visits: R74.
func (s *server) visitJobs(r *http.Request) ([]datedJob, error) {
	if web.Actor(r).May(inspect.TeamMine) != nil {
		return nil, nil
	}
	me, mine, err := s.mine(r)
	if errors.Is(err, inspect.ErrMissing) { // the account is no inspector's
		return nil, nil
	}
	n, first := 0, dateOf{}
	for _, x := range mine {
		if m, _ := x.Member(me); m.At.IsZero() {
			if n++; first.IsZero() || visitOn(x).Before(first) {
				first = visitOn(x)
			}
		}
	}
	if err != nil || n == 0 {
		return nil, err
	}
	return []datedJob{{On: first, Job: web.Job{
		Text: fmt.Sprintf("签收派给您的检查 %d 户", n), Note: "签收后由组长安排，按检查日期到场", Href: "/office/visits", Action: "去签收", Due: s.due(first),
	}}}, nil
}

// visitOn is the day of a visit, or the last on which it can be.
func visitOn(x inspect.Team) dateOf {
	if x.Day.IsZero() {
		return x.Days.Until
	}
	return x.Day
}

func (s *server) visitRow(r *http.Request, t *teamTable, x inspect.Team, me inspect.InspectorNo) (visitRow, error) {
	if t.scene.Batch.ID != x.Batch { // the visits are of several batches
		var err error
		if t.scene.Batch, err = s.db.Batch(r.Context(), web.Actor(r).Scope(), x.Batch); err != nil {
			return visitRow{}, err
		}
		if t.scene.Tasks, err = s.db.TasksOfBatch(r.Context(), web.Actor(r).Scope(), t.scene.Batch); err != nil {
			return visitRow{}, err
		}
	}
	o, m := t.objects[x.Object], inspect.TeamMember{}
	row := visitRow{Href: visitPath(x.ID), Name: x.Name(), Object: o.Name, Code: o.Code, Place: o.Address, Town: t.town(x), Days: x.Days.Text(), Reason: x.Reason, Role: "组员", Items: t.items(x)}
	if !x.Day.IsZero() {
		row.Day = x.Day.Full()
	}
	if t.scene.Batch.Hidden() {
		row.Sealed = chinaMoment(t.scene.Batch.Terms.Opening)
	}
	for _, other := range x.Standing() {
		name := t.files[other.Inspector].Name + "（" + t.facts.Orgs[other.Org].Short
		if other.Leader {
			name += "，组长"
			row.Phone = t.files[other.Inspector].Phone
		}
		if other.Inspector == me {
			m = other
			continue
		}
		if row.Mates != "" {
			row.Mates += "、"
		}
		row.Mates += name + "）"
	}
	if m.Leader {
		row.Role, row.Phone = "组长", ""
	}
	row.State = web.State{Shape: web.Happy, Text: "已签收"}
	if m.At.IsZero() {
		row.State = web.State{Shape: web.Waiting, Text: "待签收"}
		form := web.FormFor(r, string(x.ID), act.AcknowledgeTeams{Teams: []inspect.TeamID{x.ID}}, "teams")
		row.Form = &form
	}
	return row, s.visitStands(r, &row, x)
}

// visitStands says how far the visit has come. One that the officers have begun stays in
// sight until all have signed, whatever its day.
func (s *server) visitStands(r *http.Request, row *visitRow, x inspect.Team) error {
	found, err := s.db.Visit(r.Context(), web.Actor(r).Scope(), inspect.VisitIDOf(x.ID))
	if errors.Is(err, inspect.ErrMissing) {
		row.Over = x.Days.Until.Before(s.today())
		return nil
	}
	if err != nil {
		return err
	}
	row.Sign = found.State == inspect.VisitConcluded
	row.Over = found.Done() || found.State == inspect.VisitPrepared && x.Days.Until.Before(s.today())
	if row.Form == nil || found.State != inspect.VisitPrepared { // who inspects has no need of a receipt
		row.State, row.Form = visitState(found), nil
	}
	return nil
}
