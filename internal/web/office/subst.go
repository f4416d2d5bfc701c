package office

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"suicha/internal/act"
	"suicha/internal/draw"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var substsPage = web.NewPage[substsView](files, "subst_list.html", "subst_part.html")

type substsView struct {
	Batch  inspect.Batch
	Crumbs []web.Link
	Rows   []substRow
}

// A substRow is one substitution, with what this reader can do with it now.
type substRow struct {
	ID, Href, Team, Kind, Ground, Text, Asked, Result, Opinion string
	Receipt, Words, Contact, Note                              string // of an application for recusal
	Due                                                        web.Due
	State                                                      web.State
	Recusal                                                    bool
	Grant, Refuse, Withdraw, Erase                             *web.Form
}

// substAsks are the forms that ask for a substitution of a team's object or members.
type substAsks struct {
	Object, Inspector, Recusal *web.Form
	ObjectGrounds, Grounds     []web.Option
	Causes, Channels, Members  []web.Option
}

// substs lists the substitutions of a batch: R68.
func (s *server) substs(w http.ResponseWriter, r *http.Request) error {
	t, err := s.teamTable(r)
	if err != nil || t.closed {
		return cmp.Or(err, error(inspect.ErrBatchReading))
	}
	v := substsView{Batch: t.scene.Batch}
	v.Crumbs = []web.Link{{Text: "抽取批次", Href: "/office/batches"}, {Text: v.Batch.Number, Href: batchPath(v.Batch)}, {Text: "检查小组", Href: batchPath(v.Batch) + "/teams"}, {Text: "递补与替换"}}
	if v.Rows, err = s.substRows(r, t, t.teams...); err != nil {
		return err
	}
	return substsPage.Show(w, r, v)
}

// substRows are the substitutions of teams.
func (s *server) substRows(r *http.Request, t teamTable, of ...inspect.Team) ([]substRow, error) {
	who := web.Actor(r)
	var people []inspect.PersonID
	for _, x := range t.substs {
		people = append(people, x.AskedBy, x.DecidedBy)
	}
	names, err := s.db.Names(r.Context(), who.Scope(), people...)
	if err != nil {
		return nil, err
	}
	var rows []substRow
	for _, x := range t.substs {
		i := slices.IndexFunc(of, func(team inspect.Team) bool { return team.ID == x.Team })
		if i < 0 {
			continue
		}
		row := substRow{
			ID: string(x.ID), Href: teamPath(of[i]), Team: of[i].Name(), Kind: x.Kind.Text(), Ground: x.GroundText(), Text: x.Text, State: substState(x), Opinion: x.Opinion,
			Asked: t.facts.Orgs[x.Org].Short + "　" + names[x.AskedBy] + "　" + web.Stamp(x.AskedAt), Result: t.substResult(x),
		}
		if x.Out != 0 {
			row.Kind += "：" + t.files[x.Out].Name
		}
		if x.Kind == inspect.SubstRecusal {
			if err := s.recusalPart(r, &row, x, of[i]); err != nil {
				return nil, err
			}
		}
		s.substForms(r, &row, x, t.scene.Relations(who.Org, of[i]))
		rows = append(rows, row)
	}
	return rows, nil
}

func substState(x inspect.Subst) web.State {
	shape := map[inspect.SubstState]web.Shape{inspect.SubstAsked: web.Waiting, inspect.SubstGranted: web.Happy, inspect.SubstRefused: web.Bad}[x.State]
	return web.State{Shape: shape, Text: x.State.Text()}
}

// substResult says who or what came.
func (t teamTable) substResult(x inspect.Subst) string {
	var said []string
	if x.In != 0 {
		said = append(said, "由"+t.files[x.In].Name+"接替")
	}
	for _, no := range x.Teams {
		said = append(said, "由第 "+strconv.Itoa(no)+" 组的对象递补")
	}
	if x.Exhausted {
		said = append(said, "候补名单已用完，没有递补对象，缺额公开")
	}
	for _, p := range x.Passed {
		said = append(said, t.files[p.Inspector].Name+"依次应接替，因"+passText(p.Reason)+"未接替")
	}
	return strings.Join(said, "；")
}

// passText says why somebody who was next could not come.
func passText(reason string) string {
	if text := inspect.ChoiceText(inspect.ObstacleKinds, reason); text != "" && text != reason {
		return text
	}
	return map[string]string{"avoid": "须回避"}[reason] + map[bool]string{true: "不在名录库"}[reason == "absent"]
}

