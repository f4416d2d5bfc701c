package office

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/exchange"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	checklistPage = web.NewPage[checklistView](files, "item_checklist.html")
	uploadPage    = web.NewPage[uploadView](files, "item_upload.html")
)

type checklistView struct {
	Title, Org string
	Crumbs     []web.Link
	Path       string
	Version    int64
	Since      string
	Questions  []questionRow
	Versions   []pastRow
	Form       *web.Form // for the clerk of the department
	Drop       *web.Form
	No         int // the question in the form; 0 is a new one
	Types      []web.Option
	Befores    []web.Option // questions a condition can look back to
	Preview    []previewRow
}

// A questionRow is one question of the list.
type questionRow struct {
	No                                            int
	Name, Type, Label, Hint, Choices, Default, If string
	Need                                          bool
	Edit                                          string
}

// A pastRow is one version of something, with what it changed.
type pastRow struct {
	No             int64
	When, Who, Why string
	From           string // first day
	Diff           []web.Change
	Here           bool
}

// A previewRow is a question as an inspector meets it.
type previewRow struct {
	Field              web.Field
	Type               string
	Hint               string
	Yes, Text, Caption bool // how it is drawn
}

// itemOf returns the item that a page is about.
func (s *server) itemOf(r *http.Request) (inspect.Item, inspect.Facts, error) {
	facts, err := s.db.Facts(r.Context(), web.Actor(r).Scope(), web.Actor(r).Org.Region)
	if err != nil {
		return inspect.Item{}, facts, err
	}
	i, ok := facts.Items[inspect.ItemID(r.PathValue("id"))]
	if !ok {
		return i, facts, inspect.ErrMissing
	}
	return i, facts, nil
}

// checklist shows the questions of an item, its versions, a preview, and to the
// clerk of its department the form of a question.
func (s *server) checklist(w http.ResponseWriter, r *http.Request) error {
	i, facts, err := s.itemOf(r)
	if err != nil {
		return err
	}
	versions, err := s.db.ChecklistVersions(r.Context(), web.Actor(r).Scope(), i.ID)
	if err != nil {
		return err
	}
	var list inspect.Checklist
	if len(versions) > 0 {
		list = versions[0]
	}
	v := checklistView{
		Title: i.Name, Org: facts.Orgs[i.Org].Short, Path: "/office/items/" + string(i.ID) + "/checklist", Version: list.Version,
		Crumbs: []web.Link{{Text: "抽查事项清单", Href: "/office/items"}, {Text: i.Code, Href: "/office/items/" + string(i.ID)}, {Text: "检查表单"}},
	}
	if list.Version > 0 {
		v.Since = list.Effective.String()
	}
	mine := mayList(web.Actor(r)) && i.Org == web.Actor(r).Org.ID && i.Retired.IsZero()
	for n, q := range list.Questions {
		row := questionRow{
			No: n + 1, Name: q.Name, Type: inspect.ChoiceText(inspect.QuestionTypes, string(q.Type)), Label: q.Label, Hint: q.Hint,
			Default: inspect.ChoiceText(q.Options(), q.Default), If: list.Condition(q), Need: q.Required,
		}
		for _, c := range q.Choices {
			row.Choices += c.Text + "　"
		}
		if mine {
			row.Edit = fmt.Sprintf("%s?no=%d#question", v.Path, n+1)
		}
		v.Questions = append(v.Questions, row)
	}
	for n, c := range versions {
		row := pastRow{No: c.Version, When: c.At.In(beijing).Format("2006-01-02"), Why: c.Reason, From: c.Effective.String(), Here: n == 0}
		if n+1 < len(versions) {
			row.Diff = itemChanges(inspect.DiffChecklist(versions[n+1], c))
		}
		v.Versions = append(v.Versions, row)
	}
	v.preview(r, list)
	if mine {
		v.edit(r, i, list)
	}
	return checklistPage.Show(w, r, v)
}

// edit makes the form of the question that the address asks for, or of a new one.
func (v *checklistView) edit(r *http.Request, i inspect.Item, list inspect.Checklist) {
	cmd := act.PutQuestion{Item: i.ID, Seen: list.Version, QuestionRow: inspect.QuestionRow{Type: inspect.AskYesNo, Default: inspect.YesNo[0].Text}}
	if no, err := strconv.Atoi(r.URL.Query().Get("no")); err == nil && no >= 1 && no <= len(list.Questions) {
		cmd.No, cmd.QuestionRow, v.No = no, list.Row(no), no
		drop := web.FormOf(r, act.DropQuestion{Item: i.ID, Seen: list.Version, No: no}, "item", "seen", "no")
		drop.Then = v.Path
		v.Drop = &drop
	}
	form := web.FormOf(r, cmd, "item", "seen", "no")
	form.Then = v.Path
	v.Form, v.Types = &form, web.Options(inspect.QuestionTypes)
	v.Befores = []web.Option{{Value: "", Text: "总是检查"}}
	for n, q := range list.Questions {
		if (v.No == 0 || n+1 < v.No) && q.Type != inspect.AskNote && q.Type != inspect.AskPhoto {
			v.Befores = append(v.Befores, web.Option{Value: q.Name, Text: fmt.Sprintf("第 %d 题　%s", n+1, q.Label)})
		}
	}
}

