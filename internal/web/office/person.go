package office

import (
	"fmt"
	"net/http"
	"slices"

	"suicha/internal/act"
	"suicha/internal/inspect"
	"suicha/internal/store"
	"suicha/internal/web"
)

var (
	peoplePage = web.NewPage[peopleView](files, "person_list.html")
	personPage = web.NewPage[personView](files, "person.html")
)

type peopleView struct {
	Filter web.Filter
	Rows   []personRow
	Pager  web.Pager
	Admins []web.Fact // who the three administrators are
	Add    *web.Form  // nil for readers who register nobody
	Staff  string     // where a sheet of staff is brought; empty for them
}

// A personRow is one person of the list with the open posts.
type personRow struct {
	Href, Name string
	Posts      []postText
}

// A postText is a post in words.
type postText struct{ Kind, Org, Since string }

// people lists persons with their open posts.
func (s *server) people(w http.ResponseWriter, r *http.Request) error {
	who, q := web.Actor(r), r.URL.Query()
	after, size := web.PageOf(r)
	filter := store.PeopleFilter{
		Region: who.Org.Region, Org: inspect.OrgID(q.Get("org")), Kind: inspect.PostKind(q.Get("kind")), Idle: q.Get("posts") == "none",
		Text: q.Get("q"), After: inspect.PersonID(after), Most: size + 1,
	}
	people, err := s.db.People(r.Context(), who.Scope(), filter)
	if err != nil {
		return err
	}
	next := ""
	if len(people) > size {
		people = people[:size]
		next = string(people[size-1].ID)
	}
	var ids []inspect.PersonID
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	posts, err := s.db.PostsOf(r.Context(), who.Scope(), who.Org.Region, ids...)
	if err != nil {
		return err
	}
	var v peopleView
	for _, p := range people {
		row := personRow{Href: "/office/people/" + string(p.ID), Name: p.Name}
		for _, h := range posts {
			if h.Person == p.ID && !h.Ended {
				row.Posts = append(row.Posts, postText{h.Kind.Text(), h.Org.Short, postDays(h.Post)})
			}
		}
		v.Rows = append(v.Rows, row)
	}
	v.Pager = web.NewPager(r, "people", fmt.Sprintf("本页 %d 人", len(v.Rows)), next)
	if err := s.peopleAround(r, &v); err != nil {
		return err
	}
	if who.May(inspect.PersonAdd) == nil {
		form := web.FormOf(r, act.AddPerson{ID: inspect.PersonID(web.NewID())}, "id")
		v.Add, v.Staff = &form, staffPath
	}
	return peoplePage.Show(w, r, v)
}

