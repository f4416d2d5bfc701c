package office

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

// announceGrave announces the run: R67. Who wrote the batch does not (INV-09).
func announceGrave(r *http.Request, b inspect.Batch) *web.Grave {
	g := &web.Grave{
		Title: "公告抽取", Button: "公告", Expect: b.Number, Form: web.FormOf(r, act.AnnounceBatch{Batch: b.ID, Seen: b.Version}, "batch", "seen"),
		Effects: []string{
			"公开任务、比例、贡献方、公开事件和各项截止时间。", "公告以后，凡是影响抽中谁的内容都不能再改；只能作废本次抽取，重新公告。", "请先核对各贡献方的公钥。",
		},
	}
	if len(b.Tasks) == 0 || b.Terms.Suite == "" {
		g.Why = append(g.Why, "批次设置还没有填写。请经办人先填写。")
	}
	if web.Actor(r).Person == b.DraftedBy {
		g.Why = append(g.Why, inspect.ErrOwnWork.Error())
	}
	return g
}

// lockGrave locks the list: R68, 海政办发〔2020〕2号 二(五)2. What is missing stands
// there before anybody tries.
func lockGrave(r *http.Request, v *batchView) *web.Grave {
	b := v.Batch
	g := &web.Grave{
		Title: "锁定抽查名单", Button: "锁定名单", Expect: b.Number, Form: web.FormOf(r, act.LockBatch{Batch: b.ID, Seen: b.Version}, "batch", "seen"),
		Effects: []string{
			"同时核对：每项任务已备案，各部门已确认两个名录库并且之后没有变动，抽查事项在已公布的清单中，应抽户数仍与公告相符，没有其他已锁定的批次含有相同对象。",
			"锁定以后名单和检查人员不能更改；如有错误，作废本次抽取后重新公告。", "确认过这些任务名录库的人不能锁定。",
		},
	}
	for _, t := range v.Tasks {
		if len(t.Missing) > 0 {
			g.Why = append(g.Why, t.Name+"："+strings.Join(t.Missing, ""))
		}
	}
	return g
}

// A documentForm hands in what a contributor made: R67.
type documentForm struct {
	Title, Button, Command string
	Form                   web.Form
}

// documentFields is the form of a document, pasted; a file may come with it.
type documentFields struct {
	Document string `json:"document" label:"或者粘贴文件内容" hint:"整个 JSON 文件，不要改动"`
}

// documentOf is the form of the document that the phase waits for.
func documentOf(r *http.Request, b inspect.Batch, may map[inspect.Verb]bool) *documentForm {
	form := func(verb, title, button, command string) *documentForm {
		f := web.FormTo(r, batchPath(b)+"/"+verb, &documentFields{})
		f.Request = web.NewID()
		return &documentForm{Title: title, Button: button, Command: command, Form: f}
	}
	switch {
	case may[inspect.BatchCommit]:
		return form("commit", "交来承诺", "提交承诺", "suicha draw commit")
	case may[inspect.BatchReveal]:
		return form("reveal", "亮出随机数", "提交随机数", "suicha draw reveal")
	case may[inspect.BatchUnseal]:
		return form("unseal", "启封", "提交信封中的随机数", "suicha draw reveal")
	}
	return nil
}

// commitBatch, revealBatch and unsealBatch hand in a contributor's document, as a
// file or pasted.
func (s *server) commitBatch(w http.ResponseWriter, r *http.Request) error {
	return s.handIn(w, r, func(d act.BatchDocument) act.Command { return &act.CommitBatch{BatchDocument: d} })
}

func (s *server) revealBatch(w http.ResponseWriter, r *http.Request) error {
	return s.handIn(w, r, func(d act.BatchDocument) act.Command { return &act.RevealBatch{BatchDocument: d} })
}

func (s *server) unsealBatch(w http.ResponseWriter, r *http.Request) error {
	return s.handIn(w, r, func(d act.BatchDocument) act.Command { return &act.UnsealBatch{BatchDocument: d} })
}

// documentMost is the longest document of a contributor, in bytes.
const documentMost = 64 << 10

func (s *server) handIn(w http.ResponseWriter, r *http.Request, as func(act.BatchDocument) act.Command) error {
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return inspect.ErrForm
	}
	var fields documentFields
	err := web.DecodeForm(r.PostForm, &fields)
	if text, fileErr := documentFile(r); err == nil && (fileErr != nil || text != "") {
		fields.Document, err = text, fileErr
	}
	if err == nil && strings.TrimSpace(fields.Document) == "" {
		err = inspect.ErrEmpty.With("贡献方的文件").At("document")
	}
	return s.doBatch(w, r, err, s.batch, func(id inspect.BatchID) act.Command {
		return as(act.BatchDocument{Batch: id, Document: fields.Document})
	})
}

