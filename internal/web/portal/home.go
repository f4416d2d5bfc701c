package portal

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var homePage = web.NewPage[homeView](files, "home.html", "part.html", "draw_part.html")

type homeView struct {
	Place    string
	Orgs     int // departments that inspect
	Search   homeSearch
	Examples []web.Link
	Drawn    *lastDrawn  // the batch drawn last
	Latest   *latestView // until there is one, the plan published last
	Rows     []planRow
	Draws    []drawRow // the newest
	Results  []resultRow
	Log      logStatus
}

// A homeSearch says what the search of the front page finds: enterprises, once a result
// is public, and plans until then.
type homeSearch struct{ Path, Label string }

// A lastDrawn is the card of a batch: the tickets of its largest cell and the line.
type lastDrawn struct {
	Row     drawRow
	Cell    string
	Strip   *stripView
	Numbers []web.Number
}

// drawnStrip is the width of the picture in the card.
const drawnStrip = 352

// drawnLast is the card of the first of the batches that is opened and stands.
func drawnLast(newest []*drawing) *lastDrawn {
	for _, d := range newest {
		if d.broken != nil || d.now().Annulled != nil {
			continue
		}
		if line := d.now().line(d.now().cellViews(), ""); line != nil {
			return &lastDrawn{newDrawRow(d), line.Cell.Task + "　" + line.Cell.Name, newStrip(line.Cell, drawnStrip, ""), d.now().numbers()}
		}
	}
	return nil
}

// latestView is the card of the plan published last.
type latestView struct {
	Row     planRow
	Year    []monthMarks
	Numbers []web.Number
	Receipt *web.Receipt
}

// A monthMarks is one month of the year in the card's picture: how many tasks
// are planned for it, and a mark for each.
type monthMarks struct {
	Month, Tasks, X int
	Path            string
}

// homeMost is how many plans the front page lists.
const homeMost = 6

// resultsHome is how many results it lists.
const resultsHome = 5

// drawsHome is how many batches it lists, drawsSought how many it looks through for the
// one of the card: the newest are often not drawn yet.
const (
	drawsHome   = 3
	drawsSought = 12
)

// home is the front page: what there is to find, what is new, and how one can
// know that it is true.
func (s *server) home(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	latest, err := s.db.LatestPlans(ctx, public, s.Region, 30)
	if err != nil {
		return err
	}
	latest = slices.DeleteFunc(latest, func(p inspect.Plan) bool { return p.State != inspect.PlanPublished })
	facts, err := s.db.Facts(ctx, public, s.Region)
	if err != nil {
		return err
	}
	v := homeView{Place: s.Place, Search: homeSearch{"/plans", "任务、行业或检查对象"}, Examples: examples(latest)}
	for _, o := range facts.Orgs {
		if o.Inspects() && o.Until.IsZero() {
			v.Orgs++
		}
	}
	for i, p := range latest {
		if i < homeMost {
			v.Rows = append(v.Rows, newPlanRow(p, facts, ""))
		}
	}
	if len(latest) > 0 {
		p := latest[0]
		v.Latest = &latestView{Row: v.Rows[0], Year: yearMarks(p), Numbers: planNumbers(p)}
		acts, err := s.db.PublicActs(ctx, public, p.ID)
		if err != nil {
			return err
		}
		if a, ok := (dossier{acts: acts}).publication(); ok {
			receipt := receiptOf(a)
			v.Latest.Receipt = &receipt
		}
	}
	newest, err := s.drawsOf(r, DrawFilter{Most: drawsSought})
	if err != nil {
		return err
	}
	for _, d := range newest[:min(len(newest), drawsHome)] {
		v.Draws = append(v.Draws, newDrawRow(d))
	}
	v.Drawn = drawnLast(newest)
	published, err := s.db.Published(ctx, public, store.PublicFilter{Region: s.Region, Most: resultsHome})
	if err != nil {
		return err
	}
	if v.Results, _, err = resultRows(published, resultsHome); err != nil {
		return err
	}
	if len(v.Results) > 0 {
		v.Search, v.Examples = homeSearch{"/results", "企业名称或统一社会信用代码"}, inspected(v.Results)
	}
	if v.Log, err = s.logStatus(ctx); err != nil {
		return err
	}
	return homePage.Show(w, r, v)
}

// examples are searches that find something: fields of the newest plans.
func examples(plans []inspect.Plan) []web.Link {
	var links []web.Link
	for _, p := range plans {
		for _, l := range p.Standing() {
			link := web.Link{Text: l.Field, Href: "/plans?q=" + escape(l.Field)}
			if len([]rune(l.Field)) <= 8 && len(links) < 3 && !slices.Contains(links, link) {
				links = append(links, link)
			}
		}
	}
	return links
}

// inspected is the search for an enterprise with a public result.
func inspected(rows []resultRow) []web.Link {
	return []web.Link{{Text: rows[0].Name, Href: "/results?q=" + escape(rows[0].Name)}}
}

// The picture of a year stands on one axis, as tickets do: each task is a tall
// mark at its months, a month without one has a short mark.
const (
	monthStep = 29 // the picture is 352 wide
	markStep  = 5
	axis      = 44
)

func yearMarks(p inspect.Plan) []monthMarks {
	year := make([]monthMarks, 12)
	for i := range year {
		year[i] = monthMarks{Month: i + 1, X: 16 + i*monthStep}
	}
	for _, l := range p.Standing() {
		for _, month := range l.Months.List() {
			year[month-1].Tasks++
		}
	}
	for i, m := range year {
		top, step, x := axis-24, float64(markStep), float64(m.X)
		if m.Tasks == 0 {
			top = axis - 6
		} else {
			step = min(step, float64(monthStep-7)/float64(m.Tasks))
			x -= step * float64(m.Tasks-1) / 2
		}
		var path strings.Builder
		for n := range max(1, m.Tasks) {
			fmt.Fprintf(&path, "M%.1f %dV%d", x+step*float64(n), axis, top)
		}
		year[i].Path = path.String()
	}
	return year
}

// sortedOrgs are the organisations by the order of their codes, those that no
// longer exist last.
func sortedOrgs(facts inspect.Facts) []inspect.Org {
	var orgs []inspect.Org
	for _, o := range facts.Orgs {
		orgs = append(orgs, o)
	}
	slices.SortFunc(orgs, func(a, b inspect.Org) int {
		if a.Until.IsZero() != b.Until.IsZero() {
			if a.Until.IsZero() {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Code, b.Code)
	})
	return orgs
}

// receiptOf is an act's receipt as pages show it.
func receiptOf(a store.PublicAct) web.Receipt {
	return web.Receipt{N: a.N, Code: store.Entry{Leaf: a.Leaf}.Code(), Text: a.Verb.Text()}
}

// A logStatus says how far the log has come.
type logStatus struct {
	Size   int64
	At     time.Time // of the newest checkpoint
	Behind int64     // entries that no checkpoint covers yet
}