func (s *server) substForms(r *http.Request, row *substRow, x inspect.Subst, has []inspect.Relation) {
	who := web.Actor(r)
	may := who.Among(x.For(who), has...)
	decide := act.SubstDecision{ID: x.ID, Seen: x.Version}
	form := func(c act.Command) *web.Form {
		f := web.FormFor(r, string(x.ID), c, "id", "seen")
		return &f
	}
	if slices.Contains(may, inspect.SubstGrant) {
		row.Grant, row.Refuse = form(act.GrantSubst{SubstDecision: decide}), form(act.RefuseSubst{SubstDecision: decide})
	}
	if slices.Contains(may, inspect.SubstWithdraw) {
		row.Withdraw = form(act.WithdrawSubst{ID: x.ID, Seen: x.Version})
	}
	if slices.Contains(may, inspect.SubstErase) {
		row.Erase = form(act.EraseRecusal{ID: x.ID, Seen: x.Version})
	}
}

// substAsks are the forms of a team for who may ask: the department that leads it for
// everything, another for its own inspectors.
func (s *server) substAsks(r *http.Request, t teamTable, x inspect.Team) *substAsks {
	who := web.Actor(r)
	waits := slices.ContainsFunc(t.substs, func(o inspect.Subst) bool { return o.Team == x.ID && o.State == inspect.SubstAsked && o.Digest == "" })
	if waits || !slices.Contains(x.Verbs(), inspect.SubstGrant) || who.MayTo(inspect.SubstAsk, t.scene.Relations(who.Org, x)...) != nil {
		return nil
	}
	a := &substAsks{ObjectGrounds: web.Options(inspect.ObjectGrounds), Grounds: web.Options(inspect.InspectorGrounds), Causes: web.Options(inspect.RecusalCauses), Channels: web.Options(inspect.RecusalChannels[:2])}
	for _, m := range x.Standing() {
		if x.Org == who.Org.ID || m.Org == who.Org.ID {
			a.Members = append(a.Members, web.Option{Value: m.Inspector.String(), Text: t.files[m.Inspector].Name, Note: t.facts.Orgs[m.Org].Short})
		}
	}
	ask := act.AskSubst{Batch: x.Batch, Team: x.ID}
	form := func(kind inspect.SubstKind) *web.Form {
		ask.ID, ask.Kind = inspect.SubstID(web.NewID()), kind
		f := web.FormFor(r, string(kind), ask, "id", "batch", "team", "kind")
		return &f
	}
	if x.Org == who.Org.ID {
		object := web.FormTo(r, teamPath(x)+"/replace", &objectAsk{})
		object.Request = web.NewID()
		a.Object, a.Recusal = &object, form(inspect.SubstRecusal)
	}
	if len(a.Members) > 0 {
		a.Inspector = form(inspect.SubstInspector)
	}
	return a
}

// objectAsk is the form that asks for the object's substitution: what shows the
// ground comes as a file, of which the digest is kept.
type objectAsk struct {
	Ground   string `json:"ground" label:"事由"`
	Text     string `json:"text" label:"说明"`
	Evidence string `json:"evidence" label:"证明材料" hint:"照片、登记信息等文件；文件由本单位保存，平台只记录摘要"`
}

// evidenceMost is the largest file of evidence, in bytes.
const evidenceMost = 32 << 20

// askObject takes the form with its file.
func (s *server) askObject(w http.ResponseWriter, r *http.Request) error {
	t, x, err := s.teamOf(r)
	if err != nil {
		return err
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return inspect.ErrForm
	}
	var fields objectAsk
	err = web.DecodeForm(r.PostForm, &fields)
	if part, _, fileErr := r.FormFile("file"); err == nil && fileErr == nil {
		defer part.Close()
		text, readErr := io.ReadAll(io.LimitReader(part, evidenceMost+1))
		if readErr != nil || len(text) > evidenceMost {
			err = inspect.ErrSubstEvidence.At("evidence")
		} else if len(text) > 0 {
			fields.Evidence = draw.Suite(t.scene.Batch.Terms.Suite).Hash(text).String()
		}
	}
	var receipt web.Receipt
	if err == nil {
		receipt, err = desk{s.Desk, s.Security}.Do(r.Context(), r.PostForm.Get("request"), web.Actor(r), &act.AskSubst{
			ID: inspect.SubstID(web.NewID()), Batch: x.Batch, Team: x.ID, Kind: inspect.SubstObject, Ground: fields.Ground, Text: fields.Text, Evidence: fields.Evidence,
		})
	}
	if err == nil {
		http.Redirect(w, r, teamPath(x)+"?done="+receiptNumber(receipt), http.StatusSeeOther)
		return nil
	}
	if !mendable(err) {
		return err
	}
	r = web.WithFailure(r, err)
	back := r.Clone(r.Context())
	back.URL.Path = teamPath(x)
	return s.team(w, back)
}
