package office

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/document"
	"suicha/internal/document/font"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	appealPage    = web.NewPage[appealView](files, "appeal.html", "step.html")
	newAppealPage = web.NewPage[newAppealView](files, "appeal_new.html")
)

type appealView struct {
	Name, Kind, What, Paper, Result, Nothing string
	Crumbs                                   []web.Link
	State                                    web.State
	Late                                     bool
	Due                                      web.Due
	Words, Summary, Erased, Public           string
	Facts                                    []web.Fact
	Forms                                    []stepForm
	Correct                                  string // path of the form of corrections
	Log                                      []web.Entry
	Added                                    []addedRow
	Waiting                                  []web.Link // others of the kind about the result
}

// An appealScene is an appeal with what its page and its paper tell.
type appealScene struct {
	appeal inspect.Appeal
	result inspect.Result
	facts  inspect.Facts
	words  inspect.FeedbackText // for the department that answers
	names  map[inspect.PersonID]string
}

// appealScene reads an appeal that the reader may see.
func (s *server) appealScene(r *http.Request) (g appealScene, err error) {
	who := web.Actor(r)
	if g.appeal, err = s.db.Appeal(r.Context(), who.Scope(), inspect.AppealID(r.PathValue("id"))); err != nil {
		return g, err
	}
	if who.MayTo(inspect.AppealRead, g.appeal.Relations(who.Org)...) != nil {
		return g, inspect.ErrMissing
	}
	if g.result, err = s.db.Result(r.Context(), who.Scope(), g.appeal.Result); err != nil {
		return g, err
	}
	if g.facts, err = s.db.Facts(r.Context(), who.Scope(), who.Org.Region); err != nil {
		return g, err
	}
	if g.words, err = s.db.AppealText(r.Context(), who.Scope(), g.appeal.ID); err != nil {
		return g, err
	}
	people := []inspect.PersonID{g.appeal.ReceivedBy}
	for _, step := range g.appeal.Steps {
		people = append(people, step.By)
	}
	g.names, err = s.db.Names(r.Context(), who.Scope(), people...)
	return g, err
}

// basics are what is fixed about the appeal.
func (g appealScene) basics(own bool) (facts []web.Fact) {
	a := g.appeal
	fact := func(label, value string) {
		if value != "" {
			facts = append(facts, web.Fact{Label: label, Value: value})
		}
	}
	fact("检查对象", a.Name)
	fact("统一社会信用代码", a.Code)
	fact("检查机关", g.facts.Orgs[a.Org].Name)
	fact("提交方式", inspect.ChoiceText(inspect.AppealWays, a.Way))
	fact("收到时间", web.Stamp(a.ReceivedAt))
	if own {
		fact("受理编号", inspect.AppealCode(a.ID))
		fact("联系人", g.words.Name)
		fact("联系电话", g.words.Contact)
	}
	fact("身份核对", inspect.ChoiceText(inspect.AppealChecks, a.Check))
	return facts
}

