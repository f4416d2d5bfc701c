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

var coveragePage = web.NewPage[coverageView](files, "coverage.html")

type coverageView struct {
	Year    int
	Years   []web.Tab
	Whose   []web.Tab // a department's own coverage, or everything it may see
	Own     bool
	Numbers []web.Number
	Items   web.Matrix
	Orgs    web.Matrix
	Areas   web.Matrix
	Burdens []burdenRow
}

// A burdenRow is what the year means for one object of a sub-library: R52.
type burdenRow struct {
	Name, Org string
	Size      int64
	Draws     int
	Expected  string
	OverCap   string
	State     web.State
	Lines     []string
}

// A coverBrief is the coverage as a plan's own page shows it.
type coverBrief struct {
	Matrix   web.Matrix
	Gaps     int
	Warnings []string
	Href     string
}

// coverage shows whether the year's plans reach every item (R49), every
// department (R50), every month and area evenly (R42), and how often they mean
// to visit one object (R52).
func (s *server) coverage(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	year := s.planYear()
	if n, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && n > 2000 && n < 2100 {
		year = n
	}
	plans, err := s.db.Plans(r.Context(), who.Scope(), store.PlanFilter{Region: who.Org.Region, Year: year, NotDone: true})
	if err != nil {
		return err
	}
	cover, err := s.cover(r, inspect.Current(plans))
	if err != nil {
		return err
	}
	own := who.Scope().Reach == inspect.ReachOwn && !r.URL.Query().Has("all")
	if own {
		cover = cover.Of(who.Org.ID)
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := coverageView{Year: year, Own: own}
	if who.Scope().Reach == inspect.ReachOwn {
		v.Whose = []web.Tab{
			{Text: "本单位", Href: fmt.Sprintf("/office/coverage?year=%d", year), Current: own},
			{Text: "全部已公布计划", Href: fmt.Sprintf("/office/coverage?year=%d&all=1", year), Current: !own},
		}
	}
	v.Years = s.years("/office/coverage", year)
	v.Items = matrix("抽查事项全年覆盖", "抽查事项", cover.Items, func(row inspect.Row) string {
		return row.Name + "　" + facts.Orgs[row.Org].Short
	})
	v.Orgs = matrix("部门任务", "部门", cover.Orgs, func(row inspect.Row) string { return row.Name })
	for i, row := range cover.Orgs {
		if row.Joint == 0 {
			v.Orgs.Rows[i].Gap = "无联合抽查"
		}
	}
	v.Areas = matrix("区域任务", "区域", cover.Areas, func(row inspect.Row) string { return row.Name })
	breaks := 0
	for _, b := range cover.Burdens {
		v.Burdens = append(v.Burdens, burdenOf(b, facts))
		if b.Breaks() || b.Risks() {
			breaks++
		}
	}
	v.Numbers = []web.Number{
		{Label: "未覆盖的事项", Value: strconv.Itoa(cover.Gaps()), Unit: "个"},
		{Label: "无联合抽查的部门", Value: strconv.Itoa(len(cover.Apart())), Unit: "个"},
		{Label: "可能超过年度次数的分库", Value: strconv.Itoa(breaks), Unit: "个"},
	}
	return coveragePage.Show(w, r, v)
}

// years are the planning years that pages offer.
func (s *server) years(path string, current int) []web.Tab {
	var tabs []web.Tab
	for y := s.planYear() - 1; y <= s.planYear()+1; y++ {
		tabs = append(tabs, web.Tab{Text: fmt.Sprintf("%d 年", y), Href: fmt.Sprintf("%s?year=%d", path, y), Current: y == current})
	}
	return tabs
}

// cover counts what plans reach, over everything in the reader's region.
func (s *server) cover(r *http.Request, plans []inspect.Plan) (inspect.Coverage, error) {
	scope, region := web.Actor(r).Scope(), web.Actor(r).Org.Region
	items, err := s.db.Items(r.Context(), scope, region)
	if err != nil {
		return inspect.Coverage{}, err
	}
	orgs, err := s.db.Orgs(r.Context(), scope, region)
	if err != nil {
		return inspect.Coverage{}, err
	}
	areas, err := s.db.Areas(r.Context(), scope, region)
	if err != nil {
		return inspect.Coverage{}, err
	}
	sublibs, err := s.db.Sublibraries(r.Context(), scope, region)
	if err != nil {
		return inspect.Coverage{}, err
	}
	var listed []inspect.Item
	for _, i := range items {
		if i.Listed(s.today()) {
			listed = append(listed, i)
		}
	}
	return inspect.Cover(plans, listed, orgs, areas, sublibs), nil
}

// coverBrief shows the plan's own items: what this plan does for them. An item
// is uncovered only if no plan of the year has it: R49, 海政办发〔2020〕2号 二(四)
// "部门年度抽查计划（含部门内部、部门联合）应实现监管事项清单的全覆盖".
func (s *server) coverBrief(r *http.Request, p inspect.Plan) (coverBrief, error) {
	cover, err := s.cover(r, []inspect.Plan{p})
	if err != nil {
		return coverBrief{}, err
	}
	elsewhere, err := s.coveredBeside(r, p)
	if err != nil {
		return coverBrief{}, err
	}
	rows := cover.Items[:0:0]
	for _, row := range cover.Items {
		if row.Org == p.Org || !row.Gap() {
			rows = append(rows, row)
		}
	}
	brief := coverBrief{Href: fmt.Sprintf("/office/coverage?year=%d", p.Year)}
	brief.Matrix = matrix("事项覆盖", "抽查事项", rows, func(row inspect.Row) string { return row.Name })
	for i, row := range rows {
		switch {
		case row.Gap() && elsewhere[row.ID]:
			brief.Matrix.Rows[i].Gap, brief.Matrix.Rows[i].Note = "", "另有计划"
		case row.Gap():
			brief.Gaps++
		}
	}
	for _, b := range cover.Burdens {
		switch {
		case b.Breaks():
			brief.Warnings = append(brief.Warnings, fmt.Sprintf("“%s”每户全年预计被抽查 %.1f 次，超过 %d 次的上限。", b.Sublibrary.Name, b.Expected, inspect.YearlyCap))
		case b.Risks():
			brief.Warnings = append(brief.Warnings, fmt.Sprintf("“%s”有 %s 的可能被抽查超过 %d 次。", b.Sublibrary.Name, percent(b.OverCap), inspect.YearlyCap))
		}
	}
	return brief, nil
}

// coveredBeside tells which items the other plans of p's year cover, as far as
// the reader sees them.
func (s *server) coveredBeside(r *http.Request, p inspect.Plan) (map[string]bool, error) {
	plans, err := s.db.Plans(r.Context(), web.Actor(r).Scope(), store.PlanFilter{Region: p.Region, Year: p.Year, NotDone: true})
	if err != nil {
		return nil, err
	}
	cover, err := s.cover(r, slices.DeleteFunc(inspect.Current(plans), func(other inspect.Plan) bool { return other.Number == p.Number }))
	if err != nil {
		return nil, err
	}
	covered := map[string]bool{}
	for _, row := range cover.Items {
		covered[row.ID] = !row.Gap()
	}
	return covered, nil
}

func matrix(caption, head string, rows []inspect.Row, name func(inspect.Row) string) web.Matrix {
	m := web.Matrix{Caption: caption, Head: head}
	for month := 1; month <= 12; month++ {
		m.Columns = append(m.Columns, fmt.Sprintf("%d月", month))
	}
	for _, row := range rows {
		r := web.MatrixRow{Text: name(row), Counts: append([]int(nil), row.Months[:]...)}
		if row.Gap() {
			r.Gap = "未覆盖"
		}
		m.Rows = append(m.Rows, r)
	}
	return m
}

func burdenOf(b inspect.Burden, facts inspect.Facts) burdenRow {
	row := burdenRow{
		Name: b.Sublibrary.Name, Org: facts.Orgs[b.Sublibrary.Org].Short, Size: b.Sublibrary.Size, Draws: b.Draws,
		Expected: fmt.Sprintf("%.2f", b.Expected), OverCap: percent(b.OverCap),
		State: web.State{Shape: web.Happy, Text: "不超过"},
	}
	switch {
	case b.Breaks():
		row.State = web.State{Shape: web.Bad, Text: "将超过上限"}
	case b.Risks():
		row.State = web.State{Shape: web.Waiting, Text: "可能超过"}
	case b.Draws == 0:
		row.State = web.State{Text: "未列入计划"}
	}
	for _, l := range b.Lines {
		row.Lines = append(row.Lines, l.Name)
	}
	return row
}

func percent(share float64) string {
	if share > 0 && share < 0.0001 {
		return "小于 0.01%"
	}
	return strconv.FormatFloat(share*100, 'f', 2, 64) + "%"
}
