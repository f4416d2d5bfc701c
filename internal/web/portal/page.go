package portal

import (
	"net/http"

	"suicha/internal/web"
)

var (
	aboutPage         = web.NewPage[aboutView](files, "about.html", "part.html")
	openDataPage      = web.NewPage[openDataView](files, "open_data.html", "part.html")
	accessibilityPage = web.NewPage[aboutView](files, "accessibility.html", "part.html")
)

type aboutView struct{ Place string }

type openDataView struct {
	Place, Base string
	Plans       []dataRow
	Feeds       []feedLink
}

// A dataRow is a plan with its files.
type dataRow struct {
	Plan  planRow
	Files []fileView
}

// dataMost is how many plans the page of open data lists; the feed and the list
// of plans lead to the others.
const dataMost = 30

// about explains the draw in a minute.
func (s *server) about(w http.ResponseWriter, r *http.Request) error {
	return aboutPage.Show(w, r, aboutView{s.Place})
}

// accessibility says what the site does for those who see, hear or move with
// difficulty, and whom to tell what is missing.
func (s *server) accessibility(w http.ResponseWriter, r *http.Request) error {
	return accessibilityPage.Show(w, r, aboutView{s.Place})
}

// openData lists what programs can read.
func (s *server) openData(w http.ResponseWriter, r *http.Request) error {
	latest, err := s.db.LatestPlans(r.Context(), public, s.Region, dataMost)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	v := openDataView{Place: s.Place, Base: s.Base}
	if v.Feeds, err = s.feedLinks(r); err != nil {
		return err
	}
	for _, p := range latest {
		row := newPlanRow(p, facts, "")
		row.Href = planPath(p)
		v.Plans = append(v.Plans, dataRow{Plan: row, Files: []fileView{
			{Text: "JSON", Href: row.Href + ".json"}, {Text: "CSV", Href: row.Href + ".csv"}, {Text: "Excel", Href: row.Href + ".xlsx"},
		}})
	}
	return openDataPage.Show(w, r, v)
}
