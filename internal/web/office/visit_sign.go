package office

import (
	"net/http"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// signForms are those of the signatures: the party's three ways, and the reader's own.
func (s *server) signForms(r *http.Request, v *visitView, g visitScene, may []inspect.Verb) {
	x, team := g.visit, g.team.ID
	party := slices.ContainsFunc(g.live, func(o inspect.Signature) bool { return o.Kind == inspect.PartySigns })
	if slices.Contains(may, inspect.VisitParty) {
		way := func(way string) *web.Form {
			f := web.FormFor(r, way, act.SignParty{Team: team, ID: inspect.SignatureID(web.NewID()), Digest: x.Digest, Way: way, Name: x.Start.Present, Role: x.Start.Role}, "team", "id", "digest", "way")
			return &f
		}
		v.Drawn, v.Paper, v.Refused = way(inspect.SignDrawn), way(inspect.SignPaper), way(inspect.SignRefused)
	}
	if !slices.Contains(may, inspect.VisitSign) {
		return
	}
	v.Sign = &web.Grave{
		Title: "签字确认", Button: "签字", Form: web.FormOf(r, act.SignVisit{Team: team, ID: inspect.SignatureID(web.NewID()), Digest: x.Digest}, "team", "id", "digest"),
		Effects: []string{"您确认汇总表和各专项检查表的检查结果，并对检查结论负责。", "签字与本次内容的摘要绑定，内容改动后自动失效。", "全体成员签字后检查结束，各部门从当日起 20 个工作日内录入和公示。"},
	}
	if !party && x.Special.Kind == "" {
		v.Sign.Why = []string{inspect.ErrVisitParty.Error()}
	}
}
