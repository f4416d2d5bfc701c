package office

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var visitPage = web.NewPage[visitView](files, "visit.html", "visit_part.html", "upload_part.html")

// registerVisits adds the pages of visits.
func (s *server) registerVisits(m *web.Mux) {
	m.Page("GET /office/visits/{team}", inspect.VisitRead, s.visit)
	m.Page("GET /office/visits/{team}/items/{item}", inspect.VisitRead, s.visitItem)
	m.Page("POST /office/visits/{team}/items/{item}", inspect.VisitFill, s.fillItem)
	m.Page("GET /office/visits/{team}/papers/{paper}", inspect.VisitRead, s.visitPaper)
	m.Page("GET /office/visits/{team}/evidence/{id}", inspect.VisitRead, s.visitEvidence)
	m.Page("GET /office/visits/{team}/evidence/{id}/copy", inspect.VisitRead, s.visitEvidence)
}

type visitView struct {
	Visit    inspect.Visit
	Crumbs   []web.Link
	State    web.State
	Name     string // of the team
	Facts    []web.Fact
	Known    []knownRow
	Checked  string // when the pre-check was made; empty before
	Notice   []web.Fact
	Start    []web.Fact
	Special  []web.Fact
	Rows     []findingRow
	Gaps     []gapRow
	Measures []measureRow
	Helpers  []web.Fact
	Evidence []evidenceRow
	Signed   []penRow
	Papers   []visitPaper
	Log      []web.Entry
	visitForms
}

// visitForms are what the reader can do now; nil is what they cannot.
type visitForms struct {
	Precheck, Notify, Begin, Aside, Measure, Help *web.Form
	Conclude, Reopen, Drawn, Paper, Refused       *web.Form
	Sign                                          *web.Grave
	Officers, Own, Channels                       []web.Option
	MeasureKinds, MeasureForms, SpecialKinds      []web.Option
	Proofs, Photos, Recordings                    []web.Option
	Upload                                        *uploadForm
	Attach                                        []attachForm
}

type (
	knownRow    struct{ Source, Text, AsOf, Age string }
	gapRow      struct{ Text, Turn, Href string }
	measureRow  struct{ Kind, Form, Text, Org, Due, Paper string }
	evidenceRow struct{ Name, Kind, Size, Hash, When, Org, Href, Copy string }
	penRow      struct {
		Who, How, When, Note, Drawing string
		State                         web.State
	}
	findingRow struct {
		Href, Org, Name, Note string
		Mine                  bool
		Results               []string
		State                 web.State
	}
)

// A visitScene is a visit as its reader sees it.
type visitScene struct {
	teamTable
	visit   inspect.Visit
	team    inspect.Team
	members []inspect.VisitMember
	me      inspect.VisitMember // the reader, if of the team
	has     []inspect.Relation
	live    []inspect.Signature
	all     []inspect.Signature
	revisit bool // a department returned its result because the visit is wrong, and none is public
}

// visitScene is the visit of the team that the address names, made or not. Who may not
// read it learns nothing of it.
func (s *server) visitScene(r *http.Request) (g visitScene, err error) {
	who := web.Actor(r)
	teams, err := s.db.Teams(r.Context(), who.Scope(), store.TeamFilter{ID: inspect.TeamID(r.PathValue("team"))})
	if err != nil {
		return g, err
	}
	if teams, err = s.ownSealed(r, teams); err != nil {
		return g, err
	}
	if len(teams) == 0 || r.PathValue("team") == "" {
		return g, inspect.ErrMissing
	}
	g.teams, g.team = teams, teams[0]
	if g.scene.Batch, err = s.db.Batch(r.Context(), who.Scope(), g.team.Batch); err != nil {
		return g, err
	}
	if g.scene.Tasks, err = s.db.TasksOfBatch(r.Context(), who.Scope(), g.scene.Batch); err != nil {
		return g, err
	}
	if g.scene.Dispatch, err = s.db.Dispatch(r.Context(), who.Scope(), g.team.Batch); err != nil {
		return g, err // before the dispatch nobody reads of a visit
	}
	if err = s.fillTeams(r, &g.teamTable); err != nil {
		return g, err
	}
	g.members = inspect.VisitMembers(g.team, g.files, s.today())
	for _, m := range g.members {
		if f := g.files[m.Inspector]; f.Person != "" && f.Person == who.Person && m.Org == who.Org.ID {
			g.me = m
		}
	}
	if g.has = g.scene.Relations(who.Org, g.team); g.me.Inspector != 0 {
		g.has = append(g.has, inspect.Crew)
	}
	if who.MayTo(inspect.VisitRead, g.has...) != nil {
		return g, inspect.ErrMissing
	}
	return g, s.readVisit(r, &g)
}

