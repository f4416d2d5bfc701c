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
	"time"

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
	Source  string       `json:"source" label:"数据来源" hint:"例如 市场主体登记、食品经营许可"`
	Sourced workday.Date `json:"sourced" label:"数据日期" hint:"数据是哪一天从来源取出的"`
	Whole   bool         `json:"whole" label:"文件是这个来源的全部数据" hint:"勾选后，文件中没有的对象会标为“来源中已不再出现”；只导入一部分时不要勾选。"`
}

type newImportView struct {
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
	v := newImportView{Crumbs: []web.Link{{Text: "名录导入", Href: "/office/imports"}, {Text: "导入检查对象"}}, Steps: bringSteps(0), Most: uploadMost >> 20}
	v.Form = web.FormTo(r, "/office/imports/files", bringing{Sourced: s.today()})
	var err error
	if v.Sources, err = s.db.ImportSources(r.Context(), who.Scope()); err != nil {
		return err
	}
	return newImportPage.Show(w, r, v)
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

// uploadMost is the largest file, uploadTime how long one may take to arrive.
const (
	uploadMost = 4 << 30
	uploadTime = time.Hour
)

// bringFile takes the file, streamed to the data folder, and leads to the second
// step.
func (s *server) bringFile(w http.ResponseWriter, r *http.Request) error {
	if !web.Actor(r).Org.Inspects() {
		return inspect.ErrDenied.With(inspect.ImportUpload.Text())
	}
	until := s.Now().Add(uploadTime)
	control := http.NewResponseController(w)
	if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	r.Body = web.Whole(r)
	b, form, err := s.receive(r)
	if err != nil {
		var p inspect.Problem
		if !errors.As(err, &p) {
			return err
		}
		r.PostForm = form
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
	b.Source, b.Sourced, b.Whole = f.Source, f.Sourced, f.Whole
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
	File, SHA256 string
	Size         int64
	Source       string
	Sourced      workday.Date
	Whole        bool
	Sheet        string
}

func mapPath(b brought) string {
	q := url.Values{"file": {b.File}, "sha256": {b.SHA256}, "size": {strconv.FormatInt(b.Size, 10)}, "source": {b.Source}, "sourced": {b.Sourced.String()}}
	if b.Whole {
		q.Set("whole", "true")
	}
	if b.Sheet != "" {
		q.Set("sheet", b.Sheet)
	}
	return "/office/imports/map?" + q.Encode()
}

func broughtBy(q url.Values) (b brought, err error) {
	b = brought{File: q.Get("file"), SHA256: q.Get("sha256"), Source: q.Get("source"), Whole: q.Get("whole") == "true", Sheet: q.Get("sheet")}
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
	v := mapImportView{Crumbs: []web.Link{{Text: "名录导入", Href: "/office/imports"}, {Text: "导入检查对象"}}, Steps: bringSteps(1), Brought: b}
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
	table := exchange.ObjectTable(towns)
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
	known, err := s.remembered(r.Context(), who.Scope(), b.Source)
	if err != nil {
		return err
	}
	s.mapping(r, v, table, head, table.Match(head, known))
	return nil
}

// remembered is the mapping of the source's last file that could be read.
func (s *server) remembered(ctx context.Context, scope inspect.Scope, source string) (m exchange.Mapping, err error) {
	text, err := s.db.LastMapping(ctx, scope, inspect.ImportObjects, source)
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
		Import: inspect.ImportID(web.NewID()), Noun: inspect.ImportObjects, Source: b.Source, Sourced: b.Sourced, Whole: b.Whole,
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
			if k < len(line.Cells) && len(c.Sample) < 3 {
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
