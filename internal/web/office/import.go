package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	importsPage = web.NewPage[importsView](files, "import_list.html")
	importPage  = web.NewPage[importView](files, "import.html", "import_part.html")
)

// registerImports adds the pages of imports: a list of batches, the two steps of
// the wizard before the act (import_new.go), and the batch itself.
func (s *server) registerImports(m *web.Mux) {
	m.Page("GET /office/imports", inspect.ImportRead, s.imports)
	m.Page("GET /office/imports/new", inspect.ImportUpload, s.newImport)
	m.Page("POST /office/imports/files", inspect.ImportUpload, s.bringFile)
	m.Page("GET /office/imports/map", inspect.ImportUpload, s.mapFile)
	m.Page("GET /office/imports/objects.xlsx", inspect.ImportUpload, s.importTemplate)
	m.Page("GET /office/imports/{id}", inspect.ImportRead, s.importBatch)
	m.Page("GET /office/imports/{id}/faults.xlsx", inspect.ImportRead, s.importFaults)
}

type importsView struct {
	Rows    []importRow
	Pager   web.Pager
	MayLoad bool
}

// An importRow is one batch of the list.
type importRow struct {
	Href, Source, Org string
	Number            int64
	Noun, File        string
	Sourced           dateOf
	Rows              inspect.ImportRows
	When              string
	State             web.State
}

// imports lists the batches that the reader's department has brought.
func (s *server) imports(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	after, size := web.PageOf(r)
	before, _ := strconv.ParseInt(after, 10, 64) // nonsense is the first page
	all, err := s.db.Imports(r.Context(), who.Scope(), store.ImportFilter{Before: before, Most: size + 1})
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := importsView{MayLoad: who.May(inspect.ImportUpload) == nil && who.Org.Inspects()}
	next := ""
	if len(all) > size {
		all = all[:size]
		next = strconv.FormatInt(all[size-1].Number, 10)
	}
	for _, i := range all {
		v.Rows = append(v.Rows, importRow{
			Href: importHref(i.ID), Source: i.Source, Org: facts.Orgs[i.Org].Short, Number: i.Number, File: i.File,
			Noun: inspect.ChoiceText(inspect.ImportNouns, string(i.Noun)), Sourced: i.Sourced, Rows: i.Rows, When: web.Stamp(i.UploadedAt), State: importState(i),
		})
	}
	v.Pager = web.NewPager(r, "imports", fmt.Sprintf("本页 %d 批", len(all)), next)
	return importsPage.Show(w, r, v)
}

func importHref(id inspect.ImportID) string { return "/office/imports/" + string(id) }

func importState(i inspect.Import) web.State {
	shape := map[inspect.ImportState]web.Shape{
		inspect.ImportUploaded: web.Going, inspect.ImportApplying: web.Going, inspect.ImportReversing: web.Going, inspect.ImportChecked: web.Waiting,
		inspect.ImportSeconding: web.Waiting, inspect.ImportApplied: web.Happy, inspect.ImportRefused: web.Bad, inspect.ImportReversed: web.Bad,
	}[i.State]
	return web.State{Shape: shape, Text: i.State.Text()}
}

type importView struct {
	Import   inspect.Import
	Title    string
	Crumbs   []web.Link
	State    web.State
	Steps    []web.Step
	Numbers  []web.Number
	Progress importProgress
	Report   importReport
	Found    bool // a report is there
	Faults   string
	Faulty   bool
	Skipped  []inspect.Object
	Left     []inspect.Object
	Second   *web.Grave
	Confirm  *web.Grave
	Reverse  *web.Grave
	Cancel   *web.Form
	Again    string // where the same file's columns are mapped anew
	Facts    []web.Fact
	Log      []web.Entry
}

// An importProgress is what the part of the page shows that asks again and again.
type importProgress struct {
	Working     bool
	Href        string // of this part
	Path        string // of the page
	Phase       string
	Done, Total int64
	Rows        int64
	Left        string // how long it may take
	Trouble     bool
}

