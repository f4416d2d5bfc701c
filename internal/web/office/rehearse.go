package office

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/match"
	"suicha/internal/store"
	"suicha/internal/web"
)

var rehearsalPage = web.NewPage[rehearsalView](files, "rehearse.html")

type rehearsalView struct {
	Batch     inspect.Batch
	Crumbs    []web.Link
	Path      string
	Form      web.Form
	May       bool   // it can be tried again now
	Asked     string // when it was asked for; empty if never
	Working   bool
	Done, All int
	Fault     string
	Found     *act.Rehearsal
	Numbers   []web.Number
	Cells     []rehearsedCell
	Shortages []rehearsedShortage
	Loads     []rehearsedLoad
	Tight     []rehearsedChoice
	Widened   []rehearsedArea
}

// A rehearsedCell is how many a task draws of a class.
type rehearsedCell struct{ Task, Class, Tier, Text string }

// A rehearsedShortage is a Hall set in words, with what can be done.
type rehearsedShortage struct {
	Title, Text string
	Ways        []string
}

// A rehearsedLoad is what an inspector has to expect.
type rehearsedLoad struct {
	Name, Org, Mean string
	Most            int
}

// A rehearsedChoice is a visit with few to choose from.
type rehearsedChoice struct {
	Object, Department string
	Need, Size         int
}

// A rehearsedArea is an area that too few inspectors are registered for.
type rehearsedArea struct {
	Department, Town, Task string
	Near, All              int
}

// rehearsalFields is the form that asks for a rehearsal.
type rehearsalFields struct{}

func rehearsalPath(who inspect.Actor, b inspect.Batch, has []inspect.Relation) string {
	if who.MayTo(inspect.BatchRehearse, has...) != nil {
		return ""
	}
	return batchPath(b) + "/rehearsal"
}

// rehearsalOf is the batch, for readers who may rehearse it.
func (s *server) rehearsalOf(r *http.Request) (inspect.Batch, error) {
	b, has, err := s.batchOf(r)
	if err != nil {
		return b, err
	}
	return b, web.Actor(r).MayTo(inspect.BatchRehearse, has...)
}

// rehearse asks for a rehearsal. It is no act: nothing of it is on record.
func (s *server) rehearse(w http.ResponseWriter, r *http.Request) error {
	b, err := s.rehearsalOf(r)
	if err != nil {
		return err
	}
	if !b.Rehearsable() {
		return inspect.ErrStep.With(inspect.BatchRehearse.Text())
	}
	if err := s.Queue.Ask(r.Context(), act.RehearsalJob(b.ID), act.RehearsalKind, string(b.ID), s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, batchPath(b)+"/rehearsal", http.StatusSeeOther)
	return nil
}

// rehearsal shows what trying the draw under dummy keys found: R66, R71.
func (s *server) rehearsal(w http.ResponseWriter, r *http.Request) error {
	b, err := s.rehearsalOf(r)
	if err != nil {
		return err
	}
	v := rehearsalView{Batch: b, Path: batchPath(b) + "/rehearsal", May: b.Rehearsable()}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: b.Number, Href: batchPath(b)}, {Text: "试运行"}}
	v.Form = web.FormTo(r, v.Path, &rehearsalFields{})
	v.Form.Request = web.NewID()
	job, err := s.Queue.Job(r.Context(), act.RehearsalJob(b.ID))
	if errors.Is(err, inspect.ErrMissing) {
		return rehearsalPage.Show(w, r, v)
	}
	if err != nil {
		return err
	}
	v.Asked, v.Fault = web.Stamp(job.Asked), job.Fault
	switch job.State {
	case store.JobReady, store.JobRunning:
		v.Working = true
		fmt.Sscanf(job.Result, "%d/%d", &v.Done, &v.All) // nothing yet leaves both 0
	case store.JobDone:
		v.Found = &act.Rehearsal{}
		if err := json.Unmarshal([]byte(job.Result), v.Found); err != nil {
			return fmt.Errorf("read the rehearsal of %s: %w", b.Number, err)
		}
		if err := s.rehearsed(r, &v); err != nil {
			return err
		}
	}
	return rehearsalPage.Show(w, r, v)
}

