package office

import (
	"fmt"
	"net/http"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// planFile sends one edition of a plan as a table to work on or to print, in any
// state that the reader may see it in. What the public downloads is in portal.
func (s *server) planFile(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	p, err := s.db.Plan(r.Context(), who.Scope(), inspect.PlanID(r.PathValue("id")))
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), p.Region)
	if err != nil {
		return err
	}
	body, err := exchange.NewPlan(p, facts, exchange.Publication{Publisher: facts.Orgs[p.Org].Name, Approver: approverOf(p, facts)}).XLSX()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-v%d-%s.xlsx"`, p.Number, p.Edition, s.today()))
	_, err = w.Write(body)
	return err
}

// approverOf is the organisation that approved the plan: the government for the
// joint plan (R41), the department itself for its own.
func approverOf(p inspect.Plan, facts inspect.Facts) string {
	switch {
	case p.ApprovedAt.IsZero():
		return "尚未批准"
	case p.Kind != inspect.PlanJoint:
		return facts.Orgs[p.Org].Name
	}
	for _, o := range facts.Orgs {
		if o.Kind == inspect.OrgGovernment && o.Region == p.Region {
			return o.Name
		}
	}
	return "市政府"
}