// documentFile is the text of the file that came with the form; empty is none.
func documentFile(r *http.Request) (string, error) {
	part, _, err := r.FormFile("file")
	if err != nil {
		return "", nil
	}
	defer part.Close()
	text, err := io.ReadAll(io.LimitReader(part, documentMost+1))
	switch {
	case err != nil:
		return "", err
	case len(text) > documentMost || !utf8.Valid(text):
		return "", inspect.ErrBatchDocument.With("不是贡献方程序写出的 JSON 文件")
	}
	return string(text), nil
}

// doBatch carries out an act whose form is read here, since the command has rows: the
// answers are those of the one handler of all forms. Err is what reading gave.
func (s *server) doBatch(w http.ResponseWriter, r *http.Request, err error, show web.Handler, command func(inspect.BatchID) act.Command) error {
	id := inspect.BatchID(r.PathValue("id"))
	path := "/office/batches/" + string(id)
	var receipt web.Receipt
	if err == nil {
		receipt, err = desk{s.Desk, s.Security}.Do(r.Context(), r.PostForm.Get("request"), web.Actor(r), command(id))
	}
	if err == nil {
		http.Redirect(w, r, path+"?done="+receiptNumber(receipt), http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	r = web.WithFailure(r, err)
	if strings.HasSuffix(r.URL.Path, "/edit") {
		path += "/edit"
	}
	if errors.Is(err, inspect.ErrStepUp) {
		web.Failed(r).StepUp = web.StepUpPath + "?next=" + url.QueryEscape(path)
	}
	r = r.Clone(r.Context())
	r.URL = &url.URL{Path: path}
	return show(w, r)
}

func receiptNumber(r web.Receipt) string { return strings.TrimPrefix(r.Href(), "/receipts/") }

// mendable reports whether a failure is shown on the form's own page.
func mendable(err error) bool {
	var ps inspect.Problems
	var p inspect.Problem
	if errors.As(err, &ps) && len(ps) > 0 {
		p = ps[0]
	} else if !errors.As(err, &p) {
		return false
	}
	return p.Kind == inspect.Invalid || p.Kind == inspect.Refused || p.Kind == inspect.Stale || p.Kind == inspect.StepUp
}

// An eventForm is one typing of the public event: of the numbers with where and when
// they came about, or of the numbers alone.
type eventForm struct {
	Form  web.Form
	Rows  []eventRow
	Why   string // why this reader cannot type now
	Again bool   // this or another person has typed already
}

// An eventRow is one source of the event.
type eventRow struct {
	Code, Title, Example                            string
	Spare                                           bool
	Numbers, Issue, Time, Evidence                  string
	NumbersID, IssueID, TimeID, EvidenceID, CloseID string
	Cancelled                                       bool
}

// eventFields is the form of the event, a row for each source that was announced.
type eventFields struct {
	Seen      int64    `json:"seen"`
	Sources   string   `json:"sources" label:"号码"` // where problems of the rows stand
	Code      []string `json:"code"`
	Numbers   []string `json:"numbers" label:"号码"`
	Issue     []string `json:"issue" label:"期号、轮次或地点"`
	Time      []string `json:"time" label:"开出时间"`
	Evidence  []string `json:"evidence" label:"录像摘要"`
	Cancelled []string `json:"cancelled" label:"没有开出号码"`
}

// rowsOf are the values of a field as they were sent, row by row: an empty one keeps
// its place.
func rowsOf(r *http.Request, name string) func(i int) string {
	var list []string
	if failure := web.Failed(r); failure != nil {
		list = failure.Values[name]
	} else if r.Method == http.MethodPost {
		list = r.PostForm[name]
	}
	return func(i int) string {
		if i < len(list) {
			return strings.TrimSpace(list[i])
		}
		return ""
	}
}

// eventForms fills in the two typings of the event: INV-09. The second shows nothing
// of the first.
func (s *server) eventForms(r *http.Request, v *batchView, may map[inspect.Verb]bool) {
	who, b := web.Actor(r), v.Batch
	early := ""
	if draw.Instant(s.Now()) < b.Terms.Event {
		early = "公开事件最早在 " + chinaMoment(b.Terms.Event) + " 发生，之后才能录入。"
	}
	form := func(path string) *eventForm {
		f := &eventForm{Form: web.FormTo(r, batchPath(b)+path, &eventFields{Seen: b.Version}, "seen"), Why: early, Again: b.TypedBy != ""}
		f.Form.Request = web.NewID()
		f.Rows = eventRows(r, f.Form, b)
		return f
	}
	if may[inspect.BatchTypeEvent] {
		v.Event = form("/event")
	}
	if may[inspect.BatchConfirmEvent] && b.TypedBy != "" {
		v.Confirm = form("/event/confirm")
		if who.Person == b.TypedBy {
			v.Confirm.Why = inspect.ErrBatchTypist.Error()
		}
	}
}

func eventRows(r *http.Request, f web.Form, b inspect.Batch) (rows []eventRow) {
	for i, source := range append(sourcesOf(b.Terms.Sources), sourcesOf(b.Terms.Reserves)...) {
		row := eventRow{Code: source.Code, Title: source.Title, Example: eventExamples[source.Code], Spare: i >= len(b.Terms.Sources)}
		for name, id := range map[string]*string{"numbers": &row.NumbersID, "issue": &row.IssueID, "time": &row.TimeID, "evidence": &row.EvidenceID, "cancelled": &row.CloseID} {
			*id = f.FieldID(name) + "-" + source.Code
		}
		if f.Failed {
			row.Numbers, row.Issue, row.Time, row.Evidence = rowsOf(r, "numbers")(i), rowsOf(r, "issue")(i), rowsOf(r, "time")(i), rowsOf(r, "evidence")(i)
			for _, code := range web.Failed(r).Values["cancelled"] {
				row.Cancelled = row.Cancelled || code == source.Code
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// eventExamples are how the numbers of a source are typed.
var eventExamples = map[string]string{
	"ssq": "例如 1 9 14 20 27 31+5", "dlt": "例如 5 11 18 26 33+2 9", "qxc": "例如 4 0 7 1 9 3+12", "urn6": "例如 4 0 7 1 9 3", "dice10": "例如 4 0 7 1 9 3 5 5 2 8",
}

// typeEvent and confirmEvent take the two typings.
func (s *server) typeEvent(w http.ResponseWriter, r *http.Request) error {
	fields, sources, err := eventOf(r)
	return s.doBatch(w, r, err, s.batch, func(id inspect.BatchID) act.Command {
		return &act.TypeEvent{Batch: id, Seen: fields.Seen, Sources: sources, Cancelled: fields.Cancelled}
	})
}

func (s *server) confirmEvent(w http.ResponseWriter, r *http.Request) error {
	fields, sources, err := eventOf(r)
	for i := range sources {
		sources[i] = inspect.TypedSource{Code: sources[i].Code, Numbers: sources[i].Numbers}
	}
	return s.doBatch(w, r, err, s.batch, func(id inspect.BatchID) act.Command {
		return &act.ConfirmEvent{Batch: id, Seen: fields.Seen, Sources: sources}
	})
}

// eventOf reads the rows of the event. A row without numbers is none.
func eventOf(r *http.Request) (fields eventFields, sources []inspect.TypedSource, err error) {
	if err := r.ParseForm(); err != nil {
		return fields, nil, inspect.ErrForm
	}
	if err := web.DecodeForm(r.PostForm, &fields); err != nil {
		return fields, nil, err
	}
	for i, code := range r.PostForm["code"] {
		row := inspect.TypedSource{
			Code: code, Numbers: rowsOf(r, "numbers")(i), Issue: rowsOf(r, "issue")(i), Time: rowsOf(r, "time")(i), Evidence: rowsOf(r, "evidence")(i),
		}
		if row.Numbers != "" {
			sources = append(sources, row)
		}
	}
	if len(sources) == 0 {
		return fields, nil, inspect.ErrEmpty.With("号码").At("sources")
	}
	return fields, sources, nil
}

// A voidForm ends a run that cannot have a result: R68.
type voidForm struct {
	Form web.Form
	Why  string
}

// voidOf is the form for who may void the run now: before the event the organiser,
// afterwards another.
func (s *server) voidOf(r *http.Request, b inspect.Batch) *voidForm {
	who := web.Actor(r)
	f := &voidForm{Form: web.FormOf(r, act.VoidBatch{Batch: b.ID, Seen: b.Version}, "batch", "seen")}
	switch _, err := b.Void(who.Org.ID, "作废", who.Person, s.Now()); {
	case errors.Is(err, inspect.ErrBatchEarly):
		return nil
	case err != nil:
		f.Why = err.Error()
	}
	return f
}

// annulGrave takes a draw back, by another department: C18.
func (s *server) annulGrave(r *http.Request, b inspect.Batch) *web.Grave {
	who := web.Actor(r)
	g := &web.Grave{
		Title: "撤销抽取结果", Button: "撤销", Expect: b.Number, Form: web.FormOf(r, act.AnnulBatch{Batch: b.ID, Seen: b.Version}, "batch", "seen"),
		Effects: []string{"仅在抽取记录与事实不符时撤销。", "原结果和撤销理由继续公开，任何人都可以查到。", "任务恢复为已备案，另行列入批次重新抽取。"},
	}
	switch _, err := b.Annul(who.Org.ID, "撤销", who.Person, s.Now()); {
	case errors.Is(err, inspect.ErrBatchForeign):
		return nil
	case err != nil:
		g.Why = []string{err.Error()}
	}
	ground, err := g.Form.Field("ground")
	if err == nil {
		ground.Need, ground.Most = true, 120
		g.Fields = []web.Field{ground}
	}
	return g
}
