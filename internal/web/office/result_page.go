package office

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	resultPage  = web.NewPage[resultView](files, "result.html", "result_part.html")
	correctPage = web.NewPage[correctView](files, "correction.html", "result_part.html")
)

type resultView struct {
	Result   inspect.Result
	Crumbs   []web.Link
	State    web.State
	Light    web.State
	Due      web.Due
	Unsure   bool   // the deadline is provisional
	Revisit  string // what it waits for, if its visit is wrong
	Facts    []web.Fact
	Visit    string // path of the visit, for the departments that made it
	Items    []resultItem
	Entry    []web.Fact
	Preview  disclosed
	Others   []web.Link // what the other departments of the visit found
	After    []web.Link // the follow-ups: R99
	Appeals  []web.Link // about it
	Enter    string     // path of the form for appeals on paper
	Put      *web.Form
	Follow   []web.Option
	Kinds    []web.Option
	Submit   *web.Form
	Return   *web.Form
	Approve  *web.Grave
	Publish  *web.Grave
	Correct  string // path of the form of corrections
	Editions []editionRow
	Pending  *correctionView
	Past     []correctionRow
	Public   string // path of the public page
	Log      []web.Entry
}

// A resultItem is one item with what was found, as the department reads it.
type resultItem struct {
	Name, Result, Problem, Handling, Waived string
}

// A disclosed is what will be, or is, public: exactly what is approved, INV-12.
type disclosed struct {
	Facts  []web.Fact
	Items  []resultItem
	Digest string
}

// An editionRow is one published edition.
type editionRow struct {
	Title, When, Who, Ground, Digest string
}

// A correctionView is a correction that waits, with both versions side by side.
type correctionView struct {
	Kind, Ground, Drafted string
	Withdraw              bool
	Rows                  []beside
	Sign                  *web.Grave
	Drop                  *web.Form
}

// A beside is one item before and after.
type beside struct {
	Name, Before, After string
	Changed             bool
}

// A correctionRow is a correction that was decided on.
type correctionRow struct {
	Kind, Ground, Drafted, Decided string
	State                          web.State
}

// foundText is the result of an item in words.
func foundText(codes []inspect.ResultCode, corrected bool) string {
	var all []string
	for _, c := range codes {
		text := c.Text()
		if c.Corrigible() && corrected {
			text += "（已改正）"
		}
		all = append(all, text)
	}
	return strings.Join(all, "；")
}

func disclosedOf(p inspect.PublicResult) disclosed {
	d := disclosed{Digest: p.Digest()}
	fact := func(label, value, note string) {
		if value != "" {
			d.Facts = append(d.Facts, web.Fact{Label: label, Value: value, Note: note})
		}
	}
	fact("检查对象", p.Name, p.Code)
	fact("检查机关", p.Body, "")
	fact("完成日期", p.Date.Full(), "")
	for _, t := range p.Tasks {
		fact("抽查任务", t.Name, t.Number)
	}
	for _, i := range p.Items {
		d.Items = append(d.Items, resultItem{Name: i.Name, Result: foundText(i.Codes, i.Corrected)})
	}
	return d
}

