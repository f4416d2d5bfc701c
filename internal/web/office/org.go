package office

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/web"
	"suicha/internal/workday"
)

var (
	orgsPage = web.NewPage[orgsView](files, "org_list.html")
	orgPage  = web.NewPage[orgView](files, "org.html")
)

// orgKinds are the kinds of organisation in the order of lists and forms.
var orgKinds = []inspect.OrgKind{
	inspect.OrgDepartment, inspect.OrgTeam, inspect.OrgOversight, inspect.OrgOffice, inspect.OrgGovernment,
}

type orgsView struct {
	Filter web.Filter
	Rows   []orgRow
	Pager  web.Pager
	Found  *web.Form // nil for readers who found no organisations
	Kinds  []web.Option
}

// An orgRow is one organisation of the list.
type orgRow struct {
	Href, Name, Short, Code, Kind string
	Former                        string
	Posts                         int
	State                         web.State
}

// orgs lists the organisations of the region with the names they had and what
// became of them: R141.
func (s *server) orgs(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	all, err := s.db.Orgs(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	posts, short := map[inspect.OrgID]int{}, map[inspect.OrgID]string{}
	for _, h := range holders {
		posts[h.Org.ID]++
	}
	var kinds []web.Option
	for _, k := range orgKinds {
		kinds = append(kinds, web.Option{Value: string(k), Text: k.Text()})
	}
	var v orgsView
	v.Filter = web.NewFilter(r, "名称、曾用名或代码", "orgs", web.NewChip(r, "类型", "kind", kinds...),
		web.NewChip(r, "状态", "state", web.Option{Value: "standing", Text: "存续"}, web.Option{Value: "gone", Text: "已撤并"}))
	for _, o := range all {
		short[o.ID] = o.Short
	}
	fit := slices.DeleteFunc(slices.Clone(all), func(o inspect.Org) bool {
		return !fits(q.Get("kind"), o.Kind) || q.Get("state") != "" && (q.Get("state") == "standing") != o.Until.IsZero() || !orgNamed(o, q.Get("q"))
	})
	page, next := pageOf(r, fit, func(o inspect.Org) string { return string(o.ID) })
	for _, o := range page {
		v.Rows = append(v.Rows, orgRow{
			Href: "/office/orgs/" + string(o.ID), Name: o.Name, Short: o.Short, Code: o.Code, Kind: o.Kind.Text(), Former: formerText(o),
			Posts: posts[o.ID], State: orgState(o, short[o.Into]),
		})
	}
	v.Pager = web.NewPager(r, "orgs", fmt.Sprintf("共 %d 个，本页 %d 个", len(fit), len(page)), next)
	if who.May(inspect.OrgFound) == nil {
		form := web.FormOf(r, act.FoundOrg{ID: inspect.OrgID(web.NewID()), Kind: inspect.OrgDepartment}, "id")
		v.Found, v.Kinds = &form, kinds
	}
	return orgsPage.Show(w, r, v)
}

// orgNamed reports whether text is in a name, a former name or the code.
func orgNamed(o inspect.Org, text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	names := []string{o.Name, o.Short, o.Code}
	for _, n := range o.Names {
		names = append(names, n.Name, n.Short)
	}
	return slices.ContainsFunc(names, func(n string) bool { return strings.Contains(strings.ToLower(n), text) })
}

func formerText(o inspect.Org) string {
	var names []string
	for _, n := range slices.Backward(o.Names) {
		names = append(names, n.Name)
	}
	return strings.Join(names, "、")
}

func orgState(o inspect.Org, into string) web.State {
	if o.Until.IsZero() {
		return web.State{Shape: web.Happy, Text: "存续"}
	}
	if into == "" {
		return web.State{Text: "已撤销"}
	}
	return web.State{Text: "已并入" + into}
}

type orgView struct {
	Org    inspect.Org
	Crumbs []web.Link
	State  web.State
	Facts  []web.Fact
	Former []formerRow
	Posts  []orgPost
	Notes  []string // what the rules of the conference miss here
	People string   // path of the organisation's people
	Rename *web.Form
	Merge  *web.Form
	Into   []web.Option
	Do     string // which of the two grave acts the page shows: rename, merge or none
	Log    []web.Entry
	Path   string
}

// A formerRow is a name that the organisation had until a day.
type formerRow struct {
	Name, Short string
	Until       workday.Date
}

// An orgPost is an open post of the organisation.
type orgPost struct{ Name, Href, Kind string }

// org shows an organisation's names, successor and people, and to the system
// administrator renaming and merging: R141.
func (s *server) org(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	all, err := s.db.Orgs(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(o inspect.Org) bool { return string(o.ID) == r.PathValue("id") })
	if at < 0 {
		return inspect.ErrMissing
	}
	o := all[at]
	v := orgView{Org: o, Path: "/office/orgs/" + string(o.ID), People: "/office/people?org=" + string(o.ID)}
	v.Crumbs = []web.Link{{Text: "单位", Href: "/office/orgs"}, {Text: o.Short}}
	into := slices.IndexFunc(all, func(x inspect.Org) bool { return x.ID == o.Into })
	successor := ""
	if into >= 0 {
		successor = all[into].Short
	}
	v.State = orgState(o, successor)
	v.Facts = orgFacts(o, all, successor)
	for _, n := range slices.Backward(o.Names) {
		v.Former = append(v.Former, formerRow{n.Name, n.Short, n.Until})
	}
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.Org.ID == o.ID {
			v.Posts = append(v.Posts, orgPost{h.Name, "/office/people/" + string(h.Person), h.Kind.Text()})
		}
	}
	if o.Kind == inspect.OrgDepartment && o.Until.IsZero() {
		v.Notes = liaisonNotes(v.Posts)
	}
	v.reform(r, all)
	entries, err := s.db.Timeline(r.Context(), who.Scope(), "org", string(o.ID), 30)
	if err != nil {
		return err
	}
	v.Log = Log(entries)
	return orgPage.Show(w, r, v)
}

