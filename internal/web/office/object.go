package office

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

// registerObjects adds the pages of the library of objects.
func (s *server) registerObjects(m *web.Mux) {
	m.Page("GET /office/objects", inspect.ObjectRead, s.objects)
	m.Page("GET /office/objects.xlsx", inspect.ObjectRead, s.objectsFile)
	m.Page("GET /office/objects.csv", inspect.ObjectRead, s.objectsFile)
	m.Page("GET /office/objects/licences.xlsx", inspect.ObjectRead, s.licencesFile)
	m.Page("GET /office/objects/licences.csv", inspect.ObjectRead, s.licencesFile)
	m.Page("GET /office/objects/bulk", inspect.ObjectRead, s.bulk)
	m.Page("GET /office/objects/bulk/done", inspect.ObjectRead, s.bulkDone)
	m.Page("GET /office/objects/new", inspect.ObjectPut, s.newObject)
	m.Page("GET /office/objects/{no}", inspect.ObjectRead, s.object)
	m.Page("GET /office/objects/{no}/edit", inspect.ObjectPut, s.editObject)
	m.Page("GET /office/sublibraries/{id}", inspect.ObjectRead, s.sublibrary)
}

var objectPage = web.NewPage[objectView](files, "object.html")

type objectView struct {
	Object   inspect.Object
	Crumbs   []web.Link
	State    web.State
	Notes    []string // what a reader must know first
	Facts    []web.Fact
	Withheld bool
	Into     string // path of the object that remains
	Draws    *drawsView
	Flags    []flagRow
	Licences []licenceRow
	Libs     []memberRow
	Past     []versionRow
	Log      []web.Entry // of flags and licences
	Edit     string
	Waiver   string // path of the form for a third draw in a year
	Withdraw *web.Form
	Merge    *web.Form
	Flag     *web.Form
	Licence  *web.Form
	Kinds    []web.Option
}

// A drawsView says that the object is never drawn, and leads to the act that says
// so or takes it back: R111.
type drawsView struct {
	Text, Ground string
	Act, Path    string
}

// A flagRow is one mark.
type flagRow struct {
	State        web.State
	Days, Source string
	Note, Org    string
	End          *web.Form
	On           bool
}

// A licenceRow is one licence.
type licenceRow struct {
	Name, Number, Days, Authority, Org string
	State                              web.State
	End                                *web.Form
}

// A memberRow is one sub-library that the object is in or was proposed for.
type memberRow struct {
	Href, Name, Org, Ground, When string
	State                         web.State
}

// A versionRow is one version of the object: what changed, and why.
type versionRow struct {
	Entry  web.Entry
	Change []web.Change
}

