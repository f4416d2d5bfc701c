package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	inspectorPage     = web.NewPage[inspectorView](files, "inspector_page.html")
	inspectorFormPage = web.NewPage[inspectorFormView](files, "inspector_form.html")
)

type inspectorView struct {
	Name, Path string
	Crumbs     []web.Link
	State      web.State
	Why        string
	Facts      []web.Fact
	Edit       string // path of the form; empty for readers who cannot change it
	Back       bool   // the form brings back somebody who left

	Papers  []paperRow
	Helper  bool
	Certify *web.Form
	Renews  string // number of the certificate that the form is about
	Kinds   []web.Option

	Year   string
	Month  web.Matrix
	Away   []awayRow
	Leave  *web.Form
	Causes []web.Option // of an absence

	SeesTies bool
	Ties     []tieRow
	Tie      *web.Form
	TieKinds []web.Option

	SeesTraining bool
	Trainings    []trainingRow
	Training     *web.Form
	Exams        []web.Option

	End *web.Form
	Log []web.Entry
}

// A paperRow is one certificate.
type paperRow struct {
	Number, Kind, Authority, Days, Renew string
	State                                web.State
}

// An awayRow is one period.
type awayRow struct {
	Days, Kind, Note string
	State            web.State
	Drop             *web.Form
}

// A tieRow is one declared tie.
type tieRow struct {
	Name, Code, Kind, Days, Ground, By string
	State                              web.State
	Drop                               *web.Form
}

// A trainingRow is one training record.
type trainingRow struct{ Topic, Hours, Exam, Day string }

