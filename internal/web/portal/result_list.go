package portal

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	resultsPage    = web.NewPage[resultsView](files, "result_list.html", "part.html")
	statisticsPage = web.NewPage[statisticsView](files, "result_statistics.html", "part.html")
	guidePage      = web.NewPage[aboutView](files, "result_guide.html", "part.html")
)

type resultsView struct {
	Filter web.Filter
	Rows   []resultRow
	Pager  web.Pager
	Text   string
	Files  []fileView
}

// A resultRow is a published result in a list.
type resultRow struct {
	Href, Name, Code, Body, Task string
	History                      string
	Done                         string
	Results                      []web.State
	Edition                      string // 已更正, of a later edition
	Published                    time.Time
}

func resultRows(found []inspect.Publication, size int) (rows []resultRow, next string, err error) {
	if len(found) > size {
		found = found[:size]
		next = store.PublicationKey(found[size-1])
	}
	for _, p := range found {
		body, err := p.Public()
		if err != nil {
			return nil, "", fmt.Errorf("read edition %d of %s: %w", p.No, p.Result, err)
		}
		row := resultRow{Href: resultPath(p.Result), Name: body.Name, Code: body.Code, Body: body.Body, Done: body.Date.String(), Published: p.At}
		if body.Code != "" {
			row.History = enterprisePath(body.Code)
		}
		for _, t := range body.Tasks {
			row.Task = strings.TrimPrefix(row.Task+"、"+t.Name, "、")
		}
		for _, c := range body.Codes() {
			row.Results = append(row.Results, web.State{Shape: resultState(c), Text: c.Text(), Bare: true})
		}
		if p.No > 1 {
			row.Edition = "已更正"
		}
		rows = append(rows, row)
	}
	return rows, next, nil
}

var (
	creditCode = regexp.MustCompile(`^[0-9A-Z]{15,18}$`)
	taskNumber = regexp.MustCompile(`^[0-9]{6}-[0-9]{4}-[0-9A-Za-z-]{1,40}$`)
)

// publicFilter is what the address of the list asks for.
func (s *server) publicFilter(r *http.Request, orgs []inspect.Org) store.PublicFilter {
	q := r.URL.Query()
	f := store.PublicFilter{Region: s.Region, Code: strings.ToUpper(asked(q.Get("code"))), Task: asked(q.Get("task"))}
	switch text := asked(q.Get("q")); {
	case creditCode.MatchString(strings.ToUpper(text)):
		f.Code = strings.ToUpper(text)
	case taskNumber.MatchString(text):
		f.Task = text
	default:
		f.Text = text
	}
	for _, o := range orgs {
		if o.Code == q.Get("org") {
			f.Org = o.ID
		}
	}
	if year, err := strconv.Atoi(q.Get("year")); err == nil && year >= firstYear && year < 10000 {
		f.From, f.Until = workday.MustParse(fmt.Sprintf("%04d-01-01", year)), workday.MustParse(fmt.Sprintf("%04d-12-31", year))
	}
	for name, day := range map[string]*workday.Date{"from": &f.From, "until": &f.Until} {
		if d, err := workday.Parse(q.Get(name)); err == nil {
			*day = d
		}
	}
	return f
}