// liaisonNotes says whether a member of the joint conference has its one liaison
// officer: R134, 海政办发〔2020〕2号 附件2 二(五).
func liaisonNotes(posts []orgPost) []string {
	liaisons := 0
	for _, p := range posts {
		if p.Kind == inspect.Liaison.Text() {
			liaisons++
		}
	}
	switch {
	case liaisons == 0:
		return []string{"还没有联络员。联席会议各成员单位应分别确定一名联络员，请安全管理员授予岗位。"}
	case liaisons > 1:
		return []string{fmt.Sprintf("现有 %d 名联络员。联席会议各成员单位分别确定一名联络员，请结束其他人的任职。", liaisons)}
	}
	return nil
}

func orgFacts(o inspect.Org, all []inspect.Org, successor string) []web.Fact {
	facts := []web.Fact{
		{Label: "全称", Value: o.Name}, {Label: "简称", Value: o.Short}, {Label: "单位类型", Value: o.Kind.Text()},
		{Label: "单位代码", Value: o.Code, Note: "用于计划编号，不随更名改变。"}, {Label: "设立日期", Value: o.From.String()},
	}
	if !o.Inspects() { // C3, 国办发〔2024〕54号
		facts[2].Note = "不作为抽查主体。"
	}
	if !o.Until.IsZero() {
		facts = append(facts, web.Fact{Label: "撤并日期", Value: o.Until.String()}, web.Fact{Label: "承接单位", Value: cmp.Or(successor, "—")})
	}
	var taken []string
	for _, x := range all {
		if x.Into == o.ID {
			taken = append(taken, x.Short)
		}
	}
	if len(taken) > 0 {
		facts = append(facts, web.Fact{Label: "承接了", Value: strings.Join(taken, "、"), Note: "其已办事项由本单位答复。"})
	}
	return facts
}

// reform offers renaming and merging, one at a time: a page has at most one grave
// act. The address says which; a form that failed says so itself.
func (v *orgView) reform(r *http.Request, all []inspect.Org) {
	who, o := web.Actor(r), v.Org
	if !o.Until.IsZero() {
		return
	}
	v.Do = r.URL.Query().Get("do")
	if failed := web.Failed(r); failed != nil {
		v.Do = strings.TrimPrefix(failed.Form, "org-")
	}
	if who.May(inspect.OrgRename) == nil {
		form := web.FormOf(r, act.RenameOrg{Org: o.ID, Seen: o.Version, Name: o.Name, Short: o.Short}, "org", "seen")
		form.Page, v.Rename = v.Path, &form
	}
	if who.May(inspect.OrgMerge) == nil {
		form := web.FormOf(r, act.MergeOrg{Org: o.ID, Seen: o.Version}, "org", "seen")
		form.Page, v.Merge = v.Path, &form
		for _, x := range all {
			if x.ID != o.ID && x.Until.IsZero() && x.Inspects() == o.Inspects() { // who takes over can act: C3
				v.Into = append(v.Into, web.Option{Value: string(x.ID), Text: x.Short, Note: x.Kind.Text()})
			}
		}
	}
}