// result shows one result: what the visit found, what follows, what will be public,
// and what this reader can do with it now: R91–R94, R102.
func (s *server) result(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	x, err := s.db.Result(r.Context(), who.Scope(), inspect.ResultID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if who.MayTo(inspect.ResultRead, x.Relations(who.Org)...) != nil {
		return inspect.ErrMissing
	}
	v, err := s.resultView(r, x)
	if err != nil {
		return err
	}
	if err := s.resultForms(r, &v, x); err != nil {
		return err
	}
	if err := s.editionsOf(r, &v, x); err != nil {
		return err
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "result", string(x.ID), 40)
	if err != nil {
		return err
	}
	v.Log = Log(entries)
	return resultPage.Show(w, r, v)
}

func (s *server) resultView(r *http.Request, x inspect.Result) (resultView, error) {
	who, clock := web.Actor(r), x.Clock(s.Calendar, s.today())
	v := resultView{
		Result: x, State: resultState(x), Light: lightState(clock), Due: s.resultDue(clock), Unsure: clock.Provisional && !clock.Stopped, Preview: disclosedOf(x.Disclosed()),
		Crumbs: []web.Link{{Text: "检查结果", Href: "/office/results"}, {Text: x.Name}},
	}
	names, err := s.db.Names(r.Context(), who.Scope(), append([]inspect.PersonID{x.EnteredBy, x.SubmittedBy, x.ApprovedBy, x.PublishedBy}, x.Inspected...)...)
	if err != nil {
		return v, err
	}
	fact := func(list *[]web.Fact, label, value, note string) {
		if value != "" {
			*list = append(*list, web.Fact{Label: label, Value: value, Note: note})
		}
	}
	fact(&v.Facts, "检查对象", x.Name, x.Code)
	fact(&v.Facts, "检查机关", x.Body, "")
	fact(&v.Facts, "检查日期", x.Done.Full(), "")
	fact(&v.Facts, "检查结束", web.Stamp(x.Ended), "全体签字完毕，20 个工作日由次日起算")
	if !x.Again.IsZero() { // C5
		fact(&v.Facts, "补充检查结束", web.Stamp(x.Again), "全体重新签字完毕，期限仍从首次签字完毕起算")
	}
	var inspected []string
	for _, p := range x.Inspected {
		inspected = append(inspected, names[p])
	}
	fact(&v.Facts, "检查人员", strings.Join(inspected, "、"), "不能审批本结果")
	if slices.Contains(x.Orgs, who.Org.ID) && who.MayTo(inspect.VisitRead, inspect.Participant) == nil {
		v.Visit = "/office/visits/" + string(x.Team)
	}
	for _, i := range x.Items {
		v.Items = append(v.Items, resultItem{i.Name, foundText(i.Codes, i.Corrected), i.Problem, i.Handling, i.Waived})
	}
	var follow []string
	for _, f := range x.Follow {
		follow = append(follow, inspect.ChoiceText(inspect.FollowMeasures, f))
	}
	fact(&v.Entry, "后续处理", strings.Join(follow, "、"), "")
	if !x.FollowDue.IsZero() {
		fact(&v.Entry, "处理期限", x.FollowDue.Full(), "")
	}
	fact(&v.Entry, "失信记录", inspect.ChoiceText(inspect.DishonestKinds, x.Dishonest), "")
	fact(&v.Entry, "备注", x.Remark, "不公示")
	fact(&v.Entry, "录入", names[x.EnteredBy], stampOf(x.EnteredBy, web.Stamp(x.EnteredAt)))
	fact(&v.Entry, "报审", names[x.SubmittedBy], stampOf(x.SubmittedBy, web.Stamp(x.SubmittedAt)))
	fact(&v.Entry, "审批", names[x.ApprovedBy], stampOf(x.ApprovedBy, web.Stamp(x.ApprovedAt)))
	fact(&v.Entry, "意见", x.Opinion, "")
	return v, s.otherResults(r, &v, x)
}

// stampOf is the time of an act that somebody did.
func stampOf(by inspect.PersonID, stamp string) string {
	if by == "" {
		return ""
	}
	return stamp
}

// otherResults leads to what the other departments of the visit found, to the public
// page and to the follow-ups.
func (s *server) otherResults(r *http.Request, v *resultView, x inspect.Result) error {
	who := web.Actor(r)
	f, _ := s.resultFilter(r)
	f.Visit, f.Open, f.State, f.Text = x.Visit, false, "", ""
	all, err := s.db.Results(r.Context(), who.Scope(), f)
	for _, o := range all {
		if o.ID != x.ID {
			v.Others = append(v.Others, web.Link{Text: o.Body + "　" + o.State.Text(), Href: resultPath(o.ID)})
		}
	}
	if x.Public() {
		v.Public = "/results/" + string(x.ID)
	}
	if err != nil {
		return err
	}
	after, err := s.db.FollowUps(r.Context(), who.Scope(), store.FollowUpFilter{Result: x.ID})
	for _, f := range after {
		if who.MayTo(inspect.FollowUpRead, f.Relations(who.Org)...) == nil {
			v.After = append(v.After, web.Link{Text: f.Kind.Text() + "　" + f.State.Text(), Href: followUpPath(f)})
		}
	}
	if err != nil || who.May(inspect.AppealRead) != nil {
		return err
	}
	appeals, err := s.db.Appeals(r.Context(), who.Scope(), store.AppealFilter{Result: x.ID})
	for _, a := range appeals {
		v.Appeals = append(v.Appeals, web.Link{Text: a.Kind.Text() + "　" + a.State.Text(), Href: appealPath(a.ID)})
	}
	if x.State == inspect.ResultPublished && who.MayTo(inspect.AppealEnter, x.Relations(who.Org)...) == nil {
		v.Enter = resultPath(x.ID) + "/appeal"
	}
	return err
}

// resultForms fills in what this reader can do now.
func (s *server) resultForms(r *http.Request, v *resultView, x inspect.Result) error {
	who := web.Actor(r)
	may := who.Among(x.Verbs(), x.Relations(who.Org)...)
	can := func(verb inspect.Verb) bool { return slices.Contains(may, verb) }
	form := func(c act.Command, fixed ...string) *web.Form {
		f := web.FormOf(r, c, append([]string{"result", "seen"}, fixed...)...)
		return &f
	}
	reopened := false
	if x.Revisit {
		visit, err := s.db.Visit(r.Context(), who.Scope(), x.Visit)
		if err != nil {
			return err
		}
		reopened, v.Revisit = !visit.Done(), "检查本身有误，已请检查小组组长退回补充检查。不需要重新检查的，重新保存后续处理后再报审。"
		if reopened {
			v.Revisit = "检查小组正在补充检查，原有签字全部失效。全体重新签字后，检查结果会更新，再录入和报审。"
		}
	}
	if can(inspect.ResultPut) && !reopened {
		v.Put = form(act.PutResult{Result: x.ID, Seen: x.Version, Follow: x.Follow, FollowDue: x.FollowDue, Dishonest: x.Dishonest, Remark: x.Remark})
		v.Follow, v.Kinds = web.Options(inspect.FollowMeasures), web.Options(inspect.DishonestKinds)
	}
	if can(inspect.ResultSubmit) && len(x.Follow) > 0 && !x.Revisit {
		v.Submit = form(act.SubmitResult{Result: x.ID, Seen: x.Version})
	}
	if can(inspect.ResultReturn) {
		v.Return = form(act.ReturnResult{Result: x.ID, Seen: x.Version})
	}
	if can(inspect.ResultApprove) {
		f := form(act.ApproveResult{Result: x.ID, Seen: x.Version})
		fields, err := opinionOn(*f)
		if err != nil {
			return err
		}
		g := &web.Grave{
			Title: "批准检查结果", Button: "批准", Form: *f, Fields: fields,
			Effects: []string{"批准的就是“将公示的内容”，公示时一字不改。", "批准后由经办人公示；公示前可以退回。"},
		}
		if x.Own(who.Person) {
			g.Why = []string{inspect.ErrOwnWork.Error()}
		}
		v.Approve = g
	}
	if can(inspect.ResultPublish) {
		v.Publish = &web.Grave{
			Title: "公示检查结果", Button: "公示", Expect: x.Confirm(), Form: *form(act.PublishResult{Result: x.ID, Seen: x.Version}),
			Effects: []string{"公示后立即对社会可见，不得擅自改变。", "确有错误的，须经本单位主要负责人签字更正，各版本都公开。"},
		}
	}
	if can(inspect.CorrectionDraft) {
		v.Correct = resultPath(x.ID) + "/correct"
	}
	return nil
}

// opinionOn is the field of the opinion, which must be given.
func opinionOn(f web.Form) ([]web.Field, error) {
	field, err := f.Field("opinion")
	field.Need, field.Most = true, 500
	return []web.Field{field}, err
}

// editionsOf fills in what was published, and the corrections.
func (s *server) editionsOf(r *http.Request, v *resultView, x inspect.Result) error {
	who := web.Actor(r)
	editions, err := s.db.Publications(r.Context(), who.Scope(), x.ID)
	if err != nil {
		return err
	}
	corrections, err := s.db.Corrections(r.Context(), who.Scope(), x.ID)
	if err != nil {
		return err
	}
	var people []inspect.PersonID
	for _, e := range editions {
		people = append(people, e.By, e.SignedBy)
	}
	for _, c := range corrections {
		people = append(people, c.DraftedBy, c.SignedBy)
	}
	names, err := s.db.Names(r.Context(), who.Scope(), people...)
	if err != nil {
		return err
	}
	for _, e := range editions {
		row := editionRow{Title: e.Title(), When: web.Stamp(e.At), Who: names[e.By], Ground: e.Ground, Digest: e.Digest}
		switch {
		case e.Kind == inspect.PublishExpire:
			row.Who = "平台"
		case e.Kind == inspect.PublishRepair:
			row.Who = names[e.By] + "受理，" + names[e.SignedBy] + "签字"
		case e.SignedBy != "":
			row.Who = names[e.By] + "起草，" + names[e.SignedBy] + "签字"
		}
		v.Editions = append(v.Editions, row)
	}
	for _, c := range corrections {
		drafted := names[c.DraftedBy] + "　" + web.Stamp(c.DraftedAt)
		if c.State == inspect.CorrectionDrafted {
			if v.Pending, err = s.pending(r, x, c, drafted); err != nil {
				return err
			}
			v.Correct = ""
			continue
		}
		shape := map[inspect.CorrectionState]web.Shape{inspect.CorrectionSigned: web.Happy, inspect.CorrectionDropped: web.Bad}[c.State]
		v.Past = append(v.Past, correctionRow{
			Kind: c.Kind.Text(), Ground: c.Ground, Drafted: drafted, State: web.State{Shape: shape, Text: c.State.Text()},
			Decided: fmt.Sprintf("%s　%s　意见：%s", names[c.SignedBy], web.Stamp(c.SignedAt), c.Opinion),
		})
	}
	return nil
}

// pending is a correction that waits for the principal leader, before and after.
func (s *server) pending(r *http.Request, x inspect.Result, c inspect.Correction, drafted string) (*correctionView, error) {
	who := web.Actor(r)
	v := &correctionView{Kind: c.Kind.Text(), Ground: c.Ground, Drafted: drafted, Withdraw: c.Kind == inspect.PublishWithdraw}
	for i, item := range x.Items {
		before := foundText(item.Codes, item.Corrected)
		row := beside{Name: item.Name, Before: before, After: "不再公示"}
		if !v.Withdraw && i < len(c.Items) {
			row.After = foundText(c.Items[i].Codes, c.Items[i].Corrected)
		}
		if row.Changed = row.After != before; before != "" {
			v.Rows = append(v.Rows, row)
		}
	}
	may := who.Among(c.Verbs(), x.Relations(who.Org)...)
	decision := act.CorrectionDecision{ID: c.ID, Seen: c.Version}
	if slices.Contains(may, inspect.CorrectionSign) {
		f := web.FormOf(r, act.SignCorrection{CorrectionDecision: decision}, "id", "seen")
		fields, err := opinionOn(f)
		if err != nil {
			return nil, err
		}
		v.Sign = &web.Grave{
			Title: "签字确认" + c.Kind.Text(), Button: "签字", Form: f, Fields: fields,
			Effects: []string{"签字后立即公示新版本，理由一并公开；以前的版本仍可查。", "主要负责人对更正负责，签字不能撤回。"},
		}
		if v.Withdraw {
			v.Sign.Effects[0] = "签字后页面只留撤下的说明和理由，检查对象和结果不再公示。"
		}
		if who.Person == c.DraftedBy || slices.Contains(x.Inspected, who.Person) {
			v.Sign.Why = []string{inspect.ErrOwnWork.Error()}
		}
	}
	if slices.Contains(may, inspect.CorrectionDrop) {
		f := web.FormOf(r, act.DropCorrection{CorrectionDecision: decision}, "id", "seen")
		v.Drop = &f
	}
	return v, nil
}

// A correctView is the form of a correction: R102.
type correctView struct {
	Result inspect.Result
	Crumbs []web.Link
	Form   web.Form
	Kinds  []web.Option
	Items  []correctItem
}

// A correctItem is one item with the results to choose from.
type correctItem struct {
	No            int
	Name, Present string
	Options       []web.Option
}

// correct asks for a correction of the edition that stands.
func (s *server) correct(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	x, err := s.db.Result(r.Context(), who.Scope(), inspect.ResultID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !slices.Contains(who.Among(x.Verbs(), x.Relations(who.Org)...), inspect.CorrectionDraft) {
		return inspect.ErrMissing
	}
	draft := act.DraftCorrection{ID: inspect.CorrectionID(web.NewID()), Result: x.ID, Seen: x.Version, Kind: inspect.PublishCorrect}
	v := correctView{
		Result: x, Crumbs: []web.Link{{Text: "检查结果", Href: "/office/results"}, {Text: x.Name, Href: resultPath(x.ID)}, {Text: "更正"}},
		Kinds: []web.Option{{Value: string(inspect.PublishCorrect), Text: "更正结果", Note: "公示新版本，以前的版本仍可查"}, {Value: string(inspect.PublishWithdraw), Text: "撤下", Note: "不应当公示的，例如检查对象错误"}},
	}
	for i, item := range x.Items {
		if len(item.Codes) == 0 {
			continue
		}
		c := correctItem{No: i + 1, Name: item.Name, Present: foundText(item.Codes, item.Corrected)}
		for _, code := range inspect.ResultCodes {
			c.Options = append(c.Options, web.Option{Value: fmt.Sprintf("%d:%s", i+1, code.Value), Text: code.Text})
			if slices.Contains(item.Codes, inspect.ResultCode(code.Value)) {
				draft.Codes = append(draft.Codes, fmt.Sprintf("%d:%s", i+1, code.Value))
			}
		}
		v.Items = append(v.Items, c)
	}
	v.Form = web.FormOf(r, draft, "id", "result", "seen")
	v.Form.Then = resultPath(x.ID)
	return correctPage.Show(w, r, v)
}