// rehearsed fills in what was found, in words.
func (s *server) rehearsed(r *http.Request, v *rehearsalView) error {
	who, found := web.Actor(r), v.Found
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, c := range found.Cells {
		if c.Size == 0 {
			continue
		}
		tier := "本年未抽查过"
		if c.Tier > 0 {
			tier = "本年已抽查一次"
		}
		v.Cells = append(v.Cells, rehearsedCell{c.Task, classText(c.Stratum), tier, fmt.Sprintf("%d 户中抽 %d 户，备选 %d 户", c.Size, c.Drawn, c.Reserve)})
	}
	for _, w := range found.Widened {
		v.Widened = append(v.Widened, rehearsedArea{w.Department, cmp.Or(facts.Areas[w.Town], w.Town), w.Task, w.Near, w.All})
	}
	m := found.Matching
	if m == nil {
		return nil
	}
	v.Numbers = []web.Number{
		{Label: "试抽", Value: fmt.Sprint(m.Runs), Unit: "次"}, {Label: "不能组成检查小组", Value: percentOf(m.Impossible, m.Runs)},
		{Label: "可选人员少于 3 人", Value: percentOf(m.Few, m.Lines)},
	}
	for _, x := range m.Shortages {
		v.Shortages = append(v.Shortages, shortageText(x, facts))
	}
	for _, c := range m.Tight {
		v.Tight = append(v.Tight, rehearsedChoice{c.Object, c.Department, c.Need, c.Size})
	}
	return s.rehearsedLoads(r, v, facts)
}

// classText is a stratum as users read it.
func classText(code string) string {
	if strings.Contains(inspect.RiskClasses, code) {
		return code + " 类"
	}
	return "未分类"
}

// percentOf is n of all as a share.
func percentOf(n, all int) string {
	if all == 0 {
		return "0%"
	}
	return inspect.PercentText(int64(n) * 10_000 / int64(all))
}

// shortageText is a Hall set in words: these visits need more than all who are eligible
// for any of them can take.
func shortageText(x match.Shortage, facts inspect.Facts) rehearsedShortage {
	t := rehearsedShortage{Title: fmt.Sprintf("%s：缺 %d 人次", x.Department, x.Gap())}
	t.Text = fmt.Sprintf("%d 户检查对象共需要 %d 人次。", x.Objects(), x.Need)
	if len(x.Inspectors) == 0 {
		t.Text += "没有符合条件的检查人员。"
	} else {
		t.Text += fmt.Sprintf("符合条件的检查人员只有 %d 人，最多承担 %d 人次。", len(x.Inspectors), x.Capacity)
	}
	town, need, lines := "", 0, 0
	for _, d := range x.Demands {
		_, at, _ := strings.Cut(d.Group, "@")
		town, need, lines = cmp.Or(town, at), max(need, d.Need), lines+1
	}
	t.Ways = append(t.Ways, fmt.Sprintf("增加 %d 名能检查这些对象的人员：登记执法证，调整请假，或者核对回避关系和执法事项范围", x.More()))
	if town != "" {
		t.Ways = append(t.Ways, fmt.Sprintf("放宽区域：把%s的其他人员登记到%s", x.Department, cmp.Or(facts.Areas[town], town)))
	}
	if need > inspect.OfficersLeast {
		t.Ways = append(t.Ways, fmt.Sprintf("减少每组人数：每户减少 1 人，可以少用 %d 人次（每个部门不得少于 2 人）", lines))
	}
	t.Ways = append(t.Ways, "降低抽查比例，减少应抽户数")
	return t
}

// loadsMost is how many inspectors the page lists.
const loadsMost = 20

// rehearsedLoads fills in what inspectors have to expect, the greatest first.
func (s *server) rehearsedLoads(r *http.Request, v *rehearsalView, facts inspect.Facts) error {
	m := v.Found.Matching
	possible := m.Runs - m.Impossible
	if possible == 0 {
		return nil
	}
	all, err := s.db.Inspectors(r.Context(), web.Actor(r).Scope(), store.InspectorFilter{})
	if err != nil {
		return err
	}
	who := map[string]inspect.InspectorFile{}
	for _, f := range all {
		who[inspect.InspectorID(f.No)] = f
	}
	total := 0
	for _, e := range m.Loads {
		total += e.Total
	}
	v.Numbers = append(v.Numbers, web.Number{Label: "人均检查", Value: tenths(total, possible*max(len(m.Loads), 1)), Unit: "户"})
	loads := slices.Clone(m.Loads)
	slices.SortStableFunc(loads, func(a, b match.Expected) int { return b.Total - a.Total })
	for _, e := range loads[:min(loadsMost, len(loads))] {
		f := who[e.Inspector]
		v.Loads = append(v.Loads, rehearsedLoad{cmp.Or(f.Name, e.Inspector), facts.Orgs[f.Org].Short, tenths(e.Total, possible), e.Most})
	}
	return nil
}

// tenths is n of all with one decimal.
func tenths(n, all int) string {
	t := (n*10 + all/2) / all
	return fmt.Sprintf("%d.%d", t/10, t%10)
}
