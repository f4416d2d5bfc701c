package office

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var visitItemPage = web.NewPage[visitItemView](files, "visit_item.html")

type visitItemView struct {
	Party   string
	Item    inspect.Item
	Finding inspect.Finding
	Crumbs  []web.Link
	Org     string
	Facts   []web.Fact
	Asked   []askedRow
	Form    *web.Form // nil for who only reads
	Codes   []web.Option
	Methods []web.Option
	Back    string
	Sheet   string
}

// An askedRow is one question with what is answered, or the fields to answer it.
type askedRow struct {
	No           int
	Label, When  string // When says when it is asked
	Type         inspect.QuestionType
	Answer, Note string
	Field, Said  web.Field
}

// The prefixes of the fields of a checklist: what is answered, and what is remarked.
const (
	answerField = "q."
	noteField   = "n."
)

// visitItem shows one item of a visit; to members of its department as the form to fill
// in: R76, R78.
func (s *server) visitItem(w http.ResponseWriter, r *http.Request) error {
	return s.showItem(w, r, nil)
}

// showItem shows the item. Sent are the answers of a form that failed.
func (s *server) showItem(w http.ResponseWriter, r *http.Request, sent url.Values) error {
	g, err := s.visitScene(r)
	if err != nil {
		return err
	}
	f, ok := g.visit.Finding(inspect.ItemID(r.PathValue("item")))
	if !ok {
		return inspect.ErrMissing
	}
	list, err := s.db.Checklist(r.Context(), web.Actor(r).Scope(), f.Item)
	if err != nil && !errors.Is(err, inspect.ErrMissing) {
		return err
	}
	v := visitItemView{Party: g.visit.Party.Name, Item: g.facts.Items[f.Item], Finding: f, Org: g.facts.Orgs[f.Org].Short, Back: visitPath(g.team.ID), Sheet: g.paper("sheet-" + string(f.Item) + ".pdf")}
	v.Crumbs = append(g.crumbs("检查"), web.Link{Text: f.Name})
	v.Crumbs[len(v.Crumbs)-2].Href = v.Back
	v.Facts = checkedFacts(v.Item, f)
	if g.visit.State == inspect.VisitBegun && f.Org == g.me.Org && g.me.Inspector != 0 {
		cmd := act.FillVisit{
			Team: g.team.ID, Item: f.Item, Seen: f.Edition, Checklist: list.Version, Methods: f.Methods, Codes: f.Codes, Corrected: f.Corrected,
			Problem: f.Problem, Handling: f.Handling, Waived: f.Waived,
		}
		form := web.FormOf(r, cmd, "team", "item", "seen", "checklist")
		form.Action = visitPath(g.team.ID) + "/items/" + string(f.Item)
		v.Form = &form
		v.Methods = web.Options(inspect.Methods)
		for _, c := range inspect.ResultCodes {
			if !inspect.ResultCode(c.Value).BySpecial() {
				v.Codes = append(v.Codes, web.Option{Value: c.Value, Text: c.Text})
			}
		}
	}
	v.Asked = g.asked(list, f, sent)
	return visitItemPage.Show(w, r, v)
}

func checkedFacts(item inspect.Item, f inspect.Finding) []web.Fact {
	facts := []web.Fact{{Label: "抽查依据", Value: item.Basis}, {Label: "抽查内容", Value: item.Content}, {Label: "事项版本", Value: fmt.Sprintf("第 %d 版", f.ItemVersion)}}
	if item.Materials != "" {
		facts = append(facts, web.Fact{Label: "检查材料", Value: strings.ReplaceAll(item.Materials, "\n", "、")})
	}
	return facts
}

// asked are the questions of the checklist with their answers. A field that is new
// begins with the default of its question.
func (g visitScene) asked(list inspect.Checklist, f inspect.Finding, sent url.Values) (rows []askedRow) {
	said := map[string]inspect.Answer{}
	for _, a := range f.Answers {
		said[a.Question] = a
	}
	var photos []web.Option
	for _, e := range g.visit.Evidence {
		if e.Kind == "photo" || e.Kind == "scan" {
			photos = append(photos, web.Option{Value: string(e.ID), Text: e.Name})
		}
	}
	for i, q := range list.Questions {
		a := said[q.Name]
		value := a.Value
		if f.Edition == 0 {
			value = q.Default
		}
		row := askedRow{No: i + 1, Label: q.Label, When: list.Condition(q), Type: q.Type, Answer: strings.ReplaceAll(q.Words(a.Value), "\n", "、"), Note: a.Note}
		if q.Type == inspect.AskPhoto {
			row.Answer = fmt.Sprintf("%d 张", len(strings.Fields(a.Value)))
		}
		row.Field = web.Field{ID: "answer-" + q.Name, Name: answerField + q.Name, Label: fmt.Sprintf("%d. %s", i+1, q.Label), Hint: q.Hint, Need: q.Required, Options: web.Options(q.Options()), Most: 500, Values: []string{value}}
		row.Said = web.Field{ID: "note-" + q.Name, Name: noteField + q.Name, Label: "情况说明", Most: 500, Values: []string{a.Note}}
		if q.Type == inspect.AskMany || q.Type == inspect.AskPhoto {
			row.Field.Values = strings.Fields(value)
		}
		if q.Type == inspect.AskPhoto {
			row.Field.Options = photos
		}
		if sent != nil {
			row.Field.Values, row.Said.Values = sent[row.Field.Name], sent[row.Said.Name]
		}
		rows = append(rows, row)
	}
	return rows
}

// fillItem takes the form of an item. The answers stand in fields of their own, one for
// each question.
func (s *server) fillItem(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return inspect.ErrForm
	}
	sent := url.Values{}
	for name, values := range r.PostForm {
		if strings.HasPrefix(name, answerField) || strings.HasPrefix(name, noteField) {
			sent[name] = values
			delete(r.PostForm, name)
		}
	}
	var cmd act.FillVisit
	err := web.DecodeForm(r.PostForm, &cmd)
	if err == nil && (string(cmd.Team) != r.PathValue("team") || string(cmd.Item) != r.PathValue("item")) {
		err = inspect.ErrMissing
	}
	var names []string
	for name := range sent {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := strings.TrimSpace(strings.ReplaceAll(strings.Join(sent[name], " "), "\r\n", "\n"))
		if question, ok := strings.CutPrefix(name, answerField); ok && value != "" {
			cmd.Answers = append(cmd.Answers, question+"="+value)
		} else if question, ok := strings.CutPrefix(name, noteField); ok && value != "" {
			cmd.Notes = append(cmd.Notes, question+"="+value)
		}
	}
	var receipt web.Receipt
	if err == nil {
		receipt, err = desk{s.Desk, s.Security}.Do(r.Context(), r.PostForm.Get("request"), web.Actor(r), &cmd)
	}
	if err == nil {
		http.Redirect(w, r, visitPath(cmd.Team)+"?done="+receiptNumber(receipt), http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	return s.showItem(w, web.WithFailure(r, err), sent)
}
