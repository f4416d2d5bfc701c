package office

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var followUpPage = web.NewPage[followUpView](files, "followup.html", "step.html")

type followUpView struct {
	Name    string
	Crumbs  []web.Link
	State   web.State
	Kind    string
	Late    bool
	Due     web.Due
	What    string
	Facts   []web.Fact
	Result  string // the page of the result it follows from, for those who may read it
	Forms   []stepForm
	Suggest []web.Fact // whom the clue may be for, and why
	Log     []web.Entry
}

// A stepForm is one step that the reader can make.
type stepForm struct {
	Title, Hint string
	Grave       bool
	Form        web.Form
	Fields      []stepField
}

// A stepField is a field and the component that draws it.
type stepField struct {
	As string // area, date, checks, radios, select, number or text
	web.Field
}

// followUp is the page of one follow-up: its steps, its clock and what the reader can
// do now.
func (s *server) followUp(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	f, err := s.db.FollowUp(r.Context(), who.Scope(), inspect.FollowUpID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if who.MayTo(inspect.FollowUpRead, f.Relations(who.Org)...) != nil {
		return inspect.ErrMissing
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	row, clock := s.followUpRow(f, facts), f.Clock(s.Calendar)
	v := followUpView{
		Name: f.Name, Crumbs: []web.Link{{Text: "后续处理", Href: "/office/followups"}, {Text: f.Kind.Text()}}, State: row.State, Kind: row.Kind, Late: row.Late,
		Due: row.Due, What: clock.What,
	}
	fact := func(label, value string) {
		if value != "" {
			v.Facts = append(v.Facts, web.Fact{Label: label, Value: value})
		}
	}
	if who.May(inspect.ResultRead) == nil && (f.Org == who.Org.ID || who.Scope().Reach != inspect.ReachOwn) {
		v.Result = resultPath(f.Result)
	}
	fact("检查对象", f.Name)
	fact("统一社会信用代码", f.Code)
	fact("承办部门", row.Org)
	fact("接收单位", row.Receiver)
	fact("案号", f.CaseNo)
	fact("办理期限", f.Due.String())
	fact("开始时间", row.Opened)
	names, err := s.followUpNames(r, f)
	if err != nil {
		return err
	}
	for _, step := range f.Steps {
		v.Log = append(v.Log, followUpEntry(step, facts, names))
	}
	if err := s.followUpForms(r, &v, f, facts); err != nil {
		return err
	}
	return followUpPage.Show(w, r, v)
}

// followUpNames are the names of the inspectors in the steps.
func (s *server) followUpNames(r *http.Request, f inspect.FollowUp) (map[inspect.InspectorNo]store.NamedRow, error) {
	var nos []inspect.InspectorNo
	for _, step := range f.Steps {
		nos = append(nos, step.Officers...)
	}
	return s.db.InspectorsNamed(r.Context(), web.Actor(r).Scope(), nos)
}

// followUpSaid are what a step's day, name and number are called, where they are not
// called as usual.
var followUpSaid = map[inspect.Verb][3]string{
	inspect.FollowUpMend: {"收到日期"}, inspect.FollowUpPass: {"复查日期"}, inspect.FollowUpFail: {"复查日期"}, inspect.FollowUpEscalate: {"复查日期"},
	inspect.FollowUpAccept: {"", "", "案号"}, inspect.FollowUpAnswer: {"", "", "案号"}, inspect.FollowUpReceipt: {"签收日期", "签收人"},
	inspect.FollowUpHand: {"", "接收的公安机关", "移送书文号"}, inspect.FollowUpFile: {"立案日期", "", "立案决定书文号"},
	inspect.FollowUpUnfile: {"收到日期", "", "不予立案通知书文号"}, inspect.FollowUpObject: {"提请日期"}, inspect.FollowUpArticles: {"移交日期"},
}

// followUpEntry is one step as the page tells it.
func followUpEntry(x inspect.FollowStep, facts inspect.Facts, names map[inspect.InspectorNo]store.NamedRow) web.Entry {
	var parts []string
	add := func(label, value string) {
		if value != "" {
			parts = append(parts, label+"："+value)
		}
	}
	said := followUpSaid[x.Verb]
	add(cmp.Or(said[0], "日期"), x.Day.String())
	add(cmp.Or(said[1], "接收单位"), x.Name)
	add(cmp.Or(said[2], "文号"), x.Number)
	if x.Way != "" {
		add("方式", inspect.ChoiceText(inspect.RecheckWays, x.Way))
	}
	var officers, papers []string
	for _, no := range x.Officers {
		officers = append(officers, names[no].Name)
	}
	for _, p := range x.Papers {
		papers = append(papers, inspect.ChoiceText(inspect.CrimePapers, p))
	}
	add("人员", strings.Join(officers, "、"))
	add("材料", strings.Join(papers, "、"))
	add("期限", x.Due.String())
	if x.Text != "" {
		parts = append(parts, x.Text)
	}
	return web.Entry{At: web.Past, Text: x.Verb.Text(), When: web.Stamp(x.At), Who: facts.Orgs[x.Org].Short, Note: strings.Join(parts, "　")}
}

// followUpForms are the forms of the steps that the reader can make now.
func (s *server) followUpForms(r *http.Request, v *followUpView, f inspect.FollowUp, facts inspect.Facts) error {
	who, today := web.Actor(r), s.today()
	for _, verb := range f.MayNow(who) {
		cmd := followUpCommand(f, verb, today)
		form := stepForm{Title: verb.Text(), Grave: verb.Grave(), Form: web.FormOf(r, cmd, "followup", "seen")}
		for _, name := range followUpFields[verb] {
			options, err := s.followUpOptions(r, f, name[0], facts)
			if err != nil {
				return err
			}
			field, err := form.Form.Field(name[0])
			if err != nil {
				return err
			}
			field.Options, field.Need = options, len(name) > 2
			form.Fields = append(form.Fields, stepField{name[1], field})
		}
		if verb == inspect.FollowUpSend {
			if err := s.followUpSuggest(r, v, f, facts); err != nil {
				return err
			}
		}
		v.Forms = append(v.Forms, form)
	}
	return nil
}

// followUpFields are the fields of each step: name, component, and whether one must
// fill it in.
var followUpFields = map[inspect.Verb][][]string{
	inspect.FollowUpMend:     {{"day", "date", "need"}, {"text", "area", "need"}},
	inspect.FollowUpPass:     {{"day", "date", "need"}, {"way", "radios", "need"}, {"officers", "checks", "need"}, {"text", "area", "need"}},
	inspect.FollowUpFail:     {{"day", "date", "need"}, {"due", "date", "need"}, {"way", "radios", "need"}, {"officers", "checks", "need"}, {"text", "area", "need"}},
	inspect.FollowUpEscalate: {{"day", "date", "need"}, {"way", "radios", "need"}, {"officers", "checks", "need"}, {"text", "area", "need"}},
	inspect.FollowUpSend:     {{"receiver", "select"}, {"outside", "text"}, {"days", "number", "need"}, {"due", "date"}, {"text", "area", "need"}},
	inspect.FollowUpAccept:   {{"case_no", "text"}, {"text", "area"}},
	inspect.FollowUpReturn:   {{"text", "area", "need"}},
	inspect.FollowUpAnswer:   {{"case_no", "text"}, {"text", "area", "need"}},
	inspect.FollowUpClose:    {{"text", "area", "need"}},
	inspect.FollowUpReport:   {{"officers", "checks", "need"}, {"text", "area", "need"}},
	inspect.FollowUpApprove:  {{"opinion", "area", "need"}},
	inspect.FollowUpRefuse:   {{"opinion", "area", "need"}},
	inspect.FollowUpHand:     {{"police", "text", "need"}, {"number", "text", "need"}, {"papers", "checks", "need"}, {"text", "area"}},
	inspect.FollowUpReceipt:  {{"name", "text", "need"}, {"signed", "text", "need"}},
	inspect.FollowUpFile:     {{"day", "date", "need"}, {"number", "text"}, {"text", "area"}},
	inspect.FollowUpUnfile:   {{"day", "date", "need"}, {"number", "text"}, {"text", "area", "need"}},
	inspect.FollowUpObject:   {{"day", "date", "need"}, {"text", "area", "need"}},
	inspect.FollowUpArticles: {{"day", "date", "need"}, {"text", "area", "need"}},
}

// followUpCommand is the command of a step, as its form begins.
func followUpCommand(f inspect.FollowUp, verb inspect.Verb, today workday.Date) web.Command {
	seen := act.FollowUpSeen{FollowUp: f.ID, Seen: f.Version}
	check := act.FollowUpRecheck{FollowUpSeen: seen, Day: today, Way: "onsite"}
	switch verb {
	case inspect.FollowUpMend:
		return act.MendFollowUp{FollowUpSeen: seen, Day: today}
	case inspect.FollowUpPass:
		return act.PassFollowUp{FollowUpRecheck: check}
	case inspect.FollowUpFail:
		return act.FailFollowUp{FollowUpRecheck: check}
	case inspect.FollowUpEscalate:
		return act.EscalateFollowUp{FollowUpRecheck: check}
	case inspect.FollowUpSend:
		return act.SendFollowUp{FollowUpSeen: seen, Days: inspect.AcceptDaysUsual}
	case inspect.FollowUpAccept:
		return act.AcceptFollowUp{FollowUpSeen: seen}
	case inspect.FollowUpReturn:
		return act.ReturnFollowUp{FollowUpSeen: seen}
	case inspect.FollowUpAnswer:
		return act.AnswerFollowUp{FollowUpSeen: seen, CaseNo: f.CaseNo}
	case inspect.FollowUpReport:
		return act.ReportFollowUp{FollowUpSeen: seen}
	case inspect.FollowUpApprove:
		return act.ApproveFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: seen}}
	case inspect.FollowUpRefuse:
		return act.RefuseFollowUp{FollowUpDecision: act.FollowUpDecision{FollowUpSeen: seen}}
	case inspect.FollowUpHand:
		return act.HandFollowUp{FollowUpSeen: seen}
	case inspect.FollowUpReceipt:
		return act.ReceiptFollowUp{FollowUpSeen: seen}
	case inspect.FollowUpFile:
		return act.FileFollowUp{FollowUpSeen: seen, Day: today}
	case inspect.FollowUpUnfile:
		return act.UnfileFollowUp{FollowUpSeen: seen, Day: today}
	case inspect.FollowUpObject:
		return act.ObjectFollowUp{FollowUpSeen: seen, Day: today}
	case inspect.FollowUpArticles:
		return act.ArticlesFollowUp{FollowUpSeen: seen, Day: today}
	}
	return act.CloseFollowUp{FollowUpSeen: seen}
}

