package office

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/stage"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	newImportPage = web.NewPage[newImportView](files, "import_new.html")
	mapImportPage = web.NewPage[mapImportView](files, "import_map.html")
)

// bringing is the form of the first step. Its file comes behind the other fields.
type bringing struct {
	Noun    inspect.ImportNoun `json:"noun"`
	Source  string             `json:"source" label:"数据来源" hint:"例如 市场主体登记、食品经营许可"`
	Sourced workday.Date       `json:"sourced" label:"数据日期" hint:"数据是哪一天从来源取出的"`
	Whole   bool               `json:"whole" label:"文件是这个来源的全部数据" hint:"勾选后，文件中没有的对象会标为“未在最近一次导入中出现”；只导入一部分时不要勾选。"`
}

type newImportView struct {
	Noun    importNoun
	Crumbs  []web.Link
	Steps   []web.Step
	Form    web.Form
	Sources []string
	Most    int64 // megabytes
}

// newImport is the first step: which file, from where, as of when.
func (s *server) newImport(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if !who.Org.Inspects() {
		return inspect.ErrDenied.With(inspect.ImportUpload.Text())
	}
	v := newImportView{Noun: importNounOf(inspect.ImportNoun(r.FormValue("noun"))), Steps: bringSteps(0), Most: uploadMost >> 20}
	v.Crumbs = importCrumbs(v.Noun.ImportNoun)
	v.Form = web.FormTo(r, "/office/imports/files", bringing{Noun: v.Noun.ImportNoun, Sourced: s.today()}, "noun")
	var err error
	if v.Sources, err = s.db.ImportSources(r.Context(), who.Scope()); err != nil {
		return err
	}
	return newImportPage.Show(w, r, v)
}

func importCrumbs(noun inspect.ImportNoun) []web.Link {
	return []web.Link{{Text: "名录导入", Href: "/office/imports"}, {Text: "导入" + noun.Thing()}}
}

// SourceHint and WholeHint say what the fields of the first step mean for the
// library.
func (n importNoun) SourceHint() string {
	return map[inspect.ImportNoun]string{
		inspect.ImportObjects: "例如 市场主体登记、食品经营许可", inspect.ImportInspectors: "例如 人事档案、执法证管理系统",
		inspect.ImportItems:    "写明制定或者修订清单的依据，例如 海市监发〔2026〕5号；作为各事项的变更理由公开",
		inspect.ImportLicences: "例如 食品经营许可系统；同一来源每次写法相同",
	}[n.ImportNoun]
}

// WholeHint says what becomes of what a whole file lacks.
func (n importNoun) WholeHint() string {
	return map[inspect.ImportNoun]string{
		inspect.ImportObjects:    "勾选后，文件中没有的对象会标为“未在最近一次导入中出现”；只导入一部分时不要勾选。",
		inspect.ImportInspectors: "勾选后，文件中没有的人员会移出名录库；只导入一部分时不要勾选。",
		inspect.ImportItems:      "勾选后，本部门清单中有而文件中没有的事项会移出清单，不论原来从哪里列入；只导入一部分时不要勾选。",
		inspect.ImportLicences:   "勾选后，本部门从这个来源导入过、文件中却没有的许可证会标为“已注销”；只导入一部分时不要勾选。",
	}[n.ImportNoun]
}

// Advice says how a file is made ready.
func (n importNoun) Advice() []string {
	return map[inspect.ImportNoun][]string{
		inspect.ImportObjects: {"第一行是各列的名称，一行一户。列的次序、叫法可以不同，下一步可以调整。", "“统一社会信用代码”和“企业名称”两列必须有。"},
		inspect.ImportInspectors: {
			"第一行是各列的名称，一行一人。列的次序、叫法可以不同，下一步可以调整。", "“单位工号”“姓名”和“人员类别”三列必须有。只能导入本部门的人员。",
			"不要填写身份证号。专家、第三方和辅助人员不登记执法证。", "名录库导出的表格修改后可以直接导入。",
		},
		inspect.ImportItems: {
			"第一行是各列的名称，一个检查子项一行。列的次序、叫法可以不同，下一步可以调整。", "“事项编号”“抽查领域”“抽查事项名称”“事项类别”“抽查依据”“抽查内容”和“抽查方式”七列必须有。",
			"重点检查事项超过上限的不导入：先列为一般检查事项，再由负责人逐项批准。",
		},
		inspect.ImportLicences: {
			"第一行是各列的名称，一行一张许可证。列的次序、叫法可以不同，下一步可以调整。", "“统一社会信用代码”“许可证名称”和“许可证编号”三列必须有。",
			"检查对象必须已在名录库中；没有统一社会信用代码的，填写名录库中的编号或者注册号。", "只能导入本部门登记的许可证。检查对象名录库的“导出许可证”修改后可以直接导入。",
		},
	}[n.ImportNoun]
}

