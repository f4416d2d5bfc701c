package office

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var batchesPage = web.NewPage[batchesView](files, "batch_list.html")

type batchesView struct {
	Filter web.Filter
	Rows   []batchRow
	Begin  *web.Form // nil for readers who begin none
	Years  []web.Option
}

// A batchRow is one batch of the list.
type batchRow struct {
	Href, Title, Number, Org, Run, Tasks, Turn string
	State                                      web.State
}

// batches lists the batches within the reader's scope, and lets who organises draws
// begin one: R66.
func (s *server) batches(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	year, _ := strconv.Atoi(q.Get("year")) // not a number means every year
	found, err := s.db.Batches(r.Context(), who.Scope(), store.BatchFilter{Year: year, State: inspect.BatchState(q.Get("state"))})
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := batchesView{}
	text := strings.TrimSpace(q.Get("q"))
	for _, b := range found {
		if !strings.Contains(b.Title, text) && !strings.Contains(b.Number, text) {
			continue
		}
		v.Rows = append(v.Rows, batchRow{
			Href: batchPath(b), Title: batchTitle(b), Number: b.Number, Org: facts.Orgs[b.Org].Short, Run: runText(b),
			Tasks: fmt.Sprintf("%d 项任务", len(b.Tasks)), Turn: batchTurn(b, nil).Who, State: batchState(b),
		})
	}
	var years []web.Option
	for y := s.today().Year() + 1; y >= s.today().Year()-3; y-- {
		years = append(years, web.Option{Value: strconv.Itoa(y), Text: fmt.Sprintf("%d 年", y)})
	}
	v.Filter = web.NewFilter(r, "批次名称或者编号", "batches", web.NewChip(r, "年度", "year", years...), web.NewChip(r, "状态", "state", web.Options(inspect.BatchStates)...))
	if who.MayTo(inspect.BatchDraft, inspect.Owner) == nil && (who.Org.Inspects() || who.Org.Kind == inspect.OrgOffice) {
		batch := inspect.BatchID(web.NewID())
		form := web.FormOf(r, act.DraftBatch{Batch: batch, Year: s.today().Year()}, "batch")
		form.Then = "/office/batches/" + string(batch) + "/edit"
		v.Begin, v.Years = &form, []web.Option{years[1], years[0]}
	}
	return batchesPage.Show(w, r, v)
}

func batchPath(b inspect.Batch) string { return "/office/batches/" + string(b.ID) }

func batchTitle(b inspect.Batch) string {
	if b.Title == "" {
		return "尚未命名的批次"
	}
	return b.Title
}

func runText(b inspect.Batch) string {
	if b.Run == 0 {
		return "尚未公告"
	}
	return fmt.Sprintf("第 %d 次抽取", b.Run)
}

func batchState(b inspect.Batch) web.State {
	shape := map[inspect.BatchState]web.Shape{
		inspect.BatchDrafting: web.Idle, inspect.BatchDrawn: web.Happy, inspect.BatchDisclosed: web.Happy,
		inspect.BatchVoided: web.Bad, inspect.BatchAnnulled: web.Bad, inspect.BatchDiscarded: web.Bad,
	}
	if b.State == inspect.BatchDrawn && b.Hidden() {
		return web.State{Shape: web.Sealed, Text: "已抽取，名单封存"}
	}
	if at, ok := shape[b.State]; ok {
		return web.State{Shape: at, Text: b.State.Text()}
	}
	return web.State{Shape: web.Going, Text: b.State.Text()}
}