// appeal is the page of one appeal: its steps, its clock and what the reader can do now.
func (s *server) appeal(w http.ResponseWriter, r *http.Request) error {
	g, err := s.appealScene(r)
	if err != nil {
		return err
	}
	who, a := web.Actor(r), g.appeal
	row := s.appealRow(a, g.facts)
	v := appealView{
		Name: a.Name, Kind: row.Kind, Crumbs: []web.Link{{Text: "异议、申辩和信用修复", Href: "/office/appeals"}, {Text: row.Kind}}, State: row.State, Late: row.Late, Due: row.Due,
		What: row.What, Paper: appealPath(a.ID) + "/paper", Result: resultPath(a.Result), Summary: a.Summary, Words: a.Summary + g.words.Text, Public: a.Public,
		Nothing: "目前没有需要您办理的步骤。", Facts: g.basics(who.Org.ID == a.Org),
	}
	if !a.ErasedAt.IsZero() {
		v.Erased = a.Steps[len(a.Steps)-1].Text
	}
	if a.State == inspect.AppealUpheld && who.MayTo(inspect.CorrectionDraft, a.Relations(who.Org)...) == nil {
		v.Correct = resultPath(a.Result) + "/correct"
	}
	if a.Barred(who.Person, g.result) && slices.ContainsFunc(who.Among(a.Verbs(), a.Relations(who.Org)...), inspect.Verb.Decides) {
		v.Nothing = inspect.ErrAppealOwn.Error()
	}
	for _, step := range a.Steps {
		v.Log = append(v.Log, web.Entry{At: web.Past, Text: step.Verb.Text(), When: web.Stamp(step.At), Who: g.names[step.By], Note: step.Text})
	}
	added, err := s.db.AppealAdded(r.Context(), who.Scope(), a.ID)
	if err != nil {
		return err
	}
	v.Added = addedRows(a.ID, added)
	if v.Waiting, err = s.waiting(r, a); err != nil {
		return err
	}
	if v.Forms, err = s.appealForms(r, g); err != nil {
		return err
	}
	return appealPage.Show(w, r, v)
}

// appealStep is the form of a step: its title where it says more than the verb, what it
// does, and its fields by name and component.
func appealStep(a inspect.Appeal, verb inspect.Verb) (title, hint string, fields [][2]string) {
	title, fields = verb.Text(), [][2]string{{"text", "area"}}
	switch verb {
	case inspect.AppealAsk:
		fields = [][2]string{{"days", "number"}, {"text", "area"}}
	case inspect.AppealAccept:
		hint, fields = "受理以前须核对申请确由本单位提出。", [][2]string{{"check", "radios"}, {"text", "area"}}
		if a.Kind == inspect.AppealObjection {
			hint += "受理以后，公示页面标明“异议处理中”。"
		}
	case inspect.AppealGrant:
		if title, hint = "异议成立", "核实公示的结果有误。5 个工作日内更正。"; a.Kind == inspect.AppealReply {
			title, hint, fields = "公示说明", "在检查结果旁公示下列文字。", [][2]string{{"public", "area"}, {"text", "area"}}
		}
	case inspect.AppealRefuse:
		title = map[inspect.AppealKind]string{inspect.AppealObjection: "异议不成立，维持公示", inspect.AppealReply: "不予公示", inspect.AppealRepairing: "不予修复"}[a.Kind]
	case inspect.AppealRepair:
		hint = "签字后立即结束公示，页面只留检查机关、日期和“已信用修复”。签字不能撤回。"
	}
	return title, hint, fields
}

// appealForms are the forms of the steps that the reader can make now.
func (s *server) appealForms(r *http.Request, g appealScene) (forms []stepForm, err error) {
	for _, verb := range g.appeal.MayNow(web.Actor(r), g.result) {
		title, hint, fields := appealStep(g.appeal, verb)
		form := stepForm{Title: title, Hint: hint, Grave: verb.Grave(), Form: web.FormOf(r, g.command(verb), "appeal", "seen")}
		for _, name := range fields {
			field, err := form.Form.Field(name[0])
			if err != nil {
				return nil, err
			}
			if field.Need = true; name[0] == "check" {
				field.Options = web.Options(inspect.AppealChecks)
			}
			form.Fields = append(form.Fields, stepField{name[1], field})
		}
		forms = append(forms, form)
	}
	return forms, nil
}

// command is the command of a step, as its form begins.
func (g appealScene) command(verb inspect.Verb) web.Command {
	seen := act.AppealSeen{Appeal: g.appeal.ID, Seen: g.appeal.Version}
	switch verb {
	case inspect.AppealAsk:
		return act.AskAppeal{AppealSeen: seen, Days: inspect.AskDaysUsual}
	case inspect.AppealSupply:
		return act.SupplyAppeal{AppealSeen: seen}
	case inspect.AppealAccept:
		return act.AcceptAppeal{AppealSeen: seen, Check: inspect.AppealChecks[0].Value}
	case inspect.AppealReject:
		return act.RejectAppeal{AppealSeen: seen}
	case inspect.AppealGrant:
		c := act.GrantAppeal{AppealSeen: seen}
		if g.appeal.Kind == inspect.AppealReply {
			c.Public = g.appeal.Summary + g.words.Text
		}
		return c
	case inspect.AppealRefuse:
		return act.RefuseAppeal{AppealSeen: seen}
	case inspect.AppealRepair:
		return act.RepairAppeal{AppealSeen: seen}
	case inspect.AppealErase:
		return act.EraseAppeal{AppealSeen: seen}
	}
	return act.WithdrawAppeal{AppealSeen: seen}
}