func bringSteps(now int) []web.Step {
	texts := []string{"选择文件", "对应各列", "检查", "确认"}
	steps := make([]web.Step, len(texts))
	for k, text := range texts {
		steps[k] = web.Step{Text: text, At: web.Future}
		if k < now {
			steps[k].At = web.Past
		} else if k == now {
			steps[k].At = web.Now
		}
	}
	return steps
}

// uploadMost is the largest file, in bytes.
const uploadMost = 4 << 30

// bringFile takes the file, streamed to the data folder, and leads to the second
// step.
func (s *server) bringFile(w http.ResponseWriter, r *http.Request) error {
	if !web.Actor(r).Org.Inspects() {
		return inspect.ErrDenied.With(inspect.ImportUpload.Text())
	}
	body, err := web.Whole(w, r)
	if err != nil {
		return err
	}
	r.Body = body
	b, form, err := s.receive(r)
	if err != nil {
		var p inspect.Problem
		if !errors.As(err, &p) {
			return err
		}
		r.PostForm, r.Form = form, form
		return s.newImport(w, web.WithFailure(r, err))
	}
	http.Redirect(w, r, mapPath(b), http.StatusSeeOther)
	return nil
}

// receive reads the form and its file.
func (s *server) receive(r *http.Request) (b brought, form url.Values, err error) {
	form = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return b, form, inspect.ErrForm
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return b, form, inspect.ErrForm
		}
		if part.FormName() != "file" {
			text, err := io.ReadAll(io.LimitReader(part, 10_000))
			if err != nil || len(form) > 20 {
				return b, form, inspect.ErrForm
			}
			form.Add(part.FormName(), string(text))
			continue
		}
		if part.FileName() == "" {
			continue
		}
		b.File = strings.ToValidUTF8(path.Base(strings.ReplaceAll(part.FileName(), `\`, "/")), "")
		file, err := s.Imports.Keep(string(web.Actor(r).Org.ID), part, uploadMost)
		switch {
		case errors.Is(err, stage.ErrTooLarge):
			return b, form, exchange.ErrFileLarge.With(int64(uploadMost >> 20))
		case err != nil:
			return b, form, fmt.Errorf("keep the brought file: %w", err)
		}
		b.SHA256, b.Size = file.SHA256, file.Size
	}
	var f bringing
	err = web.DecodeForm(form, &f)
	b.Noun, b.Source, b.Sourced, b.Whole = importNounOf(f.Noun).ImportNoun, f.Source, f.Sourced, f.Whole
	switch {
	case err != nil:
	case strings.TrimSpace(b.Source) == "":
		err = inspect.ErrEmpty.With("数据来源").At("source")
	case b.Sourced.IsZero():
		err = inspect.ErrEmpty.With("数据日期").At("sourced")
	case b.SHA256 == "":
		err = inspect.Problem{Kind: inspect.Invalid, Code: "no_file", Field: "file", Text: "请选择要导入的文件。"}
	case b.Size == 0:
		err = exchange.ErrFileEmpty
	}
	return b, form, err
}

// brought is a file between the two steps; the address carries it.
type brought struct {
	Noun         inspect.ImportNoun
	File, SHA256 string
	Size         int64
	Source       string
	Sourced      workday.Date
	Whole        bool
	Sheet        string
}

func mapPath(b brought) string {
	q := url.Values{"noun": {string(b.Noun)}, "file": {b.File}, "sha256": {b.SHA256}, "size": {strconv.FormatInt(b.Size, 10)}, "source": {b.Source}, "sourced": {b.Sourced.String()}}
	if b.Whole {
		q.Set("whole", "true")
	}
	if b.Sheet != "" {
		q.Set("sheet", b.Sheet)
	}
	return "/office/imports/map?" + q.Encode()
}

func broughtBy(q url.Values) (b brought, err error) {
	b = brought{Noun: importNounOf(inspect.ImportNoun(q.Get("noun"))).ImportNoun, File: q.Get("file"), SHA256: q.Get("sha256"), Source: q.Get("source"), Whole: q.Get("whole") == "true", Sheet: q.Get("sheet")}
	b.Sourced, err = workday.Parse(q.Get("sourced"))
	size, e := strconv.ParseInt(q.Get("size"), 10, 64)
	if b.Size = size; err != nil || e != nil {
		return b, inspect.ErrImportFile
	}
	return b, nil
}

type mapImportView struct {
	Crumbs  []web.Link
	Steps   []web.Step
	Brought brought
	New     string // address of the first step
	Refused string // the file cannot be taken, or a sheet has to be chosen
	Sheets  []web.Tab
	Form    web.Form
	Columns []mapColumn
	Notes   []string // what the headings lack
	Ready   bool
}

// A mapColumn is a column of the file and what it can be.
type mapColumn struct {
	ID, Letter, Heading string
	Sample              []string
	Options             []web.Option
	Chosen              string
}

// mapFile is the second step: which column is which field. What was chosen for
// the last file of the source is proposed again.
func (s *server) mapFile(w http.ResponseWriter, r *http.Request) error {
	b, err := broughtBy(r.URL.Query())
	if err != nil {
		return err
	}
	v := mapImportView{Crumbs: importCrumbs(b.Noun), Steps: bringSteps(1), Brought: b, New: importNounOf(b.Noun).New}
	err = s.readHead(r, &v)
	var p inspect.Problem
	if errors.As(err, &p) && p.Kind == inspect.Invalid {
		v.Refused, err = p.Error(), nil
	}
	if err != nil {
		return err
	}
	return mapImportPage.Show(w, r, v)
}

func (s *server) readHead(r *http.Request, v *mapImportView) (err error) {
	who, b := web.Actor(r), v.Brought
	source, err := s.Imports.File(string(who.Org.ID), b.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return inspect.ErrImportFile
	}
	if err != nil {
		return err
	}
	defer source.Close() // only read
	towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	table := exchange.ImportTable(b.Noun, towns)
	f, err := exchange.Open(r.Context(), source, b.Size, b.File, exchange.Options{Dir: s.Imports.Scratch()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, sheet := range f.Sheets() {
		if sheet.Name != "" && !sheet.Empty && !sheet.Hidden {
			other := b
			other.Sheet = sheet.Name
			v.Sheets = append(v.Sheets, web.Tab{Text: sheet.Name, Href: mapPath(other), Current: sheet.Name == b.Sheet})
		}
	}
	head, err := f.Head(r.Context(), table, b.Sheet)
	if err != nil {
		return err
	}
	known, err := s.remembered(r.Context(), who.Scope(), b)
	if err != nil {
		return err
	}
	s.mapping(r, v, table, head, table.Match(head, known))
	return nil
}

// remembered is the mapping of the source's last file that could be read.
func (s *server) remembered(ctx context.Context, scope inspect.Scope, b brought) (m exchange.Mapping, err error) {
	text, err := s.db.LastMapping(ctx, scope, b.Noun, b.Source)
	if err != nil {
		return m, err
	}
	return exchange.ParseMapping(text)
}

// mapping fills in the columns with their choices, and the act's form.
func (s *server) mapping(r *http.Request, v *mapImportView, table exchange.Table, head exchange.Head, m exchange.Mapping) {
	b := v.Brought
	v.Ready = true
	v.Form = web.FormOf(r, act.UploadImport{
		Import: inspect.ImportID(web.NewID()), Noun: b.Noun, Source: b.Source, Sourced: b.Sourced, Whole: b.Whole,
		File: b.File, SHA256: b.SHA256, Size: b.Size, Sheet: m.Sheet, Line: m.Line,
	}, "import", "noun", "source", "sourced", "whole", "file", "sha256", "size", "sheet", "line")
	v.Form.Then = importHref(inspect.ImportID(firstHidden(v.Form, "import")))
	for k, p := range m.Pairs {
		c := mapColumn{ID: fmt.Sprintf("column-%d", k), Letter: p.Letter, Heading: p.Heading, Chosen: inspect.ImportColumn(inspect.ImportPair(p))}
		c.Options = append(c.Options, web.Option{Value: inspect.ImportColumn(inspect.ImportPair{Letter: p.Letter, Heading: p.Heading}), Text: "不导入"})
		for _, t := range table.Columns {
			text := t.Heading()
			if t.Required {
				text += "（必填）"
			}
			c.Options = append(c.Options, web.Option{Value: inspect.ImportColumn(inspect.ImportPair{Letter: p.Letter, Heading: p.Heading, Key: t.Key}), Text: text})
		}
		for _, line := range head.Sample {
			if k < len(line.Cells) && len(c.Sample) < 3 && !table.Never(p.Heading) {
				c.Sample = append(c.Sample, line.Cells[k])
			}
		}
		v.Columns = append(v.Columns, c)
	}
	for _, f := range table.CheckMapping(head, m) {
		if f.Code != "unmapped" {
			v.Notes = append(v.Notes, f.Place()+"："+f.Text)
		}
	}
}

func firstHidden(f web.Form, name string) string {
	for _, p := range f.Hidden() {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}