// ownSealed opens those of some teams that are sealed and the reader's own, and leaves
// the other sealed ones out: INV-05.
func (s *server) ownSealed(r *http.Request, teams []inspect.Team) ([]inspect.Team, error) {
	if !slices.ContainsFunc(teams, func(x inspect.Team) bool { return x.Sealed }) {
		return teams, nil
	}
	who := web.Actor(r)
	me, err := s.db.InspectorOf(r.Context(), who.Scope(), who.Person)
	if errors.Is(err, inspect.ErrMissing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.Desk.MyTeams(r.Context(), me.No, teams)
}

// readVisit reads the visit with its signatures, or makes up what its first act will
// make.
func (s *server) readVisit(r *http.Request, g *visitScene) (err error) {
	scope := web.Actor(r).Scope()
	g.visit, err = s.db.Visit(r.Context(), scope, inspect.VisitIDOf(g.team.ID))
	if errors.Is(err, inspect.ErrMissing) {
		g.visit, err = inspect.NewVisit(g.team, g.scene, g.objects[g.team.Object], g.facts.Items, "")
		return err
	}
	if err != nil {
		return err
	}
	if g.all, err = s.db.Signatures(r.Context(), scope, g.visit.ID); err != nil {
		return err
	}
	g.live = slices.DeleteFunc(slices.Clone(g.all), func(x inspect.Signature) bool { return x.Void })
	if g.visit.Done() {
		results, err := s.db.Results(r.Context(), scope, store.ResultFilter{Visit: g.visit.ID})
		g.revisit = inspect.Revisited(results)
		return err
	}
	return nil
}

func visitPath(team inspect.TeamID) string { return "/office/visits/" + string(team) }

func (g visitScene) crumbs(last string) []web.Link {
	if g.me.Inspector != 0 {
		return []web.Link{{Text: "我的检查", Href: "/office/visits"}, {Text: last}}
	}
	b := g.scene.Batch
	return []web.Link{{Text: b.Number, Href: batchPath(b)}, {Text: "检查小组", Href: batchPath(b) + "/teams"}, {Text: g.team.Name(), Href: teamPath(g.team)}, {Text: last}}
}

func visitState(v inspect.Visit) web.State {
	shape := map[inspect.VisitState]web.Shape{
		inspect.VisitPrepared: web.Waiting, inspect.VisitBegun: web.Going, inspect.VisitAside: web.Going, inspect.VisitConcluded: web.Waiting, inspect.VisitSigned: web.Happy,
	}[v.State]
	return web.State{Shape: shape, Text: v.State.Text()}
}

// visit shows one visit and what the reader can do about it, in the order of the work.
func (s *server) visit(w http.ResponseWriter, r *http.Request) error {
	g, err := s.visitScene(r)
	if err != nil {
		return err
	}
	x, who := g.visit, web.Actor(r)
	v := visitView{Visit: x, Crumbs: g.crumbs("检查"), State: visitState(x), Name: g.team.Name()}
	v.Facts = g.partyFacts()
	if v.Known, err = s.known(r, g); err != nil {
		return err
	}
	if !x.Precheck.At.IsZero() {
		v.Checked = web.Stamp(x.Precheck.At)
	}
	g.said(&v)
	v.Rows, v.Gaps = g.findingRows(), g.gapRows()
	g.evidenceRows(&v)
	g.signedRows(&v)
	v.Papers = g.visitPapers()
	s.visitForms(r, &v, g)
	entries, err := s.db.VisitTimeline(r.Context(), who.Scope(), x.ID, 60)
	if err != nil {
		return err
	}
	v.Log = Log(entries)
	return visitPage.Show(w, r, v)
}

func (g visitScene) partyFacts() []web.Fact {
	p, day := g.visit.Party, "日期未安排"
	if !g.team.Day.IsZero() {
		day = g.team.Day.Full()
	}
	facts := []web.Fact{{Label: "被检查单位", Value: p.Name, Note: p.Code}, {Label: "地址", Value: p.Place, Note: g.town(g.team)}, {Label: "检查日期", Value: day, Note: "执行时间 " + g.team.Days.Text()}}
	var names []string
	for _, m := range g.members {
		name := m.Name + "（" + g.facts.Orgs[m.Org].Short
		if m.Leader {
			name += "，组长"
		}
		names = append(names, name+"）")
	}
	facts = append(facts, web.Fact{Label: "检查小组", Value: strings.Join(names, "、")})
	if g.visit.Code != "" {
		facts = append(facts, web.Fact{Label: "检查码", Value: g.visit.Code, Note: "被检查单位可以凭码核对本次检查是否属实"})
	}
	return facts
}

// known are the facts of the pre-check: as they were noted, or as they are today.
func (s *server) known(r *http.Request, g visitScene) (rows []knownRow, err error) {
	facts := g.visit.Precheck.Facts
	if g.visit.Precheck.At.IsZero() {
		scope, no := web.Actor(r).Scope(), g.team.Object
		licences, err := s.db.Licences(r.Context(), scope, no)
		if err != nil {
			return nil, err
		}
		flags, err := s.db.Flags(r.Context(), scope, no)
		if err != nil {
			return nil, err
		}
		earlier, err := s.db.VisitsEnded(r.Context(), scope, no, 5)
		if err != nil {
			return nil, err
		}
		facts = inspect.PrecheckFacts(g.objects[no], licences, flags, earlier, s.today())
	}
	for _, f := range facts {
		row := knownRow{Source: f.Source, Text: f.Text}
		if !f.AsOf.IsZero() {
			row.AsOf, row.Age = f.AsOf.String(), ageText(s.today().DaysSince(f.AsOf))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// ageText is how old something is.
func ageText(days int) string {
	switch {
	case days <= 0:
		return "今天"
	case days < 60:
		return fmt.Sprintf("%d 天前", days)
	case days < 730:
		return fmt.Sprintf("约 %d 个月前", days/30)
	}
	return fmt.Sprintf("约 %d 年前", days/365)
}

// said tells of the notice, the beginning and the special path.
func (g visitScene) said(v *visitView) {
	x := g.visit
	if n := x.Notice; !n.At.IsZero() {
		v.Notice = []web.Fact{{Label: "方式", Value: inspect.ChoiceText(inspect.NoticeChannels, n.Channel)}, {Label: "接收人", Value: n.Recipient}, {Label: "告知时间", Value: web.Stamp(n.Told)},
			{Label: "内容", Value: n.Text}, {Label: "送达证明", Value: g.evidenceName(n.Proof)}}
	}
	if b := x.Start; !b.At.IsZero() {
		v.Start = []web.Fact{{Label: "到场时间", Value: web.Stamp(b.Claimed), Note: receivedText(b.Claimed.Equal(b.At), web.Stamp(b.At))}, {Label: "现场人员", Value: b.Present, Note: b.Role},
			{Label: "到场人员", Value: g.names(b.Officers)}, {Label: "告知", Value: "已出示执法证件，已告知检查内容和权利"}, {Label: "回避申请", Value: textOr(b.Recusal, "没有申请回避")}}
	}
	if p := x.Special; p.Kind != "" {
		v.Special = []web.Fact{{Label: "情形", Value: p.Kind.Text()}, {Label: "现场时间", Value: web.Stamp(p.Claimed), Note: receivedText(p.Claimed.Equal(p.At), web.Stamp(p.At))},
			{Label: "在场人员", Value: g.names(p.Officers)}, {Label: "经过", Value: p.Tried}, {Label: "检查人员说明", Value: textOr(p.Statement, "—")},
			{Label: "见证人", Value: textOr(p.Witness, "—")}, {Label: "录音录像", Value: g.evidenceName(p.Recording)}}
	}
}

// receivedText says when the platform learnt of something, where that was later.
func receivedText(same bool, at string) string {
	if same {
		return ""
	}
	return "手机记录的时间；平台 " + at + " 收到"
}

func textOr(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

func (g visitScene) names(nos []inspect.InspectorNo) string {
	var names []string
	for _, no := range nos {
		names = append(names, g.files[no].Name)
	}
	return strings.Join(names, "、")
}

func (g visitScene) evidenceName(id inspect.EvidenceID) string {
	for _, e := range g.evidence() {
		if e.ID == id && id != "" {
			return e.Name
		}
	}
	return "—"
}

func (g visitScene) findingRows() (rows []findingRow) {
	for _, f := range g.visit.Findings {
		row := findingRow{Org: g.facts.Orgs[f.Org].Short, Name: f.Name, Mine: f.Org == g.me.Org && g.visit.State == inspect.VisitBegun, State: web.State{Shape: web.Waiting, Text: "待填写"}}
		if f.Edition > 0 || row.Mine {
			row.Href = visitPath(g.team.ID) + "/items/" + string(f.Item)
		}
		for _, c := range f.Codes {
			row.Results = append(row.Results, c.Text())
		}
		switch {
		case f.Edition == 0 && g.visit.Special.Kind != "":
			row.State = web.State{Shape: web.Idle, Text: "不需填写"}
		case f.Waived != "":
			row.State, row.Note = web.State{Shape: web.Idle, Text: "未检查"}, f.Waived
		case f.Has(inspect.NoProblem):
			row.State = web.State{Shape: web.Happy, Text: "已填写"}
		case f.Filled():
			row.State, row.Note = web.State{Shape: web.Bad, Text: "发现问题"}, f.Problem
			if !f.Negative() {
				row.State = web.State{Shape: web.Idle, Text: "已填写"}
			}
		}
		if f.Filled() && f.Inspector != 0 {
			row.Note = strings.TrimPrefix(row.Note+"　"+g.files[f.Inspector].Name+" "+web.Stamp(f.At), "　")
		}
		rows = append(rows, row)
	}
	return rows
}

// gapRows say what is missing for the conclusion, and whose turn it is: R77.
func (g visitScene) gapRows() (rows []gapRow) {
	if g.visit.State != inspect.VisitBegun && g.visit.State != inspect.VisitAside {
		return nil
	}
	for _, gap := range g.visit.Gaps() {
		var names []string
		for _, m := range g.members {
			if m.Org == gap.Org {
				names = append(names, m.Name)
			}
		}
		rows = append(rows, gapRow{Text: gap.Text, Turn: g.facts.Orgs[gap.Org].Short + " " + strings.Join(names, "、")})
	}
	return rows
}

func (g visitScene) evidenceRows(v *visitView) {
	for _, m := range g.visit.Measures {
		row := measureRow{Kind: inspect.ChoiceText(inspect.MeasureKinds, m.Kind), Form: inspect.ChoiceText(inspect.MeasureForms, m.Form), Text: m.Text, Org: g.facts.Orgs[m.Org].Short}
		if !m.Due.IsZero() {
			row.Due = m.Due.Full()
		}
		if m.Kind == "stop" || m.Kind == "rectify" {
			row.Paper = g.paper("order-" + string(m.ID) + ".pdf")
		}
		v.Measures = append(v.Measures, row)
	}
	for _, h := range g.visit.Helpers {
		v.Helpers = append(v.Helpers, web.Fact{Label: h.Name + "（" + h.Unit + "）", Value: h.Conclusion, Note: g.facts.Items[h.Item].Name})
	}
	for _, e := range g.evidence() {
		row := evidenceRow{
			Name: e.Name, Kind: inspect.ChoiceText(inspect.EvidenceKinds, e.Kind), Size: sizeText(e.Size), Hash: e.SHA256,
			When: web.Stamp(e.Claimed), Org: g.facts.Orgs[e.Org].Short, Href: visitPath(g.team.ID) + "/evidence/" + string(e.ID),
		}
		if strings.HasPrefix(e.Type, "image/") {
			row.Copy = row.Href + "/copy"
		}
		v.Evidence = append(v.Evidence, row)
	}
}

func (g visitScene) signedRows(v *visitView) {
	for _, x := range g.all {
		row := penRow{Who: x.Name + "（被检查单位，" + x.Role + "）", When: web.Stamp(x.At), How: inspect.ChoiceText(inspect.PartyWays, x.Way), Note: x.Opinion, State: web.State{Shape: web.Happy, Text: "有效"}}
		switch {
		case x.Kind == inspect.MemberSigns:
			row.Who, row.How = x.Name+"（"+g.facts.Orgs[x.Org].Short+"）", "本人再次验证身份后签字"
		case x.Way == inspect.SignRefused:
			row.Who, row.Note = "被检查单位拒绝签字", x.Statement+"　见证人："+textOr(x.Witness, "有录音录像")
		}
		if row.Drawing = x.Drawing; row.Drawing != "" {
			row.How += "（图像，不是可靠电子签名）"
		}
		if x.Void {
			row.State = web.State{Shape: web.Idle, Text: "已失效"}
		}
		v.Signed = append(v.Signed, row)
	}
	for _, m := range g.visit.Members {
		if g.visit.State == inspect.VisitConcluded && !slices.ContainsFunc(g.live, func(x inspect.Signature) bool { return x.Inspector == m.Inspector }) {
			v.Signed = append(v.Signed, penRow{Who: m.Name + "（" + g.facts.Orgs[m.Org].Short + "）", State: web.State{Shape: web.Waiting, Text: "待签字"}})
		}
	}
}

// visitForms are the forms of what the reader can do now.
func (s *server) visitForms(r *http.Request, v *visitView, g visitScene) {
	may := g.visit.MayNow(web.Actor(r), g.me, g.live, g.revisit)
	if g.me.Inspector == 0 || g.team.State != inspect.TeamDispatched {
		return
	}
	form := func(cmd act.Command, fixed ...string) *web.Form {
		if !slices.Contains(may, cmd.Verb()) {
			return nil
		}
		f := web.FormOf(r, cmd, append(fixed, "team")...)
		return &f
	}
	x, team := g.visit, g.team.ID
	for _, m := range g.members {
		v.Officers = append(v.Officers, web.Option{Value: m.Inspector.String(), Text: m.Name, Note: g.facts.Orgs[m.Org].Short + "　执法证 " + textOr(m.Certificate, "无有效证件")})
	}
	for _, f := range x.Of(g.me.Org) {
		v.Own = append(v.Own, web.Option{Value: string(f.Item), Text: f.Name})
	}
	v.Channels, v.MeasureKinds, v.MeasureForms, v.SpecialKinds = web.Options(inspect.NoticeChannels), web.Options(inspect.MeasureKinds), web.Options(inspect.MeasureForms), web.Options(inspect.SpecialKinds)
	for _, e := range g.evidence() {
		o := web.Option{Value: string(e.ID), Text: e.Name}
		v.Proofs = append(v.Proofs, o)
		switch e.Kind {
		case "photo", "scan":
			v.Photos = append(v.Photos, o)
		case "video", "audio":
			v.Recordings = append(v.Recordings, o)
		}
	}
	var officers []inspect.InspectorNo
	for _, m := range g.members {
		officers = append(officers, m.Inspector)
	}
	if slices.Contains(may, inspect.VisitAttach) {
		s.evidenceForms(r, v, g)
	}
	v.Precheck = form(act.PrecheckVisit{Team: team})
	v.Notify = form(act.NotifyVisit{Team: team, Told: s.Now().In(workday.Beijing).Format("2006-01-02T15:04")})
	v.Begin = form(act.BeginVisit{Team: team, Officers: officers}, "claimed")
	v.Aside = form(act.SetVisitAside{Team: team, Officers: officers, Kind: x.Special.Kind, Tried: x.Special.Tried, Statement: x.Special.Statement, Witness: x.Special.Witness}, "claimed")
	v.Measure = form(act.MeasureVisit{Team: team, ID: inspect.MeasureID(web.NewID())}, "id")
	v.Help = form(act.HelpVisit{Team: team, ID: inspect.HelperID(web.NewID())}, "id")
	v.Conclude = form(act.ConcludeVisit{Team: team, Seen: x.Version}, "seen")
	v.Reopen = form(act.ReopenVisit{Team: team, Seen: x.Version}, "seen")
	s.signForms(r, v, g, may)
}
