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
	"slices"
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
	m.Page("GET /office/imports/objects.xlsx", inspect.ImportUpload, s.importTemplate(inspect.ImportObjects))
	m.Page("GET /office/imports/inspectors.xlsx", inspect.ImportUpload, s.importTemplate(inspect.ImportInspectors))
	m.Page("GET /office/imports/items.xlsx", inspect.ImportUpload, s.importTemplate(inspect.ImportItems))
	m.Page("GET /office/imports/licences.xlsx", inspect.ImportUpload, s.importTemplate(inspect.ImportLicences))
	m.Page("GET /office/imports/{id}", inspect.ImportRead, s.importBatch)
	m.Page("GET /office/imports/{id}/faults.xlsx", inspect.ImportRead, s.importFaults)
}

type importsView struct {
	Rows  []importRow
	Pager web.Pager
	Load  []importNoun // libraries that the reader can bring files for
}

// An importNoun is a library that takes files, with its addresses.
type importNoun struct {
	inspect.ImportNoun
	New, Template, Back string
}

// importNouns are the libraries with their addresses, in the order of menus.
var importNouns = []importNoun{
	{inspect.ImportObjects, "/office/imports/new", "/office/imports/objects.xlsx", "/office/objects"},
	{inspect.ImportInspectors, "/office/imports/new?noun=inspector", "/office/imports/inspectors.xlsx", "/office/inspectors"},
	{inspect.ImportItems, "/office/imports/new?noun=item", "/office/imports/items.xlsx", "/office/items"},
	{inspect.ImportLicences, "/office/imports/new?noun=licence", "/office/imports/licences.xlsx", "/office/objects"},
}

// Library is the name of the library.
func (n importNoun) Library() string {
	return inspect.ChoiceText(inspect.ImportNouns, string(n.ImportNoun))
}

// importNounOf is the library of a name; objects if there is none of that name.
func importNounOf(name inspect.ImportNoun) importNoun {
	if k := slices.IndexFunc(importNouns, func(n importNoun) bool { return n.ImportNoun == name }); k >= 0 {
		return importNouns[k]
	}
	return importNouns[0]
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
	var v importsView
	if who.May(inspect.ImportUpload) == nil && who.Org.Inspects() {
		v.Load = importNouns
	}
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
	Skipped  []importCase
	Left     []importCase
	Second   *web.Grave
	Confirm  *web.Grave
	Reverse  *web.Grave
	Cancel   *web.Form
	New      string // where another file is chosen
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
	v.New = importNounOf(i.Noun).New
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
	Code, Name string
	Diff       []inspect.FieldChange
}

// An importCases is a table of rows, with the words of their library.
type importCases struct {
	Noun  inspect.ImportNoun
	Title string
	Rows  []importCase
}

// Cases are rows for a table with a title; the page's templates take one value.
func (v importView) Cases(title string, rows []importCase) importCases {
	return importCases{v.Import.Noun, title, rows}
}

func casesOf(all []inspect.ImportNamed) (rows []importCase) {
	for _, n := range all {
		rows = append(rows, importCase{Code: n.Code, Name: n.Name})
	}
	return rows
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
		n, unit := i.Rows, i.Noun.Unit()
		v.Numbers = []web.Number{{Label: "读取", Value: web.Thousands(n.Read), Unit: "行"}, {Label: "新增", Value: web.Thousands(n.New), Unit: unit},
			{Label: "变更", Value: web.Thousands(n.Changed), Unit: unit}, {Label: "不变", Value: web.Thousands(n.Same), Unit: unit},
			{Label: "来源中不再出现", Value: web.Thousands(n.Gone), Unit: unit}, {Label: "有误，不导入", Value: web.Thousands(n.Faulty), Unit: "行"},
			{Label: "请核对", Value: web.Thousands(n.Warned), Unit: "行"}}
	}
	v.Faulty = i.Rows.Faulty+i.Rows.Warned > 0
	if _, err := os.Stat(b.Path("faults.xlsx")); err == nil {
		v.Faults = importHref(i.ID) + "/faults.xlsx"
	}
	if i.State == inspect.ImportReversed || i.State == inspect.ImportReversing {
		left, err := s.db.ImportLeft(r.Context(), web.Actor(r).Scope(), i, 100)
		if err != nil {
			return err
		}
		v.Left = casesOf(left)
	}
	if i.Skipped == 0 {
		return nil
	}
	v.Skipped, err = skippedRows(b)
	return err
}