// object shows one object: what is known, from where and how old it is, and what
// it was before.
func (s *server) object(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	facts, err := s.db.Facts(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	full, err := s.db.Object(r.Context(), who.Scope(), objectNo(r.PathValue("no")))
	if err != nil {
		return err
	}
	o, withheld := full.ForReader(who.Org.ID)
	v := objectView{Object: o, State: objectState(o.Status), Withheld: withheld, Facts: s.objectFacts(o, facts, withheld)}
	v.Crumbs = []web.Link{{Text: "检查对象名录库", Href: "/office/objects"}, {Text: o.No.String() + " 号"}}
	if o.Into > 0 {
		v.Into = "/office/objects/" + o.Into.String()
	}
	if o.Stale(s.today()) && o.Status == inspect.ObjectActive {
		v.Notes = append(v.Notes, fmt.Sprintf("数据截至 %s，已超过一年。请主管部门核实后更新。", o.Sourced))
	}
	v.Draws = objectDraws(full, who)
	for _, fill := range []func(*http.Request, *objectView, inspect.Facts) error{s.objectFlags, s.objectLicences, s.objectLibs, s.objectPast} {
		if err := fill(r, &v, facts); err != nil {
			return err
		}
	}
	s.objectForms(r, &v, full)
	return objectPage.Show(w, r, v)
}

// objectFacts are what is known, with the source and age of what has its own.
func (s *server) objectFacts(o inspect.Object, facts inspect.Facts, withheld bool) []web.Fact {
	var all []web.Fact
	for _, f := range inspect.ObjectFields {
		fact := web.Fact{Label: f.Label, Value: f.Shown(&o, facts.Areas)}
		switch {
		case f.Key == "name" || f.Key == "risk_source" || f.Key == "risk_on":
			continue
		case f.Personal() && withheld:
			continue
		case f.Key == "risk" && o.Risk != "":
			fact.Note = strings.TrimPrefix(o.RiskSource+"　"+o.RiskOn.String()+" 评定", "　")
		case fact.Value == "":
			fact.Value = "—"
		}
		all = append(all, fact)
	}
	owner := web.Fact{Label: "主管部门", Value: facts.Orgs[o.Owner].Name}
	from := web.Fact{Label: "数据来源", Value: o.Source, Note: "数据日期 " + o.Sourced.String() + "（" + o.Age(s.today()) + "）"}
	return append(all, owner, from)
}

func (s *server) objectFlags(r *http.Request, v *objectView, facts inspect.Facts) error {
	who := web.Actor(r)
	flags, err := s.db.Flags(r.Context(), who.Scope(), v.Object.No)
	for i, f := range flags {
		row := flagRow{State: flagState(f.Kind), Days: f.Since.String() + " 起", Source: f.Source, Note: f.Note, Org: facts.Orgs[f.Org].Short, On: f.On(s.today())}
		if !f.Until.IsZero() {
			row.Days = f.Since.String() + " 至 " + f.Until.String()
		}
		if !row.On {
			row.State = web.State{Text: f.Kind.Text() + "（已结束）"}
		}
		if row.On && f.Org == who.Org.ID && who.MayTo(inspect.FlagEnd, inspect.Owner) == nil {
			form := web.FormFor(r, fmt.Sprint(i), act.EndFlag{Object: f.No, Kind: f.Kind, Since: f.Since, Seen: f.Version, Until: s.today()}, "object", "kind", "since", "seen")
			row.End = &form
		}
		v.Flags = append(v.Flags, row)
	}
	return err
}

func (s *server) objectLicences(r *http.Request, v *objectView, facts inspect.Facts) error {
	who := web.Actor(r)
	licences, err := s.db.Licences(r.Context(), who.Scope(), v.Object.No)
	for i, l := range licences {
		row := licenceRow{Name: l.Name, Number: l.Number, Authority: l.Authority, Org: facts.Orgs[l.Org].Short, Days: "长期"}
		if !l.ValidTo.IsZero() {
			row.Days = "有效期至 " + l.ValidTo.String()
		}
		switch {
		case l.Ended:
			row.State = web.State{Text: "已注销"}
		case l.Valid(s.today()):
			row.State = web.State{Shape: web.Happy, Text: "有效"}
		default:
			row.State = web.State{Shape: web.Bad, Text: "已过期"}
		}
		if !l.Ended && l.Org == who.Org.ID && who.MayTo(inspect.LicenceEnd, inspect.Owner) == nil {
			form := web.FormFor(r, fmt.Sprint(i), act.EndLicence{Object: l.No, Name: l.Name, Number: l.Number, Seen: l.Version}, "object", "name", "number", "seen")
			row.End = &form
		}
		v.Licences = append(v.Licences, row)
	}
	return err
}

func (s *server) objectLibs(r *http.Request, v *objectView, facts inspect.Facts) error {
	members, err := s.db.MembersOf(r.Context(), web.Actor(r).Scope(), v.Object.No)
	for _, m := range members {
		lib := facts.Sublibs[m.Sublib]
		v.Libs = append(v.Libs, memberRow{
			Href: "/office/sublibraries/" + string(m.Sublib) + "?state=" + string(m.State), Name: lib.Name, Org: facts.Orgs[lib.Org].Short,
			Ground: m.Ground, When: web.Stamp(m.At), State: memberState(m.State),
		})
	}
	slices.SortFunc(v.Libs, func(a, b memberRow) int { return cmp.Or(cmp.Compare(a.Org, b.Org), cmp.Compare(a.Name, b.Name)) })
	return err
}

func memberState(state inspect.MemberState) web.State {
	return web.State{Text: state.Text(), Shape: map[inspect.MemberState]web.Shape{
		inspect.MemberConfirmed: web.Happy, inspect.MemberCandidate: web.Waiting,
	}[state]}
}

// objectPast shows every version, field by field, to those who may see the
// object; personal data is left out of the differences for strangers.
func (s *server) objectPast(r *http.Request, v *objectView, facts inspect.Facts) error {
	who := web.Actor(r)
	versions, err := s.db.ObjectHistory(r.Context(), who.Scope(), v.Object.No)
	if err != nil {
		return err
	}
	if v.Object.Status == inspect.ObjectVanished {
		v.Notes = append(v.Notes, s.vanished(r, v.Object, versions[0].Entry))
	}
	for i, version := range versions {
		row := versionRow{Entry: Log([]store.TimelineEntry{version.Entry})[0]}
		row.Entry.Note = version.Ground
		if i+1 < len(versions) {
			older, _ := versions[i+1].Object.ForReader(who.Org.ID)
			newer, _ := version.Object.ForReader(who.Org.ID)
			change := web.Change{Kind: "改"}
			for _, c := range inspect.ObjectChanges(older, newer, facts.Areas) {
				change.Parts = append(change.Parts, web.Part{Label: c.Label, Old: c.Before, New: c.After})
			}
			if len(change.Parts) > 0 {
				row.Change = []web.Change{change}
			}
		}
		v.Past = append(v.Past, row)
	}
	marks, err := s.db.MarksLog(r.Context(), who.Scope(), v.Object.No, 60)
	v.Log = Log(marks)
	return err
}

// objectDraws is nil where there is nothing to say and nothing to do.
func objectDraws(o inspect.Object, who inspect.Actor) *drawsView {
	v := &drawsView{Text: "参加随机抽查", Ground: o.Outside}
	verb := inspect.ObjectOutside
	if o.Outside != "" {
		v.Text, verb = inspect.OutsideText, inspect.ObjectInside
	}
	if b, ok := bulkActOf(verb); ok && b.may(who) && o.Owner == who.Org.ID && o.Status.Answers() {
		v.Act, v.Path = b.text, fmt.Sprintf("/office/objects/bulk?act=%s&objects=%d", b.verb, o.No)
	}
	if v.Ground == "" && v.Path == "" {
		return nil
	}
	return v
}

// vanished names the batch that the object was not in.
func (s *server) vanished(r *http.Request, o inspect.Object, by store.TimelineEntry) string {
	batch := "最近一次整体导入"
	if i, err := s.db.Import(r.Context(), web.Actor(r).Scope(), inspect.ImportID(by.Target)); err == nil {
		batch = fmt.Sprintf("第 %d 批导入", i.Number)
	}
	return fmt.Sprintf("来源“%s”的%s（数据截至 %s）中没有这个对象，不再参加抽取。请主管部门核实登记状态。", o.Source, batch, o.Sourced)
}

// objectForms are what the reader may do to the object.
func (s *server) objectForms(r *http.Request, v *objectView, o inspect.Object) {
	who := web.Actor(r)
	if who.Org.Inspects() && o.Status.Answers() && who.MayTo(inspect.FlagPut) == nil {
		flag := web.FormOf(r, act.PutFlag{Object: o.No, Since: s.today()}, "object", "seen")
		licence := web.FormOf(r, act.PutLicence{Object: o.No}, "object", "seen")
		v.Flag, v.Licence, v.Kinds = &flag, &licence, web.Options(inspect.FlagKinds)
		v.Waiver = "/office/caps?object=" + o.No.String() + "#ask"
	}
	if !mayPutObject(who) || o.Owner != who.Org.ID || !o.Status.Answers() {
		return
	}
	v.Edit = "/office/objects/" + o.No.String() + "/edit"
	withdraw := web.FormOf(r, act.WithdrawObject{Object: o.No, Seen: o.Version}, "object", "seen")
	merge := web.FormOf(r, act.MergeObject{Object: o.No, Seen: o.Version}, "object", "seen")
	v.Withdraw, v.Merge = &withdraw, &merge
}
