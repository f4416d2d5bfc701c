package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// A pastTask is a task that a new one can begin as a copy of.
type pastTask struct {
	Name, Plan, Href string
	Here             bool // this plan has a task of that name already
}

// copied returns a new line with the contents of the task that the address
// names, as it would stand in p: plans roll on from year to year, R2.
func (s *server) copied(r *http.Request, p inspect.Plan, from inspect.PlanID) (inspect.PlanLine, error) {
	source, err := s.db.Plan(r.Context(), web.Actor(r).Scope(), from)
	if err != nil {
		return inspect.PlanLine{}, err
	}
	no, _ := strconv.Atoi(r.URL.Query().Get("no")) // no line has number 0
	line, ok := source.Line(no)
	if !ok {
		return line, inspect.ErrMissing
	}
	line.No, line.Consents = 0, nil
	if p.Kind != inspect.PlanJoint {
		line.Lead = p.Org
	}
	if p.Kind == inspect.PlanOwn {
		line.Partners = nil
	}
	return line, nil
}

// copies offers the department's tasks of the year before, in a plan of the same
// kind, when a new one is written; and beside a task that stands, its copy.
func (s *server) copies(r *http.Request, v *lineView, l inspect.PlanLine) error {
	p := v.Plan
	path := func(of inspect.PlanID, no int) string {
		return fmt.Sprintf("/office/plans/%s/lines/new?from=%s&no=%d", p.ID, of, no)
	}
	if l.No > 0 {
		v.Copy = path(p.ID, l.No)
		return nil
	}
	if r.URL.Query().Has("from") {
		v.From = l.Name
		return nil
	}
	plans, err := s.db.Plans(r.Context(), web.Actor(r).Scope(), store.PlanFilter{Region: p.Region, Year: p.Year - 1, Kind: p.Kind, NotDone: true})
	if err != nil {
		return err
	}
	for _, past := range inspect.Current(plans) {
		if past.Org != p.Org {
			continue
		}
		for _, line := range past.Standing() {
			here := slices.ContainsFunc(p.Standing(), func(l inspect.PlanLine) bool { return l.Name == line.Name })
			v.Past = append(v.Past, pastTask{line.Name, past.Title(), path(past.ID, line.No), here})
		}
	}
	return nil
}