// importBatch shows a batch: what its file would do, or did, and what this reader
// can do now.
func (s *server) importBatch(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	i, err := s.db.Import(r.Context(), who.Scope(), inspect.ImportID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := importView{Import: i, Title: fmt.Sprintf("第 %d 批　%s", i.Number, i.Source), State: importState(i), Steps: importSteps(i)}
	if v.Progress, err = s.importProgress(i); err != nil {
		return err
	}
	if was := r.URL.Query().Get("was"); was != "" && was != string(i.State) && r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", importHref(i.ID)) // another state has another page
	}
	v.Crumbs = []web.Link{{Text: "名录导入", Href: "/office/imports"}, {Text: strconv.FormatInt(i.Number, 10)}}
	if err := s.importReport(r, &v); err != nil {
		return err
	}
	s.importActs(r, &v)
	if err := s.importHistory(r, &v); err != nil {
		return err
	}
	return importPage.Show(w, r, v)
}

// importProgress reads how far the platform has come. Without the data folder's
// file the state alone is shown.
func (s *server) importProgress(i inspect.Import) (p importProgress, err error) {
	switch i.State {
	case inspect.ImportUploaded, inspect.ImportApplying, inspect.ImportReversing:
	default:
		return p, nil
	}
	p = importProgress{Working: true, Path: importHref(i.ID), Href: importHref(i.ID) + "?was=" + string(i.State), Phase: i.State.Text()}
	b, err := s.Imports.Batch(string(i.ID))
	if err != nil {
		return p, err
	}
	var told struct {
		Phase             string
		Done, Total, Rows int64
		Started, At       time.Time
		Trouble           bool
	}
	found, err := b.ReadJSON("progress.json", &told)
	if !found || err != nil {
		return p, err
	}
	p.Phase, p.Done, p.Total, p.Rows, p.Trouble = told.Phase, told.Done, told.Total, told.Rows, told.Trouble
	if ran := told.At.Sub(told.Started); told.Done > 0 && ran > 2*time.Second && told.Total >= told.Done {
		p.Left = roughly(time.Duration(float64(ran) * float64(told.Total-told.Done) / float64(told.Done)))
	}
	return p, nil
}

// roughly is a span as people say it.
func roughly(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return "即将完成"
	case d < time.Minute:
		return fmt.Sprintf("约剩 %d 秒", int(d.Seconds())/10*10)
	}
	return fmt.Sprintf("约剩 %d 分钟", int(d.Minutes())+1)
}

// An importReport is what the check found, as the page shows it.
type importReport struct {
	Encoding           string
	Revived            int64
	Kinds              []importFault
	New, Changed, Gone []importCase
}

type importFault struct {
	Code, Severity string
	Count          int64
	Example        exchange.Fault
}

// Wrong reports whether such rows stay out.
func (f importFault) Wrong() bool { return f.Severity == string(exchange.Error) }

type importCase struct {
	No         int64
	Code, Name string
	Diff       []inspect.FieldChange
}

// importReport fills in what the check found, what was skipped, and what a
// reversal left.
func (s *server) importReport(r *http.Request, v *importView) error {
	b, err := s.Imports.Batch(string(v.Import.ID))
	if err != nil {
		return err
	}
	if v.Found, err = b.ReadJSON("summary.json", &v.Report); err != nil {
		return err
	}
	i := v.Import
	if i.Staged != "" {
		n := i.Rows
		v.Numbers = []web.Number{{Label: "读取", Value: web.Thousands(n.Read), Unit: "行"}, {Label: "新增", Value: web.Thousands(n.New), Unit: "户"},
			{Label: "变更", Value: web.Thousands(n.Changed), Unit: "户"}, {Label: "不变", Value: web.Thousands(n.Same), Unit: "户"},
			{Label: "来源中不再出现", Value: web.Thousands(n.Gone), Unit: "户"}, {Label: "有误，不导入", Value: web.Thousands(n.Faulty), Unit: "行"},
			{Label: "请核对", Value: web.Thousands(n.Warned), Unit: "行"}}
	}
	v.Faulty = i.Rows.Faulty+i.Rows.Warned > 0
	if _, err := os.Stat(b.Path("faults.xlsx")); err == nil {
		v.Faults = importHref(i.ID) + "/faults.xlsx"
	}
	if i.State == inspect.ImportReversed || i.State == inspect.ImportReversing {
		if v.Left, err = s.db.ImportLeft(r.Context(), web.Actor(r).Scope(), i.ID, 100); err != nil {
			return err
		}
	}
	if i.Skipped == 0 {
		return nil
	}
	v.Skipped, err = skippedRows(b)
	return err
}

