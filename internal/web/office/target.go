package office

import (
	"fmt"
	"net/http"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var targetsPage = web.NewPage[targetsView](files, "target_list.html")

type targetsView struct {
	Rows  []targetRow
	Add   *web.Form
	Kinds []web.Option
}

// A targetRow is one target and how what it gets stands.
type targetRow struct {
	Href, Name, Kind, Address, Days, From, Reason string
	State                                         web.State
	Numbers                                       []web.Number
	Fault                                         string // what somebody has to see to
	Webhook, File                                 bool
	Put, End                                      *web.Form
}

// targets shows the systems that published results are shared with, and lets the system
// administrator name them: R94.
func (s *server) targets(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, counts, err := s.countedTargets(r)
	if err != nil {
		return err
	}
	var v targetsView
	for i, t := range all {
		v.Rows = append(v.Rows, s.targetRow(r, i, t, counts[t.ID]))
	}
	if who.May(inspect.TargetAdd) == nil {
		form := web.FormOf(r, act.AddTarget{ID: inspect.TargetID(web.NewID()), Kind: inspect.TargetGSXT, Days: inspect.TargetDaysUsual}, "id")
		form.Then = "/office/targets"
		v.Add, v.Kinds = &form, web.Options(inspect.TargetKinds)
	}
	return targetsPage.Show(w, r, v)
}

// countedTargets are the targets of the region, and how their deliveries stand. Who runs
// the system counts, and reads none of them: INV-14.
func (s *server) countedTargets(r *http.Request) ([]inspect.Target, map[inspect.TargetID]inspect.DeliveryCount, error) {
	who := web.Actor(r)
	all, err := s.db.Targets(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return nil, nil, err
	}
	counts, err := s.db.CountDeliveries(r.Context(), who.Scope(), all, s.Calendar, s.Now())
	of := map[inspect.TargetID]inspect.DeliveryCount{}
	for _, c := range counts {
		of[c.Target] = c
	}
	return all, of, err
}

func targetPath(id inspect.TargetID) string { return "/office/deliveries/targets/" + string(id) }

func (s *server) targetRow(r *http.Request, i int, t inspect.Target, c inspect.DeliveryCount) targetRow {
	who := web.Actor(r)
	row := targetRow{
		Name: t.Name, Kind: t.Kind.Text(), Reason: t.Reason, State: web.State{Shape: web.Happy, Text: t.State.Text()},
		Numbers: deliveryNumbers(t, c), Webhook: t.Kind == inspect.TargetWebhook, File: t.Kind != inspect.TargetFeed,
	}
	switch t.Kind {
	case inspect.TargetFeed:
		row.Address = s.Base + "/feeds/" + t.Slug
	case inspect.TargetWebhook:
		row.Address = t.URL
	}
	if t.Days > 0 {
		row.Days = fmt.Sprintf("%d 个工作日内应有回执", t.Days)
	}
	if !t.From.IsZero() {
		row.From = t.From.Long() + "起公示的"
	}
	if t.State != inspect.TargetActive {
		row.State = web.State{Text: t.State.Text()}
	} else if n := c.Differences(); n > 0 {
		row.Fault = fmt.Sprintf("%d 条需要处理", n)
	}
	row.Href = targetLink(who, t)
	key := fmt.Sprint(i)
	for _, verb := range who.Among(t.Verbs(), t.Relations(who.Org)...) {
		switch verb {
		case inspect.TargetPut:
			f := web.FormFor(r, key, act.PutTarget{ID: t.ID, Seen: t.Version, Name: t.Name, URL: t.URL, Inner: t.Inner, Days: t.Days}, targetFixed(t)...)
			row.Put = &f
		case inspect.TargetEnd:
			f := web.FormFor(r, key, act.EndTarget{ID: t.ID, Seen: t.Version}, "id", "seen")
			row.End = &f
		}
	}
	return row
}

// targetLink is the page of a target for those who may open it.
func targetLink(who inspect.Actor, t inspect.Target) string {
	if who.May(inspect.DeliverRead) != nil || who.MayTo(inspect.TargetRead, t.Relations(who.Org)...) != nil {
		return ""
	}
	return targetPath(t.ID)
}

// targetFixed are the fields of a change that the kind of the target leaves as they are.
func targetFixed(t inspect.Target) []string {
	fixed := []string{"id", "seen"}
	if t.Kind != inspect.TargetWebhook {
		fixed = append(fixed, "url", "inner")
	}
	if t.Kind == inspect.TargetFeed {
		fixed = append(fixed, "days")
	}
	return fixed
}

// deliveryNumbers are the counts of a target that say something of its kind.
func deliveryNumbers(t inspect.Target, c inspect.DeliveryCount) []web.Number {
	number := func(label string, n int64) web.Number {
		return web.Number{Label: label, Value: web.Thousands(n), Unit: "条"}
	}
	if t.Kind == inspect.TargetFeed {
		return []web.Number{number("应共享的结果", c.Editions), number("已提供订阅（含各版）", c.Offered)}
	}
	all := []web.Number{number("应共享的结果", c.Editions), number("待报送", c.Waiting)}
	if t.Kind == inspect.TargetGSXT {
		all = append(all, number("待回执", c.Sent))
	}
	return append(all, number("已回执", c.Received), number("未成功", c.Failed))
}