// inspector shows one person: certificates, periods of the year, ties, trainings.
// What is personal is for the own department.
func (s *server) inspector(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	first := workday.MustParse(fmt.Sprintf("%04d-01-01", s.today().Year()))
	f, err := s.inspectorOf(r, first)
	if err != nil {
		return err
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := inspectorView{
		Name: f.Name, Path: "/office/inspectors/" + f.No.String(), State: s.drawState(f), Why: s.obstacle(f).Text, Helper: f.Category.Helper(),
		Crumbs: []web.Link{{Text: "执法检查人员名录库", Href: "/office/inspectors"}, {Text: f.Code}}, Facts: s.inspectorFacts(f, facts),
	}
	keeps := s.keepsInspectors(who) && !f.Foreign
	if keeps {
		v.Edit, v.Back = v.Path+"/edit", !f.Ended.IsZero()
	}
	keeps = keeps && f.Ended.IsZero()
	s.papers(r, &v, f, keeps)
	s.periods(r, &v, f, keeps)
	if err := s.ties(r, &v, f); err != nil {
		return err
	}
	v.trainings(r, f, keeps)
	if keeps {
		end := web.FormOf(r, act.EndInspector{Inspector: f.No, Seen: f.Version, Day: s.today()}, "inspector", "seen")
		v.End = &end
	}
	if !f.Foreign {
		entries, err := s.db.InspectorTimeline(r.Context(), who.Scope(), f.No, 30)
		if err != nil {
			return err
		}
		v.Log = Log(slices.DeleteFunc(entries, func(e store.TimelineEntry) bool {
			return !v.SeesTies && (e.Verb == inspect.InspectorPutTie || e.Verb == inspect.InspectorDropTie)
		}))
	}
	return inspectorPage.Show(w, r, v)
}

// inspectorOf reads the person that the address names.
func (s *server) inspectorOf(r *http.Request, since workday.Date) (inspect.InspectorFile, error) {
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil {
		return inspect.InspectorFile{}, inspect.ErrMissing
	}
	return s.db.Inspector(r.Context(), web.Actor(r).Scope(), inspect.InspectorNo(no), since)
}

func (s *server) inspectorFacts(f inspect.InspectorFile, facts inspect.Facts) []web.Fact {
	all := []web.Fact{
		{Label: "所在部门", Value: facts.Orgs[f.Org].Name}, {Label: "单位工号", Value: f.Code}, {Label: "人员类别", Value: f.Category.Text()},
		{Label: "性别", Value: inspect.ChoiceText(inspect.Genders, f.Gender)}, {Label: "科室", Value: f.Division}, {Label: "职务", Value: f.Position},
		{Label: "手机号", Value: f.Phone, Note: "仅本部门可见"}, {Label: "岗位大类", Value: f.Duty}, {Label: "从事本岗起始日期", Value: f.DutyFrom.String()},
		{Label: "学历、专业", Value: strings.Trim(f.Education+"　"+f.Major, "　")}, {Label: "技术职称", Value: f.Title},
		{Label: "岗位资质资格", Value: strings.Join(f.Quals, "、")},
	}
	all = slices.DeleteFunc(all, func(x web.Fact) bool { return x.Value == "" })
	if !f.Category.Helper() {
		all = append(all, web.Fact{Label: "执法事项范围", Value: orAll(f.Items, "本部门全部事项")}, web.Fact{Label: "检查单位范围", Value: orAll(f.Units, "全部")})
		var towns []string
		for _, code := range f.Areas {
			towns = append(towns, facts.Areas[code])
		}
		all = append(all, web.Fact{Label: "检查区域范围", Value: orAll(towns, "全域")})
	}
	all = append(all, web.Fact{Label: "数据来源", Value: f.Source, Note: "截至 " + f.Sourced.String()})
	if !f.Ended.IsZero() {
		all = append(all, web.Fact{Label: "移出日期", Value: f.Ended.String(), Note: "自这一天起不再抽取。"})
	}
	return all
}

func orAll(list []string, all string) string {
	if len(list) == 0 {
		return all
	}
	return strings.Join(list, "、")
}

// papers fills in the certificates, and the form for a new one or for the one
// that the address names.
func (s *server) papers(r *http.Request, v *inspectorView, f inspect.InspectorFile, keeps bool) {
	for _, c := range f.Certificates {
		row := paperRow{Number: c.Number, Kind: c.Kind.Text(), Authority: c.Authority, Days: daysText(c.From, c.Until), State: web.State{Shape: web.Happy, Text: "有效"}}
		switch {
		case c.Until.Before(s.today()):
			row.State = web.State{Shape: web.Bad, Text: "已到期"}
		case c.From.After(s.today()):
			row.State = web.State{Text: "尚未生效"}
		case c.Until.Before(s.today().AddDays(inspect.ExpiryWarning)):
			row.State = web.State{Shape: web.Waiting, Text: fmt.Sprintf("还有 %d 天到期", c.Until.DaysSince(s.today()))}
		}
		if keeps {
			row.Renew = v.Path + "?paper=" + c.Number + "#certify"
		}
		v.Papers = append(v.Papers, row)
	}
	if !keeps || f.Category.Helper() {
		return
	}
	number := r.URL.Query().Get("paper")
	if failed := web.Failed(r); failed != nil {
		number = failed.Values.Get("was")
	}
	cmd := act.CertifyInspector{Inspector: f.No, Seen: f.Version, Kind: inspect.ProvinceCertificate}
	if at := slices.IndexFunc(f.Certificates, func(c inspect.Certificate) bool { return c.Number == number }); at >= 0 {
		c := f.Certificates[at]
		cmd.Was, cmd.Kind, cmd.Number, cmd.Authority, cmd.From, cmd.Until = c.Number, c.Kind, c.Number, c.Authority, c.From, c.Until
	}
	form := web.FormOf(r, cmd, "inspector", "seen", "was")
	form.Page = v.Path
	v.Certify, v.Renews, v.Kinds = &form, cmd.Was, web.Options(inspect.CertificateKinds)
}

func daysText(from, until workday.Date) string {
	switch {
	case from.IsZero() && until.IsZero():
		return "一直"
	case from.IsZero():
		return "至 " + until.String()
	case until.IsZero():
		return from.String() + " 起"
	}
	return from.String() + " 至 " + until.String()
}

// periods fills in the year: days by month, and the periods.
func (s *server) periods(r *http.Request, v *inspectorView, f inspect.InspectorFile, keeps bool) {
	year := s.today().Year()
	v.Year = fmt.Sprint(year)
	v.Month = web.Matrix{Caption: v.Year + " 年不能参加检查的天数", Head: "事由"}
	for m := range 12 {
		v.Month.Columns = append(v.Month.Columns, fmt.Sprintf("%d月", m+1))
	}
	counts := map[inspect.AwayKind][]int{}
	for _, a := range f.Away {
		row := awayRow{Days: a.Days.Text(), Kind: a.Kind.Text(), Note: a.Note, State: web.State{Shape: web.Waiting, Text: "将来"}}
		switch {
		case a.Dropped:
			row.State = web.State{Text: "已撤销"}
		case a.Days.Until.Before(s.today()):
			row.State = web.State{Shape: web.Happy, Text: "已过"}
		case !a.Days.From.After(s.today()):
			row.State = web.State{Shape: web.Going, Text: "现在"}
		}
		if keeps && !a.Dropped {
			drop := web.FormFor(r, string(a.ID), act.DropAway{Away: a.ID, Seen: a.Version}, "away", "seen")
			row.Drop = &drop
		}
		v.Away = append(v.Away, row)
		for day := a.Days.From; !a.Dropped && !day.After(a.Days.Until); day = day.AddDays(1) {
			if counts[a.Kind] == nil {
				counts[a.Kind] = make([]int, 12)
			}
			if day.Year() == year {
				counts[a.Kind][day.Month()-time.January]++
			}
		}
	}
	for _, kind := range append([]inspect.Choice{{Text: "另有安排"}}, inspect.AwayKinds...) {
		if n := counts[inspect.AwayKind(kind.Value)]; n != nil {
			v.Month.Rows = append(v.Month.Rows, web.MatrixRow{Text: kind.Text, Counts: n})
		}
	}
	if keeps {
		form := web.FormOf(r, act.PutAway{Away: inspect.AwayID(web.NewID()), Inspector: f.No, Kind: "leave"}, "away", "seen", "inspector")
		v.Leave, v.Causes = &form, web.Options(inspect.AwayKinds)
	}
}

// ties fills in what was declared, for those who may read it.
func (s *server) ties(r *http.Request, v *inspectorView, f inspect.InspectorFile) error {
	who := web.Actor(r)
	if v.SeesTies = f.SeesTies(who); !v.SeesTies {
		return nil
	}
	all, err := s.db.Ties(r.Context(), who.Scope(), f.No)
	if err != nil {
		return err
	}
	var ids []inspect.PersonID
	for _, t := range all {
		ids = append(ids, t.By)
	}
	names, err := s.db.Names(r.Context(), who.Scope(), ids...)
	if err != nil {
		return err
	}
	for _, t := range all {
		row := tieRow{
			Name: t.Name, Code: t.Code, Kind: t.Kind.Text(), Days: daysText(t.Since, t.Until), Ground: t.Ground,
			By: names[t.By] + "　" + web.Stamp(t.At), State: web.State{Text: "不再回避"},
		}
		switch {
		case t.Dropped:
			row.State, row.Ground = web.State{Text: "已撤销"}, "撤销理由："+t.Reason
		case t.Bars(inspect.Days{From: s.today(), Until: s.today()}):
			row.State = web.State{Shape: web.Happy, Text: "自动回避"}
		}
		if !t.Dropped && who.MayTo(inspect.InspectorDropTie, inspect.Owner) == nil {
			drop := web.FormFor(r, string(t.ID), act.DropTie{Tie: t.ID, Seen: t.Version}, "tie", "seen")
			row.Drop = &drop
		}
		v.Ties = append(v.Ties, row)
	}
	if who.MayTo(inspect.InspectorPutTie, inspect.Owner) == nil && f.Ended.IsZero() {
		form := web.FormOf(r, act.PutTie{Tie: inspect.TieID(web.NewID()), Inspector: f.No, Kind: inspect.FormerEmployer}, "tie", "seen", "inspector")
		v.Tie, v.TieKinds = &form, web.Options(inspect.TieKinds)
	}
	return nil
}

// trainings fills in what was learnt since a year before this one.
func (v *inspectorView) trainings(r *http.Request, f inspect.InspectorFile, keeps bool) {
	if v.SeesTraining = !f.Foreign; f.Foreign {
		return
	}
	for _, t := range f.Trainings {
		v.Trainings = append(v.Trainings, trainingRow{t.Topic, fmt.Sprint(t.Hours), inspect.ChoiceText(inspect.Exams, t.Exam), t.Day.String()})
	}
	if keeps {
		form := web.FormOf(r, act.PutTraining{Training: inspect.TrainingID(web.NewID()), Inspector: f.No, Exam: "none"}, "training", "seen", "inspector")
		v.Training, v.Exams = &form, web.Options(inspect.Exams)
	}
}

type inspectorFormView struct {
	Title    string
	Crumbs   []web.Link
	Form     web.Form
	Back     string
	Left     bool
	Genders  []web.Option
	Staff    []web.Option
	Items    []web.Option
	Towns    []web.Option
	Accounts []web.Option
}

// newInspector shows the empty form of a person.
func (s *server) newInspector(w http.ResponseWriter, r *http.Request) error {
	if !s.keepsInspectors(web.Actor(r)) {
		return inspect.ErrDenied.With(inspect.InspectorPut.Text())
	}
	v := inspectorFormView{Title: "登记执法检查人员", Back: "/office/inspectors"}
	return s.inspectorForm(w, r, v, inspect.Inspector{Category: inspect.CivilServant, Sourced: s.today()})
}

// editInspector shows the form of a person of the reader's department.
func (s *server) editInspector(w http.ResponseWriter, r *http.Request) error {
	f, err := s.inspectorOf(r, s.today())
	if err != nil {
		return err
	}
	if f.Foreign || !s.keepsInspectors(web.Actor(r)) {
		return inspect.ErrInspectorForeign
	}
	v := inspectorFormView{Title: "更新：" + f.Name, Back: "/office/inspectors/" + f.No.String(), Left: !f.Ended.IsZero()}
	return s.inspectorForm(w, r, v, f.Inspector)
}

func (s *server) inspectorForm(w http.ResponseWriter, r *http.Request, v inspectorFormView, i inspect.Inspector) error {
	who := web.Actor(r)
	v.Crumbs = []web.Link{{Text: "执法检查人员名录库", Href: "/office/inspectors"}, {Text: v.Title}}
	v.Form = web.FormOf(r, act.PutInspector{
		Inspector: i.No, Seen: i.Version, Code: i.Code, Name: i.Name, Gender: i.Gender, Category: i.Category, Division: i.Division,
		Position: i.Position, Phone: i.Phone, Duty: i.Duty, DutyFrom: i.DutyFrom, Education: i.Education, Major: i.Major, Title: i.Title,
		Quals: strings.Join(i.Quals, "\n"), Items: i.Items, Units: strings.Join(i.Units, "\n"), Areas: i.Areas, Person: i.Person,
		Source: i.Source, Sourced: i.Sourced,
	}, "inspector", "seen")
	v.Form.Then = v.Back
	v.Genders, v.Staff = web.Options(inspect.Genders), web.Options(inspect.AllCategories)
	for k := range v.Staff {
		if inspect.StaffCategory(v.Staff[k].Value).Helper() {
			v.Staff[k].Note = "只协助检查，不参加抽取"
		}
	}
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, x := range itemsInOrder(facts) {
		if x.Org == who.Org.ID && (x.Listed(s.today()) || slices.Contains(i.Items, x.Code)) {
			v.Items = append(v.Items, web.Option{Value: x.Code, Text: x.Name, Note: x.Code})
		}
	}
	towns, err := s.db.Areas(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v.Towns = web.Options(towns)
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.Kind == inspect.InspectorPost && h.Post.Org == who.Org.ID && h.Held(s.today()) {
			v.Accounts = append(v.Accounts, web.Option{Value: string(h.Person), Text: h.Name})
		}
	}
	return inspectorFormPage.Show(w, r, v)
}
