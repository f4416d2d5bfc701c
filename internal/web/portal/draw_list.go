package portal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"suicha/internal/exchange"
	"suicha/internal/web"
)

var drawsPage = web.NewPage[drawsView](files, "draw_list.html", "draw_part.html")

type drawsView struct {
	Filter web.Filter
	Rows   []drawRow
	Pager  web.Pager
	Text   string
}

// A drawRow is a batch in a list.
type drawRow struct {
	Href, Title, Number string
	Tasks               string
	Run                 uint64
	Counts              string // 抽中 147 / 在库 4,517
	Mode                string
	State               web.State
	Announced           time.Time
	Changed             time.Time
	Note                string
}

func newDrawRow(d *drawing) drawRow {
	if d.broken != nil {
		return drawRow{Href: drawPath(d.Number), Title: d.Number, Number: d.Number, Counts: "—", State: d.state(), Tasks: "请不要依据本批次的名单"}
	}
	r := d.now()
	m := r.c.Manifest
	row := drawRow{Href: drawPath(d.Number), Title: m.Title, Number: d.Number, Run: m.Run, Mode: r.modeText(), State: d.state(), Announced: instant(m.Time)}
	var tasks []string
	for _, t := range m.Tasks {
		tasks = append(tasks, t.Title)
	}
	row.Tasks = strings.Join(tasks, "、")
	for _, p := range r.phases() {
		row.Changed = later(row.Changed, p.Time)
	}
	if r.void != nil {
		row.Changed = later(row.Changed, instant(r.void.Time))
	}
	if r.Annulled != nil {
		row.Changed = later(row.Changed, r.Annulled.At)
	}
	row.Counts = "尚未封库"
	if r.c.Lock != nil {
		pool := web.Thousands(int64(r.c.Lock.Population.Size))
		row.Counts = "应抽 " + web.Thousands(int64(r.planned())) + " / " + pool
		if r.opened() {
			row.Counts = web.Thousands(int64(objects(r.drawn))) + " / " + pool
		}
	}
	return row
}

// drawsOf reads the batches of a filter.
func (s *server) drawsOf(r *http.Request, f DrawFilter) (list []*drawing, err error) {
	found, err := s.Draws.Draws(r.Context(), f)
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		x, err := s.read(r.Context(), d)
		if err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

// firstYear is the earliest year that a draw can be looked for by.
const firstYear = 2020

// draws lists the batches: R55. The address is the state of the filter; .json and
// .csv give the newest as data.
func (s *server) draws(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	after, size := web.PageOf(r)
	f := DrawFilter{Text: asked(q.Get("q")), Most: size + 1}
	if year, err := strconv.Atoi(q.Get("year")); err == nil && year >= firstYear && year < 10000 {
		f.Year = year
	}
	if drawNumber.MatchString(after) {
		f.After = after
	}
	found, err := s.drawsOf(r, f)
	if err != nil {
		return err
	}
	v, next := drawsView{Text: f.Text}, ""
	if len(found) > size {
		found, next = found[:size], found[size-1].Number
	}
	years := []web.Option{}
	for _, d := range found {
		row := newDrawRow(d)
		v.Rows = append(v.Rows, row)
		year := strconv.Itoa(row.Announced.In(china).Year())
		if d.broken == nil && (len(years) == 0 || years[len(years)-1].Value != year) {
			years = append(years, web.Option{Value: year, Text: year + " 年"})
		}
	}
	v.Filter = web.NewFilter(r, "批次名称或任务", "rows", web.NewChip(r, "年度", "year", years...))
	v.Pager = web.NewPager(r, "rows", fmt.Sprintf("本页 %d 个批次", len(v.Rows)), next)
	return drawsPage.Show(w, r, v)
}

// drawsFile gives the newest batches as JSON or CSV.
func (s *server) drawsFile(form string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		found, err := s.drawsOf(r, DrawFilter{Most: feedMost})
		if err != nil {
			return err
		}
		if form == "json" {
			list := []drawFile{}
			for _, d := range found {
				list = append(list, s.drawFile(d))
			}
			text, err := json.MarshalIndent(list, "", "  ")
			if err != nil {
				return fmt.Errorf("write the draws: %w", err)
			}
			return send(w, "application/json", "", time.Time{}, append(text, '\n'))
		}
		var text bytes.Buffer
		text.WriteString("\ufeff")
		out := csv.NewWriter(&text)
		out.UseCRLF = true
		rows := [][]string{{"批次", "名称", "任务", "公告日期", "公开方式", "状态", "运行次数", "在库", "应抽（户次）", "抽中（户）", "地址"}}
		for _, d := range found {
			f, row := s.drawFile(d), newDrawRow(d)
			drawn := ""
			if f.Drawn != nil {
				drawn = strconv.Itoa(*f.Drawn)
			}
			rows = append(rows, []string{f.Number, exchange.Guard(f.Title), exchange.Guard(row.Tasks), row.Announced.In(china).Format(time.DateOnly), row.Mode, f.State,
				strconv.FormatUint(f.Run, 10), strconv.FormatUint(f.Pool, 10), strconv.FormatUint(f.Planned, 10), drawn, f.URL})
		}
		if err := out.WriteAll(rows); err != nil {
			return fmt.Errorf("write the draws: %w", err)
		}
		return send(w, "text/csv; charset=utf-8", "draws.csv", time.Time{}, text.Bytes())
	}
}

// drawsFeed tells of each batch, again whenever it comes to another phase.
func (s *server) drawsFeed(w http.ResponseWriter, r *http.Request) error {
	found, err := s.drawsOf(r, DrawFilter{Most: feedMost})
	if err != nil {
		return err
	}
	feed := atomFeed{
		Title: s.Place + "双随机抽查公开抽签", ID: s.Base + "/draws.atom",
		Links: []atomLink{{"self", "application/atom+xml", s.Base + "/draws.atom"}, {"alternate", "text/html", s.Base + "/draws"}},
	}
	var newest time.Time
	for _, d := range found {
		row := newDrawRow(d)
		newest = later(newest, row.Changed)
		url := s.Base + row.Href
		feed.Entries = append(feed.Entries, atomEntry{
			Title: row.Title + "：" + row.State.Text, ID: url, Updated: row.Changed.UTC().Format(time.RFC3339), Author: s.Place,
			Links:   []atomLink{{"alternate", "text/html", url}, {"alternate", "application/json", url + ".json"}},
			Summary: fmt.Sprintf("第 %d 次运行，%s，%s 户。任务：%s。", row.Run, row.Mode, row.Counts, row.Tasks),
		})
	}
	feed.Updated = newest.UTC().Format(time.RFC3339)
	text, err := xml.MarshalIndent(feed, "", "  ")
	if err != nil {
		return fmt.Errorf("write the feed: %w", err)
	}
	return send(w, "application/atom+xml; charset=utf-8", "", newest, append([]byte(xml.Header), append(text, '\n')...))
}
