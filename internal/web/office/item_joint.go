package office

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
)

var (
	jointsPage    = web.NewPage[jointsView](files, "item_joint_list.html")
	jointPage     = web.NewPage[jointView](files, "item_joint.html")
	jointLinePage = web.NewPage[jointLineView](files, "item_joint_line.html")
)

type jointsView struct {
	Rows  []jointRow
	Draft *web.Form
}

// A jointRow is one edition of the joint list.
type jointRow struct {
	Href, Title string
	State       web.State
	Lines       int
	When        string
	Waiting     int
}

func jointState(j inspect.JointList) web.State {
	return web.State{Text: j.State.Text(), Shape: map[inspect.JointState]web.Shape{inspect.JointDrafting: web.Going, inspect.JointPublished: web.Happy}[j.State]}
}

// jointLists lists the editions of the joint list that the reader may see: R21.
func (s *server) jointLists(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, err := s.db.JointLists(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	v := jointsView{}
	open := false
	for _, j := range all {
		row := jointRow{Href: "/office/joint/" + string(j.ID), Title: j.Title(), State: jointState(j), Lines: len(j.Lines)}
		row.When = j.DraftedAt.In(beijing).Format("2006-01-02")
		if !j.PublishedAt.IsZero() {
			row.When = j.PublishedAt.In(beijing).Format("2006-01-02")
		}
		for _, c := range j.Consents {
			if c.Open() && j.State == inspect.JointDrafting {
				row.Waiting++
			}
		}
		open = open || j.State == inspect.JointDrafting || j.State == inspect.JointPublished
		v.Rows = append(v.Rows, row)
	}
	if !open && who.Org.Kind == inspect.OrgOffice && who.MayTo(inspect.JointDraft, inspect.Office) == nil {
		form := web.FormOf(r, act.DraftJoint{List: inspect.JointID(web.NewID())}, "list")
		v.Draft = &form
	}
	return jointsPage.Show(w, r, v)
}

// jointOf returns the joint list that a page is about.
func (s *server) jointOf(r *http.Request) (inspect.JointList, []inspect.JointList, inspect.Facts, error) {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return inspect.JointList{}, nil, facts, err
	}
	all, err := s.db.JointLists(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return inspect.JointList{}, nil, facts, err
	}
	i := slices.IndexFunc(all, func(j inspect.JointList) bool { return string(j.ID) == r.PathValue("id") })
	if i < 0 {
		return inspect.JointList{}, nil, facts, inspect.ErrMissing
	}
	return all[i], all, facts, who.MayTo(inspect.JointRead, all[i].Relations(who.Org)...)
}

type jointView struct {
	Title    string
	Crumbs   []web.Link
	State    web.State
	Lines    []jointLineRow
	Consents []web.Consent
	Gaps     []string
	Reason   string
	Before   string
	Diff     []web.Change
	Places   string
	New      string // path of the form of a new line
	Forms    []jointForm
	Log      []web.Entry
}

// A jointLineRow is one line of the list.
type jointLineRow struct {
	No            int
	Edit          string
	Name, Field   string
	Lead, Objects string
	Items         []web.Link
	Remark        string
}

// A jointForm is one thing that the reader can do with the list.
type jointForm struct {
	Title, Button string
	Form          web.Form
	Fields        []web.Field
	Main          bool
}

// jointList shows one edition: its lines, the consents, what still is missing, and
// what the reader can do: R21, R22.
func (s *server) jointList(w http.ResponseWriter, r *http.Request) error {
	j, all, facts, err := s.jointOf(r)
	if err != nil {
		return err
	}
	who := web.Actor(r)
	path := "/office/joint/" + string(j.ID)
	v := jointView{Title: j.Title(), State: jointState(j), Reason: j.Reason, Places: j.Places,
		Crumbs: []web.Link{{Text: "抽查事项清单", Href: "/office/items"}, {Text: "联合清单", Href: "/office/joint"}, {Text: j.Title()}}}
	may := who.Among(j.Verbs(), j.Relations(who.Org)...)
	editable := slices.Contains(may, inspect.JointPutLine)
	names, err := s.pinNames(r)
	if err != nil {
		return err
	}
	for _, l := range j.Lines {
		row := jointLineRow{No: l.No, Name: l.Name, Field: l.Field, Lead: facts.Orgs[l.Lead].Short, Objects: l.Objects, Remark: l.Remark}
		for _, p := range l.Items {
			row.Items = append(row.Items, web.Link{Text: facts.Orgs[p.Org].Short + "：" + names(p), Href: fmt.Sprintf("/items/%s/%d", p.Item, p.Version)})
		}
		if editable {
			row.Edit = fmt.Sprintf("%s/lines/%d", path, l.No)
		}
		v.Lines = append(v.Lines, row)
	}
	for _, c := range j.Consents {
		shape := map[inspect.ConsentState]web.Shape{inspect.ConsentAccepted: web.Happy, inspect.ConsentDeclined: web.Bad, inspect.ConsentProposed: web.Waiting, inspect.ConsentInvited: web.Waiting}[c.State]
		v.Consents = append(v.Consents, web.Consent{Org: facts.Orgs[c.Org].Short, Note: c.Note, State: web.State{Shape: shape, Text: c.State.Text()}})
	}
	if j.State == inspect.JointDrafting && slices.Contains(j.Relations(who.Org), inspect.Owner) {
		for _, p := range j.Gaps(facts, s.today()) {
			v.Gaps = append(v.Gaps, p.Error())
		}
	}
	for _, before := range all {
		if before.ID == j.Amends {
			v.Before, v.Diff = before.Title(), web.Changes(inspect.DiffJoint(before, j, facts, names))
		}
	}
	if editable {
		v.New = path + "/lines/0"
	}
	if err := v.forms(r, j, may); err != nil {
		return err
	}
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "joint_list", string(j.ID), 50)
	if err != nil {
		return err
	}
	v.Log = Log(entries)
	return jointPage.Show(w, r, v)
}