// followUpOptions are the choices of a field.
func (s *server) followUpOptions(r *http.Request, f inspect.FollowUp, name string, facts inspect.Facts) ([]web.Option, error) {
	switch name {
	case "way":
		return web.Options(inspect.RecheckWays), nil
	case "papers":
		return web.Options(inspect.CrimePapers), nil
	case "receiver":
		return inspectingOrgs(facts), nil
	case "officers":
		all, err := s.db.Inspectors(r.Context(), web.Actor(r).Scope(), store.InspectorFilter{Org: f.Org})
		var options []web.Option
		for _, i := range all {
			if _, ok := i.CertifiedUntil(s.today()); ok && i.Ended.IsZero() {
				options = append(options, web.Option{Value: i.No.String(), Text: i.Name, Note: i.Code})
			}
		}
		return options, err
	}
	return nil, nil
}

// followUpSuggest names whom a clue may be for: R97.
func (s *server) followUpSuggest(r *http.Request, v *followUpView, f inspect.FollowUp, facts inspect.Facts) error {
	who := web.Actor(r)
	result, err := s.db.Result(r.Context(), who.Scope(), f.Result)
	if err != nil {
		return fmt.Errorf("read the result of a follow-up: %w", err)
	}
	licences, err := s.db.Licences(r.Context(), who.Scope(), f.Object)
	for _, x := range inspect.SuggestReceivers(f, result, licences, facts) {
		v.Suggest = append(v.Suggest, web.Fact{Label: facts.Orgs[x.Org].Short, Value: x.Ground})
	}
	return err
}