// preview shows the questions as they appear for the answers in the address.
func (v *checklistView) preview(r *http.Request, list inspect.Checklist) {
	answers := map[string]string{}
	for _, q := range list.Questions {
		given, ok := r.URL.Query()["a."+q.Name]
		answers[q.Name] = strings.Join(given, " ")
		if !ok {
			answers[q.Name] = q.Default
		}
	}
	for _, q := range list.Shown(answers) {
		row := previewRow{
			Type: string(q.Type), Hint: q.Hint, Yes: q.Type == inspect.AskYesNo || q.Type == inspect.AskOne,
			Text: q.Type == inspect.AskText || q.Type == inspect.AskNumber, Caption: q.Type == inspect.AskNote || q.Type == inspect.AskPhoto,
		}
		row.Field = web.Field{
			ID: "preview-" + q.Name, Name: "a." + q.Name, Label: q.Label, Hint: q.Hint, Need: q.Required, Options: web.Options(q.Options()),
			Values: strings.Fields(answers[q.Name]),
		}
		if row.Text {
			row.Field.Values = []string{answers[q.Name]}
		}
		v.Preview = append(v.Preview, row)
	}
}

// itemChanges is the difference of two lists as pages show it.
func itemChanges(changes []inspect.ItemChange) []web.Change {
	var shown []web.Change
	for _, c := range changes {
		change := web.Change{Kind: c.Kind, Text: c.Code + "　" + c.Name}
		for _, f := range c.Fields {
			if c.Kind == "改" || f.After != "" {
				change.Parts = append(change.Parts, web.Part{Label: f.Label, Old: f.Before, New: f.After})
			}
		}
		shown = append(shown, change)
	}
	return shown
}

// checklistFile sends the checklist as an XLSForm.
func (s *server) checklistFile(w http.ResponseWriter, r *http.Request) error {
	i, _, err := s.itemOf(r)
	if err != nil {
		return err
	}
	list, err := s.db.Checklist(r.Context(), web.Actor(r).Scope(), i.ID)
	if err != nil && !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	var file bytes.Buffer
	if err := exchange.WriteXLSForm(&file, i.Name, list.Questions); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-checklist-v%d.xlsx"`, i.Code, list.Version))
	_, err = w.Write(file.Bytes())
	return err
}

// An uploadView shows what a brought file says, and asks to take it over.
type uploadView struct {
	Title, What string
	Crumbs      []web.Link
	Back        string
	Form        *web.Form // nil if the file is at fault
	Fields      []web.Field
	Dates       []web.Field
	Levels      *web.Field
	Faults      []exchange.Fault
	More        int // faults that are not shown
	Changes     []web.Change
	Count       int
}

// faultsMost is how many faults of a file a page shows.
const faultsMost = 50

func (v *uploadView) faults(all []exchange.Fault) (kept bool) {
	v.Faults = all
	if len(all) > faultsMost {
		v.Faults, v.More = all[:faultsMost], len(all)-faultsMost
	}
	return !slices.ContainsFunc(all, func(f exchange.Fault) bool { return f.Severity == exchange.Error })
}

// fileOf reads the file of a form.
func fileOf(r *http.Request) (name string, file []byte, err error) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			return "", nil, err
		}
		return "", nil, inspect.ErrForm
	}
	part, head, err := r.FormFile("file")
	if err != nil {
		return "", nil, inspect.ErrEmpty.With("文件").At("file")
	}
	defer part.Close()
	file, err = io.ReadAll(part)
	return head.Filename, file, err
}

// leads makes the form lead to page, also when it fails: the page of an upload
// cannot be asked for again.
func leads(f web.Form, to string) *web.Form {
	f.Action = strings.Replace(f.Action, "?page="+urlEscape(f.Page), "?page="+urlEscape(to), 1)
	f.Page, f.Then = to, to
	return &f
}

// uploadChecklist shows what an XLSForm says, and asks to take it over.
func (s *server) uploadChecklist(w http.ResponseWriter, r *http.Request) error {
	i, _, err := s.itemOf(r)
	if err != nil {
		return err
	}
	if !mayList(web.Actor(r)) || i.Org != web.Actor(r).Org.ID {
		return inspect.ErrDenied.With(inspect.ChecklistPut.Text())
	}
	path := "/office/items/" + string(i.ID) + "/checklist"
	v := uploadView{Title: "导入检查表单", What: "题", Back: path, Crumbs: []web.Link{
		{Text: "抽查事项清单", Href: "/office/items"}, {Text: i.Code, Href: "/office/items/" + string(i.ID)}, {Text: "检查表单", Href: path}, {Text: "导入"}}}
	name, file, err := fileOf(r)
	if err != nil {
		return err
	}
	questions, faults, err := exchange.ReadXLSForm(r.Context(), name, file)
	if err != nil {
		return err
	}
	list, err := s.db.Checklist(r.Context(), web.Actor(r).Scope(), i.ID)
	if err != nil && !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	if v.Count = len(questions); v.faults(faults) {
		next, err := list.Amend(questions, "导入", web.Actor(r).Person, s.Now())
		if err != nil {
			return err
		}
		v.Changes = itemChanges(inspect.DiffChecklist(list, next))
		cmd := act.PutChecklist{Item: i.ID, Seen: list.Version, Reason: "导入 " + name}
		for _, q := range questions {
			text, err := json.Marshal(q.Row())
			if err != nil {
				return err
			}
			cmd.Questions = append(cmd.Questions, string(text))
		}
		v.Form = leads(web.FormOf(r, cmd, "item", "seen", "questions"), path)
		if v.Fields, err = fieldsOf(*v.Form, "reason"); err != nil {
			return err
		}
	}
	return uploadPage.Show(w, r, v)
}

func fieldsOf(f web.Form, names ...string) ([]web.Field, error) {
	var fields []web.Field
	for _, name := range names {
		field, err := f.Field(name)
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
	}
	return fields, nil
}