// pinNames returns the names that pinned items have: those of their newest version,
// which differ rarely, with the version.
func (s *server) pinNames(r *http.Request) (func(inspect.ItemPin) string, error) {
	facts, err := s.db.Facts(r.Context(), web.Actor(r).Scope(), web.Actor(r).Org.Region)
	return func(p inspect.ItemPin) string {
		return fmt.Sprintf("%s（第 %d 版）", facts.Items[p.Item].Name, p.Version)
	}, err
}

// forms fills in what the reader can do.
func (v *jointView) forms(r *http.Request, j inspect.JointList, may []inspect.Verb) error {
	who := web.Actor(r)
	answer := act.JointAnswer{List: j.ID, Terms: j.Terms}
	type form struct {
		verb   inspect.Verb
		cmd    web.Command
		fixed  []string
		fields []string
		title  string
		main   bool
	}
	answers := who.Among(j.AnswerVerbs(who.Org.ID), j.Relations(who.Org)...)
	for _, f := range []form{
		{inspect.JointInvite, act.InviteJoint{List: j.ID, Seen: j.Version}, []string{"list", "seen"}, nil, "征求各部门会签", false},
		{inspect.JointAccept, act.AcceptJoint{JointAnswer: answer}, []string{"list", "terms"}, []string{"note"}, "本单位会签：同意", true},
		{inspect.JointPropose, act.ProposeJoint{JointAnswer: answer}, []string{"list", "terms"}, []string{"note"}, "本单位会签：修改意见", false},
		{inspect.JointDecline, act.DeclineJoint{JointAnswer: answer}, []string{"list", "terms"}, []string{"note"}, "本单位会签：不同意", false},
		{inspect.JointPublish, act.PublishJoint{List: j.ID, Seen: j.Version}, []string{"list", "seen"}, []string{"places"}, "公布", true},
		{inspect.JointAmend, act.AmendJoint{List: j.ID, Seen: j.Version, Next: inspect.JointID(web.NewID())}, []string{"list", "seen", "next"}, []string{"reason"}, "发起调整", false},
		{inspect.JointDiscard, act.DiscardJoint{List: j.ID, Seen: j.Version}, []string{"list", "seen"}, nil, "作废草稿", false},
	} {
		isAnswer := slices.Contains([]inspect.Verb{inspect.JointAccept, inspect.JointPropose, inspect.JointDecline}, f.verb)
		if isAnswer && !slices.Contains(answers, f.verb) || !isAnswer && !slices.Contains(may, f.verb) {
			continue
		}
		made := web.FormOf(r, f.cmd, f.fixed...)
		fields, err := fieldsOf(made, f.fields...)
		if err != nil {
			return err
		}
		v.Forms = append(v.Forms, jointForm{Title: f.title, Button: f.verb.Text(), Form: made, Fields: fields, Main: f.main})
	}
	return nil
}

type jointLineView struct {
	Title  string
	Crumbs []web.Link
	Form   web.Form
	Drop   *web.Form
	Orgs   []web.Option
	Items  []web.Option
}

// jointLine shows the form of a line: number 0 is a new one.
func (s *server) jointLine(w http.ResponseWriter, r *http.Request) error {
	j, _, facts, err := s.jointOf(r)
	if err != nil {
		return err
	}
	who := web.Actor(r)
	if !slices.Contains(who.Among(j.Verbs(), j.Relations(who.Org)...), inspect.JointPutLine) {
		return inspect.ErrDenied.With(inspect.JointPutLine.Text())
	}
	path := "/office/joint/" + string(j.ID)
	cmd := act.PutJointLine{List: j.ID, Seen: j.Version}
	no, err := strconv.Atoi(r.PathValue("no"))
	if err != nil {
		return inspect.ErrMissing
	}
	v := jointLineView{Title: "增加联合抽查事项"}
	if no != 0 {
		l, ok := j.Line(no)
		if !ok {
			return inspect.ErrMissing
		}
		cmd.No, cmd.Field, cmd.Name, cmd.Objects, cmd.Lead, cmd.Remark = l.No, l.Field, l.Name, l.Objects, l.Lead, l.Remark
		for _, p := range l.Items {
			cmd.Items = append(cmd.Items, p.Item)
		}
		v.Title = "修改联合抽查事项"
		drop := web.FormOf(r, act.DropJointLine{List: j.ID, Seen: j.Version, No: no}, "list", "seen", "no")
		drop.Then = path
		v.Drop = &drop
	}
	v.Crumbs = []web.Link{{Text: "联合清单", Href: "/office/joint"}, {Text: j.Title(), Href: path}, {Text: v.Title}}
	v.Form = web.FormOf(r, cmd, "list", "seen", "no")
	v.Form.Then = path
	for _, i := range itemsInOrder(facts) {
		org := facts.Orgs[i.Org]
		if !slices.ContainsFunc(v.Orgs, func(o web.Option) bool { return o.Value == string(i.Org) }) {
			v.Orgs = append(v.Orgs, web.Option{Value: string(i.Org), Text: org.Short})
		}
		if i.Retired.IsZero() && i.Outside == "" {
			v.Items = append(v.Items, web.Option{Value: string(i.ID), Text: org.Short + "：" + i.Name, Note: i.Code + "　" + i.Field})
		}
	}
	return jointLinePage.Show(w, r, v)
}
