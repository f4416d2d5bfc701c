package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	deliveryPage       = web.NewPage[deliveryView](files, "delivery.html")
	deliveryTargetPage = web.NewPage[deliveryTargetView](files, "delivery_target.html")
	deliveryCheckPage  = web.NewPage[deliveryCheckView](files, "delivery_check.html")
)

type deliveryView struct {
	Row     deliveryRow
	Crumbs  []web.Link
	Facts   []web.Fact
	Retry   *web.Form
	Abandon *web.Form
	Log     []web.Entry
}

// delivery is the page of one delivery: each try, and what can be done now.
func (s *server) delivery(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	x, err := s.db.Delivery(r.Context(), who.Scope(), inspect.DeliveryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	has := x.Relations(who.Org)
	if who.MayTo(inspect.DeliverRead, has...) != nil {
		return inspect.ErrMissing
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	targets, err := s.db.Targets(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := deliveryView{Row: s.deliveryRow(x, targets, facts), Crumbs: []web.Link{{Text: "报送", Href: "/office/deliveries"}, {Text: "第 " + fmt.Sprint(x.No) + " 条"}}}
	v.Facts = []web.Fact{
		{Label: "渠道", Value: v.Row.Target, Note: x.Kind.Text()}, {Label: "版次", Value: v.Row.Edition}, {Label: "部门", Value: v.Row.Org},
		{Label: "列入时间", Value: v.Row.Opened}, {Label: "内容摘要", Value: x.Digest, Note: "SHA-256，与公示的版本一致"},
	}
	if x.Package > 0 {
		v.Facts = append(v.Facts, web.Fact{Label: "报送文件", Value: fmt.Sprintf("第 %d 号", x.Package)})
	}
	if x.Receipt != "" {
		v.Facts = append(v.Facts, web.Fact{Label: "回执编号", Value: x.Receipt})
	}
	if !x.Next.IsZero() {
		v.Facts = append(v.Facts, web.Fact{Label: "下次重试", Value: web.Stamp(x.Next), Note: fmt.Sprintf("已试 %d 次", x.Tries)})
	}
	for _, step := range x.Steps {
		by := "联席会议办公室"
		switch step.Verb {
		case inspect.DeliverSend, inspect.DeliverFail, inspect.DeliverReplace:
			by = "平台"
		}
		v.Log = append(v.Log, web.Entry{At: web.Past, Text: step.Verb.Text(), When: web.Stamp(step.At), Who: by, Note: step.Text})
	}
	for _, verb := range who.Among(x.Verbs(), has...) {
		switch verb {
		case inspect.DeliverRetry:
			f := web.FormOf(r, act.RetryDeliveries{Target: x.Target, Nos: []int64{x.No}}, "target", "nos")
			v.Retry = &f
		case inspect.DeliverAbandon:
			f := web.FormOf(r, act.AbandonDelivery{Delivery: x.ID, Seen: x.Version}, "delivery", "seen")
			v.Abandon = &f
		}
	}
	return deliveryPage.Show(w, r, v)
}

type deliveryTargetView struct {
	Target   targetRow
	Crumbs   []web.Link
	Pack     *web.Form
	Retry    *web.Form
	Waiting  int64
	Stuck    int64
	Late     int64
	Packages []packageRow
	List     string
}

// A packageRow is one file that was handed over, with what is left to do for it.
type packageRow struct {
	No, All, When, XLSX, JSON, Receipt string
	State                              web.State
	Give, Refuse                       *web.Form
	Upload                             *web.Form
}

// packagesShown is how many files the page shows.
const packagesShown = 30

// deliveryTarget is where the office hands files over and notes what came of them.
func (s *server) deliveryTarget(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, counts, err := s.countedTargets(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t inspect.Target) bool { return string(t.ID) == r.PathValue("id") })
	if i < 0 || who.MayTo(inspect.TargetRead, all[i].Relations(who.Org)...) != nil {
		return inspect.ErrMissing
	}
	t := all[i]
	c, has := counts[t.ID], t.Relations(who.Org)
	v := deliveryTargetView{
		Target: s.targetRow(r, i, t, c), Crumbs: []web.Link{{Text: "报送", Href: "/office/deliveries"}, {Text: t.Name}}, Waiting: c.Waiting, Stuck: c.Stuck, Late: c.Late,
		List: "/office/deliveries?tab=all&target=" + string(t.ID),
	}
	active := t.State == inspect.TargetActive
	if active && t.Kind == inspect.TargetGSXT && c.Waiting > 0 && who.MayTo(inspect.DeliverPack, has...) == nil {
		f := web.FormOf(r, act.PackDeliveries{Target: t.ID}, "target")
		v.Pack = &f
	}
	if active && c.Stuck > 0 && who.MayTo(inspect.DeliverRetry, has...) == nil {
		f := web.FormOf(r, act.RetryDeliveries{Target: t.ID}, "target", "nos")
		v.Retry = &f
	}
	packages, err := s.db.Packages(r.Context(), who.Scope(), t.ID, packagesShown)
	for _, p := range packages {
		v.Packages = append(v.Packages, packageOf(r, p, who.MayTo(inspect.DeliverReceipt, has...) == nil))
	}
	if err != nil {
		return err
	}
	return deliveryTargetPage.Show(w, r, v)
}

func packageOf(r *http.Request, p store.PackageRow, may bool) packageRow {
	base := targetPath(p.Target) + "/packages/" + fmt.Sprint(p.No)
	row := packageRow{
		No: fmt.Sprint(p.No), All: fmt.Sprint(len(p.Nos)), When: web.Stamp(p.At), XLSX: base + "/results.xlsx", JSON: base + "/results.json", Receipt: p.Receipt,
		State: web.State{Shape: web.Happy, Text: fmt.Sprintf("已回执 %d 条", p.Received)},
	}
	switch {
	case p.Sent > 0:
		row.State = web.State{Shape: web.Going, Text: fmt.Sprintf("待回执 %d 条", p.Sent)}
	case p.Received == 0:
		row.State = web.State{Text: "没有待回执的"}
	}
	if !may || p.Sent == 0 {
		return row
	}
	give := web.FormFor(r, row.No, act.ReceiptDeliveries{Target: p.Target, Package: p.No}, "target", "package")
	refuse := web.FormFor(r, row.No, act.RefuseDeliveries{Target: p.Target, Package: p.No}, "target", "package")
	upload := web.FormToFor(r, row.No, base+"/refused", &refusedFields{})
	upload.Request = web.NewID()
	row.Give, row.Refuse, row.Upload = &give, &refuse, &upload
	return row
}

// refusedFields is the form that brings a list of what was not taken.
type refusedFields struct {
	Refused string `json:"refused" label:"退回清单（.xlsx 或 .csv）" hint:"两列：报送序号、退回原因"`
}

// uploadRefused notes what of a file the other system did not take, from its own list.
func (s *server) uploadRefused(w http.ResponseWriter, r *http.Request) error {
	id := inspect.TargetID(r.PathValue("id"))
	name, file, err := fileOf(r)
	number, wrong := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if wrong != nil {
		return inspect.ErrMissing
	}
	var lines string
	if err == nil {
		lines, err = exchange.ReadRefusals(r.Context(), name, file)
	}
	if err == nil {
		_, err = desk{s.Desk, s.Security}.Do(r.Context(), r.PostForm.Get("request"), web.Actor(r), &act.RefuseDeliveries{Target: id, Package: number, Refused: lines})
	}
	if err == nil {
		http.Redirect(w, r, targetPath(id), http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	return s.deliveryTarget(w, web.WithFailure(r, err))
}

// packageFile sends a file that is handed over, the same each time: R94.
func (s *server) packageFile(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	kinds := map[string]exchange.Format{"results.xlsx": exchange.XLSX, "results.json": exchange.JSON}
	format, ok := kinds[r.PathValue("file")]
	number, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if !ok || err != nil {
		return inspect.ErrMissing
	}
	_, rows, err := s.db.Package(r.Context(), who.Scope(), inspect.TargetID(r.PathValue("id")), number)
	if err != nil {
		return err
	}
	var all []exchange.Delivered
	for _, x := range rows {
		d := exchange.NewDelivered(x.Delivery, x.Published, s.Base+"/results/"+string(x.Result))
		d.Earlier = x.Earlier
		all = append(all, d)
	}
	kind := map[exchange.Format]string{exchange.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exchange.JSON: "application/json"}[format]
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gsxt-%d.%s"`, number, format))
	return exchange.WriteGSXT(w, format, all)
}

type deliveryCheckView struct {
	Crumbs []web.Link
	Rows   []checkRow
	Past   []pastCheck
	File   string
}

// A checkRow is what the comparison says of one target now.
type checkRow struct {
	Href, Name, Kind                                                             string
	Editions, Waiting, Sent, Received, Failed, Left, Missing, Late, Other, Stuck string
	State                                                                        web.State
	Doing, Done                                                                  string
}

// A pastCheck is one night's comparison.
type pastCheck struct {
	Day, When string
	Targets   int
	State     web.State
}

// deliveryCheck compares what is public with what was delivered, now and in the nights
// before: R94, INV-20, INV-21.
func (s *server) deliveryCheck(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	over := web.Link{Text: "报送渠道", Href: "/office/targets"}
	if web.Actor(r).May(inspect.DeliverRead) == nil {
		over = web.Link{Text: "报送", Href: "/office/deliveries"}
	}
	v := deliveryCheckView{Crumbs: []web.Link{over, {Text: "对账"}}, File: "/office/deliveries/check.csv"}
	all, counts, err := s.countedTargets(r)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.State == inspect.TargetActive {
			v.Rows = append(v.Rows, checkRowOf(r, t, counts[t.ID]))
		}
	}
	past, err := s.db.DeliveryChecks(r.Context(), who.Scope(), packagesShown)
	for _, c := range past {
		v.Past = append(v.Past, pastCheck{c.Day.Long(), web.Stamp(c.At), len(c.Counts), differences(c.Differences())})
	}
	if err != nil {
		return err
	}
	return deliveryCheckPage.Show(w, r, v)
}

func differences(n int64) web.State {
	if n == 0 {
		return web.State{Shape: web.Happy, Text: "一致"}
	}
	return web.State{Shape: web.Bad, Text: fmt.Sprintf("%d 条需要处理", n)}
}

func checkRowOf(r *http.Request, t inspect.Target, c inspect.DeliveryCount) checkRow {
	n := func(n int64) string { return web.Thousands(n) }
	row := checkRow{
		Name: t.Name, Kind: t.Kind.Text(), Editions: n(c.Editions), Waiting: n(c.Waiting), Sent: n(c.Sent), Received: n(c.Received + c.Offered), Failed: n(c.Failed),
		Left: n(c.Left), Missing: n(c.Missing), Late: n(c.Late), Other: n(c.Other), Stuck: n(c.Stuck), State: differences(c.Differences()),
	}
	row.Doing, row.Done = "待报送 "+row.Waiting+"　待回执 "+row.Sent+"　未成功 "+row.Failed, "已回执 "+row.Received
	if t.Kind == inspect.TargetFeed {
		row.Doing, row.Done = "公示即提供，没有回执", "已提供 "+row.Received
	}
	row.Href = targetLink(web.Actor(r), t)
	return row
}

// deliveryCheckFile sends the comparison as a table.
func (s *server) deliveryCheckFile(w http.ResponseWriter, r *http.Request) error {
	all, counts, err := s.countedTargets(r)
	if err != nil {
		return err
	}
	heads := []string{"渠道", "报送方式", "应共享结果", "待报送", "待回执", "已回执或者已提供", "未成功", "已代替或者不再报送", "漏报", "内容不一致", "逾期无回执", "等待人工处理"}
	file, err := s.sendTable(w, r, "reconciliation", shownTable("报送对账", heads))
	if err != nil {
		return err
	}
	for _, t := range all {
		if x := checkRowOf(r, t, counts[t.ID]); t.State == inspect.TargetActive {
			err = errors.Join(err, file.Write([]string{
				x.Name, x.Kind, x.Editions, x.Waiting, x.Sent, x.Received, x.Failed, x.Left, x.Missing, x.Other, x.Late, x.Stuck,
			}))
		}
	}
	return errors.Join(err, file.Close())
}
