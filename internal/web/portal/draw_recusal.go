package portal

import (
	"net/http"
	"slices"

	"suicha/internal/inspect"
	"suicha/internal/web"
)

var recusalPage = web.NewPage[recusalView](files, "draw_recusal.html", "draw_part.html")

// A recusalView is the form of words by which one who is inspected applies for the
// recusal of an inspector.
type recusalView struct {
	drawHead
	Name, ID string // empty for who did not show the short code
	Tasks    []drawTask
	Back     string
}

// recuses fills in where an enterprise finds how to apply for recusal. Before the
// opening of a sealed list everybody finds it, drawn or not.
func (v *mineView) recuses(r *drawRun) {
	drawn := slices.ContainsFunc(v.Places, func(p placeView) bool { return p.Drawn })
	if v.Own && r.Annulled == nil && (drawn || v.Sealed && !r.opened()) {
		v.Recusal = v.Path + "/recusal?id=" + escape(v.ID) + "&code=" + escape(v.Ask.Code)
	}
}

// drawRecusal is the application to print, 行政处罚法 四十三: with the enterprise's name
// for who shows its short code, with blanks for everybody else. The department that
// leads the task registers the application; who has the code of a visit applies on the
// site, too: recusal.go.
func (s *server) drawRecusal(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	d, err := s.drawing(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	run, q := d.now(), r.URL.Query()
	v := recusalView{drawHead: s.head(d, "recusal", "回避申请书"), Back: drawPath(d.Number) + "/me"}
	drawn := map[string]bool{}
	if q.Has("id") {
		own, _, err := s.asker(r.Context(), d, q.Get("id"), q.Get("code"))
		if err != nil {
			return err
		}
		if !own.Own {
			return inspect.ErrMissing
		}
		if err := own.tell(run); err != nil {
			return err
		}
		v.Name, v.ID, v.Back = own.Name, own.ID, v.Back+"?id="+escape(own.ID)+"&code="+escape(own.Ask.Code)
		for _, p := range own.Places {
			drawn[p.Task] = p.Drawn
		}
	}
	for _, t := range run.c.Manifest.Tasks {
		if len(drawn) == 0 || drawn[t.Title] {
			v.Tasks = append(v.Tasks, drawTask{Code: t.Code, Title: t.Title, Lead: t.Lead})
		}
	}
	return recusalPage.Show(w, r, v)
}
