package office

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/ledger"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var recordPage = web.NewPage[recordView](files, "record.html")

type recordView struct {
	Filter web.Filter
	Days   web.Form // the range of days; Keep carries the other choices
	Keep   []web.Pair
	Always string // the list without the range; empty if there is none
	Rows   []recordRow
	Pager  web.Pager
	CSV    string // path of the file with the same entries
	State  *recordState
}

// A recordState is how the record stands as a whole. It is worked out with the
// first page only: it reads everything.
type recordState struct {
	Numbers []web.Number
	Head    string // root of the newest checkpoint, in hexadecimal
	Signed  string // when it was signed, and by how many witnesses beneath
	Behind  int64  // entries that no checkpoint covers yet
	Broken  []web.Fact
}

// A recordRow is one act of the list.
type recordRow struct {
	N                 int64
	At, Verb          string
	Name, Post, Org   string
	Thing, Note, Kind string
	Href              string // of the thing, if the reader may open it
	Receipt           *web.Receipt
}

// recordDays is what the form over the record asks for.
type recordDays struct {
	From  workday.Date `json:"from" label:"起始日期" hint:"例如 2026-03-02"`
	Until workday.Date `json:"until" label:"截止日期" hint:"含当日"`
}

// record shows every act there was, newest first, to those who watch over the
// record: 审计管理员 and 执法监督, R139.
func (s *server) record(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	filter, days, err := recordFilter(r)
	if err != nil { // a day that is none: the page shows where, and the rest of the list
		r.PostForm = url.Values{"form": {"office-record"}, "from": r.URL.Query()["from"], "until": r.URL.Query()["until"]}
		r = web.WithFailure(r, err)
	}
	_, size := web.PageOf(r)
	filter.Most = size + 1
	entries, err := s.db.Record(r.Context(), who.Scope(), filter)
	if err != nil {
		return err
	}
	count, err := s.db.RecordCount(r.Context(), who.Scope(), filter)
	if err != nil {
		return err
	}
	next := ""
	if len(entries) > size {
		entries = entries[:size]
		next = strconv.FormatInt(entries[size-1].N, 10)
	}
	v := recordView{Days: web.FormTo(r, "/office/record", &days)}
	for _, e := range entries {
		v.Rows = append(v.Rows, recordRowOf(who, e))
	}
	v.Pager = web.NewPager(r, "", fmt.Sprintf("共 %s 条，本页 %d 条", web.Thousands(count), len(entries)), next)
	if err := s.recordChoices(r, &v); err != nil {
		return err
	}
	if filter.Before == 0 {
		if v.State, err = s.recordState(r); err != nil {
			return err
		}
	}
	return recordPage.Show(w, r, v)
}

// recordFilter reads the choices in the address. What is wrong with the days
// comes as an error beside the rest of the filter.
func recordFilter(r *http.Request) (f store.RecordFilter, days recordDays, err error) {
	q := r.URL.Query()
	err = web.DecodeForm(url.Values{"from": q["from"], "until": q["until"]}, &days)
	f = store.RecordFilter{
		Verb: inspect.Verb(q.Get("verb")), Org: inspect.OrgID(q.Get("org")), Text: strings.TrimSpace(q.Get("q")), From: days.From, Until: days.Until,
	}
	after, _ := web.PageOf(r)
	f.Before, _ = strconv.ParseInt(after, 10, 64) // not a number begins with the newest
	return f, days, err
}