// peopleAround fills in the chips, and who the three administrators are.
func (s *server) peopleAround(r *http.Request, v *peopleView) error {
	who := web.Actor(r)
	orgs, err := s.db.Orgs(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	var units, kinds []web.Option
	for _, o := range orgs {
		units = append(units, web.Option{Value: string(o.ID), Text: o.Short})
	}
	for _, k := range inspect.PostKinds {
		kinds = append(kinds, web.Option{Value: string(k), Text: k.Text()})
	}
	v.Filter = web.NewFilter(r, "姓名", "people", web.NewChip(r, "单位", "org", units...), web.NewChip(r, "岗位", "kind", kinds...),
		web.NewChip(r, "任职", "posts", web.Option{Value: "none", Text: "没有岗位"}))
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, k := range []inspect.PostKind{inspect.SystemAdmin, inspect.SecurityAdmin, inspect.AuditAdmin} {
		names := ""
		for _, h := range holders {
			if h.Kind == k && names != "" {
				names += "、"
			}
			if h.Kind == k {
				names += h.Name
			}
		}
		if names == "" {
			names = "空缺"
		}
		v.Admins = append(v.Admins, web.Fact{Label: k.Text(), Value: names})
	}
	return nil
}

// postDays says from when until when a post is held.
func postDays(p inspect.Post) string {
	if p.Until.IsZero() {
		return p.From.String() + " 起"
	}
	return p.From.String() + " 至 " + p.Until.String()
}

type personView struct {
	Person inspect.Person
	Crumbs []web.Link
	Path   string
	Posts  []postRow
	Past   []postRow
	Notes  []string  // which posts this person cannot be given, and why
	Grant  *web.Form // nil for readers who grant nothing
	Why    []string  // why nothing can be granted to this person
	End    *web.Grave
	Orgs   []web.Option
	Kinds  []web.Option
	Log    []web.Entry
}

// A postRow is one post of a person.
type postRow struct {
	Kind, Org, Days string
	State           web.State
	End             string // path of the page that ends it; empty if it is not the reader's
}

// person shows the posts somebody holds and held, and to the security
// administrator how to grant and end them.
func (s *server) person(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	id := inspect.PersonID(r.PathValue("id"))
	p, err := s.db.Person(r.Context(), who.Scope(), id)
	if err != nil {
		return err
	}
	posts, err := s.db.PostsOf(r.Context(), who.Scope(), who.Org.Region, id)
	if err != nil {
		return err
	}
	v := personView{Person: p, Path: "/office/people/" + string(id)}
	v.Crumbs = []web.Link{{Text: "人员与岗位", Href: "/office/people"}, {Text: p.Name}}
	var open []inspect.Post
	for _, h := range posts {
		row := postRow{Kind: h.Kind.Text(), Org: h.Org.Short, Days: postDays(h.Post), State: s.postState(h.Post)}
		if h.Ended {
			v.Past = append(v.Past, row)
			continue
		}
		if who.May(inspect.PostEnd) == nil {
			row.End = v.Path + "?end=" + string(h.ID) + "#post-end-title"
		}
		open = append(open, h.Post)
		v.Posts = append(v.Posts, row)
	}
	v.Notes = apartNotes(open)
	if err := s.posting(r, &v, posts); err != nil {
		return err
	}
	entries, err := s.personLog(r, id, posts)
	v.Log = entries
	if err != nil {
		return err
	}
	return personPage.Show(w, r, v)
}

func (s *server) postState(p inspect.Post) web.State {
	switch {
	case p.Ended:
		return web.State{Text: "已结束"}
	case p.Held(s.today()):
		return web.State{Shape: web.Happy, Text: "在任"}
	case s.today().Before(p.From):
		return web.State{Shape: web.Waiting, Text: "尚未到任"}
	}
	return web.State{Shape: web.Bad, Text: "已到期，未结束"}
}

// apartNotes says which posts the open ones rule out: the three administrators
// are three different persons and do no business (三员分立, 等保 2.0 三级).
func apartNotes(open []inspect.Post) []string {
	if len(open) == 0 {
		return nil
	}
	kind := open[0].Kind
	if kind.Class() == "business" {
		return []string{"现任业务岗位，不得兼任系统、安全、审计管理员。要改任管理员，须先结束全部业务岗位。"}
	}
	notes := []string{"现任" + kind.Text() + "，不得兼任其他管理员，也不得兼任业务岗位。要改任，须先结束现任岗位。"}
	if slices.ContainsFunc(open, func(p inspect.Post) bool { return p.Kind == inspect.AuditAdmin }) {
		notes = append(notes, "审计管理员查看全部存证记录，不办理任何业务。")
	}
	return notes
}

// posting offers one grave act at a time: to end the post that the address
// names, else to grant another. Reasons against stand beside it.
func (s *server) posting(r *http.Request, v *personView, posts []store.Holder) error {
	who := web.Actor(r)
	at := slices.IndexFunc(posts, func(h store.Holder) bool { return !h.Ended && string(h.ID) == r.URL.Query().Get("end") })
	if at >= 0 && who.May(inspect.PostEnd) == nil {
		return s.ending(r, v, posts[at])
	}
	if who.May(inspect.PostGrant) != nil {
		return nil
	}
	why, err := s.cannotAppoint(r, v.Person.ID)
	if err != nil {
		return err
	}
	v.Why = why
	form := web.FormOf(r, act.GrantPost{ID: inspect.PostID(web.NewID()), Person: v.Person.ID, From: s.today()}, "id", "person")
	form.Page, v.Grant = v.Path, &form
	orgs, err := s.db.Orgs(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		if o.Until.IsZero() {
			v.Orgs = append(v.Orgs, web.Option{Value: string(o.ID), Text: o.Short})
		}
	}
	for _, k := range inspect.PostKinds {
		v.Kinds = append(v.Kinds, web.Option{Value: string(k), Text: k.Text()})
	}
	return nil
}

// cannotAppoint says why the reader cannot give this person a post, if so.
func (s *server) cannotAppoint(r *http.Request, person inspect.PersonID) ([]string, error) {
	who := web.Actor(r)
	if person == who.Person {
		return []string{inspect.ErrOwnPost.Error()}, nil
	}
	own, err := s.db.Registered(r.Context(), who.Scope(), who.Person, person)
	if err != nil || !own {
		return nil, err
	}
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	if slices.ContainsFunc(holders, func(h store.Holder) bool { return h.Kind == inspect.SystemAdmin }) {
		return []string{inspect.ErrOwnPerson.Error()}, err
	}
	return nil, err
}

func (s *server) ending(r *http.Request, v *personView, h store.Holder) error {
	who := web.Actor(r)
	g := web.Grave{
		Title: "结束任职：" + h.Org.Short + h.Kind.Text(), Button: "结束任职", Expect: v.Person.Name,
		Effects: []string{"从今天起不能再以这个岗位办理事项，不能撤回，只能另行授予。", "已办事项仍在本人名下；未办完的事项由同岗位的人接办。"},
		Form:    web.FormOf(r, act.EndPost{Post: h.ID, Seen: h.Version}, "post", "seen"),
	}
	holders, err := s.db.Holders(r.Context(), who.Scope(), who.Org.Region)
	if err != nil {
		return err
	}
	others := slices.ContainsFunc(holders, func(o store.Holder) bool { return o.Kind == inspect.SecurityAdmin && o.Person != h.Person })
	if h.Person == who.Person {
		g.Why = append(g.Why, inspect.ErrOwnPost.Error())
	}
	if h.Kind == inspect.SecurityAdmin && !others {
		g.Why = append(g.Why, inspect.ErrLastSecurity.Error())
	}
	v.End = &g
	return nil
}

// personLog is what happened to the person and to their posts, newest first.
func (s *server) personLog(r *http.Request, id inspect.PersonID, posts []store.Holder) ([]web.Entry, error) {
	who := web.Actor(r)
	all, err := s.db.Timeline(r.Context(), who.Scope(), "person", string(id), 30)
	if err != nil {
		return nil, err
	}
	called := map[string]string{}
	for _, h := range posts {
		called[string(h.ID)] = h.Org.Short + "　" + h.Kind.Text()
		entries, err := s.db.Timeline(r.Context(), who.Scope(), "post", string(h.ID), 10)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
	}
	slices.SortStableFunc(all, func(a, b store.TimelineEntry) int { return int(b.N - a.N) })
	all = slices.CompactFunc(all, func(a, b store.TimelineEntry) bool { return a.N == b.N })
	log := Log(all)
	for i, e := range all {
		log[i].Note = called[e.Target]
	}
	return log, nil
}