// skippedRows are the first rows that were left because they had been changed.
func skippedRows(b stage.Batch) (rows []inspect.Object, err error) {
	lists, err := filepath.Glob(b.Path("skipped-*.json"))
	for _, list := range lists {
		text, e := os.ReadFile(list)
		var some []struct{ Code, Name string }
		if e = errors.Join(e, json.Unmarshal(text, &some)); e != nil {
			return rows, e
		}
		for _, one := range some {
			if len(rows) < 100 {
				rows = append(rows, inspect.Object{Code: one.Code, Name: one.Name})
			}
		}
	}
	return rows, err
}

// importActs fills in what this reader can do with the batch now.
func (s *server) importActs(r *http.Request, v *importView) {
	i, who := v.Import, web.Actor(r)
	for _, verb := range who.Among(i.Verbs(), i.Relations(who.Org)...) {
		switch verb {
		case inspect.ImportConfirm:
			if i.Rows.Staged() > 0 {
				v.Confirm = &web.Grave{Title: "确认导入", Button: "确认导入", Effects: importEffects(*v),
					Form: web.FormOf(r, act.ConfirmImport{Import: i.ID, Seen: i.Version, Staged: i.Staged}, "import", "seen", "staged")}
			}
		case inspect.ImportSecond:
			v.Second = &web.Grave{Title: "复核导入", Button: "同意导入", Effects: importEffects(*v),
				Form: web.FormOf(r, act.SecondImport{Import: i.ID, Seen: i.Version, Staged: i.Staged}, "import", "seen", "staged")}
			if who.Person == i.ConfirmedBy || who.Person == i.UploadedBy {
				v.Second.Why = []string{inspect.ErrOwnWork.Error()}
			}
		case inspect.ImportReverse:
			form := web.FormOf(r, act.ReverseImport{Import: i.ID, Seen: i.Version}, "import", "seen")
			reason, err := form.Field("reason")
			if err != nil {
				panic(err) // the command has the field
			}
			reason.Need = true
			v.Reverse = &web.Grave{Title: "撤销本批次", Button: "撤销导入", Form: form, Fields: []web.Field{reason}, Effects: []string{
				"新增的对象标为“已撤回”，变更的对象恢复为导入前的内容；以前的各个版本都保留。",
				"导入之后又被修改过的对象不动，撤销后列出，由您逐户处理。"}}
			if i.State == inspect.ImportApplying {
				v.Reverse.Title, v.Reverse.Button = "停止导入并撤销", "停止并撤销"
			}
		case inspect.ImportCancel:
			form := web.FormOf(r, act.CancelImport{Import: i.ID, Seen: i.Version}, "import", "seen")
			v.Cancel = &form
		}
	}
	if v.Import.State == inspect.ImportRefused && who.May(inspect.ImportUpload) == nil {
		v.Again = mapPath(brought{File: i.File, SHA256: i.SHA256, Size: i.Size, Source: i.Source, Sourced: i.Sourced, Whole: i.Whole})
	}
}

// importEffects says what confirming does.
func importEffects(v importView) []string {
	n := v.Import.Rows
	effects := []string{fmt.Sprintf("名录库中新增 %s 户，变更 %s 户。", web.Thousands(n.New), web.Thousands(n.Changed))}
	if n.Gone > 0 {
		effects = append(effects, fmt.Sprintf("%s 户标为“%s”：仍可查阅，不再参加抽取。", web.Thousands(n.Gone), inspect.ObjectVanished.Text()))
	}
	if v.Report.Revived > 0 {
		effects = append(effects, fmt.Sprintf("变更中有 %s 户此前已撤回或者不再出现，将恢复。", web.Thousands(v.Report.Revived)))
	}
	if n.Faulty > 0 {
		effects = append(effects, fmt.Sprintf("有误的 %s 行不会导入；改正后可以另行导入。", web.Thousands(n.Faulty)))
	}
	if n.ManyVanish() && v.Import.State == inspect.ImportChecked {
		effects = append(effects, "不再出现的超过二十分之一，确认后还须由另一位负责人复核。")
	}
	return append(effects, "导入后可以整批撤销。")
}