type newAppealView struct {
	Crumbs      []web.Link
	Form        web.Form
	Kinds, Ways []web.Option
}

// newAppeal is the form for an appeal that came on paper.
func (s *server) newAppeal(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	x, err := s.db.Result(r.Context(), who.Scope(), inspect.ResultID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if who.MayTo(inspect.AppealEnter, x.Relations(who.Org)...) != nil || x.State != inspect.ResultPublished {
		return inspect.ErrMissing
	}
	enter := act.EnterAppeal{ID: inspect.AppealID(web.NewID()), Result: x.ID, Kind: inspect.AppealObjection, Way: "counter"}
	v := newAppealView{
		Crumbs: []web.Link{{Text: "检查结果", Href: "/office/results"}, {Text: x.Name, Href: resultPath(x.ID)}, {Text: "登记书面申请"}},
		Kinds:  web.Options(inspect.AppealKinds), Ways: web.Options(inspect.AppealWays[1:]), Form: web.FormOf(r, enter, "id", "result"),
	}
	v.Form.Then = appealPath(enter.ID)
	return newAppealPage.Show(w, r, v)
}

// appealPaper sends the form of how the appeal was handled, as PDF or Word.
func (s *server) appealPaper(w http.ResponseWriter, r *http.Request) error {
	g, err := s.appealScene(r)
	if err != nil {
		return err
	}
	entries, err := s.db.Timeline(r.Context(), web.Actor(r).Scope(), "appeal", string(g.appeal.ID), 1)
	if err != nil {
		return err
	}
	form := g.paper(web.Actor(r).Org.ID == g.appeal.Org)
	form.Proof = document.Proof{Printed: web.Stamp(s.Now()), Address: s.Base + "/results/" + string(g.appeal.Result)}
	if len(entries) > 0 {
		form.Proof.Receipt = entries[0].Code()
	}
	var body bytes.Buffer
	if strings.HasSuffix(r.URL.Path, ".docx") {
		if err := document.Word(&body, form); err != nil {
			return fmt.Errorf("make the form of appeal %s: %w", g.appeal.ID, err)
		}
		return sendFile(w, "appeal.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", body.Bytes())
	}
	fonts, err := font.Builtin()
	if err == nil {
		err = document.PDF(&body, fonts, form)
	}
	if err != nil {
		return fmt.Errorf("make the form of appeal %s: %w", g.appeal.ID, err)
	}
	return sendFile(w, "appeal.pdf", "application/pdf", body.Bytes())
}

// paper is the form of what was done.
func (g appealScene) paper(own bool) document.Form {
	p := document.Appeal{Org: g.facts.Orgs[g.appeal.Org].Name, Kind: g.appeal.Kind.Text(), State: g.appeal.State.Text(), Text: g.appeal.Summary + g.words.Text}
	for _, f := range g.basics(own) {
		p.Facts = append(p.Facts, document.Fact{Label: f.Label, Text: f.Value})
	}
	for _, i := range g.result.Items {
		if text := foundText(i.Codes, i.Corrected); text != "" {
			p.Found = append(p.Found, document.Fact{Label: i.Name, Text: text})
		}
	}
	for _, step := range g.appeal.Steps {
		p.Steps = append(p.Steps, document.AppealStep{Name: step.Verb.Text(), Text: step.Text, By: g.names[step.By], At: web.Stamp(step.At)})
	}
	return p.Form()
}
