package portal

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var plansPage = web.NewPage[plansView](files, "plan_list.html", "part.html")

type plansView struct {
	Filter web.Filter
	Rows   []planRow
	Pager  web.Pager
	Text   string // what was searched for
}

// A planRow is a plan in a list, with the tasks that a search found.
type planRow struct {
	Href, Org, Title, Number string
	Edition                  string
	Tasks                    int
	Visits                   string
	Published                time.Time
	Found                    []taskLink
}

// A taskLink leads to one task in the page of its plan.
type taskLink struct{ Text, Field, Href string }

// foundMost is how many found tasks a plan shows in a list.
const foundMost = 5

// asked is a text that a reader typed, fit to be searched for.
func asked(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:100])
	}
	return strings.TrimSpace(text)
}

// plans lists the plans in force: R47. The address is the state of the filter.
func (s *server) plans(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	facts, err := s.db.Facts(ctx, public, s.Region)
	if err != nil {
		return err
	}
	years, err := s.db.PublicYears(ctx, public, s.Region)
	if err != nil {
		return err
	}
	after, size := web.PageOf(r)
	f := store.PlanFilter{Region: s.Region, Text: asked(q.Get("q")), Most: size + 1}
	if year, err := strconv.Atoi(q.Get("year")); err == nil && year > 0 && year < 10000 {
		f.Year = year
	}
	for _, k := range inspect.PlanKinds {
		if q.Get("kind") == string(k) {
			f.Kind = k
		}
	}
	for id, o := range facts.Orgs {
		if o.Code == q.Get("org") {
			f.Org = id
		}
	}
	if numberForm.MatchString(after) {
		f.After = after
	}
	found, err := s.db.PublishedPlans(ctx, public, f)
	if err != nil {
		return err
	}
	v := plansView{Filter: planFilter(r, years, facts), Text: f.Text}
	next := ""
	if len(found) > size {
		found = found[:size]
		next = found[size-1].Number
	}
	for _, p := range found {
		v.Rows = append(v.Rows, newPlanRow(p, facts, f.Text))
	}
	v.Pager = web.NewPager(r, "rows", fmt.Sprintf("本页 %d 部计划", len(v.Rows)), next)
	return plansPage.Show(w, r, v)
}

func planFilter(r *http.Request, years []int, facts inspect.Facts) web.Filter {
	var byYear, byKind, byOrg []web.Option
	for _, y := range years {
		byYear = append(byYear, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
	}
	for _, k := range []inspect.PlanKind{inspect.PlanJoint, inspect.PlanOwn} { // led plans are published in the joint one
		byKind = append(byKind, web.Option{Value: string(k), Text: k.Text()})
	}
	for _, o := range sortedOrgs(facts) {
		if o.Inspects() || o.Kind == inspect.OrgOffice {
			byOrg = append(byOrg, web.Option{Value: o.Code, Text: o.Short})
		}
	}
	return web.NewFilter(r, "任务、行业领域或检查对象", "rows",
		web.NewChip(r, "年度", "year", byYear...), web.NewChip(r, "种类", "kind", byKind...), web.NewChip(r, "部门", "org", byOrg...))
}

func newPlanRow(p inspect.Plan, facts inspect.Facts, text string) planRow {
	first := p
	first.Edition = 0 // the edition stands beside the title
	row := planRow{
		Href: "/plans/" + p.Number, Org: facts.Orgs[p.Org].Name, Title: first.Title(), Number: p.Number,
		Edition: editionText(p), Tasks: len(p.Standing()), Visits: planNumbers(p)[2].Value, Published: p.PublishedAt,
	}
	if text == "" {
		return row
	}
	text = strings.ToLower(text)
	for _, l := range p.Standing() {
		if len(row.Found) < foundMost && strings.Contains(strings.ToLower(l.Name+" "+l.Field+" "+l.Scope), text) {
			row.Found = append(row.Found, taskLink{Text: l.Name, Field: l.Field, Href: fmt.Sprintf("%s#task-%d", row.Href, l.No)})
		}
	}
	return row
}

// feedMost is how many editions the feed tells of.
const feedMost = 50

// An atomFeed is RFC 4287, as much of it as we need.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	Title   string     `xml:"title"`
	ID      string     `xml:"id"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []atomLink `xml:"link"`
	Summary string     `xml:"summary"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// feed tells of each edition once, when it is published.
func (s *server) feed(w http.ResponseWriter, r *http.Request) error {
	latest, err := s.db.LatestPlans(r.Context(), public, s.Region, feedMost)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	feed := atomFeed{
		Title: s.Place + "双随机抽查计划", ID: s.Base + "/plans.atom", Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", s.Base + "/plans.atom"}, {"alternate", "text/html", s.Base + "/plans"}},
	}
	var newest time.Time
	for i, p := range latest {
		at := p.PublishedAt.UTC()
		if i == 0 {
			newest = at
			feed.Updated = at.Format(time.RFC3339)
		}
		org, url := facts.Orgs[p.Org].Name, s.Base+planPath(p)
		numbers := planNumbers(p)
		e := atomEntry{
			Title: org + " " + p.Title(), ID: url, Updated: at.Format(time.RFC3339), Author: org,
			Links:   []atomLink{{"alternate", "text/html", url}, {"alternate", "application/json", url + ".json"}},
			Summary: fmt.Sprintf("%s 项任务，计划抽查 %s 户次。", numbers[0].Value, numbers[2].Value),
		}
		if p.Reason != "" {
			e.Summary += "调整理由：" + p.Reason
		}
		feed.Entries = append(feed.Entries, e)
	}
	text, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return fmt.Errorf("write the feed: %w", err)
	}
	return send(w, "application/atom+xml; charset=utf-8", "", newest, append([]byte(xml.Header), append(text, '\n')...))
}