// importSteps is the course of a batch.
func importSteps(i inspect.Import) []web.Step {
	texts := []string{"上传", "检查", "确认", "写入名录库"}
	at := map[inspect.ImportState]int{inspect.ImportUploaded: 1, inspect.ImportRefused: 1, inspect.ImportChecked: 2, inspect.ImportSeconding: 2,
		inspect.ImportApplying: 3, inspect.ImportApplied: 4, inspect.ImportReversing: 4, inspect.ImportReversed: 4, inspect.ImportCancelled: 2}[i.State]
	steps := make([]web.Step, len(texts))
	for k, text := range texts {
		steps[k] = web.Step{Text: text, At: web.Future}
		switch {
		case k < at:
			steps[k].At = web.Past
		case k == at:
			steps[k].At, steps[k].Note = web.Now, i.State.Text()
		}
	}
	return steps
}

// importHistory fills in the facts of the batch and the record.
func (s *server) importHistory(r *http.Request, v *importView) error {
	i, who := v.Import, web.Actor(r)
	names, err := s.db.Names(r.Context(), who.Scope(), i.UploadedBy, i.ConfirmedBy, i.SecondedBy, i.ReversedBy)
	if err != nil {
		return err
	}
	whole := "部分数据，文件中没有的不作处理"
	if i.Whole {
		whole = "这个来源的全部数据"
	}
	v.Facts = []web.Fact{
		{Label: "文件", Value: i.File, Note: fmt.Sprintf("%s 字节　%s", web.Thousands(i.Size), v.Report.Encoding)}, {Label: "数据来源", Value: i.Source},
		{Label: "数据日期", Value: i.Sourced.Full()}, {Label: "范围", Value: whole},
	}
	if i.Sheet != "" {
		v.Facts = append(v.Facts, web.Fact{Label: "工作表", Value: i.Sheet})
	}
	for _, f := range []struct {
		label string
		by    inspect.PersonID
		at    time.Time
	}{{"上传", i.UploadedBy, i.UploadedAt}, {"确认", i.ConfirmedBy, i.ConfirmedAt}, {"复核", i.SecondedBy, i.SecondedAt}, {"撤销", i.ReversedBy, i.ReversedAt}} {
		if f.by != "" {
			v.Facts = append(v.Facts, web.Fact{Label: f.label, Value: names[f.by], Note: web.Stamp(f.at)})
		}
	}
	if i.State == inspect.ImportReversed || i.State == inspect.ImportReversing {
		v.Facts = append(v.Facts, web.Fact{Label: "撤销理由", Value: i.Note})
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "import", string(i.ID), 12)
	v.Log = Log(entries)
	return err
}

// importFaults sends the file of faults, to mend and to bring again.
func (s *server) importFaults(w http.ResponseWriter, r *http.Request) error {
	i, err := s.db.Import(r.Context(), web.Actor(r).Scope(), inspect.ImportID(r.PathValue("id")))
	if err != nil {
		return err
	}
	b, err := s.Imports.Batch(string(i.ID))
	if err != nil {
		return err
	}
	f, err := os.Open(b.Path("faults.xlsx"))
	if errors.Is(err, fs.ErrNotExist) {
		return inspect.ErrMissing
	}
	if err != nil {
		return err
	}
	defer f.Close() // only read
	sheetHeaders(w, fmt.Sprintf("import-%d-faults.xlsx", i.Number))
	_, err = io.Copy(w, f)
	return err
}

func sheetHeaders(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, name))
}

// importTemplate sends an empty workbook to fill in.
func (s *server) importTemplate(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	sheetHeaders(w, "objects.xlsx")
	return exchange.Template(w, exchange.ObjectTable(towns))
}