// skippedRows are the first rows that were left because they had been changed.
func skippedRows(b stage.Batch) (rows []importCase, err error) {
	lists, err := filepath.Glob(b.Path("skipped-*.json"))
	for _, list := range lists {
		text, e := os.ReadFile(list)
		var some []inspect.ImportNamed
		if e = errors.Join(e, json.Unmarshal(text, &some)); e != nil {
			return rows, e
		}
		if rows = append(rows, casesOf(some)...); len(rows) > 100 {
			rows = rows[:100]
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
			v.Reverse = &web.Grave{Title: "撤销本批次", Button: "撤销导入", Form: form, Fields: []web.Field{reason}, Effects: reverseEffects(i.Noun)}
			if i.State == inspect.ImportApplying {
				v.Reverse.Title, v.Reverse.Button = "停止导入并撤销", "停止并撤销"
			}
		case inspect.ImportCancel:
			form := web.FormOf(r, act.CancelImport{Import: i.ID, Seen: i.Version}, "import", "seen")
			v.Cancel = &form
		}
	}
	if v.Import.State == inspect.ImportRefused && who.May(inspect.ImportUpload) == nil {
		v.Again = mapPath(brought{Noun: i.Noun, File: i.File, SHA256: i.SHA256, Size: i.Size, Source: i.Source, Sourced: i.Sourced, Whole: i.Whole})
	}
}

// goneText and reverseText say per library what becomes of what a file lacks, and
// of what a reversed batch had brought.
var goneText = map[inspect.ImportNoun]string{
	inspect.ImportObjects:    "%s 户标为“未在最近一次导入中出现”：仍可查阅，不再参加抽取。",
	inspect.ImportInspectors: "%s 人移出名录库，自数据日期起不再抽取；仍可查阅。",
	inspect.ImportItems:      "%s 项移出清单，自今天起不得列入抽查；仍可查阅。",
	inspect.ImportLicences:   "%s 张标为“已注销”；仍可查阅。",
}

var reverseText = map[inspect.ImportNoun]string{
	inspect.ImportObjects:    "新增的对象标为“已撤回”，变更的对象恢复为导入前的内容；以前的各个版本都保留。",
	inspect.ImportInspectors: "新增的人员移出名录库，变更的人员恢复为导入前的内容；以前的各个版本都保留。",
	inspect.ImportItems:      "新增的事项移出清单，变更和移出的事项恢复为导入前的内容，各为新的版本；恢复后会超过重点事项上限的除外。",
	inspect.ImportLicences:   "新增的许可证标为“已注销”，变更和注销的恢复为导入前的内容；以前的各个版本都保留。",
}

// reverseEffects says what taking a batch back does.
func reverseEffects(noun inspect.ImportNoun) []string {
	return []string{reverseText[noun], fmt.Sprintf("导入之后又被修改过的%s不动，撤销后列出，由您逐%s处理。", noun.Thing(), noun.Unit())}
}

// importEffects says what confirming does.
func importEffects(v importView) []string {
	n, unit := v.Import.Rows, v.Import.Noun.Unit()
	effects := []string{fmt.Sprintf("%s中新增 %s %s，变更 %s %s。", v.Import.Noun.Into(), web.Thousands(n.New), unit, web.Thousands(n.Changed), unit)}
	if n.Gone > 0 {
		effects = append(effects, fmt.Sprintf(goneText[v.Import.Noun], web.Thousands(n.Gone)))
	}
	if v.Report.Revived > 0 {
		effects = append(effects, fmt.Sprintf("变更中有 %s %s此前已撤回或者不再出现，将恢复。", web.Thousands(v.Report.Revived), unit))
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
	texts := []string{"上传", "检查", "确认", "写入" + i.Noun.Into()}
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
		{Label: "导入到", Value: inspect.ChoiceText(inspect.ImportNouns, string(i.Noun))},
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
func (s *server) importTemplate(noun inspect.ImportNoun) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who := web.Actor(r)
		towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
		if err != nil {
			return err
		}
		sheetHeaders(w, string(noun)+"s.xlsx")
		return exchange.Template(w, exchange.ImportTable(noun, towns))
	}
}