// results lists what was published last: R94. The address is the state of the filter.
func (s *server) results(w http.ResponseWriter, r *http.Request) error {
	orgs, err := s.db.Orgs(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	after, size := web.PageOf(r)
	f := s.publicFilter(r, orgs)
	f.After, f.Most = after, size+1
	found, err := s.db.Published(r.Context(), public, f)
	if err != nil {
		return err
	}
	v := resultsView{Text: asked(r.URL.Query().Get("q"))}
	var next string
	if v.Rows, next, err = resultRows(found, size); err != nil {
		return err
	}
	published, err := s.db.PublicationYears(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	var years, bodies []web.Option
	for _, y := range published {
		years = append(years, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
	}
	for _, o := range orgs {
		if o.Inspects() {
			bodies = append(bodies, web.Option{Value: o.Code, Text: o.Short})
		}
	}
	v.Filter = web.NewFilter(r, "企业名称、信用代码或任务编号", "rows", web.NewChip(r, "检查机关", "org", bodies...), web.NewChip(r, "公示年度", "year", years...))
	v.Pager = web.NewPager(r, "rows", fmt.Sprintf("本页 %d 条", len(v.Rows)), next)
	query := ""
	if r.URL.RawQuery != "" {
		query = "?" + r.URL.Query().Encode()
	}
	v.Files = resultFiles(query)
	return resultsPage.Show(w, r, v)
}

func resultFiles(query string) []fileView {
	return []fileView{{"Excel 表格", "", "/results.xlsx" + query}, {"CSV 表格", "", "/results.csv" + query}, {"JSON 数据", "", "/results.json" + query}}
}

// resultsFileMost is how many results one file takes.
const resultsFileMost = 5000

// resultsFile gives the list as a file.
func (s *server) resultsFile(format exchange.Format) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		orgs, err := s.db.Orgs(r.Context(), public, s.Region)
		if err != nil {
			return err
		}
		f := s.publicFilter(r, orgs)
		f.Most = resultsFileMost
		found, err := s.db.Published(r.Context(), public, f)
		if err != nil {
			return err
		}
		var newest time.Time
		var rows []exchange.Published
		for _, p := range found {
			body, err := p.Public()
			if err != nil {
				return fmt.Errorf("read edition %d of %s: %w", p.No, p.Result, err)
			}
			rows = append(rows, exchange.Published{Publication: p, Body: body, URL: s.resultURL(p.Result)})
			newest = later(newest, p.At)
		}
		var text bytes.Buffer
		if err := exchange.WriteResults(&text, format, rows); err != nil {
			return err
		}
		name := "results." + string(format)
		if format == exchange.JSON {
			name = ""
		}
		return send(w, kindOf[string(format)], name, newest, text.Bytes())
	}
}

// resultsFeed tells of each edition once, when it is published.
func (s *server) resultsFeed(w http.ResponseWriter, r *http.Request) error {
	found, err := s.db.Published(r.Context(), public, store.PublicFilter{Region: s.Region, Most: feedMost})
	if err != nil {
		return err
	}
	feed := atomFeed{
		Title: s.Place + "双随机抽查检查结果", ID: s.Base + "/results.atom", Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", s.Base + "/results.atom"}, {"alternate", "text/html", s.Base + "/results"}},
	}
	var newest time.Time
	rows, _, err := resultRows(found, feedMost)
	if err != nil {
		return err
	}
	for i, row := range rows {
		newest = later(newest, row.Published)
		url := s.resultURL(found[i].Result)
		var texts []string
		for _, x := range row.Results {
			texts = append(texts, x.Text)
		}
		feed.Entries = append(feed.Entries, atomEntry{
			Title: row.Body + "：" + row.Name, ID: fmt.Sprintf("%s#%d", url, found[i].No), Updated: row.Published.UTC().Format(time.RFC3339), Author: row.Body,
			Links:   []atomLink{{"alternate", "text/html", url}, {"alternate", "application/json", url + ".json"}},
			Summary: fmt.Sprintf("%s。完成日期 %s。%s%s", strings.Join(texts, "；"), row.Done, row.Edition, found[i].Ground),
		})
	}
	if !newest.IsZero() {
		feed.Updated = newest.UTC().Format(time.RFC3339)
	}
	text, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return fmt.Errorf("write the feed: %w", err)
	}
	return send(w, "application/atom+xml; charset=utf-8", "", newest, append([]byte(xml.Header), append(text, '\n')...))
}

// A statisticsView is how the results of a year came out: rates, never an order of
// departments by how many they inspected, which would set a quota: C16, 国办发〔2024〕54号.
type statisticsView struct {
	Year    int
	Years   []web.Tab
	Numbers []web.Number
	Rows    []shareRow
}

// A shareRow is one result with its share.
type shareRow struct {
	State        web.State
	Count, Share string
}

// statistics counts the published results of a year.
func (s *server) statistics(w http.ResponseWriter, r *http.Request) error {
	published, err := s.db.PublicationYears(r.Context(), public, s.Region)
	if err != nil {
		return err
	}
	year, _ := strconv.Atoi(r.URL.Query().Get("year")) // not a number is the newest
	if !slices.Contains(published, year) && len(published) > 0 {
		year = published[0]
	}
	clocks, codes, err := s.db.PublishedCounts(r.Context(), public, s.Region, year)
	if err != nil {
		return err
	}
	v := statisticsView{Year: year}
	for _, y := range published {
		v.Years = append(v.Years, web.Tab{Text: fmt.Sprintf("%d 年", y), Href: fmt.Sprintf("/results/statistics?year=%d", y), Current: y == year})
	}
	cal := workday.Official()
	var all, late int64
	for _, c := range clocks {
		all += c.N
		if due, _ := cal.Add(c.Ended, inspect.ResultDays); due.Before(c.Published) {
			late += c.N
		}
	}
	v.Numbers = []web.Number{{Label: "公示的检查结果", Value: web.Thousands(all), Unit: "条"}, {Label: "按期公示", Value: share(all-late, all)}}
	for _, c := range inspect.ResultCodes {
		if n := codes[inspect.ResultCode(c.Value)]; n > 0 {
			v.Rows = append(v.Rows, shareRow{web.State{Shape: resultState(inspect.ResultCode(c.Value)), Text: c.Text, Bare: true}, web.Thousands(n), share(n, all)})
		}
	}
	return statisticsPage.Show(w, r, v)
}

func share(n, of int64) string {
	if of == 0 {
		return "—"
	}
	return fmt.Sprintf("%.1f%%", float64(n)*100/float64(of))
}

// guide explains the results in a minute.
func (s *server) guide(w http.ResponseWriter, r *http.Request) error {
	return guidePage.Show(w, r, aboutView{s.Place})
}