// recordChoices fills in the filter and the addresses that keep it.
func (s *server) recordChoices(r *http.Request, v *recordView) error {
	who, q := web.Actor(r), r.URL.Query()
	orgs, err := s.db.Orgs(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	var verbs, units []web.Option
	for _, verb := range inspect.Acts() {
		verbs = append(verbs, web.Option{Value: string(verb), Text: verb.Text()})
	}
	for _, o := range orgs {
		units = append(units, web.Option{Value: string(o.ID), Text: o.Short})
	}
	v.Filter = web.NewFilter(r, "办理人姓名", "", web.NewChip(r, "办理事项", "verb", verbs...), web.NewChip(r, "单位", "org", units...))
	kept, rest := url.Values{}, url.Values{}
	for _, name := range []string{"q", "verb", "org", "from", "until"} {
		if value := q.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	for _, name := range []string{"q", "verb", "org"} {
		if value := kept.Get(name); value != "" {
			v.Keep = append(v.Keep, web.Pair{Name: name, Value: value})
			rest.Set(name, value)
		}
	}
	if kept.Has("from") || kept.Has("until") {
		v.Always = "/office/record?" + rest.Encode()
	}
	v.CSV = "/office/record.csv?" + kept.Encode()
	return nil
}

func recordRowOf(who inspect.Actor, e store.RecordEntry) recordRow {
	row := recordRow{
		N: e.N, At: web.Stamp(e.At), Verb: e.Verb.Text(), Name: e.Name, Post: e.Post.Text(), Org: e.OrgName,
		Thing: e.Thing.Name, Note: thingNote(e.Thing), Kind: thingKinds[e.Thing.Kind],
		Receipt: &web.Receipt{N: e.N, Code: e.Code()},
	}
	if path := map[string]string{"item": "/office/items/", "org": "/office/orgs/", "person": "/office/people/"}[e.Thing.Kind]; path != "" {
		reads := inspect.PeopleRead
		if e.Thing.Kind == "item" {
			reads = inspect.ItemRead
		}
		if who.May(reads) == nil {
			row.Href = path + e.Thing.ID
		}
	}
	return row
}

// thingKinds are the nouns of the record in words.
var thingKinds = map[string]string{
	"plan": "抽查计划", "item": "抽查事项", "sublibrary": "检查对象分库", "org": "单位", "person": "人员", "post": "岗位", "urge": "提醒",
	"upstream": "上级清单、名单", "limit": "重点事项上限", "checklist": "检查表单", "joint": "联合清单",
	"inspector": "执法检查人员", "workforce": "执法人员数", "object": "检查对象", "import": "导入批次", "security": "安全日志封存",
	"task": "抽查任务", "confirm": "名录库确认", "cap": "检查频次上限", "waiver": "超限抽查许可", "batch": "抽取批次", "reading": "名单查阅",
	"team": "检查小组", "subst": "递补与人员替换", "visit": "检查",
	"result": "检查结果", "correction": "更正", "followup": "后续处理", "target": "报送渠道", "delivery": "报送", "feedback": "意见反馈", "appeal": "异议、申辩和修复",
}

func thingNote(t store.Thing) string {
	switch {
	case t.Kind == "post":
		return inspect.PostKind(t.Note).Text()
	case (t.Kind == "plan" || t.Kind == "joint") && t.Note != "":
		return "第 " + t.Note + " 次调整"
	case t.Kind == "urge":
		return t.Note + " 年度"
	}
	return t.Note
}

// recordState says how large the record is, what the log has promised of it, and
// whether every invariant holds.
func (s *server) recordState(r *http.Request) (*recordState, error) {
	state, err := s.db.RecordState(r.Context(), web.Actor(r).Scope())
	if err != nil {
		return nil, err
	}
	broken, err := s.db.Broken(r.Context())
	if err != nil {
		return nil, err
	}
	v := &recordState{Behind: state.Entries - state.Head.Size}
	v.Numbers = []web.Number{
		{Label: "存证条目", Value: web.Thousands(state.Entries), Unit: "条"}, {Label: "已签入检查点", Value: web.Thousands(state.Head.Size), Unit: "条"},
	}
	if state.Head.Size > 0 {
		v.Head = fmt.Sprintf("%x", state.Head.Root[:])
		v.Signed = web.Stamp(state.Head.At) + "　尚无见证方联署"
		if state.Witnesses > 0 {
			v.Signed = fmt.Sprintf("%s　%d 个见证方联署", web.Stamp(state.Head.At), state.Witnesses)
		}
	}
	for _, view := range sortedKeys(broken) {
		v.Broken = append(v.Broken, web.Fact{Label: "INV-" + strings.TrimPrefix(view, "inv_"), Value: strings.TrimSpace(broken[view])})
	}
	return v, nil
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// recordChunk is how many entries the export reads at a time.
const recordChunk = 500

// recordCSV sends the entries that the filter lets through as a table, newest
// first. It reads as it writes, so that a record of any length can be taken out;
// a file that breaks off in between ends the connection, not the sentence.
func (s *server) recordCSV(w http.ResponseWriter, r *http.Request) error {
	filter, _, err := recordFilter(r)
	if err != nil {
		return err
	}
	filter.Before, filter.Most = 0, recordChunk
	first, err := s.db.Record(r.Context(), web.Actor(r).Scope(), filter)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="record-%s.csv"`, s.today()))
	if err := s.writeRecord(r.Context(), w, web.Actor(r).Scope(), filter, first); err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

func (s *server) writeRecord(ctx context.Context, to io.Writer, scope inspect.Scope, filter store.RecordFilter, entries []store.RecordEntry) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil { // tells Excel that the file is UTF-8
		return err
	}
	out := csv.NewWriter(to)
	out.UseCRLF = true
	err := out.Write([]string{"序号", "时间", "办理事项", "事项代码", "办理人", "岗位", "单位", "对象种类", "对象", "说明", "对象编号", "版本", "回执", "叶哈希"})
	for err == nil && len(entries) > 0 {
		for _, e := range entries {
			if err = out.Write(recordCells(e)); err != nil {
				return err
			}
		}
		if filter.Before = entries[len(entries)-1].N; filter.Before == 0 || len(entries) < recordChunk {
			break
		}
		entries, err = nil, ctx.Err()
		if err == nil {
			entries, err = s.db.Record(ctx, scope, filter)
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

func recordCells(e store.RecordEntry) []string {
	leaf := ledger.LeafHash([]byte(e.Leaf))
	cells := []string{
		strconv.FormatInt(e.N, 10), web.Stamp(e.At), e.Verb.Text(), string(e.Verb), e.Name, e.Post.Text(), e.OrgName,
		thingKinds[e.Thing.Kind], e.Thing.Name, thingNote(e.Thing), e.Target, strconv.FormatInt(e.Version, 10), e.Code(), fmt.Sprintf("%x", leaf[:]),
	}
	for i, text := range cells {
		cells[i] = exchange.Guard(text)
	}
	return cells
}
